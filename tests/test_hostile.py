"""Hostile and unlucky files: every reader tells what is wrong and where, within seconds."""

from __future__ import annotations

import json
import math
import subprocess
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import decompose as dc
from tests import plans as small
from tests.large_files import LARGE, READERS, million_steps
from tests.test_reading import mutated

HOSTILE = Path(__file__).parent / "files" / "hostile"
TOLD = HOSTILE / "told.txt"
CORPUS = sorted(path for path in HOSTILE.iterdir() if path != TOLD)
MILLIONS, MEGABYTES = 90.0, 500.0
"""Plain steps of Python: about five seconds where the figures of the documents were measured."""


# ---- files that found something ------------------------------------------------------------------


def error_of(read: Callable[[], object]) -> dc.DecomposeError | None:
    """Return what is told where something is refused."""
    try:
        read()
    except dc.DecomposeError as error:
        return error
    return None


def told_of(path: Path) -> list[str]:
    """Return what is told of a file; its reader is the first word of its name."""
    error = error_of(lambda: READERS[path.stem.partition("_")[0]](path))
    assert error is None or error.text("en")
    return [] if error is None else error.text().splitlines()[1:]


def found(line: str) -> str:
    """Return the place and what was found there, without how to mend it."""
    return line.partition("；")[0]


def test_files_that_found_something_are_told_as_they_were() -> None:
    start = time.process_time()
    told = [found(line) for path in CORPUS for line in told_of(path) or [f"{path.name} is read"]]
    assert time.process_time() - start < MILLIONS * million_steps()
    assert told == TOLD.read_text(encoding="utf-8").splitlines()
    assert all(line.startswith("  - ") for line in told)


