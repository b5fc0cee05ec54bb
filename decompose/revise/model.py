"""What revise gives: the new allocation, what it changes, and why."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from decompose.allocation import Allocation
from decompose.comparing import comparison_table
from decompose.errors import PlanError
from decompose.figures import plain
from decompose.labels import Language, Message, say
from decompose.tables import Table


@dataclass(frozen=True, eq=False)
class Revision:
    """What becomes of an issued allocation once some of its years are over.

    Attributes
    ----------
    issued
        The allocation that was issued.
    allocation
        The allocation that is issued now: what was reached in the years that are over, and quotas
        for the rest.
    through
        The last year that is over.
    changes
        Every number that is another now, and every number of the years that are over: columns
        ``indicator``, ``scope``, ``year``, ``before`` (issued), ``after`` (reached, or issued
        now), ``change`` and ``reason``.
    notes
        What became of each indicator, and what else a reader should know.
    language
        Language of ``text``.
    """

    issued: Allocation
    allocation: Allocation
    through: int
    changes: pd.DataFrame
    notes: tuple[Message, ...] = ()
    language: Language = "zh"

    @property
    def text(self) -> str:
        """What became of each indicator, in sentences."""
        return "\n".join(note.text(self.language) for note in self.notes)

    def tables(
        self, *, years: tuple[int, ...] | None = None, language: Language = "zh"
    ) -> tuple[Table, ...]:
        """Return the table of changes, and the annexes of the new allocation.

        Parameters
        ----------
        years
            The years whose annex 2 is wanted; by default those to come.
        language
            Language of headings and titles; reasons stay in the language of ``revise``.

        Returns
        -------
        tuple of Table
            Tables as data, which ``write_report`` renders.

        Raises
        ------
        PlanError
            The plan has no such year.
        """
        plan = self.allocation.plan
        unknown = [str(year) for year in years or () if plan.year_at(plain(str(year))) is None]
        if unknown:
            known = [str(year) for year in plan.years]
            raise PlanError(say("revise_years", found=unknown, known=known), language=language)
        later = tuple(year for year in plan.years if year > self.through)
        changed = comparison_table(
            self.changes,
            (self.issued.plan, plan),
            heads=("issued_before", "issued_now"),
            title="revision",
            kind="changes",
            language=language,
        )
        annexes = self.allocation.tables(years=later if years is None else years, language=language)
        return (changed, *annexes)

    def __repr__(self) -> str:
        area = self.allocation.plan.area
        return f"<Revision {area} through {self.through}: {len(self.changes)} changes>"

    def __str__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        return str(self.changes.to_html(index=False))
