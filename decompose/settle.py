"""Build → choose → round → certify: a plan's quotas, or an error and no quotas."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from decompose.build import Built, build
from decompose.certificate import certify_exact, certify_quotas
from decompose.errors import InfeasibleError, Mistake, PlanError, RoundingError
from decompose.fairness import choose
from decompose.fairness.giving import missed
from decompose.fairness.tiers import choose_tiers
from decompose.labels import Message, say
from decompose.plan import Plan
from decompose.plan.models import Indicator
from decompose.plan.order import named, ratio_mode, stages_of
from decompose.plan.ratios import PERCENT, Known
from decompose.plan.steps import as_printed
from decompose.printed import printed_excess, printed_values, to_safe_side
from decompose.problem import AREA, Floats, Ints, Problem, Solution
from decompose.rounding.round import round_table
from decompose.rounding.table import Rounded
from decompose.rounding.tabulate import Tabulated, tabulate
from decompose.series import undivided
from decompose.solvers import open_solver

logger = logging.getLogger("decompose")


@dataclass(frozen=True, eq=False)
class Stage:
    """Indicators that were settled together, with their certified quotas.

    Attributes
    ----------
    built
        As arrays.
    solution
        The exact answer.
    quotas
        Whole steps per column.
    moved
        Rules on sums (of groups that cross) that rounding misses by one step.
    excess
        By how much printed numbers break each rule, in steps of its indicator; 0 where it is kept.
    values
        Printed values (regions × years) of the indicators, by id.
    missed
        Of each rule: 1 where it is a target that gave way and falls short, -1 where it is
        exceeded, else 0. The problem has no such bounds any more.
    """

    built: Built
    solution: Solution
    quotas: Ints
    moved: Ints
    excess: Floats
    values: Mapping[str, Floats]
    missed: Ints

    @property
    def problem(self) -> Problem:
        """The rules over columns."""
        return self.built.problem

    @cached_property
    def printed(self) -> Floats:
        """The quota of each column in its printed unit."""
        return as_printed(self.quotas * self.problem.step)


@dataclass(frozen=True, eq=False)
class Settled:
    """A plan with its certified quotas, stage by stage: denominators before their ratios.

    Attributes
    ----------
    plan
        What was asked.
    stages
        In the order in which they were settled.
    printed
        Printed values (regions × years) of every indicator that has some, by id.
    gap
        Whether targets that cannot be met gave way.
    """

    plan: Plan
    stages: tuple[Stage, ...]
    printed: Mapping[str, Floats]
    gap: bool = False

    def quotas(self) -> dict[str, Floats]:
        """Return the published numbers of every indicator (regions × years), by id."""
        return self._grids([stage.printed for stage in self.stages])

    def least(self) -> dict[str, Floats]:
        """Return the lesser of each number before and after rounding, by id.

        Rounding may put a number above a growth limit that it met; before it, it met them all.
        """
        return self._grids([np.minimum(stage.solution.x, stage.printed) for stage in self.stages])

    def _grids(self, numbers: Sequence[Floats]) -> dict[str, Floats]:
        found: dict[str, Floats] = {}
        for stage, of_columns in zip(self.stages, numbers, strict=True):
            quota = np.append(of_columns, np.nan)
            for one in stage.built.series:
                column = stage.built.columns[one.number]
                if (column >= 0).any():
                    found[one.indicator.id] = quota[column]
        return found


def settle(
    plan: Plan, *, solver: Any = "highs", floors: Known | None = None, gap: bool = False
) -> Settled:
    """Settle a plan.

    Parameters
    ----------
    plan
        What is asked.
    solver
        See ``solvers.open_solver``.
    floors
        Quotas below which published numbers must not fall, by id.
    gap
        Whether targets give way where a plan cannot be met.

    Raises
    ------
    PlanError
        A ratio has a target, and its denominator comes out as 0.
    InfeasibleError
        The rules cannot hold together.
    RoundingError
        No table in whole steps adds up.
    SolverError
        The solver failed, or its answer broke a rule.
    """
    found: list[Stage] = []
    values: dict[str, Floats] = {}
    for indicators in stages_of(plan):
        stage = settle_stage(plan, indicators, values, solver, floors, gap=gap)
        found.append(stage)
        values.update(stage.values)
    return Settled(plan, tuple(found), values, gap)


def problems_of(plan: Plan) -> list[Problem]:
    """Return the problems of a plan's stages, as far as the stages before them can be settled."""
    found: list[Problem] = []
    known: dict[str, Floats] = {}
    stages = stages_of(plan)
    for number, indicators in enumerate(stages):
        found.append(build(plan, indicators, known).problem)
        if number + 1 < len(stages):
            try:
                known.update(settle_stage(plan, indicators, known, "highs").values)
            except (InfeasibleError, RoundingError):
                break
    return found


