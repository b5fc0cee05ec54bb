"""The data of Qingyuan: the document's figures, and county figures that add up to them.

The figures here are copied from the document, never from our own plan.
"""

from __future__ import annotations

import csv
import math
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

FOLDER = Path(__file__).parent.parent / "data" / "qingyuan"
PLAN: dict[str, Any] = YAML(typ="safe").load(FOLDER / "plan.yaml")
INDICATORS: dict[str, dict[str, Any]] = {item["id"]: item for item in PLAN["indicators"]}
REGIONS = [region["name"] for region in PLAN["regions"]]


def read_base() -> dict[str, dict[str, float]]:
    with (FOLDER / "base.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {
        row["region"]: {
            name: float(cell or "nan") for name, cell in row.items() if name != "region"
        }
        for row in rows
    }


BASE = read_base()


def years(first: object, second: object, third: object) -> dict[object, object]:
    return {2015: first, 2016: second, 2017: third}


TARGETS: dict[str, dict[str, object]] = {
    "value_added": {"years": {2017: "570左右"}},
    "advanced_share": {"years": {2017: "16以上"}},
    "hightech_va": {"growth": "18%以上"},
    "hightech_share": {"years": {2017: "3.7以上"}},
    "firms_1b": {"years": {2017: "45左右"}},
    "patents": {"years": {2017: 530}},
    "rd_share": {"years": years(11, 12, 13)},
    "technical_centres": {"years": years(67, 75, 83)},
    "upgrade_investment": {"years": years("22以上", "30以上", "40以上"), "total": "92以上"},
    "upgraded_firms": {"years": years(70, 100, 120), "total": 290},
    "upgraded_firms_50m": {"years": years(40, 60, 70), "total": 170},
    "upgraded_share": {"years": {2017: "50以上"}},
    "park_investment": {"years": years(88, 93, 100)},
    "park_value_added": {"years": years(102, 130, 171)},
    "park_share": {"years": years("23以上", "26以上", "30以上")},
    "plot_ratio": {"each_year": "≥1.2"},
    "industrial_investment": {"years": years(165, 205, 250), "total": 620},
    "smart_upgrade": {"years": years(40, "30以上", "30以上"), "total": "100以上"},
    "smart_production": {"each_year": 6, "total": 18},
    "provincial_pilots": {"each_year": 10, "total": 30},
    "national_assessed": {"each_year": 3, "total": 9},
    "integration_diagnosed": {"each_year": 100, "total": 300},
    "energy_intensity": {"cut": "6%"},
    "motor_efficiency": {"years": years(32, 1, 1), "total": 34},
    "circular_parks": {"years": {2015: 1, 2016: 1}, "total": "2以上"},
    "clean_production": {"years": years(147, 20, 20), "total": 187},
    "online_monitoring": {"years": years("—", "3-5", "5-10")},
}

STATED: dict[str, dict[str, object]] = {
    "value_added": {
        "growth": "14%左右",
        "increase": "180左右",
        "groups": {"南中部": {"increase": "170左右"}, "三连一阳": {"increase": "10左右"}},
    },
    "advanced_va": {"growth": "16%左右"},
    "patents": {"growth": "10%"},
    "rd_share": {"rise": "3个百分点"},
    "technical_centres": {"increase": "23左右"},
    "upgrade_investment": {
        "growth": {**years("42%左右", "37%左右", "34%左右"), "average": "37%左右"}
    },
    "park_value_added": {"growth": "23.4%", "increase": 69},
    "industrial_investment": {"growth": {**years("23%", "24%", "22%"), "average": "23%左右"}},
    "standard_firms": {"total": "至少30"},
}

WORDS: dict[str, str] = {
    "provincial_task": "按质按量完成",
    "traditional_industry": "进一步改造提升,发展优势和综合实力显著增强",
    "small_firms": "进一步增强",
    "rd_units": "进一步增多",
    "energy_platform": "2015年全面完成",
    "central_heating": "全市实现",
    "energy_tasks": "完成省下达任务",
    "national_tasks": "2015年完成“十二五”目标,2016、2017年完成进度目标",
    "pollutants": "控制在省下达的目标范围内",
}


def test_every_goal_stands_as_the_document_prints_it() -> None:
    targets = {name: item["target"] for name, item in INDICATORS.items() if "target" in item}
    assert targets == TARGETS


def test_goals_in_words_stand_as_the_document_has_them() -> None:
    words = {name: item["text"] for name, item in INDICATORS.items() if item["kind"] == "text"}
    assert words == WORDS


def test_the_process_is_that_of_chapter_four() -> None:
    assessment = PLAN["assessment"]
    assert assessment["calendar"] == {
        "monthly": 8,  # 每月结束后8日内
        "half_yearly": "6月中",
        "yearly": "12月中",
        "next_year": "3月底前",
    }
    assert "low_rank" not in assessment  # 排名靠后, without a number
    assert "约谈" in assessment["rules"][-1]


