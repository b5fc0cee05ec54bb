"""Programs of rounding: no whole columns where the vertex is whole, no row that says nothing."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest

from decompose.problem import Floats, Matrix, Status
from decompose.rounding.assemble import assemble
from decompose.rounding.cuts import cuts_at
from decompose.rounding.least import least, least_on_face
from decompose.rounding.pieces import pieces_of
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


def odd_cycle(cost: Floats) -> Program:
    """Two of three columns, any: each pair holds one. The relaxed vertex is a half of each."""
    pairs = Matrix(np.array([0, 2, 4, 6]), np.array([0, 1, 1, 2, 0, 2]), np.ones(6))
    return Program(cost, np.zeros(3), np.ones(3), pairs, np.ones(3), np.full(3, np.inf))


class Recorded(Highs):
    """HiGHS, and the costs of every program that it solved."""

    def __init__(self) -> None:
        super().__init__()
        self.costs: list[list[float]] = []

    def solve(self, program: Program, *, cold: bool = False) -> Result:
        self.costs.append(program.cost.tolist())
        return super().solve(program, cold=cold)


@pytest.mark.parametrize(
    ("cost", "expected", "searched"),
    [([2.0, 3, 4], [1, 1, 0], False), ([3.0, 4, 4], [1, 0, 1], True), ([2.0] * 3, [0, 1, 1], True)],
)
def test_a_table_that_is_the_only_one_as_near_is_not_looked_for_again(
    cost: list[float], expected: list[float], searched: bool
) -> None:
    preference = np.array([7.0, 5.0, 1.0])
    solver = Recorded()
    found = least(odd_cycle(np.array(cost)), solver, unit=1.0)
    assert found is not None
    x = least_on_face(found, preference, solver, unit=1.0, branch=True, before=1.0)
    assert x is not None
    assert x.tolist() == expected
    assert (preference.tolist() in solver.costs) is searched


def test_a_cutoff_leaves_out_what_is_dearer() -> None:
    whole = replace(odd_cycle(np.array([2.0, 3, 4])), integral=np.ones(3, dtype=np.bool_))
    found = Highs().solve(replace(whole, cutoff=5.5))
    assert found.x.tolist() == [1, 1, 0]
    assert Highs().solve(replace(whole, cutoff=4.5)).status is Status.INFEASIBLE


def test_of_an_odd_cycle_half_of_all_pairs_is_a_cut() -> None:
    """Twice the sum of all three is at least 3: their sum is at least 2."""
    cut = cuts_at(odd_cycle(np.ones(3)), np.full(3, 0.5), 0)
    assert len(cut) == 1
    assert (cut.matrix.value.tolist(), cut.upper.tolist()) == ([-1, -1, -1], [-2])
    assert cut.lower.tolist() == [-np.inf]


def test_cuts_keep_all_whole_points_and_break_the_relaxed_one() -> None:
    """Random rows of few columns, with limits on either side; bounds from -1 to 2."""
    assert sum(checked_cuts(seed) for seed in range(80)) > 80


def checked_cuts(seed: int) -> int:
    """Check the cuts at one random program's relaxed answer, and return how many there are."""
    rng = np.random.default_rng(seed)
    size, count = 8, 14
    dense = rng.integers(-1, 3, (count, size)) * (rng.random((count, size)) < 0.4)
    lower = rng.integers(-1, 1, size).astype(np.float64)
    upper = lower + rng.integers(1, 3, size)
    inside = rng.uniform(lower, upper)
    value = dense @ inside
    low = np.where(rng.random(count) < 0.7, np.floor(value), -np.inf)
    high = np.where(rng.random(count) < 0.7, np.ceil(value), np.inf)
    row, column = np.nonzero(dense)
    rows = Matrix.collect(row, column, dense[row, column].astype(np.float64), rows=count, size=size)
    program = Program(rng.integers(-9, 10, size).astype(np.float64), lower, upper, rows, low, high)
    x = Highs().solve(program).x
    ends = (np.arange(a, b + 1) for a, b in zip(lower, upper, strict=True))
    points = np.array([*itertools.product(*ends)])
    at = points @ dense.T
    points = points[((at >= low) & (at <= high)).all(axis=1)]
    found = 0
    for turn in range(3):
        cuts = cuts_at(program, x, turn)
        assert (cuts.matrix.dot(x) > cuts.upper).all()
        for point in points:
            assert (cuts.matrix.dot(point) <= cuts.upper).all()
        found += len(cuts)
    return found


def test_two_provinces_of_different_size_are_two_pieces() -> None:
    """Sums of a larger and a smaller province, and of the country, which these settle."""
    ends, count = [0, 350, 600], 600
    rows = [range(first, last) for first, last in ((0, 350), (350, 600), (0, 600))]
    matrix = Matrix(
        np.concatenate([[0], np.cumsum([len(row) for row in rows])]),
        np.concatenate([np.array(row) for row in rows]),
        np.ones(2 * count),
    )
    sums = np.array([100.0, 70.0, 170.0])
    program = Program(np.ones(count), np.zeros(count), np.ones(count), matrix, sums, sums)
    piece = pieces_of(program)
    assert np.flatnonzero(np.diff(piece, prepend=-1, append=-1)).tolist() == ends
