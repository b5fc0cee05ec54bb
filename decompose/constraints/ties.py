"""Families that tie a cell to its area or to another indicator: shares, shifts, part_of."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from decompose.constraints.context import (
    NEGLIGIBLE,
    Block,
    Context,
    boxes,
    combine,
    label,
    pairs,
)
from decompose.plan.scopes import Grid
from decompose.plan.steps import down_all
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
        for scope, share, source in _said(grid, year):
            parts += _share_row(context, family, scope, year, whole, share, source, most=most)
    return Block(Rules.stack(parts), grid.paths)


def _said(grid: Grid, year: int) -> Iterator[tuple[int, float, int]]:
    """List the regions and groups that a limit of shares binds in a year: scope, share, source."""
    for region in np.flatnonzero(~np.isnan(grid.value[:, year])).tolist():
        yield region, float(grid.value[region, year]), int(grid.source[region, year])
    for group in np.flatnonzero(~np.isnan(grid.groups[:, year])).tolist():
        value, source = grid.groups[group, year], grid.groups_source[group, year]
        yield group_scope(group), float(value), int(source)


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
) -> list[Rules]:
    """Write one row; none where the scope has no cell, or is all of the area at a share of 1."""
    part = context.scope_columns(scope, year)
    if not len(part):
        return []
    matrix = combine([(part, 1.0), (whole, -share)])
    if not len(matrix.column):
        return []
    ends = (-np.inf, 0.0) if most else (0.0, np.inf)
    return [label(context, family, matrix, *ends, scope, year, source)]


def share_shift(context: Context) -> Block:
    """Return ``|x[r,t] / Σ x[·,t] - base share| ≤ shift``, as two rows per scope and year.

    A scope without a base has no such rule, nor has any where all bases are 0.
    """
    grid = context.series.grids.get("share_shift")
    bases = float(np.nansum(context.series.base))
    if grid is None or bases == 0:
        return Block(Rules())
    said = [
        (scope, year, shift, source)
        for year in range(len(context.plan.years))
        for scope, shift, source in _said(grid, year)
    ]
    parts: list[Rules] = []
    for scope, year, shift, source in sorted(said):
        whole = context.scope_columns(AREA, year)
        base_share = context.base(scope) / bases
        for share, most in ((base_share + shift, True), (base_share - shift, False)):
            if share < 1 - NEGLIGIBLE if most else share > NEGLIGIBLE:
                parts += _share_row(
                    context, "share_shift", scope, year, whole, share, source, most=most
                )
    return Block(Rules.stack(parts), grid.paths)


def part_of(context: Context) -> Block:
    """Return ``x[part] ≤ x[whole]`` per region and year; 0 where the whole does not apply.

    A whole that is data binds like a capacity: on the part's own grid.
    """
    parts: list[Rules] = []
    paths: list[str] = []
    indicator = context.series.indicator
    own = context.column
    for name, keys in _wholes(context):
        whole = context.plan.indicator_index[name]
        paths.append(f"indicators.{indicator.id}.{keys}")
        source = len(paths) - 1
        if whole in context.known:
            bound = down_all(context.known[whole], context.series.value_step)
            both = (own >= 0) & ~np.isnan(bound)
            regions, years = np.nonzero(both)
            parts.append(
                label(
                    context,
                    "part_of",
                    boxes(own[both]),
                    -np.inf,
                    bound[both],
                    regions,
                    years,
                    source,
                )
            )
        elif whole in context.columns:
            other = context.columns[whole]
            both = (own >= 0) & (other >= 0)
            regions, years = np.nonzero(both)
            matrix: Matrix = pairs(own[both], other[both], 1.0)
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
