"""Sums over tied cells, and the least level at which each of them can be met by itself.

A sum may have inner ones whose size is open: the numbers of a city in the sum of its province,
where another sum of the city says what they add up to with those of a third indicator. Sums and
inner ones are nodes; equations between nodes narrow what inner ones can be.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from decompose.fairness.chains import NOISE
from decompose.fairness.sums import EMPTY, STEPS
from decompose.fairness.tied.cells import Cells
from decompose.fairness.tied.spans import Layer, carry
from decompose.problem import Bools, Floats, Ints


class Spans(NamedTuple):
    """How far nodes can go, what is in each of them, and the slope of that, (2m,)."""

    nodes: Floats
    inside: Floats
    slope: Floats


class Least(NamedTuple):
    """The least level at which each sum can be met, by part, and what stands there."""

    level: Floats
    """Of each part; infinite where there is none."""
    caps: Floats
    """How far each cell can go at that level, (2n,)."""
    nodes: Floats
    """How far each node can go, (2m,)."""
    binding: Bools
    """Halves of nodes that are only just met, (2m,)."""


@dataclass(frozen=True, eq=False)
class Sums:
    """The sums of a stage.

    Attributes
    ----------
    value
        What each of m nodes adds up to, where that is known, (m,).
    known, open
        Where it is; and of which of these the cells are not settled, (m,).
    outer
        The node that an inner one is a part of, -1 for others, (m,).
    part
        Of each node, (m,).
    layers
        Equations between nodes.
    demand
        What caps must reach, upper halves and lower ones, (2m,).
    beside
        What cells add to them that are not looked at, (2m,).
    """

    value: Floats
    known: Bools
    open: Bools
    outer: Ints
    part: Ints
    layers: list[Layer]
    demand: Floats
    beside: Floats

    @staticmethod
    def of(value: Floats, known: Bools, outer: Ints, part: Ints, layers: list[Layer]) -> Sums:
        """Return the sums before any of their cells is settled."""
        demand, nothing = np.concatenate([value, -value]), np.zeros(2 * len(value))
        return Sums(value, known, known, outer, part, layers, demand, nothing)

    def within_reach(self, cells: Cells) -> Sums:
        """Return the sums of these cells; what rounding has put out of reach is moved into it."""
        here = np.bincount(cells.block + 1, minlength=len(self.value) + 1)[1:] > 0
        here[self.outer[here & (self.outer >= 0)]] = True
        nowhere = np.zeros(len(cells), dtype=bool)
        caps, slopes = cells.reach(np.full(len(cells), np.inf), nowhere, cells.reference)
        limit = self.spans(cells, caps, slopes).inside
        demand = np.concatenate([self.value, -self.value])
        near = demand - limit <= self._close(limit)
        return replace(
            self, open=self.open & here, demand=np.where(near, np.minimum(demand, limit), demand)
        )

    def spans(self, cells: Cells, caps: Floats, slopes: Floats) -> Spans:
        """Add up how far cells can go."""
        size = len(self.value)
        index = cells.block + 1
        both = np.concatenate([index, np.where(index > 0, index + size, 0)])
        inside, slope = (
            np.bincount(both, one, minlength=2 * size + 1)[1:].astype(np.float64)
            for one in (caps, slopes)
        )
        inside += self.beside
        if not (self.outer >= 0).any():
            return Spans(inside, inside, slope)
        known = np.tile(self.known, 2)
        nodes = np.where(known, np.concatenate([self.value, -self.value]), inside)
        slopes = np.where(known, 0.0, slope)
        carry(nodes, slopes, self.layers, known)
        inner = np.flatnonzero(np.tile(self.outer >= 0, 2))
        at = np.concatenate([self.outer, self.outer + size])[inner]
        inside, slope = inside.copy(), slope.copy()
        np.add.at(inside, at, nodes[inner])
        np.add.at(slope, at, slopes[inner])
        return Spans(nodes, inside, slope)

    def missed(self, inside: Floats) -> tuple[Floats, Floats]:
        """Return by how much halves are missed, and what counts as met, (2m,)."""
        noise = NOISE * (np.abs(self.demand) + np.abs(inside)) + np.finfo(float).tiny
        return np.where(np.tile(self.open, 2), self.demand - inside, -np.inf), noise

    def _close(self, inside: Floats) -> Floats:
        """Return by how much halves may be missed where nothing can be done about it, (2m,)."""
        return EMPTY * (np.abs(self.demand) + np.abs(inside))

    def short(self, cells: Cells, value: Floats) -> Bools:
        """Tell the halves that are not met where every region by itself is best."""
        caps = np.concatenate([value, -value])
        inside = self.spans(cells, caps, np.zeros(len(caps))).inside
        return np.asarray(self.missed(inside)[0] > self._close(inside))

    def least(self, cells: Cells, value: Floats, level: Floats, short: Bools, parts: int) -> Least:
        """Find the least level at which every sum that is short can be met, each by itself.

        Between two local levels the cells that stay are the same, and what caps add up to is
        concave in the level: Newton's method from the left does not overshoot.
        """
        s = self._too_low(cells, value, level, short, parts)
        stays = level > s[cells.part]
        part = np.tile(self.part, 2)
        for _ in range(STEPS):
            caps, slopes = cells.reach(s[cells.part], stays, value)
            nodes, inside, slope = self.spans(cells, caps, slopes)
            gap, noise = self.missed(inside)
            far = short & (gap > noise) & (slope > 0)
            ahead = s.copy()
            np.maximum.at(ahead, part[far], s[part[far]] + gap[far] / slope[far])
            if (ahead == s).all():
                break
            s = ahead
        noise = np.where(gap > noise, self._close(inside), noise)
        ratio = np.where(short, gap / noise, -np.inf)
        tightest = np.full(parts, -np.inf)
        np.maximum.at(tightest, part, ratio)
        s = np.where(tightest <= 1, s, np.inf)
        return Least(s, caps, nodes, short & (ratio >= tightest[part] - 1))

    def after(self, settled: Bools, inner: Ints, value: Floats) -> Sums:
        """Return the sums once some are settled, and it is known what inner ones add up to."""
        open_ = self.open & ~settled
        inner, value = inner[~self.known[inner]], value[~self.known[inner]]
        if not len(inner):
            return replace(self, open=open_)
        known, added = self.known.copy(), self.value.copy()
        known[inner], added[inner] = True, value
        added, known = self._implied(added, known)
        return replace(self, value=added, known=known, open=open_ | (known & ~self.known))

    def _implied(self, value: Floats, known: Bools) -> tuple[Floats, Bools]:
        """Return what nodes add up to, with those that equations leave no choice."""
        size = len(value)
        wide = np.full(2 * size, 1e300)
        caps = np.where(np.tile(known, 2), np.concatenate([value, -value]), wide)
        carry(caps, np.zeros(2 * size), self.layers, np.tile(known, 2))
        found = ~known & (caps < 1e290).reshape(2, -1).all(axis=0)
        return np.where(found, caps[:size], value), known | found

    def _too_low(
        self, cells: Cells, value: Floats, level: Floats, short: Bools, parts: int
    ) -> Floats:
        """Find the last of each part's local levels (0 the first) that does not meet all sums.

        What is missed at two levels says where between them nothing is; every third time the
        middle is looked at.
        """
        moved = (level > 0) & np.isfinite(level)
        part = np.concatenate([cells.part[moved], np.arange(parts)])
        levels = np.concatenate([level[moved], np.zeros(parts)])
        order = np.lexsort((levels, part))
        part, levels = part[order], levels[order]
        low = np.searchsorted(part, np.arange(parts))
        high = np.searchsorted(part, np.arange(parts), side="right")
        key, of_node = part + levels / (1 + levels), np.tile(self.part, 2)
        ends = np.stack([np.zeros(parts), np.full(parts, np.nan)])  # levels: missed, met
        lack = np.stack([np.full(parts, np.nan), np.full(parts, np.nan)])
        middle, step = low, 0
        while True:
            s = levels[middle]
            caps, slopes = cells.reach(s[cells.part], level > s[cells.part], value)
            spans = self.spans(cells, caps, slopes)
            gap, noise = self.missed(spans.inside)
            worst = np.full(parts, -np.inf)
            np.maximum.at(worst, of_node[short], (gap / noise)[short])
            fails = worst > 1
            low, high = np.where(fails, middle, low), np.where(fails, high, middle)
            if not (high - low > 1).any():
                return levels[low]
            here = np.stack([fails, ~fails])
            lack = np.where(here, worst, lack / 2)  # half at the other end: both come nearer
            ends = np.where(here, s, ends)
            wished = ends[0] + (ends[1] - ends[0]) * lack[0] / (lack[0] - lack[1])
            rising = short & (gap > noise) & (spans.slope > 0)
            at, ahead = of_node[rising], np.full(parts, -np.inf)
            np.maximum.at(ahead, at, s[at] + gap[rising] / spans.slope[rising])
            wished = np.where(np.isnan(lack[1]), ahead, wished)
            found = np.searchsorted(key, np.arange(parts) + wished / (1 + wished), side="right") - 1
            step += 1
            half = ~(wished > 0) | (step % 3 == 0)
            middle = np.where(half, (low + high) // 2, found)
            middle = np.where(high - low > 1, np.clip(middle, low + 1, high - 1), low)
