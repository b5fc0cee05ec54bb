"""Leximin without programs, or with few: plain cases, random parts against the certificate."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
from numpy.typing import ArrayLike

from benchmarks.instances import make_plan, with_noise
from decompose.build import build
from decompose.errors import InfeasibleError, SolverError
from decompose.fairness import choose
from decompose.fairness.agreement import agree
from decompose.fairness.chains import Chains
from decompose.fairness.closed_form import closed_form
from decompose.fairness.hybrid import Hybrid
from decompose.fairness.part import component_columns, part_of
from decompose.fairness.programs import leximin_by_programs
from decompose.labels import say
from decompose.plan import Plan
from decompose.problem import Floats, Ints, Problem
from decompose.solvers import Highs, Program, Result
from tests.oracles.level_certificate import Rules, faults, is_feasible
from tests.problems import Row, problem

YEARS = 4  # of random parts


def chains(
    reference: ArrayLike,
    *,
    lower: ArrayLike = 0.0,
    upper: ArrayLike = np.inf,
    present: ArrayLike = True,
    fall: ArrayLike = 0.0,
    rise: ArrayLike = np.inf,
    down: ArrayLike = -np.inf,
    up: ArrayLike = np.inf,
    block: ArrayLike | None = None,
    sums: ArrayLike = (),
    part: ArrayLike = 0,
) -> Chains:
    """Return chains with figures by cell or for all; each year is a block unless told."""
    shape = np.shape(np.asarray(reference))

    def full(values: ArrayLike) -> Floats:
        return np.array(np.broadcast_to(np.asarray(values, dtype=float), shape))

    return Chains(
        reference=full(reference),
        lower=full(lower),
        upper=full(upper),
        present=full(present).astype(bool),
        fall=full(fall),
        rise=full(rise),
        down=full(down),
        up=full(up),
        block=full(np.arange(shape[1]) if block is None else block).astype(np.int64),
        sums=np.asarray(sums, dtype=float),
        part=np.array(np.broadcast_to(np.asarray(part, dtype=np.int64), shape[:1])),
        weight=full(1.0),
    )


def rules(given: Chains, part: int) -> Rules:
    """Write one part as rows over its cells, in the order of its chains and years."""
    here = given.part == part
    present = given.present[here]
    number = np.where(present, np.cumsum(present).reshape(present.shape) - 1, -1)
    n = int(present.sum())
    rows: list[tuple[Floats, float, float]] = []
    for c, t in zip(*np.nonzero(present[:, 1:] & present[:, :-1]), strict=True):
        fall, rise = given.fall[here][c, t + 1], given.rise[here][c, t + 1]
        for factor, bounds in ((fall, (0.0, np.inf)), (rise, (-np.inf, 0.0))):
            if np.isfinite(factor):
                row = np.zeros(n)
                row[number[c, t + 1]] = 1.0
                row[number[c, t]] = -factor
                rows.append((row, *bounds))
        row = np.zeros(n)
        row[[number[c, t + 1], number[c, t]]] = 1.0, -1.0
        ramp = given.down[here][c, t + 1], given.up[here][c, t + 1]
        if np.isfinite(ramp).any():
            rows.append((row, *ramp))
    block = given.block[here][present]
    rows += [
        ((block == b).astype(float), given.sums[b], given.sums[b])
        for b in np.unique(block[block >= 0])
    ]
    return Rules(
        reference=given.reference[here][present],
        lower=given.lower[here][present],
        upper=given.upper[here][present],
        matrix=np.array([row for row, _, _ in rows]).reshape(len(rows), n),
        row_lower=np.array([low for _, low, _ in rows]),
        row_upper=np.array([high for _, _, high in rows]),
    )


def join(parts: list[Chains]) -> Chains:
    """Put parts side by side: one problem with independent parts."""
    blocks = np.cumsum([0, *(len(part.sums) for part in parts)])
    numbered = [
        replace(
            part,
            block=np.where(part.block < 0, -1, part.block + block),
            part=np.full_like(part.part, number),
        )
        for number, (part, block) in enumerate(zip(parts, blocks[:-1], strict=True))
    ]
    return Chains(
        *(
            np.concatenate([getattr(part, field.name) for part in numbered])
            for field in fields(Chains)
        )
    )


def cells(given: Chains, x: Floats, part: int) -> Floats:
    """Return the values of one part's cells, in the order of ``rules``."""
    values: Floats = x[(given.part == part)[:, np.newaxis] & given.present]
    return values


