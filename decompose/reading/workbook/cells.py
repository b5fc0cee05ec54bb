"""The sheets of a workbook as cells: numbers, texts and truth values, each with its place."""

from __future__ import annotations

import datetime as dt
import io
import logging
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from decompose.figures import plain
from decompose.labels import Message, say
from decompose.plan.values import MOST_LETTERS
from decompose.reading.files import File
from decompose.reading.nodes import Scalar
from decompose.reading.workbook.archive import Archive, Range
from decompose.reading.workbook.book import Book, letters, number_of
from decompose.reading.workbook.numbers import Percent, is_percent

MOST_ROWS, MOST_COLUMNS = 20_000, 500
"""How far the content of a sheet may reach."""
MOST_LETTERS_OF_SHEET = 5_000_000
"""The letters of all its texts."""
MOST_BLANKS, _OF_ROW = 60_000_000, 16
"""The blank cells before the last of each row, in all sheets; a row counts as some more."""
_EXCEL_ROWS = 2**20
"""The rows of a sheet in Excel: beyond these there can be nothing."""

logger = logging.getLogger("decompose")


class Cell(NamedTuple):
    """A cell that is not blank; ``wrong`` tells why it has no value that could be meant."""

    value: Scalar
    line: int
    wrong: Message | None = None


Row = dict[int, Cell]
"""The cells of a row by column, counted from 1."""


@dataclass
class Sheet:
    """A sheet: its rows that are not blank, by number, and its merged ranges."""

    name: str
    index: int
    rows: dict[int, Row] = field(default_factory=dict)
    merged: list[Range] = field(default_factory=list)
    far: bool = False
    """Whether there is content out of bounds, which was not read."""


class Workbook:
    """An open workbook.

    Parameters
    ----------
    data
        The whole file.
    file
        Its name.

    Raises
    ------
    PlanError
        Where it cannot be opened, or should not be.
    """

    def __init__(self, data: bytes, file: File) -> None:
        self._archive = Archive(data, file)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of formats and extensions that are no matter here
            self._book = self._archive.guarded(_load, data, file)
        self.book = Book(file.name, file.language, tuple(self._book.sheetnames))
        self._blanks = 0

    def sheet(self, index: int) -> Sheet:
        """Read the cells of a sheet.

        Raises
        ------
        PlanError
            Where its XML is damaged.
        """
        name, place = self.book.sheets[index], self.book.sheet(index).cell(0)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            sheet: Sheet = self._archive.guarded(self._read, index, name, place=place)
        marks = self._archive.marks(name, place)
        sheet.merged = marks.merged
        for row, column in marks.unsaved:
            if row <= MOST_ROWS and column <= MOST_COLUMNS:
                cell = Cell(None, number_of(index, row, column), say("cell_formula"))
                sheet.rows.setdefault(row, {})[column] = cell
        sheet.rows = dict(sorted(sheet.rows.items()))
        return sheet

    def _read(self, index: int, name: str) -> Sheet:
        found = Sheet(name, index)
        letters = 0
        source = self._book[name]
        if not hasattr(source, "iter_rows"):  # a sheet that is a chart
            return found
        if source.sheet_state != "visible":
            logger.warning(say("sheet_hidden", found=name).text(self.book.language))
        source.reset_dimensions()  # as declared they may lie; rows come as long as they are
        for number, cells in enumerate(source.iter_rows(), start=1):
            # rows that are not in the file come too, and rows up to their last cell
            self._blanks += _OF_ROW + len(cells)
            if self._blanks > MOST_BLANKS:
                raise self.book.error(say("workbook_blanks"), self.book.sheet(index).cell(0))
            row = dict(_row(cells, index, number))
            # a text stands once in the file, however many cells show it
            letters += sum(len(one.value) for one in row.values() if isinstance(one.value, str))
            if letters > MOST_LETTERS_OF_SHEET:
                raise self.book.error(say("workbook_letters", most=MOST_LETTERS_OF_SHEET))
            beyond = row and (number > MOST_ROWS or max(row) > MOST_COLUMNS)
            if beyond or number > _EXCEL_ROWS:
                found.far = True
                break
            if row:
                found.rows[number] = row
        return found


def _load(data: bytes, file: File) -> Any:
    try:
        import openpyxl
    except ImportError:
        command = 'pip install "target-decompose[excel]"'
        raise file.error(say("workbook_package", command=command)) from None
    if not openpyxl.DEFUSEDXML:
        raise file.error(say("workbook_unsafe"))
    return openpyxl.load_workbook(
        io.BytesIO(data), read_only=True, data_only=True, keep_links=False
    )


def _row(cells: Any, sheet: int, row: int) -> Iterator[tuple[int, Cell]]:
    for column, cell in enumerate(cells, start=1):
        if cell.value is None:
            continue
        value, wrong = _value(cell)
        if value != "" or wrong:
            yield column, Cell(value, number_of(sheet, row, column), wrong)


def _value(cell: Any) -> tuple[Scalar, Message | None]:
    """Return what a cell says, or None and why that cannot be what was meant."""
    value = cell.value
    if cell.data_type == "e":
        return None, say("cell_error", found=str(value))
    if isinstance(value, str):
        if len(value) > MOST_LETTERS:
            return None, say("text_long", found=len(value), most=MOST_LETTERS)
        # Excel keeps a carriage return as an escape
        return value.replace("_x000D_", "").strip(), None
    if isinstance(value, (dt.datetime, dt.date)):
        return None, _date(value)
    if isinstance(value, (bool, int, float)):
        percent = not isinstance(value, bool) and is_percent(cell.number_format)
        return Percent(float(value)).text if percent else value, None
    return None, say("cell_time", found=str(value))


def _date(value: dt.datetime | dt.date) -> Message:
    if isinstance(value, dt.datetime) and value.time() != dt.time():
        return say("cell_time", found=str(value))
    return say("cell_date", found=f"{value:%Y-%m-%d}", low=value.month, high=value.day)


def range_words(merged: Range) -> str:
    """Return the words for a range: A1:C1."""
    top, left, bottom, right = merged
    return f"{letters(left)}{top}:{letters(right)}{bottom}"


def heading(cell: Cell) -> str:
    """Return the text of a heading in plain form."""
    return plain("" if cell.value is None else str(cell.value))
