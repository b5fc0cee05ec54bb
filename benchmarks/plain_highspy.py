"""The peer: one least-absolute program of a Problem's data, written straight in highspy.

Both forms take as near to the references as the rules allow, the sum of the deviations as
small as can be; neither settles who gets what among equal optima, rounds, or checks.
"""

from __future__ import annotations

from typing import NamedTuple

import highspy
import numpy as np

from decompose.problem import Floats, Ints, Matrix, Problem
from decompose.solvers.highs import Quiet


class Answer(NamedTuple):
    """What a program gave.

    ``x`` has a value per column of the problem; ``deviation`` is the sum of |x - reference|.
    """

    x: Floats
    deviation: float


def usual(problem: Problem) -> Answer:
    """Solve it as it is usually written: x, up and down, and a row x - up + down = reference."""
    size = problem.size
    tied = problem.rules.take(np.flatnonzero(~problem.rules.single))
    cell = np.arange(size)
    deviations = Matrix(
        start=3 * np.arange(size + 1),
        column=np.stack([cell, size + cell, 2 * size + cell], axis=1).ravel(),
        value=np.tile([1.0, -1.0, 1.0], size),
    )
    zero, one = np.zeros(size), np.ones(size)
    free = np.full(2 * size, np.inf)
    solution = _solve(
        cost=np.concatenate([zero, one, one]),
        lower=np.concatenate([problem.lower, zero, zero]),
        upper=np.concatenate([problem.upper, free]),
        matrix=Matrix.stack([deviations, tied.matrix]),
        row_lower=np.concatenate([problem.reference, tied.lower]),
        row_upper=np.concatenate([problem.reference, tied.upper]),
    )
    return _answer(problem, solution[:size])


def better(problem: Problem) -> Answer:
    """Solve it with x = reference + up - down put in: bounds on up and down, no rows for them."""
    size, reference = problem.size, problem.reference
    tied = problem.rules.take(np.flatnonzero(~problem.rules.single))
    at_reference = tied.matrix.dot(reference)
    above, below = problem.upper - reference, reference - problem.lower
    solution = _solve(
        cost=np.ones(2 * size),
        lower=np.concatenate([np.maximum(-below, 0), np.maximum(-above, 0)]),
        upper=np.concatenate([np.maximum(above, 0), np.maximum(below, 0)]),
        matrix=_up_and_down(tied.matrix, size),
        row_lower=tied.lower - at_reference,
        row_upper=tied.upper - at_reference,
    )
    return _answer(problem, reference + solution[:size] - solution[size:])


def _up_and_down(matrix: Matrix, size: int) -> Matrix:
    """Write rows over x as rows over up (the first ``size`` columns) and down (the others)."""
    return Matrix(
        start=2 * matrix.start,
        column=np.stack([matrix.column, size + matrix.column], axis=1).ravel(),
        value=np.stack([matrix.value, -matrix.value], axis=1).ravel(),
    )


def _answer(problem: Problem, x: Floats) -> Answer:
    return Answer(x, float(np.abs(x - problem.reference).sum()))


def _solve(
    *,
    cost: Floats,
    lower: Floats,
    upper: Floats,
    matrix: Matrix,
    row_lower: Floats,
    row_upper: Floats,
) -> Floats:
    """Minimise cost · x between bounds, under rows between theirs; return x."""
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = len(cost), len(matrix)
    program.col_cost_, program.col_lower_, program.col_upper_ = cost, lower, upper
    program.row_lower_, program.row_upper_ = row_lower, row_upper
    program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    program.a_matrix_.start_ = _small(matrix.start)
    program.a_matrix_.index_ = _small(matrix.column)
    program.a_matrix_.value_ = matrix.value

    solver = Quiet()  # type: ignore[no-untyped-call]  # highspy publishes no types
    solver.setOptionValue("presolve", "on")
    solver.setOptionValue("threads", 1)
    solver.passModel(program)
    solver.run()
    status = solver.getModelStatus()
    if status != highspy.HighsModelStatus.kOptimal:
        raise RuntimeError(f"the plain program ended with {solver.modelStatusToString(status)}")
    return np.array(solver.getSolution().col_value)


def _small(values: Ints) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    return values.astype(np.int32)
