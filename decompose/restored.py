"""Quotas that are known already, as a Settled: certified as if they had just been found.

Nothing is solved. The stages are built again from the plan, each with the printed values of those
before it, and both certificates run: exact numbers against every rule, printed ones in whole
steps.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from decompose.anchor import Anchor
from decompose.build import Built, at_rates
from decompose.choosing import Task
from decompose.errors import Mistake, PlanError
from decompose.fairness.giving import missed
from decompose.labels import Message, say
from decompose.plan import Plan
from decompose.plan.order import Batch, Turn, batches_of
from decompose.plan.ratios import Known
from decompose.plan.steps import snap_of
from decompose.problem import Bools, Floats, Ints, Solution
from decompose.settle import Settled, growing, together, turns_at
from decompose.stage import MOST_STEPS, Stage, known_stage
from decompose.taken import tiers_of


@dataclass(frozen=True)
class Way:
    """How a stage was settled.

    Attributes
    ----------
    route, programs
        As of ``Solution``.
    gave_way
        Ids of the indicators with targets that gave way.
    year
        The year that it settled; None of all years at once.
    loose
        Whether cuts and rises against the year before could be missed.
    """

    route: tuple[str, ...] = ()
    programs: int = 0
    gave_way: tuple[str, ...] = ()
    year: int | None = None
    loose: bool = False

    @staticmethod
    def of(stage: Stage) -> Way:
        """Return how a stage was settled."""
        problem, gone = stage.problem, stage.missed != 0
        numbers = np.unique(problem.rules.indicator[gone]).tolist()
        names = tuple(problem.indicators[number] for number in numbers)
        turn, solution = stage.built.turn, stage.solution
        year = problem.years[turn.year] if turn.yearly else None
        return Way(solution.route, solution.programs, names, year, turn.loose)


def restored(
    plan: Plan,
    exact: Known,
    quotas: Known,
    *,
    ways: Sequence[Way] = (),
    base: Settled | None = None,
    instead: Known | None = None,
    anchor: Anchor | None = None,
) -> Settled:
    """Make a Settled of known quotas.

    Parameters
    ----------
    plan
        Of which they are the quotas.
    exact, quotas
        Published numbers before and after rounding, by indicator id: regions × years, in the
        printed unit; NaN where there is none.
    ways
        How each stage was settled, in the order of the stages; not known where there are none.
    base
        Base quotas that these, stretch quotas, keep to as far as they can.
    instead
        By id, what they keep to in the place of base quotas that are out of reach: see ``Held``.
    anchor
        What stood before them: rules hold as far as it reaches.

    Raises
    ------
    PlanError
        A cell has no number, or one off the grid, or a number has no cell.
    SolverError
        The numbers break a rule of the plan.
    """
    found: list[Stage] = []
    values: dict[str, Floats] = {}
    columns: dict[str, Bools] = {}
    held = None if base is None else base.held()._replace(settled=instead or {})
    for batch, told in in_batches(plan, ways):
        yearly = batch if told[0].year is not None else Batch(batch.indicators)
        for turn, way in zip(turns_at(plan, yearly, exact), told, strict=True):
            turn = replace(turn, loose=way.loose)
            task = Task(plan, batch.indicators, values, held=held, anchor=anchor)
            stage = _stage(task, turn, (exact, quotas), way, base)
            found.append(stage)
            values = together(values, stage)
            for one in stage.built.series:
                name, own = one.indicator.id, stage.columns[one.number] >= 0
                columns[name] = columns.get(name, np.zeros(own.shape, dtype=bool)) | own
    _refuse(
        [
            cell
            for name, grid in quotas.items()
            for cell in _cells(plan, name, ~np.isnan(grid) & ~columns.get(name, np.isnan(grid)))
        ],
        "kept_no_cell",
    )
    return Settled(plan, tuple(found), values, base, any(way.gave_way for way in ways), anchor)


def in_batches(plan: Plan, ways: Sequence[Way]) -> list[tuple[Batch, list[Way]]]:
    """Tell how each batch was settled: in one stage, or in one for every year.

    Where nothing is told, published growth year by year, and the rest at once.

    Raises
    ------
    ValueError
        What is told does not fit the plan.
    """
    left = list(ways)
    found = []
    for batch in batches_of(plan):
        years: Sequence[int | None] = plan.years if growing(plan, batch) else (None,)
        if left and batch.yearly and left[0].year is not None:
            years = plan.years
        own = left[: len(years)] if ways else [Way(year=year) for year in years]
        if [way.year for way in own] != list(years):
            raise ValueError(own)
        left = left[len(years) :]
        found.append((batch, own))
    if left:
        raise ValueError(left)
    return found


def _stage(
    task: Task, turn: Turn, numbers: tuple[Known, Known], way: Way, base: Settled | None
) -> Stage:
    """Build a stage again, and certify its numbers: those of the columns whose turn it is."""
    plan, anchor = task.plan, task.anchor
    yields = [number for number in task.indicators if plan.indicators[number].id in way.gave_way]
    exact, quotas = numbers
    built = task.built(turn, yields)
    tiers = tiers_of(built, exact)
    if tiers or task.held is not None:
        built = task.built(turn, yields, tiers, task.held)
    built = at_rates(built)
    x = _found(plan, built, exact)
    below, above = missed(built.problem, x)
    built = built.opened(below, above)
    solution = Solution(x, way.route, way.programs)
    return known_stage(
        plan,
        built,
        solution,
        _in_steps(plan, built, quotas),
        below.astype(np.int64) - above,
        anchor=anchor,
        base=None if base is None else base.quotas(),
    )


def _found(plan: Plan, built: Built, grids: Known) -> Floats:
    """Return the numbers of the columns whose turn it is, every one of which must be there.

    Later years stand at their references: a later stage has their numbers.
    """
    numbers = built.columns_of(grids)
    _refuse(_columns(plan, built, built.final & np.isnan(numbers)), "kept_no_number")
    return np.where(built.final, numbers, built.problem.reference)


def _in_steps(plan: Plan, built: Built, quotas: Known) -> Ints:
    numbers = _found(plan, built, quotas) / built.problem.step
    steps = np.rint(numbers)
    off = (np.abs(numbers - steps) > snap_of(steps)) | (np.abs(numbers) > MOST_STEPS)
    _refuse(_columns(plan, built, off & built.final), "kept_off_grid")
    return steps.astype(np.int64)


def _columns(plan: Plan, built: Built, wrong: Bools) -> list[tuple[str, str, int]]:
    """Name the cells of some columns: indicator, region, year."""
    problem, rows = built.problem, np.flatnonzero(wrong)
    labels = (problem.column_indicator, problem.column_region, problem.column_year)
    cells = zip(*(values[rows].tolist() for values in labels), strict=True)
    return [
        (plan.indicators[one].id, plan.region_names[region], plan.years[year])
        for one, region, year in cells
    ]


def _cells(plan: Plan, name: str, wrong: Bools) -> list[tuple[str, str, int]]:
    return [
        (name, plan.region_names[region], plan.years[year])
        for region, year in np.argwhere(wrong).tolist()
    ]


def _refuse(cells: list[tuple[str, str, int]], code: str) -> None:
    """Raise an error that names every cell, if there are any."""
    mistakes = [Mistake(_told(code, *cell), ("quotas", *map(str, cell))) for cell in cells]
    if mistakes:
        raise PlanError(say("kept_wrong", count=len(mistakes)), mistakes)


def _told(code: str, indicator: str, region: str, year: int) -> Message:
    return say(code, indicator=indicator, region=region, year=year)
