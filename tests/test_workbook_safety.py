"""Workbooks that are damaged, hostile, or just strange: refused by name within seconds."""

from __future__ import annotations

import io
import random
import struct
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from decompose import PlanError, ReportError, adopt, read_actuals, read_plan
from decompose.reading.workbook import archive
from decompose.report import write_template
from tests import plans as small
from tests.test_workbook import DAY
from tests.workbooks import as_bytes, blank, edited, filled, patched

LIMITS = "xl/worksheets/sheet8.xml"
STRINGS, STYLES = "xl/sharedStrings.xml", "xl/styles.xml"
MAIN = b' xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def refusal(data: bytes, folder: Path) -> str:
    """Return what is told of a workbook; nothing where it can be read."""
    path = folder / "plan.xlsx"
    path.write_bytes(data)
    error = wrong(path)
    return error.mistakes[0].text() if error else ""


def wrong(path: Path) -> PlanError | None:
    """Return the error of reading a plan, or None where it can be read."""
    try:
        read_plan(path)
    except PlanError as error:
        return error
    return None


def sheet(rows: bytes) -> bytes:
    return b"<worksheet%s><sheetData>%s</sheetData></worksheet>" % (MAIN, rows)


def part(name: str, content: bytes) -> bytes:
    """Return the template with one part replaced."""
    return patched(blank(), {name: lambda _: content})


def entities(declared: bytes) -> bytes:
    """Return shared strings that declare entities and use one."""
    return b"<!DOCTYPE x [%s]><sst%s><si><t>&a;</t></si></sst>" % (declared, MAIN)


LAUGHS = b'<!ENTITY j "ha">' + b"".join(
    b'<!ENTITY %c "%s">' % (name, b"&%c;" % (name + 1) * 10) for name in b"ihgfedcba"
)


def laughing(name: str) -> bytes:
    """Return the template with a part that declares entities."""
    declared = b"<!DOCTYPE x [%s]>" % LAUGHS
    return patched(blank(), {name: lambda old: declared + old.split(b"?>", 1)[1]})


def deep() -> bytes:
    names = [b"a%d" % k for k in range(10**5)]
    opened = b"".join(b"<%s>" % name for name in names)
    return sheet(opened + b"".join(b"</%s>" % name for name in reversed(names)))


def many_tags() -> bytes:
    return sheet(b"".join(b"<b%d/>" % (k * k) for k in range(archive.MOST_TAGS)))


def wide(value: bytes = b"<v>1</v>") -> bytes:
    row = b'<row r="%d"><c r="XFD%d">%s</c></row>'
    return sheet(b"".join(row % (k, k, value) for k in range(1, 5000)))


def long_format(old: bytes) -> bytes:
    """Declare a number format that takes the square of its length to search."""
    declared = b'<numFmts count="1"><numFmt numFmtId="170" formatCode="%s"/></numFmts>'
    return old.replace(b"<fonts", declared % (b"[" * 200_000) + b"<fonts", 1)


def without(name: str) -> bytes:
    """Return the template without a part that a sheet stands in."""
    found = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(blank())) as book,
        zipfile.ZipFile(found, "w") as fewer,
    ):
        for one in book.namelist():
            if one != name:
                fewer.writestr(one, book.read(one))
    return found.getvalue()


BROKEN = "plan.xlsx：工作簿读不出来（"
BROKEN_SHEET = "plan.xlsx 限制：工作簿读不出来（"
BLANKS = "plan.xlsx 限制：空行和带格式的空单元格铺到了很远处"
OLD = "plan.xlsx：这是旧版 .xls 或加了密码的工作簿"
ENTITIES = "plan.xlsx：工作簿中有 XML 实体声明"
FAR = "plan.xlsx 限制：内容超出 20000 行 500 列的范围"
LARGE = "plan.xlsx：工作簿中的“xl/{}.xml”展开后有 {} MB，超过 {} MB"
OUTER = b'<!ENTITY a SYSTEM "file:///etc/hostname">'
CORNER = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
BEYOND = b'<row r="99999999999"><c><v>1</v></c></row>'
WRONG_STRING = b'<row><c t="s"><v>99999</v></c></row>'

