"""Why a number is what it is: the arithmetic, the rules, who took the difference, relief."""

from __future__ import annotations

import dataclasses
import re
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

import decompose as dc
from decompose.explain import Reason, Relief
from decompose.plan.ratios import ratio_numbers
from decompose.settle import settle, settle_again
from tests import plans
from tests.oracles.plan_indicator import Cell
from tests.plans import PUBLISHED
from tests.ratio_plans import ratio_plan
from tests.solved import Data, column
from tests.strategies import plans as random_plans
from tests.test_constraints import CASES

DATA = Path(__file__).parent.parent / "data"
NUMBER = r"(-?\d+(?:\.\d+)?)"


@cache
def allocation(name: str) -> dc.Allocation:
    return dc.solve(dc.read_plan(DATA / f"{name}.yaml"))


@cache
def reasons(name: str) -> tuple[Reason, ...]:
    """Every number of a plan, explained."""
    return allocation(name).why().parts


def yingde() -> Reason:
    return allocation("qingyuan/plan").why("upgrade_investment", "英德市", 2015)


def small(*indicators: Data, **keys: Any) -> dc.Allocation:
    return dc.solve(plans.plan(*indicators, **keys))


def step_of(plan: dc.Plan, reason: Reason) -> float:
    """The last digit of a number before rounding."""
    one = plan.indicators[plan.indicator_index[reason.indicator or ""]]
    decimals = 2 if one.decimals is None else one.decimals
    return 0.1 if one.integer else 10.0 ** -max(decimals, 1)


# ---- sentences -----------------------------------------------------------------------------


def test_the_number_of_yingde_is_explained_word_for_word() -> None:
    assert str(yingde()) == (
        "英德市2015年工业技术改造投资为3.20亿元。"
        "按基期占比（17.75%）应分得 22.00 × 17.75% = 3.91亿元；"
        "受本市上限3.20亿元限制，少0.71亿元，"
        "由清城区（+0.19）、高新区（+0.16）、清新区（+0.14）等8个地区分担。"
    )
    assert yingde().text("en") == (
        "英德市's 工业技术改造投资 in 2015 is 3.20 亿元. By share of the base year (17.75%) it "
        "would get 22.00 × 17.75% = 3.91 亿元; held by its capacity of 3.20 亿元, it is 0.71 亿元 "
        "lower, which went to 清城区 (+0.19), 高新区 (+0.16), 清新区 (+0.14) and others (8 in all)."
    )


def test_the_same_is_there_as_data() -> None:
    reason = yingde()
    assert (reason.quota, reason.exact, reason.unit) == (3.2, 3.2, "亿元")
    assert (reason.basis.kind, reason.basis.scope, reason.basis.base) == ("share", "清远市", 2.75)
    assert reason.handed == 22
    assert reason.share == pytest.approx(2.75 / 15.49)
    assert reason.reference == pytest.approx(22 * 2.75 / 15.49)
    assert sum(amount for _, amount in reason.others) == pytest.approx(0.7057, abs=1e-4)
    (rule,) = reason.tight
    assert (rule.family, rule.scope, rule.year) == ("max", "英德市", 2015)
    assert (rule.figure, rule.rate, rule.unit) == (3.2, False, "亿元")
    assert (rule.bound, rule.side, rule.pushes) == (3.2, "upper", -1)
    assert rule.path == "indicators.upgrade_investment.limits.max.英德市.2015"
    assert rule.remedy == (rule.path, 3.21, 0.01)
    with pytest.raises(dataclasses.FrozenInstanceError):
        reason.quota = 1.0  # type: ignore[misc] # that is what must fail


def test_rules_are_told_with_what_they_are_measured_on() -> None:
    rules = {
        rule.family: rule
        for name in ("example/plan", "qingyuan/plan", "zhongshan/plan")
        for reason in reasons(name)
        for rule in reason.tight
        if (rule.family, reason.region, reason.year)
        in {
            ("growth.max", "乙县", 2016),
            ("share_shift", "甲区", 2016),
            ("part_of", "高新区", 2015),
            ("share.max", "火炬开发区", 2015),
            ("cut.max", "三角镇", 2017),
        }
    }
    told = {name: (rule.figure, rule.rate, rule.against) for name, rule in rules.items()}
    none = float("nan")
    expected = {
        "growth.max": (0.6, True, 6.0),
        "share_shift": (0.05, True, 30.0),
        "share.max": (0.13, True, 6.0),
        "cut.max": (0.05, True, none),
        "part_of": (none, False, 8.0),
    }
    for name, values in expected.items():
        assert told[name] == pytest.approx(values, nan_ok=True)


