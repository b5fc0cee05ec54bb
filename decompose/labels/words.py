"""Texts of words."""

from __future__ import annotations

from decompose.labels.message import Text

WORDS: dict[str, Text] = {}
