"""The sums of a stage of the closed form together: what its prices leave no choice."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from decompose.fairness.chains import SIDES, Lanes, halves
from decompose.fairness.levels import PRICED, Levels, Prices
from decompose.fairness.sums import Stage
from decompose.problem import Floats, Ints, Matrix
from decompose.solvers import Program


class Limits(NamedTuple):
    """Growth limits between open cells: year, half and chain of each."""

    year: Ints
    half: Ints
    chain: Ints


@dataclass(frozen=True, eq=False)
class Joint:
    """The open cells of a stage with their sums and growth limits.

    Attributes
    ----------
    stage
        What is open, of one part.
    limits
        The growth limits.
    levels
        What is missed at a level.
    """

    stage: Stage
    limits: Limits
    levels: Levels

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
        levels = Levels(
            scale,
            caps=columns(lanes.caps),
            alone=columns(halves(stage.value)),
            level=stage.level[open_] / scale,
            counts=lanes.counts[open_],
            ties=len(limits.year),
            rules=_rules(stage, unit, limits),
        )
        return Joint(stage, limits, levels)

    def settled(self, prices: Prices, level: float) -> Lanes:
        """Settle what has no choice where the prices prove that no lower level will do.

        Cells with a price are as far as they can go; growth limits with one are equalities.
        """
        stage, lanes = self.stage, self.stage.lanes
        held = np.zeros_like(lanes.settled)
        held[~lanes.settled] = self.levels.level > level
        priced = np.zeros(lanes.caps.shape, dtype=bool)
        priced.swapaxes(0, 1)[:, ~lanes.settled] = prices.reach > PRICED

        free = halves(lanes.reference) + (level * self.levels.scale * lanes.unit)[:, np.newaxis]
        free = np.where(lanes.counts[:, np.newaxis], free, np.inf)
        high, low = np.moveaxis(np.minimum(free, lanes.caps) * SIDES, 1, 0)
        value = np.where(priced[:, 0], high, low)

        year, half, chain = (place[prices.ties] for place in self.limits)
        factor = lanes.forward[year, half, chain][:, np.newaxis]
        forward, backward = lanes.forward.copy(), lanes.backward.copy()
        forward[year, :, chain], backward[year, :, chain] = factor, 1 / factor
        return replace(lanes, forward=forward, backward=backward).settle(
            held | priced.any(axis=1), np.where(held, stage.value, value)
        )


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
