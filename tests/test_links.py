"""What ties indicators together: the exact answer, printed numbers, what changes nothing."""

from __future__ import annotations

import random
from copy import deepcopy
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given

import decompose as dc
from tests import plans
from tests.link_plans import link_plan
from tests.oracles.link_program import LinkProgram
from tests.oracles.plan_figures import total
from tests.plans import Data
from tests.seeded import SEEDS, multiplied, seeded, shuffled
from tests.small_ratios import FIRMS, exact, quotas, share, solve
from tests.solved import allocation_of, column, same, solved, values

SHARES = {"at_least_share", "at_most_share"}

# ---- random plans ------------------------------------------------------------------------------


def test_random_plans_hold_every_tie_at_every_scope() -> None:
    held = set()
    for data in map(link_plan, range(100)):
        for one in data["indicators"]:
            held |= {key for key in ("sum_of", "increase_of") if key in one}
            for link in one.get("links", ()):
                scope = link.get("scope", "region")
                kind = scope if scope in ("region", "area") else "group"
                held |= {f"{key} {kind}" for key in ("part_of", *SHARES) if key in link}
    scopes = {f"{key} {scope}" for key in SHARES for scope in ("region", "area", "group")}
    assert held == {"sum_of", "increase_of", "part_of region", *scopes}


@seeded(0.8)
@given(SEEDS)
def test_the_exact_answer_is_that_of_the_oracle(seed: int) -> None:
    data = link_plan(seed)
    assert same_as_oracle(data)


def test_a_plan_has_no_answer_where_the_oracle_finds_none() -> None:
    answered = [same_as_oracle(link_plan(seed, pulled=True)) for seed in range(60)]
    assert 10 < sum(answered) < 55


def same_as_oracle(data: Data) -> bool:
    """Compare the exact answers; whether there is one."""
    allocation, answer = solved(data), LinkProgram(data).exact()
    if allocation is None or answer is None:
        assert allocation is None
        assert answer is None
        return False
    found = column(allocation, "exact")
    assert found.keys() == answer.keys()
    for cell, value in answer.items():
        assert found[cell] == pytest.approx(float(value), rel=1e-6, abs=1e-6)
    return True


@seeded(1.5)
@given(SEEDS)
def test_ties_hold_in_printed_numbers_or_are_listed(seed: int) -> None:
    data = link_plan(seed)
    allocation = allocation_of(data)
    printed = {cell: Fraction(str(one)) for cell, one in column(allocation, "quota").items()}
    excess = allocation.excess
    labels = zip(*(excess[key] for key in ("family", "indicator", "scope", "year")), strict=True)
    listed = dict(zip(labels, excess["amount"], strict=True))
    broken = {}
    for rule in LinkProgram(data).rules:
        value = total(part * printed[cell] for cell, part in rule.coefficients.items())
        low = 0 if rule.lower is None else rule.lower - value
        over = float(max(low, 0 if rule.upper is None else value - rule.upper))
        if over > 1e-9:
            broken[rule.family, rule.indicator, rule.scope, rule.year] = over
    assert listed == pytest.approx(broken, abs=1e-6)
    assert {family for family, *_ in broken} <= SHARES


@seeded(1)
@given(SEEDS)
def test_the_order_of_the_file_changes_nothing(seed: int) -> None:
    data = link_plan(seed)
    same(allocation_of(data), allocation_of(shuffled(data, random.Random(seed))))


@seeded(0.3)
@given(SEEDS)
def test_the_solver_changes_nothing(seed: int) -> None:
    data = link_plan(seed)
    same(allocation_of(data), allocation_of(data, solver="cbc"))


@pytest.mark.parametrize("factor", [10_000, 0.01])
@seeded(0.5)
@given(seed=SEEDS)
def test_the_unit_of_an_indicator_changes_nothing(seed: int, factor: float) -> None:
    data = link_plan(seed)
    moved = of_unit(data)
    allocation, other = allocation_of(data), allocation_of(in_unit(data, moved, factor))
    same(allocation, other, "bound_by")
    expected = {
        cell: quota * factor if cell.indicator in moved else quota
        for cell, quota in column(allocation, "quota").items()
    }
    assert column(other, "quota") == pytest.approx(expected, rel=1e-9)


