"""What cannot be handed out: by how much printed sums and ratios miss targets that gave way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np

from decompose.figures import Sense, plain
from decompose.plan import Indicator, Plan, Target
from decompose.plan.order import ratio_mode
from decompose.plan.ratios import scope_ratio
from decompose.plan.steps import as_printed, down, nearest, up
from decompose.problem import AREA, FAMILIES, TOTAL, Floats, group_of
from decompose.series import Chain, RatioRow, Series, Sum
from decompose.settle import Settled
from decompose.stage import Stage

BELOW, ABOVE = 1, -1
"""Ways to miss a target: its sum falls short, or exceeds it."""
Missed = dict[tuple[str, str, int, int], int]
"""The targets that gave way: family, path, scope, year; and which way they are missed."""


class Gap(NamedTuple):
    """A target that is missed in print.

    Attributes
    ----------
    indicator
        Its id.
    scope, year
        AREA or ``group_scope``; index of the year, or TOTAL.
    target, quota, gap
        What was to be handed out (margin included), what is, and the rest of it: below 0 where
        other rules force more than the target allows.
    """

    indicator: str
    scope: int
    year: int
    target: float
    quota: float
    gap: float


def gaps_of(settled: Settled) -> tuple[Gap, ...]:
    """List the gaps of a settled plan, in plan order: the area's, then the groups', by year."""
    plan = settled.plan
    found = [
        gap
        for stage in settled.stages
        if stage.missed.any()
        for series in stage.built.series
        for gap in _gaps_of(settled, series, _missed(stage, series))
    ]
    order = plan.indicator_index
    years = len(plan.years)
    return tuple(
        sorted(found, key=lambda one: (order[one.indicator], -one.scope, one.year % (years + 1)))
    )


def printed_gaps(plan: Plan, one: Indicator, gaps: Iterable[Gap], scope: int) -> Floats:
    """Return what annexes print as the gap of a scope: by year, then over all years.

    Parameters
    ----------
    plan, one
        The plan, and the indicator whose gap it is.
    gaps
        What ``gaps_of`` found.
    scope
        AREA or ``group_scope``.
    """
    found = np.full(len(plan.years) + 1, np.nan)
    for gap in gaps:
        if (gap.indicator, gap.scope) == (one.id, scope):
            found[gap.year] = gap.gap
    by_year = found[:-1]
    if np.isnan(by_year).all():
        return found
    if one.kind == "level" and one.publish == "increment":
        change = as_printed(np.diff(np.nan_to_num(by_year), prepend=0.0))
        found[:-1] = np.where(change == 0, np.nan, change)
    total = _target(plan, one, scope).total
    if one.kind == "flow" and not (total and total.given):
        found[-1] = as_printed(np.nansum(by_year, keepdims=True))[0]
    return found


def _target(plan: Plan, one: Indicator, scope: int) -> Target:
    if scope == AREA:
        return one.target
    name = plain(plan.group_names[group_of(scope)])
    return next(target for key, target in one.group_targets.items() if plain(key) == name)


def _missed(stage: Stage, series: Series) -> Missed:
    """Return the targets of an indicator that are missed before rounding."""
    rules = stage.problem.rules
    rows = np.flatnonzero((stage.missed != 0) & (rules.indicator == series.number))
    labels = zip(
        [FAMILIES[k].name for k in rules.family[rows]],
        [stage.problem.sources[k] for k in rules.source[rows]],
        rules.scope[rows].tolist(),
        rules.year[rows].tolist(),
        strict=True,
    )
    return dict(zip(labels, stage.missed[rows].tolist(), strict=True))


def _gaps_of(settled: Settled, series: Series, missed: Missed) -> Iterator[Gap]:
    """Give the gaps of one indicator; of several targets for one sum, the one that is largest."""
    if series.ratio is not None:
        yield from _of_ratio(settled, series, missed)
        return
    found: dict[tuple[int, int], Gap] = {}
    for scope in {scope for _, _, scope, _ in missed}:
        printed = _printed(settled, series, scope)
        for one in series.sums:
            way = missed.get(("target", one.path, one.scope, one.year))
            if one.scope == scope and way is not None:
                _keep(found, _of_sum(series, one, way, printed))
        for chain in series.chains:
            if chain.scope == scope:
                _add_chain(found, settled.plan, series, chain, missed, printed)
    yield from found.values()


def _keep(found: dict[tuple[int, int], Gap], gap: Gap | None) -> None:
    if gap is None:
        return
    before = found.get((gap.scope, gap.year))
    if before is None or abs(gap.gap) > abs(before.gap):
        found[gap.scope, gap.year] = gap


def _gap(series: Series, scope: int, year: int, target: float, quota: float) -> Gap:
    """Make a gap, exact in whole steps."""
    steps = np.rint(np.array([target, quota]) / series.step)
    numbers = as_printed(np.append(steps, steps[0] - steps[1]) * series.step)
    return Gap(series.indicator.id, scope, year, *numbers.tolist())


def _of_sum(series: Series, one: Sum, way: int, printed: Floats) -> Gap | None:
    """Return what a sum misses of its figure; None where rounding brought it within its bounds."""
    lower, upper = one.carried
    bound = lower if way == BELOW else upper
    quota = float(np.nansum(printed)) if one.year == TOTAL else float(printed[one.year])
    if (bound - quota) * way < series.step / 2:
        return None
    return _gap(series, one.scope, one.year, bound if np.isnan(one.figure) else one.figure, quota)


def _add_chain(
    found: dict[tuple[int, int], Gap],
    plan: Plan,
    series: Series,
    chain: Chain,
    missed: Missed,
    printed: Floats,
) -> None:
    """Add what a yearly rate asks beyond the figures: more (or less) than the year before says.

    The year before counts with its own gap: as the area's row prints it.
    """
    for year, apart in enumerate(plan.gaps.tolist()):
        way = missed.get(("growth_each_year", chain.path, chain.scope, year))
        end = chain.lower if way == BELOW else chain.upper
        if way is None or end is None:
            continue
        before = _base(plan, series, chain.scope) if year == 0 else float(printed[year - 1])
        if year and (chain.scope, year - 1) in found:
            before += found[chain.scope, year - 1].gap
        wanted = (end[0] ** apart if chain.rate else 1.0) * before + end[1] * apart
        target = (up if way == BELOW else down)(wanted, series.step)
        if (target - float(printed[year])) * way > series.step / 2:
            _keep(found, _gap(series, chain.scope, year, target, float(printed[year])))


def _base(plan: Plan, series: Series, scope: int) -> float:
    if scope == AREA:
        return series.base_sum
    return float(np.nansum(series.base[plan.inside[scope]]))


def _printed(settled: Settled, series: Series, scope: int) -> Floats:
    """Return the printed sums of a scope by year (of a level, also where its rise is published)."""
    printed = settled.printed.get(series.indicator.id)
    if printed is None:  # no region takes part
        return np.zeros(len(settled.plan.years))
    values = printed[settled.plan.inside[scope]]
    return as_printed(np.nansum(values, axis=0))


def _of_ratio(settled: Settled, series: Series, missed: Missed) -> Iterator[Gap]:
    plan, found = settled.plan, dict[tuple[int, int], Gap]()
    for row in series.ratio_rows:
        way = missed.get(("ratio", row.path, row.scope, row.year))
        if way is None:
            continue
        if ratio_mode(plan, series.indicator) == "bound" and series.indicator.publish == "cut":
            way = -way  # the rule stands on numerators: what they have too much, the cut lacks
        printed = scope_ratio(plan, series.indicator, settled.printed, plan.inside[row.scope])
        target = _on_grid(row, way, series.step)
        gap = _gap(series, row.scope, row.year, target, float(printed[row.year]))
        if gap.gap * way > 0:
            _keep(found, gap)
    yield from found.values()


def _on_grid(row: RatioRow, way: int, step: float) -> float:
    """Return what a ratio must be in print: no less than "at least", no more than "at most"."""
    if row.said.sense in (Sense.AT_LEAST, Sense.AT_MOST):
        return up(row.target, step) if way == BELOW else down(row.target, step)
    return nearest(row.target, step)
