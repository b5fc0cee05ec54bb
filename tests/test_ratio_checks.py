"""What check tells of ratios and of what ties indicators together."""

from __future__ import annotations

from typing import Any

import pytest

import decompose as dc
from decompose.checking import parts
from decompose.series import Series, series_of
from tests import plans
from tests.plans import Data
from tests.ratio_plans import ratio_plan
from tests.unsound_ratios import ENERGY, FIRMS, GROWN, OUTPUT, cut, issues, share, use, without


def codes(*indicators: Data, **keys: Any) -> list[str]:
    return [one.code for one in issues(*indicators, **keys)]


def part(value: Any, **keys: Any) -> Data:
    """A part of the output, in 2016."""
    return plans.indicator(
        id="part", name="园区产值", kind="level", target={"years": {2016: value}}, **keys
    )


def of_output(target: Data, **keys: Any) -> Data:
    return share(name="园区占比", numerator="part", denominator="output", target=target, **keys)


@pytest.mark.parametrize(
    ("top", "bottom", "figure", "expected"),
    [
        (130, 501, 26, []),  # 25.95 % is printed as 26 %
        (102, 440, "23以上", []),  # 23.2 %
        (130, 501, "26.0%", ["ratio_from_parts"]),
        (130, 501, 27, ["ratio_from_parts"]),
        (108, 440, "23以上", ["ratio_from_parts"]),  # 24.5 %: right, but not what is printed
    ],
)
def test_a_ratio_of_two_targets_is_compared_to_the_last_printed_digit(
    top: int, bottom: int, figure: Any, expected: list[str]
) -> None:
    whole = {**OUTPUT, "target": {"years": {2016: bottom}}}
    told = issues(whole, part(top), of_output({"years": {2016: figure}}))
    assert [one.code for one in told] == ["ratio_checked", *expected]
    assert [one.severity for one in told] == ["note", *["warning"] * len(expected)]
    if expected:
        assert told[1].data["computed"] == pytest.approx(100 * top / bottom)


def test_what_is_told_of_a_ratio_that_differs() -> None:
    whole = {**OUTPUT, "target": {"years": {2016: 440}}}
    told = issues(whole, part(108), of_output({"years": {2016: "23以上"}}))[1]
    assert told.where == "share 2016 全市"
    assert told.text == (
        "园区占比：示例市 2016 年由分子、分母的数推算为 108 ÷ 440 × 100 = 24.5 %，"
        "所列为 23 %以上，相差 1.5 个百分点（符合“以上”）；请核对比率与分子、分母"
    )


def test_parts_that_leave_out_the_reserve_are_compared_with_a_ratio_of_all() -> None:
    """Nobody writes once more at the ratio that the reserve takes no part in what it is made of."""
    regions = ["甲区", "乙县", "丙县", {"name": "市本级", "reserve": True}]
    some = {"regions": {"except": ["市本级"]}}
    whole = {**OUTPUT, **some, "target": {"years": {2016: 440}}}
    told = issues(whole, part(108, **some), of_output({"years": {2016: 30}}), regions=regions)
    assert [one.code for one in told] == ["ratio_checked", "ratio_from_parts"]
    of_two = of_output({"years": {2016: 30}}, regions=["甲区", "乙县"])
    told = issues(whole, part(108, **some), of_two, regions=regions)
    assert [one.code for one in told] == ["ratio_checked"]  # the figures speak of more regions


def test_a_numerator_of_at_most_so_much_is_handed_out_as_it_stands() -> None:
    """Nothing makes it less where the ratio is only compared: what is listed would be missed."""
    grown = {**OUTPUT, "target": {"growth": "10%"}}
    told = issues(grown, part("8以下"), of_output({"years": {2016: "30以下"}}))
    assert "ratio_from_growth" in [one.code for one in told]
    told = issues(grown, part("8以下"), of_output({"years": {2016: "50以下"}}))
    assert [one.code for one in told] == ["ratio_checked"]


def test_a_cut_of_two_targets_is_compared_too() -> None:
    energy = {**ENERGY, "target": {"years": {2016: 8}}}
    one = cut(denominator="output", target={"cut": "14.0%"}, scale=1)
    told = [issue for issue in issues(OUTPUT, energy, one) if issue.code == "cut_from_parts"]
    assert [issue.data["computed"] for issue in told] == [pytest.approx(1 - 8 / 20 * 15 / 7)]
    assert told[0].severity == "warning"


