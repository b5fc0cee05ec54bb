"""Once a year is over: what was reached stays, the rest moves as little as it can."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

import decompose as dc
from decompose.plan.scopes import limit_grids
from tests.gap_plans import tight_plans
from tests.growth_plans import growth_plan
from tests.link_plans import link_plan
from tests.oracles import plan_indicator
from tests.plans import BASES, Data, data, indicator
from tests.ratio_plans import ratio_plan
from tests.solved import column
from tests.strategies import plans, simple_plans
from tests.test_kept import brought_back, solved_or_passed
from tests.test_stretch import stretched_plans

ROOT = Path(__file__).parent.parent
Cell = tuple[str, str, int]
YEARS = [2015, 2016, 2017]


def reached(
    allocation: dc.Allocation, through: int, other: Mapping[Cell, float | None] | None = None
) -> pd.DataFrame:
    """Return actuals that are the quotas, but for some cells."""
    rows = []
    for name, region, year, quota in zip(
        *(allocation.quotas[one] for one in ("indicator", "region", "year", "quota")), strict=True
    ):
        if year <= through:
            value = (other or {}).get((name, region, year), quota)
            rows.append((name, region, str(year), value))
    return pd.DataFrame(rows, columns=["indicator", "region", "period", "value"])


def of_year(revision: dc.Revision, year: int, name: str = "investment") -> list[float]:
    cells = column(revision.allocation, "quota")
    regions = revision.allocation.plan.region_names
    return [cells[plan_indicator.Cell(name, region, year)] for region in regions]


def solved(*indicators: Data, **keys: Any) -> dc.Allocation:
    return dc.solve(dc.Plan.model_validate(data(*indicators, **{"years": YEARS, **keys})))


def reason(revision: dc.Revision, scope: str, year: int) -> str:
    frame = revision.changes
    found = frame[(frame["scope"] == scope) & (frame["year"] == year)]["reason"].tolist()
    assert len(found) == 1
    return str(found[0])


@pytest.fixture(scope="module")
def issued() -> dc.Allocation:
    """甲区 8/8/8, 乙县 4/4/4, 丙县 3/3/3: 15 a year, 45 in all."""
    years = dict.fromkeys(YEARS, 15)
    return solved(indicator(target={"years": years, "total": 45}, decimals=2))


MISSED = {("investment", "甲区", 2015): 5.0}


# ---- each carry, by hand ---------------------------------------------------------------------


def test_the_area_carries(issued: dc.Allocation) -> None:
    """3 of 30 are missing: every later quota grows by a tenth."""
    found = dc.revise(issued, reached(issued, 2015, MISSED), through=2015)
    assert of_year(found, 2015) == [5, 4, 3]
    for year in (2016, 2017):
        assert of_year(found, year) == [8.8, 4.4, 3.3]
    totals = found.allocation.totals
    assert totals[totals["year"] == "total"]["quota"].tolist()[0] == 45


def test_the_region_carries(issued: dc.Allocation) -> None:
    """甲区 has 24 - 5 = 19 left; nobody else moves."""
    found = dc.revise(issued, reached(issued, 2015, MISSED), through=2015, carry="region")
    for year in (2016, 2017):
        assert of_year(found, year) == [9.5, 4, 3]


def test_nobody_carries(issued: dc.Allocation) -> None:
    found = dc.revise(issued, reached(issued, 2015, MISSED), through=2015, carry="none")
    for year in (2016, 2017):
        assert of_year(found, year) == [8, 4, 3]
    assert found.allocation.plan.indicators[0].target.total is None


def test_what_a_region_has_too_much_relieves_the_others(issued: dc.Allocation) -> None:
    """乙县 reached 15 of 12: 3 too much. 甲区 has 16 and 丙县 6 left, of which 19 are needed."""
    over = {("investment", "乙县", 2015): 15.0}
    found = dc.revise(issued, reached(issued, 2015, over), through=2015, carry="region")
    for year in (2016, 2017):
        exact = [8 * 19 / 22, 0, 3 * 19 / 22]
        assert of_year(found, year) == pytest.approx(exact, abs=0.011)
    assert sum(sum(of_year(found, year)) for year in YEARS) == pytest.approx(45)


def test_overshoot_lowers_the_later_years(issued: dc.Allocation) -> None:
    """3 too much: every later quota falls by a tenth."""
    over = {("investment", "甲区", 2015): 11.0}
    found = dc.revise(issued, reached(issued, 2015, over), through=2015)
    for year in (2016, 2017):
        assert of_year(found, year) == [7.2, 3.6, 2.7]


@pytest.mark.parametrize("carry", ["area", "region"])
def test_more_than_the_whole_leaves_later_years_at_their_floors(carry: str) -> None:
    limits = {"min": {"甲区": 2}}
    allocation = solved(
        indicator(target={"years": dict.fromkeys(YEARS, 15), "total": 45}, limits=limits)
    )
    over = {("investment", "甲区", 2015): 40.0}
    found = dc.revise(allocation, reached(allocation, 2015, over), through=2015, carry=carry)
    for year in (2016, 2017):
        assert of_year(found, year) == [2, 0, 0]
    assert "只按下限分解" in found.text
    assert "47" in found.text
    english = dc.revise(allocation, reached(allocation, 2015, over), through=2015, language="en")
    assert "floors" in english.text


def test_growth_is_measured_from_what_was_reached() -> None:
    """At most 20 % more than the year before: 甲区, at 5, reaches 6 and 7.2."""
    allocation = solved(
        indicator(
            target={"years": dict.fromkeys(YEARS, 15), "total": 45},
            limits={"growth": {"max": {"甲区": "20%"}}},
        )
    )
    found = dc.revise(allocation, reached(allocation, 2015, MISSED), through=2015)
    quotas = [of_year(found, year) for year in YEARS]
    assert quotas[1][0] == 6
    assert quotas[2][0] == 7.2
    assert sum(map(sum, quotas)) == pytest.approx(45)
    bound = column(found.allocation, "bound_by")
    assert "growth.max" in bound[plan_indicator.Cell("investment", "甲区", 2016)]
    assert "增速上限" in reason(found, "甲区", 2016)


def test_a_year_that_broke_its_limits_is_a_fact() -> None:
    """Floors, capacities, growth and shares of the year that is over ask nothing any more."""
    limits = {
        "min": 2,
        "max": 9,
        "growth": {"min": "-50%", "max": "100%"},
        "share": {"max": "60%"},
        "share_shift": "10%",
        "ramp": {"max": 5},
    }
    allocation = solved(indicator(target={"years": dict.fromkeys(YEARS, 15)}, limits=limits))
    broken = {("investment", "甲区", 2015): 9.3, ("investment", "丙县", 2015): 1.2}
    found = dc.revise(allocation, reached(allocation, 2015, broken), through=2015)
    assert of_year(found, 2015) == [9.3, 4, 1.2]
    assert sum(of_year(found, 2016)) == pytest.approx(15)
    assert of_year(found, 2016)[2] == 2.4  # twice what it had reached
    assert not [one for one in dc.check(found.allocation.plan) if one.severity == "error"]


def test_targets_of_later_years_stay_without_a_cumulative_one() -> None:
    allocation = solved(indicator(target={"years": {2015: 15, 2016: 16, 2017: 18}}))
    before = column(allocation, "quota")
    found = dc.revise(allocation, reached(allocation, 2015, MISSED), through=2015)
    after = column(found.allocation, "quota")
    assert {cell for cell in after if after[cell] != before[cell]} == {("investment", "甲区", 2015)}


def test_a_yearly_rate_goes_on_from_what_was_reached() -> None:
    """10 % a year: 15 → 16.5 were issued; 12 were reached, so that 13.2 and 14.52 follow."""
    allocation = solved(indicator(target={"growth_each_year": "10%以上"}))
    fallen = {("investment", "甲区", 2015): 5.0}
    found = dc.revise(allocation, reached(allocation, 2015, fallen), through=2015)
    first = sum(of_year(found, 2015))
    assert sum(of_year(found, 2016)) == pytest.approx(1.1 * first, abs=0.011)


@pytest.mark.parametrize("carry", ["area", "region", "none"])
def test_published_growth_of_later_years_stays(carry: str) -> None:
    allocation = solved(
        indicator(kind="level", publish="growth", decimals=1, target={"growth_each_year": "9%以上"})
    )
    got = {("investment", "甲区", 2015): -2.0, ("investment", "乙县", 2015): 14.5}
    found = dc.revise(allocation, reached(allocation, 2015, got), through=2015, carry=carry)
    assert of_year(found, 2015) == [-2, 14.5, 9]
    assert of_year(found, 2016) == of_year(found, 2017) == [9, 9, 9]


def test_rates_are_told_by_the_areas_number() -> None:
    """The area's growth: (8 · 0.98 + 4 · 1.145 + 3 · 1.09) / 15 = 1.046; on that 9 % each."""
    growth = indicator(
        kind="level", publish="growth", decimals=1, target={"growth_each_year": "9%"}
    )
    allocation = solved(growth)
    got = {("investment", "甲区", 2015): -2.0, ("investment", "乙县", 2015): 14.5}
    actuals = reached(allocation, 2015, got)
    found = dc.revise(allocation, actuals, through=2015)
    assert found.text == "投资增速：2015年下达 9.0%，实际 4.6%；2017年由 9.0%调为 9.0%"
    merged = dc.revise(allocation, actuals, through=2015, merge={"新区": ["乙县", "丙县"]})
    assert merged.text == found.text
    frame = merged.changes[merged.changes["scope"] == "全市"]
    assert frame[["before", "after"]].iloc[0].tolist() == [9.0, 4.6]
    names = {"indicator": "share", "region": list(BASES)}
    rate = {"id": "share", "name": "占比", "unit": "%", "kind": "ratio", "denominator": "whole"}
    whole = {"id": "whole", "kind": "given", "base": BASES, "values": dict.fromkeys(YEARS, BASES)}
    ratio = solved({**rate, "decimals": 1, "target": {"years": dict.fromkeys(YEARS, 11)}}, whole)
    values = pd.DataFrame({**names, "period": "2015", "value": [10.0, 11.0, 12.0]})
    english = dc.revise(ratio, values, through=2015, language="en")  # 161 / 15
    assert english.text.startswith("占比: 11.0 % issued for 2015, 10.7 % reached; 2017 goes from")


