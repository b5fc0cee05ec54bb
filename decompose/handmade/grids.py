"""Tables as grids of cells: a frame, a CSV file, the sheets of a workbook."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from decompose.errors import Mistake
from decompose.figures import bare, plain
from decompose.labels import Language, say, word
from decompose.labels.progress import INDICATOR_HEADS
from decompose.labels.words import REGION_HEADS
from decompose.labels.workbook import OWN
from decompose.passed import require_argument
from decompose.reading.files import File, read_bytes
from decompose.reading.nodes import Notes
from decompose.reading.table import scan_table
from decompose.reading.workbook.cells import Sheet, Workbook, heading
from decompose.reading.workbook.rows import head_row, rows_above, tell_above, tell_far

WORKBOOK, TEXTS = ".xlsx", (".csv", ".tsv", ".txt")
_MOST = {WORKBOOK: 10 * 2**20}
_HEADS = (*INDICATOR_HEADS, *REGION_HEADS)
_KEYS = frozenset(map(bare, _HEADS))


class Head(NamedTuple):
    """The heading of a column, and the one that stands above it where there are two rows."""

    text: str
    above: str = ""


class Line(NamedTuple):
    """A row under the headings: its number, a cell per heading."""

    number: int
    cells: tuple[object, ...]


@dataclass(frozen=True)
class Grid:
    """A table.

    Attributes
    ----------
    name
        Of its sheet; blank where there is none.
    heads, lines
        Its content.
    place
        The words for a cell: number of the row (0: the headings), index of the column.
    file
        The name of its file, which may say the year where nothing else does.
    """

    name: str
    heads: tuple[Head, ...]
    lines: tuple[Line, ...]
    place: Callable[[int, int], str]
    file: str = ""


def grids_of(
    table: pd.DataFrame | str | os.PathLike[str], mistakes: list[Mistake], language: Language
) -> Iterator[Grid]:
    """Read every table of a frame or a file.

    Parameters
    ----------
    table
        A frame, or the path of a CSV file or workbook.
    mistakes
        Takes what is wrong with the form of the tables.
    language
        Of the places.

    Raises
    ------
    PlanError
        For a file that cannot be read at all, or what is neither.
    """
    kinds = (pd.DataFrame, str, os.PathLike)
    require_argument("adopt", "table", table, kinds, "wanted_table", language=language)
    if isinstance(table, pd.DataFrame):
        yield _of_frame(table, language)
        return
    path = Path(table)
    file = File(path.name, language)
    if path.suffix.lower() == WORKBOOK:
        workbook = Workbook(read_bytes(path, file, _MOST), file)
        yield from _of_workbook(workbook, mistakes, path.stem)
        return
    if path.suffix.lower() not in TEXTS:
        raise file.error(say("file_suffix", found=file.name, known=[WORKBOOK, *TEXTS]))
    scan = scan_table(path, file)
    mistakes += scan.mistakes
    rows = [row for row in scan.table.rows if row.number not in scan.ragged]
    lines = tuple(Line(row.number, row.cells) for row in rows)
    heads = tuple(map(Head, scan.table.heads))

    def place(row: int, column: int) -> str:
        return file.cell(row or scan.table.head_row, column + 1)

    yield Grid("", heads, lines, place, path.stem)


def _of_frame(frame: pd.DataFrame, language: Language) -> Grid:
    """Take a frame; an index that is more than a count is its first column."""
    whole = frame.copy()
    whole.attrs = {}
    counted = pd.api.types.is_integer_dtype(whole.index) and whole.index.name is None
    if not counted:
        across = bare(str(whole.columns.name)) in map(bare, REGION_HEADS)
        down = word("indicator" if across else "region", language)
        whole.index.names = [name or down for name in whole.index.names]
        whole = whole.reset_index()
    heads = tuple(Head(plain(str(name))) for name in whole.columns)
    cells = zip(*(whole.iloc[:, k].tolist() for k in range(whole.shape[1])), strict=True)

    def place(row: int, column: int) -> str:
        code = "adopt_place" if row else "adopt_head_place"
        return say(code, row=row, head=heads[column].text).text(language)

    return Grid("", heads, tuple(Line(k, row) for k, row in enumerate(cells, start=1)), place)


def _of_workbook(workbook: Workbook, mistakes: list[Mistake], stem: str) -> Iterator[Grid]:
    """Read the sheets that have headings, in one row or in two; drafts are none.

    The name of the file may say the year of a sheet that is alone.
    """
    drafts = [name.startswith(OWN) for name in workbook.book.sheets]
    said = stem if drafts.count(False) == 1 else ""
    for index, name in enumerate(workbook.book.sheets):
        sheet = workbook.sheet(index)
        first = head_row(sheet, _HEADS)
        if first is None or drafts[index]:
            continue
        notes = Notes(workbook.book)
        tell_far(sheet, notes)
        keys = [k for k, cell in sheet.rows[first].items() if bare(heading(cell)) in _KEYS]
        for number in rows_above(sheet, first, keys):
            tell_above(sheet, number, first, notes)
        mistakes += notes.mistakes
        file = workbook.book.sheet(index)
        two = _in_two_rows(sheet, first)
        width = max(max(row) for row in sheet.rows.values())
        heads = tuple(_head(sheet, first, column, two=two) for column in range(1, width + 1))
        lines = []
        for number, row in sheet.rows.items():
            if number <= first + two:
                continue
            for column, cell in row.items():
                if cell.wrong is not None:
                    mistakes.append(Mistake(cell.wrong, (), file.cell(number, column)))
            cells = (row.get(column) for column in range(1, width + 1))
            lines.append(
                Line(number, tuple(None if cell is None else cell.value for cell in cells))
            )

        def place(row: int, column: int, file: File = file, top: int = first) -> str:
            return file.cell(row or top, column + 1)

        yield Grid(name, heads, tuple(lines), place, said)


def _in_two_rows(sheet: Sheet, first: int) -> bool:
    """Whether headings have a second row; cells may have been merged once, and are no longer."""
    if any(one[0] == first and one[2] == first + 1 for one in sheet.merged):
        return True
    below = sheet.rows.get(first + 1, {})
    keys = [column for column, cell in sheet.rows[first].items() if bare(heading(cell)) in _KEYS]
    texts = [cell.value for cell in below.values() if cell.value is not None]
    return bool(texts) and not {*keys} & {*below} and all(isinstance(one, str) for one in texts)


def _head(sheet: Sheet, first: int, column: int, *, two: bool) -> Head:
    """Return a column's heading; one that covers several columns stands above theirs."""
    rows = sheet.rows
    below = rows.get(first + 1, {}).get(column) if two else None
    left = next(
        (one[1] for one in sheet.merged if one[0] == first and one[1] <= column <= one[3]),
        column if below is None else max(k for k in (0, *rows[first]) if k <= column),
    )
    above = rows[first].get(left)
    texts = ["" if cell is None else heading(cell) for cell in (above, below)]
    return Head(texts[1], texts[0]) if texts[1] else Head(texts[0])
