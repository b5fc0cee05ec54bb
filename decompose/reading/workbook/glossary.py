"""What the keys of a plan file, by which its mistakes are told, are called in a workbook."""

from __future__ import annotations

import re
from collections.abc import Iterable

from decompose.labels import Message, say
from decompose.labels.workbook import CHOICES
from decompose.labels.workbook_heads import KEYS, head_of
from decompose.reading.workbook.fields import ITEMS, SHEETS

_KEY = re.compile("(?<![A-Za-z0-9_.])[a-z_]+(?![A-Za-z0-9_])")
_LISTED = ("flag", "kind", "publish", "fairness", "mismatch", "sharing", "relation", "path")
"""The choices whose words are told, those first that keep a word which several have."""


def _headings() -> dict[str, str]:
    """Return the Chinese word for each key that a message may name."""
    found = dict(KEYS)
    for sheet, fields in (("indicators", SHEETS["indicators"]), ("items", ITEMS)):
        for code in fields:
            found.setdefault(code.rpartition(".")[2], head_of(sheet, code).zh)
    for choice in _LISTED:
        for key, word in CHOICES[choice].items():
            found.setdefault(key, word.zh)
    return found


_HEADINGS = _headings()


def glossary(texts: Iterable[str]) -> Message | None:
    """Tell what the keys that some texts name are called in a workbook; None where none is."""
    keys = dict.fromkeys(key for text in texts for key in _KEY.findall(text) if key in _HEADINGS)
    said = [say("key_in_workbook", key=key, head=_HEADINGS[key]) for key in keys]
    return say("keys_in_workbook", said=said) if said else None
