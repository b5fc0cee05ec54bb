"""The certificate: what it lets through and what it refuses, counted in exact fractions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from decompose.certificate import certify_exact, certify_quotas
from decompose.errors import SolverError
from decompose.plan.steps import SNAP, snap_of
from decompose.problem import Problem
from tests.problems import Row, problem

GROWTH = "growth.max"
SUM: Row = ({0: 1, 1: 1}, 60, 60)


def stepped(asked: Problem, *steps: float) -> Problem:
    return replace(asked, step=np.array(steps))


def refused(asked: Problem, x: Sequence[float]) -> str:
    """Return the code with which an exact answer is refused; "" where it is let through."""
    try:
        certify_exact(asked, np.array(x, dtype=float))
    except SolverError as error:
        return error.code
    return ""


def refused_quotas(asked: Problem, quotas: Sequence[int], excess: Sequence[float]) -> str:
    """The same of whole steps, with what is listed of each rule."""
    try:
        certify_quotas(asked, np.array(quotas, dtype=np.int64), np.array(excess, dtype=float))
    except SolverError as error:
        return error.code
    return ""


# Exact answers.


@pytest.mark.parametrize(
    ("x", "code"),
    [
        ([25, 35], ""),
        ([25, 35 + 5e-5], ""),  # of a row that adds up 60, a millionth
        ([25, 35 - 5e-5], ""),
        ([25, 35 + 7e-5], "certificate_broken"),
        ([25, 35 - 7e-5], "certificate_broken"),
        ([25, np.nan], "certificate_not_finite"),
        ([25, np.inf], "certificate_not_finite"),
        ([60 + 5e-7, -5e-7], ""),
        ([62, -2], "certificate_negative"),
        ([60 + 2e-6, -2e-6], "certificate_negative"),
    ],
)
def test_an_exact_answer_keeps_every_rule(x: list[float], code: str) -> None:
    assert refused(problem([1, 1], [SUM]), x) == code


def test_what_may_be_negative_is_let_through() -> None:
    assert refused(problem([1, 1], [SUM], signed=[1]), [62, -2]) == ""
    assert refused(problem([1, 1], [SUM], signed=[0]), [62, -2]) == "certificate_negative"


@pytest.mark.parametrize(("step", "most"), [(1.0, 1e-6), (10.0, 1e-5), (0.01, 1e-8)])
def test_beside_small_numbers_a_millionth_of_a_step_is_let_through(
    step: float, most: float
) -> None:
    asked = stepped(problem([1, 1], [({0: 1}, most, np.inf)]), step, step)
    assert refused(asked, [most * 0.1, 0]) == ""
    assert refused(asked, [-most * 0.9, 0]) == "certificate_broken"
    no_rule = stepped(problem([1, 1]), step, step)
    assert refused(no_rule, [-most * 0.9, 0]) == ""
    assert refused(no_rule, [-most * 1.1, 0]) == "certificate_negative"


def test_what_a_row_adds_up_counts_not_what_is_left() -> None:
    asked = problem([1, 1], [({0: 1, 1: -2}, -np.inf, 0)])
    assert refused(asked, [2000 + 3e-3, 1000]) == ""
    assert refused(asked, [2000 + 5e-3, 1000]) == "certificate_broken"


def test_rules_without_columns_are_checked_too() -> None:
    for bound, code in ((0, ""), (1, "certificate_broken")):
        rows: list[Row] = [({0: 1}, 1, 1), ({1: 1}, 1, 1), ({}, bound, 2)]
        assert refused(problem([1, 1], rows), [1, 1]) == code
        assert refused_quotas(problem([1, 1], rows), [1, 1], [0, 0, 0]) == code


def test_the_first_broken_rule_is_named() -> None:
    asked = problem(
        [1, 1],
        [SUM, ({1: 1}, 20, 30), ({0: 1}, 0, 10)],
        families={0: "target", 1: "lock", 2: "max"},
        indicators={1: 1},
        indicator=[0, 1],
    )
    with pytest.raises(SolverError) as caught:
        certify_exact(asked, np.array([25.0, 35.0]))
    assert {key: caught.value.data[key] for key in ("count", "value", "lower", "upper")} == {
        "count": 2,
        "value": 35.0,
        "lower": 20.0,
        "upper": 30.0,
    }
    assert caught.value.data["indicator"] == "i1"
    assert "应在 20 与 30 之间，实为 35" in str(caught.value)


# Whole steps.


@pytest.mark.parametrize(
    ("quotas", "excess", "code"),
    [
        ([250, 350], 0, ""),
        ([250, 351], 0, "certificate_broken"),
        ([250, 349], 0, "certificate_broken"),
        ([250, 351], 1, ""),
        ([250, 349], 1, ""),
        ([250, 352], 1, "certificate_broken"),
        ([250, 348], 1, "certificate_broken"),
        ([250, 351], 0.4, "certificate_broken"),
        ([250, 351], 0.6, ""),  # in whole steps
        ([602, -2], 0, "certificate_negative"),
    ],
)
def test_sums_hold_in_whole_steps(quotas: list[int], excess: float, code: str) -> None:
    asked = stepped(problem([1, 1], [SUM]), 0.1, 0.1)
    assert refused_quotas(asked, quotas, [excess]) == code


@pytest.mark.parametrize(
    ("last", "code"),
    [(348, ""), (351, ""), (347, "certificate_broken"), (352, "certificate_broken")],
)
def test_a_bound_between_two_steps_is_moved_by_whole_steps(last: int, code: str) -> None:
    asked = stepped(problem([1, 1], [({0: 1, 1: 1}, 59.87, 60.03)]), 0.1, 0.1)
    assert refused_quotas(asked, [250, last], [1]) == code


def test_quotas_that_may_be_negative_are_let_through() -> None:
    asked = problem([1, 1], [SUM], signed=[1])
    assert refused_quotas(asked, [62, -2], [0]) == ""
    assert refused_quotas(replace(asked, signed=asked.signed[::-1]), [62, -2], [0]) == (
        "certificate_negative"
    )


def test_sums_are_counted_in_numbers_of_any_size() -> None:
    largest = 2**58  # in millionths a multiple of 2**64: nothing, in 64 bits
    asked = problem([1, 1], [({0: 1, 1: 1}, 0, 0)])
    assert refused_quotas(asked, [largest, 0], [0]) == "certificate_broken"
    asked = problem([1, 1], [({0: 1, 1: 1}, float(largest), float(largest))])
    assert refused_quotas(asked, [largest, 0], [0]) == ""
    odd = 600_000_000_001  # so many units, in millionths, take more than 53 bits
    asked = problem([1, 1], [({0: 1, 1: 1}, odd, odd)])
    for quotas, code in (([odd, 0], ""), ([odd, 1], "certificate_broken")):
        assert refused_quotas(asked, quotas, [0]) == code
    huge = 9_300_000_000_001  # beside a bound below 0, neither of the types of 64 bits has room
    rows: list[Row] = [({0: 1}, huge, huge), ({1: 1}, -1, -1)]
    asked = problem([1, 1], rows, signed=[1])
    for quotas, code in (([huge, -1], ""), ([huge + 1, -1], "certificate_broken")):
        assert refused_quotas(asked, quotas, [0, 0]) == code
    # a number with a fraction cannot tell the last of these sixteen digits
    millionths = 2**53 + 2
    row: Row = ({0: 1, 1: 1, 2: 1}, millionths / 1e6, millionths / 1e6)
    asked = stepped(problem([1] * 3, [row]), *[1e-6] * 3)
    assert refused_quotas(asked, [2**53, 1, 1], [0]) == ""
    for wrong in ([2**53, 1, 0], [2**53, 1, 2]):
        assert refused_quotas(asked, wrong, [0]) == "certificate_broken"
    fives = 2**53 - 10**13 - 9  # five times that, and one step less: one number in 53 bits
    asked = stepped(problem([1], [({0: 1}, fives * 5e-6, fives * 5e-6)]), 5e-6)
    for quota, code in ((fives, ""), (fives - 1, "certificate_broken")):
        assert refused_quotas(asked, [quota], [0]) == code


@pytest.mark.parametrize(
    ("listed", "code"),
    [
        (10.0, ""),
        (10.0 - 5e-7, ""),
        (10.0 - 2e-6, "certificate_broken"),
        (0.0, "certificate_broken"),
        (11.0, ""),
    ],
)
@pytest.mark.parametrize("above", [True, False])
def test_ties_may_be_broken_by_what_is_listed(listed: float, code: str, above: bool) -> None:
    row: Row = ({0: 1, 1: -1}, -np.inf, 4) if above else ({0: -1, 1: 1}, -4, np.inf)
    asked = stepped(problem([1, 1], [row], families={0: GROWTH}), 0.1, 0.1)
    assert refused_quotas(asked, [100, 50], [listed]) == code


def test_of_a_tie_a_billionth_of_its_value_is_noise() -> None:
    asked = problem([1], [({0: 1}, -np.inf, 0)], families={0: GROWTH})
    for over, code in ((0.5, ""), (2.0, "certificate_broken")):
        bound = replace(asked.rules, upper=np.array([1e9 - over]))
        assert refused_quotas(replace(asked, rules=bound), [10**9], [0]) == code
        bound = replace(asked.rules, lower=np.array([over - 1e9]), upper=np.array([0.0]))
        signed = replace(asked, rules=bound, signed=np.ones(1, dtype=bool))
        assert refused_quotas(signed, [-(10**9)], [0]) == code


def test_what_is_as_large_as_its_tolerance_is_let_through() -> None:
    asked = problem([1], [({0: 1}, 1e-6, np.inf)])
    assert refused(asked, [0]) == ""
    assert refused(problem([1]), [-1e-6]) == ""
    tie = problem([1], [({0: 1}, 1e-6, np.inf)], families={0: GROWTH})
    assert refused_quotas(tie, [0], [0]) == ""
    tie = problem([1], [({0: 1}, -np.inf, 1e9 - 1)], families={0: GROWTH})
    assert refused_quotas(tie, [10**9], [0]) == ""
    snaps = np.full(1, SNAP)
    while snaps != snap_of(snaps):
        snaps = snap_of(snaps)
    assert refused_quotas(problem([1], [({0: 1}, float(snaps[0]), np.inf)]), [0], [0]) == ""


def test_the_first_broken_row_of_whole_steps_is_named() -> None:
    rows: list[Row] = [({0: 1, 1: -2}, -np.inf, 0), SUM, ({1: 1}, 0, 34)]
    asked = problem([1, 1], rows, families={0: GROWTH})
    with pytest.raises(SolverError) as caught:
        certify_quotas(asked, np.array([26, 35]), np.zeros(3))
    told = caught.value.data
    assert (told["count"], told["value"], told["lower"], told["upper"]) == (2, 61.0, 60.0, 60.0)


STEPS = st.sampled_from([Fraction(1), Fraction(1, 10), Fraction(1, 100), Fraction(5), Fraction(2)])


@st.composite
def tables(draw: st.DrawFn) -> tuple[Problem, list[int], list[float], bool]:
    """Draw a table with what is listed of its rules, and whether exact fractions bear it out."""
    size = draw(st.integers(1, 4))
    kinds = draw(st.lists(st.integers(0, 1), min_size=size, max_size=size))
    own = draw(st.tuples(STEPS, STEPS))
    step = [own[kind] for kind in kinds]
    quotas = draw(st.lists(st.integers(-1, 30), min_size=size, max_size=size))
    signed = draw(st.sets(st.integers(0, size - 1)))
    rows: list[Row] = []
    families: dict[int, str] = {}
    listed: list[float] = []
    right = all(number >= 0 or cell in signed for cell, number in enumerate(quotas))
    for number in range(draw(st.integers(0, 4))):
        cells = sorted(draw(st.sets(st.integers(0, size - 1))))
        factors = {cell: draw(st.sampled_from([1, -1, 2])) for cell in cells}
        value = sum(
            (factor * quotas[cell] * step[cell] for cell, factor in factors.items()), Fraction(0)
        )
        unit = step[cells[0]] if cells else step[kinds.index(0)] if 0 in kinds else Fraction(1)
        low, high = sorted(draw(st.tuples(*[st.integers(-3, 3)] * 2)))
        lower, upper = value + low * unit, value + high * unit
        over = max(low, -high, 0)
        if draw(st.booleans()):
            families[number] = GROWTH
        excess = draw(st.integers(0, 3))
        right = right and over <= excess
        rows.append((factors, float(lower), float(upper)))
        listed.append(float(excess))
    asked = problem([1] * size, rows, families=families, indicator=kinds, signed=sorted(signed))
    return stepped(asked, *map(float, step)), quotas, listed, right


@given(tables())
def test_what_fractions_bear_out_is_let_through(
    drawn: tuple[Problem, list[int], list[float], bool],
) -> None:
    asked, quotas, listed, right = drawn
    assert (refused_quotas(asked, quotas, listed) == "") == right
