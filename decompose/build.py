"""Plan → Problem: a column for every cell that has a quota, the rows of every family."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from decompose.constraints import FAMILY_RULES, Context
from decompose.plan.content import PlanContent
from decompose.problem import Ints, Problem, Rules
from decompose.series import Series, series_of


class Built(NamedTuple):
    """A problem, with the series that it was made of and the column of each of their cells."""

    problem: Problem
    series: tuple[Series, ...]
    columns: tuple[Ints, ...]


def build(plan: PlanContent) -> Built:
    """Turn a plan into a problem.

    Columns stand in the order of indicators, regions and years; rows in the order of indicators
    and families.
    """
    series = tuple(series_of(plan, indicator) for indicator in plan.indicators)
    columns = _columns(series)
    blocks = []
    sources: list[str] = []
    for one, column in zip(series, columns, strict=True):
        context = Context(plan, one, column, columns)
        for write in FAMILY_RULES.values():
            block = write(context)
            if len(block.rules):
                blocks.append(_shifted(block.rules, len(sources)))
                sources += block.paths
    cells = [np.nonzero(column >= 0) for column in columns]
    owner = np.repeat(np.arange(len(series)), [len(regions) for regions, _ in cells])
    problem = Problem(
        indicators=tuple(indicator.id for indicator in plan.indicators),
        regions=plan.region_names,
        groups=plan.group_names,
        members=plan.members,
        years=plan.years,
        area=plan.area,
        sources=tuple(sources),
        column_indicator=owner,
        column_region=np.concatenate([regions for regions, _ in cells]),
        column_year=np.concatenate([years for _, years in cells]),
        signed=np.array([one.indicator.signed for one in series])[owner],
        step=np.array([one.step for one in series])[owner],
        reference=np.concatenate([one.reference[~np.isnan(one.reference)] for one in series]),
        rules=Rules.stack(blocks),
        fairness=tuple(indicator.fairness for indicator in plan.indicators),
        names=tuple(indicator.label for indicator in plan.indicators),
    )
    return Built(problem, series, columns)


def _columns(series: tuple[Series, ...]) -> tuple[Ints, ...]:
    """Give a number to each cell that has a reference, -1 to the others."""
    found: list[Ints] = []
    size = 0
    for one in series:
        cells = ~np.isnan(one.reference)
        column = np.full(cells.shape, -1, dtype=np.int64)
        column[cells] = np.arange(size, size + int(cells.sum()))
        size += int(cells.sum())
        found.append(column)
    return tuple(found)


def _shifted(rules: Rules, offset: int) -> Rules:
    """Count sources within the problem, not within the block."""
    return replace(rules, source=rules.source + offset)
