"""Random small plans of which many cannot be met: too little capacity, or floors too high."""

from __future__ import annotations

import random
from fractions import Fraction
from math import ceil, floor
from typing import Any

from hypothesis import strategies as st

from tests.hidden import Data, Draw, plain
from tests.oracles.plan_program import PlanProgram
from tests.ratio_plans import ratio_plan
from tests.strategies import plans, simple_plans

ENDS = ("min", "max")


@st.composite
def tight_plans(draw: Draw) -> Data:
    """A plan of which one indicator's regions can do less, or must do more, than their share."""
    data: Data = draw(st.one_of(plans(), simple_plans()))
    plan = PlanProgram(data)
    said = draw(st.sampled_from(data["indicators"]))
    one = plan.indicators[said["id"]]
    end = draw(st.sampled_from(("max", "max", "min")))
    shares = st.integers(40, 110) if end == "max" else st.integers(60, 140)
    some = draw(st.sets(st.sampled_from(plan.frame.years), min_size=1))
    bounds: dict[str, dict[int, Any]] = {}
    for (region, year), reference in one.references.items():
        if year in some:
            steps = reference * draw(shares) / 100 / one.step
            whole = floor(steps) if end == "max" else ceil(steps)
            bounds.setdefault(region, {})[year] = plain(Fraction(whole) * one.step)
    said["limits"] = {key: said["limits"][key] for key in said["limits"] if key not in ENDS}
    if bounds:
        said["limits"][end] = bounds
    return data


def tight_ratio_plan(seed: int) -> Data:
    """A plan with ratios that may be too low or too high; always the same of a seed."""
    data, rng = ratio_plan(seed), random.Random(7 * seed + 1)
    for one in data["indicators"]:
        if one["kind"] != "ratio" or rng.random() < 0.2:
            continue
        limits, end = one.setdefault("limits", {}), rng.choice(ENDS)
        if one.get("publish") == "cut":
            limits["cut"] = {end: f"{rng.randint(0, 12)}%"}
        else:
            one["limits"] = {key: limits[key] for key in limits if key not in ENDS}
            one["limits"][end] = rng.randint(5, 50)
    return data
