"""Mistakes of kinds, of ratios and of tiers: each told once, where it stands."""

from __future__ import annotations

from typing import Any

import pytest

import decompose as dc
from decompose.errors import PlanError
from tests import plans
from tests.plans import Data
from tests.unsound_ratios import (
    ENERGY,
    FIRMS,
    OUTPUT,
    codes_of,
    cut,
    mistakes,
    share,
    use,
    without,
)


def given_of(**years: Any) -> Data:
    """The firms, with the series of some years replaced (None leaves a year out)."""
    values = FIRMS["values"] | {int(year[1:]): series for year, series in years.items()}
    return {**FIRMS, "values": {year: series for year, series in values.items() if series}}


def circle() -> list[Data]:
    parts = [{**ENERGY, "id": one, "name": one} for one in ("top", "bottom")]
    return [
        share(numerator="top", denominator="bottom"),
        share(id="back", name="反比", numerator="bottom", denominator="top"),
        *parts,
    ]


MISTAKES: list[tuple[str, list[Data], list[str]]] = [
    (
        "numerator",
        [FIRMS, ENERGY, share(numerator="energi")],
        ["share.numerator indicator_unknown"],
    ),
    ("denominator", [FIRMS, share(denominator="firm")], ["share.denominator indicator_unknown"]),
    (
        "cumulative",
        [FIRMS, share(numerator={"cumulative": "x"})],
        ["share.numerator.cumulative indicator_unknown"],
    ),
    (
        "base_numerator",
        [FIRMS, share(base_numerator="nothing")],
        ["share.base_numerator column_unknown"],
    ),
    (
        "series",
        [FIRMS, share(base_numerator={"丁县": 3})],
        ["share.base_numerator.丁县 region_unknown"],
    ),
    ("values", [given_of(y2015={"丁县": 3})], ["firms.values.2015.丁县 region_unknown"]),
    ("values by column", [given_of(y2015="firms15")], ["firms.values.2015 column_unknown"]),
    ("years of values", [given_of(y2013={"甲区": 3})], ["firms.values.2013 year_unknown"]),
    (
        "no denominator",
        [without(share(), "denominator")],
        ["share.denominator denominator_missing"],
    ),
    ("no values", [without(FIRMS, "values")], ["firms.values values_missing"]),
    ("no text", [{"id": "goal", "kind": "text"}], ["goal.text text_missing"]),
    ("scale", [FIRMS, share(scale=0)], ["share.scale scale_positive"]),
    (
        "keys of a flow",
        [
            {
                **OUTPUT,
                "kind": "flow",
                "numerator": "x",
                "values": {2015: {"甲区": 1}},
                "text": "t",
                "tiers": {"values": ["5%"]},
            }
        ],
        [f"output.{key} key_of_kind" for key in ("numerator", "tiers", "values", "text")],
    ),
    (
        "cut of a level",
        [{**OUTPUT, "target": {"cut": "3%", "rise": 2}}],
        ["output.target.cut key_of_kind", "output.target.rise key_of_kind"],
    ),
    (
        "limits of a level",
        [{**OUTPUT, "limits": {"cut": {"max": "3%"}}}],
        ["output.limits.cut key_of_kind"],
    ),
    ("publish", [{**OUTPUT, "publish": "cut"}], ["output.publish publish_of_kind"]),
    (
        "increments of a flow",
        [{**OUTPUT, "kind": "flow", "publish": "increment"}],
        ["output.publish publish_of_kind"],
    ),
    (
        "total of a ratio",
        [FIRMS, share(target={"total": 3, "growth": "3%", "years": {2016: 20}})],
        ["share.target.growth key_of_kind", "share.target.total key_of_kind"],
    ),
    (
        "limits of a ratio",
        [FIRMS, share(limits={"total": {"max": 3}, "share": {"max": "30%"}})],
        ["share.limits.total key_of_kind", "share.limits.share key_of_kind"],
    ),
    (
        "target of data",
        [{**FIRMS, "target": {"total": 3}, "limits": {"max": 3}}],
        ["firms.target key_of_kind", "firms.limits key_of_kind"],
    ),
    (
        "priority of a text",
        [{"id": "goal", "kind": "text", "text": "达标", "priority": 1}],
        ["goal.priority key_of_kind"],
    ),
    ("priority of data", [{**FIRMS, "priority": 1}], ["firms.priority key_of_kind"]),
    (
        "sums of a ratio",
        [
            FIRMS,
            share(
                base_numerator={"甲区": 1, "乙县": 1, "丙县": 1},
                limits={"growth": {"max": {"area": "5%"}}, "ramp": {"max": {"sum": {"北部": 3}}}},
            ),
        ],
        [
            "share.limits.growth.max.area limit_of_sum",
            "share.limits.ramp.max.sum.北部 limit_of_sum",
        ],
    ),
    (
        "total of a lock",
        [FIRMS, share(locks={"甲区": {"total": 3}})],
        ["share.locks.甲区.total total_of_ratio"],
    ),
    (
        "of a ratio",
        [FIRMS, share(), share(id="other", name="其他", denominator="share")],
        ["other.denominator ratio_of_kind"],
    ),
    ("of itself too", [FIRMS, share(numerator="firms")], ["share.denominator ratio_itself"]),
    (
        "a level adds not",
        [FIRMS, OUTPUT, share(numerator={"cumulative": "output"})],
        ["share.numerator.cumulative cumulative_of_kind"],
    ),
    (
        "no target",
        [FIRMS, {"id": "new", "kind": "flow"}, share(numerator={"cumulative": "new"})],
        ["share.numerator.cumulative cumulative_open"],
    ),
    (
        "two ratios",
        [
            FIRMS,
            ENERGY,
            share(numerator="energy"),
            share(id="other", name="其他", numerator="energy"),
        ],
        ["other.numerator numerator_twice"],
    ),
    (
        "open denominator",
        [ENERGY, share(denominator="energy")],
        ["share.denominator denominator_open"],
    ),
    (
        "years",
        [{**OUTPUT, "kind": "flow"}, share(denominator="output", target={"each_year": 5})],
        ["share.denominator denominator_years"],
    ),
    (
        "a dash",
        [
            {**OUTPUT, "target": {"years": {2015: "—", 2016: 20}}},
            share(denominator="output", target={"each_year": 5}),
        ],
        ["share.denominator denominator_years"],
    ),
    ("circle", circle(), ["share.denominator denominator_circle"]),
    (
        "bound lock",
        [FIRMS, OUTPUT, share(numerator="output", locks={"甲区": {2016: 3}})],
        ["share.locks lock_of_numerator"],
    ),
    (
        "0",
        [given_of(y2016={"甲区": 5, "乙县": 0}), share()],
        ["share.denominator denominator_zero"],
    ),
    ("none", [given_of(y2016=None), share()], ["share.denominator denominator_zero"]),
    (
        "not there",
        [{**OUTPUT, "regions": {"except": ["丙县"]}}, share(denominator="output")],
        ["share.denominator denominator_zero"],
    ),
    ("base", [FIRMS, without(ENERGY, "base"), cut()], ["cut.target.cut ratio_base_needed"]),
    (
        "base of some",
        [FIRMS, {**ENERGY, "base": {"甲区": 4}}, cut()],
        ["cut.target.cut ratio_base_needed"],
    ),
    ("base of data", [given_of(y2014=None), ENERGY, cut()], ["cut.target.cut ratio_base_needed"]),
    ("rise", [FIRMS, share(target={"rise": 3})], ["share.target.rise ratio_base_needed"]),
    ("publish cut", [FIRMS, share(publish="cut")], ["share.publish ratio_base_needed"]),
    (
        "cut limit",
        [FIRMS, share(limits={"cut": {"max": "20%"}})],
        ["share.limits.cut ratio_base_needed"],
    ),
    ("ramp", [FIRMS, share(limits={"ramp": {"max": 3}})], ["share.limits.ramp ratio_base_needed"]),
    (
        "base of 0",
        [FIRMS, {**ENERGY, "base": dict.fromkeys(plans.BASES, 0)}, cut()],
        ["cut.target.cut ratio_base_zero"],
    ),
    ("by base", [FIRMS, share(allocate="base")], ["share.base base_needed"]),
    ("tiers of a value", [FIRMS, share(tiers={"values": ["5%"]})], ["share.tiers tiers_cut"]),
    (
        "tiers rise",
        [FIRMS, ENERGY, cut(tiers={"values": ["10%", "5%"]})],
        ["cut.tiers.values tiers_rise"],
    ),
    (
        "tiers on the grid",
        [FIRMS, ENERGY, cut(decimals=0, tiers={"values": ["5%", "6.5%"]})],
        ["cut.tiers.values.1 tier_step"],
    ),
    (
        "tiers below 1",
        [FIRMS, ENERGY, cut(tiers={"values": ["5%", "100%"]})],
        ["cut.tiers.values.1 tier_range"],
    ),
    (
        "tiers by column",
        [FIRMS, ENERGY, cut(tiers={"values": ["5%"], "by": "tier"})],
        ["cut.tiers.by column_unknown"],
    ),
    (
        "tiers of regions",
        [FIRMS, ENERGY, cut(tiers={"values": ["5%", "7%"], "by": {"甲区": "5%", "乙县": "6%"}})],
        ["cut.tiers.by tier_missing", "cut.tiers.by tier_unknown"],
    ),
    (
        "a target of 0",
        [{**OUTPUT, "target": {"years": {2016: 0}}}, share(denominator="output")],
        ["share.denominator denominator_nil"],
    ),
    (
        "a base that is missing beside another mistake",
        [FIRMS, without(ENERGY, "base"), cut(tiers={"values": ["10%", "5%"]})],
        ["cut.tiers.values tiers_rise", "cut.target.cut ratio_base_needed"],
    ),
]


