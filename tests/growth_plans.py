"""Random small plans whose growth is published, as plain data.

A hidden growth of every region is drawn first; targets and limits are laid around the values that
it makes, so that most of the plans have an answer.
"""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

Data = dict[str, Any]
Place = tuple[str, int]

BASE_YEAR = 2014
YEARS = ([2015], [2015, 2016], [2015, 2016], [2015, 2016, 2017], [2015, 2016, 2017])
GAPS = ([2019], [2015, 2017], [2017, 2020])
REGIONS = ("甲区", "乙县", "丙县", "丁市")
RESERVE = "市本级"
AREA, TOTAL_LABEL = "示例市", "全市"
WORDS = ("", "以上", "以上", "以下", "左右")


def growth_plan(seed: int, *, gaps: bool = False) -> Data:
    """One plan, always the same of a seed; ``gaps`` leaves out years between its years."""
    return _Drawn(random.Random(seed), gaps=gaps).data()


class _Drawn:
    def __init__(self, rng: random.Random, *, gaps: bool) -> None:
        self.rng = rng
        self.years: list[int] = list(rng.choice(GAPS if gaps else YEARS))
        self.names = list(REGIONS[: rng.randint(2, 4)])
        self.groups = {
            name: [one for one in self.names if rng.random() < 0.5]
            for name in ("南部", "北部")[: rng.randint(0, 2)]
        }
        self.reserve = rng.random() < 0.15
        self.digits = rng.choice((0, 1, 1, 2, 2))
        self.step = Fraction(1, 10**self.digits)
        self.kind = rng.choice(("level", "level", "flow"))
        unit = Fraction(1, rng.choice((1, 10)))
        self.base = {name: unit * rng.randint(30, 900) for name in self.names}
        if self.reserve and rng.random() < 0.6:
            self.base[RESERVE] = unit * rng.randint(5, 60)
        self.shrinks = rng.random() < 0.15
        self.rates = self._rates()
        self.values = self._values()

    def _rates(self) -> dict[Place, Fraction]:
        """Draw the hidden growth, in percent and in whole steps."""
        found: dict[Place, Fraction] = {}
        for name in self.base:
            usual = self.rng.randint(-4 if self.shrinks else 2, 18)
            for year in self.years:
                percent = usual + Fraction(self.rng.randint(-20, 20), 10)
                rate = round(percent / self.step) * self.step
                idle = name == RESERVE
                shown = rate if self.shrinks else max(rate, Fraction(0))
                found[name, year] = Fraction(0) if idle else shown
        return found

    def _values(self) -> dict[Place, Fraction]:
        found: dict[Place, Fraction] = {}
        for name, value in self.base.items():
            for before, year in itertools.pairwise([BASE_YEAR, *self.years]):
                value *= (1 + self.rates[name, year] / 100) ** (year - before)
                found[name, year] = value
        return found

    def data(self) -> Data:
        said: Data = {
            "id": "g",
            "kind": self.kind,
            "publish": "growth",
            "decimals": self.digits,
            "base": {name: plain(value) for name, value in self.base.items()},
            "target": self._target(),
            "limits": self._limits(),
        }
        if self.shrinks:
            said["signed"] = True
        if self.rng.random() < 0.5:
            weights = {name: self.rng.randint(1, 9) for name in self.base}
            said["allocate"] = self.rng.choice(("equal", "base", {"by": weights}))
        for group, members in self.groups.items():
            if members and self.rng.random() < 0.35:
                year = self.rng.choice(self.years)
                word = self.rng.choice(("以上", "以上", "以下"))
                shown = _words(self._sum(members, year), word)
                said.setdefault("group_targets", {})[group] = {"years": {year: shown}}
        if self.rng.random() < 0.2:
            name = self.rng.choice(self.names)
            year = self.rng.choice(self.years)
            said["locks"] = {name: {year: plain(self.rates[name, year])}}
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
                    "reserve": name == RESERVE,
                }
                for name in [*self.names, *([RESERVE] if self.reserve else [])]
            ],
            "groups": {name: {"subtotal": True} for name in self.groups},
            "indicators": [said],
        }

    def _sum(self, members: Sequence[str], year: int) -> Fraction:
        return sum((self.values[name, year] for name in members), Fraction())

    def _target(self) -> Data:
        rng = self.rng
        sums = {year: self._sum(list(self.base), year) for year in self.years}
        base, last = sum(self.base.values(), Fraction()), self.years[-1]
        word = rng.choice(WORDS)
        keys = ["years", "last", "growth", "each"] + ["total", "some"] * (self.kind == "flow")
        key = rng.choice(keys)
        if key in ("last", "some") and self.kind == "flow" and len(self.years) > 1:
            whole = {"total": _words(sum(sums.values(), Fraction()), rng.choice(WORDS))}
            return {"years": {self.years[0]: _words(sums[self.years[0]], word)}, **whole}
        if key == "growth" and self.kind == "level":
            rate = float(sums[last] / base) ** (1 / (last - BASE_YEAR)) - 1
            return {"growth": _rate(rate, word)}
        if key == "each":
            steps = itertools.pairwise([base, *sums.values()])
            gaps = [year - before for before, year in itertools.pairwise([BASE_YEAR, *self.years])]
            rates = [
                float(now / then) ** (1 / gap) - 1
                for (then, now), gap in zip(steps, gaps, strict=True)
            ]
            each = max(rates) if word == "以下" else min(rates)
            return {"growth_each_year": _rate(each, word)}
        if key in ("last", "growth", "some") and self.kind == "level":
            return {"years": {last: _words(sums[last], word)}}
        if key == "total":
            return {"total": _words(sum(sums.values(), Fraction()), word)}
        words = {year: rng.choice(WORDS) for year in self.years}
        return {"years": {year: _words(sums[year], words[year]) for year in self.years}}

    def _limits(self) -> Data:
        rng = self.rng
        limits: Data = {}
        some = [name for name in self.names if rng.random() < 0.5]
        wide = rng.choice((0, 1, 3))
        if rng.random() < 0.5:
            most = {n: max(self.rates[n, year] for year in self.years) + wide for n in some}
            limits["growth"] = {"max": {n: f"{float(rate):g}%" for n, rate in most.items()}}
        if rng.random() < 0.4 and not self.shrinks:
            least = min(self.rates[name, year] for name in self.names for year in self.years)
            limits.setdefault("growth", {})["min"] = f"{max(float(least) - wide, 0):g}%"
        if rng.random() < 0.35 and some:
            limits["max"] = {
                name: {year: _near(self.values[name, year], 1 + wide)}
                for name in some
                for year in rng.sample(self.years, 1)
            }
        free = [name for name in some if name not in limits.get("max", {})]
        if rng.random() < 0.2 and free:
            limits["min"] = {
                name: {rng.choice(self.years): _near(self.values[name, self.years[0]], -wide)}
                for name in free
            }
        if rng.random() < 0.15 and some and self.kind == "flow":
            total = sum((self.values[some[0], year] for year in self.years), Fraction())
            limits["total"] = {"max": {some[0]: _near(total, 1 + wide)}}
        if rng.random() < 0.15:
            limits["ramp"] = {"max": plain(max(self.base.values()))}
        if rng.random() < 0.15:
            shares = [
                self.values[name, year] / self._sum(list(self.base), year)
                for name in self.names
                for year in self.years
            ]
            limits["share"] = {"max": math.ceil(float(max(shares)) * 100 + wide) / 100}
        if rng.random() < 0.15 and not self.shrinks:
            limits["monotone"] = "up"
        return limits


def plain(value: Fraction) -> int | float:
    """Return a number as a plan file would have it."""
    return int(value) if value.denominator == 1 else float(value)


def _near(value: Fraction, percent: int) -> float:
    return round(float(value) * (1 + percent / 100), 2)


def _words(value: Fraction, word: str) -> Any:
    """Write a figure with its words, rounded to the easier side."""
    number = float(value)
    shown = round(number, 2)
    if word == "以上":
        shown = math.floor(number * 99.8) / 100
    elif word == "以下":
        shown = math.ceil(number * 100.2) / 100
    return f"{shown:g}{word}" if word else shown


def _rate(rate: float, word: str) -> str:
    shown = round(rate * 100, 2)
    if word == "以上":
        shown = math.floor(rate * 1000 - 1) / 10
    elif word == "以下":
        shown = math.ceil(rate * 1000 + 1) / 10
    return f"{shown:g}%{word}"
