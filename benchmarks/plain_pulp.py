"""The same data as a plain least-absolute program in PuLP, written the usual way."""

from __future__ import annotations

import math

import pulp

from benchmarks.silence import silence
from decompose.problem import Problem


def usual(problem: Problem) -> float:
    """Build and solve afresh: a variable per quota, two for its deviation, a row per rule.

    Returns the sum of the deviations from the reference.
    """
    program = pulp.LpProblem("plan", pulp.LpMinimize)
    cells = range(problem.size)
    quota = [pulp.LpVariable(f"x{k}", lowBound=None if problem.signed[k] else 0) for k in cells]
    above = [pulp.LpVariable(f"up{k}", lowBound=0) for k in cells]
    below = [pulp.LpVariable(f"down{k}", lowBound=0) for k in cells]
    program += pulp.lpSum(above) + pulp.lpSum(below)
    for k in cells:
        program += quota[k] - above[k] + below[k] == float(problem.reference[k])
    rules = problem.rules
    matrix = rules.matrix
    start, column, value = matrix.start.tolist(), matrix.column.tolist(), matrix.value.tolist()
    lower, upper = rules.lower.tolist(), rules.upper.tolist()
    for row in range(len(rules)):
        entries = range(start[row], start[row + 1])
        total = pulp.lpSum(value[k] * quota[column[k]] for k in entries)
        if lower[row] == upper[row]:
            program += total == lower[row]
            continue
        if lower[row] > -math.inf:
            program += total >= lower[row]
        if upper[row] < math.inf:
            program += total <= upper[row]
    with silence():
        program.solve(pulp.HiGHS(msg=False, threads=1))
    if program.status != pulp.LpStatusOptimal:
        raise RuntimeError(f"the plain program ended with {pulp.LpStatus[program.status]}")
    return float(pulp.value(program.objective))
