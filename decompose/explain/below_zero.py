"""Changes that are published and may not be below 0: letting them, so that rules can hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from decompose.explain.feasibility import Part, solved
from decompose.explain.figures_moved import Change, Made
from decompose.explain.rules import never_below
from decompose.explain.stuck import Stuck, tier_steps
from decompose.explain.yields import SIGNED
from decompose.problem import AREA, FAMILY, TOTAL, Ints, Matrix
from decompose.solvers import Program, Solver


@dataclass(frozen=True, eq=False)
class Freed:
    """A part of a stage in which published changes may be below 0, and what it takes."""

    stuck: Stuck
    part: Part
    cells: Ints
    """The columns that may be, as indices into ``part.columns``."""
    changes: tuple[Change, ...]


def signed_at_last(stuck: Stuck, part: Part, solver: Solver) -> Made | None:
    """Let published cuts and rises be below 0, as little as can be in all.

    One indicator's where that is enough, else all of a part; None where none helps.
    """
    numbers = _never_below(stuck, part)
    for some in [[number] for number in numbers] + [numbers] * (len(numbers) > 1):
        own = _freed(stuck, part, some)
        total = _least_below(own, solver)
        if total is not None:
            return Made(total, own.changes)
    return None


def kept_above(stuck: Stuck, part: Part, conflict: Ints, solver: Solver) -> tuple[int, ...]:
    """List the indicators without whose published change being 0 at least a conflict could hold."""
    rows = np.zeros(len(part.rows), dtype=bool)
    rows[conflict] = True
    numbers, loose = _never_below(stuck, part), list[int]()

    def clash(numbers: Sequence[int]) -> bool:
        return not _without_floor(part, numbers).can_hold(solver, rows)

    if not numbers or clash(numbers):
        return ()
    for number in numbers:
        if clash([*loose, number]):
            loose.append(number)
    return tuple(number for number in numbers if number not in loose)


def _without_floor(part: Part, numbers: Sequence[int]) -> Part:
    """Return a part in which the columns of some indicators may be below 0."""
    free = np.isin(part.problem.column_indicator, numbers)
    lower = part.program.lower.copy()
    lower[: len(part.columns)][free[part.columns]] = -np.inf
    return replace(
        part,
        problem=replace(part.problem, signed=part.problem.signed | free),
        program=replace(part.program, lower=lower),
    )


def freed(stuck: Stuck, part: Part) -> Freed | None:
    """Let every published cut and rise of a part be below 0; None where none is held there."""
    numbers = _never_below(stuck, part)
    return _freed(stuck, part, numbers) if numbers else None


def _never_below(stuck: Stuck, part: Part) -> list[int]:
    """List the indicators of a part whose published change may not be below 0."""
    here = set(stuck.built.problem.column_indicator[part.columns].tolist())
    return [
        one.number
        for one in stuck.built.series
        if one.number in here
        and one.indicator.publish in ("cut", "rise", "increment")
        and not one.signed
    ]


def _freed(stuck: Stuck, part: Part, numbers: Sequence[int]) -> Freed:
    problem, rules = stuck.built.problem, stuck.built.problem.rules
    free = np.isin(problem.column_indicator, numbers)
    # that no cut is below 0 is a rule of its own where rises are published, unless a limit says it
    said = np.array([".limits." in path for path in problem.sources], dtype=bool)[rules.source]
    own = np.isin(rules.indicator, numbers) & rules.single & ~said
    default = own & (rules.family == FAMILY["cut.min"])
    open_rules = replace(
        rules,
        lower=np.where(default, -np.inf, rules.lower),
        upper=np.where(default, np.inf, rules.upper),
    )
    opened = replace(problem, signed=problem.signed | free, rules=open_rules)
    return Freed(
        replace(stuck, built=replace(stuck.built, problem=opened)),
        Part.over(opened, part.rows, part.columns, tuple(tier_steps(stuck.built))),
        np.flatnonzero(free[part.columns]),
        tuple(_signed(stuck, number) for number in numbers),
    )


def _least_below(own: Freed, solver: Solver) -> float | None:
    """Return how far below 0 changes go in all, at least; None where that does not help."""
    program, cells = own.part.program, own.cells
    count, size = len(cells), program.size
    above = Matrix(
        2 * np.arange(count + 1),
        np.stack([cells, size + np.arange(count)], axis=1).ravel(),
        np.ones(2 * count),
    )
    whole = program.integral
    result = solved(
        solver,
        Program(
            np.append(program.cost, own.part.size[cells]),
            np.append(program.lower, np.zeros(count)),
            np.append(program.upper, np.full(count, np.inf)),
            Matrix.stack([program.rows, above]),
            np.append(program.row_lower, np.zeros(count)),
            np.append(program.row_upper, np.full(count, np.inf)),
            None if whole is None else np.append(whole, np.zeros(count, dtype=bool)),
        ),
    )
    return None if result is None else float(result.x[size:] @ own.part.size[cells])


def _signed(stuck: Stuck, number: int) -> Change:
    indicator = stuck.plan.indicators[number]
    told = never_below(indicator)
    path = f"indicators.{indicator.id}.signed"
    return Change(path, True, False, SIGNED.family, number, AREA, TOTAL, 0.0, told)
