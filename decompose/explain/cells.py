"""The reason of one cell as data: its reference, the rules at it, what the others took."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from decompose.explain.changes import moved, one_step
from decompose.explain.held import NOTHING, Held
from decompose.explain.phrases import NAN, Phrase, phrase
from decompose.explain.reason import BOTH, LOWER, UPPER, Cause, Reason, Remedy, TightRule
from decompose.explain.reference import basis_of
from decompose.figures import parse_figure
from decompose.labels import say
from decompose.naming import scope_name
from decompose.plan.steps import SNAP
from decompose.plan.values import MOST_DECIMALS
from decompose.problem import TOTAL, Floats, Ints

SHOWN = 3
"""How many regions, or causes, a sentence names; the data name all."""


@dataclass(frozen=True, eq=False)
class Year:
    """The cells of an indicator and year beside one another.

    Attributes
    ----------
    held
        The stage that settled the indicator.
    indicator, year
        Indices.
    """

    held: Held
    indicator: int
    year: int

    @cached_property
    def columns(self) -> Ints:
        """The cell of each region; -1 where there is none."""
        return self.held.stage.columns[self.indicator][:, self.year]

    @cached_property
    def gaps(self) -> Floats:
        """How far each region is from its reference; NaN where there is none."""
        gaps = np.append(self.held.x - self.held.problem.reference, np.nan)
        return np.asarray(gaps[self.columns])

    @cached_property
    def ranked(self) -> tuple[tuple[str, float], ...]:
        """The regions that are not at their references, largest difference first, then by name."""
        names, size = self.held.plan.region_names, self._size
        gaps = self.gaps.tolist()
        found = [(names[k], gap) for k, gap in enumerate(gaps) if abs(gap) > NOTHING * size]
        # differences that are equal but for noise are told by name
        return tuple(sorted(found, key=lambda one: (-round(abs(one[1]) / size, 6), one[0])))

    @cached_property
    def _rank(self) -> Mapping[str, int]:
        """The place of each region among those that are not at their references."""
        return {name: number for number, (name, _) in enumerate(self.ranked)}

    def others(self, name: str) -> tuple[tuple[str, float], ...]:
        """Return those that are not at their references, but for one."""
        place = self._rank.get(name)
        return self.ranked if place is None else self.ranked[:place] + self.ranked[place + 1 :]

    def moved(self, way: float) -> tuple[tuple[str, float], ...]:
        """Return the regions that are above their references, or below them."""
        return self._above if way > 0 else self._below if way < 0 else ()

    @cached_property
    def _above(self) -> tuple[tuple[str, float], ...]:
        return tuple(one for one in self.ranked if one[1] > 0)

    @cached_property
    def _below(self) -> tuple[tuple[str, float], ...]:
        return tuple(one for one in self.ranked if one[1] < 0)

    def free(self, way: float) -> tuple[tuple[str, float], ...]:
        """Return those of them that no cause holds there."""
        return self._free_above if way > 0 else self._free_below if way < 0 else ()

    @cached_property
    def _free_above(self) -> tuple[tuple[str, float], ...]:
        return self._free(1.0)

    @cached_property
    def _free_below(self) -> tuple[tuple[str, float], ...]:
        return self._free(-1.0)

    def _free(self, way: float) -> tuple[tuple[str, float], ...]:
        held = {name for cause in self.against(-way) for name in cause.regions}
        return tuple(one for one in self.moved(way) if one[0] not in held)

    @cached_property
    def _size(self) -> float:
        columns = self.columns[self.columns >= 0]
        return float(np.abs(self.held.problem.reference[columns]).max(initial=SNAP))

    @cached_property
    def area_moved(self) -> float:
        """How far the area's sum, or mean, is from that of the references."""
        series = self.held.series[self.indicator]
        here = self.columns >= 0
        weight = np.ones(len(here))
        if series.ratio is not None:
            weight = series.ratio.weights(here, self.year)[0]
        elif series.growth is not None:
            weight = np.where(here, np.nan_to_num(series.growth.before), 0.0)
        if series.is_mean:
            weight = weight / (weight.sum() or 1.0)
        change = float(weight[here] @ self.gaps[here])
        return change if abs(change) > NOTHING * self._size else 0.0

    @cached_property
    def area_rules(self) -> tuple[TightRule, ...]:
        """The rules of the area that made its sum, or mean, another than that of the references."""
        if not self.area_moved:
            return ()
        cell = int(self.columns[self.columns >= 0][0])
        sides = [
            (row, self.held.row_side(row))
            for row in self.held.area_rules(self.indicator, self.year)
        ]
        return tuple(
            tight_rule(self.held, row, cell, side)
            for row, side in sides
            if side * self.area_moved > 0
        )

    @cached_property
    def causes(self) -> tuple[Cause, ...]:
        """The regions that rules hold away from their references, by rule, most changed first.

        Regions are told by the first rule that holds them.
        """
        found: dict[tuple[int, int], list[int]] = {}
        words = self.held.words(self.indicator)
        for region in np.flatnonzero(self.columns >= 0).tolist():
            gap = float(self.gaps[region])
            rules = self.held.rules_at(int(self.columns[region])) if words.seen(gap) else []
            first = next(((row, side) for row, side in rules if side * gap > 0), None)
            if first is not None:
                found.setdefault(first, []).append(region)
        causes = [self._cause(row, side, regions) for (row, side), regions in found.items()]
        causes.sort(key=lambda one: (-round(abs(one.difference), MOST_DECIMALS), one.regions))
        return tuple(causes)

    def _cause(self, row: int, side: int, regions: list[int]) -> Cause:
        names = self.held.plan.region_names
        last = len(self.ranked)  # what is seen in print may be noise beside the largest reference
        ordered = sorted(regions, key=lambda one: (self._rank.get(names[one], last), names[one]))
        told = [names[region] for region in ordered]
        rule = tight_rule(self.held, row, int(self.columns[ordered[0]]), side, inside=False)
        difference = float(self.gaps[regions].sum())
        code = "region_held" if side < 0 else "region_must"
        message = say(code, regions=some(told), rule=rule.message)
        if self.held.series[self.indicator].ratio is None or len(told) == 1:
            amount = self.held.words(self.indicator).signed(difference)
            message = say("one_of", name=message, amount=amount)
        return Cause(tuple(told), difference, rule, message)

    def against(self, difference: float) -> tuple[Cause, ...]:
        """Return the causes to the other side of a difference."""
        way = np.sign(difference)
        if way not in self._against:
            found = tuple(one for one in self.causes if one.difference * way < 0)
            self._against[way] = found
        return self._against[way]

    @cached_property
    def _against(self) -> dict[float, tuple[Cause, ...]]:
        return {}


