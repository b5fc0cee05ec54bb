"""Frames of ``sweep`` and ``compare`` as tables, recognised by their columns."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import pandas as pd
from pandas.api.types import is_numeric_dtype

from decompose.bounds import families
from decompose.errors import ReportError
from decompose.labels import Language, say, word
from decompose.labels.words import WORDS
from decompose.tables import Cell, Column, ColumnKind, Row, RowKind, Table
from decompose.tables.attached import Attached, attached
from decompose.tables.model import BLANK, digits, number_cell, text_cell

SWEEP = ("scenario", "status", "reason", "indicator", "region", "year", "quota")
CELLS = ("indicator", "year")
"""What every frame of numbers has, beside a region or a scope."""
CHANGED = ("indicator", "scope", "year", "before", "after")
"""Of a frame of ``compare``."""
_PLACES = ("region", "scope")
_HEADS = {
    "quota": "quota",
    "exact": "exact_number",
    "reference": "reference_number",
    "lower": "lower_bound",
    "upper": "upper_bound",
    "bound_by": "decided_by",
}
"""Columns whose heading has another code than their name."""
_MARKS = ("scenario", "status", "region", "scope", "family", "year", "unit")
_PRINTED = ("quota", "before", "after", "change")
"""Numbers with the digits of their indicator; others have as many as they need."""
EMPTY: Mapping[str, str] = MappingProxyType({})
_TOTAL = "total"
_OPTIONAL = ("reason", "bound_by", "lower", "upper", "unit")
MOST_SCENARIOS = 12
"""More scenarios than this do not stand side by side."""


def frame_tables(
    frame: pd.DataFrame, *, single: bool = False, language: Language = "zh"
) -> tuple[Table, ...]:
    """Make the tables of a frame: of a sweep what became of each scenario, and its quotas.

    The quotas of a few scenarios stand side by side, a row per number; of many, they are a list.
    Names, units and titles are those of the plan that the frame tells of.

    Parameters
    ----------
    frame
        Of ``sweep`` or ``compare``.
    single
        Whether all that is to be told stands in one table.
    language
        Of headings and names; reasons stay in the language of the frame.

    Raises
    ------
    ReportError
        The frame is none that this package makes.
    """
    plan = attached(frame)
    lister = _Lister(plan, language)
    whole = frame
    if "indicator" in frame and plan.unprinted:
        frame = frame[~frame["indicator"].isin(plan.unprinted)]
    if set(SWEEP) <= set(frame.columns):
        if single:
            shown = frame[[*SWEEP[:3], "indicator", "region", "year", "quota"]]
            return (lister.table(shown),)
        quotas = lister.table(*_side_by_side(frame))
        return (lister.scenarios(whole), *([quotas] if quotas.rows else []))
    if set(CELLS) <= set(frame.columns) and set(_PLACES) & set(frame.columns):
        return (lister.table(frame, kind="compared"),)
    told = say("report_frame", found=[str(one) for one in frame.columns])
    raise ReportError(told, language=language)


def _side_by_side(frame: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, str]]:
    """Give a few scenarios a column each; many stay one below the other.

    Returns
    -------
    The frame, and the headings of the scenarios' columns, which are numbered: a scenario may have
    any name.
    """
    solved = frame[frame["indicator"].notna() & frame["quota"].notna()]
    names = list(dict.fromkeys(solved["scenario"]))
    if not 0 < len(names) <= MOST_SCENARIOS:
        return solved[["scenario", "indicator", "region", "year", "quota", "bound_by"]], {}
    keys = ["indicator", "region", "year"]
    wide = solved[keys].drop_duplicates()
    heads = {f"quota {number}": str(name) for number, name in enumerate(names)}
    for head, name in zip(heads, names, strict=True):
        own = solved.loc[solved["scenario"] == name, [*keys, "quota"]]
        wide = wide.merge(own.rename(columns={"quota": head}), "left", on=keys)
    return wide, heads


class _Lister:
    """Makes tables of frames, in the words of a plan.

    Parameters
    ----------
    plan
        What the frame tells of its plan.
    language
        Of headings and names.
    """

    def __init__(self, plan: Attached, language: Language) -> None:
        self._plan = plan
        self._language: Language = language

    def scenarios(self, frame: pd.DataFrame) -> Table:
        """Tell what became of each scenario."""
        heads = ("scenario", "status", "reason")
        told = frame.drop_duplicates("scenario")[list(heads)]
        columns = tuple(self._column(name, lead="scenario") for name in heads)
        rows = (
            tuple(self._cell(head, value) for head, value in zip(heads, values, strict=True))
            for values in told.itertuples(index=False)
        )
        return self._made("scenarios", columns, rows)

    def table(
        self,
        frame: pd.DataFrame,
        named: Mapping[str, str] = EMPTY,
        *,
        kind: str = "scenario_quotas",
    ) -> Table:
        """Make a list of a frame, a row per row, the unit beside the indicator.

        Some columns of printed numbers may be named otherwise than the frame says.
        """
        heads = [str(head) for head in frame]
        printed = {*_PRINTED, *named}
        columns = [
            self._column(head, head=named.get(head), is_number=is_numeric_dtype(frame[head]))
            for head in heads
        ]
        columns.insert(heads.index("indicator") + 1, self._column("unit"))
        decimals = self._decimals(frame, printed)
        rows = (
            self._row(heads, values, decimals, printed)
            for values in zip(*(frame[head].tolist() for head in heads), strict=True)
        )
        return self._made(kind, columns, rows, listed=True)

    def _made(
        self,
        kind: str,
        columns: Sequence[Column],
        rows: Iterator[tuple[Cell, ...]],
        *,
        listed: bool = False,
    ) -> Table:
        name = word("comparison" if kind == "compared" else kind, self._language)
        found = tuple(Row(RowKind.REGION, cells) for cells in rows)
        nothing = say("compared_nothing").text(self._language)
        title = say("sheet_title", title=self._plan.title, sheet=name).text(self._language)
        return Table(
            name=name,
            label="",
            title=title if self._plan.title else name,
            columns=tuple(columns),
            rows=found,
            status_line=self._plan.status.get(self._language, ""),
            notes=() if found or kind != "compared" else (nothing,),
            language=self._language,
            kind=kind,
            listed=listed,
        )

    def _decimals(self, frame: pd.DataFrame, printed: Collection[str]) -> dict[Any, int]:
        """Return how many digits the printed numbers of each indicator have, all the same."""
        found = dict(self._plan.decimals)
        for head in frame:
            if str(head) in printed and is_numeric_dtype(frame[head]):
                distinct = frame[["indicator", head]].drop_duplicates().dropna()
                for name, value in distinct.itertuples(index=False):
                    if math.isfinite(value):
                        found[name] = max(found.get(name, 0), digits(value))
        return found

    def _row(
        self,
        heads: Sequence[str],
        values: Sequence[Any],
        decimals: Mapping[Any, int],
        printed: Collection[str],
    ) -> tuple[Cell, ...]:
        indicator = values[heads.index("indicator")]
        cells = []
        for head, value in zip(heads, values, strict=True):
            own = decimals.get(indicator, 0) if head in printed else None
            cells.append(self._cell(head, value, own))
            if head == "indicator":
                cells.append(text_cell(self._plan.unit(str(indicator), self._language)))
        return tuple(cells)

    def _column(
        self,
        name: str,
        *,
        head: str | None = None,
        is_number: bool = False,
        lead: str = "indicator",
    ) -> Column:
        """Make a column; one of them leads its rows."""
        code = _HEADS.get(name, name)
        if head is None:
            head = word(code, self._language) if code in WORDS else name
        kind = ColumnKind.FIGURE if is_number else ColumnKind.TEXT
        if name == lead:
            kind = ColumnKind.LABEL
        elif name in _MARKS:
            kind = ColumnKind.MARK
        return Column(head, head, kind, optional=name in _OPTIONAL)

    def _cell(self, head: str, value: Any, decimals: int | None = None) -> Cell:
        """Print one value: a number in these decimals, or in as many as it needs."""
        nothing = value is None or value is pd.NA
        if nothing or (isinstance(value, float) and not math.isfinite(value)):
            return BLANK
        if isinstance(value, int | float) and not isinstance(value, bool):
            return number_cell(value, digits(value) if decimals is None else decimals)
        if head == "indicator":
            return text_cell(self._plan.name(str(value), self._language))
        if head == "bound_by":
            return text_cell(families(str(value), self._language))
        if head == "status":
            return text_cell(word(f"status_{value}", self._language))
        if head == "year" and value == _TOTAL:
            return text_cell(word("all_years_head", self._language))
        return text_cell(str(value))
