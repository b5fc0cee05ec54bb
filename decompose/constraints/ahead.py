"""The family of later years: what their limits leave of a year that is settled before them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from decompose.constraints.context import Block, Context, boxes, label
from decompose.figures import plain
from decompose.plan.ratios import PERCENT
from decompose.problem import Floats, Ints, Rules

Row = tuple[Floats, Ints]
"""A number per region, NaN where there is none; and the index of its path."""


def ahead(context: Context) -> Block:
    """Return what the rules of each region on later years leave of the value of this one.

    Floors, capacities and known wholes are carried back along growth, ramp, locked growth and
    monotone; totals over the years by the least and the greatest growth. Where all rules hold
    before rounding they say nothing new; on the grid of what is published they keep rounding from
    leaving no room for a later year.
    """
    growth = context.series.growth
    if growth is None:
        return Block(Rules())
    told = _Told(context, [])
    regions = len(context.plan.regions)
    high: Row = np.full(regions, np.nan), np.zeros(regions, dtype=np.int64)
    low: Row = np.full(regions, np.nan), np.zeros(regions, dtype=np.int64)
    for year in reversed(range(growth.year + 1, len(context.plan.years))):
        for bound in told.bounds(year, most=True):
            high = _tighter(high, bound, np.less)
        for bound in told.bounds(year, most=False):
            low = _tighter(low, bound, np.greater)
        high, low = told.before(high, year, most=True), told.before(low, year, most=False)
    for bound in told.totals(growth.year, most=True):
        high = _tighter(high, bound, np.less)
    for bound in told.totals(growth.year, most=False):
        low = _tighter(low, bound, np.greater)
    parts = [
        _boxes(context, growth.year, row, most=most) for row, most in ((high, True), (low, False))
    ]
    return Block(Rules.stack(parts), tuple(told.paths))


def _tighter(held: Row, other: Row, better: np.ufunc) -> Row:
    takes = better(other[0], held[0]) | (np.isnan(held[0]) & ~np.isnan(other[0]))
    return np.where(takes, other[0], held[0]), np.where(takes, other[1], held[1])


def _boxes(context: Context, year: int, row: Row, *, most: bool) -> Rules:
    bound, source = row
    regions = np.flatnonzero(~np.isnan(bound) & (context.column[:, year] >= 0))
    value = bound[regions]
    return label(
        context,
        "ahead",
        boxes(context.column[regions, year]),
        -np.inf if most else value,
        value if most else np.inf,
        regions,
        year,
        source[regions],
    )


@dataclass(frozen=True)
class _Told:
    """What the plan says of each region, year by year, and where."""

    context: Context
    paths: list[str]

    def bounds(self, year: int, *, most: bool) -> Iterator[Row]:
        """Give the bounds of a year's values."""
        grid = self.context.series.grids.get("max" if most else "min")
        if grid is not None:
            yield self._row(grid.value[:, year], grid.source[:, year], grid.paths)
        if not most:
            return
        indicator, index = self.context.series.indicator, self.context.plan.indicator_index
        wholes = [indicator.parent, *(link.part_of for link in indicator.links)]
        for name in wholes:
            known = self.context.known.get(index.get(name or "", -1))
            if known is not None:
                nowhere = np.zeros(len(known), dtype=np.int64)
                yield self._row(known[:, year], nowhere, (f"indicators.{indicator.id}.links",))

    def before(self, row: Row, year: int, *, most: bool) -> Row:
        """Carry a bound of a year's values back to the year before.

        A greatest value is carried back by the least growth and rise, a least one by the greatest.
        """
        bound, source = row
        found: Row = np.full(len(bound), np.nan), source
        better = np.less if most else np.greater
        for factor, rise in self._steps(year, least=most):
            with np.errstate(divide="ignore", invalid="ignore"):
                back = np.where(factor > 0, (bound - rise) / factor, np.nan)
            found = _tighter(found, (back, source), better)
        return found

    def totals(self, first: int, *, most: bool) -> Iterator[Row]:
        """Give what a total over the years leaves of the first that is open.

        The others are at least, or at most, what it grows to.
        """
        series = self.context.series
        grid = series.grids.get("total.max" if most else "total.min")
        if grid is None:
            return
        times = np.ones(len(series.base))
        grown = times.copy()
        for year in range(first + 1, len(self.context.plan.years)):
            factors = [factor for factor, rise in self._steps(year, least=most) if not rise.any()]
            worst = np.fmax if most else np.fmin
            grown = grown * worst.reduce([np.full(len(times), np.nan), *factors])
            times = times + np.where(self.context.column[:, year] >= 0, grown, 0.0)
        printed = np.zeros(len(times)) if series.printed is None else np.nansum(series.printed, 1)
        yield self._row((grid.value[:, 0] - printed) / times, grid.source[:, 0], grid.paths)

    def _steps(self, year: int, *, least: bool) -> Iterator[tuple[Floats, Floats]]:
        """Give what bounds the change from the year before: ``factor · before + rise``."""
        series, end = self.context.series, "min" if least else "max"
        gap = int(self.context.plan.gaps[year])
        one, none = np.ones(len(series.base)), np.zeros(len(series.base))
        if (grid := series.grids.get(f"growth.{end}")) is not None:
            yield (1 + grid.value[:, year]) ** gap, none
        if (grid := series.grids.get(f"ramp.{end}")) is not None:
            yield one, grid.value[:, year] * gap
        if series.indicator.limits.monotone == ("up" if least else "down"):
            yield one, none
        locked = np.full(len(one), np.nan)
        for name, held in series.indicator.locks.items():
            for key, lock in held.items():
                if int(key) == self.context.plan.years[year]:
                    locked[self.context.plan.region_index[plain(name)]] = 1 + lock.value / PERCENT
        yield locked**gap, none

    def _row(self, value: Floats, source: Ints, paths: tuple[str, ...]) -> Row:
        first = len(self.paths)
        self.paths.extend(paths)
        return value, source + first