def random_part(rng: np.random.Generator, *, most: int = 5, ramped: bool = False) -> Chains:
    """Draw a part of few chains: often with ties, contradictions and bounds that just hold.

    Ramps may stand beside its growth limits, or instead of them.
    """
    n, years = int(rng.integers(1, most + 1)), int(rng.integers(1, YEARS + 1))
    shape = (n, YEARS)
    whole = rng.random() < 0.4  # small whole figures: ties everywhere

    def draw(low: float, high: float) -> Floats:
        if whole:
            return rng.integers(max(round(4 * low), 1), round(4 * high) + 1, shape) / 4.0
        return rng.uniform(low, high, shape)

    present = np.broadcast_to(np.arange(YEARS) < years, shape).copy()
    if rng.random() < 0.15:
        present &= rng.random(shape) < 0.85
        present[0, 0] = True
    linked = present.copy()
    linked[:, 0] = False
    linked[:, 1:] &= present[:, :-1] & (rng.random((n, YEARS - 1)) < rng.choice([0.0, 0.6, 1.0]))

    growth = draw(0.5, 1.5) if rng.random() < 0.5 else np.full(shape, 1.25)
    spread = rng.choice([0.0, 0.05, 0.5], p=[0.1, 0.5, 0.4])
    fall, rise = growth * (1 - spread), growth * (1 + spread)
    fall = np.where(linked & (rng.random(shape) < 0.85), fall, 0.0)
    rise = np.where(linked & (rng.random(shape) < 0.85), rise, np.inf)
    if rng.random() < 0.03:
        fall[:, -1], rise[:, -1] = 0.0, np.where(linked[:, -1], 0.0, np.inf)

    # A point that keeps the growth limits; boxes and sums are drawn around it.
    point = draw(0.5, 4.0)
    for t in range(1, YEARS):
        low, high = fall[:, t] * point[:, t - 1], np.minimum(rise[:, t], 1e9) * point[:, t - 1]
        inside = np.minimum(low + rng.random(n) * np.minimum(high - low, 2.0), high)
        tight = np.where((rng.random(n) < 0.5) & np.isfinite(rise[:, t]), high, low)
        inside = np.where(rng.random(n) < 0.3, tight, inside)
        point[:, t] = np.where(linked[:, t], inside, point[:, t])

    down, up = np.full((2, *shape), [[[-np.inf]], [[np.inf]]])
    if ramped:
        moved = np.diff(point, axis=1, prepend=np.nan)
        near = np.where(rng.random(shape) < 0.3, 0.0, draw(0.25, 1.0))
        down = np.where(linked & (rng.random(shape) < 0.6), moved - near, down)
        up = np.where(linked & (rng.random(shape) < 0.6), moved + near[::-1], up)
        if rng.random() < 0.5:
            fall, rise = np.zeros(shape), np.full(shape, np.inf)

    kind = rng.integers(4)
    if kind == 0:  # any references
        reference = draw(0.5, 4.0)
    elif kind == 1:  # near the point
        reference = point * rng.uniform(0.95, 1.05, shape)
    elif kind == 2:  # one rate of growth, with noise
        rate, noise = rng.uniform(0.8, 1.5), rng.choice([0.0, 0.05, 0.3])
        reference = draw(0.5, 4.0)[:, :1] * rate ** np.arange(YEARS)
        reference = reference * rng.uniform(1 - noise, 1 + noise, shape)
    else:  # equal
        reference = np.full(shape, 2.0)
    if rng.random() < 0.25:
        reference[rng.random(shape) < 0.3] = 0.0

    boxed = rng.random()
    near = np.where(rng.random(shape) < 0.3, 0.0, draw(0.25, 1.0))
    lower = np.where(rng.random(shape) < boxed, np.maximum(point - near, 0.0), 0.0)
    near = np.where(rng.random(shape) < 0.3, 0.0, draw(0.25, 1.0))
    upper = np.where(rng.random(shape) < boxed, point + near, np.inf)

    block = np.where(present, _random_blocks(rng, shape), -1)
    names, number = np.unique(block, return_inverse=True)
    block = number.reshape(shape).astype(np.int64) - int(names[0] == -1)
    inside = block >= 0
    sums = np.bincount(block[inside], point[inside], minlength=int(block.max()) + 1).astype(float)
    if rng.random() < 0.15:  # perhaps out of reach
        sums = sums * rng.uniform(0.7, 1.3, len(sums))

    scale = 10.0 ** rng.uniform(-3, 9)
    return chains(
        reference * scale,
        lower=lower * scale,
        upper=upper * scale,
        present=present,
        fall=fall,
        rise=rise,
        down=down * scale,
        up=up * scale,
        block=block,
        sums=sums * scale,
    )


