"""A rule in words: its own figure, what that is measured on, and the phrase that says both."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from decompose.explain.held import Held
from decompose.explain.ratio_changes import limit_named
from decompose.explain.rule_at import RuleAt
from decompose.explain.words import points, quoted, rate, share
from decompose.explain.written import said_at
from decompose.figures import Sense, plain
from decompose.labels import Message, Text, say, term
from decompose.labels.limiting import LIMITING, of_here
from decompose.naming import scope_name
from decompose.plan.limits import Link
from decompose.plan.ratios import PERCENT
from decompose.plan.targets import RATIO_EACH_YEAR
from decompose.problem import AREA, FAMILIES, FAMILY, TOTAL, Ints, group_of

NAN = float("nan")
"""The one NaN of what does not apply, so that equal reasons are equal."""
NO_PLACE = Text("", "its ")
_CROSSED = ((Sense.AT_LEAST, -1), (Sense.AT_MOST, 1))
"""Figures of at least so much that hold a sum down, and of at most so much that hold it up: what
is handed out is the figure itself."""


class Phrase(NamedTuple):
    """A rule in words.

    Attributes
    ----------
    figure
        Its own figure as the plan has it, a fraction of a rate; NaN where it has none.
    percent
        Whether that is a rate.
    against
        What the figure is measured on, in the indicator's unit; NaN where nothing is.
    message
        The rule with both, for a sentence of the cell.
    top
        The upper end of a figure that is an interval; else NaN.
    """

    figure: float
    percent: bool
    against: float
    message: Message
    top: float = NAN


def phrase(held: Held, row: int, cell: int, *, inside: bool = True) -> Phrase:
    """Put a rule that is tight at a cell into words.

    Parameters
    ----------
    held
        The stage.
    row, cell
        The rule, and the cell as whose limit it is told.
    inside
        Whether the sentence speaks as the cell's region; otherwise it has named it before.
    """
    rule = RuleAt(held, row, cell, say("at", place="", whose="", year=""))
    rule = rule._replace(at=_at(rule, inside=inside))
    return _TOLD.get(rule.family, _limit)(rule)


def _at(rule: RuleAt, *, inside: bool) -> Message:
    """Say whose rule it is, of which indicator and year, as far as the cell does not."""
    plan, name = rule.held.plan, scope_name(rule.held.problem, rule.scope)
    place: object = NO_PLACE
    if rule.scope < 0:
        place = say("at_sum" if rule.series.ratio is None else "at_place", name=name)
    elif inside:
        place = of_here(name)
    year: object = ""
    if rule.year == TOTAL:
        year = say("at_all_years")
    elif rule.year != rule.cell_year:
        year = say("at_year", year=plan.years[rule.year])
    whose: object = ""
    if rule.of_level:
        whose = say("at_whose", indicator=rule.indicator.label)
    elif rule.number != rule.cell_indicator and (rule.own or rule.family not in _LINKS):
        whose = say("at_whose", indicator=rule.name(rule.number))
    return say("at", place=place, whose=whose, year=year)


# ---- figures -------------------------------------------------------------------------------


def _laid(rule: RuleAt, name: str) -> float:
    """Return the figure of a limit where the rule was written."""
    grid = rule.series.grids.get(name)
    if grid is None:
        return NAN
    year = 0 if rule.year == TOTAL else rule.year
    if rule.scope >= 0:
        return float(grid.value[rule.scope, year])
    layer = grid.area if rule.scope == AREA else grid.groups[group_of(rule.scope)]
    return float(layer[year])


def _other_year(rule: RuleAt) -> tuple[int, float]:
    """Return the year to which a rule between years ties the cell, and the scope's value in it."""
    year = rule.year - 1 if rule.year == rule.cell_year else rule.year
    value = rule.held.scope_value(rule.number, rule.scope, year)
    return (rule.held.plan.base_year if year < 0 else rule.held.plan.years[year]), value


# ---- phrases -------------------------------------------------------------------------------


def _limit(rule: RuleAt) -> Phrase:
    """Tell a limit, a cut's included, by its name."""
    name = limit_named(rule.path) if rule.family == "ratio" else rule.family
    figure = _laid(rule, name)
    if f"rule_{name}" not in LIMITING:
        return _plain_limit(rule, name, figure)
    if FAMILIES[FAMILY[name]].rate:
        return _rate_limit(rule, name, figure)
    if name.startswith("ramp"):
        other, against = _other_year(rule)
        told = say(
            f"rule_{name}",
            at=rule.at,
            yearly=rule.yearly,
            figure=rule.words.quota(figure),
            other=other,
            against=rule.words.amount(against),
        )
        return Phrase(figure, False, against, told)
    told = say(f"rule_{name}", at=rule.at, figure=rule.words.quota(figure))
    return Phrase(figure, False, NAN, told)


