"""What a user holds: quotas, sums and the annexes, certified."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from decompose.charts import Plot
from decompose.errors import DecomposeError, ReportError
from decompose.explain import Reason, why
from decompose.files import write_whole
from decompose.frames import (
    EXCESS,
    MOVED,
    QUOTAS,
    cell_values,
    in_plan_order,
    labels,
    ratio_changes,
    shortfalls,
    stage_excess,
    stage_moved,
    stage_quotas,
)
from decompose.gaps import Gap, gaps_of, printed_gaps
from decompose.kept import Made, kept, text_of
from decompose.labels import Language, say
from decompose.passed import require_path
from decompose.plan import Plan
from decompose.plan.ratios import regional_ratios, values_of
from decompose.printed import scope_numbers
from decompose.problem import Bools, Floats
from decompose.rounding import Shift
from decompose.settle import Settled
from decompose.tables import Table, annex1, annex2
from decompose.totals import totals_of


@dataclass(frozen=True, eq=False)
class Allocation:
    """The quotas of a plan, certified: every rule was checked on them in whole steps.

    Made by ``solve``, ``adjust``, ``adopt`` and ``revise``, or brought back by
    ``read_allocation``. Frames are made anew at every call: changing one changes nothing here.

    Attributes
    ----------
    settled
        Stage by stage, what was built, chosen and rounded.
    stretch
        The allocation of the stretch quotas, where the plan has stretch figures; else None.
    made
        The versions and the solver with which it was made.
    log
        The moves that were agreed upon: ``indicator, year, region, amount, to, why``.
    """

    settled: Settled
    stretch: Allocation | None = None
    made: Made = field(default_factory=Made)
    log: tuple[Mapping[str, Any], ...] = ()

    @property
    def plan(self) -> Plan:
        """The plan that was solved."""
        return self.settled.plan

    @cached_property
    def _published(self) -> dict[str, Floats]:
        """What tables print of each indicator, regions × years; NaN where there is nothing."""
        found = {**self.settled.printed, **self.settled.quotas()}
        for one in self.plan.indicators:
            if one.kind == "given":
                found[one.id] = values_of(self.plan, one.id, {})[0]
            elif one.kind == "ratio" and one.id not in found and one.decompose:
                found[one.id] = regional_ratios(self.plan, one, self.settled.printed)
        return found

    @property
    def quotas(self) -> pd.DataFrame:
        """One row per indicator × region × year that has a quota.

        Columns ``indicator`` (id), ``region``, ``year``, ``quota`` (as printed), ``exact`` (before
        rounding), ``reference`` (by the allocation rule alone), ``lower`` and ``upper`` (the cell's
        own bounds), all in the printed unit, and ``bound_by``: the families of the rules that are
        tight at the cell, joined by ``"; "`` in a fixed order.
        """
        stages = [stage_quotas(stage) for stage in self.settled.stages]
        return in_plan_order(self.plan, stages, QUOTAS)

    @property
    def values(self) -> pd.DataFrame:
        """The same cells as values: columns ``indicator``, ``region``, ``year``, ``value``.

        Where an increment is published, the level that it leads to; where growth is, the value,
        not rounded, and so the ratio where its cut or rise is; the numerator of a ratio too.
        """
        return cell_values(self.settled)

    @property
    def totals(self) -> pd.DataFrame:
        """The sums: columns ``indicator``, ``scope``, ``year``, ``target``, ``sense``, ``quota``.

        ``scope`` is the area's label (``total_label``) or a group; ``year`` may be ``"total"``
        (flows). ``target`` is NaN, and ``sense`` ``"none"``, where the plan sets none; it is what
        the plan says, without a margin, and ``quota`` what is handed out, with it. A ratio's row
        is its ratio in that scope, computed from printed numbers. Where increments are published,
        a target is the level's less the printed level of the year before; where growth is, the row
        is that of the scope's sum, and in ``"total"`` the sum of values.
        """
        return totals_of(self.settled, self.scope_values)

    def region_values(self, indicator: str) -> Floats:
        """Return what is printed of an indicator, regions × years; NaN where there is nothing.

        Parameters
        ----------
        indicator
            Its id.

        Returns
        -------
        numpy.ndarray
            A new array in the printed unit, in the order of ``plan.regions`` and ``plan.years``.

        Examples
        --------
        >>> allocation.region_values("investment").tolist()
        [[23.2, 27.6], [34.8, 41.4], [52.0, 52.0]]
        """
        found = self._published.get(indicator)
        if found is None:
            return np.full((len(self.plan.regions), len(self.plan.years)), np.nan)
        return found.copy()

    def scope_values(self, indicator: str, members: Bools) -> Floats:
        """Return what is printed of some regions together, by year; NaN where there is nothing.

        Parameters
        ----------
        indicator
            Its id.
        members
            Which regions: True or False for each, in the order of ``plan.regions``.

        Returns
        -------
        numpy.ndarray
            A new array in the printed unit, one number per year; of a ratio, that of the
            regions taken together.
        """
        place = indicator, np.packbits(members).tobytes()
        if place not in self._of_scopes:
            one = self.plan.indicators[self.plan.indicator_index[indicator]]
            known, regions = self.settled.printed, self.region_values(indicator)
            self._of_scopes[place] = scope_numbers(self.plan, one, known, regions, members)
        return self._of_scopes[place].copy()

    @cached_property
    def _of_scopes(self) -> dict[tuple[str, bytes], Floats]:
        return {}  # every table asks for them again

    @cached_property
    def _gaps(self) -> tuple[Gap, ...]:
        return gaps_of(self.settled)

    @property
    def gaps(self) -> pd.DataFrame:
        """What cannot be handed out: the targets that gave way (``solve(plan, gap="row")``).

        Columns ``indicator``, ``scope`` and ``year`` as in ``totals``, ``target`` (what was to be
        handed out, margin included), ``quota`` (what is) and ``gap``, exactly target less quota in
        whole steps. It is negative where other rules force more than the target allows.
        """
        scopes, years = labels(self.plan)
        rows = [
            (one.indicator, scopes[one.scope], years[one.year], one.target, one.quota, one.gap)
            for one in self._gaps
        ]
        return pd.DataFrame(rows, columns=list(Gap._fields))

    def gap_values(self, indicator: str, scope: int) -> Floats:
        """Return what the annexes print as a scope's gap: by year, then over all years.

        Of a published increment it is by how much the level's gap changes. Over all years it is the
        gap of the total; of a flow without a target in total, the sum over the years.

        Parameters
        ----------
        indicator
            Its id.
        scope
            ``AREA`` or a ``group_scope`` of ``decompose.problem``.

        Returns
        -------
        numpy.ndarray
            A number per year and one more; NaN where there is no gap.
        """
        one = self.plan.indicators[self.plan.indicator_index[indicator]]
        return printed_gaps(self.plan, one, self._gaps, scope)

    @property
    def excess(self) -> pd.DataFrame:
        """The rules that rounding breaks, and by how much (DESIGN section 3 "Rounding").

        Columns ``rule`` (its path in the plan), ``family``, ``indicator``, ``scope``, ``year``,
        ``steps``, ``amount`` (in the indicator's unit).
        """
        return in_plan_order(
            self.plan, [stage_excess(stage, self.plan) for stage in self.settled.stages], EXCESS
        )

    @property
    def shortfalls(self) -> pd.DataFrame:
        """The quotas whose stretch quotas fall short of them (DESIGN section 3 "Edges").

        Columns ``indicator``, ``region``, ``year``, ``base`` and ``stretch`` (the printed quotas),
        ``shortfall`` (how far they are apart) and ``relative`` (to the base quota; NaN where that
        is 0). Where less is better, stretch quotas fall short that are above.
        """
        return shortfalls(self.settled, None if self.stretch is None else self.stretch.settled)

    @property
    def mix(self) -> pd.DataFrame:
        """What moves each ratio since the base year: the mix of regions, and the regions.

        Columns ``indicator``, ``scope`` and ``year`` as in ``totals``, ``change`` (of a cut, by
        how many percent the ratio falls; else how far its value rises), and its parts ``mix``
        (what it would be if every region kept its own ratio) and ``regions``, from printed numbers.
        """
        return ratio_changes(self.settled)

    @property
    def moved(self) -> pd.DataFrame:
        """The sums and quotas that rounding could not leave beside their exact values.

        Columns ``indicator``, ``scope`` (a group, or a region), ``year`` (``"total"`` for the sum
        over the years), ``exact`` and ``quota`` in the printed unit, ``steps``: how many steps
        ``quota`` lies beyond the multiples of the step next to ``exact``, below 0 where it is
        less. Where groups cross, sums move by a step; beside an indicator with a coarser step,
        by a step of that one at most.
        """
        return in_plan_order(
            self.plan, [stage_moved(stage, self.plan) for stage in self.settled.stages], MOVED
        )

    @property
    def shifts(self) -> tuple[Shift, ...]:
        """The same as indices, for the notes under the tables."""
        return self.settled.shifts

    def annex1(self, *, language: Language = "zh") -> pd.DataFrame:
        """Return annex 1, the area by year: one row per indicator, as printed.

        Parameters
        ----------
        language
            Language of the headings, ``"zh"`` or ``"en"``.

        Returns
        -------
        pandas.DataFrame
            Numbers are numbers; figures with words (22 or more) are texts.
        """
        return annex1(self, language=language).frame()

    def annex2(self, year: int | str, *, language: Language = "zh") -> pd.DataFrame:
        """Return annex 2 of a year: the area first, then a row per region; a column per indicator.

        Parameters
        ----------
        year
            A year of the plan.
        language
            Language of the headings and errors, ``"zh"`` or ``"en"``.

        Returns
        -------
        pandas.DataFrame
            Numbers are numbers, in the printed unit; rows are named by the first column.

        Raises
        ------
        PlanError
            The plan has no such year.

        Examples
        --------
        >>> allocation.annex2(2025, language="en")
                Investment
        Region
        City         110.0
        North         23.2
        South         34.8
        West          52.0
        """
        return annex2(self, year, language=language).frame()

    def why(
        self,
        indicator: str | None = None,
        region: str | None = None,
        year: int | str | None = None,
        *,
        relief: bool = False,
        language: Language = "zh",
    ) -> Reason:
        """Tell why a number is what it is: its arithmetic, and the rule that set it.

        Parameters
        ----------
        indicator, region, year
            The number: the indicator's id or printed name, the region's name or alias, the year.
            Where one of them is left out, the answer is a page with a line per number: of the whole
            region, or of the whole indicator. For a group's or the area's name it is a page of its
            regions.
        relief
            Whether to tell, by solving again, what one step of relief on each rule that holds a
            single number would change.
        language
            Language of the sentences and errors, ``"zh"`` or ``"en"``.

        Returns
        -------
        Reason
            ``str()`` gives the sentences; attributes give the same as numbers and rules.

        Raises
        ------
        PlanError
            Nothing bears that name, or there is no such number.

        Examples
        --------
        >>> print(allocation.why("investment", "West", 2025, language="en"))
        West's Investment in 2025 is 52.0 million. By share of the base year (50.00%) it would get
        110.0 × 50.00% = 55.0 million; held by its capacity of 52.0 million, it is 3.0 million
        lower, which went to South (+1.8), North (+1.2).
        """
        stretch = None if self.stretch is None else self.stretch.settled
        place = indicator, region, year
        try:
            found = why(self.settled, *place, relief=relief, stretch=stretch, log=self.log)
        except DecomposeError as error:
            error.language = language
            raise
        return replace(found, language=language)

    @property
    def plot(self) -> Plot:
        """Its charts: ``allocation.plot.quotas("investment")`` (needs Altair)."""
        return Plot(self)

    def tables(
        self, *, years: tuple[int, ...] | None = None, language: Language = "zh"
    ) -> tuple[Table, ...]:
        """Return the printed tables: annex 1, then the annex 2 of each year.

        Parameters
        ----------
        years
            The years whose annex 2 is wanted; all by default.
        language
            Language of headings, titles and errors, ``"zh"`` or ``"en"``.

        Returns
        -------
        tuple of Table
            Tables as data, which ``write_report`` renders; those without an indicator are left out.

        Raises
        ------
        PlanError
            The plan has no such year.
        """
        chosen = self.plan.years if years is None else years
        first = annex1(self, language=language)
        every = first, *(annex2(self, year, language=language) for year in chosen)
        return tuple(table for table in every if not table.bare) or every

    def save(self, path: str | Path) -> None:
        """Keep the allocation as JSON, for ``read_allocation``; the same bytes every time.

        Beside the plan and the quotas the file holds the rules that rounding breaks (``excess``),
        what it moved, what could not be handed out, the moves that were agreed upon, the versions
        and the solver with which all was made, and a fingerprint of it all.

        Parameters
        ----------
        path
            Where to write; a file that is there is replaced.

        Raises
        ------
        ReportError
            The file cannot be written (nothing half-written stays); or these are stretch quotas,
            which are kept with their allocation.
        """
        if self.settled.base is not None:
            raise ReportError(say("kept_stretch"))
        stretch = None if self.stretch is None else self.stretch.settled
        content = kept(self.settled, stretch, self.made, self.log)
        write_whole(require_path("save", path), text_of(content).encode())

    def __repr__(self) -> str:
        years = f"{self.plan.years[0]}–{self.plan.years[-1]}"
        return f"<Allocation {self.plan.area} {years}: {len(self.quotas)} quotas>"

    def _repr_html_(self) -> str:
        frames = [self.annex1().to_html(index=False)]
        frames += [self.annex2(year).to_html() for year in self.plan.years]
        return "".join(frames)
