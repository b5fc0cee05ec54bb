"""How wide a text stands: East Asian characters take two columns."""

from __future__ import annotations

import functools
import itertools
import math
import unicodedata

from decompose.labels.reporting import NOT_FIRST, NOT_LAST, NUMERALS, PAUSES, TO, YEAR

_NO_PAUSE = 0.15
"""What it costs to break a title where its meaning does not pause."""


@functools.lru_cache(maxsize=1 << 16)
def width(text: str, *, wide: str = "WF") -> int:
    """Return the columns that a text takes.

    Parameters
    ----------
    text
        One line.
    wide
        The East Asian classes that take two columns: ``"WF"`` in a terminal; ``"WFA"`` on
        paper, where a Chinese font draws quotation marks and dashes full width too.
    """
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(letter) else 1 + (unicodedata.east_asian_width(letter) in wide)
        for letter in text
    )


def pad(text: str, columns: int, *, right: bool = False) -> str:
    """Fill a text with spaces to a width, on its left where it stands right."""
    blanks = " " * (columns - width(text))
    return blanks + text if right else text + blanks


def wrapped(text: str, columns: int, *, wide: str = "WF") -> list[str]:
    """Break a text into lines of a width: after a space where there is one, else in Chinese.

    No line begins with a closing mark or ends with an opening one, and no number or word is
    broken, unless more than half the line would stay empty.
    """
    lines: list[str] = []
    rest = " ".join(text.split())
    while len(rest) > 1 and width(rest, wide=wide) > columns:
        end = 1
        while width(rest[: end + 1], wide=wide) <= columns:
            end += 1
        space = rest.rfind(" ", 0, end + 1)
        # Chinese has few spaces: one in the first half would leave the line half empty
        end = space if space > end // 2 else _end_of_line(rest, end)
        lines.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return [*lines, rest]


def balanced(text: str, columns: int, *, wide: str = "WFA") -> list[str]:
    """Break a title into as few lines as will do, of about the same length.

    It is broken where its meaning pauses if there is such a place near: before a year, a bracket,
    a word for "and", after a mark. No number is broken, nor parted from the year that it counts.
    """
    whole = " ".join(text.split())
    count = math.ceil(_set_width(whole, wide) / columns)
    while 1 < count < len(whole):
        lines = _in_lines(whole, count, columns, wide)
        if lines:
            return lines
        count += 1
    return [whole] if count < 2 else wrapped(whole, columns, wide=wide)


def _in_lines(text: str, count: int, columns: int, wide: str) -> list[str]:
    """Break a text into so many lines, the least uneven ones; none where they do not fit."""
    ideal = _set_width(text, wide) / count
    places = [k for k in range(1, len(text)) if _may_break(text[k - 1], text[k])]
    # of each place, the least cost of the lines up to it, and where they break
    best: dict[int, tuple[float, tuple[int, ...]]] = {0: (0.0, ())}
    for number in range(count):
        ends = [len(text)] if number == count - 1 else places
        found: dict[int, tuple[float, tuple[int, ...]]] = {}
        for end in ends:
            ways = []
            for start, (cost, breaks) in best.items():
                size = _set_width(text[start:end].strip(), wide) if start < end else math.inf
                if size <= columns:
                    uneven = ((size - ideal) / ideal) ** 2
                    pause = 0 if end == len(text) or _pauses(text, end) else _NO_PAUSE
                    ways.append((cost + uneven + pause, (*breaks, end)))
            if ways:
                found[end] = min(ways)
        best = found
    if len(text) not in best:
        return []
    breaks = (0, *best[len(text)][1])
    return [text[start:end].strip() for start, end in itertools.pairwise(breaks)]


def _set_width(text: str, wide: str) -> float:
    """Return the columns that a text takes in print, Latin letters set a quarter apart."""
    apart = sum(
        one.isascii() != two.isascii() and one.isalnum() and two.isalnum()
        for one, two in itertools.pairwise(text)
    )
    return width(text, wide=wide) + apart / 2


def _pauses(text: str, place: int) -> bool:
    """Whether the meaning pauses before a letter of a text."""
    before, after = text[place - 1], text[place]
    number = after.isdigit() and not before.isdigit()
    years = after in NUMERALS and text[place + 1 : place + 2] == YEAR
    return number or years or before in f" {NOT_FIRST}" or after in NOT_LAST + PAUSES


def _end_of_line(text: str, end: int) -> int:
    """Return the last place up to an end where a line may break; the end where there is none."""
    places = (k for k in range(end, max(end // 2, 1) - 1, -1) if _may_break(text[k - 1], text[k]))
    return next(places, end)


def _may_break(before: str, after: str) -> bool:
    word = all(letter.isascii() and not letter.isspace() for letter in (before, after))
    dated = after == YEAR and (before.isdigit() or before in NUMERALS)
    number = before in NUMERALS and after in NUMERALS
    to = (before in TO and after.isdigit()) or (before.isdigit() and after in TO)
    return not (word or dated or number or to or after in NOT_FIRST or before in NOT_LAST)
