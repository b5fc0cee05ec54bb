"""Pages as tests run them: their blocks in turn, in a folder of their own.

- ``python`` blocks run in one namespace; ``sh`` blocks run line by line (``decompose`` in this
  process); a ``text`` block right after is what they print, where a line ``…`` stands for any.
- ``sh exit=1`` ends with 1. A line that installs something is left to those who read it.
- ``<!-- file: NAME -->`` before a block: its text is the file. ``<!-- fill: SHEET -->`` before a
  table: it is typed into that sheet of the workbook that the page made last; ``add`` types it
  below what stands there. ``<!-- clear: SHEET -->``: the example on it is cleared.
- ``<!-- book: FILE -->``: what is typed next goes into that workbook.
- ``<!-- after: PAGE -->``: that page is run first.
"""

from __future__ import annotations

import contextlib
import io
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd

from decompose.cli import main

ROOT = Path(__file__).parent.parent

ELSEWHERE = {
    "pip install": "installs",
    "python -m pip install": "installs",
    "py -m pip install": "installs",
    "python -m venv": "installs",
    "python3 -m venv": "installs",
    "source .venv": "installs",
    ".venv\\Scripts\\activate": "installs",
    "bash scripts/demo": "installs; examples/qingyuan.py does the same",
    "bash scripts/test": "runs these tests",
    "bash scripts/docs": "tests/test_site.py builds the site",
    "bash scripts/pictures": "needs LibreOffice and Chromium",
    "python -m benchmarks": "tests/test_benchmarks.py",
    "HYPOTHESIS_PROFILE=search": "searches without end",
    "cd ": "the folder is that of the page",
}
"""What lines of a shell may begin with that are not run here, and why."""

_BLOCK = re.compile(
    r"(?:<!-- file: (?P<file>[^ ]+) -->\n+)?^```(?P<info>[^\n`]*)\n(?P<code>.*?)^```$"
    r"|<!-- (?P<how>fill|add): (?P<sheet>[^>]+) -->\n+(?P<table>(?:\|[^\n]*\n)+)"
    r"|<!-- (?P<do>after|clear|book): (?P<what>[^ ]+) -->",
    re.M | re.S,
)
_ANY = "…"


@dataclass(frozen=True)
class Block:
    """A block of a page: its kind, what it says, and its line."""

    kind: str
    text: str
    line: int
    exit: int = 0
    about: str = ""


def blocks_of(text: str) -> list[Block]:
    """Return the blocks of a page, in order; ``{…}`` is a directive of the site, and none."""
    found = []
    for one in _BLOCK.finditer(text):
        if (one["info"] or "").startswith("{"):
            continue
        line = text.count("\n", 0, one.start()) + 1
        if one["do"] or one["how"]:
            about = one["what"] or one["sheet"].strip()
            found.append(Block(one["do"] or one["how"], one["table"] or "", line, about=about))
            continue
        kind, _, code = one["info"].partition(" exit=")
        if one["file"]:
            found.append(Block("file", one["code"], line, about=one["file"]))
        else:
            found.append(Block(kind, one["code"], line, int(code or 0)))
    return found


@dataclass
class Run:
    """A page as it runs in a folder."""

    page: Path
    folder: Path
    space: dict[str, Any] = field(default_factory=lambda: {"__name__": "__main__"})
    workbook: Path | None = None
    printed: str = ""

    def run(self, block: Block) -> None:
        """Run a block that is no output."""
        if block.kind == "python":
            told = io.StringIO()
            with contextlib.redirect_stdout(told):
                exec(block.text, self.space)
            self.printed = told.getvalue()
        elif block.kind == "sh":
            self.printed = "".join(self._shell(line, block) for line in _commands(block.text))
        elif block.kind == "file":
            (self.folder / block.about).write_text(block.text, encoding="utf-8")
        elif block.kind in ("fill", "add", "clear"):
            assert self.workbook is not None, f"line {block.line}: no workbook was made"
            fill(self.workbook, block.about, _cells(block.text), add=block.kind == "add")
        elif block.kind == "book":
            self.workbook = self.folder / block.about
        elif block.kind == "after":
            for other in blocks_of((self.page.parent / block.about).read_text("utf-8")):
                if other.kind != "text":
                    self.run(other)
        else:
            raise AssertionError(f"line {block.line}: a block of kind “{block.kind}” runs nowhere")

    def _shell(self, line: str, block: Block) -> str:
        if any(line.startswith(start) for start in ELSEWHERE):
            return ""
        words = shlex.split(line, comments=True)
        assert words[0] == "decompose", f"line {block.line}: nobody runs “{line}”"
        told = io.StringIO()
        with contextlib.redirect_stdout(told), contextlib.redirect_stderr(told):
            status = main(words[1:])
        assert status == block.exit, f"line {block.line}: {line}\n{told.getvalue()}"
        if words[1] == "template":
            self.workbook = self.folder / words[2]
        return told.getvalue()


