"""Families between indicators: shares of another, sums of others, the rise of a level."""

from __future__ import annotations

import numpy as np

from decompose.constraints.context import Block, Context, combine, label
from decompose.figures import plain
from decompose.problem import AREA, Ints, Rules, group_scope

EACH = "region"


def at_least_share(context: Context) -> Block:
    """Return ``Σ x ≥ share · Σ other``, per region, for the area's or a group's sums."""
    return _shares_of(context, "at_least_share")


def at_most_share(context: Context) -> Block:
    """Return ``Σ x ≤ share · Σ other``, per region, for the area's or a group's sums."""
    return _shares_of(context, "at_most_share")


def _shares_of(context: Context, family: str) -> Block:
    parts: list[Rules] = []
    paths: list[str] = []
    indicator = context.series.indicator
    for number, link in enumerate(indicator.links):
        share = getattr(link, family)
        if share is None or link.of is None:
            continue
        paths.append(f"indicators.{indicator.id}.links.{number}.{family}")
        other = context.plan.indicator_index[link.of]
        for scope in _scopes(context, link.scope):
            for year in range(len(context.plan.years)):
                parts += _share_row(context, family, other, scope, year, share, len(paths) - 1)
    return Block(Rules.stack(parts), tuple(paths))


def _scopes(context: Context, name: str) -> list[int]:
    if name == EACH:
        return list(range(len(context.plan.regions)))
    if plain(name) in context.plan.group_index:
        return [group_scope(context.plan.group_index[plain(name)])]
    if plain(name) in context.plan.region_index:
        return [context.plan.region_index[plain(name)]]
    return [AREA]


def _share_row(
    context: Context, family: str, other: int, scope: int, year: int, share: float, source: int
) -> list[Rules]:
    own = context.scope_columns(scope, year)
    if not len(own) or _unassigned(context, [other], context.scope_regions(scope), year):
        return []
    least = family == "at_least_share"
    if other in context.known:
        whole = float(np.nansum(context.known[other][context.scope_regions(scope), year]))
        matrix, bound = combine([(own, 1.0)]), share * whole
    elif other in context.columns:
        columns = context.columns[other][context.scope_regions(scope), year]
        matrix, bound = combine([(own, 1.0), (columns[columns >= 0], -share)]), 0.0
    else:
        return []
    ends = (bound, np.inf) if least else (-np.inf, bound)
    return [label(context, family, matrix, *ends, scope, year, source)]


def _unassigned(context: Context, others: list[int], regions: Ints, year: int) -> bool:
    """Whether none of some indicators has a number, though they apply: nothing is said of them."""
    applies = [context.plan.applies(context.plan.indicators[one])[regions, year] for one in others]
    columns = [context.columns[one][regions, year] for one in others if one in context.columns]
    known = [context.known[one][regions, year] for one in others if one in context.known]
    has = any((found >= 0).any() for found in columns) or not np.isnan(known).all()
    return bool(np.any(applies)) and not has


def sum_of(context: Context) -> Block:
    """Return ``x = Σ others`` per region and year."""
    indicator = context.series.indicator
    if not indicator.sum_of:
        return Block(Rules())
    others = [context.plan.indicator_index[name] for name in indicator.sum_of]
    parts: list[Rules] = []
    for region, year in np.argwhere(context.column >= 0).tolist():
        if _unassigned(context, others, np.array([region]), year):
            continue
        columns, constant = _columns_of(context, others, region, year)
        own = context.column[region, year : year + 1]
        matrix = combine([(own, 1.0), (columns, -1.0)])
        parts.append(label(context, "sum_of", matrix, constant, constant, region, year, 0))
    return Block(Rules.stack(parts), (f"indicators.{indicator.id}.sum_of",))


def _columns_of(context: Context, others: list[int], region: int, year: int) -> tuple[Ints, float]:
    """Return the columns of several indicators in a cell, and what is known of the others."""
    found = [context.columns[one][region, year] for one in others if one in context.columns]
    known = [context.known[one][region, year] for one in others if one in context.known]
    columns = np.array([column for column in found if column >= 0], dtype=np.int64)
    return columns, float(np.nansum(known)) if known else 0.0


def increase_of(context: Context) -> Block:
    """Return ``x[t] = level[t] - level[t-1]`` per region; the base year comes before the first."""
    indicator = context.series.indicator
    if indicator.increase_of is None:
        return Block(Rules())
    level = context.plan.indicator_index[indicator.increase_of]
    base = context.plan.base(context.plan.indicators[level])
    parts: list[Rules] = []
    for region, year in np.argwhere(context.column >= 0).tolist():
        now, now_known = _columns_of(context, [level], region, year)
        pieces = [(context.column[region, year : year + 1], 1.0), (now, -1.0)]
        constant = now_known
        if year:
            before, before_known = _columns_of(context, [level], region, year - 1)
            pieces.append((before, 1.0))
            constant -= before_known
        elif np.isnan(base[region]):
            continue
        else:
            constant -= float(base[region])
        rows = combine(pieces)
        parts.append(label(context, "increase_of", rows, constant, constant, region, year, 0))
    return Block(Rules.stack(parts), (f"indicators.{indicator.id}.increase_of",))
