"""Published growth: what printed rates make, the exact answer, what it cannot go with, tables."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from copy import deepcopy
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import decompose as dc
from decompose.audit import label_table, to_pulp
from decompose.labels import Language
from decompose.report import write_template
from tests import plans
from tests.growth_plans import Data, growth_plan
from tests.oracles.exact_leximin import leximin
from tests.oracles.growth_program import GrowthProgram, Place
from tests.oracles.plan_figures import ONE, ZERO, figure_of, number, total
from tests.oracles.plan_indicator import Cell, Frame
from tests.seeded import SEEDS, multiplied, seeded, shuffled
from tests.solved import allocation_of, column
from tests.test_tables import texts

SLACK = Fraction(1, 10**8)
"""What snapping to a step may take away of a sum, beside its size."""
HUNDRED = Fraction(100)
LATE = "growth_later_year"


# ---- what printed growth makes -------------------------------------------------------------


class Printed:
    """The one indicator of a plan, from its printed growth in exact fractions."""

    def __init__(self, data: Data, allocation: dc.Allocation) -> None:
        self.frame = Frame(data)
        (self.said,) = data["indicators"]
        self.step = Fraction(1, 10 ** self.said["decimals"])
        self.base = {name: number(cell) for name, cell in self.said["base"].items()}
        quotas = column(allocation, "quota")
        self.rates = {(c.region, c.year): Fraction(str(v)) for c, v in quotas.items()}
        self.values = dict(self._values())

    def _values(self) -> Iterator[tuple[Place, Fraction]]:
        for name, value in self.base.items():
            for year in self.frame.years:
                value *= (1 + self.rates[name, year] / HUNDRED) ** self.frame.gaps[year]
                yield (name, year), value

    def sum(self, scope: str, year: int) -> Fraction:
        members = self.base if scope == self.frame.area else self.frame.groups[scope]
        return total(self.values[name, year] for name in members)

    def falls(self, year: int) -> bool:
        """Tell whether the area has less in a year than in the year before."""
        place = self.frame.years.index(year)
        area = self.frame.area
        before = self.sum(area, self.frame.years[place - 1]) if place else self.base_sum(area)
        return self.sum(area, year) < before

    def base_sum(self, scope: str) -> Fraction:
        members = self.base if scope == self.frame.area else self.frame.groups[scope]
        return total(self.base[name] for name in members)

    def goals(self, scope: str, target: Data) -> Iterator[tuple[Any, ...]]:
        """Give each sum with its lower and upper end, its words and its year."""
        years = self.frame.years
        for year, said in target.get("years", {}).items():
            figure = figure_of(said)
            assert figure is not None
            yield self.sum(scope, year), *figure.ends(Fraction(2, 100)), figure.words, year
        if (figure := figure_of(target.get("total"))) is not None:
            whole = total(self.sum(scope, year) for year in years)
            yield whole, *figure.ends(Fraction(2, 100)), figure.words, "total"
        for key in ("growth", "growth_each_year"):
            if (figure := figure_of(target.get(key))) is None:
                continue
            before = self.base_sum(scope)
            for year in years if key == "growth_each_year" else years[-1:]:
                age = self.frame.gaps[year] if key != "growth" else year - self.frame.base_year
                ends = figure.ends(Fraction(2, 100))
                grown = [None if end is None else before * (1 + end) ** age for end in ends]
                yield self.sum(scope, year), *grown, figure.words, year
                before = self.sum(scope, year)


def listed(allocation: dc.Allocation) -> dict[tuple[str, str, Any], float]:
    excess = allocation.excess
    labels = zip(*(excess[key] for key in ("family", "scope", "year")), strict=True)
    found: dict[tuple[str, str, Any], float] = {}
    for label, amount in zip(labels, excess["amount"].tolist(), strict=True):
        found[label] = max(amount, found.get(label, 0.0))
    return found


@seeded(3)
@given(SEEDS, st.booleans())
def test_the_areas_target_holds_when_it_is_computed_from_printed_growth(
    seed: int, gaps: bool
) -> None:
    data = growth_plan(seed, gaps=gaps)
    allocation = allocation_of(data)
    printed, over = Printed(data, allocation), listed(allocation)
    for value, low, high, words, year in printed.goals(printed.frame.area, printed.said["target"]):
        missed = max(
            (ZERO if low is None else low - value), (ZERO if high is None else value - high)
        )
        if missed <= SLACK * value:
            continue
        assert words in ("", "左右")  # of two sides rounding may pass the one further on
        assert (value < low) == printed.falls(printed.frame.years[-1] if year == "total" else year)
        amount = over.get(("target", "全市", year), 0.0)
        assert amount == pytest.approx(float(missed), abs=1e-7)


@seeded(2.5)
@given(SEEDS, st.booleans())
def test_limits_hold_on_the_published_number(seed: int, gaps: bool) -> None:
    data = growth_plan(seed, gaps=gaps)
    allocation = allocation_of(data)
    printed = Printed(data, allocation)
    limits: Data = printed.said["limits"]
    growth = limits.get("growth", {})
    locks = printed.said.get("locks", {})
    ground = printed.step - HUNDRED if printed.said.get("signed") else ZERO
    for (name, year), rate in printed.rates.items():
        assert rate == round(rate / printed.step) * printed.step
        locked = locks.get(name, {}).get(year)
        assert locked is None or rate == number(locked)
        least = growth.get("min")
        assert rate >= (ground if least is None else number(least) * HUNDRED)
        most = growth.get("max", {}).get(name)
        assert most is None or rate <= number(most) * HUNDRED
        value = printed.values[name, year]
        slack = SLACK * value
        capacity = limits.get("max", {}).get(name, {}).get(year)
        assert capacity is None or value <= number(capacity) + slack
        floor = limits.get("min", {}).get(name, {}).get(year)
        assert floor is None or value >= number(floor) - slack
    for name, most in limits.get("total", {}).get("max", {}).items():
        whole = total(printed.values[name, year] for year in printed.frame.years)
        assert whole <= number(most) + SLACK * whole


@seeded(2)
@given(SEEDS, st.booleans())
def test_values_are_those_that_printed_growth_makes(seed: int, gaps: bool) -> None:
    data = growth_plan(seed, gaps=gaps)
    allocation = allocation_of(data)
    printed = Printed(data, allocation)
    frame = allocation.values
    rows = zip(frame["region"], frame["year"], frame["value"], strict=True)
    found = {(region, year): value for region, year, value in rows}
    assert found.keys() == printed.values.keys()
    for place, value in found.items():
        assert value == pytest.approx(float(printed.values[place]), rel=1e-12)
    totals = allocation.totals.set_index(["scope", "year"])["quota"]
    before = printed.base_sum(printed.frame.area)
    for year in printed.frame.years:
        now = printed.sum(printed.frame.area, year)
        rate = 100 * (float(now / before) ** (1 / printed.frame.gaps[year]) - 1)
        assert totals["全市", year] == pytest.approx(rate, abs=float(printed.step) * 0.501)
        before = now


@seeded(2)
@given(SEEDS, st.booleans())
def test_what_a_group_or_share_misses_by_rounding_is_listed(seed: int, gaps: bool) -> None:
    data = growth_plan(seed, gaps=gaps)
    allocation = allocation_of(data)
    printed, over = Printed(data, allocation), listed(allocation)
    for group, target in printed.said.get("group_targets", {}).items():
        for value, low, high, _, year in printed.goals(group, target):
            missed = max(low - value if low is not None else ZERO, ZERO)
            missed = max(missed, value - high if high is not None else ZERO)
            amount = over.get(("target", group, year), 0.0)
            assert amount == pytest.approx(float(missed), abs=1e-7 * float(value))
    share = printed.said["limits"].get("share", {}).get("max")
    for name, year in printed.values if share is not None else ():
        most = number(share) * printed.sum(printed.frame.area, year)
        missed = max(printed.values[name, year] - most, ZERO)
        amount = over.get(("share.max", name, year), 0.0)
        assert amount == pytest.approx(float(missed), abs=1e-7 * float(most))


# ---- the exact answer ------------------------------------------------------------------------


@seeded(2)
@given(SEEDS)
def test_the_exact_answer_of_every_year_is_that_of_the_oracle(seed: int) -> None:
    data = growth_plan(seed)
    years = data["years"]
    try:
        allocation = dc.solve(dc.Plan.model_validate(data))
    except dc.InfeasibleError as error:
        if error.code != LATE:
            assert leximin(GrowthProgram(data, {}, years[0]).program()) is None
        return
    exact, references = column(allocation, "exact"), column(allocation, "reference")
    printed = Printed(data, allocation).values
    for year in years:
        asked = GrowthProgram(data, printed, year)
        point = leximin(asked.program())
        assert point is not None
        for place, name in enumerate(asked.regions):
            (cell,) = (one for one in exact if (one.region, one.year) == (name, year))
            assert exact[cell] == pytest.approx(float(point[place]), rel=1e-6, abs=1e-6)
            wanted = float(asked.references[name])
            assert references[cell] == pytest.approx(wanted, rel=1e-6, abs=1e-6)


@seeded(1)
@given(SEEDS)
def test_growth_over_several_years_has_the_least_burden_too(seed: int) -> None:
    """Without other limits than rates, growth is clip(λ · reference) along the curve."""
    rng = random.Random(seed)
    gap = rng.randint(2, 8)
    base = {name: rng.randint(20, 400) for name in ("甲区", "乙县", "丙县")}
    index = {name: rng.randint(1, 5) for name in base}
    most = {name: f"{rng.randint(6, 25)}%" for name in base if rng.random() < 0.6}
    rate = rng.randint(3, 8)
    one = plans.indicator(
        kind="level",
        publish="growth",
        base=base,
        allocate={"by": index},
        target={"growth": f"{rate}%以上"},
        limits={"growth": {"max": most}} if most else {},
        decimals=4,
    )
    data = plans.data(one, years=[2014 + gap])
    allocation = allocation_of(data)
    exact = {cell.region: value for cell, value in column(allocation, "exact").items()}
    ends = {name: float(number(most.get(name, "1000%"))) * 100 for name in base}
    wanted = sum(base.values()) * (1 + rate / 100) ** gap

    def grown(level: float) -> float:
        rates = {name: min(level * index[name], ends[name]) for name in base}
        return sum(base[name] * (1 + rates[name] / 100) ** gap for name in base)

    low, high = 0.0, 1000.0
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if grown(middle) < wanted else (low, middle)
    for name, value in exact.items():
        assert value == pytest.approx(min(high * index[name], ends[name]), rel=1e-7)


# ---- what changes nothing --------------------------------------------------------------------


@seeded(2)
@given(SEEDS, st.booleans())
def test_the_order_of_regions_changes_nothing(seed: int, gaps: bool) -> None:
    data = growth_plan(seed, gaps=gaps)
    allocation = allocation_of(data)
    other = allocation_of(shuffled(data, random.Random(seed)))
    for name in ("quota", "bound_by"):
        assert column(allocation, name) == column(other, name)


@seeded(0.5)
@given(SEEDS, st.booleans())
def test_the_solver_changes_nothing(seed: int, gaps: bool) -> None:
    data = growth_plan(seed, gaps=gaps)
    assert column(allocation_of(data), "quota") == column(
        allocation_of(data, solver="cbc"), "quota"
    )


@seeded(1)
@given(SEEDS, st.sampled_from([10, 10000, 0.01]))
def test_the_unit_of_values_changes_no_growth(seed: int, factor: float) -> None:
    data = growth_plan(seed)
    allocation, other = allocation_of(data), allocation_of(in_unit(data, factor))
    assert column(allocation, "quota") == column(other, "quota")


def in_unit(data: Data, factor: float) -> Data:
    """Return the same plan with every value multiplied."""
    data = deepcopy(data)
    (said,) = data["indicators"]
    said["base"] = multiplied(said["base"], factor)
    for target in (said["target"], *said.get("group_targets", {}).values()):
        for key in {"years", "total"} & set(target):
            target[key] = multiplied(target[key], factor)
    for key in {"max", "min", "total", "ramp"} & set(said["limits"]):
        said["limits"][key] = multiplied(said["limits"][key], factor)
    return data


# ---- one small plan each -----------------------------------------------------------------------


def output(**keys: Any) -> Data:
    """A level of which growth is published: 8, 4 and 3, then 8 % more every year."""
    return {
        "id": "output",
        "name": "工业增加值",
        "kind": "level",
        "unit": "亿元",
        "publish": "growth",
        "base": dict(plans.BASES),
        "target": {"growth_each_year": "8%以上"},
        **keys,
    }


def solve(*indicators: Data, **keys: Any) -> dc.Allocation:
    return dc.solve(plans.plan(*indicators, **keys))


def quotas(allocation: dc.Allocation, indicator: str = "output", year: int = 2016) -> list[float]:
    cells = column(allocation, "quota").items()
    return [value for cell, value in cells if (cell[0], cell[2]) == (indicator, year)]


def values(allocation: dc.Allocation, indicator: str = "output") -> dict[Place, float]:
    frame = allocation.values.query(f"indicator == '{indicator}'")
    rows = zip(*(frame[name].tolist() for name in ("region", "year", "value")), strict=True)
    return {(region, year): value for region, year, value in rows}


def area(allocation: dc.Allocation, year: int | str, indicator: str = "output") -> list[Any]:
    rows = allocation.totals.query("scope == '全市'").set_index(["indicator", "year"])
    return list(rows.loc[[(indicator, year)]][["target", "sense", "quota"]].iloc[0])


def mistakes(*indicators: Data, **keys: Any) -> list[tuple[str, str]]:
    """Return code and path of every mistake of a plan."""
    with pytest.raises(dc.PlanError) as caught:
        plans.plan(*indicators, **keys)
    return [(one.message.code, ".".join(map(str, one.path))) for one in caught.value.mistakes]


def test_growth_that_can_be_equal_is_as_it_is_said() -> None:
    found = solve(output())
    assert quotas(found, year=2015) == quotas(found) == [8.0, 8.0, 8.0]
    assert area(found, 2015) == area(found, 2016) == [8.0, "at_least", 8.0]
    assert found.excess.empty


def test_what_a_capped_region_lacks_the_others_take_evenly() -> None:
    found = solve(output(limits={"growth": {"max": {"甲区": "7%"}}}))
    assert quotas(found, year=2015) == [7.0, 9.15, 9.15]  # 8 + 8 / 7
    assert quotas(found) == [7.0, 9.13, 9.13]  # on what was rounded up the year before
    assert area(found, 2016)[2] == 8.0
    (rule,) = found.why("output", "甲区", 2016).tight
    assert (rule.family, rule.side) == ("growth.max", "upper")
    assert rule.bound == pytest.approx(7)


def test_an_index_scales_growth() -> None:
    found = solve(output(allocate={"by": {"甲区": 1, "乙县": 2, "丙县": 2}}))
    assert quotas(found, year=2015) == [5.46, 10.91, 10.91]  # 8 × 15 / 22


def test_a_later_capacity_is_seen_in_time() -> None:
    limits = {"growth": {"min": "3%"}, "max": {"甲区": {2016: 8.7}}}
    found = solve(output(limits=limits))
    first = values(found)["甲区", 2015]
    assert first <= 8.7 / 1.03
    assert values(found)["甲区", 2016] <= 8.7
    (rule,) = found.why("output", "甲区", 2015).tight
    assert rule.family == "ahead"
    assert rule.path == "indicators.output.limits.max.甲区.2016"
    assert quotas(found)[0] >= 3


def test_a_total_over_the_years_is_seen_in_time() -> None:
    one = output(kind="flow", limits={"total": {"max": {"甲区": 16.5}}})
    found = values(solve(one))
    assert found["甲区", 2015] + found["甲区", 2016] <= 16.5


def test_open_years_of_a_flow_follow_the_path_and_the_total_holds() -> None:
    found = solve(output(kind="flow", target={"total": "40以上"}))
    target, sense, quota = area(found, "total")
    assert (target, sense) == (40, "at_least")
    assert 40 <= quota < 40.01
    rates = [area(found, year)[2] for year in (2015, 2016)]
    assert rates == [20.79, 20.77]  # q + q² = 40 / 15, and what is left after rounding up
    found = solve(output(kind="flow", target={"total": "40以上"}, path="equal"))
    assert area(found, 2015)[2] == pytest.approx(100 / 3, abs=0.01)


def test_a_target_that_falls_needs_leave_to_shrink() -> None:
    falling = output(target={"growth_each_year": "-3%以下"})
    with pytest.raises(dc.InfeasibleError) as caught:
        solve(falling)
    assert "全市" in str(caught.value) or "示例市" in str(caught.value)
    assert quotas(solve({**falling, "signed": True})) == [-3.0, -3.0, -3.0]
    some = solve({**falling, "limits": {"growth": {"min": {"甲区": "-8%"}}}})
    assert quotas(some) == pytest.approx([-6.0, 0.0, 0.0], abs=0.4)


def test_an_exact_sum_is_passed_by_rounding_alone_and_that_is_listed() -> None:
    found = solve(output(target={"years": {2015: 16, 2016: 17}}))
    rows = found.excess.set_index("year")["amount"]
    for year, figure in ((2015, 16), (2016, 17)):
        over = sum(v for (_, when), v in values(found).items() if when == year) - figure
        assert 0 < over < 0.01
        assert rows[year] == pytest.approx(over)


def test_a_reserve_with_a_base_stays_and_one_without_takes_no_part() -> None:
    regions = [*plans.data()["regions"], {"name": "市本级", "reserve": True}]
    found = solve(output(base={**plans.BASES, "市本级": 5}), regions=regions)
    assert quotas(found, year=2015) == [10.67, 10.67, 10.67, 0.0]  # 8 × 20 / 15
    found = solve(output(), regions=regions)
    assert quotas(found) == [8.0, 8.0, 8.0]


def test_a_lock_is_one_of_growth() -> None:
    found = solve(output(locks={"甲区": {2016: 5.5}}))
    assert quotas(found)[0] == 5.5
    assert column(found, "bound_by")[Cell("output", "甲区", 2016)] == "lock"


def test_what_does_not_grow_at_all_is_settled_beside_the_noise_of_its_sums() -> None:
    """All that can be handed out is the base; what is left of the sums is 1e-14."""
    base = {"甲区": 82.2, "乙县": 18, "丙县": 96.4}
    target = {"years": {2015: "193.56左右"}, "total": "393.2以下"}
    found = solve(output(kind="flow", decimals=2, base=base, target=target))
    assert quotas(found, year=2015) == quotas(found) == [0, 0, 0]


def test_what_a_year_leaves_to_no_later_one_is_told_with_the_year() -> None:
    target = {"years": {2015: "15.7503以上"}}
    limits = {"growth": {"min": "5%"}, "max": {"area": {2016: 16.538}}}
    with pytest.raises(dc.InfeasibleError) as caught:
        solve(output(kind="level", target=target, limits=limits))
    assert caught.value.code == LATE
    assert caught.value.data["year"] == 2016
    lines = str(caught.value).split("\n")
    assert lines[0].startswith("工业增加值的增速逐年确定：2015年及以前的已经取整")
    assert "示例市2016年工业增加值“上限16.54亿元”与其他规则不能同时满足" in lines[1]
    assert "up to 2015 is rounded" in caught.value.text("en")


def test_what_no_year_can_keep_is_told_before_anything_is_settled() -> None:
    limits = {"growth": {"max": "10%"}}
    plan = plans.plan(output(target={"years": {2016: "20以上"}}, limits=limits))
    with pytest.raises(dc.InfeasibleError) as caught:
        dc.solve(plan)
    assert caught.value.code == "plan_infeasible"
    told = str(caught.value)
    assert "2016年工业增加值最多只能达到18.15亿元" in told  # 15 × 1.21
    assert "差1.85亿元" in told
    for k in range(2):
        assert dc.solve(dc.explain(plan).apply(k)).excess.empty


def test_its_targets_do_not_give_way() -> None:
    limits = {"growth": {"max": "10%"}}
    with pytest.raises(dc.InfeasibleError):
        dc.solve(plans.plan(output(target={"years": {2016: "20以上"}}, limits=limits)), gap="row")
    met = plans.plan(output())
    assert column(dc.solve(met, gap="row"), "quota") == column(dc.solve(met), "quota")


# ---- with other indicators ---------------------------------------------------------------------


def test_parts_wait_for_the_growth_of_their_whole() -> None:
    part = plans.indicator(
        id="part", kind="level", parent="output", target={"years": {2015: 15, 2016: 17.4}}
    )
    found = solve(part, output(limits={"growth": {"max": {"丙县": "6%"}}}))
    whole = values(found)
    assert all(value <= whole[place] for place, value in values(found, "part").items())
    for year, figure in ((2015, 15), (2016, 17.4)):
        of_year = [v for (_, when), v in values(found, "part").items() if when == year]
        assert sum(of_year) == pytest.approx(figure)


def test_growth_waits_for_its_whole() -> None:
    whole = plans.indicator(
        id="whole", kind="level", decimals=1, target={"years": {2015: 17, 2016: 18}}
    )
    found = solve(output(links=[{"part_of": "whole"}]), whole)
    above = values(found, "whole")
    assert all(value <= above[place] for place, value in values(found).items())
    assert area(found, 2016)[2] >= 8


def test_a_ratio_may_stand_on_values_that_follow_from_growth() -> None:
    energy = {"id": "energy", "kind": "level", "unit": "万吨", "base": dict(plans.BASES)}
    cut = {
        "id": "cut",
        "name": "单耗",
        "kind": "ratio",
        "unit": "%",
        "numerator": "energy",
        "denominator": "output",
        "publish": "cut",
        "target": {"cut_each_year": "4%以上"},
    }
    found = solve(cut, energy, output(limits={"growth": {"max": {"甲区": "6.5%"}}}))
    below, shown = values(found), column(found, "quota")
    left = {2014: ONE}
    for year in (2015, 2016):
        weights = {name: Fraction(below[name, year]) for name in plans.BASES}
        cuts = {
            c.region: Fraction(str(v)) for c, v in shown.items() if c[0] == "cut" and c[2] == year
        }
        mean = total(weights[name] * cuts[name] for name in weights) / total(weights.values())
        left[year] = 1 - mean / 100
        assert left[year] <= Fraction(96, 100) * left[year - 1] + Fraction(1, 10**12)


def test_a_ratio_binds_a_numerator_whose_growth_is_published() -> None:
    firms = {year: {"甲区": 40, "乙县": 30, "丙县": 20} for year in (2014, 2015, 2016)}
    given_firms = {"id": "firms", "kind": "given", "values": firms}
    ratio = {
        "id": "per_firm",
        "kind": "ratio",
        "numerator": "output",
        "denominator": "firms",
        "scale": 100,
        "target": {"years": {2016: "20以上"}},
        "limits": {"max": {"丙县": {2016: 17.5}}},
    }
    found = solve(given_firms, ratio, output())
    made = values(found)
    assert sum(made[name, 2016] for name in plans.BASES) >= 18 - 1e-9
    assert made["丙县", 2016] <= 3.5
    cumulative = {**ratio, "numerator": {"cumulative": "output"}, "limits": {}}
    found = solve(
        given_firms, {**cumulative, "target": {"years": {2016: "40以上"}}}, output(kind="flow")
    )
    assert sum(values(found).values()) >= 36 - 1e-9


def test_a_share_of_another_is_kept_on_what_is_printed_of_it() -> None:
    other = plans.indicator(target={"years": {2015: 18, 2016: 24}})
    link = [{"at_most_share": "50%", "of": "output", "scope": "丙县"}]
    found = solve({**other, "links": link, "kind": "level"}, output())
    assert values(found, "investment")["丙县", 2016] <= values(found)["丙县", 2016] / 2 + 0.01


def test_stretch_growth_is_not_below_base_growth() -> None:
    limits = {"growth": {"max": {"甲区": "9%"}}}
    target = {"growth_each_year": "8%以上", "stretch": {"years": {2016: 18}}}
    found = solve(output(target=target, limits=limits))
    assert found.stretch is not None
    for year in (2015, 2016):
        pairs = zip(quotas(found, year=year), quotas(found.stretch, year=year), strict=True)
        assert all(base <= higher for base, higher in pairs)
    assert sum(values(found.stretch)[name, 2016] for name in plans.BASES) >= 18


# ---- what is refused ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("keys", "code", "path"),
    [
        ({"target": {}}, "growth_target", "target"),
        ({"base": {"甲区": 8, "乙县": 0, "丙县": 3}}, "growth_base", "base"),
        ({"base": {"甲区": 8, "丙县": 3}, "target": {"years": {2016: 20}}}, "growth_base", "base"),
        ({"base": {"甲区": 8, "乙县": -4, "丙县": 3}}, "growth_base", "base"),
        ({"regions": {2015: ["甲区", "乙县"]}}, "growth_gap", "years"),
        ({"target": {"years": {2015: "—", 2016: 20}}}, "growth_gap", "years"),
        ({"years": [2016]}, "growth_gap", "years"),
        ({"kind": "flow", "target": {"years": {2016: 20}}}, "growth_years", "target"),
        ({"kind": "flow", "target": {"growth": "8%"}}, "growth_years", "target"),
        (
            {"kind": "flow", "target": {"total": 40, "stretch": {"years": {2015: 20}}}},
            "growth_years",
            "target.stretch",
        ),
        ({"fairness": "least_squares"}, "growth_fairness", "fairness"),
        (
            {"kind": "flow", "locks": {"甲区": {"total": 20}}},
            "growth_lock_total",
            "locks.甲区.total",
        ),
        ({"signed": True, "locks": {"甲区": {2015: -100}}}, "growth_lock_low", "locks.甲区.2015"),
        (
            {"kind": "text", "text": "提高", "base": None, "target": {}},
            "publish_of_kind",
            "publish",
        ),
    ],
)
def test_what_growth_cannot_be_measured_on_is_refused(
    keys: dict[str, Any], code: str, path: str
) -> None:
    assert (code, f"indicators.output.{path}") in mistakes(output(**keys))


def test_what_must_be_equal_in_whole_steps_is_refused() -> None:
    other = plans.indicator(kind="level", target={"years": {2016: 18}})
    both = {"id": "both", "kind": "level", "sum_of": ["output", "investment"]}
    assert mistakes(output(), other, both) == [("growth_sum", "indicators.both.sum_of")]
    rise = {"id": "rise", "kind": "flow", "increase_of": "output"}
    assert mistakes(output(), rise) == [("growth_sum", "indicators.rise.increase_of")]
    grown = output(sum_of=["investment"])
    assert ("growth_sum", "indicators.output.sum_of") in mistakes(grown, other)


def test_links_that_wait_for_one_another_are_refused() -> None:
    other = plans.indicator(kind="level", links=[{"at_most_share": "90%", "of": "output"}])
    grown = output(links=[{"at_least_share": "50%", "of": "investment"}])
    ((code, path),) = mistakes(other, grown)
    assert (code, path) == ("growth_circle", "indicators.output.publish")


def test_every_refusal_says_how_to_mend_it_in_both_languages() -> None:
    with pytest.raises(dc.PlanError) as caught:
        plans.plan(output(base={"甲区": 8, "乙县": 0, "丙县": 3}))
    assert "乙县" in caught.value.text("zh")
    assert "publish: value" in caught.value.text("zh")
    assert "publish: value" in caught.value.text("en")


# ---- in print -----------------------------------------------------------------------------------

PRINTED = output(
    decimals=1,
    limits={"growth": {"max": {"甲区": "7%"}}},
    stated={"growth": {2015: "8%左右"}, "years": {2016: 17.5}},
)


def test_annexes_print_growth_in_percent_and_the_area_of_sums() -> None:
    found = solve(PRINTED)
    first = found.annex1().iloc[0]
    assert first["指标"] == "工业增加值增速"
    assert first["单位"] == "%"
    assert first["2015年"] == "8%左右"
    assert first["2016年"] == "8%以上"
    assert first["累计/期末"] == first["2014年"] == "—"
    assert first["年均增长"] == pytest.approx(0.08, abs=1e-3)
    below = texts(found.tables()[0])[1]
    assert below[1:6] == ["指标值", "亿元", "15.0", "", "17.5"]
    second = found.annex2(2015)
    assert list(second["工业增加值增速"]) == [8.0, 7.0, 9.2, 9.2]
    (table,) = found.tables(years=(2015,))[1:]
    assert table.unit_line == "单位：%"
    assert any(note.startswith("增速的合计、小计按各地区合计的数值计算") for note in table.notes)


def test_an_average_over_one_long_year_is_that_year() -> None:
    found = solve(output(target={"growth": "7%左右"}), years=[2019])
    assert found.annex1().iloc[0]["2019年"] == "7%左右"
    assert quotas(found, year=2019) == [7.0, 7.0, 7.0]
    assert area(found, 2019) == [7.0, "about", 7.0]


def test_why_speaks_of_percent() -> None:
    text = solve(PRINTED).why("工业增加值", "甲区", 2015).text()
    assert text.startswith("甲区2015年工业增加值增速为7.0%。为使示例市达到8.0%，各地同为8.0%；")
    assert "受本区增速上限7%（2014年为8.00亿元）限制，少1.0个百分点" in text
    assert "（按上年数值加权）" in text
    reason = solve(PRINTED).why("output", "甲区", 2015, relief=True)
    assert [relief.change for relief in reason.relief] == [pytest.approx(1.0)]


def test_check_finds_nothing_wrong_and_says_what_cannot_be() -> None:
    assert [one.code for one in dc.check(plans.plan(PRINTED))] == []
    tight = output(limits={"growth": {"max": "7%"}})
    assert {one.severity for one in dc.check(plans.plan(tight))} == {"error"}


def test_a_saved_allocation_has_its_growth(tmp_path: Path) -> None:
    solve(PRINTED).save(tmp_path / "a.json")
    kept = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    assert {row["quota"] for row in kept["quotas"]} <= {7.0, 8.0, 9.1, 9.2}
    assert kept["plan"]["indicators"][0]["publish"] == "growth"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_workbook_brings_growth_back(language: Language, tmp_path: Path) -> None:
    plan = plans.plan(PRINTED)
    write_template(tmp_path / "plan.xlsx", plan, language=language)
    assert dc.read_plan(tmp_path / "plan.xlsx") == plan


def test_the_program_has_this_years_growth_and_looks_ahead() -> None:
    labels = label_table(plans.plan(PRINTED))
    kinds = labels.groupby("family").size()
    assert (kinds["cell"], kinds["ahead"]) == (3, 3)
    assert len(to_pulp(plans.plan(PRINTED)).variables()) == 7


def test_an_exact_sum_of_a_later_year_is_passed_by_rounding_alone() -> None:
    """The north gives up its lower end, which is no exact figure, for the area's least."""
    own = plans.indicator(
        kind="level",
        publish="growth",
        decimals=2,
        target={"years": {2016: "18.5以上"}},
        group_targets={"南部": {"years": {2016: 9}}, "北部": {"years": {2016: "8-10"}}},
    )
    allocation = dc.solve(plans.plan(own))
    last = allocation.values.set_index(["region", "year"])["value"].xs(2016, level="year")
    assert last["甲区"] == pytest.approx(9, abs=2e-3)
    assert last.sum() >= 18.5
    assert allocation.excess["amount"].abs().max() < 2e-3
