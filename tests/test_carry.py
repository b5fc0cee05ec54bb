"""Each region carries its own remainder: within its own years wherever these have room."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import decompose as dc
from tests.oracles.fractions_lp import ExactProgram, Row
from tests.plans import BASES, indicator
from tests.solved import Data
from tests.test_kept import brought_back
from tests.test_revise import MISSED, YEARS, of_year, reached, solved

TOTAL = {"years": dict.fromkeys(YEARS, 15), "total": 45}


def revised(limits: Data, other: Any = None, **keys: Any) -> dc.Revision:
    issued = solved(indicator(target=TOTAL, decimals=2, limits=limits))
    actuals = reached(issued, 2015, MISSED if other is None else other)
    return dc.revise(issued, actuals, through=2015, carry="region", **keys)


def later(revision: dc.Revision) -> list[list[float]]:
    return [of_year(revision, year) for year in YEARS[1:]]


def test_a_year_without_room_leaves_it_to_the_other_years_of_the_region(tmp_path: Any) -> None:
    """甲区 has 19 left for two years and can do 8.5 in the first: nobody else moves."""
    found = revised({"max": {"甲区": {2016: 8.5}}})
    assert later(found) == [[8.5, 4, 3], [10.5, 4, 3]]
    brought_back(found.allocation, tmp_path)


def test_only_what_the_region_cannot_do_goes_to_the_others() -> None:
    """甲区 has 19 left and can do 16: 3 of 17 are shared by the others, in proportion."""
    found = revised({"max": {"甲区": 8}})
    assert later(found) == [[8, 4.86, 3.64]] * 2


def test_each_region_makes_up_for_itself() -> None:
    """甲区 is 3 ahead, 乙县 4 behind: 13 and 12 are left; 丙县 keeps its 6."""
    other = {("investment", "甲区", 2015): 11.0, ("investment", "乙县", 2015): 0.0}
    found = revised({"growth": {"max": {"甲区": "20%"}}}, other)
    assert later(found) == [[6.5, 6, 3]] * 2


def test_a_changed_total_is_carried_in_proportion_to_what_is_left() -> None:
    """51 - 12 = 39 where 33 were left: 19, 8 and 6 become 39/33 of these."""
    found = revised({}, changes={"indicators.investment.target.total": 51})
    for year in later(found):
        assert year == pytest.approx([19 * 39 / 66, 8 * 39 / 66, 6 * 39 / 66], abs=0.01)


@st.composite
def cases(draw: st.DrawFn) -> tuple[Data, dict[str, float]]:
    """Boxes and growth limits of some regions, and what each region reached."""
    most = {
        region: {year: draw(st.integers(4, 24)) / 2 for year in YEARS[1:]}
        for region in draw(st.sets(st.sampled_from(sorted(BASES))))
    }
    growth = {
        region: f"{draw(st.integers(0, 10)) * 20}%"
        for region in draw(st.sets(st.sampled_from(sorted(BASES))))
    }
    limits: Data = {"max": most} if most else {}
    if growth:
        limits["growth"] = {"max": growth}
    return limits, {region: draw(st.integers(1, 24)) / 2 for region in BASES}


@given(cases())
def test_every_remainder_is_exact_where_that_can_be(case: tuple[Data, dict[str, float]]) -> None:
    limits, got = case
    one = indicator(target=TOTAL, decimals=2, limits=limits)
    try:
        issued = solved(one)
        own = {("investment", region, 2015): value for region, value in got.items()}
        found = dc.revise(issued, reached(issued, 2015, own), through=2015, carry="region")
    except dc.InfeasibleError:
        return
    quotas = issued.quotas.groupby("region")["quota"].sum()
    rest = {name: round(100 * (quotas[name] - got[name])) for name in BASES}
    if not exact_is_possible(limits, got, rest):
        return
    frame = found.allocation.quotas
    after = frame[frame["year"] > 2015].groupby("region")["quota"].sum()
    assert {name: round(100 * after[name]) for name in BASES} == rest


def exact_is_possible(limits: Data, got: dict[str, float], rest: dict[str, int]) -> bool:
    """Ask a program in exact fractions whether every region can have its own remainder."""
    for name, left in rest.items():
        rows: list[Row] = [({0: 1, 1: 1}, Fraction(left, 100), Fraction(left, 100))]
        growth = limits.get("growth", {}).get("max", {}).get(name)
        if growth is not None:
            factor = 1 + Fraction(growth.rstrip("%")) / 100
            rows.append(({0: 1}, None, factor * Fraction(str(got[name]))))
            rows.append(({1: 1, 0: -factor}, None, 0))
        boxes = limits.get("max", {}).get(name, {})
        upper = [Fraction(str(boxes[year])) if year in boxes else None for year in YEARS[1:]]
        if not ExactProgram(rows, lower=[0, 0], upper=upper).feasible:
            return False
    return True


def held() -> dc.Allocation:
    """北部 has 7 of at least 6 in 2016: the area has 15, and 甲区 is locked at 8."""
    target = {"years": {2015: 15, 2016: "15以上", 2017: "15以上"}, "total": 45}
    groups = {"北部": {"years": {2016: "6以上"}}}
    locks = {"甲区": {"2016": {"value": 8}}}
    return solved(indicator(target=target, group_targets=groups, locks=locks, decimals=2))


@pytest.mark.parametrize("carry", ["area", "region", "none"])
def test_a_figure_that_other_rules_had_made_more_is_not_drawn_back(
    carry: Any, tmp_path: Path
) -> None:
    """Where all was reached, nothing changes."""
    issued = held()
    found = dc.revise(issued, reached(issued, 2015), through=2015, carry=carry)
    assert later(found) == [[8, 4, 3], [8, 4, 3]]
    brought_back(found.allocation, tmp_path)


def test_what_is_missed_goes_beyond_figures_that_only_bound() -> None:
    """34 instead of 30 are left, 26 of them beside the lock, where 22 were issued."""
    issued = held()
    actuals = reached(issued, 2015, {("investment", "甲区", 2015): 4.0})
    found = dc.revise(issued, actuals, through=2015)
    more = 26 / 22
    assert later(found)[0] == pytest.approx([8, 4 * more, 3 * more], abs=0.01)
    assert later(found)[1] == pytest.approx([8 * more, 4 * more, 3 * more], abs=0.01)
