"""Annex 2: one year, by region; the area first, groups with their subtotals."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import NamedTuple

import numpy as np

from decompose.errors import PlanError
from decompose.figures import plain
from decompose.labels import Language, say, term, word
from decompose.plan import Indicator, Plan
from decompose.problem import AREA, Bools, Floats, group_scope
from decompose.rounding import Shift
from decompose.tables.model import (
    Cell,
    Column,
    ColumnKind,
    Place,
    Row,
    RowKind,
    Table,
    number_cell,
    text_cell,
)
from decompose.tables.moved import moved_notes
from decompose.tables.order import (
    Entry,
    entries,
    gap_notes,
    indicator_notes,
    local_title,
    region_order,
    shortfall_notes,
    status_line,
)
from decompose.tables.printed import (
    Printed,
    adds_up,
    part_name,
    printed_decimals,
    printed_name,
    printed_unit,
    published,
    stretch_of,
)

MOST_COLUMNS = 12
"""More columns than this do not fit a page side by side."""

Line = tuple[RowKind, str, list[int]]
"""What a row speaks of, its words, and the indices of its regions."""


class Series(NamedTuple):
    """A column with its numbers: an indicator's, or those of its stretch figures."""

    column: Column
    indicator: Indicator
    printed: Printed
    regions: Floats
    """By region."""
    gap: float
    """What of the area's figure no region has; NaN where nothing is lacking."""
    decimals: int
    """How many digits after the point are printed."""


def annex2(
    printed: Printed, year: int | str, *, language: Language = "zh", turned: bool | None = None
) -> Table:
    """Make annex 2 of a year: the regions' quotas.

    The rows of the area and of groups are sums; of a ratio, the ratio of their regions; of growth,
    that of their sums. Where a figure of the area cannot be met, the area's row keeps it and a last
    row has the gap. Goals in
    words and indicators that are not decomposed are in annex 1 only. Where an increment, growth,
    cut or rise is published, the heading says so. Stretch quotas stand beside the base quotas.
    The area's row has the words of ``display`` where the plan gives some. An indicator that
    applies nowhere in the year is left out, unless the area has a figure of it.

    Parameters
    ----------
    printed
        An Allocation.
    year
        One of the plan's.
    language
        Of headings and titles.
    turned
        Whether a row per indicator is printed; by default where more than MOST_COLUMNS columns
        would stand side by side, and not fewer than there are rows.

    Raises
    ------
    PlanError
        The plan has no such year.
    """
    plan = printed.plan
    place = plan.year_at(plain(str(year)))
    if place is None:
        unknown = say("year_unknown", found=year, known=list(map(str, plan.years)))
        raise PlanError(unknown, language=language)
    year = plan.years[place]
    shown = _of_year(printed, entries(plan, 2), place)
    series = _series(printed, shown, place, language)
    lacking = [one for one in series if not np.isnan(one.gap)]
    lines = _lines(plan)
    if lacking:  # after the regions and their groups: it belongs to none
        lines.append((RowKind.GAP, word("gap", language), []))
    rows = [_row(plan, line, series, place) for line in lines]
    rows = [
        replace(row, addends=addends) for row, addends in zip(rows, _addends(lines), strict=True)
    ]
    annex = word("annex2", language)
    return Table(
        name=say("sheet_of_year", annex=annex, year=year).text(language),
        label=annex,
        title=say("annex2_title", title=local_title(plan), year=year).text(language).strip(": "),
        columns=(_region_head(language), *(one.column for one in series)),
        rows=tuple(rows),
        unit_line=_unit_line(series, language),
        status_line=status_line(plan, language),
        notes=(
            *indicator_notes(plan, shown, (year,), by_year=False, language=language),
            *shortfall_notes(printed, shown, year, language),
            *(say(code).text(language) for code in _scope_notes(shown)),
            *moved_notes(printed, shown, partial(_has_cell, plan, year), language=language),
            *_gap_notes(plan, lacking, language),
            *_group_gap_notes(plan, series, plan.year_index[year], language),
            *_region_notes(plan, language),
        ),
        kind="annex2",
        year=year,
        turned=len(rows) <= len(series) > MOST_COLUMNS if turned is None else turned,
        language=language,
    )


