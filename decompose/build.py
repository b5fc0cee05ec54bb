"""Plan → Problem: a column for every published number, the rows of every family.

Families write rules on values. Where something else is published (a ratio, from which its
numerator follows; a yearly increment, from which a level follows), values follow from columns:
``value = offset + Σ factor · column``, and rows are rewritten in the columns at the end.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import numpy as np

from decompose.constraints import FAMILY_RULES, Context
from decompose.errors import Mistake, PlanError
from decompose.figures import plain
from decompose.labels import say
from decompose.plan.better import Held
from decompose.plan.content import PlanContent
from decompose.plan.order import free_numerators
from decompose.plan.ratios import Known, values_of
from decompose.plan.steps import SNAP
from decompose.problem import FAMILY, TOTAL, Bools, Costs, Floats, Ints, Matrix, Problem, Rules
from decompose.series import Series, negative_reference, series_of

LAST = 1_000_000
"""Rank of indicators without a priority."""


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
        there is none; empty for a numerator that follows its ratio.
    places
        By index of the indicator: place of each value, a column or, from ``problem.size`` on, a
        row of ``follows``.
    follows, offset
        Values that follow from columns: ``offset + follows · x``.
    stated
        The rules of the problem over values, as they were written.
    """

    problem: Problem
    series: tuple[Series, ...]
    columns: Mapping[int, Ints]
    places: Mapping[int, Ints]
    follows: Matrix
    offset: Floats
    stated: Rules

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
    series = tuple(series_of(plan, one, known, tiers.get(one.id)) for one in chosen)
    _refuse_negative(plan, series)
    columns = _number(series)
    size = sum(int((column >= 0).sum()) for column in columns.values())
    places, follows, offset = _following(plan, series, columns, size)
    settled = {plan.indicator_index[name]: values for name, values in known.items()}
    for number, indicator in enumerate(plan.indicators):
        if indicator.kind == "given":
            settled[number] = values_of(plan, indicator.id, {})[0]
    blocks: list[Rules] = []
    sources: list[str] = []
    for one in series:
        published, gives = columns[one.number], one.number in yields
        context = Context(plan, one, places[one.number], places, settled, published, held, gives)
        for write in FAMILY_RULES.values():
            block = write(context)
            if len(block.rules):
                blocks.append(replace(block.rules, source=block.rules.source + len(sources)))
                sources += block.paths
    stated = _of_what_is_open(plan, Rules.stack(blocks), places, size + len(follows))
    cells = {number: np.nonzero(column >= 0) for number, column in columns.items()}
    owner = np.repeat(numbers, [len(cells[number][0]) for number in numbers]).astype(np.int64)
    steps = np.ones(len(plan.indicators))
    steps[numbers] = [one.step for one in series]
    signed = np.zeros(len(plan.indicators), dtype=bool)
    signed[numbers] = [one.signed for one in series]
    problem = Problem(
        indicators=tuple(indicator.id for indicator in plan.indicators),
        regions=plan.region_names,
        groups=plan.group_names,
        members=plan.members,
        years=plan.years,
        area=plan.area,
        sources=tuple(sources),
        column_indicator=owner,
        column_region=np.concatenate([cells[number][0] for number in numbers]),
        column_year=np.concatenate([cells[number][1] for number in numbers]),
        signed=signed[owner],
        step=steps[owner],
        reference=np.concatenate([one.reference[~np.isnan(one.reference)] for one in series]),
        rules=_in_columns(stated, follows, offset, steps[owner]),
        fairness=tuple(indicator.fairness for indicator in plan.indicators),
        names=tuple(indicator.label for indicator in plan.indicators),
        costs=_costs(plan, series, columns),
        priority=tuple(indicator.priority or LAST for indicator in plan.indicators),
        steps=tuple(steps.tolist()),
    )
    return Built(problem, series, columns, places, follows, offset, stated)


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
    alone = np.diff(rules.matrix.start) > 0
    alone[rules.matrix.row[~over[rules.matrix.column]]] = False
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
    """Give a number to each cell that has a reference, -1 to the others."""
    found: dict[int, Ints] = {}
    size = 0
    for one in series:
        cells = ~np.isnan(one.reference)
        column = np.full(cells.shape, -1, dtype=np.int64)
        column[cells] = np.arange(size, size + int(cells.sum()))
        size += int(cells.sum())
        found[one.number] = column
    return found


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


