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


def by_indicator(plan: Plan, changes: Mapping[str, Any]) -> dict[int, dict[str, Any]] | None:
    """Return the changes of each indicator, by its index; None where a change reaches further."""
    found: dict[int, dict[str, Any]] = {}
    for path, value in changes.items():
        steps = path.split(".")
        number = None
        if len(steps) > 2 and steps[0] == "indicators" and steps[2] in INSIDE:
            number = plan.indicator_index.get(steps[1])
        if number is None:
            return None
        found.setdefault(number, {})[path] = value
    return found


def changed_indicator(plan: Plan, number: int, changes: Mapping[str, Any]) -> Indicator | None:
    """Change figures and limits of one indicator, as ``with_changes`` would.

    Parameters
    ----------
    plan, number
        The plan, and the indicator's index.
    changes
        As ``by_indicator`` returns them.

    Returns
    -------
    The indicator. None where changes tie it to others in another way, or hold a mistake: then
    ``with_changes`` makes the plan, or tells it.
    """
    one = plan.indicators[number]
    said = _fields(one)
    opened: set[str] = set()
    for path, value in changes.items():
        key = path.split(".")[2]
        if key not in opened:
            said |= mutable(one.model_dump(include={key}, exclude_unset=True))
            opened.add(key)
        try:
            put({"indicators": [said]}, path, value)
        except PlanError:
            return None
    try:
        found = Indicator.model_validate(said)
    except ValidationError:
        return None
    return found if _ties(found) == _ties(one) else None


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
