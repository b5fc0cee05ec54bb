"""Repairs: what it would take, one family of rules yielding at a time.

For each family that may yield, the others hard: the least total change, then leximin of
change ÷ limit; the figures rounded so that the plan can be met (DESIGN section 3, "Conflicts").
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from decompose.bounds import SEPARATOR
from decompose.errors import DecomposeError, InfeasibleError, RoundingError, SolverError
from decompose.explain.below_zero import freed, signed_at_last
from decompose.explain.changes import is_rate, limit_in_row, series_at
from decompose.explain.feasibility import Part
from decompose.explain.figures_moved import Change, Made, Value, ends_of
from decompose.explain.further import added, further, passes
from decompose.explain.least_figures import least_figures
from decompose.explain.ratio_changes import part_of_area
from decompose.explain.relaxation import Measure, least_relaxation
from decompose.explain.relaxation_written import changes_of
from decompose.explain.rules import steps_of
from decompose.explain.stuck import Stuck, first_stuck
from decompose.explain.tier_changes import higher_steps
from decompose.explain.together import together
from decompose.explain.uneven import ways_to_round, with_all
from decompose.explain.yields import LAST, SIGNED, Several, Yield
from decompose.plan import Plan
from decompose.plan.steps import step_of
from decompose.plan.stretched import in_stretch
from decompose.problem import AREA, Bools
from decompose.solvers import Solver

MIXED = 2_000
"""Of so many rules at most several families are looked at together, where one that yields last is
enough: each of them is another program for every change."""
UNEVEN = 5
"""How often a repair may go further because no table in whole steps adds up: 1, 2, 4, … digits."""
SMALL = 2_000
"""In plans of so many numbers at most a change that is alone is tried with its last digit back."""
GROWTH = ("growth.max", "growth.min")
"""Families of which a little in every year may be wanted rather than the least in all."""
MUCH = 0.1
"""A growth limit that moves by so much, 10 points, yields much."""
ROUNDS = 12
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
            found += [repair, *_more_even(plan, stuck, repair, one, yields, least)]
            late &= one in LAST
    if yields and (
        not found or (late and _is_small(stuck))
    ):  # no family, or only what yields last, is enough
        gladly = [one for one in yields if one not in LAST]
        several = _repair(plan, stuck, None, gladly if found else yields, least)
        if several is not None and all(several.changes != other.changes for other in found):
            found.append(several)
    return tuple(found)


def _more_even(
    plan: Plan,
    stuck: Stuck,
    repair: Repair,
    by: Yield,
    yields: Sequence[Yield],
    least: _Least,
) -> Iterator[Repair]:
    """Let growth limits that yield much yield by less each, in more places.

    The least in all is where growth counts most: in the first years of few regions.
    """
    if by.family not in GROWTH or not _is_small(stuck) or _furthest(repair) < MUCH:
        return
    even = _repair(plan, stuck, replace(by, evenly=True), yields, least)
    if even is not None and _furthest(even) <= _furthest(repair) / 2:
        yield even


def _furthest(repair: Repair) -> float:
    """Return by how much the figure of a repair's own family moves that moves furthest."""
    own = (one for one in repair.parts if one.family == repair.family)
    return max((abs(ends_of(one.value)[0] - ends_of(one.before)[0]) for one in own), default=0.0)


def _is_small(stuck: Stuck) -> bool:
    """Whether families are tried together where one of them would be enough."""
    return sum(len(part.rows) for part in stuck.parts) <= MIXED


def rounding_repairs(
    plan: Plan, error: RoundingError, yields: Sequence[Yield], solver: Solver
) -> tuple[Repair, ...]:
    """Find what it would take that a plan can be rounded whose rules can hold.

    Parameters
    ----------
    plan, error
        The plan, and what rounding says of it.
    yields, solver
        As of ``repairs_of``.
    """
    least, found = _Least(solver), list[Repair]()
    for changes in ways_to_round(plan, error, yields, solver):
        repair = _mended(plan, None, {one.path: one for one in changes}, yields, least)
        if repair is not None:
            found.append(repair)
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

    def of_all(self, stuck: Stuck, order: Sequence[Yield | Several]) -> list[Made] | None:
        """Return the changes of every part by the first way that helps; None where none does."""
        found = []
        for part in stuck.parts:
            tried = (self.made(stuck, part, by) for by in order)
            made = next((made for made in tried if made is not None), None)
            if made is None:
                return None
            found.append(made)
        return found

    def _make(self, stuck: Stuck, part: Part, by: Yield | Several) -> Made | None:
        if by.family == "tier":
            return _higher_steps(stuck, part, self.solver)
        if by == SIGNED:
            return signed_at_last(stuck, part, self.solver)
        if isinstance(by, Yield):
            return self._yielded(stuck, part, by)
        own = freed(stuck, part) if SIGNED in by.yields else None
        for some in together(stuck, part, own, by, self.solver):
            if own is None or SIGNED not in some.yields:
                found = self._yielded(stuck, part, some)
            else:
                found = self._yielded(own.stuck, own.part, some)
                found = found and replace(found, changes=(*own.changes, *found.changes))
            if found is not None:
                return found
        return None

    def _yielded(self, stuck: Stuck, part: Part, by: Yield | Several) -> Made | None:
        """Let rules yield, the least in all."""
        yielding = by.rows(stuck.plan, part.problem, part.rows)
        own = yielding & ~stuck.keeps_base(part)
        tried = (self._relaxed(stuck, part, by, some) for some in (own, yielding) if some.any())
        return next((made for made in tried if made is not None), None)

    def _relaxed(
        self, stuck: Stuck, part: Part, by: Yield | Several, yielding: Bools
    ) -> Made | None:
        measure = measure_of(stuck, part, yielding)
        evenly = isinstance(by, Yield) and by.evenly
        for in_all in (False,) if evenly else (True, False):
            try:
                relaxation = least_relaxation(part, yielding, self.solver, measure, in_all=in_all)
                if relaxation is None or not len(relaxation.rows):
                    return None
                changes = changes_of(stuck, part, relaxation, self.solver)
            except InfeasibleError:  # whole steps leave no answer
                return None
            except SolverError:  # sizes too far apart: what clashes is told without this way out
                continue
            if changes is not None:
                return Made(relaxation.total, least_figures(stuck, part, changes, self.solver))
            if not any(is_rate(stuck.built, row) for row in part.rows[relaxation.rows].tolist()):
                return None
        return None


