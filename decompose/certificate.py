"""The certificate: no quota leaves without it, whatever the solver said (DESIGN section 3).

Whole rules (sums, boxes, locks, parts) are checked in whole numbers of steps; ties between
cells may be broken by rounding, and then their excess must be the one that is listed.
"""

from __future__ import annotations

import numpy as np

from decompose.errors import SolverError
from decompose.labels import Message, say
from decompose.naming import rule_names
from decompose.plan.steps import snap_of
from decompose.problem import Bools, Floats, Ints, Problem

EXACT_TOLERANCE = 1e-6
"""Of the exact answer, relative to what the row adds up."""
EXCESS_TOLERANCE = 1e-6
"""Of a listed excess, in steps."""
TIE_TOLERANCE = 1e-9
"""Of a tie between quotas, relative to its value: its coefficients are no whole numbers."""
LARGEST = 2**62
"""Whole numbers up to here do not overflow."""


def certify_exact(problem: Problem, x: Floats) -> None:
    """Check the exact answer against every unscaled rule.

    Raises
    ------
    SolverError
        Naming the first rule that is broken.
    """
    rules = problem.rules
    if not np.isfinite(x).all():
        raise SolverError(say("certificate_not_finite"))
    value = rules.matrix.dot(x)
    size = rules.matrix.sizes(x)
    over = np.maximum(rules.lower - value, value - rules.upper)
    _refuse(problem, over > EXACT_TOLERANCE * np.maximum(size, problem.rule_step), value)
    if (x < np.where(problem.signed, -np.inf, -EXACT_TOLERANCE * problem.step)).any():
        raise SolverError(say("certificate_negative"))


def certify_quotas(problem: Problem, quotas: Ints, excess: Floats) -> None:
    """Check rounded quotas against every rule, in whole numbers.

    Parameters
    ----------
    problem
        The unscaled rules.
    quotas
        Whole steps per column.
    excess
        Listed excess of each rule in steps of its indicator, 0 where it is kept; of whole rules,
        in whole steps.

    Raises
    ------
    SolverError
        Naming the first rule that is broken.
    """
    rules = problem.rules
    whole = np.flatnonzero(rules.whole)
    value = _whole_values(problem, quotas, whole)
    missed = np.rint(excess)[whole]
    lower = _whole_bounds(problem, rules.lower, -missed, whole)
    upper = _whole_bounds(problem, rules.upper, missed, whole)
    broken = np.zeros(len(rules), dtype=bool)
    below = (value < lower) & np.isfinite(rules.lower[whole])
    above = (value > upper) & np.isfinite(rules.upper[whole])
    broken[whole] = (below | above).astype(bool)
    shown = rules.matrix.dot(quotas * problem.step)
    _refuse(problem, broken, shown)
    over = np.maximum(np.maximum(rules.lower - shown, shown - rules.upper), 0.0)
    unlisted = over / problem.rule_step - excess > EXCESS_TOLERANCE
    unlisted[whole] = False
    _refuse(problem, unlisted & (over > TIE_TOLERANCE * np.abs(shown)), shown)
    if (quotas[~problem.signed] < 0).any():
        raise SolverError(say("certificate_negative"))


def _whole_values(problem: Problem, quotas: Ints, rows: Ints) -> np.ndarray:
    """Return the rows' values in millionths of the plan's unit, in whole numbers of any size."""
    part = problem.rules.matrix.take(rows)
    unit = np.rint(problem.step * 1e6).astype(np.int64)
    factor = np.rint(part.value).astype(np.int64)
    largest = part.sizes(quotas.astype(np.float64) * unit).max(initial=0.0)
    # Python's own numbers do not overflow, and are compared with bounds exactly
    kind = np.int64 if largest < LARGEST else object
    amount = quotas.astype(kind) * unit.astype(kind)
    entry = np.append(factor.astype(kind) * amount[part.column], 0)
    value = np.add.reduceat(entry, part.start[:-1])
    value[part.counts == 0] = 0
    return np.asarray(value)


def _whole_bounds(problem: Problem, bounds: Floats, missed: Floats, rows: Ints) -> np.ndarray:
    """Return bounds of rows, moved by whole steps, in millionths of the plan's unit; 0 if free.

    A bound on the grid is a whole number of steps: its own millionths are no longer exact in a
    float where a number in thousandths reaches a thousand million.
    """
    bound = np.where(np.isfinite(bounds[rows]), bounds[rows], 0.0)
    step = problem.rule_step[rows]
    steps = bound / step
    on_grid = np.abs(steps - np.rint(steps)) <= snap_of(steps)
    amount = np.where(on_grid, np.rint(steps) + missed, np.rint((bound + missed * step) * 1e6))
    unit = np.where(on_grid, np.rint(step * 1e6), 1.0)
    if np.abs(amount * unit).max(initial=0.0) < LARGEST:
        return np.asarray(amount.astype(np.int64) * unit.astype(np.int64))
    return np.array([int(one) * int(its) for one, its in zip(amount, unit, strict=True)], object)


def _refuse(problem: Problem, broken: Bools, value: Floats) -> None:
    rows = np.flatnonzero(broken)
    if not len(rows):
        return
    first = int(rows[0])
    message: Message = say(
        "certificate_broken",
        count=len(rows),
        value=float(value[first]),
        lower=float(problem.rules.lower[first]),
        upper=float(problem.rules.upper[first]),
        **rule_names(problem, first),
    )
    raise SolverError(message)