@pytest.mark.parametrize("name", PUBLISHED)
def test_sentences_hold_no_stray_space_and_no_half_width_mark(name: str) -> None:
    """Spaces stand in formulas alone; marks between Chinese words are full-width."""
    labels = {one.label for one in allocation(name).plan.indicators}
    for reason in reasons(name):
        text = str(reason)
        for label in sorted(labels, key=len, reverse=True):
            text = text.replace(label, "某指标")
        bare = re.sub(r" [×=] |(?<=应分得|应为.|同乘.) |“[^”]*”", "", text.replace("应为 ", ""))
        bare = bare.replace("同乘 ", "")
        assert not re.search(r"\s|[,;:()!?]|(?<!\d)\.|nan|。。|[{}]", bare), text
        assert text.endswith("。")


@pytest.mark.parametrize("name", PUBLISHED)
def test_no_mark_follows_another(name: str) -> None:
    solved = allocation(name)
    pages = [solved.why(), *(solved.why(region=one) for one in solved.plan.region_names)]
    for page in pages:
        assert not re.search("[，。；、：（][，。；、：）]", page.text())
        assert not re.search(r"[,;:] ?[.,;:]|\( | \)|  ", page.text("en"))


@pytest.mark.parametrize("name", PUBLISHED)
def test_both_languages_tell_the_same_numbers(name: str) -> None:
    labels = {one.label for one in allocation(name).plan.indicators}
    for reason in reasons(name):
        told = []
        for text in (reason.text("zh"), reason.text("en")):
            for label in sorted(labels, key=len, reverse=True):
                text = text.replace(label, "")
            told.append(set(re.findall(r"[-+]?\d+(?:\.\d+)?%?", text)))
        assert told[0] == told[1], str(reason)


@pytest.mark.parametrize("name", PUBLISHED)
def test_arithmetic_in_sentences_is_right(name: str) -> None:
    """What a sentence multiplies, adds and rounds comes out, but for the digits it leaves out."""
    plan, checked = allocation(name).plan, 0
    for reason in reasons(name):
        told, half = reason.messages[1].text(), step_of(plan, reason) / 2 + 1e-9
        if found := re.search(rf"{NUMBER}%? × {NUMBER}(%?)\S* = {NUMBER}", told):
            first, result = float(found[1]), float(found[4])
            second = float(found[2]) / (100 if found[3] else 1)
            assert abs(first * second - result) <= first * 5e-5 + second * half + half, told
            assert abs(result - reason.reference) <= half, told
            checked += 1
        for number in re.findall(rf"[少多](?:承担)?{NUMBER}", told):
            gaps = abs(reason.difference), abs(reason.area_moved)
            assert min(abs(float(number) - gap) for gap in gaps) <= half, told
        rounding = re.search(r"取整([-+]\d+(?:\.\d+)?)。", told)
        assert abs((float(rounding[1]) if rounding else 0.0) - reason.rounding) <= half, told
    assert checked > 20


@pytest.mark.parametrize("name", PUBLISHED)
def test_shares_and_indices_come_from_the_plan(name: str) -> None:
    plan = allocation(name).plan
    for reason in reasons(name):
        basis = reason.basis
        one = plan.indicators[plan.indicator_index[reason.indicator or ""]]
        by_base = one.allocate is None or one.allocate.by == "base"
        if basis.kind == "share":
            assert reason.reference == pytest.approx(basis.handed * basis.share)
            if by_base and one.base is not None and "except" not in (one.regions or {}):
                whole = np.nansum(plan.base(one)[~plan.reserve & plan.applies(one).any(axis=1)])
                assert basis.share == pytest.approx(basis.base / whole)
        if basis.kind == "index":
            assert reason.reference == pytest.approx(basis.index * basis.factor)
            assert by_base is False or basis.index == basis.base


