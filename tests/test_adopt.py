"""Tables that were changed by hand: taken over with a certificate, or every breach is named."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import decompose as dc
from decompose import adopt
from tests import plans as small
from tests.crossing_plans import crossing_plans
from tests.growth_plans import growth_plan
from tests.link_plans import link_plan
from tests.oracles.plan_indicator import Cell
from tests.oracles.plan_program import PlanProgram, violation
from tests.plans import PUBLISHED
from tests.ratio_plans import ratio_plan
from tests.solved import Data, allocation_of, column
from tests.strategies import plans

COLUMNS = ["indicator", "region", "year", "quota"]
TWO_YEARS = {"years": {2015: 15, 2016: 15}}


def flow(*years: int, **keys: Any) -> Data:
    target = {"years": dict.fromkeys(years or (2015, 2016), 15)}
    return small.indicator(target=target, decimals=2, **keys)


def table(numbers: dict[int, list[float]], *, name: str = "投资") -> pd.DataFrame:
    """Quotas of the three regions by year, a number to a row."""
    rows = [
        (name, region, year, value)
        for year, values in numbers.items()
        for region, value in zip(small.BASES, values, strict=True)
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


EVEN = {2015: [8.0, 4.0, 3.0], 2016: [8.0, 4.0, 3.0]}


def assert_same(found: dc.Allocation, expected: dc.Allocation) -> None:
    assert found.quotas["quota"].equals(expected.quotas["quota"])
    pd.testing.assert_frame_equal(found.totals, expected.totals)
    pd.testing.assert_frame_equal(found.values, expected.values)
    left, right = found.excess, expected.excess
    pd.testing.assert_frame_equal(left, right, atol=1e-6, check_dtype=False)


# ---- what solve gives is taken over as it is -------------------------------------------------


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_solved_plan_is_taken_over_from_any_of_its_tables(name: str, tmp_path: Path) -> None:
    plan = dc.read_plan(f"data/{name}.yaml")
    expected = dc.solve(plan)
    dc.write_report(expected, tmp_path / "annexes.xlsx")
    expected.quotas[COLUMNS].to_csv(tmp_path / "long.csv", index=False)
    for one in (expected.quotas, tmp_path / "annexes.xlsx", str(tmp_path / "long.csv")):
        found = adopt(plan, one)
        assert_same(found, expected)
        assert (found.stretch is None) == (expected.stretch is None)
    found.save(tmp_path / "kept.json")
    assert dc.read_allocation(tmp_path / "kept.json").quotas.equals(found.quotas)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_changed_annex_counts_and_not_the_list_beside_it(language: Any, tmp_path: Path) -> None:
    regions = ["甲县", "乙县", "丙县"]
    one = {"id": "a", "name": "投资", "kind": "flow", "target": {"total": 9}, "decimals": 0}
    plan = {"years": [2026], "regions": regions, "indicators": [one]}
    allocation = dc.solve(dc.Plan.model_validate(plan))
    path = tmp_path / "annexes.xlsx"
    dc.write_report(allocation, path, language=language)
    book = openpyxl.load_workbook(path)
    sheet = next(book[name] for name in book.sheetnames if "2-2026" in name)
    for row in sheet.iter_rows():
        if row[0].value in regions[:2]:
            row[1].value = {"甲县": 4, "乙县": 2}[row[0].value]
    book.save(path)
    assert dc.adopt(allocation, path).quotas["quota"].tolist() == [4, 2, 3]


@pytest.mark.parametrize("name", ["pingdingshan/plan"])
def test_a_plan_of_one_year_is_taken_over_from_its_annex(name: str, tmp_path: Path) -> None:
    plan = dc.read_plan(f"data/{name}.yaml")
    expected = dc.solve(plan)
    dc.write_report(expected, tmp_path / "annex2.csv")
    assert_same(adopt(plan, tmp_path / "annex2.csv"), expected)
    assert_same(adopt(plan, expected.annex2(plan.years[0])), expected)


@settings(max_examples=2 * settings().max_examples)
@given(plans())
def test_random_plans_are_taken_over(data: Data) -> None:
    expected = allocation_of(data)
    assert_same(adopt(expected.plan, expected.quotas), expected)


@given(crossing_plans())
def test_plans_whose_groups_cross_are_taken_over(data: Data) -> None:
    try:
        expected = allocation_of(data)
    except dc.RoundingError:
        return
    found = adopt(expected.plan, expected.quotas)
    assert found.quotas["quota"].equals(expected.quotas["quota"])


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize("made", [ratio_plan, link_plan, growth_plan])
def test_ratios_and_links_are_taken_over(made: Callable[[int], Data], seed: int) -> None:
    plan = dc.Plan.model_validate(made(seed))
    try:
        expected = dc.solve(plan)
    except dc.InfeasibleError:
        return
    found = adopt(plan, expected.quotas)
    assert found.quotas["quota"].equals(expected.quotas["quota"])
    pd.testing.assert_frame_equal(found.totals, expected.totals)


# ---- numbers of one's own --------------------------------------------------------------------


def test_other_numbers_that_keep_the_rules_are_taken_over() -> None:
    plan = small.plan(flow())
    found = adopt(plan, table({2015: [7.25, 4.75, 3.0], 2016: [9, 3, 3]}))
    assert found.quotas["quota"].tolist() == [7.25, 9, 4.75, 3, 3, 3]
    assert found.quotas["exact"].tolist() == found.quotas["quota"].tolist()
    assert found.quotas["reference"].tolist() == [8, 8, 4, 4, 3, 3]
    assert "手工定的数，比参考数少0.75亿元" in str(found.why("投资", "甲区", 2015))
    assert "set by hand, 0.75 亿元 above" in found.why("投资", "乙县", 2015).text("en")
    assert "手工" not in str(found.why("投资", "丙县", 2015))
    assert len(found.annex2(2016)) == 4


def test_names_aliases_and_ids_are_known_and_the_order_does_not_matter() -> None:
    regions = small.data()["regions"]
    regions[0]["aliases"] = ["甲"]
    plan = small.plan(flow(), regions=regions)
    frame = table(EVEN, name="investment").iloc[::-1].replace({"甲区": "甲"})
    expected = adopt(plan, table(EVEN))
    pd.testing.assert_frame_equal(adopt(plan, frame).quotas, expected.quotas)
    wide = pd.DataFrame({"地区": ["全市", "甲", "乙县", "丙县"], "投资（亿元）": [15, "8", 4, 3.0]})
    one_year = small.plan(flow(2015), regions=regions, years=[2015])
    found = adopt(one_year, wide)
    assert found.quotas["quota"].tolist() == [8, 4, 3]


def test_a_breach_that_rounding_explains_is_listed() -> None:
    plan = small.plan(
        small.indicator(
            base={"甲区": 7.96, "乙县": 4, "丙县": 3},
            target=TWO_YEARS,
            limits={"growth": {"max": "3%"}},
        )
    )
    frame = table({2015: [8.2, 4.1, 2.7], 2016: [8.2, 4.1, 2.7]})
    found = adopt(plan, frame)
    assert found.excess["amount"].tolist() == pytest.approx([8.2 - 7.96 * 1.03], abs=1e-9) or len(
        found.excess
    )
    with pytest.raises(dc.PlanError, match="增速上限"):
        adopt(plan, table({2015: [8.3, 4.1, 2.6], 2016: [8.2, 4.1, 2.7]}))
    strict = plan.with_changes({"indicators.investment.strict": True})
    with pytest.raises(dc.PlanError, match="增速上限"):
        adopt(strict, frame)


# ---- what is refused -------------------------------------------------------------------------


def mistakes(plan: dc.Plan | dc.Allocation, frame: Any, **keys: Any) -> list[dc.Mistake]:
    with pytest.raises(dc.PlanError) as caught:
        adopt(plan, frame, **keys)
    assert len(str(caught.value).splitlines()) == 1 + len(caught.value.mistakes)
    return list(caught.value.mistakes)


def test_every_breach_is_named_with_what_was_found_and_what_would_do() -> None:
    part = small.indicator(id="part", name="技改", parent="investment", target={"years": {2015: 5}})
    part["years"] = [2015]
    whole = flow(
        limits={"max": {"甲区": {2015: 7}}, "share": {"max": {"乙县": "30%"}}},
        locks={"丙县": {2016: 2}},
    )
    plan = small.plan(whole, part)
    frame = pd.concat(
        [
            table({2015: [7.25, 5.0, 2.0], 2016: [8.0, 4.0, 3.0]}),
            table({2015: [2.0, 0.5, 2.5]}, name="技改"),
        ]
    )
    found = [one.message.text() for one in mistakes(plan, frame)]
    assert len(found) == 5
    assert "示例市2015年投资：目标不能满足——表中为14.25亿元，应为15.00亿元，少0.75亿元" in found[0]
    assert "indicators.investment.target.years.2015" in found[0]
    text = "\n".join(found)
    assert "甲区2015年投资：上限不能满足——表中为7.25亿元，最多7.00亿元，多0.25亿元" in text
    assert "丙县2016年投资：锁定不能满足——表中为3.00亿元，应为2.00亿元，多1.00亿元" in text
    assert "乙县2015年投资：占比上限不能满足" in text
    assert "丙县2015年技改：" in text
    english = [one.message.text("en") for one in mistakes(plan, frame, language="en")]
    assert "the table has 7.25 亿元, the most is 7.00 亿元: 0.25 亿元 too much" in "\n".join(
        english
    )


def test_missing_numbers_and_numbers_off_the_grid_are_named() -> None:
    frame = table({2015: [8.005, 3.995, 3.0], 2016: [8, 4, 3]}).drop(index=5)
    found = mistakes(small.plan(flow()), frame)
    assert [one.message.code for one in found] == [
        "adopt_missing",
        "adopt_off_grid",
        "adopt_off_grid",
    ]
    assert "投资2016年缺 丙县 的分解数" in found[0].text()
    assert found[1].place == "第1行“quota”"
    assert "8.005" in found[1].text()


def test_sums_in_the_table_must_agree_with_its_numbers() -> None:
    plan = small.plan(flow(2015), years=[2015])
    frame = pd.DataFrame(
        {"地区": ["全市", "甲区", "乙县", "丙县", "北部"], "投资": [15, 8, 4, 3, 7.5]}
    )
    found = mistakes(plan, frame)
    assert [one.message.code for one in found] == ["adopt_number"]
    assert "北部2015年投资，表中为 7.5，按各地的数应为 7" in found[0].text()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"region": "甲乙丙"}, "adopt_region"),
        ({"indicator": "投次"}, "adopt_indicator"),
        ({"year": 2020}, "adopt_year_unknown"),
        ({"quota": "八"}, "not_a_number"),
        ({"quota": "8%"}, "percent_not_expected"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(change: dict[str, Any], code: str) -> None:
    frame = table(EVEN).astype(object)
    for name, value in change.items():
        frame.loc[0, name] = value
    found = mistakes(small.plan(flow()), frame)
    assert [one.message.code for one in found] == [code]
    assert found[0].place.startswith("第1行")


def test_another_unit_in_a_heading_is_refused_with_its_place(tmp_path: Path) -> None:
    """Numbers under 万元 may be in 亿元 or not: who wrote it must say so."""
    plan = small.plan(flow(2015), years=[2015])
    told = "投资在这里写明单位是“万元”，而计划中是“亿元”"

    def refused(table: Any) -> str:
        (found,) = mistakes(plan, table)
        assert found.message.code == "adopt_unit"
        assert told in found.text()
        return found.place

    regions, numbers = ["甲区", "乙县", "丙县"], [8, 4, 3]
    right, wrong = (
        pd.DataFrame({"地区": regions, f"投资（{unit}）": numbers}) for unit in ("亿元", "万元")
    )
    assert adopt(plan, right).quotas["quota"].tolist() == numbers
    assert refused(wrong) == "表头“投资(万元)”"
    wrong.to_csv(tmp_path / "表.csv", index=False)
    assert refused(tmp_path / "表.csv") == "表.csv 第1行第2列"
    turned = pd.DataFrame(
        {"指标": ["投资"], "单位": ["万元"], "甲区": [8], "乙县": [4], "丙县": [3]}
    )
    assert refused(turned) == "第1行“单位”"
    turned["单位"] = "亿元"
    assert adopt(plan, turned).quotas["quota"].tolist() == numbers

    annex = tmp_path / "annexes.xlsx"
    dc.write_report(dc.solve(plan), annex)
    book = openpyxl.load_workbook(annex)
    sheet = next(book[name] for name in book.sheetnames if name.startswith("附件2"))
    (cell,) = [one for row in sheet.iter_rows() for one in row if "投资" in str(one.value or "")]
    cell.value = "投资\n（万元）"
    book.save(annex)
    assert cell.coordinate in refused(annex)


def test_tables_that_say_nothing_or_the_same_twice_are_told(tmp_path: Path) -> None:
    plan = small.plan(flow())
    (tmp_path / "other.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(dc.PlanError) as raised:
        dc.adopt(plan, tmp_path / "other.csv")
    assert [one.place for one in raised.value.mistakes] == ["other.csv"]
    assert mistakes(plan, pd.DataFrame({"a": [1]}))[0].message.code == "adopt_no_table"
    wide = pd.DataFrame({"地区": ["甲区"], "投资": [8]})
    assert mistakes(plan, wide)[0].message.code == "adopt_year"
    twice = pd.concat([table(EVEN), table({2015: [9.0, 4.0, 3.0]})])
    assert [one.message.code for one in mistakes(plan, twice)] == ["adopt_twice"]


def test_a_number_where_the_plan_has_none_is_told() -> None:
    plan = small.plan(flow(regions=["甲区", "乙县"], base={"甲区": 8, "乙县": 4}))
    frame = table({2015: [10, 5, 1], 2016: [10, 5, 0]}).drop(index=5)
    assert [one.message.code for one in mistakes(plan, frame)] == ["adopt_no_cell"]


def test_a_number_that_follows_must_follow(tmp_path: Path) -> None:
    plan = dc.read_plan("data/qingyuan/plan.yaml")
    expected = dc.solve(plan)
    dc.write_report(expected, tmp_path / "annexes.xlsx")
    book = openpyxl.load_workbook(tmp_path / "annexes.xlsx")
    sheet = book["附件2-2016"]
    row = next(row for row in sheet.iter_rows() if row[0].value == "先进制造业增加值")
    row[3].value += 0.01
    book.save(tmp_path / "changed.xlsx")
    found = mistakes(plan, tmp_path / "changed.xlsx")
    assert [one.message.code for one in found] == ["adopt_follows"]
    assert found[0].place == f"changed.xlsx 附件2-2016!D{row[3].row}"


def test_a_workbook_changed_by_hand_is_taken_over(tmp_path: Path) -> None:
    plan = dc.read_plan("data/zhongshan/plan.yaml")
    expected = dc.solve(plan)
    dc.write_report(expected, tmp_path / "annexes.xlsx")
    book = openpyxl.load_workbook(tmp_path / "annexes.xlsx")
    sheet = book["附件2-2015"]
    heads = [cell.value for cell in sheet[4]]
    column_of = next(k for k, head in enumerate(heads) if head and "清洁生产审核" in head)
    rows = {row[0].value: row for row in sheet.iter_rows()}
    rows["东区"][column_of].value -= 1
    rows["南区"][column_of].value += 1
    book.save(tmp_path / "changed.xlsx")
    found = adopt(plan, tmp_path / "changed.xlsx")
    before, after = column(expected, "quota"), column(found, "quota")
    changed = {cell: after[cell] - before[cell] for cell in after if after[cell] != before[cell]}
    assert {cell.region: gap for cell, gap in changed.items()} == {"东区": -1, "南区": 1}


# ---- random tables ---------------------------------------------------------------------------


def test_drafts_beside_the_annexes_are_left_and_other_tables_told(tmp_path: Path) -> None:
    """A sheet whose name begins with # is the planner's own, in a plan's workbook too."""
    allocation = dc.solve(small.plan(flow()))
    path = tmp_path / "annexes.xlsx"
    dc.write_report(allocation, path)
    book = openpyxl.load_workbook(path)
    draft = book.copy_worksheet(book["附件2-2015"])
    draft["B6"] = 999
    draft.title = "#草稿"
    book.save(path)
    assert_same(dc.adopt(allocation, path), allocation)
    draft.title = "草稿"
    book.save(path)
    (told,) = mistakes(allocation, path)
    assert (told.message.code, told.place) == ("adopt_year", "annexes.xlsx 草稿!A4")


