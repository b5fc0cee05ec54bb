"""Shares of sums that are settled as bounds of their own: what is a share of 100 is a number.

Sums come near to their figures before anything else is chosen. Where one is to be what it hands
out, a share of it binds as a capacity or a floor does, and the closed form knows it. What is
found so has the sum that was taken for granted, or it is no answer.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from decompose.fairness.by_parts import KEPT
from decompose.fairness.relaxed import adding
from decompose.problem import Floats, Ints, Problem, Shared


class Settled(NamedTuple):
    """A problem with shares as bounds; rules whose sums were taken for settled, and at what."""

    problem: Problem
    sums: Ints
    at: Floats

    def missed(self, x: Floats) -> Ints:
        """Return the rules whose sums came out as something else."""
        found = self.problem.rules.matrix.take(self.sums)
        slack = KEPT * (found.sizes(x) + np.abs(self.at))
        return self.sums[np.abs(found.dot(x) - self.at) > slack]


def with_shares_settled(problem: Problem, figure: Floats) -> Settled:
    """Return the problem with shares of what rules hand out as bounds.

    Parameters
    ----------
    problem
        The rules.
    figure
        What each rule hands out; NaN where it has none.
    """
    rules = problem.rules
    matrix = rules.matrix
    if not isinstance(matrix, Shared):
        return Settled(problem, np.zeros(0, dtype=np.int64), np.zeros(0))
    handed = np.where(np.isnan(figure) & (rules.lower == rules.upper), rules.lower, figure)
    able = np.flatnonzero(np.isfinite(handed) & adding(rules))
    row = matrix.found_in(matrix.plain.take(able))
    sums = np.where(row >= 0, handed[able[row]], np.nan) if len(able) else np.full(len(row), np.nan)
    left, part = matrix.settled(sums)
    settled = replace(rules, matrix=left, lower=rules.lower - part, upper=rules.upper - part)
    taken = able[row[row >= 0]]
    return Settled(replace(problem, rules=settled), taken, handed[taken])
