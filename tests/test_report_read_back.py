"""Whole reports of published plans, read back from the files: the allocation's own numbers."""

from __future__ import annotations

import io
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest

import decompose as dc
from decompose.report import Theme, document, excel, word_file
from decompose.tables import Layout, RowKind, Table, layout, runs
from decompose.tables.printed import printed_name
from tests.test_report import first_row, shown

DATA = Path(__file__).parent.parent / "data"
PLANS = ["qingyuan", "zhongshan", "shiyan"]


@cache
def allocation_of(name: str) -> dc.Allocation:
    return dc.solve(dc.read_plan(DATA / name / "plan.yaml"))


def cell_text(page: Layout, row: int, column: int) -> str:
    """A cell as it is printed: of joined cells, the first has the text."""
    cell = page.rows[row].cells[column]
    return "" if cell.joined else cell.text


@pytest.mark.parametrize("name", PLANS)
def test_every_cell_of_every_sheet(name: str) -> None:
    content = document(allocation_of(name))
    book = openpyxl.load_workbook(io.BytesIO(excel(content)))
    assert len(book.sheetnames) == len(content.tables)
    compared = 0
    for table, sheet in zip(content.tables, book, strict=True):
        page = layout(table)
        first = first_row(sheet, page.heads[0])
        for row, line in enumerate(page.rows):
            for column, cell in enumerate(line.cells):
                found = sheet.cell(first + page.depth + row, column + 1)
                if cell.number is None:
                    assert (found.value or "") == cell_text(page, row, column)
                else:
                    assert found.value == cell.number
                    assert found.data_type == "n"
                    assert shown(found.value, found.number_format) == cell.text
                compared += 1
    assert compared > 3000


@pytest.mark.parametrize("name", PLANS)
def test_every_cell_of_a_document(name: str) -> None:
    content = document(allocation_of(name), lists=True)
    file = docx.Document(io.BytesIO(word_file(content)))
    assert len(file.tables) >= len(content.tables)
    found = iter(file.tables)
    compared = 0
    for table in content.tables:
        whole = layout(table)
        seen: set[int] = set()
        while len(seen) < len(whole.columns):
            grid = [[cell.text for cell in row.cells] for row in next(found).rows]
            columns = places_of(whole, grid, seen)
            for row, line in enumerate(grid[whole.depth :]):
                for place, column in enumerate(columns):
                    assert line[place] == spread(whole, row, column)
                    compared += 1
            seen |= set(columns)
    assert next(found, None) is None
    assert compared > 3000


def places_of(page: Layout, grid: list[list[str]], seen: set[int]) -> list[int]:
    """Which columns a part of a table has: those that name the rows, and the next ones."""
    width = len(grid[0])
    if width == len(page.columns):
        return list(range(width))
    start = max(seen) + 1 if seen else 0
    lead = 0 if not seen else page.label + 1
    while lead and grid[page.depth][lead] != spread(page, 0, start):
        lead += 1
    return [*range(lead), *range(start, start + width - lead)]


def spread(page: Layout, row: int, column: int) -> str:
    """A cell as Word's merged cells repeat it."""
    line = page.rows[row]
    if line.kind is RowKind.SECTION:
        place = next(k for k, cell in enumerate(line.cells) if cell.text)
        return line.cells[place].text if column >= place else ""
    run = next(run for run in runs(line.cells) if column in run)
    return line.cells[run[0]].text


# The numbers themselves, straight from the frames.


def numbers_of(table: Table) -> dict[tuple[str, str], float | int | None]:
    """The cells of an annex 2 by region and column."""
    heads = [column.key for column in table.columns]
    return {
        (row.cells[0].text, head): cell.number
        for row in table.rows
        for head, cell in zip(heads[1:], row.cells[1:], strict=True)
        if row.kind is RowKind.REGION
    }


