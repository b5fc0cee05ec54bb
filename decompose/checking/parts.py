"""What a document says of a ratio's numerator and denominator: their figures, or their growth."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from decompose.checking.printed import Printed, printed, words
from decompose.checking.ratios import Said
from decompose.checking.view import View
from decompose.figures import Figure
from decompose.labels import Message, say
from decompose.plan.content import PlanContent
from decompose.plan.models import Cumulative
from decompose.plan.order import named
from decompose.plan.ratios import values_of
from decompose.problem import TOTAL
from decompose.series import series_of


class Change(NamedTuple):
    """A growth or a rise that leads from one number to another.

    ``first`` and ``last`` are years; ``place`` is the year of which the figure speaks, or TOTAL.
    """

    one: Printed
    said: Figure
    rate: bool
    before: float
    first: int
    last: int
    place: int

    @property
    def kind(self) -> Message:
        """What a rate over so many years is called."""
        return say("rate_of_years" if self.last - self.first > 1 else "rate_of_year")

    @property
    def reached(self) -> float:
        """The number to which it leads."""
        if self.rate:
            return float(self.before * (1 + self.said.value) ** (self.last - self.first))
        return self.before + self.said.value

    def needed(self, reached: float) -> float:
        """Return the growth or rise that would lead to a number."""
        if self.rate:
            return float((reached / self.before) ** (1 / (self.last - self.first)) - 1)
        return reached - self.before


@dataclass(frozen=True, eq=False)
class Part:
    """A numerator or denominator in a scope and year: its number, in words, and where it is from.

    ``said`` is the figure that it is, or the growth or rise from which it follows; of the latter
    ``change`` has the rest. Data have neither.
    """

    view: View
    value: float
    told: Message
    said: Figure | None = None
    change: Change | None = None


class PartSayings:
    """What a document says of a numerator or denominator, in every scope and year.

    Its series and its figures are made once: hundreds of groups ask for them.

    Parameters
    ----------
    plan, source
        The plan, and what a ratio has as numerator or denominator.
    """

    def __init__(self, plan: PlanContent, source: str | Cumulative | None) -> None:
        self._plan, self._source = plan, source

    @cached_property
    def view(self) -> View | None:
        """The indicator; None where the ratio names none."""
        plan, name = self._plan, named(self._source)
        if name is None:
            return None
        return View(plan, series_of(plan, plan.indicators[plan.indicator_index[name]], {}))

    @cached_property
    def printed(self) -> dict[int, Printed]:
        """What is printed of it, by scope."""
        return {} if self.view is None else {one.scope: one for one in printed(self.view)}

    def said(self, said: Said, year: int) -> Part | None:
        """Return what is printed, given, or said by growth beside a figure of the ratio."""
        view = self.view
        if view is None:
            return None
        if not isinstance(self._source, Cumulative):
            return _of_year(said, view, self, year)
        found = [_of_year(said, view, self, one) for one in range(year + 1)]
        figures = [one.value for one in found if one is not None and one.change is None]
        if len(figures) <= year:
            return None  # growth of one year says little of their sum
        return Part(view, sum(figures), _told(view, view.amount(sum(figures), 6)))


def _of_year(said: Said, view: View, sayings: PartSayings, year: int) -> Part | None:
    plan, part = view.plan, view.indicator
    takes = said.members & plan.applies(said.view.indicator)[:, year]
    if part.kind == "given":
        values = values_of(plan, part.id, {})[0][takes, year]
        whole = float(np.nansum(values))
        unknown = np.isnan(values).all()
        return None if unknown else Part(view, whole, _told(view, view.amount(whole, 6)))
    if (said.members & plan.applies(part)[:, year] & ~takes).any():
        return None  # the figure speaks of more regions
    own = sayings.printed.get(said.one.scope)
    if own is None:
        return None
    now = own.years[year]
    if now is not None:
        return Part(view, now.value, _told(view, words(view, now)), now)
    change = _change(view, own, year)
    if change is None:
        return None
    told = say(
        "part_grown" if change.rate else "part_risen",
        name=part.label,
        first=change.first,
        before=view.amount(change.before, 6),
        kind=change.kind,
        by=words(view, change.said, rate=change.rate),
        value=view.amount(change.reached),
    )
    return Part(view, change.reached, told, change.said, change)


def _told(view: View, value: str) -> Message:
    return say("part_is", name=view.indicator.label, value=value)


def _change(view: View, own: Printed, year: int) -> Change | None:
    """Return the growth or rise that leads to a year without a figure, from base or year before."""
    plan = view.plan
    now, gap = plan.years[year], int(plan.gaps[year])
    before, end = _before(view, own, year), year == view.years - 1
    rates = [
        (own.average if end else None, own.base, plan.base_year, TOTAL),
        (own.growth[year], before, now - gap, year),
    ]
    for rate, start, first, place in rates:
        if rate is not None and start > 0 and rate.value > -1:
            return Change(own, rate, True, start, first, now, place)
    rises = [
        (own.rise if end else None, own.base, plan.base_year, TOTAL),
        (own.rises[year], before, now - gap, year),
    ]
    for rise, start, first, place in rises:
        if rise is not None and not math.isnan(start):
            return Change(own, rise, False, start, first, now, place)
    return None


def _before(view: View, own: Printed, year: int) -> float:
    """Return the number of the year before, by a figure or by growth; NaN where there is none."""
    if year == 0 or own.years[year - 1] is not None:
        return own.before(year)
    change = _change(view, own, year - 1)
    return math.nan if change is None else change.reached
