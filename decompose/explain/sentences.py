"""The sentences of a cell, and its line on a page, from its reason as data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import reduce

from decompose.explain.cells import SHOWN, some, year_of
from decompose.explain.held import Held
from decompose.explain.reason import BOTH, Cause, Reason, TightRule
from decompose.explain.reference import reference_message
from decompose.explain.words import Words
from decompose.labels import Message, say
from decompose.labels.limiting import here
from decompose.plan.steps import SNAP

Telling = Message | str
FOLLOWS = ("sum_of", "increase_of")
"""Families by which an indicator follows others; references that follow have these names too."""


def told(held: Held, reason: Reason) -> Reason:
    """Write the sentences of a cell: number, reference, what made it another number, rounding."""
    number = held.plan.indicator_index[reason.indicator or ""]
    indicator, words = held.plan.indicators[number], held.words(number)
    shown = _as_rounded(held, reason)
    fine, rounding = _adding_up(words, shown)
    first = say(
        "cell_quota",
        region=reason.region,
        year=reason.year,
        indicator=words.name,
        quota=words.quota(reason.quota),
    )
    second = say(
        "cell_reason",
        reference=reference_message(
            held.plan, words, indicator, reason.basis, reason.reference, fine
        ),
        cause=_cause(held, words, shown, fine),
        rounding=say("rounding", rounding=rounding) if rounding else "",
    )
    third = _became(held, words, reason)
    return replace(reason, messages=(first, second, *([third] if third else [])))


def _adding_up(words: Words, reason: Reason) -> tuple[Words, str]:
    """Return how reference and difference are told, and rounding, so that they make the quota.

    They have one digit more where what a reader adds up would not round to the number.
    """
    seen = words.seen(reason.difference)
    for fine in (words, replace(words, digits=words.digits + 1)):
        told = float(fine.number(reason.reference))
        if seen:
            told += float(fine.signed(reason.difference))
        rounding = words.rounding(reason.rounding)
        missed = reason.quota - told - float(rounding or 0)
        if abs(missed) < (0.5 - SNAP) * 10.0**-words.digits:
            return fine, rounding
    return fine, words.rounding(reason.quota - told)


def _as_rounded(held: Held, reason: Reason) -> Reason:
    """Take what is near the reference for its rounding, where the exact number is not known.

    What stood, or was taken over, is known in whole steps only.
    """
    step = held.series[held.plan.indicator_index[reason.indicator or ""]].step
    gap = reason.quota - reason.reference
    if held.history is None or binding(reason) or _changed(held, reason) or abs(gap) >= step:
        return reason
    return replace(reason, exact=reason.reference, rounding=gap)


def _place(held: Held, reason: Reason) -> tuple[int, int, int]:
    plan = held.plan
    region = plan.region_names.index(reason.region or "")
    return plan.indicator_index[reason.indicator or ""], region, plan.year_index[reason.year or 0]


def _changed(held: Held, reason: Reason) -> float:
    """Return by how much a number changed from what stood."""
    if held.history is None:
        return 0.0
    return held.history.change(*_place(held, reason), reason.quota)


def _became(held: Held, words: Words, reason: Reason) -> Message | None:
    """Say which moves changed a number, and who changed with it."""
    if held.history is None:
        return None
    number, region, year = _place(held, reason)
    column = held.stage.columns[number][:, year]
    names = held.plan.region_names
    changes = [
        (names[k], held.history.change(number, k, year, float(held.stage.printed[cell])))
        for k, cell in enumerate(column.tolist())
        if cell >= 0 and k != region
    ]
    others = sorted((one for one in changes if one[1]), key=lambda one: (-abs(one[1]), one[0]))
    told = amounts(words, others) if others else ""
    return held.history.message(words, (number, region, year), reason.quota, told)


def with_stretch(base: Reason, stretch: Reason | None) -> Reason:
    """Put the reason of the stretch quota behind that of the base quota."""
    if stretch is None:
        return base
    messages = (*base.messages, say("stretch"), *stretch.messages)
    return replace(base, stretch=stretch, messages=messages)


def binding(reason: Reason) -> list[TightRule]:
    """Return the rules that made a cell what it is: those that push it where it went."""
    return [rule for rule in reason.tight if rule.pushes * reason.difference > 0]


def listed(rules: Sequence[TightRule]) -> Message | None:
    """Tell rules, each figure once: a yearly rate is one of every year, and between years."""
    told = {(rule.path, rule.scope, rule.year): rule.message for rule in rules}
    if not told:
        return None
    return reduce(lambda one, other: say("rules", one=one, other=other), told.values())


def _touching(reason: Reason) -> list[TightRule]:
    """Return the rules that the cell just reaches, though they did not move it there."""
    return [
        rule
        for rule in reason.tight
        if rule.pushes * reason.difference <= 0 and _near(reason, rule)
    ]


def _cause(held: Held, words: Words, reason: Reason, fine: Words) -> Telling:
    """Say what made the number another than its reference, and where the difference went."""
    if not words.seen(reason.difference):
        rules = listed([rule for rule in reason.tight if _near(reason, rule)])
        return say("touching", rules=rules) if rules else say("cause_none")
    return say(
        "cause",
        moved=_moved_by(held, words, reason, fine),
        area=_area(held, words, reason),
        touching=_also(reason),
    )


def _near(reason: Reason, rule: TightRule) -> bool:
    """Whether it is worth telling that a rule is reached: not where all that it ties is 0."""
    idle = reason.exact == 0 and rule.against == 0
    return not idle and (rule.side != BOTH or rule.family == "lock")


def _also(reason: Reason) -> Telling:
    rules = listed(_touching(reason))
    return say("touching_too", rules=rules) if rules else ""


def _moved_by(held: Held, words: Words, reason: Reason, fine: Words) -> Message:
    """Say by what a cell was moved: its own rules, those of others, the area's sum, others yet."""
    way = "more" if reason.difference > 0 else "less"
    data = {
        "gap": fine.difference(reason.difference),
        "here": here(reason.region or ""),
        "area": _whole(held, reason),
        "moved": _area_moved(words, reason),
        "why": _area_why(reason),
    }
    own = listed(binding(reason))
    if own:
        return say(f"cause_{way}", rules=own, taken=_taken(held, words, reason), **data)
    if _negotiated(held, reason):
        return say(f"moved_{way}_than", gap=data["gap"])
    if held.by_hand:
        return say(f"adopt_hand_{way}", gap=data["gap"])
    tied = listed([rule for rule in reason.tight if rule.family in FOLLOWS])
    if tied and reason.basis.kind in FOLLOWS:
        return say(f"cause_tied_{way}", rules=tied, **data)
    if reason.causes:
        beside = _beside(held, words, reason)
        return say(f"cause_others_{way}", causes=chain(reason.causes), beside=beside, **data)
    if reason.area_moved * reason.difference > 0 and words.counts(reason.area_moved):
        return say(f"cause_area_{way}", **data)
    if tied:
        return say(f"cause_tied_{way}", rules=tied, **data)
    return say(f"{_standing(held, reason) or 'cause_far'}_{way}", **data)


