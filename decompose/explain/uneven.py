"""Plans whose rules can hold, but not in whole steps: where that is, and what it would take.

Rounding keeps the limits of indicators with ``strict: true``, and may find no table. Then the
limits that it would break otherwise yield by as much, or the indicator gives up ``strict``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from decompose.build import build
from decompose.errors import DecomposeError, InfeasibleError, RoundingError, Told
from decompose.explain.changes import own_amount
from decompose.explain.figures_moved import Change
from decompose.explain.stuck import Stuck, first_stuck
from decompose.explain.yielded import change_of
from decompose.explain.yields import STRICT, Yield
from decompose.fairness.part import rows_within
from decompose.labels import say
from decompose.plan import Plan
from decompose.plan.order import batches_of
from decompose.plan.ratios import Known
from decompose.problem import AREA, TOTAL
from decompose.settle import settle_batch, together, turn_of
from decompose.solvers import Solver
from decompose.stage import Stage

ROUNDS = 5
"""How often limits may yield again."""
FEW = 20
"""Of so many changes at most each is tried whether it is needed: that settles the plan once."""
KEPT = 1e-6
"""A rule that is broken by a smaller part of a step is kept."""


@dataclass(frozen=True, eq=False)
class Uneven:
    """A stage that has no table in whole steps.

    Attributes
    ----------
    stuck
        The stage; no part of it clashes.
    rows
        Rules that cannot hold together in whole steps; None for a printed sum that has none.
    lines
        What rounding says of each of them.
    """

    stuck: Stuck
    rows: tuple[int | None, ...]
    lines: tuple[Told, ...]


def uneven_at(plan: Plan, solver: Solver) -> Uneven | None:
    """Find the first stage that cannot be rounded; None where all can."""
    known: Known = {}
    for batch in batches_of(plan):
        settled = 0
        try:
            for stage in settle_batch(plan, batch, known, solver):
                known = together(known, stage)
                settled += 1
        except RoundingError as error:
            turn = turn_of(plan, batch, settled)
            built = build(plan, batch.indicators, known, turn=turn)
            rounded = rows_within(built.problem, np.flatnonzero(built.final))
            rules = error.data["rules"]
            assert isinstance(rules, tuple)  # one for each line of the error
            rows = tuple(None if rule is None else int(rounded[rule]) for rule in rules)
            return Uneven(Stuck(plan, known, turn, built, ()), rows, error.conflict)
    return None


def ways_to_round(
    plan: Plan, error: RoundingError, yields: Sequence[Yield], solver: Solver
) -> Iterator[tuple[Change, ...]]:
    """Yield the changes that make whole steps possible: limits that ease, or ``strict`` dropped.

    Parameters
    ----------
    plan, error
        The plan, and what rounding says of it.
    yields
        Which families may yield.
    solver
        From ``open_solver``.
    """
    if not error.indicators:
        return
    eased = _eased_limits(plan, error, yields, solver)
    if eased is not None:
        yield eased
    dropped = _without_strict(plan, error, solver) if STRICT in yields else None
    if dropped is not None:
        yield dropped


def _eased_limits(
    plan: Plan, error: RoundingError, yields: Sequence[Yield], solver: Solver
) -> tuple[Change, ...] | None:
    """Let the limits yield that rounding would break without ``strict``; None where that fails.

    With more room other numbers are rounded, so that limits may have to yield again, each time by
    twice as much. What was not needed in the end stays as it was.
    """
    found: dict[str, Change] = {}
    strict = set(error.indicators)
    for number in range(ROUNDS):
        now = with_all(plan, found.values())
        try:
            stages = _stages(_loose(now, strict), solver)
        except DecomposeError:
            return None
        more = [one for stage in stages for one in _eased(now, stage, strict, yields, 2**number)]
        for change in more:
            if change is None:
                return None
            found[change.path] = change.after(found.get(change.path))
        left = _in_the_way(with_all(plan, found.values()), solver)
        if left is None or not more:
            return None
        if not left:
            return _needed(plan, found, solver)
        strict |= set(left)
    return None


def _stages(plan: Plan, solver: Solver) -> list[Stage]:
    """Settle a plan as far as its rules can hold."""
    known: Known = {}
    found: list[Stage] = []
    with suppress(InfeasibleError):
        for batch in batches_of(plan):
            for stage in settle_batch(plan, batch, known, solver):
                known = together(known, stage)
                found.append(stage)
    return found


def _eased(
    plan: Plan, stage: Stage, strict: set[str], yields: Sequence[Yield], times: float
) -> Iterator[Change | None]:
    """Move the limits of some indicators that printed numbers break; None for one that cannot."""
    built, problem = stage.built, stage.problem
    rules = problem.rules
    numbers = [plan.indicator_index[name] for name in strict]
    rows = np.flatnonzero((stage.excess > KEPT) & np.isin(rules.indicator, numbers))
    may = np.any([one.rows(plan, problem, rows) for one in yields], axis=0)
    x = np.where(built.final, stage.printed, stage.solution.x)
    value = rules.matrix.take(rows).dot(x)
    amounts = times * stage.excess[rows] * problem.rule_step[rows]
    for row, here, allowed, amount in zip(
        rows.tolist(), value.tolist(), may.tolist(), amounts.tolist(), strict=True
    ):
        up, own = here > float(rules.upper[row]), own_amount(plan, built, row, amount, x)
        yield change_of(plan, built, row, amount, own, up=up) if allowed else None


def _needed(plan: Plan, found: dict[str, Change], solver: Solver) -> tuple[Change, ...]:
    """Leave out the changes without which a plan can be settled, too."""
    kept = dict(found)
    for path in list(found) if len(found) <= FEW else ():
        less = {other: change for other, change in kept.items() if other != path}
        if _in_the_way(with_all(plan, less.values()), solver) == ():
            kept = less
    return tuple(kept.values())


def _without_strict(plan: Plan, error: RoundingError, solver: Solver) -> tuple[Change, ...] | None:
    """Let indicators give up ``strict``: one where that is enough, else all that it takes."""
    alone = ([name] for name in error.indicators)
    names = next((one for one in alone if _in_the_way(_loose(plan, one), solver) == ()), None)
    if names is None:
        names = list(error.indicators)
        while left := _in_the_way(_loose(plan, names), solver):
            names += left
        if left is None:
            return None
    return tuple(_given_up(plan, name) for name in names)


def with_all(plan: Plan, changes: Iterable[Change]) -> Plan:
    """Return a plan with some changes."""
    return plan.with_changes({change.path: change.value for change in changes})


def _loose(plan: Plan, names: Iterable[str]) -> Plan:
    """Return a plan in which some indicators have given up ``strict``."""
    return plan.with_changes({f"indicators.{name}.strict": False for name in names})


def _in_the_way(plan: Plan, solver: Solver) -> tuple[str, ...] | None:
    """Return the indicators whose ``strict`` limits cannot be kept; None where more is wrong.

    That rules of later stages clash is not looked at.
    """
    try:
        first_stuck(plan, solver)
    except RoundingError as error:
        return error.indicators or None
    except DecomposeError:
        return None
    return ()


def _given_up(plan: Plan, name: str) -> Change:
    number = plan.indicator_index[name]
    told = say("told_strict", indicator=plan.indicators[number].label)
    path = f"indicators.{name}.strict"
    return Change(path, False, True, STRICT.family, number, AREA, TOTAL, 0.0, told)
