"""One CSV file as a table of texts that knows its cells."""

from __future__ import annotations

import csv
import io
import itertools
import os
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from decompose.errors import Mistake
from decompose.figures import bare, plain
from decompose.labels import Language, say
from decompose.passed import require_path
from decompose.plan.tables import MOST_CELLS
from decompose.reading.files import File, plan_error, read_text, stop_at_many

_MOST = dict.fromkeys((".csv", ".tsv", ".txt"), 20 * 2**20)
"""The suffixes of tables, and the most bytes of each."""
_SEARCHED = 20
"""How many rows may stand above the headings."""
_DELIMITERS = (",", "\t", ";")
_SAID = re.compile(r'"?sep=([,;\t|])"?[ \t]*(?:\r\n?|\n)', re.IGNORECASE)
"""The line by which a spreadsheet says what parts the columns."""
_OTHER_SEPARATORS = frozenset(";|,")
"""In a heading's plain form, where a full-width comma is a comma."""


_SHARED = 10_000
"""How many different texts are kept once for all rows."""


class Row(NamedTuple):
    """A row's number, as a spreadsheet shows it (the headings are row 1), and its cells."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A table of texts.

    Attributes
    ----------
    file
        Where it stands; ``file.cell(row, column)`` are the words for a place in it.
    heads
        The headings in plain form (NFKC, trimmed).
    head_row
        The number of their row.
    rows
        The rows under them that are not blank, one trimmed cell per heading.
    titles
        What stands in the rows above them.
    above
        Where headings take several rows: the texts above each, from the top.
    """

    file: File
    heads: tuple[str, ...]
    head_row: int
    rows: tuple[Row, ...]
    titles: tuple[str, ...] = ()
    above: tuple[tuple[str, ...], ...] = ()

    def column(self, names: tuple[str, ...]) -> int | None:
        """Return the index of the column headed by the first of some names, or None."""
        heads = [bare(head) for head in self.heads]
        return next((heads.index(name) for one in names if (name := bare(one)) in heads), None)


class Scan(NamedTuple):
    """A table, and what is wrong with its form.

    ``ragged`` numbers the rows whose cells may have shifted; ``unread`` says whether a row or a
    heading was lost.
    """

    table: Table
    mistakes: list[Mistake]
    ragged: frozenset[int]
    unread: bool


def read_table(path: str | os.PathLike[str], *, language: Language = "zh") -> Table:
    """Read a CSV file as texts.

    Parameters
    ----------
    path
        A file in UTF-8 (with or without BOM) or GB18030, columns parted by commas, tabs or
        semicolons.
    language
        Of the places and the error.

    Raises
    ------
    PlanError
        With every mistake of the file: quotes without a partner, rows of another length than the
        headings, headings that are missing or stand twice.
    """
    place = require_path("read_table", path, language=language)
    scan = scan_table(place, File(place.name, language))
    if scan.mistakes:
        raise plan_error(scan.mistakes, language)
    return scan.table


def scan_table(
    path: Path,
    file: File,
    *,
    heads: Collection[str] = (),
    depth: Callable[[Sequence[Row]], int] | None = None,
) -> Scan:
    """Read a CSV file, and list what is wrong with its form.

    Parameters
    ----------
    path, file
        Where it is, and how it is called.
    heads
        Headings of which one is there: rows above it, a title say, are no part of the table.
    depth
        Tells of how many rows the headings are, from the first of them on; one by default.

    Raises
    ------
    PlanError
        Where it cannot be read at all.
    """
    text = read_text(path, file, _MOST)
    mistakes: list[Mistake] = []
    records = _records(text, file, mistakes) or [Row(1, ())]
    first = _titles(records, heads)
    single = all(len(row.cells) == 1 for row in records[first : first + 2])
    if single and _OTHER_SEPARATORS & set(plain("".join(records[first].cells))):
        told = say("table_separator", found=plain(records[first].cells[0]))
        raise file.error(told, file.cell(records[first].number))
    titles = tuple(cell for row in records[:first] for cell in row.cells if cell)
    count = 1 if depth is None else depth(records[first:])
    heads, above = stacked(records[first : first + count])
    head_row, records = records[first].number, records[first + count :]
    rows: list[Row] = []
    ragged: set[int] = set()
    for row in records:
        number, cells = row
        if len(cells) == len(heads):
            rows.append(row)
            continue
        if len(cells) < len(heads) or any(cells[len(heads) :]):
            told = say("row_ragged", found=len(cells), wanted=len(heads))
            mistakes.append(Mistake(told, (), file.cell(number)))
            stop_at_many(mistakes, file)
            ragged.add(number)
        padding = ("",) * (len(heads) - len(cells))
        rows.append(Row(number, cells[: len(heads)] + padding))
    table = Table(file, heads, head_row, tuple(rows), titles, above)
    unread = "" in heads or len(mistakes) > len(ragged)
    mistakes += () if above else head_mistakes(table)
    return Scan(table, mistakes, frozenset(ragged), unread)


