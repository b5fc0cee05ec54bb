"""Ratios as abstract programs, in exact fractions, after DESIGN sections 2 and 3.

Read from plain data and from printed denominators; no code is shared with the package. Of the plan
format it knows the keys that tests/ratio_plans.py writes.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from typing import Any, NamedTuple

from tests.oracles.exact_leximin import Program
from tests.oracles.fractions_lp import Row
from tests.oracles.plan_figures import (
    ONE,
    ZERO,
    Figure,
    down,
    figure_of,
    nearest,
    number,
    total,
    up,
)
from tests.oracles.plan_indicator import Cell, Data, Frame, Place
from tests.oracles.plan_program import PlanProgram

Values = Mapping[Place, Fraction]
Printed = Mapping[str, Values]
"""Printed values by id, then by region and year."""
Bound = Fraction | None
HUNDRED = Fraction(100)


class Linear(NamedTuple):
    """``constant + Σ coefficients · x``."""

    constant: Fraction
    coefficients: dict[Cell, Fraction]

    def times(self, factor: Fraction) -> Linear:
        scaled = {cell: part * factor for cell, part in self.coefficients.items()}
        return Linear(self.constant * factor, scaled)

    def between(self, lower: Bound, upper: Bound) -> Row:
        """Return the row of cells; its keys are cells still."""
        low = None if lower is None else lower - self.constant
        high = None if upper is None else upper - self.constant
        return self.coefficients, low, high  # type: ignore[return-value] # numbered later


def add(parts: Sequence[Linear]) -> Linear:
    """Return the sum."""
    coefficients: dict[Cell, Fraction] = {}
    for part in parts:
        for cell, value in part.coefficients.items():
            coefficients[cell] = coefficients.get(cell, ZERO) + value
    return Linear(total(part.constant for part in parts), coefficients)


class Goal(NamedTuple):
    """What a scope's ratio must be in a year, as a value; figure None: only bounded."""

    scope: str
    year: int
    lower: Bound
    upper: Bound
    figure: Bound
    words: str
    key: str


EACH_YEAR = ("cut_each_year", "rise_each_year")


class Yearly(NamedTuple):
    """What is asked of every year against the year before: the least and the greatest change."""

    scope: str
    key: str
    low: Bound
    high: Bound

    def least(self, now: Linear, then: Linear, gap: int) -> Linear | None:
        """Return what must not be below 0."""
        return self._beside(self.low if self.rises else self.high, now, then, gap)

    def greatest(self, now: Linear, then: Linear, gap: int) -> Linear | None:
        """Return what must not be above 0."""
        return self._beside(self.high if self.rises else self.low, now, then, gap)

    @property
    def rises(self) -> bool:
        """Whether the ratio must rise."""
        return self.key == "rise_each_year"

    def _beside(self, change: Bound, now: Linear, then: Linear, gap: int) -> Linear | None:
        """Return this year's ratio less what a change makes of that of the year before."""
        if change is None:
            return None
        if self.rises:
            return add([now, then.times(-ONE), Linear(-gap * change, {})])
        return add([now, then.times(-(max(1 - change, ZERO) ** gap))])


