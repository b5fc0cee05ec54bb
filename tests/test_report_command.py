"""The commands that write reports."""

from __future__ import annotations

import builtins
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest

from decompose.cli import BAD_INPUT, DONE, UNMET, main

ROOT = Path(__file__).parent.parent
QINGYUAN = str(ROOT / "data" / "qingyuan" / "plan.yaml")


def test_a_report_is_written_with_its_theme(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    theme = tmp_path / "theme.yaml"
    theme.write_text("sheets: [annex2]\n", encoding="utf-8")
    path = str(tmp_path / "a.xlsx")
    options = ["--theme", str(theme), "--years", "2016", "--formulas"]
    assert main(["report", QINGYUAN, path, *options]) == DONE
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["附件2-2016"]
    assert any(cell.data_type == "f" for row in book.active.iter_rows() for cell in row)
    assert capsys.readouterr().err.splitlines() == [path]


def test_a_plan_that_cannot_be_met_is_reported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = tmp_path / "plan.yaml"
    plan.write_text(
        "format: 1\ntitle: 示例\narea: 全市\nbase_year: 2014\nyears: [2015]\nregions: [甲, 乙]\n"
        "indicators:\n  - {id: a, kind: flow, target: {total: 10}, limits: {max: 4}}\n",
        encoding="utf-8",
    )
    path = tmp_path / "a.docx"
    assert main(["report", str(plan), str(path)]) == UNMET
    assert [one.text for one in docx.Document(str(path)).paragraphs][:1] == ["示例冲突表"]
    assert str(path) in capsys.readouterr().err


def test_a_wrong_theme_is_bad_input(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    theme = tmp_path / "theme.yaml"
    theme.write_text("sheet: [annex2]\n", encoding="utf-8")
    options = ["--theme", str(theme)]
    assert main(["report", QINGYUAN, str(tmp_path / "a.md"), *options]) == BAD_INPUT
    assert "theme.yaml 第1行 sheet：没有“sheet”这个键" in capsys.readouterr().err
    assert not (tmp_path / "a.md").exists()


def test_solve_writes_every_format(tmp_path: Path) -> None:
    assert main(["solve", QINGYUAN, "-o", str(tmp_path)]) == DONE
    assert {path.name for path in tmp_path.iterdir()} == {
        "附件.xlsx",
        "附件.docx",
        "附件.md",
        "附件1.csv",
        "附件2-2015.csv",
        "附件2-2016.csv",
        "附件2-2017.csv",
        "allocation.json",
    }


def test_solve_passes_over_a_format_whose_package_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    load: Callable[..., Any] = builtins.__import__

    def without(name: str, *args: Any) -> Any:
        if name == "docx":
            raise ImportError(name)
        return load(name, *args)

    monkeypatch.setattr(builtins, "__import__", without)
    assert main(["solve", QINGYUAN, "-o", str(tmp_path)]) == DONE
    assert 'pip install "target-decompose[word]"' in capsys.readouterr().err
    assert not (tmp_path / "附件.docx").exists()
    assert (tmp_path / "附件.md").exists()
