"""Tables as an Excel workbook, a sheet each: real numbers, text that stays text."""

from __future__ import annotations

import io
import logging
import math
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from decompose.errors import ReportError
from decompose.labels import Language, say
from decompose.reading.workbook.book import letters
from decompose.report.content import Document
from decompose.report.looks import Looks
from decompose.report.measure import (
    PADDING,
    WIDE,
    WIDEST,
    Usable,
    column_widths,
    lines_of,
    row_lines,
    spread,
    without_orphan,
)
from decompose.report.paged import Paged
from decompose.report.theme import Theme
from decompose.report.widths import width
from decompose.report.xlsx import new_workbook
from decompose.tables import Cell, Heading, Row, RowKind, Table, layout, runs

_LOG = logging.getLogger(__name__)
_LINE, _TITLE_LINE, _LABEL_LINE = 16, 28, 22
"""Height of a line of the body, of the title and of the label, in points."""
_SIGNED_LINE = 36
"""Height of a line to be signed."""
_NARROW_TABLE = 120
"""How wide a table is at most made, in characters, where its title needs it."""
_LISTED, _TRIES = ((64, 12),), ((WIDEST, 12), (30, 8), (22, 6))
"""How many characters of a text, and of a heading, stand on one line: of a list, of a table."""
_LARGE = 0.8
"""What is scaled down further has its texts and headings broken earlier."""
_ROOMIER = 12
"""How much wider a table may be so that no heading leaves a letter alone on a line."""
_USABLE: tuple[Usable, ...] = (
    lambda size: size - PADDING,
    lambda size: 0.95 * size,
    lambda size: 1.27 * size + 0.5,
)
"""Programs set Chinese letters in a column of some characters more or less close; the last has
not the font by which columns are measured."""
_SPACE = "\u3000"
"""As wide as a Chinese letter."""
_PADDING = 2.0
_STRONG = (RowKind.AREA, RowKind.SUBTOTAL, RowKind.SECTION, RowKind.GAP)
_A4 = 9
_MARGIN = 0.6
"""In inches."""
_INCH = 72
"""In points."""
_POINTS = 5.25, 7.0
"""The letter by which columns are measured, in points; in programs without its font."""
_PAGE = 842, 595
"""A4 landscape, in points."""
_SMALLEST = 0.5
"""What is scaled down further cannot be read: its columns go to several pages."""
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_LONGEST_NAME = 31
_MOST_ROWS = 1_048_000
"""Of a table: a sheet has 1,048,576, some of them for title, headings and notes."""
_MOST_ADDENDS = 255
"""Of a formula: arguments of SUM."""


def excel(content: Document, theme: Theme | None = None) -> bytes:
    """Render a report as a workbook, a sheet per table; the same content gives the same bytes.

    Parameters
    ----------
    content
        The report.
    theme
        Fonts, sizes, colours, and whether sums of regions are formulas, their values beside them.

    Raises
    ------
    ReportError
        If xlsxwriter is not installed, with the command that installs it; for a table of more
        rows than a sheet has.
    """
    language = content.language
    theme = Theme() if theme is None else theme
    file = io.BytesIO()
    with new_workbook(file, language=language, title=content.title) as book:
        looks = Looks(book, theme)
        names: list[str] = []
        for number, table in enumerate(content.tables, start=1):
            names.append(_sheet_name(table.name, names))
            _check_length(table, language)
            _Sheet(book.add_worksheet(names[-1]), looks, table, formulas=theme.formulas).write()
            done = say("report_sheet", sheet=names[-1], number=number, count=len(content.tables))
            _LOG.info("%s", done.text(language))
    return file.getvalue()


def _check_length(table: Table, language: Language) -> None:
    """Refuse a table that is longer than a sheet."""
    if len(table.rows) > _MOST_ROWS:
        told = say("report_rows", sheet=table.name, count=len(table.rows), most=_MOST_ROWS)
        raise ReportError(told, language=language)


def _sheet_name(name: str, taken: Sequence[str]) -> str:
    """Make a name that Excel accepts and that no other sheet has."""
    clean = _FORBIDDEN.sub("_", name).strip("' ") or "_"
    others = {other.casefold() for other in taken} | {"history"}  # which Excel keeps for itself
    number, unique = 1, clean[:_LONGEST_NAME]
    while unique.casefold() in others:
        number += 1
        end = f"({number})"
        unique = clean[: _LONGEST_NAME - len(end)] + end
    return unique


