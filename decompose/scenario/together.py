"""Stages of several plans, settled at once: arrays side by side cost little more than one.

Neither the rule that chooses nor rounding looks from one component to another, so that problems
that stand side by side have the answers that each has alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np

from decompose.build import Built, build
from decompose.certificate import certify_exact
from decompose.choosing import check_divided
from decompose.errors import DecomposeError
from decompose.fairness import choose_all
from decompose.plan import Plan
from decompose.plan.order import Batch, chained
from decompose.plan.ratios import Known
from decompose.printed import to_safe_side
from decompose.problem import Costs, Floats, Problem, Rules, Solution
from decompose.rounding import round_together
from decompose.settle import growing
from decompose.solvers import Solver
from decompose.stage import Stage, certified_stage, table_of

CELLS = 3000
"""Problems are put together until they have so many cells."""


class Order(NamedTuple):
    """What is to be settled: a batch of a plan's indicators, and what is known before."""

    plan: Plan
    batch: Batch
    known: Known


@dataclass(frozen=True, eq=False)
class Clash:
    """A stage whose rules cannot hold together, as arrays."""

    built: Built


def settle_together(orders: Sequence[Order], solver: Solver) -> list[Stage | Clash | None]:
    """Settle stages of plans that differ in figures only; None for one to be settled alone.

    That is where something failed, or where it takes more than one problem: steps of ratios,
    years that are settled one after the other.
    """
    found: list[Stage | Clash | None] = [None] * len(orders)
    able = [k for k, order in enumerate(orders) if _at_once(order)]
    built: dict[int, Built] = {}
    for number in able if len(able) > 1 else ():
        plan, batch, known = orders[number]
        try:
            one = build(plan, batch.indicators, known)
            check_divided(plan, one)
        except DecomposeError:
            continue
        built[number] = one
    for some in _batches(built):
        try:
            for number, stage in _settled(orders, some, solver):
                found[number] = stage
        except DecomposeError:
            continue
    return found


def _at_once(order: Order) -> bool:
    some = [order.plan.indicators[number] for number in order.batch.indicators]
    stepwise = any(one.tiers is not None or chained(one) for one in some)
    return not (stepwise or order.batch.yearly or growing(order.plan, order.batch))


def _batches(built: dict[int, Built]) -> Iterator[dict[int, Built]]:
    some: dict[int, Built] = {}
    cells = 0
    for number, one in built.items():
        if some and cells + one.problem.size > CELLS:
            yield some
            some, cells = {}, 0
        some[number] = one
        cells += one.problem.size
    if some:
        yield some


def _settled(
    orders: Sequence[Order], built: dict[int, Built], solver: Solver
) -> Iterator[tuple[int, Stage | Clash]]:
    chosen = dict(_chosen(built, solver))
    yield from ((number, Clash(one)) for number, one in built.items() if number not in chosen)
    tables = []
    for number, solution in chosen.items():
        one = built[number]
        certify_exact(one.problem, solution.x)
        safe = to_safe_side(one, solution.x)
        tables.append(table_of(orders[number].plan, one, one.problem, safe))
    rounded = round_together([one.table for _, one in tables]) if tables else []
    for (number, solution), table, quotas in zip(chosen.items(), tables, rounded, strict=True):
        one = built[number]
        none = np.zeros(len(one.problem.rules), dtype=np.int64)
        plan, rules = orders[number].plan, one.problem.rules
        yield number, certified_stage(plan, one, solution, (*table, quotas), none, rules)


def _chosen(built: dict[int, Built], solver: Solver) -> Iterator[tuple[int, Solution]]:
    """Choose for all; leave out those whose rules cannot hold together."""
    problem = side_by_side([one.problem for one in built.values()])
    solution, clashing = choose_all(problem, solver=solver)
    components = np.split(problem.component, len(built))
    parts = _split(solution.x, [one.problem.size for one in built.values()])
    for number, component, x in zip(built, components, parts, strict=True):
        own = list(dict.fromkeys(component.tolist()))
        if not set(own) & set(clashing):
            route = tuple(solution.route[one] for one in own)
            yield number, Solution(x, route, solution.programs)


def _split(values: Floats, sizes: Sequence[int]) -> list[Floats]:
    """Return each problem's own values: copies, which do not keep the others'."""
    return [part.copy() for part in np.split(values, np.cumsum(sizes)[:-1])]


def side_by_side(problems: Sequence[Problem]) -> Problem:
    """Return problems of one plan's regions and years as one, its indicators once for each.

    Sources are left out.
    """
    first = problems[0]
    ends = np.cumsum([0, *(one.size for one in problems)])
    indicators = np.cumsum([0, *(len(one.indicators) for one in problems)])
    placed = list(zip(problems, ends[:-1].tolist(), indicators[:-1].tolist(), strict=True))
    rules = [
        replace(
            one.rules,
            matrix=one.rules.matrix.renamed(end + np.arange(one.size)),
            indicator=one.rules.indicator + number,
        )
        for one, end, number in placed
    ]

    def joined(name: str) -> Any:
        return np.concatenate([getattr(one, name) for one in problems])

    return replace(
        first,
        indicators=_listed(problems, "indicators"),
        sources=(),
        column_indicator=np.concatenate(
            [one.column_indicator + number for one, _, number in placed]
        ),
        column_region=joined("column_region"),
        column_year=joined("column_year"),
        signed=joined("signed"),
        step=joined("step"),
        reference=joined("reference"),
        rules=Rules.stack(rules),
        fairness=_listed(problems, "fairness"),
        names=_listed(problems, "names"),
        priority=_listed(problems, "priority"),
        costs=Costs(
            np.concatenate([one.costs.column + end for one, end, _ in placed]),
            np.concatenate([one.costs.width for one in problems]),
            np.concatenate([one.costs.unit for one in problems]),
        ),
        steps=_listed(problems, "steps"),
    )


def _listed(problems: Sequence[Problem], name: str) -> tuple[Any, ...]:
    return tuple(value for one in problems for value in getattr(one, name))
