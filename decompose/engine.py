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
from decompose.stretch import settle_stretch

GAPS = ("row",)
"""What may become of targets that cannot be met."""

logger = logging.getLogger("decompose")


def solve(
    plan: Plan, *, solver: Any = "highs", language: Language = "zh", gap: str | None = None
) -> Allocation:
    """Give every region and year its quota of each indicator.

    Among all quotas that keep the rules of the plan, the ones are taken that treat the regions
    most evenly (leximin of each quota's relative distance from its reference). They are then
    rounded to whole steps that still add up, and checked against the rules once more.

    Parameters
    ----------
    plan
        What is wanted, and under which rules.
    solver
        ``"highs"``, the name of another PuLP solver, or a PuLP solver object. It does not change
        the answer.
    language
        Language of error messages, ``"zh"`` or ``"en"``.
    gap
        What to do with targets that cannot be met. By default that is an error. With ``"row"``
        as much is handed out as can be; what is missing stands in ``Allocation.gaps`` and in a
        row of the annexes. A plan that can be met has the same answer either way.

    Returns
    -------
    Allocation
        Quotas in whole steps, whose sums, bounds, locks and parts hold exactly.

    Raises
    ------
    PlanError
        There is no such ``gap``, a ratio has a target and its denominator comes out as 0, or the
        allocation rule gives negative references.
    InfeasibleError
        The rules cannot hold together (with ``gap="row"``: the rules other than targets). Its
        ``diagnosis`` tells which ones, and what it would take.
    RoundingError
        No table in whole steps adds up.
    SolverError
        There is no such solver, it failed, or its answer broke a rule.

    See Also
    --------
    check : find contradictions without solving.
    explain : why a plan cannot be met, and ways to mend it.

    Examples
    --------
    >>> allocation = dc.solve(plan)
    >>> allocation.quotas[["region", "year", "quota", "bound_by"]]
      region  year  quota bound_by
    0  North  2025   23.2
    1  North  2026   27.6
    2  South  2025   34.8
    3  South  2026   41.4
    4   West  2025   52.0      max
    5   West  2026   52.0      max
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
        Names of the families of rules that may give way (``"max"``, ``"growth.max"``,
        ``"growth"``, …), the first one first. By default every family that has a figure may; the
        area's target and signed locks come last.
    language
        Language of the texts, ``"zh"`` or ``"en"``.

    Returns
    -------
    Diagnosis
        ``feasible`` is True where the plan can be met. Otherwise ``conflict`` lists rules that
        cannot hold together, each of them needed for that, and ``repairs`` has, for each family
        that can make the plan possible by yielding alone, the least change in total, spread over
        its rules by leximin of change ÷ limit. ``apply(k)`` makes the plan with repair ``k``.

    Raises
    ------
    PlanError
        A name in ``yields`` is no family that can yield, or a ratio's denominator comes out as 0.
    RoundingError
        The rules can hold together, but no table in whole steps adds up, ``strict`` or not.
    SolverError
        The solver failed.

    Examples
    --------
    >>> tight = plan.with_changes({"indicators.investment.limits.max": 30})
    >>> diagnosis = dc.explain(tight, language="en")
    >>> diagnosis.feasible
    False
    >>> [(rule.family, rule.scope, rule.year) for rule in diagnosis.conflict]
    [('target', 'City', 2025), ('max', 'North', 2025), ('max', 'South', 2025),
     ('max', 'West', 2025)]
    >>> [repair.family for repair in diagnosis.repairs]
    ['max', 'target']
    >>> dc.explain(diagnosis.apply(0)).feasible
    True
    """
    require("explain", plan, Plan, language=language)
    try:
        return diagnose(plan, yields=yields, language=language)
    except DecomposeError as error:
        error.language = language
        raise


def sensitivity(allocation: Allocation, *, most: int = MOST) -> Sensitivity:
    """Tell what each binding rule costs: what would change if it were loosened by one unit.

    To loosen a rule is to raise its upper bound, or to lower its lower bound, by one of the
    indicator's unit, or by one percentage point of a rate (growth, share, cut). An exact target
    or lock moves to the side on which the largest burden falls more.

    Parameters
    ----------
    allocation
        What ``solve`` gave; for stretch quotas, ``allocation.stretch``.
    most
        How many rules are looked at, those at the cells with the largest burdens first.

    Returns
    -------
    Sensitivity
        ``table`` has a row per rule, the costliest first; ``quotas`` the quotas that would
        change; ``text(language)`` the same in sentences.

    Raises
    ------
    SolverError
        The solver failed.

    Examples
    --------
    A million more of West's capacity in 2026 takes 1.65 percentage points off the largest burden:

    >>> costs = dc.sensitivity(allocation).table
    >>> costs[["path", "year", "bound", "burden"]].round(4).head(2)
                                          path  year  bound  burden
    0    indicators.investment.limits.max.West  2026   52.0 -0.0165
    1  indicators.investment.target.years.2026  2026  121.0 -0.0071
    """
    require("sensitivity", allocation, Allocation)
    return sensitivity_of(allocation.settled, most=most)
