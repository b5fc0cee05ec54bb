"""The rules that choose, by programs: exact fractions, other solvers, order, units, failures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from itertools import product

import numpy as np
import pytest

from decompose.errors import SolverError
from decompose.fairness import PROGRAMS, answer
from decompose.fairness.least_absolute import least_absolute
from decompose.fairness.least_squares import least_squares
from decompose.fairness.part import component_columns, part_of
from decompose.fairness.programs import Chosen, leximin_by_programs
from decompose.fairness.projection import Polyhedron, nearest_to_origin
from decompose.problem import Floats, Matrix, Problem, Rules, Solution, Status
from decompose.solvers import Highs, Program, Result, Solver, open_solver
from tests.oracles import exact_leximin
from tests.oracles.fractions_lp import Row, solve_lp
from tests.problems import in_fractions, problem, random_problem

inf = np.inf
Rule = Callable[[Problem, Solver], Chosen | None]


def total(*columns: int) -> dict[int, float]:
    return dict.fromkeys(columns, 1.0)


def choose(
    asked: Problem, solver: Solver | None = None, *, rule: Rule = leximin_by_programs
) -> Floats:
    chosen = rule(asked, solver or Highs())
    assert chosen is not None
    return chosen.x


def relative_error(x: Floats, expected: Floats) -> float:
    return float(np.abs(x - expected).max() / max(1.0, np.abs(expected).max()))


class WithoutDuals:
    """A solver that gives the point alone, as some of PuLP's do."""

    def __init__(self) -> None:
        self.name = "without duals"
        self._highs = Highs()

    def solve(self, program: Program, *, cold: bool = False) -> Result:
        return replace(self._highs.solve(program, cold=cold), dual=None, reduced=None)


class Cold:
    """HiGHS from nothing each time."""

    name = "cold"

    def solve(self, program: Program, *, cold: bool = False) -> Result:  # noqa: ARG002 (always)
        return Highs().solve(program)


# Leximin.


def exact(asked: Problem) -> Floats | None:
    program, size = in_fractions(asked)
    point = exact_leximin.leximin(program)
    if point is None:
        return None
    return np.array([float(cell * unit) for cell, unit in zip(point, size, strict=True)])


@pytest.mark.parametrize("first", range(0, 600, 100))
def test_is_the_exact_leximin(first: int) -> None:
    solver, infeasible = Highs(), 0
    for seed in range(first, first + 100):
        asked = random_problem(seed)
        expected, chosen = exact(asked), leximin_by_programs(asked, solver)
        if expected is None:
            assert chosen is None, seed
            infeasible += 1
        else:
            assert chosen is not None, seed
            assert relative_error(chosen.x, expected) < 1e-9, seed
    assert infeasible < 20


def test_is_the_exact_leximin_without_duals() -> None:
    for seed in range(150):
        asked = random_problem(seed)
        expected = exact(asked)
        if expected is not None:
            assert relative_error(choose(asked, WithoutDuals()), expected) < 1e-9, seed


@pytest.mark.parametrize(("name", "count"), [("cbc", 12), ("HiGHS", 60)])
def test_other_solvers_give_the_same(name: str, count: int) -> None:
    solver = open_solver(name)
    for seed in range(count):
        asked = random_problem(seed)
        expected, chosen = exact(asked), leximin_by_programs(asked, solver)
        assert (chosen is None) == (expected is None)
        if chosen is not None and expected is not None:
            assert relative_error(chosen.x, expected) < 1e-9, seed


def test_sixty_over_four_one_capped() -> None:
    asked = problem([15] * 4, [(total(0, 1, 2, 3), 60, 60), (total(0), -inf, 11)])
    np.testing.assert_allclose(choose(asked), [11, 49 / 3, 49 / 3, 49 / 3], rtol=1e-12)


