"""Which rules hold a cell of a stage, and to which side they push it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from decompose.bounds import TIGHT, near_bounds, tight_rules
from decompose.explain.binding import UNSAID
from decompose.explain.history import History
from decompose.explain.words import Words, value_words_of, words_of
from decompose.plan import Plan
from decompose.plan.ratios import Known, values_of
from decompose.plan.steps import SNAP
from decompose.problem import AREA, FAMILIES, TOTAL, Bools, Floats, Ints, Problem
from decompose.series import Series
from decompose.stage import Stage
from decompose.taken import BY_HAND

NOTHING = 1e-9
"""A difference that is smaller, relative to what it is the difference of, is none."""


@dataclass(frozen=True, eq=False)
class Held:
    """A stage as its cells see it.

    Attributes
    ----------
    plan
        What was asked.
    stage
        Indicators that were settled together.
    printed
        Printed values of every indicator of the plan that has some, by id.
    history
        What stood before, where something did.
    """

    plan: Plan
    stage: Stage
    printed: Known
    history: History | None = None

    @property
    def by_hand(self) -> bool:
        """Whether nobody solved for the numbers."""
        return self.stage.solution.route == (BY_HAND,)

    @property
    def problem(self) -> Problem:
        """The rules over columns."""
        return self.stage.problem

    @property
    def x(self) -> Floats:
        """The exact answer."""
        return self.stage.solution.x

    @cached_property
    def series(self) -> Mapping[int, Series]:
        """The stage's indicators as numbers, by their index."""
        return {one.number: one for one in self.stage.built.series}

    @cached_property
    def _words(self) -> dict[int, Words]:
        return {}

    def words(self, indicator: int) -> Words:
        """Return how the numbers of an indicator are told."""
        if indicator not in self._words:
            self._words[indicator] = words_of(self.plan.indicators[indicator])
        return self._words[indicator]

    def value_words(self, indicator: int) -> Words:
        """Return how the values of an indicator are told."""
        return value_words_of(self.plan.indicators[indicator])

    @cached_property
    def memo(self) -> dict[tuple[int, int], Any]:
        """What is reckoned once for all cells of an indicator (its index) and year."""
        return {}

    @cached_property
    def values(self) -> Mapping[int, Floats]:
        """Exact values of the stage's indicators (regions × years), by their index."""
        return self.stage.built.values(self.x)

    def value(self, indicator: int, region: int, year: int) -> float:
        """Return an indicator's value in a cell: exact in this stage, else printed, else given."""
        one = self.plan.indicators[indicator]
        found = self.values.get(indicator)
        if found is None or np.isnan(found[region, year]):
            found = values_of(self.plan, one.id, self.printed)[0]
        return float(np.nan_to_num(found[region, year]))

    def scope_value(self, indicator: int, scope: int, year: int) -> float:
        """Return an indicator's sum over a scope; in the year before the first, its base."""
        series = self.series[indicator]
        if year < 0 and scope == AREA:
            return series.base_sum
        regions = self.regions(scope)
        if year < 0:
            return float(np.nansum(series.base[regions]))
        return sum(self.value(indicator, region, year) for region in regions.tolist())

    def regions(self, scope: int) -> Ints:
        """Return the regions of a scope."""
        return np.flatnonzero(self.plan.inside[scope])

    # ---- rules -------------------------------------------------------------------------------

    @cached_property
    def _tight(self) -> Bools:
        return tight_rules(self.problem, self.x)

    @cached_property
    def _reached(self) -> Bools:
        return near_bounds(self.problem, self.x)

    @cached_property
    def _at_cells(self) -> tuple[Ints, Ints, Floats]:
        """Cell, rule and coefficient of every tight rule at a cell, by cell."""
        rules = self.problem.rules
        row, column = rules.matrix.row, rules.matrix.column
        scope = rules.scope[row]
        own = (scope <= AREA) | (scope == self.problem.column_region[column])
        entry = np.flatnonzero(self._tight[row] & own)
        entry = entry[np.argsort(column[entry], kind="stable")]
        return column[entry], row[entry], rules.matrix.value[entry]

    @cached_property
    def _row_value(self) -> Floats:
        return self.problem.rules.matrix.dot(self.x)

    @cached_property
    def _row_reference(self) -> Floats:
        return self.problem.rules.matrix.dot(self.problem.reference)

    def rules_at(self, cell: int) -> list[tuple[int, int]]:
        """List the tight rules at a cell, each with the side to which it pushes it.

        In the fixed order of families, then by where the plan says them, then by year. The side is
        1 where the rule lets the cell be no less, -1 where it lets it be no more, 0 where it is
        an equality that the references keep.
        """
        rules = self.problem.rules
        columns, rows, values = self._at_cells
        first, last = np.searchsorted(columns, [cell, cell + 1])
        found = [
            (int(row), self.row_side(int(row)) * (1 if value > 0 else -1))
            for row, value in zip(rows[first:last], values[first:last], strict=True)
        ]

        def place(one: tuple[int, int]) -> tuple[int, str, int]:
            row = one[0]
            return (
                int(rules.family[row]),
                self.problem.sources[rules.source[row]],
                int(rules.year[row]),
            )

        return sorted(found, key=place)

    def area_rules(self, indicator: int, year: int) -> list[int]:
        """List the rules of the area that hold the sum of an indicator and year off its references.

        In the fixed order of families, then by where the plan says them.
        """
        problem, rules = self.problem, self.problem.rules
        own = problem.column_indicator[rules.matrix.column] == indicator
        own &= problem.column_year[rules.matrix.column] == year
        rows = np.unique(rules.matrix.row[own])
        rows = rows[(rules.scope[rows] == AREA) & self._reached[rows]]
        rows = rows[[self.row_side(row) != 0 for row in rows.tolist()]]
        places = [(int(rules.family[row]), problem.sources[rules.source[row]]) for row in rows]
        found = sorted(zip(places, rows, strict=True))
        return [int(row) for (_, path), row in found if path.split(".")[2:] not in UNSAID]

    def published_ends(self, row: int) -> tuple[float, float]:
        """Return the bounds of a rule on one number in its printed unit, at its step's digits."""
        rules = self.problem.rules
        entry = int(rules.matrix.start[row])
        part = float(rules.matrix.value[entry])
        ends = sorted((float(rules.lower[row]) / part, float(rules.upper[row]) / part))
        return ends[0] + 0.0, ends[1] + 0.0

    def missed(self, indicator: int, year: int) -> bool:
        """Whether the area's target of an indicator gave way in a year, or in all of them."""
        rules = self.problem.rules
        own = (rules.scope == AREA) & (rules.indicator == indicator)
        own &= (rules.year == year) | (rules.year == TOTAL)
        return bool(np.any(self.stage.missed[own]))

    def row_side(self, row: int) -> int:
        """Tell to which side a tight rule pushes what it adds up: 1 up, -1 down, 0 neither.

        A target hands out its figure, so that it pushes to both sides as an equality does.
        """
        rules, value = self.problem.rules, float(self._row_value[row])
        lower, upper = float(rules.lower[row]), float(rules.upper[row])
        figure = float(rules.figure[row])
        if lower < upper and not abs(value - figure) <= TIGHT * max(abs(figure), SNAP):
            return 1 if abs(value - lower) <= abs(value - upper) else -1
        part = rules.matrix.take(np.array([row]))
        size = float(np.abs(part.value * self.problem.reference[part.column]).sum()) + abs(value)
        excess = float(self._row_reference[row]) - value
        return 0 if abs(excess) <= NOTHING * size else -1 if excess > 0 else 1

    def at_end(self, row: int, *, upper: bool) -> bool:
        """Whether a rule's upper end is reached, or its lower one."""
        rules = self.problem.rules
        end = float((rules.upper if upper else rules.lower)[row])
        part = rules.matrix.take(np.array([row]))
        size = float(np.abs(part.value * self.x[part.column]).sum())
        near = TIGHT * max(size, float(self.problem.rule_step[row]))
        return bool(np.isfinite(end) and abs(float(self._row_value[row]) - end) <= near)

    def family(self, row: int) -> str:
        """Return the name of a rule's family."""
        name: str = FAMILIES[self.problem.rules.family[row]].name
        return name
