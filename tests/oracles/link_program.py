"""Indicators that are tied, as abstract programs in exact fractions, after DESIGN sections 2 and 3.

Read from plain data; no code is shared with the package. Of the plan format it knows the keys that
tests/link_plans.py writes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from tests.oracles.exact_leximin import Program, leximin
from tests.oracles.fractions_lp import Row
from tests.oracles.plan_figures import ONE, ZERO, number
from tests.oracles.plan_indicator import Cell, Data, Frame, Rule
from tests.oracles.plan_program import PlanProgram

Coefficients = dict[Cell, Fraction]


class LinkProgram:
    """A plan without ratios: what has targets, what follows them, and what ties them.

    Parameters
    ----------
    data
        The content of a plan file.
    """

    def __init__(self, data: Data) -> None:
        self.frame = Frame(data)
        self.said: dict[str, Data] = {one["id"]: one for one in data["indicators"]}
        given = [one for one in data["indicators"] if "target" in one]
        bare = [{key: one[key] for key in one if key != "links"} for one in given]
        self.own = PlanProgram({**data, "indicators": bare})
        self.references: dict[Cell, Fraction] = dict(self.own.references)
        for name, one in self.said.items():
            if "target" not in one and one["kind"] != "given":
                self.references |= self._followed(name, one)
        self.rules = [*self.own.rules, *(rule for one in self.said for rule in self._ties(one))]

    def _followed(self, name: str, one: Data) -> dict[Cell, Fraction]:
        """Return the references of a sum, or of a rise, that has no target of its own."""
        found: dict[Cell, Fraction] = {}
        for region in self.frame.regions:
            for year in self.frame.years:
                if "sum_of" in one:
                    parts = [self.references[Cell(part, region, year)] for part in one["sum_of"]]
                    found[Cell(name, region, year)] = sum(parts, ZERO)
                else:
                    now, before = (self._level(one["increase_of"], region, year, k) for k in (0, 1))
                    found[Cell(name, region, year)] = max(now - before, ZERO)
        return found

    def _level(self, name: str, region: str, year: int, back: int) -> Fraction:
        place = self.frame.years.index(year) - back
        if place < 0:
            return number(self.said[name]["base"][region])
        return self.references[Cell(name, region, self.frame.years[place])]

    # ---- ties ------------------------------------------------------------------------------

    def _ties(self, name: str) -> Iterator[Rule]:
        one = self.said[name]
        for year in self.frame.years:
            for region in self.frame.regions:
                cell = Cell(name, region, year)
                if "sum_of" in one:
                    row = {cell: ONE} | {Cell(p, region, year): -ONE for p in one["sum_of"]}
                    yield Rule("sum_of", name, region, year, ZERO, ZERO, None, row)
                if "increase_of" in one:
                    yield self._rise(name, one["increase_of"], region, year)
            for link in one.get("links", ()):
                yield from self._link(name, link, year)

    def _rise(self, name: str, level: str, region: str, year: int) -> Rule:
        row = {Cell(name, region, year): ONE, Cell(level, region, year): -ONE}
        place, base = self.frame.years.index(year), ZERO
        if place:
            row[Cell(level, region, self.frame.years[place - 1])] = ONE
        else:
            base = -number(self.said[level]["base"][region])
        return Rule("increase_of", name, region, year, base, base, None, row)

    def _link(self, name: str, link: Data, year: int) -> Iterator[Rule]:
        if "part_of" in link:
            for region in self.frame.regions:
                row = {Cell(name, region, year): ONE, Cell(link["part_of"], region, year): -ONE}
                yield Rule("part_of", name, region, year, None, ZERO, None, row)
            return
        family = "at_least_share" if "at_least_share" in link else "at_most_share"
        share = number(link[family])
        scope = link.get("scope", "region")
        scopes: list[tuple[str, Sequence[str]]] = [(self.frame.area, self.frame.regions)]
        if scope == "region":
            scopes = [(region, [region]) for region in self.frame.regions]
        elif scope in self.frame.groups:
            scopes = [(scope, self.frame.groups[scope])]
        for label, members in scopes:
            row = {Cell(name, region, year): ONE for region in members}
            other, known = self._whole(link["of"], members, year)
            row |= dict.fromkeys(other, -share)
            bound = share * known
            low, high = (bound, None) if family == "at_least_share" else (None, bound)
            yield Rule(family, name, label, year, low, high, None, row)

    def _whole(self, name: str, members: Sequence[str], year: int) -> tuple[list[Cell], Fraction]:
        """Return the cells of another indicator, or the sum of data."""
        if self.said[name]["kind"] == "given":
            cells = self.said[name]["values"][year]
            return [], sum((number(cells[region]) for region in members), ZERO)
        return [Cell(name, region, year) for region in members], ZERO

    # ---- the answer ------------------------------------------------------------------------

    def exact(self) -> dict[Cell, Fraction] | None:
        """Return the exact leximin answer, or None when no answer keeps the rules."""
        answer: dict[Cell, Fraction] = {}
        for cells, sizes, program in self.programs():
            point = leximin(program)
            if point is None:
                return None
            answer |= {c: v * s for c, v, s in zip(cells, point, sizes, strict=True)}
        return answer

    def programs(self) -> Iterator[tuple[list[Cell], list[Fraction], Program]]:
        """Give, per set of tied indicators, cells, their sizes, and a program in these."""
        largest: dict[str, Fraction] = {}
        for cell, value in self.references.items():
            largest[cell.indicator] = max(largest.get(cell.indicator, ZERO), value)
        for tied in self._components():
            cells = [cell for cell in self.references if cell.indicator in tied]
            sizes = [largest[cell.indicator] or ONE for cell in cells]
            place = {cell: index for index, cell in enumerate(cells)}
            rows: list[Row] = []
            figures: list[tuple[Mapping[int, Fraction], Fraction]] = []
            for rule in self.rules:
                if rule.indicator not in tied:
                    continue
                own = {place[c]: part * sizes[place[c]] for c, part in rule.coefficients.items()}
                rows.append((own, rule.lower, rule.upper))
                if rule.figure is not None and own:
                    figures.append((own, rule.figure))
            references = [self.references[c] / s for c, s in zip(cells, sizes, strict=True)]
            yield cells, sizes, Program(len(cells), references, rows, figures)

    def _components(self) -> list[set[str]]:
        found: list[set[str]] = []
        for name, one in self.said.items():
            if one["kind"] == "given":
                continue
            links = one.get("links", ())
            named = {link.get("of", link.get("part_of")) for link in links}
            joined = {name, *one.get("sum_of", ()), *named, one.get("increase_of", name)}
            joined = {other for other in joined if self.said[other]["kind"] != "given"}
            apart = [tied for tied in found if not tied & joined]
            found = [*apart, joined.union(*(tied for tied in found if tied & joined))]
        return found
