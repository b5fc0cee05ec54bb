"""A ratio beside its numerator and denominator: by their figures, and by their growth.

Where a part has no figure of a year, what is said of its growth or rise leads to one. Then the
ratio is computed from the growth, and the growth of the numerator from the ratio.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from decompose.checking.issue import Found
from decompose.checking.parts import Part, PartSayings
from decompose.checking.printed import (
    compare,
    digits_of,
    percent,
    rounded,
    words,
)
from decompose.checking.ratio_bounds import PartReach, amount, part_of
from decompose.checking.ratios import Said, said_of
from decompose.checking.view import View
from decompose.figures import Figure, Sense
from decompose.labels import Message, figure, say
from decompose.plan.order import ratio_mode

ONE_SIDED = (Sense.AT_LEAST, Sense.AT_MOST)


class _Form(NamedTuple):
    """A figure of a ratio: its value, or its cut or rise since the base year.

    ``imposed``: it is the target's, not only stated.
    """

    kind: str
    said: Figure
    base: float
    imposed: bool

    @property
    def value(self) -> float:
        """The ratio that it means, in the printed unit."""
        return self.mean(self.said.value)

    def mean(self, number: float) -> float:
        """Return the ratio that a number of this kind means."""
        if self.kind == "cut":
            return self.base * (1 - number)
        return number + (self.base if self.kind == "rise" else 0.0)

    def of(self, value: float) -> float:
        """Return the number of this kind that a ratio means."""
        if self.kind == "cut":
            return 1 - value / self.base
        return value - (self.base if self.kind == "rise" else 0.0)


def check_parts(view: View) -> Iterator[Found]:
    """Compare the figures of a ratio with those of its parts, and with their growth both ways.

    Of a ratio that is imposed on its numerator, figures whose words allow what is computed are
    passed over, and a numerator of at least (at most) so much leaves room for more (less): where
    its growth, or that of the denominator, is compared, no more is asked of it than that. Where
    the ratio is only compared, nothing makes a numerator use its room.

    Parameters
    ----------
    view
        The ratio.
    """
    mode = ratio_mode(view.plan, view.indicator)
    if mode == "stated":
        return
    parts = PartReach(view)
    tops = PartSayings(view.plan, view.indicator.numerator)
    bottoms = PartSayings(view.plan, view.indicator.denominator)
    for said, year in itertools.product(said_of(view), range(view.years)):
        top = tops.said(said, year)
        bottom = bottoms.said(said, year)
        for form in _forms(said, year):
            if top is None or bottom is None:
                if mode == "checked" or not form.imposed:  # else bounds are compared with it
                    yield from _from_limits(said, year, form, parts)
            elif bottom.value > 0:
                if top.change is None and bottom.change is None:
                    found = _from_figures(said, year, form, top, bottom)
                    yield from (one for one in found if mode == "checked" or not _within(one))
                elif mode == "checked" or not _leaves_room(said, form, top, bottom):
                    yield from _from_growth(said, year, form, top, bottom)


def _forms(said: Said, year: int) -> Iterator[_Form]:
    """Give the figures of a ratio in a year, in every way that a document may say them."""
    target, now = said.target, said.one.years[year]
    if now is not None:
        own = target.years.get(said.view.plan.years[year], target.each_year)
        yield _Form("ratio", now, said.base, now is own)
    if year == said.view.years - 1:
        if said.cut is not None and said.base > 0:
            yield _Form("cut", said.cut, said.base, said.cut is target.cut)
        if said.rise is not None and not math.isnan(said.base):
            yield _Form("rise", said.rise, said.base, said.rise is target.rise)


# ---- by figures ---------------------------------------------------------------------------------


def _from_figures(said: Said, year: int, form: _Form, top: Part, bottom: Part) -> Iterator[Found]:
    scale = _scale(said)
    shown = {
        "top": figure(top.value),
        "bottom": figure(bottom.value),
        "scale": f" × {figure(scale)}" if scale != 1 else "",
    }
    yield from _compare(said, f"{form.kind}_from_parts", year, form, top, bottom, shown)


def _within(found: Found) -> bool:
    return bool(found.numbers["within"])


def _compare(
    said: Said,
    code: str,
    year: int,
    form: _Form,
    top: Part,
    bottom: Part,
    shown: Mapping[str, object],
) -> Iterator[Found]:
    """Compare a ratio's figure with numerator ÷ denominator."""
    view = said.view
    value = _scale(said) * top.value / bottom.value
    if form.kind != "ratio":
        shown = {
            **shown,
            "before": view.amount(said.base, view.decimals + 2),
            "value": view.amount(value, view.decimals + 2),
        }
    yield from compare(
        view,
        said.one,
        code,
        year,
        form.said,
        form.of(value),
        rate=form.kind == "cut",
        kept=top.change is not None or bottom.change is not None,
        shown=shown,
    )


