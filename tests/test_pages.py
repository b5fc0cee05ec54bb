"""The pages show what their examples print."""

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
PAGES = {"adjusting": 4, "explain": 6, "gap": 1, "revising": 3, "scenarios": 2}
"""Pages with examples, and how many of these show what they print."""


def outputs(page: str) -> list[tuple[list[str], list[str]]]:
    """Return what a page shows, and what its examples print, one after the other."""
    told: dict[str, Any] = {}
    found = []
    with pd.option_context("display.width", 100), contextlib.chdir(ROOT):
        for code, shown in PAIR.findall((ROOT / "docs" / f"{page}.md").read_text("utf-8")):
            printed = io.StringIO()
            with contextlib.redirect_stdout(printed):
                exec(code, told)
            found.append((without_ends(shown), without_ends(printed.getvalue())))
    return found


def without_ends(text: str) -> list[str]:
    """Return the lines of a text without the spaces that pandas pads them with."""
    return [line.rstrip() for line in text.splitlines()]


@pytest.mark.parametrize("page", PAGES)
def test_the_page_shows_what_its_examples_print(page: str) -> None:
    pairs = outputs(page)
    assert len(pairs) == PAGES[page]
    for shown, printed in pairs:
        assert shown == printed


def test_no_example_goes_without_its_output() -> None:
    for page, count in PAGES.items():
        assert (ROOT / "docs" / f"{page}.md").read_text("utf-8").count("```text") == count
