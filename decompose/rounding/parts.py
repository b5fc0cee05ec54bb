"""The best columns of a system, part by part."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from decompose.problem import Floats
from decompose.rounding.grid import SCALE, TINY
from decompose.rounding.least import least
from decompose.rounding.model import Model, least_excess, model
from decompose.rounding.patterns import Patterns, list_patterns
from decompose.rounding.system import GROUP, REGION, System
from decompose.solvers.program import Program, Solver

BATCH = 2000
"""Parts are solved together until they have so many columns."""
APART = 3 * TINY
"""A worst excess this much lower is a better one."""
ANY = np.array([np.inf])
"""The limit of one part that may exceed its ties as it must."""


def best_columns(system: System, solver: Solver) -> Floats:
    """Return the best value of each column; NaN in parts where nothing fits."""
    found = np.full(system.size, np.nan)
    pending = list(_batches(system))[::-1]
    while pending:
        first, last = pending.pop()
        some = system.between(first, last)
        best = _together(some, solver)
        if best is None and some.part[-1] > 0:
            middle = first + int(np.searchsorted(some.part, (some.part[-1] + 1) // 2))
            pending += [(middle, last), (first, middle)]
        else:
            found[first:last] = _alone(some, solver) if best is None else best
    return found


def _batches(system: System) -> Iterator[tuple[int, int]]:
    starts = np.append(np.flatnonzero(np.diff(system.part, prepend=-1)), system.size)
    first = 0
    for start, end in itertools.pairwise(starts.tolist()):
        if end - first > BATCH and start > first:
            yield first, start
            first = start
    if system.size:
        yield first, system.size


def _together(system: System, solver: Solver) -> Floats | None:
    """Solve parts side by side, each at the least excess that its blocks allow.

    Returns None where that does not fit, or where several parts' vertex is not whole.
    """
    if system.distant.any():
        return None
    patterns = list_patterns(system)
    limit = least_excess(system, patterns)
    return _within(system, patterns, limit, solver, branch=system.part[-1] == 0)


def _alone(system: System, solver: Solver) -> Floats | None:
    """Solve one part of which no table keeps the least excess of its blocks."""
    size, patterns = system.size, list_patterns(system)
    best = None if system.distant.any() else _within(system, patterns, ANY, solver)
    if best is None:
        given = _given_way(system, solver)
        if given is None:
            return None
        system, patterns = given, list_patterns(given)
        limit = least_excess(system, patterns)
        best = _within(system, patterns, limit, solver)
        if best is None:
            best = _within(system, patterns, ANY, solver)
    return None if best is None else _least_worst(system, patterns, best, solver)[:size]


def _least_worst(system: System, patterns: Patterns, best: Floats, solver: Solver) -> Floats:
    """Lower the worst excess until nothing fits below it.

    Every probe finds a better table or raises the bound: half way between the two, then just
    below the best.
    """
    low, high = float(least_excess(system, patterns)[0]), _worst(system, best)
    halve, apart = True, APART
    while high > low + apart:
        limit = (low + high) / 2 if halve else high - apart
        found = _within(system, patterns, np.array([limit]), solver)
        if found is None:
            low = limit
        elif _worst(system, found) > limit + TINY:  # within the solver's tolerance, not in ours
            apart *= 10
        else:
            best, high = found, _worst(system, found)
        halve = not halve
    return best


def _worst(system: System, columns: Floats) -> float:
    ties = system.ties
    return float(ties.excess(ties.matrix.dot(columns)).max(initial=0.0))


def _given_way(system: System, solver: Solver) -> System | None:
    """Let as few things give way as possible; return the system in which just they may.

    First as few cells as possible leave floor and ceiling, then as few movable sums move, then
    regions' totals by as few steps as possible. None where all that does not help.
    """
    loose = system.with_slack()
    for kind in (loose.distant, loose.slack == GROUP, loose.slack == REGION):
        if not kind.any():
            continue
        made = model(loose, list_patterns(loose), ANY)
        if made is None:
            return None
        weight = kind.astype(np.float64)
        fewest = least(_priced(made, weight), solver, unit=1.0)
        if fewest is None:
            return None
        loose = loose.with_row(weight, float(np.rint(weight @ made.columns(fewest.x))))
    return loose


def _within(
    system: System, patterns: Patterns, limit: Floats, solver: Solver, *, branch: bool = True
) -> Floats | None:
    """Return the columns of least distance, then preference, whose excess is within a limit."""
    made = model(system, patterns, limit)
    if made is None:
        return None
    near = least(_priced(made, system.distance * SCALE), solver, unit=2 * SCALE, branch=branch)
    if near is None:
        return None
    face = replace(near.face, cost=made.cost(system.preference))
    first = least(face, solver, unit=SCALE, branch=branch, cold=False)
    return None if first is None else made.columns(first.x)


def _priced(made: Model, per_column: Floats) -> Program:
    return replace(made.program, cost=made.cost(per_column))
