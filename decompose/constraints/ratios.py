"""Families of ratios: what the area and groups must reach, limits on regions' values and cuts.

A free ratio is itself the column. The rows of a bound one stand on its numerator: with the
denominators known, a bound on the ratio is one on a sum of numerators, and goes to their grid.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from decompose.constraints.context import Block, Context, boxes, combine, label
from decompose.plan.models import Cumulative
from decompose.plan.order import named, ratio_mode
from decompose.plan.ratios import PERCENT, RatioNumbers, region_base
from decompose.plan.scopes import Grid
from decompose.plan.steps import down, down_all, nearest, up, up_all, value_step_of
from decompose.problem import AREA, Floats, Ints, Matrix, Rules, group_scope

FREE, BOUND = "free", "bound"
CUTS = ("cut.max", "cut.min")


class _Mean(NamedTuple):
    """``lower ≤ weighted mean of a scope's published numbers ≤ upper`` in a year."""

    family: str
    scope: int
    year: int
    lower: float
    upper: float
    path: str
    figure: float = np.nan
    yields: bool = False


def ratio_targets(context: Context) -> Block:
    """Return what the area and groups must reach, a row per year, and limits on their ratio.

    Of a bound ratio also the least and greatest of each region, as rows on its numerator.
    """
    numbers = context.series.ratio
    if numbers is None or _mode(context) not in (FREE, BOUND):
        return Block(Rules())
    means = [
        _Mean("ratio", row.scope, row.year, row.lower, row.upper, row.path, row.figure)
        for row in context.series.ratio_rows
    ]
    means = [mean._replace(yields=context.yields) for mean in means]
    means += _scope_limits(context, numbers)
    block = _rows(context, numbers, means)
    grids = [context.series.grids.get(family) for family in ("max", "min")]
    if _mode(context) != BOUND:
        return block
    rules, paths = [block.rules], block.paths
    for family, grid in zip(("max", "min"), grids, strict=True):
        if grid is not None:
            source = len(paths) + grid.source
            most = family == "max"
            rules.append(_region_rows(context, numbers, family, grid.value, source, most=most))
            paths = (*paths, *grid.paths)
    return Block(Rules.stack(rules), paths)


def greatest_cut(context: Context) -> Block:
    """Return the greatest cut of each region's ratio since the base year; never above 100 %."""
    return _cuts(context, "cut.max")


def least_cut(context: Context) -> Block:
    """Return the least cut of each region's ratio since the base year; 0 unless one is given."""
    return _cuts(context, "cut.min")


def _mode(context: Context) -> str:
    return ratio_mode(context.plan, context.series.indicator)


def _rows(context: Context, numbers: RatioNumbers, means: Sequence[_Mean]) -> Block:
    write = _free_row if _mode(context) == FREE else _bound_row
    written = [(mean, write(context, numbers, mean)) for mean in means]
    kept = [(mean, made) for mean, made in written if made is not None]
    rules = [replace(made, source=np.array([k])) for k, (_, made) in enumerate(kept)]
    return Block(Rules.stack(rules), tuple(mean.path for mean, _ in kept))


def _weights(context: Context, numbers: RatioNumbers, mean: _Mean) -> tuple[Floats, float]:
    members = np.zeros(len(context.plan.regions), dtype=bool)
    members[context.scope_regions(mean.scope)] = True
    return numbers.weights(members, mean.year)


def _free_row(context: Context, numbers: RatioNumbers, mean: _Mean) -> Rules | None:
    weight, _ = _weights(context, numbers, mean)
    here = np.flatnonzero(weight)
    columns = context.column[here, mean.year]
    if not len(columns) or (columns < 0).any():
        return None
    share = weight[here] / weight.sum()
    order = np.argsort(columns)
    matrix = Matrix(np.array([0, len(columns)]), columns[order], share[order])
    figure = mean.figure if mean.figure > 0 else np.nan
    ends = mean.lower, mean.upper
    labels = mean.scope, mean.year, 0
    return label(context, mean.family, matrix, *ends, *labels, figure=figure, yields=mean.yields)


