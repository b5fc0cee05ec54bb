"""What solve gives, against an oracle that shares no code with it; and one route against the other.

The answers are exact fractions, found by small programs from the plain data of random plans.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings

import decompose as dc
from decompose.build import build
from decompose.fairness import choose
from decompose.fairness.part import component_columns, part_of
from decompose.fairness.programs import leximin_by_programs
from decompose.solvers import open_solver
from tests import plans as small
from tests.oracles.plan_program import PlanProgram
from tests.solved import Data, column, solved
from tests.strategies import plans, simple_plans

CLOSE = 1e-6
"""Of the size of an indicator: its largest reference."""
MANY = settings(max_examples=5 * settings().max_examples)
SEVERAL = settings(max_examples=2 * settings().max_examples)


def same_as_oracle(data: Data) -> None:
    oracle = PlanProgram(data)
    allocation, exact = solved(data), oracle.exact()
    assert (allocation is None) == (exact is None)
    if allocation is None or exact is None:
        return
    found = {name: column(allocation, name) for name in ("exact", "reference")}
    assert found["exact"].keys() == exact.keys()
    for cell, value in exact.items():
        near = CLOSE * float(max(oracle.sizes[cell.indicator], abs(value)))
        assert found["reference"][cell] == pytest.approx(float(oracle.references[cell]), abs=near)
        assert found["exact"][cell] == pytest.approx(float(value), abs=near)


@MANY
@given(plans())
def test_answers_are_those_of_the_oracle(data: Data) -> None:
    same_as_oracle(data)


@SEVERAL
@given(simple_plans())
def test_answers_to_simple_plans_are_those_of_the_oracle(data: Data) -> None:
    same_as_oracle(data)


@SEVERAL
@given(simple_plans())
def test_both_routes_give_the_same_answer(data: Data) -> None:
    problem = build(dc.Plan.model_validate(data)).problem
    try:
        solution = choose(problem)
    except dc.InfeasibleError:
        return
    closed = [number for number, way in enumerate(solution.route) if way == "closed form"]
    assume(closed)
    for component in closed:
        columns = component_columns(problem, component)
        chosen = leximin_by_programs(part_of(problem, columns), open_solver("highs"))
        assert chosen is not None
        size = float(problem.reference[columns].max(initial=0.0)) or 1.0
        assert chosen.x == pytest.approx(solution.x[columns], abs=CLOSE * size)


@SEVERAL
@given(plans())
def test_a_plan_read_back_from_its_own_words_is_the_same(data: Data) -> None:
    plan = dc.Plan.model_validate(data)
    assert dc.Plan.model_validate(plan.source()) == plan
    assert plan.with_changes({}) == plan


@given(plans())
def test_a_change_by_path_is_a_change_of_the_data(data: Data) -> None:
    capacity = {"甲区": {data["years"][0]: 7}}
    changed = dc.Plan.model_validate(data).with_changes(
        {
            "title": "修订",
            "indicators.i0.limits.min": 0,
            "indicators.i0.limits.max": capacity,
            "indicators.i0.target.total": None,
            "indicators.i0.locks": None,
        }
    )
    indicator = data["indicators"][0]
    indicator["limits"] |= {"min": 0, "max": capacity}
    indicator["target"].pop("total", None)
    indicator.pop("locks", None)
    assert changed == dc.Plan.model_validate(data | {"title": "修订"})


# ---- what these tests found, one small plan each ---------------------------------------------


def exact_grid(**keys: Any) -> list[list[float]]:
    """Return the exact quotas of one indicator over the regions of tests/plans.py."""
    allocation = solved(small.data(small.indicator(**keys)))
    assert allocation is not None
    exact = column(allocation, "exact")
    regions = dict.fromkeys(cell.region for cell in exact)
    return [[value for cell, value in exact.items() if cell.region == one] for one in regions]


def test_a_yearly_interval_is_measured_from_the_year_before_not_from_its_figure() -> None:
    # 15 → at most 16.8 → at most 18.816; from the figure 16.2 it would be at most 18.144.
    target = {"growth_each_year": "8%-12%"}
    found = exact_grid(kind="level", target=target, limits={"min": {"area": {2016: 18.5}}})
    assert np.sum(found, axis=0) == pytest.approx([18.5 / 1.12, 18.5], abs=1e-9)


def test_a_sum_that_rounds_to_nothing_has_references_of_nothing() -> None:
    target = {"years": {2015: "0.4以下", 2016: 6}}
    assert exact_grid(target=target, decimals=0, allocate="equal") == [[0, 2]] * 3


def test_growth_is_measured_in_the_last_year_that_the_indicator_has() -> None:
    target = {"growth": "20%"}
    assert exact_grid(kind="level", years=[2015], target=target) == [
        pytest.approx([one]) for one in (9.6, 4.8, 3.6)
    ]


def test_yearly_growth_of_nothing_is_nothing() -> None:
    base = dict.fromkeys(small.BASES, 0)
    assert (
        exact_grid(base=base, allocate="equal", target={"growth_each_year": "10%"}) == [[0, 0]] * 3
    )


def test_a_share_that_may_not_shift_from_nothing_stays_nothing() -> None:
    base = {"甲区": 8, "乙县": 0, "丙县": 0}
    found = exact_grid(base=base, allocate="equal", limits={"share_shift": 0})
    assert found == [pytest.approx([18, 24]), [0, 0], [0, 0]]


def test_no_share_shifts_where_all_bases_are_nothing() -> None:
    base = dict.fromkeys(small.BASES, 0)
    found = exact_grid(base=base, allocate="equal", limits={"share_shift": 0})
    assert found == [pytest.approx([6, 8])] * 3


def test_the_share_of_a_group_may_shift_only_so_far() -> None:
    limits = {"share_shift": {"sum": {"北部": "1%"}}}
    found = exact_grid(base={"甲区": 50, "乙县": 25, "丙县": 25}, allocate="equal", limits=limits)
    assert found[0] == pytest.approx([18 * 0.49, 24 * 0.49])


def test_one_region_may_have_all_of_the_area() -> None:
    assert exact_grid(regions=["甲区"], limits={"share": {"max": 1, "min": 1}}) == [[18, 24]]


def test_a_group_without_shares_still_gets_its_target() -> None:
    base = {"甲区": 8, "乙县": 0, "丙县": 0}
    targets = {"北部": {"years": {2015: 6, 2016: 8}}}
    assert exact_grid(base=base, target={}, group_targets=targets) == [
        pytest.approx([3, 4]),
        pytest.approx([3, 4]),
    ]


def test_the_reference_of_a_region_in_two_groups_does_not_depend_on_their_order() -> None:
    regions = [{"name": name, "groups": ["南部", "北部"]} for name in small.BASES]
    targets = {"南部": {"years": {2015: "18以上"}}, "北部": {"years": {2015: "12以上"}}}
    found = []
    for names in (["南部", "北部"], ["北部", "南部"]):
        ordered = {name: targets[name] for name in names}
        one = small.indicator(target={}, group_targets=ordered)
        allocation = solved(small.data(one, regions=regions))
        assert allocation is not None
        found.append(column(allocation, "reference"))
    assert found[0] == found[1]


@pytest.mark.parametrize(("said", "decimals", "handed"), [(1.005, 2, 1.01), (10.05, 1, 10.1)])
def test_a_half_goes_up_in_every_unit(said: float, decimals: int, handed: float) -> None:
    found = exact_grid(target={"years": {2015: said}}, decimals=decimals)
    assert np.sum(found) == pytest.approx(handed, abs=1e-9)


def test_a_target_of_nothing_where_nobody_takes_part_is_no_rule() -> None:
    assert exact_grid(years=[2015], target={"years": {2015: 15, 2016: 0}}) == [[8], [4], [3]]


def test_a_groups_growth_needs_the_bases_of_its_own_regions() -> None:
    targets = {"北部": {"growth": "10%"}}
    with pytest.raises(dc.PlanError, match=r"group_targets\.北部\.growth"):
        small.plan(small.indicator(kind="level", base=None, base_total=15, group_targets=targets))


def test_at_least_no_growth_is_at_least_that() -> None:
    limits = {"min": {"area": {2016: 17}}}
    found = exact_grid(kind="level", target={"growth": "0%以上"}, limits=limits)
    assert np.sum(found, axis=0)[1] == pytest.approx(17)
    each = {"years": {2016: 18}, "growth_each_year": "0%以上"}
    assert np.sum(exact_grid(kind="level", target=each), axis=0)[1] == pytest.approx(18)
    found = exact_grid(target={"years": {2015: "0以上"}}, limits={"min": {"甲区": 9}})
    assert found == [[9], [0], [0]]


def test_a_figure_of_nothing_is_nothing() -> None:
    with pytest.raises(dc.InfeasibleError):
        dc.solve(small.plan(small.indicator(target={"years": {2015: 0}}, limits={"min": 1})))
