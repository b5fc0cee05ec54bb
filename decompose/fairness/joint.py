"""The sums of a stage together: a linear program at a level, and what its prices prove.

Columns are the open cells, as distances from their references in what a level of ``scale`` lets
them move; levels are multiples of it. Rows are the sums, which may be missed at a cost of 1, then
the growth limits between open cells, all written ``≤``. Only the bounds of columns depend on the
level, so that HiGHS goes on where it stood.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from decompose.fairness.chains import NOISE, SIDES, Lanes, halves
from decompose.fairness.sums import Stage
from decompose.problem import Bools, Floats, Ints, Matrix
from decompose.solvers import Program, transposed_dot

PRICED = 1e-7
"""What has a price above this has no choice; the prices of sums are at most 1."""
ROUNDING = 1e-12
"""A price below this is none."""


class Limits(NamedTuple):
    """Growth limits between open cells: year, half and chain of each."""

    year: Ints
    half: Ints
    chain: Ints


class Prices(NamedTuple):
    """What a dual says about the sums that are missed.

    Attributes
    ----------
    missed
        What is missed where every cell stays at its reference.
    reach
        By how much less is missed when a cell can go further by one: up, and down, (2, N).
    limits
        Growth limits that have a price, and so are equalities.
    noise
        What rounding may have put into what is missed.
    """

    missed: float
    reach: Floats
    limits: Bools
    noise: float


@dataclass(frozen=True, eq=False)
class Joint:
    """The open cells of a stage, N columns, with their sums and growth limits.

    Attributes
    ----------
    stage
        What is open, of one part.
    scale
        A level that is about right, so that columns are near 1.
    caps, alone
        Bounds of each column, and where the leximin of its chain alone has it: up, and down,
        (2, N).
    level
        Level of each column in that leximin, (N,).
    counts
        Whether a column's burden counts, (N,).
    limits
        The growth limits.
    rules
        The program, but for the bounds of the cells.
    """

    stage: Stage
    scale: float
    caps: Floats
    alone: Floats
    level: Floats
    counts: Bools
    limits: Limits
    rules: Program

    @staticmethod
    def of(stage: Stage, scale: float) -> Joint:
        """Return what is open at a stage."""
        lanes = stage.lanes
        open_ = ~lanes.settled
        unit = scale * lanes.unit

        def columns(caps: Floats) -> Floats:
            distance = (caps - halves(lanes.reference)) / unit[:, np.newaxis]
            return np.asarray(distance.swapaxes(0, 1)[:, open_])

        limits = _limits(lanes)
        return Joint(
            stage,
            scale,
            caps=columns(lanes.caps),
            alone=columns(halves(stage.value)),
            level=stage.level[open_] / scale,
            counts=lanes.counts[open_],
            limits=limits,
            rules=_rules(stage, unit, limits),
        )

    def program(self, level: float) -> Program:
        """Return the program that misses the sums by the least at a level."""
        up, down = self._reach(level)
        nothing = np.zeros(self.rules.size - len(up))
        return replace(
            self.rules,
            lower=np.concatenate([np.minimum(-down, up), nothing]),  # not above by rounding
            upper=np.concatenate([up, nothing + np.inf]),
        )

    def prices(self, dual: Floats) -> Prices:
        """Return the prices that go with the duals of the program's rows."""
        rules, sums = self.rules, len(dual) - len(self.limits.year)
        dual = np.where(np.abs(dual) > ROUNDING, dual, 0.0)
        dual[sums:] = np.minimum(dual[sums:], 0.0)
        priced = dual != 0
        bound = np.where(dual > 0, rules.row_lower, rules.row_upper)[priced] * dual[priced]
        pull = transposed_dot(rules.rows, dual, rules.size)[: len(self.level)]
        pull = np.where(np.abs(pull) > ROUNDING, pull, 0.0)
        return Prices(
            missed=float(bound.sum()),
            reach=np.maximum(SIDES * pull, 0.0),
            limits=np.abs(dual[sums:]) > PRICED,
            noise=NOISE * (1 + 1 / self.scale) * float(np.abs(bound).sum() + np.abs(pull).sum()),
        )

    def least_level(self, prices: Prices, level: float) -> float:
        """Return the first level, from this one on, at which nothing is missed at these prices.

        What is missed falls along straight lines between the levels at which a column meets its
        cap or is no longer where its chain alone has it.
        """
        priced = prices.reach > 0

        def missed(level: float) -> float:
            return prices.missed - float(prices.reach[priced] @ self._reach(level)[priced])

        kinks = np.concatenate([[level], self.level[priced.any(axis=0)], self.caps[priced]])
        kinks = np.append(np.unique(kinks[kinks >= level]), np.inf)
        low, high = 0, len(kinks) - 1
        while high - low > 1:
            middle = (low + high) // 2
            still = missed(kinks[middle]) > prices.noise
            low, high = (middle, high) if still else (low, middle)
        start = kinks[low]
        moves = (self.level <= start) & self.counts & (self.caps > start)
        return float(min(start + missed(start) / prices.reach[moves].sum(), kinks[high]))

    def settled(self, prices: Prices, level: float) -> Lanes:
        """Settle what has no choice where the prices prove that no lower level will do.

        Cells with a price are as far as they can go; growth limits with one are equalities.
        """
        stage, lanes = self.stage, self.stage.lanes
        held = np.zeros_like(lanes.settled)
        held[~lanes.settled] = self.level > level
        priced = np.zeros(lanes.caps.shape, dtype=bool)
        priced.swapaxes(0, 1)[:, ~lanes.settled] = prices.reach > PRICED

        free = halves(lanes.reference) + (level * self.scale * lanes.unit)[:, np.newaxis]
        free = np.where(lanes.counts[:, np.newaxis], free, np.inf)
        high, low = np.moveaxis(np.minimum(free, lanes.caps) * SIDES, 1, 0)
        value = np.where(priced[:, 0], high, low)

        year, half, chain = (place[prices.limits] for place in self.limits)
        factor = lanes.forward[year, half, chain][:, np.newaxis]
        forward, backward = lanes.forward.copy(), lanes.backward.copy()
        forward[year, :, chain], backward[year, :, chain] = factor, 1 / factor
        return replace(lanes, forward=forward, backward=backward).settle(
            held | priced.any(axis=1), np.where(held, stage.value, value)
        )

    def _reach(self, level: float) -> Floats:
        """Return how far each column can go at a level by itself: up, and down, (2, N)."""
        free = np.minimum(self.caps, np.where(self.counts, level, np.inf))
        return np.where(self.level > level, self.alone, free)


