"""A plan as arrays: one column per cell, one row per rule, a label on each.

A :class:`Problem` is what ``build`` makes of a Plan and what ``fairness`` solves into a
:class:`Solution`. Numbers are in the units of the plan; whoever solves scales for itself.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from decompose.families import FAMILIES as FAMILIES
from decompose.families import FAMILY as FAMILY

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

AREA = -1
"""Scope of a rule that speaks of the whole area; a region's scope is its index (0, 1, …)."""
TOTAL = -1
"""Year of a rule that speaks of all years together; otherwise the index of the year."""


def group_scope(group: int) -> int:
    """Return the scope number of the group with this index (-2, -3, …)."""
    return -2 - group


def _ints(*shape: int) -> Ints:
    return np.zeros(shape or (0,), dtype=np.int64)


def _floats(*shape: int) -> Floats:
    return np.zeros(shape or (0,), dtype=np.float64)


CANCELLED = 1e-12
"""Beside what it is the sum of, a smaller coefficient is 0."""


@dataclass(frozen=True, eq=False)
class Matrix:
    """Sparse rows: row k has ``value[start[k]:start[k+1]]`` at columns ``column[…]``."""

    start: Ints = field(default_factory=lambda: _ints(1))
    column: Ints = field(default_factory=_ints)
    value: Floats = field(default_factory=_floats)

    def __len__(self) -> int:
        return len(self.start) - 1

    @cached_property
    def counts(self) -> Ints:
        """The number of entries of each row."""
        return self.start[1:] - self.start[:-1]

    @cached_property
    def row(self) -> Ints:
        """The row of each entry."""
        return np.repeat(np.arange(len(self)), self.counts)

    def dot(self, x: Floats) -> Floats:
        """Return the rows' values at x (one per row)."""
        terms = self.value * x[self.column]
        return np.bincount(self.row, terms, minlength=len(self)).astype(np.float64)

    def take(self, rows: Ints) -> Matrix:
        """Return these rows only, in this order."""
        counts = self.counts[rows]
        start = np.concatenate([[0], np.cumsum(counts)])
        entry = np.repeat(self.start[rows] - start[:-1], counts) + np.arange(start[-1])
        return Matrix(start, self.column[entry], self.value[entry])

    @staticmethod
    def collect(row: Ints, column: Ints, value: Floats, *, rows: int, size: int) -> Matrix:
        """Make a matrix of entries in any order; equal places are added, zeros dropped.

        What cancels out, rounding aside, is a zero.
        """
        key = row * size + column
        by_key = np.argsort(key, kind="stable")
        key, value = key[by_key], value[by_key]
        first = np.flatnonzero(np.diff(key, prepend=-1))
        key = key[first]
        size_of = np.add.reduceat(np.abs(value), first) if len(first) else value
        value = np.add.reduceat(value, first) if len(first) else value
        kept = np.abs(value) > CANCELLED * size_of
        row, column = np.divmod(key[kept], max(size, 1))
        start = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=rows))])
        return Matrix(start, column, value[kept])

    def times(self, right: Matrix, *, size: int) -> Matrix:
        """Return the product with a matrix that has ``size`` columns."""
        counts = right.counts[self.column]
        ends = np.cumsum(counts)
        total = int(ends[-1]) if len(ends) else 0
        entry = np.repeat(right.start[self.column] - (ends - counts), counts) + np.arange(total)
        return Matrix.collect(
            np.repeat(self.row, counts),
            right.column[entry],
            np.repeat(self.value, counts) * right.value[entry],
            rows=len(self),
            size=size,
        )

    @staticmethod
    def stack(parts: list[Matrix]) -> Matrix:
        """Put matrices over the same columns on top of one another."""
        if not parts:
            return Matrix()
        ends = np.cumsum([0, *(len(part.column) for part in parts)])
        starts = [part.start[1:] + end for part, end in zip(parts, ends[:-1], strict=True)]
        return Matrix(
            np.concatenate([[0], *starts]),
            np.concatenate([part.column for part in parts]),
            np.concatenate([part.value for part in parts]),
        )


_LABELS = (
    "lower",
    "upper",
    "family",
    "indicator",
    "scope",
    "year",
    "source",
    "figure",
    "whole",
    "yields",
    "constant",
)


