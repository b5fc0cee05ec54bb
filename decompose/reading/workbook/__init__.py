"""A plan from one workbook (.xlsx): sheets and headings in Chinese or English."""

from __future__ import annotations

from decompose.reading.workbook.content import WorkbookContent

__all__ = ["WorkbookContent"]
