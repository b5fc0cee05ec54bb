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
    year: int | str | None,
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
        What is asked about: ids, printed names or aliases; all of them where None. A region may
        also be a group, or the area.
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
    (indicators, regions, years), place = _find(plan, indicator, region, year)
    places = [(one, own, when) for one in indicators for own in regions for when in years]
    several = place is None or plain(place) not in plan.region_index
    if several:
        places.sort(key=lambda place: (place[0], place[2], place[1]))
    base = _stages(settled, log)
    higher = {} if stretch is None else _stages(stretch)
    single = None not in (indicator, place, year) and not several
    if single:
        reason = _single(settled, base, places[0], relief=relief)
        other = _single(stretch, higher, places[0], relief=relief) if stretch else None
        if reason is not None:
            return with_stretch(reason, other if _differs(plan, reason, other) else None)
    cells: list[Cell] = []
    for cell in places:
        reason, other = _told(base, cell), _told(higher, cell) if higher else None
        if reason is not None:
            own = other if _differs(plan, reason, other) else None
            cells.append((base[cell[0], cell[2]], replace(reason, stretch=own)))
    when = None if year is None else plan.years[years[0]]
    if not cells:
        raise PlanError(_no_numbers(plan, indicators, place, when))
    one = None if indicator is None else indicators[0]
    of_indicator = None if one is None else words_of(plan.indicators[one]).name
    return Reason(
        None if one is None else plan.indicators[one].id,
        place,
        when,
        sections=by_year(cells) if several else by_indicator(cells),
        messages=(title(plan, of_indicator, place, when, cells), *summary(cells)),
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
    plan: Plan, indicator: str | None, region: str | None, year: int | str | None
) -> tuple[tuple[list[int], list[int], list[int]], str | None]:
    """Find what is asked about, by id, printed name or alias; and the place, None of the area."""
    indicators = [k for k, one in enumerate(plan.indicators) if one.kind not in ("given", "text")]
    if indicator is not None:
        indicators = _named(plan, str(indicator))
    regions, place = _regions(plan, region)
    years = list(range(len(plan.years)))
    if year is not None:
        found = plain(str(year))
        if found not in map(str, plan.years):
            raise PlanError(say("why_unknown", found=found, known=list(map(str, plan.years))))
        years = [plan.year_index[int(found)]]
    return (indicators, regions, years), place


def _regions(plan: Plan, region: str | None) -> tuple[list[int], str | None]:
    """Return the regions of a place, and its name; None of the area."""
    everyone = list(range(len(plan.regions)))
    if region is None:
        return everyone, None
    wanted = plain(str(region))
    if wanted in plan.region_index:
        own = plan.region_index[wanted]
        return [own], plan.region_names[own]
    for name, members in zip(plan.group_names, plan.members, strict=True):
        if wanted == plain(name):
            return np.flatnonzero(members).tolist(), name
    if wanted in (plain(plan.area), plain(plan.total_label)):
        return everyone, None
    known = [*plan.region_names, *plan.group_names, plan.area]
    raise PlanError(say("why_unknown", found=str(region), known=known))


def _named(plan: Plan, name: str) -> list[int]:
    """Return the indicator with an id, or else those that are printed under a name."""
    found = plan.indicators_named(name)
    if not found:
        known = [one.label for one in plan.indicators if one.kind not in ("given", "text")]
        raise PlanError(say("why_unknown", found=name, known=list(dict.fromkeys(known))))
    return found


def _no_numbers(plan: Plan, indicators: list[int], region: str | None, year: int | None) -> Message:
    """Say why there is no number to explain, and what to ask instead."""
    one: Indicator = plan.indicators[indicators[0]]
    data = {
        "region": plan.area if region is None else region,
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
