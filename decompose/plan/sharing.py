"""The allocation rule: each region's share of what is handed out, before limits."""

from __future__ import annotations

import numpy as np

from decompose.plan.content import PlanContent
from decompose.plan.models import Indicator
from decompose.plan.values import FrozenDict
from decompose.problem import Bools, Floats

RULES = ("base", "equal")
"""The rules that are no column of a table."""

Source = str | FrozenDict[str, float]


def shares(content: PlanContent, indicator: Indicator) -> list[tuple[Source, Floats]]:
    """Return each source of the rule with its raw amount per region (NaN where it says nothing).

    Without a rule the base shares out, and where there is no base, all take part equally.
    """
    rule = indicator.allocate
    if rule is None:
        sources: list[Source] = ["base" if indicator.base is not None else "equal"]
    elif rule.blend is not None:
        sources = list(rule.blend)
    else:
        sources = [rule.by or "equal"]
    return [(source, _amount(content, indicator, source)) for source in sources]


def _amount(content: PlanContent, indicator: Indicator, source: Source) -> Floats:
    if source == "equal":
        return np.ones(len(content.regions))
    if source == "base":
        return content.base(indicator)
    return content.series(source)


def convergence(content: PlanContent, indicator: Indicator) -> Floats | None:
    """Return, by year, which part of the way to its end an indicator has gone by ``converge``.

    In a straight line from the base year to the last year in which it is assigned; None where it
    has no such way.
    """
    dashes = {year for year, figure in indicator.target.years.items() if not figure.given}
    assigned = content.applies(indicator).any(axis=0) & ~np.isin(content.years, list(dashes))
    if indicator.converge is None or not assigned.any():
        return None
    ages = np.cumsum(content.gaps)
    return np.asarray(indicator.converge * ages / ages[assigned][-1])


def share_out(
    content: PlanContent, indicator: Indicator, takes: Bools, part: float = 1.0
) -> Floats:
    """Return each region's share of the area (adding to 1 over those that take part).

    Parameters
    ----------
    content, indicator
        The plan, and one of its indicators.
    takes
        Which regions take part; the others get 0.
    part
        Which part of the way from the shares of the base year to those by the rule.
    """
    goal = _by_rule(content, indicator, takes)
    base = np.where(takes, np.nan_to_num(_amount(content, indicator, "base")), 0.0)
    if part == 1 or not base.sum() > 0:
        return goal
    return np.asarray((1 - part) * base / base.sum() + part * goal)


def _by_rule(content: PlanContent, indicator: Indicator, takes: Bools) -> Floats:
    rule = indicator.allocate
    weights = list(rule.blend.values()) if rule is not None and rule.blend else [1.0]
    total = np.zeros(len(content.regions))
    for weight, (_, amount) in zip(weights, shares(content, indicator), strict=True):
        amount = np.where(takes, np.nan_to_num(amount), 0.0)
        if amount.sum() > 0:
            total += weight / sum(weights) * amount / amount.sum()
    return total / total.sum() if total.sum() > 0 else total
