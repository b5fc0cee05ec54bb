"""Why a number, a county's numbers or an indicator's numbers are what they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from decompose.errors import PlanError
from decompose.explain.cells import cell_reason
from decompose.explain.held import Held
from decompose.explain.history import History, Logged
from decompose.explain.pages import Cell, by_indicator, by_year, summary, title
from decompose.explain.reason import Reason
from decompose.explain.relief import with_relief
from decompose.explain.sentences import told, with_stretch
from decompose.explain.words import words_of
from decompose.figures import plain
from decompose.labels import Message, say
from decompose.plan import Indicator, Plan
from decompose.plan.order import free_numerators, ratio_mode
from decompose.settle import Settled

Place = tuple[int, int, int]
"""Indices of an indicator, a region and a year."""
Stages = dict[tuple[int, int], Held]
"""The stage that settled an indicator's year, by their indices."""


def why(
    settled: Settled,
    indicator: str | None,
    region: str | None,
    year: int | None,
    *,
    relief: bool = False,
    stretch: Settled | None = None,
    log: Sequence[Logged] = (),
) -> Reason:
    """Return why a number, a county's numbers or an indicator's numbers are what they are.

    Parameters
    ----------
    settled
        The plan with its quotas.
    indicator, region, year
        What is asked about: ids, printed names or aliases; all of them where None.
    relief
        Whether to solve again for every rule that holds a single number, moved by one step.
    stretch
        The plan's stretch quotas.
    log
        Moves that were agreed upon.

    Raises
    ------
    PlanError
        Nothing bears that name, or no number is there.
    """
    plan = settled.plan
    indicators, regions, years = _find(plan, indicator, region, year)
    places = [(one, place, when) for one in indicators for place in regions for when in years]
    if region is None:
        places.sort(key=lambda place: (place[0], place[2], place[1]))
    base = _stages(settled, log)
    higher = {} if stretch is None else _stages(stretch)
    single = None not in (indicator, region, year) and len(places) == 1
    if single:
        reason = _single(settled, base, places[0], relief=relief)
        other = _single(stretch, higher, places[0], relief=relief) if stretch else None
        if reason is not None:
            return with_stretch(reason, other if _differs(plan, reason, other) else None)
    cells: list[Cell] = []
    for place in places:
        reason, other = _told(base, place), _told(higher, place) if higher else None
        if reason is not None:
            own = other if _differs(plan, reason, other) else None
            cells.append((base[place[0], place[2]], replace(reason, stretch=own)))
    if not cells:
        raise PlanError(_no_numbers(plan, indicators, region, year))
    one = None if indicator is None else indicators[0]
    name = None if region is None else plan.region_names[regions[0]]
    of_indicator = None if one is None else words_of(plan.indicators[one]).name
    return Reason(
        None if one is None else plan.indicators[one].id,
        name,
        year,
        sections=by_year(cells) if region is None else by_indicator(cells),
        messages=(title(plan, of_indicator, name, year, cells), *summary(cells)),
    )


def _stages(settled: Settled, log: Sequence[Logged] = ()) -> Stages:
    """Return the stage that settled each indicator's year."""
    found: Stages = {}
    anchor = settled.anchor
    history = None if anchor is None else History(settled.plan, anchor, log)
    for stage in settled.stages:
        held = Held(settled.plan, stage, settled.printed, history)
        for number, columns in stage.columns.items():
            years = np.flatnonzero((columns >= 0).any(axis=0)).tolist()
            found |= {(number, year): held for year in years}
    return found


def _told(stages: Stages, place: Place) -> Reason | None:
    """Return the reason of a cell with its sentences; None where it has no quota."""
    held = stages.get((place[0], place[2]))
    reason = None if held is None else cell_reason(held, *place)
    return None if held is None or reason is None else told(held, reason)


def _single(settled: Settled, stages: Stages, place: Place, *, relief: bool) -> Reason | None:
    reason = _told(stages, place)
    return with_relief(settled, stages[place[0], place[2]], reason) if reason and relief else reason


def _differs(plan: Plan, base: Reason | None, stretch: Reason | None) -> bool:
    """Whether a stretch quota says more: its indicator has stretch figures, or it is another."""
    if base is None or stretch is None:
        return False
    one = plan.indicators[plan.indicator_index[base.indicator or ""]]
    targets = (one.target, *one.group_targets.values())
    return base.quota != stretch.quota or any(target.stretch is not None for target in targets)


# ---- names ---------------------------------------------------------------------------------


def _find(
    plan: Plan, indicator: str | None, region: str | None, year: int | None
) -> tuple[list[int], list[int], list[int]]:
    """Find what is asked about: by id, printed name or alias."""
    indicators = [k for k, one in enumerate(plan.indicators) if one.kind not in ("given", "text")]
    if indicator is not None:
        indicators = _named(plan, indicator)
    regions = list(range(len(plan.regions)))
    if region is not None:
        if plain(region) not in plan.region_index:
            raise PlanError(say("why_unknown", found=region, known=list(plan.region_names)))
        regions = [plan.region_index[plain(region)]]
    years = list(range(len(plan.years)))
    if year is not None:
        if year not in plan.year_index:
            raise PlanError(say("why_unknown", found=str(year), known=list(map(str, plan.years))))
        years = [plan.year_index[year]]
    return indicators, regions, years


def _named(plan: Plan, name: str) -> list[int]:
    """Return the indicator with an id, or else those that are printed under a name."""
    wanted = plain(name)
    if wanted in plan.indicator_index:
        return [plan.indicator_index[wanted]]
    found = [k for k, one in enumerate(plan.indicators) if wanted == plain(one.label)]
    if not found:
        known = [one.id for one in plan.indicators if one.kind not in ("given", "text")]
        raise PlanError(say("why_unknown", found=name, known=known))
    return found


def _no_numbers(plan: Plan, indicators: list[int], region: str | None, year: int | None) -> Message:
    """Say why there is no number to explain, and what to ask instead."""
    one: Indicator = plan.indicators[indicators[0]]
    place = plan.area if region is None else plan.region_names[plan.region_index[plain(region)]]
    data = {
        "region": place,
        "year": "" if year is None else say("in_year", year=year),
    }
    if len(indicators) > 1:
        return say("why_nothing", **data)
    if one.kind in ("given", "text"):
        return say("why_data", indicator=one.label)
    ratio = free_numerators(plan).get(one.id)
    if ratio is not None:
        other = plan.indicators[plan.indicator_index[ratio]].label
        return say("why_follows", indicator=one.label, ratio=other)
    if one.kind == "ratio" and ratio_mode(plan, one) != "free":
        return say("why_computed", indicator=one.label)
    return say("why_no_quota", indicator=one.label, **data)
