"""What a unit of relief on each rule would change: by hand, and by solving the changed plan."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import pytest
from hypothesis import given, settings

import decompose as dc
from tests import plans
from tests.strategies import simple_plans

QINGYUAN = Path(__file__).parent.parent / "data" / "qingyuan" / "plan.yaml"
SOLVERS = ("highs", "cbc")
FINE = {"decimals": 6}
"""On so fine a grid, printed denominators follow their exact values."""
Cell = tuple[str, str, int]


def four(base: float | None = None, **limits: Any) -> dc.Plan:
    """Sixty over four equal districts."""
    names = ("甲区", "乙县", "丙县", "丁县")
    bases = {} if base is None else {"base": dict.fromkeys(names, base)}
    return dc.Plan.model_validate(
        {
            "title": "示例行动",
            "total_label": "全市",
            "years": [2015],
            "regions": list(names),
            "indicators": [
                {
                    "id": "investment",
                    "name": "投资",
                    "kind": "flow",
                    "unit": "亿元",
                    "allocate": "equal",
                    "target": {"years": {2015: 60}},
                    "limits": limits,
                    **bases,
                }
            ],
        }
    )


def row(found: dc.Sensitivity, path: str, scope: str = "", year: int | str = "") -> Any:
    """Return the only row of a rule."""
    table = found.table
    chosen = table[
        (table["path"] == path)
        & (table["scope"].eq(scope) | (not scope))
        & (table["year"].eq(year) | (not year))
    ]
    (one,) = chosen.itertuples()
    return one


def changes(found: dc.Sensitivity, rank: int) -> dict[Cell, float]:
    own = found.quotas[found.quotas["rank"] == rank]
    cells = zip(own["indicator"], own["region"], own["year"], strict=True)
    return dict(zip(cells, own["change"].tolist(), strict=True))


def exact(allocation: dc.Allocation) -> dict[Cell, float]:
    quotas = allocation.quotas
    cells = zip(quotas["indicator"], quotas["region"], quotas["year"], strict=True)
    return dict(zip(cells, quotas["exact"].tolist(), strict=True))


def largest(allocation: dc.Allocation, indicators: tuple[str, ...]) -> float:
    quotas = allocation.quotas
    own = quotas[quotas["indicator"].isin(indicators) & (quotas["reference"] > 0)]
    return float((own["exact"] / own["reference"] - 1).abs().max())


# ---- by hand ---------------------------------------------------------------------------------


def test_a_capacity_over_four_equal_districts() -> None:
    found = dc.sensitivity(dc.solve(four(max={"甲区": 11})))
    capacity = row(found, "indicators.investment.limits.max.甲区")
    assert (capacity.rank, capacity.family, capacity.side) == (1, "max", "upper")
    assert (capacity.scope, capacity.year, capacity.bound, capacity.unit) == (
        "甲区",
        2015,
        11,
        "亿元",
    )
    assert capacity.burden == pytest.approx(-1 / 15)
    assert capacity.moved == pytest.approx(1)
    assert capacity.range == pytest.approx(4)  # at 15 it is at its reference
    assert changes(found, capacity.rank) == pytest.approx(
        {
            ("investment", "甲区", 2015): 1,
            ("investment", "乙县", 2015): -1 / 3,
            ("investment", "丙县", 2015): -1 / 3,
            ("investment", "丁县", 2015): -1 / 3,
        }
    )


def test_a_target_takes_its_references_with_it() -> None:
    # the largest burden is 1 - 11 / (T / 4), so that less to hand out makes the plan easier
    found = dc.sensitivity(dc.solve(four(max={"甲区": 11})))
    target = row(found, "indicators.investment.target.years.2015")
    assert (target.side, target.bound) == ("lower", 60)
    assert target.burden == pytest.approx(-44 / 60**2)
    assert target.range == pytest.approx(16)  # 44 is four times 11
    assert changes(found, target.rank) == pytest.approx(
        {("investment", name, 2015): -1 / 3 for name in ("乙县", "丙县", "丁县")}
    )


def test_a_kink_shows_the_side_of_relief_only() -> None:
    # 乙县 touches its capacity of 49/3: relief on 甲区 takes it away from there
    plan = four(max={"甲区": 11, "乙县": {2015: 16.34}})
    found = dc.sensitivity(dc.solve(plan))
    capacity = row(found, "indicators.investment.limits.max.甲区")
    assert changes(found, capacity.rank)["investment", "乙县", 2015] == pytest.approx(-1 / 3)
    floors = dc.sensitivity(dc.solve(four(min={"甲区": 15, "乙县": 15})))
    for name in ("甲区", "乙县"):
        touching = row(floors, f"indicators.investment.limits.min.{name}")
        assert (touching.burden, touching.moved, touching.range) == (0, 0, math.inf)


def test_both_directions_of_a_kink_are_told_apart() -> None:
    # 8 + 11 + 11: relief on the capacity that is just touched changes nothing; raising the
    # target would move 丙县 alone, lowering it moves both, and makes the plan easier
    plan = dc.Plan.model_validate(
        {
            "title": "示例行动",
            "years": [2015],
            "regions": ["甲区", "乙县", "丙县"],
            "indicators": [
                {
                    "id": "investment",
                    "kind": "flow",
                    "allocate": "equal",
                    "target": {"years": {2015: 30}},
                    "limits": {"max": {"甲区": 8, "乙县": 11}},
                }
            ],
        }
    )
    found = dc.sensitivity(dc.solve(plan))
    touched = row(found, "indicators.investment.limits.max.乙县")
    assert (touched.burden, touched.moved) == (0, 0)
    assert touched.rank == 3
    target = row(found, "indicators.investment.target.years.2015")
    assert target.side == "lower"
    assert changes(found, target.rank) == pytest.approx(
        {("investment", "乙县", 2015): -0.5, ("investment", "丙县", 2015): -0.5}
    )
    assert target.burden == pytest.approx(-8 * 3 / 30**2)


def test_a_rate_yields_by_a_percentage_point() -> None:
    # 甲区 may grow by 20 % from 10, and would take 15 of 60 by equal shares
    found = dc.sensitivity(dc.solve(four(10, growth={"max": {"甲区": "20%"}})))
    growth = row(found, "indicators.investment.limits.growth.max.甲区")
    assert (growth.bound, growth.unit) == (pytest.approx(20), "%")
    assert changes(found, growth.rank)["investment", "甲区", 2015] == pytest.approx(0.1)
    assert growth.burden == pytest.approx(-0.1 / 15)
    assert growth.range == pytest.approx(30)  # 50 % is 15


def test_growth_over_a_gap_of_years_is_yearly() -> None:
    plan = four(10, growth={"max": {"甲区": "10%"}}).with_changes({"base_year": 2013})
    found = dc.sensitivity(dc.solve(plan))
    growth = row(found, "indicators.investment.limits.growth.max.甲区")
    # 10 · 1.1² = 12.1; a point more is 10 · 2 · 1.1 · 0.01
    assert changes(found, growth.rank)["investment", "甲区", 2015] == pytest.approx(0.22)
    assert growth.range == pytest.approx(100 * (1.5**0.5 - 1.1))


# ---- by solving the changed plan -------------------------------------------------------------


class Case(NamedTuple):
    """A plan, one of its rules, and relief on it as a change of the plan."""

    plan: dc.Plan
    path: str
    scope: str
    year: int | str
    relief: float
    """So little that what bends is straight."""
    change: Callable[[float], dict[str, Any]]
    stage: tuple[str, ...] = ("investment",)
    """The indicators of the rule's component."""


