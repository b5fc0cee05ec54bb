"""A problem relaxed to what has a closed form: disjoint sums, boxes, limits from year to year.

A sum may weigh its cells, as the mean of a ratio does. Rules of other shapes are left out. Where
the answer of the relaxed problem keeps them all the same, it is the answer of the whole (a smaller
set of choices holds no better one).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from decompose.fairness.agreement import agree
from decompose.fairness.between import between_years
from decompose.fairness.capped import nodes_of
from decompose.fairness.chains import Chains, Nodes
from decompose.fairness.nested import Nest
from decompose.fairness.totals import totals_of
from decompose.problem import TOTAL, Bools, Floats, Ints, Matrix, Problem, Rules
from decompose.rounding.rows import components

ALIKE = 1e-12
"""Weights that differ by less, by their size, are one."""
SAME = 1e-9
"""Figures that differ by less, by their size, agree."""


@dataclass(frozen=True, eq=False)
class Relaxed:
    """The chains of a problem; those that sums join are one part.

    Attributes
    ----------
    chains
        What the closed form solves.
    owner
        The indicator of each part.
    row, year
        Where each column of the problem stands in them.
    figure
        What each rule hands out: its figure, or what comes nearest where figures disagree; NaN
        where it has none.
    nested
        Which rules the sums of the chains add up to.
    weight
        By what each column is multiplied in the chains, so that weighted means are sums there.
    lower, upper
        Bounds of each column.
    """

    chains: Chains
    owner: Ints
    row: Ints
    year: Ints
    figure: Floats
    nested: Bools
    weight: Floats
    lower: Floats
    upper: Floats

    def columns(self, x: Floats) -> Floats:
        """Return the values of the problem's columns, kept to their boxes by rounding too."""
        values = x[self.row, self.year] / self.weight
        return np.asarray(np.clip(values, self.lower, self.upper))


class Said(NamedTuple):
    """From what figures that do not add up are measured, and within what they move.

    Attributes
    ----------
    figure
        Of each rule, as the plan says it.
    lower, upper
        How far each column can go.
    """

    figure: Floats
    lower: Floats
    upper: Floats


def relax(problem: Problem, said: Said | None = None) -> Relaxed:
    """Keep the rules that have a closed form.

    Parameters
    ----------
    problem
        The rules; where some figures are out of reach, as near as the reach is.
    said
        What the rules and boxes of the problem say, unless something else.
    """
    said = said or Said(problem.rules.figure, problem.lower, problem.upper)
    sums = Sums.of(problem.rules, problem.size)
    weight = sums.weight
    key = problem.column_indicator * len(problem.regions) + problem.column_region
    keys, row = np.unique(key, return_inverse=True)
    year = problem.column_year
    shape = len(keys), len(problem.years)

    def laid(values: Floats, empty: float) -> Floats:
        found = np.full(shape, empty)
        found[row, year] = values
        return found

    def of_cells(numbers: Ints) -> Ints:
        found = np.full(shape, -1, dtype=np.int64)
        found[row, year] = numbers
        return found

    ties = between_years(problem, row, shape, weight)
    block, totals, figure, nested = _blocks(problem, said, sums)
    blocks = of_cells(block)
    present = np.zeros(shape, dtype=bool)
    present[row, year] = True
    part = _parts(row, block, len(keys))
    owner = np.zeros(int(part.max(initial=-1)) + 1, dtype=np.int64)
    owner[part] = keys // len(problem.regions)
    cross = totals_of(problem, figure, ~nested, weight, row, blocks, part)
    node, nodes = _with_room(problem, weight, block, totals, ~nested)
    chains = Chains(
        reference=laid(problem.reference * weight, 0.0),
        lower=laid(problem.lower * weight, 0.0),
        upper=laid(problem.upper * weight, 0.0),
        present=present,
        fall=ties.fall,
        rise=ties.rise,
        down=ties.down,
        up=ties.up,
        block=blocks,
        sums=totals,
        part=part,
        weight=laid(weight, 1.0),
        group=cross.group,
        over=cross.over,
        least=cross.least,
        most=cross.most,
        node=np.zeros(0, dtype=np.int64) if node is None else of_cells(node),
        around=nodes.around,
        low=nodes.lower,
        high=nodes.upper,
    )
    return Relaxed(chains, owner, row, year, figure, nested, weight, problem.lower, problem.upper)