@pytest.mark.parametrize(("_", "indicators", "expected"), MISTAKES)
def test_a_mistake_is_told_once_with_its_path(
    _: str, indicators: list[Data], expected: list[str]
) -> None:
    assert codes_of(mistakes(*indicators)) == expected


TEXTS: list[tuple[list[Data], str, str]] = [
    (
        [FIRMS, ENERGY, share(numerator="energi")],
        "indicators.share.numerator：没有 id 为“energi”的指标；是否想写“energy”？",
        "indicators.share.numerator: no indicator has the id “energi”; did you mean “energy”?",
    ),
    (
        [given_of(y2016={"甲区": 5, "乙县": 0}), share()],
        (
            "indicators.share.denominator：2016 年分母“企业数”为 0 或缺失：乙县、丙县；"
            "请补上数据，或写 regions: {except: […]} 去掉这些地区"
        ),
        (
            "indicators.share.denominator: in 2016 the denominator “企业数” is 0 or missing for: "
            "乙县, 丙县; give the data, or leave the regions out with regions: {except: […]}"
        ),
    ),
    (
        circle(),
        (
            "indicators.share.denominator：分母须先定，但关系成环：top → bottom → top；"
            "请给其中一个写 kind: given 的数据，或去掉一环"
        ),
        (
            "indicators.share.denominator: a denominator is settled first, but these wait for one "
            "another: top → bottom → top; give one of them as data (kind: given), or break the "
            "chain"
        ),
    ),
    (
        [FIRMS, ENERGY, share(numerator="energy"), share(id="b", name="乙率", numerator="energy")],
        (
            "indicators.b.numerator：分子“能耗”没有目标，却要同时跟随几个比率：比例、乙率；"
            "请给它写 target，或只留一个比率"
        ),
        (
            "indicators.b.numerator: the numerator “能耗” has no target and would follow several "
            "ratios: 比例, 乙率; write its target, or keep one ratio"
        ),
    ),
    (
        [{**OUTPUT, "target": {"years": {2016: 0}}}, share(denominator="output")],
        (
            "indicators.share.denominator：分母“产值”在 2016 年的目标是 0，算不出比率；"
            "请改正分母的目标，或用 years 限定比率的年份"
        ),
        (
            "indicators.share.denominator: the target of the denominator “产值” is 0 in 2016, so "
            "there is no ratio; correct that target, or limit the years of the ratio with years"
        ),
    ),
    (
        [FIRMS, ENERGY, cut(tiers={"values": ["10%", "5%"]})],
        "indicators.cut.tiers.values：档次 10%、5% 须从小到大且不重复；请重新排列",
        (
            "indicators.cut.tiers.values: the steps 10%, 5% must rise, each standing once; put "
            "them in order"
        ),
    ),
]


