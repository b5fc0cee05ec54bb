"""solve and explain: a plan's quotas, or why there are none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from decompose.allocation import Allocation
from decompose.errors import DecomposeError, InfeasibleError, PlanError
from decompose.explain import Diagnosis, diagnose
from decompose.labels import Language, say
from decompose.plan import Plan
from decompose.settle import settle
from decompose.stretch import settle_stretch, stretched

GAPS = ("row",)
"""What may become of targets that cannot be met."""


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
        There is no such ``gap``, or a ratio has a target and its denominator comes out as 0.
    InfeasibleError
        The rules cannot hold together (with ``gap="row"``, those that are no targets); its
        ``diagnosis`` tells which, and what it would take.
    RoundingError
        No table in whole steps adds up.
    SolverError
        The solver failed, or its answer broke a rule.
    """
    if gap is not None and gap not in GAPS:
        raise PlanError(say("gap_unknown", found=str(gap), known=list(GAPS)), language=language)
    try:
        base = settle(plan, solver=solver, gap=gap is not None)
        higher = settle_stretch(plan, base, solver=solver)
        return Allocation(base, None if higher is None else Allocation(higher))
    except InfeasibleError as error:
        found = explain(plan, language=language)
        if found.feasible:
            raise
        raise InfeasibleError(
            error.message, found, indicators=error.indicators, language=language
        ) from None
    except DecomposeError as error:
        error.language = language
        raise


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
    try:
        return diagnose(plan, stretch=stretched(plan), yields=yields, language=language)
    except DecomposeError as error:
        error.language = language
        raise
