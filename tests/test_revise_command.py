"""The commands about issued allocations: revise, compare, and track of a kept file."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import decompose as dc
from decompose.cli import BAD_INPUT, DONE, INTERRUPTED, UNMET, main
from tests.plans import data, indicator
from tests.test_revise import YEARS, reached

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Hold an issued allocation and the actuals of its first year."""
    said = data(indicator(target={"years": dict.fromkeys(YEARS, 15), "total": 45}), years=YEARS)
    issued = dc.solve(dc.Plan.model_validate(said))
    issued.save(tmp_path / "issued.json")
    actuals = reached(issued, 2015, {("investment", "甲区", 2015): 5.0})
    actuals.to_csv(tmp_path / "actuals.csv", index=False)
    return tmp_path


def run(*arguments: str | Path) -> int:
    return main([str(one) for one in arguments])


def test_revise_prints_and_writes(folder: Path, capsys: Capture) -> None:
    new = folder / "new.json"
    report = folder / "changes.md"
    words: list[str | Path] = [
        "revise",
        folder / "issued.json",
        folder / "actuals.csv",
        "--through",
        "2015",
    ]
    assert run(*words, "-o", new, "--report", report) == DONE
    printed = capsys.readouterr()
    assert "原下达" in printed.out
    assert "8.80" in printed.out
    assert "到2015年下达 15亿元，实际 12亿元" in printed.err
    assert printed.out.strip() in report.read_text(encoding="utf-8")
    found = dc.read_allocation(new)
    assert found.plan.actual_through == 2015
    assert run("compare", folder / "issued.json", new) == DONE
    assert "2015年实际完成数" in capsys.readouterr().out


def test_revise_takes_changes_and_merges(folder: Path, capsys: Capture) -> None:
    words: list[str | Path] = [
        "revise",
        folder / "issued.json",
        folder / "actuals.csv",
        "--through",
        "2015",
    ]
    words += ["--carry", "region", "--language", "en"]
    changes = ["--set", "indicators.investment.target.total=51"]
    assert run(*words, *changes, "--merge", "新区=乙县,丙县") == DONE
    assert "新区" in capsys.readouterr().out
    assert run(*words, "--set", "nonsense") == BAD_INPUT
    assert "nonsense" in capsys.readouterr().err
    assert run(*words, "--merge", "新区=丁县") == BAD_INPUT
    assert "丁县" in capsys.readouterr().err
    assert run(*words, "--set", "indicators.investment.limits.max=5") == UNMET


def test_compare_prints_and_writes(folder: Path, capsys: Capture) -> None:
    issued = dc.read_allocation(folder / "issued.json")
    changed = issued.plan.with_changes({"indicators.investment.target.years.2017": 15.5})
    changed = changed.with_changes({"indicators.investment.target.total": 45.5})
    other = folder / "other.json"
    dc.solve(changed).save(other)
    table = folder / "compared.csv"
    assert run("compare", folder / "issued.json", other, "-o", table) == DONE
    assert "由 15 改为 15.5" in capsys.readouterr().out
    rows = pd.read_csv(table)
    assert run("compare", folder / "issued.json", other, "--all") == DONE
    assert len(capsys.readouterr().out.splitlines()) > len(rows) + 3


def test_an_issued_allocation_is_tracked_without_solving(
    folder: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError

    monkeypatch.setattr("decompose.cli.shared.solve", refuse)
    words: list[str | Path] = [folder / "issued.json", folder / "actuals.csv", "--as-of", "2015-12"]
    assert run("track", *words) == DONE
    assert "62.5%" in capsys.readouterr().out
    assert run("form", folder / "issued.json", folder / "forms", "--period", "2016-03") == DONE


def test_an_interrupt_is_told_without_a_traceback(
    folder: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("decompose.cli.issued.track", interrupt)
    words: list[str | Path] = [folder / "issued.json", folder / "actuals.csv", "--as-of", "2015-12"]
    assert run("track", *words, "-o", folder / "progress.md") == INTERRUPTED
    assert "已中断" in capsys.readouterr().err
    assert not (folder / "progress.md").exists()


def test_a_changed_file_is_refused(folder: Path, capsys: Capture) -> None:
    path = folder / "issued.json"
    path.write_text(path.read_text("utf-8").replace('"quota": 8.0', '"quota": 8.1'), "utf-8")
    words: list[str | Path] = [path, folder / "actuals.csv", "--as-of", "2015-12"]
    assert run("track", *words) == BAD_INPUT
    assert "issued.json" in capsys.readouterr().err


def test_revise_takes_restated_bases(folder: Path, capsys: Capture) -> None:
    issued, actuals = folder / "issued.json", folder / "actuals.csv"
    words: list[str | Path] = ["revise", issued, actuals, "--through", "2015"]
    new = folder / "restated.json"
    assert run(*words, "--base", "投资,甲区=9.2", "investment,丙县=3.1", "-o", new) == DONE
    plan = dc.read_allocation(new).plan
    assert plan.base(plan.indicators[0]).tolist() == [9.2, 4.0, 3.1]
    capsys.readouterr()
    assert run(*words, "--base", "投资=9.2") == BAD_INPUT
    assert "指标,地区=数值" in capsys.readouterr().err
    assert run(*words, "--base", "投次,甲区=9", "投资,丁县=1") == BAD_INPUT
    told = capsys.readouterr().err
    assert "投次" in told
    assert "丁县" in told
