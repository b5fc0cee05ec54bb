"""What stands: a plan that is solved again moves as little from it as its rules allow.

References are the standing quotas, so that the fair rule is leximin of change ÷ quota. Cells that
nothing forces to move are at their references and stay there, digit for digit: a number that is
whole steps before rounding is the same after it. Quotas of 0 are settled before the others, as
references of 0 are: they stay 0 unless a rule forces more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import numpy as np

from decompose.build import Built
from decompose.naming import scope_name
from decompose.plan.order import Turn
from decompose.plan.ratios import PERCENT, Known
from decompose.problem import (
    AREA,
    FAMILIES,
    FAMILY,
    TOTAL,
    Bools,
    Costs,
    Floats,
    Ints,
    Matrix,
    Problem,
    Rules,
)

NOISE = 1e-9
"""A breach smaller than this, beside the terms of its row, is none."""
Place = tuple[str, str, str, str, int]
"""Where a rule stands: path, family, indicator, scope, year (TOTAL: all together)."""
LEXIMIN = "leximin"


@dataclass(frozen=True, eq=False)
class Anchor:
    """Quotas that stand, of some or all cells.

    Attributes
    ----------
    numbers
        By the indicator's id (regions × years), in the unit of the program's columns: what
        ``Settled.quotas`` gives; NaN where nothing stands, there the plan's own reference holds.
    excess
        By how many steps what stands may go on breaking a rule: what rounding has put beyond it,
        and what targets that gave way lack (infinite). A rule that is broken by more holds. That
        of a ratio's mean may be broken by a step, for its weights may have changed; where a number
        of it is fixed elsewhere, it holds, for rounding will break it anew.
    fixed
        Numbers that must come out, by id as above; NaN where nothing is fixed.
    totals
        Ids of the indicators whose sums over the area stay as they stand, year by year.
    handed
        Ids of the indicators whose sums are handed out as the plan says, not as they stand.
    bounding
        Paths of figures among these that only bound a sum that stands elsewhere within its bounds:
        other rules had made it more, or less, than its figure.
    sums
        Other sums that stay as they stand: indicator id, indices of regions, index of the year.
    wanted
        What regions are to have over several years, as near to it as the rules allow, before cells
        are looked at: indicator id, index of the region, indices of the years, the sum.
    issued
        By id as above: what was issued before a revision, which only tells of it.
    """

    numbers: Known
    excess: Mapping[Place, float] = field(default_factory=lambda: MappingProxyType({}))
    fixed: Known = field(default_factory=lambda: MappingProxyType({}))
    totals: frozenset[str] = frozenset()
    handed: frozenset[str] = frozenset()
    bounding: frozenset[str] = frozenset()
    sums: tuple[tuple[str, tuple[int, ...], int], ...] = ()
    wanted: tuple[tuple[str, int, tuple[int, ...], float], ...] = ()
    issued: Known = field(default_factory=lambda: MappingProxyType({}))

    @property
    def gave_way(self) -> frozenset[str]:
        """Ids of the indicators with targets that gave way."""
        return frozenset(place[2] for place, most in self.excess.items() if np.isinf(most))

    def along(self, turn: Turn) -> Turn:
        """Return a turn that looks at growth over several years where it stands, or is fixed."""
        rates = {
            name: np.where(np.isnan(fixed := self.fixed.get(name, grid)), grid, fixed)[:, turn.year]
            for name, grid in self.numbers.items()
        }
        return replace(turn, rates=rates)

    def lean(self, built: Built) -> Problem:
        """Return the program that is chosen from: what stands is each cell's reference.

        Rules that what stands breaks by its excess go as far as what stands; sums that stand
        within their bounds are handed out again. Quotas are chosen by leximin whatever the plan
        says of other changes.
        """
        problem = built.problem
        rates = self._stands(built)
        stands = on_tangents(built, rates)
        leaned = replace(
            problem,
            reference=np.where(np.isnan(rates), problem.reference, rates),
            rules=self._reaching(built, stands, on_tangents(built, built.columns_of(self.fixed))),
            fairness=(LEXIMIN,) * len(problem.fairness),
            costs=Costs(),
        )
        return _with_rules(
            leaned, self._fixed(built), self._sums(built, leaned, stands), self._wanted(leaned)
        )

    def _stands(self, built: Built) -> Floats:
        """Return what stands, also of the years that are looked ahead to."""
        problem, found = built.problem, built.columns_of(self.numbers)
        gaps = np.diff(problem.years)
        for one in built.series:
            rates = self.numbers.get(one.indicator.id)
            if one.growth is None or rates is None:
                continue
            year = one.growth.year
            spans = np.append(one.growth.gap, gaps[year:])
            ahead = PERCENT * np.cumprod((1 + rates[:, year:] / PERCENT) ** spans, axis=1)
            own = problem.ahead[problem.column_indicator[problem.ahead] == one.number]
            found[own] = ahead[problem.column_region[own], problem.column_year[own] - year]
        return found

    def _reaching(self, built: Built, stands: Floats, fixed: Floats) -> Rules:
        """Return the rules, as far as what stands where that breaks them by its excess.

        Those on years that wait for a later stage reach as far as it takes: they are measured
        there.
        """
        problem = built.problem
        rules, matrix = problem.rules, problem.rules.matrix
        numbers = np.nan_to_num(stands)
        value, over = matrix.dot(numbers), breach(problem, numbers)
        moved = np.abs(np.nan_to_num(fixed - stands)) > NOISE * problem.step
        anew = (rules.family == FAMILY["ratio"]) & (over > 0) & matrix.with_any(moved)
        known = ~matrix.with_any(np.isnan(stands)) & ~anew
        over[built.waiting] = 0.0
        for row in np.flatnonzero(known & (over > 0)).tolist():
            allowed = self.excess.get(_place(problem, row), 0.0) * (1 + NOISE)
            if allowed and rules.family[row] == FAMILY["ratio"]:
                allowed = max(allowed, 1.0)
            allowed *= problem.rule_step[row]
            over[row] = 0.0 if over[row] <= allowed else over[row]
        kept = known & (over == 0)
        by_plan = np.isin(rules.indicator, [problem.indicators.index(one) for one in self.handed])
        figure = np.where(kept & ~by_plan & ~np.isnan(rules.figure), value, rules.figure)
        paths = [k for k, path in enumerate(problem.sources) if path in self.bounding]
        bounds = kept & by_plan & np.isin(rules.source, paths)
        bounds &= np.abs(value - rules.figure) > problem.rule_step / 2
        return replace(
            rules,
            lower=np.where(kept, np.minimum(rules.lower, value), rules.lower),
            upper=np.where(kept, np.maximum(rules.upper, value), rules.upper),
            figure=np.where(bounds, np.nan, figure),
            yields=rules.yields & ~kept,
        )

    def _fixed(self, built: Built) -> Rules:
        """Return a lock on each cell whose number is fixed."""
        number = on_tangents(built, built.columns_of(self.fixed))
        columns = np.flatnonzero(~np.isnan(number))
        count = len(columns)
        matrix = Matrix(np.arange(count + 1), columns, np.ones(count))
        problem = built.problem
        return _rules(problem, matrix, number[columns], "lock", problem.column_region[columns])

    def _sums(self, built: Built, problem: Problem, stands: Floats) -> Rules:
        """Return a row for each of the area's sums that stays; of growth, of what grows."""
        of_sums = [problem.indicators.index(name) for name in sorted(self.totals)]
        kept = np.isin(problem.column_indicator, of_sums) & ~problem.looked_ahead
        label = problem.column_indicator * len(problem.years) + problem.column_year
        found = [np.flatnonzero(kept & (label == one)) for one in np.unique(label[kept])]
        found = [columns for columns in found if not np.isnan(stands[columns]).any()]
        areas = len(found)
        for name, regions, year in self.sums:
            own = problem.column_indicator == problem.indicators.index(name)
            own &= problem.column_year == year
            columns = np.flatnonzero(own & np.isin(problem.column_region, regions))
            found += [columns] if len(columns) else []
        start = np.cumsum([0, *(len(columns) for columns in found)])
        column = np.concatenate([*found, np.zeros(0, dtype=np.int64)]).astype(np.int64)
        matrix = Matrix(start, column, _weights(built)[column])
        scope = np.full(len(found), AREA)
        scope[areas:] = problem.column_region[matrix.column[matrix.start[areas:-1]]]
        return _rules(problem, matrix, matrix.dot(np.nan_to_num(stands)), "target", scope)

    def _wanted(self, problem: Problem) -> Rules:
        """Return a row without bounds for each sum that is to come near to its figure."""
        found, figures = [], []
        for name, region, years, figure in self.wanted:
            own = problem.column_indicator == problem.indicators.index(name)
            own &= (problem.column_region == region) & np.isin(problem.column_year, years)
            if own.any():
                found.append(np.flatnonzero(own))
                figures.append(figure)
        start = np.cumsum([0, *(len(columns) for columns in found)])
        column = np.concatenate([*found, np.zeros(0, dtype=np.int64)]).astype(np.int64)
        matrix = Matrix(start, column, np.ones(len(column)))
        rows = _rules(
            problem, matrix, np.array(figures), "target", problem.column_region[column[start[:-1]]]
        )
        none, every = np.full(len(rows), np.inf), np.full(len(rows), TOTAL)
        return replace(rows, lower=-none, upper=none, figure=rows.lower, year=every)


