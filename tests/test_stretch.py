"""Stretch quotas: never behind base quotas, or behind by the leximin of relative shortfalls.

Against an oracle in exact fractions that shares no code with the package, and small cases by hand.
"""

from __future__ import annotations

import logging
import re
from copy import deepcopy
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import decompose as dc
from tests import plans as small
from tests.oracles.exact_leximin import leximin, nearest_bounds
from tests.oracles.fractions_lp import Row
from tests.oracles.plan_indicator import Cell
from tests.oracles.plan_program import PlanProgram
from tests.solved import Data, allocation_of, column, solved
from tests.strategies import plans, simple_plans

CLOSE = 1e-6
"""Of the size of an indicator: its largest reference."""
FEW = settings(
    max_examples=settings().max_examples // 3,
    # many plans are pulled too tight, and their stretch figures more so
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
KEPT = ("margin", "tolerance", "growth_each_year", "increase_each_year")
"""What a target keeps beside its stretch figures."""
ORDERED = ("regions", "indicators")


@st.composite
def stretched_plans(draw: Any, some: st.SearchStrategy[Data]) -> Data:
    """Plans with stretch figures, often such that base quotas cannot all be kept."""
    data: Data = draw(some)
    for one in data["indicators"]:
        for target in (one["target"], *one.get("group_targets", {}).values()):
            years = {year: said for year, said in target.get("years", {}).items() if said != "—"}
            if years and draw(st.booleans()):
                factor = Fraction(draw(st.integers(85, 125)), 100)
                target["stretch"] = {
                    "years": {year: _times(said, factor) for year, said in years.items()}
                }
    assume(any("stretch" in target for one in data["indicators"] for target in _targets(one)))
    return data


def _times(said: Any, factor: Fraction) -> Any:
    text = re.sub(r"[\d.]+", lambda found: f"{float(Fraction(found[0]) * factor):.2f}", str(said))
    return text if isinstance(said, str) else float(text)


def _targets(said: Data) -> list[Data]:
    return [said["target"], *said.get("group_targets", {}).values()]


def higher(data: Data) -> Data:
    """The plan with its stretch figures in place of its own."""
    data = deepcopy(data)
    for target in (target for one in data["indicators"] for target in _targets(one)):
        if stretch := target.pop("stretch", None):
            for key in [key for key in target if key not in KEPT]:
                del target[key]
            target |= stretch
    return data


def falling(said: Data) -> bool:
    """Whether every figure of an indicator says at most."""
    words = [
        figure
        for target in _targets(said)
        for key, value in target.items()
        if key not in ("margin", "tolerance", "stretch")
        for figure in (value.values() if isinstance(value, dict) else [value])
        if figure != "—"
    ]
    return bool(words) and all(str(word).endswith("以下") for word in words)


def expected(data: Data) -> dict[Cell, Fraction] | None:
    """The exact stretch quotas; None where the plan or its stretch figures cannot be met at all."""
    lower = {one["id"]: falling(one) for one in data["indicators"]}
    held, oracle = PlanProgram(data).exact(), PlanProgram(higher(data))
    if held is None:
        return None
    answer: dict[Cell, Fraction] = {}
    for cells, program in oracle.programs():
        scaled = {
            place: held[cell] / oracle.sizes[cell.indicator]
            for place, cell in enumerate(cells)
            if held.get(cell)
        }
        least = {k: bound for k, bound in scaled.items() if not lower[cells[k].indicator]}
        greatest = {k: bound for k, bound in scaled.items() if lower[cells[k].indicator]}
        found = nearest_bounds(program, least, greatest)
        if found is None:
            return None
        rows: list[Row] = [({k: 1}, found[k], None) for k in least]
        rows += [({k: 1}, None, found[k]) for k in greatest]
        point = leximin(replace(program, rows=[*program.rows, *rows]))
        assert point is not None
        for cell, value in zip(cells, point, strict=True):
            answer[cell] = value * oracle.sizes[cell.indicator]
    return answer


def same_as_oracle(data: Data) -> None:
    assume(not any(one.get("signed") for one in data["indicators"]))
    allocation, exact = solved(data), expected(data)
    assert (allocation is None) == (exact is None)
    if allocation is None or exact is None:
        return
    assert allocation.stretch is not None
    found = column(allocation.stretch, "exact")
    sizes = PlanProgram(higher(data)).sizes
    assert found.keys() == exact.keys()
    for cell, value in exact.items():
        near = CLOSE * float(max(sizes[cell.indicator], abs(value)))
        assert found[cell] == pytest.approx(float(value), abs=near)


@given(stretched_plans(plans()))
def test_stretch_quotas_are_those_of_the_oracle(data: Data) -> None:
    same_as_oracle(data)


@FEW
@given(stretched_plans(simple_plans()))
def test_stretch_quotas_of_simple_plans_are_those_of_the_oracle(data: Data) -> None:
    same_as_oracle(data)


@FEW
@given(stretched_plans(plans()))
def test_printed_quotas_fall_short_only_where_exact_ones_do_or_it_is_told(data: Data) -> None:
    allocation = allocation_of(data)
    assert allocation.stretch is not None
    lower = {one["id"]: falling(one) for one in data["indicators"]}
    excess = allocation.stretch.excess
    told = excess[excess["family"] == "base_quota"]
    known = set(zip(told["indicator"], told["scope"], told["year"], strict=True))
    exact = [column(one, "exact") for one in (allocation, allocation.stretch)]
    sizes = {cell: 1e-6 * (1 + abs(value)) for cell, value in exact[0].items()}
    for one in allocation.shortfalls.itertuples():
        cell = Cell(str(one.indicator), str(one.region), int(str(one.year)))
        gap = exact[0][cell] - exact[1][cell]
        assert (gap if not lower[cell.indicator] else -gap) > -sizes[cell] or cell in known


@FEW
@given(stretched_plans(plans()))
def test_stretch_figures_that_can_be_met_are_no_error_of_check(data: Data) -> None:
    plan = allocation_of(data).plan
    assert not [one.text for one in dc.check(plan) if one.severity == "error"]


# ---- small cases ------------------------------------------------------------------------------

BASE = {2015: 18, 2016: 24}
HIGHER = {"years": BASE, "stretch": {"years": {2015: 20, 2016: 27}}}
NORTH = {"北部": {"years": {2015: 8.4}, "stretch": {"years": {2015: "7以下"}}}}


def exact_of(allocation: dc.Allocation | None, year: int = 2015) -> list[float]:
    assert allocation is not None
    quotas = allocation.quotas
    return quotas.loc[quotas["year"] == year, "exact"].to_list()


def test_a_shortfall_is_spread_in_proportion() -> None:
    # 甲区 9.6, 乙县 4.8, 丙县 3.6; the north falls from 8.4 to 7
    allocation = dc.solve(small.plan(small.indicator(target=HIGHER, group_targets=NORTH)))
    assert exact_of(allocation) == pytest.approx([9.6, 4.8, 3.6])
    assert exact_of(allocation.stretch) == pytest.approx([13, 4, 3])
    assert allocation.stretch is not None
    assert list(allocation.stretch.quotas["bound_by"])[2] == "target; base_quota"
    found = allocation.shortfalls
    assert list(found) == [
        "indicator", "region", "year", "base", "stretch", "shortfall", "relative",
    ]  # fmt: skip
    assert found.to_numpy().tolist() == [
        ["investment", "乙县", 2015, 4.8, 4.0, 0.8, pytest.approx(1 / 6)],
        ["investment", "丙县", 2015, 3.6, 3.0, 0.6, pytest.approx(1 / 6)],
    ]


def test_the_next_shortfall_is_as_small_as_the_first_allows() -> None:
    limits = {"min": {"丙县": {2015: 3.3}}}
    one = small.indicator(target=HIGHER, group_targets=NORTH, limits=limits)
    allocation = dc.solve(small.plan(one))
    assert exact_of(allocation.stretch) == pytest.approx([13, 3.7, 3.3])
    assert list(allocation.shortfalls["shortfall"]) == [1.1, 0.3]


@pytest.mark.parametrize("fairness", ["least_squares", "least_absolute", "least_cost"])
def test_the_other_rules_keep_base_quotas_too(fairness: str) -> None:
    cost = {name: [[99, 1]] for name in small.BASES} if fairness == "least_cost" else {}
    one = small.indicator(target=HIGHER, group_targets=NORTH, fairness=fairness, cost=cost)
    allocation = dc.solve(small.plan(one))
    assert exact_of(allocation.stretch) == pytest.approx([13, 4, 3])


def test_the_solver_changes_nothing() -> None:
    plan = small.plan(small.indicator(target=HIGHER, group_targets=NORTH))
    pair = [dc.solve(plan, solver=solver).stretch for solver in ("highs", "cbc")]
    assert exact_of(pair[0]) == pytest.approx(exact_of(pair[1]))


def test_it_is_told_in_the_log_and_under_the_tables(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, logger="decompose"):
        allocation = dc.solve(small.plan(small.indicator(target=HIGHER, group_targets=NORTH)))
    assert caplog.messages == ["stretch: 2 quotas fall short of base quotas, at most by 16.67%"]
    first, year, other = (list(table.notes) for table in allocation.tables())
    told = (
        "投资（2015年）：2个地区的力争数达不到基本数，相差最多的是乙县4.00（基本数4.80，相差16.7%）"
    )
    assert first == [told]
    told = "投资：2个地区的力争数达不到基本数：乙县4.00（基本数4.80，相差16.7%）"
    assert year == [f"{told}、丙县3.00（基本数3.60，相差16.7%）"]
    assert other == []
    (english,) = allocation.tables(language="en")[1].notes
    told = (
        "投资: the stretch quotas of 2 region(s) fall short of their base quotas: 乙县 4.00 (base"
    )
    assert english == f"{told} 4.80, 16.7% apart), 丙县 3.00 (base 3.60, 16.7% apart)"


def test_nothing_is_told_where_nothing_falls_short(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, logger="decompose"):
        allocation = dc.solve(small.plan(small.indicator(target=HIGHER)))
    assert allocation.shortfalls.empty
    assert not caplog.messages
    assert all(table.notes == () for table in allocation.tables())
    assert dc.solve(small.plan()).shortfalls.empty


def test_stretch_figures_that_cannot_be_met_are_told_without_base_quotas() -> None:
    limits = {"max": {"area": {2015: 19}}}
    with pytest.raises(dc.InfeasibleError) as caught:
        dc.solve(small.plan(small.indicator(target=HIGHER, limits=limits)))
    assert "20" in str(caught.value)
    assert "基本目标数" not in str(caught.value)


def test_where_less_is_better_quotas_do_not_rise() -> None:
    target = {"years": {2015: "18以下", 2016: "16以下"}, "stretch": {"years": {2015: 17, 2016: 14}}}
    allocation = dc.solve(small.plan(small.indicator(kind="level", target=target)))
    assert allocation.shortfalls.empty
    assert exact_of(allocation.stretch) == pytest.approx([17 * b / 15 for b in (8, 4, 3)])


def test_where_less_is_better_what_has_to_rise_rises_in_proportion() -> None:
    target = {"years": {2015: "18以下"}, "stretch": {"years": {2015: 17}}}
    north = {"北部": {"years": {2015: "7.2以下"}, "stretch": {"years": {2015: "7.5-8"}}}}
    allocation = dc.solve(small.plan(small.indicator(target=target, group_targets=north)))
    assert exact_of(allocation) == pytest.approx([10.8, 7.2 * 4 / 7, 7.2 * 3 / 7])
    assert exact_of(allocation.stretch) == pytest.approx([9.5, 7.5 * 4 / 7, 7.5 * 3 / 7])
    assert list(allocation.shortfalls["region"]) == ["乙县", "丙县"]
    assert list(allocation.shortfalls["relative"]) == pytest.approx([1 / 24] * 2, abs=3e-3)


def ratio_of(publish: str, **target: Any) -> dc.Plan:
    given = {year: dict.fromkeys(small.BASES, 10.0) for year in (2014, 2015, 2016)}
    return small.plan(
        {"id": "gdp", "name": "产值", "kind": "given", "values": given, "report": False},
        {
            "id": "energy",
            "name": "能耗",
            "kind": "level",
            "base": {"甲区": 8, "乙县": 6, "丙县": 4},
        },
        {
            "id": "ratio",
            "name": "单耗",
            "kind": "ratio",
            "numerator": "energy",
            "denominator": "gdp",
            "publish": publish,
            "allocate": "base" if publish == "value" else "equal",
            "decimals": 3,
            "target": target,
        },
    )


@pytest.mark.parametrize("publish", ["value", "cut"])
def test_a_greater_cut_lowers_values_and_raises_cuts(publish: str) -> None:
    allocation = dc.solve(ratio_of(publish, cut="6%以上", stretch={"cut": "9%以上"}))
    assert allocation.stretch is not None
    base, higher = (one.quotas["exact"].to_numpy() for one in (allocation, allocation.stretch))
    assert (higher <= base).all() if publish == "value" else (higher >= base).all()
    assert allocation.shortfalls.empty


def test_published_increments_are_what_is_kept() -> None:
    # by levels alone, 2016 could give back what 2015 has more than at base
    target = {"increase_each_year": 3, "stretch": {"years": {2015: 20, 2016: 22}}}
    one = small.indicator(kind="level", publish="increment", target=target)
    allocation = dc.solve(small.plan(one))
    assert exact_of(allocation, 2016) == pytest.approx([1.6, 0.8, 0.6])
    short = allocation.shortfalls
    assert exact_of(allocation.stretch, 2016) == pytest.approx([2 * b / 15 for b in (8, 4, 3)])
    assert list(short["year"]) == [2016] * 3


def test_regions_keep_their_tiers_as_far_as_they_can() -> None:
    given = {year: dict.fromkeys(small.BASES, 10.0) for year in (2014, 2015, 2016)}
    energy = {"甲区": 10.0, "乙县": 10.0, "丙县": 10.0}
    cut = {
        "id": "cut",
        "name": "能耗降低率",
        "kind": "ratio",
        "unit": "%",
        "numerator": "energy",
        "denominator": "gdp",
        "publish": "cut",
        "decimals": 0,
        "target": {"cut": "12%以上", "stretch": {"cut": "9%-11%"}},
        "tiers": {"values": ["4%", "8%", "12%", "14%"]},
    }
    plan = small.plan(
        {"id": "gdp", "name": "产值", "kind": "given", "values": given, "report": False},
        {"id": "energy", "name": "能耗", "kind": "level", "base": energy, "report": False},
        cut,
    )
    allocation = dc.solve(plan)
    assert exact_of(allocation, 2016) == [12, 12, 12]
    # at most 11 % on the whole: 12, 12 and 8 fall short by a third once; the first by name yields
    assert sorted(exact_of(allocation.stretch, 2016)) == [8, 12, 12]


def test_what_is_no_other_before_rounding_is_no_other_after() -> None:
    """The second indicator's growth limits are exceeded by more than those of the first."""
    one = small.indicator(
        kind="level",
        decimals=1,
        base={"甲区": 13.3, "乙县": 28.6, "丙县": 11.1},
        target={"years": {2017: 67.4}},
        limits={"growth": {"min": "3%", "max": "9%"}},
        locks={"甲区": {2015: 13.9}},
    )
    other = small.indicator(
        id="other",
        name="另一项",
        decimals=0,
        base={"甲区": 5.7, "乙县": 3.4, "丙县": 2.7},
        target={"total": 40, "stretch": {"total": 46}},
        limits={"growth": {"max": "20%"}},
    )
    found = dc.solve(small.plan(one, other, years=[2015, 2016, 2017]))
    assert found.stretch is not None
    base, higher = (column(part, "quota") for part in (found, found.stretch))
    own = [cell for cell in base if cell.indicator == "investment"]
    assert [higher[cell] for cell in own] == [base[cell] for cell in own]


def test_what_no_stretch_figure_moves_stays_as_it_is() -> None:
    limits = {"growth": {"max": "9%"}}
    firms = small.indicator(id="firms", name="企业", kind="level", decimals=0, limits=limits)
    firms["base"], firms["target"] = {"甲区": 81, "乙县": 43, "丙县": 31}, {"growth": "7%"}
    plan = small.plan(small.indicator(target=HIGHER, group_targets=NORTH), firms)
    allocation = dc.solve(plan)
    assert allocation.stretch is not None
    pair = [one.quotas.query("indicator == 'firms'") for one in (allocation, allocation.stretch)]
    for name in ("quota", "exact"):
        np.testing.assert_allclose(pair[0][name], pair[1][name], rtol=1e-12)


@FEW
@given(stretched_plans(plans()), st.randoms(use_true_random=False))
def test_the_order_of_regions_and_indicators_changes_nothing(data: Data, rng: Any) -> None:
    allocation = allocation_of(data)
    other = {**data, **{key: rng.sample(data[key], len(data[key])) for key in ORDERED}}
    shuffled = allocation_of(other)
    assert allocation.stretch is not None
    assert shuffled.stretch is not None
    assert column(allocation.stretch, "quota") == column(shuffled.stretch, "quota")
    assert sorted(allocation.shortfalls.to_numpy().tolist()) == sorted(
        shuffled.shortfalls.to_numpy().tolist()
    )
