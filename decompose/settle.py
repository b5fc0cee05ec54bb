"""A plan's quotas, batch by batch and, where that is asked, year by year; or an error."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from decompose.anchor import Anchor, Place, standing_excess
from decompose.build import build
from decompose.choosing import Task
from decompose.errors import InfeasibleError, RoundingError
from decompose.labels import say
from decompose.plan import Indicator, Plan
from decompose.plan.better import Held, less_is_better
from decompose.plan.order import Batch, Turn, batches_of, chained
from decompose.plan.ratios import Known
from decompose.problem import Floats, Problem
from decompose.rounding import Shift
from decompose.stage import Stage, settle_stage

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
    base
        Base quotas that these, stretch quotas, had not to fall behind.
    gap
        Whether targets that cannot be met gave way.
    anchor
        What stood before, and was left as little as the rules allow.
    """

    plan: Plan
    stages: tuple[Stage, ...]
    printed: Mapping[str, Floats]
    base: Settled | None = None
    gap: bool = False
    anchor: Anchor | None = None

    @property
    def shifts(self) -> tuple[Shift, ...]:
        """Sums and quotas that rounding could not leave beside their exact values."""
        return tuple(shift for stage in self.stages for shift in stage.shifts)

    def quotas(self) -> dict[str, Floats]:
        """Return the published numbers of every indicator (regions × years), by id."""
        return self._laid_out([stage.printed for stage in self.stages])

    def held(self) -> Held:
        """Return what stretch quotas keep to before rounding: the base quotas before rounding.

        A printed quota may be beyond a growth limit, by rounding.
        """
        falling = frozenset(one.id for one in self.plan.indicators if less_is_better(one))
        return Held(self.exact(), falling)

    def exact(self) -> dict[str, Floats]:
        """Return the published numbers before rounding (regions × years), by id."""
        return self._laid_out([stage.solution.x for stage in self.stages])

    def _laid_out(self, columns: Sequence[Floats]) -> dict[str, Floats]:
        """Lay the columns of stages out by indicator, each year from the stage that settled it."""
        found: dict[str, Floats] = {}
        for stage, numbers in zip(self.stages, columns, strict=True):
            every = np.append(numbers, np.nan)
            for one in stage.built.series:
                name, column = one.indicator.id, stage.columns[one.number]
                if (column >= 0).any():
                    found[name] = _merged(found, name, every[column])
        return found

    def standing(self) -> Anchor:
        """Return the quotas as what stands, with what rounding has put beyond the rules."""
        excess: dict[Place, float] = {}
        for stage in self.stages:
            excess |= standing_excess(
                stage.built, stage.printed, stage.missed, ~stage.built.waiting
            )
        return Anchor(self.quotas(), excess)


def settle(
    plan: Plan,
    *,
    solver: Any = "highs",
    base: Settled | None = None,
    gap: bool = False,
    anchor: Anchor | None = None,
) -> Settled:
    """Settle a plan.

    Parameters
    ----------
    plan
        What is asked.
    solver
        See ``solvers.open_solver``.
    base
        Base quotas that stretch quotas must not fall behind; where they must, the largest
        shortfall, relative to its base quota, is as small as can be, then the next.
    gap
        Whether targets give way where a plan cannot be met.
    anchor
        What stands: it changes as little as the rules allow.

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
        for stage in settle_batch(plan, batch, values, solver, base, gap=gap, anchor=anchor):
            found.append(stage)
            values = together(values, stage)
    return Settled(plan, tuple(found), values, base, gap, anchor)


def settle_again(settled: Settled, plan: Plan, indicator: int) -> Settled:
    """Settle the batch of an indicator under a plan that differs by a figure of that batch.

    Parameters
    ----------
    settled
        The quotas as they are.
    plan
        The changed plan.
    indicator
        Index of the indicator.

    Returns
    -------
    The stages of that batch alone: what was settled before it stays, what comes after is left out.

    Raises
    ------
    InfeasibleError, RoundingError, SolverError
        As :func:`settle`.
    """
    batch = next(one for one in batches_of(settled.plan) if indicator in one.indicators)
    known: dict[str, Floats] = {}
    for stage in settled.stages:
        if any(one.number in batch.indicators for one in stage.built.series):
            break
        known = together(known, stage)
    base, gap, anchor = settled.base, settled.gap, settled.anchor
    found = tuple(settle_batch(plan, batch, known, base=base, gap=gap, anchor=anchor))
    values: dict[str, Floats] = {}
    for stage in found:
        values = together(values, stage)
    return Settled(plan, found, values, base, gap, anchor)


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
    base: Settled | None = None,
    *,
    gap: bool = False,
    anchor: Anchor | None = None,
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
    printed = None if base is None else base.quotas()
    held = None if base is None else base.held()
    task = Task(plan, batch.indicators, known, solver, held, anchor)
    if growing(plan, batch):
        yield from _year_by_year(task, batch, printed)
        return
    if batch.yearly:
        try:
            yield from list(_year_by_year(task, batch, printed))
            return
        except (InfeasibleError, RoundingError) as error:
            logger.info("not settled year by year: %s", error.code)
    yield settle_stage(task, _turns(plan, Batch(batch.indicators)), printed, gap=gap)


def growing(plan: Plan, batch: Batch) -> list[Indicator]:
    """Return the indicators of a batch whose growth is published."""
    members = [plan.indicators[number] for number in batch.indicators]
    return [one for one in members if one.publish == "growth"]


def turns_at(plan: Plan, batch: Batch, numbers: Known, *, loose: bool = False) -> list[Turn]:
    """Return the turns in which a batch came to numbers that are known (regions × years, by id).

    Growth over several years is looked at where it stands.
    """
    names = [one.id for one in growing(plan, batch) if one.id in numbers]
    years = range(len(plan.years)) if batch.yearly else (0,)
    return [
        Turn(year, batch.yearly, loose, {name: numbers[name][:, year] for name in names})
        for year in years
    ]


def turn_of(plan: Plan, batch: Batch, settled: int) -> Turn:
    """Return the turn in which a batch gets stuck after so many stages, the last way it can go."""
    *_, turn = _turns(plan, batch if growing(plan, batch) else Batch(batch.indicators), settled)
    return turn


def _turns(plan: Plan, batch: Batch, year: int = 0) -> list[Turn]:
    """Return how a batch is settled: first with every cut against the year before, then without."""
    loose = any(chained(plan.indicators[number]) for number in batch.indicators)
    return [Turn(year, batch.yearly, loose=one) for one in ((False, True) if loose else (False,))]


def _year_by_year(task: Task, batch: Batch, base: Known | None) -> Iterator[Stage]:
    plan = task.plan
    for year in range(len(plan.years)):
        try:
            stage = settle_stage(task, _turns(plan, batch, year), base)
        except InfeasibleError as error:
            names = [one.label for one in growing(plan, batch)]
            if year == 0 or not names:
                raise
            years = {"year": plan.years[year], "before": plan.years[year - 1]}
            told = say("growth_later_year", indicators=names, **years)
            raise InfeasibleError(told, indicators=error.indicators) from error
        yield stage
        task = replace(task, known=together(task.known, stage))
