"""Some rules of a problem on their own: whether they can hold together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from decompose.errors import SolverError
from decompose.explain.ranges import Ranges
from decompose.fairness.scaled import apart, indicator_sizes
from decompose.fairness.tiers import with_steps
from decompose.labels import say
from decompose.problem import Bools, Floats, Ints, Matrix, Problem, Status
from decompose.solvers import Program, Result, Solver


@dataclass(frozen=True, eq=False)
class Steps:
    """Cells that each take one of some steps (tiers), in the published unit."""

    indicator: int
    cells: Ints
    values: Floats


@dataclass(frozen=True, eq=False)
class Part:
    """Rules of one component of a problem, over its columns, in numbers near 1.

    Attributes
    ----------
    problem
        The whole.
    rows, columns
        Its rules and columns, as indices of the whole.
    size
        What each column is divided by.
    norm
        What each row is divided by: its largest term.
    program
        The rules, without a cost.
    steps
        Cells that take steps; the program has whole columns for them after its own.
    """

    problem: Problem
    rows: Ints
    columns: Ints
    size: Floats
    norm: Floats
    program: Program
    steps: tuple[Steps, ...] = ()

    @staticmethod
    def of(problem: Problem, component: int, steps: tuple[Steps, ...] = ()) -> Part:
        """Take the rules and columns of one component."""
        rows = np.flatnonzero(problem.component[problem.rules.indicator] == component)
        columns = np.flatnonzero(problem.component[problem.column_indicator] == component)
        return Part.over(problem, rows, columns, steps)

    @staticmethod
    def over(problem: Problem, rows: Ints, columns: Ints, steps: tuple[Steps, ...] = ()) -> Part:
        """Take rules and columns that no other rule ties to the rest."""
        rules = problem.rules
        place = np.full(problem.size, -1, dtype=np.int64)
        place[columns] = np.arange(len(columns))
        size = indicator_sizes(problem)[problem.column_indicator[columns]]
        matrix = rules.matrix.take(rows)
        own = place[matrix.column]
        terms = matrix.value * size[own]
        norm = np.zeros(len(rows))
        np.maximum.at(norm, matrix.row, np.abs(terms))
        norm[norm == 0] = 1.0
        program = Program(
            np.zeros(len(columns)),
            np.where(problem.signed[columns], -np.inf, 0.0),
            np.full(len(columns), np.inf),
            Matrix(matrix.start, own, terms / norm[matrix.row]),
            rules.lower[rows] / norm,
            rules.upper[rows] / norm,
        )
        here = tuple(
            Steps(one.indicator, place[one.cells], one.values / size[place[one.cells[0]]])
            for one in steps
            if place[one.cells[0]] >= 0
        )
        for one in here:
            program = with_steps(program, one.cells, one.values)
        return Part(problem, rows, columns, size, norm, program, here)

    def without_steps(self) -> Part:
        """Return the part whose cells may take any value."""
        count, own = len(self.rows), self.program
        program = Program(
            own.cost[: len(self.columns)],
            own.lower[: len(self.columns)],
            own.upper[: len(self.columns)],
            own.rows.take(np.arange(count)),
            own.row_lower[:count],
            own.row_upper[:count],
        )
        return replace(self, program=program, steps=())

    def with_bounds(self, lower: Floats, upper: Floats) -> Part:
        """Return the part with other bounds, of the whole problem's rules."""
        count = len(self.rows)
        row_lower, row_upper = self.program.row_lower.copy(), self.program.row_upper.copy()
        row_lower[:count] = lower[self.rows] / self.norm
        row_upper[:count] = upper[self.rows] / self.norm
        return replace(
            self,
            problem=replace(
                self.problem, rules=replace(self.problem.rules, lower=lower, upper=upper)
            ),
            program=replace(self.program, row_lower=row_lower, row_upper=row_upper),
        )

    def kept(self, rows: Bools) -> Program:
        """Return the program in which only some of the rules hold."""
        count = len(self.rows)
        lower, upper = self.program.row_lower.copy(), self.program.row_upper.copy()
        lower[:count][~rows] = -np.inf
        upper[:count][~rows] = np.inf
        return replace(self.program, row_lower=lower, row_upper=upper)

    def can_hold(self, solver: Solver, rows: Bools) -> bool:
        """Tell whether some of the rules can hold together.

        Raises
        ------
        SolverError
            The solver failed.
        """
        if self._cells_may_clash and self._cells_clash(rows):
            return False
        seen = None if self.steps else self._ranges.can_hold(self.program, rows)
        return solved(solver, self.kept(rows)) is not None if seen is None else seen

    def reach(self, solver: Solver, rows: Bools, row: int) -> tuple[float, float]:
        """Return the least and the greatest that a rule's sum can be where some rules hold.

        In the unit of the plan, infinite where nothing binds it. ``row`` counts within ``rows``.
        """
        seen = None if self.steps else self._ranges.reach(self.program, rows, row)
        least, most = seen or (self._end(solver, rows, row, sign) for sign in (1.0, -1.0))
        return least * float(self.norm[row]), most * float(self.norm[row])

    def furthest(self, solver: Solver, rows: Bools, row: int, *, most: bool) -> float:
        """Return one end of ``reach``: the greatest, or the least."""
        seen = None if self.steps else self._ranges.reach(self.program, rows, row)
        sign = -1.0 if most else 1.0
        end = self._end(solver, rows, row, sign) if seen is None else seen[int(most)]
        return end * float(self.norm[row])

    def _end(self, solver: Solver, rows: Bools, row: int, sign: float) -> float:
        """Return the least (sign 1) or the greatest (-1) that a row can be."""
        program = self.kept(rows)
        matrix = self.program.rows.take(np.array([row]))
        cost = np.zeros(program.size)
        cost[matrix.column] = sign * matrix.value
        result = solver.solve(replace(program, cost=cost), cold=True)
        if result.status is not Status.OPTIMAL:
            return -sign * np.inf
        return float(sign * result.objective)

    @cached_property
    def _ranges(self) -> Ranges:
        """What needs no program."""
        return Ranges.of(self.program)

    @cached_property
    def _cells_may_clash(self) -> bool:
        """Whether they contradict each other where every rule holds."""
        return self._cells_clash(np.ones(len(self.rows), dtype=bool))

    def _cells_clash(self, rows: Bools) -> bool:
        """Tell whether rules of one cell contradict each other, in the cell's own size.

        Beside an indicator's size, those of a tiny cell would seem to meet.
        """
        own = self.rows[rows]
        own = own[self.problem.rules.single[own]]
        cells = replace(self.problem, rules=self.problem.rules.take(own))
        return bool(apart(cells).any())


def solved(solver: Solver, program: Program) -> Result | None:
    """Solve a program, once more from cold where that fails; None where its rules clash.

    Raises
    ------
    SolverError
        It was not solved from cold either.
    """
    for cold in (False, True):
        result = solver.solve(program, cold=cold)
        if result.status is Status.OPTIMAL:
            return result
        if result.status is Status.INFEASIBLE:
            return None
    raise SolverError(
        say("solver_stage", solver=solver.name, program=1, status=result.status.value)
    )
