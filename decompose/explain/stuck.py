"""Where a plan gets stuck: the first stage whose rules cannot hold together, part by part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from decompose.build import Built, build
from decompose.errors import InfeasibleError
from decompose.explain.feasibility import Part, Steps
from decompose.plan import Plan
from decompose.plan.order import stages_of
from decompose.plan.ratios import PERCENT, Known
from decompose.problem import Floats
from decompose.settle import settle_stage
from decompose.solvers import Solver


@dataclass(frozen=True, eq=False)
class Stuck:
    """A stage that cannot be settled.

    Attributes
    ----------
    plan
        The plan.
    known
        Printed values of the stages before it.
    built
        The stage, as arrays.
    parts
        Its components whose rules cannot hold together.
    """

    plan: Plan
    known: Known
    built: Built
    parts: tuple[Part, ...]


def first_stuck(plan: Plan, solver: Solver) -> Stuck | None:
    """Find the first stage that cannot be settled; None where all can.

    Raises
    ------
    RoundingError
        The rules can hold together, but no table in whole steps adds up.
    SolverError
        The solver failed.
    """
    known: dict[str, Floats] = {}
    for indicators in stages_of(plan):
        try:
            known.update(settle_stage(plan, indicators, known, solver).values)
        except InfeasibleError:
            return stuck_at(plan, indicators, known, solver)
    return None


def stuck_at(plan: Plan, indicators: Sequence[int], known: Known, solver: Solver) -> Stuck:
    """Tell where some indicators of one stage, which cannot be settled, get stuck."""
    built = build(plan, indicators, known)
    return Stuck(plan, known, built, parts_of(built, solver))


def parts_of(built: Built, solver: Solver) -> tuple[Part, ...]:
    """Return the components of a stage whose rules cannot hold together."""
    steps = tuple(tier_steps(built))
    numbers = sorted({int(built.problem.component[one.number]) for one in built.series})
    parts = [Part.of(built.problem, number, steps) for number in numbers]
    return tuple(
        part for part in parts if not part.can_hold(solver, np.ones(len(part.rows), dtype=bool))
    )


def tier_steps(built: Built) -> list[Steps]:
    """List the cells that take one of the steps of tiers."""
    found = []
    for one in built.series:
        column = built.columns[one.number][:, -1]
        cells = column[column >= 0]
        if one.indicator.tiers is not None and one.tiers is None and len(cells):
            values = np.sort(np.array(one.indicator.tiers.values)) * PERCENT
            found.append(Steps(one.number, cells, values))
    return found
