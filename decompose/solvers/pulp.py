"""Every other solver, through PuLP: the same programs, rebuilt each time.

PuLP's word is not taken for what a solver found: versions and solvers differ in what they call
optimal, in the sign of duals and in the digits they hand over.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
import pulp

from decompose.errors import SolverError
from decompose.labels import say
from decompose.problem import Floats, Matrix, Status
from decompose.solvers.highs import restart_threads
from decompose.solvers.program import Program, Result, transposed_dot

T = TypeVar("T")
CBC = ("cbc", "coin_cmd", "pulp_cbc_cmd")
"""Names of one and the same solver: where it is found differs between versions of PuLP."""
DIGITS = 1e-7
"""Relative error of a value that a solver wrote into a text file (CBC: eight digits)."""
SHARP = 1e-11
"""The largest violation, relative to the terms of its row, of a vertex in full precision."""
PROVEN = 1e-6
"""The largest duality gap, relative to the objective, that proves an optimum."""

# Numbers of PuLP 3 and 4; -7 is PuLP 4's for an optimum within the solver's own gap.
STATUSES = {
    1: Status.OPTIMAL,
    -7: Status.OPTIMAL,
    0: Status.FAILED,
    -1: Status.INFEASIBLE,
    -2: Status.UNBOUNDED,
}
FEASIBLE_ONLY = 2
"""PuLP 3: ``sol_status`` of a point that is not known to be optimal."""


class Pulp:
    """A solver of PuLP's behind the interface of this package.

    Parameters
    ----------
    solver
        A PuLP solver object, or the name of one; ``"cbc"`` finds CBC in every version of PuLP.
    time_limit
        Seconds per program, for a solver that is given by name.

    Raises
    ------
    SolverError
        The name is unknown, or the solver is not installed.
    """

    def __init__(self, solver: Any, *, time_limit: float | None = None) -> None:
        self._solver = _find(solver, time_limit) if isinstance(solver, str) else solver
        if not isinstance(self._solver, pulp.LpSolver):
            raise SolverError(_missing(str(solver)))
        self.name = str(self._solver.name)
        if not self._solver.available():
            raise SolverError(_missing(self.name))

    def solve(self, program: Program, *, cold: bool = False) -> Result:  # noqa: ARG002 (always cold)
        """Solve a linear program, or one with whole columns.

        Raises
        ------
        SolverError
            The solver crashed.
        """
        if program.contradictory:
            return Result.without_point(program, Status.INFEASIBLE)
        lp, status = self._run(program)
        if status is Status.FAILED and isinstance(self._solver, pulp.HiGHS):
            restart_threads()
            lp, status = self._run(program)
        if status not in (Status.OPTIMAL, Status.LIMIT):
            return Result.without_point(program, status)
        x = self._guarded(lambda: _values(lp, program))
        if not np.isfinite(x).all():
            return Result.without_point(program, Status.FAILED)
        if program.integral is not None:
            return Result.at(program, np.where(program.integral, np.round(x), x), status=status)
        x = _sharpen(program, x)
        dual, reduced = _duals(lp, program, x) or (None, None)
        return Result.at(program, x, status=status, dual=dual, reduced=reduced)

    def _run(self, program: Program) -> tuple[Any, Status]:
        lp = to_lp_problem(program)
        return lp, self._guarded(lambda: _status(lp, lp.solve(self._solver)))

    def _guarded(self, ask: Callable[[], T]) -> T:
        """Ask the solver, or read what it left: each of PuLP's raises errors of its own."""
        try:
            return ask()
        except Exception as error:
            detail = str(error) or type(error).__name__
            raise SolverError(say("solver_crashed", solver=self.name, detail=detail)) from error


def to_lp_problem(program: Program, *, name: str = "decompose") -> pulp.LpProblem:
    """Return a program as PuLP's, with columns x0, x1, … and rows r0, r1, ….

    A row with two different bounds becomes two constraints, ``r5`` at least and ``r5_upper``
    at most; a row without bounds or without columns is left out.
    """
    lp = pulp.LpProblem(name, pulp.LpMinimize)
    integral = np.zeros(program.size, dtype=bool) if program.integral is None else program.integral
    x = [
        lp.add_variable(
            f"x{column}", _finite(low), _finite(high), "Integer" if whole else "Continuous"
        )
        for column, (low, high, whole) in enumerate(
            zip(program.lower, program.upper, integral, strict=True)
        )
    ]
    lp += pulp.lpSum(float(cost) * x[column] for column, cost in enumerate(program.cost) if cost)
    start, column, value = (
        part.tolist() for part in (program.rows.start, program.rows.column, program.rows.value)
    )
    for row, (low, high) in enumerate(zip(program.row_lower, program.row_upper, strict=True)):
        entries = range(start[row], start[row + 1])
        if not any(value[entry] for entry in entries):
            continue
        total = pulp.lpSum(value[entry] * x[column[entry]] for entry in entries if value[entry])
        if low == high:
            lp += (total == float(low), f"r{row}")
            continue
        if np.isfinite(low):
            lp += (total >= float(low), f"r{row}")
        if np.isfinite(high):
            lp += (total <= float(high), f"r{row}_upper" if np.isfinite(low) else f"r{row}")
    return lp


