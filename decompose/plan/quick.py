"""Changed plans by the thousand: only what the changes reach is validated again.

``Plan.with_changes`` tells what a legal change is. Rules across fields look from one indicator to
another only where one names the other, so that a change inside an indicator can make a mistake
only among those that names join to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from decompose.errors import PlanError
from decompose.plan.crossing import cross_mistakes
from decompose.plan.models import Indicator
from decompose.plan.order import beside
from decompose.plan.plan import Plan, mutable, put

INSIDE = frozenset(
    {
        "allocate",
        "base",
        "base_total",
        "cost",
        "fairness",
        "group_targets",
        "hand_out",
        "limits",
        "links",
        "locks",
        "path",
        "priority",
        "stated",
        "strict",
        "target",
        "tiers",
        "values",
    }
)
"""Keys of an indicator that no rule compares with those of indicators which it does not name."""


def quick_changes(plan: Plan, changes: Mapping[str, Any]) -> tuple[Plan, frozenset[int]] | None:
    """Change figures and limits of a plan, as ``with_changes`` would.

    Returns
    -------
    The changed plan, and the indices of the indicators that were changed. None where changes
    reach further, or there is a mistake: then ``with_changes`` makes the plan, or tells it.
    """
    index = plan.indicator_index
    contents: dict[int, dict[str, Any]] = {}
    for path, value in changes.items():
        steps = path.split(".")
        number = index.get(steps[1]) if len(steps) > 2 and steps[0] == "indicators" else None
        if number is None or steps[2] not in INSIDE:
            return None
        if number not in contents:
            said = plan.indicators[number].model_dump(exclude_unset=True)
            contents[number] = mutable(said)
        try:
            put({"indicators": [contents[number]]}, path, value)
        except PlanError:
            return None
    indicators = list(plan.indicators)
    try:
        for number, said in contents.items():
            indicators[number] = Indicator.model_validate(said)
    except ValidationError:
        return None
    changed = plan.with_indicators(indicators)
    numbers = joined(beside(plan), contents.keys()) | joined(beside(changed), contents.keys())
    some = changed.with_indicators(indicators[number] for number in sorted(numbers))
    if cross_mistakes(some):
        return None
    return changed, frozenset(contents)


def joined(others: Sequence[frozenset[int]], numbers: Iterable[int]) -> set[int]:
    """Return some indicators and all that names join to them, step by step."""
    found = set(numbers)
    reached = list(found)
    for one in reached:
        new = others[one] - found
        found |= new
        reached += new
    return found
