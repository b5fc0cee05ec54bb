"""Figures that yield: what each was, and what it becomes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from decompose.figures import Figure, parse_figure
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

    def after(self, before: Change | None) -> Change:
        """Return this change added to one of the same figure that was not enough."""
        if before is None:
            return self
        return replace(self, amount=before.amount + self.amount, before=before.before)


@dataclass(frozen=True)
class Made:
    """The changes of one part: how much yields in all, and which figures."""

    total: float
    changes: tuple[Change, ...]


def read(value: Value) -> Figure:
    """Read a figure as a plan says it."""
    return parse_figure(value, rate=isinstance(value, str) and "%" in value)


def ends_of(value: Value) -> tuple[float, float]:
    """Return the lower and the upper end of a figure; both are its number where it has one."""
    if isinstance(value, list):  # of steps, the lowest and the highest
        return read(value[0]).value, read(value[-1]).value
    figure = read(value)
    return figure.value, figure.value if figure.upper is None else figure.upper
