"""The least cost where each region's cost rises in steps, and leximin among the answers."""

from __future__ import annotations

import numpy as np

from decompose.errors import SolverError
from decompose.fairness.programs import Chosen, chosen
from decompose.fairness.scaled import Scaled
from decompose.fairness.stages import Stages, face
from decompose.labels import say
from decompose.problem import Costs, Floats, Matrix, Problem
from decompose.solvers import Program, Solver

PRICED = 1e-7
"""A dual or reduced cost above this, beside the greatest unit cost, is not 0."""


def least_cost(problem: Problem, solver: Solver) -> Chosen | None:
    """Choose the quotas of least total cost, and of those the leximin.

    A cell's cost is piecewise linear and convex: each step of it has a width and a cost per unit
    (``problem.costs``). Sums with a figure and cells with reference 0 are settled before, as by
    ``leximin_by_programs``.

    Returns
    -------
    Chosen or None
        None where the rules cannot hold together.

    Raises
    ------
    SolverError
        The solver failed, or gives no duals: they are what tells all optima from one.
    """
    scaled = Scaled.of(problem)
    stages = Stages(scaled, solver)
    if not stages.settle_in_turn(*scaled.misses, scaled.figures, scaled.zeros):
        return None
    if stages.free.any() and not _keep_to_least_cost(stages, scaled, problem.costs):
        return None
    if not stages.settle(scaled.others):
        return None
    return chosen(problem, scaled, stages)


def _keep_to_least_cost(stages: Stages, scaled: Scaled, costs: Costs) -> bool:
    """Keep to the optimal face, by complementary slackness with one optimal dual."""
    rules = stages.rules
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
