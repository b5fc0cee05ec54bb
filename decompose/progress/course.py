"""What was reached month by month, beside what was due."""

from __future__ import annotations

import numpy as np
import pandas as pd

from decompose.actuals import Actuals
from decompose.allocation import Allocation
from decompose.plan.periods import MONTHS, Period, parse_period
from decompose.progress.standing import quota_grids, standing

_COLUMNS = ["indicator", "region", "month", "completion", "due"]


def course_frame(allocation: Allocation, actuals: Actuals | None, as_of: Period) -> pd.DataFrame:
    """Return completion and due of every month of a year, as ``track`` reckons them.

    Parameters
    ----------
    allocation, actuals
        The quotas, and what was reached; without actuals there are no rows.
    as_of
        The data's month: later ones have no completion.
    """
    plan = allocation.plan
    year = plan.year_index[as_of.year]
    names = np.array(plan.region_names, dtype=object)
    frames = [pd.DataFrame(columns=_COLUMNS)]
    for name, grid in quota_grids(allocation).items():
        here = ~np.isnan(grid[:, year])
        if actuals is None or np.isnan(actuals.of_year(name, as_of.year)).all() or not here.any():
            continue
        one = plan.indicators[plan.indicator_index[name]]
        for month in range(1, MONTHS + 1):
            when = parse_period(f"{as_of.year}-{month:02d}")
            found = standing(allocation, actuals, one, when)
            told = (found.month == month) & (month <= as_of.last)
            frame = pd.DataFrame(
                {
                    "indicator": name,
                    "region": names[here],
                    "month": month,
                    "completion": np.where(told, found.completion, np.nan)[here],
                    "due": np.where(found.month == month, found.due, np.nan)[here],
                }
            )
            frames.append(frame)
    return pd.concat(frames[1:], ignore_index=True) if len(frames) > 1 else frames[0]
