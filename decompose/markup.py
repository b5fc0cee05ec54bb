"""Elements of HTML and SVG, in which every text and attribute is escaped."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

_DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Marks that turn the direction of what follows, beyond the text that they stand in."""
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_VOID = frozenset({"meta", "link", "input"})


class Markup(str):
    """A text that is markup already, and is not escaped again."""

    __slots__ = ()


def clean(text: str) -> str:
    """Take out of a text what no page may hold, and marks that would turn the text beside it."""
    return _CONTROL.sub("\ufffd", _DIRECTION.sub("", text))


def element(name: str, /, *children: str, **attributes: str | float | bool | None) -> Markup:
    """Make an element.

    Parameters
    ----------
    name
        Its tag.
    children
        What stands in it: texts, which are escaped, and markup.
    attributes
        By name, ``_`` for ``-``, one at the end left out (``class_``); True for one without a
        value; None and False for none.
    """
    told = "".join(
        _attribute(key.rstrip("_").replace("_", "-"), value)
        for key, value in attributes.items()
        if value is not None and value is not False
    )
    if name in _VOID:
        return Markup(f"<{name}{told}>")
    return Markup(f"<{name}{told}>{together(children)}</{name}>")


def together(children: Iterable[str]) -> Markup:
    """Join texts, which are escaped, and markup."""
    return Markup(
        "".join(
            child if isinstance(child, Markup) else html.escape(clean(child), quote=False)
            for child in children
        )
    )


def _attribute(name: str, value: str | float | bool) -> str:
    if value is True:
        return f" {name}"
    return f' {name}="{html.escape(clean(str(value)))}"'
