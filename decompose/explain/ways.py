"""How the exact answer moves when a problem's numbers do: its direction, and how far it holds.

Exact answers are piecewise linear in the bounds of rules. References and coefficients that move
bend the pieces, but to first order they are bounds that move, too: with ``x = z · r(t) / r``, the
burden ``|x / r(t) - 1|`` is ``|z / r - 1|``, and what a row gains in this way goes to its bounds.
So a direction is the secant of a straight piece, exact at a kink too (one-sided); how far it
holds is looked for on the problem itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from decompose.bounds import at_bounds, row_sizes
from decompose.explain.shift import Shift
from decompose.fairness import PROGRAMS, answer, choose
from decompose.fairness.part import part_of
from decompose.fairness.scaled import indicator_sizes
from decompose.problem import Bools, Floats, Ints, Problem, Solution
from decompose.solvers import Solver

REACH = 1e-3
"""The first look ahead, relative to what the rules add up."""
SHORTER = 16.0
"""By how much a look is shortened that went past a kink."""
LOOKS = 3
SMALL = 0.1
"""A row counts for no less than this part of its indicator's size."""
SAME = 1e-7
"""Answers and burdens nearer than this, relative to their size, are the same."""
NOISE = 1e-8
"""A change smaller than this, relative to its size, is none."""
BENT = 1e-4
"""Of two secants that differ by more, relative to the longer one, a kink lies between."""
FARTHEST = 1e6
"""Beyond so many first looks a direction has no end."""
CLOSE = 1e-3
"""How closely an end is enclosed, relative to itself, before lines are taken to meet there."""
TRIES = 60


class Point(NamedTuple):
    """An answer, its burdens (of cells with a reference), and the largest of the component."""

    x: Floats
    burden: Floats
    largest: float

    def along(self, other: Point, part: float) -> Point:
        """Return the point at a part of the way to another one, and beyond it above 1."""
        ends = zip(self, other, strict=True)
        return Point(*(one + part * (end - one) for one, end in ends))  # type: ignore[operator]


class Direction(NamedTuple):
    """What the answer and the largest burden gain per unit, and how far was looked for it."""

    x: Floats
    largest: float
    look: float


@dataclass(frozen=True, eq=False)
class Part:
    """Some columns of a problem, across whose edge no rule lies, with their answer.

    Attributes
    ----------
    problem
        The part.
    solver
        HiGHS, open.
    beside
        The largest burden of the other cells of its components.
    """

    problem: Problem
    solver: Solver
    beside: float = 0.0

    @staticmethod
    def of(problem: Problem, columns: Ints, solver: Solver, x: Floats) -> Part:
        """Return a part of a problem that has the answer x."""
        own = problem.component[problem.column_indicator]
        rest = np.isin(own, own[columns])
        rest[columns] = False
        beside = float(_burdens(problem, x)[rest].max(initial=0.0))
        return Part(part_of(problem, columns), solver, beside)

    @cached_property
    def leximin(self) -> bool:
        """Whether all is chosen by leximin."""
        own = np.unique(self.problem.column_indicator)
        return {self.problem.fairness[k] for k in own} <= {"leximin"}

    @cached_property
    def size(self) -> Floats:
        """What counts as large for each column."""
        return indicator_sizes(self.problem)[self.problem.column_indicator]

    @cached_property
    def closed(self) -> bool:
        """Whether the answer has a closed form."""
        found = answer(self.problem, solver=self.solver)
        return isinstance(found, Solution) and PROGRAMS not in found.route

    @cached_property
    def start(self) -> Point:
        """The answer."""
        return self._point(self.problem, choose(self.problem, solver=self.solver).x)

    def solved(self, problem: Problem) -> Point | None:
        """Return the answer where the part's numbers are these; None where rules cannot hold."""
        found = answer(problem, solver=self.solver, closed=self.closed)
        return self._point(problem, found.x) if isinstance(found, Solution) else None

    def _point(self, problem: Problem, x: Floats) -> Point:
        burden = _burdens(problem, x)
        return Point(x, burden, max(self.beside, float(burden.max(initial=0.0))))


@dataclass(frozen=True, eq=False)
class Way:
    """The answers of a part along a shift of its numbers."""

    part: Part
    shift: Shift

    def at(self, amount: float) -> Point | None:
        """Return the answer after so many units; None where the rules cannot hold together."""
        return self.part.solved(self.shift.at(self.part.problem, amount))

    def direction(self) -> Direction | None:
        """Return what the answer gains per unit, from the start; None where it cannot move."""
        start, size = self.part.start, self.part.size
        straight, carried = self.shift.straightened(self.part.problem, start.x)
        other = Way(self.part, straight)
        drift = float(np.abs(self.shift.reference / size).max(initial=0.0))
        rate = max(self._rate(straight), drift)
        look = REACH / rate if rate > 0 else np.inf
        if np.isinf(look):
            return Direction(np.zeros(len(start.x)), 0.0, look)
        found: Direction | None = None
        for ahead in look / SHORTER ** np.arange(LOOKS):
            far = other.at(ahead)
            if far is None:
                if other.at(look / SHORTER**LOOKS) is None:
                    return None
                continue
            moved = far.x - start.x + ahead * carried
            moved[np.abs(moved) <= NOISE * size] = 0.0
            rise = far.largest - start.largest
            rise = rise if abs(rise) > NOISE else 0.0
            found = Direction(moved / ahead, rise / ahead, ahead)
            if (far.x == start.x).all() or self._is_secant(other, start, far, ahead):
                break
        return found

    def _is_secant(self, other: Way, start: Point, far: Point, look: float) -> bool:
        """Tell whether the answer half way lies on the secant."""
        near = other.at(look / 2)
        if near is None:
            return False
        half = start.along(far, 0.5)
        moved = max(self._apart(start, far), abs(far.largest - start.largest))
        bent = max(self._apart(half, near), abs(half.largest - near.largest))
        return bent <= max(NOISE, BENT * moved)

    def _apart(self, one: Point, other: Point) -> float:
        return float((np.abs(one.x - other.x) / self.part.size).max(initial=0.0))

    def _rate(self, shift: Shift) -> float:
        """Return the fastest change of a bound, relative to what its row adds up."""
        sizes = row_sizes(self.part.problem, self.part.start.x)
        floor = SMALL * indicator_sizes(self.part.problem)[self.part.problem.rules.indicator]
        moves = (np.abs(one) for one in (shift.lower, shift.upper, shift.figure))
        return float((np.maximum.reduce(list(moves)) / np.maximum(sizes, floor)).max(initial=0.0))

    def end(self, way: Direction, most: float) -> float:
        """Return how many units the direction holds for, at most so many.

        A straight piece ends where the answer leaves its line; a bent one, where other rules
        bind or other cells share a level. In both the largest burden is that of the same cells.
        """
        if np.isinf(way.look) or (self.shift.straight and not way.x.any() and not way.largest):
            return most
        return _Search(self, way, most).end()


