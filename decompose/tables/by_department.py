"""Who answers for what: the area's figures again, by responsible department."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from decompose.labels import Language, say, word
from decompose.tables.by_year import area_columns, indicator_rows
from decompose.tables.model import BLANK, Row, RowKind, Table, text_cell
from decompose.tables.order import Entry, entries, status_line
from decompose.tables.printed import Printed


def by_department(printed: Printed, *, language: Language = "zh") -> Table | None:
    """Make the table of departments: the rows of annex 1, under each department that is named.

    The last column has the other departments of the same indicator. Indicators for which nobody
    answers come last.

    Returns
    -------
    None where the plan names no department.
    """
    plan = printed.plan
    shown = entries(plan, 1)
    named = list(dict.fromkeys(one for entry in shown for one in entry.indicator.department))
    if not named:
        return None
    rows = [row for name in named for row in _of_department(printed, shown, name, language)]
    rows += _of_department(printed, shown, None, language)
    columns = area_columns(plan, language)
    others = word("others_responsible", language)
    return Table(
        name=word("by_department", language),
        label="",
        title=say("department_title", title=plan.title).text(language).strip(": "),
        columns=(*columns[:-1], replace(columns[-1], key=others, name=others)),
        rows=tuple(rows),
        status_line=status_line(plan, language),
        notes=(say("department_note").text(language),),
        language=language,
        kind="departments",
    )


def _of_department(
    printed: Printed, shown: list[Entry], name: str | None, language: Language
) -> Iterator[Row]:
    """Make a department's rows; with None, those of indicators for which nobody answers."""
    known = _answering(shown)
    own = [
        entry
        for entry in shown
        if (name in known[entry.indicator.id] if name else not known[entry.indicator.id])
    ]
    parts = {entry.indicator.id for entry in own}
    if not own:
        return
    blanks = (BLANK,) * (len(area_columns(printed.plan, language)) - 2)
    head = text_cell(name or word("nobody", language))
    yield Row(RowKind.SECTION, (BLANK, head, *blanks))
    number = 0
    for entry in own:
        # a part whose whole is another department's stands on its own
        level = entry.level if entry.parent is not None and entry.parent.id in parts else 0
        number += level == 0
        first, *lines = indicator_rows(printed, entry.indicator, level, number, language)
        others = [one for one in entry.indicator.department if one != name]
        told = text_cell(word("list_separator", language).join(others))
        yield replace(first, cells=(*first.cells[:-1], told))
        yield from lines


def _answering(shown: list[Entry]) -> dict[str, tuple[str, ...]]:
    """Return who answers for each indicator: of a part that does not say, those of its whole."""
    known: dict[str, tuple[str, ...]] = {}
    for indicator, parent, _ in shown:
        whole = () if parent is None else known[parent.id]
        known[indicator.id] = indicator.department or whole
    return known