def _of_year(printed: Printed, shown: list[Entry], year: int) -> list[Entry]:
    """Leave out the indicators that apply nowhere in a year, unless the area has a figure."""
    plan = printed.plan
    everyone = np.ones(len(plan.regions), dtype=bool)
    kept = [
        entry
        for entry in shown
        if plan.applies(entry.indicator)[:, year].any()
        or str(plan.years[year]) in entry.indicator.display
        or not np.isnan(printed.scope_values(entry.indicator.id, everyone)[year])
    ]
    names = {entry.indicator.id for entry in kept}
    return [
        entry if entry.parent is None or entry.parent.id in names else Entry(entry.indicator)
        for entry in kept
    ]


def _has_cell(plan: Plan, year: int, _: Indicator, shift: Shift) -> bool:
    """Whether the table has the number of which a shift speaks: the area's, a group's, a quota."""
    printed = [group_scope(k) for k, group in enumerate(plan.groups.values()) if group.subtotal]
    return shift.year == plan.year_index[year] and (shift.scope >= AREA or shift.scope in printed)


def _scope_notes(shown: list[Entry]) -> list[str]:
    """List what to note where the rows of several regions together are no sums."""
    ratios = any(entry.indicator.kind == "ratio" for entry in shown)
    growth = any(published(entry.indicator) == "growth" for entry in shown)
    return [*(["ratio_note"] if ratios else []), *(["growth_note"] if growth else [])]


def _region_head(language: Language) -> Column:
    head = word("region", language)
    return Column(head, head, ColumnKind.LABEL)


def _series(printed: Printed, shown: list[Entry], year: int, language: Language) -> list[Series]:
    """Make a column per indicator, and one beside it where it has stretch quotas.

    A part that shares its name is qualified by its whole's.
    """
    names = Counter(printed_name(entry.indicator, language) for entry in shown)
    found = []
    for indicator, parent, _ in shown:
        name = key = printed_name(indicator, language)
        if parent is not None:
            name = part_name(key, language)
            if names[key] > 1:
                whole = printed_name(parent, language)
                key = say("part_of_name", parent=whole, name=key).text(language)
        part, unit = parent is not None, printed_unit(indicator, language)
        adds = adds_up(indicator)
        column = Column(key, name, unit=unit, part=part, adds=adds)
        stretch = stretch_of(printed, indicator)
        if stretch is not None:
            column = replace(column, lead=word("base_set", language))
        found.append(_numbers(column, indicator, printed, year))
        if stretch is not None:
            higher, alone = (say("stretch_name", name=one).text(language) for one in (key, name))
            below = alone if part else word("stretch_set", language)
            column = Column(higher, below, unit=unit, part=True, alone=alone, adds=adds)
            found.append(_numbers(column, indicator, stretch, year))
    return found


def _numbers(column: Column, indicator: Indicator, printed: Printed, year: int) -> Series:
    gap = float(printed.gap_values(indicator.id, AREA)[year])
    regions = np.asarray(printed.region_values(indicator.id)[:, year])
    decimals = printed_decimals(printed.plan, indicator)
    return Series(column, indicator, printed, regions, gap, decimals)


def _row(plan: Plan, line: Line, series: list[Series], year: int) -> Row:
    kind, name, members = line
    if kind is RowKind.REGION:
        (region,) = members
        cells = [_quota(one, region, year) for one in series]
    else:
        together = np.zeros(len(plan.regions), dtype=bool)
        together[members] = True
        cells = [_together(one, kind, together, year) for one in series]
    return Row(kind, (text_cell(name), *cells))


def _quota(one: Series, region: int, year: int) -> Cell:
    """Print a region's number."""
    plan, value = one.printed.plan, float(one.regions[region])
    about: Place = one.indicator.id, plan.region_names[region], plan.years[year]
    return number_cell(None if math.isnan(value) else value, one.decimals, about=about)


def _together(one: Series, kind: RowKind, members: Bools, year: int) -> Cell:
    """Print the number of some regions together, or what is lacking."""
    plan, value = one.printed.plan, one.gap
    if kind is not RowKind.GAP:
        value = float(one.printed.scope_values(one.indicator.id, members)[year])
        if kind is RowKind.AREA:
            value += float(np.nan_to_num(one.gap))
    cell = number_cell(None if math.isnan(value) else value, one.decimals)
    display = plan.indicators[plan.indicator_index[one.indicator.id]].display
    words = display.get(str(plan.years[year])) if kind is RowKind.AREA else None
    return cell if words is None else replace(cell, words=words)


def _unit_line(series: list[Series], language: Language) -> str:
    """Tell the unit once where all columns have the same."""
    units = {one.column.unit for one in series}
    if len(units) != 1 or "" in units:
        return ""
    return say("unit_line", unit=units.pop()).text(language)


