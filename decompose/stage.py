"""Build → choose → round → certify: the quotas of indicators that are settled together."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from decompose.build import Built
from decompose.certificate import certify_exact, certify_quotas
from decompose.choosing import Task, choose_stage
from decompose.errors import InfeasibleError, RoundingError
from decompose.fairness.giving import missed
from decompose.fairness.part import part_of, rows_within
from decompose.misfits import shift_message, with_names
from decompose.plan import Plan
from decompose.plan.order import Turn
from decompose.plan.ratios import Known
from decompose.plan.steps import SNAP, as_printed, down_all, up_all
from decompose.printed import printed_excess, printed_values, settled_values, to_safe_side
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

    Of those that are settled year by year, a stage has the quotas of one year.

    Attributes
    ----------
    built
        As arrays.
    solution
        The exact answer.
    quotas
        Whole steps per column; 0 where a later stage has them.
    shifts
        Sums (of groups that cross) and quotas that rounding could not leave beside their exact
        values.
    excess
        By how much printed numbers break each rule, in steps of its indicator; 0 where it is
        kept. Rules on sums are broken by shifts only.
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

    @cached_property
    def columns(self) -> Mapping[int, Ints]:
        """Column of each number that was settled here (regions × years), by indicator; else -1."""
        final = np.append(self.built.final, False)
        return {
            number: np.where(final[column], column, -1)
            for number, column in self.built.columns.items()
        }


def settle_stage(
    task: Task, turns: Sequence[Turn], base: Known | None = None, *, gap: bool = False
) -> Stage:
    """Settle the indicators of one stage, those before it known by their printed values.

    Parameters
    ----------
    task
        What is settled.
    turns
        How; each where those before it leave no answer.
    base
        Printed base quotas, to which ``task.held`` belongs, by id.
    gap
        Whether targets give way where none of the turns does.

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
            return _settled(task, *choose_stage(task, turn), base)
        except (InfeasibleError, RoundingError) as error:
            logger.info("%s: settled in another way", error.code)
    return _settled(task, *choose_stage(task, last, gap=gap), base)


def _settled(task: Task, built: Built, solution: Solution, base: Known | None) -> Stage:
    """Round and certify the exact quotas of the columns whose turn it is."""
    below, above = missed(built.problem, solution.x)
    built = built.opened(below, above)
    certify_exact(built.problem, solution.x)
    tables = _rounded(task.plan, built, to_safe_side(built, solution.x), base)
    return finished(task.plan, built, solution, tables, below.astype(np.int64) - above)


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
        The rules that rounding kept, the table they make, and the rounded table.
    way
        ``Stage.missed``, with what a later stage settles.

    Raises
    ------
    SolverError
        A rule is broken.
    """
    x = solution.x
    own, tabulated, rounded = tables
    shifts = shifts_of(own, tabulated, rounded)
    excess = _excess(own, tabulated, rounded, shifts)
    certify_quotas(own, rounded.quotas, excess)
    logger.info(
        "%d cells, %d rules, %d programs; rounding: worst excess %.3f steps, %d sums moved",
        own.size,
        len(own.rules),
        solution.programs,
        rounded.worst,
        len(shifts),
    )
    for shift in shifts:
        logger.info("%s", shift_message(own, shift).text("en"))
    problem = built.problem
    quotas, listed = np.zeros(problem.size, dtype=np.int64), np.zeros(len(problem.rules))
    quotas[built.final] = rounded.quotas
    listed[rows_within(problem, np.flatnonzero(built.final))] = excess
    shown = np.where(built.final, as_printed(quotas * problem.step), x)
    values = printed_values(plan, built, shown, x)
    listed = printed_excess(built, shown, values, listed)
    way = np.where(built.waiting, 0, way)
    return Stage(built, solution, quotas, shifts, listed, settled_values(built, values), way)


def _rounded(
    plan: Plan, built: Built, x: Floats, base: Known | None
) -> tuple[Problem, Tabulated, Rounded]:
    """Round the columns whose turn it is.

    Base quotas hold as printed, but for cells where no table allows it.
    """
    final = np.flatnonzero(built.final)
    firm = np.full(built.problem.size, base is not None)
    while True:
        problem = built.problem if base is None else _held_in_print(built, x, base, firm)
        if len(final) < problem.size:
            problem = part_of(problem, final)
        tabulated = tabulated_of(plan, problem, x[final])
        try:
            return problem, tabulated, round_table(tabulated.table)
        except RoundingError as error:
            concerned = final[np.array(error.data["cells"], dtype=np.int64)]
            if not firm[concerned].any():
                strict = [k for k, one in enumerate(plan.indicators) if one.strict]
                raise with_names(error, problem, tabulated, strict=strict) from None
            firm[concerned] = False


def tabulated_of(plan: Plan, problem: Problem, x: Floats) -> Tabulated:
    """Return an exact answer as the table to be rounded."""
    return tabulate(
        problem,
        x,
        printed_groups=[k for k, group in enumerate(plan.groups.values()) if group.subtotal],
        flows=[k for k, one in enumerate(plan.indicators) if one.kind == "flow"],
        added=[k for k, one in enumerate(plan.indicators) if one.kind != "ratio"],
        strict=[k for k, one in enumerate(plan.indicators) if one.strict],
    )


def _held_in_print(built: Built, x: Floats, base: Known, firm: Bools) -> Problem:
    """Hold printed base quotas, in whole steps where firm; leave those that cannot be kept."""
    problem, rules = built.problem, built.problem.rules
    rows = np.flatnonzero((rules.family == FAMILY["base_quota"]) & rules.single)
    entry = rules.matrix.start[rows]
    column, factor = rules.matrix.column[entry], rules.matrix.value[entry]
    least, most = np.isfinite(rules.lower[rows]), np.isfinite(rules.upper[rows])
    step, printed = problem.step[column], built.columns_of(base)[column]
    reach = np.where(least, up_all(x[column], step) - printed, printed - down_all(x[column], step))
    kept = (least != most) & (reach > -SNAP * step)
    lower, upper, whole = rules.lower.copy(), rules.upper.copy(), rules.whole.copy()
    lower[rows] = np.where(kept & least, factor * printed, -np.inf)
    upper[rows] = np.where(kept & most, factor * printed, np.inf)
    whole[rows] = kept & firm[column] & (factor == 1)
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
