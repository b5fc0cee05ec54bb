"""Random small plans as plain data.

A hidden allocation on the grid is drawn first; targets, limits and locks are then laid around it,
mostly so that it keeps them. Some are pulled too tight, and such plans may have no answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from math import ceil, floor
from typing import Any, NamedTuple

from hypothesis import strategies as st

Data = dict[str, Any]
Draw = Callable[[st.SearchStrategy[Any]], Any]

BASE_YEAR = 2014
YEARS = ([2015, 2016], [2015], [2015, 2016, 2017], [2015, 2017], [2016])
REGIONS = ("甲区", "乙县", "丙县", "丁市")
RESERVE = "市本级"
GROUPS = ("南部", "北部")
AREA, TOTAL_LABEL = "示例市", "全市"
GRIDS: tuple[tuple[Data, Fraction], ...] = (
    ({}, Fraction(1, 100)),
    ({"decimals": 1}, Fraction(1, 10)),
    ({"integer": True}, Fraction(1)),
    ({"decimals": 0}, Fraction(1)),
    ({"step": 0.5}, Fraction(1, 2)),
)
GROWTH = tuple(Fraction(rate, 100) for rate in (110, 100, 125, 90, 150, 103))
PERCENT, TENTH = Fraction(1, 100), Fraction(1, 1000)
RATES = ("growth", "share", "share_shift")

often = st.sampled_from((True, True, False))
seldom = st.sampled_from((False, False, False, True))
rarely = st.sampled_from((False,) * 11 + (True,))


class Menu(NamedTuple):
    """What plans may hold."""

    indicators: int
    limits: tuple[str, ...]
    sums: bool
    """Whether groups, totals, open years and limits on sums come in."""


SIMPLE = Menu(2, ("max", "min", "growth"), sums=False)
EVERYTHING = Menu(
    3, ("max", "min", "growth", "total", "ramp", "share", "share_shift", "monotone"), sums=True
)


def simple_plans() -> st.SearchStrategy[Data]:
    """Plans with a sum per year, boxes and growth limits: they have a closed form."""
    return _plans(SIMPLE)


def plans() -> st.SearchStrategy[Data]:
    """Plans with everything."""
    return _plans(EVERYTHING)


@st.composite
def _plans(draw: Draw, menu: Menu) -> Data:
    frame = _Frame(draw, menu)
    indicators: list[_Indicator] = []
    for number in range(draw(st.integers(1, menu.indicators))):
        whole = draw(st.sampled_from([None, *indicators])) if menu.sums else None
        indicators.append(_Indicator(draw, frame, menu, f"i{number}", whole))
    return {
        "title": "示例行动",
        "area": AREA,
        "total_label": TOTAL_LABEL,
        "base_year": BASE_YEAR,
        "years": frame.years,
        "regions": [
            {
                "name": region,
                "groups": [name for name, members in frame.groups.items() if region in members],
                "reserve": region == RESERVE,
            }
            for region in frame.regions
        ],
        "groups": {name: {"subtotal": draw(st.booleans())} for name in frame.groups},
        "tables": frame.tables,
        "indicators": [one.said for one in indicators],
    }


class _Frame:
    def __init__(self, draw: Draw, menu: Menu) -> None:
        self.years: list[int] = list(draw(st.sampled_from(YEARS)))
        self.regions = list(REGIONS[: draw(st.integers(2, 4))])
        self.groups: dict[str, list[str]] = {}
        for name in GROUPS[: draw(st.integers(0, 2))] if menu.sums else ():
            members = draw(st.sets(st.sampled_from(self.regions), min_size=1))
            self.groups[name] = [region for region in self.regions if region in members]
        if menu.sums and draw(seldom):
            self.regions.insert(draw(st.integers(0, 2)), RESERVE)
        self.tables: Data = {}

    def column(self, cells: Data) -> str:
        """Add a column to the tables; return its name."""
        name = f"c{len(self.tables)}"
        self.tables[name] = cells
        return name

    def gap(self, year: int) -> int:
        return year - max(one for one in (BASE_YEAR, *self.years) if one < year)


class _Indicator:
    """An indicator around a hidden allocation: said is what the plan says of it."""

    def __init__(
        self, draw: Draw, frame: _Frame, menu: Menu, name: str, whole: _Indicator | None
    ) -> None:
        self.draw, self.frame, self.menu, self.whole = draw, frame, menu, whole
        self.kind: str = whole.kind if whole else draw(st.sampled_from(("flow", "level")))
        grid, self.step = draw(st.sampled_from(GRIDS))
        self.said: Data = {"id": name, "kind": self.kind, **grid}
        self.applies = self._applies()
        self.base = self._base()
        self.hidden = self._hidden()
        self._share_out()
        if whole:
            below = draw(st.sampled_from(("links", "parent")))
            named = whole.said["id"]
            self.said[below] = named if below == "parent" else [{"part_of": named}]
        self.said["target"] = self._target() if menu.sums else self._simple_target()
        if menu.sums:
            self._group_targets()
            self._locks()
        keys = [key for key in menu.limits if draw(seldom)]
        limits = {key: self._limit(key, lone=not {"min", "max"} <= {*keys}) for key in keys}
        self.said["limits"] = {key: said for key, said in limits.items() if said is not None}

    # ---- where it applies, and the hidden allocation -----------------------------------------

    def _applies(self) -> set[tuple[str, int]]:
        regions, years = self.frame.regions, self.frame.years
        everywhere = {(region, year) for region in regions for year in years}
        if not (self.menu.sums and self.draw(seldom)):
            found = everywhere
        else:
            some = sorted(self.draw(st.sets(st.sampled_from(regions), min_size=1)))
            form = self.draw(st.sampled_from(("list", "except", "year", "years")))
            found = {place for place in everywhere if place[0] in some}
            if form == "except":
                some = some[: len(regions) - 1]
                self.said["regions"] = {"except": some}
                found = {place for place in everywhere if place[0] not in some}
            elif form == "year":
                self.said["regions"] = {years[-1]: some}
                found |= {place for place in everywhere if place[1] != years[-1]}
            elif form == "years":
                self.said["years"] = years[:1]
                found = {place for place in everywhere if place[1] == years[0]}
            else:
                self.said["regions"] = some
        if self.whole:
            found &= self.whole.applies
        return found

    def _base(self) -> dict[str, Fraction] | None:
        if self.draw(seldom):
            return None
        unit = self.step * self.draw(st.sampled_from((1, 10, 100)))
        base = {
            region: unit * self.draw(st.integers(0, 40))
            for region in self.frame.regions
            if region != RESERVE or self.draw(st.booleans())
        }
        cells = {region: _plain(value) for region, value in base.items()}
        column = self.menu.sums and self.draw(seldom)
        self.said["base"] = self.frame.column(cells) if column else cells
        return base

    def _hidden(self) -> dict[tuple[str, int], Fraction]:
        unit = self.step * self.draw(st.sampled_from((1, 10)))
        found: dict[tuple[str, int], Fraction] = {}
        for region in self.frame.regions:
            before = self.base.get(region, Fraction()) if self.base else Fraction()
            for year in self.frame.years:
                if region == RESERVE:
                    before = unit * self.draw(st.sampled_from((0, 0, 0, 1)))
                elif before == 0:
                    before = unit * self.draw(st.integers(0, 9))
                else:
                    before = _down(before * self.draw(st.sampled_from(GROWTH)), self.step)
                if (region, year) in self.applies:
                    found[region, year] = self._within_whole(region, year, before)
        return found

    def _within_whole(self, region: str, year: int, value: Fraction) -> Fraction:
        """Keep a part's value at most its whole's, so that the hidden allocation is feasible."""
        if self.whole and (region, year) in self.whole.hidden:
            return min(value, _down(self.whole.hidden[region, year], self.step))
        return value

    def _share_out(self) -> None:
        takers = {region for region, _ in self.applies if region != RESERVE}
        weights: Data = {region: self.draw(st.integers(0, 5)) for region in self.frame.regions}
        weights[max(takers, default=REGIONS[0])] += 1
        by_base = self.base is not None and any(self.base[region] for region in takers)
        rules: list[Any] = ["equal"]
        if self.menu.sums:
            rules += [weights, {"by": self.frame.column(weights)}]
        if by_base and self.menu.sums:
            blend = {"base": 0.7, self.frame.column(weights): 0.3}
            rules = ["base", *rules, {"blend": blend}]
        if not by_base or self.draw(st.booleans()):
            rule = self.draw(st.sampled_from(rules))
            self.said["allocate"] = {"by": rule} if rule is weights else rule

    # ---- targets -----------------------------------------------------------------------------

    def _sum(self, members: Sequence[str], *years: int) -> Fraction:
        return sum(
            (self.hidden.get((region, year), Fraction()) for region in members for year in years),
            Fraction(),
        )

    def _base_of(self, members: Sequence[str]) -> Fraction | None:
        known = [self.base[region] for region in members if self.base and region in self.base]
        return sum(known, Fraction()) if known else None

    def _simple_target(self) -> Data:
        return {"years": self._years(self.frame.regions, self.frame.years)}

    def _years(self, members: Sequence[str], years: Sequence[int]) -> Data:
        return {year: self._figure(self._sum(members, year)) for year in years}

    def _target(self) -> Data:
        years, regions = self.frame.years, self.frame.regions
        base = self._base_of(regions)
        rated = base is not None and all(
            region == RESERVE or region in (self.base or {}) for region in regions
        )
        modes = ["years", "some", "each"] + ["rise", "yearly"] * rated
        mode = self.draw(st.sampled_from([*modes, *(["groups"] * bool(self.frame.groups))]))
        found: Data = {}
        if mode == "years":
            found["years"] = self._years(regions, years)
            if len(years) > 1 and self.draw(rarely):
                found["years"][years[0]] = "—"
        elif mode == "some":
            given = [year for year in years if self.draw(st.booleans())]
            given = given if self.kind == "flow" or given else years[-1:]
            found["years"] = self._years(regions, given)
        elif mode == "each":
            found["each_year"] = self._figure(min(self._sum(regions, year) for year in years))
        elif mode == "rise":
            key = self.draw(st.sampled_from(("growth", "increase")))
            found |= {key: self._rise(key, regions, years[-1], BASE_YEAR)}
            if self.draw(seldom):
                found["years"] = self._years(regions, years[-1:])
        elif mode == "yearly":
            key = self.draw(st.sampled_from(("growth", "increase")))
            found |= {f"{key}_each_year": self._rise(key, regions, years[0], BASE_YEAR)}
            if self.draw(seldom):
                found["years"] = self._years(regions, [self.draw(st.sampled_from(years))])
        if self.kind == "flow" and (mode == "some" or self.draw(rarely)):
            found["total"] = self._figure(self._sum(regions, *years))
        return found | self._manner()

    def _manner(self) -> Data:
        """Draw what goes with a target: margin, tolerance, path, end of an interval."""
        if self.draw(seldom):
            ways = ("constant_growth", "linear", "equal")
            weights: Data = {year: self.draw(st.integers(1, 3)) for year in self.frame.years}
            self.said["path"] = self.draw(st.sampled_from((*ways, weights)))
        if self.draw(rarely):
            self.said["hand_out"] = "upper"
        return {"margin": "5%"} if self.draw(rarely) else {}

    def _rise(self, key: str, members: Sequence[str], year: int, since: int) -> int | float | str:
        """Return the growth or rise that the hidden allocation has, with words."""
        base = self._base_of(members) or Fraction()
        value, gap = self._sum(members, year), year - since
        if key == "increase":
            return self._figure(value - base)
        rate = float(value / base) ** (1 / gap) - 1 if base else 0.0
        sense = self.draw(st.sampled_from(("", "以上", "以下", "-")))
        low, high = floor(rate * 100), ceil(rate * 100)
        if sense == "-" and low >= 0:
            return f"{low}-{high}%"
        return f"{high if sense == '以下' else low}%" + sense.strip("-")

    def _figure(self, value: Fraction) -> int | float | str:
        """Return a figure with words that a sum keeps, or now and then nearly keeps."""
        value += self.step * self.draw(st.sampled_from((0,) * 9 + (-1, 1))) if value > 0 else 0
        sense = self.draw(st.sampled_from(("", "", "以上", "以下", "左右", "-", "力争")))
        some = self.step * self.draw(st.sampled_from((0, 1, 7)))
        if value < 0 or not sense:
            return _plain(value)
        if sense == "以上":
            value = max(value - some, Fraction())
        if sense == "以下":
            value += some
        if sense == "左右":
            value = _down(value * Fraction(101, 100), self.step)
        shown = _plain(value)
        if sense == "-":
            return f"{_plain(max(value - some, Fraction()))}{sense}{_plain(value + some)}"
        return f"力争{shown}" if sense == "力争" else f"{shown}{sense}"

    def _group_targets(self) -> None:
        lone = not any(key != "margin" for key in self.said["target"])
        found: Data = {}
        for name, members in self.frame.groups.items():
            if self.draw(seldom) or (lone and not found):
                years = [year for year in self.frame.years if lone or self.draw(st.booleans())]
                found[name] = {"years": self._years(members, years)}
                if self.kind == "flow" and self.draw(seldom):
                    found[name]["total"] = self._figure(self._sum(members, *self.frame.years))
        if found:
            self.said["group_targets"] = found

    def _locks(self) -> None:
        if self.draw(seldom) and self.hidden:
            region, year = self.draw(st.sampled_from(sorted(self.hidden)))
            value: Data = {"value": _plain(self.hidden[region, year]), "why": "示函〔2015〕8号"}
            when: int | str = year
            if self.kind == "flow" and self.draw(seldom):
                when, value["value"] = "total", _plain(self._sum([region], *self.frame.years))
            bare = self.draw(st.booleans())
            self.said["locks"] = {region: {when: value["value"] if bare else value}}

    # ---- limits ------------------------------------------------------------------------------

    def _limit(self, key: str, *, lone: bool) -> Any:
        """Draw a limit; one that has no other end may be too tight for the hidden allocation."""
        if key in ("growth", "ramp", "share_shift") and self.base is None:
            return None
        if key == "total" and self.kind == "level":
            return None
        if key == "monotone":
            return self._monotone()
        if key in ("min", "max", "share_shift"):
            end = "min" if key == "min" else "max"
            return self._entries(key, end, tight=lone and self.draw(rarely))
        ends = self.draw(st.sampled_from((("max",), ("min",), ("min", "max"))))
        tight = len(ends) == 1 and self.draw(rarely)
        found = {end: self._entries(key, end, tight=tight) for end in ends}
        return {end: said for end, said in found.items() if said is not None} or None

    def _monotone(self) -> str | None:
        rises = [one - before for one, before, _ in self._pairs(self._singles())]
        ways = (["up"] if min(rises, default=0) >= 0 else []) + (
            ["down"] if max(rises, default=0) <= 0 else []
        )
        return self.draw(st.sampled_from(ways)) if ways else None

    def _entries(self, key: str, end: str, *, tight: bool) -> Any:
        """Draw one to three entries of a limit, each for scopes of its own kind."""
        years = [] if key == "total" else self.frame.years
        forms = ["bare", "region"] + ["region year", "year"] * bool(years)
        if self.menu.sums:
            forms += ["column"]
            forms += ["group", "sum", "group year"] if self.frame.groups else []
            forms += [] if key in ("share", "share_shift") else ["area", "area year"]
        if not years:
            forms = [form for form in forms if not form.endswith("year")]
        chosen = self.draw(st.lists(st.sampled_from(forms), min_size=1, max_size=3, unique=True))
        if {"bare", "column"} <= set(chosen):
            chosen.remove("column")
        nested: Data = {}
        for form in chosen:
            for keys, groups in self._scopes(form, years):
                value = self._edge(key, end, groups, years=keys, tight=tight)
                if value is not None:
                    _nest(nested, keys, value)
        if set(nested) == {"default"}:
            return nested["default"]
        return nested or None

    def _scopes(
        self, form: str, years: Sequence[int]
    ) -> Iterator[tuple[tuple[Any, ...], list[list[str]]]]:
        """Give the keys of an entry, and the sums of regions that its figure binds."""
        draw, regions = self.draw, self.frame.regions
        year = (draw(st.sampled_from(years)),) if form.endswith("year") else ()
        if form == "bare":
            yield ("default",), self._singles()
        elif form == "column":
            yield ("column",), self._singles()
        elif form.startswith("region"):
            for region in sorted(draw(st.sets(st.sampled_from(regions), min_size=1))):
                yield (region, *year), [[region]]
        elif form.startswith("group"):
            name = draw(st.sampled_from(sorted(self.frame.groups)))
            yield (name, *year), [[region] for region in self.frame.groups[name]]
        elif form == "sum":
            name = draw(st.sampled_from(sorted(self.frame.groups)))
            yield ("sum", name), [self.frame.groups[name]]
        elif form.startswith("area"):
            yield (draw(st.sampled_from((AREA, TOTAL_LABEL, "area"))), *year), [regions]
        else:
            yield year, self._singles()

    def _singles(self) -> list[list[str]]:
        return [[region] for region in self.frame.regions]

    def _edge(
        self,
        key: str,
        end: str,
        groups: list[list[str]],
        *,
        years: tuple[Any, ...],
        tight: bool,
    ) -> Any:
        """Return the figure that the hidden allocation just keeps, loosened a little."""
        if years == ("column",):
            cells = {
                region: self._edge(key, end, [[region]], years=(), tight=tight)
                for region in self.frame.regions
            }
            cells = {region: value for region, value in cells.items() if value is not None}
            return self.frame.column(cells) if cells else None
        only = [one for one in years if one in self.frame.years] or self.frame.years
        values = list(self._values(key, groups, only))
        if not values:
            return None
        way = 1 if end == "max" else -1
        value = max(values) if end == "max" else min(values)
        loose = -1 if tight else self.draw(st.sampled_from((0, 1, 0, 5)))
        if key not in RATES:
            value += way * loose * self.step
            return _plain(value if key == "ramp" else max(value, Fraction()))
        value += way * loose * PERCENT
        value = way * ceil(way * value / PERCENT) * PERCENT
        low = Fraction(-1) if key == "growth" else Fraction()
        value = min(max(value, low), Fraction(5) if key == "growth" else Fraction(1))
        percent = f"{_plain(value * 100)}%"
        return percent if value > 1 or self.draw(st.booleans()) else float(value)

    def _values(
        self, key: str, groups: list[list[str]], years: Sequence[int]
    ) -> Iterator[Fraction]:
        """Give what a limit speaks of, for each of its sums and years."""
        if key == "total":
            yield from (self._sum(members, *self.frame.years) for members in groups)
        elif key in ("min", "max"):
            yield from (self._sum(members, year) for members in groups for year in years)
        elif key in ("share", "share_shift"):
            yield from self._shares(key, groups, years)
        else:
            for value, before, year in self._pairs(groups):
                if year in years and key == "ramp":
                    yield (value - before) / self.frame.gap(year)
                elif year in years and before:
                    rate = float(value / before) ** (1 / self.frame.gap(year)) - 1
                    yield Fraction(round(rate, 6))

    def _pairs(self, groups: list[list[str]]) -> Iterator[tuple[Fraction, Fraction, int]]:
        """Give each sum's value, that of the year before, and the year."""
        for members in groups:
            before = self._base_of(members)
            for year in self.frame.years:
                value = self._sum(members, year)
                if before is not None:
                    yield value, before, year
                before = value

    def _shares(
        self, key: str, groups: list[list[str]], years: Sequence[int]
    ) -> Iterator[Fraction]:
        bases = self._base_of(self.frame.regions)
        for year in years:
            whole = self._sum(self.frame.regions, year)
            for members in groups if whole else ():
                share = self._sum(members, year) / whole
                if key == "share":
                    yield share
                elif bases:
                    yield abs(share - (self._base_of(members) or Fraction()) / bases)


def _down(value: Fraction, step: Fraction) -> Fraction:
    return floor(value / step) * step


def _plain(value: Fraction) -> int | float:
    return int(value) if value.denominator == 1 else float(value)


def _nest(nested: Data, keys: Sequence[Any], value: Any) -> None:
    """Put a value under keys; a figure that stands where keys must go on becomes the default."""
    place: Data = nested
    keys = ["default" if key == "column" else key for key in keys]
    for key in keys[:-1]:
        inner = place.setdefault(key, {})
        if not isinstance(inner, dict):
            inner = place[key] = {"default": inner}
        place = inner
    if isinstance(place.get(keys[-1]), dict):
        place[keys[-1]]["default"] = value
    else:
        place[keys[-1]] = value
