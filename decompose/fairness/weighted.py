"""Weighted sums as plain ones: a burden does not change with the unit that its cell is counted in.

A ratio of several regions is the mean of theirs, weighted with their denominators. Counted in
weight × number, its cells simply add up.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from decompose.problem import Bools, Floats, Matrix, Problem

EQUAL = 1e-12
"""Coefficients of a row that differ by less, relative to the largest, are equal."""


def unweighted(problem: Problem) -> tuple[Problem, Floats]:
    """Count each column in the unit in which weighted sums with a figure are plain.

    Returns
    -------
    The problem, and what its columns are counted in (1 for most): ``x = new / unit``. A column
    takes its weight from the largest of its sums; years that are looked ahead to stay as they are.
    """
    matrix, unit = problem.rules.matrix, np.ones(problem.size)
    rows = np.flatnonzero(_weighted(problem))
    if len(problem.ahead) or not len(rows):
        return problem, unit
    taken = _plainly_added(problem)
    for row in rows[np.argsort(-matrix.counts[rows], kind="stable")].tolist():
        entries = slice(matrix.start[row], matrix.start[row + 1])
        columns = matrix.column[entries]
        if not taken[columns].any():
            unit[columns] = matrix.value[entries]
            taken[columns] = True
    return _in_units(problem, unit), unit


def _weighted(problem: Problem) -> Bools:
    """Tell which sums with a figure have positive weights that are not all alike.

    Not those that are more than their columns: the closed form knows of no constant.
    """
    rules, matrix = problem.rules, problem.rules.matrix
    found = ~np.isnan(rules.figure) & (matrix.counts > 1) & ~_alike(matrix)
    found &= rules.constant == 0
    found[matrix.row[matrix.value <= 0]] = False
    return found


def _plainly_added(problem: Problem) -> Bools:
    """Tell which columns stand in a plain sum with a figure, and keep their unit."""
    rules, matrix = problem.rules, problem.rules.matrix
    plain = ~np.isnan(rules.figure) & (matrix.counts > 1) & _alike(matrix)
    found = np.zeros(problem.size, dtype=bool)
    found[matrix.column[plain[matrix.row]]] = True
    return found


def _alike(matrix: Matrix) -> Bools:
    """Tell which rows have the same coefficient throughout."""
    least, most = np.full(len(matrix), np.inf), np.full(len(matrix), -np.inf)
    np.minimum.at(least, matrix.row, matrix.value)
    np.maximum.at(most, matrix.row, matrix.value)
    with np.errstate(invalid="ignore"):  # rows without columns
        return np.asarray(most - least <= EQUAL * np.abs(most))


def _in_units(problem: Problem, unit: Floats) -> Problem:
    """Count columns in other units; where a row's coefficients become alike, they are 1."""
    rules = problem.rules
    value = rules.matrix.value / unit[rules.matrix.column]
    matrix = replace(rules.matrix, value=value)
    touched = np.zeros(len(rules), dtype=bool)
    touched[matrix.row[unit[matrix.column] != 1.0]] = True
    plain = touched & _alike(matrix) & (matrix.counts > 1)
    size = np.ones(len(rules))
    first = matrix.start[:-1][plain]
    size[plain] = value[first]
    plain &= size > 0
    size = np.where(plain, size, 1.0)
    value = np.where(plain[matrix.row], 1.0, value)
    return replace(
        problem,
        reference=problem.reference * unit,
        rules=replace(
            rules,
            matrix=replace(matrix, value=value),
            lower=rules.lower / size,
            upper=rules.upper / size,
            figure=rules.figure / size,
            constant=rules.constant / size,
        ),
    )
