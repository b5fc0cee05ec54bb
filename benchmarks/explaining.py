"""How long it takes to say why: one number, and a plan that cannot be met."""

from __future__ import annotations

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


def write_explaining(
    qingyuan: Path, size: tuple[int, int, int], growth: tuple[float, float], seed: int
) -> None:
    """Print seconds for Qingyuan, and a ratio to one plain solve for a large plan."""
    plan = dc.read_plan(qingyuan)
    allocation = dc.solve(plan)
    why = _seconds(lambda: allocation.why("upgrade_investment", "英德市", 2015))
    print(f"Qingyuan: why of one number {1000 * why:.1f} ms")
    root = "indicators.upgrade_investment.limits.max"
    caps = zip(plan.region_names, CAPACITIES, strict=True)
    stuck = plan.with_changes({f"{root}.{name}.2015": cap for name, cap in caps})
    told = _seconds(lambda: dc.explain(stuck))
    print(f"Qingyuan: explain, capacities too low, {told:.2f} s")

    content = make_plan(*size, growth=growth, seed=seed)
    problem = build(dc.Plan.model_validate(content)).problem
    plain = _seconds(lambda: plain_highspy.usual(problem))
    target = content["indicators"][size[2] // 2]["target"]["years"]
    middle = sorted(target)[size[1] // 2]
    target[middle] = round(target[middle] * RAISED, 2)
    large = dc.Plan.model_validate(content)
    taken = _seconds(lambda: dc.explain(large))
    name = "×".join(map(str, size))
    print(f"{name}: explain, one target raised by 40 %, {taken / plain:.1f} plain solves")


def _seconds(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start
