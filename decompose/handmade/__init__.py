"""Tables that somebody has changed by hand, as numbers in their places."""

from __future__ import annotations

from decompose.handmade.entries import Entry, Level, Spot, read_entries

__all__ = ["Entry", "Level", "Spot", "read_entries"]
