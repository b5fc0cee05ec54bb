"""The texts of conflicts and repairs are prose that a county head understands: golden files."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import decompose as dc
from decompose.explain.words import said_in
from decompose.figures import parse_figure
from decompose.labels import Text
from tests import plans, small_ratios

GOLDEN = Path(__file__).parent / "golden" / "explain"
QINGYUAN = Path(__file__).parent.parent / "data" / "qingyuan" / "plan.yaml"
INVESTMENT = "indicators.upgrade_investment"
CAPS = (4.3, 3.5, 3.0, 3.2, 2.5, 1.7, 0.3, 0.4, 1.4)


@cache
def qingyuan() -> dc.Plan:
    return dc.read_plan(QINGYUAN)


def capacities() -> dc.Plan:
    caps = zip(qingyuan().region_names, CAPS, strict=True)
    return qingyuan().with_changes(
        {f"{INVESTMENT}.limits.max.{name}.2015": cap for name, cap in caps}
    )


def with_group() -> dc.Plan:
    return qingyuan().with_changes({f"{INVESTMENT}.group_targets.三连一阳.years.2015": "6以上"})


def intensity() -> dc.Plan:
    return qingyuan().with_changes({"indicators.energy_intensity.limits.cut": {"max": "4%"}})


def one(**keys: Any) -> dc.Plan:
    return plans.plan(plans.indicator(**keys))


def lock() -> dc.Plan:
    locks = {"甲区": {2015: {"value": 9.5, "why": "市政府批复", "signed": True}}}
    return one(locks=locks, limits={"max": {"甲区": {2015: 9}}})


def growth() -> dc.Plan:
    return one(limits={"growth": {"min": {"甲区": "20%"}}, "max": {"甲区": {2015: 8.5}}})


def totals() -> dc.Plan:
    return one(limits={"total": {"max": {"甲区": 20, "乙县": 12, "丙县": 8}}})


def shares() -> dc.Plan:
    return one(limits={"share": {"max": {"甲区": "50%", "乙县": "26%", "丙县": "20%"}}})


def monotone() -> dc.Plan:
    return one(kind="level", target={"years": {2015: 18, 2016: 17}}, limits={"monotone": "up"})


def link() -> dc.Plan:
    whole = plans.indicator()
    rule = {"at_least_share": "30%", "of": "investment", "scope": "area"}
    part = plans.indicator(id="part", name="技改投资", target={"years": {2015: 4}}, links=[rule])
    return plans.plan(whole, part)


def parts() -> dc.Plan:
    part = plans.indicator(id="part", name="民间投资", parent="investment")
    part["limits"] = {"min": {"甲区": {2015: 9}}}
    return plans.plan(plans.indicator(limits={"max": {"甲区": {2015: 8.5}}}), part)


def sums() -> dc.Plan:
    first = plans.indicator(id="first", name="一类", target={"years": {2015: 9}})
    second = plans.indicator(id="second", name="二类", target={"years": {2015: 6}})
    whole = plans.indicator(sum_of=["first", "second"], target={"years": {2015: 18}})
    return plans.plan(whole, first, second)


def yearly() -> dc.Plan:
    caps = {"max": {"甲区": 8, "乙县": 4, "丙县": 4}}
    return one(kind="level", target={"growth_each_year": "4%以上"}, limits=caps)


def stretch() -> dc.Plan:
    target = {"years": {2015: 18}, "stretch": {"years": {2015: 30}}}
    return one(limits={"max": {"甲区": 10, "乙县": 6, "丙县": 6}}, target=target)


def floors() -> dc.Plan:
    return one(limits={"min": {"甲区": 10, "乙县": 5, "丙县": 4}}, target={"years": {2015: 18}})


def _share(**keys: Any) -> dc.Plan:
    base = {"甲区": 10, "乙县": 6, "丙县": 4}
    return plans.plan(small_ratios.FIRMS, small_ratios.share(base_numerator=base, **keys))


def risen() -> dc.Plan:
    return _share(target={"rise": "3%"}, limits={"max": 11})


def fallen() -> dc.Plan:
    return _share(target={"cut": "6%"}, limits={"min": 9.8})


def later() -> dc.Plan:
    return _share(target={"years": {2016: 8}}, limits={"min": 9.8})


def risen_though_cut() -> dc.Plan:
    return _share(publish="cut", decimals=2, target={"rise": "3%"})


def level_locked() -> dc.Plan:
    limits = {"ramp": {"max": 5}}
    return one(kind="level", publish="increment", locks={"甲区": {2015: 14}}, limits=limits)


CASES = [
    *(risen, fallen, later, risen_though_cut, level_locked),
    *(capacities, with_group, intensity, lock, growth, totals, shares, monotone),
    *(link, parts, sums, yearly, stretch, floors),
]


@pytest.mark.parametrize("make", CASES, ids=[make.__name__ for make in CASES])
def test_conflicts_and_repairs_read_as_prose(make: Any, tmp_path: Path) -> None:
    found = dc.explain(make())
    assert not found.feasible
    text = f"{found.text('zh')}\n\n{found.text('en')}\n"
    golden = GOLDEN / f"{make.__name__}.txt"
    written = golden if os.environ.get("WRITE_GOLDEN") else tmp_path / golden.name
    written.write_text(text, encoding="utf-8")
    assert written.read_text(encoding="utf-8") == golden.read_text(encoding="utf-8")
    for k in range(len(found.repairs)):
        dc.solve(found.apply(k))


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("22以上", "22亿元以上", "at least 22 亿元"),
        ("≥1,000", "≥1,000亿元", "at least 1,000 亿元"),
        ("22以下", "22亿元以下", "at most 22 亿元"),
        ("570左右", "570亿元左右", "about 570 亿元"),
        ("3-5", "3-5亿元", "3 to 5 亿元"),
        ("-3至-2", "-3至-2亿元", "-3 to -2 亿元"),
        ("力争45", "力争45亿元", "45 亿元 (to be striven for)"),
        ("6%", "6%", "6%"),
        ("3.5%-4%", "3.5%-4%", "3.5 to 4%"),
        ("3个百分点以上", "3个百分点以上", "at least 3 points"),
    ],
)
def test_figures_with_words_keep_them_in_chinese_and_mean_them_in_english(
    text: str, zh: str, en: str
) -> None:
    told = said_in(parse_figure(text, rate="%" in text), Text("亿元", "亿元"))
    assert (told.text("zh"), told.text("en")) == (zh, en)


def test_a_yearly_target_among_figures_of_years_is_told_as_one() -> None:
    """A group's cut of every year beside the area's of the last: no year stands behind its name."""
    ratio = small_ratios.intensity(
        target={"cut": "6%以上"},
        group_targets={"北部": {"cut_each_year": "4%以上"}},
        limits={"cut": {"max": "2%"}},
    )
    asked = plans.plan(small_ratios.OUTPUT, small_ratios.ENERGY, ratio)
    told = str(dc.explain(asked))
    assert "北部逐年4%以上→" in told, told


def test_rises_of_percentages_are_told_in_points() -> None:
    ratio = small_ratios.share(
        base_numerator={"甲区": 10, "乙县": 6, "丙县": 4},
        target={"rise_each_year": "2以上"},
        limits={"max": {2016: 12.5}},
    )
    asked = plans.plan(small_ratios.FIRMS, ratio)
    told = str(dc.explain(asked))
    assert "达不到“比上年提高2个百分点以上的目标”" in told, told
    assert "的逐年提高目标由2个百分点以上改为1.2个百分点以上" in told, told
    assert "a rise by at least 2 points on the year before" in str(dc.explain(asked, language="en"))


def test_what_is_reached_of_a_yearly_cut_is_told_as_a_cut_of_one_year() -> None:
    """Two years that may cut 2 % in all cut 1.00 % each, which lacks 3 points of 4 %."""
    ratio = small_ratios.intensity(
        target={"cut_each_year": "4%"}, limits={"cut": {"max": {2016: "2%"}}}
    )
    told = str(dc.explain(plans.plan(small_ratios.OUTPUT, small_ratios.ENERGY, ratio)))
    assert "最多只能达到1.00%，达不到“逐年目标4%”的要求，差3.00个百分点" in told, told
