"""The closed form where rules tie the cells of a region: which rules and sums are looked at.

Equations between indicators are, from the start; limits on shares, steps and growth are once the
answer without them breaks them.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from decompose.errors import SolverError
from decompose.fairness.alike import plain_rules
from decompose.fairness.by_parts import ByParts, kept
from decompose.fairness.chains import NOISE
from decompose.fairness.part import part_of, rows_within
from decompose.fairness.programs import Chosen, leximin_by_programs
from decompose.fairness.relaxed import Relaxed, Said, relax
from decompose.fairness.scaled import NEGLIGIBLE, indicator_sizes
from decompose.fairness.tied.cells import Cells
from decompose.fairness.tied.figures import tied_figures
from decompose.fairness.tied.form import TiedForm
from decompose.fairness.tied.implied import Blocks, Family, implied
from decompose.fairness.tied.paired import Paired
from decompose.fairness.tied.spans import layers_of
from decompose.fairness.tied.sums import Sums
from decompose.problem import Bools, Floats, Ints, Matrix, Problem, Rules
from decompose.rounding.rows import by_row, components
from decompose.solvers import Solver

ENTRIES = 8
"""A rule over more cells is not looked at."""
ROUNDS = 12
"""In which rules are taken in that the answer without them breaks."""


def by_ties(
    problem: Problem,
    said: Said,
    relaxed: Relaxed,
    values: Floats,
    unsolved: Bools,
    wanted: Bools,
    solver: Solver | None,
) -> ByParts:
    """Settle components where rules tie cells within regions.

    By equations, or by rules between two cells that the closed form breaks: these are taken in
    as they are broken, and parts that break none keep their values.

    Parameters
    ----------
    problem, said, relaxed
        The rules; from what figures are measured; what of the rules has a closed form.
    values
        Of every column.
    unsolved
        Parts of what has a closed form that have no values.
    wanted
        Components to be settled, as flags.
    solver
        What solves programs, where some are needed; None where there is none.
    """
    rules, matrix = problem.rules, problem.rules.matrix
    component = problem.component[problem.column_indicator]
    of_rule = problem.component[rules.indicator]
    exact = rules.lower == rules.upper
    tied = _within_regions(problem, ~relaxed.nested & wanted[of_rule])
    equal = np.zeros(len(wanted), dtype=bool)
    equal[of_rule[tied & exact]] = True
    broken = ~kept(problem, values, relaxed.figure) & ~relaxed.nested
    wanted = wanted & _able(problem, relaxed, tied, equal, broken)
    if not wanted.any():
        return ByParts(values, wanted, 0)
    columns = np.flatnonzero(wanted[component])
    place = np.full(problem.size, -1, dtype=np.int64)
    place[columns] = np.arange(len(columns))
    tied &= wanted[of_rule]
    families = _families(problem, np.flatnonzero(tied & exact))
    given = relaxed.chains.block[relaxed.row, relaxed.year][columns]
    local = [replace(family, column=place[family.column]) for family in families]
    paired = Paired.of(local, len(columns))
    given = np.append(given, np.full(len(paired.cell), -1, dtype=np.int64))
    blocks = implied(given, relaxed.chains.sums, paired.families)
    wrong = blocks.wrong[blocks.wrong < len(columns)]
    apart = np.isin(np.arange(len(wanted)), component[columns[wrong]])
    inexact = np.isfinite(rules.figure) & ~exact & apart[of_rule]
    if inexact.any() and solver is not None:
        figure, programs = tied_figures(problem, said.figure, relaxed, families, apart, solver)
        handed_out = replace(
            rules,
            figure=np.where(inexact, figure, rules.figure),
            lower=np.where(inexact, figure, rules.lower),
            upper=np.where(inexact, figure, rules.upper),
        )
        agreed = replace(problem, rules=handed_out)
        said = said._replace(figure=np.where(inexact, figure, said.figure))
        settled = by_ties(agreed, said, relax(agreed, said), values, unsolved, wanted, solver)
        return replace(settled, programs=settled.programs + programs)
    values, left, form = values.copy(), wanted.copy(), TiedForm(solver)
    part = relaxed.chains.part[relaxed.row]
    relaxed_yet = ~equal[component]  # columns whose values are the closed form's
    touched = equal[component] | unsolved[part]
    looked_at = np.zeros(len(rules), dtype=bool)
    new = tied & np.where(equal[of_rule], exact, broken)
    for _ in range(ROUNDS):
        looked_at |= new
        touched[matrix.take(np.flatnonzero(new)).column] = True
        touched |= relaxed_yet & np.isin(part, part[touched])  # growth may join all of a part
        touched &= left[component]
        relaxed_yet &= ~touched
        rows = np.flatnonzero(looked_at)
        some = matrix.take(rows)
        over = Matrix(some.start, place[some.column], some.value)
        here, found, lost = _solve(
            problem, columns, over, rows, blocks, paired, touched[columns], form
        )
        touched[:] = False
        values[columns[here]] = found
        for members in _groups(here, lost):
            chosen = _by_programs(problem, columns, members, blocks, tied | rules.single, solver)
            if chosen is None:
                left[component[columns[members]]] = False
            else:
                values[columns[members]] = chosen.x
                form.programs += chosen.programs
        broken = ~kept(problem, values, relaxed.figure) & left[of_rule]
        left[of_rule[broken & ~tied]] = False
        left[of_rule[broken & looked_at]] = False
        new = broken & left[of_rule]
        if not new.any():
            return ByParts(values, left, form.programs)
    left[of_rule[new]] = False
    return ByParts(values, left, form.programs)


def _able(problem: Problem, relaxed: Relaxed, tied: Bools, equal: Bools, broken: Bools) -> Bools:
    """Tell which components have equations or broken rules of regions, and nothing that hinders."""
    rules = problem.rules
    of_rule = problem.component[rules.indicator]
    able = np.zeros_like(equal)
    able[of_rule[broken & tied]] = True
    able[of_rule[broken & (rules.matrix.counts > 2)]] = False  # their sums would pull together
    able |= equal
    able[problem.component[problem.column_indicator[relaxed.weight != 1.0]]] = False
    rank = problem.rank
    first = np.full(len(able), rank.max(initial=0))
    np.minimum.at(first, problem.component, rank)
    able[problem.component[rank > first[problem.component]]] = False  # one after the other
    exact = rules.lower == rules.upper
    able[of_rule[exact & ~tied & ~relaxed.nested & ~rules.single]] = False
    return able


def _groups(columns: Ints, part: Ints) -> list[Ints]:
    """Return the columns of each part that is not solved; the part of the others is -1."""
    return [columns[part == one] for one in np.unique(part[part >= 0])]


def _by_programs(
    problem: Problem,
    columns: Ints,
    members: Ints,
    blocks: Blocks,
    rules: Bools,
    solver: Solver | None,
) -> Chosen | None:
    """Settle one part by programs, its sums held; None where that does not do."""
    if solver is None:
        return None
    own = columns[members]
    within = rows_within(problem, own)
    part = part_of(problem, own, within[rules[within]])
    block = blocks.block[members]
    inner = np.append(blocks.outer, -1)[block]
    number, row = np.unique(np.where(inner >= 0, inner, block), return_inverse=True)
    matrix = Matrix.collect(
        row, np.arange(len(own)), np.ones(len(own)), rows=len(number), size=len(own)
    )
    summed = np.flatnonzero(number >= 0)
    sums = blocks.sums[number[summed]]
    held = plain_rules(matrix.take(summed), sums, sums, part.column_indicator)
    part = replace(part, rules=Rules.stack([part.rules, held]))
    try:
        return leximin_by_programs(part, solver, sizes=indicator_sizes(problem))
    except SolverError:
        return None


def _within_regions(problem: Problem, rules: Bools) -> Bools:
    """Tell which of some rules tie a few cells of one region."""
    matrix = problem.rules.matrix
    few = np.flatnonzero(rules & (matrix.counts > 1) & (matrix.counts <= ENTRIES))
    some = matrix.take(few)
    ends = (by_row(some, problem.column_region, one) for one in (np.minimum, np.maximum))
    found = np.zeros(len(rules), dtype=bool)
    found[few] = np.equal(*ends)
    return found


def _families(problem: Problem, rows: Ints) -> list[Family]:
    """Sort equations by what they tie: indicators, years, and coefficients."""
    matrix, bounds = problem.rules.matrix.take(rows), problem.rules.lower[rows]
    found: list[Family] = []
    for count in np.unique(matrix.counts).tolist():
        some = np.flatnonzero(matrix.counts == count)
        entry = matrix.start[some] + np.arange(count)[:, np.newaxis]
        column, value = matrix.column[entry], matrix.value[entry]
        indicator, year = problem.column_indicator[column], problem.column_year[column]
        order = np.lexsort((year, indicator), axis=0)
        column = np.take_along_axis(column, order, axis=0)
        value = np.take_along_axis(value, order, axis=0)
        labels = problem.column_indicator[column], problem.column_year[column]
        shape = np.concatenate([*labels, value])
        _, number = np.unique(shape, axis=1, return_inverse=True)
        number = number.reshape(-1)
        for one in range(int(number.max(initial=-1)) + 1):
            members = number == one
            bound = bounds[some[members]]
            found.append(Family(column[:, members], value[:, members][:, 0], bound))
    return found


def _solve(
    problem: Problem,
    columns: Ints,
    over: Matrix,
    rows: Ints,
    blocks: Blocks,
    paired: Paired,
    touched: Bools,
    form: TiedForm,
) -> tuple[Ints, Floats, Ints]:
    """Settle the parts of some columns: return their columns, values, and the parts not found."""
    rules, count = problem.rules, len(columns)
    every = np.append(columns, columns[paired.cell])
    size, pair = len(every), np.arange(len(every)) >= count
    sizes = indicator_sizes(problem)[problem.column_indicator[every]]
    reference, lower = problem.reference[every], problem.lower[every]
    bounds = np.concatenate([problem.upper[every], -lower])
    zero = reference <= NEGLIGIBLE * sizes
    linked = Matrix.stack([over, paired.links])
    local = np.unique(components(size, [linked]), return_inverse=True)[1]
    nodes = len(blocks.sums)
    outer = np.where(blocks.outer >= 0, blocks.outer, np.arange(nodes))
    block = np.append(outer, -1)[blocks.block]
    inside = np.flatnonzero(block >= 0)
    inside = inside[np.argsort(block[inside], kind="stable")]
    start = np.concatenate([[0], np.cumsum(np.bincount(block[inside], minlength=nodes))])
    summed = Matrix(start, inside, np.ones(len(inside)))
    part = np.unique(components(size, [linked, summed]), return_inverse=True)[1]
    noise = np.zeros(int(local.max(initial=-1)) + 1)
    np.maximum.at(noise, local, reference)
    year = by_row(over, problem.column_year[columns], np.maximum)
    cells = Cells(
        reference=np.where(zero, 1.0, reference),
        caps=np.where(np.tile(pair, 2), np.inf, bounds),
        settled=pair,
        local=local.astype(np.int64),
        part=part.astype(np.int64),
        block=blocks.block,
        noise=NOISE * noise[local],
        layers=layers_of(over, rules.lower[rows], rules.upper[rows], year, size),
        pairs=paired.layers(),
    )
    of_node = np.zeros(nodes, dtype=np.int64)
    of_node[block[inside]] = part[inside]
    ties = layers_of(
        blocks.ties, blocks.bound, blocks.bound, np.zeros(len(blocks.bound), dtype=np.int64), nodes
    )
    sums = Sums.of(
        np.nan_to_num(blocks.sums), ~np.isnan(blocks.sums), blocks.outer, of_node[outer], ties
    )
    again = np.zeros(int(part.max(initial=-1)) + 1, dtype=bool)
    again[part[:count][touched]] = True
    here = again[part]
    cells = cells.settle(zero & ~pair, np.maximum(lower, 0.0)).take(here)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        x, solved = form.solve(cells, sums)
    found, own = np.flatnonzero(here[:count]), part[:count][here[:count]]
    return found, x[: len(found)], np.where(solved[own], -1, own)
