"""Print one table of times and ratios: ``python -m benchmarks [--quick]``.

Seconds belong to the machine; the ratios to plain highspy, taken in the same run on the same
data, are what counts. Each time is the shortest of a few.
"""

from __future__ import annotations

import argparse
import math
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import decompose as dc
from benchmarks import plain_highspy
from benchmarks.explaining import write_explaining
from benchmarks.instances import make_plan, with_noise
from benchmarks.sweeping import write_sweeping
from decompose.build import build
from decompose.fairness import choose
from decompose.problem import Problem

S = TypeVar("S")
T = TypeVar("T")

LOOSE, TIGHT = (1.02, 1.40), (1.10, 1.20)
FULL_SIZES = ((8, 3, 12), (333, 5, 20))
QUICK_SIZES = ((8, 3, 2), (20, 5, 2))
NOISE, OFF = 0.05, 0.2
SEED = 2015

QINGYUAN = Path(__file__).parent.parent / "data" / "qingyuan" / "plan.yaml"
IMPORT = "import decompose"
TABLES = f"""
import decompose
allocation = decompose.solve(decompose.read_plan({str(QINGYUAN)!r}))
tables = allocation.annex1(), *(allocation.annex2(year) for year in (2015, 2016, 2017))
"""


@dataclass(frozen=True)
class Row:
    """Seconds for one instance; ``solve`` is None where there is a Problem but no plan."""

    instance: str
    solve: float | None
    choose: float
    programs: int
    plain: float
    better: float


HEADS: tuple[tuple[str, Callable[[Row], str]], ...] = (
    ("solve s", lambda row: _number(row.solve)),
    ("choose s", lambda row: _number(row.choose)),
    ("programs", lambda row: str(row.programs)),
    ("plain s", lambda row: _number(row.plain)),
    ("better s", lambda row: _number(row.better)),
    ("solve/plain", lambda row: _number(row.solve and row.solve / row.plain)),
    ("choose/plain", lambda row: _number(row.choose / row.plain)),
    ("better/plain", lambda row: _number(row.better / row.plain)),
)


def _number(value: float | None) -> str:
    return "—" if value is None else f"{value:.4f}"


def shortest(action: Callable[[S], T], make: Callable[[], S], *, times: int) -> tuple[float, T]:
    """Return the shortest of a few runs in seconds, and what the last one returned.

    Each run is given an object made for it, outside the time: what an earlier run has computed
    and kept on the object must not make a later one quicker.
    """
    best = math.inf
    for _ in range(times):
        given = make()
        start = time.perf_counter()
        result = action(given)
        best = min(best, time.perf_counter() - start)
    return best, result


def measure(instance: str, problem: Problem, content: dict[str, Any] | None, *, times: int) -> Row:
    """Time the package and its peer on one instance."""

    def plan() -> dc.Plan:
        return dc.Plan.model_validate(content)

    def fresh() -> Problem:
        matrix = replace(problem.rules.matrix)
        return replace(problem, rules=replace(problem.rules, matrix=matrix))

    solving = shortest(dc.solve, plan, times=times)[0] if content else None
    choosing, solution = shortest(choose, fresh, times=times)
    plain, usual = shortest(plain_highspy.usual, fresh, times=times)
    quicker, better = shortest(plain_highspy.better, fresh, times=times)
    if not math.isclose(usual.deviation, better.deviation, rel_tol=1e-6):
        raise RuntimeError(f"{instance}: two optima, {usual.deviation} and {better.deviation}")
    return Row(instance, solving, choosing, solution.programs, plain, quicker)


def measure_size(size: tuple[int, int, int], *, times: int) -> list[Row]:
    """Time loose and tight growth limits, and references that break them."""
    name = "×".join(map(str, size))
    rows = []
    for growth in (LOOSE, TIGHT):
        content = make_plan(*size, growth=growth, seed=SEED)
        problem = build(dc.Plan.model_validate(content)).problem
        label = f"{name}, growth {growth[0]:.2f}–{growth[1]:.2f}"
        rows.append(measure(label, problem, content, times=times))
        others = make_plan(*size, growth=growth, seed=SEED, off=OFF)
        problem_off = build(dc.Plan.model_validate(others)).problem
        rows.append(measure(f"{label}, shares ±{OFF:.0%}", problem_off, others, times=times))
        noised = with_noise(problem, size=NOISE, seed=SEED)
        rows.append(measure(f"{label}, references ±{NOISE:.0%}", noised, None, times=times))
    return rows


def write_table(rows: list[Row]) -> None:
    """Print a row per instance, a column per figure."""
    width = max(len(row.instance) for row in rows)
    print("regions × years × indicators".ljust(width), *(head for head, _ in HEADS), sep="  ")
    for row in rows:
        cells = (show(row).rjust(len(head)) for head, show in HEADS)
        print(row.instance.ljust(width), *cells, sep="  ")


def write_qingyuan(*, times: int) -> None:
    """Print the wall time of a process that takes Qingyuan's plan to its tables."""

    def run(script: str) -> float:
        def process(argv: list[str]) -> None:
            subprocess.run(argv, check=True)

        return shortest(process, lambda: [sys.executable, "-c", script], times=times)[0]

    whole, importing = run(TABLES), run(IMPORT)
    print(
        f"Qingyuan, from plan file to tables, a process of its own: {whole:.2f} s, "
        f"of which start and import {importing:.2f} s ({importing / whole:.0%})"
    )


def write_memory() -> None:
    """Print the most memory that this process has held (kilobytes on Linux)."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"Memory, at most, for the whole table (peers included): {peak:.0f} MB")


def main() -> None:
    """Run every instance and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes, once each")
    quick = parser.parse_args().quick
    times = 1 if quick else 3
    sizes = QUICK_SIZES if quick else FULL_SIZES
    write_table([row for size in sizes for row in measure_size(size, times=times)])
    write_memory()
    write_qingyuan(times=times)
    write_explaining(QINGYUAN, sizes[-1], LOOSE, SEED)
    write_sweeping(QINGYUAN, 20 if quick else 1000)


if __name__ == "__main__":
    main()
