"""Bounds that cannot hold together: errors, each with both sums, the gap and how to mend it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from decompose.checking.issue import Found, crossing
from decompose.checking.reach import (
    ABSENT,
    BY,
    GROUPS,
    MEMBERS,
    SIGN,
    YEARS,
    Reach,
    Side,
    shares,
    tie,
)
from decompose.checking.view import View
from decompose.labels import Message, Text, say, term
from decompose.plan.crossing import wholes
from decompose.problem import AREA, FAMILIES, FAMILY, TOTAL, Floats, Ints
from decompose.series import negative_reference

MOST_NAMES = 3
"""How many regions a sentence names; of more, it tells how many they are."""
NEGLIGIBLE = 1e-6
"""A gap of less than this many steps is none."""

LOCK, PART_OF = FAMILY["lock"], FAMILY["part_of"]

CODES = (
    (True, ABSENT, "target_untaken"),
    (True, PART_OF, "part_above_whole"),
    (True, MEMBERS, "capacity_short"),
    (False, MEMBERS, "floors_exceed"),
    (True, GROUPS, "groups_short"),
    (False, GROUPS, "groups_exceed"),
    (True, YEARS, "years_short"),
    (False, YEARS, "years_exceed"),
    (False, LOCK, "lock_above_capacity"),
    (True, LOCK, "lock_below_floor"),
)
"""Whether it set the upper bound, what set it, and the text that tells it; the first holds."""


class Crossing(NamedTuple):
    """A lower bound above an upper one: by how much, what set the lower one, and its issue."""

    gap: float
    lower_by: int
    found: Found


def check_references(view: View) -> Iterator[Found]:
    """Find references below 0: nothing can be shared out by them."""
    negative = negative_reference(view.plan, view.series)
    if negative is not None:
        reference = float(view.series.reference[negative.region, negative.year])
        numbers = {"reference": reference}
        yield Found("error", view, negative.message, negative.region, negative.year, numbers)


def check_bounds(views: Sequence[View]) -> Iterator[Found]:
    """Find, per indicator, scope and year, lower bounds above upper bounds.

    First those that the rules of a cell or sum show by themselves; then, of each other scope, the
    widest of those that show only once bounds are carried along the years.
    """
    reaches = [Reach.of(view) for view in views]
    pairs = _parts(views)
    crossings = [_near(reach, reach.view.regions) for reach in reaches]
    for _ in range(2):  # a part's growth may bound its own parts
        _run(reaches)
        _tie(reaches, pairs, sums=False)
    _run(reaches)
    for reach, known in zip(reaches, crossings, strict=True):
        known += _far(reach, reach.view.regions, known)
        reach.gather()
    _tie(reaches, pairs, sums=True)
    for reach, known in zip(reaches, crossings, strict=True):
        known += _near(reach, reach.view.sums)
        reach.run(reach.view.sums)
        known += _far(reach, reach.view.sums, known)
    told = {one.found.place for known in crossings for one in known}
    for number, known in enumerate(crossings):
        parts = [part for part, whole in pairs if whole == number]
        for _, lower_by, found in known:
            at_part = any((part, found.scope, found.year) in told for part in parts)
            if lower_by != PART_OF or not at_part:
                yield found
    for reach in reaches:
        yield from _check_shares(reach, told)


def _parts(views: Sequence[View]) -> list[tuple[int, int]]:
    """Pair each part with its wholes, from the highest wholes down."""
    places = {view.series.number: place for place, view in enumerate(views)}
    above = [[places[whole] for whole in _above(view) if whole in places] for view in views]

    def depth(number: int) -> int:
        return max((1 + depth(whole) for whole in above[number]), default=0)

    pairs = [(part, whole) for part, found in enumerate(above) for whole in found]
    return sorted(pairs, key=lambda pair: depth(pair[0]))


def _run(reaches: Sequence[Reach]) -> None:
    for reach in reaches:
        reach.run(reach.view.regions)


def _tie(reaches: Sequence[Reach], pairs: list[tuple[int, int]], *, sums: bool) -> None:
    for ordered, down in ((pairs, True), (pairs[::-1], False)):
        for part, whole in ordered:
            view = reaches[part].view
            tie(reaches[part], reaches[whole], view.sums if sums else view.regions, down=down)


def _gaps(reach: Reach, rows: Ints) -> Floats:
    """Return by how much lower bounds lie above upper ones (0 where they do not)."""
    low, high = -reach.lower.bound[rows], reach.upper.bound[rows]
    finite = np.isfinite(low) & np.isfinite(high)
    low, high = np.where(finite, low, 0.0), np.where(finite, high, 0.0)
    crossed = low - high > _negligible(reach.view, low)
    for sums in ((MEMBERS, GROUPS), (YEARS,)):  # where both are sums, one of their terms crosses
        crossed &= ~(np.isin(reach.lower.by[rows], sums) & np.isin(reach.upper.by[rows], sums))
    return np.where(crossed, low - high, 0.0)


def _negligible(view: View, bound: Floats | float) -> Floats:
    return np.asarray(NEGLIGIBLE * view.series.step + 1e-9 * np.abs(bound))


def _near(reach: Reach, rows: Ints) -> list[Crossing]:
    """Tell every crossing of some rows; that of a total where it is more than its years'."""
    reach.total(rows)
    found: list[Crossing] = []
    for row, gaps in zip(rows.tolist(), _gaps(reach, rows), strict=True):
        explained = float(gaps[:TOTAL].sum())
        columns = np.flatnonzero(gaps[:TOTAL]).tolist()
        if gaps[TOTAL] > explained + _negligible(reach.view, explained):
            columns.append(reach.view.years)
        found += [_tell(reach, row, column) for column in columns]
    return found


