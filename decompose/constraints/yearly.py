"""Yearly cuts and rises: the ratio of the area or a group against that of the year before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from decompose.constraints.context import Block, Context, label
from decompose.plan.models import Cumulative
from decompose.plan.order import named, ratio_mode
from decompose.plan.ratios import RatioNumbers, YearlyChange
from decompose.plan.steps import down, up, value_step_of
from decompose.problem import AREA, Bools, Floats, Ints, Matrix, Rules


class _Level(NamedTuple):
    """A scope's ratio in a year, in the printed unit: ``constant + Σ factor · column``.

    ``unit`` is what one more of what is rounded adds to it.
    """

    column: Ints
    factor: Floats
    constant: float
    unit: float


def yearly_cuts(context: Context) -> Block:
    """Return ``ratio[t] ≤ (1 - c)^gap · ratio[t-1]``, and ``≥`` where the cut has an end above.

    Of the first year against the base year, the target's own row says it.
    """
    return _between_years(context, "cut_each_year")


def yearly_rises(context: Context) -> Block:
    """Return ``ratio[t] ≥ ratio[t-1] + gap · rise``, and ``≤`` where the rise has an end above."""
    return _between_years(context, "rise_each_year")


def _between_years(context: Context, family: str) -> Block:
    numbers, mode = context.series.ratio, ratio_mode(context.plan, context.series.indicator)
    asked = [one for one in context.series.yearly if one.change.key == family]
    if numbers is None or not asked or mode not in ("free", "bound"):
        return Block(Rules())
    level = _free_level if mode == "free" else _bound_level
    parts: list[Rules] = []
    for source, one in enumerate(asked):
        members = np.zeros(len(context.plan.regions), dtype=bool)
        members[context.scope_regions(one.scope)] = True
        levels = [level(context, numbers, members, year) for year in range(len(context.plan.years))]
        for year in range(1, len(levels)):
            now, before = levels[year], levels[year - 1]
            if now is not None and before is not None:
                rows = _rows(context, one.change, now, before, one.scope, year)
                parts += [replace(row, source=np.array([source])) for row in rows]
    return Block(Rules.stack(parts), tuple(one.path for one in asked))


def _free_level(
    context: Context, numbers: RatioNumbers, members: Bools, year: int
) -> _Level | None:
    """Return the weighted mean of what regions print; None where one prints nothing."""
    weight, constant = numbers.weights(members, year)
    here = np.flatnonzero(weight)
    columns = context.column[here, year]
    if not len(columns) or (columns < 0).any():
        return None
    return _Level(columns, weight[here], constant, float(weight.sum()))


def _bound_level(
    context: Context, numbers: RatioNumbers, members: Bools, year: int
) -> _Level | None:
    """Return the ratio of the sum of numerators, as far as they are printed a constant."""
    numerator = context.series.indicator.numerator
    top = context.plan.indicator_index.get(named(numerator) or "", -1)
    cells = np.flatnonzero(members & ~np.isnan(numbers.factor[:, year]))
    years = slice(0 if isinstance(numerator, Cumulative) else year, year + 1)
    if top not in context.columns or not len(cells):
        return None
    above = np.flatnonzero(members & numbers.counts[:, year])
    columns = context.columns[top][above, years]
    printed = context.printed.get(top, np.full(context.column.shape, np.nan))[above, years]
    open_cells = (columns >= 0) & np.isnan(printed)
    if not open_cells.any() and np.isnan(printed).all():
        return None
    unit = numbers.scale / float(numbers.denominator[cells, year].sum())
    factor = np.full(int(open_cells.sum()), unit)
    return _Level(columns[open_cells], factor, unit * float(np.nansum(printed)), unit)


def _rows(
    context: Context, change: YearlyChange, now: _Level, before: _Level, scope: int, year: int
) -> Iterator[Rules]:
    """Write both ends, in what is rounded: the printed number of a free ratio, else numerators."""
    for ends in change.rows(int(context.plan.gaps[year])):
        yield _row(context, now, before, scope, year, change, ends)


def _row(
    context: Context,
    now: _Level,
    before: _Level,
    scope: int,
    year: int,
    change: YearlyChange,
    ends: tuple[float, float, float],
) -> Rules:
    """Write ``lower ≤ (now - part · before) / unit ≤ upper``.

    On a sum of numerators alone the ends go inward to their grid, the safe one first: the area's
    row then holds in whole steps.
    """
    part, *bounds = ends
    column = np.concatenate([now.column, before.column])
    value = np.concatenate([now.factor, -part * before.factor]) / now.unit
    size = int(column.max(initial=-1)) + 1
    matrix = Matrix.collect(np.zeros_like(column), column, value, rows=1, size=size)
    constant = (now.constant - part * before.constant) / now.unit
    lower, upper = sorted(end / now.unit - constant for end in bounds)
    row = label(context, change.key, matrix, lower, upper, scope, year, 0)
    if len(before.column) or ratio_mode(context.plan, context.series.indicator) == "free":
        return row
    top = context.plan.indicator_index[named(context.series.indicator.numerator) or ""]
    step = value_step_of(context.plan.indicators[top])
    least, most = up(lower, step), down(upper, step)
    if least > most:
        least = most = least if change.rises else most
    grid = np.array([least]), np.array([most])
    return replace(row, lower=grid[0], upper=grid[1], whole=np.array([scope >= AREA]))
