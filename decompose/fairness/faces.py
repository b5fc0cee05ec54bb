"""Leximin among the optima of another rule: the bounds that hold in all of them.

A linear program finds the least sum; whatever has a price in it is at its bound in every optimum.
With these bounds the optima are a problem like any other, which often has a closed form.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from decompose.fairness.alike import plain_rules
from decompose.fairness.programs import Chosen, chosen
from decompose.fairness.scaled import Scaled
from decompose.fairness.stages import Stages
from decompose.problem import Matrix, Problem, Rules
from decompose.solvers import Solver

LEXIMIN = "leximin"
Keep = Callable[[Problem, Scaled, Stages], bool]
"""Keeps stages to the optima of a rule; False where the rules cannot hold together."""
Closed = Callable[[Problem], tuple[Chosen, bool]]
"""Chooses the leximin of a problem without a program for each level, and tells whether it could."""


def leximin_among(
    problem: Problem, solver: Solver, keep: Keep, closed: Closed | None = None
) -> Chosen | None:
    """Choose the leximin among the optima of a rule.

    Sums with a figure and cells with reference 0 are settled before, as by
    ``leximin_by_programs``.

    Parameters
    ----------
    problem, solver
        As for ``leximin_by_programs``.
    keep
        Finds the optima.
    closed
        Is asked first for the leximin among them, which programs find where it cannot.

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
    if stages.free.any() and not keep(problem, scaled, stages):
        return None
    face = _optima(problem, scaled, stages)
    if closed is not None and face is not None:
        found, right = closed(face)
        if right:
            return Chosen(found.x, stages.programs + found.programs)
    return chosen(problem, scaled, stages) if stages.settle(scaled.others) else None


def _optima(problem: Problem, scaled: Scaled, stages: Stages) -> Problem | None:
    """Return the problem whose leximin is wanted; None where it is no problem of its own.

    That is so where targets give way, or years are looked ahead to.
    """
    rules, kept, size = problem.rules, stages.rules, scaled.size
    if rules.yields.any() or len(problem.ahead):
        return None
    cells = slice(0, problem.size)
    lower, upper = (
        np.where(end[cells] == was[cells], own, end[cells] * size)
        for end, was, own in (
            (kept.lower, scaled.lower, problem.lower),
            (kept.upper, scaled.upper, problem.upper),
        )
    )
    least, most, figure = rules.lower.copy(), rules.upper.copy(), rules.figure.copy()
    meets = kept.row_lower == kept.row_upper
    at_least = scaled.rule[meets & (kept.row_upper < scaled.row_upper)]
    at_most = scaled.rule[meets & (kept.row_lower > scaled.row_lower)]
    most[at_least], least[at_most] = least[at_least], most[at_most]
    rows = scaled.summed
    value = kept.lower[scaled.figures] * (figure + rules.constant)[rows] - rules.constant[rows]
    least[rows], most[rows], figure[rows] = value, value, np.nan
    nearer = np.flatnonzero((lower != problem.lower) | (upper != problem.upper))
    boxes = Matrix(np.arange(len(nearer) + 1), nearer, np.ones(len(nearer)))
    lower, upper = np.minimum(lower, upper)[nearer], upper[nearer]
    kept_to = plain_rules(boxes, lower, upper, problem.column_indicator)
    moved = replace(rules, lower=least, upper=most, figure=figure)
    return replace(
        problem,
        rules=Rules.stack([moved, kept_to]),
        fairness=(LEXIMIN,) * len(problem.fairness),
        priority=(),
    )
