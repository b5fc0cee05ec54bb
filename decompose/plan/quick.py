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
from decompose.plan.crossing import indicator_mistakes
from decompose.plan.models import Indicator
from decompose.plan.order import references, targeted
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


def changed_indicators(plan: Plan, changes: Mapping[str, Any]) -> dict[int, Indicator] | None:
    """Change figures and limits of some indicators, as ``with_changes`` would.

    Returns
    -------
    The changed indicators by index. None where changes reach further, tie indicators in another
    way, or hold a mistake: then ``with_changes`` makes the plan, or tells it.
    """
    index = plan.indicator_index
    contents: dict[int, dict[str, Any]] = {}
    opened: set[tuple[int, str]] = set()
    for path, value in changes.items():
        steps = path.split(".")
        number = index.get(steps[1]) if len(steps) > 2 and steps[0] == "indicators" else None
        if number is None or steps[2] not in INSIDE:
            return None
        one, key = plan.indicators[number], steps[2]
        said = contents.setdefault(number, _fields(one))
        if (number, key) not in opened:
            said |= mutable(one.model_dump(include={key}, exclude_unset=True))
            opened.add((number, key))
        try:
            put({"indicators": [said]}, path, value)
        except PlanError:
            return None
    try:
        found = {number: Indicator.model_validate(said) for number, said in contents.items()}
    except ValidationError:
        return None
    same = all(_ties(one) == _ties(plan.indicators[number]) for number, one in found.items())
    return found if same else None


def _fields(one: Indicator) -> dict[str, Any]:
    """Return what an indicator says, its fields as they are: they are not validated again."""
    return {name: getattr(one, name) for name in one.model_fields_set}


def _ties(one: Indicator) -> tuple[object, ...]:
    """Return what decides with what, and when, an indicator is settled."""
    return references(one), targeted(one), one.priority, one.increase_of, one.fairness


def with_indicators(
    plan: Plan, changed: Mapping[int, Indicator], part: frozenset[int]
) -> Plan | None:
    """Return the plan with some indicators changed; None where the changes make a mistake.

    Parameters
    ----------
    plan
        A plan without mistakes.
    changed
        Indicators by index, valid by themselves.
    part
        Indices of these and of all that names join to them.
    """
    indicators = [changed.get(number, one) for number, one in enumerate(plan.indicators)]
    some = plan.with_indicators(indicators[number] for number in sorted(part))
    wrong = next(indicator_mistakes(some), None)
    return plan.with_indicators(indicators) if wrong is None else None


def parts_of(others: Sequence[frozenset[int]]) -> tuple[frozenset[int], ...]:
    """Return, for each indicator, all that names join to it."""
    return tuple(frozenset(joined(others, [number])) for number in range(len(others)))


def joined(others: Sequence[frozenset[int]], numbers: Iterable[int]) -> set[int]:
    """Return some indicators and all that names join to them, step by step."""
    found = set(numbers)
    reached = list(found)
    for one in reached:
        new = others[one] - found
        found |= new
        reached += new
    return found
