"""How sums grow from year to year, as bounds of the sums themselves.

A sum that is to be 1.07 times that of the year before, which is to be 100, is to be 107. That says
nothing new; but figures that do not add up are agreed on year by year, and have to know it.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from decompose.fairness.relaxed import adding
from decompose.problem import TOTAL, Bools, Floats, Ints, Problem

ALIKE = 1e-9
"""Rows that differ by less, relative to what they add up, are one."""


def with_sums_carried(problem: Problem) -> Problem:
    """Return the problem with the bounds of sums that have a figure carried along the years."""
    rules, matrix = problem.rules, problem.rules.matrix.plain
    of_year = (rules.scope < 0) & (rules.year != TOTAL) & ~rules.yields
    falls = np.zeros(len(rules), dtype=bool)
    falls[matrix.row[matrix.value < 0]] = True
    ties = np.flatnonzero(of_year & falls & (rules.year > 0))
    said = np.flatnonzero(of_year & adding(rules) & ~np.isnan(rules.figure))
    if not len(ties) or not len(said):
        return problem

    width, depth = len(problem.years), 1 - int(rules.scope.min())
    key = (rules.indicator * depth - rules.scope) * width + rules.year
    said = said[np.unique(key[said], return_index=True)[1]]
    later, before = _with_key(key[ties], key, said), _with_key(key[ties] - 1, key, said)
    known = (later >= 0) & (before >= 0)
    ties, later, before = ties[known], later[known], before[known]
    times, of_before, holds = _multiples(problem, ties, later, before)
    ties, later, before = ties[holds], later[holds], before[holds]
    times, of_before = times[holds], of_before[holds]

    lower, upper = rules.lower.copy(), rules.upper.copy()
    for year in range(1, width):
        now = np.flatnonzero(rules.year[ties] == year)
        one, other = later[now], before[now]
        least = rules.lower[ties[now]] + of_before[now] * lower[other]
        most = rules.upper[ties[now]] + of_before[now] * upper[other]
        np.maximum.at(lower, one, np.minimum(least / times[now], upper[one]))
        np.minimum.at(upper, one, np.maximum(most / times[now], lower[one]))
    return replace(problem, rules=replace(rules, lower=lower, upper=upper))


def _with_key(wanted: Ints, key: Ints, rows: Ints) -> Ints:
    """Return the row that has each key, of rows in the order of theirs; -1 where none has."""
    place = np.minimum(np.searchsorted(key[rows], wanted), len(rows) - 1)
    return np.where(key[rows][place] == wanted, rows[place], -1)


def _multiples(
    problem: Problem, ties: Ints, later: Ints, before: Ints
) -> tuple[Floats, Floats, Bools]:
    """Return how often each row has the one sum and lacks the other, and whether that is all of it.

    Told from what the rows are at two points that nothing but the same columns can agree on.
    """
    matrix, random = problem.rules.matrix.plain, np.random.default_rng(0)
    found = []
    for _ in range(2):
        x = random.uniform(1, 2, problem.size)
        value, size = matrix.dot(x), matrix.sizes(x)
        more, less = (size[ties] + value[ties]) / 2, (size[ties] - value[ties]) / 2
        found.append((more / value[later], less / value[before]))
    (times, of_before), (again, of_again) = found
    holds = np.abs(times - again) <= ALIKE * times
    holds &= np.abs(of_before - of_again) <= ALIKE * of_before
    return times, of_before, holds & (times > 0)
