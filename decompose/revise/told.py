"""What became of each indicator, in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from decompose.allocation import Allocation
from decompose.comparing.beside import Side
from decompose.labels import Language, Message, say
from decompose.plan import Plan
from decompose.plan.models import Indicator
from decompose.plan.values import MOST_DECIMALS
from decompose.revise.facts import Facts
from decompose.revise.standing import Grids
from decompose.tables.model import number_cell
from decompose.tables.printed import adds_up, printed_decimals, printed_name, printed_unit


@dataclass(frozen=True, eq=False)
class Told:
    """A revised plan, what was reached, and through which year.

    Attributes
    ----------
    plan, facts, through
        The revised plan, and what was reached in its years that are over.
    language
        Of printed names and units.
    """

    plan: Plan
    facts: Facts
    through: int
    language: Language

    def all(self, stands: Grids, before: Side, revised: Allocation) -> list[Message]:
        """Tell what nobody has reported, then of each indicator what was issued and reached.

        Parameters
        ----------
        stands
            What was issued, over the revised plan.
        before, revised
            The same as printed, and what is handed out now.
        """
        found = list(self._unreported())
        for one in self.plan.indicators:
            if one.id not in self.facts.published:
                continue
            if adds_up(one):
                found.append(self._sum(one, stands, revised))
            elif one.id in before.plan.indicator_index:
                found.append(self._rate(one, before, revised))
        return found

    def _unreported(self) -> Iterator[Message]:
        labels = {one.id: one.label for one in self.plan.indicators}
        for name in labels:
            for year in self.plan.years:
                if (name, year) in self.facts.unreported:
                    yield say("revise_told_unreported", indicator=labels[name], year=year)

    def _sum(self, one: Indicator, stands: Grids, revised: Allocation) -> Message:
        """Tell the sums of an indicator; of a level by its years: it does not add over them."""
        over = self.plan.year_index[self.through] + 1
        level = one.kind == "level" and one.publish == "value"
        past, later = slice(0, over), slice(over, None)
        if level:
            past, later = slice(over - 1, over), slice(-1, None)
        quotas = revised.settled.quotas()
        grids = (stands[one.id], self.facts.published[one.id], stands[one.id], quotas[one.id])
        issued, reached, before, after = (
            round(float(np.nansum(grid[:, some])), MOST_DECIMALS)
            for grid, some in zip(grids, (past, past, later, later), strict=True)
        )
        figures = {"issued": issued, "reached": reached, "before": before, "after": after}
        names = {"indicator": one.label, "unit": one.unit, "last": self.plan.years[-1]}
        code = "revise_told_level" if level else "revise_told"
        return say(code, **names, through=self.through, **figures)

    def _rate(self, one: Indicator, before: Side, revised: Allocation) -> Message:
        """Tell the area's rate, as printed, of the last year that is over and of the last."""
        last = self.plan.years[-1]
        asked = {
            "issued": (before, self.through),
            "reached": (revised, self.through),
            "before": (before, last),
            "after": (revised, last),
        }
        figures = {key: self._of_area(one, *place) for key, place in asked.items()}
        names = {
            "indicator": printed_name(one, self.language),
            "unit": printed_unit(one, self.language),
        }
        return say("revise_told_level", **names, last=last, through=self.through, **figures)

    def _of_area(self, one: Indicator, side: Side, year: int) -> str:
        """Return the area's number of a year as it is printed; a dash where there is none."""
        number, everyone = np.nan, np.ones(len(side.plan.regions), dtype=bool)
        if year in side.plan.year_index:
            number = side.scope_values(one.id, everyone)[side.plan.year_index[year]]
        decimals = printed_decimals(self.plan, one)
        return number_cell(None if np.isnan(number) else float(number), decimals).text
