"""What track gives: numbers, ranks, the talk list, who is late."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

from decompose.actuals import Actuals
from decompose.allocation import Allocation
from decompose.charts import ProgressPlot
from decompose.checking import Issue
from decompose.errors import PlanError
from decompose.labels import Language, say
from decompose.plan.lights import Lights
from decompose.plan.periods import Period
from decompose.progress.course import course_frame
from decompose.progress.printed import Printer, silent_indicators
from decompose.tables import Table


@dataclass(frozen=True, eq=False)
class Progress:
    """What regions have done so far of their quotas of a year.

    Attributes
    ----------
    allocation
        The allocation that was tracked.
    as_of
        The month up to which the data go.
    lights
        The rule by which numbers are green, yellow or red.
    table
        One row per indicator × region that has a quota: ``indicator``, ``region``, ``year``,
        ``quota``, ``actual``, ``completion`` and ``due`` (fractions), ``gap`` (percentage
        points), ``level`` (green, yellow, red, not_reported), ``rank`` (by indicator),
        ``points``, ``period`` (the month that counts), ``growth`` and ``cut`` (fractions),
        ``forecast_straight`` and ``forecast_seasonal`` (of the year's end).
    ranking
        Best first: ``scope``, ``region``, ``points``, ``full`` (the points to be had), ``score``
        (points ÷ full), ``rank``. Reserve regions are not ranked.
    group_rankings
        The same within each group.
    talks
        Regions that are called to account: ``region``, ``rank``, and the two reasons in words,
        ``unmet`` and ``low_rank``.
    late
        What has not been reported: ``region``, ``indicator``, ``period``, ``last`` (the last
        period that was).
    issues
        What a reader should check.
    actuals
        What was reached, month by month.
    """

    allocation: Allocation
    as_of: Period
    lights: Lights
    table: pd.DataFrame
    ranking: pd.DataFrame
    group_rankings: pd.DataFrame
    talks: pd.DataFrame
    late: pd.DataFrame
    issues: tuple[Issue, ...] = ()
    actuals: Actuals | None = field(default=None, repr=False)

    @cached_property
    def course(self) -> pd.DataFrame:
        """Completion month by month, a row per indicator × region × month of the year.

        Columns ``indicator``, ``region``, ``month``, ``completion`` (NaN where nothing was
        reported, and after ``as_of``) and ``due``, as in ``table``.
        """
        return course_frame(self.allocation, self.actuals, self.as_of)

    @property
    def plot(self) -> ProgressPlot:
        """Its charts: ``progress.plot.lights()`` (needs Altair)."""
        return ProgressPlot(self, self.allocation.plan)

    def tables(
        self, *, years: tuple[int, ...] | None = None, language: Language = "zh"
    ) -> tuple[Table, ...]:
        """Return numbers, ranks, talk list and late reports as tables; empty lists are left out.

        Parameters
        ----------
        years
            The year of ``as_of``, or None; a Progress has no other.
        language
            Language of headings and titles; reasons stay in the language of ``track``.

        Returns
        -------
        tuple of Table
            Tables as data, which ``write_report`` renders.

        Raises
        ------
        PlanError
            Another year was asked for.
        """
        if years is not None and set(years) != {self.as_of.year}:
            known = [str(self.as_of.year)]
            told = say("track_year", as_of=", ".join(map(str, years)), known=known)
            raise PlanError(told, language=language)
        printer = Printer(self.allocation.plan, self.as_of, self.lights, language)
        late = self.late[~self.late["indicator"].isin(silent_indicators(self.table))]
        return (
            printer.numbers(self.table),
            printer.ranking(self.ranking, self.group_rankings),
            *([printer.talks(self.talks)] if len(self.talks) else []),
            *([printer.late(late)] if len(late) else []),
        )

    def __repr__(self) -> str:
        area = self.allocation.plan.area
        return f"<Progress {area} as of {self.as_of.name}: {len(self.table)} rows>"

    def _repr_html_(self) -> str:
        frames = (self.table, self.ranking, self.talks, self.late)
        return "".join(frame.to_html(index=False) for frame in frames)
