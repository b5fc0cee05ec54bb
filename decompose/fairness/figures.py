"""Figures that cannot all be met, settled by programs: the cells then have fixed sums.

How near sums come to their figures is settled before any cell is, and takes few programs. With
what comes out of it as fixed sums, the cells often have a closed form.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from decompose.errors import SolverError
from decompose.fairness.scaled import Scaled
from decompose.fairness.stages import Stages
from decompose.problem import Problem
from decompose.solvers import Solver


class Fixed(NamedTuple):
    """A problem whose figures are bounds that are met, and the programs that it took."""

    problem: Problem
    programs: int


def with_figures_fixed(problem: Problem, solver: Solver) -> Fixed | None:
    """Return the problem with each sum as near to its figure as the rules allow.

    None where there is nothing to settle first: no figure that has room, or targets that give way.
    """
    rules = problem.rules
    scaled = Scaled.of(problem)
    if rules.yields.any() or not scaled.figures.any():
        return None
    stages = Stages(scaled, solver, only=scaled.figures)
    try:
        if not stages.settle(scaled.figures):
            return None
    except SolverError:
        return None
    rows = scaled.summed
    whole = (rules.figure + rules.constant)[rows]
    value = stages.values[scaled.figures] * whole - rules.constant[rows]
    lower, upper, figure = rules.lower.copy(), rules.upper.copy(), rules.figure.copy()
    lower[rows], upper[rows], figure[rows] = value, value, np.nan
    fixed = replace(rules, lower=lower, upper=upper, figure=figure)
    return Fixed(replace(problem, rules=fixed), stages.programs)
