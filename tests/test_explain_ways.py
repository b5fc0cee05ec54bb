"""Ways out of clashes that have nothing to do with one another, or that no family mends alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import decompose as dc
from benchmarks.instances import make_plan
from tests import plans as small

EVERY = ("甲区", "乙县", "丙县")


def solved(diagnosis: dc.Diagnosis) -> list[dc.Allocation]:
    return [dc.solve(diagnosis.apply(k)) for k in range(len(diagnosis.repairs))]


def test_years_that_nothing_ties_have_ways_of_their_own() -> None:
    limits = {"max": {2015: 5}, "min": {2016: 10}}
    diagnosis = dc.explain(small.plan(small.indicator(limits=limits)))
    assert {rule.year for rule in diagnosis.conflict} == {2015}
    families = [{change.family for change in one.parts} for one in diagnosis.repairs]
    assert families == [{"max", "min"}, {"target"}]
    assert diagnosis.repairs[0].total == pytest.approx(18 - 15 + 30 - 24)
    assert len(solved(diagnosis)) == 2


def test_families_are_mixed_where_only_the_target_would_be_enough() -> None:
    """2015 lacks 3 of capacity, and 2016's floors are 6 too high; growth ties the years."""
    limits: dict[str, Any] = {
        "max": {2015: 5},
        "min": {2016: 10},
        "growth": {"max": "400%", "min": "-90%"},
    }
    diagnosis = dc.explain(small.plan(small.indicator(limits=limits)))
    families = [{change.family for change in one.parts} for one in diagnosis.repairs]
    assert families == [{"target"}, {"max", "min"}]
    solved(diagnosis)


def test_a_family_that_may_yield_alone_is_not_mixed() -> None:
    limits = {"max": dict.fromkeys(EVERY, 7)}
    diagnosis = dc.explain(small.plan(small.indicator(limits=limits)))
    assert [one.family for one in diagnosis.repairs] == ["max", "target"]


@pytest.mark.parametrize("regions", [40, 120])
def test_many_locks_that_clash_with_capacities_yield_to_the_last_step(regions: int) -> None:
    """Locks a little above quotas that add up: in all they must fall by what they were raised."""
    content = make_plan(regions, 3, 1, growth=(1.02, 1.15), seed=1, off=0.3)
    quotas = dc.solve(dc.Plan.model_validate(content)).quotas
    own = quotas[quotas["year"] == 2022]
    raised = (own["quota"] * 1.004 + 0.01).round(2)
    content["indicators"][0]["locks"] = {
        region: {2022: value} for region, value in zip(own["region"], raised, strict=True)
    }
    diagnosis = dc.explain(dc.Plan.model_validate(content))
    assert [one.family for one in diagnosis.repairs] == ["lock"]
    moved = sum(change.amount for change in diagnosis.repairs[0].parts)
    assert moved == pytest.approx(raised.sum() - own["quota"].sum(), abs=1e-6)
    (allocation,) = solved(diagnosis)
    found = allocation.quotas
    after = found[found["year"] == 2022]["quota"]
    np.testing.assert_allclose(after.sum(), own["quota"].sum())


def test_what_was_reached_is_not_what_is_asked_too_much() -> None:
    limits = {"growth": {"min": 0, "max": "30%"}, "min": {"甲区": {2016: 12}}}
    base, target = dict.fromkeys(EVERY, 10), {"years": {2015: 36, 2016: 42}}
    issued = dc.solve(small.plan(small.indicator(base=base, target=target, limits=limits)))
    rows = [
        ("investment", name, 2015, value) for name, value in zip(EVERY, (9, 12, 12), strict=True)
    ]
    actuals = pd.DataFrame(rows, columns=["indicator", "region", "period", "value"])
    with pytest.raises(dc.InfeasibleError) as caught:
        dc.revise(issued, actuals, through=2015)
    first, *_ = caught.value.text("zh").splitlines()
    assert "甲区2016年投资最多只能达到11.70亿元，达不到“下限12.00亿元”的要求，差0.30亿元" in first
    assert "甲区2015年投资实际完成9.00亿元" in caught.value.text("zh")