def _random_blocks(rng: np.random.Generator, shape: tuple[int, int]) -> Ints:
    """Draw the sum in which each cell stands, or -1."""
    n, years = shape
    by_year = np.broadcast_to(np.arange(years), shape).copy()
    kind = rng.integers(6)
    if kind == 0:  # years, of all chains
        return by_year
    if kind == 1:  # years, of some chains only
        by_year[rng.random(n) < 0.3] = -1
        return by_year
    if kind == 2:  # some years
        return np.where(rng.random(years) < 0.6, by_year, -1)
    if kind == 3:  # all together, or each chain over the years
        together = np.zeros(shape, dtype=np.int64)
        return together if rng.random() < 0.5 else together + np.arange(n)[:, np.newaxis]
    if kind == 4:  # two years and two years
        return by_year // 2
    return rng.integers(-1, int(rng.integers(1, 5)), shape)


# Plain cases.


def solution(given: Chains) -> Floats:
    """Return the values, after a check that every part was solved and certified."""
    x, solved = closed_form(given)
    assert solved.all()
    for part in range(len(solved)):
        assert faults(rules(given, part), cells(given, x, part)) == []
    return x


def test_what_a_capped_region_leaves_is_shared_equally() -> None:
    given = chains([[15.0]] * 4, upper=[[99.0], [11.0], [99.0], [99.0]], sums=[60])
    assert solution(given)[:, 0] == pytest.approx([49 / 3, 11, 49 / 3, 49 / 3], rel=1e-14)


def test_sums_of_one_part_with_the_same_largest_burden() -> None:
    given = chains(
        [[15.0]] * 4 + [[10.0]] * 2,
        upper=[[99.0], [11.0], [99.0], [99.0], [22 / 3], [99.0]],
        block=[[0]] * 4 + [[1]] * 2,
        sums=[60, 20],
    )
    assert solution(given)[:, 0] == pytest.approx([49 / 3, 11, 49 / 3, 49 / 3, 22 / 3, 38 / 3])


def test_references_that_rise_too_fast_meet_half_way() -> None:
    given = chains([[10.0, 20.0, 23.0]], rise=1.5, block=-1)
    assert solution(given)[0] == pytest.approx([80 / 7, 120 / 7, 23])


def test_growth_limits_apply_over_years_between() -> None:
    # Two doublings take 4 to 16, not 36: the ends meet, and the year between has no choice.
    given = chains([[4.0, 13.0, 36.0]], rise=2, block=-1)
    first = 2 * 4 * 36 / (36 + 16)
    assert solution(given)[0] == pytest.approx([first, 2 * first, 4 * first])


