"""Programs that fall apart once rows are left out that the pieces settle.

Where the sums of all provinces are fixed, so is that of the country: its row says nothing more,
but holds all columns together. Whole numbers are then sought province by province. Without the
longest rows a program falls into bits; those that a row joins which they do not settle are one.
"""

from __future__ import annotations

from bisect import bisect_left

import numpy as np

from decompose.problem import Bools, Floats, Ints, Matrix
from decompose.rounding.rows import by_row, components
from decompose.solvers.program import Program

LARGE = 400
"""Programs with fewer open columns are not looked at."""
LARGEST = 0.5, 0.75
"""The largest piece has at most so large a part of the open columns: the first, if it can."""
MOST = 100
"""So many equations of a piece are looked at, the longest: those of its regions are many."""
SETTLED = 1e-9
"""What is left of a row that others settle, beside its largest coefficient."""


def pieces_of(program: Program) -> Ints:
    """Return the piece of each column; 0 of all where the program does not fall apart.

    Columns without a choice are pieces of their own.
    """
    open_ = program.lower < program.upper
    if np.count_nonzero(open_) >= LARGE:
        matrix = _among(program.rows, open_)
        for part in LARGEST:
            piece = _fallen_apart(program, matrix, open_, part * np.count_nonzero(open_))
            if piece is not None:
                return piece
    return np.zeros(program.size, dtype=np.int64)


def _fallen_apart(program: Program, matrix: Matrix, open_: Bools, largest: float) -> Ints | None:
    """Return the piece of each column; None where the largest would have more open columns."""

    def apart(piece: Ints) -> bool:
        return bool(np.bincount(piece[open_]).max() <= largest)

    def without_from(most: int) -> Ints:
        return components(program.size, [matrix.take(np.flatnonzero(matrix.counts < most))])

    counts = np.unique(matrix.counts).tolist()
    first = bisect_left(counts, True, key=lambda most: not apart(without_from(most)))
    piece = without_from(counts[max(first - 1, 0)])
    while apart(piece):
        loose = _loose(program, matrix, piece)
        if not len(loose):
            return np.unique(piece, return_inverse=True)[1]
        piece = _joined(matrix.take(loose), piece)
    return None


def _among(rows: Matrix, open_: Bools) -> Matrix:
    """Keep the entries of columns that have a choice; rows keep their numbers."""
    kept = open_[rows.column]
    counts = np.bincount(rows.row[kept], minlength=len(rows))
    start = np.concatenate([[0], np.cumsum(counts)])
    return Matrix(start, rows.column[kept], rows.value[kept])


def _joined(rows: Matrix, piece: Ints) -> Ints:
    """Join the pieces of rows, first of those that speak of few: others may then be settled.

    Sums of provinces come before that of the country, whose pieces they join already.
    """
    pairs = np.unique(rows.row * len(piece) + piece[rows.column])
    row, of_row = np.divmod(pairs, len(piece))
    spans = np.bincount(row, minlength=len(rows))
    joined = Matrix(np.concatenate([[0], np.cumsum(spans)]), of_row, np.ones(len(of_row)))
    touched = np.zeros(len(piece), dtype=np.bool_)
    first = []
    for one in np.argsort(spans, kind="stable").tolist():
        own = of_row[joined.start[one] : joined.start[one + 1]]
        if not touched[own].any():
            first.append(one)
        touched[own] = True
    return components(len(piece), [joined.take(np.array(first))])[piece]


def _loose(program: Program, matrix: Matrix, piece: Ints) -> Ints:
    """Return the rows over several pieces that the equations within each do not settle."""
    crosses = by_row(matrix, piece, np.minimum) < by_row(matrix, piece, np.maximum)
    equal = (program.row_lower == program.row_upper) & ~crosses
    loose = np.zeros(len(matrix), dtype=np.bool_)
    order = np.argsort(piece[matrix.column], kind="stable")
    first = np.flatnonzero(np.diff(piece[matrix.column][order], prepend=-1))
    for entries in np.split(order, first[1:]):
        row, column, value = matrix.row[entries], matrix.column[entries], matrix.value[entries]
        asked, wanted = np.unique(row[crosses[row]]), equal[row]
        if not len(asked):
            continue
        columns, place = np.unique(column, return_inverse=True)
        equations = np.unique(row[wanted])
        equations = equations[np.argsort(-matrix.counts[equations], kind="stable")[:MOST]]
        dense = np.zeros((len(equations) + len(asked), len(columns)))
        for some, begin in ((np.sort(equations), 0), (asked, len(equations))):
            here = np.isin(row, some)
            dense[begin + np.searchsorted(some, row[here]), place[here]] = value[here]
        loose[asked[~_spanned(dense, len(equations))]] = True
    return np.flatnonzero(loose)


def _spanned(rows: Floats, count: int) -> Bools:
    """Tell which rows after the first ``count`` are sums of multiples of these.

    By elimination: they are few, and sparse.
    """
    size = np.abs(rows[count:]).max(axis=1)
    for one in range(count):
        column = int(np.abs(rows[one]).argmax())
        if abs(rows[one, column]) > SETTLED:
            factor = rows[one + 1 :, column] / rows[one, column]
            others = np.flatnonzero(factor)
            rows[one + 1 + others] -= factor[others, np.newaxis] * rows[one]
    return np.asarray(np.abs(rows[count:]).max(axis=1) <= SETTLED * size)