def _burdens(problem: Problem, x: Floats) -> Floats:
    known = problem.reference > 0
    burden = np.divide(x, problem.reference, where=known, out=np.ones(len(x)))
    return np.where(known, np.abs(burden - 1.0), 0.0)


class _Search:
    """Looks for the end of a direction: where lines before and after it meet, or half way."""

    def __init__(self, way: Way, direction: Direction, most: float) -> None:
        self.way, self.direction, self.most = way, direction, most
        self.straight = way.shift.straight
        self._known: dict[float, Point | None] = {0.0: way.part.start}

    def end(self) -> float:
        """Return the largest amount at which the direction holds."""
        bound = self._bound(0.0, self.direction)
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
            self._known[amount] = self.way.at(amount)
        return self._known[amount]

    def _holds(self, amount: float) -> bool:
        point = self._at(amount)
        if point is None:
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

    def _bound(self, amount: float, slope: Direction) -> float:
        """Return where the line on from an amount first breaks a rule that is loose there."""
        way, point = self.way, self._known[amount]
        if point is None:
            return np.inf
        problem, x = way.shift.at(way.part.problem, amount), point.x
        rules, sizes = problem.rules, np.maximum(row_sizes(problem, x), SAME)
        value = rules.matrix.dot(x)
        rate = rules.matrix.dot(slope.x) + way.shift.matrix.dot(x)
        ends = [
            (rules.upper - value, rate - way.shift.upper, sizes),
            (value - rules.lower, way.shift.lower - rate, sizes),
            (np.where(problem.signed, np.inf, x), -slope.x, way.part.size),
        ]
        found = np.inf
        for slack, speed, size in ends:
            meets = (slack > SAME * size) & (speed * self.direction.look > NOISE * size)
            found = min(found, float((slack[meets] / speed[meets]).min(initial=np.inf)))
        return amount + found

    def _between(self, low: float, high: float) -> float:
        """Return the end between an amount at which the direction holds and one where not."""
        last = np.inf
        for number in range(TRIES):
            close = high - low <= CLOSE * high
            guess = self._guess(low, high) if close or number % 3 < 2 else None
            if close or (guess is not None and guess.certain):
                return low if guess is None else guess.amount
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
        before = self.direction if self.straight or not low else self._slope(low * (1 - CLOSE), low)
        after = self._slope(high, high * (1 + CLOSE))
        if before is None:
            return None
        if after is None:
            found: _Guess | None = _Guess(self._bound(low, before), certain=False)
        else:
            found = self._meeting(low, high, before, after)
        if found is None or not low < found.amount <= high * (1 + CLOSE):
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
        size = np.append(self.way.part.size, 1.0)
        first, second = (np.append(one.x, one.largest) / size for one in (before, after))
        start, end = (np.append(one.x, one.largest) / size for one in (near, far))
        bend, gap = second - first, (end - start) - (high * second - low * first)
        if not bend @ bend > 0:
            return None
        amount = -float(gap @ bend) / float(bend @ bend)
        apart = np.abs(gap + amount * bend).max() / (np.abs(bend).max() * high)
        return _Guess(amount, certain=bool(self.straight and apart <= BENT))

    def _slope(self, one: float, other: float) -> Direction | None:
        """Return what is gained per unit between two amounts."""
        start, end = self._at(one), self._at(other)
        if start is None or end is None:
            return None
        step = other - one
        return Direction((end.x - start.x) / step, (end.largest - start.largest) / step, step)


class _Guess(NamedTuple):
    """Where a direction may end, and whether it must."""

    amount: float
    certain: bool


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
        tight, level = _tight(way, point, amount), _levels(way, point)
        if (self.tight & ~tight).any() or (not way.part.leximin and (tight & ~self.tight).any()):
            return False
        near = 10 * SAME
        if not way.part.leximin:
            return True
        tied = np.abs(level[self.one] - level[self.other]) <= near
        return bool(tied.all() and (np.abs(level[self.zero]) <= near).all())


def _levels(way: Way, point: Point) -> Floats:
    return np.where(way.part.problem.reference > 0, point.burden, point.x / way.part.size)


def _tight(way: Way, point: Point, amount: float) -> Bools:
    lower, upper, figure = at_bounds(way.shift.at(way.part.problem, amount), point.x)
    return lower | upper | figure
