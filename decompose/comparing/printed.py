"""A comparison as a table, in the words of the plan."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from decompose.labels import Language, say, word
from decompose.plan import Plan
from decompose.plan.steps import decimals_of
from decompose.tables import Cell, Column, ColumnKind, Row, RowKind, Table
from decompose.tables.model import ABSENT, number_cell, text_cell
from decompose.tables.order import goals_title, status_line
from decompose.tables.printed import printed_name, printed_unit

_KINDS = {
    "scope": ColumnKind.LABEL,
    "indicator": ColumnKind.TEXT,
    "unit": ColumnKind.MARK,
    "year": ColumnKind.MARK,
    "reason": ColumnKind.TEXT,
}


@dataclass(frozen=True, eq=False)
class Comparison:
    """A frame of ``compare``, ready to be reported.

    Attributes
    ----------
    frame
        As ``compare`` gives it.
    before, after
        The plans.
    """

    frame: pd.DataFrame
    before: Plan
    after: Plan

    def tables(
        self, *, years: tuple[int, ...] | None = None, language: Language = "zh"
    ) -> tuple[Table, ...]:
        """Return the table of what changed, of these years and of totals (all by default)."""
        shown = self.frame
        if years is not None:
            shown = shown[shown["year"].isin([*years, "total"])]
        return (comparison_table(shown, (self.before, self.after), language=language),)


def comparison_table(
    frame: pd.DataFrame,
    plans: tuple[Plan, Plan],
    *,
    heads: tuple[str, str] = ("before", "after"),
    title: str = "comparison",
    kind: str = "compared",
    language: Language = "zh",
) -> Table:
    """Make a table of a frame of ``compare``.

    Parameters
    ----------
    frame
        Columns ``indicator, scope, year, before, after, change, reason``.
    plans
        Before and after: names, units and digits are the later plan's.
    heads, title
        Codes of the headings of the two numbers, and of the title.
    kind
        Which of a report's sheets it is.
    language
        Of headings; the reasons stay in the language of ``compare``.
    """
    codes = ("scope", "indicator", "unit", "year", *heads, "change", "reason")
    columns = tuple(
        Column(word(code, language), word(code, language), _KINDS.get(code, ColumnKind.FIGURE))
        for code in codes
    )
    rows = []
    old, new = plans
    for row in frame.to_dict("records"):
        plan = new if row["indicator"] in new.indicator_index else old
        one = plan.indicators[plan.indicator_index[row["indicator"]]]
        if not one.report:
            continue
        year = word("whole", language) if row["year"] == "total" else str(row["year"])
        cells = [
            text_cell(row["scope"]),
            text_cell(printed_name(one, language)),
            text_cell(printed_unit(one, language)),
            text_cell(year),
            *(_number(row[name], decimals_of(one)) for name in ("before", "after", "change")),
            text_cell(row["reason"]),
        ]
        rows.append(Row(RowKind.REGION, tuple(cells)))
    return Table(
        name=word(title, language),
        label="",
        title=goals_title(f"{title}_title", new.title, language),
        columns=columns,
        rows=tuple(rows),
        status_line=status_line(new, language),
        notes=() if rows else (say("comparison_same").text(language),),
        language=language,
        kind=kind,
    )


def _number(value: float, decimals: int) -> Cell:
    return ABSENT if np.isnan(value) else number_cell(value, decimals)
