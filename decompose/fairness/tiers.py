"""Steps of a cut (tiers): as few regions as possible on the highest, then on the next."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from decompose.errors import SolverError
from decompose.fairness.giving import TURNS, Giving
from decompose.fairness.part import component_columns, part_of
from decompose.labels import say
from decompose.problem import Floats, Ints, Matrix, Problem, Status
from decompose.solvers import Highs, Program, Solver

SAME = 1e-9
"""Misses nearer than this are one."""
MOST_NODES = 20_000
"""Figures with an end that is open are met within one; an exact one may take any number."""
LARGEST = 1e5
"""Prices up to here tell whole numbers apart, though they are whole within 1e-6 only."""
DIGITS = 9
"""Shortfalls that agree to so many digits are one."""


def choose_tiers(
    problem: Problem,
    cells: Ints,
    tiers: Floats,
    solver: Solver,
    least: Floats | None = None,
    stands: Floats | None = None,
) -> Floats | None:
    """Choose a step for each cell.

    From the highest step down, as few cells as possible are at or above it; then, region by
    region in the order of their names (code points), each takes the lowest step that is left to
    it (DESIGN section 3). How many stand on each step is unique; who stands there is by that order.
    Base quotas come before all that: the largest shortfall is as small and as rare as can be, then
    the next; after them comes what stands, with the largest change. Where targets give way, they
    come first: the largest miss is as small as the steps allow, then what is missed in all.

    Parameters
    ----------
    problem
        The rules.
    cells
        Columns that take a step.
    tiers
        The steps, rising, in the published unit.
    solver
        From ``open_solver``; must take whole numbers.
    least
        Base quota of each cell.
    stands
        The step on which each cell stands; NaN where it stands on none.

    Returns
    -------
    The step of each cell, or None where no choice keeps the rules.
    """
    columns = component_columns(problem, problem.component[problem.column_indicator[cells[0]]])
    problem, cells = part_of(problem, columns), np.searchsorted(columns, cells)
    program = _program(problem, cells, tiers)
    steps = len(tiers)
    first = problem.size + steps * np.arange(len(cells))
    giving = Giving.of(problem)
    if len(giving):
        nearest = _nearest(program, giving, solver)
        if nearest is None:
            return None
        program = nearest
    found = None
    before = (*_short(first, tiers, least), *_changed(first, tiers, stands))
    for above in (*before, *_above(first, steps)):
        found = _solve(program, above, np.ones(len(above)), solver)
        if found is None:
            return None
        program = _with_row(program, above, np.ones(len(above)), round(float(found[above].sum())))
    choices = first[:, None] + np.arange(steps)
    names = [problem.regions[region] for region in problem.column_region[cells]]
    order = np.array(sorted(range(len(cells)), key=names.__getitem__), dtype=np.int64)
    at_once = max(int(np.log(LARGEST) / np.log(max(steps, 2))), 1)
    for start in range(0, len(cells), at_once):
        own = choices[order[start : start + at_once]]
        # a region counts as much as all choices of those behind it
        digits = float(steps) ** np.arange(len(own))[::-1]
        found = _solve(program, own.ravel(), np.outer(digits, np.arange(steps)).ravel(), solver)
        if found is None:
            return None
        program = _fixed(program, own.ravel(), np.rint(found[own.ravel()]))
    assert found is not None  # there is a cell, or nobody would ask
    return np.asarray(tiers[found[choices].argmax(axis=1)])


def _short(first: Ints, tiers: Floats, least: Floats | None) -> Iterator[Ints]:
    """List, from the largest shortfall down, the choices that fall short by as much or more."""
    if least is None:
        return
    with np.errstate(divide="ignore", invalid="ignore"):
        short = np.nan_to_num(1 - tiers / least[:, None], neginf=0.0)
    yield from _from_the_largest(first, short)


def _changed(first: Ints, tiers: Floats, stands: Floats | None) -> Iterator[Ints]:
    """List, from the largest change down, the choices that change by as much or more."""
    if stands is None:
        return
    with np.errstate(divide="ignore", invalid="ignore"):
        change = np.nan_to_num(np.abs(tiers / stands[:, None] - 1))
    yield from _from_the_largest(first, change)


def _from_the_largest(first: Ints, amount: Floats) -> Iterator[Ints]:
    amount = np.asarray(np.round(amount, DIGITS), dtype=np.float64)
    for level in np.unique(amount[amount > 0])[::-1]:
        cell, step = np.nonzero(amount >= level)
        yield first[cell] + step


def _above(first: Ints, steps: int) -> Iterator[Ints]:
    """List, from the highest step down, the choices that are at it or above."""
    for least in range(steps - 1, 0, -1):
        yield np.concatenate([first + step for step in range(least, steps)])


def _program(problem: Problem, cells: Ints, tiers: Floats) -> Program:
    """Return the rules, and a whole column per cell and step: the cell is the step it takes."""
    yields = problem.rules.yields
    rules = problem.rules.opened(yields, yields)
    program = Program(
        np.zeros(problem.size),
        problem.lower,
        problem.upper,
        rules.matrix,
        rules.lower,
        rules.upper,
    )
    return with_steps(program, cells, tiers)


def with_steps(program: Program, cells: Ints, tiers: Floats) -> Program:
    """Let each cell take one step: whole columns, cell by cell, after the program's own."""
    count, steps, size = len(cells), len(tiers), program.size
    choices = size + np.arange(count * steps).reshape(count, steps)
    stands = Matrix(
        (1 + steps) * np.arange(count + 1),
        np.concatenate([cells[:, None], choices], axis=1).ravel(),
        np.tile(np.concatenate([[1.0], -tiers]), count),
    )
    one = Matrix(steps * np.arange(count + 1), choices.ravel(), np.ones(count * steps))
    whole = np.zeros(size, dtype=bool) if program.integral is None else program.integral
    return Program(
        cost=np.append(program.cost, np.zeros(count * steps)),
        lower=np.append(program.lower, np.zeros(count * steps)),
        upper=np.append(program.upper, np.ones(count * steps)),
        rows=Matrix.stack([program.rows, stands, one]),
        row_lower=np.concatenate([program.row_lower, np.zeros(count), np.ones(count)]),
        row_upper=np.concatenate([program.row_upper, np.zeros(count), np.ones(count)]),
        integral=np.append(whole, np.ones(count * steps, dtype=bool)),
    )