def flow(**keys: Any) -> dc.Plan:
    return plans.plan(plans.indicator(**FINE, **keys))


def rate(percent: float) -> str:
    return f"{percent}%"


def at(family: str) -> str:
    return f"indicators.investment.limits.{family}"


ENERGY = {"甲区": 90.0, "乙县": 70.0, "丙县": 40.0}
VALUE = {"甲区": 200.0, "乙县": 120.0, "丙县": 80.0}


def intensity(*, decided: bool = False, **keys: Any) -> dc.Plan:
    """A cut of energy per value; the value is given, or decided before."""
    value: dict[str, Any] = {
        "id": "value",
        "kind": "given",
        "values": {year: dict(VALUE) for year in (2014, 2015, 2016)},
    }
    if decided:
        value = plans.indicator(
            id="value",
            name="产值",
            kind="level",
            base=dict(VALUE),
            target={"years": {2015: 430, 2016: 480}},
            limits={"growth": {"max": {"甲区": "4%"}}},
            **FINE,
        )
    return plans.plan(
        value,
        {"id": "energy", "kind": "level", "base": dict(ENERGY), **FINE},
        {
            "id": "cut",
            "kind": "ratio",
            "unit": "%",
            "numerator": "energy",
            "denominator": "value",
            "publish": "cut",
            "target": {"cut": "6%以上"},
            **FINE,
            **keys,
        },
    )


