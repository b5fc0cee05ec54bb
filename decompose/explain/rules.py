"""A rule in words: whose it is, of which year, and what it says."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from decompose.build import Built
from decompose.explain.changes import figure_of, series_at
from decompose.explain.figures_moved import Value
from decompose.explain.ratio_changes import as_said, limit_named
from decompose.explain.words import rate, said_in, with_unit, words_of
from decompose.explain.written import Said, as_percent, bounds_sum, digits_of, said_at
from decompose.figures import Sense, parse_figure
from decompose.labels import Language, Message, Text, say, term
from decompose.labels.diagnosing import DIAGNOSING
from decompose.naming import scope_name
from decompose.plan import Indicator, Plan
from decompose.plan.steps import PERCENT_SIGN, SNAP, decimals_of, step_of
from decompose.problem import FAMILIES, TOTAL
from decompose.tables.printed import published

Shown = str | list[str] | Message
Named = str | Text
TARGETS = ("target", "ratio", "growth_each_year")
_OF_NAME = {
    "told_target_cut": "told_target",
    "told_target_rise": "told_target",
    "told_target_cut_each_year": "told_target_each_year",
    "told_target_rise_each_year": "told_target_each_year",
    "told_cut.max": "told_named_cut.max",
    "told_cut.min": "told_named_cut.min",
}
"""What is said of a cut or a rise where the name before it has said that it is one."""


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
    says: Message = field(repr=False, compare=False)
    """What it says, not whose it is."""
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
        says(plan, built, row),
        _item(scope, _said(plan, built, row)[1].get("value")),
    )


def _item(scope: str, value: object) -> Message:
    return (
        say("told_scope", scope=scope)
        if value is None
        else say("told_item", scope=scope, value=value)
    )


def is_fact(plan: Plan, family: str, year: int) -> bool:
    """Whether a rule is a lock of a year that is over: what was reached in it."""
    return family == "lock" and 0 <= year < plan.past


def steps_of(plan: Plan, number: int, language: Language = "zh") -> Rule:
    """Return the steps of an indicator's tiers as a rule."""
    indicator = plan.indicators[number]
    values = (
        []
        if indicator.tiers is None
        else [as_percent(one, up=True) for one in indicator.tiers.values]
    )
    last = len(plan.years) - 1
    said = say("told_tier", value=values)
    place = place_named(plan, plan.area, last, name_in(indicator, "tier", ""))
    message = say("told_rule", place=place, says=said)
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
        said,
        item,
    )


def never_below(indicator: Indicator) -> Message:
    """Say that what is published of an indicator is not below 0."""
    return say("told_signed", indicator=words_of(indicator).name)


def above_zero(plan: Plan, number: int, language: Language = "zh") -> Rule:
    """Return that no change which is published of an indicator is below 0, as a rule."""
    indicator = plan.indicators[number]
    message, scope = never_below(indicator), say("told_scope", scope=plan.area)
    path = f"indicators.{indicator.id}.signed"
    own = "signed", indicator.id, plan.area, "total", message.text(language)
    return Rule(path, *own, message, message, scope)


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
    printed = is_printed(indicator, family, path)
    if family in TARGETS:
        code, value = _target(plan, built, row, indicator, printed=printed)
        return _OF_NAME.get(code, code) if printed else code, {"value": value}
    data: dict[str, object] = {}
    code = f"told_{family}"
    if family in ("part_of", "sum_of", "increase_of", "at_least_share", "at_most_share"):
        data["other"] = _others(plan, indicator, family, path)
        if family.startswith("at_"):
            data["value"] = figure_of(plan, built, row)
    elif family == "monotone":
        code = f"told_monotone.{indicator.limits.monotone}"
    elif family == "base_quota":
        data["value"] = shown(float(rules.lower[row]), indicator, printed=printed)
    elif family == "tier":
        data["value"] = shown(float(rules.upper[row]), indicator, printed=printed)
    else:
        own = figure_of(plan, built, row)
        data["value"] = shown(own, indicator, printed=printed, exact=True)
        if is_fact(plan, family, int(rules.year[row])):
            return "told_fact", data
    if code not in DIAGNOSING:  # a family without words of its own is told by its name
        code, data["name"] = "told_limit", term(family)
    return _OF_NAME.get(code, code) if printed else code, data


def is_printed(indicator: Indicator, family: str, path: str) -> bool:
    """Whether a rule speaks of what is printed: a lock, a cut or a rise; others of values.

    A lock is of a level whose rise is printed.
    """
    if family in ("lock", "base_quota", "tier"):
        return family != "lock" or indicator.publish != "increment"
    change = published(indicator)
    if change not in ("cut", "rise"):
        return False
    return change_of(family, path) == change or limit_in(path) in ("max", "min")


def change_of(family: str, path: str) -> str:
    """Return whether a rule on a ratio speaks of a ``cut`` or a ``rise``; else an empty text."""
    name = limit_in(path) or path.rpartition(".")[2]
    if family.startswith("cut") or name.startswith("cut"):
        return "cut"
    return "rise" if name.startswith("rise") else ""


def limit_in(path: str) -> str:
    """Return the name of the limit that a path leads to, if it does."""
    return limit_named(path) if ".limits." in path else ""


def name_in(indicator: Indicator, family: str, path: str) -> Named:
    """Return the name of what a rule speaks of."""
    printed = is_printed(indicator, family, path)
    return words_of(indicator).name if printed else indicator.label


def place_of(plan: Plan, built: Built, row: int) -> Message:
    """Say whose number of which year a rule speaks of."""
    rules = built.problem.rules
    scope = scope_name(built.problem, int(rules.scope[row]))
    return place_named(plan, scope, int(rules.year[row]), row_name(plan, built, row))


