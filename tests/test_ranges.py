"""What is seen without a program is what the program says."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

import decompose as dc
from decompose.build import build
from decompose.explain.feasibility import Part, solved
from decompose.explain.ranges import Ranges
from decompose.fairness import choose
from decompose.fairness.reach import clashing_components, reach_of
from decompose.fairness.relaxed import relax
from decompose.plan.order import batches_of
from decompose.problem import Matrix, Problem, Status
from decompose.solvers import Program, open_solver
from tests import strategies
from tests.problems import problem as by_hand

SOLVER = open_solver()


def problem_of(data: dict[str, Any]) -> Problem | None:
    """Build the first batch of a plan; None where that refuses it."""
    plan = dc.Plan.model_validate(data)
    try:
        return build(plan, batches_of(plan)[0].indicators, {}).problem
    except dc.PlanError:
        return None


def program_of(part: Part, kept: np.ndarray, row: int, sign: float) -> Program:
    program = part.kept(kept)
    cost = np.zeros(program.size)
    first, last = program.rows.start[row : row + 2]
    cost[program.rows.column[first:last]] = sign * program.rows.value[first:last]
    return Program(
        cost, program.lower, program.upper, program.rows, program.row_lower, program.row_upper
    )


@settings(max_examples=60)
@given(data=strategies.plans())
def test_what_is_seen_is_what_the_program_says(data: dict[str, Any]) -> None:
    problem = problem_of(data)
    if problem is None:
        return
    clashing = clashing_components(problem, reach_of(relax(problem)).ends(problem)).tolist()
    random = np.random.default_rng(problem.size)
    for number in range(int(problem.component.max(initial=-1)) + 1):
        part = Part.of(problem, number)
        ranges = Ranges.of(part.program)
        every = np.ones(len(part.rows), dtype=bool)
        assert number not in clashing or solved(SOLVER, part.kept(every)) is None
        for kept in (every, random.random(len(every)) < 0.6, random.random(len(every)) < 0.3):
            seen = ranges.can_hold(part.program, kept)
            assert seen in (None, solved(SOLVER, part.kept(kept)) is not None)
        boxes = every & (part.program.rows.counts == 1)
        for row in np.flatnonzero(~boxes)[:2].tolist():
            reached = ranges.reach(part.program, boxes, row)
            for end, sign in zip(reached or (), (1.0, -1.0), strict=False):
                result = SOLVER.solve(program_of(part, boxes, row, sign), cold=True)
                bounded = result.status is Status.OPTIMAL
                exact = sign * result.objective if bounded else -sign * np.inf
                assert end == pytest.approx(exact, rel=1e-9, abs=1e-9)


def test_a_bound_that_is_missed_by_noise_beside_a_step_is_kept() -> None:
    """Beside cells that stay at 0, the last bit of a bound is not out of their reach."""
    none = [({0: 1}, 0, 0), ({1: 1}, 0, 0)]
    problem = by_hand([0, 0], [({0: 0.4, 1: 0.6}, -5, -4e-16), *none])
    assert not len(clashing_components(problem, reach_of(relax(problem)).ends(problem)))
    assert choose(problem).x.tolist() == [0, 0]


def test_terms_of_nothing_are_none() -> None:
    rows = Matrix(np.array([0, 2, 3]), np.array([0, 1, 1]), np.array([1.0, 0.0, 0.0]))
    nothing, free = np.zeros(2), np.full(2, np.inf)

    def holds(*lower: float) -> bool | None:
        program = Program(nothing, nothing, free, rows, np.array(lower), free)
        return Ranges.of(program).can_hold(program, np.ones(2, dtype=bool))

    assert holds(3.0, -1.0) is True
    assert holds(3.0, 1.0) is False
