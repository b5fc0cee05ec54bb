"""What check tells of a ratio beside the growth of its parts: both ways, by hand-made numbers."""

from __future__ import annotations

from typing import Any

import pytest

import decompose as dc
from tests import plans
from tests.plans import Data
from tests.unsound_ratios import GROWN, OUTPUT, issues, use


def growing(figure: Any, stated: Data, **keys: Any) -> list[dc.Issue]:
    return issues(OUTPUT, {**GROWN, "stated": stated}, use(figure, **keys))


def numbers(told: list[dc.Issue]) -> list[tuple[str, str, Any]]:
    return [(one.code, one.where, pytest.approx(one.data["computed"])) for one in told]


def test_a_share_is_computed_from_growth_and_growth_from_the_share() -> None:
    told = growing("45以上", {"growth": "10%左右"})
    assert numbers(told) == [
        ("growth_from_ratio", "energy total 全市", (9 / 7) ** 0.5 - 1),
        ("ratio_from_growth", "share 2016 全市", 100 * 7 * 1.1**2 / 20),
    ]
    growth, ratio = told
    assert {one.severity for one in told} == {"warning"}
    assert growth.text == (
        "能耗：示例市按“比例”45 %以上、“产值”20 亿元，2016 年须为 9 亿元，由 2014 年 7 亿元起"
        "年均增速为 13.4%，所列为 10%左右，相差 3.4 个百分点；请核对增速与比率"
    )
    assert ratio.text == (
        "比例：示例市 2016 年“能耗”由 2014 年 7 亿元按年均增速 10%左右推算为 8.47 亿元，"
        "“产值”20 亿元，比率推算为 42.35 %，所列为 45 %以上，相差 2.65 个百分点；"
        "分母须少下达到 18.82 亿元才正好相符，而比率不应靠改分母完成；"
        "请核对分子、分母的增速（增量）与比率"
    )
    plan = plans.plan(OUTPUT, {**GROWN, "stated": {"growth": "10%左右"}}, use("45以上"))
    english = [one.text for one in dc.check(plan, language="en")]
    assert english[0] == (
        "能耗, 示例市: by “比例” 45 %以上 and “产值” 20 亿元 it must be 9 亿元 in 2016, which is "
        "growth of 13.4% a year from 7 亿元 in 2014; stated is 10%左右 (3.4 points apart); "
        "compare growth and ratio"
    )
    assert english[1] == (
        "比例, 示例市, 2016: “能耗” grows from 7 亿元 in 2014 by 10%左右 a year to 8.47 亿元, "
        "“产值” 20 亿元, so the ratio is 42.35 %; it is stated as 45 %以上 (2.65 points apart); "
        "only planning less of the denominator (18.82 亿元) would make them agree; compare the "
        "growth of its parts with it"
    )


@pytest.mark.parametrize(
    ("figure", "stated", "expected"),
    [
        (42, {"growth": "10%"}, []),  # 42.35 is printed as 42, and 9.5 % as 10 %
        ("42.4", {"growth": "10%"}, []),
        ("42.4以上", {"growth": "10%"}, ["ratio_from_growth"]),  # 42.35 is less
        ("42.5以上", {"growth": "10%左右"}, ["ratio_from_growth"]),
        ("42以上", {"growth": "10%左右"}, []),  # better than it must be
        ("45以上", {"growth": "10%以上"}, []),  # it may grow by more
        ("40以下", {"growth": "10%以下"}, []),
        ("45以上", {"growth": "10%以下"}, ["growth_from_ratio", "ratio_from_growth"]),
        ("40以下", {"growth": "10%以上"}, ["growth_from_ratio", "ratio_from_growth"]),
        (42.4, {"growth": "10.0%"}, ["growth_from_ratio"]),  # 10.06 %
    ],
)
def test_a_share_and_growth_that_agree_are_passed_over(
    figure: Any, stated: Data, expected: list[str]
) -> None:
    assert [one.code for one in growing(figure, stated)] == expected