def share_of_firms(**keys: Any) -> dc.Plan:
    """A share whose numerator has a target of its own."""
    return plans.plan(
        {
            "id": "all",
            "kind": "given",
            "values": {year: {"甲区": 100, "乙县": 60, "丙县": 40} for year in (2015, 2016)},
        },
        plans.indicator(
            id="firms", name="企业", kind="level", target={"years": {2015: 18, 2016: 24}}, **FINE
        ),
        {
            "id": "share",
            "kind": "ratio",
            "unit": "%",
            "numerator": "firms",
            "denominator": "all",
            "scale": 100,
            **keys,
        },
    )


def linked(link: dict[str, Any], **keys: Any) -> dc.Plan:
    whole = plans.indicator(id="whole", name="总投资", target={"years": {2015: 40, 2016: 50}})
    return plans.plan(whole, plans.indicator(links=[{"of": "whole", **link}], **keys))


CASES = {
    "capacity": Case(
        flow(limits={"max": {"甲区": {2015: 9}}}),
        at("max.甲区.2015"),
        "甲区",
        2015,
        0.2,
        lambda more: {at("max.甲区.2015"): 9 + more},
    ),
    "floor": Case(
        flow(limits={"min": {"丙县": {2016: 6}}}),
        at("min.丙县.2016"),
        "丙县",
        2016,
        0.2,
        lambda more: {at("min.丙县.2016"): 6 - more},
    ),
    "capacity of a group": Case(
        flow(limits={"max": {"sum": {"北部": {2015: 8}}}}),
        at("max.sum.北部.2015"),
        "北部",
        2015,
        0.2,
        lambda more: {at("max.sum.北部.2015"): 8 + more},
    ),
    "capacity over the years": Case(
        flow(limits={"total": {"max": {"甲区": 21}}}),
        at("total.max.甲区"),
        "甲区",
        "total",
        0.1,
        lambda more: {at("total.max.甲区"): 21 + more},
    ),
    "floor over the years": Case(
        flow(limits={"total": {"min": {"乙县": 12}}}),
        at("total.min.乙县"),
        "乙县",
        "total",
        0.1,
        lambda more: {at("total.min.乙县"): 12 - more},
    ),
    "greatest growth, first year": Case(
        flow(limits={"growth": {"max": {"甲区": {2015: "10%"}}}}),
        at("growth.max.甲区.2015"),
        "甲区",
        2015,
        0.5,
        lambda more: {at("growth.max.甲区.2015"): rate(10 + more)},
    ),
    "greatest growth, later": Case(
        flow(limits={"growth": {"max": {"乙县": {2016: "20%"}}}}),
        at("growth.max.乙县.2016"),
        "乙县",
        2016,
        0.001,
        lambda more: {at("growth.max.乙县.2016"): rate(20 + more)},
    ),
    "least growth": Case(
        flow(limits={"growth": {"min": {"丙县": {2016: "50%"}}}}),
        at("growth.min.丙县.2016"),
        "丙县",
        2016,
        0.001,
        lambda more: {at("growth.min.丙县.2016"): rate(50 - more)},
    ),
    "growth of a group": Case(
        flow(limits={"growth": {"max": {"sum": {"北部": {2016: "20%"}}}}}),
        at("growth.max.sum.北部.2016"),
        "北部",
        2016,
        0.001,
        lambda more: {at("growth.max.sum.北部.2016"): rate(20 + more)},
    ),
    "greatest rise": Case(
        flow(limits={"ramp": {"max": {"甲区": {2016: 2}}}}),
        at("ramp.max.甲区.2016"),
        "甲区",
        2016,
        0.1,
        lambda more: {at("ramp.max.甲区.2016"): 2 + more},
    ),
    "greatest share": Case(
        flow(limits={"share": {"max": {"甲区": {2015: "50%"}}}}),
        at("share.max.甲区.2015"),
        "甲区",
        2015,
        0.5,
        lambda more: {at("share.max.甲区.2015"): rate(50 + more)},
    ),
    "least share of a group": Case(
        flow(limits={"share": {"min": {"sum": {"北部": {2016: "55%"}}}}}),
        at("share.min.sum.北部.2016"),
        "北部",
        2016,
        0.5,
        lambda more: {at("share.min.sum.北部.2016"): rate(55 - more)},
    ),
    "shift of a share": Case(
        flow(
            allocate="equal",
            limits={"share_shift": {"丙县": {2016: "5%"}}},
        ),
        at("share_shift.丙县.2016"),
        "丙县",
        2016,
        0.5,
        lambda more: {at("share_shift.丙县.2016"): rate(5 + more)},
    ),
    "monotone has no figure, a floor has": Case(
        flow(limits={"monotone": "up", "min": {"甲区": {2015: 11}}}),
        at("min.甲区.2015"),
        "甲区",
        2015,
        0.1,
        lambda more: {at("min.甲区.2015"): 11 - more},
    ),
    "lock": Case(
        flow(locks={"甲区": {2015: 8}}),
        "indicators.investment.locks.甲区.2015",
        "甲区",
        2015,
        0.2,
        lambda more: {"indicators.investment.locks.甲区.2015.value": 8 + more},
    ),
    "lock over the years": Case(
        flow(locks={"乙县": {"total": 12.5}}),
        "indicators.investment.locks.乙县.total",
        "乙县",
        "total",
        0.1,
        lambda more: {"indicators.investment.locks.乙县.total.value": 12.5 - more},
    ),
    "target of a year": Case(
        flow(limits={"max": {"甲区": {2015: 9}}}),
        "indicators.investment.target.years.2015",
        "示例市",
        2015,
        0.01,
        lambda more: {"indicators.investment.target.years.2015": 18 - more},
    ),
    "target at least": Case(
        flow(
            target={"years": {2015: "18以上", 2016: 24}},
            limits={"max": {"甲区": {2015: 9}}, "growth": {"max": {"甲区": "30%"}}},
        ),
        "indicators.investment.target.years.2015",
        "示例市",
        2015,
        0.01,
        lambda more: {"indicators.investment.target.years.2015": f"{18 - more}以上"},
    ),
    "target over the years": Case(
        flow(target={"total": 42}, limits={"max": {"甲区": {2016: 11}}}),
        "indicators.investment.target.total",
        "示例市",
        "total",
        0.001,
        lambda more: {"indicators.investment.target.total": 42 - more},
    ),
    "target as growth": Case(
        flow(
            kind="level",
            target={"growth": "12%以上"},
            limits={"max": {"甲区": {2016: 9}}},
        ),
        "indicators.investment.target.growth",
        "示例市",
        2016,
        0.01,
        lambda more: {"indicators.investment.target.growth": f"{12 - more}%以上"},
    ),
    "target of every year": Case(
        flow(target={"each_year": 20}, limits={"max": {"甲区": {2016: 9}}}),
        "indicators.investment.target.each_year",
        "示例市",
        "each",
        0.01,
        lambda more: {"indicators.investment.target.each_year": 20 - more},
    ),
    "target of a group": Case(
        flow(
            group_targets={"北部": {"years": {2015: 9}}},
            limits={"max": {"乙县": {2015: 4.5}}},
        ),
        "indicators.investment.group_targets.北部.years.2015",
        "北部",
        2015,
        0.01,
        lambda more: {"indicators.investment.group_targets.北部.years.2015": 9 - more},
    ),
    "target of published increments": Case(
        flow(
            kind="level",
            publish="increment",
            target={"years": {2015: 18, 2016: 24}},
            limits={"growth": {"max": {"甲区": {2016: "25%"}}}},
        ),
        at("growth.max.甲区.2016"),
        "甲区",
        2016,
        0.001,
        lambda more: {at("growth.max.甲区.2016"): rate(25 + more)},
    ),
    "ratio": Case(
        intensity(limits={"cut": {"max": {"甲区": "5%"}}}),
        "indicators.cut.target.cut",
        "示例市",
        "each",
        0.001,
        lambda more: {"indicators.cut.target.cut": f"{6 - more}%以上"},
        ("energy", "cut"),
    ),
    "greatest cut": Case(
        intensity(limits={"cut": {"max": {"甲区": "5%"}}}),
        "indicators.cut.limits.cut.max.甲区",
        "甲区",
        2016,
        0.1,
        lambda more: {"indicators.cut.limits.cut.max.甲区.2016": rate(5 + more)},
        ("energy", "cut"),
    ),
    "greatest cut, published as a value": Case(
        intensity(publish="value", allocate="base", limits={"cut": {"max": {"甲区": "5%"}}}),
        "indicators.cut.limits.cut.max.甲区",
        "甲区",
        2016,
        0.1,
        lambda more: {"indicators.cut.limits.cut.max.甲区.2016": rate(5 + more)},
        ("energy", "cut"),
    ),
    "greatest cut of a group": Case(
        intensity(limits={"cut": {"max": {"sum": {"北部": {2015: "2%"}}}}}),
        "indicators.cut.limits.cut.max.sum.北部.2015",
        "北部",
        2015,
        0.01,
        lambda more: {"indicators.cut.limits.cut.max.sum.北部.2015": rate(2 + more)},
        ("energy", "cut"),
    ),
    "greatest ratio of a numerator with a target": Case(
        share_of_firms(limits={"max": {"甲区": {2016: 11}}}),
        "indicators.share.limits.max.甲区.2016",
        "甲区",
        2016,
        0.1,
        lambda more: {"indicators.share.limits.max.甲区.2016": 11 + more},
        ("firms",),
    ),
    "ratio target of a numerator with a target": Case(
        share_of_firms(group_targets={"北部": {"years": {2016: "14以上"}}}),
        "indicators.share.group_targets.北部.years.2016",
        "北部",
        2016,
        0.1,
        lambda more: {"indicators.share.group_targets.北部.years.2016": f"{14 - more}以上"},
        ("firms",),
    ),
    "least share of another": Case(
        linked({"at_least_share": "48%", "scope": "丙县"}),
        "indicators.investment.links.0.at_least_share",
        "丙县",
        2015,
        0.001,
        lambda more: {
            "indicators.investment.links": [
                {"of": "whole", "at_least_share": rate(48 - more), "scope": "丙县"}
            ]
        },
        ("whole", "investment"),
    ),
    "greatest share of another": Case(
        linked({"at_most_share": "46%", "scope": "area"}, target={"years": {2015: "18以下"}}),
        "indicators.investment.target.years.2015",
        "示例市",
        2015,
        0.01,
        lambda more: {"indicators.investment.target.years.2015": f"{18 + more}以下"},
        ("whole", "investment"),
    ),
    "growth of a denominator": Case(
        intensity(decided=True),
        "indicators.value.limits.growth.max.甲区",
        "甲区",
        2015,
        0.05,
        lambda more: {"indicators.value.limits.growth.max.甲区.2015": rate(4 + more)},
        ("value",),
    ),
    "target of a denominator": Case(
        intensity(decided=True),
        "indicators.value.target.years.2015",
        "示例市",
        2015,
        0.05,
        lambda more: {"indicators.value.target.years.2015": 430 - more},
        ("value",),
    ),
}


