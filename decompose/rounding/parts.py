"""The best columns of a system, part by part."""

from __future__ import annotations

import itertools
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from decompose.problem import Floats
from decompose.rounding.counting import COLUMNS, count
from decompose.rounding.grid import SCALE, TINY
from decompose.rounding.least import Least, least, least_on_face
from decompose.rounding.model import (
    Model,
    excess_levels,
    has_long_ties,
    least_excess,
    model,
)
from decompose.rounding.patterns import Patterns, list_patterns
from decompose.rounding.search import solved
from decompose.rounding.shared import with_sums_apart
from decompose.rounding.system import CELL, FREE, GROUP, REGION, System
from decompose.solvers.program import Solver

BATCH = 3000
"""Parts are solved together until they have so many columns."""
FEW, LARGE = 40, 8
"""So many parts, or parts of so many columns on average, are counted one by one."""
APART = 3 * TINY
"""A worst excess this much lower is a better one."""
NEARER = 2 * SCALE
"""The smallest difference between two distances: a cell adds an even number of grid units."""
ANY = np.array([np.inf])
"""The limit of one part that may exceed its ties as it must."""


def best_columns(system: System, solver: Solver) -> Floats:
    """Return the best value of each column; NaN in parts where nothing fits."""
    found = np.full(system.size, np.nan)
    pending = list(_batches(system))[::-1]
    while pending:
        first, last = pending.pop()
        some = system.between(first, last)
        counted = count(some) if some.part[-1] == 0 else None
        if counted is not None and counted.columns is not None:
            found[first:last] = counted.columns
            continue
        if some.part[-1] == 0:
            best = _alone(some, solver)
        elif (best := _together(some, solver)) is None and _are_large(system):
            pending = list(_batches(system, most=0))[::-1]  # others would hardly fit either
            pending = [(start, end) for start, end in pending if start >= first]
        elif best is None:
            middle = first + int(np.searchsorted(some.part, (some.part[-1] + 1) // 2))
            pending += [(middle, last), (first, middle)]
        if best is not None:
            found[first:last] = best
    return found


def _are_large(system: System) -> bool:
    """Whether few of the parts can be counted."""
    return bool(system.size > COLUMNS * (system.part[-1] + 1))


def _batches(system: System, most: int = BATCH) -> Iterator[tuple[int, int]]:
    """List runs of parts: side by side, or each by itself where it can be counted.

    Where parts are many and small, a program of them all takes less time than their counts.
    """
    starts = np.append(np.flatnonzero(np.diff(system.part, prepend=-1)), system.size)
    small = len(starts) > FEW and system.size < LARGE * len(starts)
    most = most if small or (system.size and _are_large(system)) else 0
    first = 0
    for start, end in itertools.pairwise(starts.tolist()):
        if end - first > most and start > first:
            yield first, start
            first = start
    if system.size:
        yield first, system.size


def _together(system: System, solver: Solver) -> Floats | None:
    """Solve parts side by side, each at the least excess that its blocks allow.

    Returns None where that does not fit, or where their vertex is not whole.
    """
    if (system.lets == CELL).any():
        return None
    patterns = list_patterns(system)
    made = model(system, patterns, least_excess(system, patterns))
    near = None if made is None else _nearest(system, made, solver, branch=False, cold=True)
    return None if near is None else _preferred(system, near, solver, branch=False)


def _alone(system: System, solver: Solver) -> Floats | None:
    """Solve one part; None where nothing fits."""
    size, firm = system.size, with_sums_apart(system, movable=True)
    near = None if (firm.lets == CELL).any() else _best(firm, solver)
    if near is None:
        given = _given_way(with_sums_apart(system), solver)
        if given is None:
            return None
        firm, near = given, _best(given, solver)
    best = None if near is None else _preferred(firm, near, solver)
    return None if best is None else best[:size]


def _best(system: System, solver: Solver) -> _Near | None:
    """Return the nearest table of those with the least worst excess; None where there is none."""
    patterns = list_patterns(system)
    least_of_blocks = least_excess(system, patterns)
    every = model(system, patterns, least_of_blocks, ANY)
    if every is None:
        return None
    near = _nearest(system, every, solver, cold=True)
    if near is not None:
        return near
    near = _nearest(system, every.within(ANY), solver)
    low = float(least_of_blocks[0])
    return None if near is None else _least_worst(system, patterns, every, near, low, solver)


def _least_worst(
    system: System, patterns: Patterns, every: Model, near: _Near, low: float, solver: Solver
) -> _Near:
    """Return the nearest table of those with the least worst excess, given some table.

    None keeps to ``low``. Blocks and short ties have few excesses. The least that linear programs
    allow is found first, then the least that tables reach, from below: where nothing fits, that
    shows soon. Of long ties any number may be the least: half way between the bounds, then just
    below the best, every probe finds a better table or raises the bound.
    """
    high = _worst(system, near.columns)
    levels = excess_levels(system, patterns)
    levels = levels[np.diff(levels, prepend=low) > APART]
    levels = levels[levels < high - APART]

    def fits(number: int) -> bool:
        return _fits_in_parts(system, every.within(levels[number : number + 1]), solver)

    first = 0
    if len(levels) and not fits(0):
        first = bisect_left(range(len(levels)), True, lo=1, key=fits)
    low = float(levels[first - 1]) if first else low
    stride, halve, apart = 1, True, APART
    while high > low + apart:
        between = levels[(levels > low + apart) & (levels < high - apart)]
        if len(between):
            limit = float(between[min(stride - 1, len(between) // 2)])
        elif has_long_ties(system, patterns):
            limit = (low + high) / 2 if halve else high - apart
            halve = not halve
        else:
            break
        found = _nearest(system, every.within(np.array([limit])), solver)
        if found is None:
            low, stride = limit, 2 * stride
        elif _worst(system, found.columns) > limit + TINY:  # the solver's tolerance, not ours
            apart *= 10
        else:
            near, high = found, _worst(system, found.columns)
    if near.made.limit.max() > high + TINY:
        exactly = _nearest(system, every.within(np.array([high])), solver)
        near = near if exactly is None else exactly
    return near


def _worst(system: System, columns: Floats) -> float:
    ties = system.ties
    return float(ties.excess(ties.matrix.dot(columns)).max(initial=0.0))


def _given_way(system: System, solver: Solver) -> System | None:
    """Let as few things give way as possible; return the system in which just they may.

    First as few free sums as possible move, then as few cells leave floor and ceiling, then as
    few movable sums move, then regions' totals, each by as little as possible. None where all
    that does not help.
    """
    loose = system.with_slack()
    for kind in (FREE, CELL, GROUP, REGION):
        weight = np.where(loose.lets == kind, loose.weight, 0)
        if not weight.any():
            continue
        weight = weight / np.gcd.reduce(weight)
        made = model(loose, list_patterns(loose), ANY)
        if made is None:
            return None
        priced = replace(made.program, cost=made.cost(weight))
        fewest = least(priced, solver, unit=1.0)
        if fewest is None:
            return None
        loose = loose.with_row(weight, float(np.rint(weight @ made.columns(fewest.x))))
    return loose


def _fits_in_parts(system: System, made: Model, solver: Solver) -> bool:
    """Whether a linear program, of tables in parts of steps, fits."""
    cost = made.cost(system.distance * SCALE)  # not needed, and three times as fast
    return solved(replace(made.program, cost=cost), solver, cold=False) is not None


class _Near(NamedTuple):
    """The columns of least distance in a model, and its point of that least cost."""

    made: Model
    least: Least
    columns: Floats


def _nearest(
    system: System, made: Model, solver: Solver, *, branch: bool = True, cold: bool = False
) -> _Near | None:
    """Return the columns of least distance whose excess is within the model's limit."""
    cost = made.cost(system.distance * SCALE)
    program = replace(made.program, cost=cost)
    near = least(program, solver, unit=NEARER, branch=branch, cold=cold)
    if near is None:
        return None
    return _Near(made, near, made.columns(near.x))


def _preferred(
    system: System, near: _Near, solver: Solver, *, branch: bool = True
) -> Floats | None:
    """Return the columns of least preference among those that are as near."""
    cost = near.made.cost(system.preference)
    first = least_on_face(near.least, cost, solver, unit=SCALE, branch=branch, before=NEARER)
    return None if first is None else near.made.columns(first)
