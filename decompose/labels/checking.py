"""Texts of checking."""

from __future__ import annotations

from decompose.labels.message import Text

CHECKING: dict[str, Text] = {}
