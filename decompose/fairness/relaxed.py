"""A problem relaxed to what has a closed form: disjoint sums, boxes, growth from year to year.

Rules of other shapes are left out. Where the answer of the relaxed problem keeps them all the
same, it is the answer of the whole (a smaller set of choices holds no better one).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from decompose.fairness.chains import Chains
from decompose.problem import Floats, Ints, Problem


@dataclass(frozen=True, eq=False)
class Relaxed:
    """The chains of a problem, one part per indicator.

    Attributes
    ----------
    chains
        What the closed form solves.
    row, year
        Where each column of the problem stands in them.
    """

    chains: Chains
    row: Ints
    year: Ints

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
    block, sums = _blocks(problem)
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
    return Relaxed(chains, row, year)


def _growth(problem: Problem, row: Ints, shape: tuple[int, int]) -> tuple[Floats, Floats]:
    """Find the rows ``x[t] ≤ g · x[t-1]`` and ``≥``, whatever family wrote them."""
    rules = problem.rules
    fall, rise = np.zeros(shape), np.full(shape, np.inf)
    two = np.flatnonzero(np.diff(rules.matrix.start) == 2)
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


def _blocks(problem: Problem) -> tuple[Ints, Floats]:
    """Split figures and fixed sums into disjoint blocks of cells with what each adds up to.

    A sum that contains others leaves a block of what they do not cover; one that crosses
    another is left out.
    """
    rules = problem.rules
    matrix = rules.matrix
    wanted = np.where(np.isnan(rules.figure), rules.lower, rules.figure)
    fixed = ~np.isnan(rules.figure) | ((rules.lower == rules.upper) & ~rules.single)
    sized = np.diff(matrix.start)
    plain = np.ones(len(rules), dtype=bool)
    plain[matrix.row[matrix.value != 1.0]] = False
    rows = np.flatnonzero(fixed & plain & (sized > 0))
    rows = rows[np.argsort(sized[rows], kind="stable")]
    block = np.full(problem.size, -1, dtype=np.int64)
    holder = np.full(problem.size, -1, dtype=np.int64)  # the largest sum so far that has a cell
    held: dict[int, tuple[int, float]] = {}
    sums: list[float] = []
    for rule in rows.tolist():
        columns = matrix.column[matrix.start[rule] : matrix.start[rule + 1]]
        within, counts = np.unique(holder[columns], return_counts=True)
        inner = {
            int(one): int(count) for one, count in zip(within, counts, strict=True) if one >= 0
        }
        if any(held[one][0] != count for one, count in inner.items()):
            continue
        rest = columns[holder[columns] < 0]
        if len(rest):
            block[rest] = len(sums)
            sums.append(float(wanted[rule]) - sum(held[one][1] for one in inner))
        holder[columns] = rule
        held[rule] = (len(columns), float(wanted[rule]))
    return block, np.array(sums, dtype=np.float64)
