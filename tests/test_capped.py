"""Limits on the sums of groups inside fixed sums: nested sums with room, as by programs."""

from __future__ import annotations

import numpy as np
from hypothesis import given

from tests.plans import Data
from tests.routes import without_programs
from tests.seeded import SEEDS, seeded

YEARS = (2026, 2027, 2028)


def capped_plan(seed: int) -> Data:
    """Make a plan around hidden numbers: limits on what cities and provinces have in a year."""
    random = np.random.default_rng(seed)
    years = YEARS[: random.integers(1, 4)]
    cities, counties = random.integers(2, 5), random.integers(1, 4)
    city = np.repeat(np.arange(cities), counties)
    names = [f"county {k}" for k in range(len(city))]
    base = random.uniform(10, 30, len(names)).round(2)
    growth = random.uniform(1.03, 1.14, (len(names), len(years)))
    hidden = (base[:, None] * np.cumprod(growth, axis=1)).round(2)
    if random.random() < 0.3:
        base[1:][random.random(len(names) - 1) < 0.3] = 0.0
    groups = {f"city {k}": city == k for k in range(cities)}
    groups |= {f"province {k}": city // 2 == k for k in range((cities + 1) // 2)}
    if random.random() < 0.15:  # crosses the others
        groups["coast"] = np.arange(len(city)) % 2 == 0
    ends: Data = {"min": {}, "max": {}}
    targets: Data = {}
    for name, rows in groups.items():
        sums = hidden[rows].sum(axis=0)
        kind = random.choice(["max", "min", "both", "target", "none"], p=[0.4, 0.2, 0.2, 0.1, 0.1])
        if kind == "target":
            told = zip(years, sums, strict=True)
            targets[name] = {"years": {str(year): f"{value:.2f}" for year, value in told}}
        for end, side in (("min", -1), ("max", 1)):
            if kind in (end, "both"):
                room = sums * (1 + side * random.uniform(0, 0.02, len(years)))
                told = zip(years, room, strict=True)
                ends[end][name] = {year: round(float(value), 2) for year, value in told}
    limits: Data = {end: {"sum": said} for end, said in ends.items() if said}
    if random.random() < 0.7:
        limits["growth"] = {"min": "2%", "max": "15%"}
    word = random.choice(["", "以上", "以下"])
    area = zip(years, hidden.sum(axis=0), strict=True)
    return {
        "format": 1,
        "title": "t",
        "area": "area",
        "base_year": 2025,
        "years": list(years),
        "regions": [
            {"name": name, "groups": [group for group, rows in groups.items() if rows[k]]}
            for k, name in enumerate(names)
        ],
        "groups": {name: {} for name in groups},
        "indicators": [
            {
                "id": "i",
                "kind": "flow",
                "base": dict(zip(names, base.tolist(), strict=True)),
                "target": {"years": {str(year): f"{value:.2f}{word}" for year, value in area}},
                "group_targets": targets,
                "limits": limits,
            }
        ],
    }


@seeded(6)
@given(SEEDS)
def test_both_routes_agree(seed: int) -> None:
    without_programs(capped_plan(seed))


def test_most_need_no_programs() -> None:
    closed, count = np.array([without_programs(capped_plan(seed)) for seed in range(80)]).sum(
        axis=0
    )
    assert closed > 0.7 * count
    assert closed < count  # and some fall back
