"""Ratios and growth in print: which way they are rounded, and the values that follow them.

The area's ratio is a weighted mean of its regions' (weights are data), so that a mean of numbers
that all moved to one side moves to that side (DESIGN section 3 "Rounding").
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

import numpy as np

from decompose.build import Built
from decompose.plan.content import PlanContent
from decompose.plan.growth import scope_growth
from decompose.plan.models import Indicator
from decompose.plan.order import free_numerators
from decompose.plan.ratios import Known, scope_ratio
from decompose.plan.steps import SNAP, as_printed
from decompose.problem import AREA, TOTAL, Bools, Floats, Ints, group_of
from decompose.series import RatioRow, Series

NOISE = 1e-9
"""A breach smaller than this, beside the terms of its row, is none."""
MOST_TRIED = 12
"""Of so many numbers every choice is tried where a mean must come between two ends."""
CURVED = 1e-10
"""A place on a tangent this near to its rate, in percent, is where the tangent touches."""


def rates_of(built: Built, x: Floats) -> dict[str, Floats] | None:
    """Return the growth at which values stand, by id; None where tangents touch there already."""
    found: dict[str, Floats] = {}
    apart = False
    for one in built.series:
        column = built.columns[one.number]
        if one.growth is None or one.growth.gap == 1:
            continue
        region = np.flatnonzero(column[:, one.growth.year] >= 0)
        place = x[column[region, one.growth.year]]
        rate = np.full(len(column), np.nan)
        rate[region] = one.growth.rate(place, region)
        found[one.indicator.id] = rate
        near = CURVED * np.maximum(1.0, np.abs(place))
        apart |= bool((np.abs(rate[region] - place) > near).any())
    return found if apart else None


def to_safe_side(built: Built, x: Floats) -> Floats:
    """Round ratios and growth so that the area's target holds when computed from them."""
    safe = x.copy()
    for one in built.series:
        column = built.columns[one.number]
        cells = column >= 0
        if one.ratio is not None:
            exact, upward = x[column[cells]], _upward(built, one, x)[cells]
            safe[column[cells]] = _whole_steps(exact, one.step, upward)
            _mean_between(built, one, x, safe)
        elif one.growth is not None:
            upward = np.full(int(cells.sum()), _grows_upward(built, one, x))
            safe[column[cells]] = _whole_steps(x[column[cells]], one.step, upward)
            _grown_between(built, one, x, safe)
    return safe


def _grows_upward(built: Built, one: Series, x: Floats) -> bool:
    """Tell where the safe side of growth is up: the area's figure of the year decides.

    Where it has none, its rate or rise of every year, its total, or its next figure; where both
    ways are alike it is further on: up, or down where less than the year before is handed out.
    """
    growth = one.growth
    assert growth is not None  # asked of published growth alone
    column = built.columns[one.number][:, growth.year]
    here = column >= 0
    values = built.values(x)[one.number]
    step = float((growth.slope * one.step)[here].sum())
    figures = [total for total in one.sums if total.scope == AREA]
    now = [total for total in figures if total.year == growth.year]
    for total in now:
        sense = _one_way(total.lower, total.upper, float(np.nansum(values[:, growth.year])), step)
        if sense is not None:
            return sense
    if now:
        return not growth.falls
    for chain in one.chains:
        if chain.scope == AREA and (chain.lower is None) != (chain.upper is None):
            return chain.upper is None
    later = [total for total in figures if total.year == TOTAL or total.year > growth.year]
    for total in sorted(later, key=lambda total: total.year):
        if np.isinf(total.lower) != np.isinf(total.upper):
            return bool(np.isinf(total.upper))
    return not growth.falls


def _one_way(lower: float, upper: float, value: float, step: float) -> bool | None:
    """Tell whether a value may move up only (True) or down only; None where both are alike."""
    if np.isinf(lower) != np.isinf(upper):
        return bool(np.isinf(upper))
    up, down = upper - value >= step, value - lower >= step
    return bool(up) if up != down else None


