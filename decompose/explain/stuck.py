"""Where a plan gets stuck: the first stage whose rules cannot hold together, part by part."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from decompose.bounds import TARGETS
from decompose.build import Built, build
from decompose.errors import InfeasibleError
from decompose.explain.feasibility import Part, Steps, solved
from decompose.explain.needed import elastic
from decompose.plan import Plan
from decompose.plan.order import Batch, Turn, batches_of
from decompose.plan.ratios import PERCENT, Known
from decompose.plan.stretched import in_stretch, stretched
from decompose.problem import FAMILY, Bools
from decompose.rounding.rows import components, first_column
from decompose.settle import settle_batch, together, turn_of
from decompose.solvers import Solver

MOST = 20
"""So many clashes at most are looked at one by one."""
MISSED = 1e-9
"""Of rows whose largest term is 1: a rule that is missed by less is kept."""


@dataclass(frozen=True, eq=False)
class Stuck:
    """A stage that cannot be settled.

    Attributes
    ----------
    plan
        The plan.
    known
        Printed values of the stages before it.
    turn
        How the stage is settled.
    built
        The stage, as arrays.
    parts
        Its components whose rules cannot hold together.
    base
        The plan whose stretch figures stand in the plan; None where these are its own.
    """

    plan: Plan
    known: Known
    turn: Turn
    built: Built
    parts: tuple[Part, ...]
    base: Plan | None = None

    def keeps_base(self, part: Part) -> Bools:
        """Tell which rules of a part are targets of base quotas that stretch quotas keep, too."""
        rules, sources = part.problem.rules, part.problem.sources
        targets = np.asarray(np.isin(rules.family[part.rows], TARGETS))
        if self.base is None:
            return np.zeros(len(part.rows), dtype=bool)
        paths = [sources[source] for source in rules.source[part.rows].tolist()]
        own = [in_stretch(self.base, path) == path for path in paths]
        return np.asarray(targets & np.array(own, dtype=bool))


def first_stuck(plan: Plan, solver: Solver) -> Stuck | None:
    """Find the first stage that cannot be settled, base figures first; None where all can.

    Raises
    ------
    RoundingError
        The rules can hold together, but no table in whole steps adds up.
    SolverError
        The solver failed.
    """
    stuck, higher = _first_stuck(plan, solver), stretched(plan)
    if stuck is not None or higher is None:
        return stuck
    stuck = _first_stuck(higher, solver)
    return None if stuck is None else replace(stuck, base=plan)


def _first_stuck(plan: Plan, solver: Solver) -> Stuck | None:
    known: Known = {}
    for batch in batches_of(plan):
        known, stuck = settled_or_stuck(plan, batch, known, solver)
        if stuck is not None:
            return stuck
    return None


def settled_or_stuck(
    plan: Plan, batch: Batch, known: Known, solver: Solver
) -> tuple[Known, Stuck | None]:
    """Settle a batch; return what is known then, and where it gets stuck if it does."""
    settled = 0
    try:
        for stage in settle_batch(plan, batch, known, solver):
            known = together(known, stage)
            settled += 1
    except InfeasibleError:
        return known, stuck_at(plan, batch, known, settled, solver)
    return known, None


def stuck_at(plan: Plan, batch: Batch, known: Known, settled: int, solver: Solver) -> Stuck:
    """Return where a batch gets stuck after so many stages."""
    turn = turn_of(plan, batch, settled)
    built = _held_by_limits(build(plan, batch.indicators, known, turn=turn))
    plain = _without_what_follows(built)  # which says more, unless the grid is to blame
    parts = parts_of(plain, solver)
    if parts:
        return Stuck(plan, known, turn, plain, parts)
    return Stuck(plan, known, turn, built, parts_of(built, solver))


def _held_by_limits(built: Built) -> Built:
    """Return a stage whose published growth is not below 0 by its limits alone: they may yield."""
    problem, rules = built.problem, built.problem.rules
    growing = [one.number for one in built.series if one.growth is not None]
    if not growing:
        return built
    least = rules.single & (rules.family == FAMILY["growth.min"])
    rows = np.flatnonzero(least & np.isin(rules.indicator, growing))
    signed = problem.signed.copy()
    signed[rules.matrix.take(rows).column] = True
    return replace(built, problem=replace(problem, signed=signed))


def _without_what_follows(built: Built) -> Built:
    """Return a stage without what later years' rules leave of it: those rules are there too."""
    rules = built.problem.rules
    rows = np.flatnonzero(rules.family != FAMILY["ahead"])
    if len(rows) == len(rules):
        return built
    problem = replace(built.problem, rules=rules.take(rows))
    return replace(built, problem=problem, stated=built.stated.take(rows))


def parts_of(built: Built, solver: Solver) -> tuple[Part, ...]:
    """Return the components of a stage whose rules cannot hold together."""
    steps = tuple(tier_steps(built))
    numbers = sorted({int(built.problem.component[one.number]) for one in built.series})
    parts = [Part.of(built.problem, number, steps) for number in numbers]
    return tuple(
        piece for part in parts if not _holds(part, solver) for piece in _pieces(part, solver)
    )


def _holds(part: Part, solver: Solver) -> bool:
    return part.can_hold(solver, np.ones(len(part.rows), dtype=bool))


def _pieces(part: Part, solver: Solver) -> list[Part]:
    """Take apart what no rule ties: each of the pieces whose rules clash has ways of its own.

    Very many of them stay together: what is done for each would take too long.
    """
    problem, matrix = part.problem, part.program.rows
    label = components(part.program.size, [matrix])
    if part.steps or len(np.unique(label)) < 2:
        return [part]
    own = label[np.maximum(first_column(matrix), 0)]  # what ties nothing goes with the first
    missed, slack = elastic(part.program)
    result = solved(solver, missed)
    if result is None:
        return [part]
    wrong = own[slack[result.x[part.program.size :] > MISSED]]
    column = problem.column_year[part.columns], problem.column_indicator[part.columns]
    order = np.lexsort((part.columns, *column))
    found = [one for one in dict.fromkeys(label[order].tolist()) if one in set(wrong.tolist())]
    if not 1 < len(found) <= MOST:
        found = found[: len(found) == 1]
    pieces = [
        Part.over(problem, part.rows[own == one], part.columns[label == one]) for one in found
    ]
    pieces = [piece for piece in pieces if not _holds(piece, solver)]
    return pieces or [part]


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
