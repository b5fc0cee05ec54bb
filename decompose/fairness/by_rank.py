"""Priorities one after the other: the first ones' indicators alone, then those that come after.

Each rule holds from the start, so that the first ones must leave the others an answer. They are
settled without the others first, with rules of both kept as far as the others' own boxes and growth
limits let these go: fewer rules, so that an answer which leaves the others one is the answer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from decompose.fairness.part import among
from decompose.fairness.programs import Chosen
from decompose.fairness.reach import reach_of
from decompose.fairness.relaxed import relax
from decompose.fairness.scaled import indicator_sizes
from decompose.problem import Bools, Floats, Problem, Rules

Choice = Callable[[Problem], Chosen | None]


def ranked(problem: Problem) -> Bools:
    """Flag the components that have several priorities."""
    rank = problem.rank[problem.column_indicator]
    component = problem.component[problem.column_indicator]
    count = int(problem.component.max(initial=-1)) + 1
    first, last = np.full(count, rank.max(initial=0)), np.full(count, rank.min(initial=0))
    np.minimum.at(first, component, rank)
    np.maximum.at(last, component, rank)
    return np.asarray(last > first)


def by_rank(problem: Problem, choose: Choice) -> Chosen | None:
    """Settle the indicators of the first priority, then all others with these as they are.

    Parameters
    ----------
    problem
        The rules.
    choose
        How each of the two is settled; None where its rules cannot hold together.

    Returns
    -------
    Chosen or None
        None where there is one priority only, the others have no answer beside the first ones', or
        it is not known how far they can go: targets give way, or numbers may be below 0.
    """
    rules, rank = problem.rules, problem.rank
    of_column = rank[problem.column_indicator]
    if rules.yields.any() or problem.signed.any() or len(problem.ahead) or not len(of_column):
        return None
    first = of_column == of_column.min()
    if first.all():
        return None
    now, later = (rules.matrix.with_any(one) for one in (first, ~first))
    mixed, said = now & later, ~np.isnan(rules.figure) & (rules.lower < rules.upper)
    if (mixed & said).any():
        return None
    least, most = _ends(problem, first)
    if not (least <= most).all():  # nor have the later ones alone
        return None
    rows = np.flatnonzero(now)
    sooner = among(problem, np.flatnonzero(first), _less(rules.take(rows), least[rows], most[rows]))
    sooner = replace(sooner, priority=())
    if not _same_sizes(problem, sooner):
        return None
    begun = choose(sooner)
    if begun is None:
        return None
    x = np.zeros(problem.size)
    x[first] = begun.x
    rows = np.flatnonzero(later | (rules.matrix.counts == 0))
    known = rules.matrix.dot(x)[rows]
    after = among(problem, np.flatnonzero(~first), _less(rules.take(rows), known, known))
    after = replace(after, priority=tuple(np.maximum(rank, of_column[~first].min()).tolist()))
    if not _same_sizes(problem, after):
        return None
    found = choose(after)
    if found is None:
        return None
    x[~first] = found.x
    return Chosen(x, begun.programs + found.programs)


def _ends(problem: Problem, first: Bools) -> tuple[Floats, Floats]:
    """Return the least and the most that the terms of later indicators in each rule add up to."""
    lower, upper = reach_of(relax(problem))
    matrix = problem.rules.matrix.plain
    found = []
    for below, above in ((lower, upper), (upper, lower)):
        signed = np.where(matrix.value > 0, below[matrix.column], above[matrix.column])
        terms = np.where(first[matrix.column], 0.0, matrix.value * signed)
        found.append(np.bincount(matrix.row, terms, minlength=len(matrix)))
    return np.asarray(found[0]), np.asarray(found[1])


def _less(rules: Rules, low: Floats, high: Floats) -> Rules:
    """Return rules whose bounds leave room for other terms: at least ``low``, at most ``high``."""
    return replace(
        rules,
        lower=rules.lower - high,
        upper=rules.upper - low,
        figure=np.where(low == high, rules.figure - low, np.nan),
        constant=rules.constant + np.where(low == high, low, 0.0),
    )


def _same_sizes(problem: Problem, part: Problem) -> bool:
    """Whether the part's indicators have the sizes that they have in the whole."""
    own = np.unique(part.column_indicator)
    return bool(np.array_equal(indicator_sizes(problem)[own], indicator_sizes(part)[own]))
