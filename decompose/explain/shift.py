"""A shift: what the numbers of a problem gain per unit of something."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from decompose.fairness.part import rows_within
from decompose.problem import Floats, Ints, Matrix, Problem, Rules


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
        """Return the shift of nothing but bounds."""
        rows = len(problem.rules)
        nothing = Matrix(np.zeros(rows + 1, dtype=np.int64))
        return Shift(lower, upper, np.zeros(rows), np.zeros(problem.size), nothing)

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

    def rows(self, rows: Ints) -> Shift:
        """Return what these rows gain, in this order, and all columns."""
        ends = (self.lower[rows], self.upper[rows], self.figure[rows])
        return Shift(*ends, self.reference, self.matrix.take(rows))

    def within(self, problem: Problem, columns: Ints) -> Shift:
        """Return what ``part_of(problem, columns)`` gains; no rule may lie across its edge."""
        own = self.rows(rows_within(problem, columns))
        place = np.full(problem.size, -1, dtype=np.int64)
        place[columns] = np.arange(len(columns))
        matrix = own.matrix.renamed(place)
        return replace(own, reference=self.reference[columns], matrix=matrix)

    def times(self, factor: float) -> Shift:
        """Return so many of it."""
        return Shift(
            factor * self.lower,
            factor * self.upper,
            factor * self.figure,
            factor * self.reference,
            replace(self.matrix, value=factor * self.matrix.value),
        )

    def of_rules(self, rules: Rules, amount: float) -> Rules:
        """Return rules after so many units."""
        return replace(
            rules,
            lower=rules.lower + amount * self.lower,
            upper=rules.upper + amount * self.upper,
            figure=rules.figure + amount * self.figure,
            matrix=self._moved(rules.matrix, amount),
        )

    def _moved(self, matrix: Matrix, amount: float) -> Matrix:
        if not len(self.matrix.value):
            return matrix
        both = matrix, self.matrix
        return Matrix.collect(
            np.concatenate([part.row for part in both]),
            np.concatenate([part.column for part in both]),
            np.concatenate([matrix.value, amount * self.matrix.value]),
            rows=len(matrix),
            size=len(self.reference),
        )

    def at(self, problem: Problem, amount: float) -> Problem:
        """Return a problem after so many units."""
        reference = np.maximum(problem.reference + amount * self.reference, 0.0)
        return replace(problem, rules=self.of_rules(problem.rules, amount), reference=reference)
