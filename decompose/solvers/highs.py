"""The default solver: HiGHS from arrays, restarted hot where only numbers changed."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import highspy
import numpy as np
from highspy import HighsModelStatus, HighsStatus

from decompose.errors import SolverError
from decompose.labels import say
from decompose.problem import Floats, Ints, Matrix, Status
from decompose.solvers.program import Program, Result

TINIEST = 1e-12
"""HiGHS drops coefficients below this one (its option's own limit)."""

TOLERANCE = 1e-9
DRIFT = 1e-12
"""The largest violation, relative to the terms of a row, that rounding gives a fresh basis."""
WITHOUT_END = 2**31 - 1
"""HiGHS's own number of nodes where none is asked for."""
DUAL, PRIMAL = 1, 4  # HiGHS's numbers of the simplex strategies

OPTIONS: dict[str, bool | int | float | str] = {
    "output_flag": False,
    "threads": 1,
    "random_seed": 0,
    "primal_feasibility_tolerance": TOLERANCE,
    "dual_feasibility_tolerance": TOLERANCE,
    "mip_feasibility_tolerance": TOLERANCE,
    "mip_rel_gap": 0.0,
    "mip_abs_gap": 1e-9,
    "small_matrix_value": TINIEST,
    "presolve_rule_off": 1 << 13,  # parallel rows and columns: undoing them writes to stdout
    "presolve": "choose",
}

STATUSES = {
    HighsModelStatus.kOptimal: Status.OPTIMAL,
    HighsModelStatus.kModelEmpty: Status.OPTIMAL,
    HighsModelStatus.kInfeasible: Status.INFEASIBLE,
    HighsModelStatus.kUnbounded: Status.UNBOUNDED,
    HighsModelStatus.kTimeLimit: Status.LIMIT,
    HighsModelStatus.kIterationLimit: Status.LIMIT,
    HighsModelStatus.kSolutionLimit: Status.TOO_MANY,
    HighsModelStatus.kMemoryLimit: Status.LIMIT,
    HighsModelStatus.kInterrupt: Status.LIMIT,
}


class Quiet(highspy.Highs):
    """HiGHS that writes nothing: since 1.16, making one writes its name and licence to stdout."""

    def enableCallbacks(self) -> None:  # noqa: N802 # HiGHS's name
        """Be silent before the first call of the constructor that writes."""
        self.setOptionValue("output_flag", False)
        super().enableCallbacks()  # type: ignore[no-untyped-call] # it publishes no types


class Highs:
    """HiGHS, one thread, tight tolerances, every return code checked.

    Parameters
    ----------
    time_limit
        Seconds per program (HiGHS looks at its clock only now and then).
    presolve
        Whether a linear program is made smaller first. Where nearly every row binds, that takes
        longer than it saves.
    plain
        Whether programs with whole columns are solved as they are, too: presolve has called some
        of them infeasible that have an answer (HiGHS 1.15.1).
    """

    name = "highs"

    def __init__(
        self, *, time_limit: float | None = None, presolve: bool = True, plain: bool = False
    ) -> None:
        self._presolve = presolve
        self._plain = plain
        self._chosen: dict[str, bool | int | float | str] = {}
        self._sent: Program | None = None
        self._point: Floats | None = None
        self._basis: tuple[Ints, frozenset[int], Ints] | None = None
        self._time_limit = time_limit

    @cached_property
    def _highs(self) -> Any:
        """HiGHS itself, started by the first program."""
        highs = Quiet()  # type: ignore[no-untyped-call] # as above
        for option, value in OPTIONS.items():
            self._set(option, value, highs)
        return highs

    def solve(self, program: Program, *, cold: bool = False) -> Result:
        """Solve a program, from the last one's basis where its rows begin this one's.

        Raises
        ------
        SolverError
            HiGHS refuses the program, or a coefficient is so small that it would be dropped.
        """
        if program.contradictory:
            return Result.without_point(program, Status.INFEASIBLE)
        self._basis = None
        sent, self._sent = self._sent, None  # until this run ends well, the next one starts cold
        goes_on = False
        if cold or sent is None or not _grows_from(program, sent):
            self._send(program)
        else:
            self._change(program, sent)
            goes_on = self._point is not None and program.violation(self._point) <= TOLERANCE
        # The stages of leximin go on from a point that keeps every rule: there the primal simplex
        # took 8,000 iterations, the dual one 46,000 (333 regions, 5 years, 523 programs).
        self._set("simplex_strategy", PRIMAL if goes_on else DUAL)
        linear = program.integral is None
        smaller = self._presolve if linear else not self._plain
        self._set("presolve", OPTIONS["presolve"] if smaller else "off")
        self._set("mip_max_nodes", program.most_nodes or WITHOUT_END)
        # After a restart with a cutoff, HiGHS 1.16 ended at a point that breaks a row.
        self._set("mip_allow_restart", linear or program.cutoff == np.inf)
        self._set("objective_bound", np.inf if linear else program.cutoff)
        status = self._run()
        if status is Status.INFEASIBLE and linear:  # its basis is a start like any other
            self._sent, self._point = program, None
        if status not in (Status.OPTIMAL, Status.LIMIT):
            return Result.without_point(program, status)
        solution = self._highs.getSolution()
        x = np.array(solution.col_value)
        if linear and status is Status.OPTIMAL and program.violation(x) > DRIFT:
            # Pivots carry rounding along; the same basis, factored anew, is free of it.
            self._check("setBasis", self._highs.setBasis(self._highs.getBasis()))
            status = self._run()
            solution = self._highs.getSolution()
            x = np.array(solution.col_value)
        if len(x) != program.size:  # stopped before it had any point
            return Result.without_point(program, status)
        self._sent, self._point = program, x
        if not linear or status is not Status.OPTIMAL or not solution.dual_valid:
            return Result.at(program, x, status=status)
        return Result.at(
            program,
            x,
            status=status,
            dual=np.array(solution.row_dual),
            reduced=np.array(solution.col_dual),
        )

    def step(self, column: int) -> Floats | None:
        """Return how the last answer moves per unit of a column that stands at a bound.

        None where it is in the basis, or there is none.
        """
        basic = self._basic
        if self._point is None or basic is None or column in basic[1]:
            return None
        status, entering, *_ = self._highs.getReducedColumn(column)
        if status != HighsStatus.kOk:
            return None
        moved = np.zeros(len(self._point))
        columns, places = basic[0], basic[2]
        moved[columns] = -np.asarray(entering)[places]
        moved[column] = 1.0
        return moved

    @property
    def _basic(self) -> tuple[Ints, frozenset[int], Ints] | None:
        """The columns in the basis of the last answer, and their places there."""
        if self._basis is None:
            status, basic = self._highs.getBasicVariables()
            if status != HighsStatus.kOk:
                return None
            places = np.flatnonzero(np.asarray(basic) >= 0)
            columns = np.asarray(basic)[places]
            self._basis = columns, frozenset(columns.tolist()), places
        return self._basis

    def _run(self) -> Status:
        if self._time_limit is not None:  # HiGHS counts from its first run
            self._set("time_limit", self._highs.getRunTime() + self._time_limit)
        done = self._highs.run()
        if done == HighsStatus.kError:
            restart_threads()
            done = self._highs.run()
        if self._highs.getModelStatus() == HighsModelStatus.kUnboundedOrInfeasible:
            self._check("clearSolver", self._highs.clearSolver())
            self._set("presolve", "off")
            done = self._highs.run()
        if self._highs.getModelStatus() == HighsModelStatus.kUnknown:
            # The dual simplex gives up where rules all but hold together.
            self._check("clearSolver", self._highs.clearSolver())
            self._set("simplex_strategy", PRIMAL)
            done = self._highs.run()
        if done == HighsStatus.kError:
            return Status.FAILED
        return STATUSES.get(self._highs.getModelStatus(), Status.FAILED)

    def _send(self, program: Program) -> None:
        start, column, value = _entries(program.rows)
        size, rows = program.size, len(program.rows)
        integral = np.zeros(size) if program.integral is None else program.integral
        self._check("clearModel", self._highs.clearModel())
        self._check(
            "passModel",
            self._highs.passModel(
                size,
                rows,
                len(value),
                int(highspy.MatrixFormat.kRowwise),
                int(highspy.ObjSense.kMinimize),
                0.0,
                program.cost,
                program.lower,
                program.upper,
                program.row_lower,
                program.row_upper,
                start,
                column,
                value,
                np.asarray(integral, dtype=np.int32),
            ),
        )

    def _change(self, program: Program, sent: Program) -> None:
        """Send only the costs and bounds that differ, and the new rows."""
        highs, old = self._highs, len(sent.rows)
        priced = np.flatnonzero(program.cost != sent.cost).astype(np.int32)
        if len(priced):
            self._check(
                "changeColsCost", highs.changeColsCost(len(priced), priced, program.cost[priced])
            )
        bounded = np.flatnonzero(
            (program.lower != sent.lower) | (program.upper != sent.upper)
        ).astype(np.int32)
        if len(bounded):
            self._check(
                "changeColsBounds",
                highs.changeColsBounds(
                    len(bounded), bounded, program.lower[bounded], program.upper[bounded]
                ),
            )
        lower, upper = program.row_lower[:old], program.row_upper[:old]
        changed = np.flatnonzero((lower != sent.row_lower) | (upper != sent.row_upper))
        ends = lower[changed].tolist(), upper[changed].tolist()
        for row, low, high in zip(changed.tolist(), *ends, strict=True):
            self._check("changeRowBounds", highs.changeRowBounds(row, low, high))
        if len(program.rows) > old:
            start, column, value = _entries(program.rows.take(np.arange(old, len(program.rows))))
            self._check(
                "addRows",
                highs.addRows(
                    len(start) - 1,
                    program.row_lower[old:],
                    program.row_upper[old:],
                    len(value),
                    start[:-1],
                    column,
                    value,
                ),
            )

    def _set(self, option: str, value: bool | int | float | str, started: Any = None) -> None:
        if self._chosen.get(option) == value:
            return
        highs = started or self._highs
        self._check(f"setOptionValue {option}", highs.setOptionValue(option, value))
        if highs.getOptionValue(option) != (HighsStatus.kOk, value):
            raise SolverError(say("solver_refused", call=f"getOptionValue {option}"))
        self._chosen[option] = value

    def _check(self, call: str, status: HighsStatus) -> None:
        if status != HighsStatus.kOk:
            raise SolverError(say("solver_refused", call=call))


def restart_threads() -> None:
    """Let HiGHS run with another number of threads than it ran with before; it refuses else."""
    highspy.Highs.resetGlobalScheduler(True)


def _grows_from(program: Program, sent: Program) -> bool:
    """Whether the sent program's rows are this one's first rows, and no column is whole."""
    old, new = sent.rows, program.rows
    entries = len(old.value)
    return (
        program.integral is sent.integral is None
        and program.size == sent.size
        and len(new) >= len(old)
        and (
            new is old
            or (
                np.array_equal(new.start[: len(old.start)], old.start)
                and np.array_equal(new.column[:entries], old.column)
                and np.array_equal(new.value[:entries], old.value)
            )
        )
    )


def _entries(rows: Matrix) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Start, column and value of the rows, without zeros."""
    kept = rows.value != 0
    if np.any(np.abs(rows.value[kept]) <= TINIEST):
        raise SolverError(say("solver_number", what="coefficient"))
    start = np.concatenate([[0], np.cumsum(kept)])[rows.start]
    return start.astype(np.int32), rows.column[kept].astype(np.int32), rows.value[kept]
