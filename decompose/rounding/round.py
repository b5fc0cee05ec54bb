"""The whole way from exact values to whole steps, and the count at its end."""

from __future__ import annotations

import numpy as np

from decompose.errors import RoundingError, SolverError
from decompose.labels import say
from decompose.problem import Floats, Ints, Matrix
from decompose.rounding.assemble import assemble
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
        (``rounding_strict``). ``data["cells"]`` holds the cells concerned.
    SolverError
        The solver failed, or its answer does not add up.
    """
    solver = solver or Highs()
    ordered = Whole.of(table)
    numbers, missing = _settled(ordered, solver)
    if missing.any():
        numbers = _at_a_distance(ordered, numbers, missing, solver)
    quotas = np.empty(len(numbers), dtype=np.int64)
    quotas[ordered.cell] = np.rint(numbers)
    return _counted(table, quotas)


def _settled(table: Whole, solver: Solver) -> tuple[Floats, Flags]:
    """Return whole numbers next to the exact values, and the cells where nothing fits."""
    made = assemble(table, reach=0)
    columns = best_columns(made.system, solver)
    missing = made.impossible.copy()
    missing[made.cell[np.isnan(columns)]] = True
    return made.start + made.spread.dot(np.nan_to_num(columns)), missing


def _at_a_distance(table: Whole, numbers: Floats, missing: Flags, solver: Solver) -> Floats:
    """Round the parts with missing cells once more: cells may go a step beyond floor and ceiling.

    Not where strict ties are: a table that keeps them may lie at any distance, or nowhere.
    """
    made = assemble(table, reach=1)
    cells = missing | _beside(table.rigid.matrix, missing) | _beside(table.ties.matrix, missing)
    parts = np.unique(made.system.part[cells[made.cell]])
    cells[made.cell[np.isin(made.system.part, parts)]] = True
    strict = bool(np.any(cells[table.ties.take(np.flatnonzero(table.strict)).matrix.column]))
    if strict or np.any(made.impossible & cells):
        raise _nothing_fits(table, cells, strict)
    found = np.full(made.system.size, 0.0)
    for part in parts:
        first, last = np.searchsorted(made.system.part, [part, part + 1])
        found[first:last] = best_columns(made.system.between(int(first), int(last)), solver)
    if np.isnan(found).any():
        raise _nothing_fits(table, cells, strict)
    return np.where(cells, made.start + made.spread.dot(found), numbers)


def _beside(matrix: Matrix, cells: Flags) -> Flags:
    """Return the cells that share a row with these."""
    rows = np.zeros(len(matrix), dtype=np.bool_)
    rows[matrix.row[cells[matrix.column]]] = True
    found = np.zeros(len(cells), dtype=np.bool_)
    found[matrix.column[rows[matrix.row]]] = True
    return found


def _nothing_fits(table: Whole, cells: Flags, strict: bool) -> RoundingError:
    concerned = tuple(int(cell) for cell in np.sort(table.cell[cells]))
    code = "rounding_strict" if strict else "rounding_impossible"
    return RoundingError(say(code, count=len(concerned), cells=concerned))


def _counted(table: Table, quotas: Ints) -> Rounded:
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
    most = np.where(table.movable, 1, 0)
    wrong = int(np.sum((sums < low) | (sums > high)))
    wrong += int(np.sum((beyond > most) & ~table.relaxable)) + int(np.sum(distance > 1))
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