def test_what_growth_takes_from_one_region_goes_to_the_others() -> None:
    given = chains([[10.0, 20.0], [10.0, 12.0], [10.0, 12.0]], rise=1.5, sums=[30, 44])
    x = solution(given)
    assert x[0] == pytest.approx([80 / 7, 120 / 7])
    assert x[1] == pytest.approx(x[2])
    assert x.sum(axis=0) == pytest.approx([30, 44])


def test_ramps_and_growth_limits_stand_side_by_side() -> None:
    # 10 and 16 may be 3 apart: 16 (1 - s) = 10 (1 + s) + 3.
    first = 10 * (1 + 3 / 26)
    assert solution(chains([[10.0, 16.0]], up=3, block=-1))[0] == pytest.approx([first, first + 3])
    # From 4 by half, then by 4: 14 (1 - s) = 6 (1 + s) + 4; the year between has no choice.
    given = chains([[4.0, 7.0, 14.0]], rise=[[9, 1.5, 9]], up=[[9, 9, 4]], block=-1)
    assert solution(given)[0] == pytest.approx([4.8, 7.2, 11.2])
    # At least half more, but by 3 at most: no more than 6 at first.
    given = chains([[10.0, 20.0]], fall=1.5, up=3, block=-1)
    assert solution(given)[0] == pytest.approx([6, 9])


def test_a_reserve_takes_nothing_unless_it_must() -> None:
    assert solution(chains([[10.0], [20.0], [0.0]], sums=[36]))[:, 0].tolist() == [12, 24, 0]
    full = chains([[40.0], [52.0], [0.0], [0.0]], upper=[[40], [45], [2], [9]], sums=[92])
    assert solution(full)[:, 0] == pytest.approx([40, 45, 2, 5])


def test_a_reserve_moves_with_its_growth_limits() -> None:
    given = chains([[0.0, 0.0], [5.0, 5.0]], lower=[[0, 3], [0, 0]], rise=1.5, sums=[10, 10])
    assert solution(given) == pytest.approx(np.array([[2.0, 3.0], [8.0, 7.0]]))


def test_sums_may_span_years_or_some_regions() -> None:
    given = chains(
        [[4.0, 6.0], [5.0, 5.0], [1.0, 1.0]], block=[[0, 0], [1, 1], [1, -1]], sums=[20, 22]
    )
    assert solution(given) == pytest.approx(np.array([[8.0, 12.0], [10.0, 10.0], [2.0, 1.0]]))


def test_cells_that_do_not_exist_are_left_out() -> None:
    present = [[True, False, True], [False, True, True]]
    given = chains(
        [[1.0, np.nan, 9.0], [np.nan, 2.0, 9.0]],
        present=present,
        fall=0.9,
        rise=1.1,
        block=[[0, 5, 1], [5, 0, 1]],
        sums=[6, 10],
    )
    x = solution(given)
    assert x[~np.array(present)].tolist() == [0, 0]
    assert x[1, 2] == pytest.approx(1.1 * x[1, 1])  # a limit within a chain, none across a gap
    assert x.sum() == pytest.approx(16)


def test_a_rise_of_zero_is_a_bound_of_zero() -> None:
    assert solution(chains([[2.0, 3.0]], rise=0, block=-1)).tolist() == [[2, 0]]


def test_zeros_are_plain_and_inputs_stay() -> None:
    given = chains([[0.0, 2.0], [0.0, 2.0]], rise=[[0, 0], [1, 1]], sums=[0, 0])
    kept = [getattr(given, field.name).copy() for field in fields(given)]
    x = solution(given)
    assert not np.signbit(x).any()
    for field, before in zip(fields(given), kept, strict=True):
        np.testing.assert_array_equal(getattr(given, field.name), before)


