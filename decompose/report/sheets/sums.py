"""The check of sums: what the plan states, beside what the printed quotas make."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, partial
from typing import NamedTuple

import numpy as np

from decompose.allocation import Allocation
from decompose.figures import Figure, Sense, plain
from decompose.labels import Language, say, word
from decompose.plan import Indicator, Plan, Stated, Target
from decompose.plan.ratios import PERCENT, ratio_numbers, scope_value
from decompose.plan.steps import as_printed, step_of
from decompose.problem import AREA, Bools, Floats, group_scope
from decompose.report.sheets.heads import columns_of
from decompose.tables import Cell, Row, RowKind, Table
from decompose.tables.model import BLANK, digits, figure_cell, number_cell, text_cell
from decompose.tables.order import status_line
from decompose.tables.printed import (
    adds_up,
    base_values,
    points,
    printed_decimals,
    printed_name,
    printed_unit,
    published,
)

_COLUMNS = (
    "indicator",
    "scope",
    "year",
    "what",
    "unit",
    "stated_number",
    "computed_number",
    "gap_number",
    "difference",
    "verdict",
)
_TOTAL = "total"
_RATE_DECIMALS = 1
"""Digits after the point of a computed rate, in percent."""
_NEAR = 1e-6


class _Asked(NamedTuple):
    """A figure of the plan, and what printed numbers make of it."""

    year: int | str
    what: str
    figure: Figure
    computed: float
    rate: bool = False
    derived: bool = False
    """Whether it is computed from sums, so that only the digits of the figure can agree."""
    gap: float = math.nan


@dataclass(frozen=True)
class _Scope:
    """The area or a group: what its regions have of an indicator, and what the plan says of it."""

    plan: Plan
    indicator: Indicator
    name: str
    members: Bools
    target: Target
    stated: Stated
    printed: Floats
    """What annex 2 prints, by year, without what could not be handed out."""
    numbers: Floats
    """The same, added up again."""
    gaps: Floats
    """What could not be handed out: by year, then over all years."""
    bases: Callable[[], Floats]
    """What regions had in the base year, read once for all scopes."""
    ratios: Floats
    """The ratio of their printed parts, by year, before it is rounded; else empty."""

    @property
    def base(self) -> float:
        """What its regions had in the base year; NaN where one has no base."""
        plan, one = self.plan, self.indicator
        if self.members.all() and one.base_total is not None:
            return float(one.base_total)
        takes = plan.applies(one).any(axis=1) & self.members
        if one.kind == "ratio":
            return ratio_numbers(plan, one, {}).base_of(takes)
        base = self.bases()[takes & ~plan.reserve]
        return float(base.sum()) if len(base) else math.nan

    def asked(self) -> Iterator[_Asked]:
        """List the figures that its numbers can be held to."""
        change = published(self.indicator)
        if change == "value":
            yield from self._values()
            yield from self._growth() if self.indicator.kind != "ratio" else self._moves()
            yield from self._rises() if self.indicator.kind != "ratio" else ()
        elif change == "increment":
            yield from self._increments()
        elif change == "growth":
            yield from self._rates()
        else:
            said = {"cut": (self.target.cut, self.stated.cut)}
            figure = _first(*said.get(change, (self.target.rise, self.stated.rise)))
            if figure is not None:
                figure = figure.times(PERCENT) if change == "cut" else figure
                last = self.plan.years[-1]
                yield _Asked(last, change, figure, float(self.numbers[-1]), derived=True)
        yield from self._yearly_moves()
        if adds_up(self.indicator):
            for year, printed, added in zip(
                self.plan.years, self.printed.tolist(), self.numbers.tolist(), strict=True
            ):
                if not math.isnan(printed):
                    yield _Asked(year, "as_printed", Figure(printed), added)

    def _values(self) -> Iterator[_Asked]:
        target, stated = self.target, self.stated
        ratio = self.indicator.kind == "ratio"
        for k, year in enumerate(self.plan.years):
            figure = _first(target.years.get(year), target.each_year, stated.years.get(year))
            if figure is not None:
                number, gap = float(self.numbers[k]), float(self.gaps[k])
                yield _Asked(year, "value", figure, number, derived=ratio, gap=gap)
        figure = _first(target.total, stated.total)
        if figure is not None and self.indicator.kind == "flow":
            total = float(as_printed(np.nansum(self.numbers, keepdims=True))[0])
            yield _Asked(_TOTAL, "value", figure, total, gap=float(self.gaps[-1]))

    def _before(self, k: int) -> float:
        return float(self.numbers[k - 1]) if k else self.base

    def _growth(self) -> Iterator[_Asked]:
        target, stated = self.target, self.stated
        for k, year in enumerate(self.plan.years):
            figure = _first(target.growth_each_year, stated.growth.get(str(year)))
            if figure is not None:
                rate = _rate(self._before(k), float(self.numbers[k]), int(self.plan.gaps[k]))
                yield _Asked(year, "growth", figure, rate, rate=True, derived=True)
        figure = _first(target.growth, stated.growth.get("average"))
        if figure is not None:
            span = self.plan.years[-1] - self.plan.base_year
            rate = _rate(self.base, float(self.numbers[-1]), span)
            yield _Asked(_TOTAL, "average_growth", figure, rate, rate=True, derived=True)

    def _rises(self) -> Iterator[_Asked]:
        target, stated = self.target, self.stated
        for k, year in enumerate(self.plan.years):
            figure = _first(target.increase_each_year, stated.increase.get(str(year)))
            if figure is not None:
                rise = (float(self.numbers[k]) - self._before(k)) / float(self.plan.gaps[k])
                yield _Asked(year, "increase", figure, rise, derived=True)
        figure = _first(target.increase, stated.increase.get(_TOTAL))
        if figure is not None:
            rise = float(self.numbers[-1]) - self.base
            yield _Asked(_TOTAL, "increase", figure, rise, derived=True)

    def _increments(self) -> Iterator[_Asked]:
        target, stated = self.target, self.stated
        for k, year in enumerate(self.plan.years):
            figure = _first(stated.increase.get(str(year)), target.increase_each_year)
            if figure is not None:
                rise = float(self.numbers[k]) / float(self.plan.gaps[k])
                yield _Asked(year, "increase", figure, rise, gap=float(self.gaps[k]))
        figure = _first(target.increase, stated.increase.get(_TOTAL))
        if figure is not None:
            total = float(as_printed(np.nansum(self.numbers, keepdims=True))[0])
            yield _Asked(_TOTAL, "increase", figure, total, gap=float(self.gaps[-1]))

    def _rates(self) -> Iterator[_Asked]:
        """Compare growth where growth is what regions receive."""
        for k, year in enumerate(self.plan.years):
            said = self.stated.growth.get(str(year)), self.target.growth_each_year
            figure = _first(*said)
            if figure is not None:
                number = float(self.numbers[k])
                yield _Asked(year, "growth", figure.times(PERCENT), number, derived=True)

    def _moves(self) -> Iterator[_Asked]:
        """Compare how far a ratio moves from the base year to the last."""
        base, end, last = self.base, float(self.numbers[-1]), self.plan.years[-1]
        rise, cut = (
            _first(getattr(self.target, what), getattr(self.stated, what))
            for what in ("rise", "cut")
        )
        if rise is not None:
            yield _Asked(last, "rise", rise, end - base, derived=True)
        if cut is not None and base > 0:
            yield _Asked(last, "cut", cut, 1 - end / base, rate=True, derived=True)

    def _yearly_moves(self) -> Iterator[_Asked]:
        """Compare each year's ratio with the year before."""
        cut, rise = _first(self.target.cut_each_year), _first(self.target.rise_each_year)
        if cut is None and rise is None:
            return
        before = self.base
        for k, (year, now) in enumerate(zip(self.plan.years, self.ratios.tolist(), strict=True)):
            gap = int(self.plan.gaps[k])
            if cut is not None:
                rate = -_rate(before, now, gap)
                yield _Asked(year, "yearly_cut", cut, rate, rate=True, derived=True)
            if rise is not None:
                yield _Asked(year, "yearly_rise", rise, (now - before) / gap, derived=True)
            before = now


