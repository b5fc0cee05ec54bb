"""What must not change one published digit, over the whole algebra."""

from __future__ import annotations

from typing import Any

import pulp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import decompose as dc
from tests.seeded import shuffled
from tests.solved import Data, solved
from tests.strategies import any_plans

FEW = settings().max_examples // 2
FRAMES = ("quotas", "values", "totals")
SOLVERS = {
    "simplex": {"solver": "simplex"},
    "interior point": {"solver": "ipm"},
    "two threads": {"threads": 2, "parallel": "on"},
}


def printed(allocation: dc.Allocation, names: dict[str, str] | None = None) -> dict[str, Any]:
    """Return what is published, by its labels and free of order; names are changed back."""
    back = {new: old for old, new in (names or {}).items()}
    found: dict[str, Any] = {}
    for frame in FRAMES:
        table = getattr(allocation, frame)
        number = "value" if frame == "values" else "quota"
        labels = [column for column in ("indicator", "region", "scope", "year") if column in table]
        rows = zip(*(table[name].tolist() for name in [*labels, number]), strict=True)
        found[frame] = {tuple(back.get(one, one) for one in row[:-1]): row[-1] for row in rows}
    return found


def answered(data: Data, **keys: Any) -> dc.Allocation | None:
    """Solve a plan; None where it has no answer, or no table that adds up."""
    try:
        return solved(data, **keys)
    except dc.errors.RoundingError:
        return None


def assert_same(data: Data, other: Data, names: dict[str, str] | None = None, **keys: Any) -> None:
    """Two plans have one answer, or none, both of them."""
    one, another = answered(data), answered(other, **keys)
    assert (one is None) == (another is None)
    if one is not None and another is not None:
        assert printed(one) == printed(another, names)


@given(any_plans(), st.randoms(use_true_random=False))
def test_order_of_regions_indicators_and_rules(data: Data, rng: Any) -> None:
    assert_same(data, shuffled(data, rng))


@settings(max_examples=FEW)
@given(any_plans())
def test_names_in_the_same_order(data: Data) -> None:
    """Ties go by names, so new ones stand in the order of the old ones."""
    named = [one["name"] for one in data["regions"]] + list(data["groups"])
    names = {name: f"某{name}" for name in named}
    names |= {one["id"]: f"z{one['id']}" for one in data["indicators"]}
    assert_same(data, renamed(data, names), names)


def renamed(said: Any, names: dict[str, str]) -> Any:
    """Give regions, groups and indicators other names wherever they stand."""
    if isinstance(said, dict):
        return {names.get(key, key): renamed(inner, names) for key, inner in said.items()}
    if isinstance(said, list):
        return [renamed(inner, names) for inner in said]
    return names.get(said, said) if isinstance(said, str) else said


@pytest.mark.parametrize("options", SOLVERS.values(), ids=SOLVERS)
@settings(max_examples=FEW)
@given(data=any_plans())
def test_solver_and_threads(options: dict[str, Any], data: Data) -> None:
    assert_same(data, data, solver=pulp.HiGHS(msg=False, **options))
