"""A table as data: built once, rendered by every writer."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field, replace

import pandas as pd

from decompose.figures import Figure, Sense
from decompose.labels import Language, word
from decompose.labels.figures import NO_FIGURE, STRIVE

MOST_DECIMALS = 6
Place = tuple[str, str, int]
"""A quota: its indicator (id), region and year."""


class ColumnKind(enum.StrEnum):
    """What a column holds."""

    LABEL = "label"
    """Leads the row; stays in sight when the others are scrolled."""
    FIGURE = "figure"
    """Numbers, or figures with words."""
    MARK = "mark"
    """A word or two: a number in a list, a unit."""
    TEXT = "text"


class RowKind(enum.StrEnum):
    """What a row speaks of."""

    AREA = "area"
    REGION = "region"
    SUBTOTAL = "subtotal"
    """A group of regions."""
    SECTION = "section"
    """The head of a block; no figures."""
    INDICATOR = "indicator"
    PART = "part"
    """An indicator that is part of the one above it."""
    CHANGE = "change"
    """Growth, increase, rise or cut of the row above it, or its stretch figures."""
    GAP = "gap"
    """What of the area's or a group's figures no region has."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell.

    Attributes
    ----------
    value
        A number (a fraction where ``percent``), a text, or None.
    decimals
        Digits after the point as printed.
    words
        What is printed in place of the number (at least 22), or a dash where there is none.
    percent
        Whether the number is printed as a percentage.
    joined
        Whether it says the same as the cell on its left, and is printed as one with it.
    light
        The colour of what it tells (green, yellow, red); empty for none.
    about
        The quota that it prints; None where it prints another number, or none.
    """

    value: float | int | str | None = None
    decimals: int = 0
    words: str = ""
    percent: bool = False
    joined: bool = False
    light: str = ""
    about: Place | None = field(default=None, compare=False, repr=False)

    @property
    def text(self) -> str:
        """The cell as printed."""
        if self.words or self.value is None:
            return self.words
        if isinstance(self.value, str):
            return self.value
        return f"{self.value:.{self.decimals}{'%' if self.percent else 'f'}}"

    @property
    def number(self) -> float | int | None:
        """The number, where a number is printed; None for texts, words and blanks."""
        return None if self.words or isinstance(self.value, str) else self.value

    @property
    def amount(self) -> float | int | None:
        """The number, also where words are printed in its place."""
        return None if isinstance(self.value, str) else self.value

    @property
    def empty(self) -> bool:
        """Whether it says nothing: blank, or a dash."""
        return self.text in ("", NO_FIGURE)


BLANK = Cell()
ABSENT = Cell(words=NO_FIGURE)
"""No figure: printed as a dash."""


def text_cell(text: str) -> Cell:
    """Make the cell of a text."""
    return Cell(text)


def number_cell(
    value: float | None, decimals: int, *, percent: bool = False, about: Place | None = None
) -> Cell:
    """Make the cell of a number that has these decimals; a dash for None."""
    if value is None:
        return ABSENT if about is None else replace(ABSENT, about=about)
    exact = round(value, decimals + 2 * percent) + 0.0  # no -0
    shown = int(exact) if decimals == 0 and not percent else exact
    return Cell(shown, decimals, percent=percent, about=about)


def digits(value: float) -> int:
    """Return how many digits after the point a number needs."""
    return len(f"{value:.{MOST_DECIMALS}f}".rstrip("0").partition(".")[2])


def figure_cell(figure: Figure, *, percent: bool = False, with_unit: bool = False) -> Cell:
    """Make the cell of a plan's figure: its words, or the number as the plan writes it.

    Where the unit stands beside it, a bare percentage is its number alone: 6 beside a %.
    """
    if not figure.given:
        return ABSENT
    shown = figure.value * 100 if percent else figure.value
    number = number_cell(figure.value, digits(shown), percent=percent)
    bare = figure.sense is Sense.EXACT and not figure.text.startswith(STRIVE)
    return number if with_unit and bare else replace(number, words=figure.text)


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes
    ----------
    key
        Its name in ``frame()``.
    name
        Its heading (of which: … for a part).
    kind
        What it holds.
    unit
        Of its figures; printed in the heading where the table has no unit line.
    part
        Whether it stands under the heading of the last column that is no part.
    lead
        Its own heading below, where parts stand beside it; "all" unless said.
    alone
        Its heading in one row, where a part's name does not say of what; its name unless said.
    optional
        Whether it is left out in print where no row says anything.
    adds
        Whether its numbers add up over regions (a ratio's never do).
    """

    key: str
    name: str
    kind: ColumnKind = ColumnKind.FIGURE
    unit: str = ""
    part: bool = False
    lead: str = ""
    alone: str = ""
    optional: bool = False
    adds: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One row: what it speaks of, a cell per column, how deep its label is indented."""

    kind: RowKind
    cells: tuple[Cell, ...]
    level: int = 0
    addends: tuple[int, ...] = ()
    """The rows (by index) of which it is the sum, in columns that add up."""


@dataclass(frozen=True)
class Table:
    """A table as data.

    Attributes
    ----------
    name
        Short name: a sheet's or a file's.
    label
        Printed at the top left (annex 2).
    title
        Printed above the table.
    columns, rows
        The content; a row per region even where ``turned``.
    unit_line
        The unit of all figures; empty where they differ.
    status_line
        Status of the data, under the title; empty where there is none.
    notes
        Under the table.
    year
        The year that it speaks of; None for all of them.
    turned
        Whether it is printed with its columns as rows.
    language
        Of headings and titles.
    kind
        Which of a report's sheets it is (``"annex2"``): what a theme speaks of.
    region
        Whose letter it is; empty for none.
    signatures
        Lines to be signed, under the notes.
    listed
        Whether it is a long list to be searched and filtered, not a page to be signed.
    """

    name: str
    label: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    unit_line: str = ""
    status_line: str = ""
    notes: tuple[str, ...] = ()
    year: int | None = None
    turned: bool = False
    language: Language = "zh"
    kind: str = ""
    region: str = ""
    signatures: tuple[str, ...] = ()
    listed: bool = False

    @property
    def bare(self) -> bool:
        """Whether it has no row, or no column but names."""
        return not self.rows or all(one.kind is ColumnKind.LABEL for one in self.columns)

    def frame(self) -> pd.DataFrame:
        """Return the table for pandas, as printed, numbers as numbers.

        Returns
        -------
        Of annex 2: a row per region, the area first; the index has the regions' names. Columns
        are numeric, also where the area's row prints words, NaN where there is no quota; whole
        numbers are integers where none lacks.
        Group subtotals are printed only, so that the regions add up to the area (of ratios, the
        area's row is the ratio of them all); where something could not be handed out, they do so
        with the last row, the gap. Columns are named by what is printed: the indicator,
        or its increment; stretch quotas stand right of the base quotas.

        Of annex 1: a row per indicator, a RangeIndex; the section leads where there are
        sections. A figure with words (at least 22) is a text, a dash is a dash, and a computed rate
        is a fraction; a goal in words stands under every year and under the total or end. Section
        heads and the rows of groups, growth, rise, cut and stretch figures are printed only.
        """
        if any(row.kind is RowKind.AREA for row in self.rows):
            return self._by_region()
        return self._by_indicator()

    def _by_region(self) -> pd.DataFrame:
        kinds = RowKind.AREA, RowKind.REGION, RowKind.GAP
        rows = [row for row in self.rows if row.kind in kinds]
        head = self.columns[0]
        index = pd.Index([row.cells[0].text for row in rows], name=head.key)
        columns = [
            pd.Series([row.cells[k].amount for row in rows], index=index, name=column.key)
            for k, column in enumerate(self.columns)
            if column is not head
        ]
        numeric = [
            column if column.notna().all() else column.astype("float64") for column in columns
        ]
        return pd.concat(numeric, axis=1) if numeric else pd.DataFrame(index=index)

    def _by_indicator(self) -> pd.DataFrame:
        section = ""
        sections: list[str] = []
        rows: list[Row] = []
        for row in self.rows:
            if row.kind is RowKind.SECTION:
                section = next(cell.text for cell in row.cells if cell.text)
            elif row.kind in (RowKind.INDICATOR, RowKind.PART):
                rows.append(row)
                sections.append(section)
        frame = pd.DataFrame(
            {
                # figures may be words: their columns have one type, whatever the plan says
                column.key: pd.Series(
                    [
                        cell.text if cell.number is None else cell.number
                        for cell in (row.cells[k] for row in rows)
                    ],
                    dtype=object if column.kind is ColumnKind.FIGURE else None,
                )
                for k, column in enumerate(self.columns)
            }
        )
        if any(sections):
            frame.insert(0, word("section", self.language), sections)
        return frame