def _with_room(
    problem: Problem, weight: Floats, block: Ints, sums: Floats, left: Bools
) -> tuple[Ints | None, Nodes]:
    """Nest limits on sums of single years, which have room, into the blocks."""
    rules, matrix = problem.rules, problem.rules.matrix
    rows = np.flatnonzero(left & (matrix.counts > 1) & (rules.year != TOTAL) & adding(rules))
    rows = rows[~rules.yields[rows] & np.isnan(rules.figure[rows])]
    rows = rows[np.argsort(matrix.counts[rows], kind="stable")]
    some = []
    for rule in rows.tolist():
        entries = slice(matrix.start[rule], matrix.start[rule + 1])
        columns, scale = matrix.column[entries], matrix.value[entries]
        scale = scale / weight[columns]
        if np.ptp(scale) <= ALIKE * scale[0]:
            ends = float(rules.lower[rule] / scale[0]), float(rules.upper[rule] / scale[0])
            some.append((columns, *ends))
    found = nodes_of(block, sums, some)
    nothing = np.zeros(0)
    return found or (None, Nodes(np.zeros(0, dtype=np.int64), nothing, nothing))


def _parts(row: Ints, block: Ints, chains: int) -> Ints:
    """Return the part of each chain: what sums join is one; nested groups make many."""
    inside = np.flatnonzero(block >= 0)
    inside = inside[np.argsort(block[inside], kind="stable")]
    start = np.concatenate([[0], np.cumsum(np.bincount(block[inside]))])
    sums = Matrix(start, row[inside], np.ones(len(inside)))
    return np.unique(components(chains, [sums]), return_inverse=True)[1].astype(np.int64)


def adding(rules: Rules) -> Bools:
    """Tell which rules are sums of cells, weighted or not."""
    matrix = rules.matrix.plain
    return np.asarray((matrix.counts > 0) & _all_over(matrix, matrix.value > 0))


def _all_over(matrix: Matrix, entries: Bools) -> Bools:
    """Tell of which rows all entries have a flag."""
    found = np.ones(len(matrix), dtype=bool)
    found[matrix.row[~entries]] = False
    return found


@dataclass(frozen=True, eq=False)
class Sums:
    """Figures and fixed sums, as plain sums over weighted columns.

    A weighted mean of some columns and one of part of them are plain sums of the same columns
    once each is multiplied by its weight: then the two are nested like any other sums.

    Attributes
    ----------
    weight
        By what each column is multiplied; 1 where no sum weighs it.
    scale
        What each rule's value is divided by; NaN where the rule is no such sum.
    """

    weight: Floats
    scale: Floats

    @staticmethod
    def of(rules: Rules, size: int) -> Sums:
        """Find weights that make plain sums of as many rules as can be, the largest first."""
        matrix = rules.matrix.plain
        fixed = ~np.isnan(rules.figure) | ((rules.lower == rules.upper) & ~rules.single)
        fixed &= adding(rules)
        weighs = ~_all_over(matrix, matrix.value == 1.0)
        weight, scale = np.ones(size), np.where(fixed, 1.0, np.nan)
        concerned = np.zeros(size, dtype=bool)
        some = matrix.take(np.flatnonzero(fixed & weighs))
        concerned[some.column] = True
        beside = np.zeros(len(rules), dtype=bool)
        beside[matrix.row[concerned[matrix.column]]] = True
        rows = np.flatnonzero(fixed & beside)
        known = np.zeros(size, dtype=bool)
        for rule in rows[np.argsort(-matrix.counts[rows], kind="stable")].tolist():
            entries = slice(matrix.start[rule], matrix.start[rule + 1])
            column, value = matrix.column[entries], matrix.value[entries]
            before = known[column]
            if before.any():
                ratio = value[before] / weight[column[before]]
                if np.ptp(ratio) > ALIKE * ratio[0]:
                    scale[rule] = np.nan
                    continue
                scale[rule] = value[before].sum() / weight[column[before]].sum()
            weight[column[~before]] = value[~before] / scale[rule]
            known[column] = True
        return Sums(weight, scale)


@dataclass(frozen=True, eq=False)
class _Held:
    """A sum of blocks: how many cells it has, what it adds up to, and what is free in it.

    ``apart`` is what it has beside its cells and beside the sums inside it. ``block`` is that of
    the cells that no sum inside it has, -1 where there is none; ``inner`` are these sums.
    ``settled`` ones have come near to their figures.
    """

    cells: int
    sum: float
    apart: float
    block: int
    inner: tuple[int, ...]
    settled: bool = False


