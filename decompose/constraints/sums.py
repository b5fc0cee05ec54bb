"""Families on sums and cells: targets, yearly rates of targets, locks, floors, capacities."""

from __future__ import annotations

import numpy as np

from decompose.constraints.context import Block, Context, boxes, combine, label, sum_scopes, sums
from decompose.constraints.years import against_before
from decompose.figures import plain
from decompose.plan.ratios import PERCENT
from decompose.plan.steps import down_all, up_all
from decompose.problem import AREA, TOTAL, Floats, Ints, Matrix, Rules
from decompose.series import Sum

EVERY = slice(None)


def targets(context: Context) -> Block:
    """Return what scopes must reach: ``lower ≤ Σ x ≤ upper``, with the figure handed out.

    A sum of no cells that may be 0 is no rule. No sum is brought near to 0, of which nothing is
    a share: its bounds and its cells' references say enough. Of growth, which is settled year by
    year, an open year comes near to the path, so that no year leaves its part to the later ones.
    A target that gives way is measured by its own figure, also where rows between years would bind
    it otherwise.
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
    path = f"indicators.{context.series.indicator.id}.path"
    rules = Rules.stack([rules, *_on_the_path(context, len(imposed))])
    return Block(rules, (*(one.path for one in imposed), path))


def _on_the_path(context: Context, source: int) -> list[Rules]:
    """Let the area's sum of the year whose growth is settled, where it is open, be near the path.

    It binds nothing.
    """
    growth = context.series.growth
    if growth is None:
        return []
    said = {one.year for one in context.series.sums if one.scope == AREA}
    cells = context.scope_columns(AREA, growth.year)
    handed = float(context.series.handed[growth.year])
    if growth.year in said or not len(cells) or not handed > 0:
        return []
    ends = -np.inf, np.inf
    rows = sums([cells])
    return [label(context, "target", rows, *ends, AREA, growth.year, source, handed)]


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

    A sum of no cells that is 0 is no rule. Where growth is published, growth is what is locked.
    """
    columns, values, scopes, years, paths = [], [], [], [], []
    indicator = context.series.indicator
    if context.series.growth is not None:
        return _locked_growth(context)
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


def _locked_growth(context: Context) -> Block:
    """Return ``x[t] = (1 + lock)^gap · x[t-1]``."""
    indicator, shape = context.series.indicator, context.column.shape
    rates, source = np.full(shape, np.nan), np.zeros(shape, dtype=np.int64)
    paths: list[str] = []
    for name, held in indicator.locks.items():
        for key, lock in held.items():
            cell = context.plan.region_index[plain(name)], context.plan.year_index[int(key)]
            rates[cell], source[cell] = lock.value, len(paths)
            paths.append(f"indicators.{indicator.id}.locks.{name}.{key}")
    return Block(_growing(context, "lock", rates, source, side="both"), tuple(paths))


def _growing(context: Context, family: str, rates: Floats, source: Ints, *, side: str) -> Rules:
    """Compare each value with that of the year before, grown at a rate in percent."""
    factor = (1 + rates / PERCENT) ** context.plan.gaps
    zero = np.zeros(rates.shape)
    rules = against_before(context, family, factor=factor, rise=zero, source=source, side=side)
    return Rules.stack(rules)


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
    step = context.series.value_step
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
    if context.series.ratio is None:
        of_sums = [grid.of_sum(scope) for scope in sum_scopes(context)]
        values, sources = (np.stack(one) for one in zip(*of_sums, strict=True))
        place, year = np.nonzero(~np.isnan(values))
        scopes = np.array(sum_scopes(context), dtype=np.int64)[place]
        where = zip(scopes.tolist(), year.tolist(), strict=True)
        columns = [context.scope_columns(*one) for one in where]
        bound, source = values[place, year], sources[place, year]
        parts.append(_bounded(context, family, sums(columns), bound, scopes, year, source))
    return Block(Rules.stack(parts), grid.paths)


def base_quotas(context: Context) -> Block:
    """Return ``x ≥ base quota`` per cell (``≤`` where less is better), on published numbers.

    Where that cannot be, x is what was settled in its place.
    """
    name, held = context.series.indicator.id, context.held
    if held is None or name not in held.numbers:
        return Block(Rules())
    path = f"indicators.{name}.target.stretch"
    number = held.numbers[name]
    settled = held.settled.get(name, np.full(number.shape, np.nan))
    falls, kept = name in held.falling, np.isnan(settled)
    if context.series.growth is not None:
        nowhere = np.zeros(number.shape, dtype=np.int64)
        if held.settled:  # later years keep to what is left of theirs in their own turn
            number = np.where(context.published >= 0, number, np.nan)
            kept &= context.published >= 0
        parts = [
            _growing(context, "base_quota", np.where(kept, number, np.nan), nowhere, side=side)
            for side in ("most" if falls else "least",)
        ]
        parts.append(_growing(context, "base_quota", settled, nowhere, side="both"))
        return Block(Rules.stack(parts), (path,))
    cells = (context.published >= 0) & ~np.isnan(number)
    number, settled, kept = number[cells], settled[cells], kept[cells]
    lower = np.where(kept, -np.inf if falls else number, settled)
    upper = np.where(kept, number if falls else np.inf, settled)
    regions, years = np.nonzero(cells)
    columns = boxes(context.published[cells])
    rules = label(context, "base_quota", columns, lower, upper, regions, years, 0)
    return Block(rules, (path,))


def total_capacities(context: Context) -> Block:
    """Return ``Σ over years ≤ max``, per region, group or area."""
    return _totals(context, "total.max")


def total_floors(context: Context) -> Block:
    """Return ``Σ over years ≥ min``, per region, group or area."""
    return _totals(context, "total.min")


def _bounded(
    context: Context,
    family: str,
    matrix: Matrix,
    bound: Floats,
    scope: Ints,
    year: Ints | int,
    source: Ints,
) -> Rules:
    """Return the rows of sums with one bound each, where they have columns."""
    most, step = family.endswith("max"), context.series.value_step
    none = np.full(len(matrix), -np.inf if most else np.inf)
    ends = (none, down_all(bound, step)) if most else (up_all(bound, step), none)
    rules = label(context, family, matrix, ends[0], ends[1], scope, year, source)
    return rules.take(np.flatnonzero(rules.matrix.counts > 0))


def _row_sums(columns: Ints) -> Matrix:
    """Return the sum of each row of columns (-1: none)."""
    there = columns >= 0
    column = columns[there].astype(np.int64)
    return Matrix(np.append(0, np.cumsum(there.sum(axis=1))), column, np.ones(len(column)))


def _totals(context: Context, family: str) -> Block:
    grid = context.series.grids.get(family)
    if grid is None:
        return Block(Rules())
    scope = np.array([*range(len(context.plan.regions)), *sum_scopes(context)], dtype=np.int64)
    value = np.concatenate([grid.value[:, 0], grid.area[:1], grid.groups[:, 0]])
    source = np.concatenate([grid.source[:, 0], grid.area_source[:1], grid.groups_source[:, 0]])
    there = np.flatnonzero(~np.isnan(value))
    regions = context.column[scope[there][scope[there] >= 0]]
    of_groups = scope[there][scope[there] < 0].tolist()
    matrix = Matrix.stack(
        [_row_sums(regions), sums([context.scope_columns(one, EVERY) for one in of_groups])]
    )
    rules = _bounded(context, family, matrix, value[there], scope[there], TOTAL, source[there])
    return Block(rules, grid.paths)
