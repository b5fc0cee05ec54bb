"""Stretch quotas: a second, higher set beside the base quotas, never below them."""

from __future__ import annotations

from typing import Any

import numpy as np

from decompose.errors import InfeasibleError
from decompose.plan import Plan
from decompose.plan.ratios import Known
from decompose.settle import Settled, settle

HALVINGS = 12
"""How closely the part of base quotas that can be kept is found: to 1 / 4096."""


def stretched(plan: Plan) -> Plan | None:
    """Return the plan with its stretch figures in place of its own; None where it has none."""
    data = plan.source()
    found = False
    for indicator, content in zip(plan.indicators, data["indicators"], strict=True):
        targets = [(indicator.target, content.get("target", {}))]
        groups = content.get("group_targets", {})
        targets += [(target, groups[name]) for name, target in indicator.group_targets.items()]
        for target, said in targets:
            if target.stretch is not None:
                found = True
                _replace(said)
    return Plan.model_validate(data) if found else None


def _replace(said: dict[str, Any]) -> None:
    """Put stretch figures in place: a year or a total that they do not give is left open.

    Yearly rates are rules as well as figures, and stay.
    """
    stretch = said.pop("stretch")
    for name in list(said):
        if name not in ("margin", "tolerance") and not name.endswith("_each_year"):
            del said[name]
    said.update(stretch)


def settle_stretch(plan: Plan, base: Settled, *, solver: Any = "highs") -> Settled | None:
    """Settle a plan's stretch figures; None where it has none.

    Quotas stay at or above the base quotas. Where that cannot be, they stay above the largest
    common part of them that can, so that no region falls short by a larger part than it must.
    Where targets of the base quotas may give way, so may these, once base quotas have.
    """
    higher = stretched(plan)
    if higher is None:
        return None
    try:
        return _above_base(higher, base.least(), solver, gap=False)
    except InfeasibleError:
        if not base.gap:
            raise
    return _above_base(higher, base.least(), solver, gap=True)


def _above_base(higher: Plan, floors: Known, solver: Any, *, gap: bool) -> Settled:
    """Settle stretch figures above base quotas, or the largest part of them that can be kept."""
    try:
        return settle(higher, solver=solver, floors=floors, gap=gap)
    except InfeasibleError:
        best = settle(higher, solver=solver, gap=gap)
    low, high = 0.0, 1.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        try:
            best = settle(higher, solver=solver, floors=_part(floors, middle), gap=gap)
            low = middle
        except InfeasibleError:
            high = middle
    return best


def _part(floors: Known, part: float) -> Known:
    return {name: np.asarray(values * part) for name, values in floors.items()}