def _nearest(program: Program, giving: Giving, solver: Solver) -> Program | None:
    """Return the program with targets as near as the steps allow; None where others clash."""
    count = len(giving)
    misses = program.size + np.arange(count)
    largest = program.size + count + np.arange(TURNS)  # of each turn
    made, lower, upper = giving.rows(np.ones(giving.problem.size), program.size)
    below = Matrix(
        2 * np.arange(count + 1),
        np.stack([misses, largest[giving.turn]], axis=1).ravel(),
        np.tile([1.0, -1.0], count),
    )
    nothing = np.zeros(count + TURNS)
    place = np.arange(program.size + len(nothing))
    program = replace(
        program,
        cost=np.append(program.cost, nothing),
        lower=np.append(program.lower, nothing),
        upper=np.append(program.upper, nothing + np.inf),
        rows=Matrix.stack([program.rows, made, below]),
        row_lower=np.concatenate([program.row_lower, lower, np.full(count, -np.inf)]),
        row_upper=np.concatenate([program.row_upper, upper, np.zeros(count)]),
        integral=(place >= giving.problem.size) & (place < program.size),
    )
    for turn in range(TURNS):
        for columns in (largest[[turn]], misses[giving.turn == turn]):
            every = np.ones(len(columns))
            found = _solve(program, columns, every, solver)
            if found is None:
                return None
            program = _with_row(program, columns, every, float(found[columns].sum()) + SAME)
    return program


def _solve(program: Program, columns: Ints, cost: Floats, solver: Solver) -> Floats | None:
    costs = np.zeros(program.size)
    costs[columns] = cost
    asked = replace(program, cost=costs, most_nodes=MOST_NODES)
    result = solver.solve(asked, cold=True)
    if result.status is Status.INFEASIBLE:  # no plan is refused on a presolve's word
        result = Highs(plain=True).solve(asked)
    if result.status is Status.INFEASIBLE:
        return None
    if result.status is Status.TOO_MANY:
        raise SolverError(say("tiers_search"))
    if result.status is not Status.OPTIMAL:
        raise SolverError(
            say("solver_stage", solver=solver.name, program=1, status=result.status.value)
        )
    return np.asarray(result.x)


def _fixed(program: Program, columns: Ints, value: Floats) -> Program:
    lower, upper = program.lower.copy(), program.upper.copy()
    lower[columns] = upper[columns] = value
    return replace(program, lower=lower, upper=upper)


def _with_row(program: Program, columns: Ints, value: Floats, most: float) -> Program:
    """Keep to what was reached: ``Σ value · column ≤ most``."""
    row = Matrix(np.array([0, len(columns)]), columns, value)
    return replace(
        program,
        rows=Matrix.stack([program.rows, row]),
        row_lower=np.append(program.row_lower, -np.inf),
        row_upper=np.append(program.row_upper, most),
    )
