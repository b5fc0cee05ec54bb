"""What the headings of numbers say: a name, a period, sums or single periods, a unit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from decompose.figures import bare, plain
from decompose.labels.progress import (
    INDICATOR_HEADS,
    PASSED_ENDS,
    PASSED_HEADS,
    PASSED_WORDS,
    PERIOD_HEADS,
    REPORTED_REGION_HEADS,
    SINGLE_HEADS,
    SINGLE_WORDS,
    SUM_WORDS,
    UNIT_HEADS,
    UNIT_MARK,
    UNITS,
    VALUE_HEADS,
    VALUE_WORDS,
    YEAR_HEADS,
)
from decompose.plan.periods import parse_heading, parse_period
from decompose.reading.columns import read_cell
from decompose.reading.table import Row, Table

NAMES = {
    "indicator": INDICATOR_HEADS,
    "region": REPORTED_REGION_HEADS,
    "period": PERIOD_HEADS,
}
"""The headings of what a number is of."""
ANY_YEAR = 2000
"""The year of a month's heading where a column has the years."""
_ALL = frozenset(map(bare, (*(head for heads in NAMES.values() for head in heads), *YEAR_HEADS)))
_MOST_LEVELS = 3
_FIRST_YEAR, _LAST_YEAR = 1900, 2100
_SINGLE, _VALUE = re.compile(SINGLE_WORDS), re.compile(VALUE_WORDS)
_PASSED = re.compile(f"(?:{PASSED_WORDS})$")
_UNIT = re.compile(UNITS)


class Head(NamedTuple):
    """What a heading says of the numbers under it; blank what it does not say.

    Attributes
    ----------
    name
        An indicator, or a region.
    when
        A period, as a text.
    alone
        Whether they are of their period alone.
    unit
        Their unit.
    """

    name: str = ""
    when: str = ""
    alone: bool | None = None
    unit: str = ""


def depth_of(rows: Sequence[Row]) -> int:
    """Tell of how many rows the headings are.

    Parameters
    ----------
    rows
        The rows from the first of them on.

    A row goes on with the headings above it where these are blank or the same over some of its
    cells, while nothing but headings stands in the columns of names.
    """
    first = [plain(cell) for cell in rows[0].cells]
    below = [*map(plain, rows[1].cells), *first] if len(rows) > 1 else first
    over = {k for k in range(len(first) - 1) if not first[k + 1] and below[k] and below[k + 1]}
    names = {k for k, head in enumerate(first) if bare(head) in _ALL and first.count(head) == 1}
    names -= over  # a section's heading, over several of its own
    if not names:
        return 1
    depth = 1
    while depth < min(len(rows), _MOST_LEVELS):
        cells = [plain(cell) for cell in rows[depth].cells]
        above = [plain(cell) for cell in rows[depth - 1].cells] + [""] * len(cells)
        own = {k: cell for k, cell in enumerate(cells) if cell and k not in names}
        covered = all(not cells[k] or cells[k] == first[k] for k in names if k < len(cells))
        open_ = any(not above[k] or above.count(above[k]) > 1 for k in own)
        if not (covered and open_ and all(map(_may_head, own.values()))):
            break
        depth += 1
    return depth


def _may_head(text: str) -> bool:
    """Whether a text is no number, or a year."""
    try:
        number = read_cell(text)
    except ValueError:
        return True
    whole = isinstance(number, float) and number.is_integer()
    return whole and _FIRST_YEAR <= float(number or 0) <= _LAST_YEAR


def heads_of(table: Table) -> dict[int, Head]:
    """Read the headings of the columns that may hold numbers, by column."""
    taken = {table.column(heads) for heads in (*NAMES.values(), YEAR_HEADS, UNIT_HEADS)}
    found: dict[int, Head] = {}
    for k, text in enumerate(table.heads):
        above = table.above[k] if table.above else ()
        parts = [_part(one) for one in (*above, text)]
        if k not in taken and None not in parts:
            found[k] = _together([part for part in parts if part is not None])
    return found


def _together(parts: Sequence[Head]) -> Head:
    """Join what stands above a heading with what it says itself; the lowest name counts."""
    whole = Head()
    for part in parts:
        when = _in(whole.when, part.when)
        alone = whole.alone if part.alone is None else part.alone
        whole = Head(part.name or whole.name, when, alone, part.unit or whole.unit)
    return whole


def _in(whole: str, part: str) -> str:
    """Return a period that stands under another: months under their year."""
    if not whole or not part:
        return part or whole
    try:
        parse_period(part)
    except ValueError:
        year = parse_heading(whole, year=ANY_YEAR)
        return part if year is None else f"{year[0].year}-{part}"
    return part


def _part(text: str) -> Head | None:
    """Read one text of a heading; None where it says that nothing of it counts."""
    name, unit = without_unit(text)
    key = bare(name)
    if passed(key):
        return None
    if key in SINGLE_HEADS or _SINGLE.fullmatch(key):
        return Head(alone=True, unit=unit)
    if key in VALUE_HEADS or _VALUE.fullmatch(key):
        alone = False if any(one in key for one in SUM_WORDS) else None
        return Head(alone=alone, unit=unit)
    period = parse_heading(name, year=ANY_YEAR)
    if period is not None:
        return Head(when=name, alone=period[1], unit=unit)
    return Head(name, unit=unit)


def passed(key: str) -> bool:
    """Whether a heading says nothing of what was reached: a target, a rate, a remark."""
    if key in PASSED_HEADS or key.endswith(PASSED_ENDS):
        return True
    end = _PASSED.search(key)
    if end is None:
        return False
    rest = key[: end.start()]
    words = _VALUE.fullmatch(rest) or _SINGLE.fullmatch(rest)
    return not rest or words is not None or parse_heading(rest, year=ANY_YEAR) is not None


def without_unit(text: str) -> tuple[str, str]:
    """Part a name from the unit in brackets behind it; other brackets are part of the name."""
    before, mark, behind = text.rpartition(UNIT_MARK[0])
    unit = behind.removesuffix(UNIT_MARK[1]).strip()
    parted = mark and behind.endswith(UNIT_MARK[1]) and before.strip()
    if not parted or not _UNIT.fullmatch(unit):
        return text, ""
    return before.strip(), unit
