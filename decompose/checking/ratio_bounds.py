"""Ratios that no quotas can meet, or only if their denominator gives way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from decompose.checking.issue import Found, Severity
from decompose.checking.printed import percent
from decompose.checking.reach import Reach
from decompose.checking.view import View
from decompose.figures import plain
from decompose.labels import say
from decompose.plan.models import Cumulative, Indicator, Tiers
from decompose.plan.order import named, ratio_mode
from decompose.plan.ratios import PERCENT, Wanted, region_base, shown, values_of, wanted
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
    regional, parts = _regional(view), PartReach(view)
    for scope in _scopes(view):
        for goal in scope.wanted:
            found = list(_by_regions(view, scope, goal, regional))
            yield from found or _by_parts(view, scope, goal, parts)


def _scopes(view: View) -> Iterator[_Scope]:
    plan, indicator, numbers = view.plan, view.indicator, view.series.ratio
    assert numbers is not None
    area = indicator.target
    everyone = np.ones(len(plan.regions), dtype=bool)
    scopes: list[tuple[int, Target, float, Bools]] = [(AREA, area, area.margin, everyone)]
    for name, target in indicator.group_targets.items():
        number = plan.group_index[plain(name)]
        margin = target.margin_under(area)
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
    if free and indicator.tiers is not None:
        _on_steps(view, indicator.tiers, base[:, -1], low[:, -1], high[:, -1])
    return low, high


def _on_steps(view: View, tiers: Tiers, base: Floats, low: Floats, high: Floats) -> None:
    """Bring the last year's bounds of each region inward to the steps that it can take."""
    steps = np.broadcast_to(np.array(tiers.values), (len(base), len(tiers.values)))
    if tiers.by is not None:
        steps = view.plan.series(tiers.by, rate=True)[:, None]
    value = base[:, None] * (1 - steps)
    slack = NEGLIGIBLE * (1 + np.abs(value))
    allowed = (value >= low[:, None] - slack) & (value <= high[:, None] + slack)
    some = allowed.any(axis=1)
    low[some] = np.where(allowed, value, np.inf).min(axis=1)[some]
    high[some] = np.where(allowed, value, -np.inf).max(axis=1)[some]


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
    tiers = view.indicator.tiers
    stepped = tiers is not None and goal.year == view.years - 1
    code = "ratio_of_tiers" if stepped else "ratio_of_regions"
    steps = [percent(one) for one in tiers.values] if tiers is not None else []
    if greatest < goal.lower - _slack(greatest):
        yield _tell(view, scope, goal, code, (greatest, goal.lower), tiers=steps)
    elif least > goal.upper + _slack(least):
        yield _tell(view, scope, goal, code, (least, goal.upper), tiers=steps)


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
        gap=view.difference(abs(reachable - bound), digits),
        most=say("ratio_at_most" if reachable < bound else "ratio_at_least"),
        **more,
    )
    numbers = {"reachable": reachable, "bound": bound, "gap": abs(reachable - bound)}
    severity: Severity = "warning" if warning else "error"
    return Found(severity, view, message, scope.number, goal.year, numbers)


# ---- by the bounds of parts ---------------------------------------------------------------------


class Span(NamedTuple):
    """How far a scope's numerator can go in a year, and its denominator: as planned, and how far.

    Attributes
    ----------
    least, most
        The numerator.
    planned, fewest, largest
        The denominator as it is handed out, and the least and greatest that it can be.
    step
        Of the numerator; 0 for data.
    """

    least: float
    most: float
    planned: float
    fewest: float
    largest: float
    step: float


class PartReach:
    """Numerator and denominator of a ratio, and how far their rules let them go."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.top = _reach(view, view.indicator.numerator)
        self.bottom = _reach(view, view.indicator.denominator)

    def span(self, scope: int, members: Bools, year: int) -> Span | None:
        """Return how far both can go; None where they are unknown, or speak of more regions."""
        view = self.view
        numbers, source = view.series.ratio, view.indicator.numerator
        if numbers is None or source is None or (members & ~self._applies(year)).any():
            return None
        step = 0.0
        if self.top is None:
            least = most = float(np.nansum(values_of(view.plan, source, {})[0][members, year]))
        else:
            first = 0 if isinstance(source, Cumulative) else year
            years = slice(first, year + 1)
            most = float(self.top.upper.bound[scope, years].sum())
            least = float(-self.top.lower.bound[scope, years].sum())
            step = self.top.view.series.value_step
        planned, fewest, largest = self._denominator(scope, members, year)
        return Span(least, most, planned, fewest, largest, step) if planned > 0 else None

    def _applies(self, year: int) -> Bools:
        return np.asarray(self.view.plan.applies(self.view.indicator)[:, year])

    def _denominator(self, scope: int, members: Bools, year: int) -> tuple[float, float, float]:
        numbers = self.view.series.ratio
        assert numbers is not None
        if self.bottom is None:
            whole = float(np.nansum(numbers.denominator[members, year]))
            return whole, whole, whole
        series = self.bottom.view.series
        figures = [
            one.figure
            for one in series.sums
            if one.scope == scope and one.year == year and not np.isnan(one.figure)
        ]
        planned = figures[0] if figures else np.nan
        if not figures and scope == AREA:
            planned = float(series.handed[year])
        least = float(-self.bottom.lower.bound[scope, year])
        return planned, least, float(self.bottom.upper.bound[scope, year])


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


def _by_parts(view: View, scope: _Scope, goal: Wanted, parts: PartReach) -> Iterator[Found]:
    """Compare with the greatest and least numerator over the denominator as it is planned."""
    span = parts.span(scope.number, scope.members, goal.year)
    if span is None or parts.top is None or view.series.ratio is None:
        return
    scale = view.series.ratio.scale
    greatest, smallest = scale * span.most / span.planned, scale * span.least / span.planned
    step = scale * span.step / span.planned  # a narrower interval goes to the grid
    beside = step if goal.upper - goal.lower < step else 0.0
    short = greatest < goal.lower - beside - _slack(greatest)
    if short:
        never = span.fewest > 0 and scale * span.most / span.fewest < goal.lower
        ends, above, needed = (greatest, goal.lower), span.most, scale * span.most / goal.lower
    elif smallest > goal.upper + beside + _slack(smallest):
        never = not goal.upper > 0 or scale * span.least / span.largest > goal.upper
        ends, above = (smallest, goal.upper), span.least
        needed = np.inf if never else scale * span.least / goal.upper
    else:
        return
    bottom = part_of(view, view.indicator.denominator)
    top = part_of(view, view.indicator.numerator)
    yield _tell(
        view,
        scope,
        goal,
        "ratio_never" if never else "ratio_by_denominator",
        ends,
        warning=not never,
        top=top.label,
        above=amount(top, above),
        bottom=bottom.label,
        below=amount(bottom, span.planned),
        needed=amount(bottom, needed),
        way=say("planned_less" if needed < span.planned else "planned_more"),
        at=say("ratio_at_most" if short else "ratio_at_least"),
    )


def part_of(view: View, source: str | Cumulative | None) -> Indicator:
    """Return the indicator that is a numerator or denominator."""
    return view.plan.indicators[view.plan.indicator_index[named(source) or ""]]


def amount(part: Indicator, value: float) -> str:
    """Write a quantity of an indicator with its unit."""
    return f"{value:.6g} {part.unit}".strip()