def _standing(held: Held, reason: Reason) -> str:
    """Return the code of a number that stands as it was issued, or with what it carries over."""
    if held.history is None or _changed(held, reason):
        return ""
    return "carried" if held.history.carries(*_place(held, reason)) else "stood"


def _negotiated(held: Held, reason: Reason) -> bool:
    """Whether a move of the last round changed a number."""
    history = held.history
    return history is not None and bool(history.last) and bool(_changed(held, reason))


def chain(causes: Sequence[Cause]) -> Message:
    """Put the first causes one after the other."""
    messages = [cause.message for cause in causes[:SHOWN]]
    told = reduce(lambda first, second: say("both", first=first, second=second), messages)
    return say("and_so_on", told=told) if len(causes) > SHOWN else told


def _taken(held: Held, words: Words, reason: Reason) -> Telling:
    """Say which regions took what the cell lost, or lost what it took.

    Regions that rules hold to the other side took nothing: they are told for themselves.
    """
    number = held.plan.indicator_index[reason.indicator or ""]
    beside_it = year_of(held, number, held.plan.year_index[reason.year or 0])
    causes = beside_it.against(reason.difference)
    across = beside_it.free(-reason.difference)
    beside = [one for one in beside_it.moved(reason.difference) if one[0] != reason.region]
    series = held.series[number]
    weighted: Telling = say("weighted") if series.ratio is not None else ""
    if series.growth is not None:
        weighted = say("weighted_by_values")
    data = {"others": amounts(words, across), "weighted": weighted}
    code = "taken" if reason.difference < 0 else "given"
    if any(words.seen(gap) for _, gap in beside):
        code, data["beside"] = f"{code}_beside", amounts(words, beside)
    taken = say(code, **data) if across else ""
    same_year = say("same_year", causes=chain(causes)) if causes else ""
    return say("two", first=taken, second=same_year)


