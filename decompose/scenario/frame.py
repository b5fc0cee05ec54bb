"""What became of scenarios, as one frame."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from decompose.problem import Ints
from decompose.scenario.model import Scenario
from decompose.scenario.outcome import SOLVED, Cells, Outcome

TEXTS = ("indicator", "region", "bound_by")
NUMBERS = ("quota", "exact", "reference", "lower", "upper")
COLUMNS = ("indicator", "region", "year", *NUMBERS, "bound_by")
"""Of ``Allocation.quotas``, in its order."""
NO_YEAR = -1
BATCH = 50
"""How many outcomes are held before they become rows."""

NOTHING = Cells(
    np.array([-1]),
    {
        **{name: np.array([None], dtype=object) for name in TEXTS},
        **{name: np.array([np.nan]) for name in NUMBERS},
        "year": np.array([NO_YEAR]),
    },
)
"""The row of a scenario without quotas."""


class Gathering:
    """Outcomes, as rows of the frame to be: what they were made of is let go meanwhile.

    Parameters
    ----------
    base
        Returns the plan's own rows, of which scenarios keep some; asked in the end, if nobody has
        told them before.
    """

    def __init__(self, base: Callable[[], Cells | None]) -> None:
        self._ask = base
        self._open: list[Outcome] = []
        self._told: list[tuple[int, int, str, str]] = []
        self._parts: dict[str, list[NDArray[Any]]] = {name: [] for name in COLUMNS}

    @cached_property
    def _base(self) -> Cells | None:
        return self._ask()

    def __len__(self) -> int:
        return len(self._told) + len(self._open)

    def know(self, base: Cells | None) -> None:
        """Take the plan's own rows; rows of scenarios are made from then on."""
        self._base = base

    def add(self, outcomes: Sequence[Outcome]) -> None:
        """Take some outcomes, in whatever order."""
        self._open += outcomes
        if len(self._open) >= BATCH and "_base" in self.__dict__:
            self._fold()

    def frame(self, scenarios: Sequence[Scenario]) -> pd.DataFrame:
        """Return the columns of ``quotas`` after ``scenario``, ``status`` and ``reason``."""
        self._fold()
        counts = [count for _, count, _, _ in self._told]
        numbers = np.array([number for number, _, _, _ in self._told], dtype=np.int64)
        order: slice | Ints = slice(None)  # of one process: no copy is made
        if np.any(np.diff(numbers) < 0):
            order = np.argsort(np.repeat(numbers, counts), kind="stable")
        cells = {}
        for name in COLUMNS:
            column = np.concatenate([_empty(name), *self._parts.pop(name)])
            cells[name] = _typed(name, column[order])
        texts = {
            "scenario": [scenarios[number].name for number in numbers.tolist()],
            "status": [status for _, _, status, _ in self._told],
            "reason": [reason for _, _, _, reason in self._told],
        }
        told = {
            name: _typed(name, np.repeat(np.array(some, dtype=object), counts)[order])
            for name, some in texts.items()
        }
        return pd.DataFrame({**told, **cells}, copy=False)

    def _fold(self) -> None:
        pieces: list[tuple[Cells, slice]] = []
        for one in self._open:
            some = [piece for piece in _pieces(self._base, one) if piece[1].start < piece[1].stop]
            some = some or [(NOTHING, slice(0, 1))]
            count = sum(part.stop - part.start for _, part in some)
            self._told.append((one.number, count, one.status, one.reason))
            pieces += some
        for name, parts in self._parts.items() if pieces else ():
            parts.append(np.concatenate([cells.columns[name][part] for cells, part in pieces]))
        self._open.clear()


def _typed(name: str, values: NDArray[Any]) -> pd.Series[Any]:
    if name == "year":
        return pd.Series(values).astype("Int64").mask(values == NO_YEAR)
    return pd.Series(values) if name in NUMBERS else pd.Series(values, dtype="str")


def _empty(name: str) -> NDArray[Any]:
    kinds = {"year": np.int64, **dict.fromkeys(TEXTS, np.object_)}
    return np.zeros(0, dtype=kinds.get(name, np.float64))


def _pieces(base: Cells | None, outcome: Outcome) -> list[tuple[Cells, slice]]:
    """List the rows of a scenario: runs of the plan's own, and between them what was settled."""
    if outcome.status != SOLVED:
        return []
    if outcome.replaced is None or base is None:
        return [(cells, slice(0, len(cells.number))) for cells in outcome.cells]
    found: list[tuple[Cells, slice]] = []
    start = 0
    for number in sorted(outcome.replaced):
        first, last = np.searchsorted(base.number, [number, number + 1]).tolist()
        found.append((base, slice(start, first)))
        start = last
        for cells in outcome.cells:
            here, there = np.searchsorted(cells.number, [number, number + 1]).tolist()
            if here < there:
                found.append((cells, slice(here, there)))
    return [*found, (base, slice(start, len(base.number)))]
