"""Tables as Markdown that can be read in a terminal as it is."""

from __future__ import annotations

import re
from collections.abc import Sequence

from decompose.labels import say
from decompose.report.widths import pad, width
from decompose.tables import Cell, ColumnKind, Table, layout, runs

_INDENT = "\u3000"
"""An ideographic space, which Markdown keeps."""
_MARKUP = re.compile(r"[\\`*<|\[]")


def markdown(tables: Sequence[Table]) -> str:
    """Render tables as Markdown, columns aligned with East Asian widths.

    Markdown has one heading row only: the parts of an indicator stand after it.
    """
    return "\n".join(_table(table) for table in tables)


def _table(table: Table) -> str:
    blocks = (
        _escaped(table.label),
        f"## {_escaped(table.title)}",
        _escaped(table.status_line),
        _escaped(table.unit_line),
        _grid(table),
        _notes(table),
        *(_escaped(line) for line in table.signatures),
    )
    return "\n\n".join(block for block in blocks if block) + "\n"


def _grid(table: Table) -> str:
    page = layout(table)
    heads = [_escaped(head) for head in page.heads]
    rows = [
        [
            _INDENT * row.level * (number == page.label) + _escaped(text)
            for number, text in enumerate(_texts(row.cells))
        ]
        for row in page.rows
    ]
    cells = [heads, *rows]
    right = [column.kind is ColumnKind.FIGURE for column in page.columns]
    widths = [max(3, *map(width, column)) for column in zip(*cells, strict=True)]
    rule = [
        "-" * (size - 1) + (":" if end else "-") for size, end in zip(widths, right, strict=True)
    ]
    lines = [
        [pad(cell, size, right=end) for cell, size, end in zip(line, widths, right, strict=True)]
        for line in cells
    ]
    return "\n".join(f"| {' | '.join(line)} |" for line in (lines[0], rule, *lines[1:]))


def _texts(cells: Sequence[Cell]) -> list[str]:
    """Return the text of each cell; of those that are joined, the last alone has it."""
    ends = {run[-1] for run in runs(cells)}
    return [cell.text if place in ends else "" for place, cell in enumerate(cells)]


def _notes(table: Table) -> str:
    head = say("notes_head").text(table.language)
    notes = [_escaped(note) for note in table.notes]
    if len(notes) < 2:
        return "".join(head + note for note in notes)
    items = "\n".join(f"{number}. {note}" for number, note in enumerate(notes, start=1))
    return f"{head.rstrip()}\n\n{items}"


def _escaped(text: str) -> str:
    """Keep a text on one line, free of markup."""
    return _MARKUP.sub(r"\\\g<0>", " ".join(text.split()))
