"""Ratios as numbers: how a numerator follows, what the area must reach, what regions refer to.

With denominators known, everything about a ratio is linear in the published number p:
numerator = offset + factor · p, and the area's ratio is a weighted mean of its regions'.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from decompose.figures import Figure
from decompose.plan.bases import settled_bases
from decompose.plan.content import PlanContent
from decompose.plan.models import Cumulative, Indicator
from decompose.plan.steps import as_printed, step_of
from decompose.plan.targets import RATIO_EACH_YEAR, Target
from decompose.problem import Bools, Floats, Ints

Known = Mapping[str, Floats]
"""Printed values of indicators that are settled already (regions × years)."""
PERCENT = 100.0


@dataclass(frozen=True, eq=False)
class RatioNumbers:
    """A ratio over regions × years.

    Attributes
    ----------
    scale
        The printed ratio is scale × numerator ÷ denominator.
    denominator
        What it is divided by; NaN where there is none.
    base_numerator, base_denominator
        Of each region; NaN where unknown.
    takes
        Where the ratio applies in some year.
    offset, factor
        ``numerator = offset + factor · p`` for the published p.
    counts
        Whose numerators count in the ratio of a scope: also of those without a denominator.
    """

    scale: float
    denominator: Floats
    base_numerator: Floats
    base_denominator: Floats
    takes: Bools
    offset: Floats
    factor: Floats
    counts: Bools

    def base_of(self, members: Bools) -> float:
        """Return the base-year ratio of those regions that take part; NaN where unknown."""
        known = (
            members & self.takes & ~np.isnan(self.base_numerator) & ~np.isnan(self.base_denominator)
        )
        below = self.base_denominator[known].sum()
        return float(self.scale * self.base_numerator[known].sum() / below) if below else np.nan

    def weights(self, members: Bools, year: int) -> tuple[Floats, float]:
        """Return what makes a scope's ratio of its regions' p.

        Returns
        -------
        Weight per region, and a constant: the scope's ratio in the printed unit (its value, also
        where a cut is published) is ``constant + Σ weight · p``.
        """
        cells = members & ~np.isnan(self.factor[:, year])
        below = self.denominator[cells, year].sum()
        if not below > 0:
            return np.zeros(len(cells)), 0.0
        weight = np.where(cells, self.factor[:, year], 0.0) * self.scale / below
        return weight, float(self.scale * self.offset[cells, year].sum() / below)


def values_of(
    content: PlanContent, source: str | Cumulative | None, known: Known
) -> tuple[Floats, Floats]:
    """Return a numerator or denominator: values (regions × years), and those of the base year."""
    shape = len(content.regions), len(content.years)
    if source is None:
        return np.full(shape, np.nan), np.full(shape[0], np.nan)
    name = source.cumulative if isinstance(source, Cumulative) else source
    one = content.indicators[content.indicator_index[name]]
    if one.kind == "given":
        values = np.full(shape, np.nan)
        for year, series in one.values.items():
            if year in content.year_index:
                values[:, content.year_index[year]] = content.series(series)
        base = one.values.get(content.base_year)
        own = np.full(shape[0], np.nan) if base is None else content.series(base)
        if one.base is not None:
            own = content.base(one)
    else:
        values = known.get(one.id, np.full(shape, np.nan))
        own = settled_bases(content, one)[0]
    if isinstance(source, Cumulative):
        return np.where(np.isnan(values), np.nan, np.nancumsum(values, axis=1)), np.zeros(shape[0])
    return values, own


def _with_others(content: PlanContent, source: str | Cumulative | None, base: Floats) -> Floats:
    """Return base-year values with those of regions that take no part in the source.

    A part that is 0 there is 0 of a whole that is not.
    """
    if source is None or isinstance(source, Cumulative):
        return base
    one = content.indicators[content.indicator_index[source]]
    return base if one.base is None else np.where(np.isnan(base), content.series(one.base), base)


def ratio_numbers(content: PlanContent, indicator: Indicator, known: Known) -> RatioNumbers:
    """Put a ratio in numbers, its denominator known."""
    below, base_below = values_of(content, indicator.denominator, known)
    base_below = _with_others(content, indicator.denominator, base_below)
    if indicator.base_numerator is not None:
        base_above = content.series(indicator.base_numerator)
    else:
        base_above = values_of(content, indicator.numerator, known)[1]
        base_above = _with_others(content, indicator.numerator, base_above)
    applies = content.applies(indicator)
    below = np.where(applies & (below > 0), below, np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        base = np.where(base_below > 0, base_above / base_below, np.nan)
    offset, factor = np.zeros(below.shape), below / indicator.scale
    if indicator.publish == "cut":
        offset = below * base[:, None]
        factor = -offset / PERCENT
    elif indicator.publish == "rise":
        offset = below * base[:, None]
    return RatioNumbers(
        indicator.scale,
        below,
        base_above,
        base_below,
        np.asarray(applies.any(axis=1)),
        offset,
        np.where(np.isnan(offset), np.nan, factor),
        applies & (np.isnan(below) | ~np.isnan(offset)),
    )


def region_base(numbers: RatioNumbers) -> Floats:
    """Return each region's base-year ratio in the printed unit; NaN where unknown."""
    with np.errstate(divide="ignore", invalid="ignore"):
        found = numbers.scale * numbers.base_numerator / numbers.base_denominator
    return np.where(np.isfinite(found), found, np.nan)


