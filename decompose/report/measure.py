"""How much room a table takes on paper: widths of columns, lines of cells, pages."""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Callable, Sequence

from decompose.labels.reporting import NOT_FIRST
from decompose.report.widths import width, wrapped
from decompose.tables import ColumnKind, Heading, Layout, Row, RowKind, runs

WIDE = "WFA"
"""What takes two columns in a Chinese font."""
PADDING, INDENT = 2.0, 2.0
"""Of a column and of a level, in characters (half as wide as a Chinese one)."""
CENTRED = (ColumnKind.FIGURE, ColumnKind.MARK)
"""Kinds of columns whose cells stand on one line."""
_LETTER = 2
"""How wide a Chinese letter is."""
Usable = Callable[[float], float]
"""How many characters stand on a line of a column of some width."""
_WORD = re.compile(r"[!-~]+")
_NARROWEST, WIDEST = 7, 44
"""Of columns, in characters."""
_HEAD_LINES, _HEAD_LINE = 4, 12
"""Lines that a heading takes before it widens its column, and how long each of them is."""


def lines_of(text: str, size: float) -> int:
    """Return how many lines a text takes in a column of this width."""
    return max(1, math.ceil(width(text, wide=WIDE) / max(size - PADDING, 1)))


def row_lines(row: Row, page: Layout, widths: list[float]) -> int:
    """Return how many lines the longest text of a row takes."""
    if row.kind is RowKind.SECTION:
        return 1  # it runs on over the blank cells beside it
    return max(
        (
            lines_of(
                row.cells[run[0]].text,
                sum(widths[place] for place in run) - INDENT * row.level * (run[0] == page.label),
            )
            for run in runs(row.cells)
            if len(run) > 1 or page.columns[run[0]].kind not in CENTRED
        ),
        default=1,
    )


def column_widths(
    page: Layout, *, widest: int = WIDEST, head_line: int = _HEAD_LINE
) -> list[float]:
    """Return a width for each column that shows its content on one line.

    Parameters
    ----------
    page
        A table, laid out.
    widest
        How many characters of a text stand on one line at most; numbers are never broken.
    head_line
        How many characters of a heading stand on one line before it takes another.
    """
    # a path of a plan, say, is no text to be broken
    whole = [0] * len(page.columns)
    lowest = {heading.column: heading for heading in page.headings if heading.columns == 1}
    content = [0] * len(page.columns)
    for row in page.rows:
        for place, text in enumerate(_alone(row)):
            if text:
                indent = int(INDENT) * row.level * (place == page.label)
                content[place] = max(content[place], width(text, wide=WIDE) + indent)
                whole[place] = max(whole[place], _longest_word(text))
    widths = []
    for number, column in enumerate(page.columns):
        figure = column.kind is ColumnKind.FIGURE
        head = width(lowest[number].text, wide=WIDE)
        unit = width(lowest[number].unit, wide=WIDE)
        lines = min(max(math.ceil(head / head_line), 1), _HEAD_LINES)
        least = max(_share(head, lines), _longest_word(lowest[number].text), unit)
        least = max(least, _NARROWEST if figure else min(whole[number], WIDEST))
        least = _wide_enough(lowest[number].text, least)
        own = content[number] if figure else min(content[number], widest)
        widths.append(max(least, own) + PADDING)
    for heading in page.headings:
        if heading.columns > 1:
            _widen(widths, heading)
    return widths


@functools.lru_cache(maxsize=1 << 16)
def _longest_word(text: str) -> int:
    """Return the width of the longest word or number, which is never broken."""
    return max((len(word) for word in _WORD.findall(text)), default=0)


def _wide_enough(text: str, size: int) -> int:
    """Widen a heading of which a single letter would stand on the last line."""
    while _orphaned(text, size):
        size += _LETTER
    return size


def _orphaned(text: str, size: float) -> bool:
    """Whether a single letter would stand on the last line, marks not counted."""
    lines = wrapped(text, int(size), wide=WIDE)
    return len(lines) > 1 and width(lines[-1].rstrip(NOT_FIRST), wide=WIDE) <= _LETTER


def without_orphan(text: str, size: int) -> list[str]:
    """Break a text into lines, the last of which is no single letter where it need not be."""
    for room in range(size, max(size - 3 * _LETTER, _LETTER), -_LETTER):
        if not _orphaned(text, room):
            return wrapped(text, room, wide=WIDE)
    return wrapped(text, size, wide=WIDE)


def spread(
    page: Layout, widths: list[float], room: float, *, usable: Sequence[Usable], most: float = 0.0
) -> list[float]:
    """Give columns the room that is left, so that no heading leaves a letter alone on a line.

    Parameters
    ----------
    page, widths
        A table, and how wide its columns are at least.
    room
        How wide they are together.
    usable
        How much of a column's width letters can take, in each of the programs that show it.
    most
        How much wider they may be together where a heading needs it.

    Returns
    -------
    The widths; they keep to what a heading needs, and the others share what is left.
    """
    names = {one.column: one.text for one in page.headings if one.columns == 1}

    def orphaned(column: int, size: float) -> bool:
        return column in names and any(_orphaned(names[column], of(size)) for of in usable)

    given = list(widths)
    spare = room + most - sum(given)
    for k, size in enumerate(widths):
        wanted = [size + more for more in range(1, 2 * _LETTER + 1) if more <= spare]
        better = [one for one in wanted if not orphaned(k, one)]
        if orphaned(k, size) and better:
            given[k] = better[0]
            spare -= given[k] - size
    free = set(range(len(given)))
    whole = max(room, sum(given))
    while True:
        left = whole - sum(size for k, size in enumerate(given) if k not in free)
        scale = left / sum(given[k] for k in free)
        worse = {
            k
            for k in free - {page.label}
            if orphaned(k, given[k] * scale) and not orphaned(k, given[k])
        }
        if not worse:
            return [size * scale if k in free else size for k, size in enumerate(given)]
        free -= worse


def _share(size: int, lines: int) -> int:
    """Return how wide a line is where a text takes some lines: whole Chinese letters."""
    return 2 * math.ceil(size / lines / 2)


def _widen(widths: list[float], heading: Heading) -> None:
    """Make room for a heading over several columns, on two lines at most."""
    covered = range(heading.column, heading.column + heading.columns)
    size = width(heading.text, wide=WIDE)
    lacking = _share(size, 2) + PADDING - sum(widths[k] for k in covered)
    for k in covered if lacking > 0 else ():
        widths[k] += lacking / heading.columns


def _alone(row: Row) -> list[str]:
    """Return the texts of a row that need a column's width: not those that stand across several."""
    if row.kind is RowKind.SECTION:
        return []
    if not any(cell.joined for cell in row.cells):
        return [cell.text for cell in row.cells]
    alone = {run[0] for run in runs(row.cells) if len(run) == 1}
    return [cell.text if place in alone else "" for place, cell in enumerate(row.cells)]
