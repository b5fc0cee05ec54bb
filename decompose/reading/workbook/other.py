"""The sheet of what has no column of its own: a path and a value, as in ``with_changes``."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

from decompose.errors import PlanError
from decompose.labels import say
from decompose.reading.files import File
from decompose.reading.nodes import Node, Notes
from decompose.reading.workbook.naming import Naming
from decompose.reading.workbook.rows import Record
from decompose.reading.workbook.tree import LISTS, Tree
from decompose.reading.yaml_text import read_yaml


@dataclass(frozen=True)
class _CellFile(File):
    """The text of one cell as a file: its name, and all its lines, are the cell."""

    def line(self, line: int, column: int = 0) -> str:  # noqa: ARG002 # as every file has it
        return self.name


def read_other(record: Record, tree: Tree, naming: Naming, notes: Notes) -> None:
    """Put the value of a row at its path."""
    if record.refused("path") or record.refused("value"):
        return
    where, value = record.nodes["path"], _value(record.nodes["value"], notes)
    steps = read_path(str(where.value))
    if not steps:
        notes.tell(say("path_no_text", found=str(where.value)), where.line)
    elif steps[0] not in LISTS or len(steps) == 1:
        tree.put(steps, value)
    else:
        item = _item(steps[0], steps[1], tree, naming)
        if item is None:
            notes.tell(say("path_lost", found=steps[1]), where.line)
        elif len(steps) > 2:
            tree.put(steps[2:], value, item)
        elif isinstance(value.value, dict):
            for key, inner in value.value.items():
                tree.put((str(key),), inner, item)
        else:
            notes.tell(say("path_no_text", found=str(where.value)), where.line)


def read_path(text: str) -> tuple[str, ...]:
    """Return the steps of a path: parted by dots, or a JSON list; nothing where it is neither."""
    if not text.startswith("["):
        steps = tuple(step.strip() for step in text.split("."))
        return steps if all(steps) else ()
    try:
        listed = json.loads(text)
    except ValueError:
        return ()
    return tuple(listed) if all(isinstance(step, str) for step in listed) else ()


def _item(key: str, name: str, tree: Tree, naming: Naming) -> Node | None:
    return tree.item(key, naming.identity(name) if key == "indicators" else name)


def _value(node: Node, notes: Notes) -> Node:
    """Read the YAML or JSON of a cell."""
    if not isinstance(node.value, str):
        return node
    inner = Notes(_CellFile(notes.file.line(node.line), notes.file.language))
    try:
        found = _placed(read_yaml(node.value, inner), node.line)
    except PlanError as error:
        notes.mistakes += error.mistakes
        found = Node(None, node.line, refused=True)
    notes.mistakes += inner.mistakes
    return found


def _placed(node: Node, line: int) -> Node:
    """Give all nodes of a text the number of its cell."""
    value = node.value
    if isinstance(value, dict):
        value = {key: _placed(inner, line) for key, inner in value.items()}
    elif isinstance(value, list):
        value = [_placed(inner, line) for inner in value]
    return replace(node, value=value, line=line)
