"""Two allocations beside each other: what changed, by how much, and why."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings

import decompose as dc
from decompose.comparing import comparison_table
from tests import plans as small
from tests.plans import BASES, data, indicator
from tests.solved import Data, allocation_of
from tests.strategies import plans

COLUMNS = ["indicator", "scope", "year", "before", "after", "change", "reason"]


@pytest.fixture(scope="module")
def issued() -> dc.Allocation:
    return dc.solve(dc.Plan.model_validate(data()))


def changed(issued: dc.Allocation, changes: Data, **keys: Any) -> pd.DataFrame:
    return dc.compare(issued, dc.solve(issued.plan.with_changes(changes)), **keys)


def rows(frame: pd.DataFrame) -> dict[tuple[str, int | str], list[Any]]:
    return {
        (scope, year): rest
        for scope, year, *rest in frame.drop(columns="indicator").itertuples(index=False)
    }


def test_what_did_not_change_has_no_row(issued: dc.Allocation) -> None:
    frame = dc.compare(issued, issued)
    assert list(frame.columns) == COLUMNS
    assert frame.empty
    whole = dc.compare(issued, issued, all=True)
    # area, a group with a subtotal, three regions; two years and their sum
    assert len(whole) == 15
    assert (whole["change"] == 0).all()
    assert (whole["reason"] == "").all()


def test_a_changed_target(issued: dc.Allocation) -> None:
    found = rows(changed(issued, {"indicators.investment.target.years.2016": "27以上"}))
    told = "目标（2016）由 24 改为 27以上"
    assert found["全市", 2016] == [24.0, 27.0, 3.0, told]
    assert found["甲区", 2016] == [12.8, 14.4, 1.6, told]
    assert found["北部", 2016] == [11.2, 12.6, 1.4, "各地区之和变化"]
    assert found["甲区", "total"] == [22.4, 24.0, 1.6, "各年之和变化"]
    assert ("甲区", 2015) not in found


def test_a_changed_limit_and_the_rule_that_now_holds(issued: dc.Allocation) -> None:
    found = rows(changed(issued, {"indicators.investment.limits.max": {"甲区": 9}}))
    assert found["甲区", 2015][:3] == [9.6, 9.0, -0.6]
    assert found["甲区", 2015][3] == "新增上限（甲区） 9；现受上限约束"
    assert found["乙县", 2015][3] == "随其他地区或年份的变化相应调整"
    english = changed(issued, {"indicators.investment.limits.max": {"甲区": 9}}, language="en")
    assert rows(english)["甲区", 2015][3] == "capacity (甲区) is now 9; now held by capacity"


def test_rates_are_told_in_percent_and_totals_by_their_word(issued: dc.Allocation) -> None:
    found = rows(changed(issued, {"indicators.investment.limits.growth.max.甲区": "15%"}))
    assert "新增增速上限（甲区） 15%" in found["甲区", 2015][3]
    target = "indicators.investment.target"
    found = rows(changed(issued, {f"{target}.years.2016": None, f"{target}.total": 45}))
    assert "新增目标（累计） 45" in found["全市", 2016][3]
    figures = {"indicators.investment.target": {"growth": "8%"}}
    found = rows(changed(issued, figures))
    assert "新增年均增长目标 8%" in found["全市", 2016][3]
    found = rows(changed(issued, {f"{target}.margin": "5%"}))
    assert found["全市", 2016][3] == "新增加码 5%"


@pytest.mark.parametrize("key", ["tolerance", "target.tolerance"])
def test_a_changed_tolerance_is_told_by_its_name_in_percent(
    issued: dc.Allocation, key: str
) -> None:
    path = f"indicators.investment.{key}"
    before = issued.plan.with_changes({path: "6%"})
    moved = {path: "7%", "indicators.investment.target.years.2015": "19左右"}
    found = rows(dc.compare(dc.solve(before), dc.solve(before.with_changes(moved))))
    assert "左右幅度由 6% 改为 7%" in found["甲区", 2015][3]


def test_a_value_and_its_increment_are_not_compared(issued: dc.Allocation, tmp_path: Path) -> None:
    level = {"indicators.investment.kind": "level"}
    before = dc.solve(issued.plan.with_changes(level))
    after = dc.solve(before.plan.with_changes({"indicators.investment.publish": "increment"}))
    frame = dc.compare(before, after)
    assert len(frame) == 10
    assert frame[["before", "change"]].isna().all(axis=None)
    assert set(frame["reason"]) == {"原印数值，现印增量，不能对照"}
    english = dc.compare(after, before, language="en")
    assert "increment was printed before, value now" in english["reason"][0]
    dc.write_report(frame, tmp_path / "compared.md")


def test_a_changed_base_and_a_lock(issued: dc.Allocation) -> None:
    found = rows(changed(issued, {"indicators.investment.base.甲区": 9}))
    assert found["甲区", 2015][3] == "基数由 8 改为 9"
    locks = {"甲区": {2015: {"value": 8, "why": "市政府会议纪要3号"}}}
    found = rows(changed(issued, {"indicators.investment.locks": locks}))
    assert "锁定：市政府会议纪要3号" in found["甲区", 2015][3]
    locks["甲区"][2015]["signed"] = True
    found = rows(changed(issued, {"indicators.investment.locks": locks}))
    assert found["甲区", 2015][3] == "锁定：市政府会议纪要3号"


def test_rounding_alone_is_told() -> None:
    plain = data(indicator(target={"years": {2015: 10}}, base={"甲区": 1, "乙县": 1, "丙县": 1}))
    one, other = (dc.solve(dc.Plan.model_validate(plain)) for _ in range(2))
    (stage,) = other.settled.stages
    assert sorted(stage.quotas) == [333, 333, 334]
    turned = replace(stage, quotas=np.roll(stage.quotas, 1))
    other = dc.Allocation(replace(other.settled, stages=(turned,)))
    found = rows(dc.compare(one, other))
    told = [found[cell][3] for cell in found if cell in {(name, 2015) for name in BASES}]
    assert told == ["仅取整不同"] * 2


def test_moves_of_the_log_are_told(issued: dc.Allocation) -> None:
    move = {
        "indicator": "investment",
        "year": 2016,
        "region": "甲区",
        "amount": 1.6,
        "to": "others",
        "why": "承接新项目",
    }
    plan = issued.plan.with_changes({"indicators.investment.target.years.2016": 27})
    after = dc.solve(plan)
    logged = dc.Allocation(after.settled, after.stretch, after.made, (move,))
    found = rows(dc.compare(issued, logged))
    assert found["甲区", 2016][3].startswith("协商调整：承接新项目")
    assert found["乙县", 2016][3].startswith("分担甲区的协商调整：承接新项目")


def test_moves_elsewhere_are_told() -> None:
    """甲区 gives way in 2015: growth of at most half lets it have less in 2016, too."""
    said = data(
        indicator(target={"years": {2015: 15, 2016: 20}}, limits={"growth": {"max": "50%"}})
    )
    before = dc.solve(dc.Plan.model_validate(said))
    move = dc.Move("投资", 2015, "丙县", -2, why="缓建")
    once = dc.adjust(before, move)
    found = rows(dc.compare(before, once))
    assert found["丙县", 2015][3].startswith("协商调整：缓建")
    assert found["丙县", 2016][3].startswith("随丙县2015年“投资”的协商调整变动：缓建")
    silent = rows(dc.compare(before, dc.adjust(before, dc.Move("投资", 2015, "丙县", -2))))
    assert silent["丙县", 2015][3].split("；")[0] == "协商调整"
    again = dc.adjust(dc.adjust(once, dc.Move("投资", 2015, "丙县", 1)), move)
    assert rows(dc.compare(once, again))["丙县", 2015][3].startswith("协商调整")
    assert "agreed: 缓建" in rows(dc.compare(before, once, language="en"))["丙县", 2015][3]


def test_what_a_table_changed_by_hand_is_told(issued: dc.Allocation) -> None:
    table = issued.quotas[["indicator", "region", "year", "quota"]].copy()
    table.loc[table["year"] == 2015, "quota"] += [0.5, -0.5, 0]
    found = rows(dc.compare(issued, dc.adopt(issued, table)))
    assert found["甲区", 2015][3] == "手工改定"
    assert ("甲区", 2016) not in found


@pytest.mark.parametrize(
    ("merge", "reason"),
    [({"甲新区": ["甲区"]}, ""), ({"新区": ["乙县", "丙县"]}, "乙县、丙县合并为新区")],
)
def test_regions_with_another_name_are_beside_what_they_were(
    issued: dc.Allocation, merge: dict[str, list[str]], reason: str
) -> None:
    (name,) = merge
    actuals = issued.quotas[issued.quotas["year"] == 2015].rename(columns={"quota": "value"})
    actuals = actuals.assign(period="2015")[["indicator", "region", "period", "value"]]
    actuals.loc[actuals["region"] == merge[name][0], "value"] -= 1
    changes = {"indicators.investment.target.years.2016": 27}
    after = dc.revise(issued, actuals, through=2015, merge=merge, changes=changes).allocation
    whole = dc.compare(issued, after, all=True)
    assert not whole[["before", "after"]].isna().any(axis=None)
    found = rows(whole)
    assert set(dict.fromkeys(scope for scope, _ in found)) == {
        "全市",
        "北部",
        *after.plan.region_names,
    }
    frame = issued.quotas[(issued.quotas["year"] == 2016)].set_index("region")["quota"]
    assert found[name, 2016][0] == pytest.approx(frame[merge[name]].sum())
    assert reason in found[name, 2016][3]
    assert "基数" not in found[name, 2016][3]


def test_a_new_name_is_known_from_either_side() -> None:
    plan = small.plan()
    new = {"name": "甲新区", "aliases": ["甲区"], "groups": ["南部"]}
    own = plan.source()
    bases = {"甲新区": 8.0, "乙县": 4.0, "丙县": 3.0}
    named = small.plan(small.indicator(base=bases), regions=[new, *own["regions"][1:]])
    one, other = dc.solve(plan), dc.solve(named)
    for frame in (dc.compare(one, other, all=True), dc.compare(other, one, all=True)):
        assert not frame[["before", "after"]].isna().any(axis=None)
        assert set(frame["change"]) == {0.0}


def test_a_comparison_with_a_new_indicator_in_whole_units_prints(tmp_path: Path) -> None:
    firms = small.indicator(id="firms", name="企业数", unit="家", integer=True)
    before, after = dc.solve(small.plan()), dc.solve(small.plan(small.indicator(), firms))
    for first, last in ((before, after), (after, before)):
        dc.write_report(dc.compare(first, last), tmp_path / "compared.html")
        page = (tmp_path / "compared.html").read_text(encoding="utf-8")
        assert ">nan<" not in page
        assert "原nan" not in page
        assert ("原—" in page) == (first is before)


def test_plans_that_differ_in_regions_years_and_indicators(issued: dc.Allocation) -> None:
    said = data(
        indicator(id="other", name="另一指标", target={"years": {2016: 6, 2017: 6}}),
        indicator(target={"years": {2016: 24, 2017: 26}}, base={"甲区": 8, "丙县": 3, "丁县": 2}),
        years=[2016, 2017],
        base_year=2015,
        regions=["甲区", "丙县", "丁县"],
        groups={},
    )
    said["indicators"][0]["base"] = {"甲区": 8, "丙县": 3, "丁县": 2}
    frame = dc.compare(issued, dc.solve(dc.Plan.model_validate(said)))
    own = rows(frame[frame["indicator"] == "investment"])
    assert own["乙县", 2016][3] == "撤并的地区"
    assert np.isnan(own["乙县", 2016][1])
    assert own["丁县", 2016][3] == "新增地区"
    assert own["甲区", 2015][3] == "不再分解的年份"
    assert own["甲区", 2017][3] == "新增年份"
    assert own["全市", 2015][3] == "不再分解的年份"
    other = frame[frame["indicator"] == "other"]
    assert set(other["reason"]) == {"新增指标"}
    back = dc.compare(dc.solve(dc.Plan.model_validate(said)), issued)
    assert set(back[back["indicator"] == "other"]["reason"]) == {"取消的指标"}


def test_a_comparison_prints(issued: dc.Allocation) -> None:
    after = dc.solve(issued.plan.with_changes({"indicators.investment.target.years.2016": 27}))
    frame = dc.compare(issued, after)
    table = comparison_table(frame, (issued.plan, after.plan))
    assert len(table.rows) == len(frame)
    assert [cell.text for cell in table.rows[0].cells][:7] == [
        "全市",
        "投资",
        "亿元",
        "2016",
        "24.00",
        "27.00",
        "3.00",
    ]


@given(plans())
@settings(max_examples=20)
def test_changes_lead_from_one_to_the_other(said: Data) -> None:
    """before + change = after; every printed number has its row; nothing changes by itself."""
    one = allocation_of(said)
    assert dc.compare(one, one).empty
    whole = dc.compare(one, one, all=True)
    np.testing.assert_array_equal(whole["before"], whole["after"])
    cells = one.quotas
    kept = whole.set_index(["indicator", "scope", "year"])["after"]
    for name, region, year, quota in cells[["indicator", "region", "year", "quota"]].itertuples(
        index=False
    ):
        assert kept[name, region, year] == quota


def test_many_changes_are_told_without_reading_the_plan_for_each(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each number once read both plans anew: minutes for a hundred regions."""
    first = dc.Plan.model_validate(data())
    second = first.with_changes({"indicators.investment.target.years.2015": 19})
    ends = dc.solve(first), dc.solve(second)

    def refused(_plan: dc.Plan) -> Data:
        raise AssertionError

    monkeypatch.setattr(dc.Plan, "source", refused)
    assert len(dc.compare(*ends)) > 3
