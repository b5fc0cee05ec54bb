"""The oracles themselves: hand-worked answers, and random programs against another solver."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import pairwise, product
from math import floor

import highspy
import pytest

from tests.oracles.exact_leximin import Program, burdens, leximin
from tests.oracles.fractions_lp import Answer, Bound, Exact, ExactProgram, Row, solve_lp
from tests.oracles.tables import Best, Part, Sum, Tie, best_table, choices, sum_near

# ---- linear programs ---------------------------------------------------------------------


def test_corner_of_a_textbook_program() -> None:
    rows: list[Row] = [({0: 1, 1: 1}, None, 4), ({0: 1, 1: 3}, None, 6), ({0: 1}, None, 3)]
    answer = solve_lp({0: 3, 1: 2}, rows, lower=[0, 0], upper=[None, None], maximise=True)
    assert answer == Answer("optimal", Fraction(11), (Fraction(3), Fraction(1)))


def test_answers_are_fractions_not_floats() -> None:
    rows: list[Row] = [({0: 3, 1: 1}, 1, None), ({0: 1, 1: 3}, 1, None)]
    answer = solve_lp({0: 1, 1: 1}, rows, lower=[0, 0], upper=[None, None])
    assert answer == Answer("optimal", Fraction(1, 2), (Fraction(1, 4), Fraction(1, 4)))


def test_free_variables_and_equalities() -> None:
    rows: list[Row] = [({0: 1, 1: 1}, 2, 2), ({0: 1, 1: -1}, None, 7)]
    answer = solve_lp({1: 1}, rows, lower=[None, None], upper=[None, None])
    assert answer == Answer("optimal", Fraction(-5, 2), (Fraction(9, 2), Fraction(-5, 2)))


@pytest.mark.parametrize(
    "rows",
    [
        [({0: 1, 1: 1}, None, 1), ({0: 1, 1: 1}, 2, None)],
        [({0: -2}, 2, None)],  # x ≤ −1 against x ≥ 0
        [({0: 1, 1: 1}, 3, 2)],
        [({}, 1, None)],
        [({0: 0, 1: 0}, None, -1)],
    ],
)
def test_infeasible(rows: list[Row]) -> None:
    assert solve_lp({0: 1}, rows, lower=[0, 0], upper=[None, None]) == Answer("infeasible")


def test_unbounded_one_way_only() -> None:
    program = ExactProgram([({0: 1, 1: -1}, -1, 1)], lower=[0, 0], upper=[None, None])
    assert program.optimum({0: 1, 1: 1}, maximise=True) == Answer("unbounded")
    assert program.optimum({0: 1, 1: 1}).value == 0


def test_beales_cycle_ends() -> None:
    rows: list[Row] = [
        ({0: Fraction(1, 4), 1: -60, 2: Fraction(-1, 25), 3: 9}, None, 0),
        ({0: Fraction(1, 2), 1: -90, 2: Fraction(-1, 50), 3: 3}, None, 0),
        ({2: 1}, None, 1),
    ]
    cost: dict[int, Exact] = {0: Fraction(-3, 4), 1: 150, 2: Fraction(-1, 50), 3: 6}
    answer = solve_lp(cost, rows, lower=[0] * 4, upper=[None] * 4)
    assert answer == Answer(
        "optimal", Fraction(-1, 20), (Fraction(1, 25), Fraction(0), Fraction(1), Fraction(0))
    )


class _Random:
    """A small random program: many are infeasible, unbounded or degenerate."""

    def __init__(self, rng: random.Random) -> None:
        self.size = rng.randint(1, 7)
        self.lower: list[Bound] = [
            rng.choice([None, 0, 0, -rng.randint(0, 5)]) for _ in range(self.size)
        ]
        self.upper: list[Bound] = [
            rng.choice([None, (low or 0) + rng.randint(0, 9)]) for low in self.lower
        ]
        self.rows: list[Row] = []
        for _ in range(rng.randint(0, 9)):
            cells = rng.sample(range(self.size), rng.randint(1, self.size))
            low: Bound = rng.choice([None, rng.randint(-9, 9)])
            high: Bound = rng.choice([None, (low or 0) + rng.randint(0, 6)])
            self.rows.append(({cell: rng.randint(-4, 4) for cell in cells}, low, high))
        self.cost = {cell: rng.randint(-4, 4) for cell in range(self.size)}
        self.maximise = rng.random() < 0.5

    def exact(self) -> Answer:
        return solve_lp(
            self.cost, self.rows, lower=self.lower, upper=self.upper, maximise=self.maximise
        )

    def by_highs(self, reach: float = highspy.kHighsInf) -> tuple[highspy.HighsModelStatus, float]:
        """Return HiGHS's status and value with every cell within ±reach."""
        highs = highspy.Highs()  # type: ignore[no-untyped-call] # untyped package
        highs.silent()
        for cell, (low, high) in enumerate(zip(self.lower, self.upper, strict=True)):
            highs.addVar(*_ends(low, high, reach))
            highs.changeColCost(cell, self.cost[cell])
        for coefficients, low, high in self.rows:
            parts = {cell: float(part) for cell, part in coefficients.items() if part}
            highs.addRow(*_ends(low, high), len(parts), list(parts), list(parts.values()))
        sense = highspy.ObjSense.kMaximize if self.maximise else highspy.ObjSense.kMinimize
        highs.changeObjectiveSense(sense)
        highs.run()
        return highs.getModelStatus(), highs.getInfo().objective_function_value

    def keeps_rules(self, point: Sequence[Fraction]) -> bool:
        cells: list[Row] = [
            ({cell: 1}, *ends) for cell, ends in enumerate(zip(self.lower, self.upper, strict=True))
        ]
        return all(
            (low is None or low <= _dot(coefficients, point))
            and (high is None or _dot(coefficients, point) <= high)
            for coefficients, low, high in [*self.rows, *cells]
        )


