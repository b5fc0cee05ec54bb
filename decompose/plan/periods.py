"""Periods within a year: 2015, 2015-07, 2015Q3, 2015H1, and the words that documents use."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from decompose.figures import plain
from decompose.labels import Message, say
from decompose.labels import periods as words

MONTHS = 12
_TOLERANCE = 1e-9
_DATES = (
    re.compile(r"(?P<year>\d{4})(?P<mark>[-/.])(?P<month>\d{1,2})(?P=mark)\d{1,2}( 0?0:00(:00)?)?"),
    re.compile(
        rf"(?P<year>\d{{4}}){words.YEAR}(?P<month>\d{{1,2}}){words.MONTH}\d{{1,2}}{words.DAY}"
    ),
)
_BEFORE = re.compile(rf"(\d{{4}})(?:{words.YEAR}|[-./])?")
_RANGE = re.compile(rf"0?(\d{{1,2}})(?:{words.MONTH})?{words.TO}0?(\d{{1,2}}){words.MONTH}")
_MONTH = re.compile(rf"(\d{{1,2}})(?:{words.MONTH})?")
_QUARTER = re.compile(rf"q([1-4])|{words.QUARTER}")
_QUARTERS = re.compile(words.QUARTERS)
_HALF = re.compile("h([12])")
_UNTIL = re.compile(rf"(?:{words.UNTIL})?(.+?)(?:{words.END})?")
_BEHIND = re.compile(rf"(?:{words.UNTIL})$")
_WITHIN = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d(?!\d)|\d{3})")
"""Where a period may begin in a longer text."""
_LONGEST = 16
"""The letters of the longest period within a longer text."""


class Part(NamedTuple):
    """A part of a year: its first and last month, and its short name (07, Q3, H1, or none)."""

    first: int
    last: int
    name: str


class Period(NamedTuple):
    """A period within one year.

    Attributes
    ----------
    year
        The year.
    first, last
        Its months; a sum since the beginning of the year runs to ``last``.
    name
        As a frame spells it: 2015, 2015-07, 2015Q3, 2015H1.
    """

    year: int
    first: int
    last: int
    name: str

    @property
    def so_far(self) -> Message:
        """The words for its year up to its end."""
        if self.last == 1:
            return say("in_january", year=self.year)
        return say("up_to_month", year=self.year, month=words.MONTH_NAMES[self.last - 1])


def parse_period(value: object, *, year: int | None = None) -> Period:
    """Read a period.

    Parameters
    ----------
    value
        A text, a year as a number, or a date or pandas Period (its month, quarter or year).
    year
        The year of a text that has none.

    Raises
    ------
    ValueError
        With a message: not a period, or one without a year.
    """
    return _read(_text_of(value), year, str(value))


@lru_cache(maxsize=1024)
def _read(text: str, year: int | None, said: str) -> Period:
    """Read a text in plain form; a file says the same few periods over and over."""
    if until := _UNTIL.fullmatch(text):
        text = until[1]
    if date := next((one for read in _DATES if (one := read.fullmatch(text))), None):
        return _period(int(date["year"]), _month(int(date["month"]), text), text)
    found = _BEFORE.match(text)
    rest = text if found is None else text[found.end() :]
    if found is None and year is None:
        _part(text)
        raise ValueError(say("period_no_year", found=said))
    own = int(found[1]) if found is not None else year or 0
    try:
        return _of_year(own, text, rest, found is not None)
    except ValueError:
        raise ValueError(say("period_wrong", found=said)) from None


def _of_year(own: int, text: str, rest: str, dated: bool) -> Period:
    """Read a text, the rest of which follows its year."""
    if re.fullmatch(r"\d{6}", text):
        return _period(own, _month(int(text[4:]), text), text)
    if re.fullmatch(r"\d{4}\.\d", text):  # a spreadsheet's 2015.10 is 2015.1
        raise ValueError(say("period_wrong", found=text))
    part = Part(1, MONTHS, "") if dated and not rest else _part(rest)
    return _period(own, part, text)


def parse_heading(text: str, *, year: int | None = None) -> tuple[Period, bool | None] | None:
    """Read a heading that names a period.

    Returns
    -------
    The period, and whether the numbers are of it alone (None where the heading does not say);
    None for any other heading.
    """
    body, alone = plain(text), None
    for ends, single in ((words.CUMULATIVE, False), (words.SINGLE, True)):
        end = next((end for end in ends if body.lower().endswith(end)), None)
        if end is not None:
            body, alone = body[: -len(end)], single
            break
    try:
        return parse_period(body, year=year), alone
    except ValueError:
        return None


def periods_in(text: str) -> dict[str, Period]:
    """Find the periods that a longer text names, such as a title, by the words for each.

    A day is when somebody wrote it, unless it says "until".
    """
    shown = plain(text)
    found: dict[str, Period] = {}
    after = 0
    for begin in _WITHIN.finditer(shown):
        longest = min(len(shown), begin.start() + _LONGEST)
        for end in range(longest, begin.end() - 1, -1) if begin.start() >= after else ():
            said = shown[begin.start() : end].strip()
            try:
                period = parse_period(said)
            except ValueError:
                continue
            after = end
            if not any(read.fullmatch(said) for read in _DATES) or _BEHIND.search(
                shown[: begin.start()]
            ):
                found[said] = period
            break
    return found


def shares_of(schedule: Mapping[str, float]) -> tuple[float, ...]:
    """Return the share of a year's quota that is due by the end of each month.

    Between the points of a schedule the share rises evenly, from nothing at the beginning to
    all at the end of the year; without a schedule it is month / 12.

    Raises
    ------
    ValueError
        With a message: a key is no point of a year, or a share falls.
    """
    points = {0: 0.0, MONTHS: 1.0}
    for key, share in schedule.items():
        try:
            month = _part(plain(key).lower()).last
        except ValueError:
            raise ValueError(say("schedule_key", found=key)) from None
        if month == MONTHS and abs(share - 1) > _TOLERANCE:
            raise ValueError(say("schedule_end", found=key, share=f"{share:.6%}"))
        points[month] = share
    months = sorted(points)
    for before, month in itertools.pairwise(months):
        if points[month] < points[before] or not 0 <= points[month] <= 1:
            raise ValueError(say("schedule_share", found=month, share=f"{points[month]:.2%}"))
    return tuple(_between(points, months, month) for month in range(1, MONTHS + 1))


def _between(points: Mapping[int, float], months: list[int], month: int) -> float:
    if month in points:
        return points[month]
    after = next(one for one in months if one > month)
    before = max(one for one in months if one < month)
    rise = points[after] - points[before]
    return points[before] + rise * (month - before) / (after - before)


def _text_of(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    # a space between digits stays: 2015 07 is not 201507
    return re.sub(r"\s+(?=\D)|(?<=\D)\s+", "", plain(str(value)).lower())


def _part(text: str) -> Part:
    """Read a part of a year."""
    if found := _RANGE.fullmatch(text):
        first, last = (_month(int(one), text).last for one in found.groups())
        if first <= last:
            return Part(first, last, f"{last:02d}")
    if text in words.FIRST_QUARTERS:
        quarter = words.FIRST_QUARTERS[text]
        return Part(1, 3 * quarter, f"Q{quarter}")
    if found := _MONTH.fullmatch(text):
        return _month(int(found[1]), text)
    if found := _QUARTER.fullmatch(text):
        digit = found[1] or found[2]
        quarter = words.DIGITS.get(digit) or int(digit)
        return Part(3 * quarter - 2, 3 * quarter, f"Q{quarter}")
    if found := _QUARTERS.fullmatch(text):
        quarter = words.DIGITS.get(found[1]) or int(found[1])
        return Part(1, 3 * quarter, f"Q{quarter}")
    if text in words.MONTH_WORDS:
        return _month(words.MONTH_WORDS.index(text) + 1, text)
    if found := _HALF.fullmatch(text):
        return _half(int(found[1]))
    if text in words.HALVES:
        return _half(words.HALVES.index(text) + 1)
    if text == words.WHOLE_YEAR:
        return Part(1, MONTHS, "")
    raise ValueError(say("period_wrong", found=text))


def _half(half: int) -> Part:
    return Part(6 * half - 5, 6 * half, f"H{half}")


def _month(month: int, text: str) -> Part:
    if not 1 <= month <= MONTHS:
        raise ValueError(say("period_wrong", found=text))
    return Part(month, month, f"{month:02d}")


def _period(year: int, part: Part, text: str) -> Period:
    if not 1000 <= year <= 9999:
        raise ValueError(say("period_wrong", found=text))
    mark = "-" if part.name.isdecimal() else ""
    return Period(year, part.first, part.last, f"{year}{mark}{part.name}")
