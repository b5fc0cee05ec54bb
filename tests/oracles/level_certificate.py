"""A proof, by linear programs, that a point is the leximin of DESIGN section 3.

It shares no code with the package. For each level of an answer, one program lets every cell of
that level do better, while none above gets worse and none below rises above the level. If the
best total improvement is nothing, no cell of the level can do better: when one could, that
improvement alone would be a better total. A point that passes at every level is the leximin.
"""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

FEASIBLE = 1e-9  # what a point may break a rule by, relative to its terms and references
SAME = 1e-9  # burdens that differ by less are one level
BETTER = 1e-6  # an improvement of a level's burdens that counts


@dataclass(frozen=True, eq=False)
class Rules:
    """``row_lower <= matrix x <= row_upper`` and ``lower <= x <= upper``; m rows, n cells.

    Parameters
    ----------
    reference, lower, upper
        Of each cell, (n,).
    matrix
        Coefficients, (m, n).
    row_lower, row_upper
        Of each row, (m,).
    """

    reference: Floats
    lower: Floats
    upper: Floats
    matrix: Floats
    row_lower: Floats
    row_upper: Floats


def is_feasible(rules: Rules) -> bool:
    """Return whether any point keeps the rules."""
    unit = _unit(rules, np.append(rules.lower, rules.row_lower[np.isfinite(rules.row_lower)]))
    return _least(rules, unit, rules.lower, rules.upper, np.zeros(0, dtype=int)) is not None


def faults(rules: Rules, x: Floats) -> list[str]:
    """Return why x is not the leximin: nothing when it is."""
    return _broken(rules, x) or _improvable(rules, x)


def _broken(rules: Rules, x: Floats) -> list[str]:
    """Return the rules that x breaks."""
    size = np.maximum(np.abs(x), rules.reference)
    terms = np.abs(rules.matrix) @ size
    value = rules.matrix @ x
    size = FEASIBLE * size
    checks = {
        "is not a number": ~np.isfinite(x),
        "is below its lower bound": x < rules.lower - size,
        "is above its upper bound": x > rules.upper + size,
        "is below its row's lower bound": value < rules.row_lower - FEASIBLE * terms,
        "is above its row's upper bound": value > rules.row_upper + FEASIBLE * terms,
    }
    return [f"{at} {text}" for text, where in checks.items() for at in np.flatnonzero(where)]


def _improvable(rules: Rules, x: Floats) -> list[str]:
    """Return the levels of which a cell can do better."""
    reference = rules.reference
    zero = reference == 0
    unit = _unit(rules, x)
    found = []

    def check(stage: str, cells: Bools, burden: Floats, centre: Floats, fixed: Bools) -> None:
        for level in _levels(burden[cells]):
            most = np.maximum(burden, level)[cells] * unit[cells]
            lower, upper = rules.lower.copy(), rules.upper.copy()
            lower[cells] = np.maximum(lower[cells], centre[cells] - most)
            upper[cells] = np.minimum(upper[cells], centre[cells] + most)
            lower[fixed], upper[fixed] = x[fixed], x[fixed]
            lower, upper = np.minimum(lower, x), np.maximum(upper, x)  # not empty by rounding
            at = np.flatnonzero(cells & (np.abs(burden - level) <= SAME * (1 + level)))
            least = _least(rules, unit, lower, upper, at, centre)
            if least is None:
                found.append(f"{stage}, level {level}: the program has no optimum")
            elif least < burden[at].sum() - BETTER * (1 + level):
                found.append(
                    f"{stage}, level {level}: cells {at.tolist()} can do better by "
                    f"{burden[at].sum() - least:.3g} together"
                )

    nowhere = np.zeros_like(zero)
    check("reference 0", zero, np.where(zero, x, 0.0) / unit, np.zeros_like(x), nowhere)
    burden = np.abs(x - reference) / unit
    check("burden", ~zero, np.where(zero, 0.0, burden), reference, zero)
    return found


def _unit(rules: Rules, x: Floats) -> Floats:
    """Return what a cell's burden is counted in: its reference, or where that is 0, the point's."""
    size = max(float(np.abs(x).max(initial=0.0)), float(rules.reference.max(initial=0.0)))
    return np.where(rules.reference > 0, rules.reference, size or 1.0)


def _levels(burden: Floats) -> list[float]:
    """Return the distinct levels above 0, the largest of each, downwards."""
    levels: list[float] = []
    for level in sorted(burden[burden > SAME].tolist(), reverse=True):
        if not levels or level < levels[-1] - SAME * (1 + level):
            levels.append(level)
    return levels


def _least(
    rules: Rules,
    unit: Floats,
    lower: Floats,
    upper: Floats,
    cells: NDArray[np.int64],
    centre: Floats | None = None,
) -> float | None:
    """Return the least total distance of cells from their centres, in units; None if infeasible.

    Columns are x in units, then a distance per cell; every row is scaled to coefficients of 1.
    """
    n, extra = len(unit), len(cells)
    size = np.abs(rules.matrix * unit).max(axis=1, initial=0.0)
    size = np.where(size > 0, size, 1.0)[:, np.newaxis]
    matrix = np.hstack([rules.matrix * unit / size, np.zeros((len(size), extra))])
    row_lower, row_upper = rules.row_lower / size[:, 0], rules.row_upper / size[:, 0]
    if extra:
        at = np.zeros((extra, n + extra))
        at[np.arange(extra), cells] = 1.0
        distance = np.hstack([np.zeros((extra, n)), np.eye(extra)])
        target = np.asarray(centre)[cells] / unit[cells]
        matrix = np.vstack([matrix, at - distance, at + distance])
        row_lower = np.concatenate([row_lower, np.full(extra, -np.inf), target])
        row_upper = np.concatenate([row_upper, target, np.full(extra, np.inf)])

    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = n + extra, len(matrix)
    lp.col_cost_ = np.concatenate([np.zeros(n), np.ones(extra)])
    lp.col_lower_ = np.concatenate([lower / unit, np.zeros(extra)])
    lp.col_upper_ = np.concatenate([upper / unit, np.full(extra, np.inf)])
    lp.row_lower_, lp.row_upper_ = row_lower, row_upper
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    row, column = np.nonzero(matrix)
    lp.a_matrix_.start_ = np.searchsorted(row, np.arange(len(matrix) + 1))
    lp.a_matrix_.index_, lp.a_matrix_.value_ = column, matrix[row, column]

    highs = highspy.Highs()  # type: ignore[no-untyped-call] # untyped package
    options: dict[str, bool | float | str] = {
        "output_flag": False,
        "presolve": "off",
        "primal_feasibility_tolerance": 1e-10,
        "dual_feasibility_tolerance": 1e-10,
        "small_matrix_value": 1e-12,  # coefficients below it are dropped
    }
    for name, setting in options.items():
        if highs.setOptionValue(name, setting) != highspy.HighsStatus.kOk:
            raise RuntimeError(f"HiGHS does not know the option {name}")
    if highs.passModel(lp) == highspy.HighsStatus.kError:
        raise RuntimeError("the program was not accepted")
    highs.run()
    if highs.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
        return None
    if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        raise RuntimeError(highs.modelStatusToString(highs.getModelStatus()))
    return float(highs.getInfo().objective_function_value)
