"""A plan as abstract programs, in exact fractions: every limit as rows, then the exact leximin.

Read from plain data, after DESIGN sections 2 and 3; no code is shared with the package.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from typing import Any

from tests.oracles.exact_leximin import Program, leximin
from tests.oracles.plan_figures import ONE, ZERO, down, figure_of, number, total, up
from tests.oracles.plan_indicator import (
    TOTAL,
    Cell,
    Data,
    Frame,
    PlanIndicator,
    Rule,
    between_years,
    lock_value,
)

WHOLE = ("target", "lock", "max", "min", "total.max", "total.min", "part_of")
"""Families that hold in whole steps; the others tie cells together."""
Coefficients = dict[Cell, Fraction]
Bound = Fraction | None


class PlanProgram:
    """A whole plan: cells, references, rules and figures.

    Parameters
    ----------
    data
        The content of a plan file.
    """

    def __init__(self, data: Data) -> None:
        self.frame = Frame(data)
        self.indicators = {one["id"]: PlanIndicator(self.frame, one) for one in data["indicators"]}
        self.references = {
            Cell(name, *place): value
            for name, one in self.indicators.items()
            for place, value in one.references.items()
        }

    @cached_property
    def rules(self) -> list[Rule]:
        """Every rule of every indicator."""
        return [rule for one in self.indicators.values() for rule in _Rules(self, one).all()]

    @cached_property
    def sizes(self) -> dict[str, Fraction]:
        """What an indicator is counted in: its largest reference."""
        largest = dict.fromkeys(self.indicators, ZERO)
        for cell, reference in self.references.items():
            largest[cell.indicator] = max(largest[cell.indicator], reference)
        return {name: size or ONE for name, size in largest.items()}

    def programs(self) -> Iterator[tuple[list[Cell], Program]]:
        """Give, per set of tied indicators, cells and a program in units of their sizes."""
        for tied in self._components():
            cells = [cell for cell in self.references if cell.indicator in tied]
            place = {cell: index for index, cell in enumerate(cells)}
            rows, figures = [], []
            for rule in self.rules:
                if rule.indicator in tied:
                    own = {
                        place[cell]: part * self.sizes[cell.indicator]
                        for cell, part in rule.coefficients.items()
                    }
                    rows.append((own, rule.lower, rule.upper))
                    if rule.figure is not None and own:
                        figures.append((own, rule.figure))
            references = [self.references[cell] / self.sizes[cell.indicator] for cell in cells]
            signed = frozenset(
                place[cell] for cell in cells if self.indicators[cell.indicator].said.get("signed")
            )
            yield cells, Program(len(cells), references, rows, figures, signed)

    def _components(self) -> list[set[str]]:
        found: list[set[str]] = []
        for name, one in self.indicators.items():
            joined = {name, *one.wholes}
            apart = [tied for tied in found if not tied & joined]
            found = [*apart, joined.union(*(tied for tied in found if tied & joined))]
        return found

    def exact(self) -> dict[Cell, Fraction] | None:
        """Return the exact leximin answer, or None when no answer keeps the rules."""
        answer: dict[Cell, Fraction] = {}
        for cells, program in self.programs():
            point = leximin(program)
            if point is None:
                return None
            for cell, value in zip(cells, point, strict=True):
                answer[cell] = value * self.sizes[cell.indicator]
        return answer


class _Rules:
    """The rules of one indicator."""

    def __init__(self, plan: PlanProgram, one: PlanIndicator) -> None:
        self.plan, self.frame, self.one = plan, plan.frame, one

    def all(self) -> Iterator[Rule]:
        yield from self._targets()
        yield from self._chains()
        yield from self._locks()
        for end in ("min", "max"):
            yield from self._boxes(end)
            yield from self._totals(end)
            yield from self._growth(end)
            yield from self._ramp(end)
            yield from self._share(end)
        yield from self._shift()
        yield from self._monotone()
        yield from self._parts()

    # ---- targets, locks, parts ---------------------------------------------------------------

    def _targets(self) -> Iterator[Rule]:
        for rule in self.one.sums:
            yield rule._replace(coefficients=self._cells(self._members(rule.scope), rule.year))

    def _chains(self) -> Iterator[Rule]:
        for scope in self.one.scopes:
            for key in ("growth_each_year", "increase_each_year"):
                figure = figure_of(scope.target.get(key))
                if figure is not None and between_years(figure):
                    ends = figure.times(1 + scope.margin).ends(ZERO)
                    for year in self.frame.years:
                        for name, end in zip(("min", "max"), ends, strict=True):
                            rate = key.startswith("growth")
                            yield from self._against_before(
                                "growth_each_year", scope.name, year, end, name, rate=rate
                            )

    def _locks(self) -> Iterator[Rule]:
        for region, locks in self.one.said.get("locks", {}).items():
            for when, lock in locks.items():
                value = lock_value(lock)
                yield self._rule("lock", region, when, value, value, self._cells([region], when))

    def _parts(self) -> Iterator[Rule]:
        for name in self.one.wholes:
            whole = self.plan.indicators[name]
            for region, year in self.one.references:
                part = {Cell(self.one.id, region, year): ONE}
                if (region, year) in whole.references:
                    part[Cell(name, region, year)] = -ONE
                elif (region, year) in whole.applies:
                    continue  # not assigned there: nothing is said of it
                yield self._rule("part_of", region, year, None, ZERO, part)

    # ---- limits ------------------------------------------------------------------------------

    def _boxes(self, end: str) -> Iterator[Rule]:
        for (scope, when), value in self._laid(self.one.limits.get(end)).items():
            yield self._inward(end, scope, when, value, end)

    def _totals(self, end: str) -> Iterator[Rule]:
        for (scope, when), value in self._laid(self._end("total", end), [TOTAL]).items():
            yield self._inward(f"total.{end}", scope, when, value, end)

    def _inward(self, family: str, scope: str, when: int | str, value: Fraction, end: str) -> Rule:
        bound = (up if end == "min" else down)(value, self.one.step)
        cells = self._cells(self._members(scope), when)
        return self._rule(family, scope, when, *_one_end(bound, end), cells)

    def _growth(self, end: str) -> Iterator[Rule]:
        for (scope, year), rate in self._laid(self._end("growth", end)).items():
            if year != self.frame.years[0] or self._base(scope):  # none against a base of 0
                yield from self._against_before(
                    f"growth.{end}", scope, int(year), rate, end, rate=True
                )

    def _ramp(self, end: str) -> Iterator[Rule]:
        for (scope, year), rise in self._laid(self._end("ramp", end)).items():
            yield from self._against_before(f"ramp.{end}", scope, int(year), rise, end, rate=False)

    def _monotone(self) -> Iterator[Rule]:
        direction = self.one.limits.get("monotone")
        for region, year in self.one.references if direction else ():
            end = "min" if direction == "up" else "max"
            yield from self._against_before("monotone", region, year, ZERO, end, rate=False)

    def _against_before(
        self, family: str, scope: str, year: int, end: Bound, name: str, *, rate: bool
    ) -> Iterator[Rule]:
        """Compare a scope's year with the year before, or the first with the base year."""
        members = self._members(scope)
        cells = self._cells(members, year)
        if end is None or not cells:
            return
        gap = self.frame.gaps[year]
        factor, rise = ((1 + end) ** gap, ZERO) if rate else (ONE, end * gap)
        if year == self.frame.years[0]:
            base = self._base(scope)
            if base is not None:
                bound = factor * base + rise
                yield self._rule(family, scope, year, *_one_end(bound, name), cells)
            return
        before = self._cells(members, self.frame.years[self.frame.years.index(year) - 1])
        if before:
            row = cells | dict.fromkeys(before, -factor)
            yield self._rule(family, scope, year, *_one_end(rise, name), row)

    def _share(self, end: str) -> Iterator[Rule]:
        for (scope, year), share in self._laid(self._end("share", end)).items():
            yield from self._of_area(f"share.{end}", scope, year, share, end)

    def _shift(self) -> Iterator[Rule]:
        whole = self.one.base_of(self.frame.regions)
        for (scope, year), shift in self._laid(self.one.limits.get("share_shift")).items():
            own = self.one.base_of(self._members(scope))
            if own is not None and whole:
                share = own / whole
                yield from self._of_area("share_shift", scope, year, share - shift, "min")
                yield from self._of_area("share_shift", scope, year, share + shift, "max")

    def _of_area(
        self, family: str, scope: str, year: int | str, share: Fraction, end: str
    ) -> Iterator[Rule]:
        cells = self._cells(self._members(scope), year)
        if cells:
            row = dict.fromkeys(self._cells(self.frame.regions, year), -share)
            row |= dict.fromkeys(cells, 1 - share)
            yield self._rule(family, scope, year, *_one_end(ZERO, end), row)

    # ---- scopes ------------------------------------------------------------------------------

    def _rule(
        self,
        family: str,
        scope: str,
        year: int | str,
        lower: Bound,
        upper: Bound,
        coefficients: Coefficients,
    ) -> Rule:
        return Rule(family, self.one.id, scope, year, lower, upper, None, coefficients)

    def _members(self, scope: str) -> Sequence[str]:
        if scope == self.frame.area:
            return self.frame.regions
        return self.frame.groups.get(scope, [scope])

    def _cells(self, members: Sequence[str], when: int | str) -> Coefficients:
        return {
            Cell(self.one.id, region, year): ONE
            for region, year in self.one.references
            if region in members and when in (TOTAL, year)
        }

    def _base(self, scope: str) -> Fraction | None:
        if scope == self.frame.area:
            return self.one.base_sum
        return self.one.base_of(self._members(scope))

    def _end(self, name: str, end: str) -> Any:
        """Return one end of a limit, its scopes named outside or inside it."""

        def inside(said: Any) -> Any:
            if not isinstance(said, dict):
                return None
            found = {key: inside(value) for key, value in said.items() if key not in ("min", "max")}
            found = {key: value for key, value in found.items() if value is not None}
            if end in said:
                own = said[end]
                found = found | own if isinstance(own, dict) else {**found, "default": own}
            return found or None

        return inside(self.one.limits.get(name))

    def _laid(
        self, said: Any, whens: Sequence[int | str] = ()
    ) -> dict[tuple[str, int | str], Fraction]:
        """Return which figure binds each scope and year: for a region, the most specific."""
        found: dict[tuple[str, int | str], tuple[int, Fraction]] = {}
        for keys, cell in _entries(said):
            years = [key for key in keys if key in self.frame.years]
            names = [str(key) for key in keys if key not in years]
            for scope, weight, value in self._bound(names, cell):
                for when in years or whens or self.frame.years:
                    heavier = found.get((scope, when), (0,))[0] < weight + bool(years)
                    if heavier:
                        found[scope, when] = weight + bool(years), value
        return {
            place: value
            for place, (_, value) in found.items()
            if self._cells(self._members(place[0]), place[1])
        }

    def _bound(self, names: list[str], cell: Any) -> Iterator[tuple[str, int, Fraction]]:
        """Give the scopes that an entry binds, its weight against others, and its figure."""
        if "sum" in names:
            yield names[-1], 1, number(cell)
        elif names and names[0] in self.frame.area_names:
            yield self.frame.area, 1, number(cell)
        else:
            regions, weight = self.frame.regions, 1
            if names and names[0] in self.frame.groups:
                regions, weight = self.frame.groups[names[0]], 3
            elif names:
                regions, weight = names, 5
            column = self.frame.tables.get(cell) if isinstance(cell, str) else None
            for region in regions:
                if column is None or region in column:
                    yield region, weight, number(column[region] if column else cell)


def _one_end(bound: Fraction, end: str) -> tuple[Bound, Bound]:
    return (bound, None) if end == "min" else (None, bound)


def _entries(said: Any, keys: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    if isinstance(said, Mapping):
        for key, inner in said.items():
            yield from _entries(inner, keys if key == "default" else (*keys, key))
    elif said is not None:
        yield keys, said


def violation(rule: Rule, values: Mapping[Cell, Fraction]) -> Fraction:
    """Return by how much values break a rule; 0 where they keep it."""
    value = total(part * values[cell] for cell, part in rule.coefficients.items())
    low = ZERO if rule.lower is None else rule.lower - value
    return max(low, ZERO if rule.upper is None else value - rule.upper, ZERO)