def test_only_figures_of_some_indicators_have_other_regions() -> None:
    """The factor of a ratio is one for all regions of a year."""
    factors: dict[tuple[object, object], set[float]] = {}
    for reason in reasons("qingyuan/plan"):
        if reason.basis.kind == "index":
            factors.setdefault((reason.indicator, reason.year), set()).add(
                round(reason.basis.factor, 9)
            )
    assert len(factors) == 6
    assert all(len(found) == 1 for found in factors.values())


# ---- what adds up --------------------------------------------------------------------------


def settled(data: Data) -> dc.Allocation:
    """Settle a random plan; one without an answer is passed over, undiagnosed."""
    try:
        return dc.Allocation(settle(dc.Plan.model_validate(data)))
    except dc.DecomposeError:
        return reject()


def cell_of(reason: Reason) -> Cell:
    return Cell(reason.indicator or "", reason.region or "", reason.year or 0)


def exact_sums(solved: dc.Allocation) -> set[tuple[str, int]]:
    """Indicators and years whose sum over the area must be an exact figure."""
    totals = solved.totals
    rows = totals[(totals["scope"] == solved.plan.total_label) & (totals["sense"] == "exact")]
    return set(zip(rows["indicator"], rows["year"], strict=True))


def check_sums(solved: dc.Allocation) -> int:
    """Check every number of an allocation; return how many had other regions beside them."""
    quotas, bound_by = column(solved, "quota"), column(solved, "bound_by")
    if not quotas:
        return 0
    exact = exact_sums(solved)
    parts = solved.why().parts
    assert {cell_of(reason) for reason in parts} == set(quotas)
    for reason in parts:
        cell = cell_of(reason)
        assert reason.quota == quotas[cell]
        assert not {"nan", "None"} & set(re.findall(r"[a-zA-Z]+", reason.text()))
        assert reason.reference + reason.difference + reason.rounding == pytest.approx(quotas[cell])
        assert "; ".join(dict.fromkeys(rule.family for rule in reason.tight)) == bound_by[cell]
        slack = 1e-6 * max(1.0, abs(np.nan_to_num(reason.handed)))
        one = solved.plan.indicators[solved.plan.indicator_index[cell.indicator]]
        if one.kind == "ratio":
            assert weighted(solved, reason) == pytest.approx(reason.area_moved, abs=slack)
            continue
        whole = reason.difference + sum(amount for _, amount in reason.others)
        assert whole == pytest.approx(reason.area_moved, abs=slack)
        if (cell.indicator, cell.year) in exact:
            assert reason.area_moved == pytest.approx(0.0, abs=slack)
    return sum(bool(reason.others) for reason in parts)


def weighted(solved: dc.Allocation, reason: Reason) -> float:
    """The mean difference from the references, weighted by printed denominators."""
    plan = solved.plan
    one = plan.indicators[plan.indicator_index[reason.indicator or ""]]
    numbers = ratio_numbers(plan, one, solved.settled.printed)
    year = plan.year_index[reason.year or 0]
    weight, _ = numbers.weights(np.ones(len(plan.regions), dtype=bool), year)
    gaps = {**dict(reason.others), reason.region or "": reason.difference}
    found = sum(weight[plan.region_index[name]] * gap for name, gap in gaps.items())
    return float(found / weight.sum())


@pytest.mark.parametrize("name", PUBLISHED)
def test_differences_and_rounding_make_the_quota(name: str) -> None:
    assert check_sums(allocation(name))


@settings(max_examples=40, deadline=None)
@given(random_plans())
def test_differences_and_rounding_make_the_quota_of_random_plans(data: Data) -> None:
    check_sums(settled(data))


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6).map(ratio_plan))
def test_differences_and_rounding_make_the_quota_of_random_ratios(data: Data) -> None:
    check_sums(settled(data))


@pytest.mark.parametrize("name", ["qingyuan/plan", "zhongshan/plan", "example/plan"])
def test_causes_name_regions_that_their_rule_holds_to_the_other_side(name: str) -> None:
    places = {(one.indicator, one.region, one.year): one for one in reasons(name)}
    told = 0
    for reason in reasons(name):
        for cause in reason.causes:
            others = [places[reason.indicator, region, reason.year] for region in cause.regions]
            assert all(one.difference * reason.difference < 0 for one in others)
            assert sum(one.difference for one in others) == pytest.approx(cause.difference)
            for one in others:
                key = cause.rule.family, cause.rule.path, cause.rule.year
                assert key in {(rule.family, rule.path, rule.year) for rule in one.tight}
            told += 1
    assert told > 10


