"""Small blocks of tied columns, and the patterns that they can take.

Growth rows and a region's total over the years make a linear program mix patterns that no table
can mix. A block of at most ten columns has few patterns, each with an excess of its own; a
program that chooses one per block is nearly always whole at once, and the largest of the blocks'
least excesses bounds the worst excess from below and is nearly always reached.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from decompose.problem import Floats, Ints, Matrix
from decompose.rounding.grid import TINY
from decompose.rounding.rows import Rows, by_row, components
from decompose.rounding.system import REGION, System

MOST = 10
"""The most columns in a block: 1024 patterns."""
BUDGET = 2**19
"""How many patterns are listed before blocks are left alone."""
CHUNK = 2**16
"""How many patterns are judged at once."""


@dataclass(frozen=True, eq=False)
class Patterns:
    """The patterns of a system's blocks.

    Attributes
    ----------
    block_of
        Block of each column; -1 for a column that stands alone.
    first
        First column of each block.
    block, excess
        Of each pattern: its block, ascending, and its worst excess over the block's ties.
    bits
        Patterns × columns: which columns are 1.
    rigid_in, ties_in
        The block that a row speaks of alone (its patterns keep it); -1 for other rows.
    """

    block_of: Ints
    first: Ints
    block: Ints
    excess: Floats
    bits: Matrix
    rigid_in: Ints
    ties_in: Ints


def list_patterns(system: System) -> Patterns:
    """List every pattern of every block that keeps the block's rows."""
    block_of = _blocks(system)
    rigid_in, ties_in = _inside(system.rigid, block_of), _inside(system.ties, block_of)
    member = np.argsort(block_of, kind="stable")[np.count_nonzero(block_of < 0) :]
    sizes = np.bincount(block_of[member])
    first = np.cumsum(sizes) - sizes
    none = np.zeros(0, dtype=np.int64)
    block, excess, pattern, column = [none], [np.zeros(0)], [none], [none]
    strict_in = np.where(system.strict, ties_in, -1)
    for size, blocks in _chunks(sizes):
        columns = member[first[blocks][:, None] + np.arange(size)]
        bits = np.arange(2**size)[:, None] >> np.arange(size)[::-1] & 1
        kept = _worst(system.rigid, rigid_in, blocks, columns, bits) <= TINY
        kept &= _worst(system.ties, strict_in, blocks, columns, bits) <= TINY
        worst = _worst(system.ties, ties_in, blocks, columns, bits)
        which, bit = np.nonzero(kept)
        one, place = np.nonzero(bits[bit])
        pattern.append(one + sum(map(len, block)))
        column.append(columns[which[one], place])
        block.append(blocks[which])
        excess.append(worst[which, bit])
    of_block = np.concatenate(block)
    by_block = np.argsort(of_block, kind="stable")
    place = np.empty_like(by_block)
    place[by_block] = np.arange(len(by_block))
    row, one = place[np.concatenate(pattern)], np.concatenate(column)
    return Patterns(
        block_of,
        member[first],
        of_block[by_block],
        np.concatenate(excess)[by_block],
        Matrix.collect(row, one, np.ones(len(row)), rows=len(place), size=system.size),
        rigid_in,
        ties_in,
    )


def _chunks(sizes: Ints) -> Iterator[tuple[int, Ints]]:
    """Yield blocks of equal size, not too many at once."""
    for size in np.unique(sizes).tolist():
        blocks, many = np.flatnonzero(sizes == size), max(1, CHUNK >> size)
        for first in range(0, len(blocks), many):
            yield size, blocks[first : first + many]


def _blocks(system: System) -> Ints:
    """Return the block of each column: columns joined by ties, and by a region's total."""
    count = system.ties.matrix.counts
    small = (count > 1) & (count <= MOST) & system.bits_only(system.ties.matrix)
    seeds = system.ties.matrix.take(np.flatnonzero(small))
    touched = np.zeros(system.size, dtype=np.int64)
    touched[seeds.column] = 1
    rigid = system.rigid.matrix
    along = (system.gives == REGION) & (rigid.counts <= MOST) & system.bits_only(rigid)
    along &= by_row(rigid, touched, np.maximum) == 1
    tied = components(system.size, [seeds])
    wide = components(system.size, [seeds, rigid.take(np.flatnonzero(along))])
    size = np.bincount(wide, minlength=system.size)[wide]
    label = np.where(size <= MOST, wide, tied)
    size = np.bincount(label, minlength=system.size)[label]
    block_of = np.full(system.size, -1, dtype=np.int64)
    joined = (size > 1) & (size <= MOST)
    block_of[joined] = np.unique(label[joined], return_inverse=True)[1]
    sizes = np.bincount(block_of[joined])
    beyond = np.flatnonzero(np.cumsum(2**sizes) > BUDGET)
    block_of[joined & (block_of >= beyond.min(initial=len(sizes)))] = -1
    return block_of


def _inside(rows: Rows, block_of: Ints) -> Ints:
    least = by_row(rows.matrix, block_of, np.minimum)
    greatest = by_row(rows.matrix, block_of, np.maximum)
    return np.where(least == greatest, least, -1)


def _worst(rows: Rows, inside: Ints, blocks: Ints, columns: Ints, bits: Ints) -> Floats:
    """Return the worst excess of the rows in each block under each pattern of bits."""
    worst = np.zeros((len(blocks), len(bits)))
    looked_at = np.zeros(max(inside.max(initial=-1), blocks[-1]) + 2, dtype=np.bool_)
    looked_at[blocks] = True
    numbers = np.flatnonzero(looked_at[inside])  # the last stands for no block
    if len(numbers) == 0:
        return worst
    numbers = numbers[np.argsort(inside[numbers], kind="stable")]
    rows, which = rows.take(numbers), np.searchsorted(blocks, inside[numbers])
    place = np.zeros(columns.max() + 1, dtype=np.int64)
    place[columns] = np.arange(columns.shape[1])
    dense = np.zeros((len(rows), columns.shape[1]))
    dense[rows.matrix.row, place[rows.matrix.column]] = rows.matrix.value
    values = dense @ bits.T
    excess = np.maximum(rows.lower[:, None] - values, values - rows.upper[:, None])
    first = np.flatnonzero(np.diff(which, prepend=-1))
    worst[which[first]] = np.maximum(np.maximum.reduceat(excess, first), 0.0)
    return worst