def test_parts_of_any_size_do_not_influence_each_other() -> None:
    sizes = (1e-3, 1.0, 1e9)
    one = chains([[10.0, 20.0], [10.0, 12.0], [0.0, 12.0]], rise=1.5, sums=[24, 33])
    names = ("reference", "lower", "upper", "sums")
    parts = [replace(one, **{name: getattr(one, name) * size for name in names}) for size in sizes]
    x = solution(join(parts)).reshape(3, 3, 2)
    for values, size in zip(x, sizes, strict=True):
        assert values / size == pytest.approx(x[1], rel=1e-13)


def test_no_chain_is_no_problem() -> None:
    x, solved = closed_form(chains(np.zeros((0, 3))))
    assert x.shape == (0, 3)
    assert solved.shape == (0,)


@pytest.mark.parametrize(
    "given",
    [
        chains([[1.0], [1.0]], upper=2, sums=[5]),
        chains([[1.0], [1.0]], lower=2, sums=[3]),
        chains([[1.0]], lower=2, upper=1, block=-1),
        chains([[1.0, 1.0]], lower=[[0, 3]], upper=[[1, 9]], rise=2, block=-1),
        chains([[1.0, 1.0], [1.0, 1.0]], fall=0.9, rise=1.1, sums=[10, 20]),
        chains([[0.0]], upper=1, sums=[2]),
    ],
)
def test_a_part_that_cannot_be_met_is_not_solved(given: Chains) -> None:
    assert not is_feasible(rules(given, 0))
    assert not closed_form(given)[1].any()


@pytest.mark.parametrize("field", ["reference", "lower", "upper", "fall", "rise", "sums"])
@pytest.mark.parametrize("figure", [np.nan, -1.0])
def test_a_figure_of_no_use_spoils_its_own_part_only(field: str, figure: float) -> None:
    good = chains([[10.0, 20.0], [10.0, 12.0]], rise=1.5, sums=[22, 31])
    spoilt = getattr(good, field).copy()
    spoilt[..., -1] = figure
    x, solved = closed_form(join([good, replace(good, **{field: spoilt}), good]))
    assert solved.tolist() == [True, False, True]
    np.testing.assert_array_equal(x[:2], x[4:])


def test_growth_limits_that_contradict_each_other_are_left_to_programs() -> None:
    given = chains([[1.0, 1.0]], fall=1.2, rise=1.1, block=-1)
    assert is_feasible(rules(given, 0))  # by 0 alone
    assert not closed_form(given)[1].any()


# Random parts.


@pytest.mark.parametrize("ramped", [False, True])
@pytest.mark.parametrize(("seed", "most", "count"), [(1, 5, 300), (2, 5, 300), (3, 30, 60)])
def test_random_parts_pass_the_certificate(seed: int, most: int, count: int, ramped: bool) -> None:
    rng = np.random.default_rng(seed)
    given = join([random_part(rng, most=most, ramped=ramped) for _ in range(count)])
    x, solved = closed_form(given)
    found = {}
    feasible = np.zeros(count, dtype=bool)
    for part in range(count):
        of_part = rules(given, part)
        feasible[part] = is_feasible(of_part)
        if solved[part] and (wrong := faults(of_part, cells(given, x, part))):
            found[part] = wrong
    assert found == {}
    assert not (solved & ~feasible).any()
    assert solved.sum() > 0.9 * feasible.sum()


def test_neither_order_nor_company_changes_the_answer() -> None:
    rng = np.random.default_rng(4)
    parts = [random_part(rng) for _ in range(200)]
    given = join(parts)
    x, solved = closed_form(given)
    order = rng.permutation(len(given.part))
    other, also_solved = closed_form(given.take(order))
    assert (solved == also_solved).all()
    for number, part in enumerate(parts):
        if solved[number]:
            size = 1e-12 * max(part.reference.max(), part.sums.max(initial=0.0))
            here = given.part == number
            alone, _ = closed_form(part)
            np.testing.assert_allclose(alone, x[here], rtol=0, atol=size)
            np.testing.assert_allclose(other[here[order]], x[order][here[order]], rtol=0, atol=size)


