"""Changes of rules in whole steps: in all as few as can be, each next to its exact amount."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from decompose.explain.feasibility import Part, solved
from decompose.explain.relaxation import Relaxation
from decompose.plan.steps import SNAP
from decompose.problem import Bools, Floats, Rules
from decompose.solvers import Program, Solver, with_slacks

MOST = 500
"""How many changes a whole-number program may round together; of more, those that the program
without whole numbers leaves between two steps."""


def in_steps(part: Part, relaxation: Relaxation, step: Floats, solver: Solver) -> Floats:
    """Round the changes of sums and cells to whole steps.

    By largest remainders where that is enough; else by a small whole-number program, which goes
    beyond the next step only where it must (a figure that is lowered to the step lowers what
    growth allows the year after); else up.

    Parameters
    ----------
    part, relaxation
        What yields, and by how much.
    step
        Of each change; NaN for those that stay as they are.
    solver
        From ``open_solver``.
    """
    whole = ~np.isnan(step)
    unit = np.where(whole, step, 1.0)
    exact = relaxation.amount / unit
    up = np.where(whole, np.ceil(exact - SNAP), exact) * unit
    nearest = up.copy()
    for one in np.unique(step[whole]):
        these = np.flatnonzero(step == one)
        nearest[these] = _largest_remainders(exact[these]) * one
    if _enough(part, relaxation, nearest, solver):
        return nearest
    for further, others in ((0.0, 0.0), (np.inf, 0.0), (np.inf, np.inf)) if not part.steps else ():
        beyond = np.where(whole, further, others)
        found = _fewest(part, relaxation, unit, whole, beyond, solver)
        if found is not None and _enough(part, relaxation, found, solver):
            return found
    return up


def eased(part: Part, relaxation: Relaxation, amounts: Floats) -> Rules:
    """Return the rules of the whole problem with those of a part moved; equalities as a whole."""
    rules = part.problem.rules
    lower, upper = rules.lower.copy(), rules.upper.copy()
    rows, exact = part.rows[relaxation.rows], lower == upper
    moved = np.where(relaxation.up, amounts, -amounts)
    ups, downs = (relaxation.up | exact[rows]), (~relaxation.up | exact[rows])
    upper[rows[ups]] += moved[ups]
    lower[rows[downs]] += moved[downs]
    return replace(rules, lower=lower, upper=upper)


def _enough(part: Part, relaxation: Relaxation, amounts: Floats, solver: Solver) -> bool:
    rules = eased(part, relaxation, amounts)
    every = np.ones(len(part.rows), dtype=bool)
    return part.with_bounds(rules.lower, rules.upper).can_hold(solver, every)


def _largest_remainders(steps: Floats) -> Floats:
    """Round to whole numbers that add up to the least whole number not below their sum."""
    down = np.floor(steps + SNAP)
    more = int(np.ceil(steps.sum() - SNAP) - down.sum())
    order = np.argsort(-(steps - down), kind="stable")
    down[order[: max(more, 0)]] += 1
    return np.asarray(down)


def _fewest(
    part: Part,
    relaxation: Relaxation,
    unit: Floats,
    whole: Bools,
    beyond: Floats,
    solver: Solver,
) -> Floats | None:
    """Choose floor or ceiling of each whole change, as few steps in all as can be.

    Each may go ``beyond`` that; of those that are not whole, beyond what they are.
    """
    own = part.program
    rows = relaxation.rows
    sign = np.where(relaxation.up, -1.0, 1.0) * unit / part.norm[rows]
    exact = relaxation.amount / unit
    least = np.where(whole, np.floor(exact + SNAP), exact)
    most = np.where(whole, np.ceil(exact - SNAP), exact) + beyond
    program = Program(
        np.append(own.cost, unit),
        np.append(own.lower, least),
        np.append(own.upper, most),
        with_slacks(own.rows, rows, sign, own.size),
        own.row_lower,
        own.row_upper,
    )
    here = np.append(np.zeros(own.size, dtype=bool), whole)
    if np.count_nonzero(whole) > MOST:  # most are whole already where sums alone tie them
        result = solved(solver, program)
        if result is None:
            return None
        steps = np.rint(result.x)
        settled = here & (np.abs(result.x - steps) <= SNAP)
        if np.count_nonzero(here & ~settled) > MOST:
            return None
        bounds = (np.where(settled, steps, end) for end in (program.lower, program.upper))
        program = replace(program, lower=next(bounds), upper=next(bounds))
    result = solved(solver, replace(program, integral=here))
    if result is None:
        return None
    found = result.x[own.size :]
    return np.asarray(np.where(whole, np.rint(found), found) * unit)
