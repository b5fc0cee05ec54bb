"""What the annexes have in common: the order of indicators and regions, notes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from decompose.figures import plain
from decompose.labels import Language, Message, say, term, word
from decompose.labels.reporting import BELONGS, DIVISIONS, JOINS, PAUSE_MARKS, WITHIN_CITY
from decompose.plan import Indicator, Plan
from decompose.tables.printed import Printed, printed_decimals, printed_name, published

MOST_SHORT = 5
"""How many regions a note on shortfalls names."""

_SHORT = ("region", "base", "stretch", "relative")


class Entry(NamedTuple):
    """An indicator where an annex prints it: under which other one, how deep."""

    indicator: Indicator
    parent: Indicator | None = None
    level: int = 0


def entries(plan: Plan, annex: int) -> list[Entry]:
    """List the indicators of an annex: by section, parts after the indicator they belong to.

    Annex 2 has what regions receive: no goal in words, nothing that is not decomposed.
    Indicators without a section come first, so that they seem to belong to none. A part whose
    indicator is not printed stands on its own.
    """
    printed = {
        one.id: one
        for one in plan.indicators
        if one.report
        and annex in one.annexes
        and (annex == 1 or (one.decompose and one.kind != "text"))
    }
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


def goals_title(code: str, title: str, language: Language, **places: str) -> str:
    """Return the title of a table: the word that a plan's ends in, where it goes on so, once."""
    goals = word("target")
    return say(code, title=title, **places).text(language).strip(": ").replace(2 * goals, goals)


def local_title(plan: Plan) -> str:
    """Return the title of a plan without the area's name before it: its regions know whose it is.

    Where the name may go on in the title, as that of a city without its last letter, or is one of
    several, it stays.
    """
    area, title = plan.area, plan.title
    rest = title.removeprefix(area).lstrip()
    if rest == title or not rest or rest.startswith(JOINS):
        return title
    goes_on = rest[0] in (WITHIN_CITY if area[-1] in DIVISIONS else DIVISIONS)
    goes_on |= rest[0].isascii() and rest[0].isalnum() and title[len(area)] == rest[0]
    for mark in BELONGS:
        rest = rest.removeprefix(mark)
    rest = rest.lstrip(PAUSE_MARKS)
    return title if goes_on or not rest else rest[0].upper() + rest[1:]


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
    placed = set(order)
    return order + [number for number in range(len(plan.regions)) if number not in placed]


def indicator_notes(
    plan: Plan,
    printed: list[Entry],
    years: tuple[int, ...],
    *,
    by_year: bool,
    language: Language,
) -> list[str]:
    """List the notes of indicators: of cuts and rises since when, for every year, for these years.

    Parameters
    ----------
    plan
        Whose indicators they are.
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
        told, name = entry.indicator.notes, printed_name(entry.indicator, language)
        if published(entry.indicator) in ("cut", "rise"):
            notes.append(say("since_base_note", name=name, base=plan.base_year))
        if "all" in told:
            notes.append(say("indicator_note", name=name, note=told["all"]))
        code = "indicator_year_note" if by_year else "indicator_note"
        notes += [
            say(code, name=name, year=year, note=told[str(year)])
            for year in years
            if str(year) in told
        ]
    return [note.text(language) for note in notes]


def gap_notes(gaps: Sequence[float], language: Language) -> list[str]:
    """Tell what a gap below 0 means, where there is one."""
    below = any(gap < 0 for gap in gaps)
    return [say("gap_negative_note", gap=term("gap")).text(language)] if below else []


def shortfall_notes(
    printed: Printed, shown: list[Entry], year: int | None, language: Language
) -> list[str]:
    """List the notes on stretch quotas that fall short of base quotas, the largest parts first.

    Parameters
    ----------
    printed
        The numbers.
    shown
        The indicators of the table.
    year
        That of the table; None for all, of which each has a note that names the worst region.
    language
        Of the words.
    """
    notes: list[Message] = []
    for entry in shown:
        short = printed.shortfalls
        short = short[short["indicator"] == entry.indicator.id]
        for when in printed.plan.years if year is None else (year,):
            rows = short[short["year"] == when]
            rows = rows.sort_values("relative", ascending=False, kind="stable")
            if len(rows):
                code = "shortfall_note" if year is None else "shortfall_regions_note"
                regions = [
                    _short_of(printed.plan, entry.indicator, *row)
                    for row in zip(*(rows[name] for name in _SHORT), strict=True)
                ]
                notes.append(
                    say(
                        code,
                        name=printed_name(entry.indicator, language),
                        year=when,
                        count=len(rows),
                        worst=regions[0],
                        regions=regions[:MOST_SHORT],
                        more=say("shortfall_more") if len(rows) > MOST_SHORT else "",
                    )
                )
    return [note.text(language) for note in notes]


def _short_of(
    plan: Plan, indicator: Indicator, region: str, base: float, stretch: float, relative: float
) -> Message:
    decimals = printed_decimals(plan, indicator)
    return say(
        "shortfall_region",
        region=region,
        stretch=f"{stretch:.{decimals}f}",
        base=f"{base:.{decimals}f}",
        part=f"{relative:.1%}",
    )


def status_line(plan: Plan, language: Language) -> str:
    """Return the line that tells the status of the data; empty where there is none."""
    status = plan.data_status
    if not status or status == "none":
        return ""
    return say("status_line", status=status).text(language)
