"""Checking a plan before anything is solved: what cannot be, what disagrees, what may surprise."""

from __future__ import annotations

from dataclasses import replace

from decompose.checking.agreement import ADDED_UP, check_agreement
from decompose.checking.contradictions import check_bounds, check_references
from decompose.checking.displays import check_display
from decompose.checking.issue import Found, Issue
from decompose.checking.notes import check_margins, check_notes, check_stretch, check_tiers
from decompose.checking.ratio_bounds import check_ratio_bounds
from decompose.checking.ratio_parts import check_parts
from decompose.checking.ratios import check_ratio
from decompose.checking.ties import check_ties
from decompose.checking.view import View
from decompose.labels import Language
from decompose.passed import require
from decompose.plan import Plan
from decompose.plan.order import free_numerators
from decompose.plan.stretched import stretched
from decompose.problem import TOTAL
from decompose.series import series_of

__all__ = ["Issue", "check"]


def check(plan: Plan, *, language: Language = "zh") -> list[Issue]:
    """Look for contradictions and surprises in a plan before solving it.

    Nothing is solved. A plan with an error can certainly not be met; one without errors may still
    be infeasible. Warnings and notes stop nothing.

    Parameters
    ----------
    plan
        The plan.
    language
        Language of the texts, ``"zh"`` or ``"en"``.

    Returns
    -------
    list of Issue
        By indicator, then area, groups and regions, then years, in the order of the plan.

    Examples
    --------
    >>> dc.check(plan)
    []
    >>> tight = plan.with_changes({"indicators.investment.limits.max": 30})
    >>> [(issue.severity, issue.where) for issue in dc.check(tight)]
    [('error', 'investment 2025 City'), ('error', 'investment 2026 City')]
    """
    require("check", plan, Plan, language=language)
    found, higher = _found(plan), stretched(plan)
    if higher is not None:
        told = {(one.message.code, one.place) for one in found}
        found += [
            replace(one, of_stretch=True)
            for one in _found(higher)
            if one.severity == "error" and (one.message.code, one.place) not in told
        ]
    open_still = [one for one in found if one.year is None or not 0 <= one.year < plan.past]
    return [one.told(language) for one in sorted(open_still, key=lambda one: one.order)]


def _found(plan: Plan) -> list[Found]:
    free = free_numerators(plan)
    added = [
        View(plan, series_of(plan, indicator, {}))
        for indicator in plan.indicators
        if indicator.kind in ("flow", "level")
    ]
    views = [view for view in added if view.indicator.id not in free]
    found = [one for view in views for one in check_references(view)]
    found += check_bounds(views)
    wrong = {one.place for one in found}
    for view in added:
        found += [
            one
            for one in check_agreement(view)
            if one.message.code not in ADDED_UP or one.place not in wrong
        ]
    for view in views:
        found += [*check_notes(view), *check_display(view)]
    ties = check_ties({view.series.number: view for view in views})
    # what years that are over add up to keeps no tie
    found += [one for one in ties if not (plan.past and one.year == TOTAL)]
    for indicator in plan.indicators:
        if indicator.kind == "ratio":
            view = View(plan, series_of(plan, indicator, {}))
            found += [*check_references(view), *check_ratio_bounds(view), *check_margins(view)]
            found += [*check_stretch(view), *check_tiers(view)]
            found += [*check_ratio(view), *check_parts(view), *check_display(view)]
    return found
