"""The area's sums as they are handed out: given years, the path between them, and the rest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from decompose.plan.bases import settled_bases
from decompose.plan.content import PlanContent
from decompose.plan.models import Indicator
from decompose.plan.order import followed
from decompose.plan.paths import fill_flow, fill_level
from decompose.plan.ratios import values_of
from decompose.problem import AREA, TOTAL, Bools, Floats
from decompose.series.model import Sum
from decompose.series.sums import scopes_of, sums_of


def assigned(content: PlanContent, indicator: Indicator) -> Bools:
    """Return where an indicator applies and is assigned: a dash says that a year is not."""
    applies = content.applies(indicator)
    for year, figure in indicator.target.years.items():
        if not figure.given:
            applies[:, content.year_index[year]] = False
    return applies


def handed_out(
    content: PlanContent,
    indicator: Indicator,
    sums: Iterable[Sum],
    base: float,
    takes: Bools,
    printed: Mapping[int, float],
) -> Floats:
    """Return the area's sums as handed out: given years, and open years by the path.

    What is printed of a year takes the place of its figure. What has no figures of its own gets
    what the indicator that it makes up leaves to it.
    """
    whole = followed(content, indicator)
    if whole is not None:
        return np.where(takes, _left(content, indicator, whole), np.nan)
    given = np.full(len(content.years), np.nan)
    given[list(printed)] = list(printed.values())
    total = np.nan
    for one in sums:
        if one.scope != AREA or np.isnan(one.figure):
            continue  # where it only bounds, the path says what is handed out
        if one.year == TOTAL:
            total = one.figure
        elif np.isnan(given[one.year]):
            given[one.year] = one.figure
    years = np.array(content.years)
    if indicator.kind == "level":
        filled = fill_level(given, years, content.base_year, base, indicator.path)
    else:
        filled = fill_flow(given, years, content.base_year, base, total, indicator.path, takes)
    if not indicator.signed:
        filled = np.maximum(filled, 0.0)
    return np.where(takes, filled, np.nan)


def _left(content: PlanContent, indicator: Indicator, whole: Indicator) -> Floats:
    """Return what a sum leaves to a part, or the level that its yearly rises lead to.

    Several open parts share what is left by their bases; equally where one of them has none.
    """
    handed = _of_area(content, whole)
    if whole.increase_of == indicator.id:
        return np.asarray(settled_bases(content, indicator)[1] + np.cumsum(handed))
    parts = [content.indicators[content.indicator_index[name]] for name in whole.sum_of]
    open_parts = [one for one in parts if followed(content, one) is whole]
    others = [_of_area(content, one) for one in parts if one not in open_parts]
    rest = np.maximum(handed - np.nansum([np.zeros(len(handed)), *others], axis=0), 0.0)
    bases = np.array([settled_bases(content, one)[1] for one in open_parts])
    weights = bases if np.nansum(bases) > 0 and not np.isnan(bases).any() else np.ones(len(bases))
    return np.asarray(rest * weights[open_parts.index(indicator)] / weights.sum())


def _of_area(content: PlanContent, indicator: Indicator) -> Floats:
    """Return the area's sums of an indicator: data, figures, or the sum of its parts."""
    takes = np.asarray(assigned(content, indicator).any(axis=0))
    if indicator.kind == "given":
        values = np.where(content.applies(indicator), values_of(content, indicator.id, {})[0], 0.0)
        return np.asarray(np.nansum(values, axis=0))
    base, base_sum = settled_bases(content, indicator)
    area = next(scopes_of(content, indicator, base, base_sum))
    sums = list(sums_of(content, indicator, area, takes))
    if indicator.sum_of and not sums:
        parts = [content.indicators[content.indicator_index[name]] for name in indicator.sum_of]
        return np.asarray(np.nansum([_of_area(content, one) for one in parts], axis=0))
    return handed_out(content, indicator, sums, base_sum, takes, {})
