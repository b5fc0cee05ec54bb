"""Families on sums and cells: targets, yearly rates of targets, locks, floors, capacities."""

from __future__ import annotations

import numpy as np

from decompose.constraints.context import Block, Context, boxes, combine, label, sum_scopes, sums
from decompose.figures import plain
from decompose.plan.steps import down, down_all, up, up_all
from decompose.problem import AREA, TOTAL, Ints, Rules
from decompose.series import Sum

EVERY = slice(None)


def targets(context: Context) -> Block:
    """Return what scopes must reach: ``lower ≤ Σ x ≤ upper``, with the figure handed out.

    A sum of no cells that may be 0 is no rule. No sum is brought near to 0, of which nothing is
    a share: its bounds and its cells' references say enough. A target that gives way is measured
    by its own figure, also where rows between years would bind it otherwise.
    """
    imposed: list[Sum] = []
    columns: list[Ints] = []
    for one in context.series.sums:
        cells = context.scope_columns(one.scope, EVERY if one.year == TOTAL else one.year)
        if len(cells) or not one.lower <= 0 <= one.upper:
            imposed.append(one)
            columns.append(cells)
    ends = [one.carried if context.yields else (one.lower, one.upper) for one in imposed]
    rules = label(
        context,
        "target",
        sums(columns),
        np.array([lower for lower, _ in ends]),
        np.array([upper for _, upper in ends]),
        np.array([one.scope for one in imposed], dtype=np.int64),
        np.array([one.year for one in imposed], dtype=np.int64),
        np.arange(len(imposed)),
        np.array([one.figure or np.nan for one in imposed]),
        yields=context.yields,
    )
    return Block(rules, tuple(one.path for one in imposed))


def yearly_rates(context: Context) -> Block:
    """Return the rows of yearly rates and rises: ``Σ x[t] ≥ (1 + g)^gap · Σ x[t-1] + rise``."""
    rules: list[Rules] = []
    paths: list[str] = []
    for chain in context.series.chains:
        paths.append(chain.path)
        for year in range(len(context.plan.years)):
            for end, sign in ((chain.lower, 1.0), (chain.upper, -1.0)):
                if end is not None:
                    row = _yearly_row(
                        context, chain.scope, year, end, sign, len(paths) - 1, rate=chain.rate
                    )
                    rules += [] if row is None else [row]
    return Block(Rules.stack(rules), tuple(paths))


def _yearly_row(
    context: Context,
    scope: int,
    year: int,
    end: tuple[float, float],
    sign: float,
    source: int,
    *,
    rate: bool,
) -> Rules | None:
    gap = float(context.plan.gaps[year])
    factor = end[0] ** gap if rate else 1.0
    rise = end[1] * gap
    now = context.scope_columns(scope, year)
    if not len(now):
        return None
    if year == 0:
        matrix, bound = combine([(now, 1.0)]), factor * context.base(scope) + rise
    else:
        before = context.scope_columns(scope, year - 1)
        if not len(before):
            return None
        matrix, bound = combine([(now, 1.0), (before, -factor)]), rise
    if np.isnan(bound):
        return None
    lower, upper = (bound, np.inf) if sign > 0 else (-np.inf, bound)
    return label(
        context,
        "growth_each_year",
        matrix,
        lower,
        upper,
        scope,
        year,
        source,
        yields=context.yields,
    )


def locks(context: Context) -> Block:
    """Return the settled quotas: a cell, or a region's sum over the years, as an equality.

    A sum of no cells that is 0 is no rule.
    """
    columns, values, scopes, years, paths = [], [], [], [], []
    indicator = context.series.indicator
    for name, held in indicator.locks.items():
        region = context.plan.region_index[plain(name)]
        for key, lock in held.items():
            year = context.plan.year_index[int(key)] if key.isdecimal() else TOTAL
            cells = context.scope_columns(region, EVERY if year == TOTAL else year)
            if not len(cells) and lock.value == 0:
                continue
            columns.append(cells)
            values.append(lock.value)
            scopes.append(region)
            years.append(year)
            paths.append(f"indicators.{indicator.id}.locks.{name}.{key}")
    value = np.array(values, dtype=np.float64)
    rules = label(
        context,
        "lock",
        sums(columns),
        value,
        value,
        np.array(scopes, dtype=np.int64),
        np.array(years, dtype=np.int64),
        np.arange(len(paths)),
    )
    return Block(rules, tuple(paths))


