"""The frozen Plan: read from plain data with every mistake told at once, changed into a new one."""

from __future__ import annotations

import contextlib
import html
import re
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any, Self

import numpy as np
import pandas as pd
from pydantic import ValidationError

from decompose.enough import MOST_MISTAKES, all_wrong
from decompose.errors import Mistake, PlanError
from decompose.figures import MOST_BITS, plain, written
from decompose.labels import Language, Message, say
from decompose.plan.content import PlanContent
from decompose.plan.crossing import cross_mistakes
from decompose.plan.draft import Draft
from decompose.plan.mistakes import name_of, news, shown
from decompose.plan.tables import Gathered, gather, unnamed

Place = Callable[[tuple[str | int, ...], str], str]

_HALF = re.compile("[\ud800-\udfff]")
"""Half a character of UTF-16, which no encoding can write alone."""

MOST_LEVELS = 60
"""How deep plain data may be nested: as deep as a plan file."""
MOST_SCOPES, MOST_YEARS, MOST_NUMBERS = 10_000, 100, 2_000_000
"""Regions and groups, years, and their product with the indicators: six times the whole country."""
MOST_DETAILS = 10 * MOST_MISTAKES
"""How many of pydantic's errors are looked at in one round: some of them are no news."""


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
            Language of error messages, ``"zh"`` or ``"en"``.

        Returns
        -------
        Plan
            A valid plan; ``obj`` itself where it is one.

        Raises
        ------
        PlanError
            Lists every mistake of the data.
        """
        if isinstance(obj, cls):
            return obj
        draft = Draft(_own(obj, language))
        mistakes: list[Mistake] = []
        plan: Self | None = None
        while plan is None:
            try:
                plan = super().model_validate(draft.data)
            except ValidationError as error:
                details = news(error.errors(include_url=False)[:MOST_DETAILS])
                mistakes += draft.mistakes(details)
                if len(mistakes) > MOST_MISTAKES:
                    break
                draft.take_out(details)
                if draft.data is None:
                    break
        large = None if plan is None else _too_large(plan)
        if large is not None:
            mistakes.append(large)
        elif plan is not None and draft.whole:
            mistakes += islice(draft.placed(cross_mistakes(plan)), MOST_MISTAKES + 1)
        if mistakes:
            placed = [_placed(mistake, place) for mistake in mistakes[: MOST_MISTAKES + 1]]
            raise all_wrong("plan_wrong", placed, language)
        assert plan is not None  # without a plan there are mistakes
        return plan

    def with_changes(self, changes: Mapping[str, Any], *, language: Language = "zh") -> Self:
        """Return a new plan with some values replaced, validated again.

        Parameters
        ----------
        changes
            Path → new value. A path is keys joined by dots, with indicators by id, regions by
            name, and links by their position from 0. None removes what stands there.
        language
            Language of error messages, ``"zh"`` or ``"en"``.

        Returns
        -------
        Plan
            A new plan; this one stays as it is.

        Raises
        ------
        PlanError
            A path leads nowhere, or the changed plan is wrong.

        Examples
        --------
        >>> wider = plan.with_changes({"indicators.investment.limits.max.West": 54})
        >>> dc.solve(wider).annex2(2025, language="en")["Investment"].tolist()
        [110.0, 22.4, 33.6, 54.0]
        """
        if not isinstance(changes, Mapping):
            told = say("kind_of_value", found=shown(changes), wanted=say("wanted_mapping"))
            raise all_wrong("plan_wrong", [Mistake(told)], language)
        data = self.source()
        for path, value in changes.items():
            put(data, written(path), value, language)
        return type(self).model_validate(data, language=language)

    def source(self) -> dict[str, Any]:
        """Return the plan as plain data, as a plan file would say it.

        Returns
        -------
        dict
            Mappings, lists and plain values, which the caller may change.
        """
        data: dict[str, Any] = mutable(self.model_dump(exclude_unset=True))
        return data

    def __repr__(self) -> str:
        counts = f"{len(self.indicators)} indicators, {len(self.regions)} regions"
        return f"<Plan {self.area} {self.years[0]}–{self.years[-1]}: {counts}>"

    __str__ = __repr__

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{html.escape(one.id)}</td><td>{html.escape(one.label)}</td>"
            f"<td>{html.escape(one.unit)}</td><td>{one.kind}</td></tr>"
            for one in self.indicators
        )
        title = html.escape(f"{self.area} {self.title} {self.years[0]}–{self.years[-1]}")
        return f"<table><caption>{title}</caption>{rows}</table>"


def _too_large(plan: PlanContent) -> Mistake | None:
    """Refuse a small file that asks for very many numbers."""
    scopes, years = len(plan.regions) + len(plan.groups), len(plan.years)
    numbers = scopes * years * len(plan.indicators)
    if scopes > MOST_SCOPES:
        return Mistake(say("scopes_many", found=scopes, most=MOST_SCOPES), ("regions",))
    if years > MOST_YEARS:
        return Mistake(say("years_many", found=years, most=MOST_YEARS), ("years",))
    if numbers > MOST_NUMBERS:
        found = {"scopes": scopes, "years": years, "indicators": len(plan.indicators)}
        return Mistake(say("numbers_many", **found, most=MOST_NUMBERS), ("indicators",))
    return None


def _own(obj: Any, language: Language) -> Any:
    """Return plain data that may be changed, with tables in their one form.

    Raises
    ------
    PlanError
        They are nested too deep, or hold whole numbers that nobody can write.
    """
    data = mutable(obj, language)
    if isinstance(data, dict) and "tables" in data:
        with contextlib.suppress(ValueError):  # what is no table is told with all other mistakes
            data["tables"] = gather(data["tables"])
    wrong = list(islice(_unwritable(data, ()), MOST_MISTAKES + 1))
    if wrong:
        raise all_wrong("plan_wrong", wrong, language)
    return data


def mutable(value: Any, language: Language = "zh", *, levels: int = MOST_LEVELS) -> Any:
    """Return plain dictionaries and lists, so that they can be changed.

    Raises
    ------
    PlanError
        Where they are nested deeper than so many levels.
    """
    if isinstance(value, (dict, list, tuple)) and not levels:
        raise all_wrong("plan_wrong", [Mistake(say("data_deep", most=MOST_LEVELS))], language)
    if isinstance(value, Gathered):
        return Gathered((column, dict(cells)) for column, cells in value.items())
    if isinstance(value, dict):
        return {key: mutable(inner, language, levels=levels - 1) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [mutable(inner, language, levels=levels - 1) for inner in value]
    if isinstance(value, (np.generic, np.ndarray, pd.Series, pd.Index)):
        bare = _bare(value)
        return value if bare is value else mutable(bare, language, levels=levels)
    return value


def _bare(value: np.generic | np.ndarray | pd.Series | pd.Index) -> Any:
    """Return what numpy and pandas hold: a number, a list, or a mapping of a series by its index.

    What is none of these, with two rows of one name or of several dimensions, stays as it is.
    """
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, pd.Series) and not unnamed(value.index):
        return value.to_dict() if value.index.is_unique else value
    return value.tolist() if value.ndim == 1 else value


def _unwritable(value: Any, path: tuple[str | int, ...]) -> Iterator[Mistake]:
    """Find keys and values that no file could hold.

    These are whole numbers of thousands of digits, halves of characters, and missing keys.
    """
    if isinstance(value, dict):
        for key, inner in value.items():
            if key is pd.NA:  # which compares to nothing
                yield Mistake(
                    say("kind_of_value", found=shown(key), wanted=say("wanted_text")), path
                )
                continue
            yield from _unwritable(key, path)
            if isinstance(inner, (dict, list, int, str)):  # most cells of tables are none of these
                yield from _unwritable(inner, (*path, written(key)))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _unwritable(inner, (*path, name_of(inner) or number))
    elif isinstance(value, str):
        if not value.isascii() and _HALF.search(value):
            yield Mistake(say("text_control", found=ascii(value)), path)
    elif isinstance(value, int) and value.bit_length() > MOST_BITS:
        yield Mistake(say("not_finite", found=written(value)), path)


def _placed(mistake: Mistake, place: Place | None) -> Mistake:
    if place is None or mistake.place:
        return mistake
    found = str(mistake.message.data.get("found", ""))
    return Mistake(mistake.message, mistake.path, place(mistake.path, found))


def put(data: dict[str, Any], path: str, value: Any, language: Language = "zh") -> None:
    """Set the value at a path of a plan's plain data, making the mappings that lead to it.

    Raises
    ------
    PlanError
        The path leads nowhere.
    """
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
        index = position_of(place, last)
        if index is None:
            _lost(path, last, place, language)
        elif value is None:
            del place[index]
        else:
            place[index] = mutable(value, language)
    elif value is None:
        place.pop(_key(place, last), None)
    else:
        place[_key(place, last)] = mutable(value, language)


def _called(item: Any, name: str) -> bool:
    """Whether an item has that id or name, or is that year."""
    if isinstance(item, dict):
        return name in (item.get("id"), item.get("name"))
    return isinstance(item, int) and len(name) == 4 and str(item) == name


def position_of(items: list[Any], name: str) -> int | None:
    """Return the place of an item: by its id, name or year, else by its position from 0."""
    named = (k for k, item in enumerate(items) if _called(item, name))
    position = int(name) if 0 < len(name) < 10 and name.isdecimal() else len(items)
    return next(named, position if position < len(items) else None)


def _step(place: Any, step: str) -> Any:
    if isinstance(place, list):
        index = position_of(place, step)
        return None if index is None else place[index]
    return place.get(_key(place, step))


def _key(place: dict[Any, Any], step: str) -> Any:
    """Return the key that is there in another form: 2015 as a number, a name in full width."""
    if step in place:  # as it is nearly always: hundreds of changes do not each read all keys
        return step
    wanted = plain(step)
    return next((key for key in place if plain(str(key)) == wanted), step)


def _lost(path: str, step: str, known: Any, language: Language) -> None:
    names = [
        str(item.get("id") or item.get("name")) if isinstance(item, dict) else str(item)
        for item in known
    ]
    told: Message = say("change_unknown", path=path, found=step, known=names)
    mistake = Mistake(told, tuple(path.split(".")))
    raise PlanError(say("plan_wrong", count=1), [mistake], language=language)
