"""Scenarios by themselves: scaled figures, drops, combinations, grids, files, the command."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import decompose as dc
from decompose.cli import main
from decompose.plan.targets import Figures
from decompose.scenario.model import RATES, times
from tests import plans as small

DATA = Path(__file__).parent.parent / "data"
FILE = """\
scenarios:
  - name: 上调5%
    scale: {upgrade_investment: 1.05}
  - name: 英德扩能
    changes:
      indicators.upgrade_investment.limits.max.英德市.2015: 3.6
  - name: 上调且扩能
    combine: [上调5%, 英德扩能]
    drop: [indicators.upgrade_investment.limits.growth.max]
"""


def made(plan: dc.Plan, **keys: Any) -> dc.Indicator:
    """Return the first indicator of a plan as a scenario makes it."""
    return dc.Scenario("one", **keys).apply(plan).indicators[0]


# ---- what a scenario changes -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("figure", "scaled"),
    [
        (45, 47.25),
        (0.1, 0.105),
        ("22以上", "23.1以上"),
        ("力争45", "力争47.25"),
        ("570左右", "598.5左右"),
        ("3-5", "3.15-5.25"),
        ("６％以上", "6.3%以上"),
        ("1,000以下", "1050以下"),
        ("—", "—"),
        ("1e2", "105"),
    ],
)
def test_scaling_keeps_the_words(figure: float | str, scaled: float | str) -> None:
    assert times(figure, 1.05) == scaled


def test_a_rate_above_one_is_written_as_a_percentage() -> None:
    assert times(0.98, 1.05, rate=True) == "102.9%"
    fields = Figures.model_fields
    assert (
        {name for name in fields if "Rate" in str(fields[name].annotation)} <= RATES <= set(fields)
    )


def test_every_figure_of_the_target_is_scaled_and_the_margin_is_not() -> None:
    target = {
        "years": {2015: "18以上", 2016: 24},
        "total": 42,
        "margin": "2%",
        "stretch": {"years": {2016: 30}},
    }
    groups = {"北部": {"years": {2016: 10}}}
    plan = small.plan(small.indicator(target=target, group_targets=groups))
    one = made(plan, scale={"investment": 1.1})
    assert {year: figure.raw() for year, figure in one.target.years.items()} == {
        2015: "19.8以上",
        2016: 26.4,
    }
    assert one.target.total is not None
    assert one.target.total.value == 46.2
    assert one.target.margin == 0.02
    assert one.target.stretch is not None
    assert one.target.stretch.years[2016].value == 33
    assert one.group_targets["北部"].years[2016].value == 11


def test_what_is_changed_is_scaled_afterwards() -> None:
    changes = {"indicators.investment.target.years.2016": "30左右"}
    one = made(small.plan(), changes=changes, scale={"investment": 2})
    assert one.target.years[2016].text == "60左右"
    assert one.target.years[2015].value == 36


def test_a_drop_takes_out_what_stands_there() -> None:
    limits = {"max": 12, "growth": {"max": "50%"}}
    links = [{"at_most_share": share, "of": "whole"} for share in (0.5, 0.6, 0.7)]
    plan = small.plan(
        small.indicator(limits=limits, links=links),
        small.indicator(id="whole", name="全部", target={"years": {2015: 90, 2016: 90}}),
    )
    root = "indicators.investment"
    one = made(plan, drop=(f"{root}.limits.growth.max", f"{root}.links.0", f"{root}.links.1"))
    assert not one.limits.growth.max
    assert one.limits.max
    assert [link.at_most_share for link in one.links] == [0.7]


def test_two_scenarios_make_one() -> None:
    path = "indicators.investment.limits.max"
    first = dc.Scenario("甲", {path: 9, "title": "A"}, {"investment": 1.1}, ("x",))
    second = dc.Scenario("乙", {"title": "B"}, {"investment": 2}, (path, "x"))
    both = first + second
    assert (both.name, both.changes) == ("甲 + 乙", {"title": "B"})
    assert both.scale == {"investment": 2.2}
    assert both.drop == ("x", path)
    assert dc.Scenario.combine("名", first, second).name == "名"
    assert dc.Scenario.combine("空") == dc.Scenario("空")


def test_a_scenario_does_not_change_with_what_it_was_made_of() -> None:
    changes = {"indicators.investment.limits.max": {"甲区": 9}}
    one = dc.Scenario("one", changes)
    changes["indicators.investment.limits.max"]["甲区"] = 1
    assert one.changes["indicators.investment.limits.max"] == {"甲区": 9}


@pytest.mark.parametrize(
    ("keys", "code"),
    [
        ({"name": " "}, "scenario_name"),
        ({"name": "a", "scale": {"investment": 0}}, "scale_factor"),
        ({"name": "a", "scale": {"investment": True}}, "scale_factor"),
        ({"name": "a", "scale": {"investment": float("inf")}}, "scale_factor"),
    ],
)
def test_what_is_no_scenario_is_refused(keys: dict[str, Any], code: str) -> None:
    with pytest.raises(dc.PlanError) as caught:
        dc.Scenario(**keys)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("keys", "code"),
    [
        ({"scale": {"投资额": 2}}, "scale_unknown"),
        ({"scale": {"bare": 2}}, "scale_nothing"),
        ({"scale": {"investment": 2}, "drop": "indicators.investment"}, "scale_dropped"),
        ({"scale": {"investment": 2}, "drop": "indicators.0"}, "scale_dropped"),
        (
            {"scale": {"investment": 2}, "changes": {"indicators.investment.id": "other"}},
            "scale_dropped",
        ),
        ({"drop": "indicators.investment.limits.mxa"}, "drop_nothing"),
        ({"drop": "indicators.investment.base.甲区.x"}, "drop_nothing"),
    ],
)
def test_what_a_scenario_cannot_do_is_told(keys: dict[str, Any], code: str) -> None:
    plan = small.plan(small.indicator(), small.indicator(id="bare", name="无", target={}))
    with pytest.raises(dc.PlanError) as caught:
        dc.Scenario("one", **keys).changes_of(plan)
    assert [one.message.code for one in caught.value.mistakes] == [code]


def test_two_scenarios_of_one_name_are_refused() -> None:
    with pytest.raises(dc.PlanError, match="两个情景都叫"):
        dc.sweep(small.plan(), [dc.Scenario("a"), dc.Scenario("a")])


def test_no_scenarios_give_no_rows() -> None:
    frame = dc.sweep(small.plan(), [])
    assert len(frame) == 0
    assert list(frame)[:4] == ["scenario", "status", "reason", "indicator"]


# ---- grids -----------------------------------------------------------------------------------


def test_a_grid_is_every_combination() -> None:
    root = "indicators.investment.limits"
    found = dc.grid(
        {f"{root}.growth.max": ["40%", None], f"{root}.max.甲区.2015": [3, 4]},
        scale={"investment": [1.0, 1.05]},
    )
    assert len(found) == 8
    assert found[1].name == "growth.max=40%, 甲区.2015=3, investment×1.05"
    assert found[-1].changes == {f"{root}.growth.max": None, f"{root}.max.甲区.2015": 4}
    assert found[-1].scale == {"investment": 1.05}
    assert dc.grid()[0].changes == {}


def test_names_of_a_grid_tell_its_paths_apart() -> None:
    found = dc.grid({"indicators.a.limits.growth.max": [1], "indicators.b.limits.growth.max": [2]})
    assert found[0].name == "a.limits.growth.max=1, b.limits.growth.max=2"


# ---- files -----------------------------------------------------------------------------------


def test_a_file_holds_scenarios(tmp_path: Path) -> None:
    path = tmp_path / "scenarios.yaml"
    path.write_text(FILE, encoding="utf-8")
    raised, able, both = dc.read_scenarios(path)
    assert raised == dc.Scenario("上调5%", scale={"upgrade_investment": 1.05})
    assert able.changes == {"indicators.upgrade_investment.limits.max.英德市.2015": 3.6}
    assert (both.changes, both.scale) == (able.changes, raised.scale)
    assert both.drop == ("indicators.upgrade_investment.limits.growth.max",)


def test_every_mistake_of_a_file_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "scenarios.yaml"
    lines = [
        "scenarios:",
        "  - name: a",
        "    chnages: {x: 1}",
        "  - name: a",
        "  - name: a",
        "  - scale: {x: 1}",
        "  - name: b",
        "    combine: [c]",
        "  - name: d",
        "    scale: {x: -1}",
        "  - 5",
        "  - name: e",
        "    changes: [1]",
        "    drop: [{x: 1}]",
        "other: 1",
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(dc.PlanError) as caught:
        dc.read_scenarios(path)
    told = [(one.message.code, one.place.split(" ")[1]) for one in caught.value.mistakes]
    assert told == [
        ("scenario_key", "第15行"),
        ("scenario_key", "第3行"),
        ("scenario_twice", "第5行"),
        ("scenario_told", "第6行"),
        ("combine_unknown", "第8行"),
        ("scenario_told", "第9行"),
        ("scenario_mapping", "第11行"),
        ("scenario_paths", "第13行"),
        ("scenario_names", "第14行"),
    ]


@pytest.mark.parametrize("text", ["scenarios: 5", "a: [1]", "5"])
def test_a_file_without_a_list_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "scenarios.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(dc.PlanError) as caught:
        dc.read_scenarios(path, language="en")
    assert "scenario_list" in [one.message.code for one in caught.value.mistakes]


# ---- the command -----------------------------------------------------------------------------


def test_the_command_writes_the_frame_and_tells_each_scenario(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan, path = DATA / "qingyuan" / "plan.yaml", tmp_path / "scenarios.yaml"
    path.write_text(FILE.replace("上调5%", '"=上调"'), encoding="utf-8")
    out = tmp_path / "out.csv"
    assert main(["sweep", str(plan), str(path), "-o", str(out)]) == 0
    told = capsys.readouterr()
    assert told.out.splitlines() == ["=上调：已求解", "英德扩能：已求解", "上调且扩能：已求解"]
    assert str(out) in told.err
    written = pd.read_csv(out)
    assert set(written["scenario"]) == {"'=上调", "英德扩能", "上调且扩能"}
    solved = dc.solve(dc.read_plan(plan)).quotas
    assert len(written) == 3 * len(solved)

    hard = "scenarios: [{name: none, changes: {indicators.upgrade_investment.limits.max: 1}}]"
    path.write_text(hard, encoding="utf-8")
    assert main(["sweep", str(plan), str(path), "--workers", "2", "--language", "en"]) == 1
    assert capsys.readouterr().out.startswith("none: infeasible ")
    path.write_text("scenarios: 1", encoding="utf-8")
    assert main(["sweep", str(plan), str(path)]) == 2


@given(
    years=st.lists(st.integers(50, 400), min_size=2, max_size=4),
    thousandths=st.integers(900, 1100),
)
def test_exact_years_that_add_up_still_do_when_they_are_scaled(
    years: list[int], thousandths: int
) -> None:
    figures = {2015 + k: figure for k, figure in enumerate(years)}
    target = {"years": figures, "total": sum(years)}
    said = small.data(small.indicator(target=target, decimals=0), years=list(figures))
    scaled = dc.Scenario("scaled", scale={"investment": thousandths / 1000})
    totals = dc.solve(scaled.apply(dc.Plan.model_validate(said))).totals
    own = totals[totals["scope"] == "全市"]
    found = dict(zip(own["year"], own["quota"], strict=True))
    wanted = {year: Fraction(figure * thousandths, 1000) for year, figure in figures.items()}
    assert abs(found["total"] - sum(wanted.values())) <= Fraction(1, 2)
    assert sum(found[year] for year in figures) == found["total"]
    assert all(abs(Fraction(found[year]) - wanted[year]) < 1 for year in figures)
