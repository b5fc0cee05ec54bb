"""Names that a program may take for something else come out as names, in every format."""

from __future__ import annotations

import csv
import html.parser
import io
import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

import openpyxl
import pytest

import decompose as dc
from decompose.report import write_form, write_template
from tests import plans as small

NAMES = [
    *("=1+1", "+1", "-1", "@x", "＝2＋2", "|cmd", "'x", '"q', "a,b", "a|b", "*a*", "`a`", "[a](b)"),
    *("</script><script>alert(1)</script>", "<img src=x onerror=alert(1)>", "a&b", "&#x41;", "]]>"),
    *("../x", "..", "a/b", "a\\b", "C:\\x", "CON", "nul.txt", "a:b", "x" * 300, "~$x", ".x"),
    *("{title}", "%s", "$E$1", "_x0041_", "#REF!", "NA", "nan", "TRUE", "1e5", "2015-01-01"),
    *("e\u0301", "𠀀", "🙂", "﷽", "\ue000", "a\u2028b", "default", "except", "sum", "on"),
]
SUFFIXES = (".xlsx", ".docx", ".html", ".md", ".csv")
LIVE = tuple("=+-@\t\r\n＝＋－＠")


@pytest.fixture(scope="module")
def allocation() -> dc.Allocation:
    """Every name as a region, and some as everything else that is printed."""
    data = small.data(
        {
            **small.indicator(name="=SUM(A1)", unit="</td><script>", base=None),
            "department": ["=cmd|' /C calc'!A0", "</script>"],
            "notes": {"2015": "@SUM(1)"},
        },
        title='<b>"=1+1"</b>',
        area="../市",
        total_label="=合计",
        regions=[{"name": name, "groups": ["<u>组"]} for name in NAMES],
        groups={"<u>组": {"subtotal": True}},
    )
    data["indicators"][0].pop("base")
    return dc.solve(dc.Plan.model_validate(data))


@pytest.fixture(scope="module")
def written(allocation: dc.Allocation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("names")
    for suffix in SUFFIXES:
        dc.write_report(allocation, folder / f"report{suffix}")
    write_template(folder / "template.xlsx", allocation.plan)
    allocation.save(folder / "allocation.json")
    return folder


def test_what_is_kept_comes_back(allocation: dc.Allocation, written: Path) -> None:
    back = dc.read_allocation(written / "allocation.json")
    assert back.quotas.equals(allocation.quotas)
    assert dc.read_plan(written / "template.xlsx") == allocation.plan
    assert (
        dc.adopt(allocation.plan, written / "report.xlsx")
        .quotas["quota"]
        .equals(allocation.quotas["quota"])
    )


@pytest.mark.parametrize("name", ["report.xlsx", "template.xlsx"])
def test_no_cell_of_a_workbook_is_a_formula_or_a_link(name: str, written: Path) -> None:
    book = openpyxl.load_workbook(written / name)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value]
    assert [cell.value for cell in cells if cell.data_type == "f"] == []
    texts = {str(cell.value) for cell in cells}
    assert {"=1+1", "@x", "</script><script>alert(1)</script>"} <= texts
    with zipfile.ZipFile(written / name) as parts:
        links = [parts.read(part) for part in parts.namelist() if part.endswith(".rels")]
    assert not any(b"External" in text for text in links)


def test_no_cell_of_a_csv_is_live(written: Path) -> None:
    text = (written / "report.csv").read_text(encoding="utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    assert [
        one for one in cells if one.startswith(LIVE) and not re.fullmatch(r"-?[\d.]+", one)
    ] == []
    assert "'=1+1" in cells


class Tags(html.parser.HTMLParser):
    """The tags of a page, with their attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, list[tuple[str, str | None]]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, attrs))


def test_a_page_has_no_tags_but_its_own(written: Path, tmp_path: Path) -> None:
    def tags(path: Path) -> list[tuple[str, list[tuple[str, str | None]]]]:
        page = Tags()
        page.feed(path.read_text(encoding="utf-8"))
        return page.found

    dc.write_report(dc.solve(small.plan(small.indicator())), tmp_path / "plain.html")
    found, plain = tags(written / "report.html"), tags(tmp_path / "plain.html")
    kinds = {tag for tag, _ in plain}
    assert {tag for tag, _ in found} <= kinds
    for tag in ("script", "style", "link", "meta"):
        assert sum(one == tag for one, _ in found) == sum(one == tag for one, _ in plain)
    attributes = {name for _, some in found for name, _ in some}
    assert not any(name.startswith("on") for name in attributes)


def test_a_word_file_is_xml(written: Path) -> None:
    with zipfile.ZipFile(written / "report.docx") as parts:
        body = ET.fromstring(parts.read("word/document.xml"))
    texts = "".join(body.itertext())
    assert "</script><script>alert(1)</script>" in texts
    assert "=1+1" in texts


def test_a_name_does_not_end_its_cell_in_markdown(allocation: dc.Allocation, written: Path) -> None:
    lines = (written / "report.md").read_text(encoding="utf-8").splitlines()
    rows = [line for line in lines if line.startswith("|")]
    assert len(rows) > len(allocation.plan.regions)
    assert not any(re.search(r"(?<!\\)<", line) for line in lines)


def test_forms_stay_in_their_folder(allocation: dc.Allocation, tmp_path: Path) -> None:
    folder = tmp_path / "forms"
    for kind in ("xlsx", "csv"):
        paths = write_form(allocation, folder, period="2015-07", kind=kind)
        assert {path.resolve().parent for path in paths} == {folder.resolve()}
        stems = [path.stem.casefold() for path in paths]
        assert len(set(stems)) == len(NAMES)
        assert not {"con", "nul", "nul.txt"} & set(stems)
        assert all(len(path.name.encode()) < 256 for path in paths)
        assert not any(path.name.startswith((".", "~$")) for path in paths)
    assert {one.name for one in tmp_path.iterdir()} == {"forms"}


INVISIBLE = ["\u200b", "\ufeff", "\u202e", "\u2066", "\u200f", "\u2060", "\u00ad"]


@pytest.mark.parametrize("mark", INVISIBLE, ids=ascii)
def test_marks_that_nobody_sees_are_no_part_of_a_name(mark: str) -> None:
    name = f"{mark}甲{mark}区"
    plan = dc.Plan.model_validate(small.data(regions=[name, "乙县", "丙县"], groups=None))
    assert plan.region_names == ("甲区", "乙县", "丙县")
    assert plan.region_index.keys() >= {"甲区"}
    with pytest.raises(dc.PlanError, match="重名"):
        dc.Plan.model_validate(small.data(regions=["甲区", name, "乙县", "丙县"], groups=None))


@pytest.mark.parametrize("letter", [*"\x00\x07\x1b\x7f\x9f\ud800\ufffe\uffff"], ids=ascii)
def test_what_no_file_can_hold_is_refused(letter: str) -> None:
    for keys in ({"title": f"计{letter}划"}, {"area": f"市{letter}"}):
        with pytest.raises(dc.PlanError) as caught:
            dc.Plan.model_validate(small.data(**keys))
        assert letter not in str(caught.value)
        assert "控制字符" in str(caught.value)


def test_a_message_does_not_steer_the_terminal() -> None:
    with pytest.raises(dc.PlanError) as caught:
        dc.Plan.model_validate({**small.data(), "\x1b[2J\u202e": 1})
    assert "\\x1b[2J\\u202e" in str(caught.value)
