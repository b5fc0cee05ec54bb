"""Mistakes of what ties indicators together, of margins and stretch; and of any plan at all."""

from __future__ import annotations

import random
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

import decompose as dc
from decompose.errors import PlanError
from tests import plans
from tests.link_plans import link_plan
from tests.plans import Data
from tests.ratio_plans import ratio_plan
from tests.seeded import SEEDS, seeded
from tests.unsound_ratios import ENERGY, FIRMS, OUTPUT, codes_of, mistakes, read, share, without


def linked(*links: Data, **keys: Any) -> Data:
    """Another output, tied by links."""
    return {**OUTPUT, "id": "o", "name": "o", "links": list(links), **keys}


MISTAKES: list[tuple[str, list[Data], list[str]]] = [
    (
        "of",
        [{**OUTPUT, "links": [{"at_least_share": "5%", "of": "outputs"}]}],
        ["output.links.0.of indicator_unknown"],
    ),
    (
        "of itself",
        [{**OUTPUT, "links": [{"at_least_share": "5%", "of": "output"}]}],
        ["output.links.0.of itself"],
    ),
    ("sum_of", [{**OUTPUT, "sum_of": ["nothing"]}], ["output.sum_of indicator_unknown"]),
    (
        "increase_of",
        [{**without(OUTPUT, "base"), "kind": "flow", "increase_of": "x"}],
        ["output.increase_of indicator_unknown"],
    ),
    (
        "scope",
        [
            OUTPUT,
            {
                **OUTPUT,
                "id": "o",
                "name": "o",
                "links": [{"at_most_share": "5%", "of": "output", "scope": "东部"}],
            },
        ],
        ["o.links.0.scope link_scope"],
    ),
    (
        "unit of a share",
        [
            OUTPUT,
            {
                **OUTPUT,
                "id": "o",
                "name": "o",
                "unit": "家",
                "links": [{"at_least_share": "5%", "of": "output"}],
            },
        ],
        ["o.links.0.of share_unit"],
    ),
    (
        "share of a ratio",
        [FIRMS, share(), {**OUTPUT, "links": [{"at_least_share": "5%", "of": "share"}]}],
        ["output.links.0.of share_of_kind"],
    ),
    (
        "negative share",
        [FIRMS, {**OUTPUT, "unit": "家", "links": [{"at_least_share": "-5%", "of": "firms"}]}],
        ["output.links.0.at_least_share share_negative"],
    ),
    (
        "crossing shares",
        [
            FIRMS,
            {
                **OUTPUT,
                "unit": "家",
                "links": [
                    {"at_most_share": "5%", "of": "firms"},
                    {"at_least_share": "10%", "of": "firms"},
                ],
            },
        ],
        ["output.links.1 shares_cross"],
    ),
    ("sum of another unit", [{**OUTPUT, "sum_of": ["firms"]}, FIRMS], ["output.sum_of sum_unit"]),
    (
        "sum of another kind",
        [{**OUTPUT, "sum_of": ["new"]}, {"id": "new", "kind": "flow"}],
        ["output.sum_of sum_kind"],
    ),
    (
        "sum twice",
        [{**OUTPUT, "sum_of": ["energy", "energy"]}, ENERGY],
        ["output.sum_of sum_twice"],
    ),
    (
        "sum on the grid",
        [{**OUTPUT, "decimals": 0, "sum_of": ["energy"]}, {**ENERGY, "decimals": 1}],
        ["output.sum_of sum_step"],
    ),
    (
        "sums in a circle",
        [{**OUTPUT, "sum_of": ["energy"]}, {**ENERGY, "sum_of": ["output"]}],
        ["output sum_circle"],
    ),
    (
        "rise of a flow",
        [plans.indicator(increase_of="new"), {"id": "new", "kind": "flow"}],
        ["investment.increase_of increase_kind"],
    ),
    (
        "rise of another unit",
        [plans.indicator(increase_of="energy", unit="家"), {**ENERGY, "unit": "万吨"}],
        ["investment.increase_of increase_unit"],
    ),
    (
        "rise off the grid",
        [plans.indicator(increase_of="energy", decimals=0), ENERGY],
        ["investment.increase_of increase_step"],
    ),
    (
        "rise without base",
        [plans.indicator(increase_of="energy"), without(ENERGY, "base")],
        ["energy.base base_needed"],
    ),
    # margin, stretch
    (
        "margin",
        [{**OUTPUT, "target": {"years": {2016: 20}, "margin": "-100%"}}],
        ["output.target.margin margin_low"],
    ),
    (
        "tolerance",
        [{**OUTPUT, "target": {"years": {2016: 20}, "tolerance": "-1%"}}],
        ["output.target.tolerance tolerance_low"],
    ),
    (
        "stretch alone",
        [{**OUTPUT, "target": {"stretch": {"years": {2016: 20}}}}],
        ["output.target.stretch stretch_alone"],
    ),
    (
        "stretch years",
        [{**OUTPUT, "target": {"years": {2016: 20}, "stretch": {"years": {2018: 25}}}}],
        ["output.target.stretch.years.2018 year_unknown"],
    ),
    (
        "stretch of a kind",
        [{**OUTPUT, "target": {"years": {2016: 20}, "stretch": {"cut": "5%"}}}],
        ["output.target.stretch.cut key_of_kind"],
    ),
    (
        "a share that is none",
        [FIRMS, linked({"at_most_share": 120, "of": "firms"}, unit="家")],
        ["o.links.0.at_most_share rate_above_one"],
    ),
    (
        "a part of itself",
        [linked({"part_of": "o"})],
        ["o.links.0.part_of itself"],
    ),
    (
        "parts in a circle",
        [linked({"part_of": "output"}), {**OUTPUT, "links": [{"part_of": "o"}]}],
        ["o circle"],
    ),
    (
        "sums in a longer circle",
        [
            plans.indicator(id=one, name=one, sum_of=[other])
            for one, other in (("a", "b"), ("b", "c"), ("c", "a"))
        ],
        ["a sum_circle"],
    ),
]


