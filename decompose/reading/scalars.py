"""What a plain scalar means in YAML 1.2, and which ones a reader would take for something else.

Under YAML 1.2 (core schema) ``on``, ``no`` and ``12:30`` are texts. ``010``, ``1_000``, ``0x1F``
and dates read differently from one YAML to the next: they are refused and explained.
"""

from __future__ import annotations

import math
import re
from typing import NamedTuple

from decompose.labels import Message, say
from decompose.reading.nodes import Scalar

_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_TRUTH = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_NUMBER = re.compile(r"[-+]?(\.[0-9]+|(0|[1-9][0-9]*)(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_ZERO = re.compile(r"[-+.0]*[1-9]")
_TWO_WAYS = re.compile(r"[-+]?[0-9][0-9_]*(\.[0-9_]*)?([eE][-+]?[0-9]+)?")
_OTHER_BASE = re.compile(r"[-+]?0(x[0-9a-fA-F][0-9a-fA-F_]*|o[0-7][0-7_]*|b[01][01_]*)")
_NO_NUMBER = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_DATE = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt ][0-9:.].*)?")


class Reading(NamedTuple):
    """The value of a scalar, and what is wrong with the way it is written."""

    value: Scalar
    wrong: Message | None = None


def read_scalar(text: str) -> Reading:
    """Read a scalar that stands without quotes; what is refused keeps the likeliest value."""
    if text in _NULL:
        return Reading(None)
    if text in _TRUTH:
        return Reading(_TRUTH[text])
    if _NUMBER.fullmatch(text):
        return read_number(text)
    if _NO_NUMBER.fullmatch(text):
        return Reading(text, say("number_not_finite", found=text))
    if _DATE.fullmatch(text):
        return Reading(text, say("date_bare", found=text))
    if _TWO_WAYS.fullmatch(text):
        return _two_ways(text, read_number(text.replace("_", "")).value)
    if _OTHER_BASE.fullmatch(text):
        digits = text.replace("_", "")
        return _two_ways(text, int(digits, 0) if len(digits) < 18 else text)
    return Reading(text)


def read_number(text: str) -> Reading:
    """Read a decimal number: whole where it is written without a point, and finite."""
    value = float(text)
    if not math.isfinite(value):
        return Reading(text, say("number_not_finite", found=_short(text)))
    if not value and _NOT_ZERO.match(text):
        return Reading(text, say("number_tiny", found=_short(text)))
    if not text.strip("+-0123456789"):
        # without leading zeros a finite number is short enough for int()
        digits = int(text.lstrip("+-0") or "0")
        return Reading(-digits if text.startswith("-") else digits)
    return Reading(value)


def _two_ways(text: str, value: Scalar) -> Reading:
    return Reading(value, say("number_two_ways", found=_short(text), number=_short(str(value))))


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"
