"""Nested sums whose figures do not add up: all of them as near to their own as the others allow."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from decompose.problem import Floats, Ints

STEPS = 200
"""Of Newton's method, after which a level is given up (three or four are usual)."""
POINT = 1e-12
"""A range that is smaller, beside the figure, is a point."""
NOISE = 1e-14
"""Of floats: a range that is empty by less, beside its end, is none."""


@dataclass(frozen=True, eq=False)
class Nest:
    """A tree of sums, parents before children.

    Attributes
    ----------
    parent
        The number of each sum's parent; -1 for the first.
    figure
        What each should add up to; NaN where there is none.
    lower, upper
        What each may add up to.
    least, most
        What those of its cells that no other sum has can add up to; 0 where there are none.
    """

    parent: Ints
    figure: Floats
    lower: Floats
    upper: Floats
    least: Floats
    most: Floats

    def agreed(self) -> Floats | None:
        """Return the leximin of |sum / figure - 1|; None where there is none.

        At the smallest level at which the sums can be had, some have one value left; they are
        settled, and what they separate goes on by itself.
        """
        if not (self.figure[~np.isnan(self.figure)] > 0).all():
            return None
        value = np.full(len(self.parent), np.nan)
        while np.isnan(value).any():
            owner = self._owners(value)
            level = self._level(value, owner)
            if level is None:
                return None
            low, high = self._ranges(*self._inside(value, level[owner]))
            point = np.isnan(value) & (high - low <= POINT * np.nan_to_num(self.figure, nan=1.0))
            if not point.any():
                return None
            value[point] = (low[point] + high[point]) / 2
        return self._whole(value)

    def _whole(self, value: Floats) -> Floats:
        """Free values of what floats left between a sum and those inside it."""
        value = value.copy()
        for members in self._levels[1:]:
            up = self.parent[members]
            inside = np.bincount(up, value[members], minlength=len(value))
            exact = (self.least == 0) & (self.most == 0) & (inside > 0)
            factor = np.divide(value, inside, where=exact, out=np.ones(len(value)))
            value[members] *= factor[up]
        return value

    def _owners(self, value: Floats) -> Ints:
        """Return what each sum stands or falls with: a settled one, or the first of all."""
        owner = np.zeros(len(value), dtype=np.int64)
        for one, parent in enumerate(self.parent.tolist()):
            if parent >= 0:
                owner[one] = parent if not np.isnan(value[parent]) else owner[parent]
        return owner

    def _inside(self, value: Floats, level: Floats) -> tuple[Floats, Floats]:
        """Return what sums may be at their levels."""
        low = np.fmax(self.lower, self.figure * (1 - level))
        high = np.fmin(self.upper, self.figure * (1 + level))
        known = ~np.isnan(value)
        return np.where(known, value, low), np.where(known, value, high)

    def _level(self, value: Floats, owner: Ints) -> Floats | None:
        """Return the smallest level of each owner at which its sums can be had.

        What is missing falls with the level in straight pieces, ever more slowly, so that Newton's
        method from 0 does not overshoot, and ends on the exact piece.
        """
        known = ~np.isnan(value)
        level, place = np.zeros(len(value)), np.where(known, np.arange(len(value)), owner)
        noise = np.where(known, POINT, NOISE)  # settled ones are points
        for _ in range(STEPS):
            gap, slope, high = self._missing(value, level[owner])
            bad = gap > noise * np.abs(high)
            if not bad.any():
                return level
            if not (slope[bad] > 0).all():
                return None
            ahead = level.copy()
            np.maximum.at(ahead, place[bad], level[place[bad]] + gap[bad] / slope[bad])
            if (ahead == level).all():
                return level
            level = ahead
        return None

    def _missing(self, value: Floats, level: Floats) -> tuple[Floats, Floats, Floats]:
        """Return by how much each range is empty at a level, how fast that falls, and its end."""
        low, high = self._inside(value, level)
        figure = np.where(np.isnan(value), np.nan_to_num(self.figure), 0.0)
        fall = np.where(low > self.lower, figure, 0.0)
        rise = np.where(high < self.upper, figure, 0.0)
        inside_low, inside_high = self.least.copy(), self.most.copy()
        inside_fall, inside_rise = np.zeros((2, len(value)))
        count = len(value)
        for members in reversed(self._levels):
            further = inside_low[members] > low[members]
            low[members] = np.where(further, inside_low[members], low[members])
            fall[members] = np.where(further, inside_fall[members], fall[members])
            nearer = inside_high[members] < high[members]
            high[members] = np.where(nearer, inside_high[members], high[members])
            rise[members] = np.where(nearer, inside_rise[members], rise[members])
            up = self.parent[members]
            if up[0] >= 0:
                inside_low += np.bincount(up, low[members], minlength=count)
                inside_high += np.bincount(up, high[members], minlength=count)
                inside_fall += np.bincount(up, fall[members], minlength=count)
                inside_rise += np.bincount(up, rise[members], minlength=count)
        return low - high, fall + rise, high

    def _upward(self, low: Floats, high: Floats) -> tuple[Floats, Floats]:
        """Narrow ranges to what the sums inside can add up to."""
        low, high = low.copy(), high.copy()
        inside_low, inside_high = self.least.copy(), self.most.copy()
        for members in reversed(self._levels):
            low[members] = np.maximum(low[members], inside_low[members])
            high[members] = np.minimum(high[members], inside_high[members])
            up = self.parent[members]
            if up[0] >= 0:
                np.add.at(inside_low, up, low[members])
                np.add.at(inside_high, up, high[members])
        return low, high

    def _ranges(self, low: Floats, high: Floats) -> tuple[Floats, Floats]:
        """Return what each sum can be beside all others."""
        low, high = self._upward(low, high)
        inside_low, inside_high = self.least.copy(), self.most.copy()
        for members in self._levels[1:]:
            np.add.at(inside_low, self.parent[members], low[members])
            np.add.at(inside_high, self.parent[members], high[members])
        for members in self._levels[1:]:
            up = self.parent[members]
            others_low = inside_low[up] - low[members]
            others_high = inside_high[up] - high[members]
            narrow_low = np.maximum(low[members], low[up] - others_high)
            narrow_high = np.minimum(high[members], high[up] - others_low)
            low[members], high[members] = narrow_low, narrow_high
        return low, high

    @cached_property
    def _levels(self) -> list[Ints]:
        """Return the sums by their depth."""
        depth = np.zeros(len(self.parent), dtype=np.int64)
        for one, parent in enumerate(self.parent.tolist()):
            depth[one] = 0 if parent < 0 else depth[parent] + 1
        return [np.flatnonzero(depth == level) for level in range(int(depth.max()) + 1)]
