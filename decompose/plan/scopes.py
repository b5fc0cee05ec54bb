"""A limit's entries laid over regions and years: which figure binds which scope."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, field
from operator import attrgetter
from typing import NamedTuple

import numpy as np

from decompose.errors import Mistake
from decompose.figures import plain
from decompose.labels import Message, say
from decompose.labels.words import EVERY_REGION
from decompose.plan.content import PlanContent
from decompose.plan.models import Indicator
from decompose.plan.spec import DEFAULT, Entry, Spec
from decompose.problem import AREA, FAMILIES, Floats, Ints, group_of

SUM = "sum"

_WEIGHT = {("each", False): 1, ("each", True): 2, ("group", False): 3, ("group", True): 4}
_REGION, _REGION_YEAR = 5, 6
_YEAR = re.compile("[0-9]{4}")


class Place(NamedTuple):
    """What the keys of an entry name."""

    kind: str
    """``each`` region, one ``region``, a ``group``'s regions, the ``area``'s or a group's sum."""
    number: int
    """Index of the region or group."""
    year: int | None
    """Index of the year; None for every year."""


@dataclass(frozen=True, eq=False)
class Grid:
    """A limit over regions × years (one column where it speaks of totals).

    Attributes
    ----------
    value, source
        Figure of each cell (NaN where there is none), and the index of its path.
    area, area_source
        Figure of the area's sum by year, and the index of its path.
    groups, groups_source
        The same by group (groups × years).
    paths
        Where in the plan each figure stands, as in ``with_changes``.
    mistakes
        What could not be read or placed.
    """

    value: Floats
    source: Ints
    area: Floats
    area_source: Ints
    groups: Floats
    groups_source: Ints
    paths: tuple[str, ...]
    mistakes: tuple[Mistake, ...] = field(default=())

    def of_sum(self, scope: int) -> tuple[Floats, Ints]:
        """Return what binds the sum of the area or of a group by year, and from which paths."""
        if scope == AREA:
            return self.area, self.area_source
        return self.groups[group_of(scope)], self.groups_source[group_of(scope)]


def find_place(content: PlanContent, keys: tuple[str, ...], *, yearly: bool) -> Place | Message:
    """Tell what the keys of an entry name, or what is wrong with them."""
    kind, index, year = "each", -1, None
    waiting = False
    for key in keys:
        if yearly and year is None and content.year_at(key) is not None:
            year = content.year_at(key)
        elif waiting and key in content.group_index:
            kind, index, waiting = "sum", content.group_index[key], False
        elif kind != "each" or waiting:
            return _unknown(content, key, yearly=yearly)
        elif key == SUM:
            waiting = True
        elif key in content.region_index:
            kind, index = "region", content.region_index[key]
        elif key in content.group_index:
            kind, index = "group", content.group_index[key]
        elif key in content.area_names:
            kind = "area"
        else:
            return _unknown(content, key, yearly=yearly)
    return say("sum_of_group") if waiting else Place(kind, index, year)


def limit_grids(content: PlanContent, indicator: Indicator) -> dict[str, Grid]:
    """Lay every limit of an indicator, by its name (``max``, ``growth.min``, …).

    The plan keeps the latest of each id: plans that differ in other things share them.
    """
    known, grids = content.grids.get(indicator.id, (None, {}))
    if known is not indicator.limits:
        grids = _laid(content, indicator)
        content.grids[indicator.id] = indicator.limits, grids
    return grids


def _laid(content: PlanContent, indicator: Indicator) -> dict[str, Grid]:
    root = ("indicators", indicator.id, "limits")
    grids = {}
    for family in FAMILIES:
        spec = attrgetter(family.name)(indicator.limits) if family.limit else None
        if spec:
            keys = (*root, *family.name.split("."))
            yearly = not family.name.startswith("total")
            grids[family.name] = lay(content, spec, keys, rate=family.rate, yearly=yearly)
    for name, grid in grids.items():
        if not name.startswith("total"):  # what was reached keeps no limit
            for values in (grid.value, grid.area, grid.groups):
                values[..., : content.past] = np.nan
    return grids


def _unknown(content: PlanContent, key: str, *, yearly: bool) -> Message:
    """Tell a key that names neither a scope nor a year of the plan."""
    years = [str(year) for year in content.years] if yearly else []
    if yearly and _YEAR.fullmatch(key):
        return say("year_unknown", found=key, known=years)
    names = [content.area, *content.group_names, *content.region_names]
    close = difflib.get_close_matches(key, names, n=1, cutoff=0.6)
    hint: object = say("key_hint", close=close[0]) if close else ""
    if plain(key).lower().startswith(EVERY_REGION):
        hint = say("scope_everywhere")
    return say("scope_unknown", found=key, hint=hint, known=[*names, *years][:40])