def _following(
    plan: PlanContent, series: tuple[Series, ...], columns: dict[int, Ints], size: int
) -> tuple[dict[int, Ints], Matrix, Floats]:
    """Find the values that follow from columns: free numerators, levels by their increments."""
    places = dict(columns)
    ratios = {top: plan.indicator_index[name] for top, name in free_numerators(plan).items()}
    by_number = {one.number: one for one in series}
    parts: list[Matrix] = []
    offsets: list[Floats] = []
    rows = 0
    for one in series:
        ratio = by_number.get(ratios.get(one.indicator.id, -1))
        if ratio is not None and ratio.ratio is not None:
            column = columns[ratio.number]
            cells = column >= 0
            count = int(cells.sum())
            factor, offset = ratio.ratio.factor[cells], ratio.ratio.offset[cells]
            made = Matrix(np.arange(count + 1), column[cells], factor)
        elif one.indicator.publish == "increment" and one.indicator.kind == "level":
            column = columns[one.number]
            cells = column >= 0
            made, offset = _added_up(column, one.base)
            count = len(made)
        else:
            continue
        place = np.full(column.shape, -1, dtype=np.int64)
        place[cells] = size + rows + np.arange(count)
        places[one.number] = place
        parts.append(made)
        offsets.append(offset)
        rows += count
    return places, Matrix.stack(parts), np.concatenate([*offsets, np.zeros(0)])


def _added_up(column: Ints, base: Floats) -> tuple[Matrix, Floats]:
    """Return ``base + Σ increments up to the year`` for each cell."""
    entries = [
        row[: year + 1][row[: year + 1] >= 0]
        for row in column
        for year in range(len(row))
        if row[year] >= 0
    ]
    start = np.cumsum([0, *(len(entry) for entry in entries)])
    matrix = Matrix(start, np.concatenate(entries), np.ones(int(start[-1])))
    return matrix, np.nan_to_num(np.broadcast_to(base[:, None], column.shape)[column >= 0])


def _in_columns(rules: Rules, follows: Matrix, offset: Floats, step: Floats) -> Rules:
    """Rewrite rows on values that follow as rows on columns."""
    if not len(follows) or not len(rules):
        return rules
    size = len(step)
    same = Matrix(np.arange(size + 1), np.arange(size), np.ones(size))
    constant = rules.matrix.dot(np.concatenate([np.zeros(size), offset]))
    scaled = np.zeros(len(rules), dtype=bool)  # by a ratio: no whole number of steps any more
    factors = np.bincount(follows.row, follows.value != 1.0, minlength=len(follows))
    by_place = np.concatenate([np.zeros(size), factors]) > 0
    scaled[rules.matrix.row[by_place[rules.matrix.column]]] = True
    rewritten = replace(
        rules,
        matrix=rules.matrix.times(Matrix.stack([same, follows]), size=size),
        lower=rules.lower - constant,
        upper=rules.upper - constant,
        figure=rules.figure - constant,
        whole=rules.whole & ~scaled,
    )
    return _inward(rewritten, scaled & rules.whole, step)


def _inward(rules: Rules, boxes: Bools, step: Floats) -> Rules:
    """Bring floors and capacities of numerators inward to the grid of the ratios they follow."""
    rows = np.flatnonzero(boxes & rules.single & (rules.lower < rules.upper))
    entry = rules.matrix.start[rows]
    value, unit = rules.matrix.value[entry], step[rules.matrix.column[entry]]
    ends = rules.lower[rows] / (value * unit), rules.upper[rows] / (value * unit)
    low = np.ceil(np.minimum(*ends) - SNAP) * value * unit
    high = np.floor(np.maximum(*ends) + SNAP) * value * unit
    lower, upper = rules.lower.copy(), rules.upper.copy()
    lower[rows], upper[rows] = np.where(value > 0, (low, high), (high, low))
    return replace(rules, lower=lower, upper=upper)
