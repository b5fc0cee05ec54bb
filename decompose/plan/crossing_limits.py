"""Mistakes of limits and locks: names, clashes, bounds that cross, bases that are missing."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from decompose.errors import Mistake
from decompose.figures import percent, plain
from decompose.labels import say
from decompose.plan.bases import settled_bases
from decompose.plan.content import PlanContent
from decompose.plan.crossing_figures import base_unknown
from decompose.plan.hints import hint
from decompose.plan.models import Indicator
from decompose.plan.scopes import Grid, limit_grids
from decompose.plan.steps import on_grid, step_of

Path = tuple[str | int, ...]

_RATES = ("growth.", "share.")
_NEED_BASE = {
    "growth.max": "why_growth",
    "growth.min": "why_growth",
    "ramp.max": "why_ramp",
    "ramp.min": "why_ramp",
    "share_shift": "why_share_shift",
}


def limit_mistakes(content: PlanContent, indicator: Indicator, path: Path) -> Iterator[Mistake]:
    """List the mistakes of an indicator's limits and locks."""
    grids = limit_grids(content, indicator)
    for name, grid in grids.items():
        yield from grid.mistakes
        yield from _range(name, grid, (*path, "limits", *name.split(".")))
    if indicator.kind == "level" and (indicator.limits.total.min or indicator.limits.total.max):
        yield Mistake(say("total_of_level"), (*path, "limits", "total"))
    for name in ("", "total.", "ramp.", *_RATES):
        if f"{name}min" in grids and f"{name}max" in grids:
            told = percent if name in _RATES else float
            yield from _crossed(content, grids[f"{name}min"], grids[f"{name}max"], told)
    if indicator.kind != "ratio":  # whose base comes from numerator and denominator
        yield from _bases(content, indicator, grids, path)
    yield from _locks(content, indicator, path)


def _range(name: str, grid: Grid, path: Path) -> Iterator[Mistake]:
    values = np.concatenate([grid.value.ravel(), grid.area, grid.groups.ravel()])
    values = values[~np.isnan(values)]
    if name.startswith("growth") and (low := values[values < -1]).size:
        yield Mistake(say("rate_below", found=percent(float(low[0]))), path)
    if name.startswith("share"):
        if (outside := values[(values < 0) | (values > 1)]).size:
            yield Mistake(say("share_outside", found=percent(float(outside[0]))), path)
        if not np.isnan(grid.area).all():
            yield Mistake(say("area_share"), path)


def _crossed(
    content: PlanContent, least: Grid, most: Grid, told_as: Callable[[float], float | str]
) -> Iterator[Mistake]:
    """Find lower bounds above upper bounds of one key: a mistake of the file."""
    layers = (
        (least.value, most.value, least.source, content.region_names),
        (least.area[None], most.area[None], least.area_source[None], (content.area,)),
        (least.groups, most.groups, least.groups_source, content.group_names),
    )
    told: set[int] = set()
    of_years = least.value.shape[1] == len(content.years)
    for low, high, source, names in layers:
        for row, column in np.argwhere(low > high):
            if source[row, column] in told:
                continue
            told.add(source[row, column])
            crossed = say(
                "lower_above_upper",
                scope=names[row],
                year=say("in_year", year=content.years[column]) if of_years else "",
                lower=told_as(float(low[row, column])),
                upper=told_as(float(high[row, column])),
            )
            yield Mistake(crossed, tuple(least.paths[source[row, column]].split(".")))


def _bases(
    content: PlanContent, indicator: Indicator, grids: dict[str, Grid], path: Path
) -> Iterator[Mistake]:
    """Find limits against the base year where a region has no base."""
    if base_unknown(content, indicator):
        return
    applies = content.applies(indicator)
    missing = np.isnan(content.base(indicator)) & applies.any(axis=1)
    needs = {why: np.zeros(len(missing), dtype=bool) for why in _NEED_BASE.values()}
    for name, why in _NEED_BASE.items():
        if name in grids:
            grid = grids[name]
            needs[why] |= ~np.isnan(grid.value[:, 0])
            if not np.isnan(grid.area[0]):
                needs[why] |= True
            needs[why] |= content.members[~np.isnan(grid.groups[:, 0])].any(axis=0)
    needs["why_monotone"] = np.full(
        len(missing), indicator.limits.monotone is not None and indicator.base is not None
    )
    if indicator.limits.share_shift:
        needs["why_share_shift"][:] = True
    first = applies[:, 0]
    for why, wanted in needs.items():
        lacking = np.flatnonzero(missing & wanted & first & ~content.reserve)
        if lacking.size:
            names = [content.region_names[index] for index in lacking]
            yield Mistake(say("base_needed", why=say(why), regions=names), (*path, "base"))


def _locks(content: PlanContent, indicator: Indicator, path: Path) -> Iterator[Mistake]:
    applies = content.applies(indicator)
    base = np.zeros(len(content.regions))
    if indicator.locks and indicator.publish == "increment":  # the increments are whole steps
        base = np.nan_to_num(settled_bases(content, indicator)[0])
    for region, locks in indicator.locks.items():
        index = content.region_index.get(plain(region))
        if index is None:
            yield Mistake(
                say("region_unknown", found=region, hint=hint(region, content.region_index)),
                (*path, "locks", region),
            )
            continue
        for year, lock in locks.items():
            where = (*path, "locks", region, year)
            column = content.year_at(year)
            if column is None and year != "total":
                yield Mistake(say("lock_year", found=year), where)
            elif year == "total" and indicator.kind == "level":
                yield Mistake(say("total_of_level"), where)
            elif not (applies[index].any() if column is None else applies[index, column]):
                yield Mistake(say("lock_absent", region=region, year=year), where)
            rises_from = float(base[index])
            if not on_grid(lock.value - rises_from, step_of(indicator)):
                code = "lock_rise" if rises_from else "lock_step"
                step = step_of(indicator)
                yield Mistake(say(code, value=lock.value, step=step, base=rises_from), where)
            if lock.value < 0 and not indicator.signed:
                yield Mistake(say("negative_figure", found=lock.value), where)
