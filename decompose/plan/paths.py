"""Years left open: how an area's sums run between the figures that are given (DESIGN section 2).

The constant-growth path of a flow is laid over all years, given years replace it, and the open
years are rescaled to what remains of the total. A level runs from one given year to the next.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from decompose.plan.values import FrozenDict
from decompose.problem import Bools, Floats, Ints

Path = str | FrozenDict[int, float]


def fill_flow(
    given: Floats,
    years: Ints,
    base_year: int,
    base: float,
    total: float,
    path: Path,
    takes: Bools,
) -> Floats:
    """Fill a flow's open years so that all years add to the total.

    Parameters
    ----------
    given
        Sum of each year, NaN where it is open.
    years, base_year
        The years, and the year of the base.
    base
        The area's base-year value, NaN where there is none.
    total
        Of all years, NaN where there is none: then open years stay open.
    path
        ``constant_growth``, ``linear``, ``equal``, or weights by year.
    takes
        The years in which the flow has cells.
    """
    open_years = np.isnan(given) & takes
    if math.isnan(total) or not open_years.any():
        return given
    laid = _lay_flow((years - base_year).astype(float), base, total, path, years, takes)
    if laid[open_years].sum() <= 0:
        laid = np.ones(len(years))
    remainder = total - float(np.nansum(given))
    filled = given.copy()
    filled[open_years] = laid[open_years] / laid[open_years].sum() * remainder
    return filled


def _lay_flow(
    age: Floats,
    base: float,
    total: float,
    path: Path,
    years: Ints,
    takes: Bools,
) -> Floats:
    if not isinstance(path, str):
        return np.array([path.get(int(year), 0.0) for year in years], dtype=np.float64)
    if path == "equal" or not base > 0 or total <= 0:
        return np.ones(len(age))
    age_taken = age[takes]
    if path == "linear":
        slope = (total - base * len(age_taken)) / age_taken.sum()
        return np.asarray(np.maximum(base + slope * age, 0.0))
    factor = root(lambda q: base * float((q**age_taken).sum()) - total)
    return np.asarray(base * factor**age, dtype=np.float64)


def root(difference: Callable[[float], float]) -> float:
    """Find the positive root of a rising function by bisection, to the last bit."""
    low, high = 0.0, 1.0
    while difference(high) < 0:
        low, high = high, high * 2
    while True:
        middle = (low + high) / 2
        if middle in (low, high):
            return middle
        low, high = (middle, high) if difference(middle) < 0 else (low, middle)


def fill_level(
    given: Floats,
    years: Ints,
    base_year: int,
    base: float,
    path: Path,
) -> Floats:
    """Fill a level's open years between the base year and the years that are given.

    After the last given year the path goes on at the yearly rate (or rise) since the base year.
    """
    known = [
        (int(year), float(value))
        for year, value in zip(years, given, strict=True)
        if not np.isnan(value)
    ]
    if not known:
        return given
    knots = known if math.isnan(base) else [(base_year, base), *known]
    if not isinstance(path, str):
        return _by_weights(given, years, knots, path)
    geometric = path == "constant_growth"
    return np.array(
        [
            value if not np.isnan(value) else _between(int(year), knots, geometric=geometric)
            for year, value in zip(years, given, strict=True)
        ]
    )


def _between(year: int, knots: list[tuple[int, float]], *, geometric: bool) -> float:
    before = [knot for knot in knots if knot[0] < year]
    after = [knot for knot in knots if knot[0] > year]
    if not before:
        return after[0][1]
    if after:
        (start, low), (end, high) = before[-1], after[0]
    elif len(before) > 1:
        (start, low), (end, high) = before[0], before[-1]
    else:
        return before[0][1]
    part = (year - start) / (end - start)
    if geometric and low > 0 and high > 0:
        return float(low * (high / low) ** part)
    value = low + (high - low) * part
    return max(value, 0.0) if min(low, high) >= 0 else value


def _by_weights(
    given: Floats,
    years: Ints,
    knots: list[tuple[int, float]],
    weights: FrozenDict[int, float],
) -> Floats:
    """Give each year its weight of the rise from the first knot to the last."""
    (start, low), (end, high) = knots[0], knots[-1]
    inside = [int(year) for year in years if start < year <= end]
    whole = sum(weights.get(year, 0.0) for year in inside) or 1.0
    run = {
        int(year): sum(weights.get(one, 0.0) for one in inside if one <= year) / whole
        for year in years
    }
    return np.array(
        [
            value if not np.isnan(value) else low + (high - low) * run[int(year)]
            for year, value in zip(years, given, strict=True)
        ]
    )
