"""References below 0 are mistakes, wherever they come from; regions may be below 0 all the same."""

from __future__ import annotations

from typing import Any

import pytest

import decompose as dc
from tests.plans import Data, data, indicator
from tests.solved import column

FALLING: Data = {
    "id": "firms",
    "name": "企业数",
    "kind": "level",
    "unit": "家",
    "base": {"甲区": 8, "乙县": 4, "丙县": 3},
    "target": {"years": {2015: 12, 2016: 10}},
    "signed": True,
}
BELOW: list[tuple[str, list[Data], str, int, float]] = [
    ("rise", [{**FALLING, "target": {"increase": -30}}], "甲区", 2016, -8.0),
    ("rate", [{**FALLING, "target": {"growth_each_year": "-120%"}}], "甲区", 2015, -1.6),
    ("increments", [{**FALLING, "publish": "increment"}], "甲区", 2015, -1.6),
    (
        "increase_of",
        [FALLING, {"id": "net", "name": "净增", "kind": "flow", "increase_of": "firms"}],
        "甲区",
        2015,
        -1.6,
    ),
    (
        "remainder",
        [indicator(signed=True, target={"years": {2015: 20}, "total": 5})],
        "甲区",
        2016,
        -8.0,
    ),
    (
        "group",
        [
            indicator(
                signed=True,
                target={},
                group_targets={"南部": {"years": {2015: -5}}, "北部": {"years": {2015: 5}}},
            )
        ],
        "甲区",
        2015,
        -5.0,
    ),
]
RATIO: Data = {
    "id": "share",
    "name": "占比",
    "kind": "ratio",
    "unit": "%",
    "scale": 100,
    "numerator": "top",
    "denominator": "bottom",
    "signed": True,
}


@pytest.mark.parametrize(
    ("parts", "region", "year", "found"), [case[1:] for case in BELOW], ids=[c[0] for c in BELOW]
)
def test_a_negative_reference_is_a_mistake_of_the_plan(
    parts: list[Data], region: str, year: int, found: float
) -> None:
    parts = [{**one, "signed": True} for one in parts]
    plan = dc.Plan.model_validate(data(*parts))
    with pytest.raises(dc.PlanError) as caught:
        dc.solve(plan, language="en")
    (mistake,) = caught.value.mistakes
    assert mistake.path == ("indicators", parts[-1]["id"])
    assert mistake.message.code == "negative_reference"
    assert mistake.message.data["region"] == region
    assert mistake.message.data["year"] == year
    assert mistake.message.data["found"] == pytest.approx(found)
    assert "allocate" in str(caught.value)
    issues = [one for one in dc.check(plan) if one.code == "negative_reference"]
    assert [(one.severity, one.where) for one in issues] == [
        ("error", f"{parts[-1]['id']} {year} {region}")
    ]


@pytest.mark.parametrize(
    ("target", "where"),
    [
        ({"years": {2015: -18, 2016: 24}}, "years.2015"),
        ({"each_year": -18}, "each_year"),
        ({"per_region": -6}, "per_region"),
        ({"total": "-18以上"}, "total"),
        ({"years": {2015: 18, 2016: 24}, "stretch": {"total": -50}}, "stretch.total"),
        ({"each_year": 18, "stretch": {"years": {2016: -3}}}, "stretch.years.2016"),
    ],
)
@pytest.mark.parametrize("signed", [False, True])
def test_a_negative_target_is_a_mistake_when_it_is_read(
    target: Data, where: str, signed: bool
) -> None:
    with pytest.raises(dc.PlanError) as caught:
        dc.Plan.model_validate(data(indicator(signed=signed, target=target)))
    assert [one.message.code for one in caught.value.mistakes] == ["negative_target"]
    assert f"indicators.investment.target.{where}：" in str(caught.value)
    assert "signed: true" in str(caught.value)


@pytest.mark.parametrize(
    ("publish", "target"),
    [("cut", {"cut": "-3%"}), ("rise", {"rise": -2}), ("value", {"years": {2015: 40, 2016: -3}})],
)
def test_a_ratio_that_is_to_be_negative_is_a_mistake(publish: str, target: Data) -> None:
    parts = [
        indicator(id="top", name="分子", target={}),
        indicator(id="bottom", name="分母"),
        {**RATIO, "publish": publish, "target": target},
    ]
    with pytest.raises(dc.PlanError, match=r"rise.*cut") as caught:
        dc.solve(dc.Plan.model_validate(data(*parts)), language="en")
    assert caught.value.mistakes[0].path == ("indicators", "share")


@pytest.mark.parametrize(
    "allocate",
    [None, "base", {"by": {"甲区": -1, "乙县": 4, "丙县": 3}}, {"blend": {"base": 0.5, "w": 0.5}}],
)
def test_a_negative_share_is_a_mistake_when_it_is_read(allocate: Any) -> None:
    base = {"甲区": -8.0, "乙县": 40.0, "丙县": 3.0}
    said = indicator(signed=True, base=base, **({"allocate": allocate} if allocate else {}))
    with pytest.raises(dc.PlanError) as caught:
        dc.Plan.model_validate(data(said, tables={"w": {"甲区": 1, "乙县": 1, "丙县": 1}}))
    assert {one.message.code for one in caught.value.mistakes} == {"reference_negative"}
    assert "甲区" in str(caught.value)


def test_single_regions_may_be_below_0() -> None:
    said = indicator(
        signed=True,
        allocate="equal",
        base={"甲区": -8.0, "乙县": 4.0, "丙县": 30.0},
        target={"years": {2015: 6, 2016: 0}},
        limits={"max": {"甲区": -3}},
    )
    quotas = column(dc.solve(dc.Plan.model_validate(data(said))), "quota")
    assert [quota for cell, quota in quotas.items() if cell.region == "甲区"] == [-3.0, -3.0]
    assert sum(quota for cell, quota in quotas.items() if cell.year == 2015) == pytest.approx(6)


def test_a_sum_of_0_has_references_of_0() -> None:
    allocation = dc.solve(
        dc.Plan.model_validate(data(indicator(signed=True, target={"years": {2015: 0, 2016: 0}})))
    )
    assert set(column(allocation, "reference").values()) == {0.0}
    assert set(column(allocation, "quota").values()) == {0.0}


def test_a_negative_lock_of_an_open_year_has_a_reference_of_0() -> None:
    said = indicator(signed=True, target={}, locks={"甲区": {2015: -4}})
    allocation = dc.solve(dc.Plan.model_validate(data(said)))
    assert allocation.quotas[["quota", "reference"]].to_numpy().tolist() == [[-4.0, 0.0]]


def test_what_cannot_be_negative_cannot_be_met_instead() -> None:
    plan = dc.Plan.model_validate(data({**FALLING, "target": {"increase": -30}, "signed": False}))
    with pytest.raises(dc.InfeasibleError):
        dc.solve(plan)
