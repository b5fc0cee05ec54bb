"""A system whose excess stays within a limit, as a program over columns and patterns."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from decompose.problem import Floats, Ints, Matrix
from decompose.rounding.grid import TINY
from decompose.rounding.patterns import Patterns
from decompose.rounding.rows import Rows, first_column
from decompose.rounding.system import System
from decompose.rounding.table import Flags
from decompose.solvers.program import Program, transposed_dot


@dataclass(frozen=True, eq=False)
class Model:
    """A program without cost, and what its columns stand for: offset + spread · x."""

    program: Program
    offset: Floats
    spread: Matrix

    def cost(self, per_column: Floats) -> Floats:
        """Return what the program's columns cost, given what the system's columns do."""
        return transposed_dot(self.spread, per_column, self.program.size)

    def columns(self, x: Floats) -> Floats:
        """Return the system's columns."""
        return self.offset + self.spread.dot(x)


def least_excess(system: System, patterns: Patterns) -> Floats:
    """Return, per part, a number that its worst excess cannot go below (inf: nothing fits)."""
    found = np.zeros(system.part[-1] + 1)
    of_block = np.full(len(patterns.first), np.inf)
    np.minimum.at(of_block, patterns.block, patterns.excess)
    np.maximum.at(found, system.part[patterns.first], of_block)
    least, greatest = system.ties.ends(system.lower, system.upper)
    alone = np.maximum(system.ties.lower - greatest, least - system.ties.upper)
    np.maximum.at(found, system.part[first_column(system.ties.matrix)], alone)
    return found


def excess_levels(system: System, patterns: Patterns) -> Floats:
    """Return, ascending, every excess that a pattern or a short tie may have."""
    short = system.ties.take(np.flatnonzero((patterns.ties_in < 0) & _is_short(system)))
    corners = [excess for _, _, excess in _each_corner(short)]
    return np.unique(np.concatenate([patterns.excess, *corners]))


def has_long_ties(system: System, patterns: Patterns) -> bool:
    """Whether some tie of no block is not short: any excess may be its least."""
    return bool(np.any((patterns.ties_in < 0) & ~_is_short(system) & ~system.strict))


def _is_short(system: System) -> Flags:
    """Tell which ties speak of one or two columns that are 0 or 1."""
    matrix = system.ties.matrix
    return np.asarray((matrix.counts <= 2) & system.bits_only(matrix))


def model(system: System, patterns: Patterns, limit: Floats) -> Model | None:
    """Make the program of all tables whose excess is at most ``limit`` (one number per part).

    Returns None where a block has no such pattern.
    """
    blocks = len(patterns.first)
    kept = patterns.excess <= limit[system.part[patterns.first]][patterns.block] + TINY
    if np.any(np.bincount(patterns.block[kept], minlength=blocks) == 0):
        return None
    dissolved = _never_above(system, patterns, kept)
    alone = np.flatnonzero((patterns.block_of < 0) | dissolved[patterns.block_of])
    price = patterns.bits.dot(system.distance)
    rank = np.lexsort((price, patterns.block))
    rank = rank[kept[rank] & ~dissolved[patterns.block[rank]]]
    is_base = np.diff(patterns.block[rank], prepend=-1) > 0
    base, others = np.sort(rank[is_base]), np.sort(rank[~is_base])

    offset = np.zeros(system.size)
    chosen = patterns.bits.take(base)
    offset[chosen.column] = 1.0
    base_of = np.zeros(blocks, dtype=np.int64)
    base_of[patterns.block[base]] = base
    new, old = patterns.bits.take(others), patterns.bits.take(base_of[patterns.block[others]])
    size = len(alone) + len(others)
    spread = Matrix.collect(
        np.concatenate([alone, new.column, old.column]),
        np.concatenate([np.arange(len(alone)), len(alone) + new.row, len(alone) + old.row]),
        np.concatenate([np.ones(len(alone) + len(new.column)), -np.ones(len(old.column))]),
        rows=system.size,
        size=size,
    )
    rows = Rows.stack(
        [
            _loose_rows(system, patterns, limit, dissolved).over(spread, offset, size=size),
            _one_each(patterns.block[others], len(alone)),
        ]
    )
    program = Program(
        np.zeros(size),
        np.concatenate([system.lower[alone], np.zeros(len(others))]),
        np.concatenate([system.upper[alone], np.ones(len(others))]),
        rows.matrix,
        rows.lower,
        rows.upper,
    )
    return Model(program, offset, spread)


