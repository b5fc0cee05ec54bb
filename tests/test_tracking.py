"""Progress: completion, gaps, colours, points, ranks, talks and who is late, computed by hand."""

from __future__ import annotations

import math
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import decompose as dc
from decompose.cli import main
from decompose.plan.lights import PRESETS, Lights, lights_of
from decompose.progress.ranking import competition_ranks, low_ranks
from tests.plans import BASES, Data, indicator, plan

QINGYUAN = Path(__file__).parent.parent / "data" / "qingyuan"
NAMES = ("甲区", "乙县", "丙县")
QUOTAS = (9.6, 4.8, 3.6)
"""18 shared by the bases 8, 4 and 3."""


def frame(*rows: tuple[str, str, str, float | None]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["indicator", "region", "period", "value"])


def reported(period: str, *values: float | None, name: str = "investment") -> pd.DataFrame:
    """One number for each of the first regions."""
    first = NAMES[: len(values)]
    return frame(*((name, where, period, one) for where, one in zip(first, values, strict=True)))


def progress(
    actuals: pd.DataFrame, *indicators: Data, as_of: str = "2015-06", **keys: Any
) -> dc.Progress:
    low_rank = keys.pop("low_rank", 1)
    return dc.track(dc.solve(plan(*indicators, **keys)), actuals, as_of=as_of, low_rank=low_rank)


def column(found: dc.Progress, name: str, of: str = "investment") -> list[Any]:
    table = found.table
    return table.loc[table["indicator"] == of, name].tolist()


def test_a_flow_is_compared_with_its_share_of_the_year() -> None:
    found = progress(reported("2015-06", 4.8, 1.92, 1.71))
    assert list(found.table.columns[:10]) == [
        *("indicator", "region", "year", "quota", "actual"),
        *("completion", "due", "gap", "level", "rank"),
    ]
    assert column(found, "quota") == list(QUOTAS)
    assert column(found, "completion") == pytest.approx([0.5, 0.4, 0.475])
    assert column(found, "due") == [0.5] * 3
    assert column(found, "gap") == pytest.approx([0, -10, -2.5])
    assert column(found, "level") == ["green", "red", "yellow"]  # paces 1, 0.8 and 0.95
    assert column(found, "rank") == [1, 3, 2]
    assert column(found, "points") == pytest.approx([1, 0.8, 0.95])
    assert column(found, "forecast_straight") == pytest.approx([9.6, 3.84, 3.42])
    assert set(found.table["year"]) == {2015}
    assert found.issues == ()


def test_a_schedule_of_its_own_says_what_is_due() -> None:
    one = indicator(schedule={"Q1": "15%", "Q2": "45%", "Q3": "72%"})
    found = progress(reported("2015-08", 5.76, 2.4, 1.8), one, as_of="2015-08")
    assert column(found, "due") == pytest.approx([0.63] * 3)  # 45 % and two thirds of 27
    assert column(found, "gap") == pytest.approx([-3, -13, -13])
    assert column(found, "forecast_straight")[0] == pytest.approx(5.76 / 0.63)


def test_a_month_without_numbers_is_told() -> None:
    actuals = reported("2015-02", 1.6, 0.8, 0.6)
    (issue,) = progress(actuals, as_of="2015-09").issues
    assert (issue.severity, issue.code) == ("warning", "progress_no_month")
    assert "2015-09" in issue.text
    assert "2015-02" in issue.text
    (issue,) = progress(actuals, as_of="2016-01").issues
    assert issue.code == "progress_no_year"


@pytest.mark.parametrize("as_of", ["2015Q2", "2015H1", "2015年上半年"])
def test_quarters_and_halves_are_their_last_month(as_of: str) -> None:
    found = progress(reported("2015Q2", 4.8, 4.8, 4.8), as_of=as_of)
    assert column(found, "gap") == pytest.approx([0, 50, 250 / 3])


def test_the_second_year_has_quotas_of_its_own() -> None:
    found = progress(reported("2016-03", 3.2, 3.2, 3.2), as_of="2016-03")
    assert column(found, "quota") == [12.8, 6.4, 4.8]
    assert column(found, "completion") == pytest.approx([0.25, 0.5, 2 / 3])


