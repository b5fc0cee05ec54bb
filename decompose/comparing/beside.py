"""compare: the numbers of two allocations, a row for each that both tables print."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple, Protocol

import numpy as np
import pandas as pd

from decompose.allocation import Allocation
from decompose.comparing.differences import became, other_quantity, same
from decompose.comparing.reasons import Reasons
from decompose.figures import plain
from decompose.labels import Language
from decompose.passed import require
from decompose.plan import Plan
from decompose.plan.values import MOST_DECIMALS
from decompose.problem import Bools, Floats, Ints
from decompose.tables.attached import attach

COLUMNS = ("indicator", "scope", "year", "before", "after", "change", "reason")
TOTAL = "total"


class Side(Protocol):
    """What can be laid beside something else: printed numbers of a plan."""

    @property
    def plan(self) -> Plan:
        """Whose numbers they are."""

    def region_values(self, indicator: str) -> Floats:
        """Return what is printed of an indicator, regions × years; NaN where there is nothing."""

    def scope_values(self, indicator: str, members: Bools) -> Floats:
        """Return what is printed of some regions together, by year."""


class _Scope(NamedTuple):
    """The area, a group or a region: its name, and its regions in each plan (none: not there)."""

    name: str
    kind: str
    regions: tuple[Ints, Ints]


def compare(
    a: Allocation,
    b: Allocation,
    *,
    all: bool = False,  # noqa: A002 # the contract's word
    language: Language = "zh",
) -> pd.DataFrame:
    """Lay two allocations beside each other, number by number.

    Parameters
    ----------
    a, b
        Before and after. Their plans may differ in regions, indicators and years.
    all
        Whether numbers that did not change have rows, too.
    language
        Language of the reasons, ``"zh"`` or ``"en"``.

    Returns
    -------
    pandas.DataFrame
        One row per printed number: those of the area first, then of groups with a subtotal, then
        of regions. Columns ``indicator`` (id), ``scope``, ``year`` (``"total"`` for a flow's sum
        over the years), ``before``, ``after`` and ``change`` (in the printed unit; NaN where
        there is none; ``before``, too, where the plans publish different things of an indicator,
        such as a value and its cut), and ``reason``: what differs between the plans, which moves
        were agreed upon, and which rules hold the number.

    Raises
    ------
    PlanError
        One of them is no allocation.

    Examples
    --------
    >>> after = dc.adjust(allocation, dc.Move("investment", 2025, "North", 2))
    >>> told = dc.compare(allocation, after)
    >>> told.loc[told["year"] == 2025, ["scope", "before", "after", "change"]]
       scope  before  after  change
    0  North    23.2   25.2     2.0
    2  South    34.8   34.0    -0.8
    4   West    52.0   50.8    -1.2
    """
    for one in (a, b):
        require("compare", one, Allocation, language=language)
    return attach(beside(a, b, Reasons(a, b, language), whole=all), a.plan, b.plan)


def beside(a: Side, b: Side, reasons: Reasons, *, whole: bool) -> pd.DataFrame:
    """Lay two sets of printed numbers beside each other, as ``compare`` does."""
    rows = []
    for name in _joined(_indicators(a), _indicators(b)):
        apart = other_quantity(a.plan, b.plan, name) is not None
        for scope in _scopes(a.plan, b.plan):
            for year, before, after in _numbers(a, b, name, scope):
                if apart:  # a row has one unit: what is printed now
                    before = np.nan
                if np.isnan(before) and np.isnan(after):
                    continue
                changed = not same(before, after)
                if changed or whole:
                    tell = reasons.of_cell if scope.kind == "region" else reasons.of_sum
                    reason = tell(name, scope.name, year) if changed else ""
                    change = round(after - before, MOST_DECIMALS) + 0.0
                    rows.append((name, scope.name, year, before, after, change, reason))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _indicators(one: Side) -> list[str]:
    return [
        each.id
        for each in one.plan.indicators
        if each.kind not in ("given", "text") and not np.isnan(one.region_values(each.id)).all()
    ]


def _joined(old: list[Any], new: list[Any]) -> list[Any]:
    """Put what both have in the order of the new one; what is gone stands at the end."""
    return [*new, *(one for one in old if one not in new)]


def _scopes(old: Plan, new: Plan) -> Iterator[_Scope]:
    """List the scopes of both; of a region with a new name, or a merged one, what it was before."""
    every = np.arange(len(old.regions)), np.arange(len(new.regions))
    yield _Scope(new.total_label, "area", every)
    names = [plain(name) for plan in (new, old) for name in plan.groups if _printed(plan, name)]
    for name in dict.fromkeys(names):
        plan = new if name in new.group_index else old
        members = _members(old, name), _members(new, name)
        yield _Scope(plan.group_names[plan.group_index[name]], "group", members)
    places = [became(old, new, name) for name in old.region_names]
    parts: list[list[int]] = [[] for _ in new.region_names]
    for number, after in enumerate(places):
        if after is not None:
            parts[after].append(number)
    for index, (region, own) in enumerate(zip(new.region_names, parts, strict=True)):
        yield _Scope(region, "region", (np.array(own, dtype=np.int64), np.array([index])))
    for index, region in enumerate(old.region_names):
        if places[index] is None:
            yield _Scope(region, "region", (np.array([index]), every[1][:0]))


def _members(plan: Plan, name: str) -> Ints:
    number = plan.group_index.get(name)
    none = np.zeros(len(plan.regions), dtype=bool)
    return np.flatnonzero(none if number is None else plan.members[number])


def _printed(plan: Plan, name: str) -> bool:
    return plan.groups[name].subtotal


def _numbers(
    a: Side, b: Side, name: str, scope: _Scope
) -> Iterator[tuple[int | str, float, float]]:
    """List the numbers of a scope by year, then over the years."""
    sides = [
        _side(one, name, scope.kind, own) for one, own in zip((a, b), scope.regions, strict=True)
    ]
    years = sorted({*a.plan.years, *b.plan.years})
    for year in years:
        before, after = (
            side[one.plan.year_index[year]] if year in one.plan.year_index else np.nan
            for side, one in zip(sides, (a, b), strict=True)
        )
        yield year, float(before), float(after)
    plan = b.plan if name in b.plan.indicator_index else a.plan
    if plan.indicators[plan.indicator_index[name]].kind == "flow":
        before, after = (
            np.nan if np.isnan(side).all() else round(float(np.nansum(side)), MOST_DECIMALS)
            for side in sides
        )
        yield TOTAL, float(before), float(after)


def _side(one: Side, name: str, kind: str, regions: Ints) -> Floats:
    plan = one.plan
    if name not in plan.indicator_index or not len(regions):
        return np.full(len(plan.years), np.nan)
    if kind == "region" and len(regions) == 1:
        return np.asarray(one.region_values(name)[regions[0]])
    return one.scope_values(name, np.isin(np.arange(len(plan.regions)), regions))