def of_unit(data: Data) -> set[str]:
    """Return the indicators that have one unit: the part of a share alone, or all of a plan."""
    alone = {
        one["id"]
        for one in data["indicators"]
        if any(SHARES & set(link) for link in one.get("links", ()))
    }
    return alone or {one["id"] for one in data["indicators"]}


def in_unit(data: Data, moved: set[str], factor: float) -> Data:
    """Return the same plan with some indicators multiplied, and steps and shares with them."""
    data = deepcopy(data)
    for one in data["indicators"]:
        if one["id"] not in moved:
            continue
        for key in ("base", "values"):
            one |= {key: multiplied(one[key], factor)} if key in one else {}
        if one["kind"] == "given":
            continue
        one |= {"step": float(f"{factor / 10:g}"), "decimals": 3}
        for key in ("target", "limits"):
            one |= {key: multiplied(one[key], factor)} if key in one else {}
        for link in one.get("links", ()):
            link |= {key: multiplied(link[key], factor) for key in SHARES & set(link)}
    return data


@pytest.mark.parametrize("pulled", [False, True])
def test_an_error_of_check_is_always_true(pulled: bool) -> None:
    told = 0
    for seed in range(100):
        plan = dc.Plan.model_validate(link_plan(seed, pulled=pulled))
        if any(one.severity == "error" for one in dc.check(plan)):
            told += 1
            with pytest.raises(dc.InfeasibleError):
                dc.solve(plan)
    assert (told > 3) == pulled


# ---- one small plan each -----------------------------------------------------------------------


def two(**keys: Any) -> Data:
    """A plan over two regions and one year."""
    return plans.indicator(kind="flow", unit="亿元", **{"base": None, **keys})


def settled(*indicators: Data) -> dict[str, list[float]]:
    """Return the exact quotas of 2015 over two regions, by indicator."""
    data = plans.data(*[{k: v for k, v in one.items() if v is not None} for one in indicators])
    data |= {"years": [2015], "regions": ["甲区", "乙县"], "groups": {}}
    found = dc.solve(dc.Plan.model_validate(data))
    cells = column(found, "exact").items()
    return {
        one["id"]: [value for cell, value in cells if cell.indicator == one["id"]]
        for one in indicators
    }


@pytest.mark.parametrize("turned", [False, True])
def test_tied_indicators_are_settled_jointly(turned: bool) -> None:
    # One after the other gives 60/20 and 60/40, or 50/30 and 50/50.
    part = two(
        id="part",
        name="甲",
        links=[{"part_of": "whole"}],
        allocate={"by": {"甲区": 3, "乙县": 1}},
        target={"years": {2015: 80}},
    )
    whole = two(id="whole", name="乙", allocate="equal", target={"years": {2015: 100}})
    order = [whole, part] if turned else [part, whole]
    found = settled(*order)
    assert found["part"] == pytest.approx([400 / 7, 160 / 7])
    assert found["whole"] == pytest.approx([400 / 7, 300 / 7])


def test_a_share_of_the_area_or_a_group_binds_sums_alone() -> None:
    whole = plans.indicator(id="whole", target={"years": {2015: 20, 2016: 25}})
    part = plans.indicator(
        id="part",
        name="其中",
        target={"years": {2015: "5以上", 2016: "5以上"}},
        links=[
            {"at_least_share": "30%", "of": "whole", "scope": "area"},
            {"at_most_share": "25%", "of": "whole", "scope": "北部"},
        ],
        allocate="equal",
    )
    found = solve(whole, part)
    of_part, of_whole = exact(found, "part"), exact(found, "whole")
    assert sum(of_part.values()) == pytest.approx(7.5)
    north = [of_part[name] + 0 for name in ("乙县", "丙县")]
    assert sum(north) <= 0.25 * (of_whole["乙县"] + of_whole["丙县"]) + 1e-9
    assert of_part["甲区"] > 0.3 * of_whole["甲区"]


