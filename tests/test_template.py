"""The workbook as a planner sees it: drop-downs, a guide, an example; and the command."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from decompose import Plan, PlanError, ReportError, check, read_plan, solve
from decompose.cli import main
from decompose.labels import Language
from decompose.labels.workbook import CHOICES, LIST_MARKS
from decompose.labels.workbook import SHEETS as NAMES
from decompose.labels.workbook_heads import HEADS, guide_of, head_of
from decompose.reading.workbook.fields import ITEMS, LIMITS, NEEDED, SAME, SHEETS
from decompose.report import write_template
from decompose.report.template import template
from tests.workbooks import blank, cells

QINGYUAN = Path(__file__).parent.parent / "data" / "qingyuan" / "plan.yaml"


@pytest.fixture(scope="module")
def book() -> Any:
    return openpyxl.load_workbook(io.BytesIO(blank()))


def rows(data: bytes, sheet: str) -> list[list[Any]]:
    """Return the rows of a sheet under its headings."""
    return [row for row in cells(data)[sheet][1:] if any(cell is not None for cell in row)]


# What is written.


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_example_is_a_plan_that_can_be_solved(language: Language, tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    write_template(path, language=language)
    plan = read_plan(path)
    assert check(plan) == []
    quotas = solve(plan).quotas
    assert set(quotas["indicator"]) == {one.id for one in plan.indicators}


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("years", [[2026], [2026, 2027, 2028], [*range(2026, 2031)], [2030, 2035]])
def test_the_example_takes_any_years(language: Language, years: list[int], tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    write_template(path, years=years, language=language)
    plan = read_plan(path)
    assert list(plan.years) == years
    assert [issue.severity for issue in check(plan)] in ([], ["warning"])
    assert set(solve(plan).quotas["year"]) == set(years)
    titles = {title for sheet in cells(path.read_bytes()).values() for title in sheet[0] if title}
    assert not any("2015" in str(title) for title in titles)


def test_years_that_are_none_are_told(tmp_path: Path) -> None:
    with pytest.raises(PlanError, match="26"):
        write_template(tmp_path / "plan.xlsx", years=[26, 27])
    assert list(tmp_path.iterdir()) == []


def test_every_sheet_is_there_in_order_with_its_headings(book: Any) -> None:
    assert book.sheetnames == [text.zh for text in NAMES.values()]
    years = {"{year}年目标": "2015年目标", "{year}年已知数": "2014年已知数"}
    years["{year}年印作"] = "2015年印作"
    for code, fields in SHEETS.items():
        found = [cell.value for cell in book[NAMES[code].zh][1]]
        expected = [head_of(code, field).zh for field in fields]
        assert set(found) >= {years.get(head, head) for head in expected}


def test_cells_with_a_choice_have_a_drop_down(book: Any) -> None:
    for code, fields in SHEETS.items():
        sheet = book[NAMES[code].zh]
        heads = {cell.value: cell.column_letter for cell in sheet[1]}
        offered = {
            str(one.sqref).split("2:")[0]: one for one in sheet.data_validations.dataValidation
        }
        for field, kind in fields.items():
            if kind.choices:
                one = offered[heads[head_of(code, field).zh]]
                words = one.formula1.strip('"').split(",")
                assert words == [text.zh for text in CHOICES[kind.choices].values()]
                assert one.showErrorMessage != kind.free


def test_names_are_offered_from_their_sheets(book: Any) -> None:
    offered = {
        str(one.sqref): (one.formula1, one.showErrorMessage)
        for one in book["限制"].data_validations.dataValidation
    }
    assert offered["A2:A301"] == ("'指标'!$B$2:$B$301", False)
    assert offered["D2:D301"] == ('"2015,2016,2017"', False)


def test_blank_cells_are_text_so_that_3_5_stays(book: Any) -> None:
    def formats(sheet: Any) -> dict[int, str]:
        wide = sheet.column_dimensions.values()
        return {k: one.number_format for one in wide for k in range(one.min, one.max + 1)}

    for name in ("计划", "地区", "指标", "分组目标", "限制", "锁定", "其他"):
        sheet = book[name]
        assert {formats(sheet)[column] for column in range(1, sheet.max_column + 1)} == {"@"}
    assert formats(book["基数"])[2] == "General"


def test_the_guide_names_headings_that_the_sheets_have() -> None:
    book = cells(template(years=[2026, 2027]))
    heads = {name: set(rows[0]) for name, rows in book.items()}
    told = [row for row in book["填报说明"] if row[0] in heads and "2026" in str(row[1])]
    assert {row[1] for row in told if row[0] == "指标"} >= {"2026年目标", "2026年已知数"}
    assert all(row[1] in heads[row[0]] for row in told)


def test_the_guide_tells_how_to_fill_every_column() -> None:
    guide = cells(blank())["填报说明"]
    listed = {(row[0], row[1]): row[2] for row in guide}
    for code, heads in HEADS.items():
        if code == "plan":  # its rows are the items
            continue
        sheet = NAMES["plan" if code == "items" else code].zh
        for one in heads:
            head = head_of(code, one).zh.replace("{year}", "2015")
            assert guide_of(code, one).zh in listed[sheet, head]
    assert listed["指标", "类型"].startswith("必填。")
    assert any("decompose check" in str(row[0]) for row in guide)


def test_headings_tell_how_to_fill_them(book: Any) -> None:
    assert book["限制"]["C1"].comment.text == guide_of("limits", "scope").zh


def test_columns_that_few_plans_need_are_folded(book: Any) -> None:
    def folded(sheet: Any) -> set[Any]:
        wide = sheet.column_dimensions.values()
        spans = [range(one.min, one.max + 1) for one in wide if one.hidden]
        return {sheet.cell(1, column).value for span in spans for column in span}

    assert "适用地区" in folded(book["指标"])
    assert "名称" not in folded(book["指标"])
    plan = read_plan(QINGYUAN)
    used = openpyxl.load_workbook(io.BytesIO(template(plan)))["指标"]
    assert "适用地区" not in folded(used)
    assert "严格" in folded(used)


def test_an_example_is_grey_and_a_plan_is_not() -> None:
    plan = Plan.model_validate(
        {"years": [2015], "regions": ["甲"], "indicators": [{"id": "a", "kind": "flow"}]}
    )
    for data, grey in ((blank(), True), (template(plan), False)):
        sheet = openpyxl.load_workbook(io.BytesIO(data))["地区"]
        rules = {str(one.sqref): one.rules[0] for one in sheet.conditional_formatting}
        assert ("A2" in rules) == grey
        if grey:  # as long as the example stands there
            assert rules["A2"].operator == "equal"
            assert rules["A2"].formula == ['"甲区"']
            assert rules["A2"].dxf.font.italic
    assert any("灰色" in str(row[0]) for row in cells(blank())["填报说明"])
    assert not any("灰色" in str(row[0]) for row in cells(template(plan))["填报说明"])


def test_what_a_plan_says_stands_in_its_cells() -> None:
    data = template(read_plan(QINGYUAN))
    limits = rows(data, "限制")
    assert ["工业技术改造投资", "上限", "英德市", 2015, 3.2] in limits
    assert ["工业技术改造投资", "增速上限", "三连一阳", None, "45%"] in limits
    assert ["规模以上工业增加值", "下限", "合计:南中部", 2017, 515.6] in limits
    assert ["工业技术改造投资", None, "增速", 2015, "42%左右"] in rows(data, "所列数")
    assert ["清城区", "南中部", "清城", None, None] in rows(data, "地区")
    assert rows(data, "其他") == []


def test_the_same_plan_gives_the_same_bytes() -> None:
    assert template() == blank()
    assert template(read_plan(QINGYUAN)) == template(read_plan(QINGYUAN))


def test_no_text_is_a_formula_or_a_link() -> None:
    plan = Plan.model_validate(
        {
            "title": "=1+1",
            "years": [2015],
            "regions": ["https://example.org", "@a"],
            "indicators": [{"id": "a", "kind": "flow", "unit": "=cmd|x"}],
        }
    )
    book = openpyxl.load_workbook(io.BytesIO(template(plan)))
    found = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in found} <= {"s", "n"}
    assert not any(cell.hyperlink for cell in found)


def test_a_text_that_no_cell_holds_is_refused() -> None:
    plan = Plan.model_validate(
        {
            "title": "长",
            "years": [2015],
            # a list in one cell: names with a comma do not go beside one another
            "regions": [{"name": "甲", "aliases": [f"{n}、" + "长" * 250 for n in range(150)]}],
            "indicators": [{"id": "a", "kind": "flow"}],
        }
    )
    with pytest.raises(ReportError, match=r"“regions\.甲\.aliases”的内容超过 32767 字"):
        template(plan)


# The words.


def test_headings_and_words_are_told_apart() -> None:
    for code, fields in {**SHEETS, "items": ITEMS}.items():
        heads = [head_of(code, field) for field in fields]
        for language in (0, 1):
            words = [head[language].lower() for head in heads]
            assert len(set(words)) == len(words), code
    for name, choices in CHOICES.items():
        words = [*choices, *(text.zh for text in choices.values())]
        assert len(set(words)) == len(words), name
        assert not any(mark in word for word in words for mark in LIST_MARKS)


def test_what_rows_must_say_are_columns() -> None:
    for table in (NEEDED, SAME):
        for code, names in table.items():
            assert set(names) <= set(SHEETS[code])
    assert set(LIMITS) == set(CHOICES["limit"])


# The command.


def test_the_command_writes_a_template(tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    assert main(["template", str(path)]) == 0
    assert path.read_bytes() == blank()
    assert main(["template", str(path), "--from", str(QINGYUAN)]) == 0
    assert read_plan(path) == read_plan(QINGYUAN)
    again = tmp_path / "again.xlsx"
    assert main(["template", str(again), "--from", str(path), "--language", "en"]) == 0
    assert read_plan(again) == read_plan(QINGYUAN)
    assert main(["template", str(path), "--years", "2026", "2027"]) == 0
    assert read_plan(path).years == (2026, 2027)


def test_a_workbook_that_stands_there_is_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "计划.xlsx"
    assert main(["template", str(path), "--years", "2026-2028"]) == 0
    assert read_plan(path).years == (2026, 2027, 2028)
    held = path.read_bytes()
    assert main(["template", str(path), "--years", "2026", "2027", "2028"]) == 0
    assert [one.name for one in tmp_path.iterdir()] == ["计划.xlsx"], "the same again"
    assert main(["template", str(path)]) == 0
    assert (tmp_path / "计划（原）.xlsx").read_bytes() == held
    assert "计划（原）.xlsx" in capsys.readouterr().err
    assert main(["template", str(path), "--language", "en"]) == 0
    assert (tmp_path / "计划 (old).xlsx").read_bytes() == blank()
    assert main(["template", str(path), "--from", str(QINGYUAN)]) == 0
    assert (tmp_path / "计划（原1）.xlsx").exists()


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ([], "请写要做的事"),
        (["sovle", "a.xlsx"], "没有 'sovle' 这条命令"),
        (["check"], "缺少 plan"),
        (["template", "a.xlsx", "--years", "2028-2026"], "--years 写得不对：'2028-2026'"),
        (["solve", "a.xlsx", "--gap", "列"], "--gap 不能写 '列'"),
        (["solve", "a.xlsx", "-o"], "-o/--output 后面要写内容"),
        (["check", "a.xlsx", "--fast"], "不认识 --fast"),
    ],
)
def test_a_wrong_command_is_told_in_chinese(
    typed: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(typed)
    assert ended.value.code == 2
    assert told in capsys.readouterr().err


def test_the_command_tells_what_is_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["template", str(tmp_path / "plan.xls")]) == 2
    assert "模板须写成 .xlsx" in capsys.readouterr().err
    assert main(["template", str(tmp_path / "no" / "plan.xlsx")]) == 2
    assert main(["template", str(tmp_path / "a.xlsx"), "--from", "none.yaml"]) == 2
    assert list(tmp_path.iterdir()) == []
