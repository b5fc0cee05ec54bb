"""The least cost in whole columns, where a linear program does not find it."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from decompose.errors import SolverError
from decompose.labels import say
from decompose.problem import Floats, Ints, Matrix, Status
from decompose.rounding.cuts import cuts_at
from decompose.rounding.rows import Rows
from decompose.solvers.program import Program, Result, Solver

NEAR_WHOLE = 1e-7
"""A vertex as near as this to whole numbers is whole."""
MANY = 2500
"""With more columns, HiGHS without restarts takes longer than a cutoff saves."""
FREE = 300
"""How many columns a first search in whole numbers leaves open."""
LARGE = 2000
"""With fewer open columns, no cuts are looked for."""
ROUNDS = 12
"""The most rounds of cuts."""
GAIN = 0.01
"""A round that gains less than so much of all that cuts have gained is the last."""
SHORT = 100
"""Searches in whole numbers take cuts of fewer columns along."""
GUESS, LEAST = 0.1, 0.05
"""The least cost is looked for within so much of what cuts gained, or of the dearest column."""
WIDER, WIDENED = 2, 3
"""Then within so many times that, and so often."""


class Found(NamedTuple):
    """Whole columns of least cost.

    Attributes
    ----------
    x
        The columns.
    relaxed
        The relaxed answer that proves it.
    cuts
        The rows that were added for that, the short ones that count.
    """

    x: Floats
    relaxed: Result
    cuts: Rows


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


def search(program: Program, relaxed: Result, solver: Solver, unit: float) -> Found | None:
    """Search in whole numbers, first among the columns whose reduced costs are small.

    A column with a reduced cost d stays at its bound in every answer that costs less than the
    relaxed objective + |d|: once the answer is within that of the window, it is the least.
    Nothing is looked for that costs more than a former answer, nor, where cuts have brought the
    relaxed objective close to the least cost, more than the window.

    Parameters
    ----------
    program
        As for ``least``.
    relaxed
        Its answer in parts of steps.
    """
    cuts, guess = Rows(), 0.0
    if np.count_nonzero(program.lower < program.upper) >= LARGE:
        found = _tightened(program, solver, unit)
        if found is None:
            return None
        tight, cuts = found
        gained, dearest = tight.objective - relaxed.objective, np.abs(program.cost).max()
        if tight.reduced is not None:
            guess = max(GUESS * gained, LEAST * dearest)
        relaxed, program = tight, with_rows(program, cuts)
        if np.max(np.abs(relaxed.x - np.rint(relaxed.x))) <= NEAR_WHOLE:
            return Found(np.rint(relaxed.x), relaxed, cuts)
    size = np.zeros(program.size) if relaxed.reduced is None else np.abs(relaxed.reduced)
    few = np.partition(size, FREE)[FREE] if len(size) > FREE else np.inf
    widened = 0 if guess > few else WIDENED
    window = max(guess, few)
    limit = relaxed.objective + window if guess > few else np.inf
    while True:
        held = size > window + unit / 8
        x = np.rint(relaxed.x)
        narrowed = replace(
            program,
            lower=np.where(held, x, program.lower),
            upper=np.where(held, x, program.upper),
            integral=np.ones(program.size, dtype=np.bool_),
            cutoff=limit + unit / 2 if len(cuts) or np.count_nonzero(~held) <= MANY else np.inf,
        )
        result = solved(narrowed, solver)
        gap = np.inf if result is None else result.objective - relaxed.objective
        if gap <= window + unit / 8 or (limit == np.inf and not held.any()):
            return None if result is None else Found(np.rint(result.x), relaxed, cuts)
        if widened < WIDENED and gap > WIDER * window:
            widened, window = widened + 1, WIDER * window
            limit = relaxed.objective + window
        else:
            widened, window = WIDENED, gap
            limit = np.inf if result is None else result.objective


def _tightened(program: Program, solver: Solver, unit: float) -> tuple[Result, Rows] | None:
    """Add cuts as long as they gain something; None where nothing fits.

    Returns
    -------
    relaxed, cuts
        The answer with all of them, and those that a search gains by.
    """
    relaxed = solved(program, solver, cold=False)
    if relaxed is None:
        return None
    first, cuts = relaxed.objective, Rows()
    for turn in range(ROUNDS):
        more = cuts_at(with_rows(program, cuts), relaxed.x, turn)
        if not len(more):
            break
        cuts, before = Rows.stack([cuts, more]), relaxed.objective
        relaxed = solved(with_rows(program, cuts), solver, cold=False)
        if relaxed is None:
            return None
        if relaxed.objective - before <= GAIN * (relaxed.objective - first):
            break
    if relaxed.dual is None or not len(cuts):
        return relaxed, cuts
    counts = np.abs(relaxed.dual[len(program.rows) :]) > unit / 8
    cuts = cuts.take(np.flatnonzero(counts & (cuts.matrix.counts < SHORT)))
    return replace(relaxed, dual=None), cuts


def with_rows(program: Program, rows: Rows) -> Program:
    """Return a program with more rows."""
    return replace(
        program,
        rows=Matrix.stack([program.rows, rows.matrix]),
        row_lower=np.concatenate([program.row_lower, rows.lower]),
        row_upper=np.concatenate([program.row_upper, rows.upper]),
    )


def part_of(program: Program, own: Ints) -> Program:
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
