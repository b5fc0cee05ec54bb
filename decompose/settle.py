"""Build → choose → round → certify: a plan's quotas, or an error and no quotas."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

import numpy as np

from decompose.build import Built, build
from decompose.certificate import certify_exact, certify_quotas, own_step
from decompose.fairness import choose
from decompose.plan import Plan
from decompose.problem import AREA, WHOLE, Floats, Ints, Problem, Solution
from decompose.rounding.round import round_table
from decompose.rounding.table import Rounded
from decompose.rounding.tabulate import Tabulated, tabulate

logger = logging.getLogger("decompose")


@dataclass(frozen=True, eq=False)
class Settled:
    """A plan with its certified quotas.

    Attributes
    ----------
    plan, built
        What was asked, and as arrays.
    solution
        The exact answer.
    quotas
        Whole steps per column.
    moved
        Rules on sums (of groups that cross) that rounding misses by one step.
    excess
        By how much rounding breaks each rule, in steps of its indicator; 0 where it is kept.
    """

    plan: Plan
    built: Built
    solution: Solution
    quotas: Ints
    moved: Ints
    excess: Floats

    @property
    def problem(self) -> Problem:
        """The plan as arrays."""
        return self.built.problem


def settle(plan: Plan, *, solver: Any = "highs") -> Settled:
    """Settle a plan.

    Raises
    ------
    InfeasibleError
        The rules cannot hold together.
    RoundingError
        No table in whole steps adds up.
    SolverError
        The solver failed, or its answer broke a rule.
    """
    built = build(plan)
    problem = built.problem
    solution = choose(problem, solver=solver)
    certify_exact(problem, solution.x)
    tabulated = tabulate(
        problem,
        solution.x,
        printed_groups=[k for k, group in enumerate(plan.groups.values()) if group.subtotal],
        flows=[k for k, one in enumerate(plan.indicators) if one.kind == "flow"],
        strict=[k for k, one in enumerate(plan.indicators) if one.strict],
    )
    rounded = round_table(tabulated.table)
    moved = _moved_rules(problem, tabulated, rounded)
    excess = np.zeros(len(problem.rules))
    excess[tabulated.tie_rules] = rounded.excess
    certify_quotas(problem, rounded.quotas, moved, excess)
    logger.info(
        "%d cells, %d rules, %d programs; rounding: worst excess %.3f steps, %d sums moved",
        problem.size,
        len(problem.rules),
        solution.programs,
        rounded.worst,
        len(moved),
    )
    return Settled(plan, built, solution, rounded.quotas, moved, excess)


def _moved_rules(problem: Problem, tabulated: Tabulated, rounded: Rounded) -> Ints:
    """Return the rules on group sums that are missed because rounding had to move the sum."""
    rules = problem.rules
    labels = np.stack([tabulated.near_indicator, tabulated.near_scope, tabulated.near_year])
    moved = {tuple(label) for label in labels[:, rounded.moved].T.tolist()}
    value = rules.matrix.dot(rounded.quotas * problem.step)
    half = own_step(problem) / 2
    missed = (value < rules.lower - half) | (value > rules.upper + half)
    candidates = np.flatnonzero(missed & WHOLE[rules.family] & (rules.scope < AREA))
    return np.array(
        [
            rule
            for rule in candidates.tolist()
            if (rules.indicator[rule], rules.scope[rule], rules.year[rule]) in moved
        ],
        dtype=np.int64,
    )
