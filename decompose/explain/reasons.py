"""The arithmetic of a conflict: how far the other rules let a demand go, in one sentence."""

from __future__ import annotations

import numpy as np

from decompose.build import Built
from decompose.explain.changes import rate_of, series_at
from decompose.explain.feasibility import Part
from decompose.explain.ratio_changes import as_said
from decompose.explain.rules import (
    Shown,
    apart,
    is_printed,
    place_of,
    row_name,
    says,
    shown,
    subject,
)
from decompose.explain.words import with_unit
from decompose.explain.written import PERCENT_DIGITS
from decompose.explain.yields import YIELDS, Yield
from decompose.labels import Message, say, term
from decompose.naming import scope_name
from decompose.plan import Indicator, Plan
from decompose.problem import AREA, FAMILIES, FAMILY, Ints
from decompose.solvers import Solver


def reason_of_conflict(
    plan: Plan, built: Built, part: Part, conflict: Ints, solver: Solver
) -> Message:
    """Say in one sentence why rules cannot hold together.

    One of them is the demand: the rule that would yield last. The others alone let its row go so
    far and no further; what is missing is the gap.

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
    demand = max(range(len(rows)), key=lambda k: (_firmness(built, int(rows[k])), -k))
    row = int(rows[demand])
    told, place = says(plan, built, row), place_of(plan, built, row)
    others = np.delete(conflict, demand)
    if not len(others) and not np.diff(built.problem.rules.matrix.start)[row]:
        return say("conflict_nobody", demand=told, place=place)
    if not len(others):
        return say("conflict_steps" if part.steps else "conflict_alone", demand=told, place=place)
    kept = np.zeros(len(part.rows), dtype=bool)
    kept[others] = True
    rules = built.problem.rules
    ends = part.reach(solver, kept, int(conflict[demand]))
    least, most = (end + float(rules.constant[row]) for end in ends)
    indicator = plan.indicators[rules.indicator[row]]
    about = subject(plan, int(rules.year[row]), row_name(plan, built, row))
    shares = _shares(plan, built, np.delete(rows, demand))
    if shares is not None:
        code = "conflict_shares_below" if shares < 1 else "conflict_shares_above"
        gap = _points(abs(shares - 1))
        return say(code, count=len(others), reach=f"{shares:.2%}", gap=gap, subject=about)

    def told_as(value: float) -> tuple[float, bool]:
        return as_said(plan, built, row, series_at(built, row), value)

    lower, upper = (float(end[row] + rules.constant[row]) for end in (rules.lower, rules.upper))
    if most < lower:
        reach, wanted, family = told_as(most), told_as(lower), "max"
    elif least > upper:
        reach, wanted, family = told_as(least), told_as(upper), "min"
    else:
        return say("conflict_steps", demand=told, place=place)
    added = "boxes_" if _adds_up(built, rows, demand, family) else ""
    # a cut is the larger, the smaller the ratio is
    code = f"conflict_{added}{'below' if reach[0] < wanted[0] else 'above'}"
    path = built.problem.sources[rules.source[row]]
    printed = is_printed(indicator, FAMILIES[rules.family[row]].name, path)
    data = _reached(reach, wanted, indicator, printed=printed)
    return say(
        code,
        demand=told,
        place=place,
        scope=scope_name(built.problem, int(rules.scope[row])),
        count=len(others),
        subject=about,
        **data,
    )


def _reached(
    reach: tuple[float, bool], wanted: tuple[float, bool], indicator: Indicator, *, printed: bool
) -> dict[str, Shown]:
    """Write what is reached, and how far that is from what is wanted."""
    gap = abs(reach[0] - wanted[0])
    if reach[1]:
        return {"reach": f"{round(reach[0], 4) + 0.0:.2%}", "gap": _points(gap)}
    return {
        "reach": shown(reach[0], indicator, printed=printed),
        "gap": apart(gap, indicator, printed=printed),
    }


def _points(gap: float) -> Message:
    """Write by how much two rates differ."""
    return with_unit(f"{100 * gap:.{PERCENT_DIGITS}f}", term("points"))


def _firmness(built: Built, row: int) -> tuple[int, bool]:
    """Rank a rule by how late it would yield, limits on sums after those on one region.

    Rules without a figure never are the demand.
    """
    rules = built.problem.rules
    family, scope = FAMILIES[rules.family[row]].name, int(rules.scope[row])
    ranks = [k for k, one in enumerate(YIELDS) if one.family == family]
    if not ranks:
        return -1, False
    firm = ranks[0] >= YIELDS.index(Yield("lock", "open"))
    if not firm:
        return 0, scope <= AREA
    return ranks[-1] if scope == AREA or family == "lock" else ranks[0], scope <= AREA


def _shares(plan: Plan, built: Built, rows: Ints) -> float | None:
    """Add up limits on shares that leave less, or ask for more, than the whole."""
    rules = built.problem.rules
    families = {FAMILIES[family].name for family in rules.family[rows].tolist()}
    if families not in ({"share.max"}, {"share.min"}) or len(set(rules.scope[rows])) < len(rows):
        return None
    whole = sum(rate_of(plan, built, row) for row in rows.tolist())
    return whole if (whole < 1) == (families == {"share.max"}) else None


def _adds_up(built: Built, rows: Ints, demand: int, family: str) -> bool:
    """Whether the other rules are one limit for each cell that the demand adds up."""
    rules = built.problem.rules
    others = np.delete(rows, demand)
    matrix = rules.matrix.take(rows[demand : demand + 1])
    boxes = rules.matrix.take(others)
    return bool(
        len(matrix.column) == len(others) > 1
        and (matrix.value == 1.0).all()
        and rules.single[others].all()
        and (rules.family[others] == FAMILY[family]).all()
        and (rules.indicator[others] == rules.indicator[rows[demand]]).all()
        and set(matrix.column.tolist()) == set(boxes.column.tolist())
    )
