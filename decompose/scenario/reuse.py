"""A solved plan, and what its scenarios need not solve again.

Indicators that no change reaches have the quotas of the plan itself: neither the rule that
chooses nor rounding looks from one component to another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from decompose.errors import DecomposeError, InfeasibleError, PlanError, RoundingError
from decompose.explain.diagnosis import clash_of
from decompose.explain.stuck import Stuck, first_stuck, settled_or_stuck
from decompose.frames import quota_columns
from decompose.labels import Language
from decompose.plan import Indicator, Plan
from decompose.plan.order import Batch, batches_of, beside
from decompose.plan.quick import changed_indicators, joined, parts_of, with_indicators
from decompose.plan.ratios import Known
from decompose.problem import Ints
from decompose.scenario.model import Scenario
from decompose.settle import Settled, settle_batch, together
from decompose.solvers import open_solver
from decompose.stage import Stage
from decompose.stretch import settle_stretch, stretched

SOLVED, INFEASIBLE, ROUNDING, ERROR, LOST = "solved", "infeasible", "rounding", "error", "lost"
"""What may become of a scenario."""

REMEMBERED = 200
"""How many changed parts of a plan are kept: combinations of scenarios use them again."""

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
        number, region, year = (
            np.concatenate([getattr(one.problem, labels)[one.built.final] for one in stages])
            for labels in ("column_indicator", "column_region", "column_year")
        )
        order = np.lexsort((year, region, number))
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
        What was settled for it.
    replaced
        Indices of the plan's indicators that these cells replace; None for all.
    """

    number: int
    status: str
    reason: str = ""
    cells: tuple[Cells, ...] = ()
    replaced: frozenset[int] | None = frozenset()


@dataclass(frozen=True, eq=False)
class Failure:
    """Why there are no quotas, and how early that shows: the least ``turn`` is told first."""

    turn: tuple[int, int]
    status: str
    reason: str