class RatioIndicator:
    """One ratio of a plan, its denominators known.

    Parameters
    ----------
    program
        The plan.
    said
        The ratio as the plan says it.
    """

    def __init__(self, program: RatioProgram, said: Data) -> None:
        self.frame, self.said, self.id = program.frame, said, str(said["id"])
        self.program = program
        self.publish: str = said.get("publish", "value")
        self.scale = number(said.get("scale", 1))
        self.step = Fraction(1, 10 ** said.get("decimals", 2))
        self.below = program.values(said["denominator"])
        self.base_below = program.base(said["denominator"])
        top = said.get("numerator")
        self.cumulative = isinstance(top, dict)
        self.numerator: str | None = top["cumulative"] if isinstance(top, dict) else top
        column = said.get("base_numerator")
        if column is not None:
            self.base_above = {name: number(cell) for name, cell in column.items()}
        else:
            self.base_above = program.base(self.numerator) if self.numerator else {}
        has_target = self.numerator is not None and "target" in program.said[self.numerator]
        self.free = not has_target
        turn = program.turn if self.yearly else None
        self.before = [year for year in self.frame.years if turn is not None and year < turn]
        """Years that are printed already."""

    @cached_property
    def yearly(self) -> list[Yearly]:
        """What is asked of every year against the year before, by scope."""
        area = self.said.get("target", {})
        found = []
        for scope, target in [(self.frame.area, area), *self.said.get("group_targets", {}).items()]:
            for key in EACH_YEAR:
                figure = figure_of(target.get(key))
                if figure is not None and len(self.frame.years) > 1:
                    margin = ONE + number(target.get("margin", area.get("margin", 0)))
                    ends = figure.times(margin).ends(number(target.get("tolerance", "2%")))
                    found.append(Yearly(scope, key, *ends))
        return found

    def printed_value(self, members: Sequence[str], year: int) -> Fraction:
        """Return the ratio of some regions together, from what is printed of them."""
        inside = [name for name in members if self.takes(name, year)]
        below = total(self.below[name, year] for name in inside)
        if self.free:
            shown = self.program.printed[self.id]
            above = ZERO
            for name in inside:
                cell = Cell(self.id, name, year)
                constant, coefficients = self.follows(name, year, cell)
                above += constant + coefficients[cell] * shown[name, year]
        else:
            tops = self.program.printed[str(self.numerator)]
            years = [y for y in self.frame.years if y == year or (self.cumulative and y < year)]
            above = total(tops.get((name, y), ZERO) for name in inside for y in years)
        return self.scale * above / below

    def own_base(self, region: str) -> Fraction:
        """Return a region's base-year ratio, without the scale."""
        return self.base_above[region] / self.base_below[region]

    def base(self, members: Sequence[str]) -> Fraction | None:
        """Return the base-year ratio of some regions together, in the printed unit."""
        if self.cumulative or not all(name in self.base_above for name in members):
            return None
        above = total(self.base_above[name] for name in members)
        return self.scale * above / total(self.base_below[name] for name in members)

    def takes(self, region: str, year: int) -> bool:
        """Tell whether the ratio speaks of a region in a year."""
        known = self.below.get((region, year), ZERO) > 0
        return known and (self.publish == "value" or region in self.base_above)

    # ---- numerators --------------------

    def above(self, region: str, year: int) -> Linear:
        """Return a region's numerator: of what is published, or the indicator itself."""
        if self.free:
            cell = Cell(self.id, region, year)
            if cell not in self.references:
                return Linear(ZERO, {})
            return self.follows(region, year, cell)
        years = [one for one in self.frame.years if one == year or (self.cumulative and one < year)]
        cells = [Cell(str(self.numerator), region, one) for one in years]
        tops = self.program.printed.get(str(self.numerator), {})
        printed = total(tops.get((region, one), ZERO) for one in years if one in self.before)
        open_cells = [cell for cell in cells if cell.year not in self.before]
        return Linear(printed, {c: ONE for c in open_cells if c in self.program.references})

    def follows(self, region: str, year: int, cell: Cell) -> Linear:
        """Return the numerator that follows from what is published."""
        below = self.below[region, year]
        if self.publish == "value":
            return Linear(ZERO, {cell: below / self.scale})
        start = below * self.own_base(region)
        if self.publish == "cut":
            return Linear(start, {cell: -start / HUNDRED})
        return Linear(start, {cell: below / self.scale})

    def scope_value(self, members: Sequence[str], year: int) -> Linear:
        """Return the ratio of some regions together, in the printed unit."""
        inside = [name for name in members if self.takes(name, year)]
        below = total(self.below[name, year] for name in inside)
        return add([self.above(name, year) for name in inside]).times(self.scale / below)

    # ---- goals --------------------

    @cached_property
    def goals(self) -> list[Goal]:
        """Whatever the area and groups must reach, the area first, then groups by name."""
        area = self.said.get("target", {})
        found = [*self._goals(self.frame.area, self.frame.regions, area, area)]
        groups = self.said.get("group_targets", {})
        for name in sorted(groups):
            found += self._goals(name, self.frame.groups[name], groups[name], area)
        return found

    def _goals(
        self, scope: str, members: Sequence[str], target: Data, area: Data
    ) -> Iterator[Goal]:
        margin = ONE + number(target.get("margin", area.get("margin", 0)))
        tolerance = number(target.get("tolerance", "2%"))
        years, base = self.frame.years, self.base(members)
        ages = {year: year - self.frame.base_year for year in years}
        found: dict[int, Goal] = {}

        def put(
            year: int,
            figure: Figure,
            key: str,
            turn: Callable[[Fraction], Fraction],
            *,
            falls: bool,
        ) -> None:
            wanted = figure.times(margin)
            ends = [None if end is None else turn(end) for end in wanted.ends(tolerance)]
            low, high = ends[::-1] if falls else ends
            if falls and high is not None and low is None:
                low = ZERO
            goal = Goal(scope, year, low, high, turn(wanted.value), figure.words, key)
            found.setdefault(year, goal)

        def same(value: Fraction) -> Fraction:
            return value

        for year in years:
            if (figure := figure_of(target.get("years", {}).get(year))) is not None:
                put(year, figure, "years", same, falls=False)
            if (figure := figure_of(target.get("each_year"))) is not None:
                put(year, figure, "each_year", same, falls=False)
        for key in (*EACH_YEAR, "cut", "rise"):
            figure = figure_of(target.get(key))
            for year in years if figure is not None and base is not None else ():
                part = Fraction(ages[year], 1 if key in EACH_YEAR else ages[years[-1]])
                assert figure is not None
                assert base is not None
                put(year, figure, key, _change(key, base, part), falls=not key.startswith("rise"))
                if key in EACH_YEAR and self.before and year > self.before[-1]:
                    shown = self.before[-1]
                    since = Fraction(ages[year] - ages[shown])
                    turn = _change(key, self.printed_value(members, shown), since)
                    found[year] = self._going_on(found[year], figure.times(margin), tolerance, turn)
        changed = any(key in target for key in (*EACH_YEAR, "cut", "rise"))
        if not changed and base and years[-1] in found:
            last = found[years[-1]]
            for year in years:
                part = Fraction(ages[year], ages[years[-1]])
                low, high, handed = (
                    _between(base, end, part) for end in (last.lower, last.upper, last.figure)
                )
                goal = Goal(scope, year, low, high, handed, last.words, last.key)
                found.setdefault(year, goal)
        yield from (found[year] for year in sorted(found))

    def _going_on(
        self,
        path: Goal,
        figure: Figure,
        tolerance: Fraction,
        turn: Callable[[Fraction], Fraction],
    ) -> Goal:
        """Bring a goal on the path from the base year to what is asked since the last printed."""
        if path.key not in EACH_YEAR:
            return path
        ends = [None if end is None else turn(end) for end in figure.ends(tolerance)]
        high, low = ends if path.key == "cut_each_year" else ends[::-1]
        if low is None and path.key == "cut_each_year":
            low = ZERO
        assert path.figure is not None
        wanted = path.figure if low is None else max(path.figure, low)
        wanted = wanted if high is None else min(wanted, high)
        if self.program.loose:
            ends = [_least(path.lower, wanted), _greatest(path.upper, wanted)]
        else:
            lowers = [end for end in (low, path.lower) if end is not None]
            lower = max(lowers) if lowers else None
            uppers = [end for end in (high, path.upper) if end is not None]
            upper = min(uppers) if uppers else None
            apart = lower is not None and upper is not None and lower > upper
            ends = [low, high] if apart else [lower, upper]
        return path._replace(lower=ends[0], upper=ends[1], figure=wanted)

    # ---- references --------------------

    @cached_property
    def references(self) -> dict[Cell, Fraction]:
        """Reference of each published number: index × λ, λ solved from the scope's goal."""
        found: dict[Cell, Fraction] = {}
        for goal in self.goals if self.free else ():
            members = self.program.members(goal.scope)
            inside = [name for name in members if self.takes(name, goal.year)]
            if not inside or goal.figure is None or goal.year in self.before:
                continue
            below = total(self.below[name, goal.year] for name in inside)
            value, index_mean, whole = goal.figure, ZERO, ZERO
            for name in inside:
                cell = Cell(self.id, name, goal.year)
                constant, coefficients = self.follows(name, goal.year, cell)
                value -= self.scale * constant / below
                index_mean += self.scale * coefficients[cell] / below * self._index(name)
                whole += self.scale * coefficients[cell] / below
            if not whole:
                continue
            level = max(value / whole, ZERO) * whole / index_mean if index_mean else ZERO
            for name in inside:
                found.setdefault(Cell(self.id, name, goal.year), self._index(name) * level)
        return found

    def _index(self, region: str) -> Fraction:
        if region in self.frame.reserve:
            return ZERO
        rule = self.said.get("allocate", "equal")
        if rule == "equal":
            return ONE
        return self.own_base(region) if rule == "base" else number(rule["by"].get(region, 0))

    # ---- rules --------------------

    def rows(self) -> Iterator[tuple[Row, Bound]]:
        """Give every rule, with the figure that is handed out."""
        for goal in self.goals:
            if goal.year in self.before:
                continue
            value = self.scope_value(self.program.members(goal.scope), goal.year)
            if not value.coefficients:
                continue
            if self.free:
                yield self._mean(value, goal)
            else:
                yield self._on_numerators(value, goal)
        if not self.program.loose:
            yield from ((row, None) for row in self._between_years())
        if self.free:
            yield from ((row, None) for row in self._limits())
            yield from ((row, None) for row in self._of_numerator())
        else:
            yield from ((row, None) for row in self._limits_on_numerators())

    def _between_years(self) -> Iterator[Row]:
        """Compare every year but the first with the year before."""
        for one in self.yearly:
            members = self.program.members(one.scope)
            for before, year in itertools.pairwise(self.frame.years):
                if year in self.before:
                    continue
                now = self.scope_value(members, year)
                gap = self.frame.gaps[year]
                if before in self.before:
                    then = Linear(self.printed_value(members, before), {})
                else:
                    then = self.scope_value(members, before)
                least, greatest = one.least(now, then, gap), one.greatest(now, then, gap)
                # of an exact figure, a sum of numerators keeps to the safe end
                exact = not self.free and one.low == one.high
                if greatest is not None and not (exact and one.rises):
                    yield self._inward(greatest, None, ZERO)
                if least is not None and not (exact and not one.rises):
                    yield self._inward(least, ZERO, None)

    def _inward(self, value: Linear, low: Bound, high: Bound) -> Row:
        """Bring the row of a sum of numerators alone to their grid."""
        parts = set(value.coefficients.values())
        if self.free or len(parts) != 1:
            return value.between(low, high)
        (per_unit,) = parts
        step = self.program.step(str(self.numerator))
        coefficients, least, most = value.times(1 / per_unit).between(low, high)
        return (
            coefficients,
            None if least is None else up(Fraction(least), step),
            None if most is None else down(Fraction(most), step),
        )

    def _mean(self, value: Linear, goal: Goal) -> tuple[Row, Bound]:
        """Write a goal as a weighted mean of published numbers, in which its figure is positive."""
        whole = total(value.coefficients.values())
        mean = value.times(1 / whole)
        ends = [None if end is None else end / whole for end in (goal.lower, goal.upper)]
        if whole < 0:
            ends.reverse()
        figure = None if goal.figure is None else goal.figure / whole - mean.constant
        row = mean.between(*ends)
        return row, figure if figure is not None and figure > 0 else None

    def _on_numerators(self, value: Linear, goal: Goal) -> tuple[Row, Bound]:
        """Write a goal as a sum of numerators, its ends inward on their grid."""
        per_unit = next(iter(value.coefficients.values()))
        summed = value.times(1 / per_unit)
        step = self.program.step(str(self.numerator))
        low = None if goal.lower is None else up(goal.lower / per_unit, step)
        high = None if goal.upper is None else down(goal.upper / per_unit, step)
        if low is not None and high is not None and low > high:
            assert goal.lower is not None
            assert goal.upper is not None
            low = high = nearest((goal.lower + goal.upper) / per_unit / 2, step)
        return summed.between(low, high), None

    def _limits(self) -> Iterator[Row]:
        limits = self.said.get("limits", {})
        for cell in self.references:
            own = Linear(ZERO, {cell: ONE})
            for low, high in self._boxes(cell, limits):
                yield own.between(
                    None if low is None else up(low, self.step),
                    None if high is None else down(high, self.step),
                )
            before = self._before(cell)
            if before is None:
                continue
            gap = self.frame.gaps[cell.year]
            rise = add([own, before.times(-ONE)])
            if limits.get("monotone") == "up":
                yield rise.between(ZERO, None)
            if "ramp" in limits:
                ends = (number(limits["ramp"][end]) * gap for end in ("min", "max"))
                yield rise.between(*ends)

    def _limits_on_numerators(self) -> Iterator[Row]:
        """Give the least and greatest ratio of regions whose numerator has a target of its own."""
        step = self.program.step(str(self.numerator))
        limits = self.said.get("limits", {})
        for year in self.frame.years:
            for region in self.frame.regions:
                if not self.takes(region, year):
                    continue
                unit = self.below[region, year] / self.scale
                above = self.above(region, year)
                for low, high in self._ratio_ends(region, year, limits):
                    yield above.between(
                        None if low is None else up(low * unit, step),
                        None if high is None else down(high * unit, step),
                    )

    def _ratio_ends(self, region: str, year: int, limits: Data) -> Iterator[tuple[Bound, Bound]]:
        """Give the least and greatest ratio of a region, in the printed unit."""
        low, high = (limits.get(end, {}).get(region) for end in ("min", "max"))
        yield None if low is None else number(low), None if high is None else number(high)
        if "cut" in limits:
            base = self.scale * self.own_base(region)
            least, most = (self._cut(limits["cut"][end], year) for end in ("min", "max"))
            if least is not None or self._cuts_wanted:
                yield None, base * (1 - (least or ZERO))
            if most is not None:
                yield base * (1 - most), None

    def _before(self, cell: Cell) -> Linear | None:
        """Return what is published of the year before; of a cut or rise, 0 in the base year."""
        years = self.frame.years
        if cell.year != years[0]:
            before = cell._replace(year=years[years.index(cell.year) - 1])
            if before.year in self.before:
                shown = self.program.printed[self.id].get((cell.region, before.year))
                return None if shown is None else Linear(shown, {})
            return Linear(ZERO, {before: ONE}) if before in self.references else None
        if cell.region not in self.base_above:
            return None
        known = self.publish == "value"
        return Linear(self.scale * self.own_base(cell.region) if known else ZERO, {})

    def _boxes(self, cell: Cell, limits: Data) -> Iterator[tuple[Bound, Bound]]:
        """Give the least and greatest published number of a cell."""
        low, high = (limits.get(end, {}).get(cell.region) for end in ("min", "max"))
        yield (
            None if low is None else number(low),
            None if high is None else number(high),
        )
        cuts = {end: self._cut(limits.get("cut", {}).get(end), cell.year) for end in ("min", "max")}
        if self.publish == "cut":
            yield ZERO if cuts["min"] is None else cuts["min"] * HUNDRED, None
            yield None, HUNDRED if cuts["max"] is None else cuts["max"] * HUNDRED
            return
        yield ZERO, None
        least_cut = ZERO if cuts["min"] is None and self._cuts_wanted else cuts["min"]
        for cut, end in ((least_cut, "high"), (cuts["max"], "low")):
            if cut is not None:
                value = self.scale * self.own_base(cell.region) * (1 - cut)
                if self.publish == "rise":
                    value -= self.scale * self.own_base(cell.region)
                yield (None, value) if end == "high" else (value, None)

    @property
    def _cuts_wanted(self) -> bool:
        """Whether no region may get worse unless the plan says so."""
        target = self.said.get("target", {})
        return self.publish == "cut" or "cut" in target or "cut_each_year" in target

    def _may_worsen(self) -> bool:
        said = self.said.get("limits", {}).get("cut", {}).get("min")
        return isinstance(said, str) and number(said) < 0

    def _cut(self, said: Any, year: int) -> Bound:
        """Read a limit on a cut: of the last year unless a year is named."""
        if isinstance(said, dict):
            return number(said[year]) if year in said else None
        return number(said) if said is not None and year == self.frame.years[-1] else None

    def _of_numerator(self) -> Iterator[Row]:
        """Give the rules of the numerator that follows: its capacity and its links."""
        said = self.program.said[self.numerator] if self.numerator else {}
        for cell in self.references:
            region, year = cell.region, cell.year
            above = self.above(region, year)
            if "max" in said.get("limits", {}):
                step = self.program.step(str(self.numerator))
                yield self._capacity(above, down(number(said["limits"]["max"]), step))
            for link in said.get("links", ()):
                if "part_of" in link:
                    yield self._capacity(above, self.program.values(link["part_of"])[region, year])
                else:
                    yield self._share(above, link, region, year)
        for region, year in self.program.printed.get(str(self.numerator), {}):
            for link in said.get("links", ()) if year in self.before else ():
                if "of" in link:
                    shown = self.program.printed[str(self.numerator)][region, year]
                    yield self._share(Linear(shown, {}), link, region, year)

    def _share(self, above: Linear, link: Data, region: str, year: int) -> Row:
        other = Cell(link["of"], region, year)
        share = number(link["at_most_share"])
        return add([above, Linear(ZERO, {other: -share})]).between(None, ZERO)

    def _capacity(self, above: Linear, most: Fraction) -> Row:
        """Bring a numerator's capacity inward to the grid of what is published."""
        ((cell, factor),) = above.coefficients.items()
        end = (most - above.constant) / factor if factor else ZERO
        own = Linear(ZERO, {cell: ONE})
        if factor > 0:
            return own.between(None, down(end, self.step))
        return own.between(up(end, self.step), None)


