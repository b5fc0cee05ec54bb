"""The letter of responsibility of one region: all its indicators, all years."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from decompose.labels import Language, say, word
from decompose.plan import Indicator, Plan
from decompose.plan.steps import as_printed
from decompose.problem import Floats
from decompose.tables.model import (
    ABSENT,
    BLANK,
    Cell,
    Column,
    ColumnKind,
    Row,
    RowKind,
    Table,
    number_cell,
    text_cell,
)
from decompose.tables.order import entries, goals_title, local_title, status_line
from decompose.tables.printed import (
    Printed,
    base_values,
    part_name,
    printed_decimals,
    printed_name,
    printed_unit,
    published,
    stretch_of,
)


def letter(printed: Printed, region: int, *, language: Language = "zh") -> Table | None:
    """Make the table of one region: a row per indicator, a column per year.

    The numbers are those of annex 2; in the last column stands a flow's sum over the years, of
    any other indicator its last year, of growth nothing.

    Parameters
    ----------
    printed
        An Allocation.
    region
        Its index.
    language
        Of headings and titles.

    Returns
    -------
    None where nothing is handed out to the region.
    """
    plan = printed.plan
    rows = tuple(_rows(printed, region, language))
    if not rows:
        return None
    name = plan.region_names[region]
    return Table(
        name=say("sheet_of_letter", region=name).text(language),
        label="",
        title=goals_title("letter_title", local_title(plan), language, region=name),
        columns=_columns(plan, language),
        rows=rows,
        status_line=status_line(plan, language),
        language=language,
        kind="letters",
        region=name,
    )


def _columns(plan: Plan, language: Language) -> tuple[Column, ...]:
    def column(code: str, kind: ColumnKind, *, optional: bool = True) -> Column:
        head = word(code, language)
        return Column(head, head, kind, optional=optional)

    base, *years = (
        say("year_head", year=year).text(language) for year in (plan.base_year, *plan.years)
    )
    return (
        column("number", ColumnKind.MARK, optional=False),
        column("indicator", ColumnKind.LABEL, optional=False),
        column("unit", ColumnKind.MARK),
        Column(base, base, optional=True),
        *(Column(year, year) for year in years),
        column("total_or_end", ColumnKind.FIGURE, optional=False),
        column("nature", ColumnKind.MARK),
        column("department", ColumnKind.TEXT),
    )


def _rows(printed: Printed, region: int, language: Language) -> Iterator[Row]:
    plan = printed.plan
    section: str | None = None
    number = 0
    told: set[str] = set()
    for entry in entries(plan, 2):
        indicator = entry.indicator
        numbers = printed.region_values(indicator.id)[region]
        if np.isnan(numbers).all():
            continue
        level = entry.level if entry.parent is not None and entry.parent.id in told else 0
        told.add(indicator.id)
        if level == 0:
            number += 1
            if indicator.section is not None and indicator.section != section:
                blanks = (BLANK,) * (len(plan.years) + 5)
                yield Row(RowKind.SECTION, (BLANK, text_cell(indicator.section), *blanks))
            section = indicator.section
        name = printed_name(indicator, language)
        yield Row(
            RowKind.PART if level else RowKind.INDICATOR,
            (
                BLANK if level else Cell(number),
                text_cell(part_name(name, language) if level else name),
                text_cell(printed_unit(indicator, language)),
                *_numbers(plan, indicator, base_values(plan, indicator)[[region]]),
                *_figures(plan, indicator, numbers, plan.region_names[region]),
                text_cell(word(indicator.nature, language) if indicator.nature else ""),
                text_cell(word("list_separator", language).join(indicator.department)),
            ),
            level,
        )
        stretch = stretch_of(printed, indicator)
        if stretch is not None:
            numbers = stretch.region_values(indicator.id)[region]
            higher = _figures(plan, indicator, numbers, plan.region_names[region])
            target = text_cell(word("stretch_target", language))
            cells = (BLANK, target, text_cell(printed_unit(indicator, language)), BLANK)
            yield Row(RowKind.CHANGE, (*cells, *higher, BLANK, BLANK), level + 1)


def _figures(plan: Plan, indicator: Indicator, numbers: Floats, region: str) -> list[Cell]:
    """Print the numbers of the years, and their sum or the last of them; growth has neither."""
    change, end = published(indicator), numbers[-1]
    if change == "growth":
        end = np.nan
    elif change == "increment" or (change == "value" and indicator.kind == "flow"):
        end = as_printed(np.nansum(numbers, keepdims=True))[0]
    *cells, last = _numbers(plan, indicator, np.append(numbers, end))
    quotas = (
        replace(cell, about=(indicator.id, region, year))
        for cell, year in zip(cells, plan.years, strict=True)
    )
    return [*quotas, last]


def _numbers(plan: Plan, indicator: Indicator, numbers: Floats) -> list[Cell]:
    decimals = printed_decimals(plan, indicator)
    return [
        ABSENT if np.isnan(value) else number_cell(value, decimals) for value in numbers.tolist()
    ]