def _beside(held: Held, words: Words, reason: Reason) -> Telling:
    """Name the regions that gave or took as those did that rules hold, for other indicators' sake.

    Without them, 0.46 less would be told of a rule that makes another region 0.17 more.
    """
    number = held.plan.indicator_index[reason.indicator or ""]
    beside = year_of(held, number, held.plan.year_index[reason.year or 0]).free(-reason.difference)
    if not any(words.seen(gap) for _, gap in beside):
        return ""
    return say("causes_beside", others=amounts(words, beside))


def amounts(words: Words, regions: Sequence[tuple[str, float]]) -> object:
    """Name the first of several regions, each with its difference, and say how many there are."""
    told = [
        say("one_of", name=name, amount=words.signed(gap))
        for name, gap in regions[:SHOWN]
        if words.seen(gap)
    ]
    if not told:
        return say("regions", count=len(regions))
    return (
        told
        if len(told) == len(regions)
        else say("several_regions", names=told, count=len(regions))
    )


def _area(held: Held, words: Words, reason: Reason) -> Telling:
    """Say how the area's sum differs from that of the references, where that is not yet said."""
    said = not binding(reason) and not reason.causes
    if said or not words.counts(reason.area_moved):
        return ""
    code = "area_more" if reason.area_moved > 0 else "area_less"
    data = {"moved": _area_moved(words, reason), "why": _area_why(reason)}
    return say(code, area=_whole(held, reason), **data)


def _area_moved(words: Words, reason: Reason) -> Message:
    moved = words.difference(reason.area_moved)
    return say("area_missed", moved=moved) if reason.area_missed else moved


def _area_why(reason: Reason) -> Telling:
    rules = listed(reason.area_rules)
    return say("area_why", rules=rules) if rules else ""


def _whole(held: Held, reason: Reason) -> Message:
    """Name what the cells of a year make together: a sum, or a ratio."""
    series = held.series[held.plan.indicator_index[reason.indicator or ""]]
    code = "area_ratio" if series.is_mean else "area_sum"
    return say("area_growth" if series.growth is not None else code, area=held.plan.area)


# ---- lines of pages ------------------------------------------------------------------------


def line(held: Held, reason: Reason) -> Message:
    """Say on one line what a cell is, and what made it so."""
    words = held.words(held.plan.indicator_index[reason.indicator or ""])
    stretch: Telling = ""
    if reason.stretch is not None:
        stretch = say("line_stretch", quota=words.quota(reason.stretch.quota))
    return say(
        "line",
        quota=words.quota(reason.quota),
        reference=words.number(reason.reference),
        cause=_short_cause(held, words, reason),
        stretch=stretch,
    )


def _short_cause(held: Held, words: Words, reason: Reason) -> Message:
    if _negotiated(held, reason) and held.history is not None:
        code = "line_moved" if held.history.moves_of(*_place(held, reason)) else "line_took"
        return say(code, gap=words.signed(_changed(held, reason)))
    reason = _as_rounded(held, reason)
    if not words.seen(reason.difference):
        rules = listed([rule for rule in reason.tight if _near(reason, rule)])
        return say("touching", rules=rules) if rules else say("line_kept")
    gap = words.signed(reason.difference)
    own = listed(binding(reason))
    if own:
        return say("line_held" if reason.difference < 0 else "line_must", rules=own, gap=gap)
    if held.by_hand:
        return say("adopt_line", gap=gap)
    if reason.causes and reason.basis.kind not in FOLLOWS:
        names = [name for cause in reason.causes for name in cause.regions]
        return say("line_others", regions=some(names), gap=gap)
    area = reason.area_moved * reason.difference > 0 and words.counts(reason.area_moved)
    if area and reason.basis.kind not in FOLLOWS:
        return say("line_area", area=_whole(held, reason), gap=gap)
    stands = _standing(held, reason) or ("stood" if held.history else "")
    return say(f"{stands}_line" if stands else "line_far", gap=gap)
