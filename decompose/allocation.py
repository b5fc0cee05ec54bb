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

from decompose.bounds import bound_by, effective_bounds
from decompose.files import write_whole
from decompose.labels import Language
from decompose.plan import Plan
from decompose.plan.steps import decimals_of
from decompose.problem import AREA, FAMILIES, TOTAL, Floats, group_scope
from decompose.series import Series, Sum
from decompose.settle import Settled
from decompose.tables import Table, annex1, annex2

FORMAT = "decompose allocation 1"
KEPT = ("indicator", "region", "year", "quota", "exact")


@dataclass(frozen=True, eq=False)
class Allocation:
    """Certified quotas of a plan.

    Made by ``solve``. Frames are made anew at every call: changing one changes nothing here.
    """

    settled: Settled

    @property
    def plan(self) -> Plan:
        """The plan that was solved."""
        return self.settled.plan

    @cached_property
    def _quota(self) -> Floats:
        """The quota of each column, in the unit that is printed."""
        problem = self.settled.problem
        digits = np.array([decimals_of(one) for one in self.plan.indicators])
        found = self.settled.quotas * problem.step
        for count in np.unique(digits):
            cells = digits[problem.column_indicator] == count
            found[cells] = np.round(found[cells], count)
        return np.asarray(found + 0.0)

    @cached_property
    def _grids(self) -> dict[str, Floats]:
        """The quotas of each indicator, regions × years; NaN where there is none."""
        found: dict[str, Floats] = {}
        built = self.settled.built
        for series, column in zip(built.series, built.columns, strict=True):
            grid = np.full(column.shape, np.nan)
            grid[column >= 0] = self._quota[column[column >= 0]]
            found[series.indicator.id] = grid
        return found

    def _labels(self) -> dict[str, Any]:
        problem = self.settled.problem
        return {
            "indicator": np.array(problem.indicators, dtype=object)[problem.column_indicator],
            "region": np.array(problem.regions, dtype=object)[problem.column_region],
            "year": np.array(problem.years)[problem.column_year],
        }

    @property
    def quotas(self) -> pd.DataFrame:
        """One row per indicator × region × year that has a quota.

        Columns ``indicator`` (id), ``region``, ``year``, ``quota`` (as printed), ``exact`` (before
        rounding), ``reference`` (by the allocation rule alone), ``lower`` and ``upper`` (the cell's
        own bounds), all in the indicator's unit, and ``bound_by``: the families of the rules that
        are tight at the cell, joined by ``"; "`` in a fixed order.
        """
        problem = self.settled.problem
        lower, upper = effective_bounds(problem)
        return pd.DataFrame(
            {
                **self._labels(),
                "quota": self._quota,
                "exact": self.settled.solution.x,
                "reference": problem.reference,
                "lower": lower,
                "upper": upper,
                "bound_by": bound_by(problem, self.settled.solution.x),
            }
        )

    @property
    def values(self) -> pd.DataFrame:
        """The same cells as values: columns ``indicator``, ``region``, ``year``, ``value``."""
        return pd.DataFrame({**self._labels(), "value": self._quota})

    @property
    def totals(self) -> pd.DataFrame:
        """The sums: columns ``indicator``, ``scope``, ``year``, ``target``, ``sense``, ``quota``.

        ``scope`` is the area's label (``total_label``) or a group; ``year`` may be ``"total"``
        (flows). ``target`` is NaN, and ``sense`` ``"none"``, where the plan sets none.
        """
        rows = [row for series in self.settled.built.series for row in self._sums_of(series)]
        columns = ["indicator", "scope", "year", "target", "sense", "quota"]
        return pd.DataFrame(rows, columns=columns)

    def _sums_of(self, series: Series) -> list[tuple[Any, ...]]:
        grid = self._grids[series.indicator.id]
        digits = decimals_of(series.indicator)
        said = {(one.scope, one.year): one for one in reversed(series.sums)}
        targeted = {scope for scope, _ in said}
        scopes = [(AREA, self.plan.total_label, np.ones(len(grid), dtype=bool))]
        for number, (name, group) in enumerate(self.plan.groups.items()):
            if group.subtotal or group_scope(number) in targeted:
                scopes.append((group_scope(number), name, self.plan.members[number]))
        rows: list[tuple[Any, ...]] = []
        for scope, name, members in scopes:
            inside = grid[members]
            for number, year in enumerate(self.plan.years):
                if not np.isnan(inside[:, number]).all():
                    total = round(float(np.nansum(inside[:, number])), digits)
                    one = said.get((scope, number))
                    rows.append((series.indicator.id, name, year, *_target(one), total))
            if series.indicator.kind == "flow" and not np.isnan(inside).all():
                total = round(float(np.nansum(inside)), digits)
                one = said.get((scope, TOTAL))
                rows.append((series.indicator.id, name, "total", *_target(one), total))
        return rows

    @property
    def excess(self) -> pd.DataFrame:
        """The rules that rounding breaks, and by how much (DESIGN section 3 "Rounding").

        Columns ``rule`` (its path in the plan), ``family``, ``indicator``, ``scope``, ``year``,
        ``steps``, ``amount`` (in the indicator's unit).
        """
        problem, excess = self.settled.problem, self.settled.excess.copy()
        rules = problem.rules
        excess[self.settled.moved] = 1.0
        rows = np.flatnonzero(excess > 0)
        steps = {one.number: one.step for one in self.settled.built.series}
        names = (*problem.regions, *reversed(problem.groups), self.plan.total_label)
        return pd.DataFrame(
            {
                "rule": [problem.sources[k] for k in rules.source[rows]],
                "family": [FAMILIES[k].name for k in rules.family[rows]],
                "indicator": [problem.indicators[k] for k in rules.indicator[rows]],
                "scope": [names[k] for k in rules.scope[rows]],
                "year": [
                    "total" if k == TOTAL else problem.years[k] for k in rules.year[rows].tolist()
                ],
                "steps": excess[rows],
                "amount": excess[rows] * [steps[k] for k in rules.indicator[rows].tolist()],
            }
        )

    def annex1(self, *, language: Language = "zh") -> pd.DataFrame:
        """Return annex 1, the area by year: one row per indicator, as printed."""
        return annex1(self.plan, self._grids, language=language).frame()

    def annex2(self, year: int, *, language: Language = "zh") -> pd.DataFrame:
        """Return annex 2 of a year: the area first, then a row per region; a column per indicator.

        Raises
        ------
        PlanError
            The plan has no such year.
        """
        return annex2(self.plan, self._grids, year, language=language).frame()

    def tables(
        self, *, years: tuple[int, ...] | None = None, language: Language = "zh"
    ) -> tuple[Table, ...]:
        """Return the printed tables: annex 1, then the annex 2 of each year (all by default)."""
        chosen = self.plan.years if years is None else years
        first = annex1(self.plan, self._grids, language=language)
        return first, *(annex2(self.plan, self._grids, year, language=language) for year in chosen)

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
            "routes": list(self.settled.solution.route),
            "programs": self.settled.solution.programs,
            "plan": plan,
            "quotas": self.quotas[list(KEPT)].to_dict("records"),
        }
        text = json.dumps(content, ensure_ascii=False, indent=1)
        write_whole(Path(path), (text + "\n").encode())

    def _repr_html_(self) -> str:
        frames = [self.annex1().to_html(index=False)]
        frames += [self.annex2(year).to_html() for year in self.plan.years]
        return "".join(frames)


def _target(one: Sum | None) -> tuple[float, str]:
    if one is None:
        return float("nan"), "none"
    derived = one.path.rpartition(".")[2] in ("growth", "increase") or "each_year" in one.path
    plain_each = one.path.endswith(".each_year")
    value = one.figure if derived and not plain_each else one.said.value
    return value, one.said.sense.value
