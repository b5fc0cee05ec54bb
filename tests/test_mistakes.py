"""Mistakes beside other mistakes: each is told, where it stands, and nothing that only follows."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import decompose as dc
from tests import plans as small

BASE = {"东城": 50, "西城": 30}


def plan(*indicators: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return the content of a plan of two districts."""
    return {
        "area": "江城市",
        "years": [2021, 2022],
        "regions": list(BASE),
        "indicators": list(indicators),
        **more,
    }


def flow(**more: Any) -> dict[str, Any]:
    """Return a flow that has no mistake."""
    return {
        "id": "f",
        "name": "投资",
        "kind": "flow",
        "base": BASE,
        "target": {"years": {2021: 90}},
        **more,
    }


def told(data: dict[str, Any]) -> list[tuple[str, str]]:
    """Return path and code of every mistake."""
    with pytest.raises(dc.PlanError) as raised:
        dc.Plan.model_validate(data)
    return [(".".join(map(str, one.path)), one.message.code) for one in raised.value.mistakes]


@pytest.mark.parametrize(
    ("wrong", "path", "code"),
    [
        ({"kind": "flo"}, "kind", "choice_close"),
        ({"step": 0}, "step", "step_positive"),
        ({"step": 0.05, "decimals": 1}, "step", "step_decimals"),
        ({"integer": True, "decimals": 1}, "integer", "integer_decimals"),
        ({"integer": True, "step": 2.5}, "integer", "integer_step"),
        ({"path": "zigzag"}, "path", "choice_wrong"),
        ({"fairness": "Least_square"}, "fairness", "choice_close"),
    ],
)
def test_a_wrong_field_does_not_hide_rules_across_fields(
    wrong: dict[str, Any], path: str, code: str
) -> None:
    data = plan(flow(parent="nobody", regions={"except": ["北湖"]}, **wrong))
    assert told(data) == [
        (f"indicators.f.{path}", code),
        ("indicators.f.regions", "region_unknown"),
        ("indicators.f.parent", "indicator_unknown"),
    ]


def test_a_misspelt_kind_does_not_hide_that_two_indicators_have_one_id() -> None:
    found = told(plan(flow(), flow(kind="flo", name="乙")))
    assert found == [("indicators.1.kind", "choice_close"), ("indicators.f", "name_twice")]


def test_mistakes_of_two_indicators_with_one_id_stand_on_their_own_lines(tmp_path: Path) -> None:
    file = tmp_path / "plan.yaml"
    file.write_text(
        "area: 江城市\n"
        "years: [2021]\n"
        "regions: [东城, 西城]\n"
        "indicators:\n"
        "  - id: f\n"
        "    kind: flow\n"
        "    parent: nobody\n"
        "    target: {years: {2021: 22以尚}}\n"
        "  - id: f\n"
        "    name: 乙\n"
        "    kind: flow\n"
        "    decimals: -1\n"
        "    target: {years: {2022: 3}}\n",
        encoding="utf-8",
    )
    with pytest.raises(dc.PlanError) as raised:
        dc.read_plan(file, language="en")
    found = {(one.message.code, one.place) for one in raised.value.mistakes}
    assert found == {
        ("not_a_figure", "plan.yaml line 8"),
        ("out_of_range", "plan.yaml line 12"),
        ("name_twice", "plan.yaml line 9"),
        ("indicator_unknown", "plan.yaml line 7"),
        ("year_unknown", "plan.yaml line 13"),
    }


