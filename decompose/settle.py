"""Build → choose → round → certify: a plan's quotas, or an error and no quotas."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from decompose.build import Built, build
from decompose.certificate import certify_exact, certify_quotas
from decompose.choosing import choose_stage
from decompose.errors import InfeasibleError, RoundingError
from decompose.fairness.giving import missed
from decompose.misfits import shift_message, with_names
from decompose.plan import Plan
from decompose.plan.better import Held, less_is_better
from decompose.plan.order import stages_of
from decompose.plan.ratios import Known
from decompose.plan.steps import SNAP, as_printed, down_all, up_all
from decompose.printed import printed_excess, printed_values, to_safe_side
from decompose.problem import FAMILY, Bools, Floats, Ints, Problem, Solution
from decompose.rounding import (
    Rounded,
    Shift,
    Tabulated,
    round_table,
    rules_of_sum,
    shifts_of,
    tabulate,
)

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
    shifts
        Sums (of groups that cross) and quotas that rounding could not leave beside their exact
        values.
    excess
        By how much printed numbers break each rule, in steps of its indicator; 0 where it is
        kept. Rules on sums are broken by shifts only.
    values
        Printed values (regions × years) of the indicators, by id.
    missed
        Of each rule: 1 where it is a target that gave way and falls short, -1 where it is
        exceeded, else 0. The problem has no such bounds any more.
    """

    built: Built
    solution: Solution
    quotas: Ints
    shifts: tuple[Shift, ...]
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
    base
        Base quotas that these, stretch quotas, had not to fall behind.
    gap
        Whether targets that cannot be met gave way.
    """

    plan: Plan
    stages: tuple[Stage, ...]
    printed: Mapping[str, Floats]
    base: Settled | None = None
    gap: bool = False

    @property
    def shifts(self) -> tuple[Shift, ...]:
        """Sums and quotas that rounding could not leave beside their exact values."""
        return tuple(shift for stage in self.stages for shift in stage.shifts)

    def quotas(self) -> dict[str, Floats]:
        """Return the published numbers of every indicator (regions × years), by id."""
        found: dict[str, Floats] = {}
        for stage in self.stages:
            found |= stage.built.published(stage.printed)
        return found

    def held(self) -> Held:
        """Return what stretch quotas keep to before rounding: the base quotas before rounding.

        A printed quota may be beyond a growth limit, by rounding.
        """
        numbers: dict[str, Floats] = {}
        for stage in self.stages:
            numbers |= stage.built.published(stage.solution.x)
        falling = frozenset(one.id for one in self.plan.indicators if less_is_better(one))
        return Held(numbers, falling)


def settle(
    plan: Plan, *, solver: Any = "highs", base: Settled | None = None, gap: bool = False
) -> Settled:
    """Settle a plan.

    Parameters
    ----------
    plan
        What is asked.
    solver
        See ``solvers.open_solver``.
    base
        Base quotas that stretch quotas must not fall behind; where they must, the largest
        shortfall, relative to its base quota, is as small as can be, then the next.
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
        stage = settle_stage(plan, indicators, values, solver, base, gap=gap)
        found.append(stage)
        values.update(stage.values)
    return Settled(plan, tuple(found), values, base, gap)


def settle_again(settled: Settled, plan: Plan, indicator: int) -> Stage:
    """Settle the stage of an indicator under a plan that differs by a figure of that stage.

    What was settled before it stays.

    Parameters
    ----------
    settled
        The quotas as they are.
    plan
        The changed plan.
    indicator
        Index of the indicator.

    Raises
    ------
    InfeasibleError, RoundingError, SolverError
        As :func:`settle`.
    """
    known: dict[str, Floats] = {}
    for stage in settled.stages:
        numbers = [one.number for one in stage.built.series]
        if indicator in numbers:
            return settle_stage(plan, numbers, known, "highs", settled.base, gap=settled.gap)
        known.update(stage.values)
    raise ValueError(indicator)  # no stage settles what has no quotas


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
    base: Settled | None = None,
    *,
    gap: bool = False,
) -> Stage:
    """Settle the indicators of one stage, those before it known by their printed values."""
    held = None if base is None else base.held()
    built, solution = choose_stage(plan, indicators, known, solver, held, gap=gap)
    below, above = missed(built.problem, solution.x)
    built = built.opened(below, above)
    certify_exact(built.problem, solution.x)
    rounded = _rounded(plan, built, to_safe_side(built, solution.x), base)
    return finished(plan, built, solution, rounded, below.astype(np.int64) - above)


