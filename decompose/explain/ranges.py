"""Rules that need no program: what a sum can be, its cells in their boxes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from decompose.problem import Bools, Floats, Ints, Matrix
from decompose.solvers import Program

CLEAR = 1e-6
"""Of rows whose largest term is 1: what is kept or broken by less is left to a program."""


@dataclass(frozen=True, eq=False)
class Ranges:
    """Rows over columns, those of one column apart: they are boxes. Terms of 0 do not count.

    Attributes
    ----------
    lower, upper
        Bounds of the columns.
    empty
        Which rows have no columns.
    singles, boxed, factor
        The rows of one column, the column of each, and its coefficient.
    sums, matrix
        The other rows that have columns, and their entries.
    """

    lower: Floats
    upper: Floats
    empty: Bools
    singles: Ints
    boxed: Ints
    factor: Floats
    sums: Ints
    matrix: Matrix

    @staticmethod
    def of(program: Program) -> Ranges:
        """Sort the rows of a program."""
        rows = _without_zeros(program.rows)
        singles, sums = np.flatnonzero(rows.counts == 1), np.flatnonzero(rows.counts > 1)
        entry = rows.start[singles]
        return Ranges(
            program.lower,
            program.upper,
            rows.counts == 0,
            singles,
            rows.column[entry],
            rows.value[entry],
            sums,
            rows.take(sums),
        )

    def can_hold(self, program: Program, kept: Bools) -> bool | None:
        """Tell whether some of the rows can hold together; None where it takes a program.

        Sums of columns that no two of them share can be whatever their boxes let each be.
        """
        empty = kept & self.empty
        if np.any((program.row_lower > 0)[empty] | (program.row_upper < 0)[empty]):
            return False
        lower, upper = self._boxes(program, kept)
        matrix = self.matrix
        least, most = self._ends(lower, upper)
        here = kept[self.sums]
        over = np.concatenate(
            [
                lower - upper,
                (least - program.row_upper[self.sums])[here],
                (program.row_lower[self.sums] - most)[here],
            ]
        )
        if np.any(over > CLEAR):
            return False
        alone = np.bincount(matrix.column[here[matrix.row]], minlength=1).max() <= 1
        return True if alone and not np.any(over > -CLEAR) else None

    def reach(self, program: Program, kept: Bools, row: int) -> tuple[float, float] | None:
        """Return the least and the greatest that a sum can be; None where it takes a program.

        That is where other sums are kept, too, or boxes are empty.
        """
        place = np.flatnonzero(self.sums == row)
        lower, upper = self._boxes(program, kept)
        if kept[self.sums].any() or not len(place) or np.any(lower > upper - CLEAR):
            return None
        least, most = self._ends(lower, upper)
        return float(least[place[0]]), float(most[place[0]])

    def _boxes(self, program: Program, kept: Bools) -> tuple[Floats, Floats]:
        """Return the bounds of the columns with those that kept rows set."""
        lower, upper = self.lower.copy(), self.upper.copy()
        here = kept[self.singles]
        rows, column = self.singles[here], self.boxed[here]
        ends = (
            program.row_lower[rows] / self.factor[here],
            program.row_upper[rows] / self.factor[here],
        )
        np.maximum.at(lower, column, np.minimum(*ends))
        np.minimum.at(upper, column, np.maximum(*ends))
        return lower, upper

    def _ends(self, lower: Floats, upper: Floats) -> tuple[Floats, Floats]:
        """Return the least and the greatest of each sum."""
        matrix, count = self.matrix, len(self.sums)
        low, high = matrix.value * lower[matrix.column], matrix.value * upper[matrix.column]
        ends = np.minimum(low, high), np.maximum(low, high)
        least, most = (np.bincount(matrix.row, end, minlength=count) for end in ends)
        return least.astype(np.float64), most.astype(np.float64)


def _without_zeros(rows: Matrix) -> Matrix:
    there = rows.value != 0
    if there.all():
        return rows
    start = np.concatenate([[0], np.cumsum(there)])[rows.start]
    return Matrix(start, rows.column[there], rows.value[there])
