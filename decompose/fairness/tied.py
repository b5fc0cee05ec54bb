"""Leximin without programs where rules tie a few cells of a region: relax, force, verify.

As in the closed form, each stage looks at two relaxations of what is still open: every region
without the sums, and every sum without the other sums. Here a region's cells are tied by rules of
any shape (a sum of other indicators, the rise of a level, growth), and how far a cell can go at a
level is found by carrying bounds from rule to rule. Whatever is left out makes a level a lower
bound; the cells that have no choice at it are settled. Where the point that is built in this way
keeps every rule, and levels never rise, every bound was attained: it is the exact leximin.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from decompose.fairness.closed_form import HUGE, SUM
from decompose.fairness.spans import Layer, carry
from decompose.fairness.sums import EMPTY, NOISE, STEPS, rises
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
    """

    reference: Floats
    caps: Floats
    settled: Bools
    local: Ints
    part: Ints
    block: Ints
    noise: Floats
    layers: list[Layer]

    def __len__(self) -> int:
        return len(self.reference)

    def take(self, cells: Bools) -> Cells:
        """Return whole regions only; numbers of regions, parts and sums stay."""
        count = len(self)
        place = np.full(2 * count, -1, dtype=np.int64)
        kept = np.tile(cells, 2)
        place[kept] = np.arange(2 * int(cells.sum()))
        layers = [layer.take(kept[layer.target[0]]).placed(place) for layer in self.layers]
        return Cells(
            self.reference[cells],
            self.caps[kept],
            self.settled[cells],
            self.local[cells],
            self.part[cells],
            self.block[cells],
            self.noise[cells],
            [layer for layer in layers if layer.bound.size],
        )

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
        bound = np.tile(self.settled | stays, 2) | (free >= self.caps)
        given = np.where(np.tile(stays & ~self.settled, 2), np.concatenate([value, -value]), self.caps)
        caps = np.where(bound, given, free)
        slopes = np.where(bound, 0.0, np.tile(self.reference, 2))
        carry(caps, slopes, self.layers)
        return caps, slopes

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
                return value, level, failed[self.local]
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
            gap = -(caps[:count] + caps[count:])
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


def tied_form(cells: Cells, sums: Floats) -> tuple[Floats, Bools]:
    """Return the exact leximin of the parts that are found to have one here.

    Parameters
    ----------
    cells
        The cells and the rules of each region.
    sums
        What each block adds up to.

    Returns
    -------
    x : (n,)
        Values; without meaning in parts not solved.
    solved : (k,)
        Whether the bounds of the part's stages never rose, and its sums are met.
    """
    parts = int(cells.part.max(initial=-1)) + 1
    x, where = np.zeros(len(cells)), np.arange(len(cells))
    tight, last = np.ones(parts, dtype=bool), np.full(parts, HUGE)
    open_ = np.ones(len(sums), dtype=bool)
    while True:
        value, level, failed = cells.alone()
        wrong = failed | (rises(level, last[cells.part]) & ~cells.settled)
        tight[cells.part[wrong]] = False
        stage = _Sums.of(cells, sums, open_)
        short = stage.short(value, level) & tight[stage.part]
        busy = np.zeros(parts, dtype=bool)
        busy[stage.part[short]] = True
        here = busy[cells.part]
        x[where[~here]] = value[~here]
        if not here.any():
            return x, tight
        cells, value, level, where = cells.take(here), value[here], level[here], where[here]
        stage = replace(_Sums.of(cells, sums, open_), demand=stage.demand)
        least, caps, binding = stage.least(value, level, short, parts)
        tight[busy & rises(least, last)] = False
        last = np.where(busy, least, last)
        high, low = stage.at(binding)
        count = len(cells)
        at = np.where(high, caps[:count], np.where(low, -caps[count:], value))
        stays = level > least[cells.part]
        cells = cells.settle((stays | high | low) & ~cells.settled, at)
        open_ &= ~binding.reshape(2, -1).any(axis=0)
        gone = ~tight[cells.part]
        if gone.any():
            cells, where = cells.take(~gone), where[~gone]


