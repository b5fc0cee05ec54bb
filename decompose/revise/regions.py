"""Regions that were merged or renamed: what the plan says of the parts, said of the whole.

Bases, columns, locks and limits in the indicator's unit are summed. A rate limit of several parts
is kept where they have the same, growth limits otherwise weighted by their bases.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from decompose.errors import Mistake, PlanError
from decompose.figures import plain, write_rate
from decompose.labels import Language, Message, say
from decompose.plan import Plan
from decompose.plan.scopes import limit_grids
from decompose.problem import Floats

Parts = Mapping[str, tuple[int, ...]]
"""Regions of the old plan by the name of the region that they become."""
_RATES = ("growth.max", "growth.min", "cut.max", "cut.min")


def parts_of(
    plan: Plan, merge: Mapping[str, Sequence[str]], changed: Collection[str], language: Language
) -> Parts:
    """Find the parts of each new region.

    Raises
    ------
    PlanError
        There is no such part, it is named twice, the new name is taken, or the parts belong to
        different groups, and no change says to which the new region belongs.
    """
    mistakes: list[Mistake] = []
    taken: dict[int, str] = {}
    found: dict[str, tuple[int, ...]] = {}
    for name, parts in merge.items():
        indices = []
        for part in parts:
            index = plan.region_index.get(plain(part))
            if index is None:
                told = say("merge_unknown", found=part, known=list(plan.region_names))
            elif index in taken:
                told = say("merge_twice", found=part, other=taken[index])
            else:
                taken[index] = name
                indices.append(index)
                continue
            mistakes.append(Mistake(told, ("merge", name)))
        found[name] = tuple(indices)
        mistakes += [Mistake(one, ("merge", name)) for one in _wrong(plan, name, indices, changed)]
    if mistakes:
        raise PlanError(say("revise_wrong", count=len(mistakes)), mistakes, language=language)
    return found


def _wrong(
    plan: Plan, name: str, indices: list[int], changed: Collection[str]
) -> Iterator[Message]:
    other = plan.region_index.get(plain(name))
    names = {*plan.group_index, *plan.area_names}
    if plain(name) in names or (other is not None and other not in indices):
        yield say("merge_taken", found=name)
    groups = [frozenset(plan.regions[index].groups) for index in indices]
    if len(set(groups)) > 1 and f"regions.{name}.groups" not in changed:
        yield say("merge_groups", found=name, groups=sorted(set().union(*groups)))
    if not indices:
        yield say("merge_nothing", found=name)


def merged(plan: Plan, parts: Parts, language: Language) -> dict[str, Any]:
    """Return the plan's plain data with regions merged and renamed."""
    data = plan.source()
    for name, indices in parts.items():
        _rename(plan, data, name, indices)
        if len(indices) > 1:
            _merge(plan, data, name, indices, language)
    return data


def _rename(plan: Plan, data: dict[str, Any], name: str, indices: tuple[int, ...]) -> None:
    """Put the new region in the place of the first part, known by the names of them all."""
    old = [plan.regions[index] for index in indices]
    names = [one for region in old for one in (region.name, *region.aliases)]
    new = data["regions"][_at(data, old[0].name)]
    new = dict(new) if isinstance(new, dict) else {}
    new["name"] = name
    new["aliases"] = [one for one in dict.fromkeys(names) if plain(one) != plain(name)]
    new["reserve"] = all(region.reserve for region in old)
    if old[0].inside is not None and plan.region_index[plain(old[0].inside)] in indices:
        del new["inside"]
    place = _at(data, old[0].name)
    data["regions"][place] = new
    for region in old[1:]:
        del data["regions"][_at(data, region.name)]


def _at(data: dict[str, Any], name: str) -> int:
    names = [one["name"] if isinstance(one, dict) else one for one in data["regions"]]
    return names.index(name)


def _merge(
    plan: Plan, data: dict[str, Any], name: str, indices: tuple[int, ...], language: Language
) -> None:
    """Say of the new region what was said of its parts."""
    known = {key for key, index in plan.region_index.items() if index in indices}
    for column, cells in data.get("tables", {}).items():
        data["tables"][column] = _summed(cells, known, name)
    for number, indicator in enumerate(plan.indicators):
        said = data["indicators"][number]
        for key in ("base", "base_numerator"):
            if isinstance(said.get(key), dict):
                said[key] = _summed(said[key], known, name)
        for year, cells in said.get("values", {}).items():
            if isinstance(cells, dict):
                said["values"][year] = _summed(cells, known, name)
        weights = said.get("allocate", {})
        if isinstance(weights, dict) and isinstance(weights.get("by"), dict):
            weights["by"] = _summed(weights["by"], known, name)
        _participants(said, known, name)
        _locks(said, known, name, len(indices))
        same = {"cost": said.get("cost"), "tiers": (said.get("tiers") or {}).get("by")}
        if isinstance(same["tiers"], str):
            same["tiers"] = dict(plan.tables.get(plain(same["tiers"]), {}))
        for key, cells in same.items():
            _alike(cells, known, name, f"indicators.{indicator.id}.{key}", language)
        steps = (said.get("tiers") or {}).get("by")
        if isinstance(steps, str) and name in same["tiers"]:  # steps of a cut are no sums
            data["tables"][plain(steps)][name] = same["tiers"][name]
        grids = limit_grids(plan, indicator)
        weight = np.nan_to_num(plan.base(indicator)[list(indices)])
        for limit, grid in grids.items():
            own = _combined(limit, grid.value[list(indices)], weight)
            _limit(said, limit, own, plan, known, name)