def test_levels_keep_their_last_year() -> None:
    allocation = solved(
        indicator(kind="level", target={"years": {2017: 21}}, limits={"monotone": "up"})
    )
    less = {("investment", "甲区", 2015): 8.0}
    found = dc.revise(allocation, reached(allocation, 2015, less), through=2015)
    assert of_year(found, 2015)[0] == 8
    assert sum(of_year(found, 2017)) == pytest.approx(21)


def test_published_increments_may_have_been_negative() -> None:
    allocation = solved(
        indicator(
            kind="level", publish="increment", target={"years": {2015: 18, 2016: 21, 2017: 24}}
        )
    )
    fallen = {("investment", "甲区", 2015): -1.0}
    found = dc.revise(allocation, reached(allocation, 2015, fallen), through=2015)
    assert of_year(found, 2015)[0] == -1
    grid = found.allocation.settled.printed["investment"]
    assert grid[0, 0] == 7
    assert grid[:, 1].sum() == 21


@pytest.mark.parametrize("kind", ["flow", "level"])
@pytest.mark.parametrize("carry", ["area", "region", "none"])
def test_what_was_reached_in_all_may_have_been_negative(
    kind: str, carry: Any, tmp_path: Any
) -> None:
    """Nothing is shared in a year that is over, so that its sum may be below 0."""
    total = {"total": 45} if kind == "flow" else {}
    target = {"years": dict.fromkeys(YEARS, 15), **total}
    allocation = solved(indicator(kind=kind, signed=True, target=target))
    fallen = {("investment", "甲区", 2015): -14.0}
    found = dc.revise(allocation, reached(allocation, 2015, fallen), through=2015, carry=carry)
    assert of_year(found, 2015) == [-14, 4, 3]
    later = 26 if kind == "flow" and carry != "none" else 15
    assert sum(of_year(found, 2016)) == pytest.approx(later)
    references = found.allocation.quotas.query("year == 2015")["reference"]
    assert references.tolist() == [0, 0, 0]
    brought_back(found.allocation, tmp_path)


