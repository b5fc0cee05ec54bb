"""The annexes as data: built once, rendered by every writer of ``report``."""

from __future__ import annotations

from decompose.tables.by_department import by_department
from decompose.tables.by_letter import letter
from decompose.tables.by_region import annex2
from decompose.tables.by_year import annex1
from decompose.tables.layout import Heading, Layout, layout, runs
from decompose.tables.model import Cell, Column, ColumnKind, Row, RowKind, Table
from decompose.tables.printed import Printed

__all__ = [
    "Cell",
    "Column",
    "ColumnKind",
    "Heading",
    "Layout",
    "Printed",
    "Row",
    "RowKind",
    "Table",
    "annex1",
    "annex2",
    "by_department",
    "layout",
    "letter",
    "runs",
]
