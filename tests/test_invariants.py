"""What must not change an answer, and what rounding keeps, on random plans."""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import deepcopy
from fractions import Fraction
from itertools import combinations
from typing import Any

import pytest
from hypothesis import assume, given, reject, settings
from hypothesis import strategies as st

import decompose as dc
from tests import plans as small
from tests.oracles.exact_leximin import burdens
from tests.oracles.plan_figures import number, total
from tests.oracles.plan_indicator import TOTAL, Cell, Rule
from tests.oracles.plan_program import WHOLE, PlanProgram, violation
from tests.seeded import shuffled
from tests.solved import Data, allocation_of, coarsest_steps, column, in_steps, same, solved
from tests.strategies import plans, simple_plans

EXAMPLES = settings().max_examples
STEP = 1e-6
"""Of a step: what floats may add."""
Label = tuple[str, str, str, int | str]
"""Family, indicator, scope, year."""

# ---- rounding --------------------------------------------------------------------------------


@settings(max_examples=3 * EXAMPLES)
@given(plans())
def test_rounded_tables_add_up_and_list_every_rule_they_break(data: Data) -> None:
    assert_adds_up(data, allocation_of(data))


def assert_adds_up(data: Data, allocation: dc.Allocation) -> None:
    """Check every promise of rounding; what it could not keep is listed, and nothing else is."""
    oracle = PlanProgram(data)
    steps = {name: one.step for name, one in oracle.indicators.items()}
    quotas = in_steps(allocation, steps)
    values = {cell: count * steps[cell.indicator] for cell, count in quotas.items()}
    printed = column(allocation, "quota")
    assert all(
        abs(printed[cell] - value) < 1e-9 * (1 + abs(value)) for cell, value in values.items()
    )
    listed = _listed(allocation)
    assert listed == pytest.approx(_broken(oracle, values), abs=STEP)
    assert _printed_totals(allocation) == _added_up(data, printed)
    exact = {
        cell: Fraction(value) / steps[cell.indicator]
        for cell, value in column(allocation, "exact").items()
    }
    coarsest, moved = coarsest_steps(oracle), _moved(allocation)
    for (name, scope, year), cells in _every_sum(data, list(exact)).items():
        gap = abs(total(quotas[cell] - exact[cell] for cell in cells))
        beyond = abs(moved.pop((name, scope, year), 0))
        assert gap < 1 + beyond + STEP
        mixed = len({steps[one] for one in steps if coarsest[one] == coarsest[name]}) > 1
        crosses = scope in oracle.frame.groups and _cross(oracle)
        assert not beyond or mixed or crosses or year == TOTAL
        assert len(cells) > 1 or beyond <= coarsest[name] / steps[name]
    assert not moved


def _broken(oracle: PlanProgram, values: Mapping[Cell, Fraction]) -> dict[Label, float]:
    """Return by how many steps rules are missed; whole ones only where groups cross, by one.

    Beside coarser steps, sums of groups may miss them by up to one of those.
    """
    coarsest = coarsest_steps(oracle)
    found: dict[Label, float] = {}
    for rule in oracle.rules:
        excess = float(violation(rule, values) / oracle.indicators[rule.indicator].step)
        if excess > STEP:
            label = (rule.family, rule.indicator, rule.scope, rule.year)
            found[label] = max(excess, found.get(label, 0.0))
            if rule.family in WHOLE:
                steps = coarsest[rule.indicator] / oracle.indicators[rule.indicator].step
                assert rule.scope in oracle.frame.groups
                assert excess == 1 or (excess.is_integer() and excess < steps)
                if steps == 1 and not _cross(oracle):
                    # under a margin, sums that divide another take either step beside theirs
                    assert _nested_margins(oracle, rule)
                    reject()
    return found


def _nested_margins(oracle: PlanProgram, rule: Rule) -> bool:
    """Whether a sum and another one inside it, or around it, are raised by a margin."""
    raised = {
        one.name: set(one.members) for one in oracle.indicators[rule.indicator].scopes if one.margin
    }
    own = raised.pop(rule.scope, set())
    return any(own & one in (own, one) for one in raised.values()) if own else False


def _cross(oracle: PlanProgram) -> bool:
    """Whether some groups are neither apart nor one inside the other."""
    members = [set(one) for one in oracle.frame.groups.values()]
    return any(one & other not in (set(), one, other) for one, other in combinations(members, 2))


def _moved(allocation: dc.Allocation) -> dict[tuple[str, str, int | str], int]:
    frame = allocation.moved
    labels = zip(*(frame[name].tolist() for name in ("indicator", "scope", "year")), strict=True)
    return dict(zip(labels, frame["steps"].tolist(), strict=True))


def _listed(allocation: dc.Allocation) -> dict[Label, float]:
    frame = allocation.excess
    names = ("family", "indicator", "scope", "year")
    labels = zip(*(frame[name].tolist() for name in names), strict=True)
    return dict(zip(labels, frame["steps"].tolist(), strict=True))


