"""The closed form where its relaxations are not tight: a few linear programs for these stages.

Two sums that pull the same chains in opposite directions may each be met at a level at which
both cannot. Then a later level rises, or a rule is broken in the end, and the stage before is
done again: programs give prices of sums and growth limits. Any prices bound the level of a stage
from below, and where the bound is attained, the cells and growth limits that have a price have
no choice (complementary slackness). As everywhere in the closed form, values that keep every
rule at levels that never rise prove that every bound was attained, so that nothing rests on
what a program says.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from decompose.errors import SolverError
from decompose.fairness.chains import Asked, Chains, Lanes, lanes_of, tighten
from decompose.fairness.closed_form import HUGE, counting_zeros, holds
from decompose.fairness.joint import Joint
from decompose.fairness.levels import together
from decompose.fairness.pairs import pairs_of
from decompose.fairness.sums import Blocks, Conditions, Stage, rises
from decompose.problem import Bools, Floats
from decompose.solvers import Solver


class Hybrid:
    """The closed form with programs, for the parts that it does not solve alone.

    Parameters
    ----------
    solver
        What solves the programs. Duals with few digits, or none, leave parts unsolved.

    Attributes
    ----------
    programs
        How many were solved.
    """

    def __init__(self, solver: Solver) -> None:
        self.programs = 0
        self._solver = solver

    def solve(self, chains: Chains) -> tuple[Floats, Bools]:
        """Return what ``closed_form`` does: values, and which parts were verified."""
        x = np.zeros(chains.reference.shape[::-1])
        solved = np.ones(int(chains.part.max(initial=-1)) + 1, dtype=bool)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            lanes, can_be = lanes_of(chains)
            solved[lanes.part[~can_be]] = False
            order = np.argsort(lanes.part, kind="stable")
            first = np.flatnonzero(np.diff(lanes.part[order]) > 0) + 1
            for here in np.split(order, first) if len(order) else ():
                part = lanes.part[here[0]]
                if solved[part]:
                    found = self._values(*_by_itself(lanes.take(here), chains.asked))
                    solved[part] = found is not None
                    x[:, here] = 0.0 if found is None else found
        return x.T, solved

    def _values(self, given: Lanes, asked: Asked) -> Floats | None:
        """Return the values of one part, (T, n), or None where they are not found."""
        lanes = replace(given, caps=tighten(given.caps, given))
        sums = asked.sums
        zeros = counting_zeros(lanes, sums, 1)
        first = zeros if zeros.counts.any() else lanes
        state: _State | None = _State(first, Blocks.of(lanes, sums), HUGE)
        passed: list[_Passed] = []  # stages whose bounds may not be attained
        while state is not None:
            if state.lanes.settled.all() and holds(given, state.lanes.upper, asked, 1).all():
                return state.lanes.upper
            stage = Stage.of(state.lanes, state.blocks, pairs_of(state.lanes))
            after = _after(stage, state.last, given)
            if after is None:
                state = self._again(passed)
                passed = []
            else:
                passed.append(_Passed(stage, after.bound, state.last))
                state = after.state
        return None

    def _again(self, passed: list[_Passed]) -> _State | None:
        """Do the last stage again that can be right, its sums together; None where none can."""
        for stage in reversed(passed):
            try:
                state = self._together(*stage)
            except SolverError:  # figures that the solver does not take
                return None
            if state is not None:
                return state
        return None

    def _together(self, stage: Stage, bound: float, last: float) -> _State | None:
        """Settle what has no choice at the least level at which all sums are met together.

        None where none is found, or it is no higher than the bound that the stage had.
        """
        joint = Joint.of(stage, bound or 1.0)
        prices, level, programs = together(joint.levels, bound, last, self._solver)
        self.programs += programs
        if prices is None:
            return None
        lanes = joint.settled(prices, level)
        settles = np.any(lanes.settled & ~stage.lanes.settled)
        return _State(lanes, stage.blocks, level * joint.levels.scale) if settles else None


class _State(NamedTuple):
    """What is open, and the last level."""

    lanes: Lanes
    blocks: Conditions
    last: float


class _Passed(NamedTuple):
    """A stage, the bound of its level, and the level before it."""

    stage: Stage
    bound: float
    last: float


class _After(NamedTuple):
    """The bound of a stage's level, and what is open after it."""

    bound: float
    state: _State


def _by_itself(lanes: Lanes, asked: Asked) -> tuple[Lanes, Asked]:
    """Give the part of some chains the number 0, and their sums numbers from 0 on."""
    numbers, block = np.unique(lanes.block, return_inverse=True)
    outside = int(numbers[0] < 0)
    block = block.reshape(lanes.block.shape) - outside
    alone = replace(lanes, block=block, part=np.zeros_like(lanes.part))
    return alone, asked._replace(sums=asked.sums[numbers[outside:]])


def _after(stage: Stage, last: float, given: Lanes) -> _After | None:
    """Settle what has no choice at a stage, each sum by itself; None where its level rises."""
    lanes = stage.lanes
    open_ = ~lanes.settled
    if not open_.any() or rises(stage.level[open_], last).any():
        return None
    if stage.short.any():
        least = stage.least(1)
        level = float(least.level[0])
        return None if rises(level, last) else _After(level, _State(*stage.after(least), level))
    # Every sum is met where each chain by itself is best. After the cells with reference 0
    # come the others.
    lanes = lanes.settle(open_ & lanes.counts, stage.value)
    others = replace(lanes, unit=given.unit, counts=given.counts)
    return _After(0.0, _State(others, stage.blocks, HUGE))
