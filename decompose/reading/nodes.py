"""The content of a YAML or JSON file as a tree that knows its lines."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from decompose.errors import Mistake
from decompose.figures import plain
from decompose.labels import Message, say
from decompose.plan.values import MOST_LETTERS
from decompose.reading.files import File, stop_at_many

MOST_LEVELS = 60
"""How deep a plan may be nested (a plan needs about eight)."""

_SHORT = 40

Key = str | int | float
Scalar = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Node:
    """A value of the file, and the line on which it (or its key) stands.

    ``refused`` marks a scalar that reading itself has told; what the models say of the value
    that stands in for it is no news. ``keys`` are those of its path that stand elsewhere, in
    plain form, each with its line: in a sheet, cells beside it.
    """

    value: Scalar | dict[Key, Node] | list[Node]
    line: int
    refused: bool = False
    keys: tuple[tuple[str, int], ...] = ()

    def line_of(self, key: str) -> int:
        """Return the line of a key of its path; its own where the key stands there."""
        return dict(self.keys).get(plain(key), self.line)

    def data(self) -> Any:
        """Return the content as plain dictionaries, lists and scalars."""
        if isinstance(self.value, dict):
            return {key: node.data() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.data() for node in self.value]
        return self.value


class Notes:
    """The mistakes that reading finds on its way through one file."""

    def __init__(self, file: File) -> None:
        self.file = file
        self.mistakes: list[Mistake] = []

    def tell(self, message: Message, line: int) -> None:
        """Note a mistake on a line.

        Raises
        ------
        PlanError
            Where there are more than are told at once.
        """
        self.mistakes.append(Mistake(message, (), self.file.line(line)))
        stop_at_many(self.mistakes, self.file)


class Entries:
    """The entries of one mapping, each key once in plain form (NFKC, trimmed)."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self._held: dict[str, tuple[Key, int]] = {}
        self.nodes: dict[Key, Node] = {}

    def add(self, key: Node, value: Node) -> None:
        """Add an entry, or note why it cannot be one; the first of two equal keys stays."""
        name = key.value
        if name is None and key.refused:
            return
        if name is None or isinstance(name, (bool, dict, list)):
            self._notes.tell(say("key_no_text", found=say(_KINDS[type(name)])), key.line)
            return
        other = self._held.setdefault(plain(str(name)), (name, key.line))
        if name in self.nodes or other != (name, key.line):
            twice = say("key_twice", found=str(name), other=str(other[0]), line=other[1])
            self._notes.tell(twice, key.line)
            return
        self.nodes[name] = replace(value, line=key.line)


_KINDS = {type(None): "kind_null", bool: "kind_truth", list: "kind_list", dict: "kind_mapping"}


def text_node(text: str, line: int, notes: Notes) -> Node:
    """Return a text; noted is one too long, or half of a surrogate pair, which no file can hold."""
    if len(text) > MOST_LETTERS:
        notes.tell(say("text_long", found=len(text), most=MOST_LETTERS), line)
        return Node(text[:_SHORT], line, refused=True)
    try:
        text.encode()
    except UnicodeEncodeError:
        notes.tell(say("text_surrogate", found=ascii(text)), line)
        return Node(ascii(text), line, refused=True)
    return Node(text, line)
