"""Ties that share a sum which rounding leaves one of two numbers: as if each stood alone."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from decompose.errors import RoundingError
from decompose.rounding import parts
from decompose.rounding.assemble import assemble
from decompose.rounding.shared import with_sums_apart
from decompose.rounding.system import System, Whole
from tests.oracles.tables import Tie, best_table, sum_near
from tests.test_rounding import FIRM, GROUP, Draft, assert_best, drafted

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


def _growing(seed: int) -> Draft:
    """Return two years of two groups, whose sums and the area's grow by so much; some cross."""
    rng = np.random.default_rng(seed)
    exact = np.round(rng.integers(1, 40, (2, 6)) / 12, 6)
    year = np.arange(12).reshape(2, 6)
    draft = Draft(exact.ravel(), rng.permutation(12).tolist(), strict=bool(rng.random() < 0.3))
    groups = [[0, 1, 2], [3, 4, 5], [0, 1, 2, 3, 4, 5]]
    groups += [[1, 3, 5], [0, 4, 5]] if rng.random() < 0.3 else []
    for group in groups:
        kind = FIRM if len(group) == 6 else GROUP
        draft.near += [(year[t, group], kind) for t in range(2)]
        before, after = exact[:, group].sum(axis=1)
        if rng.random() < 0.3:  # a figure
            draft.sums.append((year[1, group], np.floor(after), np.ceil(after)))
        rate = after / before * rng.uniform(0.98, 1.02)
        row = dict.fromkeys(year[1, group].tolist(), 1.0) | dict.fromkeys(
            year[0, group].tolist(), -rate
        )
        noted = after - rate * before
        draft.ties.append((row, min(noted, 0.0), np.inf) if rng.random() < 0.7 else (row, noted, 3))
    first = dict.fromkeys(year[0].tolist(), 1.0)  # the year before is data
    draft.ties.append((first, -np.inf, float(exact[0].sum() + rng.uniform(-0.2, 0.2))))
    return draft


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
    monkeypatch.setattr(parts, "with_sums_apart", lambda system, **_: system)
    assert found.quotas.tolist() == draft.rounded().quotas.tolist()
    assert found.excess.max() == pytest.approx(float(expected.worst), abs=1e-6)
    distance = np.abs(found.quotas - np.array(exact, dtype=np.float64)).sum()
    assert distance == pytest.approx(float(expected.distance), abs=1e-6)


@pytest.mark.parametrize("seed", range(80))
def test_growth_of_sums_is_rounded_as_brute_force_does(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "count", lambda _: None)
    assert_best(_growing(seed).table())


def _group_shares(seed: int) -> Draft:
    """Return two groups of three: each is to have so much of the sum of both, at most or least."""
    rng = np.random.default_rng(seed)
    exact = np.round(rng.integers(1, 40, 6) / 12, 6)
    draft = Draft(exact, rng.permutation(6).tolist(), strict=bool(rng.random() < 0.3))
    groups = [0, 1, 2], [3, 4, 5]
    draft.near = [([*groups[0], *groups[1]], FIRM), *((group, GROUP) for group in groups)]
    for group in groups:
        share = exact[group].sum() / exact.sum() * rng.uniform(0.96, 1.04)
        row = {cell: float((cell in group) - share) for cell in range(6)}
        noted = exact[group].sum() - share * exact.sum()
        least = rng.random() < 0.5
        draft.ties.append((row, min(noted, 0), np.inf) if least else (row, -np.inf, max(noted, 0)))
    return draft


@pytest.mark.parametrize("seed", range(40))
def test_shares_of_groups_are_rounded_as_brute_force_does(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "count", lambda _: None)
    assert_best(_group_shares(seed).table())


def test_growth_of_sums_is_a_rule_of_two_columns() -> None:
    system = _system(_growing(1))
    assert system.ties.matrix.counts.max() == 12
    firm, movable = with_sums_apart(system), with_sums_apart(system, movable=True)
    assert firm.ties.matrix.counts.max() > 2  # groups may give way
    assert movable.ties.matrix.counts.max() == 2


def test_strict_growth_between_settled_sums_is_not_lost() -> None:
    cells = list(range(6))
    draft = Draft([0.5] * 6, strict=True, near=[(cells[:3], FIRM), (cells[3:], FIRM)])
    draft.sums = [(cells[:3], 2, 2), (cells[3:], 2, 2)]
    row = dict.fromkeys(cells[3:], 1.0) | dict.fromkeys(cells[:3], -1.1)
    draft.ties = [(row, 0.0, np.inf)]
    with pytest.raises(RoundingError):
        draft.rounded()
    draft.ties = [(row, -0.3, np.inf)]
    assert draft.rounded().quotas.tolist() == [1, 1, 0, 1, 1, 0]


def test_long_ties_become_short() -> None:
    system = _system(drafted(*_shares(1)))
    longest = system.ties.matrix.counts.max()
    apart = with_sums_apart(system)
    assert longest > 2
    assert apart.ties.matrix.counts.max() == 2
    assert apart.size == system.size + 2


def test_shares_of_three_cells_become_short() -> None:
    row = {0: 0.75, 1: -0.25, 2: -0.25}  # a quarter of the sum
    draft = Draft([0.5, 0.7, 0.9], near=[([0, 1, 2], FIRM)], ties=[(row, -np.inf, 0.0)])
    system = _system(draft)
    assert system.ties.matrix.counts.tolist() == [3]
    apart = with_sums_apart(system)
    assert apart.ties.matrix.counts.tolist() == [2]
    # each whole number that the sum may be is 0 or 1 more than the least
    assert (apart.lower[-1], apart.upper[-1]) == (0, 1)
    assert apart.ties.matrix.value.tolist() == [1.0, -0.25]


def test_ties_that_share_no_sum_stay() -> None:
    system = _system(Draft([0.5] * 4, sums=[([0, 1, 2, 3], 2, 2)], ties=[({0: 1, 1: -1}, 0, 0)]))
    assert with_sums_apart(system) is system
