"""A thousand scenarios, against a thousand fresh builds and solves in PuLP, in one run."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor
from pathlib import Path

import decompose as dc
from benchmarks import plain_pulp
from decompose.settle import problems_of

GRID = {
    "upgrade_investment": [0.95 + 0.01 * k for k in range(10)],
    "park_investment": [0.95 + 0.01 * k for k in range(10)],
    "rd_share": [0.95 + 0.01 * k for k in range(10)],
}
"""Ten factors for each of three indicators: 1,000 combinations."""


def write_sweeping(qingyuan: Path, count: int) -> None:
    """Print seconds per scenario and their ratios."""
    plan = dc.read_plan(qingyuan)
    problems = problems_of(plan)
    possible, half = (
        [
            dc.Scenario(str(k), scale={"upgrade_investment": 1 + top * k / count})
            for k in range(count)
        ]
        for top in (0.05, 0.1)
    )
    peers = max(count // 10, 1)  # each takes the same time

    def peer() -> None:
        for _ in range(peers):
            for problem in problems:
                plain_pulp.usual(problem)

    pulp = _seconds(peer) / peers
    print(f"Qingyuan: a fresh PuLP build and solve, least absolute, {1000 * pulp:.1f} ms")
    for name, scenarios in (
        ("combinations of three indicators' targets", dc.grid(scale=GRID)[:count]),
        ("figures of one indicator, all different", possible),
        ("the same, nearly half of which cannot be met", half),
    ):
        one = _swept(plan, scenarios, None)
        with ProcessPoolExecutor(2) as executor:
            list(executor.map(abs, range(2)))  # started before the clock
            two = _swept(plan, scenarios, executor)
        print(
            f"{count} scenarios, {name}: {1000 * one:.1f} ms each, {one / pulp:.2f} of PuLP's; "
            f"two processes {one / two:.2f} times as fast"
        )


def _swept(plan: dc.Plan, scenarios: list[dc.Scenario], executor: Executor | None) -> float:
    """Return seconds per scenario."""
    return _seconds(lambda: dc.sweep(plan, scenarios, executor=executor)) / len(scenarios)


def _seconds(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start
