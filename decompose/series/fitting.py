"""Figures of groups between two steps: where the nearest steps cannot add up, either may be taken.

A margin, or a factor, puts figures between steps. Those of 33 and 67 beside 100 are 33.5, 68.0 and
101.5 under a margin of 1.5 %: the nearest steps are no table, though the figures are one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from decompose.plan.content import PlanContent
from decompose.plan.models import Indicator
from decompose.plan.steps import SNAP, down, up, value_step_of
from decompose.problem import AREA, TOTAL, Bools
from decompose.series.model import Scope, Sum
from decompose.series.sums import is_plain, raised


def fitted(
    content: PlanContent,
    indicator: Indicator,
    scopes: Sequence[Scope],
    sums: Sequence[Sum],
    applies: Bools,
) -> list[Sum]:
    """Give groups' figures the steps around them where their own steps cannot add up.

    Rounding then takes those that do. The area's figures stay on their nearest steps.

    Parameters
    ----------
    content, indicator
        The plan, and one of its indicators.
    scopes, sums
        What its scopes must reach; the area's first.
    applies
        Where it is assigned, regions × years.
    """
    step = value_step_of(indicator)
    own = {scope.number: scope for scope in scopes}
    plain = {(one.scope, one.year): one for one in sums if step and is_plain(own[one.scope], one)}
    asked = {place: raised(content, own[one.scope], one) for place, one in plain.items()}
    ends = {place: figure.bounds(own[place[0]].target.tolerance) for place, figure in asked.items()}
    if not any(
        _clash(plain, ends, whole, parts, SNAP * step)
        for whole, parts in _divided(content, applies, plain)
    ):
        return list(sums)
    found = []
    for one in sums:
        place = one.scope, one.year
        if one.scope == AREA or plain.get(place) is not one:
            found.append(one)
            continue
        lower, upper = down(ends[place][0], step), up(ends[place][1], step)
        wanted = asked[place]
        upper_end = indicator.hand_out == "upper" and wanted.upper is not None
        figure = wanted.upper if upper_end and wanted.upper is not None else wanted.value
        handed = np.nan if np.isnan(one.figure) else figure
        found.append(replace(one, lower=lower, upper=upper, figure=handed))
    return found


Place = tuple[int, int]


def _divided(
    content: PlanContent, applies: Bools, plain: dict[Place, Sum]
) -> Iterator[tuple[Place, list[Place]]]:
    """List the figures whose regions others divide among themselves, and those others."""
    count = len(content.inside)
    for year in sorted({year for scope, year in plain if scope != AREA}):
        takes = np.asarray(applies.any(axis=1) if year == TOTAL else applies[:, year])
        for row, (regions, within) in content.nested.items():
            whole = row - count, year
            if whole not in plain:
                continue
            left = np.zeros(len(content.regions), dtype=bool)
            left[regions] = takes[regions]
            parts: list[Place] = []
            smaller = [one - count for one in within.tolist() if (one - count, year) in plain]
            for scope in sorted(smaller, key=lambda one: -int(content.inside[one].sum())):
                inside = content.inside[scope] & takes
                if inside.any() and not (inside & ~left).any():
                    left &= ~inside
                    parts.append((scope, year))
            if parts and not left.any():
                yield whole, parts


def _clash(
    plain: dict[Place, Sum],
    ends: dict[Place, tuple[float, float]],
    whole: Place,
    parts: Sequence[Place],
    slack: float,
) -> bool:
    """Tell whether parts make up the whole as they are asked for, and not as they are rounded."""
    least, most = (sum(ends[part][end] for part in parts) for end in (0, 1))
    asked = least <= ends[whole][1] + slack and most >= ends[whole][0] - slack
    least = sum(plain[part].lower for part in parts)
    most = sum(plain[part].upper for part in parts)
    return asked and (least > plain[whole].upper + slack or most < plain[whole].lower - slack)
