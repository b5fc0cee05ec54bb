"""Plans that are odd and legal: large numbers, bases between two steps, stretch of growth, …

Numbers are counted by hand beside each of them.
"""

from __future__ import annotations

from typing import Any

import pytest

import decompose as dc
from tests import plans as small
from tests.solved import of_year

# ---- large numbers -------------------------------------------------------------------------------


@pytest.mark.parametrize("decimals", [1, 2, 3])
@pytest.mark.parametrize("figure", [149133.2, 136993.1, 1000000000.3, 12345678901.7])
def test_large_sums_are_whole_steps(figure: float, decimals: int) -> None:
    one = small.indicator(decimals=decimals, target={"years": {2015: figure, 2016: figure}})
    allocation = dc.solve(small.plan(one))
    assert list(allocation.totals["quota"][:3]) == [figure, figure, 2 * figure]
    locked = small.indicator(decimals=decimals, target={}, locks={"甲区": {2015: figure}})
    assert list(dc.solve(small.plan(locked)).quotas["quota"]) == [figure]


# ---- increments from a base between two steps ----------------------------------------------------

RISING: dict[str, Any] = {
    "kind": "level",
    "publish": "increment",
    "decimals": 1,
    "base": {"甲区": 213.99, "乙县": 9.56, "丙县": 1},
}


@pytest.mark.parametrize(
    ("keys", "rises", "references"),
    [
        ({"target": {"increase": "11.3以上"}}, 11.3, 11.3),
        ({"target": {"years": {2016: "235.8以上"}}}, 11.3, 11.25),
        ({"target": {"years": {2016: 235.83}}}, 11.3, 11.28),
        ({"target": {"years": {2016: "235.8以下"}}}, 11.2, 11.25),
        ({"target": {"increase": 11.3}, "limits": {"max": {"全市": 235.8}}}, None, None),
    ],
)
def test_sums_of_increments_are_on_their_own_grid(
    keys: dict[str, Any], rises: float | None, references: float | None
) -> None:
    plan = small.plan(small.indicator(**RISING, **keys), years=[2016])
    if rises is None:  # 235.85 by the target, 235.8 at most: between two steps, so 235.75
        assert not dc.explain(plan).feasible
        return
    quotas = dc.solve(plan).quotas
    assert quotas["quota"].sum() == pytest.approx(rises)
    assert quotas["reference"].sum() == pytest.approx(references)


def test_capacities_of_increments_are_not_passed_and_floors_are_reached() -> None:
    limits = {"max": {"甲区": 214.5}, "min": {"丙县": 4.05}}
    one = small.indicator(**RISING, target={"increase": 11.3}, limits=limits)
    found = of_year(dc.solve(small.plan(one, years=[2016])), "quota", "investment")
    assert found == {"甲区": 0.5, "乙县": 7.7, "丙县": 3.1}


def test_a_lock_between_two_steps_of_the_increment_is_a_mistake() -> None:
    def plan(value: float) -> dc.Plan:
        locks = {"乙县": {2016: value}}
        one = small.indicator(**RISING, target={"increase": 11.3}, locks=locks)
        return small.plan(one, years=[2016])

    with pytest.raises(dc.PlanError, match=r"9\.56") as error:
        plan(10.5)
    assert [one.message.code for one in error.value.mistakes] == ["lock_rise"]
    assert of_year(dc.solve(plan(10.56)), "quota", "investment")["乙县"] == 1


def test_increments_of_a_group_alone_have_increments_for_references() -> None:
    targets = {"北部": {"years": {2015: 16, 2016: "18以上"}}}
    one = small.indicator(**{**RISING, "target": {}}, group_targets=targets)
    allocation = dc.solve(small.plan(one))
    assert of_year(allocation, "reference", "investment", 2015) == pytest.approx(
        {"乙县": 5.44 * 9.56 / 10.56, "丙县": 5.44 / 10.56}
    )
    assert sum(of_year(allocation, "reference", "investment").values()) == pytest.approx(2)


# ---- stretch of published growth -----------------------------------------------------------------


def test_growth_that_must_fall_behind_its_base_quota_stands_where_the_rules_make_it() -> None:
    group = {"years": {2015: "8以上"}, "stretch": {"years": {2015: "9.1以上", 2016: "10以上"}}}
    years, more = {2015: 18, 2016: 20}, {2015: 18.2, 2016: 20.2}
    one = small.indicator(
        kind="level",
        publish="growth",
        decimals=1,
        target={"years": years, "stretch": {"years": more}},
        group_targets={"北部": group},
    )
    higher = dc.solve(small.plan(one)).stretch
    assert higher is not None
    # 7 in the base year for 9.1 at least is 30 %; 8 for the other 9.1 is 13.75 %, 20 % at base
    found = of_year(higher, "quota", "investment", 2015)
    assert found == {"甲区": pytest.approx(13.8), "乙县": 30, "丙县": 30}
