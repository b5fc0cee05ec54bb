"""The program itself, for another solver or an audit: every rule a named row."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pulp

from decompose.build import build
from decompose.labels import word
from decompose.plan import Plan
from decompose.problem import FAMILIES, Matrix, Problem
from decompose.solvers import Program, to_lp_problem


def to_pulp(plan: Plan) -> pulp.LpProblem:
    """Return a plan as a PuLP program: its rules, and the first stage of the rule that chooses.

    Columns x0, x1, … are cells; the last is the largest burden, which is made as small as the
    rules allow. Rows r0, r1, … are the rules; then come two rows per cell for its burden,
    ``|x / reference - 1|`` (of cells with reference 0, ``x`` itself). ``label_table`` tells what
    each name stands for. The later stages, and rounding, are the work of ``solve``.
    """
    return to_lp_problem(first_stage(build(plan).problem))


def first_stage(problem: Problem) -> Program:
    """Return the rules as rows, with the largest burden as the objective."""
    size = problem.size
    burden = np.where(problem.reference == 0, 1.0, problem.reference)
    pairs = np.stack([np.arange(size), np.full(size, size)], axis=1).ravel()
    start = 2 * np.arange(size + 1)
    above = Matrix(start, pairs, np.stack([np.ones(size), -burden], axis=1).ravel())
    below = Matrix(start, pairs, np.stack([np.ones(size), burden], axis=1).ravel())
    nothing = np.full(size, np.inf)
    rules = problem.rules
    return Program(
        cost=np.append(np.zeros(size), 1.0),
        lower=np.append(np.where(problem.signed, -np.inf, 0.0), 0.0),
        upper=np.full(size + 1, np.inf),
        rows=Matrix.stack([rules.matrix, above, below]),
        row_lower=np.concatenate([rules.lower, -nothing, problem.reference]),
        row_upper=np.concatenate([rules.upper, problem.reference, nothing]),
    )


def rules_program(problem: Problem) -> Program:
    """Return the rules alone as rows, without an objective."""
    return Program(
        cost=np.zeros(problem.size),
        lower=np.where(problem.signed, -np.inf, 0.0),
        upper=np.full(problem.size, np.inf),
        rows=problem.rules.matrix,
        row_lower=problem.rules.lower,
        row_upper=problem.rules.upper,
    )


def label_table(plan: Plan) -> pd.DataFrame:
    """Return what each column and row of ``to_pulp(plan)`` stands for.

    Returns
    -------
    One row per name: ``name``, ``family``, ``indicator``, ``scope``, ``year``, ``rule`` (its path
    in the plan; empty for cells).
    """
    problem = build(plan).problem
    rules = problem.rules
    scopes = (*problem.regions, *reversed(problem.groups), plan.area)
    years = (*(str(year) for year in problem.years), word("total_label"))
    cells = pd.DataFrame(
        {
            "name": [f"x{k}" for k in range(problem.size)],
            "family": "cell",
            "indicator": [problem.indicators[k] for k in problem.column_indicator],
            "scope": [problem.regions[k] for k in problem.column_region],
            "year": [years[k] for k in problem.column_year],
            "rule": "",
        }
    )
    rows = pd.DataFrame(
        {
            "name": [f"r{k}" for k in range(len(rules))],
            "family": [FAMILIES[k].name for k in rules.family],
            "indicator": [problem.indicators[k] for k in rules.indicator],
            "scope": [scopes[k] for k in rules.scope],
            "year": [years[k] for k in rules.year],
            "rule": [problem.sources[k] for k in rules.source],
        }
    )
    return pd.concat([cells, rows], ignore_index=True)
