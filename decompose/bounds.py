"""Which rules stop a cell: its own bounds, and the families of the rules tight at it."""

from __future__ import annotations

import numpy as np

from decompose.labels import Language, word
from decompose.plan.targets import RATIO_EACH_YEAR
from decompose.problem import AREA, FAMILIES, FAMILY, Bools, Floats, Matrix, Problem

TIGHT = 1e-7
"""A rule whose slack is less, relative to what its row adds up, is tight."""
SEPARATOR = "; "
TARGETS = tuple(FAMILY[name] for name in ("target", "ratio", "growth_each_year", *RATIO_EACH_YEAR))


def at_bounds(problem: Problem, x: Floats) -> tuple[Bools, Bools, Bools]:
    """Tell which rules are at their lower bound at x, at their upper bound, and at their figure."""
    rules = problem.rules
    value = rules.matrix.dot(x)
    near = TIGHT * np.maximum(row_sizes(problem, x), problem.rule_step)
    lower, upper, figure = (
        np.abs(value - end) <= near for end in (rules.lower, rules.upper, rules.figure)
    )
    return lower, upper, figure


def row_sizes(problem: Problem, x: Floats) -> Floats:
    """Return what each rule adds up at x, every term with its absolute value."""
    return problem.rules.matrix.sizes(x)


def tight_rules(problem: Problem, x: Floats) -> Bools:
    """Tell which rules hold with equality at x (the area's own targets aside: they always do)."""
    rules = problem.rules
    area_target = (rules.scope == AREA) & np.isin(rules.family, TARGETS)
    return np.asarray(near_bounds(problem, x) & ~area_target)


def near_bounds(problem: Problem, x: Floats) -> Bools:
    """Tell which rules are at an end, or at the figure that a target hands out.

    What speaks of years that are only looked ahead to aside: these may stand anywhere.
    """
    elsewhere = problem.rules.matrix.with_any(problem.looked_ahead)
    return np.asarray(np.any(at_bounds(problem, x), axis=0) & ~elsewhere)


def bound_by(problem: Problem, x: Floats) -> list[str]:
    """Return, per column, the families of the rules that are tight at it, in a fixed order.

    A rule of one region is tight at that region's cells only, though a share's row adds up the
    whole area.
    """
    rules, tight = problem.rules, tight_rules(problem, x)
    of_sums = rules.take(np.flatnonzero(tight & (rules.scope <= AREA)))
    of_regions = rules.take(np.flatnonzero(tight & (rules.scope > AREA)))
    matrix = Matrix.stack([of_sums.matrix, of_regions.matrix.own])
    family, scope = (
        np.concatenate([getattr(part, name) for part in (of_sums, of_regions)])[matrix.row]
        for name in ("family", "scope")
    )
    entry = (scope <= AREA) | (scope == problem.column_region[matrix.column])
    pairs = np.unique(matrix.column[entry] * len(FAMILIES) + family[entry])
    columns, families = np.divmod(pairs, len(FAMILIES))
    found = [""] * problem.size
    for column, family in zip(columns.tolist(), families.tolist(), strict=True):
        name = FAMILIES[family].name
        found[column] = f"{found[column]}{SEPARATOR}{name}" if found[column] else name
    return found


def families(names: str, language: Language) -> str:
    """Name the families of rules that stand in a text, joined as in ``bound_by``."""
    parts = [name for name in names.split(SEPARATOR) if name]
    return word("list_separator", language).join(word(name, language) for name in parts)
