"""A new workbook: the one place where xlsxwriter is asked for."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

from decompose.errors import ReportError
from decompose.labels import Language, say

_CREATED = dt.datetime(2000, 1, 1)  # in universal time
"""A fixed date, so that the same content gives the same bytes."""


def new_workbook(file: io.BytesIO, *, language: Language, title: str = "") -> Any:
    """Return a workbook to be written to a buffer; its texts are never formulas or links.

    Raises
    ------
    ReportError
        If xlsxwriter is not installed; with the command that installs it.
    """
    try:
        import xlsxwriter
    except ImportError as error:
        command = 'pip install "target-decompose[excel]"'
        missing = say("report_package", suffix=".xlsx", package="xlsxwriter", command=command)
        raise ReportError(missing, language=language) from error
    # in memory, so that the parts of the file bear a fixed date too
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(file, options)
    book.set_properties({"created": _CREATED, "title": title})
    return book
