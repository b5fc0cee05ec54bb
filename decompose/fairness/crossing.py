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
from functools import cached_property
from typing import NamedTuple, TypeVar

import numpy as np

from decompose.fairness.chains import NOISE, SIDES, Lanes, Nodes
from decompose.problem import Bools, Floats, Ints

AnyArray = TypeVar("AnyArray", Floats, Bools)

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
        The innermost group of each chain, (n,); the last P groups are whole parts.
    limit
        The largest total of each group and minus its least, (2, G).
    around
        The group around each, (G,); -1 of whole parts.
    owner
        The place of each group's part among the parts, (G,).
    """

    demand: Floats
    part: Ints
    size: Floats
    group: Ints
    limit: Floats
    around: Ints
    owner: Ints

    @staticmethod
    def of(lanes: Lanes, sums: Floats, totals: Nodes) -> Crossing:
        """Return the conditions of these chains; those of a part stand in the same sums."""
        parts, one, place = np.unique(lanes.part, return_index=True, return_inverse=True)
        block = lanes.block[:, one]
        given = _over_sets(block < 0) == 0
        asked = _over_sets(np.where(block >= 0, np.append(sums, 0.0)[block], 0.0))
        size = np.where(asked[-1] > 0, asked[-1], 1.0)
        shape = (len(asked), 2, len(parts))

        owner, depth = np.full(len(totals.around), -1), totals.depth
        inside = lanes.group >= 0
        owner[lanes.group[inside]] = place[inside]
        for level in range(int(depth.max(initial=0)), 0, -1):  # groups without chains of their own
            here = np.flatnonzero(depth == level)
            np.maximum.at(owner, totals.around[here], owner[here])
        kept = np.flatnonzero(owner >= 0)
        number = np.full(len(owner) + 1, -1)  # the last one: none around it
        number[kept] = np.arange(len(kept))
        owner, around = owner[kept], number[totals.around[kept]]
        ends = np.stack([totals.upper[kept], -totals.lower[kept]])
        whole = np.arange(len(parts))
        return Crossing(
            demand=np.ravel(asked[:, np.newaxis] * SIDES),
            part=np.ravel(np.broadcast_to(np.where(given, parts, -1)[:, np.newaxis], shape)),
            size=np.ravel(np.broadcast_to(size, shape)),
            group=np.where(inside, number[lanes.group], len(kept) + place),
            limit=np.concatenate([ends, np.full((2, len(parts)), np.inf)], axis=1),
            around=np.concatenate([np.where(around < 0, len(kept) + owner, around), whole * 0 - 1]),
            owner=np.concatenate([owner, whole]),
        )

    def noise(self, _: Floats) -> Floats:
        """Return what rounding is measured by, (H,)."""
        return self.size

    def total(self, caps: Floats) -> Floats:
        """Return what caps (T, 2, n) can draw at most, (H,)."""
        return self._of_parts(self._inside(caps))

    def totals(self, caps: Floats, slopes: Floats) -> tuple[Floats, Floats]:
        """Return what caps can draw, and its derivative, (H,)."""
        inside, slope = self._own(caps), self._own(slopes)
        for inner in self._inward[::-1]:
            some, rise = inside[..., inner.group], slope[..., inner.group]
            left = self.limit[:, inner.group] + _rest(some)
            inner.add(inside, np.minimum(some, left))
            inner.add(slope, np.where(some <= left, rise, _rest(rise)))
        return self._of_parts(inside), self._of_parts(slope)

    def at(self, flags: Bools, caps: Floats) -> Bools:
        """Return which caps have no choice where conditions (H,) are only just met, (T, 2, n)."""
        inside = self._inside(caps)
        shape = len(inside), 2, self._parts
        tight = np.zeros(inside.shape, dtype=bool)
        tight[..., len(self.owner) - self._parts :] = flags.reshape(shape)
        size = NOISE * self.size.reshape(shape)
        for inner in self._inward:
            some, noise = inside[..., inner.group], size[..., self.owner[inner.group]]
            left = self.limit[:, inner.group] + _rest(some)
            outer = tight[..., self.around[inner.group]]
            leaves = outer & (left <= some + noise)
            tight[..., inner.group] = (outer & (some <= left + noise)) | _rest(leaves)
        pulled = np.zeros((len(caps), 2, len(self.owner)), dtype=bool)
        for year in range(len(caps)):
            has = np.arange(len(inside)) >> year & 1 == 1
            pulled[year] = tight[has].any(axis=0)
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
        places = np.unique(self.owner[self.group[chains]])
        number = np.full(self._parts, -1)
        number[places] = np.arange(len(places))
        groups = np.flatnonzero(number[self.owner] >= 0)
        place = np.full(len(self.owner) + 1, -1)  # the last one: none around it
        place[groups] = np.arange(len(groups))
        kept = np.zeros((len(self.demand) // self._parts, self._parts), dtype=bool)
        kept[:, places] = True
        here = kept.ravel()
        return replace(
            self,
            demand=self.demand[here],
            part=self.part[here],
            size=self.size[here],
            group=place[self.group[chains]],
            limit=self.limit[:, groups],
            around=place[self.around[groups]],
            owner=number[self.owner[groups]],
        ), here

    @cached_property
    def _parts(self) -> int:
        """Return the number of parts."""
        return int((self.around < 0).sum())

    @cached_property
    def _inward(self) -> list[_Inner]:
        """Return the groups inside others, by depth, the outer ones first."""
        depth = Nodes(self.around, self.limit[0], self.limit[1]).depth
        levels = range(1, int(depth.max(initial=0)) + 1)
        return [_Inner.of(np.flatnonzero(depth == level), self.around) for level in levels]

    def _own(self, caps: Floats) -> Floats:
        """Add caps (T, 2, n) by innermost group over each set of years, (sets, 2, G)."""
        years, groups = len(caps), len(self.owner)
        number = np.arange(2 * years)[:, np.newaxis] * groups + self.group
        by_group = np.bincount(number.ravel(), caps.ravel(), minlength=2 * years * groups)
        return _over_sets(by_group.astype(np.float64).reshape(years, 2, groups))

    def _inside(self, caps: Floats) -> Floats:
        """Return what chains and groups in each group can be at most in each set, (sets, 2, G).

        Of a group in it: what that has inside, or its total less the other end of the other years.
        """
        inside = self._own(caps)
        for inner in self._inward[::-1]:
            some = inside[..., inner.group]
            inner.add(inside, np.minimum(some, self.limit[:, inner.group] + _rest(some)))
        return inside

    def _of_parts(self, values: Floats) -> Floats:
        """Return what whole parts have, (H,)."""
        return values[..., len(self.owner) - self._parts :].ravel()


class _Inner(NamedTuple):
    """Groups of one depth, those inside one group together: where these begin, and that group."""

    group: Ints
    first: Ints
    around: Ints

    @staticmethod
    def of(groups: Ints, around: Ints) -> _Inner:
        groups = groups[np.argsort(around[groups], kind="stable")]
        first = np.flatnonzero(np.diff(around[groups], prepend=-1))
        return _Inner(groups, first, around[groups[first]])

    def add(self, values: Floats, inner: Floats) -> None:
        """Add what these groups have to the groups around them."""
        values[..., self.around] += np.add.reduceat(inner, self.first, axis=-1)


def _rest(values: AnyArray) -> AnyArray:
    """Return, for each set and half, what the rest of the years has in the other half.

    The rest of a set stands as far from the end as the set from the start.
    """
    return values[::-1, ::-1]


def _over_sets(values: Floats | Bools) -> Floats:
    """Add the values of years over every set of them; bit t of a set's number is year t."""
    found = np.zeros((1 << len(values), *values.shape[1:]))
    for number in range(1, len(found)):
        year = number.bit_length() - 1
        found[number] = found[number - (1 << year)] + values[year]
    return found
