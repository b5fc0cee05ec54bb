"""Rounding by brute force: every table in whole steps is tried, in whole-number arithmetic."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import NamedTuple

from tests.oracles.fractions_lp import Exact

SNAP = Fraction(1, 10**6)
"""Values as near as this to a whole number are that number."""


class Sum(NamedTuple):
    """Cells whose sum must lie between two whole numbers (None: no bound)."""

    cells: Sequence[int]
    lower: int | None
    upper: int | None


class Part(NamedTuple):
    """A cell that is part of another: child × its step ≤ parent × its step."""

    child: int
    parent: int
    child_step: Exact = 1
    parent_step: Exact = 1


class Tie(NamedTuple):
    """A rule that may be exceeded: coefficients · table ≤ upper, in steps."""

    coefficients: Mapping[int, Exact]
    upper: Exact


@dataclass(frozen=True)
class Best:
    """What the best tables reach, and the first of them.

    Attributes
    ----------
    worst
        The least worst excess over the ties, in steps.
    distance
        The least total of |table − exact| among the tables with that worst excess.
    table
        The first such table, smaller numbers first.
    """

    worst: Fraction
    distance: Fraction
    table: tuple[int, ...]


def choices(value: Exact) -> tuple[int, ...]:
    """Return the whole numbers that a value may become: its floor and ceiling, or itself."""
    whole = round(value)
    return (whole,) if abs(Fraction(value) - whole) <= SNAP else (floor(value), ceil(value))


def sum_near(exact: Sequence[Exact], cells: Sequence[int]) -> Sum:
    """Return the rule that the cells' sum stays within one step of its exact value."""
    near = choices(sum((Fraction(exact[cell]) for cell in cells), Fraction()))
    return Sum(cells, near[0], near[-1])


def best_table(
    exact: Sequence[Exact],
    *,
    sums: Sequence[Sum] = (),
    parts: Sequence[Part] = (),
    ties: Sequence[Tie] = (),
) -> Best | None:
    """Return what the best table reaches, or None when no table keeps sums and parts.

    Parameters
    ----------
    exact
        The values in steps; each becomes one of its ``choices``.
    sums, parts
        Rules that every table keeps.
    ties
        Rules whose worst excess is made least, before the distance.
    """
    best: Best | None = None
    for table in _tables(exact, sums, parts):
        worst = max((_excess(tie, table) for tie in ties), default=Fraction(0))
        if best is None or worst <= best.worst:
            distance = sum(
                (abs(number - Fraction(value)) for number, value in zip(table, exact, strict=True)),
                Fraction(),
            )
            if best is None or (worst, distance) < (best.worst, best.distance):
                best = Best(worst, distance, table)
    return best


def _tables(
    exact: Sequence[Exact], sums: Sequence[Sum], parts: Sequence[Part]
) -> Iterator[tuple[int, ...]]:
    """Yield every table that keeps sums and parts, testing each rule at its last cell."""
    allowed = [choices(value) for value in exact]
    sums_at = [
        [rule for rule in sums if max(rule.cells, default=0) == cell] for cell in range(len(exact))
    ]
    parts_at = [[rule for rule in parts if max(rule[:2]) == cell] for cell in range(len(exact))]

    def extend(table: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        cell = len(table)
        if cell == len(exact):
            yield table
            return
        for number in allowed[cell]:
            longer = (*table, number)
            if all(_adds_up(rule, longer) for rule in sums_at[cell]) and all(
                _is_part(rule, longer) for rule in parts_at[cell]
            ):
                yield from extend(longer)

    return extend(())


def _adds_up(rule: Sum, table: tuple[int, ...]) -> bool:
    total = sum(table[cell] for cell in rule.cells)
    above = rule.lower is None or total >= rule.lower
    return above and (rule.upper is None or total <= rule.upper)


def _is_part(rule: Part, table: tuple[int, ...]) -> bool:
    return table[rule.child] * rule.child_step <= table[rule.parent] * rule.parent_step


def _excess(tie: Tie, table: tuple[int, ...]) -> Fraction:
    value = sum(
        (Fraction(part) * table[cell] for cell, part in tie.coefficients.items()), Fraction()
    )
    return max(Fraction(0), value - tie.upper)
