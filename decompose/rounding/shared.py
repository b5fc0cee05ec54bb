"""Ties that have a multiple of one sum in common, as the shares of an area do.

Where rounding leaves the sum one of two numbers, a column says which: a tie of all its cells is
then one of a cell and of that column, which has four values, and not as many as there are tables.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from decompose.problem import Floats, Matrix
from decompose.rounding.rows import Rows
from decompose.rounding.system import FIRM, System
from decompose.rounding.table import Flags

LONG = 3
"""From so many columns on, a tie is looked at."""


def with_sums_apart(system: System) -> System:
    """Return a part with a column for each sum that ties share; it comes after the others."""
    ties, rigid = system.ties, system.rigid
    base, shares = _bases(ties.matrix)
    sums = _sums(system) if shares.any() else {}
    if not sums:
        return system
    row = np.array([sums.get(_key(ties.matrix, tie), -1) for tie in range(len(ties))])
    row = np.where(shares, row, -1)
    rows = np.unique(row[row >= 0])
    rows = rows[rigid.upper[rows] > rigid.lower[rows]]
    count, least = len(rows), np.append(rigid.lower, 0.0)
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

    base = np.where(row >= 0, base, 0.0)
    moves = np.flatnonzero(np.isin(row, rows))
    matrix = Matrix.collect(
        np.concatenate([ties.matrix.row, moves]),
        np.concatenate([ties.matrix.column, system.size + np.searchsorted(rows, row[moves])]),
        np.concatenate([ties.matrix.value - base[ties.matrix.row], base[moves]]),
        rows=len(ties),
        size=size,
    )
    known = base * least[row]
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


def _bases(matrix: Matrix) -> tuple[Floats, Flags]:
    """Return what most coefficients of each row are, and whether all but one are that."""
    base, shares = np.zeros(len(matrix)), np.zeros(len(matrix), dtype=np.bool_)
    for count in np.unique(matrix.counts[matrix.counts >= LONG]).tolist():
        rows = np.flatnonzero(matrix.counts == count)
        value = matrix.value[matrix.start[rows][:, np.newaxis] + np.arange(count)]
        base[rows] = np.sort(value, axis=1)[:, count // 2]
        shares[rows] = (value != base[rows][:, np.newaxis]).sum(axis=1) == 1
    return base, shares


def _sums(system: System) -> dict[bytes, int]:
    """Return the row of each sum of cells that is one of two numbers, by its columns."""
    rigid = system.rigid
    plain = np.bincount(rigid.matrix.row, rigid.matrix.value != 1, minlength=len(rigid)) == 0
    near = (rigid.upper - rigid.lower <= 1) & (system.room == 0)
    rows = np.flatnonzero(plain & near & (rigid.matrix.counts >= LONG))
    return {_key(rigid.matrix, row): row for row in rows.tolist()}


def _key(matrix: Matrix, row: int) -> bytes:
    return np.sort(matrix.column[matrix.start[row] : matrix.start[row + 1]]).tobytes()
