"""Programs of rounding: no whole columns where the vertex is whole, no row that says nothing."""

from __future__ import annotations

import itertools

import numpy as np

from decompose.problem import Matrix
from decompose.rounding.assemble import assemble
from decompose.rounding.least import least
from decompose.rounding.system import Whole
from decompose.solvers import Highs, Program, Result
from tests.test_rounding import GROUP, Draft


class Linear(Highs):
    """HiGHS for linear programs alone."""

    def solve(self, program: Program, *, cold: bool = False) -> Result:
        assert program.integral is None
        return super().solve(program, cold=cold)


def test_a_whole_vertex_is_not_searched_again_and_prices_say_what_else_is_as_good() -> None:
    """One of two, each costs 1: the row is tight in both answers, and no other row is needed."""
    rows = Matrix(np.array([0, 2]), np.array([0, 1]), np.ones(2))
    one = np.ones(1)
    program = Program(np.ones(2), np.zeros(2), np.ones(2), rows, one, np.inf * one)
    found = least(program, Linear(), unit=1.0)
    assert found is not None
    face = found.face
    assert face is not None
    assert len(face.rows) == 1
    corners = np.array([*itertools.product((0.0, 1.0), repeat=2)])
    inside = (corners >= face.lower).all(axis=1) & (corners <= face.upper).all(axis=1)
    value = corners.sum(axis=1)
    inside &= (value >= face.row_lower[0]) & (value <= face.row_upper[0])
    assert inside.tolist() == [corner.sum() == 1 for corner in corners]


def test_only_rows_that_may_give_way_have_columns_for_it() -> None:
    table = Draft([0.5] * 3, sums=[([0, 1], 1, 1)], near=[([1, 2], GROUP)]).table()
    ordered = Whole.of(table)
    system = assemble(ordered, reach=0 * ordered.reach, last=False).system
    assert system.room.tolist() == [0, 1]
    assert system.with_slack().size == system.size + 2
