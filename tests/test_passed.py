"""What is no plan, or no allocation, is refused in words; names do where ids do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import decompose as dc
from decompose.charts import save_chart
from decompose.report import write_template
from tests import plans as small

ACTUALS = pd.DataFrame({"indicator": [], "region": [], "period": [], "value": []})
OTHERS: dict[str, Callable[[Any, Any], object]] = {  # each is given the other of the two
    "solve": lambda _plan, found: dc.solve(found),
    "check": lambda _plan, found: dc.check(found),
    "explain": lambda _plan, found: dc.explain(found),
    "to_pulp": lambda _plan, found: dc.to_pulp(found),
    "sweep": lambda _plan, found: dc.sweep(found, []),
    "sensitivity": lambda plan, _found: dc.sensitivity(plan),
    "adjust": lambda plan, _found: dc.adjust(plan, []),
    "revise": lambda plan, _found: dc.revise(plan, ACTUALS, through=2015),
    "track": lambda plan, _found: dc.track(plan, ACTUALS, as_of="2015-06"),
    "adopt": lambda _plan, found: dc.adopt(found.quotas, found.quotas),
    "compare": lambda plan, found: dc.compare(found, plan),
    "write_form": lambda _plan, found: dc.write_form(found.quotas, "x", period="2015-06"),
}


@pytest.mark.parametrize("verb", OTHERS)
def test_what_is_of_another_kind_is_refused(verb: str) -> None:
    plan = small.plan()
    with pytest.raises(dc.PlanError, match=f"^{verb} ") as caught:
        OTHERS[verb](plan, dc.solve(plan))
    assert caught.value.code == "argument_kind"
    assert caught.value.data["found"] in ("Plan", "Allocation", "DataFrame")


BESIDE: dict[str, Callable[[dc.Allocation, Any], object]] = {
    "track": lambda one, given: dc.track(one, given, as_of="2015-06"),
    "revise": lambda one, given: dc.revise(one, given, through=2015),
    "adjust": lambda one, given: dc.adjust(one, given),
}


@pytest.mark.parametrize(
    ("verb", "given", "found"),
    [
        ("track", "actuals.csv", "str"),
        ("revise", {}, "dict"),
        ("adjust", [("investment", 2015, "甲区", 1)], "tuple"),
        ("adjust", None, "NoneType"),
    ],
)
def test_what_is_passed_beside_an_allocation_is_refused_too(
    verb: str, given: object, found: str
) -> None:
    with pytest.raises(dc.PlanError, match=f"^{verb} ") as caught:
        BESIDE[verb](dc.solve(small.plan()), given)
    assert (caught.value.code, caught.value.data["found"]) == ("argument_kind", found)


BY_YEAR: Any = {2015: {}}
PAIRS: Any = [("投资", 2)]
ARGUMENTS: dict[str, tuple[str, Callable[[dc.Allocation], object]]] = {
    "table": ("adopt", lambda one: dc.adopt(one, BY_YEAR)),
    "changes": ("revise", lambda one: _revised(one, changes=["years"])),
    "bases": ("revise", lambda one: _revised(one, bases=[1])),
    "bases.投资": ("revise", lambda one: _revised(one, bases={"投资": 3})),
    "merge": ("revise", lambda one: _revised(one, merge=["甲区"])),
    "merge.新区": ("revise", lambda one: _revised(one, merge={"新区": 3})),
    "scale": ("Scenario", lambda _: dc.Scenario("a", scale=PAIRS)),
}


def _revised(one: dc.Allocation, **keys: Any) -> dc.Revision:
    return dc.revise(one, ACTUALS, through=2015, **keys)


@pytest.mark.parametrize("name", ARGUMENTS)
def test_an_argument_of_another_form_is_told_by_its_name(name: str) -> None:
    verb, call = ARGUMENTS[name]
    with pytest.raises(dc.PlanError, match=f"^{verb} 的 {name} 需要") as caught:
        call(dc.solve(small.plan()))
    assert caught.value.code == "argument_wrong"
    assert caught.value.text("en").startswith(f"{verb} takes ")


@pytest.mark.parametrize("wrong", [3, None, [3]])
def test_what_names_nobody_is_told_as_unknown(wrong: Any) -> None:
    one = dc.solve(small.plan())
    with pytest.raises(dc.PlanError):
        dc.adjust(one, dc.Move("investment", 2015, "甲区", 1, to=wrong))
    with pytest.raises(dc.PlanError):
        dc.adjust(one, [], hold=wrong)
    with pytest.raises(dc.PlanError, match="不是情景"):
        dc.sweep(one.plan, wrong)


def test_years_may_be_texts_and_one_alone(tmp_path: Path) -> None:
    one = dc.solve(small.plan())
    pd.testing.assert_frame_equal(one.annex2("2016"), one.annex2(2016))
    given: tuple[Any, ...] = ([2016], 2016, "2016", ["2016"])
    written = []
    for years in given:
        dc.write_report(one, tmp_path / "annexes.md", years=years)
        written.append((tmp_path / "annexes.md").read_bytes())
    assert len(set(written)) == 1
    revision = dc.revise(one, ACTUALS, through=2015)
    dc.write_report(revision, tmp_path / "revised.md", years=given[2])
    assert "2016" in (tmp_path / "revised.md").read_text(encoding="utf-8")
    pd.testing.assert_frame_equal(
        dc.revise(one, ACTUALS, through="2015").changes,
        revision.changes,
    )


def test_a_region_is_renamed_by_its_name_alone() -> None:
    one = dc.solve(small.plan())
    alone, listed = (_revised(one, merge={"新区": parts}) for parts in ("甲区", ["甲区"]))
    pd.testing.assert_frame_equal(alone.allocation.quotas, listed.allocation.quotas)
    assert "新区" in alone.allocation.plan.region_names


def test_one_scenario_is_a_list_of_one() -> None:
    one = dc.Scenario("a", scale={"investment": 1.1})
    pd.testing.assert_frame_equal(dc.sweep(small.plan(), one), dc.sweep(small.plan(), [one]))


def test_indicators_are_found_by_their_names() -> None:
    plan = small.plan()
    by_id, by_name = (
        dc.sweep(plan, [dc.Scenario("a", scale={name: 1.1})]) for name in ("investment", " 投资 ")
    )
    pd.testing.assert_frame_equal(by_id, by_name)
    twice = dc.Scenario("a", scale={"investment": 1.1, "投资": 2})
    assert dict(twice.changes_of(plan)) == dc.Scenario("a", scale={"investment": 2.2}).changes_of(
        plan
    )
    growth: dict[str, Any] = {"甲区": ("normal", 0.2, 0.1)}
    allocation = dc.solve(plan)
    given: list[tuple[str, int | str]] = [("investment", 2015), ("投资", "2015")]
    found = [dc.chances(allocation, name, year, growth=growth, n=50) for name, year in given]
    pd.testing.assert_frame_equal(found[0], found[1])
    margins = [
        dc.margin_for(plan, name, 2015, 0.5, growth=growth, n=50, margins=[0, 0.05]).tried
        for name in ("investment", "投资")
    ]
    pd.testing.assert_frame_equal(margins[0], margins[1])
    drawn = [
        dc.simulate(plan, {name: ("uniform", 0.9, 0.90001)}, n=1).status.tolist()
        for name in ("investment", "投资")
    ]
    assert drawn[0] == drawn[1] == ["solved"] * 6


def test_a_year_can_be_dropped() -> None:
    own = {"limits": {"max": {"甲区": {2015: 9, 2016: 12}}}, "locks": {"丙县": {2016: 5}}}
    plan = small.plan(small.indicator(**own))
    without = small.plan(
        small.indicator(target={"years": {2015: 18}}, limits={"max": {"甲区": {2015: 9}}}),
        years=[2015],
    )
    dropped = dc.Scenario("a", drop=("years.2016",)).apply(plan)
    assert dropped.years == (2015,)
    pd.testing.assert_frame_equal(dc.solve(dropped).quotas, dc.solve(without).quotas)


@pytest.mark.parametrize(
    ("keys", "where"),
    [
        ({"id": pd.NA}, "id"),
        ({"id": pd.Series([1.0])}, "id"),
        ({"unit": "亿\ud800"}, "unit"),
        ({"base_total": "\ud800"}, "base_total"),
        ({"target": {"years": {pd.NA: 3}}}, "years"),
        ({"locks": {"甲区": {"\ud800": 3}}}, "locks"),
    ],
)
def test_what_no_file_could_hold_is_told_where_it_stands(keys: dict[str, Any], where: str) -> None:
    with pytest.raises(dc.PlanError) as raised:
        small.plan(small.indicator(**keys))
    assert any(where in one.where for one in raised.value.mistakes)
    assert str(raised.value).encode()


def test_a_wrong_name_is_told_in_a_text_that_can_be_written() -> None:
    allocation = dc.solve(small.plan(small.indicator()))
    with pytest.raises(dc.PlanError) as raised:
        allocation.why("\ud800")
    assert "\\ud800" in raised.value.text("en").encode().decode()


@pytest.mark.parametrize("factor", [None, 10**400, 0, True, "1.1"])
def test_a_factor_is_a_positive_number(factor: Any) -> None:
    with pytest.raises(dc.PlanError, match="scale"):
        dc.Scenario("a", scale={"investment": factor})


def test_actuals_next_to_nothing_are_read() -> None:
    allocation = dc.solve(small.plan(small.indicator()))
    row = {"indicator": "investment", "region": "甲区", "period": "2015-06", "value": 5e-324}
    assert len(dc.track(allocation, pd.DataFrame([row]), as_of="2015-06").table)


def test_a_name_that_no_system_takes_is_no_file() -> None:
    with pytest.raises(dc.PlanError):
        dc.read_actuals("a" * 40_000)


PATHS: dict[str, Callable[[dc.Allocation, Any], object]] = {
    "read_plan": lambda _, path: dc.read_plan(path),
    "read_allocation": lambda _, path: dc.read_allocation(path),
    "read_actuals": lambda _, path: dc.read_actuals(path),
    "read_scenarios": lambda _, path: dc.read_scenarios(path),
    "write_report": dc.write_report,
    "write_template": lambda _, path: write_template(path),
    "write_form": lambda one, path: dc.write_form(one, path, period="2015-06"),
    "save": lambda one, path: one.save(path),
    "save_chart": lambda _, path: save_chart(None, path),
}


@pytest.mark.parametrize("verb", PATHS)
@pytest.mark.parametrize("path", [None, b"plan.xlsx", 3, ["plan.xlsx"]])
def test_what_is_no_path_is_refused_in_words(verb: str, path: Any) -> None:
    with pytest.raises(dc.PlanError, match=f"^{verb} 的 (path|folder) 需要路径") as caught:
        PATHS[verb](dc.solve(small.plan()), path)
    assert caught.value.code == "argument_wrong"
    assert caught.value.data["found"] == type(path).__name__
    assert caught.value.text("en").startswith(f"{verb} takes a path ")


def test_a_file_that_is_not_there_is_told_with_the_folder_that_was_written() -> None:
    with pytest.raises(dc.PlanError, match=r"找不到文件“nowhere/plan\.yaml”"):
        dc.read_plan("nowhere/plan.yaml")
