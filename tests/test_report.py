"""Files: every cell read back, no live formula, the same bytes again, whole or not at all."""

from __future__ import annotations

import builtins
import csv
import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

import decompose as dc
from decompose.labels import Language
from decompose.report import Document, excel, markdown, table_csv, write_report
from decompose.report.measure import PADDING, WIDE, column_widths
from decompose.report.widths import balanced, pad, width, wrapped
from decompose.tables import Cell, Column, ColumnKind, Row, RowKind, Table, annex1, annex2, layout
from tests.test_tables import QUOTAS, Numbers, count, numbers, plan_of

FORMATS = [".md", ".csv", ".xlsx", ".docx", ".html"]
LIVE = ["=1+1", "+1", "-1", "@SUM(A1)", "\uff1d2+2", "\uff0b2", "\uff0d2", "\uff202"]


@dataclass(frozen=True)
class Annexes:
    """Something with tables, as an Allocation is."""

    printed: Numbers = field(default_factory=lambda: numbers(plan_of(), QUOTAS))

    def tables(
        self, *, years: tuple[int, ...] | None = None, language: Language = "zh"
    ) -> tuple[Table, ...]:
        chosen = self.printed.plan.years if years is None else years
        return annex1(self.printed, language=language), *(
            annex2(self.printed, year, language=language) for year in chosen
        )


def with_live_names() -> Annexes:
    """A plan in which every name could be taken for a formula."""
    indicators = [count(f"i{k}", name=name) for k, name in enumerate(LIVE)]
    plan = plan_of(
        *indicators,
        title="=title",
        total_label="=total",
        data_status="=status",
        sections=[],
        regions=[f"{name} " for name in LIVE],
        groups={},
    )
    return Annexes(numbers(plan))


def open_book(path: Path) -> openpyxl.Workbook:
    return openpyxl.load_workbook(path)


def read_csv(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"))))


# Read back.


@pytest.mark.parametrize("turned", [False, True])
def test_every_cell_of_a_workbook_is_that_of_the_table(turned: bool, tmp_path: Path) -> None:
    tables = [
        replace(table, turned=turned and table.year is not None) for table in Annexes().tables()
    ]
    path = tmp_path / "annexes.xlsx"
    path.write_bytes(excel(Document("", tuple(tables))))
    book = open_book(path)
    assert book.sheetnames == ["附件1", "附件2-2015", "附件2-2016"]
    compared = 0
    for table in tables:
        page, sheet = layout(table), book[table.name]
        first = first_row(sheet, page.heads[0])
        for row, line in enumerate(page.rows, start=first + page.depth):
            for column, cell in enumerate(line.cells, start=1):
                found = sheet.cell(row, column)
                assert found.value == (cell.text or None if cell.number is None else cell.number)
                assert found.data_type == ("n" if cell.number is not None or not cell.text else "s")
                if cell.number is not None:
                    assert shown(found.value, found.number_format) == cell.text
                compared += 1
        for head in page.headings:
            text = f"{head.text}\n{head.unit}" if head.unit else head.text
            assert sheet.cell(first + head.row, head.column + 1).value == text
        values = [cell.value for (cell,) in sheet.iter_rows(max_col=1)]
        assert values[:3] == [table.label, table.title, table.status_line]
        assert all(any(note in str(value) for value in values) for note in table.notes)
    assert compared > 150


def first_row(sheet: Worksheet, head: str) -> int:
    found: int = next(cell.row for (cell,) in sheet.iter_rows(max_col=1) if cell.value == head)
    return found


def shown(value: Any, number_format: str) -> str:
    """Write a number as a spreadsheet does with a format such as 0.00 or 0.0%."""
    percent = number_format.endswith("%")
    places = len(number_format.rstrip("%").partition(".")[2])
    return f"{value:.{places}{'%' if percent else 'f'}}"


def test_merged_cells_stand_in_headings_only(tmp_path: Path) -> None:
    write_report(Annexes(), tmp_path / "a.xlsx")
    for sheet in open_book(tmp_path / "a.xlsx"):
        body = sheet.freeze_panes
        row = sheet[body].row
        assert sheet.merged_cells.ranges
        assert all(merged.max_row < row for merged in sheet.merged_cells.ranges)


def test_sheets_are_ready_for_the_printer(tmp_path: Path) -> None:
    write_report(Annexes(), tmp_path / "a.xlsx")
    sheet = open_book(tmp_path / "a.xlsx")["附件2-2015"]
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (
        None,
        0,
    )  # one wide is the default
    assert sheet.print_title_rows == "$4:$5"
    assert sheet.freeze_panes == "B6"
    assert sheet.print_area == "'附件2-2015'!$A$1:$F$17"
    assert sheet.column_dimensions["B"].width >= width("工业增加值")


def test_every_cell_of_a_csv_is_that_of_the_table(tmp_path: Path) -> None:
    path = tmp_path / "annex2.csv"
    write_report(Annexes(), path)
    table = Annexes().tables()[1]
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    head, *rows = read_csv(path)
    assert head == [
        "地区",
        "工业增加值（亿元）",
        "技改投资（亿元）",
        "完成技改企业（家）",
        "大型企业（家）",
        "循环化改造园区（个）",
    ]
    assert rows == [[cell.text for cell in row.cells] for row in table.rows]


def test_a_csv_is_never_turned() -> None:
    table = Annexes().tables()[1]
    assert table_csv(replace(table, turned=True)) == table_csv(table)


def test_a_markdown_table_has_every_cell_in_aligned_columns() -> None:
    for table in Annexes().tables():
        page = layout(table)
        lines = [line for line in markdown([table]).splitlines() if line.startswith("|")]
        assert len({width(line) for line in lines}) == 1
        cells = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]
        assert tuple(cells[0]) == page.heads
        assert cells[2:] == [[cell.text for cell in row.cells] for row in page.rows]