def _change(key: str, base: Fraction, part: Fraction) -> Callable[[Fraction], Fraction]:
    if key.startswith("rise"):
        return lambda rise: base + rise * part

    def cut(rate: Fraction) -> Fraction:
        left = 1 - min(rate, ONE)
        power = left**part.numerator if part.denominator == 1 else float(left) ** float(part)
        return base * Fraction(power)

    return cut


def _between(base: Fraction, end: Bound, part: Fraction) -> Bound:
    if end is None or end <= 0:
        return end
    return base * Fraction(float(end / base) ** float(part))


def _least(one: Bound, other: Fraction) -> Bound:
    return None if one is None else min(one, other)


def _greatest(one: Bound, other: Fraction) -> Bound:
    return None if one is None else max(one, other)


class RatioProgram:
    """The ratios of a plan with what they are tied to, its denominators as they are printed.

    Parameters
    ----------
    data
        The content of a plan file.
    printed
        Values of the denominators that were decided, and of the years before ``turn``.
    turn
        The year whose turn it is, of ratios with a cut for every year.
    loose
        Whether such a cut may be missed.
    """

    def __init__(
        self, data: Data, printed: Printed, turn: int | None = None, *, loose: bool = False
    ) -> None:
        self.frame = Frame(data)
        self.said: dict[str, Data] = {one["id"]: one for one in data["indicators"]}
        self.printed, self.turn, self.loose = printed, turn, loose
        decided = [
            one
            for one in data["indicators"]
            if one["kind"] in ("flow", "level") and "target" in one
        ]
        self.additive = PlanProgram({**data, "indicators": decided})
        self.ratios = {
            name: RatioIndicator(self, one)
            for name, one in self.said.items()
            if one["kind"] == "ratio"
        }

    def values(self, name: str) -> Values:
        """Return a series of data, or what was printed."""
        said = self.said[name]
        if said["kind"] != "given":
            return self.printed[name]
        return {
            (region, year): number(cell)
            for year, cells in said["values"].items()
            for region, cell in cells.items()
        }

    def base(self, name: str) -> dict[str, Fraction]:
        """Return base-year values."""
        said = self.said[name]
        cells = said["values"][self.frame.base_year] if said["kind"] == "given" else said["base"]
        return {region: number(cell) for region, cell in cells.items()}

    def step(self, name: str) -> Fraction:
        """Return what the values of an indicator are whole multiples of."""
        return Fraction(1, 10 ** self.said[name].get("decimals", 2))

    def members(self, scope: str) -> Sequence[str]:
        """Return the regions of a scope."""
        return self.frame.regions if scope == self.frame.area else self.frame.groups[scope]

    @property
    def references(self) -> Mapping[Cell, Fraction]:
        """References of the indicators that have targets of their own."""
        return self.additive.references

    def program(self, ratio: str) -> tuple[list[Cell], Program]:
        """Return the cells of a ratio and of what it is tied to, and their program."""
        one = self.ratios[ratio]
        tied = {one.numerator} if one.numerator and not one.free else set()
        links = self.said[one.numerator].get("links", ()) if one.numerator and one.free else ()
        tied |= {link["of"] for link in links if "of" in link}
        references = dict(one.references)
        printed = set(one.before) if not one.free else set()
        references |= {
            cell: value
            for cell, value in self.references.items()
            if cell.indicator in tied and cell.year not in printed
        }
        cells = list(references)
        place = {cell: index for index, cell in enumerate(cells)}
        sizes: dict[str, Fraction] = {}
        for cell, value in references.items():
            sizes[cell.indicator] = max(sizes.get(cell.indicator, ZERO), value)
        size = [sizes[cell.indicator] or ONE for cell in cells]
        rows: list[Row] = []
        figures: list[tuple[dict[int, Fraction], Fraction]] = []

        def put(
            coefficients: Mapping[Cell, Fraction], low: Bound, high: Bound, figure: Bound
        ) -> None:
            fixed = total(
                part * self.printed[cell.indicator][cell.region, cell.year]
                for cell, part in coefficients.items()
                if cell not in place
            )
            own = {
                place[cell]: part * size[place[cell]]
                for cell, part in coefficients.items()
                if cell in place
            }
            if coefficients and not own:
                return  # of what is printed alone
            low, high = (None if end is None else end - fixed for end in (low, high))
            figure = None if figure is None else figure - fixed
            rows.append((own, low, high))
            if figure and own:
                figures.append((own, figure))

        for (coefficients, low, high), figure in one.rows():
            put(coefficients, low, high, figure)  # type: ignore[arg-type] # still by cell
        for rule in self.additive.rules:
            if rule.indicator in tied:
                put(rule.coefficients, rule.lower, rule.upper, rule.figure)
        scaled = [references[cell] / unit for cell, unit in zip(cells, size, strict=True)]
        self.sizes = dict(zip(cells, size, strict=True))
        signed = {
            index
            for index, cell in enumerate(cells)
            if cell.indicator == ratio and one._may_worsen() and one.publish == "cut"
        }
        return cells, Program(len(cells), scaled, rows, figures, frozenset(signed))
