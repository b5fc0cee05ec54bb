"""Leximin by successive programs: the largest deviation as small as can be, then the next.

The program is one throughout. Only bounds change from stage to stage, so that HiGHS goes on
where it stood: columns are the cells, the sums and the largest deviation; rows are the rules,
then ``column - unit · largest ≤ centre`` and ``column + unit · largest ≥ centre``.

Source: W. Ogryczak and T. Śliwiński, "On direct methods for lexicographic min-max optimization",
ICCSA 2006; settling by complementary slackness holds for any optimal dual.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from decompose.errors import SolverError
from decompose.fairness.scaled import Scaled, meeting
from decompose.labels import say
from decompose.problem import Bools, Floats, Matrix, Status
from decompose.solvers import Program, Result, Solver

PRICED = 1e-7
"""A dual or reduced cost above this, beside the largest dual, is not 0."""
SAME = 1e-9
"""Levels nearer than this are one level, and a deviation below it is none."""
STUCK = 1e-8
"""What a column that can do better than the level can gain at least (solvers without duals)."""


class Stages:
    """Columns that are settled, one level after the other, and stay so.

    Parameters
    ----------
    scaled
        The rules; a column's deviation is its distance from its centre, in its unit.
    solver
        What solves the programs.
    only
        The columns that are ever settled by their deviations; all unless said.

    Attributes
    ----------
    solver
        What solves the programs.
    centre, unit
        Where each column has no deviation, and what is a deviation of 1.
    programs
        How many were solved.
    """

    def __init__(self, scaled: Scaled, solver: Solver, *, only: Bools | None = None) -> None:
        size, rows = len(scaled.lower), len(scaled.rows)
        self._measured = np.arange(size) if only is None else np.flatnonzero(only)
        count = len(self._measured)
        self.programs = 0
        self.solver = solver
        self.centre, self.unit = scaled.centre, scaled.unit
        self._lower, self._upper = scaled.lower.copy(), scaled.upper.copy()
        self._row_lower, self._row_upper = scaled.row_lower.copy(), scaled.row_upper.copy()
        pairs = np.stack([self._measured, np.full(count, size)], axis=1).ravel()
        start, ones = 2 * np.arange(count + 1), np.ones(count)
        unit = self.unit[self._measured]
        self._rules = scaled.rows
        self._rows = Matrix.stack(
            [
                scaled.rows,
                Matrix(start, pairs, np.stack([ones, -unit], axis=1).ravel()),
                Matrix(start, pairs, np.stack([ones, unit], axis=1).ravel()),
            ]
        )
        self._of_rules, self._of_excess, self._of_lack = (
            slice(0, rows),
            slice(rows, rows + count),
            slice(rows + count, rows + 2 * count),
        )

    @property
    def free(self) -> Bools:
        """Which columns are not settled."""
        return self._lower < self._upper

    @property
    def values(self) -> Floats:
        """The columns' values, once all are settled."""
        return self._lower.copy()

    @property
    def rules(self) -> Program:
        """The rules and what is settled, without a cost."""
        return Program(
            np.zeros(len(self._lower)),
            self._lower,
            self._upper,
            self._rules,
            self._row_lower,
            self._row_upper,
        )

    def keep_to(self, lower: Floats, upper: Floats, row_lower: Floats, row_upper: Floats) -> None:
        """Go on within these bounds, of columns and of rules."""
        self._lower, self._upper = meeting(lower, upper)
        self._row_lower, self._row_upper = meeting(row_lower, row_upper)

    def settle_in_turn(self, *kinds: Bools) -> bool:
        """Settle columns, each kind by ``settle``; False where the rules cannot hold together."""
        return all(self.settle(items) for items in kinds)

    def settle(self, items: Bools) -> bool:
        """Settle columns by leximin of their deviations.

        Returns
        -------
        bool
            False where the rules cannot hold together (only a first program can find that).

        Raises
        ------
        SolverError
            A program was not solved, from cold either.
        """
        items = items & self.free
        level = np.inf
        while items.any():
            result = self.solve(self._least_level(items))
            if result is None:
                return False
            before, level = level, float(result.x[-1])
            if level <= SAME:
                self._fix(items, np.clip(self.centre, self._lower, self._upper))
                return True
            self._fix_priced(result, items)
            left = items & self.free
            # Columns that share a level are settled at once, whatever the duals show.
            if left.sum() == items.sum() or before - level <= SAME:
                self._fix_stuck(left, result.x)
                left &= self.free
            if left.sum() == items.sum():
                raise self._failure(result.status)
            items = left
        return True

    def settle_rest(self) -> bool:
        """Settle the columns that have no deviation to make small, wherever the rules are kept.

        False where the rules cannot hold together.
        """
        if not self.free.any():
            return True
        result = self.solve(self.rules)
        if result is not None:
            self._fix(self.free, result.x)
        return result is not None

    def _least_level(self, items: Bools) -> Program:
        """Return the program that makes the items' largest deviation as small as can be."""
        fixed = ~self.free
        # A fixed column's rows keep a bound that never binds: without one, the basis is lost.
        highest = np.where(fixed, np.maximum(self._lower, self.centre), np.inf)
        lowest = np.where(fixed, np.minimum(self._lower, self.centre), -np.inf)
        nothing, some = np.full(len(self._measured), np.inf), self._measured
        return Program(
            cost=np.append(np.zeros(len(items)), 1.0),
            lower=np.append(self._lower, 0.0),
            upper=np.append(self._upper, np.inf),
            rows=self._rows,
            row_lower=np.concatenate(
                [self._row_lower, -nothing, np.where(items, self.centre, lowest)[some]]
            ),
            row_upper=np.concatenate(
                [self._row_upper, np.where(items, self.centre, highest)[some], nothing]
            ),
        )

    def solve(self, program: Program) -> Result | None:
        """Solve a program, once more from cold where that fails; None for rules that clash.

        Raises
        ------
        SolverError
            It was not solved from cold either.
        """
        for cold in (False, True):
            result = self.solver.solve(program, cold=cold)
            if result.status is Status.OPTIMAL:
                self.programs += 1
                return result
        if self.programs == 0 and result.status is Status.INFEASIBLE:
            return None
        raise self._failure(result.status)

    def _failure(self, status: Status) -> SolverError:
        return SolverError(
            say(
                "solver_stage",
                solver=self.solver.name,
                program=self.programs + 1,
                status=status.value,
            )
        )

    def _fix(self, columns: Bools, values: Floats) -> None:
        self._lower = np.where(columns, values, self._lower)
        self._upper = np.where(columns, values, self._upper)

    def _fix_priced(self, result: Result, items: Bools) -> None:
        """Fix what has a price: in every optimum it is where it is in this one."""
        if result.dual is None or result.reduced is None:
            return
        at_level = np.zeros(len(items))
        prices = np.abs(result.dual)
        at_level[self._measured] = prices[self._of_excess] + prices[self._of_lack]
        at_bound = np.abs(result.reduced[:-1])
        priced = PRICED * max(1.0, float(np.abs(result.dual).max()))
        self._fix(self.free & (((at_level > priced) & items) | (at_bound > priced)), result.x[:-1])
        self._row_lower, self._row_upper = face(
            result.dual[self._of_rules], self._row_lower, self._row_upper, priced
        )

    def _fix_stuck(self, items: Bools, x: Floats) -> None:
        """Fix the items that are at the level wherever none is above it.

        One program moves all that are at the level away from it, as far as their sum goes. Those
        that moved can do better; when none of the rest moves, none of them can.
        """
        level = x[-1]
        program = self._least_level(items)
        program = replace(
            program,
            lower=np.append(self._lower, level),
            upper=np.append(self._upper, level),
        )
        side = np.sign(x[:-1] - self.centre)
        stuck = items & (self._lack(x, side) <= STUCK)
        while stuck.any():
            result = self.solve(
                replace(program, cost=np.append(np.where(stuck, side / self.unit, 0.0), 0.0))
            )
            if result is None:
                return
            moved = stuck & (self._lack(result.x, side) > STUCK)
            if not moved.any():
                self._fix(stuck, result.x[:-1])
                return
            stuck &= ~moved

    def _lack(self, x: Floats, side: Floats) -> Floats:
        """Return how far each column is from the level on its side."""
        return np.asarray(x[-1] - side * (x[:-1] - self.centre) / self.unit)


def face(
    price: Floats, lower: Floats, upper: Floats, priced: float | Floats
) -> tuple[Floats, Floats]:
    """Return the bounds in every optimum: both at the one that has a price."""
    bound = np.where(price > 0, lower, upper)
    tight = np.abs(price) > priced
    return np.where(tight, bound, lower), np.where(tight, bound, upper)
