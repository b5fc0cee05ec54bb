"""The shapes of a table of actuals: a number to a row, or months, indicators or regions across."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from decompose.actuals.entries import Entry
from decompose.actuals.heads import ANY_YEAR, NAMES, Head, heads_of, without_unit
from decompose.actuals.titles import Named, told_of
from decompose.enough import MOST_MISTAKES
from decompose.errors import Mistake
from decompose.figures import plain
from decompose.labels import Message, say, word
from decompose.labels.progress import NOT_REPORTED, UNIT_HEADS, VALUE_HEADS, YEAR_HEADS
from decompose.plan.periods import Period, parse_heading, parse_period
from decompose.reading.columns import read_cell
from decompose.reading.table import Row, Table

_REMEMBERED = 4096
"""Periods and names of indicators, which stand in row after row of a long table."""


class _Shape(NamedTuple):
    """Where a table says what.

    Attributes
    ----------
    columns
        The columns of names: indicator, region, period.
    year
        The column of years.
    own_year
        The year of periods without one.
    fixed
        What no column says, and holds throughout.
    spread
        Whether names of indicators or of regions stand across; blank where neither does.
    heads
        The columns of numbers, and what their headings say.
    when
        The periods of these columns, where they stand across.
    alone
        Whether numbers are of their period alone where no heading says so.
    unit
        The column of units.
    """

    columns: Mapping[str, int]
    year: int | None
    own_year: int | None
    fixed: Mapping[str, str]
    spread: str
    heads: Mapping[int, Head]
    when: Mapping[int, Period]
    alone: bool
    unit: int | None


def read_entries(
    named: Named, mistakes: list[Mistake], *, period: str | None, alone: bool
) -> Iterator[Entry]:
    """Read the numbers of a table.

    Parameters
    ----------
    named
        The table.
    mistakes
        Takes what is wrong in it.
    period
        The period of a table that does not say it.
    alone
        Whether numbers are of their period alone where no heading says so.
    """
    table = named.table
    shape = _shape_of(named, mistakes, period, alone=alone)
    if isinstance(shape, Message):
        mistakes.append(Mistake(shape, (), table.file.cell(table.head_row)))
        return
    for row in table.rows:
        yield from _row(table, row, shape, mistakes)
        if len(mistakes) > MOST_MISTAKES:
            return


def _shape_of(
    named: Named, mistakes: list[Mistake], asked: str | None, *, alone: bool
) -> _Shape | Message:
    """Find where a table says what; headings that say nothing that could be meant are told."""
    table = named.table
    told = told_of(named, asked)
    if isinstance(told, Message):
        return told
    places = {what: table.column(heads) for what, heads in NAMES.items()}
    columns = {what: place for what, place in places.items() if place is not None}
    missing = [what for what in NAMES if what not in columns]
    year = table.column(YEAR_HEADS)
    heads = heads_of(table)
    values = {k: head for k, head in heads.items() if not (head.name or head.when)}
    across = {} if values and not table.above else {k: heads[k] for k in heads.keys() - values}
    dated = [k for k, head in across.items() if head.when]
    named_all = [k for k, head in across.items() if head.name]
    spread: list[str] = []
    if "period" in missing and across and not (told.period and not dated):
        spread += ["period"] * (missing == ["period"] or len(dated) == len(across))
    if named_all and (len(named_all) == len(across) or not spread):
        spread += [what for what in missing if what != "period"][:1]
    numbers = _sums_first(across or values, alone=alone)
    period = None if told.period is None else told.period.name
    said = {"indicator": told.name, "region": told.name, "period": period}
    fixed = {what: name for what in missing if what not in spread and (name := said[what])}
    lost = [what for what in missing if what not in spread and what not in fixed]
    if dated and lost == ["period"]:
        return say("actuals_no_year", found=table.heads[min(dated)])
    if not numbers or lost or {"indicator", "region"} <= fixed.keys():
        wanted = [word(what) for what in lost or missing] or [VALUE_HEADS[0]]
        return say("actuals_no_column", missing=wanted, found=list(table.heads))
    when: dict[int, Period] = {}
    if "period" in spread:
        of_heads = told.year if year is None else ANY_YEAR  # a column of years counts before
        for k in sorted(numbers):
            found = parse_heading(numbers[k].when, year=of_heads)
            if found is None:
                if numbers[k].when and of_heads is None:
                    return say("actuals_no_year", found=table.heads[k])
                place = table.file.cell(table.head_row, k + 1)
                mistakes.append(Mistake(say("actuals_head", found=table.heads[k]), (), place))
                del numbers[k]
            else:
                when[k] = found[0]
    across_name = next((what for what in spread if what != "period"), "")
    unit = table.column(UNIT_HEADS)
    return _Shape(columns, year, told.year, fixed, across_name, numbers, when, alone, unit)


def _sums_first(heads: Mapping[int, Head], *, alone: bool) -> dict[int, Head]:
    """Return the columns of numbers; of those of one name and period the sums where both are."""
    found: dict[tuple[str, str], int] = {}
    for k, head in sorted(heads.items()):
        other = found.get((head.name, head.when))
        single = alone if head.alone is None else head.alone
        if other is None or (not single and heads[other].alone):
            found[head.name, head.when] = k
    return {k: heads[k] for k in sorted(found.values())}


def _row(table: Table, row: Row, shape: _Shape, mistakes: list[Mistake]) -> Iterator[Entry]:
    """Read the numbers of a row; a row without numbers needs no names."""
    cells = {k: text for k in shape.heads if (text := row.cells[k]) and text not in NOT_REPORTED}
    if not cells:
        return
    names = {**shape.fixed, **{what: row.cells[place] for what, place in shape.columns.items()}}
    blank = [what for what, name in names.items() if not name]
    if blank:
        where = table.file.cell(row.number, shape.columns[blank[0]] + 1)
        mistakes.append(Mistake(say("actuals_blank", missing=word(blank[0])), (), where))
        return
    try:
        year = None if shape.year is None else parse_period(row.cells[shape.year]).year
        of_text = year or shape.own_year
        said = _heading(names["period"], of_text) if "period" in names else None
        if said is None and "period" in names:
            parse_period(names["period"], year=of_text)  # says what is wrong with it
        period, single = (None, None) if said is None else said
    except ValueError as error:
        column = shape.columns.get("period", shape.year)
        where = table.file.cell(row.number, 0 if column is None else column + 1)
        mistakes.append(Mistake(error.args[0], (), where))
        return
    for k, text in cells.items():
        where = table.file.cell(row.number, k + 1)
        try:
            cell = read_cell(text)
        except ValueError as error:
            mistakes.append(Mistake(error.args[0], (), where))
            continue
        head = shape.heads[k]
        when = _in_year(shape.when[k], year) if k in shape.when else period
        if shape.spread:
            names[shape.spread] = head.name
        if cell is not None and when is not None:
            alone = next(one for one in (single, head.alone, shape.alone) if one is not None)
            name, unit = _name(names["indicator"])
            unit = unit or (head.unit if shape.unit is None else row.cells[shape.unit])
            yield Entry(name, names["region"], when, alone, cell, where, unit)


@lru_cache(maxsize=_REMEMBERED)
def _heading(text: str, year: int | None) -> tuple[Period, bool | None] | None:
    return parse_heading(text, year=year)


@lru_cache(maxsize=_REMEMBERED)
def _name(text: str) -> tuple[str, str]:
    return without_unit(plain(text))


def _in_year(period: Period, year: int | None) -> Period:
    if year is None:
        return period
    return period._replace(year=year, name=f"{year}{period.name[4:]}")
