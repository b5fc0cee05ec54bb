"""Families between indicators: shares of another, sums of others, the rise of a level."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from decompose.constraints.context import Block, Context, combine, label
from decompose.figures import plain
from decompose.problem import AREA, Bools, Floats, Ints, Matrix, Rules, group_scope

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
        if link.scope == EACH:
            parts.append(_share_rows(context, family, other, share, len(paths) - 1))
            continue
        for year in range(len(context.plan.years)):
            scope = _scope(context, link.scope)
            parts += _share_row(context, family, other, scope, year, share, len(paths) - 1)
    return Block(Rules.stack(parts), tuple(paths))


def _scope(context: Context, name: str) -> int:
    if plain(name) in context.plan.group_index:
        return group_scope(context.plan.group_index[plain(name)])
    return context.plan.region_index.get(plain(name), AREA)


def _share_rows(context: Context, family: str, other: int, share: float, source: int) -> Rules:
    """Write a row for each region and year."""
    beside = _Beside.of(context, [other])
    regions, years = np.nonzero((context.column >= 0) & ~beside.unassigned)
    if other in context.known:
        pieces = [(context.column, 1.0)]
    elif other in context.columns:
        pieces = [(context.column, 1.0), (context.columns[other], -share)]
    else:
        return Rules()
    matrix = _cell_rows([(columns[regions, years], factor) for columns, factor in pieces])
    bound: Floats = share * beside.constant[regions, years]  # 0 where it is not known
    nothing: Floats = np.full(len(bound), np.inf)
    lower, upper = (bound, nothing) if family == "at_least_share" else (-nothing, bound)
    return label(context, family, matrix, lower, upper, regions, years, source)


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


class _Beside(NamedTuple):
    """What some other indicators have in each cell (regions × years).

    Attributes
    ----------
    columns
        Of each of them; -1 where it has none.
    constant
        The sum of what is known already.
    unassigned
        Where none of them has a number, though they apply: nothing is said of them.
    """

    columns: list[Ints]
    constant: Floats
    unassigned: Bools

    @staticmethod
    def of(context: Context, others: list[int]) -> _Beside:
        plan, shape = context.plan, context.column.shape
        columns = [context.columns[one] for one in others if one in context.columns]
        known = [context.known[one] for one in others if one in context.known]
        constant, has = np.zeros(shape), np.zeros(shape, dtype=bool)
        applies = np.zeros(shape, dtype=bool)
        for column in columns:
            has |= column >= 0
        for values in known:
            has |= ~np.isnan(values)
            constant += np.nan_to_num(values)
        for one in others:
            applies |= plan.applies(plan.indicators[one])
        return _Beside(columns, constant, applies & ~has)


def _cell_rows(pieces: list[tuple[Ints, float]]) -> Matrix:
    """Return a row per cell: a column of each piece, -1 where it has none, with its factor."""
    columns = np.stack([columns for columns, _ in pieces])
    piece, row = np.nonzero(columns >= 0)
    factor = np.array([factor for _, factor in pieces])
    size = int(columns.max(initial=-1)) + 1
    return Matrix.collect(row, columns[piece, row], factor[piece], rows=columns.shape[1], size=size)


def sum_of(context: Context) -> Block:
    """Return ``x = Σ others`` per region and year."""
    indicator = context.series.indicator
    if not indicator.sum_of:
        return Block(Rules())
    beside = _Beside.of(context, [context.plan.indicator_index[name] for name in indicator.sum_of])
    regions, years = np.nonzero((context.column >= 0) & ~beside.unassigned)
    pieces = [(context.column, 1.0), *((columns, -1.0) for columns in beside.columns)]
    matrix = _cell_rows([(columns[regions, years], factor) for columns, factor in pieces])
    constant = beside.constant[regions, years]
    rules = label(context, "sum_of", matrix, constant, constant, regions, years, 0)
    return Block(rules, (f"indicators.{indicator.id}.sum_of",))


def increase_of(context: Context) -> Block:
    """Return ``x[t] = level[t] - level[t-1]`` per region; the base year comes before the first."""
    indicator = context.series.indicator
    if indicator.increase_of is None:
        return Block(Rules())
    level = context.plan.indicator_index[indicator.increase_of]
    base = context.plan.base(context.plan.indicators[level])
    beside = _Beside.of(context, [level])
    before = np.column_stack([base, beside.constant[:, :-1]])
    regions, years = np.nonzero((context.column >= 0) & ~np.isnan(before))
    pieces = [(context.column, 1.0)]
    for columns in beside.columns:
        earlier = np.column_stack([np.full(len(base), -1), columns[:, :-1]])
        pieces += [(columns, -1.0), (earlier, 1.0)]
    matrix = _cell_rows([(columns[regions, years], factor) for columns, factor in pieces])
    constant = (beside.constant - before)[regions, years]
    rules = label(context, "increase_of", matrix, constant, constant, regions, years, 0)
    return Block(rules, (f"indicators.{indicator.id}.increase_of",))
