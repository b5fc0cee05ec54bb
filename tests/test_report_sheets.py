"""The sheets beside the annexes: what each says, of plans small enough to check by hand."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

import decompose as dc
from decompose.comparing import Comparison
from decompose.report import document, markdown, write_report
from decompose.tables import RowKind, Table, layout

REGIONS = [{"name": name} for name in ("甲区", "乙区", "丙区")]


def plan(*indicators: dict[str, Any], **keys: Any) -> dc.Plan:
    """Three regions, two years."""
    return dc.Plan.model_validate(
        {
            "format": 1,
            "title": "示例行动",
            "area": "全市",
            "total_label": "全市",
            "base_year": 2014,
            "years": [2015, 2016],
            "regions": REGIONS,
            "indicators": list(indicators),
            **keys,
        }
    )


def investment(**keys: Any) -> dict[str, Any]:
    return {
        "id": "investment",
        "name": "技改投资",
        "kind": "flow",
        "unit": "亿元",
        "decimals": 1,
        "base": {"甲区": 5, "乙区": 3, "丙区": 2},
        "target": {"years": {2015: "12以上", 2016: 14}},
        **keys,
    }


def tables(what: Any, **keys: Any) -> dict[str, list[Table]]:
    found: dict[str, list[Table]] = {}
    for table in document(what, **keys).tables:
        found.setdefault(table.kind, []).append(table)
    return found


def texts(table: Table) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in table.rows]


def test_sheets_of_an_allocation_in_their_order() -> None:
    allocation = dc.solve(plan(investment(department=["市经信局"])))
    names = [table.name for table in document(allocation).tables]
    assert names == [
        "附件1",
        "附件2-2015",
        "附件2-2016",
        "责任单位",
        "核对",
        "依据",
        "责任书-甲区",
        "责任书-乙区",
        "责任书-丙区",
    ]
    assert [one.name for one in document(allocation, lists=False).tables] == names[:3]
    assert [one.name for one in document(allocation, years=[2016], lists=False).tables] == [
        "附件1",
        "附件2-2016",
    ]
    english = document(allocation, language="en").tables
    assert [one.name for one in english][3:6] == ["Departments", "Check of sums", "Grounds"]


# 责任书.


def test_a_letter_has_all_indicators_and_years_of_one_region() -> None:
    share = {
        "id": "firms",
        "name": "规上企业",
        "kind": "level",
        "unit": "家",
        "integer": True,
        "base": {"甲区": 10, "乙区": 6},
        "regions": ["甲区", "乙区"],
        "target": {"years": {2016: 20}},
        "section": "主体",
        "nature": "binding",
    }
    allocation = dc.solve(plan(investment(), share))
    first, _, last = tables(allocation)["letters"]
    assert first.title == "甲区示例行动目标责任书"
    assert [column.key for column in first.columns] == [
        "序号",
        "指标",
        "单位",
        "2014年",
        "2015年",
        "2016年",
        "累计/期末",
        "属性",
        "责任单位",
    ]
    assert texts(first) == [
        ["1", "技改投资", "亿元", "5.0", "6.0", "7.0", "13.0", "", ""],
        ["", "主体", "", "", "", "", "", "", ""],
        ["2", "规上企业", "家", "10", "11", "13", "13", "约束性", ""],
    ]
    assert texts(last) == [["1", "技改投资", "亿元", "2.0", "2.4", "2.8", "5.2", "", ""]]


def test_a_letter_has_stretch_quotas_and_changes_without_a_base() -> None:
    target = {"years": {2015: 12, 2016: 14}, "stretch": {"years": {2015: 15, 2016: 20}}}
    allocation = dc.solve(plan(investment(target=target)))
    first = tables(allocation)["letters"][0]
    assert texts(first)[1][1:7] == ["力争目标", "亿元", "", "7.5", "10.0", "17.5"]
    assert first.rows[1].kind is RowKind.CHANGE
    assert [one.name for one in tables(allocation)["grounds"]] == ["依据", "依据（力争）"]


def test_many_regions_have_letters_only_on_demand() -> None:
    names = [f"第{k}镇" for k in range(61)]
    many = investment(base=dict.fromkeys(names, 1), target={"years": {2015: 122}})
    allocation = dc.solve(plan(many, regions=[{"name": name} for name in names]))
    assert "letters" not in tables(allocation)
    asked = tables(allocation, theme=dc.report.Theme(sheets=("letters",)))
    assert list(asked) == ["letters"]
    assert len(asked["letters"]) == 61


# 责任单位.


def test_a_part_goes_with_its_whole_where_no_department_is_named() -> None:
    whole = investment(department=["经信局"])
    part = investment(id="part", name="设备投资", parent=whole["id"])
    own = investment(id="own", name="土建投资", parent=whole["id"], department=["住建局"])
    for one in (part, own):
        one["target"] = {"years": {2015: 4, 2016: 5}}
    (table,) = tables(dc.solve(plan(whole, part, own)))["departments"]
    names = [row[1] for row in texts(table)]
    assert names == ["经信局", "技改投资", "其中：设备投资", "住建局", "土建投资"]


def test_departments_answer_for_their_indicators() -> None:
    both = investment(department=["经信局", "科技局"])
    own = investment(id="other", name="工业投资", department=["科技局"])
    nobody = investment(id="third", name="无人负责")
    (table,) = tables(dc.solve(plan(both, own, nobody)))["departments"]
    told = [[row[1], row[-1]] for row in texts(table)]
    assert told == [
        ["经信局", ""],
        ["技改投资", "科技局"],
        ["科技局", ""],
        ["技改投资", "经信局"],
        ["工业投资", ""],
        ["未明确责任单位", ""],
        ["无人负责", ""],
    ]
    assert "departments" not in tables(dc.solve(plan(investment())))


# 核对.


def verdicts(**keys: Any) -> list[tuple[str, ...]]:
    (table,) = tables(dc.solve(plan(investment(**keys))))["sums"]
    return [
        (row[2], row[3], row[5], row[6], row[9]) for row in texts(table) if row[3] != "附件2合计"
    ]


def test_figures_are_compared_in_their_own_sense() -> None:
    assert verdicts(target={"years": {2015: "12以上", 2016: "14左右"}}) == [
        ("2015年", "指标值", "12以上", "12.0", "相符"),
        ("2016年", "指标值", "14左右", "14.0", "相符"),
    ]
    assert verdicts(target={"years": {2015: 12}, "margin": "5%"}) == [
        ("2015年", "指标值", "12", "12.6", "加码后相符"),
    ]


def test_stated_figures_are_computed_from_printed_numbers() -> None:
    stated = {
        "growth": {"average": "19%", 2015: "20%", 2016: "20%"},
        "increase": {"total": "4左右"},
        "total": "26",
    }
    assert verdicts(stated=stated, target={"years": {2015: 12, 2016: 14}}) == [
        ("2015年", "指标值", "12", "12.0", "相符"),
        ("2016年", "指标值", "14", "14.0", "相符"),
        ("合计", "指标值", "26", "26.0", "相符"),
        ("2015年", "增速", "20%", "20.0%", "相符"),
        ("2016年", "增速", "20%", "16.7%", "低于所列数"),
        ("合计", "年均增长", "19%", "18.3%", "低于所列数"),
        ("合计", "增量", "4左右", "4.0", "相符"),
    ]


@pytest.mark.parametrize(
    ("publish", "key", "words"),
    [
        ("value", "cut_each_year", "4%以上"),
        ("cut", "cut_each_year", "4%以上"),
        ("value", "rise_each_year", "0.04以上"),
        ("rise", "rise_each_year", "0.04以上"),
    ],
)
@pytest.mark.parametrize("years", [[2015, 2016], [2016, 2018]])
def test_yearly_changes_are_those_of_printed_sums(
    publish: str, key: str, words: str, years: list[int]
) -> None:
    bases = {"甲区": 64, "乙区": 33, "丙区": 21}
    output = {2014: dict.fromkeys(bases, 20)} | {
        year: {"甲区": 21 + k, "乙区": 22 + k, "丙区": 20 + 2 * k} for k, year in enumerate(years)
    }
    allocation = dc.solve(
        plan(
            {"id": "output", "kind": "given", "values": output, "report": False},
            {"id": "energy", "kind": "level", "unit": "万吨", "base": bases},
            {
                "id": "intensity",
                "kind": "ratio",
                "numerator": "energy",
                "denominator": "output",
                "publish": publish,
                "decimals": 4,
                "unit": "吨",
                "target": {key: words},
            },
            years=years,
        )
    )
    printed = allocation.region_values("energy").T
    below = {year: Fraction(sum(row.values())) for year, row in output.items()}
    ratio = {2014: Fraction(sum(bases.values())) / below[2014]}
    for year, row in zip(years, printed.tolist(), strict=True):
        ratio[year] = sum(map(Fraction, map(str, row)), Fraction()) / below[year]
    (table,) = tables(allocation)["sums"]
    falls = key == "cut_each_year"
    told = "比上年下降" if falls else "比上年提高"
    rows = [row.cells for row in table.rows if row.cells[3].text == told]
    assert [row[2].text for row in rows] == [f"{year}年" for year in years]
    for row, before, now in zip(rows, [2014, *years], years, strict=False):
        cut = 1 - float(ratio[now] / ratio[before]) ** (1 / (now - before))
        rise = float(ratio[now] - ratio[before]) / (now - before)
        assert [row[k].text for k in (5, 9)] == [words, "相符"]
        if falls:
            assert row[6].text == f"{cut:.1%}"
        else:  # of printed ratios, their numerators have steps of their own
            assert float(row[6].text) == pytest.approx(rise, abs=5e-4)


def test_what_is_not_handed_out_is_told() -> None:
    capped = investment(
        target={"years": {2015: 12}}, limits={"max": {"甲区": 4, "乙区": 3, "丙区": 2}}
    )
    allocation = dc.solve(plan(capped), gap="row")
    (table,) = tables(allocation)["sums"]
    first = texts(table)[0]
    assert first[5:] == ["12", "9.0", "3.0", "-3.0", "待落实"]


# 依据.


def test_grounds_name_the_rules_that_bind() -> None:
    capped = investment(limits={"max": {"甲区": {2015: 5.55}}})
    (table,) = tables(dc.solve(plan(capped)))["grounds"]
    first, second, *_ = texts(table)
    assert first[:4] == ["技改投资", "甲区", "2015", "亿元"]
    assert first[4:] == ["5.0", "6.000", "5.5", "5.500", "", "5.5", "上限"]
    assert second[-3:] == ["", "", "不受限制"]


# 冲突、办法.


def test_a_diagnosis_is_written_with_its_ways_out(tmp_path: Path) -> None:
    capped = investment(
        target={"years": {2015: 12}}, limits={"max": {"甲区": 4, "乙区": 3, "丙区": 2}}
    )
    found = dc.explain(plan(capped))
    write_report(found, tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert book.sheetnames == ["冲突", "办法"]
    conflict, ways = document(found).tables
    assert len(conflict.rows) == len(found.conflict)
    assert [row[-1] for row in texts(conflict)] == [rule.path for rule in found.conflict]
    assert all(
        row[1] == rule.text for row, rule in zip(texts(conflict), found.conflict, strict=True)
    )
    changes = [row for row in ways.rows if row.kind is not RowKind.SECTION]
    assert len(changes) == sum(len(repair.parts) for repair in found.repairs)
    assert [row.cells[-1].text for row in changes[: len(found.repairs[0].parts)]] == list(
        found.repairs[0].changes
    )
    assert "12" in conflict.notes[0]


def test_a_plan_that_can_be_met_says_so(tmp_path: Path) -> None:
    found = dc.explain(plan(investment()))
    (table,) = document(found).tables
    assert texts(table) == [[found.text()]] == [["各项规则可以同时满足，计划可行。"]]
    assert table.notes == ()
    write_report(found, tmp_path / "a.csv")
    assert "计划可行" in (tmp_path / "a.csv").read_text("utf-8-sig")


# Frames.


def test_a_sweep_stands_side_by_side(tmp_path: Path) -> None:
    scenarios = [
        dc.Scenario("现行"),
        dc.Scenario("加力", scale={"investment": 1.5}),
        dc.Scenario("过高", changes={"indicators.investment.limits.max": 1}),
    ]
    frame = dc.sweep(plan(investment()), scenarios)
    first, second = document(frame).tables
    assert [row[:2] for row in texts(first)] == [
        ["现行", "已求解"],
        ["加力", "已求解"],
        ["过高", "无法完成"],
    ]
    heads = [column.name for column in second.columns]
    assert heads == ["指标", "单位", "地区", "年份", "现行", "加力"]
    assert texts(second)[0] == ["技改投资", "亿元", "甲区", "2015", "6.0", "9.0"]
    assert second.title == "示例行动方案数字表"
    for suffix in (".xlsx", ".docx", ".md", ".csv", ".html"):
        write_report(frame, tmp_path / f"a{suffix}")
    # as one table it has the scenarios that have no numbers too
    lines = (tmp_path / "a.csv").read_text(encoding="utf-8-sig").splitlines()
    assert lines[0] == "方案,结果,原因,指标,单位,地区,年份,年度目标"
    assert len(lines) == 1 + len(frame)
    assert lines[1] == "现行,已求解,,技改投资,亿元,甲区,2015,6.0"
    assert lines[-1].startswith("过高,无法完成,")
    many = pd.concat([frame.assign(scenario=f"s{k}") for k in range(13)])
    (_, listed) = document(many).tables
    assert len(listed.columns) == 7


def test_scenarios_may_have_any_name() -> None:
    names = ["region", "year", "quota", "unit", "quota 1", "=1+1"]
    frame = dc.sweep(plan(investment()), [dc.Scenario(name) for name in names])
    (_, second) = document(frame).tables
    assert [column.name for column in second.columns[4:]] == names
    assert texts(second)[0][4:] == ["6.0"] * 6


def test_without_numbers_a_sweep_has_one_table_and_a_comparison_a_note() -> None:
    issued = dc.solve(plan(investment()))
    bad = dc.Scenario("过高", changes={"indicators.investment.limits.max": 1})
    (only,) = document(dc.sweep(issued.plan, [bad])).tables
    assert texts(only)[0][:2] == ["过高", "无法完成"]
    (same,) = document(dc.compare(issued, issued)).tables
    assert (same.rows, same.notes) == ((), ("两边的数字没有不同",))


def test_a_frame_without_its_plan_has_ids() -> None:
    frame = dc.sweep(plan(investment()), [dc.Scenario("现行")])
    frame.attrs = {}
    first, second = document(frame).tables
    assert first.title == "方案"
    assert texts(second)[0] == ["investment", "", "甲区", "2015", "6.0"]


def test_a_comparison_is_listed_as_it_is() -> None:
    frame = pd.DataFrame(
        {
            "indicator": ["a", "a"],
            "region": ["甲区", "=1+1"],
            "year": [2015, 2016],
            "before": [1.25, float("nan")],
            "after": [1.5, 2.0],
            "bound_by": ["max; growth.max", ""],
        }
    )
    (table,) = document(frame).tables
    heads = [column.name for column in layout(table).columns]
    assert heads == ["指标", "地区", "年份", "原", "现", "起作用的规定"]
    assert texts(table)[0] == ["a", "", "甲区", "2015", "1.25", "1.50", "上限、增速上限"]
    assert texts(table)[1][4:6] == ["", "2.00"]


def test_other_frames_are_refused(tmp_path: Path) -> None:
    with pytest.raises(dc.ReportError, match="列名为 x"):
        write_report(pd.DataFrame({"x": [1]}), tmp_path / "a.md")


def test_a_revision_has_its_changes_after_the_annexes() -> None:
    issued = dc.solve(plan(investment()))
    quotas = issued.quotas
    first = quotas[quotas["year"] == 2015].rename(columns={"quota": "value"})
    actuals = first.assign(period="2015")[["indicator", "region", "period", "value"]]
    actuals.loc[actuals["region"] == "甲区", "value"] -= 0.5
    revision = dc.revise(issued, actuals, through=2015)
    content = document(revision)
    kinds = [table.kind for table in content.tables]
    assert kinds[:3] == ["annex1", "annex2", "changes"]
    changes = content.tables[2]
    assert changes == revision.tables()[0]
    assert len(changes.rows) == len(revision.changes)
    assert changes.title == "示例行动目标调整表"
    assert changes.name == "调整对照"


def test_indicators_that_are_not_reported_are_in_no_comparison() -> None:
    hidden = investment(id="hidden", name="内部掌握数", report=False)
    before, after = (
        dc.solve(plan(*(one | {"target": {"years": {2015: total, 2016: 14}}} for one in both)))
        for both in [(investment(), hidden)]
        for total in (12, 13)
    )
    frame = dc.compare(before, after)
    assert set(frame["indicator"]) == {investment()["id"], "hidden"}
    scenarios = [dc.Scenario("甲"), dc.Scenario("乙", scale={"hidden": 1.1})]
    sweep = dc.sweep(before.plan, scenarios)
    assert "hidden" in set(sweep["indicator"])
    for what in (frame, Comparison(frame, before.plan, after.plan), sweep):
        page = document(what, page=True)
        assert page.tables[-1].rows
        assert "内部掌握数" not in str(page)
        assert "hidden" not in str(page.tables)


def test_a_comparison_has_the_pictures_of_its_frame() -> None:
    before, after = (
        dc.solve(plan(investment(target={"years": {2015: total, 2016: 14}}))) for total in (12, 13)
    )
    frame = dc.compare(before, after)
    page = document(Comparison(frame, before.plan, after.plan), page=True)
    assert page.pictures == document(frame, page=True).pictures
    assert page.pictures
    assert (page.title, page.tables[0].kind) == ("示例行动", "compared")


def test_two_allocations_are_compared(tmp_path: Path) -> None:
    before, after = (
        dc.solve(plan(investment(target={"years": {2015: total, 2016: 14}}))) for total in (12, 13)
    )
    frame = dc.compare(before, after)
    (table,) = document(frame).tables
    assert len(table.rows) == len(frame)
    assert texts(table)[0][:6] == ["技改投资", "亿元", "全市", "2015", "12.0", "13.0"]
    assert {row[3] for row in texts(table)} == {"2015", "合计"}
    assert table.title == "示例行动调整对照表"
    for suffix in (".xlsx", ".docx", ".md", ".csv"):
        write_report(frame, tmp_path / f"a{suffix}")


def test_the_check_of_sums_as_markdown() -> None:
    text = markdown(tables(dc.solve(plan(investment())))["sums"])
    assert text == (Path(__file__).parent / "golden" / "sums.md").read_text(encoding="utf-8")


def test_a_letter_as_markdown() -> None:
    text = markdown(tables(dc.solve(plan(investment())))["letters"][:1])
    assert text == (Path(__file__).parent / "golden" / "letter.md").read_text(encoding="utf-8")


def test_plans_without_any_numbers_have_the_first_annex_only() -> None:
    words = {"id": "words", "name": "环境", "kind": "text", "text": "明显改善"}
    assert list(tables(dc.solve(plan(words)))) == ["annex1"]


def test_growth_is_never_added_up() -> None:
    growing = investment(publish="growth", decimals=2, target={"growth_each_year": "10%"})
    allocation = dc.solve(plan(growing))
    found = tables(allocation)
    annex = found["annex2"][0]
    assert [column.adds for column in annex.columns] == [False, False]
    (line,) = texts(found["letters"][0])
    quotas = allocation.quotas.query("region == '甲区'")["quota"].tolist()
    assert line[4:7] == [f"{quotas[0]:.2f}", f"{quotas[1]:.2f}", "—"]
    told = ["增速", "%", "10%", "10.00", "", "0.00", "相符"]
    assert [row[3:] for row in texts(found["sums"][0])] == [told, told]
