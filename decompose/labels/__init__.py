"""Every word that a user reads, in Chinese and English.

The texts stand in one file per subject (``reading``, ``checking``, …), each a
dictionary from a code to a :class:`Text`; :func:`say` finds a code among them.
"""

from __future__ import annotations

from decompose.labels.adjusting import ADJUSTING
from decompose.labels.adopting import ADOPTING
from decompose.labels.checking import CHECKING
from decompose.labels.commands import COMMANDS
from decompose.labels.comparing import COMPARING
from decompose.labels.diagnosing import DIAGNOSING
from decompose.labels.explaining import EXPLAINING
from decompose.labels.families import FAMILY_NAMES
from decompose.labels.figures import FIGURES
from decompose.labels.growth import GROWTH
from decompose.labels.keeping import KEEPING
from decompose.labels.limiting import LIMITING
from decompose.labels.message import Language, Message, Text, figure
from decompose.labels.periods import PERIODS
from decompose.labels.planning import PLANNING
from decompose.labels.progress import PROGRESS
from decompose.labels.ratios import RATIOS
from decompose.labels.reading import READING
from decompose.labels.reporting import REPORTING
from decompose.labels.revising import REVISING
from decompose.labels.sensitivity import SENSITIVITY
from decompose.labels.solving import SOLVING
from decompose.labels.sweeping import SWEEPING
from decompose.labels.typing_errors import TYPED
from decompose.labels.web import WEB
from decompose.labels.words import WORDS
from decompose.labels.workbook import WORKBOOK

__all__ = ["Language", "Message", "Text", "figure", "say", "term", "word"]

_TEXTS = {
    **ADJUSTING,
    **ADOPTING,
    **CHECKING,
    **COMMANDS,
    **COMPARING,
    **DIAGNOSING,
    **EXPLAINING,
    **FIGURES,
    **GROWTH,
    **KEEPING,
    **LIMITING,
    **PERIODS,
    **PLANNING,
    **PROGRESS,
    **RATIOS,
    **READING,
    **REPORTING,
    **REVISING,
    **SENSITIVITY,
    **SOLVING,
    **SWEEPING,
    **TYPED,
    **WEB,
    **WORKBOOK,
}


def say(code: str, **data: object) -> Message:
    """Make the message with a code, filled with data."""
    return Message(code, _TEXTS[code], data)


def term(code: str) -> Text:
    """Return one word of the vocabulary in both languages (a heading, a family of rules)."""
    return FAMILY_NAMES.get(code) or WORDS[code]


def word(code: str, language: Language = "zh") -> str:
    """Return one word of the vocabulary in a language."""
    return term(code).zh if language == "zh" else term(code).en
