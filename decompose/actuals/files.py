"""Files of actuals as tables of texts: CSV files, the sheets of workbooks, whole folders."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from decompose.actuals.heads import NAMES, depth_of
from decompose.actuals.titles import Named
from decompose.errors import Mistake, PlanError
from decompose.labels import say
from decompose.labels.workbook import OWN
from decompose.plan.tables import MOST_CELLS
from decompose.reading.files import File, read_bytes
from decompose.reading.nodes import Notes
from decompose.reading.table import Row, Table, head_mistakes, scan_table, stacked
from decompose.reading.workbook.cells import Sheet, Workbook, range_words
from decompose.reading.workbook.rows import head_row, tell_far
from decompose.reading.workbook.series import texts_table

WORKBOOK = ".xlsx"
SUFFIXES = (".csv", ".tsv", ".txt", WORKBOOK)
_MOST = {WORKBOOK: 10 * 2**20}
_HEADS = tuple(head for heads in NAMES.values() for head in heads)


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
    try:
        folder = path.is_dir()
    except OSError:  # a name that no system takes: reading it tells
        folder = False
    if not folder:
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
        workbook = Workbook(read_bytes(path, file, _MOST), file)
        yield from _of_workbook(workbook, file, path.stem, mistakes)
        return
    scan = scan_table(path, file, heads=_HEADS, depth=depth_of)
    mistakes += scan.mistakes
    rows = tuple(row for row in scan.table.rows if row.number not in scan.ragged)
    yield Named(replace(scan.table, rows=rows), "", path.stem)


def _of_workbook(
    workbook: Workbook, file: File, stem: str, mistakes: list[Mistake]
) -> Iterator[Named]:
    """Read the sheets that have headings; a guide or an empty sheet has none, drafts are left."""
    found = False
    for index, name in enumerate(workbook.book.sheets):
        sheet = workbook.sheet(index)
        first = head_row(sheet, _HEADS)
        if first is None or name.startswith(OWN):
            continue
        found = True
        notes = Notes(workbook.book)
        tell_far(sheet, notes)
        _fill_merged(_with_dates(sheet), first, notes)
        table = _levelled(texts_table(sheet, first, set(), workbook.book, notes))
        titles = (
            str(cell.value)
            for number, row in sheet.rows.items()
            for cell in row.values()
            if number < first and cell.value is not None
        )
        mistakes += [*notes.mistakes, *(() if table.above else head_mistakes(table))]
        yield Named(replace(table, titles=tuple(dict.fromkeys(titles))), name, stem)
    if not found:
        mistakes.append(Mistake(say("actuals_no_head"), (), file.name))


def _levelled(table: Table) -> Table:
    """Join headings of several rows."""
    rows = (Row(table.head_row, table.heads), *table.rows)
    depth = depth_of(rows)
    heads, above = stacked(rows[:depth])
    width = len(table.heads)
    heads += ("",) * (width - len(heads))
    above += ((),) * (width - len(above)) if above else ()
    return replace(table, heads=heads, above=above, rows=rows[depth:])


def _fill_merged(sheet: Sheet, first: int, notes: Notes) -> None:
    """Write what merged cells say into each of them.

    Merged numbers under the headings are told: whose they are is open.
    """
    last, width = max(sheet.rows), max(max(row) for row in sheet.rows.values())
    filled = 0
    for merged in sheet.merged:
        top, left, bottom, right = merged
        cell = sheet.rows.get(top, {}).get(left)
        if bottom < first or cell is None:
            continue
        rows, columns = range(top, min(bottom, last) + 1), range(left, min(right, width) + 1)
        filled += len(rows) * len(columns)
        number = isinstance(cell.value, (int, float)) and top > first
        if filled > MOST_CELLS or (number and top != bottom):
            notes.tell(say("cells_merged", found=range_words(merged)), cell.line)
        if filled > MOST_CELLS:
            return
        for row in () if number else rows:
            for column in columns if row in sheet.rows else ():
                sheet.rows[row].setdefault(column, cell)
    for row, cells in sheet.rows.items():
        sheet.rows[row] = dict(sorted(cells.items()))


def _with_dates(sheet: Sheet) -> Sheet:
    """Take dates for texts: a month is often typed as one."""
    for row in sheet.rows.values():
        for column, cell in row.items():
            if cell.wrong is not None and cell.wrong.code == "cell_date":
                row[column] = cell._replace(value=str(cell.wrong.data["found"]), wrong=None)
    return sheet
