"""A year in a row: adopted, negotiated, kept, revised with merged regions, negotiated again."""

from __future__ import annotations

from pathlib import Path

import pytest

import decompose as dc
from decompose import Move, adjust, adopt
from tests.plans import indicator
from tests.test_kept import brought_back
from tests.test_revise import YEARS, of_year, reached, solved

DELAYED = Move("投资", 2016, "甲区", -0.8, why="项目延期")


@pytest.fixture(scope="module")
def negotiated() -> dc.Allocation:
    """甲区 8/7.2/8, 乙县 4/4.46/4, 丙县 3/3.34/3."""
    target = {"years": dict.fromkeys(YEARS, 15), "total": 45}
    issued = solved(indicator(target=target, decimals=2))
    return adjust(issued, [DELAYED])


def test_a_move_is_told_as_what_it_was_once_the_rest_was_decomposed_again(
    negotiated: dc.Allocation,
) -> None:
    short = reached(negotiated, 2015, {("investment", "甲区", 2015): 5.0})
    revised = dc.revise(negotiated, short, through=2015).allocation
    told = revised.why("投资", "甲区", 2016)
    moved, issued = "此前经协商调减0.80亿元（原因：项目延期），后又重新分解。", "原下达7.20亿元"
    assert told.messages[-1].text() == f"{moved}{issued}，调整后增加0.72亿元。"
    assert "原为" not in str(told)
    assert "decomposed again since" in told.text("en")
    kept = dc.revise(negotiated, reached(negotiated, 2015), through=2015).allocation
    assert (
        kept.why("投资", "甲区", 2016).messages[-1].text()
        == "经协商调减0.80亿元（原因：项目延期）。与原下达的7.20亿元相同。"
    )


@pytest.mark.parametrize("merge", [{"甲新区": ["甲区"]}, {"新区": ["甲区", "乙县"]}])
def test_moves_of_regions_that_have_another_name_by_now(
    negotiated: dc.Allocation, merge: dict[str, list[str]], tmp_path: Path
) -> None:
    (name,) = merge
    changes = {f"regions.{name}.groups": ["北部"]} if len(merge[name]) > 1 else None
    short = reached(negotiated, 2015, {("investment", "甲区", 2015): 5.0})
    revised = dc.revise(negotiated, short, through=2015, merge=merge, changes=changes).allocation
    back = brought_back(revised, tmp_path)
    assert "项目延期" in str(back.why("投资", name, 2016))
    again = adjust(back, [Move("投资", 2017, name, -0.5, why="再议")])
    assert "再议" in str(again.why("投资", name, 2017))
    assert "项目延期" in str(again.why("投资", name, 2016))
    assert len(again.log) == 2


def test_a_whole_year(negotiated: dc.Allocation, tmp_path: Path) -> None:
    table = negotiated.quotas[["indicator", "region", "year", "quota"]].copy()
    table.loc[(table["year"] == 2017) & (table["region"] == "甲区"), "quota"] -= 1
    table.loc[(table["year"] == 2017) & (table["region"] == "丙县"), "quota"] += 1
    adopted = brought_back(adopt(negotiated.plan, table), tmp_path)
    agreed = brought_back(adjust(adopted, [Move("投资", 2016, "乙县", 0.3)]), tmp_path)
    first = {("investment", "甲区", 2015): 6.5, ("investment", "丙县", 2015): 3.5}
    march = dc.revise(agreed, reached(agreed, 2015, first), through=2015).allocation
    march = brought_back(march, tmp_path)
    second = {("investment", "乙县", 2016): of_march(march, "乙县", 2016) - 1}
    later = dc.revise(march, reached(march, 2016, second), through=2016)
    last = brought_back(later.allocation, tmp_path)
    cells = last.quotas
    assert cells["quota"].sum() == pytest.approx(45)
    assert cells.loc[cells["year"] == 2015, "quota"].tolist() == [6.5, 4, 3.5]
    before, after = (
        [of_march(one, name, 2017) for name in ["甲区", "乙县", "丙县"]] for one in (march, last)
    )
    assert [new / old for new, old in zip(after, before, strict=True)] == pytest.approx(
        [1 + 1 / sum(before)] * 3, abs=0.003
    )
    again = dc.revise(last, reached(last, 2016), through=2016)
    assert again.allocation.quotas["quota"].equals(last.quotas["quota"])
    assert adopt(last.plan, last.quotas).quotas["quota"].equals(last.quotas["quota"])


def of_march(allocation: dc.Allocation, region: str, year: int) -> float:
    frame = allocation.quotas
    return float(frame.loc[(frame["region"] == region) & (frame["year"] == year), "quota"].iloc[0])


# ---- more than was to be had ------------------------------------------------------------------


@pytest.mark.parametrize("least", [0, 1])
def test_a_capacity_over_the_years_that_is_used_up_leaves_floors(least: int) -> None:
    limits = {"total": {"max": {"乙县": 14}}, "min": {"乙县": least}}
    target = {"years": dict.fromkeys(YEARS, 15), "total": 45}
    issued = solved(indicator(target=target, decimals=2, limits=limits))
    got = {("investment", "甲区", 2015): 7.0, ("investment", "乙县", 2015): 14.5}
    revision = dc.revise(issued, reached(issued, 2015, got), through=2015)
    assert "乙县到2015年已完成 14.5亿元，连同以后年度的下限超过各年累计上限 14亿元" in revision.text
    quotas = [of_year(revision, year) for year in YEARS[1:]]
    assert [year[1] for year in quotas] == [least, least]
    assert sum(map(sum, quotas)) == pytest.approx(45 - 7 - 14.5 - 3)
    again = dc.revise(revision.allocation, reached(revision.allocation, 2015), through=2015)
    assert again.allocation.quotas["quota"].equals(revision.allocation.quotas["quota"])


def test_repairs_never_change_what_was_reached() -> None:
    limits = {"growth": {"max": "10%"}}
    target = {"years": dict.fromkeys(YEARS, 15), "total": 45}
    issued = solved(indicator(target=target, limits=limits))
    got = {("investment", name, 2015): 0.5 for name in ("甲区", "乙县", "丙县")}
    with pytest.raises(dc.InfeasibleError) as caught:
        dc.revise(issued, reached(issued, 2015, got), through=2015)
    diagnosis = caught.value.diagnosis
    assert diagnosis is not None
    assert diagnosis.repairs
    paths = [path for one in diagnosis.repairs for path in one.changes]
    assert not [path for path in paths if ".locks." in path]


def test_locks_that_a_merge_takes_away_are_told() -> None:
    locks = {"乙县": {2015: 4, 2017: 4}, "丙县": {2015: 3}}
    issued = solved(indicator(target={"years": dict.fromkeys(YEARS, 15)}, locks=locks))
    revision = dc.revise(
        issued, reached(issued, 2015), through=2015, merge={"新区": ["乙县", "丙县"]}
    )
    (told,) = [line for line in revision.text.splitlines() if "锁定" in line]
    assert told == "投资：乙县2017年的锁定数在合并为新区后不再保留（其余各地没有锁定）"
