"""What moves a ratio of several regions together: their mix, and what each of them brings."""

from __future__ import annotations

import numpy as np

from decompose.plan.content import PlanContent
from decompose.plan.models import Indicator
from decompose.plan.ratios import PERCENT, Known, ratio_numbers, region_base, scope_value
from decompose.problem import Bools, Floats


def split_change(
    content: PlanContent, indicator: Indicator, known: Known, members: Bools
) -> tuple[Floats, Floats]:
    """Split the change of a scope's ratio since the base year, by year.

    With weights w by denominators and regions' ratios r, of the base year where marked with 0:
    ``Σ w·r - Σ w0·r0 = Σ (w - w0)·r0 + Σ w·(r - r0)``. The first is what the ratio would do if
    every region kept its own (DESIGN section 2: the area's cut is never the mean of cuts).

    Parameters
    ----------
    content, indicator
        The plan, and a ratio of it.
    known
        Printed values by id.
    members
        The regions of the scope.

    Returns
    -------
    What the mix brings and what the regions bring, in the published unit: of a cut, percent that
    the ratio falls; else how far its value rises. NaN where a part is unknown.
    """
    numbers = ratio_numbers(content, indicator, known)
    value = scope_value(content, indicator, numbers, known, members)
    base, own = numbers.base_of(members), region_base(numbers)
    below = np.where(members[:, None] & ~np.isnan(numbers.factor), numbers.denominator, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        kept = np.where(below > 0, own[:, None] * below, 0.0).sum(axis=0) / below.sum(axis=0)
        if indicator.publish == "cut":
            return PERCENT * (base - kept) / base, PERCENT * (kept - value) / base
    return kept - base, value - kept
