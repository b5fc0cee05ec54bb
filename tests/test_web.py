"""Reports as pages: every cell read back, every text escaped, the same bytes again."""

from __future__ import annotations

import base64
import hashlib
import os
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import decompose as dc
from decompose.charts import Picture
from decompose.markup import Markup, element
from decompose.report import Document, document, table_csv, web_page
from decompose.report import content as content_module
from decompose.report.theme import Theme
from decompose.tables import Cell, Column, ColumnKind, Row, RowKind, Table, layout, runs
from tests.test_report import Annexes
from tests.test_report_read_back import PLANS, allocation_of
from tests.web_pages import Element, csv_of, data_of, read_page, sheets

GOLDEN = Path(__file__).parent / "golden" / "page"
HOSTILE = [
    "</script><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "<!--&amp;'`",
    "\u202e甲\u2066乙",
    "]]>{{7*7}}</style>",
]


@cache
def written(name: str) -> tuple[Document, Element]:
    """A published plan's report, and its page read back."""
    content = document(allocation_of(name), page=True)
    return content, read_page(web_page(content, Theme()))


def page_of(what: Any, **keys: Any) -> Element:
    theme = keys.pop("theme", Theme())
    return read_page(web_page(document(what, page=True, theme=theme, **keys), theme))


def small(**changes: Any) -> dc.Plan:
    """Two counties, a flow and its part, one capacity that binds."""
    data: dict[str, Any] = {
        "format": 1,
        "title": "示例行动",
        "area": "示例市",
        "base_year": 2014,
        "years": [2015, 2016],
        "data_status": "示例数据",
        "regions": ["甲区", "乙县"],
        "indicators": [
            {
                "id": "investment",
                "name": "投资",
                "kind": "flow",
                "unit": "亿元",
                "decimals": 1,
                "base": {"甲区": 6, "乙县": 4},
                "target": {"years": {2015: "12以上", 2016: 14}},
                "limits": {"max": {"甲区": {2015: 7}}},
            },
            {
                "id": "firms",
                "name": "企业",
                "kind": "flow",
                "unit": "家",
                "integer": True,
                "target": {"each_year": 5},
            },
        ],
    }
    return dc.Plan.model_validate(data | changes)


def hostile() -> dc.Plan:
    """A plan in which every name is written to break out of its place."""
    one = {"kind": "flow", "unit": HOSTILE[0], "target": {"each_year": 10}, "notes": HOSTILE[1]}
    return small(
        title=HOSTILE[0],
        area=f"{HOSTILE[1]} city",
        data_status=HOSTILE[2],
        regions=HOSTILE,
        indicators=[{"id": f"i{k}", "name": name, **one} for k, name in enumerate(HOSTILE)],
    )


# Read back.


@pytest.mark.parametrize("name", PLANS)
def test_every_cell_of_a_page_is_that_of_its_table(name: str) -> None:
    content, page = written(name)
    found = sheets(page)
    assert len(found) == len(content.tables)
    compared = 0
    for table, sheet in zip(content.tables, found, strict=True):
        whole = layout(table)
        rows = sheet.one("tbody").all("tr")
        for line, row in zip(whole.rows, rows, strict=True):
            cells = [one for one in row.children if isinstance(one, Element)]
            if line.kind is RowKind.SECTION:
                assert [one.text for one in cells] == [c.text for c in line.cells if c.text]
                continue
            for run, cell in zip(runs(line.cells), cells, strict=True):
                assert cell.text == line.cells[run[0]].text
                assert int(cell.attributes.get("colspan") or 1) == len(run)
                compared += len(run)
        heads = [head for row in sheet.one("thead").all("tr") for head in row.all("th")]
        assert len(heads) == len(whole.headings)
        assert csv_of(sheet) == table_csv(table)
        assert [note for note in table.notes if note not in sheet.text] == []
    assert compared > 3000