def test_being_tight_in_one_optimum_proves_nothing() -> None:
    """Beside it, 20 over two whose largest burden is the same, 4/15."""
    asked = problem(
        [15] * 4 + [10] * 2,
        [
            (total(0, 1, 2, 3), 60, 60),
            (total(0), -inf, 11),
            (total(4, 5), 20, 20),
            (total(4), -inf, 22 / 3),
        ],
    )
    expected = [11, 49 / 3, 49 / 3, 49 / 3, 22 / 3, 38 / 3]
    for solver in (Highs(), WithoutDuals()):
        np.testing.assert_allclose(choose(asked, solver), expected, rtol=1e-12)


def test_part_and_whole_are_settled_together() -> None:
    asked = problem(
        [60, 20, 50, 50],
        [
            (total(0, 1), 80, 80),
            (total(2, 3), 100, 100),
            ({0: 1.0, 2: -1.0}, -inf, 0),
            ({1: 1.0, 3: -1.0}, -inf, 0),
        ],
        indicator=[0, 0, 1, 1],
    )
    expected = np.array([400, 160, 400, 300]) / 7
    np.testing.assert_allclose(choose(asked), expected, rtol=1e-12)
    np.testing.assert_allclose(choose(reordered(asked, [2, 3, 0, 1])), expected[[2, 3, 0, 1]])


def test_cells_with_reference_zero_are_settled_first() -> None:
    asked = problem([4, 4, 1, 0], [(total(0, 1, 2, 3), 10, 10), (total(0, 1), -inf, 8)])
    np.testing.assert_allclose(choose(asked), [4, 4, 2, 0], atol=1e-12)


def test_a_signed_cell_with_reference_zero_stays_near_zero() -> None:
    asked = problem([5, 0], [(total(0, 1), 3, 3), (total(0), 4, inf)], signed=[1])
    np.testing.assert_allclose(choose(asked), [4, -1], atol=1e-12)


def test_sums_come_as_near_to_their_figures_as_the_rules_allow() -> None:
    rows = [
        (total(0, 1), 22.0, inf),  # at least 22: hands out 22
        (total(2, 3), 10.0, 30.0),  # about 20, but its cells have room for 16
        (total(0, 2), 12.0, inf),  # hands out 12, but 13 are forced
        (total(0), 8.0, inf),
        (total(2), 5.0, 6.0),
        (total(3), -inf, 10.0),
    ]
    x = choose(problem([11, 11, 10, 10], rows, figures={0: 22, 1: 20, 2: 12}))
    np.testing.assert_allclose(x[2] + x[3], 16, rtol=1e-12)
    np.testing.assert_allclose(x[0] + x[1], 22, rtol=1e-12)
    np.testing.assert_allclose(x[0] + x[2], 14, rtol=1e-12)


def test_a_figure_of_zero_is_its_bounds() -> None:
    asked = problem([3, 3], [(total(0, 1), 0, 0), (total(0), -inf, 4)], figures={0: 0.0})
    np.testing.assert_array_equal(choose(asked), [0, 0])


def test_what_keeps_the_rules_stays_at_its_reference_exactly() -> None:
    reference = [1 / 3, 0.1, 7.7, 0.0]
    asked = problem(reference, [(total(0, 1, 2), sum(reference[:3]), inf), (total(2), 0, 9)])
    np.testing.assert_array_equal(choose(asked), reference)


def test_bounds_that_meet_but_for_rounding_are_kept() -> None:
    asked = problem([1, 1], [({0: 3.0}, 0.3, inf), (total(0), -inf, 0.1), (total(0, 1), 2, 2)])
    assert asked.lower[0] != 0.1 or asked.upper[0] == 0.1
    np.testing.assert_allclose(choose(asked), [0.1, 1.9], rtol=1e-12)
    just_above = problem([1, 1], [(total(0), 0.1 + 1e-15, inf), (total(0), -inf, 0.1)])
    np.testing.assert_allclose(choose(just_above), [0.1, 1], rtol=1e-12)


def reordered(asked: Problem, columns: list[int], rows: list[int] | None = None) -> Problem:
    """Return the same problem with its columns, and its rules, in another order."""
    part = part_of(asked, np.array(columns))
    return replace(part, rules=part.rules.take(np.array(rows))) if rows is not None else part


