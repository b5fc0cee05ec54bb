"""Rules of a contradiction that are needed, many at a time: a point that only one of them misses.

One rule may be missed at a price, the others hold. From that answer a step of the simplex method
lets another rule be missed instead; where its point keeps all the others, that rule is needed.
The point is checked against the rules, so that nothing rests on the step.

Source: J. Gleeson and J. Ryan, "Identifying Minimally Infeasible Subsystems of Inequalities",
ORSA Journal on Computing 2 (1990): a minimal contradiction is a vertex, and its neighbours are
the points that miss one rule alone.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from decompose.explain.feasibility import Part, solved
from decompose.problem import Bools, Ints
from decompose.solvers import Highs, Program, Solver, with_slacks

FEW = 20
"""So few rules are faster tried one by one."""
KEPT = 1e-9
"""Of rows whose largest term is 1: a rule that is missed by less is kept."""


def elastic(program: Program) -> tuple[Program, Ints]:
    """Return the program in which every row may be missed at a price of 1, and each slack's row."""
    rows = program.rows
    meets = np.maximum(program.row_lower, program.row_upper)  # its own ends may cross, too
    ends = (program.row_lower, meets)
    lack, excess = (np.flatnonzero(np.isfinite(end)) for end in ends)
    slack = np.concatenate([lack, excess])
    missed = Program(
        np.append(program.cost, np.ones(len(slack))),
        np.append(program.lower, np.zeros(len(slack))),
        np.append(program.upper, np.full(len(slack), np.inf)),
        with_slacks(rows, slack, np.repeat([1.0, -1.0], [len(lack), len(excess)]), program.size),
        program.row_lower,
        meets,
    )
    return missed, slack


def needed(part: Part, kept: Bools, last: int, asked: Bools, solver: Solver) -> Bools:
    """Tell which rules of a contradiction are seen to be needed; of the others nothing is said.

    Parameters
    ----------
    part
        Rules, without steps.
    kept
        Which of them contradict one another.
    last
        The rule that is missed first.
    asked
        Which of them are looked at.
    solver
        From ``open_solver``; others than HiGHS do not tell where a step leads.
    """
    found = np.zeros(len(kept), dtype=bool)
    rows = np.flatnonzero(kept)
    if np.count_nonzero(asked) <= FEW or part.steps or not isinstance(solver, Highs):
        return found
    whole = part.kept(kept)
    own = replace(
        whole,
        rows=whole.rows.take(rows),
        row_lower=whole.row_lower[rows],
        row_upper=whole.row_upper[rows],
    )
    if np.any(own.row_lower > own.row_upper):
        return found
    missed, slack = elastic(own)
    first = np.append(np.zeros(own.size, dtype=bool), rows[slack] == last)
    others = np.append(np.zeros(own.size, dtype=bool), rows[slack] != last)
    program = replace(
        missed, cost=first.astype(np.float64), upper=np.where(others, 0.0, missed.upper)
    )
    result = solved(solver, program)
    if result is None:
        return found
    found[last] = True
    x = result.x
    for column in np.flatnonzero(others).tolist():
        row = int(slack[column - own.size])
        if found[rows[row]] or not asked[rows[row]]:
            continue
        step = solver.step(column)
        fall = 0.0 if step is None else -float(step[first].sum())
        if step is None or fall <= KEPT:
            continue
        point = x + result.objective / fall * step
        found[rows[row]] = _keeps(own, np.clip(point[: own.size], own.lower, own.upper), row)
    return found


def _keeps(program: Program, x: np.ndarray, missed: int) -> bool:
    """Tell whether a point keeps every row but one."""
    value = program.rows.dot(x)
    breach = np.maximum(program.row_lower - value, value - program.row_upper)
    breach[missed] = -np.inf
    return bool(breach.max() <= KEPT)
