"""Figures moved within reach, so that the closed form has an answer where targets give way.

Boxes and growth limits from year to year are a lattice: all numbers can be as large as they can
be at the same time, or as small. What a sum lacks beyond its largest numbers (or has too much
beyond its smallest), and how far it then stays from its figure, it lacks in every answer. Where
one answer stays at all these bounds, none is better, whatever is settled first.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from decompose.fairness.chains import lanes_of, tighten
from decompose.fairness.giving import Giving
from decompose.fairness.relaxed import Relaxed, adding
from decompose.problem import TOTAL, Bools, Floats, Ints, Problem

OUT_OF_REACH = 1e-6
"""A bound that is missed by more, beside itself or a step, is no matter of rounding."""


class Ends(NamedTuple):
    """What each rule adds up to at the smallest numbers and at the largest."""

    least: Floats
    most: Floats

    def beyond(self, figure: Floats) -> bool:
        """Whether a figure (NaN: none) is out of reach by more than rounding."""
        noise = OUT_OF_REACH * np.abs(figure)
        return bool(np.any((figure < self.least - noise) | (figure > self.most + noise)))


def clashing_components(problem: Problem, ends: Ends) -> Ints:
    """List components where some sum cannot reach its bounds, whatever the other sums are.

    Of cells tied from year to year to one that may be below 0, it is not known how far they reach.
    """
    rules = problem.rules
    matrix = rules.matrix.plain
    sums = (matrix.counts > 0) & ~rules.yields
    sums[matrix.row[matrix.value < 0]] = False
    cell = problem.column_indicator * len(problem.regions) + problem.column_region
    tied = np.isin(cell, cell[problem.signed])
    sums[matrix.row[tied[matrix.column]]] = False
    size = np.maximum(np.abs(ends.most), np.abs(ends.least))
    margin = OUT_OF_REACH * np.maximum(size, problem.rule_step)
    with np.errstate(invalid="ignore"):  # infinite numbers in rules that are no sums
        over = np.maximum(ends.least - rules.upper, rules.lower - ends.most)
    return np.unique(problem.component[rules.indicator[sums & (over > margin)]])


def reachable(problem: Problem, ends: Ends) -> Problem:
    """Return the problem with figures, and targets that give way, as far as sums can reach.

    The problem itself where nothing has to move.

    Parameters
    ----------
    problem
        The rules; what yields does so by what its sum must miss alone, and by what the years of
        a total miss.
    ends
        See :meth:`Reach.ends`.
    """
    rules = problem.rules
    plain = adding(rules)
    least, most = ends
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


class Reach(NamedTuple):
    """The smallest and the largest number of each column."""

    lower: Floats
    upper: Floats

    def ends(self, problem: Problem) -> Ends:
        """Return what each rule adds up to there."""
        matrix = problem.rules.matrix
        with np.errstate(invalid="ignore"):  # infinite numbers in rules that are no sums
            return Ends(matrix.dot(self.lower), matrix.dot(self.upper))


def reach_of(relaxed: Relaxed) -> Reach:
    """Return how far boxes and growth limits let each column go."""
    with np.errstate(divide="ignore", invalid="ignore"):  # growth limits of 0
        lanes, _ = lanes_of(relaxed.chains)
        caps = tighten(lanes.caps, lanes)
        return Reach(relaxed.columns(-caps[:, 1].T), relaxed.columns(caps[:, 0].T))


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
