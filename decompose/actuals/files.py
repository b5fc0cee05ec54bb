"""Files of actuals as tables of texts: CSV files, the sheets of workbooks, whole folders."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from decompose.errors import Mistake, PlanError
from decompose.labels import say
from decompose.labels.progress import INDICATOR_HEADS, PERIOD_HEADS
from decompose.labels.words import REGION_HEADS
from decompose.reading.files import File, read_bytes
from decompose.reading.nodes import Notes
from decompose.reading.table import Table, head_mistakes, scan_table
from decompose.reading.workbook.cells import Sheet, Workbook
from decompose.reading.workbook.rows import head_row, tell_merged
from decompose.reading.workbook.series import texts_table

WORKBOOK = ".xlsx"
SUFFIXES = (".csv", ".tsv", ".txt", WORKBOOK)
_MOST = {WORKBOOK: 10 * 2**20}
_HEADS = (*INDICATOR_HEADS, *REGION_HEADS, *PERIOD_HEADS)


class Named(NamedTuple):
    """A table, and the name of its file or sheet, which may say what no column says."""

    table: Table
    name: str


def read_tables(path: Path, file: File, mistakes: list[Mistake]) -> Iterator[Named]:
    """Read every table of a file, or of all files of a folder by name.

    Parameters
    ----------
    path, file
        Where it is, and how it is called.
    mistakes
        Takes what is wrong with the form of the tables.

    Raises
    ------
    PlanError
        For a file that cannot be read at all; of a folder, these go to ``mistakes``.
    """
    if not path.is_dir():
        yield from _of_file(path, file, mistakes)
        return
    inside = [
        one
        for one in sorted(path.iterdir())
        if one.suffix.lower() in SUFFIXES and not one.name.startswith((".", "~$"))
    ]
    if not inside:
        raise file.error(say("actuals_no_file", known=list(SUFFIXES)))
    for one in inside:
        try:
            yield from _of_file(one, File(one.name, file.language), mistakes)
        except PlanError as error:
            mistakes += error.mistakes


def _of_file(path: Path, file: File, mistakes: list[Mistake]) -> Iterator[Named]:
    if path.suffix.lower() == WORKBOOK:
        yield from _of_workbook(Workbook(read_bytes(path, file, _MOST), file), file, mistakes)
        return
    scan = scan_table(path, file, heads=_HEADS)
    mistakes += scan.mistakes
    rows = tuple(row for row in scan.table.rows if row.number not in scan.ragged)
    yield Named(Table(file, scan.table.heads, scan.table.head_row, rows), path.stem)


def _of_workbook(workbook: Workbook, file: File, mistakes: list[Mistake]) -> Iterator[Named]:
    """Read the sheets that have headings; a guide or an empty sheet has none."""
    found = False
    for index, name in enumerate(workbook.book.sheets):
        sheet = workbook.sheet(index)
        first = head_row(sheet, _HEADS)
        if first is None:
            continue
        found = True
        notes = Notes(workbook.book)
        covered = tell_merged(_with_dates(sheet), first, notes)
        table = texts_table(sheet, first, covered, workbook.book, notes)
        mistakes += [*notes.mistakes, *head_mistakes(table)]
        yield Named(table, name)
    if not found:
        mistakes.append(Mistake(say("actuals_no_head"), (), file.name))


def _with_dates(sheet: Sheet) -> Sheet:
    """Take dates for texts: a month is often typed as one."""
    for row in sheet.rows.values():
        for column, cell in row.items():
            if cell.wrong is not None and cell.wrong.code == "cell_date":
                row[column] = cell._replace(value=str(cell.wrong.data["found"]), wrong=None)
    return sheet
