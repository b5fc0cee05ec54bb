"""The fingerprint of a kept allocation, and whether a file still has it.

A file of millions of numbers is looked at piece by piece, along the lines on which it was written,
before its content is read at once: what nobody has kept takes no memory.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, NamedTuple

FINGERPRINT = "fingerprint"
_MOST_AT_ONCE = 4_000_000
"""The most commas, colons and brackets that are read at once, unseen: some hundred megabytes."""
_PIECE = 500_000
"""The most of them in a piece, and the letters after which a list is cut."""
_MOST_KEYS = 100_000
"""The most keys that are looked at one by one: of regions there are fewer."""


class _Span(NamedTuple):
    """A part of a text, from its first letter to its end."""

    start: int
    end: int


def fingerprint(content: Mapping[str, Any]) -> str:
    """Return the fingerprint of all that a file says: plan, versions, solver and numbers."""
    said = {name: part for name, part in content.items() if name != FINGERPRINT}
    return hashlib.sha256(_plain(said).encode()).hexdigest()


def marks_of(text: str, start: int = 0, end: int | None = None) -> int:
    """Return how many commas, colons and brackets there are: about as many as values."""
    return sum(text.count(mark, start, end) for mark in ",:[{")


def intact(text: str) -> Any:
    """Return the content of a file that nobody has changed since it was written; else None."""
    try:
        at_once = marks_of(text) <= _MOST_AT_ONCE
        if not at_once and not _unchanged(text):
            return None
        data = _loaded(text)
        kept_as = data.get(FINGERPRINT) if isinstance(data, dict) else None
        return data if kept_as and (not at_once or kept_as == fingerprint(data)) else None
    except (ValueError, RecursionError):
        return None


def _unchanged(text: str) -> bool:
    """Whether a text written by ``kept.text_of`` has its fingerprint, read piece by piece."""
    parts = _entries(text, _Span(0, len(text.rstrip())), "")
    kept_as = _piece(text, parts.pop(FINGERPRINT, _Span(0, 0)))
    digest = hashlib.sha256()
    for piece in _mapping(text, parts, " "):
        digest.update(piece.encode())
    return bool(kept_as == digest.hexdigest())


def _written(text: str, span: _Span, indent: str) -> Iterator[str]:
    """Yield a part as ``fingerprint`` writes it."""
    if marks_of(text, *span) <= _PIECE:
        yield _plain(_piece(text, span))
    elif text.startswith("{", span.start):
        yield from _mapping(text, _entries(text, span, indent), indent + " ")
    else:
        yield from _list(text, span, indent)


def _mapping(text: str, parts: Mapping[str, _Span], indent: str) -> Iterator[str]:
    yield "{"
    for number, (name, span) in enumerate(sorted(parts.items())):
        yield "," * (number > 0) + _plain(name) + ":"
        yield from _written(text, span, indent)
    yield "}"


def _list(text: str, span: _Span, indent: str) -> Iterator[str]:
    """Yield the items of a list, each of which begins on a line of its own."""
    head, cut, foot = "[\n", f",\n{indent} {{", f"\n{indent}]"
    start, last = span.start + len(head), span.end - len(foot)
    if not text.startswith(head, span.start) or not text.endswith(foot, start, span.end):
        raise ValueError(span)
    yield "["
    while start < last:
        found = text.find(cut, start + _PIECE, last)
        end = last if found < 0 else found
        yield _plain(_loaded(f"[{_held(text, _Span(start, end))}]"))[1:-1]
        start = end + 1
        yield "," * (start < last)
    yield "]"


def _entries(text: str, span: _Span, indent: str) -> dict[str, _Span]:
    """Return where the value of each key of a mapping stands, each key at the head of a line."""
    head, between, foot = "{\n", ",\n", f"\n{indent}}}"
    key = re.compile(rf'^{indent} ("(?:[^"\\]|\\.)*"): ', re.MULTILINE)
    keys = list(islice(key.finditer(text, *span), _MOST_KEYS))
    parts: dict[str, _Span] = {}
    for number, one in enumerate(keys):
        final = number == len(keys) - 1
        after, tail = (span.end, foot) if final else (keys[number + 1].start(), between)
        if not text.endswith(tail, one.end(), after):
            raise ValueError(one)
        parts[_loaded(one[1])] = _Span(one.end(), after - len(tail))
    whole = keys and keys[0].start() == span.start + len(head)
    if not whole or not text.startswith(head, span.start) or len(parts) < len(keys):
        raise ValueError(span)
    return parts


def _piece(text: str, span: _Span) -> Any:
    return _loaded(_held(text, span))


def _held(text: str, span: _Span) -> str:
    """Return a part that is small enough to be read at once."""
    if marks_of(text, *span) > 2 * _PIECE:
        raise ValueError(span)
    return text[span.start : span.end]


def _plain(part: Any) -> str:
    return json.dumps(part, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _loaded(text: str) -> Any:
    return json.loads(text, object_pairs_hook=_once, parse_constant=_refuse)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError(pairs)
    return found


def _refuse(constant: str) -> None:
    raise ValueError(constant)
