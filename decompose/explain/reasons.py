"""The arithmetic of a conflict: how far the other rules let a demand go, in one sentence."""

from __future__ import annotations

import numpy as np

from decompose.build import Built
from decompose.explain.changes import rate_of, series_at
from decompose.explain.conflict import TARGETS
from decompose.explain.feasibility import Part
from decompose.explain.ratio_changes import as_said
from decompose.explain.rules import (
    Shown,
    change_of,
    is_fact,
    is_printed,
    place_of,
    row_name,
    says,
    shown,
    subject,
)
from decompose.explain.words import with_unit
from decompose.explain.written import PERCENT_DIGITS, outward
from decompose.explain.yields import YIELDS, Yield
from decompose.labels import Message, say, term
from decompose.naming import scope_name
from decompose.plan import Indicator, Plan
from decompose.plan.steps import decimals_of
from decompose.problem import AREA, FAMILIES, FAMILY, Ints
from decompose.solvers import Solver

_SHARES = tuple(
    FAMILY[name]
    for name in ("share.max", "share.min", "share_shift", "at_least_share", "at_most_share")
)
"""Families that hold for any sums that are 0."""


def reason_of_conflict(
    plan: Plan, built: Built, part: Part, conflict: Ints, solver: Solver
) -> Message:
    """Say in one sentence why rules cannot hold together.

    One of them is the demand: the rule that would yield last. The others alone let its row go so
    far and no further; what is missing is the gap. Where that is a target and limits that the
    conflict does not need leave it further off, so does the sentence say.

    Parameters
    ----------
    plan, built
        The plan and its stage.
    part
        The component in which the conflict is.
    conflict
        Indices into ``part.rows``.
    solver
        From ``open_solver``.
    """
    rows = part.rows[conflict]
    demand = max(range(len(rows)), key=lambda k: (_firmness(plan, built, int(rows[k])), -k))
    row = int(rows[demand])
    told, place = says(plan, built, row), place_of(plan, built, row)
    others = np.delete(conflict, demand)
    if not len(others) and not np.diff(built.problem.rules.matrix.start)[row]:
        return say("conflict_nobody", demand=told, place=place)
    if not len(others) and part.steps:
        return say("conflict_steps", demand=told, place=place)
    rules = built.problem.rules
    indicator = plan.indicators[rules.indicator[row]]
    about = subject(plan, int(rules.year[row]), row_name(plan, built, row))
    of_shares = _shares_told(plan, built, rows, about)
    if of_shares is not None:
        return of_shares
    kept = np.zeros(len(part.rows), dtype=bool)
    kept[others] = True
    ends = part.reach(solver, kept, int(conflict[demand]))
    least, most = (end + float(rules.constant[row]) for end in ends)

    def told_as(value: float) -> tuple[float, bool]:
        return as_said(plan, built, row, series_at(built, row), value)

    if not len(others) and not np.isfinite(ends).any():  # it contradicts itself
        return say("conflict_alone", demand=told, place=place)
    lower, upper = (float(end[row] + rules.constant[row]) for end in (rules.lower, rules.upper))
    if most < lower:
        reach, wanted, family = told_as(most), told_as(lower), "max"
    elif least > upper:
        reach, wanted, family = told_as(least), told_as(upper), "min"
    else:  # what is missing is less than the program sees
        return say("conflict_steps" if part.steps else "conflict_slight", demand=told, place=place)
    path = built.problem.sources[rules.source[row]]
    demanded = FAMILIES[rules.family[row]].name
    printed, change = is_printed(indicator, demanded, path), change_of(demanded, path)
    rises = change == "rise"
    data = _reached(reach, wanted, indicator, printed=printed, apart=rises)
    if not data:
        return say("conflict_slight", demand=told, place=place)
    added, parts = _added(built, rows, demand, family)
    # a cut is the larger, the smaller the ratio is
    kind = f"{change}_" if change and not printed else added
    code = f"conflict_{kind}{'below' if reach[0] < wanted[0] else 'above'}"
    reason = say(
        code,
        demand=told,
        place=place,
        scope=scope_name(built.problem, int(rules.scope[row])),
        indicator=indicator.label,
        subject=about,
        **parts,
        **data,
    )
    if family == "max" and not most and np.isin(rules.family[part.rows[others]], _SHARES).any():
        reason = say("conflict_only_zero", reason=reason)
    end = _by_all_limits(part, conflict, demand, solver, most=family == "max")
    if end is None:
        return reason
    end += float(rules.constant[row])
    if not (end < most if family == "max" else end > least):
        return reason
    further = _reached(told_as(end), wanted, indicator, printed=printed, apart=rises)
    if further == data:
        return reason
    code = f"conflict_further_{'below' if reach[0] < wanted[0] else 'above'}"
    return say(code, reason=reason, **further)


