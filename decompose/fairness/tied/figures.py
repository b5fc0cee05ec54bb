"""Figures of sums that ties contradict: each as near to its own as the others allow.

Regions that the same sums have are one here, and what ties them are the equations added up.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from decompose.fairness.alike import Alike, of_same_sums, plain_rules
from decompose.fairness.reach import reach_of
from decompose.fairness.relaxed import Relaxed, adding
from decompose.fairness.tied.implied import Family
from decompose.problem import Bools, Floats, Ints, Matrix, Problem
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
    columns = np.flatnonzero(wanted[problem.component[problem.column_indicator]])
    group = of_same_sums(problem, rows)[problem.column_region]
    alike = Alike.of(problem, columns, group)
    place, size = alike.place, alike.size
    ties = [_added(one, place, size) for one in families if place[one.column[0, 0]] >= 0]
    bounds = np.concatenate([bound for _, bound in ties])
    matrix = Matrix.stack([matrix for matrix, _ in ties])
    tied = plain_rules(matrix, bounds, bounds, problem.column_indicator[alike.first])
    sums = replace(rules, figure=said).take(rows)
    found, programs = alike.figures(sums, tied, reach_of(relaxed), solver)
    if found is None:
        return said, programs
    figure = said.copy()
    figure[rows] = np.where(np.isnan(found), figure[rows], found)
    return figure, programs


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