def _bound_row(context: Context, numbers: RatioNumbers, mean: _Mean) -> Rules | None:
    """Write the row on the sum of numerators, its ends inward on their grid.

    Of the area and of a region it holds in whole steps; a group's sum may move where groups cross.
    """
    indicator = context.series.indicator
    top = context.plan.indicator_index.get(named(indicator.numerator) or "", -1)
    weight, constant = _weights(context, numbers, mean)
    whole = float(weight.sum())
    if top not in context.columns or not whole:
        return None
    cells = np.flatnonzero(~np.isnan(numbers.factor[:, mean.year]))
    cells = np.intersect1d(cells, context.scope_regions(mean.scope))
    # without a denominator, a region still adds to the numerator of its scope
    above = np.intersect1d(
        np.flatnonzero(numbers.counts[:, mean.year]), context.scope_regions(mean.scope)
    )
    first = 0 if isinstance(indicator.numerator, Cumulative) else mean.year
    columns = context.columns[top][above, first : mean.year + 1]
    columns = columns[columns >= 0]
    if not len(columns):
        return None
    size = float(numbers.denominator[cells, mean.year].sum()) / numbers.scale
    ends = sorted((constant + whole * end) * size for end in (mean.lower, mean.upper))
    step = value_step_of(context.plan.indicators[top])
    lower, upper = up(ends[0], step), down(ends[1], step)
    if lower > upper:
        lower = upper = nearest((ends[0] + ends[1]) / 2, step)
    matrix = combine([(columns, 1.0)])
    labels = mean.scope, mean.year, 0
    made = label(context, mean.family, matrix, lower, upper, *labels, yields=mean.yields)
    return replace(made, whole=np.array([mean.scope >= AREA]))


# ---- limits of regions ---------------------------------------------------------------------


def _region_rows(
    context: Context,
    numbers: RatioNumbers,
    family: str,
    bounds: Floats,
    source: Ints,
    *,
    most: bool,
) -> Rules:
    """Write bounds on regions' ratios (NaN: none) as rows on numerators, inward on their grid."""
    indicator = context.series.indicator
    top = context.plan.indicator_index.get(named(indicator.numerator) or "", -1)
    if top not in context.columns:
        return Rules()
    below, factor = numbers.denominator, numbers.factor
    cells = ~np.isnan(bounds) & ~np.isnan(factor) & (factor != 0) & (below > 0) & numbers.counts
    regions, years = np.nonzero(cells)
    counted = np.arange(bounds.shape[1]) <= years[:, None]
    if not isinstance(indicator.numerator, Cumulative):
        counted &= np.arange(bounds.shape[1]) == years[:, None]
    counted &= context.columns[top][regions] >= 0
    there = counted.any(axis=1)
    regions, years, counted = regions[there], years[there], counted[there]
    place, columns = (regions, years), context.columns[top][regions]
    # scale · (offset + factor · bound) / below is the ratio: as a bound on the numerator
    ends = numbers.offset[place] + factor[place] * bounds[place]
    least = most == (factor[place] < 0)
    step = value_step_of(context.plan.indicators[top])
    row, year = np.nonzero(counted)
    size = int(columns.max(initial=-1)) + 1
    return label(
        context,
        family,
        Matrix.collect(row, columns[row, year], np.ones(len(row)), rows=len(regions), size=size),
        np.where(least, up_all(ends, step), -np.inf),
        np.where(least, np.inf, down_all(ends, step)),
        regions,
        years,
        source[place],
    )


def _cuts(context: Context, family: str) -> Block:
    numbers = context.series.ratio
    if numbers is None or _mode(context) not in (FREE, BOUND):
        return Block(Rules())
    value, source, paths = _cut_values(context, numbers, family)
    most = (family == "cut.max") == (context.series.indicator.publish == "cut")
    bounds = _published(context, numbers, value)
    if _mode(context) == BOUND:
        return Block(_region_rows(context, numbers, family, bounds, source, most=most), paths)
    cells = ~np.isnan(bounds) & (context.column >= 0)
    to_grid = (down_all if most else up_all)(bounds[cells], context.series.step)
    regions, years = np.nonzero(cells)
    rules = label(
        context,
        family,
        boxes(context.column[cells]),
        -np.inf if most else to_grid,
        to_grid if most else np.inf,
        regions,
        years,
        source[cells],
    )
    return Block(rules, paths)


def _ends(bound: float, *, most: bool) -> tuple[float, float]:
    return (-np.inf, bound) if most else (bound, np.inf)


