"""What relief on a rule does to quotas and burdens, stage after stage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from decompose.errors import SolverError
from decompose.explain.binding import Binding
from decompose.explain.pace import Pace, pace_of
from decompose.explain.part import Part, Split, burdens
from decompose.explain.rebuilt import Rebuilt
from decompose.explain.shift import Shift
from decompose.explain.ways import Direction, Way
from decompose.problem import Floats
from decompose.settle import Settled
from decompose.solvers import Highs

TIER = "tier"
WHOLE, HELD, JUMP, UNSOLVED, YEARLY = "whole", "held", "jump", "unsolved", "yearly"
"""Why nothing is told of a rule: it moves in whole steps only, others hold it, quotas jump however
little it yields, the solver failed, what it holds is settled year by year on rounded numbers."""
DIGITS, NOUGHT = 9, 1e-12
"""Numbers that agree to so many digits are the same, and less than so much is nothing."""


def settled_digits(number: float) -> float:
    """Leave off the digits that a solver does not settle."""
    return 0.0 if abs(number) < NOUGHT else float(f"{number:.{DIGITS}g}")


@dataclass(frozen=True, eq=False)
class Effect:
    """What a unit of relief on one side of a rule does.

    Attributes
    ----------
    side
        To which side its figure yields.
    burden
        What the largest burden of its component gains.
    gains
        What the columns of a stage gain, by index of the stage.
    range
        The relief up to which that holds.
    """

    side: str
    burden: float
    gains: Mapping[int, Floats]
    range: float


@dataclass(frozen=True, eq=False)
class _Begun:
    """What a unit of relief on one side of a rule begins to do.

    Ways and pace hold every rule of their stages: they are not kept longer than they are needed.

    Attributes
    ----------
    side, burden, gains
        As of ``Effect``.
    ways
        The parts that move, and how they begin to.
    pace
        How its row moves.
    """

    side: str
    burden: float
    gains: Mapping[int, Floats]
    ways: tuple[tuple[Way, Direction], ...]
    pace: Pace


class Reliefs:
    """The rules of a settled plan, made to yield one at a time."""

    def __init__(self, settled: Settled) -> None:
        self.settled = settled
        self._solver = Highs()
        self._rebuilt = Rebuilt(settled)
        self._parts: dict[tuple[int, bytes], Part] = {}

    @cached_property
    def _splits(self) -> list[Split]:
        return [Split.of(stage) for stage in self.settled.stages]

    def weight(self, binding: Binding) -> float:
        """Return the largest burden of the cells of a rule."""
        stage = self.settled.stages[binding.stage]
        cells = stage.problem.rules.matrix.take(binding.rows).column
        return float(burdens(stage.problem, stage.solution.x)[cells].max(initial=0.0))

    def effect(self, binding: Binding) -> Effect | str:
        """Return what relief does on the side on which more is gained, or why none is told."""
        if binding.family == TIER:
            return WHOLE
        if self.settled.stages[binding.stage].built.turn.yearly:
            return YEARLY
        try:
            found = [self._on_side(binding, side) for side in binding.sides]
        except SolverError:
            return UNSOLVED
        begun = [one for one in found if isinstance(one, _Begun)]
        best = min(begun, key=lambda one: settled_digits(one.burden), default=None)
        if best is None:
            return next(one for one in found if isinstance(one, str))
        return Effect(best.side, best.burden, best.gains, self._end(best))

    def _on_side(self, binding: Binding, side: str) -> _Begun | str:
        if binding.is_target:
            found = self._rebuilt.by_target(binding, side)
            if found is None:
                return JUMP
            pace, end = Pace(found[0]), found[1]
        else:
            pace, end = pace_of(self.settled, binding, side), binding.end(side)
        gains: dict[int, Floats] = {}
        ways: list[tuple[Way, Direction]] = []
        shift: Shift | None = pace.shift
        for number in range(binding.stage, len(self.settled.stages)):
            if number > binding.stage:
                moved = self._moved(gains)
                if not self._rebuilt.mentioned(number, moved):
                    continue
                if self.settled.stages[number].built.turn.yearly:
                    return YEARLY
                shift = self._rebuilt.by_known(number, moved)
            way = None if shift is None else Way(self._part(number, shift), shift)
            direction = None if way is None else way.direction()
            if way is None or (direction is not None and direction.jumps):
                return JUMP
            if direction is None:
                return HELD
            gains[number] = np.zeros(self.settled.stages[number].problem.size)
            gains[number][way.part.columns] = direction.x
            ways.append((way, direction))
        return _Begun(end, ways[0][1].largest, gains, tuple(ways), pace)

    def _moved(self, gains: Mapping[int, Floats]) -> dict[str, Floats]:
        """Return what values gain, by id."""
        found: dict[str, Floats] = {}
        for before, gain in gains.items():
            stage = self.settled.stages[before]
            start, end = (stage.built.values(stage.solution.x + part * gain) for part in (0, 1))
            for one in stage.built.series:
                moved = np.nan_to_num(end[one.number] - start[one.number])
                if one.indicator.id in self.settled.printed and moved.any():
                    found[one.indicator.id] = moved
        return found

    def _part(self, number: int, shift: Shift) -> Part:
        """Return the blocks of a stage of which a shift speaks."""
        split = self._splits[number]
        blocks = split.touched(shift)
        key = number, blocks.tobytes()
        if key not in self._parts:
            part = Part.of(split, blocks, self._solver)
            if not part.sound:  # a rule that is tight but for the solver's digits was left out
                part = Part.of(split.whole, split.whole.touched(shift), self._solver)
            self._parts[key] = part
        return self._parts[key]

    @staticmethod
    def _end(begun: _Begun) -> float:
        """Return the relief up to which it goes on as it begins."""
        amount = np.inf
        for way, direction in begun.ways:
            amount = min(amount, way.end(direction, amount))
        return begun.pace.relief(amount)
