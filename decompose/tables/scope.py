"""The area or a group, as annex 1 prints it: what the plan says of it, numbers for the rest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np

from decompose.figures import Figure, parse_figure
from decompose.labels import Language, say, term, word
from decompose.plan import Indicator, Stated, Target
from decompose.plan.models import Cumulative
from decompose.plan.ratios import PERCENT, ratio_numbers, values_of
from decompose.plan.steps import as_printed
from decompose.problem import Bools, Floats
from decompose.tables.model import (
    ABSENT,
    BLANK,
    Cell,
    RowKind,
    digits,
    figure_cell,
    number_cell,
    text_cell,
)
from decompose.tables.printed import (
    Printed,
    points,
    printed_decimals,
    printed_unit,
    published,
)

RATE_DECIMALS = 1
"""Digits after the point of a computed growth rate, in percent."""

Said = Sequence[Figure | None]

NO_FIGURE = parse_figure(None)
"""Of a year in which nothing is asked for: a dash."""
NOTHING_STATED: Mapping[str, Figure] = {}


class Line(NamedTuple):
    """A row under an indicator's: its name, its unit, its cells from base year to growth."""

    name: str
    unit: str
    cells: list[Cell]
    level: int = 0
    """How much deeper than the others it stands."""
    kind: RowKind = RowKind.CHANGE


