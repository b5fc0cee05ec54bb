"""Tables as counties send them: headings of several rows, merged cells, words of all kinds."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

import decompose as dc
from decompose.actuals import match_actuals
from decompose.plan.periods import parse_period, periods_in
from tests.plans import plan

Cells = list[list[object]]

JUNE = {
    ("投资", "东区", "2021-06"): 5,
    ("企业", "东区", "2021-06"): 3,
    ("投资", "西区", "2021-06"): 4,
    ("企业", "西区", "2021-06"): 2,
}
MAY_AND_JUNE = {
    ("投资", "东区", "2021-05"): 4,
    ("企业", "东区", "2021-05"): 2,
    ("投资", "东区", "2021-06"): 5,
    ("企业", "东区", "2021-06"): 3,
}
TITLE: list[object] = ["云水市2021年1-6月完成情况"]


def read(folder: Path, rows: Cells, merged: str = "", name: str = "a.xlsx") -> pd.DataFrame:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for cells in merged.split():
        book.active.merge_cells(cells)
    book.save(folder / name)
    return dc.read_actuals(folder / name)


def read_text(folder: Path, text: str, name: str = "a.csv", **said: Any) -> pd.DataFrame:
    (folder / name).write_text(text, encoding="utf-8")
    return dc.read_actuals(folder / name, **said)


def numbers(frame: pd.DataFrame) -> dict[tuple[str, str, str], float]:
    keys = zip(frame["indicator"], frame["region"], frame["period"], strict=True)
    return dict(zip(keys, frame["value"].tolist(), strict=True))


SHEETS: dict[str, tuple[Cells, str, str, dict[tuple[str, str, str], int]]] = {
    "sums beside single months under indicators": (
        [
            TITLE,
            ["地区", "投资", None, "企业", None],
            [None, "当月", "累计", "当月", "累计"],
            ["东区", 1, 5, 1, 3],
            ["西区", 2, 4, 1, 2],
        ],
        "A1:E1 A2:A3 B2:C2 D2:E2",
        "a.xlsx",
        JUNE,
    ),
    "targets and rates beside what was reached": (
        [
            TITLE,
            ["序号", "县（市、区）", "投资（亿元）", None, None, "企业（家）", None, None, "备注"],
            [None, None, *["年度目标", "累计完成", "完成率"] * 2],
            [1, "东区", 44, 5, 0.11, 12, 3, 0.2, "好"],
            [2, "西区", 33, 4, 0.1, 9, 2, 0.2],
            ["合计", None, 77, 9, 0.1, 21, 5, 0.2],
        ],
        "A1:I1 A2:A3 B2:B3 C2:E2 F2:H2 I2:I3 A6:B6",
        "a.xlsx",
        {**JUNE, ("投资", "合计", "2021-06"): 9, ("企业", "合计", "2021-06"): 5},
    ),
    "indicators under periods": (
        [
            ["地 区", "2021年1-5月", None, "2021年1-6月", None],
            [None, "投资", "企业", "投资", "企业"],
            ["东区", 4, 2, 5, 3],
        ],
        "A1:A2 B1:C1 D1:E1",
        "a.xlsx",
        MAY_AND_JUNE,
    ),
    "months under indicators": (
        [
            ["地区", "投资", None, "企业", None],
            [None, "1-5月", "1-6月", "1-5月", "1-6月"],
            ["东区", 4, 5, 2, 3],
        ],
        "A1:A2 B1:C1 D1:E1",
        "云水市2021年度完成情况.xlsx",
        MAY_AND_JUNE,
    ),
    "months under years": (
        [
            ["指标", "地区", 2021, None, "2022年", None],
            [None, None, "5月", "6月", "5月", "6月"],
            ["投资", "东区", 4, 5, 1, 2],
        ],
        "A1:A2 B1:B2 C1:D1 E1:F1",
        "a.xlsx",
        {
            ("投资", "东区", f"{year}-{month}"): value
            for year, month, value in (
                (2021, "05", 4),
                (2021, "06", 5),
                (2022, "05", 1),
                (2022, "06", 2),
            )
        },
    ),
    "three rows of headings": (
        [
            ["地区", "投资", None, None, None],
            [None, "1-5月", None, "1-6月", None],
            [None, *["当月", "累计"] * 2],
            ["东区", 1, 4, 1, 5],
        ],
        "A1:A3 B1:E1 B2:C2 D2:E2",
        "2021年.xlsx",
        {("投资", "东区", "2021-05"): 4, ("投资", "东区", "2021-06"): 5},
    ),
    "regions across": (
        [
            ["指标", "东区", None, "西区", None],
            [None, *["当月", "累计"] * 2],
            ["投资", 1, 5, 2, 4],
            ["企业", 1, 3, 1, 2],
        ],
        "A1:A2 B1:C1 D1:E1",
        "2021年1-6月.xlsx",
        JUNE,
    ),
    "a heading over all indicators": (
        [["地区", "主要指标", None], [None, "投资", "企业"], ["东区", 5, 3], ["西区", 4, 2]],
        "A1:A2 B1:C1",
        "2021年上半年.xlsx",
        {(what, where, "2021H1"): value for (what, where, _), value in JUNE.items()},
    ),
    "a region's name over its rows": (
        [
            ["地区", "指标", "1-6月累计"],
            ["东区", "投资", 5],
            [None, "企业", 3],
            ["西区", "投资", 4],
            [None, "企业", 2],
        ],
        "A2:A3 A4:A5",
        "2021年.xlsx",
        JUNE,
    ),
    "a county's own workbook": (
        [
            ["2021年1—6月报表"],
            ["填报日期：2021年7月8日"],
            ["指标", "单位", "全年计划", "累计完成", "同比增长%"],
            ["投资（亿元）", "亿元", 44, 5, 8],
            ["企业", "家", 12, 3, 9],
        ],
        "A1:E1",
        "东区.xlsx",
        {key: value for key, value in JUNE.items() if key[1] == "东区"},
    ),
}


@pytest.mark.parametrize("sheet", SHEETS)
def test_sheets_of_every_form_are_read(sheet: str, tmp_path: Path) -> None:
    rows, merged, name, wanted = SHEETS[sheet]
    assert numbers(read(tmp_path, rows, merged, name)) == wanted


def test_headings_of_two_rows_survive_as_csv(tmp_path: Path) -> None:
    heads = "云水市2021年1-6月,,,,\n地区,投资,,企业,\n,当月,累计,当月,累计\n"
    text = f"{heads}东区,1,5,1,3\n西区,2,4,1,2\n"
    assert numbers(read_text(tmp_path, text)) == JUNE


def test_merged_numbers_are_told(tmp_path: Path) -> None:
    rows: Cells = [["地区", "指标", "1-6月"], ["东区", "投资", 5], ["东区", "企业", None]]
    with pytest.raises(dc.PlanError) as caught:
        read(tmp_path, rows, "C2:C3", "2021年.xlsx")
    (mistake,) = caught.value.mistakes
    assert (mistake.message.code, mistake.place) == ("cells_merged", "2021年.xlsx Sheet!C2")


def test_sheets_may_say_months_and_the_file_their_year(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for sheet, value in (("1-5月", 4), ("1-6月", 5), ("#草稿1-6月", 6)):
        own = book.create_sheet(sheet)
        own.append(["地区", "投资"])
        own.append(["东区", value])
    book.save(tmp_path / "2021年完成情况.xlsx")
    found = numbers(dc.read_actuals(tmp_path / "2021年完成情况.xlsx"))
    assert found == {("投资", "东区", "2021-05"): 4, ("投资", "东区", "2021-06"): 5}


def test_a_title_and_a_sheet_of_different_periods_are_told(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "2021年1-6月"
    for row in (["2021年1-5月完成情况"], ["地区", "投资"], ["东区", 4]):
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(dc.PlanError, match="2021-05、2021-06") as caught:
        dc.read_actuals(tmp_path / "a.xlsx")
    assert [one.message.code for one in caught.value.mistakes] == ["actuals_periods"]
    asked = dc.read_actuals(tmp_path / "a.xlsx", period="2021-06")
    assert numbers(asked) == {("投资", "东区", "2021-06"): 4}


def test_months_without_a_year_are_told_once(tmp_path: Path) -> None:
    text = "地区,1月,2月\n东区,5,8\n"
    with pytest.raises(dc.PlanError) as caught:
        read_text(tmp_path, text, "投资.csv")
    assert [one.message.code for one in caught.value.mistakes] == ["actuals_no_year"]
    found = numbers(read_text(tmp_path, text, "投资.csv", period="2021"))
    assert found == {("投资", "东区", "2021-01"): 5, ("投资", "东区", "2021-02"): 8}


SINGLE = ("当月数", "本月完成数", "当月（亿元）", "单月", "本季度完成", "当月实际完成额")
SUMS = ("累计完成额", "本年累计", "1-6月累计", "累计（亿元）", "自年初累计", "实绩", "实际 完成")


@pytest.mark.parametrize("head", SINGLE)
def test_a_heading_may_say_that_months_are_single(head: str, tmp_path: Path) -> None:
    text = f"地区,指标,时期,{head}\n东区,投资,2021-01,5\n东区,投资,2021-02,3\n"
    assert read_text(tmp_path, text)["value"].tolist() == [5, 8]


@pytest.mark.parametrize("head", SUMS)
def test_a_heading_may_say_that_numbers_are_sums(head: str, tmp_path: Path) -> None:
    said: dict[str, Any] = {"cumulative": False} if "累计" in head else {}
    text = f"地区,指标,时期,{head}\n东区,投资,2021-01,5\n东区,投资,2021-02,8\n"
    assert read_text(tmp_path, text, **said)["value"].tolist() == [5, 8]


def test_rates_ranks_and_words_for_nothing_are_passed_over(tmp_path: Path) -> None:
    text = (
        "区县,投资,1-6月同比增长,排名,企业,完成率(%),去年同期\n"
        "东区,5,8%,1,3,20,9\n西区,4,7%,2,2,20,9\n北县,未报送,,,暂无,,\n"
    )
    assert numbers(read_text(tmp_path, text, "2021年1-6月.csv")) == JUNE


def test_brackets_that_hold_no_unit_are_part_of_a_name(tmp_path: Path) -> None:
    text = "地区,能耗（等价值）,投资（亿元）\n东区,5,8\n"
    found = numbers(read_text(tmp_path, text, "2021-06.csv"))
    assert found == {("能耗(等价值)", "东区", "2021-06"): 5, ("投资", "东区", "2021-06"): 8}


def test_a_period_of_a_row_may_say_that_it_is_alone(tmp_path: Path) -> None:
    text = "地区,指标,时期,完成数\n东区,投资,2021年1-5月累计,4\n东区,投资,2021年6月当月,1\n"
    assert read_text(tmp_path, text)["value"].tolist() == [4, 5]


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("2021年7月31日", "2021-07"),
        ("2021/07/31", "2021-07"),
        ("2021.7.31", "2021-07"),
        ("截至2021年7月", "2021-07"),
        ("2021年7月底", "2021-07"),
        ("2021年末", "2021"),
        ("2021年年底", "2021"),
        ("2021年七月", "2021-07"),
        ("2021年十一月", "2021-11"),
        ("2021年1-3季度", "2021Q3"),
        (dt.date(2021, 7, 1), "2021-07"),
    ],
)
def test_more_words_for_periods(said: object, name: str) -> None:
    assert parse_period(said).name == name


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("云水市2021年1-6月完成情况", ["2021-06"]),
        ("2021年第三季度报表", ["2021Q3"]),
        ("actuals_2021", ["2021"]),
        ("截至2021年6月30日", ["2021-06"]),
        ("填报日期：2021年7月8日", []),
        ("2020年与2021年1—6月", ["2020", "2021-06"]),
        ("文号20211号", []),
    ],
)
def test_periods_are_found_in_titles(text: str, names: list[str]) -> None:
    assert [period.name for period in periods_in(text).values()] == names


@pytest.mark.parametrize("said", ["其中：投资", "#投资", "投资（全社会）", "投资(亿元)"])
def test_a_name_may_have_a_mark_or_brackets(said: str) -> None:
    frame = pd.DataFrame(
        {"indicator": [said], "region": ["甲区"], "period": ["2015"], "value": [3.0]}
    )
    assert match_actuals(plan(), frame).of_year("investment", 2015)[0, 11] == 3