FILES: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (lambda: b"", BROKEN),
    "noise": (lambda: random.Random(1).randbytes(5000), BROKEN),
    "a text": (lambda: "计划".encode(), BROKEN),
    "only a beginning": (lambda: blank()[: len(blank()) // 2], BROKEN),
    "an old .xls": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), OLD),
    "another zip": (lambda: part("xl/workbook.xml", b"<a/>"), "plan.xlsx：缺少工作表"),
    "no sheets": (lambda: part("[Content_Types].xml", b"<a/>"), BROKEN),
    "no XML": (lambda: part(LIMITS, b"hello"), BROKEN),
    "XML cut off": (lambda: part(LIMITS, sheet(b"<row>")[:-20]), BROKEN),
    "a wrong string": (lambda: part(LIMITS, sheet(WRONG_STRING)), BROKEN_SHEET),
    "no number": (
        lambda: part(LIMITS, sheet(b"<row><c><v>x</v></c></row>")),
        BROKEN_SHEET,
    ),
    "a format of very many letters": (
        lambda: patched(blank(), {STYLES: long_format}),
        "plan.xlsx：工作簿中有超过 255 个字的数字格式",
    ),
    "a sheet without its part": (
        lambda: without(LIMITS),
        "plan.xlsx：文件中缺少工作表的内容：限制；",
    ),
    "formats far out in every row": (lambda: part(LIMITS, wide(b"")), BLANKS),
    "laughs": (lambda: part(STRINGS, entities(LAUGHS)), ENTITIES),
    "laughs in the workbook": (lambda: laughing("xl/workbook.xml"), ENTITIES),
    "laughs in a sheet": (lambda: laughing(LIMITS), ENTITIES),
    "laughs in the styles": (lambda: laughing("xl/styles.xml"), ENTITIES),
    "an outer entity": (lambda: part(STRINGS, entities(OUTER)), ENTITIES),
    "a large sheet": (
        lambda: part(LIMITS, sheet(b" " * (archive.MOST_OF_SHEET + 1))),
        LARGE.format("worksheets/sheet8", 33, 32),
    ),
    "a large part": (
        lambda: part("xl/styles.xml", b" " * (archive.MOST_OF_PART + 1)),
        LARGE.format("styles", 5, 4),
    ),
    "a dense part": (
        lambda: part(LIMITS, sheet(b" " * 2**21)),
        "plan.xlsx：工作簿中的“xl/worksheets/sheet8.xml”压缩了",
    ),
    "many parts": (
        lambda: patched(blank(), {f"x{k}": bytes for k in range(archive.MOST_PARTS)}),
        "plan.xlsx：工作簿中有 1055 个部件，超过 1000 个",
    ),
    "many tags": (lambda: part(LIMITS, many_tags()), "plan.xlsx：工作簿中有 "),
    "deep": (lambda: part(LIMITS, deep()), ""),
    "a cell in the far corner": (lambda: part(LIMITS, sheet(CORNER)), FAR),
    "a far column in every row": (lambda: part(LIMITS, wide()), FAR),
    "a row beyond all rows": (lambda: part(LIMITS, sheet(BEYOND)), FAR),
    "a lie about its size": (lambda: lying(part(LIMITS, sheet(b" " * 2**20))), BROKEN),
}


def lying(data: bytes) -> bytes:
    """Understate the size of every part in the archive's own table."""
    pieces = data.split(b"PK\x01\x02")
    small = struct.pack("<L", 100)
    return b"PK\x01\x02".join([pieces[0], *(one[:20] + small + one[24:] for one in pieces[1:])])


@pytest.mark.parametrize("name", FILES)
def test_a_damaged_or_hostile_file_is_refused_by_name(name: str, tmp_path: Path) -> None:
    make, expected = FILES[name]
    told = refusal(make(), tmp_path)
    assert told.startswith(expected)
    assert bool(told) == bool(expected)


