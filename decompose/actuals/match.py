"""Actuals beside their plan: every name found, every number in its place, the rest told."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple, TypeVar

import numpy as np
import pandas as pd

from decompose.actuals.entries import COLUMNS, Entry, key_of, twice
from decompose.checking.issue import Issue
from decompose.enough import MOST_MISTAKES, all_wrong
from decompose.errors import Mistake, PlanError
from decompose.figures import parse_quantity, plain
from decompose.labels import Language, Message, say
from decompose.labels.progress import PART_MARKS, SAME_UNITS, UNIT_MARK
from decompose.plan import Indicator, Plan
from decompose.plan.hints import NAMES_ALIKE, hint
from decompose.plan.periods import MONTHS, Period, parse_period
from decompose.plan.steps import unit_of
from decompose.problem import AREA, Floats
from decompose.tables.printed import LANGUAGES, printed_name

T = TypeVar("T")
_PERCENT = "%"


@dataclass(frozen=True, eq=False)
class Actuals:
    """What was reached since January, by indicator, region, year and month.

    Attributes
    ----------
    plan
        The plan whose names they bear.
    regions
        Indicator id → regions × years from the base year × months; NaN where not reported.
    sums
        Indicator id → scope (AREA, or a group's) → years × months, as given in rows of sums.
    issues
        What was found in reading and matching.
    """

    plan: Plan
    regions: Mapping[str, Floats]
    sums: Mapping[str, Mapping[int, Floats]]
    issues: tuple[Issue, ...] = ()

    def of_year(self, indicator: str, year: int) -> Floats:
        """Return what was reached in a year: regions × months; NaN where not reported."""
        found = self.regions.get(indicator)
        place = year - self.plan.base_year
        if found is None or not 0 <= place < found.shape[1]:
            return np.full((len(self.plan.regions), MONTHS), np.nan)
        return np.asarray(found[:, place].copy())

    def sums_of_year(self, indicator: str, year: int) -> dict[int, Floats]:
        """Return what rows of sums give, by scope: numbers by month; NaN where nothing is."""
        place = year - self.plan.base_year
        found = self.sums.get(indicator, {})
        return {scope: grid[place] for scope, grid in found.items() if 0 <= place < len(grid)}


class _Place(NamedTuple):
    """A cell of the plan: indicator, region (or AREA, or a group), year and month from 0."""

    indicator: int
    region: int
    year: int
    month: int


@dataclass
class _Matching:
    plan: Plan
    named: Mapping[str, int]
    percents: frozenset[str]
    units: Mapping[str, str]
    mistakes: list[Mistake] = field(default_factory=list)
    cells: dict[_Place, Entry] = field(default_factory=dict)
    other_units: dict[tuple[int, str], str] = field(default_factory=dict)
    wrong: dict[tuple[int, str], list[int]] = field(default_factory=dict)
    """Names and periods that were told (place in a row, text): which mistake, and how many rows."""

    def told(self) -> Iterator[Mistake]:
        """List the mistakes; a name that stands in many rows is one."""
        rows = {number: count for number, count in self.wrong.values() if count > 1}
        for number, one in enumerate(self.mistakes):
            count = rows.get(number)
            told = (
                one.message if count is None else say("actuals_rows", told=one.message, count=count)
            )
            yield replace(one, message=told)


def match_actuals(plan: Plan, actuals: pd.DataFrame, *, language: Language = "zh") -> Actuals:
    """Find the place in a plan of every number.

    Parameters
    ----------
    plan
        Whose indicators (ids or names), regions (names or aliases) and years they are.
    actuals
        Columns ``indicator, region, period, value``: sums since January; NaN is not reported.
        Rows of sums bear the name of the area or of a group. The base year is allowed too.
    language
        Of the errors.

    Raises
    ------
    PlanError
        With every mistake: an unknown name, a number that cannot be, a cell that is said twice.
    """
    if absent := [name for name in COLUMNS if name not in actuals.columns]:
        raise PlanError(
            say("actuals_columns", found=list(map(str, actuals.columns)), absent=absent),
            language=language,
        )
    if twice := [name for name in COLUMNS if list(actuals.columns).count(name) > 1]:
        raise PlanError(say("actuals_columns_twice", found=twice), language=language)
    named = _names(plan)
    matching = _Matching(
        plan, named, frozenset(actuals.attrs.get("percents", ())), actuals.attrs.get("units", {})
    )
    places = actuals.attrs.get("places", {})
    bare = actuals[list(COLUMNS)]
    bare.attrs = {}  # which pandas would copy with every column
    rows = zip(*(bare[name].tolist() for name in COLUMNS), strict=True)
    for number, (indicator, region, when, value) in enumerate(rows, start=1):
        if _blank(value):
            continue
        key = key_of(indicator, region, when)
        where = places.get(key) or say("actuals_row", row=number).text(language)
        _take(matching, (indicator, region, when, value), key, where)
        if len(matching.mistakes) > MOST_MISTAKES:
            break
    if matching.mistakes:
        raise all_wrong("actuals_wrong", [*matching.told()], language)
    issues = [
        Issue("warning", note["where"], note["text"], note["code"], {})
        for note in actuals.attrs.get("notes", ())
    ]
    issues += _other_units(plan, matching.other_units, language)
    return _placed(plan, matching.cells, [*issues, *_falls(plan, matching.cells, language)])


def _names(plan: Plan) -> dict[str, int]:
    """Return the indicators by name, and by what tables call them, where that means one alone."""
    named = {plain(one.label): number for number, one in enumerate(plan.indicators)}
    for language in LANGUAGES:
        printed = [plain(printed_name(one, language)) for one in plan.indicators]
        for number, name in enumerate(printed):
            if printed.count(name) == 1:
                named.setdefault(name, number)
    return named


def _blank(value: object) -> bool:
    """Whether nothing is reported."""
    if isinstance(value, float | np.floating):
        return bool(np.isnan(value))
    return (
        value is None or value is pd.NA or value is pd.NaT or (isinstance(value, str) and not value)
    )


def _take(
    matching: _Matching, row: tuple[object, object, object, object], key: str, where: str
) -> None:
    """Find the place of one number, or tell everything that is wrong with its row."""
    plan = matching.plan

    def told(read: Callable[[], T], column: int | None = None) -> T | None:
        name = None if column is None else (column, str(row[column]))
        if name in matching.wrong:
            matching.wrong[name][1] += 1
            return None
        try:
            return read()
        except ValueError as error:
            if name is not None:
                matching.wrong[name] = [len(matching.mistakes), 1]
            matching.mistakes.append(Mistake(error.args[0], (), where))
            return None

    indicator = told(lambda: _indicator(plan, matching.named, row[0]), 0)
    region = told(lambda: _region(plan, row[1]), 1)
    period = told(lambda: _period(plan, row[2]), 2)
    if indicator is None or region is None or period is None:
        return
    one = plan.indicators[indicator]
    value = told(lambda: _value(one, row[3], percent=key in matching.percents))
    if value is None:
        return
    unit = plain(matching.units.get(key, ""))
    if unit and not same_unit(unit, plain(unit_of(one))):
        matching.other_units.setdefault((indicator, unit), where)
    place = _Place(indicator, region, period.year - plan.base_year, period.last - 1)
    entry = Entry(one.label, str(row[1]), period, False, value, where)
    other = matching.cells.setdefault(place, entry)
    if other.value != value:
        matching.mistakes.append(twice(entry, other))


def _name(cell: object, known: Container[str]) -> str:
    """Return a name in plain form, without the apostrophe that keeps a CSV cell a text."""
    name = plain(str(cell))
    return name if name in known else name.removeprefix("'")


def _shorter(name: str) -> Iterator[str]:
    """List what a name may be without the mark of a part, and without brackets behind it."""
    whole = next((name.removeprefix(mark) for mark in PART_MARKS if name.startswith(mark)), name)
    yield whole.strip()
    yield whole.rpartition(UNIT_MARK[0])[0].strip()


def _indicator(plan: Plan, named: Mapping[str, int], cell: object) -> int:
    name = _name(cell, named)
    found = plan.indicator_index.get(name, named.get(name))
    for shorter in () if found is not None else _shorter(name):
        if (found := plan.indicator_index.get(shorter, named.get(shorter))) is not None:
            break
    if found is None:
        near = hint(name, [*plan.indicator_index, *named], alike=NAMES_ALIKE)
        raise ValueError(say("actuals_indicator", found=name, hint=near))
    if plan.indicators[found].kind == "text":
        raise ValueError(say("actuals_text", indicator=plan.indicators[found].label))
    return found


def _region(plan: Plan, cell: object) -> int:
    name = _name(cell, plan.printed_scopes)
    if name in plan.printed_scopes:
        return plan.printed_scopes[name]
    near = hint(name, [*plan.region_index, plan.total_label], alike=NAMES_ALIKE)
    raise ValueError(say("actuals_region", found=name, hint=near))


def _period(plan: Plan, cell: object) -> Period:
    period = parse_period(cell)
    first, last = plan.base_year, plan.years[-1]
    if not first <= period.year <= last:
        raise ValueError(say("actuals_year", period=period.name, first=first, last=last))
    return period


def _value(indicator: Indicator, cell: object, *, percent: bool) -> float:
    value = parse_quantity(cell)
    unit = unit_of(indicator)
    if percent and unit != _PERCENT:
        told = say("actuals_percent", indicator=indicator.label, unit=unit, found=f"{value:g}%")
        raise ValueError(told)
    if value < 0 and indicator.publish == "value" and not indicator.signed:
        raise ValueError(say("actuals_negative", indicator=indicator.label, found=value))
    return value


def _placed(plan: Plan, cells: Mapping[_Place, Entry], issues: list[Issue]) -> Actuals:
    years = plan.years[-1] - plan.base_year + 1
    regions: dict[str, Floats] = {}
    sums: dict[str, dict[int, Floats]] = {}
    for place, entry in cells.items():
        name = plan.indicators[place.indicator].id
        if place.region <= AREA:
            of_name = sums.setdefault(name, {})
            if place.region not in of_name:
                of_name[place.region] = np.full((years, MONTHS), np.nan)
            of_name[place.region][place.year, place.month] = entry.value
        else:
            if name not in regions:
                regions[name] = np.full((len(plan.regions), years, MONTHS), np.nan)
            regions[name][place.region, place.year, place.month] = entry.value
    return Actuals(plan, regions, sums, tuple(issues))


def same_unit(said: str, unit: str) -> bool:
    """Whether two units are the same; a plan without a unit says nothing."""
    return not unit or said == unit or any(said in some and unit in some for some in SAME_UNITS)


def _other_units(
    plan: Plan, found: Mapping[tuple[int, str], str], language: Language
) -> Iterable[Issue]:
    """List the indicators whose file names another unit than the plan."""
    for (number, unit), where in found.items():
        one = plan.indicators[number]
        told = say("actuals_unit", indicator=one.label, found=unit, unit=unit_of(one))
        yield Issue("warning", where, told.text(language), told.code, told.data)


def _falls(plan: Plan, cells: Mapping[_Place, Entry], language: Language) -> Iterable[Issue]:
    """List the flows whose sums fall within a year, which only a correction can make them do."""
    before: tuple[_Place, Entry] | None = None
    for place, entry in sorted(cells.items()):
        one = plan.indicators[place.indicator]
        if before is not None and before[0][:3] == place[:3] and one.kind == "flow":
            earlier = before[1]
            if entry.value < earlier.value and not one.signed:
                told = _fall(plan, place, earlier, entry)
                yield Issue("warning", entry.place, told.text(language), told.code, told.data)
        before = place, entry


def _fall(plan: Plan, place: _Place, earlier: Entry, entry: Entry) -> Message:
    return say(
        "progress_falls",
        indicator=plan.indicators[place.indicator].label,
        region=plan.scope_label(place.region),
        before=earlier.value,
        earlier=earlier.period.name,
        after=entry.value,
        later=entry.period.name,
    )
