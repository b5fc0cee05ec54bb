"""Arrays, and sparse rows of numbers."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def no_ints() -> Ints:
    """Return an empty array of whole numbers."""
    return np.zeros(0, dtype=np.int64)


def no_floats() -> Floats:
    """Return an empty array of numbers."""
    return np.zeros(0, dtype=np.float64)


def is_all(numbers: Ints, count: int) -> bool:
    """Tell whether numbers are 0, 1, … up to a count: who takes them all need not take."""
    return len(numbers) == count and bool((numbers == np.arange(count)).all())


CANCELLED = 1e-12
"""Beside what it is the sum of, a smaller coefficient is 0."""


@dataclass(frozen=True, eq=False)
class Matrix:
    """Sparse rows: row k has ``value[start[k]:start[k+1]]`` at columns ``column[…]``."""

    start: Ints = field(default_factory=lambda: np.zeros(1, dtype=np.int64))
    column: Ints = field(default_factory=no_ints)
    value: Floats = field(default_factory=no_floats)

    def __len__(self) -> int:
        return len(self.start) - 1

    @cached_property
    def counts(self) -> Ints:
        """The number of entries of each row."""
        return self.start[1:] - self.start[:-1]

    @cached_property
    def row(self) -> Ints:
        """The row of each entry."""
        return np.repeat(np.arange(len(self)), self.counts)

    def dot(self, x: Floats) -> Floats:
        """Return the rows' values at x (one per row)."""
        terms = self.value * x[self.column]
        return np.bincount(self.row, terms, minlength=len(self)).astype(np.float64, copy=False)

    @property
    def own(self) -> Matrix:
        """The entries that are a row's alone."""
        return self

    @property
    def plain(self) -> Matrix:
        """The rows without those that have a part in common with others: these are empty."""
        return self

    def sizes(self, x: Floats) -> Floats:
        """Return what the rows add up to at x, every term with its absolute value."""
        terms = np.abs(self.value * x[self.column])
        return np.bincount(self.row, terms, minlength=len(self)).astype(np.float64)

    def counting(self, flags: Bools) -> Ints:
        """Return how many columns with a flag each row has."""
        flagged = self.row[flags[self.column]]
        return np.bincount(flagged, minlength=len(self)).astype(np.int64)

    def with_any(self, flags: Bools) -> Bools:
        """Tell which rows have a column with a flag."""
        found = np.zeros(len(self), dtype=bool)
        found[self.row[flags[self.column]]] = True
        return found

    def renamed(self, place: Ints) -> Matrix:
        """Give each column the number that stands in its place."""
        return replace(self, column=place[self.column])

    def in_units(self, unit: Floats) -> Matrix:
        """Return the rows over columns that are counted in other units."""
        return replace(self, value=self.value * unit[self.column])

    def take(self, rows: Ints) -> Matrix:
        """Return these rows only, in this order."""
        if is_all(rows, len(self)):
            return self
        counts = self.counts[rows]
        if (counts == 1).all():  # most rules are boxes
            start, entry = np.arange(len(rows) + 1), self.start[rows]
        else:
            start = np.concatenate([[0], np.cumsum(counts)])
            entry = np.repeat(self.start[rows] - start[:-1], counts) + np.arange(start[-1])
        return Matrix(start, self.column[entry], self.value[entry])

    def without(self, entries: Bools) -> Matrix:
        """Return the rows without some of the entries that are theirs alone (flags)."""
        gone = np.bincount(self.row[entries], minlength=len(self))
        start = self.start - np.concatenate([[0], np.cumsum(gone)])
        return Matrix(start, self.column[~entries], self.value[~entries])

    @staticmethod
    def collect(row: Ints, column: Ints, value: Floats, *, rows: int, size: int) -> Matrix:
        """Make a matrix of entries in any order; equal places are added, zeros dropped.

        What cancels out, rounding aside, is a zero.
        """
        key = row * size + column
        if (key[1:] > key[:-1]).all():  # in order, and no place twice
            kept = value != 0
            row, column, value = row[kept], column[kept], value[kept]
        else:
            by_key = np.argsort(key, kind="stable")
            key, value = key[by_key], value[by_key]
            first = np.flatnonzero(np.diff(key, prepend=-1))
            size_of = np.add.reduceat(np.abs(value), first)
            value = np.add.reduceat(value, first)
            kept = np.abs(value) > CANCELLED * size_of
            row, column = np.divmod(key[first][kept], max(size, 1))
            value = value[kept]
        start = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=rows))])
        return Matrix(start, column, value)

    def times(self, right: Matrix, *, size: int) -> Matrix:
        """Return the product with a matrix that has ``size`` columns."""
        counts = right.counts[self.column]
        ends = np.cumsum(counts)
        total = int(ends[-1]) if len(ends) else 0
        entry = np.repeat(right.start[self.column] - (ends - counts), counts) + np.arange(total)
        return Matrix.collect(
            np.repeat(self.row, counts),
            right.column[entry],
            np.repeat(self.value, counts) * right.value[entry],
            rows=len(self),
            size=size,
        )

    @staticmethod
    def stack(parts: list[Matrix]) -> Matrix:
        """Put matrices over the same columns on top of one another."""
        if not parts:
            return Matrix()
        if any(isinstance(part, Shared) for part in parts):
            return Shared.stacked(parts)
        ends = np.cumsum([0, *(len(part.column) for part in parts)])
        starts = [part.start[1:] + end for part, end in zip(parts, ends[:-1], strict=True)]
        return Matrix(
            np.concatenate([[0], *starts]),
            np.concatenate([part.column for part in parts]),
            np.concatenate([part.value for part in parts]),
        )


