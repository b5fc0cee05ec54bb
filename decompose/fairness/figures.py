"""Figures that cannot all be met, settled by programs: the cells then have fixed sums.

How near sums come to their figures is settled before any cell is, and takes few programs. With
what comes out of it as fixed sums, the cells often have a closed form. Regions whose rules
are alike but for their size are looked at as one first, then each by itself.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from decompose.errors import SolverError
from decompose.fairness.alike import Alike, of_same_sums, plain_rules
from decompose.fairness.chains import Chains
from decompose.fairness.giving import Giving
from decompose.fairness.reach import Reach, reach_of
from decompose.fairness.relaxed import Relaxed, adding, relax
from decompose.fairness.scaled import Scaled
from decompose.fairness.stages import SAME, Stages
from decompose.problem import Floats, Ints, Matrix, Problem, Rules
from decompose.solvers import Solver

FEWER = 2
"""So many times as many columns there must be as are left where regions are alike."""
DIGITS = 12
"""In which shapes of rules are compared, beside the largest number of a region."""


class Fixed(NamedTuple):
    """A problem whose figures are bounds that are met, and the programs that it took."""

    problem: Problem
    programs: int


def with_misses_fixed(problem: Problem, solver: Solver) -> Fixed | None:
    """Return the problem with targets that give way missed by as little as the rules allow.

    None where nothing gives way, or the rules cannot hold together.
    """
    if not problem.rules.yields.any():
        return None
    scaled = Scaled.of(problem)
    misses = np.any(scaled.misses, axis=0)
    stages = Stages(scaled, solver, only=misses)
    try:
        if not stages.settle_in_turn(*scaled.misses_in_turn(problem)):
            return None
    except SolverError:
        return None
    return Fixed(_missed(problem, stages.values[misses]), stages.programs)


def _missed(problem: Problem, miss: Floats) -> Problem:
    """Return a problem whose targets are missed by so much, in their own sizes."""
    rules, giving = problem.rules, Giving.of(problem)
    amount = np.where(miss > SAME, miss * giving.unit, 0.0)
    own_lack, own_excess = np.split(amount, 2)
    lack, excess = giving.counted.dot(own_lack), giving.counted.dot(own_excess)
    lower, upper = rules.lower - lack, rules.upper + excess
    # what is missed is at its end: it is missed by the least
    rows = np.flatnonzero(rules.yields)
    short, long = (np.zeros(len(rules), dtype=bool) for _ in range(2))
    short[rows], long[rows] = own_lack[giving.own] > 0, own_excess[giving.own] > 0
    upper = np.where(short & np.isfinite(lower), lower, upper)
    lower = np.where(long & np.isfinite(upper) & ~short, upper, lower)
    exact = rules.lower == rules.upper
    return replace(
        problem,
        rules=replace(
            rules,
            lower=lower,
            upper=upper,
            figure=np.where(exact | (lower == upper), np.nan, rules.figure - lack + excess),
            constant=rules.constant + lack - excess,
            yields=np.zeros(len(rules), dtype=bool),
        ),
    )


def with_figures_fixed(problem: Problem, solver: Solver) -> Fixed | None:
    """Return the problem with each sum as near to its figure as the rules allow.

    None where there is nothing to settle first: no figure that has room, or targets that give way.
    """
    rules = problem.rules
    scaled = Scaled.of(problem)
    if rules.yields.any() or not scaled.figures.any():
        return None
    stages = Stages(scaled, solver, only=scaled.figures)
    try:
        if not stages.settle(scaled.figures):
            return None
    except SolverError:
        return None
    rows = scaled.summed
    whole = (rules.figure + rules.constant)[rows]
    value = stages.values[scaled.figures] * whole - rules.constant[rows]
    return Fixed(_held(problem, rows, value), stages.programs)


def with_figures_of_groups(problem: Problem, solver: Solver) -> Fixed | None:
    """Return the problem with figures fixed as rules from year to year alone allow.

    Regions that the same sums have, and whose rules are alike but for their size, are one: copies
    of a convex set in different sizes add up to a copy of it. Rules of other kinds are left out:
    only where these can be kept, the sums are those of the answer. None where few regions are
    alike, figures are of other rules, or targets give way.
    """
    rules = problem.rules
    open_ = np.isfinite(rules.figure) & (rules.lower < rules.upper)
    ones = np.ones(len(rules), dtype=bool)
    ones[rules.matrix.row[rules.matrix.value != 1]] = False
    sums = adding(rules) & ones
    if rules.yields.any() or not open_.any() or (open_ & ~sums).any() or problem.signed.any():
        return None
    relaxed = relax(problem)
    if (relaxed.weight != 1).any():
        return None
    rows = np.flatnonzero(sums & (~rules.single | open_))
    reach, matrix = reach_of(relaxed), rules.matrix.take(rows)
    alike = Alike.of(problem, np.arange(problem.size), _copies(problem, relaxed, rows, reach))
    if alike.size > problem.size / FEWER:
        return None
    pair = matrix.row * alike.size + alike.place[matrix.column]
    pair, count = np.unique(pair, return_counts=True)
    if (count < alike.added(np.ones(problem.size))[pair % alike.size]).any():
        return None  # a sum of some of the regions that seem alike
    years = _between_years(alike, relaxed.chains, relaxed.row, relaxed.year)
    figure, programs = alike.figures(rules.take(rows), years, reach, solver)
    if figure is None:
        return None
    found = ~np.isnan(figure)
    return Fixed(_held(problem, rows[found], figure[found]), programs)


def _copies(problem: Problem, relaxed: Relaxed, rows: Ints, reach: Reach) -> Ints:
    """Return the group of each column: of chains in the same sums that differ by a factor."""
    chains, shape = relaxed.chains, relaxed.chains.present.shape
    lower, upper = np.zeros(shape), np.zeros(shape)
    lower[relaxed.row, relaxed.year], upper[relaxed.row, relaxed.year] = reach
    finite = np.where(np.isfinite(upper), np.maximum(np.abs(lower), np.abs(upper)), np.abs(lower))
    size = finite.max(axis=1, keepdims=True)
    size = np.where(size > 0, size, 1.0)
    sizes = [one / size for one in (lower, upper, chains.down, chains.up)]
    shapes = [*sizes, chains.fall, chains.rise]
    in_sums = np.zeros(shape[0])
    in_sums[relaxed.row] = of_same_sums(problem, rows)[problem.column_region]
    told = np.column_stack([in_sums, chains.present, *(np.round(one, DIGITS) for one in shapes)])
    return np.unique(told, axis=0, return_inverse=True)[1].reshape(-1)[relaxed.row]


def _held(problem: Problem, rows: Ints, value: Floats) -> Problem:
    """Return a problem in which sums are fixed."""
    rules = problem.rules
    lower, upper, figure = rules.lower.copy(), rules.upper.copy(), rules.figure.copy()
    lower[rows], upper[rows], figure[rows] = value, value, np.nan
    return replace(problem, rules=replace(rules, lower=lower, upper=upper, figure=figure))


def _between_years(alike: Alike, chains: Chains, row: Ints, year: Ints) -> Rules:
    """Return the limits from year to year of each group: those of its regions, ramps added up."""
    place = np.full(chains.present.shape, -1, dtype=np.int64)
    place[row, year] = alike.place
    at = chains.present[:, 1:] & chains.present[:, :-1]
    pair = place[:, :-1][at] * alike.size + place[:, 1:][at]
    pair, first, of_pair = np.unique(pair, return_index=True, return_inverse=True)
    before, now = np.divmod(pair, alike.size)

    def added(ramp: Floats) -> Floats:
        found = np.bincount(of_pair, ramp[:, 1:][at], minlength=len(pair))
        return found.astype(np.float64)

    fall, rise = (one[:, 1:][at][first] for one in (chains.fall, chains.rise))
    zero, wide = np.zeros(len(pair)), np.full(len(pair), np.inf)
    parts = []
    for factor, low, high in (
        (rise, -wide, zero),
        (fall, zero, wide),
        (zero + 1.0, added(chains.down), added(chains.up)),
    ):
        said = np.flatnonzero(np.isfinite(factor) & (np.isfinite(low) | np.isfinite(high)))
        matrix = Matrix(
            2 * np.arange(len(said) + 1),
            np.stack([now[said], before[said]], axis=1).ravel(),
            np.stack([np.ones(len(said)), -factor[said]], axis=1).ravel(),
        )
        indicator = alike.problem.column_indicator[alike.first]
        parts.append(plain_rules(matrix, low[said], high[said], indicator))
    return Rules.stack(parts)
