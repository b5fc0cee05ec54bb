"""Ties that share a sum which rounding leaves one of two numbers: as if each stood alone."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from decompose.rounding import parts
from decompose.rounding.assemble import assemble
from decompose.rounding.shared import with_sums_apart
from decompose.rounding.system import System, Whole
from tests.oracles.tables import Tie, best_table, sum_near
from tests.test_rounding import Draft, drafted

YEARS = [[0, 1, 2, 3], [4, 5, 6, 7]]


def _shares(seed: int) -> tuple[list[Fraction], list[Tie], list[list[int]]]:
    """Return values of two years, shares of the area for every cell, and the sums."""
    rng = np.random.default_rng(seed)
    exact = [Fraction(int(n), 12) for n in rng.integers(1, 40, 8)]
    ties = []
    for year in YEARS:
        area = sum((exact[cell] for cell in year), Fraction())
        for cell in year:
            share = exact[cell] / area * Fraction(int(rng.integers(97, 104)), 100)
            own = {one: -share + (one == cell) for one in year}
            slack = max(Fraction(0), exact[cell] - share * area)
            ties.append(Tie(own, slack) if rng.random() < 0.8 else Tie({cell: 1}, exact[cell]))
    return exact, ties, [*YEARS, *([cell, cell + 4] for cell in YEARS[0])]


def _system(draft: Draft) -> System:
    ordered = Whole.of(draft.table())
    return assemble(ordered, reach=0 * ordered.reach, last=False).system


@pytest.mark.parametrize("seed", range(60))
def test_shares_of_a_sum_between_two_steps_are_rounded_as_the_oracle_does(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    exact, ties, sums = _shares(seed)
    draft = drafted(exact, ties, sums)
    expected = best_table(exact, sums=[sum_near(exact, cells) for cells in sums], ties=ties)
    assert expected is not None
    monkeypatch.setattr(parts, "count", lambda _: None)
    found = draft.rounded()
    monkeypatch.setattr(parts, "with_sums_apart", lambda system: system)
    assert found.quotas.tolist() == draft.rounded().quotas.tolist()
    assert found.excess.max() == pytest.approx(float(expected.worst), abs=1e-6)
    distance = np.abs(found.quotas - np.array(exact, dtype=np.float64)).sum()
    assert distance == pytest.approx(float(expected.distance), abs=1e-6)


def test_long_ties_become_short() -> None:
    system = _system(drafted(*_shares(1)))
    longest = system.ties.matrix.counts.max()
    apart = with_sums_apart(system)
    assert longest > 2
    assert apart.ties.matrix.counts.max() == 2
    assert apart.size == system.size + 2


def test_ties_that_share_no_sum_stay() -> None:
    system = _system(Draft([0.5] * 4, sums=[([0, 1, 2, 3], 2, 2)], ties=[({0: 1, 1: -1}, 0, 0)]))
    assert with_sums_apart(system) is system