def test_a_share_of_data_binds() -> None:
    labs = plans.indicator(id="labs", unit="家", allocate="equal", target={"years": {2016: 40}})
    link = {"at_most_share": "25%", "of": "firms"}
    assert exact(solve(FIRMS, {**labs, "links": [link]}), "labs") == pytest.approx(
        {"甲区": 15, "乙县": 15, "丙县": 10}
    )
    by_region = {**labs, "links": [{**link, "scope": "丙县"}]}
    assert exact(solve(FIRMS, by_region), "labs")["丙县"] == pytest.approx(10)


def test_a_part_of_data_stays_below_it() -> None:
    labs = plans.indicator(
        id="labs",
        kind="level",
        unit="家",
        allocate="equal",
        links=[{"part_of": "firms"}],
        target={"years": {2016: 150}},
    )
    assert exact(solve(FIRMS, labs), "labs") == pytest.approx({"甲区": 55, "乙县": 55, "丙县": 40})


def test_a_sum_without_a_target_follows_its_parts() -> None:
    one = plans.indicator(id="one", name="一")
    other = plans.indicator(id="other", name="二", allocate="equal", target={"years": {2016: 9}})
    summed = plans.indicator(id="sum", name="和", sum_of=["one", "other"])
    del summed["target"]
    found = solve(summed, one, other)
    for name, value in quotas(found, "sum").items():
        parts = quotas(found, "one")[name] + quotas(found, "other")[name]
        assert value == pytest.approx(parts, abs=1e-9)
    assert found.excess.empty


def test_a_sum_with_a_target_moves_its_parts() -> None:
    parts = [
        plans.indicator(id=name, name=name, target={"years": {2016: "10左右"}, "tolerance": "30%"})
        for name in ("one", "other")
    ]
    summed = plans.indicator(id="sum", name="和", sum_of=["one", "other"])
    found = solve({**summed, "target": {"years": {2016: 24}}}, *parts)
    assert sum(quotas(found, "one").values()) == pytest.approx(12)
    assert sum(quotas(found, "other").values()) == pytest.approx(12)


def test_a_part_without_a_target_is_the_rest_of_its_sum() -> None:
    one = plans.indicator(id="one", name="一", target={"years": {2015: 10, 2016: 12}})
    other = plans.indicator(id="other", name="二", base=dict.fromkeys(plans.BASES, 1), target={})
    summed = plans.indicator(id="sum", name="和", sum_of=["one", "other"])
    for order in ([summed, one, other], [other, one, summed]):
        found = solve(*order)
        for year, rest in ((2015, 8), (2016, 12)):
            other_of = quotas(found, "other", year)
            assert sum(other_of.values()) == pytest.approx(rest)
            for name, value in quotas(found, "sum", year).items():
                parts = quotas(found, "one", year)[name] + other_of[name]
                assert value == pytest.approx(parts, abs=1e-9)
    references = column(found, "reference")
    shared = [value for cell, value in references.items() if cell[:1] == ("other",)]
    assert shared == pytest.approx([8 / 3, 4] * 3)


def test_open_parts_share_the_rest_by_their_bases() -> None:
    bases = {"one": 2, "other": 1}
    parts = [
        plans.indicator(id=name, name=name, base=dict.fromkeys(plans.BASES, base), target={})
        for name, base in bases.items()
    ]
    data = {"id": "known", "kind": "given", "values": {2016: {"甲区": 2, "乙县": 2, "丙县": 2}}}
    summed = plans.indicator(id="sum", name="和", sum_of=["known", *bases])
    summed["target"] = {"years": {2016: 24}}
    found = solve(data, summed, *parts)
    references = column(found, "reference")
    for name, rest in (("one", 12), ("other", 6)):
        own = [value for cell, value in references.items() if cell[:1] == (name,)]
        assert own == pytest.approx([rest / 3] * 3)


