"""Files to plans: YAML, JSON and CSV, with the place of everything that is wrong."""

from __future__ import annotations

from decompose.reading.plan_file import read_plan
from decompose.reading.table import Table, read_table

__all__ = ["Table", "read_plan", "read_table"]
