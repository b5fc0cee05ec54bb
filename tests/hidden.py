"""The hidden allocation around which a random plan is drawn, and limits that it keeps."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Any

from hypothesis import strategies as st

Data = dict[str, Any]
Draw = Callable[[st.SearchStrategy[Any]], Any]

BASE_YEAR = 2014
RESERVE = "市本级"
AREA, TOTAL_LABEL = "示例市", "全市"
ZERO = Fraction(0)
PERCENT = Fraction(1, 100)
RATES = ("growth", "share", "share_shift")
GROWTH = tuple(Fraction(rate, 100) for rate in (110, 100, 125, 90, 150, 103))

seldom = st.sampled_from((False, False, False, True))
sometimes = st.sampled_from((False, False, True))
rarely = st.sampled_from((False,) * 11 + (True,))


def down(value: Fraction, step: Fraction) -> Fraction:
    """Return the greatest whole multiple of a step that is not above a value."""
    return floor(value / step) * step


def plain(value: Fraction) -> int | float:
    """Return a number as a plan file would have it."""
    return int(value) if value.denominator == 1 else float(value)


@dataclass(frozen=True)
class Frame:
    """What the indicators of a plan share."""

    years: list[int]
    regions: list[str]
    groups: dict[str, list[str]]
    tables: dict[str, Data]

    def column(self, cells: Data) -> str:
        """Add a column to the tables; return its name."""
        name = f"c{len(self.tables)}"
        self.tables[name] = cells
        return name

    def gap(self, year: int) -> int:
        """Return how many years lie between a year and the one before it."""
        return year - max(one for one in (BASE_YEAR, *self.years) if one < year)


@dataclass(frozen=True)
class Hidden:
    """An allocation on the grid: a value by region and year, bases by region (None: no base)."""

    frame: Frame
    step: Fraction
    base: dict[str, Fraction] | None
    values: dict[tuple[str, int], Fraction]

    @staticmethod
    def drawn(
        draw: Draw,
        frame: Frame,
        step: Fraction,
        base: dict[str, Fraction] | None,
        ceilings: dict[tuple[str, int], Fraction | None],
    ) -> Hidden:
        """Let the values grow from the base; ceilings: of each cell, what it is a part of."""
        unit = step * draw(st.sampled_from((1, 10)))
        values: dict[tuple[str, int], Fraction] = {}
        for region in frame.regions:
            before = (base or {}).get(region, ZERO)
            for year in frame.years:
                if region == RESERVE:
                    before = unit * draw(st.sampled_from((0, 0, 0, 1)))
                elif before == 0:
                    before = unit * draw(st.integers(0, 9))
                else:
                    before = down(before * draw(st.sampled_from(GROWTH)), step)
                if (region, year) in ceilings:
                    most = ceilings[region, year]
                    values[region, year] = before if most is None else min(before, down(most, step))
        return Hidden(frame, step, base, values)

    def sum(self, members: Sequence[str], *years: int) -> Fraction:
        """Return the sum of some regions over some years."""
        cells = ((region, year) for region in members for year in years)
        return sum((self.values.get(cell, ZERO) for cell in cells), ZERO)

    def base_of(self, members: Sequence[str]) -> Fraction | None:
        """Return the base of some regions together."""
        known = [self.base[region] for region in members if self.base and region in self.base]
        return sum(known, ZERO) if known else None

    def pairs(self, sums: Sequence[Sequence[str]]) -> Iterator[tuple[Fraction, Fraction, int]]:
        """Give each sum's value, that of the year before (its own where none is known), year."""
        for members in sums:
            before = self.base_of(members)
            for year in self.frame.years:
                value = self.sum(members, year)
                yield value, value if before is None else before, year
                before = value

    def measures(
        self, key: str, sums: Sequence[Sequence[str]], years: Sequence[int]
    ) -> Iterator[Fraction]:
        """Give what a limit speaks of, for some sums of regions and years."""
        if key == "total":
            yield from (self.sum(members, *self.frame.years) for members in sums)
        elif key in ("min", "max"):
            yield from (self.sum(members, year) for members in sums for year in years)
        elif key in ("share", "share_shift"):
            yield from self._shares(key, sums, years)
        else:
            for value, before, year in self.pairs(sums):
                if year in years and key == "ramp":
                    yield (value - before) / self.frame.gap(year)
                elif year in years:  # without a rate 0 %, so that no floor stands above a cap
                    rate = float(value / before) ** (1 / self.frame.gap(year)) - 1 if before else 0
                    yield Fraction(round(rate, 6))

    def _shares(
        self, key: str, sums: Sequence[Sequence[str]], years: Sequence[int]
    ) -> Iterator[Fraction]:
        bases = self.base_of(self.frame.regions)
        for year in years:
            whole = self.sum(self.frame.regions, year)
            for members in sums if whole else ():
                share = self.sum(members, year) / whole
                if key == "share":
                    yield share
                elif bases:
                    yield abs(share - (self.base_of(members) or ZERO) / bases)


def limits(draw: Draw, hidden: Hidden, kind: str, keys: Sequence[str], *, sums: bool) -> Data:
    """Draw limits that a hidden allocation keeps; now and then one is a little too tight.

    Parameters
    ----------
    keys
        The limits that may come.
    sums
        Whether they may bind the sums of groups and of the area, and stand in columns.
    """
    drawer = _Limits(draw, hidden, sums=sums)
    without_base = () if hidden.base else ("growth", "ramp", "share_shift")
    without = {*without_base, *(("total",) if kind == "level" else ())}
    chosen = [key for key in keys if draw(sometimes) and key not in without]
    lone = not {"min", "max"} <= {*chosen}
    found = {key: drawer.limit(key, lone=lone) for key in chosen}
    return {key: said for key, said in found.items() if said is not None}


