"""The least sum of deviations, and leximin among the answers that reach it."""

from __future__ import annotations

import numpy as np

from decompose.errors import SolverError
from decompose.fairness.faces import Closed, leximin_among
from decompose.fairness.programs import Chosen
from decompose.fairness.scaled import Scaled, indicator_sizes
from decompose.fairness.stages import Stages, face
from decompose.labels import say
from decompose.problem import Floats, Ints, Matrix, Problem
from decompose.solvers import Program, Solver

PRICED = 1e-7
"""A dual or reduced cost above this, beside the weights in its column or row, is not 0."""


def least_absolute(problem: Problem, solver: Solver, closed: Closed | None = None) -> Chosen | None:
    """Choose the quotas whose sum of deviations is the least, and of those the leximin.

    The sum is of |x - reference|, each in the size of its indicator. What comes before it, and
    parameters, are those of ``leximin_among``.

    Returns
    -------
    Chosen or None
        None where the rules cannot hold together.
    """
    return leximin_among(problem, solver, _keep_to_least_sum, closed)


def _weights(problem: Problem, scaled: Scaled) -> Floats:
    """Return what a distance of 1 from the centre adds: a cell's size in its indicator's."""
    cells = scaled.size / indicator_sizes(problem)[problem.column_indicator]
    return np.append(cells, np.zeros(len(scaled.lower) - len(cells)))


def _keep_to_least_sum(problem: Problem, scaled: Scaled, stages: Stages) -> bool:
    """Keep to the optimal face, by complementary slackness with one optimal dual.

    Whatever has a price is at its bound in every optimum, and wherever all of it is so is an
    optimum. A price is compared with the weights it is made of.
    """
    rules, moving = stages.rules, np.flatnonzero(stages.free)
    weight = _weights(problem, scaled)
    result = stages.solve(_least_sum(rules, moving, weight[moving], stages.centre[moving]))
    if result is None:
        return False
    if result.dual is None or result.reduced is None:
        raise SolverError(say("solver_duals", solver=stages.solver.name))
    heaviest = np.zeros(len(rules.rows))
    np.maximum.at(heaviest, rules.rows.row, weight[rules.rows.column])
    row_bounds = face(
        result.dual[: len(rules.rows)], rules.row_lower, rules.row_upper, PRICED * heaviest
    )
    of_column, of_excess, of_lack = np.split(result.reduced, [rules.size, rules.size + len(moving)])
    lower, upper = face(of_column, rules.lower, rules.upper, PRICED * weight)
    # Where an excess has a price, the column is nowhere above its centre; a lack likewise.
    centre, least = stages.centre[moving], PRICED * weight[moving]
    upper[moving] = np.where(of_excess > least, np.minimum(upper[moving], centre), upper[moving])
    lower[moving] = np.where(of_lack > least, np.maximum(lower[moving], centre), lower[moving])
    stages.keep_to(lower, upper, *row_bounds)
    return True


def _least_sum(rules: Program, moving: Ints, weight: Floats, centre: Floats) -> Program:
    """Return the program over columns, what some are above their centre, and what below."""
    size, count = rules.size, len(moving)
    place = np.arange(count)
    deviations = Matrix(
        3 * np.arange(count + 1),
        np.stack([moving, size + place, size + count + place], axis=1).ravel(),
        np.tile([1.0, -1.0, 1.0], count),
    )
    return Program(
        cost=np.concatenate([np.zeros(size), weight, weight]),
        lower=np.append(rules.lower, np.zeros(2 * count)),
        upper=np.append(rules.upper, np.full(2 * count, np.inf)),
        rows=Matrix.stack([rules.rows, deviations]),
        row_lower=np.append(rules.row_lower, centre),
        row_upper=np.append(rules.row_upper, centre),
    )
