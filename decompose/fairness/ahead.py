"""A year with later years that are looked ahead to: settled first, if they can follow it.

Later years have no burden, but their figures count. Without what ties them to the year, the year
and its followers share no rule: the leximin of that larger set is each one's own. Where the year's
own answer can be followed by years that hand out what they would by themselves, it is the answer.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from decompose.errors import SolverError
from decompose.fairness.by_parts import kept
from decompose.fairness.closed_form import closed_form
from decompose.fairness.growing import with_sums_carried
from decompose.fairness.part import among, part_of, rows_within
from decompose.fairness.programs import Chosen, chosen
from decompose.fairness.reach import reach_of, reachable
from decompose.fairness.relaxed import relax
from decompose.fairness.scaled import Scaled
from decompose.fairness.stages import Stages
from decompose.problem import Floats, Problem
from decompose.solvers import Solver


def figures_apart(problem: Problem) -> Floats | None:
    """Return what rules hand out, as far as sums that ties do not join agree; None where not told.

    Figures out of reach, and targets that give way, are not told.
    """
    if problem.rules.yields.any():
        return None
    problem = with_sums_carried(problem)
    relaxed = relax(problem)
    ends = reach_of(relaxed).ends(problem)
    if reachable(problem, ends) is not problem or ends.beyond(relaxed.figure):
        return None
    return relaxed.figure


def followed(problem: Problem, x: Floats, figure: Floats, solver: Solver) -> Chosen | None:
    """Let later years follow what is settled, so that they hand out what they should.

    Parameters
    ----------
    problem, figure
        The rules, and what each hands out.
    x
        Values of what is settled, of every column; those of later years have no meaning.
    solver
        For years that have no closed form.

    Returns
    -------
    Chosen or None
        Values of every column; None where later years cannot follow.
    """
    now = np.flatnonzero(~problem.looked_ahead)
    own = rows_within(problem, now)
    if not kept(part_of(problem, now, own), x[now], figure[own]).all():
        return None
    rest, x = _later(problem, x, figure), x.copy()
    relaxed = relax(rest)
    values, solved = closed_form(relaxed.chains)
    x[problem.ahead] = relaxed.columns(values)
    if solved.all() and kept(rest, x[problem.ahead], relaxed.figure).all():
        return Chosen(x, 0)
    scaled = Scaled.of(rest)
    stages = Stages(scaled, solver)
    try:
        found = chosen(rest, scaled, stages) if stages.settle_rest() else None
    except SolverError:
        return None
    if found is None:
        return None
    x[problem.ahead] = found.x
    return Chosen(x, found.programs)


def _later(problem: Problem, x: Floats, figure: Floats) -> Problem:
    """Return the problem of later years, with figures as bounds that are met."""
    ahead = problem.looked_ahead
    rows = np.flatnonzero(problem.rules.matrix.with_any(ahead))
    rules, figure = problem.rules.take(rows), figure[rows]
    known = rules.matrix.dot(np.where(ahead, 0.0, x))
    lower, upper = (
        np.where(np.isnan(figure), end, figure) - known for end in (rules.lower, rules.upper)
    )
    followed = replace(
        rules,
        lower=lower,
        upper=upper,
        figure=np.full(len(rows), np.nan),
        constant=rules.constant + known,
    )
    return replace(among(problem, problem.ahead, followed), ahead=np.zeros(0, dtype=np.int64))
