"""Targets that cannot be met, with gap="row": by hand, against an oracle, and in print."""

from __future__ import annotations

import itertools
import json
import math
import os
import re
from copy import deepcopy
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import decompose as dc
from benchmarks.instances import make_plan
from benchmarks.national import make_content
from decompose.build import build
from decompose.cli import main
from decompose.fairness import CLOSED, answer
from decompose.fairness.giving import missed
from decompose.problem import Problem, Solution
from decompose.report import markdown, table_csv, write_report
from tests import plans as small
from tests.gap_plans import tight_plans, tight_ratio_plan
from tests.oracles.gap_program import hand_out
from tests.oracles.plan_figures import total
from tests.oracles.plan_program import PlanProgram, violation
from tests.problems import problem as by_hand
from tests.solved import Data, allocation_of, column, solved
from tests.strategies import plans
from tests.test_choices import ENERGY, TIERS, area_cut, tiered

FOLDER = Path(__file__).parent
GOLDEN = FOLDER / "golden"
CLOSE = 1e-6
"""Of the size of an indicator: its largest reference."""
STEP = 1e-6
"""What floats may add."""
EXAMPLES = settings().max_examples
CAPACITIES = {
    "清城区": {2015: 4.0},
    "高新区": {2015: 3.5},
    "清新区": {2015: 3.0},
    "英德市": {2015: 3.2},
    "佛冈县": {2015: 2.4},
    "连州市": {2015: 1.5},
    "连山县": {2015: 0.3},
    "连南县": {2015: 0.4},
    "阳山县": {2015: 1.3},
}
"""What the districts can do: 19.6 of 22 in 2015, and more than enough after it."""
QINGYUAN = dc.read_plan(FOLDER.parent / "data" / "qingyuan" / "plan.yaml")
SHORT = QINGYUAN.with_changes({"indicators.upgrade_investment.limits.max": CAPACITIES})
HANDED_OUT = dc.solve(SHORT, gap="row")


def handed_out(*indicators: Data, **keys: Any) -> dc.Allocation:
    return dc.solve(small.plan(*indicators, **keys), gap="row")


def gaps(allocation: dc.Allocation) -> dict[tuple[str, int | str], tuple[float, float, float]]:
    """Target, quota and gap by scope and year, of plans with one indicator that has gaps."""
    frame = allocation.gaps
    assert frame["indicator"].nunique() <= 1
    labels = zip(frame["scope"], frame["year"], strict=True)
    figures = zip(frame["target"], frame["quota"], frame["gap"], strict=True)
    return dict(zip(labels, figures, strict=True))


# ---- by hand ---------------------------------------------------------------------------------


def test_qingyuan_hands_out_what_its_districts_can_do() -> None:
    with pytest.raises(dc.InfeasibleError) as caught:
        dc.solve(SHORT)
    assert caught.value.indicators == ("upgrade_investment",)
    # 22 - (4 + 3.5 + 3 + 3.2 + 2.4 + 1.5 + 0.3 + 0.4 + 1.3); later years do not make up for it
    assert gaps(HANDED_OUT) == {
        ("全市", 2015): (22.0, 19.6, 2.4),
        ("全市", "total"): (92.0, 89.6, 2.4),
    }
    quotas = HANDED_OUT.quotas
    of_2015 = quotas[(quotas["indicator"] == "upgrade_investment") & (quotas["year"] == 2015)]
    capacities = {region: by_year[2015] for region, by_year in CAPACITIES.items()}
    assert dict(zip(of_2015["region"], of_2015["quota"], strict=True)) == capacities
    totals = HANDED_OUT.totals
    own = totals[(totals["indicator"] == "upgrade_investment") & (totals["scope"] == "全市")]
    assert own["target"].to_list() == [22, 30, 40, 92]
    assert own["quota"].to_list() == [19.6, 30, 40, 89.6]


