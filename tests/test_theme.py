"""A bureau's own look: what a theme changes, and what is told where it is wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest

import decompose as dc
from decompose.report import Theme, document, markdown, read_theme, write_report
from decompose.report.kinds import KINDS
from decompose.report.theme import theme_of
from tests.test_report_sheets import investment, plan, texts

THEME = """
titles:
  annex2: 示例市{year}年度任务分解（{title}）
  letters: "{region}责任书"
sheets: [annex2, letters]
leave_out:
  letters: [单位]
fonts: {title: 华文中宋, body: 仿宋_GB2312}
sizes: {title: 小二, body: 12, label: 三号}
colours: {head: "#ddebf7"}
margins: {left: 25}
formulas: true
"""


@pytest.fixture(scope="module")
def allocation() -> dc.Allocation:
    return dc.solve(plan(investment()))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "theme.yaml").write_text(THEME, encoding="utf-8")
    return tmp_path / "theme.yaml"


def test_a_theme_chooses_sheets_titles_and_columns(allocation: dc.Allocation, path: Path) -> None:
    content = document(allocation, theme=read_theme(path))
    assert [table.kind for table in content.tables] == ["annex2"] * 2 + ["letters"] * 3
    assert [table.title for table in content.tables] == [
        "示例市2015年度任务分解（示例行动）",
        "示例市2016年度任务分解（示例行动）",
        "甲区责任书",
        "乙区责任书",
        "丙区责任书",
    ]
    letter = content.tables[2]
    assert "单位" not in [column.key for column in letter.columns]
    assert texts(letter)[0][:3] == ["1", "技改投资", "5.0"]
    assert "## 甲区责任书" in markdown(content.tables)


def test_letters_are_signed_where_the_theme_says_so(
    allocation: dc.Allocation, tmp_path: Path
) -> None:
    theme = {"signatures": ["{region}（盖章）：", "=1+1"], "sheets": ["annex1", "letters"]}
    lines = ["甲区（盖章）：", "=1+1"]
    content = document(allocation, theme=theme_of(theme))
    assert [one.signatures for one in content.tables[:2]] == [(), tuple(lines)]
    for suffix in ("xlsx", "docx", "html", "md"):
        write_report(allocation, tmp_path / f"a.{suffix}", theme=theme)
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["责任书-甲区"]
    found = [cell for cell in sheet["A"] if cell.value in lines]
    assert [(cell.value, cell.data_type) for cell in found] == [(one, "s") for one in lines]
    assert found[-1].row == sheet.max_row
    assert sheet.print_area.endswith(f"${sheet.max_row}")
    told = [one.text for one in docx.Document(str(tmp_path / "a.docx")).paragraphs]
    assert [one for one in told if one in lines][:2] == lines  # those of the first letter
    for suffix in ("html", "md"):
        text = (tmp_path / f"a.{suffix}").read_text(encoding="utf-8")
        assert text.index("甲区（盖章）：") < text.index("乙区（盖章）：")
    with pytest.raises(dc.PlanError, match="signatures"):
        theme_of({"signatures": ["{county}："]})


def test_a_theme_reaches_a_workbook(allocation: dc.Allocation, path: Path, tmp_path: Path) -> None:
    write_report(allocation, tmp_path / "a.xlsx", theme=path)
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["附件2-2015"]
    label, title, head = sheet["A1"], sheet["A2"], sheet["A4"]
    assert (label.font.name, label.font.sz) == ("SimHei", 16)
    assert (title.font.name, title.font.sz) == ("华文中宋", 18)
    assert head.fill.fgColor.rgb == "FFDDEBF7"
    assert (sheet["A5"].font.name, sheet["A5"].font.sz) == ("仿宋_GB2312", 12)
    assert sheet["B5"].value == "=SUM(B6:B8)"
    plain = tmp_path / "b.xlsx"
    write_report(allocation, plain, theme=path, formulas=False)
    assert openpyxl.load_workbook(plain)["附件2-2015"]["B5"].value == 12


def test_a_theme_reaches_a_document(allocation: dc.Allocation, path: Path, tmp_path: Path) -> None:
    write_report(allocation, tmp_path / "a.docx", theme=path)
    file: Any = docx.Document(str(tmp_path / "a.docx"))
    title = file.styles["DecomposeTitle"]
    assert title.font.size is not None
    assert title.font.size.pt == 18
    fonts = title.element.rPr.rFonts
    assert fonts.get(docx.oxml.ns.qn("w:eastAsia")) == "华文中宋"
    assert round(file.sections[0].left_margin.mm) == 25
    assert len(file.tables) == 5


def test_the_sheets_of_other_reports_are_no_concern_of_an_allocation(
    allocation: dc.Allocation,
) -> None:
    theme = Theme(sheets=("progress",))
    kinds = {table.kind for table in document(allocation, theme=theme).tables}
    assert {"annex1", "annex2", "letters"} <= kinds


def test_csv_writes_the_first_sheet_that_is_asked_for(
    allocation: dc.Allocation, tmp_path: Path
) -> None:
    write_report(allocation, tmp_path / "a.csv", theme={"sheets": ["grounds"]})
    assert (tmp_path / "a.csv").read_text(encoding="utf-8-sig").startswith("指标,地区,年份")


def told(said: Any) -> list[str]:
    with pytest.raises(dc.PlanError) as raised:
        theme_of(said)
    return [f"{one.where}：{one.message.text()}" for one in raised.value.mistakes]


def test_mistakes_name_their_key() -> None:
    assert told({"fonts": {"titel": "黑体"}}) == ["fonts.titel：没有“titel”这个键；可用的键：title"]
    assert told({"font": {}})[0].startswith("font：没有“font”这个键；可用的键：fonts")
    assert told({"sizes": {"body": "大号"}})[0].startswith("sizes.body：“大号”不是字号；请填磅数")
    assert told({"sizes": {"body": 500}})[0].startswith("sizes.body：")
    assert told({"colours": {"red": "red"}}) == [
        "colours.red：“red”不是颜色；请写成 #C00000 的样子"
    ]
    assert told({"sheets": ["annex3"]})[0].startswith(
        "sheets：没有“annex3”这种表；可写的有：annex1"
    )
    assert told({"sheets": []})[0].startswith("sheets：")
    assert told({"titles": {"annex2": "{jahr}年"}})[0].startswith(
        "titles：标题样式中的“jahr”读不懂；花括号里可写：{title}、{year}、{region}"
    )
    for pattern in ("{title.text}", "{title[0]}", "{", "{}", "{0}"):
        assert told({"titles": {"annex2": pattern}})
    assert told({"leave_out": {"annex2": "指标"}})[0].startswith("leave_out.annex2：")
    assert told(["fonts"])
    assert len(told({"font": 1, "colors": 2, "margins": {"top": -1}})) == 3


def test_mistakes_name_their_line(tmp_path: Path) -> None:
    path = tmp_path / "theme.yaml"
    path.write_text("fonts:\n  title: 黑体\nsizes:\n  body: 大号\n", encoding="utf-8")
    with pytest.raises(dc.PlanError, match="样式文件有 1 处错误") as raised:
        read_theme(path)
    assert raised.value.mistakes[0].where == "theme.yaml 第4行 sizes.body"
    path.write_text("fonts: [", encoding="utf-8")
    with pytest.raises(dc.PlanError):
        read_theme(path)
    with pytest.raises(dc.PlanError):
        read_theme(tmp_path / "none.yaml")


def test_an_empty_theme_changes_nothing(tmp_path: Path) -> None:
    assert theme_of(None) == Theme()
    (tmp_path / "a.yaml").write_text("fonts: {}\n", encoding="utf-8")
    assert read_theme(tmp_path / "a.yaml") == Theme()


def test_columns_that_are_not_there_are_told(allocation: dc.Allocation, tmp_path: Path) -> None:
    theme = {"leave_out": {"annex1": ["备注"]}}
    with pytest.raises(dc.ReportError, match=r"leave_out\.annex1：表中没有可以省去的“备注”列"):
        write_report(allocation, tmp_path / "a.md", theme=theme)
    with pytest.raises(dc.ReportError, match="“指标”"):
        write_report(allocation, tmp_path / "a.md", theme={"leave_out": {"annex1": ["指标"]}})
    assert list(tmp_path.iterdir()) == []


# The page.

PAGE = (Path(__file__).parent.parent / "docs" / "reports.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    return PAGE.split(f"```{language}\n")[1].split("```")[0]


def test_the_theme_of_the_page_is_one(allocation: dc.Allocation, tmp_path: Path) -> None:
    (tmp_path / "theme.yaml").write_text(block("yaml"), encoding="utf-8")
    theme = read_theme(tmp_path / "theme.yaml")
    assert set(theme.model_fields_set) == set(Theme.model_fields)
    for suffix in (".xlsx", ".docx", ".md", ".csv"):
        write_report(allocation, tmp_path / f"a{suffix}", theme=theme)


def test_the_page_names_every_sheet() -> None:
    assert all(f"`{kind}`" in PAGE for kind in KINDS)
