"""A Progress as tables: numbers, ranks, the talk list, who is late."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from decompose.labels import Language, say, word
from decompose.plan import Plan
from decompose.plan.lights import Lights
from decompose.plan.periods import Period
from decompose.plan.steps import decimals_of
from decompose.tables import Cell, Column, ColumnKind, Row, RowKind, Table
from decompose.tables.model import ABSENT, BLANK, digits, number_cell, text_cell
from decompose.tables.order import status_line
from decompose.tables.printed import printed_name, printed_unit

_RATE_DECIMALS = 1
_POINT_DECIMALS = 2
_OPTIONAL = ("growth", "forecast_straight", "forecast_seasonal")
"""What needs last year's actuals, or has none: columns that may say nothing."""


class Printer:
    """Makes the tables of one Progress.

    Parameters
    ----------
    plan
        Names, units and decimals.
    period
        The data's month.
    lights
        The rule of the colours.
    language
        Of headings and titles.
    """

    def __init__(self, plan: Plan, period: Period, lights: Lights, language: Language) -> None:
        self._plan = plan
        self._period = period
        self._lights = lights
        self._language: Language = language

    def _word(self, code: str) -> str:
        return word(code, self._language)

    def _columns(self, *codes: str) -> tuple[Column, ...]:
        """Make columns by the codes of their headings, the first one leading its row."""
        kinds = {codes[0]: ColumnKind.LABEL, "indicator": ColumnKind.TEXT, "unit": ColumnKind.MARK}
        kinds |= dict.fromkeys(("unmet", "low_rank", "missing"), ColumnKind.TEXT)
        kinds["level"] = ColumnKind.MARK
        return tuple(
            Column(
                self._word(code),
                self._word(code),
                kinds.get(code, ColumnKind.FIGURE),
                optional=code in _OPTIONAL,
            )
            for code in codes
        )

    def _table(
        self,
        name: str,
        columns: tuple[Column, ...],
        rows: Iterator[tuple[Cell, ...]],
        notes: Sequence[str] = (),
    ) -> Table:
        title = say(f"{name}_title", title=self._plan.title, period=self._period.so_far)
        return Table(
            name=self._word(name),
            label="",
            title=title.text(self._language),
            columns=columns,
            rows=tuple(Row(RowKind.REGION, cells) for cells in rows),
            status_line=status_line(self._plan, self._language),
            notes=tuple(notes),
            language=self._language,
            kind=name,
        )

    def numbers(self, table: pd.DataFrame) -> Table:
        """Return the table of numbers, a row per indicator and region.

        Indicators that no region has reported are named in a note, unless they are all.
        """
        silent = silent_indicators(table)
        columns = self._columns(
            "region",
            "indicator",
            "unit",
            "quota",
            "actual",
            "completion",
            "due",
            "schedule_gap",
            "level",
            "rank",
            "growth",
            "forecast_straight",
            "forecast_seasonal",
        )
        shown = table[~table["indicator"].isin(silent)]
        notes = [say("schedule_gap_note")]
        if shown["forecast_seasonal"].notna().any():
            notes.append(say("forecast_note"))
        elif shown["forecast_straight"].notna().any():
            notes.append(say("forecast_straight_note"))
        if silent:
            notes.append(say("silent_note", names=[self._name(one) for one in silent]))
        told = [note.text(self._language) for note in notes]
        return self._table("progress", columns, self._numbers(shown), told)

    def _name(self, indicator: str) -> str:
        one = self._plan.indicators[self._plan.indicator_index[indicator]]
        return printed_name(one, self._language)

    def _numbers(self, table: pd.DataFrame) -> Iterator[tuple[Cell, ...]]:
        reached = self._digits(table)
        for row in table.to_dict("records"):
            one = self._plan.indicators[self._plan.indicator_index[row["indicator"]]]
            level, place = row["level"], (one.id, row["region"], row["year"])
            yield (
                text_cell(row["region"]),
                text_cell(self._name(one.id)),
                text_cell(printed_unit(one, self._language)),
                replace(number_cell(row["quota"], decimals_of(one)), about=place),
                _number(row["actual"], reached[one.id]),
                _rate(row["completion"]),
                _rate(row["due"]),
                _number(row["gap"], _RATE_DECIMALS),
                BLANK if level is None else self._light(level),
                _number(row["rank"], 0),
                _rate(row["growth"]),
                _number(row["forecast_straight"], decimals_of(one)),
                _number(row["forecast_seasonal"], decimals_of(one)),
            )

    def _digits(self, table: pd.DataFrame) -> dict[str, int]:
        """Return how many digits the actuals of an indicator have, the same for every region."""
        most = table["actual"].dropna().map(digits).groupby(table["indicator"]).max()
        return {
            one.id: max(decimals_of(one), int(most.get(one.id, 0))) for one in self._plan.indicators
        }

    def _level(self, level: str) -> str:
        national = f"{self._lights.wording}_{level}"
        return self._word(national if self._lights.wording and level in _COLOURS else level)

    def _light(self, level: str) -> Cell:
        return Cell(self._level(level), light=level if level in _COLOURS else "")

    def ranking(self, ranking: pd.DataFrame, groups: pd.DataFrame) -> Table:
        """Return who ranks where, over all and within each group."""
        within = {(row["region"], row["scope"]): row["rank"] for row in groups.to_dict("records")}
        named = [name for name in self._plan.groups if name in set(groups["scope"])]
        columns = self._columns("region", "rank", "earned", "full", "score")
        columns += tuple(
            Column(name, say("rank_within", group=name).text(self._language)) for name in named
        )
        rows = (
            (
                text_cell(row["region"]),
                number_cell(row["rank"], 0),
                number_cell(row["points"], _POINT_DECIMALS),
                number_cell(row["full"], digits(row["full"])),
                _rate(row["score"]),
                *(_number(within.get((row["region"], name)), 0) for name in named),
            )
            for row in ranking.to_dict("records")
        )
        return self._table("ranking", columns, rows, [say("rank_note").text(self._language)])

    def talks(self, talks: pd.DataFrame) -> Table:
        """Return the talk list, both reasons in words."""
        rows = (
            (
                text_cell(row["region"]),
                number_cell(row["rank"], 0),
                text_cell(row["unmet"]),
                text_cell(row["low_rank"]),
            )
            for row in talks.to_dict("records")
        )
        return self._table("talks", self._columns("region", "rank", "unmet", "low_rank"), rows)

    def late(self, late: pd.DataFrame) -> Table:
        """Return who has not reported, a row per region."""
        named = late.assign(name=late["indicator"].map(self._name))
        parted = word("list_separator", self._language)
        rows = (
            (text_cell(str(region)), text_cell(parted.join(some["name"])))
            for region, some in named.groupby("region", sort=False)
        )
        return self._table("late", self._columns("region", "missing"), rows)


def silent_indicators(table: pd.DataFrame) -> list[str]:
    """Return the indicators that no region has reported; none where nothing was reported."""
    told = table.groupby("indicator", sort=False)["actual"].count()
    return [str(name) for name in told.index[told == 0]] if told.any() else []


_COLOURS = ("green", "yellow", "red")


def _number(value: object, decimals: int) -> Cell:
    """Make the cell of a number; a dash where there is none, or it has no end."""
    if value is None or value is pd.NA or not np.isfinite(float(str(value))):
        return ABSENT
    return number_cell(float(str(value)), decimals)


def _rate(value: float) -> Cell:
    return number_cell(value, _RATE_DECIMALS, percent=True) if np.isfinite(value) else ABSENT
