"""Why no table adds up: rows that cannot hold together, though without any of them they can."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from decompose.problem import Ints, Matrix
from decompose.rounding.grid import TINY, whole
from decompose.rounding.rows import Rows, canonical
from decompose.rounding.search import solved
from decompose.rounding.table import Flags, Table
from decompose.solvers.program import Program, Solver


@dataclass(frozen=True, eq=False)
class Conflict:
    """Rows of a table (``sums``, ``near``, ``ties``) that cannot hold together, by number."""

    sums: Ints
    near: Ints
    ties: Ints


def find_conflict(table: Table, cells: Ints, solver: Solver, *, last: bool) -> Conflict:
    """Find rows that cannot hold together in whole steps, in an order of their own.

    Rows are left out by halves as long as the others cannot hold (QuickXplain [1]_).

    Parameters
    ----------
    table
        The table.
    cells
        Cells that found no whole numbers, and those beside them.
    last
        Whether cells may go a step further than near, and sums without a rule anywhere.

    References
    ----------
    .. [1] U. Junker, "QuickXplain: preferred explanations and relaxations for over-constrained
       problems", AAAI 2004.
    """
    near_lower, near_upper = whole(table.near.dot(table.exact))
    room, reach = table.room(last=last), table.reach + last
    every = Rows.stack(
        [
            Rows(table.sums, table.sums_lower, table.sums_upper),
            Rows(table.near, near_lower - room, near_upper + room),
            Rows(table.ties, table.ties_lower - TINY, table.ties_upper + TINY),
        ]
    )
    hard = np.ones(len(every), dtype=np.bool_)
    ends = len(table.sums), len(table.sums) + len(table.near)
    hard[ends[0] : ends[1]] = np.isfinite(room)
    hard[ends[1] :] = table.strict
    concerned = np.zeros(len(table.exact), dtype=np.bool_)
    concerned[cells] = True
    hard &= _touching(every.matrix, concerned)
    kept = np.flatnonzero(hard)
    kept = kept[canonical(every.take(kept), np.argsort(np.argsort(table.order)))[1]]
    is_near = (kept >= ends[0]) & (kept < ends[1])
    kept = kept[np.argsort(is_near, kind="stable")]  # what the plan says is named first
    rows, (floor, ceiling) = every.take(kept), whole(table.exact)
    least = floor - reach
    least = np.maximum(least, table.least) if len(table.least) else least

    def fits(some: list[int]) -> bool:
        part = rows.take(np.array(some, dtype=np.int64))
        used, column = np.unique(part.matrix.column, return_inverse=True)
        program = Program(
            np.zeros(len(used)),
            least[used],
            (ceiling + reach)[used],
            replace(part.matrix, column=column.astype(np.int64)),
            part.lower,
            part.upper,
            np.ones(len(used), dtype=np.bool_),
        )
        return solved(program, solver) is not None

    found = np.sort(kept[_minimal(fits, [], list(range(len(kept))), tried=True)])
    sums, near, ties = np.split(found, np.searchsorted(found, ends))
    return Conflict(sums, near - ends[0], ties - ends[1])


def _minimal(
    fits: Callable[[list[int]], bool], others: list[int], some: list[int], *, tried: bool
) -> list[int]:
    """Return those of some rows without which the others fit, as few as halving finds."""
    if not tried and not fits(others):
        return []
    if len(some) == 1:
        return some
    first, second = some[: len(some) // 2], some[len(some) // 2 :]
    later = _minimal(fits, others + first, second, tried=False)
    return _minimal(fits, others + later, first, tried=not later) + later


def _touching(matrix: Matrix, cells: Flags) -> Flags:
    """Tell which rows speak of some cells."""
    found = np.zeros(len(matrix), dtype=np.bool_)
    found[matrix.row[cells[matrix.column]]] = True
    return found
