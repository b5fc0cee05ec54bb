"""Sparse rows with bounds: renaming columns, products, and what hangs together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from decompose.problem import Floats, Ints, Matrix
from decompose.rounding.grid import TINY


@dataclass(frozen=True, eq=False)
class Rows:
    """Rows ``lower ≤ matrix · x ≤ upper``."""

    matrix: Matrix = field(default_factory=Matrix)
    lower: Floats = field(default_factory=lambda: np.zeros(0))
    upper: Floats = field(default_factory=lambda: np.zeros(0))

    def __len__(self) -> int:
        return len(self.lower)

    @cached_property
    def first(self) -> Ints:
        """The column of each row's first entry; -1 for a row without entries."""
        return first_column(self.matrix)

    def take(self, rows: Ints) -> Rows:
        """Return these rows only, in this order."""
        return Rows(self.matrix.take(rows), self.lower[rows], self.upper[rows])

    @staticmethod
    def stack(parts: Iterable[Rows]) -> Rows:
        """Put rows on top of one another."""
        kept = [part for part in parts if len(part)]
        if not kept:
            return Rows()
        return Rows(
            Matrix.stack([part.matrix for part in kept]),
            np.concatenate([part.lower for part in kept]),
            np.concatenate([part.upper for part in kept]),
        )

    def over(self, matrix: Matrix, offset: Floats, *, size: int) -> Rows:
        """Return the rows over y, where x = offset + matrix · y and y has ``size`` columns."""
        known = self.matrix.dot(offset)
        return Rows(self.matrix.times(matrix, size=size), self.lower - known, self.upper - known)

    def ends(self, lower: Floats, upper: Floats) -> tuple[Floats, Floats]:
        """Return the least and the greatest value of each row over a box."""
        matrix = self.matrix
        one, other = matrix.value * lower[matrix.column], matrix.value * upper[matrix.column]
        return _sum_by_row(matrix, np.minimum(one, other)), _sum_by_row(
            matrix, np.maximum(one, other)
        )

    def breakable(self, lower: Floats, upper: Floats) -> Ints:
        """Return the rows that some point of a box breaks."""
        least, greatest = self.ends(lower, upper)
        broken = (least < self.lower - TINY) | (greatest > self.upper + TINY)
        return np.flatnonzero((self.matrix.counts > 0) & broken)

    def excess(self, values: Floats) -> Floats:
        """Return by how much the rows are broken at these values (0 where they are kept)."""
        return np.maximum(0.0, np.maximum(self.lower - values, values - self.upper))


def _sum_by_row(matrix: Matrix, entries: Floats) -> Floats:
    return np.bincount(matrix.row, entries, minlength=len(matrix)).astype(np.float64)


def by_row(matrix: Matrix, numbers: Ints, choose: np.ufunc) -> Ints:
    """Return the least or greatest (np.minimum, np.maximum) of the columns' numbers by row."""
    found = np.full(len(matrix), -1, dtype=np.int64)
    filled = np.flatnonzero(matrix.counts)
    if len(filled):
        found[filled] = choose.reduceat(numbers[matrix.column], matrix.start[filled])
    return found


def first_column(matrix: Matrix) -> Ints:
    """Return the first entry's column of each row; -1 for a row without entries."""
    if len(matrix.column) == 0:
        return np.full(len(matrix), -1, dtype=np.int64)
    column = matrix.column[np.minimum(matrix.start[:-1], len(matrix.column) - 1)]
    return np.where(matrix.counts > 0, column, -1)


def components(size: int, matrices: list[Matrix]) -> Ints:
    """Return one number per column: the lowest column that rows tie it to."""
    label = np.arange(size, dtype=np.int64)
    while True:
        lower = label.copy()
        for matrix in matrices:
            least = by_row(matrix, lower, np.minimum)
            np.minimum.at(lower, matrix.column, least[matrix.row])
        lower = lower[lower]
        if np.array_equal(lower, label):
            return label
        label = lower


def renamed(rows: Rows, place: Ints) -> Rows:
    """Give each column the number that stands in its place."""
    return replace(rows, matrix=rows.matrix.renamed(place))


def canonical(rows: Rows, rank: Ints) -> tuple[Rows, Ints]:
    """Rename the columns to their ranks and put entries and rows in an order of their own.

    Returns
    -------
    tuple
        The rows, and the former number of each.
    """
    matrix = rows.matrix
    column = rank[matrix.column]
    by_column = np.argsort(matrix.row * len(rank) + column, kind="stable")
    matrix = Matrix(matrix.start, column[by_column], matrix.value[by_column])
    length = matrix.counts
    first = first_column(matrix)
    by_content = np.lexsort((rows.upper, rows.lower, _fingerprint(matrix), length, first))
    return Rows(matrix, rows.lower, rows.upper).take(by_content), by_content


def _fingerprint(matrix: Matrix) -> Ints:
    """Return a number per row that differs where columns or coefficients do (all but surely)."""
    found = np.zeros(len(matrix), dtype=np.uint64)
    filled = np.flatnonzero(matrix.counts)
    if len(filled):
        mixed = (matrix.column.astype(np.uint64) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
        mixed ^= mixed >> np.uint64(29)
        mixed *= matrix.value.view(np.uint64) | np.uint64(1)
        found[filled] = np.add.reduceat(mixed, matrix.start[filled])
    return found.view(np.int64)