def test_order_means_nothing() -> None:
    for seed in range(40):
        asked = random_problem(seed)
        chosen = leximin_by_programs(asked, Highs())
        if chosen is None:
            continue
        random = np.random.default_rng(seed)
        columns = random.permutation(asked.size)
        rows = random.permutation(len(asked.rules))
        other = choose(reordered(asked, columns.tolist(), rows.tolist()))
        assert relative_error(other, chosen.x[columns]) < 1e-11, seed


def in_units(asked: Problem, unit: Floats) -> Problem:
    """Return the same problem with each column in another unit."""
    rules, matrix = asked.rules, asked.rules.matrix
    value = matrix.value / unit[matrix.column]
    norm = np.ones(len(rules))
    # A rule within one indicator is written in its unit.
    for row in range(len(rules)):
        own = np.unique(unit[matrix.column[matrix.start[row] : matrix.start[row + 1]]])
        norm[row] = own[0] if len(own) == 1 else 1.0
    scaled = Matrix(matrix.start, matrix.column, value * norm[matrix.row])
    return replace(
        asked,
        reference=asked.reference * unit,
        rules=Rules(
            scaled,
            rules.lower * norm,
            rules.upper * norm,
            rules.family,
            rules.indicator,
            rules.scope,
            rules.year,
            rules.source,
            rules.figure * norm,
        ),
    )


def test_units_mean_nothing() -> None:
    for seed in range(40):
        asked = random_problem(seed)
        chosen = leximin_by_programs(asked, Highs())
        if chosen is None:
            continue
        unit = np.array([1e6, 1e-4])[asked.column_indicator]
        other = choose(in_units(asked, unit)) / unit
        assert relative_error(other, chosen.x) < 1e-9, seed


def test_references_of_very_different_size() -> None:
    """Duals are then as large as 1e6, and what rounding leaves of a zero is above 1e-7."""
    for seed in range(190, 250):
        asked = random_problem(seed)
        powers = np.random.default_rng(seed).integers(0, 7, asked.size)
        asked = replace(asked, reference=asked.reference * 10.0**-powers)
        expected = exact(asked)
        if expected is not None:
            assert relative_error(choose(asked), expected) < 1e-9, seed


def crossing(regions: int, years: int, *, seed: int = 0) -> Problem:
    """Make sums by year, by region and by groups that overlap, and growth limits that bind."""
    random = np.random.default_rng(seed)
    base = 10 * np.exp(random.normal(size=regions))
    growth = 1.15 ** np.arange(1, years + 1)
    reference = base[:, None] * growth * random.uniform(0.8, 1.2, (regions, years))
    cell = np.arange(regions * years).reshape(regions, years)
    rows = []
    for year in range(years):
        share = reference[:, year].sum() * random.uniform(0.97, 1.03)
        rows.append((total(*cell[:, year].tolist()), share, share))
        members = random.random(regions) < 0.3
        share = reference[members, year].sum()
        rows.append((total(*cell[members, year].tolist()), 0.9 * share, 1.02 * share))
    for region in range(regions):
        share = reference[region].sum()
        rows.append((total(*cell[region].tolist()), 0.95 * share, 1.05 * share))
        rows.append((total(int(cell[region, 0])), 1.02 * base[region], 1.4 * base[region]))
        for before, after in zip(
            cell[region, :-1].tolist(), cell[region, 1:].tolist(), strict=True
        ):
            rows.append(({before: -1.02, after: 1.0}, 0, inf))
            rows.append(({before: -1.4, after: 1.0}, -inf, 0))
    return problem(reference.ravel().tolist(), rows)


def test_hot_restarts_give_what_cold_ones_give() -> None:
    asked = crossing(30, 4)
    hot, cold = leximin_by_programs(asked, Highs()), leximin_by_programs(asked, Cold())
    assert hot is not None
    assert cold is not None
    assert hot.programs > 30
    np.testing.assert_allclose(hot.x, cold.x, rtol=1e-12)
    np.testing.assert_allclose(hot.x, choose(asked, WithoutDuals()), rtol=1e-9)


class Counting(Highs):
    """HiGHS that counts what it solves."""

    solved = 0

    def solve(self, program: Program, *, cold: bool = False) -> Result:
        self.solved += 1
        return super().solve(program, cold=cold)


