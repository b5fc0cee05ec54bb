"""Shares, sums and rises between indicators: their figures both ways, and bounds that cannot be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np

from decompose.checking.issue import Found, Severity, crossing
from decompose.checking.printed import compare, digits_of, printed, rounded, terms
from decompose.checking.reach import Reach
from decompose.checking.view import View
from decompose.figures import Figure, plain
from decompose.labels import figure, say
from decompose.plan.limits import Link
from decompose.problem import AREA, TOTAL, group_scope
from decompose.series import Sum

NEGLIGIBLE = 1e-9
EACH = "region"


class _Bound(NamedTuple):
    """A sum of a scope and year as its rules bound it, and the figure that is handed out."""

    lower: float
    upper: float
    said: Sum | None

    @property
    def handed(self) -> float:
        return np.nan if self.said is None else self.said.figure


def check_ties(views: Mapping[int, View]) -> Iterator[Found]:
    """Compare what ties indicators together with the figures of both.

    Parameters
    ----------
    views
        The indicators that have figures of their own, by their index in the plan.
    """
    reaches: dict[int, Reach] = {}

    def reach(number: int) -> Reach:
        if number not in reaches:
            reaches[number] = _reach(views[number])
        return reaches[number]

    for number, view in views.items():
        index = view.plan.indicator_index
        for link in view.indicator.links:
            other = index.get(link.of or "", -1)
            if other in views:
                yield from _check_share(reach(number), reach(other), link)
        parts = [index[name] for name in view.indicator.sum_of]
        if parts and views.keys() >= set(parts):
            yield from _check_sum(view, [views[part] for part in parts])
            yield from _sum_bounds(reach(number), [reach(part) for part in parts])
        yield from _check_increase(view, views)


def _reach(view: View) -> Reach:
    found = Reach.of(view)
    found.run(view.regions)
    found.gather()
    found.run(view.sums)
    return found


# ---- shares of another --------------------------------------------------------------------------


def _check_share(own: Reach, other: Reach, link: Link) -> Iterator[Found]:
    """Compare the sums of both, by year and in total, in every scope that the share speaks of."""
    least = link.at_least_share is not None
    share = link.at_least_share if link.at_least_share is not None else link.at_most_share
    if share is None:
        return
    for scope in _scopes(own.view, other.view, link):
        years = [*range(own.view.years), *([TOTAL] if own.view.indicator.kind == "flow" else [])]
        for year in years:
            if not _both_speak(own.view, other.view, scope, year):
                continue
            mine, theirs = _bound(own, scope, year), _bound(other, scope, year)
            yield from _share_bounds(own.view, other.view, scope, year, share, mine, theirs, least)


def _scopes(view: View, other: View, link: Link) -> list[int]:
    """Return the scopes whose sums a share binds, as far as both speak of the same regions."""
    plan = view.plan
    name = plain(link.scope)
    if name in plan.group_index and name != EACH:
        return [group_scope(plan.group_index[name])]
    if name in plan.region_index:
        return [plan.region_index[name]]
    if name == EACH and not (view.cells == other.cells).all():
        return []  # of some regions, nothing is said
    return [AREA]


def _both_speak(view: View, other: View, scope: int, year: int) -> bool:
    """Whether both have numbers in a year, or in all years that one of them has any."""
    applies = other.inside[scope].astype(int) @ other.plan.applies(other.indicator).astype(int) > 0
    own, theirs = view.present[scope], other.present[scope] | ~applies
    return bool((theirs[own].all() and own.any()) if year == TOTAL else own[year] & theirs[year])


def _bound(reach: Reach, scope: int, year: int) -> _Bound:
    said = [one for one in reach.view.series.sums if one.scope == scope and one.year == year]
    with_figure = [one for one in said if not np.isnan(one.figure)]
    return _Bound(
        float(-reach.lower.bound[scope, year]),
        float(reach.upper.bound[scope, year]),
        with_figure[0] if with_figure else None,
    )


def _share_bounds(
    view: View,
    other: View,
    scope: int,
    year: int,
    share: float,
    mine: _Bound,
    theirs: _Bound,
    least: bool,
) -> Iterator[Found]:
    reachable = mine.upper if least else mine.lower
    needed = share * (theirs.lower if least else theirs.upper)
    slack = NEGLIGIBLE * max(abs(reachable), abs(needed)) + 1e-6 * view.series.step
    wrong = reachable < needed - slack if least else reachable > needed + slack
    if np.isfinite(reachable) and np.isfinite(needed) and wrong:
        whole = theirs.lower if least else theirs.upper
        yield _tell(
            view, other, scope, year, share, (reachable, whole, needed), "share_never", least
        )
        return
    if mine.said is None or theirs.said is None:
        return
    wanted = share * theirs.handed
    digits = digits_of(mine.said.said)
    apart = rounded(wanted, digits) - rounded(mine.handed, digits)
    if (apart if least else -apart) > 0.5 * 10.0**-digits:
        ends = (mine.handed, theirs.handed, wanted)
        yield _tell(view, other, scope, year, share, ends, "share_from_figures", least)


def _tell(
    view: View,
    other: View,
    scope: int,
    year: int,
    share: float,
    ends: tuple[float, float, float],
    code: str,
    least: bool,
) -> Found:
    own, whole, needed = ends
    digits = view.apart(min(own, needed), max(own, needed))
    message = say(
        code,
        name=view.indicator.label,
        other=other.indicator.label,
        scope=view.scope_name(scope),
        year=view.year_name(year),
        share=f"{share:.6g}" if share > 1 else f"{share * 100:.6g}%",
        own=view.amount(own, digits),
        whole=other.amount(whole, 6),
        needed=view.amount(needed, digits),
        gap=view.amount(abs(own - needed), digits),
        end=say("share_at_least" if least else "share_at_most"),
    )
    numbers = {"own": own, "whole": whole, "needed": needed, "gap": abs(own - needed)}
    severity: Severity = "error" if code == "share_never" else "warning"
    return Found(severity, view, message, scope, year, numbers)


# ---- sums of others, rises of a level ---------------------------------------------------------


def _check_sum(view: View, parts: list[View]) -> Iterator[Found]:
    """Compare a sum's figures with those of its parts."""
    by_part = [{one.scope: one for one in printed(part)} for part in parts]
    for one in printed(view):
        said = [scopes.get(one.scope) for scopes in by_part]
        for year in (*range(view.years), TOTAL):
            figures = [
                None if part is None else (part.total if year == TOTAL else part.years[year])
                for part in said
            ]
            values = [found.value for found in figures if found is not None]
            if len(values) == len(figures):
                wanted = one.total if year == TOTAL else one.years[year]
                shown = {"terms": terms(values)}
                yield from compare(
                    view, one, "sum_from_parts", year, wanted, sum(values), shown=shown
                )