def _far(reach: Reach, rows: Ints, known: Sequence[Crossing]) -> list[Crossing]:
    """Tell the widest crossing, or the last of equal ones, of each row that has none yet."""
    told = {one.found.scope for one in known}
    found: list[Crossing] = []
    for row, gaps in zip(rows.tolist(), _gaps(reach, rows), strict=True):
        if reach.view.scope_of(row) not in told and gaps.any():
            yearly = gaps[:TOTAL] if gaps[:TOTAL].any() else gaps
            widest = np.flatnonzero(yearly == yearly.max())[-1]
            found.append(_tell(reach, row, int(widest)))
    return found


def _tell(reach: Reach, row: int, column: int) -> Crossing:
    """Make the issue of one crossing."""
    view = reach.view
    lower, upper = -float(reach.lower.bound[row, column]), float(reach.upper.bound[row, column])
    lower_by, upper_by = int(reach.lower.by[row, column]), int(reach.upper.by[row, column])
    code = _code(lower_by, upper_by)
    side = reach.upper if upper_by == MEMBERS else reach.lower
    scope, year = view.scope_of(row), TOTAL if column == view.years else column
    members = view.regions[view.inside[row]]
    digits = view.apart(lower, upper)
    message = say(
        code,
        name=view.indicator.label,
        scope=view.scope_name(scope),
        year=view.year_name(year),
        lower=view.amount(lower, digits),
        upper=view.amount(upper, digits),
        gap=view.amount(lower - upper, digits),
        lower_by=_named(lower_by),
        upper_by=_named(upper_by),
        count=int(view.there[members, column].sum()),
        limits=_limits(view, side, members, column),
        whole=[view.plan.indicators[k].label for k in _above(view)],
    )
    numbers = {
        "lower": lower,
        "upper": upper,
        "gap": lower - upper,
        "lower_by": BY[lower_by],
        "upper_by": BY[upper_by],
    }
    return Crossing(lower - upper, lower_by, Found("error", view, message, scope, year, numbers))


def _code(lower_by: int, upper_by: int) -> str:
    """Return the text that suits what set the two bounds: the first that does."""
    return next(
        (code for upper, by, code in CODES if by == (upper_by if upper else lower_by)),
        "bounds_cross",
    )


def _above(view: View) -> list[int]:
    """Return the indicators of which this one is a part."""
    return [view.plan.indicator_index[name] for name, _ in wholes(view.indicator)]


def _named(by: int) -> Text | Message:
    """Name what set a bound."""
    known = by < len(FAMILIES) and by != PART_OF
    return term(BY[by]) if known else say(f"by_{BY[by]}")


def _limits(view: View, side: Side, members: Ints, column: int) -> list[Message]:
    """Tell what bounds the members of a scope, the most frequent first: of few, their names."""
    counts = Counter(by for by in side.by[members, column].tolist() if by not in (ABSENT, SIGN))
    found: list[Message] = []
    for by, count in counts.most_common():
        bound = members[side.by[members, column] == by].tolist()
        names = [view.scope_name(view.scope_of(row)) for row in bound]
        few = len(names) <= MOST_NAMES
        found.append(
            say("limit_regions", by=_named(by), regions=names)
            if few
            else say("limit_count", by=_named(by), count=count)
        )
    return found


def _check_shares(reach: Reach, told: set[tuple[int, int | None, int | None]]) -> Iterator[Found]:
    """Find shares that, all at their ends, cannot make up the area's sum.

    At its least sum L, the area needs Σ min(capacity, share · L) ≥ L: a concave function of L
    that begins at 0 or above, so that where it fails, it fails for every greater sum.
    """
    view = reach.view
    limited = view.indicator.limits.share.min or view.indicator.limits.share.max
    if view.indicator.signed or not (limited or view.indicator.limits.share_shift):
        return
    regions = view.regions
    begun = Reach.of(view)  # the least sum as targets and limits say it
    for year, least in enumerate((-begun.lower.bound[AREA, :TOTAL]).tolist()):
        if (view.series.number, AREA, year) in told or not least > 0:
            continue
        most = reach.upper.bound[regions, year]
        floors = np.zeros(len(regions))
        for end, bound in ((True, most), (False, floors)):
            for _, share in shares(view, most=end):
                here = share[regions, year]
                better = np.fmin if end else np.fmax
                bound[:] = better(bound, here * least)
        enough = float(_negligible(view, least))
        if most.sum() < least - enough:
            yield crossing(view, "shares_short", year, least, float(most.sum()))
        elif floors.sum() > least + enough:
            yield crossing(view, "shares_exceed", year, float(floors.sum()), least)
