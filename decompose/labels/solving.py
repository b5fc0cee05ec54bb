"""Texts of solving."""

from __future__ import annotations

from decompose.labels.message import Text

SOLVING: dict[str, Text] = {}