def _lines(plan: Plan) -> list[Line]:
    """List the rows: what each speaks of, its words, its regions.

    A group's subtotal follows the last of its regions; where these do not stand together, or
    it crosses another group, at the end.
    """
    order = region_order(plan)
    members = plan.members[:, order]
    shown = [
        g
        for g, group in enumerate(plan.groups.values())
        if group.subtotal and plan.members[g].any()
    ]
    groups = {plan.group_names[g]: np.flatnonzero(members[g]).tolist() for g in shown}

    def row(name: str) -> Line:
        label = plan.groups[name].label or name
        return RowKind.SUBTOTAL, label, [order[place] for place in groups[name]]

    lines: list[Line] = [(RowKind.AREA, plan.total_label, order)]
    together = dict(zip(groups, _stand_together(members[shown]), strict=True))
    ending: dict[int, list[str]] = {}
    for name in sorted(groups, key=lambda name: len(groups[name])):  # the smaller of nested first
        if together[name]:
            ending.setdefault(groups[name][-1], []).append(name)
    for place, k in enumerate(order):
        lines.append((RowKind.REGION, plan.region_names[k], [k]))
        lines += [row(name) for name in ending.get(place, [])]
    return lines + [row(name) for name in groups if not together[name]]


def _addends(lines: Sequence[Line]) -> Iterator[tuple[int, ...]]:
    """Tell of which rows each row is the sum: of its regions, the area's with the gap."""
    places = {line[2][0]: row for row, line in enumerate(lines) if line[0] is RowKind.REGION}
    gap = [row for row, line in enumerate(lines) if line[0] is RowKind.GAP]
    for kind, _, members in lines:
        if kind in (RowKind.AREA, RowKind.SUBTOTAL):
            others = gap if kind is RowKind.AREA else []
            yield tuple(sorted(places[k] for k in members) + others)
        else:
            yield ()


def _stand_together(members: Bools) -> Bools:
    """Tell which groups' rows follow one another, and no other group begins or ends among them."""
    inside = members.astype(np.float64)  # counts stay whole, and products are fast
    common, size = inside @ inside.T, inside.sum(axis=1)
    crossed = (common > 0) & (common < size) & (common < size[:, np.newaxis])
    runs = np.diff(members.astype(np.int8), axis=1, prepend=0) == 1
    return np.asarray((runs.sum(axis=1) == 1) & ~crossed.any(axis=1))


def _gap_notes(plan: Plan, lacking: list[Series], language: Language) -> list[str]:
    """Tell what the row of gaps is."""
    kinds = {one.indicator.kind == "ratio" for one in lacking}
    notes = [
        say(code, area=plan.total_label, gap=term("gap")).text(language)
        for code, ratio in (("gap_row_note", False), ("gap_ratio_note", True))
        if ratio in kinds
    ]
    return [*notes, *gap_notes([one.gap for one in lacking], language)]


def _group_gap_notes(plan: Plan, series: list[Series], year: int, language: Language) -> list[str]:
    """Tell which groups fall short of figures of their own: their rows are sums all the same."""
    notes = []
    for one in series:
        for number, (name, group) in enumerate(plan.groups.items()):
            gap = float(one.printed.gap_values(one.indicator.id, group_scope(number))[year])
            if np.isnan(gap):
                continue
            reached = float(one.printed.scope_values(one.indicator.id, plan.members[number])[year])
            figures = {"target": reached + gap, "reached": reached, "gap": gap}
            decimals = printed_decimals(plan, one.indicator)
            note = say(
                "gap_group_note",
                name=one.column.key,
                group=group.label or name,
                word=term("gap"),
                **{key: number_cell(value, decimals).text for key, value in figures.items()},
            )
            notes.append(note.text(language))
    return notes


def _region_notes(plan: Plan, language: Language) -> list[str]:
    """List the notes on regions inside others, and on those held in reserve."""
    inside: dict[str, list[str]] = {}
    for k in region_order(plan):
        region = plan.regions[k]
        if region.inside is not None:
            holder = plan.region_names[plan.region_index[plain(region.inside)]]
            inside.setdefault(holder, []).append(region.name)
    notes = [say("inside_note", holder=holder, regions=names) for holder, names in inside.items()]
    if plan.reserve.any():
        names = [region.name for region in plan.regions if region.reserve]
        notes.append(say("reserve_note", regions=names))
    return [note.text(language) for note in notes]
