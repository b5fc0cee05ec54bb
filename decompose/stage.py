"""Build → choose → round → certify: the quotas of indicators that are settled together."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from decompose.anchor import Anchor
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
from decompose.problem import AREA, FAMILY, Bools, Floats, Ints, Problem, Rules, Solution
from decompose.rounding import (
    Rounded,
    Shift,
    Tabulated,
    counted,
    round_table,
    rules_of_sum,
    shifts_of,
    tabulate,
)

logger = logging.getLogger("decompose")

MOST_STEPS = 2.0**53
"""Beyond it a float does not tell one whole number from the next."""


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
    leaned = built.problem if task.anchor is None else task.anchor.lean(built)
    certify_exact(leaned, solution.x)
    table = _rounded(task.plan, built, to_safe_side(built, solution.x), base)
    way = below.astype(np.int64) - above
    return certified_stage(task.plan, built, solution, table, way, leaned.rules)


def certified_stage(
    plan: Plan,
    built: Built,
    solution: Solution,
    table: tuple[Problem, Tabulated, Rounded],
    way: Ints,
    leaned: Rules,
) -> Stage:
    """Make a stage of its exact answer and its table, certified.

    Parameters
    ----------
    plan, built, solution
        The plan, the stage's rules, its certified exact answer.
    table
        The problem that was rounded (of the columns whose turn it is), as a table, and its numbers
        in whole steps.
    way
        As ``Stage.missed``.
    leaned
        The rules, as far as what stands reaches.

    Raises
    ------
    SolverError
        The table breaks a rule.
    """
    own, tabulated, rounded = table
    problem, x = built.problem, solution.x
    rows = rows_within(problem, np.flatnonzero(built.final))
    shifts = shifts_of(own, tabulated, rounded)
    excess = _excess(own, tabulated, rounded, shifts, leaned.take(rows))
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
    quotas, listed = np.zeros(problem.size, dtype=np.int64), np.zeros(len(problem.rules))
    quotas[built.final], listed[rows] = rounded.quotas, excess
    shown = np.where(built.final, as_printed(quotas * problem.step), x)
    values = printed_values(plan, built, shown)
    listed = printed_excess(built, shown, values, listed)
    way = np.where(built.waiting, 0, way)
    return Stage(built, solution, quotas, shifts, listed, settled_values(built, values), way)


def known_stage(
    plan: Plan,
    built: Built,
    solution: Solution,
    quotas: Ints,
    way: Ints,
    *,
    anchor: Anchor | None = None,
    base: Known | None = None,
) -> Stage:
    """Make a stage of numbers that are known already, certified as if they had just been found.

    Parameters
    ----------
    plan, built, solution
        The plan, the stage's rules, its exact answer.
    quotas
        Whole steps per column.
    way
        As ``Stage.missed``.
    anchor
        What stands: rules hold as far as it reaches.
    base
        Printed base quotas, which these, stretch quotas, keep to.

    Raises
    ------
    SolverError
        The numbers break a rule.
    """
    x, final = solution.x, np.flatnonzero(built.final)
    leaned = built.problem if anchor is None else anchor.lean(built)
    certify_exact(part_of(leaned, final) if len(final) < leaned.size else leaned, x[final])
    problem = built.problem
    if base is not None:
        problem = held_in_print(built, x, base, np.zeros(problem.size, dtype=bool))
    own, tabulated = table_of(plan, built, problem, to_safe_side(built, x))
    firm = own.rules.whole & (own.rules.scope >= AREA)  # rounding cannot have broken these
    certify_quotas(own, quotas[final], np.where(firm, 0.0, MOST_STEPS))
    table = own, tabulated, counted(tabulated.table, quotas[final])
    return certified_stage(plan, built, solution, table, way, leaned.rules)


def _rounded(
    plan: Plan, built: Built, x: Floats, base: Known | None
) -> tuple[Problem, Tabulated, Rounded]:
    """Round the columns whose turn it is.

    Base quotas hold as printed, but for cells where no table allows it.
    """
    final = np.flatnonzero(built.final)
    firm = np.full(built.problem.size, base is not None)
    strict = [k for k, one in enumerate(plan.indicators) if one.strict]
    steady = True
    while True:
        problem = built.problem if base is None else held_in_print(built, x, base, firm)
        own, tabulated = table_of(plan, built, problem, x, steady=steady)
        try:
            rounded = round_table(tabulated.table)
            if not np.isin(tabulated.steady, rounded.moved).any():
                return own, tabulated, rounded
            steady = False
        except RoundingError as error:
            concerned = final[np.array(error.data["cells"], dtype=np.int64)]
            if not firm[concerned].any():
                raise with_names(error, own, tabulated, strict=strict) from None
            firm[concerned] = False


def table_of(
    plan: Plan, built: Built, problem: Problem, x: Floats, *, steady: bool = False
) -> tuple[Problem, Tabulated]:
    """Turn the exact answer of a stage into the table to be rounded: columns whose turn it is.

    Parameters as in ``tabulate``.
    """
    final = np.flatnonzero(built.final)
    own = problem if len(final) == problem.size else part_of(problem, final)
    return own, tabulate(
        own,
        x[final],
        printed_groups=[k for k, group in enumerate(plan.groups.values()) if group.subtotal],
        flows=[k for k, one in enumerate(plan.indicators) if one.kind == "flow"],
        rises=[k for k, one in enumerate(plan.indicators) if one.publish == "increment"],
        added=[k for k, one in enumerate(plan.indicators) if one.kind != "ratio"],
        strict=[k for k, one in enumerate(plan.indicators) if one.strict],
        steady=steady,
    )


def held_in_print(built: Built, x: Floats, base: Known, firm: Bools) -> Problem:
    """Hold printed base quotas, in whole steps where firm; leave those that cannot be kept.

    Indicators that are no other before rounding are held from both sides: they are no other after.
    """
    problem, rules = built.problem, built.problem.rules
    rows = np.flatnonzero((rules.family == FAMILY["base_quota"]) & rules.single)
    matrix = rules.matrix.take(rows)
    column, factor = matrix.column, matrix.value
    least, most = np.isfinite(rules.lower[rows]), np.isfinite(rules.upper[rows])
    step, printed = problem.step[column], built.columns_of(base)[column]
    reach = np.where(least, up_all(x[column], step) - printed, printed - down_all(x[column], step))
    kept = (least != most) & (reach > -SNAP * step)
    bound = np.where(least, rules.lower[rows], rules.upper[rows])
    other = np.abs(factor * x[column] - bound) > SNAP * step
    part = problem.component[problem.column_indicator[column]]
    same = kept & firm[column] & ~np.isin(part, part[other | ~kept])
    least, most = least | same, most | same
    lower, upper, whole = rules.lower.copy(), rules.upper.copy(), rules.whole.copy()
    lower[rows] = np.where(kept & least, factor * printed, -np.inf)
    upper[rows] = np.where(kept & most, factor * printed, np.inf)
    whole[rows] = kept & firm[column] & (factor == 1)
    return replace(problem, rules=replace(rules, lower=lower, upper=upper, whole=whole))


def _excess(
    problem: Problem,
    tabulated: Tabulated,
    rounded: Rounded,
    shifts: Sequence[Shift],
    leaned: Rules,
) -> Floats:
    """Return by how many steps rounding breaks each rule: ties, and sums of groups that moved.

    Sums that had moved in what stands, so that the rules lean there, go on being listed.
    """
    rules = problem.rules
    excess = np.zeros(len(rules))
    excess[tabulated.tie_rules] = rounded.excess
    value = rules.matrix.dot(rounded.quotas * problem.step)
    over = np.maximum(rules.lower - value, value - rules.upper) / problem.rule_step
    reaching = (leaned.lower[: len(rules)] < rules.lower) | (
        leaned.upper[: len(rules)] > rules.upper
    )
    stood = np.flatnonzero(reaching & rules.whole & (rules.scope < AREA))
    moved = [rules_of_sum(problem, one.indicator, one.scope, one.year) for one in shifts]
    for own in (*moved, stood):
        excess[own] = np.rint(np.maximum(over[own], 0.0))
    return excess
