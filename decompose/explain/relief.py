"""What one step of relief on a rule would change: the rule moved, and its stage solved again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from decompose.errors import DecomposeError
from decompose.explain.cells import SHOWN
from decompose.explain.held import Held
from decompose.explain.phrases import NAN
from decompose.explain.ratio_changes import limit_named
from decompose.explain.reason import Reason, Relief, Remedy, TightRule
from decompose.explain.sentences import binding
from decompose.explain.words import points, rate
from decompose.figures import Sense, parse_figure, plain
from decompose.labels import Message, Text, say, term
from decompose.plan.values import MOST_DECIMALS
from decompose.settle import Settled, settle_again

SHARES_OF = ("at_least_share", "at_most_share")

Change = tuple[str, str, int, float]
"""A number that changes: indicator, region, year, how much more."""


def with_relief(settled: Settled, held: Held, reason: Reason) -> Reason:
    """Solve again for each rule of a cell, moved by one step; where it has none, for those beside.

    Beside it are the rules that hold other regions, and where none does, those of the area.
    """
    rules = [rule for rule in reason.tight if rule.remedy]
    if not rules:
        rules = [cause.rule for cause in reason.causes[:SHOWN]]
    if not rules and not binding(reason):
        rules = [*reason.area_rules]
    found = tuple(
        _relief(settled, held, reason, rule, rule.remedy) for rule in rules if rule.remedy
    )
    messages = (*reason.messages, *(relief.message for relief in found))
    return replace(reason, relief=found, messages=messages)


def _relief(
    settled: Settled, held: Held, reason: Reason, rule: TightRule, remedy: Remedy
) -> Relief:
    plan = held.plan
    number = plan.indicator_index[reason.indicator or ""]
    words = held.words(number)
    data = {"rule": _rule(held, reason, rule, remedy.path), "moved": _moved(held, rule, remedy)}
    try:
        after = settle_again(settled, plan.with_changes({remedy.path: remedy.value}), number)
    except DecomposeError:
        told = say("relief_impossible", **data)
        return Relief(remedy.path, remedy.value, rule.family, remedy.step, NAN, NAN, NAN, (), told)
    place = plan.region_index[plain(reason.region or "")], plan.year_index[reason.year or 0]
    name = reason.indicator or ""
    quota = float(after.quotas()[name][place])
    change = round(quota - reason.quota, MOST_DECIMALS)
    others = tuple(_changes(settled, after, (number, *place)))
    told = say(
        "relief_changes" if change else "relief_nothing",
        quota=words.quota(quota),
        change=words.printed(change, signed=True),
        others=_others(held, reason, others),
        **data,
    )
    exact_change = float(after.exact()[name][place]) - reason.exact
    return Relief(
        remedy.path,
        remedy.value,
        rule.family,
        remedy.step,
        quota,
        change,
        exact_change,
        others,
        told,
    )


def _changes(before: Settled, after: Settled, own: tuple[int, int, int]) -> Iterator[Change]:
    """List the other numbers of a batch that differ, in the order of columns."""
    plan, old = before.plan, before.quotas()
    for name, new in sorted(after.quotas().items(), key=lambda one: plan.indicator_index[one[0]]):
        change = np.round(np.nan_to_num(new - old[name]), MOST_DECIMALS)
        for region, year in np.argwhere(change).tolist():
            if (plan.indicator_index[name], region, year) != own:
                place = plan.region_names[region], plan.years[year]
                yield (name, *place, float(change[region, year]))


# ---- words ---------------------------------------------------------------------------------


def _rule(held: Held, reason: Reason, rule: TightRule, path: str) -> Message:
    """Name the rule that is moved: whose, of which indicator, and of which year if of one."""
    other = held.plan.indicators[held.plan.indicator_index[rule.indicator]]
    if rule.family in SHARES_OF:
        link = other.links[int(path.split(".")[-2])]
        whole = held.plan.indicators[held.plan.indicator_index[link.of or ""]]
        return say(f"moved_{rule.family}", one=other.label, other=whole.label)
    of_limit = rule.family == "ratio" and ".limits." in rule.path
    name = limit_named(rule.path) if of_limit else rule.family
    year: Message | str = ""
    if rule.year == "total":
        year = say("at_all_years")
    elif str(rule.year) in path.split("."):
        year = say("at_year", year=rule.year)
    whose = "" if rule.indicator == reason.indicator else say("at_whose", indicator=other.label)
    told: Message | Text = term(name.removeprefix("total."))  # the years are said already
    if name == "lock":
        told = say("moved_lock")
    return say("rule_to_move", scope=rule.scope, year=year, whose=whose, rule=told)


def _moved(held: Held, rule: TightRule, remedy: Remedy) -> Message:
    """Say by how much the rule yields, and to what."""
    words = held.words(held.plan.indicator_index[rule.indicator])
    said = parse_figure(remedy.value, rate=rule.rate)
    data: dict[str, object]
    if rule.rate:
        bare = said.sense is Sense.EXACT
        data = {
            "step": points(remedy.step),
            "value": rate(said.value) if bare else words.said(said),
        }
    else:
        data = {"step": words.difference(remedy.step), "value": words.said(said)}
    return say("relief_up" if said.value > rule.figure else "relief_down", **data)


def _others(held: Held, reason: Reason, others: tuple[Change, ...]) -> Message | str:
    """Name some of the other numbers that change, those of the same indicator and year first."""
    if not others:
        return ""
    near = [one[0] == reason.indicator and one[2] == reason.year for one in others]
    order = sorted(range(len(others)), key=lambda k: (not near[k], -abs(others[k][3]), others[k]))
    told = [_other(held, reason, others[k]) for k in order[:SHOWN]]
    more = say("relief_more", count=len(others)) if len(others) > SHOWN else ""
    return say("relief_others", others=told, more=more)


def _other(held: Held, reason: Reason, change: Change) -> Message:
    indicator, region, year, amount = change
    words = held.words(held.plan.indicator_index[indicator])
    whose = "" if indicator == reason.indicator else say("at_whose", indicator=words.name)
    when = "" if year == reason.year else say("in_year", year=year)
    name = say("other_number", whose=whose, region=region, year=when)
    return say("one_of", name=name, amount=words.printed(amount, signed=True))
