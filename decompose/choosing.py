"""The exact answer of a stage: tiers first, base quotas and targets giving way where they must."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from decompose.anchor import Anchor, turned
from decompose.build import Built, at_rates, build
from decompose.errors import InfeasibleError, Mistake, PlanError, SolverError
from decompose.fairness import choose
from decompose.fairness.base_quotas import within_reach
from decompose.fairness.tiers import choose_tiers
from decompose.labels import Message, say
from decompose.plan import Plan
from decompose.plan.better import Held
from decompose.plan.models import Indicator
from decompose.plan.order import Turn, named, ratio_mode
from decompose.plan.ratios import PERCENT, Known
from decompose.printed import rates_of
from decompose.problem import AREA, Floats, Problem, Solution, group_of
from decompose.series import undivided
from decompose.solvers import open_solver

ROUNDS = 50
"""How often growth over several years is looked at again; three or four times are usual."""


@dataclass(frozen=True, eq=False)
class Task:
    """What a stage settles, and from what.

    Attributes
    ----------
    plan, indicators
        The plan, and the indices of the indicators.
    known
        Printed values of the stages before it, by id.
    solver
        See ``solvers.open_solver``.
    held
        Base quotas, kept as far as the other rules let them be.
    anchor
        What stands, and is left as little as the rules allow.
    """

    plan: Plan
    indicators: Sequence[int]
    known: Known
    solver: Any = "highs"
    held: Held | None = None
    anchor: Anchor | None = None

    def built(
        self,
        turn: Turn,
        yields: Collection[int] = (),
        tiers: Known | None = None,
        held: Held | None = None,
    ) -> Built:
        """Return it as arrays."""
        return build(self.plan, self.indicators, self.known, tiers, held, turn=turn, yields=yields)


def choose_stage(task: Task, turn: Turn, *, gap: bool = False) -> tuple[Built, Solution]:
    """Choose the quotas of a stage.

    Parameters
    ----------
    task, turn
        What is settled, and how.
    gap
        Whether targets of what cannot be met give way. Indicators that nothing ties to those keep
        theirs: their quotas stay as they are.
    anchor
        What stands, and is left as little as the rules allow; targets that gave way go on doing so.

    Raises
    ------
    InfeasibleError, PlanError, SolverError
        As ``settle``.
    """
    yields: frozenset[int] = frozenset()
    if task.anchor is not None:
        yields = frozenset(task.plan.indicator_index[name] for name in task.anchor.gave_way)
    while True:
        try:
            return _on_the_curve(task, turn, yields)
        except InfeasibleError as error:
            clashing = {task.plan.indicator_index[name] for name in error.indicators}
            if not gap or clashing <= yields:
                raise
            yields |= clashing


def _on_the_curve(task: Task, turn: Turn, yields: Collection[int]) -> tuple[Built, Solution]:
    """Choose; growth over several years is no straight line.

    The answer along its tangents is taken again from where it stands, until it stands where they
    touch. There it is the answer along the curve: values have the same rules, and burdens rise and
    fall with them in the same way. What stands, or base quotas, are on the curve from the start:
    on another tangent they may be no answer.
    """
    if task.anchor is not None:
        turn = task.anchor.along(turn)
    elif task.held is not None:
        stood = {name: grid[:, turn.year] for name, grid in task.held.numbers.items()}
        turn = replace(turn, rates=stood)
    # what stands, and base quotas, may pass exact sums
    exact = turn.year > 0 and task.anchor is None and task.held is None and _grows(task)
    for _ in range(ROUNDS):
        try:
            built, solution = _chosen(task, turn, yields, exact=exact)
        except InfeasibleError:
            if not exact:
                raise
            exact = False  # what was rounded in years before leaves no choice
            continue
        rates = rates_of(built, solution.x)
        if rates is None:
            return at_rates(built), solution
        turn = replace(turn, rates=rates)
    names = [one.indicator.label for one in built.series if one.growth is not None]
    raise SolverError(say("growth_curved", indicator=names, year=task.plan.years[turn.year]))


def _grows(task: Task) -> bool:
    """Whether growth is published of an indicator."""
    return any(task.plan.indicators[number].publish == "growth" for number in task.indicators)


def _chosen(
    task: Task, turn: Turn, yields: Collection[int], *, exact: bool
) -> tuple[Built, Solution]:
    """Choose; ``exact``: exact sums of published growth that may be passed are not."""
    tiers, built = _tiers(task, turn, yields)
    if exact:
        return built, _choose(built.exactly(), task)
    if task.held is not None:
        built = task.built(turn, yields, tiers, task.held)
    try:
        return built, _choose(built, task)
    except InfeasibleError:
        if task.held is None:
            raise
    settled = within_reach(_leaned(built, task), open_solver(task.solver))
    # without base quotas, the error tells what the stretch figures themselves cannot meet
    held = None if settled is None else task.held._replace(settled=built.published(settled))
    built = task.built(turn, yields, tiers, held)
    return built, _choose(built, task)


def _choose(built: Built, task: Task) -> Solution:
    problem, sign = turned(_leaned(built, task))
    solution = choose(problem, solver=task.solver)
    return replace(solution, x=sign * solution.x + 0.0)


def _leaned(built: Built, task: Task) -> Problem:
    return built.problem if task.anchor is None else task.anchor.lean(built)


def _tiers(task: Task, turn: Turn, yields: Collection[int]) -> tuple[dict[str, Floats], Built]:
    """Choose the steps of a stage's ratios with tiers, one ratio after the other.

    Returns
    -------
    The steps of each ratio with tiers, by id, and what is built with them, base quotas aside.
    """
    plan, held, tiers = task.plan, task.held, dict[str, Floats]()
    built = task.built(turn, yields)
    check_divided(plan, built)
    for one in built.series:
        name = one.indicator.id
        column = built.columns[one.number][:, -1]
        regions = np.flatnonzero(column >= 0)
        if one.indicator.tiers is None or one.tiers is not None or not len(regions):
            continue
        steps = np.sort(np.array(one.indicator.tiers.values)) * PERCENT
        least = held.numbers[name][regions, -1] if held and name in held.numbers else None
        stands = None
        if task.anchor is not None:
            stands = built.columns_of(task.anchor.numbers)[column[regions]]
        problem = _leaned(built, task)
        taken = choose_tiers(
            problem, column[regions], steps, open_solver(task.solver), least, stands
        )
        if taken is None:
            component = built.problem.component
            tied = np.flatnonzero(component == component[one.number]).tolist()
            clashing = [plan.indicators[number].id for number in tied]
            raise InfeasibleError(_no_tiers(one.indicator, steps), indicators=clashing)
        tiers[name] = np.full(len(plan.regions), np.nan)
        tiers[name][regions] = taken
        built = task.built(turn, yields, tiers)
    return tiers, built


def check_divided(plan: Plan, built: Built) -> None:
    """Refuse a target of a ratio whose denominator was settled at 0."""
    mistakes = []
    for one in built.series:
        if one.ratio is None or ratio_mode(plan, one.indicator) not in ("free", "bound"):
            continue
        bottom = plan.indicators[plan.indicator_index[named(one.indicator.denominator) or ""]]
        for scope, year in undivided(plan, one):
            told = say(
                "denominator_gone",
                scope=plan.area if scope == AREA else plan.group_names[group_of(scope)],
                year=say("the_year", year=plan.years[year]),
                bottom=bottom.label,
            )
            mistakes.append(Mistake(told, ("indicators", one.indicator.id, "denominator")))
    if mistakes:
        raise PlanError(say("plan_wrong", count=len(mistakes)), mistakes)


def _no_tiers(indicator: Indicator, steps: Floats) -> Message:
    """Say that no choice of steps will do."""
    cut = indicator.target.cut
    return say(
        "tiers_infeasible",
        indicator=indicator.label,
        path=f"indicators.{indicator.id}.tiers",
        tiers=[f"{step:g}%" for step in steps],
        target="" if cut is None else cut.text or f"{cut.value * PERCENT:g}%",
    )
