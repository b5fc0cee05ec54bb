"""The best table of a small part whose sums are nested, by counting: no program is solved.

What belongs together (a region's cells) makes a block of few columns, whose patterns are listed.
Rows that join blocks see columns of equal coefficients alike, so that of each bag of blocks only
*how many* of each class are 1 matters to the rows beyond it: blocks are added to their bag, and
bags to the one around them, each time keeping for every count the best way to reach it (dynamic
programming, exact in whole numbers). Two passes: the first finds the least worst excess, the
second, among patterns that keep to it, the least distance and then the least preference.
"""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from decompose.problem import Floats, Ints, Matrix
from decompose.rounding.grid import SCALE, TINY
from decompose.rounding.rows import Rows
from decompose.rounding.system import CELL, System
from decompose.rounding.table import Flags

COLUMNS = 120
"""The most columns of a part that is counted."""
TOGETHER = 9
"""The most columns of a block."""
COUNTS = 4000
"""The most counts that a bag may have."""
WAYS = 300_000
"""The most ways of adding something to a bag that are compared at once."""
ALIKE = 0.7
"""Sets of blocks that have so large a part in common become one."""
UNREACHED = 2**61
"""Costs from here on are no costs; those of a whole part stay below half of it."""


class Counted(NamedTuple):
    """The best columns; None where nothing fits."""

    columns: Floats | None


@dataclass(frozen=True, eq=False)
class _Block:
    """Columns whose patterns are listed.

    Attributes
    ----------
    columns
        Which columns.
    bits
        The patterns that keep the block's own rows (patterns × columns).
    excess, cost
        Of each pattern.
    """

    columns: list[int]
    bits: Ints
    excess: Floats
    cost: Ints

    def weighed(self, weight: Ints) -> Ints:
        """Return each pattern's sum of the columns' weights."""
        return np.asarray(self.bits @ weight[self.columns])


@dataclass(frozen=True, eq=False)
class _Bag:
    """Blocks and bags that rows join.

    Attributes
    ----------
    items
        What is in it.
    adds
        For each item and each of its patterns or counts: what it adds to the bag's count, which
        is one number, the classes being its digits.
    digits
        The digits of each count.
    fits
        Whether a count keeps the bag's own rows.
    shown
        A column of each class.
    """

    items: list[_Block | _Bag]
    adds: list[Ints]
    digits: Ints
    fits: Flags
    shown: list[int]

    def weighed(self, weight: Ints) -> Ints:
        """Return each count's sum of the columns' weights."""
        return np.asarray(self.digits @ weight[self.shown])


class _Reached(NamedTuple):
    """What can be reached of a block or bag: patterns or counts, the value of each, and how."""

    which: Ints
    value: Ints | Floats
    steps: list[tuple[Ints, _Reached]]


def count(system: System) -> Counted | None:
    """Return the best columns of one part; None where it is too large or its sums cross."""
    if system.size > COLUMNS or (system.upper > 1).any() or (system.lets == CELL).any():
        return None
    cost = _costs(system)
    blocks = _joined(system)
    bag = None if cost is None or blocks is None else _tree(system, blocks, cost)
    if bag is None:
        return None
    limit = np.inf
    if len(system.ties):
        worst = _worst(bag)
        if not len(worst.value):
            return Counted(None)
        limit = float(worst.value.min()) + TINY
    cheapest = _cheapest(bag, limit)
    if not len(cheapest.which):
        return Counted(None)
    columns = np.zeros(system.size)
    _trace(bag, int(cheapest.value.argmin()), cheapest, columns)
    return Counted(columns)


def _costs(system: System) -> Ints | None:
    """Return distance, then preference, of each column as one whole number; None where too long."""
    preference = np.rint(system.preference / SCALE)
    above = 2 * np.abs(preference).sum() + 1
    distance = np.rint(system.distance)
    if above * (np.abs(distance).sum() + 1) >= UNREACHED / 2:
        return None
    return distance.astype(np.int64) * int(above) + preference.astype(np.int64)


def _joined(system: System) -> list[list[int]] | None:
    """Put columns into blocks: those of one owner, and all that a tie or a pair joins.

    None where a block is too large.
    """
    by_owner: dict[int, list[int]] = {}
    for column, owner in enumerate(system.owner.tolist()):
        by_owner.setdefault(owner, []).append(column)
    block: dict[int, list[int]] = {}
    for columns in by_owner.values():
        parts = [columns] if len(columns) <= TOGETHER else [[one] for one in columns]
        block |= {one: part for part in parts for one in part}
    pairs = [row for row in _rows_of(system.rigid.matrix) if len(row) == 2]
    for row in (*pairs, *_rows_of(system.ties.matrix)):
        inside = {id(block[one]): block[one] for one in row}
        if len(inside) > 1:
            whole = sorted(itertools.chain.from_iterable(inside.values()))
            block |= dict.fromkeys(whole, whole)
    found = list({id(columns): columns for columns in block.values()}.values())
    return None if max(map(len, found)) > TOGETHER else found


