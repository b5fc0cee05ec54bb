"""Tables with stretch quotas, and with targets that gave way, taken over; the command for it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings

import decompose as dc
from decompose import adopt
from decompose.cli import BAD_INPUT, DONE, main
from tests import plans as small
from tests.gap_plans import tight_plans, tight_ratio_plan
from tests.oracles.plan_indicator import Cell
from tests.solved import Data, allocation_of, column
from tests.strategies import simple_plans
from tests.test_kept import brought_back
from tests.test_stretch import stretched_plans

INVESTMENT = "upgrade_investment"
Sheet = Any


def long(allocation: dc.Allocation) -> pd.DataFrame:
    """Quotas and stretch quotas, a number to a row; a heading tells them apart."""
    frames = [allocation.quotas]
    if allocation.stretch is not None:
        higher = allocation.stretch.quotas
        frames.append(higher.assign(indicator=higher["indicator"] + "（力争）"))
    return pd.concat(frames)[["indicator", "region", "year", "quota"]]


def mistakes(plan: dc.Plan | dc.Allocation, table: Any, **keys: Any) -> list[dc.Mistake]:
    with pytest.raises(dc.PlanError) as caught:
        adopt(plan, table, **keys)
    return list(caught.value.mistakes)


def changed(tmp_path: Path, allocation: dc.Allocation, year: int, change: Any) -> Path:
    """Write the workbook of a report, and change one of its sheets by hand."""
    path = tmp_path / "annexes.xlsx"
    dc.write_report(allocation, path)
    book = openpyxl.load_workbook(path)
    change(book[f"附件2-{year}"])
    book.save(path)
    return path


def _nothing(_: Sheet) -> None:
    """Leave a table as it is."""


def row_of(sheet: Sheet, name: str) -> Any:
    return next(row for row in sheet.iter_rows() if row[0].value == name)


# ---- stretch quotas --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def example() -> dc.Allocation:
    return dc.solve(dc.read_plan("data/example/plan.yaml"))


def of_2017(allocation: dc.Allocation) -> list[float]:
    cells = column(allocation, "quota")
    return [cells[Cell(INVESTMENT, region, 2017)] for region in allocation.plan.region_names]


STRETCH = 5
"""The column of the example's stretch quotas in its annex 2."""


def test_stretch_quotas_are_those_of_the_table(example: dc.Allocation, tmp_path: Path) -> None:
    def change(sheet: Sheet) -> None:
        row_of(sheet, "甲区")[STRETCH].value += 0.3
        row_of(sheet, "高新区")[STRETCH].value -= 0.3

    found = adopt(example.plan, changed(tmp_path, example, 2017, change))
    assert found.quotas["quota"].equals(example.quotas["quota"])
    assert found.stretch is not None
    assert example.stretch is not None
    before, after = of_2017(example.stretch), of_2017(found.stretch)
    assert after == pytest.approx([before[0] + 0.3, before[1] - 0.3, *before[2:]])
    brought_back(found, tmp_path)


def test_stretch_quotas_that_are_not_printed_go_with_the_base_quotas(
    example: dc.Allocation, tmp_path: Path
) -> None:
    def change(sheet: Sheet) -> None:
        heads = [cell.value for cell in next(sheet.iter_rows(min_row=4, max_row=4))]
        place = heads.index("工业投资\n（亿元）")
        row_of(sheet, "甲区")[place].value -= 1
        row_of(sheet, "高新区")[place].value += 1

    found = adopt(example, changed(tmp_path, example, 2017, change))
    cell = Cell("industrial_investment", "高新区", 2017)
    assert found.stretch is not None
    assert column(found, "quota")[cell] == pytest.approx(column(example, "quota")[cell] + 1)
    assert column(found.stretch, "quota")[cell] == column(found, "quota")[cell]
    assert found.shortfalls.equals(example.shortfalls)
    brought_back(found, tmp_path)


