"""solve, the main job; sensitivity, what its rules cost."""

from __future__ import annotations

from typing import Any

from decompose.allocation import Allocation
from decompose.errors import DecomposeError
from decompose.explain import MOST, Sensitivity, sensitivity_of
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
    return sensitivity_of(allocation.settled, most=most)
