"""What a user holds: quotas, sums and the annexes, certified."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from decompose.bounds import bound_by
from decompose.explain import Reason, why
from decompose.figures import plain
from decompose.files import write_whole
from decompose.gaps import Gap, gaps_of
from decompose.labels import Language
from decompose.plan import Plan
from decompose.plan.growth import scope_growth
from decompose.plan.ratios import PERCENT, regional_ratios, scope_ratio, values_of
from decompose.plan.steps import MOST_DECIMALS, as_printed
from decompose.problem import AREA, FAMILIES, TOTAL, Bools, Floats, group_scope
from decompose.series import Series, Sum
from decompose.settle import Settled
from decompose.stage import Stage
from decompose.tables import Table, annex1, annex2

FORMAT = "decompose allocation 1"
KEPT = ("indicator", "region", "year", "quota", "exact")


@dataclass(frozen=True, eq=False)
class Allocation:
    """Certified quotas of a plan.

    Made by ``solve``. Frames are made anew at every call: changing one changes nothing here.
    """

    settled: Settled
    stretch: Allocation | None = None
    """The stretch quotas, where the plan has stretch figures."""

    @property
    def plan(self) -> Plan:
        """The plan that was solved."""
        return self.settled.plan

    @cached_property
    def _published(self) -> dict[str, Floats]:
        """What tables print of each indicator, regions × years; NaN where there is nothing."""
        found = {**self.settled.printed, **self.settled.quotas()}
        for one in self.plan.indicators:
            if one.kind == "given":
                found[one.id] = values_of(self.plan, one.id, {})[0]
            elif one.kind == "ratio" and one.id not in found and one.decompose:
                found[one.id] = regional_ratios(self.plan, one, self.settled.printed)
        return found

    @property
    def quotas(self) -> pd.DataFrame:
        """One row per indicator × region × year that has a quota.

        Columns ``indicator`` (id), ``region``, ``year``, ``quota`` (as printed), ``exact`` (before
        rounding), ``reference`` (by the allocation rule alone), ``lower`` and ``upper`` (the cell's
        own bounds), all in the printed unit, and ``bound_by``: the families of the rules that are
        tight at the cell, joined by ``"; "`` in a fixed order.
        """
        quotas = _in_plan_order(self.plan, [_stage_quotas(stage) for stage in self.settled.stages])
        place = {name: number for number, name in enumerate(self.plan.region_names)}
        keys = [quotas["indicator"].map(self.plan.indicator_index), quotas["region"].map(place)]
        order = np.lexsort((quotas["year"], *reversed(keys)))
        return quotas.iloc[order].reset_index(drop=True)

    @property
    def values(self) -> pd.DataFrame:
        """The same cells as values: columns ``indicator``, ``region``, ``year``, ``value``.

        Where an increment is published, the level that it leads to; where growth is, the value,
        not rounded; the numerator of a ratio too.
        """
        parts = []
        for one in self.plan.indicators:
            grid = self.settled.printed.get(one.id)
            if grid is None or one.kind == "given":
                continue
            regions, years = np.nonzero(~np.isnan(grid))
            parts.append(
                pd.DataFrame(
                    {
                        "indicator": one.id,
                        "region": np.array(self.plan.region_names, dtype=object)[regions],
                        "year": np.array(self.plan.years)[years],
                        "value": grid[regions, years],
                    }
                )
            )
        empty = pd.DataFrame(columns=["indicator", "region", "year", "value"])
        return pd.concat(parts, ignore_index=True) if parts else empty

    @property
    def totals(self) -> pd.DataFrame:
        """The sums: columns ``indicator``, ``scope``, ``year``, ``target``, ``sense``, ``quota``.

        ``scope`` is the area's label (``total_label``) or a group; ``year`` may be ``"total"``
        (flows). ``target`` is NaN, and ``sense`` ``"none"``, where the plan sets none. A ratio's
        row is its ratio in that scope, computed from printed numbers; where growth is published,
        that of the scope's sum, and in ``"total"`` the sum of values.
        """
        of_stages: dict[int, list[Series]] = {}
        for stage in self.settled.stages:
            for one in stage.built.series:
                of_stages.setdefault(one.number, []).append(one)
        rows = [row for several in of_stages.values() for row in self._sums_of(several)]
        order = self.plan.indicator_index
        rows.sort(key=lambda row: order[row[0]])
        columns = ["indicator", "scope", "year", "target", "sense", "quota"]
        return pd.DataFrame(rows, columns=columns)

    def _sums_of(self, several: list[Series]) -> list[tuple[Any, ...]]:
        series = several[-1]
        one = series.indicator
        said: dict[tuple[int, int], tuple[float, str]] = {}
        for row in reversed(series.ratio_rows):
            said[row.scope, row.year] = (row.target, row.said.sense.value)
        for total in reversed(series.sums):
            said[total.scope, total.year] = _target(total)
        if series.growth is not None:
            said |= self._growth_wanted(several)
        targeted = {scope for scope, _ in said}
        scopes = [(AREA, self.plan.total_label, np.ones(len(self.plan.regions), dtype=bool))]
        for number, (name, group) in enumerate(self.plan.groups.items()):
            if group.subtotal or group_scope(number) in targeted:
                scopes.append((group_scope(number), name, self.plan.members[number]))
        rows: list[tuple[Any, ...]] = []
        for scope, name, members in scopes:
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

    def _growth_wanted(self, several: list[Series]) -> dict[tuple[int, int], tuple[float, str]]:
        """Turn the figure of each year into growth on what is printed of the year before."""
        found: dict[tuple[int, int], tuple[float, str]] = {}
        for series in several:
            growth = series.growth
            for total in reversed(series.sums):
                if growth is None or total.year != growth.year:
                    continue
                members = np.ones(len(self.plan.regions), dtype=bool)
                if total.scope < AREA:
                    members = self.plan.members[-2 - total.scope]
                value, sense = _target(total)
                part = value / float(np.nansum(growth.before[members]))
                rate = PERCENT * (part ** (1 / growth.gap) - 1) if part >= 0 else float("nan")
                found[total.scope, total.year] = round(rate, MOST_DECIMALS), sense
        return found

    def region_values(self, indicator: str) -> Floats:
        """Return what is printed of an indicator, regions × years; NaN where there is nothing.

        Parameters
        ----------
        indicator
            Its id.
        """
        found = self._published.get(indicator)
        if found is None:
            return np.full((len(self.plan.regions), len(self.plan.years)), np.nan)
        return found.copy()

    def scope_values(self, indicator: str, members: Bools) -> Floats:
        """Return what is printed of some regions together, by year; NaN where there is nothing.

        Parameters
        ----------
        indicator
            Its id.
        members
            Which regions.
        """
        one = self.plan.indicators[self.plan.indicator_index[indicator]]
        if one.kind == "ratio":
            return scope_ratio(self.plan, one, self.settled.printed, members)
        if one.publish == "growth" and one.id in self.settled.printed:
            return scope_growth(self.plan, one, self.settled.printed[one.id], members)
        inside = self.region_values(indicator)[members]
        total = as_printed(np.nansum(inside, axis=0))
        return np.where(np.isnan(inside).all(axis=0), np.nan, total)

    @cached_property
    def _gaps(self) -> tuple[Gap, ...]:
        return gaps_of(self.settled)

    @property
    def gaps(self) -> pd.DataFrame:
        """What cannot be handed out: the targets that gave way (``solve(plan, gap="row")``).

        Columns ``indicator``, ``scope`` and ``year`` as in ``totals``, ``target`` (what was to be
        handed out, margin included), ``quota`` (what is) and ``gap``, exactly target less quota in
        whole steps. It is negative where other rules force more than the target allows.
        """
        scopes = (*reversed(self.plan.group_names), self.plan.total_label)
        years = (*self.plan.years, "total")
        rows = [
            (one.indicator, scopes[one.scope], years[one.year], one.target, one.quota, one.gap)
            for one in self._gaps
        ]
        return pd.DataFrame(rows, columns=list(Gap._fields))

    def gap_values(self, indicator: str, scope: int) -> Floats:
        """Return what annexes print as a scope's gap: by year, then over all years; NaN where none.

        Of a published increment it is by how much the level's gap changes. Over all years it is
        that of the total; of a flow without one, the sum of the years.

        Parameters
        ----------
        indicator
            Its id.
        scope
            AREA or ``group_scope``.
        """
        found = np.full(len(self.plan.years) + 1, np.nan)
        for one in self._gaps:
            if (one.indicator, one.scope) == (indicator, scope):
                found[one.year] = one.gap
        by_year, said = found[:-1], self.plan.indicators[self.plan.indicator_index[indicator]]
        if np.isnan(by_year).all():
            return found
        if said.kind == "level" and said.publish == "increment":
            change = as_printed(np.diff(np.nan_to_num(by_year), prepend=0.0))
            found[:-1] = np.where(change == 0, np.nan, change)
        total = said.target
        if scope < AREA:
            name = self.plan.group_names[-2 - scope]
            total = next(
                target for key, target in said.group_targets.items() if plain(key) == plain(name)
            )
        if said.kind == "flow" and not (total.total and total.total.given):
            found[-1] = as_printed(np.nansum(by_year, keepdims=True))[0]
        return found

    @property
    def excess(self) -> pd.DataFrame:
        """The rules that rounding breaks, and by how much (DESIGN section 3 "Rounding").

        Columns ``rule`` (its path in the plan), ``family``, ``indicator``, ``scope``, ``year``,
        ``steps``, ``amount`` (in the indicator's unit).
        """
        return _in_plan_order(
            self.plan, [_stage_excess(stage, self.plan) for stage in self.settled.stages]
        )

    def annex1(self, *, language: Language = "zh") -> pd.DataFrame:
        """Return annex 1, the area by year: one row per indicator, as printed."""
        return annex1(self, language=language).frame()

    def annex2(self, year: int, *, language: Language = "zh") -> pd.DataFrame:
        """Return annex 2 of a year: the area first, then a row per region; a column per indicator.

        Raises
        ------
        PlanError
            The plan has no such year.
        """
        return annex2(self, year, language=language).frame()

    def why(
        self,
        indicator: str | None = None,
        region: str | None = None,
        year: int | None = None,
        *,
        relief: bool = False,
    ) -> Reason:
        """Return why a number is what it is: its arithmetic, and the rule that set it.

        Parameters
        ----------
        indicator, region, year
            The number: id or printed name, name or alias, year. Without one of them, the whole
            county, or the whole indicator.
        relief
            Whether to tell, by solving again, what one step of relief on each rule would change.

        Raises
        ------
        PlanError
            Nothing bears that name, or there is no such number.
        """
        return why(self.settled, indicator, region, year, relief=relief)

    def tables(
        self, *, years: tuple[int, ...] | None = None, language: Language = "zh"
    ) -> tuple[Table, ...]:
        """Return the printed tables: annex 1, then the annex 2 of each year (all by default)."""
        chosen = self.plan.years if years is None else years
        first = annex1(self, language=language)
        return first, *(annex2(self, year, language=language) for year in chosen)

    def save(self, path: str | Path) -> None:
        """Keep the allocation as JSON: the plan, the quotas, and how they were found.

        Raises
        ------
        ReportError
            The file cannot be written; nothing half-written stays.
        """
        plan = self.plan.source()
        told = json.dumps(plan, ensure_ascii=False, sort_keys=True)
        content = {
            "format": FORMAT,
            "version": version("target-decompose"),
            "fingerprint": hashlib.sha256(told.encode()).hexdigest(),
            "routes": [list(stage.solution.route) for stage in self.settled.stages],
            "programs": sum(stage.solution.programs for stage in self.settled.stages),
            "plan": plan,
            "quotas": self.quotas[list(KEPT)].to_dict("records"),
        }
        if self._gaps:
            content["gaps"] = self.gaps.to_dict("records")
        text = json.dumps(content, ensure_ascii=False, indent=1)
        write_whole(Path(path), (text + "\n").encode())

    def _repr_html_(self) -> str:
        frames = [self.annex1().to_html(index=False)]
        frames += [self.annex2(year).to_html() for year in self.plan.years]
        return "".join(frames)


def _stage_quotas(stage: Stage) -> pd.DataFrame:
    problem = stage.problem
    frame = pd.DataFrame(
        {
            "indicator": np.array(problem.indicators, dtype=object)[problem.column_indicator],
            "region": np.array(problem.regions, dtype=object)[problem.column_region],
            "year": np.array(problem.years)[problem.column_year],
            "quota": stage.printed,
            "exact": stage.solution.x,
            "reference": problem.reference,
            "lower": problem.lower + 0.0,
            "upper": problem.upper + 0.0,
            "bound_by": bound_by(problem, stage.solution.x),
        }
    )
    return frame[stage.built.final]


def _stage_excess(stage: Stage, plan: Plan) -> pd.DataFrame:
    problem, excess = stage.problem, stage.excess.copy()
    rules = problem.rules
    excess[stage.moved] = 1.0
    rows = np.flatnonzero(excess > 0)
    steps = {one.number: one.step for one in stage.built.series}
    names = (*problem.regions, *reversed(problem.groups), plan.total_label)
    years = (*problem.years, "total")
    return pd.DataFrame(
        {
            "rule": [problem.sources[k] for k in rules.source[rows]],
            "family": [FAMILIES[k].name for k in rules.family[rows]],
            "indicator": [problem.indicators[k] for k in rules.indicator[rows]],
            "scope": [names[k] for k in rules.scope[rows]],
            "year": [years[k] for k in rules.year[rows]],
            "steps": excess[rows],
            "amount": excess[rows] * [steps[k] for k in rules.indicator[rows].tolist()],
        }
    )


def _in_plan_order(plan: Plan, frames: list[pd.DataFrame]) -> pd.DataFrame:
    """Put the frames of stages together, indicators in plan order."""
    if len(frames) == 1:
        return frames[0]
    whole = pd.concat([frame for frame in frames if len(frame)] or frames[:1], ignore_index=True)
    order = whole["indicator"].map(plan.indicator_index)
    return whole.loc[order.sort_values(kind="stable").index].reset_index(drop=True)


def _target(one: Sum) -> tuple[float, str]:
    derived = one.path.rpartition(".")[2] in ("growth", "increase") or "each_year" in one.path
    plain_each = one.path.endswith(".each_year")
    value = one.figure if derived and not plain_each else one.said.value
    return value, one.said.sense.value
