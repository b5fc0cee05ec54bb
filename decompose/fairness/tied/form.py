"""Leximin without programs where rules tie a few cells of a region: relax, force, verify.

As in the closed form, each stage looks at two relaxations of what is still open: every region
without the sums, and every sum without the other sums. Here a region's cells are tied by rules of
any shape (a sum of other indicators, the rise of a level, growth), and how far a cell can go at a
level is found by carrying bounds from rule to rule. Whatever is left out makes a level a lower
bound; the cells that have no choice at it are settled. Where the point that is built in this way
keeps every rule, and levels never rise, every bound was attained: it is the exact leximin.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from decompose.errors import SolverError
from decompose.fairness.closed_form import HUGE
from decompose.fairness.levels import together
from decompose.fairness.sums import rises
from decompose.fairness.tied.cells import Cells
from decompose.fairness.tied.joint import TiedJoint
from decompose.fairness.tied.sums import Least, Sums
from decompose.fairness.tied.views import Views
from decompose.problem import Bools, Floats
from decompose.solvers import Solver


@dataclass(frozen=True, eq=False)
class Stage:
    """What is open at a stage, and the leximin of every region by itself.

    Attributes
    ----------
    cells, sums
        The cells with their rules, and their sums.
    value, level
        Of each cell in the leximin of its region alone, (n,).
    failed
        Cells of regions where none was found, (n,).
    """

    cells: Cells
    sums: Sums
    value: Floats
    level: Floats
    failed: Bools

    @staticmethod
    def of(cells: Cells, sums: Sums) -> Stage:
        """Return the stage of these cells."""
        return Stage(cells, sums, *cells.alone())

    def after(self, views: Views, least: Least, chosen: Bools, highest: Floats) -> Stage:
        """Settle what has no choice at the least levels of the sums that are chosen.

        What regions alone leave no choice above the highest level of each goes with it.
        """
        cells, nodes, size = self.cells, len(self.sums.value), len(views.node)
        binding: Bools = least.binding.reshape(2, -1)[:, :nodes] & chosen[views.own]
        of_node = np.where(views.cells.block < nodes, views.cells.block, -1)
        tight = np.append(binding, np.zeros((2, 1), dtype=bool), axis=1)[:, of_node].ravel()
        high, low = views.cells.held_by(least.caps, tight).reshape(2, -1)
        count = len(views.cell)
        value, settled = self.value.copy(), np.zeros(len(cells), dtype=bool)
        value[views.cell[high]] = least.caps[:count][high]
        value[views.cell[low]] = -least.caps[count:][low]
        settled[views.cell[high | low]] = True
        settled |= self.level > highest[cells.local]
        settled &= ~cells.settled
        inner = views.sums.outer >= 0
        high, low = (np.append(half, False)[views.sums.outer] & inner for half in binding)
        at = np.where(high, least.nodes[:size], -least.nodes[size:])
        found = high | low
        return self.with_settled(
            cells.settle(settled, value),
            self.sums.after(np.logical_or(*binding), views.node[found], at[found]),
        )

    def with_settled(self, cells: Cells, sums: Sums) -> Stage:
        """Return the stage once more cells are settled: their regions are looked at again."""
        again = np.zeros(int(cells.local.max(initial=-1)) + 1, dtype=bool)
        again[cells.local[cells.settled & ~self.cells.settled]] = True
        here = again[cells.local]
        value, level, failed = self.value.copy(), self.level.copy(), self.failed.copy()
        value[here], level[here], failed[here] = cells.take(here).alone()
        return Stage(cells, sums, value, level, failed)


class TiedForm:
    """The closed form over tied cells, with programs for the stages that have none.

    Parameters
    ----------
    solver
        What solves the programs; without one, parts that need some are not solved.

    Attributes
    ----------
    programs
        How many were solved.
    """

    def __init__(self, solver: Solver | None) -> None:
        self.programs = 0
        self._solver = solver

    def solve(self, cells: Cells, sums: Sums) -> tuple[Floats, Bools]:
        """Return the exact leximin of the parts that are found to have one here.

        Parameters
        ----------
        cells, sums
            The cells with the rules of each region, and what they add up to.

        Returns
        -------
        x : (n,)
            Values; without meaning in parts not solved.
        solved : (k,)
            Whether the bounds of the part's stages never rose, and its sums are met.
        """
        x, solved = _all_parts(cells, sums)
        if self._solver is None:
            return x, solved
        for part in np.unique(cells.part[~solved[cells.part]]).tolist():
            here = cells.part == part
            found = self._one_part(cells.take(here), sums, self._solver)
            if found is not None:
                x[here], solved[part] = found, True
        return x, solved

    def _one_part(self, cells: Cells, sums: Sums, solver: Solver) -> Floats | None:
        """Return the values of one part, or None where they are not found.

        Sums are settled in the order of their levels. Where a later level rises, the last stage
        is done again that can be right, its sums together.
        """
        stage, views, last = Stage.of(cells, sums), Views.of(cells, sums), HUGE
        passed: list[_Passed] = []
        while True:
            after = None
            if not (stage.failed.any() or rises(stage.level[~stage.cells.settled], last).any()):
                sums = stage.sums.within_reach(stage.cells)
                short = sums.short(stage.cells, stage.value)
                if not short.any():
                    return stage.value
                some, least = views.least(stage.cells, sums, stage.value, stage.level, short)
                level = np.where(views.short(short), least.level, -np.inf)
                highest = float(level.max())
                if np.isfinite(highest) and not rises(highest, last):
                    of_region = np.full(int(cells.local.max()) + 1, highest)
                    after = stage.after(some, least, level == highest, of_region)
            if after is not None:
                passed.append(_Passed(stage, sums, highest, last))
                stage, last = after, highest
                continue
            again = self._again(passed, solver)
            if again is None:
                return None
            stage, last = again
            views, passed = Views.of(stage.cells, stage.sums), []

    def _again(self, passed: list[_Passed], solver: Solver) -> tuple[Stage, float] | None:
        """Do the last stage again that can be right, its sums together; None where none can."""
        for stage, sums, bound, last in reversed(passed):
            joint = TiedJoint.of(stage.cells, sums, stage.value, stage.level, bound or 1.0)
            try:
                prices, level, programs = together(joint.levels, bound, last, solver)
            except SolverError:  # figures that the solver does not take
                return None
            self.programs += programs
            if prices is None:
                continue
            cells = joint.settled(prices, level)
            if (cells.settled & ~stage.cells.settled).any():
                return Stage.of(cells, stage.sums), level * joint.levels.scale
        return None


class _Passed(NamedTuple):
    """A stage, its sums within reach, the bound of its level, and the level before it."""

    stage: Stage
    sums: Sums
    bound: float
    last: float


def _all_parts(cells: Cells, sums: Sums) -> tuple[Floats, Bools]:
    """Settle all parts at once; of sums that share no region, those of many levels."""
    parts = int(max(cells.part.max(initial=-1), sums.part.max(initial=-1))) + 1
    tight = np.ones(parts, dtype=bool)
    last = np.full(int(cells.local.max(initial=-1)) + 1, HUGE)
    stage, views = Stage.of(cells, sums), Views.of(cells, sums)
    while True:
        cells = stage.cells
        wrong = stage.failed | (rises(stage.level, last[cells.local]) & ~cells.settled)
        tight[cells.part[wrong]] = False
        sums = stage.sums.within_reach(cells)
        short = sums.short(cells, stage.value) & np.tile(tight[sums.part], 2)
        if not short.any():
            return stage.value, tight
        some, least = views.least(cells, sums, stage.value, stage.level, short)
        level = np.where(views.short(short), least.level, -np.inf)
        # A sum waits for those with a higher level that have cells of the same regions.
        highest = np.full(len(last), -np.inf)
        np.maximum.at(highest, some.region, level[some.view])
        chosen = np.isfinite(level)
        chosen[some.view[level[some.view] < highest[some.region]]] = False
        of_chosen = chosen[some.view]
        region, at = some.region[of_chosen], level[some.view[of_chosen]]
        late = rises(at, last[region])
        tight[sums.part[some.view[of_chosen][late]]] = False
        tight[sums.part[np.isinf(level) & (level > 0)]] = False
        np.minimum.at(last, region, at)
        touched = np.full(len(last), np.inf)
        touched[region] = highest[region]
        stage = stage.after(some, least, chosen, touched)
