"""Why a number is what it is: the arithmetic, the rule, who took the difference, relief."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

import decompose as dc
from tests import plans

QINGYUAN = Path(__file__).parent.parent / "data" / "qingyuan" / "plan.yaml"


@cache
def qingyuan() -> dc.Allocation:
    return dc.solve(dc.read_plan(QINGYUAN))


def test_the_number_of_yingde_is_explained_word_for_word() -> None:
    reason = qingyuan().why("upgrade_investment", "英德市", 2015)
    assert str(reason) == (
        "英德市2015年工业技术改造投资为 3.20 亿元。按基期占比应得 22.00 × 17.75% = 3.91,"
        "受上限 3.20限制,相差 -0.71;差额 -0.71 由清城区 +0.19、高新区 +0.16、清新区 +0.14等分担。"
    )
    assert reason.share == pytest.approx(2.75 / 15.49)
    assert [rule.family for rule in reason.tight] == ["max"]
    assert reason.tight[0].path == "indicators.upgrade_investment.limits.max.英德市.2015"
    assert sum(amount for _, amount in reason.others) == pytest.approx(0.7057, abs=1e-3)


def test_printed_names_and_ids_mean_the_same() -> None:
    allocation = qingyuan()
    by_name = allocation.why("工业技术改造投资", "英德市", 2015)
    assert by_name == allocation.why("upgrade_investment", "英德市", 2015)


def test_it_speaks_english() -> None:
    text = qingyuan().why("upgrade_investment", "英德市", 2015).text("en")
    assert "22.00 × 17.75% = 3.91" in text
    assert "its capacity of 3.20 stops it" in text


def test_relief_is_what_solving_again_gives() -> None:
    data = plans.indicator(limits={"max": {"甲区": {2015: 9}}, "growth": {"max": {"乙县": "45%"}}})
    plan = plans.plan(data)
    reason = dc.solve(plan).why("investment", "甲区", 2015, relief=True)
    assert [(one.family, one.step) for one in reason.relief] == [("max", 0.01)]
    assert reason.relief[0].change == pytest.approx(0.01)
    changed = plan.with_changes({reason.relief[0].path: 9.01})
    again = dc.solve(changed).quotas.set_index(["region", "year"])["quota"]
    assert again["甲区", 2015] - reason.quota == pytest.approx(reason.relief[0].change)


def test_a_county_and_an_indicator_are_explained_cell_by_cell() -> None:
    allocation = dc.solve(plans.plan())
    county = allocation.why(region="乙县")
    assert [(part.indicator, part.year) for part in county.parts] == [
        ("investment", 2015),
        ("investment", 2016),
    ]
    assert len(allocation.why("investment").parts) == 6
    assert county.text().splitlines()[0] == "乙县共 2 个数:"


def test_numbers_at_their_reference_say_so() -> None:
    reason = dc.solve(plans.plan()).why("investment", "甲区", 2015)
    assert reason.quota == reason.reference == pytest.approx(9.6)
    assert "没有限制改变它" in str(reason)


@pytest.mark.parametrize(
    "asked", [("nothing", "甲区", 2015), ("investment", "丁县", 2015), ("investment", "甲区", 2019)]
)
def test_what_nobody_bears_is_told(asked: tuple[str, str, int]) -> None:
    with pytest.raises(dc.PlanError, match="没有"):
        dc.solve(plans.plan()).why(*asked)
