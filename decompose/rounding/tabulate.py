"""A problem and its exact answer as the table that is rounded: what must add up, and how."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

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
    Shared,
    group_of,
    group_scope,
)
from decompose.rounding.grid import TINY, whole
from decompose.rounding.rows import Rows, by_row
from decompose.rounding.table import Table

_TARGETS = [FAMILY[name] for name in ("target", "ratio", "cut_each_year", "rise_each_year")]


@dataclass(frozen=True, eq=False)
class Tabulated:
    """A table, and what its rows stand for.

    Attributes
    ----------
    table
        What is rounded, in whole steps.
    sum_rules, tie_rules
        Rule of each row of the table's ``sums`` and ``ties``. Ties that no table can break are
        left out.
    near_indicator, near_scope, near_year
        Labels of each printed sum.
    steady
        Printed sums that ties take for settled, though no rule says so.
    """

    table: Table
    sum_rules: Ints
    tie_rules: Ints
    near_indicator: Ints
    near_scope: Ints
    near_year: Ints
    steady: Ints


def tabulate(
    problem: Problem,
    x: Floats,
    *,
    printed_groups: Collection[int],
    flows: Collection[int],
    rises: Collection[int],
    added: Collection[int],
    strict: Collection[int],
    steady: bool = False,
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
    steady
        Whether shares are taken of the area's sums as they are printed where these are whole
        already: then none of them may move.
    """
    rules = problem.rules
    # a target or limit of a group is kept as its printed sum, which may move where groups cross
    of_group = rules.scope < AREA
    of_group[of_group] = ~_over_years(problem, np.flatnonzero(of_group), flows)
    hard = np.flatnonzero(rules.whole & ~of_group)
    ties = np.flatnonzero(~rules.whole)
    units = _in_units(problem.step)
    sums, lower, upper = _whole_rows(problem, hard, units)
    near, labels = _printed_sums(problem, printed_groups, flows, rises, added)
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
        size=units // np.gcd.reduce(units) if len(units) else units,
        least=np.where(problem.signed, -np.inf, 0.0),
        owner=problem.column_region,
    )
    rows, ties, taken = _tie_rows(problem, table, hard, ties, labels[1], steady=steady)
    held = firm[rules.indicator[ties]] & ~out_of_reach(rules, ties)
    table = replace(
        table, ties=rows.matrix, ties_lower=rows.lower, ties_upper=rows.upper, strict=held
    )
    return Tabulated(table, hard, ties, *labels, taken)


def _over_years(problem: Problem, rows: Ints, flows: Collection[int]) -> Bools:
    """Tell which of some rules add up years that no table adds up: the increments of a level."""
    matrix, year = problem.rules.matrix.plain.take(rows), problem.column_year
    several = by_row(matrix, year, np.minimum) < by_row(matrix, year, np.maximum)
    return np.asarray(several & ~np.isin(problem.rules.indicator[rows], list(flows)))


def out_of_reach(rules: Rules, ties: Ints) -> Bools:
    """Tell which ties no whole steps can be held to: a mean is an exact figure by chance only."""
    family = rules.family[ties]
    exact = (rules.lower[ties] == rules.upper[ties]) & np.isin(family, _TARGETS)
    return np.asarray(exact | (family == FAMILY["base_quota"]))


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


def _tie_rows(
    problem: Problem, table: Table, hard: Ints, rows: Ints, scope: Ints, *, steady: bool
) -> tuple[Rows, Ints, Ints]:
    """Return rows over numbers of steps, in steps of the indicator that the row speaks of.

    Shares of sums that no table moves are bounds; of the others only those are rows that some table
    can break, each written out.

    Returns
    -------
    The rows, the rule of each, and the printed sums that are taken for settled.
    """
    rules = problem.rules
    matrix, lower, upper = rules.matrix.take(rows), rules.lower[rows], rules.upper[rows]
    taken = np.zeros(0, dtype=np.int64)
    if isinstance(matrix, Shared):
        sums, taken = _settled_sums(problem, table, hard, matrix, scope, steady=steady)
        matrix, part = matrix.settled(sums)
        lower, upper = lower - part, upper - part
    if isinstance(matrix, Shared):
        kept = _breakable(problem, table, matrix, lower, upper)
        rows, lower, upper = rows[kept], lower[kept], upper[kept]
        matrix = matrix.take(kept)
        matrix = matrix.written if isinstance(matrix, Shared) else matrix
    own = problem.rule_step[rows]
    value = matrix.value * problem.step[matrix.column] / own[matrix.row]
    found = Rows(Matrix(matrix.start, matrix.column, value), lower / own, upper / own)
    return found, rows, taken


def _settled_sums(
    problem: Problem, table: Table, hard: Ints, matrix: Shared, scope: Ints, *, steady: bool
) -> tuple[Floats, Ints]:
    """Return what sums that rows share are in every table, NaN where they may differ.

    Those of the area that are whole already are in most tables what they are: they are listed.
    """
    rules = problem.rules
    exact = np.flatnonzero(table.sums_lower == table.sums_upper)
    row = matrix.found_in(rules.matrix.take(hard[exact]))
    sums = np.append(rules.lower[hard[exact]], np.nan)[row]
    if not steady:
        return sums, row[:0]
    areas = np.flatnonzero(scope == AREA)
    near = matrix.found_in(table.near.take(areas))
    of_step = problem.step[matrix.sums.column[matrix.sums.start[:-1]]]
    floor, ceiling = whole(matrix.sums.dot(table.exact))
    taken = np.isnan(sums) & (near >= 0) & (floor == ceiling)
    return np.where(taken, floor * of_step, sums), areas[near[taken]]


def _breakable(
    problem: Problem, table: Table, matrix: Shared, lower: Floats, upper: Floats
) -> Ints:
    """Return the rows that cells as near as they may lie could break, and those without a sum."""
    floor, ceiling = whole(table.exact)
    ends = (floor - table.reach - 1) * problem.step, (ceiling + table.reach + 1) * problem.step
    own, sums = Rows(matrix.own).ends(*ends), Rows(matrix.sums).ends(*ends)
    common = [matrix.factor.dot(end) for end in sums]
    least, greatest = own[0] + np.minimum(*common), own[1] + np.maximum(*common)
    noise = TINY * problem.step.min()
    far = (least >= lower - noise) & (greatest <= upper + noise) & (matrix.factor.counts > 0)
    return np.flatnonzero(~far)


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
