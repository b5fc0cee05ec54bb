"""What may yield, and in which order: families of rules, targets and signed locks last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from decompose.bounds import SEPARATOR
from decompose.errors import PlanError
from decompose.explain.ratio_changes import limit_named
from decompose.labels import say
from decompose.plan import Plan
from decompose.problem import AREA, FAMILY, TOTAL, Bools, Ints, Problem

LIMITS = ".limits."
"""In the paths of limits."""
OF_RATIOS = ("ratio", "max", "min", "cut.max", "cut.min")
"""Families to which rules on the ratio of the area or a group belong: targets, and limits."""
_TOGETHER = {"target": ("growth_each_year",)}
"""A yearly rate is a figure of the target, though its rows between years are a family."""


@dataclass(frozen=True)
class Yield:
    """Rules that may yield together: those of one family, or some of them."""

    family: str
    some: str = ""
    """``"groups"`` or ``"area"`` (of targets), ``"open"`` or ``"signed"`` (of locks)."""
    evenly: bool = False
    """Whether none shall yield much, though it is more in all."""

    def rows(self, plan: Plan, problem: Problem, rows: Ints) -> Bools:
        """Tell which of some rules these are."""
        rules = problem.rules.take(rows)
        names = self.family, *_TOGETHER.get(self.family, ())
        found = np.isin(rules.family, [FAMILY[name] for name in names if name in FAMILY])
        ratios = rules.family == FAMILY["ratio"]
        if self.family in OF_RATIOS and ratios.any():
            paths = [problem.sources[source] for source in rules.source.tolist()]
            limits = np.array([limit_named(path) if LIMITS in path else "" for path in paths])
            found = np.where(
                ratios, limits == ("" if self.family == "ratio" else self.family), found
            )
        if self.some == "groups":
            found &= rules.scope != AREA
        if self.family == "lock":  # what was reached is a fact
            found &= (rules.year == TOTAL) | (rules.year >= plan.past)
        if self.some in ("open", "signed"):
            signed = [_signed(plan, problem.sources[source]) for source in rules.source.tolist()]
            found &= np.array(signed, dtype=bool) == (self.some == "signed")
        return found


@dataclass(frozen=True)
class Several:
    """Families that yield together, where none of them is enough by itself."""

    yields: tuple[Yield, ...]

    @property
    def family(self) -> str:
        """Their names."""
        return SEPARATOR.join(dict.fromkeys(one.family for one in self.yields))

    def rows(self, plan: Plan, problem: Problem, rows: Ints) -> Bools:
        """Tell which of some rules these are."""
        found = [one.rows(plan, problem, rows) for one in self.yields]
        return np.asarray(np.any(found, axis=0))


_GLADLY = (
    *("max", "min", "total.max", "total.min", "growth.max", "growth.min", "ramp.max", "ramp.min"),
    *("cut.max", "cut.min", "share.max", "share.min", "share_shift", "monotone"),
    *("at_least_share", "at_most_share"),
)
STRICT = Yield("strict")
"""An indicator's limits hold in whole steps, too, until it gives that up."""
SIGNED = Yield("signed")
"""No region's change that is published is below 0, until an indicator lets it."""
YIELDS = (
    *(Yield(family) for family in _GLADLY),
    Yield("lock", "open"),
    Yield("tier"),
    STRICT,
    SIGNED,
    Yield("target", "groups"),
    Yield("ratio", "groups"),
    Yield("ratio", "area"),
    Yield("target", "area"),
    Yield("lock", "signed"),
)
"""In the order in which they yield: the area's target and signed locks last."""
LAST = YIELDS[-3:]
"""Those that yield last."""


def yields_of(names: Sequence[str] | None) -> tuple[Yield, ...]:
    """Read which families may yield, the first one first.

    Parameters
    ----------
    names
        Names of families (``"max"``, ``"growth.max"``, …), or the first word of several
        (``"growth"``); all of them, in the order of ``YIELDS``, where None.

    Raises
    ------
    PlanError
        No family that can yield has that name.
    """
    if names is None:
        return YIELDS
    found: list[Yield] = []
    for name in [names] if isinstance(names, str) else names:
        these = [one for one in YIELDS if name in (one.family, one.family.split(".")[0])]
        if not these:
            known = list(dict.fromkeys(one.family for one in YIELDS))
            raise PlanError(say("yields_unknown", found=name, known=known))
        found += [one for one in these if one not in found]
    return tuple(found)


def _signed(plan: Plan, path: str) -> bool:
    """Whether a rule is a signed lock."""
    keys = path.split(".")
    if len(keys) != 5 or keys[2] != "locks":
        return False
    lock = plan.indicators[plan.indicator_index[keys[1]]].locks[keys[3]][keys[4]]
    return lock.signed