@pytest.mark.parametrize(("_", "indicators", "expected"), MISTAKES)
def test_a_mistake_is_told_once_with_its_path(
    _: str, indicators: list[Data], expected: list[str]
) -> None:
    assert codes_of(mistakes(*indicators)) == expected


# ---- file, line, what was found, how to mend it --------------------------------------------------

HEAD = """\
title: 示例行动
area: 示例市
base_year: 2014
years: [2015, 2016]
regions: [甲区, 乙县]
indicators:
  - {id: firms, name: 企业数, unit: 家, kind: given, values: {2016: {甲区: 5, 乙县: 0}}}
  - {id: gdp, name: 产值, kind: level, base: {甲区: 5, 乙县: 4}, target: {years: {2016: 9}}}
  - {id: use, name: 能耗, unit: 万吨, kind: level, base: {甲区: 5, 乙县: 4}}
"""
RATIO = "kind: ratio, numerator: use, target: {years: {2016: 9}}"
LINES: list[tuple[str, str, str]] = [
    (
        (
            "  - {id: a, name: 甲数, kind: flow, sum_of: [b], target: {total: 3}}\n"
            "  - {id: b, name: 乙数, kind: flow, sum_of: [a], target: {total: 3}}"
        ),
        "第10行 indicators.a",
        "sum_of 的关系成环：a → b → a；请去掉一环",
    ),
    (
        (
            "  - {id: a, name: 单耗, RATIO, denominator: gdp}\n"
            "  - {id: b, name: 反比, kind: ratio, numerator: gdp, denominator: use, priority: 1,\n"
            "     target: {years: {2016: 9}}}"
        ),
        "第10行 indicators.a.denominator",
        "分母须先定，但关系成环：gdp → use → gdp；请给其中一个写 kind: given 的数据，或去掉一环",
    ),
    (
        "  - {id: a, name: 单耗, RATIO, denominator: firms}",
        "第10行 indicators.a.denominator",
        (
            "2016 年分母“企业数”为 0 或缺失：乙县；"
            "请补上数据，或写 regions: {except: […]} 去掉这些地区"
        ),
    ),
    (
        (
            "  - {id: a, name: 甲数, unit: 家, kind: level, target: {years: {2016: 3}}, links: [\n"
            "     {at_least_share: 20%, of: firms},\n"
            "     {at_most_share: 10%, of: firms}]}"
        ),
        "第12行 indicators.a.links.1",
        "占“企业数”的比重：下限 20% 大于上限 10%；请改正其中一个",
    ),
    (
        (
            "  - {id: a, name: 甲数, unit: 家, kind: level, target: {years: {2016: 3}},\n"
            "     links: [{at_least_share: -5%, of: firms}]}"
        ),
        "第11行 indicators.a.links.0.at_least_share",
        "占比“-5%”是负数；请改正",
    ),
    (
        "  - {id: a, name: 单耗, RATIO, denominator: gdp,\n     scale: 0}",
        "第11行 indicators.a.scale",
        "scale 是 0，必须大于 0；请改正",
    ),
    (
        (
            "  - {id: a, name: 单耗, kind: ratio, numerator: use, denominator: gdp, publish: cut,\n"
            "     target: {cut: 6%}, tiers: {values: [5%,\n"
            "     100%]}}"
        ),
        "第12行 indicators.a.tiers.values.1",
        "档次 100% 须不低于 0 且小于 100%；请改正",
    ),
]