def _rows_of(matrix: Matrix) -> list[list[int]]:
    column, ends = matrix.column.tolist(), matrix.start.tolist()
    return [column[first:last] for first, last in itertools.pairwise(ends)]


def _tree(system: System, blocks: list[list[int]], cost: Ints) -> _Bag | None:
    """Put blocks into bags and bags into others, by the rows that join them."""
    number = {column: k for k, columns in enumerate(blocks) for column in columns}
    joins = [frozenset(number[one] for one in row) for row in _rows_of(system.rigid.matrix)]
    rigid, ties = _dense(system.rigid, system.size), _dense(system.ties, system.size)
    own: list[list[int]] = [[] for _ in blocks]
    for row, join in enumerate(joins):
        if len(join) == 1:
            own[next(iter(join))].append(row)
    tied: list[list[int]] = [[] for _ in blocks]
    for row, columns in enumerate(_rows_of(system.ties.matrix)):
        tied[number[columns[0]]].append(row)
    listed = [
        _listed(system, columns, own[k], tied[k], rigid, ties, cost)
        for k, columns in enumerate(blocks)
    ]
    nested = _nested((join, row) for row, join in enumerate(joins) if len(join) > 1)
    every = frozenset(range(len(blocks)))
    rows = nested.pop()[1] if nested and nested[-1][0] == every else []
    return _bag(system, rigid, listed, nested, every, rows, [])


def _dense(rows: Rows, size: int) -> Floats:
    found = np.zeros((len(rows), size))
    found[rows.matrix.row, rows.matrix.column] = rows.matrix.value
    return found


@functools.cache
def _bits(count: int) -> Ints:
    return np.arange(2**count)[:, None] >> np.arange(count)[::-1] & 1


def _listed(
    system: System,
    columns: list[int],
    own: list[int],
    tied: list[int],
    rigid: Floats,
    ties: Floats,
    cost: Ints,
) -> _Block:
    """List the patterns of a block that keep its rows."""
    bits = _bits(len(columns))
    kept = np.ones(len(bits), dtype=np.bool_)
    excess = np.zeros(len(bits))
    if own:
        kept = _excess(system.rigid, own, bits @ rigid[own][:, columns].T) <= TINY
    if tied:
        values = bits @ ties[tied][:, columns].T
        excess = _excess(system.ties, tied, values)
        hard = system.strict[tied]
        if hard.any():
            held = [row for row, strict in zip(tied, hard.tolist(), strict=True) if strict]
            kept &= _excess(system.ties, held, values[:, hard]) <= TINY
    which = np.flatnonzero(kept)
    bits = bits[which]
    return _Block(columns, bits, excess[which], bits @ cost[columns])


def _excess(rows: Rows, some: list[int], values: Floats) -> Floats:
    """Return by how much the worst of some rows is broken; values stand a column per row."""
    over = np.maximum(rows.lower[some] - values, values - rows.upper[some])
    return np.asarray(np.maximum(over.max(axis=1), 0.0))


Nested = list[tuple[frozenset[int], list[int]]]


def _nested(joins: Iterable[tuple[frozenset[int], int]]) -> Nested:
    """Widen what rows join until any two sets are disjoint or nested; the smallest first.

    A row may stand with more blocks than it speaks of. Of two sets that cross, the later one
    takes in the other; where they have nearly all in common, they become one.
    """
    found: Nested = []
    for join, row in sorted(joins, key=lambda one: len(one[0])):
        rows = [row]
        while crossing := [one for one in found if _cross(one[0], join)]:
            whole = join.union(*(some for some, _ in crossing))
            alike = [one for one in crossing if len(one[0]) >= ALIKE * len(whole)]
            rows = [*itertools.chain.from_iterable(those for _, those in alike), *rows]
            found = [one for one in found if all(one is not other for other in alike)]
            join = whole
        found.append((join, rows))
    return found


def _cross(one: frozenset[int], other: frozenset[int]) -> bool:
    """Whether the first set is not strictly inside the second, nor apart from it."""
    return not one < other and not one.isdisjoint(other)


