"""Figures of sums that ties contradict: each as near to its own as the others allow.

Regions that the same sums have are one here: a problem of a few columns, whose rules are sums, the
equations added up, and what the regions can do at most and at least. It leaves out the rest of the
rules, so that its answer is that of the whole where the whole can keep it.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from decompose.errors import SolverError
from decompose.fairness.part import part_of
from decompose.fairness.reach import reach_of
from decompose.fairness.relaxed import Relaxed, adding
from decompose.fairness.scaled import Scaled, indicator_sizes
from decompose.fairness.stages import Stages
from decompose.fairness.tied.implied import Family
from decompose.problem import FAMILY, TOTAL, Bools, Floats, Ints, Matrix, Problem, Rules
from decompose.problem.matrix import no_ints
from decompose.solvers import Solver


def tied_figures(
    problem: Problem,
    said: Floats,
    relaxed: Relaxed,
    families: list[Family],
    wanted: Bools,
    solver: Solver,
) -> tuple[Floats, int]:
    """Return what sums with a figure hand out, and how many programs that took.

    Parameters
    ----------
    problem, said, relaxed
        The rules; the figures as the plan says them; what of the rules has a closed form.
    families
        The equations, over columns of the problem.
    wanted
        The components that are looked at, as flags.
    solver
        What solves the programs.

    Returns
    -------
    figures, programs
        Of each rule; as they are said where nothing is found.
    """
    rules = problem.rules
    rows = np.flatnonzero(wanted[problem.component[rules.indicator]] & adding(rules))
    rows = rows[~rules.single[rows] | np.isfinite(said[rows])]
    group = _alike(problem, rows)
    columns = np.flatnonzero(wanted[problem.component[problem.column_indicator]])
    key = problem.column_indicator * len(problem.years) + problem.column_year
    key = key * (int(group.max(initial=-1)) + 1) + group[problem.column_region]
    _, first, of_column = np.unique(key[columns], return_index=True, return_inverse=True)
    place = np.full(problem.size, -1, dtype=np.int64)
    place[columns] = of_column
    size, some = len(first), columns[first]

    def added(values: Floats) -> Floats:
        return np.bincount(of_column, values[columns], minlength=size).astype(np.float64)

    reach = reach_of(relaxed)
    sums = replace(rules, figure=said).take(rows)
    pair = np.unique(sums.matrix.row * size + place[sums.matrix.column])
    summed = Matrix.collect(
        pair // size, pair % size, np.ones(len(pair)), rows=len(rows), size=size
    )
    ties = [_added(one, place, size) for one in families if place[one.column[0, 0]] >= 0]
    cells = Matrix(np.arange(size + 1), np.arange(size), np.ones(size))
    bounds = np.concatenate([bound for _, bound in ties])
    tied = plain_rules(
        Matrix.stack([matrix for matrix, _ in ties]), bounds, bounds, problem.column_indicator[some]
    )
    boxes = plain_rules(
        cells, added(reach.lower), added(reach.upper), problem.column_indicator[some]
    )
    asked = replace(
        part_of(problem, some, no_ints()),
        reference=added(problem.reference),
        rules=Rules.stack([replace(sums, matrix=summed), tied, boxes]),
    )
    scaled = Scaled.of(asked, indicator_sizes(problem))
    stages = Stages(scaled, solver)
    try:
        if not stages.settle(scaled.figures):
            return said, stages.programs
    except SolverError:
        return said, stages.programs
    figure = said.copy()
    of_sums = np.isfinite(sums.figure) & (sums.lower < sums.upper)
    found = np.flatnonzero(scaled.figures)
    if of_sums.sum() == len(found):
        beside = sums.constant[of_sums]
        whole = sums.figure[of_sums] + beside
        figure[rows[of_sums]] = whole * stages.values[found] - beside
    return figure, stages.programs


def _alike(problem: Problem, rows: Ints) -> Ints:
    """Return the group of each region: those that the same sums have."""
    matrix = problem.rules.matrix.take(rows)
    region = problem.column_region[matrix.column]
    scope = np.unique(problem.rules.scope[rows], return_inverse=True)[1][matrix.row]
    pair = np.unique(region * (int(scope.max(initial=0)) + 1) + scope)
    region, scope = np.divmod(pair, int(scope.max(initial=0)) + 1)
    members: list[list[int]] = [[] for _ in problem.regions]
    for one, of in zip(region.tolist(), scope.tolist(), strict=True):
        members[one].append(of)
    numbers: dict[tuple[int, ...], int] = {}
    return np.array([numbers.setdefault(tuple(one), len(numbers)) for one in members])


def _added(family: Family, place: Ints, size: int) -> tuple[Matrix, Floats]:
    """Return the equations of each group, added up."""
    column = place[family.column]
    _, number = np.unique(column[0], return_inverse=True)
    count = int(number.max(initial=-1)) + 1
    row = np.tile(number, (len(column), 1))
    key, first = np.unique(row * size + column, return_index=True)
    value = np.broadcast_to(family.value[:, np.newaxis], column.shape).ravel()[first]
    matrix = Matrix.collect(key // size, key % size, value, rows=count, size=size)
    return matrix, np.bincount(number, family.bound, minlength=count).astype(np.float64)


def plain_rules(matrix: Matrix, lower: Floats, upper: Floats, indicator: Ints) -> Rules:
    """Return rules without figures, over columns of some indicators."""
    nothing = np.zeros(len(matrix), dtype=np.int64)
    return Rules(
        matrix=matrix,
        lower=lower,
        upper=upper,
        family=nothing + FAMILY["target"],
        indicator=indicator[matrix.column[matrix.start[:-1]]],
        scope=nothing,
        year=nothing + TOTAL,
        source=nothing,
        figure=np.full(len(matrix), np.nan),
        whole=np.zeros(len(matrix), dtype=bool),
    )
