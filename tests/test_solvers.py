"""Solvers: one answer and one set of statuses from HiGHS and from every solver of PuLP."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import highspy
import numpy as np
import pulp
import pytest

from decompose.errors import SolverError
from decompose.problem import Matrix, Status
from decompose.solvers import Highs, Program, Pulp, Solver, open_solver, to_lp_problem

EVERY = ["highs", "cbc", "HiGHS"]
inf = np.inf


def matrix(rows: Any) -> Matrix:
    """Make a sparse matrix of a dense one, zeros and all."""
    dense = np.asarray(rows, dtype=float)
    count, width = dense.shape
    return Matrix(
        width * np.arange(count + 1), np.tile(np.arange(width), count), dense.ravel().copy()
    )


def program(
    cost: Any, rows: Any, row_lower: Any, row_upper: Any, *, lower: Any = 0, upper: Any = inf
) -> Program:
    cost = np.asarray(cost, dtype=float)
    low, high = (np.broadcast_to(np.asarray(end, float), cost.shape) for end in (lower, upper))
    return Program(
        cost,
        low.copy(),
        high.copy(),
        matrix(rows),
        np.asarray(row_lower, dtype=float),
        np.asarray(row_upper, dtype=float),
    )


def random_program(seed: int, *, columns: int = 6, rows: int = 4) -> Program:
    """Make a feasible, bounded program; its costs leave it one optimum."""
    random = np.random.default_rng(seed)
    dense = random.integers(-3, 5, (rows, columns)).astype(float)
    value = dense @ (3 * random.random(columns))
    return program(
        random.normal(size=columns),
        dense,
        np.where(random.random(rows) < 0.3, -inf, value - random.random(rows)),
        np.where(random.random(rows) < 0.3, inf, value + 1 / 3),
        upper=4,
    )


@pytest.fixture(params=EVERY)
def solver(request: pytest.FixtureRequest) -> Solver:
    return open_solver(request.param)


def test_solves_a_small_program(solver: Solver) -> None:
    result = solver.solve(program([1, 2], [[1, 1], [1, -1]], [10, -inf], [inf, 2], upper=[8, 8]))
    assert result.status is Status.OPTIMAL
    np.testing.assert_allclose(result.x, [6, 4], atol=1e-12)
    np.testing.assert_allclose(result.row, [10, 2], atol=1e-12)
    assert result.objective == pytest.approx(14, abs=1e-12)


@pytest.mark.parametrize("name", ["cbc", "HiGHS"])
def test_solvers_agree_in_full_precision(name: str) -> None:
    other = open_solver(name)
    for seed in range(12):
        asked = random_program(seed)
        one, two = Highs().solve(asked), other.solve(asked)
        assert one.status is two.status is Status.OPTIMAL
        np.testing.assert_allclose(one.x, two.x, atol=1e-11)
        assert one.dual is not None
        assert two.dual is not None
        np.testing.assert_allclose(one.dual, two.dual, atol=1e-6)


def test_duals_are_the_slopes_of_the_objective(solver: Solver) -> None:
    step = 1e-4
    for seed in range(3 if solver.name == "COIN_CMD" else 12):
        asked = random_program(seed, columns=4, rows=3)
        result, before = solver.solve(asked), Highs().solve(asked).objective
        assert result.dual is not None
        assert result.reduced is not None
        for part, prices in (("row_lower", result.dual), ("row_upper", result.dual)):
            for row, price in enumerate(prices):
                moved = getattr(asked, part).copy()
                moved[row] += step
                slope = (Highs().solve(replace(asked, **{part: moved})).objective - before) / step
                expected = max(price, 0.0) if part == "row_lower" else min(price, 0.0)
                assert slope == pytest.approx(expected, abs=1e-5)
        transposed = np.zeros(asked.size)
        rows = asked.rows
        np.add.at(transposed, rows.column, rows.value * result.dual[rows.row])
        np.testing.assert_allclose(transposed + result.reduced, asked.cost, atol=1e-6)


def test_tells_infeasible(solver: Solver) -> None:
    result = solver.solve(program([1, 1], [[1, 1]], [92], [inf], upper=[40, 45]))
    assert result.status is Status.INFEASIBLE
    assert np.isnan(result.x).all()
    assert np.isnan(result.objective)
    assert result.dual is None


def test_tells_unbounded(solver: Solver) -> None:
    assert solver.solve(program([-1, 1], [[1, -1]], [-inf], [inf])).status is Status.UNBOUNDED


@pytest.mark.parametrize(
    "changes",
    [
        {"lower": np.array([2.0, 0.0]), "upper": np.array([1.0, inf])},
        {"row_lower": np.array([2.0]), "row_upper": np.array([1.0])},
        {"rows": Matrix(np.array([0, 0]), np.zeros(0, int), np.zeros(0))},
    ],
)
def test_bounds_that_contradict_are_infeasible(solver: Solver, changes: dict[str, Any]) -> None:
    asked = program([1, 1], [[1, 1]], [1], [5])
    assert solver.solve(replace(asked, **changes)).status is Status.INFEASIBLE


def test_solves_without_rows_and_without_columns(solver: Solver) -> None:
    no_rows = Program(np.array([1.0, -1.0]), np.array([2.0, 0.0]), np.array([9.0, 3.0]))
    np.testing.assert_allclose(solver.solve(no_rows).x, [2, 3])
    nothing = Program(np.zeros(0), np.zeros(0), np.zeros(0))
    assert solver.solve(nothing).status is Status.OPTIMAL


def test_zero_coefficients_and_free_rows_do_no_harm(solver: Solver) -> None:
    asked = program([1, 1], [[1, 0], [0, 0], [1, 1]], [3, -inf, -inf], [inf, 4, inf])
    np.testing.assert_allclose(solver.solve(asked).x, [3, 0], atol=1e-12)


@pytest.mark.parametrize("part", ["cost", "lower", "upper", "row_lower", "row_upper"])
def test_refuses_nan(part: str) -> None:
    asked = program([1, 1], [[1, 1]], [1], [5])
    broken = getattr(asked, part).copy()
    broken[0] = np.nan
    with pytest.raises(SolverError) as caught:
        replace(asked, **{part: broken})
    assert caught.value.code == "solver_number"


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("cost", inf),
        ("cost", 1e20),
        ("lower", inf),
        ("upper", -inf),
        ("upper", 1e21),
        ("row_lower", inf),
        ("row_upper", -1e20),
    ],
)
def test_refuses_numbers_that_a_solver_would_misread(part: str, value: float) -> None:
    asked = program([1, 1], [[1, 1]], [1], [5])
    broken = getattr(asked, part).copy()
    broken[0] = value
    with pytest.raises(SolverError):
        replace(asked, **{part: broken})


@pytest.mark.parametrize("coefficient", [np.nan, inf])
def test_refuses_coefficients_that_are_not_numbers(coefficient: float) -> None:
    with pytest.raises(SolverError):
        program([1, 1], [[1, coefficient]], [1], [5])


def test_small_coefficients_count() -> None:
    result = Highs().solve(program([1], [[1e-10]], [1], [inf], upper=1e11))
    assert result.status is Status.OPTIMAL
    assert result.x[0] == pytest.approx(1e10)


def test_refuses_coefficients_that_highs_would_drop() -> None:
    with pytest.raises(SolverError) as caught:
        Highs().solve(program([1], [[1e-13]], [1], [inf]))
    assert caught.value.code == "solver_number"


def test_no_negative_zeros(solver: Solver) -> None:
    asked = program([1, 1], [[-1, -1]], [-5], [0], lower=[-0.0, 0])
    assert not np.signbit(solver.solve(asked).x).any()


def test_whole_columns(solver: Solver) -> None:
    asked = replace(
        program([-5, -4, -3], [[2, 3, 1], [4, 1, 2], [3, 4, 2]], [-inf] * 3, [5, 11, 8.5]),
        integral=np.array([True, True, False]),
    )
    result = solver.solve(asked)
    assert result.status is Status.OPTIMAL
    np.testing.assert_allclose(result.x, [1, 0, 2.75], atol=1e-9)
    assert result.dual is None


class Counting(Highs):
    """Counts the programs that were sent whole."""

    sent = 0

    def _send(self, program: Program) -> None:
        self.sent += 1
        super()._send(program)


def changed(asked: Program, step: int) -> Program:
    """Return a program of a series: other costs, other bounds, one more row."""
    random = np.random.default_rng(step)
    if step % 3 == 0:
        return replace(asked, cost=random.normal(size=asked.size))
    if step % 3 == 1:
        return replace(
            asked, upper=4 - 0.5 * random.random(asked.size), row_upper=asked.row_upper + 0.1
        )
    row = matrix([random.integers(0, 2, asked.size)])
    return replace(
        asked,
        rows=Matrix.stack([asked.rows, row]),
        row_lower=np.append(asked.row_lower, -inf),
        row_upper=np.append(asked.row_upper, 9.0),
    )


def test_hot_restarts_give_what_cold_ones_give() -> None:
    for seed in range(10):
        hot, cold = Counting(), Counting()
        asked = random_program(seed)
        for step in range(12):
            one, two = hot.solve(asked), cold.solve(asked, cold=True)
            assert one.status is two.status
            if one.status is Status.OPTIMAL:
                np.testing.assert_allclose(one.x, two.x, atol=1e-9)
            asked = changed(asked, step)
        assert cold.sent == 12
        assert hot.sent < cold.sent


def test_sends_only_what_changed() -> None:
    solver, asked = Counting(), random_program(1)
    for step in range(6):
        assert solver.solve(asked).status is Status.OPTIMAL
        asked = changed(asked, step)
    assert solver.sent == 1


def test_after_an_infeasible_program_the_next_is_solved() -> None:
    solver, asked = Highs(), random_program(2)
    expected = solver.solve(asked).x
    assert solver.solve(replace(asked, upper=asked.upper - 4)).status is Status.INFEASIBLE
    np.testing.assert_allclose(solver.solve(asked).x, expected, atol=1e-12)


def hard_program() -> Program:
    """Make a whole-number program that no solver finishes at once."""
    random = np.random.default_rng(0)
    rows = random.integers(1, 100, (30, 60)).astype(float)
    asked = program(-random.integers(1, 100, 60), rows, [-inf] * 30, rows.sum(axis=1) / 2, upper=1)
    return replace(asked, integral=np.ones(60, bool))


@pytest.mark.parametrize("name", EVERY)
def test_a_time_limit_is_told(name: str) -> None:
    result = open_solver(name, time_limit=0.2).solve(hard_program())
    assert result.status is Status.LIMIT
    assert np.isnan(result.x).all() or np.isfinite(result.x).all()


def test_a_time_limit_holds_for_each_program() -> None:
    solver = Highs(time_limit=0.2)
    assert solver.solve(hard_program()).status is Status.LIMIT
    assert solver.solve(random_program(1)).status is Status.OPTIMAL


def test_another_number_of_threads_before_does_no_harm() -> None:
    highspy.Highs.resetGlobalScheduler(True)
    other = highspy.Highs()  # type: ignore[no-untyped-call] # untyped package
    for option, value in (("output_flag", False), ("threads", 2)):
        assert other.setOptionValue(option, value) == highspy.HighsStatus.kOk
    other.addVar(0, 1)
    other.addRow(1, 2, 1, np.array([0]), np.ones(1))
    assert other.run() == highspy.HighsStatus.kOk
    assert Highs().solve(random_program(1)).status is Status.OPTIMAL


def test_options_are_verified() -> None:
    with pytest.raises(SolverError) as caught:
        Highs()._set("no_such_option", 1)
    assert caught.value.code == "solver_refused"


# How a solver is named.


@pytest.mark.parametrize("name", ["cbc", "CBC", "COIN_CMD", "PULP_CBC_CMD"])
def test_finds_cbc_under_each_of_its_names(name: str) -> None:
    assert open_solver(name).solve(random_program(0)).status is Status.OPTIMAL


def test_takes_an_object_of_pulp() -> None:
    solver = open_solver(pulp.HiGHS(msg=False))
    assert solver.name == "HiGHS"
    assert solver.solve(random_program(0)).status is Status.OPTIMAL


def test_an_open_solver_stays_as_it_is() -> None:
    solver = Highs()
    assert open_solver(solver) is solver
    assert open_solver().name == "highs"


def absent() -> str:
    there = pulp.listSolvers(onlyAvailable=True)
    return next(name for name in ("GLPK_CMD", "CPLEX_CMD", "GUROBI_CMD") if name not in there)


@pytest.mark.parametrize("name", ["no such solver", absent()])
def test_a_solver_that_is_not_there_is_named_with_those_that_are(name: str) -> None:
    with pytest.raises(SolverError) as caught:
        open_solver(name)
    assert caught.value.data["solver"] == name
    for language in ("zh", "en"):
        assert name in caught.value.text(language)
        assert "highs" in caught.value.text(language)
        assert "HiGHS" in caught.value.text(language)


def test_something_that_is_no_solver_is_refused() -> None:
    with pytest.raises(SolverError):
        open_solver(3)


# What PuLP says is not taken on trust.


class Tampered(pulp.HiGHS):  # type: ignore[misc] # untyped package
    """A PuLP solver that changes its answer before anyone sees it."""

    def tamper(self, lp: Any) -> None:
        raise NotImplementedError

    def actualSolve(self, lp: Any, **options: Any) -> Any:  # noqa: N802 (PuLP's name)
        answer = super().actualSolve(lp, **options)
        self.tamper(lp)
        return answer


def test_an_optimum_that_breaks_a_rule_has_failed() -> None:
    class Infeasible(Tampered):
        def tamper(self, lp: Any) -> None:
            for variable in lp.variables():
                variable.varValue = 0.0

    result = Pulp(Infeasible(msg=False)).solve(program([1, 1], [[1, 1]], [3], [inf]))
    assert result.status is Status.FAILED
    assert np.isnan(result.x).all()


def test_duals_with_the_opposite_sign_are_turned() -> None:
    class Opposite(Tampered):
        def tamper(self, lp: Any) -> None:
            for constraint in lp.constraints():
                constraint.pi = -constraint.pi

    for seed in range(5):
        asked = random_program(seed)
        turned, plain = Pulp(Opposite(msg=False)).solve(asked), Highs().solve(asked)
        assert turned.dual is not None
        assert plain.dual is not None
        np.testing.assert_allclose(turned.dual, plain.dual, atol=1e-9)


def test_duals_that_prove_nothing_are_left_out() -> None:
    class Wrong(Tampered):
        def tamper(self, lp: Any) -> None:
            for constraint in lp.constraints():
                constraint.pi = 7.0

    result = Pulp(Wrong(msg=False)).solve(random_program(0))
    assert result.status is Status.OPTIMAL
    assert result.dual is None
    assert result.reduced is None


def test_a_rounded_vertex_is_sharpened() -> None:
    class Rounded(Tampered):
        def tamper(self, lp: Any) -> None:
            for variable in lp.variables():
                variable.varValue = float(f"{variable.varValue:.8g}")

    for seed in range(10):
        asked = random_program(seed)
        rounded = Pulp(Rounded(msg=False)).solve(asked)
        np.testing.assert_allclose(rounded.x, Highs().solve(asked).x, atol=1e-12)


def test_a_crash_is_told() -> None:
    class Crashing(Tampered):
        def tamper(self, lp: Any) -> None:
            raise RuntimeError(f"no licence for {lp.name}")

    with pytest.raises(SolverError) as caught:
        Pulp(Crashing(msg=False)).solve(random_program(0))
    assert caught.value.code == "solver_crashed"
    assert "no licence for decompose" in str(caught.value)


# The program as PuLP's.


def test_columns_and_rows_are_named_by_number() -> None:
    asked = replace(
        program(
            [1, 0, 2],
            [[1, 1, 0], [0, 1, 1], [1, 0, 1], [0, 0, 0], [1, 1, 1]],
            [4, 1, -inf, -inf, -inf],
            [4, 3, 5, 1, inf],
            lower=[0, -inf, 2],
            upper=[inf, inf, 7],
        ),
        integral=np.array([False, False, True]),
    )
    lp = to_lp_problem(asked, name="plan")
    assert [variable.name for variable in lp.variables()] == ["x0", "x1", "x2"]
    assert [variable.cat for variable in lp.variables()] == ["Continuous", "Continuous", "Integer"]
    found = {row.name: (row.sense, -row.constant) for row in lp.constraints()}
    assert found == {"r0": (0, 4), "r1": (1, 1), "r1_upper": (-1, 3), "r2": (-1, 5)}


def test_the_exported_program_has_the_same_optimum(tmp_path: Any) -> None:
    for seed in range(3):
        asked = random_program(seed)
        path = tmp_path / f"{seed}.mps"
        to_lp_problem(asked).writeMPS(str(path))
        _, read = pulp.LpProblem.fromMPS(str(path))
        read.solve(pulp.HiGHS(msg=False))
        assert pulp.value(read.objective) == pytest.approx(Highs().solve(asked).objective)


@pytest.mark.parametrize("seed", range(30))
def test_a_step_leads_where_a_little_more_of_a_column_leads(seed: int) -> None:
    highs, whole = Highs(), random_program(seed)
    x = highs.solve(whole).x
    for column in range(whole.size):
        step = highs.step(column)
        if step is None:
            assert whole.lower[column] < x[column] < whole.upper[column]  # in the basis
            continue
        more = 1e-4 if x[column] == whole.lower[column] else -1e-4
        there = x + more * step
        end = np.zeros(whole.size)
        end[column] = x[column] + more
        held = replace(
            whole,
            lower=np.where(np.arange(whole.size) == column, end, whole.lower),
            upper=np.where(np.arange(whole.size) == column, end, whole.upper),
        )
        np.testing.assert_allclose(Highs().solve(held).x, there, atol=1e-9)


def test_no_answer_has_no_step() -> None:
    highs = Highs()
    assert highs.step(0) is None
    impossible = program([1.0], [[1.0]], [5.0], [inf], upper=4)
    assert highs.solve(impossible).status is Status.INFEASIBLE
    assert highs.step(0) is None
