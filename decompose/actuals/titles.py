"""What is said of a whole table: by the name of its sheet, its title, the name of its file."""

from __future__ import annotations

import re
from typing import NamedTuple

from decompose.figures import plain
from decompose.labels import Message, say
from decompose.labels.progress import SHEET_NAMES
from decompose.plan.periods import Period, parse_heading, periods_in
from decompose.reading.table import Table

_UNNAMED = re.compile(SHEET_NAMES, re.IGNORECASE)
_JOINTS = " _-—,;:()"


class Named(NamedTuple):
    """A table, the name of its sheet (blank in a CSV file), and that of its file."""

    table: Table
    sheet: str
    file: str


class Told(NamedTuple):
    """What is said of a whole table.

    Attributes
    ----------
    name
        A name that may be a region's or an indicator's, without the period beside it.
    period, year
        The period of its numbers, and the year of periods without one; None where it is not said.
    """

    name: str
    period: Period | None
    year: int | None


def told_of(named: Named, asked: str | None) -> Told | Message:
    """Return what is said of a whole table; the sheet and the title must say the same.

    Parameters
    ----------
    named
        The table.
    asked
        The period that the caller gave, which counts before all others.
    """
    sheet = "" if _UNNAMED.fullmatch(plain(named.sheet)) else plain(named.sheet)
    name = sheet or plain(named.file)
    texts = [sheet, *named.table.titles, plain(named.file)]
    years = [
        {period.year for period in periods.values()}
        for periods in map(periods_in, texts)
        if periods
    ]
    year = next((min(some) for some in years if len(some) == 1), None)
    if asked is not None:
        period = parse_heading(asked, year=year)
        own = None if period is None else period[0]
        return Told(_bare_name(name), own, year if own is None else own.year)
    inner = [found for text in texts[:-1] if (found := _period(text, year)) is not None]
    exact = {one.name: one for one in inner if not one.name.isdecimal()}
    ends = {(one.year, one.last) for one in exact.values()}
    if len(ends) > 1 or any(one.year != year for one in exact.values() for year in _years(inner)):
        return say("actuals_periods", found=sorted({one.name for one in inner}))
    found = next(iter([*exact.values(), *inner]), None) or _period(texts[-1], year)
    return Told(_bare_name(name), found, year if found is None else found.year)


def _years(periods: list[Period]) -> set[int]:
    return {one.year for one in periods}


def _period(text: str, year: int | None) -> Period | None:
    """Return the one period that a text says; a year alone must be the text, or be called one."""
    whole = parse_heading(text, year=year)
    if whole is not None:
        return whole[0]
    found = [one for said, one in periods_in(text).items() if not said.isdecimal() or len(said) > 4]
    return found[0] if len({one.name for one in found}) == 1 else None


def _bare_name(name: str) -> str:
    """Take a period off a name; what is nothing else stays."""
    for said in periods_in(name):
        name = name.replace(said, " ")
    return name.strip(_JOINTS)
