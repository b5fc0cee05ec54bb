"""Shares of the area: rows that have a sum in common, against the same rows written out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import decompose as dc
from decompose.fairness import CLOSED, PROGRAMS, choose_all
from decompose.problem import FAMILY, Matrix, Problem, Shared
from decompose.settle import problems_of
from tests import plans as small

YEARS = (2026, 2027)
WORDS = ("", "以上", "左右", "以下")


def plan_of(seed: int) -> dc.Plan:
    """Make a plan around hidden numbers, most of which its shares allow."""
    random = np.random.default_rng(seed)
    size = int(random.integers(2, 9))
    names = [f"县{number}" for number in range(size)]
    base = random.uniform(5, 40, size).round(1)
    values = base[:, None] * np.cumprod(random.uniform(1.02, 1.2, (size, 2)), axis=1)
    share = values / values.sum(axis=0)
    word = WORDS[seed % 4]
    figures = {year: f"{one:.1f}{word}" for year, one in zip(YEARS, values.sum(0), strict=True)}

    def rates(ends: Any) -> dict[str, str]:
        return {name: f"{100 * one:.3f}%" for name, one in zip(names, ends, strict=True)}

    limits: dict[str, Any] = (
        {"growth": {"min": "0%", "max": "25%"}} if random.random() < 0.5 else {}
    )
    if random.random() < 0.7:
        limits["share"] = {
            "max": rates(share.max(axis=1) * random.uniform(0.99, 1.06, size)),
            "min": rates(share.min(axis=1) * random.uniform(0.9, 1.0, size)),
        }
    else:
        moved = np.abs(share - (base / base.sum())[:, None]).max()
        limits["share_shift"] = f"{100 * moved * random.uniform(0.9, 1.1):.3f}%"
    weight = (base * random.uniform(0.7, 1.3, size)).round(2).tolist()
    return dc.Plan.model_validate(
        {
            "format": 1,
            "title": "t",
            "area": "全",
            "base_year": 2025,
            "years": list(YEARS),
            "regions": [{"name": name, "groups": ["甲"] * (k < 2)} for k, name in enumerate(names)],
            "groups": {"甲": {"subtotal": True}},
            "indicators": [
                {
                    "id": "i",
                    "kind": "flow",
                    "decimals": 1,
                    "base": dict(zip(names, base.tolist(), strict=True)),
                    "allocate": {"by": dict(zip(names, weight, strict=True))},
                    "target": {"years": figures},
                    "limits": limits,
                }
            ],
        }
    )


def written_out(problem: Problem) -> Problem:
    """Return the problem with every row in full."""
    matrix = problem.rules.matrix
    assert isinstance(matrix, Shared)
    return replace(problem, rules=replace(problem.rules, matrix=matrix.written))


def test_the_closed_form_gives_what_programs_give() -> None:
    routes = []
    for seed in range(120):
        (problem,) = problems_of(plan_of(seed))
        quick, clashing = choose_all(problem)
        slow, also = choose_all(written_out(problem), closed=False)
        assert clashing == also
        if not clashing:
            routes.append(quick.route[0])
            assert np.abs(quick.x - slow.x).max() < 1e-8 * problem.reference.max(), seed
    assert routes.count(CLOSED) > 40


def test_a_sum_that_shares_raise_beyond_its_figure_is_left_to_programs() -> None:
    floors = {"min": {"甲": 50}, "share": {"max": "40%"}}
    plan = dc.Plan.model_validate(
        {
            "format": 1,
            "title": "t",
            "area": "全",
            "base_year": 2025,
            "years": [2026],
            "regions": [{"name": name} for name in "甲乙丙"],
            "indicators": [
                {
                    "id": "i",
                    "kind": "flow",
                    "target": {"years": {2026: "100以上"}},
                    "limits": floors,
                }
            ],
        }
    )
    (problem,) = problems_of(plan)
    found, clashing = choose_all(problem)
    assert (found.route, clashing) == ((PROGRAMS,), [])
    np.testing.assert_allclose(found.x, [50, 37.5, 37.5], rtol=1e-9)  # 50 is 40 % of 125
    quotas = dc.solve(plan).quotas.set_index("region")
    assert quotas["quota"].sum() == 125
    assert quotas.loc["甲", "bound_by"] == "min; share.max"


@pytest.mark.parametrize("seed", range(20))
def test_rows_with_a_sum_in_common_are_the_rows_that_they_stand_for(seed: int) -> None:
    random = np.random.default_rng(seed)
    (problem,) = problems_of(plan_of(seed))
    rows, size = problem.rules.matrix, problem.size
    assert isinstance(rows, Shared)
    other = Matrix(np.array([0, 2]), np.array([0, 1]), np.array([1.0, 0.0]))
    order = random.permutation(len(rows) + 1)
    place = random.permutation(size)
    unit = random.uniform(0.5, 2, size)
    turned = Matrix(np.arange(size + 1), place, unit)
    for made, full in (
        (rows, rows.written),
        (Matrix.stack([rows, other]).take(order), Matrix.stack([rows.written, other]).take(order)),
        (rows.renamed(place), rows.written.renamed(place)),
        (rows.in_units(unit), rows.written.in_units(unit)),
        (rows.times(turned, size=size), rows.written.times(turned, size=size)),
    ):
        x, flags = random.uniform(1, 9, size), random.random(size) < 0.3
        np.testing.assert_allclose(made.dot(x), full.dot(x), rtol=1e-9, atol=1e-9)
        np.testing.assert_array_equal(made.counts, full.counts)
        np.testing.assert_array_equal(made.counting(flags), full.counting(flags))
        np.testing.assert_array_equal(made.with_any(flags), full.with_any(flags))
        np.testing.assert_allclose(made.sizes(x), full.sizes(x), rtol=1e-9)


def test_shares_take_room_in_proportion_to_the_regions() -> None:
    def entries(regions: int) -> int:
        names = [f"县{number:03d}" for number in range(regions)]
        (problem,) = problems_of(
            dc.Plan.model_validate(
                {
                    "format": 1,
                    "title": "t",
                    "area": "全",
                    "base_year": 2025,
                    "years": [2026],
                    "regions": [{"name": name} for name in names],
                    "indicators": [
                        {
                            "id": "i",
                            "kind": "flow",
                            "target": {"years": {2026: f"{regions}以上"}},
                            "limits": {"share": {"max": f"{300 / regions}%"}},
                        }
                    ],
                }
            )
        )
        matrix = problem.rules.matrix
        assert isinstance(matrix, Shared)
        assert (problem.rules.family == FAMILY["share.max"]).sum() == regions
        return len(matrix.own.column) + len(matrix.factor.column) + len(matrix.sums.column)

    assert entries(400) < 4.5 * entries(100)


def test_shares_are_of_the_sum_that_comes_out() -> None:
    """The sum of all parts cannot be reached, so that its only part misses its own figure, too."""
    base = {"甲区": 185.35, "乙县": 77.8, "丙县": 160.63}
    part = small.indicator(
        kind="level",
        base=base,
        target={"years": {2015: "400左右"}},
        limits={"share": {"max": {"甲区": "40%"}}},
    )
    whole = small.indicator(
        id="whole",
        name="合计",
        kind="level",
        base={"甲区": 337.22, "乙县": 121.43, "丙县": 199.62},
        sum_of=["investment"],
        target={"years": {2015: "700以下"}},
    )
    (problem,) = problems_of(small.plan(part, whole, years=[2015]))
    quick, slow = choose_all(problem)[0], choose_all(problem, closed=False)[0]
    assert quick.x == pytest.approx(slow.x, rel=1e-8)
    first = problem.column_indicator == problem.indicators.index("investment")
    assert quick.x[first].sum() == pytest.approx(408)
    assert quick.x[first][0] == pytest.approx(0.4 * 408)
