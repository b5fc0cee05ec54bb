"""Programs in whole columns that fall apart: the same table piece by piece as all at once."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import decompose as dc
from decompose.problem import Matrix
from decompose.rounding import least, parts, pieces, search
from decompose.rounding.pieces import pieces_of
from decompose.solvers import Highs
from decompose.solvers.program import Program


def _program(lower: list[float], upper: list[float]) -> Program:
    """Return four columns: the sum of each two has these bounds, and all are 2."""
    rows = [[0, 1], [2, 3], [0, 1, 2, 3]]
    matrix = Matrix.collect(
        np.repeat([0, 1, 2], [len(row) for row in rows]),
        np.concatenate(rows),
        np.ones(8),
        rows=3,
        size=4,
    )
    ends = np.array([*lower, 2.0]), np.array([*upper, 2.0])
    return Program(np.zeros(4), np.zeros(4), np.ones(4), matrix, *ends)


def _with_pairs() -> Program:
    """Return six columns: of each three the sum is 1 and two are alike; all together are 2."""
    rows = [[0, 1], [3, 4], [0, 1, 2], [3, 4, 5], [0, 1, 2, 3, 4, 5]]
    matrix = Matrix.collect(
        np.repeat(np.arange(5), [len(row) for row in rows]),
        np.concatenate(rows),
        np.array([1.0, -1.0] * 2 + [1.0] * 12),
        rows=5,
        size=6,
    )
    ends = np.array([0.0, 0.0, 1.0, 1.0, 2.0])
    return Program(np.zeros(6), np.zeros(6), np.ones(6), matrix, ends, ends)


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "LARGE", 0)


def test_a_sum_of_fixed_sums_holds_nothing_together() -> None:
    assert pieces_of(_program([1, 1], [1, 1])).tolist() == [0, 0, 1, 1]


def test_a_sum_of_sums_with_a_choice_does() -> None:
    assert pieces_of(_program([0, 1], [1, 1])).tolist() == [0] * 4


def test_a_piece_that_no_row_crosses_comes_before_others() -> None:
    """Four columns joined in pairs, then four of which a sum of sums joins the pairs."""
    rows = [[0, 1], [1, 2], [2, 3], [4, 5], [6, 7], [4, 5, 6, 7]]
    matrix = Matrix.collect(
        np.repeat(np.arange(6), [len(row) for row in rows]),
        np.concatenate(rows),
        np.ones(14),
        rows=6,
        size=8,
    )
    lower, upper = np.array([0.0] * 5 + [2.0]), np.array([1.0] * 5 + [2.0])
    program = Program(np.zeros(8), np.zeros(8), np.ones(8), matrix, lower, upper)
    assert pieces_of(program).tolist() == [0] * 4 + [1] * 4


def test_small_programs_stay_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "LARGE", 5)
    assert pieces_of(_program([1, 1], [1, 1])).tolist() == [0] * 4


def test_of_many_equations_the_longest_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "MOST", 1)
    assert pieces_of(_with_pairs()).tolist() == [0] * 3 + [1] * 3


def _two_indicators(area: float) -> Program:
    """Return two provinces with six columns of one indicator and five of another, and links.

    Two of the five add up to 1 in the first province, and in both to ``area`` at least.
    """
    ones = [[0, 12], [13, 14], [14, 15], [15, 16], [6, 17], [18, 19], [19, 20], [20, 21]]
    sums = [range(6), range(6, 12), range(12), [12, 13], [17, 18], [12, 13, 17, 18]]
    rows = [*ones, *map(list, sums)]
    matrix = Matrix.collect(
        np.repeat(np.arange(len(rows)), [len(row) for row in rows]),
        np.concatenate(rows),
        np.ones(sum(map(len, rows))),
        rows=len(rows),
        size=22,
    )
    lower = np.array([0.0] * 8 + [3.0, 2.0, 5.0, 1.0, area - 1.0, area])
    upper = np.array([1.0] * 8 + [3.0, 2.0, 5.0, 1.0, 1.0, 2.0])
    return Program(np.zeros(22), np.zeros(22), np.ones(22), matrix, lower, upper)


def test_a_sum_may_be_shorter_than_those_that_hold_its_parts_together() -> None:
    """The second indicator's sum of all, of four columns, is left out with sums of six."""
    expected = [0] * 6 + [1] * 6 + [0] * 5 + [1] * 5
    assert pieces_of(_two_indicators(2.0)).tolist() == expected
    assert pieces_of(_two_indicators(1.0)).tolist() == [0] * 22


def test_pieces_do_not_depend_on_the_order_of_rows() -> None:
    """Sums of provinces are joined before that of the country, wherever it stands."""
    for area in (2.0, 1.0):
        program = _two_indicators(area)
        rows = np.arange(len(program.rows))[::-1]
        ends = program.row_lower[rows], program.row_upper[rows]
        cells = np.zeros(22), np.zeros(22), np.ones(22)
        turned = Program(*cells, program.rows.take(rows), *ends)
        assert pieces_of(turned).tolist() == pieces_of(program).tolist()


def test_a_row_with_small_coefficients_holds_as_much_together() -> None:
    program = _program([0, 1], [1, 1])
    rows, small = program.rows, np.array([1.0] * 4 + [1e-6] * 4)
    lower, upper = (end * [1, 1, 1e-6] for end in (program.row_lower, program.row_upper))
    cells = np.zeros(4), np.zeros(4), np.ones(4)
    assert pieces_of(Program(*cells, replace(rows, value=small), lower, upper)).tolist() == [0] * 4


