"""Programs that fall apart once rows are left out that the pieces settle.

Where the sums of all provinces are fixed, so is that of the country: its row says nothing more,
but holds all columns together. Whole numbers are then sought province by province.
"""

from __future__ import annotations

import numpy as np

from decompose.problem import Bools, Floats, Ints, Matrix
from decompose.rounding.rows import components
from decompose.solvers.program import Program

LARGE = 400
"""Programs with fewer open columns are not looked at."""
MOST = 100
"""So many equations of a piece are looked at, the longest: those of its regions are many."""
SETTLED = 1e-9
"""What is left of a row that others settle, beside its largest coefficient."""


def pieces_of(program: Program) -> Ints:
    """Return the piece of each column; 0 of all where the program does not fall apart.

    Columns without a choice are pieces of their own.
    """
    one = np.zeros(program.size, dtype=np.int64)
    open_ = program.lower < program.upper
    if np.count_nonzero(open_) < LARGE:
        return one
    matrix = _among(program.rows, open_)
    for most in np.unique(matrix.counts)[::-1].tolist():
        long = matrix.counts >= most
        piece = components(program.size, [matrix.take(np.flatnonzero(~long))])
        size = np.bincount(piece[open_], minlength=program.size)
        if size.max() <= np.count_nonzero(open_) / 2:
            settled = _settle(program, matrix, piece, np.flatnonzero(long))
            return np.unique(piece, return_inverse=True)[1] if settled else one
    return one


def _among(rows: Matrix, open_: Bools) -> Matrix:
    """Keep the entries of columns that have a choice; rows keep their numbers."""
    kept = open_[rows.column]
    counts = np.bincount(rows.row[kept], minlength=len(rows))
    start = np.concatenate([[0], np.cumsum(counts)])
    return Matrix(start, rows.column[kept], rows.value[kept])


def _settle(program: Program, matrix: Matrix, piece: Ints, long: Ints) -> bool:
    """Whether the equations within each piece settle its part of every long row."""
    equal = program.row_lower == program.row_upper
    equal[long] = False
    is_long = np.zeros(len(matrix), dtype=np.bool_)
    is_long[long] = True
    order = np.argsort(piece[matrix.column], kind="stable")
    first = np.flatnonzero(np.diff(piece[matrix.column][order], prepend=-1))
    for entries in np.split(order, first[1:]):
        row, column, value = matrix.row[entries], matrix.column[entries], matrix.value[entries]
        columns, place = np.unique(column, return_inverse=True)
        parts = []
        for some in (equal, is_long):
            here = some[row]
            rows, number = np.unique(row[here], return_inverse=True)
            dense = np.zeros((len(rows), len(columns)))
            dense[number, place[here]] = value[here]
            if some is equal and len(rows) > MOST:
                dense = dense[np.argsort(-matrix.counts[rows], kind="stable")[:MOST]]
            parts.append(dense)
        equations, asked = parts
        if not len(asked):
            continue
        if not _spanned(equations, asked):
            return False
    return True


def _spanned(equations: Floats, asked: Floats) -> bool:
    """Whether rows are sums of multiples of equations (elimination: these are few, and sparse)."""
    rows, count = np.concatenate([equations, asked]), len(equations)
    for one in range(count):
        column = int(np.abs(rows[one]).argmax())
        if abs(rows[one, column]) > SETTLED:
            factor = rows[one + 1 :, column] / rows[one, column]
            others = np.flatnonzero(factor)
            rows[one + 1 + others] -= factor[others, np.newaxis] * rows[one]
    return bool(np.abs(rows[count:]).max() <= SETTLED * np.abs(asked).max())