def _blocks(problem: Problem, said: Said, summed: Sums) -> tuple[Ints, Floats, Floats, Bools]:
    """Split figures and fixed sums into disjoint blocks of cells with what each adds up to.

    A sum that contains others leaves a block of what they do not cover; one that crosses
    another is left out. Where the others are all of it and the figures do not add up, each comes
    as near to its own as the others allow.

    Returns
    -------
    The block of each column (-1: none), the sums, ``Relaxed.figure`` and ``Relaxed.nested``.
    """
    rules = problem.rules
    matrix = rules.matrix.plain
    figure = rules.figure.copy()
    wanted = np.where(np.isnan(figure), rules.lower, figure) / summed.scale
    beside = rules.constant / summed.scale
    rows = np.flatnonzero(~np.isnan(summed.scale))
    rows = rows[np.lexsort((matrix.counts[rows], rules.year[rows] == TOTAL))]
    block = np.full(problem.size, -1, dtype=np.int64)
    holder = np.full(problem.size, -1, dtype=np.int64)  # the largest sum so far that has a cell
    held: dict[int, _Held] = {}
    sums: list[float] = []
    for rule in rows.tolist():
        columns = matrix.column[matrix.start[rule] : matrix.start[rule + 1]]
        inner = Counter(holder[columns][holder[columns] >= 0].tolist())
        if any(held[one].cells != count for one, count in inner.items()):
            continue
        rest = columns[holder[columns] < 0]
        goal = float(wanted[rule])
        inside = sum(held[one].sum for one in inner)
        apart = beside[rule] - sum(beside[one] for one in inner)
        apart = 0.0 if abs(apart) <= SAME * abs(beside[rule]) else float(apart)
        own = len(sums) if len(rest) else -1
        held[rule] = _Held(len(columns), goal, apart, own, tuple(inner))
        if len(rest):
            block[rest] = own
            sums.append(goal - inside)
        elif abs(goal - inside) > SAME * abs(goal):
            free = all(held[one].block >= 0 and not held[one].settled for one in inner)
            family, agreed = (
                _agreed(problem, said, summed, held, rule)
                if free
                else _nested(problem, said, summed, held, block, rule)
            )
            if agreed is not None:
                figure[family] = agreed * summed.scale[family]
                for one, value in zip(family, agreed.tolist(), strict=True):
                    held[one] = replace(held[one], sum=value, settled=one != rule)
                for one in family:
                    if held[one].block >= 0:
                        others = sum(held[other].sum for other in held[one].inner)
                        sums[held[one].block] = held[one].sum - others
        holder[columns] = rule
    nested = np.zeros(len(rules), dtype=bool)
    nested[list(held)] = True
    return block, np.array(sums, dtype=np.float64), figure, nested


def _agreed(
    problem: Problem, said: Said, summed: Sums, held: dict[int, _Held], whole: int
) -> tuple[list[int], Floats | None]:
    """Return a sum and those directly inside it, and what they add up to; None where they cannot.

    A sum that contains others moves by what is free in it: they stay at their figures.
    """
    rules = problem.rules
    rows = [*held[whole].inner, whole]
    some, scale = rules.matrix.take(np.array(rows)), summed.scale[rows]
    beside = rules.constant[rows] / scale
    lower = np.maximum(rules.lower[rows], some.dot(said.lower)) / scale + beside
    upper = np.minimum(rules.upper[rows], some.dot(said.upper)) / scale + beside
    figure = said.figure[rows] / scale + beside
    figure = np.where(np.isnan(figure), np.maximum(lower, 1.0), figure)
    ends = figure[-1], lower[-1], upper[-1]
    found = agree(figure[:-1], lower[:-1], upper[:-1], ends, apart=held[whole].apart)
    if found is None:
        return rows, None
    found -= beside[:-1]
    return rows, np.append(found, found.sum())


def _nested(
    problem: Problem, said: Said, summed: Sums, held: dict[int, _Held], block: Ints, whole: int
) -> tuple[list[int], Floats | None]:
    """Return a sum and all that it contains, and what they add up to; None where they cannot."""
    rules, weight = problem.rules, summed.weight
    rows, parent, open_ = [whole], [-1], [(0, held[whole].inner)]
    for place, inner in open_:
        for one in inner:
            open_.append((len(rows), held[one].inner))
            rows.append(one)
            parent.append(place)
    scale = summed.scale[rows]
    beside = rules.constant[rows] / scale
    inside = np.flatnonzero(block >= 0)
    size = int(block.max(initial=-1)) + 1
    least = np.bincount(block[inside], (said.lower * weight)[inside], minlength=size)
    most = np.bincount(block[inside], (said.upper * weight)[inside], minlength=size)
    free = np.array([held[one].block for one in rows])
    apart = np.array([held[one].apart for one in rows])
    nest = Nest(
        np.array(parent),
        said.figure[rows] / scale + beside,
        rules.lower[rows] / scale + beside,
        rules.upper[rows] / scale + beside,
        np.where(free >= 0, least[free], 0.0) + apart,
        np.where(free >= 0, most[free], 0.0) + apart,
    )
    agreed = nest.agreed()
    return rows, None if agreed is None else agreed - beside
