"""How an exact answer moves along a shift: what it gains per unit, and how far that holds.

Exact answers are piecewise linear in the bounds of rules, and piecewise smooth in references and
coefficients. What they gain per unit is the slope of the first piece, one-sided at a kink. A
piece ends where another rule binds, or where cells come to share a level or cease to.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from decompose.bounds import at_bounds, row_sizes
from decompose.errors import SolverError
from decompose.explain.part import SAME, Part, Point
from decompose.explain.shift import Shift
from decompose.problem import Bools, Floats, Ints, Matrix, Rules

LOOK, NEAR = 1e-3, 3e-4
"""The first look ahead, relative to what rules add up: along a line, and along a bend."""
SHORTER = 16.0
"""By how much a look is shortened that went past a kink."""
LOOKS = 3
SMALL = 0.1
"""Rows and cells count for no less than this part of their indicator's size."""
NOISE = 1e-9
"""A change smaller than this, relative to its size, is none."""
BENT = 1e-3
"""Of two secants that differ by more, relative to the longer one, a kink lies between."""
JUMP = 0.5
"""Of a jump, half the way brings all of it: the secant to there is twice as steep."""
FARTHEST = 1e5
"""Beyond so many first looks a direction has no end."""
CLOSE = 1e-3
"""How closely an end is enclosed, relative to itself, before lines are taken to meet there."""
MEETS = 1e-4
"""Lines that pass each other by less, relative to how far they bend, meet."""
TRIES = 60


class Direction(NamedTuple):
    """What the answer and the largest burden gain per unit, and how far was looked for it.

    Where the answer jumps, however little is moved, nothing is gained per unit.
    """

    x: Floats
    largest: float
    look: float
    jumps: bool = False


@dataclass(frozen=True, eq=False)
class Way:
    """The answers of a part along a shift of its stage."""

    part: Part
    shift: Shift

    @cached_property
    def own(self) -> Shift:
        """What the part's numbers gain."""
        return self.part.shift(self.shift)

    @cached_property
    def _loose(self) -> tuple[Rules, Shift]:
        """The stage's rules that were left out, and what they gain."""
        rows = self.part.loose
        return self.part.split.problem.rules.take(rows), self.shift.rows(rows)

    def at(self, amount: float) -> Point | None:
        """Return the answer after so many units; None where the rules cannot hold together."""
        return self.part.solved(self.own.at(self.part.problem, amount))

    def keeps(self, amount: float, point: Point) -> bool:
        """Tell whether an answer keeps the rules that were left out."""
        rules, shift = self._loose
        moved, x = shift.of_rules(rules, amount), self.part.whole(point.x)
        value, size = moved.matrix.dot(x), _sizes(moved.matrix, x)
        over = np.maximum(moved.lower - value, value - moved.upper)
        return bool((over <= SAME * np.maximum(size, SAME)).all())

    def direction(self) -> Direction | None:
        """Return what the answer gains per unit, from the start; None where it cannot move."""
        start, size = self.part.start, self.part.size
        rate = self._rate()
        if not rate:
            return Direction(np.zeros(len(start.x)), 0.0, np.inf)
        look = (LOOK if self.own.straight else NEAR) / rate
        found: Direction | None = None
        for ahead in look / SHORTER ** np.arange(LOOKS):
            far = self.at(ahead)
            if far is None:
                if self.at(look / SHORTER**LOOKS) is None:
                    return None
                continue
            if (far.x == start.x).all() and far.largest == start.largest:
                return Direction(np.zeros(len(start.x)), 0.0, ahead)
            near = self.at(ahead / 2)
            if near is None:
                continue
            first, second = (_moved(start, point, size) for point in (near, far))
            bent = np.abs(2 * first - second)
            # to the second order: (4 · first - second) / ahead
            slope = (second if self.own.straight else 4 * first - second) / ahead
            slope[np.abs(slope) * ahead <= NOISE] = 0.0
            jumps = bool(bent.max() > max(NOISE, JUMP * np.abs(second).max()))
            found = Direction(slope[:-1] * size, float(slope[-1]), ahead, jumps)
            if bent.max() <= max(NOISE, BENT * np.abs(second).max()):
                break
        return found

    def _rate(self) -> float:
        """Return the fastest change of a number, relative to what counts as large there."""
        problem, own, x = self.part.problem, self.own, self.part.start.x
        sizes = np.maximum(
            row_sizes(problem, x), SMALL * self.part.split.sizes[problem.rules.indicator]
        )
        moves = [np.abs(one) for one in (own.lower, own.upper, own.figure)]
        moves.append(_sizes(own.matrix, np.maximum(x, SMALL * self.part.size)))
        drift = np.abs(own.reference / self.part.size)
        rows = np.maximum.reduce(moves) / sizes
        return max(float(rows.max(initial=0.0)), float(drift.max(initial=0.0)))

    def end(self, direction: Direction, most: float) -> float:
        """Return how many units a direction holds for, at most so many."""
        still = not direction.x.any() and not direction.largest
        if np.isinf(direction.look) or (self.own.straight and still):
            return most
        return _Search(self, direction, most).end()

    def bound(self, amount: float, point: Point, slope: Direction) -> float:
        """Return where the line on from an answer first breaks a rule that is loose there."""
        part, problem = self.part, self.own.at(self.part.problem, amount)
        loose, shift = self._loose
        moves = np.zeros(len(part.split.x))
        moves[part.columns] = slope.x
        lower = np.where(problem.signed, -np.inf, 0.0)
        ends = [
            *_ends(problem.rules, self.own, point.x, slope.x),
            *_ends(shift.of_rules(loose, amount), shift, part.whole(point.x), moves),
            (point.x - lower, -slope.x, part.size),
        ]
        found = np.inf
        for slack, speed, size in ends:
            meets = (slack > SAME * size) & (speed * slope.look > NOISE * size)
            found = min(found, float((slack[meets] / speed[meets]).min(initial=np.inf)))
        return amount + found


