"""A plan's quotas, batch by batch and, where that is asked, year by year; or an error."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from decompose.build import build
from decompose.errors import InfeasibleError, RoundingError
from decompose.labels import say
from decompose.plan import Indicator, Plan
from decompose.plan.order import Batch, Turn, batches_of, chained
from decompose.plan.ratios import Known
from decompose.problem import Floats, Problem
from decompose.stage import Stage, Task, settle_stage

logger = logging.getLogger("decompose")


@dataclass(frozen=True, eq=False)
class Settled:
    """A plan with its certified quotas, stage by stage: denominators before their ratios.

    Attributes
    ----------
    plan
        What was asked.
    stages
        In the order in which they were settled.
    printed
        Printed values (regions × years) of every indicator that has some, by id.
    gap
        Whether targets that cannot be met gave way.
    """

    plan: Plan
    stages: tuple[Stage, ...]
    printed: Mapping[str, Floats]
    gap: bool = False

    def quotas(self) -> dict[str, Floats]:
        """Return the published numbers of every indicator (regions × years), by id."""
        return self._grids([stage.printed for stage in self.stages])

    def least(self) -> dict[str, Floats]:
        """Return the lesser of each number before and after rounding, by id.

        Rounding may put a number above a growth limit that it met; before it, it met them all.
        """
        return self._grids([np.minimum(stage.solution.x, stage.printed) for stage in self.stages])

    def _grids(self, numbers: Sequence[Floats]) -> dict[str, Floats]:
        found: dict[str, Floats] = {}
        for stage, of_columns in zip(self.stages, numbers, strict=True):
            quota = np.append(of_columns, np.nan)
            for one in stage.built.series:
                column = stage.columns[one.number]
                if (column >= 0).any():
                    found[one.indicator.id] = _merged(found, one.indicator.id, quota[column])
        return found


def settle(
    plan: Plan, *, solver: Any = "highs", floors: Known | None = None, gap: bool = False
) -> Settled:
    """Settle a plan.

    Parameters
    ----------
    plan
        What is asked.
    solver
        See ``solvers.open_solver``.
    floors
        Quotas below which published numbers must not fall, by id.
    gap
        Whether targets give way where a plan cannot be met.

    Raises
    ------
    PlanError
        A ratio has a target, and its denominator comes out as 0.
    InfeasibleError
        The rules cannot hold together.
    RoundingError
        No table in whole steps adds up.
    SolverError
        The solver failed, or its answer broke a rule.
    """
    found: list[Stage] = []
    values: dict[str, Floats] = {}
    for batch in batches_of(plan):
        for stage in settle_batch(plan, batch, values, solver, floors, gap=gap):
            found.append(stage)
            values = together(values, stage)
    return Settled(plan, tuple(found), values, gap)


def problems_of(plan: Plan) -> list[Problem]:
    """Return the problems of a plan's stages, as far as the stages before them can be settled.

    What is settled year by year is there with all years at once; a cut against the year before,
    which may be missed, has no bounds there.
    """
    found: list[Problem] = []
    known: Known = {}
    batches = batches_of(plan)
    for number, batch in enumerate(batches):
        *_, turn = _turns(plan, Batch(batch.indicators))
        found.append(build(plan, batch.indicators, known, turn=turn).problem)
        if number + 1 < len(batches):
            try:
                for stage in settle_batch(plan, batch, known):
                    known = together(known, stage)
            except (InfeasibleError, RoundingError):
                break
    return found


def together(known: Known, stage: Stage) -> dict[str, Floats]:
    """Return what is known with the printed values of a stage."""
    return {**known, **{name: _merged(known, name, own) for name, own in stage.values.items()}}


def _merged(known: Known, name: str, own: Floats) -> Floats:
    """Return the numbers of an indicator, those of an earlier stage where this one has none."""
    return np.where(np.isnan(own), known[name], own) if name in known else own


def settle_batch(
    plan: Plan,
    batch: Batch,
    known: Known,
    solver: Any = "highs",
    floors: Known | None = None,
    *,
    gap: bool = False,
) -> Iterator[Stage]:
    """Settle a batch: all years at once, or one after the other.

    Where years cannot be settled one after the other, because a later year's rules do not allow a
    cut against what is printed, they are settled at once; what is missed is listed. Targets of
    published growth never give way.

    Raises
    ------
    InfeasibleError, RoundingError, SolverError
        As in ``settle``; of published growth, once the stages of the years before are there.
    """
    if growing(plan, batch):
        yield from _year_by_year(plan, batch, known, solver, floors)
        return
    if batch.yearly:
        try:
            yield from list(_year_by_year(plan, batch, known, solver, floors))
            return
        except (InfeasibleError, RoundingError) as error:
            logger.info("not settled year by year: %s", error.code)
    at_once = Task(plan, batch.indicators, known, solver, floors)
    yield settle_stage(at_once, _turns(plan, Batch(batch.indicators)), gap=gap)


def growing(plan: Plan, batch: Batch) -> list[Indicator]:
    """Return the indicators of a batch whose growth is published."""
    members = [plan.indicators[number] for number in batch.indicators]
    return [one for one in members if one.publish == "growth"]


def turn_of(plan: Plan, batch: Batch, settled: int) -> Turn:
    """Return the turn in which a batch gets stuck after so many stages, the last way it can go."""
    *_, turn = _turns(plan, batch if growing(plan, batch) else Batch(batch.indicators), settled)
    return turn


def _turns(plan: Plan, batch: Batch, year: int = 0) -> list[Turn]:
    """Return how a batch is settled: first with every cut against the year before, then without."""
    loose = any(chained(plan.indicators[number]) for number in batch.indicators)
    return [Turn(year, batch.yearly, loose=one) for one in ((False, True) if loose else (False,))]


def _year_by_year(
    plan: Plan, batch: Batch, known: Known, solver: Any, floors: Known | None
) -> Iterator[Stage]:
    for year in range(len(plan.years)):
        try:
            task = Task(plan, batch.indicators, known, solver, floors)
            stage = settle_stage(task, _turns(plan, batch, year))
        except InfeasibleError as error:
            names = [one.label for one in growing(plan, batch)]
            if year == 0 or not names:
                raise
            years = {"year": plan.years[year], "before": plan.years[year - 1]}
            told = say("growth_later_year", indicators=names, **years)
            raise InfeasibleError(told, indicators=error.indicators) from error
        yield stage
        known = together(known, stage)
