"""What cannot be met: the least total violation of rules that cannot hold together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from decompose.errors import SolverError
from decompose.fairness.scaled import indicator_sizes
from decompose.labels import say
from decompose.problem import FAMILY, Bools, Floats, Ints, Matrix, Problem, Status
from decompose.solvers import Program, Solver

TARGETS = (FAMILY["target"], FAMILY["growth_each_year"])
MISSED = 1e-8
"""A rule that is missed by less, relative to its bound, is met."""


@dataclass(frozen=True)
class Shortfall:
    """A rule that cannot be met beside the others.

    Attributes
    ----------
    row
        Its index in ``problem.rules``.
    bound
        Its lower or upper bound, whichever is missed.
    reachable
        What its row comes to where all rules together are missed by the least.
    """

    row: int
    bound: float
    reachable: float


def shortfalls(problem: Problem, solver: Solver) -> tuple[Shortfall, ...]:
    """Find the rules that fall short where the total relative violation is least.

    First targets may yield and every other rule is hard. Where the others contradict one
    another, they yield instead and targets are left out.

    Parameters
    ----------
    problem
        Rules that cannot hold together.
    solver
        From ``open_solver``.

    Returns
    -------
    tuple of Shortfall
        In the order of the rules; empty where they can hold together after all.

    Raises
    ------
    SolverError
        The solver failed.
    """
    targets = np.isin(problem.rules.family, TARGETS)
    every = np.ones(len(targets), dtype=bool)
    for rules, yielding in ((every, targets), (~targets, every)):
        found = _least_violation(problem, solver, rules, yielding)
        if found is not None:
            return found
    raise SolverError(
        say("solver_stage", solver=solver.name, program=2, status=Status.INFEASIBLE.value)
    )


def _least_violation(
    problem: Problem, solver: Solver, kept: Bools, yielding: Bools
) -> tuple[Shortfall, ...] | None:
    """Return the shortfalls of the yielding rules, or None where the hard ones clash."""
    rows = np.flatnonzero(kept)
    rules = problem.rules.take(rows)
    size = indicator_sizes(problem)[problem.column_indicator]
    terms = rules.matrix.value * size[rules.matrix.column]
    norm = np.zeros(len(rows))
    np.maximum.at(norm, rules.matrix.row, np.abs(terms))
    norm[norm == 0] = 1.0
    lower, upper = rules.lower / norm, rules.upper / norm

    # A column for what a row lacks, and one for what it has too much.
    lack = np.flatnonzero(yielding[rows] & np.isfinite(lower))
    excess = np.flatnonzero(yielding[rows] & np.isfinite(upper))
    slack_rows = np.concatenate([lack, excess])
    sign = np.repeat([1.0, -1.0], [len(lack), len(excess)])
    beside = rules.constant / norm
    bound = np.concatenate([(lower + beside)[lack], (upper + beside)[excess]])
    cost = 1.0 / np.where(bound == 0, 1.0, np.abs(bound))
    cells = problem.size
    scaled = Matrix(rules.matrix.start, rules.matrix.column, terms / norm[rules.matrix.row])
    result = solver.solve(
        Program(
            cost=np.concatenate([np.zeros(cells), cost]),
            lower=np.concatenate([np.where(problem.signed, -np.inf, 0.0), np.zeros(len(cost))]),
            upper=np.full(cells + len(cost), np.inf),
            rows=_with_slacks(scaled, slack_rows, sign, cells),
            row_lower=lower,
            row_upper=upper,
        ),
        cold=True,
    )
    if result.status is Status.INFEASIBLE:
        return None
    if result.status is not Status.OPTIMAL:
        raise SolverError(
            say("solver_stage", solver=solver.name, program=1, status=result.status.value)
        )
    missed = np.flatnonzero(result.x[cells:] * cost > MISSED)
    value = rules.matrix.dot(result.x[:cells] * size) + rules.constant
    ends_of = rules.lower + rules.constant, rules.upper + rules.constant
    found = [
        Shortfall(int(rows[row]), float(ends[row]), float(value[row]))
        for row, ends in (
            (int(slack_rows[number]), ends_of[0] if sign[number] > 0 else ends_of[1])
            for number in missed
        )
    ]
    return tuple(sorted(found, key=lambda shortfall: shortfall.row))


def _with_slacks(matrix: Matrix, rows: Ints, sign: Floats, cells: int) -> Matrix:
    """Add the slack columns' entries to their rows, one each."""
    order = np.argsort(rows, kind="stable")
    end = matrix.start[1:][rows[order]]
    counts = np.bincount(rows, minlength=len(matrix))
    return Matrix(
        matrix.start + np.concatenate([[0], np.cumsum(counts)]),
        np.insert(matrix.column, end, cells + order),
        np.insert(matrix.value, end, sign[order]),
    )
