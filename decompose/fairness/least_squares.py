"""The least sum of squared deviations: a convex quadratic program, then its exact optimum."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from decompose.fairness.programs import Chosen, chosen
from decompose.fairness.scaled import Scaled, indicator_sizes
from decompose.fairness.stages import Stages
from decompose.problem import Floats, Problem
from decompose.solvers import Program, Solver

TIGHT = 1e-6
"""How near to a bound the quadratic program's answer lies where the optimum is at it."""
KEPT = 1e-12
"""The largest violation, relative to the terms of its row, of an exact answer."""


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
        The solver failed, or takes linear programs only.
    """
    scaled = Scaled.of(problem)
    stages = Stages(scaled, solver)
    if not (stages.settle(scaled.figures) and stages.settle(scaled.zeros)):
        return None
    if stages.free.any():
        point = stages.solve(stages.rules)
        if point is None:
            return None
        cells = scaled.size / indicator_sizes(problem)[problem.column_indicator]
        weight = np.append(cells, np.ones(len(scaled.lower) - len(cells)))
        program = _squares(stages.rules, weight, stages.centre, point.x)
        best = stages.solve(program)
        if best is None:
            return None
        values = _sharpened(program, weight, stages.centre, best.x)
        stages.keep_to(values, values, program.row_lower, program.row_upper)
    return chosen(problem, scaled, stages)


def _squares(rules: Program, weight: Floats, centre: Floats, point: Floats) -> Program:
    """Return the program, within a box that holds whatever is as good as a feasible point.

    The box never binds. Without it, HiGHS took one program in some thousands as unbounded.
    """
    reach = 2 * np.sqrt(weight @ (point - centre) ** 2 / weight)
    return replace(
        rules,
        cost=-2 * weight * centre,
        quadratic=2 * weight,
        lower=np.maximum(rules.lower, np.minimum(centre - reach, rules.upper)),
        upper=np.minimum(rules.upper, np.maximum(centre + reach, rules.lower)),
    )


def _sharpened(program: Program, weight: Floats, centre: Floats, x: Floats) -> Floats:
    """Return the exact optimum among points that lie on the bounds and rows where x lies.

    It is the least weighted distance from the centre on those rows, a least-squares problem;
    it is taken where it keeps the rules and is no worse than x.
    """
    at_lower, at_upper = (np.abs(x - end) <= TIGHT for end in (program.lower, program.upper))
    base = np.where(at_lower, program.lower, np.where(at_upper, program.upper, centre))
    inner = np.flatnonzero(~(at_lower | at_upper))
    value = program.rows.dot(x)
    lowest, highest = (
        np.abs(value - end) <= TIGHT for end in (program.row_lower, program.row_upper)
    )
    rows = program.rows.take(np.flatnonzero(lowest | highest))
    bound = np.where(lowest, program.row_lower, program.row_upper)[lowest | highest]
    dense = np.zeros((len(rows), program.size))
    np.add.at(dense, (rows.row, rows.column), rows.value)
    root = np.sqrt(weight[inner])
    step, *_ = np.linalg.lstsq(dense[:, inner] / root, bound - rows.dot(base), rcond=None)
    sharp = base.copy()
    sharp[inner] += step / root
    good = program.violation(sharp) <= max(KEPT, program.violation(x))
    return sharp if good and program.objective(sharp) <= program.objective(x) else x