@pytest.mark.parametrize(
    ("suffix", "years", "expected"),
    [
        (".xlsx", None, ["附件1", "附件2-2015", "附件2-2016"]),
        (".xlsx", [2016], ["附件1", "附件2-2016"]),
        (".xlsx", [], ["附件1"]),
    ],
)
def test_years_may_be_chosen(
    suffix: str, years: list[int] | None, expected: list[str], tmp_path: Path
) -> None:
    write_report(Annexes(), tmp_path / f"a{suffix}", years=years)
    assert open_book(tmp_path / f"a{suffix}").sheetnames == expected


def test_a_csv_has_the_first_of_the_chosen_years(tmp_path: Path) -> None:
    write_report(Annexes(), tmp_path / "a.csv", years=[2016])
    assert read_csv(tmp_path / "a.csv")[1][:3] == ["全市", "121.0", "30.0"]


def test_suffixes_may_be_in_capitals_and_paths_texts(tmp_path: Path) -> None:
    write_report(Annexes(), str(tmp_path / "a.MD"), language="en")
    text = (tmp_path / "a.MD").read_text(encoding="utf-8")
    assert text.startswith("Annex 1\n\n## 示例行动: overall targets\n\n(示例数据)\n\n| No.")


# Text stays text.


def test_no_text_of_a_workbook_is_a_formula_or_a_link(tmp_path: Path) -> None:
    write_report(with_live_names(), tmp_path / "a.xlsx")
    found = set()
    for sheet in open_book(tmp_path / "a.xlsx"):
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f"
                assert cell.hyperlink is None
                found.add(cell.value)
    assert {name.strip() for name in LIVE} <= found
    assert "=title目标总表" in found


def test_a_csv_leads_texts_that_look_like_formulas(tmp_path: Path) -> None:
    write_report(with_live_names(), tmp_path / "a.csv")
    head, *rows = read_csv(tmp_path / "a.csv")
    assert [row[0] for row in rows] == ["'=total", *(f"'{name}" for name in LIVE)]
    assert head[1:] == [f"'{name}（家）" for name in LIVE]