@pytest.mark.parametrize("factor", [2.0**-60, 2.0**60])
def test_no_unit_changes_the_answer(factor: float) -> None:
    rng = np.random.default_rng(8)
    given = join([random_part(rng) for _ in range(200)])
    named = ("reference", "lower", "upper", "sums")
    scaled = replace(given, **{name: getattr(given, name) * factor for name in named})
    x, solved = closed_form(given)
    other, also_solved = closed_form(scaled)
    assert (solved == also_solved).all()
    here = solved[given.part]
    np.testing.assert_allclose(other[here] / factor, x[here], rtol=1e-12, atol=1e-12)


# Stages that have no closed form.


def hybrid_solution(given: Chains) -> Floats:
    """Return the values of a part that takes programs, after a check that they are right."""
    assert not closed_form(given)[1].any()
    x, solved = Hybrid(Highs()).solve(given)
    assert solved.all()
    assert faults(rules(given, 0), cells(given, x, 0)) == []
    return x


def test_sums_that_pull_a_region_in_opposite_directions() -> None:
    # The first region may not grow. Each sum alone is met at a burden of 0.1, both at 0.2.
    given = chains([[10.0, 10.0], [10.0, 10.0]], rise=[[1], [9]], sums=[18, 22])
    assert hybrid_solution(given) == pytest.approx(np.array([[10.0, 10.0], [8.0, 12.0]]))


def test_sums_that_a_reserve_alone_can_bring_together() -> None:
    given = chains([[0.0, 0.0], [10.0, 10.0]], rise=[[2.0], [1.2]], sums=[10, 12.8])
    assert hybrid_solution(given) == pytest.approx(np.array([[1.0, 2.0], [9.0, 10.8]]))


def test_growth_limits_with_a_price_stay_tight() -> None:
    # The first two regions have the same limit: neither sum says which of them moves.
    given = chains([[10.0, 10.0], [10.0, 10.0], [10.0, 10.0]], rise=[[1], [1], [9]], sums=[28, 32])
    x = hybrid_solution(given)
    assert x == pytest.approx(np.array([[10.0, 10.0], [10.0, 10.0], [8.0, 12.0]]))


@pytest.mark.parametrize(
    ("seed", "most", "count", "ramped"),
    [
        (5, 5, 600, False),
        (6, 12, 200, False),
        (7, 30, 80, False),
        ([14, 4], 3, 300, False),
        (5, 5, 600, True),
        (6, 12, 200, True),
        (8, 30, 120, True),
    ],
)
def test_random_parts_without_a_closed_form_pass_the_certificate(
    seed: int | list[int], most: int, count: int, ramped: bool
) -> None:
    rng = np.random.default_rng(seed)
    given = join([random_part(rng, most=most, ramped=ramped) for _ in range(count)])
    left = np.flatnonzero(~closed_form(given)[1])
    hybrid = Hybrid(Highs())
    x, solved = hybrid.solve(given.take(np.isin(given.part, left)))
    full = np.zeros(given.reference.shape)
    full[np.isin(given.part, left)] = x
    found = {}
    for part in left.tolist():
        of_part = rules(given, part)
        assert solved[part] == is_feasible(of_part), part
        if solved[part] and (wrong := faults(of_part, cells(given, full, part))):
            found[part] = wrong
    assert found == {}
    assert solved[left].sum() >= 3
    assert hybrid.programs < 5 * len(left)


def test_parts_with_a_closed_form_take_no_program() -> None:
    rng = np.random.default_rng(8)
    parts = [random_part(rng) for _ in range(200)]
    given = join([part for part in parts if closed_form(part)[1].all()])
    hybrid = Hybrid(Highs())
    x, solved = hybrid.solve(given)
    assert solved.all()
    assert hybrid.programs == 0
    expected, _ = closed_form(given)
    for number in range(len(solved)):
        here = given.part == number
        size = 1e-12 * max(given.reference[here].max(), expected[here].max())
        np.testing.assert_allclose(x[here], expected[here], rtol=0, atol=size)