@pytest.mark.parametrize(
    ("keys", "place"),
    [
        ({"margin": "2%"}, "写在target下面"),
        ({"max": 3}, "写在limits下面"),
        ({"growth": "5%"}, "写在target、limits下面"),
        ({"target": {"years": {2021: 90}, "allocate": "equal"}}, "写在指标下、与target并列"),
        ({"limits": {"decimals": 2}}, "写在指标下、与limits并列"),
        ({"target": {"years": {2021: 90}, "marginn": "2%"}}, "是否想写“margin”"),
    ],
)
def test_a_key_that_stands_elsewhere_is_told_where(keys: dict[str, Any], place: str) -> None:
    with pytest.raises(dc.PlanError) as raised:
        dc.Plan.model_validate(plan(flow(**keys)))
    assert len(raised.value.mistakes) == 1
    assert place in str(raised.value)


def test_a_wrong_cell_of_a_frame_is_named_and_the_others_are_read() -> None:
    frame = pd.DataFrame({"region": list(BASE), "inv": [math.inf, 30.0], "cap": [9.0, 8.0]})
    data = plan(flow(limits={"max": {"东城": "cap"}}, allocate={"by": "inv"}), tables=frame)
    assert told(data)[0] == ("tables.inv.东城", "not_finite")
    assert not any(code == "column_unknown" for _, code in told(data))


def test_of_a_table_that_cannot_be_read_missing_columns_are_no_news() -> None:
    frame = pd.DataFrame({"region": ["东城", "东城"], "inv": [1.0, 2.0]})
    assert told(plan(flow(base="inv"), tables=frame)) == [("tables", "region_twice")]


@pytest.mark.parametrize("frame", [{"区县": list(BASE)}, {"区县": list(BASE), "cap": ["9", "8"]}])
def test_a_frame_whose_rows_bear_no_names_tells_which_column_may(frame: dict[str, Any]) -> None:
    with pytest.raises(dc.PlanError) as raised:
        dc.Plan.model_validate(plan(flow(base="inv"), tables=pd.DataFrame({**frame, "inv": 1.0})))
    assert [one.message.code for one in raised.value.mistakes] == ["frame_no_regions"]
    assert "“区县”列" in str(raised.value)


def test_numbers_of_numpy_and_pandas_are_numbers_lists_and_mappings() -> None:
    base = pd.Series({"东城": 40.0, "西城": 30.0})
    figures = pd.Series({2021: 90.0, 2022: 99.0})
    bare = flow(base=base.to_dict(), target={"years": figures.to_dict()}, decimals=1)
    held = flow(base=base, target={"years": figures}, decimals=np.int64(1))
    years, names = np.array([2021, 2022]), pd.Series(["东城", "西城"])
    made = dc.Plan.model_validate({**plan(held), "years": years, "regions": names})
    assert made == dc.Plan.model_validate({**plan(bare), "regions": ["东城", "西城"]})
    assert made == dc.Plan.model_validate({**plan(bare), "years": list(years), "regions": names})
    twice = flow(base=pd.Series([1.0, 2.0], index=["东城", "东城"]))
    with pytest.raises(dc.PlanError, match="Series"):
        dc.Plan.model_validate(plan(twice))


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        ({"target": {"2021": 9}}, "figures of years stand under years, as in years: {2021: …}"),
        ({"target": 9}, "a mapping with keys among years, each_year"),
        ({"limits": {"growth": "9%"}}, "a mapping with keys among min, max"),
        ({"limits": {"zzz": 1}}, "known: min, max, total, growth"),
    ],
)
def test_keys_that_may_stand_there_are_told(keys: dict[str, Any], text: str) -> None:
    with pytest.raises(dc.PlanError) as raised:
        dc.Plan.model_validate(plan(flow(**keys)), language="en")
    assert text in str(raised.value)


def test_a_rate_above_one_is_asked_about_both_ways() -> None:
    def text(rate: float) -> str:
        with pytest.raises(dc.PlanError) as raised:
            dc.Plan.model_validate(plan(flow(limits={"growth": {"max": rate}})))
        return str(raised.value)

    assert "请写成 1.5%；若指 1.5 倍，请写成 150%" in text(1.5)
    assert text(30).endswith("若指 30%，请写成 30%")


