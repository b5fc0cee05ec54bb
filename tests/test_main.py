"""``python -m decompose`` is the command, with its exit status."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from decompose import read_allocation
from decompose.cli import BAD_INPUT, DONE, UNMET, main
from decompose.cli.shared import UNREAD


def six_over_two(capacity: int) -> dict[str, Any]:
    """A plan of 6 over two districts, each of which can take so much."""
    investment = {
        "id": "investment",
        "name": "投资",
        "kind": "flow",
        "unit": "亿元",
        "allocate": "equal",
        "target": {"years": {2015: 6}},
        "limits": {"max": capacity},
    }
    regions = ["甲区", "乙县"]
    return {"title": "行动", "years": [2015], "regions": regions, "indicators": [investment]}


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "decompose", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=False)


@pytest.mark.parametrize(
    ("verb", "capacity", "status"),
    [("solve", 4, DONE), ("solve", 2, UNMET), ("explain", 4, DONE), ("explain", 2, UNMET)],
)
def test_status_tells_whether_the_plan_can_be_met(
    verb: str, capacity: int, status: int, tmp_path: Path
) -> None:
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(six_over_two(capacity)), encoding="utf-8")
    done = run(verb, path)
    assert done.returncode == status
    # an explanation is the result; that a plan cannot be solved is none
    told = done.stderr if (verb, status) == ("solve", UNMET) else done.stdout
    assert ("2个地区2015年投资的上限合计4.00亿元" in told) == (status == UNMET)


def test_whoever_stops_reading_sees_no_traceback(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(six_over_two(2)), encoding="utf-8")
    command = [sys.executable, "-m", "decompose", "explain", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.close()  # as ``| head -0`` does
        assert running.stderr.read() == b""
    assert running.returncode == UNREAD


def test_solve_keeps_the_allocation_alone_where_a_json_is_asked_for(tmp_path: Path) -> None:
    path, issued = tmp_path / "plan.json", tmp_path / "issued.json"
    path.write_text(json.dumps(six_over_two(4)), encoding="utf-8")
    assert main(["solve", str(path), "-o", str(issued)]) == DONE
    assert read_allocation(issued).quotas["quota"].tolist() == [3.0, 3.0]
    assert sorted(tmp_path.iterdir()) == [issued, path]


def test_an_issue_of_the_whole_is_told_without_a_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, actuals = tmp_path / "plan.json", tmp_path / "actuals.csv"
    path.write_text(json.dumps(six_over_two(4)), encoding="utf-8")
    actuals.write_text("指标,地区,时期,累计完成\n投资,甲区,2015-06,1\n", encoding="utf-8")
    assert main(["track", str(path), str(actuals), "--as-of", "2015-06"]) == DONE
    told = capsys.readouterr().err.splitlines()
    assert [line for line in told if line.startswith("[提示] ：")] == []
    assert any("--low-rank" in line for line in told)


def test_bad_input_is_told_with_its_status(tmp_path: Path) -> None:
    done = run("check", tmp_path / "absent.yaml", "--language", "en")
    assert (done.returncode, done.stdout) == (BAD_INPUT, "")
    assert "there is no file" in done.stderr
    assert run("nonsense").returncode == BAD_INPUT
