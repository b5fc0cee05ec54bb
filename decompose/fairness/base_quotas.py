"""Base quotas that cannot all be kept: the largest shortfall as small as can be, then the next.

Each bound becomes a column that keeps to it and that the cell keeps to: the column's distance
from the bound, relative to the base quota, is the shortfall. The leximin of these is found as
every other (:mod:`decompose.fairness.stages`), base quotas of 0 first: nothing is a part of these.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from decompose.fairness.scaled import NEGLIGIBLE, Scaled, indicator_sizes
from decompose.fairness.stages import SAME, Stages
from decompose.problem import FAMILY, Bools, Floats, Ints, Matrix, Problem
from decompose.solvers import Solver


def within_reach(problem: Problem, solver: Solver) -> Floats | None:
    """Return the base quotas moved as far as the other rules make them, the shortfalls leximin.

    Parameters
    ----------
    problem
        Its rules of the family ``base_quota`` yield; the others hold.
    solver
        From ``open_solver``.

    Returns
    -------
    What each column is held to, in the unit of the plan; NaN where its base quota can be kept, or
    it has none. No column can be nearer to its base quota, so that these are settled. None where
    the other rules cannot hold together.

    Raises
    ------
    SolverError
        The solver failed.
    """
    rules = problem.rules
    of_base = rules.family == FAMILY["base_quota"]
    # growth of years that are only looked ahead to stands in rows of several columns
    held = rules.take(np.flatnonzero(of_base & rules.single))
    column, least = held.matrix.column, np.isfinite(held.lower)
    bound = np.where(least, held.lower, held.upper) / held.matrix.value
    size = indicator_sizes(problem)[problem.column_indicator[column]]
    nothing = np.abs(bound) <= NEGLIGIBLE * size
    unit = np.where(nothing, size, np.abs(bound))

    others = replace(problem, rules=rules.take(np.flatnonzero(~of_base)))
    scaled = Scaled.of(others)
    factor = scaled.size[column] / unit
    columns = len(scaled.lower)
    stages = Stages(_with_kept(scaled, column, factor, bound / unit, least), solver)
    free = np.zeros(columns, dtype=bool)
    if not stages.settle_in_turn(np.append(free, nothing), np.append(free, ~nothing)):
        return None
    kept = stages.values[columns:]
    found = np.full(problem.size, np.nan)
    moved = np.abs(kept - bound / unit) > SAME
    found[column[moved]] = (kept * unit)[moved]
    return found


def _with_kept(scaled: Scaled, column: Ints, factor: Floats, bound: Floats, least: Bools) -> Scaled:
    """Add a column per bound, for the stages alone: not beyond the bound, nor beyond the cell."""
    count = len(bound)
    kept = len(scaled.lower) + np.arange(count)
    norm = np.maximum(factor, 1.0)
    rows = Matrix(
        2 * np.arange(count + 1),
        np.stack([column, kept], axis=1).ravel(),
        np.stack([factor / norm, -1.0 / norm], axis=1).ravel(),
    )
    return replace(
        scaled,
        centre=np.append(scaled.centre, bound),
        unit=np.append(scaled.unit, np.ones(count)),
        lower=np.append(scaled.lower, np.where(least, -np.inf, bound)),
        upper=np.append(scaled.upper, np.where(least, bound, np.inf)),
        rows=Matrix.stack([scaled.rows, rows]),
        row_lower=np.append(scaled.row_lower, np.where(least, 0.0, -np.inf)),
        row_upper=np.append(scaled.row_upper, np.where(least, np.inf, 0.0)),
    )
