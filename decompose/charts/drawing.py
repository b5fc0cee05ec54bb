"""Drawings as SVG: bars, references beside quotas, small panels of lines, a map of colours.

Sizes are in pixels, for a phone's width; colours are those of the page that holds a drawing.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from decompose.markup import Markup, element

WIDTH = 340
_LINE, _LABEL, _GAP = 13, 11, 7
_MOST_LABEL = 92
_PANELS = 3
_PANEL = 68
_CELL = 26
_LEAD = 190


class Mark(NamedTuple):
    """One number of a picture: where it stands, what is printed beside it, what it tells."""

    value: float
    shown: str
    told: str
    group: str = ""


class Bars(NamedTuple):
    """The bars of one region."""

    label: str
    marks: Sequence[Mark]


class Pair(NamedTuple):
    """A reference, and the quota that became of it; moved where a rule made it another."""

    label: str
    reference: float
    quota: Mark
    moved: bool


class Panel(NamedTuple):
    """A small picture of one region: a line over time, and what lies behind it.

    Attributes
    ----------
    label
        The region.
    points
        Place on the time axis, and mark.
    due
        What is due, drawn dashed: places and heights.
    bands
        Ranges, drawn as areas: places with low and high ends, the widest first.
    behind
        Whether less was reached than was due.
    """

    label: str
    points: Sequence[tuple[float, Mark]]
    due: Sequence[tuple[float, float]] = ()
    bands: Sequence[Sequence[tuple[float, float, float]]] = ()
    behind: bool = False


class Light(NamedTuple):
    """One cell of a map: its colour (green, yellow, red, none), its sign, what it tells."""

    level: str
    sign: str
    told: str


def bars(rows: Sequence[Bars], *, name: str) -> Markup:
    """Draw a group of bars per region, one per year, the years in shades."""
    years = list(dict.fromkeys(mark.group for row in rows for mark in row.marks))
    shade = {year: _shade(number, len(years)) for number, year in enumerate(years)}
    values = [mark.value for row in rows for mark in row.marks]
    left = _label_width([row.label for row in rows])
    right = max((_width(mark.shown) for row in rows for mark in row.marks), default=0.0) + 4
    low, high = min([0.0, *values]), max([0.0, *values])
    scale = _Scale(low, high, left + 4, WIDTH - right)
    parts, y = [*_legend(years, shade)], _LINE + _GAP
    for row in rows:
        middle = y + len(row.marks) * _LABEL / 2 + 4
        parts.append(_text(left, middle, _fitted(row.label, left), anchor="end"))
        for mark in row.marks:
            ends = sorted((scale(0), scale(mark.value)))
            size = max(ends[1] - ends[0], 0.5)
            parts.append(
                element(
                    "g",
                    element("title", mark.told),
                    element(
                        "rect",
                        x=_n(ends[0]),
                        y=_n(y + 1),
                        width=_n(size),
                        height=_LABEL - 2,
                        class_="bar",
                        fill_opacity=shade[mark.group],
                    ),
                    _text(ends[1] + 3, y + _LABEL - 2, mark.shown, class_="value"),
                )
            )
            y += _LABEL
        y += _GAP
    zero = _n(scale(0))
    parts.append(element("line", x1=zero, x2=zero, y1=_LINE + 2, y2=_n(y), class_="axis"))
    return _svg(parts, WIDTH, y, name)


def pairs(rows: Sequence[Pair], *, reference: str, quota: str, moved: str, name: str) -> Markup:
    """Draw a line per region from its reference to its quota.

    Parameters
    ----------
    rows
        The regions.
    reference, quota, moved
        What dots are called: references, quotas, quotas that rules made others (which look like
        all others where they have no name).
    name
        What the whole shows.
    """
    values = [row.quota.value for row in rows] + [
        row.reference for row in rows if not math.isnan(row.reference)
    ]
    left = _label_width([row.label for row in rows])
    far = 0.0 if not any(row.moved for row in rows) else _width("+00.0%") + 4
    right = max((_width(row.quota.shown) for row in rows), default=0.0) + 4 + far
    scale = _Scale(min([0.0, *values]), max([0.0, *values]), left + 8, WIDTH - right - 8)
    parts, x = [], 6.0
    for kind, told in (("open", reference), ("dot", quota), ("moved", moved)):
        if kind != "moved" or (far and moved):
            parts.append(element("circle", cx=_n(x), cy=7, r=4, class_=kind))
            parts.append(_text(x + 8, _LABEL, told))
        x += 26 + _width(told)
    y = 2.0 * _LINE
    for row in rows:
        end = scale(row.quota.value)
        drawn = [
            element("title", row.quota.told),
            element(
                "line", x1=_n(left + 8), x2=_n(WIDTH - right), y1=_n(y), y2=_n(y), class_="rule"
            ),
        ]
        if not math.isnan(row.reference):
            start = scale(row.reference)
            drawn.append(
                element("line", x1=_n(start), x2=_n(end), y1=_n(y), y2=_n(y), class_="gap")
            )
            drawn.append(element("circle", cx=_n(start), cy=_n(y), r=4, class_="open"))
        kind = "moved" if row.moved and moved else "dot"
        drawn.append(element("circle", cx=_n(end), cy=_n(y), r=4, class_=kind))
        drawn.append(_text(WIDTH - far, y + 4, row.quota.shown, anchor="end"))
        if row.moved and row.reference:
            change = f"{row.quota.value / row.reference - 1:+.1%}"
            drawn.append(_text(WIDTH, y + 4, change, anchor="end", class_="soft"))
        parts.append(_text(left, y + 4, _fitted(row.label, left), anchor="end"))
        parts.append(element("g", *drawn))
        y += _LINE + 5
    return _svg(parts, WIDTH, y - 4, name)


def panels(some: Sequence[Panel], *, name: str, floor: float | None = None) -> Markup:
    """Draw a small panel per region, three beside one another.

    Parameters
    ----------
    some
        The panels; their time axes are alike, their heights each its own.
    name
        What the whole shows.
    floor
        A height that each axis has at least; None for the line alone.
    """
    room = WIDTH / _PANELS
    places = [place for panel in some for place, _ in panel.points]
    places += [place for panel in some for place, _ in panel.due]
    time = (min(places, default=0.0), max(places, default=1.0))
    parts = []
    for number, panel in enumerate(some):
        left, top = number % _PANELS * room, number // _PANELS * (_PANEL + 22.0)
        parts.append(_panel(panel, left, top, room - 12, time, floor))
    return _svg(parts, WIDTH, math.ceil(len(some) / _PANELS) * (_PANEL + 22), name)


def _panel(
    panel: Panel,
    left: float,
    top: float,
    room: float,
    time: tuple[float, float],
    floor: float | None,
) -> Markup:
    heights = [mark.value for _, mark in panel.points] + [value for _, value in panel.due]
    heights += [end for band in panel.bands for _, *ends in band for end in ends]
    heights += [] if floor is None else [floor]
    across = _Scale(*time, left + 4, left + room - 4)
    up = _Scale(min(heights, default=0), max(heights, default=1), top + _PANEL, top + 30)
    last = panel.points[-1][1].shown if panel.points else ""
    parts = [
        _text(left, top + _LABEL, _fitted(panel.label, room - _width(last) - 4)),
        _text(left + room, top + _LABEL, last, anchor="end", class_="soft"),
        element(
            "line",
            x1=_n(left),
            x2=_n(left + room),
            y1=_n(top + _PANEL + 5),
            y2=_n(top + _PANEL + 5),
            class_="rule",
        ),
    ]
    for number, band in enumerate(panel.bands):
        lower = [(across(place), up(low)) for place, low, _ in band]
        upper = [(across(place), up(high)) for place, _, high in band]
        shade = _shade(number, len(panel.bands) + 1)
        path = _path([*lower, *reversed(upper)])
        parts.append(element("path", d=f"{path}Z", class_="band", fill_opacity=shade))
    if panel.due:
        points = [(across(place), up(value)) for place, value in panel.due]
        parts.append(element("path", d=_path(points), class_="due"))
    points = [(across(place), up(mark.value)) for place, mark in panel.points]
    if len(points) > 1:
        parts.append(
            element("path", d=_path(points), class_="line behind" if panel.behind else "line")
        )
    for (x, y), (_, mark) in zip(points, panel.points, strict=True):
        dot = element(
            "circle", cx=_n(x), cy=_n(y), r=2.6, class_="moved" if panel.behind else "dot"
        )
        parts.append(element("g", element("title", mark.told), dot))
    return element("g", *parts)


def lights(
    rows: Sequence[tuple[str, Sequence[Light | None]]], columns: Sequence[str], *, name: str
) -> Markup:
    """Draw a map: a row per indicator, a column per region (its name from top to bottom)."""
    head = max((_down(column) for column in columns), default=0.0) + 6
    parts = []
    for number, column in enumerate(columns):
        x = _LEAD + (number + 0.5) * _CELL
        parts += _written_down(x, head - 4, column)
    y = head
    for label, cells in rows:
        parts.append(_text(_LEAD - 6, y + _CELL / 2 + 4, _fitted(label, _LEAD - 10), anchor="end"))
        for number, light in enumerate(cells):
            if light is None:
                continue
            x = _LEAD + number * _CELL
            square = element(
                "rect",
                x=_n(x + 1),
                y=_n(y + 1),
                width=_CELL - 2,
                height=_CELL - 2,
                rx=3,
                class_=light.level,
            )
            sign = _text(
                x + _CELL / 2, y + _CELL / 2 + 4, light.sign, anchor="middle", class_="dark"
            )
            parts.append(element("g", element("title", light.told), square, sign))
        y += _CELL
    return _svg(parts, _LEAD + len(columns) * _CELL + 4, y + 2, name)


class _Scale:
    """A straight line from numbers to pixels."""

    def __init__(self, low: float, high: float, start: float, end: float) -> None:
        self._low, self._start = low, start
        self._slope = (end - start) / (high - low) if high > low else 0.0

    def __call__(self, value: float) -> float:
        return self._start + (value - self._low) * self._slope


def _svg(parts: Iterable[Markup], width: float, height: float, name: str) -> Markup:
    return element(
        "svg",
        *parts,
        viewBox=f"0 0 {_n(width)} {_n(height)}",
        width=_n(width),
        height=_n(height),
        role="img",
        aria_label=name,
    )


def _text(
    x: float, y: float, text: str, *, anchor: str | None = None, class_: str | None = None
) -> Markup:
    return element("text", text, x=_n(x), y=_n(y), text_anchor=anchor, class_=class_)


def _legend(years: Sequence[str], shade: dict[str, float]) -> list[Markup]:
    parts, x = [], 0.0
    for year in years:
        strength = shade[year]
        parts.append(
            element("rect", x=_n(x), y=2, width=9, height=9, class_="bar", fill_opacity=strength)
        )
        parts.append(_text(x + 12, _LABEL, year))
        x += 24 + _width(year)
    return parts


def _shade(number: int, count: int) -> float:
    """Return how strong the colour of one of several is, the last one whole."""
    return round(1 - 0.65 * (1 - (number + 1) / count), 2)


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{_n(x)} {_n(y)}" for x, y in points)


def _written_down(x: float, bottom: float, text: str) -> list[Markup]:
    """Write a text from top to bottom where its letters allow it, else turned."""
    if text.isascii():
        turned = f"rotate(-90 {_n(x + 4)} {_n(bottom)})"
        return [element("text", text, x=_n(x + 4), y=_n(bottom), transform=turned)]
    letters = text if len(text) <= _DOWN else f"{text[: _DOWN - 1]}…"
    start = bottom - (len(letters) - 1) * _LINE
    return [
        _text(x, start + number * _LINE, letter, anchor="middle")
        for number, letter in enumerate(letters)
    ]


_DOWN = 7
"""Letters of a name that is written from top to bottom."""


def _down(text: str) -> float:
    return _width(text) if text.isascii() else min(len(text), _DOWN) * _LINE


def _label_width(labels: Sequence[str]) -> float:
    return min(max(map(_width, labels), default=0.0), _MOST_LABEL)


def _fitted(text: str, room: float) -> str:
    """Shorten a text to some pixels."""
    if _width(text) <= room + 1:
        return text
    kept = text
    while kept and _width(kept) + 11 > room:
        kept = kept[:-1]
    return f"{kept}…"


def _width(text: str) -> float:
    """Return about how wide a text is, at 11 pixels."""
    return sum(11.0 if ord(letter) > 0x2E7F else 6.4 for letter in text)


def _n(value: float) -> str:
    """Write a number with one digit after the point at most."""
    return f"{value:.1f}".removesuffix(".0")