def _ends(low: Bound, high: Bound, reach: float = highspy.kHighsInf) -> tuple[float, float]:
    return (-reach if low is None else float(low), reach if high is None else float(high))


def _dot(coefficients: Mapping[int, Exact], point: Sequence[Fraction]) -> Fraction:
    return sum((part * point[cell] for cell, part in coefficients.items()), Fraction())


def test_random_programs_against_highs() -> None:
    rng = random.Random(20151)
    optimal, infeasible = (
        highspy.HighsModelStatus.kOptimal,
        highspy.HighsModelStatus.kInfeasible,
    )
    counts = {"optimal": 0, "infeasible": 0, "unbounded": 0}
    for _ in range(600):
        program = _Random(rng)
        answer = program.exact()
        counts[answer.status] += 1
        if answer.status == "infeasible":
            assert program.by_highs()[0] == infeasible
        elif answer.status == "optimal":
            status, value = program.by_highs()
            assert status == optimal
            assert answer.point is not None
            assert answer.value is not None
            assert program.keeps_rules(answer.point)
            assert _dot(program.cost, answer.point) == answer.value
            assert float(answer.value) == pytest.approx(value, abs=1e-7)
        else:
            # HiGHS has called unbounded programs infeasible or unknown: widen a box instead.
            (near, little), (far, much) = program.by_highs(1e3), program.by_highs(1e5)
            assert near == far == optimal
            assert (much - little) * (1 if program.maximise else -1) > 1e3
    assert min(counts.values()) > 60


def test_neither_start_nor_earlier_questions_change_an_optimum() -> None:
    rng = random.Random(20152)
    for _ in range(150):
        program = _Random(rng)
        begin = [Fraction(rng.randint(-20, 20), 3) for _ in range(program.size)]
        asked = ExactProgram(program.rows, lower=program.lower, upper=program.upper, start=begin)
        for _ in range(3):
            program.cost = {cell: rng.randint(-4, 4) for cell in range(program.size)}
            fresh = program.exact()
            again = asked.optimum(program.cost, maximise=program.maximise)
            assert (again.status, again.value) == (fresh.status, fresh.value)


