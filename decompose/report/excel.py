"""Tables as an Excel workbook, a sheet each: real numbers, text that stays text."""

from __future__ import annotations

import io
import math
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from decompose.labels import Language, say
from decompose.report.widths import width, wrapped
from decompose.report.xlsx import new_workbook
from decompose.tables import Cell, ColumnKind, Heading, Layout, Row, RowKind, Table, layout, runs

_WIDE = "WFA"
_BODY, _HEAVY = "SimSun", "SimHei"
_LINE, _TITLE_LINE = 16, 28
"""Height of a line of the body and of the title, in points."""
_TITLE_WIDTH = 1.7
"""Width of a letter of the title, in letters of the body."""
_A4 = 9
_MARGIN = 0.6
"""In inches."""
_NARROWEST, _WIDEST, _PADDING, _INDENT = 7, 36, 2.0, 2.0
"""Of columns, in characters."""
_HEAD_LINES, _HEAD_LINE = 4, 10
"""Lines that a heading takes before it widens its column, and how long each of them is."""
_STRONG = (RowKind.AREA, RowKind.SUBTOTAL, RowKind.SECTION, RowKind.GAP)
_CENTRED = (ColumnKind.FIGURE, ColumnKind.MARK)
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_LONGEST_NAME = 31


def excel(tables: Sequence[Table], *, language: Language = "zh") -> bytes:
    """Render tables as a workbook, a sheet each; the same tables give the same bytes.

    Raises
    ------
    ReportError
        If xlsxwriter is not installed; with the command that installs it.
    """
    file = io.BytesIO()
    with new_workbook(file, language=language) as book:
        formats = _Formats(book)
        names: list[str] = []
        for table in tables:
            names.append(_sheet_name(table.name, names))
            _Sheet(book.add_worksheet(names[-1]), formats, table).write()
    return file.getvalue()


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