@cache
def sensitivity_of(name: str) -> tuple[dc.Allocation, dc.Sensitivity]:
    allocation = dc.solve(CASES[name].plan)
    return allocation, dc.sensitivity(allocation)


@pytest.mark.parametrize("solver", SOLVERS)
@pytest.mark.parametrize("name", CASES)
def test_relief_is_what_solving_the_changed_plan_gives(name: str, solver: str) -> None:
    case = CASES[name]
    _, found = sensitivity_of(name)
    rule = row(found, case.path, case.scope, case.year)
    assert rule.range > case.relief * 1.001
    before = dc.solve(case.plan, solver=solver)
    after = dc.solve(case.plan.with_changes(case.change(case.relief)), solver=solver)
    moved = changes(found, rule.rank)
    assert moved
    now, then = exact(after), exact(before)
    gained = {cell: (now[cell] - then[cell]) / case.relief for cell in now}
    # rates, targets and what follows from a denominator bend a little along the way
    most = max(abs(gain) for gain in gained.values())
    assert {cell: moved.get(cell, 0.0) for cell in now} == pytest.approx(
        gained, rel=5e-3, abs=2e-3 * most
    )
    eased = (largest(after, case.stage) - largest(before, case.stage)) / case.relief
    assert rule.burden == pytest.approx(eased, rel=5e-3, abs=1e-5)


