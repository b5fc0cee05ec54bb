"""A table as the named series of a plan: column → region → number."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from decompose.errors import Mistake, PlanError
from decompose.figures import parse_number, plain
from decompose.labels import Message, say
from decompose.labels.figures import NONE
from decompose.labels.words import REGION_HEADS
from decompose.reading.files import plan_error, stop_at_many
from decompose.reading.table import Scan, Table

_USUAL = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,20})?")
"""How nearly all cells are written; float() reads those as any other way would."""

Cell = float | str


@dataclass(frozen=True)
class Columns:
    """The series of a table.

    Attributes
    ----------
    table
        Where they come from.
    cells
        Column → region → number (a percentage stays a text), names in plain form; blank cells,
        and cells with a dash, are left out.
    column, row
        Index of the column, and the number of the row, of each name.
    lost
        The regions some of whose cells could not be read.
    unread
        Whether columns or rows were lost whose names nobody knows.
    mistakes
        What is wrong with them.
    """

    table: Table
    cells: dict[str, dict[str, Cell]] = field(default_factory=dict)
    column: dict[str, int] = field(default_factory=dict)
    row: dict[str, int] = field(default_factory=dict)
    lost: set[str] = field(default_factory=set)
    unread: bool = False
    mistakes: list[Mistake] = field(default_factory=list)

    def place(self, column: str, region: str = "") -> str | None:
        """Return the words for a cell, or for a heading; None where it is another table's."""
        if column not in self.column:
            return None
        row = self.row.get(region, self.table.head_row)
        return self.table.file.cell(row, self.column[column] + 1)


def read_columns(scan: Scan) -> Columns:
    """Read the series of a table.

    Raises
    ------
    PlanError
        Where no column holds the regions, or no row any cells.
    """
    table = scan.table
    regions = table.column(REGION_HEADS)
    if regions is None:
        raise _unusable(scan, say("table_no_region", found=list(table.heads) or "—"))
    if not table.rows:
        raise _unusable(scan, say("table_no_rows"))
    columns = Columns(table, unread=scan.unread, mistakes=list(scan.mistakes))
    for index, head in enumerate(table.heads):
        if head and index != regions and head not in columns.column:
            columns.column[head] = index
            columns.cells[head] = {}
    for number, cells in table.rows:
        _read_row(columns, number, cells, regions, ragged=number in scan.ragged)
        stop_at_many(columns.mistakes, table.file)
    return columns


def _unusable(scan: Scan, message: Message) -> PlanError:
    """Return the error of a table without series; a stray quote may be why there are none."""
    file = scan.table.file
    told = list(scan.mistakes)
    if not any(one.message.code == "table_quote" for one in told):
        told.append(Mistake(message, (), file.cell(scan.table.head_row)))
    return plan_error(told, file.language)


def _read_row(
    columns: Columns, number: int, cells: tuple[str, ...], regions: int, *, ragged: bool
) -> None:
    file = columns.table.file
    region = plain(cells[regions])
    if ragged:
        # its cells may have shifted: what they would say is no news
        columns.lost.add(region)
        return
    if not region:
        columns.mistakes.append(Mistake(say("row_no_region"), (), file.cell(number)))
        return
    if region in columns.row:
        twice = say("row_region_twice", found=region, row=columns.row[region])
        columns.mistakes.append(Mistake(twice, (), file.cell(number, regions + 1)))
        return
    columns.row[region] = number
    for head, index in columns.column.items():
        try:
            value = read_cell(cells[index])
        except ValueError as error:
            place = file.cell(number, index + 1)
            columns.mistakes.append(Mistake(error.args[0], ("tables", head, region), place))
            columns.lost.add(region)
        else:
            if value is not None:
                columns.cells[head][region] = value


def read_cell(text: str) -> Cell | None:
    """Read a cell: a number, a percentage as a text such as 37%, or None where it is blank.

    Raises
    ------
    ValueError
        With a message: not a number, or not finite.
    """
    shown = plain(text)
    if not shown or shown.lower() in NONE:
        return None
    if _USUAL.fullmatch(text.strip()):
        return float(shown)
    number, percent = parse_number(text)
    return f"{number:f}%" if percent else float(number)
