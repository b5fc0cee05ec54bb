"""What rounding cannot keep is told: in errors, as data, under the tables and in the log."""

from __future__ import annotations

import json
import logging
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import decompose as dc
from decompose.build import build
from decompose.problem import AREA, group_scope
from decompose.rounding import Table, round_table, tabulate
from decompose.rounding.grid import whole
from tests import plans
from tests.plans import Data, data, indicator
from tests.test_rounding import crossing_draft, dense, near_steps, random_draft

GROUPS = {"东部": ("甲区", "乙县"), "中部": ("乙县", "丙县"), "西部": ("甲区", "丙县")}


def triangle(*, targets: bool = True, subtotal: bool = True, **keys: Any) -> dc.Plan:
    """Three groups of two regions each around a triangle: halves before rounding."""
    said: Data = {
        "decimals": 0,
        "allocate": "equal",
        "target": {"years": {2015: "3以下" if targets else 1}},
        **({"group_targets": {name: {"years": {2015: 1}} for name in GROUPS}} if targets else {}),
        **keys,
    }
    regions = [
        {"name": name, "groups": [group for group, inside in GROUPS.items() if name in inside]}
        for name in ("甲区", "乙县", "丙县")
    ]
    groups = {name: {"subtotal": subtotal, "label": f"{name}小计"} for name in GROUPS}
    return dc.Plan.model_validate(data(indicator(**said), regions=regions, groups=groups))


# ---- errors ----------------------------------------------------------------------------------


def test_a_strict_triangle_names_the_sums_that_cannot_be_had() -> None:
    with pytest.raises(dc.RoundingError) as caught:
        dc.solve(triangle(strict=True))
    error = caught.value
    assert error.code == "rounding_strict"
    lines = str(error).splitlines()
    assert "strict" in lines[0]
    path = "indicators.investment.group_targets"
    assert sorted(lines[1:]) == sorted(
        f"  - 投资 {name} 2015年的目标：应为 1（{path}.{name}.years.2015）" for name in GROUPS
    )
    assert "东部 2015: target, exactly 1" in error.text("en")
    again = pickle.loads(pickle.dumps(error))
    assert again.text("en") == error.text("en")


def test_a_strict_tie_is_named_with_what_stands_against_it() -> None:
    said = indicator(
        decimals=0,
        strict=True,
        base={"甲区": 3, "乙县": 4, "丙县": 3},
        target={"years": {2015: 13}},
        limits={"growth": {"max": "30%"}},
    )
    with pytest.raises(dc.RoundingError) as caught:
        dc.solve(dc.Plan.model_validate(data(said)), language="en")
    path = "indicators.investment.limits.growth.max"
    assert str(caught.value).splitlines()[1:] == [  # 4 + 5 + 3, and the first has 4 at most
        "  - 投资 示例市 2015: target, exactly 13 (indicators.investment.target.years.2015)",
        f"  - 投资 乙县 2015: greatest growth, at most 5.2 ({path})",
        f"  - 投资 丙县 2015: greatest growth, at most 3.9 ({path})",
    ]


def test_a_printed_sum_without_a_rule_is_named_by_what_it_was() -> None:
    said = indicator(id="whole", name="整体", decimals=1, target={"years": {2015: 9}})
    said["locks"] = {name: {2015: 2.9} for name in ("甲区", "乙县")}
    part = indicator(
        id="part", name="其中", decimals=0, parent="whole", allocate="equal", strict=True
    )
    part |= {"target": {"years": {}, "total": 8.0}, "years": [2015]}
    with pytest.raises(dc.RoundingError) as caught:
        dc.solve(dc.Plan.model_validate(data(said, part)), language="en")
    text = str(caught.value)
    assert "其中 示例市" in text
    assert "其中 甲区 2015: part of (indicators.part.parent)" in text


