"""Figures that say one thing in two ways, computed both ways: warnings where they disagree."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from decompose.checking.issue import Found
from decompose.checking.printed import (
    Printed,
    compare,
    digits_of,
    printed,
    terms,
    words,
)
from decompose.checking.view import View
from decompose.figures import Figure, Sense
from decompose.labels import figure, say
from decompose.problem import TOTAL, Floats, Ints

ADDED_UP = frozenset({"total_from_years", "groups_from_figures"})
"""Warnings that say no more than an error at the same place, where there is one."""


def check_total(view: View, one: Printed) -> Iterator[Found]:
    """Compare the sum of the years with the total."""
    years = [found.value for found in one.years if found is not None]
    if len(years) == np.count_nonzero(view.series.applies.any(axis=0)):
        shown = {"terms": terms(years)}
        yield from compare(view, one, "total_from_years", TOTAL, one.total, sum(years), shown=shown)


def check_growth(view: View, one: Printed) -> Iterator[Found]:
    """Compare each year's rate with what the figures mean, and the figure with the rate."""
    for year, (rate, now) in enumerate(zip(one.growth, one.years, strict=True)):
        before, gap = one.before(year), int(view.plan.gaps[year])
        if rate is None or now is None or not before > 0 or now.value < 0:
            continue
        grown = (now.value / before) ** (1 / gap) - 1
        shown = {
            "now": view.amount(now.value, 6),
            "before": view.amount(before, 6),
            "rate": words(view, rate, rate=True),
        }
        yield from compare(
            view, one, "growth_from_figures", year, rate, grown, rate=True, shown=shown
        )
        reached = before * (1 + rate.value) ** gap
        yield from compare(view, one, "figure_from_growth", year, now, reached, shown=shown)


def check_chain(view: View, one: Printed) -> Iterator[Found]:
    """Lay the yearly rates one after the other, and compare the total and the last figure.

    They begin at the base, or at the first year's figure where that year has no rate.
    """
    first = one.years[0]
    rates = [rate for rate in one.growth[1:] if rate is not None]
    if not rates or len(rates) < view.years - 1:
        return
    if one.growth[0] is not None and one.base > 0:
        start, rates, gaps = one.base, [one.growth[0], *rates], view.plan.gaps
        chained = start * _compounded(rates, gaps)
    elif first is not None and first.value > 0:
        start, gaps = first.value, view.plan.gaps[1:]
        chained = start * np.concatenate([[1.0], _compounded(rates, gaps)])
    else:
        return
    shown = {
        "rates": [words(view, rate, rate=True) for rate in rates],
        "start": view.amount(start, 6),
        "terms": [view.amount(value, view.decimals) for value in chained],
    }
    if view.indicator.kind == "flow":
        computed = float(chained.sum())
        yield from compare(view, one, "total_from_growth", TOTAL, one.total, computed, shown=shown)
    last, computed = view.years - 1, float(chained[-1])
    yield from compare(view, one, "last_from_growth", last, one.years[-1], computed, shown=shown)


def _compounded(rates: Sequence[Figure], gaps: Ints) -> Floats:
    """Return by how much each year is above the start."""
    return np.cumprod([(1 + rate.value) ** gap for rate, gap in zip(rates, gaps, strict=True)])


def check_average(view: View, one: Printed) -> Iterator[Found]:
    """Compare the average rate with base and last figure, and the last figure with the rate."""
    last, rate = one.years[-1], one.average
    if last is None or rate is None or not one.base > 0 or last.value < 0:
        return
    gap = view.plan.years[-1] - view.plan.base_year
    shown = {
        "now": view.amount(last.value, 6),
        "before": view.amount(one.base, 6),
        "rate": words(view, rate, rate=True),
        "base_year": view.plan.base_year,
        "last_year": view.plan.years[-1],
    }
    grown = (last.value / one.base) ** (1 / gap) - 1
    yield from compare(
        view, one, "average_from_figures", TOTAL, rate, grown, rate=True, shown=shown
    )
    reached = one.base * (1 + rate.value) ** gap
    yield from compare(view, one, "figure_from_average", view.years - 1, last, reached, shown=shown)


def check_increase(view: View, one: Printed) -> Iterator[Found]:
    """Compare rises with the figures, and figures with the rises: by year, and since the base."""
    rises = [(year, year, one.before(year), one.rises[year]) for year in range(view.years)]
    for place, year, before, rise in (*rises, (TOTAL, view.years - 1, one.base, one.rise)):
        now = one.years[year]
        if rise is None or now is None or math.isnan(before):
            continue
        shown = {
            "now": figure(now.value),
            "before": figure(before),
            "rise": figure(rise.value),
        }
        risen, reached = now.value - before, before + rise.value
        yield from compare(view, one, "increase_from_figures", place, rise, risen, shown=shown)
        yield from compare(view, one, "figure_from_increase", year, now, reached, shown=shown)
    yearly = [rise.value for rise in one.rises if rise is not None]
    if len(yearly) == view.years:
        shown = {"terms": terms(yearly)}
        yield from compare(
            view, one, "increase_from_years", TOTAL, one.rise, sum(yearly), shown=shown
        )