def test_the_parts_of_a_ratio_are_made_once_for_all_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    made = []

    def counted(content: Any, indicator: dc.Indicator, known: Any) -> Series:
        made.append(indicator.id)
        return series_of(content, indicator, known)

    monkeypatch.setattr(parts, "series_of", counted)
    groups = {"南部": {"years": {2016: 5}}, "北部": {"years": {2016: 3}}}
    energy = {**ENERGY, "target": {"years": {2016: 8}}, "group_targets": groups}
    halves = {name: {"years": {2016: 10}} for name in groups}
    output = {**OUTPUT, "group_targets": halves}
    figures = {"南部": {"years": {2016: 50}}, "北部": {"years": {2016: 31}}}
    told = issues(output, energy, use(40, scale=100, group_targets=figures))
    found = [one for one in told if one.code == "ratio_from_parts"]
    assert [one.where for one in found] == ["share 2016 北部"]
    assert found[0].data["computed"] == pytest.approx(100 * 3 / 10)
    assert made == ["energy", "output"]


RATE = {"base_numerator": {"甲区": 10, "乙县": 6, "丙县": 4}}


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"target": {"years": {2016: 13}}, "stated": {"rise": "3个百分点"}}, []),
        (
            {"target": {"years": {2016: 13}}, "stated": {"rise": "4个百分点"}},
            ["figure_from_rise", "rise_from_figures"],
        ),
        ({"target": {"rise": 3}, "stated": {"rise": 2}}, ["stated_twice"]),
        ({"target": {"cut": "6%以上"}, "stated": {"years": {2016: 9.4}}}, []),
        (
            {"target": {"cut": "6%以上"}, "stated": {"years": {2016: 9.2}}},
            ["figure_from_cut", "cut_from_figures"],
        ),
        ({"target": {"cut_each_year": "4%"}, "stated": {"cut": "7.8%"}}, []),
        (
            {"target": {"cut_each_year": "4%"}, "stated": {"cut": "12%"}},
            ["cut_from_years", "yearly_from_cut"],
        ),
        ({"target": {"rise_each_year": 0.5}, "stated": {"rise": 1}}, []),
        (
            {"target": {"rise_each_year": "0.5以上"}, "stated": {"rise": 1.3}},
            ["rise_from_years", "yearly_from_rise"],
        ),
        ({"target": {"cut": "6%"}, "stated": {"cut": "7%"}}, ["stated_twice"]),
        (
            {"target": {"years": {2015: 11, 2016: 12}}, "stated": {"growth": {2016: "20%"}}},
            ["figure_from_growth", "growth_from_figures"],
        ),
    ],
)
def test_rise_cut_and_growth_are_compared_with_the_figures(said: Data, expected: list[str]) -> None:
    assert sorted(codes(FIRMS, share(**RATE, **said))) == sorted(expected)


def test_limits_that_leave_a_ratio_short_of_its_target() -> None:
    short = issues(FIRMS, share(limits={"max": {"甲区": 15, "北部": 25}}))
    assert [(one.code, one.severity) for one in short] == [("ratio_of_regions", "error")]
    mean = (15 * 120 + 25 * 105) / 225
    assert short[0].data["reachable"] == pytest.approx(mean)
    assert codes(FIRMS, share(limits={"max": {"甲区": 16, "北部": 25}})) == []
    above = issues(FIRMS, share(target={"years": {2016: "20以下"}}, limits={"min": 21}))
    assert [one.code for one in above] == ["ratio_of_regions"]
    of_group = share(group_targets={"北部": {"years": {2016: "30以上"}}}, limits={"max": 29})
    assert [one.where for one in issues(FIRMS, of_group)] == ["share 2016 北部"]
    locked = share(locks={name: {2016: 19} for name in plans.BASES})
    assert codes(FIRMS, locked) == ["ratio_of_regions"]


def test_limits_that_leave_a_cut_short_of_its_target() -> None:
    told = issues(FIRMS, ENERGY, cut(limits={"cut": {"max": "5%"}}))
    assert [(one.code, one.severity) for one in told] == [("ratio_of_regions", "error")]
    # the denominators grow from 200 to 225, by district: what 5 % in each means for the area
    after = 0.95 * (4 / 100 * 120 + 2 / 60 * 65 + 1 / 40 * 40) / 225
    assert told[0].data["reachable"] == pytest.approx(100 * (1 - after / (7 / 200)))
    assert told[0].data["bound"] == pytest.approx(6)
    assert codes(FIRMS, ENERGY, cut(limits={"cut": {"max": "8%"}})) == []
    open_mix = cut(denominator="output", limits={"cut": {"max": "5%"}})
    assert codes(OUTPUT, ENERGY, open_mix) == []  # a change of mix may do the rest