def sums(allocation: Allocation, *, language: Language = "zh") -> Table:
    """Make the check of sums: a row per figure of the plan that printed numbers can be held to.

    What is computed is added up again from ``Allocation.quotas``, in decimals: sums over regions
    and years, and increases and growth between them; of a ratio, the ratio of its printed parts.
    The verdict compares it with the figure in the figure's own sense; of what is computed from
    sums, in the figure's own digits. The sums that annex 2 prints are compared as well.
    """
    plan = allocation.plan
    rows = [
        _row(scope, asked, language)
        for scope in _scopes(allocation)
        for asked in scope.asked()
        if not math.isnan(asked.computed)
    ]
    name = word("sums", language)
    return Table(
        name=name,
        label="",
        title=say("sheet_title", title=plan.title, sheet=name).text(language),
        columns=tuple(columns_of(*_COLUMNS, language=language, optional=("gap_number",))),
        rows=tuple(rows),
        status_line=status_line(plan, language),
        notes=(say("sums_note").text(language),),
        language=language,
        kind="sums",
        listed=True,
    )


def _scopes(allocation: Allocation) -> Iterator[_Scope]:
    """List the area and the groups of every indicator that regions receive."""
    plan = allocation.plan
    exact = _exact(allocation)
    for one in plan.indicators:
        if not one.report or not one.decompose or one.kind == "text":
            continue
        bases = cache(partial(base_values, plan, one))
        for name, number, members, target, stated in _said(plan, one):
            printed = allocation.scope_values(one.id, members)
            gaps = allocation.gap_values(one.id, number)
            numbers = printed
            if one.id in exact:
                numbers = _added(exact[one.id], members)
            ratios = _ratios(allocation, one, members)
            told = target, stated, printed, numbers, gaps, bases, ratios
            yield _Scope(plan, one, name, members, *told)


