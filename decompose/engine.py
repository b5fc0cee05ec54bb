"""solve: the main job."""

from __future__ import annotations

from typing import Any

from decompose.allocation import Allocation
from decompose.errors import DecomposeError
from decompose.labels import Language
from decompose.plan import Plan
from decompose.settle import settle
from decompose.stretch import settle_stretch


def solve(plan: Plan, *, solver: Any = "highs", language: Language = "zh") -> Allocation:
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

    Returns
    -------
    Allocation
        Certified: every sum, box, lock and part exact in whole steps.

    Raises
    ------
    PlanError
        The allocation rule gives negative references.
    InfeasibleError
        The rules cannot hold together.
    RoundingError
        No table in whole steps adds up.
    SolverError
        The solver failed, or its answer broke a rule.
    """
    try:
        base = settle(plan, solver=solver)
        higher = settle_stretch(plan, base, solver=solver)
        return Allocation(base, None if higher is None else Allocation(higher))
    except DecomposeError as error:
        error.language = language
        raise
