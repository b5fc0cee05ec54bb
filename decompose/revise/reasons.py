"""Why a revised number is what it is: reached, carried, or changed with the plan."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from decompose.allocation import Allocation
from decompose.comparing.reasons import Reasons
from decompose.figures import plain
from decompose.labels import Language, Message, say
from decompose.plan import Plan
from decompose.plan.values import MOST_DECIMALS
from decompose.problem import Bools, Floats
from decompose.revise.facts import Facts
from decompose.revise.standing import Grids


class Revised(Reasons):
    """Finds the reasons of a revision.

    Parameters
    ----------
    issued, revised
        Before and after.
    plan
        The plan with its changes made, before years were over: what it says differently from the
        issued one is what was changed.
    facts, stands
        What was reached, and what was issued, by indicator id, over that plan.
    through, carry
        The last year that is over, and how shortfalls are carried.
    parts
        The names of the regions that each new region was made of.
    """

    def __init__(
        self,
        issued: Allocation,
        revised: Allocation,
        plan: Plan,
        facts: Facts,
        stands: Grids,
        *,
        through: int,
        carry: str,
        parts: dict[str, list[str]],
        language: Language,
    ) -> None:
        changed = Allocation(replace(revised.settled, plan=plan), log=revised.log)
        super().__init__(issued, changed, language)
        self._facts, self._reached = facts, facts.published
        self._stands = stands
        self._through = through
        self._carry = carry
        self._parts = parts

    def of_cell(self, indicator: str, region: str, year: int | str) -> str:
        """Return the reason of a region's number."""
        parts = self._parts.get(region)
        merged = [] if parts is None else [self._merged(parts, region)]
        told = [*merged, *self._own(indicator, {plain(region)}, year)]
        return self._told(told) if told else super().of_cell(indicator, region, year)

    def of_sum(self, indicator: str, scope: str, year: int | str) -> str:
        """Return the reason of the sum of the area or of a group."""
        told = self._own(indicator, {plain(scope)}, year)
        return self._told(told) if told else super().of_sum(indicator, scope, year)

    def _merged(self, parts: list[str], region: str) -> Message:
        return say(
            "because_renamed" if len(parts) == 1 else "because_merged", parts=parts, to=region
        )

    def _own(self, indicator: str, names: set[str], year: int | str) -> list[Message]:
        """Tell what years that are over have to do with a number."""
        if year == "total":
            return []
        if int(year) <= self._through:
            told = self._facts.reason(indicator, int(year))
            return [told] if indicator in self._reached else []
        plan = self.after.plan
        one = plan.indicators[plan.indicator_index[indicator]]
        has_total = one.target.total is not None and one.target.total.given
        if self._carry == "none" or not has_total or indicator not in self._reached:
            return []
        (name,) = names
        is_region = name in plan.region_index
        scope, members = plan.total_label, np.ones(len(plan.regions), dtype=bool)
        if self._carry == "region" and is_region:
            scope, members = name, np.arange(len(members)) == plan.region_index[name]
        elif self._carry == "region" and name in plan.group_index:
            scope, members = name, plan.members[plan.group_index[name]]
        gap = self._gap(indicator, members)
        if not gap:
            return []
        code = f"revise_{'short' if gap > 0 else 'over'}_{self._carry}"
        told = say(code, scope=scope, through=self._through, gap=abs(gap), unit=one.unit)
        rules = self._rules(indicator, name, int(year)) if is_region else None
        changes = [*self._differences(indicator, names, str(year))][:1] if is_region else []
        return [told, *changes, *([] if rules is None else [rules])]

    def _gap(self, indicator: str, members: Bools) -> float:
        """Return what is lacking of what was issued for the years that are over."""
        reached, stands = self._reached[indicator][members], self._stands[indicator][members]
        over = ~np.isnan(reached)
        gap: Floats = np.where(over, stands - reached, 0.0)
        return round(float(np.nansum(gap)), MOST_DECIMALS)
