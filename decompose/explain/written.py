"""What moves, as a plan writes it: where it stands, two digits on the safe side, words kept."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import NamedTuple

from decompose.build import Built
from decompose.figures import Figure, Sense
from decompose.labels import figure as in_digits
from decompose.labels.figures import AT_LEAST_AFTER, AT_LEAST_BEFORE
from decompose.plan import Indicator, Plan
from decompose.plan.scopes import Place, find_place
from decompose.plan.steps import SNAP, nearest
from decompose.plan.targets import Target
from decompose.problem import AREA, TOTAL, group_of

PERCENT_DIGITS = 2
"""Digits of a rate that moves: 36.52 %."""
_NUMBER = re.compile(r"((?<![\d%])[-−]?\d[\d,]*(?:\.\d+)?)(\s*%)?")
MORE_DIGITS = 3
"""So many digits more, at most, has a figure that is handed out with a margin."""
EXACT = 1e-7
"""A number this near to its last digit (in that digit) has it already."""


class Said(NamedTuple):
    """A figure of a target, as the plan says it."""

    target: Target
    figure: Figure
    name: str
    """The last key that leads to it: a year, ``total``, ``growth``, …"""
    year: int | None
    """The year that it speaks of, where it stands under ``years``."""
    margin: float
    """What it is multiplied by before it is handed out."""


def limit_path(plan: Plan, built: Built, row: int, family: str) -> str:
    """Return where a limit on no more than a rule's scope and year stands, or would stand.

    One that the plan has is changed under its own keys (the total's label, an alias, the year
    first): beside it, the same under other keys would be a second figure of equal weight.
    """
    rules = built.problem.rules
    scope, year = int(rules.scope[row]), int(rules.year[row])
    limit = f"indicators.{plan.indicators[rules.indicator[row]].id}.limits.{family}."
    path: str = built.problem.sources[rules.source[row]]
    if scope == AREA:
        kind, number, name = "area", -1, plan.area
    elif scope < AREA:
        kind, number = "sum", group_of(scope)
        name = f"sum.{plan.group_names[number]}"
    else:
        kind, number, name = "region", scope, plan.region_names[scope]
    own = Place(kind, number, None if year == TOTAL else year)
    keys = tuple(path.removeprefix(limit).split("."))
    if path.startswith(limit) and find_place(plan, keys, yearly=year != TOTAL) == own:
        return path
    return f"{limit}{name}" if year == TOTAL else f"{limit}{name}.{plan.years[year]}"


def outward(value: float, digits: int, *, up: bool) -> float:
    """Round up, or down, to some digits after the point."""
    unit = 10.0**digits
    whole = math.ceil(value * unit - EXACT) if up else math.floor(value * unit + EXACT)
    return whole / unit + 0.0


def as_percent(rate: float, *, up: bool) -> str:
    """Write a rate as a percentage."""
    return f"{value_text(rate * 100, PERCENT_DIGITS, up=up)}%"


def sayable(path: str, rate: float) -> float:
    """Return the nearest rate that a plan can say of a limit: no share is beyond 0 and 100 %."""
    if ".limits.share" in path:
        return min(max(rate, 0.0), 1.0)
    return max(rate, -1.0) if ".limits.growth." in path else rate


def said_at(indicator: Indicator, path: str) -> Said:
    """Find the figure of a target by its path."""
    keys = path.split(".")
    grouped = keys[2] == "group_targets"
    target = indicator.group_targets[keys[3]] if grouped else indicator.target
    own = "margin" in target.model_fields_set
    dated = keys[-2] == "years"
    return Said(
        target,
        target.years[int(keys[-1])] if dated else getattr(target, keys[-1]),
        keys[-1],
        int(keys[-1]) if dated else None,
        1 + (target.margin if own else indicator.target.margin),
    )


def bounds_sum(indicator: Indicator, said: Said) -> bool:
    """Whether a figure is an end of the sum of published values, which is on their grid."""
    named = said.year is not None or said.name in ("each_year", "total")
    values = indicator.kind != "ratio" and indicator.publish == "value"
    return named and values and said.figure.sense is not Sense.ABOUT


def handed_out_as(
    wanted: float,
    margin: float,
    step: float,
    digits: int,
    inward: Callable[[float, float], float] = nearest,
) -> tuple[float, int] | None:
    """Return the figure that is handed out as a sum with its margin, and how many digits it needs.

    Few sums have a figure at the digits of the indicator: times 1.03, its steps are wider than 1.
    ``inward`` takes a value to the grid as the figure's words do. None where the sum is on no step.
    """
    for more in range(MORE_DIGITS + 1):
        figure = round(wanted / margin, digits + more)
        if abs(inward(figure * margin, step) - wanted) <= SNAP * step:
            return figure, digits + more
    return None


def with_number(
    figure: Figure, value: float, *, up: bool, digits: int | None = None
) -> float | str:
    """Write a figure with another number and the same words.

    Parameters
    ----------
    figure
        As the plan says it.
    value
        The new number; of an interval, that of the end which moves.
    up
        To which side it is rounded (and which end of an interval moves).
    digits
        Digits after the point; None for a rate, which is written as a percentage.
    """
    old = figure.upper if up and figure.upper is not None else figure.value
    new = as_percent(value, up=up) if digits is None else value_text(value, digits, up=up)
    numbers = list(_NUMBER.finditer(figure.text))
    if up and figure.upper is not None:
        numbers.reverse()  # both ends may be the same number
    for found in numbers:
        number = float(found[1].replace(",", "").replace("−", "-"))
        if digits is None and abs(number - old) > EXACT:  # percent, or points
            number /= 100
        if abs(number - old) <= EXACT * max(abs(old), 1.0):
            told = f"{new.removesuffix('%')}{found[2] or ''}"
            return figure.text[: found.start()] + told + figure.text[found.end() :]
    return new if digits is None else outward(value, digits, up=up)


def at_least(figure: Figure, rate: float, beside: str) -> str:
    """Write an exact rate as the least that is asked for, in the language of a name beside it.

    Steps of tiers add up to no figure exactly.
    """
    told = with_number(figure, rate, up=False) if rate < figure.value else figure.raw()
    told = told if isinstance(told, str) else as_percent(told, up=False)
    return f"{AT_LEAST_BEFORE[0]}{told}" if beside.isascii() else f"{told}{AT_LEAST_AFTER[1]}"


def digits_of(value: float) -> int:
    """Return how many digits a number has after the point, six at most."""
    return len(in_digits(value).partition(".")[2])


def value_text(value: float, digits: int, *, up: bool) -> str:
    """Write a number at some digits, rounded outward, without zeros at its end."""
    text = f"{outward(value, digits, up=up):.{digits}f}"
    return text.rstrip("0").rstrip(".") if digits else text