def test_a_sum_that_is_kept_is_written_short_where_a_margin_made_it() -> None:
    """47 by a path, 5 % more of it: what is left of a year without its margin has many digits."""
    target = {"total": 47, "margin": "5%"}
    allocation = solved(indicator(target=target, decimals=2))
    found = dc.revise(allocation, reached(allocation, 2015, {}), through=2015, carry="none")
    said = found.allocation.plan.indicators[0].target.years
    handed = allocation.quotas.groupby("year")["quota"].sum()
    for year in YEARS[1:]:
        assert len(f"{said[year].value:.15g}".partition(".")[2]) <= 3
        assert said[year].value * 1.05 == pytest.approx(handed[year], abs=0.005)
        assert of_year(found, year) == allocation.quotas.query("year == @year")["quota"].tolist()


@pytest.mark.parametrize(
    "own",
    [
        {},
        {"kind": "level"},
        {"kind": "level", "publish": "increment"},
        {"kind": "level", "publish": "growth", "decimals": 2},
    ],
)
def test_a_part_to_which_an_indicator_does_not_apply_takes_no_number_from_the_whole(
    own: Data,
) -> None:
    """丙县 takes no part: what 甲区 reached is what both together reached."""
    target = {"years": {2015: 24, 2016: 36, 2017: 54}}
    said = {"base": {"甲区": 8, "乙县": 4, "丙县": 3}, "target": target, **own}
    allocation = solved(indicator(regions={"except": ["丙县"]}, **said))
    actuals = reached(allocation, 2015, {("investment", "甲区", 2015): 7.0})
    keys: Data = {"merge": {"新区": ["甲区", "丙县"]}, "changes": {"regions.新区.groups": []}}
    found = dc.revise(allocation, actuals, through=2015, **keys)
    apart = dc.revise(allocation, actuals, through=2015)
    assert of_year(found, 2015) == apart.allocation.quotas.query("year == 2015")["quota"].tolist()
    assert set(found.allocation.quotas.query("year == 2015")["bound_by"]) == {"lock"}
    table = found.allocation.annex1()
    assert float(table["2015年"].iloc[0]) == found.allocation.annex2(2015).iloc[0, 0]
    with pytest.raises(dc.PlanError, match="新区"):
        dc.revise(allocation, actuals[actuals["region"] != "甲区"], through=2015, **keys)