def test_a_level_grows_on_the_year_before() -> None:
    one = indicator(kind="level")
    actuals = pd.concat(
        [reported("2014-06", 3.5, 2.0), reported("2015-06", 4.2, 1.9, 2.0)], ignore_index=True
    )
    found = progress(actuals, one)
    assert column(found, "completion") == pytest.approx([0.4375, 1.9 / 4.8, 2 / 3.6])
    assert column(found, "growth") == pytest.approx([0.2, -0.05, math.nan], nan_ok=True)
    whole = progress(reported("2015", 10, 4.4, 3), one, as_of="2015-12")
    assert column(whole, "growth") == pytest.approx([0.25, 0.1, 0.0])  # on the base year
    assert column(whole, "due") == [1.0] * 3


def test_last_years_months_forecast_the_year() -> None:
    before = pd.concat([reported("2014-06", 2.0, 2.0), reported("2014", 8.0, 5.0)])
    found = progress(pd.concat([before, reported("2015-06", 4.8, 1.92, 1.71)]))
    seasonal = column(found, "forecast_seasonal")
    assert seasonal == pytest.approx([19.2, 4.8, math.nan], nan_ok=True)
    assert {"forecast_straight", "forecast_seasonal"} < set(found.table.columns)


def test_a_published_increment_is_a_rise_within_the_year() -> None:
    one = indicator(kind="level", publish="increment")
    found = progress(reported("2015-06", 0.8, -0.4, 0.6), one)
    assert column(found, "quota") == [1.6, 0.8, 0.6]
    assert column(found, "completion") == pytest.approx([0.5, -0.5, 1])
    assert column(found, "points") == pytest.approx([1, 0, 1])
    assert column(found, "growth") == pytest.approx([math.nan] * 3, nan_ok=True)


def ratio(**keys: Any) -> list[Data]:
    """Output as data, energy that follows, and a ratio of 0.5 in the base year."""
    output = {2014: dict(BASES), 2015: dict(BASES), 2016: dict(BASES)}
    return [
        {"id": "output", "kind": "given", "values": output},
        {"id": "energy", "kind": "level", "base": {n: b / 2 for n, b in BASES.items()}},
        {
            "id": "intensity",
            "kind": "ratio",
            "numerator": "energy",
            "denominator": "output",
            **keys,
        },
    ]


def test_a_cut_counts_what_was_cut_since_the_base_year() -> None:
    one = ratio(publish="cut", unit="%", decimals=1, target={"years": {2015: 0.49, 2016: 0.48}})
    found = progress(reported("2015-06", 1, 0.9, -0.5, name="intensity"), *one)
    assert column(found, "quota", "intensity") == [2.0] * 3
    assert column(found, "completion", "intensity") == pytest.approx([0.5, 0.45, -0.25])
    assert column(found, "cut", "intensity") == pytest.approx([0.01, 0.009, -0.005])
    assert column(found, "level", "intensity") == ["green", "yellow", "red"]
    assert np.isnan(column(found, "forecast_straight", "intensity")).all()
    later = progress(reported("2016-06", 3, 3, 2.5, name="intensity"), *one, as_of="2016-06")
    assert column(later, "quota", "intensity") == [4.0] * 3
    assert column(later, "due", "intensity") == pytest.approx([0.75] * 3)  # 2 % and half of 2 %
    assert column(later, "gap", "intensity") == pytest.approx([0, 0, -12.5])


def test_of_a_ratio_that_must_fall_less_is_better() -> None:
    for target in ({"years": {2015: "0.48以下", 2016: "0.46以下"}}, {"cut": "8%以上"}):
        found = progress(
            reported("2015-06", 0.5, 0.48, 0.4, name="intensity"), *ratio(target=target, decimals=4)
        )
        quota = column(found, "quota", "intensity")[0]
        assert column(found, "completion", "intensity") == pytest.approx(
            [quota / 0.5, quota / 0.48, quota / 0.4]
        )
        assert column(found, "due", "intensity") == [1.0] * 3
        assert column(found, "rank", "intensity") == [3, 2, 1]
        assert column(found, "cut", "intensity") == pytest.approx([0, 0.04, 0.2])


