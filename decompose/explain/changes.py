"""A rule moved: which value of the plan to change, and to what, so that it yields by so much."""

from __future__ import annotations

import math

import numpy as np

from decompose.build import Built
from decompose.explain.ratio_changes import ratio_limit, ratio_moved
from decompose.explain.written import (
    as_percent,
    bounds_sum,
    handed_out_as,
    limit_path,
    outward,
    said_at,
    sayable,
    with_number,
)
from decompose.figures import Sense
from decompose.plan import Plan
from decompose.plan.scopes import limit_grids
from decompose.plan.steps import decimals_of, step_of, value_step_of
from decompose.plan.targets import Target
from decompose.problem import AREA, FAMILIES, Floats, group_of
from decompose.series import Series

POINT = 0.01
"""One step of relief on a rate: a percentage point."""

_LIMITS = ("max", "min", "total.max", "total.min")
_RAMPS = ("ramp.max", "ramp.min")
_RATES = ("growth.max", "growth.min", "share.max", "share.min", "share_shift")
_SHARES_OF = ("at_least_share", "at_most_share")
_LOOSE_UP = ("growth.max", "share.max", "share_shift", "at_most_share")
_OF_RATIOS = ("ratio", "max", "min", "cut.max", "cut.min")


def is_rate(built: Built, row: int) -> bool:
    """Whether a rule's own figure is a rate that ties cells together."""
    rules = built.problem.rules
    family = FAMILIES[rules.family[row]].name
    if family == "growth_each_year":
        return bool(built.problem.sources[rules.source[row]].endswith(family))
    return family in (*_RATES, *_SHARES_OF)


def one_step(plan: Plan, built: Built, row: int) -> float:
    """Return one step of relief on a rule: a step of what its row adds up, a point of a rate."""
    problem = built.problem
    if is_rate(built, row):
        return POINT
    columns = problem.rules.matrix.take(np.array([row])).column
    own = int(problem.rules.indicator[row])
    if len(columns) and own not in problem.column_indicator[columns]:
        return float(problem.step[columns].min())  # a bound ratio speaks of its numerator
    return step_of(plan.indicators[own])


def own_amount(plan: Plan, built: Built, row: int, amount: float, x: Floats) -> float:
    """Turn what a row must yield into what its figure must: of a rate, at the answer x.

    Parameters
    ----------
    plan, built, row
        The rule.
    amount
        In the unit of the row.
    x
        One value per column.
    """
    if not is_rate(built, row):
        return amount
    rules = built.problem.rules
    family, year = FAMILIES[rules.family[row]].name, int(rules.year[row])
    part = built.stated.matrix.take(np.array([row]))
    value = np.concatenate([x, built.offset + built.follows.dot(x)])[part.column]
    if family.startswith("share"):
        return _divided(amount, float(value.sum()))
    rate = rate_of(plan, built, row)
    if family in _SHARES_OF:
        upper = math.isfinite(rules.upper[row])
        bound = (rules.upper if upper else rules.lower)[row] + rules.constant[row]
        other = float((value * part.value < 0) @ value)
        settled = bool((part.value > 0).all()) and rate > 0
        return _divided(amount, abs(float(bound)) / rate if settled else other)
    before = _base(plan, built, row) if year == 0 else float(value[part.value < 0].sum())
    upper = math.isfinite(rules.upper[row])
    gap = int(plan.gaps[year])
    factor = (1 + rate) ** gap + (1.0 if upper else -1.0) * _divided(amount, before)
    return float(abs(max(factor, 0.0) ** (1 / gap) - 1 - rate))


def limit_in_row(plan: Plan, built: Built, row: int) -> float:
    """Return a share's or a rise's own figure in the unit of its row, at the references.

    NaN of other rules: their bound is their figure, or grows with it.
    """
    rules, family = built.problem.rules, FAMILIES[built.problem.rules.family[row]].name
    if family in _RAMPS:
        return abs(rate_of(plan, built, row)) * int(plan.gaps[rules.year[row]])
    if not family.startswith("share"):
        return math.nan
    columns = rules.matrix.take(np.array([row])).column
    return rate_of(plan, built, row) * float(built.problem.reference[columns].sum())