def _plain_limit(rule: RuleAt, name: str, figure: float) -> Phrase:
    """Tell a limit that has no words of its own by the name of its family."""
    percent = FAMILIES[FAMILY[name]].rate
    shown: object = rate(figure) if percent else rule.words.quota(figure)
    told = say("rule_limit", at=rule.at, name=term(name), figure=shown)
    return Phrase(figure, percent, NAN, told)


def _rate_limit(rule: RuleAt, name: str, figure: float) -> Phrase:
    held, words = rule.held, rule.words
    if name.startswith("cut"):
        if ".limits." not in rule.path:  # what holds of every cut, with nothing said
            figure = 1.0 if name == "cut.max" else 0.0
        return Phrase(figure, True, NAN, say(f"rule_{name}", at=rule.at, figure=rate(figure)))
    if name.startswith("growth"):
        other, against = _other_year(rule)
        told = say(
            f"rule_{name}",
            at=rule.at,
            yearly=rule.yearly,
            figure=rate(figure),
            other=other,
            against=words.amount(against),
        )
        return Phrase(figure, True, against, told)
    against = held.scope_value(rule.number, AREA, rule.year)
    data = {"at": rule.at, "area": held.plan.area, "against": words.amount(against)}
    if name == "share_shift":
        base = held.scope_value(rule.number, rule.scope, -1) / float(np.nansum(rule.series.base))
        told = say(f"rule_{name}", figure=points(figure), base=share(base), **data)
    else:
        told = say(f"rule_{name}", figure=rate(figure), **data)
    return Phrase(figure, True, against, told)


def _monotone(rule: RuleAt) -> Phrase:
    other, against = _other_year(rule)
    direction = rule.indicator.limits.monotone
    told = say(
        f"rule_monotone_{direction}", at=rule.at, other=other, against=rule.words.amount(against)
    )
    return Phrase(NAN, False, against, told)


def _lock(rule: RuleAt) -> Phrase:
    plan = rule.held.plan
    key = "total" if rule.year == TOTAL else str(plan.years[rule.year])
    lock = next(
        locks[key]
        for name, locks in rule.indicator.locks.items()
        if plan.region_index[plain(name)] == rule.scope and key in locks
    )
    data = {"at": rule.at, "figure": rule.printed.quota(lock.value)}
    told = say("rule_lock_why", why=lock.why, **data) if lock.why else say("rule_lock", **data)
    return Phrase(lock.value, False, NAN, told)


def _target(rule: RuleAt) -> Phrase:
    """Tell what a group must reach, in the words of the plan."""
    words, found = rule.words, said_at(rule.indicator, rule.path)
    said, kind = found.figure, found.name
    percent = kind.startswith(("growth", "cut"))
    figure = rate(said.value) if percent and not said.text else words.said(said)
    if rule.family in ("growth_each_year", *RATIO_EACH_YEAR):
        other, against = _other_year(rule)
        told = say(
            f"rule_{kind}", at=rule.at, figure=figure, other=other, against=words.amount(against)
        )
        return Phrase(said.value, percent, against, told)
    code = "rule_ratio" if rule.family == "ratio" else "rule_target"
    if kind.startswith(("growth", "increase")):
        code = f"rule_target_{kind}"
    top = NAN if said.upper is None else said.upper
    told = say(code, at=rule.at, figure=figure)
    crossed = (said.sense, rule.held.row_side(rule.row)) in _CROSSED
    if rule.family == "target" and (crossed or found.margin != 1):
        value = said.value * found.margin
        told = say("rule_handed", rule=told, sum=rate(value) if percent else words.quota(value))
    return Phrase(said.value, percent, NAN, told, top)


def _ratio(rule: RuleAt) -> Phrase:
    return _limit(rule) if ".limits." in rule.path else _target(rule)


def _tier(rule: RuleAt) -> Phrase:
    figure = float(rule.held.problem.rules.lower[rule.row])
    return Phrase(
        figure / PERCENT, True, NAN, say("rule_tier", at=rule.at, figure=rate(figure / PERCENT))
    )


