"""A plan from a workbook: cells as planners fill them, and every mistake with its cell."""

from __future__ import annotations

import datetime as dt
import io
import logging
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from decompose import Plan, PlanError, read_plan
from decompose.labels import Language
from tests.workbooks import Edits, Workbook, as_bytes, edited, filled, patched

Tell = Callable[..., list[str]]


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Plan]:
    def reading(data: bytes | Workbook, language: Language = "zh") -> Plan:
        path = tmp_path / "plan.xlsx"
        path.write_bytes(data if isinstance(data, bytes) else as_bytes(data))
        return read_plan(path, language=language)

    return reading


@pytest.fixture
def tell(read: Callable[..., Plan]) -> Tell:
    def told(data: bytes | Workbook, language: Language = "zh") -> list[str]:
        """Return the mistakes of a workbook, without its file name."""
        try:
            read(data, language)
        except PlanError as error:
            return [one.text(language).removeprefix("plan.xlsx ") for one in error.mistakes]
        return []

    return told


# Cells as planners fill them.


def test_headings_and_words_may_be_in_either_language(read: Callable[..., Plan]) -> None:
    plan = read(filled())
    sheets = edited(
        {"指标!C1": "kind", "指标!C2": "level", "限制!B2": "Growth.MIN", "计划!A2": "title"}
    )
    sheets["limits"] = sheets.pop("限制")
    assert read(sheets) == plan


def test_columns_may_change_places_and_titles_rows_and_remarks_come_between(
    read: Callable[..., Plan],
) -> None:
    sheets = edited(
        {"限制!F1": "备注", "限制!F2": dt.time(12, 30), "基数!E1": "备注", "基数!E2": "x"}
    )
    rows = [row + [None] * (6 - len(row)) for row in sheets["限制"]]
    sheets["限制"] = [["2015年限制一览"], [], *([*reversed(row)] for row in rows)]
    sheets["限制"].insert(5, [None, " ", None])
    sheets["基数"].insert(0, ["各地区基数"])
    sheets["#底稿"] = [["=1+1", dt.datetime(2015, 3, 5)]]
    sheets["Sheet1"] = []
    assert read(sheets) == read(filled())


def test_numbers_may_be_texts_percentages_or_full_width(read: Callable[..., Plan]) -> None:
    edits = {
        "限制!E2": "５％",
        "限制!E3": (0.2, "0.0%"),
        "限制!D4": "2017年",
        "限制!E4": " 20 ",
        "限制!E6": (0.45, '[Red]0.00"x"%'),
        "指标!L3": "２２以上",
        "指标!P4": "30",
        "指标!H2": "1",
        "计划!B5": "２０１４",
        "计划!B6": "2015，2016；2017年",
        "基数!B2": "８．１",
        "基数!C2": "190.0",
        "锁定!C2": 2015.0,
        "锁定!F2": True,
        "指标!I4": "TRUE",
    }
    assert read(edited(edits)) == read(filled())


@pytest.mark.parametrize(
    "said",
    ["2015-2017", "2015—2017年", "2015至2017", "2015年~2017年", "2015年、2016年、2017年"],
)
def test_years_may_be_said_from_first_to_last(read: Callable[..., Plan], said: str) -> None:
    assert read(edited({"计划!B5": "2014年", "计划!B6": said})).years == (2015, 2016, 2017)


def test_a_percentage_keeps_its_words(read: Callable[..., Plan]) -> None:
    plan = read(edited({"所列数!E2": (0.138, "0%"), "指标!AL2": (0.05, "0%")}))
    assert plan.indicators[0].stated.growth["average"].text == "13.8%"
    assert plan.indicators[0].target.tolerance == 0.05


def test_indicators_may_be_named_by_id_or_name(read: Callable[..., Plan]) -> None:
    names = ("A2", "A3", "A4", "A5", "A6", "A7")
    ids = ["value_added"] * 2 + ["upgrade_investment"] * 3 + ["upgraded_firms"]
    edits = {f"限制!{cell}": name for cell, name in zip(names, ids, strict=True)}
    assert read(edited(edits)) == read(filled())


def test_names_that_excel_or_pandas_would_change_stay(read: Callable[..., Plan]) -> None:
    sheets = edited({})
    for old, new in (("甲区", "NA"), ("乙县", "null"), ("丙县", "TRUE")):
        for rows in sheets.values():
            for row in rows:
                row[:] = [new if cell == old else cell for cell in row]
    plan = read(sheets)
    assert plan.region_names == ("NA", "null", "TRUE")
    assert plan.tables["规上企业数"] == {"NA": 80, "null": 55, "TRUE": 30}


