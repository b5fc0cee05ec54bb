"""Sums of single years and totals over the years that cross them, by the cuts between the two.

Each year's sum draws on all chains of a part; chains, or groups of them, have totals of their own.
At a level, every cell has a range, and both kinds of sums can be met at once exactly where for
every set of years no more is asked for than can be drawn into it (Gale and Hoffman's condition:
the cells are arcs from totals to years). Of a group, that is the most its cells can be in these
years, or its largest total less the least of the other years, whichever is smaller; and likewise
for the least. Growth from year to year is in the ranges only.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from decompose.fairness.chains import NOISE, SIDES, Lanes
from decompose.problem import Bools, Floats, Ints

YEARS = 8
"""So many years at most: sets of them are counted one by one."""


@dataclass(frozen=True, eq=False)
class Crossing:
    """The conditions of some parts: sets of years × halves × parts, laid in one row (H,).

    Attributes
    ----------
    demand
        What the caps must reach, (H,).
    part
        Of each condition, (H,); -1 where one of its years has no sum.
    size
        What rounding is measured by, (H,).
    group
        The group of each chain, (n,), numbered part by part.
    limit
        The largest total of each group and minus its least, (2, G).
    first
        The first group of each part, (P,).
    owner
        The place of each group's part among the parts, (G,).
    """

    demand: Floats
    part: Ints
    size: Floats
    group: Ints
    limit: Floats
    first: Ints
    owner: Ints

    @staticmethod
    def of(lanes: Lanes, sums: Floats) -> Crossing:
        """Return the conditions of these chains; those of a part stand in the same sums."""
        parts, one, place = np.unique(lanes.part, return_index=True, return_inverse=True)
        block = lanes.block[:, one]
        years = np.where(block >= 0, np.append(sums, 0.0)[block], 0.0)
        given = _over_sets(block < 0) == 0
        asked = _over_sets(years)
        _, chain, group = np.unique(
            place * (1 + lanes.group.max(initial=-1) + 1) + 1 + lanes.group,
            return_index=True,
            return_inverse=True,
        )
        owner = place[chain]
        free = lanes.group[chain] < 0
        ends = np.stack([lanes.most[chain], -lanes.least[chain]])
        size = np.where(asked[-1] > 0, asked[-1], 1.0)
        shape = (len(asked), 2, len(parts))
        return Crossing(
            demand=np.ravel(asked[:, np.newaxis] * SIDES),
            part=np.ravel(np.broadcast_to(np.where(given, parts, -1)[:, np.newaxis], shape)),
            size=np.ravel(np.broadcast_to(size, shape)),
            group=group,
            limit=np.where(free, np.inf, ends),
            first=np.searchsorted(owner, np.arange(len(parts))),
            owner=owner,
        )

    def noise(self, _: Floats) -> Floats:
        """Return what rounding is measured by, (H,)."""
        return self.size

    def total(self, caps: Floats) -> Floats:
        """Return what caps (T, 2, n) can draw at most, (H,)."""
        return self._of_parts(np.minimum(*self._drawn(caps)))

    def totals(self, caps: Floats, slopes: Floats) -> tuple[Floats, Floats]:
        """Return what caps can draw, and its derivative, (H,)."""
        inside, around = self._drawn(caps)
        of_inside, of_around = self._over(slopes)
        slope = np.where(inside <= around, of_inside, of_around)
        return self._of_parts(np.minimum(inside, around)), self._of_parts(slope)

    def at(self, flags: Bools, caps: Floats) -> Bools:
        """Return which caps have no choice where conditions (H,) are only just met, (T, 2, n)."""
        inside, around = self._drawn(caps)
        shape = len(inside), 2, len(self.first)
        tight = flags.reshape(shape)[..., self.owner]
        noise = NOISE * self.size.reshape(shape)[..., self.owner]
        draws, leaves = tight & (inside <= around + noise), tight & (around <= inside + noise)
        pulled = np.zeros((len(caps), 2, len(self.owner)), dtype=bool)
        for year in range(len(caps)):
            has = np.arange(len(inside)) >> year & 1 == 1
            pulled[year] = draws[has].any(axis=0) | leaves[~has].any(axis=0)[::-1]
        return pulled[..., self.group]

    def without(self, _: Bools) -> Crossing:
        """Leave out nothing: a condition that is just met goes on to speak of what is open."""
        return self

    def parts_of(self, flags: Bools, parts: int) -> Bools:
        """Return whether a part has a condition with its flag (H,) up, (parts,)."""
        found = np.zeros(parts, dtype=bool)
        found[self.part[flags]] = True
        return found

    def take(self, chains: Bools) -> tuple[Crossing, Bools]:
        """Return the conditions of these chains only (whole parts), and which they are, (H,)."""
        groups, group = np.unique(self.group[chains], return_inverse=True)
        places, owner = np.unique(self.owner[groups], return_inverse=True)
        shape = len(self.demand) // len(self.first), len(self.first)
        kept = np.zeros(shape, dtype=bool)
        kept[:, places] = True
        here = kept.ravel()
        return replace(
            self,
            demand=self.demand[here],
            part=self.part[here],
            size=self.size[here],
            group=group,
            limit=self.limit[:, groups],
            first=np.searchsorted(owner, np.arange(len(places))),
            owner=owner,
        ), here

    def _drawn(self, caps: Floats) -> tuple[Floats, Floats]:
        """Return what each group's cells reach in each set, and what its total leaves for it."""
        inside, around = self._over(caps)
        return inside, self.limit + around

    def _over(self, caps: Floats) -> tuple[Floats, Floats]:
        """Add caps (T, 2, n) by group over each set of years, and the other half's over the rest.

        Both (sets, 2, G); the rest of a set stands as far from the end as the set from the start.
        """
        years, groups = len(caps), len(self.owner)
        number = np.arange(2 * years)[:, np.newaxis] * groups + self.group
        by_group = np.bincount(number.ravel(), caps.ravel(), minlength=2 * years * groups)
        inside = _over_sets(by_group.astype(np.float64).reshape(years, 2, groups))
        return inside, inside[::-1, ::-1]

    def _of_parts(self, values: Floats) -> Floats:
        """Add what groups have, (sets, 2, G), by part, (H,)."""
        return np.add.reduceat(values, self.first, axis=-1).ravel()


def _over_sets(values: Floats | Bools) -> Floats:
    """Add the values of years over every set of them; bit t of a set's number is year t."""
    found = np.zeros((1 << len(values), *values.shape[1:]))
    for number in range(1, len(found)):
        year = number.bit_length() - 1
        found[number] = found[number - (1 << year)] + values[year]
    return found
