"""What relief on a rule does to quotas and burdens, stage after stage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from decompose.explain.binding import Binding
from decompose.explain.pace import Pace, pace_of
from decompose.explain.part import Part, Split, burdens
from decompose.explain.rebuilt import Rebuilt
from decompose.explain.shift import Shift
from decompose.explain.ways import Direction, Way
from decompose.problem import Floats
from decompose.settle import Settled
from decompose.solvers import Highs

DIGITS = 9
"""Burdens that agree to so many digits are the same."""


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

    @property
    def jumps(self) -> bool:
        """Whether some answer jumps, however little the rule yields."""
        return any(direction.jumps for _, direction in self.ways)


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

    def effect(self, binding: Binding) -> Effect | None:
        """Return what relief does on the side on which more is gained; None where it cannot be."""
        found = [
            effect for side in binding.sides if (effect := self._on_side(binding, side)) is not None
        ]
        return min(found, key=lambda effect: round(effect.burden, DIGITS), default=None)

    def _on_side(self, binding: Binding, side: str) -> Effect | None:
        if binding.is_target:
            shift, end = self._rebuilt.by_target(binding, side)
            pace = Pace(shift)
        else:
            pace, end = pace_of(self.settled, binding, side), binding.end(side)
        gains: dict[int, Floats] = {}
        ways: list[tuple[Way, Direction]] = []
        for number in range(binding.stage, len(self.settled.stages)):
            moved = pace.shift if number == binding.stage else self._carried(number, gains)
            if moved is None:
                continue
            way = Way(self._part(number, moved), moved)
            direction = way.direction()
            if direction is None:
                return None
            gains[number] = np.zeros(self.settled.stages[number].problem.size)
            gains[number][way.part.columns] = direction.x
            ways.append((way, direction))
        return Effect(end, ways[0][1].largest, gains, tuple(ways), pace)

    def _carried(self, number: int, gains: Mapping[int, Floats]) -> Shift | None:
        """Return what a stage gains from what those before it do."""
        found: dict[str, Floats] = {}
        for before, gain in gains.items():
            stage = self.settled.stages[before]
            start, end = (stage.built.values(stage.solution.x + part * gain) for part in (0, 1))
            for one in stage.built.series:
                moved = np.nan_to_num(end[one.number] - start[one.number])
                if one.indicator.id in self.settled.printed and moved.any():
                    found[one.indicator.id] = moved
        return self._rebuilt.by_known(number, found) if found else None

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

    def end(self, effect: Effect) -> float:
        """Return the relief up to which an effect holds."""
        amount = np.inf
        for way, direction in effect.ways:
            amount = min(amount, way.end(direction, amount))
        return effect.pace.relief(amount)