@pytest.mark.parametrize("name", PLANS)
def test_every_quota_stands_on_the_page_with_its_reason(name: str) -> None:
    allocation = allocation_of(name)
    content, page = written(name)
    reasons = data_of(page)["reasons"]
    told = dict(zip(content.reasons, reasons, strict=True))
    listed, *_ = [  # after them stand stretch quotas
        sheet
        for sheet, table in zip(sheets(page), content.tables, strict=True)
        if table.kind == "grounds"
    ]
    rows = iter(listed.one("tbody").all("tr"))
    plan = allocation.plan
    for quota in allocation.quotas.to_dict("records"):
        if not plan.indicators[plan.indicator_index[quota["indicator"]]].report:
            continue
        (cell,) = [one for one in next(rows).all("td") if "data-why" in one.attributes]
        assert float(cell.text) == quota["quota"]
        place = quota["indicator"], quota["region"], quota["year"]
        lines = reasons[int(str(cell.attributes["data-why"]))]
        assert lines == list(told[place])
        assert quota["region"] in lines[0]
        assert str(quota["year"]) in lines[0]
    assert next(rows, None) is None


def test_reasons_are_those_of_why() -> None:
    allocation = allocation_of("qingyuan")
    found = written("qingyuan")[0].reasons
    place = ("upgrade_investment", "英德市", 2015)
    assert "".join(found[place]) == allocation.why(*place).text()
    english = document(allocation, page=True, language="en").reasons
    assert " ".join(english[place]) == allocation.why(*place).text("en")


def test_the_words_are_in_the_language_of_the_page() -> None:
    page = page_of(dc.solve(small()), language="en")
    assert page.one("html").attributes["lang"] == "en"
    assert "Skip to the content" in page.text
    assert not re.search("[\u4e00-\u9fff]", "".join(data_of(page)["words"].values()))


# Safe.


def test_no_name_breaks_out_of_its_place() -> None:
    page = page_of(dc.solve(hostile()))
    assert len(page.all("script")) == 2
    assert page.all("img") == []
    kinds = {name for one in page.all("section") for name in one.attributes}
    assert kinds == {"id", "class", "aria-labelledby"}
    for name in HOSTILE[:3]:
        assert name in page.one("main").text
    raw = web_page(document(dc.solve(hostile()), page=True), Theme()).decode()
    assert not set("\u202a\u202b\u202d\u202e\u2066\u2067\u2068") & set(raw)
    assert raw.count("<script") == raw.count("</script>") == 2


def test_the_policy_lets_nothing_in_but_the_page_s_own_style_and_script() -> None:
    page = page_of(Annexes(), theme=Theme.model_validate({"fonts": {"body": '"};</style>x'}}))
    head = page.one("head")
    (policy,) = [
        one.attributes["content"]
        for one in head.all("meta")
        if one.attributes.get("http-equiv") == "Content-Security-Policy"
    ]
    rules = dict(rule.split(" ", 1) for rule in str(policy).split("; "))
    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == "'none'"
    (code,) = [one for one in page.all("script") if "type" not in one.attributes]
    for rule, own in (("style-src", head.one("style")), ("script-src", code)):
        digest = base64.b64encode(hashlib.sha256(own.text.encode()).digest()).decode()
        assert rules[rule] == f"'sha256-{digest}'"
    assert "style" not in {name for one in _every(page) for name in one.attributes}


def _every(page: Element) -> list[Element]:
    found = [one for one in page.children if isinstance(one, Element)]
    return found + [inner for one in found for inner in _every(one)]


def test_a_page_asks_for_nothing() -> None:
    for one in _every(page_of(dc.solve(small()))):
        for name in ("src", "href", "srcset", "action"):
            value = one.attributes.get(name) or ""
            assert not value or value.startswith(("#", "data:"))


def test_markup_is_escaped_once() -> None:
    assert element("p", "<b>&", Markup("<i>")) == "<p>&lt;b&gt;&amp;<i></p>"
    assert element("a", href='"x"', hidden=True, title=None, class_="y", data_k=3) == (
        '<a href="&quot;x&quot;" hidden class="y" data-k="3"></a>'
    )
    assert element("p", "a\x00\u202eb") == "<p>a\ufffdb</p>"


