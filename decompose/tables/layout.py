"""A table as it stands on paper: turned where it is too wide, headings with their spans."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from decompose.labels import say, word
from decompose.tables.model import BLANK, Cell, Column, ColumnKind, Row, RowKind, Table, text_cell


@dataclass(frozen=True, slots=True)
class Heading:
    """A cell of the heading: where it begins, how much it covers, its unit for a line below."""

    text: str
    row: int
    column: int
    rows: int = 1
    columns: int = 1
    unit: str = ""


@dataclass(frozen=True)
class Layout:
    """What a writer draws.

    Attributes
    ----------
    columns, rows
        The content; columns in which no row says anything are left out where they may be.
    headings
        Cells of one or two heading rows.
    depth
        The number of heading rows.
    heads
        The heading of each column in one row, for writers that have no spans.
    label
        The column that names the rows; it and those before it stay in sight.
    sums
        Which lines are sums, and of which lines: rows, or columns where the table is turned.
    adding
        Across them: the columns, or rows, whose numbers add up.
    turned
        Whether ``sums`` speaks of columns.
    """

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    headings: tuple[Heading, ...]
    depth: int
    heads: tuple[str, ...]
    label: int
    sums: Mapping[int, tuple[int, ...]]
    adding: frozenset[int]
    turned: bool

    def addends(self, row: int, column: int) -> list[tuple[int, int]]:
        """Return the cells (row, column) whose sum a cell is; none where it is no sum."""
        line, across = (column, row) if self.turned else (row, column)
        if across not in self.adding:
            return []
        lines = self.sums.get(line, ())
        return [(across, one) if self.turned else (one, across) for one in lines]


def layout(table: Table) -> Layout:
    """Lay a table out for print."""
    columns, rows = _turned(table) if table.turned else _filled(table)
    depth = 2 if any(column.part for column in columns) else 1
    leading = sum(column.kind is not ColumnKind.FIGURE for column in columns)
    before = leading if table.turned else 0
    adding = [column.adds for column in (table.columns[1:] if table.turned else columns)]
    return Layout(
        columns=columns,
        rows=rows,
        headings=_headings(table, columns, depth),
        depth=depth,
        heads=tuple(_head(table, column) for column in columns),
        label=next(k for k, column in enumerate(columns) if column.kind is ColumnKind.LABEL),
        sums={
            before + number: tuple(before + one for one in row.addends)
            for number, row in enumerate(table.rows)
            if row.addends
        },
        adding=frozenset(number for number, adds in enumerate(adding) if adds),
        turned=table.turned,
    )


def runs(cells: Sequence[Cell]) -> list[range]:
    """Return the places of each cell with those that are joined to it."""
    starts = [place for place, cell in enumerate(cells) if not cell.joined]
    return [range(*ends) for ends in itertools.pairwise([*starts, len(cells)])]


def _filled(table: Table) -> tuple[tuple[Column, ...], tuple[Row, ...]]:
    """Leave out the columns that may be and that say nothing."""
    kept = [
        k
        for k, column in enumerate(table.columns)
        if not (column.optional and all(row.cells[k].empty for row in table.rows))
    ]
    columns = tuple(table.columns[k] for k in kept)
    rows = (replace(row, cells=tuple(row.cells[k] for k in kept)) for row in table.rows)
    return columns, tuple(rows)


def _turned(table: Table) -> tuple[tuple[Column, ...], tuple[Row, ...]]:
    """Make a row of each column but the first, and a column of each row."""
    with_unit = not table.unit_line
    label, unit = word("indicator", table.language), word("unit", table.language)
    names = [row.cells[0].text for row in table.rows]
    columns = (
        Column(label, label, ColumnKind.LABEL),
        *([Column(unit, unit, ColumnKind.MARK)] if with_unit else ()),
        *(Column(name, name) for name in names),
    )
    rows = tuple(
        Row(
            RowKind.PART if column.part else RowKind.INDICATOR,
            (
                text_cell(column.name),
                *([text_cell(column.unit) if column.unit else BLANK] if with_unit else ()),
                *(row.cells[k] for row in table.rows),
            ),
            level=int(column.part),
        )
        for k, column in enumerate(table.columns)
        if k > 0
    )
    return columns, rows


def _head(table: Table, column: Column) -> str:
    """Return a column's heading in one row, with its unit where the table has no line for it."""
    if column.part or not column.unit or table.unit_line:
        return column.alone or column.name
    return say("with_unit", name=column.name, unit=column.unit).text(table.language)


def _headings(table: Table, columns: tuple[Column, ...], depth: int) -> tuple[Heading, ...]:
    """Put parts beside their whole, under one heading; the others span both rows."""
    tops = [k for k, column in enumerate(columns) if not column.part]
    headings = []
    for top, end in zip(tops, [*tops[1:], len(columns)], strict=True):
        column, covered = columns[top], end - top
        unit = ""
        if column.unit and not table.unit_line:
            unit = say("unit_mark", unit=column.unit).text(table.language)
        if covered == 1:
            headings.append(Heading(column.name, 0, top, rows=depth, unit=unit))
            continue
        headings.append(Heading(column.name, 0, top, columns=covered, unit=unit))
        headings.append(Heading(column.lead or word("whole", table.language), 1, top))
        headings += [Heading(columns[k].name, 1, k) for k in range(top + 1, end)]
    return tuple(headings)