@settings(max_examples=settings().max_examples // 3)
@given(stretched_plans(simple_plans()))
def test_stretch_quotas_that_were_solved_are_taken_over(data: Data) -> None:
    expected = allocation_of(data)
    found = adopt(expected.plan, long(expected))
    assert expected.stretch is not None
    assert found.stretch is not None
    assert found.stretch.quotas["quota"].equals(expected.stretch.quotas["quota"])
    assert found.shortfalls.equals(expected.shortfalls)


@settings(max_examples=settings().max_examples // 3)
@given(stretched_plans(simple_plans()))
def test_stretch_quotas_of_which_some_are_there_are_completed(data: Data) -> None:
    expected = allocation_of(data)
    assert expected.stretch is not None
    table = long(expected)
    names = [name for name in table["indicator"].unique() if name.endswith("（力争）")]
    some = table[~table["indicator"].isin(names[1:])]
    found = adopt(expected.plan, some)
    assert found.stretch is not None
    own = expected.stretch.quotas["indicator"] + "（力争）" == names[0]
    left, right = (one.quotas.loc[own, "quota"] for one in (found.stretch, expected.stretch))
    assert left.equals(right)
    assert len(found.stretch.quotas) == len(expected.stretch.quotas)


def test_what_is_wrong_with_stretch_quotas_is_told(example: dc.Allocation, tmp_path: Path) -> None:
    def change(sheet: Sheet) -> None:
        row_of(sheet, "甲区")[STRETCH].value = 10

    path = changed(tmp_path, example, 2017, change)
    found = mistakes(example.plan, path)
    cell = "annexes.xlsx 附件2-2017!F7"
    short = (
        "甲区2017年工业技术改造投资的力争数为 10，不及基本数 18.92；力争数不应差于基本数，请改正"
    )
    assert (found[0].place, found[0].message.text()) == (cell, short)
    total = next(one for one in found if "示例市累计" in one.message.text())
    assert "累计工业技术改造投资（力争）：目标不能满足" in total.message.text()
    assert "indicators.upgrade_investment.target.stretch.total" in total.message.text()
    sums = [one for one in found if one.message.code == "adopt_number"]
    assert [one.place for one in sums] == [f"annexes.xlsx 附件2-2017!F{row}" for row in (6, 9)]


def test_stretch_quotas_of_a_plan_without_stretch_figures_are_refused() -> None:
    years = {2015: 15, 2016: 15}
    plain = dc.solve(small.plan(small.indicator(target={"years": years}, decimals=2)))
    target = {"years": years, "stretch": {"years": {2015: 18, 2016: 18}}}
    higher = dc.solve(small.plan(small.indicator(target=target, decimals=2)))
    assert [one.message.code for one in mistakes(plain.plan, long(higher))] == ["adopt_no_stretch"]


def test_stretch_quotas_may_fall_short_only_where_rules_force_some() -> None:
    """18 more for all: 甲区's growth limit lets 8.8 be had, its base quota stands at 8."""
    target = {"years": {2015: 15}, "stretch": {"years": {2015: 18}}}
    one = small.indicator(target=target, decimals=1, years=[2015])
    plan = small.plan(one, years=[2015])
    table = long(dc.solve(plan))
    assert adopt(plan, table).shortfalls.empty
    table.iloc[-3:, -1] = [7.9, 6.1, 4.0]
    found = mistakes(plan, table)
    assert [one.message.code for one in found] == ["adopt_short"]
    assert "甲区2015年投资的力争数为 7.9，不及基本数 8" in found[0].message.text()


# ---- targets that give way -------------------------------------------------------------------


@settings(max_examples=settings().max_examples // 3)
@given(tight_plans())
def test_gaps_are_taken_over(data: Data) -> None:
    expected = allocation_of(data, gap="row")
    found = adopt(expected.plan, expected.quotas, gap="row")
    assert found.quotas["quota"].equals(expected.quotas["quota"])
    pd.testing.assert_frame_equal(found.gaps, expected.gaps, check_dtype=False)
    if len(expected.gaps):
        codes = {one.message.code for one in mistakes(expected.plan, expected.quotas)}
        assert codes == {"adopt_breach"}


@pytest.mark.parametrize("seed", range(40))
def test_gaps_of_ratios_are_taken_over(seed: int, tmp_path: Path) -> None:
    plan = dc.Plan.model_validate(tight_ratio_plan(seed))
    try:
        expected = dc.solve(plan, gap="row")
    except dc.InfeasibleError:
        return
    found = adopt(plan, expected.quotas, gap="row")
    assert found.quotas["quota"].equals(expected.quotas["quota"])
    pd.testing.assert_frame_equal(found.gaps, expected.gaps, check_dtype=False)
    brought_back(found, tmp_path)


@pytest.fixture(scope="module")
def short() -> dc.Allocation:
    """At most 4, 5 and 3 in 2015, where 15 are wanted: 3 are taken by nobody."""
    limits = {"max": {"甲区": {2015: 4}, "乙县": {2015: 5}, "丙县": {2015: 3}}}
    one = small.indicator(target={"years": {2015: 15, 2016: 15}}, decimals=1, limits=limits)
    return dc.solve(small.plan(one), gap="row")


def test_a_printed_gap_is_read_back(short: dc.Allocation, tmp_path: Path) -> None:
    path = changed(tmp_path, short, 2015, _nothing)
    found = adopt(short.plan, path, gap="row")
    assert found.gaps["gap"].tolist() == [3]
    assert found.annex2(2015).equals(short.annex2(2015))
    back = brought_back(found, tmp_path)
    moved = dc.adjust(back, [dc.Move("投资", 2016, "甲区", -0.7)])
    assert moved.gaps.equals(short.gaps)


def test_a_gap_by_hand_is_what_the_regions_leave(short: dc.Allocation, tmp_path: Path) -> None:
    def less(sheet: Sheet) -> None:
        row_of(sheet, "乙县")[1].value = 4.5

    path = changed(tmp_path, short, 2015, less)
    *_, stale = mistakes(short.plan, path, gap="row")
    assert (stale.message.code, stale.place.split("!")[0]) == (
        "adopt_gap",
        "annexes.xlsx 附件2-2015",
    )
    assert "2015年投资的待落实数，表中为 3，按各地的数应为 3.5" in stale.message.text()


def test_only_targets_give_way(short: dc.Allocation) -> None:
    table = long(short)
    table.iloc[0, -1] = 4.2
    (found,) = mistakes(short.plan, table, gap="row")
    assert "甲区2015年投资：上限不能满足" in found.message.text()
    with pytest.raises(dc.PlanError, match="gap"):
        adopt(short.plan, table, gap="rows")


# ---- places ----------------------------------------------------------------------------------


def test_every_breach_has_its_cell(tmp_path: Path) -> None:
    allocation = dc.solve(dc.read_plan("data/qingyuan/plan.yaml"))

    def change(sheet: Sheet) -> None:
        row = row_of(sheet, "工业技术改造投资")
        row[6].value += 1.5  # 英德市: beyond its capacity and its growth limit
        row[7].value = None

    found = mistakes(allocation.plan, changed(tmp_path, allocation, 2016, change))
    row = found[0].place.rpartition("!H")[2]
    assert found[0].place == f"annexes.xlsx 附件2-2016!H{row}"
    assert "缺 佛冈县 的分解数" in found[0].message.text()
    broken = [one for one in found if one.message.code == "adopt_breach"]
    assert f"annexes.xlsx 附件2-2016!G{row}" in [one.place for one in broken]
    assert all(one.place for one in broken)


def test_breaches_and_sums_that_were_not_changed_are_told_together(tmp_path: Path) -> None:
    allocation = dc.solve(dc.read_plan("data/qingyuan/plan.yaml"))

    def change(sheet: Sheet) -> None:
        row_of(sheet, "工业技术改造投资")[6].value += 1.5

    found = mistakes(allocation.plan, changed(tmp_path, allocation, 2016, change))
    sums = {one.place.rpartition("!")[2][0] for one in found if one.message.code == "adopt_number"}
    assert sums == {"C", "I"}  # the area, and the group to which it belongs


# ---- what the table does not say stands ------------------------------------------------------


def test_a_table_of_one_year_leaves_the_others_as_they_stand(
    example: dc.Allocation, tmp_path: Path
) -> None:
    dc.write_report(example, tmp_path / "附件2-2016.csv", years=[2016])
    found = adopt(example, tmp_path / "附件2-2016.csv")  # the year is in the name of the file
    assert found.quotas["quota"].equals(example.quotas["quota"])
    assert found.stretch is not None
    assert example.stretch is not None
    assert found.stretch.quotas["quota"].equals(example.stretch.quotas["quota"])
    codes = {one.message.code for one in mistakes(example.plan, tmp_path / "附件2-2016.csv")}
    assert codes == {"adopt_missing"}


def test_a_blank_cell_is_no_number_that_stands(short: dc.Allocation) -> None:
    table = long(short)
    table.iloc[0, -1] = float("nan")
    (found,) = mistakes(short.plan, table, gap="row")
    assert (found.message.code, found.place) == ("adopt_missing", "第1行“quota”")
    (found,) = mistakes(short, table, gap="row")
    assert found.message.code == "adopt_missing"


def test_moves_that_were_agreed_upon_stay_in_the_log() -> None:
    issued = dc.solve(small.plan(small.indicator(target={"years": {2015: 15, 2016: 15}})))
    agreed = dc.adjust(issued, dc.Move("投资", 2015, "甲区", -1, why="延期"))
    found = adopt(agreed, agreed.quotas)
    assert found.log == agreed.log
    assert "延期" in str(found.why("投资", "甲区", 2015))


def test_files_that_are_no_tables_are_told(short: dc.Allocation, tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(b"")
    (found,) = mistakes(short.plan, tmp_path / "a.docx")
    assert "可读：.xlsx、.csv" in found.message.text()


# ---- the command -----------------------------------------------------------------------------


def run(*arguments: str | Path) -> int:
    return main([str(one) for one in arguments])


@pytest.mark.parametrize("kind", ["plan.json", "issued.json"])
def test_the_command_takes_a_table_over(
    kind: str, short: dc.Allocation, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = changed(tmp_path, short, 2015, _nothing)
    issued = tmp_path / kind
    if kind == "plan.json":
        issued.write_text(json.dumps(short.plan.source()), encoding="utf-8")
    else:
        short.save(issued)
    new = tmp_path / "adopted.json"
    assert run("adopt", issued, path, "--gap", "row", "-o", new) == DONE
    printed = capsys.readouterr().out
    assert ("待落实" in printed) == (kind == "plan.json")
    assert dc.read_allocation(new).gaps.equals(short.gaps)
    assert run("adopt", issued, path) == BAD_INPUT
    assert "附件2-2015!" in capsys.readouterr().err


def test_moves_may_be_written_one_by_one(
    short: dc.Allocation, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    short.save(tmp_path / "issued.json")
    words = [
        "--move",
        "投资,甲区,2016,-0.7",
        "--move",
        "投资,乙县,2016,0.1",
        "--hold",
        "投资,甲区,2015",
    ]
    words += ["--hold", "投资,乙县,2015"]
    assert run("adjust", tmp_path / "issued.json", *words, "-o", tmp_path / "new.json") == DONE
    assert len(dc.read_allocation(tmp_path / "new.json").log) == 2
    capsys.readouterr()
