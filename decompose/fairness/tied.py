"""Leximin without programs where rules tie a few cells of a region: relax, force, verify.

As in the closed form, each stage looks at two relaxations of what is still open: every region
without the sums, and every sum without the other sums. Here a region's cells are tied by rules of
any shape (a sum of other indicators, the rise of a level, growth), and how far a cell can go at a
level is found by carrying bounds from rule to rule. Whatever is left out makes a level a lower
bound; the cells that have no choice at it are settled. Where the point that is built in this way
keeps every rule, and levels never rise, every bound was attained: it is the exact leximin.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from decompose.fairness.closed_form import HUGE
from decompose.fairness.sums import rises
from decompose.fairness.tied_cells import Cells
from decompose.fairness.tied_sums import Least, Sums
from decompose.problem import Bools, Floats


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

    def take(self, here: Bools) -> Stage:
        """Return the stage of these cells only, whole parts."""
        return replace(
            self,
            cells=self.cells.take(here),
            value=self.value[here],
            level=self.level[here],
            failed=self.failed[here],
        )

    def after(self, least: Least) -> Stage:
        """Settle what has no choice at the least levels of the parts."""
        cells, count = self.cells, len(self.cells)
        high, low = self.sums.at(cells, least.binding)
        at = np.where(high, least.caps[:count], np.where(low, -least.caps[count:], self.value))
        stays = self.level > least.level[cells.part]
        settled = (stays | high | low) & ~cells.settled
        return self.with_settled(cells.settle(settled, at), self.sums.after(least))

    def with_settled(self, cells: Cells, sums: Sums) -> Stage:
        """Return the stage once more cells are settled: their regions are looked at again."""
        again = np.zeros(int(cells.local.max(initial=-1)) + 1, dtype=bool)
        again[cells.local[cells.settled & ~self.cells.settled]] = True
        here = again[cells.local]
        value, level, failed = self.value.copy(), self.level.copy(), self.failed.copy()
        value[here], level[here], failed[here] = cells.take(here).alone()
        return Stage(cells, sums, value, level, failed)


def tied_form(cells: Cells, sums: Sums) -> tuple[Floats, Bools]:
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
    parts = int(cells.part.max(initial=-1)) + 1
    x, where = np.zeros(len(cells)), np.arange(len(cells))
    tight, last = np.ones(parts, dtype=bool), np.full(parts, HUGE)
    stage = Stage.of(cells, sums)
    while True:
        cells, sums = stage.cells, stage.sums.within_reach(stage.cells)
        wrong = stage.failed | (rises(stage.level, last[cells.part]) & ~cells.settled)
        tight[cells.part[wrong]] = False
        short = sums.short(cells, stage.value) & np.tile(tight[sums.part], 2)
        busy = np.zeros(parts, dtype=bool)
        busy[np.tile(sums.part, 2)[short]] = True
        here = busy[cells.part]
        x[where[~here]] = stage.value[~here]
        if not here.any():
            return x, tight
        stage, where = stage.take(here), where[here]
        least = sums.least(stage.cells, stage.value, stage.level, short, parts)
        tight[busy & rises(least.level, last)] = False
        last = np.where(busy, least.level, last)
        stage = stage.after(least)