def test_the_programs_of_all_components_are_counted() -> None:
    parts = 0
    for seed in range(20):
        asked, counting = random_problem(seed), Counting()
        found = answer(asked, solver=counting, closed=False)
        if isinstance(found, Solution):
            assert found.programs == counting.solved > 0
            parts += found.route.count(PROGRAMS) > 1
    assert parts


def test_other_solvers_give_the_same_where_sums_cross() -> None:
    asked = crossing(8, 3)
    np.testing.assert_allclose(choose(asked, open_solver("cbc")), choose(asked), rtol=1e-9)


def test_cells_that_share_a_level_are_settled_together() -> None:
    """A hundred regions, each with a rule of its own that takes it to the same burden."""
    rows = [({2 * k: 1.0, 2 * k + 1: -1.0}, -inf, 0) for k in range(100)]
    chosen = leximin_by_programs(problem([3, 1] * 100, rows), Highs())
    assert chosen is not None
    np.testing.assert_allclose(chosen.x, [1.5] * 200, rtol=1e-12)
    assert chosen.programs < 10


def test_parts_that_nothing_ties_give_what_the_whole_gives() -> None:
    one, other = crossing(6, 3, seed=1), crossing(5, 2, seed=4)
    rows = []
    for part, shift in ((one, 0), (other, one.size)):
        matrix = part.rules.matrix
        for row in range(len(part.rules)):
            entries = range(matrix.start[row], matrix.start[row + 1])
            parts = {int(matrix.column[k]) + shift: float(matrix.value[k]) for k in entries}
            rows.append((parts, part.rules.lower[row], part.rules.upper[row]))
    whole = problem(
        [*one.reference, *other.reference], rows, indicator=[0] * one.size + [1] * other.size
    )
    x = choose(whole)
    for component, part in enumerate((one, other)):
        columns = component_columns(whole, component)
        np.testing.assert_allclose(x[columns], choose(part), rtol=1e-11)
        np.testing.assert_allclose(x[columns], choose(part_of(whole, columns)), rtol=1e-11)


def test_a_part_leaves_out_rules_of_others() -> None:
    asked = problem([1, 2, 3], [(total(0, 1), 3, 3), (total(1, 2), 5, 5), (total(2), 1, 4)])
    part = part_of(asked, np.array([2, 1]))
    np.testing.assert_array_equal(part.reference, [3, 2])
    np.testing.assert_array_equal(part.rules.lower, [5, 1])
    np.testing.assert_array_equal(part.rules.matrix.dot(np.array([10.0, 1.0])), [11, 10])
    assert asked.size == 3


@pytest.mark.parametrize(
    "rows",
    [
        [(total(0, 1), 5.0, 5.0), (total(0), 0.0, 2.0), (total(1), 0.0, 2.0)],
        [(total(0, 1), 5.0, 5.0), (total(0), 2.0, 2.0), (total(1), 2.0, 2.0)],
        [(total(0), 5.0, inf), (total(0), 0.0, 2.0)],
        [({}, 1.0, inf)],
    ],
)
def test_rules_that_cannot_hold_together(rows: list[tuple[dict[int, float], float, float]]) -> None:
    for rule in (leximin_by_programs, least_absolute, least_squares):
        assert rule(problem([1, 1], rows), Highs()) is None


class Failing:
    """Fails some programs from hot, and from cold as well if it is told to."""

    name = "failing"

    def __init__(self, status: Status, *, always: bool) -> None:
        self._highs, self._status, self._always, self._asked = Highs(), status, always, 0

    def solve(self, program: Program, *, cold: bool = False) -> Result:
        self._asked += not cold
        if self._asked == 2 and (self._always or not cold):
            return Result.without_point(program, self._status)
        return self._highs.solve(program, cold=cold)


@pytest.mark.parametrize("status", [Status.FAILED, Status.INFEASIBLE, Status.LIMIT])
def test_a_stage_that_fails_is_solved_once_more_from_cold(status: Status) -> None:
    asked = crossing(4, 2)
    x = choose(asked, Failing(status, always=False))
    np.testing.assert_allclose(x, choose(asked), rtol=1e-12)


