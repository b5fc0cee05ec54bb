"""Ties that speak of sums: shares of an area's sum, or growth of sums from year to year.

Where rounding leaves a sum one of two numbers, a column says which: a tie of all its cells is then
one of few columns, which have few values, and not as many as there are tables.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from decompose.problem import Floats, Ints, Matrix
from decompose.rounding.rows import Rows
from decompose.rounding.system import FIRM, System
from decompose.rounding.table import Flags

LONG = 3
"""From so many columns on, a tie is looked at."""


class _Uses(NamedTuple):
    """Multiples of sums that ties have.

    Attributes
    ----------
    tie, row, factor
        Which tie has how many times which sum.
    taken
        What of each entry of the ties that is.
    """

    tie: Ints
    row: Ints
    factor: Floats
    taken: Floats


def with_sums_apart(system: System, *, movable: bool = False) -> System:
    """Return a part with a column for each sum that ties share; it comes after the others.

    Sums that may give way have one only if ``movable``: then none of them may any more.
    """
    ties, rigid = system.ties, system.rigid
    uses = _uses(system, movable=movable)
    if not len(uses.tie):
        return system
    rows = np.unique(uses.row)
    rows = rows[rigid.upper[rows] > rigid.lower[rows]]
    count = len(rows)
    size = system.size + count
    wide = Matrix.collect(
        np.concatenate([rigid.matrix.row, rows]),
        np.concatenate([rigid.matrix.column, np.arange(system.size, size)]),
        np.concatenate([rigid.matrix.value, np.full(count, -1.0)]),
        rows=len(rigid),
        size=size,
    )
    upper = rigid.upper.copy()
    upper[rows] = rigid.lower[rows]

    moves = np.flatnonzero(np.isin(uses.row, rows))
    matrix = Matrix.collect(
        np.concatenate([ties.matrix.row, uses.tie[moves]]),
        np.concatenate([ties.matrix.column, system.size + np.searchsorted(rows, uses.row[moves])]),
        np.concatenate([ties.matrix.value - uses.taken, uses.factor[moves]]),
        rows=len(ties),
        size=size,
    )
    known = np.bincount(uses.tie, uses.factor * rigid.lower[uses.row], minlength=len(ties))
    nothing, none = np.zeros(count), np.zeros(count, dtype=np.int64)
    return replace(
        system,
        lower=np.concatenate([system.lower, nothing]),
        upper=np.concatenate([system.upper, rigid.upper[rows] - rigid.lower[rows]]),
        distance=np.concatenate([system.distance, nothing]),
        preference=np.concatenate([system.preference, nothing]),
        lets=np.concatenate([system.lets, none + FIRM]),
        weight=np.concatenate([system.weight, none + 1]),
        rigid=Rows(wide, rigid.lower, upper),
        ties=Rows(matrix, ties.lower - known, ties.upper - known),
        part=np.concatenate([system.part, none + system.part[0]]),
        owner=np.concatenate([system.owner, none + system.owner.max(initial=-1) + 1]),
    )


def _uses(system: System, *, movable: bool) -> _Uses:
    """Find the sums that ties have a multiple of."""
    matrix = system.ties.matrix
    none = np.zeros(0, dtype=np.int64)
    nothing = _Uses(none, none, np.zeros(0), np.zeros(len(matrix.column)))
    sums = _sums(system, movable=movable) if (matrix.counts >= LONG).any() else {}
    if not sums:
        return nothing
    base, shares = _bases(matrix)
    row = np.full(len(matrix), -1, dtype=np.int64)
    for tie in np.flatnonzero(shares).tolist():
        row[tie] = sums.get(_key(matrix, tie), -1)
    shares &= row >= 0
    own = np.flatnonzero(shares)
    of_shares = _Uses(own, row[own], base[own], np.where(shares, base, 0.0)[matrix.row])
    of_years = _several(system, sums, ~shares)
    return _Uses(
        np.concatenate([of_shares.tie, of_years.tie]),
        np.concatenate([of_shares.row, of_years.row]),
        np.concatenate([of_shares.factor, of_years.factor]),
        of_shares.taken + of_years.taken,
    )


def _several(system: System, sums: dict[bytes, int], wanted: Flags) -> _Uses:
    """Find ties whose entries of one value are those of a sum, as in growth from year to year."""
    matrix = system.ties.matrix
    entry = np.flatnonzero((wanted & (matrix.counts >= LONG))[matrix.row])
    entry = entry[np.lexsort((matrix.column[entry], matrix.value[entry], matrix.row[entry]))]
    new = np.ones(len(entry), dtype=np.bool_)
    new[1:] = np.diff(matrix.row[entry]) > 0
    new[1:] |= np.diff(matrix.value[entry]) > 0
    first = np.flatnonzero(new)
    length = np.diff(np.append(first, len(entry)))
    taken = np.zeros(len(matrix.column))
    left = matrix.counts.copy()
    found: list[tuple[int, int, float]] = []
    for start, count in zip(first[length >= LONG], length[length >= LONG], strict=True):
        run = entry[start : start + count]
        row = sums.get(matrix.column[run].tobytes())
        if row is not None:
            tie = int(matrix.row[run[0]])
            found.append((tie, row, float(matrix.value[run[0]])))
            taken[run] = matrix.value[run]
            left[tie] -= count
    # a strict tie of settled sums alone would be lost: it has no column to hold it
    settled = system.rigid.lower == system.rigid.upper
    moves = np.zeros(len(matrix), dtype=np.bool_)
    moves[[tie for tie, row, _ in found if not settled[row]]] = True
    stays = system.strict & (left == 0) & ~moves
    taken[stays[matrix.row]] = 0.0
    found = [use for use in found if not stays[use[0]]]
    return _Uses(
        np.array([tie for tie, _, _ in found], dtype=np.int64),
        np.array([row for _, row, _ in found], dtype=np.int64),
        np.array([factor for _, _, factor in found]),
        taken,
    )


def _bases(matrix: Matrix) -> tuple[Floats, Flags]:
    """Return what most coefficients of each row are, and whether all but one are that."""
    base, shares = np.zeros(len(matrix)), np.zeros(len(matrix), dtype=np.bool_)
    for count in np.unique(matrix.counts[matrix.counts >= LONG]).tolist():
        rows = np.flatnonzero(matrix.counts == count)
        value = matrix.value[matrix.start[rows][:, np.newaxis] + np.arange(count)]
        base[rows] = np.sort(value, axis=1)[:, count // 2]
        shares[rows] = (value != base[rows][:, np.newaxis]).sum(axis=1) == 1
    return base, shares


def _sums(system: System, *, movable: bool) -> dict[bytes, int]:
    """Return the row of each sum of cells that is one of two numbers, by its columns."""
    rigid = system.rigid
    plain = np.bincount(rigid.matrix.row, rigid.matrix.value != 1, minlength=len(rigid)) == 0
    near = (rigid.upper - rigid.lower <= 1) & (movable | (system.room == 0))
    rows = np.flatnonzero(plain & near & (rigid.matrix.counts >= LONG))
    return {_key(rigid.matrix, row): row for row in rows.tolist()}


def _key(matrix: Matrix, row: int) -> bytes:
    return np.sort(matrix.column[matrix.start[row] : matrix.start[row + 1]]).tobytes()
