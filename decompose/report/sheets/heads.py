"""Columns by the codes of their headings, and cells by what they hold."""

from __future__ import annotations

import math

from decompose.labels import Language, word
from decompose.tables import Cell, Column, ColumnKind
from decompose.tables.model import ABSENT, BLANK, digits, number_cell

MORE_DIGITS = 2
"""How many more digits an exact number has than the printed one."""
_MARKS = ("number", "unit", "year", "status", "verdict", "scope", "region", "scenario")
_TEXTS = ("decided_by", "place", "rule", "reason", "kind_of_rule", "way", "what", "indicator")


def columns_of(*codes: str, language: Language, optional: tuple[str, ...] = ()) -> list[Column]:
    """Make columns; the first that is neither a mark nor a number leads its row."""
    leads = next(code for code in codes if code not in ("number", "scenario"))
    return [
        Column(
            word(code, language),
            word(code, language),
            ColumnKind.LABEL if code == leads else _kind(code),
            optional=code in optional,
        )
        for code in codes
    ]


def _kind(code: str) -> ColumnKind:
    if code in _MARKS:
        return ColumnKind.MARK
    return ColumnKind.TEXT if code in _TEXTS else ColumnKind.FIGURE


def number_or_dash(value: float | None, decimals: int) -> Cell:
    """Make the cell of a number; a dash where there is none."""
    if value is None or math.isnan(value):
        return ABSENT
    return number_cell(value, decimals)


def bound_cell(value: float, decimals: int) -> Cell:
    """Make the cell of a bound; blank where it leaves the number free, and for a floor of 0."""
    if not math.isfinite(value) or value == 0:
        return BLANK
    return number_cell(value, max(decimals, min(digits(value), decimals + MORE_DIGITS)))
