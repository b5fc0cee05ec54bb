"""Totals over the years that cross the sums of single years: by which groups of chains.

A limit on what a county has over all years, or a city's total beside the yearly figures of its
province, joins cells that stand in different sums.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from decompose.fairness.crossing import YEARS
from decompose.problem import Bools, Floats, Ints, Problem

ALIKE = 1e-12
"""Weights that differ by less, by their size, are one."""


class Totals(NamedTuple):
    """The innermost group of each chain, (n,), the group around each, and what its total can be.

    -1 where there is none.
    """

    group: Ints
    over: Ints
    least: Floats
    most: Floats


def totals_of(
    problem: Problem,
    figure: Floats,
    left: Bools,
    weight: Floats,
    chain: Ints,
    block: Ints,
    part: Ints,
) -> Totals:
    """Find the totals of nested groups of chains, each with all the cells of its chains.

    Parameters
    ----------
    problem, figure
        The rules, and what each hands out (NaN: within its bounds).
    left
        Rules that are in no sum of the chains, as flags.
    weight
        By what each column is multiplied in the chains.
    chain
        Of each column.
    block
        The sum in which each cell stands, or -1, (n, T).
    part
        Of each chain.
    """
    rules, chains = problem.rules, len(part)
    nothing = Totals(np.full(chains, -1), np.zeros(0, dtype=np.int64), np.zeros(0), np.zeros(0))
    matrix = rules.matrix.plain  # a share of the area is no total, and long where it is written out
    adds = np.ones(len(matrix), dtype=bool)
    adds[matrix.row[matrix.value <= 0]] = False  # limits between years have a factor below 0
    adds &= left & (matrix.counts > 1) & ~rules.yields & (rules.constant == 0)
    rows = np.flatnonzero(adds)
    some = matrix.take(rows)
    if not len(rows) or block.shape[1] > YEARS:
        return nothing
    scale = some.value / weight[some.column]
    low, high = (end.reduceat(scale, some.start[:-1]) for end in (np.minimum, np.maximum))
    cells = np.bincount(chain, minlength=chains)
    pair, count = np.unique(some.row * chains + chain[some.column], return_counts=True)
    row, member = np.divmod(pair, chains)
    whole = (low > 0) & (high - low <= ALIKE * high)
    whole[row[count != cells[member]]] = False
    whole &= np.bincount(row, weights=cells[member] > 1, minlength=len(rows)) > 0
    whole &= _one_part(row, part[member], len(rows))
    alike = _alike(block, part)
    whole[row[~alike[part[member]]]] = False

    rows_of = np.flatnonzero(whole)
    said = figure[rows[rows_of]]
    lower, upper = (
        np.where(np.isnan(said), end[rows[rows_of]], said) / low[rows_of]
        for end in (rules.lower, rules.upper)
    )
    first = np.searchsorted(row, np.arange(len(rows) + 1))
    members = [member[first[one] : first[one + 1]] for one in rows_of.tolist()]
    return _nested(members, lower, upper, chains)


def _nested(members: list[Ints], least: Floats, most: Floats, chains: int) -> Totals:
    """Nest sets of chains, the smallest first; what crosses another is left out."""
    single = np.array([len(one) == 1 for one in members], dtype=bool)
    alone = np.array([one[0] for one in members if len(one) == 1], dtype=np.int64)
    own, place = np.unique(alone, return_inverse=True)
    lower, upper = np.full(len(own), -np.inf), np.full(len(own), np.inf)
    np.maximum.at(lower, place, least[single])
    np.minimum.at(upper, place, most[single])
    holder = np.full(chains, -1)
    holder[own] = np.arange(len(own))
    group = holder.copy()
    over, size = [-1] * len(own), [1] * len(own)
    low, high = lower.tolist(), upper.tolist()
    sizes = np.array([len(one) for one in members], dtype=np.int64)
    for one in np.argsort(sizes, kind="stable")[int(single.sum()) :].tolist():
        inside, count = np.unique(holder[members[one]], return_counts=True)
        known = [pair for pair in zip(inside.tolist(), count.tolist(), strict=True) if pair[0] >= 0]
        if any(size[inner] != found for inner, found in known):
            continue
        number = len(over)
        for inner, _ in known:
            over[inner] = number
        over.append(-1)
        size.append(len(members[one]))
        low.append(float(least[one]))
        high.append(float(most[one]))
        free = members[one][holder[members[one]] < 0]
        group[free] = number
        holder[members[one]] = number
    return Totals(group, np.array(over, dtype=np.int64), np.array(low), np.array(high))


def _one_part(row: Ints, part: Ints, rows: int) -> Bools:
    """Tell which rows speak of one part alone."""
    low, high = np.full(rows, np.iinfo(np.int64).max), np.full(rows, -1)
    np.minimum.at(low, row, part)
    np.maximum.at(high, row, part)
    return np.asarray(low == high)


def _alike(block: Ints, part: Ints) -> Bools:
    """Tell the parts all chains of which stand in the same sums, and in some."""
    _, one = np.unique(part, return_index=True)
    same = np.all(block == block[one[part]], axis=1)
    found = np.asarray(np.any(block[one] >= 0, axis=1), dtype=bool)
    found[part[~same]] = False
    return found
