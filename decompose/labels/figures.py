"""Texts of figures."""

from __future__ import annotations

from decompose.labels.message import Text

FIGURES: dict[str, Text] = {}
