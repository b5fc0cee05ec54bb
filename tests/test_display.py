"""``display``: words that tables print in place of the area's figure, and their check."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest

import decompose as dc
from decompose.report import Document, excel, markdown
from decompose.tables import RowKind, Table
from tests import plans as small
from tests.test_stretch import HIGHER

WORDS = {2015: "18左右", "total": "四十余", "base": "约15"}


def area_row(table: Table) -> list[str]:
    """The cells of the area's row: of annex 1 from the base year to the average growth."""
    if any(row.kind is RowKind.AREA for row in table.rows):
        return [cell.text for cell in table.rows[0].cells[1:]]
    return [cell.text for cell in table.rows[0].cells[3:8]]


def test_words_stand_where_the_areas_row_is_printed_and_nowhere_else() -> None:
    allocation = dc.solve(small.plan(small.indicator(display=WORDS)))
    first, year, other = allocation.tables()
    assert area_row(first) == ["约15", "18左右", "24", "四十余", "26.5%"]
    assert area_row(year) == ["18左右"]
    assert area_row(other) == ["24.00"]
    others = dc.solve(small.plan()).tables()
    for one, plain in zip((first, year, other), others, strict=True):
        rest = [[cell.text for cell in row.cells] for row in one.rows[1:]]
        assert rest == [[cell.text for cell in row.cells] for row in plain.rows[1:]]


def test_numbers_stay_numbers() -> None:
    plan = small.plan(small.indicator(display=WORDS))
    allocation, plain = dc.solve(plan), dc.solve(small.plan())
    assert allocation.quotas.equals(plain.quotas)
    assert allocation.totals.equals(plain.totals)
    frame = allocation.annex2(2015)
    assert frame.dtypes.to_list() == [np.dtype("float64")]
    assert frame.equals(plain.annex2(2015))
    assert list(allocation.annex1()["2015年"]) == ["18左右"]


def test_the_last_years_words_stand_at_the_end_of_a_level() -> None:
    keys: dict[str, Any] = {"kind": "level", "target": {"years": {2016: 24}}}
    table = dc.solve(small.plan(small.indicator(**keys, display={2016: "24上下"}))).tables()[0]
    assert area_row(table)[2:4] == ["24上下", "24上下"]
    both = {2016: "24上下", "total": "翻番"}
    table = dc.solve(small.plan(small.indicator(**keys, display=both))).tables()[0]
    assert area_row(table)[2:4] == ["24上下", "翻番"]


def test_words_of_the_base_figures_do_not_stand_for_stretch_figures() -> None:
    allocation = dc.solve(small.plan(small.indicator(target=HIGHER, display=WORDS)))
    first, year, _ = allocation.tables()
    assert [cell.text for cell in first.rows[1].cells[3:7]] == ["", "20", "27", "47"]
    assert area_row(year) == ["18左右", "20.00"]


def test_given_data_have_words_too() -> None:
    values = {2014: dict(small.BASES), 2015: dict(small.BASES), 2016: dict(small.BASES)}
    one = {"id": "a", "name": "企业", "kind": "given", "values": values, "display": {2015: "十五"}}
    allocation = dc.solve(small.plan(one, small.indicator()))
    assert area_row(allocation.tables()[1])[0] == "十五"


def test_words_are_written(tmp_path: Path) -> None:
    allocation = dc.solve(small.plan(small.indicator(display={2015: "=1+1"})))
    (tmp_path / "a.xlsx").write_bytes(excel(Document("", allocation.tables())))
    cells = [
        cell for row in openpyxl.load_workbook(tmp_path / "a.xlsx").active or () for cell in row
    ]
    (found,) = (cell for cell in cells if cell.value == "=1+1")
    assert found.data_type == "s"
    assert markdown(allocation.tables()).count("=1+1") == 2


# ---- what check says ------------------------------------------------------------------------


def told(display: dict[Any, str], **keys: Any) -> list[tuple[str, str]]:
    issues = dc.check(small.plan(small.indicator(display=display, **keys)))
    assert {one.severity for one in issues} <= {"warning"}
    return [(one.code, one.where) for one in issues]


@pytest.mark.parametrize(
    "text",
    [
        "18左右",
        "18",
        "18亿元",
        "约18.3亿元",
        "2015年底达到18",
        "17-19",
        "15以上",
        "全覆盖",
        "力争18",
        "18.00",
    ],
)
def test_words_that_agree_are_passed_over(text: str) -> None:
    assert told({2015: text}) == []


@pytest.mark.parametrize(
    "text", ["19左右", "17", "19亿元", "2015年底达到20", "20以上", "15-17", "17以下"]
)
def test_words_with_another_figure_are_told(text: str) -> None:
    assert told({2015: text}) == [("display_differs", "investment 2015 全市")]


