"""The outputs on the page about negotiation are true."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "adjusting.md"
PAIR = re.compile(r"```python\n([^`]*)```\n\n```text\n([^`]*)```")


def test_the_page_shows_what_its_examples_print(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    told: dict[str, Any] = {}
    pairs = PAIR.findall(PAGE.read_text(encoding="utf-8"))
    assert len(pairs) == 4
    with pd.option_context("display.width", 100), contextlib.chdir(ROOT):
        for code, shown in pairs:
            printed = io.StringIO()
            with contextlib.redirect_stdout(printed):
                exec(code, told)
            assert printed.getvalue() == shown