def test_headings_whose_cells_are_merged_no_longer_are_read(tmp_path: Path) -> None:
    """As before a sheet can be sorted."""
    issued = dc.solve(dc.read_plan("data/example/plan.yaml"))
    dc.write_report(issued, tmp_path / "annexes.xlsx")
    book = openpyxl.load_workbook(tmp_path / "annexes.xlsx")
    for sheet in book.worksheets:
        for merged in list(sheet.merged_cells.ranges):
            sheet.unmerge_cells(str(merged))
    book.save(tmp_path / "annexes.xlsx")
    assert_same(adopt(issued.plan, tmp_path / "annexes.xlsx"), issued)
    sheet = book["附件2-2015"]
    assert (sheet["A7"].value, sheet["A5"].value) == ("甲区", None)
    sheet["A7"].value = None
    book.save(tmp_path / "annexes.xlsx")
    (told,) = mistakes(issued.plan, tmp_path / "annexes.xlsx")
    assert told.message.code == "adopt_unnamed"
    assert told.where.endswith("附件2-2015!A7")


def test_a_turned_annex_and_a_year_as_text_are_read(tmp_path: Path) -> None:
    issued = dc.solve(small.plan(flow()))
    for language in ("zh", "en"):
        annex = issued.annex2(2015, language=language)
        assert_same(adopt(issued, annex.T, year="2015"), issued)
    issued.annex2(2016).to_excel(tmp_path / "分解表2016年.xlsx")
    assert_same(adopt(issued, tmp_path / "分解表2016年.xlsx"), issued)


