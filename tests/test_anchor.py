"""A plan that is solved again from what stands: what nothing forces to move stays."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

import decompose as dc
from decompose.anchor import Anchor
from decompose.settle import Settled, settle
from tests import plans as small
from tests.crossing_plans import crossing_plans
from tests.gap_plans import tight_plans
from tests.growth_plans import growth_plan
from tests.link_plans import link_plan
from tests.oracles.least_change import least_change
from tests.oracles.plan_program import PlanProgram
from tests.plans import PUBLISHED
from tests.ratio_plans import ratio_plan
from tests.small_ratios import intensity
from tests.solved import Data, allocation_of, column
from tests.strategies import plans

Numbers = Mapping[str, NDArray[np.float64]]


def again(settled: Settled, anchor: Anchor | None = None, **keys: Any) -> Settled:
    """Solve a plan again, from what stands."""
    anchor = settled.standing() if anchor is None else anchor
    return settle(settled.plan, base=settled.base, gap=settled.gap, anchor=anchor, **keys)


def assert_same(found: Settled, stood: Settled) -> None:
    """Check numbers and all that is printed, digit for digit, and what is listed beside them."""
    assert_equal(found.quotas(), stood.quotas())
    assert_equal(found.printed, stood.printed)
    for one, other in zip(found.stages, stood.stages, strict=True):
        np.testing.assert_allclose(one.excess, other.excess, atol=1e-6)
        np.testing.assert_array_equal(one.missed, other.missed)


def assert_equal(found: Numbers, expected: Numbers) -> None:
    assert found.keys() == expected.keys()
    for name, numbers in expected.items():
        np.testing.assert_array_equal(found[name], numbers, err_msg=name)


def quotas(settled: Settled, indicator: str = "investment", year: int = 0) -> list[float]:
    return [float(one) for one in settled.quotas()[indicator][:, year]]


# ---- what stands and keeps the rules stays ---------------------------------------------------


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_plans_stand(name: str) -> None:
    plan = dc.read_plan(f"data/{name}.yaml")
    stood = dc.solve(plan, gap="row")
    for one in (stood, stood.stretch):
        if one is not None:
            assert_same(again(one.settled), one.settled)


@given(plans())
def test_random_plans_stand(data: Data) -> None:
    stood = allocation_of(data).settled
    assert_same(again(stood), stood)


@given(crossing_plans())
def test_sums_that_rounding_moved_stand(data: Data) -> None:
    try:
        stood = allocation_of(data).settled
    except dc.RoundingError:
        return
    assert_same(again(stood), stood)


@given(tight_plans())
def test_targets_that_gave_way_go_on_doing_so(data: Data) -> None:
    stood = allocation_of(data, gap="row").settled
    assert_same(again(stood), stood)


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize("made", [ratio_plan, link_plan, growth_plan])
def test_ratios_and_links_stand(made: Callable[[int], Data], seed: int) -> None:
    try:
        stood = dc.solve(dc.Plan.model_validate(made(seed))).settled
    except dc.InfeasibleError:
        return
    assert_same(again(stood), stood)


def test_a_quota_below_0_stands() -> None:
    locks = {"甲区": {2015: -1}}
    target = {"years": {2015: 14, 2016: 16}}
    stood = settle(small.plan(small.indicator(signed=True, target=target, locks=locks)))
    assert quotas(stood)[0] == -1
    assert_same(again(stood), stood)
    fixed = np.full((3, 2), np.nan)
    fixed[1] = stood.quotas()["investment"][1] - 0.1
    moved = again(stood, replace(stood.standing(), fixed={"investment": fixed}))
    assert quotas(moved)[0] == -1


# ---- what must move moves by the least change ------------------------------------------------


def test_what_is_fixed_is_taken_by_the_others_in_proportion() -> None:
    plan = small.plan(small.indicator(target={"years": {2015: 15, 2016: 15}}, decimals=2))
    stood = settle(plan)
    assert quotas(stood) == [8.0, 4.0, 3.0]
    fixed = np.full((3, 2), np.nan)
    fixed[0, 0] = 7.3
    moved = again(stood, replace(stood.standing(), fixed={"investment": fixed}))
    assert quotas(moved) == [7.3, 4.4, 3.3]
    assert quotas(moved, year=1) == [8.0, 4.0, 3.0]


def test_sums_stay_only_where_that_is_asked() -> None:
    data = small.indicator(target={"years": {2015: "15以上", 2016: 15}}, locks={"甲区": {2015: 8}})
    stood = settle(small.plan(data))
    fixed = np.full((3, 2), np.nan)
    fixed[1:, 0] = 5, 3
    anchor = replace(stood.standing(), fixed={"investment": fixed})
    assert sum(quotas(again(stood, anchor))) == 16
    with pytest.raises(dc.InfeasibleError):
        again(stood, replace(anchor, totals=frozenset({"investment"})))


def test_a_quota_of_0_is_the_last_to_move() -> None:
    base = {"甲区": 8, "乙县": 4, "丙县": 0}
    capacity = {"乙县": 5}
    data = small.indicator(
        base=base, target={"years": {2015: 12, 2016: 12}}, limits={"max": capacity}
    )
    stood = settle(small.plan(data))
    assert quotas(stood) == [8, 4, 0]
    fixed = np.full((3, 2), np.nan)
    fixed[0, 0] = 7.5
    moved = again(stood, replace(stood.standing(), fixed={"investment": fixed}))
    assert quotas(moved) == [7.5, 4.5, 0]
    fixed[0, 0] = 6
    moved = again(stood, replace(stood.standing(), fixed={"investment": fixed}))
    assert quotas(moved) == [6, 5, 1]


def test_only_some_years_may_stand() -> None:
    table = {"甲区": 6, "乙县": 5, "丙县": 4}
    plan = small.plan(small.indicator(target={"years": {2015: 15, 2016: 15}}))
    numbers = np.array([[6.0, np.nan], [5.0, np.nan], [4.0, np.nan]])
    found = settle(plan, anchor=Anchor({"investment": numbers}))
    assert quotas(found) == list(table.values())
    assert quotas(found, year=1) == [8, 4, 3]  # by the plan's own rule


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [(14, [14, 12, 12]), (12, [12, 12, 12]), (8, [8, 14, 14])],  # 8, 12, 16 changes one by more
)
def test_regions_keep_their_steps_as_far_as_they_can(wanted: int, expected: list[int]) -> None:
    years, energy = (2014, 2015, 2016), dict.fromkeys(small.BASES, 10.0)
    cut = intensity(
        decimals=0,
        denominator="gdp",
        target={"cut": "12%以上"},
        tiers={"values": ["4%", "8%", "12%", "14%", "16%"]},
    )
    plan = small.plan(
        {"id": "gdp", "name": "产值", "kind": "given", "values": dict.fromkeys(years, energy)},
        {"id": "energy", "name": "能耗", "kind": "level", "base": energy, "report": False},
        cut,
    )
    stood = settle(plan)
    assert quotas(stood, "intensity", 1) == [12, 12, 12]
    fixed = np.full((3, 2), np.nan)
    fixed[0, 1] = wanted
    moved = again(stood, replace(stood.standing(), fixed={"intensity": fixed}))
    assert quotas(moved, "intensity", 1) == expected


# ---- the same as the rule in exact fractions -------------------------------------------------


@settings(max_examples=2 * settings().max_examples)
@given(plans(), st.randoms(use_true_random=False))
def test_the_least_change_is_that_of_the_oracle(data: Data, random: Random) -> None:
    allocation = allocation_of(data)
    stands = {cell: Fraction(str(value)) for cell, value in column(allocation, "quota").items()}
    oracle = PlanProgram(data)
    moved = random.choice(sorted(stands))
    step = oracle.indicators[moved.indicator].step
    wanted = stands[moved] + random.choice((-3, -1, 1, 2)) * step
    plan = allocation.plan
    fixed = np.full((len(plan.regions), len(plan.years)), np.nan)
    fixed[plan.region_names.index(moved.region), plan.years.index(moved.year)] = wanted
    anchor = replace(allocation.settled.standing(), fixed={moved.indicator: fixed})
    expected = least_change(oracle, stands, {moved: wanted}, sums=False)
    try:
        settled = again(allocation.settled, anchor)
    except dc.InfeasibleError:
        assert expected is None
        return
    except dc.RoundingError:
        return
    assert expected is not None
    found = column(dc.Allocation(settled), "exact")
    for cell, value in expected.items():
        size = max(float(oracle.sizes[cell.indicator]), abs(float(value)), 1e-3)
        assert found[cell] == pytest.approx(float(value), abs=1e-6 * size)
