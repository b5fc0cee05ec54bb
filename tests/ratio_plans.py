"""Random small plans with ratios, as plain data: denominators given or decided, targets, limits.

A hidden table of ratios is drawn first; targets and limits are laid around it, so that most of the
plans have an answer.
"""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from tests.oracles.plan_figures import total

Data = dict[str, Any]
Place = tuple[str, int]

BASE_YEAR = 2014
YEARS = ([2015], [2015, 2016], [2015, 2016, 2017], [2015, 2017], [2016])
REGIONS = ("甲区", "乙县", "丙县", "丁市")
RESERVE = "市本级"
GROUPS = ("南部", "北部")
AREA, TOTAL_LABEL = "示例市", "全市"
WORDS = ("", "以上", "以上", "以下", "左右")


def ratio_plan(seed: int) -> Data:
    """One plan, always the same of a seed."""
    return _Drawn(random.Random(seed)).data()


def yearly_cut_plan(seed: int) -> Data:
    """One plan over several years whose ratios must be cut every year."""
    return _Drawn(random.Random(seed), key="cut_each_year").data()


def yearly_rise_plan(seed: int) -> Data:
    """One plan over several years whose ratios must rise every year."""
    return _Drawn(random.Random(seed), key="rise_each_year").data()


def plain(value: Fraction) -> int | float:
    """Return a number as a plan file would have it."""
    return int(value) if value.denominator == 1 else float(value)


