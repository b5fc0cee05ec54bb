"""The rule that chooses among feasible quotas: Problem → Solution (DESIGN section 3)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from decompose.errors import InfeasibleError, SolverError
from decompose.fairness.ahead import figures_apart, followed
from decompose.fairness.by_parts import by_parts, kept
from decompose.fairness.by_rank import by_rank, ranked
from decompose.fairness.closed_form import closed_form, strained
from decompose.fairness.faces import LEXIMIN
from decompose.fairness.figures import with_figures_fixed, with_figures_of_groups, with_misses_fixed
from decompose.fairness.growing import with_sums_carried
from decompose.fairness.hybrid import Hybrid
from decompose.fairness.known_sums import with_known_sums
from decompose.fairness.least_absolute import least_absolute
from decompose.fairness.least_cost import least_cost
from decompose.fairness.least_squares import least_squares
from decompose.fairness.part import component_columns, part_of
from decompose.fairness.programs import Chosen, leximin_by_programs
from decompose.fairness.reach import clashing_components, reach_of, reachable
from decompose.fairness.relaxed import Said, relax
from decompose.fairness.shares import with_shares_settled
from decompose.fairness.tied import by_ties
from decompose.labels import say
from decompose.problem import Bools, Floats, Ints, Problem, Solution
from decompose.solvers import Highs, Solver, open_solver

__all__ = ["CLOSED", "PROGRAMS", "answer", "choose", "choose_all"]

RULES: dict[str, Callable[[Problem, Solver], Chosen | None]] = {
    LEXIMIN: leximin_by_programs,
    "least_absolute": least_absolute,
    "least_squares": least_squares,
    "least_cost": least_cost,
}
AMONG_OPTIMA = {"least_absolute": least_absolute, "least_cost": least_cost}
"""Rules with many optima, of which the leximin is taken."""
CLOSED, PROGRAMS = "closed form", "programs"


def choose(problem: Problem, *, solver: Any = "highs") -> Solution:
    """Choose the quotas of a problem, each component by the rule of its indicators.

    Leximin by closed form where it applies, with programs for the stages that have none; by
    successive programs elsewhere. Both routes give the same answer.

    Raises
    ------
    InfeasibleError
        The rules cannot hold together; names the indicators of every component that has no answer.
    SolverError
        The solver failed.
    """
    found, clashing = choose_all(problem, solver=solver)
    if clashing:
        raise InfeasibleError(say("plan_infeasible"), indicators=_clashing(problem, clashing))
    return found


def answer(problem: Problem, *, solver: Any = "highs", closed: bool = True) -> Solution | Problem:
    """Choose as ``choose`` does, or return a part whose rules cannot hold together.

    Parameters
    ----------
    problem, solver
        What is chosen, and how programs are solved.
    closed
        Whether to try the closed form first.
    """
    found, clashing = choose_all(problem, solver=solver, closed=closed)
    return part_of(problem, component_columns(problem, clashing[0])) if clashing else found


def choose_all(
    problem: Problem, *, solver: Any = "highs", closed: bool = True
) -> tuple[Solution, list[int]]:
    """Choose as ``choose`` does, and list the components whose rules cannot hold together.

    Their quotas have no meaning. Parameters as in :func:`answer`.
    """
    for exact in (False, True) if closed else ():
        known = with_known_sums(problem, exact=exact)
        if known is None:
            break
        found, clashing = _choose_all(known.problem, solver)
        if not known.met.any() or (not clashing and known.holds(problem, found.x)):
            return _named_as(problem, known.problem, found, clashing)
    return _choose_all(problem, solver, closed=closed)


def _named_as(
    problem: Problem, other: Problem, found: Solution, clashing: list[int]
) -> tuple[Solution, list[int]]:
    """Give the components of what was chosen of another problem the numbers of this one's.

    Each of its components is within one of this.
    """
    own = np.zeros(int(other.component.max(initial=-1)) + 1, dtype=np.int64)
    own[other.component] = problem.component
    route = [CLOSED] * (int(problem.component.max(initial=-1)) + 1)
    for component, way in zip(own.tolist(), found.route, strict=True):
        route[component] = PROGRAMS if way == PROGRAMS else route[component]
    return replace(found, route=tuple(route)), np.unique(own[clashing]).tolist()


def _choose_all(
    problem: Problem, solver: Any, *, closed: bool = True
) -> tuple[Solution, list[int]]:
    if closed and len(problem.ahead):
        found = _year_first(problem, solver)
        if found is not None:
            return found, []
    x, programs = np.zeros(problem.size), 0
    components = np.ones(int(problem.component.max(initial=-1)) + 1, dtype=bool)
    clashing: list[int] = []
    if closed:
        apart = _in_turn(problem) | ranked(problem)
        x, components, clashing, programs = _closed(problem, solver, apart)
    else:
        components[problem.component[problem.column_indicator]] = False
    route = [CLOSED] * len(components)
    opened = open_solver(solver) if not components.all() else None
    for component in np.flatnonzero(~components).tolist():
        assert opened is not None  # there is a component, or none is opened
        columns = component_columns(problem, component)
        part, rule = part_of(problem, columns), _rule_of(problem, columns)
        if closed and rule in AMONG_OPTIMA:
            chosen = AMONG_OPTIMA[rule](part, opened, partial(_without_levels, solver=opened))
        else:
            chosen = _figures_first(part, opened) if closed and rule == LEXIMIN else None
            chosen = chosen or RULES[rule](part, opened)
        if chosen is None:
            clashing.append(component)
            continue
        x[columns] = chosen.x
        programs += chosen.programs
        route[component] = PROGRAMS if chosen.programs or not closed else CLOSED
    return Solution(x + 0.0, tuple(route), programs), sorted(clashing)


def _year_first(problem: Problem, solver: Any) -> Solution | None:
    """Settle a year without those that are looked ahead to; None where they cannot follow it."""
    own = np.flatnonzero(~problem.looked_ahead)
    if any(problem.fairness[one] != LEXIMIN for one in np.unique(problem.column_indicator)):
        return None
    figure = figures_apart(problem)
    if figure is None:
        return None
    year = part_of(problem, own)
    found, clashing = choose_all(year, solver=solver)
    if clashing:
        return None  # what clashes is told of the whole
    x = problem.reference.copy()
    x[own] = found.x
    all_years = followed(problem, x, figure, open_solver(solver))
    if all_years is None:
        return None
    route = np.full(int(problem.component.max(initial=-1)) + 1, CLOSED, dtype=object)
    by_programs = np.array(found.route, dtype=object)[year.component] == PROGRAMS
    route[problem.component[by_programs]] = PROGRAMS
    return Solution(all_years.x + 0.0, tuple(route.tolist()), found.programs + all_years.programs)


def _figures_first(problem: Problem, solver: Solver) -> Chosen | None:
    """Settle misses and figures by programs, and the cells without; None where that won't do."""
    if not isinstance(solver, Highs):
        return None
    programs = 0
    missed = with_misses_fixed(problem, solver)
    if missed is not None:
        problem, programs = missed
    in_turn = by_rank(problem, partial(_whole, solver=solver))
    if in_turn is not None:
        return Chosen(in_turn.x, programs + in_turn.programs)
    if missed is not None or ranked(problem).any():
        found, right = _without_levels(problem, solver)
        programs += found.programs
        if right:
            return Chosen(found.x, programs)
    if _in_turn(problem).any():
        return None
    for settled in (with_figures_of_groups, with_figures_fixed):
        fixed = settled(problem, solver)
        if fixed is None:
            continue
        found, right = _without_levels(fixed.problem, solver)
        programs += fixed.programs + found.programs
        if right:
            return Chosen(found.x, programs)
    return None


