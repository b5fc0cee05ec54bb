"""A plan as a workbook: what is written reads back as the same plan; every mistake has its cell."""

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
from hypothesis import given, settings

from decompose import Plan, PlanError, read_plan
from decompose.labels import Language
from decompose.plan import Indicator
from decompose.reading.files import File
from decompose.reading.workbook import WorkbookContent
from decompose.reading.workbook.fields import NEEDED
from decompose.report import write_template
from decompose.report.template import template
from tests.strategies import plans
from tests.workbooks import Edits, Workbook, as_bytes, cells, edited, filled, patched

DATA = Path(__file__).parent.parent / "data"
PLANS = sorted(DATA.glob("*/plan.yaml"))

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


# The same plan, to the value.


def round_trip(plan: Plan, folder: Path, language: Language = "zh") -> Plan:
    write_template(folder / "plan.xlsx", plan, language=language)
    return read_plan(folder / "plan.xlsx")


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.parent.name)
def test_a_plan_reads_back_the_same(path: Path, tmp_path: Path) -> None:
    plan = read_plan(path)
    assert round_trip(plan, tmp_path) == plan


def test_the_examples_are_there() -> None:
    assert {path.parent.name for path in PLANS} >= {"example", "qingyuan"}


def test_sheets_in_english_read_back_the_same(tmp_path: Path) -> None:
    plan = read_plan(DATA / "example" / "plan.yaml")
    assert round_trip(plan, tmp_path, "en") == plan
    headings = {row for rows in cells(template(plan, language="en")).values() for row in rows[0]}
    assert {"kind", "target.total", "target.years.2015", "scope", "path"} <= headings


@settings(max_examples=12)
@given(data=plans())
def test_random_plans_read_back_the_same(
    tmp_path_factory: pytest.TempPathFactory, data: dict[str, Any]
) -> None:
    plan = Plan.model_validate(data)
    assert round_trip(plan, tmp_path_factory.getbasetemp()) == plan


ODD_NAMES = (
    "NA",
    "null",
    "TRUE",
    "甲.区",
    "乙、丙",
    "=1+1",
    "合计:南部",
    "ａ区",
    "[a",
    '"b',
    "3-5",
)
ODD_TEXTS = (
    "x005F_",
    "_x000D_",
    "<r>x</r>",
    "a\nb",
    "\x1f\x85\u2028",
    "'a",
    "22以上",
    "010",
    "#N/A",
)
ODD_NUMBERS = (0.1 + 0.2, 1 / 3, 1e-7, 12345678.123456789, 8.1, 100)


def odd_plan() -> Plan:
    """Names, texts and numbers that a workbook, or what reads it, might take for others."""
    named = dict(zip(ODD_NAMES, [*ODD_NUMBERS] * 2, strict=False))
    first, dotted, listed = ODD_NAMES[0], ODD_NAMES[3], ODD_NAMES[4]
    return Plan.model_validate(
        {
            "title": ODD_TEXTS[3],
            "years": [2015, 2016],
            "sections": list(ODD_NAMES),
            "data_status": "",
            "regions": [
                {"name": name, "groups": ["南部", "北.部"], "aliases": [f"{name}、1"]}
                for name in ODD_NAMES
            ],
            "groups": {"南部": {}, "北.部": {"label": "北、部"}, "东部": {"subtotal": True}},
            "tables": {
                "a": named,
                "b.c": dict.fromkeys(ODD_NAMES, 2),
                "地区": {first: 1},
                "备注": {first: 1},
                "%": {first: "37%", dotted: "1,000", listed: "12.50%", "null": "３%"},
                "空": {},
            },
            "indicators": [
                {
                    "id": "a",
                    "name": "同名、甲",
                    "kind": "flow",
                    "unit": text,
                    "base": {first: 1 / 3, dotted: 2},
                    "target": {"total": 1 / 3},
                    "allocate": {"by": "equal"},
                    "limits": {
                        "max": {"2015": {first: 3}, dotted: {2016: 1 / 3}},
                        "min": {"default": 0, listed: 1 / 3, "area": {2015: 0.1}},
                        "share": {"max": 1 / 3},
                    },
                    "locks": {first: {2015: {"value": 0.01, "why": text}, "total": 0.02}},
                    "notes": {"all": text, 2015: "x"},
                }
                | extra
                for text, extra in zip(
                    ODD_TEXTS,
                    (
                        {"id": f"a{k}", "name": f"同名、{k}", "section": ODD_NAMES[k]}
                        for k in range(len(ODD_TEXTS))
                    ),
                    strict=True,
                )
            ],
        }
    )


