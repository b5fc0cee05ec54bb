"""What was issued, printed over the regions of the revised plan."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from decompose.allocation import Allocation
from decompose.comparing.beside import Side
from decompose.plan import Plan
from decompose.plan.order import references
from decompose.plan.ratios import regional_ratios
from decompose.printed import scope_numbers
from decompose.problem import Bools, Floats
from decompose.revise.regions import Parts
from decompose.revise.standing import Carried, Grids


@dataclass(frozen=True, eq=False)
class Issued:
    """Printed numbers of an issued allocation whose regions were merged.

    Attributes
    ----------
    plan
        With the merged regions.
    printed
        Published numbers by indicator id.
    values
        The same as values.
    """

    plan: Plan
    printed: Grids
    values: Grids

    @staticmethod
    def of(allocation: Allocation, plan: Plan, parts: Parts) -> Side:
        """Return an allocation over merged regions; as it is where there are none."""
        if not parts:
            return allocation
        carried = Carried(allocation.plan, plan, parts)
        grids = allocation.settled.printed
        grown = {one.id for one in plan.indicators if one.publish == "growth"}
        values = carried.over(grids)
        for name in grown & values.keys():
            values[name] = carried.summed(carried.filled(name, grids[name]))
        printed = {**values, **carried.over(allocation.settled.quotas())}
        for one in plan.indicators:
            known = all(name in values or _given(plan, name) for name in references(one))
            if one.kind == "ratio" and one.id not in printed and one.decompose and known:
                printed[one.id] = regional_ratios(plan, one, values)
        return Issued(plan, printed, values)

    def region_values(self, indicator: str) -> Floats:
        """Return what was printed of an indicator, regions × years; NaN where nothing was."""
        found = self.printed.get(indicator)
        return (
            np.full((len(self.plan.regions), len(self.plan.years)), np.nan)
            if found is None
            else found
        )

    def scope_values(self, indicator: str, members: Bools) -> Floats:
        """Return what was printed of some regions together, by year."""
        one = self.plan.indicators[self.plan.indicator_index[indicator]]
        return scope_numbers(self.plan, one, self.values, self.region_values(indicator), members)


def _given(plan: Plan, name: str) -> bool:
    return plan.indicators[plan.indicator_index[name]].kind == "given"
