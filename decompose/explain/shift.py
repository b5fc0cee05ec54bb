"""A shift: what the numbers of a problem gain per unit of something."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from decompose.fairness.part import rows_within
from decompose.problem import Floats, Ints, Matrix, Problem


@dataclass(frozen=True, eq=False)
class Shift:
    """What a problem's numbers gain, per unit.

    Attributes
    ----------
    lower, upper, figure, matrix
        Of each rule.
    reference
        Of each column.
    """

    lower: Floats
    upper: Floats
    figure: Floats
    reference: Floats
    matrix: Matrix

    @staticmethod
    def of_bounds(problem: Problem, lower: Floats, upper: Floats) -> Shift:
        """Return the change of nothing but bounds."""
        rows = len(problem.rules)
        return Shift(
            lower,
            upper,
            np.zeros(rows),
            np.zeros(problem.size),
            Matrix(np.zeros(rows + 1, dtype=np.int64)),
        )

    @property
    def straight(self) -> bool:
        """Whether only bounds and figures move, so that answers are piecewise linear."""
        return not self.reference.any() and not len(self.matrix.value)

    def columns(self, problem: Problem) -> Ints:
        """Return the columns that it speaks of."""
        rows = (self.lower != 0) | (self.upper != 0) | (self.figure != 0)
        matrix = problem.rules.matrix
        touched = self.reference != 0
        touched[matrix.column[rows[matrix.row]]] = True
        touched[self.matrix.column] = True
        return np.flatnonzero(touched)

    def within(self, problem: Problem, columns: Ints) -> Shift:
        """Return what ``part_of(problem, columns)`` gains; no rule may lie across its edge."""
        rows = rows_within(problem, columns)
        place = np.full(problem.size, -1, dtype=np.int64)
        place[columns] = np.arange(len(columns))
        matrix = self.matrix.take(rows)
        return Shift(
            self.lower[rows],
            self.upper[rows],
            self.figure[rows],
            self.reference[columns],
            Matrix(matrix.start, place[matrix.column], matrix.value),
        )

    def at(self, problem: Problem, amount: float) -> Problem:
        """Return the problem after so many units."""
        rules = problem.rules
        moved = replace(
            rules,
            lower=rules.lower + amount * self.lower,
            upper=rules.upper + amount * self.upper,
            figure=rules.figure + amount * self.figure,
        )
        if len(self.matrix.value):
            both = rules.matrix, self.matrix
            matrix = Matrix.collect(
                np.concatenate([part.row for part in both]),
                np.concatenate([part.column for part in both]),
                np.concatenate([rules.matrix.value, amount * self.matrix.value]),
                rows=len(rules),
                size=problem.size,
            )
            moved = replace(moved, matrix=matrix)
        reference = np.maximum(problem.reference + amount * self.reference, 0.0)
        return replace(problem, rules=moved, reference=reference)

    def straightened(self, problem: Problem, x: Floats) -> tuple[Shift, Floats]:
        """Return the change of bounds that does the same to first order, and what x gains besides.

        Where a reference grows from 0, there is none, and the change itself is returned.
        """
        known = problem.reference > 0
        if self.straight or self.reference[~known].any():
            return self, np.zeros(problem.size)
        scale = np.divide(self.reference, problem.reference, where=known, out=np.zeros(len(x)))
        carried = x * scale
        rules = problem.rules
        value = rules.matrix.dot(x)
        gain = self.matrix.dot(x) + rules.matrix.dot(carried)
        part = np.divide(gain, value, where=value != 0, out=np.zeros(len(rules)))
        figure = self.figure - np.where(np.isnan(rules.figure), 0.0, rules.figure) * part
        bounds = Shift.of_bounds(problem, self.lower - gain, self.upper - gain)
        return replace(bounds, figure=figure), carried

    def times(self, factor: float) -> Shift:
        """Return so many of it."""
        return Shift(
            factor * self.lower,
            factor * self.upper,
            factor * self.figure,
            factor * self.reference,
            replace(self.matrix, value=factor * self.matrix.value),
        )