def _ratios(allocation: Allocation, one: Indicator, members: Bools) -> Floats:
    if one.kind != "ratio":
        return np.zeros(0)
    plan, known = allocation.plan, allocation.settled.printed
    return scope_value(plan, one, ratio_numbers(plan, one, known), known, members)


def _said(plan: Plan, one: Indicator) -> Iterator[tuple[str, int, Bools, Target, Stated]]:
    """List the area and the groups that are printed, or of which the plan says something."""
    everyone = np.ones(len(plan.regions), dtype=bool)
    yield plan.total_label, AREA, everyone, one.target, one.stated
    targets = {plain(name): target for name, target in one.group_targets.items()}
    stated = {plain(name): figures for name, figures in one.stated.groups.items()}
    for number, (name, group) in enumerate(plan.groups.items()):
        key = plain(name)
        if group.subtotal or key in targets or key in stated:
            own = targets.get(key, Target()), stated.get(key, Stated())
            yield group.label or name, group_scope(number), plan.members[number], *own


def _exact(allocation: Allocation) -> dict[str, list[list[Decimal | None]]]:
    """Return the quotas as the decimals that are printed: by id, regions × years."""
    plan = allocation.plan
    index = {name: number for number, name in enumerate(plan.region_names)}
    found: dict[str, list[list[Decimal | None]]] = {}
    for one in plan.indicators:
        if one.kind in ("flow", "level") and adds_up(one):
            found[one.id] = [[None] * len(plan.years) for _ in plan.regions]
    quotas = allocation.quotas
    for name, region, year, quota in zip(
        quotas["indicator"], quotas["region"], quotas["year"], quotas["quota"], strict=True
    ):
        if name in found:
            one = plan.indicators[plan.indicator_index[name]]
            number = Decimal(f"{quota:.{printed_decimals(plan, one)}f}")
            found[name][index[region]][plan.year_index[year]] = number
    return found


def _added(grid: list[list[Decimal | None]], members: Bools) -> Floats:
    """Add up some regions' decimals, by year; NaN where none of them has a number."""
    inside = [row for row, member in zip(grid, members.tolist(), strict=True) if member]
    sums_by_year = []
    for column in zip(*inside, strict=True):
        numbers = [number for number in column if number is not None]
        sums_by_year.append(float(sum(numbers, Decimal())) if numbers else math.nan)
    return np.array(sums_by_year)


def _row(scope: _Scope, asked: _Asked, language: Language) -> Row:
    one = scope.indicator
    decimals = printed_decimals(scope.plan, one)
    unit = "" if asked.rate else printed_unit(one, language)
    if asked.what == "rise":
        unit = points(one, language)
    if asked.rate:
        decimals = _RATE_DECIMALS
    elif asked.derived:
        decimals = max(decimals, digits(asked.figure.value))
    year = say("year_head", year=asked.year).text(language)
    if asked.year == _TOTAL:
        year = word("all_years_head", language)
    difference = asked.computed - asked.figure.value
    return Row(
        RowKind.REGION,
        (
            text_cell(printed_name(one, language)),
            text_cell(scope.name),
            text_cell(year),
            text_cell(word(asked.what, language)),
            text_cell(unit),
            _stated_cell(asked, decimals),
            number_cell(asked.computed, decimals, percent=asked.rate),
            BLANK if math.isnan(asked.gap) else number_cell(asked.gap, decimals),
            number_cell(difference, decimals, percent=asked.rate),
            text_cell(word(f"verdict_{_verdict(scope, asked)}", language)),
        ),
    )


def _stated_cell(asked: _Asked, decimals: int) -> Cell:
    if asked.what == "as_printed":
        return number_cell(asked.figure.value, decimals)
    return figure_cell(asked.figure, percent=asked.rate)


def _verdict(scope: _Scope, asked: _Asked) -> str:
    """Tell how a computed number stands to a figure."""
    figure, value = asked.figure, asked.computed
    if asked.derived and figure.sense in (Sense.EXACT, Sense.ABOUT):
        value = round(value, digits(figure.value * (PERCENT if asked.rate else 1)) + 2 * asked.rate)
    if math.isclose(value, figure.value, abs_tol=_NEAR):
        return "agrees"
    low, high = figure.bounds(scope.target.tolerance)
    if low - _NEAR <= asked.computed <= high + _NEAR:
        return "within" if figure.sense is Sense.ABOUT else "agrees"
    if not math.isnan(asked.gap):
        return "gap"
    margin = scope.target.margin_under(scope.indicator.target)
    apart = _NEAR if asked.rate else step_of(scope.indicator)  # it may lie between two steps
    if margin > 0 and abs(asked.computed - figure.value * (1 + margin)) < apart:
        return "margin"
    return "below" if value < figure.value else "above"


def _rate(before: float, now: float, years: int) -> float:
    """Return the yearly rate between two numbers; NaN where there is none."""
    if not before > 0 or not now >= 0:
        return math.nan
    return float((now / before) ** (1 / years) - 1)


def _first(*said: Figure | None) -> Figure | None:
    return next((one for one in said if one is not None and one.given), None)
