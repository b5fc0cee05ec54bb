"""The frozen Plan: read from plain data with every mistake told at once, changed into a new one."""

from __future__ import annotations

import copy
import html
from collections.abc import Callable, Mapping
from typing import Any, Self

from pydantic import ValidationError

from decompose.errors import Mistake, PlanError
from decompose.figures import plain
from decompose.labels import Language, Message, say
from decompose.plan.content import PlanContent
from decompose.plan.crossing import cross_mistakes
from decompose.plan.mistakes import left_by_us, mistake_of, news, prune

Place = Callable[[tuple[str | int, ...]], str]


class Plan(PlanContent):
    """What is wanted of whom and when, and under which rules.

    A Plan is frozen; :meth:`with_changes` makes a new one. Read it with ``read_plan``, or from
    plain data with :meth:`model_validate`, which takes the content of a plan file with tables as
    DataFrames or mappings.
    """

    @classmethod
    def model_validate(  # type: ignore[override] # takes the language in place of pydantic's options
        cls, obj: Any, *, place: Place | None = None, language: Language = "zh"
    ) -> Self:
        """Make a plan of plain data.

        Parameters
        ----------
        obj
            The content of a plan file.
        place
            Tells file and line of a path, for the mistakes.
        language
            Of the errors.

        Raises
        ------
        PlanError
            With every mistake of the data.
        """
        if isinstance(obj, cls):
            return obj
        data = copy.deepcopy(_mutable(obj))
        mistakes: list[Mistake] = []
        told: list[tuple[str | int, ...]] = []
        plan: Self | None = None
        whole = True
        while plan is None:
            try:
                plan = super().model_validate(data)
            except ValidationError as error:
                details = news(error.errors())
                mistakes += [
                    mistake_of(detail, data) for detail in details if not left_by_us(detail, told)
                ]
                told += [tuple(detail["loc"]) for detail in details]
                data, rest = prune(data, [detail["loc"] for detail in details])
                whole = whole and rest
                if data is None:
                    break
        if plan is not None and whole:
            mistakes += cross_mistakes(plan)
        if mistakes:
            placed = [_placed(mistake, place) for mistake in mistakes]
            raise PlanError(say("plan_wrong", count=len(placed)), placed, language=language)
        assert plan is not None  # without a plan there are mistakes
        return plan

    def with_changes(self, changes: Mapping[str, Any], *, language: Language = "zh") -> Self:
        """Return a new plan with some values replaced, validated again.

        Parameters
        ----------
        changes
            Path → new value; a path is keys joined by dots, indicators by id and regions by
            name (``"indicators.upgrade_investment.limits.growth.max": "40%"``), links by their
            position from 0. None removes.

        Raises
        ------
        PlanError
            Where a path leads nowhere, or the changed plan is wrong.
        """
        data = self.source()
        for path, value in changes.items():
            _put(data, path, value, language)
        return type(self).model_validate(data, language=language)

    def source(self) -> dict[str, Any]:
        """Return the plan as plain data, as a plan file would say it."""
        data: dict[str, Any] = _mutable(self.model_dump(exclude_unset=True))
        return data

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{html.escape(one.id)}</td><td>{html.escape(one.label)}</td>"
            f"<td>{html.escape(one.unit)}</td><td>{one.kind}</td></tr>"
            for one in self.indicators
        )
        title = html.escape(f"{self.area} {self.title} {self.years[0]}–{self.years[-1]}")
        return f"<table><caption>{title}</caption>{rows}</table>"


def _mutable(value: Any) -> Any:
    """Return plain dictionaries and lists, so that they can be changed."""
    if isinstance(value, dict):
        return {key: _mutable(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_mutable(inner) for inner in value]
    return value


def _placed(mistake: Mistake, place: Place | None) -> Mistake:
    if place is None or mistake.place:
        return mistake
    return Mistake(mistake.message, mistake.path, place(mistake.path))


def _put(data: dict[str, Any], path: str, value: Any, language: Language) -> None:
    """Set the value at a path, making the mappings that lead to it."""
    *steps, last = path.split(".")
    place: Any = data
    for number, step in enumerate(steps):
        inner = _step(place, step)
        if inner is None and isinstance(place, list):
            _lost(path, step, place, language)
        if not isinstance(inner, (dict, list)):
            inner = {} if inner is None else {"default": inner}
            place[_key(place, step)] = inner
        place = inner
        if number == 0 and step not in Plan.model_fields:
            _lost(path, step, list(Plan.model_fields), language)
    if isinstance(place, list):
        index = _index(place, last)
        if index is None:
            _lost(path, last, place, language)
        elif value is None:
            del place[index]
        else:
            place[index] = _mutable(value)
    elif value is None:
        place.pop(_key(place, last), None)
    else:
        place[_key(place, last)] = _mutable(value)


def _called(item: Any, name: str) -> bool:
    return isinstance(item, dict) and name in (item.get("id"), item.get("name"))


def _index(items: list[Any], name: str) -> int | None:
    """Return the place of an item in a list: by its id or name, else by its position from 0."""
    named = (k for k, item in enumerate(items) if _called(item, name))
    position = int(name) if name.isdecimal() and int(name) < len(items) else None
    return next(named, position)


def _step(place: Any, step: str) -> Any:
    if isinstance(place, list):
        index = _index(place, step)
        return None if index is None else place[index]
    return place.get(_key(place, step))


def _key(place: dict[Any, Any], step: str) -> Any:
    """Return the key that is there in another form: 2015 as a number, a name in full width."""
    return next((key for key in place if plain(str(key)) == plain(step)), step)


def _lost(path: str, step: str, known: Any, language: Language) -> None:
    names = [
        str(item.get("id") or item.get("name")) if isinstance(item, dict) else str(item)
        for item in known
    ]
    told: Message = say("change_unknown", path=path, found=step, known=names)
    mistake = Mistake(told, tuple(path.split(".")))
    raise PlanError(say("plan_wrong", count=1), [mistake], language=language)