def _cut_values(
    context: Context, numbers: RatioNumbers, family: str
) -> tuple[Floats, Ints, tuple[str, ...]]:
    """Return the limit on each cell's cut (NaN where there is none), and where the plan says it."""
    indicator = context.series.indicator
    shape = numbers.denominator.shape
    value, source = np.full(shape, np.nan), np.zeros(shape, dtype=np.int64)
    column = _mode(context) == FREE and indicator.publish == "cut"
    kept = column and not context.series.signed  # the column is not below 0 by itself
    if family == "cut.min" and not kept and not indicator.signed and _cuts_wanted(context):
        value[:] = 0.0
    if family == "cut.max" and column:
        value[:] = 1.0  # numerators are not below 0
    grid = context.series.grids.get(family)
    paths: tuple[str, ...] = (f"indicators.{indicator.id}.target",)
    if grid is not None:
        for number, dated in enumerate(_dated(grid, context)):
            cells = grid.source == number
            if not dated:  # a limit on a cut holds for the last year unless a year is named
                cells[:, :-1] = False
            value[cells] = grid.value[cells]
            source[cells] = 1 + number
        paths = (*paths, *grid.paths)
    return value, source, paths


def _cuts_wanted(context: Context) -> bool:
    indicator = context.series.indicator
    figures = (indicator.target.cut, indicator.target.cut_each_year)
    return indicator.publish == "cut" or any(one is not None and one.given for one in figures)


def _dated(grid: Grid, context: Context) -> list[bool]:
    years = {str(year) for year in context.plan.years}
    return [bool(years & set(path.split("."))) for path in grid.paths]


def _published(context: Context, numbers: RatioNumbers, cut: Floats) -> Floats:
    """Turn limits on a cut (fractions) into limits on what is published."""
    if context.series.indicator.publish == "cut":
        return np.asarray(cut * PERCENT)
    base = region_base(numbers)[:, None]
    if context.series.indicator.publish == "rise":
        return np.asarray(-base * cut)
    return np.asarray(base * (1 - cut))


def tiers(context: Context) -> Block:
    """Return the step that each region takes in the last year, as an equality."""
    steps = context.series.tiers
    if steps is None:
        return Block(Rules())
    last = len(context.plan.years) - 1
    regions = np.flatnonzero((context.column[:, last] >= 0) & ~np.isnan(steps))
    columns, values = context.column[regions, last], steps[regions]
    rules = label(context, "tier", boxes(columns), values, values, regions, last, 0)
    return Block(rules, (f"indicators.{context.series.indicator.id}.tiers",))


# ---- limits of the area and of groups ------------------------------------------------------


def _scope_limits(context: Context, numbers: RatioNumbers) -> Iterator[_Mean]:
    """List the limits on the ratio of the area or a group, in numbers of its own."""
    for family in ("max", "min", *CUTS):
        grid = context.series.grids.get(family)
        if grid is None:
            continue
        dated = _dated(grid, context)
        scoped = [(AREA, grid.area, grid.area_source)]
        scoped += [
            (group_scope(k), grid.groups[k], grid.groups_source[k])
            for k in range(len(context.plan.groups))
        ]
        for scope, values, sources in scoped:
            for year in np.flatnonzero(~np.isnan(values)).tolist():
                last = year == len(context.plan.years) - 1
                if family not in CUTS or last or dated[sources[year]]:
                    path = grid.paths[sources[year]]
                    yield from _scope_limit(
                        context, numbers, family, scope, year, float(values[year]), path
                    )


def _scope_limit(
    context: Context,
    numbers: RatioNumbers,
    family: str,
    scope: int,
    year: int,
    limit: float,
    path: str,
) -> Iterator[_Mean]:
    """Turn a limit on a scope's own number into one on the mean of its regions' numbers."""
    publish = context.series.indicator.publish
    mean = _Mean("ratio", scope, year, -np.inf, np.inf, path)
    members = np.zeros(len(context.plan.regions), dtype=bool)
    members[context.scope_regions(scope)] = True
    base = numbers.base_of(members)
    weight, constant = numbers.weights(members, year)
    if not weight.any():
        return
    if family in CUTS:
        value = base * (1 - limit)
    elif publish == "cut":
        value = base * (1 - limit / PERCENT)
    else:
        value = limit if publish == "value" else base + limit
    most = family == "max" or (family in CUTS and (family == "cut.max") == (publish == "cut"))
    lower, upper = _ends((value - constant) / float(weight.sum()), most=most)
    yield mean._replace(lower=lower, upper=upper)
