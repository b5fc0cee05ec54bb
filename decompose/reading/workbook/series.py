"""The sheet of series by region, read as a CSV table is."""

from __future__ import annotations

from decompose.errors import PlanError
from decompose.figures import plain
from decompose.labels import say
from decompose.labels.words import REGION_HEADS
from decompose.labels.workbook_heads import REMARK
from decompose.reading.columns import Columns, read_columns
from decompose.reading.nodes import Node, Notes
from decompose.reading.table import Row, Scan, Table, head_mistakes
from decompose.reading.workbook.book import Book, number_of, row_of
from decompose.reading.workbook.cells import Cell, Sheet, heading
from decompose.reading.workbook.rows import head_row, rows_above, tell_above, tell_merged


def read_series(sheet: Sheet, book: Book, notes: Notes) -> Columns | None:
    """Read the series of a sheet; None where it has none, or cannot be read.

    The mistakes go to ``notes``.
    """
    first = head_row(sheet, REGION_HEADS) or next(iter(sheet.rows))
    before = len(notes.mistakes)
    covered = tell_merged(sheet, first, notes)
    table = texts_table(sheet, first, covered, book, notes)
    mistakes = list(head_mistakes(table))
    damaged = bool(mistakes) or len(notes.mistakes) > before or bool(covered)
    place = table.column(REGION_HEADS)
    nameless = frozenset(
        number
        for number, row in sheet.rows.items()
        if number > first and place is not None and _unsure(row.get(place + 1), number)
    )
    above = [] if place is None else rows_above(sheet, first, [place + 1])
    try:
        columns = read_columns(Scan(table, mistakes, nameless, damaged))
    except PlanError as error:
        notes.mistakes += error.mistakes
        return None
    notes.mistakes += columns.mistakes
    for number in above:
        tell_above(sheet, number, first, notes)
        columns.lost.update(heading(cell) for cell in sheet.rows[number].values())
    return columns


def texts_table(sheet: Sheet, first: int, covered: set[int], book: Book, notes: Notes) -> Table:
    """Return a sheet as a table of texts.

    Parameters
    ----------
    sheet, book
        The sheet, and the workbook that it is of.
    first
        The row of the headings.
    covered
        Columns that are passed over; remarks always are.
    notes
        Takes the mistakes of cells.
    """
    width = max(max(row) for row in sheet.rows.values())
    passed = covered | {
        column for column, cell in sheet.rows[first].items() if heading(cell) in REMARK
    }
    texts = {
        number: tuple(
            "" if column in passed or column not in row else _text(row[column], notes)
            for column in range(1, width + 1)
        )
        for number, row in sheet.rows.items()
        if number >= first
    }
    heads = tuple(map(heading, (Cell(text, 0) for text in texts.pop(first))))
    rows = tuple(Row(number, cells) for number, cells in texts.items() if any(cells))
    return Table(book.sheet(sheet.index), heads, first, rows)


def _unsure(region: Cell | None, row: int) -> bool:
    """Whether a row's region was told: no text, or part of a merged cell."""
    if region is None:
        return False
    return region.wrong is not None or isinstance(region.value, bool) or row_of(region.line) != row


def _text(cell: Cell, notes: Notes) -> str:
    """Return a cell as a table of texts has it; blank where it was told."""
    wrong = cell.wrong
    if isinstance(cell.value, bool):
        wrong = say("cell_truth", found=str(cell.value).upper())
    if wrong is not None:
        notes.tell(wrong, cell.line)
        return ""
    return repr(cell.value) if isinstance(cell.value, float) else str(cell.value)


def series_node(columns: Columns, sheet: Sheet) -> Node:
    """Return the series as a plan file would say them, each number with its cell."""
    head = columns.table.column(REGION_HEADS) or 0

    def number(value: float | str, region: str, column: int) -> Node:
        row = columns.row[region]
        keys = ((plain(region), number_of(sheet.index, row, head + 1)),)
        return Node(value, number_of(sheet.index, row, column + 1), keys=keys)

    return Node(
        {
            name: Node(
                {
                    region: number(value, region, column)
                    for region, value in columns.cells[name].items()
                },
                number_of(sheet.index, columns.table.head_row, column + 1),
            )
            for name, column in columns.column.items()
        },
        number_of(sheet.index, 0),
    )
