"""Rows that a sheet sorted with its headings, or a cleared name, would lose are told."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

import decompose as dc
from tests.workbooks import Workbook, as_bytes, edited

SORTED = ("计划", "地区", "分组", "指标", "限制", "基数")


def told(sheets: Workbook, folder: Path) -> list[str]:
    path = folder / "plan.xlsx"
    path.write_bytes(as_bytes(sheets))
    try:
        dc.read_plan(path)
    except dc.PlanError as error:
        return [one.text().removeprefix("plan.xlsx ") for one in error.mistakes]
    return []


@pytest.mark.parametrize("name", SORTED)
def test_rows_above_the_headings_of_a_plan_are_told(name: str, tmp_path: Path) -> None:
    sheets = edited({})
    rows = sheets[name]
    sheets[name] = [rows[1], rows[0], *rows[2:]]
    first = "这一行在表头（第2行）之上，不会读入；请移到表头之下，或删除"
    found = told(sheets, tmp_path)
    assert found[0] == f"{name} 第1行：{first}"
    assert len(found) == 1 or name in ("地区", "分组")  # other sheets name it


@pytest.mark.parametrize("name", [*SORTED, "分组目标", "锁定"])
def test_a_title_its_unit_and_its_year_are_no_such_rows(name: str, tmp_path: Path) -> None:
    sheets = edited({})
    titles: list[list[object]] = [["示例市", None, None, "单位：亿元"], ["填报年份", 2015]]
    sheets[name] = [*(titles if name == "基数" else titles[:1]), *sheets[name]]
    assert told(sheets, tmp_path) == []


@pytest.fixture(scope="module")
def issued() -> dc.Allocation:
    return dc.solve(dc.read_plan("data/qingyuan/plan.yaml"))


@pytest.fixture(scope="module")
def annexes(issued: dc.Allocation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("annexes") / "annexes.xlsx"
    dc.write_report(issued, path)
    return path


def adopted(issued: dc.Allocation, annexes: Path, *, row: int, above: bool) -> list[dc.Mistake]:
    """Move a row above the headings, or take its name away; return what is told."""
    book = openpyxl.load_workbook(annexes)
    sheet = book["附件2-2016"]
    cells = [cell.value for cell in sheet[row]]
    if above:
        for merged in list(sheet.merged_cells.ranges):
            sheet.unmerge_cells(str(merged))
        for column, value in enumerate(cells, start=1):
            sheet.cell(3, column).value = value
        sheet.delete_rows(row)
    else:
        sheet.cell(row, 1).value = None
    path = annexes.with_name("changed.xlsx")
    book.save(path)
    with pytest.raises(dc.PlanError) as caught:
        dc.adopt(issued, path)
    assert caught.value.text("en")
    return list(caught.value.mistakes)


def test_a_row_above_the_headings_of_a_table_is_told(issued: dc.Allocation, annexes: Path) -> None:
    """It was passed over, and what was issued stood in its place."""
    (mistake,) = adopted(issued, annexes, row=8, above=True)
    assert mistake.message.code == "row_above_heads"
    assert mistake.where == "changed.xlsx 附件2-2016 第3行"


def test_a_row_whose_indicator_is_gone_is_told(issued: dc.Allocation, annexes: Path) -> None:
    (mistake,) = adopted(issued, annexes, row=18, above=False)
    assert mistake.message.code == "adopt_unnamed_indicator"
    assert mistake.where == "changed.xlsx 附件2-2016!A18"
