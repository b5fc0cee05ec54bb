"""A part of a problem: some of its columns, and the rules that speak of them alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from decompose.problem import Costs, Ints, Matrix, Problem, Rules


def part_of(problem: Problem, columns: Ints, rows: Ints | None = None) -> Problem:
    """Return the problem of these columns only, in this order.

    Rules that touch other columns are left out, so that the parts of independent components
    keep every rule between them; rules without columns stay in each. Labels stay as they are.

    Parameters
    ----------
    problem
        The whole.
    columns
        Indices of the columns to keep, each once.
    rows
        The rules that speak of them alone, where they are known.
    """
    place = np.full(problem.size, -1, dtype=np.int64)
    place[columns] = np.arange(len(columns))
    rules = problem.rules.take(rows_within(problem, columns) if rows is None else rows)
    return replace(
        problem,
        column_indicator=problem.column_indicator[columns],
        column_region=problem.column_region[columns],
        column_year=problem.column_year[columns],
        signed=problem.signed[columns],
        step=problem.step[columns],
        reference=problem.reference[columns],
        rules=replace(rules, matrix=rules.matrix.renamed(place)),
        costs=_costs(problem.costs, place),
        ahead=place[problem.ahead][place[problem.ahead] >= 0],
    )


def among(problem: Problem, columns: Ints, rules: Rules) -> Problem:
    """Return the problem of these columns, in this order, with their terms of some rules.

    Parameters
    ----------
    problem
        The whole.
    columns
        Indices of the columns to keep, each once.
    rules
        Over the columns of the whole; their bounds leave the other terms out.
    """
    kept, place = np.zeros(problem.size, dtype=bool), np.zeros(problem.size, dtype=np.int64)
    kept[columns], place[columns] = True, np.arange(len(columns))
    chosen = Matrix(np.concatenate([[0], np.cumsum(kept)]), place[kept], np.ones(len(columns)))
    matrix = rules.matrix.times(chosen, size=len(columns))
    own = part_of(problem, columns, np.zeros(0, dtype=np.int64))
    return replace(own, rules=replace(rules, matrix=matrix))


def rows_within(problem: Problem, columns: Ints) -> Ints:
    """Return the rules of ``part_of(problem, columns)``: those that touch no other column."""
    inside = np.zeros(problem.size, dtype=bool)
    inside[columns] = True
    matrix = problem.rules.matrix
    return np.flatnonzero(~matrix.with_any(~inside))


def blocks_of(problem: Problem) -> Ints:
    """Return the block of each column: columns that share a rule are in one.

    Blocks are chosen apart: a component falls into several where only its indicator is one.
    """
    matrix = problem.rules.matrix
    block = np.arange(problem.size)
    first = np.full(len(matrix), problem.size)
    while True:
        np.minimum.at(first, matrix.row, block[matrix.column])
        lower = block.copy()
        np.minimum.at(lower, matrix.column, first[matrix.row])
        lower = lower[lower]
        if np.array_equal(lower, block):
            return block
        block = lower


def _costs(costs: Costs, place: Ints) -> Costs:
    kept = place[costs.column] >= 0
    return Costs(place[costs.column[kept]], costs.width[kept], costs.unit[kept])


def component_columns(problem: Problem, component: int) -> Ints:
    """Return the columns of the indicators of one component."""
    return np.flatnonzero(problem.component[problem.column_indicator] == component)
