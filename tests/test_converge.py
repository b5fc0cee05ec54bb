"""``converge``: shares that go from the base year's to those by the rule, ratios to the area's."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import decompose as dc
from decompose.build import build
from tests import plans as small
from tests.oracles.plan_figures import number
from tests.oracles.plan_indicator import PlanIndicator
from tests.oracles.plan_program import PlanProgram
from tests.solved import Data, column
from tests.strategies import plans
from tests.test_solve_oracle import same_as_oracle

WEIGHTS = {"甲区": 1, "乙县": 2, "丙县": 3}
BY_WEIGHTS: Data = {"allocate": {"by": WEIGHTS}}


def references(**keys: Any) -> list[list[float]]:
    """The references of the indicator of tests/plans.py, years by regions."""
    found = column(dc.solve(small.plan(small.indicator(**keys))), "reference")
    years = dict.fromkeys(cell.year for cell in found)
    return [[found[cell] for cell in found if cell.year == year] for year in years]


@pytest.mark.parametrize("whole", [True, 1, "100%"])
def test_shares_go_from_those_of_the_base_to_those_by_the_rule(whole: object) -> None:
    first, last = references(**BY_WEIGHTS, converge=whole)
    assert last == pytest.approx([24 / 6, 48 / 6, 72 / 6])
    half = [(base / 15 + weight / 6) / 2 for base, weight in zip((8, 4, 3), (1, 2, 3), strict=True)]
    assert first == pytest.approx([18 * share for share in half])


def test_a_part_of_the_way_leads_there_in_the_last_year() -> None:
    # three years to 2017: a third of 60 % each
    keys = {**BY_WEIGHTS, "target": {"years": {2015: 18, 2017: 18}}, "converge": "60%"}
    found = column(dc.solve(small.plan(small.indicator(**keys), years=[2015, 2017])), "reference")
    base, goal = np.array([8, 4, 3]) / 15, np.array([1, 2, 3]) / 6
    for year, part in ((2015, 0.2), (2017, 0.6)):
        own = [value for cell, value in found.items() if cell.year == year]
        assert own == pytest.approx(list(18 * (base + part * (goal - base))))


def test_the_way_ends_in_the_last_year_that_is_assigned() -> None:
    target = {"years": {2015: 18, 2016: "—"}}
    assert references(**BY_WEIGHTS, target=target, converge=True) == [pytest.approx([3, 6, 9])]


def test_none_of_the_way_is_the_base_and_false_is_nothing() -> None:
    assert references(**BY_WEIGHTS, converge=0) == references(allocate="base")
    assert references(**BY_WEIGHTS, converge=False) == references(**BY_WEIGHTS)


@st.composite
def converging_plans(draw: Any) -> Data:
    data: Data = draw(plans())
    indicators = PlanProgram(data).indicators
    for one in data["indicators"]:
        if not _based(indicators[one["id"]]):
            continue
        rule = one.get("allocate")
        rule = rule.get("by", rule) if isinstance(rule, dict) else rule
        if rule in (None, "base"):
            names = [region["name"] for region in data["regions"]]
            one["allocate"] = {"by": {name: draw(st.integers(1, 5)) for name in names}}
        one["converge"] = draw(st.sampled_from(["100%", "37.5%", 0.8, 0]))
    return data


def _based(one: PlanIndicator) -> bool:
    takers = {region for region, _ in one.applies} - one.frame.reserve
    return takers <= one.raw_base.keys() and any(one.raw_base[region] for region in takers)


@given(converging_plans())
def test_answers_are_those_of_the_oracle(data: Data) -> None:
    same_as_oracle(data)


@given(converging_plans())
def test_references_add_up_to_what_is_handed_out(data: Data) -> None:
    problem = build(dc.Plan.model_validate(data)).problem
    columns = problem.column_indicator, problem.column_year
    sums = np.zeros((len(problem.indicators), len(problem.years)))
    np.add.at(sums, columns, problem.reference)
    for one, own in zip(PlanProgram(data).indicators.values(), sums, strict=True):
        for year, handed in one.handed.items():
            takers = {region for region, when in one.applies if when == year}
            if takers - one.frame.reserve:
                found = own[problem.years.index(year)]
                assert found == pytest.approx(float(handed), abs=1e-6 * (1 + abs(float(handed))))


# ---- ratios -----------------------------------------------------------------------------------

BELOW = {"甲区": 10.0, "乙县": 20.0, "丙县": 10.0}
ABOVE = {"甲区": 8.0, "乙县": 8.0, "丙县": 2.0}


def ratio_plan(**keys: Any) -> dc.Plan:
    """Energy by value added: 0.8, 0.4 and 0.2 in the base year, 0.45 together."""
    given_values = {year: dict(BELOW) for year in (2014, 2015, 2016)}
    return small.plan(
        {"id": "added", "name": "产值", "kind": "given", "values": given_values, "report": False},
        {"id": "energy", "name": "能耗", "kind": "level", "base": dict(ABOVE)},
        {
            "id": "ratio",
            "name": "单耗",
            "kind": "ratio",
            "numerator": "energy",
            "denominator": "added",
            "decimals": 4,
            "target": {"years": {2015: 0.42, 2016: "0.4以下"}},
            "converge": True,
            **keys,
        },
    )


@pytest.mark.parametrize("whole", [1.0, 0.5])
def test_a_ratio_goes_from_the_regions_value_to_the_areas(whole: float) -> None:
    quotas = dc.solve(ratio_plan(converge=whole)).quotas
    for year, target, part in ((2015, 0.42, whole / 2), (2016, 0.4, whole)):
        index = np.array([0.8, 0.4, 0.2])
        index = index + part * (0.45 - index)
        # scaled so that Σ denominator × ratio is just the area's: the indices' mean is 0.45
        found = quotas.loc[(quotas["indicator"] == "ratio") & (quotas["year"] == year)]
        assert list(found["reference"]) == pytest.approx(list(index * target / 0.45))
        assert list(found["exact"]) == pytest.approx(list(index * target / 0.45))
    if whole == 1:
        assert set(found["quota"]) == {0.4}


def test_a_reserve_has_no_index() -> None:
    regions = [{"name": name} for name in ("甲区", "乙县")] + [{"name": "丙县", "reserve": True}]
    data = ratio_plan().source() | {"regions": regions, "groups": {}}
    quotas = dc.solve(dc.Plan.model_validate(data)).quotas
    assert set(quotas.loc[quotas["region"] == "丙县", "reference"]) == {0}


# ---- why, and mistakes --------------------------------------------------------------------------


def test_why_tells_the_way() -> None:
    allocation = dc.solve(small.plan(small.indicator(**BY_WEIGHTS, converge="80%")))
    told = str(allocation.why("investment", "乙县", 2015))
    assert "按由基期占比向给定权重占比过渡40.00%后的占比（29.33%）应分得" in told
    assert "18.00 × 29.33% = 5.28亿元" in told
    english = allocation.why("investment", "乙县", 2016).text("en")
    assert "gone 80.00% of the way from the share of the base year to the share" in english
    told = str(dc.solve(ratio_plan()).why("ratio", "甲区", 2015))
    assert "由基期比率向示例市基期比率过渡50.00%后的数同乘 0.9333，" in told
    assert "应为 0.62500 × 0.9333 = 0.5833，" in told


def codes(plan: Any) -> list[tuple[str, str]]:
    with pytest.raises(dc.PlanError) as caught:
        plan()
    return [(one.message.code, ".".join(map(str, one.path))) for one in caught.value.mistakes]


@pytest.mark.parametrize(
    ("keys", "code"),
    [
        ({"converge": True}, "converge_allocate"),
        ({"converge": True, "allocate": "base"}, "converge_allocate"),
        ({"converge": True, "allocate": "equal", "base": None}, "base_needed"),
        ({"converge": True, "allocate": "equal", "base": {"甲区": 8, "乙县": 4}}, "base_needed"),
        (
            {"converge": True, "allocate": "equal", "base": dict.fromkeys(small.BASES, 0)},
            "converge_zero",
        ),
        (
            {"converge": True, "allocate": "equal", "base": {**small.BASES, "甲区": -1}},
            "converge_negative",
        ),
        ({"converge": "120%", "allocate": "equal"}, "out_of_range"),
        ({"converge": -0.1, "allocate": "equal"}, "out_of_range"),
        ({"converge": 1.5, "allocate": "equal"}, "rate_above_one"),
        ({"converge": "很快", "allocate": "equal"}, "not_a_number"),
    ],
)
def test_mistakes_have_names(keys: Data, code: str) -> None:
    found = codes(lambda: small.plan(small.indicator(**keys)))
    assert found == [(code, "indicators.investment.converge")]


@pytest.mark.parametrize(
    ("keys", "code"),
    [
        ({"publish": "cut", "target": {"cut": "5%"}}, "converge_publish"),
        ({"allocate": "equal"}, "converge_of_ratio"),
        ({"decompose": False}, "converge_publish"),
    ],
)
def test_mistakes_of_ratios_have_names(keys: Data, code: str) -> None:
    assert codes(lambda: ratio_plan(**keys)) == [(code, "indicators.ratio.converge")]


def test_a_ratio_without_base_cannot_converge() -> None:
    def plan() -> dc.Plan:
        data = ratio_plan().source()
        data["indicators"][1]["base"] = {"甲区": 8, "乙县": 8}
        return dc.Plan.model_validate(data)

    assert codes(plan) == [("ratio_base_needed", "indicators.ratio.converge")]


def test_given_data_and_words_do_not_converge() -> None:
    given_values = {2015: dict(BELOW), 2016: dict(BELOW)}
    one = {"id": "a", "name": "产值", "kind": "given", "values": given_values, "converge": True}
    assert codes(lambda: small.plan(one)) == [("key_of_kind", "indicators.a.converge")]


def test_the_part_is_kept_as_it_is_said() -> None:
    plan = small.plan(small.indicator(**BY_WEIGHTS, converge="62.5%"))
    assert plan.indicators[0].converge == float(number("62.5%"))
    assert dc.Plan.model_validate(plan.source()) == plan