def test_a_ratio_that_must_rise_starts_the_year_where_it_was() -> None:
    """50 % in the base year, 52 % due at its end: 51 % by June; nobody is asked for half of it."""
    target = {"years": {2015: "0.52以上", 2016: "0.54以上"}}
    one = ratio(decimals=2, target=target)
    found = progress(reported("2015-06", 0.51, 0.5, 0.52, name="intensity"), *one)
    assert column(found, "quota", "intensity") == [0.52] * 3
    assert column(found, "due", "intensity") == pytest.approx([0.51 / 0.52] * 3)
    assert column(found, "level", "intensity") == ["green", "yellow", "green"]
    rows = reported("2016-06", 0.53, 0.53, 0.5, name="intensity")
    later = progress(rows, *one, as_of="2016-06")
    assert column(later, "due", "intensity") == pytest.approx([0.53 / 0.54] * 3)
    own = [*one[:2], {**one[2], "schedule": {"Q2": "40%", "Q4": "100%"}}]
    told = progress(reported("2015-06", 0.51, 0.5, 0.52, name="intensity"), *own)
    assert column(told, "due", "intensity") == pytest.approx([0.4] * 3)


def test_a_stock_that_is_compared_month_by_month_is_told() -> None:
    one = indicator(kind="level")
    (quotas,) = [column(progress(reported("2015-06", 1), one), "quota")]
    stock = progress(reported("2015-06", *(0.97 * quota for quota in quotas)), one)
    assert [issue.code for issue in stock.issues] == ["progress_stock"]
    assert "97%" in stock.issues[0].text
    summed = progress(reported("2015-06", *(0.6 * quota for quota in quotas)), one)
    late = progress(reported("2015-11", *(0.97 * quota for quota in quotas)), one, as_of="2015-11")
    told = {**one, "schedule": {"01": "100%"}}
    dated = progress(reported("2015-06", *(0.97 * quota for quota in quotas)), told)
    assert summed.issues == late.issues == dated.issues == ()


def test_quotas_that_fall_without_saying_at_most_are_told() -> None:
    rows = reported("2015-06", 0.49, 0.49, 0.49, name="intensity")
    exact = progress(rows, *ratio(decimals=2, target={"years": {2015: 0.48, 2016: 0.46}}))
    assert [issue.code for issue in exact.issues] == ["progress_direction"]
    for said in ("0.48以下", "0.48以上"):
        target = {"years": {2015: said, 2016: said}}
        assert progress(rows, *ratio(decimals=2, target=target)).issues == ()


def test_of_a_flow_that_must_stay_below_less_is_better() -> None:
    one = indicator(target={"years": {2015: "18以下", 2016: "24以下"}})
    found = progress(reported("2015-06", 4.8, 4.8, 0), one)
    assert column(found, "completion") == pytest.approx([1, 0.5, math.inf])
    assert column(found, "level") == ["green", "red", "green"]
    assert column(found, "points") == [1, 0.5, 1]
    found.tables()


def test_a_quota_below_zero_is_reached_from_above() -> None:
    locks = {"丙县": {"2015": -2}}
    one = indicator(publish="value", signed=True, locks=locks, base=None)
    found = progress(reported("2015", 9, 10, -1.5), one, as_of="2015")
    assert column(found, "quota")[2] == -2
    assert column(found, "completion")[2] == pytest.approx(1.25)
    assert column(progress(reported("2015", 9, 10, -3), one, as_of="2015"), "completion")[2] == 0.5
    half = progress(reported("2015-06", 9, 10, -1), one)
    assert column(half, "gap")[2] == pytest.approx(0)


def test_where_nothing_is_asked_nothing_is_judged() -> None:
    one = indicator(locks={"丙县": {"2015": 0}})
    found = progress(reported("2015-06", 6, 3), one)
    assert column(found, "level")[2] is None
    assert np.isnan(column(found, "completion")[2])
    assert found.ranking["region"].tolist() == ["乙县", "甲区"]
    assert len(found.late) == 0


# Colours.

THRESHOLDS = [
    ({"preset": "national_2021"}, "2015", [1.0, 0.9999], ["green", "yellow"]),
    ({"preset": "national_2021"}, "2015", [0.9, 0.8999], ["yellow", "red"]),
    ({"preset": "municipal_90_50"}, "2015", [0.9, 0.8999], ["green", "yellow"]),
    ({"preset": "municipal_90_50"}, "2015", [0.5, 0.4999], ["yellow", "red"]),
    ({"preset": "municipal_90_50"}, "2015-06", [0.45, 0.4499], ["green", "yellow"]),
    ({"preset": "municipal_90_50", "yellow": 95}, "2015", [0.95, 0.94], ["green", "yellow"]),
    ({"measure": "gap", "yellow": 3, "red": 10}, "2015-06", [0.4701, 0.47], ["green", "yellow"]),
    ({"measure": "gap", "yellow": 3, "red": 10}, "2015-06", [0.4001, 0.4], ["yellow", "red"]),
    ({"measure": "completion", "yellow": 80, "red": 60}, "2015", [0.8, 0.7], ["green", "yellow"]),
    ({}, "2015-06", [0.5, 0.44], ["green", "red"]),
]


