"""Sums that targets settle, as numbers in rules that compare sums: what is left is a bound.

"The province's part is at least 24 % of its whole" is a floor of the part's sum where the whole's
has a target. Exact targets hold in every answer. Figures that may be missed are taken for met
first: where all figures come out met, no answer is nearer to them, and the rest is chosen among the
same answers.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from decompose.fairness.by_parts import kept
from decompose.fairness.by_rank import ranked
from decompose.fairness.faces import LEXIMIN
from decompose.fairness.relaxed import adding
from decompose.problem import AREA, Bools, Floats, Ints, Matrix, Problem


class Known(NamedTuple):
    """A problem with known sums as numbers, and which figures were taken for met (flags)."""

    problem: Problem
    met: Bools

    def holds(self, problem: Problem, x: Floats) -> bool:
        """Whether the figures that were taken for met, and those they may cost, are met."""
        if not self.met.any():
            return True
        rules = problem.rules
        here = problem.component[rules.indicator]
        concerned = np.isin(here, here[self.met]) & _open(problem)
        return bool(kept(problem, x, rules.figure)[concerned].all())


def with_known_sums(problem: Problem, *, exact: bool) -> Known | None:
    """Return the problem with sums that targets settle as numbers in rules that compare sums.

    Parameters
    ----------
    problem
        The rules.
    exact
        Whether only exact targets settle sums.

    Returns
    -------
    Known or None
        None where no rule compares a known sum with another.
    """
    rules = problem.rules
    if len(problem.ahead):
        return None
    several = _several(problem)
    pieces = _Pieces.of(problem, np.flatnonzero(several & (rules.scope <= AREA)))
    if not len(pieces.rule):
        return None
    open_ = np.zeros(len(rules), dtype=bool) if exact else _open(problem) & _settled_first(problem)
    handed = np.where(open_, rules.figure, rules.lower)
    given = open_ | ((rules.lower == rules.upper) & ~rules.yields)
    given &= np.isfinite(handed) & adding(rules) & ~several & (rules.matrix.counts > 1)
    sums = _Pieces.of(problem, np.flatnonzero(given))
    found = pieces.found_in(sums)
    known = found >= 0
    known &= np.bincount(pieces.rule[~known], minlength=len(rules))[pieces.rule] > 0
    if not known.any():
        return None
    rows, of_sum = pieces.rule[known], found[known]
    amount = pieces.factor[known] / sums.factor[of_sum] * handed[sums.rule[of_sum]]
    part = np.bincount(rows, amount, minlength=len(rules)).astype(np.float64)
    left = replace(
        rules,
        matrix=rules.matrix.without(_entries(problem, rows, pieces.owner[known])),
        lower=rules.lower - part,
        upper=rules.upper - part,
        figure=rules.figure - part,
        constant=rules.constant + part,
    )
    met = np.zeros(len(rules), dtype=bool)
    met[sums.rule[of_sum]] = open_[sums.rule[of_sum]]
    return Known(replace(problem, rules=left), met)


@dataclass(frozen=True, eq=False)
class _Pieces:
    """What rules have of one indicator each.

    Attributes
    ----------
    rule, owner, factor
        Of each piece: its rule, its indicator, and the factor of all its entries, or NaN.
    columns
        Its columns, in order.
    """

    rule: Ints
    owner: Ints
    factor: Floats
    columns: Matrix

    @staticmethod
    def of(problem: Problem, rules: Ints) -> _Pieces:
        """Take rules apart."""
        taken = problem.rules.matrix.plain.take(rules)
        owner = problem.column_indicator[taken.column]
        order = np.lexsort((taken.column, owner, taken.row))
        row, owner = taken.row[order], owner[order]
        first = np.ones(len(order), dtype=bool)
        first[1:] = (row[1:] != row[:-1]) | (owner[1:] != owner[:-1])
        start = np.append(np.flatnonzero(first), len(order))
        columns = Matrix(start, taken.column[order], taken.value[order])
        factor = columns.value[start[:-1]]
        factor[columns.row[columns.value != factor[columns.row]]] = np.nan
        return _Pieces(rules[row[first]], owner[first], factor, columns)

    def found_in(self, sums: _Pieces) -> Ints:
        """Return a sum that has the same columns as each piece; -1 where there is none."""
        keys = np.concatenate([self._keys, sums._keys])
        key = np.unique(keys, axis=0, return_inverse=True)[1].reshape(-1)
        of_key = np.full(len(keys), -1, dtype=np.int64)
        count = len(self.rule)
        of_key[key[count:]] = np.where(np.isnan(sums.factor), -1, np.arange(len(sums.rule)))
        found = of_key[key[:count]]
        found[np.isnan(self.factor)] = -1
        alike = np.flatnonzero(found >= 0)
        own, other = self.columns.take(alike), sums.columns.take(found[alike])
        found[alike[own.row[own.column != other.column]]] = -1
        return found

    @property
    def _keys(self) -> Ints:
        """How many columns each piece has, what they add up to, and what their squares do."""
        row, column, count = self.columns.row, self.columns.column, len(self.columns)
        sums, squares = np.zeros(count, dtype=np.int64), np.zeros(count, dtype=np.int64)
        np.add.at(sums, row, column)
        np.add.at(squares, row, column * column)
        return np.stack([self.columns.counts, sums, squares], axis=1)


def _several(problem: Problem) -> Bools:
    """Tell which rules have several indicators."""
    matrix = problem.rules.matrix.plain
    row, owner = matrix.row, problem.column_indicator[matrix.column]
    first = np.append(owner, 0)[np.minimum(matrix.start[:-1], len(owner))]
    several = np.zeros(len(matrix), dtype=bool)
    several[row[owner != first[row]]] = True
    return several


def _entries(problem: Problem, rows: Ints, owners: Ints) -> Bools:
    """Flag the entries that rules have of an indicator each."""
    own, count = problem.rules.matrix.own, len(problem.indicators)
    flags = np.zeros(len(own.column), dtype=bool)
    some = np.flatnonzero(np.isin(own.row, rows))
    key = own.row[some] * count + problem.column_indicator[own.column[some]]
    flags[some] = np.isin(key, rows * count + owners)
    return flags


def _open(problem: Problem) -> Bools:
    """Tell which figures may be missed."""
    rules = problem.rules
    return np.asarray(~np.isnan(rules.figure) & (rules.lower < rules.upper))


def _settled_first(problem: Problem) -> Bools:
    """Tell the rules of components in which all figures come before all cells."""
    apart = ranked(problem)
    apart[problem.component[[rule != LEXIMIN for rule in problem.fairness]]] = True
    apart[problem.component[problem.rules.indicator[problem.rules.yields]]] = True
    return np.asarray(~apart[problem.component[problem.rules.indicator]])