def on_tangents(built: Built, rates: Floats) -> Floats:
    """Return numbers as sums take them: growth over several years by its place on the tangent."""
    found = rates.copy()
    for one in built.series:
        if one.growth is not None:
            column = built.columns[one.number][:, one.growth.year]
            region = np.flatnonzero(column >= 0)
            found[column[region]] = one.growth.place(rates[column[region]], region)
    return found


def _weights(built: Built) -> Floats:
    """Return what each column adds to its sum per unit: 1, or what a point of growth is worth."""
    found = np.ones(built.problem.size)
    for one in built.series:
        if one.growth is not None:
            column = built.columns[one.number][:, one.growth.year]
            found[column[column >= 0]] = one.growth.slope[column >= 0]
    return found


def standing_excess(built: Built, numbers: Floats, missed: Ints, own: Bools) -> dict[Place, float]:
    """Return by how many steps numbers break rules, infinite for targets that gave way.

    Parameters
    ----------
    built
        The rules; those on one number speak of growth as a rate, sums of its place on the tangent.
    numbers
        Of each column, in the printed unit.
    missed
        Of each rule, other than 0 where it is a target that gave way.
    own
        Which rules speak of these numbers alone.
    """
    problem = built.problem
    places = breach(problem, on_tangents(built, numbers))
    over = np.where(problem.rules.single, breach(problem, numbers), places) / problem.rule_step
    over[missed != 0] = np.inf
    over[~own] = 0.0
    return {_place(problem, row): float(over[row]) for row in np.flatnonzero(over).tolist()}


