"""How long it takes to say why: one number, a plan that cannot be met; and to hand out the rest."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from pathlib import Path

import decompose as dc
from benchmarks import plain_highspy
from benchmarks.instances import make_plan
from decompose.build import build

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
    allocation = dc.solve(plan)
    why = _seconds(lambda: allocation.why("upgrade_investment", "英德市", 2015))
    print(f"Qingyuan: why of one number {1000 * why:.1f} ms")
    root = "indicators.upgrade_investment.limits.max"
    caps = zip(plan.region_names, CAPACITIES, strict=True)
    stuck = plan.with_changes({f"{root}.{name}.2015": cap for name, cap in caps})
    told = _seconds(lambda: dc.explain(stuck))
    print(f"Qingyuan: explain, capacities too low, {told:.2f} s")

    name = "×".join(map(str, size))
    content = make_plan(*size, growth=growth, seed=seed)
    problem = build(dc.Plan.model_validate(content)).problem
    plain = _seconds(lambda: plain_highspy.usual(problem))
    years = content["indicators"][size[2] // 2]["target"]["years"]
    middle = sorted(years)[size[1] // 2]
    years[middle] = round(years[middle] * RAISED, 2)
    one = dc.Plan.model_validate(content)
    taken = _seconds(lambda: dc.explain(one))
    print(f"{name}: explain, one target raised by 40 %, {taken / plain:.1f} plain solves")
    for indicator in content["indicators"]:
        years = indicator["target"]["years"]
        indicator["target"]["years"] = {year: round(years[year] * RAISED, 2) for year in years}
    every = dc.Plan.model_validate(content)
    taken = _seconds(lambda: dc.solve(every, gap="row"))
    print(f'{name}: gap="row", every target raised by 40 %, {taken / plain:.1f} plain solves')


def _seconds(action: Callable[[], object]) -> float:
    best = math.inf
    for _ in range(TIMES):
        start = time.perf_counter()
        action()
        best = min(best, time.perf_counter() - start)
    return best