def _printed_sums(data: Data, cells: list[Cell]) -> dict[tuple[str, str, int | str], list[Cell]]:
    """Return the cells of every printed sum: of the area and of groups, by year or over them."""
    oracle = PlanProgram(data)
    groups = oracle.frame.groups
    printed = [group for group, said in data["groups"].items() if said.get("subtotal")]
    found: dict[tuple[str, str, int | str], list[Cell]] = {}
    for cell in cells:
        one = oracle.indicators[cell.indicator]
        shown = {*printed, *(rule.scope for rule in one.sums)} & groups.keys()
        scopes = [oracle.frame.area, *(group for group in shown if cell.region in groups[group])]
        for scope in scopes:
            found.setdefault((cell.indicator, scope, cell.year), []).append(cell)
            if one.said["kind"] == "flow":
                found.setdefault((cell.indicator, scope, TOTAL), []).append(cell)
    return found


def _every_sum(data: Data, cells: list[Cell]) -> dict[tuple[str, str, int | str], list[Cell]]:
    """Return the cells of every printed sum, of regions over the years, and each by itself."""
    oracle = PlanProgram(data)
    found = _printed_sums(data, cells)
    found |= {(cell.indicator, cell.region, cell.year): [cell] for cell in cells}
    for cell in cells:
        if oracle.indicators[cell.indicator].said["kind"] == "flow":
            found.setdefault((cell.indicator, cell.region, TOTAL), []).append(cell)
    one_year = [label for label in found if len({cell.year for cell in found[label]}) == 1]
    return {label: found[label] for label in found if label[2] != TOTAL or label not in one_year}


def _added_up(data: Data, printed: Mapping[Cell, float]) -> dict[Any, Fraction]:
    return {
        label: total(Fraction(str(printed[cell])) for cell in cells)
        for label, cells in _printed_sums(data, list(printed)).items()
    }


def _printed_totals(allocation: dc.Allocation) -> dict[Any, Fraction]:
    frame = allocation.totals
    labels = zip(*(frame[name].tolist() for name in ("indicator", "scope", "year")), strict=True)
    quotas = [Fraction(str(quota)) for quota in frame["quota"].tolist()]
    return dict(zip(labels, quotas, strict=True))


@given(plans())
def test_in_a_strict_plan_no_tie_is_broken(data: Data) -> None:
    for indicator in data["indicators"]:
        indicator["strict"] = True
    try:
        allocation = allocation_of(data)
    except dc.errors.RoundingError:
        return
    assert allocation.excess.empty


def test_where_groups_cross_one_sum_moves_by_a_step_and_only_that_is_listed() -> None:
    # Three sums of 1 around a triangle: halves before rounding, and no whole table.
    around = {"甲区": ["东部", "西部"], "乙县": ["东部", "中部"], "丙县": ["中部", "西部"]}
    groups = ("东部", "中部", "西部")
    one = small.indicator(
        decimals=0,
        allocate="equal",
        target={"years": {2015: "3以下"}},
        group_targets={group: {"years": {2015: 1}} for group in groups},
        limits={"max": {"sum": {"西部": 5}}, "growth": {"max": {"sum": {"西部": "-80%"}}}},
    )
    regions = [{"name": name, "groups": of} for name, of in around.items()]
    data = small.data(one, regions=regions, groups={group: {} for group in groups})
    allocation = allocation_of(data)
    assert list(column(allocation, "exact").values()) == pytest.approx([0.5] * 3)
    quotas = column(allocation, "quota")
    sums = dict.fromkeys(groups, 0.0)
    for cell, quota in quotas.items():
        for group in around[cell.region]:
            sums[group] += quota
    missed = [group for group in groups if sums[group] != 1]
    assert len(missed) == 1
    assert abs(sums[missed[0]] - 1) == 1
    assert _listed(allocation) == {("target", "investment", missed[0], 2015): 1.0}


# ---- what changes nothing --------------------------------------------------------------------


def same_in_print(one: dc.Allocation, other: dc.Allocation, *names: str) -> None:
    """Two answers are the same, and so is what they tell of their rounding."""
    same(one, other, *names)
    assert _moved(one) == _moved(other)
    assert _listed(one) == pytest.approx(_listed(other), abs=STEP)


@given(plans(), st.randoms(use_true_random=False))
def test_the_order_of_regions_indicators_and_keys_changes_nothing(data: Data, rng: Any) -> None:
    same_in_print(allocation_of(data), allocation_of(shuffled(data, rng)))


