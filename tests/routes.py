"""The closed form beside programs: both choose the same in every stage of a plan."""

from __future__ import annotations

import pytest

import decompose as dc
from decompose.fairness import CLOSED, choose_all
from decompose.problem import Solution
from decompose.settle import problems_of
from tests.plans import Data


def by_both(said: Data) -> list[tuple[Solution, Solution]]:
    """Choose by both routes and compare; return the two answers of each stage that has one."""
    found = []
    for problem in problems_of(dc.Plan.model_validate(said)):
        quick, clashing = choose_all(problem)
        slow, also = choose_all(problem, closed=False)
        assert clashing == also
        if not also:
            own = ~problem.looked_ahead  # later years have no answer yet
            assert quick.x[own] == pytest.approx(slow.x[own], rel=1e-7, abs=1e-7)
            found.append((quick, slow))
    return found


def without_programs(said: Data) -> tuple[int, int]:
    """Compare both routes; count the stages that took no program, and all."""
    found = by_both(said)
    return sum(quick.route[0] == CLOSED and quick.programs == 0 for quick, _ in found), len(found)
