"""Makes the pictures of the pages from real output: ``python -m docs.pictures FOLDER``.

Sheets are rendered by LibreOffice (workbook → PDF → PNG), pages by Chromium.
"""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import openpyxl
from playwright.sync_api import sync_playwright

import decompose as dc
from tests.pages import ROOT, Run, blocks_of

QINGYUAN = ROOT / "data" / "qingyuan"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
DOTS = 100
"""Dots per inch of what is printed."""
WIDE = 15
"""Columns of a sheet that are shown."""
A4 = (11.69, 8.27)
"""Inches of a page that lies across."""


def main(folder: Path) -> None:
    """Make every picture."""
    folder.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        here = Path(name)
        tutorial = here / "tutorial"
        tutorial.mkdir()
        walk(ROOT / "docs" / "zh" / "tutorial.md", tutorial)
        allocation = dc.solve(dc.read_plan(QINGYUAN / "plan.yaml"))
        actuals = dc.read_actuals(QINGYUAN / "actuals_2015.csv")
        dc.write_report(allocation, here / "qingyuan.html")
        dc.write_report(allocation, here / "qingyuan.docx", years=[2015])
        progress = dc.track(allocation, actuals, as_of="2015-06", low_rank=2)
        dc.write_report(progress, here / "progress.html")
        printed(tutorial / "结果" / "附件.xlsx", 2, folder / "tutorial-annex2.png", part=0.46)
        for sheet, name in (("指标", "indicators"), ("限制", "limits")):
            alone = one_sheet(tutorial / "计划.xlsx", sheet, here / f"{name}.xlsx")
            printed(alone, 1, folder / f"tutorial-{name}.png", part=0.24)
        printed(here / "qingyuan.docx", 4, folder / "annex2.png")
        shots(
            [
                (tutorial / "结果" / "附件.html", ("技改投资", "4.00"), "tutorial-why.png"),
                (here / "qingyuan.html", ("工业技术改造投资", "3.20"), "why.png"),
                (here / "progress.html", None, "progress.png"),
            ],
            folder,
        )


def walk(page: Path, folder: Path) -> None:
    """Do what a page says, in a folder."""
    run = Run(page, folder)
    with contextlib.chdir(folder):
        for block in blocks_of(page.read_text("utf-8")):
            if block.kind != "text":
                run.run(block)


def one_sheet(workbook: Path, sheet: str, copy: Path) -> Path:
    """Keep one sheet of a workbook, as wide as a page, with its lines."""
    book = openpyxl.load_workbook(workbook)
    for page in book.worksheets:
        if page.title != sheet:
            book.remove(page)
    page = book[sheet]
    page.print_options.gridLines = page.print_options.headings = True
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.page_setup.fitToHeight = 0
    page.print_area = f"A1:{page.cell(1, min(page.max_column, WIDE)).column_letter}6"
    for row in page.iter_rows():
        for cell in row:
            cell.comment = None
    book.save(copy)
    return copy


def printed(file: Path, page: int, picture: Path, *, part: float = 1.0) -> None:
    """Render the upper part of a page (A4 across) of a workbook or document."""
    with tempfile.TemporaryDirectory() as name:
        office = ["soffice", f"-env:UserInstallation=file://{name}/profile", "--headless"]
        convert = [*office, "--convert-to", "pdf", "--outdir", name, str(file)]
        subprocess.run(convert, check=True, capture_output=True, timeout=240)
        made = Path(name, file.stem).with_suffix(".pdf")
        one = ["-f", str(page), "-l", str(page), "-singlefile", "-r", str(DOTS)]
        wide, high = (round(inches * DOTS) for inches in A4)
        one += ["-x", "0", "-y", "0", "-W", str(wide), "-H", str(round(part * high))]
        target = picture.with_suffix("")
        subprocess.run(["pdftoppm", "-png", "-gray", *one, str(made), str(target)], check=True)


def shots(wanted: list[tuple[Path, tuple[str, str] | None, str]], folder: Path) -> None:
    """Take pictures of pages: of the top, or of why a number of an indicator is what it is."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1100, "height": 620})
        for path, number, name in wanted:
            page.goto(path.as_uri())
            if number is not None:
                page.get_by_role("button", name=number[1], exact=True).first.click()
            page.screenshot(path=folder / name)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