@pytest.mark.parametrize("status", [Status.FAILED, Status.INFEASIBLE, Status.LIMIT])
def test_a_stage_that_fails_twice_is_an_error(status: Status) -> None:
    with pytest.raises(SolverError) as caught:
        leximin_by_programs(crossing(4, 2), Failing(status, always=True))
    assert caught.value.code == "solver_stage"
    assert caught.value.data["program"] == 2
    assert caught.value.data["status"] == status.value


def test_an_answer_that_breaks_a_rule_is_an_error() -> None:
    class Wrong(Cold):
        def solve(self, program: Program, *, cold: bool = False) -> Result:
            result = super().solve(program, cold=cold)
            return replace(result, x=result.x + 0.01)

    with pytest.raises(SolverError) as caught:
        leximin_by_programs(problem([15] * 4, [(total(0, 1, 2, 3), 70, 70)]), Wrong())
    assert caught.value.code == "solver_answer"


# The other rules.


def settled_before(asked: Problem) -> tuple[exact_leximin.Program, list[Fraction]] | None:
    """Return the problem with its figures and its cells with reference 0 settled, exactly."""
    program, size = in_fractions(asked)
    point = exact_leximin.leximin(program)
    if point is None:
        return None
    rows: list[Row] = list(program.rows)
    for parts, _ in program.figures:
        value = sum((part * point[cell] for cell, part in parts.items()), Fraction())
        rows.append((parts, value, value))
    zeros = [cell for cell, reference in enumerate(program.references) if reference == 0]
    rows += [({cell: Fraction(1)}, point[cell], point[cell]) for cell in zeros]
    return replace(program, rows=rows, figures=()), size


def exact_least_absolute(asked: Problem) -> Floats | None:
    """Return the leximin among the optima: their face is written out, sign by sign."""
    settled = settled_before(asked)
    if settled is None:
        return None
    program, size = settled
    own = [cell for cell, reference in enumerate(program.references) if reference]
    rows = list(program.rows)
    for cell in own:
        reference = program.references[cell]
        rows.append(({cell: 1, program.n + cell: -1}, None, reference))
        rows.append(({cell: 1, program.n + cell: 1}, reference, None))
    least = solve_lp(
        {program.n + cell: 1 for cell in own},
        rows,
        lower=[None if cell in program.signed else 0 for cell in range(program.n)]
        + [0] * program.n,
        upper=[None] * (2 * program.n),
    ).value
    assert least is not None
    face: list[Row] = [
        (
            dict(zip(own, signs, strict=True)),
            None,
            least + sum(s * program.references[c] for s, c in zip(signs, own, strict=True)),
        )
        for signs in product((1, -1), repeat=len(own))
    ]
    point = exact_leximin.leximin(replace(program, rows=[*program.rows, *face]))
    assert point is not None
    return np.array([float(cell * unit) for cell, unit in zip(point, size, strict=True)])


def test_least_absolute_is_exact() -> None:
    for seed in range(200):
        asked = random_problem(seed, most=5)
        expected, chosen = exact_least_absolute(asked), least_absolute(asked, Highs())
        assert (chosen is None) == (expected is None), seed
        if chosen is not None and expected is not None:
            assert relative_error(chosen.x, expected) < 1e-9, seed


def test_least_absolute_with_another_solver() -> None:
    for seed in range(10):
        asked = random_problem(seed, most=5)
        expected, chosen = exact_least_absolute(asked), least_absolute(asked, open_solver("cbc"))
        assert (chosen is None) == (expected is None), seed
        if chosen is not None and expected is not None:
            assert relative_error(chosen.x, expected) < 1e-9, seed


def test_least_absolute_shares_what_its_sum_leaves_open() -> None:
    asked = problem([15] * 4, [(total(0, 1, 2, 3), 60, 60), (total(0), -inf, 11)])
    expected = [11, 49 / 3, 49 / 3, 49 / 3]
    np.testing.assert_allclose(choose(asked, rule=least_absolute), expected, rtol=1e-12)


