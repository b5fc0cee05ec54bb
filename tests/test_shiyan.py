"""Shiyan: what is printed is what the document says, and its contradiction is told.

The figures here are copied from the document, never from our own plan.
"""

from __future__ import annotations

import csv
import itertools
import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest

import decompose as dc
from decompose.tables import RowKind

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "data" / "shiyan"
DOCUMENT = (ROOT / "docs" / "goals" / "shiyan.md").read_text(encoding="utf-8")
PLAN = dc.read_plan(FOLDER / "plan.yaml")
LATER = dc.read_plan(FOLDER / "plan_2022.yaml")
YEARS = (2018, 2019, 2020)

EVERY, LAST = "every", "last"

GROWTH = {
    "规模以上工业增加值": "8%左右",
    "工业投资": "10%以上",
    "规模以上工业战略性新兴产业产值": "20%以上",
    "高新技术制造业增加值": "13%以上",
}

FIGURES: dict[str, tuple[str, object]] = {
    "新增规模以上工业企业": (EVERY, "60以上"),
    "预增产值过亿元工业增长点产值占当年新增产值比": (EVERY, "40以上"),
    "工业投资占全市固定资产投资比": (LAST, "30以上"),
    "制造业投资占工业投资比": (LAST, "90以上"),
    "民间工业投资占工业投资比": (LAST, "70以上"),
    "规模工业企业完成技术改造面(3年累计)": (LAST, "80以上"),
    "技改投资占全市工业投资比": (EVERY, "50以上"),
    "高新技术制造业增加值占经济总量的比": (LAST, "15以上"),
    "规模以上民营工业主营业务收入占比": (LAST, "65以上"),
    "省级两化融合贯标试点企业": (LAST, "100以上"),
    "高质量产能": (LAST, "力争4500"),
    "其中:传统产业转型升级形成产能": (LAST, 3000),
    "其中:新兴产业形成产能": (LAST, 1500),
    "主营业务收入5亿元以上的工业企业研发技术机构": (EVERY, "基本实现全覆盖"),
    "省、市级支柱行业细分领域隐形冠军": (LAST, 50),
    "规模以上工业企业利润率": (EVERY, "10以上"),
    "利润总额、利润率在全省位次": (EVERY, "利润总额在全省位次明显前移,利润率保持全省领先位次"),
    "制造业产品质量合格率": (LAST, "93以上"),
    "生产性服务业顾客满意率": (LAST, "90以上"),
    "工业企业产能利用率": (EVERY, "80左右"),
    "新增产值过亿元的增长点": (EVERY, "30以上"),
    "其中:新增产值过10亿元的增长点": (EVERY, "2以上"),
    "新能源汽车产业集群(千亿级)": (LAST, "力争1000"),
    "智能装备制造产业集群(500亿级)": (LAST, "力争500"),
    "实施技术改造工业企业": (EVERY, "不少于300"),
    "技术改造投资": (EVERY, "不少于200"),
    "重大技改示范项目": (EVERY, "20-30"),
    "引进补链、延链、强链项目": (EVERY, "不少于10"),
    "新开工投资过10亿元的工业投资项目": (EVERY, "力争10"),
    "城区千亿级产业集群": (LAST, "力争3"),
    "百亿级特色产业强县(市、区)": (EVERY, "力争3-5年内形成6个"),
    "房县、竹山县、竹溪县、郧西县产能": (EVERY, "力争3-5年内分别达到100"),
    "各级各类企业技术中心": (LAST, "力争200以上"),
    "省级制造业创新中心": (LAST, "力争1-2"),
    "省级智能制造示范企业": (LAST, "3-5"),
    "主城区5G": (EVERY, "实现全覆盖"),
    "规模以上工业企业": (LAST, "力争1100以上"),
    "高新技术企业": (LAST, "300以上"),
    "“隐形冠军”企业": (EVERY, "力争2022年50"),
    "亿元级企业": (EVERY, "力争2022年500"),
    "10亿级企业": (EVERY, "力争2022年50"),
    "百亿级企业": (EVERY, "力争2022年5"),
    "500亿级企业": (EVERY, "力争2022年1"),
    "东风公司“三供一业”分离移交": (EVERY, "力争2018年完成"),
    "剥离国有企业办社会职能和解决历史遗留问题": (EVERY, "2020年基本完成"),
    "绿色制造产业产值": (LAST, 200),
    "危化品生产企业搬迁改造": (EVERY, "2018年底前全面启动"),
    "重点减排技改工程项目": (EVERY, "不少于10"),
    "清洁示范企业": (EVERY, 10),
    "规模以上工业企业质量管理体系推行率": (LAST, 100),
    "先进生产管理模式和方法普及率": (LAST, "80以上"),
    "产品质量检测和标准比对企业": ("total", 50),
    "重点领域主要消费品与国际标准一致性程度": (LAST, "95以上"),
    "东风公司十堰基地新增产值": (EVERY, "到2021年底前400"),
    "东风公司十堰基地新增汽车整车产销量": (EVERY, "到2021年底前30"),
    "东风公司十堰基地新增对地方财政贡献": (EVERY, "到2021年底前10"),
    "企业家培育工程中工业企业负责人占比(每批次)": (EVERY, "不低于80"),
    "审批期限比法定时间压缩": (EVERY, "再压缩1/3"),
    "每年深入企业调研、协调、服务覆盖面": (EVERY, "不少于规上工业企业的三分之一"),
}

