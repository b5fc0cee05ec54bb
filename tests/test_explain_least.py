"""Repairs that change no more than they must, and conflicts that name what is never written."""

from __future__ import annotations

from typing import Any

import pytest

import decompose as dc
from tests import plans as small

EVEN = dict.fromkeys(small.BASES, 10.0)
UPPER = "indicators.investment.limits.max"
TARGET = "indicators.investment.target"


def explained(*indicators: dict[str, Any]) -> dc.Diagnosis:
    """Explain a plan; each of its repairs must give a plan that can be settled."""
    found = dc.explain(small.plan(*indicators))
    assert not found.feasible
    for k in range(len(found.repairs)):
        dc.solve(found.apply(k))
    return found


def changes(found: dc.Diagnosis) -> list[dict[str, object]]:
    return [dict(repair.changes) for repair in found.repairs]


def test_an_increment_below_zero_is_told_as_a_rule_and_may_be_let() -> None:
    limits = {"max": {"甲区": {2016: 7.5}}}
    own = {"kind": "level", "publish": "increment", "target": {"increase": 6}}
    found = explained(small.indicator(**own, limits=limits))
    paths = [rule.path for rule in found.conflict]
    assert paths == [f"{UPPER}.甲区.2016", "indicators.investment.signed"]
    assert "最少也要8.00亿元" in found.text("zh")
    assert "投资增量不得为负" in found.text("zh")
    assert changes(found) == [{f"{UPPER}.甲区.2016": 8.0}, {"indicators.investment.signed": True}]


def test_a_conflict_that_stands_without_it_does_not_name_it() -> None:
    limits = {"max": {"甲区": {2016: 7.5}}, "min": {"乙县": {2016: 20}}}
    own = {"kind": "level", "publish": "increment", "target": {"increase": 6}, "signed": True}
    found = explained(small.indicator(**own, limits=limits, locks={"甲区": {2016: 8}}))
    assert "signed" not in {rule.family for rule in found.conflict}


def test_a_figure_said_about_moves_no_further_than_its_tolerance_leaves() -> None:
    """19.5 is within 2 % of 19.12: 19.12 × 1.02 = 19.5024."""
    limits = {"min": {"甲区": {2015: 19.5}}}
    target = {"years": {2015: "18左右", 2016: 24}}
    found = explained(small.indicator(target=target, limits=limits))
    assert changes(found)[-1] == {f"{TARGET}.years.2015": "19.12左右"}


def test_exact_figures_with_a_margin_yield_to_figures_that_are_handed_out_alike() -> None:
    """Times 1.03, steps of 0.01 leave out every 34th sum."""
    target = {"years": {2015: 19.75, 2016: 20.71}, "total": 40.22, "margin": "3%"}
    found = explained(small.indicator(target=target))
    (repair,) = found.repairs
    assert repair.total == pytest.approx(0.24)
    assert len(repair.parts) == 3


def test_families_that_are_not_needed_stay_as_they_are() -> None:
    """Capacities would save some of the change of the other two, which are enough."""
    limits = {
        "growth": {"max": "25%"},
        "max": {"甲区": 30, "乙县": {2016: 21}, "丙县": {2015: 57}},
        "share": {"max": "45%"},
    }
    own = {"integer": True, "base": {"甲区": 20, "乙县": 12, "丙县": 38}}
    target = {"years": {2015: "79以上", 2016: "93左右"}, "total": "164以上", "margin": "10%"}
    locks = {"丙县": {2016: 50}, "甲区": {2015: 21}}
    found = explained(small.indicator(**own, limits=limits, locks=locks, target=target))
    families = [sorted({change.family for change in one.parts}) for one in found.repairs]
    assert families == [["growth.max", "share.max"]]


@pytest.mark.parametrize(
    ("steps", "asked", "told"),
    [(["8%", "12%"], "17.0%", "12%以上"), (["10%", "14%"], "5.0%", "5.0%以上")],
)
def test_an_exact_cut_that_steps_do_not_add_up_to_is_asked_for_at_least(
    steps: list[str], asked: str, told: str
) -> None:
    values = small.indicator(
        id="value_added", name="增加值", kind="level", target={"years": {2016: 16.5}}
    )
    energy = small.indicator(id="energy", name="能耗", kind="level", report=False)
    energy.pop("target")
    cut = {
        "id": "intensity",
        "name": "能耗降低率",
        "unit": "%",
        "kind": "ratio",
        "numerator": "energy",
        "denominator": "value_added",
        "publish": "cut",
        "decimals": 0,
        "target": {"cut": asked},
        "tiers": {"values": steps},
    }
    assert changes(explained(values, energy, cut))[-1] == {"indicators.intensity.target.cut": told}


