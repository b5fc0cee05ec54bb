"""Ratios whose figure has two ends: printed numbers stay between them wherever any can."""

from __future__ import annotations

import itertools
import math
import random
from fractions import Fraction
from typing import Any

import pytest

import decompose as dc
from tests import plans

NAMES = tuple(plans.BASES)


def about_plan(rng: random.Random) -> tuple[plans.Data, tuple[Fraction, Fraction]]:
    """A rate over given firms; also its ends, in the printed unit."""
    digits = rng.choice((0, 1))
    firms = {name: rng.randint(5, 400) for name in NAMES}
    figure = Fraction(rng.randint(20, 900), 10)
    said = f"{float(figure):g}左右"
    ends = figure * Fraction(98, 100), figure * Fraction(102, 100)
    if rng.random() < 0.3:
        ends = figure, figure + Fraction(rng.randint(1, 9), 10)
        said = f"{float(ends[0]):g}-{float(ends[1]):g}"
    base = {name: round(count * rng.uniform(0.1, 0.6)) + 1 for name, count in firms.items()}
    rate: dict[str, Any] = {
        "id": "rate",
        "kind": "ratio",
        "denominator": "firms",
        "base_numerator": base,
        "scale": 100,
        "decimals": digits,
        "allocate": rng.choice(("equal", "base")),
        "target": {"years": {2015: said}},
    }
    given = {"id": "firms", "kind": "given", "values": {2014: firms, 2015: firms}}
    return plans.data(given, rate, years=[2015]), ends


@pytest.mark.parametrize("start", range(0, 300, 100))
def test_printed_numbers_lie_between_the_ends_wherever_any_do(start: int) -> None:
    missed = 0
    for seed in range(start, start + 100):
        data, (low, high) = about_plan(random.Random(seed))
        allocation = dc.solve(dc.Plan.model_validate(data))
        firms = data["indicators"][0]["values"][2015]
        step = Fraction(1, 10 ** data["indicators"][1]["decimals"])

        def mean(numbers: tuple[Fraction, ...], firms: dict[str, int] = firms) -> Fraction:
            top = sum(n * firms[name] for n, name in zip(numbers, NAMES, strict=True))
            return Fraction(top) / sum(firms.values())

        by_region = allocation.quotas.set_index("region")
        printed = tuple(Fraction(str(by_region["quota"][name])) for name in NAMES)
        ends = [_neighbours(float(by_region["exact"][name]), step) for name in NAMES]
        assert all(number in near for number, near in zip(printed, ends, strict=True))
        if not low <= mean(printed) <= high:
            missed += 1
            assert not any(low <= mean(one) <= high for one in itertools.product(*ends))
            assert set(allocation.excess["scope"]) == {"全市"}
    assert missed < 15


def _neighbours(exact: float, step: Fraction) -> set[Fraction]:
    steps = float(exact / float(step))
    return {math.floor(steps + 1e-6) * step, math.ceil(steps - 1e-6) * step}


@pytest.mark.parametrize("seed", range(60))
def test_growth_lies_between_the_ends_wherever_any_does(seed: int) -> None:
    rng = random.Random(seed)
    base = {name: float(rng.randint(20, 400)) for name in NAMES}
    rise = Fraction(rng.randint(30, 500), 10)
    level = plans.indicator(kind="level", publish="growth", decimals=0, base=base)
    level["target"] = {"increase": f"{float(rise):g}左右", "tolerance": "5%"}
    allocation = dc.solve(plans.plan(level, years=[2015]))
    by_region = allocation.quotas.set_index("region")
    rates = tuple(Fraction(by_region["quota"][name]) for name in NAMES)
    ends = [_neighbours(float(by_region["exact"][name]), Fraction(1)) for name in NAMES]
    assert all(number in near for number, near in zip(rates, ends, strict=True))

    def risen(rates: tuple[Fraction, ...]) -> Fraction:
        parts = (r * Fraction(base[name]) for r, name in zip(rates, NAMES, strict=True))
        return sum(parts, Fraction(0)) / 100

    low, high = rise * Fraction(95, 100), rise * Fraction(105, 100)
    if not low <= risen(rates) <= high:
        assert not any(low <= risen(one) <= high for one in itertools.product(*ends))


def test_what_snaps_to_a_step_does_not_miss_the_target() -> None:
    """Each would rise by 1.00000025: in print, one of them must rise by more than 1."""
    before = {"甲区": 1_000_000, "乙县": 1_000_000, "丙县": 1_000_000}
    after = {**before, "乙县": 999_999.9}
    firms = {"id": "firms", "kind": "given", "values": {2014: before, 2015: after}}
    rate = {
        "id": "rate",
        "kind": "ratio",
        "denominator": "firms",
        "base_numerator": {"甲区": 100_000, "乙县": 200_000, "丙县": 150_000},
        "scale": 100,
        "decimals": 0,
        "publish": "rise",
        "target": {"rise": "1以上"},
    }
    allocation = dc.solve(plans.plan(firms, rate, years=[2015]))
    printed = allocation.quotas.set_index("region")["quota"]
    base = {"甲区": 10, "乙县": 20, "丙县": 15}
    top = sum((base[name] + Fraction(printed[name])) * Fraction(str(after[name])) for name in NAMES)
    assert top / sum(Fraction(str(one)) for one in after.values()) >= 16
    assert sorted(printed) == [1, 1, 2]
    assert allocation.excess.empty
