"""Value texts: a number, at least, at most, about, an interval, a percentage, none.

A :class:`Figure` is what a plan says of a sum: how much, in which sense, and in which words.
Senses follow DESIGN section 2 "Targets".
"""

from __future__ import annotations

import enum
import math
import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

from decompose.labels import figures as words
from decompose.labels import say


class Sense(enum.StrEnum):
    """How a figure binds."""

    EXACT = "exact"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    ABOUT = "about"
    INTERVAL = "interval"
    NONE = "none"


@dataclass(frozen=True)
class Figure:
    """A figure with its sense and words.

    Attributes
    ----------
    value
        The number (the lower end of an interval); 0 where there is no figure.
    sense
        How it binds.
    upper
        The upper end of an interval, else None.
    text
        The words as printed; empty for a plain number.
    """

    value: float
    sense: Sense = Sense.EXACT
    upper: float | None = None
    text: str = ""

    @property
    def given(self) -> bool:
        """Whether there is a figure at all (a dash is none)."""
        return self.sense is not Sense.NONE

    def bounds(self, tolerance: float) -> tuple[float, float]:
        """Return the least and greatest sum that keep the figure (infinite where free)."""
        value = self.value
        spread = abs(value) * tolerance
        return {
            Sense.EXACT: (value, value),
            Sense.AT_LEAST: (value, math.inf),
            Sense.AT_MOST: (-math.inf, value),
            Sense.ABOUT: (value - spread, value + spread),
            Sense.INTERVAL: (value, self.upper if self.upper is not None else value),
            Sense.NONE: (-math.inf, math.inf),
        }[self.sense]

    def times(self, factor: float) -> Figure:
        """Return the same figure, its numbers multiplied (a margin, a number of regions)."""
        upper = None if self.upper is None else self.upper * factor
        return Figure(self.value * factor, self.sense, upper, self.text)

    def raw(self) -> float | str:
        """Return what a plan file would say: the words, or the number."""
        return self.text or self.value


_NUMBER = re.compile(r"[-+]?(\d{1,3}(,\d{3})+|\d+)?(\.\d+)?(e[-+]?\d{1,3})?", re.IGNORECASE)
_RANGE = re.compile(
    rf"(?P<low>[-−]?[\d.,]+%?)\s*({'|'.join(map(re.escape, words.RANGE))})"
    r"\s*(?P<high>[-−]?[\d.,]+%?)"
)
_BEFORE = (
    (Sense.AT_LEAST, words.AT_LEAST_BEFORE),
    (Sense.AT_MOST, words.AT_MOST_BEFORE),
    (Sense.ABOUT, words.ABOUT_BEFORE),
)
_AFTER = (
    (Sense.AT_LEAST, words.AT_LEAST_AFTER),
    (Sense.AT_MOST, words.AT_MOST_AFTER),
    (Sense.ABOUT, words.ABOUT_AFTER),
)


LARGEST = 10**15
"""No number of a plan is larger."""
_SHAPING = re.compile(words.SHAPING)
MOST_BITS = 3_000
"""No whole number that has more is written out, as a name or in a message."""
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
"""What no text may hold: files, tables and pages have no way to say it."""
_MOST_TIMES = 10
"""Nothing grows so many times over; from here on a bare number must be a percentage."""
_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
"""Marks without a width, which come along when a name is copied, or turn its direction."""


def written(value: object) -> str:
    """Return a value as messages show it: Python writes no number of thousands of digits."""
    if isinstance(value, int) and value.bit_length() > MOST_BITS:
        return f"{Decimal(value):.3g}"
    try:
        return str(value)
    except ValueError:  # it holds such a number
        return type(value).__name__


def visible(text: str) -> str:
    """Return a text without marks that nobody sees."""
    return _INVISIBLE.sub("", text)


def plain(text: str) -> str:
    """Return a text in its plain form (NFKC): half-width, without spaces and invisible marks."""
    if text.isascii():  # nearly all cells of large tables
        return text.strip()
    return unicodedata.normalize("NFKC", visible(text)).strip()


def bare(text: str) -> str:
    """Return a heading by its letters alone: no spaces, brackets, or marks between names."""
    return _SHAPING.sub("", plain(text)).lower()


def parse_number(value: object) -> tuple[Decimal, bool]:
    """Read one number.

    Parameters
    ----------
    value
        A number, or a text such as 1,000 or 37%, in half-width or full-width digits.

    Returns
    -------
    The number as written, and whether it is a percentage (37% gives 37 and True).

    Raises
    ------
    ValueError
        With a message: not a number, or not finite.
    """
    if isinstance(value, str):
        text = plain(value)
        percent = text.endswith("%")
        points = next((end for end in words.POINTS if text.endswith(end)), "")
        body = text[: -len(points)] if points else text[:-1] if percent else text
        body = body.strip().replace("−", "-")
        if not any(map(str.isdigit, body)) or not _NUMBER.fullmatch(body) or _marked(value):
            raise ValueError(say("not_a_number", found=value))
        number = Decimal(body.replace(",", ""))
        return _finite(number, value), percent or bool(points)
    if isinstance(value, int) and not isinstance(value, bool):
        return _finite(Decimal(value), value), False  # it may be too large for a float
    single = hasattr(value, "__float__") and not getattr(value, "ndim", 0)
    if isinstance(value, bool) or not single:
        raise ValueError(say("not_a_number", found=written(value)))
    try:
        read = float(cast(Any, value))
    except (TypeError, ValueError, ArithmeticError):  # a signalling NaN, an object of its own mind
        raise ValueError(say("not_a_number", found=written(value))) from None
    return _finite(Decimal(repr(read)), value), False


