"""A solver that stops, breaks or lies gives an error and no quotas; sizes far apart certify."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pulp
import pytest

import decompose as dc
from decompose.labels import say
from decompose.problem import Status
from decompose.solvers.highs import Highs
from decompose.solvers.program import Program, Result
from tests import plans as small
from tests.test_solve_oracle import same_as_oracle

Spoil = Callable[[Program, Result], Result]


def tied() -> dc.Plan:
    """A plan that takes programs: a group's share ties part and whole, and totals cross years."""
    whole = small.indicator(id="whole", limits={"total": {"max": {"甲区": 16}}})
    part = small.indicator(
        id="part",
        name="其中",
        base={"甲区": 1, "乙县": 5, "丙县": 2},
        target={"years": {2015: 12, 2016: 14}},
        links=[{"part_of": "whole"}, {"at_most_share": "60%", "of": "whole", "scope": "北部"}],
    )
    return small.plan(whole, part)


class Spoilt(Highs):
    """HiGHS whose answers are spoilt from one program on, or in one program alone."""

    def __init__(self, spoil: Spoil, at: int, *, once: bool = False) -> None:
        super().__init__()
        self.spoil, self.at, self.once, self.count = spoil, at, once, 0

    def solve(self, program: Program, *, cold: bool = False) -> Result:
        answer = super().solve(program, cold=cold)
        number, self.count = self.count, self.count + 1
        hit = number == self.at if self.once else number >= self.at
        return self.spoil(program, answer) if hit else answer


def programs_of(plan: dc.Plan) -> int:
    """Count the programs that a plan takes."""
    counting = Spoilt(lambda _, answer: answer, at=0)
    dc.solve(plan, solver=counting)
    return counting.count


def lost(status: Status) -> Spoil:
    return lambda program, _: Result.without_point(program, status)


def shifted(program: Program, answer: Result) -> Result:
    return Result.at(program, answer.x * 1.01 + 0.01, status=Status.OPTIMAL)


def no_numbers(program: Program, answer: Result) -> Result:
    return Result.at(program, np.full(len(answer.x), np.nan), status=Status.OPTIMAL)


SPOILT = {
    "a time limit": lost(Status.LIMIT),
    "a failure": lost(Status.FAILED),
    "unbounded": lost(Status.UNBOUNDED),
    "another point": shifted,
    "no numbers": no_numbers,
}


@pytest.mark.parametrize("name", SPOILT)
def test_a_solver_that_fails_from_some_program_on_gives_no_quotas(name: str) -> None:
    plan = tied()
    count = programs_of(plan)
    assert count > 2
    for at in range(count):
        with pytest.raises(dc.SolverError) as caught:
            dc.solve(plan, solver=Spoilt(SPOILT[name], at))
        assert caught.value.text("en")


@pytest.mark.parametrize("name", SPOILT)
def test_one_failure_gives_an_error_or_the_answer(name: str) -> None:
    plan = tied()
    right = dc.solve(plan).quotas["quota"]
    for at in range(programs_of(plan)):
        with contextlib.suppress(dc.SolverError):
            found = dc.solve(plan, solver=Spoilt(SPOILT[name], at, once=True))
            assert found.quotas["quota"].equals(right)


@pytest.mark.parametrize("kind", [KeyboardInterrupt, MemoryError])
def test_an_interrupt_ends_the_run(kind: type[BaseException]) -> None:
    def interrupt(_: Program, __: Result) -> Result:
        raise kind

    plan = tied()
    for at in range(programs_of(plan)):
        with pytest.raises(kind):
            dc.solve(plan, solver=Spoilt(interrupt, at))


class Stopped(pulp.HiGHS):  # type: ignore[misc]  # PuLP publishes no types
    """A solver of PuLP that says it ran out of time and leaves a point."""

    def actualSolve(self, lp: Any, **options: Any) -> Any:  # noqa: N802 (PuLP's name)
        answer = super().actualSolve(lp, **options)
        lp.sol_status = pulp.LpSolutionIntegerFeasible
        return answer


