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
    """The group of each chain, or -1, and what its total can be, (n,)."""

    group: Ints
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
    """Find the totals of disjoint groups of chains, each with all the cells of its chains.

    The smallest groups come first; a total of chains that stand in others is left out.

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
    nothing = Totals(np.full(chains, -1), np.full(chains, -np.inf), np.full(chains, np.inf))
    rows = np.flatnonzero(left & (rules.matrix.counts > 1) & ~rules.yields & (rules.constant == 0))
    some = rules.matrix.take(rows)
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

    found = _disjoint(row, member, whole, chains)
    own = np.full(len(rows), -1)
    own[row] = found[member]
    of_all = whole & (np.bincount(row, weights=found[member] != own[row], minlength=len(rows)) == 0)
    size = np.bincount(found[found >= 0], minlength=chains)
    of_all &= (own >= 0) & (size[own] == np.bincount(row, minlength=len(rows)))
    here, own = rows[of_all], own[of_all]
    said = figure[here]
    least = np.where(np.isnan(said), rules.lower[here], said) / low[of_all]
    most = np.where(np.isnan(said), rules.upper[here], said) / low[of_all]
    group, lower, upper = found, np.full(chains, -np.inf), np.full(chains, np.inf)
    np.maximum.at(lower, own, least)
    np.minimum.at(upper, own, most)
    return Totals(
        group,
        np.where(group >= 0, lower[group], -np.inf),
        np.where(group >= 0, upper[group], np.inf),
    )


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


def _disjoint(row: Ints, member: Ints, whole: Bools, chains: int) -> Ints:
    """Return the group of each chain: the number of the first chain of the smallest set, or -1."""
    here = whole[row]
    row, member = row[here], member[here]
    size = np.bincount(row, minlength=len(whole))
    by_size = np.lexsort((row, size[row], member))
    first = by_size[np.diff(member[by_size], prepend=-1) != 0]
    claimed = np.full(chains, -1)
    claimed[member[first]] = row[first]
    full = np.bincount(row, weights=claimed[member] == row, minlength=len(whole)) == size
    full &= size > 0
    group = np.full(chains, -1)
    taken = full[claimed] & (claimed >= 0)
    lowest = np.full(len(whole), chains)
    np.minimum.at(lowest, row, member)
    group[taken] = lowest[claimed[taken]]
    return group