def printed_values(plan: PlanContent, built: Built, quotas: Floats) -> dict[str, Floats]:
    """Return the printed values of a stage's indicators (regions × years), by id.

    A numerator that follows its ratio goes to its own grid on the safe side of the printed ratio,
    so that the same quotas have the same numerators. What follows from published growth has no
    grid.

    Parameters
    ----------
    plan, built
        The plan, and its stage.
    quotas
        Each column's quota in the printed unit.
    """
    found: dict[str, Floats] = {}
    values = built.values(quotas)
    by_id = {one.indicator.id: one for one in built.series}
    ratios = free_numerators(plan)
    for one in built.series:
        value = values[one.number]
        ratio = by_id.get(ratios.get(one.indicator.id, ""))
        if ratio is not None and ratio.ratio is not None:
            upward = _upward(built, ratio, quotas) ^ (ratio.ratio.factor < 0)
            value = _whole_steps(value, one.step, upward)
        elif one.growth is not None:
            value = _grown(built, one, quotas, value)
        if not np.isnan(value).all():
            found[one.indicator.id] = as_printed(value) if one.growth is None else value
    return found


def _grown(built: Built, one: Series, quotas: Floats, value: Floats) -> Floats:
    """Return values with those of the year that is settled as its published growth makes them.

    They stay as they are: rounded ones would grow by other rates than the published.
    """
    growth = one.growth
    assert growth is not None  # asked of published growth alone
    rates = np.append(quotas, np.nan)[built.columns[one.number][:, growth.year]]
    found = value.copy()
    found[:, growth.year] = growth.value(rates)
    return found


def settled_values(built: Built, values: Mapping[str, Floats]) -> dict[str, Floats]:
    """Leave out the values of years that wait for a later stage, NaN."""
    number = {one.indicator.id: one.number for one in built.series}
    return {name: np.where(built.waits(number[name]), np.nan, own) for name, own in values.items()}


def printed_excess(
    built: Built, quotas: Floats, values: Mapping[str, Floats], excess: Floats
) -> Floats:
    """Return by how much printed numbers break each rule, in steps of its indicator.

    Parameters
    ----------
    built
        The stage.
    quotas, values
        Each column's quota in the printed unit, and the printed values by id.
    excess
        The same with numerators as they follow from quotas, before they go to their own grid.

    Returns
    -------
    One number per rule; 0 where it speaks of a year that waits for a later stage.
    """
    size = built.problem.size
    every = np.concatenate([quotas, built.offset + built.follows.dot(quotas)])
    for one in built.series:
        place = built.places[one.number]
        if one.indicator.id in values:
            every[place[place >= 0]] = values[one.indicator.id][place >= 0]
    rules = built.stated
    value = rules.matrix.dot(every)
    noise = NOISE * rules.matrix.sizes(every)
    over = np.maximum(rules.lower - value, value - rules.upper)
    shown = np.where(over > noise, over, 0.0) / built.problem.rule_step
    following = rules.matrix.with_any(np.arange(len(every)) >= size)
    loose = built.missable | (following & ~built.problem.rules.whole)
    return np.where(built.waiting, 0.0, np.where(loose, shown, excess))


def _whole_steps(values: Floats, step: float, upward: Bools) -> Floats:
    steps = values / step
    return np.asarray(np.where(upward, np.ceil(steps - SNAP), np.floor(steps + SNAP)) * step)


def _upward(built: Built, series: Series, x: Floats) -> Bools:
    """Tell where the safe side of a ratio is up (regions × years).

    The area's target decides, and where it has none, the first group's, by name.
    """
    column = built.columns[series.number]
    upward = np.ones(column.shape, dtype=bool)
    groups = built.problem.groups
    first = sorted(
        series.ratio_rows, key=lambda row: "" if row.scope == AREA else groups[group_of(row.scope)]
    )
    for row in reversed(first):
        members = np.ones(len(column), dtype=bool)
        if row.scope < AREA:
            members = built.problem.members[group_of(row.scope)]
        mean = float(row.weight @ np.append(x, 0.0)[column[:, row.year]])
        upward[members, row.year] = _up_is_safe(row, mean, series)
    return upward


def _mean_between(built: Built, series: Series, x: Floats, safe: Floats) -> None:
    """Keep the area's ratio between its ends."""
    rows = [row for row in series.ratio_rows if row.scope == AREA]
    for year in sorted({row.year for row in rows}):
        here = [row for row in rows if row.year == year]
        region = np.flatnonzero((built.columns[series.number][:, year] >= 0) & (here[0].weight > 0))
        column, weight = built.columns[series.number][region, year], here[0].weight[region]
        ends = max(row.lower for row in here), min(row.upper for row in here)
        terms, a_step = weight * safe[column], weight * series.step
        _bring_between(built, series, x, safe, column, ends, terms, (a_step, a_step))


