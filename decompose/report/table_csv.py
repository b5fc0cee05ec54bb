"""A table as CSV, for spreadsheets and other programs."""

from __future__ import annotations

import codecs
import csv
import io

import pandas as pd

from decompose.labels import say
from decompose.tables import Cell, Column, Table

_LIVE = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What makes a spreadsheet take a text for a formula, full-width forms included."""


def table_csv(table: Table) -> bytes:
    """Render a table as CSV: UTF-8 with BOM, one heading row, never turned.

    Texts that a spreadsheet would take for a formula are led by an apostrophe; numbers never
    are. Title, unit line and notes are left out; headings have the units.
    """
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow([safe_text(_head(table, column)) for column in table.columns])
    writer.writerows([_content(cell) for cell in row.cells] for row in table.rows)
    return codecs.BOM_UTF8 + file.getvalue().encode("utf-8")


def frame_csv(frame: pd.DataFrame) -> bytes:
    """Render a frame as CSV in the same way, under its own column names."""
    safe = frame.copy()
    for name in frame:
        if not pd.api.types.is_numeric_dtype(frame[name]):
            safe[name] = frame[name].map(safe_text, na_action="ignore")
    return codecs.BOM_UTF8 + safe.to_csv(index=False, lineterminator="\r\n").encode("utf-8")


def _head(table: Table, column: Column) -> str:
    if not column.unit:
        return column.key
    return say("with_unit", name=column.key, unit=column.unit).text(table.language)


def _content(cell: Cell) -> str:
    return safe_text(cell.text) if cell.number is None else cell.text


def safe_text(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula: an apostrophe leads it if needed."""
    return f"'{text}" if text.startswith(_LIVE) else text
