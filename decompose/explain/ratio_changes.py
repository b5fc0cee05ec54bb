"""A rule of a ratio moved: its row speaks of published numbers, its figure of a value or a cut."""

from __future__ import annotations

import numpy as np

from decompose.build import Built
from decompose.explain.written import (
    as_percent,
    at_least,
    digits_of,
    limit_path,
    outward,
    said_at,
    with_number,
)
from decompose.figures import Sense
from decompose.plan import Plan
from decompose.plan.order import ratio_mode
from decompose.plan.ratios import PERCENT, RatioNumbers
from decompose.plan.steps import decimals_of
from decompose.plan.targets import RATIO_EACH_YEAR
from decompose.problem import AREA, FAMILIES, Bools, group_of
from decompose.series import Series


def ratio_moved(
    plan: Plan, built: Built, row: int, series: Series, bound: float, *, up: bool
) -> tuple[str, float | str] | None:
    """Return the path of a figure on a ratio, and the value with which its row has this bound.

    Parameters
    ----------
    plan, built, row, series
        The rule and its ratio.
    bound
        The row's new bound.
    up
        Whether it is the upper one.
    """
    rules, numbers = built.problem.rules, series.ratio
    if numbers is None:
        return None
    scope, year = int(rules.scope[row]), int(rules.year[row])
    members = plan.inside[scope]
    value = _value(plan, series, numbers, members, year, bound)
    base = numbers.base_of(members)
    path = built.problem.sources[rules.source[row]]
    # of a published cut, the row's upper end is the value's lower one
    falls = series.indicator.publish == "cut" and ratio_mode(plan, series.indicator) == "free"
    if ".limits." in path or FAMILIES[rules.family[row]].name.startswith("cut"):
        return _limit_moved(plan, built, row, series, value, base, up=up != falls)
    return path, _target_moved(plan, path, series, year, value, base, up=up != falls)


def part_of_area(plan: Plan, built: Built, row: int, series: Series) -> float:
    """Return how far the area's published ratio moves where that of a row's scope moves by 1.

    1 of rules that speak of numerators, or of no ratio at all.
    """
    rules, numbers = built.problem.rules, series.ratio
    if numbers is None or ratio_mode(plan, series.indicator) != "free":
        return 1.0
    weight, _ = numbers.weights(plan.inside[AREA], int(rules.year[row]))
    part = weight[plan.inside[int(rules.scope[row])]].sum()
    return float(part / weight.sum()) if part else 1.0


def _value(
    plan: Plan, series: Series, numbers: RatioNumbers, members: Bools, year: int, bound: float
) -> float:
    """Return a scope's ratio where its row is at a bound."""
    if ratio_mode(plan, series.indicator) == "free":
        weight, constant = numbers.weights(members, year)
        return constant + float(weight.sum()) * bound
    cells = members & ~np.isnan(numbers.factor[:, year])
    return numbers.scale * bound / float(numbers.denominator[cells, year].sum())


def _limit_moved(
    plan: Plan, built: Built, row: int, series: Series, value: float, base: float, *, up: bool
) -> tuple[str, float | str]:
    """Move a limit on a value or a cut; ``up`` says which end of the value yields."""
    indicator, family = series.indicator, _limit_family(built, row)
    own = limit_path(plan, built, row, family)
    if family.startswith("cut"):
        return own, as_percent(1 - value / base, up=not up)
    if indicator.publish == "cut":
        return own, outward(PERCENT * (1 - value / base), decimals_of(indicator), up=not up)
    shown = value - base if indicator.publish == "rise" else value
    return own, outward(shown, decimals_of(indicator), up=up)


def ratio_limit(built: Built, row: int, series: Series) -> float | str:
    """Return the figure of a limit on a ratio as it stands today."""
    rules = built.problem.rules
    family = _limit_family(built, row)
    scope, year = int(rules.scope[row]), int(rules.year[row])
    grid = series.grids.get(family)
    value = np.nan
    if grid is not None:
        layer = grid.value if scope > AREA else grid.groups
        own = layer[scope if scope > AREA else group_of(scope)] if scope != AREA else grid.area
        value = float(own[year])
    if not family.startswith("cut"):
        return value
    # unless the plan says so, a cut is between nothing and all
    return as_percent(float(family == "cut.max") if np.isnan(value) else value, up=True)


def limit_named(path: str) -> str:
    """Return the name of a limit (``max``, ``cut.min``, …) from its path."""
    keys = path.split(".limits.")[1].split(".")
    return f"cut.{keys[1]}" if keys[0] == "cut" else keys[0]


def as_said(plan: Plan, built: Built, row: int, series: Series, bound: float) -> tuple[float, bool]:
    """Return what a row's value means in the words of its figure, and whether that is a rate.

    A cut is a rate (a fraction); a value, and a rise, are in the printed unit.
    """
    rules, numbers = built.problem.rules, series.ratio
    path = built.problem.sources[rules.source[row]]
    if numbers is None:
        return bound, False
    members = plan.inside[rules.scope[row]]
    value = _value(plan, series, numbers, members, int(rules.year[row]), bound)
    base = numbers.base_of(members)
    name = limit_named(path) if ".limits." in path else path.rpartition(".")[2]
    own = ".limits." in path or ".locks." in path  # they speak of what is published
    age = int(np.cumsum(plan.gaps)[rules.year[row]])
    if name == "cut_each_year":
        return 1 - max(value / base, 0.0) ** (1 / age), True
    if name == "rise_each_year":
        return (value - base) / age, False
    if name.startswith("cut"):
        return 1 - value / base, True
    if name == "rise" or (own and series.indicator.publish == "rise"):
        return value - base, False
    if own and series.indicator.publish == "cut":
        return PERCENT * (1 - value / base), False
    return value, False


def _limit_family(built: Built, row: int) -> str:
    """Return the name of the limit that a rule comes from; that of a scope stands in its path."""
    rules = built.problem.rules
    family = FAMILIES[int(rules.family[row])].name
    if family != "ratio":
        return family
    path = built.problem.sources[rules.source[row]]
    return limit_named(path)


def _target_moved(
    plan: Plan, path: str, series: Series, year: int, value: float, base: float, *, up: bool
) -> float | str:
    """Move a target's figure so that a year's value is this one; its words are kept."""
    said = said_at(series.indicator, path)
    figure, name, margin = said.figure, said.name, said.margin
    digits = decimals_of(series.indicator)
    ages = np.cumsum(plan.gaps)
    part = float(ages[year] / (1 if name in RATIO_EACH_YEAR else ages[-1]))
    if name.startswith("rise"):
        moved = (value - base) / part / margin
        if figure.value >= 0 > moved > -(10.0**-digits):  # what is printed of a cut is seen in it
            moved = 0.0
        return with_number(figure, moved, up=up, digits=digits)
    kept = max(value / base, 0.0) ** (1 / part) if base else 0.0  # nothing is cut by more than all
    if name.startswith("cut"):
        rate = (1 - kept) / margin
        if series.indicator.tiers is not None and figure.sense is Sense.EXACT:
            return at_least(figure, min(rate, figure.value), series.indicator.label)
        return with_number(figure, rate, up=not up)
    if (
        said.year is not None and said.year != plan.years[year]
    ):  # a year on the way to one that is given
        value = base * kept
    if series.indicator.publish == "cut":  # the digits are those of the cut
        digits = max(digits, digits_of(figure.value))
    return with_number(figure, value / margin, up=up, digits=digits)
