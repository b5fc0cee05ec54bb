"""A table of a report as a section of the page: heading, tools, table, notes."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from decompose.labels import say, word
from decompose.markup import Markup, element, together
from decompose.report.measure import CENTRED
from decompose.report.table_csv import table_csv
from decompose.report.widths import width
from decompose.tables import Cell, ColumnKind, Heading, Layout, Row, RowKind, Table, layout, runs
from decompose.tables.model import Place

_WIDE = 12
"""More columns than this are set in smaller letters on paper."""
_PAGE, _TALL = 22, 34
"""So many rows fit a page; up to so many do in smaller letters."""
_LARGE = 400
"""Of more rows than this, a browser lays a table out when it comes into sight."""
_SHORT, _SHORT_HEAD = 8, 8
"""So few letters stand on one line; of a heading, so many columns of text (a year's are 6)."""


class Sheet(NamedTuple):
    """A table, and its place on the page.

    Attributes
    ----------
    table
        What it shows.
    anchor
        The id of its section.
    file
        The name of its CSV, without suffix.
    reasons
        The number of the reason of each quota.
    """

    table: Table
    anchor: str
    file: str
    reasons: Mapping[Place, int]


def section(sheet: Sheet) -> Markup:
    """Render a table as a section."""
    table = sheet.table
    title = f"{sheet.anchor}-title"
    return element(
        "section",
        *([element("p", table.label, class_="label")] if table.label else []),
        element("h2", table.title, id=title),
        *([element("p", table.status_line, class_="status")] if table.status_line else []),
        _tools(sheet),
        element(
            "div",
            _table(sheet, layout(table)),
            class_="scroll",
            role="region",
            tabindex=0,
            aria_labelledby=title,
        ),
        _notes(table),
        *(element("p", line, class_="signed") for line in table.signatures),
        id=sheet.anchor,
        class_=_classes(sheet=True, listed=table.listed, large=len(table.rows) > _LARGE),
        aria_labelledby=title,
    )


def _tools(sheet: Sheet) -> Markup:
    """Make what stands over a table: the filter, the download, the unit."""
    table, language = sheet.table, sheet.table.language
    content = base64.b64encode(table_csv(table)).decode("ascii")
    name = say("web_download_of", sheet=table.name).text(language)
    field = f"{sheet.anchor}-filter"
    return element(
        "div",
        element(
            "span",
            element("label", say("web_filter").text(language), for_=field),
            element(
                "input",
                id=field,
                type="search",
                placeholder=say("web_filter_hint").text(language),
                autocomplete="off",
            ),
            element("output", for_=field),
            class_="filter",
            hidden=True,
        ),
        element(
            "a",
            say("web_download").text(language),
            class_="download",
            download=f"{sheet.file}.csv",
            href=f"data:text/csv;charset=utf-8;base64,{content}",
            aria_label=name,
        ),
        element("span", table.unit_line, class_="unit-line"),
        class_="tools",
    )


def _notes(table: Table) -> Markup:
    if not table.notes:
        return Markup()
    head = say("notes_head").text(table.language)
    if len(table.notes) == 1:
        return element("p", head, table.notes[0], class_="notes")
    items = [element("li", note) for note in table.notes]
    return element("div", element("p", head.rstrip()), element("ol", *items), class_="notes")


def _table(sheet: Sheet, page: Layout) -> Markup:
    table = sheet.table
    caption = " ".join(part for part in (table.name, table.unit_line) if part)
    sizes = {"wide": len(page.columns) > _WIDE, "tall": _PAGE < len(page.rows) <= _TALL}
    return element(
        "table",
        element("caption", caption),
        element("thead", *(_head_row(page, row) for row in range(page.depth))),
        element("tbody", *(_row(sheet, page, row) for row in page.rows)),
        class_=_classes(**sizes),
    )


def _head_row(page: Layout, number: int) -> Markup:
    return element("tr", *(_heading(page, one) for one in page.headings if one.row == number))


def _heading(page: Layout, heading: Heading) -> Markup:
    """Make a heading; those of one column can be sorted by."""
    content = [Markup(together([heading.text]))]
    if heading.unit:
        content.append(element("span", heading.unit, class_="unit"))
    if heading.columns > 1:
        return element("th", *content, scope="colgroup", colspan=heading.columns)
    kind = page.columns[heading.column].kind
    return element(
        "th",
        *content,
        scope="col",
        rowspan=heading.rows if heading.rows > 1 else None,
        class_=_classes(
            lead=heading.column == page.label, short=width(heading.text) <= _SHORT_HEAD
        ),
        data_column=heading.column,
        data_kind=kind.value,
        data_head=page.heads[heading.column],
    )


def _row(sheet: Sheet, page: Layout, row: Row) -> Markup:
    if row.kind is RowKind.SECTION:
        text = next(cell.text for cell in row.cells if cell.text)
        cells: Iterator[Markup] = iter(
            [element("th", text, scope="rowgroup", colspan=len(row.cells))]
        )
    else:
        cells = (_cell(sheet, page, row, run) for run in runs(row.cells))
    level = row.level or None
    return element("tr", *cells, data_kind=row.kind.value, data_level=level)


def _cell(sheet: Sheet, page: Layout, row: Row, run: range) -> Markup:
    cell, kind = row.cells[run[0]], page.columns[run[0]].kind
    span = len(run) if len(run) > 1 else None
    if run[0] == page.label:
        level = {f"level-{min(row.level, 3)}": row.level > 0}
        named = _classes(lead=True, short=len(cell.text) <= _SHORT, **level)
        return element("th", cell.text, scope="row", class_=named, colspan=span)
    return element(
        "td",
        cell.text,
        class_=_of_cell(cell, kind),
        colspan=span,
        data_why=None if cell.about is None else sheet.reasons.get(cell.about),
    )


def _of_cell(cell: Cell, kind: ColumnKind) -> str | None:
    number = cell.amount is not None and kind is ColumnKind.FIGURE
    mark = not number and kind in CENTRED
    light = {cell.light: True} if cell.light else {}
    return _classes(number=number, mark=mark, short=mark and len(cell.text) <= _SHORT, **light)


def _classes(**such: bool) -> str | None:
    return " ".join(name for name, holds in such.items() if holds) or None


def contents_name(table: Table) -> str:
    """Return what the table of contents says of a table."""
    return table.region or table.name


def letters_name(count: int, tables: list[Table]) -> str:
    """Return the head under which the table of contents lists the letters."""
    language = tables[0].language
    sheet = word("letters", language)
    return say("web_letters", sheet=sheet, count=count).text(language)
