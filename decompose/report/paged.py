"""Where the pages of a printed sheet end.

How far a sheet is scaled down depends on the letters by which a program measures columns, so that
a page may end at one row or at another: ``rooms`` has the height of a page in each case.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from decompose.tables import Row, RowKind

_FULL, _FULL_OF_MANY = 0.93, 0.97
"""How much of a page, and of each of several, is filled: programs count differently."""
_FEW, _FEW_SIGNED = 0.2, 0.45
"""How much of a page is too little for one of its own; so much where it is to be signed."""
_SMALLER = 1.1
"""How much longer than several pages a sheet is at most, in any program, to be scaled to them."""
_NEAR_END = 2
"""How many rows before the end of a page the head of a block goes to the next."""


@dataclass(frozen=True)
class Paged:
    """A sheet and the heights of its lines, in points.

    Attributes
    ----------
    lines
        The rows of its table.
    above, heads
        Heights of the lines above the table; of its headings, which every page repeats.
    rows, below
        Of the rows of the table; of notes and lines to be signed.
    rooms
        How high a page is, in points before it is scaled, by program.
    """

    lines: Sequence[Row]
    above: Sequence[float]
    heads: Sequence[float]
    rows: Sequence[float]
    below: Sequence[float]
    rooms: Sequence[float]

    def fewer_pages(self, *, signed: bool = False) -> int:
        """Return to how many pages it is scaled, so that a few lines need none; 0 for no scaling.

        Parameters
        ----------
        signed
            Whether it ends with lines to be signed, which should stand below the table.
        """
        pages = [self._pages(room) for room in self.rooms]
        few = _FEW_SIGNED if signed else _FEW
        for one in pages:
            if one > _FULL and max(pages) <= 1 + few:
                return 1
            for count in (max(math.floor(one), 2), math.floor(one) + 1):
                if _FULL_OF_MANY * count < one <= count + few and max(pages) <= _SMALLER * count:
                    return count
        return 0

    def breaks(self) -> list[int]:
        """Return the rows before which a page is to end: heads of blocks that would end one."""
        found: set[int] = set()
        while more := {self._stranded(room, found) for room in self.rooms} - {None}:
            found |= {one for one in more if one is not None}
        return sorted(found)

    def _free(self, room: float) -> tuple[float, float]:
        """Return how much of the first page, and of the others, is for rows."""
        others = max(room - sum(self.heads), 1.0)
        return max(others - sum(self.above), 1.0), others

    def _pages(self, room: float) -> float:
        """Return about how many pages it takes, the last one in part."""
        first, others = self._free(room)
        beyond = sum(self.rows) + sum(self.below) - first
        return 1 + beyond / (room if beyond <= 0 else others)

    def _stranded(self, room: float, breaks: set[int]) -> int | None:
        """Return the first head of a block that would end a page, or nearly so."""
        left, others = self._free(room)
        begin = 0
        for number, height in enumerate(self.rows):
            if number in breaks:
                begin, left = number, others
            elif height > left:
                for head in range(max(number - _NEAR_END, begin + 1), number + 1):
                    if self.lines[head].kind is RowKind.SECTION and head not in breaks:
                        return head
                begin, left = number, others
            left -= height
        return None
