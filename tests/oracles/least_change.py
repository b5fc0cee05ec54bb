"""The least change of what stands, in exact fractions (DESIGN sections 3 and 5, ``adjust``).

What is fixed comes out; of all answers that keep the rules the leximin of change ÷ quota, rules
that what stands breaks reaching as far as it. No code is shared with the package.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from tests.oracles.exact_leximin import Program, leximin
from tests.oracles.fractions_lp import Row
from tests.oracles.plan_figures import total
from tests.oracles.plan_indicator import Cell
from tests.oracles.plan_program import PlanProgram


def least_change(
    oracle: PlanProgram,
    stands: Mapping[Cell, Fraction],
    fixed: Mapping[Cell, Fraction],
    *,
    sums: bool,
) -> dict[Cell, Fraction] | None:
    """Return the least change; None where the rules do not allow what is fixed.

    Parameters
    ----------
    oracle
        The plan.
    stands, fixed
        What stands of every cell, and what some of them must become.
    sums
        Whether the area's sums of every year stay.
    """
    found: dict[Cell, Fraction] = {}
    for cells, program in oracle.programs():
        place = {cell: index for index, cell in enumerate(cells)}
        rows: list[Row] = [
            ({place[cell]: 1}, value, value) for cell, value in fixed.items() if cell in place
        ]
        years: dict[tuple[str, int], list[Cell]] = {}
        for cell in cells if sums else ():
            years.setdefault((cell.indicator, cell.year), []).append(cell)
        for own in years.values():
            value = total(stands[cell] for cell in own)
            rows.append((dict.fromkeys((place[cell] for cell in own), 1), value, value))
        figures = []
        for rule in oracle.rules:
            if not rule.coefficients.keys() <= place.keys():
                continue
            parts = {place[cell]: part for cell, part in rule.coefficients.items()}
            value = total(part * stands[cell] for cell, part in rule.coefficients.items())
            least = None if rule.lower is None else min(rule.lower, value)
            rows.append((parts, least, None if rule.upper is None else max(rule.upper, value)))
            if rule.figure and value:
                figures.append((parts, value))
        references = [stands[cell] for cell in cells]
        point = leximin(Program(len(cells), references, rows, figures, program.signed))
        if point is None:
            return None
        found |= dict(zip(cells, point, strict=True))
    return found
