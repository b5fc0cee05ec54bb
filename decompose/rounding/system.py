"""A table as a program in whole columns: which cell goes up, and which sum gives way."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from decompose.problem import Floats, Ints, Matrix
from decompose.rounding.grid import whole
from decompose.rounding.rows import Rows, by_row, canonical, first_column
from decompose.rounding.table import Flags, Table

FIRM, GROUP, REGION, CELL, FREE = 0, 1, 2, 3, 4
"""What a row may do when nothing adds up: stay; move by one step; move by as many as it takes,
before others do (REGION) or after all others (FREE). What a column does: nothing of the kind;
lets such a row move; takes a cell beyond its ends (CELL)."""


@dataclass(frozen=True, eq=False)
class Whole:
    """A table in an order that does not depend on how its cells and rows were passed.

    Attributes
    ----------
    exact, floor, ceiling, lower, upper
        Per cell, in ``order``: value, its whole neighbours, and its own whole bounds.
    size, reach
        Length of each cell's step, and how many steps beyond floor and ceiling it still lies near.
    rigid, gives, room, last_room
        Sums and near sums with their whole bounds, what each may do (FIRM, GROUP, REGION, FREE),
        and by how many steps: at first, and where nothing else is left.
    ties, strict
        Ties that whole numbers near the cells can break, and which of them hold after rounding too.
    cell, owner
        Former number of each cell, and the number of its region.
    """

    exact: Floats
    floor: Floats
    ceiling: Floats
    lower: Floats
    upper: Floats
    size: Ints
    reach: Ints
    rigid: Rows
    gives: Ints
    room: Floats
    last_room: Floats
    ties: Rows
    strict: Flags
    cell: Ints
    owner: Ints

    @staticmethod
    def of(table: Table) -> Whole:
        """Sort a table, and find the whole neighbours of its cells and sums."""
        cell = np.argsort(table.order, kind="stable")
        rank = np.empty_like(cell)
        rank[cell] = np.arange(len(cell))
        exact = table.exact[cell]
        floor, ceiling = whole(exact)
        sums = Rows(table.sums, table.sums_lower, table.sums_upper)
        single = sums.matrix.counts == 1
        lower, upper = _boxes(sums.take(np.flatnonzero(single)), rank)
        lower = np.maximum(lower, table.least[cell]) if len(table.least) else lower
        sums, _ = canonical(sums.take(np.flatnonzero(~single)), rank)
        nothing = np.zeros(len(table.near))
        near, row = canonical(Rows(table.near, nothing, nothing), rank)
        near = Rows(near.matrix, *whole(near.matrix.dot(exact)))
        kinds = [table.relaxable, table.movable, table.free]
        gives = np.select(kinds, [REGION, GROUP, FREE], FIRM)[row]
        firm = np.zeros(len(sums))
        room, last_room = (np.append(firm, table.room(last=last)[row]) for last in (False, True))
        size = table.size[cell] if len(table.size) else np.ones(len(cell), dtype=np.int64)
        reach = table.reach[cell]
        ties = Rows(table.ties, table.ties_lower, table.ties_upper)
        box = (floor - reach - 1)[rank], (ceiling + reach + 1)[rank]
        breakable = ties.breakable(*box)  # the others, nearly all, say nothing
        ties, row = canonical(ties.take(breakable), rank)
        return Whole(
            exact,
            floor,
            ceiling,
            lower,
            upper,
            size,
            reach,
            Rows.stack([sums, near]),
            np.concatenate([np.full(len(sums), FIRM), gives]),
            room,
            last_room,
            ties,
            table.strict[breakable[row]],
            cell,
            table.owner[cell] if len(table.owner) else np.arange(len(cell)),
        )


def _boxes(singles: Rows, rank: Ints) -> tuple[Floats, Floats]:
    """Return the whole bounds that rows of one cell put on the cells, by rank."""
    lower, upper = np.full(len(rank), -np.inf), np.full(len(rank), np.inf)
    column, value = rank[singles.matrix.column], singles.matrix.value
    ends = singles.lower / value, singles.upper / value
    np.maximum.at(lower, column, np.ceil(np.minimum(*ends)))
    np.minimum.at(upper, column, np.floor(np.maximum(*ends)))
    return lower, upper


@dataclass(frozen=True, eq=False)
class System:
    """Whole columns, most of them 0 or 1, and the rows that join them.

    Attributes
    ----------
    lower, upper
        Bounds of the columns.
    distance
        What a column adds to Σ |quota - exact|, in grid units.
    preference
        What it adds to the tie-break.
    lets
        What the column lets happen when nothing adds up: its cell beyond floor and ceiling
        (CELL), its row give way (GROUP, REGION, FREE); FIRM for all others.
    weight
        What one step of that counts.
    rigid, gives, room
        Rows that hold, what each may do when nothing adds up, and by how many steps.
    ties, strict
        Rows that are broken as little as possible, and which of them hold all the same.
    part
        Number of the part of each column, ascending; no row joins two parts.
    owner
        Number of the region that each column belongs to.
    """

    lower: Floats
    upper: Floats
    distance: Floats
    preference: Floats
    lets: Ints
    weight: Ints
    rigid: Rows
    gives: Ints
    room: Floats
    ties: Rows
    strict: Flags
    part: Ints
    owner: Ints

    @property
    def size(self) -> int:
        """The number of columns."""
        return len(self.lower)

    def bits_only(self, matrix: Matrix) -> Flags:
        """Tell which rows speak of no column that may be more than 1."""
        return by_row(matrix, (self.upper > 1).astype(np.int64), np.maximum) < 1

    def between(self, first: int, last: int) -> System:
        """Return the system of the columns first … last - 1, whole parts."""
        if (first, last) == (0, self.size):
            return self

        def inside(rows: Rows) -> Ints:
            column = rows.first
            return np.flatnonzero((column >= first) & (column < last))

        def moved(rows: Rows) -> Rows:
            matrix = rows.matrix
            return replace(rows, matrix=replace(matrix, column=matrix.column - first))

        rigid, ties = inside(self.rigid), inside(self.ties)
        kept = slice(first, last)
        return System(
            self.lower[kept],
            self.upper[kept],
            self.distance[kept],
            self.preference[kept],
            self.lets[kept],
            self.weight[kept],
            moved(self.rigid.take(rigid)),
            self.gives[rigid],
            self.room[rigid],
            moved(self.ties.take(ties)),
            self.strict[ties],
            self.part[kept] - self.part[first],
            self.owner[kept],
        )

    def with_row(self, coefficients: Floats, upper: float) -> System:
        """Return the system with one more firm row, at most ``upper``."""
        column = np.flatnonzero(coefficients)
        row = Rows(
            Matrix(np.array([0, len(column)]), column, coefficients[column]),
            np.array([-np.inf]),
            np.array([upper]),
        )
        return replace(
            self,
            rigid=Rows.stack([self.rigid, row]),
            gives=np.append(self.gives, FIRM),
            room=np.append(self.room, 0.0),
        )

    def with_slack(self) -> System:
        """Return the system with two columns per row that may give way: above it and below."""
        giving = np.flatnonzero(self.room > 0)
        added = 2 * len(giving)
        ones = np.ones(len(giving))
        matrix = self.rigid.matrix
        wider = Matrix.collect(
            np.concatenate([matrix.row, giving, giving]),
            np.concatenate([matrix.column, self.size + np.arange(added)]),
            np.concatenate([matrix.value, -ones, ones]),
            rows=len(matrix),
            size=self.size + added,
        )
        steps, kinds = self.room[giving], self.gives[giving]
        weight = self.weight[first_column(matrix)[giving]]
        nothing = np.zeros(added)
        return replace(
            self,
            lower=np.concatenate([self.lower, nothing]),
            upper=np.concatenate([self.upper, steps, steps]),
            distance=np.concatenate([self.distance, nothing]),
            preference=np.concatenate([self.preference, nothing]),
            lets=np.concatenate([self.lets, kinds, kinds]),
            weight=np.concatenate([self.weight, weight, weight]),
            rigid=replace(self.rigid, matrix=wider),
            gives=np.full_like(self.gives, FIRM),
            room=np.zeros(len(self.room)),
            part=np.concatenate([self.part, np.full(added, self.part[0])]),
            owner=np.concatenate([self.owner, np.full(added, self.owner.max(initial=-1) + 1)]),
        )