@pytest.mark.parametrize(("lights", "when", "completions", "wanted"), THRESHOLDS)
def test_colours_change_at_their_thresholds(
    lights: dict[str, Any], when: str, completions: list[float], wanted: list[str]
) -> None:
    values = [share * quota for share, quota in zip(completions, QUOTAS, strict=False)]
    found = progress(reported(when, *values), as_of=when, assessment={"lights": lights})
    assert column(found, "level") == [*wanted, "not_reported"]


def test_presets_are_printed_in_their_own_words() -> None:
    actuals = reported("2015-06", 4.8, 2.3, 1)
    text = {
        name: str(progress(actuals, assessment={"lights": {"preset": name}}).tables()[0].rows)
        for name in PRESETS
    }
    assert "一级（形势十分严峻）" in text["national_2021"]
    assert "二级（形势比较严峻）" in text["national_2021"]
    assert "'黄'" in text["municipal_90_50"]


@pytest.mark.parametrize(
    "lights",
    [
        {"blue": 3},
        {"preset": "nobody"},
        {"measure": "feeling", "yellow": 3, "red": 10},
        {"measure": "gap", "yellow": 3},
        {"measure": "gap", "yellow": 10, "red": 3},
        {"measure": "pace", "yellow": 50, "red": 90},
        {"measure": "gap", "yellow": "x", "red": 3},
    ],
)
def test_lights_that_cannot_be_are_a_mistake_of_the_plan(lights: dict[str, Any]) -> None:
    with pytest.raises(dc.PlanError, match=r"assessment\.lights"):
        plan(assessment={"lights": lights})
    with pytest.raises(ValueError, match="晴雨表"):
        lights_of(lights)


def test_lights_stated_with_a_preset_keep_the_rest_of_it() -> None:
    assert lights_of({"preset": "municipal_90_50", "red": 60}) == Lights("pace", 90, 60)


# Points and ranks.


def test_points_are_weighted_and_capped() -> None:
    one = indicator(assess={"points": 15, "cap": 1.2})
    other = indicator(id="firms", name="企业", assess={"points": 5})
    free = indicator(id="free", name="其他")
    actuals = pd.concat(
        [
            reported("2015-06", 9.6, 2.64, 1.71),
            reported("2015-06", 9.6, 1.2, 0.9, name="firms"),
            reported("2015-06", 0, 0, 0, name="free"),
        ]
    )
    found = progress(actuals, one, other, free)
    marks = found.ranking.set_index("region")
    assert marks["points"].to_dict() == {"甲区": 23, "乙县": 19, "丙县": 16.75}
    assert marks["full"].to_dict() == dict.fromkeys(NAMES, 20)
    assert marks["score"].to_dict() == pytest.approx({"甲区": 1.15, "乙县": 0.95, "丙县": 0.8375})
    assert marks["rank"].to_dict() == {"甲区": 1, "乙县": 2, "丙县": 3}
    assert np.isnan(column(found, "points", "free")).all()


def test_what_is_not_reported_earns_nothing() -> None:
    found = progress(reported("2015-06", 4.8, None, 1.8))
    assert found.ranking["region"].tolist() == ["丙县", "甲区", "乙县"]
    assert found.ranking["rank"].tolist() == [1, 1, 3]
    assert column(found, "level") == ["green", "not_reported", "green"]
    assert column(found, "rank")[1] is pd.NA


def test_an_indicator_that_nobody_reports_does_not_count() -> None:
    other = indicator(id="firms", name="企业")
    found = progress(reported("2015-06", 4.8, 2.4, 1.8), indicator(), other)
    assert found.ranking["full"].tolist() == [1, 1, 1]
    assert found.ranking["rank"].tolist() == [1, 1, 1]
    assert len(found.late) == 3


