"""The outputs on the page about scenarios are true."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path
from typing import Any

import pandas as pd

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "scenarios.md"
PAIR = re.compile(r"```python\n([^`]*)```\n\n```text\n([^`]*)```")


def outputs() -> list[tuple[str, str]]:
    """Return what the page shows, and what its examples print, one after the other."""
    told: dict[str, Any] = {}
    found = []
    with pd.option_context("display.width", 100), contextlib.chdir(ROOT):
        for code, shown in PAIR.findall(PAGE.read_text(encoding="utf-8")):
            printed = io.StringIO()
            with contextlib.redirect_stdout(printed):
                exec(code, told)
            found.append((shown, printed.getvalue()))
    return found


def test_the_page_shows_what_its_examples_print() -> None:
    pairs = outputs()
    assert len(pairs) == 2
    for shown, printed in pairs:
        assert shown == printed
