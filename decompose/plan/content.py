"""The whole plan, and how its names are found."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Annotated, Any, Literal, Self

import numpy as np
from pydantic import BeforeValidator, Field, model_validator

from decompose.figures import LARGEST, parse_quantity, parse_rate, plain
from decompose.labels import word
from decompose.plan.assessment import Assessment
from decompose.plan.limits import Limits
from decompose.plan.models import Group, Indicator, Region
from decompose.plan.tables import gather
from decompose.plan.values import DIGIT, FrozenDict, Model, Name, Names, Text, Year
from decompose.problem import AREA, Bools, Floats, Ints, group_of, group_scope


def _cell(value: object) -> float:
    """Read a table's cell: a number, or a percentage as a fraction."""
    text = isinstance(value, str) and plain(value).endswith("%")
    return parse_rate(value) if text else parse_quantity(value)


def _readable(value: object) -> object:
    """Refuse a cell that is no number; a percentage stays a text, for rates."""
    if type(value) is float and abs(value) <= LARGEST:  # most cells are plain numbers
        return value
    _cell(value)
    return value


Column = Floats
Cell = Annotated[float | str, BeforeValidator(_readable)]
Tables = Annotated[FrozenDict[str, FrozenDict[str, Cell]], BeforeValidator(gather)]


def _default_area() -> str:
    return word("area")


def _default_total() -> str:
    return word("total_label")


