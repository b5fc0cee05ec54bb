"""solve and explain: quotas, or why there are none; sensitivity: what the rules cost."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import partial
from typing import Any

from decompose.allocation import Allocation
from decompose.errors import DecomposeError, InfeasibleError, PlanError
from decompose.explain import MOST, Diagnosis, Sensitivity, diagnose, sensitivity_of
from decompose.kept import Made
from decompose.labels import Language, say
from decompose.passed import require
from decompose.plan import Plan
from decompose.settle import settle
from decompose.solvers import open_solver
from decompose.stretch import settle_stretch, stretched

GAPS = ("row",)
"""What may become of targets that cannot be met."""

logger = logging.getLogger("decompose")


def solve(
    plan: Plan, *, solver: Any = "highs", language: Language = "zh", gap: str | None = None
) -> Allocation:
    """Give every region, year and indicator of a plan its quota.

    Parameters
    ----------
    plan
        What is wanted, and under which rules.
    solver
        ``"highs"``, the name of another PuLP solver, or a PuLP solver object. It does not change
        the answer.
    language
        Of errors.
    gap
        ``"row"``: where targets cannot be met, hand out what can be handed out; the rest is in
        ``Allocation.gaps``, and a row of the annexes. A plan that can be met is not changed.

    Returns
    -------
    Allocation
        Certified: every sum, box, lock and part exact in whole steps.

    Raises
    ------
    PlanError
        There is no such ``gap``, a ratio has a target and its denominator comes out as 0, or the
        allocation rule gives negative references.
    InfeasibleError
        The rules cannot hold together (with ``gap="row"``, those that are no targets); its
        ``diagnosis`` tells which, and what it would take.
    RoundingError
        No table in whole steps adds up.
    SolverError
        The solver failed, or its answer broke a rule.
    """
    require("solve", plan, Plan, language=language)
    check_gap(gap, language)
    try:
        open_solver(solver)  # a wrong one is told even where no program is needed
        base = settle(plan, solver=solver, gap=gap is not None)
        higher = settle_stretch(plan, base, solver=solver)
        made = Made.by(solver)
        stretch = None if higher is None else Allocation(higher, made=made)
        allocation = Allocation(base, stretch, made)
    except InfeasibleError as error:
        raise InfeasibleError(
            error.message,
            partial(explain, plan, language=language),
            indicators=error.indicators,
            language=language,
        ) from None
    except DecomposeError as error:
        error.language = language
        raise
    short = allocation.shortfalls
    if len(short):
        most = 100 * short["relative"].max()
        logger.warning(
            "stretch: %d quotas fall short of base quotas, at most by %.2f%%", len(short), most
        )
    return allocation


def check_gap(gap: str | None, language: Language) -> None:
    """Refuse a ``gap`` that there is not.

    Raises
    ------
    PlanError
        It is none of ``GAPS``.
    """
    if gap is not None and gap not in GAPS:
        raise PlanError(say("gap_unknown", found=str(gap), known=list(GAPS)), language=language)


def explain(
    plan: Plan, *, yields: Sequence[str] | None = None, language: Language = "zh"
) -> Diagnosis:
    """Tell whether a plan can be met; if not, why not, and what it would take.

    Parameters
    ----------
    plan
        What is wanted, and under which rules.
    yields
        Names of the families that may yield (``"max"``, ``"growth.max"``, ``"growth"``, …), the
        first one first; by default all that have a figure, the area's target and signed locks
        last.
    language
        Of the texts.

    Returns
    -------
    Diagnosis
        ``conflict``: rules that cannot hold together, each of them needed; ``repairs``: for each
        family that can make the plan possible by yielding alone, the least total change, spread
        by leximin of change ÷ limit; ``apply(k)`` makes the plan with one of them.

    Raises
    ------
    PlanError
        A name of ``yields`` is no family that can yield, or a ratio's denominator comes out as 0.
    RoundingError
        The rules can hold together, but no table in whole steps adds up.
    SolverError
        The solver failed.
    """
    require("explain", plan, Plan, language=language)
    try:
        return diagnose(plan, stretch=stretched(plan), yields=yields, language=language)
    except DecomposeError as error:
        error.language = language
        raise


def sensitivity(allocation: Allocation, *, most: int = MOST) -> Sensitivity:
    """Return what each binding rule costs: what one unit of relief on it would change.

    Relief loosens a rule: its upper bound rises, or its lower bound falls, by one of the
    indicator's unit, or by one percentage point of a rate (growth, share, cut). An exact target
    or lock moves to the side on which the largest burden falls more.

    Parameters
    ----------
    allocation
        What ``solve`` gave; of stretch quotas, ``allocation.stretch``.
    most
        How many rules are looked at, those at the largest burdens first.

    Returns
    -------
    Sensitivity
        ``table``, the costliest rule first; ``quotas``, what changes; ``text(language)``.
    """
    require("sensitivity", allocation, Allocation)
    return sensitivity_of(allocation.settled, most=most)