STRAIGHT = (
    "capacity",
    "floor",
    "capacity of a group",
    "capacity over the years",
    "floor over the years",
    "greatest growth, first year",
    "greatest rise",
    "greatest share",
    "least share of a group",
    "shift of a share",
    "monotone has no figure, a floor has",
    "lock",
    "lock over the years",
    "greatest cut",
)


def gap(name: str, relief: float) -> float:
    """Return by how much quotas or the largest burden miss their lines after some relief."""
    case = CASES[name]
    before, found = sensitivity_of(name)
    rule = row(found, case.path, case.scope, case.year)
    try:
        after = dc.solve(case.plan.with_changes(case.change(round(relief, 6))))
    except dc.InfeasibleError:
        return math.inf
    moved, then, now = changes(found, rule.rank), exact(before), exact(after)
    missed = [abs(now[cell] - then[cell] - relief * moved.get(cell, 0.0)) for cell in now]
    eased = largest(after, case.stage) - largest(before, case.stage)
    return max(*missed, abs(eased - relief * float(rule.burden)))


@pytest.mark.parametrize("name", STRAIGHT)
def test_a_range_ends_where_the_line_does(name: str) -> None:
    case = CASES[name]
    _, found = sensitivity_of(name)
    end = row(found, case.path, case.scope, case.year).range
    assert 0 < end < math.inf
    assert gap(name, 0.999 * end) < 1e-5
    assert gap(name, 1.01 * end) > 1e-4


