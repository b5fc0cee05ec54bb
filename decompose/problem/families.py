"""The labels of rules: what a rule speaks of, and the families that there are."""

from __future__ import annotations

from typing import NamedTuple

AREA = -1
"""Scope of a rule that speaks of the whole area; a region's scope is its index (0, 1, …)."""
TOTAL = -1
"""Year of a rule that speaks of all years together; otherwise the index of the year."""


def group_scope(group: int) -> int:
    """Return the scope number of the group with this index (-2, -3, …)."""
    return -2 - group


def group_of(scope: int) -> int:
    """Return the index of the group that has this scope number."""
    return -2 - scope


class Family(NamedTuple):
    """A kind of rule.

    Attributes
    ----------
    name
        A limit's is its key in ``limits``.
    whole
        Whether it holds exactly in whole steps after rounding. The others tie cells together and
        hold exactly before rounding; their excess after it is listed (DESIGN section 3).
    limit
        Whether it is a limit with figures by scope and year.
    rate
        Whether its figure is a fraction or a percent text.
    """

    name: str
    whole: bool
    limit: bool = False
    rate: bool = False


FAMILIES: tuple[Family, ...] = (
    Family("target", whole=True),
    Family("ratio", whole=False),
    Family("growth_each_year", whole=False),
    Family("cut_each_year", whole=False),
    Family("rise_each_year", whole=False),
    Family("lock", whole=True),
    Family("max", whole=True, limit=True),
    Family("min", whole=True, limit=True),
    Family("total.max", whole=True, limit=True),
    Family("total.min", whole=True, limit=True),
    Family("growth.max", whole=False, limit=True, rate=True),
    Family("growth.min", whole=False, limit=True, rate=True),
    Family("ramp.max", whole=False, limit=True),
    Family("ramp.min", whole=False, limit=True),
    Family("cut.max", whole=True, limit=True, rate=True),
    Family("cut.min", whole=True, limit=True, rate=True),
    Family("ahead", whole=False),
    Family("tier", whole=True),
    Family("base_quota", whole=False),
    Family("monotone", whole=False),
    Family("share.max", whole=False, limit=True, rate=True),
    Family("share.min", whole=False, limit=True, rate=True),
    Family("share_shift", whole=False, limit=True, rate=True),
    Family("part_of", whole=True),
    Family("at_least_share", whole=False, rate=True),
    Family("at_most_share", whole=False, rate=True),
    Family("sum_of", whole=True),
    Family("increase_of", whole=True),
)
"""Every family, in the order in which ``bound_by`` lists them."""

FAMILY = {family.name: number for number, family in enumerate(FAMILIES)}
