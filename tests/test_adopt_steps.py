"""What solve hands out is taken over: strict figures, coarse parts, billions of steps."""

from __future__ import annotations

from pathlib import Path

import pytest

import decompose as dc
from tests import plans as small
from tests.solved import Data
from tests.test_adopt import assert_same
from tests.test_kept import brought_back

FIRMS = {"甲区": 31, "乙县": 47, "丙县": 53}
RATE: tuple[Data, ...] = (
    small.indicator(
        id="firms",
        name="企业",
        kind="given",
        target={},
        values={2014: FIRMS, 2015: FIRMS},
        base=None,
    ),
    small.indicator(
        kind="ratio",
        base=None,
        denominator="firms",
        base_numerator={"甲区": 3, "乙县": 9, "丙县": 10},
        scale=100,
        decimals=0,
        target={"years": {2015: 25.3}},
        strict=True,
    ),
)
GROWTH: tuple[Data, ...] = (
    small.indicator(
        kind="level",
        publish="growth",
        allocate={"by": {"甲区": 2, "乙县": 3, "丙县": 3}},
        decimals=0,
        target={"years": {2015: 17}},
        strict=True,
    ),
)
LATER: tuple[Data, ...] = (GROWTH[0] | {"target": {"years": {2015: 17, 2016: 19.5}}},)
PART: tuple[Data, ...] = (
    small.indicator(
        limits={"share_shift": 0.01}, target={"years": {2015: 100}}, allocate={"by": "equal"}
    ),
    small.indicator(
        id="part", name="其中", parent="investment", step=5, target={"years": {2015: 100}}
    ),
)
HUGE: tuple[Data, ...] = (
    small.indicator(
        base={"甲区": 3, "乙县": 4, "丙县": 2},
        decimals=3,
        target={"years": {2015: 627151940.025, 2016: 789647548.27}},
    ),
)


def solved(indicators: tuple[Data, ...]) -> dc.Allocation:
    plain = [{key: one[key] for key in one if one[key] is not None} for one in indicators]
    return dc.solve(small.plan(*plain))


@pytest.mark.parametrize("indicators", [RATE, GROWTH, LATER, PART, HUGE])
def test_what_is_handed_out_can_be_taken_over_and_kept(
    indicators: tuple[Data, ...], tmp_path: Path
) -> None:
    allocation = solved(indicators)
    table = allocation.quotas[["indicator", "region", "year", "quota"]]
    assert_same(dc.adopt(allocation.plan, table), allocation)
    brought_back(allocation, tmp_path)


def test_a_number_of_billions_of_steps_moves_by_a_step() -> None:
    allocation = solved(HUGE)
    move = dc.Move("investment", 2015, "甲区", -0.001, to="乙县")
    changes = dc.compare(allocation, dc.adjust(allocation, [move]))
    found = changes[changes["year"] == 2015]
    assert dict(zip(found["scope"], found["change"].round(3), strict=True)) == {
        "甲区": -0.001,
        "乙县": 0.001,
        "北部": 0.001,
    }


def test_another_breach_of_a_strict_plan_is_not_explained() -> None:
    own = dict(GROWTH[0], limits={"growth": {"max": {"甲区": "10%"}}})
    allocation = solved((own,))
    table = allocation.quotas[["indicator", "region", "year", "quota"]].copy()
    assert table["quota"].iloc[0] <= 10
    table["quota"] = [11.0, *table["quota"].tolist()[1:]]
    with pytest.raises(dc.PlanError, match="甲区"):
        dc.adopt(allocation.plan, table)
