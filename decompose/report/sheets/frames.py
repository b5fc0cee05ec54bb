"""Frames of ``sweep``, ``compare`` and ``revise`` as tables, recognised by their columns."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from decompose.bounds import families
from decompose.errors import ReportError
from decompose.labels import Language, say, word
from decompose.labels.words import WORDS
from decompose.plan import Indicator, Plan
from decompose.plan.steps import decimals_of
from decompose.tables import Cell, Column, ColumnKind, Row, RowKind, Table
from decompose.tables.model import BLANK, digits, number_cell, text_cell
from decompose.tables.order import status_line
from decompose.tables.printed import printed_name

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
_MARKS = ("scenario", "region", "scope", "family")
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
        return (_listed(frame, "compared", "", None, language),)
    told = say("report_frame", found=[str(one) for one in frame.columns])
    raise ReportError(told, language=language)


def changes_table(frame: pd.DataFrame, plan: Plan, *, language: Language = "zh") -> Table:
    """Make the table of a revision's changes: before and after, side by side, and why."""
    return _listed(frame, "changes", plan.title, plan, language)


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
        return _listed(shown, "scenario_quotas", "", None, language)
    keys = ["indicator", "region", "year"]
    wide = solved[keys].drop_duplicates()
    for name in names:
        own = solved.loc[solved["scenario"] == name, [*keys, "quota"]]
        wide = wide.merge(own.rename(columns={"quota": name}), "left", on=keys)
    return _listed(wide, "scenario_quotas", "", None, language)


def _listed(
    frame: pd.DataFrame, kind: str, title: str, plan: Plan | None, language: Language
) -> Table:
    """Make a list of a frame, a row per row; indicators by their names where a plan has them."""
    ones = {} if plan is None else {one.id: one for one in plan.indicators}
    heads = [str(name) for name in frame]
    place = heads.index("indicator")
    numeric = [pd.api.types.is_numeric_dtype(frame[name]) for name in frame]
    columns = [
        _column(name, is_number, place == k, language)
        for k, (name, is_number) in enumerate(zip(heads, numeric, strict=True))
    ]
    rows = []
    for values in zip(*(frame[name].tolist() for name in frame), strict=True):
        one = ones.get(values[place])
        cells = [
            _cell(head, value, one, language) for head, value in zip(heads, values, strict=True)
        ]
        rows.append(Row(RowKind.REGION, tuple(cells)))
    sheet = word(kind, language)
    return Table(
        name=sheet,
        label="",
        title=say("sheet_title", title=title, sheet=sheet).text(language).strip(": "),
        columns=tuple(columns),
        rows=tuple(rows),
        status_line="" if plan is None else status_line(plan, language),
        language=language,
        kind=kind,
        listed=True,
    )


def _column(name: str, is_number: bool, leads: bool, language: Language) -> Column:
    code = _HEADS.get(name, name)
    head = word(code, language) if code in WORDS else name
    if leads:
        kind = ColumnKind.LABEL
    elif is_number or name in _MARKS:
        kind = ColumnKind.FIGURE if is_number and name != "year" else ColumnKind.MARK
    else:
        kind = ColumnKind.TEXT
    return Column(name, head, kind, optional=name in _OPTIONAL)


def _cell(head: str, value: Any, one: Indicator | None, language: Language) -> Cell:
    """Print one value: a number in the digits of its indicator, or as many as it needs."""
    if value is None or value is pd.NA or (isinstance(value, float) and not math.isfinite(value)):
        return BLANK
    if isinstance(value, int | float) and not isinstance(value, bool):
        if head == "year":
            return number_cell(value, 0)
        least = 0 if one is None else decimals_of(one)
        return number_cell(value, max(least, digits(value)))
    if head == "indicator" and one is not None:
        return text_cell(printed_name(one, language))
    if head == "bound_by":
        return text_cell(families(str(value), language))
    return text_cell(str(value))
