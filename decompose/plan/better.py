"""Which way an indicator gets better, and by how much stretch quotas are worse than base quotas."""

from __future__ import annotations

from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from decompose.figures import Sense
from decompose.plan.models import Indicator
from decompose.plan.ratios import Known
from decompose.plan.steps import as_printed
from decompose.problem import Floats

CUTS = ("cut", "cut_each_year")


class Held(NamedTuple):
    """Base quotas that published stretch quotas keep to.

    Attributes
    ----------
    numbers
        By the indicator's id (regions × years); NaN where nothing is held.
    falling
        Ids of the indicators that must not rise above them; the others must not fall below.
    settled
        Numbers that stand in their place where they cannot be kept; NaN where they can.
    """

    numbers: Known
    falling: frozenset[str] = frozenset()
    settled: Known = MappingProxyType({})


def less_is_better(indicator: Indicator) -> bool:
    """Whether a lower number is the better one: every figure says at most, or asks for a cut.

    Where the cut itself is published, more of it is better.
    """
    targets = (indicator.target, *indicator.group_targets.values())
    figures = [pair for target in targets for pair in target.given()]
    return (
        indicator.publish != "cut"
        and bool(figures)
        and all((name in CUTS) != (said.sense is Sense.AT_MOST) for name, said in figures)
    )


def shortfall(indicator: Indicator, base: Floats, stretch: Floats) -> Floats:
    """Return by how much printed stretch quotas fall short of base quotas; 0 where they do not."""
    short = stretch - base if less_is_better(indicator) else base - stretch
    return as_printed(np.maximum(np.nan_to_num(short), 0.0))