AT_LEAST: dict[str, dict[int, float]] = {
    "new_firms": dict.fromkeys(YEARS, 60),
    "growth_point_share": dict.fromkeys(YEARS, 40),
    "industrial_share": {2020: 30},
    "manufacturing_share": {2020: 90},
    "private_share": {2020: 70},
    "upgraded_coverage": {2020: 80},
    "upgrade_share": dict.fromkeys(YEARS, 50),
    "hightech_share": {2020: 15},
    "private_revenue_share": {2020: 65},
    "integration_pilots": {2020: 100},
    "profit_rate": dict.fromkeys(YEARS, 10),
    "product_quality": {2020: 93},
    "growth_points": dict.fromkeys(YEARS, 30),
    "growth_points_1b": dict.fromkeys(YEARS, 2),
    "upgraded_firms": dict.fromkeys(YEARS, 300),
    "upgrade_investment": dict.fromkeys(YEARS, 200),
    "chain_projects": dict.fromkeys(YEARS, 10),
    "technical_centres": {2020: 200},
    "firms": {2020: 1100},
    "hightech_firms": {2020: 300},
    "emission_projects": dict.fromkeys(YEARS, 10),
    "modern_management": {2020: 80},
    "visit_coverage": dict.fromkeys(YEARS, 100 / 3),
}

EXACTLY: dict[str, dict[int | str, float]] = {
    "capacity": {2020: 4500},
    "traditional_capacity": {2020: 3000},
    "emerging_capacity": {2020: 1500},
    "champions": {2020: 50},
    "vehicle_cluster": {2020: 1000},
    "equipment_cluster": {2020: 500},
    "upgrade_models": {2018: 20, 2019: 20, 2020: 20},
    "projects_1b": {2018: 10, 2019: 10, 2020: 10},
    "clusters_100b": {2020: 3},
    "innovation_centres": {2020: 1},
    "smart_models": {2020: 3},
    "hightech_firms": {2018: 210 + 30, 2019: 210 + 60, 2020: 300},
    "green_output": {2020: 200},
    "clean_models": {2018: 10, 2019: 10, 2020: 10},
    "quality_system": {2020: 100},
    "benchmarked_firms": {"total": 50},
}

CAPACITIES = {
    "张湾区": 1000,
    "十堰经济技术开发区": 1000,
    "茅箭区": 1000,
    "丹江口市": 500,
    "郧阳区": 500,
    "房县": 100,
    "竹山县": 100,
    "竹溪县": 100,
    "郧西县": 100,
}