def test_names_that_end_in_a_digit_do_not_run_into_figures() -> None:
    regions = ["片区1", "片区2", "丙县"]
    base, limits = dict.fromkeys(regions, 5.0), {"max": {2015: 5}}
    one = small.indicator(base=base, limits=limits)
    text = dc.explain(small.plan(one, regions=regions, groups={})).text("zh")
    assert "片区1 5.00亿元、片区2 5.00亿元、丙县5.00亿元" in text


def test_a_cut_in_every_year_yields_to_all_there_is_and_no_further() -> None:
    """Whole steps leave a ratio of 0 only: nothing is cut by more than 100 %."""
    ratio = {
        "id": "ratio",
        "kind": "ratio",
        "denominator": "whole",
        "base_numerator": {"甲区": 45.09, "乙县": 103.08},
        "decimals": 0,
        "scale": 10,
        "target": {"cut_each_year": "4.11%左右"},
        "limits": {"max": {"乙县": 3}},
    }
    whole = {
        "id": "whole",
        "kind": "level",
        "base": {"甲区": 501, "乙县": 859},
        "decimals": 0,
        "target": {"years": {2015: 1416, 2017: 1529}},
    }
    regions = [{"name": "甲区"}, {"name": "乙县"}]
    content = small.data(ratio, whole, years=[2015, 2017], regions=regions, groups={})
    diagnosis = dc.explain(dc.Plan.model_validate(content))
    assert "由4.11%左右改为41.23%左右" in str(diagnosis)
    for one in solved(diagnosis):
        assert (one.annex2(2017)["ratio"] == 0).all()


@pytest.mark.parametrize("years", [2, 3, 5, 6])
def test_targets_that_outgrow_growth_limits_yield_alone_and_so_do_the_limits(years: int) -> None:
    random = np.random.default_rng(1)
    base = {f"county {k}": float(b) for k, b in enumerate(random.uniform(5, 50, 10).round(1))}
    most = {name: f"{100 * random.uniform(0, 0.3):.1f}%" for name in base}
    figures = {2026 + k: round(sum(base.values()) * 1.35 ** (k + 1), 1) for k in range(years)}
    plan = dc.Plan.model_validate(
        {
            "title": "t",
            "area": "area",
            "base_year": 2025,
            "years": list(figures),
            "regions": [{"name": name} for name in base],
            "indicators": [
                {
                    "id": "a",
                    "kind": "flow",
                    "decimals": 1,
                    "base": base,
                    "allocate": {"by": "base"},
                    "limits": {"growth": {"max": most}},
                    "target": {"years": figures},
                }
            ],
        }
    )
    found = dc.explain(plan)
    assert {repair.family for repair in found.repairs} == {"growth.max", "target"}
    # Sums on the grid, each no more than the limits allow from what the sums before it leave.
    (targets,) = (repair for repair in found.repairs if repair.family == "target")
    rates = {name: float(rate[:-1]) / 100 for name, rate in most.items()}
    reach = [sum(base[name] * (1 + rates[name]) ** (k + 1) for name in base) for k in range(years)]
    for value, exact in zip(targets.changes.values(), reach, strict=True):
        assert isinstance(value, float)
        assert exact - 0.5 < value <= exact
    for number in range(2):
        dc.solve(found.apply(number))


def test_a_cut_of_a_group_yields_in_points_not_in_steps_of_the_ratio() -> None:
    # 333.1 of 1345 are 247.66; 0.09 % less each year leaves 246.99 of the 247 that are asked for.
    regions = ["甲区", "乙县"]
    of = {
        2014: [493, 852],
        2015: [587, 1065],
        2016: [640, 1321],
        2017: [627, 1532],
    }
    plan = dc.Plan.model_validate(
        {
            "title": "t",
            "area": "示例市",
            "base_year": 2014,
            "years": [2015, 2016, 2017],
            "regions": [{"name": name, "groups": ["北部"]} for name in regions],
            "groups": {"北部": {}},
            "indicators": [
                {
                    "id": "d",
                    "kind": "given",
                    "values": {
                        year: dict(zip(regions, values, strict=True)) for year, values in of.items()
                    },
                },
                {"id": "n", "kind": "level", "base": dict(zip(regions, [69, 264.1], strict=True))},
                {
                    "id": "r",
                    "kind": "ratio",
                    "numerator": "n",
                    "denominator": "d",
                    "scale": 1000,
                    "decimals": 0,
                    "target": {"years": {2017: 247}},
                    "group_targets": {"北部": {"cut_each_year": "0.09%以上"}},
                },
            ],
        }
    )
    found = dc.explain(plan)
    assert "相差很小" in str(found)
    assert found.repairs[0].changes == {
        "indicators.r.group_targets.北部.cut_each_year": "0.08%以上"
    }
    for number in range(len(found.repairs)):
        dc.solve(found.apply(number))


