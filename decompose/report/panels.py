"""A table that is too wide for a page, as several: each has the columns that name the rows."""

from __future__ import annotations

import math
from dataclasses import replace

from decompose.tables import Column, ColumnKind, Layout, Row


def panels(page: Layout, widths: list[float], room: float) -> list[tuple[Layout, list[float]]]:
    """Split a table into parts that fit a width, as few as will do and about as wide.

    Parameters
    ----------
    page, widths
        The table, and how wide its columns are.
    room
        How wide a part may be; one that has a single block of columns may be wider.

    Returns
    -------
    The parts, in order, with the widths of their columns. Columns under one heading stay together.
    """
    lead = _leading(page.columns, page.label)
    blocks = _blocks(page, len(lead))
    free = room - sum(widths[k] for k in lead)
    sizes = [sum(widths[k] for k in block) for block in blocks]
    count = max(1, math.ceil(sum(sizes) / free)) if free > 0 else len(blocks)
    found: list[list[int]] = []
    while count <= len(blocks):
        found = _filled(blocks, sizes, free, sum(sizes) / count)
        if len(found) <= count:
            break
        count += 1
    return [_part(page, [*lead, *part], widths) for part in found] or [(page, widths)]


def _leading(columns: tuple[Column, ...], label: int) -> list[int]:
    """Return the columns that every part has: up to the label, and a unit beside it."""
    end = label + 1
    while end < len(columns) and columns[end].kind is ColumnKind.MARK:
        end += 1
    return list(range(end))


def _blocks(page: Layout, first: int) -> list[list[int]]:
    """Return the columns that stay together: those under one heading of the first row."""
    tops = [one for one in page.headings if one.row == 0 and one.column >= first]
    return [list(range(one.column, one.column + one.columns)) for one in tops]


def _filled(
    blocks: list[list[int]], sizes: list[float], most: float, wanted: float
) -> list[list[int]]:
    """Fill parts one after the other, each about as wide as is wanted."""
    parts: list[list[int]] = [[]]
    taken = 0.0
    for block, size in zip(blocks, sizes, strict=True):
        if parts[-1] and (taken + size > most or taken + size / 2 > wanted):
            parts.append([])
            taken = 0.0
        parts[-1] += block
        taken += size
    return parts


def _part(page: Layout, kept: list[int], widths: list[float]) -> tuple[Layout, list[float]]:
    place = {old: new for new, old in enumerate(kept)}
    headings = tuple(
        replace(one, column=place[one.column]) for one in page.headings if one.column in place
    )
    part = replace(
        page,
        columns=tuple(page.columns[k] for k in kept),
        rows=tuple(_row(row, kept) for row in page.rows),
        headings=headings,
        heads=tuple(page.heads[k] for k in kept),
        sums={},
    )
    return part, [widths[k] for k in kept]


def _row(row: Row, kept: list[int]) -> Row:
    """Take some cells of a row; one that loses what it is joined to stands alone."""
    cells = []
    for number, old in enumerate(kept):
        cell = row.cells[old]
        if cell.joined and (number == 0 or kept[number - 1] != old - 1):
            cell = replace(cell, joined=False)
        cells.append(cell)
    return replace(row, cells=tuple(cells))
