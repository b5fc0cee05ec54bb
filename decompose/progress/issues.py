"""What is odd about actuals beside their quotas."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from decompose.actuals import Actuals
from decompose.allocation import Allocation
from decompose.checking import Issue
from decompose.figures import Sense
from decompose.labels import Language, Message, say
from decompose.plan import Plan
from decompose.plan.periods import Period
from decompose.problem import AREA, group_of
from decompose.progress.standing import Standing, value_before

_UNITS = {4: 10**4, 8: 10**8}
"""Powers of ten between units: 10,000 yuan and 100 million, yuan and 100 million."""
_ABOUT = 1.0
"""How far, in powers of ten, a number may be from one of them."""
_ALIKE = 1e-6
_EARLY, _NEARLY = 8, 0.9
"""A sum since January is not that near to the year's quota by that month."""


def found_issues(
    allocation: Allocation,
    actuals: Actuals,
    standings: Sequence[Standing],
    period: Period,
    language: Language,
) -> Iterator[Issue]:
    """List what a reader should check: units, sums of the area, indicators without quotas."""
    plan = allocation.plan
    if (nothing := _nothing(actuals, standings, period)) is not None:
        yield Issue("warning", "", nothing.text(language), nothing.code, nothing.data)
    tracked = {one.indicator.id for one in standings}
    for one in standings:
        for message in (
            *_units(one, plan.region_names),
            *_sums(plan, actuals, one, period),
            *_stock(one, period),
            *_direction(allocation, one, period),
        ):
            text = message.text(language)
            yield Issue("warning", one.indicator.id, text, message.code, message.data)
    for other in plan.indicators:
        told = actuals.of_year(other.id, period.year)
        if other.id not in tracked and not np.isnan(told).all():
            message = say("progress_untracked", indicator=other.label, year=period.year)
            yield Issue("note", other.id, message.text(language), message.code, message.data)


def _nothing(actuals: Actuals, standings: Sequence[Standing], period: Period) -> Message | None:
    """Tell that nothing was reached by that month, as far as is known, and which month has data."""
    if not all(np.isnan(one.actual).all() for one in standings):
        return None
    told = [~np.isnan(actuals.of_year(one.indicator.id, period.year)) for one in standings]
    months = np.flatnonzero(np.any(told, axis=(0, 1))) + 1
    month = f"{period.year}-{period.last:02d}"
    if not len(months):
        return say("progress_no_year", month=month, year=period.year)
    known = [f"{period.year}-{one:02d}" for one in months.tolist()]
    return say("progress_no_month", month=month, known=known)


def _units(one: Standing, names: Sequence[str]) -> Iterator[Message]:
    """Tell actuals that are about ten thousand, or a hundred million, times what is due."""
    here = one.asked & (one.actual > 0) & (one.quota > 0) & (one.due > 0)
    times_due = one.actual / (one.quota * one.due)
    here &= times_due > 0  # what is next to nothing underflows
    sizes = np.log10(times_due, where=here, out=np.zeros(len(here)))
    for power, times in _UNITS.items():
        off = here & (np.abs(sizes - power) <= _ABOUT)
        data = {"indicator": one.indicator.label, "times": f"{times:,}", "unit": one.indicator.unit}
        if off.any() and (off == here).all():
            yield say("progress_unit", **data)
        elif off.any():
            regions = [names[region] for region in np.flatnonzero(off).tolist()]
            yield say("progress_unit_of", regions=regions, **data)


def _sums(plan: Plan, actuals: Actuals, one: Standing, period: Period) -> Iterator[Message]:
    """Tell rows of sums that their regions, all of them reported, do not add up to."""
    if one.indicator.kind == "ratio":
        return
    given = actuals.sums_of_year(one.indicator.id, period.year)
    for scope, months in sorted(given.items(), reverse=True):
        inside = True if scope == AREA else plan.members[group_of(scope)]
        parts = one.actual[~np.isnan(one.quota) & inside]
        said, whole = float(months[period.last - 1]), float(parts.sum())
        if np.isnan(said) or np.isnan(whole):
            continue
        if abs(said - whole) > _ALIKE * max(abs(said), abs(whole)):
            label = plan.scope_label(scope)
            data = {"indicator": one.indicator.label, "area": label, "given": said, "sum": whole}
            yield say("progress_area", **data)


def _stock(one: Standing, period: Period) -> Iterator[Message]:
    """Tell numbers of a level that look like those at a date, and are compared month by month."""
    indicator = one.indicator
    told = one.completion[one.asked & ~np.isnan(one.completion)]
    counted = indicator.kind == "level" and indicator.publish == "value"
    if not counted or one.at_most or indicator.schedule or period.last > _EARLY or not len(told):
        return
    middle = float(np.median(told))
    if _NEARLY <= middle <= 1 / _NEARLY:
        yield say("progress_stock", indicator=indicator.label, part=f"{middle:.0%}")


def _direction(allocation: Allocation, one: Standing, period: Period) -> Iterator[Message]:
    """Tell quotas that fall although their figures do not say that less is better."""
    indicator = one.indicator
    if one.at_most or indicator.publish != "value" or indicator.kind == "flow":
        return
    targets = (indicator.target, *indicator.group_targets.values())
    if any(said.sense is Sense.AT_LEAST for target in targets for _, said in target.given()):
        return
    before = value_before(allocation, indicator, allocation.plan.year_index[period.year])
    known = one.asked & ~np.isnan(before)
    falls = one.quota < before - _ALIKE * np.abs(before)
    if known.any() and falls[known].mean() > 1 / 2:
        yield say("progress_direction", indicator=indicator.label)