def test_formulas_give_their_saved_results(read: Callable[..., Plan]) -> None:
    edits = {"限制!E2": ("=1/20", 0.05), "指标!B2": ('="规模以上"', "规模以上工业增加值")}
    assert read(edited(edits)) == read(filled())
    data = as_bytes(edited({"指标!F4": ('=IF(A1="","x","")', "blank")}))
    blank = re.compile(b"<v>blank</v>")
    names = [name for name in zipfile.ZipFile(io.BytesIO(data)).namelist() if "/sheet" in name]
    changes = dict.fromkeys(names, lambda part: blank.sub(b"<v></v>", part))
    assert read(patched(data, changes)) == read(filled())


def test_hidden_sheets_are_read_and_told(
    read: Callable[..., Plan], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "decompose"):
        assert read(as_bytes(edited({}), hidden="限制")) == read(filled())
    assert caplog.messages == ["工作表“限制”是隐藏的，照样读入"]


def test_paths_of_the_last_sheet(read: Callable[..., Plan]) -> None:
    rows = {
        "indicators.规模以上工业增加值.limits.growth.max.甲区": (0.15, "0%"),
        "indicators.value_added.regions": "{except: [丙县]}",
        "regions.甲区.aliases": "[甲, '甲 区']",
        '["tables", "新.列", "甲区"]': 3,
        "indicators.upgraded_firms.strict": True,
        "assessment": "rules: [一]\nlow_rank: 2",
    }
    edits: dict[str, Any] = {}
    for row, (path, value) in enumerate(rows.items(), start=2):
        edits |= {f"其他!A{row}": path, f"其他!B{row}": value}
    plan = read(edited(edits))
    assert plan.indicators[0].limits.growth.max == (((), 0.2), (("甲区",), 0.15))
    assert plan.indicators[0].regions == {"except": ("丙县",)}
    assert plan.regions[0].aliases == ("甲", "甲 区")
    assert plan.tables["新.列"] == {"甲区": 3}
    assert plan.indicators[2].strict
    assert plan.assessment is not None
    assert plan.assessment.rules == ("一",)


# Mistakes, each with sheet and cell.

DAY = dt.datetime(2026, 3, 5)