def test_a_csv_leaves_negative_numbers_alone() -> None:
    columns = (Column("a", "a", ColumnKind.LABEL), Column("b", "b"), Column("c", "c"))
    cells = (Cell("\t=1"), Cell(-1.5, 1), Cell(-2, words="-2左右"))
    table = Table("t", "t", "t", columns, (Row(RowKind.REGION, cells),))
    assert table_csv(table).decode("utf-8-sig") == "a,b,c\r\n'\t=1,-1.5,'-2左右\r\n"


def test_markdown_keeps_markup_out_of_names() -> None:
    plan = plan_of(count("a", name="a|b<i>*x*"), title="T[1](x)", data_status="a\nb")
    text = markdown([annex1(numbers(plan))])
    assert r"a\|b\<i>\*x\*" in text
    assert r"## T\[1](x)" in text
    assert "（a b）" in text


def test_sheets_with_impossible_or_equal_names_are_renamed(tmp_path: Path) -> None:
    table = Annexes().tables()[0]
    names = ["a/b:c", "A_B_C", "x" * 40, "x" * 40, "History", "'", ""]
    (tmp_path / "a.xlsx").write_bytes(
        excel(Document("", tuple(replace(table, name=name) for name in names)))
    )
    assert open_book(tmp_path / "a.xlsx").sheetnames == [
        "a_b_c",
        "A_B_C(2)",
        "x" * 31,
        "x" * 28 + "(2)",
        "History(2)",
        "_",
        "_(2)",
    ]


# Files.


@pytest.mark.parametrize("suffix", FORMATS)
def test_the_same_tables_give_the_same_bytes(suffix: str, tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_report(Annexes(), tmp_path / f"{name}{suffix}")
    assert (tmp_path / f"a{suffix}").read_bytes() == (tmp_path / f"b{suffix}").read_bytes()


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_missing_folder_is_told(suffix: str, tmp_path: Path) -> None:
    with pytest.raises(dc.ReportError, match=r"文件夹 .*none 不存在") as raised:
        write_report(Annexes(), tmp_path / "none" / f"a{suffix}")
    assert raised.value.code == "report_folder"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["a.htm", "a", "a.xls"])
def test_what_can_be_written_is_told(name: str, tmp_path: Path) -> None:
    with pytest.raises(dc.ReportError, match=re.escape(", ".join(FORMATS))):
        write_report(Annexes(), tmp_path / name, language="en")
    assert list(tmp_path.iterdir()) == []


def test_what_has_no_tables_is_refused(tmp_path: Path) -> None:
    with pytest.raises(dc.ReportError, match="Plan 不能写成表"):
        write_report(plan_of(), tmp_path / "a.md")  # type: ignore[arg-type] # that is refused


