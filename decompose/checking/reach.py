"""How far rules let each scope go, year by year, without solving anything.

Bounds on cells and sums are carried along the years, up from regions to groups and the area, and
between a part and its whole. Each is a consequence of the rules, so where a lower bound ends above
an upper one, the plan cannot be met.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from decompose.checking.view import View
from decompose.figures import plain
from decompose.plan.steps import down_all, up_all
from decompose.problem import AREA, FAMILIES, FAMILY, TOTAL, Bools, Floats, Ints

BY = (*(family.name for family in FAMILIES), "sign", "absent", "members", "groups", "years")
"""What may set a bound: a family of rules, or one of these."""
SIGN, ABSENT, MEMBERS, GROUPS, YEARS = range(len(FAMILIES), len(BY))


class Side:
    """Upper bounds of ``sign · x`` and what set each (scopes × years, the total in the last).

    Lower bounds of x are upper bounds of -x, so that one set of functions serves both.
    """

    def __init__(self, view: View, sign: int) -> None:
        shape = len(view.inside), view.years + 1
        self.sign = sign
        floor = sign < 0 and not view.indicator.signed
        self.bound = np.full(shape, 0.0 if floor else np.inf)
        self.by = np.full(shape, SIGN)
        self.bound[~view.there], self.by[~view.there] = 0.0, ABSENT

    def tighten(
        self, rows: Ints | int | slice, columns: int | slice, bound: Floats | float, by: Ints | int
    ) -> None:
        """Lower bounds where there are better ones (NaN is none)."""
        held = self.bound[rows, columns]
        better = held > bound
        self.bound[rows, columns] = np.where(better, bound, held)
        self.by[rows, columns] = np.where(better, by, self.by[rows, columns])


class Step(NamedTuple):
    """A rule from year to year: ``x[t] (≤ if most, else ≥) factor[t] · x[t-1] + rise[t]``.

    Arrays are scopes × years, NaN where there is no such rule; the base year comes before the
    first.
    """

    by: int
    most: bool
    factor: Floats
    rise: Floats


@dataclass(frozen=True, eq=False)
class Reach:
    """What one indicator's rules allow, both ways."""

    view: View
    steps: tuple[Step, ...]
    upper: Side
    lower: Side

    @classmethod
    def of(cls, view: View) -> Reach:
        """Begin with the rules that speak of one cell or sum alone."""
        steps = list(_steps(view))
        steps += [] if view.indicator.signed else [_summed(view, step) for step in steps]
        reach = cls(view, tuple(steps), Side(view, 1), Side(view, -1))
        for side in reach.sides:
            _impose(view, side)
            for step in reach.steps:
                if step.most == (side.sign > 0):
                    first = step.factor[:, 0] * view.base + step.rise[:, 0]
                    side.tighten(slice(None), 0, side.sign * first, step.by)
        for side in reach.sides:
            _share(view, side)
        return reach

    @property
    def sides(self) -> tuple[Side, Side]:
        """Upper and lower bounds."""
        return self.upper, self.lower

    def run(self, rows: Ints) -> None:
        """Carry bounds along the years, from totals to years and back."""
        for side in self.sides:
            self._along(side, rows)
        for side, other in (self.sides, self.sides[::-1]):
            imposed = ~np.isin(side.by[rows, TOTAL], (YEARS, ABSENT))
            own = rows[imposed & np.isfinite(side.bound[rows, TOTAL])]
            for year in range(self.view.years if own.size else 0):
                others = np.delete(other.bound[own, :-1], year, axis=1).sum(axis=1)
                left = side.bound[own, TOTAL] + others
                side.tighten(own, year, self.sound(side, left), side.by[own, TOTAL])
        for side in self.sides:
            self._along(side, rows)
        self.total(rows)

    def total(self, rows: Ints) -> None:
        """Add the years up, where they may be added."""
        if self.view.indicator.kind == "flow":
            for side in self.sides:
                side.tighten(rows, TOTAL, side.bound[rows, :-1].sum(axis=1), YEARS)

    def sound(self, side: Side, left: Floats) -> Floats:
        """Drop what is left below 0: there the total (or whole) itself crosses another bound."""
        free = side.sign < 0 or self.view.indicator.signed
        return left if free else np.where(left < 0, np.nan, left)

    def gather(self) -> None:
        """Add regions up to groups, and groups and regions up to the area."""
        nested = self.view.plan.nested
        for side in self.sides:
            members = np.zeros_like(side.bound)  # what the regions of each sum let it be
            for row, (regions, _) in nested.items():
                members[row] = side.bound[regions].sum(axis=0)
            for row, (_, groups) in nested.items():
                says_more = side.bound[groups] < members[groups]
                side.tighten(row, slice(None), members[row], MEMBERS)
                for column in np.flatnonzero(says_more.any(axis=0)).tolist():
                    better = groups[says_more[:, column]]
                    saving = members[better, column] - side.bound[better, column]
                    ordered = better[np.lexsort((better, -saving))]
                    side.tighten(row, column, self._sum(side, row, column, ordered), GROUPS)

    def _along(self, side: Side, rows: Ints) -> None:
        bound, by = side.bound[rows].T.copy(), side.by[rows].T.copy()  # a year at a time
        years, on, back = range(1, self.view.years), [], []
        for step in self.steps:
            factor, rise = step.factor[rows].T.copy(), side.sign * step.rise[rows].T
            if np.isnan(factor + rise).all():
                continue
            if step.most == (side.sign > 0):
                on.append((factor, rise, step.by))
            else:
                back.append((np.where(factor > 0, factor, np.nan), rise, step.by))
        for year in years if on else ():
            for factor, rise, setter in on:
                further = _times(factor[year], bound[year - 1]) + rise[year]
                _lower(bound[year], by[year], further, setter)
        for year in reversed(years if back else ()):
            for divisor, rise, setter in back:
                further = (bound[year] - rise[year]) / divisor[year]
                _lower(bound[year - 1], by[year - 1], further, setter)
        side.bound[rows], side.by[rows] = bound.T, by.T

    def _sum(self, side: Side, row: int, column: int, groups: Ints) -> float:
        """Add up a sum's groups, in order and none twice, and the regions that are in none."""
        nested = self.view.plan.nested
        regions, _ = nested[row]
        left = np.zeros(len(self.view.regions), dtype=bool)
        left[regions] = True
        bound = 0.0
        for group in groups.tolist():
            members, _ = nested[group]
            if left[members].all():
                left[members] = False
                bound += float(side.bound[group, column])
        return bound + float(side.bound[self.view.regions[left], column].sum())


