"""Annex 1: the area, by year; a row per indicator, in blocks by section."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from decompose.figures import Figure, plain
from decompose.labels import Language, say, word
from decompose.plan import Indicator, Plan, Stated, Target
from decompose.plan.steps import decimals_of
from decompose.tables.model import (
    ABSENT,
    BLANK,
    Cell,
    Column,
    ColumnKind,
    Row,
    RowKind,
    Table,
    digits,
    figure_cell,
    number_cell,
    text_cell,
)
from decompose.tables.order import (
    Entry,
    Floats,
    Steps,
    entries,
    indicator_notes,
    quotas_of,
    status_line,
)

RATE_DECIMALS = 1
"""Digits after the point of a computed growth rate, in percent."""


def annex1(plan: Plan, values: Mapping[str, Floats], *, language: Language = "zh") -> Table:
    """Make annex 1: the area's figures by year.

    A figure of the plan is printed as the plan writes it; where it has none, the sum of the
    quotas; a dash where there is neither. The average growth is computed from the figures of
    its row, unless the plan says it.

    Parameters
    ----------
    plan
        What was solved.
    values
        Quotas by indicator id (regions × years), in whole steps; NaN where there is none.
    language
        Of headings and titles.
    """
    printed = entries(plan, 1)
    return Table(
        name=word("annex1", language),
        label=word("annex1", language),
        title=say("annex1_title", title=plan.title).text(language).strip(": "),
        columns=_columns(plan, language),
        rows=tuple(_rows(plan, printed, values, language)),
        status_line=status_line(plan, language),
        notes=tuple(indicator_notes(printed, plan.years, by_year=True, language=language)),
        language=language,
    )


def _columns(plan: Plan, language: Language) -> tuple[Column, ...]:
    def column(code: str, kind: ColumnKind, *, optional: bool = False) -> Column:
        head = word(code, language)
        return Column(head, head, kind, optional=optional)

    def of_year(year: int, *, optional: bool = False) -> Column:
        head = say("year_head", year=year).text(language)
        return Column(head, head, optional=optional)

    return (
        column("number", ColumnKind.MARK),
        column("indicator", ColumnKind.LABEL),
        column("unit", ColumnKind.MARK, optional=True),
        of_year(plan.base_year, optional=True),
        *(of_year(year) for year in plan.years),
        column("total_or_end", ColumnKind.FIGURE),
        column("average_growth", ColumnKind.FIGURE, optional=True),
        column("nature", ColumnKind.MARK, optional=True),
        column("department", ColumnKind.TEXT, optional=True),
    )


def _rows(
    plan: Plan, printed: list[Entry], values: Mapping[str, Floats], language: Language
) -> Iterator[Row]:
    section: str | None = None
    number = 0
    for entry in printed:
        indicator, level = entry.indicator, entry.level
        if level == 0:
            number += 1
            if indicator.section is not None and indicator.section != section:
                yield _row(plan, RowKind.SECTION, indicator.section)
            section = indicator.section
        area, *groups = _scopes(plan, indicator, quotas_of(values, indicator, plan))
        yield _row(
            plan,
            RowKind.PART if level else RowKind.INDICATOR,
            say("part_name", name=area.label).text(language) if level else area.label,
            number=BLANK if level else Cell(number),
            unit=indicator.unit,
            figures=area.figures(),
            nature=word(indicator.nature, language) if indicator.nature else "",
            department=word("list_separator", language).join(indicator.department),
            level=level,
        )
        yield from _changes(area, level + 1, language)
        for group in groups:
            yield _row(
                plan,
                RowKind.SUBTOTAL,
                group.label,
                unit=indicator.unit,
                figures=group.figures(),
                level=level + 1,
            )
            yield from _changes(group, level + 2, language)


def _row(
    plan: Plan,
    kind: RowKind,
    name: str,
    *,
    number: Cell = BLANK,
    unit: str = "",
    figures: Sequence[Cell] = (),
    nature: str = "",
    department: str = "",
    level: int = 0,
) -> Row:
    """Make a row; ``figures`` are base year, years, total or end, average growth."""
    figures = figures or (BLANK,) * (len(plan.years) + 3)
    ends = text_cell(nature), text_cell(department)
    return Row(kind, (number, text_cell(name), text_cell(unit), *figures, *ends), level)


def _changes(scope: _Scope, level: int, language: Language) -> Iterator[Row]:
    """Make the rows of growth and increase that the plan gives by year or, of increase, in all."""
    plan, target, stated = scope.plan, scope.target, scope.stated
    growth = [stated.growth.get(str(year)) or target.growth_each_year for year in plan.years]
    increase = [stated.increase.get(str(year)) or target.increase_each_year for year in plan.years]
    in_all = target.increase or stated.increase.get("total")
    if any(growth):
        cells = [_as_said(figure, percent=True) for figure in (None, *growth, None, None)]
        yield _row(plan, RowKind.CHANGE, word("growth", language), figures=cells, level=level)
    if in_all or any(increase):
        cells = [_as_said(figure) for figure in (None, *increase, in_all, None)]
        yield _row(
            plan,
            RowKind.CHANGE,
            word("increase", language),
            unit=scope.indicator.unit,
            figures=cells,
            level=level,
        )


def _as_said(figure: Figure | None, *, percent: bool = False) -> Cell:
    """Print a figure of the plan, a blank where it says nothing."""
    return BLANK if figure is None else figure_cell(figure, percent=percent)


@dataclass(frozen=True)
class _Scope:
    """The area or a group: what the plan and the quotas say of it."""

    plan: Plan
    indicator: Indicator
    quotas: Floats
    label: str
    members: NDArray[np.bool_]
    target: Target
    stated: Stated

    def figures(self) -> list[Cell]:
        """Return the cells of base year, years, total or end, average growth."""
        base = self._base()
        years = [self._year(number, year) for number, year in enumerate(self.plan.years)]
        end = self._total() if self.indicator.kind == "flow" else years[-1]
        return [*_evenly([base, *years, end]), self._average_growth(base, years[-1])]

    def _first(self, *figures: Figure | None, otherwise: Floats) -> Cell:
        """Print the first figure that is given, otherwise the sum of quotas."""
        given = next((one for one in figures if one is not None and one.given), None)
        if given is not None:
            return figure_cell(given)
        return Steps.of(otherwise, self.indicator).cell(range(otherwise.size))

    def _year(self, number: int, year: int) -> Cell:
        return self._first(
            self.target.years.get(year),
            self.target.each_year,
            self.stated.years.get(year),
            otherwise=self.quotas[self.members, number],
        )

    def _total(self) -> Cell:
        quotas = self.quotas[self.members].ravel()
        return self._first(self.target.total, self.stated.total, otherwise=quotas)

    def _base(self) -> Cell:
        """Return the base year's sum; none where a region that takes part has no base."""
        if self.members.all() and self.indicator.base_total is not None:
            return figure_cell(Figure(self.indicator.base_total))
        takes = self.plan.applies(self.indicator).any(axis=1) & self.members
        base = self.plan.base(self.indicator)
        if not takes.any() or np.isnan(base[takes & ~self.plan.reserve]).any():
            return ABSENT
        return number_cell(float(np.nansum(base[takes])), decimals_of(self.indicator))

    def _average_growth(self, base: Cell, last: Cell) -> Cell:
        """Print the rate that the plan gives, else that between the figures of the row."""
        given = (self.target.growth, self.stated.growth.get("average"))
        figure = next((one for one in given if one is not None and one.given), None)
        if figure is not None:
            return figure_cell(figure, percent=True)
        first, final = base.amount, last.amount
        if first is None or final is None or first <= 0 or final < 0:
            return ABSENT
        years = self.plan.years[-1] - self.plan.base_year
        return number_cell((final / first) ** (1 / years) - 1, RATE_DECIMALS, percent=True)


