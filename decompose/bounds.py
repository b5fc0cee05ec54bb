"""Which rules stop a cell: its own bounds, and the families of the rules tight at it."""

from __future__ import annotations

import numpy as np

from decompose.problem import AREA, FAMILIES, FAMILY, Bools, Floats, Problem

TIGHT = 1e-7
"""A rule whose slack is less, relative to what its row adds up, is tight."""
SEPARATOR = "; "
TARGETS = tuple(FAMILY[name] for name in ("target", "ratio", "growth_each_year", "cut_each_year"))


def tight_rules(problem: Problem, x: Floats) -> Bools:
    """Tell which rules hold with equality at x.

    The area's own targets aside, which always do, and what speaks of years that are only looked
    ahead to: these may stand anywhere.
    """
    rules = problem.rules
    matrix = rules.matrix
    value = matrix.dot(x)
    size = np.bincount(matrix.row, np.abs(matrix.value * x[matrix.column]), minlength=len(rules))
    near = TIGHT * np.maximum(size, problem.rule_step)
    tight = (np.abs(value - rules.lower) <= near) | (np.abs(value - rules.upper) <= near)
    area_target = (rules.scope == AREA) & np.isin(rules.family, TARGETS)
    elsewhere = np.zeros(len(rules), dtype=bool)
    elsewhere[matrix.row[problem.looked_ahead[matrix.column]]] = True
    return np.asarray(tight & ~area_target & ~elsewhere)


def bound_by(problem: Problem, x: Floats) -> list[str]:
    """Return, per column, the families of the rules that are tight at it, in a fixed order.

    A rule of one region is tight at that region's cells only, though a share's row adds up the
    whole area.
    """
    rules = problem.rules
    matrix = rules.matrix
    entry = tight_rules(problem, x)[matrix.row]
    scope = rules.scope[matrix.row]
    entry &= (scope <= AREA) | (scope == problem.column_region[matrix.column])
    pairs = np.unique(matrix.column[entry] * len(FAMILIES) + rules.family[matrix.row][entry])
    columns, families = np.divmod(pairs, len(FAMILIES))
    found = [""] * problem.size
    for column, family in zip(columns.tolist(), families.tolist(), strict=True):
        name = FAMILIES[family].name
        found[column] = f"{found[column]}{SEPARATOR}{name}" if found[column] else name
    return found
