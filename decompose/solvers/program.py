"""A linear program as arrays, what a solver makes of it, and what a solver is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from decompose.errors import SolverError
from decompose.labels import say
from decompose.problem import Bools, Floats, Ints, Matrix, Status

LARGEST = 1e20
"""Solvers take numbers from here on as infinite."""
FEASIBLE = 1e-6
"""The largest violation that an optimal point may have; a solver aims at far less."""


@dataclass(frozen=True, eq=False)
class Program:
    """Minimise ``cost · x`` where columns and rows are within their bounds.

    Parameters
    ----------
    cost, lower, upper
        One number per column; bounds may be infinite.
    rows, row_lower, row_upper
        ``row_lower ≤ rows · x ≤ row_upper``.
    integral
        Columns that must be whole; none by default.
    most_nodes
        How far HiGHS searches where columns must be whole; without end by default.
    cutoff
        Of whole columns: a solver may call the program infeasible where nothing costs less.

    Raises
    ------
    SolverError
        A number is NaN, an infinite one stands where it cannot, or a finite one is so large
        that a solver would take it as infinite.
    """

    cost: Floats
    lower: Floats
    upper: Floats
    rows: Matrix = field(default_factory=Matrix)
    row_lower: Floats = field(default_factory=lambda: np.zeros(0))
    row_upper: Floats = field(default_factory=lambda: np.zeros(0))
    integral: Bools | None = None
    most_nodes: int | None = None
    cutoff: float = np.inf

    def __post_init__(self) -> None:
        for name, values in (("cost", self.cost), ("coefficient", self.rows.value)):
            if not np.all(np.abs(values) < LARGEST):
                raise SolverError(say("solver_number", what=name))
        for name, low, high in (
            ("bound", self.lower, self.upper),
            ("row bound", self.row_lower, self.row_upper),
        ):
            ends = np.concatenate([low, high])
            if not np.all((np.abs(ends) < LARGEST) | np.isinf(ends)):
                raise SolverError(say("solver_number", what=name))
            if np.any(low == np.inf) or np.any(high == -np.inf):
                raise SolverError(say("solver_number", what=name))

    @property
    def size(self) -> int:
        """The number of columns."""
        return len(self.cost)

    @property
    def contradictory(self) -> bool:
        """Whether a bound is above its opposite, or a row without columns cannot be 0."""
        empty = self.rows.counts == 0
        return bool(
            np.any(self.lower > self.upper)
            or np.any(self.row_lower > self.row_upper)
            or np.any(empty & ((self.row_lower > 0) | (self.row_upper < 0)))
        )

    def objective(self, x: Floats) -> float:
        """Return the objective at x."""
        return float(self.cost @ x)

    def violation(self, x: Floats) -> float:
        """Return the largest breach of a bound or row at x, relative to the terms in it."""
        rows = self.rows
        terms = np.ones(len(rows))
        np.maximum.at(terms, rows.row, np.abs(rows.value * x[rows.column]))
        values = rows.dot(x)
        breaches = (
            np.maximum(self.lower - x, x - self.upper) / np.maximum(1.0, np.abs(x)),
            np.maximum(self.row_lower - values, values - self.row_upper) / terms,
        )
        return max((float(breach.max()) for breach in breaches if len(breach)), default=0.0)


@dataclass(frozen=True, eq=False)
class Result:
    """What became of a program.

    Attributes
    ----------
    status
        OPTIMAL only where x was checked against every row and bound.
    objective, x, row
        The point, its objective and the rows' values; NaN where there is none.
    dual, reduced
        How the objective changes with each row's bound and each column's bound: at least 0 at a
        lower bound, at most 0 at an upper one, ``cost = rowsᵀ · dual + reduced``. None for whole
        columns, and where the solver gives none.
    """

    status: Status
    objective: float
    x: Floats
    row: Floats
    dual: Floats | None = None
    reduced: Floats | None = None

    @staticmethod
    def at(
        program: Program,
        x: Floats,
        *,
        status: Status,
        dual: Floats | None = None,
        reduced: Floats | None = None,
    ) -> Result:
        """Make the result at a point; an optimal point that breaks a rule has FAILED."""
        x = x + 0.0  # no -0.0
        if not np.all(np.isfinite(x)) or program.violation(x) > FEASIBLE:
            return Result.without_point(
                program, Status.FAILED if status is Status.OPTIMAL else status
            )
        return Result(status, program.objective(x), x, program.rows.dot(x), dual, reduced)

    @staticmethod
    def without_point(program: Program, status: Status) -> Result:
        """Make the result of a program that was not solved."""
        nothing = np.full(program.size, np.nan), np.full(len(program.rows), np.nan)
        return Result(status, np.nan, *nothing)


class Solver(Protocol):
    """Whatever solves programs, one after the other."""

    @property
    def name(self) -> str:
        """The solver's name, for messages."""

    def solve(self, program: Program, *, cold: bool = False) -> Result:
        """Solve a program.

        A solver may restart from the last one where the rows begin alike; ``cold`` forbids it.
        """


def transposed_dot(rows: Matrix, y: Floats, size: int) -> Floats:
    """Return rowsᵀ · y, one number for each of ``size`` columns."""
    return np.bincount(rows.column, rows.value * y[rows.row], minlength=size).astype(np.float64)


def with_slacks(rows: Matrix, slack: Ints, sign: Floats, size: int) -> Matrix:
    """Add a slack column to each of some rows; slacks are numbered from ``size`` on."""
    order = np.argsort(slack, kind="stable")
    end = rows.start[1:][slack[order]]
    counts = np.bincount(slack, minlength=len(rows))
    return Matrix(
        rows.start + np.concatenate([[0], np.cumsum(counts)]),
        np.insert(rows.column, end, size + order),
        np.insert(rows.value, end, sign[order]),
    )
