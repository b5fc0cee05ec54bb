"""Zhongshan solved: the titles and the rules of the document, and the sums of its sample figures.

The document prints no figure of a goal (its annexes are missing): its titles, its tasks in words
and the rules of its chapter four are copied here; figures are those of the sample (示例数据).
What ``solve`` returns is certified.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import decompose as dc

FOLDER = Path(__file__).parent.parent / "data" / "zhongshan"
PLAN = dc.read_plan(FOLDER / "plan.yaml")
ALLOCATION = dc.solve(PLAN)
BASE = pd.read_csv(FOLDER / "base.csv", index_col="region")
QUOTAS = ALLOCATION.quotas
VALUES = ALLOCATION.values  # noqa: PD011 # an Allocation's

# 2014, 2015, 2016, 2017, total or end; the sample's city figures
ANNEX1: dict[str, list[object]] = {
    "规模以上工业增加值": [1250, 1350, 1458, 1574.7, 1574.7],  # 8 % each year, up to 0.1
    "单位工业增加值能耗降低率": ["—", "—", "—", "9%以上", "9%以上"],
    "电机能效提升": ["—", 27, 16.2, 10.8, 54],
    "注塑机节能改造": ["—", 500, 600, 700, 1800],
    "完成清洁生产审核企业": ["—", 150, 150, 150, 450],
    "其中：“粤港清洁生产伙伴”标志企业": ["—", 12, 15, 18, 45],
    "开展循环化改造的省级以上工业园区": ["—", "—", 1, 1, 2],
    "市级产业发展平台基础设施投资": ["—", 6, 7, 8, 21],
    "总部企业": [72, 80, 90, "100以上", "100以上"],
    "重大工业项目动工率": [72.8, "75以上", "78以上", "80以上", "80以上"],
    "闲置用地处置": ["—", 2000, 2000, 2000, "6000以上"],
    "工业技术改造投资": [121.2, "150以上", "186以上", "230以上", "566以上"],
}
IN_WORDS = {
    "有用热需求的工业园区和产业集聚区集中供热": "全市基本实现",
    "淘汰落后产能任务": "以印染、造纸等为重点行业,完成省下达任务",
}
SUMS: dict[str, dict[int, float]] = {
    "injection_machines": {2015: 500, 2016: 600, 2017: 700},
    "clean_production": {2015: 150, 2016: 150, 2017: 150},
    "clean_partners": {2015: 12, 2016: 15, 2017: 18},
    "circular_parks": {2016: 1, 2017: 1},
    "platform_investment": {2015: 6, 2016: 7, 2017: 8},
    "headquarters": {2015: 80, 2016: 90, 2017: 100},
    "upgrade_investment": {2015: 150, 2016: 186, 2017: 230},
}


def quotas(indicator: str, year: int) -> pd.Series[float]:
    cells = QUOTAS[(QUOTAS["indicator"] == indicator) & (QUOTAS["year"] == year)]
    return cells.set_index("region")["quota"]


def by_region(indicator: str, year: int) -> pd.Series[float]:
    cells = VALUES[(VALUES["indicator"] == indicator) & (VALUES["year"] == year)]
    return cells.set_index("region")["value"]


def test_annexes_bear_the_titles_of_the_document() -> None:
    first, *others = ALLOCATION.tables()
    assert (first.label, first.title) == ("附件1", "工业转型升级攻坚战三年行动目标总表")
    assert others[0].title == "工业转型升级攻坚战三年行动2015年度目标分解表"
    assert [table.label for table in others] == ["附件2"] * 3
    assert all("示例数据" in table.status_line for table in (first, *others))


def test_there_are_24_towns_and_districts() -> None:
    names = list(PLAN.region_names)
    assert len(names) == 24
    assert sum(name.endswith("镇") for name in names) == 18
    assert list(BASE.index) == names
    assert list(ALLOCATION.annex2(2015).index) == ["全市", *names]


def test_the_process_is_that_of_chapter_four() -> None:
    assessment = PLAN.assessment
    assert assessment is not None
    assert assessment.talk == "unmet_and_low_rank"
    assert assessment.low_rank is None  # 排名靠后, without a number
    assert dict(assessment.calendar) == {
        "quarterly": "每季度",
        "half_yearly": "6月底前",
        "yearly": "12月底前",
    }
    words = (
        "建立行动计划推进季报制度",
        "联席会议办公室每年6月底、12月底前向省经济和信息化委报送项目建设和各项工作进展情况",
        "健全重大工业项目动态跟踪机制",
        "纳入镇区实绩考核指标体系",
        "对未完成年度重点考核指标且排名靠后的镇区,由市政府领导约谈镇区主要领导",
    )
    assert len(assessment.rules) == len(words)
    assert all(word in rule for word, rule in zip(words, assessment.rules, strict=True))


def test_annex_1_prints_the_figures_of_the_city() -> None:
    frame = ALLOCATION.annex1().set_index("指标")
    cells = frame[["2014年", "2015年", "2016年", "2017年", "累计/期末"]]
    printed = {
        str(name): list(row) for name, row in zip(frame.index, cells.to_numpy(), strict=True)
    }
    words = {name: printed.pop(name)[1] for name in IN_WORDS}
    assert words == IN_WORDS
    assert printed == ANNEX1


@pytest.mark.parametrize("indicator", SUMS)
def test_quotas_add_up_to_the_figures_of_the_city(indicator: str) -> None:
    for year, figure in SUMS[indicator].items():
        assert round(float(quotas(indicator, year).sum()), 6) == figure


def test_energy_intensity_falls_by_nine_percent_in_printed_numbers() -> None:
    intensity = BASE["energy_2014"] / BASE["va_2014"]
    whole, cut = by_region("value_added", 2017), quotas("energy_intensity", 2017)
    left = (intensity * whole * (1 - cut / 100)).sum() / whole.sum()
    assert 9 <= 100 * (1 - left / (886 / 1250)) < 9.01


def test_started_projects_are_80_percent_in_printed_numbers() -> None:
    for year, percent in {2015: 75, 2016: 78, 2017: 80}.items():
        rate = quotas("start_rate", year)
        started = float((rate * BASE["projects"]).sum() / BASE["projects"].sum())
        assert percent <= started < percent + 0.1


def test_every_kind_of_rule_has_something_to_do() -> None:
    assert by_region("value_added", 2015)["火炬开发区"] == pytest.approx(262 * 1.07, abs=0.1)
    assert quotas("energy_intensity", 2017)["三角镇"] == 5  # cut.max
    assert quotas("injection_machines", 2015)["小榄镇"] == 45  # lock
    assert quotas("clean_production", 2015)["火炬开发区"] == 15  # max
    assert quotas("start_rate", 2017)[["南头镇", "五桂山", "民众镇"]].tolist() == [95, 65, 65]
    assert quotas("idle_land", 2016)["火炬开发区"] == 200  # max
    assert (quotas("idle_land", 2016) % 5 == 0).all()  # step
    assert by_region("headquarters", 2015)["火炬开发区"] == 13  # ramp: 12 + 1
    poor = ["民众镇", "阜沙镇", "板芙镇", "神湾镇"]
    platforms = quotas("platform_investment", 2015)
    assert platforms[poor].sum() == pytest.approx(0.3 * 6, abs=0.02)  # share.min of a group
    assert platforms["火炬开发区"] == 0.78  # share.max: 13 %
    tight = ";".join(QUOTAS["bound_by"]).replace(" ", "").split(";")
    wanted = {"growth.max", "cut.max", "lock", "max", "ramp.max", "share.max", "share.min"}
    assert wanted <= set(tight)


def test_check_has_nothing_to_say() -> None:
    assert dc.check(PLAN) == []