MISTAKES: list[tuple[Edits, list[str]]] = [
    (
        {"指标!L3": DAY, "地区!A3": DAY, "计划!B2": DAY, "其他!A2": "title", "其他!B2": DAY},
        [
            f"{place}：“2026-03-05”是日期（Excel 会把 3-5 变成日期）；若是区间，请写成 3至5，"
            for place in ("计划!B2", "地区!A3", "指标!L3", "其他!B2")
        ],
    ),
    (
        {"基数!A2": DAY, "基数!C4": dt.time(12, 30), "指标!B1": DAY},
        [
            "指标!B1：“2026-03-05”是日期",
            "基数!A2：“2026-03-05”是日期",
            "基数!C4：“12:30:00”是日期或时间",
        ],
    ),
    (
        {"限制!E2": dt.time(12, 30)},
        ["限制!E2：“12:30:00”是日期或时间；若是文字或数字，请把单元格设为文本或常规再填"],
    ),
    ({"限制!E2": ("=1/20", "")}, ["限制!E2：公式没有保存结果；请在 Excel 中打开、重新计算并保存"]),
    (
        {"限制!E2": ("=1/0", "#DIV/0!")},
        ["限制!E2：单元格是错误值 #DIV/0!；请改正公式，没有数据请清空"],
    ),
    ({"限制!E2": "#N/A"}, ["限制!E2 indicators.value_added.limits.growth.min：“#N/A”既不是数字"]),
    (
        {"限制!E2": 5, "限制!E3": "20"},
        [
            "限制!E3 indicators.value_added.limits.growth.max：“20”大于 1",
            "限制!E2 indicators.value_added.limits.growth.min：“5”大于 1",
        ],
    ),
    (
        {"限制!E4": (20, "0%")},
        ["限制!E4 indicators.upgrade_investment.limits.max.sum.北部.2017：“2000%”是百分数"],
    ),
    (
        {"地区!A2": True, "基数!A3": False, "指标!C3": True},
        [
            "地区!A2：Excel 把“TRUE”存成了逻辑值；请把单元格设为文本再填",
            "指标!C3：“TRUE”不在可选之列；可选：流量、存量、比率、给定、文字",
            "基数!A3：Excel 把“FALSE”存成了逻辑值",
        ],
    ),
    (
        {"指标!C2": "流", "指标!I4": "对", "限制!B3": "增长上限", "关联!B2": "从属"},
        [
            "指标!C2：“流”不在可选之列；可选：流量、存量、比率、给定、文字",
            "指标!I4：“对”不在可选之列；可选：是、否",
            "限制!B3：“增长上限”不在可选之列；可选：下限、上限、累计下限、累计上限",
            "关联!B2：“从属”不在可选之列；可选：属于、不低于其比重、不高于其比重",
            "关联!A2：这一行没有填“指标”；请填写",
            "关联!C2：这一行没有填“所对指标”；请填写",
        ],
    ),
    (
        {"指标!A3": None, "限制!E5": None},
        ["指标!A3：这一行没有填“代号”；请填写", "限制!E5：这一行没有填“数值”；请填写"],
    ),
    ({"指标!A3": "技改"}, ["指标!A3 indicators.技改.id：“技改”不能作 id"]),
    (
        {"限制!C6": "丁县"},
        ["限制!C6 indicators.upgrade_investment.limits.growth.max.丁县：“丁县”在此处读不懂"],
    ),
    (
        {"指标!A4": "value_added", "限制!A7": None, "限制!B7": None, "限制!E7": None},
        ["指标 第4行 indicators.value_added：“value_added”与“value_added”重名"],
    ),
    (
        {
            "指标!B4": "工业技术改造投资",
            "限制!A7": "upgraded_firms",
            "注释!A2": "工业技术改造投资",
            "限制!A5": "x",
        },
        [
            "限制!A4：有几个指标都叫“工业技术改造投资”；请改写代号：upgrade_investment、upgraded_firms",
            "限制!A5：没有代号或名称为“x”的指标",
            "限制!A6：有几个",
            "锁定!A2：有几个",
            "注释!A2：有几个",
            "指标!B4 indicators.upgraded_firms.name：“工业技术改造投资”与“工业技术改造投资”重名",
        ],
    ),
    (
        {"限制!A2": "工业投入"},
        ["限制!A2：没有代号或名称为“工业投入”的指标；是否想写“工业技术改造投资”？"],
    ),
    ({"指标!C1": "种类"}, ["指标!C1：不认识的表头“种类”；是否想写“类型”？"]),
    ({"指标!L1": "2015目标"}, ["指标!L1：不认识的表头“2015目标”；是否想写“2015年目标”？"]),
    ({"指标!C1": None}, ["指标!C1：这一列没有表头，但有数据；请填写表头"]),
    (
        {"指标!D1": "名称", "基数!D1": "增加值2014"},
        [
            "指标!D1：列“名称”在plan.xlsx 指标!B1已经有了",
            "基数!D1：列“增加值2014”在plan.xlsx 基数!C1已经有了",
        ],
    ),
    (
        {"限制!A1": "指标名称"},
        ["限制 第1行：表头中没有“指标”列；请补上，表头须写在一行里，不要合并单元格"],
    ),
    ({"限制!G9": "附记"}, ["限制!G1：这一列没有表头，但有数据；请填写表头"]),
    (
        {"限制!SZZ9": 1},
        ["限制：内容超出 20000 行 500 列的范围；请删除远处的内容（清除整行整列），再保存"],
    ),
    (
        {"底稿!A1": 1, "限制条件!A1": 1, "groups!A1": 1},
        [
            "底稿：不认识的工作表“底稿”；请删除或改正（自用的底稿请在表名前加 #）",
            "限制条件：不认识的工作表“限制条件”；是否想写“限制”？",
            "groups：工作表“groups”与“分组”是同一种；请合并或删除一个",
        ],
    ),
    (
        {"指标": None, "地区": None},
        [
            "plan.xlsx：缺少工作表“地区”或其中没有内容；请补上",
            "plan.xlsx：缺少工作表“指标”或其中没有内容",
        ],
    ),
    ({"计划!B6": "2017-2015"}, ["计划!B6 years.0：“2017-2015”不是年份"]),
    ({"计划!B6": "2015-9999"}, ["计划!B6 years.0：“2015-9999”不是年份"]),
    ({"计划!B6": None}, ["计划：没有填“计划年份”；请填写"]),
    (
        {"计划!B6": "2015、2016、20l7", "计划!A3": "地域"},
        ["计划!A3：不认识的项目“地域”；是否想写“区域”？", "计划!B6 years.2：“20l7”不是年份"],
    ),
    ({"限制!C4": "合计:东部"}, ["限制!C4 indicators.upgrade_investment.limits.max.sum.东部.2017"]),
    ({"限制!D4": 2019}, ["限制!D4 indicators.upgrade_investment.limits.max.sum.北部.2019"]),
    ({"锁定!B2": "丁县"}, ["锁定!B2 indicators.upgrade_investment.locks.丁县：没有名为"]),
    ({"锁定!C2": 2019}, ["锁定!C2 indicators.upgrade_investment.locks.乙县.2019：“2019”不是"]),
    (
        {"分组目标!A2": "value_added", "分组目标!B2": "东部", "分组目标!D2": 3},
        ["分组目标!B2 indicators.value_added.group_targets.东部：没有名为"],
    ),
    ({"所列数!B2": "东部"}, ["所列数!B2 indicators.value_added.stated.groups.东部：没有名为"]),
    ({"所列数!D2": 2010}, ["所列数!D2 indicators.value_added.stated.growth.2010：“2010”不是"]),
    ({"注释!B2": 2010}, ["注释!B2 indicators.upgrade_investment.notes.2010：注释的年份“2010”"]),
    ({"指标!AR2": 0}, ["指标!AR2 indicators.value_added.step：step 必须大于 0"]),
    ({"分组!A4": "南部"}, ["分组 第4行：与第2行说的是同一件事；请合并或删除一行"]),
    (
        {"限制!A8": "value_added", "限制!B8": "增速下限", "限制!E8": 0.1},
        ["限制 第8行：与第2行说的是同一件事"],
    ),
    (
        {"锁定!A3": "upgrade_investment", "锁定!B3": "乙县", "锁定!C3": "2015年", "锁定!D3": 7},
        ["锁定 第3行：与第2行说的是同一件事"],
    ),
    (
        {"分组目标!A2": "完成技术改造企业", "分组目标!B2": "北部"},
        ["分组目标 第2行：这一行没有填任何目标；请填写，或删除这一行"],
    ),
    (
        {"分组目标!A2": "value_added", "分组目标!F2": 570},
        ["分组目标!F2：“target.years.2017”在 plan.xlsx 指标!N2 已经填过；请删除一处"],
    ),
    (
        {
            "关联!A2": "value_added",
            "关联!B2": "不低于其比重",
            "关联!C2": "x",
            "关联!A3": "value_added",
            "关联!B3": "属于",
            "关联!C3": "工业",
        },
        [
            "关联 第2行：这一行没有填“比重”；请填写",
            "关联!C3 indicators.value_added.links.0.part_of：没有 id 为“工业”的指标",
        ],
    ),
    (
        {"基数!B2": "x", "基数!A3": None, "基数!C4": DAY, "基数!A5": "丁县", "基数!B5": 1},
        [
            "基数!C4：“2026-03-05”是日期",
            "基数!B2 tables.技改投资2014.甲区：“x”不是数字；请填数字，如 22、1,000 或 37%",
            "基数 第3行：这一行没有地区名称；请填写，或删除这一行",
            "基数!A5 tables.技改投资2014.丁县：没有名为“丁县”的地区",
        ],
    ),
    (
        {
            "其他!A2": "indicators.value_added.limits.growth.min",
            "其他!B2": 0.1,
            "其他!A3": "indicators.foo.unit",
            "其他!B3": "x",
            "其他!A4": "indicators.value_added.step",
            "其他!B4": "{a: [",
            "其他!A5": "foo",
            "其他!B5": "true",
            "其他!A6": "a..b",
            "其他!B6": 1,
            "其他!A7": "title",
            "其他!B7": "2015-07-01",
            "其他!A8": "[1",
            "其他!B8": 1,
        },
        [
            "其他!B2：“limits.growth.min”在 plan.xlsx 限制!E2 已经填过；请删除一处",
            "其他!A3：找不到路径中的“foo”；请核对名称",
            "其他!B4：语法错误：从这里开始的括号没有配对",
            "其他!A6：路径须写成 indicators.代号.键 这样的形式；这里是“a..b”",
            "其他!B7：“2015-07-01”是日期，没有加引号",
            "其他!B7：“title”在 plan.xlsx 计划!B2 已经填过；请删除一处",
            "其他!A8：路径须写成",
            "其他!B5 foo：不认识的键“foo”",
        ],
    ),
]