def test_a_point_of_pulp_that_is_not_known_to_be_best_is_no_answer() -> None:
    with pytest.raises(dc.SolverError):
        dc.solve(tied(), solver=Stopped(msg=False))


class Nonsense(pulp.LpSolver):  # type: ignore[misc]  # PuLP publishes no types
    """A solver of PuLP that answers with something that is no status, or leaves no numbers."""

    def __init__(self, answer: Any, left: Any) -> None:
        super().__init__(msg=False)
        self.answer, self.left = answer, left

    def available(self) -> bool:
        return True

    def actualSolve(self, lp: Any, **_: Any) -> Any:  # noqa: N802 (PuLP's name)
        for variable in lp.variables():
            variable.varValue = self.left
        lp.status = lp.sol_status = 1
        return self.answer


@pytest.mark.parametrize(
    ("answer", "left"),
    [
        (1, "x"),
        (1, 1j),
        (1, float("nan")),
        (1, None),
        (1, 1e30),
        (None, 0.0),
        ("x", 0.0),
        (99, 0.0),
    ],
)
def test_nonsense_of_pulp_is_an_error(answer: Any, left: Any) -> None:
    with pytest.raises(dc.SolverError):
        dc.solve(tied(), solver=Nonsense(answer, left))


def test_an_allocation_is_not_written_where_the_solver_fails(tmp_path: Any) -> None:
    kept = tmp_path / "allocation.json"
    dc.solve(tied()).save(kept)
    before = kept.read_bytes()
    with pytest.raises(dc.SolverError):
        dc.solve(tied(), solver=Spoilt(SPOILT["a failure"], 0)).save(kept)
    assert kept.read_bytes() == before
    assert list(tmp_path.iterdir()) == [kept]


# ---- 1e-3 and 1e9 in one plan --------------------------------------------------------------------

SIZES = (1e-3, 1e-2, 1.0, 1e3, 1e6, 1e9)


def far_apart(seed: int) -> dict[str, Any]:
    """A plan in thousandths, whose regions are of very different sizes, and a part of it."""
    draw = random.Random(seed)
    regions = ["甲", "乙", "丙", "丁"][: draw.randint(2, 4)]
    base = {name: round(draw.choice(SIZES) * draw.randint(1, 9), 3) for name in regions}
    part = {name: round(value / 3, 3) for name, value in base.items()}
    small_ones = {name: draw.randint(1, 9) / 1000 for name in regions}
    rise = draw.uniform(1.0, 1.2)

    def target(values: dict[str, float], *factors: float) -> dict[str, Any]:
        years = zip((2015, 2016), factors, strict=False)
        return {"years": {year: round(sum(values.values()) * by, 3) for year, by in years}}

    growth = {"growth": {"max": draw.choice(["5%", "20%", "50%", "300%"])}}
    capped = {"max": {regions[-1]: round(base[regions[-1]] * 1.05, 3)}}
    common = {"kind": draw.choice(["level", "flow"]), "decimals": 3}
    factors = draw.uniform(0.9, 1.3), draw.uniform(0.9, 1.3)
    return {
        "area": "全市",
        "total_label": "合计",
        "years": [2015, 2016],
        "base_year": 2014,
        "regions": regions,
        "indicators": [
            {
                "id": "a",
                "name": "甲类",
                **common,
                "base": base,
                "target": target(base, rise, rise**2),
                "limits": {**growth, **(capped if draw.random() < 0.5 else {})},
            },
            {
                "id": "b",
                "name": "乙类",
                **common,
                "base": part,
                "links": [{"part_of": "a"}],
                "target": target(part, *factors),
            },
            {
                "id": "c",
                "name": "丙类",
                "kind": "flow",
                "decimals": 6,
                "base": small_ones,
                "target": target(small_ones, 1.1),
            },
        ],
    }


@pytest.mark.parametrize("seed", range(40))
def test_numbers_of_very_different_size_certify_and_are_right(seed: int) -> None:
    same_as_oracle(far_apart(seed))


