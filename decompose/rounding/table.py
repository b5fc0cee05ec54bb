"""What is rounded, and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from decompose.problem import Floats, Ints, Matrix
from decompose.rounding.rows import by_row, components

Flags = NDArray[np.bool_]


def _floats() -> Floats:
    return np.zeros(0)


def _ints() -> Ints:
    return np.zeros(0, dtype=np.int64)


def _flags() -> Flags:
    return np.zeros(0, dtype=np.bool_)


@dataclass(frozen=True, eq=False)
class Table:
    """Exact quotas in steps, and the rules that their rounding keeps.

    Parameters
    ----------
    exact : (n,)
        Exact value of each cell ÷ its indicator's step.
    order : (n,)
        Distinct whole numbers. Of two cells with equal fractions, the one with the lower number
        is rounded up first.
    sums, sums_lower, sums_upper
        Rows that hold exactly in whole numbers: whole coefficients, whole or infinite bounds
        (targets, locks, floors, capacities, part_of).
    near : Matrix, whole coefficients
        Printed sums: each becomes the floor or the ceiling of its exact value.
    movable : (rows of near,)
        Sums that may move one step further where groups cross; as far as a step of the coarsest
        cell that rows of ``sums`` tie them to. The caller clears it in indicators with
        ``strict: true``.
    relaxable : (rows of near,)
        A region's totals over the years: they give way before a movable sum does.
    free : (rows of near,)
        Sums without a rule of their own: they go as far as it takes where nothing else helps.
    ties, ties_lower, ties_upper
        Rows with real coefficients, in steps of the cell that the row speaks of, that hold before
        rounding and are broken as little as possible after it (growth, ramp, share, links).
    strict : (rows of ties,)
        Ties that hold after rounding too.
    size : (n,)
        Length of each cell's step beside those of the others, in whole numbers; 1 by default.
    least : (n,)
        What each cell must not fall below, in whole steps; nothing by default.
    owner : (n,)
        Number of the region of each cell; by default each has its own. It does not change the
        answer: what belongs together is looked at together.
    """

    exact: Floats
    order: Ints
    sums: Matrix = field(default_factory=Matrix)
    sums_lower: Floats = field(default_factory=_floats)
    sums_upper: Floats = field(default_factory=_floats)
    near: Matrix = field(default_factory=Matrix)
    movable: Flags = field(default_factory=_flags)
    relaxable: Flags = field(default_factory=_flags)
    free: Flags = field(default_factory=_flags)
    ties: Matrix = field(default_factory=Matrix)
    ties_lower: Floats = field(default_factory=_floats)
    ties_upper: Floats = field(default_factory=_floats)
    strict: Flags = field(default_factory=_flags)
    size: Ints = field(default_factory=_ints)
    least: Floats = field(default_factory=_floats)
    owner: Ints = field(default_factory=_ints)

    @cached_property
    def reach(self) -> Ints:
        """How many steps beyond its floor or ceiling a cell still lies near.

        That is within one step of the coarsest cell that sums tie it to: 0 where steps are equal.
        """
        size = self.size if len(self.size) else np.ones(len(self.exact), dtype=np.int64)
        if (size == size[:1]).all():
            return np.zeros(len(size), dtype=np.int64)
        label = components(len(size), [self.sums, self.near])
        coarsest = size.copy()
        np.maximum.at(coarsest, label, size)
        return np.asarray(coarsest[label] // size - 1)

    def room(self, *, last: bool) -> Floats:
        """Return by how many steps each printed sum may move where nothing adds up.

        Parameters
        ----------
        last
            Whether nothing else is left to give way.
        """
        a_step = np.maximum(by_row(self.near, self.reach, np.maximum), 1)
        room = np.where(self.relaxable, np.inf, np.where(self.movable, a_step, 0.0))
        return np.where(self.free & last, np.inf, room)


@dataclass(frozen=True, eq=False)
class Rounded:
    """A table in whole steps.

    Attributes
    ----------
    quotas : (n,) int64
        Whole steps per cell.
    excess : (rows of ties,)
        Steps by which each tie is broken; 0 where it is kept.
    moved : Ints
        Rows of ``near`` that are not the floor or ceiling of their exact value.
    relaxed : Ints
        The same of the rows flagged relaxable, which are not among them.
    distant : Ints
        Cells that are neither floor nor ceiling: what is left when no other table adds up.
    """

    quotas: Ints
    excess: Floats
    moved: Ints
    relaxed: Ints
    distant: Ints

    @property
    def worst(self) -> float:
        """The worst excess, in steps."""
        return float(self.excess.max(initial=0.0))
