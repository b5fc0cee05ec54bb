"""Every page: its examples run and print what it shows, and its links lead somewhere."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest

from tests.pages import ROOT, agrees, blocks_of, mismatches

PAGES = sorted(
    path.relative_to(ROOT)
    for folder in (".", "docs", "data", "examples")
    for path in (ROOT.glob("*.md") if folder == "." else (ROOT / folder).rglob("*.md"))
)
RUN = [page for page in PAGES if blocks_of((ROOT / page).read_text("utf-8"))]
MEASURED = {Path("docs/benchmarks.md"): "times differ from run to run"}
"""Pages that show what was measured, and why nobody compares it."""


@pytest.mark.parametrize("page", RUN, ids=str)
def test_examples_run_and_print_what_is_shown(page: Path, tmp_path: Path) -> None:
    if page in MEASURED:
        assert {block.kind for block in blocks_of((ROOT / page).read_text("utf-8"))} == {"text"}
        return
    (tmp_path / "data").symlink_to(ROOT / "data")
    assert [*mismatches(ROOT / page, tmp_path)] == []


PLANNERS = ("lock", "share", "negotiate", "adopt", "stretch", "tier", "compare", "track", "revise")
RULES = ("guide", "explain", "gap", "scenarios", "adjusting", "revising", "tracking", "reports")


def test_the_pages_with_examples_are_these() -> None:
    names = {str(page) for page in RUN}
    assert {"README.md", "README.zh.md", "docs/tutorial.md", "docs/zh/tutorial.md"} <= names
    for name in PLANNERS:
        assert {f"docs/howto/{name}.md", f"docs/zh/howto/{name}.md"} <= names
    for name in RULES:
        assert {f"docs/{name}.md", f"docs/zh/{name}.md"} <= names


def test_both_readmes_have_the_two_commands_that_set_all_up() -> None:
    for name in ("README.md", "README.zh.md"):
        text = "".join(one.text for one in blocks_of((ROOT / name).read_text("utf-8")))
        assert "bash scripts/demo" in text, name
        assert "bash scripts/test" in text, name
    assert "/scripts/test" in (ROOT / ".ci" / "run").read_text("utf-8")


# Links.

_LINK = re.compile(r"\]\((?!https?:|mailto:)([^)\s#]*)(#[^)\s]*)?\)")
_HEAD = re.compile(r"^#+ (.+)$", re.M)


def anchors(text: str) -> set[str]:
    """Return the anchors that headings of a page have."""
    heads = [re.sub(r"[`*_]|\[([^]]*)\]\([^)]*\)", r"\1", head) for head in _HEAD.findall(text)]
    return {"#" + _slug(head) for head in heads}


def _slug(head: str) -> str:
    kept = [one for one in head.strip().lower() if one in " -" or _is_word(one)]
    return "".join(kept).replace(" ", "-")


def _is_word(letter: str) -> bool:
    return letter == "_" or unicodedata.category(letter)[0] in "LN"


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_links_lead_to_files_and_headings(page: Path) -> None:
    text = re.sub(r"^```.*?^```$", "", (ROOT / page).read_text("utf-8"), flags=re.M | re.S)
    lost = []
    for target, anchor in _LINK.findall(text):
        file = (ROOT / page).parent / target if target else ROOT / page
        if not file.exists() or (
            anchor and file.suffix == ".md" and anchor not in anchors(file.read_text("utf-8"))
        ):
            lost.append(target + anchor)
    assert lost == []


_NAMED = re.compile(r"`((?:decompose|tests|docs|scripts)/[\w./]+)`")
_DEFINED = re.compile(r"`(_?[A-Z]\w+)(?:\[[^]]*\])?` (?:of|in) `(decompose/[\w/]+\.py)`")


def test_what_contributors_are_sent_to_is_there() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    assert [name for name in _NAMED.findall(text) if not (ROOT / name).exists()] == []
    for name, file in _DEFINED.findall(text):
        assert re.search(rf"^(class )?{name}\b", (ROOT / file).read_text("utf-8"), re.M), name


# The runner itself.


def test_a_line_of_dots_stands_for_any_lines() -> None:
    assert agrees(["a", "…", "d"], ["a", "b", "c", "d"])
    assert agrees(["a", "…"], ["a"])
    assert not agrees(["a", "…", "d"], ["a", "b", "c"])
    assert not agrees(["…", "b", "…"], ["a", "c"])
    assert not agrees(["a"], ["a", "b"])


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("```python\nprint(1)\n```\n\n```text\n2\n```\n", None),
        ("```sh\ndecompose check data/none.yaml\n```\n", AssertionError),
        ("```sh\nrm -r x\n```\n", AssertionError),
        ("```js\nx\n```\n", AssertionError),
        ("```python\n1 / 0\n```\n", ZeroDivisionError),
    ],
)
def test_what_is_wrong_is_found(text: str, error: type[Exception] | None, tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(text, "utf-8")
    if error is None:
        assert len([*mismatches(page, tmp_path)]) == 1
        return
    with pytest.raises(error):
        list(mismatches(page, tmp_path))


def test_links_that_lead_nowhere_are_found() -> None:
    assert anchors("# A b, c\n\n## `x`的 Y") == {"#a-b-c", "#x的-y"}
