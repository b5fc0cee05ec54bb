"""An indicator as numbers: its sums, its limits, its references."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from decompose.figures import Figure
from decompose.plan.growth import Growth
from decompose.plan.models import Indicator
from decompose.plan.ratios import RatioNumbers, YearlyChange
from decompose.plan.scopes import Grid
from decompose.plan.targets import Target
from decompose.problem import Bools, Floats


@dataclass(frozen=True, eq=False)
class Sum:
    """A sum that is imposed.

    Attributes
    ----------
    scope, year
        AREA or ``group_scope``; index of the year, or TOTAL.
    lower, upper
        What the sum must keep, in the indicator's unit and on its grid.
    figure
        What is handed out, perhaps 0 (NaN where the sum is only bounded).
    said
        The figure as the plan says it.
    path
        Where the plan says it.
    between
        Bounds that its figure would set if no rows between years did (a yearly rate, carried on
        from the figures of the years before); None where they are its own.
    written
        What would be handed out without a margin.
    """

    scope: int
    year: int
    lower: float
    upper: float
    figure: float
    said: Figure
    path: str
    between: tuple[float, float] | None = None
    written: float = np.nan

    @property
    def carried(self) -> tuple[float, float]:
        """What its figure asks by itself: least and greatest."""
        return self.between or (self.lower, self.upper)


@dataclass(frozen=True, eq=False)
class Chain:
    """A rate or rise that holds for every year against the year before, on a scope's sums.

    ``sum[t] ≥ factor · sum[t-1] + rise`` (and the same with ``≤`` for the upper end).
    """

    scope: int
    lower: tuple[float, float] | None
    upper: tuple[float, float] | None
    rate: bool
    path: str


@dataclass(frozen=True, eq=False)
class RatioRow:
    """What a ratio must be for a scope in a year: ``lower ≤ Σ weight · p ≤ upper``.

    Weights add to 1: the row is the weighted mean of its regions' published numbers. ``target`` is
    what the plan asks, in the printed unit, ``written`` the same without a margin; ``handed`` is
    what is handed out: more, where the printed year before asks for it.
    """

    scope: int
    year: int
    weight: Floats
    lower: float
    upper: float
    figure: float
    target: float
    written: float
    handed: float
    said: Figure
    path: str


@dataclass(frozen=True, eq=False)
class Yearly:
    """What a scope's ratio must be in every year, against the year before."""

    scope: int
    change: YearlyChange
    path: str


@dataclass(frozen=True, eq=False)
class Series:
    """One indicator as numbers (regions × years).

    Attributes
    ----------
    indicator, number
        The indicator, and its index in the plan.
    step, value_step
        What quotas are whole multiples of, and what values are (0: they have no grid).
    base
        Base-year values of the regions (NaN where there is none), a mismatch settled.
    base_sum
        The area's own base-year value (NaN where there is none).
    applies
        Where the indicator applies and is assigned.
    sums, chains
        What scopes must reach.
    handed
        The area's sum of each year as it is handed out, open years filled by the path (NaN where
        the year is not assigned).
    reference
        Each cell's reference; NaN where there is no cell.
    grids
        Its limits, by name.
    signed
        Whether its published numbers may be negative.
    ratio, ratio_rows, yearly
        A ratio in numbers, what scopes must reach of it, and what is asked between its years.
    tiers
        The step that each region takes in the last year, in the published unit (NaN: none).
    growth
        How values follow where growth is published.
    first, printed
        The first year that is not printed yet, and the printed values of those before (NaN from
        there on); None where there are none.
    """

    indicator: Indicator
    number: int
    step: float
    value_step: float
    base: Floats
    base_sum: float
    applies: Bools
    sums: tuple[Sum, ...]
    chains: tuple[Chain, ...]
    handed: Floats
    reference: Floats
    grids: dict[str, Grid]
    signed: bool = False
    ratio: RatioNumbers | None = None
    ratio_rows: tuple[RatioRow, ...] = ()
    yearly: tuple[Yearly, ...] = ()
    tiers: Floats | None = None
    growth: Growth | None = None
    first: int = 0
    printed: Floats | None = None

    @property
    def is_mean(self) -> bool:
        """Whether the number of several regions together is a mean of theirs, not a sum."""
        return self.ratio is not None or self.growth is not None


def rises_from(figures: Floats, base: float) -> Floats:
    """Return what each year's sum rises from: the last figure before it, the base at first."""
    found, last = np.empty(len(figures)), base
    for year, figure in enumerate(figures.tolist()):
        found[year] = last
        last = last if np.isnan(figure) else figure
    return found


@dataclass(frozen=True)
class Scope:
    """A target with what it is measured against.

    Of what is settled year by year also the printed sums, by index of the year.
    """

    number: int
    target: Target
    base: float
    margin: float
    path: tuple[str, ...]
    printed: Mapping[int, float] = field(default_factory=dict)
