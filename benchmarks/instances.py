"""Plans of any size, made up from a seed: sums per year, boxes, growth limits.

Each is feasible because its sums and boxes are drawn around one hidden table of quotas.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from decompose.problem import Problem

FIRST_YEAR = 2021


def make_plan(
    regions: int,
    years: int,
    indicators: int,
    *,
    growth: tuple[float, float],
    seed: int,
    off: float = 0.0,
) -> dict[str, Any]:
    """Make the content of a plan file, its tables as mappings.

    Parameters
    ----------
    regions, years, indicators
        How many there are.
    growth
        Least and greatest growth on the year before, as factors (1.02, 1.40).
    seed
        Of the random figures.
    off
        By up to how much the shares of a region are off those of its base: then references break
        growth limits nearly everywhere.

    Returns
    -------
    dict
        What ``Plan.model_validate`` takes.
    """
    random = np.random.default_rng(seed)
    least, greatest = growth
    cells = (indicators, regions, years)
    names = [f"region {number:04d}" for number in range(1, regions + 1)]
    labels = range(FIRST_YEAR, FIRST_YEAR + years)

    base = np.round(random.lognormal(3.0, 0.8, size=(indicators, regions)) + 5.0, 2)
    factors = least + (greatest - least) * random.uniform(0.1, 0.9, size=cells)
    hidden = base[:, :, None] * np.cumprod(factors, axis=2)
    sums = hidden.sum(axis=1)
    room = greatest - least  # boxes as tight as the growth limits, so that both bind
    floors = hidden * (1 - room * random.uniform(0.05, 1.0, size=cells))
    capacities = hidden * (1 + room * random.uniform(0.05, 1.0, size=cells))

    weights = base * (1 + random.uniform(-off, off, size=base.shape))

    columns: dict[str, list[Any]] = {"region": names}
    for i in range(indicators):
        columns[f"base_{i}"] = base[i].tolist()
        columns[f"weight_{i}"] = weights[i].round(4).tolist()
        for t, year in enumerate(labels):
            columns[f"floor_{i}_{year}"] = floors[i, :, t].round(2).tolist()
            columns[f"capacity_{i}_{year}"] = capacities[i, :, t].round(2).tolist()
    return {
        "format": 1,
        "title": f"{regions} regions, {years} years, {indicators} indicators",
        "area": "area",
        "base_year": FIRST_YEAR - 1,
        "years": list(labels),
        "regions": names,
        "tables": [columns],
        "indicators": [
            {
                "id": f"indicator_{i}",
                "kind": "flow",
                "base": f"base_{i}",
                "target": {"years": {year: round(sums[i, t], 2) for t, year in enumerate(labels)}},
                "allocate": {"by": f"weight_{i}" if off else "base"},
                "limits": {
                    "growth": {"min": round(least - 1, 6), "max": round(greatest - 1, 6)},
                    "min": {year: f"floor_{i}_{year}" for year in labels},
                    "max": {year: f"capacity_{i}_{year}" for year in labels},
                },
            }
            for i in range(indicators)
        ],
    }


def with_noise(problem: Problem, *, size: float, seed: int) -> Problem:
    """Return the problem with each reference off by up to ``size``, so that they break limits.

    The references of an indicator and year still add to what they did.
    """
    random = np.random.default_rng(seed)
    noised = problem.reference * (1 + random.uniform(-size, size, size=problem.size))
    block = problem.column_indicator * len(problem.years) + problem.column_year
    before, after = (np.bincount(block, weights) for weights in (problem.reference, noised))
    return replace(problem, reference=noised * (before / after)[block])
