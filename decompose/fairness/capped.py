"""Sums of single years with limits on sums inside them: nested sums, some with room.

At a level every cell has a range. The most that a sum can be is what its own cells and the sums
inside it can be at most, each of these no more than its own limit; and likewise the least. Nested
sums can be met at once exactly where each of them, by itself, can.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from decompose.fairness.chains import NOISE, Lanes, Nodes
from decompose.problem import Bools, Floats, Ints


@dataclass(frozen=True, eq=False)
class Capped:
    """Nested sums in two halves: upper bounds reach the least, minus lower bounds minus the most.

    Attributes
    ----------
    demand
        What the caps of each half must reach, (2N,).
    part
        Of each half, (2N,).
    size
        What rounding is measured by, (2N,).
    index
        1 + the innermost sum in which a cell stands, or 0, (T, n).
    parent
        The number of the sum around each, -1 where there is none, (N,).
    limit
        What counts of each sum in the one around it at most, (2, N).
    """

    demand: Floats
    part: Ints
    size: Floats
    index: Ints
    parent: Ints
    limit: Floats

    @staticmethod
    def of(lanes: Lanes, nodes: Nodes) -> Capped:
        """Return the sums over these chains (whole parts)."""
        inside = lanes.node >= 0
        part = np.full(len(nodes.around), -1)
        part[lanes.node[inside]] = np.broadcast_to(lanes.part, inside.shape)[inside]
        depth = _depth(nodes.around)
        for level in range(int(depth.max(initial=0)), 0, -1):  # sums without cells of their own
            here = np.flatnonzero(depth == level)
            np.maximum.at(part, nodes.around[here], part[here])
        kept = np.flatnonzero(part >= 0)
        place = np.full(len(part) + 1, -1)  # the last one: no parent
        place[kept] = np.arange(len(kept))
        parent, lower, upper = place[nodes.around[kept]], nodes.lower[kept], nodes.upper[kept]
        ends = np.stack([np.where(np.isfinite(one), np.abs(one), 0.0) for one in (lower, upper)])
        return Capped(
            demand=np.concatenate([lower, -upper]),
            part=np.tile(part[kept], 2),
            size=np.tile(np.maximum(ends.max(axis=0), np.finfo(float).tiny), 2),
            index=1 + np.where(inside, place[lanes.node], -1),
            parent=parent,
            limit=np.stack([upper, -lower]),
        )

    def noise(self, _: Floats) -> Floats:
        """Return what rounding is measured by, (2N,)."""
        return self.size

    def total(self, caps: Floats) -> Floats:
        """Return what caps (T, 2, n) make of each sum at most, (2N,)."""
        total = self._own(caps)
        for inner in self._inward[::-1]:
            self._add(total, inner, np.minimum(total[:, inner], self.limit[:, inner]))
        return total.ravel()

    def totals(self, caps: Floats, slopes: Floats) -> tuple[Floats, Floats]:
        """Return what caps make of each sum, and its derivative, (2N,)."""
        total, slope = self._own(caps), self._own(slopes)
        for inner in self._inward[::-1]:
            some, rise = total[:, inner], slope[:, inner]
            full = some > self.limit[:, inner]
            self._add(total, inner, np.minimum(some, self.limit[:, inner]))
            self._add(slope, inner, np.where(full, 0.0, rise))
        return total.ravel(), slope.ravel()

    def at(self, flags: Bools, caps: Floats) -> Bools:
        """Return which caps have no choice where sums (2N,) are only just met, (T, 2, n)."""
        total, tight = self.total(caps).reshape(2, -1), flags.reshape(2, -1).copy()
        noise = NOISE * self.size.reshape(2, -1)
        for inner in self._inward:
            free = total[:, inner] <= self.limit[:, inner] + noise[:, inner]
            tight[:, inner] |= tight[:, self.parent[inner]] & free
        outside = np.zeros((2, 1), dtype=bool)
        return np.concatenate([outside, tight], axis=1)[:, self.index].swapaxes(0, 1)

    def without(self, _: Bools) -> Capped:
        """Leave out nothing: a sum that is just met goes on to speak of what is open in it."""
        return self

    def parts_of(self, flags: Bools, parts: int) -> Bools:
        """Return whether a part has a sum with its flag (2N,) up, (parts,)."""
        found = np.zeros(parts, dtype=bool)
        found[self.part[flags]] = True
        return found

    def take(self, chains: Bools) -> tuple[Capped, Bools]:
        """Return the sums over these chains only (whole parts), and which they are.

        All keep their numbers.
        """
        index = self.index[:, chains]
        stay = np.isin(self.part, self.part[np.unique(index[index > 0]) - 1])
        part = np.where(stay, self.part, -1)
        return replace(self, index=index, part=part), np.ones(len(part), dtype=bool)

    def added(self, x: Floats) -> Floats:
        """Return what values (T, n) add up to in each sum, (N,)."""
        free = replace(self, limit=np.full_like(self.limit, np.inf))
        return free.total(np.stack([x, -x], axis=1))[: len(self.parent)]

    def _add(self, total: Floats, inner: Ints, values: Floats) -> None:
        """Add what sums (2, k) have to the sums around them."""
        around, count = self.parent[inner], len(self.parent)
        for half, added in enumerate(values):
            total[half] += np.bincount(around, added, minlength=count)

    def _own(self, caps: Floats) -> Floats:
        """Add caps up by innermost sum, (2, N)."""
        count = 1 + len(self.parent)
        added = np.bincount(self._number, caps.ravel(), minlength=2 * count)
        return added.astype(np.float64).reshape(2, count)[:, 1:]

    @cached_property
    def _number(self) -> Ints:
        """Return where each cap is added, (T · 2 · n,)."""
        halves = (1 + len(self.parent)) * np.arange(2)[:, np.newaxis]
        return np.ravel(self.index[:, np.newaxis] + halves)

    @cached_property
    def _inward(self) -> list[Ints]:
        """Return the sums inside others, by depth, the outer ones first."""
        depth = _depth(self.parent)
        return [np.flatnonzero(depth == level) for level in range(1, int(depth.max(initial=0)) + 1)]


def _depth(parent: Ints) -> Ints:
    """Return how many sums are around each."""
    depth, up = np.zeros(len(parent), dtype=np.int64), parent
    while (up >= 0).any():
        depth += up >= 0
        up = np.where(up >= 0, parent[up], -1)
    return depth


def nodes_of(
    block: Ints, sums: Floats, rows: list[tuple[Ints, float, float]]
) -> tuple[Ints, Nodes] | None:
    """Nest sums with room into blocks; None where there are none.

    Parameters
    ----------
    block
        Of each column, -1 where there is none.
    sums
        What each block adds up to.
    rows
        The columns of each sum with room, and what it may be, the smaller ones first. What crosses
        another, or stands in several blocks, is left out; whole blocks in it are taken off.

    Returns
    -------
    The innermost sum of each column, and the sums: first the blocks.
    """
    cells = np.bincount(block[block >= 0], minlength=len(sums))
    parent, lower, upper = [-1] * len(sums), sums.tolist(), sums.tolist()
    node = block.copy()  # the outermost sum with room so far that has a column, or its block
    inner = block.copy()
    size = cells.tolist()
    for columns, least, most in rows:
        if (block[columns] < 0).any():
            continue
        blocks, count = np.unique(block[columns], return_counts=True)
        full = count == cells[blocks]
        if (~full).sum() != 1:
            continue
        within = blocks[~full][0]
        off = float(sums[blocks[full]].sum())
        some = columns[block[columns] == within]
        inside, count = np.unique(node[some], return_counts=True)
        held = inside >= len(sums)
        known = zip(inside[held].tolist(), count[held].tolist(), strict=True)
        if any(size[one] != found for one, found in known):
            continue
        number = len(parent)
        for one in inside[held].tolist():
            parent[one] = number
        parent.append(int(within))
        lower.append(least - off)
        upper.append(most - off)
        size.append(len(some))
        inner[some[node[some] < len(sums)]] = number
        node[some] = number
    if len(parent) == len(sums):
        return None
    return inner, Nodes(np.array(parent), np.array(lower), np.array(upper))