def _divided(amount: float, whole: float) -> float:
    return amount / whole if whole > 0 else math.inf


def moved(
    plan: Plan, built: Built, row: int, amount: float, *, up: bool
) -> tuple[str, float | str | None] | None:
    """Return the path of a rule's own figure and its value once it has moved.

    Parameters
    ----------
    plan, built, row
        The rule.
    amount
        By how much: in the unit of its row; of a rate (``is_rate``) in its own terms.
    up
        Whether an upper bound rises, or a lower bound falls.

    Returns
    -------
    A path as in ``with_changes``, as specific as the rule, and the value to put there, rounded so
    that it yields at least that much; None there where the rule is dropped, and None where it has
    no figure.
    """
    rules = built.problem.rules
    family, number = FAMILIES[rules.family[row]].name, int(rules.indicator[row])
    if not math.isfinite(amount):
        return None
    indicator = plan.indicators[number]
    series = series_at(built, row)
    path = built.problem.sources[rules.source[row]]
    limit = limit_path(plan, built, row, family)
    sign = 1.0 if up else -1.0
    bound = float((rules.upper if up else rules.lower)[row] + rules.constant[row])
    if series.ratio is not None and family in _OF_RATIOS:
        return ratio_moved(plan, built, row, series, bound + sign * amount, up=up)
    if family in _LIMITS:
        return limit, outward(bound + sign * amount, decimals_of(indicator), up=up)
    if family in _RAMPS:
        rise = rate_of(plan, built, row) + sign * amount / int(plan.gaps[rules.year[row]])
        return limit, outward(rise, decimals_of(indicator), up=up)
    if family in (*_RATES, *_SHARES_OF):
        looser = family in _LOOSE_UP
        rate = rate_of(plan, built, row) + (amount if looser else -amount)
        where = path if family in _SHARES_OF else limit
        return where, as_percent(sayable(where, rate), up=looser)
    if family == "lock" and series.growth is not None:
        if not rules.single[row]:
            return None  # of a later year: what it comes to depends on the years before
        part = float(rules.matrix.value[rules.matrix.start[row]])
        rate = (bound - float(rules.constant[row]) + sign * amount) / part
        return f"{path}.value", outward(rate, decimals_of(indicator), up=up)
    if family == "lock":
        return f"{path}.value", outward(bound + sign * amount, decimals_of(indicator), up=up)
    if family == "monotone":
        return f"indicators.{indicator.id}.limits.monotone", None
    if family in ("target", "growth_each_year"):
        return path, _figure_moved(plan, built, row, series, sign * amount)
    return None


def series_at(built: Built, row: int) -> Series:
    """Return the indicator that a rule speaks of, as numbers."""
    number = built.problem.rules.indicator[row]
    return next(one for one in built.series if one.number == number)


def figure_of(plan: Plan, built: Built, row: int) -> float | str | None:
    """Return a rule's own figure as it stands today: a number, a percentage or words."""
    rules = built.problem.rules
    family, number = FAMILIES[rules.family[row]].name, int(rules.indicator[row])
    indicator = plan.indicators[number]
    path = built.problem.sources[rules.source[row]]
    if family in (*_RATES, *_SHARES_OF):
        return as_percent(rate_of(plan, built, row), up=True)
    if family in _RAMPS:
        return rate_of(plan, built, row)
    if family == "monotone":
        return indicator.limits.monotone
    if ".target." in path or ".group_targets." in path:
        return said_at(indicator, path).figure.raw()
    if indicator.kind == "ratio" and family in _OF_RATIOS:
        return ratio_limit(built, row, series_at(built, row))
    if family == "lock":
        *_, region, when = path.split(".")
        return indicator.locks[region][when].value
    if FAMILIES[rules.family[row]].rate:
        return as_percent(rate_of(plan, built, row), up=True)
    bound = rules.upper[row] if math.isfinite(rules.upper[row]) else rules.lower[row]
    return outward(float(bound + rules.constant[row]), decimals_of(indicator), up=True)


