"""In what two plans differ, indicator by indicator: keys, and what stood under them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from decompose.figures import plain
from decompose.plan import Indicator, Plan
from decompose.plan.order import references
from decompose.plan.plan import mutable
from decompose.tables.printed import published

_SILENT = frozenset(
    {"id", "name", "section", "nature", "department", "display", "notes", "assess", "schedule"}
    | {"report", "annexes", "stated", "text", "base", "unit", "cut_unit", "parent"}
)
"""Keys of an indicator that change no quota; bases are compared as numbers."""


_FAMILIES = {"locks": "lock", "tiers": "tier"}
_RATES = ("growth", "share", "cut", "tier")
"""Families whose figures are rates: what their names begin with."""
_RATE_KEYS = frozenset({"margin", "tolerance", "converge"})
"""Keys outside limits whose numbers are rates."""


class Difference(NamedTuple):
    """A key of an indicator that says something else; None where it says nothing."""

    keys: tuple[str, ...]
    before: Any
    after: Any

    @property
    def family(self) -> str:
        """The family of rules that it belongs to, "" where it is none."""
        if self.keys[0] in ("target", "group_targets"):
            return "target"
        if self.keys[0] in _FAMILIES:
            return _FAMILIES[self.keys[0]]
        if self.keys[0] != "limits":
            return ""
        ends = self.keys[1:3] if self.keys[2:3] and self.keys[2] in ("min", "max") else ()
        return ".".join(ends or self.keys[1:2])

    @property
    def is_rate(self) -> bool:
        """Whether it is a fraction that is told in percent."""
        keyed = self.keys[0] != "limits" and self.keys[-1] in _RATE_KEYS
        return keyed or self.family.startswith(_RATES)

    def names(self, plan: Plan) -> tuple[set[str], set[str]]:
        """Return the plain names of regions and groups, and the years, that it speaks of."""
        keys = {plain(key) for key in self.keys}
        scopes = keys & {*plan.region_index, *plan.group_index, *plan.area_names}
        return scopes, keys & {str(year) for year in plan.years}


def differences(before: Plan, after: Plan, name: str) -> list[Difference]:
    """List what an indicator of two plans says differently, bases and columns aside."""
    old, new = (
        {keys: leaf for keys, leaf in _leaves(_said(plan, name), ()) if keys[0] not in _SILENT}
        for plan in (before, after)
    )
    keys = [*old, *(one for one in new if one not in old)]
    return [
        Difference(one, old.get(one), new.get(one)) for one in keys if old.get(one) != new.get(one)
    ]


def _said(plan: Plan, name: str) -> dict[str, Any]:
    """Return what a plan says of an indicator, as plain data."""
    number = plan.indicator_index.get(name)
    if number is None:
        return {}
    data: dict[str, Any] = mutable(plan.indicators[number].model_dump(exclude_unset=True))
    return data


def _leaves(said: Any, keys: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    if isinstance(said, dict):
        for key, inner in said.items():
            yield from _leaves(inner, (*keys, str(key)))
    elif keys:
        yield keys, said


def columns_of(plan: Plan, name: str) -> dict[str, dict[str, Any]]:
    """Return the columns that an indicator's limits and weights name, by region."""
    said = {plain(leaf) for _, leaf in _leaves(_said(plan, name), ()) if isinstance(leaf, str)}
    return {
        column: {plain(region): cell for region, cell in cells.items()}
        for column, cells in plan.tables.items()
        if plain(column) in said
    }


def became(old: Plan, new: Plan, region: str) -> int | None:
    """Return which region of a new plan one of an old plan is: either may have the other's name."""
    own = (
        old.regions[old.region_index[plain(region)]] if plain(region) in old.region_index else None
    )
    names = map(plain, (region, *(() if own is None else own.aliases)))
    return next((new.region_index[name] for name in names if name in new.region_index), None)


def base_of(plan: Plan, name: str, region: str) -> float:
    """Return a region's base-year value; NaN where there is none."""
    number, place = plan.indicator_index.get(name), plan.region_index.get(plain(region))
    if number is None or place is None:
        return float("nan")
    return float(plan.base(plan.indicators[number])[place])


def tied(plan: Plan, indicator: Indicator) -> list[str]:
    """List the indicators that an indicator's rules or ratios tie it to."""
    others = [one.id for one in plan.indicators if indicator.id in references(one)]
    return [*references(indicator), *others]


def other_quantity(old: Plan, new: Plan, name: str) -> tuple[str, str] | None:
    """Return what two plans publish of an indicator where that differs: a value and a cut, say."""
    kinds = [
        published(plan.indicators[plan.indicator_index[name]])
        for plan in (old, new)
        if name in plan.indicator_index
    ]
    return (kinds[0], kinds[-1]) if len({*kinds}) > 1 else None


def same(one: float, other: float) -> bool:
    """Whether two numbers are equal, or both are none."""
    return one == other or bool(np.isnan(one) and np.isnan(other))