LATER_FIGURES: dict[str, tuple[int | str, float]] = {
    "strong_counties": (2022, 6),
    "champions": (2022, 50),
    "firms_100m": (2022, 500),
    "firms_1b": (2022, 50),
    "firms_10b": (2022, 5),
    "firms_50b": (2022, 1),
    "dongfeng_output": ("total", 400),
    "dongfeng_vehicles": ("total", 30),
    "dongfeng_revenue": ("total", 10),
}


@pytest.fixture(scope="module")
def allocation() -> dc.Allocation:
    return dc.solve(PLAN)  # certified, or no allocation


@pytest.fixture(scope="module")
def later() -> dc.Allocation:
    return dc.solve(LATER)


@pytest.fixture(scope="module")
def annex(allocation: dc.Allocation) -> dict[str, list[object]]:
    """What annex 1 prints of each indicator: years, total or end, average growth."""
    frame = allocation.annex1()
    columns = [*(f"{year}年" for year in YEARS), "累计/期末", "年均增长"]
    return {
        half_width(name): list(row)
        for name, row in zip(frame["指标"], frame[columns].to_numpy().tolist(), strict=True)
    }


def half_width(text: str) -> str:
    return text.replace("：", ":")


def totals(allocation: dc.Allocation) -> dict[tuple[str, object], float]:
    frame = allocation.totals
    city = frame[frame["scope"] == allocation.plan.total_label]
    keys = zip(city["indicator"], city["year"], strict=True)
    return dict(zip(keys, city["quota"], strict=True))


def sums(column: str) -> float:
    with (FOLDER / "base.csv").open(encoding="utf-8", newline="") as file:
        return sum(float(row[column]) for row in csv.DictReader(file))


def growths(values: list[float]) -> list[float]:
    return [now / before - 1 for before, now in itertools.pairwise(values)]


@pytest.mark.parametrize("name", GROWTH)
def test_growth_is_printed_as_it_is_written(annex: dict[str, list[object]], name: str) -> None:
    assert annex[name][-1] == GROWTH[name]


@pytest.mark.parametrize("name", FIGURES)
def test_figures_are_printed_as_they_are_written(annex: dict[str, list[object]], name: str) -> None:
    when, figure = FIGURES[name]
    if when == EVERY:
        assert annex[name][:3] == [figure] * 3
    else:
        assert annex[name][3 if when == "total" else 2] == figure


def test_annex_1_prints_no_other_goal(annex: dict[str, list[object]]) -> None:
    assert set(annex) == {*GROWTH, *FIGURES, "万元工业增加值能耗降低率(比2017年)"}


def changes(allocation: dc.Allocation, indicator: str) -> Iterator[tuple[str, list[str]]]:
    """List the rows under an indicator's: name, then what they print of the years on."""
    under = False
    for row in allocation.tables()[0].rows:
        name = row.cells[1].text
        if row.kind is not RowKind.CHANGE:
            under = name == indicator
        elif under:
            yield name, [cell.text for cell in row.cells[4:9]]


def test_rates_of_every_year_are_printed_under_their_indicator(allocation: dc.Allocation) -> None:
    value_added = dict(changes(allocation, "规模以上工业增加值"))
    assert value_added["增速"][:3] == ["不低于7.5%"] * 3
    assert value_added["力争目标"][4] == "力争达到9%"
    energy = dict(changes(allocation, "万元工业增加值能耗降低率(比2017年)"))
    assert energy["比上年下降"][:3] == ["4%以上"] * 3
    hightech = dict(changes(allocation, "高新技术企业"))
    assert hightech["增量"][:3] == ["30"] * 3


@pytest.mark.parametrize("indicator", AT_LEAST)
def test_the_city_has_at_least_what_is_written(allocation: dc.Allocation, indicator: str) -> None:
    found = totals(allocation)
    for year, figure in AT_LEAST[indicator].items():
        assert found[indicator, year] >= figure


@pytest.mark.parametrize("indicator", EXACTLY)
def test_the_city_has_just_what_is_written(allocation: dc.Allocation, indicator: str) -> None:
    found = totals(allocation)
    assert {year: found[indicator, year] for year in EXACTLY[indicator]} == EXACTLY[indicator]


