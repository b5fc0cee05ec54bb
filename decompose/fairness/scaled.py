"""A problem in numbers near 1, with a column for each sum that should come near its figure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from decompose.problem import Bools, Floats, Ints, Matrix, Problem
from decompose.solvers import Program

NEGLIGIBLE = 1e-9
"""Beside an indicator's size, a smaller reference counts as 0, and bounds this near as equal."""
SMALLEST = 1e-2
"""Beside an indicator's size, the least that a cell is divided by: a far smaller reference would
make a number of everyday size enormous."""


@dataclass(frozen=True, eq=False)
class Scaled:
    """Rules over columns of size 1.

    Attributes
    ----------
    size
        What each cell is divided by: as a rule its reference, or the size of its indicator.
    centre
        Where each column has no deviation: at its reference or figure.
    unit
        What counts as a deviation of 1: the centre, or 1 for cells with reference 0.
    lower, upper
        Bounds of the columns: first the cells, then the sums with a figure.
    rows, row_lower, row_upper
        The rules; each row's largest coefficient is 1 or -1.
    owner
        The indicator of each column.
    figures, zeros, others
        Columns in order of settling: sums with a figure, cells with reference 0, other cells;
        none of them is one of those that are looked ahead to.
    """

    size: Floats
    centre: Floats
    unit: Floats
    lower: Floats
    upper: Floats
    rows: Matrix
    row_lower: Floats
    row_upper: Floats
    owner: Ints
    figures: Bools
    zeros: Bools
    others: Bools

    def cells(self, values: Floats) -> Floats:
        """Return the cells in the unit of the plan."""
        return values[: len(self.size)] * self.size

    def violation(self, values: Floats) -> float:
        """Return the largest breach of a rule or bound, relative to the terms in it."""
        program = Program(
            np.zeros(len(values)), self.lower, self.upper, self.rows, self.row_lower, self.row_upper
        )
        return program.violation(values)

    @staticmethod
    def of(problem: Problem) -> Scaled:
        """Scale a problem."""
        rules, cells = problem.rules, problem.size
        indicator_size = indicator_sizes(problem)[problem.column_indicator]
        zero = problem.reference <= NEGLIGIBLE * indicator_size
        size = np.maximum(problem.reference, SMALLEST * indicator_size)
        size = np.where(zero, indicator_size, size)
        centre = np.where(zero, 0.0, problem.reference / size)
        lower, upper = meeting(problem.lower / size, problem.upper / size)

        inexact = np.isfinite(rules.figure) & (rules.lower < rules.upper)
        terms = rules.matrix.value * size[rules.matrix.column]
        norm = np.zeros(len(rules))
        np.maximum.at(norm, rules.matrix.row, np.abs(terms))
        norm[norm == 0] = 1.0
        sums = rules.figure + rules.constant  # of which the columns are a part
        summed = inexact & (np.abs(sums) > NEGLIGIBLE * norm)
        # A rule of one cell is a bound already; a sum with a figure is a column of its own.
        kept = np.flatnonzero(~rules.single | summed)
        norm, summed = norm[kept], summed[kept]
        row_lower, row_upper = meeting(rules.lower[kept] / norm, rules.upper[kept] / norm)
        figure, constant = sums[kept][summed], rules.constant[kept][summed]
        ends = np.sort(
            [
                (rules.lower[kept][summed] + constant) / figure,
                (rules.upper[kept][summed] + constant) / figure,
            ],
            0,
        )
        of_figure = np.ones(len(figure))
        beside = np.zeros(len(kept))
        beside[summed] = -constant / norm[summed]
        return Scaled(
            size,
            np.append(centre, of_figure),
            np.append(np.where(zero, 1.0, centre), of_figure),
            np.concatenate([lower, ends[0]]),
            np.concatenate([upper, ends[1]]),
            _with_sums(_scaled(rules.matrix.take(kept), size, norm), summed, figure, cells, norm),
            np.where(summed, beside, row_lower),
            np.where(summed, beside, row_upper),
            np.concatenate([problem.column_indicator, rules.indicator[kept][summed]]),
            *(
                np.concatenate([of_cells, of_sums])
                for of_cells, of_sums in (
                    (np.zeros(cells, dtype=bool), np.ones(len(figure), dtype=bool)),
                    (zero & ~problem.looked_ahead, np.zeros(len(figure), dtype=bool)),
                    (~zero & ~problem.looked_ahead, np.zeros(len(figure), dtype=bool)),
                )
            ),
        )


def indicator_sizes(problem: Problem) -> Floats:
    """Return each indicator's size: its largest reference, or else its rules' largest bound."""
    sizes = np.zeros(len(problem.indicators))
    np.maximum.at(sizes, problem.column_indicator, problem.reference)
    rules = problem.rules
    bounds = np.zeros(len(problem.indicators))
    for ends in (rules.lower, rules.upper):
        np.maximum.at(bounds, rules.indicator, np.where(np.isfinite(ends), np.abs(ends), 0.0))
    sizes = np.where(sizes > 0, sizes, bounds)
    return np.where(sizes > 0, sizes, 1.0)


def meeting(lower: Floats, upper: Floats) -> tuple[Floats, Floats]:
    """Make bounds meet that contradict each other by rounding only."""
    meet = (lower > upper) & (lower - upper <= NEGLIGIBLE * np.maximum(1.0, np.abs(upper)))
    return np.where(meet, upper, lower), upper


def _scaled(matrix: Matrix, size: Floats, norm: Floats) -> Matrix:
    value = matrix.value * size[matrix.column] / norm[matrix.row]
    return Matrix(matrix.start, matrix.column, value)


def _with_sums(matrix: Matrix, summed: Bools, figure: Floats, cells: int, norm: Floats) -> Matrix:
    """Write ``sum - figure · column`` in the rows of sums with a figure."""
    end = matrix.start[1:][summed]
    return Matrix(
        matrix.start + np.concatenate([[0], np.cumsum(summed)]),
        np.insert(matrix.column, end, cells + np.arange(len(end))),
        np.insert(matrix.value, end, -figure / norm[summed]),
    )
