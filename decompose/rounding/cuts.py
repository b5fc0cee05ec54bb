"""Rows that whole columns keep and a relaxed answer breaks: halves of sums of rows.

Where rows add up to one with even coefficients and an odd bound, half of it is a row of whole
numbers whose bound may be rounded down (a Chvátal-Gomory cut with multipliers 0 and 1/2). Which
rows do is found by elimination modulo 2. A column that stays odd is taken at its nearer bound:
that, and the slack of rows, is what a cut loses.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from decompose.problem import Bools, Floats, Matrix
from decompose.rounding.rows import Rows
from decompose.solvers.program import Program

NOTHING = 1e-6
"""As near to its bound as this, a column or a row is there."""
SLACK = 0.4
"""Rows with more slack are not looked at."""
BROKEN = 0.05
"""Cuts that are broken by less are none."""
ORDERS = 4
"""In so many orders are columns eliminated."""
DISTANCES = 0.3, 0.15, 0.05, 0.0
"""Columns further than this from their bounds are eliminated before sums are looked through."""
LONGEST = 150
"""The most rows of a sum."""
LOOKED_AT = 200
"""So many sums, those that lose least, are made into cuts."""
CHOSEN = 60
"""The most cuts at a time."""
ALIKE = 0.5
"""The largest cosine between two of them."""
ONES = np.array([number.bit_count() for number in range(256)])
"""The number of bits of a byte."""

Bits = NDArray[np.uint8]


class _Parity(NamedTuple):
    """Rows that are all but tight, and what is odd in them.

    Attributes
    ----------
    rows
        Which rows, each read as ``sign · row ≤ sign · bound``.
    columns
        How many columns stand between their bounds.
    odd
        Per row, a bit for each of these, one for its bound, and one for every row: itself.
    loses
        What a sum loses by each bit.
    """

    rows: Rows
    columns: int
    odd: Bits
    loses: Floats


def cuts_at(program: Program, x: Floats, turn: int) -> Rows:
    """Return cuts that a point breaks, those that it breaks most.

    Parameters
    ----------
    program
        Its columns are whole, and so are their bounds.
    x
        The point; it keeps the program's rows.
    turn
        Another number gives another order in which columns are eliminated.
    """
    high = program.upper - x < x - program.lower
    parity = _parity(program, x, high)
    found: dict[bytes, float] = {}
    for sums in _sums(parity, turn):
        for bits, loss in zip(sums, (sums @ parity.loses).tolist(), strict=True):
            if loss < 1 - 2 * BROKEN:
                found[bits[parity.columns + 1 :].tobytes()] = loss
    best = sorted(found, key=found.__getitem__)
    members = (np.flatnonzero(np.frombuffer(bits, dtype=np.uint8)) for bits in best)
    short = [some for some in members if len(some) <= LONGEST][:LOOKED_AT]
    bounds = np.where(high, program.upper, program.lower)
    return _unlike([_half(parity.rows.take(some), bounds, high) for some in short], x)


def _parity(program: Program, x: Floats, high: Bools) -> _Parity:
    """Read the rows with whole coefficients and little slack modulo 2."""
    distance = np.where(high, program.upper - x, x - program.lower)
    between = distance > NOTHING
    rows = program.rows
    value = rows.dot(x)
    above, below = program.row_upper - value, value - program.row_lower
    sign = np.where(above <= below, 1.0, -1.0)
    slack = np.minimum(above, below)
    bound = np.where(sign > 0, program.row_upper, program.row_lower)
    fractions = rows.counting(between) > 0
    fractions[rows.row[rows.value != np.rint(rows.value)]] = False
    tight = np.flatnonzero(fractions & (slack < SLACK) & (bound == np.rint(bound)))
    some = rows.take(tight)
    some = Matrix(some.start, some.column, some.value * sign[tight][some.row])
    bound = (bound * sign)[tight]
    upper = np.rint(bound - some.dot(np.where(high, program.upper, program.lower)))

    count, place = len(tight), np.cumsum(between) - 1
    columns = int(between.sum())
    odd = np.zeros((count, columns + 1 + count), dtype=np.uint8)
    inside = between[some.column] & (some.value % 2 != 0)
    odd[some.row[inside], place[some.column[inside]]] = 1
    odd[:, columns] = upper % 2
    odd[np.arange(count), columns + 1 + np.arange(count)] = 1
    slack = np.where(slack > NOTHING, slack, 0.0)[tight]
    loses = np.concatenate([distance[between], [0.0], slack])
    return _Parity(Rows(some, np.full(count, -np.inf), bound), columns, odd, loses)


def _sums(parity: _Parity, turn: int) -> Iterator[Bits]:
    """Yield sums of rows with odd bounds, as bits, in which few columns are odd.

    A row is added to all others that have a column: one made of few rows, with few odd columns.
    """
    columns, count = parity.columns, len(parity.rows)
    packed = np.packbits(parity.odd, axis=1, bitorder="little")
    often = parity.odd[:, :columns].sum(axis=0, dtype=np.int64)
    distance, slack = parity.loses[:columns], parity.loses[columns + 1 :]
    for number in range(ORDERS):
        noise = _scattered(count, turn * ORDERS + number)
        order = np.argsort(
            often + 3 * number * _scattered(columns, turn * ORDERS + number), kind="stable"
        )
        bits, loss, left = packed.copy(), slack.copy(), np.ones(count, dtype=np.bool_)
        further = np.inf
        for near in DISTANCES if number else DISTANCES[-1:]:
            now = (distance[order] > near) & (distance[order] <= further)
            further = near
            for column in order[now].tolist():
                having = np.flatnonzero(bits[:, column >> 3] & (1 << (column & 7)))
                having = having[left[having]]
                if not len(having):
                    continue
                cost = ONES[bits[having]].sum(axis=1) + 2 * noise[having] + 30 * loss[having]
                chosen = int(cost.argmin())
                one, others = having[chosen], np.delete(having, chosen)
                bits[others] ^= bits[one]
                loss[others] += loss[one]
                left[one] = False
            odd = left & (bits[:, columns >> 3] & (1 << (columns & 7)) != 0)
            yield np.unpackbits(bits[odd], axis=1, bitorder="little", count=parity.odd.shape[1])


def _scattered(count: int, seed: int) -> Floats:
    """Return numbers between 0 and 1 without order, always the same."""
    return np.random.default_rng(seed).random(count)


def _half(rows: Rows, bounds: Floats, high: Bools) -> Rows:
    """Return half the sum of rows with odd columns at their bounds, rounded down."""
    columns, place = np.unique(rows.matrix.column, return_inverse=True)
    value = np.bincount(place, rows.matrix.value)
    odd = value % 2 != 0
    lifted = np.where(odd, np.where(high[columns], 1.0, -1.0), 0.0)
    upper = np.floor((rows.upper.sum() + lifted @ bounds[columns]) / 2)
    half = (value + lifted) / 2
    kept = np.flatnonzero(half)
    matrix = Matrix(np.array([0, len(kept)]), columns[kept], half[kept])
    return Rows(matrix, np.array([-np.inf]), np.array([upper]))


def _unlike(cuts: list[Rows], x: Floats) -> Rows:
    """Choose cuts that are far from a point, and not much alike."""
    all_ = Rows.stack(cuts)
    if not len(all_):
        return all_
    matrix = all_.matrix
    columns, place = np.unique(matrix.column, return_inverse=True)
    dense = np.zeros((len(all_), len(columns)))
    dense[matrix.row, place] = matrix.value
    length = np.sqrt((dense**2).sum(axis=1))
    depth = (matrix.dot(x) - all_.upper) / np.maximum(length, 1.0)
    cosine = dense @ dense.T / np.maximum(np.outer(length, length), 1.0)
    chosen: list[int] = []
    for one in np.argsort(-depth, kind="stable").tolist():
        if depth[one] > 0 and cosine[one, chosen].max(initial=0.0) <= ALIKE:
            chosen.append(one)
    return all_.take(np.array(chosen[:CHOSEN], dtype=np.int64))
