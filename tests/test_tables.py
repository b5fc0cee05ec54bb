"""The annexes as data: what is printed where, in which words, and what a frame holds."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import decompose as dc
from decompose.plan.ratios import scope_ratio
from decompose.plan.steps import as_printed
from decompose.problem import Bools, Floats
from decompose.report import markdown
from decompose.rounding import Shift
from decompose.tables import ColumnKind, Heading, RowKind, Table, annex1, annex2, layout
from decompose.tables.order import goals_title
from decompose.tables.printed import part_name
from tests import plans

GOLDEN = Path(__file__).parent / "golden"
NONE = float("nan")

REGIONS = ["甲区", "乙县", "丙县", "高新区", "市本级"]

PLAN: dict[str, Any] = {
    "title": "示例行动",
    "area": "示例市",
    "total_label": "全市",
    "base_year": 2014,
    "years": [2015, 2016],
    "data_status": "示例数据",
    "sections": ["主要目标", "技术改造"],
    "regions": [
        {"name": "甲区", "groups": ["南部"]},
        {"name": "乙县", "groups": ["北部"]},
        {"name": "丙县", "groups": ["北部"]},
        {"name": "高新区", "groups": ["南部"], "inside": "甲区"},
        {"name": "市本级", "reserve": True},
    ],
    "groups": {"南部": {"subtotal": True, "label": "南部小计"}, "北部": {"subtotal": True}},
    "indicators": [
        {
            "id": "upgrade",
            "name": "技改投资",
            "section": "技术改造",
            "kind": "flow",
            "unit": "亿元",
            "nature": "binding",
            "department": ["市工信局", "市发改局"],
            "decimals": 1,
            "base": {"甲区": 8, "乙县": 4, "丙县": 3, "高新区": 1, "市本级": 0},
            "target": {"years": {2015: "22以上", 2016: 30}, "total": "52以上"},
            "stated": {"growth": {2015: "37%左右", 2016: "36.4%", "average": "37%左右"}},
            "notes": {2015: "含设备更新"},
        },
        {
            "id": "added",
            "name": "工业增加值",
            "section": "主要目标",
            "kind": "level",
            "unit": "亿元",
            "nature": "expected",
            "decimals": 1,
            "base": {"甲区": 50, "乙县": 20, "丙县": 20, "高新区": 10},
            "target": {"years": {2016: "121左右"}},
            "group_targets": {"南部": {"increase": "12左右"}},
            "stated": {"increase": "21左右"},
            "notes": "规模以上",
        },
        {
            "id": "firms",
            "name": "完成技改企业",
            "section": "技术改造",
            "kind": "flow",
            "unit": "家",
            "integer": True,
            "target": {"years": {2015: 7, 2016: "3-5"}},
        },
        {
            "id": "firms_big",
            "parent": "firms",
            "name": "大型企业",
            "kind": "flow",
            "unit": "家",
            "integer": True,
            "regions": ["甲区", "乙县"],
            "target": {"years": {2015: 2, 2016: "—"}},
        },
        {
            "id": "parks",
            "name": "循环化改造园区",
            "section": "技术改造",
            "kind": "flow",
            "unit": "个",
            "integer": True,
            "target": {"years": {2015: "—", 2016: 1}},
        },
        {
            "id": "hidden",
            "name": "不印",
            "kind": "flow",
            "unit": "个",
            "target": {"each_year": 1},
            "report": False,
        },
    ],
}

QUOTAS: dict[str, Floats] = {
    "upgrade": np.array([[9.1, 12.4], [6.2, 8.4], [4.6, 6.3], [2.1, 2.9], [0, 0]]),
    "added": np.array([[55, 60.5], [22, 24.2], [21.9, 23.9], [11.1, 12.4], [NONE, NONE]]),
    "firms": np.array([[3, 1], [2, 1], [1, 1], [1, 0], [0, 0]], dtype=float),
    "firms_big": np.array([[1, NONE], [1, NONE], *[[NONE, NONE]] * 3]),
    "parks": np.array([[NONE, 1], [NONE, 0], [NONE, 0], [NONE, 0], [NONE, 0]]),
    "hidden": np.ones((5, 2)),
}


MIX = ["indicator", "scope", "year", "change", "mix", "regions"]
SHORTFALLS = ["indicator", "region", "year", "base", "stretch", "shortfall", "relative"]


def plan_of(*indicators: dict[str, Any], **keys: Any) -> dc.Plan:
    """The plan above, some of it replaced."""
    listed = {"indicators": list(indicators)} if indicators else {}
    return dc.Plan.model_validate({**PLAN, **listed, **keys})


@dataclass(frozen=True)
class Numbers:
    """Printed numbers, as an Allocation has them."""

    plan: dc.Plan
    grids: Mapping[str, Floats]
    """What is printed of each indicator, by id."""
    values: Mapping[str, Floats]
    """The values of indicators, of which the ratios of scopes are made."""
    stretch: Numbers | None = None
    shifts: tuple[Shift, ...] = ()
    gaps: Mapping[tuple[str, int], list[float]] = field(default_factory=dict)
    """What an indicator lacks, by its id and scope: by year, then over all years."""
    shortfalls: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=SHORTFALLS))
    mix: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=MIX))

    def region_values(self, indicator: str) -> Floats:
        nothing = np.full((len(self.plan.regions), len(self.plan.years)), NONE)
        return self.grids.get(indicator, nothing)

    def scope_values(self, indicator: str, members: Bools) -> Floats:
        one = self.plan.indicators[self.plan.indicator_index[indicator]]
        if one.kind == "ratio":
            return scope_ratio(self.plan, one, self.values, members)
        inside = self.region_values(indicator)[members]
        total = as_printed(np.nansum(inside, axis=0))
        return np.where(np.isnan(inside).all(axis=0), NONE, total)

    def gap_values(self, indicator: str, scope: int) -> Floats:
        nothing = [NONE] * (len(self.plan.years) + 1)
        return np.array(self.gaps.get((indicator, scope), nothing))


def numbers(plan: dc.Plan, grids: Mapping[str, Floats] | None = None) -> Numbers:
    """Numbers of flows and levels: what is printed of them is their value."""
    return Numbers(plan, grids or {}, grids or {})


def annexes() -> tuple[Table, ...]:
    printed = numbers(plan_of(), QUOTAS)
    return annex1(printed), *(annex2(printed, year) for year in printed.plan.years)


def texts(table: Table) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in table.rows]


def row(table: Table, name: str) -> list[str]:
    """The row of annex 1 with this name, from the base year to the average growth."""
    (cells,) = (cells for cells in texts(table) if cells[1] == name)
    return cells[3:8]


def count(identity: str, **keys: Any) -> dict[str, Any]:
    return {"id": identity, "kind": "flow", "unit": "家", "integer": True, **keys}


# Annex 1.


@pytest.mark.parametrize("name", ["annex1", "annex2-2015", "annex2-2016"])
def test_annexes_are_those_of_the_golden_file(name: str, tmp_path: Path) -> None:
    written = dict(zip(["annex1", "annex2-2015", "annex2-2016"], annexes(), strict=True))
    golden = GOLDEN / f"{name}.md"
    target = golden if os.environ.get("WRITE_GOLDEN") else tmp_path / golden.name
    target.write_text(markdown([written[name]]), encoding="utf-8")
    assert target.read_text(encoding="utf-8") == golden.read_text(encoding="utf-8")


def test_blocks_stand_in_the_order_of_the_sections() -> None:
    table = annexes()[0]
    kinds = [(r.kind.value, r.cells[0].text, r.cells[1].text, r.level) for r in table.rows]
    assert kinds == [
        ("section", "", "主要目标", 0),
        ("indicator", "1", "工业增加值", 0),
        ("change", "", "增量", 1),
        ("subtotal", "", "南部小计", 1),
        ("change", "", "增量", 2),
        ("subtotal", "", "北部", 1),
        ("section", "", "技术改造", 0),
        ("indicator", "2", "技改投资", 0),
        ("change", "", "增速", 1),
        ("indicator", "3", "完成技改企业", 0),
        ("part", "", "其中：大型企业", 1),
        ("indicator", "4", "循环化改造园区", 0),
    ]


def test_indicators_without_a_section_come_first() -> None:
    plan = plan_of(
        count("a", section="技术改造"), count("b"), count("c", section="主要目标"), count("d")
    )
    names = [cells[1] for cells in texts(annex1(numbers(plan)))]
    assert names == ["b", "d", "主要目标", "c", "技术改造", "a"]


def test_figures_keep_their_words_and_sums_fill_the_rest() -> None:
    table = annexes()[0]
    assert row(table, "技改投资") == ["16", "22以上", "30", "52以上", "37%左右"]
    assert row(table, "工业增加值") == ["100", "110", "121左右", "121左右", "10.0%"]
    assert row(table, "完成技改企业") == ["—", "7", "3-5", "10", "—"]
    assert row(table, "其中：大型企业") == ["—", "2", "—", "2", "—"]
    assert row(table, "循环化改造园区") == ["—", "—", "1", "1", "—"]


def test_growth_and_increase_have_rows_where_they_are_said() -> None:
    table = annexes()[0]
    assert row(table, "增速") == ["", "37%左右", "36.4%", "", ""]
    increases = [cells[3:8] for cells in texts(table) if cells[1] == "增量"]
    assert increases == [["", "", "", "21左右", ""], ["", "", "", "12左右", ""]]


def test_groups_have_rows_where_the_plan_gives_them_figures() -> None:
    table = annexes()[0]
    assert row(table, "南部小计") == ["60.0", "66.1", "72.9", "72.9", "10.2%"]
    assert row(table, "北部") == ["40.0", "43.9", "48.1", "48.1", "9.7%"]
    assert all(cells[1] != "南部小计" for cells in texts(table)[6:])


def test_years_add_up_as_they_are_printed_where_a_margin_is_handed_out_beside_them() -> None:
    base = {"甲区": 8, "乙县": 4, "丙县": 3, "高新区": 1}
    target = {"years": {2015: 20, 2016: "30以上"}, "margin": "10%"}
    groups = {"南部": {"years": {2015: 11, 2016: "16以上"}}}
    made = count("a", integer=False, decimals=1, base=base, target=target, group_targets=groups)
    allocation = dc.solve(plan_of(made))
    table = allocation.tables()[0]
    assert row(table, "a")[:4] == ["16", "20", "30以上", "50"]
    assert row(table, "南部小计")[:4] == ["9", "11", "16以上", "27"]
    totals = allocation.totals.query("scope == '全市'")
    assert totals["quota"].tolist() == [22, 33, 55]


def test_a_sum_of_figures_has_as_many_digits_as_they_have() -> None:
    base = {"甲区": 8, "乙县": 4, "丙县": 3, "高新区": 1}
    target = {"years": {2015: 20.15, 2016: 30.3}, "margin": "10%"}
    made = count("a", integer=False, decimals=1, base=base, target=target)
    table = dc.solve(plan_of(made)).tables()[0]
    assert row(table, "a")[:4] == ["16.0", "20.15", "30.3", "50.45"]


def test_stated_figures_stand_where_there_is_no_target() -> None:
    plan = plan_of(
        count("a", stated={"years": {2015: "约8"}, "total": "20", "groups": {"南部": {"total": 9}}})
    )
    quotas = {"a": np.array([[3.0, 4], [2, 3], [1, 2], [1, 2], [0, 0]])}
    table = annex1(numbers(plan, quotas))
    assert row(table, "a") == ["—", "约8", "11", "20", "—"]
    assert row(table, "南部小计") == ["—", "4", "6", "9", "—"]


def test_a_rate_imposed_by_the_plan_is_printed() -> None:
    base = {"甲区": 8, "乙县": 4, "丙县": 3, "高新区": 1}
    plan = plan_of(
        count("a", base=base, target={"growth": 0.125}),
        count("b", base=base, target={"growth_each_year": "5%以上"}),
    )
    assert row(annex1(numbers(plan)), "a")[-1] == "12.5%"
    assert row(annex1(numbers(plan)), "增速") == ["", "5%以上", "5%以上", "", ""]


def test_sums_are_made_of_whole_steps() -> None:
    plan = plan_of(count("a", integer=False, decimals=1))
    quotas = {"a": np.array([[0.1, 0.1], [0.2, 0.7], [0, 0], [0, 0], [NONE, NONE]])}
    area = annex2(numbers(plan, quotas), 2015).frame().loc["全市", "a"]
    assert area == 0.3
    assert np.array([0.1, 0.2]).sum() != 0.3
    assert row(annex1(numbers(plan, quotas)), "a") == ["—", "0.3", "0.8", "1.1", "—"]


def test_there_is_no_growth_from_nothing() -> None:
    base = {"甲区": 0, "乙县": 0, "丙县": 0, "高新区": 0}
    plan = plan_of(count("a", base=base, allocate="equal", target={"each_year": 5}))
    assert row(annex1(numbers(plan)), "a") == ["0", "5", "5", "—", "—"]


def test_a_base_that_a_region_lacks_is_not_added_up() -> None:
    base = {"甲区": 8, "乙县": 4}
    plan = plan_of(count("a", base=base, allocate="equal"))
    assert row(annex1(numbers(plan)), "a")[0] == "—"
    with_total = plan.with_changes({"indicators.a.base_total": 12})
    assert row(annex1(numbers(with_total)), "a")[0] == "12"


def test_the_citys_own_base_is_printed_as_written() -> None:
    base = {"甲区": 8.004, "乙县": 4.004, "丙县": 3, "高新区": 0.482}
    plan = plan_of(count("a", integer=False, base=base, base_total=15.49, decimals=1))
    assert row(annex1(numbers(plan)), "a")[0] == "15.49"


def test_columns_in_which_nothing_stands_are_not_printed() -> None:
    table = annex1(numbers(plan_of(count("a", unit=""))))
    assert layout(table).heads == ("序号", "指标", "2015年", "2016年", "累计/期末")
    assert list(table.frame().columns) == [
        "序号",
        "指标",
        "单位",
        "2014年",
        "2015年",
        "2016年",
        "累计/期末",
        "年均增长",
        "属性",
        "责任单位",
    ]


@pytest.mark.parametrize(("annex", "kinds"), [(1, ["annex1"]), (2, ["annex2"] * 2)])
def test_an_annex_without_indicators_is_left_out(annex: int, kinds: list[str]) -> None:
    allocation = dc.solve(plans.plan(plans.indicator(annexes=[annex])))
    assert [table.kind for table in allocation.tables()] == kinds


def test_annexes_print_only_what_is_meant_for_them() -> None:
    plan = plan_of(
        count("both"), count("first", annexes=[1]), count("second", annexes=[2]),
        count("never", report=False), count("part", parent="never"),
    )  # fmt: skip
    assert [cells[1] for cells in texts(annex1(numbers(plan)))] == ["both", "first", "part"]
    assert list(annex2(numbers(plan), 2015).frame().columns) == ["both", "second", "part"]


def test_frame_of_annex1_has_a_row_per_indicator() -> None:
    frame = annexes()[0].frame()
    assert list(frame.index) == list(range(5))
    assert list(frame.columns[:4]) == ["类别", "序号", "指标", "单位"]
    assert list(frame["类别"]) == ["主要目标"] + ["技术改造"] * 4
    assert list(frame["指标"])[3] == "其中：大型企业"
    assert list(frame["2015年"]) == [110, "22以上", 7, 2, "—"]
    assert list(frame["2016年"]) == ["121左右", 30, "3-5", "—", 1]
    assert list(frame["年均增长"]) == [0.1, "37%左右", "—", "—", "—"]
    assert list(frame["属性"]) == ["预期性", "约束性", "", "", ""]
    assert all(type(cell) is int for cell in frame["序号"] if cell != "")


# Annex 2.


def test_the_area_leads_and_groups_follow_their_regions() -> None:
    table = annexes()[1]
    assert [(r.kind, r.cells[0].text) for r in table.rows] == [
        (RowKind.AREA, "全市"),
        (RowKind.REGION, "甲区"),
        (RowKind.REGION, "高新区"),
        (RowKind.SUBTOTAL, "南部小计"),
        (RowKind.REGION, "乙县"),
        (RowKind.REGION, "丙县"),
        (RowKind.SUBTOTAL, "北部"),
        (RowKind.REGION, "市本级"),
    ]


@pytest.mark.parametrize(
    ("members", "order"),
    [
        ({"大": "abcd", "小": "ab"}, "a b 小 c d 大 e"),
        ({"大": "abcde", "小": "de"}, "a b c d e 小 大"),
        ({"一": "abc", "二": "cd"}, "a b c d e 一 二"),
        ({"一": "ac", "二": "de"}, "a b c d e 二 一"),
        ({"一": "ab", "二": "ab"}, "a b 一 二 c d e"),
    ],
)
def test_subtotals_of_groups_that_interleave_stand_at_the_end(
    members: dict[str, str], order: str
) -> None:
    regions = [
        {"name": name, "groups": [group for group, names in members.items() if name in names]}
        for name in "abcde"
    ]
    groups = {name: {"subtotal": True} for name in members}
    table = annex2(numbers(plan_of(count("x"), regions=regions, groups=groups)), 2015)
    assert [row.cells[0].text for row in table.rows][1:] == order.split()


def test_frame_of_annex2_has_a_row_per_region() -> None:
    frame = annexes()[1].frame()
    expected = pd.DataFrame(
        {
            "工业增加值": [110, 55, 11.1, 22, 21.9, NONE],
            "技改投资": [22, 9.1, 2.1, 6.2, 4.6, 0],
            "完成技改企业": [7, 3, 1, 2, 1, 0],
            "大型企业": [2, 1, NONE, 1, NONE, NONE],
            "循环化改造园区": [NONE] * 6,
        },
        index=pd.Index(["全市", "甲区", "高新区", "乙县", "丙县", "市本级"], name="地区"),
    )
    pd.testing.assert_frame_equal(frame, expected)
    assert [str(kind) for kind in frame.dtypes] == ["float64", "float64", "int64", *["float64"] * 2]
    assert frame.iloc[1:]["技改投资"].sum() == pytest.approx(frame.loc["全市", "技改投资"])


def test_a_frame_is_the_same_however_the_table_is_printed() -> None:
    plan = plan_of()
    upright, turned = (
        annex2(numbers(plan, QUOTAS), 2015, turned=turned) for turned in (False, True)
    )
    pd.testing.assert_frame_equal(upright.frame(), turned.frame())
    assert layout(upright).heads != layout(turned).heads


def test_parts_of_one_name_are_told_apart() -> None:
    parts = [count(f"{top}_big", name="大型", parent=top) for top in ("a", "b")]
    plan = plan_of(count("a", name="技改"), count("b", name="智能化"), *parts)
    frame = annex2(numbers(plan), 2015).frame()
    assert list(frame.columns) == ["技改", "技改：大型", "智能化", "智能化：大型"]


def test_parts_stand_beside_their_whole_under_one_heading() -> None:
    page = layout(annexes()[1])
    assert page.depth == 2
    assert page.headings == (
        Heading("地区", 0, 0, rows=2),
        Heading("工业增加值", 0, 1, rows=2, unit="（亿元）"),
        Heading("技改投资", 0, 2, rows=2, unit="（亿元）"),
        Heading("完成技改企业", 0, 3, columns=2, unit="（家）"),
        Heading("合计", 1, 3),
        Heading("其中：大型企业", 1, 4),
        Heading("循环化改造园区", 0, 5, rows=2, unit="（个）"),
    )
    covered = [
        (row, column)
        for head in page.headings
        for row in range(head.row, head.row + head.rows)
        for column in range(head.column, head.column + head.columns)
    ]
    assert sorted(covered) == [(row, column) for row in range(2) for column in range(6)]


def test_a_unit_that_all_share_is_told_once() -> None:
    money, firms = PLAN["indicators"][0], PLAN["indicators"][2]
    assert annex2(numbers(plan_of(money), QUOTAS), 2015).unit_line == "单位：亿元"
    assert layout(annex2(numbers(plan_of(money), QUOTAS), 2015)).heads == ("地区", "技改投资")
    assert annex2(numbers(plan_of(money, firms), QUOTAS), 2015).unit_line == ""


@pytest.mark.parametrize(
    ("indicators", "regions", "turned"), [(12, 5, False), (13, 5, True), (13, 13, False)]
)
def test_many_indicators_are_printed_one_a_row(indicators: int, regions: int, turned: bool) -> None:
    names = [f"r{number}" for number in range(regions)]
    plan = plan_of(*(count(f"i{k}") for k in range(indicators)), regions=names, groups={})
    table = annex2(numbers(plan), 2015)
    assert table.turned is turned
    assert len(layout(table).rows) == (indicators if turned else regions + 1)


def test_turning_keeps_every_cell() -> None:
    plan = plan_of()
    upright, turned = (
        layout(annex2(numbers(plan, QUOTAS), 2015, turned=turned)) for turned in (False, True)
    )
    assert turned.heads[:2] == ("指标", "单位")
    assert turned.columns[1].kind is ColumnKind.MARK
    sideways = [[row.cells[k] for row in upright.rows] for k in range(1, 6)]
    assert [list(row.cells[2:]) for row in turned.rows] == sideways
    assert [row.cells[0].text for row in turned.rows][3] == "其中：大型企业"
    assert [row.cells[1].text for row in turned.rows] == ["亿元", "亿元", "家", "家", "个"]


def test_notes_tell_of_indicators_regions_inside_and_the_reserve() -> None:
    first, year, other = annexes()
    about_regions = ("甲区的数据不含高新区", "市本级为统筹预留部分，不分解到地区")
    assert first.notes == ("工业增加值：规模以上", "技改投资（2015年）：含设备更新")
    assert year.notes == ("工业增加值：规模以上", "技改投资：含设备更新", *about_regions)
    assert other.notes == ("工业增加值：规模以上", *about_regions)


@pytest.mark.parametrize(
    ("area", "title", "begins"),
    [
        ("清远市", "清远市工业行动", "工业行动"),
        ("清远市", "工业行动", "工业行动"),
        ("清远市", "清远市", "清远市"),
        ("清远市", "支持清远市工业行动", "支持清远市工业行动"),
        ("清远", "清远市工业行动", "清远市工业行动"),
        ("清远市", "清远市区域协调行动", "区域协调行动"),
        ("清远市", "清远市级重点项目计划", "清远市级重点项目计划"),
        ("清远市", "清远市属国有企业改革行动", "清远市属国有企业改革行动"),
        ("清远市", "清远市、韶关市联合行动", "清远市、韶关市联合行动"),
        ("清远市", "清远市和韶关市联合行动", "清远市和韶关市联合行动"),
        ("清远市", "清远市：工业行动", "工业行动"),
        ("清远市", "清远市的工业行动", "工业行动"),
        ("York", "York industry plan", "Industry plan "),
        ("York", "York's industry plan", "Industry plan "),
        ("York", "York: three years of industry", "Three years of industry "),
        ("York", "York and Leeds industry plan", "York and Leeds industry plan "),
        ("York", "Yorkshire industry plan", "Yorkshire industry plan "),
    ],
)
def test_the_title_of_a_year_goes_without_the_city(area: str, title: str, begins: str) -> None:
    example = numbers(plan_of(area=area, title=title), QUOTAS)
    assert annex2(example, 2015).title == f"{begins}2015年度目标分解表"
    assert annex1(example).title == f"{title}目标总表"


def test_a_title_that_ends_in_goals_says_so_once() -> None:
    example = numbers(plan_of(title="主要目标"), QUOTAS)
    assert annex1(example).title == "主要目标总表"
    assert annex2(example, 2015).title == "主要目标2015年度目标分解表"
    assert annex1(example, language="en").title == "主要目标: overall targets"
    assert goals_title("revision_title", "主要目标", "zh") == "主要目标调整表"
    assert goals_title("comparison_title", "主要目标", "zh") == "主要目标调整对照表"


def test_titles_are_those_of_the_document() -> None:
    first, year, _ = annexes()
    assert (first.label, first.title) == ("附件1", "示例行动目标总表")
    assert (year.label, year.title) == ("附件2", "示例行动2015年度目标分解表")
    assert (year.name, year.status_line) == ("附件2-2015", "（示例数据）")
    plain = annex1(numbers(plan_of(title="", data_status="none")))
    assert (plain.title, plain.status_line) == ("目标总表", "")


def test_english_headings() -> None:
    plan = plan_of(title="Plan")
    first = annex1(numbers(plan, QUOTAS), language="en")
    assert first.title == "Plan: overall targets"
    assert layout(first).heads == (
        "No.",
        "Indicator",
        "Unit",
        "2014",
        "2015",
        "2016",
        "Total / end",
        "Average growth",
        "Nature",
        "Responsible",
    )
    year = annex2(numbers(plan, QUOTAS), 2015, language="en")
    assert year.title == "Plan: targets by region, 2015"
    assert year.frame().index.name == "Region"
    assert "of which: 大型企业" in layout(year).heads
    assert annex1(numbers(plan_of(title="")), language="en").title == "overall targets"


def test_a_year_that_the_plan_does_not_have_is_refused() -> None:
    with pytest.raises(dc.PlanError, match="2020"):
        annex2(numbers(plan_of(), QUOTAS), 2020)


# Years in which an indicator does not apply.


def test_figures_of_every_year_are_dashes_where_the_indicator_does_not_apply() -> None:
    plan = plan_of(
        count("a", name="每年", years=[2016], target={"each_year": 4}),
        count("b", name="按地区", years=[2015], target={"per_region": "2以上"}),
        {
            "id": "c",
            "name": "增长",
            "kind": "level",
            "unit": "亿元",
            "years": [2015],
            "base": dict.fromkeys(REGIONS, 10),
            "target": {"growth_each_year": "8%以上"},
            "stated": {"growth": {2016: "9%左右"}},
        },
        count("d", name="净增企业", kind="level", years=[2016], publish="increment")
        | {"base": dict.fromkeys(REGIONS, 1), "target": {"increase_each_year": 5}},
    )
    table = annex1(numbers(plan))
    assert row(table, "每年")[1:3] == ["—", "4"]
    assert row(table, "按地区")[1:3] == ["—", "—"]
    lines = {cells[1]: cells[4:6] for cells in texts(table) if cells[0] == ""}
    assert lines["每个地区"] == ["2以上", "—"]
    assert lines["增速"] == ["8%以上", "9%左右"]
    assert row(table, "净增企业")[1:3] == ["—", "5"]


def test_a_year_has_no_columns_of_indicators_that_do_not_apply_in_it() -> None:
    plan = plan_of(
        count("a", name="甲", target={"each_year": 1}),
        count("b", name="乙", years=[2016], target={"each_year": 1}),
        count("c", name="丙", years=[2016], notes="只在2016年"),
        count("c1", name="丁", parent="c"),
        count("e", name="戊", years=[2016], display={2015: "试点"}),
        count("f", name="己", target={"years": {2015: "—", 2016: 1}}),
    )
    ones = np.ones((5, 2))
    late = np.array([[NONE, 1]] * 5)
    printed = numbers(plan, {"a": ones, "b": late, "c": late, "c1": late, "e": late, "f": late})
    first, last = annex2(printed, 2015), annex2(printed, 2016)
    assert [column.key for column in first.columns] == ["地区", "甲", "戊", "己"]
    assert [column.key for column in last.columns] == ["地区", "甲", "乙", "丙", "丁", "戊", "己"]
    assert not any("只在2016年" in note for note in first.notes)
    assert any("只在2016年" in note for note in last.notes)


def test_a_part_whose_whole_is_left_out_stands_on_its_own() -> None:
    plan = plan_of(
        count("a", name="甲", target={"each_year": 1}),
        count("c", name="丙", years=[2016]),
        count("c1", name="丁", parent="c", display={2015: "若干"}),
    )
    table = annex2(numbers(plan, {"a": np.ones((5, 2))}), 2015)
    assert [(column.name, column.part) for column in table.columns[1:]] == [
        ("甲", False),
        ("丁", False),
    ]


def test_a_part_that_says_so_itself_is_not_marked_twice() -> None:
    assert part_name("其中：设备投资", "zh") == "其中：设备投资"
    assert part_name("其中:设备投资", "zh") == "其中:设备投资"
    assert part_name("设备投资", "zh") == "其中：设备投资"
    assert part_name("equipment", "en") == "of which: equipment"
