"""Moves of quotas, and what is to stay, as indices into a plan."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from decompose.errors import Mistake, PlanError
from decompose.figures import parse_quantity, plain
from decompose.labels import Language, Message, say
from decompose.plan import Plan
from decompose.plan.hints import hint
from decompose.plan.steps import as_printed, on_grid
from decompose.problem import Bools, Floats
from decompose.settle import Settled

OTHERS = "others"
"""Who takes a move where nobody is named: every other region that has the quota."""


@dataclass(frozen=True)
class Move:
    """A change of one quota that was agreed upon.

    Attributes
    ----------
    indicator, year, region
        The quota: the indicator's id or printed name, the year, the region's name or alias.
    amount
        By how much the quota changes, in the printed unit; below 0 it falls.
    to
        Who takes the difference: ``"others"`` (all other regions), a region, a group, or several
        of them.
    why
        The reason, kept in ``Allocation.log``.

    Examples
    --------
    >>> dc.Move("investment", 2025, "North", -0.5, to="South", why="minutes of 3 March").to
    'South'
    """

    indicator: str
    year: int
    region: str
    amount: float
    to: str | Sequence[str] = OTHERS
    why: str = ""


class Cell(NamedTuple):
    """Indices of an indicator, a region and a year."""

    indicator: int
    region: int
    year: int


class Placed(NamedTuple):
    """A move in its place: the cell, what it becomes, who takes the difference (others: None)."""

    move: Move
    cell: Cell
    value: float
    to: frozenset[int] | None


Hold = str | Sequence[Any]


def held_items(hold: Hold | Sequence[Hold]) -> tuple[Hold, ...]:
    """Return what is held as items: one name, or one (indicator, region, year), is one item."""
    items = tuple(hold) if isinstance(hold, Iterable) and not isinstance(hold, str) else (hold,)
    one = len(items) == 3 and isinstance(items[2], int)
    return (items,) if one else items


@dataclass(frozen=True, eq=False)
class Placing:
    """Moves and what is held, on their way into a settled plan.

    Attributes
    ----------
    settled
        What stands.
    moves
        What is to change.
    hold
        Regions, groups, indicators, or (indicator, region or group, year), that must not change.
    """

    settled: Settled
    moves: Sequence[Move]
    hold: Sequence[Hold]

    @property
    def plan(self) -> Plan:
        """The plan that was settled."""
        return self.settled.plan

    @cached_property
    def numbers(self) -> Mapping[str, Floats]:
        """The quotas that stand, by id."""
        return self.settled.quotas()

    def placed(self, language: Language) -> tuple[list[Placed], dict[str, Bools]]:
        """Find the place of every move, and what is held by indicator id (regions × years).

        Raises
        ------
        PlanError
            With every mistake: names, amounts, moves that contradict each other or what is held.
        """
        mistakes: list[Mistake] = []
        held = self._held(mistakes, language)
        found: list[Placed] = []
        numbers: dict[Cell, int] = {}
        for number, move in enumerate(self.moves, start=1):
            place = say("adjust_move", number=number).text(language)
            try:
                one = self._placed(move)
                self._refuse_clash(one.cell, numbers, held)
                found.append(one)
                numbers[one.cell] = number
            except ValueError as error:
                mistakes += [Mistake(told, (), place) for told in error.args]
        if not mistakes:
            for number, one in enumerate(found, start=1):
                place = say("adjust_move", number=number).text(language)
                mistakes += [
                    Mistake(told, (), place) for told in self._takers_lack(one, numbers, held)
                ]
        if mistakes:
            raise PlanError(say("adjust_wrong", count=len(mistakes)), mistakes, language=language)
        return found, held

    def takers(
        self, one: Placed, placed: Iterable[Placed], held: Mapping[str, Bools]
    ) -> frozenset[int]:
        """Return the regions that take a move: none that is moved itself, held, or without quota.

        Others are those for whom no other move of the same indicator and year asks by name.
        """
        indicator, _, year = one.cell
        name = self.plan.indicators[indicator].id
        beside = [other for other in placed if other.cell[::2] == one.cell[::2]]
        free = ~np.isnan(self.numbers[name][:, year]) & ~held[name][:, year]
        found = set(np.flatnonzero(free).tolist()) - {other.cell.region for other in beside}
        if one.to is None:
            return frozenset(found - {k for other in beside for k in other.to or ()})
        return frozenset(found & one.to)

    def _placed(self, move: Move) -> Placed:
        indicator = self._indicator(str(move.indicator))
        if plain(str(move.region)) in {*self.plan.group_index, *self.plan.area_names}:
            raise ValueError(say("adjust_sum", found=str(move.region)))
        region = self._region(str(move.region))
        year = self._year(move.year)
        cell = Cell(indicator, region, year)
        self._refuse_absent(cell)
        everyone = move.to == OTHERS or plain(str(move.to)) in self.plan.area_names
        to = None if everyone else frozenset(self._regions_of(move.to))
        return Placed(move, cell, self._value(cell, move.amount), to)

    def _value(self, cell: Cell, amount: object) -> float:
        """Return what a quota becomes."""
        one = self.plan.indicators[cell.indicator]
        try:
            number = parse_quantity(amount)
        except ValueError as error:
            raise ValueError(say("adjust_amount", found=str(amount))) from error
        if number == 0:
            raise ValueError(say("adjust_amount", found=str(amount)))
        step = self.steps[one.id]
        steps = number / step
        if not on_grid(number, step):
            near = math.copysign(max(1, math.floor(abs(steps))), steps) * step
            data = {"step": step, "found": number, "near": near}
            raise ValueError(say("adjust_off_grid", indicator=one.label, **data))
        stands = float(self.numbers[one.id][cell.region, cell.year])
        return float(as_printed(np.array((round(stands / step) + round(steps)) * step)))

    @cached_property
    def steps(self) -> dict[str, float]:
        """The step of each indicator that has quotas."""
        return {
            one.indicator.id: one.step
            for stage in self.settled.stages
            for one in stage.built.series
        }

    def _refuse_clash(
        self, cell: Cell, numbers: Mapping[Cell, int], held: Mapping[str, Bools]
    ) -> None:
        data = self.names(cell)
        if cell in numbers:
            raise ValueError(say("adjust_twice", other=numbers[cell], **data))
        if held[self.plan.indicators[cell.indicator].id][cell.region, cell.year]:
            raise ValueError(say("adjust_held", **data))

    def _takers_lack(
        self, one: Placed, numbers: Mapping[Cell, int], held: Mapping[str, Bools]
    ) -> Iterator[Message]:
        """Tell where nobody that is named can take a move."""
        name = self.plan.indicators[one.cell.indicator].id
        moved = {cell.region for cell in numbers if cell[::2] == one.cell[::2]}
        free = ~np.isnan(self.numbers[name][:, one.cell.year]) & ~held[name][:, one.cell.year]
        if one.to is not None and not {k for k in one.to if free[k]} - moved:
            known = [self.plan.region_names[k] for k in sorted(one.to)]
            yield say("adjust_nobody", regions=known)

    def entry(self, one: Placed) -> dict[str, object]:
        """Return what the log keeps of a move."""
        move = one.move
        return {
            "indicator": self.plan.indicators[one.cell.indicator].id,
            "year": self.plan.years[one.cell.year],
            "region": self.plan.region_names[one.cell.region],
            "amount": float(as_printed(np.array(parse_quantity(move.amount)))),
            "to": move.to if isinstance(move.to, str) else list(move.to),
            "why": move.why,
        }

    def names(self, cell: Cell) -> dict[str, object]:
        """Return what a cell is called, to fill a message."""
        return {
            "indicator": self.plan.indicators[cell.indicator].label,
            "region": self.plan.region_names[cell.region],
            "year": self.plan.years[cell.year],
        }

    # ---- what is held ------------------------------------------------------------------------

    def _held(self, mistakes: list[Mistake], language: Language) -> dict[str, Bools]:
        found = {name: np.zeros(grid.shape, dtype=bool) for name, grid in self.numbers.items()}
        for number, item in enumerate(self.hold, start=1):
            try:
                self._hold(item, found)
            except ValueError as error:
                place = say("adjust_hold", number=number).text(language)
                mistakes += [Mistake(told, (), place) for told in error.args]
        return found

    def _hold(self, item: Hold, held: dict[str, Bools]) -> None:
        plan = self.plan
        if not isinstance(item, str):
            if not isinstance(item, Sequence) or len(item) != 3:
                raise ValueError(say("adjust_hold_form", found=str(item)))
            indicator, year = self._indicator(str(item[0])), self._year(item[2])
            regions = list(self._regions_of(str(item[1])))
            if len(regions) == 1:
                self._refuse_absent(Cell(indicator, regions[0], year))
            held[plan.indicators[indicator].id][regions, year] = True
            return
        name = plain(item)
        if name in plan.region_index or name in plan.group_index:
            for grid in held.values():
                grid[list(self._regions_of(item))] = True
            return
        held[plan.indicators[self._indicator(item)].id][:] = True

    # ---- names -------------------------------------------------------------------------------

    def _indicator(self, name: str) -> int:
        """Return the indicator with an id, or else the only one that is printed under a name."""
        plan = self.plan
        found = plan.indicators_named(name)
        quotas = [k for k in found if plan.indicators[k].id in self.numbers]
        known = [one for one in plan.indicators if one.id in self.numbers]
        if not found:
            raise ValueError(self._unknown(name, [one.label for one in known]))
        if not quotas:
            own = plan.indicators[found[0]].label
            raise ValueError(say("adjust_follows", found=own, known=[one.label for one in known]))
        if len(quotas) > 1:
            ids = [plan.indicators[k].id for k in quotas]
            raise ValueError(say("adopt_ambiguous", found=name, known=ids))
        return quotas[0]

    def _region(self, name: str) -> int:
        found = self.plan.region_index.get(plain(name))
        if found is None:
            raise ValueError(self._unknown(name, self.plan.region_names))
        return found

    def _year(self, year: object) -> int:
        text = plain(str(year))
        found = self.plan.year_at(text)
        if found is None:
            raise ValueError(self._unknown(text, list(map(str, self.plan.years))))
        return found

    def _regions_of(self, to: str | Sequence[str]) -> Iterator[int]:
        """Return the regions of some names of regions and groups."""
        for name in to if isinstance(to, Iterable) and not isinstance(to, str) else [to]:
            group = self.plan.group_index.get(plain(str(name)))
            if group is not None:
                yield from np.flatnonzero(self.plan.members[group]).tolist()
            else:
                yield self._region(str(name))

    def _refuse_absent(self, cell: Cell) -> None:
        name = self.plan.indicators[cell.indicator].id
        if np.isnan(self.numbers[name][cell.region, cell.year]):
            raise ValueError(say("adjust_no_quota", **self.names(cell)))

    @staticmethod
    def _unknown(name: str, known: Sequence[str]) -> Message:
        return say("adjust_unknown", found=name, hint=hint(plain(name), known))