def test_a_ratio_that_a_part_does_not_have_is_that_of_the_other_parts() -> None:
    rate = {
        "id": "rate",
        "kind": "ratio",
        "denominator": "firms",
        "scale": 100,
        "decimals": 1,
        "target": {"years": dict.fromkeys(YEARS, 12)},
        "regions": {"except": ["丙县"]},
    }
    values = {year: dict.fromkeys(BASES, 100) for year in (2014, *YEARS)}
    firms = {"id": "firms", "kind": "given", "values": values}
    allocation = solved(firms, rate)
    actuals = reached(allocation, 2015, {("rate", "甲区", 2015): 11.0})
    keys: Data = {"merge": {"新区": ["甲区", "丙县"]}, "changes": {"regions.新区.groups": []}}
    found = dc.revise(allocation, actuals, through=2015, **keys)
    assert found.allocation.settled.printed["rate"][:, 0].tolist() == [11, 12]


def test_a_changed_provincial_target_is_shared_with_the_shortfall(issued: dc.Allocation) -> None:
    """45 becomes 51: 51 - 12 = 39 are left where 30 were issued."""
    changes = {"indicators.investment.target.total": 51}
    found = dc.revise(issued, reached(issued, 2015, MISSED), through=2015, changes=changes)
    for year in (2016, 2017):
        assert of_year(found, year) == pytest.approx([10.4, 5.2, 3.9])
    assert "51" in reason(found, "甲区", 2016)


def test_a_later_year_that_was_changed_is_kept(issued: dc.Allocation) -> None:
    """2016 is 12 now; 2017 takes 45 - 12 - 12 = 21."""
    changes = {"indicators.investment.target.years.2016": 12}
    found = dc.revise(issued, reached(issued, 2015, MISSED), through=2015, changes=changes)
    assert of_year(found, 2016) == [6.4, 3.2, 2.4]
    assert of_year(found, 2017) == [11.2, 5.6, 4.2]


def test_groups_carry_their_own_cumulative_targets() -> None:
    years = dict.fromkeys(YEARS, 15)
    allocation = solved(
        indicator(
            target={"years": years, "total": 45},
            group_targets={"北部": {"total": 21}, "南部": {"total": 24}},
        )
    )
    found = dc.revise(allocation, reached(allocation, 2015, MISSED), through=2015)
    for year in (2016, 2017):
        assert of_year(found, year) == [9.5, 4, 3]


def test_a_margin_is_carried_too() -> None:
    allocation = solved(indicator(target={"total": 45, "margin": "10%"}, path="equal"))
    assert sum(column(allocation, "quota").values()) == pytest.approx(49.5)
    found = dc.revise(allocation, reached(allocation, 2015, {}), through=2015)
    assert_frame_equal(found.allocation.quotas[["quota"]], allocation.quotas[["quota"]])
    less = {("investment", "甲区", 2015): 6.0}
    found = dc.revise(allocation, reached(allocation, 2015, less), through=2015)
    assert sum(column(found.allocation, "quota").values()) == pytest.approx(49.5)


@pytest.mark.parametrize("carry", ["area", "region", "none"])
@pytest.mark.parametrize("years", [{}, {2015: 14.0}])
def test_the_margin_of_the_area_reaches_groups_once(carry: str, years: dict[int, float]) -> None:
    allocation = solved(
        indicator(
            target={"total": 45, "years": years, "margin": "2%"},
            group_targets={"北部": {"total": 22}},
        )
    )
    found = dc.revise(allocation, reached(allocation, 2015, {}), through=2015, carry=carry)
    assert_frame_equal(found.allocation.quotas[["quota"]], allocation.quotas[["quota"]])


