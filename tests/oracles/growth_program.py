"""Published growth as abstract programs, year by year, in exact fractions (DESIGN sections 2, 3).

Read from plain data and from what is printed of the years before; no code is shared with the
package. Of the plan format it knows the keys that tests/growth_plans.py writes, without gaps
between years.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from tests.oracles.exact_leximin import Program
from tests.oracles.plan_figures import (
    ONE,
    ZERO,
    Figure,
    down,
    figure_of,
    flow_path,
    level_path,
    number,
    total,
    up,
)
from tests.oracles.plan_indicator import Data, Frame

Place = tuple[str, int]
Bound = Fraction | None
HUNDRED = Fraction(100)
TOTAL = "total"


class Sum(NamedTuple):
    """What a scope must reach in a year, or in all of them together."""

    scope: str
    year: int | str
    lower: Bound
    upper: Bound
    figure: Bound


class Row(NamedTuple):
    """``lower ≤ Σ factors · values ≤ upper``."""

    factors: dict[Place, Fraction]
    lower: Bound
    upper: Bound


class GrowthProgram:
    """The one indicator of a plan whose growth is published.

    Parameters
    ----------
    data
        The content of a plan file.
    printed
        Values of the years before ``year``, by region and year.
    year
        The year whose turn it is.
    """

    def __init__(self, data: Data, printed: Mapping[Place, Fraction], year: int) -> None:
        self.frame = Frame(data)
        (self.said,) = data["indicators"]
        self.limits: Data = self.said.get("limits", {})
        self.step = Fraction(1, 10 ** self.said["decimals"])
        self.base = {name: number(cell) for name, cell in self.said["base"].items()}
        self.regions = [name for name in self.frame.regions if self.base.get(name, ZERO) > 0]
        self.years = self.frame.years
        self.year = year
        self.open_years = [one for one in self.years if one >= year]
        self.printed = {place: value for place, value in printed.items() if place[1] < year}
        self.before = {name: self._before(name, year) for name in self.regions}
        assert all(gap == 1 for gap in self.frame.gaps.values())

    def _before(self, name: str, year: int) -> Fraction:
        place = self.years.index(year)
        return self.printed[name, self.years[place - 1]] if place else self.base[name]

    # ---- targets --------------------

    def members(self, scope: str) -> Sequence[str]:
        """Return the regions of a scope that have growth."""
        if scope == self.frame.area:
            return self.regions
        return [name for name in self.frame.groups[scope] if name in self.regions]

    def _printed_sum(self, scope: str, year: int) -> Fraction:
        return total(self.printed[name, year] for name in self.members(scope))

    @property
    def sums(self) -> Iterator[Sum]:
        """Give what scopes must reach."""
        area = self.said["target"]
        yield from self._sums(self.frame.area, area)
        for group, target in self.said.get("group_targets", {}).items():
            yield from self._sums(group, target)

    def _sums(self, scope: str, target: Data) -> Iterator[Sum]:
        base = total(self.base[name] for name in self.members(scope))
        for year, said in target.get("years", {}).items():
            yield self._sum(scope, year, figure_of(said))
        if "total" in target:
            yield self._sum(scope, TOTAL, figure_of(target["total"]))
        if "growth" in target:
            last = self.years[-1]
            age = last - self.frame.base_year
            yield self._grown(scope, last, figure_of(target["growth"]), base, age)
        figure = figure_of(target.get("growth_each_year"))
        before, settled = base, True
        for year in self.years if figure is not None else ():
            assert figure is not None
            if year < self.year:
                before, settled = self._printed_sum(scope, year), True
                continue
            one = self._grown(scope, year, figure, before, 1)
            if not settled and _between(figure):
                one = one._replace(lower=None, upper=None)
            yield one
            assert one.figure is not None
            before, settled = one.figure, one.lower == one.upper and one.lower is not None

    def _sum(self, scope: str, year: int | str, figure: Figure | None) -> Sum:
        assert figure is not None
        low, high = figure.ends(Fraction(2, 100))
        return Sum(scope, year, low, high, figure.value)

    def _grown(self, scope: str, year: int, figure: Figure | None, base: Fraction, age: int) -> Sum:
        assert figure is not None

        def grown(rate: Fraction) -> Fraction:
            return base * (1 + rate) ** age

        low, high = figure.ends(Fraction(2, 100))
        return Sum(
            scope,
            year,
            None if low is None else grown(low),
            None if high is None else grown(high),
            grown(figure.value),
        )

    # ---- references --------------------

    @property
    def handed(self) -> dict[int, Fraction]:
        """What is handed out of the area's sum, by year; printed years are as they are."""
        area = self.frame.area
        given = {year: self._printed_sum(area, year) for year in self.years if year < self.year}
        whole: Bound = None
        for one in self.sums:
            if one.scope != area or one.figure is None:
                continue
            if isinstance(one.year, str):
                whole = one.figure
            else:
                given.setdefault(one.year, one.figure)
        base = total(self.base.values())
        if self.said["kind"] == "level":
            return level_path("constant_growth", self.years, given, {self.frame.base_year: base})
        if whole is None or len(given) == len(self.years):
            return given
        ages = {year: year - self.frame.base_year for year in self.years}
        laid = flow_path("constant_growth", ages, base, whole)
        rest = max(whole - total(given.values()), ZERO)
        open_sum = total(laid[year] for year in self.years if year not in given)
        return {y: given[y] if y in given else laid[y] / open_sum * rest for y in self.years}

    @property
    def references(self) -> dict[str, Fraction]:
        """Index × λ, in percent."""
        whole = total(self.before.values())
        weighted = total(self.before[name] * self._index(name) for name in self.regions)
        rise = max(self.handed[self.year] - whole, ZERO)
        level = HUNDRED * rise / weighted if weighted else ZERO
        return {name: self._index(name) * level for name in self.regions}

    def _index(self, name: str) -> Fraction:
        if name in self.frame.reserve:
            return ZERO
        rule = self.said.get("allocate", "equal")
        if rule == "equal":
            return ONE
        return self.base[name] if rule == "base" else number(rule["by"].get(name, 0))

    # ---- limits --------------------

    def _rates(self, name: str, year: int) -> tuple[Fraction, Bound]:
        """Return the least and the greatest growth of a region, in percent, on the grid."""
        locked = self.said.get("locks", {}).get(name, {}).get(year)
        if locked is not None:
            return number(locked), number(locked)
        said = self.limits.get("growth", {})
        least = said.get("min")
        ground = self.step - HUNDRED if self.said.get("signed") else ZERO
        low = ground if least is None else up(number(least) * HUNDRED, self.step)
        most = said.get("max", {}).get(name)
        return low, None if most is None else down(number(most) * HUNDRED, self.step)

    def _value(self, name: str, year: int) -> dict[Place, Fraction]:
        return {(name, year): ONE}

    def rows(self) -> Iterator[tuple[Row, Bound]]:
        """Give every rule on values, with the figure that is handed out."""
        for one in self.sums:
            years = self.years if one.year == TOTAL else [int(one.year)]
            factors = {(name, y): ONE for name in self.members(one.scope) for y in years}
            lower, upper = one.lower, one.upper
            if self.year > self.years[0] and lower == upper:
                # what was rounded before may leave no choice
                falls = self.handed[self.year] < total(self.before.values())
                lower, upper = (None, upper) if falls else (lower, None)
            yield Row(factors, lower, upper), one.figure
        handed = {one.year for one in self.sums if one.scope == self.frame.area}
        if self.year not in handed:
            factors = {(name, self.year): ONE for name in self.regions}
            yield Row(factors, None, None), self.handed[self.year]
        for row in (*self._between_years(), *self._boxes(), *self._ahead()):
            yield row, None

    def _between_years(self) -> Iterator[Row]:
        for place, year in enumerate(self.years):
            for name in self.regions:
                low, high = self._rates(name, year)
                yield self._against(name, place, 1 + low / HUNDRED, ZERO, None)
                if high is not None:
                    yield self._against(name, place, 1 + high / HUNDRED, None, ZERO)
                if "ramp" in self.limits:
                    yield self._against(name, place, ONE, None, number(self.limits["ramp"]["max"]))
                if self.limits.get("monotone") == "up":
                    yield self._against(name, place, ONE, ZERO, None)
        figure = figure_of(self.said["target"].get("growth_each_year"))
        if figure is not None and _between(figure):
            ends = figure.ends(ZERO)
            for place, year in enumerate(self.years):
                now = {(name, year): ONE for name in self.regions}
                if ends[0] is not None:
                    yield self._less_before(now, place, 1 + ends[0], ZERO, None)
                if ends[1] is not None:
                    yield self._less_before(now, place, 1 + ends[1], None, ZERO)

    def _against(self, name: str, place: int, factor: Fraction, low: Bound, high: Bound) -> Row:
        return self._less_before({(name, self.years[place]): ONE}, place, factor, low, high)

    def _less_before(
        self, now: dict[Place, Fraction], place: int, factor: Fraction, low: Bound, high: Bound
    ) -> Row:
        """Compare values with those of the year before, times a factor."""
        if place:
            before = {(name, self.years[place - 1]): -factor for name, _ in now}
            return Row(now | before, low, high)
        constant = factor * total(self.base[name] for name, _ in now)
        ends = (None if end is None else end + constant for end in (low, high))
        return Row(now, *ends)

    def _boxes(self) -> Iterator[Row]:
        for end in ("max", "min"):
            for name, years in self.limits.get(end, {}).items():
                for year, bound in years.items():
                    ends = (None, number(bound)) if end == "max" else (number(bound), None)
                    yield Row({(name, year): ONE}, *ends)
        for name, most in self.limits.get("total", {}).get("max", {}).items():
            yield Row({(name, year): ONE for year in self.years}, None, number(most))
        share = self.limits.get("share", {}).get("max")
        for year in self.years if share is not None else ():
            for name in self.regions:
                factors = {(one, year): -number(share or 0) for one in self.regions}
                factors[name, year] += ONE
                yield Row(factors, None, ZERO)

    def _ahead(self) -> Iterator[Row]:
        """Give what later years' boxes leave of this one: rounding must not overstep it."""
        later = [year for year in self.years if year > self.year]
        for name in self.regions:
            high: Bound = None
            low: Bound = None
            for year in reversed(later):
                ends = (self.limits.get(end, {}).get(name, {}).get(year) for end in ("max", "min"))
                most, least = (None if end is None else number(end) for end in ends)
                high, low = _tight(min, high, most), _tight(max, low, least)
                slow, fast = self._rates(name, year)
                high = None if high is None else high / (1 + slow / HUNDRED)
                backs = [] if low is None or fast is None else [low / (1 + fast / HUNDRED)]
                if low is not None and "ramp" in self.limits:
                    backs.append(low - number(self.limits["ramp"]["max"]))
                low = max(backs) if backs else None
            whole = self.limits.get("total", {}).get("max", {}).get(name)
            if whole is not None:
                times, grown = ONE, ONE
                for year in later:
                    grown *= 1 + self._rates(name, year)[0] / HUNDRED
                    times += grown
                gone = total(self.printed[name, one] for one in self.years if one < self.year)
                high = _tight(min, high, (number(whole) - gone) / times)
            if high is not None or low is not None:
                yield Row({(name, self.year): ONE}, low, high)

    # ---- the program --------------------

    def program(self) -> Program:
        """Return the program: growth of this year, values of later years, and a column of 1."""
        place: dict[Place, int] = {(name, self.year): k for k, name in enumerate(self.regions)}
        for year in self.open_years[1:]:
            for name in self.regions:
                place[name, year] = len(place)
        one = len(place)
        rows: list[Any] = [({one: ONE}, ONE, ONE)]
        figures: list[Any] = []
        for row, figure in self.rows():
            constant = total(
                part * self.printed[cell]
                for cell, part in row.factors.items()
                if cell[1] < self.year
            )
            own: dict[int, Fraction] = {}
            for cell, part in row.factors.items():
                if cell[1] == self.year:
                    own[place[cell]] = part * self.before[cell[0]] / HUNDRED
                    constant += part * self.before[cell[0]]
                elif cell[1] > self.year:
                    own[place[cell]] = part
            if not any(own.values()):
                continue
            ends = [None if end is None else end - constant for end in (row.lower, row.upper)]
            if len(own) == 1:
                ends = self._on_grid(own, *ends)
            rows.append((own, *ends))
            if figure is not None:
                figures.append((own | {one: constant}, figure))
        references = [*self.references.values(), *[ONE] * (one - len(self.regions)), ONE]
        lowest = [self._rates(name, self.year)[0] for name in self.regions]
        signed = {k for k, low in enumerate(lowest) if low < 0}
        ahead = frozenset(range(len(self.regions), one + 1))
        return Program(one + 1, references, rows, figures, frozenset(signed), ahead)

    def _on_grid(self, own: dict[int, Fraction], low: Bound, high: Bound) -> list[Bound]:
        """Bring the bounds of one region's growth inward to its grid."""
        ((column, part),) = own.items()
        if column >= len(self.regions) or low == high:
            return [low, high]
        least = None if low is None else up(low / part, self.step)
        most = None if high is None else down(high / part, self.step)
        if least is not None and most is not None and least > most:
            return [low, high]
        return [None if end is None else end * part for end in (least, most)]


def _between(figure: Figure) -> bool:
    """Whether a rate of every year is kept by rows between years."""
    return figure.words in ("以上", "以下") and figure.value != 0


def _tight(choose: Any, held: Bound, other: Bound) -> Bound:
    return other if held is None else held if other is None else choose(held, other)
