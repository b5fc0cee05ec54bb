"""Pages as a browser shows them: headless Chromium, which scripts/test installs."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Dialog, Locator, Page, sync_playwright

import decompose as dc
from decompose.report import table_csv, write_report
from decompose.tables import annex2
from tests.rendering import must_render
from tests.test_report_read_back import DATA, allocation_of
from tests.test_web import hostile, small

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
pytestmark = pytest.mark.skipif(
    CHROMIUM is None and not must_render(), reason="needs chromium; scripts/test installs it"
)
PHONE = {"width": 375, "height": 800}
PAGES = ["qingyuan", "zhongshan", "progress", "hostile", "small"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("web")
    for name in ("qingyuan", "zhongshan"):
        write_report(allocation_of(name), folder / f"{name}.html")
    actuals = dc.read_actuals(DATA / "qingyuan" / "actuals_2015.csv")
    progress = dc.track(allocation_of("qingyuan"), actuals, as_of="2015-06")
    write_report(progress, folder / "progress.html")
    write_report(dc.solve(hostile()), folder / "hostile.html")
    write_report(dc.solve(small()), folder / "small.html", language="en")
    return folder


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as play:
        # as root, Chromium has no sandbox
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


class Watched:
    """A page with what it said and what it asked for."""

    def __init__(self, page: Page, path: Path) -> None:
        self.page = page
        self.said: list[str] = []
        self.asked: list[str] = []
        page.on("console", lambda one: self.said.append(f"{one.type}: {one.text}"))
        page.on("pageerror", lambda one: self.said.append(str(one)))
        page.on("dialog", self._dismiss)
        page.on("request", lambda one: self.asked.append(one.url))
        self.url = path.as_uri()
        page.goto(self.url)

    def _dismiss(self, dialog: Dialog) -> None:
        self.said.append(dialog.message)
        dialog.dismiss()

    def rows(self, sheet: str) -> Locator:
        return self.page.locator(f"#{sheet} tbody tr:visible")

    def column(self, sheet: str, number: int) -> list[str]:
        return self.rows(sheet).locator(f":nth-child({number})").all_inner_texts()

    def quiet(self) -> None:
        """Nothing was said, nothing but the file itself asked for."""
        assert self.said == []
        assert {url for url in self.asked if not url.startswith("data:")} == {self.url}


@pytest.fixture
def opened(browser: Browser, folder: Path, request: pytest.FixtureRequest) -> Iterator[Watched]:
    name, keys = request.param
    context = browser.new_context(**({"viewport": {"width": 1280, "height": 900}} | keys))
    context.set_default_timeout(60_000)  # what never comes is told; a busy machine is waited for
    watched = Watched(context.new_page(), folder / f"{name}.html")
    yield watched
    watched.quiet()
    context.close()


def on(name: str, **keys: object) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("opened", [(name, keys)], indirect=True, ids=[name])


@on("zhongshan")
def test_a_column_sorts_up_down_and_back(opened: Watched) -> None:
    before = opened.column("t2", 1)
    head = opened.page.locator("#t2 thead th", has_text="规模以上工业增加值")
    head.get_by_role("button").click()
    assert head.get_attribute("aria-sort") == "ascending"
    names, numbers = opened.column("t2", 1), opened.column("t2", 2)
    kinds = opened.rows("t2").evaluate_all("rows => rows.map(row => row.dataset.kind)")
    first = kinds.index("region")
    last = len(kinds) - kinds[::-1].index("region")
    assert set(kinds[:first]) == {"area"}  # the sum stays on top, subtotals at the end
    assert set(kinds[last:]) == {"subtotal"}
    regions = [float(one) for one in numbers[first:last]]
    assert regions == sorted(regions)
    assert names != before
    head.get_by_role("button").press("Enter")
    assert head.get_attribute("aria-sort") == "descending"
    assert [float(one) for one in opened.column("t2", 2)[first:last]] == regions[::-1]
    head.get_by_role("button").click()
    assert opened.column("t2", 1) == before


@on("qingyuan")
def test_parts_stay_with_their_indicator_when_sorted(opened: Watched) -> None:
    opened.page.locator("#t1 thead th", has_text="累计/期末").get_by_role("button").click()
    names = opened.column("t1", 2)
    place = names.index("完成技术改造的规模以上工业企业")
    assert names[place + 1].startswith("其中：年主营业务收入5000万元")
    assert opened.page.locator("#t1 tr[data-kind=section]:visible").count() == 0


@on("qingyuan")
def test_rows_are_filtered_by_words_and_by_choice(opened: Watched) -> None:
    sheet = opened.page.locator(".listed", has=opened.page.locator("select")).last
    name = str(sheet.get_attribute("id"))
    sheet.get_by_role("searchbox").fill("技术改造投资 英德")
    texts = opened.rows(name).all_inner_texts()
    assert len(texts) == 3
    assert all("英德市" in text and "技术改造投资" in text for text in texts)
    sheet.get_by_label("年份", exact=True).select_option("2016")
    (text,) = opened.rows(name).all_inner_texts()
    assert "2016" in text
    assert sheet.locator("output").inner_text() == "显示1行，共572行"
    sheet.get_by_role("searchbox").fill("没有这个")
    assert opened.rows(name).count() == 0


@on("qingyuan")
def test_a_number_tells_why_by_mouse_and_by_keys(opened: Watched) -> None:
    allocation, page = allocation_of("qingyuan"), opened.page
    dialog = page.get_by_role("dialog")
    row = opened.rows("t2").filter(has=page.get_by_role("rowheader", name="工业技术改造投资"))
    place = page.locator("#t2 thead th").all_inner_texts().index("英德市")
    row.locator("td").nth(place - 1).click()
    told = allocation.why("upgrade_investment", "英德市", 2015).text()
    assert dialog.inner_text().replace("\n", "").removesuffix("关闭") == told
    page.keyboard.press("Escape")
    assert not dialog.is_visible()
    page.keyboard.press("ArrowRight")  # to the next county, where the focus went back to
    page.keyboard.press("Enter")
    assert dialog.locator("h2").inner_text().startswith("佛冈县2015年工业技术改造投资")
    page.get_by_role("button", name="关闭").click()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert dialog.locator("h2").inner_text().startswith("佛冈县2015年完成技术改造的")
    page.keyboard.press("Escape")
    assert page.locator("#t2 tbody button[tabindex='0']").count() == 1


@on("qingyuan")
def test_a_table_is_downloaded_as_csv(opened: Watched) -> None:
    with opened.page.expect_download() as waiting:
        opened.page.locator("#t2").get_by_role("link", name="下载CSV：附件2-2015").click()
    assert waiting.value.suggested_filename == "附件2-2015.csv"
    content = Path(waiting.value.path()).read_bytes()
    allocation = allocation_of("qingyuan")
    assert content == table_csv(annex2(allocation, 2015))
    head, *lines = csv.reader(io.StringIO(content.decode("utf-8-sig")))
    found = {line[0]: dict(zip(head, line, strict=True)) for line in lines}
    quotas = allocation.quotas
    own = quotas[(quotas["indicator"] == "upgrade_investment") & (quotas["year"] == 2015)]
    for region, quota in zip(own["region"], own["quota"], strict=True):
        assert float(found[region]["工业技术改造投资（亿元）"]) == quota


@on("qingyuan")
def test_pictures_are_those_of_the_indicator_that_is_chosen(opened: Watched) -> None:
    assert opened.page.locator(".set:visible").count() == 1
    opened.page.get_by_label("指标", exact=True).first.select_option(label="工业技术改造投资")
    shown = opened.page.locator(".set:visible")
    assert shown.locator("h3").inner_text() == "工业技术改造投资"
    told = shown.locator("title").all_text_contents()
    quotas = allocation_of("qingyuan").quotas
    own = quotas[(quotas["indicator"] == "upgrade_investment") & (quotas["region"] == "英德市")]
    reference, quota, _ = own[["reference", "quota", "year"]].to_numpy()[0]
    expected = f"英德市 2015年：参考数{reference:.4f}，目标{quota:.2f}；起作用的规定：上限"
    assert expected in told


@pytest.mark.parametrize(
    "opened", [(name, {"viewport": PHONE}) for name in PAGES], indirect=True, ids=PAGES
)
def test_a_phone_never_scrolls_the_page_sideways(opened: Watched) -> None:
    width = "document.documentElement.scrollWidth"
    assert opened.page.evaluate(width) == 375
    wide = "all => all.filter(one => one.getBoundingClientRect().right > 375).length"
    assert opened.page.locator("h1, h2, .tools *, select, .notes").evaluate_all(wide) == 0


@on("qingyuan", viewport=PHONE)
def test_the_contents_lead_to_their_tables(opened: Watched) -> None:
    for link in opened.page.locator("nav > ul > li > a").all():
        place = opened.page.locator(str(link.get_attribute("href")))
        link.click()
        top = place.evaluate("one => one.getBoundingClientRect().top")
        assert 0 <= top < 20, link.inner_text()
    opened.page.locator("nav summary").click()
    opened.page.get_by_role("link", name="英德市", exact=True).click()
    letter = opened.page.get_by_role("heading", name="英德市工业转型升级")
    assert 0 <= letter.evaluate("one => one.getBoundingClientRect().top") < 60


@on("hostile")
def test_names_run_no_code(opened: Watched) -> None:
    opened.page.locator("td button").first.click()
    assert "alert(1)" in opened.page.get_by_role("dialog").inner_text()
    assert opened.page.locator("img").count() == 0


@on("qingyuan", viewport={"width": 1200, "height": 900})
def test_a_year_at_the_head_of_a_column_is_not_broken(opened: Watched) -> None:
    lines = """all => all.filter(one => /^\\d{4}年$/.test(one.textContent)).map(one => {
        const range = document.createRange();
        range.selectNodeContents(one);
        return new Set([...range.getClientRects()].map(box => box.top)).size;
    })"""
    found = opened.page.locator("thead th").evaluate_all(lines)
    assert len(found) > 4
    assert set(found) == {1}


@on("small", color_scheme="dark")
def test_in_the_dark_the_page_is_dark(opened: Watched) -> None:
    def light(selector: str, name: str) -> float:
        told = opened.page.locator(selector).first.evaluate(
            f"one => getComputedStyle(one).{name}.match(/\\d+/g).slice(0, 3).map(Number)"
        )
        return float(sum(told) / 3)

    for selector in ("body", "tbody td", "thead th", "input", ".download"):
        assert light(selector, "backgroundColor") < 60
        assert light(selector, "color") > 140
    assert light("svg text", "fill") > 140


@on("qingyuan")
def test_on_paper_stand_the_tables_without_their_tools(opened: Watched) -> None:
    assert opened.page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
    opened.page.emulate_media(media="print")
    for selector in ("nav", ".filter", ".download", ".pick", ".hint", ".listed"):
        assert opened.page.locator(f"{selector}:visible").count() == 0
    wide = "all => all.filter(one => one.offsetWidth > 1056).length"  # of A4, without margins
    opened.page.set_viewport_size({"width": 1016, "height": 700})
    assert opened.page.locator("table").evaluate_all(wide) == 0


@on("qingyuan")
def test_rows_are_whole_pixels_and_leave_names_room(opened: Watched) -> None:
    """In half pixels a cell that stays in view covers the line above it."""
    heights = opened.page.locator("#t1 tbody tr, #t2 tbody tr").evaluate_all(
        "rows => rows.map(row => row.getBoundingClientRect().height)"
    )
    assert heights
    assert all(abs(height - round(height)) < 0.01 for height in heights)
    names = opened.page.locator("#t1 tbody th.lead:not(.short)")
    widths = names.evaluate_all("cells => cells.map(cell => cell.clientWidth)")
    assert min(widths) > 150