def _base_quota(rule: RuleAt) -> Phrase:
    figure = _published(rule)
    told = say("rule_base_quota", at=rule.at, figure=rule.printed.amount(figure))
    return Phrase(figure, False, NAN, told)


def _ahead(rule: RuleAt) -> Phrase:
    """Tell what the limits of later years leave of this one."""
    figure, most = _published(rule), bool(np.isinf(rule.held.problem.rules.lower[rule.row]))
    code = "rule_ahead_most" if most else "rule_ahead_least"
    return Phrase(figure, False, NAN, say(code, at=rule.at, figure=rule.printed.quota(figure)))


def _published(rule: RuleAt) -> float:
    """Return the end of a rule on one number as it is published."""
    lower, upper = rule.held.published_ends(rule.row)
    return upper if np.isinf(lower) else lower


# ---- other indicators ----------------------------------------------------------------------


def _link_of(rule: RuleAt) -> Link:
    return rule.indicator.links[int(rule.path.split(".")[-2])]


def _scope_sum(rule: RuleAt, indicator: int) -> tuple[float, Message]:
    """Return what an indicator adds up to in the rule's scope and year, and how it is told."""
    regions: Ints = rule.held.regions(rule.scope)
    value = sum(rule.held.value(indicator, region, rule.year) for region in regions.tolist())
    return value, rule.held.value_words(indicator).amount(value)


def _part_of(rule: RuleAt) -> Phrase:
    plan = rule.held.plan
    if not rule.own:
        value, told = _scope_sum(rule, rule.number)
        name = rule.name(rule.number)
        return Phrase(
            NAN, False, value, say("rule_part_of_whole", at=rule.at, other=name, against=told)
        )
    parent = rule.path.endswith(".parent")
    other = plan.indicator_index[
        (rule.indicator.parent if parent else _link_of(rule).part_of) or ""
    ]
    if not plan.applies(plan.indicators[other])[rule.region, rule.year]:
        return Phrase(NAN, False, NAN, say("rule_part_of_none", at=rule.at, other=rule.name(other)))
    value, told = _scope_sum(rule, other)
    return Phrase(
        NAN, False, value, say("rule_part_of", at=rule.at, other=rule.name(other), against=told)
    )


def _share_of(rule: RuleAt) -> Phrase:
    """Tell a share of another indicator, at either of the two."""
    link = _link_of(rule)
    figure = getattr(link, rule.family)
    other = rule.held.plan.indicator_index[link.of or ""] if rule.own else rule.number
    value, told = _scope_sum(rule, other)
    code = f"rule_{rule.family}" if rule.own else f"rule_{rule.family}_of"
    data = {"figure": rate(figure), "other": rule.name(other), "against": told}
    return Phrase(figure, True, value, say(code, at=rule.at, **data))


def _sum_of(rule: RuleAt) -> Phrase:
    value, told = _scope_sum(rule, rule.number)
    if not rule.own:
        name = rule.name(rule.number)
        return Phrase(
            NAN, False, value, say("rule_sum_of_part", at=rule.at, other=name, against=told)
        )
    index = rule.held.plan.indicator_index
    others = quoted([rule.name(index[name]) for name in rule.indicator.sum_of])
    return Phrase(NAN, False, value, say("rule_sum_of", at=rule.at, others=others, against=told))


def _increase_of(rule: RuleAt) -> Phrase:
    value, told = _scope_sum(rule, rule.number)
    level = rule.held.plan.indicator_index[rule.indicator.increase_of or ""]
    code = "rule_increase_of" if rule.own else "rule_increase_of_level"
    other = rule.name(level if rule.own else rule.number)
    return Phrase(NAN, False, value, say(code, at=rule.at, other=other, against=told))


_LINKS: dict[str, Callable[[RuleAt], Phrase]] = {
    "part_of": _part_of,
    "at_least_share": _share_of,
    "at_most_share": _share_of,
    "sum_of": _sum_of,
    "increase_of": _increase_of,
}
_TOLD: dict[str, Callable[[RuleAt], Phrase]] = {
    **_LINKS,
    "target": _target,
    "ratio": _ratio,
    "growth_each_year": _target,
    **dict.fromkeys(RATIO_EACH_YEAR, _target),
    "ahead": _ahead,
    "lock": _lock,
    "tier": _tier,
    "base_quota": _base_quota,
    "monotone": _monotone,
}
"""The families with words of their own; all the others are limits."""
