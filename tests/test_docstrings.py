"""Docstrings of the public names: they say every parameter, and their examples do what they show.

Examples run beside the plan that the page of public names begins with.
"""

from __future__ import annotations

import doctest
import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from pydantic import BaseModel

import decompose as dc
from tests.pages import ROOT

PAGE = ROOT / "docs" / "reference" / "api.md"
SPACES = doctest.NORMALIZE_WHITESPACE  # lines of texts and tables are wrapped
HEADING = re.compile(r"^(\w[\w ]*)\n-{3,}\n", re.MULTILINE)


def documented() -> Iterator[tuple[str, Any]]:
    """Give the public functions and classes, and the public methods of these."""
    for name in dc.__all__:
        one = getattr(dc, name)
        yield name, one
        if inspect.isclass(one) and not issubclass(one, (BaseModel, BaseException)):
            for own, member in vars(one).items():
                function = getattr(member, "__func__", member)
                if not own.startswith("_") and inspect.isfunction(function):
                    yield f"{name}.{own}", function


NAMES = dict(documented())
CALLED = {
    name: one
    for name, one in NAMES.items()
    if inspect.isfunction(one) and not name.startswith("Reason.")
}
WITH_EXAMPLES = {name: one for name, one in NAMES.items() if ">>> " in (inspect.getdoc(one) or "")}


def sections(text: str) -> dict[str, str]:
    """Cut a numpydoc text into its sections, by heading."""
    _, *parts = HEADING.split(text)
    return dict(zip(parts[::2], parts[1::2], strict=True))


def entries(section: str) -> list[str]:
    """Return what a section speaks of: its lines that are not indented, names apart."""
    heads = [line for line in section.splitlines() if line and not line.startswith(" ")]
    return [name.strip() for head in heads for name in head.split(",")]


@pytest.mark.parametrize("name", CALLED)
def test_every_parameter_is_told(name: str) -> None:
    told = sections(inspect.getdoc(CALLED[name]) or "")
    parameters = inspect.signature(CALLED[name]).parameters.values()
    wanted = [str(one).partition(":")[0] for one in parameters if one.name != "self"]
    assert entries(told.get("Parameters", "")) == wanted


@pytest.mark.parametrize("name", CALLED)
def test_what_is_returned_has_a_type_and_a_meaning(name: str) -> None:
    returns = sections(inspect.getdoc(CALLED[name]) or "").get("Returns", "")
    if inspect.signature(CALLED[name]).return_annotation in ("None", None):
        assert not returns
    else:
        kind, *meaning = returns.splitlines()
        assert len(kind) < 40
        assert meaning[0].startswith("    ")


def test_functions_have_examples() -> None:
    assert {name for name in dc.__all__ if inspect.isfunction(getattr(dc, name))} <= set(
        WITH_EXAMPLES
    )


@pytest.mark.parametrize("name", WITH_EXAMPLES)
def test_examples_do_what_they_show(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    given: dict[str, Any] = {"pd": pd, "folder": tmp_path}
    setup = re.search(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert setup is not None
    exec(setup[1], given)
    text = inspect.getdoc(WITH_EXAMPLES[name]) or ""
    test = doctest.DocTestParser().get_doctest(text, given, name, None, None)
    told: list[str] = []
    result = doctest.DocTestRunner(optionflags=SPACES).run(test, out=told.append)
    assert result.attempted > 0
    assert not result.failed, "".join(told)