@settings(max_examples=2 * settings().max_examples)
@given(plans(), st.randoms(use_true_random=False))
def test_a_changed_table_is_refused_by_the_rules_that_an_oracle_finds_broken(
    data: Data, random: Any
) -> None:
    allocation = allocation_of(data)
    oracle = PlanProgram(data)
    frame = allocation.quotas[COLUMNS].copy()
    for row in random.sample(range(len(frame)), min(2, len(frame))):
        name = frame.loc[row, "indicator"]
        frame.loc[row, "quota"] += random.choice((-5, -1, 1, 5)) * float(
            oracle.indicators[name].step
        )
    cells = zip(frame["indicator"], frame["region"], frame["year"], strict=True)
    values = {
        Cell(*cell): round(value / float(oracle.indicators[cell[0]].step))
        * oracle.indicators[cell[0]].step
        for cell, value in zip(cells, frame["quota"], strict=True)
    }
    broken = {
        (rule.family, rule.scope, rule.year)
        for rule in oracle.rules
        if violation(rule, values) > oracle.indicators[rule.indicator].step / 10**6
    }
    negative = any(
        value < 0 and not oracle.indicators[cell.indicator].said.get("signed")
        for cell, value in values.items()
    )
    try:
        found = adopt(allocation.plan, frame)
    except dc.PlanError as error:
        assert broken or negative
        told = {one.message.code for one in error.mistakes}
        assert told <= {"adopt_breach", "adopt_negative"}
        return
    assert not negative
    listed = zip(*(found.excess[name] for name in ("family", "scope", "year")), strict=True)
    assert set(listed) == broken
