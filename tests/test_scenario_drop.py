"""Without a region, or without a group: the plan that never had it."""

from __future__ import annotations

import copy
from typing import Any

import pytest

import decompose as dc
from tests.plans import Data, data, indicator


def whole() -> Data:
    """A plan that names 丙县 and 北部 wherever it can."""
    return data(
        indicator(
            base="base",
            base_total=16,
            mismatch="scale",
            group_targets={"北部": {"total": "10以上"}},
            limits={
                "max": {"丙县": {2015: 5}, "北部": 8},
                "growth": {"max": {"default": "80%", "丙": "60%"}},
            },
            locks={"丙县": {2016: 4.5}},
        ),
        indicator(
            id="firms",
            name="企业",
            integer=True,
            base={"甲区": 8, "乙县": 4},
            allocate={"by": {"甲区": 2, "乙县": 1}},
            regions={"except": ["丙县"]},
        ),
        regions=[
            {"name": "甲区", "groups": ["南部"]},
            {"name": "乙县", "groups": ["北部"], "inside": "丙县"},
            {"name": "丙县", "groups": ["北部"], "aliases": ["丙"]},
        ],
        tables={"base": {"甲区": 8.0, "乙县": 4.0, "丙县": 3.0}},
    )


def without_region() -> Data:
    said = copy.deepcopy(whole())
    investment, firms = said["indicators"]
    del said["regions"][2], said["regions"][1]["inside"], said["tables"]["base"]["丙县"]
    del investment["limits"]["max"]["丙县"], investment["limits"]["growth"]["max"]["丙"]
    del investment["locks"], firms["regions"]
    investment["base_total"] = 13
    return said


def without_group() -> Data:
    said = copy.deepcopy(whole())
    investment = said["indicators"][0]
    for region in said["regions"][1:]:
        region["groups"] = []
    del said["groups"]["北部"], investment["group_targets"], investment["limits"]["max"]["北部"]
    return said


@pytest.mark.parametrize(
    ("drop", "wanted"), [("regions.丙县", without_region()), ("groups.北部", without_group())]
)
def test_what_is_dropped_is_named_nowhere_any_more(drop: str, wanted: Any) -> None:
    plan = dc.Plan.model_validate(whole())
    frame = dc.sweep(plan, [dc.Scenario("without", drop=(drop,))])
    assert set(frame["status"]) == {"solved"}
    quotas = dc.solve(dc.Plan.model_validate(wanted)).quotas
    assert frame[list(quotas.columns)].to_numpy().tolist() == quotas.to_numpy().tolist()


@pytest.mark.parametrize("name", ["市本级", "乙县"])
def test_a_region_can_leave_the_example(name: str) -> None:
    plan = dc.read_plan("data/example/plan.yaml")
    left = dc.Scenario("without", drop=(f"regions.{name}",)).apply(plan)
    assert name not in left.region_names
