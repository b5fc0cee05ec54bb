"""Figures moved within reach, so that the closed form has an answer where targets give way.

Boxes and growth limits from year to year are a lattice: all numbers can be as large as they can
be at the same time, or as small. What a sum lacks beyond its largest numbers (or has too much
beyond its smallest), and how far it then stays from its figure, it lacks in every answer. Where
one answer stays at all these bounds, none is better, whatever is settled first.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from decompose.fairness.chains import lanes_of, tighten
from decompose.fairness.giving import Giving
from decompose.fairness.relaxed import Relaxed, adding
from decompose.problem import TOTAL, Bools, Floats, Problem


def reachable(problem: Problem, relaxed: Relaxed) -> Problem:
    """Return the problem with figures, and targets that give way, as far as sums can reach.

    The problem itself where nothing has to move.

    Parameters
    ----------
    problem
        The rules; what yields does so by what its sum must miss alone, and by what the years of
        a total miss.
    relaxed
        Its boxes and growth limits.
    """
    rules = problem.rules
    plain = adding(rules)
    least, most = _ends(problem, relaxed)
    lack, excess = _missed(problem, plain, least, most)
    figure = np.clip(rules.figure - lack + excess, least, most)
    figure = np.where(plain, figure, rules.figure)
    if not rules.yields.any() and np.array_equal(figure, rules.figure, equal_nan=True):
        return problem
    return replace(
        problem,
        rules=replace(
            rules,
            lower=rules.lower - lack,
            upper=rules.upper + excess,
            figure=figure,
            yields=np.zeros(len(rules), dtype=bool),
        ),
    )


def _ends(problem: Problem, relaxed: Relaxed) -> tuple[Floats, Floats]:
    """Return what rules add up to at the smallest numbers and at the largest."""
    matrix = problem.rules.matrix
    # growth limits of 0, and infinite numbers in rules that are no sums
    with np.errstate(divide="ignore", invalid="ignore"):
        lanes, _ = lanes_of(relaxed.chains)
        caps = tighten(lanes.caps, lanes)
        least, most = (matrix.dot(relaxed.columns(end.T)) for end in (-caps[:, 1], caps[:, 0]))
    return least, most


def _missed(problem: Problem, plain: Bools, least: Floats, most: Floats) -> tuple[Floats, Floats]:
    """Return what rules that yield cannot but lack, and have too much: that of years in totals."""
    rules = problem.rules
    nothing = np.zeros(len(rules))
    if not rules.yields.any():
        return nothing, nothing
    giving, rows = Giving.of(problem), np.flatnonzero(rules.yields)
    lack, excess = (np.zeros(len(giving) // 2) for _ in range(2))
    for of_turn in (rules.year[rows] != TOTAL, rules.year[rows] == TOTAL):
        now = rows[of_turn & plain[rows]]
        own = giving.own[of_turn & plain[rows]]
        lower = rules.lower - giving.counted.dot(lack)
        upper = rules.upper + giving.counted.dot(excess)
        np.maximum.at(lack, own, lower[now] - most[now])
        np.maximum.at(excess, own, least[now] - upper[now])
    return giving.counted.dot(lack), giving.counted.dot(excess)
