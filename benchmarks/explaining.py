"""How long it takes to say why: one number, a plan that cannot be met; and to hand out the rest."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import decompose as dc
from benchmarks import plain_highspy
from benchmarks.instances import make_plan
from decompose.build import build

S = TypeVar("S")

RAISED = 1.4
"""By how much the planted conflict raises one year's target."""
CAPACITIES = (4.3, 3.5, 3.0, 3.2, 2.5, 1.7, 0.3, 0.4, 1.4)
"""Of 2015's investment by county: 20.3 in all, where 22 are wanted."""


TIMES = 3
"""Each time is the shortest of so many runs."""


def write_explaining(
    qingyuan: Path, size: tuple[int, int, int], growth: tuple[float, float], seed: int
) -> None:
    """Print seconds for Qingyuan, and ratios to one plain solve for a large plan."""
    plan = dc.read_plan(qingyuan)
    why = _seconds(
        lambda one: one.why("upgrade_investment", "英德市", 2015), lambda: dc.solve(plan)
    )
    print(f"Qingyuan: why of one number {1000 * why:.1f} ms")
    root = "indicators.upgrade_investment.limits.max"
    caps = zip(plan.region_names, CAPACITIES, strict=True)
    less = {f"{root}.{name}.2015": cap for name, cap in caps}
    told = _seconds(dc.explain, lambda: plan.with_changes(less))
    print(f"Qingyuan: explain, capacities too low, {told:.2f} s")

    name = "×".join(map(str, size))
    content = make_plan(*size, growth=growth, seed=seed)
    problem = build(dc.Plan.model_validate(content)).problem
    plain = _seconds(plain_highspy.usual, lambda: problem)
    years = content["indicators"][size[2] // 2]["target"]["years"]
    middle = sorted(years)[size[1] // 2]
    years[middle] = round(years[middle] * RAISED, 2)
    taken = _seconds(dc.explain, lambda: dc.Plan.model_validate(content))
    print(f"{name}: explain, one target raised by 40 %, {taken / plain:.1f} plain solves")
    for indicator in content["indicators"]:
        years = indicator["target"]["years"]
        indicator["target"]["years"] = {year: round(years[year] * RAISED, 2) for year in years}
    taken = _seconds(
        lambda every: dc.solve(every, gap="row"), lambda: dc.Plan.model_validate(content)
    )
    print(f'{name}: gap="row", every target raised by 40 %, {taken / plain:.1f} plain solves')


def _seconds(action: Callable[[S], object], make: Callable[[], S]) -> float:
    """Return seconds of the shortest run, each on an object made for it outside the time."""
    best = math.inf
    for _ in range(TIMES):
        given = make()
        start = time.perf_counter()
        action(given)
        best = min(best, time.perf_counter() - start)
    return best
