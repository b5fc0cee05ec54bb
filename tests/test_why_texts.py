"""The words of ``why``: golden files in both languages, every family of rules at least once."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import decompose as dc
from decompose.explain import Reason
from decompose.problem import FAMILIES
from tests import plans
from tests.test_constraints import CASES, ENERGY, FIRMS, cut, rate

DATA = Path(__file__).parent.parent / "data"
GOLDEN = Path(__file__).parent / "golden" / "why"


class Asked(NamedTuple):
    """What is asked of a published plan, or of a small one (its indicators)."""

    plan: str | list[dict[str, Any]]
    indicator: str | None = None
    region: str | None = None
    year: int | None = None
    relief: bool = False


def of_group(**target: Any) -> dict[str, Any]:
    """An indicator with a target for a group."""
    return plans.indicator(group_targets={"北部": target})


NAMES = {"cut": "单位产值能耗降低率", "rate": "研发机构覆盖率", "rise": "新增投资"}
"""What indicators of small plans are called that have none but an id."""


def named(indicator: dict[str, Any]) -> dict[str, Any]:
    name = NAMES.get(indicator["id"])
    return indicator if name is None else {"unit": "亿元", **indicator, "name": name}


BY_BASE = {"base_numerator": {"甲区": 4, "乙县": 3, "丙县": 1}}
STRETCH = {"years": {2015: 18, 2016: 24}, "stretch": {"years": {2015: 19, 2016: 26}}}

ASKED: dict[str, Asked] = {
    # published plans
    "capacity": Asked("qingyuan", "upgrade_investment", "英德市", 2015, True),
    "another_regions_capacity": Asked("qingyuan", "upgrade_investment", "清城区", 2015, True),
    "a_groups_capacity": Asked("qingyuan", "value_added", "连州市", 2017, True),
    "growth": Asked("qingyuan", "value_added", "清新区", 2017, True),
    "causes": Asked("qingyuan", "value_added", "清城区", 2017),
    "the_areas_sum": Asked("qingyuan", "hightech_va", "英德市", 2017, True),
    "floor_of_a_ratio": Asked("qingyuan", "rd_share", "阳山县", 2017, True),
    "greatest_cut": Asked("qingyuan", "energy_intensity", "连州市", 2017, True),
    "total": Asked("qingyuan", "national_assessed", "清城区", 2015),
    "part_of": Asked("qingyuan", "upgraded_firms_50m", "高新区", 2015),
    "sum_of": Asked("qingyuan", "standard_firms", "高新区", 2015),
    "monotone": Asked("qingyuan", "technical_centres", "阳山县", 2015),
    "nothing_handed_out": Asked("qingyuan", "hightech_va", "连山县", 2016),
    "stretch": Asked("shiyan", "value_added", "房县", 2020),
    "increase_of": Asked("shiyan", "firms", "张湾区", 2018),
    "floor": Asked("shiyan", "capacity", "郧阳区", 2020),
    "limit_of_a_ratio": Asked("shiyan", "growth_point_share", "房县", 2018),
    "lock": Asked("zhongshan", "injection_machines", "小榄镇", 2015, True),
    "greatest_share": Asked("zhongshan", "platform_investment", "火炬开发区", 2015, True),
    "greatest_rise": Asked("zhongshan", "headquarters", "火炬开发区", 2016),
    "weights": Asked("zhongshan", "motor_efficiency", "三角镇", 2015),
    "reserve": Asked("example", "industrial_investment", "市本级", 2015),
    "pace_of_a_tier": Asked("example", "tiered_cut", "甲区", 2015),
    # pages
    "county": Asked("qingyuan", region="连山县"),
    "indicator": Asked("qingyuan", "upgrade_investment"),
    "ratio": Asked("shiyan", "capacity_use"),
    "stretch_of_a_county": Asked("shiyan", "value_added", "房县"),
    # small plans
    "total_floor": Asked(CASES["total.min"], "investment", "丙县", 2015),
    "least_growth": Asked(CASES["growth.min"], "investment", "乙县", 2015),
    "least_rise": Asked(CASES["ramp.min"], "investment", "丙县", 2016),
    "least_share": Asked(CASES["share.min"], "investment", "丙县", 2015),
    "share_shift": Asked(CASES["share_shift"], "investment", "甲区", 2015, True),
    "least_cut": Asked(CASES["cut.min"], "cut", "丙县", 2016, True),
    "tier": Asked(CASES["tier"], "cut", "甲区", 2016),
    "share_of_another": Asked(CASES["at_least_share"], "part", "丙县", 2015, True),
    "share_of_this_one": Asked(CASES["at_most_share"], "investment", "丙县", 2015),
    "rise_of_a_level": Asked(CASES["increase_of"], "rise", "丙县", 2016),
    "target_of_a_group": Asked([of_group(total="22以上")], "investment", "乙县", 2015, True),
    "rate_of_a_group": Asked(
        [plans.indicator(kind="level", target={"years": {2016: 18}},
                         group_targets={"北部": {"growth_each_year": "12%以上"}})],
        "investment", "丙县", 2015,
    ),
    "at_least_that_holds_down": Asked([of_group(years={2015: "7以上"}, margin=0.01)],
                                      "investment", "乙县", 2015),
    "level_of_an_increment": Asked(
        [plans.indicator(kind="level", publish="increment", target={"years": {2015: 18, 2016: 21}},
                         locks={"甲区": {2015: {"value": 9}}})],
        "investment", "乙县", 2015,
    ),
    "beside_a_cause": Asked(
        [plans.indicator(locks={"乙县": {2015: {"value": 5}}}),
         plans.indicator(id="other", name="新建投资", limits={"max": {"甲区": 8}}),
         {"id": "both", "name": "投资总额", "kind": "flow", "unit": "亿元",
          "sum_of": ["investment", "other"]}],
        "investment", "丙县", 2015,
    ),
    "growth_of_a_group": Asked([of_group(growth="15%左右")], "investment", "丙县", 2016),
    "ratio_of_a_group": Asked(
        [FIRMS, rate(group_targets={"北部": {"years": {2016: "14以上"}}})],
        "rate", "丙县", 2016, True,
    ),
    "groups_alone": Asked(
        [plans.indicator(target={}, group_targets={"北部": {"years": {2015: 9}}})],
        "investment", "丙县", 2015,
    ),
    "a_whole_that_is_not_there": Asked(
        [
            plans.indicator(regions=["甲区", "乙县"]),
            plans.indicator(id="part", name="部分", target={"years": {2015: 9, 2016: 10}},
                            links=[{"part_of": "investment"}]),
        ],
        "part", "丙县", 2015,
    ),
    "increment": Asked(
        [plans.indicator(kind="level", publish="increment", target={"years": {2015: 18, 2016: 21}},
                         limits={"growth": {"max": {"甲区": "15%"}}})],
        "investment", "甲区", 2015,
    ),
    "rise_of_a_ratio": Asked(
        [FIRMS, rate(publish="rise", target={"rise": 3}, limits={"max": {"甲区": {2016: 2}}},
                     **BY_BASE)],
        "rate", "甲区", 2016, True,
    ),
    "base_quota": Asked(
        [plans.indicator(target=STRETCH, locks={"乙县": {2016: {"value": 7}}},
                         limits={"max": {"甲区": {2016: 12}}})],
        "investment", "乙县", 2016,
    ),
    "room_for_a_later_year": Asked(CASES["ahead"], "investment", "甲区", 2015, True),
    "yearly_cut_of_a_group": Asked(
        [FIRMS, ENERGY, cut(target={"cut_each_year": "3%"}, allocate="equal",
                    group_targets={"北部": {"cut_each_year": "5%以上"}})],
        "cut", "丙县", 2016,
    ),
    "yearly_rise_of_a_group": Asked(
        [FIRMS, rate(publish="rise", target={"rise_each_year": 0.5}, **BY_BASE,
                     group_targets={"北部": {"rise_each_year": "0.8以上"}})],
        "rate", "丙县", 2016, True,
    ),
    "open_year": Asked(
        [plans.indicator(target={"total": 42}, limits={"max": {"default": {2016: 7}}})],
        "investment", "乙县", 2015,
    ),
}  # fmt: skip


@cache
def city(name: str) -> dc.Allocation:
    return dc.solve(dc.read_plan(DATA / name / "plan.yaml"))


@cache
def reason(name: str) -> Reason:
    asked = ASKED[name]
    if isinstance(asked.plan, str):
        solved = city(asked.plan)
    else:
        solved = dc.solve(plans.plan(*map(named, asked.plan)))
    return solved.why(asked.indicator, asked.region, asked.year, relief=asked.relief)


@pytest.mark.parametrize("name", ASKED)
def test_texts_are_those_of_the_golden_file(name: str, tmp_path: Path) -> None:
    golden = GOLDEN / f"{name}.txt"
    written = golden if os.environ.get("WRITE_GOLDEN") else tmp_path / golden.name
    written.write_text(f"{reason(name)}\n\n{reason(name).text('en')}\n", encoding="utf-8")
    assert written.read_text(encoding="utf-8") == golden.read_text(encoding="utf-8")


def test_every_family_is_told_in_a_golden_file() -> None:
    """Each as a phrase of its own in the text, with its figure."""
    told = set()
    for name in ASKED:
        one = reason(name)
        for part in (one, *one.parts, *([one.stretch] if one.stretch else [])):
            told |= {rule.family for rule in part.tight if rule.message.text() in one.text()}
    assert told == {family.name for family in FAMILIES} - {"tier"}
    assert "分档" in reason("tier").text()


def test_no_golden_file_is_left_over() -> None:
    assert {path.stem for path in GOLDEN.glob("*.txt")} == set(ASKED)
