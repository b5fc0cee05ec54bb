"""A limit as a plan writes it: one figure, or figures by region, group, year, area.

DESIGN section 2 "Limits": a bare figure is each region's; under the area's name it binds the
area's sum, under a group's name each of its regions, under ``sum: {group: …}`` the group's sum;
for one region the most specific entry replaces the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, NamedTuple

from pydantic import BeforeValidator, PlainSerializer

from decompose.figures import parse_quantity, parse_rate, plain, write_rate
from decompose.labels import Message, say

DEFAULT = "default"
"""The key of the figure for every region that no other entry names."""


class Entry(NamedTuple):
    """One figure of a limit: the keys that lead to it, and the figure or a column's name.

    A figure that cannot be read stays here as a Message, and is reported with its own place.
    """

    keys: tuple[str, ...]
    value: float | str | Message


class Spec(tuple[Entry, ...]):
    """The entries of one limit, in the order of the file."""

    __slots__ = ()


def _entries(value: object, keys: tuple[str, ...], *, rate: bool) -> Iterator[Entry]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            step = () if key == DEFAULT else (plain(str(key)),)
            yield from _entries(inner, keys + step, rate=rate)
        return
    if value is None:
        return
    try:
        yield Entry(keys, (parse_rate if rate else parse_quantity)(value))
    except ValueError as error:
        message = error.args[0]
        column = isinstance(value, str) and message.code == "not_a_number" and plain(value)
        yield Entry(keys, column or message)


def _read(value: object, *, rate: bool) -> Spec:
    if isinstance(value, Spec):
        return value
    return Spec(_entries(value, (), rate=rate))


def _write_rates(spec: Spec) -> Any:
    """Return what a plan file would say of rates."""
    return _write(
        Spec(
            Entry(keys, write_rate(value) if isinstance(value, float) else value)
            for keys, value in spec
        )
    )


def _write(spec: Spec) -> Any:
    """Return what a plan file would say."""
    if len(spec) == 1 and not spec[0].keys:
        return spec[0].value
    nested: dict[str, Any] = {}
    for keys, value in spec:
        place = nested
        path = keys or (DEFAULT,)
        for key in path[:-1]:
            inner = place.setdefault(key, {})
            if not isinstance(inner, dict):
                inner = place[key] = {DEFAULT: inner}
            place = inner
        if isinstance(place.get(path[-1]), dict):
            place[path[-1]][DEFAULT] = value
        else:
            place[path[-1]] = value
    return nested


QuantitySpec = Annotated[
    Spec, BeforeValidator(lambda value: _read(value, rate=False)), PlainSerializer(_write)
]
RateSpec = Annotated[
    Spec, BeforeValidator(lambda value: _read(value, rate=True)), PlainSerializer(_write_rates)
]


def least_and_greatest(value: object) -> object:
    """Bring ``{min: 5%, area: {min: 7.5%}}`` into ``{min: {default: 5%, area: 7.5%}}``.

    A limit with two ends may name its scopes outside or inside them; inside is kept.
    """
    if not isinstance(value, Mapping) or set(value) <= {"min", "max"}:
        return value
    ends: dict[str, Any] = {}

    def collect(inner: Mapping[Any, Any], keys: tuple[Any, ...]) -> None:
        for key, content in inner.items():
            if key in ("min", "max"):
                place = ends.setdefault(str(key), {})
                path = keys or (DEFAULT,)
                for step in path[:-1]:
                    if not isinstance(place.get(step), dict):
                        place[step] = {DEFAULT: place[step]} if step in place else {}
                    place = place[step]
                _merge(place, path[-1], content)
            elif isinstance(content, Mapping):
                collect(content, (*keys, key))
            else:
                raise ValueError(say("min_or_max_wanted", found=str(key)))

    collect(value, ())
    return ends


def _merge(place: dict[Any, Any], key: Any, content: Any) -> None:
    if key == DEFAULT and isinstance(content, Mapping):
        place.update(content)
    elif isinstance(place.get(key), dict):
        place[key].update(content if isinstance(content, Mapping) else {DEFAULT: content})
    else:
        place[key] = content
