"""Repairs: what it would take, one family of rules yielding at a time.

For each family that may yield, the others hard: the least total change, then leximin of
change ÷ limit; the figures rounded so that the plan can be met (DESIGN section 3, "Conflicts").
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from decompose.bounds import SEPARATOR
from decompose.errors import DecomposeError
from decompose.explain.changes import (
    figure_of,
    is_rate,
    limit_in_row,
    moved,
    one_step,
    own_amount,
    series_at,
)
from decompose.explain.feasibility import Part
from decompose.explain.figures_moved import Change, Made, Value, read
from decompose.explain.least_figures import least_figures
from decompose.explain.ratio_changes import as_said, part_of_area
from decompose.explain.relaxation import Measure, Relaxation, least_relaxation
from decompose.explain.rules import phrase, steps_of
from decompose.explain.stuck import Stuck, first_stuck
from decompose.explain.tier_changes import higher_steps
from decompose.explain.whole_steps import eased, in_steps
from decompose.explain.yields import LAST, Several, Yield
from decompose.fairness import choose
from decompose.fairness.part import part_of
from decompose.plan import Plan
from decompose.problem import AREA, FAMILIES, Bools
from decompose.solvers import Solver
from decompose.stretch import has_stretch, in_stretch, stretched

TARGETS = ("target", "ratio", "growth_each_year")
MIXED = 2_000
"""Of so many rules at most several families are looked at together, where one that yields last is
enough: each of them is another program for every change."""
MOST = 1e3
"""A rate that must rise by more, 100,000 %, speaks of next to nothing."""
ROUNDS = 8
"""How often a repair may meet a further conflict: another part of the plan, or a last digit."""


@dataclass(frozen=True)
class Repair:
    """One way to make a plan possible: rules of one family give way.

    Attributes
    ----------
    family
        The family that yields.
    changes
        Path → new value, as in ``Plan.with_changes``.
    total
        How much yields in all, in the unit of the indicator (of several indicators: each measured
        by its own size; of a ratio: what it is to the area's number).
    parts
        The same change by change, with the rule that each speaks of.
    """

    family: str
    changes: Mapping[str, Value]
    total: float
    parts: tuple[Change, ...]


def repairs_of(
    plan: Plan, stuck: Stuck, yields: Sequence[Yield], solver: Solver
) -> tuple[Repair, ...]:
    """Find a repair for each family that can make the plan possible; every one is tried out.

    Parameters
    ----------
    plan, stuck
        The plan, and where it, or the plan with its stretch figures, gets stuck.
    yields
        Which families may yield, the first one first.
    solver
        From ``open_solver``.
    """
    found: list[Repair] = []
    least, late = _Least(solver), True
    for one in yields:
        repair = _repair(plan, stuck, one, yields, least)
        if repair is not None and all(repair.changes != other.changes for other in found):
            found.append(repair)
            late &= one in LAST
    few = sum(len(part.rows) for part in stuck.parts) <= MIXED
    if yields and (not found or (late and few)):  # no family, or only what yields last, is enough
        gladly = [one for one in yields if one not in LAST]
        several = _repair(plan, stuck, None, gladly if found else yields, least)
        if several is not None and all(several.changes != other.changes for other in found):
            found.append(several)
    return tuple(found)


class _Least:
    """The least changes of each part by each family, found once."""

    def __init__(self, solver: Solver) -> None:
        self.solver = solver
        self._found: dict[tuple[Part, Yield | Several], Made | None] = {}

    def made(self, stuck: Stuck, part: Part, by: Yield | Several) -> Made | None:
        """Return the least changes of a part; None where this cannot help."""
        if (part, by) not in self._found:
            self._found[part, by] = self._make(stuck, part, by)
        return self._found[part, by]

    def _make(self, stuck: Stuck, part: Part, by: Yield | Several) -> Made | None:
        if by.family == "tier":
            return _higher_steps(stuck, part, self.solver)
        yielding = by.rows(stuck.plan, part)
        if not yielding.any():
            return None
        measure = measure_of(stuck, part, yielding)
        for in_all in (True, False):
            relaxation = least_relaxation(part, yielding, self.solver, measure, in_all=in_all)
            if relaxation is None or not len(relaxation.rows):
                return None
            changes = changes_of(stuck, part, relaxation, self.solver)
            if changes is not None:
                return Made(relaxation.total, least_figures(stuck, part, changes, self.solver))
            if not any(is_rate(stuck.built, row) for row in part.rows[relaxation.rows].tolist()):
                return None
        return None


def _repair(
    plan: Plan, stuck: Stuck, first: Yield | None, yields: Sequence[Yield], least: _Least
) -> Repair | None:
    """Let one family yield; others only in parts of the plan where it cannot help.

    Without a first family, several together where none is enough, as few as can be.
    """
    order: list[Yield | Several] = [*yields]
    if first is None:
        order += [Several(tuple(yields[:count])) for count in range(2, len(yields) + 1)]
    elif all(least.made(stuck, part, first) is None for part in stuck.parts):
        return None
    else:
        order.insert(0, first)
    changes, total = dict[str, Change](), 0.0
    higher = stuck.plan is not plan
    for _ in range(ROUNDS):
        for part in stuck.parts:
            tried = (least.made(stuck, part, by) for by in order)
            made = next((made for made in tried if made is not None), None)
            if made is None:
                return None
            total += made.total
            for change in made.changes:
                path = in_stretch(plan, change.path) if higher else change.path
                changes[path] = _after(changes.get(path), replace(change, path=path))
        values = {path: change.value for path, change in changes.items()}
        try:
            again, higher = _stuck_again(plan.with_changes(values), least.solver)
        except DecomposeError:
            return None
        if again is None:
            families = dict.fromkeys(change.family for change in changes.values())
            family = SEPARATOR.join(families) if first is None else first.family
            return Repair(family, values, total, tuple(changes.values()))
        stuck = again
    return None


def _stuck_again(plan: Plan, solver: Solver) -> tuple[Stuck | None, bool]:
    """Find where a plan gets stuck, and whether it does with its stretch figures only."""
    stuck = first_stuck(plan, solver)
    if stuck is not None or not has_stretch(plan):
        return stuck, False
    higher = stretched(plan)
    return (None if higher is None else first_stuck(higher, solver)), True


def _after(before: Change | None, change: Change) -> Change:
    """Add a change to one of the same figure that was not enough."""
    if before is None:
        return change
    return replace(change, amount=before.amount + change.amount, before=before.before)


def _higher_steps(stuck: Stuck, part: Part, solver: Solver) -> Made | None:
    """Raise the highest step of a part's tiers."""
    for steps in part.steps:
        found = higher_steps(part, steps, solver)
        if found is not None:
            indicator = stuck.plan.indicators[steps.indicator]
            path = f"indicators.{indicator.id}.tiers.values"
            year = len(stuck.plan.years) - 1
            told = steps_of(stuck.plan, steps.indicator).message
            own = "tier", steps.indicator, AREA, year, found.rise, told
            return Made(float(found.rise), (Change(path, found.after, found.before, *own),))
    return None


def measure_of(stuck: Stuck, part: Part, yielding: Bools) -> Measure:
    """Tell in what the changes of rules that may yield are counted, and by what divided.

    Indicators of one unit are counted in it; a share and a rise are divided by their own figures.
    A point of a ratio counts as much as it is to the area's number: a region where it is more would
    else bear it all.
    """
    plan, built, found = stuck.plan, stuck.built, Measure.of(part)
    numbers = sorted(set(part.problem.rules.indicator[part.rows[yielding]].tolist()))
    own = [plan.indicators[number] for number in numbers]
    size = found.size
    if len({one.unit for one in own}) == 1 and all(one.kind != "ratio" for one in own):
        size = np.where(yielding, size[yielding].max(initial=0.0), size)
    limit, weight = found.limit.copy(), found.weight.copy()
    for place in np.flatnonzero(yielding).tolist():
        row = int(part.rows[place])
        limit[place] = limit_in_row(plan, built, row)
        weight[place] = part_of_area(plan, built, row, series_at(built, row))
    return Measure(size, limit, weight)


def changes_of(
    stuck: Stuck, part: Part, relaxation: Relaxation, solver: Solver
) -> tuple[Change, ...] | None:
    """Write a relaxation as changes of the plan.

    None where a rule has no figure to change, or where it is a rate of next to nothing: the least
    in all may leave a region nothing in the year before, from which no rate grows.
    """
    plan, built = stuck.plan, stuck.built
    problem, rules = built.problem, built.problem.rules
    rows = part.rows[relaxation.rows]
    rates = np.array([is_rate(built, row) for row in rows.tolist()])
    step = np.array([one_step(plan, built, row) for row in rows.tolist()])
    # what a cut of several regions asks for is no number of the table
    cuts = [as_said(plan, built, row, series_at(built, row), 0.0)[1] for row in rows.tolist()]
    finer = rates | (~rules.single[rows] & np.array(cuts))
    amounts = in_steps(part, relaxation, np.where(finer, np.nan, step), solver)
    x = np.zeros(problem.size)
    if rates.any():  # other parts may not be possible yet
        yielded = replace(problem, rules=eased(part, relaxation, amounts).take(part.rows))
        x[part.columns] = choose(part_of(yielded, part.columns), solver=solver).x
    found: dict[str, Change] = {}
    for row, rate, up, amount in zip(
        rows.tolist(), rates.tolist(), relaxation.up, amounts.tolist(), strict=True
    ):
        if not amount:
            continue  # others take its part of a step
        own = own_amount(plan, built, row, amount, x)
        if rate and own > MOST:
            return None
        to = moved(plan, built, row, own, up=bool(up))
        if to is None:
            return None
        path, value = to
        change = Change(
            path,
            value,
            figure_of(plan, built, row),
            FAMILIES[rules.family[row]].name,
            int(rules.indicator[row]),
            int(rules.scope[row]),
            int(rules.year[row]),
            amount,
            phrase(plan, built, row),
        )
        if change.family in TARGETS and _asks_nothing(path, value):
            return None
        found[path] = change if path not in found else _looser(found[path], change)
    return tuple(found.values())


def _asks_nothing(path: str, value: Value) -> bool:
    """Whether a target that is so low is no target: not to get worse still is one."""
    number = read(value).value
    change = path.endswith(("growth", "cut", "rise", "increase", "each_year"))
    return number < 0 or (number == 0 and not change)


def _looser(one: Change, other: Change) -> Change:
    """Return the change that is further from the figure of today: both rules must hold."""
    if one.value is None or other.value is None:
        return one  # dropped
    now, *others = (read(value).value for value in (one.before, one.value, other.value))
    return other if abs(others[1] - now) > abs(others[0] - now) else one