class PlanContent(Model):
    """What a plan file says (format 1)."""

    format: Annotated[Literal[1], DIGIT] = 1
    """The format's number."""
    title: Text = ""
    """The plan's title; the annexes' titles begin with it."""
    area: Name = Field(default_factory=_default_area)
    """The whole."""
    total_label: Name = Field(default_factory=_default_total)
    """The words of the area's row."""
    base_year: Year
    """The year of ``base``; the year before the first by default."""
    years: Annotated[tuple[Year, ...], Field(min_length=1)]
    """The years that receive quotas, in order."""
    actual_through: Year | None = None
    """The last year that is over: locks of the years up to it are what was reached, and no other
    rule speaks of these years alone."""
    sections: Names = ()
    """The blocks of annex 1, in order."""
    data_status: Text | None = None
    """Printed under every title, unless ``none``."""
    regions: Annotated[tuple[Region, ...], Field(min_length=1)]
    """The regions, in the order of the tables."""
    groups: FrozenDict[Name, Group] = Field(default_factory=FrozenDict)
    """Named sets of regions."""
    tables: Tables = Field(default_factory=FrozenDict)
    """Named series by region."""
    assessment: Assessment | None = None
    """How progress is assessed."""
    indicators: Annotated[tuple[Indicator, ...], Field(min_length=1)]
    """What is decomposed, in the order of the tables."""

    @model_validator(mode="before")
    @classmethod
    def _defaults(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        filled = dict(value)
        years = value.get("years")
        if "base_year" not in value and isinstance(years, (list, tuple)) and years:
            first = plain(str(years[0]))
            if first.isdecimal() and len(first) == 4:
                filled["base_year"] = int(first) - 1
        regions = value.get("regions")
        if value.get("groups") is None and isinstance(regions, (list, tuple)):
            named = [region.get("groups", ()) for region in regions if isinstance(region, dict)]
            names = [[one] if isinstance(one, str) else one for one in named]
            lists = [some for some in names if isinstance(some, (list, tuple))]
            filled["groups"] = {str(name): {} for some in lists for name in some}
        return filled

    def __eq__(self, other: object) -> bool:
        """Compare what the plans say; what was looked up in them meanwhile does not count."""
        if not isinstance(other, PlanContent):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in type(self).model_fields)

    def __getstate__(self) -> dict[Any, Any]:
        """Leave behind what was looked up, where a plan is sent to another process."""
        state = super().__getstate__()
        said = {name: state["__dict__"][name] for name in type(self).model_fields}
        return {**state, "__dict__": said}

    def __hash__(self) -> int:
        return hash((self.title, self.area, self.years, self.region_names))

    @cached_property
    def region_names(self) -> tuple[str, ...]:
        """The regions' names, in the order of the tables."""
        return tuple(region.name for region in self.regions)

    @cached_property
    def group_names(self) -> tuple[str, ...]:
        """The groups' names."""
        return tuple(self.groups)

    @cached_property
    def region_index(self) -> dict[str, int]:
        """Index of a region by its plain name or alias."""
        found: dict[str, int] = {}
        for index, region in enumerate(self.regions):
            for name in (region.name, *region.aliases):
                found.setdefault(plain(name), index)
        return found

    @cached_property
    def group_index(self) -> dict[str, int]:
        """Index of a group by its plain name."""
        return {plain(name): index for index, name in enumerate(self.groups)}

    @cached_property
    def year_index(self) -> dict[int, int]:
        """Index of a year."""
        return {year: index for index, year in enumerate(self.years)}

    def year_at(self, key: str) -> int | None:
        """Return the index of a year that is written in four digits; None of any other text."""
        return self.year_index.get(int(key)) if len(key) == 4 and key.isdecimal() else None

    @cached_property
    def indicator_index(self) -> dict[str, int]:
        """Index of an indicator by its id."""
        return {indicator.id: index for index, indicator in enumerate(self.indicators)}

    def indicators_named(self, name: str) -> list[int]:
        """Return the indicator with an id, or else those that are printed under a name."""
        wanted = plain(name)
        if wanted in self.indicator_index:
            return [self.indicator_index[wanted]]
        return [k for k, one in enumerate(self.indicators) if plain(one.label) == wanted]

    @cached_property
    def past(self) -> int:
        """How many years are over: theirs are the first columns of regions × years."""
        through = self.actual_through
        return 0 if through is None else sum(year <= through for year in self.years)

    @cached_property
    def area_names(self) -> frozenset[str]:
        """The plain names that mean the whole area."""
        return frozenset({plain(self.area), plain(self.total_label), "area"})

    @cached_property
    def printed_scopes(self) -> dict[str, int]:
        """Region, area or group by a plain name that its row in a table may bear."""
        found = {**self.region_index}
        found.update(dict.fromkeys(self.area_names - found.keys(), AREA))
        for index, (name, group) in enumerate(self.groups.items()):
            for one in (name, group.label or name):
                found.setdefault(plain(one), group_scope(index))
        return found

    def scope_label(self, scope: int) -> str:
        """Return what the row of a region, of the area or of a group is called in tables."""
        if scope >= 0:
            return self.region_names[scope]
        return self.total_label if scope == AREA else self.group_names[group_of(scope)]

    @cached_property
    def members(self) -> Bools:
        """Whether a region belongs to a group (groups × regions)."""
        found = np.zeros((len(self.groups), len(self.regions)), dtype=bool)
        for index, region in enumerate(self.regions):
            for name in region.groups:
                if plain(name) in self.group_index:
                    found[self.group_index[plain(name)], index] = True
        return found

    @cached_property
    def inside(self) -> Bools:
        """Whether a scope holds a region: regions, groups from the last, the area (× regions)."""
        whole = np.ones((1, len(self.regions)), dtype=bool)
        own = np.eye(len(self.regions), dtype=bool)
        return np.concatenate([own, self.members[::-1], whole])

    @cached_property
    def nested(self) -> dict[int, tuple[Ints, Ints]]:
        """Of the sums, smallest first, by row of ``inside``: their regions, and the sums within."""
        count = len(self.regions)
        rows = np.arange(count, len(self.inside))
        sizes = self.inside[rows].sum(axis=1)
        holding, place = np.nonzero(self.inside[rows].T)  # by region: the sums that hold it
        first = np.searchsorted(holding, np.arange(count + 1))
        found = {}
        for row in rows[np.argsort(sizes, kind="stable")].tolist():
            regions = np.flatnonzero(self.inside[row])
            shared = [place[first[one] : first[one + 1]] for one in regions.tolist()]
            common = np.bincount(np.concatenate([*shared, place[:0]]), minlength=len(rows))
            whole = (common == sizes) & (sizes > 0) & (rows != row)
            found[row] = regions, rows[whole]
        return found

    @cached_property
    def reserve(self) -> Bools:
        """Whether a region is a reserve."""
        return np.array([region.reserve for region in self.regions])

    @cached_property
    def gaps(self) -> Ints:
        """Years between each year and the one before it (the base year for the first)."""
        return np.diff([self.base_year, *self.years])

    @cached_property
    def grids(self) -> dict[str, tuple[Limits, dict[str, Any]]]:
        """The limits that were laid over regions and years, by id of their indicator."""
        return {}

    def with_indicators(self, indicators: Iterable[Indicator]) -> Self:
        """Return the plan with other indicators, not checked (``with_changes`` checks)."""
        other = self.model_copy(update={"indicators": tuple(indicators)})
        other.__dict__.pop("indicator_index", None)  # all that was looked up in the indicators
        return other

    def applies(self, indicator: Indicator) -> Bools:
        """Return where an indicator applies (regions × years), its parents' places included."""
        found = np.ones((len(self.regions), len(self.years)), dtype=bool)
        seen: set[str] = set()  # parents that run in a circle are told by the checks
        while indicator.id not in seen:
            seen.add(indicator.id)
            if indicator.regions is not None:
                found &= self._named(indicator.regions)
            if indicator.years is not None:
                found &= np.isin(self.years, indicator.years)
            parent = self.indicator_index.get(indicator.parent or "")
            if parent is not None:
                indicator = self.indicators[parent]
        return found

    def _named(self, participants: FrozenDict[str, tuple[str, ...]]) -> Bools:
        found = np.zeros((len(self.regions), len(self.years)), dtype=bool)
        if "except" in participants:
            found[:] = True
            found[self._positions(participants["except"]), :] = False
        elif "all" in participants:
            found[self._positions(participants["all"]), :] = True
        else:
            found[:] = True
            for year, names in participants.items():
                column = self.year_at(year)
                if column is not None:
                    found[:, column] = False
                    found[self._positions(names), column] = True
        return found

    def _positions(self, names: tuple[str, ...]) -> list[int]:
        """Return the indices of named regions, and of the regions of named groups."""
        positions: list[int] = []
        for name in names:
            if plain(name) in self.region_index:
                positions.append(self.region_index[plain(name)])
            elif plain(name) in self.group_index:
                positions += np.flatnonzero(self.members[self.group_index[plain(name)]]).tolist()
        return positions

    def series(self, source: str | FrozenDict[str, float], *, rate: bool = False) -> Floats:
        """Return a column, or a mapping, as one value per region; NaN where it says nothing."""
        key = plain(source) if isinstance(source, str) else id(source), rate
        if key not in self._columns:
            cells = source if isinstance(source, FrozenDict) else self._column(key[0])
            self._columns[key] = cells, self._read(cells, rate=rate)
        return self._columns[key][1].copy()

    def row_of_sums(self, source: str | FrozenDict[str, float]) -> float:
        """Return what a column's own row of the whole area says; NaN where it has none."""
        cells = self._column(plain(source)) if isinstance(source, str) else source
        said = (_cell(cell) for name, cell in cells.items() if plain(name) in self.area_names)
        return next(said, math.nan)

    def _column(self, name: object) -> FrozenDict[str, Cell]:
        return self.tables.get(str(name), FrozenDict())

    @cached_property
    def _columns(self) -> dict[tuple[str | int, bool], tuple[Mapping[str, Cell], Column]]:
        """What was read: columns by name, mappings by identity; and whether they hold rates."""
        return {}

    def _read(self, cells: Mapping[str, Cell], *, rate: bool) -> Floats:
        found = np.full(len(self.regions), np.nan)
        read = parse_rate if rate else _cell
        for name, cell in cells.items():
            index = self.region_index.get(name)
            if index is None:
                index = self.region_index.get(plain(name))
            if index is not None:
                found[index] = read(cell)
        return found

    def base(self, indicator: Indicator) -> Floats:
        """Return the base-year values of the regions that take part, as the plan gives them.

        NaN where it has none.
        """
        if indicator.base is None:
            return np.full(len(self.regions), np.nan)
        takes = self.applies(indicator).any(axis=1)
        return np.where(takes, self.series(indicator.base), np.nan)