def _moved(start: Point, point: Point, size: Floats) -> Floats:
    """Return what an answer and its largest burden have gained, relative to sizes."""
    return np.append((point.x - start.x) / size, point.largest - start.largest)


def _sizes(matrix: Matrix, x: Floats) -> Floats:
    terms = np.abs(matrix.value * x[matrix.column])
    return np.bincount(matrix.row, terms, minlength=len(matrix)).astype(np.float64)


def _ends(
    rules: Rules, shift: Shift, x: Floats, moves: Floats
) -> list[tuple[Floats, Floats, Floats]]:
    """Return slack, speed towards the bound, and size, for the upper and the lower bounds."""
    value, size = rules.matrix.dot(x), np.maximum(_sizes(rules.matrix, x), SAME)
    rate = rules.matrix.dot(moves) + shift.matrix.dot(x)
    return [
        (rules.upper - value, rate - shift.upper, size),
        (value - rules.lower, shift.lower - rate, size),
    ]


class _Guess(NamedTuple):
    """Where a direction may end, and whether it must."""

    amount: float
    certain: bool


class _Search:
    """Looks for the end of a direction: where lines before and after it meet, or half way."""

    def __init__(self, way: Way, direction: Direction, most: float) -> None:
        self.way, self.direction, self.most = way, direction, most
        self.straight = way.own.straight
        self._known: dict[float, Point | None] = {0.0: way.part.start}

    def end(self) -> float:
        """Return the largest amount at which the direction holds."""
        bound = self.way.bound(0.0, self.way.part.start, self.direction)
        low, high = 0.0, min(bound, self.most)
        if np.isinf(high):
            high = SHORTER * self.direction.look
        while self._holds(high):
            low = high
            beyond = high * (1 + CLOSE)
            if high >= self.most or (high == bound and (self.straight or not self._holds(beyond))):
                return high
            if high > FARTHEST * self.direction.look:
                return self.most
            high = min(SHORTER * high, self.most)
        if not self.straight and high == bound and self._holds(near := high * (1 - CLOSE)):
            low = near
        return self._between(low, high)

    @cached_property
    def _structure(self) -> _Structure | None:
        first = self._at(self.direction.look)
        return None if first is None else _Structure.of(self.way, first, self.direction.look)

    def _at(self, amount: float) -> Point | None:
        if amount not in self._known:
            try:
                self._known[amount] = self.way.at(amount)
            except SolverError:  # figures that the solver does not take, far out
                self._known[amount] = None
        return self._known[amount]

    def _holds(self, amount: float) -> bool:
        point = self._at(amount)
        if point is None or not self.way.keeps(amount, point):
            return False
        way, start = self.way, self.way.part.start
        moved = amount * self.direction.x
        near = SAME * max(1.0, float((np.abs(moved) / way.part.size).max(initial=0.0)))
        near += NOISE * amount / self.direction.look
        on_line = bool((np.abs(point.x - start.x - moved) <= near * way.part.size).all())
        if self.straight:
            largest = start.largest + amount * self.direction.largest
            return on_line and abs(point.largest - largest) <= near
        structure = self._structure
        return (
            structure is not None
            and structure.same_top(way, point)
            and (on_line or structure.holds(way, point, amount))
        )

    def _between(self, low: float, high: float) -> float:
        """Return the end between an amount at which the direction holds and one where not."""
        last = np.inf
        for number in range(TRIES):
            close = high - low <= CLOSE * high
            guess = self._guess(low, high) if close or number % 3 < 2 else None
            if close:
                return low if guess is None else guess.amount
            if guess is not None and guess.certain and self._holds(guess.amount):
                return guess.amount
            middle = (low + high) / 2 if guess is None else guess.amount
            apart = max(CLOSE * middle, abs(middle - last) if np.isfinite(last) else 0.0)
            last = middle
            if self._holds(middle):
                low, beside = middle, middle + apart
            else:
                high, beside = middle, middle - apart
            if guess is not None and low < beside < high:
                low, high = (beside, high) if self._holds(beside) else (low, beside)
        return low

    def _guess(self, low: float, high: float) -> _Guess | None:
        """Guess the end: where lines meet, or where the line before meets a bound."""
        start = self._at(low)
        before = self.direction if self.straight or not low else self._slope(low * (1 - CLOSE), low)
        after = self._slope(high, high * (1 + CLOSE))
        if before is None or start is None:
            return None
        bound = self.way.bound(low, start, before)
        found = None if after is None else self._meeting(low, high, before, after)
        if found is None or bound < found.amount:
            found = _Guess(bound, certain=self.straight and found is not None and found.certain)
        if not low < found.amount <= high * (1 + CLOSE):
            return None
        return found._replace(amount=min(found.amount, high))

    def _meeting(
        self, low: float, high: float, before: Direction, after: Direction
    ) -> _Guess | None:
        """Return where the lines on from one amount and back from another come nearest.

        Where they meet, no other kink lies between.
        """
        near, far = self._at(low), self._at(high)
        if near is None or far is None:
            return None
        size = np.append(self.way.part.size, 1.0 if self.straight else np.inf)
        first, second = (np.append(one.x, one.largest) / size for one in (before, after))
        start, end = (np.append(one.x, one.largest) / size for one in (near, far))
        bend, gap = second - first, (end - start) - (high * second - low * first)
        if not bend @ bend > 0:
            return None
        amount = -float(gap @ bend) / float(bend @ bend)
        apart = np.abs(gap + amount * bend).max() / (np.abs(bend).max() * high)
        return _Guess(amount, certain=bool(self.straight and apart <= MEETS))

    def _slope(self, one: float, other: float) -> Direction | None:
        """Return what is gained per unit between two amounts."""
        start, end = self._at(one), self._at(other)
        if start is None or end is None:
            return None
        step = other - one
        gain = (end.x - start.x) / step
        return Direction(gain, (end.largest - start.largest) / step, self.direction.look)