@pytest.mark.parametrize(("indicators", "chinese", "english"), TEXTS)
def test_what_is_told(indicators: list[Data], chinese: str, english: str) -> None:
    told = mistakes(*indicators)
    assert told is not None
    assert told.text("zh").splitlines()[1:] == [f"  - {chinese}"]
    assert told.text("en").splitlines()[1:] == [f"  - {english}"]


FINE: list[list[Data]] = [
    [FIRMS, ENERGY, cut(limits={"cut": {"min": "3%", "max": "10%"}})],
    [FIRMS, share(id="stated", denominator="firms", decompose=False)],
    [without(share(decompose=False), "denominator")],
    [FIRMS, {**OUTPUT, "links": [{"part_of": "firms"}], "unit": "家"}],
    [{**OUTPUT, "sum_of": ["energy"]}, {**ENERGY, "unit": ""}],
    [given_of(y2015=None), share(years=[2016])],
    [given_of(y2016={"甲区": 5, "乙县": 4}), share(regions={"except": ["丙县"]})],
    [FIRMS, ENERGY, cut(tiers={"values": ["5%", "7%"], "by": dict.fromkeys(plans.BASES, "7%")})],
]


@pytest.mark.parametrize("indicators", FINE)
def test_what_is_sound_is_read(indicators: list[Data]) -> None:
    assert mistakes(*indicators) is None


