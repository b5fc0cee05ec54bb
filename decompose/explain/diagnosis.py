"""Why a plan cannot be met, and what it would take: a conflict, its reason and repairs."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from decompose.errors import PlanError, RoundingError
from decompose.explain.below_zero import kept_above
from decompose.explain.conflict import minimal_conflict
from decompose.explain.feasibility import Part
from decompose.explain.reasons import reason_of_conflict
from decompose.explain.repairs import Repair, repairs_of, rounding_repairs
from decompose.explain.rules import Rule, above_zero, rule_of, steps_of
from decompose.explain.stuck import Stuck, first_stuck
from decompose.explain.telling import (
    conflict_lines,
    elsewhere_lines,
    numbered,
    repair_lines,
)
from decompose.explain.uneven import uneven_at
from decompose.explain.yields import Yield, yields_of
from decompose.labels import Language, Message, say
from decompose.plan import Plan
from decompose.plan.stretched import in_stretch, stretched
from decompose.problem import Ints
from decompose.solvers import Solver, open_solver


@dataclass(frozen=True)
class Diagnosis:
    """Whether a plan can be met, why not, and what it would take.

    Attributes
    ----------
    feasible
        Whether every rule can hold.
    conflict
        Rules that cannot hold together. Each of them is needed: without any one, the others can.
    repairs
        Ways to make the plan possible; the family that yields first comes first.
    plan
        The plan that was asked about.
    language
        Language of the sentences, where none is asked for.
    messages
        The sentences.
    """

    feasible: bool
    conflict: tuple[Rule, ...] = ()
    repairs: tuple[Repair, ...] = ()
    plan: Plan | None = field(default=None, repr=False)
    language: Language = "zh"
    messages: tuple[Message, ...] = field(default=(), repr=False)

    def apply(self, k: int = 0) -> Plan:
        """Return the plan with a repair applied.

        Parameters
        ----------
        k
            Which of ``repairs``, counted from 0.

        Returns
        -------
        Plan
            A new plan, validated.

        Raises
        ------
        PlanError
            There is no such repair.
        """
        if self.plan is None or not 0 <= k < len(self.repairs):
            told = say("repair_unknown", found=k, count=len(self.repairs))
            raise PlanError(told, language=self.language)
        return self.plan.with_changes(self.repairs[k].changes)

    def text(self, language: Language | None = None) -> str:
        """Return the sentences: the reason, the rules of the conflict, the repairs.

        Parameters
        ----------
        language
            ``"zh"`` or ``"en"``; by default the language that ``explain`` was asked for.

        Returns
        -------
        str
            One sentence per line.
        """
        return "\n".join(one.text(language or self.language) for one in self.messages)

    def __str__(self) -> str:
        return self.text()

    def _repr_html_(self) -> str:
        lines = (html.escape(one.text(self.language).strip()) for one in self.messages)
        return "".join(f"<p>{line}</p>" for line in lines)


def diagnose(
    plan: Plan,
    *,
    yields: Sequence[str] | None = None,
    language: Language = "zh",
) -> Diagnosis:
    """Find out whether a plan can be met; if not, why, and what it would take.

    Parameters
    ----------
    plan
        The plan; its stretch figures are looked at where its own can be met.
    yields
        Names of the families that may yield, the first one first; all by default, the area's
        target and signed locks last.
    language
        Of the texts.

    Raises
    ------
    PlanError
        A name of ``yields`` is no family that can yield.
    RoundingError
        The rules can hold, but no table in whole steps adds up, ``strict`` or not.
    SolverError
        The solver failed.
    """
    gladly = yields_of(yields)
    solver = open_solver()
    error = None
    try:
        stuck = first_stuck(plan, solver)
    except RoundingError as found:
        if not found.indicators:
            raise
        error = found
    if error is not None:
        return _uneven(plan, error, gladly, solver, language)
    if stuck is None:
        return Diagnosis(True, plan=plan, language=language, messages=(say("diagnosis_feasible"),))
    if not stuck.parts:  # what is missing is less than programs see
        return Diagnosis(False, plan=plan, language=language, messages=(say("diagnosis_slight"),))
    part, conflict, reason = clash_of(stuck, solver)
    rows = part.rows[conflict].tolist()
    rules = tuple(rule_of(stuck.plan, stuck.built, row, language) for row in rows)
    held = kept_above(stuck, part, conflict, solver)
    rules += tuple(above_zero(stuck.plan, number, language) for number in held)
    rules += tuple(steps_of(plan, one.indicator, language) for one in part.steps)
    repairs = repairs_of(plan, stuck, gladly, solver)
    messages = (
        *_late(stuck),
        say("diagnosis_infeasible" if stuck.base is None else "diagnosis_stretch", reason=reason),
        *conflict_lines(plan, rules),
        *elsewhere_lines(plan, stuck.parts[0], repairs),
        *repair_lines(stuck, repairs, base=stuck.base is None),
    )
    if stuck.base is not None:
        rules = tuple(replace(rule, path=in_stretch(plan, rule.path)) for rule in rules)
    return Diagnosis(False, rules, repairs, plan, language, messages)


def _uneven(
    plan: Plan,
    error: RoundingError,
    gladly: Sequence[Yield],
    solver: Solver,
    language: Language,
) -> Diagnosis:
    """Tell of rules that can hold, but not in whole steps."""
    higher = stretched(plan)
    found = uneven_at(plan, solver) or (uneven_at(higher, solver) if higher else None)
    assert found is not None  # the error has come from there
    stuck = found.stuck
    rules = [
        row if row is None else rule_of(stuck.plan, stuck.built, row, language)
        for row in found.rows
    ]
    told = [
        line if rule is None else rule.message
        for rule, line in zip(rules, found.lines, strict=True)
    ]
    repairs = rounding_repairs(plan, error, gladly, solver)
    names = [plan.indicators[plan.indicator_index[name]].label for name in error.indicators]
    messages = (
        *_late(stuck),
        say("diagnosis_uneven", indicators=names),
        *numbered(told),
        *repair_lines(stuck, repairs, base=True),
    )
    paths = [replace(rule, path=in_stretch(plan, rule.path)) for rule in rules if rule is not None]
    return Diagnosis(False, tuple(paths), repairs, plan, language, messages)


def clash_of(stuck: Stuck, solver: Solver) -> tuple[Part, Ints, Message]:
    """Find rules of a stage that cannot hold together: their part, rows of it, and the reason."""
    part = stuck.parts[0]
    if part.steps:  # rules that clash whatever the steps are say more
        loose = part.without_steps()
        every = np.ones(len(part.rows), dtype=bool)
        part = part if loose.can_hold(solver, every) else loose
    conflict = minimal_conflict(part, solver)
    reason = reason_of_conflict(stuck.plan, stuck.built, part, conflict, solver)
    return part, conflict, reason


def _late(stuck: Stuck) -> list[Message]:
    """Say that the years before are settled, where growth is settled year by year."""
    year = stuck.turn.year
    growing = [one.indicator.label for one in stuck.built.series if one.growth is not None]
    if not year or not growing:
        return []
    return [say("diagnosis_late", indicators=growing, before=stuck.plan.years[year - 1])]
