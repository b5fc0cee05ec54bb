"""Stretch quotas: a second, higher set beside the base quotas, never below them."""

from __future__ import annotations

from typing import Any

import numpy as np

from decompose.anchor import NOISE
from decompose.errors import InfeasibleError
from decompose.plan import Plan
from decompose.plan.ratios import Known
from decompose.problem import Floats
from decompose.settle import Settled, settle


def has_stretch(plan: Plan) -> bool:
    """Whether a plan has stretch figures."""
    targets = (t for one in plan.indicators for t in (one.target, *one.group_targets.values()))
    return any(target.stretch is not None for target in targets)


def stretched(plan: Plan) -> Plan | None:
    """Return the plan with its stretch figures in place of its own; None where it has none.

    Words that are printed in place of the area's figures are those of the base figures.
    """
    if not has_stretch(plan):
        return None
    data = plan.source()
    for indicator, content in zip(plan.indicators, data["indicators"], strict=True):
        content.pop("display", None)
        targets = [(indicator.target, content.get("target", {}))]
        groups = content.get("group_targets", {})
        targets += [(target, groups[name]) for name, target in indicator.group_targets.items()]
        for target, said in targets:
            if target.stretch is not None:
                _replace(said)
    return Plan.model_validate(data)


def _replace(said: dict[str, Any]) -> None:
    """Put stretch figures in place: a year or a total that they do not give is left open.

    Yearly rates are rules as well as figures, and stay.
    """
    stretch = said.pop("stretch")
    for name in list(said):
        if name not in ("margin", "tolerance") and not name.endswith("_each_year"):
            del said[name]
    said.update(stretch)


def in_stretch(plan: Plan, path: str) -> str:
    """Return where a plan says what its stretched plan says at a path."""
    keys = path.split(".")
    end = 4 if keys[2] == "group_targets" else 3
    if keys[2] not in ("target", "group_targets") or len(keys) <= end:
        return path
    indicator = plan.indicators[plan.indicator_index[keys[1]]]
    target = indicator.group_targets[keys[3]] if end == 4 else indicator.target
    if target.stretch is None or keys[end] not in target.stretch.model_fields_set:
        return path
    return ".".join((*keys[:end], "stretch", *keys[end:]))


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
