"""Plan and tables as numbers: what each scope must reach by year, and each cell's reference.

One :class:`Series` per indicator holds what every family of rules needs: bases, sums with their
bounds on the grid, limits laid over regions and years, references.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from decompose.figures import plain
from decompose.plan.bases import settled_bases
from decompose.plan.content import PlanContent
from decompose.plan.models import Indicator
from decompose.plan.order import Turn
from decompose.plan.ratios import Known
from decompose.plan.scopes import limit_grids
from decompose.plan.sharing import convergence, share_out
from decompose.plan.steps import step_of, value_step_of
from decompose.problem import AREA, Bools, Floats, group_of
from decompose.series.fitting import fitted
from decompose.series.growth import growth_grids, growth_of
from decompose.series.handed import assigned, handed_out
from decompose.series.model import Chain, RatioRow, Scope, Series, Sum, rises_from
from decompose.series.negative import negative_reference, not_below_zero
from decompose.series.ratio import ratio_series, undivided
from decompose.series.sums import chains_of, scopes_of, sums_of

__all__ = [
    "AT_ONCE",
    "Chain",
    "RatioRow",
    "Series",
    "Sum",
    "group_figures",
    "negative_reference",
    "rises_from",
    "series_of",
    "undivided",
]

AT_ONCE = Turn()
"""All years are settled together."""


def series_of(
    content: PlanContent,
    indicator: Indicator,
    known: Known,
    tiers: Floats | None = None,
    turn: Turn = AT_ONCE,
) -> Series:
    """Turn one indicator of a plan into numbers.

    Parameters
    ----------
    content, indicator
        The plan, and one of its indicators.
    known
        Printed values of the indicators that are settled already.
    tiers
        The steps that regions take of a ratio with tiers, in the published unit.
    turn
        The year whose turn it is.
    """
    number = content.indicator_index[indicator.id]
    first = turn.first(number)
    printed = _printed(known, indicator, first)
    if indicator.kind == "ratio":
        found = ratio_series(content, indicator, known, tiers, turn)
        return replace(found, first=first, printed=printed)
    base, base_sum = settled_bases(content, indicator)
    applies = assigned(content, indicator)
    takes = np.asarray(applies.any(axis=0))
    grows = indicator.publish == "growth"
    scopes = list(scopes_of(content, indicator, base, base_sum, printed if grows else None))
    sums: list[Sum] = []
    chains: list[Chain] = []
    for scope in scopes:
        sums += _as_written(content, indicator, scope, takes)
        chains += chains_of(scope)
    sums = fitted(content, indicator, scopes, sums, applies)
    handed = handed_out(content, indicator, sums, base_sum, takes, scopes[0].printed)
    grids = limit_grids(content, indicator)
    growth = None
    if grows:
        before = base if printed is None else printed[:, first - 1]
        touching = turn.rates.get(indicator.id)
        growth, reference = growth_of(content, indicator, handed, before, first, touching)
        grids = growth_grids(content, indicator, grids)
    else:
        reference = not_below_zero(
            _references(content, indicator, applies, handed, sums, base, base_sum),
            step_of(indicator),
            signed=indicator.signed,
            past=content.past,
        )
    return Series(
        indicator=indicator,
        number=number,
        step=step_of(indicator),
        value_step=value_step_of(indicator),
        base=base,
        base_sum=base_sum,
        applies=applies,
        sums=tuple(sums),
        chains=tuple(chains),
        handed=handed,
        reference=reference,
        grids=grids,
        signed=bool((grids["growth.min"].value < 0).any()) if grows else indicator.signed,
        growth=growth,
        first=first,
        printed=printed,
    )


def _as_written(
    content: PlanContent, indicator: Indicator, scope: Scope, takes: Bools
) -> Iterator[Sum]:
    """List what a scope must reach; under a margin also what would be handed out without it."""
    plain = replace(scope, margin=0.0)
    written = {
        (one.path, one.year): one.figure
        for one in (sums_of(content, indicator, plain, takes) if scope.margin else ())
    }
    for one in sums_of(content, indicator, scope, takes):
        yield replace(one, written=written.get((one.path, one.year), one.figure))


def _printed(known: Known, indicator: Indicator, first: int) -> Floats | None:
    """Return what is printed of the years before the first that is open."""
    values = known.get(indicator.id)
    if first == 0 or values is None:
        return None
    before = np.arange(values.shape[1]) < first
    return np.where(before, values, np.nan)


def _references(
    content: PlanContent,
    indicator: Indicator,
    applies: Bools,
    handed: Floats,
    sums: list[Sum],
    base: Floats,
    base_sum: float,
) -> Floats:
    """Return shares × sums; where the area has no figure, a group's own figure is shared out."""
    if indicator.sum_of and np.isnan(handed).all():
        return _sum_of_references(content, indicator, applies)
    if indicator.increase_of is not None and np.isnan(handed).all():
        return _increase_of_references(content, indicator, applies)
    rises = indicator.publish == "increment" and indicator.kind == "level"
    if rises:
        handed = handed - rises_from(handed, base_sum)
    regions, years = applies.shape
    reference = np.full((regions, years), np.nan)
    way = convergence(content, indicator)
    parts_of_way = np.ones(years) if way is None else way
    known: dict[tuple[bytes, float], Floats] = {}
    groups = sorted(
        group_figures(content, indicator, sums, base),
        key=lambda one: content.group_names[group_of(one.scope)],
    )
    for year in range(years):
        takes = applies[:, year] & ~content.reserve
        key = takes.tobytes(), float(parts_of_way[year])
        if key not in known:
            known[key] = share_out(content, indicator, takes, key[1])
        share = known[key]
        if not np.isnan(handed[year]):
            reference[applies[:, year], year] = (share * handed[year])[applies[:, year]]
            continue
        for one in groups:  # by name: of a region in two groups, the first sets the reference
            if one.year != year:
                continue
            inside = content.members[group_of(one.scope)] & applies[:, year]
            weight = share[inside].sum()
            parts = share / weight if weight > 0 else np.zeros(regions)
            open_cells = inside & np.isnan(reference[:, year])
            reference[open_cells, year] = (parts * one.figure)[open_cells]
    for region, column, value in locked_cells(content, indicator):
        if np.isnan(reference[region, column]):
            reference[region, column] = 0.0 if content.reserve[region] else max(value, 0.0)
    return reference