def one_region(*indicators: dict[str, Any]) -> dc.Plan:
    return dc.Plan.model_validate(
        {
            "title": "t",
            "area": "示例市",
            "base_year": 2015,
            "years": [2016, 2017],
            "regions": ["甲县"],
            "indicators": list(indicators),
        }
    )


def test_rates_go_along_where_a_lock_goes_up_by_whole_steps() -> None:
    """The lock must reach 48.6, and goes to 50; growth from 33.4 must let it."""
    plan = one_region(
        {
            "id": "all",
            "kind": "flow",
            "decimals": 0,
            "step": 5,
            "base": {"甲县": 33.4},
            "target": {"years": {2016: "35以上", 2017: "40以上"}},
            "limits": {"growth": {"min": "2%", "max": "40%"}},
            "locks": {"甲县": {2016: 35}},
        },
        {
            "id": "part",
            "kind": "flow",
            "decimals": 1,
            "parent": "all",
            "target": {"years": {2016: "48.6以上", 2017: "53.8以上"}},
        },
    )
    diagnosis = dc.explain(plan)
    mixed = diagnosis.repairs[-1]
    assert mixed.changes["indicators.all.locks.甲县.2016.value"] == 50
    growth = mixed.changes["indicators.all.limits.growth.max.甲县.2016"]
    assert growth == f"{100 * (50 / 33.4 - 1) + 0.005:.2f}%"
    assert len(solved(diagnosis)) == len(diagnosis.repairs)


@pytest.mark.parametrize(
    ("figure", "decimals", "step", "most", "told", "lower"),
    [
        ("22.05以上", 1, None, 22, "“目标22.05以上（按22.1下达）”的要求，差0.1。", "22以上"),
        ("36以上", 0, 5, 33, "“目标36以上（按40下达）”的要求，差10。", "30以上"),
        ("41", 0, 5, 31, "“目标41（按40下达）”的要求，差10。", 30),
    ],
)
def test_a_figure_between_two_steps_is_told_and_lowered_as_handed_out(
    figure: str, decimals: int, step: int | None, most: float, told: str, lower: float | str
) -> None:
    indicator = {"id": "all", "name": "投资", "kind": "flow", "decimals": decimals, "step": step}
    own = {"target": {"years": {2016: figure, 2017: 1}}, "limits": {"max": {2016: most}}}
    diagnosis = dc.explain(one_region({**indicator, **own}))
    assert told in str(diagnosis)
    assert diagnosis.repairs[-1].changes == {"indicators.all.target.years.2016": lower}
    assert len(solved(diagnosis)) == 2


def test_a_figure_per_region_is_told_as_such_and_without_a_year() -> None:
    own = small.indicator(decimals=0, target={"per_region": 5}, limits={"min": {2015: 8}})
    found = dc.explain(small.plan(own))
    assert found.repairs[-1].changes == {"indicators.investment.target.per_region": 8}
    assert str(found).endswith("把示例市投资的每个地区目标由5亿元改为8亿元。")
    both = dc.explain(small.plan({**own, "group_targets": {"北部": {"years": {2015: "12以下"}}}}))
    told = (
        "投资的目标，合计提高13亿元：示例市每个地区5亿元→8亿元、北部2015年12亿元以下→16亿元以下。"
    )
    assert told in str(both)


def test_what_is_missing_in_all_is_told_where_fewer_rules_clash_already() -> None:
    """Floors of 10 + 9 + 8 beside 18: two of them are enough to clash, the excess is 9."""
    floors = dict(zip(EVERY, (10, 9, 8), strict=True))
    found = dc.explain(small.plan(small.indicator(limits={"min": floors})))
    assert (
        "超出“目标18.00亿元”的要求，多1.00亿元。连同其他限制，最少要27.00亿元，多9.00亿元。"
        in str(found)
    )
    few = dc.explain(small.plan(small.indicator(limits={"max": dict.fromkeys(EVERY, 5)})))
    assert "连同其他限制" not in str(few)  # the conflict has all capacities already