def _lower(held: Floats, by: Ints, bound: Floats, setter: int) -> None:
    """Lower bounds in place where there are better ones (NaN is none)."""
    better = held > bound
    if better.any():
        held[better], by[better] = bound[better], setter


def _times(factor: Floats, bound: Floats | float) -> Floats:
    """Multiply, so that nothing of an infinite bound is 0."""
    return np.asarray(factor * np.where(factor == 0, 0.0, bound))


def _impose(view: View, side: Side) -> None:
    """Lay locks, targets, capacities and floors."""
    indicator, most = view.indicator, side.sign > 0
    held = {} if view.series.growth is not None else indicator.locks  # a rate bounds no sum alone
    for name, locks in held.items():
        row = view.plan.region_index[plain(name)]
        for key, lock in locks.items():
            column = view.plan.year_index[int(key)] if key.isdecimal() else TOTAL
            side.tighten(row, column, side.sign * lock.value, FAMILY["lock"])
    for one in view.series.sums:
        wanted = one.upper if most else -one.lower
        side.tighten(one.scope, one.year, wanted, FAMILY["target"])
    end = "max" if most else "min"
    inward = down_all if most else up_all
    for family, columns in ((end, slice(0, -1)), (f"total.{end}", slice(-1, None))):
        if (grid := view.series.grids.get(family)) is not None:
            value = inward(view.laid(grid)[0], view.series.value_step)
            limit = np.where(view.there[:, columns], side.sign * value, np.nan)
            side.tighten(slice(None), columns, limit, FAMILY[family])


def _share(view: View, side: Side) -> None:
    """Bound regions and groups by their share of what the area may be."""
    for family, share in shares(view, most=side.sign > 0):
        area = side.bound[AREA, :-1]
        side.tighten(slice(None), slice(0, -1), _times(share, area), FAMILY[family])


