"""What scopes must reach: the sums that targets impose, on the indicator's grid."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from decompose.figures import Figure, Sense, plain
from decompose.plan.content import PlanContent
from decompose.plan.models import Indicator
from decompose.plan.steps import SNAP, down, nearest, up, value_step_of
from decompose.problem import AREA, TOTAL, Bools, Floats, group_of, group_scope
from decompose.series.model import Chain, Scope, Sum

Formula = Callable[[float], float]

_BETWEEN_YEARS = (Sense.AT_LEAST, Sense.AT_MOST, Sense.INTERVAL)
"""Yearly rates and rises of these senses are rows between years. An exact one is carried by its
figures alone: sums on the grid cannot keep it exactly."""
_PLAIN = ("years", "each_year", "per_region", "total")
"""The keys whose figures are the sums themselves."""


def scopes_of(
    content: PlanContent,
    indicator: Indicator,
    base: Floats,
    base_sum: float,
    printed: Floats | None = None,
) -> Iterator[Scope]:
    """List the targets of an indicator: the area's, then the groups'.

    ``printed`` has the values of years that are printed (regions × years; NaN: not yet).
    """
    root = ("indicators", indicator.id)
    area = indicator.target
    everyone = np.ones(len(content.regions), dtype=bool)
    takes = content.applies(indicator).any(axis=1) & ~content.reserve
    yield Scope(
        AREA, area, base_sum, area.margin, (*root, "target"), _printed_sums(printed, everyone)
    )
    for name, target in indicator.group_targets.items():
        index = content.group_index[plain(name)]
        members = base[content.members[index]]
        needed = bool((content.members[index] & takes).any())
        total = np.nan if needed and np.isnan(members).all() else float(np.nansum(members))
        margin = target.margin_under(area)
        path = (*root, "group_targets", name)
        sums = _printed_sums(printed, content.members[index])
        yield Scope(group_scope(index), target, total, margin, path, sums)


def _printed_sums(printed: Floats | None, members: Bools) -> dict[int, float]:
    if printed is None:
        return {}
    inside = printed[members]
    years = np.flatnonzero(~np.isnan(inside).all(axis=0)).tolist()
    return {year: float(np.nansum(inside[:, year])) for year in years}


def sums_of(content: PlanContent, indicator: Indicator, scope: Scope, takes: Bools) -> list[Sum]:
    """List what a scope must reach: years, each year, total, then growth and rise.

    Exact years that add up to an exact total do so on the grid too: a margin, or a factor, may
    put them between steps, and the nearest of each alone may miss the total.
    """
    sums = list(_sums_of(content, indicator, scope, takes))
    step = value_step_of(indicator)
    exact: dict[int, tuple[int, float]] = {}
    for k, one in enumerate(sums):
        wanted = raised(content, scope, one)
        low, high = wanted.bounds(scope.target.tolerance)
        if step and low == high and is_plain(scope, one):
            exact[one.year] = k, wanted.value
    years = np.flatnonzero(takes).tolist()
    if TOTAL not in exact or not exact.keys() >= set(years):
        return sums
    steps = np.array([exact[year][1] for year in years]) / step
    place, total = exact[TOTAL]
    count = round(sums[place].figure / step)
    least, most = np.floor(steps + SNAP), np.ceil(steps - SNAP)
    adds = abs(steps.sum() - total / step) <= SNAP and least.sum() <= count <= most.sum()
    if not adds or sum(round(sums[exact[year][0]].figure / step) for year in years) == count:
        return sums
    above = np.where(most > least, least - steps, 0.0)  # the largest fractions go up first
    for rank, k in enumerate(np.argsort(above, kind="stable").tolist()):
        number = exact[years[k]][0]
        value = float(most[k] if rank < count - least.sum() else least[k]) * step
        sums[number] = replace(sums[number], lower=value, upper=value, figure=value)
    return sums


def is_plain(scope: Scope, one: Sum) -> bool:
    """Tell whether a figure is the sum itself, not what it rises by."""
    return one.path.removeprefix(".".join((*scope.path, ""))).partition(".")[0] in _PLAIN


def raised(content: PlanContent, scope: Scope, one: Sum) -> Figure:
    """Return a figure as it is handed out: with its margin, unless its year is over."""
    past = 0 <= one.year < content.past
    return one.said.times(1.0 if past else 1 + scope.margin)


def _sums_of(
    content: PlanContent, indicator: Indicator, scope: Scope, takes: Bools
) -> Iterator[Sum]:
    target = scope.target
    given: dict[int, Sum] = {}
    for year, figure in target.years.items():
        index = content.year_index[year]
        if figure.given:
            own = replace(scope, margin=0.0) if index < content.past else scope
            given[index] = _sum(indicator, own, index, figure, _itself, ("years", str(year)))
            yield given[index]
    held = set(given)
    if target.each_year is not None and target.each_year.given:
        for index in np.flatnonzero(takes).tolist():
            if index not in held:
                held.add(index)
                yield _sum(indicator, scope, index, target.each_year, _itself, ("each_year",))
    if target.per_region is not None and target.per_region.given:
        counts = _takers(content, indicator, scope.number)
        for index in np.flatnonzero(takes).tolist():
            if index not in held and counts[index]:
                held.add(index)
                whole = target.per_region.times(counts[index])
                yield _sum(indicator, scope, index, whole, _itself, ("per_region",))
    if target.total is not None and target.total.given:
        yield _sum(indicator, scope, TOTAL, target.total, _itself, ("total",))
    if not takes.any():
        return
    last = int(np.flatnonzero(takes)[-1])
    gap = content.years[last] - content.base_year
    for name, years in (("increase", 1), ("growth", gap)):
        figure = getattr(target, name)
        if figure is not None and figure.given:
            free = last in held
            held.add(last)
            formula = _after(years, scope.base, grows=name == "growth")
            yield _sum(indicator, scope, last, figure, formula, (name,), bounded=free)
    total = target.total is not None and target.total.given
    filled = indicator.kind == "level" or total  # the path fills a flow for its total only
    for one in _yearly(content, indicator, scope, given, ends=last in held and filled):
        if takes[one.year] and one.year not in held:
            held.add(one.year)
            yield one


def _takers(content: PlanContent, indicator: Indicator, scope: int) -> list[int]:
    """Return how many regions of a scope take part in each year (reserves do not count)."""
    applies = content.applies(indicator) & ~content.reserve[:, None]
    if scope < AREA:
        applies = applies & content.members[group_of(scope)][:, None]
    return [int(count) for count in applies.sum(axis=0)]


def _yearly(
    content: PlanContent, indicator: Indicator, scope: Scope, given: dict[int, Sum], *, ends: bool
) -> Iterator[Sum]:
    """Carry a rate or rise of every year from the base year on (years with a figure stay).

    What a sum must keep is known only where the year before is settled. Elsewhere, and after what
    was reached, the rows between years bind, and the sum has nothing but its figure: a revision
    asks no more of rounding than the plan did. Where the last year has a figure
    (``ends``), the path leads there, and a least or greatest rate only bounds it. What is printed
    of a year takes the place of its figure.
    """
    for name in ("growth_each_year", "increase_each_year"):
        figure = getattr(scope.target, name)
        if figure is None or not figure.given:
            continue
        only_bounds = ends and figure.sense in _BETWEEN_YEARS
        before, settled = scope.base, True
        for index, gap in enumerate(content.gaps):
            if index in scope.printed:
                before, settled = scope.printed[index], True
                continue
            found = given.get(index)
            if found is None:
                formula = _after(int(gap), before, grows=name == "growth_each_year")
                found = _sum(indicator, scope, index, figure, formula, (name,))
                if not settled and figure.sense in _BETWEEN_YEARS:
                    own = found.lower, found.upper
                    found = replace(found, lower=-np.inf, upper=np.inf, between=own)
                if settled or not only_bounds:
                    yield replace(found, figure=np.nan) if only_bounds else found
            before = found.figure
            settled = found.lower == found.upper and index >= content.past


def _itself(value: float) -> float:
    """Make a sum of a figure that is one."""
    return value


def _after(years: int, before: float, *, grows: bool) -> Formula:
    """Return what a yearly rate, or a rise, makes of a value in so many years."""
    if grows:
        return lambda rate: before * (1 + rate) ** years
    return lambda rise: before + rise * years


def _sum(
    indicator: Indicator,
    scope: Scope,
    year: int,
    figure: Figure,
    formula: Formula,
    keys: tuple[str, ...],
    *,
    bounded: bool = False,
) -> Sum:
    """Make the sum that a figure imposes, on the indicator's grid (bounds go inward)."""
    step = value_step_of(indicator)
    wanted = figure.times(1 + scope.margin)
    low, high = (
        formula(end) if np.isfinite(end) else end for end in wanted.bounds(scope.target.tolerance)
    )
    upper_end = figure.sense is Sense.INTERVAL and indicator.hand_out == "upper"
    value = formula(wanted.upper if upper_end and wanted.upper is not None else wanted.value)
    lower, upper = up(low, step), down(high, step)
    if lower > upper:
        lower = upper = nearest(value, step)
    handed = min(max(nearest(value, step), lower), upper)
    return Sum(
        scope.number,
        year,
        lower,
        upper,
        np.nan if bounded else handed,
        figure,
        ".".join((*scope.path, *keys)),
    )


def chains_of(scope: Scope) -> Iterator[Chain]:
    """List the rows between years that a yearly rate or rise sets."""
    for name in ("growth_each_year", "increase_each_year"):
        figure = getattr(scope.target, name)
        if figure is None or figure.sense not in _BETWEEN_YEARS:
            continue
        low, high = figure.times(1 + scope.margin).bounds(scope.target.tolerance)
        grows = name == "growth_each_year"
        lower, upper = (_row(end, grows=grows) for end in (low, high))
        yield Chain(scope.number, lower, upper, grows, ".".join((*scope.path, name)))


def _row(end: float, *, grows: bool) -> tuple[float, float] | None:
    """Return what a value of the year before is multiplied by, and what is added to it."""
    if not np.isfinite(end):
        return None
    return (1 + end, 0.0) if grows else (1.0, end)