# ---- bases, regions ---------------------------------------------------------------------------


def test_restated_bases_move_shares_of_what_was_never_issued() -> None:
    """2018 is new: it is shared by bases, which are restated; 2016 and 2017 stand."""
    allocation = solved(indicator(target={"years": dict.fromkeys(YEARS, 15)}))
    found = dc.revise(
        allocation,
        reached(allocation, 2015),
        through=2015,
        bases={"investment": {"甲区": 10, "乙县": 2}},
        changes={"years": [*YEARS, 2018], "indicators.investment.target.years.2018": 30},
    )
    assert of_year(found, 2017) == [8, 4, 3]
    assert of_year(found, 2018) == [20, 4, 6]


def test_a_merged_region_has_the_sums_of_its_parts() -> None:
    allocation = solved(
        indicator(
            target={"years": dict.fromkeys(YEARS, 15), "total": 45},
            limits={"max": {"乙县": 6, "丙县": 5}, "growth": {"max": "50%"}},
            locks={"乙县": {2017: 4}, "丙县": {2017: 3}},
        )
    )
    found = dc.revise(
        allocation,
        reached(allocation, 2015, MISSED),
        through=2015,
        merge={"新区": ["乙县", "丙县"]},
    )
    plan = found.allocation.plan
    assert plan.region_names == ("甲区", "新区")
    one = plan.indicators[0]
    assert plan.base(one).tolist() == [8, 7]
    assert of_year(found, 2015) == [5, 7]
    assert of_year(found, 2017)[1] == 7  # locked, as its parts were
    upper = column(found.allocation, "upper")
    assert upper[plan_indicator.Cell("investment", "新区", 2016)] == 11
    rows = found.changes[found.changes["scope"] == "新区"]
    assert rows["before"].tolist()[0] == 7


def test_merged_shares_are_summed_up_to_the_whole() -> None:
    limits = {"share": {"max": "70%"}, "growth": {"max": "180%"}}
    allocation = solved(indicator(target={"years": dict.fromkeys(YEARS, 15)}, limits=limits))
    merge = {"新区": ["乙县", "丙县"]}
    found = dc.revise(allocation, reached(allocation, 2015), through=2015, merge=merge)
    grids = limit_grids(found.allocation.plan, found.allocation.plan.indicators[0])
    assert grids["share.max"].value[:, 1].tolist() == [0.7, 1.0]
    assert grids["growth.max"].value[:, 1].tolist() == [1.8, 1.8]


def test_actuals_of_merged_regions_go_by_either_name(issued: dc.Allocation) -> None:
    by_parts = reached(issued, 2015)
    by_whole = pd.DataFrame(
        [("investment", "甲区", "2015", 8.0), ("investment", "新区", "2015", 7.0)],
        columns=by_parts.columns,
    )
    merge = {"新区": ["乙县", "丙县"]}
    one, other = (
        dc.revise(issued, frame, through=2015, merge=merge) for frame in (by_parts, by_whole)
    )
    assert_frame_equal(one.allocation.quotas, other.allocation.quotas)
    assert of_year(one, 2016) == [8, 7]


def test_a_renamed_region_keeps_everything(issued: dc.Allocation) -> None:
    found = dc.revise(issued, reached(issued, 2015), through=2015, merge={"甲新区": ["甲区"]})
    assert found.allocation.plan.region_names == ("甲新区", "乙县", "丙县")
    for year in YEARS:
        assert of_year(found, year) == [8, 4, 3]
    assert found.allocation.plan.region_index["甲区"] == 0


@pytest.mark.parametrize(
    ("merge", "code"),
    [
        ({"新区": ["丁县"]}, "merge_unknown"),
        ({"新区": ["乙县"], "另区": ["乙县"]}, "merge_twice"),
        ({"甲区": ["乙县", "丙县"]}, "merge_taken"),
        ({"北部": ["乙县", "丙县"]}, "merge_taken"),
        ({"新区": ["甲区", "乙县"]}, "merge_groups"),
        ({"新区": []}, "merge_nothing"),
    ],
)
def test_merges_that_cannot_be_are_told(issued: dc.Allocation, merge: Any, code: str) -> None:
    with pytest.raises(dc.PlanError) as caught:
        dc.revise(issued, reached(issued, 2015), through=2015, merge=merge)
    assert code in [one.message.code for one in caught.value.mistakes]


def test_a_merged_region_may_be_put_in_a_group(issued: dc.Allocation) -> None:
    found = dc.revise(
        issued,
        reached(issued, 2015),
        through=2015,
        merge={"新区": ["甲区", "乙县"]},
        changes={"regions.新区.groups": ["北部"]},
    )
    assert of_year(found, 2016) == [12, 3]


