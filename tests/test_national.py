"""A small part of the national plan: nested groups, boxes, growth, links, ratios."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import decompose as dc
from benchmarks.national import Tree, write_plan
from decompose.fairness import CLOSED, answer
from decompose.fairness.relaxed import Sums
from decompose.problem import Matrix, Rules, Solution
from decompose.settle import problems_of

PART = 0.02


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> dc.Plan:
    folder: Path = tmp_path_factory.mktemp("national")
    return dc.read_plan(write_plan(folder, PART))


def test_every_city_and_province_gets_what_it_must(plan: dc.Plan) -> None:
    allocation = dc.solve(plan)
    groups = list(Tree.of(PART).groups())
    quotas = allocation.quotas.groupby(["indicator", "year"])["quota"]
    for one in plan.indicators:
        for name, counties, wanted in groups if one.kind in ("flow", "level") else ():
            assert (name in one.group_targets) == (wanted and one.id != "burnt")
            target = one.group_targets.get(name)
            for year, figure in target.years.items() if target is not None else ():
                quota = quotas.get_group((one.id, year)).to_numpy()[counties]
                assert quota.sum() == pytest.approx(figure.value, abs=1e-9)


def test_nested_sums_and_means_need_no_programs(plan: dc.Plan) -> None:
    for problem in problems_of(plan):
        closed, programs = answer(problem), answer(problem, closed=False)
        assert isinstance(closed, Solution)
        assert isinstance(programs, Solution)
        assert set(closed.route) == {CLOSED}
        assert closed.programs == 0
        assert programs.programs > 0
        np.testing.assert_allclose(closed.x, programs.x, rtol=1e-6)


def _means(*rows: list[float]) -> Rules:
    """Return rules that hand out 1 of each weighted sum."""
    dense = np.array(rows)
    row, column = np.nonzero(dense)
    count, size = dense.shape
    matrix = Matrix.collect(row, column, dense[row, column], rows=count, size=size)
    nothing = np.zeros(count, dtype=np.int64)
    return Rules(
        matrix,
        lower=np.zeros(count),
        upper=np.full(count, 2.0),
        family=nothing,
        indicator=nothing,
        scope=nothing,
        year=nothing,
        source=nothing,
        figure=np.ones(count),
        whole=nothing > 0,
    )


def test_nested_means_are_sums_of_the_same_weighted_cells() -> None:
    rules = _means([0.2, 0.2, 0.6], [0.5, 0.5, 0.0], [0.0, 0.0, 1.0])
    found = Sums.of(rules, 3)
    np.testing.assert_allclose(found.weight, [0.2, 0.2, 0.6])
    np.testing.assert_allclose(found.scale, [1.0, 2.5, 1 / 0.6])


def test_a_mean_with_other_weights_is_none_of_them() -> None:
    rules = _means([0.2, 0.2, 0.6], [0.4, 0.6, 0.0], [1.0, 1.0, 0.0], [1.0, -1.0, 0.0])
    np.testing.assert_allclose(Sums.of(rules, 3).scale, [1.0, np.nan, 5.0, np.nan])
    plain = _means([1.0, 1.0, 0.0], [1.0, 1.0, 1.0])
    assert Sums.of(plain, 3).weight.tolist() == [1.0, 1.0, 1.0]
