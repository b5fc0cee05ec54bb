"""A solved plan, and what its scenarios need not solve again.

Indicators that no change reaches have the quotas of the plan itself: neither the rule that
chooses nor rounding looks from one component to another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from decompose.allocation import quota_columns
from decompose.errors import DecomposeError, InfeasibleError, PlanError, RoundingError
from decompose.explain.diagnosis import clash_of
from decompose.explain.stuck import Stuck, first_stuck, stuck_at
from decompose.labels import Language
from decompose.plan import Plan
from decompose.plan.order import beside, ratio_mode, stages_of
from decompose.plan.quick import joined, quick_changes
from decompose.plan.ratios import Known
from decompose.problem import Floats, Ints
from decompose.scenario.model import Scenario
from decompose.settle import Settled, Stage, settle_stage
from decompose.solvers import open_solver
from decompose.stretch import settle_stretch, stretched

SOLVED, INFEASIBLE, ROUNDING, ERROR, LOST = "solved", "infeasible", "rounding", "error", "lost"
"""What may become of a scenario."""

Columns = Mapping[str, NDArray[Any]]


@dataclass(frozen=True, eq=False)
class Cells:
    """Rows of ``Allocation.quotas``, in plan order.

    Attributes
    ----------
    number
        Index of each row's indicator.
    columns
        The rows' values by column.
    """

    number: Ints
    columns: Columns

    @staticmethod
    def of(stages: Sequence[Stage]) -> Cells:
        """Return the rows of some stages."""
        parts = [quota_columns(stage) for stage in stages]
        number = np.concatenate([stage.problem.column_indicator for stage in stages])
        order = np.argsort(number, kind="stable")
        names = parts[0]
        columns = {name: np.concatenate([part[name] for part in parts])[order] for name in names}
        return Cells(number[order], columns)


@dataclass(frozen=True, eq=False)
class Outcome:
    """What became of a scenario.

    Attributes
    ----------
    number
        Its place among the scenarios.
    status, reason
        ``solved``, or why there are no quotas, in one sentence.
    cells
        What was settled for it; None where nothing was.
    replaced
        Indices of the plan's indicators that these cells replace; None for all.
    """

    number: int
    status: str
    reason: str = ""
    cells: Cells | None = None
    replaced: frozenset[int] | None = field(default_factory=frozenset)


class Base:
    """A plan, and its quotas where it can be met.

    Parameters
    ----------
    plan
        What scenarios change.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._beside = beside(plan)
        self._modes = _modes(plan)
        self._solver = open_solver()
        self._stages: dict[int, Stage] = {}  # by place in the order
        self._order = stages_of(plan)
        known: dict[str, Floats] = {}
        try:
            for place, indicators in enumerate(self._order):
                self._stages[place] = settle_stage(plan, indicators, known, self._solver)
                known.update(self._stages[place].values)
        except DecomposeError:
            self._stages.clear()  # scenarios are solved as a whole

    @cached_property
    def cells(self) -> Cells | None:
        """The plan's own rows; None where it cannot be met."""
        return Cells.of(tuple(self._stages.values())) if self._stages else None

    def outcome(self, number: int, scenario: Scenario, language: Language) -> Outcome:
        """Solve a scenario."""
        try:
            changes = scenario.changes_of(self.plan)
            quick = quick_changes(self.plan, changes)
            if quick is None or not self._stages or _has_stretch(quick[0]):
                plan = self.plan.with_changes(changes) if quick is None else quick[0]
                return self._as_a_whole(number, plan, language)
            return self._in_part(number, *quick, language)
        except PlanError as error:
            return Outcome(number, ERROR, error.text(language))
        except RoundingError as error:
            return Outcome(number, ROUNDING, error.text(language))
        except DecomposeError as error:
            return Outcome(number, ERROR, error.text(language))

    def _as_a_whole(self, number: int, plan: Plan, language: Language) -> Outcome:
        """Solve a plan from nothing, as ``solve`` does."""
        known: dict[str, Floats] = {}
        stages = []
        for indicators in stages_of(plan):
            try:
                stages.append(settle_stage(plan, indicators, known, self._solver))
            except InfeasibleError as error:
                stuck = stuck_at(plan, indicators, known, self._solver)
                return self._infeasible(number, stuck, error, language)
            known.update(stages[-1].values)
        if _has_stretch(plan):
            try:
                settle_stretch(plan, Settled(plan, tuple(stages), known))
            except InfeasibleError as error:
                higher = stretched(plan)
                stuck_higher = None if higher is None else first_stuck(higher, self._solver)
                return self._infeasible(number, stuck_higher, error, language)
        return Outcome(number, SOLVED, cells=Cells.of(stages), replaced=None)

    def _in_part(
        self, number: int, plan: Plan, touched: frozenset[int], language: Language
    ) -> Outcome:
        """Settle what a change reaches, stage by stage; the rest stays as it is."""
        if stages_of(plan) != self._order or _modes(plan) != self._modes:
            return self._as_a_whole(number, plan, language)
        others = [one | other for one, other in zip(self._beside, beside(plan), strict=True)]
        moved = set(touched)  # what later stages may see
        known: dict[str, Floats] = {}
        settled: list[Stage] = []
        replaced: set[int] = set()
        for place, members in enumerate(self._order):
            before = self._stages[place].values
            here = frozenset(members)
            first = {one for one in members if one in moved or others[one] & moved}
            indicators = sorted(joined([other & here for other in others], first))
            if not indicators:
                known.update(before)
                continue
            try:
                stage = settle_stage(plan, indicators, known, self._solver)
            except InfeasibleError as error:
                stuck = stuck_at(plan, indicators, known, self._solver)
                return self._infeasible(number, stuck, error, language)
            moved |= {one for one in indicators if not _same(plan, one, stage.values, before)}
            known |= {**before, **stage.values}
            settled.append(stage)
            replaced.update(indicators)
        cells = Cells.of(settled) if settled else None
        return Outcome(number, SOLVED, cells=cells, replaced=frozenset(replaced))

    def _infeasible(
        self, number: int, stuck: Stuck | None, error: InfeasibleError, language: Language
    ) -> Outcome:
        reason = error.text(language)
        if stuck is not None and stuck.parts:
            reason = clash_of(stuck, self._solver)[2].text(language)
        return Outcome(number, INFEASIBLE, reason)


def _modes(plan: Plan) -> tuple[str, ...]:
    return tuple(ratio_mode(plan, one) for one in plan.indicators if one.kind == "ratio")


def _has_stretch(plan: Plan) -> bool:
    targets = (t for one in plan.indicators for t in (one.target, *one.group_targets.values()))
    return any(target.stretch is not None for target in targets)


def _same(plan: Plan, number: int, new: Known, old: Known) -> bool:
    """Tell whether an indicator's printed values are what they were."""
    name = plan.indicators[number].id
    if name not in new or name not in old:
        return name not in new and name not in old
    return np.array_equal(new[name], old[name], equal_nan=True)