CORNERS = np.array([*itertools.product((0.0, 1.0), repeat=12)])
"""What columns can be that are 0 or 1."""


def _covers(seed: int) -> Program:
    """Return two pieces of five columns and a settled one each: rows need some of a few columns.

    Such programs mix their columns. The sums of the pieces, and their sum, are fixed.
    """
    rng = np.random.default_rng(seed)
    halves = np.array([0, 1, 2, 3, 4, 10]), np.array([5, 6, 7, 8, 9, 11])
    few = [rng.choice(half, rng.integers(3, 6), replace=False) for half in halves for _ in range(2)]
    rows = [*few, *halves, np.arange(12)]
    weights = [rng.integers(1, 6, len(row)) for row in few]
    matrix = Matrix.collect(
        np.repeat(np.arange(len(rows)), [len(row) for row in rows]),
        np.concatenate(rows),
        np.concatenate([*weights, np.ones(24)]),
        rows=len(rows),
        size=12,
    )
    lower, upper = np.zeros(12), np.ones(12)
    lower[10:] = upper[10:] = rng.integers(0, 2, 2)
    sums = rng.integers(3, 5, 2).astype(np.float64)
    exact = [*sums, sums.sum()]
    need = [(weight.sum() + 1) // 2 for weight in weights]
    ends = np.array([*need, *exact], dtype=np.float64), np.array([np.inf] * len(few) + exact)
    return Program(rng.integers(1, 9, 12).astype(np.float64), lower, upper, matrix, *ends)


@pytest.mark.parametrize("with_cuts", [False, True])
@pytest.mark.parametrize("seed", range(60))
def test_the_least_of_pieces_is_the_least_of_all(
    seed: int, with_cuts: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "FREE", 1)  # a search that starts too narrow
    if with_cuts:
        monkeypatch.setattr(search, "LARGE", 1)
    program = _covers(seed)
    fits = CORNERS[_inside(program, CORNERS)]
    found = least.least(program, Highs(), unit=1.0)
    if not len(fits):
        assert found is None
        return
    cost = fits @ program.cost
    assert found is not None
    assert _inside(program, found.x[np.newaxis]).all()
    assert found.x @ program.cost == cost.min()
    best = fits[cost == cost.min()]
    if found.face is None:
        assert best.tolist() == [found.x.tolist()]
    else:
        assert fits[_inside(found.face, fits)].tolist() == best.tolist()


def _inside(program: Program, points: np.ndarray) -> np.ndarray:
    """Tell which points keep the rows and bounds."""
    value = np.array([program.rows.dot(point) for point in points]).reshape(len(points), -1)
    rows = (value >= program.row_lower) & (value <= program.row_upper)
    columns = (points >= program.lower) & (points <= program.upper)
    return np.asarray(rows.all(axis=1) & columns.all(axis=1))


def _plan(seed: int) -> dc.Plan:
    """A whole and its two parts in provinces: the whole and one part have figures in each."""
    rng = np.random.default_rng(seed)
    names = [f"county {k}" for k in range(72)]
    province = np.arange(72) // 12
    base = {one: (rng.lognormal(3.0, 0.8, 72) + 5).round(2) for one in "ab"}
    hidden = {
        one: (values[:, np.newaxis] * rng.uniform(1.03, 1.14, (72, 3)).cumprod(axis=1)).round(2)
        for one, values in base.items()
    }
    base["s"], hidden["s"] = (base["a"] + base["b"]).round(2), hidden["a"] + hidden["b"]

    def figures(one: str, rows: Any) -> dict[str, Any]:
        sums = hidden[one][rows].sum(axis=0).round(2)
        return {"years": dict(zip((2026, 2027, 2028), sums.tolist(), strict=True))}

    def indicator(one: str, **keys: Any) -> dict[str, Any]:
        return {
            "id": one,
            "kind": "flow",
            "base": dict(zip(names, base[one].tolist(), strict=True)),
            "allocate": {"by": "base"},
            "limits": {"growth": {"min": "2%", "max": "15%"}},
            "target": figures(one, slice(None)),
            **keys,
        }

    groups = {f"province {k}": figures("s", province == k) for k in range(6)}
    parts_too = {f"province {k}": figures("a", province == k) for k in range(6)}
    return dc.Plan.model_validate(
        {
            "title": "t",
            "area": "area",
            "base_year": 2025,
            "years": [2026, 2027, 2028],
            "regions": [
                {"name": name, "groups": [f"province {k}"]}
                for name, k in zip(names, province, strict=True)
            ],
            "groups": {name: {} for name in groups},
            "indicators": [
                indicator("a", group_targets=parts_too),
                indicator("b"),
                indicator("s", group_targets=groups, sum_of=["a", "b"]),
            ],
        }
    )


def test_pieces_have_the_same_table(monkeypatch: pytest.MonkeyPatch) -> None:
    plans = [_plan(seed) for seed in range(10)]
    apart = 0

    def counted(program: Program) -> object:
        nonlocal apart
        piece = pieces_of(program)
        apart += len(np.unique(piece)) > 1
        return piece

    monkeypatch.setattr(parts, "count", lambda _: None)  # small parts are counted, not solved
    monkeypatch.setattr(least, "pieces_of", counted)
    found = [_quotas(plan) for plan in plans]
    assert apart > 2
    monkeypatch.setattr(least, "pieces_of", lambda program: np.zeros(program.size, dtype=np.int64))
    assert [_quotas(plan) for plan in plans] == found


def _quotas(plan: dc.Plan) -> list[float]:
    return [float(value) for value in dc.solve(plan).quotas["quota"]]