@pytest.mark.parametrize("name", PLANS)
def test_the_numbers_are_those_of_the_allocation(name: str) -> None:
    allocation = allocation_of(name)
    plan = allocation.plan
    content = document(allocation)
    by_year = {one.year: numbers_of(one) for one in content.tables if one.year is not None}
    letters = {one.region: one for one in content.tables if one.kind == "letters"}
    (grounds, *_) = [one for one in content.tables if one.kind == "grounds"]
    rows = iter(grounds.rows)
    compared = 0
    for quota in allocation.quotas.to_dict("records"):
        one = plan.indicators[plan.indicator_index[quota["indicator"]]]
        if not one.report:
            continue
        line = next(rows).cells
        assert [cell.value for cell in line[1:3]] == [quota["region"], quota["year"]]
        assert line[6].number == quota["quota"]
        assert line[7].number == pytest.approx(quota["exact"], abs=10 ** -line[7].decimals)
        compared += 2
        if 2 not in one.annexes:
            continue
        names = {name := printed_name(one, "zh"), f"其中：{name}"}
        annex = by_year[quota["year"]]
        found = [annex[quota["region"], name] for name in names if (quota["region"], name) in annex]
        assert found == [quota["quota"]]
        letter = letters[quota["region"]]
        column = [one.key for one in letter.columns].index(f"{quota['year']}年")
        lines = [row.cells for row in letter.rows if row.cells[1].text in names]
        assert [cells[column].number for cells in lines] == [quota["quota"]]
        compared += 2
    assert next(rows, None) is None
    assert compared > 400


@pytest.mark.parametrize("name", PLANS)
def test_computed_sums_are_those_of_the_quotas(name: str) -> None:
    allocation = allocation_of(name)
    plan = allocation.plan
    (table,) = [one for one in document(allocation).tables if one.kind == "sums"]
    sums = {
        (row.cells[0].text, row.cells[2].text): row.cells[6].number
        for row in table.rows
        if row.cells[3].text == "附件2合计" and row.cells[1].text == plan.total_label
    }
    compared = 0
    for one in plan.indicators:
        rows = allocation.quotas.query("indicator == @one.id")
        for year, own in rows.groupby("year"):
            key = (one.label, f"{year}年")
            if one.kind in ("flow", "level") and one.publish == "value" and one.report:
                assert sums[key] == float(sum(Decimal(str(quota)) for quota in own["quota"]))
                compared += 1
    assert compared > 10


# Formulas.


@pytest.mark.parametrize("name", PLANS)
def test_formulas_add_up_the_cells_they_name(name: str) -> None:
    content = document(allocation_of(name), lists=False)
    plain = openpyxl.load_workbook(io.BytesIO(excel(content)))
    kept, live = (
        openpyxl.load_workbook(io.BytesIO(excel(content, Theme(formulas=True))), data_only=values)
        for values in (True, False)
    )
    added = 0
    for sheet in live:
        for row in sheet.iter_rows():
            for cell in row:
                value = kept[sheet.title][cell.coordinate].value
                assert value == plain[sheet.title][cell.coordinate].value
                if cell.data_type != "f":
                    continue
                assert isinstance(cell.value, str)
                inside = cell.value.removeprefix("=SUM(").removesuffix(")")
                addends: list[Any] = []
                for part in inside.split(","):
                    place = sheet[part]
                    lines = place if isinstance(place, tuple) else ((place,),)
                    addends += [one.value for line in lines for one in line]
                numbers = [Decimal(str(one)) for one in addends if isinstance(one, int | float)]
                formulas = [one for one in addends if isinstance(one, str) and one != "—"]
                assert formulas == []
                assert float(sum(numbers)) == value
                added += 1
    assert added > 20


def test_sums_that_are_none_stay_numbers() -> None:
    content = document(allocation_of("qingyuan"))
    table = next(one for one in content.tables if one.year is not None)
    for turned in (False, True):
        page = layout(replace(table, turned=turned))
        live = openpyxl.load_workbook(
            io.BytesIO(
                excel(
                    replace(content, tables=(replace(table, turned=turned),)),
                    Theme(formulas=True),
                )
            )
        ).active
        assert live is not None
        first = first_row(live, page.heads[0]) + page.depth
        for k, column in enumerate(table.columns[1:], start=1):
            at = (first + k - 1, 2 + (not table.unit_line)) if turned else (first, k + 1)
            if not column.adds:
                assert live.cell(*at).data_type == "n"


def test_the_same_report_gives_the_same_bytes() -> None:
    content = document(allocation_of("zhongshan"))
    assert excel(content) == excel(content)
    assert word_file(content) == word_file(content)