def _summed(cells: Mapping[str, Any], known: set[str], name: str) -> dict[str, Any]:
    """Sum the cells of the parts; rates are no sums, and are left to the limits that use them."""
    kept = {key: value for key, value in cells.items() if plain(str(key)) not in known}
    own = [value for key, value in cells.items() if plain(str(key)) in known]
    numbers = [value for value in own if isinstance(value, (int, float))]
    if own and len(set(own)) == 1 and not numbers:
        return {**kept, name: own[0]}
    return {**kept, name: float(np.round(sum(numbers), 9))} if numbers else kept


def _alike(cells: Any, known: set[str], name: str, path: str, language: Language) -> None:
    """Bring what cannot be summed under the new name; refuse parts that differ."""
    if not isinstance(cells, dict):
        return
    own = [cells.pop(key) for key in list(cells) if plain(str(key)) in known]
    if any(value != own[0] for value in own[1:]):
        told = Mistake(say("merge_differs", found=name), tuple(path.split(".")))
        raise PlanError(say("revise_wrong", count=1), [told], language=language)
    if own:
        cells[name] = own[0]


def _participants(said: dict[str, Any], known: set[str], name: str) -> None:
    """Let the new region take part where one of its parts does."""

    def renamed(names: Any, *, everyone: bool) -> Any:
        listed = [names] if isinstance(names, str) else list(names)
        inside = {plain(one) for one in listed} & known
        other = [one for one in listed if plain(one) not in known]
        enough = inside == known if everyone else inside
        return [*other, name] if enough else other

    regions = said.get("regions")
    if isinstance(regions, (list, str)):
        said["regions"] = renamed(regions, everyone=False)
    elif isinstance(regions, dict):
        for key, names in regions.items():
            regions[key] = renamed(names, everyone=key == "except")


def _locks(said: dict[str, Any], known: set[str], name: str, count: int) -> None:
    """Lock the new region where all its parts were locked: on their sum."""
    locks = said.get("locks", {})
    own = [locks.pop(key) for key in list(locks) if plain(key) in known]
    if len(own) < count:
        return
    whole: dict[str, Any] = {}
    for year in set(own[0]).intersection(*own[1:]):
        some = [one[year] if isinstance(one[year], dict) else {"value": one[year]} for one in own]
        why = dict.fromkeys(one["why"] for one in some if one.get("why"))
        value = float(np.round(sum(one["value"] for one in some), 9))
        whole[year] = {"value": value, "why": "; ".join(why)}
    if whole:
        locks[name] = {year: whole[year] for year in sorted(whole, key=str)}


def lost_locks(plan: Plan, parts: Parts, through: int) -> list[Message]:
    """List the locks of years to come that some parts of a merged region had, and not all."""
    told = []
    for one in plan.indicators:
        held = {plan.region_index[plain(name)]: locks for name, locks in one.locks.items()}
        for name, indices in parts.items():
            keys = dict.fromkeys(key for index in indices for key in held.get(index, ()))
            for key in keys:
                own = [plan.region_names[index] for index in indices if key in held.get(index, ())]
                past = key.isdecimal() and int(key) <= through
                if len(own) < len(indices) and not past:
                    year = say("one_year", year=key) if key.isdecimal() else say("all_years")
                    data = {"indicator": one.label, "parts": own, "year": year, "to": name}
                    told.append(say("merge_lock", **data))
    return told


def _combined(limit: str, values: Floats, weight: Floats) -> Floats:
    """Return the limit of the whole by year, NaN where it has none."""
    none = np.isnan(values)
    if limit in _RATES:
        alike = np.all(values == values[0], axis=0)
        mean = weight @ np.nan_to_num(values) / weight.sum() if weight.sum() > 0 else values[0]
        found = np.where(alike, values[0], mean if limit.startswith("growth") else np.nan)
        return np.where(none.any(axis=0), np.nan, found)
    least = limit.endswith("min")
    total = np.nansum(values, axis=0)
    if limit.startswith("share"):
        total = np.minimum(total, 1.0)
    return np.where(none.all(axis=0) if least else none.any(axis=0), np.nan, total)


def _limit(
    said: dict[str, Any], limit: str, values: Floats, plan: Plan, known: set[str], name: str
) -> None:
    """Put the limit of the new region in the place of those of its parts."""
    place: Any = said["limits"]
    *steps, last = limit.split(".")
    for step in steps:
        place = place[step]
    spec = place[last] = _without(place[last], known)
    if not isinstance(spec, dict):
        spec = place[last] = {"default": spec}
    write = write_rate if limit.startswith(("growth", "cut", "share")) else float
    found = [one if np.isnan(one) else write(one) for one in np.round(values, 12).tolist()]
    if limit.startswith("total"):
        if not np.isnan(values[0]):
            spec[name] = found[0]
        return
    years = zip(plan.years, found, ~np.isnan(values), strict=True)
    own = {year: one for year, one, there in years if there}
    if own:
        spec[name] = own


def _without(spec: Any, known: set[str]) -> Any:
    if not isinstance(spec, dict):
        return spec
    return {key: _without(one, known) for key, one in spec.items() if plain(str(key)) not in known}
