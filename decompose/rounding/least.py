"""The least cost in whole columns, and the program of every answer that has it."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from decompose.errors import SolverError
from decompose.labels import say
from decompose.problem import Floats, Ints, Matrix, Status
from decompose.rounding.pieces import pieces_of
from decompose.solvers.program import Program, Result, Solver

NEAR_WHOLE = 1e-7
"""A vertex as near as this to whole numbers is whole."""
MANY = 2500
"""With more columns, HiGHS without restarts takes longer than a cutoff saves."""
FREE = 300
"""How many columns a first search in whole numbers leaves open."""


class Least(NamedTuple):
    """A point of least cost.

    Attributes
    ----------
    x
        The point.
    face
        The program restricted to such points; None where it is the only one.
    searched
        The piece of each column that a search in whole numbers settled; -1 of others.
    """

    x: Floats
    face: Program | None
    searched: Ints


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
    piece = np.zeros(program.size, dtype=np.int64)
    whole = bool(np.max(np.abs(x - relaxed.x), initial=0.0) <= NEAR_WHOLE)
    if not whole:
        piece = pieces_of(program)
        found = _searched(program, relaxed, piece, solver, unit) if branch else None
        if found is None:
            return None
        x = found
    alone = whole and _is_alone(relaxed, unit)
    searched = np.where(np.isin(piece, piece[np.abs(x - relaxed.x) > NEAR_WHOLE]), piece, -1)
    return Least(x, None if alone else _face(program, relaxed, x, piece, unit), searched)


def least_on_face(
    found: Least, cost: Floats, solver: Solver, *, unit: float, branch: bool, before: float
) -> Floats | None:
    """Return the point of least cost among those on the face of another.

    Parameters
    ----------
    found
        The point of least cost before, and its face.
    cost, unit, branch
        As for ``least``.
    before
        The smallest difference between two costs before.
    """
    if found.face is None:
        return found.x
    face = _without_other(found, found.face, solver, before) if branch else found.face
    open_ = np.flatnonzero(face.lower < face.upper)
    if not len(open_):
        return found.x
    x, narrowed = found.x.copy(), replace(face, cost=cost)
    if len(open_) > face.size / 2:  # a solver goes on where it stood
        open_ = np.arange(face.size)
    else:
        narrowed = _part(narrowed, open_)
    first = least(narrowed, solver, unit=unit, branch=branch, cold=False)
    if first is None:
        return None
    x[open_] = first.x
    return x


def _without_other(found: Least, face: Program, solver: Solver, unit: float) -> Program:
    """Settle the pieces that were searched where nothing else costs as little.

    To find that out takes less time than to look for the best on a face that has one point.
    """
    settled = np.zeros(face.size, dtype=np.bool_)
    for number in np.unique(found.searched[found.searched >= 0]).tolist():
        own = np.flatnonzero((found.searched == number) & (face.lower < face.upper))
        x, part = found.x[own], _part(face, own)
        if len(own) > MANY or not np.all((x == part.lower) | (x == part.upper)):
            continue  # of columns between their bounds no row says that they are another number
        away = np.where(x == part.lower, 1.0, -1.0)
        other = replace(
            part,
            rows=Matrix.stack(
                [part.rows, Matrix(np.array([0, len(own)]), np.arange(len(own)), away)]
            ),
            row_lower=np.append(part.row_lower, away @ x + 1),
            row_upper=np.append(part.row_upper, np.inf),
            integral=np.ones(len(own), dtype=np.bool_),
            cutoff=float(part.cost @ x) + unit / 2,
        )
        settled[own] = solver.solve(other).status is Status.INFEASIBLE
    return replace(
        face,
        lower=np.where(settled, found.x, face.lower),
        upper=np.where(settled, found.x, face.upper),
    )


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


def _searched(
    program: Program, relaxed: Result, piece: Ints, solver: Solver, unit: float
) -> Floats | None:
    """Search piece by piece, where the relaxed answer of a piece is not whole."""
    x = np.rint(relaxed.x)
    for number in np.unique(piece[np.abs(x - relaxed.x) > NEAR_WHOLE]).tolist():
        own = np.flatnonzero(piece == number)
        if len(own) == program.size:
            return _search(program, relaxed, solver, unit)
        part = _part(program, own)
        reduced = None if relaxed.reduced is None else relaxed.reduced[own]
        objective = float(part.cost @ relaxed.x[own])
        alone = replace(relaxed, objective=objective, x=relaxed.x[own], reduced=reduced)
        found = _search(part, alone, solver, unit)
        if found is None:
            return None
        x[own] = found
    return x


def _part(program: Program, own: Ints) -> Program:
    """Return the program of some columns: the rows within them."""
    place = np.full(program.size, -1, dtype=np.int64)
    place[own] = np.arange(len(own))
    rows = program.rows
    open_ = program.lower < program.upper
    inside, outside = (
        np.bincount(rows.row, flags[rows.column], minlength=len(rows)) > 0
        for flags in (open_ & (place >= 0), open_ & (place < 0))
    )
    kept = np.flatnonzero(inside & ~outside)
    some = rows.take(kept)
    fixed = place[some.column] < 0
    known = np.bincount(
        some.row[fixed],
        (some.value * program.lower[some.column])[fixed],
        minlength=len(kept),
    )
    matrix = Matrix.collect(
        some.row[~fixed],
        place[some.column[~fixed]],
        some.value[~fixed],
        rows=len(kept),
        size=len(own),
    )
    return Program(
        program.cost[own],
        program.lower[own],
        program.upper[own],
        matrix,
        program.row_lower[kept] - known,
        program.row_upper[kept] - known,
    )


def _search(program: Program, relaxed: Result, solver: Solver, unit: float) -> Floats | None:
    """Search in whole numbers, first among the columns whose reduced costs are small.

    A column with a reduced cost d stays at its bound in every answer that costs less than the
    relaxed objective + |d|: once the answer is within that of the window, it is the least.
    Nothing that costs more than a former answer is looked for.
    """
    size = np.zeros(program.size) if relaxed.reduced is None else np.abs(relaxed.reduced)
    window = np.partition(size, FREE)[FREE] if len(size) > FREE else np.inf
    cutoff = np.inf
    while True:
        held = size > window + unit / 8
        x = np.rint(relaxed.x)
        narrowed = replace(
            program,
            lower=np.where(held, x, program.lower),
            upper=np.where(held, x, program.upper),
            integral=np.ones(program.size, dtype=np.bool_),
            cutoff=cutoff if np.count_nonzero(~held) <= MANY else np.inf,
        )
        result = solved(narrowed, solver)
        if result is not None:
            cutoff = result.objective + unit / 2
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


def _face(program: Program, relaxed: Result, x: Floats, piece: Ints, unit: float) -> Program:
    """Restrict a program to the whole points that cost no more than x, in every piece of it.

    Columns whose reduced cost exceeds the gap between x and the relaxed objective stay; without
    a gap so do the rows with a nonzero dual (complementary slackness), otherwise a row says it.
    """
    dearer = program.cost * (x - relaxed.x)
    gap = np.maximum(np.bincount(piece, dearer), 0.0)
    closed = relaxed.reduced is not None and relaxed.dual is not None and gap.sum() < unit / 8
    held = np.zeros(program.size, dtype=np.bool_)
    if relaxed.reduced is not None:
        held = np.abs(relaxed.reduced) > gap[piece] + unit / 8
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
    number, row = np.unique(piece[open_columns], return_inverse=True)
    rows = Matrix.collect(
        row, open_columns, program.cost[open_columns], rows=len(number), size=program.size
    )
    nothing = np.full(len(number), -np.inf)
    return replace(
        face,
        rows=Matrix.stack([program.rows, rows]),
        row_lower=np.concatenate([program.row_lower, nothing]),
        row_upper=np.concatenate([program.row_upper, rows.dot(x) + unit / 2]),
    )
