"""The steps of tiers as a rule that may yield: how high the highest would have to be."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from decompose.explain.feasibility import Part, Steps, solved
from decompose.explain.written import as_percent
from decompose.plan.ratios import PERCENT
from decompose.plan.steps import up
from decompose.problem import Matrix
from decompose.solvers import Program, Solver

SLIGHT = 1e-7
"""A step that would have to rise by less, in percent, is high enough."""


class Raised(NamedTuple):
    """Steps as percentages, before and after the highest has risen, and by how many points."""

    before: list[str]
    after: list[str]
    rise: float


def higher_steps(part: Part, steps: Steps, grid: float, solver: Solver) -> Raised | None:
    """Return the steps with the highest one raised as far as it must, and by how much.

    Parameters
    ----------
    part
        Rules that cannot hold together while their cells take steps.
    steps
        One of ``part.steps``.
    grid
        What a step is a whole multiple of, in points.
    solver
        From ``open_solver``.

    Returns
    -------
    Raised or None
        None where that is of no help.
    """
    loose = part.without_steps()
    size, cells = loose.program.size, steps.cells
    count = len(cells)
    below = Matrix(
        2 * np.arange(count + 1),
        np.stack([cells, np.full(count, size)], axis=1).ravel(),
        np.tile([1.0, -1.0], count),
    )
    lower = loose.program.lower.copy()
    lower[cells] = steps.values[0]
    result = solved(
        solver,
        Program(
            np.append(np.zeros(size), 1.0),
            np.append(lower, steps.values[-1]),
            np.append(loose.program.upper, np.inf),
            Matrix.stack([loose.program.rows, below]),
            np.append(loose.program.row_lower, np.full(count, -np.inf)),
            np.append(loose.program.row_upper, np.zeros(count)),
        ),
    )
    if result is None:
        return None
    unit = loose.size[cells[0]]
    if float(result.x[-1] - steps.values[-1]) * unit <= SLIGHT:
        return None
    most = up(float(result.x[-1]) * unit, grid)
    before = [as_percent(value / PERCENT, up=True) for value in steps.values * unit]
    highest = as_percent(most / PERCENT, up=True)
    return Raised(before, [*before[:-1], highest], most - float(steps.values[-1]) * unit)
