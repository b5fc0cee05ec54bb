"""A problem and its exact answer as the table that is rounded: what must add up, and how."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from decompose.plan.steps import snap_of
from decompose.problem import (
    AREA,
    FAMILY,
    TOTAL,
    Bools,
    Floats,
    Ints,
    Matrix,
    Problem,
    Rules,
    group_of,
    group_scope,
)
from decompose.rounding.rows import by_row
from decompose.rounding.table import Table

_TARGETS = [FAMILY[name] for name in ("target", "ratio", "cut_each_year")]


@dataclass(frozen=True, eq=False)
class Tabulated:
    """A table, and what its rows stand for.

    Attributes
    ----------
    table
        What is rounded, in whole steps.
    sum_rules, tie_rules
        Rule of each row of the table's ``sums`` and ``ties``.
    near_indicator, near_scope, near_year
        Labels of each printed sum.
    """

    table: Table
    sum_rules: Ints
    tie_rules: Ints
    near_indicator: Ints
    near_scope: Ints
    near_year: Ints


def tabulate(
    problem: Problem,
    x: Floats,
    *,
    printed_groups: Collection[int],
    flows: Collection[int],
    rises: Collection[int],
    added: Collection[int],
    strict: Collection[int],
) -> Tabulated:
    """Turn an exact answer into the table to be rounded.

    Parameters
    ----------
    problem, x
        The rules, and the exact value of each column in the unit of the plan.
    printed_groups
        Indices of the groups whose sums are printed.
    flows
        Indices of the indicators that add over years.
    rises
        Indices of the levels whose increments are printed: these add up to the level.
    added
        Indices of the indicators that add over regions (ratios do not).
    strict
        Indices of the indicators whose ties stay hard (base quotas aside, and exact targets of
        means: both can be out of reach of any whole steps).
    """
    rules = problem.rules
    whole = rules.whole
    # a target or limit of a group is kept as its printed sum, which may move where groups cross
    of_group = (rules.scope < AREA) & ~_over_years(problem, flows)
    hard = np.flatnonzero(whole & ~of_group)
    ties = np.flatnonzero(~whole)
    units = _in_units(problem.step)
    sums, lower, upper = _whole_rows(problem, hard, units)
    near, labels = _printed_sums(problem, printed_groups, flows, rises, added)
    tie_matrix, tie_lower, tie_upper = _tie_rows(problem, ties)
    firm = _among(problem, strict)
    table = Table(
        exact=x / problem.step,
        order=_order(problem),
        sums=sums,
        sums_lower=lower,
        sums_upper=upper,
        near=near,
        movable=(labels[1] < AREA) & ~firm[labels[0]],
        relaxable=labels[1] > AREA,
        free=~_ruled(problem, labels[0], labels[1]) & ~firm[labels[0]],
        ties=tie_matrix,
        ties_lower=tie_lower,
        ties_upper=tie_upper,
        strict=firm[rules.indicator[ties]] & ~_out_of_reach(rules.take(ties)),
        size=units // np.gcd.reduce(units) if len(units) else units,
        least=np.where(problem.signed, -np.inf, 0.0),
        owner=problem.column_region,
    )
    return Tabulated(table, hard, ties, *labels)


def _over_years(problem: Problem, flows: Collection[int]) -> Bools:
    """Tell which rules add up years that no table adds up: the increments of a level."""
    matrix, year = problem.rules.matrix, problem.column_year
    several = by_row(matrix, year, np.minimum) < by_row(matrix, year, np.maximum)
    return np.asarray(several & ~np.isin(problem.rules.indicator, list(flows)))


def _out_of_reach(ties: Rules) -> Bools:
    """Tell which ties no whole steps can be held to: a mean is an exact figure by chance only."""
    exact = (ties.lower == ties.upper) & np.isin(ties.family, _TARGETS)
    return np.asarray(exact | (ties.family == FAMILY["base_quota"]))


def _among(problem: Problem, indicators: Collection[int]) -> Bools:
    """Tell which indicators are among some."""
    found = np.zeros(len(problem.indicators), dtype=bool)
    found[list(indicators)] = True
    return found


def _in_units(step: Floats) -> Ints:
    """Return steps as whole multiples of a millionth, the finest step that a plan may have."""
    return np.rint(step * 1e6).astype(np.int64)


def _whole_rows(problem: Problem, rows: Ints, units: Ints) -> tuple[Matrix, Floats, Floats]:
    """Return rows over numbers of steps, with whole coefficients and bounds."""
    part = problem.rules.matrix.take(rows)
    entry = units[part.column]
    common = np.gcd.reduceat(np.append(entry, 0), part.start[:-1]) if len(rows) else entry
    divisor = np.where(part.counts == 0, 1, common)
    value = part.value * (entry / divisor[part.row])
    scale = divisor / 1e6
    lower, upper = problem.rules.lower[rows] / scale, problem.rules.upper[rows] / scale
    matrix = Matrix(part.start, part.column, np.rint(value))
    # what is known of other indicators may lie between two steps: then inward
    return matrix, np.ceil(lower - snap_of(lower)), np.floor(upper + snap_of(upper))


def _tie_rows(problem: Problem, rows: Ints) -> tuple[Matrix, Floats, Floats]:
    """Return rows over numbers of steps, in steps of the indicator that the row speaks of."""
    rules = problem.rules
    part = rules.matrix.take(rows)
    own = problem.rule_step[rows]
    value = part.value * problem.step[part.column] / own[part.row]
    return Matrix(part.start, part.column, value), rules.lower[rows] / own, rules.upper[rows] / own


def _printed_sums(
    problem: Problem,
    groups: Collection[int],
    flows: Collection[int],
    rises: Collection[int],
    added: Collection[int],
) -> tuple[Matrix, tuple[Ints, Ints, Ints]]:
    """Return the sums that tables print: by year and over years, of area, groups and regions.

    A group that is not printed has the sums of indicators with rules on it. Of increments, what a
    region has gained by each year counts too: rounding must not carry its level away, step by step.
    """
    regions, years = len(problem.regions), len(problem.years)
    indicator, region, year = problem.column_indicator, problem.column_region, problem.column_year
    rising = _among(problem, rises)[indicator]
    flow = _among(problem, flows)[indicator] | rising
    columns = np.flatnonzero(_among(problem, added)[indicator])
    inside = [(AREA, columns)] + [
        (group_scope(group), columns[problem.members[group][region[columns]]])
        for group in range(len(problem.groups))
    ]
    keys: list[Ints] = []
    entries: list[Ints] = []
    scopes = 1 + len(problem.groups) + regions

    def put(selected: Ints, scope: Ints | int, when: Ints | int) -> None:
        place = indicator[selected] * scopes + (scope + 1 + len(problem.groups))
        keys.append(place * (years + 1) + (when + 1))
        entries.append(selected)

    for scope, selected in inside:
        put(selected, scope, year[selected])
        put(selected[flow[selected]], scope, TOTAL)
    flowing = columns[flow[columns]]
    put(flowing, region[flowing], TOTAL)
    for last in range(1, years - 1):
        gained = columns[rising[columns] & (year[columns] <= last)]
        put(gained, region[gained], last)
    key, column = np.concatenate(keys), np.concatenate(entries)
    order = np.argsort(key, kind="stable")
    found, counts = np.unique(key, return_counts=True)
    matrix = Matrix(
        np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        column[order],
        np.ones(len(column)),
    )
    place, when = np.divmod(found, years + 1)
    owner, scope = np.divmod(place, scopes)
    labels = (owner, scope - 1 - len(problem.groups), when - 1)
    # a group of one cell has a row too: nothing else keeps its targets and limits
    printed = np.isin(labels[1], [group_scope(group) for group in groups])
    told = np.where(labels[1] < AREA, printed | _ruled(problem, labels[0], labels[1]), counts > 1)
    # a total of one year is that year's sum
    ends = by_row(matrix, year, np.minimum), by_row(matrix, year, np.maximum)
    told &= (labels[2] != TOTAL) | (ends[0] < ends[1])
    kept = np.flatnonzero(told)
    # of groups with the same regions the first by name is named
    names = _ranks((*problem.regions, *reversed(problem.groups), problem.area))
    kept = kept[np.argsort(names[labels[1][kept]], kind="stable")]
    return matrix.take(kept), (labels[0][kept], labels[1][kept], labels[2][kept])


def _ruled(problem: Problem, indicator: Ints, scope: Ints) -> Bools:
    """Tell which sums of groups a rule binds."""
    rules = problem.rules
    bound = np.flatnonzero(rules.whole & (rules.scope < AREA))
    size = len(problem.groups) + 2
    found = np.isin(indicator * size - scope, rules.indicator[bound] * size - rules.scope[bound])
    return np.asarray(found & (scope < AREA))


def rules_of_sum(problem: Problem, indicator: int, scope: int, year: int) -> Ints:
    """Return the rules on a group that its printed sum stands for: of the same cells."""
    rules = problem.rules
    if scope >= AREA:
        return np.zeros(0, dtype=np.int64)
    inside = (problem.column_indicator == indicator) & (problem.column_year == year)
    count = np.count_nonzero(inside & problem.members[group_of(scope)][problem.column_region])
    same = (rules.indicator == indicator) & (rules.scope == scope) & rules.whole
    all_there = (rules.year == TOTAL) & (rules.matrix.counts == count)
    return np.flatnonzero(same & ((rules.year == year) | all_there))


def _order(problem: Problem) -> Ints:
    """Rank the cells by region name (code points), rotated over indicators and years.

    So no region is last every time, and the order of the plan does not matter.
    """
    indicator = _ranks(problem.indicators)[problem.column_indicator]
    year = problem.column_year
    turn = (_ranks(problem.regions)[problem.column_region] + indicator + year) % len(
        problem.regions
    )
    order = np.empty(problem.size, dtype=np.int64)
    order[np.lexsort((year, indicator, turn))] = np.arange(problem.size)
    return order


def _ranks(names: Sequence[str]) -> Ints:
    """Return the place of each name among them all, by code points."""
    found = np.empty(len(names), dtype=np.int64)
    found[sorted(range(len(names)), key=names.__getitem__)] = np.arange(len(names))
    return found
