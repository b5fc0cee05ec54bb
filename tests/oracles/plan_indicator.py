"""One indicator of a plan: what scopes must reach, and what each cell would get by rule alone.

Read from plain data, in exact fractions, after DESIGN sections 2 and 3; no code is shared with the
package. Of the plan format it knows the keys that tests/strategies.py writes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from typing import Any, NamedTuple

from tests.oracles.plan_figures import (
    ONE,
    ZERO,
    Figure,
    down,
    figure_of,
    flow_path,
    level_path,
    nearest,
    number,
    total,
    up,
)

Data = dict[str, Any]
Place = tuple[str, int]
"""Region and year."""
Formula = Callable[[Fraction], Fraction]
TOTAL = "total"


class Cell(NamedTuple):
    """Indicator's id, region's name, year."""

    indicator: str
    region: str
    year: int


class Rule(NamedTuple):
    """``lower ≤ coefficients · x ≤ upper``; scope is a region, a group or the area's label.

    A figure is what is handed out; a target without one only bounds. Where rows between years bind
    a sum in its place, carried has the bounds that its figure would set by itself.
    """

    family: str
    indicator: str
    scope: str
    year: int | str
    lower: Fraction | None
    upper: Fraction | None
    figure: Fraction | None = None
    coefficients: Mapping[Cell, Fraction] = {}
    carried: tuple[Fraction | None, Fraction | None] | None = None


class Scope(NamedTuple):
    """Whose target it is: members, base-year value, what it says, margin."""

    name: str
    members: Sequence[str]
    base: Fraction | None
    target: Data
    margin: Fraction


class Frame:
    """What indicators share: years, regions, groups.

    Parameters
    ----------
    data
        The content of a plan file.
    """

    def __init__(self, data: Data) -> None:
        self.years: list[int] = list(data["years"])
        self.base_year: int = data["base_year"]
        self.gaps = {year: year - old for old, year in pairwise([self.base_year, *self.years])}
        regions = [one if isinstance(one, dict) else {"name": one} for one in data["regions"]]
        self.regions: list[str] = [one["name"] for one in regions]
        self.reserve = {one["name"] for one in regions if one.get("reserve")}
        self.groups: dict[str, list[str]] = {
            group: [one["name"] for one in regions if group in one.get("groups", ())]
            for group in data.get("groups", {})
        }
        self.area: str = data["total_label"]
        self.area_names = {"area", self.area, data["area"]}
        self.tables: Data = data.get("tables", {})
        self.said: dict[str, Data] = {one["id"]: one for one in data["indicators"]}

    def applies(self, said: Data) -> set[Place]:
        """Return where an indicator applies, its parents' places included."""
        named = said.get("regions", {})
        found: set[Place] = set()
        for year in said.get("years", self.years):
            regions = set(self.regions)
            if isinstance(named, list):
                regions = set(named)
            elif "except" in named:
                regions -= set(named["except"])
            elif year in named:
                regions = set(named[year])
            found |= {(region, year) for region in regions}
        if "parent" in said:
            found &= self.applies(self.said[said["parent"]])
        return found

    def column(self, said: Any) -> dict[str, Fraction]:
        """Return a table's column, or a mapping, by region."""
        cells = self.tables[said] if isinstance(said, str) else said
        return {region: number(cell) for region, cell in cells.items()}