def _marked(text: str) -> bool:
    """Whether a text holds raised or circled numbers: marks of notes, which turn into digits."""
    return not text.isascii() and any(unicodedata.category(one) == "No" for one in text)


def _finite(number: Decimal, found: object) -> Decimal:
    if not number.is_finite() or abs(number) > LARGEST:
        shown = f"{number:.3g}" if isinstance(found, int) else str(found)
        raise ValueError(say("not_finite", found=shown))
    if number and not float(number):
        raise ValueError(say("number_tiny", found=str(found)))
    return number


def parse_quantity(value: object) -> float:
    """Read a number that is no percentage."""
    if type(value) is float and abs(value) <= LARGEST:
        return value
    number, percent = parse_number(value)
    if percent:
        raise ValueError(say("percent_not_expected", found=written(value)))
    return float(number)


def parse_rate(value: object) -> float:
    """Read a rate: a fraction (0.37) or a percent text (37%); a bare number above 1 is refused."""
    if type(value) is float and abs(value) <= 1:
        return value
    number, percent = parse_number(value)
    if percent:
        return float(number / 100)
    if abs(number) > 1:
        said, hundredfold = (f"{one.normalize():f}" for one in (number, number * 100))
        multiple: object = ""
        if abs(number) < _MOST_TIMES:
            multiple = say("rate_multiple", times=said, percent=f"{hundredfold}%")
        raise ValueError(
            say("rate_above_one", found=written(value), percent=f"{said}%", multiple=multiple)
        )
    return float(number)


def write_rate(rate: float) -> float | str:
    """Return what a plan file says of a rate; above 1 a percent text, as ``parse_rate`` wants."""
    return rate if abs(rate) <= 1 else percent(rate)


def percent(rate: float) -> str:
    """Return a rate as planners write it, with all its digits."""
    return f"{(Decimal(repr(rate)) * 100).normalize():f}%"


def parse_figure(value: object, *, rate: bool = False) -> Figure:
    """Read a figure with its words.

    Parameters
    ----------
    value
        A number, None, or a text of labels/figures.py (at least, about, 3-5, 6%, a dash).
    rate
        Whether the number is a rate (growth, cut): a percent text or a fraction.

    Raises
    ------
    ValueError
        With a message: what was found and what would be read.
    """
    read = parse_rate if rate else _as_written
    if value is None:
        return Figure(0.0, Sense.NONE, text=words.NO_FIGURE)
    if not isinstance(value, str):
        return Figure(read(value))
    text = plain(value)
    if not text or text.lower() in words.NONE:
        return Figure(0.0, Sense.NONE, text=words.NO_FIGURE)
    if _marked(value):
        raise ValueError(say("not_a_figure", found=value))
    strive = next((start for start in words.STRIVE if text.startswith(start)), "")
    body = text[len(strive) :].strip()
    if found := _RANGE.fullmatch(body):
        high = found["high"]
        low = found["low"] + ("%" if high.endswith("%") and not found["low"].endswith("%") else "")
        ends = read(low), read(high)
        if ends[0] > ends[1]:
            raise ValueError(say("interval_reversed", found=value))
        return Figure(ends[0], Sense.INTERVAL, ends[1], text)
    sense, number = _split(body)
    try:
        amount = read(number)
    except ValueError as error:
        if getattr(error.args[0], "code", "") == "not_a_number":
            raise ValueError(say("not_a_figure", found=value)) from None
        raise
    bare = sense is Sense.EXACT and not strive and not number.endswith(("%", *words.POINTS))
    return Figure(amount, sense, text="" if bare else text)


def _as_written(value: object) -> float:
    return float(parse_number(value)[0])


def _split(body: str) -> tuple[Sense, str]:
    """Take the words off a number: the sense they give it, and the number's text."""
    for sense, starts in _BEFORE:
        for start in starts:
            if body.lower().startswith(start):
                return sense, _bare(body[len(start) :])
    for sense, ends in _AFTER:
        for end in ends:
            if body.lower().endswith(end):
                return sense, body[: -len(end)].strip()
    return Sense.EXACT, body


def _bare(text: str) -> str:
    """Take a second word off the end of a number that had one before it."""
    for _, ends in _AFTER:
        for end in ends:
            if text.endswith(end):
                return text[: -len(end)].strip()
    return text.strip()
