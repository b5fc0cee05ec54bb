"""The sheets of a report that are no annex, as tables: grounds, sums, conflicts, comparisons."""

from __future__ import annotations

from decompose.report.sheets.conflict import conflict_tables
from decompose.report.sheets.frames import frame_tables
from decompose.report.sheets.grounds import grounds
from decompose.report.sheets.sums import sums

__all__ = ["conflict_tables", "frame_tables", "grounds", "sums"]
