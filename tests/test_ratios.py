"""Ratios: the area's target in printed numbers, the exact answer, what changes nothing."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from fractions import Fraction
from itertools import count
from typing import Any

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

import decompose as dc
from tests import plans
from tests.oracles.exact_leximin import leximin
from tests.oracles.plan_figures import ZERO, number, total
from tests.oracles.plan_indicator import Cell
from tests.oracles.ratio_program import (
    EACH_YEAR,
    Goal,
    Linear,
    RatioIndicator,
    RatioProgram,
    Yearly,
)
from tests.ratio_plans import Data, ratio_plan, yearly_cut_plan, yearly_rise_plan
from tests.seeded import SEEDS, multiplied, seeded, shuffled
from tests.small_ratios import ENERGY, FIRMS, OUTPUT, area, exact, intensity, quotas, share, solve
from tests.solved import allocation_of, column, same, values

SLACK = Fraction(1, 10**6)
"""What snapping to a step, and powers in floats, may take away."""


# ---- the area's target in printed numbers --------------------------------------------------


@seeded(6)
@given(SEEDS)
def test_the_areas_target_holds_when_it_is_computed_from_printed_numbers(seed: int) -> None:
    data = ratio_plan(seed)
    allocation = allocation_of(data)
    printed, quotas = values(allocation), column(allocation, "quota")
    for name, year in itertools.product(RatioProgram(data, printed).ratios, data["years"]):
        # a cut for every year asks of each what is left of the printed year before
        loose = not _kept(allocation, name)
        program = RatioProgram(data, printed, year, loose=loose)
        ratio = program.ratios[name]
        for goal in ratio.goals:
            if goal.scope == program.frame.area and goal.year == year:
                for value, step in _computed(program, ratio, goal, quotas, printed):
                    _holds(ratio, goal, value, step)


def _computed(
    program: RatioProgram,
    ratio: RatioIndicator,
    goal: Goal,
    quotas: Mapping[Cell, float],
    printed: Mapping[str, Mapping[tuple[str, int], Fraction]],
) -> Iterator[tuple[Fraction, Fraction]]:
    """Give the area's ratio from what is printed of regions, and by how much rounding moves it.

    First from ratios, then from numerators, as far as they are indicators.
    """
    years = program.frame.years
    inside = [name for name in program.frame.regions if ratio.takes(name, goal.year)]
    below = total(ratio.below[name, goal.year] for name in inside)
    if ratio.free:
        shown = ratio.scope_value(program.frame.regions, goal.year)
        whole = total(
            part * Fraction(str(quotas[cell])) for cell, part in shown.coefficients.items()
        )
        yield shown.constant + whole, abs(total(shown.coefficients.values())) * ratio.step
    if ratio.numerator is not None:
        tops = printed.get(ratio.numerator, {})
        run = [
            year for year in years if year == goal.year or (ratio.cumulative and year < goal.year)
        ]
        above = total(tops.get((name, year), ZERO) for name in inside for year in run)
        step = program.step(ratio.numerator) * len(inside)
        if ratio.free:
            step += abs(total(shown.coefficients.values())) * ratio.step * below / ratio.scale
        yield ratio.scale * above / below, ratio.scale * step / below


def _holds(ratio: RatioIndicator, goal: Goal, value: Fraction, step: Fraction) -> None:
    """One-sided targets hold as they are; two-sided ones, on the safe side, to a step."""
    slack = SLACK * max(abs(value), Fraction(1))
    low, high = goal.lower, goal.upper
    falls = ratio.publish == "cut" or (goal.key.startswith("cut") and ratio.free)
    if low is not None and high is not None and high > low and not goal.words:
        low = high = goal.figure
    two_sided = low is not None and high is not None and not (low == 0 and falls)
    if two_sided and low is not None and high is not None and ratio.free and low == high:
        assert value <= high + slack if falls else value >= low - slack
    if low is not None:
        assert value >= low - slack - (step if two_sided else 0)
    if high is not None:
        assert value <= high + slack + (step if two_sided else 0)


# ---- the exact answer ------------------------------------------------------------------------


def _is_the_oracles(data: Data) -> None:
    try:
        allocation = dc.solve(dc.Plan.model_validate(data))
    except dc.InfeasibleError:
        decided = any(one["id"].startswith("d") and "target" in one for one in data["indicators"])
        if not decided:  # whose printed numbers would be known
            program = RatioProgram(data, {}, loose=True)
            assert None in [leximin(program.program(name)[1]) for name in program.ratios]
        return
    exact, references = column(allocation, "exact"), column(allocation, "reference")
    printed = values(allocation)
    for name in RatioProgram(data, printed).ratios:
        expected = _expected(data, printed, name)
        assert {c for c in exact if c.indicator == name} == {
            c for c in expected if c.indicator == name
        }
        for cell, (value, reference) in expected.items():
            assert exact[cell] == pytest.approx(value, rel=1e-6, abs=1e-6)
            assert references[cell] == pytest.approx(reference, rel=1e-6, abs=1e-6)


@seeded(1.5)
@given(SEEDS)
def test_the_exact_answer_is_that_of_the_oracle(seed: int) -> None:
    _is_the_oracles(ratio_plan(seed))


@seeded(0.7)
@given(SEEDS)
def test_year_by_year_the_exact_answer_is_that_of_the_oracle(seed: int) -> None:
    _is_the_oracles(yearly_cut_plan(seed))


@seeded(0.7)
@given(SEEDS)
def test_year_by_year_the_exact_answer_of_rises_is_that_of_the_oracle(seed: int) -> None:
    _is_the_oracles(yearly_rise_plan(seed))


def _expected(
    data: Data, printed: Mapping[str, Mapping[tuple[str, int], Fraction]], name: str
) -> dict[Cell, tuple[float, float]]:
    """Return exact value and reference of a ratio's cells and of those that are tied to them.

    Where there is a cut for every year, year by year on what is printed; at once where that cannot
    be. A yearly cut is missed only where it must be.
    """
    ratio = RatioProgram(data, printed).ratios[name]
    years = ratio.frame.years
    turns: list[list[int | None]] = [[*years], [None]] if ratio.yearly else [[None]]
    for order in turns:
        found: dict[Cell, tuple[float, float]] = {}
        solved = [_one_turn(data, printed, name, turn) for turn in order]
        if None in solved:
            continue
        for turn, cells in zip(order, solved, strict=True):
            assert cells is not None
            yearly = {name, ratio.numerator if not ratio.free else name}
            for cell, pair in cells.items():
                last = turn in (None, years[-1])
                if last or (cell.indicator in yearly and cell.year == turn):
                    found[cell] = pair
        return found
    raise AssertionError("the package has an answer")


def _one_turn(
    data: Data,
    printed: Mapping[str, Mapping[tuple[str, int], Fraction]],
    name: str,
    turn: int | None,
) -> dict[Cell, tuple[float, float]] | None:
    for loose in (False, True):
        program = RatioProgram(data, printed, turn, loose=loose)
        cells, asked = program.program(name)
        point = leximin(asked)
        if point is not None:
            return {
                cell: (float(value * program.sizes[cell]), float(reference * program.sizes[cell]))
                for cell, value, reference in zip(cells, point, asked.references, strict=True)
            }
    return None


# ---- every year against the year before ----------------------------------------------------


@pytest.mark.parametrize("drawn", [yearly_cut_plan, yearly_rise_plan])
@seeded(4)
@given(seed=SEEDS)
def test_a_yearly_change_holds_between_printed_years_or_is_listed(
    drawn: Callable[[int], Data], seed: int
) -> None:
    data = drawn(seed)
    allocation = allocation_of(data)
    program = RatioProgram(data, values(allocation))
    listed = _listed(allocation)
    for ratio in program.ratios.values():
        for one, year, over in _between_years(program, ratio):
            scope = "全市" if one.scope == program.frame.area else one.scope
            amount = listed.pop((one.key, ratio.id, scope, year), 0.0)
            assert amount == pytest.approx(float(over), abs=1e-6)
            of_area = one.scope == program.frame.area and None in (one.low, one.high)
            if ratio.free and of_area and _kept(allocation, ratio.id):
                assert over == 0
    assert not [key for key in listed if key[0] in EACH_YEAR]


def _kept(allocation: dc.Allocation, ratio: str) -> bool:
    """Whether every year was settled with its cut against the printed year before."""
    stages = [
        stage
        for stage in allocation.settled.stages
        if any(one.indicator.id == ratio for one in stage.built.series)
    ]
    return all(stage.built.turn.yearly and not stage.built.turn.loose for stage in stages)


def _listed(allocation: dc.Allocation) -> dict[tuple[str, str, str, int], float]:
    excess = allocation.excess
    labels = zip(*(excess[key] for key in ("family", "indicator", "scope", "year")), strict=True)
    found: dict[tuple[str, str, str, int], float] = {}
    for label, amount in zip(labels, excess["amount"].tolist(), strict=True):
        found[label] = max(amount, found.get(label, 0.0))
    return found


def _between_years(
    program: RatioProgram, ratio: RatioIndicator
) -> Iterator[tuple[Yearly, int, Fraction]]:
    """Give by how much the printed cut of a year is missed, in what is rounded."""
    years = program.frame.years
    for one in ratio.yearly:
        members = program.members(one.scope)
        for before, year in itertools.pairwise(years):
            now, then = (ratio.printed_value(members, when) for when in (year, before))
            pair, gap = (Linear(now, {}), Linear(then, {})), program.frame.gaps[year]
            least, greatest = one.least(*pair, gap), one.greatest(*pair, gap)
            over = max(
                ZERO if greatest is None else greatest.constant,
                ZERO if least is None else -least.constant,
            )
            inside = [name for name in members if ratio.takes(name, year)]
            below = total(ratio.below[name, year] for name in inside)
            if ratio.free:
                cells = [Cell(ratio.id, name, year) for name in inside]
                parts = [ratio.follows(c.region, year, c).coefficients[c] for c in cells]
                unit = abs(ratio.scale * total(parts) / below)
            else:
                unit = ratio.scale / below
            yield one, year, over / unit if over > SLACK * max(now, then) / 1000 else ZERO


def test_ratios_that_all_but_contradict_are_told_as_infeasible() -> None:
    """By 0.00002 of 19.8: where the dual simplex gives up, the primal one finds that out."""
    with pytest.raises(dc.InfeasibleError):
        dc.solve(dc.Plan.model_validate(ratio_plan(12358264)))


# ---- rules on numerators -------------------------------------------------------------------


@seeded(3)
@given(SEEDS)
def test_rules_on_numerators_hold_in_print_or_are_listed(seed: int) -> None:
    drawn = map(ratio_plan, count(seed))
    data, ruled = next((one, found) for one in drawn if (found := _ruled(one)))
    allocation = allocation_of(data)
    printed = values(allocation)
    program = RatioProgram(data, printed)
    listed = _listed(allocation)
    for one in ruled:
        for (region, year), value in printed.get(one["id"], {}).items():
            family, most = _most(program, one, region, year)
            over = value - most
            amount = listed.get((family, one["id"], region, year), 0.0)
            assert amount == pytest.approx(float(max(over, ZERO)), abs=1e-6)
            assert over <= 0 or family == "at_most_share"  # capacities and parts stay hard


def _ruled(data: Data) -> list[Data]:
    """Return the numerators that follow their ratios, and have rules of their own."""
    return [
        one
        for one in data["indicators"]
        if one["id"].startswith("nr") and "target" not in one and {"limits", "links"} & set(one)
    ]


def _most(program: RatioProgram, one: Data, region: str, year: int) -> tuple[str, Fraction]:
    if "limits" in one:
        return "max", number(one["limits"]["max"])
    link = one["links"][0]
    if "part_of" in link:
        return "part_of", program.values(link["part_of"])[region, year]
    share = number(link["at_most_share"])
    return "at_most_share", program.values(link["of"])[region, year] * share


# ---- what changes nothing --------------------------------------------------------------------


@seeded(2)
@given(SEEDS)
def test_the_order_of_the_file_changes_nothing(seed: int) -> None:
    data = ratio_plan(seed)
    allocation = allocation_of(data)
    other = allocation_of(shuffled(data, random.Random(seed)))
    same(allocation, other)
    assert values(allocation) == values(other)


@seeded(0.4)
@given(SEEDS)
def test_the_solver_changes_nothing(seed: int) -> None:
    data = ratio_plan(seed)
    same(allocation_of(data), allocation_of(data, solver="cbc"))


@seeded(1.5)
@given(SEEDS, st.sampled_from([(10, 1), (1, 10), (10000, 1), (1, 0.1), (100, 10)]))
def test_units_of_numerator_and_denominator_change_no_ratio(
    seed: int, factors: tuple[float, float]
) -> None:
    data = ratio_plan(seed)
    if any("part_of" in link for one in data["indicators"] for link in one.get("links", ())):
        reject()  # a part has the unit of its whole
    allocation, other = allocation_of(data), allocation_of(in_units(data, *factors))
    for name in ("quota", "bound_by"):
        ratios, others = (
            {cell: value for cell, value in column(one, name).items() if cell[0].startswith("r")}
            for one in (allocation, other)
        )
        assert ratios == others


def in_units(data: Data, top: float, bottom: float) -> Data:
    """Return the same plan with numerators and denominators multiplied, and steps with them."""
    data = deepcopy(data)
    denominators = {one["denominator"] for one in data["indicators"] if one["kind"] == "ratio"}

    for one in data["indicators"]:
        if one["kind"] == "ratio":
            one["scale"] = multiplied(one["scale"], bottom / top)
            if "base_numerator" in one:
                one["base_numerator"] = multiplied(one["base_numerator"], top)
            continue
        factor = bottom if one["id"] in denominators else top
        if one["kind"] == "given":
            one["values"] = multiplied(one["values"], factor)
            continue
        one |= {"step": multiplied(10.0 ** -one.get("decimals", 2), factor), "decimals": 6}
        one["base"] = multiplied(one["base"], factor)
        if "target" in one:
            one["target"]["years"] = multiplied(one["target"]["years"], factor)
        if "max" in one.get("limits", {}):
            one["limits"]["max"] = multiplied(one["limits"]["max"], factor)
    return data


# ---- one small plan each -----------------------------------------------------------------------


def test_a_cut_that_is_printed_as_a_value_is_rounded_down() -> None:
    found = solve(OUTPUT, ENERGY, intensity(publish="value", decimals=1, unit="吨/万元"))
    below, above = {"甲区": 50, "乙县": 30, "丙县": 20}, quotas(found, "intensity")
    assert any(above[name] < one - 1e-9 for name, one in exact(found, "intensity").items())
    assert sum(above[name] * below[name] for name in below) <= 0.94 * 85
    energy = values(found)["energy"]
    assert total(energy[name, 2016] for name in below) <= Fraction(94, 100) * 85


def test_a_reserve_takes_no_part_in_the_mean_of_references() -> None:
    regions = [*plans.data()["regions"], {"name": "市本级", "reserve": True}]
    firms = {year: {**cells, "市本级": 50} for year, cells in FIRMS["values"].items()}
    found = solve({**FIRMS, "values": firms}, share(), regions=regions)
    assert exact(found, "share") == pytest.approx(
        {"甲区": 18.75, "乙县": 18.75, "丙县": 18.75, "市本级": 0}
    )


def test_regions_that_are_left_out_do_not_count_in_the_base_either() -> None:
    left_out = {"regions": {"except": ["丙县"]}}
    found = solve(OUTPUT, {**ENERGY, **left_out}, intensity(**left_out))
    assert exact(found, "intensity") == pytest.approx({"甲区": 6, "乙县": 6})
    assert area(found, "intensity") == 6


def test_a_limit_on_the_rise_of_a_cut_is_measured_from_0() -> None:
    limits = {"ramp": {"max": 4}, "cut": {"max": {"甲区": "5%"}}}
    found = solve(OUTPUT, ENERGY, intensity(limits=limits))
    assert max(exact(found, "intensity", 2015).values()) <= 4
    assert exact(found, "intensity")["甲区"] == pytest.approx(5)


def test_a_limit_of_the_area_speaks_of_what_is_published() -> None:
    cut = solve(OUTPUT, ENERGY, intensity(limits={"min": {"area": 8}}))
    assert exact(cut, "intensity") == pytest.approx(dict.fromkeys(plans.BASES, 8))
    same = solve(OUTPUT, ENERGY, intensity(limits={"cut": {"min": {"area": "8%"}}}))
    assert exact(same, "intensity") == pytest.approx(dict.fromkeys(plans.BASES, 8))
    value = solve(FIRMS, share(limits={"max": {"甲区": 12}, "min": {"sum": {"北部": 19}}}))
    assert exact(value, "share") == pytest.approx({"甲区": 11, "乙县": 19, "丙县": 19})


def test_rules_that_all_but_hold_together_are_told_not_given_up_on() -> None:
    plan = dc.Plan.model_validate(ratio_plan(9224))  # HiGHS's dual simplex ends without a status
    with pytest.raises(dc.InfeasibleError):
        dc.solve(plan)


def test_no_region_cuts_more_than_all() -> None:
    one = intensity(
        target={"cut": "70%以上"}, limits={"cut": {"max": {"乙县": "50%", "丙县": "50%"}}}
    )
    with pytest.raises(dc.InfeasibleError):  # 100 % of 25 and 50 % of 60 are 55 of 85
        solve(OUTPUT, ENERGY, one)


def test_a_cut_below_0_is_allowed_only_where_a_limit_says_so() -> None:
    limits = {"cut": {"min": "-3%", "max": {"丙县": {2016: "20%"}, "甲区": {2016: "-1%"}}}}
    found = solve(OUTPUT, ENERGY, intensity(limits=limits))
    assert exact(found, "intensity")["甲区"] == pytest.approx(-1)
    assert min(exact(found, "intensity", 2015).values()) >= 0


def test_a_numerator_of_data_is_compared_not_chosen() -> None:
    labs = {year: {"甲区": 12, "乙县": 9, "丙县": 4} for year in (2014, 2015, 2016)}
    given_labs = {"id": "labs", "kind": "given", "unit": "家", "values": labs}
    found = solve(FIRMS, given_labs, share(numerator="labs"))
    assert found.quotas.empty
    assert area(found, "share") == 12.5
    codes = [one.code for one in dc.check(found.plan)]
    assert codes == ["ratio_checked", "ratio_from_parts"]


def test_the_upper_end_of_an_interval_may_be_handed_out() -> None:
    lower = solve(FIRMS, share(target={"years": {2016: "15-18"}}))
    upper = solve(FIRMS, share(target={"years": {2016: "15-18"}}, hand_out="upper"))
    assert exact(lower, "share")["甲区"] == pytest.approx(15)
    assert exact(upper, "share")["甲区"] == pytest.approx(18)


def upgraded(**keys: Any) -> Data:
    return {
        "id": "upgraded",
        "name": "改造企业",
        "kind": "flow",
        "unit": "家",
        "integer": True,
        "allocate": "equal",
        "target": {"years": {2015: 30, 2016: "30以上"}},
        **keys,
    }


def coverage(**keys: Any) -> Data:
    return share(id="coverage", name="覆盖面", numerator={"cumulative": "upgraded"}, **keys)


def test_a_cumulative_ratio_binds_its_numerator_in_whole_numbers() -> None:
    found = solve(FIRMS, upgraded(), coverage(target={"years": {2016: "31.1以上"}}))
    assert sum(quotas(found, "upgraded").values()) == 33  # 62.2 firms make 31.1 %
    assert found.excess.empty
    assert area(found, "coverage") == 31.5


def test_limits_of_regions_bind_the_numerator_of_a_bound_ratio() -> None:
    limits = {"max": {"丙县": 40}, "min": {"甲区": {2016: 27.5}}}
    found = solve(FIRMS, upgraded(), coverage(limits=limits, target={"years": {2016: "30以上"}}))
    firms = values(found)["upgraded"]
    assert firms["丙县", 2015] + firms["丙县", 2016] <= 16
    assert firms["甲区", 2015] + firms["甲区", 2016] >= 28
    assert found.excess.empty


def test_a_settled_base_is_what_the_ratio_is_measured_against() -> None:
    output = plans.indicator(
        id="output",
        kind="level",
        base={"甲区": 40, "乙县": 24, "丙县": 16},
        base_total=100,
        mismatch="scale",
        target={"years": {2015: 100, 2016: 100}},
    )
    found = solve(output, ENERGY, intensity())
    assert exact(found, "intensity") == pytest.approx(dict.fromkeys(plans.BASES, 6))


def test_a_ratio_with_targets_of_groups_alone_has_references_by_group() -> None:
    groups = {"南部": {"years": {2016: 20}}, "北部": {"years": {2016: "10以上"}}}
    found = solve(FIRMS, share(target={}, group_targets=groups))
    assert exact(found, "share") == pytest.approx({"甲区": 20, "乙县": 10, "丙县": 10})


def test_a_yearly_cut_binds_beside_the_cut_in_all() -> None:
    both = intensity(target={"cut": "6%以上", "cut_each_year": "4%以上"})
    found = solve(OUTPUT, ENERGY, both)
    assert exact(found, "intensity", 2015) == pytest.approx(dict.fromkeys(plans.BASES, 4))
    assert exact(found, "intensity") == pytest.approx(dict.fromkeys(plans.BASES, 7.84))


def test_a_denominator_that_follows_another_ratio_is_settled_before() -> None:
    first = intensity(publish="value", target={"years": {2016: 0.8}})
    coal: Data = {"id": "coal", "kind": "level", "base": {"甲区": 10, "乙县": 15, "丙县": 6}}
    second = share(id="second", name="煤炭占比", numerator="coal", denominator="energy")
    found = solve(OUTPUT, ENERGY, first, coal, {**second, "target": {"years": {2016: 30}}})
    printed = values(found)
    for region in plans.BASES:
        ratio = 100 * printed["coal"][region, 2016] / printed["energy"][region, 2016]
        assert float(ratio) == pytest.approx(30, abs=0.05)


def test_the_excess_of_a_rule_on_a_numerator_is_in_its_own_unit() -> None:
    whole: Data = {
        "id": "whole",
        "kind": "level",
        "unit": "家",
        "decimals": 0,
        "allocate": "equal",
        "target": {"years": {2015: 120, 2016: 120}},
    }
    labs: Data = {"id": "labs", "kind": "level", "unit": "家", "decimals": 1}
    labs["links"] = [{"at_most_share": "53.7%", "of": "whole"}]
    one = share(numerator="labs", decimals=0, target={"years": {2016: "21.48以上"}})
    found = solve(FIRMS, whole, labs, one)
    printed = values(found)
    broken = found.excess.set_index("scope")["amount"].to_dict()
    for region in plans.BASES:
        most = printed["whole"][region, 2016] * Fraction(537, 1000)
        over = printed["labs"][region, 2016] - most
        assert broken.get(region, 0.0) == pytest.approx(max(float(over), 0.0))
    assert broken


@pytest.mark.parametrize(("publish", "target"), [("cut", {"cut": "10%"}), ("rise", {"rise": 5})])
def test_values_are_ratios_whatever_is_published_of_them(publish: str, target: Data) -> None:
    """A cut of 10 % from 40 leaves 36; a rise of 5 leads to 45."""
    regions = ("甲", "乙")
    base = {"甲": 40, "乙": 80}
    above = {"id": "above", "kind": "level", "base": base, "report": False}
    below = {
        "id": "below",
        "kind": "given",
        "values": {2014: {"甲": 100, "乙": 100}, 2015: {"甲": 120, "乙": 120}},
    }
    rate = {
        "id": "rate",
        "kind": "ratio",
        "denominator": "below",
        "scale": 100,
        "decimals": 1,
        "publish": publish,
        "target": target,
        **({"numerator": "above"} if publish == "cut" else {"base_numerator": base}),
    }
    said = [below, rate] if publish == "rise" else [above, below, rate]
    plan = dc.Plan.model_validate({"years": [2015], "regions": regions, "indicators": said})
    allocation = dc.solve(plan)
    quotas = allocation.quotas.query("indicator == 'rate'")["quota"].tolist()
    values = allocation.values.query("indicator == 'rate'")["value"].tolist()
    assert quotas == ([10, 10] if publish == "cut" else [5, 5])
    assert values == pytest.approx([36, 72] if publish == "cut" else [45, 85])
