"""A problem in numbers near 1, with a column for each sum that should come near its figure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from decompose.fairness.giving import TURNS, Giving, beside
from decompose.problem import Bools, Floats, Ints, Matrix, Problem
from decompose.solvers import Program

NEGLIGIBLE = 1e-9
"""Beside an indicator's size, a smaller reference counts as 0, and bounds this near as equal."""
APART = 1e-6
"""Beside a cell's own upper bound, or its step, a lower bound so much above it contradicts it."""
NOISE = 1e-9
"""Beside a step, so little is nothing: the last bits of what cancels out."""
_CELL, _SUM, _MISS = range(3)
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
        Bounds of the columns: first the cells, then the sums with a figure, then the misses.
    rows, row_lower, row_upper
        The rules; each row's largest coefficient is 1 or -1.
    owner
        The indicator of each column.
    misses, figures, zeros, others
        Columns in order of settling: what targets that give way are missed by, turn by turn, sums
        with a figure, cells with reference 0, other cells; none of them is one of those that are
        looked ahead to.
    summed
        The rule of each sum with a figure.
    rule
        The rule of each row; rows of targets that give way come after these.
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
    misses: tuple[Bools, ...]
    figures: Bools
    zeros: Bools
    others: Bools
    summed: Ints
    rule: Ints

    def cells(self, values: Floats) -> Floats:
        """Return the cells in the unit of the plan."""
        return values[: len(self.size)] * self.size

    def ranks(self, problem: Problem) -> list[Bools]:
        """Return the columns of each priority, the first one first."""
        rank = problem.rank[self.owner]
        return [rank == one for one in np.unique(rank)]

    def misses_in_turn(self, problem: Problem) -> list[Bools]:
        """Return what targets that give way are missed by: turn by turn, each by priority."""
        return [items & first for items in self.misses for first in self.ranks(problem)]

    def violation(self, values: Floats) -> float:
        """Return the largest breach of a rule or bound, relative to the terms in it."""
        program = Program(
            np.zeros(len(values)), self.lower, self.upper, self.rows, self.row_lower, self.row_upper
        )
        return program.violation(values)

    @staticmethod
    def of(problem: Problem, sizes: Floats | None = None) -> Scaled:
        """Scale a problem; sizes of the indicators are those of the whole it is a part of."""
        rules, cells = problem.rules, problem.size
        sizes = indicator_sizes(problem) if sizes is None else sizes
        indicator_size = sizes[problem.column_indicator]
        zero = problem.reference <= NEGLIGIBLE * indicator_size
        size = np.maximum(problem.reference, SMALLEST * indicator_size)
        size = np.where(zero, indicator_size, size)
        centre = np.where(zero, 0.0, problem.reference / size)
        lower, upper = meeting(problem.lower / size, problem.upper / size)
        # beside an indicator's size, bounds of a tiny cell that contradict would seem to meet
        lower = np.where(apart(problem), upper + 1, lower)

        inexact = np.isfinite(rules.figure) & (rules.lower < rules.upper)
        terms = rules.matrix.value * size[rules.matrix.column]
        norm = np.zeros(len(rules))
        np.maximum.at(norm, rules.matrix.row, np.abs(terms))
        norm[norm == 0] = 1.0
        sums_of = rules.figure + rules.constant  # of which the columns are a part
        summed = inexact & (np.abs(sums_of) > NEGLIGIBLE * norm)
        # A rule of one cell is a bound already; a sum with a figure is a column of its own, with
        # the rest of it where it gives way: then its bounds are rows of their own.
        kept = np.flatnonzero(summed | ~(rules.single | rules.yields))
        norm, summed, owner = norm[kept], summed[kept], rules.indicator[kept]
        least = np.where(rules.yields, -np.inf, rules.lower)[kept]
        most = np.where(rules.yields, np.inf, rules.upper)[kept]
        row_lower, row_upper = meeting(least / norm, most / norm)
        figure, constant = sums_of[kept][summed], rules.constant[kept]
        of_sums = [(end[summed] + constant[summed]) / figure for end in (least, most)]
        ends = np.sort(of_sums, 0)
        rows = _scaled(rules.matrix.take(kept), size, norm)
        rows = _with_sums(rows, summed, figure, cells, norm)
        giving = Giving.of(problem)
        first = cells + len(figure)
        given, given_lower, given_upper = giving.rows(size, first)
        if len(giving):
            rest = giving.whole(kept)
            rest = Matrix(rest.start, rest.column, rest.value / norm[rest.row])
            rows = beside(rows, rest, first, first + len(giving))
        sums, misses = np.ones(len(figure)), np.zeros(len(giving))
        kinds = np.repeat([_CELL, _SUM, _MISS], [cells, len(figure), len(giving)])
        turn = np.concatenate([np.full(cells + len(figure), -1), giving.turn])
        nothing = np.zeros(len(kinds) - cells, dtype=bool)
        zeros = np.concatenate([zero & ~problem.looked_ahead, nothing])
        others = np.concatenate([~zero & ~problem.looked_ahead, nothing])
        return Scaled(
            size,
            np.concatenate([centre, sums, misses]),
            np.concatenate([np.where(zero, 1.0, centre), sums, misses + 1.0]),
            np.concatenate([lower, ends[0], misses]),
            np.concatenate([upper, ends[1], misses + np.inf]),
            Matrix.stack([rows, given]),
            np.concatenate([np.where(summed, -constant / norm, row_lower), given_lower]),
            np.concatenate([np.where(summed, -constant / norm, row_upper), given_upper]),
            np.concatenate([problem.column_indicator, owner[summed], giving.indicator]),
            tuple(turn == number for number in range(TURNS)),
            kinds == _SUM,
            zeros,
            others,
            kept[summed],
            kept,
        )


def indicator_sizes(problem: Problem) -> Floats:
    """Return each indicator's size: its largest reference.

    Without one, what rules make of the sizes of indicators that they tie it to; or else its rules'
    largest bound, which may be far beyond what is ever handed out.
    """
    sizes, step = np.zeros(len(problem.indicators)), np.zeros(len(problem.indicators))
    np.maximum.at(sizes, problem.column_indicator, problem.reference)
    np.maximum.at(step, problem.column_indicator, problem.step)
    sizes[sizes <= NOISE * step] = 0.0
    _size_by_ties(problem, sizes)
    rules = problem.rules
    bounds = np.zeros(len(problem.indicators))
    for ends in (rules.lower, rules.upper):
        np.maximum.at(bounds, rules.indicator, np.where(np.isfinite(ends), np.abs(ends), 0.0))
    bounds[bounds <= NOISE * step] = 0.0
    sizes = np.where(sizes > 0, sizes, bounds)
    return np.where(sizes > 0, sizes, 1.0)


def _size_by_ties(problem: Problem, sizes: Floats) -> None:
    """Give a size to indicators without one that stand in a rule beside one that has one."""
    matrix = problem.rules.matrix
    owner, factor = problem.column_indicator[matrix.column], np.abs(matrix.value)
    while (unknown := (sizes[owner] == 0) & (factor > 0)).any():
        whole = np.zeros(len(problem.rules))
        np.maximum.at(whole, matrix.row, factor * sizes[owner])
        found = unknown & (whole[matrix.row] > 0)
        if not found.any():
            return
        np.maximum.at(sizes, owner[found], whole[matrix.row[found]] / factor[found])


def apart(problem: Problem) -> Bools:
    """Tell the cells whose own bounds contradict each other by more than rounding."""
    noise = APART * np.maximum(np.abs(problem.upper), problem.step)
    return np.asarray(problem.lower > problem.upper + noise)


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