def _commands(text: str) -> list[str]:
    return [line for line in text.replace("\\\n", " ").splitlines() if line.strip()]


def _cells(table: str) -> list[list[str]]:
    """Return the cells of a table, its headings first."""
    rows = [row.strip().strip("|").split("|") for row in table.splitlines()]
    return [[cell.strip() for cell in row] for number, row in enumerate(rows) if number != 1]


def fill(workbook: Path, sheet: str, rows: list[list[str]], *, add: bool = False) -> None:
    """Type a table into a sheet, over the example that stands in it.

    On the sheet of the plan, and in cells named ``A1``, values go beside their names; elsewhere
    under their headings, and what stood there is cleared. Series have headings of their own.
    """
    book = openpyxl.load_workbook(workbook)
    page = book[sheet]
    heads = {cell.value: cell.column for cell in page[1]}
    if not rows:
        clear(page)
    elif rows[0][0] in ("单元格", "cell"):
        for place, value in rows[1:]:
            page[place] = typed(value)
    elif sheet in ("计划", "plan"):
        places = {page.cell(row, 1).value: row for row in range(2, page.max_row + 1)}
        for name, value in rows[1:]:
            page.cell(places[name], 2).value = typed(value)
    else:
        first = 2
        if add:
            first += sum(any(cell.value is not None for cell in row) for row in page.iter_rows(2))
        else:
            clear(page)
        if sheet in ("基数", "tables"):
            for column in range(1, page.max_column + 1):
                page.cell(1, column).value = None
            heads = {head: column for column, head in enumerate(rows[0], start=1)}
            for head, column in heads.items():
                page.cell(1, column).value = head
        for number, row in enumerate(rows[1:], start=first):
            for head, value in zip(rows[0], row, strict=True):
                page.cell(number, heads[head]).value = typed(value)
    book.save(workbook)


def clear(page: Any) -> None:
    """Clear the rows below the headings."""
    for row in page.iter_rows(min_row=2):
        for cell in row:
            cell.value = None


def typed(text: str) -> str | float | int | None:
    """Return what a spreadsheet makes of what is typed into a cell that is no text."""
    if not text:
        return None
    with contextlib.suppress(ValueError):
        return int(text)
    with contextlib.suppress(ValueError):
        return float(text)
    return text


def mismatches(page: Path, folder: Path) -> Iterator[str]:
    """Run a page in a folder; yield what it prints otherwise than it shows."""
    run = Run(page, folder)
    with contextlib.chdir(folder), pd.option_context("display.width", 100):
        before: Block | None = None
        for block in blocks_of(page.read_text("utf-8")):
            if block.kind == "text" and before is not None:
                if not agrees(lines(block.text), lines(run.printed)):
                    yield f"{page.name}, line {block.line}: it prints\n{run.printed}"
                before = None
            elif block.kind != "text":
                run.run(block)
                before = block


def lines(text: str) -> list[str]:
    """Return the lines of a text without the spaces that pandas pads them with."""
    return [line.rstrip() for line in text.strip("\n").splitlines()]


def agrees(shown: list[str], printed: list[str]) -> bool:
    """Whether lines are those that are shown, where ``…`` stands for any number of them."""
    if _ANY not in shown:
        return shown == printed
    place = shown.index(_ANY)
    head, rest = shown[:place], shown[place + 1 :]
    if printed[:place] != head:
        return False
    return any(agrees(rest, printed[k:]) for k in range(place, len(printed) + 1))
