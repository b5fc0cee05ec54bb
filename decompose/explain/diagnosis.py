"""Why a plan cannot be met, and what it would take: a conflict, its reason and repairs."""

from __future__ import annotations

import html
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from decompose.errors import PlanError
from decompose.explain.conflict import minimal_conflict
from decompose.explain.feasibility import Part
from decompose.explain.figures_moved import Change
from decompose.explain.reasons import reason_of_conflict
from decompose.explain.repairs import Repair, repairs_of
from decompose.explain.rules import Rule, rule_of, shown, steps_of, when
from decompose.explain.stuck import Stuck, first_stuck
from decompose.explain.yields import yields_of
from decompose.labels import Language, Message, say, term
from decompose.naming import scope_name
from decompose.plan import Plan
from decompose.problem import TOTAL, Ints
from decompose.solvers import Solver, open_solver
from decompose.stretch import in_stretch

STRETCH = ".stretch."
"""In the paths of stretch figures."""
LINES = 10
"""How many lines tell a conflict; the data name every rule."""
NAMED = 3
"""How many places a sentence names."""


@dataclass(frozen=True)
class Diagnosis:
    """Whether a plan can be met, why not, and what it would take.

    Attributes
    ----------
    feasible
        Whether every rule can hold.
    conflict
        Rules that cannot hold together, each of them needed: without any one the others can.
    repairs
        Ways to make the plan possible, the first family that yields first.
    plan
        What was asked.
    """

    feasible: bool
    conflict: tuple[Rule, ...] = ()
    repairs: tuple[Repair, ...] = ()
    plan: Plan | None = field(default=None, repr=False)
    language: Language = "zh"
    messages: tuple[Message, ...] = field(default=(), repr=False)

    def apply(self, k: int = 0) -> Plan:
        """Return the plan with a repair applied.

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
        """Return the sentences: the reason, the rules of the conflict, the repairs."""
        return "\n".join(one.text(language or self.language) for one in self.messages)

    def __str__(self) -> str:
        return self.text()

    def _repr_html_(self) -> str:
        lines = (html.escape(one.text(self.language).strip()) for one in self.messages)
        return "".join(f"<p>{line}</p>" for line in lines)


def diagnose(
    plan: Plan,
    *,
    stretch: Plan | None = None,
    yields: Sequence[str] | None = None,
    language: Language = "zh",
) -> Diagnosis:
    """Find out whether a plan can be met; if not, why, and what it would take.

    Parameters
    ----------
    plan
        The plan.
    stretch
        The plan with its stretch figures in place of its own, where it has some: looked at where
        the plan itself can be met.
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
        The rules can hold, but no table in whole steps adds up.
    SolverError
        The solver failed.
    """
    gladly = yields_of(yields)
    solver = open_solver()
    stuck = first_stuck(plan, solver)
    if stuck is None and stretch is not None:
        stuck = first_stuck(stretch, solver)
    if stuck is None:
        return Diagnosis(True, plan=plan, language=language, messages=(say("diagnosis_feasible"),))
    part, conflict, reason = clash_of(stuck, solver)
    rows = part.rows[conflict].tolist()
    rules = tuple(rule_of(stuck.plan, stuck.built, row, language) for row in rows)
    rules += tuple(steps_of(plan, one.indicator, language) for one in part.steps)
    repairs = repairs_of(plan, stuck, gladly, solver)
    messages = (
        *_late(stuck),
        say("diagnosis_infeasible" if stuck.plan is plan else "diagnosis_stretch", reason=reason),
        *_conflict_lines(plan, rules),
        *_repair_lines(stuck, repairs, base=stuck.plan is plan),
    )
    if stuck.plan is not plan:
        rules = tuple(replace(rule, path=in_stretch(plan, rule.path)) for rule in rules)
    return Diagnosis(False, rules, repairs, plan, language, messages)


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


def _conflict_lines(plan: Plan, rules: tuple[Rule, ...]) -> list[Message]:
    """Tell the rules of a conflict, those of one family and year in one line."""
    if len(rules) < 2:
        return []
    groups: dict[tuple[str, str, int | str], list[Rule]] = defaultdict(list)
    for rule in rules:
        groups[rule.family, rule.indicator, rule.year].append(rule)
    told: list[Message] = []
    for (family, indicator, year), some in groups.items():
        if len(some) == 1:
            told.append(some[0].message)
            continue
        told.append(
            say(
                "rules_several",
                year=when(plan, TOTAL if year == "total" else plan.year_index[int(year)]),
                indicator=plan.indicators[plan.indicator_index[indicator]].label,
                what=term(family),
                items=_listed([rule.item for rule in some]),
            )
        )
    room = LINES - 2 if len(told) > LINES - 1 else len(told)
    lines = [
        say("conflict_line", number=number + 1, rule=rule)
        for number, rule in enumerate(told[:room])
    ]
    rest = [say("conflict_rest", count=len(told) - room)] if len(told) > room else []
    return [say("conflict_because"), *lines, *rest]


def _listed(items: list[Message]) -> Message | list[Message]:
    """Name the first of a long list, and how many there are."""
    if len(items) <= NAMED:
        return items
    return say("list_cut", items=items[:NAMED], count=len(items))


def _repair_lines(stuck: Stuck, repairs: tuple[Repair, ...], *, base: bool) -> list[Message]:
    if not repairs:
        return [say("repairs_none")]
    lines = [
        say("repair_line", number=number + 1, repair=_repair_told(stuck, repair, base=base))
        for number, repair in enumerate(repairs)
    ]
    return [say("repairs_head"), *lines]


def _repair_told(stuck: Stuck, repair: Repair, *, base: bool) -> Message:
    """Tell a repair, the changes of one family and indicator together.

    Beside changes of base figures (``base``), those of stretch figures are called so.
    """
    groups: dict[tuple[int, str, bool], list[Change]] = defaultdict(list)
    for change in repair.parts:
        groups[change.indicator, change.family, STRETCH in change.path].append(change)
    told = [_changes_told(stuck, some, higher=base and key[2]) for key, some in groups.items()]
    whole = told[0]
    for other in told[1:]:
        whole = say("repair_and", one=whole, other=other)
    return whole


def _changes_told(stuck: Stuck, changes: list[Change], *, higher: bool) -> Message:
    plan, first = stuck.plan, changes[0]
    indicator = plan.indicators[first.indicator]
    what: object = term("target" if first.family == "ratio" else first.family)
    if higher:
        what = say("stretch_name", name=what)
    data: dict[str, object] = {"indicator": indicator.label, "what": what, "year": ""}
    if first.value is None:
        return say("repair_drop", before=shown(first.before, indicator), **data)
    if len(changes) == 1 and ".links." in first.path:
        return say("repair_rule", rule=first.told, **_change_data(stuck, first))
    if len(changes) == 1:
        return say("repair_one", **{**data, **_change_data(stuck, first)})
    years = {change.year for change in changes}
    code = "repair_item" if len(years) == 1 else "repair_item_dated"
    data["items"] = _listed([say(code, **_change_data(stuck, change)) for change in changes])
    if len(years) == 1:
        data["year"] = say("repair_year", year=when(plan, first.year))
    if isinstance(first.value, str):
        return say("repair_rates", **data)
    total = shown(sum(change.amount for change in changes), indicator)
    return say("repair_several", total=total, **data)


def _change_data(stuck: Stuck, change: Change) -> dict[str, object]:
    indicator = stuck.plan.indicators[change.indicator]
    locked = change.family == "lock"
    return {
        "scope": scope_name(stuck.built.problem, change.scope),
        "year": when(stuck.plan, change.year),
        "before": shown(change.before, indicator, locked=locked),
        "value": shown(change.value, indicator, locked=locked),
    }