@pytest.mark.parametrize(("edits", "expected"), MISTAKES)
def test_a_mistake_is_told_with_its_cell(tell: Tell, edits: Edits, expected: list[str]) -> None:
    told = tell(edited(edits))
    assert len(told) == len(expected), told
    for one, start in zip(told, expected, strict=True):
        assert one.startswith(start)


def test_merged_cells_are_told_and_nothing_follows(tell: Tell) -> None:
    merged = {"指标!K1:M1": "目标", "限制!A2:A3": "规模以上工业增加值", "基数!A3:A4": "乙县"}
    assert tell(as_bytes(edited({"限制!A3": None, "基数!A4": None}), merged=merged)) == [
        "指标!K1：单元格 K1:M1 是合并的；请取消合并，每格分别填写",
        "限制!A2：单元格 A2:A3 是合并的；请取消合并，每格分别填写",
        "基数!A3：单元格 A3:A4 是合并的；请取消合并，每格分别填写",
    ]


def test_every_mistake_at_once_and_in_english(tell: Tell) -> None:
    edits = {
        "计划!B6": "2015、2016、x",
        "地区!D2": "maybe",
        "指标!L3": DAY,
        "指标!C4": "流",
        "限制!A2": "工业投入",
        "限制!E3": ("=1/0", "#DIV/0!"),
        "锁定!D2": True,
        "基数!B2": "x",
        "杂项!A1": "x",
    }
    told = tell(edited(edits), "en")
    expected = """
        杂项: unknown sheet “杂项”; remove or correct it (put # before the name of a sheet
        地区!D2: “maybe” is no choice; choose among: true, false
        指标!L3: “2026-03-05” is a date (Excel makes one of 3-5); for a range write 3~5, or format
        指标!C4: “流” is no choice; choose among: flow, level, ratio, given, text
        限制!A2: no indicator has the id or name “工业投入”; did you mean “工业技术改造投资”?
        限制!E3: the cell holds the error #DIV/0!; mend its formula, or clear it
        锁定!D2: Excel stored “TRUE” as a truth value; format the cell as text and write it again
        基数!B2 tables.技改投资2014.甲区: “x” is not a number; write a number such as 22, 1,000 or
        计划!B6 years.2: “x” is no year; write 2015, say
    """.strip().splitlines()
    assert len(told) == len(expected)
    for one, start in zip(told, expected, strict=True):
        assert one.startswith(start.strip())


