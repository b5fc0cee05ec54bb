"""Programs for parts against one program of everything: cities with sums, and rules that tie."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import decompose as dc
from decompose.fairness import CLOSED, choose_all
from decompose.settle import problems_of
from tests import plans as small

CITIES, COUNTIES, YEARS = 4, 3, (2026, 2027, 2028)


def plan_of(seed: int, *, first: str = "", words: str = "") -> dc.Plan:
    """Make a plan around hidden numbers: a part tied to its whole, both summed by city.

    One may come first, and the part's figures have words.
    """
    random = np.random.default_rng(seed)
    names = [f"county {k}" for k in range(CITIES * COUNTIES)]
    city = np.repeat(np.arange(CITIES), COUNTIES)
    base = random.uniform(10, 30, len(names)).round(2)
    whole = base[:, None] * np.cumprod(random.uniform(1.04, 1.13, (len(names), 3)), axis=1)
    shares = random.uniform(0.2, 0.4, len(names))
    share = shares[:, None] * random.uniform(0.9, 1.1, whole.shape)
    tables = {"whole": whole.round(2), "part": (share * whole).round(2)}
    far = random.uniform(0.7, 1.3, len(names))  # so that shares out of bounds join the two
    bases = {"whole": base, "part": (far * shares * base).round(2)}
    least = (tables["part"] / tables["whole"]).min() - 0.002
    links = [{"at_least_share": float(least), "of": "whole"}, {"part_of": "whole"}]

    def figures(rows: Any, values: Any, said: str) -> dict[int, str]:
        return {
            year: f"{value:.2f}{said}"
            for year, value in zip(YEARS, values[rows].sum(0), strict=True)
        }

    def one(name: str) -> dict[str, Any]:
        values, rows = tables[name], range(len(names))
        said = words if name == "part" else ""
        turn = {"priority": 1 if name == first else 2} if first else {}
        most = values.sum(axis=1) * random.uniform(1.001, 1.05, len(names))
        return turn | {
            "id": name,
            "kind": "flow",
            "base": dict(zip(names, bases[name].tolist(), strict=True)),
            "target": {"years": figures(list(rows), values, said)},
            "group_targets": {
                f"city {k}": {"years": figures(np.flatnonzero(city == k), values, said)}
                for k in range(CITIES)
            },
            "limits": {"total": {"max": dict(zip(names, most.round(2).tolist(), strict=True))}},
        }

    return dc.Plan.model_validate(
        {
            "format": 1,
            "title": "t",
            "area": "area",
            "base_year": 2025,
            "years": list(YEARS),
            "regions": [
                {"name": name, "groups": [f"city {k}"]} for name, k in zip(names, city, strict=True)
            ],
            "groups": {f"city {k}": {} for k in range(CITIES)},
            "indicators": [one("whole"), {**one("part"), "links": links}],
        }
    )


@pytest.mark.parametrize("seed", [0, 1, 3, 4, 5, 10, 11, 21])
def test_parts_give_what_one_program_gives(seed: int) -> None:
    (problem,) = problems_of(plan_of(seed))
    quick, clashing = choose_all(problem)
    slow, also = choose_all(problem, closed=False)
    assert clashing == also == []
    assert set(quick.route) == {CLOSED}
    assert quick.programs > 0
    assert np.abs(quick.x - slow.x).max() < 1e-6 * problem.reference.max()


@pytest.mark.parametrize("words", ["", "左右", "以上"])
@pytest.mark.parametrize("first", ["whole", "part"])
@pytest.mark.parametrize("seed", [0, 1, 4])
def test_one_after_the_other_gives_what_one_program_gives(
    seed: int, first: str, words: str
) -> None:
    (problem,) = problems_of(plan_of(seed, first=first, words=words))
    quick, clashing = choose_all(problem)
    slow, also = choose_all(problem, closed=False)
    assert clashing == also == []
    assert quick.programs < slow.programs / 2
    assert np.abs(quick.x - slow.x).max() < 1e-6 * problem.reference.max()


@pytest.mark.parametrize("words", ["", "以上"])
def test_the_first_ones_leave_the_others_an_answer(words: str) -> None:
    """Alone, the part would be 3, 3 and 4; two regions have no more than 4 of the whole."""
    shared = {"kind": "flow", "unit": "亿元", "decimals": 2}
    own = {"甲区": 3, "乙县": 3, "丙县": 4}
    whole = {"allocate": "equal", "limits": {"max": {"sum": {"北部": 4}}}, "priority": 2}
    part = {"allocate": {"by": own}, "links": [{"part_of": "whole"}], "priority": 1}
    plan = small.plan(
        {"id": "whole", "name": "全部", "target": {"years": {2015: f"11{words}"}}} | whole | shared,
        {"id": "part", "name": "其中", "target": {"years": {2015: f"10{words}"}}} | part | shared,
        regions=[{"name": name, "groups": ["北部"][: name != "丙县"]} for name in own],
        groups={"北部": {}},
        years=[2015],
    )
    exact = dc.solve(plan).quotas.set_index("indicator")["exact"]
    assert exact["part"].tolist() == pytest.approx([2, 2, 6])
    assert exact["whole"].tolist() == pytest.approx([2, 2, 7])
