"""What the least that rules must yield leaves no choice for: by programs, and without them."""

from __future__ import annotations

import sys
from dataclasses import replace

import numpy as np
import pytest

import decompose as dc
from decompose.explain.feasibility import solved
from decompose.explain.relaxation import least_relaxation
from decompose.explain.stuck import first_stuck
from decompose.explain.whole_steps import eased
from decompose.problem import FAMILY
from decompose.solvers import open_solver


def too_fast(seed: int) -> dc.Plan:
    """A plan whose sums grow faster than its regions may, in some of the years or in all."""
    random = np.random.default_rng(seed)
    count, years = int(random.integers(2, 7)), list(range(2026, 2027 + int(random.integers(1, 4))))
    names = [f"r{number}" for number in range(count)]
    base = random.uniform(5, 50, count).round(1)
    rates = random.uniform(0, 0.3, count)
    factors = np.cumprod(random.choice([1.1, 1.2, 1.35], len(years)))
    allowed = {name: f"{100 * rate:.1f}%" for name, rate in zip(names, rates, strict=True)}
    figures = base.sum() * factors
    return dc.Plan.model_validate(
        {
            "format": 1,
            "title": "t",
            "area": "A",
            "base_year": 2025,
            "years": years,
            "regions": [{"name": name} for name in names],
            "indicators": [
                {
                    "id": "a",
                    "kind": "flow",
                    "decimals": 1,
                    "base": dict(zip(names, base.tolist(), strict=True)),
                    "allocate": {"by": "base"},
                    "limits": {"growth": {"max": allowed}},
                    "target": {"years": dict(zip(years, figures.round(1).tolist(), strict=True))},
                }
            ],
        }
    )


def test_what_is_settled_can_be_nothing_else() -> None:
    solver, known, open_ = open_solver(), 0, 0
    for seed in range(25):
        stuck = first_stuck(too_fast(seed), solver)
        for part in () if stuck is None else stuck.parts:
            yielding = part.problem.rules.family[part.rows] == FAMILY["growth.max"]
            for in_all in (True, False):
                found = least_relaxation(part, yielding, solver, in_all=in_all)
                if found is None:
                    continue
                # room for rounding, or nothing keeps every rule
                rules = eased(part, found, found.amount + 1e-8)
                program = part.with_bounds(rules.lower, rules.upper).program
                for column in range(len(part.columns)):
                    ends = []
                    for sign in (1.0, -1.0):
                        cost = np.zeros(program.size)
                        cost[column] = sign
                        result = solved(solver, replace(program, cost=cost))
                        assert result is not None
                        ends.append(float(result.x[column]) * part.size[column])
                    value = found.settled[column]
                    if np.isnan(value):
                        open_ += 1
                    else:
                        known += 1
                        np.testing.assert_allclose(ends, value, rtol=0, atol=1e-4)
    assert known > 100
    assert open_ > 0  # these are for programs


def test_repairs_are_those_that_programs_make(monkeypatch: pytest.MonkeyPatch) -> None:
    plans = [too_fast(seed) for seed in range(100, 120)]
    found = [dc.explain(plan) for plan in plans]
    module = sys.modules["decompose.explain.relaxation"]  # the package's name is a function's
    monkeypatch.setattr(module, "forced", lambda program, *_: np.full(program.size, np.nan))
    for plan, one in zip(plans, found, strict=True):
        other = dc.explain(plan)
        assert [repair.changes for repair in one.repairs] == [
            repair.changes for repair in other.repairs
        ]
        assert str(one) == str(other)
    assert sum(len(one.repairs) for one in found) > 20
