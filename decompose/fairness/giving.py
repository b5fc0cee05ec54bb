"""Targets that give way: what their sums lack or have too much, before anything else is chosen.

The rest of a year's sum counts in the sum over the years as if somebody took it, so that other
years do not make up for it. In turn, each by leximin of what is missed relative to the figures:
sums exceed what their figures allow (only floors and the like can force that), first those of a
year, then those over the years; sums fall short, in the same order; then come the rows between
years of yearly rates. A target that can be kept is kept.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from decompose.problem import FAMILY, TOTAL, Bools, Floats, Ints, Matrix, Problem

NEGLIGIBLE = 1e-9
"""Beside what a row adds up, a smaller figure is 0."""
NOISE = 1e-8
"""Beside what a row adds up, a smaller miss is none."""
NOTICED = 1e-6
"""A miss of less than that part of a step is none: the grid snaps at this distance."""
TURNS = 5
_LACK, _BETWEEN_YEARS = 2, 4


@dataclass(frozen=True, eq=False)
class Giving:
    """What may be missed: what each sum lacks, then what each has too much.

    Attributes
    ----------
    problem
        The rules; those that yield are rows here.
    unit
        What a miss of 1 is: the sum's figure.
    turn, indicator
        When each miss is settled, and the indicator whose target is missed.
    own
        The sum of each rule that yields.
    counted
        The sums whose misses count in each rule, with 1.
    size
        What each rule is divided by.
    """

    problem: Problem
    unit: Floats
    turn: Ints
    indicator: Ints
    own: Ints
    counted: Matrix
    size: Floats

    def __len__(self) -> int:
        return len(self.turn)

    @staticmethod
    def of(problem: Problem) -> Giving:
        """List what may be missed: all rules on one sum share what it lacks and has too much."""
        rules = problem.rules
        rows, size = np.flatnonzero(rules.yields), _sizes(problem)
        between = rules.family == FAMILY["growth_each_year"]
        label = np.stack([rules.indicator, rules.scope, rules.year, between])[:, rows]
        sums, own = np.unique(label, axis=1, return_inverse=True)
        own = own.reshape(-1)
        unit = np.zeros(sums.shape[1])
        np.maximum.at(unit, own, size[rows])

        indicator, scope, year, between = label[:, :, np.newaxis]
        same = (indicator == sums[0]) & (scope == sums[1])
        within = same & (year == TOTAL) & (sums[3] == 0)
        row, place = np.nonzero(within | (own[:, np.newaxis] == np.arange(len(unit))))
        turn = np.where(sums[3] > 0, _BETWEEN_YEARS, sums[2] == TOTAL)
        lack = np.where(sums[3] > 0, _BETWEEN_YEARS, _LACK + turn)
        return Giving(
            problem=problem,
            unit=np.tile(unit, 2),
            turn=np.concatenate([lack, turn]),
            indicator=np.tile(sums[0], 2),
            own=own,
            counted=Matrix.collect(
                rows[row], place, np.ones(len(row)), rows=len(rules), size=len(unit)
            ),
            size=size,
        )

    def rows(self, size: Floats, first: int) -> tuple[Matrix, Floats, Floats]:
        """Return the bounds of the rules that yield as rows, each in its size, and their ends.

        Parameters
        ----------
        size
            The unit of each column of the problem.
        first
            The column of the first miss.
        """
        rules = self.problem.rules
        below = np.flatnonzero(rules.yields & np.isfinite(rules.lower))
        above = np.flatnonzero(rules.yields & np.isfinite(rules.upper))
        rule = np.concatenate([below, above])
        part = rules.matrix.take(rule)
        terms = Matrix(part.start, part.column, part.value * size[part.column])
        miss = self._missed(below, above)
        rows = beside(terms, miss, first, first + len(self))
        bound = np.concatenate([rules.lower[below], rules.upper[above]]) / self.size[rule]
        nothing = np.full(len(rule), np.inf)
        is_below = np.arange(len(rule)) < len(below)
        return (
            Matrix(rows.start, rows.column, rows.value / self.size[rule][rows.row]),
            np.where(is_below, bound, -nothing),
            np.where(is_below, nothing, bound),
        )

    def _missed(self, below: Ints, above: Ints) -> Matrix:
        """Return what rows lack and, of others, have too much, in the plan's units."""
        lack, excess = self.counted.take(below), self.counted.take(above)
        half = len(self) // 2
        return Matrix.stack(
            [
                Matrix(lack.start, lack.column, lack.value * self.unit[lack.column]),
                Matrix(excess.start, half + excess.column, -self.unit[excess.column]),
            ]
        )

    def whole(self, rows: Ints) -> Matrix:
        """Return what makes each sum whole, with the rest of it: lacks less excesses."""
        part, half = self.counted.take(rows), len(self) // 2
        value = part.value * self.unit[part.column]
        return Matrix.collect(
            np.tile(part.row, 2),
            np.concatenate([part.column, half + part.column]),
            np.concatenate([value, -value]),
            rows=len(rows),
            size=len(self),
        )


def beside(left: Matrix, right: Matrix, first: int, size: int) -> Matrix:
    """Put two matrices side by side, the columns of the right one from ``first`` on."""
    return Matrix.collect(
        np.concatenate([left.row, right.row]),
        np.concatenate([left.column, first + right.column]),
        np.concatenate([left.value, right.value]),
        rows=len(left),
        size=size,
    )


def _sizes(problem: Problem) -> Floats:
    """Return the size of each row: its figure, or what its references add up to."""
    rules, matrix = problem.rules, problem.rules.matrix.plain
    positive = np.maximum(matrix.value, 0.0) * np.abs(problem.reference[matrix.column])
    added = np.bincount(matrix.row, positive, minlength=len(rules))
    figure = np.abs(np.nan_to_num(rules.figure))
    ends = [np.where(np.isfinite(one), np.abs(one), 0.0) for one in (rules.lower, rules.upper)]
    bound = np.maximum(*ends)
    size = np.where(figure > NEGLIGIBLE * added, figure, added)
    size = np.where(size > 0, size, bound)
    return np.where(size > 0, size, 1.0)


def missed(problem: Problem, x: Floats) -> tuple[Bools, Bools]:
    """Tell which targets that give way are missed: by too little, and by too much."""
    rules, matrix = problem.rules, problem.rules.matrix
    value = matrix.dot(x)
    noise = np.maximum(NOTICED * problem.rule_step, NOISE * matrix.sizes(x))
    below, above = rules.lower - value > noise, value - rules.upper > noise
    return rules.yields & below, rules.yields & above
