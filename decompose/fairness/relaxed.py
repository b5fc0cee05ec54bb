"""A problem relaxed to what has a closed form: disjoint sums, boxes, growth from year to year.

Rules of other shapes are left out. Where the answer of the relaxed problem keeps them all the
same, it is the answer of the whole (a smaller set of choices holds no better one).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from decompose.fairness.agreement import agree
from decompose.fairness.chains import Chains
from decompose.problem import Floats, Ints, Problem

SAME = 1e-9
"""Figures that differ by less, by their size, agree."""


@dataclass(frozen=True, eq=False)
class Relaxed:
    """The chains of a problem, one part per indicator.

    Attributes
    ----------
    chains
        What the closed form solves.
    row, year
        Where each column of the problem stands in them.
    figure
        What each rule hands out: its figure, or what comes nearest where figures disagree; NaN
        where it has none.
    """

    chains: Chains
    row: Ints
    year: Ints
    figure: Floats

    def columns(self, x: Floats) -> Floats:
        """Return the values of the problem's columns."""
        return np.asarray(x[self.row, self.year])


def relax(problem: Problem) -> Relaxed:
    """Keep the rules that have a closed form."""
    key = problem.column_indicator * len(problem.regions) + problem.column_region
    keys, row = np.unique(key, return_inverse=True)
    year = problem.column_year
    shape = len(keys), len(problem.years)

    def laid(values: Floats, empty: float) -> Floats:
        found = np.full(shape, empty)
        found[row, year] = values
        return found

    fall, rise = _growth(problem, row, shape)
    block, sums, figure = _blocks(problem)
    blocks = np.full(shape, -1, dtype=np.int64)
    blocks[row, year] = block
    present = np.zeros(shape, dtype=bool)
    present[row, year] = True
    chains = Chains(
        reference=laid(problem.reference, 0.0),
        lower=laid(problem.lower, 0.0),
        upper=laid(problem.upper, 0.0),
        present=present,
        fall=fall,
        rise=rise,
        block=blocks,
        sums=sums,
        part=keys // len(problem.regions),
    )
    return Relaxed(chains, row, year, figure)


def _growth(problem: Problem, row: Ints, shape: tuple[int, int]) -> tuple[Floats, Floats]:
    """Find the rows ``x[t] ≤ g · x[t-1]`` and ``≥``, whatever family wrote them."""
    rules = problem.rules
    fall, rise = np.zeros(shape), np.full(shape, np.inf)
    two = np.flatnonzero(rules.matrix.counts == 2)
    start = rules.matrix.start[two]
    first, second = rules.matrix.column[start], rules.matrix.column[start + 1]
    swap = problem.column_year[first] < problem.column_year[second]
    later, earlier = np.where(swap, second, first), np.where(swap, first, second)
    value = rules.matrix.value
    own, other = value[start + swap], value[start + ~swap]
    tied = (
        (row[later] == row[earlier])
        & (problem.column_year[later] == problem.column_year[earlier] + 1)
        & (own > 0)
        & (other <= 0)
    )
    factor = np.where(tied, -other / np.where(tied, own, 1.0), 0.0)
    place = row[later], problem.column_year[later]
    most = tied & (rules.upper[two] == 0)
    least = tied & (rules.lower[two] == 0)
    np.minimum.at(rise, (place[0][most], place[1][most]), factor[most])
    np.maximum.at(fall, (place[0][least], place[1][least]), factor[least])
    return fall, rise


@dataclass(frozen=True, eq=False)
class _Held:
    """A sum of blocks: how many cells it has, what it adds up to, and the block that it is alone.

    ``block`` is -1 where it is more than one, or has been settled.
    """

    cells: int
    sum: float
    block: int


def _blocks(problem: Problem) -> tuple[Ints, Floats, Floats]:
    """Split figures and fixed sums into disjoint blocks of cells with what each adds up to.

    A sum that contains others leaves a block of what they do not cover; one that crosses
    another is left out. Where the others are all of it and the figures do not add up, each comes
    as near to its own as the others allow.

    Returns
    -------
    The block of each column (-1: none), the sums, and ``Relaxed.figure``.
    """
    rules = problem.rules
    matrix = rules.matrix
    figure = rules.figure.copy()
    wanted = np.where(np.isnan(figure), rules.lower, figure)
    fixed = ~np.isnan(figure) | ((rules.lower == rules.upper) & ~rules.single)
    sized = matrix.counts
    plain = np.ones(len(rules), dtype=bool)
    plain[matrix.row[matrix.value != 1.0]] = False
    rows = np.flatnonzero(fixed & plain & (sized > 0))
    rows = rows[np.argsort(sized[rows], kind="stable")]
    block = np.full(problem.size, -1, dtype=np.int64)
    holder = np.full(problem.size, -1, dtype=np.int64)  # the largest sum so far that has a cell
    held: dict[int, _Held] = {}
    sums: list[float] = []
    for rule in rows.tolist():
        columns = matrix.column[matrix.start[rule] : matrix.start[rule + 1]]
        inner = Counter(holder[columns][holder[columns] >= 0].tolist())
        if any(held[one].cells != count for one, count in inner.items()):
            continue
        rest = columns[holder[columns] < 0]
        goal, own = float(wanted[rule]), -1
        inside = sum(held[one].sum for one in inner)
        if len(rest):
            own = -1 if inner else len(sums)
            block[rest] = len(sums)
            sums.append(goal - inside)
        elif abs(goal - inside) > SAME * abs(goal):
            parts = list(inner)
            agreed = _agreed(problem, held, parts, rule)
            if agreed is not None:
                goal = float(agreed.sum())
                figure[[*parts, rule]] = [*agreed, goal]
                for one, value in zip(parts, agreed.tolist(), strict=True):
                    sums[held[one].block] = value
                    held[one] = _Held(held[one].cells, value, -1)
        holder[columns] = rule
        held[rule] = _Held(len(columns), goal, own)
    return block, np.array(sums, dtype=np.float64), figure


def _agreed(
    problem: Problem, held: dict[int, _Held], parts: list[int], whole: int
) -> Floats | None:
    """Return what sums add up to whose figures are not the figure of them all.

    None where one of them is no block of its own, or they cannot add up.
    """
    if any(held[one].block < 0 for one in parts):
        return None
    rules = problem.rules
    rows = np.array([*parts, whole])
    some = rules.matrix.take(rows)
    lower = np.maximum(rules.lower[rows], some.dot(problem.lower))
    upper = np.minimum(rules.upper[rows], some.dot(problem.upper))
    figure = np.where(np.isnan(rules.figure[rows]), np.maximum(lower, 1.0), rules.figure[rows])
    return agree(figure[:-1], lower[:-1], upper[:-1], (figure[-1], lower[-1], upper[-1]))
