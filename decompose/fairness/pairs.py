"""Every chain by itself, its sums left out: cells at their caps, and pairs that meet half-way."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from decompose.fairness.chains import NOISE, SIDES, Lanes, halves
from decompose.problem import Bools, Floats, Ints


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
    both at ``x_i = 2 r_i r_j / (r_j + H r_i)``, ``x_j = H x_i``. With ramps, what may follow from
    ``x_i`` is concave and piecewise linear in the level, and Newton's method ends on the piece.
    """
    reference, forward = lanes.reference, lanes.forward
    years = [pair for pair in combinations(range(len(reference)), 2) for _ in range(2)]
    first, second = np.array(years, dtype=np.int64).reshape(-1, 2).T
    level, at_first, at_second = np.zeros((3, len(years), reference.shape[1]))
    for row, (i, j) in enumerate(years):
        if len(lanes.steps):
            level[row], at_first[row], at_second[row] = _meeting(lanes, i, j, row % 2)
            continue
        limit = forward[i + 1 : j + 1, row % 2].prod(axis=0)
        reached = limit * reference[i]
        sign = 1.0 - 2.0 * (row % 2)
        joint = reference[j] + reached
        # No limit (0 or infinite) and no reference give NaN or a level that is never positive.
        level[row] = np.where(np.isfinite(joint), sign * (reference[j] - reached) / joint, -1.0)
        at_first[row] = 2 * reference[i] * reference[j] / joint
        at_second[row] = limit * at_first[row]
    return Pairs(first, second, np.nan_to_num(level, nan=-1.0), at_first, at_second)


def _meeting(lanes: Lanes, i: int, j: int, half: int) -> tuple[Floats, Floats, Floats]:
    """Return the level at which two years of each chain meet, and where, (n,)."""
    sign = SIDES[half, 0]
    unit, first, second = lanes.unit, sign * lanes.reference[i], sign * lanes.reference[j]
    level = np.zeros(len(lanes.part))
    while True:
        cap, slope = first + level * unit[i], unit[i]
        for t in range(i + 1, j + 1):
            factor = lanes.forward[t, half]
            grown = np.where((factor > 0) & (factor < np.inf), factor * cap, np.inf)
            stepped = cap + lanes.steps[t, half]
            slope = np.where(grown <= stepped, factor * slope, slope)
            cap = np.minimum(grown, stepped)
        gap = second - level * unit[j] - cap
        ahead = np.where(gap > 0, level + gap / (unit[j] + slope), level)
        if not (ahead > level + NOISE * (1 + level)).any():
            break
        level = np.fmax(ahead, level)
    at = sign * (first + level * unit[i]), sign * (second - level * unit[j])
    return np.where(level > 0, level, -1.0), *at


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
