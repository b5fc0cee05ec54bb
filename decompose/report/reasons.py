"""Why each number is what it is, collected at once for a page."""

from __future__ import annotations

from collections.abc import Mapping

from decompose.allocation import Allocation
from decompose.explain import Reason
from decompose.labels import Language, say
from decompose.tables.model import Place

MOST_REASONS = 10_000
"""More numbers than this would take most of the time, and of the page."""


def reasons_of(allocation: Allocation, *, language: Language) -> Mapping[Place, tuple[str, ...]]:
    """Return the sentences of every number, as ``Allocation.why`` tells them without relief."""
    if allocation.quotas.empty:
        return {}
    return {
        (str(part.indicator), str(part.region), int(part.year)): _told(part, language)
        for part in allocation.why().parts
        if part.year is not None
    }


def _told(part: Reason, language: Language) -> tuple[str, ...]:
    own = [message.text(language) for message in part.messages]
    if part.stretch is not None:
        own.append(say("stretch").text(language))
        own += [message.text(language) for message in part.stretch.messages]
    return tuple(own)
