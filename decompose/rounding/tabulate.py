"""A problem and its exact answer as the table that is rounded: what must add up, and how."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from decompose.problem import AREA, FAMILY, TOTAL, Floats, Ints, Matrix, Problem, group_scope
from decompose.rounding.table import Table


@dataclass(frozen=True, eq=False)
class Tabulated:
    """A table, and what its rows stand for.

    Attributes
    ----------
    table
        What is rounded, in whole steps.
    tie_rules
        Rule of each tie.
    near_indicator, near_scope, near_year
        Labels of each printed sum.
    """

    table: Table
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
    added
        Indices of the indicators that add over regions (ratios do not).
    strict
        Indices of the indicators whose ties stay hard (base quotas aside: they can be out of
        reach).
    """
    rules = problem.rules
    whole = rules.whole
    # a target or limit of a group is kept as its printed sum, which may move where groups cross
    of_group = rules.scope < AREA
    hard = np.flatnonzero(whole & ~of_group)
    ties = np.flatnonzero(~whole)
    units = _in_units(problem.step)
    sums, lower, upper = _whole_rows(problem, hard, units)
    targeted = {-2 - int(scope) for scope in np.unique(rules.scope[of_group])}
    near, labels = _printed_sums(problem, {*printed_groups, *targeted}, flows, added)
    tie_matrix, tie_lower, tie_upper = _tie_rows(problem, ties)
    table = Table(
        exact=x / problem.step,
        order=_order(problem),
        sums=sums,
        sums_lower=lower,
        sums_upper=upper,
        near=near,
        movable=(labels[1] < AREA) & ~np.isin(labels[0], list(strict)),
        relaxable=labels[1] > AREA,
        ties=tie_matrix,
        ties_lower=tie_lower,
        ties_upper=tie_upper,
        strict=np.isin(rules.indicator[ties], list(strict))
        & (rules.family[ties] != FAMILY["base_quota"]),
    )
    return Tabulated(table, ties, *labels)


def _in_units(step: Floats) -> Ints:
    """Return steps as whole multiples of a millionth, the finest step that a plan may have."""
    return np.rint(step * 1e6).astype(np.int64)


def _whole_rows(problem: Problem, rows: Ints, units: Ints) -> tuple[Matrix, Floats, Floats]:
    """Return rows over numbers of steps, with whole coefficients and bounds."""
    part = problem.rules.matrix.take(rows)
    entry = units[part.column]
    common = np.gcd.reduceat(np.append(entry, 1), part.start[:-1]) if len(rows) else entry
    divisor = np.where(np.diff(part.start) == 0, 1, common)
    value = part.value * (entry / divisor[part.row])
    scale = divisor / 1e6
    bounds = problem.rules.lower[rows] / scale, problem.rules.upper[rows] / scale
    return Matrix(part.start, part.column, np.rint(value)), np.rint(bounds[0]), np.rint(bounds[1])


def _tie_rows(problem: Problem, rows: Ints) -> tuple[Matrix, Floats, Floats]:
    """Return rows over numbers of steps, in steps of the indicator that the row speaks of."""
    rules = problem.rules
    part = rules.matrix.take(rows)
    own = problem.rule_step[rows]
    value = part.value * problem.step[part.column] / own[part.row]
    return Matrix(part.start, part.column, value), rules.lower[rows] / own, rules.upper[rows] / own


def _printed_sums(
    problem: Problem, groups: Collection[int], flows: Collection[int], added: Collection[int]
) -> tuple[Matrix, tuple[Ints, Ints, Ints]]:
    """Return the sums that tables print: by year and over years, of area, groups and regions."""
    regions, years = len(problem.regions), len(problem.years)
    indicator, region, year = problem.column_indicator, problem.column_region, problem.column_year
    flow = np.isin(indicator, list(flows))
    columns = np.flatnonzero(np.isin(indicator, list(added)))
    inside = [(AREA, columns)] + [
        (group_scope(group), columns[problem.members[group][region[columns]]])
        for group in sorted(groups)
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
    # a group of one cell has a row too: no other rule keeps its targets and limits
    several = np.flatnonzero((counts > 1) | (labels[1] < AREA))
    return matrix.take(several), (
        labels[0][several],
        labels[1][several],
        labels[2][several],
    )


def _order(problem: Problem) -> Ints:
    """Rank the cells by region name (code points), rotated over indicators and years.

    So no region is last every time, and the order of the plan does not matter.
    """
    by_name = np.empty(len(problem.regions), dtype=np.int64)
    by_name[sorted(range(len(problem.regions)), key=problem.regions.__getitem__)] = np.arange(
        len(problem.regions)
    )
    by_id = np.empty(len(problem.indicators), dtype=np.int64)
    by_id[sorted(range(len(problem.indicators)), key=problem.indicators.__getitem__)] = np.arange(
        len(problem.indicators)
    )
    indicator, year = by_id[problem.column_indicator], problem.column_year
    turn = (by_name[problem.column_region] + indicator + year) % len(problem.regions)
    order = np.empty(problem.size, dtype=np.int64)
    order[np.lexsort((year, indicator, turn))] = np.arange(problem.size)
    return order
