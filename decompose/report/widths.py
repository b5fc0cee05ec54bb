"""How wide a text stands: East Asian characters take two columns."""

from __future__ import annotations

import unicodedata

_OPENING, _CLOSING = ("Ps", "Pi"), ("Pe", "Pf", "Po")


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
    return sum(
        0 if unicodedata.combining(letter) else 1 + (unicodedata.east_asian_width(letter) in wide)
        for letter in text
    )


def pad(text: str, columns: int, *, right: bool = False) -> str:
    """Fill a text with spaces to a width, on its left where it stands right."""
    blanks = " " * (columns - width(text))
    return blanks + text if right else text + blanks


def wrapped(text: str, columns: int, *, wide: str = "WF") -> list[str]:
    """Break a text into lines of a width: after a space where there is one, else anywhere.

    Closing punctuation begins no line, and opening punctuation ends none.
    """
    lines: list[str] = []
    rest = " ".join(text.split())
    while len(rest) > 1 and width(rest, wide=wide) > columns:
        end = 1
        while width(rest[: end + 1], wide=wide) <= columns:
            end += 1
        space = rest.rfind(" ", 0, end + 1)
        # Chinese has few spaces: one in the first half would leave the line half empty
        end = space if space > end // 2 else _between_words(rest, end)
        lines.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return [*lines, rest]


def _between_words(text: str, end: int) -> int:
    """Return the last place up to here where punctuation lets a line end; here where none is."""
    return next((place for place in range(end, 0, -1) if _parts(text, place)), end)


def _parts(text: str, place: int) -> bool:
    before, after = (unicodedata.category(letter) for letter in text[place - 1 : place + 1])
    return before not in _OPENING and after not in _CLOSING
