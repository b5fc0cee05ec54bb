"""Qingyuan solved: annex 1 and the sums against the document, figure by figure.

The figures are copied from 清远市工业转型升级攻坚战三年实施方案(2015-2017年), never from our plan.
What ``solve`` returns is certified; the ratios are computed here once more from printed numbers.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import decompose as dc

FOLDER = Path(__file__).parent.parent / "data" / "qingyuan"
PLAN = dc.read_plan(FOLDER / "plan.yaml")
ALLOCATION = dc.solve(PLAN)
OPEN = "open"
"""The document gives no figure: the plan fills it."""
CELLS = ["2014年", "2015年", "2016年", "2017年", "累计/期末", "年均增长"]

# base year, 2015, 2016, 2017, total or end, average growth
ANNEX1: dict[str, list[object]] = {
    "规模以上工业增加值": [387, OPEN, OPEN, "570左右", "570左右", "14%左右"],
    "先进制造业增加值": [OPEN, OPEN, OPEN, OPEN, OPEN, "16%左右"],
    "先进制造业增加值占规模以上工业增加值比重": [14.7, OPEN, OPEN, "16以上", "16以上", "—"],
    "高技术制造业增加值": [OPEN, OPEN, OPEN, OPEN, OPEN, "18%以上"],
    "高技术制造业增加值占规模以上工业增加值比重": [3.2, OPEN, OPEN, "3.7以上", "3.7以上", "—"],
    "年主营业务收入超10亿元的工业企业": ["—", "—", "—", "45左右", "45左右", "—"],
    "工业企业专利授权量": [398, OPEN, OPEN, 530, 530, "10%"],
    "规模以上工业企业设立研发机构比例": [10, 11, 12, 13, 13, "—"],
    "市级以上企业技术中心、工程中心、重点实验室、工程实验室": [60, 67, 75, 83, 83, OPEN],
    "工业技术改造投资": [OPEN, "22以上", "30以上", "40以上", "92以上", "37%左右"],
    "完成技术改造的规模以上工业企业": ["—", 70, 100, 120, 290, "—"],
    "其中：年主营业务收入5000万元的企业": ["—", 40, 60, 70, 170, "—"],
    "技改面": ["—", "—", "—", "50以上", "50以上", "—"],
    "产业园区工业项目固定资产投资": ["—", 88, 93, 100, OPEN, "—"],
    "产业园区规模以上工业增加值": [OPEN, 102, 130, 171, 171, "23.4%"],
    "产业园区规模以上工业增加值占全市比重": [OPEN, "23以上", "26以上", "30以上", "30以上", "—"],
    "高新区标准厂房容积率": ["—", "≥1.2", "≥1.2", "≥1.2", "≥1.2", "—"],
    "工业投资": [OPEN, 165, 205, 250, 620, "23%左右"],
    "智能化改造企业": ["—", 40, "30以上", "30以上", "100以上", "—"],
    "开展智能化生产企业": ["—", 6, 6, 6, 18, "—"],
    "省贯标试点企业": ["—", 10, 10, 10, 30, "—"],
    "通过国家贯标评定企业": ["—", 3, 3, 3, 9, "—"],
    "通过国家和省贯标试点评定企业": ["—", OPEN, OPEN, OPEN, "至少30", "—"],
    "两化融合评估诊断和对标企业": ["—", 100, 100, 100, 300, "—"],
    "单位工业增加值能耗降低率": ["—", "—", "—", 6, 6, "—"],
    "电机能效提升": ["—", 32, 1, 1, 34, "—"],
    "开展循环化改造的工业园区": ["—", 1, 1, "—", "2以上", "—"],
    "完成清洁生产审核企业": ["—", 147, 20, 20, 187, "—"],
    "接入能耗在线监测数据企业": ["—", "—", "3-5", "5-10", OPEN, "—"],
}
IN_WORDS = {
    "省下达任务": "按质按量完成",
    "传统优势产业": "进一步改造提升,发展优势和综合实力显著增强",
    "中小微工业企业发展活力": "进一步增强",
    "规模以上工业企业拥有的技术研发机构": "进一步增多",
    "市级能源管理中心基础平台建设": "2015年全面完成",
    "有用热需求的工业园区集中供热": "全市实现",
    "节能降耗、淘汰落后和过剩产能任务": "完成省下达任务",
    "国家下达的节能减排目标": "2015年完成“十二五”目标,2016、2017年完成进度目标",
    "二氧化硫、化学需氧量、氮氧化物、氨氮排放量": "控制在省下达的目标范围内",
}

# what the quotas of all regions add up to (total: over the years)
SUMS: dict[str, dict[int | str, float]] = {
    "value_added": {2017: 570},
    "firms_1b": {2017: 45},
    "patents": {2017: 530},
    "technical_centres": {2015: 67, 2016: 75, 2017: 83},
    "upgrade_investment": {2015: 22, 2016: 30, 2017: 40, "total": 92},
    "upgraded_firms": {2015: 70, 2016: 100, 2017: 120, "total": 290},
    "upgraded_firms_50m": {2015: 40, 2016: 60, 2017: 70, "total": 170},
    "park_investment": {2015: 88, 2016: 93, 2017: 100},
    "park_value_added": {2015: 102, 2016: 130, 2017: 171},
    "industrial_investment": {2015: 165, 2016: 205, 2017: 250, "total": 620},
    "smart_upgrade": {2015: 40, 2016: 30, 2017: 30, "total": 100},
    "smart_production": {2015: 6, 2016: 6, 2017: 6, "total": 18},
    "provincial_pilots": {2015: 10, 2016: 10, 2017: 10, "total": 30},
    "national_assessed": {2015: 3, 2016: 3, 2017: 3, "total": 9},
    "standard_firms": {"total": 39},  # 30 and 9: 至少30
    "integration_diagnosed": {2015: 100, 2016: 100, 2017: 100, "total": 300},
    "motor_efficiency": {2015: 32, 2016: 1, 2017: 1, "total": 34},
    "circular_parks": {2015: 1, 2016: 1, "total": 2},
    "clean_production": {2015: 147, 2016: 20, 2017: 20, "total": 187},
    "online_monitoring": {2016: 3, 2017: 5},  # 3-5, 5-10: the lower ends
    "plot_ratio": {2015: 1.2, 2016: 1.2, 2017: 1.2},  # of 高新区 alone
}


def rows_of(frame: pd.DataFrame) -> dict[str, list[object]]:
    return {
        str(name): list(cells)
        for name, cells in zip(frame["指标"], frame[CELLS].itertuples(index=False), strict=True)
    }


ROWS = rows_of(ALLOCATION.annex1())
VALUES = ALLOCATION.values  # noqa: PD011 # an Allocation's
QUOTAS = ALLOCATION.quotas
TOTALS = ALLOCATION.totals.query("scope == '全市'").set_index(["indicator", "year"])["quota"]
BASE = pd.read_csv(FOLDER / "base.csv", index_col="region")


def by_region(indicator: str, year: int) -> pd.Series[float]:
    cells = VALUES[(VALUES["indicator"] == indicator) & (VALUES["year"] == year)]
    return cells.set_index("region")["value"]


def quotas(indicator: str, year: int) -> pd.Series[float]:
    cells = QUOTAS[(QUOTAS["indicator"] == indicator) & (QUOTAS["year"] == year)]
    return cells.set_index("region")["quota"]


def test_annex_1_has_every_goal_once() -> None:
    assert sorted(ROWS) == sorted([*ANNEX1, *IN_WORDS])


@pytest.mark.parametrize("name", ANNEX1)
def test_annex_1_prints_the_figures_of_the_document(name: str) -> None:
    printed = [
        OPEN if wanted == OPEN else cell
        for wanted, cell in zip(ANNEX1[name], ROWS[name], strict=True)
    ]
    assert printed == ANNEX1[name]


@pytest.mark.parametrize("name", IN_WORDS)
def test_annex_1_prints_goals_in_words(name: str) -> None:
    assert ROWS[name][1:4] == [IN_WORDS[name]] * 3


@pytest.mark.parametrize("indicator", SUMS)
def test_quotas_add_up_to_the_figures_of_the_document(indicator: str) -> None:
    assert {year: TOTALS[indicator, year] for year in SUMS[indicator]} == SUMS[indicator]
    for year, figure in SUMS[indicator].items():
        if year != "total":
            assert round(float(by_region(indicator, int(year)).sum()), 6) == figure


def test_value_added_keeps_to_the_words_of_every_figure() -> None:
    of_2017 = by_region("value_added", 2017)
    poor = ["连州市", "连山县", "连南县", "阳山县"]
    rise = of_2017 - BASE["va_2014"]
    assert abs(rise[poor].sum() - 10) <= 10 * 0.02 + 1e-9
    assert abs(rise.drop(poor).sum() - 170) <= 170 * 0.02 + 1e-9
    assert abs(rise.sum() - 180) <= 180 * 0.02
    assert abs((570 / 387) ** (1 / 3) - 1 - 0.14) <= 0.14 * 0.02


def test_coverage_of_research_units_is_met_by_printed_rates() -> None:
    for year, percent in {2015: 11, 2016: 12, 2017: 13}.items():
        firms, rate = BASE[f"firms_{year}"], quotas("rd_share", year)
        covered = float((rate * firms).sum() / firms.sum())
        assert percent <= covered < percent + 0.01
        assert TOTALS["rd_share", year] == pytest.approx(covered, abs=0.005)
    assert 13 - 100 * BASE["rd_2014"].sum() / BASE["firms_2014"].sum() == pytest.approx(3)
    assert quotas("rd_share", 2017)[["高新区", "阳山县"]].tolist() == [21, 5]  # limits bind


def test_advanced_manufacturing_has_its_share() -> None:
    whole, share = by_region("value_added", 2017), quotas("advanced_share", 2017)
    assert 16 <= float((share * whole).sum() / whole.sum()) < 16.1
    part = by_region("advanced_va", 2017)
    assert 16 <= 100 * part.sum() / whole.sum() < 16.1
    assert share["高新区"] == 26.5  # its limit


def test_advanced_manufacturing_grows_by_more_than_is_stated() -> None:
    grown = (by_region("advanced_va", 2017).sum() / 56.9) ** (1 / 3) - 1
    assert round(grown, 3) == 0.171
    assert grown > 0.16 * 1.02  # beyond 左右 …
    assert 100 * 56.9 * (1 + 0.16 * 1.02) ** 3 / 570 < 16  # … and with it, the share is missed


def test_high_technology_has_both_its_growth_and_its_share() -> None:
    part, whole = by_region("hightech_va", 2017), by_region("value_added", 2017)
    assert part.sum() >= 12.4 * 1.18**3
    assert 3.7 <= 100 * part.sum() / whole.sum() < 3.75
    assert round(12.4 * 1.18**3 / 570, 4) == 0.0357  # growth alone is not enough


def test_upgraded_firms_are_more_than_half_of_all() -> None:
    firms = sum(by_region("upgraded_firms", year).sum() for year in (2015, 2016, 2017))
    assert round(100 * firms / BASE["firms_2017"].sum(), 1) == 50.3
    assert TOTALS["upgraded_share", 2017] == 50.3
    assert "技改面" not in ALLOCATION.annex2(2017).columns  # the city's alone


def test_parks_have_their_share_of_value_added() -> None:
    shares = {2015: (23, 23.3), 2016: (26, 26.2), 2017: (30, 30.0)}
    for year, (percent, printed) in shares.items():
        share = 100 * TOTALS["park_value_added", year] / TOTALS["value_added", year]
        assert share >= percent
        assert TOTALS["park_share", year] == printed


def test_the_share_of_parks_in_the_base_year_is_of_all_counties() -> None:
    """Two counties have no park: their value added counts, 91 of 387."""
    annex = ALLOCATION.annex1()
    (row,) = annex[annex["指标"] == "产业园区规模以上工业增加值占全市比重"].to_dict("records")
    assert row["2014年"] == 23.5


def test_energy_intensity_falls_by_six_percent_in_printed_numbers() -> None:
    intensity = BASE["energy_2014"] / BASE["va_2014"]
    whole, cut = by_region("value_added", 2017), quotas("energy_intensity", 2017)
    left = (intensity * whole * (1 - cut / 100)).sum() / whole.sum()
    fallen = 100 * (1 - left / (774 / 387))
    assert 6 <= fallen < 6.01
    assert TOTALS["energy_intensity", 2017] == 6
    assert cut[["连州市", "连山县", "连南县", "阳山县"]].tolist() == [4] * 4  # their limit binds
    assert (cut.drop(["连州市", "连山县", "连南县", "阳山县"]) == cut["清城区"]).all()


def test_yingde_keeps_its_capacity_and_its_reference() -> None:
    cell = QUOTAS.query(
        "indicator == 'upgrade_investment' and region == '英德市' and year == 2015"
    ).iloc[0]
    assert (cell["quota"], round(cell["reference"], 2)) == (3.20, 3.91)
    assert "max" in cell["bound_by"]


def test_check_tells_what_disagrees_and_nothing_else() -> None:
    issues = dc.check(PLAN)
    assert {issue.severity for issue in issues} == {"warning", "note"}
    told = sorted((str(issue.data["indicator"]), issue.code) for issue in issues)
    assert told == [
        ("advanced_share", "ratio_from_growth"),  # 16 % a year makes 15.6 % of 570, not 16
        ("advanced_va", "growth_from_ratio"),  # 16 % of 570 takes 17.0 % a year
        ("hightech_va", "zero_base"),  # 连山县 has no such industry
        ("industrial_investment", "total_from_growth"),  # 619.0, not 620
        ("park_share", "ratio_checked"),  # both of its figures have goals of their own
        ("park_value_added", "bases_differ"),  # 91 by 23.4 %, 102 by 69
        ("park_value_added", "figure_from_increase"),
        ("park_value_added", "increase_from_figures"),  # 80, not 69
        ("standard_firms", "sum_from_parts"),  # 30 + 9, not 30
        ("upgrade_investment", "growth_from_figures"),  # 36.4, not 37 %
        ("upgrade_investment", "growth_from_figures"),  # 33.3, not 34 %
        ("upgrade_investment", "total_from_growth"),  # 92.5, not 92
        ("value_added", "figure_from_average"),  # 573.4, not 570
        ("value_added", "figure_from_increase"),  # 567
        ("value_added", "groups_increase_from_figures"),  # 170 + 10
        ("value_added", "increase_from_figures"),  # 183, not 180
    ]


def test_check_tells_growth_and_share_of_advanced_manufacturing_both_ways() -> None:
    told = {issue.code: issue for issue in dc.check(PLAN)}
    share, growth = told["ratio_from_growth"], told["growth_from_ratio"]
    assert share.data["computed"] == pytest.approx(100 * 56.9 * 1.16**3 / 570)
    assert growth.data["computed"] == pytest.approx((0.16 * 570 / 56.9) ** (1 / 3) - 1)
    assert share.where == "advanced_share 2017 全市"
    assert growth.text == (
        "先进制造业增加值：清远市按“先进制造业增加值占规模以上工业增加值比重”16 %以上、"
        "“规模以上工业增加值”570 亿元左右，2017 年须为 91.2 亿元，由 2014 年 56.9 亿元起"
        "年均增速为 17%，所列为 16%左右，相差 1 个百分点；请核对增速与比率"
    )


def test_the_plan_has_more_than_25_indicators() -> None:
    assert len(PLAN.indicators) > 25
