"""Plan and tables as numbers: what each scope must reach by year, and each cell's reference.

One :class:`Series` per indicator holds what every family of rules needs: bases, sums with their
bounds on the grid, limits laid over regions and years, references.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from decompose.figures import Figure, Sense, plain
from decompose.plan.content import PlanContent
from decompose.plan.models import Indicator
from decompose.plan.order import ratio_mode
from decompose.plan.paths import fill_flow, fill_level
from decompose.plan.ratios import Known, RatioNumbers, ratio_numbers, region_base, shown, wanted
from decompose.plan.scopes import Grid, limit_grids
from decompose.plan.sharing import share_out
from decompose.plan.steps import down, nearest, step_of, up
from decompose.plan.targets import Target
from decompose.problem import AREA, TOTAL, group_scope

Floats = NDArray[np.float64]


_BETWEEN_YEARS = (Sense.AT_LEAST, Sense.AT_MOST, Sense.INTERVAL)
"""Yearly rates and rises of these senses are rows between years. An exact one is carried by its
figures alone: sums on the grid cannot keep it exactly."""


@dataclass(frozen=True, eq=False)
class Sum:
    """A sum that is imposed.

    Attributes
    ----------
    scope, year
        AREA or ``group_scope``; index of the year, or TOTAL.
    lower, upper
        What the sum must keep, in the indicator's unit and on its grid.
    figure
        What is handed out (NaN where the sum is only bounded).
    said
        The figure as the plan says it.
    path
        Where the plan says it.
    """

    scope: int
    year: int
    lower: float
    upper: float
    figure: float
    said: Figure
    path: str


@dataclass(frozen=True, eq=False)
class Chain:
    """A rate or rise that holds for every year against the year before, on a scope's sums.

    ``sum[t] ≥ factor · sum[t-1] + rise`` (and the same with ``≤`` for the upper end).
    """

    scope: int
    lower: tuple[float, float] | None
    upper: tuple[float, float] | None
    rate: bool
    path: str


@dataclass(frozen=True, eq=False)
class RatioRow:
    """What a ratio must be for a scope in a year: ``lower ≤ Σ weight · p ≤ upper``.

    Weights add to 1: the row is the weighted mean of its regions' published numbers.
    """

    scope: int
    year: int
    weight: Floats
    lower: float
    upper: float
    figure: float
    target: float
    said: Figure
    path: str


@dataclass(frozen=True, eq=False)
class Series:
    """One indicator as numbers (regions × years).

    Attributes
    ----------
    indicator, number
        The indicator, and its index in the plan.
    step
        What quotas are whole multiples of.
    base
        Base-year values of the regions (NaN where there is none), a mismatch settled.
    base_sum
        The area's own base-year value (NaN where there is none).
    applies
        Where the indicator applies and is assigned.
    sums, chains
        What scopes must reach.
    handed
        The area's sum of each year as it is handed out, open years filled by the path (NaN where
        the year is not assigned).
    reference
        Each cell's reference; NaN where there is no cell.
    grids
        Its limits, by name.
    signed
        Whether its published numbers may be negative.
    ratio, ratio_rows
        A ratio in numbers, and what scopes must reach of it.
    """

    indicator: Indicator
    number: int
    step: float
    base: Floats
    base_sum: float
    applies: NDArray[np.bool_]
    sums: tuple[Sum, ...]
    chains: tuple[Chain, ...]
    handed: Floats
    reference: Floats
    grids: dict[str, Grid]
    signed: bool = False
    ratio: RatioNumbers | None = None
    ratio_rows: tuple[RatioRow, ...] = ()


def series_of(content: PlanContent, indicator: Indicator, known: Known) -> Series:
    """Turn one indicator of a plan into numbers.

    Parameters
    ----------
    content, indicator
        The plan, and one of its indicators.
    known
        Printed values of the indicators that are settled already.
    """
    if indicator.kind == "ratio":
        return _ratio_series(content, indicator, known)
    base, base_sum = _bases(content, indicator)
    applies = content.applies(indicator)
    for year, figure in indicator.target.years.items():
        if not figure.given:  # a dash says that the year is not assigned
            applies[:, content.year_index[year]] = False
    takes = np.asarray(applies.any(axis=0))
    scopes = list(_scopes(content, indicator, base, base_sum))
    sums: list[Sum] = []
    chains: list[Chain] = []
    for scope in scopes:
        sums += _sums(content, indicator, scope, takes)
        chains += _chains(scope)
    handed = _handed(content, indicator, sums, base_sum, takes)
    return Series(
        indicator=indicator,
        number=content.indicator_index[indicator.id],
        step=step_of(indicator),
        base=base,
        base_sum=base_sum,
        applies=applies,
        sums=tuple(sums),
        chains=tuple(chains),
        handed=handed,
        reference=_references(content, indicator, applies, handed, sums, base_sum),
        grids=limit_grids(content, indicator),
        signed=indicator.signed,
    )


def _ratio_series(content: PlanContent, indicator: Indicator, known: Known) -> Series:
    numbers = ratio_numbers(content, indicator, known)
    free = ratio_mode(content, indicator) == "free"
    everyone = np.ones(len(content.regions), dtype=bool)
    rows = [
        row
        for scope in _scopes(content, indicator, np.full(len(everyone), np.nan), np.nan)
        for row in _ratio_rows(content, indicator, scope, numbers)
    ]
    shape = numbers.denominator.shape
    handed = np.full(shape[1], np.nan)
    reference = np.full(shape, np.nan)
    index = _indices(content, indicator, numbers)
    for row in rows:
        if row.scope != AREA:
            continue
        handed[row.year] = row.figure
        here = ~np.isnan(numbers.factor[:, row.year])
        mean = float((row.weight * np.nan_to_num(index))[here].sum())
        level = max(row.figure, 0.0) / mean if mean > 0 else 0.0
        if free:
            found = np.where(content.reserve, 0.0, np.nan_to_num(index) * level)
            reference[here, row.year] = found[here]
    return Series(
        indicator=indicator,
        number=content.indicator_index[indicator.id],
        step=step_of(indicator),
        base=region_base(numbers),
        base_sum=numbers.base_of(everyone),
        applies=content.applies(indicator),
        sums=(),
        chains=(),
        handed=handed,
        reference=reference,
        grids=limit_grids(content, indicator),
        signed=indicator.signed or _negative_cuts(content, indicator),
        ratio=numbers,
        ratio_rows=tuple(rows),
    )


def _negative_cuts(content: PlanContent, indicator: Indicator) -> bool:
    """Whether a limit lets a region's ratio worsen: a cut below 0."""
    grid = limit_grids(content, indicator).get("cut.min")
    return indicator.publish == "cut" and grid is not None and bool((grid.value < 0).any())


