"""What can be handed out of a plan that cannot be met, in exact fractions (docs/gap.md).

Every target gets two unknowns, what its sum lacks and what it has too much; turn by turn they are
made small, then the plan is solved as any other. No code is shared with the package.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import groupby
from typing import NamedTuple

from tests.oracles.exact_leximin import Program, leximin, nearest
from tests.oracles.fractions_lp import Row
from tests.oracles.plan_figures import ONE, ZERO, total
from tests.oracles.plan_indicator import TOTAL, Cell, Rule
from tests.oracles.plan_program import PlanProgram

EXCESS, LACK = -1, 1
TARGETS = SUM, BETWEEN_YEARS = "target", "growth_each_year"


class Label(NamedTuple):
    """The sum of which a rule speaks; rows between years are told apart."""

    family: str
    indicator: str
    scope: str
    year: int | str


class Miss(NamedTuple):
    """What a sum has too much or lacks, relative to its unit."""

    label: Label
    way: int


class HandedOut(NamedTuple):
    """The exact answer, and what is missed where targets gave way (turn by turn, largest first)."""

    values: dict[Cell, Fraction]
    misses: dict[Miss, Fraction]


def hand_out(plan: PlanProgram) -> HandedOut | None:
    """Return what can be handed out; None where rules that are no targets contradict."""
    answer, misses = dict[Cell, Fraction](), dict[Miss, Fraction]()
    for cells, program in plan.programs():
        point = leximin(program)
        if point is not None:
            sizes = (plan.sizes[cell.indicator] for cell in cells)
            answer |= {
                cell: value * size for cell, value, size in zip(cells, point, sizes, strict=True)
            }
            continue
        found = _Giving(plan, cells).hand_out()
        if found is None:
            return None
        answer |= found.values
        misses |= found.misses
    return HandedOut(answer, misses)


class _Giving:
    """A set of tied indicators whose targets give way.

    The columns: cells in units of their indicator, then 1 + miss for each miss, then 1.
    """

    def __init__(self, plan: PlanProgram, cells: list[Cell]) -> None:
        self.plan, self.cells = plan, cells
        tied = {cell.indicator for cell in cells}
        rules = [rule for rule in plan.rules if rule.indicator in tied]
        self.targets = [_by_its_figure(rule) for rule in rules if rule.family in TARGETS]
        self.others = [rule for rule in rules if rule.family not in TARGETS]
        self.units: dict[Label, Fraction] = {}
        for rule in self.targets:
            label = _label(rule)
            self.units[label] = max(self._unit(rule), self.units.get(label, ZERO))
        self.misses = [Miss(label, way) for label in self.units for way in (EXCESS, LACK)]
        self.place = {miss: len(cells) + number for number, miss in enumerate(self.misses)}
        self.one = len(cells) + len(self.misses)

    def hand_out(self) -> HandedOut | None:
        fixed: dict[Miss, Fraction] = {}
        for _, turn in groupby(sorted(self.misses, key=_turn), key=_turn):
            own = list(turn)
            point = nearest(self._program(fixed, own))
            if point is None:
                return None
            fixed |= {miss: point[self.place[miss]] - 1 for miss in own}
        answer = leximin(self._program(fixed, []))
        assert answer is not None
        values = {
            cell: answer[number] * self.plan.sizes[cell.indicator]
            for number, cell in enumerate(self.cells)
        }
        return HandedOut(values, fixed)

    def _program(self, fixed: dict[Miss, Fraction], turn: list[Miss]) -> Program:
        rows: list[Row] = [({self.one: 1}, 1, 1)]
        for miss, place in self.place.items():
            known = fixed.get(miss)
            rows.append(({place: 1}, 1 + (known or 0), None if known is None else 1 + known))
        rows += [(self._terms(rule), rule.lower, rule.upper) for rule in self.others]
        rows += [row for rule in self.targets for row in self._ends(rule)]
        figures: list[tuple[dict[int, Fraction], Fraction]]
        if turn:
            figures = [({self.place[miss]: ONE}, ONE) for miss in turn]
        else:
            figures = [
                (self._with(rule, LACK, EXCESS), rule.figure)
                for rule in self.targets
                if rule.figure and rule.coefficients
            ]
        signed = frozenset(
            number
            for number, cell in enumerate(self.cells)
            if self.plan.indicators[cell.indicator].said.get("signed")
        )
        references = [
            self.plan.references[cell] / self.plan.sizes[cell.indicator] for cell in self.cells
        ]
        # once they are fixed, no burden of the columns that are no cells can be made smaller
        filled = [*references, *(1 + fixed.get(miss, ZERO) for miss in self.misses), ONE]
        return Program(self.one + 1, filled, rows, figures, signed)

    def _ends(self, rule: Rule) -> Iterator[Row]:
        if rule.lower is not None:
            yield self._with(rule, LACK), rule.lower, None
        if rule.upper is not None:
            yield self._with(rule, EXCESS), None, rule.upper

    def _with(self, rule: Rule, *ways: int) -> dict[int, Fraction]:
        """Return a sum with the rest of it; over the years, with what the years' sums miss."""
        found = self._terms(rule)
        label = _label(rule)
        counted = [label]
        if label.year == TOTAL:
            counted += [one for one in self.units if one[:3] == label[:3] and one != label]
        for one in counted:
            for way in ways:
                unit = way * self.units[one]
                found[self.place[Miss(one, way)]] = unit
                found[self.one] = found.get(self.one, ZERO) - unit  # the column is 1 + miss
        return found

    def _terms(self, rule: Rule) -> dict[int, Fraction]:
        place = {cell: number for number, cell in enumerate(self.cells)}
        return {
            place[cell]: part * self.plan.sizes[cell.indicator]
            for cell, part in rule.coefficients.items()
        }

    def _unit(self, rule: Rule) -> Fraction:
        """Return what a miss of 1 is: the figure, or what the references add up to."""
        if rule.figure:
            return abs(rule.figure)
        added = total(part * self.plan.references[cell] for cell, part in rule.coefficients.items())
        bounds = (abs(end) for end in (rule.lower, rule.upper) if end is not None)
        return added or max(bounds, default=ZERO) or ONE


def _turn(miss: Miss) -> tuple[bool, int, bool]:
    between = miss.label.family == BETWEEN_YEARS
    return between, 0 if between else miss.way, not between and miss.label.year == TOTAL


def _label(rule: Rule) -> Label:
    return Label(rule.family, rule.indicator, rule.scope, rule.year)


def _by_its_figure(rule: Rule) -> Rule:
    """Measure a sum by its own figure, not by rows between years."""
    return (
        rule
        if rule.carried is None
        else rule._replace(lower=rule.carried[0], upper=rule.carried[1])
    )
