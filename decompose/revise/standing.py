"""What was issued and what was reached, over the regions and years of the revised plan."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from decompose.figures import plain
from decompose.plan import Indicator, Plan
from decompose.plan.bases import settled_bases
from decompose.plan.ratios import PERCENT, Known, ratio_numbers
from decompose.plan.steps import as_printed, step_of
from decompose.problem import Floats
from decompose.revise.regions import Parts

Grids = dict[str, Floats]

NEAR = 1e-9
"""Beside its size, a smaller difference of two sums is none."""


@dataclass(frozen=True, eq=False)
class Carried:
    """Brings published numbers from one plan to another.

    Attributes
    ----------
    old, new
        The issued plan, and the one with its regions merged and its changes made.
    parts
        The regions of the old plan that each merged or renamed region is made of.
    """

    old: Plan
    new: Plan
    parts: Parts

    def regions(self) -> list[tuple[int, ...]]:
        """Return, for each region of the new plan, those of the old one that it was."""
        index = self.old.region_index
        return [
            self.parts.get(name) or ((index[plain(name)],) if plain(name) in index else ())
            for name in self.new.region_names
        ]

    def alike(self) -> list[str]:
        """List the indicators of both plans that publish the same kind of number."""
        found = []
        for one in self.new.indicators:
            number = self.old.indicator_index.get(one.id)
            if number is not None:
                before = self.old.indicators[number]
                if (before.kind, before.publish) == (one.kind, one.publish):
                    found.append(one.id)
        return found

    def over(self, grids: Known, *, whole: Known | None = None) -> Grids:
        """Lay published numbers of the old plan over the regions and years of the new one.

        Of a merged region they are sums; of ratios, what their parts' numerators make of them.
        A part without a number leaves the whole without, unless the indicator does not apply to it.

        Parameters
        ----------
        grids
            By indicator id: regions × years of the old plan.
        whole
            Numbers of merged regions that are known by themselves, over the new plan.
        """
        names = [name for name in self.alike() if name in grids]
        found: Grids = {}
        given = whole or {}
        ordered = sorted(names, key=lambda name: self._of(self.new, name).kind == "ratio")
        for name in ordered:
            one = self._of(self.new, name)
            own = grids[name]
            several = any(len(parts) > 1 for parts in self.parts.values())
            if several and one.kind == "ratio":
                laid = self._of_ratio(name, own, grids, found)
            elif several and one.publish == "growth":
                laid = self._of_growth(name, own)
            else:
                laid = self.summed(self.filled(name, own))
            known = given.get(name)
            found[name] = laid if known is None else np.where(np.isnan(known), laid, known)
        return found

    def _of(self, plan: Plan, name: str) -> Indicator:
        return plan.indicators[plan.indicator_index[name]]

    def filled(self, name: str, grid: Floats) -> Floats:
        """Put 0 for parts of a merged region to which an indicator does not apply, as others do."""
        applies, found = self.old.applies(self._of(self.old, name)), grid.copy()
        for parts in map(list, self.parts.values()):
            nothing = ~applies[parts] & applies[parts].any(axis=0) & np.isnan(grid[parts])
            found[parts] = np.where(nothing, 0.0, grid[parts])
        return found

    def summed(self, grid: Floats) -> Floats:
        """Add numbers; NaN where none is there, or one that is added to is missing."""
        laid = np.full((len(self.new.regions), len(self.new.years)), np.nan)
        parts, old = self.regions(), self.old.year_index
        there = [region for region, own in enumerate(parts) if own]
        both = [(number, old[year]) for year, number in self.new.year_index.items() if year in old]
        if there and both:
            here, before = zip(*both, strict=True)
            added = grid[[part for region in there for part in parts[region]]][:, before]
            first = np.cumsum([0, *(len(parts[region]) for region in there)])[:-1]
            laid[np.ix_(there, here)] = as_printed(np.add.reduceat(added, first, axis=0))
        return laid

    def _of_ratio(self, name: str, grid: Floats, grids: Known, found: Known) -> Floats:
        one = self._of(self.old, name)
        before = ratio_numbers(self.old, one, values_of_all(self.old, grids))
        after = ratio_numbers(self.new, self._of(self.new, name), values_of_all(self.new, found))
        above = self.summed(self.filled(name, before.offset + before.factor * grid))
        below = self.summed(self.filled(name, before.denominator))
        with np.errstate(divide="ignore", invalid="ignore"):
            all_of_it = above * after.denominator / below  # where it does not apply as elsewhere
            above = np.where(below < after.denominator * (1 - NEAR), all_of_it, above)
            whole = (above - after.offset) / after.factor
        several = np.array([len(parts) > 1 for parts in self.regions()])
        step = step_of(one)
        rounded = as_printed(np.round(whole / step) * step)
        return np.where(several[:, np.newaxis], rounded, self.summed(grid))

    def _of_growth(self, name: str, grid: Floats) -> Floats:
        """Return the growth of what the parts add up to."""
        one = self._of(self.old, name)
        takes = self.old.applies(one).any(axis=1)
        base = np.where(takes, settled_bases(self.old, one)[0], 0.0)
        values = self.summed(self.filled(name, level_of(self.old, one, grid)))
        first = np.array([base[list(parts)].sum() if parts else np.nan for parts in self.regions()])
        before = np.column_stack([first, values[:, :-1]])
        with np.errstate(divide="ignore", invalid="ignore"):
            rate = PERCENT * ((values / before) ** (1 / self.new.gaps) - 1)
        step = step_of(one)
        several = np.array([len(parts) > 1 for parts in self.regions()])
        rounded = as_printed(np.round(rate / step) * step)
        return np.where(several[:, np.newaxis], rounded, self.summed(grid))


def values_of_all(plan: Plan, grids: Known) -> Grids:
    """Turn published numbers into values: levels out of their increments."""
    found: Grids = {}
    for name, grid in grids.items():
        one = plan.indicators[plan.indicator_index[name]]
        found[name] = level_of(plan, one, grid)
    return found


def level_of(plan: Plan, indicator: Indicator, grid: Floats) -> Floats:
    """Return the values that published numbers lead to."""
    if indicator.publish == "growth":
        base = settled_bases(plan, indicator)[0]
        return base[:, np.newaxis] * np.cumprod((1 + grid / PERCENT) ** plan.gaps, axis=1)
    if indicator.kind != "level" or indicator.publish != "increment":
        return grid
    base = np.nan_to_num(settled_bases(plan, indicator)[0])
    return np.where(np.isnan(grid), np.nan, base[:, np.newaxis] + np.nancumsum(grid, axis=1))


def past_of(plan: Plan, through: int) -> int:
    """Return how many years of a plan are over."""
    return sum(year <= through for year in plan.years)


def scope_sums(grid: Floats, members: Floats) -> Floats:
    """Return what some regions add up to by year; NaN where none has a number."""
    inside = grid[np.asarray(members, dtype=bool)]
    return np.where(np.isnan(inside).all(axis=0), np.nan, as_printed(np.nansum(inside, axis=0)))


def remainders(issued: Floats, reached: Floats, whole: float | None) -> Floats:
    """Return what is left to each region of what it was issued, never below 0.

    Where these are more or less than what is left of the area's target, all in proportion.
    """
    rest = np.maximum(np.nansum(issued, axis=1) - np.nansum(reached, axis=1), 0.0)
    added = rest.sum()
    if whole is None or added == 0 or abs(whole - added) <= NEAR * added:
        return np.asarray(rest)
    return np.asarray(rest * (whole / added))


def by_region(issued: Floats, rest: Floats, over: int) -> Floats:
    """Scale what was issued for the years to come to each region's own remainder."""
    later = issued[:, over:]
    planned = np.nansum(later, axis=1)
    whole = np.nansum(later, axis=0)
    pattern = whole / whole.sum() if whole.sum() > 0 else np.full(len(whole), 1 / len(whole))
    with np.errstate(divide="ignore", invalid="ignore"):
        scaled = later * (rest / planned)[:, np.newaxis]
    scaled = np.where((planned > 0)[:, np.newaxis], scaled, rest[:, np.newaxis] * pattern)
    found = issued.copy()
    found[:, over:] = np.where(np.isnan(later), np.nan, scaled)
    return found