def test_stated_figures_stand_as_the_document_prints_them() -> None:
    stated = {name: item["stated"] for name, item in INDICATORS.items() if "stated" in item}
    assert stated == STATED


def test_the_two_districts_stay_within_the_words_of_their_increases() -> None:
    limits = INDICATORS["value_added"]["limits"]
    for group, base, increase in (("南中部", 349, 170), ("三连一阳", 38, 10)):
        low, high = (base + increase * (1 + way * 0.02) for way in (-1, 1))
        assert limits["min"]["sum"][group] == {2017: round(low, 1)}
        assert limits["max"]["sum"][group] == {2017: round(high, 1)}
    low, high = (180 * (1 + way * 0.02) for way in (-1, 1))
    assert low <= 570 - 387 <= high  # 左右 lets them hold together


def test_sections_are_the_main_goals_and_the_six_actions() -> None:
    assert len(PLAN["sections"]) == 7
    used = list(dict.fromkeys(item["section"] for item in INDICATORS.values() if "section" in item))
    assert used == PLAN["sections"]


def test_the_groups_share_the_nine_regions_between_them() -> None:
    assert list(BASE) == REGIONS
    assert len(REGIONS) == 9
    members = {
        group: [region["name"] for region in PLAN["regions"] if region["groups"] == [group]]
        for group in PLAN["groups"]
    }
    assert members == {
        "南中部": ["清城区", "高新区", "清新区", "英德市", "佛冈县"],
        "三连一阳": ["连州市", "连山县", "连南县", "阳山县"],
    }


@pytest.mark.parametrize(
    ("column", "city"),
    [
        ("upgrade_2014", 15.49),
        ("invest_2014", 134.1),
        ("va_2014", 387),
        ("park_va_2014", 91),
        ("centres_2014", 60),
        ("patents_2014", 398),
        ("advanced_2014", 56.9),
        ("hightech_2014", 12.4),
    ],
)
def test_county_bases_add_up_to_the_city(column: str, city: float) -> None:
    assert math.isclose(sum(row[column] for row in BASE.values()), city, abs_tol=1e-9)
    (indicator,) = (item for item in INDICATORS.values() if item.get("base") == column)
    assert indicator["base_total"] == city


def test_bases_that_the_document_does_not_print_agree_with_its_growth() -> None:
    assert round(22 / 1.42, 2) == 15.49
    assert round(165 / 1.23, 1) == 134.1
    assert round(171 / 1.234**3, 1) == 91.0
    assert round(0.147 * 387, 1) == 56.9
    assert round(0.032 * 387, 1) == 12.4


def test_the_city_has_firms_for_every_count() -> None:
    sums = {name: sum(row[name] for row in BASE.values()) for name in BASE["清城区"]}
    assert 290 / sums["firms_2017"] > 0.5  # 占全部规模以上工业企业50%以上
    assert sums["rd_2014"] / sums["firms_2014"] == 0.10  # 13 % in 2017 after 3 points
    assert sums["firms_50m_2014"] >= 170
    assert sums["key_firms"] >= 187
    assert sums["motors"] >= 34
    for row in BASE.values():
        nested = row["firms_1b_2014"], row["firms_50m_2014"], row["firms_2014"]
        assert sorted(nested) == list(nested)
        assert row["rd_2014"] <= row["firms_2014"]
        assert row["park_va_2014"] <= row["va_2014"]
        assert row["upgrade_2014"] <= row["invest_2014"]
        assert row["advanced_2014"] + row["hightech_2014"] <= row["va_2014"]
        firms = [row[f"firms_{year}"] for year in range(2014, 2018)]
        assert firms == sorted(firms)


def test_yingde_cannot_take_its_share_of_technical_upgrading() -> None:
    share = BASE["英德市"]["upgrade_2014"] / 15.49
    assert round(22 * share, 2) == 3.91
    assert INDICATORS["upgrade_investment"]["limits"]["max"]["英德市"][2015] == 3.20


def test_columns_are_all_in_the_table_and_told_in_the_readme() -> None:
    columns = set(BASE["清城区"])
    for item in INDICATORS.values():
        by = item.get("allocate", {}).get("by", "base")
        assert by in columns or by in ("base", "equal"), item["id"]
        named = [item.get("base"), item.get("base_numerator"), *item.get("values", {}).values()]
        assert [name for name in named if name is not None and name not in columns] == []
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert [name for name in columns if f"`{name}`" not in readme] == []
    assert "示例数据" in readme


def test_the_title_makes_those_of_the_annexes() -> None:
    annexes = "工业转型升级攻坚战三年行动目标总表", "工业转型升级攻坚战三年行动2015年度目标分解表"
    assert all(title.startswith(PLAN["title"]) for title in annexes)
    assert PLAN["data_status"] == "示例数据"
