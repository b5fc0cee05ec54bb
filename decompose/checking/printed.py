"""The figures that a document prints of one scope, and how a computed number compares with one."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from decompose.checking.issue import Found
from decompose.checking.view import View
from decompose.figures import Figure, Sense, plain
from decompose.labels import Message, figure, say
from decompose.labels.figures import POINTS
from decompose.plan.targets import Stated, Target
from decompose.problem import AREA, group_scope

T = TypeVar("T")
Row = tuple[Figure | None, ...]

_NUMBER = re.compile(r"\d[\d,]*(?:\.(?P<digits>\d+))?")
_ALLOWED = {
    Sense.ABOUT: "within_about",
    Sense.AT_LEAST: "within_at_least",
    Sense.AT_MOST: "within_at_most",
}


@dataclass(frozen=True)
class Printed:
    """What is printed of one scope: its targets, and stated figures where it has no target.

    Intervals are left out: they print no one number that could disagree.

    Attributes
    ----------
    scope
        AREA or ``group_scope``.
    base
        The base year's value; NaN where there is none.
    tolerance
        How far "about" may be from its figure.
    years, growth, rises
        By year: the figure; the rate and the rise on the year before.
    total, average, rise
        Over all years: the sum, the yearly rate since the base year, the rise since then.
    """

    scope: int
    base: float
    tolerance: float
    years: Row
    growth: Row
    rises: Row
    total: Figure | None
    average: Figure | None
    rise: Figure | None

    def before(self, year: int) -> float:
        """Return the figure of the year before; NaN where there is none."""
        if year == 0:
            return self.base
        found = self.years[year - 1]
        return math.nan if found is None else found.value


def printed(view: View, *, targets: bool = True, stated: bool = True) -> list[Printed]:
    """Gather what is printed of the area, then of each group of which something is."""
    indicator = view.indicator
    scopes = [(AREA, indicator.target, indicator.stated)]
    targeted, told = by_name(indicator.group_targets), by_name(indicator.stated.groups)
    for number, name in enumerate(map(plain, view.plan.group_names)):
        target, figures = targeted.get(name), told.get(name)
        if target is not None or figures is not None:
            scopes.append((group_scope(number), target or Target(), figures or Stated()))
    return [
        _merged(view, scope, target if targets else Target(), figures if stated else Stated())
        for scope, target, figures in scopes
    ]


def by_name(named: Mapping[str, T]) -> dict[str, T]:
    """Return what is said of groups by the plain form of their names."""
    return {plain(key): value for key, value in named.items()}


def _merged(view: View, scope: int, target: Target, stated: Stated) -> Printed:
    years, gaps = view.plan.years, view.plan.gaps.tolist()
    yearly_rise = target.increase_each_year
    return Printed(
        scope,
        float(view.base[scope]),
        target.tolerance,
        years=tuple(
            _first(target.years.get(year, target.each_year), stated.years.get(year))
            for year in years
        ),
        growth=tuple(
            _first(stated.growth.get(str(year)), target.growth_each_year) for year in years
        ),
        rises=tuple(
            _first(stated.increase.get(str(year)), yearly_rise and yearly_rise.times(gap))
            for year, gap in zip(years, gaps, strict=True)
        ),
        total=_first(target.total, stated.total),
        average=_first(target.growth, stated.growth.get("average")),
        rise=_first(target.increase, stated.increase.get("total")),
    )


def _first(*figures: Figure | None) -> Figure | None:
    """Return the first that is one number."""
    points = (one for one in figures if one is not None and one.given)
    return next((one for one in points if one.sense is not Sense.INTERVAL), None)


def digits_of(one: Figure, *, rate: bool = False) -> int:
    """Return how many digits a figure shows after the point (of a rate: of its percentage)."""
    if one.text and (not rate or "%" in one.text):
        found = _NUMBER.search(one.text)
        return len(found["digits"] or "") if found else 0
    return len(figure(one.value * 100 if rate else one.value).partition(".")[2])


def rounded(value: float, digits: int) -> float:
    """Round half up, as printed figures are; a last bit below the half counts as the half."""
    unit = 10.0**digits
    return math.copysign(math.floor(abs(value) * unit + 0.5 + 1e-9), value) / unit


def percent(rate: float, digits: int = 4) -> str:
    """Write a rate as a percentage."""
    return f"{figure(rounded(rate * 100, digits))}%"


def words(view: View, one: Figure, *, rate: bool = False) -> str:
    """Write a figure as it is printed, with its unit after the number."""
    if not one.text:
        return percent(one.value) if rate else view.amount(one.value, 6)
    unit = view.indicator.unit
    if rate or not unit or "%" in one.text or one.text.endswith(POINTS):
        return one.text
    end = [found.end() for found in _NUMBER.finditer(one.text)][-1]
    return f"{one.text[:end]} {unit}{one.text[end:]}"


def terms(values: Sequence[float]) -> str:
    """Write the terms of a sum, before what they add to."""
    return " + ".join(figure(value) for value in values) + " = " if len(values) > 1 else ""


def compare(
    view: View,
    one: Printed,
    code: str,
    year: int,
    stated: Figure | None,
    computed: float,
    *,
    rate: bool = False,
    risen: bool = False,
    kept: bool = False,
    shown: Mapping[str, object],
) -> Iterator[Found]:
    """Warn where the last printed digit of a figure differs from a computed number.

    Parameters
    ----------
    view, one
        The indicator, and what is printed of the scope.
    code
        Of the text.
    year
        Of which it speaks, or TOTAL.
    stated, computed
        The figure (None where none is printed), and what other figures make of it.
    rate
        Whether both are rates.
    risen
        Whether both are by how much a quantity rises.
    kept
        Whether "at least" and "at most" must be kept to one digit more than the figure shows.
    shown
        What else the text shows.
    """
    if stated is None or not math.isfinite(computed):
        return
    digits, factor = digits_of(stated, rate=rate), 100 if rate else 1
    within = _allowed(stated, computed, one.tolerance)
    if kept and not within and stated.sense in (Sense.AT_LEAST, Sense.AT_MOST):
        digits += 1
    apart = rounded(computed * factor, digits) - rounded(stated.value * factor, digits)
    if abs(apart) < 0.5 * 10.0**-digits:
        return
    gap = abs(computed - stated.value)

    def show(value: float) -> str:
        return percent(value, digits + 1) if rate else view.amount(value, digits + 1)

    message = say(
        code,
        name=view.indicator.label,
        scope=view.scope_name(one.scope),
        year=view.year_name(year),
        stated=words(view, stated, rate=rate),
        computed=view.difference(computed, digits + 1) if risen else show(computed),
        gap=view.difference(gap, digits + 1)
        if not rate
        else say("points", gap=rounded(gap * 100, digits + 1)),
        allowed=within or "",
        **shown,
    )
    numbers = {"stated": stated.value, "computed": computed, "gap": gap, "within": bool(within)}
    yield Found("warning", view, message, one.scope, year, numbers)


def _allowed(stated: Figure, computed: float, tolerance: float) -> Message | None:
    """Say that a figure's words allow the computed number, where they do."""
    low, high = stated.bounds(tolerance)
    slack = 1e-9 * max(abs(stated.value), abs(computed))
    if stated.sense in _ALLOWED and low - slack <= computed <= high + slack:
        return say(_ALLOWED[stated.sense])
    return None
