"""A workbook as a file: the words for its cells, and cells as numbers, as lines of a text are."""

from __future__ import annotations

import re
from dataclasses import dataclass

from decompose.labels import say
from decompose.reading.files import File

_ROWS, _COLUMNS = 2**21, 2**15
_CELL = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")


@dataclass(frozen=True)
class SheetFile(File):
    """A sheet of a workbook: its places are sheet and cell."""

    sheet: str = ""

    def cell(self, row: int, column: int = 0) -> str:
        """Return the words for a cell, a row (column 0), or the sheet (row 0)."""
        code = "at_sheet_cell" if column else "at_sheet_row" if row else "at_sheet"
        cell = f"{letters(column)}{row}"
        return say(code, file=self.name, sheet=self.sheet, row=row, cell=cell).text(self.language)


@dataclass(frozen=True)
class Book(File):
    """A workbook.

    ``line`` takes the number of a cell in place of a line, so that what knows the lines of a
    text (Node, Notes, Places) knows the cells of a workbook. Number 0 is the workbook itself.
    """

    sheets: tuple[str, ...] = ()

    def sheet(self, index: int) -> SheetFile:
        """Return a sheet as a file."""
        return SheetFile(self.name, self.language, self.sheets[index])

    def line(self, line: int, column: int = 0) -> str:
        """Return the words for the cell with a number."""
        sheet, place = divmod(line - 1, _ROWS * _COLUMNS)
        if line < 1 or column:
            return self.name
        return self.sheet(sheet).cell(*divmod(place, _COLUMNS))


def number_of(sheet: int, row: int, column: int = 0) -> int:
    """Return the number of a cell, a row (column 0), or a sheet (row 0)."""
    return (sheet * _ROWS + row) * _COLUMNS + column + 1


def row_of(line: int) -> int:
    """Return the row of the cell with a number."""
    return (line - 1) // _COLUMNS % _ROWS


def letters(column: int) -> str:
    """Return the letters of a column: 1 is A, 28 is AB."""
    found = ""
    while column:
        column, rest = divmod(column - 1, 26)
        found = chr(ord("A") + rest) + found
    return found


def read_cell_name(name: str) -> tuple[int, int] | None:
    """Return row and column of a cell such as C7; None where it is none."""
    found = _CELL.fullmatch(name)
    if found is None:
        return None
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(found[2]), column
