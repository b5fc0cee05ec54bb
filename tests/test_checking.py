"""check: Qingyuan's figures, contradictions with their numbers, and no error that is untrue."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import highspy
import numpy as np
import pytest
from hypothesis import given, settings

import decompose as dc
from decompose import labels
from decompose.build import build
from decompose.labels.checking import CHECKING
from tests.plans import BASES, Data, data, indicator, plan
from tests.strategies import plans

YEARS = [2015, 2016, 2017]


def found(checked: dc.Plan, severity: str) -> list[dc.Issue]:
    return [issue for issue in dc.check(checked) if issue.severity == severity]


def the(checked: dc.Plan, code: str, where: str = "") -> dc.Issue:
    """The only issue of its kind (at a place)."""
    issues = dc.check(checked)
    (issue,) = (one for one in issues if one.code == code and one.where.startswith(where))
    return issue


def numbers(issue: dc.Issue, *names: str) -> list[float]:
    values = [issue.data[name] for name in names]
    assert all(isinstance(value, float | int) for value in values)
    return [round(float(value), 4) for value in values]  # type: ignore[arg-type] # just seen


# Qingyuan: the document's figures, with county figures made up to add up to them.


def yearly(first: object, second: object, third: object) -> dict[int, object]:
    return dict(zip(YEARS, (first, second, third), strict=True))


UPGRADE: Data = {
    "id": "upgrade_investment",
    "name": "工业技术改造投资",
    "kind": "flow",
    "unit": "亿元",
    "base": {"清城区": 6.49, "清新区": 4.0, "英德市": 3.0, "连州市": 2.0},
    "target": {"years": yearly("22以上", "30以上", "40以上"), "total": "92以上"},
    "stated": {"growth": {**yearly("42%左右", "37%左右", "34%左右"), "average": "37%左右"}},
}
VALUE_ADDED: Data = {
    "id": "value_added",
    "name": "规模以上工业增加值",
    "kind": "level",
    "unit": "亿元",
    "decimals": 1,
    "base": {"清城区": 160, "清新区": 90, "英德市": 100, "连州市": 37},
    "target": {"years": {2017: "570左右"}},
    "group_targets": {"南中部": {"increase": "170左右"}, "三连一阳": {"increase": "10左右"}},
    "stated": {"growth": "14%左右", "increase": "180左右"},
}
PARK: Data = {
    "id": "park_value_added",
    "name": "产业园区规模以上工业增加值",
    "kind": "level",
    "unit": "亿元",
    "decimals": 1,
    "base": {"清城区": 40, "清新区": 20, "英德市": 26, "连州市": 5},
    "target": {"years": yearly(102, 130, 171)},
    "stated": {"growth": "23.4%", "increase": 69},
}
INVESTMENT: Data = {
    "id": "industrial_investment",
    "name": "工业投资",
    "kind": "flow",
    "unit": "亿元",
    "decimals": 1,
    "base": {"清城区": 60, "清新区": 30, "英德市": 34.1, "连州市": 10},
    "target": {"years": yearly(165, 205, 250), "total": 620},
    "stated": {"growth": {**yearly("23%", "24%", "22%"), "average": "23%左右"}},
}
PATENTS: Data = {
    "id": "patents",
    "kind": "level",
    "integer": True,
    "base": {"清城区": 180, "清新区": 90, "英德市": 100, "连州市": 28},
    "target": {"years": {2017: 530}},
    "stated": {"growth": "10%"},
}


def qingyuan(*indicators: Data) -> dc.Plan:
    return dc.Plan.model_validate(
        {
            "area": "清远市",
            "total_label": "全市",
            "base_year": 2014,
            "years": YEARS,
            "regions": [
                {"name": "清城区", "groups": ["南中部"]},
                {"name": "清新区", "groups": ["南中部"]},
                {"name": "英德市", "groups": ["南中部"]},
                {"name": "连州市", "groups": ["三连一阳"]},
            ],
            "groups": {"南中部": {}, "三连一阳": {}},
            "indicators": list(indicators or (VALUE_ADDED, PATENTS, UPGRADE, PARK, INVESTMENT)),
        }
    )


QINGYUAN = qingyuan()


@pytest.mark.parametrize(
    ("where", "code", "stated", "computed", "within"),
    [
        # 30/22 is 36.4 %, 40/30 is 33.3 %; 22/15.49 is the printed 42 %
        ("upgrade_investment 2016 全市", "growth_from_figures", 0.37, 0.3636, True),
        ("upgrade_investment 2017 全市", "growth_from_figures", 0.34, 0.3333, True),
        # 15.49 × 1.42, × 1.37, × 1.34 add to 92.5
        ("upgrade_investment total 全市", "total_from_growth", 92, 92.5099, True),
        ("value_added 2017 全市", "figure_from_average", 570, 573.3575, True),
        ("value_added 2017 全市", "figure_from_increase", 570, 567, True),
        ("value_added total 全市", "increase_from_figures", 180, 183, True),
        ("value_added total 全市", "groups_increase_from_figures", 180, 183, True),
        ("park_value_added 2017 全市", "figure_from_increase", 171, 160, False),
        ("park_value_added total 全市", "increase_from_figures", 69, 80, False),
        ("industrial_investment total 全市", "total_from_growth", 620, 618.9981, False),
    ],
)
def test_qingyuan_figures_that_disagree(
    where: str, code: str, stated: float, computed: float, within: bool
) -> None:
    issue = the(QINGYUAN, code, where)
    assert issue.severity == "warning"
    assert numbers(issue, "stated", "computed") == [stated, pytest.approx(computed, abs=1e-4)]
    assert numbers(issue, "gap") == [pytest.approx(abs(computed - stated), abs=2e-4)]
    assert issue.data["within"] is within
    assert ("（在左右范围内）" in issue.text or "（符合“以上”）" in issue.text) is within


def test_qingyuan_park_goes_back_to_two_bases() -> None:
    issue = the(QINGYUAN, "bases_differ")
    assert issue.where == "park_value_added total 全市"
    assert numbers(issue, "by_growth", "by_increase", "base") == [
        pytest.approx(171 / 1.234**3, abs=1e-4),
        102,
        91,
    ]
    assert "基期为 91 亿元" in issue.text
    assert "基期为 102 亿元" in issue.text


def test_qingyuan_figures_that_agree_are_passed_over() -> None:
    places = Counter(issue.where.split()[0] for issue in dc.check(QINGYUAN))
    assert places == {
        "value_added": 4,
        "upgrade_investment": 3,
        "park_value_added": 3,
        "industrial_investment": 1,
    }  # patents: 398 × 1.1³ = 529.7, printed 530


def test_qingyuan_has_warnings_only_and_solves() -> None:
    assert {issue.severity for issue in dc.check(QINGYUAN)} == {"warning"}
    quotas = dc.solve(QINGYUAN).quotas
    of_2017 = quotas[(quotas["indicator"] == "upgrade_investment") & (quotas["year"] == 2017)]
    assert round(float(of_2017["quota"].sum()), 2) == 40


def test_issues_stand_in_the_order_of_the_plan() -> None:
    issues = dc.check(QINGYUAN)
    assert issues == dc.check(QINGYUAN)
    ids = [one.id for one in QINGYUAN.indicators]
    order = [ids.index(str(issue.data["indicator"])) for issue in issues]
    assert order == sorted(order)
    reversed_plan = qingyuan(PARK, UPGRADE)
    assert [issue.data["indicator"] for issue in dc.check(reversed_plan)] == [
        "park_value_added",
        "park_value_added",
        "park_value_added",
        "upgrade_investment",
        "upgrade_investment",
        "upgrade_investment",
    ]


def test_texts_of_qingyuan_in_both_languages() -> None:
    told = [
        next(one for one in dc.check(QINGYUAN, language=language) if "2016" in one.where).text
        for language in ("zh", "en")
    ]
    assert told[0] == (
        "工业技术改造投资：清远市 2016 年增速由 22 亿元到 30 亿元推算为 36.4%，所列为 37%左右，"
        "相差 0.6 个百分点（在左右范围内）；请核对增速与数"
    )
    assert told[1] == (
        "工业技术改造投资, 清远市, 2016: from 22 亿元 to 30 亿元 is growth of 36.4%, stated is "
        "37%左右 (0.6 points apart, within “about”); compare growth and figures"
    )


# Bounds that cannot reach a target. The small plan: 甲区 8 in 南部, 乙县 4 and 丙县 3 in 北部;
# 18 in 2015 and 24 in 2016.


def test_capacities_below_a_target_are_told_with_both_sums() -> None:
    limits = {"max": {2015: 5.6, "丙县": {2015: 6.8}}, "growth": {"max": {"甲区": "-32.5%"}}}
    issue = the(plan(indicator(limits=limits)), "capacity_short", "investment 2015")
    assert issue.severity == "error"
    assert issue.where == "investment 2015 全市"
    assert numbers(issue, "lower", "upper", "gap") == [18, 17.8, 0.2]  # 5.4 + 5.6 + 6.8
    assert issue.text == (
        "投资：示例市 2015 年 3 个地区的上限合计 17.8 亿元，低于目标 18 亿元，差 0.2 亿元；"
        "请放宽上限（乙县、丙县）、增速上限（甲区），或下调目标"
    )
    english = dc.check(plan(indicator(limits=limits)), language="en")
    assert english[0].text == (
        "投资, 示例市, 2015: what its regions (3) can take adds to 17.8 亿元, below the target of "
        "18 亿元 (0.2 亿元 short); relax the capacity (乙县, 丙县), greatest growth (甲区), "
        "or lower the target"
    )


@pytest.mark.parametrize(
    ("change", "code", "where", "lower", "upper"),
    [
        ({"limits": {"max": 5}}, "capacity_short", "2015 全市", 18, 15),
        ({"limits": {"min": 7}}, "floors_exceed", "2015 全市", 21, 18),
        # 15 × 1.2 = 18, × 1.2 = 21.6
        ({"limits": {"growth": {"max": "20%"}}}, "capacity_short", "2016 全市", 24, 21.6),
        # 15 × 1.5 × 1.5 = 33.75; 22.5 in the first year
        ({"limits": {"growth": {"min": "50%"}}}, "floors_exceed", "2016 全市", 33.75, 24),
        # back from 2016: at least 10 each, so 9 each in 2015 without a rise of more than 1
        (
            {"limits": {"min": {2016: 8}, "ramp": {"max": 1.5}}},
            "floors_exceed",
            "2015 全市",
            19.5,
            18,
        ),
        ({"limits": {"growth": {"max": {"area": "10%"}}}}, "bounds_cross", "2015 全市", 18, 16.5),
        # the sum of regions that all stay below cannot rise: no base is needed to see it
        ({"base": None, "limits": {"monotone": "down"}}, "bounds_cross", "2016 全市", 24, 18),
        (
            {"base": None, "limits": {"growth": {"max": {2016: "10%"}}}},
            "bounds_cross",
            "2016 全市",
            24,
            19.8,
        ),
        ({"limits": {"total": {"max": 13}}}, "capacity_short", "total 全市", 42, 39),
        ({"limits": {"total": {"max": 5}}}, "capacity_short", "2015 全市", 18, 15),
        ({"limits": {"share": {"max": "30%"}}}, "capacity_short", "2015 全市", 18, 16.2),
        ({"limits": {"share": {"min": "40%"}}}, "floors_exceed", "2015 全市", 21.6, 18),
        ({"target": {"years": {2015: 18, 2016: 24}, "total": 40}}, "years_exceed", "total", 42, 40),
        ({"target": {"years": {2015: 18, 2016: 24}, "total": 43}}, "years_short", "total", 43, 42),
        ({"target": {"years": {2015: 18}, "total": "17以下"}}, "years_exceed", "total", 18, 17),
        ({"group_targets": {"北部": {"total": 43}}}, "groups_exceed", "total 全市", 43, 42),
        (
            {"group_targets": {"南部": {"years": {2015: 9}}, "北部": {"years": {2015: "8以下"}}}},
            "groups_short",
            "2015 全市",
            18,
            17,
        ),
        (
            {"group_targets": {"北部": {"years": {2016: 9}}}, "limits": {"max": {"北部": 4}}},
            "capacity_short",
            "2016 北部",
            9,
            8,
        ),
        (
            {"target": {"growth_each_year": "10%以上", "years": {2016: 17}}},
            "bounds_cross",
            "2016 全市",
            18.15,
            17,
        ),
        ({"regions": ["甲区"], "limits": {"max": 17}}, "capacity_short", "2015 全市", 18, 17),
        ({"years": [2016]}, "target_untaken", "2015 全市", 18, 0),
        (
            {"regions": ["甲区"], "group_targets": {"北部": {"years": {2015: 5}}}},
            "target_untaken",
            "2015 北部",
            5,
            0,
        ),
        ({"locks": {"甲区": {2015: 19}}}, "floors_exceed", "2015 全市", 19, 18),
        (
            {"locks": {"甲区": {2015: 6}}, "limits": {"max": {"甲区": 5}}},
            "lock_above_capacity",
            "2015 甲区",
            6,
            5,
        ),
        (
            {"locks": {"甲区": {2015: 6}}, "limits": {"growth": {"min": "0%"}}},
            "lock_below_floor",
            "2015 甲区",
            8,
            6,
        ),
        (
            {"locks": {"甲区": {"total": 9}}, "limits": {"max": {"甲区": 4}}},
            "years_short",
            "total 甲区",
            9,
            8,
        ),
        (
            {"locks": {"甲区": {2015: 6, 2016: 9}}, "limits": {"growth": {"max": "20%"}}},
            "lock_above_capacity",
            "2016 甲区",
            9,
            7.2,
        ),
        (
            {"limits": {"min": {"甲区": 9}, "growth": {"max": {"甲区": "5%"}}}},
            "bounds_cross",
            "2015 甲区",
            9,
            8.4,
        ),
    ],
)
def test_contradictions_are_told_where_they_stand(
    change: Data, code: str, where: str, lower: float, upper: float
) -> None:
    checked = plan(indicator(**change))
    errors = [one for one in found(checked, "error") if one.where.startswith(f"investment {where}")]
    assert [one.code for one in errors[:1]] == [code]
    assert numbers(errors[0], "lower", "upper") == [lower, upper]
    assert numbers(errors[0], "gap") == [pytest.approx(lower - upper, abs=1e-4)]
    assert not is_feasible(checked)


@pytest.mark.parametrize("tie", [{"parent": "investment"}, {"links": [{"part_of": "investment"}]}])
def test_a_part_above_its_whole_is_told_once(tie: Data) -> None:
    part = indicator(id="part", name="其中:技改", target={"years": {2015: 19, 2016: 20}}, **tie)
    (error,) = found(plan(indicator(), part), "error")
    assert (error.code, error.where) == ("part_above_whole", "part 2015 全市")
    assert numbers(error, "lower", "upper", "gap") == [19, 18, 1]
    assert "“投资”" in error.text


def test_a_part_meets_the_capacities_of_its_whole() -> None:
    whole = indicator(limits={"max": {"甲区": 7, "乙县": {2015: 6}, "丙县": {2015: 6}}})
    narrow = indicator(
        id="part",
        regions=["乙县", "丙县"],
        target={"years": {2015: 13}},
        parent="investment",
    )
    error = next(one for one in found(plan(whole, narrow), "error"))
    assert (error.where, *numbers(error, "lower", "upper")) == ("part 2015 全市", 13, 12)


def test_what_is_left_of_a_whole_after_its_other_regions() -> None:
    whole = indicator(limits={"min": {"甲区": 7}})
    part = indicator(id="part", regions=["乙县"], target={"years": {2015: 12}}, parent="investment")
    (error,) = found(plan(whole, part), "error")
    assert (error.code, *numbers(error, "lower", "upper")) == ("part_above_whole", 12, 11)


def test_an_error_replaces_the_warning_that_says_the_same() -> None:
    target = {"years": {2015: 18, 2016: 24}, "total": 40}
    assert [one.code for one in dc.check(plan(indicator(target=target)))] == ["years_exceed"]
    stated = dict(target, total=None)
    figures = indicator(target=stated, stated={"total": 40})
    assert [one.code for one in dc.check(plan(figures))] == ["total_from_years"]


def test_a_shortage_of_one_year_is_not_told_of_the_total_again() -> None:
    target = {"years": {2015: 18, 2016: 24}, "total": 42}
    short = plan(indicator(target=target, limits={"max": {2015: 5}}))
    assert [one.where for one in found(short, "error")] == ["investment 2015 全市"]


def test_what_just_reaches_is_no_error() -> None:
    tight: list[Data] = [
        {"limits": {"max": 6.0, "min": 6.0}, "target": {"years": {2015: 18, 2016: 18}}},
        {"limits": {"growth": {"max": "20%"}}, "target": {"years": {2015: 18, 2016: 21.6}}},
        {"limits": {"share": {"max": 1 / 3}}},
        {"target": {"years": {2015: 18, 2016: 24}, "total": 42}},
        {"target": {"years": {2015: "17-18", 2016: 24}, "total": "42以上"}},
    ]
    for change in tight:
        checked = plan(indicator(**change))
        assert not found(checked, "error")
        assert is_feasible(checked)


def test_shares_need_no_sum_to_be_too_small() -> None:
    open_end = {"years": {2015: "18以上"}}
    few = plan(indicator(target=open_end, limits={"share": {"max": "30%"}}))
    assert numbers(the(few, "shares_short"), "lower", "upper") == [18, 16.2]
    many = plan(indicator(target=open_end, limits={"share": {"min": "40%"}}))
    assert numbers(the(many, "shares_exceed"), "lower", "upper") == [21.6, 18]


# Figures that disagree.


def stated(target: Data, said: Data, **keys: Any) -> dc.Plan:
    return plan(indicator(target=target, stated=said, **keys))


@pytest.mark.parametrize(
    ("figure", "shown"),
    [("33%", ""), ("33.3%", ""), (0.333, ""), ("33.4%", "33.33%"), ("34%", "33.3%")],
)
def test_figures_are_compared_at_the_digits_they_show(figure: str | float, shown: str) -> None:
    years = {"years": {2015: 18, 2016: 24}}  # 24 / 18 is 33.33 %; 18 × 1.34 is 24.1
    issues = dc.check(stated(years, {"growth": {2016: figure}}))
    assert [one.code for one in issues] == ["growth_from_figures"] * bool(shown)
    assert all(f"推算为 {shown}，" in one.text for one in issues)


def test_halves_round_up_as_printed_figures_do() -> None:
    assert dc.check(stated({"years": {2015: 18.5, 2016: 24}}, {"total": 43})) == []
    (issue,) = dc.check(stated({"years": {2015: 18.5, 2016: 24}}, {"total": 42}))
    assert numbers(issue, "stated", "computed", "gap") == [42, 42.5, 0.5]
    assert issue.data["within"] is False


@pytest.mark.parametrize(
    ("figure", "within"),
    [("42.5左右", True), ("43左右", False), ("40以上", True), ("45以上", False), ("45以下", True)],
)
def test_words_allow_what_they_say(figure: str, within: bool) -> None:
    issue = the(stated({"years": {2015: 18, 2016: 24}}, {"total": figure}), "total_from_years")
    assert numbers(issue, "computed") == [42]
    assert issue.data["within"] is within


def test_about_reaches_as_far_as_the_tolerance() -> None:
    target = {"years": {2015: 18, 2016: 24}, "tolerance": "5%"}
    assert the(stated(target, {"total": "44左右"}), "total_from_years").data["within"] is True


def test_an_interval_has_no_last_digit() -> None:
    assert dc.check(stated({"years": {2015: 18, 2016: 24}}, {"total": "50-60"})) == []


def test_growth_is_chained_from_the_first_figure_without_a_base() -> None:
    said = {"growth": {2016: "50%"}, "total": 42}
    free = plan(indicator(base=None, allocate="equal", target={"years": {2015: 18}}, stated=said))
    issue = the(free, "total_from_growth")
    assert numbers(issue, "stated", "computed") == [42, 45]


def test_yearly_rises_are_compared_with_figures_and_with_their_sum() -> None:
    years = {"years": {2015: 18, 2016: 24}}
    assert dc.check(stated(years, {"increase": {2015: 3, 2016: 6, "total": 9}})) == []
    issues = dc.check(stated(years, {"increase": {2015: 3, 2016: 7, "total": 9}}))
    told = {one.code: numbers(one, "stated", "computed") for one in issues}
    assert told == {
        "increase_from_figures": [7, 6],
        "figure_from_increase": [24, 25],
        "increase_from_years": [9, 10],
    }


def test_groups_are_compared_with_the_area() -> None:
    groups = {"南部": {"years": {2015: "9.7左右"}}, "北部": {"years": {2015: "9左右"}}}
    target = {"years": {2015: "18左右"}}
    issue = the(plan(indicator(target=target, group_targets=groups)), "groups_from_figures")
    assert numbers(issue, "stated", "computed", "gap") == [18, 18.7, 0.7]
    part = {"南部": groups["南部"]}
    assert dc.check(plan(indicator(target=target, group_targets=part))) == []


def test_stated_groups_have_growth_of_their_own() -> None:
    groups = {"groups": {"北部": {"years": {2015: 8}, "growth": {2015: "20%"}}}}
    issue = the(stated({"years": {2015: 18}}, groups), "growth_from_figures")
    assert issue.where == "investment 2015 北部"
    assert numbers(issue, "stated", "computed") == [0.2, pytest.approx(1 / 7, abs=1e-4)]


def test_bases_may_differ_without_any_base() -> None:
    said = {"growth": "20%", "increase": 5}
    checked = stated({"years": {2016: 24}}, said, base=None, allocate="equal", kind="level")
    issue = the(checked, "bases_differ")
    assert numbers(issue, "by_growth", "by_increase") == [pytest.approx(24 / 1.44, abs=1e-4), 19]
    assert issue.data["base"] is None
    agree = {"growth": "20%", "increase": 7}  # 16.7 and 17 are one base, as rounded
    assert dc.check(stated({"years": {2016: 24}}, agree, base=None, allocate="equal")) == []


def test_a_stated_figure_is_compared_with_its_target() -> None:
    issue = the(stated({"years": {2015: 18}}, {"years": {2015: 19}}), "stated_twice")
    assert numbers(issue, "stated", "computed") == [19, 18]


# Notes.


@pytest.mark.parametrize(
    ("change", "code", "shown"),
    [
        (
            {"base": {**BASES, "丙县": 0}, "limits": {"growth": {"max": "90%"}}},
            "zero_base",
            "丙县",
        ),
        ({"base": None}, "equal_shares", "均分"),
        ({"target": {"years": {2015: 18.004}}}, "moved_to_grid", "18 亿元"),
        ({"target": {}}, "no_figure", "—"),
        ({"base_total": 16, "mismatch": "scale"}, "base_scaled", "1 亿元"),
        ({"limits": {"max": {"丙县": 9}}, "regions": ["甲区", "乙县"]}, "limit_idle", "max.丙县"),
        ({"target": {"years": {2015: 18}}, "limits": {"max": {2016: 9}}}, "limit_idle", "max.2016"),
        ({"limits": {"min": {"丙县": 5}, "max": {"丙县": 5}}}, "one_value_left", "丙县 5 亿元"),
    ],
)
def test_notes_tell_what_may_surprise(change: Data, code: str, shown: str) -> None:
    notes = found(plan(indicator(**change)), "note")
    assert [note.code for note in notes if note.code == code]
    assert shown in next(note.text for note in notes if note.code == code)


@pytest.mark.parametrize(
    ("figure", "margin", "handed"), [("18以下", "5%", "18.9"), ("18以上", "-5%", "17.1")]
)
def test_margins_that_miss_their_figure_are_warned_of(
    figure: str, margin: str, handed: str
) -> None:
    (warning,) = found(
        plan(indicator(target={"years": {2015: figure}, "margin": margin})), "warning"
    )
    assert warning.code == "margin_beyond"
    assert f"按 {handed} 下达" in warning.text
    other = "-5%" if margin == "5%" else "5%"
    assert not found(plan(indicator(target={"years": {2015: figure}, "margin": other})), "warning")


def test_groups_without_stretch_figures_beside_those_of_the_area_are_noted() -> None:
    years = {2015: 18, 2016: 24}
    target = {"years": years, "stretch": {"years": {2015: 20, 2016: 27}}}

    def codes(**north: Any) -> list[str]:
        groups = {"北部": {"years": {2015: 8, 2016: 10}, **north}}
        one = indicator(target=target, group_targets=groups)
        return [note.code for note in found(plan(one), "note")]

    assert codes() == ["stretch_groups"]
    assert codes(stretch={"years": {2015: 9}}) == []
    assert codes(years={2015: "8以下", 2016: "10以下"}) == []


def test_margins_that_miss_a_ratio_are_warned_of() -> None:
    ratio = {
        "id": "share",
        "name": "占比",
        "kind": "ratio",
        "unit": "%",
        "scale": 100,
        "denominator": "all",
        "base_numerator": dict(BASES),
        "target": {"years": {2016: "30以下"}, "margin": "3%"},
    }
    all_of_them = {name: 5 * base for name, base in BASES.items()}
    values = {str(year): dict(all_of_them) for year in (2014, 2015, 2016)}
    given = {"id": "all", "name": "总数", "kind": "given", "unit": "家", "values": values}
    assert "margin_beyond" in [one.code for one in found(plan(given, ratio), "warning")]


def test_reserves_are_noted() -> None:
    content = data(indicator(base={**BASES, "市本级": 2}, base_total=18, mismatch="reserve"))
    content["regions"].append({"name": "市本级", "reserve": True})
    checked = dc.Plan.model_validate(content)
    assert [note.code for note in dc.check(checked)] == ["base_reserved", "reserve_base"]


def test_a_sound_plan_has_no_issues() -> None:
    assert dc.check(plan()) == []


def test_checking_shares_no_code_with_another_subject() -> None:
    subjects = ("COMMANDS", "FIGURES", "PLANNING", "READING", "REPORTING", "SOLVING")
    others = set().union(*(getattr(labels, subject) for subject in subjects))
    assert not others & set(CHECKING)


# No error is untrue: an error means that the program of all rules has no point.


def is_feasible(checked: dc.Plan) -> bool:
    """Whether some allocation keeps every rule of a plan."""
    problem = build(checked).problem
    rules, matrix = problem.rules, problem.rules.matrix
    empty = np.diff(matrix.start) == 0
    if (empty & ((rules.lower > 0) | (rules.upper < 0))).any():
        return False
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = problem.size, len(rules)
    program.col_cost_ = np.zeros(problem.size)
    program.col_lower_ = np.where(problem.signed, -np.inf, 0.0)
    program.col_upper_ = np.full(problem.size, np.inf)
    program.row_lower_, program.row_upper_ = rules.lower, rules.upper
    program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    program.a_matrix_.start_ = matrix.start.astype(np.int32)
    program.a_matrix_.index_ = matrix.column.astype(np.int32)
    program.a_matrix_.value_ = matrix.value
    highs = highspy.Highs()  # type: ignore[no-untyped-call] # untyped package
    # no number of threads: HiGHS refuses another than an earlier test of the process ran with
    for option, value in (("output_flag", False), ("primal_feasibility_tolerance", 1e-9)):
        highs.setOptionValue(option, value)
    highs.passModel(program)
    highs.run()
    status = highs.getModelStatus()
    known = {
        highspy.HighsModelStatus.kOptimal: True,
        highspy.HighsModelStatus.kModelEmpty: True,
        highspy.HighsModelStatus.kInfeasible: False,
    }
    return known[status]


@settings(max_examples=200)
@given(plans())
def test_errors_on_nearly_feasible_plans_are_true(content: Data) -> None:
    checked = dc.Plan.model_validate(content)
    assert not found(checked, "error") or not is_feasible(checked)


class Dice:
    """Careless plans: figures and limits that know nothing of one another."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.regions = ["甲区", "乙县", "丙县", "丁市"][: self.rng.integers(2, 5)]
        self.groups = ["东部", "西部", "山区"][: self.rng.integers(0, 4)]
        self.years = YEARS[: self.rng.integers(1, 4)]

    def maybe(self, chance: float) -> bool:
        return bool(self.rng.random() < chance)

    def pick(self, choices: Sequence[Any]) -> Any:
        return choices[int(self.rng.integers(len(choices)))]

    def number(self, low: float, high: float) -> float:
        return round(2 * self.rng.uniform(low, high)) / 2

    def figure(self, value: float) -> float | str:
        value = round(2 * value) / 2
        words = (f"{value}以上", f"{value}以下", f"{value}左右", f"{value}-{value + 1}")
        return self.pick((value, value, *words))  # type: ignore[no-any-return] # one of these

    def limit(self, low: float, high: float, *, rate: bool = False, sums: bool = True) -> Data:
        def value(size: float = 1.0) -> float | str:
            if rate:
                return f"{round(100 * self.rng.uniform(low, high))}%"
            return self.number(low * size, high * size)

        found: Data = {"default": value()} if self.maybe(0.4) else {}
        for region in self.regions:
            if self.maybe(0.2):
                found[region] = value()
        if sums and self.maybe(0.2):
            found["area"] = value(len(self.regions))
        if sums and self.groups and self.maybe(0.2):
            found["sum"] = {self.pick(self.groups): value(len(self.regions) / 2)}
        return found

    def target(self, mean: float, *, flow: bool, based: bool) -> Data:
        years = {
            year: self.figure(mean * self.rng.uniform(0.8, 1.3))
            for year in self.years
            if self.maybe(0.7)
        }
        found: Data = {"years": years} if years else {}
        if flow and self.maybe(0.3):
            found["total"] = self.figure(mean * len(self.years) * self.rng.uniform(0.8, 1.2))
        if based and self.maybe(0.2):
            key = self.pick(("growth", "growth_each_year"))
            found[key] = self.pick(("10%", "10%以上", "5%-20%", "8%以下"))
        return found | ({"margin": "5%"} if self.maybe(0.1) else {})

    def limits(self, *, flow: bool) -> Data:
        years = len(self.years)
        found: Data = {}
        for key, chance, build_limit in (
            ("max", 0.4, lambda: self.limit(5, 10)),
            ("min", 0.3, lambda: self.limit(0, 4)),
            ("growth", 0.3, lambda: {"max": self.limit(0.05, 0.6, rate=True)}),
            ("growth", 0.1, lambda: {"min": self.limit(-0.2, 0.2, rate=True)}),
            ("ramp", 0.1, lambda: {"max": self.limit(0, 3)}),
            ("share", 0.15, lambda: {"max": self.limit(0.2, 0.7, rate=True, sums=False)}),
            ("share", 0.1, lambda: {"min": self.limit(0.05, 0.3, rate=True, sums=False)}),
            ("share_shift", 0.1, lambda: "5%"),
            ("monotone", 0.1, lambda: self.pick(("up", "down"))),
            ("total", 0.2 * flow, lambda: {"max": self.limit(5 * years, 9 * years)}),
        ):
            if self.maybe(chance):
                found[key] = build_limit()
        return found

    def indicator(self, number: int) -> Data:
        flow, based = number % 3 != 2, self.maybe(0.8)
        mean = 5.0 * len(self.regions) * (1.0 if number == 0 else 0.7)
        found: Data = {
            "id": f"i{number}",
            "kind": "flow" if flow else "level",
            "decimals": int(self.rng.integers(0, 3)),
            "signed": self.maybe(0.05),
            "target": self.target(mean, flow=flow, based=based),
            "limits": self.limits(flow=flow),
        }
        if based:
            zero = self.maybe(0.1)
            base = {region: self.number(2, 8) for region in self.regions}
            found["base"] = {**base, self.regions[0]: 0.0} if zero else base
            if self.maybe(0.1):
                found |= {"base_total": self.number(8, 20), "mismatch": "scale"}
        if self.groups and self.maybe(0.4):
            share = mean * self.rng.uniform(0.3, 0.8)
            years = {self.pick(self.years): self.figure(share)}
            found["group_targets"] = {self.pick(self.groups): {"years": years}}
        if self.maybe(0.2):
            lock = {self.pick(self.years): float(self.rng.integers(2, 8))}
            found["locks"] = {self.pick(self.regions): lock}
        if self.maybe(0.2):
            found["regions"] = self.regions[1:]
        if number and flow and self.maybe(0.5):
            found["links"] = [{"part_of": "i0"}]
        return found

    def plan(self) -> Data:
        return {
            "base_year": 2014,
            "years": self.years,
            "regions": [
                {"name": region, "groups": [name for name in self.groups if self.maybe(0.5)]}
                for region in self.regions
            ],
            "groups": {name: {} for name in self.groups},
            "indicators": [self.indicator(number) for number in range(self.rng.integers(1, 4))],
        }


