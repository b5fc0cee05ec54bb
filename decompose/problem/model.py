"""A plan as arrays, and its exact answer."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from decompose.problem.matrix import Bools, Floats, Ints, no_floats, no_ints
from decompose.problem.rules import Rules


@dataclass(frozen=True, eq=False)
class Costs:
    """Costs that rise in steps: each step has a column, a width and a cost per unit of the plan."""

    column: Ints = field(default_factory=no_ints)
    width: Floats = field(default_factory=no_floats)
    unit: Floats = field(default_factory=no_floats)


@dataclass(frozen=True, eq=False)
class Problem:
    """A plan as arrays.

    Attributes
    ----------
    indicators, regions, groups, years
        The labels that indices stand for (ids, names, numbers).
    members
        Whether a region belongs to a group (groups × regions).
    area
        The area's label.
    sources
        Paths into the plan.
    column_indicator, column_region, column_year
        Labels of the columns (one per cell that has a quota).
    signed
        Whether a column may be negative.
    step
        What a column is rounded to, in the unit of the plan.
    reference
        What each column would get by the allocation rule alone.
    rules
        Every rule.
    fairness
        Name of the rule that chooses, per indicator.
    names
        Printed name of each indicator; its id where there is none.
    costs
        Steps of the cells' costs, of indicators that are chosen by least cost.
    priority
        Rank of each indicator: those with a lower one are settled before the others.
    steps
        Step of each indicator; that of its columns where none is given.
    ahead
        Columns of years that a later stage settles: here they only show that their rules can be
        kept, have no burden, and get no quota.
    """

    indicators: tuple[str, ...]
    regions: tuple[str, ...]
    groups: tuple[str, ...]
    members: Bools
    years: tuple[int, ...]
    area: str
    sources: tuple[str, ...]
    column_indicator: Ints
    column_region: Ints
    column_year: Ints
    signed: Bools
    step: Floats
    reference: Floats
    rules: Rules
    fairness: tuple[str, ...]
    names: tuple[str, ...] = ()
    priority: tuple[int, ...] = ()
    costs: Costs = field(default_factory=Costs)
    steps: tuple[float, ...] = ()
    ahead: Ints = field(default_factory=no_ints)

    @property
    def size(self) -> int:
        """The number of columns."""
        return len(self.column_indicator)

    @cached_property
    def rank(self) -> Ints:
        """The priority of each indicator: the lower, the sooner it is settled."""
        return np.array(self.priority or [0] * len(self.indicators), dtype=np.int64)

    @cached_property
    def looked_ahead(self) -> Bools:
        """Which columns are looked ahead to."""
        found = np.zeros(self.size, dtype=bool)
        found[self.ahead] = True
        return found

    @cached_property
    def rule_step(self) -> Floats:
        """The step of the indicator that each rule speaks of."""
        return self.indicator_step[self.rules.indicator]

    @cached_property
    def indicator_step(self) -> Floats:
        """The step of each indicator: 1 where it has no column and none is known."""
        steps = np.ones(len(self.indicators))
        steps[self.column_indicator] = self.step
        return np.array(self.steps) if self.steps else steps

    @cached_property
    def lower(self) -> Floats:
        """Lower bound of each column: the largest of its single-cell rules (0 unless signed)."""
        lower = np.where(self.signed, -np.inf, 0.0)
        column, low, _ = self._boxes()
        np.maximum.at(lower, column, low)
        return lower

    @cached_property
    def upper(self) -> Floats:
        """Upper bound of each column: the smallest that a single-cell rule sets."""
        upper = np.full(self.size, np.inf)
        column, _, high = self._boxes()
        np.minimum.at(upper, column, high)
        return upper

    def _boxes(self) -> tuple[Ints, Floats, Floats]:
        """Column, lower and upper of each single-cell rule that holds, by its coefficient."""
        rules = self.rules
        rows = np.flatnonzero(rules.single & ~rules.yields)
        matrix = rules.matrix.take(rows)
        column, value = matrix.column, matrix.value
        ends = rules.lower[rows] / value, rules.upper[rows] / value
        return column, np.minimum(*ends), np.maximum(*ends)

    @cached_property
    def component(self) -> Ints:
        """Number of the component of each indicator: those that a rule ties are one."""
        rules = self.rules
        matrix = rules.matrix.own
        of_entry = self.column_indicator[matrix.column]
        own = rules.indicator[matrix.row]  # a ratio's rule may stand on its numerator
        one, other = np.stack([own, of_entry])[:, own != of_entry]
        lowest = np.arange(len(self.indicators))
        while True:
            lower = lowest.copy()
            for here, there in ((one, other), (other, one)):
                np.minimum.at(lower, here, lowest[there])
            lower = lower[lower]
            if np.array_equal(lower, lowest):
                return np.unique(lowest, return_inverse=True)[1].astype(np.int64)
            lowest = lower


class Status(enum.Enum):
    """What became of a program, in our own words: no solver's status is taken on trust."""

    OPTIMAL = "optimal"
    INFEASIBLE = "infeasible"
    UNBOUNDED = "unbounded"
    LIMIT = "limit"
    TOO_MANY = "too many"  # nodes of a search, beyond what was asked
    FAILED = "failed"


@dataclass(frozen=True, eq=False)
class Solution:
    """The exact answer, before rounding.

    Attributes
    ----------
    x
        One value per column of the problem, in the unit of the plan.
    route
        ``"closed form"`` or ``"programs"`` per component.
    programs
        How many linear programs were solved.
    """

    x: Floats
    route: tuple[str, ...]
    programs: int