def breach(problem: Problem, numbers: Floats) -> Floats:
    """Return by how much numbers break each rule, 0 where they keep it, noise aside."""
    rules = problem.rules
    value, size = rules.matrix.dot(numbers), rules.matrix.sizes(numbers)
    over = np.maximum(rules.lower - value, value - rules.upper)
    return np.where(over > NOISE * np.maximum(size, problem.rule_step), over, 0.0)


def turned(problem: Problem) -> tuple[Problem, Floats]:
    """Return a problem without references below 0, and the sign by which each column is turned.

    What stands may be below 0, where the fair rule knows no such reference.
    """
    sign = np.where(problem.reference < 0, -1.0, 1.0)
    rules = replace(problem.rules, matrix=problem.rules.matrix.in_units(sign))
    return replace(problem, reference=problem.reference * sign, rules=rules), sign


def _place(problem: Problem, row: int) -> Place:
    rules = problem.rules
    year = int(rules.year[row])
    return (
        problem.sources[rules.source[row]],
        FAMILIES[rules.family[row]].name,
        problem.indicators[rules.indicator[row]],
        scope_name(problem, int(rules.scope[row])),
        TOTAL if year == TOTAL else problem.years[year],
    )


def _rules(problem: Problem, matrix: Matrix, value: Floats, family: str, scope: Ints) -> Rules:
    """Return rows that are equal to their values; all their columns are of one year."""
    count, first = len(matrix), matrix.column[matrix.start[:-1]]
    return Rules(
        matrix,
        value,
        value,
        np.full(count, FAMILY[family]),
        problem.column_indicator[first],
        scope,
        problem.column_year[first],
        np.full(count, len(problem.sources)),
        np.full(count, np.nan),
        np.ones(count, dtype=bool),
    )


def _with_rules(problem: Problem, *added: Rules) -> Problem:
    """Return a problem with more rules; what they are for stands after its own sources."""
    rules = Rules.stack([problem.rules, *added])
    return replace(problem, rules=rules, sources=(*problem.sources, "standing"))