class _Drawn:
    def __init__(self, rng: random.Random, key: str | None = None) -> None:
        self.rng = rng
        self.key = key
        """The kind of every target of a free ratio; any where there is none."""
        self.years: list[int] = list(rng.choice(YEARS[1:4] if key else YEARS))
        self.regions = list(REGIONS[: rng.randint(2, 4)])
        self.groups = {
            name: [one for one in self.regions if rng.random() < 0.5]
            for name in GROUPS[: rng.randint(0, 2)]
        }
        self.names = list(self.regions)
        if rng.random() < 0.15:
            self.names.insert(rng.randint(0, 2), RESERVE)
        self.indicators: list[Data] = []
        self.below: dict[str, dict[int, dict[str, Fraction]]] = {}

    def data(self) -> Data:
        bottoms = [self._denominator(f"d{number}") for number in range(self.rng.randint(1, 2))]
        for number in range(self.rng.randint(1, 2)):
            self._ratio(f"r{number}", self.rng.choice(bottoms))
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
                    "reserve": name == RESERVE,
                }
                for name in self.names
            ],
            "groups": {name: {} for name in self.groups},
            "indicators": self.indicators,
        }

    # ---- denominators ------------------------------------------------------------------------

    def _denominator(self, name: str) -> str:
        """A series of data, or a level with targets around hidden values."""
        unit = Fraction(1, self.rng.choice((1, 1, 10)))
        base = {one: unit * self.rng.randint(20, 900) for one in self.names}
        values: dict[int, dict[str, Fraction]] = {BASE_YEAR: base}
        before = base
        for year in self.years:
            before = {
                one: round(value * self.rng.randint(95, 125) / 100 / unit) * unit
                for one, value in before.items()
            }
            values[year] = before
        self.below[name] = values
        if self.rng.random() < 0.55:
            said = {year: _cells(cells) for year, cells in values.items()}
            self.indicators.append({"id": name, "kind": "given", "values": said})
            return name
        digits = self.rng.choice((0, 1, 2))
        sums = {year: sum(values[year].values()) for year in self.years}
        self.indicators.append(
            {
                "id": name,
                "kind": "level",
                "decimals": digits,
                "base": _cells(base),
                "target": {"years": {year: plain(Fraction(sums[year])) for year in self.years}},
                "limits": {"growth": {"min": "-20%"}} if self.rng.random() < 0.3 else {},
            }
        )
        return name

    # ---- ratios ------------------------------------------------------------------------------

    def _ratio(self, name: str, below: str) -> None:
        rng = self.rng
        given = next(one for one in self.indicators if one["id"] == below)["kind"] == "given"
        forms = ("rate", "free", "free", "bound", "cumulative") if given else ("rate", "free")
        form = rng.choice(forms)
        digits = rng.choice((0, 1, 1, 2))
        self.step = Fraction(1, 10**digits)
        self.scale = rng.choice((Fraction(100), Fraction(100), Fraction(1000), Fraction(10)))
        bottom = self.below[below]
        self.part = {one: Fraction(rng.randint(5, 60), 100) for one in self.names}
        said: Data = {"id": name, "kind": "ratio", "denominator": below, "decimals": digits}
        self.top_step = Fraction(1, 10 ** rng.choice((0, 1, 2, 3)))
        top = {
            one: max(round(self.part[one] * bottom[BASE_YEAR][one] / self.top_step), 1)
            * self.top_step
            for one in self.names
        }
        self.base_above = top
        self.part = {one: top[one] / bottom[BASE_YEAR][one] for one in self.names}
        numerator: Data | None = None
        publish = rng.choice(("value", "value", "cut", "rise"))
        if form == "rate":
            said["base_numerator"] = _cells(top)
        else:
            numerator = {
                "id": f"n{name}",
                "kind": "flow" if form == "cumulative" else "level",
                "base": _cells(top),
                "decimals": len(str(self.top_step.denominator)) - 1,
            }
            said["numerator"] = numerator["id"]
        if form in ("bound", "cumulative"):
            self._bound(said, numerator or {}, below, cumulative=form == "cumulative")
        else:
            if publish != "value":
                said["publish"] = publish
            self._free(said, below)
            if numerator is not None and rng.random() < 0.3:
                self._numerator_limits(numerator, below)
        said["scale"] = plain(self.scale)
        if numerator is not None:
            self.indicators.append(numerator)
        self.indicators.append(said)

    def _hidden(self, publish: str) -> dict[Place, Fraction]:
        """Published numbers by region and year."""
        found: dict[Place, Fraction] = {}
        for one in self.names:
            before = self.part[one] * self.scale if publish == "value" else Fraction(0)
            for year in self.years:
                if publish == "value":
                    before = before * self.rng.randint(80, 125) / 100
                else:
                    before = before + Fraction(self.rng.randint(0, 60), 10)
                before = round(before / self.step) * self.step
                found[one, year] = Fraction(0) if one == RESERVE and publish != "value" else before
        return found

    def value(self, publish: str, region: str, published: Fraction) -> Fraction:
        """Turn a published number into the ratio itself, in the printed unit."""
        base = self.part[region] * self.scale
        if publish == "cut":
            return base * (1 - published / 100)
        return published if publish == "value" else base + published

    def _free(self, said: Data, below: str) -> None:
        rng = self.rng
        publish = said.get("publish", "value")
        hidden = self._hidden(publish)
        said["allocate"] = rng.choice(
            ("equal", "base", {"by": {one: rng.randint(1, 9) for one in self.names}})
        )
        if rng.random() < 0.4:
            del said["allocate"]
        said["target"] = self._target(said, below, hidden, self.names)
        for group, members in self.groups.items():
            if members and rng.random() < 0.3:
                target = self._target(said, below, hidden, members, words=("以上", "以下"))
                said.setdefault("group_targets", {})[group] = target
        self._limits(said, hidden)

    def _scope_value(
        self, publish: str, below: str, hidden: dict[Place, Fraction], who: Sequence[str], year: int
    ) -> Fraction:
        bottom = self.below[below][year]
        above = total(bottom[one] * self.value(publish, one, hidden[one, year]) for one in who)
        return above / total(bottom[one] for one in who)

    def _scope_base(self, below: str, who: Sequence[str]) -> Fraction:
        bottom = self.below[below][BASE_YEAR]
        above = sum(self.base_above[one] for one in who)
        return self.scale * above / sum(bottom[one] for one in who)

    def _target(
        self,
        said: Data,
        below: str,
        hidden: dict[Place, Fraction],
        who: Sequence[str],
        words: Sequence[str] = WORDS,
    ) -> Data:
        rng = self.rng
        publish = said.get("publish", "value")
        values = {year: self._scope_value(publish, below, hidden, who, year) for year in self.years}
        base = self._scope_base(below, who)
        last = self.years[-1]
        key = rng.choice(("years", "last", "each_year", "cut", "cut_each_year", "rise"))
        key = self.key or key
        word = rng.choice(list(words))
        change = 1 - values[last] / base
        if self.key:
            change = min(abs(change), Fraction(9, 10))  # no ratio falls below 0
        if self.key == "rise_each_year":
            change = -change
        if key == "cut" and change > 0:
            found: Data = {"cut": _words(change, 3, word, percent=True)}
        elif key == "cut_each_year" and change > 0:
            yearly = Fraction(float(change) / len(self.years)).limit_denominator(1000)
            found = {"cut_each_year": _words(yearly, 3, word, percent=True)}
        elif key == "rise_each_year" and change < 0:
            found = {"rise_each_year": _words(-change * base / len(self.years), 2, word)}
        elif key == "rise" and change < 0:
            found = {"rise": _words(values[last] - base, 2, word)}
        elif key == "each_year":
            mean = total(values.values()) / len(values)
            found = {"each_year": _words(mean, 2, word)}
        elif key == "last":
            found = {"years": {last: _words(values[last], 2, word)}}
        else:
            found = {
                "years": {y: _words(values[y], 2, rng.choice(list(words))) for y in self.years}
            }
        if word == "左右" and rng.random() < 0.3:
            found["tolerance"] = "0.5%"
        if rng.random() < 0.1:
            found["margin"] = "5%"
        return found

    def _limits(self, said: Data, hidden: dict[Place, Fraction]) -> None:
        rng = self.rng
        limits: Data = {}
        some = [one for one in self.names if rng.random() < 0.4]
        wide = rng.choice((0, 2, 5))
        if rng.random() < 0.4 and some:
            limits["max"] = {
                one: plain(max(hidden[one, year] for year in self.years) + wide * self.step)
                for one in some
                for year in self.years
            }
        elif rng.random() < 0.3 and some:
            limits["min"] = {
                one: plain(
                    max(
                        min(hidden[one, year] for year in self.years) - wide * self.step, Fraction()
                    )
                )
                for one in some
            }
        if rng.random() < 0.2:
            limits["monotone"] = "up"
        elif rng.random() < 0.2:
            limits["ramp"] = {"max": plain(20 * self.step), "min": plain(-20 * self.step)}
        if said.get("publish", "value") == "cut" and rng.random() < 0.4:
            worst = min(hidden.values())
            best = max(hidden.values())
            limits["cut"] = rng.choice(
                (
                    {"min": f"{float(worst):g}%"},
                    {"max": f"{float(best):g}%"},
                    {"min": "-3%", "max": {self.years[-1]: f"{float(best) + 1:g}%"}},
                )
            )
        if limits:
            said["limits"] = limits

    def _numerator_limits(self, numerator: Data, below: str) -> None:
        """Let the numerator that follows have bounds of its own, or be a part of another."""
        hidden = self.below[below]
        largest = max(float(hidden[year][one]) for year in self.years for one in self.names)
        form = self.rng.choice(("max", "part", "share"))
        if form == "max":
            numerator["limits"] = {"max": round(largest * 0.9)}
        elif form == "part":
            numerator["links"] = [{"part_of": below}]
        else:
            whole = self._whole(numerator)
            numerator["links"] = [{"at_most_share": "70%", "of": whole}]

    def _whole(self, numerator: Data) -> str:
        """Add an indicator with a target to which a numerator is tied."""
        name = f"w{numerator['id']}"
        base = {one: self.base_above[one] * 2 for one in self.names}
        whole = sum(base.values())
        years = {year: plain(Fraction(whole * 11 // 10)) for year in self.years}
        self.indicators.append(
            {"id": name, "kind": "level", "base": _cells(base), "target": {"years": years}}
        )
        return name

    def _bound(self, said: Data, numerator: Data, below: str, *, cumulative: bool) -> None:
        """A numerator with a target, and a rule on its ratio that the target about keeps."""
        rng = self.rng
        step = self.top_step
        bottom = self.below[below]
        size = 1 if not cumulative else Fraction(1, len(self.years))
        sums = {
            year: round(sum(self.part[one] * bottom[year][one] * size for one in self.names) / step)
            * step
            for year in self.years
        }
        word = rng.choice(("以上", "左右", "以上"))
        numerator["target"] = {"years": {y: _words(v, 3, word) for y, v in sums.items()}}
        if cumulative:
            said["numerator"] = {"cumulative": numerator["id"]}
        reached: dict[int, Fraction] = {}
        run = Fraction(0)
        for year in self.years:
            run = run + sums[year] if cumulative else sums[year]
            reached[year] = self.scale * run / sum(bottom[year].values())
        last = self.years[-1]
        factor = Fraction(rng.choice((98, 100, 101)), 100)
        target: Data = {"years": {last: _words(reached[last] * factor, 2, "以上")}}
        said["target"] = target
        if rng.random() < 0.3 and word == "左右":
            said["target"] = {"years": {last: _words(reached[last], 2, "左右")}}
        elif not cumulative and rng.random() < (0.8 if self.key else 0.5):
            self._bound_cut(
                said, [self._scope_base(str(said["denominator"]), self.names), *reached.values()]
            )
        if rng.random() < 0.4 and "limits" not in said:
            one = rng.choice([name for name in self.names if name != RESERVE])
            own = float(self.part[one] * self.scale)
            end = rng.choice(("min", "max"))
            said["limits"] = {end: {one: round(own * (0.9 if end == "min" else 1.5), 1)}}

    def _bound_cut(self, said: Data, reached: Sequence[Fraction]) -> None:
        """Let the numerator's target be no more than so much below, or above, the base year."""
        cut = Fraction(95, 100) - reached[-1] / reached[0]
        if self.rng.random() < 0.5:
            said["publish"] = "cut"
        said["limits"] = {"cut": {"min": "-60%", "max": "60%"}}
        if self.key == "rise_each_year":
            said["publish"] = "rise" if "publish" in said else "value"
            gaps = [now - before for before, now in itertools.pairwise(self.years)]
            steps = [
                (now - before) / gap
                for gap, (before, now) in zip([1, *gaps], itertools.pairwise(reached), strict=True)
            ]
            loose = self.rng.choice((Fraction(1, 1000), Fraction(2, 100), Fraction(1, 10)))
            each = min(steps) - loose * reached[0]
            said["target"] = {self.key: f"{math.floor(float(each) * 100) / 100:g}以上"}
            return
        if self.key:
            steps = [now / before for before, now in itertools.pairwise(reached)]
            loose = self.rng.choice((Fraction(999, 1000), Fraction(98, 100), Fraction(9, 10)))
            each = loose - max(steps)
            said["target"] = {self.key: f"{math.floor(float(each) * 1000) / 10:g}%以上"}
            return
        said["target"] = {"cut": f"{float(cut) * 100:.1f}%以上"}
        for group, members in self.groups.items():
            if members and self.rng.random() < 0.5:
                said["group_targets"] = {group: {"cut": f"{float(cut) * 100 - 20:.1f}%以上"}}


def _cells(values: dict[str, Fraction]) -> dict[str, int | float]:
    return {name: plain(value) for name, value in values.items()}


def _words(value: Fraction, digits: int, word: str, *, percent: bool = False) -> Any:
    """Write a figure with its words, rounded to the easier side."""
    number = float(value) * (100 if percent else 1)
    shown = round(number, max(digits - 1, 0))
    if word == "以上":
        shown = round(number * 0.999 - 0.5 * 10 ** -(digits - 1), digits - 1)
    elif word == "以下":
        shown = round(number * 1.001 + 0.5 * 10 ** -(digits - 1), digits - 1)
    shown = max(shown, 0.0)
    if not word and not percent:
        return shown
    return f"{shown:g}{'%' if percent else ''}{word}"
