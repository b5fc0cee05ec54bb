"""What a check finds, and how it is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from decompose.checking.view import View
from decompose.labels import Language, Message, say
from decompose.problem import AREA, TOTAL

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True)
class Issue:
    """One thing that a plan's author should know.

    Attributes
    ----------
    severity
        ``error``: the plan cannot be met. ``warning``: two of its figures disagree; it solves all
        the same. ``note``: something that may surprise.
    where
        Indicator id, year (or ``total``) and scope, as far as it speaks of one; spelled as in
        ``Allocation.totals``.
    text
        What was found and how to mend it.
    code
        Its kind, the same in every language.
    data
        Names and numbers, unrounded, in the indicator's unit; rates are fractions.
    """

    severity: Severity
    where: str
    text: str
    code: str
    data: Mapping[str, object]

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Found:
    """An issue before it is told: what it speaks of as indices, its message, its numbers."""

    severity: Severity
    view: View
    message: Message
    scope: int | None = None
    year: int | None = None
    numbers: Mapping[str, object] = field(default_factory=dict)
    of_stretch: bool = False
    """Whether it speaks of stretch figures."""

    @property
    def place(self) -> tuple[int, int | None, int | None]:
        """Indicator, scope and year."""
        return self.view.series.number, self.scope, self.year

    @property
    def order(self) -> tuple[int, int, int]:
        """Where it stands among all: by indicator, then area, groups and regions, then years."""
        scope = AREA if self.scope is None else self.scope
        rank = -1 - scope if scope <= AREA else len(self.view.plan.groups) + 1 + scope
        year = self.view.years if self.year == TOTAL else self.year
        return self.view.series.number, rank, -1 if year is None else year

    def told(self, language: Language) -> Issue:
        """Tell it in a language."""
        view = self.view
        places: dict[str, object] = {"indicator": view.indicator.id}
        if self.year is not None:
            places["year"] = "total" if self.year == TOTAL else view.plan.years[self.year]
        if self.scope is not None:
            area = self.scope == AREA
            places["scope"] = view.plan.total_label if area else view.scope_name(self.scope)
        told = say("issue_of_stretch", told=self.message) if self.of_stretch else self.message
        return Issue(
            self.severity,
            " ".join(map(str, places.values())),
            told.text(language),
            self.message.code,
            {**places, **self.numbers},
        )


def crossing(view: View, code: str, year: int, lower: float, upper: float) -> Found:
    """Make the error of a lower bound on the area that lies above an upper one.

    Parameters
    ----------
    view
        The indicator.
    code
        Of the text, which tells both bounds and the gap.
    year
        Index of the year, or TOTAL.
    lower, upper
        The bounds, in the indicator's unit.
    """
    digits = view.apart(lower, upper)
    message = say(
        code,
        name=view.indicator.label,
        scope=view.scope_name(AREA),
        year=view.year_name(year),
        lower=view.amount(lower, digits),
        upper=view.amount(upper, digits),
        gap=view.amount(lower - upper, digits),
    )
    numbers = {"lower": lower, "upper": upper, "gap": lower - upper}
    return Found("error", view, message, AREA, year, numbers)