def test_ranks_within_groups_and_over_all() -> None:
    found = progress(reported("2015-06", 4.8, 1.92, 1.71))
    assert found.ranking["scope"].unique().tolist() == ["全市"]
    groups = found.group_rankings.set_index(["scope", "region"])["rank"].to_dict()
    assert groups == {("南部", "甲区"): 1, ("北部", "丙县"): 1, ("北部", "乙县"): 2}


def test_reserves_are_not_ranked() -> None:
    regions = ["甲区", "乙县", {"name": "丙县", "reserve": True}]
    one = indicator(locks={"丙县": {"2015": 3}})
    found = progress(reported("2015-06", 6, 3), one, regions=regions, groups={}, low_rank=3)
    assert set(found.ranking["region"]) == {"甲区", "乙县"}
    assert column(found, "rank")[2] is pd.NA
    assert set(found.late["region"]) == set()


@given(
    st.lists(st.integers(0, 6), min_size=1, max_size=12), st.integers(0, 5), st.integers(0, 2**12)
)
def test_ranks_are_competition_ranks(values: list[int], count: int, out: int) -> None:
    scores = np.array(values) / 7
    among = np.array([not out >> k & 1 for k in range(len(values))])
    ranks = competition_ranks(scores, among)
    taking = [value for value, ranked in zip(values, among, strict=True) if ranked]
    low = low_ranks(scores, ranks, count)
    for value, ranked, rank, is_low in zip(values, among, ranks, low, strict=True):
        better = sum(other > value for other in taking)
        worse = sum(other < value for other in taking)
        assert rank == (1 + better if ranked else 0)
        assert is_low == (bool(ranked) and better > 0 and worse < count)


# Talks.

KEY = indicator(assess={"points": 10, "key": True})
OTHER = indicator(id="firms", name="企业", assess={"points": 10})


def both(key: tuple[float | None, ...], other: tuple[float | None, ...]) -> pd.DataFrame:
    return pd.concat([reported("2015-06", *key), reported("2015-06", *other, name="firms")])


def test_a_talk_needs_both_reasons() -> None:
    behind = both((4.8, 2.3, 1.8), (4.8, 2.4, 0.9))
    found = progress(behind, KEY, OTHER, low_rank=1)
    assert found.ranking["region"].tolist() == ["甲区", "乙县", "丙县"]
    assert len(found.talks) == 0  # 丙县 is last, but keeps its key indicator; 乙县 is not last
    found = progress(behind, KEY, OTHER, low_rank=2)
    assert found.talks["region"].tolist() == ["乙县"]
    (row,) = found.talks.to_dict("records")
    assert row["unmet"] == "未完成：投资完成 47.9%，时序进度 50.0%，落后 2.1 个百分点"
    assert row["low_rank"] == "排名靠后：3 个地区中第 2 名，属后 2 名"
    assert row["rank"] == 2


def test_a_key_indicator_that_was_not_reported_is_missed() -> None:
    found = progress(both((4.8, None, 1.8), (4.8, 2.4, 0.9)), KEY, OTHER)
    assert found.talks["region"].tolist() == ["乙县"]
    assert "投资未报送" in found.talks["unmet"][0]


def test_without_key_indicators_the_total_decides() -> None:
    found = progress(reported("2015-06", 4.8, 2.4, 1.7), low_rank=2)
    assert found.talks["region"].tolist() == ["丙县"]  # the others share the first rank
    assert found.talks["unmet"][0] == "未完成：总分 0.94，满分 1.00"
    fine = progress(reported("2015-06", 4.9, 2.5, 1.9))
    assert len(fine.talks) == 0


def test_at_the_end_of_the_year_the_quota_itself_counts() -> None:
    found = progress(reported("2015-12", 9.6, 4.7, 3.5), KEY, as_of="2015-12", low_rank=2)
    assert found.talks["region"].tolist() == ["丙县", "乙县"]
    assert "投资全年完成 97.2%，差 2.8 个百分点" in found.talks["unmet"][0]


def test_the_plan_says_how_many_ranks_are_low() -> None:
    actuals = reported("2015-06", 4.8, 2.0, 1.0)
    with_rule = progress(actuals, assessment={"low_rank": 2}, low_rank=None)
    assert with_rule.talks["region"].tolist() == ["丙县", "乙县"]
    without = progress(actuals, low_rank=None)
    assert len(without.talks) == 0
    assert [issue.code for issue in without.issues] == ["progress_no_low_rank"]


