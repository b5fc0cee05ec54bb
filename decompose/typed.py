"""What is typed on the command line, as what the library takes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from decompose.errors import PlanError
from decompose.figures import parse_quantity, plain
from decompose.labels import Language, say
from decompose.labels.figures import RANGE
from decompose.moves import Move

_COMMA = re.compile("[,\uff0c]")
_SPAN = re.compile(f" ?(?:{'|'.join(RANGE)}) ?")


def count(text: str) -> int:
    """Read a number of processes: 1 or more."""
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def years(text: str) -> list[int]:
    """Read a year, or years from first to last (2026-2028)."""
    first, *last = (int(part) for part in _SPAN.split(text, 1))
    end = last[0] if last else first
    if not first <= end < first + 100:
        raise ValueError(text)
    return list(range(first, end + 1))


def move(text: str, to: str | list[str], language: Language) -> Move:
    """Read a move: indicator, region, year, amount and, with whatever commas, why."""
    said = parts(text, most=5)
    try:
        indicator, region, year, amount = said[:4]
        return Move(indicator, int(year), region, parse_quantity(amount), to, "".join(said[4:]))
    except ValueError:
        raise PlanError(say("command_move_form", found=text), language=language) from None


def parts(text: str, most: int = 3) -> list[str]:
    """Read what commas part, into so many parts at most."""
    return [part.strip() for part in _COMMA.split(text, most - 1)]


def pairs(texts: Sequence[str]) -> list[tuple[str, str]]:
    """Read what was given as NAME=VALUE."""
    said = [text.partition("=") for text in texts]
    for name, parted, value in said:
        if not (name and parted and value):
            raise PlanError(say("command_pair", found=f"{name}{parted}{value}"))
    return [(name, value) for name, _, value in said]


def bases(texts: Sequence[str]) -> dict[str, dict[str, float]]:
    """Read restated bases, each given as INDICATOR,REGION=VALUE."""
    found: dict[str, dict[str, float]] = {}
    for name, value in pairs(texts):
        try:
            indicator, region = parts(name)
            found.setdefault(indicator, {})[region] = parse_quantity(value)
        except ValueError:
            raise PlanError(say("command_base_form", found=f"{name}={value}")) from None
    return found


def names(text: str) -> list[str]:
    """Read names that commas part."""
    return [name.strip() for name in plain(text).split(",")]