def test_what_nothing_ties_to_the_gap_stays_as_it_is() -> None:
    short, full = HANDED_OUT.quotas, dc.solve(QINGYUAN).quotas
    others = short["indicator"] != "upgrade_investment"
    assert others.sum() > 200
    assert short[others].equals(full[full["indicator"] != "upgrade_investment"])


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        # exact sums of the years: what 2015 lacks, the total lacks
        (
            {"target": {"years": {2015: 18, 2016: 24}, "total": 42}, "limits": {"max": {2015: 5}}},
            {2015: (18, 15, 3), "total": (42, 39, 3)},
        ),
        # the year that is left open does not make up for the other
        (
            {"target": {"years": {2015: 18}, "total": 42}, "limits": {"max": {2015: 5}}},
            {2015: (18, 15, 3), "total": (42, 39, 3)},
        ),
        # a total that can be met all the same has no gap
        (
            {
                "target": {"years": {2015: 18, 2016: 24}, "total": "38以上"},
                "limits": {"max": {2015: 5}},
            },
            {2015: (18, 15, 3)},
        ),
        ({"target": {"total": 42}, "limits": {"max": 6}}, {"total": (42, 36, 6)}),
        # floors lift the total alone: no year exceeds its figure in its stead
        (
            {
                "target": {"years": {2015: "6以下"}, "total": "12以下"},
                "limits": {"total": {"min": {"甲区": 8, "乙县": 4, "丙县": 4}}},
            },
            {"total": (12, 16, -4)},
        ),
        # within "about" there is no gap; beyond it the gap is to the figure
        ({"target": {"years": {2015: "18左右"}}, "limits": {"max": {2015: 5.9}}}, {}),
        (
            {"target": {"years": {2015: "18左右"}}, "limits": {"max": {2015: 5}}},
            {2015: (18, 15, 3)},
        ),
        (
            {
                "target": {"years": {2015: "16-18"}},
                "hand_out": "upper",
                "limits": {"max": {2015: 5}},
            },
            {2015: (18, 15, 3)},
        ),
        # what is to be handed out has the margin
        (
            {"target": {"years": {2015: "18以上"}, "margin": "5%"}, "limits": {"max": {2015: 6.2}}},
            {2015: (18.9, 18.6, 0.3)},
        ),
        # only floors make a sum exceed its figure
        (
            {"target": {"years": {2015: "18以下"}}, "limits": {"min": {2015: 7}}},
            {2015: (18, 21, -3)},
        ),
        (
            {"target": {"years": {2015: 18, 2016: 24}, "total": 42}, "limits": {"min": {2015: 7}}},
            {2015: (18, 21, -3), "total": (42, 45, -3)},
        ),
        # figures that contradict one another: nobody gets more than any of them says
        (
            {"target": {"years": {2015: 18, 2016: 24}, "total": 50}},
            {"total": (50, 42, 8)},
        ),
        (
            {"kind": "level", "target": {"years": {2016: 24}, "growth": "30%以上"}},
            {2016: (25.35, 24, 1.35)},
        ),
        # 15 → 16.2 → 17.5; a year that falls short lowers no other year
        (
            {
                "kind": "level",
                "target": {"growth_each_year": "8%以上"},
                "limits": {"max": {"area": {2015: 16}}},
            },
            {2015: (16.2, 16, 0.2)},
        ),
        (
            {
                "kind": "level",
                "target": {"increase_each_year": "2以上"},
                "limits": {"max": {"area": {2016: 16}}},
            },
            {2016: (19, 16, 3)},
        ),
        # floors lift 2015 to 18, of which 8 % more is 19.44
        (
            {
                "kind": "level",
                "target": {"growth_each_year": "8%以上"},
                "limits": {"min": {"area": {2015: 18}}, "max": {"area": {2016: 18.5}}},
            },
            {2016: (19.44, 18.5, 0.94)},
        ),
        # 15 → at most 16.2; floors need 17
        (
            {
                "kind": "level",
                "target": {"growth_each_year": "8%以下"},
                "limits": {"min": {"area": {2015: 17}}},
            },
            {2015: (16.2, 17, -0.8)},
        ),
    ],
)
def test_gaps_of_one_indicator(keys: Data, expected: dict[Any, tuple[float, ...]]) -> None:
    found = gaps(handed_out(small.indicator(**keys)))
    assert found == {("全市", year): figures for year, figures in expected.items()}