def test_without_the_rules_that_hold_it_a_number_is_at_its_reference() -> None:
    """What binds is named rightly: without it the difference is gone."""
    plan = allocation("qingyuan/plan").plan
    rule = yingde().tight[0]
    free = dc.solve(plan.with_changes({rule.path: None}))
    again = free.why("upgrade_investment", "英德市", 2015)
    assert again.tight == ()
    assert again.exact == pytest.approx(yingde().reference)


def test_neither_the_order_of_regions_nor_that_of_indicators_changes_a_word() -> None:
    data = plans.data(
        plans.indicator(limits={"max": {"甲区": {2015: 9}}, "growth": {"max": {"乙县": "45%"}}}),
        plans.indicator(id="part", name="部分", parent="investment", allocate="equal",
                        target={"years": {2015: 12, 2016: 15}}),
    )  # fmt: skip
    turned = {**data, "regions": data["regions"][::-1], "indicators": data["indicators"][::-1]}
    texts = [
        {
            (one.indicator, one.region, one.year): str(one)
            for one in dc.solve(dc.Plan.model_validate(plan)).why().parts
        }
        for plan in (data, turned)
    ]
    assert texts[0] == texts[1]


# ---- relief --------------------------------------------------------------------------------


def check_relief(solved: dc.Allocation, reason: Reason) -> list[Relief]:
    """Check what relief says by solving the whole plan again."""
    now, cell = (column(solved, "quota"), column(solved, "exact")), cell_of(reason)
    for relief in reason.relief:
        changed = dc.solve(solved.plan.with_changes({relief.path: relief.value}))
        then = column(changed, "quota"), column(changed, "exact")
        change = {place: round(then[0][place] - now[0][place], 6) for place in now[0]}
        assert relief.quota == then[0][cell]
        assert relief.change == pytest.approx(change.pop(cell))
        assert relief.exact_change == pytest.approx(then[1][cell] - now[1][cell], abs=1e-6)
        told = {Cell(*place[:3]): place[3] for place in relief.changed}
        assert told == pytest.approx({place: amount for place, amount in change.items() if amount})
    return list(reason.relief)


YIELDING = (
    "lock",
    "max",
    "min",
    "total.max",
    "total.min",
    "growth.max",
    "growth.min",
    "ramp.max",
    "ramp.min",
    "share.max",
    "share.min",
    "share_shift",
    "cut.max",
    "cut.min",
    "at_least_share",
    "at_most_share",
)
"""Families whose figure one step of relief moves."""


@pytest.mark.parametrize("family", YIELDING)
def test_relief_is_what_solving_again_gives(family: str) -> None:
    solved = small(*CASES[family])
    found = []
    for part in solved.why().parts:
        if any(rule.family == family and rule.pushes for rule in part.tight):
            asked = part.indicator, part.region, part.year
            found += check_relief(solved, solved.why(*asked, relief=True))
    assert family in {relief.family for relief in found}
    assert any(relief.exact_change for relief in found)


@pytest.mark.parametrize(
    ("indicator", "region", "year"),
    [
        ("upgrade_investment", "英德市", 2015),
        ("firms_1b", "高新区", 2017),
        ("national_assessed", "清城区", 2015),
    ],
)
def test_relief_of_a_city_is_what_solving_again_gives(
    indicator: str, region: str, year: int
) -> None:
    solved = allocation("qingyuan/plan")
    assert check_relief(solved, solved.why(indicator, region, year, relief=True))


def test_a_number_moved_by_another_region_is_relieved_by_that_regions_rule() -> None:
    reason = allocation("qingyuan/plan").why("upgrade_investment", "清城区", 2015, relief=True)
    assert reason.tight == ()
    assert [cause.regions for cause in reason.causes] == [("英德市",)]
    (relief,) = reason.relief
    assert relief.path == "indicators.upgrade_investment.limits.max.英德市.2015"
    assert -0.01 < relief.exact_change < 0
    check_relief(allocation("qingyuan/plan"), reason)
    assert str(reason).endswith(relief.message.text())


