"""Base-year values as they count: the regions' brought to the area's own where they differ."""

from __future__ import annotations

import numpy as np

from decompose.plan.content import PlanContent
from decompose.plan.models import Indicator
from decompose.problem import Floats


def settled_bases(content: PlanContent, indicator: Indicator) -> tuple[Floats, float]:
    """Return the regions' base-year values and the area's, a mismatch settled as the plan says.

    NaN where there is none; 0 where no region takes part, reserves aside.
    """
    base = content.base(indicator)
    takers = content.applies(indicator).any(axis=1) & ~content.reserve
    nothing = indicator.base is not None and not takers.any()
    total = float(np.nansum(base)) if nothing or not np.isnan(base).all() else np.nan
    wanted = indicator.base_total
    if wanted is None:
        return base, total
    if indicator.mismatch == "scale" and total:
        base = base * (wanted / total)
    elif indicator.mismatch == "reserve" and content.reserve.any():
        taker = int(np.flatnonzero(content.reserve)[0])
        base = base.copy()
        base[taker] = np.nan_to_num(base[taker]) + wanted - total
    return base, wanted
