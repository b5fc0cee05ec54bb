"""A sheet as rows under known headings, every cell read or told."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from decompose.figures import bare, plain
from decompose.labels import Message, say
from decompose.labels.progress import UNIT_HEADS
from decompose.labels.workbook_heads import EXPLANATION, REMARK, head_of
from decompose.plan.hints import NAMES_ALIKE, hint
from decompose.reading.nodes import Node, Notes, Scalar
from decompose.reading.workbook.book import number_of
from decompose.reading.workbook.cells import (
    MOST_COLUMNS,
    MOST_ROWS,
    Cell,
    Sheet,
    heading,
    range_words,
)
from decompose.reading.workbook.fields import NEEDED, SAME, SHEETS, Fields
from decompose.reading.workbook.kinds import Kind
from decompose.reading.workbook.naming import Naming

_SEARCHED = 20
"""In how many rows, at the top of a sheet, the headings are looked for: a title may precede."""

_YEAR = re.compile("[0-9]{4}")
_YEARS = range(1900, 2101)
"""Numbers that are years: a title may say one."""


@dataclass(frozen=True)
class Column:
    """A column of a sheet: its code, with the year in it, and what its cells hold."""

    code: str
    kind: Kind


@dataclass(frozen=True)
class Record:
    """A row: the number of its place, and what its cells say, by code.

    ``refused`` names what was told already, so that nothing more is said of it.
    """

    line: int
    nodes: dict[str, Node] = field(default_factory=dict)

    def text(self, code: str) -> str:
        """Return what a cell says as a text; blank where it is blank or was refused."""
        node = self.nodes.get(code)
        blank = node is None or node.refused or node.value is None
        return "" if node is None or blank else str(node.value)

    def refused(self, code: str) -> bool:
        """Whether a cell was told already."""
        return code in self.nodes and self.nodes[code].refused


def head_row(sheet: Sheet, names: tuple[str, ...]) -> int | None:
    """Return the first row with a heading among some names; None where there is none."""
    known = set(map(bare, names))
    for number in list(sheet.rows)[:_SEARCHED]:
        if known & {bare(heading(cell)) for cell in sheet.rows[number].values()}:
            return number
    return None


def tell_far(sheet: Sheet, notes: Notes) -> None:
    """Tell content out of bounds, which was not read."""
    if sheet.far:
        far = say("sheet_far", rows=MOST_ROWS, columns=MOST_COLUMNS)
        notes.tell(far, number_of(sheet.index, 0))


def tell_merged(sheet: Sheet, head: int, notes: Notes) -> set[int]:
    """Tell the merged ranges; fill those of the body, so that nothing follows from them.

    Returns
    -------
    The columns whose headings are merged.
    """
    covered: set[int] = set()
    last = max(sheet.rows)
    for merged in sheet.merged:
        top, left, bottom, right = merged
        if bottom < head or top > last:
            continue
        line = number_of(sheet.index, top, left)
        notes.tell(say("cells_merged", found=range_words(merged)), line)
        if top <= head:
            covered |= set(range(left, right + 1))
            continue
        first = sheet.rows.get(top, {}).get(left)
        for row in range(top, min(bottom, last) + 1):
            if first is not None and row in sheet.rows:
                sheet.rows[row].setdefault(left, first)
    return covered


def rows_above(sheet: Sheet, head: int, keys: Sequence[int]) -> list[int]:
    """Return the rows above the headings that name something and hold numbers, years aside."""
    return [
        number
        for number, row in sheet.rows.items()
        if number < head and {*keys} & {*row} and any(map(_counts, row.values()))
    ]


def _counts(cell: Cell) -> bool:
    value = cell.value
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return number and value not in _YEARS


def tell_above(sheet: Sheet, row: int, head: int, notes: Notes) -> None:
    """Tell a row of content above the headings: a sheet sorted with its headings puts it there."""
    notes.tell(say("row_above_heads", row=head), number_of(sheet.index, row))


def _tell_above(
    sheet: Sheet, code: str, head: int, places: Mapping[str, int], notes: Notes
) -> None:
    """Tell the rows above the headings that say what a row must; a title and a unit do not."""
    wanted = {places[needed] for needed in NEEDED[code] if needed in places}
    for number, row in sheet.rows.items():
        said = {place for place in places.values() if place in row}
        unit = any(heading(cell).lower().startswith(UNIT_HEADS) for cell in row.values())
        if number < head and wanted <= said and len(said) > 1 and not unit:
            tell_above(sheet, number, head, notes)


def records(sheet: Sheet, code: str, naming: Naming, notes: Notes) -> Iterator[Record] | None:
    """Read the rows of a sheet.

    Parameters
    ----------
    sheet, code
        The sheet, and which one it is.
    naming
        What its cells may be called by.
    notes
        Takes the mistakes.

    Returns
    -------
    The rows, or None where there are no headings.
    """
    key = NEEDED[code][0]
    first = head_row(sheet, head_of(code, key))
    if first is None:
        line = number_of(sheet.index, next(iter(sheet.rows)))
        notes.tell(say("sheet_no_head", found=head_of(code, key)), line)
        return None
    told = len(notes.mistakes)
    columns = _columns(sheet, code, first, tell_merged(sheet, first, notes), notes)
    places = {column.code: number for number, column in columns.items() if column}
    for needed in NEEDED[code]:
        if needed not in places and len(notes.mistakes) == told:
            absent = say("sheet_no_head", found=head_of(code, needed))
            notes.tell(absent, number_of(sheet.index, first))
    _tell_above(sheet, code, first, places, notes)
    return _records(sheet, code, first, columns, naming, notes)


def _records(
    sheet: Sheet,
    code: str,
    first: int,
    columns: Mapping[int, Column | None],
    naming: Naming,
    notes: Notes,
) -> Iterator[Record]:
    held: dict[tuple[str, ...], int] = {}
    places = {column.code: number for number, column in columns.items() if column}
    for number, row in sheet.rows.items():
        record = Record(number_of(sheet.index, number))
        for place, column in columns.items():
            if number > first and column is not None and place in row:
                record.nodes[column.code] = read_cell(row[place], column.kind, naming, notes)
        if not record.nodes:
            continue
        _tell_missing(code, record, places, notes)
        same = _same(code, record)
        if same in held:
            notes.tell(say("row_twice", row=held[same]), record.line)
            continue
        if same:
            held[same] = number
        yield record


def _same(code: str, record: Record) -> tuple[str, ...]:
    """Return what no other row may say again; nothing where that is not known."""
    parts = SAME.get(code, ())
    if any(record.refused(part) for part in parts):
        return ()
    return tuple(plain(record.text(part)) for part in parts)


def read_cell(cell: Cell, kind: Kind, naming: Naming, notes: Notes) -> Node:
    """Read a cell; what cannot be read is told, and says nothing."""
    wrong: Message | None = cell.wrong
    if wrong is None:
        try:
            return node_of(kind.read(cell.value, naming), cell.line)
        except ValueError as error:
            wrong = error.args[0]
    notes.tell(wrong, cell.line)
    return Node(None, cell.line, refused=True)


def node_of(value: Any, line: int) -> Node:
    """Return plain data as nodes of one cell."""
    if isinstance(value, dict):
        return Node({key: node_of(one, line) for key, one in value.items()}, line)
    if isinstance(value, list):
        return Node([node_of(one, line) for one in value], line)
    scalar: Scalar = value
    return Node(scalar, line)


def _tell_missing(code: str, record: Record, places: Mapping[str, int], notes: Notes) -> None:
    """Tell what a row must say and does not; a node that was told stands in for it."""
    for needed in NEEDED[code]:
        if needed in record.nodes:
            continue
        line = record.line + places.get(needed, 0)
        if needed in places:
            notes.tell(say("cell_missing", found=head_of(code, needed)), line)
        record.nodes[needed] = Node(None, line, refused=True)


def _columns(
    sheet: Sheet, code: str, first: int, covered: set[int], notes: Notes
) -> dict[int, Column | None]:
    """Find the columns under known headings; None for those that are passed over."""
    columns: dict[int, Column | None] = dict.fromkeys(covered)
    held: dict[str, int] = {}
    known = headings(code)
    passed = {*REMARK, *(EXPLANATION if code == "plan" else ())}
    for number, cell in sheet.rows[first].items():
        name = heading(cell)
        if cell.wrong is not None:
            notes.tell(cell.wrong, cell.line)
            columns[number] = None
            continue
        column = _find(name, known, SHEETS[code])
        columns[number] = column
        if column is None and name not in passed and number not in covered:
            year = _YEAR.search(name)
            said = year[0] if year else "2015"
            near = hint(name, [word.replace("{year}", said) for word in known], alike=NAMES_ALIKE)
            notes.tell(say("head_unknown", found=name, hint=near), cell.line)
        elif column is not None and column.code in held:
            other = notes.file.line(number_of(sheet.index, first, held[column.code]))
            notes.tell(say("head_twice", found=name, other=other), cell.line)
            columns[number] = None
        elif column is not None:
            held[column.code] = number
    body = {column for number, row in sheet.rows.items() if number > first for column in row}
    for number in sorted(body - columns.keys()):
        columns[number] = None
        notes.tell(say("head_blank"), number_of(sheet.index, first, number))
    return columns


def headings(code: str) -> dict[str, str]:
    """Return the codes of a sheet's columns by their headings, in both languages."""
    return {plain(name).lower(): one for one in SHEETS[code] for name in head_of(code, one)}


def _find(name: str, known: Mapping[str, str], fields: Fields) -> Column | None:
    code = known.get(name.lower())
    if code is not None:
        return Column(code, fields[code])
    for heads, code in known.items():
        before, mark, behind = heads.partition("{year}")
        found = re.fullmatch(f"{re.escape(before)}([0-9]{{4}}){re.escape(behind)}", name.lower())
        if mark and found:
            return Column(code.replace("{year}", found[1]), fields[code])
    return None
