"""What tables print of an indicator: its numbers, in which words, unit and decimals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import pandas as pd

from decompose.figures import plain
from decompose.labels import Language, say, word
from decompose.labels.words import CHANGES
from decompose.plan import Indicator, Plan
from decompose.plan.models import Cumulative
from decompose.plan.ratios import ratio_numbers, values_of
from decompose.plan.steps import PERCENT_SIGN, decimals_of, unit_of
from decompose.problem import Bools, Floats
from decompose.rounding import Shift
from decompose.tables.model import digits

LANGUAGES: tuple[Language, ...] = ("zh", "en")
_CHANGES = {
    "flow": ("growth",),
    "level": ("increment", "growth"),
    "ratio": ("cut", "rise"),
}
"""What may be published in place of a value."""


class Printed(Protocol):
    """Numbers of a plan, as they are printed; an Allocation is one."""

    @property
    def plan(self) -> Plan:
        """What was solved."""

    @property
    def stretch(self) -> Printed | None:
        """The numbers of its stretch figures; None where it has none."""

    @property
    def shortfalls(self) -> pd.DataFrame:
        """The quotas whose stretch quotas fall short of them, as ``Allocation.shortfalls``."""

    @property
    def mix(self) -> pd.DataFrame:
        """What moves each ratio since the base year, as ``Allocation.mix``."""

    @property
    def shifts(self) -> Sequence[Shift]:
        """Sums and numbers that rounding could not leave beside their exact values."""

    def region_values(self, indicator: str) -> Floats:
        """Return an indicator's numbers by its id (regions × years); NaN where there is none."""

    def scope_values(self, indicator: str, members: Bools) -> Floats:
        """Return the numbers of some regions together, by year.

        Sums; the growth of sums where growth is printed; the ratio of them all.
        """

    def gap_values(self, indicator: str, scope: int) -> Floats:
        """Return what the area or a group lacks of its figures: by year, then over all years.

        NaN where nothing is lacking; below 0 where other rules force more than a figure allows.
        """


def published(indicator: Indicator) -> str:
    """Return what is printed of an indicator: its value, increment, growth, cut or rise."""
    change = indicator.publish
    return change if change in _CHANGES.get(indicator.kind, ()) else "value"


def adds_up(indicator: Indicator) -> bool:
    """Return whether what is printed of an indicator adds up over regions; no rate does."""
    return indicator.kind != "ratio" and published(indicator) in ("value", "increment")


def part_name(name: str, language: Language) -> str:
    """Return a part's name as tables print it under its whole, also where it says so itself."""
    mark = say("part_name", name="").text(language)
    return name if plain(name).startswith(plain(mark)) else mark + name


def printed_name(indicator: Indicator, language: Language) -> str:
    """Return an indicator's name, with what is printed of it where the name does not say so."""
    change, name = published(indicator), indicator.label
    if change == "value" or any(said in name.lower() for said in CHANGES[change]):
        return name
    return say(f"name_of_{change}", name=name).text(language)


def printed_unit(indicator: Indicator, language: Language) -> str:
    """Return the unit of what is printed of an indicator."""
    change = published(indicator)
    if change in ("cut", "growth"):
        return unit_of(indicator)
    return points(indicator, language) if change == "rise" else indicator.unit


def points(indicator: Indicator, language: Language) -> str:
    """Return the unit of a ratio's rise: of a percentage, points."""
    return word("points", language) if indicator.unit == PERCENT_SIGN else indicator.unit


def printed_decimals(plan: Plan, indicator: Indicator) -> int:
    """Return how many digits after the point are printed; of given data, as many as it has."""
    told = (indicator.decimals, indicator.step, indicator.integer or None)
    if indicator.kind != "given" or any(one is not None for one in told):
        return decimals_of(indicator)
    values, base = values_of(plan, indicator.id, {})
    data = np.concatenate([values.ravel(), base])
    return max(map(digits, data[~np.isnan(data)].tolist()), default=0)


def base_values(plan: Plan, indicator: Indicator) -> Floats:
    """Return the base-year value of each region; NaN where it has none, or a change is printed."""
    nowhere = np.full(len(plan.regions), np.nan)
    if published(indicator) != "value":
        return nowhere
    if indicator.kind != "ratio":
        return values_of(plan, indicator.id, {})[1]
    if isinstance(indicator.numerator, Cumulative):
        return nowhere  # what adds up from the first year on says nothing of the base year
    numbers = ratio_numbers(plan, indicator, {})
    everyone = np.eye(len(plan.regions), dtype=bool)
    return np.array([numbers.base_of(alone) for alone in everyone])


def stretch_of(printed: Printed, indicator: Indicator) -> Printed | None:
    """Return the stretch numbers where an indicator has some of its own."""
    stretch = printed.stretch
    if stretch is None:
        return None
    base, higher = (one.region_values(indicator.id) for one in (printed, stretch))
    targets = (indicator.target, *indicator.group_targets.values())
    said = any(target.stretch is not None for target in targets)
    return stretch if said or not np.array_equal(base, higher, equal_nan=True) else None
