"""Several items in one cell, words before a colon, and texts that a cell keeps as they are."""

from __future__ import annotations

import re

from decompose.figures import plain
from decompose.labels import Language, Text
from decompose.labels.workbook import LIST_MARKS, MARKS
from decompose.plan.values import MOST_LETTERS

_SPLIT = re.compile(f"[{LIST_MARKS}]")
_SPOILT = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]|_x[0-9A-Fa-f]{4}_|x005F_|^<r>"
)
"""What workbooks escape, and readers do not always bring back."""


def holds(text: str) -> bool:
    """Whether a cell gives a text back as it is."""
    trimmed = bool(text) and text == text.strip()
    return trimmed and len(text) <= MOST_LETTERS and not _SPOILT.search(text)


def word_of(text: Text, language: Language) -> str:
    """Return a text in a language."""
    return text.zh if language == "zh" else text.en


def split(text: str) -> list[str]:
    """Part a text into its items: by lines where it has several, else by commas."""
    parts = text.splitlines() if "\n" in text else _SPLIT.split(text)
    return [part.strip() for part in parts if part.strip()]


def join(items: list[str]) -> str | None:
    """Return the text that splits into these items, or None where there is none."""
    for mark in (LIST_MARKS[0], "\n"):
        text = mark.join(items)
        if split(text) == items and holds(text):
            return text
    return None


def before(mark: str, text: str | None, language: Language) -> str | None:
    """Put a word of MARKS and a colon before a text."""
    return None if text is None else f"{word_of(MARKS[mark], language)}:{text}"


def after(mark: str, text: str) -> str | None:
    """Return what stands after a word of MARKS and a colon, as it is spelled; None without."""
    for colon in (":", "\uff1a"):
        word, found, rest = text.partition(colon)
        if found and plain(word).lower() in MARKS[mark]:
            return rest.strip()
    return None