def test_odd_names_texts_and_numbers_read_back_the_same(tmp_path: Path) -> None:
    plan = odd_plan()
    for language in ("zh", "en"):
        assert round_trip(plan, tmp_path, language) == plan


RARE: dict[str, Any] = {
    "base_year": 2013,
    "years": [2015, 2016, 2018],
    "regions": [
        {"name": "甲区", "groups": ["南部"]},
        {"name": "乙县"},
        {"name": "市本级", "reserve": True},
    ],
    "tables": {
        "f": {"甲区": 3, "乙县": 4, "市本级": 0},
        "tier": {"甲区": "10%", "乙县": "5%", "市本级": "5%"},
    },
    "assessment": {
        "low_rank": 3,
        "talk": "unmet_and_low_rank",
        "lights": {"measure": "gap", "yellow": 3, "red": 10, "blue": "x"},
        "calendar": {"monthly": 8, "yearly": "12月中"},
        "rules": ["第一条,甲", "第二条"],
    },
    "indicators": [
        {
            "id": "part",
            "name": "同名",
            "kind": "flow",
            "target": {"per_region": 3, "tolerance": "1%", "margin": "5%"},
            "hand_out": "upper",
            "annexes": [1],
            "priority": 2,
            "step": 0.5,
        },
        {
            "id": "other",
            "name": "其他",
            "kind": "flow",
            "parent": "part",
            "target": {"each_year": 2},
            "path": {2015: 0.2, 2016: 0.3, 2018: 0.5},
            "regions": {2015: ["甲区"], 2016: ["甲区", "乙县"]},
            "years": [2015, 2016],
            "strict": True,
        },
        {
            "id": "sum",
            "name": "同名",
            "kind": "flow",
            "parent": "other",
            "sum_of": ["part", "other"],
            "allocate": {"blend": {"equal": 0.5, "f": 0.5}},
            "fairness": "least_cost",
            "cost": {"甲区": [[3, 1], [9, 2.5]]},
            "decompose": False,
            "report": False,
            "signed": True,
        },
        {
            "id": "stock",
            "name": "存量",
            "kind": "level",
            "base": "f",
            "base_total": 8,
            "mismatch": "reserve",
            "target": {"growth_each_year": "5%", "stretch": {"years": {2018: 20}}},
            "group_targets": {"南部": {"increase": 3, "stretch": {"increase": "4以上"}}},
            "stated": {
                "years": {2015: "8左右"},
                "growth": {2015: "3%", "average": "4%"},
                "increase": {"total": 3, 2016: 1},
                "groups": {"南部": {"total": 3, "cut": "3%", "rise": 2}},
            },
        },
        {
            "id": "rise",
            "name": "增量",
            "kind": "flow",
            "increase_of": "stock",
            "limits": {"monotone": "up"},
            "schedule": {"Q1": "15%", "3": "20%"},
            "assess": {"points": 5, "cap": 1.2, "key": True},
        },
        {
            "id": "given",
            "name": "给定",
            "kind": "given",
            "values": {2013: "f", 2015: {"甲区": 3}},
            "text": "x",
            "nature": "expected",
        },
        {
            "id": "ratio",
            "name": "比率",
            "kind": "ratio",
            "numerator": {"cumulative": "part"},
            "denominator": "given",
            "scale": 100,
            "base_numerator": "f",
            "move": "numerator",
            "publish": "cut",
            "cut_unit": "‰",
            "target": {"cut": "14%以上"},
            "limits": {"cut": {"min": {2016: "1%"}, "max": "300%"}},
            "tiers": {"values": ["10%", "5%"], "by": "tier"},
            "links": [],
        },
        {
            "id": "tied",
            "name": "关联",
            "kind": "flow",
            "target": {"total": 1},
            "links": [
                {"at_least_share": "10%", "of": "part", "scope": "area"},
                {"part_of": "part"},
                {"at_most_share": 0.5, "of": "other", "scope": "南部"},
            ],
        },
    ],
}
"""Keys that few plans have. Some rules across fields refuse it, so it is compared as it is said."""