class _Limits:
    def __init__(self, draw: Draw, hidden: Hidden, *, sums: bool) -> None:
        self.draw, self.hidden, self.frame, self.sums = draw, hidden, hidden.frame, sums
        self.singles = [[region] for region in self.frame.regions]

    def limit(self, key: str, *, lone: bool) -> Any:
        if key == "monotone":
            return self._monotone()
        if key in ("min", "max", "share_shift"):
            end = "min" if key == "min" else "max"
            return self._entries(key, end, tight=lone and self.draw(rarely))
        ends = self.draw(st.sampled_from((("max",), ("min",), ("min", "max"))))
        tight = len(ends) == 1 and self.draw(rarely)
        found = {end: self._entries(key, end, tight=tight) for end in ends}
        found = {end: said for end, said in found.items() if said is not None}
        return (_turned(found) if self.draw(seldom) else found) or None

    def _monotone(self) -> Any:
        rises = [value - before for value, before, _ in self.hidden.pairs(self.singles)]
        ways = ["up"] if min(rises, default=ZERO) >= 0 else []
        ways += ["down"] if max(rises, default=ZERO) <= 0 else []
        ways = ["up", "down"] if self.draw(rarely) else ways
        return self.draw(st.sampled_from(ways)) if ways else None

    def _entries(self, key: str, end: str, *, tight: bool) -> Any:
        """Draw one to three entries, each for scopes of its own kind."""
        years = [] if key == "total" else self.frame.years
        forms = ["bare", "region", "year", "region year"]
        if self.sums:
            forms += ["column"]
            forms += ["group", "sum", "group year"] if self.frame.groups else []
            forms += [] if key in ("share", "share_shift") else ["area", "area year"]
        forms = [form for form in forms if years or not form.endswith("year")]
        chosen = self.draw(st.lists(st.sampled_from(forms), min_size=1, max_size=3, unique=True))
        nested: Data = {}
        for form in chosen:
            if form == "column" and "bare" in chosen:
                continue  # both would be every region's
            if form == "column":
                cells = {
                    region: self._edge(key, end, [[region]], self.frame.years, tight=tight)
                    for region in self.frame.regions
                }
                cells = {region: cell for region, cell in cells.items() if cell is not None}
                if cells:
                    _nest(nested, ("default",), self.frame.column(cells))
                continue
            for keys, sums in self._scopes(form, years):
                only = [one for one in keys if one in years] or self.frame.years
                value = self._edge(key, end, sums, only, tight=tight)
                if value is not None:
                    _nest(nested, keys, value)
        return nested["default"] if set(nested) == {"default"} else nested or None

    def _scopes(
        self, form: str, years: Sequence[int]
    ) -> Iterator[tuple[tuple[Any, ...], list[list[str]]]]:
        """Give the keys of an entry, and the sums of regions that its figure binds."""
        draw, regions, groups = self.draw, self.frame.regions, self.frame.groups
        year = (draw(st.sampled_from(years)),) if form.endswith("year") else ()
        if form in ("bare", "year"):
            yield year or ("default",), self.singles
        elif form.startswith("region"):
            for region in sorted(draw(st.sets(st.sampled_from(regions), min_size=1))):
                yield (region, *year), [[region]]
        elif form.startswith("group"):
            name = draw(st.sampled_from(sorted(groups)))
            yield (name, *year), [[region] for region in groups[name]]
        elif form == "sum":
            name = draw(st.sampled_from(sorted(groups)))
            yield ("sum", name), [groups[name]]
        else:
            yield (draw(st.sampled_from((AREA, TOTAL_LABEL, "area"))), *year), [regions]

    def _edge(
        self, key: str, end: str, sums: list[list[str]], years: Sequence[int], *, tight: bool
    ) -> Any:
        """Return the figure that the hidden allocation just keeps, loosened a little."""
        values = list(self.hidden.measures(key, sums, years))
        if not values:
            return None
        way = 1 if end == "max" else -1
        value = max(values) if end == "max" else min(values)
        loose = -1 if tight else self.draw(st.sampled_from((0, 1, 0, 5)))
        if key not in RATES:
            value += way * loose * self.hidden.step
            return plain(value if key == "ramp" else max(value, ZERO))
        value = way * ceil(way * value / PERCENT + loose) * PERCENT
        least, most = (-1, 9) if key == "growth" else (0, 1)
        value = min(max(value, Fraction(least)), Fraction(most))
        percent = f"{plain(value * 100)}%"
        return percent if value > 1 or self.draw(st.booleans()) else float(value)


def _turned(limit: Data) -> Data:
    """Name the scopes outside the ends: ``{min: {area: 5%}}`` as ``{area: {min: 5%}}``."""
    found: Data = {}
    for end, said in limit.items():
        for scope, inner in said.items() if isinstance(said, dict) else [("default", said)]:
            if scope == "default":
                found[end] = inner
            else:
                found.setdefault(scope, {})[end] = inner
    return found


def _nest(nested: Data, keys: Sequence[Any], value: Any) -> None:
    """Put a value under keys; a figure that stands where keys must go on becomes the default."""
    place = nested
    for key in keys[:-1]:
        inner = place.setdefault(key, {})
        if not isinstance(inner, dict):
            inner = place[key] = {"default": inner}
        place = inner
    if isinstance(place.get(keys[-1]), dict):
        place[keys[-1]]["default"] = value
    else:
        place[keys[-1]] = value