def test_errors_on_careless_plans_are_true_and_few_are_missed() -> None:
    outcomes: Counter[tuple[bool, bool]] = Counter()
    for seed in range(400):
        try:
            checked = dc.Plan.model_validate(Dice(seed).plan())
        except dc.PlanError:
            continue
        outcomes[is_feasible(checked), bool(found(checked, "error"))] += 1
    assert outcomes[True, True] == 0
    assert outcomes[True, False] > 30
    assert outcomes[False, True] > 9 * outcomes[False, False]


# Rows of sums.


@pytest.mark.parametrize(
    ("row", "keys", "told"),
    [
        (15, {}, False),
        (None, {}, False),
        (16.5, {}, True),
        ("16.5", {"base_total": 15}, True),
        (16.5, {"base_total": 16.5, "mismatch": "scale"}, False),
    ],
)
def test_a_row_of_sums_that_misses_the_regions_is_warned_of(
    row: float | str | None, keys: Data, told: bool
) -> None:
    cells = {"甲区": 8, "乙县": 4, "丙县": 3, "示例市": row}
    checked = plan(indicator(base="投资", **keys), tables={"投资": cells})
    warned = [one for one in dc.check(checked) if one.code == "base_row"]
    assert [one.severity for one in warned] == ["warning"] * told
    for issue in warned:
        assert dict(issue.data).items() >= {"sum": 15, "row": 16.5, "gap": 1.5}.items()
        assert "合计 15 亿元" in issue.text
        assert "16.5 亿元 相差 1.5 亿元" in issue.text


