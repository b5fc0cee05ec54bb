"""Texts of commands."""

from __future__ import annotations

from decompose.labels.message import Text

COMMANDS: dict[str, Text] = {}
