"""References below 0: shares of nothing can be less than it, so that they are mistakes."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from decompose.labels import Message, say
from decompose.plan.content import PlanContent
from decompose.plan.steps import SNAP
from decompose.problem import Floats
from decompose.series.model import Series


class Negative(NamedTuple):
    """A negative reference: index of region and year, and what to say of it."""

    region: int
    year: int
    message: Message


def not_below_zero(reference: Floats, step: float, *, signed: bool, past: int) -> Floats:
    """Return references of which only those are below 0 that are mistakes.

    Where quotas cannot be negative, the nearest to what is negative is 0; so it is in the first
    ``past`` years, which are over: nothing is shared there. Elsewhere what the arithmetic leaves
    below 0 is 0 too.
    """
    over = np.arange(reference.shape[1]) < past
    nothing = (reference < 0) & ((reference > -SNAP * step) | (not signed) | over)
    return np.where(nothing, 0.0, reference)


def negative_reference(content: PlanContent, series: Series) -> Negative | None:
    """Find the first year's most negative reference; None where there is none."""
    regions, years = np.nonzero(series.reference < 0)
    if not len(regions):
        return None
    found = series.reference[regions, years]
    names = [content.region_names[region] for region in regions.tolist()]
    steps = np.rint(found / series.step)
    first = min(range(len(names)), key=lambda k: (years[k], steps[k], names[k]))
    region, year = int(regions[first]), int(years[first])
    indicator = series.indicator
    if indicator.kind == "ratio":
        way = say("negative_ratio")
    elif indicator.increase_of is not None and np.isnan(series.handed[year]):
        way = say("negative_increase", level=indicator.increase_of)
    elif indicator.publish == "increment":
        way = say("negative_increment")
    else:
        way = say("negative_sum")
    message = say(
        "negative_reference",
        indicator=indicator.label,
        region=names[first],
        year=content.years[year],
        found=float(found[first]),
        unit=indicator.unit,
        count=len(names),
        way=way,
    )
    return Negative(region, year, message)
