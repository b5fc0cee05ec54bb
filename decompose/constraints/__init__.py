"""Families of rules: one function per family turns an indicator into labelled rows."""

from __future__ import annotations

from collections.abc import Callable

from decompose.constraints.ahead import ahead
from decompose.constraints.context import Block, Context
from decompose.constraints.links import at_least_share, at_most_share, increase_of, sum_of
from decompose.constraints.ratios import greatest_cut, least_cut, ratio_targets, tiers
from decompose.constraints.sums import (
    base_quotas,
    capacities,
    floors,
    locks,
    targets,
    total_capacities,
    total_floors,
    yearly_rates,
)
from decompose.constraints.ties import greatest_share, least_share, part_of, share_shift
from decompose.constraints.yearly import yearly_cuts, yearly_rises
from decompose.constraints.years import (
    greatest_growth,
    greatest_rise,
    least_growth,
    least_rise,
    monotone,
)

__all__ = ["FAMILY_RULES", "Block", "Context"]

FAMILY_RULES: dict[str, Callable[[Context], Block]] = {
    "target": targets,
    "ratio": ratio_targets,
    "growth_each_year": yearly_rates,
    "cut_each_year": yearly_cuts,
    "rise_each_year": yearly_rises,
    "lock": locks,
    "max": capacities,
    "min": floors,
    "total.max": total_capacities,
    "total.min": total_floors,
    "growth.max": greatest_growth,
    "growth.min": least_growth,
    "ramp.max": greatest_rise,
    "ramp.min": least_rise,
    "cut.max": greatest_cut,
    "cut.min": least_cut,
    "ahead": ahead,
    "tier": tiers,
    "base_quota": base_quotas,
    "monotone": monotone,
    "share.max": greatest_share,
    "share.min": least_share,
    "share_shift": share_shift,
    "part_of": part_of,
    "at_least_share": at_least_share,
    "at_most_share": at_most_share,
    "sum_of": sum_of,
    "increase_of": increase_of,
}
"""The function of each family in ``problem.FAMILIES``."""