def test_relief_that_cannot_be_had_says_so() -> None:
    data = plans.indicator(
        limits={"growth": {"max": {"甲区": "15%"}}}, locks={"甲区": {2015: {"value": 9.2}}}
    )
    reason = small(data).why("investment", "甲区", 2015, relief=True)
    impossible = [one for one in reason.relief if np.isnan(one.quota)]
    assert [one.family for one in impossible] == ["lock"]
    assert "若把甲区2015年锁定数提高0.01亿元至9.21亿元，其他规则将不能同时满足。" in str(reason)


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_stage_is_settled_again_to_the_same_numbers(name: str) -> None:
    solved = allocation(name).settled
    for stage in solved.stages:
        batch = settle_again(solved, solved.plan, stage.built.series[-1].number)
        (again,) = (one for one in batch.stages if one.built.turn.year == stage.built.turn.year)
        assert np.array_equal(stage.printed, again.printed)
        assert np.array_equal(stage.solution.x, again.solution.x)


def test_stretch_quotas_are_settled_again_above_their_base_quotas() -> None:
    stretch = allocation("shiyan/plan").stretch
    assert stretch is not None
    number = stretch.plan.indicator_index["value_added"]
    again = settle_again(stretch.settled, stretch.plan, number)
    assert np.array_equal(again.printed["value_added"], stretch.settled.printed["value_added"])


# ---- names ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("indicator", "region"),
    [
        ("upgrade_investment", "英德市"),
        ("工业技术改造投资", "英德"),
        ("ｕｐｇｒａｄｅ＿ｉｎｖｅｓｔｍｅｎｔ", " 英德市 "),
        ("工业技术改造投资　", "英德"),
    ],
)
def test_names_aliases_ids_and_full_width_forms_mean_the_same(indicator: str, region: str) -> None:
    asked = allocation("qingyuan/plan").why(indicator, region, 2015)
    assert asked == yingde()


def test_digits_of_a_name_may_be_full_width() -> None:
    solved = allocation("qingyuan/plan")
    one = solved.why("年主营业务收入５０００万元的企业", "清远高新区", 2015)
    assert one == solved.why("upgraded_firms_50m", "高新区", 2015)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (("nothing", "甲区", 2015), "没有“nothing”；请从这些名称中选：投资"),
        (
            ("investment", "丁县", 2015),
            "没有“丁县”；请从这些名称中选：甲区、乙县、丙县、南部、北部、示例市",
        ),
        (("investment", "甲区", 2019), "没有“2019”；请从这些名称中选：2015、2016"),
    ],
)
def test_what_nobody_bears_is_told(asked: tuple[str, str, int], told: str) -> None:
    with pytest.raises(dc.PlanError) as caught:
        small().why(*asked)
    assert str(caught.value) == told


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (("scale_firms",), "“规模以上工业企业数”是给定的数据或文字，不分解；请选要分解的指标"),
        (
            ("energy", "英德"),
            (
                "“规模以上工业能源消费量”随“单位工业增加值能耗降低率”而定；"
                "请选“单位工业增加值能耗降低率”"
            ),
        ),
        (
            ("park_share", None, 2017),
            (
                "“产业园区规模以上工业增加值占全市比重”由分子、分母算出，不单独分解；"
                "请选它的分子或分母"
            ),
        ),
        (
            ("park_investment", "连山", 2015),
            "连山县2015年不承担“产业园区工业项目固定资产投资”，没有数可解释；请换一个地区或年份",
        ),
    ],
)
def test_why_there_is_no_number_is_told(asked: tuple[Any, ...], told: str) -> None:
    with pytest.raises(dc.PlanError) as caught:
        allocation("qingyuan/plan").why(*asked)
    assert str(caught.value) == told


# ---- pages ---------------------------------------------------------------------------------


def test_a_county_has_a_line_per_number_by_indicator() -> None:
    page = allocation("qingyuan/plan").why(region="英德")
    lines = page.text().splitlines()
    assert lines[0] == "英德市目标分解说明：24项指标，67个数。"
    assert lines[1:3] == [
        "其中4个受规则限制，24个随其他数变动，39个按参考数确定。",
        "起作用的规则：上限（4）。",
    ]
    assert sum(line.startswith("- ") for line in lines) == len(page.parts) == 67
    heads = [section.head.text() for section in page.sections]
    assert len(set(heads)) == 24
    at = lines.index("工业技术改造投资（亿元）")
    assert lines[at + 1] == "- 2015年3.20亿元，参考数3.91，受本市上限3.20亿元限制（-0.71）"
    assert {part.region for part in page.parts} == {"英德市"}