def _repair(
    plan: Plan, stuck: Stuck, first: Yield | None, yields: Sequence[Yield], least: _Least
) -> Repair | None:
    """Let one family yield; others only in parts of the plan where it cannot help.

    Several together where none is enough, as few as are needed.
    """
    order: list[Yield | Several] = [*yields]
    if first is None or _is_small(stuck):
        order.append(Several(tuple(yields)))
    if first is not None:
        if all(least.made(stuck, part, first) is None for part in stuck.parts):
            return None
        order.insert(0, first)
    return _mended(plan, stuck, {}, order, least, "" if first is None else first.family)


def _mended(
    plan: Plan,
    stuck: Stuck | None,
    changes: dict[str, Change],
    order: Sequence[Yield | Several],
    least: _Least,
    family: str = "",
) -> Repair | None:
    """Add changes until a plan can be settled: those of the first way that helps each part.

    Parameters
    ----------
    plan
        The plan as it is.
    stuck
        Where it gets stuck; None where that is still to be found, with the changes.
    changes
        What changes already, by path.
    order, least
        The ways, and their least changes.
    family
        What the repair is called; by default after all families that change.
    """
    total, moves = sum(change.amount for change in changes.values()), Counter[str]()
    uneven, of_stretch = 0, stuck is not None and stuck.base is not None
    for number in range(ROUNDS):
        made = [] if stuck is None else least.of_all(stuck, order)
        if made is None:
            return None
        total += sum(one.total for one in made)
        now = [change for one in made for change in one.changes]
        if stuck is not None and stuck.base is not None:
            now = [replace(change, path=in_stretch(plan, change.path)) for change in now]
        for change in now:
            changes[change.path] = added(plan, changes.get(change.path), change, moves[change.path])
        moves.update({change.path for change in now})
        if stuck is not None and not stuck.parts:  # what is missing is less than programs see
            changes = _all_further(plan, changes, 2**number)
        try:
            stuck = _stuck_again(plan, changes, order, least.solver)
        except RoundingError:  # with more room there may be a table
            if not changes or uneven == UNEVEN:
                return None
            changes, stuck = _all_further(plan, changes, 2**uneven), None
            uneven += 1
            continue
        except DecomposeError:
            return None
        if stuck is None:
            if len(changes) == 1 and total:
                changes = {path: _nearest(plan, one, least.solver) for path, one in changes.items()}
            families = dict.fromkeys(change.family for change in changes.values())
            return _repair_of(family or SEPARATOR.join(families), total, changes.values())
        if of_stretch and stuck.base is None:
            return None  # base quotas that can be met are not given up for stretch figures
    return None


def _all_further(plan: Plan, changes: Mapping[str, Change], units: int) -> dict[str, Change]:
    """Move every change by so many of its last digit further from today's figure."""
    return {path: further(plan, change, units) for path, change in changes.items()}


def _nearest(plan: Plan, change: Change, solver: Solver) -> Change:
    """Move a change that is alone back by its last digits, where the plan can be settled with less.

    What whole steps and printed years leave room for, no program tells.
    """
    if len(plan.indicators) * len(plan.regions) * len(plan.years) > SMALL:
        return change

    def enough(digits: int) -> bool:
        nearer = further(plan, change, -digits)
        if not passes(nearer, change):
            return False
        try:
            return first_stuck(with_all(plan, [nearer]), solver) is None
        except DecomposeError:
            return False

    low, high = 0, 1
    while enough(high):
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if enough(middle) else (low, middle)
    return further(plan, change, -low) if low else change


def _repair_of(family: str, total: float, changes: Iterable[Change]) -> Repair:
    parts = tuple(changes)
    return Repair(family, {change.path: change.value for change in parts}, total, parts)


def _stuck_again(
    plan: Plan, changes: dict[str, Change], order: Sequence[Yield | Several], solver: Solver
) -> Stuck | None:
    """Find where a changed plan gets stuck; what rounding lacks is added to the changes.

    Raises
    ------
    DecomposeError
        It cannot be rounded all the same, or it is no plan.
    """
    changed = with_all(plan, changes.values())
    try:
        return first_stuck(changed, solver)
    except RoundingError as error:
        yields = [one for one in order if isinstance(one, Yield)]
        more = next(ways_to_round(changed, error, yields, solver), None)
        if more is None:
            raise
        for change in more:
            changes[change.path] = change.after(changes.get(change.path))
    return first_stuck(with_all(plan, changes.values()), solver)


def _higher_steps(stuck: Stuck, part: Part, solver: Solver) -> Made | None:
    """Raise the highest step of a part's tiers."""
    for steps in part.steps:
        indicator = stuck.plan.indicators[steps.indicator]
        found = higher_steps(part, steps, step_of(indicator), solver)
        if found is not None:
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
