"""The least that rules must yield: first in all, then shared out so that none bears too much."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from decompose.explain.feasibility import Part, Steps, solved
from decompose.explain.tight import forced
from decompose.fairness.scaled import Scaled
from decompose.fairness.stages import Stages, face
from decompose.problem import Bools, Floats, Ints
from decompose.solvers import Program, Solver, with_slacks

SMALLEST = 1e-3
"""Beside an indicator's size, the least limit by which a change is divided: what is limited to 0
yields last."""
PRICED = 1e-7
"""A dual or reduced cost above this is not 0."""
NOTHING = 1e-8
"""Beside an indicator's size, a smaller change is none."""


@dataclass(frozen=True, eq=False)
class Relaxation:
    """By how much rules must yield.

    Attributes
    ----------
    rows
        Indices into ``part.rows``, rising; a rule with two ends may stand here twice.
    up
        Whether the upper end rises (else the lower one falls).
    amount
        By how much, in the unit of the row.
    total
        Of all, in the unit of the indicator; of several indicators, in their sizes. Of ratios, what
        it is to the area's number.
    settled
        What the columns of the part must be wherever the others hold; NaN where that is not known.
    """

    rows: Ints
    up: Bools
    amount: Floats
    total: float
    settled: Floats


@dataclass(frozen=True, eq=False)
class Measure:
    """In what changes of rules are counted, and by what they are divided: one number per rule.

    Attributes
    ----------
    size
        Changes are added up in this; rules of one unit have the same.
    limit
        The rule's own figure in the unit of its row; NaN where that is its bound.
    weight
        What one of the row's unit counts: of a ratio's, what it is to the area's number.
    """

    size: Floats
    limit: Floats
    weight: Floats

    @staticmethod
    def of(part: Part) -> Measure:
        """Return the sizes of the indicators that rules speak of."""
        count = len(part.rows)
        return Measure(_own_sizes(part), np.full(count, np.nan), np.ones(count))


def least_relaxation(
    part: Part,
    yielding: Bools,
    solver: Solver,
    measure: Measure | None = None,
    *,
    in_all: bool = True,
) -> Relaxation | None:
    """Find the least that some rules must yield while the others hold.

    First the least sum of changes; then leximin of change ÷ limit among the ways that reach it,
    so that it is not all put on one region (DESIGN section 3, "Conflicts").

    Parameters
    ----------
    part
        Rules that cannot hold together.
    yielding
        Which of ``part.rows`` may yield.
    solver
        From ``open_solver``.
    measure
        In what changes are counted; in the sizes of indicators by default.
    in_all
        Whether the least sum comes first.

    Returns
    -------
    Relaxation or None
        None where the others clash whatever these do.

    Raises
    ------
    SolverError
        The solver failed.
    """
    slacks = _Slacks.of(part, yielding, measure or Measure.of(part))
    if not len(slacks.rows):
        return None
    if part.steps:
        taken = _with_steps_taken(part, slacks, solver)
        if taken is None:
            return None
        part = taken
    scaled = slacks.scaled(part)
    stages = Stages(scaled, solver)
    result = stages.solve(replace(stages.rules, cost=slacks.cost(part)))
    if result is None:
        return None
    x = result.x
    if result.dual is not None and result.reduced is not None:
        if in_all:
            rules = stages.rules
            rows = face(result.dual, rules.row_lower, rules.row_upper, PRICED)
            stages.keep_to(*face(result.reduced, rules.lower, rules.upper, PRICED), *rows)
        stages.settle(scaled.others)
        x = stages.values
    amount = np.clip(x[len(part.columns) :], 0.0, None)
    kept = amount > NOTHING
    sizes = slacks.size[kept].tolist()
    counted = float((amount * slacks.weight)[kept].sum())
    return Relaxation(
        slacks.rows[kept],
        slacks.up[kept],
        amount[kept] * slacks.size[kept],
        counted * (float(sizes[0]) if len(set(sizes)) == 1 else 1.0),
        _settled(part, stages.rules, np.flatnonzero(kept), slacks),
    )


def _settled(part: Part, rules: Program, kept: Ints, slacks: _Slacks) -> Floats:
    cells = len(part.columns)
    if part.steps:  # which were taken is no must
        return np.full(cells, np.nan)
    x = forced(rules, len(part.columns) + kept, slacks.rows[kept])
    return np.asarray(x[:cells] * part.size)


