"""Programs for the parts alone that have no closed form, or that broken rules join.

The relaxed problem falls into parts that share no sum. Where its answer breaks rules, the parts
that these join are settled together, with all rules within them; the others stay. Each round is
the answer of a problem with fewer rules than the whole, so that one that keeps every rule is the
answer of the whole.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from decompose.errors import SolverError
from decompose.fairness.part import part_of
from decompose.fairness.programs import leximin_by_programs
from decompose.fairness.relaxed import Relaxed
from decompose.fairness.scaled import indicator_sizes
from decompose.problem import FAMILY, TOTAL, Bools, Floats, Ints, Matrix, Problem, Rules
from decompose.rounding.rows import components
from decompose.solvers import Solver

KEPT = 1e-9
"""A rule that is missed by less, relative to what its row adds up, is kept."""
OUTSIDE = -1
"""Of rules whose columns are in several groups, or not all in one that is looked at."""


@dataclass(frozen=True, eq=False)
class ByParts:
    """What programs for parts settled.

    Attributes
    ----------
    values
        Of every column.
    done
        Components of the problem whose values are right, as flags.
    programs
        How many were solved.
    """

    values: Floats
    done: Bools
    programs: int


def by_parts(
    problem: Problem,
    relaxed: Relaxed,
    values: Floats,
    unsolved: Bools,
    wanted: Bools,
    solver: Solver,
) -> ByParts:
    """Settle what is unsolved, and what broken rules join, by programs of their own.

    Parameters
    ----------
    problem, relaxed
        The rules; what of them has a closed form.
    values
        The closed form's, of every column.
    unsolved
        Parts of the relaxed problem without values.
    wanted
        Components to be settled, as flags.
    solver
        What solves the programs.
    """
    part = relaxed.chains.part[relaxed.row]
    component = problem.component[problem.column_indicator]
    of_rule = problem.component[problem.rules.indicator]
    matrix, wanted = problem.rules.matrix, wanted.copy()
    tight = replace(problem, rules=_tightened(problem, relaxed))
    sizes, values, programs = indicator_sizes(problem), values.copy(), 0
    lost = relaxed.nested | (matrix.counts == 0)  # programs of parts keep no more of these
    exact = problem.rules.lower == problem.rules.upper
    joined = exact & ~relaxed.nested & wanted[of_rule] & ~problem.rules.single
    whole = np.zeros_like(wanted)  # all their rules are joined
    group = _joined(matrix, part, np.flatnonzero(joined))
    waiting = np.zeros(problem.size, dtype=bool)
    waiting[np.isin(group, group[unsolved[part]])] = True
    settled = np.zeros(problem.size, dtype=bool)  # by a program
    while True:
        broken = ~kept(problem, values, relaxed.figure) & wanted[of_rule]
        broken[matrix.row[waiting[matrix.column]]] = False  # looked at when there are values
        wanted[of_rule[broken & lost]] = False
        rows = np.flatnonzero(broken & wanted[of_rule])
        if len(rows):
            touched = matrix.take(rows).column
            again = component[touched[settled[touched]]]  # more would follow, one after the other
            wanted &= ~whole | ~np.isin(np.arange(len(whole)), again)
            whole[again] = True
            joined |= broken | whole[of_rule]
            group = _joined(matrix, part, np.flatnonzero(joined & ~lost))
            waiting |= np.isin(group, np.unique(group[touched])) | whole[component]
        waiting &= wanted[component]
        if not waiting.any():
            return ByParts(values, wanted, programs)
        columns, first = _by_group(group, waiting)
        rule_rows, rule_first = _within(tight.rules.matrix, group, waiting, len(first) - 1)
        for number in range(len(first) - 1):
            own = columns[first[number] : first[number + 1]]
            if not wanted[component[own[0]]]:
                continue
            some = rule_rows[rule_first[number] : rule_first[number + 1]]
            try:
                chosen = leximin_by_programs(part_of(tight, own, some), solver, sizes=sizes)
            except SolverError:
                chosen = None
            if chosen is None:
                wanted[component[own]] = False
                continue
            values[own] = chosen.x
            programs += chosen.programs
        settled |= waiting
        waiting[:] = False


def kept(problem: Problem, x: Floats, figure: Floats) -> Bools:
    """Tell which rules hold, and hand out what they can of their figure where they have one."""
    rules = problem.rules
    value = rules.matrix.dot(x)
    slack = KEPT * (
        rules.matrix.sizes(x) + np.abs(np.where(np.isfinite(rules.lower), rules.lower, 0.0))
    )
    wanted = np.where(np.isnan(figure), value, figure)
    return np.asarray(
        (value >= rules.lower - slack)
        & (value <= rules.upper + slack)
        & (np.abs(value - wanted) <= slack)
    )


def _tightened(problem: Problem, relaxed: Relaxed) -> Rules:
    """Return the rules with figures as what they hand out, nested ones as sums of their own."""
    rules = problem.rules
    block = relaxed.chains.block[relaxed.row, relaxed.year]
    inside = np.flatnonzero(block >= 0)
    sums = relaxed.chains.sums
    made = Matrix.collect(
        block[inside], inside, relaxed.weight[inside], rows=len(sums), size=problem.size
    )
    owner = np.zeros(len(sums), dtype=np.int64)
    owner[block[inside]] = problem.column_indicator[inside]
    nothing = np.zeros(len(sums), dtype=np.int64)
    blocks = Rules(
        matrix=made,
        lower=sums,
        upper=sums,
        family=nothing + FAMILY["target"],
        indicator=owner,
        scope=nothing,
        year=nothing + TOTAL,
        source=nothing,
        figure=np.full(len(sums), np.nan),
        whole=np.zeros(len(sums), dtype=bool),
    )
    others = rules.take(np.flatnonzero(~relaxed.nested))
    figure = relaxed.figure[~relaxed.nested]
    said = ~np.isnan(figure)
    others = replace(
        others,
        lower=np.where(said, figure, others.lower),
        upper=np.where(said, figure, others.upper),
        figure=np.full(len(others), np.nan),
    )
    return Rules.stack([others, blocks])


def _joined(matrix: Matrix, part: Ints, rows: Ints) -> Ints:
    """Return the group of each column: parts that some rules join are one."""
    some = matrix.take(rows)
    over = Matrix(some.start, part[some.column], some.value)
    return components(int(part.max(initial=-1)) + 1, [over])[part]


def _by_group(group: Ints, waiting: Bools) -> tuple[Ints, Ints]:
    """Return the columns that wait, group by group, and where each group begins and ends."""
    columns = np.flatnonzero(waiting)
    columns = columns[np.argsort(group[columns], kind="stable")]
    first = np.flatnonzero(np.diff(group[columns], prepend=-1))
    return columns, np.append(first, len(columns))


def _within(matrix: Matrix, group: Ints, waiting: Bools, groups: int) -> tuple[Ints, Ints]:
    """Return the rules within the groups that wait, group by group, and where each begins."""
    number = np.full(int(group.max(initial=-1)) + 1, OUTSIDE)
    number[np.unique(group[waiting])] = np.arange(groups)
    of_entry = number[group[matrix.column]]
    rows = np.flatnonzero(matrix.counts > 0)
    start = matrix.start[rows]
    low = np.minimum.reduceat(of_entry, start) if len(rows) else start
    high = np.maximum.reduceat(of_entry, start) if len(rows) else start
    of_rule = np.where(low == high, low, OUTSIDE)
    inside = of_rule >= 0
    rows, of_rule = rows[inside], of_rule[inside]
    order = np.argsort(of_rule, kind="stable")
    first = np.concatenate([[0], np.cumsum(np.bincount(of_rule, minlength=groups))])
    return rows[order], first
