"""What every family of rules is given, and the three forms in which rules are written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from decompose.plan.better import Held
from decompose.plan.content import PlanContent
from decompose.problem import (
    AREA,
    FAMILIES,
    FAMILY,
    Floats,
    Ints,
    Matrix,
    Rules,
    group_of,
    group_scope,
)
from decompose.series import Series

NEGLIGIBLE = 1e-12
"""Beside what it is the difference of, a smaller coefficient or share is 0."""


class Block(NamedTuple):
    """Rules of one family and indicator; ``rules.source`` counts within ``paths``."""

    rules: Rules
    paths: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Context:
    """One indicator on its way into a problem.

    Attributes
    ----------
    plan
        The whole plan.
    series
        The indicator as numbers.
    column
        Place of each cell's value (regions × years), -1 where there is none: a column, or what
        follows from some.
    published
        Column of each number that is published.
    columns
        Places of the values of every indicator that is settled together with this one, by its
        index.
    known
        Printed values (regions × years) of indicators that are settled already, by their index.
    printed
        Printed values of the years before of those that are settled together with this one.
    held
        Base quotas that stretch quotas keep to.
    yields
        Whether its targets give way where the other rules leave no room.
    """

    plan: PlanContent
    series: Series
    column: Ints
    published: Ints
    columns: Mapping[int, Ints]
    known: Mapping[int, Floats]
    printed: Mapping[int, Floats] = field(default_factory=dict)
    held: Held | None = None
    yields: bool = False

    def scope_regions(self, scope: int) -> Ints:
        """Return the regions of a scope."""
        if scope == AREA:
            return np.arange(len(self.plan.regions))
        if scope < AREA:
            return np.flatnonzero(self.plan.members[group_of(scope)])
        return np.array([scope])

    def scope_columns(self, scope: int, year: int | slice) -> Ints:
        """Return the columns of a scope in a year (or in several)."""
        found = self.column[self.scope_regions(scope), year].ravel()
        return np.asarray(found[found >= 0])

    def base(self, scope: int) -> float:
        """Return a scope's base-year value; NaN where there is none."""
        if scope == AREA:
            return self.series.base_sum
        members = self.series.base[self.scope_regions(scope)]
        return float("nan") if np.isnan(members).all() else float(np.nansum(members))


def label(
    context: Context,
    family: str,
    matrix: Matrix,
    lower: Floats | float,
    upper: Floats | float,
    scope: Ints | int,
    year: Ints | int,
    source: Ints | int,
    figure: Floats | float = np.nan,
    *,
    yields: bool = False,
) -> Rules:
    """Put labels on rows; single numbers hold for every row."""
    count = len(matrix)

    def ints(value: Ints | int) -> Ints:
        return np.full(count, value, dtype=np.int64)

    def floats(value: Floats | float) -> Floats:
        return np.full(count, value, dtype=np.float64)

    return Rules(
        matrix,
        floats(lower),
        floats(upper),
        ints(FAMILY[family]),
        ints(context.series.number),
        ints(scope),
        ints(year),
        ints(source),
        floats(figure),
        np.full(count, FAMILIES[FAMILY[family]].whole),
        np.full(count, yields),
    )


def boxes(columns: Ints) -> Matrix:
    """Return one row per column, with coefficient 1."""
    count = len(columns)
    return Matrix(np.arange(count + 1), columns.astype(np.int64), np.ones(count))


def sums(groups: Sequence[Ints]) -> Matrix:
    """Return one row per set of columns, with coefficients 1."""
    sizes = [len(group) for group in groups]
    start = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    column = np.concatenate([*groups, np.zeros(0, dtype=np.int64)]).astype(np.int64)
    return Matrix(start, column, np.ones(len(column)))


def pairs(later: Ints, earlier: Ints, factor: Floats | float) -> Matrix:
    """Return the rows ``x[later] - factor · x[earlier]``."""
    count = len(later)
    column, value = np.empty(2 * count, dtype=np.int64), np.ones(2 * count)
    column[::2], column[1::2] = later, earlier
    value[1::2] = -np.asarray(factor, dtype=np.float64)
    return Matrix(np.arange(0, 2 * count + 1, 2), column, value)


def combine(parts: Sequence[tuple[Ints, float]]) -> Matrix:
    """Return one row: the sum of several sets of columns (at least one), each with a factor.

    What cancels out, rounding aside, is left out.
    """
    column = np.concatenate([columns for columns, _ in parts]).astype(np.int64)
    value = np.concatenate([np.full(len(columns), factor) for columns, factor in parts])
    order = np.argsort(column, kind="stable")
    unique, first = np.unique(column[order], return_index=True)
    summed = np.add.reduceat(value[order], first)
    there = np.abs(summed) > NEGLIGIBLE * np.add.reduceat(np.abs(value[order]), first)
    return Matrix(np.array([0, np.count_nonzero(there)]), unique[there], summed[there])


def sum_scopes(context: Context) -> list[int]:
    """Return the scopes that are sums: the area, then the groups."""
    return [AREA, *(group_scope(number) for number in range(len(context.plan.groups)))]
