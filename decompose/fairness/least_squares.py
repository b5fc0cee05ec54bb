"""The least sum of squared deviations."""

from __future__ import annotations

import numpy as np

from decompose.errors import SolverError
from decompose.fairness.programs import Chosen, chosen
from decompose.fairness.projection import Polyhedron, nearest_to_origin
from decompose.fairness.scaled import Scaled, indicator_sizes
from decompose.fairness.stages import Stages
from decompose.labels import say
from decompose.problem import Floats, Matrix, Problem
from decompose.solvers import Solver


def least_squares(problem: Problem, solver: Solver) -> Chosen | None:
    """Choose the quotas whose sum of (x - reference)² / reference is the least.

    Each indicator counts in its own size. Sums with a figure and cells with reference 0 are
    settled before, as by ``leximin_by_programs``; the others have one answer.

    Returns
    -------
    Chosen or None
        None where the rules cannot hold together.

    Raises
    ------
    SolverError
        The solver failed.
    """
    scaled = Scaled.of(problem)
    stages = Stages(scaled, solver)
    if not stages.settle_in_turn(*scaled.misses, scaled.figures, scaled.zeros):
        return None
    if stages.free.any():
        nearest = _least_squares(stages, _weights(problem, scaled))
        if nearest is None:
            if stages.solve(stages.rules) is None:
                return None
            raise SolverError(say("solver_squares"))
        stages.keep_to(nearest, nearest, stages.rules.row_lower, stages.rules.row_upper)
    return chosen(problem, scaled, stages)


def _weights(problem: Problem, scaled: Scaled) -> Floats:
    """Return what a squared distance of 1 from the centre adds, per cell."""
    centre = scaled.centre[: problem.size]
    sizes = indicator_sizes(problem)[problem.column_indicator]
    return scaled.size / sizes / np.where(centre > 0, centre, 1.0)


def _least_squares(stages: Stages, weight: Floats) -> Floats | None:
    """Return the columns' values, those that are free at the least distance from their centre.

    In columns ``√weight · (value - centre)`` this is the point of a polyhedron nearest to 0.
    """
    rules, free = stages.rules, np.flatnonzero(stages.free)
    root = np.sqrt(weight[free])
    place = np.full(rules.size, -1)
    place[free] = np.arange(len(free))
    # What is settled goes to the bounds; a rule that it settles whole has nothing left to say.
    settled = np.where(stages.free, stages.centre, rules.lower)
    moving = place[rules.rows.column] >= 0
    left = np.flatnonzero(np.bincount(rules.rows.row[moving], minlength=len(rules.rows)))
    shift = rules.rows.dot(settled)[left]
    column = place[rules.rows.column[moving]]
    rows = Matrix(
        np.concatenate([[0], np.cumsum(moving)])[rules.rows.start],
        column,
        rules.rows.value[moving] / root[column],
    ).take(left)
    own = Matrix(np.arange(len(free) + 1), np.arange(len(free)), np.ones(len(free)))
    nearest = nearest_to_origin(
        Polyhedron.within(
            Matrix.stack([rows, own]),
            np.concatenate(
                [rules.row_lower[left] - shift, root * (rules.lower - stages.centre)[free]]
            ),
            np.concatenate(
                [rules.row_upper[left] - shift, root * (rules.upper - stages.centre)[free]]
            ),
            len(free),
        )
    )
    if nearest is None:
        return None
    settled[free] += nearest / root
    return np.clip(settled, rules.lower, rules.upper)
