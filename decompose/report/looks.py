"""The formats of a workbook's cells, each made once."""

from __future__ import annotations

from typing import Any

from decompose.report.measure import CENTRED
from decompose.report.theme import Theme
from decompose.tables import Cell, ColumnKind

_BODY, _HEAVY = "SimSun", "SimHei"
_SIZES = {"label": 16.0, "title": 18.0, "body": 11.0}


class Looks:
    """The formats of a workbook.

    Parameters
    ----------
    book
        The workbook.
    theme
        Fonts, sizes and colours.
    """

    def __init__(self, book: Any, theme: Theme) -> None:
        self._book = book
        self._theme = theme
        self._made: dict[tuple[tuple[str, object], ...], Any] = {}
        self._cells: dict[tuple[object, ...], Any] = {}
        fonts, sizes = theme.fonts, theme.sizes
        self._size = sizes.body or _SIZES["body"]
        self._body = {"font_name": fonts.body or _BODY, "font_size": self._size}
        self.label = self.get(
            font_name=fonts.label or _HEAVY, font_size=sizes.label or _SIZES["label"]
        )
        self._title_size = sizes.title or _SIZES["title"]
        self._title = {"font_name": fonts.title or _HEAVY, "font_size": self._title_size}
        self.head = self.get(
            font_name=fonts.head or _HEAVY,
            align="center",
            border=1,
            text_wrap=True,
            bg_color=theme.colours.head,
        )

    @property
    def letter(self) -> float:
        """How much larger letters are than those of the widths, which are of 11 points."""
        return self._size / _SIZES["body"]

    @property
    def title_letter(self) -> float:
        """How much larger a letter of the title is than one of the body."""
        return self._title_size / self._size

    def get(self, **properties: object) -> Any:
        """Return the format with these properties, the body's for all others."""
        given = {**self._body, "valign": "vcenter", **properties}
        key = tuple(sorted(given.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(given)
        return self._made[key]

    def title(self, align: str, *, wrap: bool) -> Any:
        """Return the format of the title."""
        return self.get(**self._title, align=align, text_wrap=wrap)

    def of_edge(self, *, left: bool, right: bool) -> Any:
        """Return the format of a cell in the head of a block, with lines on these sides only."""
        return self.get(top=1, bottom=1, left=int(left), right=int(right), bold=True)

    def of_cell(
        self, cell: Cell, kind: ColumnKind, *, strong: bool, indent: int, wrap: bool
    ) -> Any:
        """Return the format of a cell of the body.

        Parameters
        ----------
        cell, kind
            What it holds, in which kind of column.
        strong, indent, wrap
            How its row and its place want it.
        """
        numeric = cell.number is not None
        key = (kind, cell.decimals, cell.percent, numeric, cell.light, strong, indent, wrap)
        if key in self._cells:
            return self._cells[key]
        centred = kind in CENTRED
        properties: dict[str, object] = {
            "border": 1,
            "bold": strong,
            "text_wrap": wrap or not centred,
            "align": "center" if centred else "left",
        }
        if indent:
            properties["indent"] = indent
        if numeric:
            places = "." + "0" * cell.decimals if cell.decimals else ""
            properties["num_format"] = f"0{places}{'%' if cell.percent else ''}"
        if cell.light:
            properties["bg_color"] = getattr(self._theme.colours, cell.light)
        self._cells[key] = self.get(**properties)
        return self._cells[key]
