"""The annexes of every kind of indicator: ratios, given series, words, changes, stretch."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest

import decompose as dc
from decompose.report import Document, excel, markdown, table_csv
from decompose.tables import Heading, RowKind, Table, annex1, annex2, layout
from tests.test_tables import Numbers, texts

GOLDEN = Path(__file__).parent / "golden"

REGIONS = ("甲区", "乙县", "丙县")


def by_region(*values: float) -> dict[str, float]:
    return dict(zip(REGIONS, values, strict=True))


def percent(identity: str, name: str, **keys: Any) -> dict[str, Any]:
    """A ratio in percent of the firms."""
    return {
        "id": identity,
        "name": name,
        "kind": "ratio",
        "unit": "%",
        "denominator": "firms",
        "scale": 100,
        "decimals": 1,
        **keys,
    }


def intensity(identity: str, name: str, **keys: Any) -> dict[str, Any]:
    """Energy by value added."""
    return {
        "id": identity,
        "name": name,
        "kind": "ratio",
        "unit": "吨/万元",
        "numerator": "energy",
        "denominator": "added",
        "decimals": 2,
        **keys,
    }


PLAN: dict[str, Any] = {
    "title": "各类指标示例",
    "area": "示例市",
    "total_label": "全市",
    "base_year": 2014,
    "years": [2015, 2016, 2017],
    "regions": [
        {"name": "甲区", "groups": ["南部"]},
        {"name": "乙县", "groups": ["北部"]},
        {"name": "丙县", "groups": ["北部"]},
    ],
    "groups": {"南部": {}, "北部": {"subtotal": True, "label": "北部小计"}},
    "indicators": [
        {
            "id": "investment",
            "name": "技改投资",
            "kind": "flow",
            "unit": "亿元",
            "decimals": 1,
            "base": by_region(8, 4, 3),
            "target": {"total": "66以上", "stretch": {"total": "72左右", "growth": "26%左右"}},
            "group_targets": {"北部": {"total": 30}},
        },
        {
            "id": "firms",
            "name": "规上企业数",
            "kind": "given",
            "unit": "家",
            "values": {
                2014: by_region(80, 40, 30),
                2015: by_region(85, 42, 33),
                2016: by_region(90, 44, 36),
                2017: by_region(100, 45, 40),
            },
        },
        {
            "id": "upgraded",
            "name": "完成技改企业",
            "kind": "flow",
            "unit": "家",
            "integer": True,
            "target": {"each_year": "30以上", "per_region": "5以上"},
        },
        {
            "id": "added",
            "name": "工业增加值",
            "kind": "level",
            "unit": "亿元",
            "decimals": 1,
            "publish": "increment",
            "base": by_region(50, 30, 20),
            "target": {"years": {2017: "133左右"}},
            "stated": {"growth": "10%左右"},
        },
        {"id": "energy", "kind": "level", "base": by_region(60, 30, 20), "report": False},
        {"id": "power", "kind": "level", "base": by_region(60, 30, 20), "report": False},
        percent(
            "research",
            "设立研发机构比例",
            nature="binding",
            base_numerator=by_region(8, 4, 3),
            target={"years": {2015: "11%", 2016: "力争12%", 2017: "13以上"}},
            group_targets={"北部": {"years": {2017: "12左右"}}},
            stated={"rise": "3个百分点"},
        ),
        percent(
            "coverage",
            "技改面",
            numerator={"cumulative": "upgraded"},
            target={"years": {2017: "50以上"}},
            decompose=False,
        ),
        percent(
            "digital",
            "数字化企业比例",
            publish="rise",
            base_numerator=by_region(16, 4, 3),
            target={"rise": "4个百分点以上"},
        ),
        intensity(
            "saving",
            "单位工业增加值能耗",
            publish="cut",
            target={"cut": "6%以上"},
            group_targets={"北部": {"cut": "5%"}},
        ),
        intensity(
            "power_use",
            "单位工业增加值电耗",
            numerator="power",
            target={"cut_each_year": "2%以上"},
            stated={"cut": 0.06},
        ),
        {
            "id": "pollutants",
            "name": "主要污染物排放量",
            "kind": "text",
            "text": "控制在省下达目标范围内",
            "department": ["市环保局"],
            "notes": "含四项指标",
        },
    ],
}

GRIDS = {
    "investment": np.array([[9.6, 12.0, 14.4], [4.9, 6.0, 7.2], [3.5, 4.0, 4.4]]),
    "firms": np.array([[85.0, 90, 100], [42, 44, 45], [33, 36, 40]]),
    "upgraded": np.array([[16.0, 15, 15], [9, 10, 9], [8, 8, 8]]),
    "added": np.array([[5.0, 5.6, 6.1], [3, 3.3, 3.5], [1.9, 2.2, 2.4]]),
    "energy": np.array([[64.0, 69, 74], [32, 35, 38], [21, 22, 23]]),
    "research": np.array([[11.8, 12.6, 13.9], [10.4, 11.4, 12.0], [9.8, 11.3, 12.0]]),
    "digital": np.array([[1.4, 2.7, 4.0], [1.5, 2.9, 4.2], [1.4, 2.8, 4.1]]),
    "saving": np.array([[2.1, 4.1, 6.1], [2.0, 4.0, 6.0], [2.2, 4.3, 6.4]]),
    "power_use": np.array([[1.16, 1.14, 1.11], [0.97, 0.96, 0.95], [0.96, 0.91, 0.87]]),
}
"""What is printed; of the level that publishes its increments, the increments."""

VALUES = {
    **GRIDS,
    "added": np.array([[55.0, 60.6, 66.7], [33, 36.3, 39.8], [21.9, 24.1, 26.5]]),
}

STRETCH = {**GRIDS, "investment": GRIDS["investment"] + np.array([[0.4], [0.5], [1.1]])}


def with_stretch() -> Numbers:
    """The numbers, and those of the stretch figures beside them."""
    plan = dc.Plan.model_validate(PLAN)
    path = "indicators.investment.target"
    higher = plan.with_changes(
        {f"{path}.total": "72左右", f"{path}.growth": "26%左右", f"{path}.stretch": None}
    )
    return Numbers(plan, GRIDS, VALUES, Numbers(higher, STRETCH, VALUES))


def annexes() -> tuple[Table, ...]:
    printed = with_stretch()
    return annex1(printed), *(annex2(printed, year) for year in printed.plan.years)


def row(table: Table, name: str, *, after: str = "") -> list[str]:
    """The row of annex 1 with this name (the first after another one), unit to average growth."""
    rows = texts(table)
    start = next(k for k, cells in enumerate(rows) if after in ("", cells[1]))
    return next(cells[2:9] for cells in rows[start:] if cells[1] == name)


def plan_of(*indicators: dict[str, Any], **keys: Any) -> dc.Plan:
    """The plan with these indicators after those that ratios are made of."""
    sources = [one for one in PLAN["indicators"] if one["id"] in ("firms", "added", "energy")]
    return dc.Plan.model_validate({**PLAN, "indicators": [*sources, *indicators], **keys})


def numbers(*indicators: dict[str, Any], **keys: Any) -> Numbers:
    return Numbers(plan_of(*indicators, **keys), GRIDS, VALUES)


@pytest.fixture(scope="module")
def solved() -> dc.Allocation:
    return dc.solve(dc.Plan.model_validate(PLAN))


@pytest.mark.parametrize("name", ["kinds1", "kinds2-2015", "kinds2-2017"])
def test_annexes_of_every_kind_are_those_of_the_golden_file(name: str, tmp_path: Path) -> None:
    first, y2015, _, y2017 = annexes()
    written = {"kinds1": first, "kinds2-2015": y2015, "kinds2-2017": y2017}
    golden = GOLDEN / f"{name}.md"
    target = golden if os.environ.get("WRITE_GOLDEN") else tmp_path / golden.name
    target.write_text(markdown([written[name]]), encoding="utf-8")
    assert target.read_text(encoding="utf-8") == golden.read_text(encoding="utf-8")


# Ratios.


def test_a_ratio_shows_its_figures_with_their_words_and_its_base_year() -> None:
    table = annexes()[0]
    assert row(table, "设立研发机构比例") == [
        "%", "10", "11", "力争12%", "13以上", "13以上", "—",
    ]  # fmt: skip
    assert row(table, "提高") == ["百分点", "", "", "", "", "3", ""]
    assert row(table, "北部小计", after="设立研发机构比例") == [
        "%", "10.0", "10.1", "11.4", "12左右", "12左右", "—",
    ]  # fmt: skip


def test_a_cut_until_the_last_year_leaves_the_years_between_open() -> None:
    table = annexes()[0]
    name = "单位工业增加值能耗降低率"
    assert row(table, name) == ["%", "—", "—", "—", "6%以上", "6%以上", "—"]
    assert row(table, "北部小计", after=name) == ["%", "—", "—", "—", "5", "5", "—"]
    assert f"{name}：与2014年相比" in table.notes


def test_a_cut_without_a_figure_for_the_area_shows_its_numbers() -> None:
    one = intensity("saving", "节能降耗", publish="cut", group_targets={"北部": {"cut": 0.05}})
    table = annex1(numbers(one))
    assert row(table, "节能降耗降低率") == ["%", "—", "2.08", "4.09", "6.10", "6.10", "—"]
    assert row(table, "北部小计") == ["%", "—", "2.08", "4.12", "5", "5", "—"]


def test_a_ratio_whose_value_is_printed_has_rows_of_its_cuts() -> None:
    table = annexes()[0]
    name = "单位工业增加值电耗"
    assert row(table, name)[:2] == ["吨/万元", "1.10"]
    assert row(table, "下降", after=name) == ["", "", "", "", "", "6%", ""]
    yearly = row(table, "比上年下降", after=name)
    assert yearly == ["", "", "2%以上", "2%以上", "2%以上", "", ""]


def test_a_rise_is_told_in_points() -> None:
    assert row(annexes()[0], "数字化企业比例提高幅度") == [
        "百分点", "—", "—", "—", "4个百分点以上", "4个百分点以上", "—",
    ]  # fmt: skip


def test_what_the_city_alone_must_reach_is_in_annex_1_only() -> None:
    first, *years = annexes()
    assert row(first, "技改面") == ["%", "—", "—", "—", "50以上", "50以上", "—"]
    assert all("技改面" not in year.frame() for year in years)
    free = percent("a", "技改面", numerator={"cumulative": "upgraded"}, decompose=False)
    upgraded = next(one for one in PLAN["indicators"] if one["id"] == "upgraded")
    without_figures = annex1(numbers(upgraded, free))
    assert row(without_figures, "技改面") == ["%", "—", "20.6", "38.8", "53.0", "53.0", "—"]


def test_a_base_ratio_is_printed_where_every_region_has_one() -> None:
    told = {"target": {"each_year": 11}}
    tables = [
        annex1(numbers(percent("a", "a", base_numerator=base, **told)))
        for base in (by_region(8, 4, 3.3), {"甲区": 8, "乙县": 4})
    ]
    assert [row(table, "a")[1] for table in tables] == ["10.2", "—"]
    tables = [
        annex1(numbers(percent("a", "a", base_numerator={"甲区": 8}, **told, regions=["甲区"])))
    ]
    assert [row(table, "a")[1] for table in tables] == ["10"]


def test_percentages_have_one_sign() -> None:
    for table in annexes():
        frame = table.frame().astype(str)
        assert not frame.apply(lambda column: column.str.fullmatch(r"[\d.]+%")).to_numpy().any()
        assert "%%" not in markdown([table])
    first = annexes()[0].frame().set_index("指标")
    assert first.loc["设立研发机构比例", "2015年"] == 11
    assert first.loc["设立研发机构比例", "2016年"] == "力争12%"


def test_ratios_of_the_area_and_of_groups_are_made_of_printed_numbers(
    solved: dc.Allocation,
) -> None:
    settled = solved.values  # noqa: PD011 # an Allocation's
    value = settled.set_index(["indicator", "region", "year"])["value"]
    quota = solved.quotas.set_index(["indicator", "region", "year"])["quota"]
    data = {one["id"]: one for one in PLAN["indicators"]}
    firms, added = data["firms"]["values"], data["added"]["base"]
    compared = differs = 0
    for year in solved.plan.years:
        table = annex2(solved, year)
        names = [column.key for column in table.columns]
        for line, members in (("全市", REGIONS), ("北部小计", REGIONS[1:])):
            (cells,) = (one.cells for one in table.rows if one.cells[0].text == line)
            shown = dict(zip(names, (cell.number for cell in cells), strict=True))
            whole = sum(firms[year][name] for name in members)
            share = sum(firms[year][name] * quota["research", name, year] for name in members)
            output = sum(value["added", name, year] for name in members)
            used = {
                name: value["added", name, year]
                * (data["energy"]["base"][name] / added[name])
                * (1 - quota["saving", name, year] / 100)
                for name in members
            }
            base = sum(map(data["energy"]["base"].get, members)) / sum(map(added.get, members))
            cut = 100 * (1 - sum(used.values()) / output / base)
            assert shown["设立研发机构比例"] == pytest.approx(share / whole, abs=0.05 + 1e-9)
            assert shown["单位工业增加值能耗降低率"] == pytest.approx(cut, abs=0.005 + 1e-9)
            mean = sum(quota["research", name, year] for name in members) / len(members)
            differs += shown["设立研发机构比例"] != round(mean, 1)
            compared += 1
        assert any(note.startswith("比率类指标的合计") for note in table.notes)
    assert compared == 6
    assert differs


# Given series, increments, goals in words.


def test_given_data_are_printed_as_they_are() -> None:
    firms = {"id": "rate", "kind": "given", "unit": "万元"}
    values = {2015: by_region(1.25, 2, 3), 2016: by_region(1.5, 2, 3), 2017: by_region(2, 2, 3.5)}
    plan = plan_of({**firms, "values": values})
    grid = np.array([list(series.values()) for series in values.values()]).T
    printed = Numbers(plan, {**GRIDS, "rate": grid}, VALUES)
    assert row(annex1(printed), "规上企业数") == ["家", "150", "160", "170", "185", "185", "7.2%"]
    assert row(annex1(printed), "rate")[1:6] == ["—", "6.25", "6.50", "7.50", "7.50"]
    column = [cells[-1] for cells in texts(annex2(printed, 2015))]
    assert column == ["6.25", "1.25", "2.00", "3.00", "5.00"]
    hidden = numbers({**PLAN["indicators"][1], "id": "b", "name": "b", "report": False})
    assert "b" not in annex2(hidden, 2015).frame()


def test_increments_are_called_so_and_add_up() -> None:
    first, *years = annexes()
    assert row(first, "工业增加值增量") == [
        "亿元", "—", "9.9", "11.1", "12.0", "33.0", "10%左右",
    ]  # fmt: skip
    assert row(first, "指标值") == ["亿元", "100", "", "", "133左右", "133左右", ""]
    frame = years[0].frame()
    assert frame.loc["全市", "工业增加值增量"] == 9.9
    assert "工业增加值" not in frame


@pytest.mark.parametrize(
    ("keys", "name", "unit"),
    [
        ({"kind": "level", "name": "研发投入", "publish": "increment"}, "研发投入增量", "户"),
        ({"kind": "level", "name": "新增企业", "publish": "increment"}, "新增企业", "户"),
        ({"kind": "ratio", "name": "能耗", "publish": "cut"}, "能耗降低率", "%"),
        ({"kind": "ratio", "name": "能耗下降幅度", "publish": "cut"}, "能耗下降幅度", "%"),
        ({"kind": "ratio", "name": "能耗", "publish": "cut", "cut_unit": "‰"}, "能耗降低率", "‰"),
        ({"kind": "ratio", "name": "覆盖率", "publish": "rise"}, "覆盖率提高幅度", "户"),
        ({"kind": "ratio", "name": "覆盖率", "publish": "rise", "unit": "%"},
         "覆盖率提高幅度", "百分点"),
        ({"kind": "ratio", "name": "覆盖率提升", "publish": "rise"}, "覆盖率提升", "户"),
    ],
)  # fmt: skip
def test_headings_say_what_is_printed(keys: dict[str, Any], name: str, unit: str) -> None:
    source: dict[str, Any] = {}
    if keys["kind"] == "ratio":
        source = {"denominator": "firms", "base_numerator": by_region(8, 4, 3.3)}
    printed = numbers({"id": "x", "unit": "户", **source, **keys})
    column = annex2(printed, 2015).columns[-1]
    assert (column.key, column.name, column.unit) == (name, name, unit)
    cells = texts(annex1(printed))[-1]
    assert cells[1:3] == [name, unit]


def test_a_goal_in_words_stands_across_the_years() -> None:
    first, *years = annexes()
    words = "控制在省下达目标范围内"
    assert texts(first)[-1][2:] == ["", "—", *[words] * 4, "—", "", "市环保局"]
    assert markdown([first]).count(words) == 1
    frame = first.frame().set_index("指标")
    assert list(frame.loc["主要污染物排放量", ["2015年", "2017年", "累计/期末"]]) == [words] * 3
    assert frame.loc["主要污染物排放量", "2014年"] == "—"
    assert all("主要污染物排放量" not in year.frame() for year in years)
    assert table_csv(first).decode("utf-8-sig").count(words) == 4


def test_a_long_goal_is_wrapped_within_the_cells_that_it_covers(tmp_path: Path) -> None:
    words = "坚决完成国家和省下达的节能减排、淘汰落后产能任务," * 4
    plain, long = (
        annex1(numbers({"id": "a", "kind": "text", "text": text})) for text in ("完成", words)
    )
    sizes = []
    for table in (plain, long):
        (tmp_path / "a.xlsx").write_bytes(excel(Document("", (table,))))
        sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["附件1"]
        (merged,) = (found for found in sheet.merged_cells.ranges if found.min_row > 4)
        start = sheet.cell(merged.min_row, merged.min_col)
        assert start.value == table.rows[-1].cells[4].text
        assert start.alignment.wrap_text
        assert merged.max_col - merged.min_col == 3
        sizes.append(
            (
                [column.width for column in sheet.column_dimensions.values()],
                sheet.row_dimensions[merged.min_row].height,
            )
        )
    assert sizes[0][0] == sizes[1][0]
    assert sizes[1][1] >= 4 * sizes[0][1]


def test_every_cell_of_a_workbook_is_that_of_the_table(tmp_path: Path) -> None:
    tables = annexes()
    (tmp_path / "a.xlsx").write_bytes(excel(Document("", tuple(tables))))
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    compared = 0
    for table in tables:
        page, sheet = layout(table), book[table.name]
        heads = [cell.value for (cell,) in sheet.iter_rows(max_col=1)]
        first = heads.index(page.heads[0]) + 1 + page.depth
        for number, line in enumerate(page.rows, start=first):
            for column, cell in enumerate(line.cells, start=1):
                found = sheet.cell(number, column)
                wanted = (cell.text or None) if cell.number is None else cell.number
                assert found.value == (None if cell.joined else wanted)
                compared += 1
    assert compared > 250


# Stretch figures.


def test_stretch_figures_stand_under_the_base_figures() -> None:
    table = annexes()[0]
    assert row(table, "技改投资") == ["亿元", "15", "18", "22", "26", "66以上", "20.1%"]
    assert row(table, "力争目标") == ["亿元", "", "20", "24", "28", "72左右", "26%左右"]
    group = row(table, "力争目标", after="北部小计")
    assert group == ["亿元", "", "10.0", "11.6", "13.2", "34.8", "23.5%"]
    assert sum(cells[1] == "力争目标" for cells in texts(table)) == 2
    assert len(table.frame()) == 10


def test_stretch_quotas_stand_beside_the_base_quotas() -> None:
    table = annexes()[1]
    page = layout(table)
    assert page.headings[:4] == (
        Heading("地区", 0, 0, rows=2),
        Heading("技改投资", 0, 1, columns=2, unit="（亿元）"),
        Heading("基本", 1, 1),
        Heading("力争", 1, 2),
    )
    assert page.heads[:3] == ("地区", "技改投资（亿元）", "技改投资（力争）")
    frame = table.frame()[["技改投资", "技改投资（力争）"]]
    expected = pd.DataFrame(
        {"技改投资": [18.0, 9.6, 4.9, 3.5], "技改投资（力争）": [20.0, 10.0, 5.4, 4.6]},
        index=pd.Index(["全市", *REGIONS], name="地区"),
    )
    pd.testing.assert_frame_equal(frame, expected)
    turned = layout(annex2(with_stretch(), 2015, turned=True))
    assert [one.cells[0].text for one in turned.rows][:2] == ["技改投资", "力争"]


def test_a_part_with_stretch_quotas_says_so() -> None:
    part = {
        "id": "part",
        "name": "设备投资",
        "parent": "whole",
        "kind": "flow",
        "target": {"total": 6, "stretch": {"total": 8}},
    }
    whole = {"id": "whole", "name": "投资", "kind": "flow"}
    plan = plan_of(whole, part)
    table = annex2(Numbers(plan, {}, {}, Numbers(plan, {}, {})), 2015)
    names = [head.text for head in layout(table).headings]
    assert names[-4:] == ["投资", "合计", "其中：设备投资", "其中：设备投资（力争）"]
    assert list(table.frame())[-3:] == ["投资", "设备投资", "设备投资（力争）"]


def test_numbers_that_others_stretch_moved_are_printed_without_words() -> None:
    plan = dc.Plan.model_validate(PLAN)
    moved = {**GRIDS, "upgraded": GRIDS["upgraded"] + 1}
    table = annex1(Numbers(plan, GRIDS, VALUES, Numbers(plan, moved, VALUES)))
    assert row(table, "力争目标", after="完成技改企业") == [
        "家", "", "36", "36", "35", "107", "—",
    ]  # fmt: skip


def test_what_was_solved_is_printed(solved: dc.Allocation) -> None:
    first = annex1(solved)
    kinds = [one.kind for one in first.rows]
    assert kinds.count(RowKind.INDICATOR) == len(solved.annex1()) == 10
    area = solved.annex2(2017).loc["全市"].astype(float).to_dict()
    assert area["技改投资（力争）"] >= area["技改投资"]
    assert area["设立研发机构比例"] >= 13
    assert area["单位工业增加值能耗降低率"] >= 6
    assert solved.stretch is not None
    printed = markdown(solved.stretch.tables())
    assert "力争目标" not in printed
    assert "（力争）" not in printed


def test_english_words() -> None:
    first, year = annex1(with_stretch(), language="en"), annex2(with_stretch(), 2015, language="en")
    assert [cells[1] for cells in texts(first)][:2] == ["技改投资", "Stretch target"]
    assert "cut of 单位工业增加值能耗: compared with 2014" in first.notes
    assert "技改投资 (stretch)" in year.frame()
    assert "rise of 数字化企业比例" in year.frame()


def test_a_plan_of_one_year_has_no_years_between() -> None:
    series = PLAN["indicators"][1]["values"]
    firms = {**PLAN["indicators"][1], "values": {year: series[year] for year in (2014, 2015)}}
    cut = percent("a", "隐患率", publish="cut", base_numerator=by_region(8, 4, 3))
    text = {"id": "b", "kind": "text", "text": "全面完成"}
    plan = dc.Plan.model_validate(
        {**PLAN, "years": [2015], "indicators": [firms, {**cut, "target": {"cut": "4%"}}, text]}
    )
    table = annex1(Numbers(plan, {}, {}))
    assert row(table, "隐患率降低率")[1:5] == ["—", "4", "4", "—"]
    assert row(table, "b")[1:5] == ["—", "全面完成", "全面完成", "—"]
