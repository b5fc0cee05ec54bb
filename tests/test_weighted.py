"""Weighted means by closed form: the answers of programs, for random ratios and by hand."""

from __future__ import annotations

from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given

import decompose as dc
from decompose.build import build
from decompose.fairness import CLOSED, choose, choose_all
from decompose.fairness.relaxed import relax
from decompose.plan.order import batches_of
from decompose.settle import problems_of
from tests.plans import plan
from tests.ratio_plans import ratio_plan
from tests.seeded import SEEDS, seeded
from tests.small_ratios import FIRMS, share


def compare(seed: int) -> int:
    """Compare both routes for every stage of a random plan; count the parts with weights."""
    weighted = 0
    for problem in problems_of(dc.Plan.model_validate(ratio_plan(seed))):
        changed = relax(problem).weight != 1
        quick, clashing = choose_all(problem)
        slow, none = choose_all(problem, closed=False)
        assert clashing == none
        for number, route in enumerate(quick.route):
            of_part = problem.component[problem.column_indicator] == number
            if number not in clashing and route == CLOSED and of_part.any():
                assert quick.x[of_part] == pytest.approx(slow.x[of_part], rel=1e-7, abs=1e-7)
                weighted += bool(changed[of_part].any())
    return weighted


@seeded(2)
@given(SEEDS)
def test_both_routes_agree(seed: int) -> None:
    with suppress(dc.PlanError):  # a denominator comes out as 0
        compare(seed)


def test_some_had_weights() -> None:
    weighted = 0
    for seed in range(30):
        with suppress(dc.PlanError):
            weighted += compare(seed)
    assert weighted > 20


def test_a_mean_of_three_with_one_capped() -> None:
    """15 % of 200 firms is 30; a third of 60 is 20 % at most, so the others share what is left."""
    capped = share(limits={"max": {"甲区": 12}}, allocate={"by": "equal"})
    made = plan(FIRMS, capped)
    (batch,) = batches_of(made)
    problem = build(made, batch.indicators, {}).problem
    found = choose(problem)
    assert set(found.route) == {CLOSED}
    last = problem.column_year == len(made.years) - 1
    x = found.x[last]
    assert x[0] == pytest.approx(12)
    assert x[1:] == pytest.approx([18, 18])  # (30 - 12) of 100 firms
    assert np.dot([100, 60, 40], x) == pytest.approx(15 * 200)
