"""Annex 1: the area, by year; a row per indicator, in blocks by section."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from decompose.labels import Language, say, term, word
from decompose.plan import Indicator, Plan
from decompose.problem import AREA, group_scope
from decompose.rounding import Shift
from decompose.tables.model import BLANK, Cell, Column, ColumnKind, Row, RowKind, Table, text_cell
from decompose.tables.moved import moved_notes
from decompose.tables.order import (
    Entry,
    entries,
    gap_notes,
    goals_title,
    indicator_notes,
    shortfall_notes,
    status_line,
)
from decompose.tables.printed import (
    Printed,
    part_name,
    printed_decimals,
    printed_name,
    printed_unit,
    published,
)
from decompose.tables.scope import Scope
from decompose.tables.scopes import group_rows, scopes


def annex1(printed: Printed, *, language: Language = "zh") -> Table:
    """Make annex 1: the area's figures by year.

    A figure of the plan is printed as the plan writes it; where it has none, the number that
    regions together have (a sum; of a ratio, the ratio of them all); a dash where there is
    neither. The words of ``display`` stand in place of either. Of a cut or rise until the last
    year, the years before have a dash. A goal in words stands across years and end. The average
    growth is computed from the figures of its row, unless the plan says it; a ratio has none. What
    of a figure could not be handed out stands in a row beneath it.

    Parameters
    ----------
    printed
        An Allocation.
    language
        Of headings and titles.
    """
    plan = printed.plan
    shown = entries(plan, 1)
    rows = tuple(_rows(printed, shown, language))
    return Table(
        name=word("annex1", language),
        label=word("annex1", language),
        title=goals_title("annex1_title", plan.title, language),
        columns=area_columns(plan, language),
        rows=rows,
        status_line=status_line(plan, language),
        notes=(
            *indicator_notes(plan, shown, plan.years, by_year=True, language=language),
            *_mix_notes(printed, shown, language),
            *moved_notes(printed, shown, partial(_has_row, plan), language=language),
            *_gap_notes(rows, language),
            *shortfall_notes(printed, shown, None, language),
        ),
        language=language,
        kind="annex1",
    )


def _has_row(plan: Plan, indicator: Indicator, shift: Shift) -> bool:
    """Whether the table has the sum of which a shift speaks: the area's, or a group's row."""
    return shift.scope in (AREA, *map(group_scope, group_rows(plan, indicator)))


def _mix_notes(printed: Printed, shown: list[Entry], language: Language) -> list[str]:
    """Split what a cut, or a rise, comes to by the last year: what mix brings, what regions do."""
    plan, changes = printed.plan, printed.mix
    last = changes[(changes["scope"] == plan.total_label) & (changes["year"] == plan.years[-1])]
    found = last.set_index("indicator")[["change", "mix"]].to_dict("index")
    notes = []
    for entry in shown:
        one, way = entry.indicator, published(entry.indicator)
        if one.id not in found or way == "value" or not one.decompose:
            continue
        digits, unit = printed_decimals(plan, one), printed_unit(one, language)
        whole, mix = (round(found[one.id][key], digits) for key in ("change", "mix"))
        if not mix:
            continue
        space = " " if language == "en" and unit[:1].isalpha() else ""
        whole_told, mix_told, own_told = (
            f"{value + 0.0:.{digits}f}{space}{unit}" for value in (whole, mix, whole - mix)
        )
        told = say(
            f"mix_note_{way}",
            name=printed_name(one, language),
            year=plan.years[-1],
            whole=whole_told,
            mix=mix_told,
            own=own_told,
        )
        notes.append(told.text(language))
    return notes


def _gap_notes(rows: Sequence[Row], language: Language) -> list[str]:
    """Tell what the rows of gaps are."""
    gaps = [cell.number for row in rows if row.kind is RowKind.GAP for cell in row.cells]
    if not gaps:
        return []
    note = say("gap_note", gap=term("gap")).text(language)
    return [note, *gap_notes([gap for gap in gaps if gap is not None], language)]


def area_columns(plan: Plan, language: Language) -> tuple[Column, ...]:
    """Return the columns that ``indicator_rows`` fills."""

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


def _rows(printed: Printed, shown: list[Entry], language: Language) -> Iterator[Row]:
    plan = printed.plan
    section: str | None = None
    number = 0
    for entry in shown:
        indicator, level = entry.indicator, entry.level
        if level == 0:
            number += 1
            if indicator.section is not None and indicator.section != section:
                yield _row(plan, RowKind.SECTION, indicator.section)
            section = indicator.section
        yield from indicator_rows(printed, indicator, level, number, language)


def indicator_rows(
    printed: Printed, indicator: Indicator, level: int, number: int, language: Language
) -> Iterator[Row]:
    """Make the rows of one indicator: the area's, what is said beside it, its groups'.

    Parameters
    ----------
    printed, indicator
        What is printed, and of which indicator.
    level, number
        How deep it stands, and its number in the list, which parts (level 1 and more) do not show.
    language
        Of the words.
    """
    plan, unit = printed.plan, printed_unit(indicator, language)
    area, *groups = scopes(printed, indicator, language)
    yield _row(
        plan,
        RowKind.PART if level else RowKind.INDICATOR,
        part_name(area.label, language) if level else area.label,
        number=BLANK if level else Cell(number),
        unit=unit,
        figures=area.figures(),
        nature=word(indicator.nature, language) if indicator.nature else "",
        department=word("list_separator", language).join(indicator.department),
        level=level,
    )
    yield from _lines(area, level + 1)
    for group in groups:
        figures = group.figures()
        below = level + 1
        yield _row(plan, RowKind.SUBTOTAL, group.label, unit=unit, figures=figures, level=below)
        yield from _lines(group, below + 1)


def _lines(scope: Scope, level: int) -> Iterator[Row]:
    for line in scope.lines():
        yield _row(
            scope.printed.plan,
            line.kind,
            line.name,
            unit=line.unit,
            figures=line.cells,
            level=level + line.level,
        )


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