def test_an_unknown_year_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(dc.PlanError):
        write_report(Annexes(), tmp_path / "a.md", years=[2030])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("suffix", "package", "extra"), [(".xlsx", "xlsxwriter", "excel"), (".docx", "docx", "word")]
)
def test_a_missing_package_is_told_with_its_command(
    suffix: str, package: str, extra: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load: Callable[..., Any] = builtins.__import__

    def without(name: str, *args: Any) -> Any:
        if name == package:
            raise ImportError(name)
        return load(name, *args)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(dc.ReportError, match=rf'pip install "target-decompose\[{extra}\]"'):
        write_report(Annexes(), tmp_path / f"a{suffix}")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("failure", "code"),
    [(PermissionError(13, "locked"), "report_locked"), (OSError(28, "full"), "report_failed")],
)
def test_a_failed_write_keeps_the_old_file_and_leaves_nothing(
    failure: OSError, code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.md"
    path.write_text("old", encoding="utf-8")

    def fail(*_: object) -> None:
        raise failure

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(dc.ReportError) as raised:
        write_report(Annexes(), path)
    assert raised.value.code == code
    assert [found.name for found in tmp_path.iterdir()] == ["a.md"]
    assert path.read_text(encoding="utf-8") == "old"


def test_a_file_has_the_rights_that_new_files_have(tmp_path: Path) -> None:
    write_report(Annexes(), tmp_path / "a.md")
    (tmp_path / "plain").touch()
    rights = [(tmp_path / name).stat().st_mode for name in ("a.md", "plain")]
    assert rights[0] == rights[1]


def small_table(rows: int, columns: int = 2, notes: tuple[str, ...] = ()) -> Table:
    heads = [
        Column("地区", "地区", ColumnKind.LABEL),
        *(Column(f"{k}", "投资") for k in range(columns)),
    ]
    line = Row(
        RowKind.REGION, tuple(Cell("甲区") if k == 0 else Cell(1) for k in range(columns + 1))
    )
    title = "工业转型升级三年行动2015年度目标分解表"
    return Table("a", "附件2", title, tuple(heads), (line,) * rows, notes=notes)


def sheet_of(table: Table) -> Worksheet:
    found = openpyxl.load_workbook(io.BytesIO(excel(Document("", (table,))))).active
    assert isinstance(found, Worksheet)
    return found


def test_a_narrow_table_is_as_wide_as_its_title() -> None:
    sheet = sheet_of(small_table(3))
    columns = sheet.column_dimensions.values()
    across = sum(one.width * (one.max - one.min + 1) for one in columns)
    assert across >= 1.7 * width("工业转型升级三年行动2015年度目标分解表")
    assert sheet.row_dimensions[2].height == pytest.approx(28, abs=0.5)  # one line of it
    wide = sheet_of(small_table(3, columns=12))
    assert wide.column_dimensions["B"].width < 12


def test_notes_stand_under_one_another() -> None:
    sheet = sheet_of(small_table(1, notes=("甲", "乙，" * 40)))
    found = [str(cell.value) for (cell,) in sheet.iter_rows(min_row=5, max_col=1)]
    assert found[0] == "注：1. 甲"
    assert found[1].startswith("\u3000\u30002. 乙，乙")
    assert len(found) > 2
    assert all(line.startswith("\u3000\u3000乙，") for line in found[2:])


@pytest.mark.parametrize(
    ("rows", "pages"), [(20, 0), (24, 0), (26, 1), (28, 1), (30, 1), (40, 0), (75, 0), (90, 3)]
)
def test_a_few_lines_do_not_take_a_page_of_their_own(rows: int, pages: int) -> None:
    # a page has 508 points: label, title and heading take 72, each row 16; 26 fill it nearly
    fit = sheet_of(small_table(rows)).page_setup.fitToHeight
    assert fit == (None if pages == 1 else pages)  # one high is the default


def test_the_head_of_a_block_does_not_end_a_page() -> None:
    """Blocks of five rows: of 28 rows on a page, and 30 on the next ones, some end with a head."""
    columns = small_table(1).columns
    blank = (Cell(""),) * (len(columns) - 1)
    for before in range(20, 32):
        kinds = [RowKind.REGION] * before + ([RowKind.SECTION] + [RowKind.REGION] * 4) * 12
        rows = tuple(
            Row(kind, (Cell(f"{kind}{number}"), *blank)) for number, kind in enumerate(kinds)
        )
        sheet = sheet_of(replace(small_table(1), rows=rows))
        breaks = [one.id for one in sheet.row_breaks.brk]  # after these lines of the sheet
        first = sheet.max_row - len(rows) + 1
        heights = [(sheet.row_dimensions[k].height or 15) for k in range(1, sheet.max_row + 1)]
        heads = sum(heights[: first - 1]), heights[first - 2]
        for one in breaks:
            assert sheet.cell(one + 1, 1).value.startswith("section")
        # 842 points across a page and 595 along it, less 0.6 inches on each side
        begin, left = first, 595 - 86.4 - heads[0]
        for number in range(first, sheet.max_row + 1):
            if number - 1 in breaks or heights[number - 1] > left:
                assert not sheet.cell(number - 1, 1).value.startswith("section")
                begin, left = number, 595 - 86.4 - heads[1]
            left -= heights[number - 1]
        assert begin > first


# Widths.


def test_chinese_takes_two_columns() -> None:
    assert [width(text) for text in ("ab", "合计", "（）", "—", "e\u0301")] == [2, 4, 4, 1, 1]
    assert width("“—”", wide="WFA") == 6
    assert [pad("合计", 6), pad("合计", 6, right=True)] == ["合计  ", "  合计"]


def test_texts_are_broken_at_spaces_or_anywhere_in_chinese() -> None:
    assert wrapped("the sum of all", 8) == ["the sum", "of all"]
    assert wrapped("甲乙丙丁戊", 4) == ["甲乙", "丙丁", "戊"]
    assert wrapped("甲乙，丙“丁”", 4) == ["甲", "乙，", "丙", "“丁”"]
    assert wrapped("，，，", 2) == ["，", "，", "，"]
    assert wrapped("", 4) == [""]
    assert wrapped("甲", 1) == ["甲"]


def test_no_line_begins_with_a_closing_mark_or_breaks_a_number() -> None:
    assert wrapped("甲乙丙丁，戊己", 8) == ["甲乙丙", "丁，戊己"]
    assert wrapped("甲乙丙（丁戊）", 8) == ["甲乙丙", "（丁戊）"]
    assert wrapped("甲乙12.50元", 6) == ["甲乙", "12.50", "元"]
    assert wrapped("1234567890", 4) == ["1234", "5678", "90"]


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("行动方案2021年度目标分解表", ["行动方案2021年度目标分解表"]),
        (
            "高质量发展三年行动方案2021年度目标分解表",
            ["高质量发展三年行动方案", "2021年度目标分解表"],
        ),
        ("工业转型升级三年行动2015年1—6月排名表", ["工业转型升级三年行动", "2015年1—6月排名表"]),
        (
            "第十四个五年规划和二〇三五年远景目标纲要",
            ["第十四个五年规划", "和二〇三五年远景目标纲要"],
        ),
        (
            "清城区工业转型升级攻坚战三年行动目标责任书",
            ["清城区工业转型升级攻坚战", "三年行动目标责任书"],
        ),
        ("a plan of three years: targets by region, 2015", None),
        ("", [""]),
    ],
)
def test_a_title_is_broken_where_its_meaning_pauses(title: str, lines: list[str] | None) -> None:
    found = balanced(title, 38)
    assert lines in (None, found)
    assert "".join(found).replace(" ", "") == title.replace(" ", "")