def test_a_group_may_fall_short_where_the_area_does_not() -> None:
    limits = {"max": {"乙县": {2015: 4}, "丙县": {2015: 4}}}
    least = handed_out(
        small.indicator(group_targets={"北部": {"years": {2015: "12以上"}}}, limits=limits)
    )
    assert gaps(least) == {("北部", 2015): (12, 8, 4)}
    exact = {"北部": {"years": {2015: 12}}, "南部": {"years": {2015: 6}}}
    both = handed_out(small.indicator(group_targets=exact, limits=limits))
    assert gaps(both) == {("全市", 2015): (18, 14, 4), ("北部", 2015): (12, 8, 4)}


def test_rules_that_are_no_targets_stay_hard() -> None:
    limits = {"min": {2015: 7}, "max": {"area": {2015: 20}}}
    with pytest.raises(dc.InfeasibleError) as caught:
        handed_out(small.indicator(limits=limits))
    assert "20" in str(caught.value)
    assert "21" in str(caught.value)
    lock = {"甲区": {2015: 12}}
    with pytest.raises(dc.InfeasibleError):
        handed_out(small.indicator(limits={"max": {2015: 7}}, locks=lock))


def test_a_part_and_its_whole_give_way_together() -> None:
    part = small.indicator(id="part", parent="investment", target={"years": {2015: 12, 2016: 5}})
    limits = {"max": {2015: 3}}
    allocation = handed_out(small.indicator(limits=limits), part)
    assert allocation.gaps[["indicator", "year", "gap"]].to_numpy().tolist() == [
        ["investment", 2015, 9],
        ["part", 2015, 3],
    ]


@pytest.mark.parametrize("fairness", ["least_absolute", "least_squares", "least_cost"])
def test_every_rule_of_choice_leaves_the_same_gap(fairness: str) -> None:
    cost = {name: [[100, 1.0]] for name in small.BASES} if fairness == "least_cost" else {}
    limits = {"max": {2015: 4, "甲区": {2015: 6}}, "growth": {"max": "70%"}}
    one = small.indicator(fairness=fairness, cost=cost, limits=limits)
    # 2016: at most 1.7 × (6 + 4 + 4) = 23.8
    assert gaps(handed_out(one)) == {
        ("全市", 2015): (18, 14, 4),
        ("全市", 2016): (24, 23.8, 0.2),
    }


def test_a_priority_gives_way_last() -> None:
    """What two add up to has too little room for both: the first in rank keeps its target."""
    parts = [
        small.indicator(id=name, name=name, priority=rank, target={"years": {2015: 9}})
        for name, rank in (("a", 2), ("b", 1))
    ]
    both = {"id": "both", "name": "both", "kind": "flow", "sum_of": ["a", "b"]}
    found = handed_out(*parts, {**both, "limits": {"max": {2015: 4}}}).gaps
    assert found[["indicator", "year", "gap"]].to_numpy().tolist() == [["a", 2015, 6]]


def test_a_gap_of_another_name_is_told() -> None:
    with pytest.raises(dc.errors.PlanError, match="column"):
        dc.solve(small.plan(), gap="column")
    with pytest.raises(ValueError, match="left out"):
        dc.solve(small.plan(), gap="", language="en")


# ---- against the oracle ----------------------------------------------------------------------


@settings(max_examples=2 * EXAMPLES)
@given(tight_plans())
def test_what_is_handed_out_is_that_of_the_oracle(data: Data) -> None:
    oracle = PlanProgram(data)
    allocation, exact = solved(data, gap="row"), hand_out(oracle)
    assert (allocation is None) == (exact is None)
    if allocation is None or exact is None:
        return
    found = column(allocation, "exact")
    assert found.keys() == exact.values.keys()
    for cell, value in exact.values.items():
        near = CLOSE * float(max(oracle.sizes[cell.indicator], abs(value)))
        assert found[cell] == pytest.approx(float(value), abs=near)