def test_least_absolute_puts_the_whole_change_where_its_sum_is_least() -> None:
    """One unit of the first cell counts for two sums; leximin would move all three."""
    asked = problem([10, 10, 10], [(total(0, 1), -inf, 18), (total(0, 2), -inf, 18)])
    np.testing.assert_allclose(choose(asked, rule=least_absolute), [8, 10, 10], rtol=1e-12)
    np.testing.assert_allclose(choose(asked), [9, 9, 9], rtol=1e-12)


def test_least_absolute_needs_duals() -> None:
    asked = problem([15] * 2, [(total(0, 1), 40, 40)])
    with pytest.raises(SolverError) as caught:
        least_absolute(asked, WithoutDuals())
    assert caught.value.code == "solver_duals"


def test_least_squares_spreads_by_reference() -> None:
    asked = problem([10, 20, 30], [(total(0, 1, 2), 66, 66)])
    np.testing.assert_allclose(choose(asked, rule=least_squares), [11, 22, 33], rtol=1e-12)
    capped = problem([10, 20, 30], [(total(0, 1, 2), 66, 66), (total(2), -inf, 30)])
    np.testing.assert_allclose(choose(capped, rule=least_squares), [12, 24, 30], rtol=1e-12)


def can_be_bettered(asked: Problem, x: Floats) -> Fraction | None:
    """Return how much the squares fall along the best direction from x, to first order."""
    settled = settled_before(asked)
    assert settled is not None
    program, size = settled
    point = [Fraction(value) / unit for value, unit in zip(x, size, strict=True)]
    slope = {
        cell: 2 * (point[cell] - reference) / reference
        for cell, reference in enumerate(map(Fraction, program.references))
        if reference
    }
    near = solve_lp(
        slope,
        program.rows,
        lower=[
            here - 1 if cell in program.signed else max(Fraction(), here - 1)
            for cell, here in enumerate(point)
        ],
        upper=[here + 1 for here in point],
    )
    if near.value is None:
        return None
    return sum((part * point[cell] for cell, part in slope.items()), Fraction()) - near.value


def test_least_squares_cannot_be_bettered() -> None:
    for seed in range(200):
        asked = random_problem(seed)
        chosen = least_squares(asked, Highs())
        if chosen is None:
            assert exact(asked) is None
            continue
        gain = can_be_bettered(asked, chosen.x)
        assert gain is not None, seed
        assert gain < 1e-9, seed


def test_least_squares_where_sums_cross() -> None:
    asked = crossing(20, 3)
    x = choose(asked, rule=least_squares)
    rules = asked.rules
    value = rules.matrix.dot(x)
    assert (value >= rules.lower - 1e-9).all()
    assert (value <= rules.upper + 1e-9).all()
    slope = 2 * (x - asked.reference) / asked.reference
    near = Highs().solve(
        Program(slope, np.zeros(asked.size), 2 * x, rules.matrix, rules.lower, rules.upper)
    )
    assert slope @ x - near.objective < 1e-8 * asked.reference.sum()


def test_least_squares_with_another_solver() -> None:
    asked = crossing(6, 3, seed=1)
    x = choose(asked, open_solver("cbc"), rule=least_squares)
    np.testing.assert_allclose(x, choose(asked, rule=least_squares), rtol=1e-11)


def on_simplex(point: Floats, total: float) -> Floats:
    """Project a point onto the vectors at least 0 that add up to a total."""
    ranked = np.sort(point)[::-1]
    shift = (np.cumsum(ranked) - total) / np.arange(1, len(point) + 1)
    return np.asarray(np.maximum(point - shift[ranked > shift][-1], 0))


def test_projects_onto_a_simplex() -> None:
    count = 40
    for seed in range(30):
        point = np.random.default_rng(seed).normal(size=count)
        rows = Matrix.stack(
            [
                Matrix(np.array([0, count]), np.arange(count), np.ones(count)),
                Matrix(np.arange(count + 1), np.arange(count), np.ones(count)),
            ]
        )
        # In columns y = x - point.
        lower = np.append(1 - point.sum(), -point)
        upper = np.append(1 - point.sum(), np.full(count, inf))
        nearest = nearest_to_origin(Polyhedron.within(rows, lower, upper, count))
        assert nearest is not None
        np.testing.assert_allclose(point + nearest, on_simplex(point, 1.0), atol=1e-12)


