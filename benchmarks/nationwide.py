"""Time the national plan at five sizes, from files to tables: ``python -m benchmarks.nationwide``.

Each size is a process of its own, so that its memory is its own. Seconds are of the processor,
beside those on the clock. ``--peers`` says up to which part of the country the same rules are
also solved as one plain least-absolute program: by highspy, PuLP, and linopy where it is
installed; each result is printed as it comes. The exponent is the slope of log seconds against
log cells, over all sizes.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

import decompose as dc
from benchmarks import plain_highspy, plain_pulp
from benchmarks.national import write_plan
from decompose.problem import Problem

PARTS = ("1/16", "1/8", "1/4", "1/2", "1")
STEPS = ("read", "solve", "tables", "frames")
PEERS = ("highspy", "linopy", "PuLP")
HEADS = ("part", "cells", "rules", *STEPS, "in all", "clock", "MB", "programs")


def run(part: str, peers: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """Take one size from files to tables; give seconds, cells, memory, then seconds by peer."""
    with tempfile.TemporaryDirectory() as folder:
        path = write_plan(Path(folder), float(Fraction(part)))
        start = time.perf_counter()
        found: dict[str, Any] = {"part": part}
        plan = _timed(found, "read", lambda: dc.read_plan(path))
        allocation = _timed(found, "solve", lambda: dc.solve(plan))
        _timed(found, "tables", lambda: [allocation.annex1(), *map(allocation.annex2, plan.years)])
        _timed(found, "frames", lambda: (allocation.quotas, allocation.values, allocation.totals))
        found["clock"] = time.perf_counter() - start
    found["in all"] = sum(found[step] for step in STEPS)
    found["MB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024  # kilobytes on Linux
    problems = [stage.problem for stage in allocation.settled.stages]
    found["cells"] = sum(problem.size for problem in problems)
    found["rules"] = sum(len(problem.rules) for problem in problems)
    found["programs"] = sum(stage.solution.programs for stage in allocation.settled.stages)
    yield found
    for name in peers:
        took: dict[str, Any] = {}
        _timed(took, name, partial(_each, _peer(name), problems))
        yield took


def _each(usual: Callable[[Problem], object], problems: list[Problem]) -> None:
    for problem in problems:
        usual(problem)


def _timed(found: dict[str, Any], name: str, action: Callable[[], Any]) -> Any:
    start = time.process_time()
    result = action()
    found[name] = time.process_time() - start
    return result


def _peer(name: str) -> Callable[[Problem], object]:
    if name == "linopy":
        usual: Callable[[Problem], object] = importlib.import_module(
            "benchmarks.plain_linopy"
        ).usual
        return usual
    return plain_highspy.usual if name == "highspy" else plain_pulp.usual


def _in_a_process(part: str, peers: tuple[str, ...]) -> dict[str, Any]:
    """Run one size, and print each result as it comes: a peer may take many times as long."""
    command = [sys.executable, "-m", "benchmarks.nationwide", "--one", part, *peers]
    with subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8") as process:
        assert process.stdout is not None  # it is a pipe
        told = (json.loads(line) for line in process.stdout if line.startswith("{"))
        row: dict[str, Any] = next(told, {})
        if row:
            print(*(_shown(row[head]).rjust(8) for head in HEADS), flush=True)
        for took in told:
            write_peer(row, took)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return row


def write_growth(rows: list[dict[str, Any]]) -> None:
    """Print how time grows with the cells."""
    cells = np.log([row["cells"] for row in rows])
    for step in ("in all", *STEPS):
        seconds = np.log([max(row[step], 1e-3) for row in rows])
        print(f"{step}: seconds grow as cells to the power {np.polyfit(cells, seconds, 1)[0]:.2f}")


def write_peer(row: dict[str, Any], took: dict[str, Any]) -> None:
    """Print what solving takes beside one plain program of the same rules."""
    for name, seconds in took.items():
        ratio = f"{seconds:.1f} s, solve ÷ it {row['solve'] / seconds:.2f} ({name})"
        print(f"{row['part']}, {row['cells']} cells: {ratio}", flush=True)


def _shown(value: Any) -> str:
    return f"{value:.2f}" if isinstance(value, float) else str(value)


def main() -> None:
    """Run every size and print the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.nationwide", description=__doc__)
    parser.add_argument("--parts", nargs="+", default=PARTS, help="parts of the country")
    parser.add_argument("--peers", default="1/8", help="the largest part with peers; 0 for none")
    parser.add_argument("--one", nargs="+", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        for told in run(asked.one[0], tuple(asked.one[1:])):
            print(json.dumps(told), flush=True)
        return
    there = tuple(n for n in PEERS if n != "linopy" or importlib.util.find_spec("linopy"))
    largest = Fraction(asked.peers)
    print(*(head.rjust(8) for head in HEADS), flush=True)
    rows = [_in_a_process(part, there if Fraction(part) <= largest else ()) for part in asked.parts]
    write_growth(rows)


if __name__ == "__main__":
    main()