def _indices(content: PlanContent, indicator: Indicator, numbers: RatioNumbers) -> Floats:
    """Return each region's index: references are index × λ; equal where no rule is given."""
    rule = indicator.allocate
    if rule is None or rule.by == "equal":
        return np.ones(len(content.regions))
    if rule.by == "base":
        return region_base(numbers)
    return share_out(content, indicator, ~content.reserve) * len(content.regions)


def _ratio_rows(
    content: PlanContent, indicator: Indicator, scope: _Scope, numbers: RatioNumbers
) -> Iterator[RatioRow]:
    """Turn a target into rows on the published numbers, one per year."""
    members = np.ones(len(content.regions), dtype=bool)
    if scope.number < AREA:
        members = content.members[-2 - scope.number]
    base = numbers.base_of(members)
    for one in wanted(content, scope.target, base, scope.margin):
        weight, constant = numbers.weights(members, one.year)
        whole = float(weight.sum())
        if not whole or np.isnan(one.figure):
            continue
        ends = [(end - constant) / whole for end in (one.lower, one.upper, one.figure)]
        path = ".".join((*scope.path, *one.keys))
        yield RatioRow(
            scope.number,
            one.year,
            weight / whole,
            min(ends[0], ends[1]),
            max(ends[0], ends[1]),
            ends[2],
            float(shown(indicator, one.figure, base)),
            one.said,
            path,
        )


def _bases(content: PlanContent, indicator: Indicator) -> tuple[Floats, float]:
    base = content.base(indicator)
    total = float(np.nansum(base)) if not np.isnan(base).all() else np.nan
    wanted = indicator.base_total
    if wanted is None:
        return base, total
    if indicator.mismatch == "scale" and total:
        base = base * (wanted / total)
    elif indicator.mismatch == "reserve":
        taker = int(np.flatnonzero(content.reserve)[0])
        base = base.copy()
        base[taker] = np.nan_to_num(base[taker]) + wanted - total
    return base, wanted


@dataclass(frozen=True)
class _Scope:
    """A target with what it is measured against."""

    number: int
    target: Target
    base: float
    margin: float
    path: tuple[str, ...]


