"""Stretch quotas: a second, higher set beside the base quotas, never below them."""

from __future__ import annotations

from typing import Any

import numpy as np

from decompose.anchor import NOISE
from decompose.errors import InfeasibleError
from decompose.plan import Plan
from decompose.plan.ratios import Known
from decompose.plan.stretched import stretched
from decompose.problem import Floats
from decompose.settle import Settled, settle


def settle_stretch(
    plan: Plan, base: Settled, *, solver: Any = "highs", gap: bool = False
) -> Settled | None:
    """Settle a plan's stretch figures; None where it has none.

    Quotas do not fall behind the base quotas. Where they must, the largest shortfall, relative
    to its base quota, is as small as the rules allow, then the next (DESIGN section 3, Edges).
    Where targets of the base quotas may give way, so may these, or where ``gap`` allows it.
    """
    higher = stretched(plan)
    if higher is None:
        return None
    try:
        return settle(higher, solver=solver, base=base)
    except InfeasibleError:
        if not (base.gap or gap):
            raise
    return settle(higher, solver=solver, base=base, gap=True)


def going_with(now: Known, stood: Known, higher: Known) -> dict[str, Floats]:
    """Return stretch quotas; in years in which they were the base quotas they stay these.

    Parameters
    ----------
    now, stood
        Base quotas as they are now, and as they were, by indicator id.
    higher
        Stretch quotas as they were.
    """
    found = {}
    for name, grid in higher.items():
        same = np.isclose(grid, stood[name], rtol=0, atol=NOISE, equal_nan=True).all(axis=0)
        found[name] = np.where(same, now[name], grid)
    return found
