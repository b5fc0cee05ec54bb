"""A solved plan, and what its scenarios need not solve again.

Indicators that no change reaches have the quotas of the plan itself: neither the rule that
chooses nor rounding looks from one component to another.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain
from typing import Any

from decompose.errors import DecomposeError, InfeasibleError, PlanError, RoundingError
from decompose.explain.diagnosis import clash_of
from decompose.explain.stuck import Stuck, first_stuck, stuck_at
from decompose.explain.stuck import parts_of as clashing
from decompose.labels import Language
from decompose.plan import Indicator, Plan
from decompose.plan.order import Batch, batches_of, beside
from decompose.plan.quick import (
    by_indicator,
    changed_indicator,
    joined,
    parts_of,
    with_indicators,
)
from decompose.plan.ratios import Known
from decompose.plan.stretched import stretched
from decompose.scenario.model import Scenario
from decompose.scenario.outcome import (
    ERROR,
    INFEASIBLE,
    ROUNDING,
    SOLVED,
    Cells,
    Failure,
    Outcome,
    Part,
)
from decompose.scenario.together import Clash, Order, settle_together
from decompose.settle import Settled, settle_batch, together
from decompose.solvers import open_solver
from decompose.stage import Stage
from decompose.stretch import settle_stretch

REMEMBERED = 200
"""How many changed parts of a plan are kept: combinations of scenarios use them again. Of what is
quickly made anew (changed indicators), as many."""
PLAIN = (str, int, float, type(None))
"""Values that tell by themselves whether two changes are the same."""


@dataclass(eq=False)
class _Job:
    """What is being settled again, stage by stage.

    Attributes
    ----------
    plan, reached
        The changed plan, and the indices of the indicators that are not what they were.
    known
        Printed values of what is settled.
    cells, replaced
        As in ``Part``.
    failure
        What ended it.
    """

    plan: Plan
    reached: set[int]
    known: Known = field(default_factory=dict)
    cells: list[Cells] = field(default_factory=list)
    replaced: set[int] = field(default_factory=set)
    failure: Failure | None = None

    def take(
        self,
        indicators: Sequence[int],
        stages: Sequence[Stage] | Failure,
        before: Sequence[Stage],
    ) -> None:
        """Go on from what was settled again, if anything was; ``before`` is the plan's own."""
        if isinstance(stages, Failure):
            self.failure = stages
            return
        self.known = {**_after(self.known, before), **_after({}, stages)}
        if stages:
            self.cells.append(Cells.of(stages))
            self.reached.update(indicators)
            self.replaced.update(indicators)


