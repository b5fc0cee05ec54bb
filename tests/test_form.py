"""The monthly form: what it asks, what it protects, and that it reads back."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import decompose as dc
from decompose.cli import main
from decompose.files import file_names
from tests.plans import data, indicator, plan
from tests.test_tracking import QINGYUAN, qingyuan

PARK = "产业园区工业项目固定资产投资"


def cells(path: Path) -> list[list[Any]]:
    sheet = openpyxl.load_workbook(path).active
    assert sheet is not None
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def fill(path: Path, values: dict[str, float]) -> None:
    """Type numbers beside the names of indicators, as a county does."""
    book = openpyxl.load_workbook(path)
    sheet = book.active
    assert sheet is not None
    for row in sheet.iter_rows(min_row=2):
        if row[2].value in values:
            row[5].value = values[row[2].value]
    book.save(path)


def test_each_county_has_a_form_with_its_own_indicators(tmp_path: Path) -> None:
    paths = dc.write_form(qingyuan(), tmp_path / "forms", period="2015-06")
    assert [path.stem for path in paths] == list(qingyuan().plan.region_names)
    rows = cells(tmp_path / "forms" / "英德市.xlsx")
    assert rows[0][0] == "英德市工业转型升级攻坚战三年行动2015年1—6月报送表"
    assert rows[2][0] == "报送时间：2015年7月8日前、6月中"
    assert rows[3] == [
        *("序号", "地区", "指标", "单位", "2015年目标", "2015年1—6月累计完成", "备注")
    ]
    asked = {row[2]: row for row in rows[4:]}
    assert asked["工业技术改造投资"][1:6] == ["英德市", "工业技术改造投资", "亿元", 3.2, None]
    assert PARK in asked
    assert PARK not in {row[2] for row in cells(tmp_path / "forms" / "连山县.xlsx")}


def test_all_but_the_blanks_is_protected(tmp_path: Path) -> None:
    (path, *_) = dc.write_form(qingyuan(), tmp_path, period="2015-06")
    sheet = openpyxl.load_workbook(path).active
    assert sheet is not None
    assert sheet.protection.sheet
    free = {
        cell.column_letter
        for row in sheet.iter_rows()
        for cell in row
        if not cell.protection.locked
    }
    assert free == {"F", "G"}
    (rule,) = sheet.data_validations.dataValidation
    assert rule.type == "decimal"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_forms_that_are_filled_in_read_back(language: Any, tmp_path: Path) -> None:
    paths = dc.write_form(qingyuan(), tmp_path, period="2015-06", language=language)
    assert len(dc.read_actuals(tmp_path)) == 0
    for number, path in enumerate(paths[:-1], start=1):
        fill(path, {"工业技术改造投资": number / 4, "工业投资": number})
    found = dc.read_actuals(tmp_path)
    names = qingyuan().plan.region_names
    assert set(found.itertuples(index=False, name=None)) == {
        row
        for number, name in enumerate(names[:-1], start=1)
        for row in (
            ("工业技术改造投资", name, "2015-06", number / 4),
            ("工业投资", name, "2015-06", float(number)),
        )
    }
    late = dc.track(qingyuan(), found, as_of="2015-06").late
    told = late.groupby("indicator")["region"].agg(list)
    assert told["upgrade_investment"] == told["industrial_investment"] == [names[-1]]


def test_every_number_of_every_form_finds_its_place(tmp_path: Path) -> None:
    """Names of indicators that print an increment, cut or share are found too."""
    for path in dc.write_form(qingyuan(), tmp_path, period="2015-12", kind="csv"):
        with path.open(encoding="utf-8-sig", newline="") as file:
            head, *rows = csv.reader(file)
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows([head, *([*row[:5], row[4], row[6]] for row in rows)])
    found = dc.track(qingyuan(), dc.read_actuals(tmp_path), as_of="2015-12")
    assert len(found.late) == 0
    asked = found.table[found.table["quota"] != 0]
    assert (asked["actual"] == asked["quota"]).all()
    assert set(asked["level"]) == {"green"}
    assert set(found.ranking["rank"]) == {1}


def test_a_plan_that_is_not_solved_has_forms_without_quotas(tmp_path: Path) -> None:
    given = plan(indicator(), indicator(id="other", name="其他", regions=["甲区"]))
    paths = dc.write_form(given, tmp_path, period="2015Q1", kind="csv")
    assert [path.name for path in paths] == ["甲区.csv", "乙县.csv", "丙县.csv"]
    assert paths[0].read_text(encoding="utf-8-sig").splitlines()[1:] == [
        "1,甲区,投资,亿元,—,,",
        "2,甲区,其他,亿元,—,,",
    ]
    assert len(paths[1].read_text(encoding="utf-8-sig").splitlines()) == 2


def test_names_that_look_like_formulas_are_kept_from_running(tmp_path: Path) -> None:
    given = dc.solve(plan(regions=["=1+1", "甲区"], groups={}, indicators=[indicator(base=None)]))
    for kind in ("csv", "xlsx"):
        (path, _) = dc.write_form(given, tmp_path / kind, period="2015-12", kind=kind)
        if kind == "csv":
            text = path.read_text(encoding="utf-8-sig")
            assert "'=1+1" in text
            path.write_text(text.replace("9.0,", "9.0,9"), encoding="utf-8-sig")
        else:
            assert cells(path)[-1][1] == "=1+1"
            fill(path, {"投资": 9})
        found = dc.track(given, dc.read_actuals(path), as_of="2015-12")
        assert found.table["actual"].tolist()[0] == 9


def test_reserves_have_no_form(tmp_path: Path) -> None:
    regions = [*data()["regions"][:2], {"name": "丙县", "reserve": True}]
    paths = dc.write_form(plan(regions=regions), tmp_path, period="2015-01")
    assert [path.stem for path in paths] == ["甲区", "乙县"]


def test_names_of_files_are_safe_and_differ() -> None:
    names = ["甲/区", "甲:区", "CON", "con", "..", "", "a" * 200, "Ａ", "a", "甲区. "]
    found = file_names(names)
    assert found[:6] == ["甲_区", "甲_区(2)", "_CON", "_con(2)", "_", "_(2)"]
    assert found[7:] == ["Ａ", "a(2)", "甲区"]
    assert len(found[6]) < 100
    assert len({name.casefold() for name in found}) == len(names)


def test_what_no_form_can_be_is_told(tmp_path: Path) -> None:
    with pytest.raises(dc.PlanError, match="2019"):
        dc.write_form(qingyuan(), tmp_path, period="2019-01")
    with pytest.raises(dc.PlanError, match="时期"):
        dc.write_form(qingyuan(), tmp_path, period="x")
    with pytest.raises(dc.ReportError, match="xlsx"):
        dc.write_form(qingyuan(), tmp_path, period="2015-01", kind="docx")
    with pytest.raises(dc.PlanError, match="没有表可写"):
        dc.write_form(plan(indicator(years=[2016])), tmp_path, period="2015-01")
    (tmp_path / "file").write_text("")
    with pytest.raises(dc.ReportError):
        dc.write_form(qingyuan(), tmp_path / "file", period="2015-01")


def test_the_command_writes_forms(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["form", str(QINGYUAN / "plan.yaml"), str(tmp_path), "--period", "2015-06"]
    assert main(arguments) == 0
    assert len(list(tmp_path.glob("*.xlsx"))) == 9
    assert str(tmp_path / "英德市.xlsx") in capsys.readouterr().err
    assert main([*arguments[:-1], "x"]) == 2