class Shared(Matrix):
    """Rows that have a multiple of a sum in common with many others: ``own + factor · sums``.

    A share of the area, as a row of all its regions, for every region, would take the square of
    their number. Written out as other rows are (``start``, ``column``, ``value``) only where that
    is asked for.

    Parameters
    ----------
    own
        What each row has by itself.
    factor
        At most one entry per row: of which row of ``sums``, and how much of it. A row's own columns
        stand in its sum too, and no coefficient is 0 in all.
    sums
        The sums that rows share.
    """

    _own: Matrix
    factor: Matrix
    sums: Matrix

    def __init__(self, own: Matrix, factor: Matrix, sums: Matrix) -> None:
        for name, value in (("_own", own), ("factor", factor), ("sums", sums)):
            object.__setattr__(self, name, value)

    def __len__(self) -> int:
        return len(self._own)

    @staticmethod
    def stacked(parts: list[Matrix]) -> Shared:
        """Put rows on top of one another; every part keeps its own sums."""
        factors: list[Matrix] = []
        sums: list[Matrix] = []
        known = 0
        for part in parts:
            if isinstance(part, Shared):
                factors.append(part.factor.renamed(known + np.arange(len(part.sums))))
                sums.append(part.sums)
                known += len(part.sums)
            else:
                factors.append(Matrix(np.zeros(len(part) + 1, dtype=np.int64)))
        owns = [part.own for part in parts]
        return Shared(Matrix.stack(owns), Matrix.stack(factors), Matrix.stack(sums))

    @cached_property
    def written(self) -> Matrix:
        """The rows with every entry."""
        shared = np.flatnonzero(self.factor.counts)
        others = np.flatnonzero(self.factor.counts == 0)
        own, factor = self._own.take(shared), self.factor.take(shared)
        size = 1 + int(self.sums.column.max(initial=-1))
        common = factor.times(self.sums, size=size)
        made = Matrix.collect(
            np.concatenate([own.row, common.row]),
            np.concatenate([own.column, common.column]),
            np.concatenate([own.value, common.value]),
            rows=len(shared),
            size=size,
        )
        order = np.argsort(np.concatenate([shared, others]), kind="stable")
        return Matrix.stack([made, self._own.take(others)]).take(order)

    @property
    def start(self) -> Ints:
        """As in every matrix."""
        return self.written.start

    @property
    def column(self) -> Ints:
        """As in every matrix."""
        return self.written.column

    @property
    def value(self) -> Floats:
        """As in every matrix."""
        return self.written.value

    @cached_property
    def counts(self) -> Ints:
        """The number of entries of each row."""
        found = self._own.counts.copy()
        found[self.factor.row] = self.sums.counts[self.factor.column]
        return found

    @property
    def own(self) -> Matrix:
        """The entries that are a row's alone."""
        return self._own

    @cached_property
    def plain(self) -> Matrix:
        """The rows without those that have a part in common with others: these are empty."""
        kept = self.factor.counts[self._own.row] == 0
        start = np.concatenate([[0], np.cumsum(np.where(self.factor.counts, 0, self._own.counts))])
        return Matrix(start, self._own.column[kept], self._own.value[kept])

    @cached_property
    def _common(self) -> Floats:
        """The coefficient of each own entry's column in what its row has of a sum."""
        size = 1 + int(max(one.column.max(initial=0) for one in (self._own, self.sums)))
        of_row = np.full(len(self), len(self.sums))
        of_row[self.factor.row] = self.factor.column
        part = np.zeros(len(self))
        part[self.factor.row] = self.factor.value
        keys = self.sums.row * size + self.sums.column
        order = np.argsort(keys)
        asked = of_row[self._own.row] * size + self._own.column
        place = np.searchsorted(keys, asked, sorter=order)
        found = np.append(order, 0)[place]
        value = np.append(self.sums.value, 0.0)[np.where(place < len(keys), found, len(keys))]
        return np.asarray(value * part[self._own.row])

    def dot(self, x: Floats) -> Floats:
        """Return the rows' values at x (one per row)."""
        return self._own.dot(x) + self.factor.dot(self.sums.dot(x))

    def sizes(self, x: Floats) -> Floats:
        """Return what the rows add up to at x, every term with its absolute value."""
        own, common = self._own, self._common
        shared = np.abs(self.factor.dot(self.sums.sizes(x)))
        # a row's own columns stand in its sum too, there with one coefficient in all
        apart = np.abs(own.value + common) - np.abs(common)
        terms = apart * np.abs(x[own.column])
        return np.asarray(shared + np.bincount(own.row, terms, minlength=len(self)))

    def counting(self, flags: Bools) -> Ints:
        """Return how many columns with a flag each row has."""
        found = self._own.counting(flags)
        found[self.factor.row] = self.sums.counting(flags)[self.factor.column]
        return found

    def with_any(self, flags: Bools) -> Bools:
        """Tell which rows have a column with a flag."""
        return np.asarray(self.counting(flags) > 0)

    def renamed(self, place: Ints) -> Matrix:
        """Give each column the number that stands in its place."""
        return Shared(self._own.renamed(place), self.factor, self.sums.renamed(place))

    def in_units(self, unit: Floats) -> Matrix:
        """Return the rows over columns that are counted in other units."""
        return Shared(self._own.in_units(unit), self.factor, self.sums.in_units(unit))

    def without(self, entries: Bools) -> Matrix:
        """Return the rows without some of the entries that are theirs alone (flags)."""
        return Shared(self._own.without(entries), self.factor, self.sums)

    def found_in(self, rows: Matrix) -> Ints:
        """Return, for each sum, one of these rows that is that sum; -1 where there is none."""
        found = np.full(len(self.sums), -1, dtype=np.int64)
        filled = np.flatnonzero(rows.counts)
        first = np.full(len(rows), -1, dtype=np.int64)
        if len(filled):
            first[filled] = np.minimum.reduceat(rows.column, rows.start[filled])
        bounds = itertools.pairwise(self.sums.start.tolist())
        for number, (start, end) in enumerate(bounds):
            column, value = self.sums.column[start:end], self.sums.value[start:end]
            order = np.argsort(column)
            least = column[order[0]] if len(order) else -1
            alike = (rows.counts == len(column)) & (first == least)
            for row in np.flatnonzero(alike).tolist():
                entries = slice(rows.start[row], rows.start[row + 1])
                own = np.argsort(rows.column[entries])
                if np.array_equal(rows.column[entries][own], column[order]) and np.array_equal(
                    rows.value[entries][own], value[order]
                ):
                    found[number] = row
                    break
        return found

    def settled(self, sums: Floats) -> tuple[Matrix, Floats]:
        """Return the rows without what they have of known sums (others: NaN), and that part."""
        known = ~np.isnan(sums)
        part = self.factor.dot(np.where(known, sums, 0.0))
        kept = ~known[self.factor.column]
        start = np.concatenate(
            [[0], np.cumsum(np.bincount(self.factor.row[kept], minlength=len(self)))]
        )
        factor = Matrix(start, self.factor.column[kept], self.factor.value[kept])
        every = np.arange(len(self))
        return Shared(self._own, factor, self.sums).take(every), part

    def take(self, rows: Ints) -> Matrix:
        """Return these rows only, in this order."""
        own, factor = self._own.take(rows), self.factor.take(rows)
        used, column = np.unique(factor.column, return_inverse=True)
        if not len(used):
            return own
        return Shared(own, Matrix(factor.start, column, factor.value), self.sums.take(used))

    def times(self, right: Matrix, *, size: int) -> Matrix:
        """Return the product with a matrix that has ``size`` columns."""
        own, sums = (part.times(right, size=size) for part in (self._own, self.sums))
        return Shared(own, self.factor, sums)
