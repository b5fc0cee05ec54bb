"""adopt: a table that was changed by hand becomes an allocation, or every breach is named."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from decompose.allocation import Allocation
from decompose.enough import all_wrong
from decompose.errors import DecomposeError, Mistake, PlanError
from decompose.explain.words import words_of
from decompose.handmade import Entry, read_entries
from decompose.labels import Language, Message, say
from decompose.naming import rule_names
from decompose.plan import Plan
from decompose.plan.steps import SNAP
from decompose.problem import AREA, TOTAL, Floats, Problem
from decompose.stretch import settle_stretch
from decompose.taken import Taken, settled_of, take_over

SAME = 1e-9
"""Numbers nearer than this are one."""
Places = Mapping[tuple[int, int, int], str]
"""Where the number of an indicator, region and year stands."""


def adopt(
    plan: Plan,
    table: pd.DataFrame | str | os.PathLike[str],
    *,
    year: int | None = None,
    language: Language = "zh",
) -> Allocation:
    """Take over a table that was changed by hand.

    Nothing is solved; every sum, limit, lock, part, growth, share and link of the plan is checked
    on the table's own numbers. Breaches that rounding can explain are listed (``excess``), as those
    of a solved table are.

    Parameters
    ----------
    plan
        Whose quotas they are.
    table
        A frame like ``Allocation.quotas`` or ``Allocation.annex2(year)``, or the path of a CSV file
        or workbook, of the same form or as ``write_report`` writes it. Names, aliases or ids;
        numbers in the printed unit. Stretch quotas in it are passed over: they are solved for.
    year
        Of tables that do not say it.
    language
        Of the errors.

    Raises
    ------
    PlanError
        With every mistake, each with its place: a name that is unknown, a cell that is missing or
        off the grid, a sum in the table that its regions do not make, a rule that is broken.
    InfeasibleError
        The stretch figures of the plan cannot be met beside these quotas.
    """
    mistakes: list[Mistake] = []
    try:
        entries = read_entries(plan, table, mistakes, year=year, language=language)
        allocation = None if mistakes else _adopted(plan, entries, mistakes)
    except PlanError as error:
        if error.mistakes:
            raise PlanError(error.message, error.mistakes, language=language) from None
        raise
    except DecomposeError as error:
        error.language = language
        raise
    if allocation is None or mistakes:
        raise all_wrong("adopt_wrong", mistakes, language)
    return allocation


def _adopted(plan: Plan, entries: Sequence[Entry], mistakes: list[Mistake]) -> Allocation | None:
    """Lay the numbers into the plan; None where something is wrong."""
    shape = len(plan.regions), len(plan.years)
    grids: dict[str, Floats] = defaultdict(lambda: np.full(shape, np.nan))
    places = {entry[:3]: entry.place for entry in entries}
    for entry in entries:
        if entry.scope > AREA:
            grids[plan.indicators[entry.indicator].id][entry.scope, entry.year] = entry.value
    taken = take_over(plan, grids)
    for one in taken:
        mistakes += _missing(plan, one)
        mistakes += _off_grid(plan, one, places)
        mistakes += _negative(plan, one, places)
        mistakes += _broken(plan, one)
    if mistakes:
        return None
    settled = settled_of(plan, taken)
    base = Allocation(settled)
    mistakes += _unlike(base, entries)
    if mistakes:
        return None
    higher = settle_stretch(plan, settled)
    return base if higher is None else replace(base, stretch=Allocation(higher))


def _missing(plan: Plan, taken: Taken) -> Iterator[Mistake]:
    """List the numbers that are not there, those of an indicator and year together."""
    problem = taken.stage.problem
    absent = np.isnan(taken.numbers)
    labels = problem.column_indicator * len(plan.years) + problem.column_year
    for label in np.unique(labels[absent]).tolist():
        number, year = divmod(label, len(plan.years))
        regions = problem.column_region[absent & (labels == label)].tolist()
        told = say(
            "adopt_missing",
            indicator=plan.indicators[number].label,
            year=plan.years[year],
            regions=[plan.region_names[region] for region in regions],
        )
        yield Mistake(told, ("quotas", plan.indicators[number].id, plan.years[year]))


def _off_grid(plan: Plan, taken: Taken, places: Places) -> Iterator[Mistake]:
    """List the numbers that are no whole steps."""
    problem = taken.stage.problem
    for column in np.flatnonzero(taken.off_grid & ~np.isnan(taken.numbers)).tolist():
        number, region, year = _cell(problem, column)
        step, value = float(problem.step[column]), float(taken.numbers[column])
        told = say(
            "adopt_off_grid",
            indicator=plan.indicators[number].label,
            region=plan.region_names[region],
            year=plan.years[year],
            found=value,
            step=step,
            near=float(np.rint(value / step) * step),
        )
        yield Mistake(told, (), places.get((number, region, year), ""))


def _negative(plan: Plan, taken: Taken, places: Places) -> Iterator[Mistake]:
    """List the numbers that are below 0 and may not be."""
    for column in np.flatnonzero(taken.below_0).tolist():
        number, region, year = _cell(taken.stage.problem, column)
        told = say(
            "adopt_negative",
            indicator=plan.indicators[number].label,
            region=plan.region_names[region],
            year=plan.years[year],
            found=float(taken.numbers[column]),
        )
        yield Mistake(told, (), places.get((number, region, year), ""))


def _cell(problem: Problem, column: int) -> tuple[int, int, int]:
    labels = problem.column_indicator, problem.column_region, problem.column_year
    indicator, region, year = (int(label[column]) for label in labels)
    return indicator, region, year


def _broken(plan: Plan, taken: Taken) -> Iterator[Mistake]:
    """List the rules that the numbers break, each once."""
    problem, rules = taken.stage.problem, taken.stage.problem.rules
    told: set[str] = set()
    for row in taken.broken.tolist():
        names = rule_names(problem, row)
        if int(rules.year[row]) == TOTAL:
            names["year"] = say("all_years")
        message = say("adopt_breach", **names, what=breach_message(plan, taken, row))
        text = message.text()
        if text not in told:
            told.add(text)
            yield Mistake(message)


def breach_message(plan: Plan, taken: Taken, row: int) -> Message:
    """Say what the table has, what the rule asks, and how far they are apart.

    Of a rule that ties several numbers, the others as they are, it is what the rule asks of its
    own: the region's, or the sum's, of its year.
    """
    problem, rules = taken.stage.problem, taken.stage.problem.rules
    part = rules.matrix.take(np.array([row]))
    numbers = np.nan_to_num(taken.numbers)
    value = float(part.dot(numbers)[0])
    number, scope, year = (int(one[row]) for one in (rules.indicator, rules.scope, rules.year))
    if len(part.column) and not (problem.column_indicator[part.column] == number).any():
        number = int(problem.column_indicator[part.column[0]])  # a ratio's rule on its numerator
    own = problem.column_indicator[part.column] == number
    own &= (year == TOTAL) | (problem.column_year[part.column] == year)
    if scope > AREA:
        own &= problem.column_region[part.column] == scope
    ratio = next(one for one in taken.stage.built.series if one.number == number).ratio
    factor = 1.0
    if own.any() and (ratio is None or scope > AREA) and np.ptp(part.value[own]) == 0:
        factor = float(part.value[own][0])
    else:
        own[:] = True
    found = float((part.value[own] * numbers[part.column[own]]).sum()) / factor
    rest = value - factor * found
    ends = ((float(rules.lower[row]) - rest) / factor, (float(rules.upper[row]) - rest) / factor)
    least, most = min(ends), max(ends)
    words, step = words_of(plan.indicators[number]), problem.steps[number]
    bound = most if found > most else least
    told = [
        words.quota(round(value, 6)) if _is_whole(value / step) else words.index(value)
        for value in (found, bound)
    ]
    data = {"found": told[0], "bound": told[1], "gap": words.difference(found - bound)}
    if least == most:
        way = say("adopt_above" if found > most else "adopt_below")
        return say("adopt_other", way=way, **data)
    return say("adopt_more" if found > most else "adopt_less", **data)


def _is_whole(value: float) -> bool:
    return abs(value - round(value)) <= SNAP


def _unlike(base: Allocation, entries: Sequence[Entry]) -> Iterator[Mistake]:
    """List what the table says of the area, of groups and of what follows, and its numbers do not.

    What follows is a ratio that is computed, a numerator, or data.
    """
    plan = base.plan
    for entry in entries:
        one = plan.indicators[entry.indicator]
        if one.kind == "text" or (entry.scope <= AREA and one.kind == "ratio"):
            continue  # printed in words; or of other digits than its regions
        if entry.scope > AREA:
            expected = base.region_values(one.id)[entry.scope, entry.year]
        else:
            members = np.ones(len(plan.regions), dtype=bool)
            if entry.scope < AREA:
                members = plan.members[-2 - entry.scope]
            expected = base.scope_values(one.id, members)[entry.year]
        if abs(expected - entry.value) <= SAME * max(1.0, abs(expected)):
            continue
        data = {
            "indicator": one.label,
            "year": plan.years[entry.year],
            "found": entry.value,
        }
        name = _scope_name(plan, entry.scope)
        if np.isnan(expected):
            if entry.scope > AREA:
                yield Mistake(say("adopt_no_cell", region=name, **data), (), entry.place)
            continue
        told = say("adopt_number", scope=name, expected=float(expected), **data)
        yield Mistake(told, (), entry.place)


def _scope_name(plan: Plan, scope: int) -> str:
    if scope == AREA:
        return plan.total_label
    return plan.group_names[-2 - scope] if scope < AREA else plan.region_names[scope]