@dataclass(frozen=True)
class Wanted:
    """What a scope's ratio must be in a year, as a value in the printed unit.

    ``bounded`` ones are only kept: another figure of the same year is handed out. What is handed
    out may be more than was ``asked`` before the years before were printed.
    """

    year: int
    lower: float
    upper: float
    figure: float
    said: Figure
    keys: tuple[str, ...]
    bounded: bool = False
    asked: float | None = None


class Printed(NamedTuple):
    """A scope's ratio in the last year that is printed, in the printed unit.

    What is asked of the years after it is ``hard``, or only to be come near to.
    """

    year: int
    value: float
    hard: bool = True


def wanted(
    content: PlanContent,
    target: Target,
    base: float,
    margin: float,
    hand_out: str,
    printed: Printed | None = None,
) -> list[Wanted]:
    """List what a target asks of a scope's ratio, by year.

    Between the base year and the last year a cut (rise, or last year's value) runs at a constant
    yearly rate, ``cut_t = 1 - (1 - c)^(t/T)``, unless a year has its own figure (DESIGN section 3).
    A cut or rise of every year goes on from the year that is printed.
    """
    found: dict[int, Wanted] = {}
    for year, figure in target.years.items():
        if figure.given:
            index = content.year_index[year]
            found[index] = _as_value(
                index, _Change(figure, margin, target, hand_out), ("years", str(year))
            )
    if target.each_year is not None and target.each_year.given:
        each = _Change(target.each_year, margin, target, hand_out)
        for index in range(len(content.years)):
            found.setdefault(index, _as_value(index, each, ("each_year",)))
    if np.isnan(base):
        return [found[index] for index in sorted(found)]
    last = len(content.years) - 1
    ages = np.cumsum(content.gaps)
    # a yearly rate binds every year, so that it comes first
    figures = [(name, getattr(target, name)) for name in (*RATIO_EACH_YEAR, "cut", "rise")]
    changes = [(name, figure) for name, figure in figures if figure is not None and figure.given]
    beside: list[Wanted] = []
    for name, figure in changes:
        change = _Change(figure, margin, target, hand_out)
        for index in range(len(content.years)):
            part = float(ages[index] / (1 if name in RATIO_EACH_YEAR else ages[last]))
            one = _changed(index, change, name, base, part)
            if name in RATIO_EACH_YEAR and printed is not None and index > printed.year:
                age = float(ages[index] - ages[printed.year])
                since = _changed(index, change, name, printed.value, age)
                one = _going_on(one, since, hard=printed.hard)
            if index not in found:
                found[index] = one
            elif name in RATIO_EACH_YEAR or index == last:
                beside.append(replace(one, bounded=True))
    if not changes:
        found = _filled(found, ages, base, last)
    return [*(found[index] for index in sorted(found)), *beside]


def _going_on(path: Wanted, since: Wanted, *, hard: bool) -> Wanted:
    """Bring the path from the base year to what is asked since the year that is printed."""
    figure = min(max(path.figure, since.lower), since.upper)
    lower, upper = max(path.lower, since.lower), min(path.upper, since.upper)
    if lower > upper:
        lower, upper = since.lower, since.upper
    if not hard:
        lower, upper = min(path.lower, figure), max(path.upper, figure)
    return replace(path, lower=lower, upper=upper, figure=figure, asked=path.figure)


class YearlyChange(NamedTuple):
    """How much a scope's ratio differs from that of the year before: least and greatest.

    By ``cut_each_year`` it is lower by these parts of it, by ``rise_each_year`` higher by so much.
    """

    key: str
    least: float
    most: float

    @staticmethod
    def of(target: Target, margin: float) -> list[YearlyChange]:
        """List what a target asks; nothing where it does not speak of every year."""
        figures = [(key, getattr(target, key)) for key in RATIO_EACH_YEAR]
        ends = [
            (key, _Change(said, margin, target, "lower").ends())
            for key, said in figures
            if said is not None and said.given
        ]
        return [YearlyChange(key, low, high) for key, (low, high, _) in ends]

    @property
    def rises(self) -> bool:
        """Whether the ratio must rise."""
        return self.key == "rise_each_year"

    def rows(self, gap: int) -> list[tuple[float, float, float]]:
        """List the part, the least and the greatest of ``now - part · before`` after some years."""
        if self.rises:
            return [(1.0, self.least * gap, self.most * gap)]
        least, greatest = (max(1 - cut, 0.0) ** gap for cut in (self.most, self.least))
        if least == greatest:
            return [(least, 0.0, 0.0)]
        found = [(greatest, -np.inf, 0.0)] if np.isfinite(greatest) else []
        return [*found, (least, 0.0, np.inf)] if least > 0 else found


