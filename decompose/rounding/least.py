"""The least cost in whole columns, and the program of every answer that has it."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from decompose.errors import SolverError
from decompose.labels import say
from decompose.problem import Floats, Matrix, Status
from decompose.solvers.program import Program, Result, Solver

NEAR_WHOLE = 1e-7
"""A vertex as near as this to whole numbers is whole."""
FREE = 300
"""How many columns a first search in whole numbers leaves open."""


class Least(NamedTuple):
    """A point of least cost, and the program restricted to such points; None: it is the only."""

    x: Floats
    face: Program | None


def least(
    program: Program, solver: Solver, *, unit: float, branch: bool = True, cold: bool = True
) -> Least | None:
    """Find whole columns of least cost.

    Parameters
    ----------
    program
        Bounds are whole; so are the costs, in multiples of ``unit``.
    unit
        The smallest difference between two costs.
    branch
        Whether to search on where the vertex of the linear program is not whole.
    cold
        Whether to forget the last program's basis.

    Returns
    -------
    Least or None
        None where nothing fits (or, without ``branch``, where the vertex is not whole).
    """
    relaxed = solved(program, solver, cold=cold)
    if relaxed is None:
        return None
    x = np.rint(relaxed.x)
    whole = bool(np.max(np.abs(x - relaxed.x), initial=0.0) <= NEAR_WHOLE)
    if not whole:
        found = _search(program, relaxed, solver, unit) if branch else None
        if found is None:
            return None
        x = found
    alone = whole and _is_alone(relaxed, unit)
    return Least(x, None if alone else _face(program, relaxed, x, unit))


def solved(program: Program, solver: Solver, *, cold: bool = True) -> Result | None:
    """Solve a program; None where nothing fits.

    Raises
    ------
    SolverError
        The solver stopped early.
    """
    if program.size == 0:  # solvers call a program without columns neither solved nor infeasible
        return None if program.contradictory else _nothing_to_choose(program)
    result = solver.solve(program, cold=cold)
    if result.status is Status.INFEASIBLE:
        return None
    if result.status is not Status.OPTIMAL:
        raise SolverError(say("rounding_solver", status=result.status.value))
    return result


def _nothing_to_choose(program: Program) -> Result:
    none, of_rows = np.zeros(0), np.zeros(len(program.rows))
    return Result(Status.OPTIMAL, 0.0, none, of_rows, dual=of_rows, reduced=none)


def _search(program: Program, relaxed: Result, solver: Solver, unit: float) -> Floats | None:
    """Search in whole numbers, first among the columns whose reduced costs are small.

    A column with a reduced cost d stays at its bound in every answer that costs less than the
    relaxed objective + |d|: once the answer is within that of the window, it is the least.
    """
    size = np.zeros(program.size) if relaxed.reduced is None else np.abs(relaxed.reduced)
    window = np.partition(size, FREE)[FREE] if len(size) > FREE else np.inf
    while True:
        held = size > window + unit / 8
        x = np.rint(relaxed.x)
        narrowed = replace(
            program,
            lower=np.where(held, x, program.lower),
            upper=np.where(held, x, program.upper),
            integral=np.ones(program.size, dtype=np.bool_),
        )
        result = solved(narrowed, solver)
        gap = np.inf if result is None else result.objective - relaxed.objective
        if gap <= window + unit / 8 or not held.any():
            return None if result is None else np.rint(result.x)
        window = gap


def _is_alone(relaxed: Result, unit: float) -> bool:
    """Whether no other point costs as little: every column and row off the basis has a price.

    A basis has one column or row per row of the program, and they have none.
    """
    if relaxed.reduced is None or relaxed.dual is None:
        return False
    prices = np.concatenate([relaxed.reduced, relaxed.dual])
    return int(np.count_nonzero(np.abs(prices) <= unit / 8)) == len(relaxed.dual)


def _face(program: Program, relaxed: Result, x: Floats, unit: float) -> Program:
    """Restrict a program to the whole points that cost no more than x.

    Columns whose reduced cost exceeds the gap between x and the relaxed objective stay; without
    a gap so do the rows with a nonzero dual (complementary slackness), otherwise a row says it.
    """
    gap = max(0.0, float(program.cost @ x) - relaxed.objective)
    closed = relaxed.reduced is not None and relaxed.dual is not None and gap < unit / 8
    held = np.zeros(program.size, dtype=np.bool_)
    if relaxed.reduced is not None:
        held = np.abs(relaxed.reduced) > gap + unit / 8
    face = replace(
        program,
        lower=np.where(held, x, program.lower),
        upper=np.where(held, x, program.upper),
    )
    if closed and relaxed.dual is not None:
        tight = np.abs(relaxed.dual) > unit / 8
        value = program.rows.dot(x)
        return replace(
            face,
            row_lower=np.where(tight, value, program.row_lower),
            row_upper=np.where(tight, value, program.row_upper),
        )
    open_columns = np.flatnonzero(~held)
    row = Matrix(np.array([0, len(open_columns)]), open_columns, program.cost[open_columns])
    most = float(program.cost[open_columns] @ x[open_columns]) + unit / 2
    return replace(
        face,
        rows=Matrix.stack([program.rows, row]),
        row_lower=np.append(program.row_lower, -np.inf),
        row_upper=np.append(program.row_upper, most),
    )
