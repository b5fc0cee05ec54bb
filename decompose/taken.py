"""Quotas that nobody solved for, taken over as they are: every rule they break is found.

Printed numbers may break a rule by what rounding can explain: such a breach is listed as excess,
as that of a solved table is. Any other is no rounding, and the table is not to be had.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from decompose.anchor import breach
from decompose.build import Built, at_rates
from decompose.choosing import Task
from decompose.fairness.giving import missed
from decompose.plan import Plan
from decompose.plan.better import Held
from decompose.plan.order import Batch, Turn, batches_of
from decompose.plan.ratios import PERCENT, Known
from decompose.plan.steps import SNAP, as_printed, snap_of
from decompose.plan.targets import RATIO_EACH_YEAR
from decompose.printed import printed_excess, printed_values, settled_values
from decompose.problem import AREA, FAMILIES, Bools, Floats, Ints, Problem, Solution, group_of
from decompose.rounding import components, out_of_reach
from decompose.settle import Settled, growing, together, turns_at
from decompose.stage import MOST_STEPS, Stage, known_stage

BY_HAND = "by hand"
"""The route of what was taken over."""
GIVING = frozenset({"target", "ratio", "growth_each_year", *RATIO_EACH_YEAR})
"""Families of targets, which may give way."""
BELOW = 1 - 1e-6
"""Rounding moves a number by less than a step."""


@dataclass(frozen=True, eq=False)
class Taken:
    """A stage of numbers that are there already, and what is wrong with it.

    Attributes
    ----------
    stage
        With the numbers before rounding the same as after it.
    numbers
        As they were found; NaN where there is none.
    off_grid
        Columns that are no whole number of steps.
    broken
        Rules that are broken by more than rounding explains.
    """

    stage: Stage
    numbers: Floats
    off_grid: Bools
    broken: Ints

    @property
    def below_0(self) -> Bools:
        """Columns that are negative, and may not be."""
        problem = self.stage.problem
        return np.asarray((self.numbers < -SNAP * problem.step) & ~problem.signed)


def take_over(
    plan: Plan, quotas: Known, *, held: Held | None = None, gap: bool = False
) -> list[Taken]:
    """Lay numbers into a plan, stage by stage.

    Parameters
    ----------
    plan
        Whose quotas they are.
    quotas
        Published numbers by indicator id (regions × years), in the printed unit.
    held
        Base quotas that these, stretch quotas, keep to.
    gap
        Whether targets that they miss give way.

    Raises
    ------
    PlanError
        References of the plan are negative.
    """
    found: list[Taken] = []
    values: dict[str, Floats] = {}
    for batch in batches_of(plan):
        task = Task(plan, batch.indicators, values, held=held)
        turns = turns_at(plan, batch, quotas)
        stages = _taken_batch(task, turns, quotas, gap=gap)
        if gap and not growing(plan, batch) and any(_missing(one) for one in stages):
            at_once = turns_at(plan, Batch(batch.indicators), quotas, loose=True)
            stages = _taken_batch(task, at_once, quotas, gap=gap)
        found += stages
        for one in stages:
            values = together(values, one.stage)
    return found


def _taken_batch(task: Task, turns: Sequence[Turn], quotas: Known, *, gap: bool) -> list[Taken]:
    found: list[Taken] = []
    for turn in turns:
        one = _taken_stage(task, turn, quotas, gap=gap)
        found.append(one)
        task = replace(task, known=together(task.known, one.stage))
    return found


def as_laid(plan: Plan, taken: Sequence[Taken]) -> Settled:
    """Return stages as they were laid in: what they print, certified or not."""
    values: dict[str, Floats] = {}
    for one in taken:
        values = together(values, one.stage)
    return Settled(plan, tuple(one.stage for one in taken), values)


def settled_of(plan: Plan, taken: Sequence[Taken], *, base: Settled | None = None) -> Settled:
    """Return stages of which each is whole as a Settled: certified, and its own anchor.

    Parameters
    ----------
    plan, taken
        The plan, and what ``take_over`` gave of it.
    base
        Base quotas that these, stretch quotas, keep to.

    Raises
    ------
    SolverError
        The certificate fails: a mistake of this package.
    """
    stood = as_laid(plan, taken)
    standing = stood.standing()
    printed = None if base is None else base.quotas()
    stages = tuple(
        known_stage(
            plan,
            one.stage.built,
            one.stage.solution,
            one.stage.quotas,
            one.stage.missed,
            anchor=standing,
            base=printed,
        )
        for one in taken
    )
    gap = any(one.missed.any() for one in stages)
    return Settled(plan, stages, stood.printed, base, gap, anchor=standing)


def _taken_stage(task: Task, turn: Turn, quotas: Known, *, gap: bool) -> Taken:
    """Lay numbers into one stage, those before it known by their printed values.

    Only the targets of indicators that miss one give way.
    """
    tiers = tiers_of(task.built(turn), quotas)
    yields: frozenset[int] = frozenset()
    while True:
        one = _laid(task, at_rates(task.built(turn, yields, tiers, task.held)), quotas)
        missing = _missing(one) - yields if gap else frozenset()
        if not missing:
            return one
        yields |= missing


def _missing(taken: Taken) -> frozenset[int]:
    """Return the indicators that miss a target, published growth aside: it never gives way."""
    rules, series = taken.stage.problem.rules, taken.stage.built.series
    grown = {one.number for one in series if one.growth is not None}
    rows = [row for row in taken.broken if FAMILIES[rules.family[row]].name in GIVING]
    return frozenset(rules.indicator[rows].tolist()) - grown


def _laid(task: Task, built: Built, quotas: Known) -> Taken:
    """Lay numbers into the rules of a stage."""
    plan = task.plan
    numbers = np.where(built.final, built.columns_of(quotas), built.problem.reference)
    there = np.nan_to_num(numbers)
    problem = built.problem
    steps = np.rint(there / problem.step)
    off_grid = np.abs(there / problem.step - steps) > snap_of(steps)
    off_grid |= np.abs(steps) > MOST_STEPS
    off_grid &= built.final
    printed = as_printed(np.where(off_grid | ~built.final, there, steps * problem.step))
    below, above = missed(problem, printed)
    built = built.opened(below, above)
    problem = built.problem
    values = printed_values(plan, built, printed)
    excess = breach(problem, printed) / problem.rule_step
    excess = printed_excess(built, printed, values, excess)
    excess[_touched(problem, np.isnan(numbers))] = 0.0
    rows = np.flatnonzero(excess > 0).tolist()
    listed = built.missable
    coarsest = _coarsest(problem)
    broken = [
        row
        for row in rows
        if not listed[row] and excess[row] > _explained(plan, built, row, coarsest)
    ]
    stage = Stage(
        built,
        Solution(printed, (BY_HAND,), 0),
        np.where((np.abs(steps) > MOST_STEPS) | ~built.final, 0, steps).astype(np.int64),
        (),
        excess,
        settled_values(built, values),
        below.astype(np.int64) - above,
    )
    return Taken(stage, numbers, off_grid, np.array(broken, dtype=np.int64))


def _explained(plan: Plan, built: Built, row: int, coarsest: Floats) -> float:
    """Return by how much rounding can break a rule at most, in steps of its indicator.

    Every number, and every printed sum, is within one step of what it was before rounding, of the
    coarsest step that sums tie it to. Sums of groups go further where groups cross; the area's
    ratio is kept by moving every region's to its safe side.
    """
    problem, rules = built.problem, built.problem.rules
    number, scope = int(rules.indicator[row]), int(rules.scope[row])
    family = FAMILIES[rules.family[row]].name
    if plan.indicators[number].strict and not out_of_reach(built.stated, np.array([row]))[0]:
        return 0.0
    if rules.whole[row]:
        return _of_group(plan, problem, number, coarsest) if scope < AREA else 0.0
    series = next(one for one in built.series if one.number == number)
    ratio = series.ratio
    if ratio is not None and family == "ratio" and scope == AREA and not _narrow(problem, row):
        return 0.0
    steps = _of_tie(plan, problem, row, coarsest) / problem.rule_step[row]
    if series.growth is not None and scope <= AREA:  # what was rounded before it counts, too
        steps *= plan.gaps[: series.growth.year + 1].sum() / series.growth.gap
    follows = bool((built.stated.matrix.take(np.array([row])).column >= problem.size).any())
    return BELOW * float(steps + follows)  # a numerator goes to its own grid too


def _narrow(problem: Problem, row: int) -> bool:
    """Whether what a ratio may be, by all that is said of it, leaves no side that is safe."""
    rules = problem.rules
    labels = (rules.family, rules.indicator, rules.scope, rules.year)
    beside = np.all([label == label[row] for label in labels], axis=0)
    room = rules.upper[beside].min() - rules.lower[beside].max()
    return bool(room < 2 * problem.rule_step[row])


def _of_group(plan: Plan, problem: Problem, number: int, coarsest: Floats) -> float:
    """Return by how many steps rounding may move a group's sum past a rule on it."""
    coarser = coarsest[number] / problem.indicator_step[number] - 1
    members = [set(np.flatnonzero(one).tolist()) for one in plan.members]
    crosses = any(one & other not in (set(), one, other) for one, other in combinations(members, 2))
    return max(1.0 if crosses else 0.0, float(np.rint(coarser)))


