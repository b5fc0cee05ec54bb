"""Arrays, and sparse rows of numbers."""

from __future__ import annotations

from dataclasses import dataclass, field
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
        return np.bincount(self.row, terms, minlength=len(self)).astype(np.float64)

    def take(self, rows: Ints) -> Matrix:
        """Return these rows only, in this order."""
        counts = self.counts[rows]
        start = np.concatenate([[0], np.cumsum(counts)])
        entry = np.repeat(self.start[rows] - start[:-1], counts) + np.arange(start[-1])
        return Matrix(start, self.column[entry], self.value[entry])

    @staticmethod
    def collect(row: Ints, column: Ints, value: Floats, *, rows: int, size: int) -> Matrix:
        """Make a matrix of entries in any order; equal places are added, zeros dropped.

        What cancels out, rounding aside, is a zero.
        """
        key = row * size + column
        by_key = np.argsort(key, kind="stable")
        key, value = key[by_key], value[by_key]
        first = np.flatnonzero(np.diff(key, prepend=-1))
        key = key[first]
        size_of = np.add.reduceat(np.abs(value), first) if len(first) else value
        value = np.add.reduceat(value, first) if len(first) else value
        kept = np.abs(value) > CANCELLED * size_of
        row, column = np.divmod(key[kept], max(size, 1))
        start = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=rows))])
        return Matrix(start, column, value[kept])

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
        ends = np.cumsum([0, *(len(part.column) for part in parts)])
        starts = [part.start[1:] + end for part, end in zip(parts, ends[:-1], strict=True)]
        return Matrix(
            np.concatenate([[0], *starts]),
            np.concatenate([part.column for part in parts]),
            np.concatenate([part.value for part in parts]),
        )
