"""Texts of reporting."""

from __future__ import annotations

from decompose.labels.message import Text

REPORTING: dict[str, Text] = {}