def test_a_level_without_a_target_rises_by_its_flow() -> None:
    level = plans.indicator(id="level", name="存量", kind="level", integer=True, target={})
    rise = plans.indicator(
        id="rise", name="新增", integer=True, increase_of="level", target={"each_year": "3以上"}
    )
    found = solve(level, rise)
    for year, figure in ((2015, 18), (2016, 21)):
        assert sum(quotas(found, "level", year).values()) == figure
    before = plans.BASES
    for year in (2015, 2016):
        now = quotas(found, "level", year)
        assert quotas(found, "rise", year) == {name: now[name] - before[name] for name in now}
        before = now
    # 8 : 4 : 3 for both; the level's references follow
    assert exact(found, "level") == pytest.approx({"甲区": 11.2, "乙县": 5.6, "丙县": 4.2})


def test_a_rise_is_that_of_the_printed_level() -> None:
    level = plans.indicator(
        id="level", name="存量", kind="level", decimals=1, target={"years": {2015: 18, 2016: 24}}
    )
    rise = plans.indicator(id="rise", name="新增", decimals=1, increase_of="level", base=None)
    rise = {key: value for key, value in rise.items() if key not in ("target", "base")}
    found = solve(rise, level)
    first, second = quotas(found, "level", 2015), quotas(found, "level")
    for name, base in plans.BASES.items():
        assert quotas(found, "rise", 2015)[name] == pytest.approx(first[name] - base, abs=1e-9)
        assert quotas(found, "rise")[name] == pytest.approx(second[name] - first[name], abs=1e-9)
    assert found.excess.empty


def test_a_numerator_is_a_part_of_its_denominator_in_print() -> None:
    whole = plans.indicator(
        id="whole", name="产值", kind="level", decimals=1, target={"years": {2016: 20.3}}
    )
    top: Data = {
        "id": "top",
        "name": "园区产值",
        "kind": "level",
        "unit": "亿元",
        "decimals": 0,
        "links": [{"part_of": "whole"}],
    }
    ratio = share(numerator="top", denominator="whole", target={"years": {2016: "88以上"}})
    found = solve(top, ratio, {**whole, "allocate": "equal"})
    printed = values(found)
    over = {
        region: printed["top"][region, 2016] - printed["whole"][region, 2016]
        for region in plans.BASES
    }
    listed = found.excess.set_index("scope")["amount"].to_dict()
    assert {name: float(one) for name, one in over.items() if one > 0} == pytest.approx(listed)
    below = sum(printed["whole"][region, 2016] for region in plans.BASES)
    above = sum(printed["top"][region, 2016] for region in plans.BASES)
    assert 100 * above >= 88 * below


@pytest.mark.parametrize("capacity", [1e6, 1e7, 1e9])
def test_a_capacity_far_beyond_what_is_handed_out_changes_nothing(capacity: float) -> None:
    base = {"甲区": 183, "乙县": 284, "丙县": 286, "丁县": 234, "戊县": 275}
    regions = [
        {"name": "甲区", "groups": ["南部"]},
        {"name": "乙县", "groups": ["南部"]},
        *({"name": name} for name in ("丙县", "丁县", "戊县")),
    ]
    level = {
        "id": "level",
        "kind": "level",
        "step": 0.1,
        "base": base,
        "publish": "increment",
        "target": {"years": {2015: "1372左右", 2016: 1472.8, 2017: "1550.6左右"}},
        "group_targets": {"南部": {"growth": "6%以上"}},
    }
    rise = {"id": "rise", "kind": "flow", "increase_of": "level"}
    keys = {"regions": regions, "years": [2015, 2016, 2017], "groups": {"南部": {}}}
    free = dc.solve(plans.plan(level, rise, **keys))
    bound = dc.solve(plans.plan(level, {**rise, "limits": {"total": {"max": capacity}}}, **keys))
    assert bound.quotas["quota"].tolist() == free.quotas["quota"].tolist()
