"""Uncertain figures: draws against closed forms."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest

import decompose as dc
from tests import plans as small

N = 20_000
NEAR = 4 / math.sqrt(N)
"""Four deviations of a share of so many draws, at most half of this each side."""
PATH = "indicators.investment.limits.max.甲区"


def chance(**keys: Any) -> dict[str, float]:
    """Return the probabilities of 2015 by region."""
    found = dc.chances(dc.solve(small.plan()), "investment", 2015, n=N, seed=7, **keys)
    return dict(zip(found["region"], found["probability"], strict=True))


# ---- quotas under uncertain figures ----------------------------------------------------------


def test_drawn_quotas_follow_the_drawn_figure() -> None:
    uncertain: dict[str, Any] = {PATH: ("uniform", 6.0, 8.0)}
    frame = dc.simulate(small.plan(), uncertain, n=60, seed=3)
    assert set(frame["status"]) == {"solved"}
    own = frame[(frame["region"] == "甲区") & (frame["year"] == 2015)]
    assert np.array_equal(own["quota"], np.floor(own["upper"].round(9) * 100 + 1e-6) / 100)
    spread = dc.quota_quantiles(frame, at=(0.0, 0.5, 1.0))
    cell = spread[(spread["region"] == "甲区") & (spread["year"] == 2015)].iloc[0]
    assert cell["count"] == 60
    assert (cell["0"], cell["1"]) == (own["quota"].min(), own["quota"].max())
    assert cell["mean"] == pytest.approx(own["quota"].mean())
    assert 6 <= cell["0"] < cell["0.5"] < cell["1"] <= 8


def test_a_seed_draws_the_same_whatever_else_is_uncertain() -> None:
    one: dict[str, Any] = {PATH: ("uniform", 6.0, 8.0)}
    other: dict[str, Any] = {"investment": ("normal", 1.0, 0.01), **one}
    drawn = [
        dc.simulate(small.plan(), uncertain, n=5, seed=3).query("region == '甲区'")["upper"]
        for uncertain in (one, other)
    ]
    assert drawn[0].tolist() == drawn[1].tolist()
    again = dc.simulate(small.plan(), one, n=5, seed=4).query("region == '甲区'")["upper"]
    assert again.tolist() != drawn[0].tolist()


# ---- probabilities ---------------------------------------------------------------------------


def test_a_region_reaches_its_quota_as_likely_as_its_capacity_does() -> None:
    # 甲区 is asked for 18 · 8 / 15 = 9.6
    found = chance(capacity={"甲区": ("uniform", 9.0, 10.0)})
    assert found["甲区"] == pytest.approx(0.4, abs=NEAR)
    assert found["全市"] == found["甲区"]  # the others are sure, and nobody makes up for it
    assert found["乙县"] == found["丙县"] == 1


def test_growth_is_drawn_for_each_year_and_compounded() -> None:
    # 8 · (1 + g) ≥ 9.6 where g ≥ 0.2
    found = chance(growth={"甲区": ("normal", 0.2, 0.05)})
    assert found["甲区"] == pytest.approx(0.5, abs=NEAR)
    later = dc.chances(
        dc.solve(small.plan()), "investment", 2016, growth={"甲区": ("uniform", 0.0, 1.0)}, n=N
    )
    # (1 + g)(1 + h) ≥ 12.8 / 8 = 1.6: 1 - ∫ over g of P(1 + h < 1.6 / (1 + g))
    below = 1.6 * math.log(1.6) - 0.6
    assert later["probability"].iloc[1] == pytest.approx(1 - below, abs=NEAR)


def test_the_area_reaches_its_target_where_all_do() -> None:
    found = chance(
        capacity={"甲区": ("uniform", 9.0, 10.0), "乙县": ("uniform", 4.6, 5.6)},
    )
    assert found["乙县"] == pytest.approx(0.8, abs=NEAR)
    assert found["全市"] == pytest.approx(0.4 * 0.8, abs=NEAR)  # drawn independently


def test_the_margin_brings_the_area_to_the_wanted_probability() -> None:
    # handed out 18 · (1 + m); 甲区 does X ~ U(9, 10), the others 8.4 · (1 + m), so the area reaches
    # 18 where X ≥ 9.6 - 8.4 m and 9.6 · (1 + m) ≥ 9.6 - 8.4 m: P = 10 - 9.6 + 8.4 m = 0.4 + 8.4 m
    keys: dict[str, Any] = {"capacity": {"甲区": ("uniform", 9.0, 10.0)}, "n": N, "seed": 7}
    found = dc.margin_for(small.plan(), "investment", 2015, 0.8, **keys)
    assert found.margin == pytest.approx(0.05)  # 0.045 gives 0.778, 0.05 gives 0.82
    assert found.probability == pytest.approx(0.82, abs=NEAR)
    first = found.tried.iloc[0]
    assert first["margin"] == 0
    assert first["probability"] == chance(capacity=keys["capacity"])["全市"]


def test_no_margin_suffices_where_plans_cannot_be_met() -> None:
    plan = small.plan(small.indicator(limits={"max": {2015: 9.7}}))
    capacity: dict[str, Any] = {"甲区": ("uniform", 0.0, 0.1)}
    found = dc.margin_for(
        plan, "investment", 2015, 0.9, capacity=capacity, margins=(0, 0.1, 1), n=100
    )
    assert found.margin is None
    assert found.probability == 0
    assert found.tried["status"].tolist() == ["solved", "solved", "infeasible"]
    assert pd.isna(found.tried["probability"].iloc[2])


@pytest.mark.parametrize(
    ("arguments", "keys", "code"),
    [
        (("nothing", 2015), {}, "chance_indicator"),
        (("investment", 2020), {}, "chance_year"),
        (("investment", 2015), {"growth": {"丁县": ("normal", 0, 1)}}, "chance_region"),
        (("investment", 2015), {"growth": {"甲区": ("cauchy",)}}, "chance_kind"),
        (("investment", 2015), {"growth": {"甲区": ("normal", 0)}}, "chance_kind"),
        (("investment", 2015), {"growth": {"甲区": ("normal", 0, -1)}}, "chance_parameters"),
    ],
)
def test_what_cannot_be_drawn_is_told(
    arguments: tuple[str, int], keys: dict[str, Any], code: str
) -> None:
    with pytest.raises(dc.PlanError) as caught:
        dc.chances(dc.solve(small.plan()), *arguments, **keys)
    assert caught.value.code == code


@pytest.mark.parametrize("wanted", [1.5, -0.1])
def test_what_is_no_probability_is_told(wanted: float) -> None:
    with pytest.raises(dc.PlanError, match="概率"):
        dc.margin_for(
            small.plan(), "investment", 2015, wanted, growth={"甲区": ("normal", 0.1, 0.1)}
        )


def test_no_draws_are_told() -> None:
    with pytest.raises(dc.PlanError, match="抽样次数"):
        dc.simulate(small.plan(), {"investment": ("normal", 1, 0.1)}, n=0)
