"""Cells that the rules of a region tie, and the leximin of every region by itself."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from decompose.fairness.closed_form import HUGE
from decompose.fairness.sums import EMPTY, STEPS, rises
from decompose.fairness.tied.spans import Layer, carry, follow
from decompose.problem import Bools, Floats, Ints

POINT = 1e-10
"""A span that is smaller, by the cell's reference, leaves no choice."""


@dataclass(frozen=True, eq=False)
class Cells:
    """Cells with their bounds, the rules of each region, and their sums.

    Attributes
    ----------
    reference
        Of each cell, above 0: (n,).
    caps
        Upper bounds, then minus the lower ones, (2n,); of settled cells the value.
    settled
        Which cells are settled, (n,).
    local, part
        What rules of a region tie is one; what sums tie, too, (n,).
    block
        Of each cell the sum in which it stands, or -1, (n,).
    noise
        Of each cell: what rounding may put into a bound that others carry to it, (n,).
    layers
        The rules.
    pairs
        What pairs of cells add up to, from either side. A pair is a cell without a burden, and
        without bounds of its own; it counts as settled.
    """

    reference: Floats
    caps: Floats
    settled: Bools
    local: Ints
    part: Ints
    block: Ints
    noise: Floats
    layers: list[Layer]
    pairs: list[Layer]

    def __len__(self) -> int:
        return len(self.reference)

    def take(self, cells: Bools) -> Cells:
        """Return whole regions only; numbers of regions, parts and sums stay."""
        count = len(self)
        place = np.full(2 * count, -1, dtype=np.int64)
        kept = np.tile(cells, 2)
        place[kept] = np.arange(2 * int(cells.sum()))
        layers, pairs = (
            [layer.take(kept[layer.target[0]]).placed(place) for layer in rules]
            for rules in (self.layers, self.pairs)
        )
        return Cells(
            self.reference[cells],
            self.caps[kept],
            self.settled[cells],
            self.local[cells],
            self.part[cells],
            self.block[cells],
            self.noise[cells],
            [layer for layer in layers if layer.bound.size],
            [layer for layer in pairs if layer.bound.size],
        )

    def caps_of(self, cells: Ints) -> Floats:
        """Return the caps of some cells, (2n,)."""
        return np.asarray(self.caps[np.concatenate([cells, cells + len(self)])])

    def take_each(self, cells: Ints) -> Cells:
        """Return a copy of each of these cells, without rules."""
        return Cells(
            self.reference[cells],
            self.caps_of(cells),
            self.settled[cells],
            self.local[cells],
            self.part[cells],
            self.block[cells],
            self.noise[cells],
            [],
            [],
        )

    @property
    def paired(self) -> Bools:
        """Which cells are pairs, (n,)."""
        found = np.zeros(2 * len(self), dtype=bool)
        for layer in self.pairs:
            found[layer.target[-1]] = True
        return found[: len(self)]

    def settle(self, cells: Bools, value: Floats) -> Cells:
        """Give some cells their final values."""
        caps = np.where(np.tile(cells, 2), np.concatenate([value, -value]), self.caps)
        return replace(self, caps=caps, settled=self.settled | cells)

    def reach(self, level: Floats, stays: Bools, value: Floats) -> tuple[Floats, Floats]:
        """Return how far each cell can go at its level, and the slopes, (2n,).

        Cells that stay have their values.
        """
        away = level * self.reference
        free = np.concatenate([self.reference + away, away - self.reference])
        held = np.tile(self.settled | stays, 2)
        bound = held | (free >= self.caps)
        given = np.where(
            np.tile(stays & ~self.settled, 2), np.concatenate([value, -value]), self.caps
        )
        caps = np.where(bound, given, free)
        slopes = np.where(bound, 0.0, np.tile(self.reference, 2))
        carry(caps, slopes, self.layers, held)
        follow(caps, slopes, self.pairs)
        return caps, slopes

    def held_by(self, caps: Floats, flags: Bools) -> Bools:
        """Tell which caps are where they are if some are, (2n,): those that a pair follows."""
        found = flags.copy()
        for layer in self.pairs:
            target = layer.target[-1]
            off = POINT * self.reference[target % len(self)]
            tight = flags[target] & (layer.leaves(caps) <= caps[target] + off)
            found[layer.source[:-1, tight]] = True
        return found & ~np.tile(self.paired, 2)

    def _with_pairs(self, value: Floats) -> Floats:
        """Return values with those of pairs."""
        caps = np.concatenate([value, -value])
        follow(caps, np.zeros(len(caps)), self.pairs)
        return np.asarray(caps[: len(value)])

    def alone(self) -> tuple[Floats, Floats, Bools]:
        """Return the leximin of every region by itself: values, levels, and where none is found.

        The level of a settled cell is infinite.
        """
        whole, count = self, len(self)
        value = np.where(self.settled, self.caps[:count], self.reference)
        level = np.where(self.settled, np.inf, 0.0)
        regions = int(self.local.max(initial=-1)) + 1
        failed, last = np.zeros(regions, dtype=bool), np.full(regions, HUGE)
        where = np.arange(count)
        while True:
            active = np.zeros(regions, dtype=bool)
            active[whole.local[~whole.settled]] = True
            active &= ~failed
            here = active[whole.local]
            if not here.any():
                return self._with_pairs(value), level, failed[self.local]
            if not here.all():
                whole, where = whole.take(here), where[here]
            least, caps = whole._least(failed)
            size = len(whole)
            free = ~whole.settled
            point = free & (caps[:size] + caps[size:] <= POINT * whole.reference + whole.noise)
            at = np.clip((caps[:size] - caps[size:]) / 2, -whole.caps[size:], whole.caps[:size])
            value[where[point]] = at[point]
            level[where[point]] = least[whole.local[point]]
            moved = np.zeros(regions, dtype=bool)
            moved[whole.local[point]] = True
            failed |= active & (~moved | rises(least, last))
            last = least
            whole = whole.settle(point, at)

    def _least(self, failed: Bools) -> tuple[Floats, Floats]:
        """Return the least level of each region by itself, and the caps there."""
        count, level = len(self), np.zeros(len(failed))
        nowhere = np.zeros(count, dtype=bool)
        for _ in range(STEPS):
            caps, slopes = self.reach(level[self.local], nowhere, self.reference)
            gap = np.where(self.settled, -np.inf, -(caps[:count] + caps[count:]))
            slope = slopes[:count] + slopes[count:]
            far = gap > EMPTY * self.reference + self.noise
            failed[self.local[far & (slope <= 0)]] = True
            far &= slope > 0
            ahead = level.copy()
            np.maximum.at(ahead, self.local[far], level[self.local[far]] + (gap / slope)[far])
            if (ahead == level).all():
                break
            level = ahead
        else:
            failed[self.local[far]] = True
        return level, caps
