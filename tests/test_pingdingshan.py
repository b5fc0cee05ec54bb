"""Pingdingshan: what is printed is what the document says, zone by zone where it names them.

The figures here are copied from the document, never from our own plan.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

import decompose as dc
from decompose.tables import RowKind

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "data" / "pingdingshan"
DOCUMENT = (ROOT / "docs" / "goals" / "pingdingshan.md").read_text(encoding="utf-8")
PLAN = dc.read_plan(FOLDER / "plan.yaml")
ZONES = 10

GROWTH = {
    "规模以上工业增加值": "力争15%",
    "固定资产投资": "17%以上",
    "主营业务收入": "10%以上",
    "主导产业集群收入": "15%以上",
    "其中:能源化工": "15%以上",
    "其中:装备制造": "15%以上",
    "其中:钢铁深加工": "15%以上",
    "规模以上工业综合能源消费量": "-4%左右",
}

FIGURES: dict[str, object] = {
    "固定资产投资": "力争700以上",
    "主营业务收入": "1100以上",
    "特种钢材加工特色产业集群收入": "突破100",
    "不锈钢制品特色产业集群收入": "突破100",
    "一星级以上产业集聚区": "力争6",
    "其中:二星级产业集聚区": 1,
    "投资强度和产出强度": "进一步提高",
    "清洁生产和循环化改造": "取得显著成效",
    "新增从业人员": "2以上",
    "能源化工、装备制造、钢铁深加工等千亿级产业集群": "着力打造3个",
    "特种钢材加工、不锈钢制品等百亿级特色产业集群": "培育10个以上",
    "重点推进亿元以上重大项目": 136,
    "其中:新开工亿元以上项目": "力争50以上",
    "其中:建成亿元以上项目": "力争50以上",
    "中型企业升级为大型企业": "力争5以上",
    "小微企业升级为中型企业": "力争50以上",
    "新建省级以上研发机构": "力争2—3",
    "培育高新技术企业": "力争2—3",
    "新建省级孵化器": "力争1—2",
    "新建省级以上产品检验检测中心": "力争1—2",
    "基础设施投资": "力争100以上",
    "新开工污水处理厂": 2,
    "加快建设污水处理厂": 3,
    "投产输变电工程": 2,
    "新开工输变电工程": 1,
    "搬迁村庄": "力争18",
    "转移安置群众": "力争1余",
    "新开工公租房": "力争1700以上",
    "建成公租房": "力争5000以上",
    "产业集聚区与乡镇行政区域管理套合": (
        "6月底前制定工作方案,9月底前主要工作基本完成,年底前基本完成后续工作"
    ),
    "融资占全市社会融资规模比重": "40左右",
    "人才招聘和职业介绍服务": "力争3",
    "培训各类技能人员": "力争5以上",
    "新增标准化厂房建筑面积": "力争100左右",
    "污水处理率": "力争100",
    "工业固体废弃物处置利用率": "力争100",
}

PER_ZONE = {
    "新引进行业龙头企业或投资10亿元以上项目": "力争2以上",
    "安排用地指标": "不低于500",
}

AT_LEAST: dict[str, float] = {
    "fixed_investment": 700,
    "revenue": 1100,
    "special_steel": 100,
    "stainless_steel": 100,
    "jobs": 2,
    "projects_started": 50,
    "projects_finished": 50,
    "large_firms": 5,
    "medium_firms": 50,
    "leaders": 2 * ZONES,
    "infrastructure": 100,
    "residents": 1,
    "housing_started": 1700,
    "housing_finished": 5000,
    "training": 5,
    "land": 500 * ZONES,
}

EXACTLY: dict[str, float] = {
    "starred_zones": 6,
    "two_star_zones": 1,
    "projects": 136,
    "research_units": 2,
    "hightech_firms": 2,
    "incubators": 1,
    "test_centres": 1,
    "villages": 18,
    "recruitment": 3,
    "sewage_treated": 100,
    "waste_used": 100,
}

ABOUT: dict[str, float] = {"financing_share": 40, "workshops": 100}

RATES: dict[str, tuple[str, float]] = {
    "value_added": ("va_2014", 0.15),
    "fixed_investment": ("fai_2014", 0.17),
    "revenue": ("revenue_2014", 0.10),
    "leading_clusters": ("clusters_2014", 0.15),
    "chemical_cluster": ("chemical_2014", 0.15),
    "equipment_cluster": ("equipment_2014", 0.15),
    "steel_cluster": ("steel_2014", 0.15),
}

NAMED: dict[str, set[str]] = {
    "二星级产业集聚区": {"高新技术产业集聚区"},
    "新开工污水处理厂": {"叶县产业集聚区", "石龙区产业集聚区"},
    "加快建设污水处理厂": {"鲁山县产业集聚区", "新城区产业集聚区", "平顶山化工产业集聚区"},
    "投产输变电工程": {"叶县产业集聚区", "鲁山县产业集聚区"},
    "新开工输变电工程": {"宝丰县产业集聚区"},
}


@pytest.fixture(scope="module")
def allocation() -> dc.Allocation:
    return dc.solve(PLAN)  # certified, or no allocation


@pytest.fixture(scope="module")
def annex(allocation: dc.Allocation) -> dict[str, tuple[object, object]]:
    """What annex 1 prints of each indicator: 2015, and average growth."""
    frame = allocation.annex1()
    names = [name.replace("：", ":") for name in frame["指标"]]
    return dict(zip(names, zip(frame["2015年"], frame["年均增长"], strict=True), strict=True))


@pytest.fixture(scope="module")
def totals(allocation: dc.Allocation) -> dict[str, float]:
    frame = allocation.totals
    city = frame[(frame["scope"] == "全市") & (frame["year"] == 2015)]
    return dict(zip(city["indicator"], city["quota"], strict=True))


def base(column: str) -> float:
    with (FOLDER / "base.csv").open(encoding="utf-8", newline="") as file:
        return sum(float(row[column]) for row in csv.DictReader(file))


@pytest.mark.parametrize("name", GROWTH)
def test_growth_is_printed_as_it_is_written(
    annex: dict[str, tuple[object, object]], name: str
) -> None:
    assert annex[name][1] == GROWTH[name]


@pytest.mark.parametrize("name", FIGURES)
def test_figures_are_printed_as_they_are_written(
    annex: dict[str, tuple[object, object]], name: str
) -> None:
    assert annex[name][0] == FIGURES[name]


def test_annex_1_prints_no_other_goal(annex: dict[str, tuple[object, object]]) -> None:
    assert set(annex) == {*GROWTH, *FIGURES, *PER_ZONE}


@pytest.mark.parametrize("name", PER_ZONE)
def test_figures_of_each_zone_are_printed_under_their_indicator(
    allocation: dc.Allocation, name: str
) -> None:
    rows = allocation.tables()[0].rows
    (place,) = (k for k, row in enumerate(rows) if row.cells[1].text == name)
    assert rows[place + 1].kind is RowKind.CHANGE
    assert rows[place + 1].cells[4].text == PER_ZONE[name]


@pytest.mark.parametrize("indicator", AT_LEAST)
def test_the_city_has_at_least_what_is_written(totals: dict[str, float], indicator: str) -> None:
    assert totals[indicator] >= AT_LEAST[indicator]


@pytest.mark.parametrize("indicator", EXACTLY)
def test_the_city_has_just_what_is_written(totals: dict[str, float], indicator: str) -> None:
    assert totals[indicator] == EXACTLY[indicator]


@pytest.mark.parametrize("indicator", ABOUT)
def test_the_city_has_about_what_is_written(totals: dict[str, float], indicator: str) -> None:
    assert totals[indicator] == pytest.approx(ABOUT[indicator], rel=0.02)


@pytest.mark.parametrize("indicator", RATES)
def test_rates_hold_on_printed_sums(totals: dict[str, float], indicator: str) -> None:
    column, rate = RATES[indicator]
    assert totals[indicator] >= base(column) * (1 + rate) - 1e-9


def test_value_added_grows_by_fifteen_percent_and_energy_falls_by_four(
    totals: dict[str, float],
) -> None:
    assert totals["value_added"] / base("va_2014") - 1 == pytest.approx(0.15)
    assert 1 - totals["energy"] / base("energy_2014") == pytest.approx(0.04, rel=0.02)


def test_financing_is_about_forty_percent_of_the_citys(totals: dict[str, float]) -> None:
    assert totals["financing"] / base("social_2015") == pytest.approx(0.40, rel=0.02)


@pytest.mark.parametrize("name", NAMED)
def test_zones_have_what_the_document_gives_them_by_name(
    allocation: dc.Allocation, name: str
) -> None:
    column = allocation.annex2(2015)[name].drop("全市")
    assert set(column[column > 0].index) == NAMED[name]
    assert set(column[column > 0]) == {1}


def test_ten_zones_take_part_and_each_has_two_leaders(allocation: dc.Allocation) -> None:
    column = allocation.annex2(2015)["新引进行业龙头企业或投资10亿元以上项目"].drop("全市")
    assert len(column) == ZONES
    assert column.min() >= 2


def test_land_is_five_hundred_on_average_and_differs_by_zone(allocation: dc.Allocation) -> None:
    column = allocation.annex2(2015)["安排用地指标"].drop("全市")
    assert column.mean() >= 500
    assert column.min() < 500 < column.max()


def test_check_finds_no_contradiction() -> None:
    assert [issue.code for issue in dc.check(PLAN) if issue.severity != "note"] == []


def test_derived_bases_agree_with_both_figures() -> None:
    assert round(100 * (700 / base("fai_2014") - 1)) == 17
    assert base("revenue_2014") == pytest.approx(1100 / 1.10)


def test_rules_of_many_families_bind(allocation: dc.Allocation) -> None:
    binding = {name for names in allocation.quotas["bound_by"] for name in names.split("; ")}
    assert binding >= {"max", "min", "lock", "growth.max", "share.max", "part_of", "sum_of"}


def test_every_row_and_key_is_in_the_table_of_goals() -> None:
    rows = re.findall(r"^\| (\d+) \|", DOCUMENT, re.MULTILINE)
    assert [int(row) for row in rows] == list(range(1, len(rows) + 1))
    assert f"\n{len(rows)} goals with a figure or a date: " in DOCUMENT
    keys = set(re.findall(r"`([a-z_0-9]+)[.`]", DOCUMENT))
    assert {one.id for one in PLAN.indicators if one.report} <= keys


def test_columns_are_told_in_the_readme() -> None:
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    with (FOLDER / "base.csv").open(encoding="utf-8", newline="") as file:
        columns = next(csv.reader(file))[1:]
    assert [name for name in columns if f"`{name}`" not in readme] == []
    assert PLAN.data_status == "示例数据"


def test_growth_may_be_published_where_energy_falls() -> None:
    for name, sense, target, capped in (
        ("value_added", 1, 1.15, 9.0),
        ("energy", -1, 0.96, -6.0),
    ):
        changes = {"publish": "growth", "decimals": 2}
        plan = PLAN.with_changes({f"indicators.{name}.{k}": v for k, v in changes.items()})
        allocation = dc.solve(plan)
        found = allocation.quotas.query(f"indicator == '{name}'")
        rates = dict(zip(found["region"].tolist(), found["quota"].tolist(), strict=True))
        base = plan.base(plan.indicators[plan.indicator_index[name]])
        value = dict(zip(plan.region_names, base.tolist(), strict=True))
        grown = sum(value[region] * (1 + rate / 100) for region, rate in rates.items())
        assert 0 <= sense * (grown / sum(value.values()) - target) < 2e-4
        assert rates["石龙区产业集聚区"] == capped
