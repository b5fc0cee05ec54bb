"""What rounding could not leave beside its exact value, named."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from decompose.problem import AREA, TOTAL, Floats, Ints, Problem
from decompose.rounding.grid import whole
from decompose.rounding.table import Rounded
from decompose.rounding.tabulate import Tabulated


@dataclass(frozen=True)
class Shift:
    """A printed sum, or a quota, that is neither floor nor ceiling of its exact value.

    Attributes
    ----------
    indicator, scope, year
        Index of the indicator; a region's index, AREA or ``group_scope``; index of the year, or
        TOTAL.
    exact, quota
        Before rounding, and as printed, in the indicator's unit.
    steps
        By how many steps it lies above its ceiling, or below its floor (then below 0).
    """

    indicator: int
    scope: int
    year: int
    exact: float
    quota: float
    steps: int


def shifts_of(problem: Problem, tabulated: Tabulated, rounded: Rounded) -> tuple[Shift, ...]:
    """List the sums that moved and the quotas that are distant.

    By indicator; the area, groups, then regions; years, then the total.
    """
    table = tabulated.table
    rows = np.concatenate([rounded.moved, rounded.relaxed])
    # what a region has gained by some year is printed nowhere
    rows = rows[(tabulated.near_scope[rows] <= AREA) | (tabulated.near_year[rows] == TOTAL)]
    sums = table.near.take(rows)
    labels = tabulated.near_indicator, tabulated.near_scope, tabulated.near_year
    quotas = rounded.quotas.astype(np.float64)
    found = _listed(
        [values[rows] for values in labels],
        sums.dot(table.exact),
        sums.dot(quotas),
        problem.step[sums.column[sums.start[:-1]]],
    )
    cells = rounded.distant
    labels = problem.column_indicator, problem.column_region, problem.column_year
    found += _listed(
        [values[cells] for values in labels],
        table.exact[cells],
        quotas[cells],
        problem.step[cells],
    )
    return tuple(sorted(found, key=_order))


def _listed(labels: list[Ints], exact: Floats, quotas: Floats, step: Floats) -> list[Shift]:
    floor, ceiling = whole(exact)
    steps = np.where(quotas > ceiling, quotas - ceiling, quotas - floor)
    values = (*labels, exact * step, quotas * step, steps)
    return [
        Shift(indicator, scope, year, before, round(after, 6), int(beyond))
        for indicator, scope, year, before, after, beyond in zip(
            *(value.tolist() for value in values), strict=True
        )
    ]


def _order(shift: Shift) -> tuple[int, bool, int, bool, int]:
    """Rank the area (-1) and groups (-2, -3, …) before regions, and years before the total."""
    is_region = shift.scope > AREA
    return shift.indicator, is_region, abs(shift.scope), shift.year == TOTAL, shift.year