@settings(max_examples=2 * EXAMPLES)
@given(tight_plans())
def test_figures_are_the_sums_of_quotas_and_gaps_in_whole_steps(data: Data) -> None:
    allocation = allocation_of(data, gap="row")
    oracle = PlanProgram(data)
    printed = {cell: Fraction(str(quota)) for cell, quota in column(allocation, "quota").items()}

    def added(rule: Any) -> Fraction:
        return total(part * printed[cell] for cell, part in rule.coefficients.items())

    listed = {}
    for row in allocation.gaps.itertuples():
        target, quota, gap = (Fraction(str(one)) for one in (row.target, row.quota, row.gap))
        assert target == quota + gap
        assert gap
        assert gap % oracle.indicators[str(row.indicator)].step == 0
        listed[row.indicator, row.scope, row.year] = target, quota
    excess = allocation.excess
    moved = set(zip(excess["indicator"], excess["scope"], excess["year"], strict=True))
    for rule in oracle.rules:
        label = rule.indicator, rule.scope, rule.year
        if rule.family != "target" or not rule.coefficients:
            continue
        if label in listed:
            assert added(rule) == listed[label][1]
        else:  # what is not listed is kept
            assert not violation(rule, printed) or label in moved
        if label in listed and violation(rule, printed) and rule.figure is not None:
            beyond = abs(listed[label][0] - added(rule)) - abs(rule.figure - added(rule))
            assert beyond >= 0  # of several figures of one sum, the largest gap


@given(tight_plans(), st.randoms(use_true_random=False))
def test_the_order_of_regions_and_indicators_changes_no_gap(data: Data, rng: Any) -> None:
    allocation = allocation_of(data, gap="row")
    assume(len(allocation.gaps))
    other = deepcopy(data)
    for name in ("regions", "indicators"):
        rng.shuffle(other[name])
    shuffled = allocation_of(other, gap="row")
    assert column(shuffled, "quota") == column(allocation, "quota")
    order = ["indicator", "scope", "year"]
    frames = [
        one.gaps.sort_values(order, key=lambda column: column.map(str)).to_numpy().tolist()
        for one in (allocation, shuffled)
    ]
    assert frames[0] == frames[1]


