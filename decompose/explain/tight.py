"""What no choice is left for once rules have yielded the least: columns that it settles.

A rule that yields is tight wherever the others hold: were it slack at some answer, it would have
yielded too much. Such equations, and those of sums with one figure, often leave a column at a time,
from the base year on.
"""

from __future__ import annotations

import numpy as np

from decompose.problem import Floats, Ints
from decompose.solvers import Program


def forced(program: Program, slack: Ints, rows: Ints) -> Floats:
    """Return the only value that each column can have; NaN where none is known.

    Parameters
    ----------
    program
        The rules, with bounds that meet where something is settled.
    slack
        The columns by which rules have yielded.
    rows
        The rule of each.
    """
    x = np.where(program.lower == program.upper, program.lower, np.nan)
    bound = np.where(program.row_lower == program.row_upper, program.row_lower, np.nan)
    taken = x[slack] > 0
    matrix = program.rows.take(rows)
    here = matrix.column == slack[matrix.row]
    own = np.zeros(len(rows))
    own[matrix.row[here]] = matrix.value[here]
    ends = np.where(own < 0, program.row_upper[rows], program.row_lower[rows])
    bound[rows[taken]] = ends[taken]
    equal = np.flatnonzero(np.isfinite(bound))
    equations, bound = program.rows.take(equal), bound[equal]
    while True:
        unknown = np.isnan(x)
        single = equations.counting(unknown) == 1
        entry = np.flatnonzero(single[equations.row] & unknown[equations.column])
        if not len(entry):
            return x
        rest = bound - equations.dot(np.where(unknown, 0.0, x))
        x[equations.column[entry]] = rest[equations.row[entry]] / equations.value[entry]
