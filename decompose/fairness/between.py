"""What ties a number to that of the year before: growth limits and ramps, read from the rules."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from decompose.problem import Floats, Ints, Problem


class Between(NamedTuple):
    """What ties each cell to the year before; as in ``Chains``."""

    fall: Floats
    rise: Floats
    down: Floats
    up: Floats


def between_years(problem: Problem, row: Ints, shape: tuple[int, int], weight: Floats) -> Between:
    """Find the rows ``x[t] ≤ g · x[t-1]`` or ``x[t-1] + d``, and ``≥``, whatever the family.

    Parameters
    ----------
    problem
        The rules.
    row
        The chain of each column.
    shape
        How many chains, and years.
    weight
        By what each column is multiplied in its chain.
    """
    rules = problem.rules
    found = Between(*(np.full(shape, end) for end in (0.0, np.inf, -np.inf, np.inf)))
    two = np.flatnonzero(rules.matrix.counts == 2)
    matrix = rules.matrix.take(two)
    start = matrix.start[:-1]
    first, second = matrix.column[start], matrix.column[start + 1]
    swap = problem.column_year[first] < problem.column_year[second]
    later, earlier = np.where(swap, second, first), np.where(swap, first, second)
    value = matrix.value
    own, other = value[start + swap], value[start + ~swap]
    tied = (
        (row[later] == row[earlier])
        & (problem.column_year[later] == problem.column_year[earlier] + 1)
        & (own > 0)
        & (other <= 0)
    )
    factor = np.where(tied, -other / np.where(tied, own, 1.0), 0.0)
    factor = factor * (weight[later] / weight[earlier])
    place = row[later], problem.column_year[later]
    size = weight[later] / np.where(tied, own, 1.0)
    turns = (
        (np.minimum, rules.upper[two], found.rise, found.up),
        (np.maximum, rules.lower[two], found.fall, found.down),
    )
    for nearer, end, growth, ramp in turns:
        grown, stepped = tied & (end == 0), tied & (factor == 1) & (end != 0)
        nearer.at(growth, (place[0][grown], place[1][grown]), factor[grown])
        nearer.at(ramp, (place[0][stepped], place[1][stepped]), (size * end)[stepped])
    return found
