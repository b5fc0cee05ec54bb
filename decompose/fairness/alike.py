"""Regions that the same sums have, as one: a problem of a few columns in place of many.

Its rules are sums, what ties the columns added up, and what the regions can do at most and at
least. It leaves out the rest of the rules: where the whole can keep its answer, it is the whole's.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from decompose.errors import SolverError
from decompose.fairness.part import part_of
from decompose.fairness.reach import Reach
from decompose.fairness.scaled import Scaled, indicator_sizes
from decompose.fairness.stages import Stages
from decompose.problem import FAMILY, TOTAL, Floats, Ints, Matrix, Problem, Rules
from decompose.problem.matrix import no_ints
from decompose.solvers import Solver


@dataclass(frozen=True, eq=False)
class Alike:
    """Columns of a problem, added up over regions that the same sums have.

    Attributes
    ----------
    problem
        The whole.
    columns
        Those of its columns that are added up.
    place
        What each column of the whole is a part of, -1 for the others.
    first
        One column of the whole for each.
    """

    problem: Problem
    columns: Ints
    place: Ints
    first: Ints

    @staticmethod
    def of(problem: Problem, columns: Ints, group: Ints) -> Alike:
        """Add up columns of one indicator and year, those of one group each."""
        key = problem.column_indicator * len(problem.years) + problem.column_year
        key = key * (int(group.max(initial=-1)) + 1) + group
        _, first, of_column = np.unique(key[columns], return_index=True, return_inverse=True)
        place = np.full(problem.size, -1, dtype=np.int64)
        place[columns] = of_column
        return Alike(problem, columns, place, columns[first])

    @property
    def size(self) -> int:
        """The number of columns."""
        return len(self.first)

    def added(self, values: Floats) -> Floats:
        """Add up values of all columns."""
        own = self.place[self.columns]
        found = np.bincount(own, values[self.columns], minlength=self.size)
        return found.astype(np.float64)

    def figures(
        self, sums: Rules, ties: Rules, reach: Reach, solver: Solver
    ) -> tuple[Floats | None, int]:
        """Return what sums with a figure that has room hand out, and how many programs it took.

        Parameters
        ----------
        sums
            Sums over columns of the whole.
        ties
            What else is kept, over columns here.
        reach
            The bounds of every column of the whole.
        solver
            What solves the programs.

        Returns
        -------
        figures, programs
            Of each of the sums, NaN where none has to be found; None where nothing is found.
        """
        pair = np.unique(sums.matrix.row * self.size + self.place[sums.matrix.column])
        row, column = np.divmod(pair, self.size)
        matrix = Matrix.collect(row, column, np.ones(len(pair)), rows=len(sums), size=self.size)
        indicator = self.problem.column_indicator[self.first]
        cells = Matrix(np.arange(self.size + 1), np.arange(self.size), np.ones(self.size))
        boxes = plain_rules(cells, self.added(reach.lower), self.added(reach.upper), indicator)
        asked = replace(
            part_of(self.problem, self.first, no_ints()),
            reference=self.added(self.problem.reference),
            rules=Rules.stack([replace(sums, matrix=matrix), ties, boxes]),
        )
        scaled = Scaled.of(asked, indicator_sizes(self.problem))
        stages = Stages(scaled, solver, only=scaled.figures)
        try:
            if not stages.settle(scaled.figures):
                return None, stages.programs
        except SolverError:
            return None, stages.programs
        of_sums = np.isfinite(sums.figure) & (sums.lower < sums.upper)
        found = np.flatnonzero(scaled.figures)
        if of_sums.sum() != len(found):
            return None, stages.programs
        beside = sums.constant[of_sums]
        figure = np.full(len(sums), np.nan)
        figure[of_sums] = (sums.figure[of_sums] + beside) * stages.values[found] - beside
        return figure, stages.programs


def of_same_sums(problem: Problem, rows: Ints) -> Ints:
    """Return the group of each region: those that the same of these rows have."""
    matrix = problem.rules.matrix.take(rows)
    region = problem.column_region[matrix.column]
    scope = np.unique(problem.rules.scope[rows], return_inverse=True)[1][matrix.row]
    pair = np.unique(region * (int(scope.max(initial=0)) + 1) + scope)
    region, scope = np.divmod(pair, int(scope.max(initial=0)) + 1)
    members: list[list[int]] = [[] for _ in problem.regions]
    for one, of in zip(region.tolist(), scope.tolist(), strict=True):
        members[one].append(of)
    numbers: dict[tuple[int, ...], int] = {}
    return np.array([numbers.setdefault(tuple(one), len(numbers)) for one in members])


def plain_rules(matrix: Matrix, lower: Floats, upper: Floats, indicator: Ints) -> Rules:
    """Return rules without figures, over columns of some indicators."""
    nothing = np.zeros(len(matrix), dtype=np.int64)
    return Rules(
        matrix=matrix,
        lower=lower,
        upper=upper,
        family=nothing + FAMILY["target"],
        indicator=indicator[matrix.column[matrix.start[:-1]]],
        scope=nothing,
        year=nothing + TOTAL,
        source=nothing,
        figure=np.full(len(matrix), np.nan),
        whole=np.zeros(len(matrix), dtype=bool),
    )
