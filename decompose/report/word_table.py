"""A table as the XML of a Word file: headings that repeat, rows that stay whole."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.sax.saxutils import escape

from decompose.report.measure import CENTRED, INDENT
from decompose.report.theme import Colours
from decompose.report.word_fit import CELL_MARGIN, LINE, TWIPS, row_height
from decompose.tables import Cell, Heading, Layout, Row, RowKind, runs

CELL, HEAD = "DecomposeCell", "DecomposeHead"
"""Styles of paragraphs."""
_STRONG = (RowKind.AREA, RowKind.SUBTOTAL, RowKind.SECTION, RowKind.GAP)
_LAST = 3
"""How many rows the last page of a table has at least."""
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_EDGES = ("top", "left", "bottom", "right", "insideH", "insideV")


def xml_text(text: str) -> str:
    """Return a text as runs of XML: lines parted, no character that a file cannot hold."""
    lines = _CONTROL.sub(" ", text).split("\n")
    parts = (f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in lines)
    return "<w:br/>".join(parts)


@dataclass(frozen=True)
class TableXml:
    """One table, or a part of one that is too wide.

    Attributes
    ----------
    page
        The table, laid out.
    widths
        Of its columns, in twentieths of a point.
    size
        Of letters, in points.
    colours
        Of headings and lights.
    notes
        Whether notes follow, from which the last rows must not be parted.
    least
        How high a row is at least, in letters.
    """

    page: Layout
    widths: list[int]
    size: float
    colours: Colours
    notes: bool
    least: float

    def text(self) -> str:
        """Return the XML of the table."""
        borders = "".join(
            f'<w:{edge} w:val="single" w:sz="4" w:space="0" w:color="000000"/>' for edge in _EDGES
        )
        margins = "".join(
            f'<w:{side} w:w="{CELL_MARGIN}" w:type="dxa"/>' for side in ("left", "right")
        )
        grid = "".join(f'<w:gridCol w:w="{size}"/>' for size in self.widths)
        return (
            f'<w:tbl><w:tblPr><w:tblW w:w="{sum(self.widths)}" w:type="dxa"/><w:jc w:val="center"/>'
            f'<w:tblBorders>{borders}</w:tblBorders><w:tblLayout w:type="fixed"/>'
            f"<w:tblCellMar>{margins}</w:tblCellMar></w:tblPr><w:tblGrid>{grid}</w:tblGrid>"
            f"{''.join(self._heads())}{''.join(self._rows())}</w:tbl>"
        )

    def _heads(self) -> Iterator[str]:
        """Make the rows of headings, which every page repeats."""
        for depth in range(self.page.depth):
            cells = []
            for one in sorted(self.page.headings, key=lambda one: one.column):
                if one.row == depth:
                    cells.append(self._head(one, "restart" if one.rows > 1 else ""))
                elif one.row < depth < one.row + one.rows:
                    cells.append(self._head(one, "continue"))
            yield (f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{''.join(cells)}</w:tr>")

    def _head(self, one: Heading, merge: str) -> str:
        text = "\n".join(part for part in (one.text, one.unit) if part)
        more = f'<w:gridSpan w:val="{one.columns}"/>' if one.columns > 1 else ""
        more += f'<w:vMerge w:val="{merge}"/>' if merge else ""
        more += self._filled(self.colours.head)
        shown = "" if merge == "continue" else text
        return self._cell(shown, one.column, one.columns, HEAD, "center", more)

    def _rows(self) -> Iterator[str]:
        least = row_height(1, self.size, least=self.least)
        count = len(self.page.rows)
        last = range(max(count - _LAST, 0), count if self.notes else count - 1)
        for number, row in enumerate(self.page.rows):
            # a head of a block stays with what follows it, and the last rows with the notes
            keep = row.kind is RowKind.SECTION or number in last
            cells = "".join(self._body(row, run, keep=keep) for run in self._runs(row))
            yield (
                f'<w:tr><w:trPr><w:cantSplit/><w:trHeight w:val="{least}"/></w:trPr>{cells}</w:tr>'
            )

    def _runs(self, row: Row) -> list[range]:
        """Return the cells that stand together: the head of a block has all those after it."""
        if row.kind is not RowKind.SECTION:
            return runs(row.cells)
        place = next(k for k, cell in enumerate(row.cells) if cell.text)
        return [*(range(k, k + 1) for k in range(place)), range(place, len(row.cells))]

    def _body(self, row: Row, run: range, *, keep: bool) -> str:
        place, cell = run[0], row.cells[run[0]]
        head = row.kind is RowKind.SECTION
        centred = self.page.columns[place].kind in CENTRED and not head
        more = f'<w:gridSpan w:val="{len(run)}"/>' if len(run) > 1 else ""
        more += self._filled(self._light(cell))
        level = row.level if place == self.page.label else 0
        return self._cell(
            cell.text,
            place,
            len(run),
            CELL,
            "center" if centred else "left",
            more,
            indent=round(level * INDENT * self.size / 2 * TWIPS),
            bold=row.kind in _STRONG and row.level == 0,
            keep=keep,
        )

    def _light(self, cell: Cell) -> str:
        return str(getattr(self.colours, cell.light)) if cell.light else ""

    @staticmethod
    def _filled(colour: str) -> str:
        if not colour:
            return ""
        return f'<w:shd w:val="clear" w:color="auto" w:fill="{colour.lstrip("#")}"/>'

    def _cell(
        self,
        text: str,
        column: int,
        columns: int,
        style: str,
        align: str,
        more: str,
        *,
        indent: int = 0,
        bold: bool = False,
        keep: bool = False,
    ) -> str:
        width = sum(self.widths[column : column + columns])
        kept = "<w:keepNext/>" if keep else ""
        moved = f'<w:ind w:left="{indent}"/>' if indent else ""
        heavy = "<w:b/>" if bold else ""
        # the same height in every program, whatever font stands in for a missing one
        line = round(LINE * self.size * TWIPS)
        spaced = f'<w:spacing w:line="{line}" w:lineRule="exact"/>'
        half = round(2 * self.size)
        run = (
            f'<w:r><w:rPr>{heavy}<w:sz w:val="{half}"/><w:szCs w:val="{half}"/></w:rPr>'
            f"{xml_text(text)}</w:r>"
        )
        return (
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{more}<w:vAlign w:val="center"/>'
            f'</w:tcPr><w:p><w:pPr><w:pStyle w:val="{style}"/>{kept}{spaced}{moved}'
            f'<w:jc w:val="{align}"/></w:pPr>'
            f"{run if text else ''}</w:p></w:tc>"
        )
