"""A minimal conflict: rules that cannot hold together, though any one less of them can.

The deletion filter, over a set that is small already: the rules that have a price in the program
of the least violation are a contradiction by themselves (its dual is a Farkas certificate).

Source: J. W. Chinneck, "Feasibility and Infeasibility in Optimization", Springer 2008, chapter 6.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from decompose.explain.feasibility import Part, solved
from decompose.explain.needed import elastic, needed
from decompose.explain.rules import TARGETS as TARGET_NAMES
from decompose.problem import FAMILY, Bools, Ints
from decompose.solvers import Solver

PRICED = 1e-9
"""A dual above this, beside the largest one, is not 0."""
WORTH = 3
"""So many rules, looked at together, are worth one that is tried by itself."""
TARGETS = tuple(FAMILY[name] for name in TARGET_NAMES)
"""Families of what scopes must reach: all others are limits."""
_PLAIN = tuple(FAMILY[name] for name in ("target", "ratio", "lock", "max", "min"))
"""Families that a reader knows best: where there is a choice, they are what is named."""


def minimal_conflict(part: Part, solver: Solver) -> Ints:
    """Find rules that contradict one another, each of them needed.

    Rules of one indicator and year are looked at first, then those of one indicator, then all:
    the narrowest contradiction is the easiest to read.

    Parameters
    ----------
    part
        Rules that cannot hold together.
    solver
        From ``open_solver``.

    Returns
    -------
    Indices into ``part.rows``, rising. Empty where the steps of tiers cannot be taken whatever
    rules are left.

    Raises
    ------
    SolverError
        The solver failed.
    """
    for block in _blocks(part):
        kept = np.zeros(len(part.rows), dtype=bool)
        kept[block] = True
        if not part.can_hold(solver, kept):
            break
    # Where limits contradict one another without them, no target is to blame.
    limits = kept & ~np.isin(part.problem.rules.family[part.rows], TARGETS)
    if not part.can_hold(solver, limits):
        kept = limits
    if not part.steps:
        kept = _with_price(part, kept, solver)
    return _filtered(part, kept, solver)


def _blocks(part: Part) -> Iterator[Ints]:
    """Yield sets of rules, narrow ones first: of one indicator and year, of one, of all."""
    problem, rules = part.problem, part.problem.rules
    matrix = rules.matrix.take(part.rows)
    indicator = problem.column_indicator[matrix.column]
    year = problem.column_year[matrix.column]
    start = matrix.start[:-1]
    filled = np.diff(matrix.start) > 0
    own = rules.indicator[part.rows]
    one_indicator, one_year = np.ones(len(own), dtype=bool), np.ones(len(own), dtype=bool)
    when = np.maximum(rules.year[part.rows], 0)
    if len(matrix.column):
        first = np.minimum(start, len(indicator) - 1)
        lone = np.bincount(matrix.row, indicator != indicator[first][matrix.row], len(own)) == 0
        dated = np.bincount(matrix.row, year != year[first][matrix.row], len(own)) == 0
        one_indicator = ~filled | (lone & (indicator[first] == own))
        one_year = ~filled | dated
        when = np.where(filled, year[first], when)
    for number in np.unique(own):
        for time in np.unique(when):
            yield np.flatnonzero(one_indicator & one_year & (own == number) & (when == time))
    for number in np.unique(own):
        yield np.flatnonzero(one_indicator & (own == number))
    yield np.arange(len(own))


def _with_price(part: Part, kept: Bools, solver: Solver) -> Bools:
    """Keep the rules that have a price where the least in all is missed."""
    program = part.kept(kept)
    result = solved(solver, elastic(program)[0])
    if result is None or result.dual is None:
        return kept  # rules that contradict themselves, or a solver without duals
    price = np.abs(result.dual)
    found = kept & (price > PRICED * price.max(initial=0.0))
    return kept if part.can_hold(solver, found) else found


def _filtered(part: Part, kept: Bools, solver: Solver) -> Ints:
    """Take out each rule without which the others still contradict one another."""
    kept, seen = kept.copy(), np.zeros(len(kept), dtype=bool)
    order = _order(part, np.flatnonzero(kept)).tolist()
    tried = len(order)
    for row in order:
        unseen = kept & ~seen
        if tried * WORTH >= np.count_nonzero(unseen):
            seen |= needed(part, kept, order[-1], unseen, solver)
            tried = 0
        if seen[row]:
            continue  # of fewer rules it is needed as well
        kept[row] = False
        tried += 1
        if part.can_hold(solver, kept):
            kept[row] = seen[row] = True
    return np.flatnonzero(kept)


def _order(part: Part, rows: Ints) -> Ints:
    """Order rules by how gladly they are left out: ties before plain rules, late years first."""
    rules = part.problem.rules.take(part.rows[rows])
    plain = np.isin(rules.family, _PLAIN)
    return np.asarray(rows[np.lexsort((-rules.scope, -rules.family, -rules.year, plain))])
