"""A year in a row: adopted, negotiated, kept, revised with merged regions, negotiated again."""

from __future__ import annotations

from pathlib import Path

import pytest

import decompose as dc
from decompose import Move, adjust, adopt
from tests.plans import indicator
from tests.test_kept import brought_back
from tests.test_revise import YEARS, reached, solved

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
    assert told.messages[-1].text() == "此前经协商调减0.80亿元（原因：项目延期），后又重新分解。"
    assert "原为" not in str(told)
    assert "decomposed again since" in told.text("en")
    kept = dc.revise(negotiated, reached(negotiated, 2015), through=2015).allocation
    assert (
        kept.why("投资", "甲区", 2016).messages[-1].text()
        == "经协商调减0.80亿元（原因：项目延期）。"
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
