"""track: an allocation and what was reached, as a Progress."""

from __future__ import annotations

import numpy as np
import pandas as pd

from decompose.actuals import Actuals, match_actuals
from decompose.allocation import Allocation
from decompose.checking import Issue
from decompose.errors import Mistake, PlanError
from decompose.labels import Language, Message, say
from decompose.passed import require
from decompose.plan.lights import Lights, lights_of
from decompose.plan.periods import Period, parse_period
from decompose.problem import Bools
from decompose.progress.issues import found_issues
from decompose.progress.model import Progress
from decompose.progress.ranking import (
    competition_ranks,
    levels,
    low_ranks,
    points,
    rank_column,
    ranking_frame,
    total,
)
from decompose.progress.standing import Standing, as_frame, quota_grids, standing
from decompose.progress.talks import late_frame, talks_frame


def track(
    allocation: Allocation,
    actuals: pd.DataFrame,
    *,
    as_of: str,
    low_rank: int | None = None,
    language: Language = "zh",
) -> Progress:
    """Compare what regions have done so far with their quotas of the year.

    Parameters
    ----------
    allocation
        The allocation with the quotas.
    actuals
        Columns ``indicator, region, period, value``, as ``read_actuals`` gives them: sums since
        January in the printed unit; of a published increment, cut or rise, the increment, cut or
        rise so far. Rows of last year serve growth and the seasonal forecast.
    as_of
        The month up to which the data go: ``"2015-07"``; ``2015Q2``, ``2015H1`` and ``2015``
        stand for their last month.
    low_rank
        How many of the last ranks count as low; the plan's ``assessment.low_rank`` by default.
    language
        Language of texts and errors, ``"zh"`` or ``"en"``.

    Returns
    -------
    Progress
        Numbers, ranks, who is called to account, and who has not reported;
        docs/tracking.md defines every column.

    Raises
    ------
    PlanError
        ``as_of`` is no period of the plan, its year has no quotas, or the actuals are wrong.

    Examples
    --------
    >>> actuals = pd.DataFrame({
    ...     "indicator": "investment",
    ...     "region": ["North", "South", "West"],
    ...     "period": "2025-06",
    ...     "value": [12.0, 15.0, 30.0],
    ... })
    >>> progress = dc.track(allocation, actuals, as_of="2025-06")
    >>> progress.table[["region", "completion", "due", "level", "rank"]].round(3)
      region  completion  due  level  rank
    0  North       0.517  0.5  green     2
    1  South       0.431  0.5    red     3
    2   West       0.577  0.5  green     1
    """
    require("track", allocation, Allocation, language=language)
    require("track", actuals, pd.DataFrame, language=language)
    plan = allocation.plan
    period = _period(allocation, as_of, language)
    matched = match_actuals(plan, actuals, language=language)
    standings = [
        standing(allocation, matched, plan.indicators[plan.indicator_index[name]], period)
        for name, grid in quota_grids(allocation).items()
        if not np.isnan(grid[:, plan.year_index[period.year]]).all()
    ]
    if not standings:
        raise _error(say("track_no_quota", year=period.year), language)
    assessment = plan.assessment
    lights = lights_of({} if assessment is None else assessment.lights)
    low = low_rank if low_rank is not None or assessment is None else assessment.low_rank
    ranked = ~plan.reserve
    marks = points(standings)
    whole = total(list(marks.values()), len(plan.regions))
    ranks = competition_ranks(whole.score, ranked)
    lowest = low_ranks(whole.score, ranks, low or 0)
    groups = [
        ranking_frame(plan, whole, name, ranked & plan.members[number])
        for number, name in enumerate(plan.groups)
    ]
    ranking = ranking_frame(plan, whole, plan.total_label, ranked)
    return Progress(
        allocation=allocation,
        as_of=period,
        lights=lights,
        table=_table(allocation, standings, period, lights, ranked),
        ranking=ranking,
        group_rankings=pd.concat(groups, ignore_index=True) if groups else ranking.iloc[:0],
        talks=talks_frame(plan, standings, whole, ranks, lowest, period, language),
        late=late_frame(plan, standings, matched, period),
        issues=_issues(allocation, matched, standings, period, low, language),
        actuals=matched,
    )


def _period(allocation: Allocation, as_of: str, language: Language) -> Period:
    try:
        period = parse_period(as_of)
    except ValueError as error:
        raise _error(error.args[0], language) from None
    if period.year not in allocation.plan.year_index:
        known = [str(year) for year in allocation.plan.years]
        raise _error(say("track_year", as_of=period.name, known=known), language)
    return period


def _error(message: Message, language: Language) -> PlanError:
    told = Mistake(message, ("as_of",))
    return PlanError(say("actuals_wrong", count=1), [told], language=language)


def _table(
    allocation: Allocation,
    standings: list[Standing],
    period: Period,
    lights: Lights,
    ranked: Bools,
) -> pd.DataFrame:
    marks = points(standings)
    frames = []
    for one in standings:
        frame = as_frame(one, allocation.plan, period)
        here = ~np.isnan(one.quota)
        ranks = competition_ranks(one.pace, ranked)
        frame.insert(8, "level", pd.Series(levels(lights, one)[here], dtype=object))
        frame.insert(9, "rank", rank_column(ranks[here]))
        earned = marks[one.indicator.id].earned if one.indicator.id in marks else np.nan
        frame.insert(10, "points", np.broadcast_to(earned, here.shape)[here])
        frames.append(frame)
    return pd.concat(frames, ignore_index=True)


def _issues(
    allocation: Allocation,
    matched: Actuals,
    standings: list[Standing],
    period: Period,
    low: int | None,
    language: Language,
) -> tuple[Issue, ...]:
    found = [*matched.issues, *found_issues(allocation, matched, standings, period, language)]
    if low is None:
        message = say("progress_no_low_rank")
        found.append(Issue("note", "", message.text(language), message.code, {}))
    return tuple(found)