def check_bases(view: View, one: Printed) -> Iterator[Found]:
    """Find an average rate and a rise that lead back from the last figure to different bases."""
    last, rate, rise = one.years[-1], one.average, one.rise
    if last is None or rate is None or rise is None or rate.value <= -1:
        return
    gap = view.plan.years[-1] - view.plan.base_year
    low, high = _span(last, one.tolerance)
    slow, fast = _span(rate, one.tolerance, rate=True)
    least, most = _span(rise, one.tolerance)
    if low / (1 + fast) ** gap <= high - least and low - most <= high / (1 + slow) ** gap:
        return  # as rounded, and within their words, both can come from one base
    by_growth, by_increase = last.value / (1 + rate.value) ** gap, last.value - rise.value
    digits = digits_of(last) + 1
    message = say(
        "bases_differ",
        name=view.indicator.label,
        scope=view.scope_name(one.scope),
        now=words(view, last),
        last_year=view.plan.years[-1],
        base_year=view.plan.base_year,
        rate=words(view, rate, rate=True),
        rise=words(view, rise),
        by_growth=view.amount(by_growth, digits),
        by_increase=view.amount(by_increase, digits),
        gap=view.amount(abs(by_growth - by_increase), digits),
        base=say("no_base") if math.isnan(one.base) else view.amount(one.base, 6),
    )
    numbers = {
        "by_growth": by_growth,
        "by_increase": by_increase,
        "base": None if math.isnan(one.base) else one.base,
        "gap": abs(by_growth - by_increase),
    }
    yield Found("warning", view, message, one.scope, TOTAL, numbers)


def _span(one: Figure, tolerance: float, *, rate: bool = False) -> tuple[float, float]:
    """Return the numbers that a figure can stand for: rounded, and with its words."""
    half = 0.5 * 10.0 ** -digits_of(one, rate=rate) / (100 if rate else 1)
    low, high = one.bounds(tolerance)
    return low - half, high + half


def check_groups(view: View, scopes: Sequence[Printed]) -> Iterator[Found]:
    """Compare the groups' figures, where they share the area between them, with the area's."""
    area, *groups = scopes
    for year in (*range(view.years), TOTAL):
        wanted = area.total if year == TOTAL else area.years[year]
        found = [group.total if year == TOTAL else group.years[year] for group in groups]
        values = _shared(view, groups, found)
        shown = {"terms": terms(values)}
        if values:
            code = "groups_from_figures"
            yield from compare(view, area, code, year, wanted, sum(values), shown=shown)
    rises = _shared(view, groups, [group.rise for group in groups])
    last = area.years[-1]
    if not rises:
        return
    shown = {"terms": terms(rises)}
    yield from compare(view, area, "groups_increase", TOTAL, area.rise, sum(rises), shown=shown)
    if last is not None and not math.isnan(area.base):
        senses = {group.rise.sense for group in groups if group.rise is not None}
        about = senses == {Sense.ABOUT}
        added = Figure(sum(rises), Sense.ABOUT if about else Sense.EXACT)
        shown |= {"now": figure(last.value), "before": figure(area.base)}
        risen = last.value - area.base
        code = "groups_increase_from_figures"
        yield from compare(view, area, code, TOTAL, added, risen, shown=shown)


def _shared(view: View, groups: Sequence[Printed], figures: Sequence[Figure | None]) -> list[float]:
    """Return the groups' numbers where those that have one hold every region just once."""
    rows = [group.scope for group, found in zip(groups, figures, strict=True) if found is not None]
    takes = view.series.applies.any(axis=1)
    once = bool(rows) and bool((view.inside[rows].sum(axis=0)[takes] == 1).all())
    return [found.value for found in figures if found is not None] if once else []


def check_stated(view: View) -> Iterator[Found]:
    """Compare what is stated with a target that says the same."""
    targets, stated = printed(view, stated=False), printed(view, targets=False)
    for one, other in zip(targets, stated, strict=True):
        pairs = [
            *((year, one.years[year], other.years[year], False) for year in range(view.years)),
            (TOTAL, one.total, other.total, False),
            (TOTAL, one.average, other.average, True),
            (TOTAL, one.rise, other.rise, False),
        ]
        for year, target, said, rate in pairs:
            if target is not None:
                yield from compare(
                    view, one, "stated_twice", year, said, target.value, rate=rate, shown={}
                )


CHECKS = (check_total, check_growth, check_chain, check_average, check_increase, check_bases)
"""What is compared within one scope."""


def check_agreement(view: View) -> Iterator[Found]:
    """Compare the figures of an indicator with one another."""
    scopes = printed(view)
    for one in scopes:
        for check in CHECKS:
            yield from check(view, one)
    yield from check_groups(view, scopes)
    yield from check_stated(view)