@dataclass(frozen=True, eq=False)
class Part:
    """What was settled again of the indicators that names join to changed ones."""

    cells: tuple[Cells, ...]
    replaced: frozenset[int]


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
        self._parts = parts_of(self._beside)
        self._solver = open_solver()
        self._order = batches_of(plan)
        self._known: dict[tuple[object, ...], Part | Failure] = {}
        known: Known = {}
        self._stages: list[list[Stage]] = []
        try:
            for batch in self._order:
                self._stages.append(list(settle_batch(plan, batch, known, self._solver)))
                known = _after(known, self._stages[-1])
        except DecomposeError:
            self._stages.clear()  # its scenarios are solved as a whole
        if _has_stretch(plan):
            self._stages.clear()

    @cached_property
    def cells(self) -> Cells | None:
        """The plan's own rows; None where scenarios take nothing from it."""
        return Cells.of(list(chain(*self._stages))) if self._stages else None

    def outcome(self, number: int, scenario: Scenario, language: Language) -> Outcome:
        """Solve a scenario."""
        try:
            changes = scenario.changes_of(self.plan)
            found = self._in_parts(changes, language) if self._stages else None
            if found is None:
                return self._as_a_whole(number, self.plan.with_changes(changes), language)
        except PlanError as error:
            return Outcome(number, ERROR, error.text(language))
        failures = [one for one in found if isinstance(one, Failure)]
        if failures:
            first = min(failures, key=lambda one: one.turn)
            return Outcome(number, first.status, first.reason)
        parts = [one for one in found if isinstance(one, Part)]
        replaced = frozenset().union(*(one.replaced for one in parts))
        return Outcome(number, SOLVED, "", tuple(c for one in parts for c in one.cells), replaced)

    def _in_parts(
        self, changes: Mapping[str, Any], language: Language
    ) -> list[Part | Failure] | None:
        """Settle what the changes reach, each part alone; None where that is not enough."""
        changed = changed_indicators(self.plan, changes)
        if changed is None or any(_stretches(one) for one in changed.values()):
            return None
        found: list[Part | Failure] = []
        for part in dict.fromkeys(self._parts[number] for number in sorted(changed)):
            own = {number: one for number, one in changed.items() if number in part}
            key = (language, *own.items())
            settled = self._known.pop(key, None)
            if settled is None:
                plan = with_indicators(self.plan, own, part)
                if plan is None:
                    return None
                settled = self._part(plan, frozenset(own), language)
            while len(self._known) >= REMEMBERED:
                del self._known[next(iter(self._known))]
            self._known[key] = settled  # the latest last
            found.append(settled)
        return found

    def _part(self, plan: Plan, touched: frozenset[int], language: Language) -> Part | Failure:
        """Settle the indicators that a change reaches, stage by stage; the rest stays."""
        reached = set(touched)
        known: Known = {}
        cells: list[Cells] = []
        replaced: set[int] = set()
        for place, (members, yearly) in enumerate(self._order):
            here = frozenset(members)
            first = {one for one in members if one in reached or self._beside[one] & reached}
            indicators = sorted(joined([others & here for others in self._beside], first))
            settled: Known = {}
            if indicators:
                batch = Batch(tuple(indicators), yearly & frozenset(indicators))
                stages = self._settled(plan, batch, known, place, language)
                if isinstance(stages, Failure):
                    return stages
                cells.append(Cells.of(stages))
                settled = _after({}, stages)
                reached.update(indicators)
                replaced.update(indicators)
            known = {**_after(known, self._stages[place]), **settled}
        return Part(tuple(cells), frozenset(replaced))

    def _settled(
        self, plan: Plan, batch: Batch, known: Known, place: int, language: Language
    ) -> list[Stage] | Failure:
        try:
            return list(settle_batch(plan, batch, known, self._solver))
        except InfeasibleError as error:
            _, stuck = settled_or_stuck(plan, batch, known, self._solver)
            return Failure((place, 0), INFEASIBLE, self._reason(stuck, error, language))
        except RoundingError as error:
            return Failure((place, 1), ROUNDING, error.text(language))
        except DecomposeError as error:
            return Failure((place, 0), ERROR, error.text(language))

    def _as_a_whole(self, number: int, plan: Plan, language: Language) -> Outcome:
        """Solve a plan from nothing, as ``solve`` does."""
        known: Known = {}
        stages: list[Stage] = []
        for place, batch in enumerate(batches_of(plan)):
            found = self._settled(plan, batch, known, place, language)
            if isinstance(found, Failure):
                return Outcome(number, found.status, found.reason)
            stages += found
            known = _after(known, found)
        if _has_stretch(plan):
            try:
                settle_stretch(plan, Settled(plan, tuple(stages), known))
            except InfeasibleError as error:
                higher = stretched(plan)
                stuck = None if higher is None else first_stuck(higher, self._solver)
                return Outcome(number, INFEASIBLE, self._reason(stuck, error, language))
            except DecomposeError as error:
                status = ROUNDING if isinstance(error, RoundingError) else ERROR
                return Outcome(number, status, error.text(language))
        return Outcome(number, SOLVED, "", (Cells.of(stages),) if stages else (), None)

    def _reason(self, stuck: Stuck | None, error: InfeasibleError, language: Language) -> str:
        """Say in one sentence why rules cannot hold together; repairs are not looked for."""
        if stuck is None or not stuck.parts:
            return error.text(language)
        return clash_of(stuck, self._solver)[2].text(language)


def _after(known: Known, stages: Sequence[Stage]) -> Known:
    """Return what is known once some stages are settled."""
    for stage in stages:
        known = together(known, stage)
    return known


def _stretches(one: Indicator) -> bool:
    return any(target.stretch is not None for target in (one.target, *one.group_targets.values()))


def _has_stretch(plan: Plan) -> bool:
    return any(_stretches(one) for one in plan.indicators)