@pytest.mark.parametrize(("filled", "most"), [(1.0, 6), (0.3, 2)])
def test_no_point_of_a_polyhedron_is_nearer(filled: float, most: int) -> None:
    """Also where most constraints share no column, so that they stay apart."""
    rng, solver, count, found = np.random.default_rng(1), Highs(), 6, 0
    for _ in range(150):
        normals = rng.integers(-3, 4, (14, count)).astype(float)
        normals *= rng.random(normals.shape) < filled
        bound, none = rng.integers(-3, most, 14).astype(float), np.full(14, inf)
        row, column = np.nonzero(normals)
        rows = Matrix.collect(row, column, normals[row, column], rows=14, size=count)
        y = nearest_to_origin(Polyhedron.within(rows, bound, none, count))
        free = np.full(count, inf)
        # the nearest point is where all others lie beyond the plane through it, across y
        cost = np.zeros(count) if y is None else y
        beyond = solver.solve(Program(cost, -free, free, rows, bound, none), cold=True)
        assert (y is None) == (beyond.status is Status.INFEASIBLE)
        if y is not None:
            found += 1
            assert (normals @ y >= bound - 1e-8).all()
            assert beyond.objective == pytest.approx(y @ y, abs=1e-6)
    assert found > 30


def test_no_point_of_a_large_polyhedron_is_nearer() -> None:
    """Many regions, held together by sums of years, with growth limits and boxes."""
    rng, solver, regions, years = np.random.default_rng(3), Highs(), 60, 3
    count = regions * years
    cells = np.arange(count).reshape(regions, years)
    sums = Matrix(regions * np.arange(years + 1), cells.T.ravel(), np.ones(count))
    pairs = np.stack([cells[:, :-1].ravel(), cells[:, 1:].ravel()], axis=1)
    growth = Matrix(2 * np.arange(len(pairs) + 1), pairs.ravel(), np.tile([-1.1, 1.0], len(pairs)))
    own = Matrix(np.arange(count + 1), np.arange(count), np.ones(count))
    for _ in range(6):
        inside = rng.normal(size=count)
        rows = Matrix.stack([sums, growth, own])
        at = rows.dot(inside)
        room = [0.5 * rng.random((2, len(part))) for part in (growth, own)]
        below, above = np.concatenate([np.zeros((2, years)), *room], axis=1)
        y = nearest_to_origin(Polyhedron.within(rows, at - below, at + above, count))
        assert y is not None
        free = np.full(count, inf)
        beyond = solver.solve(Program(y, -free, free, rows, at - below, at + above), cold=True)
        np.testing.assert_array_less(at - below - 1e-9, rows.dot(y))
        np.testing.assert_array_less(rows.dot(y), at + above + 1e-9)
        assert beyond.objective == pytest.approx(y @ y, rel=1e-8)


def test_projects_onto_nothing() -> None:
    rows = Matrix(np.array([0, 2, 4]), np.array([0, 1, 0, 1]), np.ones(4))
    empty = Polyhedron.within(rows, np.array([1.0, -inf]), np.array([inf, 0.0]), 2)
    assert nearest_to_origin(empty) is None
    whole = Polyhedron.within(rows, np.array([-1.0, -inf]), np.array([inf, 0.0]), 2)
    np.testing.assert_array_equal(nearest_to_origin(whole), [0, 0])


@pytest.mark.parametrize("rule", [leximin_by_programs, least_absolute, least_squares])
def test_what_is_asked_is_not_changed(rule: Rule) -> None:
    asked = crossing(4, 3)
    before = [
        part.copy() for part in (asked.reference, asked.rules.lower, asked.rules.matrix.value)
    ]
    choose(asked, rule=rule)
    after = (asked.reference, asked.rules.lower, asked.rules.matrix.value)
    for one, other in zip(before, after, strict=True):
        np.testing.assert_array_equal(one, other)
