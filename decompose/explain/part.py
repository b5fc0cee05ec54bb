"""A part of a stage that is chosen apart from the rest, with what it takes to choose it again.

Rules that are loose at the answer do not hold it, so that a part is what tight rules tie. Where
its numbers move and its answer keeps the loose rules, too, that is the answer of the whole.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from decompose.bounds import at_bounds
from decompose.errors import SolverError
from decompose.explain.shift import Shift
from decompose.fairness import PROGRAMS, answer
from decompose.fairness.part import blocks_of, part_of
from decompose.fairness.scaled import indicator_sizes
from decompose.labels import say
from decompose.problem import Floats, Ints, Problem, Solution
from decompose.solvers import Solver
from decompose.stage import Stage

SAME = 1e-7
"""Answers and burdens nearer than this, relative to their size, are the same."""


@dataclass(frozen=True, eq=False)
class Point:
    """An answer, its burdens (of cells with a reference), and the largest of the component."""

    x: Floats
    burden: Floats
    largest: float


@dataclass(frozen=True, eq=False)
class Split:
    """A stage split into blocks: columns that share a rule, single cells and loose ones aside.

    Attributes
    ----------
    problem, x
        The stage's problem and answer.
    kept
        The rules that split it.
    block
        The block of each column.
    """

    problem: Problem
    x: Floats
    kept: Ints
    block: Ints

    @staticmethod
    def of(stage: Stage) -> Split:
        """Split a stage at the rules that are loose at its answer."""
        problem, rules, x = stage.problem, stage.problem.rules, stage.solution.x
        lower, upper, _ = at_bounds(problem, x)
        held = lower | upper | rules.single | ~np.isnan(rules.figure)
        return Split._at(problem, x, np.flatnonzero(held))

    @staticmethod
    def _at(problem: Problem, x: Floats, kept: Ints) -> Split:
        block = blocks_of(replace(problem, rules=problem.rules.take(kept)))
        return Split(problem, x, kept, block)

    @cached_property
    def whole(self) -> Split:
        """The same with every rule kept."""
        return Split._at(self.problem, self.x, np.arange(len(self.problem.rules)))

    @cached_property
    def slim(self) -> Problem:
        """The problem with the rules that are kept."""
        return replace(self.problem, rules=self.problem.rules.take(self.kept))

    @cached_property
    def sizes(self) -> Floats:
        """What counts as large for each indicator."""
        return indicator_sizes(self.problem)

    def touched(self, shift: Shift) -> Ints:
        """Return the blocks of which a shift speaks."""
        return np.unique(self.block[shift.rows(self.kept).columns(self.slim)])


@dataclass(frozen=True, eq=False)
class Part:
    """Some blocks of a stage, with their answer.

    Attributes
    ----------
    split
        Their stage.
    columns, problem
        Their columns, and their problem.
    loose
        Indices of the rules that were left out and touch their columns.
    beside
        The largest burden of the other cells of their components.
    solver
        HiGHS, open.
    """

    split: Split
    columns: Ints
    problem: Problem
    loose: Ints
    beside: float
    solver: Solver

    @staticmethod
    def of(split: Split, blocks: Ints, solver: Solver) -> Part:
        """Return blocks of a stage."""
        problem = split.problem
        inside = np.isin(split.block, blocks)
        columns = np.flatnonzero(inside)
        component = problem.component[problem.column_indicator]
        rest = np.isin(component, component[columns]) & ~inside
        matrix = problem.rules.matrix
        touching = np.bincount(matrix.row, inside[matrix.column], minlength=len(matrix)) > 0
        touching[split.kept] = False
        return Part(
            split,
            columns,
            part_of(split.slim, columns),
            np.flatnonzero(touching),
            float(burdens(problem, split.x)[rest].max(initial=0.0)),
            solver,
        )

    def shift(self, shift: Shift) -> Shift:
        """Return what this part gains of a shift of its stage."""
        return shift.rows(self.split.kept).within(self.split.slim, self.columns)

    @cached_property
    def size(self) -> Floats:
        """What counts as large for each column."""
        return self.split.sizes[self.problem.column_indicator]

    @cached_property
    def leximin(self) -> bool:
        """Whether all is chosen by leximin."""
        own = np.unique(self.problem.column_indicator)
        return {self.problem.fairness[k] for k in own} <= {"leximin"}

    @cached_property
    def _start(self) -> Solution:
        found = answer(self.problem, solver=self.solver)
        if isinstance(found, Solution):
            return found
        raise SolverError(say("solver_answer", solver=self.solver.name))

    @cached_property
    def start(self) -> Point:
        """The answer."""
        return self.point(self.problem, self._start.x)

    @property
    def sound(self) -> bool:
        """Whether the answer is that of the stage (rules that are tight in it may look loose)."""
        apart = np.abs(self.start.x - self.split.x[self.columns])
        return bool((apart <= 10 * SAME * self.size).all())

    def solved(self, problem: Problem) -> Point | None:
        """Return the answer where its numbers are these; None where rules cannot hold."""
        closed = PROGRAMS not in self._start.route
        found = answer(problem, solver=self.solver, closed=closed)
        return self.point(problem, found.x) if isinstance(found, Solution) else None

    def point(self, problem: Problem, x: Floats) -> Point:
        """Return an answer with its burdens."""
        burden = burdens(problem, x)
        return Point(x, burden, max(self.beside, float(burden.max(initial=0.0))))

    def whole(self, x: Floats) -> Floats:
        """Return the stage's answer with this part's in its place."""
        found = self.split.x.copy()
        found[self.columns] = x
        return found


def burdens(problem: Problem, x: Floats) -> Floats:
    """Return the burden of each cell; 0 of those without a reference."""
    known = problem.reference > 0
    burden = np.divide(x, problem.reference, where=known, out=np.ones(len(x)))
    return np.where(known, np.abs(burden - 1.0), 0.0)