@dataclass(frozen=True, eq=False)
class _Slacks:
    """A column for each end of a rule that may yield, in the size of its indicator."""

    rows: Ints
    up: Bools
    size: Floats
    limit: Floats
    weight: Floats

    @staticmethod
    def of(part: Part, yielding: Bools, measure: Measure) -> _Slacks:
        rules = part.problem.rules.take(part.rows)
        ends = (rules.lower, rules.upper)
        there = [np.flatnonzero(yielding & np.isfinite(end)) for end in ends]
        rows = np.concatenate(there)
        up = np.repeat([False, True], [len(one) for one in there])
        bound = np.concatenate([end[one] for end, one in zip(ends, there, strict=True)])
        size, own = measure.size[rows], measure.limit[rows]
        limit = np.abs(np.where(bound == 0, _other_side(part)[rows], bound))
        limit = np.where(np.isnan(own), limit, own)
        weight = measure.weight[rows]
        return _Slacks(rows, up, size, np.maximum(limit / size, SMALLEST), weight)

    def cost(self, part: Part) -> Floats:
        return np.append(np.zeros(part.program.size), self.weight / self.weight.max())

    def program(self, part: Part) -> Program:
        """Return the rules with their slacks, least in all."""
        own, count = part.program, len(self.rows)
        sign = np.where(self.up, -1.0, 1.0) * self.size / part.norm[self.rows]
        return Program(
            self.cost(part),
            np.append(own.lower, np.zeros(count)),
            np.append(own.upper, np.full(count, np.inf)),
            with_slacks(own.rows, self.rows, sign, own.size),
            own.row_lower,
            own.row_upper,
            None if own.integral is None else np.append(own.integral, np.zeros(count, dtype=bool)),
        )

    def scaled(self, part: Part) -> Scaled:
        """Return the same for leximin: a slack's deviation is its part of its limit."""
        program, cells = self.program(part), part.program.size
        nobody = np.zeros(program.size, dtype=bool)
        items = nobody.copy()
        items[cells:] = True
        return Scaled(
            np.append(part.size, self.size),
            np.zeros(program.size),
            np.append(np.ones(cells), self.limit),
            program.lower,
            program.upper,
            program.rows,
            program.row_lower,
            program.row_upper,
            np.zeros(program.size, dtype=np.int64),
            (),
            nobody,
            nobody,
            items,
            np.zeros(0, dtype=np.int64),
            np.zeros(0, dtype=np.int64),
        )


def _own_sizes(part: Part) -> Floats:
    """Return the size of the indicator that each rule speaks of, or else of what its row holds."""
    problem = part.problem
    sizes = np.zeros(len(problem.indicators))
    sizes[problem.column_indicator[part.columns]] = part.size
    own = sizes[problem.rules.indicator[part.rows]]
    matrix = problem.rules.matrix.take(part.rows)
    held = np.zeros(len(part.rows))
    np.maximum.at(held, matrix.row, sizes[problem.column_indicator[matrix.column]])
    own = np.where(own > 0, own, held)  # of a ratio without columns, its numerator
    return np.where(own > 0, own, 1.0)


def _other_side(part: Part) -> Floats:
    """Return what a rule that ties cells compares with: its negative terms, at the references."""
    matrix = part.problem.rules.matrix.take(part.rows)
    terms = np.minimum(matrix.value * part.problem.reference[matrix.column], 0.0)
    return np.bincount(matrix.row, -terms, minlength=len(part.rows)).astype(np.float64)


def _with_steps_taken(part: Part, slacks: _Slacks, solver: Solver) -> Part | None:
    """Return the part with its tiers chosen as they are where the least must yield in all."""
    result = solved(solver, slacks.program(part))
    if result is None:
        return None
    x = result.x[: len(part.columns)]
    cells = np.concatenate([one.cells for one in part.steps])
    values = np.concatenate([_nearest(one, x[one.cells]) for one in part.steps])
    loose = part.without_steps()
    lower, upper = loose.program.lower.copy(), loose.program.upper.copy()
    lower[cells] = upper[cells] = values
    return replace(loose, program=replace(loose.program, lower=lower, upper=upper))


def _nearest(steps: Steps, x: Floats) -> Floats:
    return np.asarray(steps.values[np.abs(x[:, None] - steps.values).argmin(axis=1)])
