"""A ratio as numbers: rows on what is published, references that just meet the area's target."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np

from decompose.plan.content import PlanContent
from decompose.plan.models import Indicator
from decompose.plan.order import Turn, named, ratio_mode
from decompose.plan.ratios import (
    PERCENT,
    Known,
    Printed,
    RatioNumbers,
    Wanted,
    YearlyChange,
    ratio_numbers,
    region_base,
    scope_value,
    shown,
    wanted,
)
from decompose.plan.scopes import limit_grids
from decompose.plan.sharing import convergence, share_out
from decompose.plan.steps import step_of
from decompose.problem import AREA, Floats, group_of
from decompose.series.model import RatioRow, Scope, Series, Yearly
from decompose.series.negative import not_below_zero
from decompose.series.sums import scopes_of


def ratio_series(
    content: PlanContent, indicator: Indicator, known: Known, tiers: Floats | None, turn: Turn
) -> Series:
    """Turn a ratio into numbers, its denominator known."""
    numbers = ratio_numbers(content, indicator, known)
    everyone = np.ones(len(content.regions), dtype=bool)
    scopes = list(scopes_of(content, indicator, np.full(len(everyone), np.nan), np.nan))
    before = _year_before(content, indicator, turn)

    def printed(scope: Scope) -> Printed | None:
        if before < 0:
            return None
        members = content.inside[scope.number]
        value = float(scope_value(content, indicator, numbers, known, members)[before])
        return None if np.isnan(value) else Printed(before, value, hard=not turn.loose)

    rows = [
        row
        for scope in scopes
        for row in _ratio_rows(content, indicator, scope, numbers, printed(scope))
    ]
    handed = np.full(len(content.years), np.nan)
    for row in rows:
        if row.scope == AREA and not np.isnan(row.figure):
            handed[row.year] = row.figure
    indices = np.nan_to_num(_indices(content, indicator, numbers))
    indices[content.reserve] = 0.0
    if indicator.tiers is not None and indicator.tiers.by is not None:
        tiers = content.series(indicator.tiers.by, rate=True) * PERCENT
    if tiers is not None:
        indices = _tier_paths(content, tiers)
    reference = np.full(numbers.denominator.shape, np.nan)
    if ratio_mode(content, indicator) == "free":
        _refer(reference, content, rows, indices, numbers)
    if tiers is not None:
        here = ~np.isnan(tiers) & ~np.isnan(reference[:, -1])
        reference[here, -1] = tiers[here]
    signed = indicator.signed or _negative_cuts(content, indicator)
    return Series(
        indicator=indicator,
        number=content.indicator_index[indicator.id],
        step=step_of(indicator),
        value_step=step_of(indicator),
        base=_published_base(indicator, numbers),
        base_sum=numbers.base_of(everyone),
        applies=content.applies(indicator),
        sums=(),
        chains=(),
        handed=handed,
        reference=not_below_zero(reference, step_of(indicator), signed=signed, past=content.past),
        grids=limit_grids(content, indicator),
        signed=signed,
        ratio=numbers,
        ratio_rows=tuple(rows),
        yearly=tuple(_yearly(scopes)),
        tiers=tiers,
    )


def _refer(
    reference: Floats,
    content: PlanContent,
    rows: Sequence[RatioRow],
    indices: Floats,
    numbers: RatioNumbers,
) -> None:
    """Fill in references: each cell's index, scaled so that its target is just met.

    The area's target comes first; a group's sets what is left open.
    """
    for row in sorted(rows, key=lambda row: _rank(content, row)):
        if np.isnan(row.figure):
            continue
        here = np.isnan(reference[:, row.year]) & ~np.isnan(numbers.factor[:, row.year])
        here &= content.inside[row.scope]
        index = indices[:, row.year]
        mean = float((row.weight * index).sum())
        # where the change of mix alone does more than is wanted, nothing is left to the regions
        figure = row.figure if row.said.value < 0 else max(row.figure, 0.0)
        level = figure / mean if mean > 0 else 0.0
        reference[here, row.year] = index[here] * level


def _year_before(content: PlanContent, indicator: Indicator, turn: Turn) -> int:
    """Return the last year that is printed of a ratio, or of the numerator that makes it; or -1."""
    top = content.indicator_index.get(named(indicator.numerator) or "", -1)
    return max(turn.first(content.indicator_index[indicator.id]), turn.first(top)) - 1


def _yearly(scopes: Sequence[Scope]) -> Iterator[Yearly]:
    """List what is asked of every year against the year before."""
    for scope in scopes:
        for change in YearlyChange.of(scope.target, scope.margin):
            yield Yearly(scope.number, change, ".".join((*scope.path, change.key)))


def undivided(content: PlanContent, series: Series) -> list[tuple[int, int]]:
    """List scopes and years of a ratio whose target has no denominator to divide by.

    Parameters
    ----------
    content
        The plan.
    series
        The ratio, its denominator known.
    """
    indicator, numbers = series.indicator, series.ratio
    if numbers is None:
        return []
    found = []
    for scope in scopes_of(content, indicator, np.full(len(content.regions), np.nan), np.nan):
        members = content.inside[scope.number]
        base = numbers.base_of(members)
        for one in wanted(content, scope.target, base, scope.margin, indicator.hand_out):
            takes = members & content.applies(indicator)[:, one.year]
            if takes.any() and np.isnan(numbers.denominator[takes, one.year]).all():
                found.append((scope.number, one.year))
    return found


def _rank(content: PlanContent, row: RatioRow) -> str:
    """Rank rows by whose references they set: the area's, else a group's, by name."""
    return "" if row.scope == AREA else content.group_names[group_of(row.scope)]


def _published_base(indicator: Indicator, numbers: RatioNumbers) -> Floats:
    """Return what would be published of the base year: of a cut or a rise, 0."""
    base = region_base(numbers)
    return base if indicator.publish == "value" else np.where(np.isnan(base), np.nan, 0.0)


def _tier_paths(content: PlanContent, tiers: Floats) -> Floats:
    """Return each region's way to its step, ``1 - (1 - c)^(t/T)`` by year, in percent."""
    ages = np.cumsum(content.gaps)
    left = 1 - np.nan_to_num(tiers)[:, None] / PERCENT
    return np.asarray(PERCENT * (1 - left ** (ages / ages[-1])))