def test_by_the_other_rule_a_fall_or_a_low_rank_is_enough() -> None:
    rule = {"talk": "fall_or_low_rank", "fall": "5%", "low_rank": 1}
    actuals = pd.concat([reported("2014-06", 6.0, 2.0, 1.0), reported("2015-06", 5.7, 2, 1.2)])
    found = progress(actuals, assessment=rule, low_rank=None)
    assert found.talks[["region", "unmet", "low_rank"]].to_numpy().tolist() == [
        ["丙县", "", "排名靠后：3 个地区中第 3 名，属后 1 名"],
        ["甲区", "下降：投资比上年同期降 5.0%", ""],
    ]
    milder = progress(actuals, assessment={**rule, "fall": "6%"}, low_rank=None)
    assert milder.talks["region"].tolist() == ["丙县"]


# Who is late.


def test_who_has_not_reported_is_late() -> None:
    actuals = pd.concat([reported("2015-06", 4.8), reported("2015-05", 4, 2)])
    assert progress(actuals).late.to_dict("records") == [
        {"region": "乙县", "indicator": "investment", "period": "2015-06", "last": "2015-05"},
        {"region": "丙县", "indicator": "investment", "period": "2015-06", "last": None},
    ]


def test_january_may_be_reported_with_february() -> None:
    found = progress(reported("2015-02", 1, 1), as_of="2015-01")
    assert found.late["region"].tolist() == ["丙县"]
    assert len(progress(reported("2015-02", 1, 1, 1), as_of="2015-02").late) == 0


def test_quarterly_reports_are_late_by_quarters() -> None:
    calendar = {"calendar": {"quarterly": "每季度", "yearly": "12月底前"}}
    found = progress(reported("2015-03", 2.4, 1.2), as_of="2015-05", assessment=calendar)
    assert found.late[["region", "period"]].to_numpy().tolist() == [["丙县", "2015-03"]]
    assert column(found, "gap")[:2] == pytest.approx([0, 0])  # due by March
    assert column(found, "period") == ["2015-03"] * 3
    early = progress(reported("2015-01", 1), as_of="2015-02", assessment=calendar)
    assert len(early.late) == 0


# What looks odd.


@pytest.mark.parametrize(("times", "said"), [(1e4, "10,000"), (1e8, "100,000,000")])
def test_other_units_are_told_by_their_size(times: float, said: str) -> None:
    found = progress(reported("2015-06", 4.8 * times, 1.2 * times, 1.8 * times))
    (issue,) = found.issues
    assert (issue.severity, issue.code) == ("warning", "progress_unit")
    assert said in issue.text
    mixed = progress(reported("2015-06", 4.8 * times, 1.2, 1.8 * times))
    (some,) = mixed.issues
    assert some.code == "progress_unit_of"
    assert some.data["regions"] == ["甲区", "丙县"]
    early = progress(reported("2015-01", 0.2 * times, 0.1 * times, 0.1 * times), as_of="2015-01")
    assert [one.code for one in early.issues] == ["progress_unit"]


def test_an_area_that_its_regions_do_not_add_up_to_is_told() -> None:
    whole = [("investment", "全市", "2015-06", 9.0)]
    codes = {
        total: [issue.code for issue in progress(pd.concat([part, frame(*whole)])).issues]
        for total, part in (
            (9.0, reported("2015-06", 4, 3, 2)),
            (8.0, reported("2015-06", 4, 3, 1)),
        )
    }
    assert codes == {9.0: [], 8.0: ["progress_area"]}


@pytest.mark.parametrize("name", ["北部", "北部小计"])
def test_a_group_that_its_regions_do_not_add_up_to_is_told(name: str) -> None:
    groups = {"南部": {}, "北部": {"subtotal": True, "label": "北部小计"}}
    for total, codes in ((5.0, []), (9.0, ["progress_area"])):
        rows = pd.concat([reported("2015-06", 4, 3, 2), frame(("投资", name, "2015-06", total))])
        found = progress(rows, groups=groups)
        assert [issue.code for issue in found.issues] == codes
        assert column(found, "actual") == [4, 3, 2]
        assert all("北部" in issue.text for issue in found.issues)


def test_a_sum_is_not_compared_with_regions_that_have_not_all_reported() -> None:
    rows = pd.concat([reported("2015-06", 4, 3), frame(("投资", "北部", "2015-06", 9.0))])
    assert progress(rows).issues == ()


