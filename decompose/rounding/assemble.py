"""From a table to a system of whole columns, and the way back."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np

from decompose.plan.steps import SNAP
from decompose.problem import Floats, Ints, Matrix
from decompose.rounding.grid import GRID, preference, price_of_up
from decompose.rounding.rows import Rows, components, renamed
from decompose.rounding.system import CELL, FIRM, System, Whole
from decompose.rounding.table import Flags


@dataclass(frozen=True, eq=False)
class Assembled:
    """A system, and how its columns make the cells: start + spread · columns.

    Attributes
    ----------
    cell
        The cell of each column.
    impossible
        Cells that no column can mend: their own bounds are out of reach, or a row of settled
        cells does not hold.
    """

    system: System
    start: Floats
    spread: Matrix
    cell: Ints
    impossible: Flags


@dataclass(frozen=True, eq=False)
class _Columns:
    """The ways in which cells may move, cell by cell: by ``sign`` where the column is 1."""

    cell: Ints
    sign: Floats
    lower: Floats
    upper: Floats
    distance: Floats
    lets: Ints

    def take(self, columns: Ints) -> _Columns:
        return _Columns(*(getattr(self, field.name)[columns] for field in fields(self)))


def assemble(table: Whole, *, reach: Ints, last: bool) -> Assembled:
    """Make the columns of a table whose cells may go ``reach`` steps beyond their ends.

    Where nothing else is left (``last``), sums without a rule may move too.
    """
    room = table.last_room if last else table.room
    columns = _columns(table, reach)
    fixed = columns.lower == columns.upper
    start = table.floor + np.bincount(
        columns.cell[fixed],
        columns.sign[fixed] * columns.lower[fixed],
        minlength=len(table.floor),
    )
    columns = columns.take(np.flatnonzero(~fixed))
    size = len(columns.cell)
    counts = np.bincount(columns.cell, minlength=len(start))
    spread = Matrix(np.concatenate([[0], np.cumsum(counts)]), np.arange(size), columns.sign)
    rigid = table.rigid.over(spread, start, size=size)
    ties = table.ties.over(spread, start, size=size)
    impossible = (table.lower > table.ceiling + reach) | (table.upper < table.floor - reach)
    impossible |= _in_broken_rows(table, rigid, ties, room)
    live_rigid, live_ties = (rows.breakable(columns.lower, columns.upper) for rows in (rigid, ties))
    rigid, ties = rigid.take(live_rigid), ties.take(live_ties)

    label = components(size, [rigid.matrix, ties.matrix])
    by_part = np.argsort(label, kind="stable")
    place = np.empty_like(by_part)
    place[by_part] = np.arange(size)
    columns = columns.take(by_part)
    part = np.unique(label, return_inverse=True)[1][by_part]
    system = System(
        columns.lower,
        columns.upper,
        columns.distance,
        _preference(part, columns),
        columns.lets,
        table.size[columns.cell],
        renamed(rigid, place),
        table.gives[live_rigid],
        room[live_rigid],
        renamed(ties, place),
        table.strict[live_ties],
        part,
        table.owner[columns.cell],
    )
    spread = replace(spread, column=place[spread.column])
    return Assembled(system, start, spread, columns.cell, impossible)


def _columns(table: Whole, reach: Ints) -> _Columns:
    """Per cell: up to its ceiling; with reach, steps above that, steps below its floor."""
    low, high, floor, ceiling = table.lower, table.upper, table.floor, table.ceiling
    between = floor < ceiling
    a_step = np.full(len(low), float(GRID))
    ways = 3 if reach.any() else 1

    def by_cell(*per_way: Floats | Flags) -> Floats:
        return np.stack(per_way[:ways], axis=1).ravel().astype(np.float64)

    def within(steps: Floats) -> Floats:
        return np.clip(steps, 0.0, reach)

    return _Columns(
        np.repeat(np.arange(len(low)), ways),
        np.tile(np.array([1.0, 1.0, -1.0])[:ways], len(low)),
        by_cell(between & (low > floor), within(low - ceiling), within(floor - high)),
        by_cell(between & (high >= ceiling), within(high - ceiling), within(floor - low)),
        by_cell(price_of_up(table.exact, floor), a_step, a_step),
        np.tile(np.array([FIRM, CELL, CELL])[:ways], len(low)),
    )


def _preference(part: Ints, columns: _Columns) -> Floats:
    """Return the weight of each column: its cell's, counted among the cells of its part."""
    new_cell = np.diff(columns.cell, prepend=-1) != 0
    nth = np.cumsum(new_cell)
    first, counts = np.unique(part, return_index=True)[1], np.bincount(part, new_cell)
    position = nth - nth[first][part]
    return columns.sign * preference(position, counts[part].astype(np.int64))


def _in_broken_rows(table: Whole, rigid: Rows, ties: Rows, room: Floats) -> Flags:
    """Return the cells of rows without columns that do not hold, beyond what they may give."""
    broken = np.zeros(len(table.exact), dtype=np.bool_)
    for rows, reduced, allowed in (
        (table.rigid, rigid, room),
        (table.ties, ties, np.where(table.strict, SNAP, np.inf)),
    ):
        empty = reduced.matrix.counts == 0
        bad = empty & (reduced.excess(np.zeros(len(reduced))) > allowed)
        broken[rows.take(np.flatnonzero(bad)).matrix.column] = True
    return broken
