"""The whole way from exact values to whole steps, and the count at its end."""

from __future__ import annotations

import numpy as np

from decompose.errors import RoundingError, SolverError
from decompose.labels import say
from decompose.problem import Floats, Ints, Matrix
from decompose.rounding.assemble import assemble
from decompose.rounding.conflict import find_conflict
from decompose.rounding.grid import TINY, whole
from decompose.rounding.parts import best_columns
from decompose.rounding.rows import Rows
from decompose.rounding.system import Whole
from decompose.rounding.table import Flags, Rounded, Table
from decompose.solvers.highs import Highs
from decompose.solvers.program import Solver


def round_table(table: Table, *, solver: Solver | None = None) -> Rounded:
    """Round a table to whole steps so that every sum adds up.

    Parameters
    ----------
    table
        Exact values and rules; neither their order nor noise of 1e-9 changes the answer.
    solver
        HiGHS by default.

    Returns
    -------
    Rounded
        The best table in the sense of the package's docstring.

    Raises
    ------
    RoundingError
        No table adds up (``rounding_impossible``), or none that keeps the strict ties
        (``rounding_strict``). ``data["cells"]`` holds the cells concerned; ``data["sums"]``,
        ``data["near"]`` and ``data["ties"]`` rows that cannot hold together.
    SolverError
        The solver failed, or its answer does not add up.
    """
    solver = solver or Highs(presolve=False)
    ordered = Whole.of(table)
    numbers = np.zeros(len(ordered.exact))
    missing = np.ones(len(ordered.exact), dtype=np.bool_)
    numbers, missing = _settled(ordered, numbers, missing, solver, reach=0 * ordered.reach)
    if missing.any() and ordered.reach.any():
        numbers, missing = _settled(ordered, numbers, missing, solver, reach=ordered.reach)
    if _strict_among(ordered, missing):  # a table that keeps them may lie at any distance
        raise _nothing_fits(table, ordered, missing, solver, last=False)
    if missing.any():
        reach = ordered.reach + 1
        numbers, missing = _settled(ordered, numbers, missing, solver, reach=reach, last=True)
    if missing.any():
        raise _nothing_fits(table, ordered, missing, solver, last=True)
    quotas = np.empty(len(numbers), dtype=np.int64)
    quotas[ordered.cell] = np.rint(numbers)
    return counted(table, quotas)


def _settled(
    table: Whole,
    numbers: Floats,
    missing: Flags,
    solver: Solver,
    *,
    reach: Ints,
    last: bool = False,
) -> tuple[Floats, Flags]:
    """Round the parts with missing cells; return the numbers, and the cells where nothing fits."""
    made = assemble(table, reach=reach, last=last)
    cells = _with_neighbours(table, missing)
    part = made.system.part
    open_columns = np.isin(part, part[cells[made.cell]])
    cells[made.cell[open_columns]] = True
    columns = np.zeros(made.system.size)
    ends = np.flatnonzero(np.diff(open_columns, prepend=False, append=False))
    for start, end in ends.reshape(-1, 2).tolist():
        columns[start:end] = best_columns(made.system.between(start, end), solver)
    lost = made.impossible & cells
    lost[made.cell[np.isnan(columns)]] = True
    found = made.start + made.spread.dot(np.nan_to_num(columns))
    return np.where(cells, found, numbers), lost


def _strict_among(table: Whole, cells: Flags) -> bool:
    """Whether strict ties speak of some cells, or of those beside them."""
    strict = table.ties.matrix.take(np.flatnonzero(table.strict))
    return bool(np.any(_with_neighbours(table, cells)[strict.column]))


def _with_neighbours(table: Whole, cells: Flags) -> Flags:
    """Return these cells, and those that share a row with them."""
    return cells | _beside(table.rigid.matrix, cells) | _beside(table.ties.matrix, cells)


def _beside(matrix: Matrix, cells: Flags) -> Flags:
    rows = np.zeros(len(matrix), dtype=np.bool_)
    rows[matrix.row[cells[matrix.column]]] = True
    found = np.zeros(len(cells), dtype=np.bool_)
    found[matrix.column[rows[matrix.row]]] = True
    return found


def _nothing_fits(
    table: Table, ordered: Whole, missing: Flags, solver: Solver, *, last: bool
) -> RoundingError:
    """Tell which rows cannot hold together, however the cells are rounded within reach."""
    cells = np.sort(ordered.cell[_with_neighbours(ordered, missing)])
    rows = find_conflict(table, cells, solver, last=last)
    code = "rounding_impossible" if last else "rounding_strict"
    told = {name: tuple(getattr(rows, name).tolist()) for name in ("sums", "near", "ties")}
    return RoundingError(say(code, count=len(cells), cells=tuple(cells.tolist()), **told))


def counted(table: Table, quotas: Ints) -> Rounded:
    """Count every sum in whole numbers, and every excess.

    Raises
    ------
    SolverError
        A row that must hold does not.
    """
    sums = _whole_sums(table.sums, quotas)
    low, high = _whole_bounds(table.sums_lower), _whole_bounds(table.sums_upper)
    near = _whole_sums(table.near, quotas)
    floor, ceiling = (ends.astype(np.int64) for ends in whole(table.near.dot(table.exact)))
    beyond = np.maximum(floor - near, near - ceiling)
    least, greatest = (ends.astype(np.int64) for ends in whole(table.exact))
    distance = np.maximum(least - quotas, quotas - greatest)
    wrong = int(np.sum((sums < low) | (sums > high)))
    wrong += int(np.sum(beyond > table.room(last=True))) + int(np.sum(distance > table.reach + 1))
    if wrong:
        raise SolverError(say("rounding_wrong", count=wrong))
    ties = Rows(table.ties, table.ties_lower, table.ties_upper)
    numbers = quotas.astype(np.float64)
    excess = ties.excess(table.ties.dot(numbers))
    terms = np.abs(table.ties.value * numbers[table.ties.column])
    noise = TINY + 1e-15 * np.bincount(table.ties.row, terms, minlength=len(table.ties))
    return Rounded(
        quotas,
        np.where(excess > noise, excess, 0.0),
        np.flatnonzero((beyond > 0) & ~table.relaxable),
        np.flatnonzero((beyond > 0) & table.relaxable),
        np.flatnonzero(distance > 0),
    )


def _whole_sums(matrix: Matrix, quotas: Ints) -> Ints:
    found = np.zeros(len(matrix), dtype=np.int64)
    np.add.at(found, matrix.row, np.rint(matrix.value).astype(np.int64) * quotas[matrix.column])
    return found


def _whole_bounds(bounds: Floats) -> Ints:
    ends = np.iinfo(np.int64)
    known = np.where(np.isinf(bounds), 0.0, np.rint(bounds)).astype(np.int64)
    return np.where(np.isinf(bounds), np.where(bounds > 0, ends.max, ends.min), known)