# ---- what is refused ----------------------------------------------------------------------------


def test_regions_that_have_not_reported_are_listed(issued: dc.Allocation) -> None:
    actuals = reached(issued, 2015, {("investment", "乙县", 2015): None, **MISSED})
    with pytest.raises(dc.PlanError) as caught:
        dc.revise(issued, actuals, through=2015)
    assert "乙县" in caught.value.text()
    assert "2015" in caught.value.text()
    assert "甲区" not in caught.value.text()
    assert "estimate" in caught.value.text("en")


def test_what_nobody_has_reported_stands_as_issued_and_is_told() -> None:
    years = dict.fromkeys(YEARS, 15)
    asked = [
        indicator(id=name, name=name, target={"years": years, "total": 45})
        for name in ("one", "two")
    ]
    allocation = solved(*asked)
    actuals = reached(allocation, 2015, {("one", "甲区", 2015): 5.0})
    found = dc.revise(allocation, actuals[actuals["indicator"] == "one"], through=2015)
    assert of_year(found, 2015, "one") != of_year(found, 2015, "two")
    for year in YEARS:
        quotas = column(allocation, "quota")
        regions = allocation.plan.region_names
        stood = [quotas[plan_indicator.Cell("two", region, year)] for region in regions]
        assert of_year(found, year, "two") == stood
    reasons = found.changes.query("indicator == 'two' and year == 2015")["reason"]
    assert set(reasons) == {"2015年未报送，按下达数计"}
    (note,) = [one for one in found.notes if one.code == "revise_told_unreported"]
    assert "2015年各地区均未报送" in note.text()


def test_with_no_actuals_at_all_nothing_changes(issued: dc.Allocation) -> None:
    nothing = pd.DataFrame(columns=["indicator", "region", "period", "value"])
    found = dc.revise(issued, nothing, through=2016)
    assert_frame_equal(found.allocation.quotas[["quota"]], issued.quotas[["quota"]])


def test_a_year_that_is_not_reported_to_its_end_is_missing(issued: dc.Allocation) -> None:
    actuals = reached(issued, 2015)
    actuals["period"] = "2015-11"
    with pytest.raises(dc.PlanError, match="全年"):
        dc.revise(issued, actuals, through=2015)


@pytest.mark.parametrize(
    ("keys", "code"),
    [
        ({"through": 2014}, "revise_through"),
        ({"through": 2017}, "revise_through"),
        ({"through": 2015, "carry": "county"}, "revise_carry"),
        ({"through": 2015, "bases": {"nothing": {}}}, "revise_base"),
        ({"through": 2015, "bases": {"investment": {"丁县": 1}}}, "revise_base"),
    ],
)
def test_options_that_cannot_be_are_told(issued: dc.Allocation, keys: Any, code: str) -> None:
    with pytest.raises(dc.PlanError) as caught:
        dc.revise(issued, reached(issued, 2017), **keys)
    assert [one.message.code for one in caught.value.mistakes] == [code]
    assert caught.value.text("en")


def test_what_cannot_be_met_any_more_has_a_diagnosis() -> None:
    allocation = solved(
        indicator(
            target={"years": dict.fromkeys(YEARS, 15), "total": 45},
            limits={"growth": {"max": "5%"}},
        )
    )
    nothing = {("investment", "甲区", 2015): 0.5}
    with pytest.raises(dc.InfeasibleError) as caught:
        dc.revise(allocation, reached(allocation, 2015, nothing), through=2015)
    families = {rule.family for rule in caught.value.diagnosis.conflict}
    assert "growth.max" in families
    assert "total" in str([rule.path for rule in caught.value.diagnosis.conflict])


# ---- invariants -----------------------------------------------------------------------------


def nothing_changes(allocation: dc.Allocation, carry: str, folder: Path) -> None:
    """Actuals equal to the quotas, and no changes: every number stays."""
    years = sorted(allocation.quotas["year"].unique())
    if len(allocation.plan.years) < 2 or not years:
        return
    through = allocation.plan.years[-2]
    found = dc.revise(allocation, reached(allocation, through), through=through, carry=carry)
    changed = found.changes[found.changes["change"] != 0]
    assert changed[changed["before"].notna()].empty, changed
    columns = ["indicator", "region", "year", "quota"]
    assert_frame_equal(found.allocation.quotas[columns], allocation.quotas[columns])
    assert (found.allocation.stretch is None) == (allocation.stretch is None)
    brought_back(found.allocation, folder)


