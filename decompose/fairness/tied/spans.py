"""How far cells can go within rules that tie a few of them: bounds carried from rule to rule.

A cap is an upper bound or minus a lower one, so that every rule is written once: what an entry
can have at most is what the row leaves when the others have the least. The caps of n cells are
one array: the upper ones, then the lower ones, ``(2n,)``. At a level each open cell may go so far
from its reference; caps then are concave in the level, and their slopes are carried along.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from decompose.problem import Bools, Floats, Ints, Matrix


@dataclass(frozen=True, eq=False)
class Layer:
    """Rules of k entries that share no cell, each as ``Σ size · cap ≥ -bound`` over sources.

    Attributes
    ----------
    target
        The cap that each entry bounds, (k, m).
    source
        The opposite cap, by which it bounds the others, (k, m).
    size
        The entry's coefficient without its sign, (k, m).
    bound
        What the row's terms may add up to, (m,).
    """

    target: Ints
    source: Ints
    size: Floats
    bound: Floats

    @cached_property
    def plain(self) -> bool:
        """Whether all coefficients are 1 or -1."""
        return bool((self.size == 1.0).all())

    def terms(self, values: Floats) -> Floats:
        """Return what the entries add where their sources have some values."""
        found = values[self.source]
        return found if self.plain else self.size * found

    def leaves(self, values: Floats) -> Floats:
        """Return what the others leave to the last entry, whose coefficient is 1 or -1."""
        found = self.bound.copy()
        for source, size in zip(self.source[:-1], self.size[:-1], strict=True):
            found += values[source] if self.plain else size * values[source]
        return found

    def take(self, rows: Bools) -> Layer:
        """Return these rules only."""
        return Layer(
            self.target[:, rows], self.source[:, rows], self.size[:, rows], self.bound[rows]
        )

    def placed(self, place: Ints) -> Layer:
        """Give each cap the number that stands in its place."""
        return Layer(place[self.target], place[self.source], self.size, self.bound)


def layers_of(matrix: Matrix, lower: Floats, upper: Floats, order: Ints, size: int) -> list[Layer]:
    """Lay rules out, so that those of a layer share no cell and come in a given order.

    Those that share no cell with any come last, where bounds are carried once.

    Parameters
    ----------
    matrix, lower, upper
        The rules; each has two entries at least.
    order
        A number per rule: those with a lower one come first where they share cells.
    size
        How many columns there are.
    """
    depth = np.full(size, -1, dtype=np.int64)
    found: dict[tuple[int, int], list[Ints]] = {}
    shared = np.bincount(matrix.column, minlength=size) > 1
    alone = ~matrix.with_any(shared)
    for count in np.unique(matrix.counts[alone]).tolist():
        found[len(alone), count] = [np.flatnonzero(alone & (matrix.counts == count))]
    for number in np.unique(order[~alone]):
        rows = np.flatnonzero(~alone & (order == number))
        for count in np.unique(matrix.counts[rows]):
            some = rows[matrix.counts[rows] == count]
            column = matrix.column[matrix.start[some] + np.arange(count)[:, np.newaxis]]
            while len(some):
                # a rule waits where another one of this number has a cell of it
                first = np.full(size, len(some))
                np.minimum.at(first, column.ravel(), np.tile(np.arange(len(some)), int(count)))
                now = (first[column] == np.arange(len(some))).all(axis=0)
                at = depth[column[:, now]].max(axis=0) + 1
                depth[column[:, now]] = at
                for one in np.unique(at):
                    found.setdefault((int(one), int(count)), []).append(some[now][at == one])
                some, column = some[~now], column[:, ~now]
    return [
        layer_of(matrix, lower, upper, np.concatenate(rows), count, size)
        for (_, count), rows in sorted(found.items(), key=lambda item: item[0])
    ]


def layer_of(
    matrix: Matrix, lower: Floats, upper: Floats, rows: Ints, count: int, size: int
) -> Layer:
    """Lay out rules with so many entries each."""
    entry = matrix.start[rows] + np.arange(count)[:, np.newaxis]
    column, value = matrix.column[entry], matrix.value[entry]
    ahead, behind = column + size * (value < 0), column + size * (value > 0)
    most, least = np.isfinite(upper[rows]), np.isfinite(lower[rows])
    return Layer(
        np.concatenate([ahead[:, most], behind[:, least]], axis=1),
        np.concatenate([behind[:, most], ahead[:, least]], axis=1),
        np.concatenate([np.abs(value[:, most]), np.abs(value[:, least])], axis=1),
        np.concatenate([upper[rows][most], -lower[rows][least]]),
    )


def carry(caps: Floats, slopes: Floats, layers: list[Layer], held: Bools) -> None:
    """Carry caps and their slopes by the level along the layers, forward and back, in place.

    Those that are held stay as they are: what rounding has put between them does not grow.
    """
    for layer in (*layers, *layers[-2::-1]):
        given = _others(layer.terms(caps))
        given += layer.bound
        if not layer.plain:
            given /= layer.size
        now = caps[layer.target]
        binds = (given < now) & ~held[layer.target]
        if binds.any():
            slope = _others(layer.terms(slopes)) / layer.size
            target = layer.target[binds]
            caps[target] = given[binds]
            slopes[target] = slope[binds]


def follow(caps: Floats, slopes: Floats, layers: list[Layer]) -> None:
    """Carry caps and their slopes to the last entry of each rule, a pair, in place."""
    for layer in layers:
        target, given = layer.target[-1], layer.leaves(caps)
        binds = given < caps[target]
        caps[target] = np.where(binds, given, caps[target])
        slopes[target] = np.where(binds, layer.leaves(slopes) - layer.bound, slopes[target])


def _others(terms: Floats) -> Floats:
    """Return what the other entries of each column add up to."""
    count = len(terms)
    if count == 2:
        return terms[::-1].copy()
    found = np.empty_like(terms)
    found[1] = terms[0]  # what comes before, then what comes after as well
    for one in range(2, count):
        np.add(found[one - 1], terms[one - 1], out=found[one])
    after = terms[-1].copy()
    for one in range(count - 2, 0, -1):
        found[one] += after
        after += terms[one]
    found[0] = after
    return found