def year_of(held: Held, indicator: int, year: int) -> Year:
    """Return the cells of an indicator and year, reckoned once."""
    found: Year = held.memo.setdefault((indicator, year), Year(held, indicator, year))
    return found


def cell_reason(held: Held, indicator: int, region: int, year: int) -> Reason | None:
    """Return the reason of a cell, without sentences; None where it has no quota.

    Parameters
    ----------
    held
        The stage that settled the indicator.
    indicator, region, year
        Indices of the cell.
    """
    beside = year_of(held, indicator, year)
    cell = int(beside.columns[region])
    if cell < 0:
        return None
    exact, quota = float(held.x[cell]), float(held.stage.printed[cell])
    words, name = held.words(indicator), held.plan.region_names[region]
    tight = tuple(tight_rule(held, row, cell, side) for row, side in held.rules_at(cell))
    difference = float(beside.gaps[region])
    own = any(rule.pushes * difference > 0 for rule in tight)
    return Reason(
        held.plan.indicators[indicator].id,
        name,
        held.plan.years[year],
        quota,
        exact,
        float(held.problem.reference[cell]),
        words.unit.zh,
        basis_of(held.plan, held.series[indicator], region, year),
        tight,
        beside.others(name),
        beside.against(difference) if words.seen(difference) and not own else (),
        beside.area_moved,
        beside.area_rules,
        bool(beside.area_moved) and held.missed(indicator, year),
        quota - exact,
    )


def tight_rule(held: Held, row: int, cell: int, pushes: int, *, inside: bool = True) -> TightRule:
    """Describe a rule that is tight at a cell."""
    problem, rules = held.problem, held.problem.rules
    lower, upper = float(rules.lower[row]), float(rules.upper[row])
    side = held.row_side(row)
    told = phrase(held, row, cell, inside=inside)
    single = bool(rules.single[row]) and lower < upper
    ends = (lower, upper)
    if single and held.series[int(problem.column_indicator[cell])].growth is not None:
        ends = held.published_ends(row)
    bound = (ends[0] if side > 0 else ends[1]) if single else NAN
    year = int(rules.year[row])
    indicator = int(rules.indicator[row])
    return TightRule(
        problem.sources[rules.source[row]],
        held.family(row),
        held.plan.indicators[indicator].id,
        scope_name(problem, int(rules.scope[row])),
        "total" if year == TOTAL else held.plan.years[year],
        told.figure,
        told.percent,
        "" if told.percent else held.words(indicator).unit.zh,
        told.against,
        bound,
        BOTH if lower == upper else LOWER if side > 0 else UPPER,
        pushes,
        told.message,
        _remedy(held, row, side, told),
    )


def _remedy(held: Held, row: int, side: int, told: Phrase) -> Remedy | None:
    """Return one step of relief on a rule: an upper end rises, a lower one falls.

    None where the rule has no figure, and where it is the figure that a target hands out, no end
    of it, that holds the cell.
    """
    plan, built = held.plan, held.stage.built
    if not held.at_end(row, upper=side <= 0):
        return None
    step = one_step(plan, built, row)
    try:
        path, value = moved(plan, built, row, step, up=side <= 0) or ("", None)
        if value is None:
            return None
        said = parse_figure(value, rate=told.percent)
    except (ArithmeticError, ValueError):
        return None  # a rate on a base of 0; an interval of one number, moved at one end
    by = abs(said.value - told.figure)
    if said.upper is not None:
        by = max(by, abs(said.upper - told.top))
    return Remedy(path, value, round(by, MOST_DECIMALS)) if by > 0 else None


def some(names: Sequence[object]) -> object:
    """Name the first of several regions, and say how many there are."""
    if len(names) <= SHOWN:
        return list(names)
    return say("several_regions", names=list(names[:SHOWN]), count=len(names))
