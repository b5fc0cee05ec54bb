"""Tiers, stretch quotas, least cost, priority, increments: against enumeration or by hand."""

from __future__ import annotations

import itertools
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import decompose as dc
from decompose.cli import BAD_INPUT, main
from decompose.fairness import tiers
from tests import plans

VALUES = {"甲区": 200.0, "乙县": 120.0, "丙县": 80.0}
ENERGY = {"甲区": 90.0, "乙县": 70.0, "丙县": 40.0}
TIERS = (0.10, 0.14, 0.16)


def tiered(cut: str, **keys: Any) -> dc.Plan:
    given = {year: dict(VALUES) for year in (2014, 2015, 2016)}
    return plans.plan(
        {"id": "gdp", "name": "产值", "kind": "given", "values": given, "report": False},
        {"id": "energy", "name": "能耗", "kind": "level", "base": dict(ENERGY), "report": False},
        {
            "id": "cut",
            "name": "能耗降低率",
            "kind": "ratio",
            "unit": "%",
            "numerator": "energy",
            "denominator": "gdp",
            "publish": "cut",
            "decimals": 0,
            "target": {"cut": cut},
            "tiers": {"values": list(TIERS)},
            **keys,
        },
    )


def area_cut(tiers: tuple[float, ...]) -> float:
    left = sum((1 - tier) * energy for tier, energy in zip(tiers, ENERGY.values(), strict=True))
    return 1 - left / sum(ENERGY.values())


@pytest.mark.parametrize("cut", ["10%以上", "12%以上", "13.5%以上", "15%以上", "16%以上"])
def test_as_few_regions_as_possible_stand_on_the_highest_tier(cut: str) -> None:
    quotas = dc.solve(tiered(cut)).quotas
    last = quotas[(quotas["indicator"] == "cut") & (quotas["year"] == 2016)]
    found = tuple(last["quota"] / 100)
    wanted = float(cut.removesuffix("%以上")) / 100
    enough = [
        tiers for tiers in itertools.product(TIERS, repeat=3) if area_cut(tiers) >= wanted - 1e-12
    ]
    least = min(sorted(tiers, reverse=True) for tiers in enough)
    counts = [[sum(one >= tier for one in tiers) for tier in TIERS[:0:-1]] for tiers in enough]
    assert [sum(one >= tier - 1e-9 for one in found) for tier in TIERS[:0:-1]] == min(counts)
    assert sorted(found, reverse=True) == pytest.approx(least) or min(counts) == [0, 0]
    assert area_cut(found) >= wanted - 1e-9


def test_one_region_alone_takes_the_lowest_tier_that_is_enough() -> None:
    plan = tiered("12%以上", regions=["甲区"])
    quotas = dc.solve(plan).quotas
    last = quotas[(quotas["indicator"] == "cut") & (quotas["year"] == 2016)]
    assert dict(zip(last["region"], last["quota"], strict=True)) == {"甲区": 14.0}


def test_tiers_that_cannot_reach_the_target_are_told() -> None:
    with pytest.raises(dc.InfeasibleError) as caught:
        dc.solve(tiered("17%以上"))
    assert caught.value.code == "tiers_infeasible"
    assert "16%" in str(caught.value)


