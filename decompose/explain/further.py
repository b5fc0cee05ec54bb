"""Changes that were not enough: the same figures, further away from those of today."""

from __future__ import annotations

from dataclasses import replace

from decompose.explain.figures_moved import Change, ends_of, read
from decompose.explain.written import PERCENT_DIGITS, digits_of, sayable, with_number
from decompose.plan import Plan
from decompose.plan.steps import PERCENT_SIGN, decimals_of


def added(plan: Plan, before: Change | None, change: Change, times: int) -> Change:
    """Add a change to that of the same figure which was not enough.

    A figure that yields by next to nothing, again and again, goes twice as far each time.

    Parameters
    ----------
    plan
        The plan.
    before, change
        What was not enough, if there was something, and what is asked now.
    times
        How often the figure has moved before.
    """
    if before is None:
        return change
    found = change.after(before)
    if _distance(before) > _distance(found):
        if change.family in ("target", "ratio", "lock"):
            return found  # other rules hold an exact figure from the other side
        found = replace(found, value=before.value)  # it was rounded to a grid of its own
    return found if times < 2 else further(plan, found, 2 ** (times - 2))


def further(plan: Plan, change: Change, units: int) -> Change:
    """Move a change by so many of its last digit further from the figure of today."""
    value = change.value
    if not _is_figure(change) or not isinstance(value, float | str):
        return change  # what is dropped, or said or not, cannot go further
    (low, high), (old_low, old_high) = ends_of(value), ends_of(change.before)
    rises = high - old_high if high != old_high else low - old_low
    rate = isinstance(value, str) and PERCENT_SIGN in value
    digits = max(decimals_of(plan.indicators[change.indicator]), digits_of(low), digits_of(high))
    unit = 10.0 ** -(PERCENT_DIGITS + 2 if rate else digits)
    up = rises > 0
    to = (high if up else low) + (units * unit if up else -units * unit)
    to = sayable(change.path, to) if rate else to
    moved = with_number(read(value), to, up=up, digits=None if rate else digits)
    return replace(change, value=moved)


def passes(nearer: Change, change: Change) -> bool:
    """Tell whether a change goes less far than another one of the same figure, but still goes."""
    if not _is_figure(change):
        return False
    if nearer.family == "target" and isinstance(nearer.value, float):
        return False  # digits that are rounded away in what is handed out
    ways = [[high - low for low, high in _pairs(one)] for one in (nearer, change)]
    return 0 < _distance(nearer) < _distance(change) and all(
        one * other >= 0 for one, other in zip(*ways, strict=True)
    )


def _is_figure(change: Change) -> bool:
    """Whether a change is of a number: what is dropped, or said or not, goes no way."""
    return isinstance(change.value, float | str) and change.before is not None


def _pairs(change: Change) -> list[tuple[float, float]]:
    """Return each end of a figure, before and after."""
    return list(zip(ends_of(change.before), ends_of(change.value), strict=True))


def _distance(change: Change) -> float:
    """Return how far a figure has moved."""
    if not _is_figure(change):
        return 0.0
    return sum(abs(one - other) for one, other in _pairs(change))
