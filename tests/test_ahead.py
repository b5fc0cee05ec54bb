"""A year of published growth before the years that follow it, and yearly rates of groups."""

from __future__ import annotations

import random
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given

import decompose as dc
from decompose.errors import DecomposeError
from decompose.fairness import CLOSED, choose_all
from decompose.fairness.growing import with_sums_carried
from decompose.problem import Problem, Solution
from decompose.settle import problems_of
from tests.growth_plans import growth_plan
from tests.plans import Data, data, indicator
from tests.routes import by_both
from tests.seeded import SEEDS, seeded
from tests.test_programs import Counting

YEARS = [2015, 2016, 2017]
SHORT, LONG = "5%以上", "6%以上"


def rates_plan(seed: int, publish: str = "growth", *, groups: int = 2) -> Data:
    """Make a plan whose area and groups have yearly rates, or figures, that do not add up."""
    rng = random.Random(seed)
    names = [f"county {k}" for k in range(3 * groups)]
    base = {name: rng.randint(10, 99) for name in names}
    members = {f"group {k}": names[3 * k : 3 * k + 3] for k in range(groups)}

    def target(inside: list[str], rate: str) -> Data:
        if rng.random() < 0.6:
            return {"growth_each_year": rate}
        values = [sum(base[name] for name in inside) * 1.06**k for k in (1, 2, 3)]
        told = zip(YEARS, values, strict=True)
        return {"years": {year: f"{value * rng.uniform(0.98, 1):.1f}以上" for year, value in told}}

    said = indicator(
        kind="level",
        publish=publish,
        decimals=2,
        base=base,
        allocate={"by": {name: rng.randint(3, 9) for name in names}},
        target=target(names, LONG),
        group_targets={name: target(inside, SHORT) for name, inside in members.items()},
        limits={"growth": {"min": "1%", "max": rng.choice(["8%", "12%", "30%"])}},
    )
    if rng.random() < 0.3:
        said["limits"]["max"] = {names[0]: {2017: round(base[names[0]] * 1.1, 1)}}
    regions = [{"name": name, "groups": [f"group {k // 3}"]} for k, name in enumerate(names)]
    return data(said, regions=regions, groups={name: {} for name in members}, years=YEARS)


def years_of(said: Data) -> Iterator[tuple[Problem, Solution, Solution]]:
    """Choose every year of a plan by both routes; nothing where it has no answer."""
    try:
        stages = dc.solve(dc.Plan.model_validate(said)).settled.stages
    except DecomposeError:
        return
    for stage in stages:
        quick, clashing = choose_all(stage.problem)
        slow, also = choose_all(stage.problem, closed=False)
        assert clashing == also == []
        yield stage.problem, quick, slow


def compare(said: Data) -> tuple[int, int]:
    """Compare both routes in every year; count those that took no programs, and all."""
    found = list(years_of(said))
    for problem, quick, slow in found:
        own = ~problem.looked_ahead
        assert quick.x[own] == pytest.approx(slow.x[own], rel=1e-7, abs=1e-7)
    return sum(quick.programs == 0 for _, quick, _ in found), len(found)


@seeded(1)
@given(SEEDS)
def test_both_routes_agree(seed: int) -> None:
    compare(rates_plan(seed))
    compare(growth_plan(seed))
    compare(growth_plan(seed, gaps=True))


def test_most_years_take_no_programs() -> None:
    none, count = np.array([compare(rates_plan(seed)) for seed in range(25)]).sum(axis=0)
    assert none > 0.8 * count
    assert count > 50


def test_a_year_that_later_years_hold_back_is_settled_with_them() -> None:
    """Alone, both would grow by 10 %; the second must leave room under its capacity."""
    said = indicator(
        kind="level",
        publish="growth",
        decimals=1,
        base={"甲": 100, "乙": 100},
        target={"years": {2015: 220, 2016: "249以上"}},
        limits={"growth": {"max": {"甲": "12%", "乙": "40%"}}, "max": {"乙": {2016: 125.5}}},
    )
    held = data(said, regions=[{"name": "甲"}, {"name": "乙"}], years=[2015, 2016])
    (first,) = problems_of(dc.Plan.model_validate(held))
    ((quick, slow),) = by_both(held)
    own = ~first.looked_ahead
    assert quick.x[own] == pytest.approx([10.2679, 9.7321], rel=1e-4)  # 123.5 ÷ 1.12
    assert quick.programs == slow.programs > 0


def test_the_programs_of_years_that_follow_are_counted() -> None:
    (problem, *_), *_ = years_of(growth_plan(11))
    counting = Counting()
    found, _ = choose_all(problem, solver=counting)
    assert found.programs == counting.solved == 1


