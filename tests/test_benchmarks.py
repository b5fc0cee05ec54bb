"""The benchmarks run and print their rows; no time is tested."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_quick_benchmarks_print_their_rows() -> None:
    command = [sys.executable, "-m", "benchmarks", "--quick"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    assert result.returncode == 0, result.stderr
    head, *lines = result.stdout.splitlines()
    rows, told = lines[:12], lines[12:]
    assert head.split("  ")[-3:] == ["solve/plain", "choose/plain", "better/plain"]
    assert [row.partition(",")[0] for row in rows] == ["8×3×2"] * 6 + ["20×5×2"] * 6
    assert told[0].startswith("Memory")
    names = ["Qingyuan", "Qingyuan", "20×5×2", "20×5×2"]
    assert [line.partition(":")[0] for line in told[2:6]] == names
    assert [line.partition(",")[0] for line in told[7:]] == [*["20 scenarios"] * 4, "2 scenarios"]


def test_the_national_plan_is_timed_at_every_size() -> None:
    command = [sys.executable, "-m", "benchmarks.nationwide"]
    command += ["--parts", "1/200", "1/100", "--peers", "1/200"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    assert result.returncode == 0, result.stderr
    head, *lines = result.stdout.splitlines()
    assert head.split()[:3] == ["part", "cells", "rules"]
    peers = [line for line in lines if "solve ÷ it" in line]
    assert len(peers) >= 2
    assert all(line.startswith("1/200, ") for line in peers)
    sizes = [line for line in lines if line not in peers]
    assert [line.split()[0] for line in sizes[:2]] == ["1/200", "1/100"]
    assert sizes[2].startswith("in all: seconds grow as cells to the power")
    assert lines.index(peers[-1]) < lines.index(sizes[1])
