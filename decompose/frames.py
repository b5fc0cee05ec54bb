"""Stages as frames: quotas, what rounding broke, what it moved."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from decompose.bounds import bound_by
from decompose.plan import Plan
from decompose.plan.better import shortfall
from decompose.plan.mix import split_change
from decompose.plan.ratios import cell_ratios
from decompose.plan.steps import as_printed
from decompose.problem import FAMILIES
from decompose.settle import Settled
from decompose.stage import Stage

QUOTAS = (
    "indicator",
    "region",
    "year",
    "quota",
    "exact",
    "reference",
    "lower",
    "upper",
    "bound_by",
)
EXCESS = ("rule", "family", "indicator", "scope", "year", "steps", "amount")
MOVED = ("indicator", "scope", "year", "exact", "quota", "steps")
"""Columns of ``Allocation.quotas``, ``excess`` and ``moved``."""

EXCESS_DIGITS = 9
"""Decimals of a step to which an excess is told: those beyond hang on the order of adding."""


def stage_quotas(stage: Stage) -> pd.DataFrame:
    """Return the quotas of a stage, a row per cell."""
    return pd.DataFrame(quota_columns(stage))


def quota_columns(stage: Stage) -> dict[str, NDArray[Any]]:
    """Return the columns of ``Allocation.quotas`` for the cells of a stage, by name."""
    problem = stage.problem
    columns = {
        "indicator": np.array(problem.indicators, dtype=object)[problem.column_indicator],
        "region": np.array(problem.regions, dtype=object)[problem.column_region],
        "year": np.array(problem.years)[problem.column_year],
        "quota": stage.printed,
        "exact": stage.solution.x,
        "reference": problem.reference,
        "lower": problem.lower + 0.0,
        "upper": problem.upper + 0.0,
        "bound_by": np.array(bound_by(problem, stage.solution.x), dtype=object),
    }
    final = stage.built.final
    return columns if final.all() else {name: column[final] for name, column in columns.items()}


def stage_excess(stage: Stage, plan: Plan) -> pd.DataFrame:
    """Return by how much printed numbers break rules that tie cells, a row per rule."""
    problem, rules = stage.problem, stage.problem.rules
    excess = np.round(stage.excess, EXCESS_DIGITS)
    rows = np.flatnonzero(excess > 0)
    steps = {one.number: one.step for one in stage.built.series}
    names, years = labels(plan)
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


def stage_moved(stage: Stage, plan: Plan) -> pd.DataFrame:
    """Return what rounding could not leave beside its exact value, a row per sum or quota."""
    names, years = labels(plan)
    rows = [
        (
            plan.indicators[one.indicator].id,
            names[one.scope],
            years[one.year],
            one.exact,
            one.quota,
            one.steps,
        )
        for one in stage.shifts
    ]
    return pd.DataFrame(rows, columns=list(MOVED))


def cell_values(settled: Settled) -> pd.DataFrame:
    """Return the value of every cell that is settled: ``Allocation.values``."""
    plan, parts = settled.plan, []
    for one in plan.indicators:
        grid = settled.printed.get(one.id)
        if grid is None or one.kind == "given":
            continue
        if one.kind == "ratio":
            grid = cell_ratios(plan, one, settled.printed)
        regions, years = np.nonzero(~np.isnan(grid))
        parts.append(
            pd.DataFrame(
                {
                    "indicator": one.id,
                    "region": np.array(plan.region_names, dtype=object)[regions],
                    "year": np.array(plan.years)[years],
                    "value": grid[regions, years],
                }
            )
        )
    empty = pd.DataFrame(columns=["indicator", "region", "year", "value"])
    return pd.concat(parts, ignore_index=True) if parts else empty


def shortfalls(settled: Settled, stretch: Settled | None) -> pd.DataFrame:
    """Return the quotas whose stretch quotas fall short of them: ``Allocation.shortfalls``."""
    plan, rows = settled.plan, []
    base, higher = settled.quotas(), {} if stretch is None else stretch.quotas()
    for one in plan.indicators:
        if one.id not in base or one.id not in higher:
            continue
        short = shortfall(one, base[one.id], higher[one.id])
        for region, year in np.argwhere(short > 0).tolist():
            gap, own = float(short[region, year]), float(base[one.id][region, year])
            place = one.id, plan.region_names[region], plan.years[year]
            part = gap / abs(own) if own else float("nan")
            rows.append((*place, own, float(higher[one.id][region, year]), gap, part))
    columns = ["indicator", "region", "year", "base", "stretch", "shortfall", "relative"]
    return pd.DataFrame(rows, columns=columns)


def ratio_changes(settled: Settled) -> pd.DataFrame:
    """Return what moves each ratio since the base year: ``Allocation.mix``."""
    plan, rows = settled.plan, []
    scopes = [(plan.total_label, np.ones(len(plan.regions), dtype=bool))]
    scopes += [
        (name, plan.members[number])
        for number, (name, group) in enumerate(plan.groups.items())
        if group.subtotal
    ]
    for one in plan.indicators:
        for name, members in scopes if one.kind == "ratio" else ():
            mix, regions = split_change(plan, one, settled.printed, members)
            for year, parts in zip(plan.years, zip(mix, regions, strict=True), strict=True):
                if not np.isnan(parts).any():
                    numbers = as_printed(np.array([sum(parts), *parts])).tolist()
                    rows.append((one.id, name, year, *numbers))
    columns = ["indicator", "scope", "year", "change", "mix", "regions"]
    return pd.DataFrame(rows, columns=columns)


def labels(plan: Plan) -> tuple[tuple[str, ...], tuple[int | str, ...]]:
    """Return the names of scopes and of years, so that their numbers are indices."""
    scopes = (*plan.region_names, *reversed(plan.group_names), plan.total_label)
    return scopes, (*plan.years, "total")


def in_plan_order(plan: Plan, frames: list[pd.DataFrame], columns: tuple[str, ...]) -> pd.DataFrame:
    """Put the frames of stages together, indicators in plan order.

    A plan of goals in words has no stage: its frame has columns only.
    """
    if not frames:
        return pd.DataFrame(columns=list(columns))
    if len(frames) == 1:
        return frames[0]
    whole = pd.concat([frame for frame in frames if len(frame)] or frames[:1], ignore_index=True)
    keys = [whole["indicator"].map(plan.indicator_index)]
    if "region" in whole:  # the years of one indicator may come from several stages
        place = {name: number for number, name in enumerate(plan.region_names)}
        keys = [whole["year"], whole["region"].map(place), *keys]
    return whole.iloc[np.lexsort(keys)].reset_index(drop=True)
