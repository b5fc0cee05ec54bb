"""What stood before, and the moves that were agreed upon since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from typing import Any

import numpy as np

from decompose.anchor import Anchor
from decompose.explain.words import Words, words_of
from decompose.figures import plain
from decompose.labels import Message, say
from decompose.plan import Indicator, Plan
from decompose.plan.ratios import Known

SAME = 1e-9
"""Numbers nearer than this are one."""
NAMED = 2
"""How many moves a sentence names of those that changed another number."""
Logged = Mapping[str, Any]
"""A move: indicator (id), year, region, amount, to, why."""


@dataclass(frozen=True, eq=False)
class History:
    """What an allocation was made from.

    Attributes
    ----------
    plan
        The plan.
    anchor
        What stood before.
    log
        Moves that were agreed upon, the last round's last.
    """

    plan: Plan
    anchor: Anchor
    log: Sequence[Logged] = ()

    def stood(self, indicator: int, region: int, year: int) -> float:
        """Return what stood in a cell; NaN where nothing did."""
        return self._at(self.anchor.numbers, indicator, region, year)

    def change(self, indicator: int, region: int, year: int, quota: float) -> float:
        """Return by how much a quota changed in the last round: 0 where nothing stood."""
        change = quota - self.stood(indicator, region, year)
        return 0.0 if np.isnan(change) or abs(change) <= SAME * max(1.0, abs(quota)) else change

    def carries(self, indicator: int, region: int, year: int) -> bool:
        """Whether what stood in a cell is not what was issued, but what a region carries over."""
        issued = self._at(self.anchor.issued, indicator, region, year)
        gap = abs(self.stood(indicator, region, year) - issued)
        return bool(gap > SAME * max(1.0, abs(issued)))

    def moves_of(self, indicator: int, region: int, year: int) -> list[Logged]:
        """Return every move of a cell."""
        return [one for cell, one in self._placed if cell == (indicator, region, year)]

    @cached_property
    def last(self) -> list[Logged]:
        """The moves of the last round: those that lead from what stood to what was fixed."""
        newest = dict(self._placed)
        return [one for cell, one in newest.items() if self._leads(cell, float(one["amount"]))]

    def behind(self, indicator: int, year: int) -> list[Logged]:
        """Return the last moves that changed a number: those of its indicator and year first."""
        name, when = self.plan.indicators[indicator].id, self.plan.years[year]
        near = [one for one in self.last if (one["indicator"], one["year"]) == (name, when)]
        return near or [one for one in self.last if one["indicator"] == name] or self.last

    def told(self, one: Logged) -> Message:
        """Say what a move did, and why."""
        words = words_of(self._indicator(one))
        amount = float(one["amount"])
        why = say("moved_reason", why=one["why"]) if one["why"] else ""
        code = "moved_less" if amount < 0 else "moved_more"
        return say(code, amount=words.difference(amount), reason=why)

    def message(
        self, words: Words, place: tuple[int, int, int], quota: float, others: object
    ) -> Message | None:
        """Say what became of a number; None where neither a move nor a revision speaks of it.

        Parameters
        ----------
        words, place, quota
            How the indicator is told, the cell, its number.
        others
            Who took the difference of a move of the last round; empty where nobody did.
        """
        moved, issued = self._moved(words, place, quota, others), self._issued(words, place, quota)
        if moved is not None and issued is not None:
            return say("moved_and_issued", moved=moved, issued=issued)
        return issued if moved is None else moved

    def _issued(self, words: Words, place: tuple[int, int, int], quota: float) -> Message | None:
        """Say what was issued before the revision; None where nothing was."""
        issued = self._at(self.anchor.issued, *place)
        if np.isnan(issued):
            return None
        change = quota - issued
        data = {"issued": words.quota(issued)}
        if abs(change) <= SAME * max(1.0, abs(quota)):
            return say("issued_same", **data)
        through = self.plan.actual_through
        over = through is not None and self.plan.years[place[2]] <= through
        code = f"{'reached' if over else 'issued'}_{'more' if change > 0 else 'less'}"
        return say(code, **data, amount=words.difference(change))

    def _moved(
        self, words: Words, place: tuple[int, int, int], quota: float, others: object
    ) -> Message | None:
        change = self.change(*place, quota)
        stood = words.quota(self.stood(*place)) if change else ""
        own = self.moves_of(*place)
        if own and change and own[-1] not in self.last:  # something else changed it since
            return say("moved_since", moves=reduce(_and, [self.told(one) for one in own]))
        if own:
            newest = own[-1:] if change else own
            earlier = [self.told(one) for one in own[: len(own) - len(newest)]]
            return say(
                "moved_told",
                before=say("moved_before", moves=reduce(_and, earlier)) if earlier else "",
                stood=say("moved_stood", stood=stood) if change else say("moved_it"),
                moves=reduce(_and, [self.told(one) for one in newest]),
                others=say("moved_others", others=others) if change and others else "",
            )
        if not change or not self.last:
            return None
        behind = self.behind(place[0], place[2])
        moves = reduce(_and, [self._of_other(one) for one in behind[:NAMED]])
        code = "took_more" if change > 0 else "took_less"
        return say(code, stood=stood, moves=moves, amount=words.difference(change))

    def _of_other(self, one: Logged) -> Message:
        label = self._indicator(one).label
        data = {"region": one["region"], "year": one["year"], "indicator": label}
        return say("took_move", move=self.told(one), **data)

    def _indicator(self, one: Logged) -> Indicator:
        return self.plan.indicators[self.plan.indicator_index[one["indicator"]]]

    @cached_property
    def _placed(self) -> list[tuple[tuple[int, int, int], Logged]]:
        """The moves with their cells; a region may bear another name by now, or be part of one."""
        plan = self.plan
        found = []
        for one in self.log:
            indicator = plan.indicator_index.get(one["indicator"])
            region = plan.region_index.get(plain(one["region"]))
            year = plan.year_index.get(one["year"])
            if indicator is not None and region is not None and year is not None:
                found.append(((indicator, region, year), one))
        return found

    def _leads(self, cell: tuple[int, int, int], amount: float) -> bool:
        change = self._at(self.anchor.fixed, *cell) - self.stood(*cell)
        return bool(abs(change - amount) <= SAME * max(1.0, abs(amount)))

    def _at(self, grids: Known, indicator: int, region: int, year: int) -> float:
        grid = grids.get(self.plan.indicators[indicator].id)
        return float("nan") if grid is None else float(grid[region, year])


def _and(one: Message, other: Message) -> Message:
    return say("moved_and", one=one, other=other)