def _coarsest(problem: Problem) -> Floats:
    """Return the coarsest step of the indicators that whole steps tie to each (its own, too)."""
    steps = problem.indicator_step
    whole = problem.rules.matrix.plain.take(np.flatnonzero(problem.rules.whole))
    ties = replace(whole, column=problem.column_indicator[whole.column])
    label, coarsest = components(len(steps), [ties]), steps.copy()
    np.maximum.at(coarsest, label, steps)
    return np.asarray(coarsest[label])


def _of_tie(plan: Plan, problem: Problem, row: int, coarsest: Floats) -> float:
    """Return by how much the terms of a row may move: number by number, or as printed sums."""
    part, scope = problem.rules.matrix.take(np.array([row])), int(problem.rules.scope[row])
    added = np.array([one.kind != "ratio" and one.publish != "growth" for one in plan.indicators])
    place = problem.column_indicator * len(problem.years) + problem.column_year
    inside = added[problem.column_indicator]
    if scope < AREA:
        inside &= problem.members[group_of(scope)][problem.column_region]
    found = 0.0
    for one in np.unique(place[part.column]):
        own = place[part.column] == one
        value = part.value[own]
        step = float(coarsest[problem.column_indicator[part.column[own]]].max())
        common = np.zeros(1)
        if own.sum() == np.count_nonzero((place == one) & inside):  # a sum, and what goes beyond
            common = np.append(common, value)
        found += step * float(
            (np.abs(common) + np.abs(value - common[:, np.newaxis]).sum(axis=1)).min()
        )
    return found


def _touched(problem: Problem, columns: Bools) -> Bools:
    matrix = problem.rules.matrix
    found = np.zeros(len(matrix), dtype=bool)
    found[matrix.row[columns[matrix.column]]] = True
    return found


def tiers_of(built: Built, numbers: Known) -> dict[str, Floats]:
    """Return the steps that regions took: the nearest to their numbers of the last year."""
    found: dict[str, Floats] = {}
    for one in built.series:
        cells = built.columns[one.number][:, -1] >= 0
        if one.indicator.tiers is None or one.indicator.tiers.by is not None or not cells.any():
            continue
        steps = np.sort(np.array(one.indicator.tiers.values)) * PERCENT
        number = numbers.get(one.indicator.id, np.full((len(cells), 1), np.nan))[:, -1]
        distance = np.abs(number[:, np.newaxis] - steps)
        nearest = np.argmin(np.where(np.isnan(distance), np.inf, distance), axis=1)
        found[one.indicator.id] = np.where(cells, steps[nearest], np.nan)
    return found
