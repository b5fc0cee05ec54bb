"""Annex 2: one year, by region; the area first, groups with their subtotals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from decompose.errors import PlanError
from decompose.figures import plain
from decompose.labels import Language, say, word
from decompose.plan import Plan
from decompose.tables.model import Column, ColumnKind, Row, RowKind, Table, text_cell
from decompose.tables.order import (
    Entry,
    Floats,
    Steps,
    entries,
    indicator_notes,
    quotas_of,
    region_order,
    status_line,
)

MOST_COLUMNS = 12
"""More indicators than this do not fit a page side by side."""

Line = tuple[RowKind, str, list[int]]
"""What a row speaks of, its words, and the indices of its regions."""


def annex2(
    plan: Plan,
    values: Mapping[str, Floats],
    year: int,
    *,
    language: Language = "zh",
    turned: bool | None = None,
) -> Table:
    """Make annex 2 of a year: the regions' quotas.

    Parameters
    ----------
    plan
        What was solved.
    values
        Quotas by indicator id (regions × years), in whole steps; NaN where there is none.
    year
        One of the plan's.
    language
        Of headings and titles.
    turned
        Whether a row per indicator is printed; by default where more indicators than
        MOST_COLUMNS would stand side by side, and not fewer than there are rows.

    Raises
    ------
    PlanError
        The plan has no such year.
    """
    if year not in plan.year_index:
        unknown = say("year_unknown", found=year, known=list(map(str, plan.years)))
        raise PlanError(unknown, language=language)
    printed = entries(plan, 2)
    number = plan.year_index[year]
    quotas = [
        Steps.of(quotas_of(values, entry.indicator, plan)[:, number], entry.indicator)
        for entry in printed
    ]
    rows = [_row(line, quotas) for line in _lines(plan)]
    annex = word("annex2", language)
    return Table(
        name=say("sheet_of_year", annex=annex, year=year).text(language),
        label=annex,
        title=say("annex2_title", title=plan.title, year=year).text(language).strip(": "),
        columns=(_region_head(language), *_columns(printed, language)),
        rows=tuple(rows),
        unit_line=_unit_line(printed, language),
        status_line=status_line(plan, language),
        notes=(
            *indicator_notes(printed, (year,), by_year=False, language=language),
            *_region_notes(plan, language),
        ),
        year=year,
        turned=len(rows) <= len(printed) > MOST_COLUMNS if turned is None else turned,
        language=language,
    )


def _region_head(language: Language) -> Column:
    head = word("region", language)
    return Column(head, head, ColumnKind.LABEL)


def _columns(printed: list[Entry], language: Language) -> list[Column]:
    """Make a column per indicator; a part that shares its name is qualified by its whole's."""
    names = Counter(entry.indicator.label for entry in printed)
    columns = []
    for indicator, parent, _ in printed:
        name, key = indicator.label, indicator.label
        if parent is not None:
            name = say("part_name", name=key).text(language)
            if names[key] > 1:
                key = say("part_of_name", parent=parent.label, name=key).text(language)
        columns.append(Column(key, name, unit=indicator.unit, part=parent is not None))
    return columns


def _row(line: Line, quotas: list[Steps]) -> Row:
    kind, name, members = line
    return Row(kind, (text_cell(name), *(column.cell(members) for column in quotas)))


def _unit_line(printed: list[Entry], language: Language) -> str:
    """Tell the unit once where all indicators have the same."""
    units = {entry.indicator.unit for entry in printed}
    if len(units) != 1 or "" in units:
        return ""
    return say("unit_line", unit=units.pop()).text(language)


def _lines(plan: Plan) -> list[Line]:
    """List the rows: what each speaks of, its words, its regions.

    A group's subtotal follows the last of its regions; where these do not stand together, or
    it crosses another group, at the end.
    """
    order = region_order(plan)
    groups = {
        name: [place for place, k in enumerate(order) if plan.members[g, k]]
        for g, (name, group) in enumerate(plan.groups.items())
        if group.subtotal and plan.members[g].any()
    }

    def row(name: str) -> Line:
        label = plan.groups[name].label or name
        return RowKind.SUBTOTAL, label, [order[place] for place in groups[name]]

    lines: list[Line] = [(RowKind.AREA, plan.total_label, order)]
    waiting = [name for name in groups if _stands_together(name, groups)]
    waiting.sort(key=lambda name: len(groups[name]))  # the smaller of nested groups first
    for place, k in enumerate(order):
        lines.append((RowKind.REGION, plan.region_names[k], [k]))
        lines += [row(name) for name in waiting if groups[name][-1] == place]
    return lines + [row(name) for name in groups if name not in waiting]


def _stands_together(name: str, groups: Mapping[str, list[int]]) -> bool:
    """Whether a group's rows follow one another and no other group begins or ends among them."""
    places = groups[name]
    own = set(places)
    crossed = any(
        own & set(other) and own - set(other) and set(other) - own for other in groups.values()
    )
    return places[-1] - places[0] + 1 == len(places) and not crossed


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