def test_at_most_does_not_stand_for_at_least() -> None:
    target = {"years": {2015: "18以上", 2016: 24}}
    assert told({2015: "18以下"}, target=target) == [("display_differs", "investment 2015 全市")]
    assert told({2015: "18以上"}, target=target) == []


def test_totals_and_bases_are_compared() -> None:
    assert told({"total": "42左右", "base": "15"}) == []
    assert told({"total": "45", "base": "16左右"}) == [
        ("display_differs", "investment 全市"),
        ("display_differs", "investment total 全市"),
    ]


def test_open_years_are_compared_with_what_is_handed_out() -> None:
    target = {"years": {2016: 24}}
    # 15 → 24 at a constant rate: 18.97
    keys: dict[str, Any] = {"kind": "level", "target": target}
    assert told({2015: "19"}, **keys) == []
    assert told({2015: "20左右"}, **keys) == [("display_differs", "investment 2015 全市")]


def test_a_margin_is_not_taken_for_a_contradiction() -> None:
    target = {"years": {2015: 18, 2016: 24}, "margin": "10%"}
    assert told({2015: "18"}, target=target) == []
    assert told({2015: "19.8"}, target=target) == []


def test_increments_are_compared_with_increments() -> None:
    keys: dict[str, Any] = {"kind": "level", "publish": "increment"}
    target = {"years": {2015: 18, 2016: 24}}
    assert told({2015: "3", 2016: "6左右", "total": "9"}, target=target, **keys) == []
    assert told({2015: "18"}, target=target, **keys) != []


def test_ratios_are_compared_in_their_printed_unit() -> None:
    given_values = {year: dict.fromkeys(small.BASES, 10.0) for year in (2014, 2015, 2016)}

    def plan(**keys: Any) -> dc.Plan:
        return small.plan(
            {"id": "firms", "name": "企业", "kind": "given", "values": given_values},
            {
                "id": "rate",
                "name": "达标率",
                "kind": "ratio",
                "unit": "%",
                "denominator": "firms",
                "scale": 100,
                "base_numerator": dict.fromkeys(small.BASES, 1),
                **keys,
            },
        )

    share: dict[str, Any] = {"target": {"years": {2015: 11, 2016: "13以上"}}}
    assert dc.check(plan(**share, display={2016: "13%以上", 2015: "11%"})) == []
    (issue,) = dc.check(plan(**share, display={2016: "14%左右"}))
    assert (issue.code, issue.where) == ("display_differs", "rate 2016 全市")
    assert (issue.data["stated"], issue.data["wanted"]) == (14.0, 13.0)
    cut: dict[str, Any] = {"publish": "cut", "target": {"cut": "6%以上"}}
    assert dc.check(plan(**cut, display={2016: "6%以上"})) == []
    assert [one.code for one in dc.check(plan(**cut, display={2016: "7%"}))] == ["display_differs"]


def test_the_text_says_what_where_and_how_to_mend_it() -> None:
    (issue,) = dc.check(small.plan(small.indicator(display={2015: "19左右"})))
    assert issue.text == (
        "投资：2015 年全域数印作“19左右”，而计划的数是 18 亿元；请改正 display 或计划的数"
    )
    plan = small.plan(small.indicator(display={2015: "19左右"}))
    assert "“19左右” is printed" in dc.check(plan, language="en")[0].text


# ---- mistakes -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("display", "code", "key"),
    [
        ({2019: "18"}, "display_key", "2019"),
        ({2014: "15"}, "display_key", "2014"),
        ({"累计": "18"}, "display_key", "累计"),
        ({2015: " "}, "display_empty", "2015"),
    ],
)
def test_mistakes_have_names(display: dict[Any, str], code: str, key: str) -> None:
    with pytest.raises(dc.PlanError) as caught:
        small.plan(small.indicator(display=display))
    (mistake,) = caught.value.mistakes
    assert (mistake.message.code, mistake.path[-1]) == (code, key)


def test_a_goal_in_words_needs_no_other_words() -> None:
    with pytest.raises(dc.PlanError) as caught:
        small.plan({"id": "a", "kind": "text", "text": "全覆盖", "display": {2015: "x"}})
    assert [one.message.code for one in caught.value.mistakes] == ["key_of_kind"]


def test_what_is_displayed_is_kept_as_it_is_said() -> None:
    plan = small.plan(small.indicator(display={**WORDS, 2016: 24}))
    assert plan.indicators[0].display == {
        "2015": "18左右",
        "total": "四十余",
        "base": "约15",
        "2016": "24",
    }
    assert dc.Plan.model_validate(plan.source()) == plan
