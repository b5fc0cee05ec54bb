"""Notes on the sums and quotas that rounding could not leave beside their exact values."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from decompose.labels import Language, figure, say
from decompose.plan import Indicator, Plan
from decompose.problem import AREA, TOTAL, group_of
from decompose.rounding import Shift
from decompose.tables.order import Entry
from decompose.tables.printed import Printed, printed_decimals, printed_name, printed_unit

MORE_DIGITS = 2
"""How many more digits an exact value has in a note than the printed number."""


def moved_notes(
    printed: Printed,
    shown: list[Entry],
    prints: Callable[[Indicator, Shift], bool],
    *,
    language: Language,
) -> list[str]:
    """List the notes of a table: base quotas, then stretch quotas, of each indicator.

    Parameters
    ----------
    printed
        An Allocation.
    shown
        The indicators of the table.
    prints
        Tells whether the table has the number of which a shift speaks.
    language
        Of the notes.
    """
    notes: list[str] = []
    for entry in shown:
        name = printed_name(entry.indicator, language)
        notes += _notes(printed, entry.indicator, name, prints, language)
        if printed.stretch is not None:
            higher = say("stretch_name", name=name).text(language)
            notes += _notes(printed.stretch, entry.indicator, higher, prints, language)
    return notes


def _notes(
    printed: Printed,
    indicator: Indicator,
    name: str,
    prints: Callable[[Indicator, Shift], bool],
    language: Language,
) -> Iterator[str]:
    plan = printed.plan
    digits = printed_decimals(plan, indicator) + MORE_DIGITS
    unit = printed_unit(indicator, language)

    def amount(value: float) -> str:
        return f"{figure(round(value, digits))}{' ' if language == 'en' else ''}{unit}".strip()

    for shift in printed.shifts:
        if plan.indicators[shift.indicator].id == indicator.id and prints(indicator, shift):
            year = say("all_years")
            if shift.year != TOTAL:
                year = say("one_year", year=plan.years[shift.year])
            yield say(
                "moved_note",
                name=name,
                scope=_label(plan, shift.scope),
                year=year,
                exact=amount(shift.exact),
                quota=amount(shift.quota),
            ).text(language)


def _label(plan: Plan, scope: int) -> str:
    """Return what the area, a group or a region is called in print."""
    if scope >= AREA:
        return (*plan.region_names, plan.total_label)[scope]
    name = plan.group_names[group_of(scope)]
    return plan.groups[name].label or name
