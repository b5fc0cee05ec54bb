"""Rules with many optima: the leximin among them, with and without a program for each level."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import decompose as dc
from decompose.fairness import choose_all
from decompose.settle import problems_of
from tests.plans import Data
from tests.problems import random_problem

RULES = ("least_absolute", "least_cost")


def counties(rule: str, seed: int) -> Data:
    """Make a plan of two provinces: targets of each by year, growth limits, costs in two steps."""
    random = np.random.default_rng(seed)
    names = [f"county {k:02d}" for k in range(16)]
    base = random.integers(20, 90, 16)
    table = base[:, None] * np.cumprod(random.uniform(1.02, 1.12, (16, 3)), axis=1)
    years = (2026, 2027, 2028)

    def figures(some: slice) -> Data:
        return {"years": dict(zip(years, table[some].sum(axis=0).round(2).tolist(), strict=True))}

    targets = {"north": figures(slice(0, 8)), "south": figures(slice(8, 16))}
    whole = {year: sum(one["years"][year] for one in targets.values()) for year in years}
    weights = base * random.uniform(0.8, 1.2, 16)
    indicator: Data = {
        "id": "output",
        "kind": "flow",
        "base": dict(zip(names, base.tolist(), strict=True)),
        "allocate": {"by": dict(zip(names, weights.round(2).tolist(), strict=True))},
        "target": {"years": {year: round(value, 2) for year, value in whole.items()}},
        "group_targets": targets,
        "limits": {"growth": {"min": "-5%", "max": "25%"}},
        "fairness": rule,
    }
    if rule == "least_cost":
        unit = random.uniform(1, 3, 16).round(1).tolist()
        indicator["cost"] = {
            name: [[size, once], [9 * size, 2 * once]]
            for name, size, once in zip(names, base.tolist(), unit, strict=True)
        }
    return {
        "format": 1,
        "title": "t",
        "area": "country",
        "base_year": 2025,
        "years": list(years),
        "regions": [
            {"name": name, "groups": ["north" if k < 8 else "south"]}
            for k, name in enumerate(names)
        ],
        "indicators": [indicator],
    }


@pytest.mark.parametrize("rule", RULES)
def test_optima_have_the_closed_form_of_a_plan(rule: str) -> None:
    """The least sum is one program; a program for each level of the leximin were dozens."""
    for seed in range(20):
        for problem in problems_of(dc.Plan.model_validate(counties(rule, seed))):
            quick, clashing = choose_all(problem)
            slow, also = choose_all(problem, closed=False)
            assert clashing == also == []
            assert quick.x == pytest.approx(slow.x, rel=1e-8)
            assert quick.programs < slow.programs / 2


def test_optima_of_any_rules() -> None:
    for seed in range(500):
        asked = random_problem(seed)
        asked = replace(asked, fairness=("least_absolute",) * len(asked.fairness))
        quick, clashing = choose_all(asked)
        slow, also = choose_all(asked, closed=False)
        assert clashing == also, seed
        if not also:
            assert quick.x == pytest.approx(slow.x, rel=1e-8, abs=1e-7), seed
