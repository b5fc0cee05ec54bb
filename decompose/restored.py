"""Quotas that are known already, as a Settled: certified as if they had just been found.

Nothing is solved. The stages are built again from the plan, each with the printed values of those
before it, and both certificates run: exact numbers against every rule, printed ones in whole
steps.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from decompose.anchor import Anchor
from decompose.build import Built, build
from decompose.certificate import certify_exact, certify_quotas
from decompose.errors import Mistake, PlanError
from decompose.fairness.giving import missed
from decompose.labels import Message, say
from decompose.plan import Plan
from decompose.plan.order import stages_of
from decompose.plan.ratios import Known
from decompose.plan.steps import SNAP
from decompose.printed import to_safe_side
from decompose.problem import AREA, Bools, Floats, Ints, Problem, Solution
from decompose.rounding import counted
from decompose.settle import Settled, Stage, certified_stage, held_in_print, table_of
from decompose.taken import BY_HAND, MOST_STEPS, taken_stage, tiers_of


@dataclass(frozen=True)
class Way:
    """How a stage was settled.

    Attributes
    ----------
    route, programs
        As of ``Solution``.
    gave_way
        Ids of the indicators with targets that gave way.
    """

    route: tuple[str, ...] = ()
    programs: int = 0
    gave_way: tuple[str, ...] = ()

    @staticmethod
    def of(stage: Stage) -> Way:
        """Return how a stage was settled."""
        problem, gone = stage.problem, stage.missed != 0
        numbers = np.unique(problem.rules.indicator[gone]).tolist()
        names = tuple(problem.indicators[number] for number in numbers)
        return Way(stage.solution.route, stage.solution.programs, names)


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
    stages = stages_of(plan)
    told = list(ways) or [Way()] * len(stages)
    found: list[Stage] = []
    values: dict[str, Floats] = {}
    columns: dict[str, Bools] = {}
    for indicators, way in zip(stages, told, strict=True):
        stage = _stage(plan, indicators, values, (exact, quotas), way, base, instead or {}, anchor)
        found.append(stage)
        values.update(stage.values)
        for one in stage.built.series:
            columns[one.indicator.id] = stage.built.columns[one.number] >= 0
    _refuse(
        [
            cell
            for name, grid in quotas.items()
            for cell in _cells(plan, name, ~np.isnan(grid) & ~columns.get(name, np.isnan(grid)))
        ],
        "kept_no_cell",
    )
    return Settled(plan, tuple(found), values, base, any(way.gave_way for way in told), anchor)


def _stage(
    plan: Plan,
    indicators: Collection[int],
    known: Known,
    numbers: tuple[Known, Known],
    way: Way,
    base: Settled | None,
    instead: Known,
    anchor: Anchor | None,
) -> Stage:
    """Build a stage again, and certify its numbers."""
    if BY_HAND in way.route:
        return _by_hand(plan, indicators, known, numbers[1], way, base)
    yields = [number for number in indicators if plan.indicators[number].id in way.gave_way]
    exact, quotas = numbers
    bare = build(plan, indicators, known, yields=yields)
    x = _found(plan, bare, exact)
    held = None if base is None else base.held()._replace(settled=instead)
    built = build(plan, indicators, known, tiers_of(bare, exact), held, yields)
    below, above = missed(built.problem, x)
    built = built.opened(below, above)
    leaned = built.problem if anchor is None else anchor.lean(built)
    certify_exact(leaned, x)
    problem = built.problem
    if base is not None:
        problem = held_in_print(built, x, base, np.zeros(problem.size, dtype=bool))
    steps = _in_steps(plan, built, quotas)
    _certify_sums(problem, steps)
    tabulated = table_of(plan, problem, to_safe_side(built, x))
    rounded = counted(tabulated.table, steps)
    solution = Solution(x, way.route, way.programs)
    table, missing = (problem, tabulated, rounded), below.astype(np.int64) - above
    return certified_stage(plan, built, solution, table, missing, leaned=leaned.rules)


def _by_hand(
    plan: Plan,
    indicators: Collection[int],
    known: Known,
    quotas: Known,
    way: Way,
    base: Settled | None,
) -> Stage:
    """Take a stage over once more: its numbers were never solved for."""
    taken = taken_stage(plan, indicators, known, quotas, base=base, gave_way=way.gave_way)
    built = taken.stage.built
    _found(plan, built, quotas)
    _in_steps(plan, built, quotas)
    excess = taken.stage.excess.copy()
    excess[taken.broken] = 0.0
    certify_quotas(taken.stage.problem, taken.stage.quotas, excess)
    return taken.stage


def _certify_sums(problem: Problem, steps: Ints) -> None:
    """Name the first rule that rounding could not have broken, and is."""
    firm = problem.rules.whole & (problem.rules.scope >= AREA)
    certify_quotas(problem, steps, np.where(firm, 0.0, MOST_STEPS))


def _found(plan: Plan, built: Built, grids: Known) -> Floats:
    """Return the numbers of the columns; every one must be there."""
    numbers = built.columns_of(grids)
    _refuse(_columns(plan, built, np.isnan(numbers)), "kept_no_number")
    return numbers


def _in_steps(plan: Plan, built: Built, quotas: Known) -> Ints:
    numbers = _found(plan, built, quotas) / built.problem.step
    steps = np.rint(numbers)
    off = (np.abs(numbers - steps) > SNAP) | (np.abs(numbers) > MOST_STEPS)
    _refuse(_columns(plan, built, off), "kept_off_grid")
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
