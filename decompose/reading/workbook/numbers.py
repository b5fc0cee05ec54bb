"""Numbers as cells hold them: percentages by their format, floats that sixteen digits spoil."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

_NOT_SHOWN = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
"""Parts of a number format that are texts or conditions."""


@dataclass(frozen=True)
class Percent:
    """A fraction that a cell shows as a percentage."""

    value: float

    @property
    def text(self) -> str:
        """What the cell shows: 0.05 is 5%."""
        shown = (Decimal(f"{self.value:.15g}") * 100).normalize()
        return f"{shown:f}%"


Out = str | int | float | Percent
"""What can be written to a cell."""


def is_percent(number_format: str) -> bool:
    """Whether a number format shows a percentage."""
    return "%" in _NOT_SHOWN.sub("", number_format)


def percent_out(rate: float) -> Out:
    """Return a cell for a rate that reads back as the same number."""
    cell = Percent(rate)
    if float(Decimal(cell.text[:-1]) / 100) == rate:
        return cell
    return f"{Decimal(repr(rate)) * 100:f}%"


def number_out(number: float) -> Out:
    """Return a cell for a number; a writer keeps sixteen digits, so a longer one is a text."""
    return number if float(f"{number:.16g}") == number else repr(number)


def shown(cell: Out) -> str:
    """Return what a cell shows, as a text."""
    if isinstance(cell, Percent):
        return cell.text
    return repr(cell) if isinstance(cell, float) else str(cell)