def unchecked(data: Any) -> Plan:
    """Make a plan of its fields alone, without the rules across them."""
    plan = super(Plan, Plan).model_validate(data)
    assert isinstance(plan, Plan)
    return plan


def test_rare_keys_read_back_the_same() -> None:
    plan = unchecked(RARE)
    for language in ("zh", "en"):
        content = WorkbookContent(template(plan, language=language), File("plan.xlsx"))
        assert content.mistakes == []
        assert unchecked(content.root.data()) == plan


def test_few_keys_need_the_sheet_of_paths() -> None:
    assert cells(template(read_plan(DATA / "example" / "plan.yaml")))["其他"] == [["路径", "值"]]
    paths = [row[0] for row in cells(template(unchecked(RARE)))["其他"][1:]]
    assert paths == [
        "assessment.lights.blue",
        "indicators.sum.cost.甲区",
        "indicators.given.values.2015.甲区",
    ]


@pytest.mark.parametrize(
    "key",
    ["unheard_of", *(key for key in Indicator.model_fields if key not in NEEDED["indicators"])],
)
def test_a_value_that_no_column_can_say_has_its_path(
    key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So every key has its place, and so will those that the models gain."""
    odd: Any = {"x.y": [1, {"z": None}], "true": False, "": {"1e3": "1e3"}}
    odd = {"x.y": {"": odd}} if key in ("locks", "group_targets") else odd
    odd = [{"a": 1}] if key == "links" else odd
    data = {"years": [2015], "regions": ["甲"], "indicators": [{"id": "a", "kind": "flow"}]}
    plan = Plan.model_validate(data)
    said = {**plan.source(), "new": {"a": 1.5}}
    said["indicators"][0][key] = odd
    monkeypatch.setattr(Plan, "source", lambda _: said)
    content = WorkbookContent(template(plan), File("plan.xlsx"))
    found = content.root.data()
    assert found["new"] == {"a": 1.5}
    assert found["indicators"][0][key] == odd


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
        "计划!B6": "2015，2016；2017年"[:-1],
        "基数!B2": "８．１",
        "基数!C2": "190.0",
        "锁定!C2": 2015.0,
        "锁定!F2": True,
        "指标!I4": "TRUE",
    }
    assert read(edited(edits)) == read(filled())


def test_a_percentage_keeps_its_words(read: Callable[..., Plan]) -> None:
    plan = read(edited({"所列数!E2": (0.138, "0%"), "指标!AK2": (0.05, "0%")}))
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
    assert caplog.messages == ["工作表“限制”是隐藏的,照样读入"]


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
            f"{place}:“2026-03-05”是日期(Excel 会把 3-5 变成日期);若是区间,请写成 3至5,"
            for place in ("计划!B2", "地区!A3", "指标!L3", "其他!B2")
        ],
    ),
    (
        {"基数!A2": DAY, "基数!C4": dt.time(12, 30), "指标!B1": DAY},
        [
            "指标!B1:“2026-03-05”是日期",
            "基数!A2:“2026-03-05”是日期",
            "基数!C4:“12:30:00”是日期或时间",
        ],
    ),
    (
        {"限制!E2": dt.time(12, 30)},
        ["限制!E2:“12:30:00”是日期或时间;若是文字或数字,请把单元格设为文本或常规再填"],
    ),
    ({"限制!E2": ("=1/20", "")}, ["限制!E2:公式没有保存结果;请在 Excel 中打开、重新计算并保存"]),
    (
        {"限制!E2": ("=1/0", "#DIV/0!")},
        ["限制!E2:单元格是错误值 #DIV/0!;请改正公式,没有数据请清空"],
    ),
    ({"限制!E2": "#N/A"}, ["限制!E2 indicators.value_added.limits.growth.min:“#N/A”既不是数字"]),
    (
        {"限制!E2": 5, "限制!E3": "20"},
        [
            "限制!E3 indicators.value_added.limits.growth.max:“20”大于 1",
            "限制!E2 indicators.value_added.limits.growth.min:“5”大于 1",
        ],
    ),
    (
        {"限制!E4": (20, "0%")},
        ["限制!E4 indicators.upgrade_investment.limits.max.sum.北部.2017:“2000%”是百分数"],
    ),
    (
        {"地区!A2": True, "基数!A3": False, "指标!C3": True},
        [
            "地区!A2:Excel 把“TRUE”存成了逻辑值;请把单元格设为文本再填",
            "指标!C3:“TRUE”不在可选之列;可选:流量、存量、比率、给定、文字",
            "基数!A3:Excel 把“FALSE”存成了逻辑值",
        ],
    ),
    (
        {"指标!C2": "流", "指标!I4": "对", "限制!B3": "增长上限", "关联!B2": "从属"},
        [
            "指标!C2:“流”不在可选之列;可选:流量、存量、比率、给定、文字",
            "指标!I4:“对”不在可选之列;可选:是、否",
            "限制!B3:“增长上限”不在可选之列;可选:下限、上限、累计下限、累计上限",
            "关联!B2:“从属”不在可选之列;可选:属于、不低于其比重、不高于其比重",
            "关联!A2:这一行没有填“指标”;请填写",
            "关联!C2:这一行没有填“所对指标”;请填写",
        ],
    ),
    (
        {"指标!A3": None, "限制!E5": None},
        ["指标!A3:这一行没有填“代号”;请填写", "限制!E5:这一行没有填“数值”;请填写"],
    ),
    ({"指标!A3": "技改"}, ["指标!A3 indicators.技改.id:“技改”不能作 id"]),
    (
        {"限制!C6": "丁县"},
        ["限制!E6 indicators.upgrade_investment.limits.growth.max.丁县:“丁县”在此处读不懂"],
    ),
    (
        {"指标!A4": "value_added", "限制!A7": None, "限制!B7": None, "限制!E7": None},
        ["指标 第4行 indicators.value_added:“value_added”与“value_added”重名"],
    ),
    (
        {
            "指标!B4": "工业技术改造投资",
            "限制!A7": "upgraded_firms",
            "注释!A2": "工业技术改造投资",
            "限制!A5": "x",
        },
        [
            "限制!A4:有几个指标都叫“工业技术改造投资”;请改写代号:upgrade_investment、upgraded_firms",
            "限制!A5:没有代号或名称为“x”的指标",
            "限制!A6:有几个",
            "锁定!A2:有几个",
            "注释!A2:有几个",
            "指标!B4 indicators.upgraded_firms.name:“工业技术改造投资”与“工业技术改造投资”重名",
        ],
    ),
    (
        {"限制!A2": "工业投入"},
        ["限制!A2:没有代号或名称为“工业投入”的指标;是否想写“工业技术改造投资”?"],
    ),
    ({"指标!C1": "种类"}, ["指标!C1:不认识的表头“种类”;是否想写“类型”?"]),
    ({"指标!L1": "2015目标"}, ["指标!L1:不认识的表头“2015目标”;是否想写“2015年目标”?"]),
    ({"指标!C1": None}, ["指标!C1:这一列没有表头,但有数据;请填写表头"]),
    (
        {"指标!D1": "名称", "基数!D1": "增加值2014"},
        [
            "指标!D1:列“名称”在plan.xlsx 指标!B1已经有了",
            "基数!D1:列“增加值2014”在plan.xlsx 基数!C1已经有了",
        ],
    ),
    (
        {"限制!A1": "指标名称"},
        ["限制 第1行:表头中没有“指标”列;请补上,表头须写在一行里,不要合并单元格"],
    ),
    ({"限制!G9": "附记"}, ["限制!G1:这一列没有表头,但有数据;请填写表头"]),
    (
        {"限制!SZZ9": 1},
        ["限制:内容超出 20000 行 500 列的范围;请删除远处的内容(清除整行整列),再保存"],
    ),
    (
        {"底稿!A1": 1, "限制条件!A1": 1, "groups!A1": 1},
        [
            "底稿:不认识的工作表“底稿”;请删除或改正(自用的底稿请在表名前加 #)",
            "限制条件:不认识的工作表“限制条件”;是否想写“限制”?",
            "groups:工作表“groups”与“分组”是同一种;请合并或删除一个",
        ],
    ),
    (
        {"指标": None, "地区": None},
        [
            "plan.xlsx:缺少工作表“地区”或其中没有内容;请补上",
            "plan.xlsx:缺少工作表“指标”或其中没有内容",
        ],
    ),
    ({"计划!B6": None}, ["计划:没有填“计划年份”;请填写"]),
    (
        {"计划!B6": "2015、2016、20l7", "计划!A3": "地域"},
        ["计划!A3:不认识的项目“地域”;是否想写“区域”?", "计划!B6 years.2:“20l7”不是年份"],
    ),
    ({"分组!A4": "南部"}, ["分组 第4行:与第2行说的是同一件事;请合并或删除一行"]),
    (
        {"限制!A8": "value_added", "限制!B8": "增速下限", "限制!E8": 0.1},
        ["限制 第8行:与第2行说的是同一件事"],
    ),
    (
        {"锁定!A3": "upgrade_investment", "锁定!B3": "乙县", "锁定!C3": "2015年", "锁定!D3": 7},
        ["锁定 第3行:与第2行说的是同一件事"],
    ),
    (
        {"分组目标!A2": "完成技术改造企业", "分组目标!B2": "北部"},
        ["分组目标 第2行:这一行没有填任何目标;请填写,或删除这一行"],
    ),
    (
        {"分组目标!A2": "value_added", "分组目标!F2": 570},
        ["分组目标!F2:“target.years.2017”在 plan.xlsx 指标!N2 已经填过;请删除一处"],
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
            "关联 第2行:这一行没有填“比重”;请填写",
            "关联!C3 indicators.value_added.links.0.part_of:没有 id 为“工业”的指标",
        ],
    ),
    (
        {"基数!B2": "x", "基数!A3": None, "基数!C4": DAY, "基数!A5": "丁县", "基数!B5": 1},
        [
            "基数!C4:“2026-03-05”是日期",
            "基数!B2 tables.技改投资2014.甲区:“x”不是数字;请填数字,如 22、1,000 或 37%",
            "基数 第3行:这一行没有地区名称;请填写,或删除这一行",
            "基数!B5 tables.技改投资2014.丁县:没有名为“丁县”的地区",
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
            "其他!B2:“limits.growth.min”在 plan.xlsx 限制!E2 已经填过;请删除一处",
            "其他!A3:找不到路径中的“foo”;请核对名称",
            "其他!B4:语法错误:从这里开始的括号没有配对",
            "其他!A6:路径须写成 indicators.代号.键 这样的形式;这里是“a..b”",
            "其他!B7:“2015-07-01”是日期,没有加引号",
            "其他!B7:“title”在 plan.xlsx 计划!B2 已经填过;请删除一处",
            "其他!A8:路径须写成",
            "其他!B5 foo:不认识的键“foo”",
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
        "指标!K1:单元格 K1:M1 是合并的;请取消合并,每格分别填写",
        "限制!A2:单元格 A2:A3 是合并的;请取消合并,每格分别填写",
        "基数!A3:单元格 A3:A4 是合并的;请取消合并,每格分别填写",
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
