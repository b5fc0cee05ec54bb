"""What rules yield by, in whole steps and written as changes of the plan."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from decompose.errors import InfeasibleError, SolverError
from decompose.explain.changes import is_rate, one_step, own_amount, series_at
from decompose.explain.feasibility import Part, solved
from decompose.explain.figures_moved import Change, read
from decompose.explain.ratio_changes import as_said
from decompose.explain.relaxation import Relaxation
from decompose.explain.rules import TARGETS
from decompose.explain.stuck import Stuck
from decompose.explain.whole_steps import eased, in_steps
from decompose.explain.yielded import change_of
from decompose.fairness import choose
from decompose.fairness.part import part_of
from decompose.problem import Bools, Floats, Problem, Rules
from decompose.solvers import Solver

MOST = 1e3
"""A rate that must rise by more, 100,000 %, speaks of next to nothing."""


def changes_of(
    stuck: Stuck, part: Part, relaxation: Relaxation, solver: Solver
) -> tuple[Change, ...] | None:
    """Write a relaxation as changes of the plan.

    None where a rule has no figure to change, or where it is a rate of next to nothing: the least
    in all may leave a region nothing in the year before, from which no rate grows.
    """
    plan, built = stuck.plan, stuck.built
    problem, rules = built.problem, built.problem.rules
    rows = part.rows[relaxation.rows]
    rates = np.array([is_rate(built, row) for row in rows.tolist()])
    step = np.array([one_step(plan, built, row) for row in rows.tolist()])
    # what a cut of several regions asks for is no number of the table
    cuts = [as_said(plan, built, row, series_at(built, row), 0.0)[1] for row in rows.tolist()]
    finer = rates | (~rules.single[rows] & np.array(cuts))
    amounts = in_steps(part, relaxation, np.where(finer, np.nan, step), solver)
    x = np.zeros(problem.size)
    if rates.any():
        answer = _answer(stuck, part, relaxation, amounts, rates, solver)
        if answer is None:
            return None
        x[part.columns] = answer
    found: dict[str, Change] = {}
    for row, rate, up, amount in zip(
        rows.tolist(), rates.tolist(), relaxation.up, amounts.tolist(), strict=True
    ):
        if not amount:
            continue  # others take its part of a step
        own = own_amount(plan, built, row, amount, x)
        if rate and own > MOST:
            return None
        change = change_of(plan, built, row, amount, own, up=bool(up))
        if change is None or (change.family in TARGETS and _asks_nothing(change)):
            return None
        path = change.path
        found[path] = change if path not in found else _looser(found[path], change)
    return tuple(found.values())


def _answer(
    stuck: Stuck,
    part: Part,
    relaxation: Relaxation,
    amounts: Floats,
    rates: Bools,
    solver: Solver,
) -> Floats | None:
    """Return what a part is once it has yielded; None where a rate would be one of nothing.

    Where the least leaves no choice, no program is needed.
    """
    plan, built, problem = stuck.plan, stuck.built, part.problem
    yielded = eased(part, relaxation, amounts)
    if np.array_equal(amounts, relaxation.amount):  # rounded up, they leave room
        x = np.full(problem.size + len(built.offset), np.nan)
        x[part.columns] = relaxation.settled
        rows = part.rows[relaxation.rows][rates]
        unknown = built.stated.matrix.take(rows).with_any(np.isnan(x))
        known = np.nan_to_num(x[: problem.size])
        pairs = zip(rows[~unknown].tolist(), amounts[rates][~unknown].tolist(), strict=True)
        if any(own_amount(plan, built, row, amount, known) > MOST for row, amount in pairs):
            return None
        if not unknown.any():
            return np.asarray(known[part.columns])
    return _answer_of(part, problem, yielded, solver)  # other parts may not be possible yet


def _answer_of(part: Part, problem: Problem, rules: Rules, solver: Solver) -> Floats:
    """Return what a part comes to once its rules have yielded.

    Where choosing finds no answer, because they have by so little, or by so much that the plan's
    own rule of choice fails, one that its program sees.
    """
    yielded = replace(problem, rules=rules.take(part.rows))
    try:
        return choose(part_of(yielded, part.columns), solver=solver).x
    except (InfeasibleError, SolverError):
        seen = solved(solver, part.with_bounds(rules.lower, rules.upper).program)
        if seen is None:
            raise
        return np.asarray(seen.x[: len(part.columns)] * part.size)


def _asks_nothing(change: Change) -> bool:
    """Whether a target that is so low is no target: not to get worse still is one."""
    number = read(change.value).value
    of_change = change.path.endswith(("growth", "cut", "rise", "increase", "each_year"))
    return number < 0 or (number == 0 and not of_change)


def _looser(one: Change, other: Change) -> Change:
    """Return the change that is further from the figure of today: both rules must hold."""
    if one.value is None or other.value is None:
        return one  # dropped
    now, *others = (read(value).value for value in (one.before, one.value, other.value))
    return other if abs(others[1] - now) > abs(others[0] - now) else one