def test_a_workbook_that_is_large_in_all_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "MOST_UNPACKED", 2**16)
    told = refusal(blank(), tmp_path)
    assert told.startswith("plan.xlsx：工作簿中的“全部部件”展开后有 1 MB，超过 0 MB")


def test_a_file_of_many_megabytes_is_not_opened(tmp_path: Path) -> None:
    data = blank() + bytes(11 * 2**20)
    assert refusal(data, tmp_path).startswith("plan.xlsx：文件超过 10 MB")


@pytest.mark.parametrize(
    ("package", "expected"),
    [("openpyxl", "读取 .xlsx 需要软件包"), ("defusedxml", "读取 .xlsx 需要软件包")],
)
def test_a_missing_package_is_told_with_its_command(
    package: str, expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    told = refusal(blank(), tmp_path)
    assert expected in told
    assert told.endswith('请运行：pip install "target-decompose[excel]"')


def test_openpyxl_without_its_safe_parser_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("openpyxl.DEFUSEDXML", False)
    assert "OPENPYXL_DEFUSEDXML" in refusal(blank(), tmp_path)


def test_a_missing_writer_is_told_with_its_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    with pytest.raises(ReportError, match=r"target-decompose\[excel\]"):
        write_template(tmp_path / "plan.xlsx")
    assert list(tmp_path.iterdir()) == []


VALUES = st.sampled_from(
    [
        *(None, "", " ", 0, -1, 1e300, 0.5, 2015, True, DAY, (0.05, "0%"), ("=1", ""), "x", "3-5"),
        *(
            "150%",
            "—",
            "甲区",
            "南部",
            "全市",
            "合计:南部",
            "累计:value_added",
            "不含:甲区",
            "22以上",
        ),
        *("value_added", "基期", "2015", "a:1、b:2", "{a: [1]}", "{", "indicators.x", "增速上限"),
    ]
)


@st.composite
def changed(draw: st.DrawFn) -> bytes:
    """Put other values in some cells of the template."""
    names = sorted(filled().keys() - {"填报说明"})
    edits: dict[str, Any] = {}
    for _ in range(draw(st.integers(1, 6))):
        name = draw(st.sampled_from(names))
        width = len(filled()[name][0]) + 1
        column = chr(ord("A") + draw(st.integers(0, min(width, 25))))
        row = draw(st.integers(1, len(filled()[name]) + 1))
        edits[f"{name}!{column}{row}"] = draw(VALUES)
    return as_bytes(edited(edits))


@settings(max_examples=25)
@given(data=changed())
def test_any_cells_are_read_or_told(data: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.getbasetemp() / "plan.xlsx"
    path.write_bytes(data)
    error = wrong(path)
    if error is not None:
        assert error.mistakes
        assert all(one.place.startswith("plan.xlsx") for one in error.mistakes)
        assert error.text("en")


@settings(max_examples=40)
@given(at=st.floats(0, 1), cut=st.integers(0, 40), piece=st.binary(max_size=8))
def test_any_bytes_are_read_or_told(
    at: float, cut: int, piece: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    place = int(at * len(blank()))
    data = blank()[:place] + piece + blank()[place + cut :]
    refusal(data, tmp_path_factory.getbasetemp())


FAR_ROW = ["投资", "甲区", "2015-07", 1]


@pytest.mark.parametrize("row", [30_000, 2**20])
def test_rows_far_down_are_told_by_every_reader(row: int, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for cells in (["指标", "地区", "时期", "数值"], ["投资", "甲区", "2015-06", 1]):
        sheet.append(cells)
    for column, value in enumerate(FAR_ROW, start=1):
        sheet.cell(row, column, value)
    path = tmp_path / "far.xlsx"
    book.save(path)
    told = "far.xlsx Sheet：内容超出 20000 行 500 列的范围"
    with pytest.raises(PlanError) as caught:
        read_actuals(path)
    assert [one.text()[: len(told)] for one in caught.value.mistakes] == [told]
    with pytest.raises(PlanError) as caught:
        adopt(small.plan(small.indicator(id="a", name="投资")), path)
    assert told in str(caught.value)
