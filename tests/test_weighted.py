"""Weighted means by closed form: the answers of programs, for random ratios and by hand."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given

import decompose as dc
from decompose.build import build
from decompose.fairness import CLOSED, choose, choose_all
from decompose.fairness.relaxed import relax
from decompose.plan.order import batches_of
from decompose.problem import Problem
from decompose.settle import problems_of
from tests.plans import plan
from tests.problems import Row, problem
from tests.ratio_plans import ratio_plan
from tests.seeded import SEEDS, seeded
from tests.small_ratios import FIRMS, share


def compare(seed: int) -> int:
    """Compare both routes for every stage of a random plan; count the parts with weights."""
    weighted = 0
    for asked in problems_of(dc.Plan.model_validate(ratio_plan(seed))):
        changed = relax(asked).weight != 1
        quick, clashing = choose_all(asked)
        slow, none = choose_all(asked, closed=False)
        assert clashing == none
        for number, route in enumerate(quick.route):
            of_part = asked.component[asked.column_indicator] == number
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
    asked = build(made, batch.indicators, {}).problem
    found = choose(asked)
    assert set(found.route) == {CLOSED}
    last = asked.column_year == len(made.years) - 1
    x = found.x[last]
    assert x[0] == pytest.approx(12)
    assert x[1:] == pytest.approx([18, 18])  # (30 - 12) of 100 firms
    assert np.dot([100, 60, 40], x) == pytest.approx(15 * 200)


def means(seed: int) -> Problem:
    """A ratio of six regions in two years: means of them all, of four, of two; caps and growth.

    The weights of a region differ from year to year. Figures are asked for as lower bounds that
    mostly disagree: two groups are all there is.
    """
    draw = np.random.default_rng(seed)
    weight = draw.uniform(1, 9, (2, 6)) if seed % 2 else draw.uniform(0.9, 1.1, (2, 6))
    reference = draw.uniform(8, 12, (2, 6))
    sets = [range(6), range(4), range(4, 6), range(2)]
    sets += [range(2, 4)] if seed % 3 else []
    rows: list[Row] = []
    figures: dict[int, float] = {}
    families: dict[int, str] = {}
    for year in range(2):
        for some in sets:
            share = weight[year, list(some)]
            share = share / share.sum() if seed % 2 else share  # a mean, or what it is of
            figure = figures[len(rows)] = float(draw.uniform(9.5, 10.5) * share.sum())
            cells = {6 * year + one: float(part) for one, part in zip(some, share, strict=True)}
            rows.append((cells, 0.8 * figure, np.inf))
    capped = np.flatnonzero(draw.random(12) < draw.choice([0.4, 1])).tolist()
    rows += [({cell: 1.0}, -np.inf, float(draw.uniform(8.5, 11))) for cell in capped]
    for one in range(6):
        families[len(rows)] = "growth.max"
        rows.append(({one: -float(draw.uniform(0.95, 1.3)), 6 + one: 1.0}, -np.inf, 0.0))
    made = problem(reference.ravel().tolist(), rows, figures=figures, families=families)
    return replace(
        made,
        years=(2015, 2016),
        column_region=np.tile(np.arange(6), 2),
        column_year=np.repeat([0, 1], 6),
    )


def test_nested_means_with_caps_and_growth_are_those_of_programs() -> None:
    closed = 0
    for seed in range(60):
        asked = means(seed)
        quick, clashing = choose_all(asked)
        slow, none = choose_all(asked, closed=False)
        assert clashing == none
        if not none:
            assert quick.x == pytest.approx(slow.x, rel=1e-7)
            closed += (quick.route, quick.programs) == ((CLOSED,), 0)
    assert closed >= 40