def test_growth_holds_on_printed_sums(allocation: dc.Allocation) -> None:
    found = totals(allocation)

    def path(indicator: str, column: str) -> list[float]:
        return [sums(column), *(found[indicator, year] for year in YEARS)]

    added = path("value_added", "va_2017")
    assert (added[-1] / added[0]) ** (1 / 3) - 1 == pytest.approx(0.08, rel=0.02)
    assert min(growths(added)) >= 0.075
    for indicator, column, rate in (
        ("industrial_investment", "invest_2017", 0.10),
        ("emerging_output", "emerging_2017", 0.20),
        ("hightech_value_added", "hightech_va_2017", 0.13),
    ):
        values = path(indicator, column)
        assert values[-1] >= values[0] * (1 + rate) ** 3


def test_stretch_grows_by_nine_percent_and_lowers_no_county(allocation: dc.Allocation) -> None:
    stretch = allocation.stretch
    assert stretch is not None
    assert totals(stretch)["value_added", 2020] == pytest.approx(600 * 1.09**3, abs=0.05)
    higher, base = (
        one.quotas.query("indicator == 'value_added'")["quota"].to_numpy()
        for one in (stretch, allocation)
    )
    assert (higher >= base).all()


def test_stretch_moves_only_what_depends_on_value_added(allocation: dc.Allocation) -> None:
    stretch = allocation.stretch
    assert stretch is not None
    cells = ["indicator", "region", "year"]
    both = allocation.quotas.merge(stretch.quotas, on=cells, suffixes=("", "_stretch"))
    moved = set(both.loc[both["quota"] != both["quota_stretch"], "indicator"])
    assert moved <= {"value_added", "hightech_value_added", "energy_intensity"}


def test_shares_hold_on_printed_sums(allocation: dc.Allocation) -> None:
    found = totals(allocation)
    industrial = found["industrial_investment", 2020]
    assert industrial / sums("fai_2020") >= 0.30
    assert found["hightech_value_added", 2020] / sums("gdp_2020") >= 0.15
    for year in YEARS:
        investment = found["industrial_investment", year]
        assert found["upgrade_investment", year] / investment >= 0.50
    upgraded = sum(found["upgraded_firms", year] for year in YEARS)
    assert upgraded / found["firms", 2020] >= 0.80


def test_energy_falls_by_four_percent_each_year(allocation: dc.Allocation) -> None:
    found = totals(allocation)
    left = [100.0, *(100 - found["energy_intensity", year] for year in YEARS)]
    assert all(left[age] <= 100 * 0.96**age + 1e-9 for age in (1, 2, 3))
    assert [round(-100 * growth, 1) for growth in growths(left)] == [4.0, 4.0, 4.0]


def test_use_of_capacity_is_about_eighty(allocation: dc.Allocation) -> None:
    found = totals(allocation)
    assert all(found["capacity_use", year] == pytest.approx(80, rel=0.02) for year in YEARS)


def test_counties_have_the_capacities_of_the_document(
    allocation: dc.Allocation, later: dc.Allocation
) -> None:
    """1000 and 500 within three years; 100 within five."""
    in_2020 = allocation.annex2(2020)["高质量产能"]
    in_2022 = later.annex2(2022)["竹房城镇带各县产能"]
    for region, figure in CAPACITIES.items():
        assert in_2022[region] == 100 if figure == 100 else in_2020[region] >= figure
    assert in_2020["全市"] == 4500


def test_check_tells_that_county_capacities_do_not_make_the_citys() -> None:
    done, issue = (one for one in dc.check(PLAN) if one.severity != "note")
    # 300 firms a year are 900 of 1100, which is more than 80 %
    assert (done.code, done.data["stated"]) == ("ratio_from_parts", 80)
    assert (issue.severity, issue.where) == ("warning", "capacity 2020 全市")
    assert "3000 + 1000 + 400 = 4400" in issue.text
    assert (issue.data["stated"], issue.data["computed"], issue.data["gap"]) == (
        3000 + 1500,
        sum(CAPACITIES.values()),
        100,
    )
    assert dc.check(LATER) == []


