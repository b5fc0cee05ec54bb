"""The least cost in whole columns, and the program of every answer that has it."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from decompose.problem import Floats, Ints, Matrix, Status
from decompose.rounding.pieces import pieces_of
from decompose.rounding.rows import Rows, renamed
from decompose.rounding.search import NEAR_WHOLE, Found, part_of, search, solved, with_rows
from decompose.solvers.program import Program, Result, Solver

MANY = 6000
"""Among more columns, no other point that costs as little is looked for."""


class Least(NamedTuple):
    """A point of least cost.

    Attributes
    ----------
    x
        The point.
    face
        The program restricted to such points; None where it is the only one.
    costs
        How many of the face's last rows say what its points cost.
    searched
        The piece of each column that a search in whole numbers settled; -1 of others.
    """

    x: Floats
    face: Program | None
    costs: int
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
    broken = np.abs(x - relaxed.x) > NEAR_WHOLE
    if not broken.any():
        if _is_alone(relaxed, unit):
            return Least(x, None, 0, np.full(program.size, -1))
        piece = np.zeros(program.size, dtype=np.int64)
        return Least(x, *_face(program, relaxed, x, piece, unit), piece - 1)
    if not branch:
        return None
    piece = pieces_of(program)
    searched = np.where(np.isin(piece, piece[broken]), piece, -1)
    found = _searched(program, relaxed, searched, solver, unit)
    if found is None:
        return None
    tight = with_rows(program, found.cuts)
    return Least(found.x, *_face(tight, found.relaxed, found.x, piece, unit), searched)


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
        narrowed = part_of(narrowed, open_)
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
    plain = _first_rows(face, len(face.rows) - found.costs)  # a cutoff says what their costs do
    for number in np.unique(found.searched[found.searched >= 0]).tolist():
        own = np.flatnonzero((found.searched == number) & (face.lower < face.upper))
        x, part = found.x[own], part_of(plain, own)
        if len(own) > MANY or not np.all((x == part.lower) | (x == part.upper)):
            continue  # of columns between their bounds no row says that they are another number
        away = np.where(x == part.lower, 1.0, -1.0)
        row = Matrix(np.array([0, len(own)]), np.arange(len(own)), away)
        other = replace(
            with_rows(part, Rows(row, np.array([away @ x + 1]), np.array([np.inf]))),
            integral=np.ones(len(own), dtype=np.bool_),
            cutoff=float(part.cost @ x) + unit / 2,
        )
        result = solver.solve(other)
        settled[own] = result.status is Status.INFEASIBLE or result.objective > other.cutoff
    return replace(
        face,
        lower=np.where(settled, found.x, face.lower),
        upper=np.where(settled, found.x, face.upper),
    )


def _first_rows(program: Program, count: int) -> Program:
    return replace(
        program,
        rows=program.rows.take(np.arange(count)),
        row_lower=program.row_lower[:count],
        row_upper=program.row_upper[:count],
    )


def _searched(
    program: Program, relaxed: Result, searched: Ints, solver: Solver, unit: float
) -> Found | None:
    """Search piece by piece, where the relaxed answer of a piece is not whole."""
    x, at, cuts, tightened = np.rint(relaxed.x), relaxed.x.copy(), [], False
    reduced = None if relaxed.reduced is None else relaxed.reduced.copy()
    for number in np.unique(searched[searched >= 0]).tolist():
        own = np.flatnonzero(searched == number)
        if len(own) == program.size:
            return search(program, relaxed, solver, unit)
        part = part_of(program, own)
        prices = None if reduced is None else reduced[own]
        objective = float(part.cost @ at[own])
        alone = replace(relaxed, objective=objective, x=at[own], reduced=prices)
        found = search(part, alone, solver, unit)
        if found is None:
            return None
        x[own], at[own] = found.x, found.relaxed.x
        if reduced is not None and found.relaxed.reduced is not None:
            reduced[own] = found.relaxed.reduced
        cuts.append(renamed(found.cuts, own))
        tightened |= found.relaxed.dual is None
    more = Rows.stack(cuts)
    dual = None if tightened else relaxed.dual
    return Found(x, replace(relaxed, x=at, reduced=reduced, dual=dual), more)


def _is_alone(relaxed: Result, unit: float) -> bool:
    """Whether no other point costs as little: every column and row off the basis has a price.

    A basis has one column or row per row of the program, and they have none.
    """
    if relaxed.reduced is None or relaxed.dual is None:
        return False
    prices = np.concatenate([relaxed.reduced, relaxed.dual])
    return int(np.count_nonzero(np.abs(prices) <= unit / 8)) == len(relaxed.dual)


def _face(
    program: Program, relaxed: Result, x: Floats, piece: Ints, unit: float
) -> tuple[Program, int]:
    """Restrict a program to the whole points that cost no more than x, in every piece of it.

    Columns whose reduced cost exceeds the gap between x and the relaxed objective stay; without
    a gap so do the rows with a nonzero dual (complementary slackness), otherwise rows say it.
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
        face = replace(
            face,
            row_lower=np.where(tight, value, program.row_lower),
            row_upper=np.where(tight, value, program.row_upper),
        )
        return face, 0
    open_columns = np.flatnonzero(~held)
    number, row = np.unique(piece[open_columns], return_inverse=True)
    rows = Matrix.collect(
        row, open_columns, program.cost[open_columns], rows=len(number), size=program.size
    )
    near = Rows(rows, np.full(len(number), -np.inf), rows.dot(x) + unit / 2)
    return with_rows(face, near), len(near)