def _by_all_limits(
    part: Part, conflict: Ints, demand: int, solver: Solver, *, most: bool
) -> float | None:
    """Return how far all limits let a target go; None of others, or where a conflict has all."""
    family = part.problem.rules.family[part.rows]
    limits = ~np.isin(family, TARGETS)
    in_conflict = np.count_nonzero(np.delete(limits[conflict], demand))
    if limits[conflict[demand]] or np.count_nonzero(limits) == in_conflict:
        return None
    return part.furthest(solver, limits, int(conflict[demand]), most=most)


def _reached(
    reach: tuple[float, bool],
    wanted: tuple[float, bool],
    indicator: Indicator,
    *,
    printed: bool,
    apart: bool,
) -> dict[str, Shown]:
    """Write what is reached in print, and how far that is from what is wanted, if that is seen."""
    digits = PERCENT_DIGITS + 2 if reach[1] else decimals_of(indicator)
    inward = outward(reach[0], digits, up=reach[0] > wanted[0])
    gap = abs(inward - wanted[0])
    if not round(gap, digits):
        return {}
    if reach[1]:
        return {"reach": f"{inward:.2%}", "gap": _points(gap)}
    return {
        "reach": shown(inward, indicator, printed=printed, apart=apart),
        "gap": shown(gap, indicator, printed=printed, apart=True),
    }


def _points(gap: float) -> Message:
    """Write by how much two rates differ."""
    return with_unit(f"{100 * gap:.{PERCENT_DIGITS}f}", term("points"))


def _firmness(plan: Plan, built: Built, row: int) -> tuple[int, bool, int]:
    """Rank a rule by how late it would yield, limits on sums after those on one region.

    Targets are told before locks, signed ones too, and a total before its years. Rules without a
    figure never are the demand, nor is what was reached in a year that is over.
    """
    rules = built.problem.rules
    family, scope = FAMILIES[rules.family[row]].name, int(rules.scope[row])
    ranks = [k for k, one in enumerate(YIELDS) if one.family == family]
    terms = int(rules.matrix.counts[row])
    if not ranks or is_fact(plan, family, int(rules.year[row])):
        return -1, False, terms
    firm = ranks[0] >= YIELDS.index(Yield("lock", "open"))
    if not firm:
        return 0, scope <= AREA, 0
    targets = scope == AREA and family != "lock"
    return ranks[-1] if targets else ranks[0], scope <= AREA, terms if targets else 0


def _shares_told(plan: Plan, built: Built, rows: Ints, about: Message) -> Message | None:
    """Add up limits on shares that leave less, or ask for more, than the whole.

    One rule more, at most, says that there is a whole.
    """
    rules = built.problem.rules
    of_shares = np.isin(rules.family[rows], [FAMILY["share.max"], FAMILY["share.min"]])
    shares = rows[of_shares]
    families = {FAMILIES[family].name for family in rules.family[shares].tolist()}
    once = len(set(rules.scope[shares])) == len(shares) >= len(rows) - 1
    if len(families) != 1 or not once or len(shares) < 2:
        return None
    whole = sum(rate_of(plan, built, row) for row in shares.tolist())
    if (whole < 1) != (families == {"share.max"}):
        return None
    code = "conflict_shares_below" if whole < 1 else "conflict_shares_above"
    gap = _points(abs(whole - 1))
    return say(code, count=len(shares), reach=f"{whole:.2%}", gap=gap, subject=about)


def _added(built: Built, rows: Ints, demand: int, family: str) -> tuple[str, dict[str, object]]:
    """Tell whether the other rules add up to the demand, and in what words.

    They are limits or locks of its cells, targets of its years, or targets of groups.
    """
    rules = built.problem.rules
    others, row = np.delete(rows, demand), rows[demand]
    own, parts = rules.matrix.take(rows[demand : demand + 1]), rules.matrix.take(others)
    if not (
        len(others) > 1
        and (own.value == 1.0).all()
        and (parts.value == 1.0).all()
        and np.array_equal(np.sort(own.column), np.sort(parts.column))
        and (rules.indicator[others] == rules.indicator[row]).all()
    ):
        return "", {}
    families = {FAMILIES[one].name for one in rules.family[others].tolist()}
    scopes = dict.fromkeys(rules.scope[others].tolist())
    if rules.single[others].all() and families <= {family, "lock"}:
        what = say("boxes_" + "_".join(sorted(families, key=("max", "min", "lock").index)))
        return "boxes_", {"count": len(scopes), "what": what}
    if families != {"target"}:
        return "", {}
    if list(scopes) == [int(rules.scope[row])]:
        return "years_", {}
    if max(scopes) < AREA and len(scopes) == len(others):
        return "groups_", {"groups": [scope_name(built.problem, scope) for scope in scopes]}
    return "", {}