def _limits(lanes: Lanes) -> Limits:
    """Return the growth limits between open cells."""
    open_, factor = ~lanes.settled, lanes.forward[1:]
    both = (open_[1:] & open_[:-1])[:, np.newaxis]
    year, half, chain = np.nonzero(both & np.isfinite(factor) & (factor > 0))
    return Limits(year + 1, half, chain)


def _rules(stage: Stage, unit: Floats, limits: Limits) -> Program:
    """Return the program's rows and costs; a row's largest coefficient over cells is 1 or -1."""
    lanes, blocks = stage.lanes, stage.blocks
    open_ = ~lanes.settled
    cells = int(open_.sum())
    column = np.cumsum(open_).reshape(open_.shape) - 1

    inside = open_ & (lanes.block >= 0)
    number, summed = np.unique(lanes.block[inside], return_inverse=True)
    sums, move = len(number), unit[inside]
    most = np.zeros(sums)
    np.maximum.at(most, summed, move)
    centre = halves(np.where(lanes.settled, lanes.upper, lanes.reference))
    gap = (blocks.demand - blocks.total(centre)).reshape(2, -1)[:, number] / most

    year, half, chain = limits
    sign, factor = SIDES[half, 0], lanes.forward[year, half, chain]
    own, other = unit[year, chain], factor * unit[year - 1, chain]
    size = np.maximum(own, other)
    apart = factor * lanes.reference[year - 1, chain] - lanes.reference[year, chain]
    row = sums + np.arange(len(year))

    missed = np.arange(sums)
    rows = Matrix.collect(
        np.concatenate([summed, missed, missed, row, row]),
        np.concatenate(
            [
                column[inside],
                cells + missed,
                cells + sums + missed,
                column[year, chain],
                column[year - 1, chain],
            ]
        ),
        np.concatenate(
            [
                move / most[summed],
                np.ones(sums),
                -np.ones(sums),
                sign * own / size,
                -sign * other / size,
            ]
        ),
        rows=sums + len(row),
        size=cells + 2 * sums,
    )
    return Program(
        cost=np.repeat([0.0, 1.0], [cells, 2 * sums]),
        lower=np.zeros(cells + 2 * sums),
        upper=np.zeros(cells + 2 * sums),
        rows=rows,
        row_lower=np.concatenate([gap[0], np.full(len(row), -np.inf)]),
        row_upper=np.concatenate([-gap[1], sign * apart / size]),
    )
