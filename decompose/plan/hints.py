"""What to suggest where a name is unknown."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from decompose.labels import Message, say

NAMES_ALIKE = 0.5
"""Of printed names: of two characters, one may be wrong."""


def hint(found: str, known: Iterable[str], *, alike: float = 0.6) -> Message:
    """Suggest the nearest known name that is alike enough, or ask for a correction."""
    close = difflib.get_close_matches(found, list(known), n=1, cutoff=alike)
    return say("key_hint", close=close[0]) if close else say("key_remove")