def finished(
    plan: Plan,
    built: Built,
    solution: Solution,
    tables: tuple[Problem, Tabulated, Rounded],
    way: Ints,
) -> Stage:
    """Certify a stage that was rounded, and tell what became of its rules.

    Parameters
    ----------
    plan, built, solution
        What was asked, and its certified exact answer.
    tables
        The rules that rounding kept, as a table, and the rounded table.
    way
        ``Stage.missed``.
    """
    problem, tabulated, rounded = tables
    shifts = shifts_of(problem, tabulated, rounded)
    excess = _excess(problem, tabulated, rounded, shifts)
    certify_quotas(problem, rounded.quotas, excess)
    logger.info(
        "%d cells, %d rules, %d programs; rounding: worst excess %.3f steps, %d sums moved",
        problem.size,
        len(problem.rules),
        solution.programs,
        rounded.worst,
        len(shifts),
    )
    for shift in shifts:
        logger.info("%s", shift_message(problem, shift).text("en"))
    quotas = as_printed(rounded.quotas * problem.step)
    values = printed_values(plan, built, quotas, solution.x)
    excess = printed_excess(built, quotas, values, excess)
    return Stage(built, solution, rounded.quotas, shifts, excess, values, way)


def _rounded(
    plan: Plan, built: Built, x: Floats, base: Settled | None
) -> tuple[Problem, Tabulated, Rounded]:
    """Round a stage; base quotas hold as printed, but for cells where no table allows it."""
    firm = np.full(built.problem.size, base is not None)
    while True:
        problem = built.problem if base is None else _held_in_print(built, x, base, firm)
        tabulated = tabulated_of(plan, problem, x)
        try:
            return problem, tabulated, round_table(tabulated.table)
        except RoundingError as error:
            concerned = np.array(error.data["cells"], dtype=np.int64)
            if not firm[concerned].any():
                strict = [k for k, one in enumerate(plan.indicators) if one.strict]
                raise with_names(error, problem, tabulated, strict=strict) from None
            firm[concerned] = False


def tabulated_of(plan: Plan, problem: Problem, x: Floats) -> Tabulated:
    """Return the table to be rounded."""
    return tabulate(
        problem,
        x,
        printed_groups=[k for k, group in enumerate(plan.groups.values()) if group.subtotal],
        flows=[k for k, one in enumerate(plan.indicators) if one.kind == "flow"],
        added=[k for k, one in enumerate(plan.indicators) if one.kind != "ratio"],
        strict=[k for k, one in enumerate(plan.indicators) if one.strict],
    )


def _held_in_print(built: Built, x: Floats, base: Settled, firm: Bools) -> Problem:
    """Hold printed base quotas, in whole steps where firm; leave those that cannot be kept."""
    problem, rules = built.problem, built.problem.rules
    rows = np.flatnonzero(rules.family == FAMILY["base_quota"])
    column = rules.matrix.column[rules.matrix.start[rows]]
    least, most = np.isfinite(rules.lower[rows]), np.isfinite(rules.upper[rows])
    step, printed = problem.step[column], built.columns_of(base.quotas())[column]
    reach = np.where(least, up_all(x[column], step) - printed, printed - down_all(x[column], step))
    kept = (least != most) & (reach > -SNAP * step)
    lower, upper, whole = rules.lower.copy(), rules.upper.copy(), rules.whole.copy()
    lower[rows] = np.where(kept & least, printed, -np.inf)
    upper[rows] = np.where(kept & most, printed, np.inf)
    whole[rows] = kept & firm[column]
    return replace(problem, rules=replace(rules, lower=lower, upper=upper, whole=whole))


def _excess(
    problem: Problem, tabulated: Tabulated, rounded: Rounded, shifts: Sequence[Shift]
) -> Floats:
    """Return by how many steps rounding breaks each rule: ties, and sums of groups that moved."""
    rules = problem.rules
    excess = np.zeros(len(rules))
    excess[tabulated.tie_rules] = rounded.excess
    value = rules.matrix.dot(rounded.quotas * problem.step)
    over = np.maximum(rules.lower - value, value - rules.upper) / problem.rule_step
    for shift in shifts:
        own = rules_of_sum(problem, shift.indicator, shift.scope, shift.year)
        excess[own] = np.rint(np.maximum(over[own], 0.0))
    return excess
