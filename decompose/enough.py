"""How many mistakes are told at once: whoever has mended the first hundred reads the next."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from decompose.errors import Mistake
from decompose.labels import say

MOST_MISTAKES = 100
"""What finds mistakes may stop once it has more than these."""


def first(mistakes: Iterable[Mistake]) -> list[Mistake]:
    """Return the first of some mistakes, and a line that there are more where there are."""
    told = list(islice(mistakes, MOST_MISTAKES + 1))
    if len(told) > MOST_MISTAKES:
        told[-1] = Mistake(say("mistakes_more", most=MOST_MISTAKES))
    return told