@seeded(1)
@given(SEEDS)
def test_yearly_rates_of_groups_agree(seed: int) -> None:
    by_both(rates_plan(seed, "value"))


def test_yearly_rates_that_do_not_add_up_take_no_programs() -> None:
    found = [pair for seed in range(30) for pair in by_both(rates_plan(seed, "value"))]
    assert sum(quick.route[0] == CLOSED for quick, _ in found) > 0.6 * len(found)


def test_sums_are_carried_along_the_years() -> None:
    said = indicator(
        kind="level", base={"甲": 100, "乙": 100}, target={"growth_each_year": "10%以上"}
    )
    plan = data(said, regions=[{"name": "甲"}, {"name": "乙"}], years=YEARS)
    (problem,) = problems_of(dc.Plan.model_validate(plan))
    carried = with_sums_carried(problem).rules
    figures = carried.figure[~np.isnan(carried.figure)]
    assert figures == pytest.approx([220, 242, 266.2])
    assert carried.lower[~np.isnan(carried.figure)] == pytest.approx(figures)


def test_what_may_fall_below_zero_is_not_told_to_clash_with_later_years() -> None:
    """The share asks 乙县 and 丁县 to fall in the first year, which their limits let them."""
    bases = {"甲区": 104, "乙县": 187, "丙县": 128, "丁县": 197}
    whole = indicator(
        id="whole",
        name="全部",
        kind="level",
        base=bases,
        target={"years": {2017: 783}},
        limits={"growth": {"max": dict.fromkeys(YEARS, "23%") | {"甲区": {2015: "60%"}}}},
        locks={"甲区": {2015: 164}},
    )
    part = indicator(
        kind="level",
        publish="growth",
        base={"甲区": 32, "乙县": 94, "丙县": 13, "丁县": 108},
        target={"years": {2017: 250}},
        limits={"growth": {"min": {"乙县": {2015: "-44%"}, "丁县": {2015: "-52%"}}}},
        links=[{"at_most_share": "45%", "of": "whole"}],
    )
    regions = [{"name": name} for name in bases]
    said = data(whole, part, regions=regions, groups={}, years=YEARS)
    allocation = dc.solve(dc.Plan.model_validate(said))
    quotas = allocation.quotas.set_index(["indicator", "region", "year"])["quota"]
    assert quotas["investment", "乙县", 2015] < 0
    assert quotas["investment", "丁县", 2015] < 0


def share_plan(seed: int) -> Data:
    """Make a plan around hidden numbers: a part with published growth, at most a share of a whole.

    It may fall where its limits let it.
    """
    rng = random.Random(seed)
    names = [f"county {k}" for k in range(rng.randint(2, 4))]
    bases = {name: rng.randint(40, 90) for name in names}
    whole = {name: [float(bases[name])] for name in names}
    for values in whole.values():
        for _ in YEARS:
            values.append(round(values[-1] * rng.uniform(0.9, 1.15), 2))
    share = {name: [rng.uniform(0.3, 0.5)] * 4 for name in names}
    part = {name: [a * b for a, b in zip(whole[name], share[name], strict=True)] for name in names}
    least = {
        name: {
            year: f"{100 * (after / before - 1) - 2:.2f}%"
            for year, before, after in zip(YEARS, values[:-1], values[1:], strict=True)
        }
        for name, values in part.items()
    }
    most = max(b / a for name in names for a, b in zip(whole[name], part[name], strict=True))
    total = sum(values[-1] for values in part.values())
    first = indicator(
        id="whole",
        name="全部",
        kind="level",
        base=bases,
        target={"years": {2017: round(sum(values[-1] for values in whole.values()), 2)}},
        locks={name: {2015: values[1]} for name, values in whole.items()},
    )
    second = indicator(
        kind="level",
        publish="growth",
        base={name: round(values[0], 2) for name, values in part.items()},
        target={"years": {2017: f"{0.9 * total:.2f}以上"}},
        limits={"growth": {"min": least}},
        links=[{"at_most_share": f"{102 * most:.2f}%", "of": "whole"}],
    )
    regions = [{"name": name} for name in names]
    return data(first, second, regions=regions, groups={}, years=YEARS)


@seeded(1)
@given(SEEDS)
def test_what_is_told_to_be_impossible_is_for_programs_too(seed: int) -> None:
    plan = dc.Plan.model_validate(share_plan(seed))
    try:
        dc.solve(plan)
        possible = True
    except dc.InfeasibleError:
        possible = False
    diagnosis = dc.explain(plan)
    assert diagnosis.feasible == possible
    assert bool(diagnosis.conflict) != possible
