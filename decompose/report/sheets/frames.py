"""Frames of ``sweep``, ``compare`` and ``revise`` as tables, recognised by their columns."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from decompose.bounds import families
from decompose.errors import ReportError
from decompose.labels import Language, say, word
from decompose.labels.words import WORDS
from decompose.tables import Cell, Column, ColumnKind, Row, RowKind, Table
from decompose.tables.model import BLANK, digits, number_cell, text_cell

SWEEP = ("scenario", "status", "reason", "indicator", "region", "year", "quota")
CELLS = ("indicator", "year")
"""What every frame of numbers has, beside a region or a scope."""
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
_MARKS = ("scenario", "region", "scope", "family", "year")
_TOTAL = "total"
_OPTIONAL = ("reason", "bound_by", "lower", "upper")
MOST_SCENARIOS = 12
"""More scenarios than this do not stand side by side."""


def frame_tables(frame: pd.DataFrame, *, language: Language = "zh") -> tuple[Table, ...]:
    """Make the tables of a frame: of a sweep what became of each scenario, and its quotas.

    The quotas of a few scenarios stand side by side, a row per number; of many, they are a list.

    Raises
    ------
    ReportError
        The frame is none that this package makes.
    """
    if set(SWEEP) <= set(frame.columns):
        return _scenarios(frame, language), _quotas(frame, language)
    if set(CELLS) <= set(frame.columns) and set(_PLACES) & set(frame.columns):
        return (_listed(frame, "compared", word("comparison", language), language),)
    told = say("report_frame", found=[str(one) for one in frame.columns])
    raise ReportError(told, language=language)


def _scenarios(frame: pd.DataFrame, language: Language) -> Table:
    told = frame.drop_duplicates("scenario")
    rows = (
        Row(
            RowKind.REGION,
            (
                text_cell(str(name)),
                text_cell(word(f"status_{status}", language)),
                text_cell(str(reason)),
            ),
        )
        for name, status, reason in told[["scenario", "status", "reason"]].itertuples(index=False)
    )
    columns = (
        Column(word("scenario", language), word("scenario", language), ColumnKind.LABEL),
        Column(word("status", language), word("status", language), ColumnKind.MARK),
        Column(word("reason", language), word("reason", language), ColumnKind.TEXT, optional=True),
    )
    name = word("scenarios", language)
    return Table(name, "", name, columns, tuple(rows), language=language, kind="scenarios")


def _quotas(frame: pd.DataFrame, language: Language) -> Table:
    solved = frame[frame["indicator"].notna() & frame["quota"].notna()]
    names = list(dict.fromkeys(solved["scenario"]))
    if not 0 < len(names) <= MOST_SCENARIOS:
        shown = solved[["scenario", "indicator", "region", "year", "quota", "bound_by"]]
        return _listed(shown, "scenario_quotas", word("scenario_quotas", language), language)
    keys = ["indicator", "region", "year"]
    wide = solved[keys].drop_duplicates()
    for name in names:
        own = solved.loc[solved["scenario"] == name, [*keys, "quota"]]
        wide = wide.merge(own.rename(columns={"quota": name}), "left", on=keys)
    wide.attrs = frame.attrs
    return _listed(wide, "scenario_quotas", word("scenario_quotas", language), language)


def _listed(frame: pd.DataFrame, kind: str, name: str, language: Language) -> Table:
    """Make a list of a frame, a row per row.

    Indicators bear their printed names, with a column of units, where the frame says what these
    are; else it has no plan, and thus ids.
    """
    known = frame.attrs.get("indicators", {})
    heads = [str(head) for head in frame]
    numbers = [pd.api.types.is_numeric_dtype(frame[head]) for head in frame]
    columns = [_column(*head, language) for head in zip(heads, numbers, strict=True)]
    place = heads.index("indicator")
    if known:
        columns.insert(place + 1, _column("unit", False, language))
    rows = []
    for values in zip(*(frame[head].tolist() for head in frame), strict=True):
        said = known.get(values[place])
        cells = [
            _cell(head, value, language, None if said is None else said["decimals"])
            for head, value in zip(heads, values, strict=True)
        ]
        if said is not None:
            cells[place] = text_cell(said["name"][language])
        if known:
            cells.insert(place + 1, BLANK if said is None else text_cell(said["unit"][language]))
        rows.append(Row(RowKind.REGION, tuple(cells)))
    return Table(
        name=name,
        label="",
        title=name,
        columns=tuple(columns),
        rows=tuple(rows),
        notes=() if rows or kind != "compared" else (say("comparison_same").text(language),),
        language=language,
        kind=kind,
        listed=True,
    )


def _column(name: str, is_number: bool, language: Language) -> Column:
    code = _HEADS.get(name, name)
    head = word(code, language) if code in WORDS else name
    kind = ColumnKind.FIGURE if is_number else ColumnKind.TEXT
    if name == "indicator":
        kind = ColumnKind.LABEL
    elif name in _MARKS:
        kind = ColumnKind.MARK
    return Column(name, head, kind, optional=name in _OPTIONAL)


def _cell(head: str, value: Any, language: Language, decimals: int | None) -> Cell:
    """Print one value: a number in as many digits as it needs, not fewer than its indicator has."""
    if value is None or value is pd.NA or (isinstance(value, float) and not math.isfinite(value)):
        return BLANK
    if isinstance(value, int | float) and not isinstance(value, bool):
        if head == "year":
            return number_cell(value, 0)
        return number_cell(value, max(digits(value), decimals or 0))
    if head == "bound_by":
        return text_cell(families(str(value), language))
    if head == "year" and value == _TOTAL:
        return text_cell(word("all_years_head", language))
    return text_cell(str(value))
