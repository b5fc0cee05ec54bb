"""Linear programs as arrays, and the solvers that take them.

``open_solver("highs")`` is the default; any PuLP solver, by name or as an object, has the same
interface.
"""

from __future__ import annotations

from typing import Any

from decompose.solvers.highs import Highs
from decompose.solvers.program import FEASIBLE, Program, Result, Solver, transposed_dot, with_slacks
from decompose.solvers.pulp import Pulp, to_lp_problem

__all__ = [
    "FEASIBLE",
    "Highs",
    "Program",
    "Pulp",
    "Result",
    "Solver",
    "open_solver",
    "to_lp_problem",
    "transposed_dot",
    "with_slacks",
]


def open_solver(solver: Any = "highs", *, time_limit: float | None = None) -> Solver:
    """Open a solver.

    Parameters
    ----------
    solver
        ``"highs"``, the name of a PuLP solver (``"cbc"``, ``"GUROBI"``, …), a PuLP solver
        object, or a solver that is open already.
    time_limit
        Seconds per program; a PuLP object and an open solver keep their own.

    Raises
    ------
    SolverError
        No such solver, or it is not installed; the message lists those that are.
    """
    if isinstance(solver, (Highs, Pulp)):
        return solver
    if isinstance(solver, str) and solver == "highs":
        return Highs(time_limit=time_limit)
    return Pulp(solver, time_limit=time_limit)
