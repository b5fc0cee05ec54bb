"""Leximin by successive programs, for rules of any shape (DESIGN section 3)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from decompose.errors import SolverError
from decompose.fairness.scaled import Scaled
from decompose.fairness.stages import Stages
from decompose.labels import say
from decompose.problem import Floats, Problem
from decompose.solvers import FEASIBLE, Solver


@dataclass(frozen=True, eq=False)
class Chosen:
    """What a rule chose.

    Attributes
    ----------
    x
        One value per column, in the unit of the plan.
    programs
        How many programs were solved.
    """

    x: Floats
    programs: int


def leximin_by_programs(
    problem: Problem, solver: Solver, *, sizes: Floats | None = None
) -> Chosen | None:
    """Choose the quotas whose deviations are the least, the largest first.

    In this order: sums come as near to their figures as the rules allow, leximin of
    |sum / figure - 1|; cells with reference 0 stay as near to 0, in their indicator's size;
    the others as near to their reference, leximin of |x / reference - 1|. Indicators with a
    priority go through all three before those after them; every rule holds from the start.
    Before that, targets that give way are missed by as little as the rules allow.

    Parameters
    ----------
    problem
        The rules; columns that are tied are settled together.
    solver
        From ``open_solver``.
    sizes
        Of the indicators, where the problem is a part of theirs.

    Returns
    -------
    Chosen or None
        None where the rules cannot hold together.

    Raises
    ------
    SolverError
        The solver failed, or its answer broke a rule.
    """
    scaled = Scaled.of(problem, sizes)
    stages = Stages(scaled, solver)
    ranks, misses = scaled.ranks(problem), scaled.misses_in_turn(problem)
    kinds = scaled.figures, scaled.zeros, scaled.others
    if not stages.settle_in_turn(*misses, *(items & first for first in ranks for items in kinds)):
        return None
    if len(problem.ahead) and not stages.settle_rest():
        return None
    return chosen(problem, scaled, stages)


def chosen(problem: Problem, scaled: Scaled, stages: Stages) -> Chosen | None:
    """Return what the stages settled, checked against the rules; None where they clash."""
    if scaled.violation(stages.values) > FEASIBLE:
        if stages.programs:
            raise SolverError(say("solver_answer", solver=stages.solver.name))
        return None  # every column was fixed by its bounds, and no program looked at the sums
    x = np.clip(scaled.cells(stages.values), problem.lower, problem.upper)
    return Chosen(x, stages.programs)
