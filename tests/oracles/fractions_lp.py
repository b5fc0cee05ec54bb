"""An exact linear-program solver for tests: integers and fractions, Bland's rule, nothing else.

Cells and rows are alike variables with bounds. The tableau writes each basic variable as a
combination of the nonbasic ones, so a bound costs no row and a free variable needs no split
(the tableau of Dutertre and de Moura, CAV 2006). Phase one takes the rows in one by one, each
driven into its range while those before keep theirs; phase two drives the objective.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm
from typing import Literal

Exact = int | Fraction
Bound = Exact | None
Row = tuple[Mapping[int, Exact], Bound, Bound]
"""Coefficients by cell, lower and upper bound; None where there is no bound."""


@dataclass(frozen=True)
class Answer:
    """What became of a program; value and point only when it is optimal."""

    status: Literal["optimal", "infeasible", "unbounded"]
    value: Fraction | None = None
    point: tuple[Fraction, ...] | None = None


class ExactProgram:
    """Rows and bounds, to be asked for one optimum after another.

    Parameters
    ----------
    rows
        ``lower ≤ coefficients · x ≤ upper``.
    lower, upper
        Bounds of each cell, as many as there are cells; None where there is no bound.
    start
        Where to begin: at a point that keeps every rule, the search for one is spared.
    """

    def __init__(
        self,
        rows: Iterable[Row],
        *,
        lower: Sequence[Bound],
        upper: Sequence[Bound],
        start: Sequence[Exact] = (),
    ) -> None:
        spans = [_Range.of(*ends) for ends in zip(lower, upper, strict=True)]
        combinations: list[tuple[dict[int, Fraction], _Range]] = []
        for coefficients, low, high in rows:
            parts = {cell: Fraction(part) for cell, part in coefficients.items() if part}
            if len(parts) == 1:  # a row of one cell is a bound on it
                ((cell, part),) = parts.items()
                spans[cell] = spans[cell].within(_Range.of(low, high).divided_by(part))
            else:
                combinations.append((parts, _Range.of(low, high)))
        self.size = len(lower)
        self._tableau = _Tableau(
            spans,
            [
                span.nearest(Fraction(value))
                for span, value in zip(spans, start or [0] * self.size, strict=True)
            ],
        )
        self.feasible = not any(span.empty for span in spans) and all(
            self._tableau.take_in(parts, span) for parts, span in combinations
        )

    def optimum(self, objective: Mapping[int, Exact], *, maximise: bool = False) -> Answer:
        """Minimise (or maximise) an objective, given by its coefficients."""
        if not self.feasible:
            return Answer("infeasible")
        sign = -1 if maximise else 1
        cost = {cell: sign * Fraction(part) for cell, part in objective.items()}
        value = self._tableau.minimise(cost)
        if value is None:
            return Answer("unbounded")
        return Answer("optimal", sign * value, tuple(self._tableau.value[: self.size]))


def solve_lp(
    objective: Mapping[int, Exact],
    rows: Iterable[Row],
    *,
    lower: Sequence[Bound],
    upper: Sequence[Bound],
    maximise: bool = False,
) -> Answer:
    """Minimise (or maximise) one objective under rows and bounds, exactly."""
    return ExactProgram(rows, lower=lower, upper=upper).optimum(objective, maximise=maximise)


@dataclass(frozen=True)
class _Range:
    low: Fraction | None
    high: Fraction | None

    @staticmethod
    def of(low: Bound, high: Bound) -> _Range:
        return _Range(
            None if low is None else Fraction(low), None if high is None else Fraction(high)
        )

    @property
    def empty(self) -> bool:
        return self.low is not None and self.high is not None and self.low > self.high

    def nearest(self, value: Fraction) -> Fraction:
        """Return the value of the range that is nearest to this one."""
        if self.low is not None and value < self.low:
            return self.low
        if self.high is not None and value > self.high:
            return self.high
        return value

    def divided_by(self, part: Fraction) -> _Range:
        low, high = (None if end is None else end / part for end in (self.low, self.high))
        return _Range(low, high) if part > 0 else _Range(high, low)

    def within(self, other: _Range) -> _Range:
        lows = [end for end in (self.low, other.low) if end is not None]
        highs = [end for end in (self.high, other.high) if end is not None]
        return _Range(max(lows, default=None), min(highs, default=None))

    def room(self, value: Fraction, direction: int) -> Fraction | None:
        """How far a value may move (None: without end)."""
        end = self.high if direction > 0 else self.low
        return None if end is None else (end - value) * direction


class _Tableau:
    """``divisor[i] · basic[i] = Σ rows[i][j] · nonbasic[j]``, all in whole numbers.

    Every nonbasic variable is within its range.
    """

    def __init__(self, ranges: list[_Range], value: list[Fraction]) -> None:
        self.ranges = ranges
        self.value = value
        self.nonbasic = list(range(len(value)))
        self.basic: list[int] = []
        self.rows: list[list[int]] = []
        self.divisor: list[int] = []

    def take_in(self, parts: dict[int, Fraction], span: _Range) -> bool:
        """Add a row, and bring it into its range within those before; False if it cannot be."""
        if span.empty:
            return False
        self._append(parts)
        goal = span.nearest(self.value[-1])
        direction = 1 if goal > self.value[-1] else -1
        if self._drive_last(direction, goal) != "there":
            return False
        self.ranges[-1] = span
        return True

    def minimise(self, cost: dict[int, Fraction]) -> Fraction | None:
        """Lower Σ cost · value as far as the ranges allow; None where there is no end."""
        self._append(cost)
        end = self._drive_last(-1)
        for of_last in (self.ranges, self.basic, self.rows, self.divisor):
            of_last.pop()
        value = self.value.pop()
        return value if end == "stuck" else None

    def _drive_last(
        self, direction: int, goal: Fraction | None = None
    ) -> Literal["there", "stuck", "endless"]:
        """Move the last variable, basic and without a range, towards a goal or without end."""
        last = len(self.value) - 1
        while self.value[last] != goal:
            entering = self._entering(self.rows[-1], direction)
            if entering is None:
                return "stuck"
            column, way = entering
            limits = self._limits(column, way)
            if goal is not None:
                missing = abs(goal - self.value[last])
                limits.append((missing * self._per_step(-1, column), last, len(self.rows) - 1))
            if not limits:
                return "endless"
            distance, _, leaving = min(limits, key=lambda limit: limit[:2])
            self._move(column, distance * way)
            if leaving is not None:
                self._pivot(leaving, column)
        return "there"

    def _limits(self, column: int, way: int) -> list[tuple[Fraction, int, int | None]]:
        """How far a nonbasic variable can go before it, or a basic one, is at its bound.

        With the number of that variable, by which Bland's rule breaks ties, and its place.
        """
        limits: list[tuple[Fraction, int, int | None]] = []
        variable = self.nonbasic[column]
        room = self.ranges[variable].room(self.value[variable], way)
        if room is not None:
            limits.append((room, variable, None))
        for place, row in enumerate(self.rows):
            if row[column]:
                other = self.basic[place]
                room = self.ranges[other].room(self.value[other], way if row[column] > 0 else -way)
                if room is not None:
                    limits.append((room * self._per_step(place, column), other, place))
        return limits

    def _per_step(self, place: int, column: int) -> Fraction:
        """How far a nonbasic variable goes while the basic one at a place moves by 1."""
        return Fraction(self.divisor[place], abs(self.rows[place][column]))

    def _append(self, parts: dict[int, Fraction]) -> None:
        """Add a basic variable without a range: a combination of any others."""
        divisor = lcm(
            *(part.denominator for part in parts.values()),
            *(self.divisor[place] for place, old in enumerate(self.basic) if old in parts),
        )
        divisor *= divisor
        row = [int(parts.get(variable, 0) * divisor) for variable in self.nonbasic]
        for place, variable in enumerate(self.basic):
            if variable in parts:
                scale = int(parts[variable] * divisor) // self.divisor[place]
                row = [a + scale * b for a, b in zip(row, self.rows[place], strict=True)]
        self.ranges.append(_Range(None, None))
        self.basic.append(len(self.value))
        self.value.append(sum((part * self.value[v] for v, part in parts.items()), Fraction()))
        self.rows.append([])
        self.divisor.append(1)
        self._put(-1, row, divisor)

    def _entering(self, row: list[int], direction: int) -> tuple[int, int] | None:
        """Column and way of the first variable whose move takes the row in a direction (Bland)."""
        able = []
        for column, part in enumerate(row):
            if part:
                variable = self.nonbasic[column]
                way = direction if part > 0 else -direction
                if self.ranges[variable].room(self.value[variable], way) != 0:
                    able.append((variable, column, way))
        return min(able)[1:] if able else None

    def _move(self, column: int, step: Fraction) -> None:
        self.value[self.nonbasic[column]] += step
        for variable, row, divisor in zip(self.basic, self.rows, self.divisor, strict=True):
            if row[column]:
                self.value[variable] += step * Fraction(row[column], divisor)

    def _pivot(self, place: int, column: int) -> None:
        """Let the basic variable at a place and the nonbasic one at a column change roles."""
        old = self.rows[place]
        sign = 1 if old[column] > 0 else -1
        divisor = old[column] * sign
        new = [-part * sign for part in old]
        new[column] = self.divisor[place] * sign
        for other, row in enumerate(self.rows):
            part = row[column]
            if part and other != place:
                row[column] = 0
                mixed = [a * divisor + part * b for a, b in zip(row, new, strict=True)]
                self._put(other, mixed, self.divisor[other] * divisor)
        self._put(place, new, divisor)
        self.basic[place], self.nonbasic[column] = self.nonbasic[column], self.basic[place]

    def _put(self, place: int, row: list[int], divisor: int) -> None:
        common = gcd(divisor, *row)
        self.rows[place] = [part // common for part in row]
        self.divisor[place] = divisor // common
