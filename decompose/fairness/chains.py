"""Chains of cells: one region of one indicator over the years, tied by growth limits and ramps.

Inside, arrays stand years first and in two halves, ``(T, 2, n)``: half 0 is a cell's upper bound,
half 1 is minus its lower bound. Both are caps, so every rule is a `min` and is written once:
``x[t] <= rise * x[t-1]`` and ``-x[t] <= fall * -x[t-1]`` forwards,
``x[t-1] <= x[t] / fall`` and ``-x[t-1] <= -x[t] / rise`` backwards; for ramps likewise
``x[t] <= x[t-1] + up`` and ``-x[t] <= -x[t-1] - down``, ``x[t-1] <= x[t] - down`` and
``-x[t-1] <= -x[t] + up``.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import NamedTuple

import numpy as np

from decompose.problem import Bools, Floats, Ints
from decompose.problem.matrix import no_floats, no_ints

NOISE = 3e-14  # what adding up a block may cost, by its size
SIDES: Floats = np.array([[1.0], [-1.0]])
FLOOR: Floats = np.array([[0.0], [-np.inf]])


class Nodes(NamedTuple):
    """Nested sums: the number of the sum around each (-1: none), and what it may be, (N,)."""

    around: Ints
    lower: Floats
    upper: Floats

    @property
    def depth(self) -> Ints:
        """How many sums are around each."""
        depth, up = np.zeros(len(self.around), dtype=np.int64), self.around
        while (up >= 0).any():
            depth += up >= 0
            up = np.where(up >= 0, self.around[up], -1)
        return depth


class Asked(NamedTuple):
    """What is asked of chains: disjoint sums, sums nested in them, nested totals of groups."""

    sums: Floats
    nodes: Nodes
    totals: Nodes


_OF_SUMS = "sums", "around", "low", "high", "over", "least", "most"


@dataclass(frozen=True, eq=False)
class Chains:
    """What the closed form solves: boxes, growth from year to year, sums of disjoint cells.

    Attributes
    ----------
    reference
        Reference of each cell, at least 0: shape (n, T), n chains over T years.
    lower, upper
        Box of each cell, (n, T); ``upper`` may be infinite.
    present
        Whether a cell exists, (n, T).
    fall, rise
        ``fall[:, t] * x[:, t-1] <= x[:, t] <= rise[:, t] * x[:, t-1]``, (n, T); 0 and infinite
        where there is no limit, or where one of the two cells does not exist. Column 0 is unused.
    down, up
        ``down[:, t] <= x[:, t] - x[:, t-1] <= up[:, t]``, (n, T); infinite where there is no
        limit. None unless said.
    block
        Number of the sum in which a cell stands, or -1, (n, T).
    sums
        What each block adds up to, (B,). A block has at least one cell, all in one part.
    part
        Number (0 … k-1) of the independent problem of each chain, (n,).
    weight
        By what a cell's own number is multiplied here, (n, T): so much counts a number of 1 beside
        others with reference 0.
    group
        Number of the innermost of nested groups of chains that have a total over all years, or
        -1, (n,). Chains of a part with groups stand in the same sums. None unless said.
    over, least, most
        The number of the group around each group (-1: none), and what its total may be, (G,).
    node
        Number of the innermost of nested sums in which a cell stands, or -1, (n, T). The first of
        them are the blocks; the others have room. None unless said.
    around, low, high
        The number of the sum around each of these (-1: none), and what it may be, (N,).
    """

    reference: Floats
    lower: Floats
    upper: Floats
    present: Bools
    fall: Floats
    rise: Floats
    block: Ints
    sums: Floats
    part: Ints
    weight: Floats
    group: Ints = field(default_factory=no_ints)
    over: Ints = field(default_factory=no_ints)
    least: Floats = field(default_factory=no_floats)
    most: Floats = field(default_factory=no_floats)
    node: Ints = field(default_factory=no_ints)
    around: Ints = field(default_factory=no_ints)
    low: Floats = field(default_factory=no_floats)
    high: Floats = field(default_factory=no_floats)
    down: Floats = field(default_factory=no_floats)
    up: Floats = field(default_factory=no_floats)

    def __post_init__(self) -> None:
        if not len(self.group):
            object.__setattr__(self, "group", np.full(len(self.part), -1, dtype=np.int64))
        if not len(self.node):
            object.__setattr__(self, "node", np.full(self.block.shape, -1, dtype=np.int64))
        if not len(self.up):
            nothing = np.broadcast_to(np.inf, self.block.shape)
            object.__setattr__(self, "down", -nothing)
            object.__setattr__(self, "up", nothing)

    @property
    def asked(self) -> Asked:
        """All that is asked of the chains."""
        nodes = Nodes(self.around, self.low, self.high)
        return Asked(self.sums, nodes, Nodes(self.over, self.least, self.most))

    def take(self, chains: Bools | Ints) -> Chains:
        """Return these chains only; parts, sums and groups keep their numbers."""
        names = (field.name for field in fields(self) if field.name not in _OF_SUMS)
        return replace(self, **{name: getattr(self, name)[chains] for name in names})


@dataclass(frozen=True, eq=False)
class Lanes:
    """Chains as the closed form works on them: years first, in two halves.

    Attributes
    ----------
    reference, block
        Of each cell, (T, n); 0 and -1 where the cell does not exist.
    unit
        What the burden ``|x - reference| / unit`` of a cell is counted in, (T, n): its reference,
        or its weight where that is 0.
    counts
        Whether a cell's burden counts, (T, n); where not, the cell goes where others need it.
    caps
        Bounds, (T, 2, n): the boxes as given, or what is left of them.
    forward, backward
        ``caps[t] <= forward[t] * caps[t-1]`` and ``caps[t-1] <= backward[t] * caps[t]``.
    steps
        ``caps[t] <= caps[t-1] + steps[t]`` and ``caps[t-1] <= caps[t] + steps[t, ::-1]``; of no
        length where no chain has a ramp.
    settled
        Whether a cell has its final value, (T, n): both its caps are there.
    part
        Of each chain, (n,).
    group
        The innermost group of each chain, or -1, (n,).
    node
        The innermost of nested sums in which a cell stands, or -1, (T, n).
    """

    reference: Floats
    block: Ints
    unit: Floats
    counts: Bools
    caps: Floats
    forward: Floats
    backward: Floats
    steps: Floats
    settled: Bools
    part: Ints
    group: Ints
    node: Ints

    @property
    def lower(self) -> Floats:
        """Lower bounds, (T, n)."""
        return -self.caps[:, 1]

    @property
    def upper(self) -> Floats:
        """Upper bounds, (T, n)."""
        return self.caps[:, 0]

    @property
    def between(self) -> Floats:
        """The caps, and what a growth limit and a ramp between two years leave the first of them.

        ``fall * x <= x + up`` and ``x + down <= rise * x``.
        """
        if not len(self.steps):
            return self.caps
        caps = self.caps.copy()
        rise, fall = np.moveaxis(self.forward[1:], 1, 0)
        up, down = np.moveaxis(self.steps[1:] * SIDES, 1, 0)
        for factor, step in ((fall - 1, up), (1 - rise, -down)):
            end = halves(step / factor)
            ties = np.stack([factor > 0, factor < 0], axis=1)
            np.fmin(caps[:-1], end, out=caps[:-1], where=ties)
        return caps

    def take(self, chains: Bools | Ints) -> Lanes:
        """Return these chains only."""
        return Lanes(*(getattr(self, field.name)[..., chains] for field in fields(self)))

    def settle(self, cells: Bools, value: Floats) -> Lanes:
        """Give these cells (T, n) their final values, and tighten the caps of the others."""
        settled = self.settled | cells
        given = np.where(cells[:, np.newaxis], halves(value), self.caps)
        caps = tighten(given, self)
        np.copyto(caps, given, where=settled[:, np.newaxis])  # not moved by rounding
        return replace(self, caps=caps, settled=settled)


def halves(values: Floats) -> Floats:
    """Return values (T, n) as an upper bound and minus a lower bound, (T, 2, n)."""
    return values[:, np.newaxis] * SIDES


def lanes_of(chains: Chains) -> tuple[Lanes, Bools]:
    """Turn chains years first, and say which of them (n,) the closed form can solve.

    It cannot where a figure is NaN or negative, a reference, lower bound or fall is infinite, or
    limits between two years cannot hold whatever the first is. A rise of 0 becomes an upper bound
    of 0.
    """
    present = chains.present.T
    linked = np.zeros_like(present)
    linked[1:] = present[1:] & present[:-1]
    reference, lower, upper = (
        np.where(present, values.T, 0.0)
        for values in (chains.reference, chains.lower, chains.upper)
    )
    fall = np.where(linked, chains.fall.T, 0.0)
    rise = np.where(linked, chains.rise.T, np.inf)
    finite = np.isfinite(reference) & np.isfinite(lower) & np.isfinite(fall)
    positive = (reference >= 0) & (lower >= 0) & (upper >= 0) & (fall >= 0)
    sound: Bools = np.all(finite & positive & (fall <= rise), axis=0)

    upper = np.where(rise == 0, np.minimum(upper, 0.0), upper)
    rise = np.where(rise == 0, np.inf, rise)
    steps = np.zeros((0, 2, len(sound)))
    if np.isfinite(chains.up).any() or np.isfinite(chains.down).any():
        down = np.where(linked, chains.down.T, -np.inf)
        up = np.where(linked, chains.up.T, np.inf)
        steps = np.stack([up, -down], axis=1)
        sound &= ((down <= up) & ~((fall == 1) & (up < 0)) & ~((rise == 1) & (down > 0))).all(
            axis=0
        )
    lanes = Lanes(
        reference=reference,
        block=np.where(present, chains.block.T, -1),
        unit=np.where(reference > 0, reference, chains.weight.T),
        counts=reference > 0,
        caps=np.stack([upper, -lower], axis=1),
        forward=np.stack([rise, fall], axis=1),
        backward=np.stack([1 / fall, 1 / rise], axis=1),
        steps=steps,
        settled=~present,
        part=chains.part,
        group=chains.group,
        node=np.where(present, chains.node.T, -1),
    )
    return replace(lanes, caps=lanes.between), sound


def tighten(caps: Floats, lanes: Lanes) -> Floats:
    """Carry caps (T, 2, n) along the years, forward and back: as far as each cell can go alone.

    Two-variable monotone rules make a lattice, so that all cells can stand at their upper bounds
    at once, and all at their lower bounds. (0 · ∞ gives NaN, which ``fmin`` passes over: no rule.)
    """
    caps = caps.copy()
    for t in range(1, len(caps)):
        np.fmin(caps[t], lanes.forward[t] * caps[t - 1], out=caps[t])
        if len(lanes.steps):
            np.fmin(caps[t], _stepped(caps[t - 1], lanes.steps[t]), out=caps[t])
    for t in range(len(caps) - 1, 0, -1):
        np.fmin(caps[t - 1], lanes.backward[t] * caps[t], out=caps[t - 1])
        if len(lanes.steps):
            np.fmin(caps[t - 1], _stepped(caps[t], lanes.steps[t, ::-1]), out=caps[t - 1])
    return caps


def _stepped(caps: Floats, steps: Floats) -> Floats:
    """Carry caps (2, n) by steps; an upper bound that rounding has put below 0 is 0."""
    return np.maximum(caps + steps, FLOOR)


def tighten_slopes(caps: Floats, slopes: Floats, lanes: Lanes) -> tuple[Floats, Floats]:
    """Carry caps, and their derivatives by the level, along the years, as ``tighten`` does."""
    caps, slopes = caps.copy(), slopes.copy()

    def carry(to: int, carried: Floats, slope: Floats) -> None:
        binds = carried < caps[to]
        np.copyto(caps[to], carried, where=binds)
        np.copyto(slopes[to], slope, where=binds)

    for t in range(1, len(caps)):
        before, slope = caps[t - 1], slopes[t - 1]
        carry(t, lanes.forward[t] * before, lanes.forward[t] * slope)
        if len(lanes.steps):
            carry(t, _stepped(before, lanes.steps[t]), slope)
    for t in range(len(caps) - 1, 0, -1):
        after, slope = caps[t], slopes[t]
        carry(t - 1, lanes.backward[t] * after, lanes.backward[t] * slope)
        if len(lanes.steps):
            carry(t - 1, _stepped(after, lanes.steps[t, ::-1]), slope)
    return caps, slopes