@dataclass(frozen=True, eq=False)
class _Structure:
    """What stays the same on a piece: rules that bind, cells that share a level, the largest."""

    tight: Bools
    one: Ints
    other: Ints
    zero: Bools
    top: Bools
    beside: bool

    @staticmethod
    def of(way: Way, point: Point, amount: float) -> _Structure:
        level = _levels(way, point)
        order = np.lexsort((level, way.part.problem.reference > 0))
        one, other = order[:-1], order[1:]
        known = way.part.problem.reference > 0
        tied = (level[other] - level[one] <= SAME) & (known[one] == known[other])
        return _Structure(
            _tight(way, point, amount),
            one[tied],
            other[tied],
            np.abs(level) <= SAME,
            known & (point.burden >= point.largest - SAME),
            way.part.beside >= point.largest - SAME,
        )

    def same_top(self, way: Way, point: Point) -> bool:
        """Tell whether the largest burden is still that of the same cells."""
        top = float(point.burden[self.top].max(initial=way.part.beside if self.beside else 0.0))
        return top >= point.largest - SAME

    def holds(self, way: Way, point: Point, amount: float) -> bool:
        """Tell whether what was tight and what was tied still is: then the piece is the same."""
        tight, level = _tight(way, point, amount), _levels(way, point)
        if (self.tight & ~tight).any():
            return False
        if not way.part.leximin:  # nothing but rules tells pieces apart
            return not (tight & ~self.tight).any()
        near = 10 * SAME
        tied = np.abs(level[self.one] - level[self.other]) <= near
        return bool(tied.all() and (np.abs(level[self.zero]) <= near).all())


def _levels(way: Way, point: Point) -> Floats:
    return np.where(way.part.problem.reference > 0, point.burden, point.x / way.part.size)


def _tight(way: Way, point: Point, amount: float) -> Bools:
    lower, upper, figure = at_bounds(way.own.at(way.part.problem, amount), point.x)
    return lower | upper | figure
