"""The page: head, table of contents, pictures, tables; its style and script in the same file."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable
from importlib import resources
from itertools import groupby

from decompose.files import file_names
from decompose.labels import say
from decompose.markup import Markup, clean, element
from decompose.report.content import Document
from decompose.report.kinds import ANNEXES
from decompose.report.theme import Theme
from decompose.report.web.pictures import pictures
from decompose.report.web.sheet import Sheet, contents_name, letters_name, section

_WORDS = ("all", "shown", "sort", "close", "why")
"""Codes of the texts that the script fills in."""
_BODY = '"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC", sans-serif'
_NO_JSON = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})
"""What could end a script, or begin a comment in it."""


def web_page(content: Document, theme: Theme) -> bytes:
    """Render a report as one HTML file, in UTF-8; the same content gives the same bytes."""
    style, script = _style(theme), _read("page.js")
    body = _body(content)
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=_policy(style, script)),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("meta", name="referrer", content="no-referrer"),
        element("link", rel="icon", href="data:,"),
        element("title", content.title),
        element("style", Markup(style)),
    )
    code = element("script", Markup(script))
    tag = "zh-CN" if content.language == "zh" else "en"
    page = element("html", head, Markup("\n"), element("body", *body, code), lang=tag)
    return f"<!DOCTYPE html>\n{page}\n".encode()


def _body(content: Document) -> Iterable[Markup]:
    def text(code: str) -> str:
        return say(code).text(content.language)

    places = {place: number for number, place in enumerate(content.reasons)}
    names = file_names([table.name for table in content.tables])
    sheets = [
        Sheet(table, f"t{number}", name, places)
        for number, (table, name) in enumerate(zip(content.tables, names, strict=True), start=1)
    ]
    drawn = pictures(content)
    hint = "web_hint" if places else "web_sort_hint"
    yield element("a", text("web_skip"), href="#main", class_="skip")
    yield element(
        "header",
        element("h1", content.title),
        *([element("p", note, class_="status") for note in content.remarks]),
        element("p", text(hint), class_="hint", hidden=True),
        _contents(content, sheets, with_pictures=bool(drawn)),
    )
    annexes = sum(sheet.table.kind in ANNEXES for sheet in sheets)
    parts = [section(sheet) for sheet in sheets]
    parts.insert(annexes, drawn)
    yield element("main", *_lines(parts), id="main", tabindex=-1)
    yield element("a", text("web_top"), href="#contents", class_="top")
    yield element(
        "dialog",
        element("h2", id="why-title"),
        element("div", id="why-text"),
        element("button", text("web_close"), type="button"),
        id="why",
        aria_labelledby="why-title",
    )
    data = {
        "language": "zh-CN" if content.language == "zh" else "en",
        "words": {code: _pattern(f"web_{code}", content) for code in _WORDS},
        "reasons": [[clean(line) for line in told] for told in content.reasons.values()],
    }
    told = json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(_NO_JSON)
    yield element("script", Markup(told), id="data", type="application/json")


def _lines(parts: Iterable[Markup]) -> Iterable[Markup]:
    """Put each part on a line of its own, so that versions of a page can be compared."""
    for part in parts:
        yield Markup("\n")
        yield part


def _pattern(code: str, content: Document) -> str:
    """Return a text with its places in braces, for the script."""
    places = {name: f"{{{name}}}" for name in ("column", "shown", "count")}
    return say(code, **places).text(content.language)


def _contents(content: Document, sheets: list[Sheet], *, with_pictures: bool) -> Markup:
    head = say("web_contents").text(content.language)
    items = []
    for is_letter, some in groupby(sheets, key=lambda sheet: bool(sheet.table.region)):
        group = list(some)
        links = [
            element("li", element("a", contents_name(one.table), href=f"#{one.anchor}"))
            for one in group
        ]
        if is_letter and len(links) > 1:
            name = letters_name(len(links), [one.table for one in group])
            inner = element("details", element("summary", name), element("ul", *links))
            links = [element("li", inner)]
        items += links
    if with_pictures:
        name = say("web_pictures").text(content.language)
        annexes = sum(sheet.table.kind in ANNEXES for sheet in sheets)
        items.insert(annexes, element("li", element("a", name, href="#pictures")))
    return element("nav", element("ul", *items), id="contents", aria_label=head, tabindex=-1)


def _read(name: str) -> str:
    return resources.files("decompose.report.web").joinpath(name).read_text(encoding="utf-8")


def _style(theme: Theme) -> str:
    """Put a bureau's own fonts and colours before the style of every page."""
    fonts, colours = theme.fonts, theme.colours
    own = {
        "--font": ", ".join([*([_css_text(fonts.body)] if fonts.body else []), _BODY]),
        "--title-font": _css_text(fonts.title) if fonts.title else "inherit",
        "--green": colours.green,
        "--yellow": colours.yellow,
        "--red": colours.red,
    }
    told = "".join(f"{name}:{value};" for name, value in own.items())
    return f":root{{{told}}}\n{_read('page.css')}"


def _css_text(text: str) -> str:
    """Write a text for a style: letters, digits and spaces as they are, all else by its number."""
    safe = "".join(one if one.isalnum() or one == " " else f"\\{ord(one):x} " for one in text)
    return f'"{safe}"'


def _policy(style: str, script: str) -> str:
    """Let the page load nothing, and run no other style or script than its own."""
    return (
        f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"
