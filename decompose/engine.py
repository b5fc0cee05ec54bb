"""solve: the main job."""

from __future__ import annotations

from typing import Any

from decompose.allocation import Allocation
from decompose.errors import DecomposeError, PlanError
from decompose.labels import Language, say
from decompose.plan import Plan
from decompose.settle import settle
from decompose.stretch import settle_stretch

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
    InfeasibleError
        The rules cannot hold together; with ``gap="row"``, the rules that are no targets.
    PlanError
        There is no such ``gap``.
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
    except DecomposeError as error:
        error.language = language
        raise
