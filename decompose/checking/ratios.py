"""A ratio's figures computed both ways: from the base year, and from one another."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from decompose.checking.agreement import (
    check_average,
    check_chain,
    check_growth,
    check_increase,
    check_stated,
)
from decompose.checking.issue import Found
from decompose.checking.printed import Printed, by_name, compare, printed, words
from decompose.checking.view import View
from decompose.figures import Figure, plain
from decompose.labels import say
from decompose.plan.order import ratio_mode
from decompose.plan.steps import PERCENT_SIGN
from decompose.plan.targets import Stated, Target
from decompose.problem import AREA, TOTAL, Bools, group_of

CHECKS = (check_growth, check_chain, check_average, check_increase)
"""What a ratio's rates and rises are compared by, as those of any indicator."""

_PERCENT_APART = 20
"""How many times the base-year ratio a figure in percent is at least: no share grows as much."""


@dataclass(frozen=True, eq=False)
class Said:
    """What is said of a ratio in one scope."""

    view: View
    one: Printed
    members: Bools
    target: Target
    stated: Stated

    @property
    def base(self) -> float:
        """The scope's base-year ratio in the printed unit; NaN where it is unknown."""
        return self.one.base

    @property
    def rise(self) -> Figure | None:
        """How much higher the last year's ratio is said to be than the base year's."""
        return _given(self.target.rise, self.stated.rise)

    @property
    def cut(self) -> Figure | None:
        """How much lower it is said to be."""
        return _given(self.target.cut, self.stated.cut)


def check_ratio(view: View) -> Iterator[Found]:
    """Compare the figures of a ratio with one another.

    Parameters
    ----------
    view
        The ratio, with denominators that are given.
    """
    mode = ratio_mode(view.plan, view.indicator)
    for said in said_of(view):
        for check in CHECKS:
            yield from check(view, said.one)
        yield from _check_scale(said)
        yield from _check_rise(said)
        yield from _check_cut(said)
    yield from check_stated(view)
    yield from _idle_limits(view, mode)
    if mode == "checked":
        yield Found("note", view, say("ratio_checked", name=view.indicator.label))


def said_of(view: View) -> Iterator[Said]:
    """Give what is said of a ratio, scope by scope."""
    indicator, numbers = view.indicator, view.series.ratio
    assert numbers is not None  # of a ratio there are always numbers
    targets, groups = by_name(indicator.group_targets), by_name(indicator.stated.groups)
    for one in printed(view):
        target, stated = indicator.target, indicator.stated
        members = np.ones(len(view.plan.regions), dtype=bool)
        if one.scope < AREA:
            name = plain(view.plan.group_names[group_of(one.scope)])
            members = view.plan.members[group_of(one.scope)]
            target, stated = targets.get(name, Target()), groups.get(name, Stated())
        base = numbers.base_of(members)
        yield Said(view, replace(one, base=base), members, target, stated)


def _given(*figures: Figure | None) -> Figure | None:
    """Return the first that is one number."""
    return next((one for one in figures if one is not None and one.given and not one.upper), None)


def _check_scale(said: Said) -> Iterator[Found]:
    """Warn of a figure in percent beside parts whose quotient is a fraction."""
    indicator, last = said.view.indicator, _given(*reversed(said.one.years))
    fraction = (
        indicator.numerator is not None and indicator.scale == 1 and indicator.unit == PERCENT_SIGN
    )
    if not fraction or indicator.publish != "value" or last is None or not 0 < said.base <= 1:
        return
    if last.value / said.base >= _PERCENT_APART:
        shown = {"base": f"{said.base:.4g}", "figure": words(said.view, last)}
        message = say("ratio_percent", name=indicator.label, **shown)
        yield Found("warning", said.view, message, said.one.scope)


# ---- rise and cut ------------------------------------------------------------------------------


