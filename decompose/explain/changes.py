"""A rule moved: which value of the plan to change, and to what, so that it yields by so much."""

from __future__ import annotations

import math

import numpy as np

from decompose.plan import Plan
from decompose.plan.scopes import limit_grids
from decompose.plan.steps import decimals_of, step_of
from decompose.problem import AREA, FAMILIES, TOTAL, Problem

RATE_DIGITS = 4
"""Digits of a rate as it is written in a plan: 36.52 %."""
POINT = 0.01
"""One step of relief on a rate: a percentage point."""

_LIMITS = ("max", "min", "total.max", "total.min", "ramp.max", "ramp.min")
_RATES = ("growth.max", "growth.min", "share.max", "share.min", "share_shift")


def movable(family: str) -> bool:
    """Whether a family has a figure that can yield (a part never exceeds its whole)."""
    return family in (*_LIMITS, *_RATES, "lock", "target")


def one_step(plan: Plan, problem: Problem, row: int) -> float:
    """Return one step of relief on a rule: a step of its indicator, a point of a rate."""
    family = FAMILIES[problem.rules.family[row]].name
    if family in _RATES:
        return POINT
    return step_of(plan.indicators[problem.rules.indicator[row]])


def moved(
    plan: Plan, problem: Problem, row: int, amount: float, *, up: bool
) -> tuple[str, float | str] | None:
    """Return the path of a rule's own figure and its value once it has moved.

    Parameters
    ----------
    plan, problem, row
        The rule.
    amount
        By how much; of a rate in its own terms, of others in the indicator's unit.
    up
        Whether an upper bound rises, or a lower bound falls.

    Returns
    -------
    A path as in ``with_changes``, as specific as the rule, and the value to put there; None where
    the rule has no figure.
    """
    rules = problem.rules
    family = FAMILIES[rules.family[row]].name
    indicator = plan.indicators[rules.indicator[row]]
    root = f"indicators.{indicator.id}"
    sign = 1.0 if up else -1.0
    if family in _LIMITS:
        bound = (rules.upper if up else rules.lower)[row] + rules.constant[row]
        value = round(float(bound) + sign * amount, decimals_of(indicator))
        return f"{root}.limits.{family}.{_scope_keys(plan, problem, row)}", value
    if family in _RATES:
        rate = rate_of(plan, problem, row)
        shifted = rate + (amount if family == "share_shift" else sign * amount)
        text = f"{round(shifted, RATE_DIGITS) * 100:.{RATE_DIGITS - 2}f}%"
        return f"{root}.limits.{family}.{_scope_keys(plan, problem, row)}", text
    if family == "lock":
        locked = rules.upper[row] + rules.constant[row]
        if indicator.publish == "growth":
            locked = rules.upper[row] / rules.matrix.value[rules.matrix.start[row]]
        value = round(float(locked) + sign * amount, decimals_of(indicator))
        return f"{problem.sources[rules.source[row]]}.value", value
    if family == "target":
        return _target(plan, problem, row, sign * amount)
    return None


def rate_of(plan: Plan, problem: Problem, row: int) -> float:
    """Return the rate that a rule of growth, share or share shift allows."""
    rules = problem.rules
    family = FAMILIES[rules.family[row]].name
    if family.startswith("growth") or family == "share_shift":
        return _laid(plan, problem, row)
    return -float(rules.matrix.take(np.array([row])).value.min())


def _laid(plan: Plan, problem: Problem, row: int) -> float:
    """Return the rate that the plan allows where a row of it was written; no growth is below 0."""
    rules = problem.rules
    indicator = plan.indicators[rules.indicator[row]]
    grid = limit_grids(plan, indicator).get(FAMILIES[rules.family[row]].name)
    scope, year = int(rules.scope[row]), int(rules.year[row])
    if grid is None:
        return 0.0
    if scope == AREA:
        return float(grid.area[year])
    found = float(grid.value[scope, year] if scope > AREA else grid.groups[-2 - scope, year])
    return 0.0 if math.isnan(found) else found


def _scope_keys(plan: Plan, problem: Problem, row: int) -> str:
    """Return the most specific keys of what a rule speaks of."""
    scope, year = int(problem.rules.scope[row]), int(problem.rules.year[row])
    if scope == AREA:
        name = plan.area
    elif scope < AREA:
        name = f"sum.{plan.group_names[-2 - scope]}"
    else:
        name = plan.region_names[scope]
    return name if year == TOTAL else f"{name}.{plan.years[year]}"


def _target(
    plan: Plan, problem: Problem, row: int, change: float
) -> tuple[str, float | str] | None:
    """Move a target's figure; its words are kept."""
    rules = problem.rules
    path = problem.sources[rules.source[row]]
    keys = path.split(".")
    if not (keys[-2] == "years" or keys[-1] in ("total", "each_year")):
        return None
    indicator = plan.indicators[rules.indicator[row]]
    target = indicator.target if keys[2] == "target" else indicator.group_targets[keys[3]]
    figure = target.years[int(keys[-1])] if keys[-2] == "years" else getattr(target, keys[-1])
    digits = decimals_of(indicator)
    value = round(figure.value + change, digits)
    number = f"{value:.{digits}f}"
    number = number.rstrip("0").rstrip(".") if digits else number
    said = f"{figure.value:g}"
    return path, figure.text.replace(said, number) if said in figure.text else value
