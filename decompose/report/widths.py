"""How wide a text stands: East Asian characters take two columns."""

from __future__ import annotations

import functools
import unicodedata

from decompose.labels.reporting import NOT_FIRST, NOT_LAST


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


def _end_of_line(text: str, end: int) -> int:
    """Return the last place up to an end where a line may break; the end where there is none."""
    places = (k for k in range(end, max(end // 2, 1) - 1, -1) if _may_break(text[k - 1], text[k]))
    return next(places, end)


def _may_break(before: str, after: str) -> bool:
    word = all(letter.isascii() and not letter.isspace() for letter in (before, after))
    return not (word or after in NOT_FIRST or before in NOT_LAST)