# ---- leximin -----------------------------------------------------------------------------


def _exactly(*values: Exact) -> list[Fraction]:
    return [Fraction(value) for value in values]


def _sum(cells: Sequence[int], total: Exact) -> Row:
    return dict.fromkeys(cells, 1), total, total


def test_one_of_four_equals_is_capped() -> None:
    program = Program(4, [15] * 4, [_sum(range(4), 60), ({0: 1}, None, 11)])
    assert leximin(program) == _exactly(11, Fraction(49, 3), Fraction(49, 3), Fraction(49, 3))


def test_tight_in_one_corner_proves_nothing() -> None:
    # The second indicator's largest burden is that of the first, 4/15.
    rows = [
        _sum(range(4), 60),
        ({0: 1}, None, 11),
        _sum([4, 5], 20),
        ({4: 1}, None, Fraction(22, 3)),
    ]
    program = Program(6, [15] * 4 + [10] * 2, rows)
    answer = leximin(program)
    assert answer == [
        11,
        Fraction(49, 3),
        Fraction(49, 3),
        Fraction(49, 3),
        Fraction(22, 3),
        Fraction(38, 3),
    ]
    assert burdens(program, answer).others == [
        Fraction(4, 15),
        *[Fraction(4, 45)] * 3,
        Fraction(4, 15),
        Fraction(4, 15),
    ]


A1, A2, B1, B2 = range(4)
PART_OF: list[Row] = [({A1: 1, B1: -1}, None, 0), ({A2: 1, B2: -1}, None, 0)]
SUMS = [_sum([A1, A2], 80), _sum([B1, B2], 100)]
REFERENCES = [60, 20, 50, 50]


def test_part_of_settled_jointly() -> None:
    program = Program(4, REFERENCES, [*SUMS, *PART_OF])
    answer = leximin(program)
    assert answer == [
        Fraction(400, 7),
        Fraction(160, 7),
        Fraction(400, 7),
        Fraction(300, 7),
    ]  # 57.1/22.9 and 57.1/42.9
    assert burdens(program, answer).others == [
        Fraction(1, 21),
        Fraction(1, 7),
        Fraction(1, 7),
        Fraction(1, 7),
    ]


@pytest.mark.parametrize(
    ("first", "answer"), [([A1, A2], [60, 20, 60, 40]), ([B1, B2], [50, 30, 50, 50])]
)
def test_part_of_settled_one_after_the_other(first: list[int], answer: list[int]) -> None:
    # Alone, the indicator that goes first keeps its references: both orders differ from jointly.
    settled: list[Row] = [({cell: 1}, REFERENCES[cell], REFERENCES[cell]) for cell in first]
    assert leximin(Program(4, REFERENCES, [*SUMS, *PART_OF, *settled])) == _exactly(*answer)


def test_cells_with_reference_zero_are_settled_before_the_rest() -> None:
    rows = [_sum(range(4), 10), ({0: 1}, None, 4), ({1: 1}, None, 4)]
    program = Program(4, [5, 5, 0, 0], rows)
    assert leximin(program) == _exactly(4, 4, 1, 1)
    # Burdens alone leave the third cell anywhere in 0–2.
    others = [burdens(program, (4, 4, third, 2 - third)).others for third in (0, 1, 2)]
    assert others == [[Fraction(1, 5), Fraction(1, 5)]] * 3


def test_zero_cells_take_only_what_is_forced() -> None:
    # The reserve stays at 0 although a share of its own would make the burdens smaller.
    assert leximin(Program(3, [4, 4, 0], [_sum(range(3), 10)])) == _exactly(5, 5, 0)
    assert leximin(Program(3, [4, 4, 0], [_sum(range(3), 10), ({2: 1}, 3, None)])) == _exactly(
        Fraction(7, 2), Fraction(7, 2), 3
    )


