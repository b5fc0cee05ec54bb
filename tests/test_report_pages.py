"""Reports as pages: rendered by LibreOffice, read by pdftotext; skipped where these are not."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from decompose.report import document, write_report
from decompose.tables import layout
from tests.rendering import must_render
from tests.test_report_read_back import allocation_of

TOOLS = ("soffice", "pdftotext", "pdfinfo", "fc-list")
THERE = all(map(shutil.which, TOOLS))
pytestmark = pytest.mark.skipif(
    not THERE and not must_render(), reason=f"needs {', '.join(TOOLS)}; scripts/test installs them"
)
SIDE_BY_SIDE = re.compile(r"\s{2,}")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every report, and its pages, made by one run of LibreOffice per kind."""
    folder = tmp_path_factory.mktemp("pages")
    chinese = subprocess.run(["fc-list", ":lang=zh"], capture_output=True, text=True, check=True)
    assert chinese.stdout.strip(), "there is no Chinese font: install fonts-noto-cjk"
    for name in ("qingyuan", "zhongshan"):
        for suffix in (".xlsx", ".docx"):
            write_report(allocation_of(name), folder / f"{name}{suffix}")
    for suffix in ("xlsx", "docx"):
        files = [str(path) for path in sorted(folder.glob(f"*.{suffix}"))]
        command = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless"]
        command += ["--convert-to", "pdf", "--outdir", str(folder / suffix), *files]
        done = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)
        assert len(list((folder / suffix).glob("*.pdf"))) == len(files), done.stderr
    return folder


def pages(path: Path) -> list[str]:
    done = subprocess.run(
        ["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True, check=True
    )
    return done.stdout.split("\f")[:-1]


def sizes(path: Path) -> set[str]:
    done = subprocess.run(
        ["pdfinfo", "-l", "99", str(path)], capture_output=True, text=True, check=True
    )
    return set(re.findall(r"size:\s+([\d.]+ x [\d.]+)", done.stdout))


@pytest.mark.parametrize(
    ("name", "suffix", "least", "most"),
    [
        ("qingyuan", "xlsx", 30, 42),
        ("zhongshan", "xlsx", 45, 65),
        ("qingyuan", "docx", 8, 11),
        ("zhongshan", "docx", 7, 9),
    ],
)
def test_no_page_is_empty_and_no_cell_is_cut(
    name: str, suffix: str, least: int, most: int, folder: Path
) -> None:
    found = pages(folder / suffix / f"{name}.pdf")
    assert least <= len(found) <= most
    for page in found:
        assert "###" not in page
        lines = [line for line in page.splitlines() if line.strip()]
        assert len(lines) > 4


@pytest.mark.parametrize("name", ["qingyuan", "zhongshan"])
@pytest.mark.parametrize("suffix", ["xlsx", "docx"])
def test_every_number_stands_on_the_pages(name: str, suffix: str, folder: Path) -> None:
    text = "".join(pages(folder / suffix / f"{name}.pdf"))
    words = set(text.split())
    numbers = 0
    for table in document(allocation_of(name), lists=False).tables:
        for row in layout(table).rows:
            for cell in row.cells:
                if cell.number is not None:
                    assert cell.text in words
                    numbers += 1
    assert numbers > 700


@pytest.mark.parametrize("name", ["qingyuan", "zhongshan"])
def test_headings_stand_on_every_page_of_a_workbook(name: str, folder: Path) -> None:
    heads = [table.columns[-1].name for table in document(allocation_of(name)).tables]
    for page in pages(folder / "xlsx" / f"{name}.pdf"):
        flat = "".join(page.split())
        assert any("".join(head.split()) in flat for head in {*heads, "指标单位", "地区"})


@pytest.mark.parametrize("name", ["qingyuan", "zhongshan"])
def test_headings_stand_on_every_page_of_a_document(name: str, folder: Path) -> None:
    found = pages(folder / "docx" / f"{name}.pdf")
    for number, page in enumerate(found, start=1):
        flat = "".join(page.split())
        assert "指标单位" in flat or "地区" in flat
        assert f"—{number}—" in flat
    ends = [page.rstrip().splitlines()[-1] for page in found]
    sides = [len(line) - len(line.lstrip()) for line in ends]
    assert min(sides[0::2]) > max(sides[1::2])  # odd pages at the right, even ones at the left


@pytest.mark.parametrize("suffix", ["xlsx", "docx"])
def test_tables_of_these_plans_stand_across(suffix: str, folder: Path) -> None:
    for size in sizes(folder / suffix / "qingyuan.pdf"):
        width, height = (float(one) for one in size.split(" x "))
        assert (round(width), round(height)) == (842, 595)


def test_notes_are_never_alone_on_a_page(folder: Path) -> None:
    for name in ("qingyuan", "zhongshan"):
        for page in pages(folder / "docx" / f"{name}.pdf"):
            if "注：" in page:
                above = page.split("注：")[0]
                assert len([line for line in above.splitlines() if line.strip()]) > 3
