"""The sums of a stage of the closed form together: what its prices leave no choice."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np

from decompose.fairness.chains import SIDES, Lanes, halves
from decompose.fairness.levels import PRICED, Levels, Prices
from decompose.fairness.sums import Stage
from decompose.problem import Bools, Floats, Ints, Matrix
from decompose.solvers import Program


@dataclass(frozen=True, eq=False)
class Limits:
    """Between open cells of two years: ``caps[year] <= factor * caps[year - 1] + step``.

    Growth limits have no step, and ramps have a factor of 1.
    """

    year: Ints
    half: Ints
    chain: Ints
    factor: Floats
    step: Floats
    ramp: Bools

    @property
    def place(self) -> tuple[Ints, slice, Ints]:
        """Where both halves stand."""
        return self.year, slice(None), self.chain

    def take(self, rows: Bools | Ints) -> Limits:
        """Return these only."""
        return Limits(*(getattr(self, field.name)[rows] for field in fields(self)))


@dataclass(frozen=True, eq=False)
class Joint:
    """The open cells of a stage with their sums and the limits between years.

    Attributes
    ----------
    stage
        What is open, of one part.
    limits
        Those between years.
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

        Cells with a price are as far as they can go; limits with one are equalities.
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

        tied = self.limits.take(prices.ties)
        grown, stepped = tied.take(~tied.ramp), tied.take(tied.ramp)
        forward, backward, steps = lanes.forward.copy(), lanes.backward.copy(), lanes.steps.copy()
        forward[grown.place] = grown.factor[:, np.newaxis]
        backward[grown.place] = 1 / grown.factor[:, np.newaxis]
        if len(steps):
            up = np.where(stepped.half == 0, stepped.step, -stepped.step)
            steps[stepped.place] = up[:, np.newaxis] * SIDES.T
        tight = replace(lanes, forward=forward, backward=backward, steps=steps)
        return replace(tight, caps=tight.between).settle(
            held | priced.any(axis=1), np.where(held, stage.value, value)
        )


def _limits(lanes: Lanes) -> Limits:
    """Return the limits between open cells."""
    both = (~lanes.settled[1:] & ~lanes.settled[:-1])[:, np.newaxis]
    factor, step = lanes.forward[1:], lanes.steps[1:]
    grown = np.nonzero(both & np.isfinite(factor) & (factor > 0))
    stepped = np.nonzero(both[: len(step)] & np.isfinite(step))
    year, half, chain = (np.concatenate(pair) for pair in zip(grown, stepped, strict=True))
    ramp = np.repeat([False, True], [len(grown[0]), len(stepped[0])])
    return Limits(
        year + 1,
        half,
        chain,
        factor=np.concatenate([factor[grown], np.ones(len(stepped[0]))]),
        step=np.concatenate([np.zeros(len(grown[0])), step[stepped]]),
        ramp=ramp,
    )


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

    year, half, chain, factor = limits.year, limits.half, limits.chain, limits.factor
    sign = SIDES[half, 0]
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
        row_upper=np.concatenate([-gap[1], (limits.step + sign * apart) / size]),
    )
