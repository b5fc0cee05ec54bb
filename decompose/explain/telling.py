"""A conflict and its repairs in words: few lines, the first of a long list by name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import reduce

import numpy as np

from decompose.errors import Told
from decompose.explain.feasibility import Part
from decompose.explain.figures_moved import Change, Value, ends_of
from decompose.explain.repairs import Repair
from decompose.explain.rules import (
    Named,
    Rule,
    is_printed,
    name_in,
    place_named,
    shown,
    subject,
    what_of,
)
from decompose.explain.stuck import Stuck
from decompose.explain.words import words_of
from decompose.labels import Message, say
from decompose.naming import scope_name
from decompose.plan import Plan
from decompose.plan.steps import PERCENT_SIGN
from decompose.problem import TOTAL

LINES = 10
"""How many lines tell a conflict, its reason included; the data name every rule."""
ROOM = LINES - 2
"""How many of them are left below the reason and the head."""
STRETCH = ".stretch."
"""In the paths of stretch figures."""
_NO_FIGURE = ("strict", "signed")
"""What an indicator says or not, for all its regions and years."""
PER_REGION = ".per_region"
"""Ends the path of a figure that holds in every year, of each region."""
BY_THE_END = ("cut", "rise", "growth", "increase")
"""Figures of what is reached by the last year."""
NAMED = 3
"""How many places, or changes, a sentence names."""


def conflict_lines(plan: Plan, rules: Sequence[Rule]) -> list[Message]:
    """Tell the rules of a conflict, those of one family and year in one line.

    Those of all years stand in one line where there would be too many.
    """
    if len(rules) < 2:
        return []
    told = _families_told(plan, rules, by_year=True)
    if len(told) > ROOM:
        told = _families_told(plan, rules, by_year=False)
    return numbered(told)


def numbered(told: Sequence[Told]) -> list[Message]:
    """Tell what cannot hold together, a line for each, as far as there is room."""
    more = len(told) - (ROOM - 1) if len(told) > ROOM else 0
    lines = [
        say("conflict_line", number=number + 1, rule=rule)
        for number, rule in enumerate(told[: len(told) - more])
    ]
    if more:
        lines.append(say("conflict_rest", count=more))
    else:
        lines[-1] = say("conflict_last", number=len(told), rule=told[-1])
    return [say("conflict_because"), *lines]


def _families_told(plan: Plan, rules: Sequence[Rule], *, by_year: bool) -> list[Message]:
    groups: dict[tuple[object, ...], list[Rule]] = defaultdict(list)
    for rule in rules:
        when = rule.year if by_year or rule.year == "total" else None
        groups[rule.family, rule.indicator, when, rule.says.code].append(rule)
    return [_rules_told(plan, some) for some in groups.values()]


def _rules_told(plan: Plan, rules: Sequence[Rule]) -> Message:
    """Tell rules of one family and indicator: what they all say once, else a list."""
    first = rules[0]
    if len(rules) == 1:
        return first.message
    indicator = plan.indicators[plan.indicator_index[first.indicator]]
    name = name_in(indicator, first.family, first.path)
    year = TOTAL if first.year == "total" else plan.year_index[int(first.year)]
    years = sorted({int(rule.year) for rule in rules if rule.year != "total"})
    of_years = None
    if len(years) > 1:
        of_years = say("told_subject_years", first=years[0], last=years[-1], indicator=name)
    # "capacity of 2: A, B" might be read as 2 for both; a rate cannot be
    each = first.item.code == "told_scope" or PERCENT_SIGN in first.says.text()
    if each and all(rule.says == first.says for rule in rules):
        scopes = dict.fromkeys(rule.scope for rule in rules)
        return say(
            "rules_alike",
            subject=of_years or subject(plan, year, name),
            says=first.says,
            items=_listed([say("told_scope", scope=scope) for scope in scopes]),
        )
    return say(
        "rules_several",
        subject=of_years or subject(plan, None if year == TOTAL else year, name),
        what=what_of(indicator, first.family, first.path, year),
        items=_listed([rule.item for rule in rules]),
    )


def _listed(items: list[Message]) -> Message | list[Message]:
    """Name the first of a long list, and how many there are."""
    if len(items) <= NAMED:
        return items
    return say("list_cut", items=items[:NAMED], count=len(items))


def elsewhere_lines(plan: Plan, part: Part, repairs: Sequence[Repair]) -> list[Message]:
    """Name what repairs change beside the part whose conflict is told: rules clash there, too."""
    if not repairs:
        return []
    problem, own = part.problem, part.columns
    places = np.stack([problem.column_indicator[own], problem.column_year[own]], axis=1)
    here = {(indicator, year) for indicator, year in np.unique(places, axis=0).tolist()}
    here |= {(indicator, TOTAL) for indicator, _ in here}
    items = [
        subject(plan, change.year, plan.indicators[change.indicator].label)
        for change in repairs[0].parts
        if (change.indicator, change.year) not in here
    ]
    named = {item.text(): item for item in items}
    return [say("conflict_elsewhere", items=_listed([*named.values()]))] if named else []


def repair_lines(stuck: Stuck, repairs: Sequence[Repair], *, base: bool) -> list[Message]:
    """Tell the repairs, a line for each.

    Beside changes of base figures (``base``), those of stretch figures are called so.
    """
    if not repairs:
        return [say("repairs_none")]
    lines = [
        say("repair_line", number=number + 1, repair=_repair_told(stuck, repair, base=base))
        for number, repair in enumerate(repairs)
    ]
    return [say("repairs_head"), *lines]


def _repair_told(stuck: Stuck, repair: Repair, *, base: bool) -> Message:
    """Tell a repair, the changes of one family and indicator together."""
    groups: dict[tuple[int, str, bool], list[Change]] = defaultdict(list)
    for change in repair.parts:
        groups[change.indicator, change.family, STRETCH in change.path].append(change)
    told = [
        one
        for (*_, higher), some in groups.items()
        for one in _changes_told(stuck, some, higher=base and higher)
    ]
    whole = reduce(lambda one, other: say("repair_and", one=one, other=other), told[:NAMED])
    more = len(told) - NAMED
    return whole if more <= 0 else say("repair_more", told=whole, count=more)


def _changes_told(stuck: Stuck, changes: Sequence[Change], *, higher: bool) -> list[Message]:
    """Tell changes of one family and indicator: in one sentence, but for shares of others."""
    plan, first = stuck.plan, changes[0]
    indicator = plan.indicators[first.indicator]
    if first.value is None:
        return [
            say("repair_drop", indicator=indicator.label, before=_shown(stuck, first, "before"))
        ]
    if first.family in _NO_FIGURE:
        return [say(f"repair_{first.family}", indicator=name) for name in _names(plan, changes)]
    if ".links." in first.path:
        return [_share_told(stuck, change) for change in changes]
    name = name_in(indicator, first.family, first.path)
    what: object = what_of(indicator, first.family, first.path, first.year)
    if higher:
        what = say("stretch_name", name=what)
    if len(changes) == 1:
        year = _year_of(plan, first)
        return [
            say(
                "repair_one",
                place=place_named(
                    plan, _scope(stuck, first), None if year == TOTAL else year, name
                ),
                what=what,
                before=_shown(stuck, first, "before"),
                value=_shown(stuck, first, "value"),
            )
        ]
    years = {_year_of(plan, change) for change in changes}
    alike = len(years) == 1
    kinds = {change.path.rpartition(".")[2] for change in changes}
    one_kind = first.path if len(kinds) == 1 else ""
    year = _year_of(plan, first) if alike else None
    data: dict[str, object] = {
        "way": say(_way(changes)),
        "subject": subject(plan, None if year == TOTAL else year, name),
        "what": what if alike or higher else what_of(indicator, first.family, one_kind, 0),
        "items": _listed([_item_told(stuck, change, alike=alike) for change in changes]),
    }
    rates = any(PERCENT_SIGN in str(change.value) for change in changes)
    if isinstance(first.value, str) or rates or indicator.kind == "ratio":  # they do not add up
        return [say("repair_rates", **data)]
    total = sum(change.amount for change in changes)
    printed = is_printed(indicator, first.family, first.path)
    return [say("repair_several", total=shown(total, indicator, printed=printed), **data)]


def _names(plan: Plan, changes: Sequence[Change]) -> list[Named]:
    """Return the printed names of the indicators that changes speak of."""
    return [words_of(plan.indicators[change.indicator]).name for change in changes]


def _item_told(stuck: Stuck, change: Change, *, alike: bool) -> Message:
    """Tell where a figure moves, from what and to what; the year where years differ."""
    year = _year_of(stuck.plan, change)
    code = "repair_item"
    if not alike:
        code = {TOTAL: "repair_item_total", None: "repair_item_each"}.get(year, "repair_item_dated")
    if change.path.endswith(PER_REGION):
        code = "repair_item_region"
    return say(
        code,
        scope=_scope(stuck, change),
        year="" if year in (None, TOTAL) else stuck.plan.years[year],
        before=_shown(stuck, change, "before"),
        value=_shown(stuck, change, "value"),
    )


def _share_told(stuck: Stuck, change: Change) -> Message:
    """Tell a share of another indicator that moves: it holds in every year."""
    plan = stuck.plan
    indicator = plan.indicators[change.indicator]
    link = indicator.links[int(change.path.split(".")[-2])]
    scope: Message = say("of_scope", scope=plan.area if link.scope == "area" else link.scope)
    if link.scope == "region":
        scope = say("of_each_region")
    return say(
        "repair_share",
        scope=scope,
        indicator=indicator.label,
        other=plan.indicators[plan.indicator_index[link.of or ""]].label,
        end=say("least_share" if change.family == "at_least_share" else "greatest_share"),
        before=_shown(stuck, change, "before"),
        value=_shown(stuck, change, "value"),
    )


def _year_of(plan: Plan, change: Change) -> int | None:
    """Return the year of a figure; None of one that holds in every year."""
    if change.path.endswith(("each_year", PER_REGION)):
        return None
    key = change.path.rpartition(".")[2]
    if ".years." in change.path:  # the rule may be of a year on the way to it
        return plan.years.index(int(key))
    return len(plan.years) - 1 if key in BY_THE_END else change.year


def _way(changes: Sequence[Change]) -> str:
    """Say which way figures move: all up, all down, or neither."""
    ups = [_is_up(change.before, change.value) for change in changes]
    return "way_up" if all(ups) else "way_both" if any(ups) else "way_down"


def _is_up(before: Value, value: Value) -> bool:
    return ends_of(value) > ends_of(before)


def _scope(stuck: Stuck, change: Change) -> str:
    return scope_name(stuck.built.problem, change.scope)


def _shown(stuck: Stuck, change: Change, name: str) -> object:
    """Write the figure of a change, ``before`` it or its ``value`` after."""
    indicator = stuck.plan.indicators[change.indicator]
    printed = is_printed(indicator, change.family, change.path)
    rises = change.path.rpartition(".")[2].startswith("rise")
    return shown(getattr(change, name), indicator, printed=printed, exact=True, apart=rises)
