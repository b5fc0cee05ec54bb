"""Growth that is published: how a year's value follows from it.

With the year before printed, a region's value is ``before · (1 + rate / 100)^gap``, linear in the
published rate where the gap is a year. Over a longer one, programs know the tangent only: the
place on it where a value stands is not its rate, but at the rate where the tangent touches.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from decompose.plan.bases import settled_bases
from decompose.plan.content import PlanContent
from decompose.plan.models import Indicator
from decompose.plan.ratios import PERCENT
from decompose.plan.steps import as_printed, step_of
from decompose.problem import Bools, Floats, Ints


@dataclass(frozen=True, eq=False)
class Growth:
    """The growth of a year on the year before, by region.

    Attributes
    ----------
    year
        Index of the year.
    gap
        Years since the year before.
    before
        Value of the year before; NaN where there is none, and so no growth.
    at
        Rates where tangents touch.
    path
        Values by references alone, this year's and those after it (regions × years).
    falls
        Whether less than the year before is handed out, rounding aside.
    """

    year: int
    gap: int
    before: Floats
    at: Floats
    path: Floats
    falls: bool

    def value(self, rate: Floats) -> Floats:
        """Return the values of rates, one per region."""
        return np.asarray(self.before * (1 + rate / PERCENT) ** self.gap)

    @property
    def slope(self) -> Floats:
        """By how much a value rises with its place on the tangent."""
        return np.asarray(self.before * self.gap / PERCENT * (1 + self.at / PERCENT) ** self.rest)

    @property
    def offset(self) -> Floats:
        """The value of the tangent at place 0."""
        return self.value(self.at) - self.slope * self.at

    @property
    def rest(self) -> int:
        """The years of the gap but one."""
        return self.gap - 1

    def rate(self, place: Floats, region: Ints) -> Floats:
        """Return the rates of the values that stand at places on the tangents of regions."""
        if self.gap == 1:
            return place
        value = np.maximum(self.offset[region] + self.slope[region] * place, 0.0)
        return np.asarray(PERCENT * ((value / self.before[region]) ** (1 / self.gap) - 1))

    def place(self, rate: Floats, region: Ints) -> Floats:
        """Return where the values of rates stand on the tangents of regions."""
        if self.gap == 1:
            return rate
        value = self.before[region] * (1 + rate / PERCENT) ** self.gap
        return np.asarray((value - self.offset[region]) / self.slope[region])


def scope_growth(
    content: PlanContent, indicator: Indicator, values: Floats, members: Bools
) -> Floats:
    """Return the growth of the sum of some regions by year, in percent, on the indicator's grid.

    Parameters
    ----------
    content, indicator
        The plan, and an indicator whose growth is published.
    values
        Printed values (regions × years); NaN where there is none.
    members
        Which regions.
    """
    before = np.column_stack([settled_bases(content, indicator)[0], values[:, :-1]])
    here = members[:, None] & ~np.isnan(values)
    now, then = (np.where(here, one, 0.0).sum(axis=0) for one in (values, np.nan_to_num(before)))
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = PERCENT * ((now / then) ** (1 / content.gaps) - 1)
    step = step_of(indicator)
    return as_printed(np.where(then > 0, np.round(rate / step) * step, np.nan))
