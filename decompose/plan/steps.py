"""The grid of published numbers: whole multiples of an indicator's step."""

from __future__ import annotations

import math

import numpy as np

from decompose.plan.models import Indicator
from decompose.plan.values import MOST_DECIMALS
from decompose.problem import Floats

PERCENT_SIGN = "%"
SNAP = 1e-6
"""A value this near to a whole step (in steps) is that step."""
NOISE = 4e-16
"""What division leaves of a number that is whole, relative to it: more than SNAP beyond 2.5e9."""


def decimals_of(indicator: Indicator) -> int:
    """Return how many digits after the point are printed."""
    if indicator.decimals is not None:
        return indicator.decimals
    if indicator.integer:
        return 0
    if indicator.step is not None:
        text = f"{indicator.step:.6f}".rstrip("0")
        return len(text.partition(".")[2])
    return 2


def unit_of(indicator: Indicator) -> str:
    """Return the unit of what is published: growth is in percent, a cut in its own unit."""
    if indicator.publish == "growth":
        return PERCENT_SIGN
    return indicator.cut_unit if indicator.publish == "cut" else indicator.unit


def step_of(indicator: Indicator) -> float:
    """Return what quotas are whole multiples of, in the indicator's unit."""
    if indicator.step is not None:
        return indicator.step
    return float(f"1e-{decimals_of(indicator)}")


def value_step_of(indicator: Indicator) -> float:
    """Return what an indicator's values are whole multiples of, in its unit.

    0 where they follow from the growth or the increments that are published: they have no grid of
    their own.
    """
    return 0.0 if indicator.publish in ("growth", "increment") else step_of(indicator)


def snap_of(steps: Floats) -> Floats:
    """Return how near to a whole number each of some numbers of steps is that number."""
    return np.asarray(SNAP + NOISE * np.where(np.isinf(steps), 0.0, np.abs(steps)))


def up_all(values: Floats, step: Floats | float) -> Floats:
    """Return the least whole multiples of steps that are not below values (SNAP aside).

    Without a step (0) they stay as they are.
    """
    if not np.any(step):
        return np.asarray(values, dtype=np.float64)
    steps = np.asarray(values / step)
    return np.asarray(np.ceil(steps - snap_of(steps)) * step, dtype=np.float64)


def down_all(values: Floats, step: Floats | float) -> Floats:
    """Return the greatest whole multiples of steps that are not above values (SNAP aside)."""
    return -up_all(-values, step)


def up(value: float, step: float) -> float:
    """Return the least whole multiple of a step that is not below a value (SNAP aside)."""
    return float(up_all(np.array(value), step))


def down(value: float, step: float) -> float:
    """Return the greatest whole multiple of a step that is not above a value (SNAP aside)."""
    return -up(-value, step)


def nearest(value: float, step: float) -> float:
    """Return the nearest whole multiple of a step, the upper one of two (SNAP aside)."""
    if math.isinf(value) or not step:
        return value
    return math.floor(value / step + 0.5 + SNAP) * step


def as_printed(values: Floats) -> Floats:
    """Write whole multiples of a step as decimals: 3 × 0.1 is 0.3, and -0 is 0."""
    return np.asarray(np.round(values, MOST_DECIMALS) + 0.0)


def on_grid(value: float, step: float) -> bool:
    """Whether a value is a whole multiple of a step."""
    steps = value / step
    return bool(abs(steps - round(steps)) <= snap_of(np.array(steps)))
