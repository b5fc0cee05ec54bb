"""Solved plans as mappings from cells to numbers."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from hypothesis import reject

import decompose as dc
from tests.oracles.plan_indicator import Cell
from tests.oracles.plan_program import PlanProgram

Data = dict[str, Any]


def solved(data: Data, **keys: Any) -> dc.Allocation | None:
    """Solve a plan; None where its rules cannot hold together."""
    plan = dc.Plan.model_validate(data)
    try:
        return dc.solve(plan, **keys)
    except dc.InfeasibleError:
        return None
    except dc.PlanError as error:  # a signed total below the years that are given
        if {one.message.code for one in error.mistakes} != {"negative_reference"}:
            raise
        return reject()


def allocation_of(data: Data, **keys: Any) -> dc.Allocation:
    """Solve a plan; those that have no answer are passed over."""
    return solved(data, **keys) or reject()


def coarsest_steps(oracle: PlanProgram) -> dict[str, Fraction]:
    """Return, of each indicator, the coarsest step among those that parts tie together with it."""
    found = {name: one.step for name, one in oracle.indicators.items()}
    for _ in found:  # along chains of parts, both ways
        for name, one in oracle.indicators.items():
            for whole in one.wholes:
                found[name] = found[whole] = max(found[name], found[whole])
    return found


def column(allocation: dc.Allocation, name: str) -> dict[Cell, Any]:
    """Return a column of the quotas by cell."""
    quotas = allocation.quotas
    labels = zip(quotas["indicator"], quotas["region"], quotas["year"], strict=True)
    return {Cell(*cell): value for cell, value in zip(labels, quotas[name].tolist(), strict=True)}


def values(allocation: dc.Allocation) -> dict[str, dict[tuple[str, int], Fraction]]:
    """Return the printed values by id, then by region and year: of a ratio, what is published."""
    found: dict[str, dict[tuple[str, int], Fraction]] = {}
    frame = allocation.values
    rows = zip(*(frame[name].tolist() for name in frame), strict=True)
    for name, region, year, value in rows:
        found.setdefault(name, {})[region, year] = Fraction(str(value))
    for cell, value in column(allocation, "quota").items():
        if (
            allocation.plan.indicators[allocation.plan.indicator_index[cell.indicator]].kind
            == "ratio"
        ):
            found[cell.indicator][cell.region, cell.year] = Fraction(str(value))
    return found


def of_year(
    allocation: dc.Allocation, name: str, indicator: str, year: int = 2016
) -> dict[str, Any]:
    """Return a column of the quotas of one indicator and year, by region."""
    cells = column(allocation, name).items()
    return {cell.region: value for cell, value in cells if (cell[0], cell[2]) == (indicator, year)}


def same(one: dc.Allocation, other: dc.Allocation, *names: str) -> None:
    """Two answers have the same quotas, by the same rules (or the same columns of such names)."""
    for name in names or ("quota", "bound_by"):
        assert column(one, name) == column(other, name)


def in_steps(allocation: dc.Allocation, steps: dict[str, Fraction]) -> dict[Cell, int]:
    """Return the quotas in whole steps of their indicators."""
    return {
        cell: round(Fraction(value) / steps[cell.indicator])
        for cell, value in column(allocation, "quota").items()
    }