def _find(name: str, time_limit: float | None) -> Any:
    options = {"msg": False, "timeLimit": time_limit}
    if name.lower() in CBC:
        return _cbc(options)
    known = {known.lower(): known for known in pulp.listSolvers()}
    if name.lower() not in known:
        raise SolverError(_missing(name))
    return pulp.getSolver(known[name.lower()], **options)


def _cbc(options: dict[str, Any]) -> Any:
    options = options | {"options": ["primalT 1e-9", "dualT 1e-9"]}
    found = pulp.COIN_CMD(**options)
    if not found.available() and hasattr(pulp, "PULP_CBC_CMD"):  # PuLP 3 brings its own
        return pulp.COIN_CMD(path=pulp.PULP_CBC_CMD.pulp_cbc_path, **options)
    return found


def _missing(name: str) -> Any:
    there = sorted({"highs", *pulp.listSolvers(onlyAvailable=True)})
    return say("solver_missing", solver=name, available=there)


def _finite(bound: float) -> float | None:
    return float(bound) if np.isfinite(bound) else None


def _status(lp: Any, answer: Any) -> Status:
    """Read PuLP 4's answer, or PuLP 3's number and its ``sol_status``."""
    if getattr(lp, "sol_status", None) == FEASIBLE_ONLY:
        return Status.LIMIT
    number = int(getattr(answer, "status", answer))
    if number in STATUSES:
        return STATUSES[number]
    return Status.LIMIT if getattr(answer, "has_solution", False) else Status.FAILED


def _values(lp: Any, program: Program) -> Floats:
    """Return the columns' values; PuLP gives none to a column that no row and no cost names."""
    x = np.clip(np.zeros(program.size), program.lower, program.upper)
    for variable in lp.variables():
        if variable.name[0] == "x" and variable.varValue is not None:
            x[int(variable.name[1:])] = variable.varValue
    return x


def _sharpen(program: Program, x: Floats) -> Floats:
    """Bring a rounded vertex back onto the rows and bounds that it lies on.

    They determine a vertex, so that the least correction that meets them all (relative to the
    values, as the rounding was) is the vertex itself.
    """
    rows = program.rows
    for bound in (program.lower, program.upper):
        x = np.where(np.abs(x - bound) <= DIGITS * np.abs(x), bound, x)
    at_bound = (x == program.lower) | (x == program.upper)
    scale = np.where(at_bound, 0.0, np.abs(x))
    values = rows.dot(x)
    noise = DIGITS * np.bincount(rows.row, np.abs(rows.value * x[rows.column]), minlength=len(rows))
    below = np.abs(values - program.row_lower) <= np.abs(values - program.row_upper)
    nearest = np.where(below, program.row_lower, program.row_upper)
    tight = np.flatnonzero(np.abs(values - nearest) <= noise)
    active, missing = rows.take(tight), (nearest - values)[tight]

    # Conjugate gradients on the normal equations (CGLS), from no correction at all.
    correction = np.zeros(program.size)
    gradient = scale * transposed_dot(active, missing, program.size)
    direction, square = gradient, gradient @ gradient
    for _ in range(2 * len(tight)):
        if square <= 1e-30:
            break
        image = active.dot(scale * direction)
        step = square / (image @ image)
        correction = correction + step * direction
        missing = missing - step * image
        gradient = scale * transposed_dot(active, missing, program.size)
        before, square = square, gradient @ gradient
        direction = gradient + (square / before) * direction
    sharp = x + scale * correction
    return sharp if program.violation(sharp) <= max(SHARP, program.violation(x)) else x


def _duals(lp: Any, program: Program, x: Floats) -> tuple[Floats, Floats] | None:
    """Return duals and reduced costs in our sign, or None where they do not prove x optimal."""
    given = np.zeros(len(program.rows))
    for constraint in lp.constraints():
        if constraint.pi is None:
            return None
        given[int(constraint.name[1:].removesuffix("_upper"))] += constraint.pi
    weights = Matrix(program.rows.start, program.rows.column, np.abs(program.rows.value))
    noise = DIGITS * (np.abs(program.cost) + transposed_dot(weights, np.abs(given), program.size))
    for dual in (given, -given):  # the sign differs between solvers and versions
        reduced = program.cost - transposed_dot(program.rows, dual, program.size)
        reduced[np.abs(reduced) <= noise] = 0.0
        gap = _gap(dual, program.rows.dot(x), program.row_lower, program.row_upper)
        gap += _gap(reduced, x, program.lower, program.upper)
        if gap <= PROVEN * max(1.0, abs(program.objective(x))):
            return dual, reduced
    return None


def _gap(price: Floats, value: Floats, lower: Floats, upper: Floats) -> float:
    """Return what prices times distances from their bounds add to the duality gap."""
    price = np.where(np.abs(price) <= DIGITS, 0.0, price)
    distance = np.where(price > 0, value - lower, upper - value)
    return float(np.abs(price[price != 0] * distance[price != 0]).sum())
