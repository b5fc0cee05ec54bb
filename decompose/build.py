"""Plan → Problem: a column for every published number, the rows of every family.

Families write rules on values; where values follow from columns, rows are rewritten in the columns
at the end. Where growth is published, the years after the one that is settled are looked ahead to:
columns in percent of the last printed value, so that no rule of theirs is forgotten.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from decompose.constraints import FAMILY_RULES, Context
from decompose.errors import Mistake, PlanError
from decompose.figures import plain
from decompose.following import as_rates, following, in_columns, on_rates, still_open
from decompose.labels import say
from decompose.plan.better import Held
from decompose.plan.content import PlanContent
from decompose.plan.order import Turn
from decompose.plan.ratios import PERCENT, Known, values_of
from decompose.plan.targets import RATIO_EACH_YEAR
from decompose.problem import FAMILY, TOTAL, Bools, Costs, Floats, Ints, Matrix, Problem, Rules
from decompose.series import AT_ONCE, Series, negative_reference, series_of

LAST = 1_000_000
"""Rank of indicators without a priority."""
YEARLY = tuple(FAMILY[key] for key in RATIO_EACH_YEAR)
TARGET = FAMILY["target"]


@dataclass(frozen=True, eq=False)
class Built:
    """A problem, with what it was made of.

    Attributes
    ----------
    problem
        The rules over columns.
    series
        The indicators that are settled together, in plan order.
    columns
        By index of the indicator: column of each published number (regions × years), -1 where
        there is none, or where a year is only looked ahead to; empty for a numerator that follows
        its ratio.
    places
        By index of the indicator: place of each value, a column or, from ``problem.size`` on, a
        row of ``follows``.
    follows, offset
        Values that follow from columns: ``offset + follows · x``.
    stated
        The rules of the problem over values, as they were written.
    turn
        The year whose turn it is.
    """

    problem: Problem
    series: tuple[Series, ...]
    columns: Mapping[int, Ints]
    places: Mapping[int, Ints]
    follows: Matrix
    offset: Floats
    stated: Rules
    turn: Turn = AT_ONCE

    @cached_property
    def final(self) -> Bools:
        """Which columns get their numbers: those whose turn it is; with the last year, the rest."""
        found = ~self.problem.looked_ahead
        for number, column in self.columns.items():
            later = column[:, self.waits(number)]
            found[later[later >= 0]] = False
        return found

    def waits(self, number: int) -> Bools:
        """Tell in which years an indicator waits for a later stage."""
        years = np.arange(len(self.problem.years))
        if not self.turn.yearly or self.turn.year == years[-1]:
            return np.zeros(len(years), dtype=bool)
        return np.asarray((years > self.turn.year) | (number not in self.turn.yearly))

    @cached_property
    def waiting(self) -> Bools:
        """Which rules speak of numbers that a later stage settles."""
        return self.problem.rules.matrix.with_any(~self.final)

    @cached_property
    def missable(self) -> Bools:
        """Which rules are only listed where they are missed."""
        return np.asarray(self.turn.loose & np.isin(self.stated.family, YEARLY))

    @cached_property
    def passable(self) -> Bools:
        """Which exact sums may be passed: what was rounded in years before leaves no choice."""
        rules, later = self.stated, self.turn.year > 0
        grows = [one.number for one in self.series if one.growth is not None]
        exact = (rules.family == TARGET) & (rules.lower == rules.upper)
        return np.asarray(exact & np.isin(rules.indicator, grows) & later)

    def exactly(self) -> Built:
        """Return it with the exact sums that may be passed held to what they are."""
        rules = self.problem.rules
        end = np.where(np.isfinite(rules.lower), rules.lower, rules.upper)
        held = [np.where(self.passable, end, one) for one in (rules.lower, rules.upper)]
        rules = replace(rules, lower=held[0], upper=held[1])
        return replace(self, problem=replace(self.problem, rules=rules))

    def values(self, x: Floats) -> dict[int, Floats]:
        """Return the values of every indicator (regions × years), NaN where there is none."""
        every = np.append(np.concatenate([x, self.offset + self.follows.dot(x)]), np.nan)
        return {number: every[place] for number, place in self.places.items()}

    def opened(self, below: Bools, above: Bools) -> Built:
        """Return it without the bounds of targets that are missed below and above."""
        if not self.problem.rules.yields.any():
            return self
        rules = self.problem.rules.opened(below, above)
        problem = replace(self.problem, rules=rules)
        return replace(self, problem=problem, stated=self.stated.opened(below, above))

    def published(self, x: Floats) -> dict[str, Floats]:
        """Lay columns out by indicator: their numbers (regions × years) by id, NaN elsewhere."""
        every = np.append(x, np.nan)
        grids = {one.indicator.id: self.columns[one.number] for one in self.series}
        return {name: every[column] for name, column in grids.items() if (column >= 0).any()}

    def columns_of(self, grids: Known) -> Floats:
        """Return the numbers of columns from those by indicator; NaN where there are none."""
        found = np.full(self.problem.size, np.nan)
        for one in self.series:
            column = self.columns[one.number]
            if one.indicator.id in grids:
                found[column[column >= 0]] = grids[one.indicator.id][column >= 0]
        return found


def build(
    plan: PlanContent,
    only: Collection[int] | None = None,
    known: Known | None = None,
    tiers: Known | None = None,
    held: Held | None = None,
    turn: Turn = AT_ONCE,
    yields: Collection[int] = (),
) -> Built:
    """Turn a plan, or the indicators of one stage of it, into a problem.

    Columns stand in the order of indicators, regions and years; rows in the order of indicators
    and families.

    Parameters
    ----------
    plan
        The plan.
    only
        Indices of the indicators that are settled together; all by default.
    known
        Printed values of the indicators that are settled already, by id.
    tiers
        Steps that regions take of ratios with tiers, in the published unit, by id.
    held
        Base quotas that published numbers keep to.
    turn
        The year whose turn it is, of indicators that are settled year by year.
    yields
        Indices of the indicators whose targets give way where the other rules leave no room.

    Raises
    ------
    PlanError
        References below 0.
    """
    known, tiers = known or {}, tiers or {}
    numbers = sorted(range(len(plan.indicators)) if only is None else only)
    chosen = [plan.indicators[number] for number in numbers]
    series = tuple(series_of(plan, one, known, tiers.get(one.id), turn) for one in chosen)
    _refuse_negative(plan, series)
    numbered = _number(series)
    columns = {one.number: _published(one, numbered[one.number]) for one in series}
    size = sum(int((column >= 0).sum()) for column in numbered.values())
    places, follows, offset = following(plan, series, numbered, size)
    printed = {one.number: one.printed for one in series if one.printed is not None}
    settled = _settled(plan, known, numbers)
    rules, sources = _written(
        Context(
            plan,
            one,
            places[one.number],
            columns[one.number],
            places,
            settled,
            printed,
            held,
            one.number in yields,
        )
        for one in series
    )
    open_rules = _of_what_is_open(plan, rules, places, size + len(follows))
    stated = still_open(open_rules, follows, size)
    problem = replace(_cells(plan, series, numbered, columns), sources=sources)
    grown = np.isin(
        problem.column_indicator, [one.number for one in series if one.growth is not None]
    )
    in_steps = in_columns(stated, follows, offset, np.where(grown, 0.0, problem.step))
    problem = replace(problem, rules=in_steps)
    problem = replace(
        problem, rules=on_rates(problem, series, columns), fairness=_one_rule(plan, problem)
    )
    return _loosened(Built(problem, series, columns, places, follows, offset, stated, turn))


def _settled(plan: PlanContent, known: Known, numbers: Sequence[int]) -> dict[int, Floats]:
    """Return the values that are data here, by index: those settled before, and given ones."""
    found = {
        plan.indicator_index[name]: values
        for name, values in known.items()
        if plan.indicator_index[name] not in numbers
    }
    for number, indicator in enumerate(plan.indicators):
        if indicator.kind == "given":
            found[number] = values_of(plan, indicator.id, {})[0]
    return found


def _written(contexts: Iterable[Context]) -> tuple[Rules, tuple[str, ...]]:
    """Return the rules of every family on values, and the paths that they come from."""
    blocks: list[Rules] = []
    sources: list[str] = []
    for context in contexts:
        for write in FAMILY_RULES.values():
            block = write(context)
            if len(block.rules):
                blocks.append(replace(block.rules, source=block.rules.source + len(sources)))
                sources += block.paths
    return Rules.stack(blocks), tuple(sources)


def _cells(
    plan: PlanContent,
    series: tuple[Series, ...],
    numbered: Mapping[int, Ints],
    columns: Mapping[int, Ints],
) -> Problem:
    """Return the columns with their labels, without rules."""
    numbers = [one.number for one in series]
    cells = [np.nonzero(numbered[number] >= 0) for number in numbers]
    owner = np.repeat(numbers, [len(regions) for regions, _ in cells]).astype(np.int64)
    steps = np.ones(len(plan.indicators))
    steps[numbers] = [one.step for one in series]
    signed = np.zeros(len(plan.indicators), dtype=bool)
    signed[numbers] = [one.signed for one in series]
    ahead = np.concatenate([numbered[k][(numbered[k] >= 0) & (columns[k] < 0)] for k in numbers])
    owner_signed = signed[owner]
    owner_signed[ahead] = False
    return Problem(
        indicators=tuple(indicator.id for indicator in plan.indicators),
        regions=plan.region_names,
        groups=plan.group_names,
        members=plan.members,
        years=plan.years,
        area=plan.area,
        sources=(),
        column_indicator=owner,
        column_region=np.concatenate([regions for regions, _ in cells]),
        column_year=np.concatenate([years for _, years in cells]),
        signed=owner_signed,
        step=steps[owner],
        reference=np.concatenate([_references(one, numbered[one.number]) for one in series]),
        rules=Rules(),
        fairness=tuple(indicator.fairness for indicator in plan.indicators),
        names=tuple(indicator.label for indicator in plan.indicators),
        costs=_costs(plan, series, columns),
        priority=tuple(indicator.priority or LAST for indicator in plan.indicators),
        steps=tuple(steps.tolist()),
        ahead=ahead,
    )


def _one_rule(plan: PlanContent, problem: Problem) -> tuple[str, ...]:
    """Return by which rule each indicator is chosen: what rules tie is chosen by one.

    It is the one that any of them names, wherever that stands in the file.
    """
    components = problem.component.tolist()
    named = {
        component: one
        for component, one in zip(components, plan.indicators, strict=True)
        if "fairness" in one.model_fields_set
    }
    return tuple(named.get(one, plan.indicators[k]).fairness for k, one in enumerate(components))


def at_rates(built: Built) -> Built:
    """Return the bounds of growth over several years as rates: right where tangents touch."""
    rules = as_rates(built.problem, built.series, built.columns)
    return replace(built, problem=replace(built.problem, rules=rules))


def _loosened(built: Built) -> Built:
    """Let go of the rules that may be missed, and of the ends of exact sums that may be passed."""
    rules, missable, passed = built.problem.rules, built.missable, built.passable
    falling = [one.number for one in built.series if one.growth is not None and one.growth.falls]
    falls = np.isin(rules.indicator, falling)
    lower = np.where(missable | (passed & falls), -np.inf, rules.lower)
    upper = np.where(missable | (passed & ~falls), np.inf, rules.upper)
    rules = replace(rules, lower=lower, upper=upper, whole=rules.whole & ~missable)
    return replace(built, problem=replace(built.problem, rules=rules))


def _of_what_is_open(
    plan: PlanContent, rules: Rules, places: Mapping[int, Ints], size: int
) -> Rules:
    """Leave out what rules say of years that are over alone; locks there are what was reached."""
    if not plan.past:
        return rules
    over = np.zeros(size, dtype=bool)
    for place in places.values():
        past = place[:, : plan.past]
        over[past[past >= 0]] = True
    alone = (rules.matrix.counts > 0) & ~rules.matrix.with_any(~over)
    reached = (rules.family == FAMILY["lock"]) & (rules.year != TOTAL)
    return rules.take(np.flatnonzero(~alone | reached))


def _refuse_negative(plan: PlanContent, series: tuple[Series, ...]) -> None:
    found = [(one.indicator.id, negative_reference(plan, one)) for one in series]
    mistakes = [
        Mistake(negative.message, ("indicators", name)) for name, negative in found if negative
    ]
    if mistakes:
        raise PlanError(say("plan_wrong", count=len(mistakes)), mistakes)


def _number(series: tuple[Series, ...]) -> dict[int, Ints]:
    """Give a number to each cell that has a reference and is not printed, -1 to the others."""
    found: dict[int, Ints] = {}
    size = 0
    for one in series:
        cells = ~np.isnan(one.reference)
        cells[:, : one.first] = False
        column = np.full(cells.shape, -1, dtype=np.int64)
        column[cells] = np.arange(size, size + int(cells.sum()))
        size += int(cells.sum())
        found[one.number] = column
    return found


def _published(one: Series, column: Ints) -> Ints:
    """Leave out the columns of years that are only looked ahead to."""
    if one.growth is None:
        return column
    years = np.arange(column.shape[1])
    return np.where(years == one.growth.year, column, -1)


def _references(one: Series, column: Ints) -> Floats:
    """Return the reference of each column, in its own unit."""
    if one.growth is None:
        return np.asarray(one.reference[column >= 0])
    years = np.arange(column.shape[1])
    ahead = PERCENT * one.growth.path / one.growth.before[:, None]
    return np.asarray(np.where(years == one.growth.year, one.reference, ahead)[column >= 0])


def _costs(plan: PlanContent, series: tuple[Series, ...], columns: Mapping[int, Ints]) -> Costs:
    """List the steps of the costs of indicators that are chosen by least cost."""
    steps: list[tuple[int, float, float]] = []
    for one in series:
        if one.indicator.fairness != "least_cost":
            continue
        for name, said in one.indicator.cost.items():
            own = columns[one.number][plan.region_index[plain(name)]]
            before = 0.0
            for number, (end, unit) in enumerate(said):
                width = np.inf if number == len(said) - 1 else end - before
                steps += [(int(column), width, unit) for column in own[own >= 0]]
                before = end
    columns_of, widths, units = np.array(steps, dtype=np.float64).reshape(-1, 3).T
    return Costs(columns_of.astype(np.int64), widths, units)