CARRIES = st.sampled_from(["area", "region", "none"])


@given(plans(), CARRIES)
@settings(max_examples=40)
def test_nothing_changes_by_itself(
    tmp_path_factory: pytest.TempPathFactory, said: Data, carry: str
) -> None:
    allocation = solved_or_passed(said)
    if allocation is not None:
        nothing_changes(allocation, carry, tmp_path_factory.mktemp("kept"))


@given(stretched_plans(simple_plans()), CARRIES)
@settings(max_examples=20)
def test_stretch_quotas_do_not_change_by_themselves(
    tmp_path_factory: pytest.TempPathFactory, said: Data, carry: str
) -> None:
    allocation = solved_or_passed(said)
    if allocation is not None:
        nothing_changes(allocation, carry, tmp_path_factory.mktemp("kept"))


@given(tight_plans(), CARRIES)
@settings(max_examples=20)
def test_gaps_do_not_change_by_themselves(
    tmp_path_factory: pytest.TempPathFactory, said: Data, carry: str
) -> None:
    allocation = solved_or_passed(said, gap="row")
    if allocation is not None:
        nothing_changes(allocation, carry, tmp_path_factory.mktemp("kept"))


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("made", [ratio_plan, link_plan, growth_plan])
def test_ratios_and_links_do_not_change_by_themselves(made: Any, seed: int, tmp_path: Path) -> None:
    allocation = solved_or_passed(made(seed))
    if allocation is not None:
        nothing_changes(allocation, "area", tmp_path)


@pytest.mark.parametrize("carry", ["area", "region", "none"])
@pytest.mark.parametrize(
    "name", ["example", "qingyuan", "pingdingshan", "ruian", "shiyan", "zhongshan"]
)
def test_published_plans_do_not_change_by_themselves(name: str, carry: str, tmp_path: Path) -> None:
    plan = dc.read_plan(ROOT / "data" / name / "plan.yaml")
    nothing_changes(dc.solve(plan, gap="row"), carry, tmp_path)


@given(st.integers(0, 2**32))
@settings(max_examples=30)
def test_the_rest_is_leximin_of_change(seed: int) -> None:
    """Boxes and a total: the answer is clip(λ · issued), found here by bisection."""
    rng = np.random.default_rng(seed)
    cap = {name: float(rng.integers(9, 14)) for name in ("甲区", "乙县", "丙县")}
    allocation = solved(
        indicator(
            target={"years": dict.fromkeys(YEARS, 15), "total": 45},
            limits={"max": cap},
            decimals=6,
        )
    )
    got = {
        ("investment", name, 2015): float(rng.integers(1, 9)) for name in ("甲区", "乙县", "丙县")
    }
    actuals = reached(allocation, 2015, got)
    wanted = 45 - sum(got.values())
    stands = np.array([8, 4, 3, 8, 4, 3], dtype=float)
    top = np.tile(list(cap.values()), 2)
    if wanted > top.sum() or wanted < 0:
        return
    low, high = 0.0, 100.0
    for _ in range(200):
        middle = (low + high) / 2
        short = np.minimum(stands * middle, top).sum() < wanted
        low, high = (middle, high) if short else (low, middle)
    found = dc.revise(allocation, actuals, through=2015)
    exact = np.minimum(stands * high, top)
    assert [*of_year(found, 2016), *of_year(found, 2017)] == pytest.approx(exact, abs=2e-6)


def test_a_revision_is_revised_again(issued: dc.Allocation, tmp_path: Path) -> None:
    """2016 is over as well: 甲区 reached 8 of 8.8; 45 - 12 - 15.7 = 17.3 where 16.5 stood."""
    first = dc.revise(issued, reached(issued, 2015, MISSED), through=2015).allocation
    again = brought_back(first, tmp_path)
    less = {("investment", "甲区", 2016): 8.0}
    found = dc.revise(again, reached(again, 2016, less), through=2016)
    assert of_year(found, 2015) == [5, 4, 3]
    assert of_year(found, 2016) == [8, 4.4, 3.3]
    assert sum(of_year(found, 2017)) == pytest.approx(17.3)
    part = 17.3 / 16.5
    assert of_year(found, 2017) == pytest.approx([8.8 * part, 4.4 * part, 3.3 * part], abs=0.011)


