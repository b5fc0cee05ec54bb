"""Families between a year and the one before it: growth, ramp, monotone."""

from __future__ import annotations

import numpy as np

from decompose.constraints.context import Block, Context, boxes, combine, label, pairs, sum_scopes
from decompose.problem import Floats, Ints, Rules

NEGLIGIBLE = 1e-6
"""A smaller part of the year before is none."""


def greatest_growth(context: Context) -> Block:
    """Return ``x[t] ≤ (1 + g)^gap · x[t-1]``; the base year comes before the first.

    A scope without a base, or with base 0, has no such rule in its first year (check notes it).
    """
    return _growth(context, "growth.max")


def least_growth(context: Context) -> Block:
    """Return ``x[t] ≥ (1 + g)^gap · x[t-1]``, as :func:`greatest_growth`."""
    return _growth(context, "growth.min")


def greatest_rise(context: Context) -> Block:
    """Return ``x[t] - x[t-1] ≤ ramp · gap``; the base year comes before the first."""
    return _ramp(context, "ramp.max")


def least_rise(context: Context) -> Block:
    """Return ``x[t] - x[t-1] ≥ ramp · gap``; the base year comes before the first."""
    return _ramp(context, "ramp.min")


def monotone(context: Context) -> Block:
    """Return ``x[t] ≥ x[t-1]`` (up) or ``≤`` (down); the base year comes before the first."""
    direction = context.series.indicator.limits.monotone
    if direction is None:
        return Block(Rules())
    shape = context.column.shape
    path = f"indicators.{context.series.indicator.id}.limits.monotone"
    rules = against_before(
        context,
        "monotone",
        factor=np.ones(shape),
        rise=np.zeros(shape),
        source=np.zeros(shape, dtype=np.int64),
        side="most" if direction == "down" else "least",
    )
    return Block(Rules.stack(rules), (path,))


def _growth(context: Context, family: str) -> Block:
    grid = context.series.grids.get(family)
    if grid is None:
        return Block(Rules())
    gaps = context.plan.gaps
    side = "most" if family.endswith("max") else "least"
    zero = np.zeros(grid.value.shape)
    factor = (1 + grid.value) ** gaps
    if side == "least" and (growth := context.series.growth) is not None:
        # of years that are looked ahead to, hardly more than what is never below 0
        ahead = np.arange(len(gaps)) > growth.year
        factor = np.where(ahead & (factor < NEGLIGIBLE), np.nan, factor)
    parts = against_before(context, family, factor=factor, rise=zero, source=grid.source, side=side)
    for scope in sum_scopes(context):
        values, sources = grid.of_sum(scope)
        for year in np.flatnonzero(~np.isnan(values)).tolist():
            whole_factor = float((1 + values[year]) ** gaps[year])
            parts += _sum_row(context, family, scope, year, whole_factor, 0.0, sources[year])
    return Block(Rules.stack(parts), grid.paths)


def _ramp(context: Context, family: str) -> Block:
    grid = context.series.grids.get(family)
    if grid is None:
        return Block(Rules())
    gaps = context.plan.gaps
    rise = grid.value * gaps
    one = np.ones(grid.value.shape)
    side = "most" if family.endswith("max") else "least"
    parts = against_before(context, family, factor=one, rise=rise, source=grid.source, side=side)
    for scope in sum_scopes(context):
        values, sources = grid.of_sum(scope)
        for year in np.flatnonzero(~np.isnan(values)).tolist():
            whole = float(values[year] * gaps[year])
            parts += _sum_row(context, family, scope, year, 1.0, whole, sources[year])
    return Block(Rules.stack(parts), grid.paths)


def against_before(
    context: Context, family: str, *, factor: Floats, rise: Floats, source: Ints, side: str
) -> list[Rules]:
    """Write ``x[t] (≤, ≥ or =) factor[t] · x[t-1] + rise[t]`` for every cell that has both.

    ``side`` is ``"most"``, ``"least"`` or ``"both"``.
    """
    lowest, highest = side != "most", side != "least"
    column = context.column
    said = ~np.isnan(factor + rise)
    base = context.series.base
    first = said[:, 0] & (column[:, 0] >= 0) & ~np.isnan(base)
    if family.startswith("growth"):
        first &= base != 0
    regions = np.flatnonzero(first)
    bound = factor[regions, 0] * base[regions] + rise[regions, 0]
    parts = [
        label(
            context,
            family,
            boxes(column[regions, 0]),
            bound if lowest else -np.inf,
            bound if highest else np.inf,
            regions,
            0,
            source[regions, 0],
        )
    ]
    later = said[:, 1:] & (column[:, 1:] >= 0) & (column[:, :-1] >= 0)
    regions, before = np.nonzero(later)
    year = before + 1
    parts.append(
        label(
            context,
            family,
            pairs(column[regions, year], column[regions, before], factor[regions, year]),
            rise[regions, year] if lowest else -np.inf,
            rise[regions, year] if highest else np.inf,
            regions,
            year,
            source[regions, year],
        )
    )
    return parts


def _sum_row(
    context: Context, family: str, scope: int, year: int, factor: float, rise: float, source: int
) -> list[Rules]:
    """Write the same rule for the sum of a scope."""
    now = context.scope_columns(scope, year)
    if year == 0:
        base = context.base(scope)
        if not len(now) or np.isnan(base) or (family.startswith("growth") and base == 0):
            return []
        matrix, bound = combine([(now, 1.0)]), factor * base + rise
    else:
        before = context.scope_columns(scope, year - 1)
        if not len(now) or not len(before):
            return []
        matrix, bound = combine([(now, 1.0), (before, -factor)]), rise
    ends = (-np.inf, bound) if family.endswith("max") else (bound, np.inf)
    return [label(context, family, matrix, *ends, scope, year, source)]