def group_figures(
    content: PlanContent, indicator: Indicator, sums: Sequence[Sum], base: Floats
) -> list[Sum]:
    """Return what groups share out by year: their figures, or how far these rise."""
    found = [one for one in sums if one.scope < AREA and not np.isnan(one.figure)]
    if indicator.publish != "increment":
        return found
    risen: list[Sum] = []
    for scope in {one.scope for one in found}:
        own = {one.year: one for one in reversed(found) if one.scope == scope}
        figures = np.full(len(content.years), np.nan)
        figures[list(own)] = [one.figure for one in own.values()]
        before = rises_from(figures, float(np.nansum(base[content.members[group_of(scope)]])))
        risen += [replace(one, figure=one.figure - before[year]) for year, one in own.items()]
    return risen


def _sum_of_references(content: PlanContent, indicator: Indicator, applies: Bools) -> Floats:
    """Return the sum of the parts' references: a sum without a target follows its parts."""
    parts = [
        series_of(content, content.indicators[content.indicator_index[name]], {}).reference
        for name in indicator.sum_of
    ]
    known = np.any([~np.isnan(part) for part in parts], axis=0)
    return np.where(applies & known, np.nansum(parts, axis=0), np.nan)


def _increase_of_references(content: PlanContent, indicator: Indicator, applies: Bools) -> Floats:
    """Return the yearly rise of the level's references, not below 0."""
    name = indicator.increase_of or ""
    level = series_of(content, content.indicators[content.indicator_index[name]], {})
    before = np.concatenate([level.base[:, None], level.reference[:, :-1]], axis=1)
    rise = level.reference - before
    return np.where(applies, rise, np.nan)


def locked_cells(content: PlanContent, indicator: Indicator) -> Iterator[tuple[int, int, float]]:
    """List the cells that a lock fixes: index of region, index of year, value."""
    for region, locks in indicator.locks.items():
        for year, lock in locks.items():
            if year.isdecimal():
                yield content.region_index[plain(region)], content.year_index[int(year)], lock.value
