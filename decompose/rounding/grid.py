"""Whole steps, and what a solver may know of the fractions between them.

A solver never sees an exact value, only its floor, its ceiling and its fraction on a grid, so
that two solvers whose answers differ by 1e-9 are rounded alike.
"""

from __future__ import annotations

import numpy as np

from decompose.plan.steps import snap_of
from decompose.problem import Floats, Ints

GRID = 252_000
"""Fractions are counted in 252,000ths: thirds, sevenths, 32nds and thousandths are whole there."""
OFFSET = 0.5 + 2**-0.5 / 360
"""Added before the floor is taken: midway, on the grid, between the edges 1/2 and 63/127 that
fractions with denominators up to 128 may hit, 8e-9 from both."""
SCALE = 2.0**-12
"""Costs are sent to the solver as whole multiples of this: exact, and neither large nor small."""
TINY = 1e-9
"""An excess as small as this is none; excesses that differ by no more are equal."""


def whole(values: Floats) -> tuple[Floats, Floats]:
    """Return floor and ceiling of each value; both are the nearest step where it snaps."""
    nearest = np.rint(values)
    snaps = np.abs(values - nearest) <= snap_of(values)
    return np.where(snaps, nearest, np.floor(values)), np.where(snaps, nearest, np.ceil(values))


def price_of_up(exact: Floats, floor: Floats) -> Floats:
    """Return |ceiling - exact| - |floor - exact|: a whole number of grid units per cell."""
    return GRID - 2 * np.floor((exact - floor) * GRID + OFFSET)


def preference(position: Ints, count: Ints) -> Floats:
    """Return the weight of rounding up the cell at a position among ``count`` cells.

    Weights rise with the position and are below 0, so that a half with nothing to balance it
    goes up. A scrambled part, a multiple of 2^-12 below 1, keeps sums of weights apart.
    """
    scrambled = (position * 40_503 + (position * position) % 7_919 * 977) % 4_096
    return position - count + scrambled * SCALE
