"""Pages read back: the cells of each table, and what stands beside them."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

_VOID = {"meta", "link", "input", "br", "img"}


@dataclass
class Element:
    """An element of a page, as its file says it."""

    tag: str
    attributes: dict[str, str | None] = field(default_factory=dict)
    children: list[Element | str] = field(default_factory=list, repr=False)

    @property
    def text(self) -> str:
        return "".join(one if isinstance(one, str) else one.text for one in self.children)

    def all(self, tag: str, **wanted: str) -> list[Element]:
        """The elements inside it with a tag, and attributes, in order."""
        found = []
        for one in self.children:
            if isinstance(one, Element):
                if one.tag == tag and all(one.attributes.get(k) == v for k, v in wanted.items()):
                    found.append(one)
                found += one.all(tag, **wanted)
        return found

    def one(self, tag: str, **wanted: str) -> Element:
        (found,) = self.all(tag, **wanted)
        return found


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = Element("")
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        made = Element(tag, dict(attrs))
        self._open[-1].children.append(made)
        if tag not in _VOID:
            self._open.append(made)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)

    def end(self) -> Element:
        assert self._open == [self.root]
        return self.root


def read_page(content: bytes) -> Element:
    """Read a page; every element must be closed, in order."""
    reader = _Reader()
    reader.feed(content.decode("utf-8"))
    reader.close()
    return reader.end()


def data_of(page: Element) -> dict[str, Any]:
    """The data of a page's script."""
    found: dict[str, Any] = json.loads(page.one("script", id="data").text)
    return found


def sheets(page: Element) -> list[Element]:
    """The sections that have a table."""
    return [one for one in page.all("section") if one.all("table")]


def csv_of(sheet: Element) -> bytes:
    """The bytes of the CSV that a section offers."""
    head, _, content = str(sheet.one("a").attributes["href"]).partition(",")
    assert head == "data:text/csv;charset=utf-8;base64"
    return base64.b64decode(content, validate=True)
