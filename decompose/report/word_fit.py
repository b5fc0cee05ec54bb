"""How a table fits the pages of a document: which way up, how large its letters, in which parts."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from decompose.report.measure import PADDING, WIDE, column_widths, lines_of, row_lines, spread
from decompose.report.panels import panels
from decompose.report.theme import Margins
from decompose.report.widths import width
from decompose.tables import Layout, Table, layout

TWIPS = 20
"""In a point."""
LINE = 1.3
"""How high a line is, in letters."""
A4 = 210, 297
"""In millimetres."""
MILLIMETRE = 1440 / 25.4
"""In twentieths of a point."""
_IN_PARTS = 0.86
"""How much smaller letters are where a table comes in parts."""
_FEW = 0.25
"""What part of a page is too little for a page of its own."""
_ANY = 10_000
"""Of the widest text, in characters: it is never broken."""
_LEAST_LINE, _TIGHT_LINE = 1.6, 1.35
"""How high a row is at least, in letters; where a few lines are to come onto a page."""
CELL_MARGIN = 57
"""Of a cell at its sides, in twentieths of a point."""


@dataclass(frozen=True)
class Paper:
    """A4 with its margins, and the sizes of letters in points."""

    margins: Margins
    label: float
    title: float
    line: float
    body: float

    def room(self, *, across: bool) -> tuple[float, float]:
        """Return how wide and how high the text is, in twentieths of a point."""
        edges = self.margins
        wide = (A4[0] - edges.left - edges.right) * MILLIMETRE
        high = (A4[1] - edges.top - edges.bottom) * MILLIMETRE
        return (high, wide) if across else (wide, high)


@dataclass(frozen=True)
class Fit:
    """A table on its paper.

    Attributes
    ----------
    across
        Whether the paper lies on its side.
    size
        Of letters in cells, in points.
    parts
        The table, or the parts of it that stand one after the other, with the widths of columns.
    least
        How high a row is at least, in letters.
    together
        Whether the parts stand on one page.
    """

    across: bool
    size: float
    parts: list[tuple[Layout, list[float]]]
    least: float = _LEAST_LINE
    together: bool = False


@dataclass(frozen=True)
class _Try:
    """One way to set a table: letters how much smaller, texts and headings broken how early."""

    across: bool
    smaller: float
    widest: int
    head_line: int = 12


_UPRIGHT = (_Try(False, 1.0, 24), _Try(False, 0.86, 24))
_ACROSS = (
    _Try(True, 1.0, 30),
    _Try(True, 0.86, 30),
    _Try(True, 0.86, 22),
    _Try(True, 0.76, 30),
    _Try(True, 0.76, 22),
    _Try(True, 0.76, 22, head_line=6),
)


def fitted(table: Table, paper: Paper) -> Fit:
    """Find how a table fits: upright if it can, else across, in smaller letters, in parts.

    Annex 1 lies across. Where only a few lines would stand on the last page, letters may be
    smaller so that they do not.
    """
    page = layout(table)
    tries = _ACROSS if table.kind == "annex1" else (*_UPRIGHT, *_ACROSS)
    fits = [fit for one in tries if (fit := _tried(page, paper, one))]
    if not fits:
        size = _rounded(paper.body * _IN_PARTS)
        widths = column_widths(page, widest=_ACROSS[-1].widest)
        room = paper.room(across=True)[0] / character(size)
        parts = Fit(True, size, panels(page, widths, room))
        return replace(parts, together=_pages(table, parts, paper) <= 1)
    first = fits[0]
    pages = _pages(table, first, paper)
    if 0 < pages - math.floor(pages) < _FEW:
        same = [fit for fit in fits if fit.across == first.across]
        for other in (*same, *(replace(fit, least=_TIGHT_LINE) for fit in same)):
            if _pages(table, other, paper) <= math.floor(pages):
                return other
    return first


def character(size: float) -> float:
    """Return how wide half a Chinese letter is, in twentieths of a point."""
    return size / 2 * TWIPS


def row_height(lines: float, size: float, *, least: float = _LEAST_LINE) -> int:
    """Return how high a row of some lines is, in twentieths of a point."""
    return round(max(lines * LINE, least) * size * TWIPS)


def _rounded(size: float) -> float:
    return round(2 * size) / 2


def _tried(page: Layout, paper: Paper, one: _Try) -> Fit | None:
    """Set a table in one way; None where it is too wide."""
    size = _rounded(paper.body * one.smaller)
    widths = column_widths(page, widest=one.widest, head_line=one.head_line)
    room = paper.room(across=one.across)[0] / character(size)
    if sum(widths) > room:
        return None
    widths = _roomier(widths, column_widths(page, widest=_ANY, head_line=one.head_line), room)
    sides = 2 * CELL_MARGIN / character(size)
    return Fit(
        one.across, size, [(page, spread(page, widths, room, usable=[lambda own: own - sides]))]
    )


def _roomier(widths: list[float], wanted: list[float], room: float) -> list[float]:
    """Give spare room to columns whose texts would be broken, those that lack least first."""
    given = list(widths)
    spare = room - sum(widths)
    for lacking, k in sorted((wanted[k] - widths[k], k) for k in range(len(widths))):
        if 0 < lacking <= spare:
            given[k] += lacking
            spare -= lacking
    return given


def _pages(table: Table, fit: Fit, paper: Paper) -> float:
    """Return about how many pages a table takes; its parts follow one another."""
    wide, high = paper.room(across=fit.across)
    above = _lines(table.title, wide, paper.title) * paper.title * LINE * TWIPS + 240
    for text, size, around in (
        (table.label, paper.label, 120),
        (table.status_line, paper.line, 60),
        (table.unit_line, paper.body, 40),
    ):
        above += size * LINE * TWIPS + around if text else 0
    rows = sum(
        row_height(row_lines(row, page, widths), fit.size, least=fit.least)
        for page, widths in fit.parts
        for row in page.rows
    )
    notes = sum(
        _lines(note, wide - 4 * character(paper.body), paper.body) * paper.body * LINE * TWIPS + 40
        for note in table.notes
    )
    signed = len(table.signatures) * (paper.body * LINE * TWIPS + 360)
    heads = [_head_height(page, widths, fit.size) for page, widths in fit.parts]
    # what comes again with each further part: its headings, and the line above them
    above += sum(heads[1:]) + len(heads[1:]) * (2 * paper.body * LINE * TWIPS)
    free = high - heads[0]
    return (above + rows + notes + signed) / free


def _head_height(page: Layout, widths: list[float], size: float) -> float:
    lines = [1.0] * page.depth
    for one in page.headings:
        covered = sum(widths[one.column : one.column + one.columns])
        wanted = sum(lines_of(text, covered) for text in (one.text, one.unit) if text) / one.rows
        for row in range(one.row, one.row + one.rows):
            lines[row] = max(lines[row], wanted)
    return sum(row_height(count, size) for count in lines)


def _lines(text: str, room: float, size: float) -> int:
    return math.ceil(width(text, wide=WIDE) * character(size) / max(room, PADDING))