def _scopes(plan: Plan, indicator: Indicator, quotas: Floats) -> list[_Scope]:
    """List the area, then the groups with rows of their own.

    Where the plan gives figures for a group, every group with a subtotal has a row too.
    """
    targets = {plain(name): target for name, target in indicator.group_targets.items()}
    stated = {plain(name): figures for name, figures in indicator.stated.groups.items()}
    named = {*targets, *stated}
    everyone = np.ones(len(plan.regions), dtype=bool)
    area = _Scope(
        plan, indicator, quotas, indicator.label, everyone, indicator.target, indicator.stated
    )
    return [
        area,
        *(
            _Scope(
                plan,
                indicator,
                quotas,
                group.label or name,
                plan.members[number],
                targets.get(plain(name), Target()),
                stated.get(plain(name), Stated()),
            )
            for number, (name, group) in enumerate(plan.groups.items())
            if plain(name) in named or (named and group.subtotal)
        ),
    ]


def _evenly(cells: list[Cell]) -> list[Cell]:
    """Print the sums of a row with no more decimals than its numbers need."""
    numbers = [cell.number for cell in cells if cell.number is not None]
    most = max(map(digits, numbers), default=0)
    return [
        cell if cell.number is None else number_cell(cell.number, min(cell.decimals, most))
        for cell in cells
    ]
