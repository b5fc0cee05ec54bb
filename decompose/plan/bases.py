"""Base-year values as they count: the regions' brought to the area's own where they differ."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from decompose.plan.content import PlanContent
from decompose.plan.models import Indicator


def settled_bases(content: PlanContent, indicator: Indicator) -> tuple[NDArray[np.float64], float]:
    """Return the regions' base-year values and the area's, a mismatch settled as the plan says.

    NaN where there is none.
    """
    base = content.base(indicator)
    total = float(np.nansum(base)) if not np.isnan(base).all() else np.nan
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
