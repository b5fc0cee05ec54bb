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
from decompose.problem import FAMILIES, FAMILY
from decompose.solvers import to_lp_problem
from tests import plans

GOLDEN = Path(__file__).parent / "golden" / "lp"

CASES: dict[str, list[dict[str, Any]]] = {
    "target": [
        plans.indicator(
            target={"years": {2015: "18以上", 2016: 24}, "total": "42以上"},
            limits={"max": {"甲区": {2015: 8}}},
        )
    ],
    "growth_each_year": [
        plans.indicator(
            kind="level",
            target={"years": {2016: "17以上"}, "growth_each_year": "8%以上"},
            limits={"min": {"sum": {"北部": {2015: 9.5}}}, "max": {"甲区": {2016: 9}}},
        )
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
}


def test_every_family_has_its_case_and_its_function() -> None:
    names = [family.name for family in FAMILIES]
    assert list(CASES) == names
    assert list(FAMILY_RULES) == names


@pytest.mark.parametrize("family", CASES)
def test_rows_are_those_of_the_golden_file(family: str, tmp_path: Path) -> None:
    problem = build(plans.plan(*CASES[family])).problem
    rows = np.flatnonzero(problem.rules.family == FAMILY[family])
    assert len(rows), "the case writes no row of its family"
    only = replace(problem, rules=problem.rules.take(rows))
    golden = GOLDEN / f"{family}.lp"
    written = golden if os.environ.get("WRITE_GOLDEN") else tmp_path / golden.name
    to_lp_problem(rules_program(only)).writeLP(str(written))
    assert written.read_text(encoding="utf-8") == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("family", CASES)
def test_without_its_rows_the_answer_is_another(family: str) -> None:
    problem = build(plans.plan(*CASES[family])).problem
    others = np.flatnonzero(problem.rules.family != FAMILY[family])
    relaxed = replace(problem, rules=problem.rules.take(others))
    assert np.abs(choose(problem).x - choose(relaxed).x).max() > 0.01