@settings(max_examples=EXAMPLES // 3)
@given(plans())
def test_the_solver_changes_nothing(data: Data) -> None:
    allocation = allocation_of(data)
    assume(any("programs" in stage.solution.route for stage in allocation.settled.stages))
    same_in_print(allocation, allocation_of(data, solver="cbc"))


@pytest.mark.parametrize("factor", [Fraction(10), Fraction(10000), Fraction(1, 100)])
@settings(max_examples=EXAMPLES // 2)
@given(data=plans())
def test_the_unit_changes_nothing(data: Data, factor: Fraction) -> None:
    allocation, other = allocation_of(data), allocation_of(in_unit(data, factor))
    steps = {name: one.step for name, one in PlanProgram(data).indicators.items()}
    scaled = {name: step * factor for name, step in steps.items()}
    assert in_steps(allocation, steps) == in_steps(other, scaled)
    same_in_print(allocation, other, "bound_by")


def in_unit(data: Data, factor: Fraction) -> Data:
    """Return the same plan with every quantity multiplied, and steps with them."""
    plan = PlanProgram(data)
    data = deepcopy(data)

    def times(said: Any) -> Any:
        if isinstance(said, dict):
            return {key: times(value) for key, value in said.items()}
        if isinstance(said, str) and said in data["tables"]:
            cells = data["tables"][said]
            data["tables"][f"{said}x"] = {region: times(cell) for region, cell in cells.items()}
            return f"{said}x"
        if isinstance(said, str):
            return re.sub(r"[\d.]+", lambda text: f"{float(number(text[0]) * factor):.8f}", said)
        return None if said is None else float(number(said) * factor)

    for said in data["indicators"]:
        step = plan.indicators[said["id"]].step * factor
        said |= {"step": float(step), "decimals": _decimals(step)}
        said.pop("integer", None)
        for key in ("base", "base_total"):
            said |= {key: times(said[key])} if key in said else {}
        for target in (said["target"], *said.get("group_targets", {}).values()):
            for key in ("years", "each_year", "total", "increase", "increase_each_year"):
                target |= {key: times(target[key])} if key in target else {}
        for key in ("min", "max", "total", "ramp"):
            said["limits"] |= {key: times(said["limits"][key])} if key in said["limits"] else {}
        for locks in said.get("locks", {}).values():
            for when, lock in locks.items():
                value = lock["value"] if isinstance(lock, dict) else lock
                locks[when] = times(value)
    return data


def _decimals(step: Fraction) -> int:
    return next(digits for digits in range(7) if step * 10**digits % 1 == 0)


REDUNDANT: list[tuple[str, Any]] = [
    ("max", {"area": 10**7}),
    ("max", 10**6),
    ("min", 0),
    ("total", {"min": 0, "max": {"area": 10**7}}),
    ("ramp", {"max": 10**6}),
    ("growth", {"min": "-100%"}),
    ("share", {"min": 0, "max": "100%"}),
]


@given(plans(), st.sampled_from(REDUNDANT))
def test_a_redundant_rule_changes_nothing(data: Data, rule: tuple[str, Any]) -> None:
    allocation = allocation_of(data)
    key, limit = rule
    other = deepcopy(data)
    for indicator in other["indicators"]:
        if key == "total" and indicator["kind"] == "level":
            continue
        if key in ("growth", "ramp") and "base" not in indicator:
            continue
        indicator["limits"].setdefault(key, limit)
    same(allocation, allocation_of(other), "quota")


# ---- what can only get better ----------------------------------------------------------------


@settings(max_examples=EXAMPLES)
@given(st.one_of(simple_plans(), plans()), st.data())
def test_more_capacity_never_makes_the_largest_burdens_larger(data: Data, draw: Any) -> None:
    free = allocation_of(data)
    exact = {cell: value for cell, value in column(free, "exact").items() if cell[0] == "i0"}
    assume(exact)
    region, year = draw.draw(st.sampled_from([cell[1:] for cell in exact]))
    size = exact[Cell("i0", region, year)]
    tight, loose = sorted(draw.draw(st.lists(st.integers(50, 130), min_size=2, max_size=2)))
    found = []
    for percent in (tight, loose):
        capped = deepcopy(data)
        capped["indicators"][0]["limits"]["max"] = {region: {year: size * percent / 100}}
        capped["indicators"][0]["limits"].pop("min", None)
        allocation = solved(capped)
        found.append(None if allocation is None else _ranked(capped, allocation))
    if found[0] is not None:
        assert found[1] is not None
        assert _no_larger(found[1], found[0])


def _ranked(data: Data, allocation: dc.Allocation) -> list[float]:
    """Return what is made small, in order: sums' deviations, zero cells, burdens; largest first.

    Of the first indicator and those that are tied to it.
    """
    oracle, exact = PlanProgram(data), column(allocation, "exact")
    cells, program = next(one for one in oracle.programs() if "i0" in {c[0] for c in one[0]})
    point = [Fraction(exact[cell]) / oracle.sizes[cell.indicator] for cell in cells]
    return [float(burden) for stage in burdens(program, point).ranked for burden in stage]


def _no_larger(one: list[float], other: list[float]) -> bool:
    """Whether one comes first in order, or is the same."""
    first = next((a - b for a, b in zip(one, other, strict=True) if abs(a - b) > 1e-6), 0.0)
    return first <= 0
