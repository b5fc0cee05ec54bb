"""Figures with words, the grid of steps, and paths of open years, in exact fractions.

Written after DESIGN sections 2 and 3; no code is shared with the package.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from math import ceil, floor
from typing import Any, NamedTuple

Path = str | Mapping[int, Any]
"""constant_growth, linear, equal, or weights by year."""

ZERO, ONE = Fraction(0), Fraction(1)
SNAP = Fraction(1, 10**6)
_TEXT = re.compile(
    r"(力争)?(?P<low>-?[\d.]+)(?P<percent>%?)([-至](?P<high>[\d.]+)%?)?(?P<words>以上|以下|左右)?"
)


class Figure(NamedTuple):
    """A number with its words; an interval has its upper end too."""

    value: Fraction
    words: str = ""
    upper: Fraction | None = None

    def times(self, factor: Fraction) -> Figure:
        upper = None if self.upper is None else self.upper * factor
        return Figure(self.value * factor, self.words, upper)

    def ends(self, tolerance: Fraction) -> tuple[Fraction | None, Fraction | None]:
        """Return what the figure allows; a bare 0 is exactly 0, at least 0 is at least that."""
        if self.upper is not None:
            return self.value, self.upper
        if not self.words:
            return self.value, self.value
        if self.words == "左右":
            spread = abs(self.value) * tolerance
            return self.value - spread, self.value + spread
        return (self.value, None) if self.words == "以上" else (None, self.value)


def number(said: Any) -> Fraction:
    """Read a number or a percentage."""
    text = str(said)
    return Fraction(text[:-1]) / 100 if text.endswith("%") else Fraction(text)


def figure_of(said: Any) -> Figure | None:
    """Read a figure; a dash is none."""
    if said is None or said == "—":
        return None
    if not isinstance(said, str):
        return Figure(number(said))
    found = _TEXT.fullmatch(said)
    assert found is not None, said
    percent = "%" if "%" in said else ""
    high = None if found["high"] is None else number(found["high"] + percent)
    return Figure(number(found["low"] + percent), found["words"] or "", high)


def up(value: Fraction, step: Fraction) -> Fraction:
    """Return the least whole multiple of a step that is not below a value."""
    return ceil(value / step - SNAP) * step


def down(value: Fraction, step: Fraction) -> Fraction:
    """Return the greatest whole multiple of a step that is not above a value."""
    return floor(value / step + SNAP) * step


def nearest(value: Fraction, step: Fraction) -> Fraction:
    """Return the nearest whole multiple of a step, the upper one of two."""
    return floor(value / step + Fraction(1, 2)) * step


def total(values: Any) -> Fraction:
    """Return the sum."""
    return sum(values, ZERO)


def flow_path(
    path: Path, ages: Mapping[int, int], base: Fraction | None, whole: Fraction
) -> dict[int, Fraction]:
    """Lay a flow's path over its years; ages count from the base year, whole is the total."""
    if not isinstance(path, str):
        return {year: number(path.get(year, 0)) for year in ages}
    if path == "equal" or base is None or base <= 0 or whole <= 0:
        return dict.fromkeys(ages, ONE)
    if path == "linear":
        slope = (whole - base * len(ages)) / sum(ages.values())
        return {year: max(base + slope * age, ZERO) for year, age in ages.items()}
    rate = _root(lambda factor: sum(factor**age for age in ages.values()) - float(whole / base))
    return {year: _twelve_digits(rate**age) for year, age in ages.items()}


def _root(difference: Callable[[float], float]) -> float:
    """Return where a rising function of a positive number passes 0, by halving."""
    low, high = 0.0, 1e6
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if difference(middle) < 0 else (low, middle)
    return high


def level_path(
    path: Path, years: Sequence[int], given: Mapping[int, Fraction], start: Mapping[int, Fraction]
) -> dict[int, Fraction]:
    """Run from the base year (start, if it is known) through the years that are given."""
    if not given:
        return {}
    knots = dict(sorted({**start, **given}.items()))
    return {
        year: given[year] if year in given else _level_between(path, year, years, knots)
        for year in years
    }


def _level_between(
    path: Path, year: int, years: Sequence[int], knots: Mapping[int, Fraction]
) -> Fraction:
    """Run from one known year to the next; beyond the last as since the first."""
    first, last = min(knots), max(knots)
    if not isinstance(path, str):
        weights = {one: number(path.get(one, 0)) for one in years if first < one <= last}
        run = total(weight for one, weight in weights.items() if one <= year)
        whole = total(weights.values()) or ONE
        return knots[first] + (knots[last] - knots[first]) * run / whole
    if year < first or first == last:
        return knots[first]
    start, end = first, last
    if year < last:
        start = max(one for one in knots if one < year)
        end = min(one for one in knots if one > year)
    low, high, part = knots[start], knots[end], Fraction(year - start, end - start)
    if path == "constant_growth" and low > 0 and high > 0:
        return _twelve_digits(float(low) * float(high / low) ** float(part))
    return max(low + (high - low) * part, ZERO)


def _twelve_digits(value: float) -> Fraction:
    return Fraction(f"{value:.12g}")
