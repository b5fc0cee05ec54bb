"""What became of scenarios, as one frame."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from decompose.scenario.model import Scenario
from decompose.scenario.reuse import SOLVED, Cells, Outcome

TEXTS = ("indicator", "region", "bound_by")
NUMBERS = ("quota", "exact", "reference", "lower", "upper")
COLUMNS = ("indicator", "region", "year", *NUMBERS, "bound_by")
"""Of ``Allocation.quotas``, in its order."""
NO_YEAR = -1

NOTHING = Cells(
    np.array([-1]),
    {
        **{name: np.array([None], dtype=object) for name in TEXTS},
        **{name: np.array([np.nan]) for name in NUMBERS},
        "year": np.array([NO_YEAR]),
    },
)
"""The row of a scenario without quotas."""


def frame_of(
    base: Cells | None, scenarios: Sequence[Scenario], outcomes: Iterable[Outcome]
) -> pd.DataFrame:
    """Put outcomes together: the columns of ``quotas``, ``scenario``, ``status``, ``reason`` first.

    Parameters
    ----------
    base
        The plan's own rows.
    scenarios
        What was solved.
    outcomes
        What became of them.
    """
    pieces: list[tuple[Cells, slice]] = []
    counts: list[int] = []
    done = sorted(outcomes, key=lambda one: one.number)
    for outcome in done:
        some = [piece for piece in _pieces(base, outcome) if piece[1].start < piece[1].stop]
        some = some or [(NOTHING, slice(0, 1))]
        counts.append(sum(part.stop - part.start for _, part in some))
        pieces += some
    names, states, reasons = (
        np.repeat(np.array(texts, dtype=object), counts)
        for texts in (
            [scenarios[one.number].name for one in done],
            [one.status for one in done],
            [one.reason for one in done],
        )
    )
    columns = {name: _column(name, pieces) for name in COLUMNS}
    leading = {"scenario": names, "status": states, "reason": reasons}
    return pd.DataFrame(
        {name: _typed(name, column) for name, column in (leading | columns).items()}
    )


def _typed(name: str, values: NDArray[Any]) -> pd.Series[Any]:
    if name == "year":
        return pd.Series(values).astype("Int64").mask(values == NO_YEAR)
    return pd.Series(values) if name in NUMBERS else pd.Series(values, dtype="str")


def _column(name: str, pieces: list[tuple[Cells, slice]]) -> NDArray[Any]:
    kinds = {"year": np.int64, **dict.fromkeys(TEXTS, np.object_)}
    empty: NDArray[Any] = np.zeros(0, dtype=kinds.get(name, np.float64))
    return np.concatenate([empty, *(cells.columns[name][part] for cells, part in pieces)])


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
