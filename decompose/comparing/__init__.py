"""Two allocations beside each other: what changed, and why."""

from __future__ import annotations

from decompose.comparing.beside import compare
from decompose.comparing.printed import Comparison, comparison_table

__all__ = ["Comparison", "compare", "comparison_table"]
