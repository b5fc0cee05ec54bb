"""What pydantic found wrong, in our words; and the data without it, to look for more."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from typing import Any

from decompose.errors import Mistake
from decompose.labels import Message, say
from decompose.plan import models, targets
from decompose.plan.content import PlanContent
from decompose.plan.values import Model

Loc = tuple[str | int, ...]

_WANTED = {
    "dict_type": "wanted_mapping",
    "model_type": "wanted_mapping",
    "model_attributes_type": "wanted_mapping",
    "tuple_type": "wanted_list",
    "list_type": "wanted_list",
    "string_type": "wanted_text",
    "int_type": "wanted_integer",
    "int_parsing": "wanted_integer",
    "int_from_float": "wanted_integer",
}

_NAMES = frozenset({"area", "total_label", "base_year", "years", "regions", "groups"})
"""The keys without which rules across fields would find mistakes that are none."""


def _walk(data: Any, loc: Loc) -> list[tuple[Any, str | int]]:
    """Follow a location as far as the data go: (container, key) pairs.

    Pydantic names union branches and keys in locations too; steps that the data do not have
    are passed over.
    """
    steps: list[tuple[Any, str | int]] = []
    place = data
    for step in loc:
        if isinstance(place, dict):
            key = next((key for key in place if key == step or str(key) == str(step)), None)
            if key is None:
                continue
            steps.append((place, key))
            place = place[key]
        elif isinstance(place, list) and isinstance(step, int) and step < len(place):
            steps.append((place, step))
            place = place[step]
    return steps


def _path(data: Any, loc: Loc) -> tuple[str | int, ...]:
    """Name the location as ``with_changes`` does: indicators by id, regions by name."""
    named: list[str | int] = []
    for container, key in _walk(data, loc):
        item = container[key]
        name = item.get("id") or item.get("name") if isinstance(item, dict) else None
        named.append(str(name) if isinstance(container, list) and name else key)
    return tuple(named)


def news(details: Sequence[Any]) -> list[Any]:
    """Leave out the errors of pydantic that only follow from others.

    A list whose items failed counts as too short; of a union each branch complains; the base
    year comes from the years where it is not given.
    """
    locs = [tuple(detail["loc"]) for detail in details]

    def follows(detail: Any, loc: Loc) -> bool:
        if detail["type"] == "missing" and loc == ("base_year",):
            return any(other[0] == "years" for other in locs)
        if detail["type"] == "too_short":
            return any(len(other) > len(loc) and other[: len(loc)] == loc for other in locs)
        if detail["type"] in ("string_type", "literal_error") and isinstance(detail["input"], dict):
            union = loc[:-1]
            return any(len(other) > len(loc) and other[: len(union)] == union for other in locs)
        return False

    return [detail for detail, loc in zip(details, locs, strict=True) if not follows(detail, loc)]


def left_by_us(detail: Any, told: Sequence[Loc]) -> bool:
    """Whether an error of a later round only shows that a wrong value was taken out before.

    Parameters
    ----------
    detail
        The error.
    told
        Where errors of the rounds before stood.
    """
    loc = tuple(detail["loc"])
    if detail["type"] in ("missing", "too_short"):
        return bool(told)
    return detail["type"] == "value_error" and any(
        len(other) > len(loc) and other[: len(loc)] == loc for other in told
    )


def mistake_of(detail: Any, data: Any) -> Mistake:
    """Tell one of pydantic's errors in our words."""
    loc: Loc = tuple(detail["loc"])
    kind: str = detail["type"]
    path = _path(data, loc)
    found = detail.get("input")
    shown = _shown(found)
    cause = detail.get("ctx", {}).get("error")
    if isinstance(cause, ValueError) and cause.args and isinstance(cause.args[0], Message):
        return Mistake(cause.args[0], path)
    if kind in ("extra_forbidden", "invalid_key"):
        key = str(loc[-1])
        close = difflib.get_close_matches(key, _known_keys(path), n=1, cutoff=0.6)
        hint = say("key_hint", close=close[0]) if close else say("key_remove")
        return Mistake(say("key_unknown", found=key, hint=hint), path)
    if kind == "missing":
        return Mistake(say("key_missing", found=str(loc[-1])), path)
    if kind == "literal_error":
        known = detail["ctx"]["expected"].replace("'", "").replace(" or ", ", ").split(", ")
        return Mistake(say("choice_wrong", found=shown, known=known), path)
    if kind == "string_pattern_mismatch":
        return Mistake(say("id_wrong", found=shown), path)
    if kind == "too_short":
        return Mistake(say("list_empty"), path)
    if kind in ("greater_than_equal", "less_than_equal"):
        bounds = "≥" if kind == "greater_than_equal" else "≤"
        bound = detail["ctx"]["ge" if kind == "greater_than_equal" else "le"]
        return Mistake(say("out_of_range", found=shown, bound=f"{bounds} {bound}"), path)
    if kind in _WANTED:
        return Mistake(say("kind_of_value", found=shown, wanted=say(_WANTED[kind])), path)
    return Mistake(say("field_wrong", found=shown, reason=detail["msg"]), path)


def _shown(found: Any) -> str | Message:
    if isinstance(found, (str, int, float)):
        return str(found)
    kinds = ((dict, "found_mapping"), ((list, tuple), "found_list"), (type(None), "found_nothing"))
    code = next((code for kind, code in kinds if isinstance(found, kind)), None)
    return say(code) if code else type(found).__name__


def _known_keys(path: tuple[str | int, ...]) -> list[str]:
    """Return the keys that stand where an unknown one was found (by the key that holds it)."""
    holders: dict[str, type[Model]] = {
        "regions": models.Region,
        "groups": models.Group,
        "indicators": models.Indicator,
        "target": targets.Target,
        "group_targets": targets.Target,
        "stated": targets.Stated,
        "limits": models.Limits,
        "locks": models.Lock,
        "links": models.Link,
        "allocate": models.Allocation,
    }
    holder = next((holders[str(key)] for key in reversed(path[:-1]) if str(key) in holders), None)
    return list((holder or PlanContent).model_fields)


def prune(data: Any, locs: Sequence[Loc]) -> tuple[Any, bool]:
    """Take the values at some locations out, so that the rest can be looked at.

    Returns
    -------
    The data without them (None where nothing is left to look at), and whether what is left is
    enough for rules across fields (names and years are all there).
    """
    whole = True
    marked: list[tuple[Any, str | int]] = []
    for loc in locs:
        steps = _walk(data, loc)
        missing = bool(steps) and len(steps) < len(loc) and isinstance(loc[-1], str)
        if not steps:
            return None, False
        container, key = steps[-1]
        if missing and isinstance(container[key], dict) and len(steps) == 1:
            return None, False
        marked.append((container, key))
        whole = whole and str(loc[0]) not in _NAMES
    for container, key in sorted(marked, key=lambda pair: str(pair[1]).zfill(9), reverse=True):
        if isinstance(container, list):
            if isinstance(key, int) and key < len(container):
                del container[key]
        else:
            container.pop(key, None)
    if not isinstance(data, dict) or not data:
        return None, False
    return data, whole