def _sum_bounds(whole: Reach, parts: list[Reach]) -> Iterator[Found]:
    """Find years in which the parts of the area's sum come to more, or to less, than it may be."""
    view = whole.view
    for year in range(view.years):
        if not all(one.view.present[AREA, year] for one in (whole, *parts)):
            continue
        own, others = _bound(whole, AREA, year), [_bound(one, AREA, year) for one in parts]
        least, most = sum(one.lower for one in others), sum(one.upper for one in others)
        for code, low, high in (
            ("sum_exceeded", least, own.upper),
            ("sum_unreached", own.lower, most),
        ):
            if np.isfinite(low) and np.isfinite(high) and low - high > 1e-6 * view.series.step:
                yield crossing(view, code, year, low, high)


def _check_increase(view: View, views: Mapping[int, View]) -> Iterator[Found]:
    """Compare a flow's figures with the rises of the level."""
    name = view.indicator.increase_of
    level = None if name is None else views.get(view.plan.indicator_index[name])
    if level is None:
        return
    by_scope = {one.scope: one for one in printed(level)}
    for one in printed(view):
        of_level = by_scope.get(one.scope)
        if of_level is None:
            continue
        rises: list[tuple[int, Figure | None, Figure | None, float]] = [
            (year, one.years[year], of_level.years[year], of_level.before(year))
            for year in range(view.years)
        ]
        rises.append((TOTAL, one.total, of_level.years[-1], of_level.base))
        for year, wanted, now, before in rises:
            if now is not None and not np.isnan(before):
                shown = {
                    "level": level.indicator.label,
                    "now": figure(now.value),
                    "before": figure(before),
                }
                risen = now.value - before
                yield from compare(
                    view, one, "increase_from_level", year, wanted, risen, shown=shown
                )
