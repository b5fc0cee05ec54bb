"""What stops a negotiation: rules that the agreed numbers contradict, and how far they go."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import reduce

import numpy as np

from decompose.anchor import Anchor
from decompose.build import Built, build
from decompose.errors import InfeasibleError
from decompose.explain.conflict import minimal_conflict
from decompose.explain.feasibility import Part
from decompose.explain.rules import phrase, steps_of
from decompose.explain.stuck import tier_steps
from decompose.explain.words import words_of
from decompose.labels import Message, say
from decompose.moves import Placed, Placing
from decompose.plan.order import batches_of
from decompose.plan.ratios import PERCENT, Known
from decompose.problem import AREA, FAMILY, Ints, Problem
from decompose.settle import settle_batch, together, turn_of
from decompose.solvers import Solver, open_solver

MOST_RULES = 6
"""How many rules are named."""


def stopped_by(placing: Placing, anchor: Anchor) -> Message:
    """Say which rules what is fixed contradicts, each of them needed.

    Parameters
    ----------
    placing
        What stands.
    anchor
        What is fixed, and cannot be had.
    """
    solver = open_solver()
    built = _stuck(placing, anchor)
    if built is None:  # the stretch figures stop it
        return say("adjust_because", rules=say("stretch"))
    problem = anchor.lean(built)
    part = _clashing(built, problem, solver)
    rows = part.rows[minimal_conflict(part, solver)]
    told = [phrase(placing.plan, built, row) for row in rows[rows < len(built.problem.rules)]]
    told += [steps_of(placing.plan, one.indicator).message for one in part.steps]
    told += _kept(placing, anchor, problem, rows[rows >= len(built.problem.rules)])
    if not told:  # but that a cell is not below 0, every rule of one is a row
        return say("adjust_below_0")
    rest = [say("conflict_rest", count=len(told) - MOST_RULES)] if len(told) > MOST_RULES else []
    return say("adjust_because", rules=reduce(_and, [*told[:MOST_RULES], *rest]))


def _and(one: Message, other: Message) -> Message:
    return say("adjust_and", one=one, other=other)


def _stuck(placing: Placing, anchor: Anchor) -> Built | None:
    """Return the first stage that cannot be settled."""
    plan, gap = placing.plan, placing.settled.gap
    known: Known = {}
    yields = [plan.indicator_index[name] for name in anchor.gave_way]
    for batch in batches_of(plan):
        settled = 0
        try:
            for stage in settle_batch(plan, batch, known, gap=gap, anchor=anchor):
                known = together(known, stage)
                settled += 1
        except InfeasibleError:
            turn = anchor.along(turn_of(plan, batch, settled))
            return build(plan, batch.indicators, known, turn=turn, yields=yields)
    return None


def _clashing(built: Built, problem: Problem, solver: Solver) -> Part:
    """Return the first component whose rules cannot hold together, its tiers' steps if need be."""
    steps = tuple(tier_steps(built))
    numbers = sorted({int(problem.component[one.number]) for one in built.series})
    for every in ((), steps):
        for number in numbers:
            part = Part.of(problem, number, every)
            if not part.can_hold(solver, np.ones(len(part.rows), dtype=bool)):
                return part
    raise ValueError(numbers)  # one of them was refused before


def _kept(placing: Placing, anchor: Anchor, problem: Problem, rows: Ints) -> Iterator[Message]:
    """Say what stays: the sums, and the quotas of an indicator and year together."""
    plan, rules = placing.plan, problem.rules
    fixed: dict[tuple[int, int], list[str]] = defaultdict(list)
    for row in rows.tolist():
        number, year = int(rules.indicator[row]), int(rules.year[row])
        one, scope = plan.indicators[number], int(rules.scope[row])
        if rules.family[row] == FAMILY["lock"]:
            stays = placing.numbers[one.id][scope, year] == anchor.fixed[one.id][scope, year]
            if stays:
                fixed[number, year].append(plan.region_names[scope])
            continue
        columns = rules.matrix.take(np.array([row])).column
        names = [plan.region_names[k] for k in problem.column_region[columns].tolist()]
        told = plan.total_label if scope == AREA else names
        yield say("adjust_total", scope=told, year=plan.years[year], indicator=one.label)
    for (number, year), regions in fixed.items():
        data = {"indicator": plan.indicators[number].label, "year": plan.years[year]}
        yield say("adjust_fixed", regions=regions, **data)


def most_told(
    placing: Placing, one: Placed, reason: Message, can: Callable[[Placed], bool]
) -> Message:
    """Say that a move cannot be made, why not, and the most that can be moved that way.

    Parameters
    ----------
    placing, one
        What stands, and the move.
    reason
        What stops it.
    can
        Whether a move with another value can be made.
    """
    indicator = placing.plan.indicators[one.cell.indicator]
    words, step = words_of(indicator), placing.steps[indicator.id]
    stands = float(placing.numbers[indicator.id][one.cell.region, one.cell.year])
    side = 1 if one.value > stands else -1

    def at(steps: int) -> Placed:
        return one._replace(value=round(round(stands / step) + side * steps, 0) * step)

    count = round(abs(one.value - stands) / step)
    if indicator.tiers is not None and one.cell.year == len(placing.plan.years) - 1:
        taken = [round(abs(PERCENT * tier - stands) / step) for tier in indicator.tiers.values]
        tried = [steps for steps in sorted(taken, reverse=True) if 0 < steps < count]
        most = next((steps for steps in tried if can(at(steps))), 0)
    else:
        most, beyond = 0, count
        while beyond - most > 1:
            middle = (most + beyond) // 2
            most, beyond = (middle, beyond) if can(at(middle)) else (most, middle)
    told = say("adjust_none")
    if most:
        told = say("adjust_most", amount=words.change(side * most * step))
    move = say("adjust_moved", amount=words.change(one.value - stands), **placing.names(one.cell))
    return say("adjust_infeasible", move=move, reason=reason, most=told)
