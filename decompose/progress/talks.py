"""The talk list, both reasons in words; and who has not reported."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from decompose.actuals import Actuals
from decompose.labels import Language, Message, say
from decompose.plan import Plan
from decompose.plan.periods import MONTHS, Period
from decompose.plan.ratios import PERCENT
from decompose.problem import Bools, Ints
from decompose.progress.ranking import SAME, Marks
from decompose.progress.standing import Standing, report_every


def talks_frame(
    plan: Plan,
    standings: Sequence[Standing],
    whole: Marks,
    ranks: Ints,
    lowest: Bools,
    period: Period,
    language: Language,
) -> pd.DataFrame:
    """Return who is called to a talk: those that both miss something and rank low.

    Where the plan marks key indicators, missing is being behind with one of them, or not having
    reported it; where it marks none, fewer points than are to be had. By the plan's other rule
    (``fall_or_low_rank``) a fall on the year before, or a low rank, is enough.

    Returns
    -------
    Columns ``region``, ``rank``, ``unmet``, ``low_rank`` (the reasons), the last first.
    """
    keys = [one for one in standings if one.indicator.assess and one.indicator.assess.key]
    assessment = plan.assessment
    either = assessment is not None and assessment.talk == "fall_or_low_rank"
    rows = []
    ranked = np.flatnonzero(ranks).tolist()
    for region in sorted(ranked, key=lambda k: (-ranks[k], plan.region_names[k])):
        if assessment is not None and either:
            reasons = list(_fallen(standings, region, assessment.fall))
        else:
            reasons = list(_missed(keys, region, period) if keys else _short(whole, region))
        needed = (bool(reasons), bool(lowest[region]))
        if not (any(needed) if either else all(needed)):
            continue
        told = say("talk_fall" if either else "talk_unmet", reasons=reasons)
        rank, low = int(ranks[region]), int(lowest.sum())
        last = say("talk_low_rank", rank=rank, count=len(ranked), low=low)
        rows.append(
            (
                plan.region_names[region],
                rank,
                told.text(language) if reasons else "",
                last.text(language) if lowest[region] else "",
            )
        )
    return pd.DataFrame(rows, columns=["region", "rank", "unmet", "low_rank"])


def _fallen(standings: Sequence[Standing], region: int, fall: float) -> Iterator[Message]:
    for one in standings:
        growth = float(one.growth[region])
        if growth < -SAME and growth <= SAME - fall and not one.at_most:
            yield say("talk_fell", indicator=one.indicator.label, fall=f"{-growth:.1%}")


def _missed(keys: Sequence[Standing], region: int, period: Period) -> Iterator[Message]:
    for one in keys:
        if not one.asked[region]:
            continue
        completion, due = float(one.completion[region]), float(one.due[region])
        name = one.indicator.label
        if np.isnan(completion):
            if one.month[region]:
                yield say("talk_not_reported", indicator=name)
        elif completion < due - SAME:
            at_end = period.last == MONTHS
            yield say(
                "talk_missed" if at_end else "talk_behind",
                indicator=name,
                completion=f"{completion:.1%}",
                due=f"{due:.1%}",
                gap=f"{PERCENT * (due - completion):.1f}",
            )


def _short(whole: Marks, region: int) -> Iterator[Message]:
    earned, full = float(whole.earned[region]), float(whole.full[region])
    if earned < full - SAME:
        yield say("talk_short", points=f"{earned:.2f}", full=f"{full:.2f}")


def late_frame(
    plan: Plan, standings: Sequence[Standing], actuals: Actuals, period: Period
) -> pd.DataFrame:
    """Return who has not reported what was due.

    Reserves report to nobody. January counts as reported with February; where the calendar asks
    for quarters or half years, so do the months within them.

    Returns
    -------
    Columns ``region``, ``indicator``, ``period`` (what is missing), ``last`` (the last period of
    the year that was reported, or None).
    """
    rows = []
    due = period.last // report_every(plan) * report_every(plan)
    for one in standings:
        told = ~np.isnan(actuals.of_year(one.indicator.id, period.year))
        for region in np.flatnonzero(one.asked & np.isnan(one.actual) & ~plan.reserve).tolist():
            if due == 0 or (due == 1 and told[region, 1]):
                continue
            months = np.flatnonzero(told[region, :due])
            last = f"{period.year}-{months[-1] + 1:02d}" if len(months) else None
            name = plan.region_names[region]
            rows.append((name, one.indicator.id, f"{period.year}-{due:02d}", last))
    order = {name: number for number, name in enumerate(plan.region_names)}
    rows.sort(key=lambda row: order[row[0]])
    return pd.DataFrame(rows, columns=["region", "indicator", "period", "last"], dtype=object)
