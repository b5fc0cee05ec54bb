"""Leximin without programs: sums of disjoint cells, boxes and growth from year to year.

Relax, force, verify. Each stage looks at two relaxations of what is still open: every chain
without the sums, and every sum without the other sums. The larger of their least levels bounds
the level of the stage from below, and the cells that attain it have no choice. When the point
that is built in this way keeps every rule, and levels never rise, every bound was attained: it
is the exact leximin. Otherwise nothing is claimed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from decompose.fairness.chains import (
    Chains,
    Lanes,
    alone,
    halves,
    lanes_of,
    pairs_of,
    tighten,
    tighten_slopes,
)
from decompose.problem import Bools, Floats, Ints

NOISE = 3e-14  # what adding up a block may cost, by its size
EMPTY = 1e-11  # bounds and growth limits that miss each other by less, by the cell's size, meet
SUM = 1e-10  # a sum that is missed by less, by its size, is met
RISE = 1e-10  # a level that rises by less, by 1 + its size, does not rise
HUGE = 1e300  # above every level
STEPS = 200  # of Newton's method; each makes gap × slope at least four times smaller


def closed_form(chains: Chains) -> tuple[Floats, Bools]:
    """Return the exact leximin of every part that has a closed form.

    Cells with reference 0 are as small as the rules allow; then the largest burden
    ``|x / reference - 1|`` of the others is as small as possible, then the next largest, and so
    on (DESIGN section 3). Parts are solved at the same time and do not influence each other.

    Parameters
    ----------
    chains
        The cells and their rules.

    Returns
    -------
    x : (n, T)
        Values of the cells; 0 where there is no cell. Without meaning in parts not solved.
    solved : (k,)
        Whether the part's values were verified. Where not, the part has no feasible point or
        its relaxations were not tight, and linear programs must decide.
    """
    x = np.zeros(chains.reference.shape[::-1])
    parts = int(chains.part.max(initial=-1)) + 1
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        lanes, can_be = lanes_of(chains)
        solved = np.ones(parts, dtype=bool)
        solved[lanes.part[~can_be]] = False
        here = solved[lanes.part]
        x[:, here], verified = _solve(lanes.take(here), chains.sums, parts)
    return x.T + 0.0, solved & verified  # + 0.0 makes a plain 0 of -0.0


def _solve(given: Lanes, sums: Floats, parts: int) -> tuple[Floats, Bools]:
    """Return values (T, n), and which parts (parts,) were verified."""
    lanes, zeros_tight = _with_zeros_settled(given, sums, parts)
    # Without growth limits every cell is a chain of its own. Often they hold anyway.
    cells = _cells_alone(lanes, len(sums))
    x = _stages(cells, sums, len(sums) + 1)[0].reshape(given.reference.shape)
    solved = zeros_tight & _holds(given, x, sums, parts)
    rest = (zeros_tight & ~solved)[lanes.part]
    if not rest.any():
        return x, solved
    x[:, rest], tight = _stages(lanes.take(rest), sums, parts)
    return x, solved | (zeros_tight & tight & _holds(given, x, sums, parts))


def _with_zeros_settled(given: Lanes, sums: Floats, parts: int) -> tuple[Lanes, Bools]:
    """Tighten the caps, and settle the cells with reference 0: the leximin of what they get.

    Returns
    -------
    lanes, tight
        The chains, and of each part what ``_stages`` says.
    """
    lanes = replace(given, caps=tighten(given.caps, given))
    zero = (lanes.reference == 0) & ~lanes.settled
    some = np.zeros(parts, dtype=bool)
    some[lanes.part[zero.any(axis=0)]] = True
    here = some[lanes.part]
    if not here.any():
        return lanes, np.ones(parts, dtype=bool)
    size = np.zeros(parts)
    np.maximum.at(size, lanes.part, np.maximum(lanes.reference, lanes.lower).max(axis=0))
    of_part = np.broadcast_to(lanes.part, lanes.block.shape)
    inside = lanes.block >= 0
    np.maximum.at(size, of_part[inside], sums[lanes.block[inside]])
    unit = np.where(size > 0, size, 1.0)[lanes.part[here]]
    stage = replace(lanes.take(here), unit=np.broadcast_to(unit, zero[:, here].shape))
    value = lanes.lower
    value[:, here], tight = _stages(replace(stage, counts=zero[:, here]), sums, parts)
    return lanes.settle(zero, value), tight


def _cells_alone(lanes: Lanes, blocks: int) -> Lanes:
    """Make each cell a chain of one year, each block a part (the others are the last part)."""
    block = lanes.block.reshape(1, -1)
    free = np.broadcast_to(np.inf, (1, 2, block.size))
    return Lanes(
        reference=lanes.reference.reshape(1, -1),
        block=block,
        unit=lanes.unit.reshape(1, -1),
        counts=lanes.counts.reshape(1, -1),
        caps=lanes.caps.transpose(1, 0, 2).reshape(1, 2, -1),
        forward=free,
        backward=free,
        settled=lanes.settled.reshape(1, -1),
        part=np.where(block[0] < 0, blocks, block[0]),
    )


@dataclass(frozen=True, eq=False)
class _Blocks:
    """The sums in two halves: upper bounds reach the sum, minus lower bounds minus the sum.

    Attributes
    ----------
    demand
        What the caps of each half must reach, (2B,).
    part
        Of each half, (2B,); -1 for a block without cells here.
    index
        1 + the half in which a cap stands, or 0, (T, 2, n).
    """

    demand: Floats
    part: Ints
    index: Ints

    @staticmethod
    def of(lanes: Lanes, sums: Floats) -> _Blocks:
        """Return the sums over these chains."""
        inside = lanes.block >= 0
        part = np.full(len(sums), -1)
        part[lanes.block[inside]] = np.broadcast_to(lanes.part, inside.shape)[inside]
        index = [np.where(inside, lanes.block + first, 0) for first in (1, 1 + len(sums))]
        return _Blocks(np.concatenate([sums, -sums]), np.tile(part, 2), np.stack(index, axis=1))

    def total(self, caps: Floats) -> Floats:
        """Add caps (T, 2, n) up, (2B,)."""
        added = np.bincount(self.index.ravel(), caps.ravel(), minlength=1 + len(self.demand))
        return added[1:].astype(np.float64)

    def at(self, flags: Bools) -> Bools:
        """Return the flag (2B,) of each cap, (T, 2, n); False outside blocks."""
        return np.concatenate([[False], flags])[self.index]

    def parts_of(self, flags: Bools, parts: int) -> Bools:
        """Return whether a part has a block with its flag (2B,) up, (parts,)."""
        found = np.zeros(parts, dtype=bool)
        found[self.part[flags]] = True
        return found


def _stages(lanes: Lanes, sums: Floats, parts: int) -> tuple[Floats, Bools]:
    """Settle the cells that count, stage by stage.

    Parameters
    ----------
    lanes
        Chains with tightened caps.
    sums, parts
        What each block adds up to, (B,); the number of parts.

    Returns
    -------
    x, tight
        Values, (T, n), and whether a part's sums could each be met at levels that never rose,
        (parts,).
    """
    pairs, blocks = pairs_of(lanes), _Blocks.of(lanes, sums)
    x = np.zeros_like(lanes.reference)
    column = np.arange(x.shape[1])
    tight, last = np.ones(parts, dtype=bool), np.full(parts, HUGE)
    closed = blocks.part < 0
    while True:
        value, level = alone(lanes, pairs)
        rises = _rises(level, last[lanes.part]) & ~lanes.settled
        tight[lanes.part[rises.any(axis=0)]] = False

        stage = _Stage.of(lanes, blocks, value, level)
        short = stage.short & ~closed & tight[blocks.part]
        busy = blocks.parts_of(short, parts)
        here = busy[lanes.part]
        x[:, column[~here]] = value[:, ~here]
        if not here.any():
            return x, tight

        column, pairs, stage = (
            column[here],
            pairs.take(here),
            replace(stage, short=short).take(here),
        )
        least = stage.least(parts)
        tight[busy & _rises(least.level, last)] = False
        last = np.where(busy, least.level, last)
        lanes, blocks = stage.lanes, stage.blocks
        high, low = np.moveaxis(blocks.at(least.binding), 1, 0)
        value = np.where(high, least.caps[:, 0], np.where(low, -least.caps[:, 1], stage.value))
        lanes = lanes.settle((least.stays | high | low) & ~lanes.settled, value)
        closed |= np.tile(least.binding.reshape(2, -1).any(axis=0), 2) | ~busy[blocks.part]


def _rises(level: Floats, last: Floats) -> Bools:
    return level > last + RISE * (1 + last)


def _reach(lanes: Lanes, s: Floats, value: Floats, stays: Bools) -> tuple[Floats, Floats]:
    """Return how far each cell can go at level s (n,), and its derivative, (T, 2, n).

    Cells that stay (T, n) have their values; the others their caps and, where their burden
    counts, ``reference ± s * unit``; all of it is carried along the chains.
    """
    free = halves(lanes.reference) + (s * lanes.unit)[:, np.newaxis]
    free = np.where(lanes.counts[:, np.newaxis], free, np.inf)
    stays = stays[:, np.newaxis]
    caps = np.where(stays, halves(value), np.minimum(free, lanes.caps))
    slopes = np.where(stays | (free >= lanes.caps), 0.0, lanes.unit[:, np.newaxis])
    return tighten_slopes(caps, slopes, lanes)


class _Least(NamedTuple):
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
class _Stage:
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
    blocks: _Blocks
    value: Floats
    level: Floats
    short: Bools
    noise: Floats

    @staticmethod
    def of(lanes: Lanes, blocks: _Blocks, value: Floats, level: Floats) -> _Stage:
        """Return the stage; a sum that rounding alone has put out of reach is moved into it."""
        ground, _ = _reach(lanes, np.zeros(len(lanes.part)), value, level >= 0)
        total, limit = blocks.total(ground), blocks.total(lanes.caps)
        size = np.abs(blocks.demand) + np.abs(total)
        near = blocks.demand - limit <= EMPTY * size
        demand = np.where(near, np.minimum(blocks.demand, limit), blocks.demand)
        return _Stage(
            lanes,
            replace(blocks, demand=demand),
            value,
            level,
            short=demand - total > NOISE * size,
            noise=NOISE * size,
        )

    def take(self, chains: Bools) -> _Stage:
        """Return the stage of these chains only; blocks keep their numbers."""
        return replace(
            self,
            lanes=self.lanes.take(chains),
            blocks=replace(self.blocks, index=self.blocks.index[..., chains]),
            value=self.value[:, chains],
            level=self.level[:, chains],
        )

    def least(self, parts: int) -> _Least:
        """Find the least level at which every sum that is short can be met, each by itself.

        Between two local levels the cells that stay are the same, and the totals of the caps are
        concave and piecewise linear in the level: Newton's method from the left does not
        overshoot, and ends on the exact piece.
        """
        blocks, part = self.blocks, self.lanes.part
        s = self._too_low(parts)
        stays = self.level > s[part]
        for _ in range(STEPS):
            caps, slopes = _reach(self.lanes, s[part], self.value, stays)
            gap, slope = blocks.demand - blocks.total(caps), blocks.total(slopes)
            far = self.short & (gap > self.noise) & (slope > 0)
            ahead = s.copy()
            np.maximum.at(ahead, blocks.part[far], (s[blocks.part] + gap / slope)[far])
            if (ahead == s).all():
                break
            s = ahead
        tightest = np.full(parts, -np.inf)
        np.maximum.at(tightest, blocks.part[self.short], (gap / self.noise)[self.short])
        return _Least(
            level=np.where(tightest <= 1, s, np.inf),
            caps=caps,
            stays=stays,
            binding=self.short & (gap / self.noise >= tightest[blocks.part] - 1),
        )

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
        while (high - low > 1).any():
            middle = (low + high) // 2
            s = levels[middle][self.lanes.part]
            caps, _ = _reach(self.lanes, s, self.value, self.level >= s)
            missed = self.short & (self.blocks.demand - self.blocks.total(caps) > self.noise)
            fails = self.blocks.parts_of(missed, parts)
            low, high = np.where(fails, middle, low), np.where(fails, high, middle)
        return levels[low]


def _holds(lanes: Lanes, x: Floats, sums: Floats, parts: int) -> Bools:
    """Return whether values (T, n) keep the boxes, growth limits and sums of each part."""
    size = EMPTY * np.maximum(x, lanes.reference)
    kept = (x >= lanes.lower - size) & (x <= lanes.upper + size)
    caps = halves(x)
    limit = lanes.forward[1:] * caps[:-1]
    size = EMPTY * np.maximum(np.abs(limit), lanes.reference[1:, np.newaxis])
    kept[1:] &= ~(caps[1:] - limit > size).any(axis=1)

    blocks = _Blocks.of(lanes, sums)
    total = blocks.total(caps)
    met = np.abs(total - blocks.demand) <= SUM * (np.abs(total) + np.abs(blocks.demand))

    holds = np.ones(parts, dtype=bool)
    holds[lanes.part[~kept.all(axis=0)]] = False
    holds[blocks.part[~met & (blocks.part >= 0)]] = False
    return holds
