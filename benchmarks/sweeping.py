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
    possible, half = (_scaled("upgrade_investment", 1.0, end, count) for end in (1.05, 1.1))
    ratio = _scaled("rd_share", 0.97, 1.02, count)
    level = _scaled("value_added", 0.99, 1.01, max(count // 10, 1))  # all that hangs on it, too
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
        ("targets of a ratio, all different", ratio),
        ("targets of what four ratios are measured by, all different", level),
    ):
        one = _swept(plan, scenarios, None)
        with ProcessPoolExecutor(2) as executor:
            list(executor.map(abs, range(2)))  # started before the clock
            two = _swept(plan, scenarios, executor)
        print(
            f"{len(scenarios)} scenarios, {name}: {1000 * one:.1f} ms each, "
            f"{one / pulp:.2f} of PuLP's; two processes {one / two:.2f} times as fast"
        )


def _scaled(indicator: str, first: float, last: float, count: int) -> list[dc.Scenario]:
    """Return scenarios that multiply one indicator's targets, each by a factor of its own."""
    return [
        dc.Scenario(str(k), scale={indicator: first + (last - first) * k / count})
        for k in range(count)
    ]


def _swept(plan: dc.Plan, scenarios: list[dc.Scenario], executor: Executor | None) -> float:
    """Return seconds per scenario."""
    return _seconds(lambda: dc.sweep(plan, scenarios, executor=executor)) / len(scenarios)


def _seconds(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start
