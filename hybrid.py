"""The closed form where its relaxations are not tight: linear programs for these stages alone.

Two sums that pull the same chains in opposite directions may each be met at a level at which
both cannot. Then the next level rises, and the stage before is done again: programs give prices
of sums and growth limits. Any prices bound the level of a stage from below, and where the bound
is attained, the cells and growth limits that have a price have no choice (complementary
slackness). As everywhere in the closed form, values that keep every rule at levels that never
rise prove that every bound was attained, so that nothing rests on what a program says.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from decompose.errors import SolverError
from decompose.fairness.chains import SIDES, Lanes, halves, pairs_of
from decompose.fairness.closed_form import HUGE
from decompose.fairness.sums import Blocks, Stage, rises
from decompose.problem import Bools, Floats, Matrix, Status
from decompose.solvers import Program, Solver, transposed_dot

PRICED = 1e-9
"""A price above this is not 0; that of a sum is at most 1."""
MET = 1e-9
"""Sums that are missed by less are met, beside what the largest cell of each can move."""
PROGRAMS = 30
"""Programs for one stage (two or three are usual) after which it is given up."""


class Hybrid:
    """Settles stage by stage, by programs where sums pull in opposite directions.

    Parameters
    ----------
    solver
        What solves the programs; nothing is settled by one that gives no duals.

    Attributes
    ----------
    programs
        How many were solved.
    """

    def __init__(self, solver: Solver) -> None:
        self.programs = 0
        self._solver = solver

    def settle(self, lanes: Lanes, sums: Floats, parts: int) -> tuple[Floats, Bools]:
        """Settle the cells that count, as ``stage_by_stage`` does, one part after the other."""
        x, tight = np.zeros_like(lanes.reference), np.ones(parts, dtype=bool)
        for part in np.unique(lanes.part).tolist():
            here = lanes.part == part
            of_part = replace(lanes.take(here), part=np.zeros(here.sum(), dtype=np.int64))
            try:
                found = self._values(of_part, sums)
            except SolverError:  # figures that the solver does not take
                found = None
            tight[part] = found is not None
            x[:, here] = 0.0 if found is None else found
        return x, tight

    def _values(self, lanes: Lanes, sums: Floats) -> Floats | None:
        """Return the values of one part, (T, n), or None where they are not found."""
        state = _State(lanes, Blocks.of(lanes, sums), HUGE)
        passed: list[_Passed] = []  # stages whose bounds may not be attained
        while True:
            stage = Stage.of(state.lanes, state.blocks, pairs_of(state.lanes))
            rise = (rises(stage.level, state.last) & ~state.lanes.settled).any()
            if not (rise or stage.short.any()):
                return stage.value
            least = stage.least(1)
            level = float(least.level[0])
            if not (rise or rises(level, state.last)):
                passed.append(_Passed(stage, level, state.last))
                state = _State(*stage.after(least), level)
                continue
            found = None
            while passed and found is None:
                found = self._together(passed.pop())
            if found is None:
                return None
            passed, state = [], found

    def _together(self, passed: _Passed) -> _State | None:
        """Settle what has no choice at the least level at which all sums are met together.

        Programs at fixed levels: their prices bound the next one (Newton's method, which does
        not overshoot). None where that level is above the last one, or not above the bound that
        the stage had: then the fault is elsewhere.
        """
        joint = _Joint.of(passed.stage, passed.level)
        level, prices = 1.0, None
        for _ in range(PROGRAMS):
            result = self._solver.solve(joint.program(level))
            self.programs += 1
            if result.status is not Status.OPTIMAL or result.dual is None:
                return None
            if result.objective <= MET:
                break
            prices = joint.prices(result.dual)
            before, level = level, joint.least_level(prices, level)
            if not level > before or rises(level * passed.level, passed.last):
                return None
        if prices is None or result.objective > MET:
            return None
        lanes = joint.settled(prices, level)
        return _State(lanes, passed.stage.blocks, level * passed.level)


class _State(NamedTuple):
    """What is settled so far, and the last level."""

    lanes: Lanes
    blocks: Blocks
    last: float


class _Passed(NamedTuple):
    """A stage, the level that bounds it from below, and the one before it."""

    stage: Stage
    level: float
    last: float


class _Prices(NamedTuple):
    """What the sums' total miss costs.

    ``caps`` (2, N) is by how much less is missed when a cell's cap moves by one; ``limits``
    whether a growth limit has a price; ``fixed`` is the miss if no cell could move at all.
    """

    caps: Floats
    limits: Bools
    fixed: float


@dataclass(frozen=True, eq=False)
class _Joint:
    """The open cells of a stage and their rules, N columns.

    Columns are distances from the references, in what the bound of the stage lets a cell move;
    levels are multiples of that bound.

    Attributes
    ----------
    stage
        What is open.
    unit
        What a cell may move, (T, n).
    open
        Cells that are not settled, (T, n).
    caps, settled
        Caps, and the value of every chain alone as two caps, in columns, (2, N).
    level
        The level of every chain alone, (N,).
    counts
        Whether the burden counts, (N,).
    limits
        Year, half and chain of each growth limit between open cells.
    rows, lower, upper
        Sums, then growth limits, over the cells and then what each sum lacks and exceeds.
    """

    stage: Stage
    bound: float
    open: Bools
    caps: Floats
    alone: Floats
    level: Floats
    counts: Bools
