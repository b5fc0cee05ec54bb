"""A figure that speaks of several years at once: how little of its change is enough.

Its rows yield each by itself in the program of the least total, and the one that yields most sets
the figure; moved alike in every year, the figure often need not move so far.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from decompose.build import build
from decompose.explain.feasibility import Part
from decompose.explain.figures_moved import Change, Value
from decompose.explain.stuck import Stuck, parts_of
from decompose.explain.written import digits_of, said_at, with_number
from decompose.figures import parse_figure
from decompose.plan import Indicator
from decompose.plan.steps import decimals_of
from decompose.solvers import Solver

MOST = 20_000
"""Plans with more cells keep the first figure: each trial reads the plan again."""


def least_figures(
    stuck: Stuck, part: Part, changes: tuple[Change, ...], solver: Solver
) -> tuple[Change, ...]:
    """Move each figure that several rows share no further than the rules ask for."""
    rules = part.problem.rules
    sources = rules.source[part.rows]
    paths = [part.problem.sources[source] for source in sources.tolist()]
    found = list(changes)
    for number, change in enumerate(changes):
        if paths.count(change.path) < 2 or part.problem.size > MOST or not _is_shared(change):
            continue

        def holds(value: Value, number: int = number) -> bool:
            tried = [*found[:number], replace(found[number], value=value), *found[number + 1 :]]
            return _can_hold(stuck, part, tried, solver)

        if holds(change.value):
            found[number] = replace(
                change, value=_least(stuck.plan.indicators[change.indicator], change, holds)
            )
    return tuple(found)


def _is_shared(change: Change) -> bool:
    """Whether a change is of a target's figure, or of a share of another indicator."""
    kinds = (".target.", ".group_targets.", ".links.")
    return change.value is not None and any(kind in change.path for kind in kinds)


def _least(indicator: Indicator, change: Change, holds: Callable[[Value], bool]) -> Value:
    """Return the value nearest to the figure of today with which the rules can hold."""
    share = ".links." in change.path
    before = (
        parse_figure(change.before, rate=True) if share else said_at(indicator, change.path).figure
    )
    rate = share or (isinstance(change.value, str) and "%" in change.value)
    after = parse_figure(change.value, rate=rate)
    if after.sense is not before.sense:
        return change.value
    old, new = before.value, after.value
    if old == new and before.upper is not None and after.upper is not None:
        old, new = before.upper, after.upper
    digits = None if rate else max(decimals_of(indicator), digits_of(new))
    unit = 1e-4 if digits is None else 10.0**-digits
    low, high = 0, math.ceil(abs(new - old) / unit - 1e-6)

    def value(steps: int) -> float | str:
        moved = old + math.copysign(min(steps * unit, abs(new - old)), new - old)
        return with_number(before, moved, up=new > old, digits=digits)

    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(value(middle)) else (middle, high)
    return value(high)


def _can_hold(stuck: Stuck, part: Part, changes: list[Change], solver: Solver) -> bool:
    plan = stuck.plan.with_changes({change.path: change.value for change in changes})
    own = np.unique(part.problem.rules.indicator[part.rows]).tolist()
    return not parts_of(build(plan, own, stuck.known, turn=stuck.turn), solver)