@dataclass(frozen=True)
class Scope:
    """The area or a group of an indicator.

    Attributes
    ----------
    printed, indicator
        The numbers of the plan, and one of its indicators.
    label
        What its row is called.
    members
        Which regions it has.
    number
        AREA or ``group_scope``.
    target, stated
        What the plan says of it.
    language
        Of words that the plan does not give.
    stretch
        The same with its stretch figures and numbers; None where it has none.
    display
        Words in place of its figures: by year, ``total`` or ``base``.
    """

    printed: Printed
    indicator: Indicator
    label: str
    members: Bools
    number: int
    target: Target
    stated: Stated
    language: Language
    stretch: Scope | None = None
    display: Mapping[str, str] = field(default_factory=dict)

    def figures(self) -> list[Cell]:
        """Return the cells of base year, years, total or end, average growth."""
        if self.indicator.kind == "text":
            return self._words()
        base = self._worded(ABSENT if self._changed else self._base(), "base")
        years = [
            self._worded(cell, str(year))
            for cell, year in zip(self._years(), self.printed.plan.years, strict=True)
        ]
        end = self._worded(self._end(years[-1]), "total")
        return [*_evenly([base, *years, end]), self._growth(base, years)]

    def _worded(self, cell: Cell, key: str) -> Cell:
        """Print the words that the plan wants in place of a figure."""
        return replace(cell, words=self.display[key]) if key in self.display else cell

    @property
    def numbers(self) -> Floats:
        """What its regions together have, by year, with what is lacking of its figures."""
        values = self.printed.scope_values(self.indicator.id, self.members)
        return np.asarray(values + np.nan_to_num(self.gaps[:-1]))

    @property
    def gaps(self) -> Floats:
        """What is lacking of its figures: by year, then over all years; NaN where nothing is."""
        return self.printed.gap_values(self.indicator.id, self.number)

    def lines(self) -> Iterator[Line]:
        """List the rows under its own: gap; growth, increase, rise, cut as it is said; stretch."""
        own = list(self._said_beside())
        yield from (*self._gap_lines(), *own)
        if self.stretch is not None:
            unit = printed_unit(self.indicator, self.language)
            cells = [BLANK, *self.stretch.figures()[1:]]
            yield Line(word("stretch_target", self.language), unit, cells)
            for line in self.stretch.lines():
                # but rates of every year that the stretch leaves as they are
                if line.kind is RowKind.GAP or line not in own:
                    yield line._replace(level=1)

    def _gap_lines(self) -> Iterator[Line]:
        """Make the row of what is lacking of the figures of its own row."""
        gaps = self.gaps
        if np.isnan(gaps).all():
            return
        by_year, end = gaps[:-1], gaps[-1]
        if published(self.indicator) == "increment":
            end = float(as_printed(np.array(_total(by_year)))) or np.nan
        elif self.indicator.kind != "flow":
            end = by_year[-1]
        decimals = printed_decimals(self.printed.plan, self.indicator)
        cells = [
            ABSENT if np.isnan(gap) or shown.empty else number_cell(float(gap), decimals)
            for gap, shown in zip((*by_year, end), self.figures()[1:-1], strict=True)
        ]
        if all(cell is ABSENT for cell in cells):
            return
        name = say("part_name", name=term("gap")).text(self.language)
        unit = printed_unit(self.indicator, self.language)
        yield Line(name, unit, [BLANK, *_evenly(cells), BLANK], kind=RowKind.GAP)

    def _said_beside(self) -> Iterator[Line]:
        """List the rows of what the plan says beside the figures of the scope's own row."""
        target, stated, unit = self.target, self.stated, self.indicator.unit
        if self._changed and (line := self._value_line()):
            yield line
        if target.per_region:
            yield self._line("per_region", unit, self._each_year(target.per_region))
        growth = self._each_year(target.growth_each_year, stated.growth)
        if any(growth) and published(self.indicator) != "growth":
            yield self._line("growth", "", growth, percent=True)
        rises = self._each_year(target.increase_each_year, stated.increase)
        in_all = target.increase or stated.increase.get("total")
        if (in_all or any(rises)) and published(self.indicator) != "increment":
            yield self._line("increase", unit, rises, in_all)
        rise, cut = target.rise or stated.rise, target.cut or stated.cut
        if rise and published(self.indicator) != "rise":
            yield self._line("rise", points(self.indicator, self.language), (), rise)
        if cut and published(self.indicator) != "cut":
            yield self._line("cut", "", (), cut, percent=True)
        if target.cut_each_year:
            cuts = self._each_year(target.cut_each_year)
            yield self._line("yearly_cut", "", cuts, percent=True)
        if target.rise_each_year:
            rises = self._each_year(target.rise_each_year)
            yield self._line("yearly_rise", points(self.indicator, self.language), rises)

    def _each_year(
        self, figure: Figure | None, stated: Mapping[str, Figure] = NOTHING_STATED
    ) -> list[Figure | None]:
        """Return a figure of every year, unless a year has one of its own or has none at all."""
        absent = None if figure is None else NO_FIGURE
        return [
            stated.get(str(year)) or (figure if year in self._years_taken else absent)
            for year in self.printed.plan.years
        ]

    @cached_property
    def _years_taken(self) -> frozenset[int]:
        """The years in which the indicator applies somewhere in the scope."""
        plan = self.printed.plan
        takes = plan.applies(self.indicator)[self.members].any(axis=0)
        return frozenset(np.array(plan.years)[takes].tolist())

    @property
    def _changed(self) -> bool:
        """Whether something else than the value is printed."""
        return published(self.indicator) != "value"

    def _words(self) -> list[Cell]:
        """Print a goal in words once across years and end."""
        text = self.indicator.text
        first = text_cell(text) if text else ABSENT
        others = replace(first, joined=bool(text))
        return [ABSENT, first, *[others] * len(self.printed.plan.years), ABSENT]

    def _cell(self, said: Said, otherwise: float = np.nan, *, rate: bool = False) -> Cell:
        """Print the first figure that is given, otherwise the number."""
        given = _first(said)
        if given is not None:
            unit = printed_unit(self.indicator, self.language)
            return figure_cell(given.times(PERCENT) if rate else given, with_unit=bool(unit))
        if np.isnan(otherwise):
            return ABSENT
        return number_cell(float(otherwise), printed_decimals(self.printed.plan, self.indicator))

    def _years(self) -> list[Cell]:
        plan, kind, change = self.printed.plan, self.indicator.kind, published(self.indicator)
        said = [self._said(year) for year in plan.years]
        shown = self.numbers.copy()
        whole = self.indicator.target.cut or self.indicator.stated.cut
        if change == "rise":
            whole = self.indicator.target.rise or self.indicator.stated.rise
        if change in ("cut", "rise") and whole:
            shown[:-1] = np.nan  # the document speaks of the last year alone
        elif kind == "ratio" and not self.indicator.decompose and any(map(_first, said)):
            shown[:] = np.nan  # nobody receives these numbers; beside "50 or more" they mislead
        rate = change in ("cut", "growth")
        return [
            self._cell(figures, number, rate=rate)
            for figures, number in zip(said, shown.tolist(), strict=True)
        ]

    def _said(self, year: int) -> Said:
        """List what the plan says of a year, first what counts most."""
        target, stated = self.target, self.stated
        change = published(self.indicator)
        applies = year in self._years_taken
        if change == "increment":
            every = target.increase_each_year if applies else None
            return stated.increase.get(str(year)), every
        if change == "value":
            every = target.each_year if applies else None
            return target.years.get(year), every, stated.years.get(year)
        if change == "growth":
            alone = len(self.printed.plan.years) == 1  # the average is the rate of the one year
            each_year = target.growth_each_year if applies else None
            yearly = stated.growth.get(str(year)), each_year
            return (*yearly, target.growth) if alone else yearly
        if year != self.printed.plan.years[-1]:
            return ()
        return (target.cut, stated.cut) if change == "cut" else (target.rise, stated.rise)

    def _end(self, last: Cell) -> Cell:
        """Return the total of what adds over years, else the last year's figure.

        Growth has neither: what it is on average stands in the column of its own.
        """
        change, total = published(self.indicator), _total(self.numbers)
        if change == "increment":
            return self._cell((self.target.increase, self.stated.increase.get("total")), total)
        if change == "growth":
            return ABSENT
        if self.indicator.kind != "flow":
            return last
        said, in_all = (self.target.total, self.stated.total), self._said_in_all()
        if not in_all or _first(said):
            return self._cell(said, total)
        own = printed_decimals(self.printed.plan, self.indicator)
        return number_cell(in_all, max(own, digits(in_all)))  # figures may have more than its own

    def _said_in_all(self) -> float | None:
        """Add up what the row says of its years where more is handed out than that: a margin."""
        plan, target = self.printed.plan, self.target
        if not target.margin_under(self.indicator.target):
            return None
        here = zip(self.numbers.tolist(), plan.years, strict=True)
        said = [_first(self._said(year)) for number, year in here if not np.isnan(number)]
        if not all(said):
            return None
        upper = self.indicator.hand_out == "upper"
        ends = [one.upper if upper and one.upper else one.value for one in said if one]
        return float(as_printed(np.array(sum(ends))))

    def _base(self) -> Cell:
        """Return the base year's value; none where a region that takes part has no base."""
        indicator, plan = self.indicator, self.printed.plan
        if self.members.all() and indicator.base_total is not None:
            return figure_cell(Figure(indicator.base_total))
        takes = plan.applies(indicator).any(axis=1) & self.members
        if indicator.kind == "ratio":
            if isinstance(indicator.numerator, Cumulative):
                return ABSENT  # what adds up from the first year on says nothing of the base year
            numbers = ratio_numbers(plan, indicator, {})
            base, value = numbers.base_numerator, numbers.base_of(takes)
            base = np.where(np.isnan(numbers.base_denominator), np.nan, base)
        else:
            base = values_of(plan, indicator.id, {})[1]
            value = float(np.nansum(base[takes]))
        if not takes.any() or np.isnan(base[takes & ~plan.reserve]).any() or np.isnan(value):
            return ABSENT
        return number_cell(value, printed_decimals(plan, indicator))

    def _growth(self, base: Cell, years: list[Cell]) -> Cell:
        """Print the rate that the plan gives, else that between the figures of the row."""
        figure = _first((self.target.growth, self.stated.growth.get("average")))
        if figure is not None:
            return figure_cell(figure, percent=True)
        if published(self.indicator) == "growth":
            return self._average()
        first, final = base.amount, years[-1].amount
        if self.indicator.kind == "ratio" or first is None or final is None:
            return ABSENT
        if first <= 0 or final < 0:
            return ABSENT
        plan = self.printed.plan
        rate = (final / first) ** (1 / (plan.years[-1] - plan.base_year)) - 1
        return number_cell(rate, RATE_DECIMALS, percent=True)

    def _average(self) -> Cell:
        """Print the yearly mean of the printed growth."""
        plan, rates = self.printed.plan, self.numbers
        here = ~np.isnan(rates)
        if not here.any():
            return ABSENT
        grown = float(np.prod((1 + rates / PERCENT)[here] ** plan.gaps[here]))
        mean = max(grown, 0.0) ** (1 / int(plan.gaps[here].sum())) - 1
        return number_cell(mean, RATE_DECIMALS, percent=True)

    def _value_line(self) -> Line | None:
        """Make the row of the values that the plan gives where something else is printed."""
        target, stated, unit = self.target, self.stated, self.indicator.unit
        every = self._each_year(target.each_year)
        said = [
            _first((target.years.get(year), each, stated.years.get(year)))
            for year, each in zip(self.printed.plan.years, every, strict=True)
        ]
        total = _first((target.total, stated.total))
        if not any(said) and total is None:
            return None
        end = total if self.indicator.kind == "flow" else said[-1]
        line = self._line("value", unit, said, end)
        return line._replace(cells=_evenly([self._base(), *line.cells[1:]]))

    def _line(
        self,
        code: str,
        unit: str,
        years: Said,
        end: Figure | None = None,
        *,
        percent: bool = False,
    ) -> Line:
        """Make a row of figures as the plan says them, blank where it says nothing."""
        by_year = years or [None] * len(self.printed.plan.years)
        cells = [
            BLANK if figure is None else figure_cell(figure, percent=percent, with_unit=bool(unit))
            for figure in (None, *by_year, end, None)
        ]
        return Line(word(code, self.language), unit, cells)


def _first(said: Said) -> Figure | None:
    return next((one for one in said if one is not None and one.given), None)


def _total(numbers: Floats) -> float:
    return float("nan") if np.isnan(numbers).all() else float(np.nansum(numbers))


def _evenly(cells: list[Cell]) -> list[Cell]:
    """Print the numbers of a row with no more decimals than they need."""
    numbers = [cell.number for cell in cells if cell.number is not None]
    most = max(map(digits, numbers), default=0)
    return [
        cell if cell.number is None else number_cell(cell.number, min(cell.decimals, most))
        for cell in cells
    ]
