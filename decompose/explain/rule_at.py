"""A rule at a cell, on its way into words."""

from __future__ import annotations

from typing import NamedTuple

from decompose.explain.held import Held
from decompose.explain.words import Words
from decompose.labels import Message, Text, say
from decompose.plan import Indicator
from decompose.plan.order import named
from decompose.series import Series

_OF_LEVELS = ("target", "max", "min", "lock", "share.max", "share.min", "share_shift")


class RuleAt(NamedTuple):
    """A rule at a cell, on its way into words."""

    held: Held
    row: int
    cell: int
    at: Message
    """Whose it is, of which indicator and year, as far as the cell does not say."""

    @property
    def family(self) -> str:
        """The name of its family."""
        return self.held.family(self.row)

    @property
    def number(self) -> int:
        """Index of the indicator that it speaks of."""
        return int(self.held.problem.rules.indicator[self.row])

    @property
    def series(self) -> Series:
        """That indicator as numbers."""
        return self.held.series[self.number]

    @property
    def indicator(self) -> Indicator:
        """That indicator."""
        return self.held.plan.indicators[self.number]

    @property
    def words(self) -> Words:
        """How the values are told that rules speak of."""
        return self.held.value_words(self.number)

    @property
    def printed(self) -> Words:
        """How the published numbers are told, of which locks speak."""
        return self.held.words(self.number)

    @property
    def scope(self) -> int:
        """A region's index, AREA or that of a group."""
        return int(self.held.problem.rules.scope[self.row])

    @property
    def year(self) -> int:
        """Index of its year, or TOTAL."""
        return int(self.held.problem.rules.year[self.row])

    @property
    def path(self) -> str:
        """Where the plan says it."""
        problem = self.held.problem
        path: str = problem.sources[problem.rules.source[self.row]]
        return path

    @property
    def region(self) -> int:
        """Index of the cell's region."""
        return int(self.held.problem.column_region[self.cell])

    @property
    def cell_year(self) -> int:
        """Index of the cell's year."""
        return int(self.held.problem.column_year[self.cell])

    @property
    def cell_indicator(self) -> int:
        """Index of the cell's indicator."""
        return int(self.held.problem.column_indicator[self.cell])

    @property
    def own(self) -> bool:
        """Whether the rule is written on the cell's indicator, or on what follows from it."""
        if self.cell_indicator == self.number:
            return True
        cell = self.held.plan.indicators[self.cell_indicator]
        return cell.kind == "ratio" and named(cell.numerator) == self.indicator.id

    @property
    def of_level(self) -> bool:
        """Whether it bounds a level of which the rise is published: 6.5 where 1.5 is printed."""
        return self.indicator.publish == "increment" and self.family in _OF_LEVELS

    @property
    def yearly(self) -> Message | str:
        """Say of a rate that it counts more than once, where years lie between."""
        return say("yearly_rate") if self.held.plan.gaps[self.year] > 1 else ""

    def name(self, indicator: int) -> Text:
        """Return how the numbers of an indicator are called."""
        return self.held.words(indicator).name