def test_the_table_of_changes_prints(issued: dc.Allocation, tmp_path: Path) -> None:
    found = dc.revise(issued, reached(issued, 2015, MISSED), through=2015)
    tables = found.tables()
    heads = [one.key for one in tables[0].columns]
    assert heads[4:] == ["原下达", "调整后", "增减", "原因"]
    first = [cell.text for cell in tables[0].rows[0].cells]
    assert first == ["全市", "投资", "亿元", "2015", "15.00", "12.00", "-3.00", "2015年实际完成数"]
    for suffix in (".md", ".xlsx", ".csv"):
        dc.write_report(found, tmp_path / f"revision{suffix}")
    with pytest.raises(dc.PlanError):
        found.tables(years=(2030,))
    assert "原下达" not in found._repr_html_()


def test_a_revised_number_tells_what_was_issued(tmp_path: Path) -> None:
    issued = solved(indicator(target={"years": dict.fromkeys(YEARS, 15), "total": 45}))
    actuals = reached(issued, 2015, {("investment", "甲区", 2015): 5.0})
    told = {
        "area": ("原下达8.00亿元，调整后增加0.80亿元。", "原下达4.00亿元，调整后增加0.40亿元。"),
        "region": ("原下达8.00亿元，调整后增加1.50亿元。", "与原下达的4.00亿元相同。"),
        "none": ("与原下达的8.00亿元相同。", "与原下达的4.00亿元相同。"),
    }
    for carry, ends in told.items():
        revised = dc.revise(issued, actuals, through=2015, carry=carry).allocation
        revised.save(tmp_path / "revised.json")
        for one in (revised, dc.read_allocation(tmp_path / "revised.json")):
            assert one.why("investment", "甲区", 2016).text().endswith(ends[0])
            assert one.why("investment", "乙县", 2016).text().endswith(ends[1])
            past = one.why("investment", "甲区", 2015)
            assert past.text().endswith("原下达8.00亿元，实际少3.00亿元。")
            english = past.text("en").removesuffix(".")
            assert english.endswith("8.00 亿元 was issued; what was reached is 3.00 亿元 lower")
        carried = "按本地区结转后的数" in revised.why("investment", "甲区", 2016).text()
        assert carried == (carry == "region")


def test_numerators_of_a_cut_that_is_about_a_figure_stay() -> None:
    """Printed, 12.9 % and 12.9 % are 6.1 % of the area, from which only down is safe; 6 % was."""
    firms = {2014: {"甲区": 70, "乙县": 50}, 2015: {"甲区": 73, "乙县": 71}}
    regions = {"regions": [{"name": "甲区"}, {"name": "乙县"}], "groups": {}}
    plan = dc.Plan.model_validate(
        data(
            {
                "id": "firms",
                "name": "企业",
                "unit": "家",
                "kind": "given",
                "values": firms | {2016: {"甲区": 67, "乙县": 63}},
            },
            {
                "id": "energy",
                "name": "能耗",
                "unit": "吨",
                "kind": "level",
                "base": {"甲区": 33, "乙县": 76},
            },
            {
                "id": "cut",
                "name": "单位能耗",
                "unit": "%",
                "kind": "ratio",
                "numerator": "energy",
                "denominator": "firms",
                "publish": "cut",
                "decimals": 1,
                "target": {"cut": "6%左右"},
            },
            **regions,
        )
    )
    allocation = dc.solve(plan)
    found = dc.revise(allocation, reached(allocation, 2015), through=2015)
    assert not found.changes["change"].any()
    assert_frame_equal(found.allocation.values, allocation.values)
    table = allocation.quotas[["indicator", "region", "year", "quota"]]
    assert_frame_equal(dc.adopt(plan, table).values, allocation.values)


def test_what_at_least_hands_out_under_a_margin_is_no_other_figure() -> None:
    """15680.15 × 1.015 is 15915.35225: 15915.36 is handed out, which is no new target."""
    bases = {"甲区": 1606.95, "乙县": 1360.87, "丙县": 1144.6}
    own = indicator(base=bases, target={"total": "15680.15以上", "margin": 0.015})
    allocation = dc.solve(dc.Plan.model_validate(data(own, years=YEARS)))
    found = dc.revise(allocation, reached(allocation, 2015), through=2015)
    assert not found.changes["change"].any()
    target = found.allocation.plan.indicators[0].target.total
    assert target is not None
    assert target.value == 15680.15


def test_a_year_in_which_only_a_group_has_a_figure_gives_the_others_nothing() -> None:
    """The area has none of 2015: what the group reached is no figure of the area."""
    own = indicator(target={"years": {2016: 20}}, group_targets={"北部": {"years": {2015: 8}}})
    allocation = dc.solve(dc.Plan.model_validate(data(own)))
    found = dc.revise(allocation, reached(allocation, 2015), through=2015)
    assert not found.changes["change"].any()
    assert found.allocation.quotas["quota"].tolist() == allocation.quotas["quota"].tolist()