def _never_above(system: System, patterns: Patterns, kept: Flags) -> Flags:
    """Whether a block has no pattern above the limit: its rows alone do, without its ties.

    One more entry, False, for the columns that have no block.
    """
    keeps = np.ones(len(patterns.first) + 1, dtype=np.bool_)
    keeps[patterns.block[~kept]] = False
    keeps[patterns.ties_in[system.strict]] = False
    keeps[-1] = False
    return keeps


def _loose_rows(system: System, patterns: Patterns, limit: Floats, dissolved: Flags) -> Rows:
    """Return the rows over the system's columns that no pattern keeps."""
    rigid = system.rigid.take(
        np.flatnonzero((patterns.rigid_in < 0) | dissolved[patterns.rigid_in])
    )
    cornered = np.zeros(len(rigid), dtype=np.bool_)
    cornered[rigid.matrix.row[np.abs(rigid.matrix.value) != 1]] = True
    cornered &= (rigid.matrix.counts <= 2) & system.bits_only(rigid.matrix)
    loose = np.flatnonzero(patterns.ties_in < 0)
    ties = system.ties.take(loose)
    within = np.where(system.strict[loose], 0.0, limit[system.part[first_column(ties.matrix)]])
    short = _is_short(system)[loose]
    long = ties.take(np.flatnonzero(~short))
    return Rows.stack(
        [
            rigid.take(np.flatnonzero(~cornered)),
            _corners(rigid.take(np.flatnonzero(cornered)), np.zeros(cornered.sum())),
            _corners(ties.take(np.flatnonzero(short)), within[short]),
            Rows(long.matrix, long.lower - within[~short], long.upper + within[~short]),
        ]
    )


def _corners(rows: Rows, limit: Floats) -> Rows:
    """Forbid each choice of one or two columns that breaks its row by more than the limit.

    On choices of 0 and 1 this says what the row says, and a linear program gains by it.
    """
    parts = []
    for sized, bits, excess in _each_corner(rows):
        bad = np.flatnonzero(excess > limit[sized] + TINY)
        matrix = rows.matrix.take(sized[bad])
        matrix = replace(matrix, value=np.tile(1.0 - 2.0 * bits, len(bad)))
        parts.append(Rows(matrix, np.full(len(bad), 1.0 - bits.sum()), np.full(len(bad), np.inf)))
    return Rows.stack(parts)


def _each_corner(rows: Rows) -> Iterator[tuple[Ints, Floats, Floats]]:
    """Yield rows of one or two columns, a choice of their columns, and each row's excess there."""
    count = rows.matrix.counts
    for size in (1, 2):
        sized = np.flatnonzero(count == size)
        some = rows.take(sized)
        value = some.matrix.value.reshape(-1, size)
        for corner in itertools.product((0.0, 1.0), repeat=size):
            bits = np.array(corner)
            yield sized, bits, some.excess(value @ bits)


def _one_each(block: Ints, offset: int) -> Rows:
    """Let at most one pattern of each block take the place of its base."""
    first = np.flatnonzero(np.diff(block, prepend=-1) > 0)
    count = np.diff(np.append(first, len(block)))
    column = offset + np.arange(len(block))
    rows = Rows(
        Matrix(np.append(first, len(block)), column, np.ones(len(block))),
        np.full(len(first), -np.inf),
        np.ones(len(first)),
    )
    return rows.take(np.flatnonzero(count > 1))
