"""Growth that is published, as numbers: references year by year, limits on the grid of rates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from decompose.plan.content import PlanContent
from decompose.plan.growth import Growth
from decompose.plan.models import Indicator
from decompose.plan.paths import root
from decompose.plan.ratios import PERCENT
from decompose.plan.scopes import Grid
from decompose.plan.sharing import share_out
from decompose.plan.steps import down_all, step_of, up_all
from decompose.problem import Floats, Ints


def growth_of(
    content: PlanContent,
    indicator: Indicator,
    handed: Floats,
    before: Floats,
    first: int,
    touching: Floats | None,
) -> tuple[Growth, Floats]:
    """Return the growth of the first open year, and every open year's reference rates.

    A reference is index × λ, with λ such that the area's sum of the year is just met where the
    year before is as printed, or as its references make it; not below 0.

    Parameters
    ----------
    content, indicator
        The plan, and an indicator whose growth is published.
    handed
        The area's sum by year.
    before
        Values of the year before the first open one; a region with none, or 0, has no growth.
    first
        Index of the first open year.
    touching
        Rates where the tangents touch; the references by default.
    """
    applies = content.applies(indicator)
    index = _index(content, indicator)
    before = np.where(before > 0, before, np.nan)
    rates = np.full(applies.shape, np.nan)
    path = np.full(applies.shape, np.nan)
    values = before
    for year in range(first, len(content.years)):
        if np.isnan(handed[year]):
            break
        gap = int(content.gaps[year])
        cells = applies[:, year] & ~np.isnan(values)
        values = np.where(cells, values, np.nan)
        rates[cells, year] = index[cells] * _level(values, index, gap, float(handed[year]))
        values = values * (1 + rates[:, year] / PERCENT) ** gap
        path[:, year] = values
    gap = int(content.gaps[first])
    at = rates[:, first]
    at = at if touching is None else np.where(np.isnan(touching), at, touching)
    at = np.zeros(len(before)) if gap == 1 else np.nan_to_num(at)
    falls = bool(
        handed[first] < float(np.nansum(before)) - _rounded_by(content, indicator, before, first)
    )
    return Growth(first, gap, before, at, path, falls), rates


def _rounded_by(content: PlanContent, indicator: Indicator, before: Floats, first: int) -> float:
    """Return by how much rounded rates may have brought the year before beyond its figure."""
    if first == 0:
        return 0.0
    gap = int(content.gaps[first - 1])
    return float(np.nansum(before)) * gap * step_of(indicator) / PERCENT


def _index(content: PlanContent, indicator: Indicator) -> Floats:
    """Return each region's index: equal where no rule is given; 0 for a reserve."""
    takes = ~content.reserve
    rule = indicator.allocate
    if rule is None or rule.by == "equal":
        return np.asarray(takes.astype(np.float64))
    return share_out(content, indicator, takes) * len(content.regions)


def _level(values: Floats, index: Floats, gap: int, handed: float) -> float:
    """Return λ: the rate of index 1 at which values grow to what is handed out."""
    here = ~np.isnan(values)
    values, index = values[here], index[here]
    if handed <= values.sum() or not (values * index).any():
        return 0.0
    if gap == 1:
        return float(PERCENT * (handed - values.sum()) / (values @ index))
    return root(lambda level: float(values @ (1 + level * index / PERCENT) ** gap) - handed)


def growth_grids(
    content: PlanContent, indicator: Indicator, grids: Mapping[str, Grid]
) -> dict[str, Grid]:
    """Return limits, those of regions' growth inward on the grid of rates.

    No region shrinks unless a limit, or ``signed``, lets it; none shrinks to nothing.
    """
    step = step_of(indicator)
    found = dict(grids)
    if "growth.max" in found:
        most = found["growth.max"]
        found["growth.max"] = replace(most, value=down_all(most.value * PERCENT, step) / PERCENT)
    shape = len(content.regions), len(content.years)
    least = found.get("growth.min") or _empty(content, shape)
    ground = (step - PERCENT) / PERCENT
    value = np.maximum(up_all(least.value * PERCENT, step) / PERCENT, ground)
    unsaid = np.isnan(value)
    value[unsaid] = ground if indicator.signed else 0.0
    source = np.where(unsaid, len(least.paths), least.source)
    paths = (*least.paths, f"indicators.{indicator.id}.publish") if unsaid.any() else least.paths
    found["growth.min"] = replace(least, value=value, source=source, paths=paths)
    return found


def _empty(content: PlanContent, shape: tuple[int, int]) -> Grid:
    nothing: Ints = np.full(shape, -1, dtype=np.int64)
    groups, years = len(content.groups), shape[1]
    return Grid(
        value=np.full(shape, np.nan),
        source=nothing,
        area=np.full(years, np.nan),
        area_source=nothing[0],
        groups=np.full((groups, years), np.nan),
        groups_source=np.full((groups, years), -1, dtype=np.int64),
        paths=(),
    )
