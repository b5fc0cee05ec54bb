"""Build → choose → round → certify: the quotas of indicators that are settled together."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from decompose.build import Built, at_rates, build
from decompose.certificate import certify_exact, certify_quotas
from decompose.errors import InfeasibleError, Mistake, PlanError, RoundingError, SolverError
from decompose.fairness import choose
from decompose.fairness.giving import missed
from decompose.fairness.part import part_of
from decompose.fairness.tiers import choose_tiers
from decompose.labels import Message, say
from decompose.plan import Indicator, Plan
from decompose.plan.order import Turn, named, ratio_mode
from decompose.plan.ratios import PERCENT, Known
from decompose.plan.steps import as_printed
from decompose.printed import (
    printed_excess,
    printed_values,
    rates_of,
    settled_values,
    to_safe_side,
)
from decompose.problem import AREA, Bools, Floats, Ints, Problem, Solution
from decompose.rounding.round import round_table
from decompose.rounding.table import Rounded
from decompose.rounding.tabulate import Tabulated, tabulate
from decompose.series import undivided
from decompose.solvers import open_solver

logger = logging.getLogger("decompose")
ROUNDS = 50
"""How often growth over several years is looked at again; three or four times are usual."""


@dataclass(frozen=True, eq=False)
class Stage:
    """Indicators that were settled together, with their certified quotas.

    Of those that are settled year by year, a stage has the quotas of one year.

    Attributes
    ----------
    built
        As arrays.
    solution
        The exact answer.
    quotas
        Whole steps per column; 0 where a later stage has them.
    moved
        Rules on sums (of groups that cross) that rounding misses by one step.
    excess
        By how much printed numbers break each rule, in steps of its indicator; 0 where it is kept.
    values
        Printed values (regions × years) of the indicators, by id; NaN where a later stage has
        them.
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

    @cached_property
    def columns(self) -> Mapping[int, Ints]:
        """Column of each number that was settled here (regions × years), by indicator; else -1."""
        final = np.append(self.built.final, False)
        return {
            number: np.where(final[column], column, -1)
            for number, column in self.built.columns.items()
        }


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
    floors
        Quotas below which published numbers must not fall, by id.
    """

    plan: Plan
    indicators: Sequence[int]
    known: Known
    solver: Any = "highs"
    floors: Known | None = None

    def built(self, turn: Turn, yields: Collection[int] = (), tiers: Known | None = None) -> Built:
        """Return it as arrays."""
        return build(
            self.plan,
            self.indicators,
            self.known,
            tiers,
            self.floors,
            turn=turn,
            yields=yields,
        )


def settle_stage(task: Task, turns: Sequence[Turn], *, gap: bool = False) -> Stage:
    """Settle the indicators of one stage, those before it known by their printed values.

    Parameters
    ----------
    task
        What is settled.
    turns
        How; each where those before it leave no answer.
    gap
        Whether targets give way where none of them does.

    Raises
    ------
    InfeasibleError
        The rules cannot hold together.
    RoundingError
        No table in whole steps adds up.
    SolverError
        The solver failed, or its answer broke a rule.
    """
    *others, last = turns
    for turn in others:
        try:
            return _settled(task, *_chosen(task, turn))
        except (InfeasibleError, RoundingError) as error:
            logger.info("%s: settled in another way", error.code)
    return _settled(task, *_given_way(task, last, gap=gap))


def _given_way(task: Task, turn: Turn, *, gap: bool) -> tuple[Built, Solution]:
    """Choose the quotas of a stage; with ``gap``, targets of what cannot be met give way.

    Indicators that nothing ties to those keep theirs: their quotas stay as they are.
    """
    yields: frozenset[int] = frozenset()
    while True:
        try:
            return _chosen(task, turn, yields)
        except InfeasibleError as error:
            clashing = {task.plan.indicator_index[name] for name in error.indicators}
            if not gap or clashing <= yields:
                raise
            yields |= clashing


def _chosen(task: Task, turn: Turn, yields: Collection[int] = ()) -> tuple[Built, Solution]:
    """Choose the exact quotas of a stage.

    Growth over several years is no straight line: the answer along its tangents is taken again
    from where it stands, until it stands where they touch. There it is the answer along the curve:
    values have the same rules, and burdens rise and fall with them in the same way.
    """
    for _ in range(ROUNDS):
        built = _with_tiers(task, turn, yields)
        _divided(task.plan, built)
        solution = choose(built.problem, solver=task.solver)
        rates = rates_of(built, solution.x)
        if rates is None:
            return at_rates(built), solution
        turn = replace(turn, rates=rates)
    names = [one.indicator.label for one in built.series if one.growth is not None]
    raise SolverError(say("growth_curved", indicator=names, year=task.plan.years[turn.year]))


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


def _with_tiers(task: Task, turn: Turn, yields: Collection[int]) -> Built:
    """Build a stage, the steps of its ratios with tiers chosen one after the other."""
    plan, tiers = task.plan, dict[str, Floats]()
    built = task.built(turn, yields)
    for one in built.series:
        column = built.columns[one.number][:, -1]
        regions = np.flatnonzero(column >= 0)
        if one.indicator.tiers is None or one.tiers is not None or not len(regions):
            continue
        steps = np.sort(np.array(one.indicator.tiers.values)) * PERCENT
        taken = choose_tiers(built.problem, column[regions], steps, open_solver(task.solver))
        if taken is None:
            component = built.problem.component
            tied = np.flatnonzero(component == component[one.number]).tolist()
            clashing = [plan.indicators[number].id for number in tied]
            raise InfeasibleError(_no_tiers(one.indicator, steps), indicators=clashing)
        tiers[one.indicator.id] = np.full(len(plan.regions), np.nan)
        tiers[one.indicator.id][regions] = taken
        built = task.built(turn, yields, tiers)
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


def _settled(task: Task, built: Built, solution: Solution) -> Stage:
    """Round and certify the exact quotas of the columns whose turn it is."""
    plan = task.plan
    below, above = missed(built.problem, solution.x)
    built = built.opened(below, above)
    problem = built.problem
    certify_exact(problem, solution.x)
    final = np.flatnonzero(built.final)
    own, rules = _of_columns(problem, built.final)
    tabulated = tabulate(
        own,
        to_safe_side(built, solution.x)[final],
        printed_groups=[k for k, group in enumerate(plan.groups.values()) if group.subtotal],
        flows=[k for k, one in enumerate(plan.indicators) if one.kind == "flow"],
        added=[k for k, one in enumerate(plan.indicators) if one.kind != "ratio"],
        strict=[k for k, one in enumerate(plan.indicators) if one.strict],
    )
    rounded = round_table(tabulated.table)
    moved = _moved_rules(own, tabulated, rounded)
    excess = np.zeros(len(own.rules))
    excess[tabulated.tie_rules] = rounded.excess
    certify_quotas(own, rounded.quotas, moved, excess)
    logger.info(
        "%d cells, %d rules, %d programs; rounding: worst excess %.3f steps, %d sums moved",
        own.size,
        len(own.rules),
        solution.programs,
        rounded.worst,
        len(moved),
    )
    quotas, listed = np.zeros(problem.size, dtype=np.int64), np.zeros(len(problem.rules))
    quotas[final], listed[rules] = rounded.quotas, excess
    shown = np.where(built.final, as_printed(quotas * problem.step), solution.x)
    values = printed_values(plan, built, shown, solution.x)
    listed = printed_excess(built, shown, values, listed)
    way = np.where(built.waiting, 0, below.astype(np.int64) - above)
    values = settled_values(built, values)
    return Stage(built, solution, quotas, rules[moved], listed, values, way)


def _of_columns(problem: Problem, columns: Bools) -> tuple[Problem, Ints]:
    """Return the problem of some columns, and the rules that speak of them alone."""
    matrix = problem.rules.matrix
    others = np.bincount(matrix.row, ~columns[matrix.column], minlength=len(problem.rules))
    return part_of(problem, np.flatnonzero(columns)), np.flatnonzero(others == 0)


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