def test_signed_zero_cells_are_small_either_way() -> None:
    rows: list[Row] = [_sum(range(3), -6), ({1: 1}, -1, None)]
    program = Program(3, [0, 0, 5], rows, signed=frozenset({0, 1}))
    assert leximin(program) == _exactly(-5, -1, 0)


def test_infeasible_plan() -> None:
    rows = [_sum([0, 1], 92), ({0: 1}, None, 40), ({1: 1}, None, 45)]
    assert leximin(Program(2, [46, 46], rows)) is None


def test_figure_that_cannot_be_reached_is_neared() -> None:
    boxes: list[Row] = [({0: 1}, None, 40), ({1: 1}, None, 45)]
    program = Program(2, [46, 46], boxes, [({0: 1, 1: 1}, 92)])
    assert leximin(program) == _exactly(40, 45)
    assert burdens(program, [40, 45]).figures == [Fraction(7, 92)]


def test_at_least_hands_out_its_figure_unless_more_is_forced() -> None:
    at_least: Row = ({0: 1, 1: 1}, 22, None)
    figure = [({0: 1, 1: 1}, 22)]
    assert leximin(Program(2, [30, 30], [at_least], figure)) == _exactly(11, 11)
    floors: list[Row] = [({0: 1}, 15, None), ({1: 1}, 10, None)]
    assert leximin(Program(2, [11, 11], [at_least, *floors], figure)) == _exactly(15, 10)


def test_figures_that_disagree_share_the_deviation() -> None:
    # 10(1 + s) + 10(1 + s) = 30(1 − s): s = 1/5.
    figures = [({0: 1}, 10), ({1: 1}, 10), ({0: 1, 1: 1}, 30)]
    program = Program(2, [10, 20], figures=figures)
    assert leximin(program) == _exactly(12, 12)
    assert burdens(program, [12, 12]).figures == [Fraction(1, 5)] * 3


def test_figures_are_leximin_not_only_minimax() -> None:
    # The first sum cannot come nearer than 1/2; the second still reaches its figure.
    rows: list[Row] = [({0: 1}, None, 5), ({1: 1}, None, 12)]
    program = Program(2, [10, 10], rows, [({0: 1}, 10), ({1: 1}, 10)])
    assert leximin(program) == _exactly(5, 10)


def test_growth_pair_meets_its_closed_form() -> None:
    # (r_j − h·r_i) / (r_j + h·r_i) with r = 10, 20 and h = 3/2: 1/7.
    program = Program(2, [10, 20], [({1: 1, 0: Fraction(-3, 2)}, None, 0)])
    assert leximin(program) == _exactly(Fraction(80, 7), Fraction(120, 7))


def test_program_refuses_what_has_no_burden() -> None:
    with pytest.raises(ValueError, match="2 references for 3 cells"):
        Program(3, [1, 2])
    with pytest.raises(ValueError, match="a figure of 0"):
        Program(1, [1], figures=[({0: 1}, 0)])


def _clipped(
    references: list[int], boxes: list[tuple[int, int]], total: Fraction
) -> list[Fraction]:
    """Return clip(λ · reference) with the λ, from the sorted breakpoints, that meets the total."""

    def at(scale: Fraction) -> list[Fraction]:
        return [
            min(max(scale * ref, Fraction(low)), Fraction(high))
            for ref, (low, high) in zip(references, boxes, strict=True)
        ]

    ends = {Fraction(end, ref) for ref, box in zip(references, boxes, strict=True) for end in box}
    points = sorted(ends)
    for left, right in pairwise(points):
        low, high = sum(at(left)), sum(at(right))
        if low <= total <= high:
            share = (total - low) / (high - low) if high > low else Fraction(0)
            return at(left + share * (right - left))
    raise AssertionError("the total is outside the boxes")


