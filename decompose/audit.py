"""The program itself, for another solver or an audit: every rule a named row."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pulp

from decompose.labels import word
from decompose.passed import require
from decompose.plan import Plan
from decompose.problem import FAMILIES, Matrix, Problem
from decompose.settle import problems_of
from decompose.solvers import Program, to_lp_problem


def to_pulp(plan: Plan) -> pulp.LpProblem:
    """Return a plan as a PuLP program: its rules, and the first stage of the rule that chooses.

    Columns ``x0, x1, …`` are cells; the last one is the largest burden, which is made as small as
    the rules allow. Rows ``r0, r1, …`` are the rules; then come two rows per cell for its burden,
    ``|x / reference - 1|`` (for a cell with reference 0, ``x`` itself). The later stages, and
    rounding, are the work of ``solve``.

    Ratios need their denominators: these are settled first, and stand in the rows as data. Where
    they cannot be settled, the program ends before their ratios. Of published growth only the
    first year is settled; the values of later years have columns, in percent of the base year's
    value, and no burden.

    Parameters
    ----------
    plan
        What is wanted, and under which rules.

    Returns
    -------
    pulp.LpProblem
        To be given to another solver, or written with its ``writeLP`` and ``writeMPS``.
        ``decompose.audit.label_table(plan)`` tells what each column and row stands for.

    Raises
    ------
    PlanError
        References are negative, or a ratio's denominator comes out as 0.

    Examples
    --------
    >>> program = dc.to_pulp(plan)
    >>> program.numVariables(), program.numConstraints()
    (7, 16)
    """
    require("to_pulp", plan, Plan)
    return to_lp_problem(first_stage(problems_of(plan)))


def first_stage(problems: list[Problem]) -> Program:
    """Return the rules as rows, with the largest burden as the objective.

    Parameters
    ----------
    problems
        Of the stages of a plan; they share no column.
    """
    rules = [rules_program(problem) for problem in problems]
    size = sum(one.size for one in rules)
    ends = np.cumsum([0, *(one.size for one in rules)])
    cells = np.concatenate([~problem.looked_ahead for problem in problems]).nonzero()[0]
    reference = np.concatenate([problem.reference for problem in problems])[cells]
    burden = np.where(reference == 0, 1.0, reference)
    count = len(cells)
    pairs = np.stack([cells, np.full(count, size)], axis=1).ravel()
    start = 2 * np.arange(count + 1)
    above = Matrix(start, pairs, np.stack([np.ones(count), -burden], axis=1).ravel())
    below = Matrix(start, pairs, np.stack([np.ones(count), burden], axis=1).ravel())
    nothing = np.full(count, np.inf)
    moved = [
        Matrix(one.rows.start, one.rows.column + end, one.rows.value)
        for one, end in zip(rules, ends[:-1], strict=True)
    ]
    return Program(
        cost=np.append(np.zeros(size), 1.0),
        lower=np.append(np.concatenate([one.lower for one in rules]), 0.0),
        upper=np.full(size + 1, np.inf),
        rows=Matrix.stack([*moved, above, below]),
        row_lower=np.concatenate([*(one.row_lower for one in rules), -nothing, reference]),
        row_upper=np.concatenate([*(one.row_upper for one in rules), reference, nothing]),
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

    Parameters
    ----------
    plan
        The plan that was given to ``to_pulp``.

    Returns
    -------
    pandas.DataFrame
        One row per name: ``name``, ``family``, ``indicator``, ``scope``, ``year``, ``rule`` (its
        path in the plan; empty for cells).
    """
    problems = problems_of(plan)
    columns = [row for problem in problems for row in _cells(problem)]
    rows = [row for problem in problems for row in _rules(problem, plan.area)]
    labelled = [(f"x{k}", *row) for k, row in enumerate(columns)]
    labelled += [(f"r{k}", *row) for k, row in enumerate(rows)]
    return pd.DataFrame(labelled, columns=["name", "family", "indicator", "scope", "year", "rule"])


def _cells(problem: Problem) -> list[tuple[str, ...]]:
    labels = zip(
        np.where(problem.looked_ahead, "ahead", "cell").tolist(),
        problem.column_indicator.tolist(),
        problem.column_region.tolist(),
        problem.column_year.tolist(),
        strict=True,
    )
    return [
        (kind, problem.indicators[one], problem.regions[region], str(problem.years[year]), "")
        for kind, one, region, year in labels
    ]


def _rules(problem: Problem, area: str) -> list[tuple[str, ...]]:
    rules = problem.rules
    scopes = (*problem.regions, *reversed(problem.groups), area)
    years = (*(str(year) for year in problem.years), word("total_label"))
    return [
        (
            FAMILIES[rules.family[k]].name,
            problem.indicators[rules.indicator[k]],
            scopes[rules.scope[k]],
            years[rules.year[k]],
            problem.sources[rules.source[k]],
        )
        for k in range(len(rules))
    ]