Key = tuple[object, ...]
"""A language, and what is different of each changed indicator of a part."""


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
        self._known: dict[Key, Part | Failure] = {}
        self._scaled: dict[Key, dict[str, Any]] = {}
        self._changed: dict[Key, Indicator | None] = {}
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

    def outcomes(
        self, scenarios: Sequence[tuple[int, Scenario]], language: Language
    ) -> list[Outcome]:
        """Solve scenarios, each with its number; what is alike is settled side by side."""
        asked: list[Outcome | list[Key]] = []
        jobs: dict[Key, _Job] = {}
        settled: dict[Key, Part | Failure] = {}
        for number, scenario in scenarios:
            try:
                changes = self._changes_of(scenario)
                found = self._jobs(changes, language) if self._stages else None
                if found is None:
                    plan = self.plan.with_changes(changes)
                    asked.append(self._as_a_whole(number, plan, language))
                    continue
            except PlanError as error:
                asked.append(Outcome(number, ERROR, error.text(language)))
                continue
            for key, job in found.items():
                if isinstance(job, _Job):
                    jobs.setdefault(key, job)
                else:
                    settled[key] = job
            asked.append(list(found))
        settled |= self._done(jobs, language)
        return [
            _outcome(number, [settled[key] for key in one]) if isinstance(one, list) else one
            for (number, _), one in zip(scenarios, asked, strict=True)
        ]

    def _jobs(
        self, changes: Mapping[str, Any], language: Language
    ) -> dict[Key, Part | Failure | _Job] | None:
        """List what the changes reach, part by part, settled before or to be settled.

        None where that is not enough.
        """
        by_number = by_indicator(self.plan, changes)
        if by_number is None:
            return None
        changed: dict[int, Indicator] = {}
        told: dict[int, object] = {}
        for number in sorted(by_number):
            one, told[number] = self._indicator(number, by_number[number])
            if one is None or _stretches(one):
                return None
            changed[number] = one
        found: dict[Key, Part | Failure | _Job] = {}
        for part in dict.fromkeys(self._parts[number] for number in changed):
            own = {number: one for number, one in changed.items() if number in part}
            key = (language, *(told[number] for number in own))
            settled = self._known.pop(key, None)
            if settled is not None:
                self._known[key] = found[key] = settled  # the latest last
                continue
            plan = with_indicators(self.plan, own, part)
            if plan is None:
                return None
            found[key] = _Job(plan, set(own))
        return found

    def _changes_of(self, scenario: Scenario) -> dict[str, Any]:
        """Return a scenario as changes; each factor is multiplied out once for all scenarios."""
        if scenario.changes or scenario.drop:
            return scenario.changes_of(self.plan)
        found: dict[str, Any] = {}
        for factor in scenario.factors(self.plan).items():
            if factor not in self._scaled:
                alone = replace(scenario, scale=dict([factor]))
                _remember(self._scaled, factor, alone.changes_of(self.plan))
            found |= self._scaled[factor]
        return found

    def _indicator(
        self, number: int, changes: Mapping[str, Any]
    ) -> tuple[Indicator | None, object]:
        """Return a changed indicator, as ``changed_indicator``, and what tells it from others."""
        if not all(isinstance(value, PLAIN) for value in changes.values()):
            one = changed_indicator(self.plan, number, changes)
            return one, (number, one)
        key = number, *((path, type(value), value) for path, value in changes.items())
        if key not in self._changed:
            _remember(self._changed, key, changed_indicator(self.plan, number, changes))
        return self._changed[key], key

    def _done(self, jobs: Mapping[Key, _Job], language: Language) -> dict[Key, Part | Failure]:
        """Settle what changes reach, batch by batch; the rest stays."""
        later = {number for batch in self._order for number in batch.indicators}
        for place, batch in enumerate(self._order):
            later.difference_update(batch.indicators)
            waiting = [job for job in jobs.values() if job.failure is None]
            orders = [
                Order(job.plan, self._reached(batch, job.reached - later), job.known)
                for job in waiting
            ]
            stages = self._stages_of(
                [one for one in orders if one.batch.indicators], place, language
            )
            for job, order in zip(waiting, orders, strict=True):
                own = next(stages) if order.batch.indicators else ()
                job.take(order.batch.indicators, own, self._stages[place])
        found: dict[Key, Part | Failure] = {}
        for key, job in jobs.items():
            found[key] = job.failure or Part(tuple(job.cells), frozenset(job.replaced))
            _remember(self._known, key, found[key])
        return found

    def _reached(self, batch: Batch, reached: set[int]) -> Batch:
        """Return what has to be settled again of a batch: no later one has a say in it."""
        here = frozenset(batch.indicators)
        first = {one for one in here if one in reached or self._beside[one] & reached}
        indicators = sorted(joined([others & here for others in self._beside], first))
        return Batch(tuple(indicators), batch.yearly & frozenset(indicators))

    def _stages_of(
        self, orders: Sequence[Order], place: int, language: Language
    ) -> Iterator[Sequence[Stage] | Failure]:
        """Settle batches side by side, and those alone that need it."""
        for order, found in zip(orders, settle_together(orders, self._solver), strict=True):
            if isinstance(found, Stage):
                yield [found]
            elif isinstance(found, Clash) and (parts := clashing(found.built, self._solver)):
                stuck = Stuck(order.plan, order.known, found.built.turn, found.built, parts)
                reason = clash_of(stuck, self._solver)[2].text(language)
                yield Failure((place, 0), INFEASIBLE, reason)
            else:
                yield self._settled(*order, place, language)

    def _settled(
        self, plan: Plan, batch: Batch, known: Known, place: int, language: Language
    ) -> list[Stage] | Failure:
        stages: list[Stage] = []
        after = known
        try:
            for stage in settle_batch(plan, batch, known, self._solver):
                stages.append(stage)
                after = together(after, stage)
            return stages
        except InfeasibleError as error:
            stuck = stuck_at(plan, batch, after, len(stages), self._solver)
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


def _remember(known: dict[Key, Any], key: Key, value: object) -> None:
    """Keep one more, and let the oldest go."""
    while len(known) >= REMEMBERED:
        del known[next(iter(known))]
    known[key] = value


def _outcome(number: int, found: Sequence[Part | Failure]) -> Outcome:
    """Put together what became of a scenario's parts."""
    failures = [one for one in found if isinstance(one, Failure)]
    if failures:
        first = min(failures, key=lambda one: one.turn)
        return Outcome(number, first.status, first.reason)
    parts = [one for one in found if isinstance(one, Part)]
    replaced = frozenset().union(*(one.replaced for one in parts))
    return Outcome(number, SOLVED, "", tuple(c for one in parts for c in one.cells), replaced)


def _after(known: Known, stages: Sequence[Stage]) -> Known:
    """Return what is known once some stages are settled."""
    for stage in stages:
        known = together(known, stage)
    return known


def _stretches(one: Indicator) -> bool:
    return any(target.stretch is not None for target in (one.target, *one.group_targets.values()))


def _has_stretch(plan: Plan) -> bool:
    return any(_stretches(one) for one in plan.indicators)