class PlanIndicator:
    """One indicator of a plan.

    Parameters
    ----------
    frame
        What indicators share.
    said
        The indicator as the plan says it.
    """

    def __init__(self, frame: Frame, said: Data) -> None:
        self.frame, self.said, self.id = frame, said, str(said["id"])
        digits = said.get("decimals", 0 if said.get("integer") else 2)
        self.step = number(said["step"]) if "step" in said else Fraction(1, 10**digits)
        self.applies = frame.applies(said)
        self.takers = {region for region, _ in self.applies}  # others are no part of a base
        column = frame.column(said["base"]) if "base" in said else {}
        self.raw_base = {name: value for name, value in column.items() if name in self.takers}
        self.base = dict(self.raw_base)
        self.base_sum = self.base_of(frame.regions)
        if "base_total" in said:
            self._settle_mismatch(number(said["base_total"]))
        self.limits: Data = said.get("limits", {})
        self.wholes: list[str] = [said["parent"]] if "parent" in said else []
        self.wholes += [link["part_of"] for link in said.get("links", ())]
        years = said.get("target", {}).get("years", {})
        dashes = {year for year, figure in years.items() if figure_of(figure) is None}
        self.assigned = {place for place in self.applies if place[1] not in dashes}
        taken = {year for _, year in self.assigned}
        self.taking = [year for year in frame.years if year in taken]

    def base_of(self, members: Iterable[str]) -> Fraction | None:
        """Return the base-year sum of some regions; None where none of them has a base.

        It is 0 where none of them takes part.
        """
        own = self.takers & set(members)
        known = [self.base[region] for region in own if region in self.base]
        return None if own and not known else total(known)

    def _settle_mismatch(self, whole: Fraction) -> None:
        if self.said.get("mismatch") == "scale" and self.base_sum:
            self.base = {name: value * whole / self.base_sum for name, value in self.base.items()}
        if self.said.get("mismatch") == "reserve" and self.base_sum is not None:
            taker = next(name for name in self.frame.regions if name in self.frame.reserve)
            self.base[taker] = self.base.get(taker, ZERO) + whole - self.base_sum
        self.base_sum = whole

    @cached_property
    def scopes(self) -> list[Scope]:
        """The area, and the groups that have targets."""
        area = self.said.get("target", {})
        margin = number(area.get("margin", 0))
        found = [Scope(self.frame.area, self.frame.regions, self.base_sum, area, margin)]
        for name, target in self.said.get("group_targets", {}).items():
            members = self.frame.groups[name]
            own = number(target.get("margin", area.get("margin", 0)))
            found.append(Scope(name, members, self.base_of(members), target, own))
        return found

    @cached_property
    def sums(self) -> list[Rule]:
        """The sums that are imposed, with what is handed out; still without coefficients."""
        return [rule for scope in self.scopes for rule in self._sums(scope)]

    def _sums(self, scope: Scope) -> Iterator[Rule]:
        target = scope.target
        held: dict[int | str, Rule] = {}
        for year, said in target.get("years", {}).items():
            if (figure := figure_of(said)) is not None:
                held[year] = self._sum(scope, year, figure)
        if (figure := figure_of(target.get("each_year"))) is not None:
            for year in self.taking:
                held.setdefault(year, self._sum(scope, year, figure))
        if (figure := figure_of(target.get("total"))) is not None:
            held[TOTAL] = self._sum(scope, TOTAL, figure)
        last = max(self.taking, default=0)
        for key in ("increase", "growth"):
            if last and (figure := figure_of(target.get(key))) is not None:
                gap = last - self.frame.base_year if key == "growth" else 1
                rule = self._sum(scope, last, figure, self._against(scope.base, key, gap))
                if held.setdefault(last, rule) is not rule:
                    yield rule._replace(figure=None)
        leads = last in held and (self.said["kind"] == "level" or TOTAL in held)
        for key in ("growth_each_year", "increase_each_year"):
            if (figure := figure_of(target.get(key))) is not None:
                for rule in list(self._yearly(scope, key, figure, held, leads=leads)):
                    held.setdefault(rule.year, rule)
        yield from held.values()

    def _yearly(
        self,
        scope: Scope,
        key: str,
        figure: Figure,
        held: Mapping[int | str, Rule],
        *,
        leads: bool,
    ) -> Iterator[Rule]:
        """Carry a yearly rate or rise on from the base year; years with a figure stay.

        What a sum must keep is known beforehand only where the year before is settled. Elsewhere
        the rows between years bind, and the sum has nothing but its figure. Where a path leads to
        the last year's figure, a least or greatest rate hands out nothing by itself.
        """
        before, settled = scope.base, True
        for year in self.frame.years:
            if year in held and year in scope.target.get("years", {}):
                rule = held[year]
            else:
                formula = self._against(before, key, self.frame.gaps[year])
                rule = self._sum(scope, year, figure, formula)
                if not settled and between_years(figure):
                    carried = rule.lower, rule.upper
                    rule = rule._replace(lower=None, upper=None, carried=carried)
                only_bounds = leads and between_years(figure)
                if year in self.taking and (settled or not only_bounds):
                    yield rule._replace(figure=None) if only_bounds else rule
            before = rule.figure
            settled = rule.lower is not None and rule.lower == rule.upper

    def _against(self, base: Fraction | None, key: str, gap: int) -> Formula:
        """Return what a rate or rise against a base gives."""
        assert base is not None
        if key.startswith("growth"):
            return lambda rate: base * (1 + rate) ** gap
        return lambda rise: base + rise * gap

    def _sum(
        self,
        scope: Scope,
        year: int | str,
        figure: Figure,
        formula: Formula = lambda value: value,
    ) -> Rule:
        """Return the sum that a figure imposes, its ends inward on the grid."""
        wanted = figure.times(1 + scope.margin)
        ends = wanted.ends(number(scope.target.get("tolerance", "2%")))
        low, high = (None if end is None else formula(end) for end in ends)
        upper_end = self.said.get("hand_out") == "upper" and wanted.upper is not None
        said = wanted.upper if upper_end and wanted.upper is not None else wanted.value
        value = nearest(formula(said), self.step)
        low = None if low is None else up(low, self.step)
        high = None if high is None else down(high, self.step)
        if low is not None and high is not None and low > high:
            low = high = value
        value = value if low is None else max(value, low)
        value = value if high is None else min(value, high)
        return Rule("target", self.id, scope.name, year, low, high, value)

    @cached_property
    def handed(self) -> dict[int, Fraction]:
        """The area's sum of each year as handed out; open years by the path."""
        known: dict[int | str, Fraction] = {}
        for rule in self.sums:
            if rule.scope == self.frame.area and rule.figure is not None:
                known.setdefault(rule.year, rule.figure)
        whole = known.pop(TOTAL, None)
        given = {int(year): value for year, value in known.items()}
        if self.said["kind"] == "level":
            start = {} if self.base_sum is None else {self.frame.base_year: self.base_sum}
            given = level_path(self._path, self.frame.years, given, start)
        elif whole is not None:
            given = self._filled(given, whole)
        return {year: value for year, value in given.items() if year in self.taking}

    @property
    def _path(self) -> Any:
        return self.said.get("path", "constant_growth")

    def _filled(self, given: Mapping[int, Fraction], whole: Fraction) -> dict[int, Fraction]:
        """Fill a flow's open years: the path over all years, rescaled to what remains."""
        open_years = [year for year in self.taking if year not in given]
        ages = {year: year - self.frame.base_year for year in self.taking}
        laid = flow_path(self._path, ages, self.base_sum, whole)
        if total(laid[year] for year in open_years) <= 0:
            laid = dict.fromkeys(open_years, ONE)
        rest = max(whole - total(given.values()), ZERO)
        run = total(laid[year] for year in open_years)
        return {**given, **{year: laid[year] / run * rest for year in open_years}}

    def _shares(self, year: int) -> dict[str, Fraction]:
        """Return the part of the area's sum that each region takes in a year."""
        goal = self._shares_by_rule(year)
        if "converge" not in self.said:
            return goal
        last = max(self.taking)
        gone = Fraction(year - self.frame.base_year, last - self.frame.base_year)
        part = number(self.said["converge"]) * gone
        takers = self._takers(year)
        whole = total(self.raw_base[region] for region in takers)
        if not whole:
            return goal
        return {
            region: (self.raw_base[region] / whole if region in takers else ZERO) * (1 - part)
            + goal[region] * part
            for region in goal
        }

    def _takers(self, year: int) -> list[str]:
        return [
            region
            for region in self.frame.regions
            if region not in self.frame.reserve and (region, year) in self.assigned
        ]

    def _shares_by_rule(self, year: int) -> dict[str, Fraction]:
        rule = self.said.get("allocate", "base" if "base" in self.said else "equal")
        rule = rule.get("by", rule) if isinstance(rule, dict) else rule
        weights = rule["blend"].items() if "blend" in rule else [(rule, 1)]
        takers = self._takers(year)
        found = dict.fromkeys(self.frame.regions, ZERO)
        for source, weight in weights:
            column = self._source(source)
            whole = total(column.get(region, ZERO) for region in takers)
            for region in takers if whole else ():
                found[region] += number(weight) * column.get(region, ZERO) / whole
        whole = total(found.values()) or ONE
        return {region: part / whole for region, part in found.items()}

    def _source(self, source: Any) -> Mapping[str, Fraction]:
        if source == "equal":
            return dict.fromkeys(self.frame.regions, ONE)
        return self.raw_base if source == "base" else self.frame.column(source)

    @cached_property
    def references(self) -> dict[Place, Fraction]:
        """Reference by region and year; where there is none, there is no cell."""
        found: dict[Place, Fraction] = {}
        for year in self.taking:
            parts = self._shares(year)
            if year in self.handed:
                parts = {region: part * self.handed[year] for region, part in parts.items()}
            else:
                parts = self._shared_in_groups(year, parts)
            for region, part in parts.items():
                if (region, year) in self.assigned:
                    found[region, year] = part
        for region, locks in self.said.get("locks", {}).items():
            for when, lock in locks.items():
                if when != TOTAL:
                    value = ZERO if region in self.frame.reserve else lock_value(lock)
                    found.setdefault((region, when), value)
        return found

    def _shared_in_groups(self, year: int, shares: Mapping[str, Fraction]) -> dict[str, Fraction]:
        """Share out the groups' own figures where the area has none; groups in order of name."""
        found: dict[str, Fraction] = {}
        for rule in sorted(self.sums, key=lambda rule: rule.scope):
            figure = rule.figure if rule.scope in self.frame.groups else None
            if figure is not None and rule.year == year:
                inside = [r for r in self.frame.groups[rule.scope] if (r, year) in self.assigned]
                whole = total(shares[region] for region in inside) or ONE
                for region in inside:
                    found.setdefault(region, shares[region] / whole * figure)
        return found


def between_years(figure: Figure) -> bool:
    """Whether a yearly rate or rise is kept by rows between years.

    An exact one is carried by its figures alone, which on a grid cannot keep it exactly; about
    likewise.
    """
    return figure.upper is not None or figure.words in ("以上", "以下")


def lock_value(said: Any) -> Fraction:
    """Read a lock: a number, or one with its letter."""
    return number(said["value"] if isinstance(said, dict) else said)
