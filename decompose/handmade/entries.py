"""The numbers of a table, each with the place in the plan that it speaks of."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterator
from enum import Enum
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from decompose.actuals.match import same_unit
from decompose.enough import MOST_MISTAKES
from decompose.errors import Mistake
from decompose.figures import parse_number, plain
from decompose.handmade.grids import Grid, Head, Line, grids_of
from decompose.handmade.names import Names
from decompose.labels import Language, say, word
from decompose.labels.adopting import BLANKS, QUOTA_HEADS
from decompose.labels.progress import INDICATOR_HEADS, PASSED_HEADS, UNIT_HEADS, YEAR_HEADS
from decompose.labels.words import REGION_HEADS
from decompose.plan import Plan
from decompose.problem import AREA
from decompose.tables.printed import printed_unit

_PERCENT = "%"
LANGUAGES: tuple[Language, ...] = ("zh", "en")


class Level(Enum):
    """Of which set of numbers one is."""

    BASE = "base"
    STRETCH = "stretch"
    GAP = "gap"
    STRETCH_GAP = "stretch gap"

    @property
    def gap(self) -> Level:
        """Of what a set of quotas leaves."""
        return Level.STRETCH_GAP if self is Level.STRETCH else Level.GAP


class Spot(NamedTuple):
    """Of what a number speaks: indices of its indicator and year, a scope, its set.

    The scope is a region's index, AREA or a group's; of a gap, AREA.
    """

    indicator: int
    scope: int
    year: int
    level: Level = Level.BASE


class Entry(NamedTuple):
    """A number (NaN of a blank cell), of what it speaks, and where it stands."""

    spot: Spot
    value: float
    place: str


class _Said(NamedTuple):
    """What a heading, or the first cell of a row, says: an indicator or a scope, and the set."""

    number: int
    level: Level


_UNKNOWN = _Said(0, Level.BASE)
"""What stands for a name that was told to be wrong; compared by identity."""


class _Roles(NamedTuple):
    """What the columns of a table hold."""

    indicator: int | None
    region: int | None
    year: int | None
    quota: int | None
    unit: int | None
    others: tuple[int, ...]


def read_entries(
    plan: Plan,
    table: pd.DataFrame | str | os.PathLike[str],
    mistakes: list[Mistake],
    *,
    year: int | str | None = None,
    language: Language = "zh",
) -> list[Entry]:
    """Read the numbers of a table.

    Parameters
    ----------
    plan
        Whose numbers they are.
    table
        A frame, or the path of a CSV file or workbook: a number to a row under indicator, region,
        year, quota; or regions down and indicators across, or the other way round, of the year
        that the sheet's name says. What is blank or a dash is no number. Stretch quotas, and what
        could not be handed out, are known by their headings.
    mistakes
        Takes what is wrong: unknown names, cells that are no numbers, a cell that is said twice.
    year
        Of tables that do not say it, nor the name of their file.
    language
        Of the places.
    """
    names = Names(plan)
    found: dict[Spot, Entry] = {}
    tables = 0
    for grid in grids_of(table, mistakes, language):
        reading = _Reading(plan, names, grid, mistakes)
        if not reading.speaks:
            continue
        tables += 1
        when = names.year(grid.name)
        if when is None and year is not None:
            when = plan.year_at(plain(str(year)))
        elif when is None:
            when = 0 if len(plan.years) == 1 else names.year(grid.file)
        for entry in reading.entries(when):
            other = found.setdefault(entry.spot, entry)
            if math.isnan(other.value):
                found[entry.spot] = entry
            elif other.value != entry.value and not math.isnan(entry.value):
                told = say("adopt_twice", found=entry.value, other=other.value, place=other.place)
                mistakes.append(Mistake(told, (), entry.place))
    if not tables:
        place = "" if isinstance(table, pd.DataFrame) else Path(table).name
        mistakes.append(Mistake(say("adopt_no_table"), (), place))
    return list(found.values())


class _Reading:
    """One table on its way into entries."""

    def __init__(self, plan: Plan, names: Names, grid: Grid, mistakes: list[Mistake]) -> None:
        self._plan, self._names, self._grid, self._mistakes = plan, names, grid, mistakes
        self._roles = self._find_roles()

    @property
    def speaks(self) -> bool:
        """Whether the table is one of quotas: annex 1, by year, and the grounds are none."""
        roles, names = self._roles, self._names
        if any(word("grounds", language) in self._grid.name for language in LANGUAGES):
            return False  # it shows the quotas again, beside what they come from
        heads = [self._grid.heads[k] for k in roles.others]
        if roles.indicator is not None and roles.region is not None:
            return roles.quota is not None
        if roles.region is not None:
            return any(names.indicators(head) for head in heads)
        if roles.indicator is not None:
            return any(names.scope(head.text) is not None for head in heads)
        return False

    def entries(self, year: int | None) -> Iterator[Entry]:
        """Read the numbers, of this year where no column says it."""
        if year is None and self._roles.year is None:
            known = list(map(str, self._plan.years))
            roles = self._roles.region, self._roles.indicator
            head = next(column for column in roles if column is not None)
            place = self._grid.place(0, head)
            self._mistakes.append(Mistake(say("adopt_year", known=known), (), place))
            return
        across = self._across()
        above: list[int] = []
        for line in self._grid.lines:
            if len(self._mistakes) > MOST_MISTAKES:
                return
            if all(_blank(line.cells[k]) for k in across) and not self._speaks_of_one(line):
                continue
            when = self._year(line, year)
            indicator = self._of_line(self._roles.indicator, line, partial(self._indicator, above))
            scope = self._of_line(self._roles.region, line, self._scope)
            if when is None or indicator is _UNKNOWN or scope is _UNKNOWN:
                continue
            if not self._unit_agrees(line, indicator):
                continue
            for k, own in across.items():
                what, of_whom = indicator or own, scope or own
                if what is None or of_whom is None:
                    continue
                level = what.level.gap if of_whom.level is Level.GAP else what.level
                spot = Spot(what.number, of_whom.number, when, level)
                where = self._grid.place(line.number, k)
                value = self._value(line.cells[k], spot, where)
                if value is not None:
                    yield Entry(spot, value, where)

    def _speaks_of_one(self, line: Line) -> bool:
        """Whether a row names an indicator and a region: a blank number is missing there."""
        roles, names = self._roles, self._names
        if roles.indicator is None or roles.region is None:
            return False
        head, text = (plain(str(line.cells[k] or "")) for k in (roles.indicator, roles.region))
        return bool(names.indicators(Head(head))) and names.scope(text) is not None

    def _find_roles(self) -> _Roles:
        heads = [head.text.lower() for head in self._grid.heads]

        def find(known: tuple[str, ...]) -> int | None:
            return next((k for k, head in enumerate(heads) if head in known), None)

        indicator, region = find(INDICATOR_HEADS), find(REGION_HEADS)
        year, quota = find(YEAR_HEADS), find(QUOTA_HEADS)
        taken = {indicator, region, year}
        others = tuple(
            k for k, head in enumerate(heads) if k not in taken and head not in PASSED_HEADS
        )
        return _Roles(indicator, region, year, quota, find(UNIT_HEADS), others)

    def _across(self) -> dict[int, _Said | None]:
        """Return the columns of numbers: what each speaks of, where its heading says so."""
        roles = self._roles
        if roles.indicator is not None and roles.region is not None:
            return {} if roles.quota is None else {roles.quota: None}
        found: dict[int, _Said | None] = {}
        for k in roles.others:
            if self._grid.heads[k].text:
                read = self._scope if roles.region is None else partial(self._indicator, [])
                told = self._told(read, self._grid.heads[k], 0, k)
                if told is not _UNKNOWN:
                    found[k] = told
        return found

    def _of_line(
        self, column: int | None, line: Line, read: Callable[[Head], _Said]
    ) -> _Said | None:
        """Return the indicator or the scope of a row; None where the columns say it."""
        if column is None:
            return None
        text = plain(_text_of(line.cells[column]))
        return self._told(read, Head(text), line.number, column)

    def _year(self, line: Line, year: int | None) -> int | None:
        column = self._roles.year
        if column is None:
            return year
        said = line.cells[column]
        found = self._names.year(f"{said:.0f}" if isinstance(said, float) else said)
        if found is None:
            told = say(
                "adopt_year_unknown", found=str(said), known=list(map(str, self._plan.years))
            )
            self._mistakes.append(Mistake(told, (), self._grid.place(line.number, column)))
        return found

    def _indicator(self, above: list[int], head: Head) -> _Said:
        """Read the name of an indicator, below one that it may be a part of."""
        if not head.text:
            raise ValueError(say("adopt_unnamed_indicator"))
        found = self._names.indicators(head, above)
        if not found:
            raise self._names.unknown_indicator(head.text)
        if len(found) > 1:
            known = [self._plan.indicators[one].id for one in found]
            raise ValueError(say("adopt_ambiguous", found=head.text, known=known))
        if self._plan.indicators[found[0]].parent is None:
            above[:] = found
        self._must_be_in(found[0], self._names.unit_of(head))
        stretch = self._names.is_stretch(head)
        return _Said(found[0], Level.STRETCH if stretch else Level.BASE)

    def _must_be_in(self, indicator: int, unit: str) -> None:
        """Refuse numbers that are said to be in another unit than the plan's."""
        one = self._plan.indicators[indicator]
        own = [printed_unit(one, language) for language in LANGUAGES]
        if unit and not any(same_unit(unit, plain(name)) for name in own):
            raise ValueError(say("adopt_unit", indicator=one.label, found=unit, unit=own[0]))

    def _unit_agrees(self, line: Line, indicator: _Said | None) -> bool:
        """Whether a row's unit, where a column says it, is the plan's; tell where it is not."""
        column = self._roles.unit
        if column is None or indicator is None:
            return True
        try:
            self._must_be_in(indicator.number, plain(_text_of(line.cells[column])))
        except ValueError as error:
            place = self._grid.place(line.number, column)
            self._mistakes.append(Mistake(error.args[0], (), place))
            return False
        return True

    def _scope(self, head: Head) -> _Said:
        if self._names.is_gap(head.text):
            return _Said(AREA, Level.GAP)
        found = self._names.scope(head.text)
        if found is None and not head.text:
            raise ValueError(say("adopt_unnamed"))
        if found is None:
            raise self._names.unknown_region(head.text)
        return _Said(found, Level.BASE)

    def _value(self, cell: object, spot: Spot, place: str) -> float | None:
        """Read a number, NaN of a blank cell; None where it was told, or is words.

        The area's figures, and those of groups, may be words.
        """
        if _blank(cell):
            return math.nan
        try:
            number, percent = parse_number(cell)
        except ValueError as error:
            if spot.scope > AREA or not isinstance(cell, str):
                self._mistakes.append(Mistake(error.args[0], (), place))
            return None
        if percent and printed_unit(self._plan.indicators[spot.indicator], "zh") != _PERCENT:
            self._mistakes.append(Mistake(say("percent_not_expected", found=str(cell)), (), place))
            return None
        return float(number)

    def _told(self, read: Callable[[Head], _Said], head: Head, row: int, column: int) -> _Said:
        """Read a name, or tell what is wrong with it."""
        try:
            return read(head)
        except ValueError as error:
            self._mistakes.append(Mistake(error.args[0], (), self._grid.place(row, column)))
            return _UNKNOWN


def _text_of(cell: object) -> str:
    """Return the text of a cell that names something."""
    return "" if _blank(cell) else str(cell)


def _blank(cell: object) -> bool:
    if cell is None or cell is pd.NA or (isinstance(cell, float) and math.isnan(cell)):
        return True
    return isinstance(cell, str) and plain(cell) in BLANKS
