"""How to mend a syntax error of YAML, judged by what the parser says and what stands there."""

from __future__ import annotations

import re
from typing import NamedTuple

from ruamel.yaml.error import MarkedYAMLError

from decompose.labels import Message, say

_CONTENT = "expected the node content"
_HINTS = (
    # part of what the parser says → the hint, and whether the context's mark is the place
    ("while scanning a quoted scalar", "hint_quote", True),
    ("escape", "hint_escape", False),
    ("while scanning a block scalar", "hint_block", False),
    ("while scanning an alias", "hint_first_letter", True),
    ("while scanning an anchor", "hint_first_letter", True),
    ("tag", "hint_first_letter", True),
    ("directive", "hint_directive", True),
    ("cannot start any token", "hint_first_letter", False),
    (_CONTENT, "hint_comma", False),
    ("while parsing a flow", "hint_bracket", True),
    ("sequence entries are not allowed", "hint_dash", False),
)
_STRUCTURE = (
    ("mapping values are not allowed", "hint_two_colons", False),
    ("expected <block end>, but found '<scalar>'", "hint_after_quote", False),
    ("expected <block end>", "hint_indentation", False),
    ("<document start>", "hint_indentation", False),
)
_NO_SPACE = re.compile(r"\s*(- +)*(?P<found>[^\s\"'\[{#:\uff1a][^\s\"'\[\]{}:\uff1a]*[:\uff1a]\S*)")


class Hint(NamedTuple):
    """How to mend an error, and where it stands (line and column from 1)."""

    message: Message
    line: int
    column: int


def syntax_hint(error: MarkedYAMLError, text: str) -> Hint:
    """Explain an error of the parser."""
    said = f"{error.context or ''} {error.problem or ''}"
    mark = error.problem_mark or error.context_mark
    opened = error.context_mark or mark
    if mark is None or opened is None:
        return Hint(say("hint_any"), 1, 1)
    for part, code, context in _HINTS:
        if part in said:
            place = opened if context else mark
            letter = text[place.index : place.index + 1]
            if letter == "\t":
                code = "hint_tab"
            elif part == _CONTENT and letter not in tuple(",]}"):
                code, place = "hint_bracket", opened
            return Hint(say(code, found=letter), place.line + 1, place.column + 1)
    lines = text.splitlines()
    for line in dict.fromkeys((opened.line, mark.line, mark.line - 1)):
        found = _NO_SPACE.match(lines[line]) if 0 <= line < len(lines) else None
        if found and ": " not in f"{lines[line]} ":
            return Hint(
                say("hint_colon_space", found=found["found"]), line + 1, found.start("found") + 1
            )
    code = next((code for part, code, _ in _STRUCTURE if part in said), "hint_any")
    return Hint(say(code), mark.line + 1, mark.column + 1)