class _Change(NamedTuple):
    """A figure with what its target says of it."""

    said: Figure
    margin: float
    target: Target
    hand_out: str

    def ends(self) -> tuple[float, float, float]:
        """Return the least, the greatest and what is handed out."""
        scaled = self.said.times(1 + self.margin)
        low, high = scaled.bounds(self.target.tolerance)
        upper_end = self.hand_out == "upper" and scaled.upper is not None
        return low, high, scaled.upper if upper_end and scaled.upper is not None else scaled.value


def _as_value(year: int, change: _Change, keys: tuple[str, ...]) -> Wanted:
    return Wanted(year, *change.ends(), change.said, keys)


def _changed(year: int, change: _Change, name: str, base: float, part: float) -> Wanted:
    """Turn a cut (at least so much lower) or a rise into bounds on the value."""
    low, high, handed = change.ends()
    if name.startswith("rise"):
        ends = base + low * part, base + high * part, base + handed * part
        return Wanted(year, *ends, change.said, (name,))

    def value(cut: float) -> float:
        if not np.isfinite(cut):
            return 0.0 if cut > 0 else np.inf
        return float(base * (1 - min(cut, 1.0)) ** part)

    return Wanted(year, value(high), value(low), value(handed), change.said, (name,))


def _filled(found: dict[int, Wanted], ages: Ints, base: float, last: int) -> dict[int, Wanted]:
    """Fill the years before a given one: each on the way from the base year to it."""
    if last not in found or base <= 0:
        return found
    end = found[last]
    filled = dict(found)
    for index in range(last):
        if index not in filled:
            part = float(ages[index] / ages[last])

            def between(value: float, part: float = part) -> float:
                finite = np.isfinite(value) and value > 0
                return float(base * (value / base) ** part) if finite else value

            filled[index] = Wanted(
                index,
                between(end.lower),
                between(end.upper),
                between(end.figure),
                end.said,
                end.keys,
            )
    return filled


def scope_ratio(content: PlanContent, indicator: Indicator, known: Known, members: Bools) -> Floats:
    """Return a ratio of some regions together by year, computed from printed numbers.

    A free ratio is the weighted mean of what its regions print; any other is numerator over
    denominator. Rounded to the indicator's step; NaN where a part is unknown.
    """
    numbers = ratio_numbers(content, indicator, known)
    value = scope_value(content, indicator, numbers, known, members)
    with np.errstate(invalid="ignore"):
        return _on_grid(indicator, shown(indicator, value, numbers.base_of(members)))


def scope_value(
    content: PlanContent,
    indicator: Indicator,
    numbers: RatioNumbers,
    known: Known,
    members: Bools,
) -> Floats:
    """Return a ratio of some regions together by year, as its value, before it is rounded."""
    printed = known.get(indicator.id)
    above = values_of(content, indicator.numerator, known)[0]
    if printed is not None:
        above = numbers.offset + numbers.factor * printed
    here = members[:, None] & ~np.isnan(numbers.factor)
    above = np.where(members[:, None] & numbers.counts, above, np.nan)
    whole = np.where(here, numbers.denominator, 0.0).sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        # where the numerator does not apply there is none of it, but the denominator counts
        value = numbers.scale * np.nansum(above, axis=0) / whole
    return np.where(np.isnan(above).all(axis=0) | (whole == 0), np.nan, value)


def regional_ratios(content: PlanContent, indicator: Indicator, known: Known) -> Floats:
    """Return a ratio by region and year, computed from printed numerators and denominators."""
    numbers = ratio_numbers(content, indicator, known)
    above = values_of(content, indicator.numerator, known)[0]
    value = numbers.scale * above / numbers.denominator
    return _on_grid(indicator, shown(indicator, value, region_base(numbers)[:, None]))


def cell_ratios(content: PlanContent, indicator: Indicator, known: Known) -> Floats:
    """Return a ratio's values by region and year, whatever is published of it; not rounded."""
    numbers, printed = ratio_numbers(content, indicator, known), known[indicator.id]
    if indicator.publish == "value":
        return printed
    above = numbers.offset + numbers.factor * printed
    return np.asarray(numbers.scale * above / numbers.denominator)


def shown(indicator: Indicator, value: Floats | float, base: Floats | float) -> Floats:
    """Turn a ratio's value into what is published of it."""
    if indicator.publish == "cut":
        return np.asarray(PERCENT * (1 - value / base))
    return np.asarray(value - base if indicator.publish == "rise" else value)


def _on_grid(indicator: Indicator, value: Floats) -> Floats:
    step = step_of(indicator)
    return as_printed(np.round(value / step) * step)
