"""Every family of rules: its rows as a golden LP file, and an answer that needs them."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from decompose.audit import rules_program
from decompose.build import build
from decompose.constraints import FAMILY_RULES
from decompose.fairness import choose
from decompose.plan.better import Held
from decompose.problem import FAMILIES, FAMILY, Problem
from decompose.solvers import to_lp_problem
from tests import plans

GIVEN = {year: {"甲区": 40.0, "乙县": 30.0, "丙县": 20.0} for year in (2014, 2015, 2016)}
FIRMS = {"id": "firms", "name": "企业数", "kind": "given", "values": GIVEN, "report": False}
ENERGY = {"id": "energy", "kind": "level", "base": {"甲区": 9.0, "乙县": 5.0, "丙县": 6.0}}


def rate(**keys: Any) -> dict[str, Any]:
    """A rate over given firms; keys replace or add."""
    return {
        "id": "rate",
        "kind": "ratio",
        "unit": "%",
        "denominator": "firms",
        "scale": 100,
        "decimals": 1,
        "target": {"years": {2015: "11以上", 2016: "12以上"}},
        **keys,
    }


def cut(**keys: Any) -> dict[str, Any]:
    """A cut of energy by firm; keys replace or add."""
    said = {"id": "cut", "numerator": "energy", "publish": "cut", "target": {"cut": "6%以上"}}
    return rate(**{**said, **keys})


GOLDEN = Path(__file__).parent / "golden" / "lp"

CASES: dict[str, list[dict[str, Any]]] = {
    "target": [
        plans.indicator(
            target={"years": {2015: "18以上", 2016: 24}, "total": "42以上"},
            limits={"max": {"甲区": {2015: 8}}},
        )
    ],
    "ratio": [FIRMS, rate(limits={"max": {"甲区": 10}})],
    "growth_each_year": [
        plans.indicator(
            kind="level",
            target={"years": {2016: "17以上"}, "growth_each_year": "8%以上"},
            limits={"min": {"sum": {"北部": {2015: 9.5}}}, "max": {"甲区": {2016: 9}}},
        )
    ],
    "cut_each_year": [
        FIRMS,
        ENERGY,
        cut(target={"cut_each_year": "4%以上"}, limits={"cut": {"min": {"area": {2015: "8%"}}}}),
    ],
    "rise_each_year": [
        FIRMS,
        ENERGY,
        cut(
            publish="rise",
            target={"rise_each_year": "0.5以上"},
            limits={"min": {"area": {2015: 0.8}}},
        ),
    ],
    "lock": [plans.indicator(locks={"乙县": {2015: {"value": 6, "why": "乙函〔2015〕8号"}}})],
    "max": [plans.indicator(limits={"max": {"甲区": {2015: 9}, "北部": 8, "示例市": 24}})],
    "min": [plans.indicator(limits={"min": {"丙县": 4, "sum": {"北部": 10}}})],
    "total.max": [plans.indicator(limits={"total": {"max": {"甲区": 20}}})],
    "total.min": [plans.indicator(limits={"total": {"min": {"丙县": 9.5}}})],
    "growth.max": [plans.indicator(limits={"growth": {"max": {"甲区": "15%", "乙县": "45%"}}})],
    "growth.min": [plans.indicator(limits={"growth": {"min": "10%"}, "max": {"乙县": {2016: 5}}})],
    "ramp.max": [plans.indicator(limits={"ramp": {"max": {"甲区": 1.5}}})],
    "ramp.min": [plans.indicator(limits={"ramp": {"min": {"丙县": 2}}})],
    "cut.max": [FIRMS, ENERGY, cut(limits={"cut": {"max": {"甲区": "5%"}}})],
    "cut.min": [FIRMS, ENERGY, cut(limits={"cut": {"min": {"丙县": "8%"}}})],
    "ahead": [
        plans.indicator(
            kind="level",
            publish="growth",
            decimals=0,
            target={"growth_each_year": "10%以上"},
            limits={"growth": {"min": "2%"}, "max": {"甲区": {2016: 8.7}}},
        )
    ],
    "tier": [
        FIRMS,
        ENERGY,
        cut(
            tiers={
                "values": ["4%", "6%", "8%"],
                "by": {"甲区": "8%", "乙县": "6%", "丙县": "4%"},
            }
        ),
    ],
    "base_quota": [plans.indicator()],
    "monotone": [
        plans.indicator(
            target={"years": {2015: 18, 2016: 19}},
            limits={"monotone": "up", "max": {"甲区": {2016: 9.6}}, "min": {"丙县": {2015: 4.5}}},
        )
    ],
    "share.max": [plans.indicator(limits={"share": {"max": 0.5}})],
    "share.min": [plans.indicator(limits={"share": {"min": {"丙县": 0.25}}})],
    "share_shift": [
        plans.indicator(allocate="equal", limits={"share_shift": 0.02}),
    ],
    "part_of": [
        plans.indicator(),
        plans.indicator(
            id="part",
            name="其中",
            parent="investment",
            allocate="equal",
            target={"years": {2015: 12, 2016: 15}},
        ),
    ],
    "at_least_share": [
        plans.indicator(),
        plans.indicator(
            id="part",
            name="部分",
            target={"years": {2015: 6, 2016: 8}},
            links=[{"at_least_share": "40%", "of": "investment", "scope": "丙县"}],
        ),
    ],
    "at_most_share": [
        plans.indicator(),
        plans.indicator(
            id="part",
            name="部分",
            target={"years": {2015: 6, 2016: 8}},
            links=[{"at_most_share": "30%", "of": "investment", "scope": "丙县"}],
        ),
    ],
    "sum_of": [
        plans.indicator(limits={"max": {"甲区": 9}}),
        plans.indicator(id="other", name="另一项", allocate="equal"),
        {
            "id": "both",
            "kind": "flow",
            "sum_of": ["investment", "other"],
            "limits": {"max": {"丙县": {2016: 12.5}}},
        },
    ],
    "increase_of": [
        plans.indicator(kind="level", target={"years": {2016: 18}}),
        {
            "id": "rise",
            "kind": "flow",
            "increase_of": "investment",
            "limits": {"max": {"丙县": {2016: 0.2}}},
        },
    ],
}
HELD = Held({"investment": np.array([[9.0, 12.0], [5.2, 6.0], [3.6, 4.0]])})
"""Base quotas below which the stretch quotas of the case must not fall."""


def problem_of(family: str) -> Problem:
    """The problem of a family's case."""
    held = HELD if family == "base_quota" else None
    return build(plans.plan(*CASES[family]), held=held).problem


def test_every_family_has_its_case_and_its_function() -> None:
    names = [family.name for family in FAMILIES]
    assert list(CASES) == names
    assert list(FAMILY_RULES) == names


@pytest.mark.parametrize("family", CASES)
def test_rows_are_those_of_the_golden_file(family: str, tmp_path: Path) -> None:
    problem = problem_of(family)
    rows = np.flatnonzero(problem.rules.family == FAMILY[family])
    assert len(rows), "the case writes no row of its family"
    only = replace(problem, rules=problem.rules.take(rows))
    golden = GOLDEN / f"{family}.lp"
    written = golden if os.environ.get("WRITE_GOLDEN") else tmp_path / golden.name
    to_lp_problem(rules_program(only)).writeLP(str(written))
    assert written.read_text(encoding="utf-8") == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("family", CASES)
def test_without_its_rows_the_answer_is_another(family: str) -> None:
    problem = problem_of(family)
    others = np.flatnonzero(problem.rules.family != FAMILY[family])
    relaxed = replace(problem, rules=problem.rules.take(others))
    assert np.abs(choose(problem).x - choose(relaxed).x).max() > 0.01
