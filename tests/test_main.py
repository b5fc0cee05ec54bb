"""``python -m decompose`` is the command, with its exit status."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pulp
import pytest

from decompose import read_allocation
from decompose.cli import BAD_INPUT, DONE, INTERRUPTED, UNMET, main
from decompose.cli.shared import UNREAD
from decompose.labels import say
from decompose.starting import is_command
from tests.workbooks import as_bytes, edited

QINGYUAN = Path(__file__).parent.parent / "data" / "qingyuan" / "plan.yaml"


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


def test_what_is_printed_begins_with_the_plan() -> None:
    """A solver that is started writes its name and licence nowhere (HiGHS 1.16 does)."""
    done = run("solve", QINGYUAN)
    assert done.stdout.startswith("附件1\n")
    assert "HiGHS" not in done.stdout + done.stderr


def test_a_program_is_exported_with_what_its_rows_are(tmp_path: Path) -> None:
    path, model = tmp_path / "plan.json", tmp_path / "plan.mps"
    path.write_text(json.dumps(six_over_two(4)), encoding="utf-8")
    assert main(["export", str(path), str(model)]) == DONE
    assert "甲区" in (tmp_path / "plan.labels.csv").read_text(encoding="utf-8-sig")
    columns, program = pulp.LpProblem.fromMPS(str(model))
    program.solve(pulp.HiGHS(msg=False))
    assert sum(pulp.value(column) for column in columns.values()) == pytest.approx(6)


def test_the_name_of_a_program_may_end_in_capitals(tmp_path: Path) -> None:
    path, model = tmp_path / "plan.json", tmp_path / "PLAN.LP"
    path.write_text(json.dumps(six_over_two(4)), encoding="utf-8")
    assert main(["export", str(path), str(model)]) == DONE
    assert "\nSubject To\n" in model.read_text(encoding="utf-8")


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


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "gb18030"])
def test_a_terminal_that_lacks_letters_gets_their_codes(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(six_over_two(4)), encoding="utf-8")
    command = [sys.executable, "-m", "decompose", "solve", str(path)]
    ours = os.environ | {"PYTHONIOENCODING": encoding}
    done = subprocess.run(command, capture_output=True, env=ours, check=False)
    assert done.returncode == DONE
    assert "乙县".encode(encoding, "backslashreplace") in done.stdout


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


ENGLISH = ("usage:", "options:", "positional arguments:", "show this help message and exit")
"""Words of argparse's own."""


@pytest.mark.parametrize("verb", [[], ["check"], ["adjust"]])
def test_help_speaks_one_language(verb: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    for language in ("zh", "en"):
        for asked in (["--language", language], [f"--language={language}"], [f"--lang={language}"]):
            for words in ([*asked, *verb, "--help"], [*verb, "--help", *asked] if verb else asked):
                with pytest.raises(SystemExit):
                    main(words)
                done = capsys.readouterr()
                text = done.out + done.err
                if language == "zh":
                    assert "用法：decompose" in text
                    assert not [word for word in ENGLISH if word in text]
                else:
                    assert "usage: decompose" in text
                    assert not re.search(r"[\u4e00-\u9fff]", text)


def test_the_language_may_stand_before_the_verb(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(six_over_two(4)), encoding="utf-8")
    for words in (["--language", "en", "check", str(path)], ["check", str(path), "--lang", "en"]):
        assert main(words) == DONE
        assert capsys.readouterr().out == say("check_clean").text("en") + "\n"


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (["revise", "a", "b", "--re"], "--report 后面要写内容"),
        (["revise", "a", "b", "--s"], "--s 不明确，可以是 --set"),
    ],
)
def test_an_option_that_is_cut_short_is_told(
    typed: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(typed)
    assert told in capsys.readouterr().err


@pytest.mark.skipif(sys.platform == "win32", reason="no signal of a terminal can be sent")
@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_interrupt_while_the_package_is_read_is_told_in_a_word(
    language: str, tmp_path: Path
) -> None:
    """A module that is read early waits until the interrupt is sent."""
    waiting = "import sys, time\nprint('read', flush=True)\ntime.sleep(60)\n"
    (tmp_path / "pulp.py").write_text(waiting, encoding="utf-8")
    command = [sys.executable, "-m", "decompose", "check", "x.yaml", "--language", language]
    paths = f"{tmp_path}{os.pathsep}{Path(__file__).parent.parent}"
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": paths, "PYTHONIOENCODING": "utf-8"},
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        assert running.stdout.readline() == "read\n"
        running.send_signal(signal.SIGINT)
        told = running.stderr.read()
    assert running.returncode == INTERRUPTED
    assert told == say("command_interrupted").text("en" if language == "en" else "zh") + "\n"


@pytest.mark.parametrize(
    ("arguments", "typed", "command"),
    [
        (["-m", "check"], ["python", "-m", "decompose", "check"], True),
        (["/usr/bin/decompose", "check"], ["python", "/usr/bin/decompose", "check"], True),
        (["script.py"], ["python", "script.py"], False),
        (["-m"], ["python", "-m", "pytest"], False),
        (["/usr/bin/decompose"], ["python", "-c", "from multiprocessing.spawn import …"], False),
    ],
)
def test_only_the_command_takes_the_interrupt(
    arguments: list[str], typed: list[str], command: bool
) -> None:
    assert is_command(arguments, typed) == command


def test_bad_input_is_told_with_its_status(tmp_path: Path) -> None:
    done = run("check", tmp_path / "absent.yaml", "--language", "en")
    assert (done.returncode, done.stdout) == (BAD_INPUT, "")
    assert "there is no file" in done.stderr
    assert run("nonsense").returncode == BAD_INPUT


def test_check_tells_the_headings_of_keys_on_a_workbook(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A planner sees headings, not the keys of a plan file."""
    path = tmp_path / "plan.xlsx"
    path.write_bytes(as_bytes(edited({"指标!U4": None})))  # firms share equally
    text = "（在工作簿中，allocate 即“分配依据”、base 即“基期”）\n"
    for language, told in (("zh", True), ("en", False)):
        assert main(["check", str(path), "--language", language]) == DONE
        assert capsys.readouterr().out.endswith(text) == told
