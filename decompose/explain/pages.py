"""A page for a county, or for an indicator: a summary, then a line per number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from decompose.explain.cells import year_of
from decompose.explain.held import Held
from decompose.explain.reason import Cause, Reason, Section
from decompose.explain.reference import handed_out, rule_name
from decompose.explain.sentences import amounts, binding, chain, line
from decompose.explain.words import Words
from decompose.labels import Message, Text, say, term
from decompose.plan import Plan

Cell = tuple[Held, Reason]
"""A reason with the stage that settled its indicator."""


def title(
    plan: Plan, indicator: Text | None, region: str | None, year: int | None, cells: Sequence[Cell]
) -> Message:
    """Say what a page is about, and how many numbers are on it."""
    data = {"year": "" if year is None else say("in_year", year=year), "count": len(cells)}
    if indicator is not None:
        of_region = "" if region is None else say("of_region", region=region)
        return say("page_indicator", indicator=indicator, region=of_region, **data)
    indicators = len({reason.indicator for _, reason in cells})
    return say("page_region", region=region or plan.area, indicators=indicators, **data)


def by_indicator(cells: Sequence[Cell]) -> tuple[Section, ...]:
    """Group a county's numbers by indicator, a line per year."""
    found: dict[str, list[Cell]] = {}
    for held, reason in cells:
        found.setdefault(reason.indicator or "", []).append((held, reason))
    return tuple(_indicator_section(own) for own in found.values())


def by_year(cells: Sequence[Cell]) -> tuple[Section, ...]:
    """Group an indicator's numbers by year, a line per region, a summary at the head."""
    found: dict[tuple[str, int], list[Cell]] = {}
    for held, reason in cells:
        found.setdefault((reason.indicator or "", reason.year or 0), []).append((held, reason))
    return tuple(_year_section(own) for own in found.values())


def summary(cells: Sequence[Cell]) -> tuple[Message, ...]:
    """Count what is held, moved and at its reference, and the rules that hold."""
    seen = [
        reason
        for held, reason in cells
        if held.words(held.plan.indicator_index[reason.indicator or ""]).seen(reason.difference)
    ]
    own = [reason for reason in seen if binding(reason)]
    counted = say(
        "counted",
        held=len(own),
        moved=len(seen) - len(own),
        kept=len(cells) - len(seen),
    )
    families = Counter(family for one in own for family in {rule.family for rule in binding(one)})
    if not families:
        return (counted,)
    told = [
        say("one_of", name=term(family), amount=str(count))
        for family, count in sorted(families.items(), key=lambda one: (-one[1], one[0]))
    ]
    return counted, say("what_binds", families=told)


def _indicator_section(cells: Sequence[Cell]) -> Section:
    held, first = cells[0]
    words = held.words(held.plan.indicator_index[first.indicator or ""])
    code = "head_unit" if words.unit.zh else "head"
    head = say(code, name=words.name, unit=words.unit)
    lines = tuple(say("line_year", year=one.year, line=line(at, one)) for at, one in cells)
    return Section(head, lines, tuple(reason for _, reason in cells))


def _year_section(cells: Sequence[Cell]) -> Section:
    held = cells[0][0]
    head = _year_head(held, [reason for _, reason in cells])
    lines = tuple(say("line_region", region=one.region, line=line(at, one)) for at, one in cells)
    return Section(head, lines, tuple(reason for _, reason in cells))


def _year_head(held: Held, reasons: Sequence[Reason]) -> Message:
    """Say how a year's sum was shared, which regions rules hold, and who took the difference."""
    plan = held.plan
    number = plan.indicator_index[reasons[0].indicator or ""]
    year = plan.year_index[reasons[0].year or 0]
    words = held.words(number)
    causes = year_of(held, number, year).causes
    stopped = {name for cause in causes for name in cause.regions}
    takers = [
        (one.region or "", one.difference)
        for one in reasons
        if one.region not in stopped and words.seen(one.difference)
    ]
    takers.sort(key=lambda one: (-round(abs(one[1]), 6), one[0]))
    outcome = _outcome(words, causes, takers)
    return say(
        "page_year",
        indicator=words.name,
        year=plan.years[year],
        shared=_shared(held, number, year, reasons),
        outcome=outcome,
    )


def _outcome(words: Words, causes: Sequence[Cause], takers: Sequence[tuple[str, float]]) -> Message:
    """Say which regions rules hold, and who took the difference."""
    if not causes and not takers:
        return say("year_kept")
    held = say("year_held", causes=chain(causes)) if causes else ""
    lost = sum(cause.difference for cause in causes) < 0
    code = "year_taken" if lost and all(gap > 0 for _, gap in takers) else "year_adjusted"
    taken = say(code, others=amounts(words, takers)) if takers else ""
    return say("two", first=held, second=taken)


def _shared(held: Held, number: int, year: int, reasons: Sequence[Reason]) -> Message:
    """Say what was shared out among how many regions."""
    words, series = held.words(number), held.series[number]
    data = {
        "count": np.count_nonzero(held.stage.columns[number][:, year] >= 0),
        "area": held.plan.area,
    }
    if series.is_mean:
        targets = {one.basis.scope: one.handed for one in reasons if one.basis.scope}
        told = [
            say("year_scope", scope=scope, target=words.amount(target))
            for scope, target in targets.items()
        ]
        return say("year_ratio", targets=told, **data) if told else say("year_regions", **data)
    handed = handed_out(series, year)
    if not np.isnan(handed):
        by = rule_name(series.indicator)
        return say("year_sum", handed=words.amount(handed), by=by, **data)
    return say("year_regions", **data)