def test_a_percentage_is_no_sum_but_where_the_unit_is_percent() -> None:
    target = {"years": {2021: "15%以上"}, "total": "5%", "stretch": {"years": {2021: "20%"}}}
    assert told(plan(flow(unit="亿元", target=target))) == [
        ("indicators.f.target.total", "percent_not_expected"),
        ("indicators.f.target.years.2021", "percent_not_expected"),
        ("indicators.f.target.stretch.years.2021", "percent_not_expected"),
    ]
    assert dc.Plan.model_validate(plan(flow(unit="%", target={"years": {2021: "15%"}})))


@pytest.mark.parametrize("solver", ["nobody", 3, None])
def test_a_solver_that_there_is_not_is_told_where_none_is_needed(solver: object) -> None:
    with pytest.raises(dc.SolverError, match="highs"):
        dc.solve(dc.Plan.model_validate(plan(flow())), solver=solver)


def test_plans_and_allocations_are_shown_in_a_line() -> None:
    one = dc.Plan.model_validate(plan(flow()))
    assert repr(one) == str(one) == "<Plan 江城市 2021–2022: 1 indicators, 2 regions>"
    issued = dc.solve(one)
    assert repr(issued) == "<Allocation 江城市 2021–2022: 2 quotas>"
    told = issued.quotas.rename(columns={"year": "period", "quota": "value"})
    done = told[["indicator", "region", "period", "value"]]
    tracked = dc.track(issued, done, as_of="2021-12")
    assert repr(tracked) == "<Progress 江城市 as of 2021-12: 2 rows>"
    revised = dc.revise(issued, done, through=2021)
    assert repr(revised) == "<Revision 江城市 through 2021: 3 changes>"
    assert str(revised) == revised.text


def test_a_ratio_in_percent_of_parts_that_make_a_fraction_is_told() -> None:
    def codes(**more: Any) -> list[str]:
        whole = {"id": "w", "name": "产值", "kind": "level", "base": {"东城": 500, "西城": 300}}
        part = {"id": "p", "name": "绿色产值", "kind": "level", "base": BASE}
        share = {
            "id": "s",
            "name": "占比",
            "kind": "ratio",
            "unit": "%",
            "target": {"years": {2022: 12}},
        }
        share |= {"numerator": "p", "denominator": "w", **more}
        content = plan(whole | {"target": {"growth": "5%"}}, part, share)
        return [one.code for one in dc.check(dc.Plan.model_validate(content))]

    assert "ratio_percent" in codes()
    assert "ratio_percent" not in codes(scale=100)
    assert "ratio_percent" not in codes(unit="元")


@pytest.mark.parametrize("scope", ["各县区", "每个地区", "所有县", "各县（市、区）", "every one"])
def test_a_scope_that_means_every_region_is_told_to_stay_blank(scope: str) -> None:
    data = small.data(small.indicator(limits={"growth": {"max": {scope: "15%"}}}))
    with pytest.raises(dc.PlanError, match="要对每个地区，不写范围（留空）即可"):
        dc.Plan.model_validate(data)


def test_a_base_of_a_ratio_is_told_and_not_asked_for() -> None:
    """It was refused, and asked for in the next line."""
    level = {"id": "all", "name": "全部", "kind": "level", "base": dict.fromkeys(small.BASES, 9)}
    own = {"kind": "ratio", "denominator": "all", "base_numerator": dict.fromkeys(small.BASES, 3)}
    ratio = {"id": "part", "name": "占比", **own, "target": {"cut": "3%"}}
    plan = small.data({**level, "target": {"years": {2016: 40}}}, ratio)
    assert dc.Plan.model_validate(plan)
    with pytest.raises(dc.PlanError) as caught:
        dc.Plan.model_validate(
            small.data({**level, "target": {"years": {2016: 40}}}, {**ratio, "base": {"甲区": 1}})
        )
    assert [one.message.code for one in caught.value.mistakes] == ["key_of_kind"]