def settle_stage(
    plan: Plan,
    indicators: Sequence[int],
    known: Known,
    solver: Any,
    floors: Known | None = None,
    *,
    gap: bool = False,
) -> Stage:
    """Settle the indicators of one stage, those before it known by their printed values."""
    built, solution = _given_way(plan, indicators, known, solver, floors, gap=gap)
    below, above = missed(built.problem, solution.x)
    built = built.opened(below, above)
    problem = built.problem
    certify_exact(problem, solution.x)
    tabulated = tabulate(
        problem,
        to_safe_side(built, solution.x),
        printed_groups=[k for k, group in enumerate(plan.groups.values()) if group.subtotal],
        flows=[k for k, one in enumerate(plan.indicators) if one.kind == "flow"],
        added=[k for k, one in enumerate(plan.indicators) if one.kind != "ratio"],
        strict=[k for k, one in enumerate(plan.indicators) if one.strict],
    )
    rounded = round_table(tabulated.table)
    moved = _moved_rules(problem, tabulated, rounded)
    excess = np.zeros(len(problem.rules))
    excess[tabulated.tie_rules] = rounded.excess
    certify_quotas(problem, rounded.quotas, moved, excess)
    logger.info(
        "%d cells, %d rules, %d programs; rounding: worst excess %.3f steps, %d sums moved",
        problem.size,
        len(problem.rules),
        solution.programs,
        rounded.worst,
        len(moved),
    )
    quotas = as_printed(rounded.quotas * problem.step)
    values = printed_values(plan, built, quotas, solution.x)
    excess = printed_excess(built, quotas, values, excess)
    way = below.astype(np.int64) - above
    return Stage(built, solution, rounded.quotas, moved, excess, values, way)


def _given_way(
    plan: Plan,
    indicators: Sequence[int],
    known: Known,
    solver: Any,
    floors: Known | None,
    *,
    gap: bool,
) -> tuple[Built, Solution]:
    """Choose the quotas of a stage; with ``gap``, targets of what cannot be met give way.

    Indicators that nothing ties to those keep theirs: their quotas stay as they are.
    """
    yields: frozenset[int] = frozenset()
    while True:
        try:
            return _chosen(plan, indicators, known, solver, floors, yields)
        except InfeasibleError as error:
            clashing = {plan.indicator_index[name] for name in error.indicators}
            if not gap or clashing <= yields:
                raise
            yields |= clashing


def _chosen(
    plan: Plan,
    indicators: Sequence[int],
    known: Known,
    solver: Any,
    floors: Known | None,
    yields: Collection[int],
) -> tuple[Built, Solution]:
    built = _with_tiers(plan, indicators, known, solver, floors, yields)
    _divided(plan, built)
    return built, choose(built.problem, solver=solver)


def _divided(plan: Plan, built: Built) -> None:
    """Refuse a target of a ratio whose denominator was settled at 0."""
    mistakes = []
    for one in built.series:
        if one.ratio is None or ratio_mode(plan, one.indicator) not in ("free", "bound"):
            continue
        bottom = plan.indicators[plan.indicator_index[named(one.indicator.denominator) or ""]]
        for scope, year in undivided(plan, one):
            told = say(
                "denominator_gone",
                scope=plan.area if scope == AREA else plan.group_names[-2 - scope],
                year=say("the_year", year=plan.years[year]),
                bottom=bottom.label,
            )
            mistakes.append(Mistake(told, ("indicators", one.indicator.id, "denominator")))
    if mistakes:
        raise PlanError(say("plan_wrong", count=len(mistakes)), mistakes)


def _with_tiers(
    plan: Plan,
    indicators: Sequence[int],
    known: Known,
    solver: Any,
    floors: Known | None,
    yields: Collection[int],
) -> Built:
    """Build a stage, the steps of its ratios with tiers chosen one after the other."""
    tiers: dict[str, Floats] = {}
    built = build(plan, indicators, known, floors=floors, yields=yields)
    for one in built.series:
        column = built.columns[one.number][:, -1]
        regions = np.flatnonzero(column >= 0)
        if one.indicator.tiers is None or one.tiers is not None or not len(regions):
            continue
        steps = np.sort(np.array(one.indicator.tiers.values)) * PERCENT
        taken = choose_tiers(built.problem, column[regions], steps, open_solver(solver))
        if taken is None:
            component = built.problem.component
            tied = np.flatnonzero(component == component[one.number]).tolist()
            clashing = [plan.indicators[number].id for number in tied]
            raise InfeasibleError(_no_tiers(one.indicator, steps), indicators=clashing)
        tiers[one.indicator.id] = np.full(len(plan.regions), np.nan)
        tiers[one.indicator.id][regions] = taken
        built = build(plan, indicators, known, tiers, floors, yields)
    return built


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


def _moved_rules(problem: Problem, tabulated: Tabulated, rounded: Rounded) -> Ints:
    """Return the rules on group sums that are missed because rounding had to move the sum."""
    rules = problem.rules
    labels = np.stack([tabulated.near_indicator, tabulated.near_scope, tabulated.near_year])
    moved = {tuple(label) for label in labels[:, rounded.moved].T.tolist()}
    value = rules.matrix.dot(rounded.quotas * problem.step)
    half = problem.rule_step / 2
    missed = (value < rules.lower - half) | (value > rules.upper + half)
    candidates = np.flatnonzero(missed & rules.whole & (rules.scope < AREA))
    return np.array(
        [
            rule
            for rule in candidates.tolist()
            if (rules.indicator[rule], rules.scope[rule], rules.year[rule]) in moved
        ],
        dtype=np.int64,
    )
