"""Chains of cells: one region of one indicator over the years, tied by growth limits.

Inside, arrays stand years first and in two halves, ``(T, 2, n)``: half 0 is a cell's upper bound,
half 1 is minus its lower bound. Both are caps, so every rule is a `min` and is written once:
``x[t] <= rise * x[t-1]`` and ``-x[t] <= fall * -x[t-1]`` forwards,
``x[t-1] <= x[t] / fall`` and ``-x[t-1] <= -x[t] / rise`` backwards.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from itertools import combinations
from typing import NamedTuple

import numpy as np

from decompose.problem import Bools, Floats, Ints
from decompose.problem.matrix import no_floats, no_ints

NOISE = 3e-14  # what adding up a block may cost, by its size
SIDES: Floats = np.array([[1.0], [-1.0]])


class Nodes(NamedTuple):
    """Nested sums: the number of the sum around each (-1: none), and what it may be, (N,)."""

    around: Ints
    lower: Floats
    upper: Floats


_OF_SUMS = "sums", "around", "low", "high"


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
        Number of the group of chains that have a total over all years, or -1, (n,). Chains of a
        part with groups stand in the same sums. None unless said.
    least, most
        What the total of each chain's group can be, (n,).
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
    least: Floats = field(default_factory=no_floats)
    most: Floats = field(default_factory=no_floats)
    node: Ints = field(default_factory=no_ints)
    around: Ints = field(default_factory=no_ints)
    low: Floats = field(default_factory=no_floats)
    high: Floats = field(default_factory=no_floats)

    def __post_init__(self) -> None:
        if not len(self.group):
            nothing = np.zeros(len(self.part))
            object.__setattr__(self, "group", np.full(len(self.part), -1, dtype=np.int64))
            object.__setattr__(self, "least", nothing - np.inf)
            object.__setattr__(self, "most", nothing + np.inf)
        if not len(self.node):
            object.__setattr__(self, "node", np.full(self.block.shape, -1, dtype=np.int64))

    @property
    def nodes(self) -> Nodes:
        """The nested sums."""
        return Nodes(self.around, self.low, self.high)

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
    settled
        Whether a cell has its final value, (T, n): both its caps are there.
    part
        Of each chain, (n,).
    group, least, most
        The group of each chain, or -1, and what its total can be, (n,).
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
    settled: Bools
    part: Ints
    group: Ints
    least: Floats
    most: Floats
    node: Ints

    @property
    def lower(self) -> Floats:
        """Lower bounds, (T, n)."""
        return -self.caps[:, 1]

    @property
    def upper(self) -> Floats:
        """Upper bounds, (T, n)."""
        return self.caps[:, 0]

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
    fall is above rise. A rise of 0 becomes an upper bound of 0.
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
    lanes = Lanes(
        reference=reference,
        block=np.where(present, chains.block.T, -1),
        unit=np.where(reference > 0, reference, chains.weight.T),
        counts=reference > 0,
        caps=np.stack([upper, -lower], axis=1),
        forward=np.stack([rise, fall], axis=1),
        backward=np.stack([1 / fall, 1 / rise], axis=1),
        settled=~present,
        part=chains.part,
        group=chains.group,
        least=chains.least,
        most=chains.most,
        node=np.where(present, chains.node.T, -1),
    )
    return lanes, sound


def tighten(caps: Floats, lanes: Lanes) -> Floats:
    """Carry caps (T, 2, n) along the years, forward and back: as far as each cell can go alone.

    Two-variable monotone rules make a lattice, so that all cells can stand at their upper bounds
    at once, and all at their lower bounds. (0 · ∞ gives NaN, which ``fmin`` passes over: no rule.)
    """
    caps = caps.copy()
    for t in range(1, len(caps)):
        np.fmin(caps[t], lanes.forward[t] * caps[t - 1], out=caps[t])
    for t in range(len(caps) - 1, 0, -1):
        np.fmin(caps[t - 1], lanes.backward[t] * caps[t], out=caps[t - 1])
    return caps


def tighten_slopes(caps: Floats, slopes: Floats, lanes: Lanes) -> tuple[Floats, Floats]:
    """Carry caps, and their derivatives by the level, along the years, as ``tighten`` does."""
    caps, slopes = caps.copy(), slopes.copy()

    def carry(to: int, of: int, factor: Floats) -> None:
        carried = factor * caps[of]
        binds = carried < caps[to]
        np.copyto(caps[to], carried, where=binds)
        np.copyto(slopes[to], factor * slopes[of], where=binds)

    for t in range(1, len(caps)):
        carry(t, t - 1, lanes.forward[t])
    for t in range(len(caps) - 1, 0, -1):
        carry(t - 1, t, lanes.backward[t])
    return caps, slopes


@dataclass(frozen=True, eq=False)
class Pairs:
    """Two cells of a chain whose references break the growth limits between them.

    Each row of ``level`` is one pair of years and one kind of limit, for all chains: how far the
    two must leave their references, in opposite directions, to meet; ``at_first`` and
    ``at_second`` are where they meet. Rows and columns as in the chains, (P, n).
    """

    first: Ints
    second: Ints
    level: Floats
    at_first: Floats
    at_second: Floats

    def take(self, chains: Bools | Ints) -> Pairs:
        """Return these chains only."""
        return Pairs(
            self.first,
            self.second,
            *(values[:, chains] for values in (self.level, self.at_first, self.at_second)),
        )


def pairs_of(lanes: Lanes) -> Pairs:
    """Return the pairs of years of each chain.

    From ``x_j <= H x_i``, H the product of the rises between them, the cells meet at the level
    ``(r_j - H r_i) / (r_j + H r_i)``; from ``x_j >= h x_i`` at ``(h r_i - r_j) / (h r_i + r_j)``;
    both at ``x_i = 2 r_i r_j / (r_j + H r_i)``, ``x_j = H x_i``.
    """
    reference, forward = lanes.reference, lanes.forward
    years = [pair for pair in combinations(range(len(reference)), 2) for _ in range(2)]
    first, second = np.array(years, dtype=np.int64).reshape(-1, 2).T
    level, at_first, at_second = np.zeros((3, len(years), reference.shape[1]))
    for row, (i, j) in enumerate(years):
        limit = forward[i + 1 : j + 1, row % 2].prod(axis=0)
        reached = limit * reference[i]
        sign = 1.0 - 2.0 * (row % 2)
        joint = reference[j] + reached
        # No limit (0 or infinite) and no reference give NaN or a level that is never positive.
        level[row] = np.where(np.isfinite(joint), sign * (reference[j] - reached) / joint, -1.0)
        at_first[row] = 2 * reference[i] * reference[j] / joint
        at_second[row] = limit * at_first[row]
    return Pairs(first, second, np.nan_to_num(level, nan=-1.0), at_first, at_second)


def alone(lanes: Lanes, pairs: Pairs) -> tuple[Floats, Floats]:
    """Return the leximin of every chain by itself, its sums left out.

    The largest burden of a chain is that of one cell at its cap or of one pair: any cycle of
    growth limits, boxes and references contains one of these with no smaller a burden. The
    cells that attain it have no choice, so they are settled and the rest is done again.

    Returns
    -------
    value, level
        Value and burden of each cell, (T, n). The level of a settled cell is infinite, and minus
        infinite (without a value) where the burden does not count.
    """
    value = np.where(lanes.settled, lanes.upper, lanes.reference)
    level = np.where(lanes.settled, np.inf, np.where(lanes.counts, 0.0, -np.inf))
    for _ in range(len(value)):
        open_ = lanes.counts & ~lanes.settled
        beyond = (halves(lanes.reference) - lanes.caps) / lanes.unit[:, np.newaxis]
        beyond = np.where(open_[:, np.newaxis], beyond, -np.inf)
        apart = np.where(open_[pairs.first] & open_[pairs.second], pairs.level, -np.inf)
        worst = np.maximum(beyond.max(axis=(0, 1)), apart.max(axis=0, initial=-np.inf))
        if not (worst > 0).any():
            break
        high, low = np.moveaxis((beyond == worst) & (worst > 0), 1, 0)
        moved = high | low
        value = np.where(high, lanes.upper, np.where(low, lanes.lower, value))
        pair, chain = np.nonzero((apart == worst) & (worst > 0))
        for year, at in ((pairs.first, pairs.at_first), (pairs.second, pairs.at_second)):
            moved[year[pair], chain] = True
            value[year[pair], chain] = at[pair, chain]
        level = np.where(moved, worst, level)
        lanes = lanes.settle(moved, value)
    return value, level
