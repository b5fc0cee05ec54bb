"""Sums that others imply: what the parts of a sum, or of a rise, leave to the last of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from decompose.problem import Bools, Floats, Ints, Matrix
from decompose.rounding.rows import components

SAME = 1e-9
"""Sums that differ by less, by their size, are one."""


@dataclass(frozen=True, eq=False)
class Family:
    """Equations of one shape, one for each region: cells (k, m), coefficients (k,), bounds (m,)."""

    column: Ints
    value: Floats
    bound: Floats


class Blocks(NamedTuple):
    """Disjoint sums.

    Attributes
    ----------
    block
        The innermost sum of each cell; -1 where there is none.
    sums
        What each adds up to; NaN where it is open.
    outer
        The sum that an open one is a part of; -1 for others.
    ties, bound
        Equations between sums.
    wrong
        Cells of sums that contradict one another.
    """

    block: Ints
    sums: Floats
    outer: Ints
    ties: Matrix
    bound: Floats
    wrong: Ints


def implied(block: Ints, sums: Floats, families: list[Family]) -> Blocks:
    """Split sums, until nothing changes, by those that equations imply.

    Where all other cells of some equations are sums as a whole, the last ones are, too. Where two
    or more are left, what they add up to together ties open sums within theirs.
    """
    splitting = _Splitting(block, sums)
    for _ in range(3 * len(families) + 1):
        before = len(splitting.sums)
        for family in families:
            for entry in range(len(family.value)):
                splitting.split(family, entry)
        if len(splitting.sums) == before:
            break
    for family in families:
        for entry in range(len(family.value)):
            splitting.tie(family, entry)
    return splitting.blocks()


class _Splitting:
    """Blocks while they are split: their cells, sums and sizes."""

    def __init__(self, block: Ints, sums: Floats) -> None:
        self.block = block.copy()
        self.sums = sums.tolist()
        self.size = np.bincount(block[block >= 0], minlength=len(sums)).tolist()
        self.outer = [-1] * len(sums)
        self.ties: list[tuple[list[int], list[float], float]] = []
        self.wrong: list[Ints] = []

    def blocks(self) -> Blocks:
        rows = [np.full(len(nodes), row) for row, (nodes, _, _) in enumerate(self.ties)]
        nothing = [np.zeros(0, dtype=np.int64)]
        ties = Matrix.collect(
            np.concatenate([*rows, *nothing]),
            np.array([node for nodes, _, _ in self.ties for node in nodes], dtype=np.int64),
            np.array([value for _, values, _ in self.ties for value in values], dtype=np.float64),
            rows=len(self.ties),
            size=len(self.sums),
        )
        return Blocks(
            self.block,
            np.array(self.sums, dtype=np.float64),
            np.array(self.outer, dtype=np.int64),
            ties,
            np.array([bound for _, _, bound in self.ties], dtype=np.float64),
            np.concatenate([*self.wrong, *nothing]),
        )

    def _whole(self, labels: Ints) -> Bools:
        """Tell where a block has no cells but these."""
        inside = labels >= 0
        here = np.bincount(labels[inside], minlength=len(self.size))
        return np.asarray(inside & np.append(here == np.array(self.size), False)[labels])

    def split(self, family: Family, entry: int) -> None:
        """Make blocks of the cells of an entry, as large as others' sums say it."""
        column = family.column
        others = [one for one in range(len(column)) if one != entry]
        labels = self.block[column]
        valid = np.all([self._whole(labels[one]) for one in others], axis=0)
        if not valid.any():
            return
        for members in _groups(labels[others], valid):
            terms = [
                family.value[one] * sum(self.sums[b] for b in set(labels[one, members].tolist()))
                for one in others
            ]
            bound = float(family.bound[members].sum())
            total = (bound - sum(terms)) / float(family.value[entry])
            noise = SAME * (abs(bound) + sum(map(abs, terms))) / abs(float(family.value[entry]))
            self._give(column[entry, members], float(total), noise)

    def _give(self, cells: Ints, total: float, noise: float) -> None:
        """Make cells a block with what they add up to, but for the blocks within them."""
        own = self.block[cells]
        inner, counts = np.unique(own, return_counts=True)
        inside = [
            b
            for b, count in zip(inner.tolist(), counts.tolist(), strict=True)
            if b >= 0 and count == self.size[b]
        ]
        rest = cells[~np.isin(own, inside)]
        left = total - sum(self.sums[b] for b in inside)
        if not len(rest):
            if abs(left) > noise:
                self.wrong.append(cells)
            return
        outer = np.unique(self.block[rest])
        if len(outer) > 1:
            return
        if outer[0] >= 0:
            self.sums[outer[0]] -= left
            self.size[outer[0]] -= len(rest)
        self._open(rest, left)

    def _open(self, cells: Ints, total: float, outer: int = -1) -> int:
        self.block[cells] = len(self.sums)
        self.sums.append(total)
        self.size.append(len(cells))
        self.outer.append(outer)
        return len(self.sums) - 1

    def tie(self, family: Family, entry: int) -> None:
        """Tie the sums within others' blocks that go with each block of an entry."""
        column = family.column
        labels = self.block[column]
        others = [one for one in range(len(column)) if one != entry]
        valid = self._whole(labels[entry])
        for members in _groups(labels[[entry]], valid):
            nodes = [int(labels[entry, members[0]])]
            if self.outer[nodes[0]] >= 0:
                continue
            own = [np.unique(self.block[column[one, members]]) for one in others]
            if any(
                len(found) > 1
                or found[0] < 0
                or self.outer[found[0]] >= 0
                or self.size[found[0]] <= len(members)
                for found in own
            ):
                continue
            for one, (found,) in zip(others, own, strict=True):
                nodes.append(self._open(column[one, members], np.nan, int(found)))
            value = [family.value[entry], *family.value[others]]
            self.ties.append((nodes, [float(v) for v in value], float(family.bound[members].sum())))


def _groups(labels: Ints, valid: Bools) -> list[Ints]:
    """Return groups of equations that share a block, where all of them are valid."""
    ties = []
    for label in labels:
        order = np.argsort(label, kind="stable")
        order = order[label[order] >= 0]
        counts = np.bincount(label[order])
        ties.append(Matrix(np.concatenate([[0], np.cumsum(counts)]), order, np.ones(len(order))))
    group = components(labels.shape[1], ties)
    bad = np.zeros(labels.shape[1], dtype=bool)
    bad[group[~valid]] = True
    order = np.argsort(group, kind="stable")
    order = order[~bad[group[order]]]
    first = np.flatnonzero(np.diff(group[order], prepend=-1))
    return np.split(order, first[1:]) if len(order) else []