def _grown_between(built: Built, series: Series, x: Floats, safe: Floats) -> None:
    """Keep the area's value, as published growth makes it, between its ends."""
    growth = series.growth
    assert growth is not None  # asked of published growth alone
    here = [one for one in series.sums if one.scope == AREA and one.year == growth.year]
    if not here:
        return
    region = np.flatnonzero(built.columns[series.number][:, growth.year] >= 0)
    column = built.columns[series.number][region, growth.year]

    def values(steps: float) -> Floats:
        rates = np.full(len(series.base), np.nan)
        rates[region] = safe[column] + steps * series.step
        return np.asarray(growth.value(rates)[region])

    terms = values(0)
    ends = max(one.lower for one in here), min(one.upper for one in here)
    _bring_between(
        built, series, x, safe, column, ends, terms, (terms - values(-1), values(1) - terms)
    )


def _bring_between(
    built: Built,
    series: Series,
    x: Floats,
    safe: Floats,
    column: Ints,
    ends: tuple[float, float],
    terms: Floats,
    a_step: tuple[Floats, Floats],
) -> None:
    """Take back what carries a sum past an end of what it may be.

    Where a figure has two ends (about, an interval), a step to the safe side may lead beyond the
    other; and many numbers that snapped to a step can lead beyond any. Then the numbers that moved
    furthest go to their other whole step, as long as the other end is kept; of equal ones the
    first by name (code points).

    Parameters
    ----------
    built, series, x, safe
        The stage, one of its indicators, exact and rounded numbers.
    column
        What makes the sum.
    ends, terms, a_step
        The least and the greatest that the sum may be; what each column adds to it; by how much
        less that is a step lower, and by how much more a step higher.
    """
    (lower, upper), total = ends, float(terms.sum())
    noise = NOISE * float(np.abs(terms).sum())
    if lower == upper or lower - noise <= total <= upper + noise:
        return
    far = 1.0 if total > upper else -1.0
    moved = np.round(far * (safe[column] - x[column]) / series.step, 9)
    furthest = (-np.round(moved, 6)).tolist()
    names = [built.problem.regions[region] for region in built.problem.column_region[column]]
    order = sorted(np.flatnonzero(moved > 0).tolist(), key=lambda k: (furthest[k], names[k]))
    gone = (a_step[0] if far > 0 else a_step[1])[order]
    room = (total - upper, total - lower) if far > 0 else (lower - total, upper - total)
    back = column[[order[k] for k in _taken_back(gone, room[0] - noise, room[1] + noise)]]
    safe[back] = as_printed(safe[back] - far * series.step)


def _taken_back(gone: Floats, least: float, most: float) -> Sequence[int]:
    """Choose amounts, the first rather than the later, that add to between two numbers.

    Where few are to choose from, any choice that does so is found; otherwise as many as fit.
    """
    found: list[int] = []
    total = 0.0
    for k, amount in enumerate(gone.tolist()):
        if total < least and total + amount <= most:
            found.append(k)
            total += amount
    if total >= least or len(gone) > MOST_TRIED:
        return found
    for count in range(1, len(gone) + 1):
        for some in itertools.combinations(range(len(gone)), count):
            if least <= gone[list(some)].sum() <= most:
                return some
    return found


def _up_is_safe(row: RatioRow, mean: float, series: Series) -> bool:
    """Tell whether a mean may move up by less than a step.

    Where both ways are alike it is up, but for a cut that is printed as a value: less is better.
    """
    one_way = _one_way(row.lower, row.upper, mean, series.step)
    if one_way is not None:
        return one_way
    is_cut = row.path.rpartition(".")[2].startswith("cut")
    return series.indicator.publish == "cut" or not is_cut


def scope_numbers(
    content: PlanContent, indicator: Indicator, known: Known, regions: Floats, members: Bools
) -> Floats:
    """Return what is printed of some regions together, by year; NaN where there is nothing.

    Parameters
    ----------
    content, indicator
        The plan, and one of its indicators.
    known
        Printed values of every indicator, by id.
    regions
        What is printed of its regions (regions × years).
    members
        Which regions.
    """
    if indicator.kind == "ratio":
        return scope_ratio(content, indicator, known, members)
    if indicator.publish == "growth" and indicator.id in known:
        return scope_growth(content, indicator, known[indicator.id], members)
    inside = regions[members]
    total = as_printed(np.nansum(inside, axis=0))
    return np.where(np.isnan(inside).all(axis=0), np.nan, total)