def _check_rise(said: Said) -> Iterator[Found]:
    """Compare a rise with base and last figure, with the yearly rise, and both with the rise."""
    view, last, rise = said.view, said.one.years[-1], said.rise
    if rise is not None and last is not None and not math.isnan(said.base):
        shown = _shown(said, last) | {"change": words(view, rise)}
        risen, reached = last.value - said.base, said.base + rise.value
        yield from compare(
            view, said.one, "rise_from_figures", TOTAL, rise, risen, risen=True, shown=shown
        )
        yield from compare(
            view, said.one, "figure_from_rise", view.years - 1, last, reached, shown=shown
        )
    yearly = _given(said.target.rise_each_year)
    if yearly is not None and rise is not None:
        years = view.plan.years[-1] - view.plan.base_year
        shown = {"yearly": words(view, yearly), "years": years}
        whole = yearly.value * years
        yield from compare(
            view, said.one, "rise_from_years", TOTAL, rise, whole, risen=True, shown=shown
        )
        shown, each = {"change": words(view, rise), "years": years}, rise.value / years
        yield from compare(
            view, said.one, "yearly_from_rise", TOTAL, yearly, each, risen=True, shown=shown
        )
    if said.target.rise is not None and said.stated.rise is not None:
        yield from compare(
            view,
            said.one,
            "stated_twice",
            TOTAL,
            said.stated.rise,
            said.target.rise.value,
            risen=True,
            shown={},
        )


def _check_cut(said: Said) -> Iterator[Found]:
    """Compare a cut with base and last figure, with the yearly cut, and the last figure with it."""
    view, last = said.view, said.one.years[-1]
    cut, yearly = said.cut, _given(said.target.cut_each_year)
    years = view.plan.years[-1] - view.plan.base_year
    if cut is not None and last is not None and said.base > 0:
        shown = _shown(said, last) | {"change": words(view, cut, rate=True)}
        fallen, reached = 1 - last.value / said.base, said.base * (1 - cut.value)
        yield from compare(
            view, said.one, "cut_from_figures", TOTAL, cut, fallen, rate=True, shown=shown
        )
        yield from compare(
            view, said.one, "figure_from_cut", view.years - 1, last, reached, shown=shown
        )
    if yearly is not None and (stated := cut) is not None and stated.value < 1:
        shown = {"yearly": words(view, yearly, rate=True), "years": years}
        whole = 1 - (1 - yearly.value) ** years
        yield from compare(
            view, said.one, "cut_from_years", TOTAL, stated, whole, rate=True, shown=shown
        )
        each = 1 - (1 - stated.value) ** (1 / years)
        shown = {"change": words(view, stated, rate=True), "years": years}
        yield from compare(
            view, said.one, "yearly_from_cut", TOTAL, yearly, each, rate=True, shown=shown
        )
    if said.target.cut is not None and said.stated.cut is not None:
        yield from compare(
            view,
            said.one,
            "stated_twice",
            TOTAL,
            said.stated.cut,
            said.target.cut.value,
            rate=True,
            shown={},
        )


def _shown(said: Said, last: Figure) -> dict[str, object]:
    plan = said.view.plan
    return {
        "base_year": plan.base_year,
        "last_year": plan.years[-1],
        "before": said.view.amount(said.base, said.view.decimals + 2),
        "now": words(said.view, last),
    }


# ---- limits that bind nothing ---------------------------------------------------------------


def _idle_limits(view: View, mode: str) -> Iterator[Found]:
    """Note the limits of a ratio that is no number of its own."""
    if mode == "free":
        return
    bound = ("max", "min", "cut.max", "cut.min") if mode == "bound" else ()
    families = [family for family in view.series.grids if family not in bound]
    paths = [path for family in families for path in view.series.grids[family].paths]
    if view.indicator.tiers is not None:
        paths.append(f"indicators.{view.indicator.id}.tiers")
    if view.indicator.limits.monotone is not None:
        paths.append(f"indicators.{view.indicator.id}.limits.monotone")
    for path in paths:
        message = say("ratio_limit_idle", name=view.indicator.label, path=path)
        yield Found("warning", view, message, numbers={"path": path})
