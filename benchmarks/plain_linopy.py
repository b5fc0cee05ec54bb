"""The same data as a plain least-absolute program in linopy, the fastest way that it offers.

Variables and rows are arrays with labels, and HiGHS gets the model directly. Rows of nearly the
same length stand together, since linopy fills the terms of a block of rows up to its longest.
"""

from __future__ import annotations

import linopy
import numpy as np
import pandas as pd
import xarray as xr

from benchmarks.silence import silence
from decompose.problem import Matrix, Problem


def usual(problem: Problem) -> float:
    """Build and solve afresh; return the sum of the deviations from the reference."""
    cells = pd.RangeIndex(problem.size, name="cell")
    model = linopy.Model()
    quota = model.add_variables(
        pd.Series(problem.lower, cells), pd.Series(problem.upper, cells), name="quota"
    )
    above, below = (
        model.add_variables(lower=0, coords=[cells], name=one) for one in ("up", "down")
    )
    model.add_constraints(quota - above + below == pd.Series(problem.reference, cells))
    rules = problem.rules
    rows = np.flatnonzero(~rules.single & (rules.matrix.counts > 0))
    length = np.ceil(np.log2(rules.matrix.counts[rows]))
    for one in np.unique(length):
        block = rows[length == one]
        lower, upper = rules.lower[block], rules.upper[block]
        exact = lower == upper
        for kept, sign, bound in (
            (exact, "=", lower),
            (~exact & np.isfinite(lower), ">=", lower),
            (~exact & np.isfinite(upper), "<=", upper),
        ):
            if kept.any():
                sums = _sums(quota, rules.matrix.take(block[kept]))
                model.add_constraints(sums, sign, xr.DataArray(bound[kept], dims=("row",)))
    model.add_objective(above.sum() + below.sum())
    with silence():
        status, condition = model.solve("highs", io_api="direct", output_flag=False, threads=1)
    deviation = model.objective.value
    if status != "ok" or deviation is None:
        raise RuntimeError(f"the plain program ended with {condition}")
    return float(deviation)


def _sums(quota: linopy.Variable, matrix: Matrix) -> linopy.LinearExpression:
    """Return rows as an expression: rows × terms, summed."""
    shape, place = (len(matrix), int(matrix.counts.max())), matrix.start[matrix.row]
    place = np.arange(len(matrix.column)) - place
    column, value = np.zeros(shape, dtype=np.int64), np.zeros(shape)
    column[matrix.row, place], value[matrix.row, place] = matrix.column, matrix.value
    dims = ("row", "term")
    chosen = quota.isel(cell=xr.DataArray(column, dims=dims))
    terms: linopy.LinearExpression = xr.DataArray(value, dims=dims) * chosen
    return terms.sum("term")
