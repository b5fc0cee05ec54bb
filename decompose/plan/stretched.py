"""A plan with its stretch figures in place of its own."""

from __future__ import annotations

from typing import Any

from decompose.plan.plan import Plan


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