def test_a_search_for_steps_that_make_just_one_number_has_an_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of 9 regions 180 nodes prove that there are none; of 60, more than anybody waits for."""
    energy = {f"{number}区": 100 * math.sqrt(number + 2) for number in range(9)}
    content = tiered("12.3%", decimals=0, tiers={"values": ["11%", "12%", "13%"]}).source()
    content |= {"regions": [{"name": name} for name in energy], "groups": {}}
    content["indicators"][0]["values"] = dict.fromkeys((2014, 2015, 2016), energy)
    content["indicators"][1]["base"] = energy
    plan = dc.Plan.model_validate(content)
    (warning,) = [one for one in dc.check(plan) if one.severity == "warning"]
    assert (warning.code, "“12.3%以上”" in warning.text) == ("tiers_exact", True)
    with pytest.raises(dc.InfeasibleError):
        dc.solve(plan)
    monkeypatch.setattr(tiers, "MOST_NODES", 10)
    with pytest.raises(dc.SolverError) as caught:
        dc.solve(plan)
    assert caught.value.code == "tiers_search"


def test_a_column_fixes_the_tiers() -> None:
    fixed = {"甲区": "16%", "乙县": "14%", "丙县": "10%"}
    plan = tiered("12%以上", tiers={"values": list(TIERS), "by": fixed})
    quotas = dc.solve(plan).quotas
    assert list(quotas[(quotas["year"] == 2016)]["quota"]) == [16, 14, 10]


def test_stretch_quotas_stand_beside_base_quotas_and_never_below() -> None:
    target = {"years": {2015: 18, 2016: 24}, "stretch": {"years": {2015: 20, 2016: 27}}}
    limits = {"max": {"甲区": {2015: 9}}}
    allocation = dc.solve(plans.plan(plans.indicator(target=target, limits=limits)))
    assert allocation.stretch is not None
    base, higher = allocation.quotas, allocation.stretch.quotas
    assert (higher["quota"] >= base["quota"]).all()
    assert higher.groupby("year")["quota"].sum().to_list() == pytest.approx([20, 27])
    assert base.groupby("year")["quota"].sum().to_list() == pytest.approx([18, 24])
    assert "20" in allocation.annex1().to_string()


def test_a_plan_without_stretch_figures_has_no_stretch_quotas() -> None:
    assert dc.solve(plans.plan()).stretch is None


def test_the_least_cost_is_least_and_fair_among_equals() -> None:
    cost = {"甲区": [[5, 1], [20, 3]], "乙县": [[4, 1], [20, 2]], "丙县": [[9, 2]]}
    plan = plans.plan(plans.indicator(fairness="least_cost", cost=cost, limits={"max": 12}))
    for solver in ("highs", "cbc"):
        exact = dc.solve(plan, solver=solver).quotas.pivot_table(
            index="region", columns="year", values="exact", sort=False
        )
        # 5 and 4 cost 1; what is left costs 2 in both counties, and is shared by their references
        np.testing.assert_allclose(exact[2015], [5, 13 * 4 / 7, 13 * 3 / 7], rtol=1e-8)
        np.testing.assert_allclose(exact[2016], [5, 19 * 4 / 7, 19 * 3 / 7], rtol=1e-8)


def test_costs_that_fall_are_refused() -> None:
    cost = {name: [[5, 3], [9, 1]] for name in plans.BASES}
    with pytest.raises(dc.PlanError) as caught:
        plans.plan(plans.indicator(fairness="least_cost", cost=cost))
    assert {mistake.message.code for mistake in caught.value.mistakes} == {"cost_rises"}


def part_of_whole(**priority: int) -> list[float]:
    """Two regions: A 80 by 60 and 20, a part of B 100 by halves (the case of DESIGN's links)."""
    regions = [{"name": "甲区"}, {"name": "乙县"}]
    first = {"甲区": 3.0, "乙县": 1.0}
    shared: dict[str, Any] = {"kind": "flow", "unit": "亿元", "decimals": 1}
    data = plans.data(
        {
            **shared,
            "id": "part",
            "name": "其中",
            "parent": "whole",
            "allocate": {"by": first},
            "target": {"years": {2015: 80}},
        },
        {
            **shared,
            "id": "whole",
            "name": "全部",
            "allocate": "equal",
            "target": {"years": {2015: 100}},
        },
        regions=regions,
        groups={},
    )
    for indicator in data["indicators"]:
        if indicator["id"] in priority:
            indicator["priority"] = priority[indicator["id"]]
    exact = dc.solve(dc.Plan.model_validate(data)).quotas.set_index("indicator")["exact"]
    return [*exact["part"], *exact["whole"]]


def test_linked_indicators_are_settled_together_unless_a_priority_says_otherwise() -> None:
    assert part_of_whole() == pytest.approx([400 / 7, 160 / 7, 400 / 7, 300 / 7])
    assert part_of_whole(part=1) == pytest.approx([60, 20, 60, 40])
    assert part_of_whole(whole=1) == pytest.approx([50, 30, 50, 50])


def test_increments_are_shared_out_and_lead_to_the_level() -> None:
    plan = plans.plan(
        plans.indicator(kind="level", publish="increment", target={"years": {2016: "33以上"}})
    )
    allocation = dc.solve(plan)
    values = allocation.values
    assert values.loc[values["year"] == 2016, "value"].sum() == pytest.approx(33)
    quotas = allocation.quotas.groupby("region", sort=False)["quota"].sum()
    assert list(quotas) == pytest.approx([18 * 8 / 15, 18 * 4 / 15, 18 * 3 / 15], abs=0.02)


def test_the_totals_of_increments_are_compared_with_increments() -> None:
    def totals(**keys: Any) -> list[list[Any]]:
        one = plans.indicator(kind="level", publish="increment", **keys)
        return dc.solve(plans.plan(one)).totals.to_numpy().tolist()

    nan = pytest.approx(float("nan"), nan_ok=True)
    found = totals(target={"years": {2015: 18, 2016: "24以上"}})
    assert found == [
        ["investment", "全市", 2015, 3, "exact", 3],
        ["investment", "全市", 2016, 6, "at_least", 6],
        ["investment", "北部", 2015, nan, "none", 1.4],
        ["investment", "北部", 2016, nan, "none", 2.8],
    ]
    assert [row[3:] for row in totals(target={"increase_each_year": "3以上"})[:2]] == [
        [3, "at_least", 3],
        [3, "at_least", 3],
    ]
    # 2015 is open: what is left of the rise of 3 from the base is asked of 2016
    rise = {"北部": {"increase": "3以上"}}
    first, last = totals(target={"years": {2016: 24}}, group_targets=rise)[2:]
    assert first[3:5] == [nan, "none"]
    assert last[3:5] == [pytest.approx(3 - first[5]), "at_least"]


@pytest.mark.parametrize("rule", ["least_squares", "least_absolute"])
def test_a_part_is_chosen_by_the_rule_of_its_whole_wherever_it_stands(rule: str) -> None:
    whole = plans.indicator(id="a", name="投资", limits={"max": {"甲区": {2015: 5}}}, fairness=rule)
    part = plans.indicator(id="b", name="其中", parent="a", target={"years": {2015: 4, 2016: 5}})
    found = [
        dc.solve(plans.plan(*order)).quotas.set_index(["indicator", "region", "year"])["quota"]
        for order in ((whole, part), (part, whole))
    ]
    assert found[0].sort_index().equals(found[1].sort_index())


def test_indicators_that_are_chosen_together_name_one_rule(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Told as every mistake of the plan: with the line in the file, by every verb."""
    whole = plans.indicator(id="a", name="投资", fairness="least_squares")
    part = plans.indicator(id="b", name="其中", parent="a", fairness="leximin")
    apart = plans.indicator(id="c", name="旁", fairness="least_absolute")
    for order in ((whole, apart, part), (part, apart, whole)):
        with pytest.raises(dc.PlanError, match="fairness"):
            plans.plan(*order)
        path = tmp_path / "plan.json"
        path.write_text(json.dumps(plans.data(*order), ensure_ascii=False, indent=1))
        places = [
            k for k, line in enumerate(path.read_text().splitlines(), 1) if "fairness" in line
        ]
        for verb in ("check", "solve"):
            assert main([verb, str(path)]) == BAD_INPUT
            (told,) = [line for line in capsys.readouterr().err.splitlines() if "fairness" in line]
            assert f"plan.json 第{places[-1]}行" in told