# ---- what shows only when it is solved -----------------------------------------------------------


def test_a_denominator_that_comes_out_as_0_is_told() -> None:
    output = {**OUTPUT, "target": {"increase": -15}}
    with pytest.raises(PlanError) as raised:
        dc.solve(plans.plan(output, ENERGY, use()))
    assert codes_of(raised.value) == ["share.denominator denominator_gone"]
    assert raised.value.text().splitlines()[1] == (
        "  - indicators.share.denominator：示例市 2016 年分母“产值”没有下达，"
        "或解出来为 0，比率无从计算；"
        "请给分母写大于 0 的目标或下限，或用 years、regions 限定比率的年份、地区"
    )


def test_a_district_without_a_denominator_has_no_ratio() -> None:
    output = {**OUTPUT, "base": {"甲区": 8, "乙县": 4, "丙县": 0}}
    found = dc.solve(plans.plan(output, ENERGY, use()))
    rows = found.quotas.query("indicator == 'share' and year == 2016")
    assert rows["region"].tolist() == ["甲区", "乙县"]


def test_tiers_that_no_choice_can_make_meet_the_target_are_told() -> None:
    one = cut(decimals=0, target={"cut": "5%"}, tiers={"values": ["3%", "12%"]})
    plan = plans.plan(FIRMS, ENERGY, one)
    assert all(issue.severity != "error" for issue in dc.check(plan))  # it lies between the ends
    with pytest.raises(dc.InfeasibleError) as raised:
        dc.solve(plan)
    assert raised.value.message.text() == (
        "单耗（indicators.cut.tiers）：分母已定后，各档（3%、12%）怎样搭配都完不成下降 5%的目标，"
        "或守不住限制；请在 tiers 中增补档次，调整 target.cut，或放宽限制"
    )