def test_a_ratio_that_only_another_denominator_could_meet() -> None:
    few = {
        **without(OUTPUT, "target", "base"),
        "id": "part",
        "name": "园区产值",
        "limits": {"max": {"area": 5}},
    }
    grown = {**OUTPUT, "target": {"years": {2016: "20以上"}}, "limits": {}}
    less = issues(grown, few, of_output({"years": {2016: "26以上"}}))
    assert [(one.code, one.severity) for one in less] == [("ratio_never", "error")]
    about = {**OUTPUT, "target": {"years": {2016: "20左右"}, "tolerance": "10%"}}
    less = issues(about, few, of_output({"years": {2016: "26以上"}}))
    assert [(one.code, one.severity) for one in less] == [("ratio_by_denominator", "warning")]
    assert "少下达到 19.2308 亿元" in less[0].text
    with pytest.raises(dc.InfeasibleError):
        dc.solve(plans.plan(about, few, of_output({"years": {2016: "26以上"}})))
    many = {**few, "limits": {"min": {"area": 5}}}
    more = issues(about, many, of_output({"years": {2016: "24以下"}}))
    assert [one.code for one in more] == ["ratio_by_denominator"]
    assert "多下达到 20.8333 亿元" in more[0].text
    assert codes(about, few, of_output({"years": {2016: "25以上"}})) == []


def test_a_numerator_with_a_target_that_its_ratio_forbids() -> None:
    count = {**part(40), "unit": "家"}
    told = issues(FIRMS, count, share(numerator="part", target={"years": {2016: "20以上"}}))
    assert [(one.code, one.severity) for one in told] == [
        ("ratio_never", "error"),
        ("ratio_from_parts", "warning"),
    ]
    assert codes(FIRMS, part("40以上", unit="家"), share(numerator="part")) == ["ratio_from_parts"]


def test_limits_of_a_ratio_that_is_compared_bind_nothing() -> None:
    whole = {**OUTPUT, "target": {"years": {2016: 500}}}
    told = codes(whole, part(130), of_output({"years": {2016: 26}}, limits={"max": 40}))
    assert sorted(told) == ["ratio_checked", "ratio_limit_idle"]


def share_of_output(share: str, value: Any, **keys: Any) -> list[dc.Issue]:
    link = {"of": "output", **keys}
    key = "at_most_share" if share.startswith("≤") else "at_least_share"
    whole = {**OUTPUT, "target": {"years": {2016: "20以上"}}}
    return issues(whole, part(value, links=[{key: share.strip("≤"), **link}]))


def test_a_share_is_compared_with_the_figures_of_both() -> None:
    assert [one.code for one in share_of_output("50%", 10, scope="area")] == []
    assert [one.code for one in share_of_output("50%", 9, scope="area")] == ["share_never"]
    assert [one.code for one in share_of_output("50%", "9以上")] == ["share_from_figures"]
    assert [one.code for one in share_of_output("≤40%", "9以下")] == ["share_from_figures"]
    told = share_of_output("50%", 9)[0]
    assert told.severity == "error"
    assert told.where == "part 2016 全市"
    assert told.data["needed"] == pytest.approx(10)


def test_a_sum_and_a_rise_are_compared_with_what_they_are_made_of() -> None:
    summed = plans.indicator(
        id="sum", name="合计", kind="level", sum_of=["output", "part"], target={"years": {2016: 33}}
    )
    assert codes(OUTPUT, part(12), summed) == ["sum_from_parts", "sum_unreached"]
    told = issues(OUTPUT, part("12左右"), {**summed, "target": {"years": {2016: 31}}})
    assert [one.code for one in told] == ["sum_from_parts", "sum_exceeded"]
    assert told[1].severity == "error"
    assert told[1].data["gap"] == pytest.approx(0.76)
    capped = part("10以上", limits={"max": 4})  # 20 + 3 × 4 at most
    told = issues(OUTPUT, capped, summed)
    assert [one.code for one in told][-1] == "sum_unreached"
    assert told[-1].data["gap"] == pytest.approx(1)
    rise = plans.indicator(
        id="rise", name="增量", increase_of="output", target={"total": "4以上"}, allocate="equal"
    )
    told = issues(OUTPUT, without(rise, "base"))
    assert [one.code for one in told] == ["increase_from_level"]
    assert told[0].data["computed"] == pytest.approx(5)


# ---- by limits -----------------------------------------------------------------------------------


