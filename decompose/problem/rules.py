"""Rules as arrays: rows with bounds, each with its label."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from decompose.problem.matrix import Bools, Floats, Ints, Matrix, is_all, no_floats, no_ints

_LABELS = (
    "lower",
    "upper",
    "family",
    "indicator",
    "scope",
    "year",
    "source",
    "figure",
    "whole",
    "yields",
    "constant",
)


@dataclass(frozen=True, eq=False)
class Rules:
    """Rows ``lower ≤ matrix · x ≤ upper``, each with its label.

    Attributes
    ----------
    matrix
        Coefficients over the problem's columns.
    lower, upper
        Bounds in the unit of the plan; infinite where there is none.
    family
        Index into FAMILIES.
    indicator, scope, year
        What the rule speaks of: index of the indicator; a region's index, AREA or
        ``group_scope``; index of the year, or TOTAL.
    source
        Index into ``Problem.sources``: where the plan says it, as in ``with_changes``.
    figure
        What a target hands out (NaN in rows that are no target): settled before anything else.
    whole
        Whether the rule holds in whole steps after rounding.
    constant
        What the sum of which the rule speaks has beside its columns, in bounds and figure left out
        (0 unless said).
    yields
        Whether it is a target that gives way where the other rules leave no room: it is missed
        by as little as they allow, before anything else is chosen. None does unless said.
    """

    matrix: Matrix = field(default_factory=Matrix)
    lower: Floats = field(default_factory=no_floats)
    upper: Floats = field(default_factory=no_floats)
    family: Ints = field(default_factory=no_ints)
    indicator: Ints = field(default_factory=no_ints)
    scope: Ints = field(default_factory=no_ints)
    year: Ints = field(default_factory=no_ints)
    source: Ints = field(default_factory=no_ints)
    figure: Floats = field(default_factory=no_floats)
    whole: Bools = field(default_factory=lambda: np.zeros(0, dtype=bool))
    yields: Bools = field(default_factory=lambda: np.zeros(0, dtype=bool))
    constant: Floats = field(default_factory=no_floats)

    def __post_init__(self) -> None:
        if not len(self.yields):
            object.__setattr__(self, "yields", np.zeros(len(self.lower), dtype=bool))
        if not len(self.constant):
            object.__setattr__(self, "constant", np.zeros(len(self.lower)))

    def __len__(self) -> int:
        return len(self.lower)

    def opened(self, below: Bools, above: Bools) -> Rules:
        """Return the rules without the bounds that are missed below and above; none yields."""
        return replace(
            self,
            lower=np.where(below, -np.inf, self.lower),
            upper=np.where(above, np.inf, self.upper),
            yields=np.zeros(len(self), dtype=bool),
        )

    def take(self, rows: Ints) -> Rules:
        """Return these rows only, in this order."""
        if is_all(rows, len(self)):
            return self
        return Rules(self.matrix.take(rows), *(getattr(self, name)[rows] for name in _LABELS))

    @staticmethod
    def stack(parts: list[Rules]) -> Rules:
        """Put blocks of rules one after the other."""
        if not parts:
            return Rules()
        return Rules(
            Matrix.stack([part.matrix for part in parts]),
            *(np.concatenate([getattr(part, name) for part in parts]) for name in _LABELS),
        )

    @cached_property
    def single(self) -> Bools:
        """Whether a row speaks of one cell alone: a box."""
        return np.asarray(self.matrix.counts == 1)
