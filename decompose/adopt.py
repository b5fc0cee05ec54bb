"""adopt: a table that was changed by hand becomes an allocation, or every breach is named."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from decompose.allocation import Allocation
from decompose.anchor import Anchor
from decompose.breaches import Breaches
from decompose.engine import check_gap
from decompose.enough import all_wrong
from decompose.errors import DecomposeError, InfeasibleError, Mistake, PlanError, RoundingError
from decompose.frames import labels, shortfalls
from decompose.handmade import Entry, Level, Spot, read_entries
from decompose.labels import Language, say
from decompose.passed import require
from decompose.plan import Plan
from decompose.plan.better import shortfall
from decompose.plan.ratios import Known
from decompose.plan.steps import as_printed
from decompose.plan.stretched import stretched
from decompose.problem import AREA, Bools, Floats
from decompose.settle import Settled, settle
from decompose.stretch import going_with, settle_stretch
from decompose.taken import Taken, as_laid, settled_of, take_over

SAME = 1e-9
"""Numbers nearer than this are one."""
Grids = dict[str, Floats]


def adopt(
    plan: Plan | Allocation,
    table: pd.DataFrame | str | os.PathLike[str],
    *,
    year: int | str | None = None,
    gap: str | None = None,
    language: Language = "zh",
) -> Allocation:
    """Take over a table that was changed by hand.

    Nothing is chosen: the numbers are the table's. Every sum, limit, lock, part, growth, share and
    link of the plan is checked on them. Breaches that rounding can explain are listed in
    ``Allocation.excess``, as those of a solved table are; any other is an error.

    Parameters
    ----------
    plan
        The plan whose quotas they are. Where an allocation is given instead, it fills in the
        indicators and years of which the table says nothing.
    table
        A frame like ``Allocation.quotas`` or ``Allocation.annex2(year)``, or the path of a CSV
        file or workbook, of the same form or as ``write_report`` writes it. Names, aliases or
        ids; numbers in the printed unit. Stretch quotas are taken over too; those that the table
        lacks are solved for.
    year
        The year of a table that does not say it.
    gap
        With ``"row"``, targets that the table misses give way and are listed in
        ``Allocation.gaps``, as by ``solve``; every other rule holds.
    language
        Language of error messages, ``"zh"`` or ``"en"``.

    Returns
    -------
    Allocation
        With the table's numbers as its quotas.

    Raises
    ------
    PlanError
        Lists every mistake with its place: a name that is unknown, a cell that is missing or off
        the grid, a sum in the table that its regions do not make, a rule that is broken.
    InfeasibleError
        The table has no stretch quotas, and the stretch figures of the plan cannot be met beside
        its numbers.

    Examples
    --------
    >>> table = allocation.annex2(2025, language="en")
    >>> table.loc[["North", "South"], "Investment"] = [24.0, 34.0]
    >>> dc.adopt(allocation, table, year=2025).annex2(2025, language="en")["Investment"].tolist()
    [110.0, 24.0, 34.0, 52.0]
    """
    require("adopt", plan, Plan, Allocation, language=language)
    check_gap(gap, language)
    mistakes: list[Mistake] = []
    issued = plan if isinstance(plan, Allocation) else None
    own = plan if isinstance(plan, Plan) else plan.plan
    try:
        entries = read_entries(own, table, mistakes, year=year, language=language)
        found = None
        if not mistakes:
            yields = gap is not None
            found = _Adopting(own, entries, yields, language, mistakes, issued).allocation()
    except PlanError as error:
        if error.mistakes:
            raise PlanError(error.message, error.mistakes, language=language) from None
        raise
    except DecomposeError as error:
        error.language = language
        raise
    if found is None or mistakes:
        raise all_wrong("adopt_wrong", mistakes, language)
    return found


@dataclass(frozen=True, eq=False)
class _Adopting:
    """A table on its way into an allocation.

    Attributes
    ----------
    plan, entries
        The plan, and the numbers of the table.
    gap
        Whether targets give way.
    language
        Of places.
    mistakes
        Takes what is wrong.
    issued
        What stands where the table says nothing.
    """

    plan: Plan
    entries: Sequence[Entry]
    gap: bool
    language: Language
    mistakes: list[Mistake] = field(default_factory=list)
    issued: Allocation | None = None

    def allocation(self) -> Allocation | None:
        """Lay the numbers into the plan; None where something is wrong."""
        settled = self._taken(self.plan, take_over(self.plan, self._grids(), gap=self.gap))
        if settled is None:
            return None
        higher = self._stretch(settled)
        log = () if self.issued is None else self.issued.log
        return Allocation(settled, None if higher is None else Allocation(higher), log=log)

    def _grids(self, level: Level = Level.BASE) -> Grids:
        """Return the numbers of regions, by indicator id."""
        shape = len(self.plan.regions), len(self.plan.years)
        found: Grids = defaultdict(lambda: np.full(shape, np.nan))
        said: dict[str, Bools] = defaultdict(lambda: np.zeros(shape[1], dtype=bool))
        for (number, scope, year, own), value, _ in self.entries:
            if own is level and scope > AREA:
                found[self.plan.indicators[number].id][scope, year] = value
                said[self.plan.indicators[number].id][year] = True
        stands = self._stands(level)
        if found or level is Level.BASE:
            for name, grid in stands.items():
                found[name] = np.where(said[name], found[name], grid)
        return dict(found)

    def _stands(self, level: Level) -> Known:
        """Return the numbers that stand, by indicator id.

        Tables print no stretch quotas where these were the base quotas: they go with them.
        """
        if self.issued is None:
            return {}
        stood = self.issued.settled.quotas()
        if level is Level.BASE:
            return stood
        if self.issued.stretch is None:
            return {}
        return going_with(self._grids(), stood, self.issued.stretch.settled.quotas())

    @property
    def _places(self) -> Mapping[Spot, str]:
        return {entry.spot: entry.place for entry in self.entries}

    def _taken(
        self, plan: Plan, taken: Sequence[Taken], base: Settled | None = None
    ) -> Settled | None:
        """Make numbers whole, stretch quotas beside their base; None where something is wrong."""
        level = Level.BASE if base is None else Level.STRETCH
        breaches = Breaches(plan, self.plan, self._places, level, self.language)
        for one in taken:
            self.mistakes.extend(breaches.of(one))
        if not any(one.off_grid.any() or np.isnan(one.numbers).any() for one in taken):
            self.mistakes.extend(self._unlike(Allocation(as_laid(plan, taken)), level))
        return None if self.mistakes else settled_of(plan, taken, base=base)

    # ---- stretch quotas ----------------------------------------------------------------------

    def _stretch(self, base: Settled) -> Settled | None:
        """Take over the stretch quotas of the table, and solve for those that it lacks."""
        plan, given = stretched(self.plan), self._grids(Level.STRETCH)
        if plan is None:
            for name in given:
                told = say(
                    "adopt_no_stretch",
                    indicator=self.plan.indicators[self.plan.indicator_index[name]].label,
                )
                self.mistakes.append(Mistake(told))
            return None
        # once years are over, stretch figures may be out of reach: see revise
        gap = self.gap or base.gap or self.plan.actual_through is not None
        if not given:
            return settle_stretch(self.plan, base, gap=gap)
        quotas = base.quotas()
        grids = {**_beside(plan, base, given), **given}
        short = {
            one.id: shortfall(one, quotas[one.id], grids[one.id])
            for one in self.plan.indicators  # which say whether less is better
            if one.id in grids and one.id in quotas
        }
        if any(gap.any() for gap in short.values()):
            self._refuse_short(base, grids, short)
        instead = {name: np.where(gap > 0, grids[name], np.nan) for name, gap in short.items()}
        held = base.held()._replace(settled=instead)
        taken = take_over(plan, grids, held=held, gap=gap)
        return self._taken(plan, taken, base)

    def _refuse_short(self, base: Settled, grids: Known, short: Known) -> None:
        """Tell the stretch quotas that are further behind base quotas than the rules force any."""
        plan, quotas = self.plan, base.quotas()
        steps = {one.indicator.id: one.step for stage in base.stages for one in stage.built.series}
        forced = _forced(plan, base)
        for name, gap in short.items():
            number = plan.indicator_index[name]
            worst = forced.get(name, 0.0)
            most = worst * np.abs(quotas[name]) + (steps[name] if worst else 0.0)
            for region, year in np.argwhere(gap > most + SAME).tolist():
                told = say(
                    "adopt_short",
                    indicator=plan.indicators[number].label,
                    region=plan.region_names[region],
                    year=plan.years[year],
                    found=float(grids[name][region, year]),
                    base=float(quotas[name][region, year]),
                )
                place = self._places.get(Spot(number, region, year, Level.STRETCH), "")
                self.mistakes.append(Mistake(told, (), place))

    # ---- what the table says again -----------------------------------------------------------

    def _unlike(self, found: Allocation, level: Level) -> Iterator[Mistake]:
        """List what the table says of sums and of what follows, and its numbers do not.

        What follows is a ratio that is computed, a numerator, or data. Where targets gave way, the
        area's number may have what nobody took.
        """
        plan = self.plan
        for entry in self.entries:
            number, scope, year, own = entry.spot
            one = plan.indicators[number]
            if np.isnan(entry.value) or own not in (level, level.gap) or one.kind == "text":
                continue
            if scope <= AREA and one.kind == "ratio" and own is level:
                continue  # printed in words; or of other digits than its regions
            wanted = _wanted(found, entry.spot, gap=own is not level)
            if any(abs(one - entry.value) <= SAME * max(1.0, abs(one)) for one in wanted):
                continue
            label = say("stretch_name", name=one.label) if level is Level.STRETCH else one.label
            data = {"indicator": label, "year": plan.years[year], "found": entry.value}
            name = labels(plan)[0][scope]
            if np.isnan(wanted[0]):
                if scope > AREA:
                    yield Mistake(say("adopt_no_cell", region=name, **data), (), entry.place)
                continue
            code = "adopt_number" if own is level else "adopt_gap"
            code = "adopt_follows" if scope > AREA else code
            yield Mistake(say(code, scope=name, expected=wanted[0], **data), (), entry.place)


def _wanted(found: Allocation, spot: Spot, *, gap: bool) -> list[float]:
    """Return what a cell of the table may say: the number itself, or with what nobody took."""
    plan, (number, scope, year, _) = found.plan, spot
    name = plan.indicators[number].id
    left = float(np.nan_to_num(found.gap_values(name, scope)[year])) if scope <= AREA else 0.0
    if gap:
        return [left]
    if scope > AREA:
        return [float(found.region_values(name)[scope, year])]
    value = float(found.scope_values(name, plan.inside[scope])[year])
    return [value, float(as_printed(np.array(value + left)))] if scope == AREA else [value]


def _beside(plan: Plan, base: Settled, given: Known) -> Grids:
    """Return the stretch quotas of the indicators that a table gives none of.

    Where they cannot be had beside the others, they are the base quotas: what is wrong with the
    table is told with these.
    """
    quotas = base.quotas()
    others = quotas.keys() - given.keys()
    if not others:
        return {}
    stood = as_laid(plan, take_over(plan, {**quotas, **given})).standing()
    anchor = Anchor(given, stood.excess, fixed=given)
    with suppress(InfeasibleError, RoundingError):
        quotas = settle(plan, base=base, gap=base.gap, anchor=anchor).quotas()
    return {name: quotas[name] for name in others}


def _forced(plan: Plan, base: Settled) -> dict[str, float]:
    """Return by which part stretch quotas of each indicator must be behind their base quotas."""
    try:
        frame = shortfalls(base, settle_stretch(plan, base))
    except (InfeasibleError, RoundingError):
        return {}  # what the stretch figures cannot keep is told by the rules that are broken
    worst = frame.groupby("indicator")["relative"].max()
    return {str(name): float(part) for name, part in worst.items()}