class _Formats:
    """The formats of a workbook, each made once."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, object], ...], Any] = {}

    def get(self, **properties: object) -> Any:
        given = {"font_name": _BODY, "font_size": 11, "valign": "vcenter", **properties}
        key = tuple(sorted(given.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(given)
        return self._made[key]

    def of_cell(
        self, cell: Cell, kind: ColumnKind, *, strong: bool, indent: int, wrap: bool
    ) -> Any:
        centred = kind in _CENTRED
        properties: dict[str, object] = {
            "border": 1,
            "bold": strong,
            "text_wrap": wrap or not centred,
            "align": "center" if centred else "left",
        }
        if indent:
            properties["indent"] = indent
        if cell.number is not None:
            places = "." + "0" * cell.decimals if cell.decimals else ""
            properties["num_format"] = f"0{places}{'%' if cell.percent else ''}"
        return self.get(**properties)


class _Sheet:
    """One table on one sheet: the lines above it, headings, rows, notes."""

    def __init__(self, sheet: Any, formats: _Formats, table: Table) -> None:
        self._sheet = sheet
        self._formats = formats
        self._table = table
        self._page = layout(table)
        self._widths = _widths(self._page)
        self._last = len(self._page.columns) - 1

    def write(self) -> None:
        head = self._lines_above()
        body = self._headings(head)
        end = self._notes(self._rows(body))
        for number, size in enumerate(self._widths):
            self._sheet.set_column(number, number, size)
        self._sheet.freeze_panes(body, self._page.label + 1)
        self._set_page(head, body, end)

    def _lines_above(self) -> int:
        """Write label, title, status and unit; return the next row."""
        table, formats = self._table, self._formats
        self._sheet.write_string(0, 0, table.label, formats.get(font_name=_HEAVY, font_size=16))
        title = formats.get(font_name=_HEAVY, font_size=18, align="center", text_wrap=True)
        self._sheet.set_row(1, _TITLE_LINE * _lines(table.title, sum(self._widths) / _TITLE_WIDTH))
        self._across(Heading(table.title, 1, 0, columns=self._last + 1), title)
        row = 2
        if table.status_line:
            status = Heading(table.status_line, row, 0, columns=self._last + 1)
            self._across(status, formats.get(align="center"))
            row += 1
        if table.unit_line:
            self._sheet.write_string(row, self._last, table.unit_line, formats.get(align="right"))
            row += 1
        return row

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
        look = self._formats.get(
            font_name=_HEAVY, align="center", border=1, text_wrap=True, bg_color="#F2F2F2"
        )
        lines = [1.0] * self._page.depth
        for heading in self._page.headings:
            covered = sum(self._widths[heading.column : heading.column + heading.columns])
            text = "\n".join(part for part in (heading.text, heading.unit) if part)
            wanted = sum(_lines(part, covered) for part in text.split("\n")) / heading.rows
            for row in range(heading.row, heading.row + heading.rows):
                lines[row] = max(lines[row], wanted)
            self._across(replace(heading, text=text, row=first + heading.row), look)
        for row, count in enumerate(lines):
            self._sheet.set_row(first + row, _LINE * count + 6)
        return first + self._page.depth

    def _rows(self, first: int) -> int:
        """Write the body; return the first row under it."""
        columns, label = self._page.columns, self._page.label
        for number, row in enumerate(self._page.rows, start=first):
            strong = row.kind in _STRONG and row.level == 0
            for run in runs(row.cells):
                place, cell = run[0], row.cells[run[0]]
                indent = row.level if place == label else 0
                look = self._formats.of_cell(
                    cell, columns[place].kind, strong=strong, indent=indent, wrap=len(run) > 1
                )
                if len(run) > 1:
                    self._across(Heading(cell.text, number, place, columns=len(run)), look)
                elif cell.number is not None:
                    self._sheet.write_number(number, place, cell.number, look)
                elif cell.text:
                    self._sheet.write_string(number, place, cell.text, look)
                else:
                    self._sheet.write_blank(number, place, None, look)
            self._sheet.set_row(number, _LINE * self._lines(row))
        return first + len(self._page.rows)

    def _lines(self, row: Row) -> int:
        """Return how many lines the longest text of a row takes."""
        return max(
            _lines(
                row.cells[run[0]].text,
                sum(self._widths[place] for place in run)
                - _INDENT * row.level * (run[0] == self._page.label),
            )
            for run in runs(row.cells)
            if len(run) > 1 or self._page.columns[run[0]].kind not in _CENTRED
        )

    def _notes(self, first: int) -> int:
        """Write the notes, a line each row, over the empty cells beside; return the next row."""
        notes = self._table.notes
        numbered = [f"{k}. {note}" for k, note in enumerate(notes, start=1)]
        texts = list(notes) if len(notes) == 1 else numbered
        row = first
        for number, text in enumerate(texts):
            head = "" if number else say("notes_head").text(self._table.language)
            for line in wrapped(head + text, int(sum(self._widths)), wide=_WIDE):
                self._sheet.write_string(row, 0, line, self._formats.get(align="left"))
                row += 1
        return row

    def _set_page(self, head: int, body: int, end: int) -> None:
        """A4 landscape, one page wide, the headings on every page."""
        sheet = self._sheet
        sheet.set_paper(_A4)
        sheet.set_landscape()
        sheet.set_margins(left=_MARGIN, right=_MARGIN, top=_MARGIN, bottom=_MARGIN)
        sheet.center_horizontally()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(head, body - 1)
        sheet.print_area(0, 0, end - 1, self._last)
        sheet.set_footer("&C— &P —")


def _lines(text: str, size: float) -> int:
    """Return how many lines a text takes in a column of this width."""
    return max(1, math.ceil(width(text, wide=_WIDE) / max(size - _PADDING, 1)))


def _widths(page: Layout) -> list[float]:
    """Return a width for each column that shows its content on one line, up to a limit."""
    lowest = {heading.column: heading for heading in page.headings if heading.columns == 1}
    texts = [_texts(row) for row in page.rows]
    widths = []
    for number, column in enumerate(page.columns):
        figure = column.kind is ColumnKind.FIGURE
        indent = _INDENT if number == page.label else 0
        content = max(
            (
                width(text[number], wide=_WIDE) + indent * row.level
                for text, row in zip(texts, page.rows, strict=True)
            ),
            default=0,
        )
        head = width(lowest[number].text, wide=_WIDE)
        unit = width(lowest[number].unit, wide=_WIDE)
        lines = min(max(math.ceil(head / _HEAD_LINE), 1), _HEAD_LINES)
        least = max(math.ceil(head / lines), unit, _NARROWEST if figure else 0)
        widths.append(max(least, content if figure else min(content, _WIDEST)) + _PADDING)
    return widths


def _texts(row: Row) -> list[str]:
    """Return the texts of a row that need a column's width: not those that stand across several."""
    alone = {run[0] for run in runs(row.cells) if len(run) == 1}
    return [cell.text if place in alone else "" for place, cell in enumerate(row.cells)]