def test_an_indicator_says_how_each_sum_was_shared() -> None:
    page = allocation("qingyuan/plan").why("upgrade_investment")
    assert page.text().splitlines()[0] == "工业技术改造投资目标分解说明：27个数。"
    heads = [section.head.text() for section in page.sections]
    assert heads[0] == (
        "2015年工业技术改造投资：清远市22.00亿元按基期占比分给9个地区；"
        "英德市受上限3.20亿元限制（-0.71）；"
        "差额由清城区（+0.19）、高新区（+0.16）、清新区（+0.14）等8个地区分担。"
    )
    assert heads[2] == (
        "2017年工业技术改造投资：清远市40.00亿元按基期占比分给9个地区，各地区均未受限制。"
    )
    assert [len(section.lines) for section in page.sections] == [9, 9, 9]


def test_pages_may_be_of_a_year_or_of_both() -> None:
    solved = allocation("qingyuan/plan")
    both = solved.why("upgrade_investment", "英德市")
    assert both.text().splitlines()[0] == "英德市工业技术改造投资目标分解说明：3个数。"
    year = solved.why(year=2017)
    assert {part.year for part in year.parts} == {2017}
    assert year.text("en").splitlines()[0].startswith("清远市 in 2017, explained (")


def test_a_group_and_the_area_have_a_page_of_their_regions() -> None:
    solved = allocation("qingyuan/plan")
    group = solved.why("upgrade_investment", "三连一阳", 2015)
    assert group.text().splitlines()[0] == "三连一阳工业技术改造投资2015年目标分解说明：4个数。"
    assert [part.region for part in group.parts] == ["连州市", "连山县", "连南县", "阳山县"]
    assert "分给9个地区" in group.sections[0].head.text()
    for name in ("清远市", "全市"):
        assert solved.why("upgrade_investment", name, 2015) == solved.why(
            "upgrade_investment", year=2015
        )


def test_a_year_may_be_text_and_a_language_may_be_asked_for() -> None:
    solved = allocation("qingyuan/plan")
    asked = ("upgrade_investment", "英德", "2015")
    told = solved.why(*asked, language="en")
    assert told.year == 2015
    assert str(told) == solved.why("upgrade_investment", "英德", 2015).text("en")
    assert str(told) != told.text("zh")
    with pytest.raises(dc.PlanError, match="nothing is called “2030”; choose one of: 2015, 2016"):
        solved.why("upgrade_investment", "英德", 2030, language="en")


@pytest.mark.parametrize("name", PUBLISHED)
def test_what_a_reader_adds_up_rounds_to_the_number(name: str) -> None:
    """Reference, difference and rounding, as they are told, in the digits of the quota."""
    plan, checked = allocation(name).plan, 0
    for reason in reasons(name):
        told = re.sub(rf"当年合计比参考数[少多]{NUMBER}", "", reason.messages[1].text())
        found = re.search(rf" = {NUMBER}", told)
        if found is None:
            continue
        one = plan.indicators[plan.indicator_index[reason.indicator or ""]]
        moved = re.search(rf"([少多])(?:承担)?{NUMBER}", told.split("；同时")[0])
        whole = float(found[1])
        own = reason.difference * (-1 if moved and moved[1] == "少" else 1) > 0
        if moved and own:
            whole += float(moved[2]) * (1 if moved[1] == "多" else -1)
        rounding = re.search(r"取整([-+]\d+(?:\.\d+)?)。", told)
        whole += float(rounding[1]) if rounding else 0.0
        half = 0.5 if one.integer or one.decimals == 0 else step_of(plan, reason) / 2
        assert abs(whole - reason.quota) <= half + 1e-9, str(reason)
        checked += 1
    assert checked > 20