@dataclass(frozen=True, eq=False)
class Rules:
    """Rows ``lower ≤ matrix · x ≤ upper``, each with its label.

    Attributes
    ----------
    matrix
        Coefficients over the problem's columns.
    lower, upper
        Bounds in the unit of the plan; infinite where there is none.
    family
        Index into FAMILIES.
    indicator, scope, year
        What the rule speaks of: index of the indicator; a region's index, AREA or
        ``group_scope``; index of the year, or TOTAL.
    source
        Index into ``Problem.sources``: where the plan says it, as in ``with_changes``.
    figure
        What a target hands out (NaN in rows that are no target): settled before anything else.
    whole
        Whether the rule holds in whole steps after rounding.
    constant
        What the sum of which the rule speaks has beside its columns, in bounds and figure left out
        (0 unless said).
    yields
        Whether it is a target that gives way where the other rules leave no room: it is missed
        by as little as they allow, before anything else is chosen. None does unless said.
    """

    matrix: Matrix = field(default_factory=Matrix)
    lower: Floats = field(default_factory=_floats)
    upper: Floats = field(default_factory=_floats)
    family: Ints = field(default_factory=_ints)
    indicator: Ints = field(default_factory=_ints)
    scope: Ints = field(default_factory=_ints)
    year: Ints = field(default_factory=_ints)
    source: Ints = field(default_factory=_ints)
    figure: Floats = field(default_factory=_floats)
    whole: Bools = field(default_factory=lambda: np.zeros(0, dtype=bool))
    yields: Bools = field(default_factory=lambda: np.zeros(0, dtype=bool))
    constant: Floats = field(default_factory=_floats)

    def __post_init__(self) -> None:
        if not len(self.yields):
            object.__setattr__(self, "yields", np.zeros(len(self.lower), dtype=bool))
        if not len(self.constant):
            object.__setattr__(self, "constant", np.zeros(len(self.lower)))

    def __len__(self) -> int:
        return len(self.lower)

    def opened(self, below: Bools, above: Bools) -> Rules:
        """Return the rules without the bounds that are missed below and above; none yields."""
        return replace(
            self,
            lower=np.where(below, -np.inf, self.lower),
            upper=np.where(above, np.inf, self.upper),
            yields=np.zeros(len(self), dtype=bool),
        )

    def take(self, rows: Ints) -> Rules:
        """Return these rows only, in this order."""
        return Rules(self.matrix.take(rows), *(getattr(self, name)[rows] for name in _LABELS))

    @staticmethod
    def stack(parts: list[Rules]) -> Rules:
        """Put blocks of rules one after the other."""
        if not parts:
            return Rules()
        return Rules(
            Matrix.stack([part.matrix for part in parts]),
            *(np.concatenate([getattr(part, name) for part in parts]) for name in _LABELS),
        )

    @cached_property
    def single(self) -> Bools:
        """Whether a row speaks of one cell alone: a box."""
        return np.asarray(self.matrix.counts == 1)


@dataclass(frozen=True, eq=False)
class Costs:
    """Costs that rise in steps: each step has a column, a width and a cost per unit of the plan."""

    column: Ints = field(default_factory=_ints)
    width: Floats = field(default_factory=_floats)
    unit: Floats = field(default_factory=_floats)


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
    ahead: Ints = field(default_factory=_ints)

    @property
    def size(self) -> int:
        """The number of columns."""
        return len(self.column_indicator)

    @cached_property
    def looked_ahead(self) -> Bools:
        """Which columns are looked ahead to."""
        found = np.zeros(self.size, dtype=bool)
        found[self.ahead] = True
        return found

    @cached_property
    def rule_step(self) -> Floats:
        """The step of the indicator that each rule speaks of."""
        steps = np.ones(len(self.indicators))
        steps[self.column_indicator] = self.step
        return (np.array(self.steps) if self.steps else steps)[self.rules.indicator]

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
        entry = rules.matrix.start[rows]
        column, value = rules.matrix.column[entry], rules.matrix.value[entry]
        ends = rules.lower[rows] / value, rules.upper[rows] / value
        return column, np.minimum(*ends), np.maximum(*ends)

    @cached_property
    def component(self) -> Ints:
        """Number of the component of each indicator: those that a rule ties are one."""
        matrix = self.rules.matrix
        of_entry = self.column_indicator[matrix.column]
        own = self.rules.indicator[matrix.row]  # a ratio's rule may stand on its numerator
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