def place_named(plan: Plan, scope: str, year: int | None, name: Named) -> Message:
    """Say whose number of which year: None speaks of no year, TOTAL of all together."""
    if year is None:
        return say("told_place_always", scope=scope, indicator=name)
    if year == TOTAL:
        return say("told_place_total", scope=scope, indicator=name)
    return say("told_place", scope=scope, year=plan.years[year], indicator=name)


def row_name(plan: Plan, built: Built, row: int) -> Named:
    """Return the name of what a row speaks of."""
    rules = built.problem.rules
    indicator = plan.indicators[rules.indicator[row]]
    path = built.problem.sources[rules.source[row]]
    return name_in(indicator, FAMILIES[rules.family[row]].name, path)


def subject(plan: Plan, year: int | None, name: Named) -> Message:
    """Say which year's numbers of an indicator, without saying whose."""
    if year is None:
        return say("told_subject_always", indicator=name)
    if year == TOTAL:
        return say("told_subject_total", indicator=name)
    return say("told_subject", year=plan.years[year], indicator=name)


def what_of(indicator: Indicator, family: str, path: str, year: int) -> Message | Text:
    """Return what a rule is called behind its indicator: the capacity, the target."""
    name = family
    if family == "ratio":
        name = limit_named(path) if ".limits." in path else "target"
    if name.startswith("cut.") and is_printed(indicator, family, path):
        return say(f"named_{name}")
    if name == "target":
        kind = path.rpartition(".")[2]
        if is_printed(indicator, family, path):  # the name has said that it is a cut, or a rise
            kind = "each_year" if kind.endswith("each_year") else ""
        if f"named_target_{kind}" in DIAGNOSING:
            return say(f"named_target_{kind}")
    told = term(name.removeprefix("total."))
    return say("what_total", what=told) if year == TOTAL else told


def shown(
    value: Value,
    indicator: Indicator,
    *,
    printed: bool = False,
    exact: bool = False,
    apart: bool = False,
) -> Shown:
    """Write a figure with its unit, at the indicator's digits; words keep theirs.

    ``printed``: it is of what is published, whatever the unit of values is. ``exact``: no digit of
    a figure that the plan says is lost. ``apart``: it is by how much two numbers differ, which is
    told in points of percentages.
    """
    if value in ("up", "down"):
        return say(f"told_monotone.{value}")
    if isinstance(value, list):
        return value
    if value is None:
        return ""
    unit = words_of(indicator).unit if printed else Text(indicator.unit, indicator.unit)
    if apart and unit.zh == PERCENT_SIGN:
        unit = term("points")
    if unit == term("points") and isinstance(value, str):
        value = value.replace(PERCENT_SIGN, with_unit("", unit).text("zh"))
    if isinstance(value, str):
        said = parse_figure(value, rate=PERCENT_SIGN in value)
        return said_in(said, unit) if said.text else value
    digits = decimals_of(indicator)
    if exact:
        digits = max(digits, digits_of(value))
    return with_unit(f"{value + 0.0:.{digits}f}", unit)


def _target(
    plan: Plan, built: Built, row: int, indicator: Indicator, *, printed: bool
) -> tuple[str, object]:
    """Return the code and the figure of a target; a scope's limit on a ratio is told as that."""
    path = built.problem.sources[built.problem.rules.source[row]]
    if ".limits." in path:
        figure = figure_of(plan, built, row)
        return f"told_{limit_named(path)}", shown(figure, indicator, printed=printed)
    said = said_at(indicator, path)
    code = "told_target"
    if said.name not in ("total", "each_year") and said.year is None:
        code = f"told_target_{said.name}"
    rises = said.name.startswith("rise")
    value = shown(said.figure.raw(), indicator, printed=printed, exact=True, apart=rises)
    if not said.figure.text and code.endswith(
        ("growth", "growth_each_year", "cut", "cut_each_year")
    ):
        value = f"{said.figure.value:.2%}"
    on_the_way = _on_the_way(plan, built, row, indicator, said)
    if on_the_way is not None:
        value = say("told_on_the_way", value=value, **on_the_way)
    handed = _handed_out(built, row, indicator, said)
    if handed is not None:
        names = "told_handed_out" if said.margin == 1 else "told_margin_handed_out"
        return code, say(names, value=value, margin=rate(said.margin - 1), handed=handed)
    if said.margin != 1:
        return code, say("told_with_margin", value=value, margin=rate(said.margin - 1))
    return code, value


def _on_the_way(
    plan: Plan, built: Built, row: int, indicator: Indicator, said: Said
) -> dict[str, object] | None:
    """Return when a ratio's figure is to be reached, and what it is in a year before that."""
    rules, series = built.problem.rules, series_at(built, row)
    year = int(rules.year[row])
    by = said.year or (plan.years[-1] if said.name in ("cut", "rise") else None)
    if series.ratio is None or by in (None, plan.years[year]):
        return None
    bound = float(rules.lower[row] if math.isfinite(rules.lower[row]) else rules.upper[row])
    now, of_rate = as_said(plan, built, row, series, bound + float(rules.constant[row]))
    told = f"{now:.2%}" if of_rate else shown(now, indicator, apart=said.name == "rise")
    return {"by": by, "year": plan.years[year], "now": told}


def _handed_out(built: Built, row: int, indicator: Indicator, said: Said) -> Shown | None:
    """Return what is handed out in place of a figure that is no whole number of steps."""
    if not bounds_sum(indicator, said):
        return None
    rules = built.problem.rules
    most = said.figure.sense is Sense.AT_MOST
    bound = float((rules.upper if most else rules.lower)[row])
    figure = said.figure.value * said.margin
    if not math.isfinite(bound) or abs(bound - figure) <= SNAP * step_of(indicator):
        return None
    return shown(bound, indicator)


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