def test_pages_and_reasons_are_escaped_in_notebooks() -> None:
    regions = [{"name": "<b>甲</b>"}, {"name": "乙&县"}]
    data = plans.data(
        plans.indicator(base={"<b>甲</b>": 8.0, "乙&县": 4.0}), regions=regions, groups={}
    )
    solved = dc.solve(dc.Plan.model_validate(data))
    for reason in (solved.why("investment", "<b>甲</b>", 2015), solved.why(), solved.why("投资")):
        shown = reason._repr_html_()
        assert "<b>" not in shown
        assert "&lt;b&gt;甲&lt;/b&gt;" in shown
        assert len(re.findall("<li>", shown)) == len(reason.parts)


# ---- stretch quotas ------------------------------------------------------------------------


def test_stretch_quotas_are_explained_beside_the_base_quotas() -> None:
    solved = allocation("shiyan/plan")
    reason = solved.why("value_added", "房县", 2020)
    assert solved.stretch is not None
    assert reason.stretch == solved.stretch.why("value_added", "房县", 2020)
    assert reason.text().count("力争目标：房县2020年") == 1
    assert "base_quota" in {rule.family for rule in reason.stretch.tight}
    assert solved.why("upgrade_investment", "房县", 2020).stretch is None
    page = solved.why("value_added", "房县")
    assert all("；力争目标" in line.text() for line in page.sections[0].lines)


# ---- digits --------------------------------------------------------------------------------


def test_a_figure_keeps_the_digits_that_the_plan_gives_it() -> None:
    data = plans.indicator(integer=True, limits={"max": {"甲区": {2015: 8.5}}})
    reason = small(data).why("investment", "甲区", 2015)
    assert (reason.quota, reason.tight[0].figure, reason.tight[0].bound) == (8, 8.5, 8)
    assert "受本区上限8.5亿元限制，少1.6亿元" in str(reason)


def test_growth_over_years_between_is_told_as_yearly() -> None:
    limits = {"growth": {"max": {"甲区": "10%"}}, "ramp": {"max": {"乙县": 1}}}
    solved = small(plans.indicator(target={"years": {2016: 21}}, limits=limits), years=[2016])
    reason = solved.why("investment", "甲区", 2016)
    assert reason.quota == pytest.approx(8 * 1.1**2)
    assert "受本区年均增速上限10%（2014年为8.00）限制" in str(reason).replace("亿元", "")
    assert "held by its greatest yearly growth of 10% (8.00" in reason.text("en")
    assert "年均增量上限1.00" in str(solved.why("investment", "乙县", 2016))


def test_a_small_difference_is_told_with_one_digit_more() -> None:
    reason = allocation("zhongshan/plan").why("value_added", "石岐区", 2015)
    assert 0 < reason.difference < 0.05
    assert "本区多承担0.04亿元" in str(reason)


def test_a_rate_on_nothing_has_no_relief_and_does_no_harm() -> None:
    base = {"甲区": 8.0, "乙县": 0.0, "丙县": 0.0}
    solved = small(
        plans.indicator(kind="level", base=base, group_targets={"北部": {"growth": "9%"}})
    )
    reason = solved.why("investment", "乙县", 2016, relief=True)
    assert (reason.quota, reason.relief) == (0, ())
    assert "target" in {rule.family for rule in reason.tight}


def test_a_target_that_cannot_be_met_is_told_where_it_moves_a_number() -> None:
    plan = plans.plan(plans.indicator(limits={"max": {"甲区": {2015: 5}, "丙县": {2015: 6}}}))
    data = plan.with_changes({"indicators.investment.limits.max.乙县.2015": 5})
    reason = dc.solve(data, gap="row").why("investment", "丙县", 2015)
    assert reason.area_missed
    assert reason.area_moved == pytest.approx(-2.0)
    assert "示例市当年合计比参考数少2.00亿元（目标不能全部落实）" in str(reason)
    assert "2.00 亿元 (its target cannot be met) below" in reason.text("en")


def test_a_rule_that_moves_a_last_digit_of_billions_is_told() -> None:
    own = {"base": {"甲区": 18897857.42}, "target": {"years": {2016: 54130680.11}}}
    locked = plans.indicator(**own, locks={"市本级": {2016: 0.01}})
    regions = [{"name": "甲区"}, {"name": "市本级", "reserve": True}]
    found = small(locked, regions=regions, groups={})
    assert "市本级须满足锁定数0.01亿元" in str(found.why("investment", "甲区", 2016))
