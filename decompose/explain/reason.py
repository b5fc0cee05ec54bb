"""Why a number is what it is, as data and as sentences."""

from __future__ import annotations

import html
from dataclasses import dataclass, field
from typing import NamedTuple

from decompose.explain.phrases import NAN
from decompose.explain.reference import Basis
from decompose.labels import Language, Message

UPPER, LOWER, BOTH = "upper", "lower", "both"


class Remedy(NamedTuple):
    """One step of relief on a rule: what to change in the plan (as in ``with_changes``)."""

    path: str
    value: float | str
    step: float
    """A step of the indicator; of a rate, a fraction."""


@dataclass(frozen=True)
class TightRule:
    """A rule that holds with equality at a cell.

    Attributes
    ----------
    path
        Where the plan says it, as in ``with_changes``.
    family, indicator, scope, year
        What kind of rule it is, and what it speaks of: an indicator's id, the name of a region,
        group or the area, a year (``"total"`` for all years).
    figure
        The rule's own figure as the plan has it, a fraction where it is a rate (capacity 3.2,
        growth 0.3); NaN where it has none.
    rate
        Whether the figure is a rate.
    unit
        Of the figure where it is none, as printed.
    against
        What it is measured on, in the indicator's unit: the number of the year before, the area's
        sum, the other indicator's number; NaN where nothing is.
    bound
        The cell's own bound in the printed unit where the rule is a box; else NaN.
    side
        ``"upper"``, ``"lower"`` or ``"both"``: which end of the rule is reached.
    pushes
        -1 where it lets the cell be no more, 1 where it lets it be no less; 0 where it is an
        equality that the references keep.
    message
        The rule with its figure, for a sentence that speaks of the cell.
    remedy
        What would ease it; None where it has no figure.
    """

    path: str
    family: str
    indicator: str
    scope: str
    year: int | str
    figure: float
    rate: bool
    unit: str
    against: float
    bound: float
    side: str
    pushes: int
    message: Message
    remedy: Remedy | None = None


@dataclass(frozen=True)
class Cause:
    """What holds other regions, so that this one takes more or less.

    Attributes
    ----------
    regions
        Those that the same rule holds, the most changed first.
    difference
        How far they are from their references, together (of a ratio, unweighted).
    rule
        The first of the rules that hold them.
    message
        All that in words.
    """

    regions: tuple[str, ...]
    difference: float
    rule: TightRule
    message: Message


@dataclass(frozen=True)
class Relief:
    """What one step of relief on a rule would change, found by solving again.

    Attributes
    ----------
    path, value
        What was changed in the plan, and to what, as in ``with_changes``.
    family, step
        The rule's family, and by how much it yields.
    quota, change, exact_change
        The number after that, and how much more than now, after rounding and before; NaN where
        the other rules cannot all be kept then.
    changed
        Every other number that changes, of the indicators that are settled together with this
        one: indicator, region, year, how much more.
    message
        All that in words.
    """

    path: str
    value: float | str
    family: str
    step: float
    quota: float
    change: float
    exact_change: float
    changed: tuple[tuple[str, str, int, float], ...]
    message: Message


@dataclass(frozen=True)
class Section:
    """Cells of a page that stand under one heading."""

    head: Message
    lines: tuple[Message, ...]
    parts: tuple[Reason, ...]


@dataclass(frozen=True)
class Reason:
    """Why a number is what it is, as data and as a sentence.

    ``reference + difference + rounding = quota``.

    Attributes
    ----------
    indicator, region, year
        The cell: the indicator's id, the region's name. Of a page, what was asked for; else None.
    quota, exact, reference
        The published number, before rounding, and by the allocation rule alone.
    unit
        As printed.
    basis
        The arithmetic of the reference: what is handed out, the region's share, or index and λ.
    tight
        Every rule that holds with equality at the cell, in a fixed order of families.
    others
        How far the other regions of the same year are from their references, largest first.
    causes
        What holds others, where no rule of its own made the cell what it is.
    area_moved
        The area's sum of the year less that of its references (of a ratio, their weighted mean);
        0 where the sum is handed out exactly.
    area_rules
        The rules of the area that made it so.
    area_missed
        Whether it is so because the area's target cannot be met (``solve(plan, gap="row")``).
    rounding
        The part of rounding: quota less exact.
    relief
        What one step of relief on each rule would change, where that was asked for.
    stretch
        Why the stretch quota is what it is, where there is one; paths are those of its own plan
        (``Allocation.stretch.plan``).
    sections
        Of a county or an indicator as a whole: the reasons of its cells.
    messages
        The sentences.
    language
        Of the sentences, where none is asked for.
    """

    indicator: str | None
    region: str | None
    year: int | None
    quota: float = NAN
    exact: float = NAN
    reference: float = NAN
    unit: str = ""
    basis: Basis = field(default_factory=lambda: Basis(""))
    tight: tuple[TightRule, ...] = ()
    others: tuple[tuple[str, float], ...] = ()
    causes: tuple[Cause, ...] = ()
    area_moved: float = 0.0
    area_rules: tuple[TightRule, ...] = ()
    area_missed: bool = False
    rounding: float = 0.0
    relief: tuple[Relief, ...] = ()
    stretch: Reason | None = None
    sections: tuple[Section, ...] = ()
    messages: tuple[Message, ...] = ()
    language: Language = "zh"

    @property
    def difference(self) -> float:
        """How far the exact number is from the reference."""
        return self.exact - self.reference

    @property
    def handed(self) -> float:
        """The sum that is shared out (of a ratio, what it must reach)."""
        return self.basis.handed

    @property
    def share(self) -> float:
        """The region's share of it; NaN of a ratio."""
        return self.basis.share

    @property
    def parts(self) -> tuple[Reason, ...]:
        """The reasons of a page's cells."""
        return tuple(part for section in self.sections for part in section.parts)

    def text(self, language: Language | None = None) -> str:
        """Return the sentences; of a whole county or indicator, a summary and a line per cell."""
        language = language or self.language
        told = [message.text(language) for message in self.messages]
        if not self.sections:
            return ("" if language == "zh" else " ").join(told)
        for section in self.sections:
            told += ["", section.head.text(language)]
            told += [f"- {line.text(language)}" for line in section.lines]
        return "\n".join(told)

    def __str__(self) -> str:
        return self.text()

    def _repr_html_(self) -> str:
        own = self.language
        told = [f"<p>{html.escape(message.text(own))}</p>" for message in self.messages]
        for section in self.sections:
            told.append(f"<h4>{html.escape(section.head.text(own))}</h4>")
            lines = (f"<li>{html.escape(line.text(own))}</li>" for line in section.lines)
            told.append(f"<ul>{''.join(lines)}</ul>")
        return "".join(told)
