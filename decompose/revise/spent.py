"""Caps over all years that leave no room any more: later years are left at their floors."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from decompose.labels import Message, say
from decompose.plan import Indicator, Plan
from decompose.plan.scopes import limit_grids
from decompose.plan.steps import as_printed, step_of
from decompose.problem import Floats

CAP = "total.max"


class _Cap(NamedTuple):
    """A cap: who it is for, the keys that lead to it, its figure, and the regions it counts."""

    scope: str
    keys: tuple[str, ...]
    most: float
    regions: tuple[int, ...]


def put_spent(
    plan: Plan, indicator: Indicator, said: dict[str, Any], reached: Floats, through: int
) -> list[Message]:
    """Raise the caps over all years that were passed, to what was reached and later floors.

    A fact cannot be at fault; nothing more is handed out.

    Parameters
    ----------
    plan, indicator
        The plan before its years are over.
    said
        The plain data of the indicator, which is changed.
    reached
        Values that were reached (regions × years), NaN in later years.
    through
        The last year that is over.

    Returns
    -------
    What a reader should know of each.
    """
    told = []
    over = plan.year_index[through] + 1
    floors = limit_grids(plan, indicator).get("min")
    later = np.zeros(len(plan.regions))
    if floors is not None:
        later = np.nansum(floors.value[:, over:], axis=1)
    for cap in _caps(plan, indicator):
        own = list(cap.regions)
        value = float(np.nansum(reached[own]))
        least = float(as_printed(np.array(value + later[own].sum())))
        if least <= cap.most + step_of(indicator) / 2:
            continue
        _put(said["limits"]["total"], cap.keys, least)
        data = {"indicator": indicator.label, "unit": indicator.unit, "through": through}
        told.append(say("revise_spent", scope=cap.scope, reached=value, total=cap.most, **data))
    return told


def _caps(plan: Plan, indicator: Indicator) -> Iterator[_Cap]:
    grid = limit_grids(plan, indicator).get(CAP)
    if grid is None or indicator.kind != "flow" or indicator.publish == "growth":
        return
    for region, most in enumerate(grid.value[:, 0].tolist()):
        if most == most:
            yield _Cap(
                plan.region_names[region], ("max", plan.region_names[region]), most, (region,)
            )
    sums = [(grid.area, grid.area_source, plan.total_label, np.arange(len(plan.regions)))]
    for number, name in enumerate(plan.group_names):
        members = np.flatnonzero(plan.members[number])
        sums.append((grid.groups[number], grid.groups_source[number], name, members))
    for values, sources, name, members in sums:
        if not np.isnan(values[0]):
            keys = tuple(grid.paths[sources[0]].split(".")[4:])
            yield _Cap(name, keys, float(values[0]), tuple(members.tolist()))


def _put(place: Any, keys: tuple[str, ...], value: float) -> None:
    """Put a figure under keys; a bare figure on the way is that of every other region."""
    *steps, last = keys
    for key in steps:
        if not isinstance(place[key], dict):
            place[key] = {"default": place[key]}
        place = place[key]
    place[last] = value
