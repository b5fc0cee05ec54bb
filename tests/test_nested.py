"""Nested sums whose figures disagree: in closed form as by programs."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given

from decompose.fairness import CLOSED
from decompose.fairness.nested import Nest
from tests.plans import Data, data, indicator
from tests.routes import by_both
from tests.seeded import SEEDS, seeded

WORDS = ("以上", "以上", "以下", "左右", "")


def nested_plan(seed: int) -> Data:
    """Counties in cities in provinces; nearly every one of these has a figure of its own."""
    rng = random.Random(seed)
    groups: dict[str, Data] = {}
    regions: list[Data] = []
    for province in range(rng.randint(2, 3)):
        groups[f"省{province}"] = {}
        for city in range(rng.randint(1, 3)):
            groups[f"市{province}{city}"] = {}
            regions += [
                {
                    "name": f"县{province}{city}{k}",
                    "groups": [f"省{province}", f"市{province}{city}"],
                }
                for k in range(rng.randint(1, 3))
            ]
    base = {one["name"]: rng.randint(10, 99) for one in regions}
    targets: Data = {}
    for group in groups:
        inside = sum(base[one["name"]] for one in regions if group in one["groups"])
        if rng.random() < 0.9:
            figure = round(inside * rng.uniform(1.05, 1.15), 1)
            targets[group] = {"years": {2015: f"{figure}{rng.choice(WORDS[:4])}"}}
    whole = round(sum(base.values()) * rng.uniform(1.05, 1.15), 1)
    said = indicator(
        decimals=1,
        base=base,
        target={"years": {2015: f"{whole}{rng.choice(WORDS)}"}},
        group_targets=targets,
        limits={"max": {one["name"]: base[one["name"]] * 2 for one in regions[::2]}},
    )
    return data(said, regions=regions, groups=groups, years=[2015])


def published(said: Data, what: str) -> Data:
    """Return the plan of a level of which its rise, or its growth, is published: data stand beside.

    Figures stay those of its values.
    """
    (one,) = said["indicators"]
    return {**said, "indicators": [{**one, "kind": "level", "publish": what, "limits": {}}]}


def compare(seed: int, publish: str | None = None) -> tuple[int, int]:
    """Compare both routes on a random plan; count the stages in closed form, and all."""
    said = nested_plan(seed)
    found = by_both(said if publish is None else published(said, publish))
    return sum(quick.route[0] == CLOSED for quick, _ in found), len(found)


@seeded(4)
@given(SEEDS)
def test_both_routes_agree(seed: int) -> None:
    compare(seed)


@pytest.mark.parametrize("publish", [None, "increment", "growth"])
def test_many_need_no_programs(publish: str | None) -> None:
    closed, count = np.array([compare(seed, publish) for seed in range(60)]).sum(axis=0)
    assert closed > 0.9 * count
    assert count > 20


def test_each_part_goes_on_by_itself_once_its_whole_is_settled() -> None:
    """190 is 19/22 of 90 and of 60 + 70; the two cities of 90 then share what it has."""
    nest = Nest(
        parent=np.array([-1, 0, 0, 1, 1, 2, 2]),
        figure=np.array([np.nan, 90.0, 120.0, 40.0, 40.0, 60.0, 70.0]),
        lower=np.array([190.0, *[0.0] * 6]),
        upper=np.array([190.0, *[np.inf] * 6]),
        least=np.zeros(7),
        most=np.array([0.0, 0.0, 0.0, *[np.inf] * 4]),
    )
    found = nest.agreed()
    assert found is not None
    part = 190 / 220  # of 90 and of 60 + 70, at one level
    first, second = 90 * part, 130 * part
    assert found == pytest.approx([190, first, second, first / 2, first / 2, 60 * part, 70 * part])


def random_nest(seed: int) -> Nest:
    """A whole with a sum of its own, two or three parts, and up to three parts in each of these."""
    random_ = np.random.default_rng(seed)
    parent = [-1]
    for _ in range(int(random_.integers(2, 4))):
        parent.append(0)
        parent += [len(parent) - 1] * int(random_.integers(0, 4))
    size = len(parent)
    figure = np.append(np.nan, random_.uniform(10, 99, size - 1))
    whole = float(random_.uniform(50, 300))
    return Nest(
        parent=np.array(parent),
        figure=figure,
        lower=np.append(whole, np.zeros(size - 1)),
        upper=np.append(whole, np.full(size - 1, np.inf)),
        least=np.zeros(size),
        most=np.where(np.isin(np.arange(size), parent), 0.0, np.inf),
    )


def test_what_is_agreed_adds_up_to_the_last_digit() -> None:
    count = 0
    for seed in range(40):
        nest = random_nest(seed)
        found = nest.agreed()
        if found is not None:
            for whole in {*nest.parent.tolist()} - {-1}:
                inside = found[nest.parent == whole].sum()
                assert inside == pytest.approx(found[whole], rel=2e-15)
            count += 1
    assert count > 35
