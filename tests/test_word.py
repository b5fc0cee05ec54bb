"""A Word file, part by part: fonts, page numbers, sections, headings, rows, notes."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree as ET

import docx
import pytest
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st

from decompose.report import Document, Theme, word_file
from decompose.report.measure import column_widths
from decompose.report.panels import panels
from decompose.report.theme import Margins
from decompose.report.word_fit import Paper, character, fitted
from decompose.tables import Cell, Column, ColumnKind, Row, RowKind, Table, layout
from tests.test_report import Annexes, small_table

MILLIMETRE = 36_000


def opened(*tables: Table, theme: Theme | None = None) -> Any:
    return docx.Document(io.BytesIO(word_file(Document("示例", tables), theme)))


def part(name: str, *tables: Table) -> str:
    with zipfile.ZipFile(io.BytesIO(word_file(Document("示例", tables)))) as file:
        return file.read(name).decode()


def test_the_styles_are_those_of_official_documents() -> None:
    file = opened(*Annexes().tables())
    wanted = {
        "DecomposeLabel": ("黑体", 16),
        "DecomposeTitle": ("方正小标宋简体", 22),
        "DecomposeLine": ("楷体", 12),
        "DecomposeHead": ("黑体", 10.5),
        "DecomposeCell": ("宋体", 10.5),
        "DecomposeNote": ("宋体", 10.5),
        "DecomposePage": ("宋体", 14),
    }
    for name, (font, size) in wanted.items():
        style = file.styles[name]
        assert style.element.rPr.rFonts.get(qn("w:eastAsia")) == font
        assert style.font.name == "Times New Roman"
        assert style.font.size.pt == size
    first = [(one.style.name, one.text) for one in file.paragraphs[:3]]
    assert first == [
        ("DecomposeLabel", "附件1"),
        ("DecomposeTitle", "示例行动目标总表"),
        ("DecomposeLine", "（示例数据）"),
    ]
    assert file.styles["DecomposeTitle"].paragraph_format.alignment == 1  # centred


def test_fonts_have_other_names() -> None:
    fonts = ET.fromstring(part("word/fontTable.xml", small_table(1)))
    w = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    others = {
        font.attrib[f"{w}name"]: [one.attrib[f"{w}val"] for one in font.iter(f"{w}altName")]
        for font in fonts
    }
    assert others["黑体"] == ["SimHei"]
    (name,) = others["方正小标宋简体"]
    assert name.startswith("FZXiaoBiaoSong-B05S")


def test_pages_are_numbered_outside() -> None:
    file = opened(*Annexes().tables())
    assert file.settings.odd_and_even_pages_header_footer
    section = file.sections[0]
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        (line,) = footer.paragraphs
        assert line.paragraph_format.alignment == {"left": 0, "right": 2}[side]
        assert line._p.pPr.ind.get(qn(f"w:{side}")) == "280"
        assert "".join(node.text for node in line._p.iter(qn("w:t"))) == "— 1 —"
        (field,) = line._p.iter(qn("w:fldSimple"))
        assert field.get(qn("w:instr")).strip() == "PAGE"
    for one in file.sections:
        assert not one.footer.is_linked_to_previous
        assert not one.even_page_footer.is_linked_to_previous


def test_narrow_tables_stand_upright_and_wide_ones_across() -> None:
    upright, across = opened(small_table(3), small_table(3, columns=14)).sections
    assert [round(upright.page_width.mm), round(upright.page_height.mm)] == [210, 297]
    edges = upright.top_margin, upright.bottom_margin, upright.left_margin, upright.right_margin
    assert [round(edge.mm) for edge in edges] == [37, 35, 28, 26]
    assert [round(across.page_width.mm), round(across.page_height.mm)] == [297, 210]
    edges = across.top_margin, across.bottom_margin, across.left_margin, across.right_margin
    assert [round(edge.mm) for edge in edges] == [28, 26, 35, 37]


def test_tables_fill_the_text_and_never_stand_out() -> None:
    for columns in range(1, 40, 3):
        file = opened(small_table(3, columns=columns))
        for section, table in zip(file.sections, file.tables, strict=False):
            room = section.page_width - section.left_margin - section.right_margin
            across = sum(column.width for column in table.columns)
            assert room - MILLIMETRE < across <= room


def test_headings_repeat_and_rows_stay_whole() -> None:
    tables = Annexes().tables()
    for table, made in zip(tables, opened(*tables).tables, strict=True):
        depth = layout(table).depth
        for number, row in enumerate(made.rows):
            told = row._tr.trPr
            assert told.find(qn("w:cantSplit")) is not None
            assert (told.find(qn("w:tblHeader")) is not None) == (number < depth)


def test_headings_of_parts_stand_under_their_whole() -> None:
    table = Annexes().tables()[1]
    made = opened(table).tables[0]
    for heading in layout(table).headings:
        text = f"{heading.text}\n{heading.unit}" if heading.unit else heading.text
        for row in range(heading.row, heading.row + heading.rows):
            for column in range(heading.column, heading.column + heading.columns):
                assert made.cell(row, column).text == text


def test_the_last_rows_stay_with_the_notes() -> None:
    def kept(table: Table) -> list[bool]:
        rows = opened(table).tables[0].rows
        return [bool(row.cells[0].paragraphs[0].paragraph_format.keep_with_next) for row in rows]

    # of 3 rows each stays with the next, the last one with the notes
    assert kept(small_table(4, notes=("甲",))) == [False, False, True, True, True]
    assert kept(small_table(4)) == [False, False, True, True, False]


def test_notes_are_numbered_where_there_are_several() -> None:
    def notes(*texts: str) -> list[str]:
        lines = opened(small_table(1, notes=texts)).paragraphs
        return [line.text for line in lines if line.style.name == "DecomposeNote"]

    assert notes() == []
    assert notes("甲") == ["注：甲"]
    assert notes("甲", "乙") == ["注：1. 甲", "2. 乙"]


def test_colours_of_levels_fill_their_cells() -> None:
    columns = (Column("地区", "地区", ColumnKind.LABEL), Column("预警", "预警", ColumnKind.MARK))
    rows = tuple(
        Row(RowKind.REGION, (Cell("甲"), Cell(light, light=light)))
        for light in ("green", "yellow", "red", "")
    )
    made = opened(Table("t", "", "t", columns, rows)).tables[0]
    fills = [row.cells[1]._tc.tcPr.find(qn("w:shd")) for row in made.rows[1:]]
    shades = [None if fill is None else fill.get(qn("w:fill")) for fill in fills]
    assert shades == ["C6E0B4", "FFE699", "F4B084", None]


def test_texts_cannot_break_the_file() -> None:
    text = "<w:b/>&{footers}<footers/>\x0b\x00]]>'\"\n下一行"
    table = replace(small_table(1, notes=(text,)), title=text, label=text, unit_line=text)
    row = Row(RowKind.REGION, (Cell(text), *table.rows[0].cells[1:]))
    made = opened(replace(table, rows=(row,)))
    clean = "<w:b/>&{footers}<footers/>  ]]>'\"\n下一行"
    assert made.tables[0].cell(1, 0).text == clean
    assert made.paragraphs[0].text == clean


def test_the_file_says_nothing_of_the_machine() -> None:
    told = opened(small_table(1)).core_properties
    assert (told.title, told.author, told.last_modified_by) == ("示例", "", "")
    assert (told.created.year, told.modified.year) == (2000, 2000)
    content = word_file(Document("示例", (small_table(1),)))
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        assert {one.date_time for one in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert not any("thumbnail" in name for name in file.namelist())


def test_too_wide_a_table_comes_in_parts() -> None:
    table = small_table(3, columns=60)
    table = replace(table, unit_line="单位：亿元")
    made = opened(table)
    assert len(made.tables) > 1
    widths = [len(one.columns) for one in made.tables]
    assert sum(widths) == 60 + len(widths)
    assert max(widths) - min(widths) <= 1
    assert all(one.cell(1, 0).text == "甲区" for one in made.tables)
    text = "\n".join(line.text for line in made.paragraphs)
    assert re.findall(r"（续表 (\d)/(\d)）", text) == [
        (str(k), str(len(widths))) for k in range(2, len(widths) + 1)
    ]
    assert text.count("单位：亿元") == len(widths)


@pytest.mark.parametrize("room", [20.0, 31.0, 45.5, 80.0, 500.0])
def test_parts_have_every_column_once(room: float) -> None:
    for table in Annexes().tables():
        page = layout(table)
        widths = column_widths(page)
        parts = panels(page, widths, room)
        lead = page.label + 1
        while page.columns[lead].kind is ColumnKind.MARK:
            lead += 1
        heads = [head for part, _ in parts for head in part.heads[lead:]]
        assert heads == list(page.heads[lead:])
        for part, sizes in parts:
            assert part.heads[:lead] == page.heads[:lead]
            assert len(sizes) == len(part.columns)
            assert all(len(row.cells) == len(part.columns) for row in part.rows)
            covered = sorted(
                (row, column)
                for one in part.headings
                for row in range(one.row, one.row + one.rows)
                for column in range(one.column, one.column + one.columns)
            )
            assert covered == [(r, c) for r in range(part.depth) for c in range(len(sizes))]


def test_a_goal_in_words_that_is_cut_stands_in_both_parts() -> None:
    columns = (Column("a", "指标", ColumnKind.LABEL), *(Column(str(k), str(k)) for k in range(4)))
    words = [Cell("显著增强"), *[Cell("显著增强", joined=True)] * 3]
    page = layout(Table("t", "", "t", columns, (Row(RowKind.INDICATOR, (Cell("环境"), *words)),)))
    (first, _), (second, _) = panels(page, [10.0] * 5, 30.0)
    for one in (first, second):
        assert [cell.joined for cell in one.rows[0].cells] == [False, False, True]
        assert one.rows[0].cells[1].text == "显著增强"


def test_a_long_title_is_broken_in_the_middle() -> None:
    def title(text: str) -> list[str]:
        made = opened(replace(small_table(1), title=text)).paragraphs
        (found,) = [one.text for one in made if one.style.name == "DecomposeTitle"]
        return str(found).split("\n")

    assert title("短标题") == ["短标题"]
    lines = title("工业转型升级攻坚战三年行动2015年1—6月完成情况排名表")
    assert "".join(lines) == "工业转型升级攻坚战三年行动2015年1—6月完成情况排名表"
    assert [len(line) > 10 for line in lines] == [True, True]


PAPER = Paper(Margins(), label=16, title=22, line=12, body=10.5)


def test_a_few_lines_do_not_take_a_page_of_their_own() -> None:
    # a page has 638 points; label, title and headings take 86 or more, a row of 10.5 points 16.8
    fits = {rows: fitted(small_table(rows), PAPER) for rows in range(20, 60)}
    roomy = (10.5, 1.6)
    other = {rows: fit for rows, fit in fits.items() if (fit.size, fit.least) != roomy}
    assert list(other) == list(range(min(other), max(other) + 1))
    assert 30 < min(other) < 34
    # a quarter of a page is enough for a page of its own
    assert 33 * 1.25 - 2 < max(other) <= 33 * 1.25 + 2
    heights = [fit.size * fit.least for fit in other.values()]
    assert heights == sorted(heights, reverse=True)
    for (rows, fit), height in zip(other.items(), heights, strict=True):
        assert fit.size >= 9
        assert rows * height <= 638 - 86


def test_parts_of_a_short_table_stand_on_one_page() -> None:
    def breaks(rows: int) -> int:
        file = opened(small_table(rows, columns=40))
        continued = [line for line in file.paragraphs if line.text.startswith("（续表")]
        assert continued
        return sum(bool(line.paragraph_format.page_break_before) for line in continued)

    assert breaks(2) == 0
    assert breaks(30) > 0


def test_headings_leave_no_letter_alone_on_a_line() -> None:
    """A column that holds four letters sets the nine of this heading in lines of 4, 4 and 1."""
    table = small_table(3, columns=12)
    name = "社会消费品零售总额"
    columns = (table.columns[0], *(replace(one, name=name) for one in table.columns[1:]))
    fit = fitted(replace(table, columns=columns), PAPER)
    ((page, widths),) = fit.parts
    for heading in page.headings[1:]:
        # a cell has 57 twentieths of a point at each side, a letter is as wide as it is high
        letters = int((widths[heading.column] * fit.size * 10 - 114) / (fit.size * 20))
        assert len(name) % letters != 1


def test_annex_1_lies_across_however_narrow() -> None:
    table = small_table(3)
    assert not fitted(table, PAPER).across
    assert fitted(replace(table, kind="annex1"), PAPER).across


@settings(max_examples=30)
@given(st.integers(1, 60), st.integers(0, 20), st.integers(0, 30))
def test_no_part_is_wider_than_its_paper(columns: int, rows: int, longer: int) -> None:
    table = small_table(rows, columns=columns)
    heads = (
        table.columns[0],
        *(replace(one, name="投资" + "额" * longer) for one in table.columns[1:]),
    )
    fit = fitted(replace(table, columns=heads), PAPER)
    room = PAPER.room(across=fit.across)[0]
    for page, widths in fit.parts:
        alone = len([one for one in page.columns if one.kind is ColumnKind.FIGURE]) == 1
        assert sum(widths) * character(fit.size) <= room + 1e-6 or alone
    kept = [column for page, _ in fit.parts for column in page.columns[1:]]
    assert len(kept) == columns
