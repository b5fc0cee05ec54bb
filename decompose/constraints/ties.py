"""Families that tie a cell to its area or to another indicator: shares, shifts, part_of."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from decompose.constraints.context import (
    NEGLIGIBLE,
    Block,
    Context,
    boxes,
    combine,
    label,
    pairs,
    sums,
)
from decompose.plan.scopes import Grid
from decompose.plan.steps import down_all
from decompose.problem import AREA, Bools, Floats, Ints, Matrix, Rules, Shared, group_scope


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
    said = [_said(grid, year) for year in range(len(context.plan.years))]
    most = np.full(sum(len(one.scope) for one in said), family.endswith("max"))
    return Block(_share_rows(context, family, _Said.stack(said), most), grid.paths)


class _Said(NamedTuple):
    """Regions and groups that limits of shares bind: each with its year, figure and source."""

    scope: Ints
    year: Ints
    share: Floats
    source: Ints

    @staticmethod
    def stack(parts: list[_Said]) -> _Said:
        return _Said(
            np.concatenate([part.scope for part in parts]),
            np.concatenate([part.year for part in parts]),
            np.concatenate([part.share for part in parts]),
            np.concatenate([part.source for part in parts]),
        )

    def take(self, places: Ints | Bools) -> _Said:
        return _Said(self.scope[places], self.year[places], self.share[places], self.source[places])


def _said(grid: Grid, year: int) -> _Said:
    """List what a limit of shares binds in a year: regions, then groups."""
    regions, groups = (np.flatnonzero(~np.isnan(one[:, year])) for one in (grid.value, grid.groups))
    return _Said(
        np.concatenate([regions, group_scope(0) - groups]),
        np.full(len(regions) + len(groups), year, dtype=np.int64),
        np.concatenate([grid.value[regions, year], grid.groups[groups, year]]),
        np.concatenate([grid.source[regions, year], grid.groups_source[groups, year]]),
    )


def _share_rows(context: Context, family: str, said: _Said, most: Bools) -> Rules:
    """Write the rows, at most a share of the area or at least.

    None where a scope has no cell, or is all of the area at a share of 1.
    """
    years = range(len(context.plan.years))
    wholes = [context.scope_columns(AREA, year) for year in years]
    parts = [
        context.scope_columns(int(scope), int(year))
        for scope, year in zip(said.scope, said.year, strict=True)
    ]
    # a coefficient that is 0 in all is none: such rows, a few, are written out
    alone = (np.abs(1 - said.share) <= NEGLIGIBLE * (1 + said.share)) | (said.share == 0)
    alone |= np.array([len(whole) for whole in wholes])[said.year] <= 1
    there = np.array([len(part) > 0 for part in parts], dtype=bool)
    common = np.flatnonzero(there & ~alone)
    rows = [
        combine([(parts[k], 1.0), (wholes[said.year[k]], -said.share[k])])
        for k in np.flatnonzero(there & alone)
    ]
    shared = Shared(
        sums([parts[k] for k in common]),
        Matrix(np.arange(len(common) + 1), said.year[common], -said.share[common]),
        sums(wholes),
    )
    matrix = Matrix.stack([shared, *rows])
    order = np.argsort(np.concatenate([common, np.flatnonzero(there & alone)]), kind="stable")
    matrix, said, most = matrix.take(order), said.take(there), most[there]
    rules = label(
        context,
        family,
        matrix,
        np.where(most, -np.inf, 0.0),
        np.where(most, 0.0, np.inf),
        said.scope,
        said.year,
        said.source,
    )
    return rules.take(np.flatnonzero(matrix.counts)) if len(rows) else rules


def share_shift(context: Context) -> Block:
    """Return ``|x[r,t] / Σ x[·,t] - base share| ≤ shift``, as two rows per scope and year.

    A scope without a base has no such rule, nor has any where all bases are 0.
    """
    grid = context.series.grids.get("share_shift")
    bases = float(np.nansum(context.series.base))
    if grid is None or bases == 0:
        return Block(Rules())
    said = _Said.stack([_said(grid, year) for year in range(len(context.plan.years))])
    said = said.take(np.lexsort((said.year, said.scope)))
    scopes, place = np.unique(said.scope, return_inverse=True)
    base_share = np.array([context.base(scope) for scope in scopes.tolist()])[place] / bases
    ends = np.stack([base_share + said.share, base_share - said.share], axis=1)
    most = np.tile([True, False], (len(ends), 1))
    binds = np.where(most, ends < 1 - NEGLIGIBLE, ends > NEGLIGIBLE)
    both = said.take(np.nonzero(binds)[0])._replace(share=ends[binds])
    return Block(_share_rows(context, "share_shift", both, most[binds]), grid.paths)


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