def _scopes(
    content: PlanContent, indicator: Indicator, base: Floats, base_sum: float
) -> Iterator[_Scope]:
    root = ("indicators", indicator.id)
    area = indicator.target
    yield _Scope(AREA, area, base_sum, area.margin, (*root, "target"))
    for name, target in indicator.group_targets.items():
        index = content.group_index[plain(name)]
        members = base[content.members[index]]
        total = np.nan if np.isnan(members).all() else float(np.nansum(members))
        margin = target.margin if "margin" in target.model_fields_set else area.margin
        yield _Scope(group_scope(index), target, total, margin, (*root, "group_targets", name))


def _sums(
    content: PlanContent, indicator: Indicator, scope: _Scope, takes: NDArray[np.bool_]
) -> Iterator[Sum]:
    """List what a scope must reach: years, each year, total, then growth and rise."""
    target = scope.target
    given: dict[int, Sum] = {}
    same: Callable[[float], float] = lambda value: value  # noqa: E731 # a table of three formulas
    for year, figure in target.years.items():
        index = content.year_index[year]
        if figure.given:
            given[index] = _sum(indicator, scope, index, figure, same, ("years", str(year)))
            yield given[index]
    held = set(given)
    if target.each_year is not None and target.each_year.given:
        for index in np.flatnonzero(takes).tolist():
            if index not in held:
                held.add(index)
                yield _sum(indicator, scope, index, target.each_year, same, ("each_year",))
    if target.per_region is not None and target.per_region.given:
        counts = _takers(content, indicator, scope.number)
        for index in np.flatnonzero(takes).tolist():
            if index not in held and counts[index]:
                held.add(index)
                whole = target.per_region.times(counts[index])
                yield _sum(indicator, scope, index, whole, same, ("per_region",))
    if target.total is not None and target.total.given:
        yield _sum(indicator, scope, TOTAL, target.total, same, ("total",))
    for one in _yearly(content, indicator, scope, given):
        if takes[one.year] and one.year not in held:
            held.add(one.year)
            yield one
    if not takes.any():
        return
    last = int(np.flatnonzero(takes)[-1])
    gap = content.years[last] - content.base_year
    against: tuple[tuple[str, Callable[[float], float]], ...] = (
        ("increase", lambda rise: scope.base + rise),
        ("growth", lambda rate: scope.base * (1 + rate) ** gap),
    )
    for name, formula in against:
        figure = getattr(target, name)
        if figure is not None and figure.given:
            free = last in held
            held.add(last)
            yield _sum(indicator, scope, last, figure, formula, (name,), bounded=free)


def _takers(content: PlanContent, indicator: Indicator, scope: int) -> list[int]:
    """Return how many regions of a scope take part in each year (reserves do not count)."""
    applies = content.applies(indicator) & ~content.reserve[:, None]
    if scope < AREA:
        applies = applies & content.members[-2 - scope][:, None]
    return [int(count) for count in applies.sum(axis=0)]


def _yearly(
    content: PlanContent, indicator: Indicator, scope: _Scope, given: dict[int, Sum]
) -> Iterator[Sum]:
    """Carry a rate or rise of every year from the base year on (years with a figure stay).

    What a sum must keep is known only where the year before is settled. Elsewhere the rows
    between years bind, and the sum has nothing but its figure.
    """
    for name in ("growth_each_year", "increase_each_year"):
        figure = getattr(scope.target, name)
        if figure is None or not figure.given:
            continue
        before, settled = scope.base, True
        for index, gap in enumerate(content.gaps):

            def formula(value: float, before: float = before, gap: int = int(gap)) -> float:
                grows = name == "growth_each_year"  # noqa: B023 # used before the loop moves on
                return before * (1 + value) ** gap if grows else before + value * gap

            found = given.get(index)
            if found is None:
                found = _sum(indicator, scope, index, figure, formula, (name,))
                if not settled and figure.sense in _BETWEEN_YEARS:
                    found = replace(found, lower=-np.inf, upper=np.inf)
                yield found
            before, settled = float(np.nan_to_num(found.figure)), found.lower == found.upper


def _sum(
    indicator: Indicator,
    scope: _Scope,
    year: int,
    figure: Figure,
    formula: Callable[[float], float],
    keys: tuple[str, ...],
    *,
    bounded: bool = False,
) -> Sum:
    """Make the sum that a figure imposes, on the indicator's grid (bounds go inward)."""
    step = step_of(indicator)
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
        np.nan if bounded or handed == 0 else handed,
        figure,
        ".".join((*scope.path, *keys)),
    )