def _whole(problem: Problem, solver: Solver) -> Chosen | None:
    """Choose a part; None where its rules cannot hold together, or its programs fail."""
    try:
        found, clashing = choose_all(problem, solver=solver)
    except SolverError:
        return None
    return None if clashing else Chosen(found.x, found.programs)


def _without_levels(problem: Problem, solver: Solver) -> tuple[Chosen, bool]:
    """Choose without a program for each level, and tell whether that did."""
    x, right, clashing, programs = _closed(problem, solver, _in_turn(problem))
    own = right[problem.component[problem.column_indicator]]
    return Chosen(x, programs), not clashing and bool(own.all())


def _rule_of(problem: Problem, columns: Ints) -> str:
    """Return the rule by which a component is chosen (its indicators have the same one)."""
    return problem.fairness[problem.column_indicator[columns[0]]] if len(columns) else LEXIMIN


def _closed(problem: Problem, solver: Any, apart: Bools) -> tuple[Floats, Bools, list[int], int]:
    """Return the closed form's values, the components that need no program, and its programs.

    Its values are right there, but for the components, listed third, whose rules clash. Those that
    are apart are not settled by ties and parts.

    Programs are for the stages that have no closed form, and for HiGHS alone: the duals of other
    solvers come with too few digits.
    """
    able = np.array([rule == LEXIMIN for rule in problem.fairness])
    able[problem.column_indicator[problem.signed]] = False
    able[problem.column_indicator[problem.ahead]] = False  # they have no burden
    problem = with_sums_carried(problem)
    boxes = problem.lower, problem.upper
    said = Said(problem.rules.figure, *boxes)
    relaxed = relax(problem, said)
    reach = reach_of(relaxed)
    ends = reach.ends(problem)
    clashing = clashing_components(problem, ends)
    able[np.isin(problem.component, clashing)] = False
    moved = reachable(problem, ends)
    if moved is not problem or ends.beyond(relaxed.figure):
        yields, problem = problem.rules.yields, moved
        said = Said(np.where(yields, moved.rules.figure, said.figure), *reach)
        relaxed = relax(moved, said)
        if yields.any():
            able[_compared(problem, said.figure, relaxed.figure)] = False
    figure = relaxed.figure
    settled = with_shares_settled(problem, figure)
    problem, sums = settled.problem, settled.sums
    if len(sums):
        relaxed = relax(problem, said)
        both = ~(np.isnan(relaxed.figure) | np.isnan(figure))
        other = both & (relaxed.figure != figure)
        able[problem.rules.indicator[sums[other[sums]]]] = False
    x, solved = closed_form(relaxed.chains)
    rest, programs = able[relaxed.owner] & ~solved, 0
    if rest.any():
        here = np.flatnonzero(rest[relaxed.chains.part])
        tied = strained(relaxed.chains.take(here))
        rest[: len(tied)] &= ~tied
    if rest.any() and isinstance(highs := open_solver(solver), Highs):
        hybrid = Hybrid(highs)
        here = np.flatnonzero(rest[relaxed.chains.part])
        x[here], found = hybrid.solve(relaxed.chains.take(here))
        solved[: len(found)] |= rest[: len(found)] & found
        programs = hybrid.programs

    values = relaxed.columns(x)
    fit = _flags(problem, problem.component[~able])
    able[relaxed.owner[~solved]] = False
    able[problem.rules.indicator[~kept(problem, values, relaxed.figure)]] = False
    right = _flags(problem, problem.component[~able])
    wanted = fit & ~right & ~apart
    if wanted.any():
        highs = open_solver(solver)
        at_hand = highs if isinstance(highs, Highs) else None
        ties = by_ties(problem, said, relaxed, values, ~solved, wanted, at_hand)
        of_done = ties.done[problem.component[problem.column_indicator]]
        values, programs = np.where(of_done, ties.values, values), programs + ties.programs
        right, wanted = right | ties.done, wanted & ~ties.done
    if wanted.any() and isinstance(highs := open_solver(solver), Highs):
        parts = by_parts(problem, relaxed, values, ~solved, wanted, highs)
        values, right, programs = parts.values, right | parts.done, programs + parts.programs
    right &= _flags(problem, problem.component[problem.rules.indicator[settled.missed(values)]])
    right[clashing] = True
    return np.clip(values, *boxes), right, clashing.tolist(), programs


