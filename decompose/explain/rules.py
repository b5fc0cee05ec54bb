"""A rule in words: whose it is, of which year, and what it says."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from decompose.build import Built
from decompose.explain.changes import figure_of
from decompose.explain.figures_moved import Value
from decompose.explain.ratio_changes import limit_named
from decompose.explain.written import as_percent, said_at
from decompose.labels import Language, Message, say
from decompose.naming import scope_name
from decompose.plan import Indicator, Plan
from decompose.plan.steps import decimals_of, unit_of
from decompose.problem import FAMILIES, TOTAL

Shown = str | list[str] | Message
_LAST_NUMBER = re.compile(r"(\d[\d.,]*)(?!.*\d)")


@dataclass(frozen=True)
class Rule:
    """One rule of a plan.

    Attributes
    ----------
    path
        Where the plan says it, as in ``with_changes``.
    family, indicator, scope, year
        What kind of rule it is, and what it speaks of: id of the indicator, name of the scope,
        year or ``"total"``.
    text
        The rule in words, in the language that was asked for.
    message
        The same in either language.
    """

    path: str
    family: str
    indicator: str
    scope: str
    year: int | str
    text: str
    message: Message = field(repr=False, compare=False)
    item: Message = field(repr=False, compare=False)
    """The rule in a list of its family: the scope and the figure."""


def rule_of(plan: Plan, built: Built, row: int, language: Language = "zh") -> Rule:
    """Return a row of a stage as a rule of the plan."""
    problem, rules = built.problem, built.problem.rules
    year = int(rules.year[row])
    message = phrase(plan, built, row)
    scope = scope_name(problem, int(rules.scope[row]))
    return Rule(
        problem.sources[rules.source[row]],
        FAMILIES[rules.family[row]].name,
        problem.indicators[rules.indicator[row]],
        scope,
        "total" if year == TOTAL else problem.years[year],
        message.text(language),
        message,
        _item(scope, _said(plan, built, row)[1].get("value")),
    )


def _item(scope: str, value: object) -> Message:
    return (
        say("told_scope", scope=scope)
        if value is None
        else say("told_item", scope=scope, value=value)
    )


def steps_of(plan: Plan, number: int, language: Language = "zh") -> Rule:
    """Return the steps of an indicator's tiers as a rule."""
    indicator = plan.indicators[number]
    values = (
        []
        if indicator.tiers is None
        else [as_percent(one, up=True) for one in indicator.tiers.values]
    )
    last = len(plan.years) - 1
    place = say("told_place", scope=plan.area, year=when(plan, last), indicator=indicator.label)
    message = say("told_rule", place=place, says=say("told_tier", value=values))
    path = f"indicators.{indicator.id}.tiers"
    item = say("told_item", scope=plan.area, value=values)
    return Rule(
        path,
        "tier",
        indicator.id,
        plan.area,
        plan.years[last],
        message.text(language),
        message,
        item,
    )


def phrase(plan: Plan, built: Built, row: int) -> Message:
    """Say whose a rule is and what it says."""
    return say("told_rule", place=place_of(plan, built, row), says=says(plan, built, row))


def says(plan: Plan, built: Built, row: int) -> Message:
    """Say what a rule says, not whose it is."""
    code, data = _said(plan, built, row)
    return say(code, **data)


def _said(plan: Plan, built: Built, row: int) -> tuple[str, dict[str, object]]:
    """Return the code of what a rule says, and its figure or the others that it names."""
    rules = built.problem.rules
    family = FAMILIES[rules.family[row]].name
    indicator = plan.indicators[rules.indicator[row]]
    path = built.problem.sources[rules.source[row]]
    if family in ("target", "ratio", "growth_each_year"):
        code, value = _target(plan, built, row, indicator)
        return code, {"value": value}
    data: dict[str, object] = {}
    if family in ("part_of", "sum_of", "increase_of", "at_least_share", "at_most_share"):
        data["other"] = _others(plan, indicator, family, path)
        if family.startswith("at_"):
            data["value"] = figure_of(plan, built, row)
    elif family == "monotone":
        family = f"monotone.{indicator.limits.monotone}"
    elif family == "base_quota":
        data["value"] = shown(float(rules.lower[row]), indicator)
    elif family == "lock":
        data["value"] = shown(figure_of(plan, built, row), indicator, locked=True)
    elif family == "tier":
        data["value"] = shown(float(rules.upper[row]), indicator)
    else:
        data["value"] = shown(figure_of(plan, built, row), indicator)
    return f"told_{family}", data


def place_of(plan: Plan, built: Built, row: int) -> Message:
    """Say whose number of which year a rule speaks of."""
    rules = built.problem.rules
    scope = scope_name(built.problem, int(rules.scope[row]))
    indicator = plan.indicators[rules.indicator[row]]
    year = when(plan, int(rules.year[row]))
    return say("told_place", scope=scope, year=year, indicator=indicator.label)


def when(plan: Plan, year: int) -> Message:
    """Say a year, or that it is all of them."""
    return say("told_over_years") if year == TOTAL else say("told_in_year", year=plan.years[year])


def shown(value: Value, indicator: Indicator, *, locked: bool = False) -> Shown:
    """Write a figure with its unit, at the indicator's digits; words keep theirs.

    A lock is of what is published, whatever the unit of values is.
    """
    unit = unit_of(indicator) if locked else indicator.unit
    if value in ("up", "down"):
        return say(f"told_monotone.{value}")
    if isinstance(value, list):
        return value
    if value is None:
        return ""
    if not isinstance(value, str):
        return f"{value + 0.0:.{decimals_of(indicator)}f}{unit}"
    if "%" in value or not unit:
        return value
    return _LAST_NUMBER.sub(lambda found: found[1] + unit, value, count=1)


def _target(plan: Plan, built: Built, row: int, indicator: Indicator) -> tuple[str, object]:
    """Return the code and the figure of a target; a scope's limit on a ratio is told as that."""
    path = built.problem.sources[built.problem.rules.source[row]]
    if ".limits." in path:
        return f"told_{limit_named(path)}", shown(figure_of(plan, built, row), indicator)
    said = said_at(indicator, path)
    code = "told_target"
    if said.name not in ("total", "each_year") and said.year is None:
        code = f"told_target_{said.name}"
    value = shown(said.figure.raw(), indicator)
    if not said.figure.text and code.endswith(
        ("growth", "growth_each_year", "cut", "cut_each_year")
    ):
        value = f"{said.figure.value:.2%}"
    if said.margin != 1:
        return code, say("told_with_margin", value=value, margin=f"{said.margin - 1:.2%}")
    return code, value


def _others(plan: Plan, indicator: Indicator, family: str, path: str) -> list[str]:
    """Return the printed names of the indicators with which a rule ties this one."""
    names: tuple[str | None, ...]
    if family == "sum_of":
        names = indicator.sum_of
    elif family == "increase_of":
        names = (indicator.increase_of,)
    elif path.endswith(".parent"):
        names = (indicator.parent,)
    else:
        link = indicator.links[int(path.split(".")[-2])]
        names = (link.part_of or link.of,)
    return [plan.indicators[plan.indicator_index[name]].label for name in names if name]