def rate_of(plan: Plan, built: Built, row: int) -> float:
    """Return the rate that a rule allows (growth, share, shift, share of another), or the rise."""
    rules = built.problem.rules
    family = FAMILIES[rules.family[row]].name
    indicator = plan.indicators[rules.indicator[row]]
    path = built.problem.sources[rules.source[row]]
    if family in _SHARES_OF:
        return float(getattr(indicator.links[int(path.split(".")[-2])], family))
    scope, year = int(rules.scope[row]), int(rules.year[row])
    if family == "growth_each_year":
        chain = next(
            one
            for series in built.series
            for one in series.chains
            if one.path == path and one.scope == scope
        )
        end = chain.upper if math.isfinite(rules.upper[row]) else chain.lower
        assert end is not None  # or there would be no such row
        return end[0] - 1
    series = series_at(built, row)
    # those of published growth are on the grid of its rates, not as the plan says them
    grids = series.grids if series.growth is None else limit_grids(plan, indicator)
    grid = grids.get(family)
    if grid is not None and scope == AREA:
        return float(grid.area[year])
    found = math.nan
    if grid is not None:
        found = grid.value[scope, year] if scope > AREA else grid.groups[group_of(scope), year]
    return 0.0 if math.isnan(found) else float(found)  # no growth is below 0 unless that is said


def _base(plan: Plan, built: Built, row: int) -> float:
    rules = built.problem.rules
    return _base_of(plan, series_at(built, row), int(rules.scope[row]))


def _base_of(plan: Plan, series: Series, scope: int) -> float:
    if scope > AREA:
        return float(series.base[scope])
    if scope == AREA:
        return series.base_sum
    return float(np.nansum(series.base[plan.members[group_of(scope)]]))


def _figure_moved(plan: Plan, built: Built, row: int, series: Series, change: float) -> float | str:
    """Move the figure of a target on a sum; its words are kept."""
    rules = built.problem.rules
    scope, year = int(rules.scope[row]), int(rules.year[row])
    said = said_at(series.indicator, built.problem.sources[rules.source[row]])
    figure, name, margin, up = said.figure, said.name, said.margin, change > 0
    bound = float((rules.upper if up else rules.lower)[row] + rules.constant[row])
    if is_rate(built, row):
        return with_number(figure, figure.value + change / margin, up=up)
    if name in ("growth", "growth_each_year"):
        start, age = _start(plan, series, said.target, scope, year)
        rate = max((bound + change) / start, 0.0) ** (1 / age) - 1
        return with_number(figure, rate / margin, up=up)
    if name == "increase_each_year":
        change /= _start(plan, series, said.target, scope, year)[1]
    if name == "per_region":
        change /= round(bound / (figure.value * margin)) or 1
    digits = decimals_of(series.indicator)
    if said.year is not None or name in ("each_year", "total"):
        if figure.sense is Sense.ABOUT:  # its ends are what the row holds
            end = 1 + math.copysign(said.target.tolerance, change)
            return with_number(figure, (bound + change) / (margin * end), up=up, digits=digits)
        if figure.sense is Sense.EXACT and margin != 1:
            step = value_step_of(series.indicator)
            found = handed_out_as(bound + change, margin, step, digits)
            if found is not None:
                return with_number(figure, found[0], up=up, digits=found[1])
    now = figure.upper if up and figure.upper is not None else figure.value
    if bounds_sum(series.indicator, said) and abs(bound - now * margin) < step_of(series.indicator):
        now = bound / margin  # what is handed out is a whole number of steps
    return with_number(figure, now + change / margin, up=up, digits=digits)


def _start(plan: Plan, series: Series, target: Target, scope: int, year: int) -> tuple[float, int]:
    """Return from where a yearly rate runs to a year: the value there, and how long ago."""
    given = [
        (then, figure.value)
        for then, figure in target.years.items()
        if figure.given and then < plan.years[year]
    ]
    start, value = max(given, default=(plan.base_year, _base_of(plan, series, scope)))
    return value, plan.years[year] - start