def _scale(said: Said) -> float:
    numbers = said.view.series.ratio
    assert numbers is not None  # of a ratio there are always numbers
    return numbers.scale


# ---- by growth ----------------------------------------------------------------------------------


def _from_growth(said: Said, year: int, form: _Form, top: Part, bottom: Part) -> Iterator[Found]:
    """Compare the ratio with the growth of its parts, and the numerator's growth with the ratio."""
    scale, change = _scale(said), top.change
    shown = {"top": top.told, "bottom": bottom.told, "or_else": _or_else(form, scale, top, bottom)}
    for one in _compare(said, f"{form.kind}_from_growth", year, form, top, bottom, shown):
        if form.said.sense in ONE_SIDED and _within(one):
            return  # the ratio is better than it must be
        yield one
    needed = form.value * bottom.value / scale
    if change is None or (change.rate and needed < 0):
        return
    yield from compare(
        top.view,
        change.one,
        "growth_from_ratio" if change.rate else "increase_from_ratio",
        change.place,
        change.said,
        change.needed(needed),
        rate=change.rate,
        shown={
            "ratio": _ratio_said(said.view, form),
            "bottom": bottom.told,
            "needed": top.view.amount(needed),
            "before": top.view.amount(change.before, 6),
            "first": change.first,
            "last": change.last,
            "kind": change.kind,
        },
    )


def _leaves_room(said: Said, form: _Form, top: Part, bottom: Part) -> bool:
    """Whether a numerator of at least (at most) so much lets the ratio be what it must be."""
    if top.said is None or top.said.sense not in ONE_SIDED:
        return False
    reached = _scale(said) * top.value / bottom.value
    return form.value >= reached if top.said.sense is Sense.AT_LEAST else form.value <= reached


def _or_else(form: _Form, scale: float, top: Part, bottom: Part) -> Message | str:
    """Say what the denominator would have to be."""
    if not form.value > 0:
        return ""
    needed = scale * top.value / form.value
    way = say("planned_less" if needed < bottom.value else "planned_more")
    return say("or_planned", way=way, needed=bottom.view.amount(needed))


def _ratio_said(view: View, form: _Form) -> Message:
    said = words(view, form.said, rate=form.kind == "cut")
    if form.kind == "cut":
        return say("cut_said", name=view.indicator.label, said=said)
    if form.kind == "rise":
        return say("rise_said", name=view.indicator.label, said=said)
    return say("part_is", name=view.indicator.label, value=said)


# ---- by limits ----------------------------------------------------------------------------------


def _from_limits(said: Said, year: int, form: _Form, parts: PartReach) -> Iterator[Found]:
    """Compare the ratio with how far the rules of its numerator go, the denominator as planned.

    Figures to which it rounds are passed over.
    """
    view, rate = said.view, form.kind == "cut"
    span = parts.span(said.one.scope, said.members, year)
    if span is None:
        return
    digits = digits_of(form.said, rate=rate)
    half = 0.5 * 10.0**-digits / (100 if rate else 1)
    low, high = form.said.bounds(said.one.tolerance)
    scale = _scale(said) / span.planned
    ends = sorted((form.of(scale * above), above) for above in (span.least, span.most))
    if ends[1][0] < low - half:
        (reachable, above), bound = ends[1], low
    elif ends[0][0] > high + half:
        (reachable, above), bound = ends[0], high
    else:
        return
    at = "ratio_at_most" if above == span.most else "ratio_at_least"
    top = part_of(view, view.indicator.numerator)
    bottom = part_of(view, view.indicator.denominator)
    gap = abs(reachable - bound)

    def show(value: float) -> str:
        return percent(value, digits + 1) if rate else view.amount(value, digits + 1)

    message = say(
        "ratio_unreached",
        name=view.indicator.label,
        scope=view.scope_name(said.one.scope),
        year=view.year_name(year),
        top=top.label,
        at=say("ratio_just" if span.least == span.most else at),
        above=amount(top, above),
        bottom=bottom.label,
        below=amount(bottom, span.planned),
        what=say(f"the_{form.kind}"),
        most=say("ratio_at_most" if reachable < bound else "ratio_at_least"),
        reachable=show(reachable),
        stated=words(view, form.said, rate=rate),
        gap=view.difference(gap, digits + 1)
        if not rate
        else say("points", gap=rounded(gap * 100, digits + 1)),
    )
    numbers = {"reachable": reachable, "bound": bound, "gap": gap}
    yield Found("warning", view, message, said.one.scope, year, numbers)
