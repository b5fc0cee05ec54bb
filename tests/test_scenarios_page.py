"""The outputs on the pages with examples are true."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

ROOT = Path(__file__).parent.parent
PAIR = re.compile(r"```python\n([^`]*)```\n\n```text\n([^`]*)```")


def outputs(page: str) -> list[tuple[str, str]]:
    """Return what the page shows, and what its examples print, one after the other."""
    told: dict[str, Any] = {}
    found = []
    with pd.option_context("display.width", 100), contextlib.chdir(ROOT):
        for code, shown in PAIR.findall((ROOT / "docs" / page).read_text(encoding="utf-8")):
            printed = io.StringIO()
            with contextlib.redirect_stdout(printed):
                exec(code, told)
            found.append((shown, printed.getvalue()))
    return found


@pytest.mark.parametrize(("page", "count"), [("scenarios.md", 2), ("revising.md", 3)])
def test_the_page_shows_what_its_examples_print(page: str, count: int) -> None:
    pairs = outputs(page)
    assert len(pairs) == count
    for shown, printed in pairs:
        assert shown == printed