def test_a_repair_goes_on_where_whole_steps_of_two_grids_leave_no_table() -> None:
    """A part in tenths under a whole in hundredths: what programs allow is on no grid of both."""
    limits = {"max": {"甲区": {2015: 9.33}, "乙县": {2015: 9.13}, "丙县": {2015: 9.17}}}
    whole = small.indicator(
        base=EVEN, decimals=2, target={"years": {2015: "30以上", 2016: "36以上"}}, limits=limits
    )
    part = small.indicator(
        id="part",
        name="技改投资",
        base=EVEN,
        decimals=1,
        target={"years": {2015: "28以上", 2016: "30以上"}},
        links=[{"part_of": "investment"}],
    )
    found = explained(whole, part)
    assert [repair.family for repair in found.repairs] == ["max", "target"]


def test_rules_that_only_nothing_keeps_are_told_so() -> None:
    """40 % of the whole at least, and 30 % at most."""
    limits = {"share": {"甲区": {"max": "30%"}}, "share_shift": "5%", "min": {"乙县": {2015: 3}}}
    found = explained(small.indicator(target={"years": {2015: "5以下", 2016: 24}}, limits=limits))
    assert "这一数不为0，其余规则就不能同时成立" in found.text("zh")
    assert "Unless it is 0, the other rules cannot hold together." in found.text("en")


def test_figures_of_other_kinds_stand_in_lines_of_their_own() -> None:
    groups = {"南部": {"years": {2016: 14}}, "北部": {"years": {2016: "11以上"}}}
    own = small.indicator(kind="level", target={"growth_each_year": "20%"}, group_targets=groups)
    lines = explained(own).text("zh").splitlines()
    assert "  1. 示例市2016年投资比上年增长20%的目标；" in lines
    assert "  2. 2016年投资的目标：南部14.00亿元、北部11亿元以上。" in lines


def test_what_else_is_mended_is_named() -> None:
    limits = {"max": {2015: 5, 2016: 6}}
    text = explained(small.indicator(limits=limits)).text("zh")
    assert "除此之外，2016年投资也有规则不能同时成立，以下办法一并解决。" in text
    alone = explained(small.indicator(limits={"max": {2015: 5}})).text("zh")
    assert "除此之外" not in alone


def test_growth_in_print_yields_to_the_last_digit() -> None:
    own = {"kind": "level", "publish": "growth", "decimals": 1}
    target = {"growth": "10.8%以上"}
    limits = {"growth": {"max": "9.8%"}, "max": {"甲区": {2016: 8.5}}}
    found = explained(small.indicator(**own, target=target, limits=limits))
    one = next(repair for repair in found.repairs if repair.family == "target")
    (path,), (value,) = one.changes, one.changes.values()
    assert path == f"{TARGET}.growth"
    more = f"{float(str(value).rstrip('%以上')) + 0.01:.2f}%以上"
    assert found.plan is not None
    assert not dc.explain(found.plan.with_changes({path: more})).feasible


def test_growth_limits_that_yield_much_in_one_year_may_yield_little_in_every_year() -> None:
    """The least in all is 32 % in the first year; 1.1248⁵ is 1.8, too."""
    own = {"kind": "level", "base": EVEN, "target": {"years": {2019: 54}}}
    plan = small.plan(
        small.indicator(**own, limits={"growth": {"max": "8%"}}), years=[*range(2015, 2020)]
    )
    found = dc.explain(plan)
    assert [repair.family for repair in found.repairs] == ["growth.max", "growth.max", "target"]
    least, even, _ = (set(repair.changes.values()) for repair in found.repairs)
    assert (least, even) == ({"32.31%"}, {"12.48%"})
    assert found.repairs[0].total < found.repairs[1].total
    assert len(found.repairs[1].changes) == 3 * 5
    totals = dc.solve(found.apply(1)).totals.set_index(["scope", "year"])
    assert totals.loc[("全市", 2019), "quota"] == 54


def test_growth_limits_that_yield_little_anyway_yield_in_one_way() -> None:
    own = {"kind": "level", "base": EVEN, "target": {"years": {2016: 36}}}
    found = explained(small.indicator(**own, limits={"growth": {"max": "9%"}}))
    assert [repair.family for repair in found.repairs] == ["growth.max", "target"]