def capacities(context: Context) -> Block:
    """Return ``x ≤ max`` per cell, and the same for the sums of the area and of groups."""
    return _bounds(context, "max")


def floors(context: Context) -> Block:
    """Return ``x ≥ min`` per cell, and the same for the sums of the area and of groups."""
    return _bounds(context, "min")


def _bounds(context: Context, family: str) -> Block:
    grid = context.series.grids.get(family)
    if grid is None:
        return Block(Rules())
    most = family == "max"
    step = context.series.step
    cells = (context.column >= 0) & ~np.isnan(grid.value)
    regions, years = np.nonzero(cells)
    bounds = (down_all if most else up_all)(grid.value[cells], step)
    parts = [
        label(
            context,
            family,
            boxes(context.column[cells]),
            -np.inf if most else bounds,
            bounds if most else np.inf,
            regions,
            years,
            grid.source[cells],
        )
    ]
    # a ratio's area is a weighted mean, never a sum: see ratios.py
    for scope in sum_scopes(context) if context.series.ratio is None else ():
        values = grid.area if scope == AREA else grid.groups[-2 - scope]
        sources = grid.area_source if scope == AREA else grid.groups_source[-2 - scope]
        for year in np.flatnonzero(~np.isnan(values)).tolist():
            columns = context.scope_columns(scope, year)
            if len(columns):
                bound = (down if most else up)(float(values[year]), step)
                ends = (-np.inf, bound) if most else (bound, np.inf)
                row = label(context, family, sums([columns]), *ends, scope, year, sources[year])
                parts.append(row)
    return Block(Rules.stack(parts), grid.paths)


def base_quotas(context: Context) -> Block:
    """Return ``x ≥ base quota`` per cell (``≤`` where less is better), on published numbers.

    Where that cannot be, x is what was settled in its place.
    """
    name, held = context.series.indicator.id, context.held
    if held is None or name not in held.numbers:
        return Block(Rules())
    cells = (context.published >= 0) & ~np.isnan(held.numbers[name])
    number = held.numbers[name][cells]
    settled = held.settled[name][cells] if name in held.settled else np.full(len(number), np.nan)
    kept = np.isnan(settled)
    lower = np.where(kept, -np.inf if name in held.falling else number, settled)
    upper = np.where(kept, number if name in held.falling else np.inf, settled)
    regions, years = np.nonzero(cells)
    columns = boxes(context.published[cells])
    rules = label(context, "base_quota", columns, lower, upper, regions, years, 0)
    return Block(rules, (f"indicators.{name}.target.stretch",))


def total_capacities(context: Context) -> Block:
    """Return ``Σ over years ≤ max``, per region, group or area."""
    return _totals(context, "total.max")


def total_floors(context: Context) -> Block:
    """Return ``Σ over years ≥ min``, per region, group or area."""
    return _totals(context, "total.min")


def _totals(context: Context, family: str) -> Block:
    grid = context.series.grids.get(family)
    if grid is None:
        return Block(Rules())
    most = family == "total.max"
    parts: list[Rules] = []
    regions = range(len(context.plan.regions))
    scoped = [(scope, grid.value[scope, 0], grid.source[scope, 0]) for scope in regions]
    scoped.append((AREA, grid.area[0], grid.area_source[0]))
    scoped += [
        (-2 - number, grid.groups[number, 0], grid.groups_source[number, 0])
        for number in range(len(context.plan.groups))
    ]
    for scope, value, source in scoped:
        columns = context.scope_columns(scope, EVERY)
        if np.isnan(value) or not len(columns):
            continue
        bound = (down if most else up)(float(value), context.series.step)
        ends = (-np.inf, bound) if most else (bound, np.inf)
        parts.append(label(context, family, sums([columns]), *ends, scope, TOTAL, source))
    return Block(Rules.stack(parts), grid.paths)
