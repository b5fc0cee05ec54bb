"""Where each region stands with one indicator: what it reached, and what was due by then."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from decompose.actuals import Actuals
from decompose.allocation import Allocation
from decompose.figures import Sense
from decompose.plan import Indicator, Plan
from decompose.plan.bases import settled_bases
from decompose.plan.periods import MONTHS, Period, shares_of
from decompose.plan.ratios import PERCENT, ratio_numbers, region_base
from decompose.problem import AREA, TOTAL, Bools, Floats
from decompose.series import Series

Ints = NDArray[np.int64]

EVERY = {"monthly": 1, "quarterly": 3, "half_yearly": 6, "yearly": MONTHS}
"""Months between reports, by the keys of a plan's calendar."""


@dataclass(frozen=True, eq=False)
class Standing:
    """One indicator in one year, a number per region; NaN where there is none.

    Attributes
    ----------
    indicator
        Which one.
    quota, actual
        In the printed unit; ``actual`` is what was reached by ``month``.
    month
        The month that was last to be reported.
    at_most
        Whether less is better.
    completion, due
        Fractions: what was reached of the quota, and what had to be. Where less is better, what
        was allowed so far ÷ what was reached, and 1.
    growth
        On the same months of the year before; a flow or a level.
    cut
        Fall since the base year, as a fraction; a ratio.
    straight, seasonal
        Forecasts of the year's end.
    """

    indicator: Indicator
    quota: Floats
    actual: Floats
    month: Ints
    at_most: bool
    completion: Floats
    due: Floats
    growth: Floats
    cut: Floats
    straight: Floats
    seasonal: Floats

    @property
    def pace(self) -> Floats:
        """Completion ÷ due; 1 where nothing is due yet."""
        with np.errstate(divide="ignore", invalid="ignore"):
            pace = np.where(self.due > 0, self.completion / self.due, 1.0)
        return np.where(np.isnan(self.completion), np.nan, pace)

    @property
    def asked(self) -> Bools:
        """Where there is something to reach."""
        return np.asarray(~np.isnan(self.quota) & (self.quota != 0))


def report_every(plan: Plan) -> int:
    """Return how many months lie between reports: the shortest that the calendar names."""
    calendar = plan.assessment.calendar if plan.assessment is not None else {}
    return min((months for key, months in EVERY.items() if key in calendar), default=1)


def quota_grids(allocation: Allocation) -> dict[str, Floats]:
    """Return the quotas that tables print, regions × years, by indicator id."""
    settled = allocation.settled.quotas()
    return {
        one.id: settled[one.id]
        for one in allocation.plan.indicators
        if one.id in settled and one.report
    }


def standing(
    allocation: Allocation, actuals: Actuals, indicator: Indicator, as_of: Period
) -> Standing:
    """Compare what was reached of an indicator with what was due.

    Parameters
    ----------
    allocation
        With the quotas.
    actuals
        Matched with its plan.
    indicator
        One that has quotas in that year.
    as_of
        The data's month.
    """
    plan = allocation.plan
    year = plan.year_index[as_of.year]
    grid = quota_grids(allocation)[indicator.id]
    quota = grid[:, year]
    reached = actuals.of_year(indicator.id, as_of.year)
    month = _months(reached, as_of.last, report_every(plan))
    regions = np.arange(len(quota))
    actual = np.where(month > 0, reached[regions, month - 1], np.nan)
    actual = np.where(np.isnan(quota), np.nan, actual)
    share = np.append(shares_of(indicator.schedule), 0.0)[month - 1]
    start = _start(allocation, indicator, grid, year)
    planned = start + share * (quota - start)
    at_most = _at_most(allocation, indicator, year)
    if at_most:
        if indicator.kind == "ratio" and indicator.publish == "value" and not indicator.schedule:
            planned = quota  # a ratio may be no higher at any time
        completion, due = _kept(planned, actual), np.where(np.isnan(quota), np.nan, 1.0)
    else:
        completion, due = _of_quota(actual, quota), _of_quota(planned, quota)
    before = actuals.of_year(indicator.id, as_of.year - 1)
    straight, seasonal = _forecasts(indicator, actual, share, before, month)
    return Standing(
        indicator,
        quota,
        actual,
        month,
        at_most,
        np.where(quota == 0, np.nan, completion),
        np.where(quota == 0, np.nan, due),
        _growth(plan, indicator, actual, _last_year(plan, indicator, before, month, year)),
        _cut(allocation, indicator, actual),
        straight,
        seasonal,
    )


