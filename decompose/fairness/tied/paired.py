"""What two cells of an equation with four add up to.

``a + b + c = s`` leaves to ``a + b`` what ``a`` and ``b`` can be, and what ``s - c`` can. Over the
regions of a sum the narrower one counts in each of them, so that neither can be carried from sum
to sum. A pair is a cell like others, but has no burden: it follows from the cells of its region.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from decompose.fairness.tied.implied import Family
from decompose.fairness.tied.spans import Layer, layer_of
from decompose.problem import Ints, Matrix
from decompose.problem.matrix import no_ints

FOUR = 4
"""Entries of an equation whose pairs are looked at."""


@dataclass(frozen=True, eq=False)
class Paired:
    """Equations with pairs.

    Attributes
    ----------
    families
        The equations; each with four cells is two for each way to make pairs of them. A pair is
        the last entry of its equations, with a coefficient of -1 and of 1.
    cell
        One cell of each pair.
    cells
        How many cells there are; pairs have the numbers after theirs.
    """

    families: list[Family]
    cell: Ints
    cells: int

    @staticmethod
    def of(families: list[Family], cells: int) -> Paired:
        """Write equations over so many cells with pairs."""
        found: list[Family] = []
        cell = [no_ints()]
        count = cells
        for family in families:
            if len(family.value) != FOUR:
                found.append(family)
                continue
            rows = family.column.shape[1]
            for other in range(1, FOUR):
                pair = count + np.arange(rows)
                count += rows
                cell.append(family.column[0])
                rest = [one for one in range(1, FOUR) if one != other]
                for some, sign, bound in (
                    ([0, other], -1.0, np.zeros(rows)),
                    (rest, 1.0, family.bound),
                ):
                    column = np.concatenate([family.column[some], pair[np.newaxis]])
                    found.append(Family(column, np.append(family.value[some], sign), bound))
        return Paired(found, np.concatenate(cell), cells)

    @property
    def links(self) -> Matrix:
        """Rows that join each pair with a cell of it."""
        count = len(self.cell)
        both = np.stack([self.cell, self.cells + np.arange(count)], axis=1)
        return Matrix(2 * np.arange(count + 1), both.ravel(), np.ones(2 * count))

    def layers(self) -> list[Layer]:
        """Return what pairs are, from either side."""
        found: list[Layer] = []
        for sign in (-1.0, 1.0):
            some = [
                one
                for one in self.families
                if one.column[-1, 0] >= self.cells and one.value[-1] == sign
            ]
            if some:
                column = np.concatenate([one.column for one in some], axis=1)
                value = np.concatenate([np.tile(one.value, one.column.shape[1]) for one in some])
                bound = np.concatenate([one.bound for one in some])
                every, width = np.arange(len(bound)), len(column)
                start = width * np.arange(len(bound) + 1)
                matrix = Matrix(start, column.T.ravel(), value)
                size = self.cells + len(self.cell)
                found.append(layer_of(matrix, bound, bound, every, width, size))
        return found
