"""Files of actuals: every shape reads as the same frame, and every mistake has its place."""

from __future__ import annotations

import logging
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import decompose as dc
from decompose.actuals import match_actuals
from decompose.actuals.entries import COLUMNS
from decompose.plan.periods import parse_period, shares_of
from decompose.problem import AREA
from tests.plans import indicator, plan

ROWS = [
    ("投资", "甲区", "2015-01", 1.5),
    ("投资", "甲区", "2015-02", 3.0),
    ("投资", "乙县", "2015-02", 0.5),
]
LONG = """\
indicator,region,period,value
投资,甲区,2015-01,1.5
投资,甲区,2015-02,3
投资,乙县,2015-02,0.5
"""
SHAPES = {
    "long": LONG,
    "Chinese headings": LONG.replace("indicator,region,period,value", "指标,地区,时期,累计完成"),
    "words for periods": LONG.replace("2015-01", "2015年1月").replace("2015-02", "2015年1-2月"),
    "a column of years": (
        "指标,地区,年份,月份,数值\n投资,甲区,2015,1月,1.5\n投资,甲区,2015,1—2月,3\n投资,乙县,2015,2,0.5\n"
    ),
    "periods across": "指标,地区,单位,2015-01,2015-02\n投资,甲区,亿元,1.5,3\n投资,乙县,亿元,,0.5\n",
    "months across beside years": (
        "指标,地区,年度,2015年目标,1月,1-2月\n投资,甲区,2015,9.6,1.5,3\n投资,乙县,2015,4.8,—,0.5\n"
    ),
    "indicators across": (
        "地区,时期,投资（亿元）\n甲区,2015-01,1.5\n甲区,2015-02,3\n乙县,2015-02,0.5\n"
    ),
    "regions across": "指标,时期,甲区,乙县\n投资,2015-01,1.5,\n投资,2015-02,3,0.5\n",
    "single months": "指标,地区,2015-01当月,2015-02当月\n投资,甲区,1.5,1.5\n",
    "single and sums": (
        "指标,地区,时期,当月,累计\n投资,甲区,2015-01,1.5,1.5\n投资,甲区,2015-02,1.5,3\n"
        "投资,乙县,2015-02,9,0.5\n"
    ),
    "full-width digits": LONG.replace("1.5", "１．５"),
}


months = st.integers(1, 12).map("2015-{:02d}".format)