def _chains(scope: _Scope) -> Iterator[Chain]:
    """List the rows between years that a yearly rate or rise sets."""
    for name in ("growth_each_year", "increase_each_year"):
        figure = getattr(scope.target, name)
        if figure is None or figure.sense not in _BETWEEN_YEARS:
            continue
        low, high = figure.times(1 + scope.margin).bounds(scope.target.tolerance)
        rate = name == "growth_each_year"

        def row(end: float, rate: bool = rate) -> tuple[float, float] | None:
            if not np.isfinite(end):
                return None
            return (1 + end, 0.0) if rate else (1.0, end)

        yield Chain(scope.number, row(low), row(high), rate, ".".join((*scope.path, name)))


def _handed(
    content: PlanContent,
    indicator: Indicator,
    sums: list[Sum],
    base: float,
    takes: NDArray[np.bool_],
) -> Floats:
    """Return the area's sums as handed out: given years, and open years by the path."""
    given = np.full(len(content.years), np.nan)
    total = np.nan
    for one in sums:
        value = float(np.nan_to_num(one.figure))  # without a figure, nothing is handed out
        if one.scope == AREA and one.year == TOTAL:
            total = value
        elif one.scope == AREA and np.isnan(given[one.year]):
            given[one.year] = value
    years = np.array(content.years)
    if indicator.kind == "level":
        filled = fill_level(given, years, content.base_year, base, indicator.path)
    else:
        filled = fill_flow(given, years, content.base_year, base, total, indicator.path, takes)
    return np.where(takes, filled, np.nan)


def _references(
    content: PlanContent,
    indicator: Indicator,
    applies: NDArray[np.bool_],
    handed: Floats,
    sums: list[Sum],
    base_sum: float,
) -> Floats:
    """Return shares × sums; where the area has no figure, a group's own figure is shared out."""
    if indicator.sum_of and np.isnan(handed).all():
        return _sum_of_references(content, indicator, applies)
    if indicator.increase_of is not None and np.isnan(handed).all():
        return _increase_of_references(content, indicator, applies)
    if indicator.publish == "increment" and indicator.kind == "level":
        before = np.concatenate([[base_sum], handed[:-1]])
        handed = handed - before
    regions, years = applies.shape
    reference = np.full((regions, years), np.nan)
    known: dict[bytes, Floats] = {}
    for year in range(years):
        takes = applies[:, year] & ~content.reserve
        if takes.tobytes() not in known:
            known[takes.tobytes()] = share_out(content, indicator, takes)
        share = known[takes.tobytes()]
        if not np.isnan(handed[year]):
            reference[applies[:, year], year] = (share * handed[year])[applies[:, year]]
            continue
        for one in sums:
            if one.year != year or one.scope >= AREA:
                continue
            inside = content.members[-2 - one.scope] & applies[:, year]
            weight = share[inside].sum()
            if weight > 0 and not np.isnan(one.figure):
                shared = np.where(inside, share / weight * one.figure, np.nan)
                open_cells = np.isnan(reference[:, year])
                reference[open_cells, year] = shared[open_cells]
    for region, column, value in locked_cells(content, indicator):
        if np.isnan(reference[region, column]):
            reference[region, column] = 0.0 if content.reserve[region] else value
    return reference


def _sum_of_references(
    content: PlanContent, indicator: Indicator, applies: NDArray[np.bool_]
) -> Floats:
    """Return the sum of the parts' references: a sum without a target follows its parts."""
    parts = [
        series_of(content, content.indicators[content.indicator_index[name]], {}).reference
        for name in indicator.sum_of
    ]
    known = np.any([~np.isnan(part) for part in parts], axis=0)
    return np.where(applies & known, np.nansum(parts, axis=0), np.nan)


def _increase_of_references(
    content: PlanContent, indicator: Indicator, applies: NDArray[np.bool_]
) -> Floats:
    """Return the yearly rise of the level's references, not below 0."""
    name = indicator.increase_of or ""
    level = series_of(content, content.indicators[content.indicator_index[name]], {})
    before = np.concatenate([level.base[:, None], level.reference[:, :-1]], axis=1)
    rise = level.reference - before
    return np.where(applies, rise if indicator.signed else np.maximum(rise, 0.0), np.nan)


def locked_cells(content: PlanContent, indicator: Indicator) -> Iterator[tuple[int, int, float]]:
    """List the cells that a lock fixes: index of region, index of year, value."""
    for region, locks in indicator.locks.items():
        for year, lock in locks.items():
            if year.isdecimal():
                yield content.region_index[plain(region)], content.year_index[int(year)], lock.value
