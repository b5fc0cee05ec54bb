"""Figures that yield: what each was, and what it becomes."""

from __future__ import annotations

from dataclasses import dataclass, field

from decompose.labels import Message

Value = float | str | list[str] | None
"""What a plan may say in one place; None where it says nothing any more."""


@dataclass(frozen=True)
class Change:
    """One figure that yields.

    Attributes
    ----------
    path, value
        As in ``with_changes``.
    family, indicator, scope, year
        The rule: index of the scope and of the year.
    before
        The figure of today.
    amount
        By how much, in the unit of the rule's row.
    """

    path: str
    value: Value
    before: Value
    family: str
    indicator: int
    scope: int
    year: int
    amount: float
    told: Message = field(repr=False, compare=False)
    """The rule in words, as it stands today."""


@dataclass(frozen=True)
class Made:
    """The changes of one part: how much yields in all, and which figures."""

    total: float
    changes: tuple[Change, ...]
