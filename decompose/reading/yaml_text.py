"""YAML 1.2 to nodes.

Ruamel's parser tells the structure and the lines; what the scalars mean, which keys are one, and
how far aliases may go is decided here, so that every mistake is found and explained.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NamedTuple

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
)

from decompose.labels import say
from decompose.reading.nodes import MOST_LEVELS, Entries, Node, Notes, text_node
from decompose.reading.scalars import read_scalar
from decompose.reading.yaml_syntax import syntax_hint

MOST_ITEMS = 125_000
"""How many items a file may hold: the parser takes some seconds for these. A national plan, with
yearly targets of every city for 20 indicators, has 108,000."""
MOST_ALIASED = 200_000
"""How many items the aliases of a file may stand for, in all."""
_LETTERS = 100
"""A long text counts as an item for each so many letters."""

_TEXT_TAG = "tag:yaml.org,2002:str"
_VERSION = re.compile(r"%YAML\s+(?!1\.2\s*(#.*)?$)")
_NO_SPACE = re.compile(r"(?P<key>[^:\uff1a]+)[:\uff1a]\s*(?P<value>.*\S)")


class _Anchor(NamedTuple):
    """What an alias may repeat, how many items it holds, and how many levels."""

    node: Node
    items: int
    levels: int


def read_yaml(text: str, notes: Notes) -> Node:
    """Read the one document of a YAML text.

    Raises
    ------
    PlanError
        At the first syntax error, alone.
    """
    text = _without_version(text, notes)
    builder = _Builder(text, notes)
    return builder.document()


def _without_version(text: str, notes: Notes) -> str:
    """Blank a directive that asks for another YAML, so that the rest is read as 1.2."""
    lines = text.split("\n")
    for number, line in enumerate(lines):
        if line.strip() and not line.startswith(("%", "#")):
            break
        if _VERSION.match(line):
            notes.tell(say("yaml_version", found=line.strip()), number + 1)
            lines[number] = "#"
    return "\n".join(lines)


class _Builder:
    """Builds nodes of parser events."""

    def __init__(self, text: str, notes: Notes) -> None:
        self._text = text
        self._notes = notes
        self._events = self._parse()
        self._anchors: dict[str, _Anchor | None] = {}
        self._items = self._aliased = self._deepest = 0

    def _parse(self) -> Iterator[Any]:
        try:
            yield from YAML(typ="safe", pure=True).parse(self._text)
        except MarkedYAMLError as error:
            hint, line, column = syntax_hint(error, self._text)
            place = self._notes.file.line(line, column)
            raise self._notes.file.error(say("syntax", hint=hint), place) from None
        except Exception:
            # the parser itself breaks on some texts, such as "\\U0011FFFF", and names no line
            raise self._notes.file.error(say("syntax", hint=say("hint_any"))) from None

    def document(self) -> Node:
        root: Node | None = None
        for event in self._events:
            if isinstance(event, DocumentStartEvent) and root is not None:
                self._notes.tell(say("second_document"), event.start_mark.line + 1)
                break
            if isinstance(event, DocumentStartEvent):
                root = self._node(next(self._events), 1)
        if root is None:
            raise self._notes.file.error(say("file_empty"))
        return root

    def _node(self, event: Any, level: int) -> Node:
        """Build the node that begins with an event."""
        line = event.start_mark.line + 1
        before, deepest = self._items + self._aliased, self._deepest
        self._items += 1
        if self._items > MOST_ITEMS:
            self._stop("file_items", MOST_ITEMS, line)
        if level > MOST_LEVELS:
            self._stop("nested_deep", MOST_LEVELS, line)
        if isinstance(event, AliasEvent):
            return self._alias(event.anchor, level, line)
        self._deepest = level
        if isinstance(event, ScalarEvent):
            node = self._scalar(event, line)
        else:
            self._check_tag(event, line)
            if event.anchor is not None:
                self._anchors[event.anchor] = None
            node = (
                self._mapping(level, line)
                if isinstance(event, MappingStartEvent)
                else self._sequence(level, line)
            )
        if event.anchor is not None:
            items = self._items + self._aliased - before
            self._anchors[event.anchor] = _Anchor(node, items, self._deepest - level + 1)
        self._deepest = max(deepest, self._deepest)
        return node

    def _until(self, end: type) -> Iterator[Any]:
        for event in self._events:
            if isinstance(event, end):
                return
            yield event

    def _stop(self, code: str, most: int, line: int) -> None:
        raise self._notes.file.error(say(code, most=most), self._notes.file.line(line))

    def _check_tag(self, event: Any, line: int) -> None:
        if event.tag is not None and event.tag != _TEXT_TAG:
            self._notes.tell(say("tag_refused", found=str(event.tag)), line)

    def _sequence(self, level: int, line: int) -> Node:
        items = [self._node(event, level + 1) for event in self._until(SequenceEndEvent)]
        return Node(items, line)

    def _mapping(self, level: int, line: int) -> Node:
        entries = Entries(self._notes)
        for event in self._until(MappingEndEvent):
            key = self._node(event, level + 1)
            after = next(self._events)
            value = self._node(after, level + 1)
            if _plain(event) and event.value == "<<":
                self._notes.tell(say("merge_refused"), key.line)
                continue
            if _plain(event) and _plain(after) and after.value == "":
                key, value = self._split(event.value, key, value)
            entries.add(key, value)
        return Node(entries.nodes, line)

    def _split(self, text: str, key: Node, value: Node) -> tuple[Node, Node]:
        """Part a key such as ``name:x``, which has no value for want of a space."""
        found = _NO_SPACE.fullmatch(text)
        if found is None:
            return key, value
        # a full-width comma parts no items, so that they all stand here
        shown = re.sub("\uff0c *", ", ", found["value"]).replace("\uff1a", ": ")
        told = say("colon_space", found=text, key=found["key"].strip(), value=shown)
        self._notes.tell(told, key.line)
        parts = [read_scalar(part.strip()).value for part in found.group("key", "value")]
        return Node(parts[0], key.line), Node(parts[1], key.line, refused=True)

    def _scalar(self, event: Any, line: int) -> Node:
        self._items += len(event.value) // _LETTERS
        self._check_tag(event, line)
        if event.style in ("|", ">") and not event.value.strip():
            self._notes.tell(say("block_text_empty"), line)
            return Node(None, line, refused=True)
        if not _plain(event):
            return text_node(event.value, line, self._notes)
        value, wrong = read_scalar(event.value)
        if wrong is not None:
            self._notes.tell(wrong, line)
        elif isinstance(value, str):
            return text_node(value, line, self._notes)
        return Node(value, line, refused=wrong is not None)

    def _alias(self, name: str, level: int, line: int) -> Node:
        anchor = self._anchors.get(name)
        if anchor is None:
            code = "alias_itself" if name in self._anchors else "alias_unknown"
            self._notes.tell(say(code, found=name), line)
            return Node(None, line, refused=True)
        self._aliased += anchor.items
        if self._aliased > MOST_ALIASED:
            self._stop("aliases_many", MOST_ALIASED, line)
        if level - 1 + anchor.levels > MOST_LEVELS:
            self._stop("nested_deep", MOST_LEVELS, line)
        self._deepest = max(self._deepest, level - 1 + anchor.levels)
        return replace(anchor.node, line=line)


def _plain(event: Any) -> bool:
    """Whether an event is a scalar without quotes and without a tag."""
    return isinstance(event, ScalarEvent) and event.style is None and event.tag is None
