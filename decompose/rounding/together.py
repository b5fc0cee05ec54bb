"""Tables rounded side by side: parts do not change one another, and arrays like company."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from decompose.problem import Ints, Matrix
from decompose.rounding.round import round_table
from decompose.rounding.table import Rounded, Table
from decompose.solvers.program import Solver


def round_together(tables: Sequence[Table], *, solver: Solver | None = None) -> list[Rounded]:
    """Round several tables (at least one) as ``round_table`` rounds each.

    Raises
    ------
    RoundingError, SolverError
        As ``round_table``, for some of the tables; its data count the cells of all.
    """
    filled = [_filled(table) for table in tables]
    cells = _ends([len(table.exact) for table in filled])
    owners = _ends([int(table.owner.max(initial=-1)) + 1 for table in filled])
    orders = _ends([int(table.order.max(initial=-1)) + 1 for table in filled])
    placed = list(zip(filled, cells, owners, orders, strict=False))  # ends have one more

    def joined(name: str) -> Any:
        return np.concatenate([getattr(table, name) for table in filled])

    def rows(name: str) -> Matrix:
        return Matrix.stack([_beside(getattr(table, name), cell) for table, cell, _, _ in placed])

    whole = Table(
        joined("exact"),
        np.concatenate([table.order + order for table, _, _, order in placed]),
        rows("sums"),
        joined("sums_lower"),
        joined("sums_upper"),
        rows("near"),
        joined("movable"),
        joined("relaxable"),
        joined("free"),
        rows("ties"),
        joined("ties_lower"),
        joined("ties_upper"),
        joined("strict"),
        joined("size"),
        joined("least"),
        np.concatenate([table.owner + owner for table, _, owner, _ in placed]),
    )
    rounded = round_table(whole, solver=solver)
    near = _ends([len(table.near) for table in filled])
    ties = _ends([len(table.ties) for table in filled])
    return [
        Rounded(
            rounded.quotas[cells[k] : cells[k + 1]].copy(),
            rounded.excess[ties[k] : ties[k + 1]].copy(),
            _between(rounded.moved, near[k], near[k + 1]),
            _between(rounded.relaxed, near[k], near[k + 1]),
            _between(rounded.distant, cells[k], cells[k + 1]),
        )
        for k in range(len(tables))
    ]


def _filled(table: Table) -> Table:
    """Return a table with what stands for nothing said."""
    count = len(table.exact)
    return replace(
        table,
        size=table.size if len(table.size) else np.ones(count, dtype=np.int64),
        least=table.least if len(table.least) else np.full(count, -np.inf),
        owner=table.owner if len(table.owner) else np.arange(count),
    )


def _ends(counts: list[int]) -> list[int]:
    return [0, *np.cumsum(counts).tolist()]


def _beside(matrix: Matrix, first: int) -> Matrix:
    """Return rows over columns that begin at another number."""
    return replace(matrix, column=matrix.column + first)


def _between(numbers: Ints, first: int, last: int) -> Ints:
    return numbers[(numbers >= first) & (numbers < last)] - first