# Units.


@pytest.mark.parametrize(
    ("bases", "target", "code"),
    [
        ({"甲区": 8e4, "乙县": 4e4, "丙县": 3e4}, {"years": {2015: 18, 2016: 24}}, "base_size"),
        ({"甲区": 8, "乙县": 4, "丙县": 3}, {"years": {2016: 24e4}}, "base_size"),
        ({"甲区": 8, "乙县": 4, "丙县": 3}, {"total": 42e4}, "base_size"),
        ({"甲区": 8, "乙县": 9e3, "丙县": 3}, {"years": {2015: 18}}, "base_size_of"),
        ({"甲区": 8, "乙县": 4, "丙县": 3}, {"years": {2015: 1800}}, None),
        ({"甲区": 8, "乙县": 4, "丙县": 0}, {"growth": "10%"}, None),
        ({"甲区": 9000, "乙县": 4, "丙县": 3}, {"years": {2015: 9900}}, None),
        ({"甲区": 0, "乙县": 0, "丙县": 0}, {"years": {2015: 18}}, None),
    ],
)
def test_bases_in_another_unit_are_warned_of_by_their_size(
    bases: Data, target: Data, code: str | None
) -> None:
    kind = "level" if "growth" in target else "flow"
    checked = plan(indicator(kind=kind, base=bases, target=target, allocate={"by": "equal"}))
    codes = {one.code: one for one in dc.check(checked) if one.code.startswith("base_size")}
    assert set(codes) == ({code} if code else set())
    for issue in codes.values():
        assert issue.severity == "warning"
        assert "万元、亿元" in issue.text
