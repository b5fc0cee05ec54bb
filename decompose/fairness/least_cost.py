"""The least cost where each region's cost rises in steps, and leximin among the answers."""

from __future__ import annotations

import numpy as np

from decompose.errors import SolverError
from decompose.fairness.faces import Closed, leximin_among
from decompose.fairness.programs import Chosen
from decompose.fairness.scaled import Scaled
from decompose.fairness.stages import Stages, face
from decompose.labels import say
from decompose.problem import Costs, Floats, Matrix, Problem
from decompose.solvers import Program, Solver

PRICED = 1e-7
"""A dual or reduced cost above this, beside the greatest unit cost, is not 0."""


def least_cost(problem: Problem, solver: Solver, closed: Closed | None = None) -> Chosen | None:
    """Choose the quotas of least total cost, and of those the leximin.

    A cell's cost is piecewise linear and convex: each step of it has a width and a cost per unit
    (``problem.costs``). What comes before it, and parameters, are those of ``leximin_among``.

    Returns
    -------
    Chosen or None
        None where the rules cannot hold together.
    """
    return leximin_among(problem, solver, _keep_to_least_cost, closed)


def _keep_to_least_cost(problem: Problem, scaled: Scaled, stages: Stages) -> bool:
    """Keep to the optimal face, by complementary slackness with one optimal dual."""
    rules, costs = stages.rules, problem.costs
    size = scaled.size[costs.column]
    unit = costs.unit * size
    greatest = float(np.abs(unit).max(initial=1.0)) or 1.0
    width = costs.width / size
    result = stages.solve(_program(rules, costs, unit / greatest, width))
    if result is None:
        return False
    if result.dual is None or result.reduced is None:
        raise SolverError(say("solver_duals", solver=stages.solver.name))
    rows = face(result.dual[: len(rules.rows)], rules.row_lower, rules.row_upper, PRICED)
    of_column, of_step = np.split(result.reduced, [rules.size])
    lower, upper = face(of_column, rules.lower, rules.upper, PRICED)
    least, most = face(of_step, np.zeros(len(width)), width, PRICED)
    stepped = np.unique(costs.column)
    within = np.bincount(costs.column, least, minlength=rules.size)[stepped]
    lower[stepped] = np.maximum(lower[stepped], within)
    within = np.bincount(costs.column, most, minlength=rules.size)[stepped]
    upper[stepped] = np.minimum(upper[stepped], within)
    stages.keep_to(lower, upper, *rows)
    return True


def _program(rules: Program, costs: Costs, unit: Floats, width: Floats) -> Program:
    """Return the program over columns and the steps of their costs, which add up to them."""
    size, count = rules.size, len(unit)
    stepped, place = np.unique(costs.column, return_inverse=True)
    row = np.concatenate([np.arange(len(stepped)), place])
    column = np.concatenate([stepped, size + np.arange(count)])
    value = np.concatenate([np.ones(len(stepped)), -np.ones(count)])
    added = Matrix.collect(row, column, value, rows=len(stepped), size=size + count)
    nothing = np.zeros(len(stepped))
    return Program(
        cost=np.append(np.zeros(size), unit),
        lower=np.append(rules.lower, np.zeros(count)),
        upper=np.append(rules.upper, width),
        rows=Matrix.stack([rules.rows, added]),
        row_lower=np.append(rules.row_lower, nothing),
        row_upper=np.append(rules.row_upper, nothing),
    )