@given(st.text("甲乙丙和，（）年一二12a 。", max_size=60), st.integers(4, 40))
def test_no_line_of_a_title_is_too_long(title: str, most: int) -> None:
    lines = balanced(title, most)
    assert "".join("".join(lines).split()) == "".join(title.split())
    # what cannot be broken may be longer, as everywhere
    usual = max(width(line, wide="WFA") for line in wrapped(title, most, wide="WFA"))
    assert max(width(line, wide="WFA") for line in lines) <= max(most, usual)


REGION = Column("地区", "地区", ColumnKind.LABEL)


def test_a_heading_leaves_no_letter_alone() -> None:
    table = Table("t", "", "t", (REGION, Column("a", "Rank in 三连一阳")), ())
    (_, first) = column_widths(layout(table))
    lines = wrapped("Rank in 三连一阳", int(first - PADDING), wide=WIDE)
    assert min(map(width, lines)) > 2


def test_a_path_is_not_broken() -> None:
    path = "indicators.upgrade_investment.limits.max"
    texts = Column("a", "a", ColumnKind.TEXT)
    row = Row(RowKind.REGION, (Cell(path), Cell("甲")))
    table = Table("t", "", "t", (texts, REGION), (row,))
    assert column_widths(layout(table), widest=24)[0] >= len(path) + PADDING
