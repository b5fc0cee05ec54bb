"""What becomes of scenarios: rows of quotas, or why there are none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from decompose.frames import quota_columns
from decompose.problem import Ints
from decompose.stage import Stage

SOLVED, INFEASIBLE, ROUNDING, ERROR, LOST = "solved", "infeasible", "rounding", "error", "lost"
"""What may become of a scenario."""

Columns = Mapping[str, NDArray[Any]]


@dataclass(frozen=True, eq=False)
class Cells:
    """Rows of ``Allocation.quotas``, in plan order.

    Attributes
    ----------
    number
        Index of each row's indicator.
    columns
        The rows' values by column.
    """

    number: Ints
    columns: Columns

    @staticmethod
    def of(stages: Sequence[Stage]) -> Cells:
        """Return the rows of some stages."""
        parts = [quota_columns(stage) for stage in stages]
        number, region, year = (
            np.concatenate([getattr(one.problem, labels)[one.built.final] for one in stages])
            for labels in ("column_indicator", "column_region", "column_year")
        )
        order = np.lexsort((year, region, number))
        names = parts[0]
        columns = {name: np.concatenate([part[name] for part in parts])[order] for name in names}
        return Cells(number[order], columns)


@dataclass(frozen=True, eq=False)
class Outcome:
    """What became of a scenario.

    Attributes
    ----------
    number
        Its place among the scenarios.
    status, reason
        ``solved``, or why there are no quotas, in one sentence.
    cells
        What was settled for it.
    replaced
        Indices of the plan's indicators that these cells replace; None for all.
    """

    number: int
    status: str
    reason: str = ""
    cells: tuple[Cells, ...] = ()
    replaced: frozenset[int] | None = frozenset()


@dataclass(frozen=True, eq=False)
class Failure:
    """Why there are no quotas, and how early that shows: the least ``turn`` is told first."""

    turn: tuple[int, int]
    status: str
    reason: str


@dataclass(frozen=True, eq=False)
class Part:
    """What was settled again of the indicators that names join to changed ones."""

    cells: tuple[Cells, ...]
    replaced: frozenset[int]
