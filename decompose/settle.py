"""Build → choose → round → certify: a plan's quotas, or an error and no quotas."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from decompose.build import Built, at_rates, build
from decompose.certificate import certify_exact, certify_quotas
from decompose.errors import InfeasibleError, RoundingError, SolverError
from decompose.fairness import choose
from decompose.fairness.part import part_of
from decompose.fairness.tiers import choose_tiers
from decompose.labels import say
from decompose.plan import Indicator, Plan
from decompose.plan.order import Batch, Turn, batches_of, chained
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
    """

    built: Built
    solution: Solution
    quotas: Ints
    moved: Ints
    excess: Floats
    values: Mapping[str, Floats]

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
    """

    plan: Plan
    stages: tuple[Stage, ...]
    printed: Mapping[str, Floats]

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
                column = stage.columns[one.number]
                if (column >= 0).any():
                    found[one.indicator.id] = _merged(found, one.indicator.id, quota[column])
        return found


def settle(plan: Plan, *, solver: Any = "highs", floors: Known | None = None) -> Settled:
    """Settle a plan.

    Parameters
    ----------
    plan
        What is asked.
    solver
        See ``solvers.open_solver``.
    floors
        Quotas below which published numbers must not fall, by id.

    Raises
    ------
    InfeasibleError
        The rules cannot hold together.
    RoundingError
        No table in whole steps adds up.
    SolverError
        The solver failed, or its answer broke a rule.
    """
    found: list[Stage] = []
    values: dict[str, Floats] = {}
    for batch in batches_of(plan):
        for stage in _settle_batch(plan, batch, values, solver, floors):
            found.append(stage)
            values = _together(values, stage)
    return Settled(plan, tuple(found), values)


def problems_of(plan: Plan) -> list[Problem]:
    """Return the problems of a plan's stages, as far as the stages before them can be settled.

    What is settled year by year is there with all years at once; a cut against the year before,
    which may be missed, has no bounds there.
    """
    found: list[Problem] = []
    known: Known = {}
    batches = batches_of(plan)
    for number, batch in enumerate(batches):
        *_, turn = _turns(plan, Batch(batch.indicators))
        found.append(build(plan, batch.indicators, known, turn=turn).problem)
        if number + 1 < len(batches):
            try:
                for stage in _settle_batch(plan, batch, known, "highs"):
                    known = _together(known, stage)
            except (InfeasibleError, RoundingError):
                break
    return found


def _together(known: Known, stage: Stage) -> dict[str, Floats]:
    """Return what is known with the printed values of a stage."""
    return {**known, **{name: _merged(known, name, own) for name, own in stage.values.items()}}


def _merged(known: Known, name: str, own: Floats) -> Floats:
    """Return the numbers of an indicator, those of an earlier stage where this one has none."""
    return np.where(np.isnan(own), known[name], own) if name in known else own


def _settle_batch(
    plan: Plan, batch: Batch, known: Known, solver: Any, floors: Known | None = None
) -> Iterator[Stage]:
    """Settle a batch: all years at once, or one after the other.

    Where years cannot be settled one after the other, because a later year's rules do not allow a
    cut against what is printed, they are settled at once; what is missed is listed.
    """
    if batch.yearly:
        try:
            yield from _year_by_year(plan, batch, known, solver, floors)
            return
        except (InfeasibleError, RoundingError) as error:
            if _growing(plan, batch):
                raise  # from year to year, growth is settled in no other way
            logger.info("not settled year by year: %s", error.code)
            batch = Batch(batch.indicators)
    yield _settle_stage(plan, batch.indicators, known, solver, floors, _turns(plan, batch))


def _turns(plan: Plan, batch: Batch, year: int = 0) -> list[Turn]:
    """Return how a batch is settled: first with every cut against the year before, then without."""
    loose = any(chained(plan.indicators[number]) for number in batch.indicators)
    return [Turn(year, batch.yearly, loose=one) for one in ((False, True) if loose else (False,))]


def _growing(plan: Plan, batch: Batch) -> list[Indicator]:
    """Return the indicators of a batch whose growth is published."""
    members = [plan.indicators[number] for number in batch.indicators]
    return [one for one in members if one.publish == "growth"]


def _year_by_year(
    plan: Plan, batch: Batch, known: Known, solver: Any, floors: Known | None
) -> list[Stage]:
    found: list[Stage] = []
    for year in range(len(plan.years)):
        turns = _turns(plan, batch, year)
        try:
            stage = _settle_stage(plan, batch.indicators, known, solver, floors, turns)
        except InfeasibleError as error:
            if year == 0 or not _growing(plan, batch):
                raise
            names = [one.label for one in _growing(plan, batch)]
            years = {"year": plan.years[year], "before": plan.years[year - 1]}
            told = say("growth_later_year", indicators=names, **years)
            raise InfeasibleError(told, error.shortfalls) from error
        found.append(stage)
        known = _together(known, stage)
    return found


def _settle_stage(
    plan: Plan,
    indicators: Sequence[int],
    known: Known,
    solver: Any,
    floors: Known | None,
    turns: Sequence[Turn],
) -> Stage:
    """Settle a stage; where it cannot be, as the next turn has it."""
    first, *others = turns
    try:
        return _settled_stage(plan, *_chosen(plan, indicators, known, solver, floors, first))
    except (InfeasibleError, RoundingError):
        if not others:
            raise
    return _settle_stage(plan, indicators, known, solver, floors, others)


def _chosen(
    plan: Plan,
    indicators: Sequence[int],
    known: Known,
    solver: Any,
    floors: Known | None,
    turn: Turn,
) -> tuple[Built, Solution]:
    """Choose the exact quotas of a stage.

    Growth over several years is no straight line: the answer along its tangents is taken again
    from where it stands, until it stands where they touch. There it is the answer along the curve:
    values have the same rules, and burdens rise and fall with them in the same way.
    """
    for _ in range(ROUNDS):
        built = _with_tiers(plan, indicators, known, solver, floors, turn)
        solution = choose(built.problem, solver=solver)
        rates = rates_of(built, solution.x)
        if rates is None:
            return at_rates(built), solution
        turn = replace(turn, rates=rates)
    names = [one.indicator.label for one in built.series if one.growth is not None]
    raise SolverError(say("growth_curved", indicator=names, year=plan.years[turn.year]))


def _settled_stage(plan: Plan, built: Built, solution: Solution) -> Stage:
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
    return Stage(built, solution, quotas, rules[moved], listed, settled_values(built, values))


def _of_columns(problem: Problem, columns: Bools) -> tuple[Problem, Ints]:
    """Return the problem of some columns, and the rules that speak of them alone."""
    matrix = problem.rules.matrix
    others = np.bincount(matrix.row, ~columns[matrix.column], minlength=len(problem.rules))
    return part_of(problem, np.flatnonzero(columns)), np.flatnonzero(others == 0)


def _with_tiers(
    plan: Plan,
    indicators: Sequence[int],
    known: Known,
    solver: Any,
    floors: Known | None,
    turn: Turn,
) -> Built:
    """Build a stage, the steps of its ratios with tiers chosen one after the other."""
    tiers: dict[str, Floats] = {}
    built = build(plan, indicators, known, floors=floors, turn=turn)
    for one in built.series:
        column = built.columns[one.number][:, -1]
        regions = np.flatnonzero(column >= 0)
        if one.indicator.tiers is None or one.tiers is not None or not len(regions):
            continue
        steps = np.sort(np.array(one.indicator.tiers.values)) * PERCENT
        taken = choose_tiers(built.problem, column[regions], steps, open_solver(solver))
        if taken is None:
            shown = [f"{step:g}%" for step in steps]
            message = say("tiers_infeasible", indicator=one.indicator.label, tiers=shown)
            raise InfeasibleError(message)
        tiers[one.indicator.id] = np.full(len(plan.regions), np.nan)
        tiers[one.indicator.id][regions] = taken
        built = build(plan, indicators, known, tiers, floors, turn)
    return built


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
