"""Families of ratios: what the area and groups must reach, limits on regions' values and cuts.

A free ratio is itself the column; the rows of a bound one stand on its numerator, whose column
is ``offset + factor · p`` turned round.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from decompose.constraints.context import Block, Context, boxes, combine, label
from decompose.plan.models import Cumulative
from decompose.plan.order import named, ratio_mode
from decompose.plan.ratios import PERCENT, RatioNumbers
from decompose.plan.steps import down_all, up_all
from decompose.problem import AREA, Bools, Floats, Ints, Matrix, Rules
from decompose.series import RatioRow


def ratio_targets(context: Context) -> Block:
    """Return ``lower ≤ Σ weight · p ≤ upper`` for the area and groups, a row per year."""
    numbers = context.series.ratio
    if numbers is None:
        return Block(Rules())
    mode = ratio_mode(context.plan, context.series.indicator)
    rules: list[Rules] = []
    paths: list[str] = []
    for row in context.series.ratio_rows if mode in ("free", "bound") else ():
        made = _free_row(context, row) if mode == "free" else _bound_row(context, row, numbers)
        paths.append(row.path)
        rules += [replace(made, source=np.array([len(paths) - 1]))] if made is not None else []
    if mode == "free":
        bounds = _scope_bounds(context, numbers)
        rules.append(replace(bounds.rules, source=bounds.rules.source + len(paths)))
        paths += bounds.paths
    return Block(Rules.stack(rules), tuple(paths))


def _free_row(context: Context, row: RatioRow) -> Rules | None:
    columns = context.column[:, row.year]
    here = (columns >= 0) & (row.weight != 0)
    if not here.any():
        return None
    matrix = _weighted(columns[here], row.weight[here])
    figure = row.figure if row.figure > 0 else np.nan
    return label(context, "ratio", matrix, row.lower, row.upper, row.scope, row.year, 0, figure)


def _weighted(columns: Ints, weight: Floats) -> Matrix:
    order = np.argsort(columns)
    return Matrix(np.array([0, len(columns)]), columns[order], weight[order])


def _bound_row(context: Context, row: RatioRow, numbers: RatioNumbers) -> Rules | None:
    """Write the row on the numerator: ``p = (numerator - offset) / factor``."""
    indicator = context.series.indicator
    top = context.plan.indicator_index.get(named(indicator.numerator) or "", -1)
    if top not in context.columns:
        return None
    added_up = isinstance(indicator.numerator, Cumulative)
    factor, offset = numbers.factor[:, row.year], numbers.offset[:, row.year]
    here = (row.weight != 0) & ~np.isnan(factor)
    per_unit = np.where(here, row.weight / np.where(here, factor, 1.0), 0.0)
    constant = float((per_unit * np.where(here, offset, 0.0)).sum())
    years = range(row.year + 1) if added_up else (row.year,)
    parts = []
    for year in years:
        columns = context.columns[top][:, year]
        parts += [
            (columns[region : region + 1], float(per_unit[region]))
            for region in np.flatnonzero(here & (columns >= 0)).tolist()
        ]
    if not parts:
        return None
    ends = row.lower + constant, row.upper + constant
    return label(context, "ratio", combine(parts), *ends, row.scope, row.year, 0)


def greatest_cut(context: Context) -> Block:
    """Return the greatest cut of each region's ratio since the base year."""
    return _cuts(context, "cut.max")


def least_cut(context: Context) -> Block:
    """Return the least cut of each region's ratio since the base year; 0 unless one is given."""
    return _cuts(context, "cut.min")


def _cuts(context: Context, family: str) -> Block:
    grid = context.series.grids.get(family)
    numbers = context.series.ratio
    if numbers is None or ratio_mode(context.plan, context.series.indicator) != "free":
        return Block(Rules())
    indicator = context.series.indicator
    shape = numbers.denominator.shape
    value, source = np.full(shape, np.nan), np.full(shape, 0, dtype=np.int64)
    paths: tuple[str, ...] = (f"indicators.{indicator.id}.target",)
    if family == "cut.min" and indicator.publish != "cut" and _cuts_wanted(context):
        value[:] = 0.0
    if grid is not None:
        named_years = _dated(grid.paths, context)
        for path_number, dated in enumerate(named_years):
            cells = grid.source == path_number
            if not dated:  # a limit on a cut holds for the last year unless a year is named
                cells[:, :-1] = False
            value[cells] = grid.value[cells]
            source[cells] = 1 + path_number
        paths = (*paths, *grid.paths)
    cells = ~np.isnan(value) & (context.column >= 0)
    bounds = _published(context, value, cells)
    most = (family == "cut.max") == (indicator.publish == "cut")
    step = context.series.step
    to_grid = (down_all if most else up_all)(bounds, step)
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


def _cuts_wanted(context: Context) -> bool:
    target = context.series.indicator.target
    return any(one is not None and one.given for one in (target.cut, target.cut_each_year))


def _dated(paths: tuple[str, ...], context: Context) -> list[bool]:
    years = {str(year) for year in context.plan.years}
    return [bool(years & set(path.split("."))) for path in paths]


def _published(context: Context, cut: Floats, cells: Bools) -> Floats:
    """Turn limits on a cut (fractions) into limits on what is published."""
    if context.series.indicator.publish == "cut":
        return np.asarray(cut[cells] * PERCENT)
    base = np.broadcast_to(context.series.base[:, None], cut.shape)[cells]
    if context.series.indicator.publish == "rise":
        return np.asarray(-base * cut[cells])
    return np.asarray(base * (1 - cut[cells]))


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


def _scope_bounds(context: Context, numbers: RatioNumbers) -> Block:
    """Return floors and capacities of the area's or a group's ratio (a weighted mean)."""
    rules: list[Rules] = []
    paths: list[str] = []
    everyone = np.ones(len(context.plan.regions), dtype=bool)
    for family in ("max", "min"):
        grid = context.series.grids.get(family)
        if grid is None:
            continue
        scoped = [(AREA, everyone, grid.area, grid.area_source)]
        scoped += [
            (-2 - k, context.plan.members[k], grid.groups[k], grid.groups_source[k])
            for k in range(len(context.plan.groups))
        ]
        for scope, members, values, sources in scoped:
            for year in np.flatnonzero(~np.isnan(values)).tolist():
                weight, constant = numbers.weights(members, year)
                columns = context.column[:, year]
                here = (columns >= 0) & (weight != 0)
                bound = float(values[year]) - constant
                most = family == "max"
                paths.append(grid.paths[sources[year]])
                rules.append(
                    label(
                        context,
                        "ratio",
                        _weighted(columns[here], weight[here]),
                        -np.inf if most else bound,
                        bound if most else np.inf,
                        scope,
                        year,
                        len(paths) - 1,
                    )
                )
    return Block(Rules.stack(rules), tuple(paths))