@settings(max_examples=settings().max_examples // 2)
@given(simple_plans())
def test_what_one_gains_others_lose_under_an_exact_target(data: dict[str, Any]) -> None:
    plan = dc.Plan.model_validate(data)
    try:
        found = dc.sensitivity(dc.solve(plan))
    except dc.DecomposeError:
        return
    exactly = {
        (one.id, year)
        for one in plan.indicators
        for year, figure in one.target.years.items()
        if figure.sense.value == "exact"
    }
    limits = found.quotas[~found.quotas["path"].str.contains(".target.", regex=False)]
    keys = ["rank", "indicator", "year"]
    for (_, indicator, year), part in limits.groupby(keys):
        if (indicator, year) in exactly:
            size = part["change"].abs().max()
            assert part["change"].sum() == pytest.approx(0, abs=1e-5 * size)


# ---- the table -------------------------------------------------------------------------------


@cache
def qingyuan() -> dc.Sensitivity:
    return dc.sensitivity(dc.solve(dc.read_plan(QINGYUAN)))


def test_the_costliest_rules_come_first_and_those_without_numbers_last() -> None:
    table = qingyuan().table
    known = table[table["note"] == ""]
    assert list(table["rank"]) == list(range(1, len(table) + 1))
    assert known["burden"].is_monotonic_increasing
    assert known["rank"].max() < table[table["note"] != ""]["rank"].min()
    assert table[table["note"] != ""][["burden", "moved", "range"]].isna().all(axis=None)
    assert (known["range"] > 0).all()


def test_yingde_pays_most_for_its_capacity_among_those_of_its_indicator() -> None:
    table = qingyuan().table
    first = table[table["indicator"] == "upgrade_investment"].iloc[0]
    assert first["path"] == "indicators.upgrade_investment.limits.max.英德市.2015"
    # its reference is 22 · 2.75 / 15.49, its share of the base
    assert first["burden"] == pytest.approx(-15.49 / (22 * 2.75))
    assert first["moved"] == pytest.approx(1)


def test_sums_of_others_are_no_rules_that_yield() -> None:
    assert "sum_of" not in set(qingyuan().table["family"])


def test_a_sum_that_others_fix_is_told_to_be_held() -> None:
    plan = flow(target={"years": {2015: 18, 2016: 24}, "total": 42})
    table = dc.sensitivity(dc.solve(plan)).table
    assert set(table["note"]) == {"held"}
    assert len(table) == 3


def test_a_lock_is_told_as_the_plan_says_it_where_the_increment_is_published() -> None:
    keys = {"kind": "level", "publish": "increment", "target": {"years": {2015: 18, 2016: 21}}}
    plan = plans.plan(plans.indicator(**keys, locks={"甲区": {2015: {"value": 9}}}))
    found = dc.sensitivity(dc.solve(plan))
    assert row(found, "indicators.investment.locks.甲区.2015").bound == 9


def test_tiers_move_in_whole_steps() -> None:
    plan = intensity(decimals=0, target={"cut": "10%以上"}, tiers={"values": ["6%", "10%", "15%"]})
    found = dc.sensitivity(dc.solve(plan))
    tiers = found.table[found.table["family"] == "tier"]
    assert set(tiers["note"]) == {"whole"}
    assert "只能整档变动" in found.text()


def test_an_answer_that_jumps_has_no_numbers() -> None:
    # What is handed out grows by less than 10 %, and 丙县 makes up for the two that must. At the
    # same rate it does not matter how the two share 2015; the least difference, and it does.
    bases = {"甲区": 50, "乙县": 40, "丙县": 10}
    plan = flow(
        kind="level",
        base=bases,
        target={"years": {2015: 100, 2016: 109.9}},
        limits={"growth": {"min": {name: {2016: "10%"} for name in ("甲区", "乙县")}}},
    )
    allocation = dc.solve(plan)
    table = dc.sensitivity(allocation).table
    assert list(table[table["family"] == "growth.min"]["note"]) == ["jump", "jump"]
    path = at("growth.min.甲区.2016")
    first = ("investment", "甲区", 2015)
    moved = [
        exact(dc.solve(plan.with_changes({path: rate(10 - relief)})))[first]
        - exact(allocation)[first]
        for relief in (0.001, 0.0001)
    ]
    assert moved == pytest.approx([0.145, 0.145], abs=1e-3)


def test_no_more_rules_are_looked_at_than_asked() -> None:
    found = dc.sensitivity(dc.solve(four(max={"甲区": 11}, min={"乙县": 18})), most=2)
    assert (len(found.table), found.left_out, found.most) == (2, 1, 2)
    # those of the largest burdens: 11 and 18 of 15
    assert set(found.table["family"]) <= {"max", "target"}
    assert found.text().splitlines()[-1] == "另有 1 条没有算（most=2）。"


def test_the_order_of_regions_changes_nothing() -> None:
    data = plans.data(plans.indicator(limits={"max": {"甲区": 9}, "growth": {"max": "60%"}}))
    turned = {**data, "regions": data["regions"][::-1]}
    one, other = (
        dc.sensitivity(dc.solve(dc.Plan.model_validate(said))).table for said in (data, turned)
    )
    pd.testing.assert_frame_equal(one, other, rtol=1e-6)


def test_it_speaks_both_languages_in_ten_lines() -> None:
    found = dc.sensitivity(dc.solve(four(max={"甲区": 11})))
    assert str(found) == (
        "起作用的规则 2 条，按每放宽一个单位能使最大偏离程度下降多少排列：\n"
        "1. 甲区2015年投资的上限 11：每提高 1 亿元，最大偏离程度变动 -6.67 个百分点，"
        "1.00 亿元换位，放宽 4 以内成立。\n"
        "2. 全市2015年投资的目标 60：每降低 1 亿元，最大偏离程度变动 -1.22 个百分点，"
        "1.00 亿元换位，放宽 16 以内成立。"
    )
    assert found.text("en").splitlines()[1] == (
        "1. capacity 11 of 甲区, 投资, 2015: for each rise by 1 亿元, the largest burden changes "
        "by -6.67 points, 1.00 亿元 change place, up to 4."
    )
    assert len(qingyuan().text().splitlines()) == len(qingyuan().text("en").splitlines()) == 10
    assert "<table" in found._repr_html_()


def test_a_plan_without_figures_has_no_rules() -> None:
    plan = plans.plan({"id": "words", "kind": "text", "text": "控制在下达目标以内"})
    found = dc.sensitivity(dc.solve(plan))
    assert found.table.empty
    assert found.quotas.empty
    assert str(found) == "没有规则起作用。"
