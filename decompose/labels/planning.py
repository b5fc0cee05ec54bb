"""Texts of planning."""

from __future__ import annotations

from decompose.labels.message import Text

PLANNING: dict[str, Text] = {}