class _Sheet:
    """One table on one sheet: the lines above it, headings, rows, notes."""

    def __init__(self, sheet: Any, looks: Looks, table: Table, *, formulas: bool) -> None:
        self._sheet = sheet
        self._looks = looks
        self._table = table
        self._formulas = formulas
        self._page = layout(table)
        self._title_width = looks.title_letter
        self._heights: list[float] = []
        self._last = len(self._page.columns) - 1
        for widest, head_line in _LISTED if table.listed else _TRIES:
            widths = column_widths(self._page, widest=widest, head_line=head_line)
            wanted = _wanted(widths, width(table.title, wide=WIDE), self._title_width)
            self._widths = spread(self._page, widths, wanted, usable=_USABLE, most=_ROOMIER)
            self._scale = self._scaled(_POINTS[0])
            if self._scale >= _LARGE:
                break

    def _scaled(self, points: float) -> float:
        """Return how far the columns are scaled down to fit a page, by the width of a letter."""
        across = sum(points * self._looks.letter * (size + 1) for size in self._widths)
        return min(1.0, (_PAGE[0] - 2 * _INCH * _MARGIN) / across)

    @property
    def _pages_wide(self) -> int:
        """How many pages stand side by side, so that letters can be read."""
        return max(1, math.ceil(_SMALLEST / self._scale))

    def write(self) -> None:
        head = self._lines_above()
        body = self._headings(head)
        after = self._rows(body)
        end = self._signatures(self._notes(after))
        for number, size in enumerate(self._widths):
            self._sheet.set_column(number, number, size * self._looks.letter)
        self._sheet.freeze_panes(body, self._page.label + 1)
        if self._table.listed and after > body:
            self._sheet.autofilter(body - 1, 0, after - 1, self._last)
        self._set_page(head, body, end)

    def _lines_above(self) -> int:
        """Write label, title, status and unit; return the next row."""
        table, looks = self._table, self._looks
        row = 0
        if table.label:
            self._set_height(row, _LABEL_LINE)
            self._sheet.write_string(row, 0, table.label, looks.label)
            row += 1
        lines = lines_of(table.title, sum(self._widths) / self._title_width)
        self._set_height(row, _TITLE_LINE * (lines if self._pages_wide == 1 else 1))
        self._centred(table.title, row, title=True)
        row += 1
        if table.status_line:
            self._centred(table.status_line, row)
            self._set_height(row, _LINE)
            row += 1
        if table.unit_line:
            self._sheet.write_string(row, self._last, table.unit_line, looks.get(align="right"))
            self._set_height(row, _LINE)
            row += 1
        return row

    def _centred(self, text: str, row: int, *, title: bool = False) -> None:
        """Write a line above the table in its middle; where it has several pages, on the first."""
        whole = self._pages_wide == 1
        align = "center" if whole else "left"
        look = self._looks.title(align, wrap=whole) if title else self._looks.get(align=align)
        if whole:
            self._across(Heading(text, row, 0, columns=self._last + 1), look)
        else:
            self._sheet.write_string(row, self._free, text, look)

    @property
    def _free(self) -> int:
        """The first column that is on one page only: a text that runs on begins there."""
        return 0 if self._pages_wide == 1 else self._page.label + 1

    def _across(self, heading: Heading, look: Any) -> None:
        """Write a heading over the cells that it covers."""
        row, column = heading.row, heading.column
        if heading.rows == heading.columns == 1:
            self._sheet.write_string(row, column, heading.text, look)
            return
        end = row + heading.rows - 1, column + heading.columns - 1
        # merged blank first: merge_range would read the text for a number or a formula
        self._sheet.merge_range(row, column, *end, "", look)
        self._sheet.write_string(row, column, heading.text, look)

    def _headings(self, first: int) -> int:
        """Write the headings; return the first row under them."""
        lines = [1.0] * self._page.depth
        for heading in self._page.headings:
            covered = sum(self._widths[heading.column : heading.column + heading.columns])
            text = "\n".join(part for part in (heading.text, heading.unit) if part)
            wanted = sum(lines_of(part, covered) for part in text.split("\n")) / heading.rows
            for row in range(heading.row, heading.row + heading.rows):
                lines[row] = max(lines[row], wanted)
            self._across(replace(heading, text=text, row=first + heading.row), self._looks.head)
        for row, count in enumerate(lines):
            self._set_height(first + row, _LINE * count + 6)
        return first + self._page.depth

    def _rows(self, first: int) -> int:
        """Write the body; return the first row under it."""
        page, sheet = self._page, self._sheet
        for number, row in enumerate(page.rows):
            strong = row.kind in _STRONG and row.level == 0
            if row.kind is RowKind.SECTION:
                self._section(row, first + number)
                continue
            for run in runs(row.cells):
                place, cell = run[0], row.cells[run[0]]
                look = self._looks.of_cell(
                    cell,
                    page.columns[place].kind,
                    strong=strong,
                    indent=row.level if place == page.label else 0,
                    wrap=len(run) > 1,
                )
                at = first + number, place
                if len(run) > 1:
                    self._across(Heading(cell.text, *at, columns=len(run)), look)
                elif cell.number is not None:
                    formula = self._formula(number, place, cell, first)
                    if formula:
                        sheet.write_formula(*at, formula, look, cell.number)
                    else:
                        sheet.write_number(*at, cell.number, look)
                elif cell.text:
                    sheet.write_string(*at, cell.text, look)
                else:
                    sheet.write_blank(*at, None, look)
            self._set_height(first + number, _LINE * row_lines(row, page, self._widths))
        return first + len(page.rows)

    def _section(self, row: Row, number: int) -> None:
        """Write the head of a block: its text runs on over the blank cells beside it."""
        place = next(k for k, cell in enumerate(row.cells) if cell.text)
        for k in range(self._last + 1):
            left, right = k <= place, k < place or k == self._last
            look = self._looks.of_edge(left=left, right=right)
            if k == place:
                self._sheet.write_string(number, k, row.cells[k].text, look)
            else:
                self._sheet.write_blank(number, k, None, look)
        self._set_height(number, _LINE)

    def _formula(self, row: int, column: int, cell: Cell, first: int) -> str:
        """Return the formula of a sum; empty where a cell is none, or its addends make another."""
        if not self._formulas:
            return ""
        places = self._page.addends(row, column)
        numbers = [self._page.rows[k].cells[c].number for k, c in places]
        shown = [number for number in numbers if number is not None]
        if not shown or round(sum(shown), cell.decimals) != round(cell.number or 0, cell.decimals):
            return ""
        parts = _ranges([(first + k, c) for k, c in places])
        return f"=SUM({','.join(parts)})" if len(parts) <= _MOST_ADDENDS else ""

    def _set_height(self, row: int, points: float) -> None:
        points *= self._looks.letter
        self._sheet.set_row(row, points)
        self._heights[row:] = [points]  # rows are written in order, a height each

    def _notes(self, first: int) -> int:
        """Write the notes, a line each row, over the empty cells beside; return the next row."""
        notes = self._table.notes
        texts = notes if len(notes) == 1 else [f"{k}. {one}" for k, one in enumerate(notes, 1)]
        head = say("notes_head").text(self._table.language)
        margin = width(head, wide=WIDE)
        blank = " " * margin if head.isascii() else _SPACE * (margin // 2)
        room = int(sum(self._widths) / self._pages_wide) - margin
        lines = [line for text in texts for line in without_orphan(text, room)]
        for row, line in enumerate(lines, start=first):
            lead = blank if row > first else head
            text = lead + line
            self._sheet.write_string(row, self._free, text, self._looks.get(align="left"))
            self._set_height(row, _LINE)
        return first + len(lines)

    def _signatures(self, first: int) -> int:
        """Write the lines to be signed, with room for a hand; return the next row."""
        for row, line in enumerate(self._table.signatures, start=first):
            self._sheet.write_string(row, self._free, line, self._looks.get(align="left"))
            self._set_height(row, _SIGNED_LINE)
        return first + len(self._table.signatures)

    def _set_page(self, head: int, body: int, end: int) -> None:
        """A4 landscape, the headings on every page; one page wide where that can be read."""
        sheet, wide = self._sheet, self._pages_wide
        sheet.set_paper(_A4)
        sheet.set_landscape()
        sheet.set_margins(left=_MARGIN, right=_MARGIN, top=_MARGIN, bottom=_MARGIN)
        sheet.center_horizontally()
        end_of_rows = body + len(self._page.rows)
        high = _PAGE[1] - 2 * _INCH * _MARGIN
        paged = Paged(
            lines=self._page.rows,
            above=self._heights[:head],
            heads=self._heights[head:body],
            rows=self._heights[body:end_of_rows],
            below=self._heights[end_of_rows:],
            rooms=[high / self._scaled(points) for points in _POINTS],
        )
        breaks = paged.breaks() if wide == 1 else []
        # a sheet that is scaled to some pages has no breaks of its own
        fewer = wide == 1 and not breaks
        signed = bool(self._table.signatures)
        sheet.fit_to_pages(wide, paged.fewer_pages(signed=signed) if fewer else 0)
        sheet.set_h_pagebreaks([body + row for row in breaks])
        sheet.repeat_rows(head, body - 1)
        if wide > 1:
            sheet.repeat_columns(0, self._page.label)
        sheet.print_area(0, 0, end - 1, self._last)
        sheet.set_footer("&C— &P —")


def _wanted(widths: list[float], title: int, letter: float) -> float:
    """Return how wide a table is to be: its columns, or where it is narrow its title and notes."""
    return max(sum(widths), min((title + _PADDING) * letter, _NARROW_TABLE))


def _ranges(places: Sequence[tuple[int, int]]) -> list[str]:
    """Write cells of one column, or of one row, as ranges: those side by side as one."""
    found: list[list[tuple[int, int]]] = []
    for place in sorted(places):
        if found and sum(place) - sum(found[-1][-1]) == 1:
            found[-1].append(place)
        else:
            found.append([place])
    ends = [(run[0], run[-1]) for run in found]
    return [_cell(*a) if a == z else f"{_cell(*a)}:{_cell(*z)}" for a, z in ends]


def _cell(row: int, column: int) -> str:
    return f"{letters(column + 1)}{row + 1}"
