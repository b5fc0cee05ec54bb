"""Texts of reading."""

from __future__ import annotations

from decompose.labels.message import Text

READING: dict[str, Text] = {}
