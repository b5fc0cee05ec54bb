"""What the annexes have in common: the order of indicators and regions, sums of quotas, notes."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from decompose.figures import plain
from decompose.labels import Language, say
from decompose.plan import Indicator, Plan
from decompose.plan.steps import decimals_of, step_of
from decompose.tables.model import ABSENT, Cell, number_cell

Floats = NDArray[np.float64]


class Entry(NamedTuple):
    """An indicator where an annex prints it: under which other one, how deep."""

    indicator: Indicator
    parent: Indicator | None = None
    level: int = 0


def entries(plan: Plan, annex: int) -> list[Entry]:
    """List the indicators of an annex: by section, parts after the indicator they belong to.

    Indicators without a section come first, so that they seem to belong to none. A part whose
    indicator is not printed stands on its own.
    """
    printed = {one.id: one for one in plan.indicators if one.report and annex in one.annexes}
    parts: dict[str, list[Indicator]] = {name: [] for name in printed}
    tops: list[Indicator] = []
    for one in printed.values():
        parent = one.parent if one.parent in printed else None
        (tops if parent is None else parts[parent]).append(one)
    named = [*plan.sections, *(one.section for one in tops)]
    blocks = list(dict.fromkeys([None, *named]))
    tops.sort(key=lambda one: blocks.index(one.section))

    def with_parts(entry: Entry) -> Iterator[Entry]:
        yield entry
        for part in parts[entry.indicator.id]:
            yield from with_parts(Entry(part, entry.indicator, entry.level + 1))

    return [entry for top in tops for entry in with_parts(Entry(top))]


def region_order(plan: Plan) -> list[int]:
    """List the regions in the order of the tables: plan order, those inside one right under it."""
    index = plan.region_index
    held: dict[int, list[int]] = {}
    tops: list[int] = []
    for number, region in enumerate(plan.regions):
        holder = None if region.inside is None else index[plain(region.inside)]
        (tops if holder is None else held.setdefault(holder, [])).append(number)
    order: list[int] = []
    waiting = tops[::-1]
    while waiting:
        number = waiting.pop()
        order.append(number)
        waiting += held.get(number, [])[::-1]
    # regions inside one another have no top: plan order, at the end
    return order + [number for number in range(len(plan.regions)) if number not in order]


def quotas_of(values: Mapping[str, Floats], indicator: Indicator, plan: Plan) -> Floats:
    """Return an indicator's quotas (regions × years), all NaN where it has none."""
    found = values.get(indicator.id)
    return np.full((len(plan.regions), len(plan.years)), np.nan) if found is None else found


@dataclass(frozen=True)
class Steps:
    """Quotas as whole numbers of steps, so that 0.1 + 0.2 is 0.3; None where there is none."""

    counts: list[int | None]
    step: float
    decimals: int

    @classmethod
    def of(cls, quotas: Floats, indicator: Indicator) -> Steps:
        """Count the steps of quotas (one dimension)."""
        step = step_of(indicator)
        counts = [None if math.isnan(quota) else round(quota / step) for quota in quotas.tolist()]
        return cls(counts, step, decimals_of(indicator))

    def cell(self, members: Iterable[int]) -> Cell:
        """Print the sum of some of them."""
        found = [count for k in members if (count := self.counts[k]) is not None]
        return number_cell(sum(found) * self.step, self.decimals) if found else ABSENT


def indicator_notes(
    printed: list[Entry], years: tuple[int, ...], *, by_year: bool, language: Language
) -> list[str]:
    """List the notes of indicators: those for every year, then those of these years.

    Parameters
    ----------
    printed
        The indicators of the table.
    years
        Those that the table shows.
    by_year
        Whether a note says its year.
    language
        Of the words around it.
    """
    notes = []
    for entry in printed:
        told, name = entry.indicator.notes, entry.indicator.label
        if "all" in told:
            notes.append(say("indicator_note", name=name, note=told["all"]))
        code = "indicator_year_note" if by_year else "indicator_note"
        notes += [
            say(code, name=name, year=year, note=told[str(year)])
            for year in years
            if str(year) in told
        ]
    return [note.text(language) for note in notes]


def status_line(plan: Plan, language: Language) -> str:
    """Return the line that tells the status of the data; empty where there is none."""
    status = plan.data_status
    if not status or status == "none":
        return ""
    return say("status_line", status=status).text(language)
