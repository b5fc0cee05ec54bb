"""Sums as a frame: what is wanted of each, and what is printed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from decompose.plan import Plan
from decompose.plan.ratios import PERCENT
from decompose.plan.values import MOST_DECIMALS
from decompose.problem import AREA, TOTAL, Bools, Floats, group_scope
from decompose.series import Series, Sum, rises_from
from decompose.settle import Settled

COLUMNS = ("indicator", "scope", "year", "target", "sense", "quota")
Wanted = dict[tuple[int, int], tuple[float, str]]
"""Target and sense by scope and year."""


def totals_of(settled: Settled, scope_values: Callable[[str, Bools], Floats]) -> pd.DataFrame:
    """Return a row per sum, in the plan's order.

    Parameters
    ----------
    settled
        What was settled.
    scope_values
        Returns what is printed of an indicator in some regions together, by year.
    """
    of_stages: dict[int, list[Series]] = {}
    for stage in settled.stages:
        for one in stage.built.series:
            of_stages.setdefault(one.number, []).append(one)
    sums = _Sums(settled, scope_values)
    rows = [row for several in of_stages.values() for row in sums.rows(several)]
    order = settled.plan.indicator_index
    rows.sort(key=lambda row: order[row[0]])
    return pd.DataFrame(rows, columns=list(COLUMNS))


@dataclass(frozen=True, eq=False)
class _Sums:
    settled: Settled
    scope_values: Callable[[str, Bools], Floats]

    @property
    def plan(self) -> Plan:
        return self.settled.plan

    def rows(self, several: list[Series]) -> list[tuple[Any, ...]]:
        series = several[-1]
        one = series.indicator
        said: Wanted = {}
        for row in reversed(series.ratio_rows):
            said[row.scope, row.year] = (row.written, row.said.sense.value)
        rises = one.kind == "level" and one.publish == "increment"
        for total in reversed(series.sums):
            target = self._rise_target(series, total) if rises else _target(total)
            said[total.scope, total.year] = target
        if series.growth is not None:
            said |= self._growth_wanted(several)
        targeted = {scope for scope, _ in said}
        scopes = [(AREA, self.plan.total_label)]
        for number, (name, group) in enumerate(self.plan.groups.items()):
            if group.subtotal or group_scope(number) in targeted:
                scopes.append((group_scope(number), name))
        rows: list[tuple[Any, ...]] = []
        for scope, name in scopes:
            members = self.plan.inside[scope]
            printed = self.scope_values(one.id, members)
            for number, year in enumerate(self.plan.years):
                if not np.isnan(printed[number]):
                    target = said.get((scope, number), (float("nan"), "none"))
                    rows.append((one.id, name, year, *target, float(printed[number])))
            if one.kind == "flow" and not np.isnan(printed).all():
                added = printed if series.growth is None else self.settled.printed[one.id][members]
                total_quota = round(float(np.nansum(added)), MOST_DECIMALS)
                target = said.get((scope, TOTAL), (float("nan"), "none"))
                rows.append((one.id, name, "total", *target, total_quota))
        return rows

    def _rise_target(self, series: Series, total: Sum) -> tuple[float, str]:
        """Return the target of a yearly rise: that of the level less the level before."""
        level, sense = _target(total)
        if total.path.endswith(".increase_each_year"):
            return total.said.value * float(self.plan.gaps[total.year]), sense
        members = self.plan.inside[total.scope]
        base = series.base_sum if total.scope == AREA else float(np.nansum(series.base[members]))
        inside = self.settled.printed[series.indicator.id][members]
        printed = np.where(np.isnan(inside).all(axis=0), np.nan, np.nansum(inside, axis=0))
        before = float(rises_from(printed, base)[total.year])
        return round(level - before, MOST_DECIMALS), sense

    def _growth_wanted(self, several: list[Series]) -> Wanted:
        """Turn the figure of each year into growth on what is printed of the year before."""
        found: Wanted = {}
        for series in several:
            growth = series.growth
            for total in reversed(series.sums):
                if growth is None or total.year != growth.year:
                    continue
                value, sense = _target(total)
                before = growth.before[self.plan.inside[total.scope]]
                part = value / float(np.nansum(before))
                rate = PERCENT * (part ** (1 / growth.gap) - 1) if part >= 0 else float("nan")
                found[total.scope, total.year] = round(rate, MOST_DECIMALS), sense
        return found


def _target(one: Sum) -> tuple[float, str]:
    derived = one.path.rpartition(".")[2] in ("growth", "increase") or "each_year" in one.path
    plain_each = one.path.endswith(".each_year")
    value = one.written if derived and not plain_each else one.said.value
    return value, one.said.sense.value
