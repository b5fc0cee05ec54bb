"""What track gives: numbers, ranks, the talk list, who is late."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from decompose.allocation import Allocation
from decompose.checking import Issue
from decompose.plan.lights import Lights
from decompose.plan.periods import Period


@dataclass(frozen=True, eq=False)
class Progress:
    """What was reached of the quotas of a year.

    Attributes
    ----------
    allocation
        What was tracked.
    as_of
        The data's month.
    lights
        The rule of the colours.
    table
        One row per indicator × region that has a quota: ``indicator``, ``region``, ``year``,
        ``quota``, ``actual``, ``completion`` and ``due`` (fractions), ``gap`` (percentage
        points), ``level`` (green, yellow, red, not_reported), ``rank`` (by indicator),
        ``points``, ``period`` (the month that counts), ``growth`` and ``cut`` (fractions),
        ``forecast_straight`` and ``forecast_seasonal`` (of the year's end).
    ranking
        Best first: ``scope``, ``region``, ``points``, ``full`` (to be had), ``score``
        (points ÷ full), ``rank``. Reserves are not ranked.
    group_rankings
        The same within each group.
    talks
        ``region``, ``rank``, ``unmet``, ``low_rank``: the two reasons in words.
    late
        ``region``, ``indicator``, ``period``, ``last``: what has not been reported.
    issues
        What a reader should check.
    """

    allocation: Allocation
    as_of: Period
    lights: Lights
    table: pd.DataFrame
    ranking: pd.DataFrame
    group_rankings: pd.DataFrame
    talks: pd.DataFrame
    late: pd.DataFrame
    issues: tuple[Issue, ...] = ()

    def _repr_html_(self) -> str:
        frames = (self.table, self.ranking, self.talks, self.late)
        return "".join(frame.to_html(index=False) for frame in frames)