def test_rules_of_a_tiny_cell_that_contradict_are_told() -> None:
    """8 thousandths may neither grow by 1 % nor stay, beside seven thousand million."""
    one = small.indicator(
        decimals=3,
        base={"甲区": 7e9, "乙县": 5, "丙县": 0.008},
        target={"years": {2015: 8077505011.265, 2016: 9320869594.333}},
        limits={"growth": {"min": "1%", "max": "50%"}, "max": {"丙县": 0.008}},
    )
    with pytest.raises(dc.InfeasibleError) as caught:
        dc.solve(small.plan(one))
    families = {rule.family for rule in caught.value.diagnosis.conflict}
    assert families == {"growth.min", "max"}
    assert "丙县2015年" in str(caught.value)
    assert "分档" not in str(caught.value)


def stepped() -> dc.Plan:
    """A cut in steps: programs with whole columns."""
    values = {year: {"甲区": 10, "乙县": 20, "丙县": 30} for year in (2014, 2015, 2016)}
    return small.plan(
        {"id": "output", "name": "产值", "kind": "given", "values": values},
        {
            "id": "energy",
            "name": "能耗",
            "kind": "level",
            "base": {"甲区": 5, "乙县": 6, "丙县": 9},
        },
        {
            "id": "cut",
            "name": "能耗降低率",
            "kind": "ratio",
            "numerator": "energy",
            "denominator": "output",
            "publish": "cut",
            "target": {"cut": "7%以上"},
            "tiers": {"values": ["4%", "6%", "8%", "10%"]},
        },
    )


def test_steps_are_not_called_out_of_reach_on_the_word_of_one_run() -> None:
    """Presolve has called programs with whole columns infeasible that have an answer."""
    plan = stepped()

    def infeasible(program: Program, answer: Result) -> Result:
        whole = program.integral is not None
        return Result.without_point(program, Status.INFEASIBLE) if whole else answer

    found = dc.solve(plan, solver=Spoilt(infeasible, at=0)).quotas
    assert found["quota"].tolist() == dc.solve(plan).quotas["quota"].tolist()


def test_a_solver_that_fails_at_steps_is_told_with_the_number_of_the_program() -> None:
    def late(program: Program, answer: Result) -> Result:
        whole = program.integral is not None
        return Result.without_point(program, Status.LIMIT) if whole else answer

    with pytest.raises(dc.SolverError) as caught:
        dc.solve(stepped(), solver=Spoilt(late, at=0))
    assert caught.value.code == "solver_stage"
    told = {"solver": "highs", "program": 1, "status": Status.LIMIT.value}
    assert {key: caught.value.data[key] for key in told} == told


def test_the_text_of_an_error_is_never_an_error() -> None:
    def fails() -> Any:
        raise dc.SolverError(say("solver_squares"))

    error = dc.InfeasibleError(say("plan_infeasible"), fails)
    told = say("plan_infeasible").text("zh"), say("solver_squares").text("zh")
    assert str(error) == "\n".join(told)
    with pytest.raises(dc.SolverError):
        _ = error.diagnosis


def test_least_squares_where_years_settle_a_total_but_for_noise() -> None:
    """Years add up to 0.1 more than their total, of 5e8: both are at their figures."""
    own = {"id": "investment", "name": "投资", "unit": "元", "kind": "flow", "decimals": 1}
    allocate = {"by": {"甲区": 2, "乙县": 0, "丙县": 1}}
    target = {"years": {2015: 215177208.8, 2016: 307459449.9}, "total": "522636658.6左右"}
    locks = {"甲区": {2015: 12974845.2}}
    indicator = {**own, "allocate": allocate, "target": target, "locks": locks}
    allocation = dc.solve(small.plan(indicator | {"fairness": "least_squares"}))
    even = dc.solve(small.plan(indicator))
    assert allocation.quotas["quota"].tolist() == even.quotas["quota"].tolist()