# For those who do not see it.


def test_tables_can_be_read_aloud() -> None:
    _, page = written("zhongshan")
    ids = [one.attributes["id"] for one in _every(page) if "id" in one.attributes]
    assert len(ids) == len(set(ids))
    for sheet in sheets(page):
        assert sheet.one("caption").text
        assert sheet.attributes["aria-labelledby"] in ids
        for head in sheet.one("thead").all("th"):
            assert head.attributes["scope"] in ("col", "colgroup")
        for row in sheet.one("tbody").all("tr"):
            (head,) = row.all("th")
            assert head.attributes["scope"] in ("row", "rowgroup")
        (label,) = sheet.all("label")
        assert label.attributes["for"] in ids
    for drawing in page.all("svg"):
        assert drawing.attributes["role"] == "img"
        assert drawing.attributes["aria-label"]


# Files.


def test_the_page_of_a_small_plan(tmp_path: Path) -> None:
    theme = Theme.model_validate({"sheets": ["annex1", "annex2"]})
    page = web_page(document(dc.solve(small()), page=True, theme=theme), theme).decode()
    body = re.sub("<script>.*?</script>", "", page[page.index("<body") :], flags=re.S)
    golden = GOLDEN / "small.html"
    written = golden if os.environ.get("WRITE_GOLDEN") else tmp_path / golden.name
    written.write_text(body.replace("><", ">\n<"), encoding="utf-8")
    one, other = (path.read_text(encoding="utf-8").splitlines() for path in (written, golden))
    assert one == other


def test_the_same_report_gives_the_same_bytes() -> None:
    pages = {web_page(document(dc.solve(small()), page=True), Theme()) for _ in range(2)}
    assert len(pages) == 1


@pytest.mark.parametrize("language", ["zh", "en"])
def test_other_results_are_pages_too(language: Any, tmp_path: Path) -> None:
    allocation = dc.solve(small())
    capped = small().with_changes({"indicators.investment.limits.max": {"甲区": 2, "乙县": 2}})
    changes = {"high": 1.01, "higher": 1.2}
    scenarios = [dc.Scenario(name, scale={"investment": by}) for name, by in changes.items()]
    frame = dc.sweep(small(), scenarios)
    actuals = allocation.quotas[allocation.quotas["year"] == 2015]
    actuals = actuals.rename(columns={"year": "period", "quota": "value"})
    results: list[Any] = [
        dc.revise(allocation, actuals, through=2015),
        Annexes(),
        dc.explain(capped),
        frame,
        dc.compare(allocation, dc.solve(scenarios[0].apply(small()))),
    ]
    for number, result in enumerate(results):
        path = tmp_path / f"{number}.html"
        dc.write_report(result, path, language=language)
        page = read_page(path.read_bytes())
        assert sheets(page)
        pictures = {0: 8, 3: 1, 4: 3}  # four of each indicator; the fan; each year, and their sum
        assert len(page.all("svg")) == pictures.get(number, 0)


def test_of_very_many_numbers_no_reasons_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(content_module, "MOST_REASONS", 3)
    page = page_of(dc.solve(small()))
    assert data_of(page)["reasons"] == []
    assert "数字超过3个，本页不带各数的来由" in page.text
    assert not any("data-why" in cell.attributes for cell in page.all("td"))


def test_pictures_of_one_indicator_need_no_choice() -> None:
    picture = Picture("", "图甲", "", element("svg", role="img", aria_label="甲"))
    table = Table(
        "t", "", "表", (Column("a", "a", ColumnKind.LABEL),), (Row(RowKind.REGION, (Cell("甲"),)),)
    )
    page = read_page(web_page(Document("x", (table,), pictures=(picture,)), Theme()))
    assert page.all("select") == []
    assert page.one("figcaption").text == "图甲"