def _months(reached: Floats, month: int, every: int) -> Ints:
    """Return which month of each region counts: the data's own, or the last to be reported."""
    told = ~np.isnan(reached[:, month - 1])
    return np.where(told, month, month // every * every)


def _start(allocation: Allocation, indicator: Indicator, grid: Floats, year: int) -> Floats:
    """Return where the year starts: nothing of a sum; of a ratio, what it was the year before.

    What is counted since the base year starts at last year's quota; so does a ratio, which does
    not begin anew in January either, but at no more than its quota.
    """
    if indicator.publish in ("cut", "rise"):
        return np.nan_to_num(grid[:, year - 1]) if year > 0 else np.zeros(len(grid))
    if indicator.kind != "ratio" or indicator.schedule:
        return np.zeros(len(grid))
    return np.minimum(np.nan_to_num(value_before(allocation, indicator, year)), grid[:, year])


def value_before(allocation: Allocation, indicator: Indicator, year: int) -> Floats:
    """Return the quotas of the year before, or what was printed of the base year; by region."""
    if year > 0:
        return quota_grids(allocation)[indicator.id][:, year - 1]
    if indicator.kind == "ratio":
        return _ratio_base(allocation, indicator)
    return settled_bases(allocation.plan, indicator)[0]


def _ratio_base(allocation: Allocation, indicator: Indicator) -> Floats:
    """Return a ratio in the base year, as it is printed."""
    return region_base(ratio_numbers(allocation.plan, indicator, allocation.settled.printed))


def _of_quota(value: Floats, quota: Floats) -> Floats:
    """Return value ÷ quota; of a quota below 0, so that more is better all the same."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(quota > 0, value / quota, 2 - value / quota)


def _kept(allowed: Floats, actual: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        kept = np.where(actual > 0, allowed / actual, np.inf)
    return np.where(np.isnan(actual) | np.isnan(allowed), np.nan, kept)


def _at_most(allocation: Allocation, indicator: Indicator, year: int) -> bool:
    """Whether less is better: by the area's figure, or where it has none the first group's."""
    for stage in allocation.settled.stages:
        for series in stage.built.series:
            if series.indicator.id == indicator.id:
                return _says_at_most(series, year)
    return False


def _says_at_most(series: Series, year: int) -> bool:
    ratio_rows = sorted(series.ratio_rows, key=lambda row: -row.scope)
    for row in ratio_rows:
        if row.year == year:
            falls = row.path.rpartition(".")[2].startswith("cut")
            bounded = row.said.sense is Sense.AT_MOST
            return falls != bounded if series.indicator.publish != "cut" else bounded
    sums = sorted(series.sums, key=lambda one: (-one.scope, one.year == TOTAL))
    said = [one for one in sums if one.year in (year, TOTAL)]
    area = [one for one in said if one.scope == AREA] or said
    return bool(area) and area[0].said.sense is Sense.AT_MOST


def _last_year(plan: Plan, indicator: Indicator, before: Floats, month: Ints, year: int) -> Floats:
    """Return what was reached in the same months of the year before.

    At the end of the first year it is the base year's value where no actual is given.
    """
    regions = np.arange(len(before))
    last = np.where(month > 0, before[regions, month - 1], np.nan)
    if year == 0 and plan.years[0] == plan.base_year + 1:
        base = settled_bases(plan, indicator)[0]
        last = np.where(np.isnan(last) & (month == MONTHS), base, last)
    return last


def _growth(plan: Plan, indicator: Indicator, actual: Floats, last: Floats) -> Floats:
    if indicator.kind not in ("flow", "level") or indicator.publish != "value":
        return np.full(len(plan.regions), np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(last > 0, actual / last - 1, np.nan)


def _cut(allocation: Allocation, indicator: Indicator, actual: Floats) -> Floats:
    """Return the fall of a ratio since the base year."""
    if indicator.kind != "ratio":
        return np.full(len(actual), np.nan)
    if indicator.publish == "cut":
        return actual / PERCENT
    base = _ratio_base(allocation, indicator)
    value = base + actual if indicator.publish == "rise" else actual
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(base > 0, 1 - value / base, np.nan)


def _forecasts(
    indicator: Indicator, actual: Floats, share: Floats, before: Floats, month: Ints
) -> tuple[Floats, Floats]:
    """Return the year's end: at the same rate to the schedule, and as last year went on."""
    nothing = np.full(len(actual), np.nan)
    if indicator.kind == "ratio":
        return nothing, nothing
    last = np.where(month > 0, before[np.arange(len(before)), month - 1], np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        straight = np.where(share > 0, actual / share, np.nan)
        seasonal = np.where(last > 0, actual * before[:, -1] / last, np.nan)
    return straight, seasonal


def as_frame(one: Standing, plan: Plan, as_of: Period) -> pd.DataFrame:
    """Return the numbers of an indicator, a row per region that has a quota."""
    here = ~np.isnan(one.quota)
    count = int(here.sum())
    gap = PERCENT * (one.completion - one.due)
    months = [f"{as_of.year}-{month:02d}" if month else None for month in one.month[here].tolist()]
    return pd.DataFrame(
        {
            "indicator": [one.indicator.id] * count,
            "region": np.array(plan.region_names, dtype=object)[here],
            "year": [as_of.year] * count,
            "quota": one.quota[here],
            "actual": one.actual[here],
            "completion": one.completion[here],
            "due": one.due[here],
            "gap": gap[here],
            "period": pd.Series(months, dtype=object),
            "growth": one.growth[here],
            "cut": one.cut[here],
            "forecast_straight": one.straight[here],
            "forecast_seasonal": one.seasonal[here],
        }
    )