def test_what_is_not_handed_out_is_not_tracked() -> None:
    found = progress(
        pd.concat([reported("2015-06", 1, 1, 1, name="output"), reported("2015-06", 1, 1, 1)]),
        indicator(),
        ratio()[0],
    )
    assert set(found.table["indicator"]) == {"investment"}
    assert [issue.code for issue in found.issues] == ["progress_untracked"]


@pytest.mark.parametrize("as_of", ["2019-06", "x", "6月"])
def test_a_month_outside_the_plan_is_refused(as_of: str) -> None:
    with pytest.raises(dc.PlanError):
        progress(reported("2015-06", 1, 1, 1), as_of=as_of)


# Qingyuan, whose counties' actuals are made up.


@cache
def qingyuan() -> dc.Allocation:
    return dc.solve(dc.read_plan(QINGYUAN / "plan.yaml"))


@cache
def example() -> pd.DataFrame:
    return dc.read_actuals(QINGYUAN / "actuals_2015.csv")


def shown(found: dc.Progress) -> list[str]:
    frames = (found.table, found.ranking, found.group_rankings, found.talks, found.late)
    return [one.to_csv() for one in frames]


def test_the_example_is_tracked() -> None:
    found = dc.track(qingyuan(), example(), as_of="2015-06", low_rank=2)
    assert found.issues == ()
    assert set(example()["indicator"]) <= {one.label for one in qingyuan().plan.indicators}
    rows = found.table[found.table["indicator"] == "upgrade_investment"].set_index("region")
    assert (rows["quota"]["英德市"], rows["actual"]["英德市"]) == (3.2, 1.36)
    assert rows["completion"]["英德市"] == pytest.approx(0.425)
    assert "<table" in found._repr_html_()
    english = dc.track(qingyuan(), example(), as_of="2015-06", language="en", low_rank=2)
    assert english.talks["low_rank"].str.contains("low rank").all()


@given(order=st.permutations(range(60)))
def test_the_order_of_rows_changes_nothing(order: list[int]) -> None:
    actuals = example()
    rest = [number for number in range(len(actuals)) if number >= len(order)]
    mixed = actuals.iloc[[number for number in [*order, *rest] if number < len(actuals)]]
    once = dc.track(qingyuan(), actuals, as_of="2015-06", low_rank=2)
    again = dc.track(qingyuan(), mixed, as_of="2015-06", low_rank=2)
    assert shown(once) == shown(again)


def test_progress_is_written_as_tables(tmp_path: Path) -> None:
    found = dc.track(qingyuan(), example(), as_of="2015-06", low_rank=2)
    for suffix in (".xlsx", ".md", ".csv"):
        dc.write_report(found, tmp_path / f"progress{suffix}")
    text = (tmp_path / "progress.md").read_text(encoding="utf-8")
    titles = [line for line in text.splitlines() if line.startswith("## ")]
    assert [title.rpartition("1—6月")[2] for title in titles] == [
        "完成情况表",
        "排名表",
        "约谈名单",
        "未报送情况",
    ]
    assert "（示例数据）" in text
    assert "预测全年不是实际数" in text
    assert "没有一个地区报送的指标不列入：" in text
    assert "| 连南县 | 规模以上工业增加值 |" in text
    with pytest.raises(dc.PlanError, match="2015"):
        dc.write_report(found, tmp_path / "other.md", years=[2016])


def test_the_command_tracks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paths = [str(QINGYUAN / "plan.yaml"), str(QINGYUAN / "actuals_2015.csv")]
    output = tmp_path / "progress.csv"
    assert main(["track", *paths, "--as-of", "2015-06", "-o", str(output)]) == 0
    told = capsys.readouterr()
    assert "完成情况表" in told.out
    assert "assessment.low_rank" in told.err
    assert output.read_bytes().startswith(b"\xef\xbb\xbf")
    assert main(["track", *paths, "--as-of", "2012-06"]) == 2
    assert "2012" in capsys.readouterr().err


def test_the_page_shows_what_the_code_prints(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = QINGYUAN.parent.parent
    page = (root / "docs" / "tracking.md").read_text(encoding="utf-8")
    code, shown = (page.split(f"```{kind}\n")[1].split("```")[0] for kind in ("python", "text"))
    monkeypatch.chdir(root)
    exec(compile(code, "tracking.md", "exec"), {})
    assert capsys.readouterr().out == shown
