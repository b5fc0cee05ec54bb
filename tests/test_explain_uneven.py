"""Plans whose rules can hold, but not in whole steps, or not while what is published is above 0."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given

import decompose as dc
from tests import plans as small
from tests.growth_plans import growth_plan
from tests.link_plans import link_plan
from tests.ratio_plans import ratio_plan, yearly_cut_plan, yearly_rise_plan
from tests.seeded import SEEDS, seeded

BASE = {"甲区": 10.4, "乙县": 10.4, "丙县": 10.4}


def uneven(**keys: Any) -> dc.Plan:
    """Two of three equal regions round 10.5 up, which is more than 1 % above 10.4 (10.504)."""
    limits = {"growth": {"max": "1%"}}
    own = {"base": BASE, "integer": True, "strict": True, "limits": limits, **keys}
    return small.plan(small.indicator(target={"years": {2015: 31}}, **own), years=[2015])


def settled(diagnosis: dc.Diagnosis) -> list[dc.Allocation]:
    return [dc.solve(diagnosis.apply(k)) for k in range(len(diagnosis.repairs))]


def test_limits_that_whole_steps_cannot_keep_yield_or_are_not_kept_so_strictly() -> None:
    plan = uneven()
    with pytest.raises(dc.RoundingError) as caught:
        dc.solve(plan)
    assert caught.value.indicators == ("investment",)
    found = dc.explain(plan)
    assert not found.feasible
    assert {rule.family for rule in found.conflict} == {"target", "growth.max"}
    assert [repair.family for repair in found.repairs] == ["growth.max", "strict"]
    # 11 in one region is 5.77 % more than 10.4; 31 needs one region's 11
    eased = found.repairs[0].changes
    assert set(eased.values()) == {"5.77%"}
    assert len(eased) == 1
    assert found.repairs[1].changes == {"indicators.investment.strict": False}
    for allocation in settled(found):
        assert allocation.annex2(2015)["投资"].iloc[0] == 31
    assert "取整后投资的限制却不能一一守住" in found.text()
    assert "不再要求投资取整后严守每项限制" in found.text()
    assert "let rounding break limits of 投资 a little" in found.text("en")


def test_what_may_not_yield_is_kept_in_whole_steps_too() -> None:
    plan = uneven()
    assert [one.family for one in dc.explain(plan, yields=["strict"]).repairs] == ["strict"]
    assert [one.family for one in dc.explain(plan, yields=["growth"]).repairs] == ["growth.max"]
    found = dc.explain(plan, yields=["share"])
    assert not found.repairs
    assert "只放宽某一类规则都不能使计划可行" in found.text()


def test_a_published_rise_that_must_fall_may_be_negative() -> None:
    """Beside a cut wanted every year, a rise that is never negative leaves nothing to do."""
    below: dict[str, Any] = {"id": "below", "kind": "given", "values": {}}
    below["values"] = {year: dict.fromkeys(small.BASES, 100.0) for year in (2014, 2015, 2016)}
    rate = {
        "id": "rate",
        "name": "单耗",
        "kind": "ratio",
        "denominator": "below",
        "base_numerator": dict.fromkeys(small.BASES, 50.0),
        "scale": 100,
        "decimals": 2,
        "publish": "rise",
        "target": {"cut_each_year": "4%以上"},
    }
    found = dc.explain(small.plan(below, rate))
    assert found.repairs[0].changes == {"indicators.rate.signed": True}
    # 4 % and 7.84 % of 50, in three regions
    assert found.repairs[0].total == pytest.approx(3 * 50 * (0.04 + 0.0784))
    assert "允许个别地区的单耗提高幅度为负" in found.text()
    assert dc.explain(small.plan(below, {**rate, "signed": True})).feasible
    settled(found)


GROWN: dict[str, Any] = {"kind": "level", "publish": "growth", "decimals": 1}


def test_under_published_growth_a_later_years_capacity_may_yield() -> None:
    limits = {"max": {"甲区": {2016: 8.5}, "乙县": {2016: 4.2}, "丙县": {2016: 3.2}}}
    target = {"years": {2015: 18, 2016: 20}}
    found = dc.explain(small.plan(small.indicator(limits=limits, target=target, **GROWN)))
    assert [repair.family for repair in found.repairs] == ["max", "target"]
    first, last = found.repairs
    assert {path.rpartition(".")[2] for path in first.changes} == {"2016"}
    # no county falls short of what the others reach: each yields in proportion to its capacity
    raised = [value for value in first.changes.values() if isinstance(value, float)]
    assert sum(raised) == pytest.approx(20, abs=0.2)
    assert last.family == "target"
    settled(found)


def test_growth_that_is_published_yields_below_0() -> None:
    found = dc.explain(small.plan(small.indicator(target={"years": {2016: 13.5}}, **GROWN)))
    assert {rule.family for rule in found.conflict} == {"target", "growth.min"}
    assert [repair.family for repair in found.repairs] == ["growth.min", "target"]
    assert all(str(value).startswith("-") for value in found.repairs[0].changes.values())
    settled(found)


def test_figures_that_follow_from_printed_growth_yield_until_the_last_year_is_settled() -> None:
    """Rounded growth of one year after the other lacks a last digit each: repairs crept."""
    own = {"base": {"甲区": 340, "乙县": 490}, "target": {"growth_each_year": "7.29%"}}
    limits = {"growth": {"max": {"乙县": "10%"}, "min": "2.7%"}, "max": {"甲区": 374, "乙县": 490}}
    plan = small.plan(
        small.indicator(limits=limits, regions=["甲区", "乙县"], **own, **{**GROWN, "decimals": 2}),
        years=[2015, 2016, 2017],
    )
    found = dc.explain(plan)
    assert [repair.family for repair in found.repairs] == ["max"]
    settled(found)


def test_several_families_yield_with_negative_changes_where_it_takes_both() -> None:
    below: dict[str, Any] = {"id": "below", "kind": "given", "values": {}}
    below["values"] = {year: dict.fromkeys(small.BASES, 100.0) for year in (2014, 2015, 2016)}
    rate: dict[str, Any] = {"id": "rate", "kind": "ratio", "denominator": "below", "scale": 100}
    rate |= {"base_numerator": dict.fromkeys(small.BASES, 50.0), "decimals": 2, "publish": "rise"}
    rate |= {"target": {"cut_each_year": "4%以上"}, "limits": {"monotone": "up"}}
    found = dc.explain(small.plan(below, rate))
    assert [repair.family for repair in found.repairs] == ["ratio", "signed; monotone"]
    settled(found)


def tightened(data: Any, rng: random.Random) -> Any:
    """Ask for more or less than a plan's hidden table has, keep limits in whole steps."""
    for one in data["indicators"]:
        target = one.get("target", {})
        if "years" in target and rng.random() < 0.5:
            factor = rng.choice((0.85, 0.95, 1.1, 1.25))
            numbers = {year: str(figure) for year, figure in target["years"].items()}
            target["years"] = {
                year: f"{float(text.rstrip('以上下左右')) * factor:.2f}{text.lstrip('0123456789.')}"
                for year, text in numbers.items()
            }
        if one["kind"] != "given" and rng.random() < 0.4:
            one["strict"] = True
        if one["kind"] not in ("given", "ratio") and rng.random() < 0.3:
            one.setdefault("limits", {}).setdefault("growth", {})["max"] = "8%"
    return data


@pytest.mark.parametrize(
    "draw", [growth_plan, ratio_plan, yearly_cut_plan, yearly_rise_plan, link_plan]
)
@seeded(0.5)
@given(seed=SEEDS)
def test_every_way_out_can_be_solved(draw: Any, seed: int) -> None:
    try:
        plan = dc.Plan.model_validate(tightened(draw(seed), random.Random(seed)))
        found = dc.explain(plan)
    except dc.PlanError:
        return
    settled(found)
