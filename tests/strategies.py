"""Random small plans as plain data.

A hidden allocation on the grid is drawn first; targets, limits and locks are then laid around it,
mostly so that it keeps them. Some are pulled too tight, and such plans may have no answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import ceil, floor
from typing import Any, NamedTuple

from hypothesis import strategies as st

from tests.crossing_plans import crossing_plans
from tests.growth_plans import growth_plan
from tests.hidden import (
    AREA,
    BASE_YEAR,
    RESERVE,
    TOTAL_LABEL,
    ZERO,
    Data,
    Draw,
    Frame,
    Hidden,
    down,
    limits,
    plain,
    rarely,
    seldom,
    sometimes,
)
from tests.link_plans import link_plan
from tests.ratio_plans import ratio_plan, yearly_cut_plan, yearly_rise_plan
from tests.seeded import SEEDS

YEARS = ([2015, 2016], [2015], [2015, 2016, 2017], [2015, 2017], [2016])
REGIONS = ("甲区", "乙县", "丙县", "丁市")
GROUPS = ("南部", "北部", "西部")
GRIDS: tuple[tuple[Data, Fraction], ...] = (
    ({}, Fraction(1, 100)),
    ({"decimals": 1}, Fraction(1, 10)),
    ({"integer": True}, Fraction(1)),
    ({"decimals": 0}, Fraction(1)),
    ({"step": 0.5}, Fraction(1, 2)),
)


class Menu(NamedTuple):
    """What plans may hold."""

    indicators: int
    limits: tuple[str, ...]
    sums: bool
    """Whether groups, totals, open years, parts, locks and limits on sums come in."""


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


def any_plans() -> st.SearchStrategy[Data]:
    """Plans of the whole algebra: sums, parts, groups that cross, growth, ratios and links."""
    drawn = (growth_plan, ratio_plan, yearly_cut_plan, yearly_rise_plan, link_plan)
    return st.one_of(plans(), crossing_plans(), *(st.builds(made, SEEDS) for made in drawn))


@st.composite
def _plans(draw: Draw, menu: Menu) -> Data:
    frame = _frame(draw, menu)
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
        "regions": [_region(draw, frame, region) for region in frame.regions],
        "groups": {name: {"subtotal": draw(st.booleans())} for name in frame.groups},
        "tables": frame.tables,
        "indicators": [one.said for one in indicators],
    }


def _region(draw: Draw, frame: Frame, name: str) -> Data:
    """Say of a region where it belongs; now and then it is printed inside another."""
    said: Data = {
        "name": name,
        "groups": [group for group, members in frame.groups.items() if name in members],
        "reserve": name == RESERVE,
    }
    if frame.groups and draw(rarely):
        said["inside"] = draw(st.sampled_from([one for one in frame.regions if one != name]))
    return said


def _frame(draw: Draw, menu: Menu) -> Frame:
    regions = list(REGIONS[: draw(st.integers(2, 4))])
    groups: dict[str, list[str]] = {}
    for name in GROUPS[: draw(st.integers(0, 3))] if menu.sums else ():
        members = draw(st.sets(st.sampled_from(regions), min_size=1))
        groups[name] = [region for region in regions if region in members]
    if menu.sums and draw(seldom):
        regions.insert(draw(st.integers(0, 2)), RESERVE)
    return Frame(list(draw(st.sampled_from(YEARS))), regions, groups, {})


class _Indicator:
    """An indicator around a hidden allocation; said is what the plan says of it."""

    def __init__(
        self, draw: Draw, frame: Frame, menu: Menu, name: str, whole: _Indicator | None
    ) -> None:
        self.draw, self.frame, self.whole = draw, frame, whole
        self.kind: str = whole.kind if whole else draw(st.sampled_from(("flow", "level")))
        own: tuple[Data, Fraction] = draw(st.sampled_from(GRIDS))
        self.grid: tuple[Data, Fraction] = whole.grid if whole and not draw(seldom) else own
        self.step = self.grid[1]
        self.said: Data = {"id": name, "kind": self.kind, **self.grid[0]}
        if menu.sums and draw(rarely):
            self.said["signed"] = True
        self.applies = self._applies() if menu.sums else self._everywhere()
        base = None if draw(seldom) else self._base(columns=menu.sums)
        if whole:
            below, named = draw(st.sampled_from(("links", "parent"))), whole.said["id"]
            self.said[below] = named if below == "parent" else [{"part_of": named}]
            if below == "parent":
                self.applies &= whole.applies
        ceilings = {
            cell: whole.hidden.values.get(cell, ZERO) if whole else None for cell in self.applies
        }
        self.hidden: Hidden = Hidden.drawn(draw, frame, self.step, base, ceilings)
        self._share_out(columns=menu.sums)
        if menu.sums:
            self.said["target"] = self._target()
            self._group_targets()
            self._locks()
        else:
            self.said["target"] = {"years": self._years(frame.regions, frame.years)}
        self.said["limits"] = limits(draw, self.hidden, self.kind, menu.limits, sums=menu.sums)

    # ---- where it applies, bases and shares --------------------------------------------------

    def _everywhere(self) -> set[tuple[str, int]]:
        return {(region, year) for region in self.frame.regions for year in self.frame.years}

    def _applies(self) -> set[tuple[str, int]]:
        everywhere, years = self._everywhere(), self.frame.years
        if not self.draw(seldom):
            return everywhere
        some = sorted(self.draw(st.sets(st.sampled_from(self.frame.regions), min_size=1)))
        form = self.draw(st.sampled_from(("list", "except", "year", "years")))
        if form == "list":
            self.said["regions"] = some
            return {place for place in everywhere if place[0] in some}
        if form == "except":
            some = some[: len(self.frame.regions) - 1]
            self.said["regions"] = {"except": some}
            return {place for place in everywhere if place[0] not in some}
        if form == "year":
            self.said["regions"] = {years[-1]: some}
            return {(region, year) for region, year in everywhere if year != years[-1]} | {
                (region, years[-1]) for region in some
            }
        self.said["years"] = years[:1]
        return {place for place in everywhere if place[1] == years[0]}

    def _base(self, *, columns: bool) -> dict[str, Fraction]:
        unit = self.step * self.draw(st.sampled_from((1, 10, 100)))
        regions = [one for one in self.frame.regions if one != RESERVE or self.draw(st.booleans())]
        base = {region: unit * self.draw(st.integers(0, 40)) for region in regions}
        cells = {region: plain(value) for region, value in base.items()}
        self.said["base"] = self.frame.column(cells) if columns and self.draw(seldom) else cells
        whole = sum(base.values(), ZERO)
        if columns and self.draw(rarely) and whole:
            ways = [None, "scale"] + ["reserve"] * (RESERVE in self.frame.regions)
            way = self.draw(st.sampled_from(ways))
            more = whole / 4 if way == "scale" else unit if way else ZERO
            self.said["base_total"] = plain(whole + more)
            if way == "scale":
                base = {region: value * Fraction(5, 4) for region, value in base.items()}
            if way == "reserve":
                base[RESERVE] = base.get(RESERVE, ZERO) + more
            self.said["mismatch"] = way
        return base

    def _share_out(self, *, columns: bool) -> None:
        base = self.hidden.base
        takers = {region for region, _ in self.applies if region != RESERVE}
        weights: Data = {region: self.draw(st.integers(0, 5)) for region in self.frame.regions}
        weights[max(takers, default=REGIONS[0])] += 1
        by_base = base is not None and any(base[region] for region in takers)
        rules: list[Any] = ["equal"]
        if columns:
            column = self.frame.column(weights)
            rules = [*rules, weights, column]
            rules = ["base", *rules, {"blend": {"base": 0.7, column: 0.3}}] if by_base else rules
        if not by_base or not self.draw(seldom):
            rule = self.draw(st.sampled_from(rules))
            self.said["allocate"] = {"by": rule} if rule is weights else rule

    # ---- targets -----------------------------------------------------------------------------

    def _target(self) -> Data:
        years, regions = self.frame.years, self.frame.regions
        modes = ["years", "some", "each"] + ["rise", "yearly"] * (self.hidden.base is not None)
        mode = self.draw(st.sampled_from(modes + ["groups"] * bool(self.frame.groups)))
        found: Data = {}
        if mode == "years":
            found["years"] = self._years(regions, years)
            if len(years) > 1 and self.draw(rarely):
                found["years"][years[0]] = "—"
        elif mode == "some":
            given = [year for year in years if self.draw(st.booleans())]
            found["years"] = self._years(regions, given if self.kind == "flow" else years[-1:])
        elif mode == "each":
            least = min(self.hidden.sum(regions, year) for year in years)
            plainly = self.draw(seldom)
            found["each_year"] = self._figure(least) if plainly else f"{plain(least)}以上"
        elif mode == "rise":
            key = self.draw(st.sampled_from(("growth", "increase")))
            found[key] = self._rise(key, [self._in_all(regions)])
            if self.draw(seldom):
                found["years"] = self._years(regions, years[-1:])
        elif mode == "yearly":
            key = self.draw(st.sampled_from(("growth", "increase")))
            pairs = self.hidden.pairs([regions])
            steps = [(value, before, self.frame.gap(year)) for value, before, year in pairs]
            found[f"{key}_each_year"] = self._rise(key, steps)
            if self.draw(seldom):
                found["years"] = self._years(regions, [self.draw(st.sampled_from(years))])
        if self.kind == "flow" and (mode == "some" or self.draw(rarely)):
            found["total"] = self._figure(self.hidden.sum(regions, *years))
        if self.draw(seldom):
            weights = {year: self.draw(st.integers(1, 3)) for year in years}
            ways = ("constant_growth", "linear", "equal", weights)
            self.said["path"] = self.draw(st.sampled_from(ways))
        if self.draw(rarely):
            self.said["hand_out"] = "upper"
        found |= {"margin": "5%"} if self.draw(rarely) else {}
        return found | ({"tolerance": "10%"} if self.draw(rarely) else {})

    def _years(self, members: Sequence[str], years: Sequence[int]) -> dict[int, Any]:
        return {year: self._figure(self.hidden.sum(members, year)) for year in years}

    def _figure(self, value: Fraction) -> int | float | str:
        """Return a figure with words that a sum keeps, or rarely one that it misses by a step."""
        if value > 0 and self.draw(rarely):
            value += self.step
        sense = self.draw(st.sampled_from(("", "", "以上", "以下", "左右", "-", "力争")))
        some = self.step * self.draw(st.sampled_from((0, 1, 7)))
        if value < 0 or not sense:
            return plain(value)
        least = plain(max(value - some, ZERO))
        if sense == "-":
            return f"{least}-{plain(value + some)}"
        if sense == "左右":
            return f"{plain(down(value * Fraction(101, 100), self.step))}左右"
        if sense == "力争":
            return f"力争{plain(value)}"
        return f"{least if sense == '以上' else plain(value + some)}{sense}"

    def _in_all(self, members: Sequence[str]) -> tuple[Fraction, Fraction, int]:
        """Return the last year's value, the base, and the years between."""
        last = self.frame.years[-1]
        base = self.hidden.base_of(members) or ZERO
        return self.hidden.sum(members, last), base, last - BASE_YEAR

    def _rise(self, key: str, steps: Sequence[tuple[Fraction, Fraction, int]]) -> Any:
        """Return the growth or rise that the hidden allocation has; steps: value, before, gap."""
        if key == "increase":
            return self._figure(min(value - before for value, before, _ in steps))
        sense = self.draw(st.sampled_from(("以上", "以下", "-", "", "左右")))
        rates = [
            float(value / before) ** (1 / gap) - 1 for value, before, gap in steps if before
        ] or [0.0]
        low, high = floor(min(rates) * 100), ceil(max(rates) * 100)
        if sense == "-" and low >= 0:
            return f"{low}-{high}%"
        return f"{high if sense == '以下' else low}%{sense.strip('-')}"

    def _group_targets(self) -> None:
        lone = not self.said["target"].keys() - {"margin", "tolerance"}
        found: Data = {}
        for name, members in self.frame.groups.items():
            if self.draw(sometimes) or (lone and not found):
                years = [year for year in self.frame.years if lone or self.draw(st.booleans())]
                found[name] = {"years": self._years(members, years)}
                if self.hidden.base is not None and not lone and self.draw(seldom):
                    key = self.draw(st.sampled_from(("growth", "increase")))
                    found[name] = {key: self._rise(key, [self._in_all(members)])}
                if self.kind == "flow" and self.draw(seldom):
                    total = self.hidden.sum(members, *self.frame.years)
                    found[name]["total"] = self._figure(total)
        if found:
            self.said["group_targets"] = found

    def _locks(self) -> None:
        if not self.hidden.values or not self.draw(seldom):
            return
        region, year = self.draw(st.sampled_from(sorted(self.hidden.values)))
        value, when = self.hidden.values[region, year], year
        if self.kind == "flow" and self.draw(seldom):
            value, when = self.hidden.sum([region], *self.frame.years), "total"
        lock = {"value": plain(value), "why": "示函〔2015〕8号"}
        self.said["locks"] = {region: {when: lock if self.draw(st.booleans()) else lock["value"]}}
