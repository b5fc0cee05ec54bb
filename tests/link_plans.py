"""Random small plans whose indicators are tied: shares of another, sums of others, yearly rises.

A hidden table is drawn first, and figures are laid around it, so that plans have an answer, unless
their shares are pulled.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from tests.ratio_plans import AREA, BASE_YEAR, GROUPS, REGIONS, TOTAL_LABEL, YEARS, Data, plain

Table = dict[int, dict[str, Fraction]]


def link_plan(seed: int, *, pulled: bool = False) -> Data:
    """One plan, always the same of a seed; pulled: its shares ask for more than the hidden table.

    Of pulled plans some have no answer.
    """
    return _Drawn(random.Random(seed), pulled).data()


class _Drawn:
    def __init__(self, rng: random.Random, pulled: bool) -> None:
        self.rng, self.pulled = rng, pulled
        self.years: list[int] = list(rng.choice(YEARS))
        self.regions = list(REGIONS[: rng.randint(2, 4)])
        self.groups = {
            name: [one for one in self.regions if rng.random() < 0.6]
            for name in GROUPS[: rng.randint(0, 2)]
        }
        self.indicators: list[Data] = []

    def data(self) -> Data:
        form = self.rng.choice(("share", "share", "sum", "rise", "chain"))
        kind = "level" if form == "rise" else self.rng.choice(("flow", "level"))
        whole = self._table(80)
        self._add("whole", kind, whole)
        if form in ("share", "chain"):
            part = self._part(whole)
            self._add("part", kind, part)
            self.indicators[-1]["links"] = self._links("whole", part, whole)
        if form in ("sum", "chain"):
            other = self._table(30)
            self._add("other", kind, other)
            summed = {y: {r: whole[y][r] + other[y][r] for r in self.regions} for y in whole}
            self._add("sum", kind, summed, target=self.rng.random() < 0.5)
            self.indicators[-1]["sum_of"] = ["whole", "other"]
        if form == "rise":
            self._rise(whole)
        if self.rng.random() < 0.3:
            self._of_data(kind)
        self.rng.shuffle(self.indicators)
        return {
            "title": "示例行动",
            "area": AREA,
            "total_label": TOTAL_LABEL,
            "base_year": BASE_YEAR,
            "years": self.years,
            "regions": [
                {
                    "name": name,
                    "groups": [group for group, inside in self.groups.items() if name in inside],
                }
                for name in self.regions
            ],
            "groups": {name: {"subtotal": self.rng.random() < 0.5} for name in self.groups},
            "indicators": self.indicators,
        }

    def _table(self, size: int) -> Table:
        """Values by year and region; the base year too."""
        before = {one: Fraction(self.rng.randint(1, 10 * size), 10) for one in self.regions}
        found = {BASE_YEAR: before}
        for year in self.years:
            before = {
                one: Fraction(round(value * self.rng.randint(100, 130) / 10), 10)
                for one, value in before.items()
            }
            found[year] = before
        return found

    def _part(self, whole: Table) -> Table:
        share = {one: Fraction(self.rng.randint(10, 60), 100) for one in self.regions}
        return {
            year: {one: Fraction(int(cells[one] * share[one] * 10), 10) for one in self.regions}
            for year, cells in whole.items()
        }

    def _add(self, name: str, kind: str, table: Table, *, target: bool = True) -> None:
        rng = self.rng
        said: Data = {"id": name, "kind": kind, "unit": "亿元", "decimals": 1}
        said["base"] = {one: plain(value) for one, value in table[BASE_YEAR].items()}
        if target:
            word = rng.choice(("", "", "以上", "左右"))
            said["target"] = {"years": {y: self._figure(table, y, word) for y in self.years}}
            if rng.random() < 0.3:
                said["allocate"] = "equal"
            if rng.random() < 0.3:
                year = rng.choice(self.years)
                one = rng.choice(self.regions)
                said["limits"] = {"max": {one: {year: plain(table[year][one])}}}
        self.indicators.append(said)

    def _figure(self, table: Table, year: int, word: str) -> Any:
        whole = plain(sum(table[year].values(), Fraction()))
        return f"{whole}{word}" if word else whole

    def _links(self, other: str, part: Table, whole: Table) -> list[Data]:
        rng = self.rng
        key = rng.choice(("at_least_share", "at_most_share", "part_of"))
        if key == "part_of":
            return [{"part_of": other}]
        scopes = ["region", "area", *(name for name, inside in self.groups.items() if inside)]
        scope = rng.choice(scopes)
        shares = [
            self._sum(part, members, year) / self._sum(whole, members, year)
            for members in self._members(scope)
            for year in self.years
        ]
        some = Fraction(rng.randint(-5, 20) if self.pulled else -2, 100)
        end = min(shares) * (1 + some) if key == "at_least_share" else max(shares) * (1 - some)
        link = {key: f"{float(end) * 100:.3f}%", "of": other}
        return [link if scope == "region" and rng.random() < 0.5 else {**link, "scope": scope}]

    def _members(self, scope: str) -> list[Sequence[str]]:
        if scope == "region":
            return [[one] for one in self.regions]
        return [self.groups.get(scope, self.regions)]

    def _sum(self, table: Table, members: Sequence[str], year: int) -> Fraction:
        return sum((table[year][one] for one in members), Fraction()) or Fraction(1, 10)

    def _rise(self, level: Table) -> None:
        years = [BASE_YEAR, *self.years]
        rises = {
            year: {one: level[year][one] - level[before][one] for one in self.regions}
            for before, year in zip(years, self.years, strict=False)
        }
        rises[BASE_YEAR] = level[BASE_YEAR]
        self._add("rise", "flow", rises, target=self.rng.random() < 0.5)
        self.indicators[-1]["increase_of"] = "whole"
        del self.indicators[-1]["base"]
        self.indicators[-1].pop("limits", None)
        if "target" in self.indicators[-1]:
            self.indicators[-1]["allocate"] = "equal"

    def _of_data(self, kind: str) -> None:
        """An indicator that keeps a share of data."""
        table = self._table(50)
        values = {y: {r: plain(v * 2) for r, v in cells.items()} for y, cells in table.items()}
        self.indicators.append({"id": "data", "kind": "given", "unit": "亿元", "values": values})
        self._add("held", kind, table)
        scope = self.rng.choice(("region", "area"))
        self.indicators[-1]["links"] = [{"at_most_share": "52%", "of": "data", "scope": scope}]