def write(folder: Path, text: str, name: str = "actuals.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_text(text, encoding=encoding)
    return path


def rows(frame: pd.DataFrame) -> set[tuple[object, ...]]:
    assert list(frame.columns) == ["indicator", "region", "period", "value"]
    return set(frame.itertuples(index=False, name=None))


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_reads_the_same(shape: str, tmp_path: Path) -> None:
    wanted = ROWS[:2] if shape == "single months" else ROWS
    assert rows(dc.read_actuals(write(tmp_path, SHAPES[shape]))) == set(wanted)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_encodings_of_spreadsheets_are_read(encoding: str, tmp_path: Path) -> None:
    assert rows(dc.read_actuals(write(tmp_path, LONG, encoding=encoding))) == set(ROWS)


@pytest.mark.parametrize("begin", ["", "sep=;\n", "2015年进度\n"])
def test_semicolons_part_columns_too(begin: str, tmp_path: Path) -> None:
    text = begin + LONG.replace(",", ";")
    assert rows(dc.read_actuals(write(tmp_path, text))) == set(ROWS)


@pytest.mark.parametrize("other", ["，", "；", "|"])
def test_columns_that_nothing_known_parts_are_told(other: str, tmp_path: Path) -> None:
    with pytest.raises(dc.PlanError, match="只有一列；请用半角逗号"):
        dc.read_actuals(write(tmp_path, LONG.replace(",", other)))


def test_a_file_may_name_its_period_or_indicator(tmp_path: Path) -> None:
    table = "地区,投资\n甲区,3\n乙县,0.5\n"
    wanted = set(ROWS[1:])
    assert rows(dc.read_actuals(write(tmp_path, table, "2015年1-2月.csv"))) == wanted
    assert rows(dc.read_actuals(write(tmp_path, table, "a.csv"), period="2015-02")) == wanted
    months = "指标,地区,1月,1-2月\n投资,甲区,1.5,3\n投资,乙县,,0.5\n"
    assert rows(dc.read_actuals(write(tmp_path, months, "2015年.csv"))) == set(ROWS)
    across = "地区,2015-01,2015-02\n甲区,1.5,3\n乙县,,0.5\n"
    assert rows(dc.read_actuals(write(tmp_path, across, "投资.csv"))) == set(ROWS)


def test_a_workbook_reads_as_its_tables_do(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["2015年工业投资完成情况"])
    sheet.append(["指标", "地区", "时期", "累计完成", "备注"])
    for row in ROWS:
        sheet.append(row)
    sheet["C3"] = pd.Timestamp(2015, 1, 31).to_pydatetime()  # as Excel takes 2015年1月
    other = book.create_sheet("2015年1-3月")
    other.append(["地区", "投资（亿元）"])
    other.append(["丙县", 2])
    book.create_sheet("说明").append(["每月 8 日前报送"])
    book.save(tmp_path / "a.xlsx")
    found = dc.read_actuals(tmp_path / "a.xlsx")
    assert rows(found) == {*ROWS, ("投资", "丙县", "2015-03", 2.0)}


def test_a_folder_is_read_whole(tmp_path: Path) -> None:
    head, *lines = LONG.splitlines()
    for number, line in enumerate(lines):
        write(tmp_path, f"{head}\n{line}\n", f"{number}.csv")
    write(tmp_path, "not a table", "readme.md")
    assert rows(dc.read_actuals(tmp_path)) == set(ROWS)


def test_single_months_are_added_up_until_one_is_missing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    text = "指标,地区,2015-01,2015-02,2015-03,2015-04\n投资,甲区,1,2,,4\n投资,乙县,1,1,1,1\n"
    with caplog.at_level(logging.WARNING, logger="decompose"):
        found = dc.read_actuals(write(tmp_path, text), cumulative=False)
    values = found.set_index(["region", "period"])["value"].to_dict()
    assert values == {
        ("甲区", "2015-01"): 1,
        ("甲区", "2015-02"): 3,
        ("乙县", "2015-01"): 1,
        ("乙县", "2015-02"): 2,
        ("乙县", "2015-03"): 3,
        ("乙县", "2015-04"): 4,
    }
    assert "actuals.csv 第2行第6列: 投资、甲区 缺 2015 年 3 月的当月数" in caplog.text
    assert [issue.code for issue in match_actuals(plan(), found).issues] == ["actuals_gap"]


def test_january_and_february_together_are_added_up(tmp_path: Path) -> None:
    text = "指标,地区,2015年1-2月,2015年3月,2015年二季度\n投资,甲区,3,1,2\n"
    found = dc.read_actuals(write(tmp_path, text), cumulative=False)
    assert found[["period", "value"]].to_numpy().tolist() == [
        ["2015-02", 3],
        ["2015-03", 4],
        ["2015Q2", 6],
    ]


def test_rows_above_the_headings_are_left_out(tmp_path: Path) -> None:
    titled = "2015年完成情况,,,\n单位：亿元,,,\n" + LONG
    assert rows(dc.read_actuals(write(tmp_path, titled))) == set(ROWS)


UNITS = {
    "in a heading": "地区,时期,投资（万元）\n甲区,2015-01,15000\n",
    "in a column": "指标,地区,时期,单位,数值\n投资,甲区,2015-01,万元,15000\n",
}


@pytest.mark.parametrize("said", UNITS.values(), ids=UNITS.keys())
def test_another_unit_than_the_plans_is_told(said: str, tmp_path: Path) -> None:
    (issue,) = match_actuals(plan(), dc.read_actuals(write(tmp_path, said))).issues
    assert (issue.severity, issue.code) == ("warning", "actuals_unit")
    assert "“万元”" in issue.text
    assert "“亿元”" in issue.text
    same = dc.read_actuals(write(tmp_path, said.replace("万元", "亿元")))
    assert match_actuals(plan(), same).issues == ()


@pytest.mark.parametrize(("text", "name"), [("", "a.csv"), (None, "absent.csv")])
def test_a_file_that_cannot_be_read_is_one_of_actuals(
    text: str | None, name: str, tmp_path: Path
) -> None:
    if text is not None:
        write(tmp_path, text, name)
    with pytest.raises(dc.PlanError, match=f"(?s)实际数有 1 处错误.*{name}"):
        dc.read_actuals(tmp_path / name)


def test_a_wrong_month_is_named_in_full(tmp_path: Path) -> None:
    with pytest.raises(dc.PlanError, match="“2015-13”不是时期"):
        dc.read_actuals(write(tmp_path, LONG.replace("2015-01", "2015-13")))


def test_the_same_number_twice_is_one(tmp_path: Path) -> None:
    text = LONG + "投资,甲区,2015年1-2月,3.0\n投资,乙县,2015-03,\n"
    assert rows(dc.read_actuals(write(tmp_path, text))) == set(ROWS)


WRONG = {
    "投资,甲区,2015-02,三": ("not_a_number", "actuals.csv 第5行第4列"),
    "投资,甲区,2015-13,3": ("period_wrong", "actuals.csv 第5行第3列"),
    "投资,甲区,7月,3": ("period_no_year", "actuals.csv 第5行第3列"),
    "投资,甲区,2015-02,4": ("actuals_twice", "actuals.csv 第5行第4列"),
    "投资,,2015-02,4": ("actuals_blank", "actuals.csv 第5行第2列"),
    "投资,甲区,2015年4-5月,4": ("actuals_not_cumulative", "actuals.csv 第5行第4列"),
    "投资,甲区,2015-02": ("row_ragged", "actuals.csv 第5行"),
}


@pytest.mark.parametrize("line", WRONG)
def test_a_mistake_of_a_file_has_its_place(line: str, tmp_path: Path) -> None:
    with pytest.raises(dc.PlanError) as caught:
        dc.read_actuals(write(tmp_path, f"{LONG}{line}\n"))
    (mistake,) = caught.value.mistakes
    code, place = WRONG[line]
    assert mistake.message.code == code
    assert mistake.place == place
    assert "{" not in str(caught.value)


def test_headings_that_say_too_little_are_told(tmp_path: Path) -> None:
    for text in ("地区,投资\n甲区,3\n", "a,b\n1,2\n", "指标,地区,2015-01,去年\n投资,甲区,1,2\n"):
        with pytest.raises(dc.PlanError, match=r"第1行"):
            dc.read_actuals(write(tmp_path, text))


def test_a_folder_with_nothing_to_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(dc.PlanError, match="没有可读的文件"):
        dc.read_actuals(tmp_path)


def test_overlapping_single_months_are_told(tmp_path: Path) -> None:
    text = "指标,地区,时期,当月\n投资,甲区,2015年1-2月,3\n投资,甲区,2015-02,1\n"
    with pytest.raises(dc.PlanError, match="重叠"):
        dc.read_actuals(write(tmp_path, text))


NOT_OF_THE_PLAN = {
    "投次,甲区,2015-03,3": ("actuals_indicator", "投资"),
    "investmen,甲区,2015-03,3": ("actuals_indicator", "investment"),
    "投资,甲市区,2015-03,3": ("actuals_region", "甲区"),
    "投资,甲区,2019-03,3": ("actuals_year", "2014"),
    "投资,甲区,2015-03,-3": ("actuals_negative", "signed: true"),
    "投资,甲区,2015-03,30%": ("actuals_percent", "亿元"),
    "investment,甲区,2015Q1,3\n投资,甲区,2015-03,4": ("actuals_twice", "actuals.csv 第5行第4列"),
}


@pytest.mark.parametrize("line", NOT_OF_THE_PLAN)
def test_what_the_plan_does_not_know_is_told_with_its_place(line: str, tmp_path: Path) -> None:
    actuals = dc.read_actuals(write(tmp_path, f"{LONG}{line}\n"))
    code, said = NOT_OF_THE_PLAN[line]
    with pytest.raises(dc.PlanError) as caught:
        match_actuals(plan(), actuals.sort_values("value"))
    (mistake,) = caught.value.mistakes
    assert mistake.message.code == code
    assert mistake.place.startswith("actuals.csv 第")
    assert said in str(caught.value)
    assert said in caught.value.text("en") or code in ("actuals_twice",)


def test_a_frame_of_ones_own_tells_its_rows() -> None:
    frame = pd.DataFrame(
        {
            "indicator": ["投资"] * 2,
            "region": ["甲区", "无"],
            "period": ["2015-01"] * 2,
            "value": [1, 2],
        }
    )
    with pytest.raises(dc.PlanError, match="第 2 行：没有地区“无”"):
        match_actuals(plan(), frame)
    with pytest.raises(dc.PlanError, match="缺少 value 列"):
        match_actuals(plan(), frame.drop(columns="value"))


def test_a_name_that_is_unknown_in_many_rows_is_told_once() -> None:
    periods = [f"2015-{month:02}" for month in range(1, 13)]
    frame = pd.DataFrame({"indicator": "投资", "region": "无", "period": periods, "value": 1})
    other = frame.assign(region="甲区", indicator=[*["无"] * 11, "也无"])
    with pytest.raises(dc.PlanError) as caught:
        match_actuals(plan(), pd.concat([frame, other]))
    told = [one.message.text("zh") for one in caught.value.mistakes]
    assert [one.partition("”")[0] + one[-8:] for one in told[:2]] == [
        "没有地区“无（共 12 行）",
        "没有指标“无（共 11 行）",
    ]
    assert told[2].startswith("没有指标“也无”")
    assert "行）" not in told[2]
    assert caught.value.mistakes[1].place == "第 13 行"


@pytest.mark.parametrize("blank", [None, float("nan"), pd.NA, ""])
def test_a_blank_of_any_kind_is_not_reported(blank: object) -> None:
    values = pd.Series([1.5, blank], dtype=object)
    frame = pd.DataFrame(
        {"indicator": "投资", "region": ["甲区", "乙县"], "period": 2015, "value": values}
    )
    whole = match_actuals(plan(), frame).of_year("investment", 2015)[:, 11]
    assert whole.tolist()[0] == 1.5
    assert pd.isna(whole[1:]).all()


def test_names_aliases_and_the_area_are_found(tmp_path: Path) -> None:
    regions = [{"name": "甲区", "aliases": ["甲"]}, "乙县", "丙县"]
    text = "指标,地区,时期,数值\ninvestment,甲,2015Q1,3\n投资,全市,2015-03,9\n投资,乙县,2014,4\n"
    found = match_actuals(plan(regions=regions, groups={}), dc.read_actuals(write(tmp_path, text)))
    assert found.of_year("investment", 2015)[0, 2] == 3
    assert found.of_year("investment", 2014)[1, 11] == 4
    assert found.sums_of_year("investment", 2015)[AREA][2] == 9


@pytest.mark.parametrize("name", ["投资", "investment", "投资增量", "increase of 投资"])
def test_an_indicator_may_be_called_as_tables_print_it(name: str, tmp_path: Path) -> None:
    text = f"指标,地区,时期,数值\n{name},甲区,2015-03,3\n"
    own = plan(indicator(kind="level", publish="increment"))
    found = match_actuals(own, dc.read_actuals(write(tmp_path, text)))
    assert found.of_year("investment", 2015)[0, 2] == 3


def test_a_sum_that_falls_is_a_warning(tmp_path: Path) -> None:
    text = LONG + "投资,甲区,2015-04,2.5\n"
    found = match_actuals(plan(), dc.read_actuals(write(tmp_path, text)))
    assert [(issue.severity, issue.code) for issue in found.issues] == [
        ("warning", "progress_falls")
    ]
    level = plan(indicator(kind="level"))
    assert match_actuals(level, dc.read_actuals(write(tmp_path, text))).issues == ()


@given(
    cells=st.dictionaries(
        st.tuples(st.sampled_from(("投资", "企业")), st.sampled_from(("甲区", "乙县")), months),
        st.integers(0, 10**6).map(lambda cents: cents / 100),
        min_size=1,
    ),
    across=st.sampled_from((*COLUMNS[:3], "")),
)
def test_a_table_laid_out_in_any_way_reads_the_same(
    tmp_path_factory: pytest.TempPathFactory,
    cells: dict[tuple[str, str, str], float],
    across: str,
) -> None:
    table = pd.DataFrame([(*cell, value) for cell, value in cells.items()], columns=COLUMNS)
    if across:
        down = [name for name in COLUMNS[:3] if name != across]
        table = table.pivot_table("value", down, across).reset_index()
    path = tmp_path_factory.getbasetemp() / "table.csv"
    table.to_csv(path, index=False)
    assert rows(dc.read_actuals(path)) == {(*cell, value) for cell, value in cells.items()}


@given(text=st.text(st.sampled_from('指标地区时期,投资甲\n2015-7月%01."\t—当累计'), max_size=80))
def test_whatever_a_file_says_is_read_or_told(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_text(text, encoding="utf-8", newline="")
    mistakes: tuple[dc.Mistake, ...] = ()
    try:
        found = dc.read_actuals(path)
    except dc.PlanError as error:
        mistakes = error.mistakes
        found = pd.DataFrame(columns=COLUMNS)
    assert all(mistake.place.startswith("any.csv") for mistake in mistakes)
    assert list(found.columns) == list(COLUMNS)
    assert found["value"].notna().all()


@pytest.mark.parametrize(
    ("said", "name", "months"),
    [
        (2015, "2015", (1, 12)),
        (2015.0, "2015", (1, 12)),
        ("2015年", "2015", (1, 12)),
        ("2015年全年", "2015", (1, 12)),
        ("2015-07", "2015-07", (7, 7)),
        ("2015/7", "2015-07", (7, 7)),
        ("201507", "2015-07", (7, 7)),
        ("2015.07", "2015-07", (7, 7)),
        ("２０１５年７月", "2015-07", (7, 7)),
        ("2015年1—7月", "2015-07", (1, 7)),
        ("2015年 1 月至 7 月", "2015-07", (1, 7)),
        ("2015-07-31", "2015-07", (7, 7)),
        (pd.Timestamp(2015, 7, 1), "2015-07", (7, 7)),
        (pd.Period("2015-07", "M"), "2015-07", (7, 7)),
        (pd.Period("2015Q3", "Q"), "2015Q3", (7, 9)),
        ("2015q3", "2015Q3", (7, 9)),
        ("2015-Q3", "2015Q3", (7, 9)),
        ("2015年第三季度", "2015Q3", (7, 9)),
        ("2015年前三季度", "2015Q3", (1, 9)),
        ("2015H1", "2015H1", (1, 6)),
        ("2015年下半年", "2015H2", (7, 12)),
    ],
)
def test_periods_are_read(said: object, name: str, months: tuple[int, int]) -> None:
    period = parse_period(said)
    assert (period.name, (period.first, period.last)) == (name, months)
    assert parse_period(name).last == period.last


@pytest.mark.parametrize(
    "said", ["", "7", "2015-13", "2015-00", "2015Q5", "15-07", "2015.1", 2015.7, True, None, "七月"]
)
def test_other_texts_are_no_periods(said: object) -> None:
    with pytest.raises(ValueError, match=r"时期|年份"):
        parse_period(said)


def test_a_schedule_rises_evenly_between_its_points() -> None:
    assert shares_of({}) == pytest.approx([month / 12 for month in range(1, 13)])
    found = shares_of({"Q1": 0.15, "Q2": 0.45, "9": 0.72})
    assert found[:6] == pytest.approx([0.05, 0.1, 0.15, 0.25, 0.35, 0.45])
    assert found[8:] == pytest.approx([0.72, 0.72 + 0.28 / 3, 0.72 + 0.56 / 3, 1])
    assert shares_of({"H1": 0.4}) == shares_of({"6月": 0.4})
    assert shares_of({"H1": 0.4})[5] == 0.4


@pytest.mark.parametrize("schedule", [{"Q5": "10%"}, {"Q2": "50%", "Q3": "40%"}, {"12": "90%"}])
def test_a_schedule_that_cannot_be_is_a_mistake_of_the_plan(schedule: dict[str, str]) -> None:
    with pytest.raises(dc.PlanError, match="schedule"):
        plan(indicator(schedule=schedule))
