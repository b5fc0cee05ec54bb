"""Leximin without programs: sums of disjoint cells, boxes, growth and ramps from year to year.

Relax, force, verify. Each stage looks at two relaxations of what is still open: every chain
without the sums, and every sum without the other sums. The larger of their least levels bounds
the level of the stage from below, and the cells that attain it have no choice. When the point
that is built in this way keeps every rule, and levels never rise, every bound was attained: it
is the exact leximin. Otherwise nothing is claimed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from decompose.fairness.capped import Capped
from decompose.fairness.chains import Asked, Chains, Lanes, halves, lanes_of, tighten
from decompose.fairness.crossing import Crossing
from decompose.fairness.pairs import pairs_of
from decompose.fairness.sums import EMPTY, Blocks, Conditions, Stage, rises
from decompose.problem import Bools, Floats

SUM = 1e-10  # a sum that is missed by less, by its size, is met
HUGE = 1e300  # above every level


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
        x[:, here], verified = _solve(lanes.take(here), chains.asked, parts)
    return x.T + 0.0, solved & verified  # + 0.0 makes a plain 0 of -0.0


def strained(chains: Chains) -> Bools:
    """Return which parts would break totals or nested limits, all between years left out, (k,).

    These have no use for what leaves such rules out (a guess: nothing rests on it).
    """
    parts = int(chains.part.max(initial=-1)) + 1
    if not ((chains.group >= 0).any() or len(chains.around)):
        return np.zeros(parts, dtype=bool)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        lanes, _ = lanes_of(chains)
        free = np.broadcast_to(np.inf, lanes.forward.shape)
        lanes = replace(lanes, forward=free, backward=free, steps=lanes.steps[:0])
        cells = _cells_alone(lanes, len(chains.sums))
        blocks = Blocks.of(cells, chains.sums)
        x = _stages(cells, blocks, len(chains.sums) + 1)[0].reshape(lanes.reference.shape)
        return ~holds(lanes, x, chains.asked, parts)


def _solve(given: Lanes, asked: Asked, parts: int) -> tuple[Floats, Bools]:
    """Return values (T, n), and which parts (parts,) were verified."""
    sums = asked.sums
    lanes, zeros_tight = _with_zeros_settled(given, sums, parts)
    # Without growth limits every cell is a chain of its own. Often they hold anyway.
    cells = _cells_alone(lanes, len(sums))
    x = _stages(cells, Blocks.of(cells, sums), len(sums) + 1)[0].reshape(given.reference.shape)
    solved = zeros_tight & holds(given, x, asked, parts)
    crossed, capped = np.zeros((2, parts), dtype=bool)
    crossed[lanes.part[lanes.group >= 0]] = True
    capped[lanes.part[(lanes.node >= len(sums)).any(axis=0)]] = True
    turns: tuple[tuple[Bools, Callable[[Lanes], Conditions]], ...] = (
        (~crossed & ~capped, lambda some: Blocks.of(some, sums)),
        (crossed, lambda some: Crossing.of(some, sums, asked.totals)),
        (capped, lambda some: Capped.of(some, asked.nodes)),
    )
    for those, conditions in turns:
        rest = zeros_tight & ~solved & those
        here = rest[lanes.part]
        if here.any():
            some = lanes.take(here)
            x[:, here], tight = _stages(some, conditions(some), parts)
            solved |= rest & tight & holds(given, x, asked, parts)
    return x, solved


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
    value = lanes.lower
    zeros = counting_zeros(lanes, sums, parts).take(here)
    value[:, here], tight = _stages(zeros, Blocks.of(zeros, sums), parts)
    return lanes.settle(zero, value), tight


def counting_zeros(lanes: Lanes, sums: Floats, parts: int) -> Lanes:
    """Let the cells with reference 0 count, and no others, in the size of their part."""
    size = np.zeros(parts)
    np.maximum.at(size, lanes.part, np.maximum(lanes.reference, lanes.lower).max(axis=0))
    inside = lanes.block >= 0
    of_part = np.broadcast_to(lanes.part, inside.shape)
    np.maximum.at(size, of_part[inside], sums[lanes.block[inside]])
    unit = np.where(size > 0, size, 1.0)[lanes.part]
    return replace(
        lanes,
        unit=unit * np.where(lanes.reference == 0, lanes.unit, 1.0),
        counts=(lanes.reference == 0) & ~lanes.settled,
    )


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
        steps=np.zeros((0, 2, block.size)),
        settled=lanes.settled.reshape(1, -1),
        part=np.where(block[0] < 0, blocks, block[0]),
        group=np.full(block.size, -1),
        node=np.full((1, block.size), -1),
    )


def _stages(lanes: Lanes, blocks: Conditions, parts: int) -> tuple[Floats, Bools]:
    """Settle the cells that count, stage by stage.

    Parameters
    ----------
    lanes
        Chains with tightened caps.
    blocks, parts
        The sums; the number of parts.

    Returns
    -------
    x, tight
        Values, (T, n), and whether a part's sums could each be met at levels that never rose,
        (parts,).
    """
    pairs = pairs_of(lanes)
    x = np.zeros_like(lanes.reference)
    column = np.arange(x.shape[1])
    tight, last = np.ones(parts, dtype=bool), np.full(parts, HUGE)
    while True:
        stage = Stage.of(lanes, blocks, pairs)
        rise = rises(stage.level, last[lanes.part]) & ~lanes.settled
        tight[lanes.part[rise.any(axis=0)]] = False

        short = stage.short & tight[blocks.part]
        busy = blocks.parts_of(short, parts)
        here = busy[lanes.part]
        x[:, column[~here]] = stage.value[:, ~here]
        if not here.any():
            return x, tight

        column, pairs = column[here], pairs.take(here)
        stage = replace(stage, short=short, blocks=stage.blocks.without(~busy[blocks.part]))
        stage = stage.take(here)
        least = stage.least(parts)
        tight[busy & rises(least.level, last)] = False
        last = np.where(busy, least.level, last)
        lanes, blocks = stage.after(least)
        moved = np.zeros(parts, dtype=bool)
        moved[lanes.part[(lanes.settled & ~stage.lanes.settled).any(axis=0)]] = True
        tight[busy & ~moved] = False


def holds(lanes: Lanes, x: Floats, asked: Asked, parts: int) -> Bools:
    """Return whether values (T, n) keep the boxes, growth limits and sums of each part."""
    size = EMPTY * np.maximum(x, lanes.reference)
    kept = (x >= lanes.lower - size) & (x <= lanes.upper + size)
    caps = halves(x)
    limit = lanes.forward[1:] * caps[:-1]
    size = EMPTY * np.maximum(np.abs(limit), lanes.reference[1:, np.newaxis])
    kept[1:] &= ~(caps[1:] - limit > size).any(axis=1)
    if len(lanes.steps):
        limit = caps[:-1] + lanes.steps[1:]
        size = EMPTY * np.maximum(np.abs(caps[:-1]), lanes.reference[1:, np.newaxis])
        kept[1:] &= ~(caps[1:] - limit > size).any(axis=1)

    blocks = Blocks.of(lanes, asked.sums)
    total = blocks.total(caps)
    met = np.abs(total - blocks.demand) <= SUM * (np.abs(total) + np.abs(blocks.demand))

    holds = np.ones(parts, dtype=bool)
    holds[lanes.part[~kept.all(axis=0)]] = False
    holds[blocks.part[~met & (blocks.part >= 0)]] = False
    by_group = np.broadcast_to(lanes.group, x.shape)
    for nested, number in ((asked.nodes, lanes.node), (asked.totals, by_group)):
        if len(nested.around):
            sums = Capped.of(replace(lanes, node=number), nested)
            added = sums.added(x)
            size, (most, least) = SUM * np.abs(added), sums.limit
            holds[sums.part[: len(added)][(added < -least - size) | (added > most + size)]] = False
    return holds
