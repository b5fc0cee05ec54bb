"""Leximin without programs: sums of disjoint cells, boxes and growth from year to year.

Relax, force, verify. Each stage looks at two relaxations of what is still open: every chain
without the sums, and every sum without the other sums. The larger of their least levels bounds
the level of the stage from below, and the cells that attain it have no choice. When the point
that is built in this way keeps every rule, and levels never rise, every bound was attained: it
is the exact leximin. Otherwise nothing is claimed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from decompose.fairness.chains import (
    Bools,
    Chains,
    Floats,
    Ints,
    Lanes,
    alone,
    halves,
    lanes_of,
    pairs_of,
    tighten,
    tighten_slopes,
)

NOISE = 3e-14  # what adding up a block may cost, by its size
EMPTY = 1e-11  # bounds and growth limits that miss each other by less, by the cell's size, meet
SUM = 1e-10  # a sum that is missed by less, by its size, is met
RISE = 1e-10  # a level that rises by less does not rise
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
    parts = int(chains.part.max(initial=-1)) + 1
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        given, of_kind = lanes_of(chains)
        lanes = _with_zeros_settled(given)
        # Without growth limits every cell is a chain of its own. Often they hold anyway.
        cells = _cells_alone(lanes, len(chains.sums))
        x = _stages(cells, chains.sums, len(chains.sums) + 1)[0].reshape(given.reference.shape)
        solved = _holds(given, x, chains.sums, parts)
        solved[chains.part[~of_kind]] = True  # nothing to be gained from the stages
        rest = np.flatnonzero(~solved[chains.part])
        if len(rest):
            x[:, rest], tight = _stages(lanes.take(rest), chains.sums, parts)
            solved |= tight
            solved &= _holds(given, x, chains.sums, parts)
        solved[chains.part[~of_kind]] = False
    return x.T + 0.0, solved  # + 0.0 makes a plain 0 of -0.0


def _with_zeros_settled(lanes: Lanes) -> Lanes:
    """Tighten the caps, cells with reference 0 at their least: all can be there at once."""
    caps = tighten(lanes.caps, lanes)
    zero = (lanes.reference == 0)[:, np.newaxis]
    return replace(lanes, caps=tighten(np.where(zero, halves(-caps[:, 1]), caps), lanes))


def _cells_alone(lanes: Lanes, blocks: int) -> Lanes:
    """Make each cell a chain of one year, each block a part (the others are the last part)."""
    block = lanes.block.reshape(1, -1)
    free = np.broadcast_to(np.inf, (1, 2, block.size))
    return Lanes(
        reference=lanes.reference.reshape(1, -1),
        block=block,
        caps=lanes.caps.transpose(1, 0, 2).reshape(1, 2, -1),
        forward=free,
        backward=free,
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
        inside = lanes.block >= 0
        part = np.full(len(sums), -1)
        part[lanes.block[inside]] = np.broadcast_to(lanes.part, inside.shape)[inside]
        index = [np.where(inside, lanes.block + first, 0) for first in (1, 1 + len(sums))]
        return _Blocks(np.concatenate([sums, -sums]), np.tile(part, 2), np.stack(index, axis=1))

    def take(self, chains: Ints) -> _Blocks:
        """Return the blocks over these chains only."""
        return replace(self, index=self.index[..., chains])

    def total(self, caps: Floats) -> Floats:
        """Add caps (T, 2, n) up, (2B,)."""
        added = np.bincount(self.index.ravel(), caps.ravel(), minlength=1 + len(self.demand))
        return added[1:].astype(np.float64)

    def of_caps(self, flags: Bools) -> Bools:
        """Return the flag (2B,) of each cap, (T, 2, n); False outside blocks."""
        return np.concatenate([[False], flags])[self.index]


def _stages(lanes: Lanes, sums: Floats, parts: int) -> tuple[Floats, Bools]:
    """Settle the cells stage by stage.

    Parameters
    ----------
    lanes
        Chains with tightened caps, cells with reference 0 settled.
    sums, parts
        What each block adds up to, (B,); the number of parts.

    Returns
    -------
    x, tight
        Values (T, n), and whether the levels of a part never rose and no cell was left without
        room (parts,).
    """
    pairs, blocks = pairs_of(lanes), _Blocks.of(lanes, sums)
    settled, value, caps = lanes.reference == 0, lanes.lower, lanes.caps
    x = np.zeros_like(lanes.reference)
    column = np.arange(x.shape[1])
    tight, last = np.ones(parts, dtype=bool), np.full(parts, np.inf)
    closed = blocks.part < 0
    while len(column):
        value, level = alone(lanes, pairs, caps, value, settled)
        last_here = last[lanes.part] + RISE
        tight[lanes.part[((level > last_here) & ~settled).any(axis=0)]] = False

        total = blocks.total(halves(value))
        size = np.abs(blocks.demand) + np.abs(total)
        short = (blocks.demand - total > NOISE * size) & ~closed & tight[blocks.part]
        busy = np.zeros(parts, dtype=bool)
        busy[blocks.part[short]] = True
        rest = np.flatnonzero(busy[lanes.part])
        done = np.flatnonzero(~busy[lanes.part])
        x[:, column[done]] = value[:, done]
        if len(done):
            column, lanes, pairs, blocks = (
                column[rest],
                lanes.take(rest),
                pairs.take(rest),
                blocks.take(rest),
            )
            value, level, caps, settled = (
                array[..., rest] for array in (value, level, caps, settled)
            )
        ...
    return x, tight
