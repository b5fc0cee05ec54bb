"""Margins: what is handed out, beside what the plan says, in frames and tables."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import decompose as dc
from decompose.report.sheets import sums
from tests import plans as small

GROUPS = {"甲区": "南部", "乙县": "北部", "丙县": "北部", "丁市": "东部"}


def plan(*indicators: dict[str, Any], nested: bool = False) -> dc.Plan:
    """Four regions in three groups, two of them perhaps in one more."""
    more = {"南部": ["两部"], "北部": ["两部"]}
    regions = [
        {"name": name, "groups": [group, *(more.get(group, []) if nested else [])]}
        for name, group in GROUPS.items()
    ]
    names = [*dict.fromkeys(GROUPS.values()), *(["两部"] if nested else [])]
    return small.plan(
        *indicators, regions=regions, groups={name: {"subtotal": True} for name in names}
    )


def drawn(
    rng: random.Random, *, nested: bool
) -> tuple[dc.Plan, dict[tuple[str, int | str], Fraction]]:
    """Draw a plan whose groups' figures make up the area's; and each figure with its margin."""
    margin = Fraction(rng.randint(1, 60), 1000)
    groups = sorted(set(GROUPS.values()))
    figures = {(group, year): rng.randint(20, 99) for group in groups for year in (15, 16)}
    years = {group: {2000 + y: figures[group, y] for y in (15, 16)} for group in groups}
    if nested:
        years["两部"] = {year: years["南部"][year] + years["北部"][year] for year in (2015, 2016)}
    area = {year: sum(years[group][year] for group in groups) for year in (2015, 2016)}
    word = rng.choice(["", "以上"])
    targets: dict[str, Any] = {
        group: {"years": {year: f"{value}{word}" if word else value for year, value in own.items()}}
        for group, own in years.items()
    }
    raised: dict[tuple[str, int | str], Fraction] = {
        (scope, year): value * (1 + margin)
        for scope, own in {"全市": area, **years}.items()
        for year, value in own.items()
    }
    target: dict[str, Any] = {"years": area}
    if rng.random() < 0.5:
        target["total"] = sum(area.values())
        for group, own in years.items():
            targets[group]["total"] = sum(own.values())
            raised[group, "total"] = sum(own.values()) * (1 + margin)
    indicator = small.indicator(
        decimals=0,
        base={name: rng.randint(5, 40) for name in GROUPS},
        target={**target, "margin": f"{float(margin * 100):g}%"},
        group_targets=targets,
    )
    return plan(indicator, nested=nested), raised


@pytest.mark.parametrize("nested", [False, True])
@pytest.mark.parametrize("seed", range(40))
def test_figures_that_make_up_the_area_do_so_under_any_margin(seed: int, nested: bool) -> None:
    content, raised = drawn(random.Random(seed), nested=nested)
    assert not [issue for issue in dc.check(content) if issue.severity == "error"]
    allocation = dc.solve(content)
    assert allocation.excess.empty
    assert allocation.moved.empty
    printed = allocation.totals.set_index(["scope", "year"])["quota"]
    for (scope, year), figure in raised.items():
        assert abs(Fraction(printed[scope, year]) - figure) < 1
        if scope == "全市" and ("南部", "total") not in raised:  # years must add to a total, too
            assert abs(Fraction(printed[scope, year]) - figure) <= Fraction(1, 2)


def test_totals_tell_what_the_plan_says_of_every_kind_of_figure() -> None:
    """The figure without its margin stands beside what is handed out with it."""
    keys: dict[str, Any] = {"kind": "level", "base": {"甲区": 50, "乙县": 30, "丙县": 20}}
    below: dict[str, Any] = {"id": "below", "name": "分母", "kind": "given", "unit": "亿元"}
    below |= {"values": dict.fromkeys((2014, 2015, 2016), keys["base"])}
    ratio: dict[str, Any] = {"kind": "ratio", "denominator": "below", "unit": "%", "scale": 100}
    ratio |= {"base_numerator": {"甲区": 25, "乙县": 15, "丙县": 10}}

    def told(target: dict[str, Any], own: dict[str, Any]) -> list[tuple[float, float]]:
        one = {"id": "it", "name": "本项", "unit": "亿元", "decimals": 2, **own}
        allocation = dc.solve(small.plan(below, {**one, "target": {**target, "margin": "10%"}}))
        totals = allocation.totals
        rows = totals[(totals["indicator"] == "it") & (totals["scope"] == "全市")]
        found = rows[["target", "quota"]].to_numpy().tolist()
        return [(target, quota) for target, quota in found if not np.isnan(target)]

    assert told({"years": {2016: 120}}, keys)[-1] == pytest.approx((120, 132))
    assert told({"growth": "10%"}, keys)[-1] == pytest.approx((121, 123.21))
    assert told({"increase": 20}, keys)[-1] == pytest.approx((120, 122))
    each = told({"growth_each_year": "10%"}, keys)
    assert each == [pytest.approx((110, 111)), pytest.approx((121, 123.21))]
    share = told({"years": {2016: 60}}, ratio)
    assert share[-1] == pytest.approx((60, 66))
    cut = told({"cut": "6%"}, {**ratio, "publish": "cut"})
    assert cut[-1] == pytest.approx((6, 6.6))


def test_the_check_of_sums_knows_the_margin_of_groups_and_of_whole_steps() -> None:
    group = {"years": {2015: 33}}
    one = small.indicator(
        decimals=0,
        base={"甲区": 33, "乙县": 40, "丙县": 27},
        target={"years": {2015: 100, 2016: 110}, "margin": "1.5%"},
        group_targets={"南部": group, "北部": {"years": {2015: 67}}},
    )
    table = sums(dc.solve(small.plan(one)))
    verdicts = [row.cells[9].text for row in table.rows if row.cells[3].text == "指标值"]
    assert verdicts == ["加码后相符"] * 4


def test_the_note_on_the_grid_tells_the_margin() -> None:
    one = small.indicator(decimals=0, target={"years": {2015: 18, 2016: 24}, "margin": "5%"})
    texts = [issue.text for issue in dc.check(small.plan(one)) if issue.severity == "note"]
    assert any("2015 年的目标 18 亿元（加码5%） 不是步长 1 亿元 的整数倍" in text for text in texts)