def test_a_share_that_is_stated_and_out_of_reach() -> None:
    energy = {**GROWN, "limits": {"growth": {"max": "5%"}}}
    told = issues(OUTPUT, energy, use("38以上", stated={"years": {2015: 45}}))
    assert [(one.code, one.severity) for one in told] == [("ratio_unreached", "warning")]
    # the output is on the way from 15 to 20
    assert told[0].data["reachable"] == pytest.approx(100 * 7.35 / 300**0.5)
    assert told[0].text == (
        "比例：示例市 2015 年分子“能耗”至多为 7.35 亿元，分母“产值”按 17.3205 亿元下达，"
        "比率至多为 42.4 %，而所列为 45 %，差 2.6 个百分点；请核对比率与分子、分母的目标和限制"
    )


@pytest.mark.parametrize(("figure", "told"), [(46, True), (44, False), ("44以上", False)])
def test_a_share_that_is_compared_and_out_of_reach(figure: Any, told: bool) -> None:
    energy = {**GROWN, "target": {"years": {2016: 8}}, "limits": {"growth": {"max": "10%"}}}
    found = issues(OUTPUT, energy, use(target={"years": {2015: figure}}))
    codes = [(one.code, one.where) for one in found]
    unreached = [("ratio_unreached", "share 2015 全市")] * told  # 7.7 of 17.32 is 44.5
    assert codes == [("ratio_checked", "share"), *unreached]


def test_a_cut_that_is_compared_and_out_of_reach() -> None:
    energy = {**GROWN, "target": {"years": {2015: 7.5}}, "limits": {"growth": {"max": "10%"}}}
    note, told = issues(OUTPUT, energy, use(target={"cut": "2%"}, scale=1))
    assert note.code == "ratio_checked"
    assert told.data["reachable"] == pytest.approx(1 - 8.25 / 20 / (7 / 15))
    assert "分子“能耗”至多为 8.25 亿元，分母“产值”按 20 亿元下达，下降率至少为 11.6%" in told.text


def test_tiers_that_cannot_reach_the_target() -> None:
    def reached(*cuts: float) -> float:
        """The area's cut; the firms grow from 200 to 225, by district."""
        base = (4 / 100 * 120, 2 / 60 * 65, 1 / 40 * 40)
        after = sum((1 - cut) * one for cut, one in zip(cuts, base, strict=True))
        return 100 * (1 - after / 225 / (7 / 200))

    def told(target: str, **keys: Any) -> list[dc.Issue]:
        one = cut(decimals=0, target={"cut": target}, **keys)
        with pytest.raises(dc.InfeasibleError):
            dc.solve(plans.plan(FIRMS, ENERGY, one))
        return issues(FIRMS, ENERGY, one)

    steps = {"values": ["2%", "3%", "5%"]}
    (short,) = told("6%以上", tiers=steps)
    assert (short.code, short.severity) == ("ratio_of_tiers", "error")
    assert short.data["reachable"] == pytest.approx(reached(0.05, 0.05, 0.05))
    assert short.text == (
        "单耗：示例市 2016 年按各地区可取的档次（tiers：2%、3%、5%）至多为 3.89418 %，"
        "而目标为 6 %，差 2.10582 个百分点；请在 tiers 中增补档次，放宽各地区的限制，或调整目标"
    )
    capped = {"cut": {"max": {"甲区": "4%"}}}
    (short,) = told("3.5%以上", tiers=steps, limits=capped)
    assert short.data["reachable"] == pytest.approx(reached(0.03, 0.05, 0.05))
    by = {"by": {"甲区": "2%", "乙县": "3%", "丙县": "5%"}}
    (short,) = told("3%以上", tiers={**steps, **by})
    assert short.data["reachable"] == pytest.approx(reached(0.02, 0.03, 0.05))
    (over,) = told("0%", tiers=steps)
    assert over.data["reachable"] == pytest.approx(reached(0.02, 0.02, 0.02))
    assert issues(FIRMS, ENERGY, cut(decimals=0, target={"cut": "3%以上"}, tiers=steps)) == []


def test_tiers_of_a_ratio_that_its_numerator_sets_bind_nothing() -> None:
    energy = {**ENERGY, "target": {"years": {2016: "7左右"}, "tolerance": "30%"}}
    one = cut(decimals=0, tiers={"values": ["2%", "3%"]}, target={"cut": "6%以上"})
    (told,) = (one for one in issues(FIRMS, energy, one) if one.severity == "warning")
    assert (told.code, told.data["path"]) == ("ratio_limit_idle", "indicators.cut.tiers")
    assert dc.solve(plans.plan(FIRMS, energy, one)).excess.empty


def test_an_error_of_check_is_always_true() -> None:
    told = 0
    for seed in range(150):
        plan = dc.Plan.model_validate(ratio_plan(seed))
        if any(one.severity == "error" for one in dc.check(plan)):
            told += 1
            with pytest.raises(dc.InfeasibleError):
                dc.solve(plan)
    assert told > 1
