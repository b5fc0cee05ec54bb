"""grid: every combination of some values, under names that tell them."""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping, Sequence
from typing import Any

from decompose.scenario.model import Scenario


def grid(
    changes: Mapping[str, Sequence[Any]] | None = None,
    *,
    scale: Mapping[str, Sequence[float]] | None = None,
) -> list[Scenario]:
    """Make a scenario of every combination of values.

    Parameters
    ----------
    changes
        Path → the values it takes in turn; paths as in ``Plan.with_changes``.
    scale
        Id of an indicator → the factors by which its target's figures are multiplied.

    Returns
    -------
    list of Scenario
        The product of all values, the last key running fastest. A name holds as much of each path
        as tells it from the others.

    Examples
    --------
    >>> limits = {"indicators.investment.limits.max.West": [52, 54]}
    >>> [one.name for one in dc.grid(limits, scale={"investment": [1, 1.05]})]
    ['max.West=52, investment×1', 'max.West=52, investment×1.05', 'max.West=54, investment×1',
     'max.West=54, investment×1.05']
    """
    changes, scale = changes or {}, scale or {}
    names = [*_short(list(changes)), *scale]
    found = []
    for values in itertools.product(*changes.values(), *scale.values()):
        told = [
            f"{name}{'=' if k < len(changes) else '×'}{_shown(value)}"
            for k, (name, value) in enumerate(zip(names, values, strict=True))
        ]
        found.append(
            Scenario(
                ", ".join(told) or "=",
                dict(zip(changes, values, strict=False)),
                dict(zip(scale, values[len(changes) :], strict=True)),
            )
        )
    return found


def _short(paths: Sequence[str]) -> list[str]:
    """Return the ends of paths, two steps of each, or as many as it takes to tell them apart."""
    steps = [path.split(".") for path in paths]
    for count in range(2, max(map(len, steps), default=2) + 1):
        ends = [".".join(one[-count:]) for one in steps]
        if len(set(ends)) == len(ends):
            return ends
    return list(paths)


def _shown(value: Any) -> str:
    simple = value is None or isinstance(value, str | int | float)
    return str(value) if simple else json.dumps(value, ensure_ascii=False, default=str)
