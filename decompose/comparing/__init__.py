"""Two allocations beside each other: what changed, and why."""

from __future__ import annotations

from decompose.comparing.beside import compare
from decompose.comparing.printed import comparison_table

__all__ = ["compare", "comparison_table"]
