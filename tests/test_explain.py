"""Why a plan cannot be met: the conflict is minimal, the repairs are the least and work."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

import decompose as dc
from benchmarks.instances import make_plan
from decompose.cli import main
from decompose.explain.conflict import minimal_conflict
from decompose.explain.feasibility import Part
from decompose.explain.relaxation import least_relaxation
from decompose.explain.stuck import Stuck, first_stuck
from decompose.explain.yields import YIELDS
from decompose.figures import parse_figure
from decompose.problem import FAMILY
from decompose.solvers import Highs, Program, Result, open_solver
from tests import plans, small_ratios, strategies
from tests.oracles.fractions_lp import solve_lp
from tests.oracles.plan_program import PlanProgram

QINGYUAN = Path(__file__).parent.parent / "data" / "qingyuan" / "plan.yaml"
CAPS = (4.3, 3.5, 3.0, 3.2, 2.5, 1.7, 0.3, 0.4, 1.4)
INVESTMENT = "indicators.upgrade_investment"
YIELDING = ("max", "min", "growth.max", "growth.min", "total.max", "ramp.max", "target", "lock")


@cache
def qingyuan() -> dc.Plan:
    return dc.read_plan(QINGYUAN)


def too_little_room() -> dc.Plan:
    names = qingyuan().region_names
    caps = {
        f"{INVESTMENT}.limits.max.{name}.2015": cap for name, cap in zip(names, CAPS, strict=True)
    }
    return qingyuan().with_changes(caps)


def stuck_of(data: dict[str, Any]) -> Stuck | None:
    return first_stuck(dc.Plan.model_validate(data), open_solver())


def parts_of(data: dict[str, Any]) -> Iterator[Part]:
    stuck = stuck_of(data)
    yield from () if stuck is None else stuck.parts


# The conflict.


@settings(max_examples=60)
@given(data=strategies.plans())
def test_a_conflict_is_minimal_by_a_second_solver(data: dict[str, Any]) -> None:
    for part in parts_of(data):
        conflict = minimal_conflict(part, open_solver())
        other = open_solver("cbc")
        kept = np.zeros(len(part.rows), dtype=bool)
        kept[conflict] = True
        assert not part.can_hold(other, kept)
        for rule in conflict.tolist():
            less = kept.copy()
            less[rule] = False
            assert part.can_hold(other, less)


class Counted(Highs):
    """The default solver, with the number of its programs."""

    runs = 0

    def solve(self, program: Program, *, cold: bool = False) -> Result:
        self.runs += 1
        return super().solve(program, cold=cold)


class OneByOne:
    """A solver that does not tell where a step leads, so that every rule is tried by itself."""

    name = "one by one"

    def __init__(self) -> None:
        self._highs = Highs()

    def solve(self, program: Program, *, cold: bool = False) -> Result:
        return self._highs.solve(program, cold=cold)


@pytest.mark.parametrize("limits", ["growth", "capacities and growth", "ramp"])
def test_many_rules_at_once_give_the_conflict_that_one_by_one_gives(limits: str) -> None:
    content = make_plan(40, 4, 1, growth=(0.98, 1.30), seed=3)
    indicator = content["indicators"][0]
    figures = indicator["target"]["years"]
    if limits == "capacities and growth":
        indicator["target"] = {"total": f"{1.4 * sum(figures.values()):.2f}以上"}
    else:  # the last year's level is out of reach, whatever the years before are
        last = max(figures)
        indicator |= {"kind": "level", "target": {"years": {last: round(2 * figures[last], 2)}}}
        own = {"growth": {"max": 0.1}} if limits == "growth" else {"ramp": {"max": 2}}
        indicator["limits"] = own
    for part in parts_of(content):
        one, many = OneByOne(), Counted()
        conflict = minimal_conflict(part, many)
        assert len(conflict) == 161
        np.testing.assert_array_equal(conflict, minimal_conflict(part, one))
        assert many.runs < 10


@settings(max_examples=60)
@given(data=strategies.plans())
def test_a_plan_is_infeasible_exactly_where_exact_fractions_say_so(data: dict[str, Any]) -> None:
    assert (stuck_of(data) is None) == (PlanProgram(data).exact() is not None)


def test_capacities_that_add_up_to_too_little() -> None:
    found = dc.explain(too_little_room())
    assert not found.feasible
    assert [rule.family for rule in found.conflict] == ["target", *["max"] * 9]
    assert found.conflict[0].path == f"{INVESTMENT}.target.years.2015"
    assert found.conflict[4].scope == "英德市"
    first = found.text().splitlines()[0]
    assert "9个地区2015年工业技术改造投资的上限合计20.30亿元" in first
    assert "低于清远市的目标22亿元以上，差1.70亿元" in first


def test_a_group_that_wants_more_than_the_whole_hands_out() -> None:
    path = f"{INVESTMENT}.group_targets.三连一阳.years.2015"
    found = dc.explain(qingyuan().with_changes({path: 6}))
    assert [rule.family for rule in found.conflict] == ["target", *["growth.max"] * 4]
    assert "三连一阳2015年工业技术改造投资最多只能达到4.16亿元" in found.text()
    assert found.repairs[0].family == "growth.max"


def test_limits_that_contradict_one_another_are_told_without_the_target() -> None:
    limits = {"growth": {"min": {"甲区": "20%"}}, "max": {"甲区": {2015: 8.5}}}
    found = dc.explain(plans.plan(plans.indicator(limits=limits, target={"years": {2015: 18}})))
    assert [rule.family for rule in found.conflict] == ["max", "growth.min"]
    assert {repair.family for repair in found.repairs} == {"max", "growth.min"}


def test_an_intensity_out_of_reach() -> None:
    changes = {"indicators.energy_intensity.limits.cut": {"max": "4%"}}
    found = dc.explain(qingyuan().with_changes(changes))
    assert found.conflict[0].indicator == "energy_intensity"
    assert {rule.family for rule in found.conflict} == {"ratio", "cut.max"}
    for k in range(len(found.repairs)):
        dc.solve(found.apply(k))


def test_a_plan_that_can_be_met() -> None:
    found = dc.explain(qingyuan())
    assert found.feasible
    assert not found.conflict
    assert not found.repairs
    assert "可行" in found.text()


# The repairs.


@settings(max_examples=40)
@given(data=strategies.plans())
def test_every_repair_makes_the_plan_possible(data: dict[str, Any]) -> None:
    plan = dc.Plan.model_validate(data)
    found = dc.explain(plan)
    for k in range(len(found.repairs)):
        assert first_stuck(found.apply(k), open_solver()) is None


def exact_least(data: dict[str, Any], family: str, indicators: set[str]) -> Fraction | None:
    """The least total that rules of a family must yield, by exact fractions; None: no use."""
    program = PlanProgram(data)
    cells = [cell for cell in program.references if cell.indicator in indicators]
    place = {cell: number for number, cell in enumerate(cells)}
    size = len(cells)
    rows: list[tuple[dict[int, Fraction], Fraction | None, Fraction | None]] = []
    slacks = 0
    for rule in program.rules:
        if rule.indicator not in indicators:
            continue
        own = {place[cell]: part for cell, part in rule.coefficients.items()}
        lower, upper = rule.lower, rule.upper
        if rule.family == family:
            if lower is not None:
                rows.append(({**own, size + slacks: Fraction(1)}, lower, None))
                slacks += 1
            if upper is not None:
                rows.append(({**own, size + slacks: Fraction(-1)}, None, upper))
                slacks += 1
        else:
            rows.append((own, lower, upper))
    signed = [bool(program.indicators[cell.indicator].said.get("signed")) for cell in cells]
    answer = solve_lp(
        {size + number: 1 for number in range(slacks)},
        rows,
        lower=[*(None if one else 0 for one in signed), *[0] * slacks],
        upper=[None] * (size + slacks),
    )
    return answer.value if answer.status == "optimal" else None


@settings(max_examples=60)
@given(data=strategies.plans())
def test_the_least_total_is_that_of_an_elastic_program_in_fractions(data: dict[str, Any]) -> None:
    for part in parts_of(data):
        problem = part.problem
        names = {problem.indicators[k] for k in problem.rules.indicator[part.rows].tolist()}
        if len(names) > 1:
            continue  # of several indicators the total is in their sizes
        for family in YIELDING:
            yielding = problem.rules.family[part.rows] == FAMILY[family]
            found = least_relaxation(part, yielding, open_solver())
            expected = exact_least(data, family, names)
            if expected is None or not yielding.any():
                assert found is None
            else:
                assert found is not None
                assert found.total == pytest.approx(float(expected), rel=1e-6, abs=1e-9)
                assert float(found.amount.sum()) == pytest.approx(found.total)


def test_a_repair_is_spread_in_proportion_to_the_limits() -> None:
    data = plans.indicator(
        limits={"max": {"甲区": 8, "乙县": 4, "丙县": 4}}, target={"years": {2015: 18}}
    )
    found = dc.explain(plans.plan(data))
    assert [repair.family for repair in found.repairs] == ["max", "target"]
    assert found.repairs[0].total == pytest.approx(2)
    assert found.repairs[0].changes == {
        "indicators.investment.limits.max.甲区.2015": 9.0,
        "indicators.investment.limits.max.乙县.2015": 4.5,
        "indicators.investment.limits.max.丙县.2015": 4.5,
    }
    assert found.repairs[1].changes == {"indicators.investment.target.years.2015": 16.0}


DENOMINATORS = {"甲区": 100.0, "乙县": 60.0, "丙县": 40.0}


def ratio_diagnosis(**keys: Any) -> dc.Diagnosis:
    """Explain a plan of a ratio that every region begins at 50, with these denominators."""
    below: dict[str, Any] = {"id": "below", "name": "分母", "kind": "given", "unit": "亿元"}
    below |= {"values": dict.fromkeys((2014, 2015, 2016), DENOMINATORS)}
    own: dict[str, Any] = {"id": "rate", "name": "合格率", "kind": "ratio", "unit": "%"}
    above = {name: value / 2 for name, value in DENOMINATORS.items()}
    own |= {"scale": 100, "denominator": "below", "base_numerator": above, **keys}
    return dc.explain(plans.plan(below, own))


@pytest.mark.parametrize(
    ("keys", "family", "figure"),
    [
        ({"publish": "cut", "target": {"cut": "6%"}}, "cut", 6.0),
        ({"publish": "rise", "target": {"years": {2016: "60以上"}}}, "rise", 10.0),
        ({"target": {"years": {2016: "60以上"}}}, "value", 60.0),
    ],
)
def test_limits_on_ratios_yield_in_proportion_and_not_in_one_region(
    keys: dict[str, Any], family: str, figure: float
) -> None:
    """The least in all is what the area's number lacks, however it is shared; then in proportion.

    The area's number is the mean of the regions', by their denominators (its base is the same
    everywhere).
    """
    limits = {"甲区": 0.9 * figure, "乙县": 0.8 * figure, "丙县": 0.4 * figure}
    if family == "cut":
        said: dict[str, Any] = {"cut": {"max": {name: f"{one}%" for name, one in limits.items()}}}
    else:
        said = {"max": {name: {2016: one} for name, one in limits.items()}}
    diagnosis = ratio_diagnosis(**keys, limits=said)
    (repair,) = [one for one in diagnosis.repairs if one.family.endswith("max")]
    after = {
        path.split(".max.")[1].split(".")[0]: float(str(value).rstrip("%"))
        for path, value in repair.changes.items()
    }
    share = {name: value / sum(DENOMINATORS.values()) for name, value in DENOMINATORS.items()}
    mean = sum(share[name] * limits[name] for name in share)
    assert repair.total == pytest.approx(figure - mean)
    assert after.keys() == limits.keys()
    for name, value in after.items():
        assert value == pytest.approx(limits[name] * figure / mean, abs=0.0101)
    assert sum(share[name] * value for name, value in after.items()) >= figure - 1e-9
    assert "合计" not in diagnosis.text().split("办法1")[1].splitlines()[0]


def short(limits: dict[str, Any] | None = None, **keys: Any) -> dc.Diagnosis:
    """Explain a plan of three regions with bases 10, 6 and 4 that wants 25, then 30."""
    content = {"id": "investment", "name": "投资", "kind": "flow", "unit": "亿元", "decimals": 1}
    content |= {"base": {"甲区": 10, "乙县": 6, "丙县": 4}, "limits": limits or {}}
    content |= {"target": {"years": {2015: 25, 2016: 30}}, **keys}
    groups = {"甲区": ["南"], "乙县": ["北"], "丙县": ["北"]}
    return dc.explain(
        dc.Plan.model_validate(
            {
                "title": "示例",
                "area": "示例市",
                "base_year": 2014,
                "years": [2015, 2016],
                "regions": [{"name": name, "groups": own} for name, own in groups.items()],
                "groups": {"南": {"subtotal": True}, "北": {"subtotal": True}},
                "indicators": [content],
            }
        )
    )


def test_limits_on_shares_and_rises_yield_in_proportion_to_their_figures() -> None:
    changes = short({"share": {"max": "30%"}}).repairs[0].changes
    assert set(changes.values()) == {"33.34%"}
    changes = short({"ramp": {"max": {"甲区": 2, "乙县": 1, "丙县": 1}}}).repairs[0].changes
    # 25 in 2015 asks for one more in all, and 30 a year later for one more again
    grown = {path.split(".max.")[1]: value for path, value in changes.items()}
    assert grown["甲区.2015"] == grown["甲区.2016"] == 2.5
    assert {grown[f"{name}.{year}"] for name in ("乙县", "丙县") for year in (2015, 2016)} <= {
        1.2,
        1.3,
    }


@pytest.mark.parametrize(
    ("keys", "told", "meant"),
    [
        (
            {"locks": {"甲区": {2015: 12}, "乙县": {2015: 8}, "丙县": {2015: 4}}},
            "3个地区2015年投资的锁定数合计24.0亿元，低于示例市的目标25.0亿元，差1.0亿元。",
            "the locks of 3 regions for 投资 in 2015 add up to 24.0 亿元, 1.0 亿元 short of",
        ),
        (
            {
                "locks": {"甲区": {2015: {"value": 9, "signed": True}}},
                "limits": {"max": {"乙县": {2015: 8}, "丙县": {2015: 5}}},
            },
            "3个地区2015年投资的上限和锁定数合计22.0亿元，低于示例市的目标25.0亿元",
            "the capacities and locks of 3 regions for 投资 in 2015 add up to 22.0 亿元",
        ),
        (
            {"target": {"total": 60}, "limits": {"max": {"甲区": 10, "乙县": 8, "丙县": 5}}},
            "3个地区投资各年累计的上限合计46.0亿元，低于示例市的目标60.0亿元",
            "the capacities of 3 regions for 投资 over all years add up to 46.0 亿元",
        ),
        (
            {"target": {"years": {2015: 25, 2016: 30}, "total": 60}},
            "示例市投资各年的目标合计55.0亿元，低于各年累计目标60.0亿元，差5.0亿元。",
            "the yearly targets of 示例市's 投资 add up to 55.0 亿元, 5.0 亿元 short of its target",
        ),
        (
            {
                "group_targets": {
                    "南": {"years": {2015: "20以上"}},
                    "北": {"years": {2015: "8以上"}},
                }
            },
            "投资的目标合计28.0亿元，高于示例市的目标25.0亿元，超出3.0亿元。",
            "for 投资 in 2015 add up to 28.0 亿元, 3.0 亿元 above 示例市's target",
        ),
    ],
)
def test_what_adds_up_to_too_little_or_too_much_is_told_as_a_sum(
    keys: dict[str, Any], told: str, meant: str
) -> None:
    found = short(**keys)
    assert told in found.text().splitlines()[0]
    assert meant in found.text("en").splitlines()[0]


def test_a_total_that_yields_is_told_from_its_years() -> None:
    found = short(target={"years": {2015: 25, 2016: 30}, "total": 60})
    assert "示例市各年累计60.0亿元→" in found.text()
    assert "示例市2015年25.0亿元→" in found.text()


@pytest.mark.parametrize(
    ("target", "told", "meant"),
    [
        ({"growth": "60%"}, "年均增长目标由60%改为", "average growth target"),
        ({"increase": "50以上"}, "增加额目标由50亿元以上改为", "target rise"),
        ({"growth_each_year": "60%"}, "逐年增长目标由60%改为", "yearly growth target"),
    ],
)
def test_a_target_that_yields_is_called_what_its_figure_is(
    target: dict[str, Any], told: str, meant: str
) -> None:
    found = short({"growth": {"max": "20%"}}, kind="level", target=target)
    assert told in found.text()
    assert f"change the {meant} of" in found.text("en")


def test_shares_add_up_though_one_of_them_is_the_demand() -> None:
    """Of what must not shrink there is a whole, whatever the target says."""
    grown = {"kind": "level", "publish": "growth", "decimals": 1, "target": {"years": {2016: 60}}}
    for limit, told in (
        ({"max": "30%"}, "3个地区2015年投资的占比上限合计90.00%，不足100%，差10.00个百分点"),
        ({"min": "40%"}, "3个地区2015年投资的占比下限合计120.00%，超过100%，多20.00个百分点"),
    ):
        found = dc.explain(plans.plan(plans.indicator(limits={"share": limit}, **grown)))
        families = {rule.family for rule in found.conflict}
        assert families == {f"share.{next(iter(limit))}", "growth.min"}
        assert told in found.text()
        assert [dc.solve(found.apply(k)) for k in range(len(found.repairs))]


def test_what_can_be_reached_and_what_is_missing_make_the_demand_in_print() -> None:
    """Half of 24.9 is 12.45, which cannot be printed: 12.4, and 1.6 short of 14."""
    target = {"years": {2015: 24.9, 2016: 30}}
    found = short({"share": {"max": "50%"}}, target=target, locks={"甲区": {2015: 14}})
    assert "示例市2015年投资最少也要28.0亿元，超出“目标24.9亿元”的要求，多3.1亿元" in found.text()
    other = short({"share": {"max": {"甲区": "50%"}}, "min": {"甲区": {2015: 14}}}, target=target)
    assert "多3.1亿元" in other.text()


def test_a_change_in_whole_steps_names_those_alone_that_change() -> None:
    found = short({"max": 2}, decimals=0, target={"years": {2015: 8}})
    changes = found.repairs[0].changes
    assert list(changes.values()) == [3, 3]
    assert "合计提高2亿元" in found.text()


def test_indicators_of_one_unit_are_added_up_in_it() -> None:
    whole = plans.indicator(target={"years": {2015: 18}})
    part = plans.indicator(
        id="part",
        name="部分",
        base={"甲区": 4, "乙县": 2, "丙县": 1},
        target={"years": {2015: 20}},
        links=[{"part_of": "investment"}],
    )
    repair = dc.explain(plans.plan(whole, part)).repairs[0]
    assert repair.family == "target"
    assert repair.total == pytest.approx(2)


def test_a_lock_on_a_cut_is_told_as_a_cut() -> None:
    found = dc.explain(
        qingyuan().with_changes(
            {
                "indicators.energy_intensity.locks.英德市.2017": 3,
                "indicators.energy_intensity.limits.cut.min.英德市.2017": "4%",
            }
        )
    )
    assert (
        "英德市2017年单位工业增加值能耗降低率最少也要4.00%，超出“锁定为3.00%”的要求，多1.00个百分点"
        in (found.text())
    )


def test_what_yields_can_be_chosen() -> None:
    plan = too_little_room()
    assert [one.family for one in dc.explain(plan, yields=["target", "max"]).repairs] == [
        "target",
        "max",
    ]
    assert dc.explain(plan, yields=["growth"]).repairs == ()
    with pytest.raises(dc.PlanError, match=r"growth\.max"):
        dc.explain(plan, yields=["nothing"])


def test_targets_and_signed_locks_yield_last() -> None:
    order = [(one.family, one.some) for one in YIELDS]
    assert order[-2:] == [("target", "area"), ("lock", "signed")]
    locks = {"甲区": {2015: {"value": 9, "signed": True}}, "乙县": {2015: 6}, "丙县": {2015: 4}}
    found = dc.explain(plans.plan(plans.indicator(locks=locks, target={"years": {2015: 18}})))
    assert [repair.family for repair in found.repairs] == ["lock", "target", "lock"]
    assert list(found.repairs[0].changes) == [
        "indicators.investment.locks.乙县.2015.value",
        "indicators.investment.locks.丙县.2015.value",
    ]
    assert found.repairs[2].changes == {"indicators.investment.locks.甲区.2015.value": 8.0}


@pytest.mark.parametrize(
    ("target", "path", "value"),
    [
        ({"years": {2015: "22以上"}}, "years.2015", "16以上"),
        ({"years": {2015: "18-24"}}, "years.2015", "16-24"),
        ({"growth": "20%"}, "growth", "3.29%"),
        ({"growth_each_year": "4%以上"}, "growth_each_year", "3.26%以上"),
        ({"years": {2015: 20}, "margin": "10%"}, "years.2015", 14.545),
        ({"each_year": 20}, "each_year", 16.0),
        ({"per_region": 6}, "per_region", 5.33),
        ({"increase": 5}, "increase", 1.0),
    ],
)
def test_every_form_of_a_target_can_yield(target: Any, path: str, value: Any) -> None:
    limits = {"max": {"甲区": 8, "乙县": 4, "丙县": 4}}
    data = plans.indicator(kind="level", limits=limits, target=target)
    found = dc.explain(plans.plan(data))
    (repair,) = (one for one in found.repairs if one.family in ("target", "growth_each_year"))
    assert repair.changes == {f"indicators.investment.target.{path}": value}
    dc.solve(found.apply(found.repairs.index(repair)))


def test_an_interval_of_one_number_yields_at_its_upper_end() -> None:
    target = {"years": {2015: "10-10", 2016: 24}}
    found = dc.explain(plans.plan(plans.indicator(target=target, limits={"min": 4})))
    (repair,) = (one for one in found.repairs if one.family == "target")
    assert repair.changes == {"indicators.investment.target.years.2015": "10-12"}
    dc.solve(found.apply(found.repairs.index(repair)))


def test_an_interval_that_would_end_below_0_does_not_yield() -> None:
    data = plans.indicator(
        signed=True, target={"years": {2016: "1-2"}}, limits={"max": -1}, allocate="equal"
    )
    found = dc.explain(plans.plan(data))
    assert [repair.family for repair in found.repairs] == ["max"]
    dc.solve(found.apply(0))


def test_an_interval_may_begin_below_0() -> None:
    assert parse_figure("-3-2").bounds(0.0) == (-3, 2)


def test_shares_of_another_indicator_yield_by_their_position() -> None:
    part = plans.indicator(
        id="part",
        name="其中投资",
        target={"years": {2015: 4}},
        links=[{"at_least_share": "30%", "of": "investment", "scope": "area"}],
    )
    found = dc.explain(plans.plan(plans.indicator(target={"years": {2015: 18}}), part))
    (repair,) = (one for one in found.repairs if one.family == "at_least_share")
    assert repair.changes == {"indicators.part.links.0.at_least_share": "22.22%"}
    dc.solve(found.apply(found.repairs.index(repair)))


def test_stretch_figures_out_of_reach_are_told_as_such() -> None:
    target = {"years": {2015: 18}, "stretch": {"years": {2015: 30}}}
    data = plans.indicator(limits={"max": {"甲区": 10, "乙县": 6, "丙县": 6}}, target=target)
    found = dc.explain(plans.plan(data))
    assert found.conflict[0].path == "indicators.investment.target.stretch.years.2015"
    paths = [path for repair in found.repairs for path in repair.changes]
    assert "indicators.investment.target.stretch.years.2015" in paths
    for k in range(len(found.repairs)):
        dc.solve(found.apply(k))


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        (
            {"max": {"全市": "4%"}},
            [
                ("cut.max", {"limits.cut.max.示例市.2016": "6%"}),
                ("ratio", {"target.cut": "4%以上"}),
            ],
        ),
        (
            {"max": {"甲区": "4%", "sum": {"北部": "4%"}}},
            [
                (
                    "cut.max",
                    {"limits.cut.max.甲区.2016": "6%", "limits.cut.max.sum.北部.2016": "6%"},
                ),
                ("ratio", {"target.cut": "4%以上"}),
            ],
        ),
        (
            {"max": {"sum": {"北部": "6%"}}, "min": {"sum": {"北部": "7%"}}},
            [
                ("cut.max", {"limits.cut.max.sum.北部.2016": "7%"}),
                ("cut.min", {"limits.cut.min.sum.北部.2016": "6%"}),
            ],
        ),
    ],
)
def test_limits_on_a_scope_s_ratio_yield_before_its_target(
    limits: dict[str, Any], expected: list[tuple[str, dict[str, str]]]
) -> None:
    ratio = small_ratios.intensity(target={"cut": "6%以上"}, limits={"cut": limits})
    found = dc.explain(plans.plan(small_ratios.OUTPUT, small_ratios.ENERGY, ratio))
    assert [(one.family, dict(one.changes)) for one in found.repairs] == [
        (family, {f"indicators.intensity.{path}": value for path, value in changes.items()})
        for family, changes in expected
    ]
    for k in range(len(found.repairs)):
        dc.solve(found.apply(k))


def test_stretch_figures_yield_before_base_figures_that_they_have_to_keep() -> None:
    """The groups have no stretch figures: theirs would break the base quotas of the area."""
    target = {"years": {2015: 18, 2016: 24}, "stretch": {"years": {2015: 19, 2016: 25}}}
    groups = {"南部": {"years": {2015: 9, 2016: 12}}, "北部": {"years": {2015: 9, 2016: 12}}}
    plan = plans.plan(plans.indicator(target=target, group_targets=groups))
    errors = [one for one in dc.check(plan) if one.severity == "error"]
    assert [(one.code, one.where) for one in errors] == [
        ("groups_short", f"investment {year} 全市") for year in (2015, 2016)
    ]
    assert errors[0].text.startswith("力争目标：投资：")
    found = dc.explain(plan)
    (repair,) = found.repairs
    path = "indicators.investment.target.stretch.years"
    assert repair.changes == {f"{path}.2015": 18.0, f"{path}.2016": 24.0}
    dc.solve(found.apply(0))


# Where it is told.


def test_solve_carries_the_diagnosis() -> None:
    with pytest.raises(dc.InfeasibleError) as caught:
        dc.solve(too_little_room())
    found = caught.value.diagnosis
    assert isinstance(found, dc.Diagnosis)
    assert str(caught.value) == found.text()
    assert "capacities of 9 regions" in caught.value.text("en")
    again = pickle.loads(pickle.dumps(caught.value))
    assert str(again) == str(caught.value)


def test_no_such_repair() -> None:
    with pytest.raises(dc.PlanError, match="没有第7种办法"):
        dc.explain(too_little_room()).apply(7)


def county_plan(count: int, years: list[int], **keys: Any) -> dc.Plan:
    """One indicator over so many counties, of which each had 1 in the year before."""
    regions = [f"县{k:03d}" for k in range(count)]
    content = {
        "id": "x",
        "name": "投资",
        "kind": "level",
        "unit": "亿元",
        "base": dict.fromkeys(regions, 1.0),
        **keys,
    }
    head = {"title": "示例", "area": "省", "base_year": years[0] - 1, "years": years}
    return dc.Plan.model_validate({**head, "regions": regions, "indicators": [content]})


def test_hundreds_of_rules_are_told_in_ten_lines() -> None:
    caps = {f"县{k:03d}": 1 + k % 2 / 10 for k in range(333)}
    found = dc.explain(
        county_plan(333, [2015], target={"years": {2015: 400}}, limits={"max": caps})
    )
    assert len(found.conflict) == 334
    assert len({rule.path for rule in found.conflict}) == len(found.conflict)
    for language in ("zh", "en"):
        assert len(found.text(language).splitlines()) <= 10
    assert "333个地区2015年投资的上限合计349.60亿元" in found.text()
    assert "县000 1.00 亿元, 县001 1.10 亿元, 县002 1.00 亿元 and others, 333 in all" in found.text(
        "en"
    )


def test_rules_of_many_years_share_a_line() -> None:
    target = {"years": {2026: 40}}
    found = dc.explain(
        county_plan(20, list(range(2015, 2027)), target=target, limits={"growth": {"max": "5%"}})
    )
    assert len(found.conflict) == 1 + 20 * 12
    assert found.text().splitlines()[1:4] == [
        "原因是下列规则不能同时成立：",
        "  1. 省2026年投资目标40.00亿元；",
        "  2. 2015—2026年投资增速不超过5%：县000、县001、县002等20处。",
    ]
    assert "  2. 投资 in 2015–2026, greatest growth of 5%: 县000," in found.text("en")


def test_a_long_list_of_kinds_of_rules_is_cut() -> None:
    """Thirteen indicators, each no less than the one before: a line for each link."""
    chain = [
        plans.indicator(
            id=f"x{k:02d}",
            name=f"指标{k:02d}",
            target={"years": {2015: "1以上" if k else 18}},
            links=[{"at_least_share": "100%", "of": f"x{k - 1:02d}", "scope": "area"}] if k else [],
            limits={"max": 2} if k == 12 else {},
        )
        for k in range(13)
    ]
    found = dc.explain(plans.plan(*chain))
    assert len(found.conflict) == 1 + 12 + 3
    head = found.text().split("可以这样调整")[0].splitlines()
    assert len(head) == 10
    assert head[-1] == "  ……另有7类，见完整清单。"
    assert "  … and 7 more kinds: see the full list.\n" in found.text("en")


def test_a_repair_of_many_indicators_names_three() -> None:
    short = [
        plans.indicator(
            id=f"x{k}", name=f"指标{k}", limits={"max": {"甲区": 2, "乙县": 3, "丙县": 4}}
        )
        for k in range(6)
    ]
    found = dc.explain(plans.plan(*short))
    assert len(found.repairs[0].changes) == 6 * 6
    (first,) = (line for line in found.text().splitlines() if "办法1" in line)
    assert first.count("提高指标") == 3
    assert first.endswith("；另有3项，见完整清单。")


def test_the_command_explains(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "plan.yaml"
    text = QINGYUAN.read_text(encoding="utf-8")
    for table in QINGYUAN.parent.glob("*.csv"):
        (tmp_path / table.name).write_bytes(table.read_bytes())
    path.write_text(text.replace("2015: 22以上", "2015: 42以上", 1), encoding="utf-8")
    assert main(["explain", str(path)]) == 1
    assert "计划无法完成" in capsys.readouterr().out
    assert main(["explain", str(QINGYUAN), "--language", "en"]) == 0
    assert main(["explain", str(path), "--yields", "nothing"]) == 2


def test_rules_that_clash_by_less_than_programs_see_are_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(first_stuck.__globals__, "parts_of", lambda *_: ())
    with pytest.raises(dc.InfeasibleError, match="相差极小") as caught:
        dc.solve(plans.plan(plans.indicator(limits={"max": 1})))
    diagnosis = caught.value.diagnosis
    assert diagnosis is not None
    assert (diagnosis.feasible, diagnosis.conflict, diagnosis.repairs) == (False, (), ())
    assert "miss by so little" in diagnosis.text("en")