def test_printed_sums_without_a_rule_move_unless_strict() -> None:
    """14 over two years, 7 in each: below 2.9 there are 6 in whole steps, and 8 the year after."""
    said = indicator(id="whole", name="整体", decimals=1, target={"years": {2015: 8.7, 2016: 12}})
    said |= {"allocate": "equal", "locks": {name: {2015: 2.9} for name in plans.BASES}}
    part = indicator(id="part", name="其中", decimals=0, parent="whole", allocate="equal")
    part |= {"target": {"years": {}, "total": 14}, "path": "equal"}
    moved = dc.solve(plans.plan(said, part)).moved
    assert dict(zip(moved["year"], moved["quota"], strict=True)) == {2015: 6, 2016: 8}
    with pytest.raises(dc.RoundingError):
        dc.solve(plans.plan(said, {**part, "strict": True}))


def fits(table: Table, rows: dict[str, list[int]], *, last: bool) -> bool:
    """Try every table, of the cells of the rows, near the exact values."""
    size, reach = len(table.exact), near_steps(table) + last
    floor, ceiling = whole(table.exact)
    ends = zip(floor - reach, ceiling + reach, strict=True)
    grids = np.meshgrid(*(np.arange(low, high + 1) for low, high in ends), indexing="ij")
    x = np.stack([grid.ravel() for grid in grids], axis=1)
    good = np.all(x >= table.least, axis=1)
    sums, near = dense(table.sums, size)[rows["sums"]], dense(table.near, size)[rows["near"]]
    good &= np.all(x @ sums.T >= table.sums_lower[rows["sums"]], axis=1)
    good &= np.all(x @ sums.T <= table.sums_upper[rows["sums"]], axis=1)
    room = table.room(last=last)[rows["near"]]
    low, high = whole(near @ table.exact)
    good &= np.all((x @ near.T >= low - room) & (x @ near.T <= high + room), axis=1)
    ties, listed = dense(table.ties, size)[rows["ties"]], rows["ties"]
    good &= np.all(x @ ties.T >= table.ties_lower[listed] - 1e-9, axis=1)
    good &= np.all(x @ ties.T <= table.ties_upper[listed] + 1e-9, axis=1)
    return bool(good.any())


def test_a_conflict_cannot_hold_and_holds_without_any_of_its_rows() -> None:
    found = 0
    for seed in range(300):
        draw = crossing_draft if seed % 2 else random_draft
        table = draw(np.random.default_rng(seed)).table()
        try:
            round_table(table)
        except dc.RoundingError as error:
            last = error.code == "rounding_impossible"
            told: Any = error.data
            rows = {name: [*told[name]] for name in ("sums", "near", "ties")}
            assert not fits(table, rows, last=last)
            for name, listed in rows.items():
                for row in listed:
                    fewer = {**rows, name: [one for one in listed if one != row]}
                    assert fits(table, fewer, last=last)
            found += 1
    assert found > 10


# ---- data, notes, log ------------------------------------------------------------------------


def test_a_subtotal_that_moved_is_told_although_no_rule_is_on_it() -> None:
    ones = dict.fromkeys(("甲区", "乙县", "丙县"), 1)
    plan = triangle(targets=False, base=ones, limits={"growth": {"max": "-50%"}})
    plan = plan.with_changes({"indicators.investment.target.years.2015": "3以下"})
    allocation = dc.solve(plan)
    assert set(allocation.quotas["exact"].round(9)) == {0.5}
    (row,) = allocation.moved.to_dict("records")
    assert row["scope"] in GROUPS
    assert abs(row["steps"]) == 1
    assert set(allocation.excess["family"]) == {"growth.max"}  # no rule is on the sum
    (note,) = allocation.tables(years=(2015,), language="en")[1].notes
    assert f"{row['scope']}小计 2015 was 1 亿元 before rounding" in note


def test_the_sum_of_a_level_moves_like_that_of_a_flow() -> None:
    (row,) = dc.solve(triangle(kind="level")).moved.to_dict("records")
    assert (row["exact"], abs(row["steps"])) == (pytest.approx(1), 1)


def test_a_sum_that_moved_is_told_in_the_plans_unit() -> None:
    tenths = {name: {"years": {2015: 0.1}} for name in GROUPS}
    plan = triangle(decimals=1, target={"years": {2015: "0.3以下"}}, group_targets=tenths)
    (row,) = dc.solve(plan).moved.to_dict("records")
    assert row["exact"] == pytest.approx(0.1)
    assert row["quota"] == pytest.approx(0.1 + 0.1 * row["steps"])


