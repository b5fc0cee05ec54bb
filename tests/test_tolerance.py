"""How far 左右 reaches: said once for an indicator, or by a target for itself."""

from __future__ import annotations

import pytest

import decompose as dc
from tests.plans import Data, data, indicator, plan

FLOORS = {"min": {"甲区": {2015: 10}, "乙县": {2015: 5}, "丙县": {2015: 4}}}
ABOUT = {"years": {2015: "18左右", 2016: 24}}


def area(found: dc.Plan, year: int = 2015) -> float:
    sums = dc.solve(found).totals
    return float(sums[(sums["scope"] == "全市") & (sums["year"] == year)]["quota"].iloc[0])


def test_an_indicator_says_it_for_its_target() -> None:
    # 19 is 5.6 % more than 18
    assert area(plan(indicator(target=ABOUT, limits=FLOORS, tolerance="6%"))) == 19
    with pytest.raises(dc.InfeasibleError):
        area(plan(indicator(target=ABOUT, limits=FLOORS, tolerance="5%")))


def test_a_target_says_it_for_itself() -> None:
    narrow = plan(indicator(target={**ABOUT, "tolerance": "5%"}, limits=FLOORS, tolerance="6%"))
    with pytest.raises(dc.InfeasibleError):
        area(narrow)
    assert area(narrow.with_changes({"indicators.investment.target.tolerance": "6%"})) == 19


def test_a_later_change_reaches_every_target_that_says_none() -> None:
    groups = {"南部": ABOUT, "北部": {**ABOUT, "tolerance": "1%"}}
    one = plan(indicator(group_targets=groups, target=ABOUT, tolerance="6%"))
    said = one.with_changes({"indicators.investment.target.margin": "1%"}).with_changes(
        {"indicators.investment.tolerance": "7%"}
    )
    (found,) = said.indicators
    reached = [found.target.tolerance, *(one.tolerance for one in found.group_targets.values())]
    assert reached == [0.07, 0.07, 0.01]
    assert said.source()["indicators"][0]["target"] == {**ABOUT, "margin": 0.01}


def test_figures_that_are_only_stated_reach_as_far() -> None:
    years = {"years": {2015: 18, 2016: 24}}
    stated: Data = {"target": years, "stated": {"total": "44左右"}}
    assert [one.severity for one in dc.check(plan(indicator(**stated)))] == ["warning"]
    (issue,) = dc.check(plan(indicator(**stated, tolerance="5%")))
    assert issue.data["within"] is True


@pytest.mark.parametrize("wrong", ["-1%", "100%"])
def test_it_is_a_part_of_the_figure(wrong: str) -> None:
    with pytest.raises(dc.PlanError, match=r"investment\.tolerance.*须不低于 0 且小于 100%"):
        dc.Plan.model_validate(data(indicator(tolerance=wrong)))