def test_large_files_take_seconds_and_little_memory(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.large_files", str(tmp_path)]
    root = Path(__file__).parent.parent
    run = subprocess.run(command, capture_output=True, cwd=root, check=True, text=True)
    answer = json.loads(run.stdout)
    assert answer["found"].keys() == LARGE.keys()
    assert {name: took for name, (took, _) in answer["found"].items() if took > MILLIONS} == {}
    assert answer["memory"] < MEGABYTES
    for name, (_, told) in answer["found"].items():
        lines = told.splitlines()
        assert 2 <= len(lines) <= 102, name
        assert len(lines) < 102 or "there are more; these are the first 100" in lines[-1]


# ---- data from Python ----------------------------------------------------------------------------


class Odd:
    """Something that says it is a number and is none."""

    def __float__(self) -> float:
        raise TypeError


NO_NUMBERS: list[Any] = [
    *(math.nan, math.inf, -math.inf, np.float64("nan"), "1e400", "12:30", "on", 10**400, 1e16),
    *(Decimal("NaN"), Decimal("sNaN"), Decimal("Infinity"), True, [1], {1}, b"3", 1j, Odd()),
    *(np.array([1.0, 2.0]), np.array([1.0]), pd.NaT, pd.NA),
]
PLACES: list[dict[str, Any]] = [
    {"base": {"甲区": ...}},
    {"target": {"total": ...}},
    {"target": {"years": {2015: ...}}},
    {"target": {"total": 3, "margin": ...}},
    {"step": ...},
    {"decimals": ...},
    {"limits": {"growth": {"max": ...}}},
    {"limits": {"min": {"甲区": {2015: ...}}}},
    {"locks": {"甲区": {2015: ...}}},
    {"allocate": {"by": {"甲区": ...}}},
    {"base_total": ...},
    {"path": {2015: ..., 2016: 1}},
    {"stated": {"growth": ...}},
    {"tiers": [...]},
    {"name": [...]},
]


def filled(part: Any, value: Any) -> Any:
    if isinstance(part, dict):
        return {key: filled(inner, value) for key, inner in part.items()}
    if isinstance(part, list):
        return [filled(inner, value) for inner in part]
    return value if part is ... else part


@pytest.mark.parametrize("place", PLACES, ids=str)
def test_what_is_no_number_is_refused_wherever_one_can_stand(place: dict[str, Any]) -> None:
    for value in NO_NUMBERS:
        data = small.data(small.indicator(id="a", **filled(place, value)))
        with pytest.raises(dc.PlanError) as caught:
            dc.Plan.model_validate(data)
        assert any(one.where.startswith("indicators.a") for one in caught.value.mistakes)
        assert caught.value.text("en")


@pytest.mark.parametrize("value", [math.nan, math.inf, True])
def test_a_blank_cell_of_a_frame_is_no_name(value: Any) -> None:
    with pytest.raises(dc.PlanError):
        dc.Plan.model_validate(small.data(small.indicator(name=value)))


def test_data_that_hold_themselves_or_never_end_are_refused() -> None:
    itself: dict[str, Any] = {}
    itself["a"] = itself
    deep: Any = 1
    for _ in range(5000):
        deep = [deep]
    for data in (itself, {"a": deep}):
        with pytest.raises(dc.PlanError, match="60"):
            dc.Plan.model_validate(data)


@pytest.mark.parametrize("said", ["1", "１", "“1", "1.", 2, "x"])
def test_a_number_that_is_a_choice_may_be_a_text_and_is_told_once(said: Any) -> None:
    """It was put right to the text that it was, a hundred times."""
    for change in ({"format": said}, {"indicators": [small.indicator(annexes=[said])]}):
        data = {**small.data(small.indicator()), **change}
        if said in ("1", "１") or (said == 2 and "format" not in change):
            assert dc.Plan.model_validate(data)
            continue
        with pytest.raises(dc.PlanError) as caught:
            dc.Plan.model_validate(data)
        assert len(caught.value.mistakes) == 1


def test_numbers_of_thousands_of_digits_are_told_with_their_place() -> None:
    huge = 10**5000
    for change, where in (
        ({"area": huge}, "area"),
        ({"regions": ["甲区", huge]}, "regions.1"),
        ({"years": [2015, huge]}, "years.1"),
        ({huge: 1}, ""),
        ({"tables": {"a": {huge: 1}}}, "tables.a.1.00e+5000"),
        ({"tables": pd.DataFrame({"region": ["甲区"], "a": [huge]})}, "tables.a.甲区"),
        ({"tables": pd.DataFrame({"region": [huge], "a": [1]})}, "tables.a.1.00e+5000"),
    ):
        with pytest.raises(dc.PlanError) as caught:
            dc.Plan.model_validate({**small.data(small.indicator()), **change})
        assert where in [one.where for one in caught.value.mistakes]


@pytest.mark.parametrize("cell", [math.inf, "x", True, [1], {}, np.ones(2), Decimal("sNaN"), 1j])
def test_cells_of_frames_are_told_by_column_and_region(cell: Any) -> None:
    cells = pd.Series([1.0, cell, 3.0, 4.0], dtype=object)
    frame = pd.DataFrame({"region": ["甲区", "乙县", "丙县", "市本级"], "own": cells})
    data = small.data(small.indicator(base="own")) | {"tables": frame}
    with pytest.raises(dc.PlanError) as caught:
        dc.Plan.model_validate(data)
    assert "tables.own.乙县" in [one.where for one in caught.value.mistakes]
    assert not any(one.message.code == "column_unknown" for one in caught.value.mistakes)


@pytest.mark.parametrize("key", [-2016, 0, 20160, 10**9, "9" * 5000])
def test_keys_that_are_no_years_are_told(key: Any) -> None:
    for part in ({"target": {"years": {key: 1}}}, {"limits": {"max": {key: 1}}}):
        with pytest.raises(dc.PlanError) as caught:
            dc.Plan.model_validate(small.data(small.indicator(id="a", **part)))
        assert any(one.where.startswith("indicators.a") for one in caught.value.mistakes)


def test_a_small_file_that_asks_for_very_many_numbers_is_refused() -> None:
    one = small.indicator()
    many = [f"r{number}" for number in range(9_000)]
    many_indicators = [{**one, "id": f"i{number}", "name": f"n{number}"} for number in range(120)]
    for change, place in (
        ({"regions": [*many, *(f"s{number}" for number in range(2_000))]}, "regions"),
        ({"years": list(range(1500, 1700))}, "years"),
        ({"regions": many, "indicators": many_indicators}, "indicators"),
    ):
        with pytest.raises(dc.PlanError) as caught:
            dc.Plan.model_validate({**small.data(one), "groups": {}, **change})
        assert [mistake.where for mistake in caught.value.mistakes] == [place]


ROW = {"indicator": "投资", "region": "甲区", "period": "2015-03", "value": 3.0}


@pytest.mark.parametrize("column", ["period", "value", "region", "indicator"])
def test_cells_of_actuals_that_cannot_be(column: str) -> None:
    allocation = dc.solve(small.plan(small.indicator()))
    for value in [*NO_NUMBERS, None, "", "\u202e", "x" * 10_000, 10**30, -1]:
        frame = pd.DataFrame({name: [cell] for name, cell in {**ROW, column: value}.items()})
        error = error_of(partial(dc.track, allocation, frame, as_of="2015-03"))
        if error is None:  # a blank is not reported
            assert column == "value"
            assert pd.isna(value) or value == ""
        else:
            assert isinstance(error, dc.PlanError)
            assert error.mistakes[0].where == "第 1 行"
            assert error.text("en")


def test_actuals_with_a_column_twice_are_refused() -> None:
    frame = pd.DataFrame([[*ROW.values(), 4.0]], columns=[*ROW, "value"])
    with pytest.raises(dc.PlanError, match="不止一列"):
        dc.track(dc.solve(small.plan(small.indicator())), frame, as_of="2015-03")


@pytest.mark.parametrize("column", ["quota", "year", "region", "indicator"])
def test_cells_of_adopted_tables_that_cannot_be(column: str) -> None:
    allocation = dc.solve(small.plan(small.indicator()))
    for value in NO_NUMBERS:
        frame = allocation.quotas.astype(object)
        frame[column] = [value, *frame[column].iloc[1:]]
        with pytest.raises(dc.PlanError) as caught:
            dc.adopt(allocation.plan, frame)
        assert caught.value.text("en")


@pytest.mark.parametrize("number", ["1e-400", "-0.0" + "0" * 400 + "1"])
def test_a_number_too_small_for_a_float_is_no_zero(number: str, tmp_path: Path) -> None:
    data = small.data(small.indicator(id="a", base={"甲区": number}))
    with pytest.raises(dc.PlanError, match="小得无法与 0 区分"):
        dc.Plan.model_validate(data)
    path = tmp_path / "plan.yaml"
    path.write_text(f"years: [2015]\nregions: [甲]\nbase_year: {number}\n", encoding="utf-8")
    with pytest.raises(dc.PlanError, match=r"第3行.*小得无法与 0 区分"):
        dc.read_plan(path)


@pytest.mark.parametrize("number", ["5①", "5³", "㉓", "①", "5⑫%", "3²以上"])
def test_marks_of_notes_are_no_digits(number: str, tmp_path: Path) -> None:
    """Their plain form is one: 5① was read as 51."""
    for place in ({"base": {"甲区": number}}, {"target": {"total": number}}):
        with pytest.raises(dc.PlanError, match=f"“{number}”"):
            dc.Plan.model_validate(small.data(small.indicator(id="a", **place)))
    path = tmp_path / "actuals.csv"
    path.write_text(f"指标,地区,时期,数值\na,甲区,2015,{number}\n", encoding="utf-8")
    with pytest.raises(dc.PlanError, match=f"“{number}”不是数字"):
        dc.read_actuals(path)


def test_texts_of_thousands_of_letters_are_told_by_their_first(tmp_path: Path) -> None:
    name = "长" * 30_000
    path = tmp_path / "actuals.csv"
    path.write_text(f"指标,地区,时期,数值\na,甲区,2015,{name}\n", encoding="utf-8")
    with pytest.raises(dc.PlanError, match="长…") as caught:
        dc.read_actuals(path)
    assert len(str(caught.value)) < 1000
    assert caught.value.mistakes[0].message.data["found"] == name


@pytest.mark.parametrize("assess", [{"points": -5}, {"cap": -1}])
def test_points_are_not_negative(assess: dict[str, Any]) -> None:
    data = small.data(small.indicator(id="a", assess=assess))
    with pytest.raises(dc.PlanError) as caught:
        dc.Plan.model_validate(data)
    assert [one.where for one in caught.value.mistakes] == [
        f"indicators.a.assess.{next(iter(assess))}"
    ]


def test_paths_of_thousands_of_digits_lead_nowhere() -> None:
    plan, path = small.plan(small.indicator()), f"indicators.{'9' * 5000}.base"
    for scenario in (dc.Scenario("a", {path: 1}), dc.Scenario("b", drop=(path,))):
        with pytest.raises(dc.PlanError):
            scenario.apply(plan)


# ---- whatever a file holds, it is read or refused by name ----------------------------------------

ACTUALS = (
    '指标,地区,时期,累计完成\n投资,甲区,2015-03,3\n投资,乙县,2015Q3,"1,000"\n'
    "地区,2015-01,2015-02,2015年1-3月\n甲区,1,2,3\n乙县,1,—,３\n"
)
SCENARIOS = (
    "scenarios:\n  - {name: a, changes: {indicators.a.target.years.2015: 11}}\n"
    "  - {name: b, scale: {a: 1.05}, drop: [indicators.a.base]}\n  - {name: c, combine: [a, b]}\n"
)
THEME = (
    "titles: {annex1: '{title}{year}'}\nsheets: [annex1, annex2]\nleave_out: {annex1: [单位]}\n"
    "fonts: {title: 宋体}\nsizes: {title: 小二, body: 12}\ncolours: {head: '#C00000'}\n"
    "margins: {top: 30, left: 20.5}\nformulas: true\n"
)
SOME = settings(max_examples=40)


def told_or_read(folder: Path, name: str, text: str) -> None:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    assert all(name in line for line in told_of(path))


@SOME
@given(text=mutated(ACTUALS))
def test_any_actuals(text: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    told_or_read(tmp_path_factory.getbasetemp(), "actuals.csv", text)


@SOME
@given(text=mutated(SCENARIOS))
def test_any_scenarios(text: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    told_or_read(tmp_path_factory.getbasetemp(), "scenarios.yaml", text)


@SOME
@given(text=mutated(THEME))
def test_any_theme(text: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    told_or_read(tmp_path_factory.getbasetemp(), "theme.yaml", text)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("kept") / "allocation.json"
    dc.solve(small.plan(small.indicator())).save(path)
    return path.read_text(encoding="utf-8")


@SOME
@given(data=st.data())
def test_any_allocation(
    kept: str, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    told_or_read(tmp_path_factory.getbasetemp(), "allocation.json", data.draw(mutated(kept)))


@SOME
@given(data=st.data())
def test_any_adopted_table(data: st.DataObject, tmp_path_factory: pytest.TempPathFactory) -> None:
    allocation = dc.solve(small.plan(small.indicator()))
    path = tmp_path_factory.getbasetemp() / "quotas.csv"
    path.write_text(data.draw(mutated(allocation.quotas.to_csv(index=False))), encoding="utf-8")
    error = error_of(partial(dc.adopt, allocation.plan, path))
    assert error is None or error.text("en")