def lay(
    content: PlanContent,
    spec: Spec,
    path: tuple[str, ...],
    *,
    rate: bool = False,
    yearly: bool = True,
) -> Grid:
    """Lay the entries of a limit over regions and years.

    Parameters
    ----------
    content
        The plan.
    spec
        The entries.
    path
        Where the limit stands in the plan.
    rate
        Whether its figures are rates.
    yearly
        Whether it has a figure per year (False: one for the sum over years).
    """
    regions, years = len(content.regions), len(content.years) if yearly else 1
    layer = _Layer(
        np.full((regions, years), np.nan),
        np.full((regions, years), -1, dtype=np.int64),
        np.zeros((regions, years), dtype=np.int64),
    )
    sums = _Layer(
        np.full((1 + len(content.groups), years), np.nan),
        np.full((1 + len(content.groups), years), -1, dtype=np.int64),
        np.zeros((1 + len(content.groups), years), dtype=np.int64),
    )
    paths: list[str] = []
    mistakes: list[Mistake] = []
    for entry in spec:
        own = entry.keys or ((DEFAULT,) if len(spec) > 1 else ())
        full = (*path, *own)
        place = find_place(content, entry.keys, yearly=yearly)
        value = _value(content, entry, rate=rate)
        wrong = [problem for problem in (place, value) if isinstance(problem, Message)]
        mistakes += [Mistake(problem, full) for problem in wrong]
        if isinstance(place, Message) or isinstance(value, Message):
            continue
        paths.append(".".join(full))
        columns = slice(None) if place.year is None else slice(place.year, place.year + 1)
        dated = place.year is not None
        if place.kind in ("area", "sum"):
            if isinstance(value, np.ndarray):
                mistakes.append(Mistake(say("column_for_sum", found=str(entry.value)), full))
                continue
            rows = np.array([0 if place.kind == "area" else 1 + place.number])
            clash = sums.put(rows, columns, np.array([value]), 1 + dated, len(paths) - 1)
        else:
            rows, weight = _rows(content, place, dated=dated)
            values = value[rows] if isinstance(value, np.ndarray) else np.full(len(rows), value)
            clash = layer.put(rows, columns, values, weight, len(paths) - 1)
        if clash >= 0:
            mistakes.append(Mistake(say("two_of_one_weight", other=paths[clash]), full))
    return Grid(
        layer.value,
        layer.source,
        sums.value[0],
        sums.source[0],
        sums.value[1:],
        sums.source[1:],
        tuple(paths),
        tuple(mistakes),
    )


def _rows(content: PlanContent, place: Place, *, dated: bool) -> tuple[Ints, int]:
    """Return the regions that an entry binds, and its weight against other entries."""
    if place.kind == "region":
        return np.array([place.number]), _REGION_YEAR if dated else _REGION
    if place.kind == "group":
        return np.flatnonzero(content.members[place.number]), _WEIGHT["group", dated]
    return np.arange(len(content.regions)), _WEIGHT["each", dated]


def _value(content: PlanContent, entry: Entry, *, rate: bool) -> float | Floats | Message:
    if not isinstance(entry.value, str):
        return entry.value
    name = plain(entry.value)
    if name not in content.tables:
        return say("column_unknown", found=entry.value, known=list(content.tables) or "—")
    try:
        return content.series(name, rate=rate)
    except ValueError as error:
        message: Message = error.args[0]
        return message


@dataclass(frozen=True, eq=False)
class _Layer:
    """Figures with the weight of the entry that set them; a heavier entry replaces a lighter."""

    value: Floats
    source: Ints
    weight: Ints

    def put(
        self,
        rows: Ints,
        columns: slice,
        values: Floats,
        weight: int,
        source: int,
    ) -> int:
        """Set figures; return the source of an entry of equal weight, or -1 where none clashes."""
        said = ~np.isnan(values)
        rows, values = rows[said], values[said]
        held = self.weight[rows, columns]
        heavier = held < weight
        clashes = self.source[rows, columns][held == weight]
        target = self.value[rows, columns]
        self.value[rows, columns] = np.where(heavier, values[:, None], target)
        self.source[rows, columns] = np.where(heavier, source, self.source[rows, columns])
        self.weight[rows, columns] = np.maximum(held, weight)
        return int(clashes[0]) if clashes.size else -1
