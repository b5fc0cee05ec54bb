"""Shares of groups: where targets settle a sum, a rule that compares it with another is a bound."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import decompose as dc
from decompose.fairness import CLOSED, choose_all
from decompose.settle import problems_of
from tests import plans as small

CITIES, COUNTIES, YEARS = 3, 4, (2015, 2016)


def plan_of(seed: int, words: str, *, far: float = 1.0, kind: str = "at_least_share") -> dc.Plan:
    """Make a plan around hidden numbers: the whole has targets of cities, the part a share of each.

    The whole's figures may have words, and lie further than its growth limits let it go.
    """
    random = np.random.default_rng(seed)
    names = [f"county {k}" for k in range(CITIES * COUNTIES)]
    city = np.repeat(np.arange(CITIES), COUNTIES)
    base = random.uniform(10, 30, len(names)).round(2)
    rates = np.cumprod(random.uniform(1.04, 1.13, (len(names), len(YEARS))), axis=1)
    whole = (base[:, None] * rates).round(2)
    part = (random.uniform(0.2, 0.4, len(names))[:, None] * whole).round(2)
    away = random.uniform(0.8, 1.2, len(names))
    bases = {"whole": base, "part": (away * part[:, 0] / 1.08).round(2)}
    tables = {"whole": whole, "part": part}

    def figures(rows: Any, values: Any, factor: float, said: str) -> dict[int, str]:
        sums = factor * values[rows].sum(axis=0)
        return {year: f"{value:.2f}{said}" for year, value in zip(YEARS, sums, strict=True)}

    def one(name: str) -> dict[str, Any]:
        factor, said = (far, words) if name == "whole" else (1.0, "")
        limit = {"min": 0.0, "max": 0.2} if name == "whole" else {"min": -0.2, "max": 0.4}
        return {
            "id": name,
            "name": name,
            "unit": "t",
            "kind": "flow",
            "base": dict(zip(names, bases[name].tolist(), strict=True)),
            "target": {"years": figures(np.arange(len(names)), tables[name], factor, said)},
            "limits": {"growth": limit},
        }

    cities = {f"city {k}": np.flatnonzero(city == k) for k in range(CITIES)}
    targets = {name: {"years": figures(rows, whole, far, words)} for name, rows in cities.items()}
    slack = 0.99 if kind == "at_least_share" else 1.01
    links = [
        {
            kind: round(float(slack * part[rows].sum() / whole[rows].sum()), 4),
            "of": "whole",
            "scope": name,
        }
        for name, rows in cities.items()
    ]
    return dc.Plan.model_validate(
        small.data(
            one("whole") | {"group_targets": targets},
            one("part") | {"links": links},
            years=list(YEARS),
            regions=[
                {"name": name, "groups": [f"city {k}"]} for name, k in zip(names, city, strict=True)
            ],
            groups={name: {} for name in cities},
        )
    )


@pytest.mark.parametrize("kind", ["at_least_share", "at_most_share"])
@pytest.mark.parametrize("words", ["", "以上", "左右"])
@pytest.mark.parametrize("seed", range(4))
def test_a_share_of_a_known_sum_needs_no_program(seed: int, words: str, kind: str) -> None:
    (problem,) = problems_of(plan_of(seed, words, kind=kind))
    quick, clashing = choose_all(problem)
    slow, also = choose_all(problem, closed=False)
    assert clashing == also == []
    assert (set(quick.route), quick.programs) == ({CLOSED}, 0)
    assert np.abs(quick.x - slow.x).max() < 1e-6 * problem.reference.max()


@pytest.mark.parametrize("kind", ["at_least_share", "at_most_share"])
@pytest.mark.parametrize("seed", range(4))
def test_a_figure_that_cannot_be_met_is_no_known_sum(seed: int, kind: str) -> None:
    (problem,) = problems_of(plan_of(seed, "以下", far=1.3, kind=kind))
    quick, clashing = choose_all(problem)
    slow, also = choose_all(problem, closed=False)
    assert clashing == also == []
    assert np.abs(quick.x - slow.x).max() < 1e-6 * problem.reference.max()


def test_a_share_of_a_known_sum_that_cannot_be_is_told_with_both() -> None:
    shared = {"kind": "flow", "unit": "亿元", "decimals": 1, "allocate": "equal"}
    share = {"at_least_share": "60%", "of": "whole", "scope": "北部"}
    plan = small.plan(
        {"id": "whole", "name": "全部", "group_targets": {"北部": {"years": {2015: 20}}}}
        | {"target": {"years": {2015: 30}}}
        | shared,
        {"id": "part", "name": "其中", "links": [share], "target": {"years": {2015: 10}}} | shared,
        years=[2015],
    )
    with pytest.raises(dc.InfeasibleError) as caught:
        dc.solve(plan)
    assert set(caught.value.indicators) == {"whole", "part"}
    told = {rule.indicator for rule in caught.value.diagnosis.conflict}
    assert told == {"whole", "part"}
