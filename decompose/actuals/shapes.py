"""The shapes of a table of actuals: a number to a row, or months, indicators or regions across."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from decompose.actuals.entries import Entry
from decompose.actuals.files import Named
from decompose.enough import MOST_MISTAKES
from decompose.errors import Mistake
from decompose.labels import Message, say, word
from decompose.labels.progress import (
    INDICATOR_HEADS,
    PASSED_ENDS,
    PASSED_HEADS,
    PERIOD_HEADS,
    SINGLE_HEADS,
    UNIT_HEADS,
    UNIT_MARK,
    VALUE_HEADS,
    YEAR_HEADS,
)
from decompose.labels.words import REGION_HEADS
from decompose.plan.periods import Period, parse_heading, parse_period
from decompose.reading.columns import read_cell
from decompose.reading.table import Row, Table

_NAMES = {"indicator": INDICATOR_HEADS, "region": REGION_HEADS, "period": PERIOD_HEADS}
_ANY_YEAR = 2000


class _Shape(NamedTuple):
    """Where a table says what.

    Attributes
    ----------
    columns
        The columns of names: indicator, region, period.
    year, own_year
        The column of years; the year of the table where its name is one.
    fixed
        What no column says, and holds throughout.
    spread
        What stands across: each heading says one; empty where each row has one number.
    numbers
        The columns of numbers, and whether they are of their period alone.
    unit
        The column of units.
    """

    columns: Mapping[str, int]
    year: int | None
    own_year: int | None
    fixed: Mapping[str, str]
    spread: str
    numbers: Mapping[int, bool]
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
    shape = _shape_of(named, period, alone)
    if isinstance(shape, Message):
        if not any(table.heads) and mistakes:
            return  # merged headings are told already
        mistakes.append(Mistake(shape, (), table.file.cell(table.head_row)))
        return
    if shape.spread == "period":
        shape, across = _with_periods(table, shape, mistakes)
    else:
        across = {k: _without_unit(table.heads[k]) for k in shape.numbers}
    for row in table.rows:
        yield from _row(table, row, shape, across, mistakes)
        if len(mistakes) > MOST_MISTAKES:
            return


def _shape_of(named: Named, period: str | None, alone: bool) -> _Shape | Message:
    table = named.table
    places = {what: table.column(heads) for what, heads in _NAMES.items()}
    columns = {what: place for what, place in places.items() if place is not None}
    missing = [what for what in _NAMES if what not in columns]
    own = parse_heading(named.name)
    own_year = own[0].year if own is not None and own[0].name.isdecimal() else None
    year = table.column(YEAR_HEADS)
    others = [
        k
        for k, head in enumerate(table.heads)
        if k not in (*columns.values(), year)
        and head.lower() not in PASSED_HEADS
        and not head.lower().endswith(PASSED_ENDS)
    ]
    numbers, spread = _value_columns(table, others, alone), ""
    if not numbers:
        numbers = dict.fromkeys(others, alone)
        months = [
            k
            for k in others
            if parse_heading(table.heads[k], year=own_year if year is None else _ANY_YEAR)
        ]
        across = "period" in missing and (missing == ["period"] or len(months) == len(others))
        spread = "period" if across and numbers else next(iter(missing), "")
    said = {"indicator": named.name, "region": named.name, "period": _period_of(named, period)}
    fixed = {what: name for what in missing if what != spread and (name := said[what])}
    lost = [what for what in missing if what != spread and what not in fixed]
    if not numbers or lost or {"indicator", "region"} <= fixed.keys():
        wanted = [word(what) for what in lost or missing] or [VALUE_HEADS[0]]
        return say("actuals_no_column", missing=wanted, found=list(table.heads))
    return _Shape(columns, year, own_year, fixed, spread, numbers, table.column(UNIT_HEADS))


def _period_of(named: Named, period: str | None) -> str | None:
    """Return the period of a whole table: what was asked, or what its name says."""
    if period is not None:
        return period
    found = parse_heading(named.name)
    return None if found is None else found[0].name


def _value_columns(table: Table, others: list[int], alone: bool) -> dict[int, bool]:
    """Return the columns of numbers, and whether they are single: sums go first where both are."""
    sums = [k for k in others if table.heads[k].lower() in VALUE_HEADS]
    singles = [k for k in others if table.heads[k].lower() in SINGLE_HEADS]
    if sums:
        return dict.fromkeys(sums[:1], alone)
    return dict.fromkeys(singles[:1], True)


def _without_unit(head: str) -> str:
    """Take a unit in parentheses off a heading."""
    before, mark, _ = head.rpartition(UNIT_MARK[0])
    return before.strip() if mark and head.endswith(UNIT_MARK[1]) and before.strip() else head


def _unit_in(head: str) -> str:
    """Return the unit in parentheses of a heading."""
    before = _without_unit(head)
    return head[len(before) :].strip().strip("".join(UNIT_MARK)) if before != head else ""


def _with_periods(
    table: Table, shape: _Shape, mistakes: list[Mistake]
) -> tuple[_Shape, dict[int, str | Period]]:
    """Read the headings of a table with a period to a column; what is none is told."""
    across: dict[int, str | Period] = {}
    numbers: dict[int, bool] = {}
    for k, alone in shape.numbers.items():
        # with a column of years, the year of a heading does not matter
        found = parse_heading(
            table.heads[k], year=shape.own_year if shape.year is None else _ANY_YEAR
        )
        if found is None:
            place = table.file.cell(table.head_row, k + 1)
            mistakes.append(Mistake(say("actuals_head", found=table.heads[k]), (), place))
            continue
        across[k], single = found
        numbers[k] = alone if single is None else single
    return shape._replace(numbers=numbers), across


def _row(
    table: Table,
    row: Row,
    shape: _Shape,
    across: Mapping[int, str | Period],
    mistakes: list[Mistake],
) -> Iterator[Entry]:
    """Read the numbers of a row; a row without numbers needs no names."""
    cells = {k: row.cells[k] for k in shape.numbers if row.cells[k]}
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
        period = parse_period(names["period"], year=of_text) if "period" in names else None
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
        said = across[k]
        when = period if isinstance(said, str) else _in_year(said, year)
        if isinstance(said, str) and shape.spread:
            names[shape.spread] = said
        if cell is not None and when is not None:
            alone = shape.numbers[k]
            unit = _unit_in(table.heads[k]) if shape.unit is None else row.cells[shape.unit]
            yield Entry(names["indicator"], names["region"], when, alone, cell, where, unit)


def _in_year(period: Period, year: int | None) -> Period:
    if year is None:
        return period
    return period._replace(year=year, name=f"{year}{period.name[4:]}")