class Blunt:
    """HiGHS that tells no duals, or refuses every program."""

    name = "blunt"

    def __init__(self, *, refuses: bool) -> None:
        self._highs, self._refuses = Highs(), refuses

    def solve(self, program: Program, *, cold: bool = False) -> Result:
        if self._refuses:
            raise SolverError(say("solver_number", what="cost"))
        return replace(self._highs.solve(program, cold=cold), dual=None, reduced=None)


@pytest.mark.parametrize("refuses", [True, False])
def test_a_solver_of_no_use_leaves_the_part_unsolved(refuses: bool) -> None:
    given = chains([[10.0, 10.0], [10.0, 10.0]], rise=[[1], [9]], sums=[18, 22])
    assert Hybrid(Blunt(refuses=refuses)).solve(given)[1].tolist() == [False]


def noised(seed: int, size: float, *, regions: int, growth: tuple[float, float]) -> Problem:
    """Return a problem of the benchmarks, with references so noised that they break limits."""
    plan = Plan.model_validate(make_plan(regions, 5, 4, growth=growth, seed=seed))
    return with_noise(build(plan).problem, size=size, seed=seed)


@pytest.mark.parametrize("seed", [2, 4, 6, 9, 11, 14])
def test_noised_references_take_few_programs(seed: int) -> None:
    for size in (0.05, 0.1, 0.2):
        chosen = choose(noised(seed, size, regions=60, growth=(1.10, 1.20)))
        assert chosen.route == ("closed form",) * 4
        assert chosen.programs <= 6
    chosen = choose(noised(seed, 0.2, regions=60, growth=(1.02, 1.40)))
    assert chosen.route == ("closed form",) * 4
    assert chosen.programs <= 6


@pytest.mark.parametrize(("seed", "size"), [(4, 0.05), (2, 0.1), (9, 0.1)])
def test_both_routes_agree(seed: int, size: float) -> None:
    problem = noised(seed, size, regions=60, growth=(1.10, 1.20))
    chosen = choose(problem)
    assert chosen.programs > 0
    for component in range(4):
        columns = component_columns(problem, component)
        other = leximin_by_programs(part_of(problem, columns), Highs())
        assert other is not None
        np.testing.assert_allclose(chosen.x[columns], other.x, rtol=1e-9)


def test_sums_that_are_fixed_without_a_figure_take_no_program() -> None:
    rows: list[Row] = [
        ({0: 1, 1: 1, 2: 1, 3: 1}, 60, 60),
        ({0: 1, 1: 1}, 40, 40),
        ({2: 1}, 9, 9),
    ]
    asked = problem([10] * 4, rows, figures={0: 60}, families={1: "lock", 2: "lock"})
    chosen = choose(asked)
    np.testing.assert_allclose(chosen.x, [20, 20, 9, 11], rtol=1e-12)
    assert (chosen.route, chosen.programs) == (("closed form",), 0)


def test_what_ties_two_indicators_in_a_year_is_no_growth_limit() -> None:
    # i1 in two regions over two years, and i2 in the first of them, of which i1 is a part
    rows: list[Row] = [
        ({0: 1, 2: 1}, 20, 20),
        ({1: 1, 3: 1}, 40, 40),
        ({0: 1, 4: -1}, -np.inf, 0),
        ({1: 1, 5: -1}, -np.inf, 0),
    ]
    reference = [10, 20, 10, 20, 100, 100]
    asked = replace(
        problem(reference, rows, figures={0: 20, 1: 40}, indicator=[0, 0, 0, 0, 1, 1]),
        years=(2015, 2016),
        column_region=np.array([0, 0, 1, 1, 0, 0]),
        column_year=np.array([0, 1, 0, 1, 0, 1]),
    )
    np.testing.assert_allclose(choose(asked).x, reference, rtol=1e-12)


