"""Workbooks for tests: the cells of the template, some of them changed."""

from __future__ import annotations

import datetime as dt
import functools
import io
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

import openpyxl
import xlsxwriter
from openpyxl.utils.cell import coordinate_to_tuple

from decompose.report.template import template

Rows = list[list[Any]]
Workbook = dict[str, Rows]
Edits = Mapping[str, Any]


@functools.cache
def blank() -> bytes:
    return template()


def cells(data: bytes) -> Workbook:
    """Return the sheets of a workbook as rows of values."""
    book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    return {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book}


@functools.cache
def filled() -> Workbook:
    return cells(blank())


def edited(edits: Edits) -> Workbook:
    """Return the template's sheets with some cells changed; None for a sheet takes it out."""
    sheets = {name: [list(row) for row in rows] for name, rows in filled().items()}
    for place, value in edits.items():
        name, _, cell = place.partition("!")
        if not cell:
            sheets.pop(name)
            continue
        row, column = coordinate_to_tuple(cell)
        rows = sheets.setdefault(name, [])
        rows += [[] for _ in range(row - len(rows))]
        rows[row - 1] += [None] * (column - len(rows[row - 1]))
        rows[row - 1][column - 1] = value
    return sheets


def as_bytes(sheets: Workbook, *, merged: Edits | None = None, hidden: str = "") -> bytes:
    """Write sheets as they are; a pair is a number and its format, or a formula and its result."""
    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            if name == hidden:
                sheet.hide()
            for row, line in enumerate(rows):
                for column, value in enumerate(line):
                    write(book, sheet, row, column, value)
        for place, text in (merged or {}).items():
            name, _, where = place.partition("!")
            book.get_worksheet_by_name(name).merge_range(where, text)
    return file.getvalue()


def write(book: Any, sheet: Any, row: int, column: int, value: Any) -> None:
    if isinstance(value, tuple) and str(value[0]).startswith("="):
        sheet.write_formula(row, column, value[0], None, value[1])
    elif isinstance(value, tuple):
        sheet.write_number(row, column, value[0], book.add_format({"num_format": value[1]}))
    elif isinstance(value, (dt.datetime, dt.time)):
        look = "hh:mm" if isinstance(value, dt.time) else 'm"月"d"日"'
        sheet.write_datetime(row, column, value, book.add_format({"num_format": look}))
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, str):
        sheet.write_string(row, column, value)
    elif value is not None:
        sheet.write_number(row, column, value)


def patched(data: bytes, changes: Mapping[str, Callable[[bytes], bytes]]) -> bytes:
    """Change parts of a zip archive; a part that is not there is made of nothing."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w", 8) as new:
        for name in dict.fromkeys([*old.namelist(), *changes]):
            content = old.read(name) if name in old.namelist() else b""
            new.writestr(name, changes[name](content) if name in changes else content)
    return file.getvalue()