def stacked(rows: Sequence[Row]) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Return the headings of a table in plain form, and what stands above each.

    Of several rows of headings, one that is blank over another goes on from its left; a column's
    own is the lowest that is not blank.
    """
    levels = [[plain(cell) for cell in row.cells] for row in rows]
    width = max((k + 1 for level in levels for k, text in enumerate(level) if text), default=0)
    levels = [(level + [""] * width)[:width] for level in levels]
    if len(levels) == 1:
        return tuple(levels[0]), ()
    for upper, level in enumerate(levels[:-1]):
        for k in range(1, width):
            if not level[k] and any(lower[k] for lower in levels[upper + 1 :]):
                level[k] = level[k - 1]
    columns = [
        [text for text in dict.fromkeys(column) if text] for column in zip(*levels, strict=True)
    ]
    heads = tuple(column[-1] if column else "" for column in columns)
    return heads, tuple(tuple(column[:-1]) for column in columns)


def _titles(records: list[Row], heads: Collection[str]) -> int:
    """Count the rows above the one with a known heading; none where there is no such row."""
    known = {bare(head) for head in heads}
    for number, row in enumerate(records[:_SEARCHED]):
        if known & set(map(bare, row.cells)):
            return number
    return 0


def _records(text: str, file: File, mistakes: list[Mistake]) -> list[Row]:
    """Part a text into rows that are not blank, their cells trimmed."""
    said = _SAID.match(text)
    delimiter = _delimiter(text) if said is None else said[1]
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    if said is not None:
        next(lines)
    rows: list[Row] = []
    same: dict[str, str] = {}  # the names of long tables, which stand in very many rows
    count = 0
    for number in itertools.count(1 if said is None else 2):
        begins = lines.line_num + 1
        try:
            cells = tuple(same.get(cell, cell) for cell in map(str.strip, next(lines)))
        except StopIteration:
            break
        except csv.Error as error:
            mistakes.append(Mistake(say("table_quote"), (), file.line(begins)))
            stop_at_many(mistakes, file)
            if "limit" in str(error):  # a quote swallowed so much that nothing can follow
                break
            continue
        count += len(cells)
        if count > MOST_CELLS:
            raise file.error(say("table_large", most=MOST_CELLS), file.line(begins))
        if any(cells):
            rows.append(Row(number, cells))
        if len(same) < _SHARED:
            same.update((cell, cell) for cell in cells if cell not in same)
    return rows


def _delimiter(text: str) -> str:
    """Return what parts the columns: what most of the first lines hold, then what stands most.

    A semicolon, where a spreadsheet writes decimals with a comma, has commas in its lines too,
    but none in its headings.
    """
    lines = list(itertools.islice(filter(str.strip, io.StringIO(text)), _SEARCHED))

    def held(delimiter: str) -> tuple[int, int]:
        counts = [line.count(delimiter) for line in lines]
        return sum(map(bool, counts)), sum(counts)

    return max(_DELIMITERS, key=held)


def head_mistakes(table: Table) -> Iterator[Mistake]:
    """List headings that are blank over cells, or stand twice."""
    file, row = table.file, table.head_row
    held: dict[str, int] = {}
    for column, head in enumerate(table.heads, start=1):
        place = file.cell(row, column)
        if not head:
            if any(one.cells[column - 1] for one in table.rows):
                yield Mistake(say("head_blank"), (), place)
        elif head in held:
            other = file.cell(row, held[head])
            yield Mistake(say("head_twice", found=head, other=other), (), place)
        held.setdefault(head, column)