def test_the_total_of_one_year_is_missed_where_the_sum_of_that_year_moves() -> None:
    totals = {name: {"total": 1} for name in GROUPS}
    allocation = dc.solve(triangle(years=[2015], group_targets=totals))
    (row,) = allocation.moved.to_dict("records")
    (broken,) = allocation.excess.to_dict("records")
    path = f"indicators.investment.group_targets.{row['scope']}.total"
    assert (broken["rule"], broken["steps"]) == (path, 1.0)


@pytest.mark.parametrize("ruled", range(8))
def test_of_groups_that_are_not_printed_those_with_rules_have_sums(ruled: int) -> None:
    names = "甲区", "乙县", "丙县", "丁县"
    inside = {"东部": (0, 1), "西部": (2, 3), "南部": (0, 2), "北部": (1, 3)}
    regions = [
        {"name": name, "groups": [group for group, some in inside.items() if place in some]}
        for place, name in enumerate(names)
    ]
    said: list[Data] = []
    for number in range(2):
        one = indicator(id=f"i{number}", name=f"i{number}", base=dict.fromkeys(names, 1))
        if ruled // 4 == number:
            one["group_targets"] = {[*inside][ruled % 4]: {"years": {2015: "9以上"}}}
        said.append(one)
    groups: Data = {name: {} for name in inside}
    plan = dc.Plan.model_validate(data(*said, regions=regions, groups=groups))
    problem = build(plan).problem
    both = range(2)
    told = tabulate(
        problem, problem.reference, printed_groups=(), flows=both, rises=(), added=both, strict=()
    )
    sums = {*zip(told.near_indicator.tolist(), told.near_scope.tolist(), strict=True)}
    assert {label for label in sums if label[1] < AREA} == {(ruled // 4, group_scope(ruled % 4))}


def test_a_moved_sum_is_data_a_note_and_a_line_of_the_log(
    caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    with caplog.at_level(logging.INFO, logger="decompose"):
        allocation = dc.solve(triangle())
    (shift,) = allocation.settled.shifts
    group = [*GROUPS][-2 - shift.scope]
    assert (shift.indicator, shift.year, shift.quota) == (0, 0, 1 + shift.steps)
    assert shift.exact == pytest.approx(1.0)
    (row,) = allocation.moved.to_dict("records")
    assert (row["indicator"], row["scope"], row["year"]) == ("investment", group, 2015)
    assert row["quota"] == pytest.approx(row["exact"] + row["steps"])
    (broken,) = allocation.excess.to_dict("records")
    assert (broken["scope"], broken["steps"], broken["amount"]) == (group, 1.0, 1.0)
    first, second = (allocation.tables()[k].notes for k in (0, 1))
    note = (
        f"投资：{group}小计2015年取整前为1亿元，表中为{row['quota']:g}亿元；各项合计不能都就近取整"
    )
    assert first == second == (note,)
    assert allocation.tables()[2].notes == ()
    assert any(f"投资 {group} 2015: 1 before rounding" in line for line in caplog.messages)
    allocation.save(tmp_path / "kept.json")
    kept = json.loads((tmp_path / "kept.json").read_text(encoding="utf-8"))
    assert kept["moved"] == [row]
    assert kept["excess"] == [broken]


def test_steps_are_counted_from_the_multiples_beside_the_exact_value_up_or_down() -> None:
    # A part in hundredths is all of a whole in units, of which two halves are one up, one down.
    said: Data = {"base": {"甲区": 1, "乙县": 2, "丙县": 2}, "target": {"years": {2015: 11}}}
    capped = {"max": {"甲区": 2}}
    whole = indicator(id="whole", name="全部", integer=True, limits=capped, **said)
    part = indicator(id="part", name="其中", decimals=2, parent="whole", **said)
    moved = dc.solve(dc.Plan.model_validate(data(whole, part))).moved
    assert set(moved["indicator"]) == {"part"}
    assert moved["exact"].tolist() == pytest.approx([4.5, 4.5])
    assert sorted(zip(moved["quota"], moved["steps"], strict=True)) == [(4.0, -50), (5.0, 50)]