def test_yearly_growth_and_rises_lead_to_a_share_too() -> None:
    assert numbers(growing(45, {"growth": {2015: "5%", 2016: "10%"}})) == [
        ("growth_from_ratio", "energy 2016 全市", 9 / 7.35 - 1),
        ("ratio_from_growth", "share 2016 全市", 100 * 7.35 * 1.1 / 20),
    ]
    assert numbers(growing(45, {"increase": 1.5})) == [
        ("increase_from_ratio", "energy total 全市", 2),
        ("ratio_from_growth", "share 2016 全市", 42.5),
    ]
    assert numbers(growing(45, {"increase": {2015: 0.5, 2016: 1}})) == [
        ("increase_from_ratio", "energy 2016 全市", 1.5),
        ("ratio_from_growth", "share 2016 全市", 42.5),
    ]


def test_a_cut_and_a_rise_are_compared_with_growth() -> None:
    base, reached = 7 / 15, 8.47 / 20
    down = {"target": {"cut": "12%"}, "scale": 1}
    told = issues(OUTPUT, {**GROWN, "stated": {"growth": "10%"}}, use(**down))
    assert numbers(told) == [
        ("growth_from_ratio", "energy total 全市", (base * 0.88 * 20 / 7) ** 0.5 - 1),
        ("cut_from_growth", "share 2016 全市", 1 - reached / base),
    ]
    better = {**down, "target": {"cut": "6%以上"}}
    assert issues(OUTPUT, {**GROWN, "stated": {"growth": "10%"}}, use(**better)) == []
    up = {"target": {"rise": 2}}
    told = issues(OUTPUT, {**GROWN, "stated": {"growth": "20%"}}, use(**up))
    assert numbers(told) == [
        ("growth_from_ratio", "energy total 全市", ((100 * base + 2) / 100 * 20 / 7) ** 0.5 - 1),
        ("rise_from_growth", "share 2016 全市", 100 * (7 * 1.44 / 20 - base)),
    ]


def test_growth_of_the_denominator_counts() -> None:
    output = {**OUTPUT, "target": {"growth": "15%"}}
    energy = {**GROWN, "target": {"years": {2016: 8.5}}}
    by_growth = [
        one
        for one in issues(output, energy, use(45, priority=1))
        if one.code.endswith("_from_growth")
    ]
    reached = 100 * 8.5 / (15 * 1.15**2)
    assert numbers(by_growth) == [("ratio_from_growth", "share 2016 全市", reached)]


@pytest.mark.parametrize("keys", [{}, {"priority": 1}])
def test_growth_that_is_imposed_is_compared_with_the_share(keys: Data) -> None:
    energy = {**GROWN, "target": {"growth": "10%左右"}}
    told = issues(OUTPUT, energy, use("45以上", **keys))
    codes = [one.code for one in told if one.severity == "warning"]
    assert codes == ["growth_from_ratio", "ratio_from_growth"]
    assert ("ratio_checked" in {one.code for one in told}) == (not keys)


def test_a_groups_share_is_compared_with_its_growth() -> None:
    north = {"北部": {"growth": "10%"}}
    output = {**OUTPUT, "group_targets": {"北部": {"years": {2016: 9}}}}
    ratio = use(group_targets={"北部": {"years": {2016: 45}}}, target={})
    told = issues(output, {**GROWN, "stated": {"groups": north}}, ratio)
    assert numbers(told) == [
        ("growth_from_ratio", "energy total 北部", (0.45 * 9 / 3) ** 0.5 - 1),
        ("ratio_from_growth", "share 2016 北部", 100 * 3 * 1.21 / 9),
    ]


def test_stated_figures_of_a_numerator_that_follows_are_compared() -> None:
    told = growing(45, {"years": {2016: 8.6}, "growth": "10%"})
    assert [(one.code, one.where) for one in told] == [
        ("figure_from_average", "energy 2016 全市"),
        ("ratio_from_parts", "share 2016 全市"),
    ]
    stated = {**GROWN, "stated": {"years": {2016: 10}}}
    (rise,) = issues(OUTPUT, stated, use(target={"rise": 2}))
    assert rise.code == "rise_from_parts"
    assert rise.data["computed"] == pytest.approx(50 - 100 * 7 / 15)
