"""What pydantic found wrong, in our words."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import BaseModel

from decompose.errors import Mistake
from decompose.figures import plain, written
from decompose.labels import Message, say
from decompose.plan import limits, models, targets
from decompose.plan.content import PlanContent
from decompose.plan.hints import hint
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
_BOUNDS = {
    "greater_than": (">", "gt"),
    "greater_than_equal": ("≥", "ge"),
    "less_than_equal": ("≤", "le"),
}
"""How a bound is written, and where pydantic's details have it."""


def walk(data: Any, loc: Loc) -> list[tuple[Any, str | int]]:
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


def name_of(item: Any) -> str | None:
    """Return the id, or else the name, of an item of a list; None where it has none."""
    names = [item.get("id"), item.get("name")] if isinstance(item, dict) else []
    return next((written(name) for name in names if isinstance(name, (str, int)) and name), None)


def news(details: Sequence[Any]) -> list[Any]:
    """Leave out the errors of pydantic that only follow from others.

    A list whose items failed counts as too short; of a union each branch complains; the base
    year comes from the years where it is not given.
    """
    locs = [tuple(detail["loc"]) for detail in details]
    choices = {
        loc[:-1]
        for detail, loc in zip(details, locs, strict=True)
        if detail["type"] == "literal_error" and isinstance(detail["input"], str)
    }

    def follows(detail: Any, loc: Loc) -> bool:
        if detail["type"] == "missing" and loc == ("base_year",):
            return any(other[0] == "years" for other in locs)
        if detail["type"] == "too_short":
            return any(len(other) > len(loc) and other[: len(loc)] == loc for other in locs)
        if detail["type"] in ("string_type", "literal_error") and isinstance(detail["input"], dict):
            union = loc[:-1]
            return any(len(other) > len(loc) and other[: len(union)] == union for other in locs)
        if detail["type"] == "dict_type" and isinstance(detail["input"], str):
            return loc[:-1] in choices
        return False

    return [detail for detail, loc in zip(details, locs, strict=True) if not follows(detail, loc)]


def meant(detail: Any) -> str | None:
    """Return the choice that a wrong one was to be, by its spelling; None where none is near."""
    if detail["type"] != "literal_error" or not isinstance(detail["input"], str):
        return None
    found = plain(detail["input"]).lower()
    return next(iter(difflib.get_close_matches(found, _choices(detail), n=1, cutoff=0.6)), None)


def _choices(detail: Any) -> list[str]:
    text: str = detail["ctx"]["expected"]
    return text.replace("'", "").replace(" or ", ", ").split(", ")


def mistake_of(detail: Any, path: Loc) -> Mistake:
    """Tell one of pydantic's errors in our words.

    Parameters
    ----------
    detail
        One of pydantic's errors.
    path
        Where it is, as ``with_changes`` names it.
    """
    loc: Loc = tuple(detail["loc"])
    kind: str = detail["type"]
    found = detail.get("input")
    read = shown(found)
    cause = detail.get("ctx", {}).get("error")
    if isinstance(cause, ValueError) and cause.args and isinstance(cause.args[0], Message):
        return Mistake(cause.args[0], path)
    if kind in ("extra_forbidden", "invalid_key"):
        key = str(loc[-1])
        return Mistake(say("key_unknown", found=key, hint=_hint(key, path)), path)
    if kind == "missing":
        return Mistake(say("key_missing", found=str(loc[-1])), path)
    if kind == "literal_error":
        known = _choices(detail)
        if choice := meant(detail):
            return Mistake(say("choice_close", found=read, close=choice, known=known), path)
        return Mistake(say("choice_wrong", found=read, known=known), path)
    if kind == "string_pattern_mismatch":
        return Mistake(say("id_wrong", found=read), path)
    if kind == "too_short":
        return Mistake(say("list_empty"), path)
    if kind in _BOUNDS:
        sign, key = _BOUNDS[kind]
        bound = f"{sign} {detail['ctx'][key]:g}"
        return Mistake(say("out_of_range", found=read, bound=bound), path)
    if kind in _WANTED:
        wanted = _keys_of(detail) or say(_WANTED[kind])
        return Mistake(say("kind_of_value", found=read, wanted=wanted), path)
    return Mistake(say("field_wrong", found=read, reason=detail["msg"]), path)


def shown(found: Any) -> str | Message:
    """Return a value, or the name of its kind, as messages show it."""
    if isinstance(found, (str, int, float)):
        return written(found)
    kinds = ((dict, "found_mapping"), ((list, tuple), "found_list"), (type(None), "found_nothing"))
    code = next((code for kind, code in kinds if isinstance(found, kind)), None)
    return say(code) if code else type(found).__name__


_HOLDERS: dict[str, type[Model]] = {
    "regions": models.Region,
    "groups": models.Group,
    "indicators": models.Indicator,
    "target": targets.Target,
    "group_targets": targets.Target,
    "stated": targets.Stated,
    "limits": limits.Limits,
    "locks": limits.Lock,
    "links": limits.Link,
    "allocate": models.Allocation,
}
"""What stands under a key of a plan."""


_FEW = 16
"""How many keys a message lists; of an indicator they would be forty."""


def _keys_of(detail: Any) -> Message | None:
    """Tell the keys of the mapping that is wanted; None where any will do, or they are many."""
    wanted = detail.get("ctx", {}).get("class_name")
    known = next((list(one.model_fields) for one in _holders() if one.__name__ == wanted), [])
    return say("keys_wanted", known=known) if 0 < len(known) <= _FEW else None


def _holders() -> Iterator[type[BaseModel]]:
    below: list[type[BaseModel]] = [Model]
    while below:
        one = below.pop()
        yield one
        below += one.__subclasses__()


def _hint(key: str, path: Loc) -> Message:
    """Suggest where a key stands that is right elsewhere in an indicator, or else a near one."""
    holder = next((str(one) for one in reversed(path[:-1]) if str(one) in _HOLDERS), None)
    if holder == "indicators":
        under = [one for one in ("target", "limits") if key in _HOLDERS[one].model_fields]
        if under:
            return say("key_under", places=under)
    elif holder in ("target", "group_targets", "limits") and key in models.Indicator.model_fields:
        return say("key_beside", holder=holder)
    known = (_HOLDERS[holder] if holder else PlanContent).model_fields
    if "years" in known and len(key) == 4 and key.isdecimal():
        return say("key_year", found=key)
    near = hint(key, known)
    few = near.code == "key_remove" and holder is not None and len(known) <= _FEW
    return say("key_known", known=list(known)) if few else near
