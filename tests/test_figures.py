"""Figures of nested groups, years tied by growth: settled first, then cells without programs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given

import decompose as dc
from decompose.fairness import choose_all
from decompose.fairness.alike import of_same_sums
from decompose.fairness.figures import with_figures_fixed, with_figures_of_groups
from decompose.fairness.part import part_of
from decompose.problem import AREA
from decompose.settle import problems_of
from decompose.solvers import Highs
from tests.plans import Data
from tests.problems import Row
from tests.problems import problem as by_hand
from tests.routes import by_both
from tests.seeded import SEEDS, seeded

YEARS = (2026, 2027, 2028)


def noisy_plan(seed: int) -> Data:
    """Make a plan around hidden numbers, whose groups' figures are some percent off."""
    random = np.random.default_rng(seed)
    cities, counties = random.integers(1, 4), random.integers(1, 4)
    city = np.repeat(np.arange(cities), counties)
    names = [f"county {k}" for k in range(len(city))]
    base = random.uniform(10, 30, len(names)).round(2)
    hidden = base[:, None] * np.cumprod(random.uniform(1.03, 1.14, (len(names), 3)), axis=1)
    off = random.choice([0.005, 0.02, 0.05])
    words = ["左右", "以上"] if random.random() < 0.5 else ["左右"]

    def figures(rows: np.ndarray, noise: float) -> Data:
        values = hidden[rows].sum(0) * (1 + noise * random.uniform(-1, 1, 3))
        told = zip(YEARS, values, strict=True)
        return {"years": {str(year): f"{value:.2f}{random.choice(words)}" for year, value in told}}

    box = {
        end: {
            name: {year: round(float(value), 2) for year, value in zip(YEARS, row, strict=True)}
            for name, row in zip(
                names, hidden * (1 + side * random.uniform(0.01, 0.1, hidden.shape)), strict=True
            )
        }
        for end, side in (("min", -1), ("max", 1))
    }
    provinces = {f"province {k}": city // 2 == k for k in range(2) if (city // 2 == k).any()}
    groups = {f"city {k}": city == k for k in range(cities)} | provinces
    return {
        "format": 1,
        "title": "t",
        "area": "area",
        "base_year": 2025,
        "years": list(YEARS),
        "regions": [
            {"name": name, "groups": [f"city {k}", f"province {k // 2}"]}
            for name, k in zip(names, city.tolist(), strict=True)
        ],
        "groups": {name: {} for name in groups},
        "indicators": [
            {
                "id": "i",
                "kind": "flow",
                "base": dict(zip(names, base.tolist(), strict=True)),
                "target": figures(np.arange(len(names)), 0),
                "group_targets": {
                    name: figures(np.flatnonzero(rows), off) for name, rows in groups.items()
                },
                "limits": {"growth": {"min": "2%", "max": "15%"}}
                | (box if random.random() < 0.7 else {}),
            }
        ],
    }


def plan_of_copies(seed: int) -> Data:
    """Make such a plan with more counties, all of one growth but for some with a box or a ramp."""
    random = np.random.default_rng(seed)
    plan = noisy_plan(seed)
    city = np.repeat(np.arange(random.integers(2, 5)), random.integers(3, 7))
    names = [f"county {k}" for k in range(len(city))]
    base = random.uniform(10, 30, len(names)).round(2)
    grown = base[:, None] * np.cumprod(random.uniform(1.03, 1.14, (len(names), 3)), axis=1)

    def figures(rows: np.ndarray, noise: float) -> Data:
        values = grown[rows].sum(0) * (1 + noise * random.uniform(-1, 1, 3))
        return {"years": {str(y): f"{v:.2f}左右" for y, v in zip(YEARS, values, strict=True)}}

    off = random.choice([0.005, 0.02, 0.05])
    groups = {f"city {k}": np.flatnonzero(city == k) for k in range(city[-1] + 1)}
    limits: Data = {"growth": {"min": "2%", "max": "15%"}}
    some = random.choice(len(names), random.integers(0, 3), replace=False).tolist()
    if some and random.random() < 0.5:
        limits["max"] = {names[k]: {YEARS[1]: float(grown[k, 1].round(2))} for k in some}
    elif some:
        limits["ramp"] = {"max": {names[k]: float(base[k].round(1)) / 10 for k in some}}
    plan["regions"] = [
        {"name": name, "groups": [f"city {k}"]}
        for name, k in zip(names, city.tolist(), strict=True)
    ]
    plan["groups"] = {name: {} for name in groups}
    plan["indicators"][0] |= {
        "base": dict(zip(names, base.tolist(), strict=True)),
        "target": figures(np.arange(len(names)), 0),
        "group_targets": {name: figures(rows, off) for name, rows in groups.items()},
        "limits": limits,
    }
    return plan


def compare(seed: int) -> tuple[int, int]:
    """Compare both routes on a random plan; count the stages of fewer programs, and all."""
    found = by_both(noisy_plan(seed))
    return sum(quick.programs < slow.programs for quick, slow in found), len(found)


@seeded(4)
@given(SEEDS)
def test_both_routes_agree(seed: int) -> None:
    compare(seed)


def test_most_take_fewer_programs() -> None:
    fewer, count = np.array([compare(seed) for seed in range(60)]).sum(axis=0)
    assert fewer > count / 2


@seeded(4)
@given(SEEDS)
def test_both_routes_agree_where_counties_are_alike(seed: int) -> None:
    by_both(plan_of_copies(seed))


def test_counties_that_are_alike_are_one() -> None:
    found = 0
    for seed in range(20):
        for problem in problems_of(dc.Plan.model_validate(plan_of_copies(seed))):
            part = part_of(problem, np.arange(problem.size))
            one, each = (
                settle(part, Highs()) for settle in (with_figures_of_groups, with_figures_fixed)
            )
            if one is not None and each is not None:
                found += 1
                for name in ("lower", "upper"):
                    ours, expected = (getattr(fixed.problem.rules, name) for fixed in (one, each))
                    np.testing.assert_allclose(ours, expected, rtol=1e-9)
    assert found > 12


def _alike(**limits: Any) -> Data:
    """Four counties of 10 each in two cities: 40 and 45 are figures of the area."""
    return {
        "title": "t",
        "area": "area",
        "base_year": 2025,
        "years": [2026, 2027],
        "regions": [{"name": f"county {k}", "groups": [f"city {k // 2}"]} for k in range(4)],
        "groups": {"city 0": {}, "city 1": {}},
        "indicators": [
            {
                "id": "i",
                "kind": "flow",
                "base": {f"county {k}": 10 for k in range(4)},
                "target": {"years": {2026: "40左右", 2027: "45左右"}},
                "group_targets": {"city 0": {"years": {2026: 20}}},
                "limits": limits,
            }
        ],
    }


@pytest.mark.parametrize(
    ("limits", "years"),
    [
        # each year misses its figure by one part in k: 45 (1 - 1/k) is 40 (1 + 1/k) and 4 more
        ({"ramp": {"max": 1}}, (40 * 86 / 85, 45 * 84 / 85)),
        # or 1.1 times as much
        ({"growth": {"max": "10%"}}, (40 * 90 / 89, 45 * 88 / 89)),
    ],
    ids=["ramp", "growth"],
)
def test_figures_of_counties_that_are_alike_meet_half_way(
    limits: Data, years: tuple[float, float]
) -> None:
    """A city's figure that leaves no choice stays; its counties rise with the others."""
    plan = _alike(**limits)
    (problem,) = problems_of(dc.Plan.model_validate(plan))
    part = part_of(problem, np.arange(problem.size))
    fixed = with_figures_of_groups(part, Highs())
    assert fixed is not None
    rules = fixed.problem.rules
    area = np.flatnonzero((rules.scope == AREA) & ~rules.single & np.isfinite(part.rules.figure))
    for ends in (rules.lower, rules.upper):
        assert ends[area] == pytest.approx(years)
    city = rules.scope < AREA
    assert (rules.lower[city].tolist(), rules.upper[city].tolist()) == ([20], [20])
    ((quick, slow),) = by_both(plan)
    assert np.bincount(problem.column_year, quick.x) == pytest.approx(years)
    assert quick.programs < slow.programs


def test_counties_of_two_growths_are_two() -> None:
    """Where those of 11 % were taken for the others, years would be as far apart as 10 % lets."""
    plan = _alike()
    names = [f"county {k}" for k in range(8)]
    plan["regions"] = [{"name": name, "groups": [f"city {k // 4}"]} for k, name in enumerate(names)]
    (said,) = plan["indicators"]
    said |= {"base": dict.fromkeys(names, 10), "group_targets": {}}
    said["target"] = {"years": {2026: "80左右", 2027: "90左右"}}
    rates = {name: "10%" if k % 2 else "11%" for k, name in enumerate(names)}
    found = []
    for growth in (rates, {name: rates[f"county {k ^ 1}"] for k, name in enumerate(names)}):
        said["limits"] = {"growth": {"max": growth}}
        (problem,) = problems_of(dc.Plan.model_validate(plan))
        part = part_of(problem, np.arange(problem.size))
        one, each = (
            settle(part, Highs()) for settle in (with_figures_of_groups, with_figures_fixed)
        )
        assert one is not None
        assert each is not None
        assert one.problem.rules.lower == pytest.approx(each.problem.rules.lower)
        ((quick, _),) = by_both(plan)
        found.append(np.bincount(problem.column_year, quick.x))
    assert found[0] == pytest.approx(found[1])


@pytest.mark.parametrize("settle", [with_figures_of_groups, with_figures_fixed])
def test_increments_make_up_what_their_level_lacks(settle: Any) -> None:
    """From 40 to 44, and to 45: increments of 4 and 5 can be had."""
    plan = _alike()
    plan["indicators"][0] |= {"kind": "level", "publish": "increment", "group_targets": {}}
    plan["indicators"][0]["target"] = {"years": {2026: "44左右", 2027: "45左右"}}
    (problem,) = problems_of(dc.Plan.model_validate(plan))
    figures = np.isfinite(problem.rules.figure)
    rules = settle(problem, Highs()).problem.rules
    assert rules.lower[figures] == pytest.approx([4, 5])
    assert rules.upper[figures] == pytest.approx([4, 5])


def test_regions_of_the_same_sums_are_one_group() -> None:
    (problem,) = problems_of(dc.Plan.model_validate(_alike()))
    rules = problem.rules
    area = np.flatnonzero(np.isfinite(rules.figure) & (rules.scope == AREA))
    city = np.flatnonzero(rules.scope < AREA)
    assert of_same_sums(problem, area).tolist() == [0, 0, 0, 0]
    assert of_same_sums(problem, city).tolist() == [0, 0, 1, 1]
    assert of_same_sums(problem, np.append(area, city)).tolist() == [0, 0, 1, 1]


def test_limits_of_weighted_sums_are_not_taken_for_sums_of_what_is_alike() -> None:
    """0.9 of the sum is 9.5 at most: 10.6 for the sum, whose figure is 10."""
    four = range(4)
    plain: Row = (dict.fromkeys(four, 1.0), 9, 11)
    weighted: Row = (dict.fromkeys(four, 0.9), -np.inf, 9.5)
    fixed = with_figures_of_groups(by_hand([1] * 4, [plain, weighted], figures={0: 10}), Highs())
    assert fixed is not None
    assert (fixed.problem.rules.lower[0], fixed.problem.rules.upper[0]) == (10, 10)


def test_figures_that_are_no_sums_are_left_to_other_programs() -> None:
    plain: Row = (dict.fromkeys(range(4), 1.0), 9, 11)
    difference: Row = ({0: 1.0, 1: -1.0}, 0.5, 2)
    asked = by_hand([1] * 4, [plain, difference], figures={0: 10, 1: 1})
    assert with_figures_of_groups(asked, Highs()) is None
    found, _ = choose_all(asked)
    assert found.x == pytest.approx([2.75, 1.75, 2.75, 2.75])


def test_counties_of_several_shapes_are_not_one() -> None:
    plan = noisy_plan(0)
    bounds = plan["indicators"][0]["limits"]
    assert "max" in bounds  # a box of its own for each county
    (problem,) = problems_of(dc.Plan.model_validate(plan))
    assert with_figures_of_groups(part_of(problem, np.arange(problem.size)), Highs()) is None


def test_figures_become_fixed_sums() -> None:
    (problem,) = problems_of(dc.Plan.model_validate(noisy_plan(1)))
    part = part_of(problem, np.arange(problem.size))
    fixed = with_figures_fixed(part, Highs())
    assert fixed is not None
    rules = fixed.problem.rules
    assert np.isnan(rules.figure[~part.rules.single]).all()
    slow, _ = choose_all(problem, closed=False)
    sums = rules.matrix.dot(slow.x)
    assert np.all(sums >= rules.lower * (1 - 1e-7) - 1e-7)
    assert np.all(sums <= rules.upper * (1 + 1e-7) + 1e-7)
