"""The rule that chooses among feasible quotas (DESIGN section 3), in exact fractions.

One small program per question, in the words of the design; no closed form, no duals, no
tolerance. Three stages, each a leximin over items |a · x − centre|: how far sums are from their
figures, what cells with reference 0 get, and the burdens of the others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from tests.oracles.fractions_lp import Exact, ExactProgram, Row

Point = tuple[Fraction, ...]


@dataclass(frozen=True)
class Program:
    """A plan in the abstract.

    Parameters
    ----------
    n
        The number of cells.
    references
        What each cell would get by the allocation rule alone; 0 makes it a zero cell.
    rows
        ``lower ≤ coefficients · x ≤ upper``: every rule, boxes too.
    figures
        Coefficients of a sum and the figure (not 0) that it should come near to.
    signed
        Cells that may be negative; the others are at least 0.
    ahead
        Cells that only have to exist: they have no burden, and stand anywhere.
    """

    n: int
    references: Sequence[Exact]
    rows: Sequence[Row] = ()
    figures: Sequence[tuple[Mapping[int, Exact], Exact]] = ()
    signed: frozenset[int] = frozenset()
    ahead: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        if len(self.references) != self.n:
            raise ValueError(f"{len(self.references)} references for {self.n} cells")
        if any(figure == 0 for _, figure in self.figures):
            raise ValueError("a figure of 0 is a rule, not a figure to come near to")


class Burdens(NamedTuple):
    """What each stage makes small, in the program's order."""

    figures: list[Fraction]
    zeros: list[Fraction]
    others: list[Fraction]

    @property
    def ranked(self) -> tuple[list[Fraction], ...]:
        """Each stage with its largest first: of two feasible points the smaller is better."""
        return tuple(sorted(stage, reverse=True) for stage in self)


class _Item(NamedTuple):
    """A burden |a · x − centre|."""

    coefficients: dict[int, Fraction]
    centre: int

    def value(self, x: Sequence[Exact | float]) -> Fraction:
        parts = (part * Fraction(x[cell]) for cell, part in self.coefficients.items())
        return sum(parts, Fraction())

    def at(self, x: Sequence[Exact | float]) -> Fraction:
        return abs(self.value(x) - self.centre)

    def at_most(self, level: Fraction) -> Row:
        return self.coefficients, self.centre - level, self.centre + level


def burdens(program: Program, x: Sequence[Exact | float]) -> Burdens:
    """Return the burdens of a point, stage by stage."""
    return Burdens(*([item.at(x) for item in stage] for stage in _stages(program)))


def leximin(program: Program) -> list[Fraction] | None:
    """Return the exact leximin point, or None when no point keeps the rules."""
    rules = list(program.rows)
    point = _exact_program(program, rules).optimum({}).point
    if point is None:
        return None
    for stage in _stages(program):
        rules, point = _settle(program, rules, stage, point)
    # Every cell with a burden was an item of the second or third stage, so no other is left.
    return list(point)


def nearest(program: Program) -> list[Fraction] | None:
    """Return a point whose sums are as near to their figures as can be, the largest miss first."""
    rules = list(program.rows)
    point = _exact_program(program, rules).optimum({}).point
    if point is None:
        return None
    return list(_settle(program, rules, _stages(program)[0], point)[1])


def nearest_bounds(
    program: Program, least: Mapping[int, Exact], greatest: Mapping[int, Exact]
) -> dict[int, Fraction] | None:
    """Move bounds of cells as far as the rules make them: leximin of move / bound, bounds not 0.

    Returns None where no point keeps the rules.
    """
    bounds = {**least, **greatest}
    rows = list(program.rows)
    items = []
    for place, (cell, bound) in enumerate(bounds.items(), start=program.n):
        ends = (0, None) if cell in least else (None, 0)  # the moved bound lies between both
        rows.append(({cell: 1, place: -1}, *ends))
        rows.append(({place: 1}, *((None, bound) if cell in least else (bound, None))))
        items.append(_Item({place: 1 / Fraction(bound)}, 1))
    size = program.n + len(bounds)
    signed = program.signed | frozenset(range(program.n, size))
    wider = Program(size, [0] * size, rows, signed=signed)
    point = _exact_program(wider, rows).optimum({}).point
    if point is None:
        return None
    _, point = _settle(wider, rows, items, point)
    return dict(zip(bounds, point[program.n :], strict=True))


def _stages(program: Program) -> tuple[list[_Item], list[_Item], list[_Item]]:
    figures = [
        _Item({cell: Fraction(part) / figure for cell, part in coefficients.items()}, 1)
        for coefficients, figure in program.figures
    ]
    references = {
        cell: Fraction(reference)
        for cell, reference in enumerate(program.references)
        if cell not in program.ahead
    }
    zeros = [_Item({cell: Fraction(1)}, 0) for cell, ref in references.items() if ref == 0]
    others = [_Item({cell: 1 / ref}, 1) for cell, ref in references.items() if ref != 0]
    return figures, zeros, others


def _settle(
    program: Program, rules: list[Row], items: list[_Item], point: Point
) -> tuple[list[Row], Point]:
    """Hold each item at most at its leximin level: the rules with these, and a point of them."""
    while items:
        level, point = _least_largest(program, rules, items, point)
        stuck = _stuck(program, rules, items, level, point)
        rules = [*rules, *(item.at_most(level) for item in stuck)]
        items = [item for item in items if item not in stuck]
    return rules, point


def _least_largest(
    program: Program, rules: list[Row], items: list[_Item], point: Point
) -> tuple[Fraction, Point]:
    """Return the least t with every item at most t, and a point where they are."""
    largest = program.n  # one more variable, after the cells
    rows = list(rules)
    for item in items:
        rows.append(({**item.coefficients, largest: -1}, None, item.centre))
        rows.append(({**item.coefficients, largest: 1}, item.centre, None))
    start = (*point, max(item.at(point) for item in items))
    answer = _exact_program(program, rows, start).optimum({largest: 1})
    assert answer.value is not None
    assert answer.point is not None
    return answer.value, answer.point[: program.n]


def _stuck(
    program: Program, rules: list[Row], items: list[_Item], level: Fraction, point: Point
) -> list[_Item]:
    """Return the items that are at the level wherever none is above it.

    Each is asked by a program of its own, unless some point already shows it below. An item that
    stands at one end of centre ± level is sent towards the other end: if it can leave its end,
    then somewhere on the way it is below the level.
    """
    if level == 0:
        return items
    stuck = []
    below = [item.at(point) < level for item in items]
    at_level = [*rules, *(item.at_most(level) for item in items)]
    within = _exact_program(program, at_level, point)
    for place, item in enumerate(items):
        if not below[place]:
            standing = item.value(point)
            answer = within.optimum(item.coefficients, maximise=standing < item.centre)
            assert answer.point is not None
            if answer.value == standing:
                stuck.append(item)
            below = [
                was or other.at(answer.point) < level
                for was, other in zip(below, items, strict=True)
            ]
    return stuck


def _exact_program(program: Program, rows: Sequence[Row], start: Point = ()) -> ExactProgram:
    """Return the program over the cells and any further variables that start has."""
    size = max(program.n, len(start))
    lower = [None if cell in program.signed else 0 for cell in range(size)]
    return ExactProgram(rows, lower=lower, upper=[None] * size, start=start)