def _flags(problem: Problem, components: Ints) -> Bools:
    """Flag every component but these."""
    flags = np.ones(int(problem.component.max(initial=-1)) + 1, dtype=bool)
    flags[components] = False
    return flags


def _in_turn(problem: Problem) -> Bools:
    """Flag the components whose parts cannot be settled with all figures held.

    Columns are looked ahead to; or figures that may be missed come after other cells.
    """
    rules = problem.rules
    found = np.zeros(int(problem.component.max(initial=-1)) + 1, dtype=bool)
    found[problem.component[problem.column_indicator[problem.ahead]]] = True
    rank = problem.rank
    first = np.full(len(found), np.iinfo(np.int64).max)
    np.minimum.at(first, problem.component, rank)
    open_ = ~np.isnan(rules.figure) & (rules.lower < rules.upper)
    own = problem.component[rules.indicator[open_]]
    found[own[rank[rules.indicator[open_]] > first[own]]] = True
    return found


def _compared(problem: Problem, said: Floats, agreed: Floats) -> Ints:
    """List the indicators where figures out of reach stand beside figures that do not add up.

    How far a sum is from each of several figures must be measured from what is said, not from how
    far it can reach.
    """
    moved, settled = (
        problem.component[problem.rules.indicator[~np.isnan(said) & (one != problem.rules.figure)]]
        for one in (said, agreed)
    )
    return np.flatnonzero(np.isin(problem.component, np.intersect1d(moved, settled)))


def _clashing(problem: Problem, components: list[int]) -> list[str]:
    """Return the ids of the indicators of components that have no answer.

    A rule without columns clashes with nothing but itself.
    """
    rules = problem.rules
    bare = rules.matrix.counts == 0
    bare &= ~rules.yields & ((rules.lower > 0) | (rules.upper < 0))
    if bare.any():
        components = problem.component[rules.indicator[bare]].tolist()
    concerned = np.flatnonzero(np.isin(problem.component, components)).tolist()
    return [problem.indicators[number] for number in concerned]