@settings(max_examples=EXAMPLES // 2)
@given(tight_plans())
def test_another_solver_leaves_the_same_gaps(data: Data) -> None:
    allocation = allocation_of(data, gap="row")
    assume(len(allocation.gaps))
    other = allocation_of(data, gap="row", solver="cbc")
    assert column(other, "quota") == column(allocation, "quota")
    assert other.gaps.equals(allocation.gaps)


@given(st.one_of(plans(), tight_plans()))
def test_a_plan_that_can_be_met_is_the_same_byte_for_byte(data: Data) -> None:
    allocation = allocation_of(data)
    other = dc.solve(dc.Plan.model_validate(data), gap="row")
    assert other.gaps.empty
    assert written(allocation) == written(other)


def written(allocation: dc.Allocation) -> list[bytes]:
    tables = allocation.tables()
    frames = allocation.quotas, allocation.totals, allocation.excess, allocation.values
    return [
        markdown(tables).encode(),
        *(table_csv(table) for table in tables),
        *(frame.to_csv().encode() for frame in frames),
    ]


# ---- ratios ----------------------------------------------------------------------------------

OUTPUT = {"甲区": 200.0, "乙县": 120.0, "丙县": 80.0}
PART = {"甲区": 20, "乙县": 12, "丙县": 8}
GIVEN: Data = {
    "id": "output",
    "name": "产值",
    "kind": "given",
    "values": {year: dict(OUTPUT) for year in (2014, 2015, 2016)},
    "report": False,
}


def rate(**keys: Any) -> Data:
    return {
        "id": "rate",
        "name": "占比",
        "kind": "ratio",
        "unit": "%",
        "denominator": "output",
        "scale": 100,
        "decimals": 1,
        **keys,
    }


def test_a_ratio_comes_as_near_to_its_figure_as_the_rules_allow() -> None:
    limits = {"max": {"甲区": {2016: 13}, "乙县": {2016: 14}, "丙县": {2016: 16}}}
    target = {"years": {2015: "12以上", 2016: "15以上"}}
    allocation = handed_out(GIVEN, rate(base_numerator=PART, target=target, limits=limits))
    # (200 × 13 + 120 × 14 + 80 × 16) ÷ 400
    assert gaps(allocation) == {("全市", 2016): (15, 13.9, 1.1)}
    annex = allocation.annex2(2016)["占比"]
    assert annex.to_dict() == {"全市": 15, "甲区": 13, "乙县": 14, "丙县": 16, "待落实": 1.1}


def test_a_ratio_that_is_too_high_has_a_negative_row() -> None:
    target, limits = {"years": {2016: "8以下"}}, {"min": {2016: 9}}
    allocation = handed_out(GIVEN, rate(base_numerator=PART, target=target, limits=limits))
    assert gaps(allocation) == {("全市", 2016): (8, 9, -1)}
    assert any("负数" in note for note in allocation.tables(years=(2016,))[1].notes)


def test_a_cut_that_follows_its_numerator_falls_short_where_the_numerator_is_too_high() -> None:
    least = {"甲区": {2016: 19}, "乙县": {2016: 11}, "丙县": {2016: 8}}
    numerator = {
        "id": "part",
        "name": "分子",
        "kind": "level",
        "base": PART,
        "target": {"years": {2015: "40以下", 2016: "38以下"}},
        "limits": {"min": least},
    }
    cut = rate(numerator="part", publish="cut", target={"cut": "10%以上"})
    allocation = handed_out(GIVEN, numerator, cut)
    assert gaps(allocation) == {("全市", 2016): (10, 5, 5)}  # 38 of 40 is 5 % less


@settings(max_examples=EXAMPLES)
@given(
    st.fixed_dictionaries({name: st.integers(1, 25) for name in OUTPUT}),
    st.integers(10, 30),
)
def test_the_ratio_of_the_area_is_the_highest_that_capacities_allow(
    most: dict[str, int], wanted: int
) -> None:
    limits = {"max": {name: {2016: value} for name, value in most.items()}}
    target = {"years": {2015: 0, 2016: f"{wanted}以上"}}
    allocation = handed_out(GIVEN, rate(base_numerator=PART, target=target, limits=limits))
    reached = total(Fraction(most[name]) * int(OUTPUT[name]) for name in most) / 400
    if reached >= wanted:
        assert allocation.gaps.empty
        return
    ((figure, quota, gap),) = gaps(allocation).values()
    assert abs(Fraction(str(quota)) - reached) <= Fraction(1, 20)
    assert Fraction(str(quota)) + Fraction(str(gap)) == figure == wanted


def test_ratios_that_are_not_listed_reach_their_figures() -> None:
    found = 0
    for seed in range(100):
        data = tight_ratio_plan(seed)
        plain = solved(data)
        allocation = solved(data, gap="row")
        if plain is not None:
            assert allocation is not None
            assert allocation.gaps.empty
            assert column(plain, "quota") == column(allocation, "quota")
        elif allocation is not None:
            asked = solved(_raised(data), gap="row")
            assert asked is not None
            found += _ratios_are_listed(data, allocation, asked)
    assert found > 10


def _raised(data: Data) -> Data:
    """Return the plan with its margins multiplied into the figures."""
    data = deepcopy(data)
    for one in data["indicators"]:
        area = one.get("target", {})
        whole = area.pop("margin", "0%")
        for target in (area, *one.get("group_targets", {}).values()):
            factor = 1 + Fraction(target.pop("margin", whole).removesuffix("%")) / 100
            for key, said in target.items():
                if key == "years":
                    target[key] = {year: _times(figure, factor) for year, figure in said.items()}
                elif key != "tolerance":
                    target[key] = _times(said, factor)
    return data


def _times(figure: Any, factor: Fraction) -> Any:
    if factor == 1:
        return figure
    number = r"\d+(\.\d+)?"
    return re.sub(number, lambda found: repr(float(Fraction(found[0]) * factor)), str(figure))


def _ratios_are_listed(data: Data, allocation: dc.Allocation, asked: dc.Allocation) -> int:
    """Compare every ratio that asks for no less or no more with its figure; count the gaps."""
    labels = ["indicator", "scope", "year"]
    frame = allocation.totals.assign(target=asked.totals["target"]).merge(
        allocation.gaps, "left", on=labels, suffixes=("", "_of_gap")
    )
    ratios = {one["id"]: one for one in data["indicators"] if one["kind"] == "ratio"}
    found = 0
    for row in frame.to_dict("records"):
        one = ratios.get(row["indicator"])
        if one is None or row["sense"] not in ("at_least", "at_most") or _turned(one):
            continue
        lack = row["target"] - row["quota"]
        lack = lack if row["sense"] == "at_least" else -lack
        if math.isnan(row["gap"]):  # rounding may be off by a step, and is listed elsewhere
            assert lack <= 10.0 ** -one["decimals"] + STEP
        else:
            found += 1
            assert lack > 0
            assert row["gap"] * (row["target"] - row["quota"]) > 0
            assert row["quota_of_gap"] == row["quota"]
    return found


def _turned(one: Data) -> bool:
    """Whether "at least" is said of something else than what is published: of a cut, or a value."""
    said = [one.get("target", {}), *one.get("group_targets", {}).values()]
    keys = {key for target in said for key in target} - {"margin", "tolerance"}
    cuts = keys & {"cut", "cut_each_year"}
    return keys != cuts if one.get("publish") == "cut" else bool(cuts)


@pytest.mark.parametrize("cut", ["12%以上", "15.5%以上", "16.5%以上", "20%以上"])
@pytest.mark.parametrize("most", [{}, {"甲区": "14%"}, {"甲区": "10%", "丙县": "14%"}])
def test_tiers_bring_the_cut_as_near_as_they_can(cut: str, most: dict[str, str]) -> None:
    limits = {"cut": {"max": most}} if most else {}
    allocation = dc.solve(tiered(cut, limits=limits), gap="row")
    wanted = float(cut.removesuffix("%以上")) / 100
    can = [
        tiers
        for tiers in itertools.product(TIERS, repeat=3)
        if all(
            tier <= float(most.get(name, "99%").removesuffix("%")) / 100 + 1e-9
            for name, tier in zip(ENERGY, tiers, strict=True)
        )
    ]
    nearest = min(max(wanted - area_cut(tiers), 0.0) for tiers in can)
    best = [tiers for tiers in can if max(wanted - area_cut(tiers), 0.0) <= nearest + 1e-9]
    fewest = min([sum(one >= tier for one in tiers) for tier in TIERS[:0:-1]] for tiers in best)
    quotas = allocation.quotas
    last = quotas[(quotas["indicator"] == "cut") & (quotas["year"] == 2016)]
    found = [round(quota / 100, 2) for quota in last["quota"]]
    assert max(wanted - area_cut(tuple(found)), 0.0) == pytest.approx(nearest, abs=1e-9)
    assert [sum(one >= tier for one in found) for tier in TIERS[:0:-1]] == fewest
    assert ("全市", 2016) in gaps(allocation) or nearest < 0.005


# ---- stretch, increments ---------------------------------------------------------------------


def test_stretch_figures_have_gaps_of_their_own() -> None:
    target = {"years": {2015: 18, 2016: 24}, "stretch": {"years": {2015: 20, 2016: 27}}}
    one = small.indicator(target=target, limits={"max": {2015: 6, 2016: 7}})
    allocation = handed_out(one)
    assert allocation.stretch is not None
    assert gaps(allocation) == {("全市", 2016): (24, 21, 3)}
    assert gaps(allocation.stretch) == {("全市", 2015): (20, 18, 2), ("全市", 2016): (27, 21, 6)}
    last = allocation.annex2(2016).loc["待落实"].to_dict()
    assert last == {"投资": 3, "投资（力争）": 6}
    assert allocation.annex2(2015)["投资（力争）"].to_list() == [20, 6, 6, 6, 2]


def test_stretch_figures_alone_may_be_out_of_reach() -> None:
    target = {"years": {2015: 18, 2016: 24}, "stretch": {"years": {2015: 20, 2016: 27}}}
    one = small.indicator(target=target, limits={"max": {2015: 6, 2016: 8}})
    base = dc.solve(small.plan(small.indicator(limits=one["limits"])))
    allocation = handed_out(one)
    assert allocation.stretch is not None
    assert allocation.gaps.empty
    assert column(allocation, "quota") == column(base, "quota")
    assert gaps(allocation.stretch) == {("全市", 2015): (20, 18, 2), ("全市", 2016): (27, 24, 3)}


def test_a_published_increment_makes_up_for_the_year_before() -> None:
    limits = {"max": {"甲区": {2015: 8.5}, "乙县": {2015: 4.2}, "丙县": {2015: 3.5}}}
    one = small.indicator(kind="level", publish="increment", limits=limits)
    allocation = handed_out(one)
    assert gaps(allocation) == {("全市", 2015): (18, 16.2, 1.8)}
    assert allocation.annex2(2015)["投资增量"].to_list() == [3, 0.5, 0.2, 0.5, 1.8]
    last = allocation.annex2(2016)["投资增量"]
    assert last.iloc[[0, -1]].to_list() == [6, -1.8]
    assert last.iloc[1:].sum() == pytest.approx(6)


# ---- in print --------------------------------------------------------------------------------


def printed() -> dc.Allocation:
    """Three indicators: one short in an open and a given year, one exceeded, one of a group."""
    target = {"years": {2015: "18以上", 2016: 24}, "total": "42以上"}
    firms = small.indicator(
        id="firms",
        name="关停企业",
        unit="家",
        integer=True,
        target={"years": {2015: "18以下", 2016: 24}},
        limits={"min": {2015: 7}},
    )
    added = small.indicator(
        id="added",
        name="增加值",
        kind="level",
        group_targets={"北部": {"years": {2015: "12以上"}}},
        limits={"max": {"乙县": {2015: 4}, "丙县": {2015: 4}}},
    )
    return handed_out(small.indicator(target=target, limits={"max": {2015: 5}}), firms, added)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_annexes_with_gaps_are_those_of_the_golden_file(language: Any, tmp_path: Path) -> None:
    golden = GOLDEN / f"gap-{language}.md"
    target = golden if os.environ.get("WRITE_GOLDEN") else tmp_path / golden.name
    target.write_text(markdown(printed().tables(language=language)), encoding="utf-8")
    assert target.read_text(encoding="utf-8") == golden.read_text(encoding="utf-8")


def test_the_row_stands_last_only_in_years_with_a_gap() -> None:
    allocation = printed()
    first, second = allocation.annex2(2015), allocation.annex2(2016)
    assert first.index.to_list() == ["全市", *small.BASES, "待落实"]
    assert second.index.to_list() == ["全市", *small.BASES]
    gap = first.loc["待落实"]
    assert gap.dropna().to_dict() == {"投资": 3, "关停企业": -3}
    for name in ("投资", "关停企业"):
        assert first[name].iloc[1:].sum() == first[name].iloc[0] == 18


def test_the_area_is_the_sum_of_regions_and_row_in_every_table() -> None:
    for year in (2015, 2016, 2017):
        annex = HANDED_OUT.annex2(year)["工业技术改造投资"]
        steps = [round(one * 100) for one in annex.fillna(0)]
        assert steps[0] == sum(steps[1:])


def test_files_hold_the_row(tmp_path: Path) -> None:
    allocation = printed()
    for suffix in (".md", ".csv", ".xlsx"):
        write_report(allocation, tmp_path / f"annexes{suffix}")
    assert "| 待落实 |" in (tmp_path / "annexes.md").read_text("utf-8")
    lines = (tmp_path / "annexes.csv").read_text("utf-8-sig").splitlines()
    assert lines[-1] == "待落实,3.00,-3,—"
    sheet = openpyxl.load_workbook(tmp_path / "annexes.xlsx")["附件2-2015"]
    (row,) = (row for row in sheet.iter_rows(values_only=True) if row[0] == "待落实")
    assert row == ("待落实", 3, -3, "—")
    allocation.save(tmp_path / "allocation.json")
    kept = json.loads((tmp_path / "allocation.json").read_text("utf-8"))["gaps"]
    assert kept == allocation.gaps.to_dict("records")
    assert [one["gap"] for one in kept] == [3, 3, -3, 4]


def test_a_plan_that_can_be_met_is_saved_as_before(tmp_path: Path) -> None:
    plan = small.plan()
    dc.solve(plan).save(tmp_path / "a.json")
    dc.solve(plan, gap="row").save(tmp_path / "b.json")
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
    assert b"gaps" not in (tmp_path / "a.json").read_bytes()


def test_the_command_hands_out_what_it_can(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = small.data(small.indicator(limits={"max": {2015: 5}}))
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    assert main(["solve", str(path)]) == 1
    capsys.readouterr()
    assert main(["solve", str(path), "--gap", "row", "-o", str(tmp_path / "out")]) == 0
    assert "| 待落实 |" in capsys.readouterr().out
    assert "gaps" in json.loads((tmp_path / "out" / "allocation.json").read_text("utf-8"))


def test_why_solves_again_in_the_same_way() -> None:
    reason = printed().why("投资", "乙县", 2015, relief=True)
    assert {one.family for one in reason.relief} == {"max"}
    assert reason.relief[0].change == pytest.approx(reason.relief[0].step)


# ---- both routes -----------------------------------------------------------------------------


def by_both_routes(problem: Problem) -> tuple[Solution | Problem, Solution | Problem]:
    return answer(problem), answer(problem, closed=False)


@given(data=tight_plans())
def test_both_routes_leave_the_same_gaps(data: Data) -> None:
    """Targets of all indicators may give way, whether they must or not."""
    plan = dc.Plan.model_validate(data)
    problem = build(plan, yields=range(len(plan.indicators))).problem
    closed, programs = by_both_routes(problem)
    if isinstance(closed, Problem) or isinstance(programs, Problem):
        assert type(closed) is type(programs)
        return
    size = problem.reference.max(initial=0.0) or 1.0
    np.testing.assert_allclose(closed.x, programs.x, rtol=0, atol=CLOSE * size)


@pytest.mark.parametrize("factor", [0.7, 1.4])
def test_sums_that_are_all_out_of_reach_need_no_programs(factor: float) -> None:
    content = make_plan(12, 3, 2, growth=(1.02, 1.40), seed=2015)
    for one in content["indicators"]:
        years = one["target"]["years"]
        one["target"]["years"] = {year: round(factor * years[year], 2) for year in years}
    problem = build(dc.Plan.model_validate(content), yields=range(2)).problem
    closed, programs = by_both_routes(problem)
    assert isinstance(closed, Solution)
    assert isinstance(programs, Solution)
    assert (closed.programs, closed.route) == (0, (CLOSED, CLOSED))
    np.testing.assert_allclose(closed.x, programs.x, rtol=1e-9)
    end = problem.upper if factor > 1 else problem.lower
    assert (np.abs(closed.x - end) > 1e-3 * end).any()  # growth limits bind, too


@pytest.mark.parametrize(("scope", "factor"), [("", 1.02), ("", 0.97), ("city 001", 1.3)])
def test_sums_that_contradict_one_another_need_few_programs(scope: str, factor: float) -> None:
    """What is missed takes a few programs; the cells have a closed form then."""
    content, columns = make_content(1 / 64)
    (one,) = (one for one in content["indicators"] if one["id"] == "plain_3")
    years = (one["group_targets"][scope] if scope else one["target"])["years"]
    years[2028] = round(factor * years[2028], 2)
    plan = dc.Plan.model_validate(content | {"tables": [columns], "indicators": [one]})
    problem = build(plan, yields=[0]).problem
    closed, programs = by_both_routes(problem)
    assert isinstance(closed, Solution)
    assert isinstance(programs, Solution)
    assert closed.programs < 20 < programs.programs
    size = problem.reference.max()
    np.testing.assert_allclose(closed.x, programs.x, rtol=0, atol=CLOSE * size)


def test_only_what_yields_counts_as_missed() -> None:
    firm = by_hand([1.0, 1.0], [({0: 1}, 10, np.inf), ({1: 1}, -np.inf, 10)])
    yielding = replace(firm, rules=replace(firm.rules, yields=np.ones(2, dtype=bool)))
    x = np.array([8.0, 12.0])
    assert [flags.tolist() for flags in missed(firm, x)] == [[False, False], [False, False]]
    assert [flags.tolist() for flags in missed(yielding, x)] == [[True, False], [False, True]]