@pytest.mark.parametrize(("more", "where", "told"), LINES)
def test_a_mistake_names_file_line_finding_and_remedy(
    tmp_path: Path, more: str, where: str, told: str
) -> None:
    path = tmp_path / "plan.yaml"
    path.write_text(HEAD + more.replace("RATIO", RATIO) + "\n", encoding="utf-8")
    with pytest.raises(PlanError) as raised:
        dc.read_plan(path)
    assert raised.value.text().splitlines()[1:] == [f"  - plan.yaml {where}：{told}"]


# ---- any change of a sound plan is read, or told -------------------------------------------------

WORDS: list[Any] = [
    *("d0", "d1", "r0", "nr0", "nothing", None, 0, -1, "3%", "150%", "10以上", "—", [], {}),
    *({"cumulative": "d0"}, {"cumulative": "nr0"}, "base", "甲区", {"甲区": 1}, {2015: 3}, "北部"),
    *({"cut": "3%"}, "cut", "rise", "ratio", "given", "flow", "level", "text", True, 1e9),
]
KEYS = [
    *("target", "numerator", "denominator", "publish", "limits", "links", "sum_of", "increase_of"),
    *("tiers", "values", "base", "base_numerator", "scale", "locks", "group_targets", "stated"),
    *("regions", "years", "allocate", "kind", "priority", "decompose", "cut", "min", "growth"),
    *("parent", "stretch", "margin", "by", "text"),
]


def places(said: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    keys: list[Any] = []
    if isinstance(said, dict):
        keys = list(said)
    elif isinstance(said, list):
        keys = list(range(len(said)))
    return [path, *(found for key in keys for found in places(said[key], (*path, key)))]


@pytest.mark.parametrize("drawn", [ratio_plan, link_plan])
@seeded(1.5)
@given(seed=SEEDS)
def test_any_change_is_read_or_told(drawn: Callable[[int], Data], seed: int) -> None:
    rng = random.Random(seed)
    data = drawn(rng.randint(0, 500))
    *way, last = rng.choice([path for path in places(data["indicators"]) if path])
    holder = data["indicators"]
    for key in way:
        holder = holder[key]
    if isinstance(holder, dict) and rng.random() < 0.4:
        last = rng.choice(KEYS)
    holder[last] = deepcopy(rng.choice(WORDS))
    plan, error = read(data)
    if plan is not None:
        assert all(one.text for one in dc.check(plan))
    else:
        assert error is not None
        assert error.mistakes
        assert error.text("en")