def _bag(
    system: System,
    rigid: Floats,
    blocks: Sequence[_Block],
    nested: Nested,
    inside: frozenset[int],
    own: list[int],
    beyond: list[int],
) -> _Bag | None:
    """Make the bag of some blocks.

    Parameters
    ----------
    nested
        The bags strictly inside it, the smallest first.
    inside
        Its blocks.
    own, beyond
        Rows of the bag, and those around it, that speak of its columns.
    """
    rows = [*own, *beyond]
    columns = sorted(itertools.chain.from_iterable(blocks[one].columns for one in inside))
    alike: dict[tuple[float, ...], list[int]] = {}
    for column, said in zip(columns, rigid[rows][:, columns].T.tolist(), strict=True):
        if any(said):
            alike.setdefault(tuple(said), []).append(column)
    sizes = tuple(len(some) + 1 for some in alike.values())
    if math.prod(sizes) > COUNTS:
        return None
    digits, places = _numbers(sizes)
    weight = np.zeros(system.size, dtype=np.int64)
    for some, place in zip(alike.values(), places, strict=True):
        weight[some] = place

    items: list[_Block | _Bag] = []
    left = set(inside)
    for join, their in nested:
        if any(join < other for other, _ in nested):
            continue  # it is in that one
        deeper = [one for one in nested if one[0] < join]
        bag = _bag(system, rigid, blocks, deeper, join, their, rows)
        if bag is None:
            return None
        items.append(bag)
        left -= join
    items += [blocks[one] for one in sorted(left)]
    adds = [one.weighed(weight) for one in items]
    if max(map(len, adds)) * len(digits) > WAYS:
        return None
    values = digits @ np.array(list(alike)).reshape(len(alike), len(rows))[:, : len(own)]
    fits = np.all(values >= system.rigid.lower[own] - TINY, axis=1)
    fits &= np.all(values <= system.rigid.upper[own] + TINY, axis=1)
    return _Bag(items, adds, digits, fits, [some[0] for some in alike.values()])


@functools.lru_cache(maxsize=64)
def _numbers(sizes: tuple[int, ...]) -> tuple[Ints, tuple[int, ...]]:
    """Return every number with digits below these sizes, digit by digit, and the digits' places."""
    places = tuple(np.cumprod((*sizes, 1)[:0:-1])[::-1].tolist())
    count = int(np.prod(sizes, dtype=np.int64))
    digits = np.arange(count)[:, None] // np.array(places, dtype=np.int64) % np.array(sizes)
    return digits.astype(np.int64).reshape(count, len(sizes)), places


def _worst(item: _Block | _Bag) -> _Reached:
    """Return the least worst excess of every pattern or count."""
    if isinstance(item, _Block):
        return _Reached(np.arange(len(item.excess)), item.excess, [])
    best = np.full(len(item.digits), np.inf)
    best[0] = 0.0
    for inner, adds in zip(item.items, item.adds, strict=True):
        one = _worst(inner)
        if not len(one.which):
            return one
        best = np.maximum(_before(best, adds[one.which], np.inf), one.value[:, None]).min(axis=0)
    which = np.flatnonzero(item.fits & (best < np.inf))
    return _Reached(which, best[which], [])


def _cheapest(item: _Block | _Bag, limit: float) -> _Reached:
    """Return the least cost of every pattern within the limit, or count, and how it is reached."""
    if isinstance(item, _Block):
        which = np.flatnonzero(item.excess <= limit)
        return _Reached(which, item.cost[which], [])
    best = np.full(len(item.digits), UNREACHED)
    best[0] = 0
    steps: list[tuple[Ints, _Reached]] = []
    every = np.arange(len(best))
    for inner, adds in zip(item.items, item.adds, strict=True):
        one = _cheapest(inner, limit)
        if not len(one.which):
            return one
        ways = _before(best, adds[one.which], UNREACHED) + one.value[:, None]
        way = ways.argmin(axis=0)
        best = ways[way, every]
        steps.append((way, one))
    which = np.flatnonzero(item.fits & (best < UNREACHED // 2))
    return _Reached(which, best[which], steps)


def _before(best: Floats, adds: Ints, unreached: float) -> Floats:
    """Return, for each way and count, the best of the count before it (ways × counts)."""
    most = int(adds.max())
    padded = np.concatenate([np.full(most, unreached, dtype=best.dtype), best])
    return np.asarray(padded[(most - adds)[:, None] + np.arange(len(best))])


def _trace(item: _Block | _Bag, place: int, reached: _Reached, columns: Floats) -> None:
    """Set the columns by which a pattern or count was reached."""
    if isinstance(item, _Block):
        columns[item.columns] = item.bits[reached.which[place]]
        return
    number = int(reached.which[place])
    for k in reversed(range(len(item.items))):
        way, one = reached.steps[k]
        chosen = int(way[number])
        _trace(item.items[k], chosen, one, columns)
        number -= int(item.adds[k][one.which[chosen]])
