"""JSON to nodes: strict, with the line of every key."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterator

from decompose.labels import Message, say
from decompose.reading.nodes import MOST_LEVELS, Entries, Node, Notes, text_node
from decompose.reading.scalars import read_number

_TOKEN = re.compile(
    r'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)|[\[\]{},:]|-?Infinity|NaN|true|false|null'
    r"|-?[0-9][0-9.eE+-]*+",
    re.DOTALL,
)
"""A text without an end is a token too: it is looked at once, not from each of its quotes."""
MOST_ITEMS = 500_000
"""How many tokens a plan in JSON may have: they take some seconds."""
_CONSTANTS = {"true": True, "false": False, "null": None}
_HINTS = (
    ("Expecting property name", "hint_json_name"),
    ("Illegal trailing comma", "hint_comma"),  # Python 3.13
    ("Expecting ','", "hint_json_comma"),
    ("Expecting ':'", "hint_json_colon"),
    ("Expecting value", "hint_json_value"),
    ("Extra data", "hint_json_more"),
    ("Unterminated string", "hint_quote"),
    ("Invalid control character", "hint_json_line"),
    ("Invalid", "hint_escape"),
)
_FULL_WIDTH = re.compile(r"[\uff0c\uff1a\uff5b\uff5d\uff3b\uff3d\u201c\u201d]")


def read_json(text: str, notes: Notes, *, most: int = MOST_ITEMS) -> Node:
    """Read a JSON text of no more than so many tokens.

    Raises
    ------
    PlanError
        At the first syntax error, alone.
    """
    reader = _Reader(text, notes, most)
    reader.check()
    return reader.node()


class _Reader:
    """Builds nodes of the tokens of a text that is known to be JSON."""

    def __init__(self, text: str, notes: Notes, most: int) -> None:
        self._most = most
        self._text = text
        self._notes = notes
        self._tokens: Iterator[re.Match[str]] = _TOKEN.finditer(text)
        self._ends = [end.start() for end in re.finditer("\n", text)]

    def _line(self, position: int) -> int:
        return bisect_right(self._ends, position - 1) + 1

    def check(self) -> None:
        """Refuse what is no JSON, or too deep to be read."""
        file = self._notes.file
        level = 0
        for number, token in enumerate(_TOKEN.finditer(self._text)):
            if number > self._most:
                place = file.line(self._line(token.start()))
                raise file.error(say("file_items", most=self._most), place)
            level += (token[0] in ("[", "{")) - (token[0] in ("]", "}"))
            if level > MOST_LEVELS:
                place = file.line(self._line(token.start()))
                raise file.error(say("nested_deep", most=MOST_LEVELS), place)
        try:
            # numbers stay texts here: only their form is looked at
            json.loads(self._text, parse_int=str, parse_float=str, parse_constant=str)
        except json.JSONDecodeError as error:
            place = file.line(error.lineno, error.colno)
            raise file.error(say("syntax", hint=self._hint(error)), place) from None

    def _hint(self, error: json.JSONDecodeError) -> Message:
        letter = self._text[error.pos : error.pos + 1]
        if _FULL_WIDTH.fullmatch(letter):
            return say("hint_full_width", found=letter)
        if letter.isdecimal() and self._text[error.pos - 1] == "0":
            return say("hint_json_zero")
        code = next((code for part, code in _HINTS if part in error.msg), "hint_any")
        return say(code, found=letter)

    def node(self) -> Node:
        return self._node(next(self._tokens))

    def _node(self, token: re.Match[str]) -> Node:
        word, line = token[0], self._line(token.start())
        if word == "{":
            return self._mapping(line)
        if word == "[":
            items = [self._node(item) for item in self._until("]")]
            return Node(items, line)
        if word.startswith('"'):
            return text_node(json.loads(word), line, self._notes)
        if word in _CONSTANTS:
            return Node(_CONSTANTS[word], line)
        value, wrong = read_number(word)
        if wrong is not None:
            self._notes.tell(wrong, line)
        return Node(value, line, refused=wrong is not None)

    def _until(self, end: str) -> Iterator[re.Match[str]]:
        """Yield the tokens at which the items of a list, or the keys of a mapping, begin."""
        for token in self._tokens:
            if token[0] == end:
                return
            if token[0] != ",":
                yield token

    def _mapping(self, line: int) -> Node:
        entries = Entries(self._notes)
        for token in self._until("}"):
            key = self._node(token)
            next(self._tokens)  # the colon
            entries.add(key, self._node(next(self._tokens)))
        return Node(entries.nodes, line)
