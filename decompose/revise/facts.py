"""What was reached in the years that are over, as published numbers of the revised plan."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from decompose.actuals import Actuals, match_actuals
from decompose.errors import Mistake, PlanError
from decompose.figures import plain
from decompose.labels import Language, Message, say
from decompose.plan import Plan
from decompose.plan.order import named
from decompose.plan.periods import MONTHS
from decompose.plan.ratios import Known, ratio_numbers, values_of
from decompose.plan.steps import as_printed, step_of
from decompose.problem import Floats
from decompose.revise.standing import Carried, Grids, past_of, values_of_all


class Facts(NamedTuple):
    """What was reached.

    Attributes
    ----------
    published
        By indicator id, over the revised plan: regions × years, on the indicator's grid; NaN in
        the years that are not over, and where nothing was issued.
    given
        The same of indicators that are data, as reported.
    unreported
        Indicator id and year of which no region reported anything: what was issued stands for it.
    """

    published: Grids
    given: Grids
    unreported: frozenset[tuple[str, int]]

    def reason(self, name: str, year: int) -> Message:
        """Tell where the numbers of a year that is over come from."""
        silent = (name, year) in self.unreported
        return say("revise_unreported" if silent else "revise_reached", year=year)


def facts_of(
    carried: Carried, issued: Known, actuals: pd.DataFrame, through: int, language: Language
) -> Facts:
    """Find what was reached in every cell that was issued.

    Where no region has reported an indicator for a year, what was issued stands for it; where
    only some have, the others are asked for.

    Parameters
    ----------
    carried
        From the issued plan to the revised one.
    issued
        The issued numbers by indicator id, over the issued plan.
    actuals
        As for ``track``; merged regions by their own names, or by those of their parts.
    through
        The last year that is over.

    Raises
    ------
    PlanError
        The actuals are wrong, or a region has not reported: which, of what, and when.
    """
    old, new = carried.old, carried.new
    names = {plain(name) for name in carried.parts} - {*old.region_index}
    own = np.array([plain(str(name)) in names for name in actuals.get("region", [])], dtype=bool)
    matched = match_actuals(old, actuals[~own] if own.any() else actuals, language=language)
    merged = match_actuals(new, actuals[own], language=language) if own.any() else None
    parts, whole = _whole_years(matched), {} if merged is None else _whole_years(merged)
    past = past_of(old, through)
    reached = {name: _reached(old, name, grid, parts, past) for name, grid in issued.items()}
    heard = _heard(matched) | (set() if merged is None else _heard(merged))
    unreported = {
        (name, year)
        for name, grid in issued.items()
        for number, year in enumerate(old.years[:past])
        if (name, year) not in heard
        and not np.isnan(grid[:, number]).all()
        and np.isnan(reached[name][~old.reserve, number]).all()
    }
    for name, year in unreported:
        number = old.year_index[year]
        reached[name][:, number] = issued[name][:, number]
    given = {
        one.id: carried.over({one.id: parts[one.id]}, whole=whole)[one.id]
        for one in new.indicators
        if one.kind == "given" and one.id in parts and one.id in carried.alike()
    }
    found = carried.over(reached, whole=_on_grids(new, whole))
    wanted = carried.over(
        {name: np.where(np.isnan(grid), np.nan, 0.0) for name, grid in issued.items()}
    )
    over = past_of(new, through)
    lacking: list[Message] = []
    for name, grid in found.items():
        grid[:, over:] = np.nan
        lacking += _lacking(new, name, np.isnan(grid[:, :over]) & ~np.isnan(wanted[name][:, :over]))
    if lacking:
        mistakes = [Mistake(message, ("actuals",)) for message in lacking]
        raise PlanError(say("revise_lacking", count=len(lacking)), mistakes, language=language)
    said = {name: _until(grid, over) for name, grid in given.items()}
    return Facts(found, said, frozenset(unreported))


def _until(grid: Floats, over: int) -> Floats:
    found = grid.copy()
    found[:, over:] = np.nan
    return found


def _whole_years(matched: Actuals) -> Grids:
    """Return what was reported for whole years, regions × years of the plan."""
    return {
        name: np.stack(
            [matched.of_year(name, year)[:, MONTHS - 1] for year in matched.plan.years], axis=1
        )
        for name in matched.regions
    }


def _heard(matched: Actuals) -> set[tuple[str, int]]:
    """Find the indicators and years of which some region has reported some month."""
    return {
        (name, year)
        for name in matched.regions
        for year in matched.plan.years
        if not np.isnan(matched.of_year(name, year)[~matched.plan.reserve]).all()
    }


def _on_grids(plan: Plan, grids: Known) -> Grids:
    return {name: _on_grid(plan, name, grid) for name, grid in grids.items()}


def _on_grid(plan: Plan, name: str, grid: Floats) -> Floats:
    step = step_of(plan.indicators[plan.indicator_index[name]])
    return as_printed(np.round(grid / step) * step)


def _reached(plan: Plan, name: str, issued: Floats, reported: Grids, past: int) -> Floats:
    """Return what was reached of an indicator: as reported, else as its parts make it.

    A reserve that had nothing to reach, and has not reported, has reached nothing.
    """
    one = plan.indicators[plan.indicator_index[name]]
    found = reported.get(name, np.full(issued.shape, np.nan))
    if one.kind == "ratio" and np.isnan(found).any():
        found = np.where(np.isnan(found), _by_parts(plan, name, reported), found)
    nothing = plan.reserve[:, np.newaxis] & (issued == 0)
    found = np.where(np.isnan(found) & nothing, 0.0, found)
    found = np.where(np.isnan(issued), np.nan, found)
    return _until(_on_grid(plan, name, found), past)


def _by_parts(plan: Plan, name: str, reported: Grids) -> Floats:
    """Return a ratio's published numbers from its reported numerator and denominator."""
    one = plan.indicators[plan.indicator_index[name]]
    top = plan.indicator_index.get(named(one.numerator) or "")
    none = np.full((len(plan.regions), len(plan.years)), np.nan)
    if top is None:
        return none
    known = values_of_all(plan, reported)
    numbers = ratio_numbers(plan, one, known)
    above = values_of(plan, one.numerator, known)[0]
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray((above - numbers.offset) / numbers.factor)


def _lacking(plan: Plan, name: str, missing: np.ndarray) -> list[Message]:
    """Tell, by year, which regions have not reported an indicator."""
    one = plan.indicators[plan.indicator_index[name]]
    return [
        say(
            "revise_not_reported",
            indicator=one.label,
            year=plan.years[year],
            regions=[plan.region_names[region] for region in np.flatnonzero(missing[:, year])],
        )
        for year in range(missing.shape[1])
        if missing[:, year].any()
    ]
