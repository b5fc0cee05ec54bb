"""What is missed at a level where all sums are to be met together, and what prices prove of it.

Columns are the open cells, as distances from their references in what a level of ``scale`` lets
them move; levels are multiples of it. Rows are the sums, which may be missed at a cost of 1, then
the rules between open cells, all written ``≤``. Only the bounds of columns depend on the level,
so that HiGHS goes on where it stood.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from decompose.fairness.chains import NOISE, SIDES
from decompose.fairness.sums import rises
from decompose.problem import Bools, Floats, Status
from decompose.solvers import Program, Solver, transposed_dot

PRICED = 1e-7
"""What has a price above this has no choice; the prices of sums are at most 1."""
ROUNDING = 1e-12
"""A price below this is none."""
MET = 1e-9
"""Sums that are missed by less are met, beside what the largest cell of each can move."""
PROGRAMS = 30
"""Programs for one stage (two or three are usual) after which it is given up."""


class Prices(NamedTuple):
    """What a dual says about the sums that are missed.

    Attributes
    ----------
    missed
        What is missed where every cell stays at its reference.
    reach
        By how much less is missed when a cell can go further by one: up, and down, (2, N).
    ties
        Rules between cells that have a price, and so are equalities.
    noise
        What rounding may have put into what is missed.
    """

    missed: float
    reach: Floats
    ties: Bools
    noise: float


@dataclass(frozen=True, eq=False)
class Levels:
    """The open cells of a stage, N columns, and how far they can go at a level.

    Attributes
    ----------
    scale
        A level that is about right, so that columns are near 1.
    caps, alone
        Bounds of each column, and where the leximin without sums has it: up, and down, (2, N).
    level
        Level of each column in that leximin, (N,).
    counts
        Whether a column's burden counts, (N,).
    ties
        The number of rules between cells, the last rows.
    rules
        The program, but for the bounds of the cells.
    """

    scale: float
    caps: Floats
    alone: Floats
    level: Floats
    counts: Bools
    ties: int
    rules: Program

    def program(self, level: float) -> Program:
        """Return the program that misses the sums by the least at a level."""
        up, down = self.reach(level)
        nothing = np.zeros(self.rules.size - len(up))
        return replace(
            self.rules,
            lower=np.concatenate([np.minimum(-down, up), nothing]),  # not above by rounding
            upper=np.concatenate([up, nothing + np.inf]),
        )

    def prices(self, dual: Floats) -> Prices:
        """Return the prices that go with the duals of the program's rows."""
        rules, sums = self.rules, len(dual) - self.ties
        dual = np.where(np.abs(dual) > ROUNDING, dual, 0.0)
        dual[sums:] = np.minimum(dual[sums:], 0.0)
        priced = dual != 0
        bound = np.where(dual > 0, rules.row_lower, rules.row_upper)[priced] * dual[priced]
        pull = transposed_dot(rules.rows, dual, rules.size)[: len(self.level)]
        pull = np.where(np.abs(pull) > ROUNDING, pull, 0.0)
        return Prices(
            missed=float(bound.sum()),
            reach=np.maximum(SIDES * pull, 0.0),
            ties=np.abs(dual[sums:]) > PRICED,
            noise=NOISE * (1 + 1 / self.scale) * float(np.abs(bound).sum() + np.abs(pull).sum()),
        )

    def least_level(self, prices: Prices, level: float) -> float:
        """Return the first level, from this one on, at which nothing is missed at these prices.

        What is missed falls along straight lines between the levels at which a column meets its
        cap or is no longer where its chain alone has it.
        """
        priced = prices.reach > 0

        def missed(level: float) -> float:
            return prices.missed - float(prices.reach[priced] @ self.reach(level)[priced])

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

    def reach(self, level: float) -> Floats:
        """Return how far each column can go at a level by itself: up, and down, (2, N)."""
        free = np.minimum(self.caps, np.where(self.counts, level, np.inf))
        return np.where(self.level > level, self.alone, free)


class Together(NamedTuple):
    """Prices that prove that no level below this one will do, and how many programs it took."""

    prices: Prices | None
    level: float
    programs: int


def together(levels: Levels, bound: float, last: float, solver: Solver) -> Together:
    """Find the least level at which all sums are met together.

    The prices of a program at one level bound the next (Newton's method, which does not
    overshoot). No prices where that is above the last stage's level, or no higher than the bound
    that the stage had: then the fault is elsewhere.
    """
    level, prices = bound / levels.scale, None
    for programs in range(1, PROGRAMS + 1):
        result = solver.solve(levels.program(level))
        if result.status is not Status.OPTIMAL or result.dual is None:
            return Together(None, level, programs)
        if result.objective <= MET:
            return Together(prices, level, programs)
        prices = levels.prices(result.dual)
        before, level = level, levels.least_level(prices, level)
        if not level > before or rises(level * levels.scale, last):
            return Together(None, level, programs)
    return Together(None, level, PROGRAMS)