def test_keys_that_mistakes_name_are_told_as_headings(read: Callable[..., Plan]) -> None:
    wrong = as_bytes(edited({"指标!S2": "6%"}))
    with pytest.raises(PlanError) as raised:
        read(wrong)
    assert str(raised.value).splitlines()[-1] == (
        "（在工作簿中，cut 即“下降目标”、kind 即“类型”、level 即“存量”、ratio 即“比率”）"
    )
    assert "在工作簿中" not in raised.value.text("en")  # whose headings are the keys
    with pytest.raises(PlanError) as raised:
        Plan.model_validate({"years": [2015], "regions": ["甲"], "indicators": [{"id": "a"}]})
    assert "在工作簿中" not in str(raised.value)


@pytest.mark.parametrize(
    ("edits", "expected"),
    [
        ({"基数!A3": "乙"}, "没有名为“乙”的地区；是否想写“乙县”？"),
        ({"地区!A5": "合计"}, "“合计”是合计行，不是地区"),
        ({"地区!A5": "全市"}, "“全市”是全域或合计的名称"),
        ({"地区!A5": "乙县"}, "“乙县”与“乙县”重名"),
        ({"指标!A2": "增加值"}, "“增加值”不能作 id"),
        ({"指标!L1": "2016目标"}, "不认识的表头“2016目标”；是否想写“2016年目标”？"),
        ({"限制!F1": "理由", "限制!F2": "会议定"}, "自用的列，表头请写“备注”"),
        ({"限制!D4": 2029}, "2029 不是计划年份（2015、2016、2017）"),
        ({"限制!C6": "乙 县"}, "是否想写“乙县”？"),
        ({"锁定!B2": "已县"}, "没有名为“已县”的地区；"),
        ({"基数": None, "基础数据!A1": "地区"}, "不认识的工作表“基础数据”；是否想写“基数”？"),
    ],
)
def test_one_slip_is_one_mistake(tell: Tell, edits: Edits, expected: str) -> None:
    (told,) = tell(edited(edits))
    assert expected in told
