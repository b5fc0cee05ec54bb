"""Ratios that no quotas can meet, or only if their denominator gives way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from decompose.checking.issue import Found, Severity
from decompose.checking.reach import Reach
from decompose.checking.view import View
from decompose.figures import plain
from decompose.labels import say
from decompose.plan.models import Cumulative, Indicator
from decompose.plan.order import named, ratio_mode
from decompose.plan.ratios import PERCENT, Wanted, region_base, shown, wanted
from decompose.plan.targets import Target
from decompose.problem import AREA, Bools, Floats, group_scope
from decompose.series import series_of

NEGLIGIBLE = 1e-9
"""A gap of less than this, beside the numbers themselves, is none."""


@dataclass(frozen=True, eq=False)
class _Scope:
    """A scope of a ratio with what its target wants."""

    number: int
    members: Bools
    base: float
    wanted: list[Wanted]


def check_ratio_bounds(view: View) -> Iterator[Found]:
    """Find targets of a ratio that bounds of its regions, or of its parts, cannot meet."""
    if ratio_mode(view.plan, view.indicator) not in ("free", "bound"):
        return
    regional = _regional(view)
    top, bottom = _reach(view, view.indicator.numerator), _reach(view, view.indicator.denominator)
    for scope in _scopes(view):
        for goal in scope.wanted:
            found = list(_by_regions(view, scope, goal, regional))
            yield from found or _by_parts(view, scope, goal, top, bottom)


def _scopes(view: View) -> Iterator[_Scope]:
    plan, indicator, numbers = view.plan, view.indicator, view.series.ratio
    assert numbers is not None
    area = indicator.target
    everyone = np.ones(len(plan.regions), dtype=bool)
    scopes: list[tuple[int, Target, float, Bools]] = [(AREA, area, area.margin, everyone)]
    for name, target in indicator.group_targets.items():
        number = plan.group_index[plain(name)]
        margin = target.margin if "margin" in target.model_fields_set else area.margin
        scopes.append((group_scope(number), target, margin, plan.members[number]))
    for number, target, margin, members in scopes:
        base = numbers.base_of(members)
        goals = wanted(plan, target, base, margin, indicator.hand_out)
        yield _Scope(number, members, base, goals)


# ---- by the bounds of regions -------------------------------------------------------------------


def _regional(view: View) -> tuple[Floats, Floats]:
    """Return the least and greatest ratio of each region and year, in the printed unit."""
    indicator, numbers = view.indicator, view.series.ratio
    assert numbers is not None
    publish = indicator.publish
    free = ratio_mode(view.plan, indicator) == "free"
    shape = numbers.denominator.shape
    base = np.broadcast_to(region_base(numbers)[:, None], shape)
    low = np.full(shape, -np.inf if indicator.signed else 0.0)
    high = np.full(shape, np.inf)
    grids = view.series.grids
    for family, most in (("max", True), ("min", False)):
        if family in grids:
            value = _value(publish, grids[family].value, base)
            _tighten(low, high, value, most=most != (publish == "cut"))
    for name, locks in indicator.locks.items():
        for year, lock in locks.items():
            cell = view.plan.region_index[plain(name)], view.plan.year_index[int(year)]
            value = np.full(shape, np.nan)
            value[cell] = _value(publish, np.array(lock.value), base[cell])
            for most in (True, False):
                _tighten(low, high, value, most=most)
    cuts = publish == "cut" or indicator.target.cut or indicator.target.cut_each_year
    for family in ("cut.max", "cut.min"):
        cut = np.full(shape, 0.0 if family == "cut.min" and cuts else np.nan)
        if indicator.signed:
            cut[:] = np.nan
        if family in grids:
            grid = grids[family]
            years = {str(year) for year in view.plan.years}
            for number, path in enumerate(grid.paths):
                cells = grid.source == number
                if not years & set(path.split(".")):
                    cells[:, :-1] = False  # of the last year unless a year is named
                cut[cells] = grid.value[cells]
        _tighten(low, high, base * (1 - cut), most=family == "cut.min")
    if free and publish == "rise" and not indicator.signed:
        _tighten(low, high, base, most=False)
    return low, high


def _value(publish: str, number: Floats, base: Floats) -> Floats:
    """Turn published numbers into ratios."""
    if publish == "cut":
        return np.asarray(base * (1 - number / PERCENT))
    return np.asarray(base + number if publish == "rise" else number)


def _tighten(low: Floats, high: Floats, value: Floats, *, most: bool) -> None:
    said = ~np.isnan(value)
    if most:
        high[said] = np.minimum(high[said], value[said])
    else:
        low[said] = np.maximum(low[said], value[said])


def _by_regions(
    view: View, scope: _Scope, goal: Wanted, regional: tuple[Floats, Floats]
) -> Iterator[Found]:
    """Compare with the mean of the regions' bounds: weighted, or any mean where weights are open.

    A region without a denominator in a year has no ratio.
    """
    numbers = view.series.ratio
    assert numbers is not None
    below = numbers.denominator[:, goal.year]
    known = not np.isnan(below).all()
    takes = scope.members & view.plan.applies(view.indicator)[:, goal.year]
    takes &= ~np.isnan(below) if known else True
    if not takes.any():
        return
    low, high = (ends[takes, goal.year] for ends in regional)
    if known:
        weight = below[takes] / below[takes].sum()
        least, greatest = float(weight @ low), float(weight @ high)
    else:
        least, greatest = float(low.min()), float(high.max())
    if greatest < goal.lower - _slack(greatest):
        yield _tell(view, scope, goal, "ratio_of_regions", (greatest, goal.lower))
    elif least > goal.upper + _slack(least):
        yield _tell(view, scope, goal, "ratio_of_regions", (least, goal.upper))


def _slack(value: float) -> float:
    return NEGLIGIBLE * abs(value) if np.isfinite(value) else 0.0


def _tell(
    view: View,
    scope: _Scope,
    goal: Wanted,
    code: str,
    ends: tuple[float, float],
    *,
    warning: bool = False,
    **more: object,
) -> Found:
    """Tell a ratio that cannot be, in numbers as they are published: what can be, what must."""
    reachable, bound = (float(shown(view.indicator, end, scope.base)) for end in ends)
    digits = view.apart(min(reachable, bound), max(reachable, bound))
    message = say(
        code,
        name=view.indicator.label,
        scope=view.scope_name(scope.number),
        year=view.year_name(goal.year),
        reachable=view.amount(reachable, digits),
        bound=view.amount(bound, digits),
        gap=view.amount(abs(reachable - bound), digits),
        most=say("ratio_at_most" if reachable < bound else "ratio_at_least"),
        **more,
    )
    numbers = {"reachable": reachable, "bound": bound, "gap": abs(reachable - bound)}
    severity: Severity = "warning" if warning else "error"
    return Found(severity, view, message, scope.number, goal.year, numbers)


# ---- by the bounds of parts ---------------------------------------------------------------------


def _reach(view: View, source: str | Cumulative | None) -> Reach | None:
    """Return how far the rules of a numerator or denominator let it go; None for data."""
    name = named(source)
    if name is None:
        return None
    part = view.plan.indicators[view.plan.indicator_index[name]]
    if part.kind == "given":
        return None
    series = series_of(view.plan, part, {})
    open_cells = np.isnan(series.reference) & series.applies
    reference = np.where(open_cells, 0.0, series.reference)  # what follows a ratio has no cells yet
    found = Reach.of(View(view.plan, replace(series, reference=reference)))
    found.run(found.view.regions)
    found.gather()
    found.run(found.view.sums)
    return found


def _by_parts(
    view: View, scope: _Scope, goal: Wanted, top: Reach | None, bottom: Reach | None
) -> Iterator[Found]:
    """Compare with the greatest and least numerator over the denominator as it is planned."""
    numbers = view.series.ratio
    applies = view.plan.applies(view.indicator)[:, goal.year]
    if numbers is None or top is None or (scope.members & ~applies).any():
        return  # there is no numerator, or the parts' own sums speak of more regions
    first = 0 if isinstance(view.indicator.numerator, Cumulative) else goal.year
    years = slice(first, goal.year + 1)
    most = float(top.upper.bound[scope.number, years].sum())
    least = float(-top.lower.bound[scope.number, years].sum())
    planned, fewest, largest = _denominator(view, scope, goal, bottom)
    if not planned > 0:
        return
    scale = numbers.scale
    greatest, smallest = scale * most / planned, scale * least / planned
    step = scale * top.view.series.value_step / planned  # a narrower interval goes to the grid
    beside = step if goal.upper - goal.lower < step else 0.0
    short = greatest < goal.lower - beside - _slack(greatest)
    if short:
        never = fewest > 0 and scale * most / fewest < goal.lower
        ends, above, needed = (greatest, goal.lower), most, scale * most / goal.lower
    elif smallest > goal.upper + beside + _slack(smallest):
        never = not goal.upper > 0 or scale * least / largest > goal.upper
        ends, above = (smallest, goal.upper), least
        needed = np.inf if never else scale * least / goal.upper
    else:
        return
    bottom_part = _part(view, view.indicator.denominator)
    yield _tell(
        view,
        scope,
        goal,
        "ratio_never" if never else "ratio_by_denominator",
        ends,
        warning=not never,
        top=_part(view, view.indicator.numerator).label,
        above=_amount(_part(view, view.indicator.numerator), above),
        bottom=bottom_part.label,
        below=_amount(bottom_part, planned),
        needed=_amount(bottom_part, needed),
        way=say("planned_less" if needed < planned else "planned_more"),
        at=say("ratio_at_most" if short else "ratio_at_least"),
    )


def _denominator(
    view: View, scope: _Scope, goal: Wanted, bottom: Reach | None
) -> tuple[float, float, float]:
    """Return the denominator of a scope as it is planned, and the least and greatest it can be."""
    numbers = view.series.ratio
    assert numbers is not None
    if bottom is None:
        whole = float(np.nansum(numbers.denominator[scope.members, goal.year]))
        return whole, whole, whole
    figures = [
        one.figure
        for one in bottom.view.series.sums
        if one.scope == scope.number and one.year == goal.year and not np.isnan(one.figure)
    ]
    planned = figures[0] if figures else np.nan
    if not figures and scope.number == AREA:
        planned = float(bottom.view.series.handed[goal.year])
    least = float(-bottom.lower.bound[scope.number, goal.year])
    return planned, least, float(bottom.upper.bound[scope.number, goal.year])


def _part(view: View, source: str | Cumulative | None) -> Indicator:
    return view.plan.indicators[view.plan.indicator_index[named(source) or ""]]


def _amount(part: Indicator, value: float) -> str:
    return f"{value:.6g} {part.unit}".strip()
