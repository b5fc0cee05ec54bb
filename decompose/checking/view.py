"""One indicator as checks look at it: regions, groups and the area are rows of one table.

Rows stand so that the number of a scope is its row: regions 0, 1, …; the area -1; the group with
index k at -2 - k.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from decompose.labels import Message, figure, say
from decompose.plan.content import PlanContent
from decompose.plan.models import Indicator
from decompose.plan.scopes import Grid
from decompose.plan.steps import decimals_of
from decompose.problem import AREA, TOTAL, Bools, Floats, Ints, group_of
from decompose.series import Series


@dataclass(frozen=True, eq=False)
class View:
    """A plan and one of its indicators as numbers."""

    plan: PlanContent
    series: Series

    @property
    def indicator(self) -> Indicator:
        """The indicator itself."""
        return self.series.indicator

    @property
    def years(self) -> int:
        """The number of years."""
        return len(self.plan.years)

    @cached_property
    def cells(self) -> Bools:
        """Whether a region has a quota in a year (regions × years)."""
        return ~np.isnan(self.series.reference)

    @property
    def inside(self) -> Bools:
        """Whether a scope holds a region (scopes × regions)."""
        return self.plan.inside

    @cached_property
    def present(self) -> Bools:
        """Whether a scope has a cell in a year (scopes × years)."""
        groups = self.plan.members[::-1].astype(int) @ self.cells.astype(int) > 0
        return np.concatenate([self.cells, groups, self.cells.any(axis=0, keepdims=True)])

    @cached_property
    def there(self) -> Bools:
        """The same, with a last column for the total over the years."""
        return np.column_stack([self.present, self.present.any(axis=1)])

    @cached_property
    def base(self) -> Floats:
        """The scopes' base-year values; NaN where there is none."""
        regions = self.series.base
        known = self.plan.members[::-1] & ~np.isnan(regions)
        sums = np.where(known, np.nan_to_num(regions), 0.0).sum(axis=1)
        groups = np.where(known.any(axis=1), sums, np.nan)
        return np.concatenate([regions, groups, [self.series.base_sum]])

    @cached_property
    def follows(self) -> Bools:
        """Whether there is something the year before, the base year included (scopes × years)."""
        before = np.column_stack([~np.isnan(self.base), self.present[:, :-1]])
        return np.asarray(self.present & before)

    @cached_property
    def grows(self) -> Bools:
        """The same, where the base is not 0: growth on 0 means nothing (scopes × years)."""
        grows = self.follows.copy()
        grows[self.base == 0, 0] = False
        return grows

    @property
    def regions(self) -> Ints:
        """The rows that are regions."""
        return np.arange(len(self.plan.regions))

    @cached_property
    def sums(self) -> Ints:
        """The rows that are sums, by size: groups, then the area."""
        return np.array(list(self.plan.nested))

    def laid(self, grid: Grid) -> tuple[Floats, Ints]:
        """Return a limit's figures and their sources over scopes × years (or one column)."""
        return (
            np.concatenate([grid.value, grid.groups[::-1], grid.area[None]]),
            np.concatenate([grid.source, grid.groups_source[::-1], grid.area_source[None]]),
        )

    def scope_of(self, row: int) -> int:
        """Return the number of a row's scope."""
        return row if row < len(self.plan.regions) else row - len(self.inside)

    def scope_name(self, scope: int) -> str:
        """Return what a scope is called."""
        if scope == AREA:
            return self.plan.area
        return (
            self.plan.region_names[scope] if scope >= 0 else self.plan.group_names[group_of(scope)]
        )

    def year_name(self, year: int) -> Message:
        """Return a year, or all of them together, as a sentence says it."""
        if year == TOTAL and self.years > 1:
            return say("the_years", first=self.plan.years[0], last=self.plan.years[-1])
        return say("the_year", year=self.plan.years[year])

    @cached_property
    def decimals(self) -> int:
        """How many digits after the point are printed."""
        return decimals_of(self.indicator)

    def apart(self, lower: float, upper: float) -> int:
        """Return how many digits show two quantities and their gap as they are."""

        def shown(digits: int) -> bool:
            gap = round(lower, digits) - round(upper, digits)
            return gap > 0 and abs(gap - round(lower - upper, digits)) < 0.5 * 10.0**-digits

        return next((k for k in range(self.decimals, 6) if shown(k)), 6)

    def amount(self, value: float, decimals: int | None = None) -> str:
        """Write a quantity with its unit."""
        digits = self.decimals if decimals is None else decimals
        return f"{figure(round(value, digits))} {self.indicator.unit}".strip()

    def difference(self, value: float, decimals: int) -> str | Message:
        """Write what lies between two quantities: between two percentages, points."""
        if self.indicator.unit != "%":
            return self.amount(value, decimals)
        return say("points", gap=figure(round(value, decimals)))