@pytest.mark.parametrize(
    ("keys", "limits"),
    [
        ("max.全市.2015", {"max": {"全市": {2015: 15}}}),
        ("max.area.2015", {"max": {"area": {2015: 15}}}),
        ("max.2015.area", {"max": {2015: {"area": 15}}}),
        ("max.sum.北部.2015", {"max": {"sum": {"北部": {2015: 5}}, "甲区": {2015: 10}}}),
        ("max.2015.sum.北部", {"max": {2015: {"sum": {"北部": 5}, "甲": 10}}}),
        ("growth.max.全市.2015", {"growth": {"max": {"全市": {2015: "5%"}}}}),
        ("total.max.全市", {"total": {"max": {"全市": 40}}}),
    ],
)
def test_a_limit_yields_under_the_keys_that_it_has_in_the_plan(
    keys: str, limits: dict[str, Any]
) -> None:
    """Beside it, the same under other keys would be a second figure of equal weight."""
    data = small.data(small.indicator(limits=limits))
    data["regions"][0]["aliases"] = ["甲"]
    diagnosis = dc.explain(dc.Plan.model_validate(data))
    assert f"indicators.investment.limits.{keys}" in diagnosis.repairs[0].changes
    assert len(solved(diagnosis)) == len(diagnosis.repairs)


def test_a_rule_of_choice_that_fails_once_a_rule_has_yielded_far_takes_no_words_away() -> None:
    level = small.indicator(
        kind="level",
        base={"甲区": 34, "乙县": 6},
        target={"years": {2016: 163}},
        limits={"growth": {"min": "-20%"}, "monotone": "up"},
        fairness="least_squares",
    )
    share = {"at_most_share": "90%", "of": "investment"}
    flow = small.indicator(id="much", name="其他", target={"years": {2015: 72000}}, links=[share])
    del flow["base"]
    plan = small.plan(level, flow, regions=[{"name": "甲区"}, {"name": "乙县"}], groups={})
    with pytest.raises(dc.InfeasibleError) as caught:
        dc.solve(plan)
    assert "其他的目标由72000.00亿元改为" in str(caught.value)


def test_a_way_out_that_no_program_finds_takes_no_words_away() -> None:
    """A value is locked where growth is published: 14643685.54 %."""
    own = small.indicator(
        kind="level",
        base={"甲区": 14311807.98},
        target={"years": {2015: "23304650.65以上"}},
        limits={"ramp": {"max": 20000000}},
        locks={"甲区": {2015: 14643685.54}},
        publish="growth",
    )
    plan = small.plan(own, regions=[{"name": "甲区"}], groups={}, years=[2015])
    with pytest.raises(dc.InfeasibleError) as caught:
        dc.solve(plan)
    assert "甲区2015年投资增速锁定为14643685.54%" in str(caught.value)


def test_no_share_is_let_beyond_the_whole() -> None:
    """One region has all of the area; what its share lacks was counted where the sum is less."""
    first = {
        "id": "first",
        "kind": "flow",
        "target": {"years": {2015: "189-207.9", 2016: "207-227.7"}},
        "limits": {"growth": {"min": 0.02}},
        "locks": {"市本级": {2017: {"value": 1.0, "signed": True}}},
        "priority": 1,
    }
    second = {
        "id": "second",
        "kind": "flow",
        "step": 100,
        "target": {"years": {2017: "6600以上"}, "total": "16700以上"},
        "limits": {"share": {"max": 0.8}},
        "links": [{"at_most_share": 0.9, "of": "first"}],
    }
    regions = [{"name": "市本级", "reserve": True}]
    plan = dc.Plan.model_validate(
        {"years": [2015, 2016, 2017], "regions": regions, "indicators": [first, second]}
    )
    diagnosis = dc.explain(plan)
    shares = [
        value
        for one in diagnosis.repairs
        for path, value in one.changes.items()
        if ".limits.share." in path
    ]
    assert shares == ["100%", "100%", "100%"]
    assert len(solved(diagnosis)) == 1