def test_sums_and_boxes_meet_their_closed_form() -> None:
    rng = random.Random(20153)
    for _ in range(60):
        size = rng.randint(2, 7)
        references = [rng.randint(1, 9) for _ in range(size)]
        boxes = [(low := rng.randint(0, 6), low + rng.randint(1, 8)) for _ in range(size)]
        least, most = (sum(end) for end in zip(*boxes, strict=True))
        total = Fraction(rng.randint(3 * least, 3 * most), 3)
        rows: list[Row] = [({cell: 1}, *box) for cell, box in enumerate(boxes)]
        program = Program(size, references, [*rows, _sum(range(size), total)])
        assert leximin(program) == _clipped(references, boxes, total)


def _random_plan(rng: random.Random) -> Program:
    """Two indicators, one part of the other, over a few regions and two years, tightly ruled."""
    regions = rng.randint(2, 3)
    size = 4 * regions
    references = [rng.choice([0, *range(1, 9), *range(1, 9)]) for _ in range(size)]
    blocks = [range(start, start + regions) for start in range(0, size, regions)]
    rows: list[Row] = [({cell: 1}, None, rng.randint(2, 12)) for cell in range(size)]
    growth = Fraction(rng.randint(8, 16), 10)
    for region in range(regions):
        for indicator in (0, 2):
            before, after = blocks[indicator][region], blocks[indicator + 1][region]
            rows.append(({after: 1, before: -growth}, None, 0))
        rows += [
            ({blocks[year][region]: 1, blocks[2 + year][region]: -1}, None, 0) for year in (0, 1)
        ]
    figures = [(dict.fromkeys(block, 1), rng.randint(4, 6 * regions)) for block in blocks]
    if rng.random() < 0.5:
        rows.append((figures[0][0], Fraction(figures[0][1]), None))
    return Program(size, references, rows, figures)


def test_nothing_feasible_is_better() -> None:
    rng = random.Random(20154)
    solved = 0
    for _ in range(40):
        program = _random_plan(rng)
        answer = leximin(program)
        if answer is None:
            continue
        solved += 1
        ranked = burdens(program, answer).ranked
        corners = ExactProgram(program.rows, lower=[0] * program.n, upper=[None] * program.n)
        for _ in range(12):
            corner = corners.optimum({cell: rng.randint(-9, 9) for cell in range(program.n)})
            assert corner.point is not None
            for part in (Fraction(1), Fraction(1, 2), Fraction(1, 1000)):
                point = [x + part * (y - x) for x, y in zip(answer, corner.point, strict=True)]
                assert ranked <= burdens(program, point).ranked
    assert solved > 25


def test_order_and_units_do_not_matter() -> None:
    rng = random.Random(20155)
    for _ in range(15):
        program = _random_plan(rng)
        order = rng.sample(range(program.n), program.n)
        unit = Fraction(rng.randint(1, 50), 7)
        turned = Program(
            program.n,
            [unit * program.references[order.index(cell)] for cell in range(program.n)],
            [
                (
                    {order[cell]: part for cell, part in coefficients.items()},
                    None if low is None else low * unit,
                    None if high is None else high * unit,
                )
                for coefficients, low, high in reversed(program.rows)
            ],
            [
                ({order[cell]: part for cell, part in coefficients.items()}, figure * unit)
                for coefficients, figure in reversed(program.figures)
            ],
        )
        one, other = leximin(program), leximin(turned)
        if one is None:
            assert other is None
        else:
            assert other is not None
            assert one == [other[order[cell]] / unit for cell in range(program.n)]


# ---- tables ------------------------------------------------------------------------------


def _steps(*values: str) -> list[Fraction]:
    return [Fraction(value) for value in values]


def _best(worst: str, distance: str, *table: int) -> Best:
    return Best(Fraction(worst), Fraction(distance), table)


def test_three_sums_around_a_triangle_have_no_table() -> None:
    exact = _steps("1/2", "1/2", "1/2")
    sums = [Sum((0, 1), 1, 1), Sum((1, 2), 1, 1), Sum((0, 2), 1, 1)]
    assert best_table(exact, sums=sums) is None
    # One sum that moves by a step is enough, whichever and either way.
    assert best_table(exact, sums=[Sum((0, 1), 0, 0), *sums[1:]]) == _best("0", "3/2", 0, 0, 1)
    assert best_table(exact, sums=[*sums[:2], Sum((0, 2), 2, 2)]) == _best("0", "3/2", 1, 0, 1)


