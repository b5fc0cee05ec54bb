"""How many mistakes are told at once: whoever has mended the first hundred reads the next."""

from __future__ import annotations

from collections.abc import Sequence

from decompose.errors import Mistake, PlanError
from decompose.labels import Language, Message, say

MOST_MISTAKES = 100
"""What finds mistakes may stop once it has more than these."""


def all_wrong(
    code: str,
    mistakes: Sequence[Mistake],
    language: Language,
    glossary: Message | None = None,
) -> PlanError:
    """Return one error that tells every mistake, or the first of very many.

    Parameters
    ----------
    code
        Of the head line, which takes their ``count``.
    mistakes
        In the order in which they are told.
    language
        Of the error.
    glossary
        What the keys that the mistakes name are called in the file.
    """
    told = list(mistakes[:MOST_MISTAKES])
    head = say(code, count=len(told))
    if len(mistakes) > MOST_MISTAKES:
        told.append(Mistake(say("mistakes_more", most=MOST_MISTAKES)))
    return PlanError(head, told, glossary=glossary, language=language)
