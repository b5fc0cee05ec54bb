"""The pictures of a page: those of one indicator at a time, chosen from a list."""

from __future__ import annotations

from decompose.charts import Picture
from decompose.labels import say, word
from decompose.markup import Markup, element
from decompose.report.content import Document


def pictures(content: Document) -> Markup:
    """Render the pictures as a section; nothing where there are none."""
    if not content.pictures:
        return Markup()
    head = say("web_pictures").text(content.language)
    sets = list(dict.fromkeys(one.set for one in content.pictures if one.set))
    alone = [_figure(one) for one in content.pictures if not one.set]
    parts = [element("div", *alone, class_="set")] if alone else []
    if len(sets) > 1:
        parts.append(_pick(sets, content))
    for number, name in enumerate(sets):
        own = [_figure(one) for one in content.pictures if one.set == name]
        parts.append(element("div", element("h3", name), *own, class_="set", data_set=number))
    return element(
        "section",
        element("h2", head, id="pictures-title"),
        *parts,
        id="pictures",
        aria_labelledby="pictures-title",
    )


def _pick(sets: list[str], content: Document) -> Markup:
    options = [element("option", name, value=number) for number, name in enumerate(sets)]
    return element(
        "p",
        element("label", word("indicator", content.language), for_="pick"),
        element("select", *options, id="pick", autocomplete="off"),
        class_="pick",
        hidden=True,
    )


def _figure(one: Picture) -> Markup:
    note = [element("small", one.note)] if one.note else []
    caption = element("figcaption", one.title, *note)
    return element("figure", caption, one.drawing, class_="across" if one.across else None)