def test_nearest_table_keeps_the_sum() -> None:
    exact = _steps("0.9", "0.7", "0.4")
    assert best_table(exact, sums=[Sum((0, 1, 2), 2, 2)]) == _best("0", "0.8", 1, 1, 0)
    assert best_table(exact, sums=[Sum((0, 1, 2), None, 1)]) == _best("0", "1.2", 1, 0, 0)


def test_least_worst_excess_comes_before_distance() -> None:
    exact = _steps("1.1", "1.9")
    sums = [Sum((0, 1), 3, 3)]
    falls = Tie({1: 1, 0: -1}, 0)  # the second is at most the first
    near = Tie({0: 1, 1: Fraction(-3, 2)}, 0)  # the first is at most 1.5 times the second
    assert best_table(exact, sums=sums) == _best("0", "0.2", 1, 2)
    assert best_table(exact, sums=sums, ties=[falls]) == _best("0", "1.8", 2, 1)
    assert best_table(exact, sums=sums, ties=[falls, near]) == _best("1/2", "1.8", 2, 1)


def test_part_of_counts_in_steps() -> None:
    exact = _steps("1.25", "2.52")  # 12.5 by tens, 12.6 by fives
    part = Part(0, 1, child_step=10, parent_step=5)
    assert best_table(exact, parts=[part]) == _best("0", "0.73", 1, 3)
    assert best_table(exact, parts=[part], sums=[Sum((0,), 2, None)]) is None


def test_values_near_a_whole_number_stay_there() -> None:
    tiny = Fraction(1, 10**6)
    assert [choices(3 + tiny), choices(3 - tiny), choices(7)] == [(3,), (3,), (7,)]
    assert [choices(3 + 2 * tiny), choices(Fraction(-5, 2))] == [(3, 4), (-3, -2)]
    assert sum_near(_steps("1/3", "1/3", "1/3"), (0, 1, 2)) == Sum((0, 1, 2), 1, 1)
    assert sum_near(_steps("1/3", "1/3", "1/3"), (0, 1)) == Sum((0, 1), 0, 1)
    assert best_table([3 + tiny / 2], sums=[Sum((0,), 4, 4)]) is None


def test_sixteen_halves_are_all_tried() -> None:
    found = best_table(
        _steps("1/2") * 16, sums=[Sum(range(16), 8, 8)], ties=[Tie({0: 1, 15: 1}, 0)]
    )
    assert found == _best("0", "8", *[0] * 7, *[1] * 8, 0)


def test_random_tables_against_every_combination() -> None:
    rng = random.Random(20156)
    found_some = 0
    for _ in range(150):
        size = rng.randint(2, 6)
        exact = [Fraction(rng.randint(0, 40), rng.choice([1, 2, 5, 10])) for _ in range(size)]
        group = rng.sample(range(size), rng.randint(1, size))
        low, high = (value := floor(sum(exact[cell] for cell in group))), value + 1
        child, parent, one, other = (rng.randrange(size) for _ in range(4))
        limit = Fraction(rng.randint(-4, 4), 3)
        ranked = []
        for table in product(*(choices(value) for value in exact)):
            total = sum(table[cell] for cell in group)
            if low <= total <= high and 2 * table[child] <= 3 * table[parent]:
                gaps = [abs(number - value) for number, value in zip(table, exact, strict=True)]
                over = max(Fraction(0), table[one] + 2 * table[other] - limit)
                ranked.append((over, sum(gaps), table))
        found = best_table(
            exact,
            sums=[Sum(group, low, high)],
            parts=[Part(child, parent, 2, 3)],
            ties=[Tie({one: 1, other: 2} if one != other else {one: 3}, limit)],
        )
        if not ranked:
            assert found is None
        else:
            assert found is not None
            assert (found.worst, found.distance, found.table) == min(ranked)
            found_some += 1
    assert found_some > 60