def shares(view: View, *, most: bool) -> Iterator[tuple[str, Floats]]:
    """Yield the limits on shares of one end, over scopes × years (NaN where there is none)."""
    family = "share.max" if most else "share.min"
    if family in view.series.grids:
        yield family, np.where(view.present, view.laid(view.series.grids[family])[0], np.nan)
    if "share_shift" in view.series.grids:
        shift = view.series.grids["share_shift"].value
        base = view.series.base / (np.nansum(view.series.base) or np.nan)
        found = np.full(view.present.shape, np.nan)
        limit = base[:, None] + (shift if most else -shift)
        found[: len(base)] = np.where(view.cells & (limit > 0) & (limit < 1), limit, np.nan)
        yield "share_shift", found


def _steps(view: View) -> Iterator[Step]:
    """List the rules from year to year, over scopes × years."""
    grids, gaps = view.series.grids, view.plan.gaps.astype(float)
    both, grown = (np.where(there, 1.0, np.nan) for there in (view.follows, view.grows))
    one, none = np.ones(both.shape), np.zeros(both.shape)
    for most, end in ((True, "max"), (False, "min")):
        if (grid := grids.get(f"growth.{end}")) is not None:
            factor = (1 + view.laid(grid)[0]) ** gaps
            yield Step(FAMILY[f"growth.{end}"], most, grown * factor, none)
        if (grid := grids.get(f"ramp.{end}")) is not None:
            yield Step(FAMILY[f"ramp.{end}"], most, one, both * view.laid(grid)[0] * gaps)
    if view.indicator.limits.monotone is not None:
        only = np.where(np.arange(len(both))[:, None] < len(view.plan.regions), both, np.nan)
        yield Step(FAMILY["monotone"], view.indicator.limits.monotone == "down", only, none)
    for chain in view.series.chains:
        here = np.full(both.shape, np.nan)
        here[chain.scope] = both[chain.scope]
        for most, ends in ((True, chain.upper), (False, chain.lower)):
            if ends is not None and ends[0] >= 0:
                factor = ends[0] ** gaps if chain.rate else np.ones(len(gaps))
                by = FAMILY["growth_each_year"]
                yield Step(by, most, here * factor, none + ends[1] * gaps)


def _summed(view: View, step: Step) -> Step:
    """Return what a rule on every region means for their sums.

    Of regions that all grow by g at most (and are not below 0), the sum grows by the greatest g.
    """
    regions = len(view.regions)
    linked = ~np.isnan(step.factor + step.rise)[:regions]
    before = np.column_stack([np.zeros(regions, dtype=bool), view.cells[:, :-1]])
    wanted = view.cells if step.most else before  # every cell of the sum that is bounded
    factor, rise = (np.full(view.present.shape, np.nan) for _ in range(2))
    worst = np.max if step.most else np.min
    for row, year in itertools.product(view.sums.tolist(), range(1, view.years)):
        members = view.inside[row] & linked[:, year]
        if members.any() and not (view.inside[row] & wanted[:, year] & ~members).any():
            factor[row, year] = worst(step.factor[:regions, year][members])
            rise[row, year] = step.rise[:regions, year][members].sum()
    return Step(step.by, step.most, factor, rise)


def tie(part: Reach, whole: Reach, rows: Ints, *, down: bool) -> None:
    """Carry upper bounds from a whole down to its part, or lower bounds from the part up."""
    held, rest = _tied(part.view, whole.view)
    beside = _within(part.view, np.where(rest, whole.lower.bound[: len(rest), :-1], 0.0))
    given, taker = (whole.upper, part.upper) if down else (part.lower, whole.lower)
    left = np.where(held, part.sound(taker, given.bound + beside), np.nan)
    taker.tighten(rows, slice(None), left[rows], FAMILY["part_of"])


def _tied(part: View, whole: View) -> tuple[Bools, Bools]:
    """Tell where all of a part stands under its whole (scopes × years and total).

    Also return the whole's cells that have no part (regions × years): their lower bounds are
    taken off before the part gets the rest.
    """
    free = part.cells & ~whole.cells & whole.plan.applies(whole.indicator)
    loose = _within(part, free.astype(float)) > 0
    return part.there & ~loose, whole.cells & ~part.cells


def _within(view: View, cells: Floats) -> Floats:
    """Add cells up over each scope, by year and in total."""
    sums = np.array([cells[members].sum(axis=0) for members in view.inside])
    return np.concatenate([sums, sums.sum(axis=1)[:, None]], axis=1)