def _negative_cuts(content: PlanContent, indicator: Indicator) -> bool:
    """Whether a limit lets a region's ratio worsen: a cut below 0."""
    grid = limit_grids(content, indicator).get("cut.min")
    return indicator.publish == "cut" and grid is not None and bool((grid.value < 0).any())


def _indices(content: PlanContent, indicator: Indicator, numbers: RatioNumbers) -> Floats:
    """Return each cell's index: references are index × λ; equal where no rule is given.

    By ``converge`` the indices go from the regions' base values to the area's.
    """
    rule, way = indicator.allocate, convergence(content, indicator)
    if way is not None:
        base, end = region_base(numbers), numbers.base_of(np.ones(len(content.regions), dtype=bool))
        return np.asarray(base[:, None] + way * (end - base[:, None]))
    if rule is None or rule.by == "equal":
        index = np.ones(len(content.regions))
    elif rule.by == "base":
        index = region_base(numbers)
    else:
        index = share_out(content, indicator, ~content.reserve) * len(content.regions)
    return np.tile(index[:, None], len(content.years))


def _ratio_rows(
    content: PlanContent,
    indicator: Indicator,
    scope: Scope,
    numbers: RatioNumbers,
    printed: Printed | None,
) -> Iterator[RatioRow]:
    """Turn a target into rows on the published numbers, one per year."""
    members = content.inside[scope.number]
    base = numbers.base_of(members)
    asks = partial(
        wanted, content, scope.target, base, hand_out=indicator.hand_out, printed=printed
    )
    written = {(one.year, one.keys): _asked(indicator, one, base) for one in asks(margin=0.0)}
    for one in asks(margin=scope.margin):
        weight, constant = numbers.weights(members, one.year)
        whole = float(weight.sum())
        if not whole:
            continue
        ends = [(end - constant) / whole for end in (one.lower, one.upper, one.figure)]
        path = ".".join((*scope.path, *one.keys))
        yield RatioRow(
            scope.number,
            one.year,
            weight / whole,
            min(ends[0], ends[1]),
            max(ends[0], ends[1]),
            np.nan if one.bounded else ends[2],
            _asked(indicator, one, base),
            written[one.year, one.keys],
            float(shown(indicator, one.figure, base)),
            one.said,
            path,
        )


def _asked(indicator: Indicator, one: Wanted, base: float) -> float:
    """Return what is asked of a scope's ratio, in the printed unit."""
    return float(shown(indicator, one.figure if one.asked is None else one.asked, base))
