"""Points, ranks and colours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from decompose.plan import Plan
from decompose.plan.lights import Lights
from decompose.plan.ratios import PERCENT
from decompose.problem import Bools, Floats, Ints
from decompose.progress.standing import Standing

NOT_REPORTED = "not_reported"
SAME = 1e-9
"""Points, or completions, that differ by less are the same."""


class Marks(NamedTuple):
    """Points by region: earned, and to be had."""

    earned: Floats
    full: Floats

    @property
    def score(self) -> Floats:
        """Points earned of those to be had; NaN where there are none."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(self.full > 0, self.earned / self.full, np.nan)


def levels(lights: Lights, one: Standing) -> NDArray[np.object_]:
    """Return the colour of each region: green, yellow or red; not reported; none where no quota."""
    if lights.measure == "gap":
        behind = PERCENT * (one.due - one.completion)
        red, yellow = behind >= lights.red - SAME, behind >= lights.yellow - SAME
    else:
        value = PERCENT * (one.pace if lights.measure == "pace" else one.completion)
        red, yellow = value < lights.red - SAME, value < lights.yellow - SAME
    colour = np.select([red, yellow], ["red", "yellow"], "green").astype(object)
    colour[np.isnan(one.actual)] = NOT_REPORTED
    colour[~one.asked] = None
    return colour


def points(standings: Sequence[Standing]) -> dict[str, Marks]:
    """Return the points of each indicator that counts: all alike where the plan gives none.

    Points are the indicator's × pace, no more than its cap and no less than 0; what is not
    reported earns none. An indicator that no region has reported does not count.
    """
    said = any(
        one.indicator.assess is not None and one.indicator.assess.points for one in standings
    )
    marks: dict[str, Marks] = {}
    for one in standings:
        assess = one.indicator.assess
        worth = 1.0 if not said else 0.0 if assess is None else assess.points
        if worth and not np.isnan(one.actual).all():
            cap = 1.0 if assess is None else assess.cap
            rate = np.clip(np.nan_to_num(one.pace, nan=0.0, posinf=cap), 0.0, cap)
            full = np.where(one.asked, worth, 0.0)
            marks[one.indicator.id] = Marks(full * rate, full)
    return marks


def total(marks: Sequence[Marks], regions: int) -> Marks:
    """Add points up."""
    nothing = Marks(np.zeros(regions), np.zeros(regions))
    return Marks(
        np.sum([nothing.earned, *(one.earned for one in marks)], axis=0),
        np.sum([nothing.full, *(one.full for one in marks)], axis=0),
    )


def competition_ranks(values: Floats, among: Bools) -> Ints:
    """Return ranks from 1, the largest first: ties share a rank, and the next is left out.

    0 where a region is not among those that are ranked.
    """
    taking = among & ~np.isnan(values)
    above = values[None, taking] > values[:, None] + SAME
    return np.where(taking, 1 + above.sum(axis=1), 0)


def low_ranks(values: Floats, ranks: Ints, count: int) -> Bools:
    """Tell who is among the last: fewer than so many are worse, and someone is better."""
    ranked = ranks > 0
    worse = values[None, ranked] < values[:, None] - SAME
    return np.asarray(ranked & (ranks > 1) & (worse.sum(axis=1) < count))


def rank_column(ranks: Ints) -> pd.Series[int]:
    """Return ranks as a column; blank where there is none."""
    return pd.Series(ranks, dtype="Int64").mask(ranks == 0)


def ranking_frame(plan: Plan, marks: Marks, scope: str, among: Bools) -> pd.DataFrame:
    """Return who ranks where, the best first; ties by name.

    Columns ``scope``, ``region``, ``points``, ``full``, ``score``, ``rank``.
    """
    ranks = competition_ranks(marks.score, among)
    order = sorted(np.flatnonzero(ranks).tolist(), key=lambda k: (ranks[k], plan.region_names[k]))
    return pd.DataFrame(
        {
            "scope": [scope] * len(order),
            "region": [plan.region_names[k] for k in order],
            "points": np.round(marks.earned[order], 6),
            "full": marks.full[order],
            "score": np.round(marks.score[order], 9),
            "rank": ranks[order],
        }
    )
