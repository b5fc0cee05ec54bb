"""The invariants of rounding where it is hard: equal fractions, groups that cross, many steps."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

import decompose as dc
from tests import plans as small
from tests.crossing_plans import crossing_plans
from tests.oracles.plan_program import PlanProgram
from tests.seeded import shuffled
from tests.solved import Data, column, in_steps
from tests.test_invariants import assert_adds_up, in_unit, same_in_print

EXAMPLES = settings().max_examples


def outcome(data: Data) -> dc.Allocation | tuple[str, list[str]]:
    """Solve a plan; return a strict plan's conflict where it has one."""
    try:
        return dc.solve(dc.Plan.model_validate(data))
    except dc.InfeasibleError:
        return reject()
    except dc.RoundingError as error:
        found = error.code, sorted(one.text("en") for one in error.conflict)
    assert found[0] == "rounding_strict"
    assert found[1]
    assert any(one.get("strict") for one in data["indicators"])
    return found


@given(crossing_plans())
def test_what_is_printed_adds_up_and_what_is_not_kept_is_listed(data: Data) -> None:
    found = outcome(data)
    if isinstance(found, dc.Allocation):
        assert_adds_up(data, found)


@settings(max_examples=EXAMPLES // 2)
@given(crossing_plans(), st.randoms(use_true_random=False))
def test_no_order_changes_what_is_printed_or_told(data: Data, rng: Any) -> None:
    one, other = outcome(data), outcome(shuffled(data, rng))
    if isinstance(one, dc.Allocation) and isinstance(other, dc.Allocation):
        same_in_print(one, other, "quota")
    else:
        assert one == other


@pytest.mark.parametrize("factor", [Fraction(10), Fraction(1000), Fraction(1, 100)])
@settings(max_examples=EXAMPLES // 3)
@given(data=crossing_plans())
def test_no_unit_changes_what_is_printed(data: Data, factor: Fraction) -> None:
    one, other = outcome(data), outcome(in_unit(data, factor))
    if isinstance(one, dc.Allocation) and isinstance(other, dc.Allocation):
        steps = {name: said.step for name, said in PlanProgram(data).indicators.items()}
        scaled = {name: step * factor for name, step in steps.items()}
        assert in_steps(one, steps) == in_steps(other, scaled)
        assert {**one.moved["steps"]} == {**other.moved["steps"]}
    else:
        assert not isinstance(one, dc.Allocation)
        assert not isinstance(other, dc.Allocation)


def test_the_order_of_a_plan_with_everything_is_that_of_its_names() -> None:
    """A table by hand: a third each to three regions, one step left over each year."""
    regions = [{"name": name} for name in ("丙县", "甲区", "乙县")]
    said = {
        "id": "firms",
        "kind": "flow",
        "decimals": 0,
        "allocate": "equal",
        "target": {"years": {2015: 4, 2016: 4, 2017: 4}},
    }
    plan = {"base_year": 2014, "years": [2015, 2016, 2017], "regions": regions}
    allocation = dc.solve(dc.Plan.model_validate({**plan, "indicators": [said]}))
    quotas = column(allocation, "quota")
    names = sorted(one["name"] for one in regions)
    ups = [[quotas[cell] == 2 for cell in quotas if cell.region == name] for name in names]
    assert [sum(row) for row in ups] == [1, 1, 1]
    assert ups == [[True, False, False], [False, False, True], [False, True, False]]


@pytest.mark.parametrize("publish", ["growth", "ratio"])
@pytest.mark.parametrize("word", ["", "以上"])
def test_a_strict_plan_keeps_limits_and_lists_what_an_exact_mean_is_passed_by(
    publish: str, word: str
) -> None:
    """No growth in whole steps of 0.1 % makes 16.51 of bases 8, 4 and 3; nor shares a cut."""
    limits: dict[str, Any] = {"share": {"max": {"甲区": "53.4%"}}}
    content = [
        small.indicator(
            kind="level",
            publish="growth",
            decimals=1,
            strict=True,
            target={"years": {2015: f"16.51{word}", 2016: "18以上"}},
            limits=limits,
        )
    ]
    if publish == "ratio":
        below = {"甲区": 100.3, "乙县": 61, "丙县": 47}
        content = [
            {"id": "below", "name": "分母", "kind": "given", "unit": "亿元"},
            {"id": "it", "name": "占比", "kind": "ratio", "unit": "%", "denominator": "below"},
        ]
        content[0]["values"] = dict.fromkeys((2014, 2015, 2016), below)
        content[1] |= {"base_numerator": {"甲区": 50.3, "乙县": 31, "丙县": 20}, "scale": 100}
        content[1] |= {"target": {"cut": f"4%{word}"}, "strict": True, "decimals": 1}
    excess = dc.solve(small.plan(*content)).excess
    assert set(excess["family"]) == (
        set() if word else {"target" if publish == "growth" else "ratio"}
    )


@pytest.mark.parametrize("strict", [False, True])
def test_a_band_that_no_whole_steps_reach_is_told_by_strict_plans(strict: bool) -> None:
    """Whole percents of 8, 4 and 3 make 16.50 or 16.53 at the nearest, and 16.507 is the least."""
    said = small.indicator(
        kind="level",
        publish="growth",
        decimals=0,
        strict=strict,
        target={"years": {2015: "16.515左右"}, "tolerance": "0.05%"},
    )
    plan = small.plan(said, years=[2015])
    if strict:
        with pytest.raises(dc.RoundingError):
            dc.solve(plan)
    else:
        assert dc.solve(plan).excess["family"].tolist() == ["target"]
