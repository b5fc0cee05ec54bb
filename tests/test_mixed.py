"""Features used together: what holds of each alone holds of both."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import decompose as dc
from decompose import adjust, adopt, revise
from tests import plans as small
from tests.plans import Data, indicator

GROWING: Data = {"kind": "level", "publish": "growth"}


def reported(allocation: dc.Allocation, through: int) -> pd.DataFrame:
    """What was issued, as what was reached."""
    rows = allocation.quotas[allocation.quotas["year"] <= through]
    rows = rows.assign(period=rows["year"].astype(str)).rename(columns={"quota": "value"})
    return rows[["indicator", "region", "period", "value"]]


def assert_stays(found: dc.Allocation, issued: dc.Allocation) -> None:
    """Check that every printed number is the same."""
    pd.testing.assert_frame_equal(found.values, issued.values)
    columns = ["indicator", "region", "year", "quota"]
    pd.testing.assert_frame_equal(found.quotas[columns], issued.quotas[columns])


# ---- published growth over several years ---------------------------------------------------------

OVER_YEARS: list[Data] = [
    {
        "base": {"甲区": 27, "乙县": 38, "丙县": 6},
        "target": {"years": {2015: "109以上", 2017: "159左右", 2020: "123以上"}},
    },
    {
        "decimals": 1,
        "base": {"甲区": 39, "乙县": 13, "丙县": 28},
        "target": {"years": {2017: 137, 2020: 181}},
    },
    {"target": {"growth_each_year": "5.0%以上"}},
]


@pytest.mark.parametrize("keys", OVER_YEARS, ids=["at least", "exact", "rates"])
def test_growth_over_several_years_stands_on_its_curve(keys: Data) -> None:
    """On the tangent of its reference, what stands is another sum than on the curve."""
    one = indicator(**GROWING, **keys, allocate={"by": {"甲区": 1, "乙县": 3, "丙县": 2}})
    issued = dc.solve(small.plan(one, base_year=2013, years=[2015, 2017, 2020]))
    assert_stays(adjust(issued, []), issued)
    for through in (2015, 2017):
        revision = revise(issued, reported(issued, through), through=through)
        assert_stays(revision.allocation, issued)


def test_a_move_of_growth_over_several_years_keeps_the_sum() -> None:
    one = indicator(**GROWING, target={"years": {2016: 20.5}}, decimals=2)
    issued = dc.solve(small.plan(one, base_year=2013, years=[2016]))
    moved = adjust(issued, [dc.Move("investment", 2016, "甲区", -3.0)])
    frames = pd.DataFrame(issued.values), pd.DataFrame(moved.values)
    sums = [frame["value"].sum() for frame in frames]
    step = 0.01 / 100 * 3 * 15 * 1.12**2  # of every rate
    assert sums[1] == pytest.approx(sums[0], abs=step)


def test_a_falling_year_without_a_figure_is_told() -> None:
    """It comes near to the path, which is no rule of the plan."""
    one = indicator(**GROWING, target={"growth": "-3%以上"}, limits={"growth": {"min": "-18%"}})
    allocation = dc.solve(small.plan(one))
    assert "参考数少3.00个百分点" in allocation.why("investment", "甲区", 2015).text()


# ---- yearly rates, and years that are over -------------------------------------------------------

LOW = {"甲区": 8, "乙县": 10, "丙县": 10}
RATES: list[Data] = [
    {"step": 5, "decimals": 0, "base": LOW, "limits": {"min": {"甲区": {2015: 43}}}},
    {"decimals": 0, "base": LOW, "limits": {"min": {"甲区": 43}}},
    {"decimals": 1, "base": LOW, "limits": {"growth": {"min": "30%"}}},
    {"publish": "increment", "decimals": 0, "base": {"甲区": 29, "乙县": 31, "丙县": 7}},
]


@pytest.mark.parametrize("keys", RATES, ids=["coarse", "floor", "growth", "increment"])
def test_yearly_rates_go_on_from_what_was_issued(keys: Data) -> None:
    """What rounding or other rules made of the rate, a revision leaves as it stands."""
    target = {"growth_each_year": "3%以上"}
    one = indicator(kind="level", target=target, **keys)
    issued = dc.solve(small.plan(one, years=[2015, 2016, 2017]))
    for through in (2015, 2016):
        revision = revise(issued, reported(issued, through), through=through)
        assert_stays(revision.allocation, issued)


def test_yearly_rates_go_on_beside_what_could_not_be_handed_out() -> None:
    limits = {"max": {"甲区": {2015: 7}, "乙县": {2015: 4}, "丙县": {2015: 3}}}
    one = indicator(kind="level", target={"growth_each_year": "5%以上"}, limits=limits)
    issued = dc.solve(small.plan(one, years=[2015, 2016, 2017]), gap="row")
    revision = revise(issued, reported(issued, 2015), through=2015)
    assert_stays(revision.allocation, issued)


def test_yearly_rates_go_on_from_what_was_reached() -> None:
    one = indicator(kind="level", target={"growth_each_year": "10%以上"}, decimals=1)
    issued = dc.solve(small.plan(one, years=[2015, 2016]))
    actuals = reported(issued, 2015)
    actuals.loc[actuals["region"] == "甲区", "value"] += 2
    totals = revise(issued, actuals, through=2015).allocation.totals.query("scope == '全市'")
    assert totals["quota"].tolist() == pytest.approx([18.5, 20.4])  # 20.35, and on the grid


OF_ALL = {"甲区": 16.39, "乙县": 7.24, "丙县": 9.89}


# ---- stretch quotas ------------------------------------------------------------------------------


def printed(allocation: dc.Allocation, folder: Path) -> Path:
    path = folder / "annexes.xlsx"
    dc.write_report(allocation, path)
    return path


def test_a_reserve_takes_nothing_of_stretch_figures_that_rise_where_less_is_better() -> None:
    regions = [*small.data()["regions"], {"name": "市本级", "reserve": True}]
    target = {"years": {2015: "18以下", 2016: "24以下"}, "stretch": {"years": {2015: 20, 2016: 25}}}
    allocation = dc.solve(small.plan(indicator(target=target), regions=regions))
    assert allocation.stretch is not None
    higher = allocation.stretch.quotas.set_index(["region", "year"])["quota"]
    assert higher["市本级"].tolist() == [0, 0]
    assert higher.loc[:, 2015].tolist() == [10.67, 5.33, 4, 0]


def test_stretch_quotas_above_base_quotas_are_taken_over_where_less_is_better(
    tmp_path: Path,
) -> None:
    target = {"years": {2015: "18以下", 2016: "24以下"}, "stretch": {"years": {2015: 20, 2016: 25}}}
    allocation = dc.solve(small.plan(indicator(target=target)))
    found = adopt(allocation.plan, printed(allocation, tmp_path))
    assert found.stretch is not None
    assert allocation.stretch is not None
    assert_stays(found.stretch, allocation.stretch)


def test_what_stretch_figures_leave_is_read_back(tmp_path: Path) -> None:
    """The row 待落实 has a gap of base quotas in one column, of stretch quotas in the other."""
    target = {"years": {2015: 18, 2016: 24}, "stretch": {"years": {2015: 21, 2016: 25}}}
    limits = {"max": {"甲区": {2015: 9}, "乙县": {2015: 5}, "丙县": {2015: 3}}}
    allocation = dc.solve(small.plan(indicator(target=target, limits=limits)), gap="row")
    path = printed(allocation, tmp_path)
    found = adopt(allocation.plan, path, gap="row")
    assert found.stretch is not None
    assert allocation.stretch is not None
    assert (found.gaps["gap"].tolist(), found.stretch.gaps["gap"].tolist()) == ([1], [4])
    higher = allocation.stretch.annex2(2015)
    assert higher.iloc[-1, 0] == 4


# ---- published growth, taken over ----------------------------------------------------------------


def test_exact_sums_that_rounded_growth_passes_are_taken_over(tmp_path: Path) -> None:
    base = {"甲区": 16, "乙县": 15, "丙县": 18}
    one = indicator(**GROWING, decimals=1, base=base, target={"years": {2017: 111}})
    allocation = dc.solve(small.plan(one, years=[2015, 2017]))
    assert len(allocation.excess)
    assert_stays(adopt(allocation.plan, printed(allocation, tmp_path)), allocation)


def test_a_sum_of_growth_that_is_missed_is_told_as_a_value() -> None:
    target = {"years": {2015: "18以上", 2016: "24以上"}}
    allocation = dc.solve(small.plan(indicator(**GROWING, decimals=1, target=target)))
    table = allocation.quotas.copy()
    table["quota"] = np.where(table["year"] == 2015, table["quota"] - 2, table["quota"])
    with pytest.raises(dc.PlanError) as caught:
        adopt(allocation.plan, table)
    texts = " ".join(str(one.message.text()) for one in caught.value.mistakes)
    assert "表中为17.70亿元，至少18.00亿元，少0.30亿元" in texts


# ---- regions that do not take part ---------------------------------------------------------------


def test_bases_of_regions_that_do_not_take_part_are_no_part_of_the_areas() -> None:
    """Without 甲区 the base is 7, as annex 1 prints it: 10 % a year makes 8.47 of it."""
    one = indicator(kind="level", target={"growth": "10%"}, regions={"except": ["甲区"]})
    allocation = dc.solve(small.plan(one))
    assert allocation.totals.query("scope == '全市'")["quota"].tolist() == [7.7, 8.47]
    assert allocation.annex1()["2014年"].tolist()[0] == 7


@pytest.mark.parametrize("publish", ["value", "increment", "growth"])
def test_shares_shift_from_those_of_the_regions_that_take_part(publish: str) -> None:
    one = indicator(
        kind="level",
        publish=publish,
        target={"years": {2016: 10}},
        regions={"except": ["甲区"]},
        limits={"share_shift": 0.01},
    )
    values = pd.DataFrame(dc.solve(small.plan(one)).values).query("year == 2016")["value"]
    assert (values / values.sum()).tolist() == pytest.approx([4 / 7, 3 / 7], abs=0.011)


def test_the_areas_own_base_is_that_of_the_regions_that_take_part_or_of_all() -> None:
    for total in (7, 15):
        assert small.plan(indicator(regions={"except": ["甲区"]}, base_total=total))
    with pytest.raises(dc.PlanError):
        small.plan(indicator(regions={"except": ["甲区"]}, base_total=8))


# ---- base quotas on a curve ----------------------------------------------------------------------


def test_growth_that_falls_over_several_years_stands_beside_stretch_figures() -> None:
    """Base quotas are no answer along the tangent of 0 %, which the references have."""
    falling = indicator(
        **GROWING,
        id="falling",
        name="能耗",
        base={"甲区": 8.4, "乙县": 5.834, "丙县": 6},
        target={"years": {2016: 17.2, 2017: "16.5左右"}},
        limits={"growth": {"min": "-6.2%"}},
    )
    target = {"years": {2016: 18, 2017: 24}, "stretch": {"years": {2016: 19, 2017: 25}}}
    other = indicator(target=target)
    allocation = dc.solve(small.plan(falling, other, base_year=2013, years=[2016, 2017]))
    assert allocation.stretch is not None
    same = [each.region_values("falling").tolist() for each in (allocation, allocation.stretch)]
    assert same[0] == same[1]


def test_yearly_cuts_that_gave_way_are_taken_over(tmp_path: Path) -> None:
    made = {year: dict(OF_ALL) for year in ("2014", "2015", "2016")}
    given = {"id": "all", "name": "总数", "kind": "given", "unit": "家", "values": made}
    ratio = {
        "id": "ratio",
        "name": "能耗",
        "kind": "ratio",
        "unit": "吨",
        "decimals": 1,
        "publish": "cut",
        "denominator": "all",
        "base_numerator": {"甲区": 4, "乙县": 3, "丙县": 2},
        "target": {"cut_each_year": "5%以上"},
        "limits": {"cut": {"max": "7%"}},
    }
    allocation = dc.solve(small.plan(given, ratio), gap="row")
    assert allocation.gaps["gap"].tolist() == pytest.approx([2.8])
    found = adopt(allocation.plan, printed(allocation, tmp_path), gap="row")
    assert_stays(found, allocation)
    assert found.gaps.equals(allocation.gaps)