@dataclass(frozen=True, eq=False)
class _Sums:
    """The sums of a stage in two halves: upper caps reach the sum, lower ones minus the sum."""

    cells: Cells
    demand: Floats
    part: Ints
    open: Bools

    @staticmethod
    def of(cells: Cells, sums: Floats, open_: Bools) -> _Sums:
        part = np.zeros(len(sums), dtype=np.int64)
        inside = cells.block >= 0
        part[cells.block[inside]] = cells.part[inside]
        there = np.zeros(len(sums), dtype=bool)
        there[cells.block[inside]] = True
        return _Sums(
            cells, np.concatenate([sums, -sums]), np.tile(part, 2), np.tile(open_ & there, 2)
        )

    def total(self, caps: Floats) -> Floats:
        """Add caps up, (2B,)."""
        half = len(self.demand) // 2
        index = self.cells.block + 1
        both = np.concatenate([index, np.where(index > 0, index + half, 0)])
        return np.bincount(both, caps, minlength=2 * half + 1)[1:].astype(np.float64)

    def at(self, flags: Bools) -> tuple[Bools, Bools]:
        """Return the flags of the sum of each cell: of the upper half, and of the lower."""
        half = len(flags) // 2
        padded = [np.append(one, False) for one in (flags[:half], flags[half:])]
        return padded[0][self.cells.block], padded[1][self.cells.block]

    def noise(self, total: Floats) -> Floats:
        return NOISE * (np.abs(self.demand) + np.abs(total)) + 1e-300

    def short(self, value: Floats, level: Floats) -> Bools:
        """Tell the halves that are not met where every region by itself is best."""
        total = self.total(np.concatenate([value, -value]))
        return (self.demand - total > self.noise(total)) & self.open

    def least(
        self, value: Floats, level: Floats, short: Bools, parts: int
    ) -> tuple[Floats, Floats, Bools]:
        """Return the least level of each part, the caps there, and the halves only just met."""
        cells = self.cells
        s = self._too_low(value, level, short, parts)
        stays = level > s[cells.part]
        for _ in range(STEPS):
            caps, slopes = cells.reach(s[cells.part], stays, value)
            total, slope = self.total(caps), self.total(slopes)
            gap, noise = self.demand - total, self.noise(total)
            far = short & (gap > noise) & (slope > 0)
            ahead = s.copy()
            np.maximum.at(ahead, self.part[far], (s[self.part] + gap / np.where(far, slope, 1.0))[far])
            if (ahead == s).all():
                break
            s = ahead
        ratio = np.where(short, gap / noise, -np.inf)
        tightest = np.full(parts, -np.inf)
        np.maximum.at(tightest, self.part, ratio)
        s = np.where(tightest <= 1, s, np.inf)
        return s, caps, short & (ratio >= tightest[self.part] - 1)

    def _too_low(self, value: Floats, level: Floats, short: Bools, parts: int) -> Floats:
        """Find the last of each part's local levels (0 the first) that does not meet all sums."""
        cells = self.cells
        moved = (level > 0) & np.isfinite(level)
        part = np.concatenate([cells.part[moved], np.arange(parts)])
        levels = np.concatenate([level[moved], np.zeros(parts)])
        order = np.lexsort((levels, part))
        part, levels = part[order], levels[order]
        low = np.searchsorted(part, np.arange(parts))
        high = np.searchsorted(part, np.arange(parts), side="right")
        while (high - low > 1).any():
            middle = (low + high) // 2
            s = levels[middle][cells.part]
            total = self.total(cells.reach(s, level >= s, value)[0])
            fails = np.zeros(parts, dtype=bool)
            fails[self.part[short & (self.demand - total > self.noise(total))]] = True
            low, high = np.where(fails, middle, low), np.where(fails, high, middle)
        return levels[low]


def met(cells: Cells, sums: Floats, x: Floats) -> Bools:
    """Return whether values add up to each sum."""
    inside = cells.block >= 0
    total = np.bincount(cells.block[inside], x[inside], minlength=len(sums))
    return np.asarray(np.abs(total - sums) <= SUM * (np.abs(total) + np.abs(sums)))
