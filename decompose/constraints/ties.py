"""Families that tie a cell to its area or to another indicator: shares, shifts, part_of."""

from __future__ import annotations

import numpy as np

from decompose.constraints.context import Block, Context, boxes, combine, label, pairs
from decompose.problem import AREA, Ints, Matrix, Rules, group_scope


def greatest_share(context: Context) -> Block:
    """Return ``x[r,t] ≤ share · Σ x[·,t]``, per region or for a group's sum."""
    return _shares(context, "share.max")


def least_share(context: Context) -> Block:
    """Return ``x[r,t] ≥ share · Σ x[·,t]``, per region or for a group's sum."""
    return _shares(context, "share.min")


def _shares(context: Context, family: str) -> Block:
    grid = context.series.grids.get(family)
    if grid is None:
        return Block(Rules())
    most = family.endswith("max")
    parts: list[Rules] = []
    for year in range(len(context.plan.years)):
        whole = context.scope_columns(AREA, year)
        scoped = [
            (region, float(grid.value[region, year]), int(grid.source[region, year]))
            for region in np.flatnonzero(~np.isnan(grid.value[:, year])).tolist()
        ]
        scoped += [
            (group_scope(k), float(grid.groups[k, year]), int(grid.groups_source[k, year]))
            for k in np.flatnonzero(~np.isnan(grid.groups[:, year])).tolist()
        ]
        parts += [
            _share_row(context, family, scope, year, whole, share, source, most=most)
            for scope, share, source in scoped
            if len(context.scope_columns(scope, year))
        ]
    return Block(Rules.stack(parts), grid.paths)


def _share_row(
    context: Context,
    family: str,
    scope: int,
    year: int,
    whole: Ints,
    share: float,
    source: int,
    *,
    most: bool,
) -> Rules:
    part = context.scope_columns(scope, year)
    matrix = combine([(part, 1.0), (whole, -share)])
    ends = (-np.inf, 0.0) if most else (0.0, np.inf)
    return label(context, family, matrix, *ends, scope, year, source)


def share_shift(context: Context) -> Block:
    """Return ``|x[r,t] / Σ x[·,t] - base share| ≤ shift``, as two rows per region and year."""
    grid = context.series.grids.get("share_shift")
    if grid is None:
        return Block(Rules())
    base_share = context.series.base / np.nansum(context.series.base)
    parts: list[Rules] = []
    for region, year in np.argwhere(~np.isnan(grid.value) & (context.column >= 0)).tolist():
        if np.isnan(base_share[region]):
            continue
        whole = context.scope_columns(AREA, year)
        shift, source = float(grid.value[region, year]), int(grid.source[region, year])
        for share, most in (
            (base_share[region] + shift, True),
            (base_share[region] - shift, False),
        ):
            if 0 < share < 1:
                parts.append(
                    _share_row(
                        context, "share_shift", region, year, whole, share, source, most=most
                    )
                )
    return Block(Rules.stack(parts), grid.paths)


def part_of(context: Context) -> Block:
    """Return ``x[part] ≤ x[whole]`` per region and year; 0 where the whole does not apply."""
    parts: list[Rules] = []
    paths: list[str] = []
    indicator = context.series.indicator
    for name, keys in _wholes(context):
        whole = context.plan.indicator_index[name]
        paths.append(f"indicators.{indicator.id}.{keys}")
        own, other = context.column, context.columns[whole]
        both = (own >= 0) & (other >= 0)
        regions, years = np.nonzero(both)
        matrix: Matrix = pairs(own[both], other[both], 1.0)
        source = len(paths) - 1
        parts.append(label(context, "part_of", matrix, -np.inf, 0.0, regions, years, source))
        alone = (own >= 0) & ~context.plan.applies(context.plan.indicators[whole])
        regions, years = np.nonzero(alone)
        parts.append(
            label(context, "part_of", boxes(own[alone]), -np.inf, 0.0, regions, years, source)
        )
    return Block(Rules.stack(parts), tuple(paths))


def _wholes(context: Context) -> list[tuple[str, str]]:
    """List the indicators of which this one is a part, and the keys that say so."""
    indicator = context.series.indicator
    found = [(indicator.parent, "parent")] if indicator.parent is not None else []
    return found + [
        (link.part_of, f"links.{number}.part_of")
        for number, link in enumerate(indicator.links)
        if link.part_of is not None
    ]
