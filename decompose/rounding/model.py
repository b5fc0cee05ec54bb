"""A system whose excess stays within a limit, as a program over columns and patterns.

One model serves all limits between two, of which only bounds depend: a solver goes on where it
stood.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
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
class Limited:
    """Rows over a system's columns, and what a limit on the excess does to them.

    Attributes
    ----------
    rows
        With the bounds that they have without any limit.
    part
        The part whose limit counts for each row.
    excess
        From which limit on a row says nothing; infinite where it always holds.
    widens
        Whether a row is kept but for the limit.
    """

    rows: Rows
    part: Ints
    excess: Floats
    widens: Flags

    @staticmethod
    def firm(rows: Rows) -> Limited:
        """Return rows that no limit changes."""
        count = len(rows)
        nothing = np.zeros(count, dtype=np.int64)
        return Limited(rows, nothing, np.full(count, np.inf), nothing > 0)

    @staticmethod
    def stack(parts: Sequence[Limited]) -> Limited:
        """Put rows on top of one another."""
        return Limited(
            Rows.stack([one.rows for one in parts]),
            np.concatenate([one.part for one in parts]),
            np.concatenate([one.excess for one in parts]),
            np.concatenate([one.widens for one in parts]),
        )

    def bounds(self, limit: Floats) -> tuple[Floats, Floats]:
        """Return the rows' bounds at a limit (one number per part)."""
        own = limit[self.part]
        silent = np.isfinite(self.excess) & (self.excess <= own + TINY)
        room = np.where(silent, np.inf, np.where(self.widens, own, 0.0))
        return self.rows.lower - room, self.rows.upper + room


@dataclass(frozen=True, eq=False)
class Model:
    """A program without cost, and what its columns stand for: offset + spread · x.

    Attributes
    ----------
    limit
        The limit on the excess: one number per part.
    program
        At that limit.
    offset, spread
        The system's columns.
    rows
        The program's rows.
    upper
        What a column may be at most, at any limit.
    part, excess
        From which limit, of which part, on a column may be more than 0.
    """

    limit: Floats
    program: Program
    offset: Floats
    spread: Matrix
    rows: Limited
    upper: Floats
    part: Ints
    excess: Floats

    def within(self, limit: Floats) -> Model:
        """Return it at a higher limit (one number per part), up to the highest."""
        lower, upper = self.rows.bounds(limit)
        program = replace(
            self.program,
            upper=np.where(self.excess <= limit[self.part] + TINY, self.upper, 0.0),
            row_lower=lower,
            row_upper=upper,
        )
        return replace(self, limit=limit, program=program)

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


def model(
    system: System, patterns: Patterns, limit: Floats, most: Floats | None = None
) -> Model | None:
    """Make the program of all tables whose excess is at most a limit.

    Returns None where a block has no such pattern.

    Parameters
    ----------
    system, patterns
        The system, and its blocks.
    limit
        One number per part.
    most
        The highest limit that may be asked for; the same by default.
    """
    blocks = len(patterns.first)
    part = system.part[patterns.first][patterns.block]
    kept = patterns.excess <= limit[part] + TINY
    if np.any(np.bincount(patterns.block[kept], minlength=blocks) == 0):
        return None
    open_ = kept if most is None else patterns.excess <= most[part] + TINY
    dissolved = _never_above(system, patterns, kept)
    alone = np.flatnonzero((patterns.block_of < 0) | dissolved[patterns.block_of])
    price = patterns.bits.dot(system.distance)
    rank = np.lexsort((price, ~kept, patterns.block))
    rank = rank[open_[rank] & ~dissolved[patterns.block[rank]]]
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
    loose = _loose_rows(system, patterns, limit, dissolved)
    loose = replace(loose, rows=loose.rows.over(spread, offset, size=size))
    rows = Limited.stack([loose, Limited.firm(_one_each(patterns.block[others], len(alone)))])
    lower, upper = (
        np.concatenate([own[alone], np.full(len(others), end)])
        for own, end in ((system.lower, 0.0), (system.upper, 1.0))
    )
    always = np.full(len(alone), -np.inf)
    column_part = np.concatenate([system.part[alone], part[others]])
    excess = np.concatenate([always, patterns.excess[others]])
    program = Program(
        np.zeros(size),
        lower,
        np.where(excess <= limit[column_part] + TINY, upper, 0.0),
        rows.rows.matrix,
        *rows.bounds(limit),
    )
    return Model(limit, program, offset, spread, rows, upper, column_part, excess)


def _never_above(system: System, patterns: Patterns, kept: Flags) -> Flags:
    """Whether a block has no pattern above the limit: its rows alone do, without its ties.

    One more entry, False, for the columns that have no block.
    """
    keeps = np.ones(len(patterns.first) + 1, dtype=np.bool_)
    keeps[patterns.block[~kept]] = False
    keeps[patterns.ties_in[system.strict]] = False
    keeps[-1] = False
    return keeps


def _loose_rows(system: System, patterns: Patterns, limit: Floats, dissolved: Flags) -> Limited:
    """Return the rows over the system's columns that no pattern keeps, from this limit on."""
    rigid = system.rigid.take(
        np.flatnonzero((patterns.rigid_in < 0) | dissolved[patterns.rigid_in])
    )
    cornered = np.zeros(len(rigid), dtype=np.bool_)
    cornered[rigid.matrix.row[np.abs(rigid.matrix.value) != 1]] = True
    cornered &= (rigid.matrix.counts <= 2) & system.bits_only(rigid.matrix)
    loose = np.flatnonzero(patterns.ties_in < 0)
    ties = system.ties.take(loose)
    strict, part = system.strict[loose], system.part[first_column(ties.matrix)]
    within = np.where(strict, 0.0, limit[part])
    short = _is_short(system)[loose]
    corners, row, excess = _corners(ties.take(np.flatnonzero(short)), within[short])
    excess = np.where(strict[short][row], np.inf, excess)
    cut = np.zeros(len(corners), dtype=np.bool_)
    long = ties.take(np.flatnonzero(~short))
    always = np.full(len(long), np.inf)
    return Limited.stack(
        [
            Limited.firm(rigid.take(np.flatnonzero(~cornered))),
            Limited.firm(
                _corners(rigid.take(np.flatnonzero(cornered)), np.zeros(cornered.sum()))[0]
            ),
            Limited(corners, part[short][row], excess, cut),
            Limited(long, part[~short], always, ~strict[~short]),
        ]
    )


def _corners(rows: Rows, limit: Floats) -> tuple[Rows, Ints, Floats]:
    """Forbid each choice of one or two columns that breaks its row by more than the limit.

    On choices of 0 and 1 this says what the row says, and a linear program gains by it.

    Returns
    -------
    rows, row, excess
        A row for each such choice, the row that it breaks, and by how much.
    """
    parts = []
    row, over = [np.zeros(0, dtype=np.int64)], [np.zeros(0)]
    if not len(rows):
        return Rows(), row[0], over[0]
    for sized, bits, excess in _each_corner(rows):
        bad = np.flatnonzero(excess > limit[sized] + TINY)
        matrix = rows.matrix.take(sized[bad])
        matrix = replace(matrix, value=np.tile(1.0 - 2.0 * bits, len(bad)))
        parts.append(Rows(matrix, np.full(len(bad), 1.0 - bits.sum()), np.full(len(bad), np.inf)))
        row.append(sized[bad])
        over.append(excess[bad])
    return Rows.stack(parts), np.concatenate(row), np.concatenate(over)


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
