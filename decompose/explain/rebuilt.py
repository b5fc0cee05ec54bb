"""What a problem's numbers gain when a target, or what is settled before it, moves.

References, coefficients and bounds all follow from a target's figure, and those of a ratio from
its denominator. So the problem is built twice, the figure a little up and a little down, and
without the grid, on which nothing moves by little.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from decompose.build import build
from decompose.explain.binding import LOWER, UPPER, Binding, target_at, target_figure
from decompose.explain.changes import POINT
from decompose.explain.shift import Shift
from decompose.figures import Figure, Sense
from decompose.plan import Indicator, Plan
from decompose.plan.order import named
from decompose.plan.ratios import Known
from decompose.plan.values import FrozenDict
from decompose.problem import FAMILY, Floats, Matrix, Problem
from decompose.settle import Settled, together

NO_GRID = 1e-18
"""A step below what a float can tell."""
LITTLE = 1e-6
"""How far a figure is moved, relative to itself."""


@dataclass(frozen=True, eq=False)
class Rebuilt:
    """The problems of a settled plan, built again with a number moved."""

    settled: Settled

    @cached_property
    def _plan(self) -> Plan:
        """The plan without the grid."""
        return _with(
            self.settled.plan,
            {
                number: one.model_copy(update={"step": NO_GRID})
                for number, one in enumerate(self.settled.plan.indicators)
            },
        )

    def by_target(self, binding: Binding, side: str) -> tuple[Shift, str] | None:
        """Return what its stage gains when a target yields by a unit on a side of its rows.

        Also to which side its figure moves: where a cut is published of a ratio that must not be
        below a value, the value falls when the greatest cut rises. None where rules appear or
        vanish on the way.
        """
        rules = self.settled.stages[binding.stage].problem.rules
        bounded = np.isfinite(rules.upper if side == UPPER else rules.lower)
        for end in ("value", "upper"):  # of an interval, the end that holds on this side
            shift = self._by_figure(binding, end)
            if shift is None:
                return None
            bounds = shift.upper if side == UPPER else shift.lower
            gain = float(np.where(bounded, bounds, shift.figure)[binding.rows].sum())
            if gain:
                rises = (gain > 0) == (side == UPPER)
                return (shift, UPPER) if rises else (shift.times(-1.0), LOWER)
        return None

    def _by_figure(self, binding: Binding, end: str) -> Shift | None:
        indicator = self._plan.indicators[binding.number]
        _, target, keys = target_at(indicator, binding.path)
        figure = target_figure(target, keys)
        unit = POINT if binding.is_rate else 1.0
        step = LITTLE * (1.0 if binding.is_rate else max(1.0, abs(figure.value)))
        plans = [
            _with(self._plan, {binding.number: _moved(indicator, binding.path, end, amount)})
            for amount in (-step, step)
        ]
        known = self._known(binding.stage)
        own = self._component(binding.stage, {binding.number})
        problems = [self._build(plan, binding.stage, own, known) for plan in plans]
        return self._difference(binding.stage, own, problems, unit / (2 * step))

    def mentioned(self, stage: int, names: Collection[str]) -> set[int]:
        """Return the indicators of a stage that speak of some others."""
        return {
            one.number
            for one in self.settled.stages[stage].built.series
            if mentioned(one.indicator) & set(names)
        }

    def by_known(self, stage: int, gains: Mapping[str, Floats]) -> Shift | None:
        """Return what a stage gains when settled values do, by id.

        None where rules or quotas appear or vanish on the way.
        """
        known, touched = self._known(stage), self.mentioned(stage, gains)
        own = self._component(stage, touched)
        fastest = max(
            float(np.nanmax(np.abs(gain) / np.maximum(np.nanmax(np.abs(known[name])), LITTLE)))
            for name, gain in gains.items()
        )
        step = LITTLE / fastest
        problems = [
            self._build(
                self._plan,
                stage,
                own,
                {**known, **{name: known[name] + sign * gain for name, gain in gains.items()}},
            )
            for sign in (-step, step)
        ]
        return self._difference(stage, own, problems, 1 / (2 * step))

    def _known(self, stage: int) -> Known:
        """Return what is settled before a stage."""
        found: Known = {}
        for one in self.settled.stages[:stage]:
            found = together(found, one)
        return found

    def _component(self, stage: int, numbers: Collection[int]) -> list[int]:
        """Return the indicators of a stage that are tied to some of them."""
        built = self.settled.stages[stage].built
        component = built.problem.component
        tied = {int(component[number]) for number in numbers}
        return [one.number for one in built.series if int(component[one.number]) in tied]

    def _build(self, plan: Plan, stage: int, own: list[int], known: Known) -> Problem:
        built = self.settled.stages[stage].built
        tiers = {one.indicator.id: one.tiers for one in built.series if one.tiers is not None}
        return build(plan, own, known, tiers, turn=built.turn).problem

    def _difference(
        self, stage: int, own: list[int], problems: list[Problem], factor: float
    ) -> Shift | None:
        """Return the difference of two problems of some indicators, in the rows of their stage."""
        problem = self.settled.stages[stage].problem
        rules = problem.rules
        rows = np.isin(rules.indicator, own) & (rules.family != FAMILY["base_quota"])
        columns = np.flatnonzero(np.isin(problem.column_indicator, own))
        row = np.flatnonzero(rows)
        before, after = problems
        for one in problems:
            if len(one.rules) != len(row) or one.size != len(columns):
                return None
        matrices = (after.rules.matrix, 1.0), (before.rules.matrix, -1.0)

        def gain(name: str) -> Floats:
            ends = getattr(after.rules, name), getattr(before.rules, name)
            both = np.isfinite(ends[0]) & np.isfinite(ends[1])
            found = np.zeros(len(rules))
            found[row[both]] = factor * (ends[0][both] - ends[1][both])
            return found

        reference = np.zeros(problem.size)
        reference[columns] = factor * (after.reference - before.reference)
        return Shift(
            gain("lower"),
            gain("upper"),
            gain("figure"),
            reference,
            Matrix.collect(
                np.concatenate([row[matrix.row] for matrix, _ in matrices]),
                np.concatenate([columns[matrix.column] for matrix, _ in matrices]),
                np.concatenate([sign * factor * matrix.value for matrix, sign in matrices]),
                rows=len(rules),
                size=problem.size,
            ),
        )


def mentioned(indicator: Indicator) -> set[str]:
    """Return the ids of the indicators of which an indicator speaks."""
    names = [indicator.parent, indicator.increase_of, *indicator.sum_of]
    names += [named(indicator.numerator), named(indicator.denominator)]
    names += [link.part_of or link.of for link in indicator.links]
    return {name for name in names if name is not None}


def _with(plan: Plan, indicators: Mapping[int, Indicator]) -> Plan:
    """Return a plan with some indicators replaced, unchecked: what moves by little stays valid."""
    both = (indicators.get(number, one) for number, one in enumerate(plan.indicators))
    return plan.model_copy(update={"indicators": tuple(both)})


def _moved(indicator: Indicator, path: str, end: str, amount: float) -> Indicator:
    """Move one end of a target's figure."""
    group, target, keys = target_at(indicator, path)
    figure = target_figure(target, keys)
    if end == "upper":
        moved = replace(figure, upper=None if figure.upper is None else figure.upper + amount)
    else:
        value, upper, sense = figure.value + amount, figure.upper, figure.sense
        if figure.value == 0 and sense is not Sense.INTERVAL:  # 0 is exactly 0, whatever its words
            least_or_most = sense in (Sense.AT_LEAST, Sense.AT_MOST)
            sense, upper = (Sense.INTERVAL, value) if least_or_most else (Sense.EXACT, None)
        moved = Figure(value, sense, upper, figure.text)
    if keys[0] == "years":
        years = FrozenDict({**target.years, int(keys[1]): moved})
        target = target.model_copy(update={"years": years})
    else:
        target = target.model_copy(update={keys[0]: moved})
    if group is None:
        return indicator.model_copy(update={"target": target})
    groups = FrozenDict({**indicator.group_targets, group: target})
    return indicator.model_copy(update={"group_targets": groups})
