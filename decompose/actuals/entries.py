"""What a file of actuals says, cell by cell, and as a frame of sums since January."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import pandas as pd

from decompose.errors import Mistake
from decompose.figures import plain
from decompose.labels import Language, Message, say
from decompose.plan.periods import Period
from decompose.reading.columns import Cell

COLUMNS = ("indicator", "region", "period", "value")
_DIGITS = 9


class Entry(NamedTuple):
    """One number of a file: of what, when, whether of that period alone, and where it stands.

    ``unit`` is what the file says that it is in, if anything.
    """

    indicator: str
    region: str
    period: Period
    alone: bool
    cell: Cell
    place: str
    unit: str = ""

    @property
    def value(self) -> float:
        """The number; of a percentage, the number before the sign."""
        return float(self.cell.rstrip("%")) if isinstance(self.cell, str) else self.cell

    @property
    def series(self) -> tuple[str, str, int]:
        """What is added up: indicator, region, year."""
        return plain(self.indicator), plain(self.region), self.period.year


class Note(NamedTuple):
    """Something that a reader should know, and where."""

    place: str
    message: Message


class Gathered(NamedTuple):
    """Entries as sums since January, and what was found on the way."""

    entries: list[Entry]
    mistakes: list[Mistake]
    notes: list[Note]


def gather(entries: Iterable[Entry]) -> Gathered:
    """Add single periods up, and tell what is said twice."""
    found = Gathered([], [], [])
    held: dict[tuple[tuple[str, str, int], int], Entry] = {}
    single: dict[tuple[str, str, int], list[Entry]] = {}
    for entry in entries:
        if entry.alone:
            single.setdefault(entry.series, []).append(entry)
        elif entry.period.first != 1 and _is_range(entry.period):
            told = say("actuals_not_cumulative", period=_range(entry.period))
            found.mistakes.append(Mistake(told, (), entry.place))
        else:
            _hold(held, entry, found)
    sums: dict[tuple[str, str, int], dict[int, float]] = {series: {0: 0.0} for series in single}
    for (series, month), entry in held.items():
        if series in sums:
            sums[series][month] = entry.value
    for series, some in single.items():
        for total in _added(sorted(some, key=_order), sums[series], found):
            _hold(held, total, found)
    found.entries.extend(held.values())
    return found


def _is_range(period: Period) -> bool:
    """Whether a period was written as several months (quarters and halves have names)."""
    return period.last > period.first and period.name[-2:].isdecimal()


def _range(period: Period) -> str:
    return f"{period.year}-{period.first:02d}–{period.last:02d}"


def _order(entry: Entry) -> tuple[int, int]:
    return entry.period.last, entry.period.first


def _hold(
    held: dict[tuple[tuple[str, str, int], int], Entry], entry: Entry, found: Gathered
) -> None:
    """Keep an entry, or tell that its cell is taken; the same number twice is one."""
    other = held.setdefault((entry.series, entry.period.last), entry)
    if other.value != entry.value:
        found.mistakes.append(twice(entry, other))


def twice(entry: Entry, other: Entry) -> Mistake:
    """Return the mistake of one cell with two numbers."""
    told = say(
        "actuals_twice",
        indicator=entry.indicator,
        region=entry.region,
        period=entry.period.name,
        other=other.place,
        value=other.value,
        found=entry.value,
    )
    return Mistake(told, (), entry.place)


def _added(entries: list[Entry], known: dict[int, float], found: Gathered) -> Iterator[Entry]:
    """Add single periods up from January, or from a sum that is known, until one is missing."""
    told_gap = False
    for before, entry in itertools.pairwise([None, *entries]):
        assert entry is not None  # only the first of the pairs is nothing
        period = entry.period
        if before is not None and before.period.last >= period.first:
            found.mistakes.extend(_overlap(before, entry))
            continue
        if period.last in known:
            continue
        if period.first - 1 in known:
            total = round(known[period.first - 1] + entry.value, _DIGITS)
            known[period.last] = total
            whole = period._replace(first=1)
            yield entry._replace(period=whole, alone=False, cell=total)
        elif not told_gap:
            told_gap = True
            told = say(
                "actuals_gap",
                indicator=entry.indicator,
                region=entry.region,
                year=period.year,
                month=max(month for month in known if month < period.first) + 1,
            )
            found.notes.append(Note(entry.place, told))


def _overlap(before: Entry, entry: Entry) -> list[Mistake]:
    if before.period[:3] == entry.period[:3]:
        return [twice(entry, before)] if before.value != entry.value else []
    told = say(
        "actuals_overlap",
        indicator=entry.indicator,
        region=entry.region,
        period=_range(entry.period),
        other=before.place,
    )
    return [Mistake(told, (), entry.place)]


def frame_of(gathered: Gathered, language: Language) -> pd.DataFrame:
    """Return entries as a frame; its ``attrs`` hold what the columns do not.

    ``attrs["places"]`` has the place of each cell by :func:`key_of`, ``attrs["percents"]`` the
    keys of percentages, ``attrs["units"]`` the units that the file names, and ``attrs["notes"]``
    what was found in reading.
    """
    entries = gathered.entries
    frame = pd.DataFrame(
        {
            "indicator": pd.Series([one.indicator for one in entries], dtype=object),
            "region": pd.Series([one.region for one in entries], dtype=object),
            "period": pd.Series([one.period.name for one in entries], dtype=object),
            "value": pd.Series([one.value for one in entries], dtype="float64"),
        }
    )
    keys = [key_of(one.indicator, one.region, one.period.name) for one in entries]
    frame.attrs["places"] = {key: one.place for key, one in zip(keys, entries, strict=True)}
    percents = [key for key, one in zip(keys, entries, strict=True) if isinstance(one.cell, str)]
    frame.attrs["percents"] = percents
    frame.attrs["units"] = {
        key: one.unit for key, one in zip(keys, entries, strict=True) if one.unit
    }
    frame.attrs["notes"] = [
        {"where": place, "code": message.code, "text": message.text(language)}
        for place, message in gathered.notes
    ]
    return frame


def key_of(indicator: object, region: object, period: object) -> str:
    """Return the name of a cell in a frame's ``attrs``."""
    return f"{indicator}\t{region}\t{period}"
