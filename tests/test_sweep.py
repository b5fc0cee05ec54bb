"""A sweep's answers are those of separate solves; what cannot be solved is a row."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pandas as pd
from hypothesis import given

import decompose as dc
from benchmarks.instances import make_plan
from decompose.plan.order import beside
from decompose.plan.quick import by_indicator, changed_indicator, parts_of, with_indicators
from tests.link_plans import link_plan
from tests.ratio_plans import ratio_plan
from tests.seeded import SEEDS, seeded
from tests.strategies import plans

QINGYUAN = dc.read_plan(Path(__file__).parent.parent / "data" / "qingyuan" / "plan.yaml")
PRINTED = ["indicator", "region", "year", "quota", "reference", "lower", "upper", "bound_by"]
STATUSES = {
    dc.InfeasibleError: "infeasible",
    dc.RoundingError: "rounding",
    dc.PlanError: "error",
}
Data = dict[str, Any]


def separately(plan: dc.Plan, scenario: dc.Scenario) -> tuple[str, pd.DataFrame | None]:
    """Solve one scenario by itself: the status and the quotas."""
    try:
        return "solved", dc.solve(scenario.apply(plan)).quotas
    except dc.DecomposeError as error:
        return STATUSES[type(error)], None


def rows_of(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    return frame[frame["scenario"] == name].reset_index(drop=True)


def same_as_separate(plan: dc.Plan, scenarios: list[dc.Scenario], frame: pd.DataFrame) -> None:
    assert list(dict.fromkeys(frame["scenario"])) == [one.name for one in scenarios]
    for one in scenarios:
        rows = rows_of(frame, one.name)
        status, quotas = separately(plan, one)
        assert set(rows["status"]) == {status}, (one, rows["reason"].iloc[0])
        if quotas is None or not len(quotas):
            assert len(rows) == 1
            assert bool(rows["reason"].iloc[0]) == (status != "solved")
            assert rows[PRINTED].isna().all(axis=None)
        else:
            assert set(rows["reason"]) == {""}
            pd.testing.assert_frame_equal(
                rows[PRINTED], quotas[PRINTED], check_dtype=False, rtol=1e-12, atol=1e-9
            )
            assert (rows["quota"].to_numpy() == quotas["quota"].to_numpy()).all()


# ---- as separate solves ----------------------------------------------------------------------


def some_changes(rng: random.Random, plan: dc.Plan) -> dc.Scenario:
    """Draw a scenario: figures scaled, limits set, dropped, a lock; some of them mistakes."""
    one = rng.choice(plan.indicators)
    root, region = f"indicators.{one.id}", rng.choice(plan.region_names)
    year = rng.choice(plan.years)
    changes: list[Data] = [
        {"scale": {one.id: rng.choice([0.9, 0.97, 1.003, 1.05, 1.3])}},
        {"changes": {f"{root}.limits.growth.max": rng.choice([0.1, "60%", "200%"])}},
        {"changes": {f"{root}.limits.max.{region}.{year}": rng.choice([1, 5.5, 40])}},
        {"changes": {f"{root}.limits.min.{region}": rng.choice([0.1, 1, 30])}},
        {"changes": {f"{root}.locks.{region}.{year}": rng.choice([0, 2, 7.25])}},
        {"changes": {f"{root}.allocate": rng.choice(["equal", "base", "nothing"])}},
        {"changes": {f"{root}.target.margin": rng.choice(["2%", 0.1])}},
        {"changes": {f"{root}.strict": True}},
        {"changes": {f"{root}.links": []}},
        {"changes": {f"{root}.target": {}}},
        {"changes": {f"{root}.limits.nothing": 3}},
        {"changes": {f"{root}.name": "改名"}},
        {"drop": (f"{root}.limits",)},
        {"drop": (f"{root}.target",)},
        {"changes": {"total_label": "合计"}},
    ]
    return dc.Scenario("one", **rng.choice(changes))


def several(rng: random.Random, plan: dc.Plan, count: int) -> list[dc.Scenario]:
    """Draw scenarios, some of them two together, under names of their own."""
    found = []
    for number in range(count):
        drawn = some_changes(rng, plan)
        if rng.random() < 0.4:
            drawn = drawn + some_changes(rng, plan)
        found.append(dc.Scenario(f"{number}", drawn.changes, drawn.scale, drawn.drop))
    return found


@seeded(1)
@given(plans(), SEEDS)
def test_a_sweep_of_a_random_plan_is_as_separate_solves(data: Data, seed: int) -> None:
    plan, rng = dc.Plan.model_validate(data), random.Random(seed)
    scenarios = several(rng, plan, 4)
    same_as_separate(plan, scenarios, dc.sweep(plan, scenarios))


@seeded(1)
@given(SEEDS)
def test_a_sweep_of_tied_indicators_is_as_separate_solves(seed: int) -> None:
    rng = random.Random(seed)
    plan = dc.Plan.model_validate(ratio_plan(seed) if seed % 2 else link_plan(seed))
    scenarios = several(rng, plan, 4)
    same_as_separate(plan, scenarios, dc.sweep(plan, scenarios))


def some_figures(rng: random.Random, plan: dc.Plan) -> dc.Scenario:
    """Draw figures that are a little different, most of them possible: many are settled at once."""
    one = rng.choice(plan.indicators)
    root, region = f"indicators.{one.id}", rng.choice(plan.region_names)
    changes: list[Data] = [
        {"scale": {one.id: round(rng.uniform(0.99, 1.02), 4)}},
        {"changes": {f"{root}.limits.growth.max": f"{rng.randint(150, 300)}%"}},
        {"changes": {f"{root}.limits.min.{region}": round(rng.uniform(0, 2), 1)}},
        {"changes": {f"{root}.target.margin": f"{rng.randint(0, 20) / 10}%"}},
    ]
    return dc.Scenario("one", **rng.choice(changes))


@seeded(0.5)
@given(SEEDS)
def test_many_changed_figures_are_as_separate_solves(seed: int) -> None:
    rng = random.Random(seed)
    content = {
        0: lambda: ratio_plan(seed),
        1: lambda: link_plan(seed),
        2: lambda: make_plan(5, 3, 3, growth=(1.02, 1.4), seed=seed),
    }[seed % 3]()
    plan = dc.Plan.model_validate(content)
    drawn = [some_figures(rng, plan) for _ in range(8)]
    scenarios = [dc.Scenario(f"{k}", one.changes, one.scale) for k, one in enumerate(drawn)]
    same_as_separate(plan, scenarios, dc.sweep(plan, scenarios))


def test_figures_of_qingyuan_are_as_separate_solves() -> None:
    rng = random.Random(92)
    drawn = [some_figures(rng, QINGYUAN) for _ in range(25)]
    scenarios = [dc.Scenario(f"{k}", one.changes, one.scale) for k, one in enumerate(drawn)]
    scenarios += [
        dc.Scenario(f"all {k}", scale={"upgrade_investment": 1 + k / 10_000}) for k in range(20)
    ]
    frame = dc.sweep(QINGYUAN, scenarios)
    same_as_separate(QINGYUAN, scenarios, frame)
    assert (frame.groupby("scenario")["status"].first() == "solved").sum() > 25


def test_a_sweep_of_qingyuan_is_as_separate_solves() -> None:
    rng = random.Random(2015)
    scenarios = [dc.Scenario("as it is"), *several(rng, QINGYUAN, 29)]
    frame = dc.sweep(QINGYUAN, scenarios)
    same_as_separate(QINGYUAN, scenarios, frame)
    assert list(frame)[:3] == ["scenario", "status", "reason"]
    assert list(frame)[3:] == list(dc.solve(QINGYUAN).quotas)


# ---- the quick way of making a changed plan --------------------------------------------------


@seeded(4)
@given(SEEDS)
def test_quick_changes_are_those_of_with_changes(seed: int) -> None:
    rng = random.Random(seed)
    plan = dc.Plan.model_validate(ratio_plan(seed) if seed % 2 else link_plan(seed))
    scenario = several(rng, plan, 1)[0]
    try:
        changes = scenario.changes_of(plan)
    except dc.PlanError:
        return  # wrong before anything is changed
    try:
        truth: dc.Plan | None = plan.with_changes(changes)
    except dc.PlanError:
        truth = None
    by_number = by_indicator(plan, changes)
    if by_number is None:
        return
    made = {number: changed_indicator(plan, number, own) for number, own in by_number.items()}
    changed = {number: one for number, one in made.items() if one is not None}
    if len(changed) == len(made):
        parts = parts_of(beside(plan))
        part = frozenset[int]().union(*(parts[number] for number in changed))
        assert with_indicators(plan, changed, part) == truth