@pytest.mark.parametrize("indicator", LATER_FIGURES)
def test_later_goals_are_met(later: dc.Allocation, indicator: str) -> None:
    year, figure = LATER_FIGURES[indicator]
    assert totals(later)[indicator, year] == figure


def test_derived_bases() -> None:
    assert sums("firms_2017") == 1100 - 3 * 60
    assert sums("hightech_firms_2017") == 300 - 3 * 30


def test_rules_of_many_families_bind(allocation: dc.Allocation) -> None:
    binding = {name for names in allocation.quotas["bound_by"] for name in names.split("; ")}
    assert binding >= {"max", "min", "growth.max", "cut.max", "total.max", "monotone", "sum_of"}


def test_every_row_and_key_is_in_the_table_of_goals(annex: dict[str, list[object]]) -> None:
    rows = re.findall(r"^\| (\d+) \|", DOCUMENT, re.MULTILINE)
    assert [int(row) for row in rows] == list(range(1, len(rows) + 1))
    assert f"\n{len(rows)} goals with a figure or a date: " in DOCUMENT
    keys = set(re.findall(r"`([a-z_0-9]+)[.`]", DOCUMENT))
    for plan in (PLAN, LATER):
        printed = {one.id for one in plan.indicators if one.report and one.annexes != (2,)}
        assert printed <= keys
    assert len(annex) == len(PLAN.indicators) - sum(
        not one.report or one.annexes == (2,) for one in PLAN.indicators
    )


def test_columns_are_told_in_the_readme() -> None:
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    with (FOLDER / "base.csv").open(encoding="utf-8", newline="") as file:
        columns = next(csv.reader(file))[1:]
    spans = re.findall(r"`([a-z_]+)(\d{4})` … `\1(\d{4})`", readme)
    told = {f"{name}{year}" for name, a, b in spans for year in range(int(a), int(b) + 1)}
    told |= set(re.findall(r"`([a-z_0-9]+)`", readme))
    assert set(columns) <= told
    assert PLAN.data_status == LATER.data_status == "示例数据"


# ---- year against year, from printed numbers ---------------------------------------------------


def test_energy_is_cut_by_4_percent_every_year_against_the_printed_year_before() -> None:
    allocation = dc.solve(PLAN)
    values = allocation.values.set_index(["indicator", "region", "year"])["value"]
    shown = allocation.quotas.set_index(["indicator", "region", "year"])["quota"]
    energy, added = (PLAN.tables[name] for name in ("energy_2017", "va_2017"))
    base = {name: Fraction(str(energy[name])) / Fraction(str(added[name])) for name in added}
    ratio = sum(Fraction(str(energy[name])) for name in added) / sum(
        Fraction(str(added[name])) for name in added
    )
    for year in YEARS:
        output = {name: Fraction(str(values["value_added", name, year])) for name in added}
        left = {
            name: 1 - Fraction(str(shown["energy_intensity", name, year])) / 100 for name in added
        }
        used = sum(output[name] * base[name] * left[name] for name in added)
        before, ratio = ratio, used / sum(output.values())
        assert ratio <= Fraction(96, 100) * before


def test_growth_may_be_published_in_place_of_values() -> None:
    changes = {"publish": "growth", "decimals": 2}
    plan = PLAN.with_changes({f"indicators.value_added.{k}": v for k, v in changes.items()})
    allocation = dc.solve(plan)
    quotas = allocation.quotas.query("indicator == 'value_added'")
    assert quotas["quota"].between(5, 10).all()
    value = {name: Fraction(str(cell)) for name, cell in plan.tables["va_2017"].items()}
    wanted = sum(value.values()) * Fraction(108, 100) ** 3
    for year in YEARS:
        rates = quotas.query(f"year == {year}").set_index("region")["quota"]
        value = {name: value[name] * (1 + Fraction(str(rates[name])) / 100) for name in value}
    assert wanted <= sum(value.values()) < wanted * Fraction(10002, 10000)
    assert allocation.excess.query("indicator == 'value_added'").empty
