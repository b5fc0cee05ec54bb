"""One stage of the closed form: what is open, and the least level at which its sums can be met.

Two relaxations are looked at: every chain without the sums, and every sum without the other
sums. The larger of their least levels bounds the level of the stage from below.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from decompose.fairness.capped import Capped
from decompose.fairness.chains import NOISE, Lanes, halves, tighten, tighten_slopes
from decompose.fairness.crossing import Crossing
from decompose.fairness.pairs import Pairs, alone
from decompose.problem import Bools, Floats, Ints

EMPTY = 1e-11  # bounds and growth limits that miss each other by less, by the cell's size, meet
RISE = 1e-10  # a level that rises by less, by 1 + its size, does not rise
STEPS = 200  # of Newton's method; each makes gap × slope at least four times smaller


@dataclass(frozen=True, eq=False)
class Blocks:
    """The sums in two halves: upper bounds reach the sum, minus lower bounds minus the sum.

    Attributes
    ----------
    demand
        What the caps of each half must reach, (2B,).
    part
        Of each half, (2B,); -1 for a block that is settled, or has no cells here.
    index
        1 + the half in which a cap stands, or 0, (T, 2, n).
    """

    demand: Floats
    part: Ints
    index: Ints

    @staticmethod
    def of(lanes: Lanes, sums: Floats) -> Blocks:
        """Return the sums over these chains."""
        inside = lanes.block >= 0
        part = np.full(len(sums), -1)
        part[lanes.block[inside]] = np.broadcast_to(lanes.part, inside.shape)[inside]
        index = [np.where(inside, lanes.block + first, 0) for first in (1, 1 + len(sums))]
        return Blocks(np.concatenate([sums, -sums]), np.tile(part, 2), np.stack(index, axis=1))

    def total(self, caps: Floats) -> Floats:
        """Add caps (T, 2, n) up, (2B,)."""
        added = np.bincount(self.index.ravel(), caps.ravel(), minlength=1 + len(self.demand))
        return added[1:].astype(np.float64)

    def totals(self, caps: Floats, slopes: Floats) -> tuple[Floats, Floats]:
        """Add caps (T, 2, n) up, and their derivatives, (2B,)."""
        return self.total(caps), self.total(slopes)

    def noise(self, total: Floats) -> Floats:
        """Return what rounding is measured by, (2B,)."""
        return np.abs(self.demand) + np.abs(total)

    def at(self, flags: Bools, _: Floats) -> Bools:
        """Return the flag (2B,) of each cap, (T, 2, n); False outside blocks."""
        return np.concatenate([[False], flags])[self.index]

    def take(self, chains: Bools) -> tuple[Blocks, Bools]:
        """Return the sums over these chains only (they keep their numbers), and which they are."""
        return replace(self, index=self.index[..., chains]), np.ones(len(self.demand), dtype=bool)

    def without(self, flags: Bools) -> Blocks:
        """Leave out blocks with either flag (2B,) up: they are settled."""
        either = flags.reshape(2, -1).any(axis=0)
        return replace(self, part=np.where(np.tile(either, 2), -1, self.part))

    def parts_of(self, flags: Bools, parts: int) -> Bools:
        """Return whether a part has a block with its flag (2B,) up, (parts,)."""
        found = np.zeros(parts, dtype=bool)
        found[self.part[flags]] = True
        return found


Conditions = Blocks | Crossing | Capped
"""What sums ask for, in one of three shapes."""


def rises(level: Floats | float, last: Floats | float) -> Bools:
    """Return whether levels are above those before them."""
    return np.asarray(level > last + RISE * (1 + last))


def _alone(lanes: Lanes, s: Floats) -> Floats:
    """Return how far each cell can go at level s (n,), whatever its chain says, (T, 2, n).

    As far as its caps and, where its burden counts, ``reference ± s * unit``.
    """
    caps = halves(lanes.reference)
    caps += (s * lanes.unit)[:, np.newaxis]
    np.copyto(caps, np.inf, where=~lanes.counts[:, np.newaxis])
    return np.minimum(caps, lanes.caps, out=caps)


def _reach(lanes: Lanes, s: Floats, value: Floats, stays: Bools) -> Floats:
    """Return how far each cell can go at level s (n,), carried along the chains, (T, 2, n).

    Cells that stay (T, n) have their values.
    """
    caps = _alone(lanes, s)
    np.copyto(caps, halves(value), where=stays[:, np.newaxis])
    return tighten(caps, lanes)


def _reach_slopes(lanes: Lanes, s: Floats, value: Floats, stays: Bools) -> tuple[Floats, Floats]:
    """Return how far each cell can go, and its derivative by the level, (T, 2, n)."""
    caps, stays = _alone(lanes, s), stays[:, np.newaxis]
    slopes = np.where(stays | (caps == lanes.caps), 0.0, lanes.unit[:, np.newaxis])
    np.copyto(caps, halves(value), where=stays)
    return tighten_slopes(caps, slopes, lanes)


class Least(NamedTuple):
    """The least level at which each sum can be met, by part, and what stands there."""

    level: Floats
    """Of each part; infinite where there is none."""
    caps: Floats
    """How far each cell can go at that level, (T, 2, n)."""
    stays: Bools
    """Cells that have no choice at that level, whatever the sums, (T, n)."""
    binding: Bools
    """Halves of blocks that are only just met, (2B,)."""


@dataclass(frozen=True, eq=False)
class Stage:
    """What is open at a stage.

    Attributes
    ----------
    lanes, blocks
        The chains and their sums.
    value, level
        The leximin of every chain alone, (T, n).
    short, noise
        Whether a half is not met at level 0, and the gap that counts as met, (2B,).
    """

    lanes: Lanes
    blocks: Conditions
    value: Floats
    level: Floats
    short: Bools
    noise: Floats

    @staticmethod
    def of(lanes: Lanes, blocks: Conditions, pairs: Pairs) -> Stage:
        """Return the stage; a sum that rounding alone has put out of reach is moved into it."""
        value, level = alone(lanes, pairs)
        ground = _reach(lanes, np.zeros(len(lanes.part)), value, level >= 0)
        total, limit = blocks.total(ground), blocks.total(lanes.caps)
        size = blocks.noise(total)
        near = blocks.demand - limit <= EMPTY * size
        demand = np.where(near, np.minimum(blocks.demand, limit), blocks.demand)
        return Stage(
            lanes,
            replace(blocks, demand=demand),
            value,
            level,
            short=(demand - total > NOISE * size) & (blocks.part >= 0),
            noise=NOISE * size,
        )

    def take(self, chains: Bools) -> Stage:
        """Return the stage of these chains only."""
        if chains.all():
            return self
        blocks, kept = self.blocks.take(chains)
        return Stage(
            lanes=self.lanes.take(chains),
            blocks=blocks,
            value=self.value[:, chains],
            level=self.level[:, chains],
            short=self.short[kept],
            noise=self.noise[kept],
        )

    def least(self, parts: int) -> Least:
        """Find the least level at which every sum that is short can be met, each by itself.

        Between two local levels the cells that stay are the same, and the totals of the caps are
        concave and piecewise linear in the level: Newton's method from the left does not
        overshoot, and ends on the exact piece.
        """
        blocks, part = self.blocks, self.lanes.part
        s = self._too_low(parts)
        stays = self.level > s[part]
        for _ in range(STEPS):
            caps, slopes = _reach_slopes(self.lanes, s[part], self.value, stays)
            total, slope = blocks.totals(caps, slopes)
            gap = blocks.demand - total
            far = self.short & (gap > self.noise) & (slope > 0)
            ahead = s.copy()
            np.maximum.at(ahead, blocks.part[far], (s[blocks.part] + gap / slope)[far])
            if (ahead == s).all():
                break
            s = ahead
        tightest = np.full(parts, -np.inf)
        np.maximum.at(tightest, blocks.part[self.short], (gap / self.noise)[self.short])
        return Least(
            level=np.where(tightest <= 1, s, np.inf),
            caps=caps,
            stays=stays,
            binding=self.short & (gap / self.noise >= tightest[blocks.part] - 1),
        )

    def after(self, least: Least) -> tuple[Lanes, Conditions]:
        """Settle what has no choice at the least level; return the chains and sums after it."""
        high, low = np.moveaxis(self.blocks.at(least.binding, least.caps), 1, 0)
        value = np.where(high, least.caps[:, 0], np.where(low, -least.caps[:, 1], self.value))
        cells = (least.stays | high | low) & ~self.lanes.settled
        return self.lanes.settle(cells, value), self.blocks.without(least.binding)

    def _too_low(self, parts: int) -> Floats:
        """Find the last of each part's local levels (0 the first) that does not meet all sums."""
        moved = (self.level > 0) & np.isfinite(self.level)
        part = np.concatenate(
            [np.broadcast_to(self.lanes.part, moved.shape)[moved], np.arange(parts)]
        )
        levels = np.concatenate([self.level[moved], np.zeros(parts)])
        order = np.lexsort((levels, part))
        part, levels = part[order], levels[order]
        low = np.searchsorted(part, np.arange(parts))
        high = np.searchsorted(part, np.arange(parts), side="right")
        step = 1
        while (high - low > 1).any():  # from stage to stage, levels fall by little
            middle = np.maximum((low + high) // 2, high - step)
            step *= 2
            s = levels[middle][self.lanes.part]
            caps = _reach(self.lanes, s, self.value, self.level >= s)
            missed = self.short & (self.blocks.demand - self.blocks.total(caps) > self.noise)
            fails = self.blocks.parts_of(missed, parts)
            low, high = np.where(fails, middle, low), np.where(fails, high, middle)
        return levels[low]