def test_other_solvers_settle_such_stages_by_programs_alone() -> None:
    problem = noised(10, 0.05, regions=6, growth=(1.10, 1.20))
    chosen, other = choose(problem), choose(problem, solver="cbc")
    assert "programs" in other.route
    assert chosen.route == ("closed form",) * 4
    np.testing.assert_allclose(chosen.x, other.x, rtol=1e-9)


# The certificate itself.


@pytest.mark.parametrize(
    ("x", "fault"),
    [
        ([11, 15, 19, 15], "can do better"),
        ([11, 16, 17, 16], "can do better"),
        ([10, 50 / 3, 50 / 3, 50 / 3], "can do better"),
        ([12, 16, 16, 16], "above its upper bound"),
        ([11, 16, 16, 16], "below its row's lower bound"),
        ([-1, 61 / 3, 61 / 3, 61 / 3], "below its lower bound"),
        ([np.nan, 16, 16, 16], "not a number"),
    ],
)
def test_the_certificate_refuses(x: list[float], fault: str) -> None:
    given = chains([[15.0]] * 4, upper=[[11.0], [99.0], [99.0], [99.0]], sums=[60])
    found = faults(rules(given, 0), np.array(x, dtype=float))
    assert any(fault in text for text in found)


def test_the_certificate_refuses_a_reserve_that_takes_too_much() -> None:
    given = chains([[10.0], [20.0], [0.0]], sums=[36])
    assert faults(rules(given, 0), np.array([12.0, 24.0, 0.0])) == []
    found = faults(rules(given, 0), np.array([10.0, 20.0, 6.0]))
    assert "reference 0" in found[0]


# ---- figures that do not add up --------------------------------------------------------------


def test_figures_that_disagree_meet_half_way() -> None:
    found = agree(np.array([22.0, 30.0]), np.zeros(2), np.full(2, np.inf), (56.0, 0.0, np.inf))
    assert found is not None
    assert found == pytest.approx(np.array([22.0, 30.0]) * (1 + 1 / 27))
    assert found.sum() == pytest.approx(56 * (1 - 1 / 27))


def test_a_sum_at_its_end_leaves_the_rest_to_the_others() -> None:
    found = agree(np.array([22.0, 30.0]), np.zeros(2), np.array([22.5, 40]), (56.0, 56.0, np.inf))
    assert found == pytest.approx([22.5, 33.5])
    assert agree(np.array([22.0]), np.array([22.0]), np.array([22.0]), (23.0, 23.0, 23.0)) is None
    assert agree(np.array([0.0]), np.array([0.0]), np.array([9.0]), (23.0, 0.0, 30.0)) is None


def disagreeing_plan(seed: int) -> Plan:
    """Years, groups and a total whose figures do not quite add up, in words of every kind."""
    rng = np.random.default_rng(seed)
    content = make_plan(int(rng.integers(2, 7)), 3, 2, growth=(1.02, 1.4), seed=seed)
    words = ["{}以上", "{}左右", "{}以下", "{}"]
    for one in content["indicators"]:
        given = one["target"]["years"]
        figures = {
            year: round(value * rng.uniform(0.999, 1.001), 2) for year, value in given.items()
        }
        total = round(sum(figures.values()) + rng.choice([-0.03, -0.01, 0.01, 0.02, 0.5]), 2)
        one["target"]["years"] = {
            year: str(rng.choice(words)).format(value) for year, value in figures.items()
        }
        one["target"]["total"] = str(rng.choice(words)).format(total)
    return Plan.model_validate(content)


def test_both_routes_agree_where_figures_do_not() -> None:
    closed = 0
    for seed in range(150):
        problem = build(disagreeing_plan(seed)).problem
        try:
            found = choose(problem)
        except InfeasibleError:
            continue
        for component in range(2):
            columns = component_columns(problem, component)
            exact = leximin_by_programs(part_of(problem, columns), Highs())
            assert exact is not None
            assert found.x[columns] == pytest.approx(exact.x, rel=1e-7)
            closed += found.route[component] == "closed form"
    assert closed > 100
