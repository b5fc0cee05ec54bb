"""Sums that others imply: what the parts of a sum, or of a rise, leave to the last of them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from decompose.problem import Bools, Floats, Ints, Matrix
from decompose.rounding.rows import components

SAME = 1e-9
"""Sums that differ by less, by their size, are one."""


class Blocks(NamedTuple):
    """Disjoint sums: the block of each cell (-1: none), what each adds up to, and whether wrong."""

    block: Ints
    sums: Floats
    wrong: Bools


class Family(NamedTuple):
    """Equations of one shape, one for each region: cells (k, m), coefficients (k,), bounds."""

    column: Ints
    value: Floats
    bound: Floats


def implied(block: Ints, sums: Floats, families: list[Family]) -> Blocks:
    """Split blocks, until nothing changes, by the sums that equations imply.

    Where the other cells of a set of equations are sums as a whole, the last ones are, too.
    """
    block, known, wrong = block.copy(), sums.tolist(), set[int]()
    size = np.bincount(block[block >= 0], minlength=len(known)).tolist()
    for _ in range(3 * len(families) + 1):
        before = len(known)
        for family in families:
            for entry in range(len(family.value)):
                _split(family, entry, block, known, size, wrong)
        if len(known) == before:
            break
    flags = np.zeros(len(known), dtype=bool)
    flags[list(wrong)] = True
    return Blocks(block, np.array(known, dtype=np.float64), flags)


def _split(family: Family, entry: int, block: Ints, known: list[float], size: list[int], wrong: set[int]) -> None:
    column = family.column
    others = [one for one in range(len(column)) if one != entry]
    labels = block[column]
    valid = (labels[others] >= 0).all(axis=0)
    if not valid.any():
        return
    count = len(known)
    for one in others:  # a block that has cells elsewhere says nothing of these alone
        inside = labels[one] >= 0
        whole = np.bincount(labels[one][inside], minlength=count) == np.array(size)
        valid &= whole[labels[one]]
    rows = len(valid)
    ties = []
    for one in others:
        order = np.argsort(labels[one], kind="stable")
        order = order[labels[one][order] >= 0]
        start = np.concatenate([[0], np.cumsum(np.bincount(labels[one][order], minlength=count))])
        ties.append(Matrix(start, order, np.ones(len(order))))
    group = components(rows, ties)
    bad = np.zeros(rows, dtype=bool)
    bad[group[~valid]] = True
    order = np.argsort(group, kind="stable")
    order = order[~bad[group[order]]]
    first = np.flatnonzero(np.diff(group[order], prepend=-1))
    for members in np.split(order, first[1:]) if len(order) else ():
        terms = [family.value[one] * sum(known[b] for b in set(labels[one, members].tolist())) for one in others]
        bound = float(family.bound[members].sum())
        total = (bound - sum(terms)) / float(family.value[entry])
        noise = SAME * (abs(bound) + sum(map(abs, terms)))
        _give(column[entry, members], total, noise, block, known, size, wrong)


def _give(
    cells: Ints, total: float, noise: float, block: Ints, known: list[float], size: list[int], wrong: set[int]
) -> None:
    """Make cells a block of their own with what they add up to."""
    own = block[cells]
    inner, counts = np.unique(own, return_counts=True)
    inside = [
        b for b, c in zip(inner.tolist(), counts.tolist(), strict=True) if b >= 0 and c == size[b]
    ]
    rest = ~np.isin(own, inside)
    left = total - sum(known[b] for b in inside)
    if not rest.any():
        if abs(left) > noise:
            wrong.update(inside)
        return
    outer = np.unique(own[rest])
    if len(outer) > 1:
        return
    number = len(known)
    if outer[0] >= 0:
        known[outer[0]] -= left
        size[outer[0]] -= int(rest.sum())
    block[cells[rest]] = number
    known.append(left)
    size.append(int(rest.sum()))
