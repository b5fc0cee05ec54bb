"""A plan from one workbook (.xlsx): sheets and headings in Chinese or English."""

from __future__ import annotations

from decompose.reading.workbook.book import Book
from decompose.reading.workbook.content import WorkbookContent
from decompose.reading.workbook.glossary import glossary

__all__ = ["Book", "WorkbookContent", "glossary"]
